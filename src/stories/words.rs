//! What single words tell: numbers in letters, fillers, words whose exchange makes another story.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kinds::{are_two_of_a_kind, stems};
use super::vocabulary::{FILLERS, MONTHS, NEGATIONS, NUMBERS, PERHAPS_NUMBERS, SYNONYMS, TELLING};
use crate::text::compare::form;

static NUMBER: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| NUMBERS.iter().copied().collect());
static FILLER: LazyLock<FxHashSet<&str>> = LazyLock::new(|| FILLERS.iter().copied().collect());
static NEGATION: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NEGATIONS.iter().copied().collect());
/// Word → the groups that it stands in.
static SYNONYM: LazyLock<FxHashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (group, words) in SYNONYMS.iter().enumerate() {
        words.split(' ').for_each(|word| groups.entry(word).or_default().push(group));
    }
    groups
});
/// Word → (group, side) for each group that it stands in.
static SIDES: LazyLock<FxHashMap<&str, Vec<(usize, usize)>>> = LazyLock::new(|| {
    let mut sides: FxHashMap<&str, Vec<(usize, usize)>> = FxHashMap::default();
    for (group, strings) in TELLING.iter().enumerate() {
        for (side, words) in strings.iter().enumerate() {
            words.split(' ').for_each(|word| sides.entry(word).or_default().push((group, side)));
        }
    }
    sides
});

/// The number that a folded word is, in digits.
pub(crate) fn number(word: &str) -> Option<Cow<'_, str>> {
    if word.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
        let plain = word.trim_start_matches('0');
        return Some(Cow::Borrowed(if plain.is_empty() { "0" } else { plain }));
    }
    let known = |word: &str| NUMBER.get(word).map(|n| Cow::Borrowed(*n));
    // Arabic `and` is written together with its word; «سومین» is «سوم» before its noun.
    known(word)
        .or_else(|| word.strip_prefix('و').filter(|w| w.chars().count() >= 3).and_then(known))
        .or_else(|| word.strip_suffix("ین").filter(|w| w.ends_with('م') || *w == "اول").and_then(known))
}

/// The number that a word may be where the other text has one in its place.
pub(crate) fn perhaps_number(word: &str) -> Option<&'static str> {
    PERHAPS_NUMBERS.iter().find(|(w, _)| *w == word).map(|(_, n)| *n)
}

pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

pub(crate) fn is_filler(word: &str) -> bool {
    // Arabic `and` is written together with its word.
    FILLER.contains(word)
        || word.strip_prefix('و').is_some_and(|w| w.chars().count() >= 3 && FILLER.contains(w))
}

/// Whether an editor says the one for the other.
pub(crate) fn are_synonyms(a: &str, b: &str) -> bool {
    let groups = |word: &str| stems(word).find_map(|stem| SYNONYM.get(stem));
    match (groups(a), groups(b)) {
        (Some(x), Some(y)) => x.iter().any(|group| y.contains(group)),
        _ => false,
    }
}

/// Whether an exchange of `a` for `b` turns the report into another one: another day, another direction.
pub(crate) fn tells_apart(a: &str, b: &str) -> bool {
    let sides = |word: &str| SIDES.get(word).map(Vec::as_slice).unwrap_or_default();
    a != b
        && (sides(a).iter().any(|(group, side)| sides(b).iter().any(|(g, s)| g == group && s != side))
            || is_month(a) && is_month(b)
            || is_negated(a, b)
            || is_negated(b, a))
}

/// The same, where the one stands in the other's place: then a bridge for a gate tells apart as well.
pub(crate) fn tells_apart_in_place(a: &str, b: &str) -> bool {
    tells_apart(a, b) || are_two_of_a_kind(a, b) && !are_synonyms(a, b)
}

/// Whether a folded word says that something is not so.
pub(crate) fn is_negation(word: &str) -> bool {
    let of = |word: &str| NEGATION.contains(word);
    of(word)
        || word.strip_prefix(['و', 'ف']).is_some_and(|w| matches!(w, "لا" | "لم" | "لن" | "لیس" | "لیست"))
        || word.strip_prefix("نمی").is_some_and(|verb| verb.chars().count() >= 2)
}

/// Whether `negated` is the Persian verb `verb` with its negating prefix: «نرفت» of «رفت», «نیامد» of «امد».
fn is_negated(negated: &str, verb: &str) -> bool {
    verb.chars().count() >= 2
        && verb.ends_with(['د', 'ت', 'م', 'ه'])
        && negated
            .strip_prefix('ن')
            .is_some_and(|rest| rest == verb || rest.strip_prefix('ی') == Some(verb) && verb.starts_with('ا'))
}

