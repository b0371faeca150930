//! What letters tell of a language.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::small::{SMALL_OF_ENGLISH, Words, head};
use crate::text::letters::is_letter;

/// A script, as far as it tells languages apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Arabic,
    Cyrillic,
    Greek,
    Hebrew,
    Han,
    Kana,
    Hangul,
    Thai,
    Devanagari,
    Bengali,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Gujarati,
    Gurmukhi,
    Sinhala,
    Oriya,
    Georgian,
    Armenian,
    Ethiopic,
    Khmer,
    Lao,
    Myanmar,
    Tibetan,
    Thaana,
}

const SCRIPTS: [Script; 27] = {
    use Script::*;
    [
        Latin, Arabic, Cyrillic, Greek, Hebrew, Han, Kana, Hangul, Thai, Devanagari, Bengali, Tamil, Telugu,
        Kannada, Malayalam, Gujarati, Gurmukhi, Sinhala, Oriya, Georgian, Armenian, Ethiopic, Khmer, Lao,
        Myanmar, Tibetan, Thaana,
    ]
};

impl Script {
    fn of(c: char) -> Option<Self> {
        use Script::*;
        Some(match u32::from(c) {
            0x41..=0x5a | 0x61..=0x7a | 0xc0..=0x24f | 0x1e00..=0x1eff => Latin,
            0x370..=0x3ff | 0x1f00..=0x1fff => Greek,
            0x400..=0x52f => Cyrillic,
            0x530..=0x58f => Armenian,
            0x590..=0x5ff | 0xfb1d..=0xfb4f => Hebrew,
            0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfefe => Arabic,
            0x780..=0x7bf => Thaana,
            0x900..=0x97f => Devanagari,
            0x980..=0x9ff => Bengali,
            0xa00..=0xa7f => Gurmukhi,
            0xa80..=0xaff => Gujarati,
            0xb00..=0xb7f => Oriya,
            0xb80..=0xbff => Tamil,
            0xc00..=0xc7f => Telugu,
            0xc80..=0xcff => Kannada,
            0xd00..=0xd7f => Malayalam,
            0xd80..=0xdff => Sinhala,
            0xe00..=0xe7f => Thai,
            0xe80..=0xeff => Lao,
            0xf00..=0xfff => Tibetan,
            0x1000..=0x109f => Myanmar,
            0x10a0..=0x10ff | 0x1c90..=0x1cbf => Georgian,
            0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7a3 => Hangul,
            0x1200..=0x137f => Ethiopic,
            0x1780..=0x17ff => Khmer,
            0x3040..=0x30ff => Kana,
            0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => Han,
            _ => return None,
        })
    }

    /// The one language that a script tells of by itself.
    pub(super) fn language(self) -> Option<&'static str> {
        use Script::*;
        Some(match self {
            Greek => "el",
            Kana => "ja",
            Hangul => "ko",
            Thai => "th",
            Bengali => "bn",
            Tamil => "ta",
            Telugu => "te",
            Kannada => "kn",
            Malayalam => "ml",
            Gujarati => "gu",
            Gurmukhi => "pa",
            Sinhala => "si",
            Oriya => "or",
            Georgian => "ka",
            Armenian => "hy",
            Ethiopic => "am",
            Khmer => "km",
            Lao => "lo",
            Myanmar => "my",
            Tibetan => "bo",
            Thaana => "dv",
            _ => return None,
        })
    }
}

/// Below this a table tells what a character is: Latin to Ethiopic, all of the Arabic script's main blocks.
const END: usize = 0x2000;

