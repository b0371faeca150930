//! What single words tell: numbers in letters, fillers, words whose exchange makes another story.

use std::borrow::Cow;

use super::vocabulary::{FILLERS, MONTHS, NUMBERS, TELLING};
use crate::text::compare::form;

/// The number that a folded word is, in digits.
pub(crate) fn number(word: &str) -> Option<Cow<'_, str>> {
    if word.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
        let plain = word.trim_start_matches('0');
        return Some(Cow::Borrowed(if plain.is_empty() { "0" } else { plain }));
    }
    NUMBERS.iter().find(|(w, _)| *w == word).map(|(_, n)| Cow::Borrowed(*n))
}

pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

pub(crate) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// Whether an exchange of `a` for `b` turns the report into another one: another day, another direction.
pub(crate) fn tells_apart(a: &str, b: &str) -> bool {
    a != b
        && (TELLING.iter().any(|group| group.contains(&a) && group.contains(&b))
            || is_month(a) && is_month(b))
}

/// Whether two words are one, mistyped or inflected: not `Iran` and `Iraq`, not `Karimi` and `Rahimi`.
pub(crate) fn is_typo(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let n = short.chars().count();
    let digits = |w: &str| w.bytes().any(|b| b.is_ascii_digit());
    if n < 3 || digits(a) || digits(b) {
        return false;
    }
    let m = long.chars().count();
    // Endings: plurals, tenses, a suffix written together with its word.
    if n >= 4 && m - n <= 3 && long.starts_with(short) {
        return true;
    }
    // The Arabic article and one-letter prefixes.
    if n >= 4 && m - n <= 2 && long.ends_with(short) && long.starts_with(['ا', 'و', 'ب', 'ل', 'ف', 'ک'])
    {
        return true;
    }
    if is_verb_and_noun(a, b) || is_verb_and_noun(b, a) {
        return true;
    }
    let distance = strsim::osa_distance(short, long);
    // One letter too many, too few, or two exchanged; one letter for another only where a word is long.
    let one = if n == m { n >= 6 || is_transposed(short, long) } else { n >= 4 };
    distance == 1 && one || distance == 2 && n >= 9
}

/// Whether Arabic words are a verb in the present and its noun or its past: «ینطلق» and «انطلاق», «یستقبل» and «استقبال».
/// Headlines say one or the other. The pattern is that of the derived forms, which names do not follow as a pair.
fn is_verb_and_noun(verb: &str, noun: &str) -> bool {
    let Some(stem) = verb.strip_prefix(['ی', 'ت']) else { return false };
    let noun = noun.strip_prefix("ال").filter(|rest| rest.starts_with('ا')).unwrap_or(noun);
    let Some(rest) = noun.strip_prefix('ا') else { return false };
    let rest = rest.strip_suffix('ه').filter(|r| r.ends_with('ت')).unwrap_or(rest);
    if stem.chars().count() < 3 || rest.chars().count() < 3 {
        return false;
    }
    let letters: Vec<char> = rest.chars().collect();
    let without_alef: String = letters
        .iter()
        .enumerate()
        .filter(|(i, c)| **c != 'ا' || i + 2 != letters.len())
        .map(|(_, c)| *c)
        .collect();
    stem == rest || stem == without_alef
}

fn is_transposed(a: &str, b: &str) -> bool {
    let differing: Vec<(char, char)> = a.chars().zip(b.chars()).filter(|(x, y)| x != y).collect();
    matches!(differing[..], [(a1, b1), (a2, b2)] if a1 == b2 && a2 == b1)
}

/// The numbers of a text, sorted; `12.5` as 12 and 5, so that it is the same however its point is written.
pub(crate) fn numbers<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for word in words {
        if let Some(n) = number(word) {
            numbers.extend(n.split('.').filter(|p| !p.is_empty()).map(str::to_owned));
        }
    }
    numbers.sort_unstable();
    numbers
}

