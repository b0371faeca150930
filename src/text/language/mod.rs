//! Language and direction of a text.
//!
//! What a document declares comes first, because a headline is little to judge by; but blogs in Persian that declare
//! their software's "en-US" are many, so the letters may contradict it.

mod letters;
mod small;
mod tags;

pub use tags::{canonical, without_home};

use crate::model::Direction;
use letters::{Classes, Letters, Script};

/// How many characters of headline and text are looked at.
const SAMPLE: usize = 2_000;
/// How many are enough where they agree with what is declared.
const GLANCE: usize = 500;

/// The language (BCP 47) of an article: `declared` unless the letters contradict it, else detected from
/// headline and text; `None` where nothing is certain.
pub fn of(declared: Option<&str>, title: &str, text: &str) -> Option<String> {
    let Some(declared) = declared.and_then(canonical) else { return told(&sample(title, text, SAMPLE)) };
    let agrees = |sample: &str| {
        let letters = Letters::of(sample);
        letters.dominant().is_none_or(|script| !contradicts(&declared, script, &letters, sample))
    };
    if agrees(&sample(title, text, GLANCE)) {
        return Some(declared);
    }
    let sample = sample(title, text, SAMPLE);
    if agrees(&sample) {
        return Some(declared);
    }
    told(&sample).or_else(|| {
        // Another language it must be, but which is not certain: a wrong one is worse than none.
        let script = Letters::of(&sample).dominant()?;
        tags::may_be_written_in(primary(&declared), script).then_some(declared)
    })
}

/// The language that the letters of a sample tell of.
fn told(sample: &str) -> Option<String> {
    let letters = Letters::of(sample);
    detect(letters.dominant()?, &letters, sample)
}

/// Which way an article runs: by its own letters, else by its language.
///
/// The majority of letters decides, not the first: a Persian headline may begin with "iPhone". In an article in a
/// right-to-left language foreign names and programs may well be the majority, so there it takes more.
pub fn direction(language: Option<&str>, title: &str, text: &str) -> Direction {
    let by_language = language.and_then(canonical).is_some_and(|tag| tags::runs_right_to_left(&tag));
    let classes = Classes::get();
    let runs = |characters: usize| {
        let (first, second) = begin_with(title, text, characters);
        let ((left, right), (more_left, more_right)) = (classes.ways(first), classes.ways(second));
        let (left, right) = (left + more_left, right + more_right);
        if left + right == 0 {
            by_language
        } else if by_language {
            right * 3 >= left
        } else {
            right > left
        }
    };
    // What the beginning says is enough where the language says it too.
    let agrees = language.is_some() && runs(GLANCE) == by_language;
    let rightward = if agrees { by_language } else { runs(SAMPLE) };
    if rightward { Direction::Rtl } else { Direction::Ltr }
}

/// The first characters of headline and text, of the headline no more than a quarter.
fn sample(title: &str, text: &str, characters: usize) -> String {
    let title = beginning(title, characters / 4);
    let text = beginning(text, characters - title.chars().count());
    format!("{title} {text}")
}

/// The first characters of headline and text, without a space between.
fn begin_with<'t>(title: &'t str, text: &'t str, characters: usize) -> (&'t str, &'t str) {
    let title = beginning(title, characters);
    (title, beginning(text, characters - title.chars().count()))
}

