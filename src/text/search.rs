//! What a search indexes, and what it asks for: words in the comparison form.
//!
//! ZWNJ joins in the index and parts too: «کتاب‌ها» is found as «کتابها», as «کتاب ها» and as «کتاب». Scripts that put no
//! spaces between words (Han, Kana, Thai …) are indexed letter by letter.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::compare::{Folding, What};

/// Longest word that is indexed, in bytes: what is longer is an address or noise.
const LONGEST: usize = 64;
/// Most words of a query that are heeded.
const MOST_WORDS: usize = 16;

/// The words of a text, each once and with a space behind, in no order that matters.
pub fn words(texts: &[&str]) -> String {
    let foldings: Vec<Folding> = texts.iter().map(|text| Folding::of(text)).collect();
    let texts: Vec<(&str, &Folding)> = texts.iter().copied().zip(&foldings).collect();
    words_of(&texts)
}

/// [`words`] of texts that are folded already.
pub fn words_of(texts: &[(&str, &Folding)]) -> String {
    let mut seen = Seen::default();
    let mut out = String::with_capacity(texts.iter().map(|(text, _)| text.len()).sum::<usize>() / 2);
    let mut add = |word: &str| {
        if seen.is_new(word) {
            out.push_str(word);
            out.push(' ');
        }
    };
    for (text, folding) in texts {
        split(folding, &mut add);
        if folding.was_escaped || folding.has_odd_joints {
            for joined in text.split_whitespace().filter(|word| word.contains(is_joint)) {
                split(&Folding::of(&joined.replace(is_joint, " ")), &mut add);
            }
        } else if folding.has_joints {
            parts(folding, &mut add);
        }
    }
    out
}

/// Words that were there before, told apart by digests: an article has hundreds of words.
struct Seen {
    /// Digests at the places that they ask for, or behind; 0 for none.
    slots: Vec<u64>,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { slots: vec![0; 512], count: 0 }
    }
}

impl Seen {
    fn is_new(&mut self, word: &str) -> bool {
        // Nobody knows it, so nobody can write words that ask for the same places.
        static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
        if self.count * 2 >= self.slots.len() {
            let larger = vec![0; self.slots.len() * 4];
            self.count = 0;
            for digest in std::mem::replace(&mut self.slots, larger) {
                if digest != 0 {
                    self.insert(digest);
                }
            }
        }
        self.insert(xxh3_64_with_seed(word.as_bytes(), *SEED).max(1))
    }

    fn insert(&mut self, digest: u64) -> bool {
        let mask = self.slots.len() - 1;
        let mut at = digest as usize & mask;
        loop {
            let slot = &mut self.slots[at & mask];
            if *slot == digest {
                return false;
            }
            if *slot == 0 {
                *slot = digest;
                self.count += 1;
                return true;
            }
            at += 1;
        }
    }
}

/// The FTS5 expression that finds what a person typed: every word, in any order. `word*` finds beginnings, `-word` leaves out.
/// `None` where nothing is asked for.
///
/// Two neighbours are also asked for as one word, since a ZWNJ is often typed as a space or left away.
pub fn expression(typed: &str) -> Option<String> {
    let mut wanted: Vec<Vec<String>> = Vec::new();
    let mut unwanted: Vec<String> = Vec::new();
    let mut plain: Vec<Option<String>> = Vec::new();
    for word in typed.split_whitespace().take(MOST_WORDS) {
        let (negated, word) = match word.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let prefix = word.len() > 1 && word.ends_with('*');
        let whole = terms(word);
        if whole.is_empty() {
            continue;
        }
        let all = |terms: &[String]| {
            let last = terms.len() - 1;
            let star = |i: usize| if prefix && i == last { " *" } else { "" };
            let quoted: Vec<String> =
                terms.iter().enumerate().map(|(i, t)| format!("\"{t}\"{}", star(i))).collect();
            if quoted.len() == 1 { quoted[0].clone() } else { format!("({})", quoted.join(" AND ")) }
        };
        let mut ways = vec![all(&whole)];
        if word.contains(is_joint) {
            let parts = terms(&word.replace(is_joint, " "));
            if !parts.is_empty() && parts != whole {
                ways.push(all(&parts));
            }
        }
        if negated {
            unwanted.extend(ways);
        } else {
            plain.push((whole.len() == 1 && !prefix).then(|| whole[0].clone()));
            wanted.push(ways);
        }
    }
    if wanted.is_empty() {
        return None;
    }
    let one = |ways: &[String]| {
        if ways.len() == 1 { ways[0].clone() } else { format!("({})", ways.join(" OR ")) }
    };
    let each: Vec<String> = wanted.iter().map(|ways| one(ways)).collect();
    let mut readings = vec![each.join(" AND ")];
    for i in 1..each.len() {
        if let (Some(a), Some(b)) = (&plain[i - 1], &plain[i])
            && !a.is_ascii()
        {
            let mut joined = each.clone();
            joined.splice(i - 1..=i, [format!("\"{a}{b}\"")]);
            readings.push(joined.join(" AND "));
        }
    }
    let mut expression = if readings.len() == 1 {
        format!("({})", readings[0])
    } else {
        format!("({})", readings.iter().map(|r| format!("({r})")).collect::<Vec<_>>().join(" OR "))
    };
    for word in unwanted {
        expression.push_str(&format!(" NOT {word}"));
    }
    Some(expression)
}