/// What is asked of each character: whether it is a letter, of which script, which way it runs.
#[derive(Clone, Copy)]
pub(super) struct Classes(&'static [u8]);

/// A letter of a script that tells nothing.
const UNTOLD: u8 = 31;
/// A letter that runs from right to left.
const RIGHTWARD: u8 = 0x80;

impl Classes {
    pub(super) fn get() -> Self {
        static TABLE: LazyLock<Vec<u8>> =
            LazyLock::new(|| (0..END as u32).map(|c| char::from_u32(c).map_or(0, Classes::found)).collect());
        Self(&TABLE)
    }

    fn found(c: char) -> u8 {
        if !is_letter(c) {
            return 0;
        }
        let script = Script::of(c).map_or(UNTOLD, |script| script as u8 + 1);
        if runs_right_to_left(c) { script | RIGHTWARD } else { script }
    }

    /// 0 for what is no letter.
    fn of(self, c: char) -> u8 {
        self.0.get(c as usize).copied().unwrap_or_else(|| Self::found(c))
    }

    pub(super) fn is_letter(self, c: char) -> bool {
        self.of(c) != 0
    }

    /// How many letters of a text run from left to right, how many from right to left.
    pub(super) fn ways(self, text: &str) -> (usize, usize) {
        let (mut letters, mut right) = (0, 0);
        for c in text.chars() {
            let class = self.of(c);
            letters += usize::from(class != 0);
            right += usize::from(class >= RIGHTWARD);
        }
        (letters - right, right)
    }
}

/// How many letters of each script a text has.
#[derive(Debug)]
pub(super) struct Letters {
    counts: [usize; SCRIPTS.len()],
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let classes = Classes::get();
        let mut all = [0; 32];
        for c in text.chars() {
            all[usize::from(classes.of(c) & 31)] += 1;
        }
        let mut counts = [0; SCRIPTS.len()];
        counts.copy_from_slice(&all[1..=SCRIPTS.len()]);
        Self { counts }
    }

    pub(super) fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    pub(super) fn share(&self, script: Script) -> f64 {
        self.counts[script as usize] as f64 / self.total().max(1) as f64
    }

    /// The script of most letters. Kana counts for Han: Japanese writes both. Latin letters count half beside another
    /// script: names of things are Latin everywhere, and there is no article in Latin letters with foreign names.
    pub(super) fn dominant(&self) -> Option<Script> {
        let weight = |script: Script| match script {
            Script::Latin => self.counts[Script::Latin as usize],
            Script::Han => 2 * (self.counts[Script::Han as usize] + self.counts[Script::Kana as usize]),
            other => 2 * self.counts[other as usize],
        };
        SCRIPTS
            .into_iter()
            .filter(|script| *script != Script::Kana)
            .max_by_key(|s| weight(*s))
            .filter(|s| weight(*s) > 0)
    }
}

/// Letters of scripts that run from right to left (Unicode's bidi classes R and AL).
fn runs_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// What the letters of U+0600–U+06FF tell of a language.
static TELLING: LazyLock<[u8; 256]> = LazyLock::new(|| {
    let mut table = [0; 256];
    for c in ('\u{600}'..='\u{6ff}').filter(|c| is_letter(*c)) {
        table[c as usize - 0x600] = match c {
            'پ' | 'چ' | 'ژ' | 'گ' => OWN_PERSIAN,
            'ک' | 'ی' | 'ۀ' => PERSIAN,
            'ة' | 'إ' | 'أ' => OWN_ARABIC,
            'ي' | 'ك' | 'ى' => ARABIC,
            'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' | 'ہ' | 'ھ' => URDU,
            'ێ' | 'ۆ' | 'ڕ' | 'ڵ' | 'ە' | 'ڤ' => SORANI,
            'ۈ' | 'ڭ' | 'ۇ' | 'ۋ' => UYGHUR,
            'ټ' | 'ډ' | 'ړ' | 'ږ' | 'ښ' | 'ګ' | 'ڼ' | 'ې' | 'ۍ' | 'ځ' | 'څ' => PASHTO,
            'ٻ' | 'ڄ' | 'ڃ' | 'ڇ' | 'ڊ' | 'ڏ' | 'ڳ' | 'ڱ' | 'ڻ' | 'ڪ' | 'ٿ' | 'ڀ' => SINDHI,
            _ => ANY,
        };
    }
    table
});

const ANY: u8 = 1;
const OWN_PERSIAN: u8 = 2;
const PERSIAN: u8 = 3;
const OWN_ARABIC: u8 = 4;
const ARABIC: u8 = 5;
const URDU: u8 = 6;
const SORANI: u8 = 7;
const UYGHUR: u8 = 8;
const PASHTO: u8 = 9;
const SINDHI: u8 = 10;