/// The first characters of a text.
fn beginning(text: &str, characters: usize) -> &str {
    let mut left = characters;
    if text.len() <= left {
        return text;
    }
    for (at, byte) in text.bytes().enumerate() {
        if byte & 0xc0 != 0x80 {
            if left == 0 {
                return &text[..at];
            }
            left -= 1;
        }
    }
    text
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// The letters cannot be those of the declared language.
fn contradicts(declared: &str, script: Script, letters: &Letters, sample: &str) -> bool {
    let language = primary(declared);
    if !tags::may_be_written_in(language, script) {
        // A few letters of another script are a name.
        return letters.total() >= 4;
    }
    match script {
        Script::Arabic if matches!(language, "fa" | "ar" | "ur" | "ckb" | "ps") => {
            letters.total() >= 40
                && letters::arabic_script(sample).is_some_and(|(found, sure)| sure && found != language)
        }
        Script::Cyrillic if matches!(language, "ru" | "uk" | "bg" | "sr") => {
            letters.total() >= 80 && letters::cyrillic(sample).is_some_and(|found| found != language)
        }
        // "en" is what software declares when no one has told it otherwise.
        Script::Latin if language == "en" => {
            letters.total() >= 100
                && !letters::reads_as_english(sample)
                && letters::latin(sample).is_some_and(|found| found != "en")
        }
        _ => false,
    }
}

fn detect(script: Script, letters: &Letters, sample: &str) -> Option<String> {
    let found = match script {
        Script::Latin if letters.total() >= 20 => letters::latin(sample)?,
        Script::Latin => return None,
        // A sign of mathematics is no Greek.
        _ if letters.total() < 3 => return None,
        Script::Arabic => letters::arabic_script(sample)?.0,
        Script::Cyrillic => letters::cyrillic(sample)?,
        Script::Hebrew => letters::hebrew(sample),
        Script::Devanagari => letters::devanagari(sample),
        Script::Han => {
            if letters.share(Script::Kana) > 0.02 {
                "ja"
            } else {
                "zh"
            }
        }
        other => other.language()?,
    };
    Some(found.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PERSIAN: &str =
        "شهرداری گفت که پارک تازهٔ شهر از هفتهٔ آینده باز می‌شود و ورود به آن برای همه رایگان است.";
    const ARABIC: &str = "قالت البلدية إن الحديقة الجديدة في المدينة ستفتح أبوابها الأسبوع المقبل وإن الدخول إليها مجاني للجميع.";

    #[test]
    fn a_region_that_says_nothing_goes() {
        for (tag, expected) in [
            ("fa-IR", "fa"),
            ("fa_ir", "fa"),
            ("ar_AR", "ar"),
            ("en-GB", "en-GB"),
            ("fa-AF", "fa-AF"),
            ("fa", "fa"),
        ] {
            assert_eq!(without_home(tag), expected);
        }
    }

    #[test]
    fn declared_first() {
        for (declared, title, text, expected) in [
            (Some("fa-IR"), "پارک تازه", PERSIAN, Some("fa-IR")),
            (Some("en-us"), "New park opens", "The town opened a new park on Monday.", Some("en-US")),
            (Some("en_GB"), "x", "", Some("en-GB")),
            (Some("de"), "", "", Some("de")),
            (Some("en-US"), "پارک تازه", PERSIAN, Some("fa")),
            (Some("en-US"), "حديقة", ARABIC, Some("ar")),
            (Some("ar"), "", PERSIAN, Some("fa")),
            (Some("fa"), "", ARABIC, Some("ar")),
            (Some("fa"), "iPhone 16 در بازار", "", Some("fa")),
            (Some("UTF-8"), "حديقة", ARABIC, Some("ar")),
            (Some("sr"), "Novi park u gradu otvara vrata sledeće nedelje", "", Some("sr")),
            (
                Some("en"),
                "Neuer Park öffnet",
                "Die Stadt hat am Montag einen neuen Park eröffnet. Der Eintritt ist für alle frei, und die Wege sind auch mit dem Rad zu befahren.",
                Some("de"),
            ),
        ] {
            assert_eq!(of(declared, title, text).as_deref(), expected, "{declared:?} {title}");
        }
    }

    #[test]
    fn detected_by_letters_and_words() {
        for (text, expected) in [
            (PERSIAN, Some("fa")),
            (ARABIC, Some("ar")),
            // Typed on an Arabic keyboard.
            (
                "شهرداري گفت كه پارك تازه شهر از هفته آينده باز مي شود و ورود به آن براي همه رايگان است",
                Some("fa"),
            ),
            ("شہر میں نیا پارک اگلے ہفتے کھل جائے گا اور سب کے لیے داخلہ مفت ہے", Some("ur")),
            (
                "شارەوانی ڕایگەیاند کە پارکی نوێی شار هەفتەی داهاتوو دەکرێتەوە و بۆ هەمووان بەخۆڕایییە",
                Some("ckb"),
            ),
            ("ښاروالۍ وویل چې نوی پارک به راتلونکې اونۍ پرانیستل شي", Some("ps")),
            ("Городской парк откроется на следующей неделе, вход будет свободным для всех", Some("ru")),
            ("Міський парк відкриється наступного тижня, вхід буде вільним для всіх", Some("uk")),
            ("Το νέο πάρκο της πόλης ανοίγει την επόμενη εβδομάδα", Some("el")),
            ("הפארק החדש של העיר ייפתח בשבוע הבא", Some("he")),
            ("市の新しい公園は来週開園します", Some("ja")),
            ("城市新公园将于下周开放，所有人免费入场", Some("zh")),
            ("시의 새 공원이 다음 주에 문을 엽니다", Some("ko")),
            ("สวนสาธารณะแห่งใหม่ของเมืองจะเปิดในสัปดาห์หน้า", Some("th")),
            ("शहर का नया पार्क अगले सप्ताह खुलेगा और सभी के लिए प्रवेश मुफ्त है", Some("hi")),
            (
                "The new park of the town opens next week, and entry will be free for everyone who comes.",
                Some("en"),
            ),
            (
                "Le nouveau parc de la ville ouvrira la semaine prochaine et l'entrée sera gratuite pour tous les habitants.",
                Some("fr"),
            ),
            ("Şehrin yeni parkı önümüzdeki hafta açılacak ve giriş herkes için ücretsiz olacak.", Some("tr")),
            ("", None),
            ("2024 – 10:30", None),
            ("Rust 2.0", None),
        ] {
            assert_eq!(of(None, "", text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn directions() {
        for (language, text, expected) in [
            (None, PERSIAN, Direction::Rtl),
            (Some("en"), PERSIAN, Direction::Rtl),
            (Some("fa"), "iPhone 16 Pro در بازار تهران", Direction::Rtl),
            (Some("en"), "The word کتاب means book", Direction::Ltr),
            (Some("fa"), "An English article about the town", Direction::Ltr),
            (Some("fa"), "۱۴۰۳", Direction::Rtl),
            (Some("he-IL"), "", Direction::Rtl),
            (Some("az-Arab"), "", Direction::Rtl),
            (Some("en"), "", Direction::Ltr),
            (None, "", Direction::Ltr),
        ] {
            assert_eq!(direction(language, "", text), expected, "{language:?} {text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(declared in any::<Option<String>>(), title in any::<String>(), text in any::<String>()) {
            let found = of(declared.as_deref(), &title, &text);
            if let Some(found) = found {
                prop_assert_eq!(canonical(&found), Some(found));
            }
            let _ = direction(declared.as_deref(), &title, &text);
        }
    }
}