/// Whether two words are one, mistyped or inflected: not `Iran` and `Iraq`, not `Karimi` and `Rahimi`.
pub(crate) fn is_typo(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let n = short.chars().count();
    let digits = |w: &str| w.bytes().any(|b| b.is_ascii_digit());
    // Whatever the mistyped one would be: «نگرفته», «نگفرته».
    if n >= 5 && a.chars().next() == b.chars().next() && is_transposed(a, b) && !digits(a) {
        return true;
    }
    if n < 3 || digits(a) || digits(b) || is_negation(a) != is_negation(b) || tells_apart_in_place(a, b) {
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
    if a.is_ascii() && b.is_ascii() && stem(a) == stem(b) {
        return true;
    }
    // Arabic `and` is written together with its word, and so is the person of a verb: «رفض» and «يرفض».
    if m == n + 1 && long.strip_prefix(['و', 'ف', 'ی', 'ت']) == Some(short) {
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

/// An English word without its ending, where four letters are left: `lends`, `lending`, `lended`.
fn stem(word: &str) -> &str {
    ["ing", "ed", "es", "s", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 4))
        .unwrap_or(word)
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

/// The numbers of a text, sorted; `12.5` as 12 and 5, so that it is the same however its point is written, and
/// `twenty-three` («بیست و سه», «ثلاثة وعشرون») as 23.
pub(crate) fn numbers<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut numbers = numbers_in_order(words);
    numbers.sort_unstable();
    numbers
}

/// The same, in the order of the text.
pub(crate) fn numbers_in_order<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    // The last number, where it was written in letters and may be a part of one.
    let mut part: Option<u32> = None;
    for word in words {
        let Some(n) = number(word) else {
            // Persian `and` inside a number.
            if word != "و" {
                part = None;
            }
            continue;
        };
        let letters = !word.starts_with(|c: char| c.is_ascii_digit());
        let value = n.parse::<u32>().ok().filter(|_| letters);
        let whole = match (part, value) {
            (Some(tens @ 20..=90), Some(unit @ 1..=9)) if tens % 10 == 0 => Some(tens + unit),
            (Some(unit @ 1..=9), Some(tens @ 10..=90)) if tens % 10 == 0 && is_arabic_tens(word) => {
                Some(unit + tens)
            }
            _ => None,
        };
        if let Some(whole) = whole {
            numbers.pop();
            numbers.push(whole.to_string());
            part = None;
            continue;
        }
        part = value;
        numbers.extend(n.split('.').filter(|p| !p.is_empty()).map(str::to_owned));
    }
    numbers
}

/// Tens that follow their unit: «ثلاثة وعشرون», «ثلاثة عشر».
fn is_arabic_tens(word: &str) -> bool {
    matches!(word, "عشر" | "عشره") || word.starts_with('و')
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
    let (a, b) = (split_numbers(&form(a)), split_numbers(&form(b)));
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let (left, right) = difference(&numbers(a.iter().copied()), &numbers(b.iter().copied()));
    !left.is_empty() && !right.is_empty()
        || left.is_empty() != right.is_empty() && (is_one_against(&a, &b) || is_one_against(&b, &a))
}

/// Whether the first difference of two stretches of equal length is a word that may be a number, and another number:
/// `one ferry` against `two ferries`.
pub(crate) fn is_one_against(a: &[&str], b: &[&str]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .find(|(x, y)| x != y)
            .is_some_and(|(x, y)| matches!((perhaps_number(x), number(y)), (Some(n), Some(m)) if m != n))
}

/// The words of two headlines that only one of them has, fillers, synonyms and mistyped ones aside.
pub(crate) fn exchanged(a: &str, b: &str) -> (Vec<String>, Vec<String>) {
    let (left, right) = (split_numbers(&form(a)), split_numbers(&form(b)));
    let (left, right): (Vec<&str>, Vec<&str>) = (left.split(' ').collect(), right.split(' ').collect());
    let (mut x, mut y) = super::facts::differing(&left, &right);
    drop_synonyms(&mut x, &mut y);
    let keep = |words: Vec<&str>| {
        words.into_iter().filter(|w| !w.is_empty() && !is_filler(w)).map(str::to_owned).collect()
    };
    (keep(x), keep(y))
}

/// Drops fillers, and words of one meaning in pairs.
pub(crate) fn drop_synonyms(x: &mut Vec<&str>, y: &mut Vec<&str>) {
    x.retain(|w| !is_filler(w));
    y.retain(|w| !is_filler(w));
    x.retain(|word| match y.iter().position(|other| are_synonyms(word, other)) {
        Some(i) => {
            y.swap_remove(i);
            false
        }
        None => true,
    });
}

/// How many words of a headline say that something is not so.
pub(crate) fn negations(title: &str) -> usize {
    form(title).split(' ').filter(|w| is_negation(w)).count()
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
            ("lends", "lending"),
            ("closed", "closing"),
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