/// Which language in Arabic letters a text is, and whether that is beyond doubt.
pub(super) fn arabic_script(text: &str) -> Option<(&'static str, bool)> {
    let (classes, telling) = (Classes::get(), &*TELLING);
    let mut counts = [0_usize; 16];
    let mut words = Words::default();
    let mut word = None;
    for (at, c) in text.char_indices() {
        let (told, is_letter) = match c {
            '\u{600}'..='\u{6ff}' => {
                let told = telling[c as usize & 0xff];
                (told, told != 0)
            }
            _ => {
                let class = classes.of(c);
                (u8::from(class & 31 == Script::Arabic as u8 + 1), class != 0)
            }
        };
        counts[usize::from(told & 15)] += 1;
        if is_letter || c == '\u{200c}' {
            word.get_or_insert(at);
        } else if let Some(start) = word.take() {
            words.add(&text[start..at]);
        }
    }
    if let Some(start) = word {
        words.add(&text[start..]);
    }
    let letters: usize = counts[1..].iter().sum();
    let count = |told: u8| counts[usize::from(told)];
    let (own_persian, persian) = (count(OWN_PERSIAN), count(PERSIAN));
    let (own_arabic, arabic) = (count(OWN_ARABIC), count(ARABIC));
    let (urdu, sorani, uyghur, pashto, sindhi) =
        (count(URDU), count(SORANI), count(UYGHUR), count(PASHTO), count(SINDHI));
    if letters == 0 {
        return None;
    }
    let share = |count: usize| count as f64 / letters as f64;
    let others = [("ckb", sorani, 0.04), ("ur", urdu, 0.04), ("ps", pashto, 0.02), ("sd", sindhi, 0.03)];
    if share(uyghur) > 0.02 && share(sorani) > 0.02 {
        return Some(("ug", true));
    }
    if let Some((language, count, _)) = others
        .into_iter()
        .filter(|(_, count, least)| share(*count) > *least)
        .max_by_key(|(_, count, _)| *count)
    {
        return Some((language, count > 5));
    }
    // ي and ك tell nothing by themselves: Persian typed on an Arabic keyboard is full of them.
    let for_persian = 4 * own_persian + persian + 3 * words.persian;
    let for_arabic =
        4 * own_arabic + if own_persian == 0 { arabic } else { 0 } + 3 * (words.arabic + words.articles);
    let sure = for_persian.abs_diff(for_arabic) > 12 + letters / 20;
    match for_persian.cmp(&for_arabic) {
        std::cmp::Ordering::Greater => Some(("fa", sure)),
        std::cmp::Ordering::Less => Some(("ar", sure)),
        std::cmp::Ordering::Equal => None,
    }
}

/// Which language in Cyrillic letters a text is.
pub(super) fn cyrillic(text: &str) -> Option<&'static str> {
    let (mut letters, mut uk, mut be, mut ru, mut sr, mut mk, mut kk, mut hard) =
        (0usize, 0, 0, 0, 0, 0, 0, 0);
    for c in text.chars().flat_map(char::to_lowercase).filter(|c| Script::of(*c) == Some(Script::Cyrillic)) {
        letters += 1;
        match c {
            'ї' | 'є' | 'ґ' => uk += 1,
            'і' => uk += 1,
            'ў' => be += 1,
            'ы' | 'э' | 'ё' => ru += 1,
            'ђ' | 'ћ' | 'џ' | 'љ' | 'њ' | 'ј' => sr += 1,
            'ѓ' | 'ќ' | 'ѕ' => mk += 1,
            'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' => kk += 1,
            'ъ' => hard += 1,
            _ => {}
        }
    }
    if letters < 12 {
        return None;
    }
    let many = |count: usize| count * 100 > letters;
    Some(if many(kk) {
        if many(uk) { "kk" } else { "tt" }
    } else if many(mk) && many(sr) {
        "mk"
    } else if many(sr) {
        "sr"
    } else if be * 200 > letters {
        "be"
    } else if many(uk) && !many(ru) {
        "uk"
    } else if many(hard) && ru == 0 {
        "bg"
    } else if many(ru) || letters > 60 {
        "ru"
    } else {
        // Short, and without a letter that tells.
        return Detector::with_allowlist(vec![Lang::Rus, Lang::Bul, Lang::Ukr]).detect_lang(text).map(short);
    })
}