/// What is in one sorted list only, of both.
pub(crate) fn difference<T: Ord + Clone>(a: &[T], b: &[T]) -> (Vec<T>, Vec<T>) {
    let (mut i, mut j) = (0, 0);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    while i < a.len() || j < b.len() {
        match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) if x == y => (i, j) = (i + 1, j + 1),
            (Some(x), Some(y)) if x < y => {
                left.push(x.clone());
                i += 1;
            }
            (Some(x), None) => {
                left.push(x.clone());
                i += 1;
            }
            (_, Some(y)) => {
                right.push(y.clone());
                j += 1;
            }
            (None, None) => break,
        }
    }
    (left, right)
}

/// Whether each of two headlines has a number that the other lacks.
pub(crate) fn other_numbers(a: &str, b: &str) -> bool {
    let of = |title: &str| {
        let form = split_numbers(&form(title));
        numbers(form.split(' '))
    };
    let (left, right) = difference(&of(a), &of(b));
    !left.is_empty() && !right.is_empty()
}

/// The words of two headlines that only one of them has, fillers and mistyped ones aside.
pub(crate) fn exchanged(a: &str, b: &str) -> (Vec<String>, Vec<String>) {
    let (left, right) = (split_numbers(&form(a)), split_numbers(&form(b)));
    let (left, right): (Vec<&str>, Vec<&str>) = (left.split(' ').collect(), right.split(' ').collect());
    let (x, y) = super::facts::differing(&left, &right);
    let keep = |words: Vec<&str>| {
        words.into_iter().filter(|w| !w.is_empty() && !is_filler(w)).map(str::to_owned).collect()
    };
    (keep(x), keep(y))
}

/// Whether each of two headlines has a telling word that the other lacks.
pub(crate) fn other_words(a: &str, b: &str) -> bool {
    let (left, right) = exchanged(a, b);
    !left.is_empty() && !right.is_empty()
}

/// `12km` as `12 km`.
pub(crate) fn split_numbers(form: &str) -> String {
    let mut out = String::with_capacity(form.len() + 4);
    let mut last = None;
    for c in form.chars() {
        let digit = c.is_ascii_digit() || c == '.';
        if c != ' ' && last.is_some_and(|l| l != digit) {
            out.push(' ');
        }
        last = (c != ' ').then_some(digit);
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_and_endings_are_one_word() {
        for (a, b) in [
            ("goverment", "government"),
            ("raod", "road"),
            ("bridge", "bridges"),
            ("مدرسه", "مدرسههای"),
            ("مدینه", "المدینه"),
            ("statoin", "station"),
            ("ینطلق", "انطلاق"),
            ("تستقبل", "استقبال"),
            ("یفتتح", "افتتاح"),
            ("یعلن", "الاعلان"),
        ] {
            assert!(is_typo(a, b) && is_typo(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("iran", "iraq"),
            ("karimi", "rahimi"),
            ("syria", "russia"),
            ("12", "13"),
            ("شیراز", "تبریز"),
            ("بصره", "موصل"),
            ("monday", "sunday"),
            ("قم", "بم"),
            ("ینفی", "اکد"),
            ("یرتفع", "انخفاض"),
        ] {
            assert!(!is_typo(a, b), "{a} {b}");
        }
    }

    #[test]
    fn numbers_are_found_in_letters_too() {
        assert!(other_numbers("Quake of 4.2 shakes the coast", "Quake of 4.4 shakes the coast"));
        assert!(other_numbers("A walk in the hills, part two", "A walk in the hills, part three"));
        assert!(other_numbers("قیمت طلا ۱۲ آبان", "قیمت طلا ۱۳ آبان"));
        assert!(!other_numbers("Twelve boats arrive", "12 boats arrive"));
        assert!(!other_numbers("Gold price", "Gold price 12"));
        assert!(!other_numbers("۱۲٫۵ درصد", "12.5 درصد"));
    }

    #[test]
    fn some_exchanges_make_another_story() {
        assert!(tells_apart("monday", "friday"));
        assert!(tells_apart("شمال", "جنوب"));
        assert!(!tells_apart("monday", "today"));
        assert!(!tells_apart("north", "north"));
    }
}