/// ZWNJ, ZWJ, and the hyphens that join.
fn is_joint(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}')
}

fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    split(&Folding::of(text), |word| terms.push(word.to_owned()));
    terms
}

/// The words of a text in the comparison form; letters of scripts without spaces one by one.
fn split(folding: &Folding, mut emit: impl FnMut(&str)) {
    let skeleton = folding.skeleton();
    for word in folding.words() {
        if !folding.is_mixed && word.len() <= LONGEST {
            emit(&skeleton[word]);
        } else {
            word_of(&skeleton[word], folding.is_mixed, &mut emit);
        }
    }
}

/// The parts of words in which joiners stand, as if these were spaces.
fn parts(folding: &Folding, mut emit: impl FnMut(&str)) {
    let skeleton = folding.skeleton();
    let (mut word, mut part) = (0, 0);
    let marks = folding.marks().iter().map(|mark| (mark.at as usize, mark.what));
    for (at, what) in marks.chain([(skeleton.len(), What::Stop)]) {
        match what {
            What::Capital => continue,
            What::Gap | What::Stop if part == word => {}
            What::Joint | What::Gap | What::Stop => word_of(&skeleton[part..at], folding.is_mixed, &mut emit),
        }
        part = at;
        if what != What::Joint {
            word = at;
        }
    }
}

/// What is indexed of a word: figures before and behind a decimal point apart, letters of scripts without spaces one by one.
fn word_of(word: &str, is_mixed: bool, mut emit: impl FnMut(&str)) {
    let mut end = |part: &str| {
        if !part.is_empty() && part.len() <= LONGEST {
            emit(part);
        }
    };
    let mut start = 0;
    if is_mixed {
        for (at, c) in word.char_indices() {
            let after = at + c.len_utf8();
            if c == '.' {
                end(&word[start..at]);
            } else if is_unspaced(c) {
                end(&word[start..at]);
                end(&word[at..after]);
            } else {
                continue;
            }
            start = after;
        }
    }
    end(&word[start..]);
}

/// Letters of scripts that put no spaces between words.
fn is_unspaced(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(u32::from(c),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff
        | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// [`words`] as it is defined: once as the text stands, once with spaces for joiners.
    fn defined(texts: &[&str]) -> String {
        let mut out: Vec<String> = Vec::new();
        let mut add = |word: &str| {
            if !out.iter().any(|known| known == word) {
                out.push(word.to_owned());
            }
        };
        for text in texts {
            split(&Folding::of(text), &mut add);
            for joined in text.split_whitespace().filter(|word| word.contains(is_joint)) {
                split(&Folding::of(&joined.replace(is_joint, " ")), &mut add);
            }
        }
        out.iter().map(|word| format!("{word} ")).collect()
    }

    proptest! {
        #[test]
        fn joiners_part_words_as_spaces_do(
            text in "(rain|Rain|É|ß|می|کتاب|ها|\u{200c}|\u{200d}|\u{ad}|٬|٫|،|1|23|234|۱|۲۳۴| |\u{a0}|\u{202f}|\n|,|\\.|'|’|ʼ|‘|…|-|ﷺ|東|京|ก|&amp;|&zwnj;|<b>|x{70}){0,30}"
        ) {
            prop_assert_eq!(words(&[&text, "rain کتاب"]), defined(&[&text, "rain کتاب"]));
        }
    }

    fn indexed(text: &str) -> Vec<String> {
        let mut words: Vec<String> = words(&[text]).split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    }

    #[test]
    fn words_stand_once_in_the_comparison_form() {
        for (text, expected) in [
            ("Rain, rain and RAIN!", &["and", "rain"][..]),
            ("كتاب يك", &["کتاب", "یک"]),
            ("می‌رود", &["رود", "می", "میرود"]),
            ("3.5 km", &["3", "5", "km"]),
            ("東京 AB駅", &["ab", "京", "東", "駅"]),
            ("", &[]),
            ("…!", &[]),
        ] {
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(indexed(text), expected, "{text}");
        }
        assert_eq!(indexed(&"x".repeat(500)), Vec::<String>::new());
    }

    #[test]
    fn what_people_type_becomes_a_safe_expression() {
        for (typed, expected) in [
            ("rain", Some(r#"("rain")"#)),
            ("Rain north", Some(r#"("rain" AND "north")"#)),
            ("rain -snow", Some(r#"("rain") NOT "snow""#)),
            ("brid*", Some(r#"("brid" *)"#)),
            ("كتاب", Some(r#"("کتاب")"#)),
            ("کتاب ها", Some(r#"(("کتاب" AND "ها") OR ("کتابها"))"#)),
            ("کتاب‌ها", Some(r#"(("کتابها" OR ("کتاب" AND "ها")))"#)),
            (r#"" OR 1) NEAR("#, Some(r#"("or" AND "1" AND "near")"#)),
            ("NOT AND", Some(r#"("not" AND "and")"#)),
            ("", None),
            (" ** -- ' ", None),
            ("-snow", None),
        ] {
            assert_eq!(expression(typed).as_deref(), expected, "{typed}");
        }
    }
}