/// Hebrew, or Yiddish where its own digraphs and points are many.
pub(super) fn hebrew(text: &str) -> &'static str {
    let (letters, own) = text.chars().fold((0usize, 0usize), |(letters, own), c| match c {
        '\u{5f0}'..='\u{5f2}'
        | '\u{fb1d}'
        | '\u{fb1f}'
        | '\u{fb2e}'
        | '\u{fb2f}'
        | '\u{fb4c}'..='\u{fb4e}' => (letters + 1, own + 1),
        _ if Script::of(c) == Some(Script::Hebrew) => (letters + 1, own),
        _ => (letters, own),
    });
    if own * 50 > letters { "yi" } else { "he" }
}

/// Hindi, Marathi or Nepali.
pub(super) fn devanagari(text: &str) -> &'static str {
    Detector::with_allowlist(vec![Lang::Hin, Lang::Mar, Lang::Nep]).detect_lang(text).map_or("hi", short)
}

/// Which language in Latin letters a text is, where that is certain.
pub(super) fn latin(text: &str) -> Option<&'static str> {
    use Lang::*;
    // Without those that no news comes in here and that short texts are taken for (Latin, Esperanto, Javanese).
    let detector = Detector::with_allowlist(vec![
        Eng, Spa, Por, Ita, Fra, Deu, Pol, Nob, Dan, Swe, Fin, Tur, Nld, Hun, Ces, Ron, Hrv, Slk, Slv, Lit,
        Lav, Est, Cat, Vie, Ind, Aze, Uzb, Afr,
    ]);
    let found = detector.detect(text).filter(|found| found.is_reliable())?;
    Some(short(found.lang()))
}

/// A text has the small words of English.
pub(super) fn reads_as_english(text: &str) -> bool {
    let classes = Classes::get();
    let (words, small) = text.split(|c: char| !classes.is_letter(c)).filter(|word| !word.is_empty()).fold(
        (0usize, 0usize),
        |(words, small), word| {
            let mut head = head(word.as_bytes());
            head.make_ascii_lowercase();
            let is_small = word.len() <= 4 && SMALL_OF_ENGLISH.contains(&u64::from_le_bytes(head));
            (words + 1, small + usize::from(is_small))
        },
    );
    small * 14 > words
}

fn short(lang: Lang) -> &'static str {
    let code = lang.code();
    super::tags::THREE.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_what_each_character_is() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let letters = Letters::of(&text);
            let script = Script::of(c).filter(|_| c.is_alphabetic());
            assert_eq!(letters.total(), usize::from(script.is_some()), "{c:?}");
            assert!(script.is_none_or(|script| letters.counts[script as usize] == 1), "{c:?}");
            let ways = match (c.is_alphabetic(), runs_right_to_left(c)) {
                (false, _) => (0, 0),
                (true, false) => (1, 0),
                (true, true) => (0, 1),
            };
            assert_eq!(Classes::get().ways(&text), ways, "{c:?}");
            let is_arabic = script == Some(Script::Arabic);
            let told = TELLING.get((c as usize).wrapping_sub(0x600));
            assert!(told.is_none_or(|told| (*told != 0) == is_arabic), "{c:?}");
        }
    }

    #[test]
    fn small_words_are_told() {
        for (word, persian, arabic) in [
            ("از", true, false),
            ("برای", true, false),
            ("براي", true, false),
            ("كرد", true, false),
            ("يك", true, false),
            ("مى", true, false),
            ("من", false, true),
            ("إلى", false, true),
            ("الذي", false, true),
            ("الذی", false, false),
            ("را", true, false),
            ("ر", false, false),
            ("برایم", false, false),
            ("in", false, false),
            ("می\u{200c}رود", true, false),
            ("\u{200c}می", false, false),
            ("بزرگراه\u{200c}ها", false, false),
            ("من\u{200c}", false, false),
        ] {
            let mut words = Words::default();
            words.add(word);
            assert_eq!((words.persian == 1, words.arabic == 1), (persian, arabic), "{word}");
        }
        let mut words = Words::default();
        ["المدينة", "السوق", "الما", "مدينة"].iter().for_each(|word| words.add(word));
        assert_eq!(words.articles, 2);
        assert!(reads_as_english("THE x Y z That, a b c d e f g h i"));
        assert!(!reads_as_english("thé x Y z thats thé a b c d e f g h i"));
    }
}
