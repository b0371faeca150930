//! The comparison form of text: keys only, never shown.
//!
//! Two spellings of one sentence have one comparison form: letters folded (Arabic ي ى ئ and Persian ی; ك and ک; ة ۀ ہ
//! and ه; أ إ آ and ا; ؤ and و), diacritics, tatweel, ZWNJ and everything else that cannot be seen gone, all decimal digits
//! ASCII, group separators gone, case folded, punctuation a space. The **skeleton** drops the spaces too, so that a
//! joiner that was dropped, added or typed as a space makes no difference.
//!
//! Forms and [`digest`]s are the same on every machine and must stay the same in every version of kariz: they
//! are stored. A change here needs a new [`VERSION`].

mod escapes;
mod fold;
mod folding;

pub use escapes::unescape;
pub(crate) use folding::What;
pub use folding::{Folding, Mark};

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The version of the forms; stored with whatever is derived from them.
pub const VERSION: u8 = 1;

/// The skeleton: folded letters and digits only.
pub fn skeleton(text: &str) -> String {
    Folding::of(text).into_skeleton()
}

/// The comparison form: folded words with single spaces between them, nothing else. What a search indexes and asks for.
pub fn form(text: &str) -> String {
    let folding = Folding::of(text);
    let skeleton = folding.skeleton();
    let mut form = String::with_capacity(text.len());
    for word in folding.words() {
        if !form.is_empty() {
            form.push(' ');
        }
        form.push_str(&skeleton[word]);
    }
    form
}

/// A stable 64-bit digest of a form. `seed` keeps digests for different purposes apart.
pub fn digest(form: &str, seed: u64) -> u64 {
    xxh3_64_with_seed(form.as_bytes(), seed)
}

#[cfg(test)]
mod tests {
    use super::fold::{Folded, Last, ascii, wide};
    use super::*;
    use proptest::prelude::*;

    /// A text folded character by character, as it is defined.
    fn fold(text: &str) -> Vec<Folded> {
        let mut found = Vec::new();
        let mut last = Last::Other;
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            let mut emit = |folded| found.push(folded);
            last = match u8::try_from(c).ok().filter(u8::is_ascii) {
                Some(byte) => ascii(byte, rest, last, &mut emit),
                None => wide(c, rest, last, &mut emit),
            };
        }
        found
    }

    /// The skeleton, and where in it words and sentences end and words with a capital begin.
    fn defined(text: &str) -> (String, Vec<(u32, What)>) {
        let (mut skeleton, mut marks) = (String::new(), Vec::<(u32, What)>::new());
        let (mut word, mut sentence) = (0, 0);
        for folded in fold(text) {
            let at = skeleton.len();
            match folded {
                Folded::Letter(c, capital) => {
                    let after_letter =
                        at > word && !skeleton.ends_with(|c: char| c.is_ascii_digit() || c == '.');
                    if capital && !after_letter {
                        marks.push((at as u32, What::Capital));
                    }
                    skeleton.push(c);
                }
                Folded::Digit(d) => skeleton.push(char::from(b'0' + d)),
                Folded::Point => skeleton.push('.'),
                Folded::Gap | Folded::Stop => {
                    if at > word {
                        marks.push((at as u32, What::Gap));
                    }
                    word = at;
                    if folded == Folded::Stop {
                        if at > sentence
                            && let Some(last) = marks.last_mut()
                        {
                            last.1 = What::Stop;
                        }
                        sentence = at;
                    }
                }
            }
        }
        (skeleton, marks)
    }

    fn assert_folds_as_defined(text: &str) {
        let mut folding = Folding::default();
        folding.push(text);
        let (skeleton, marks) = defined(text);
        assert_eq!(folding.skeleton(), skeleton, "{text:?}");
        let found: Vec<(u32, What)> =
            folding.marks().iter().filter(|m| m.what != What::Joint).map(|m| (m.at, m.what)).collect();
        assert_eq!(found, marks, "{text:?}");
    }

    #[test]
    fn every_character_folds_as_defined() {
        for c in '\0'..=char::MAX {
            assert_folds_as_defined(&format!("a{c}B1{c}234{c}5"));
        }
    }

    proptest! {
        #[test]
        fn a_text_folds_as_defined(text in PIECES, odd in any::<String>()) {
            assert_folds_as_defined(&text);
            assert_folds_as_defined(&odd);
            // In two parts, as long as no part begins with what would belong to the other.
            let mut folding = Folding::default();
            folding.push(&format!("{text}…"));
            folding.push(&odd);
            prop_assert_eq!(folding.skeleton(), defined(&format!("{text}…{odd}")).0);
        }
    }

    /// Words, signs and joiners of several scripts, in any order.
    const PIECES: &str = "(rain|Rain|RAIN|É|ß|Œ|İ|ж|Й|كتاب|پل|می|\u{200c}|\u{200d}|\u{ad}|\u{64b}|ـ|ء|٬|٫|،|؟|1|23|234|۱|۲۳۴|٣| |\u{a0}|\u{202f}|\u{2009}|\n|,|\\.|!|'|’|ʼ|‘|…|«|»|-|ﷲ|ﷺ|東|京|か|한|ก|नि|👍|𝐀|\u{300}|\u{2028}|\u{85}){0,40}";

    fn same(a: &str, b: &str) {
        assert_eq!(skeleton(a), skeleton(b), "{a:?} and {b:?}");
    }

    #[test]
    fn spellings_fold_into_one() {
        same("كتاب يك", "کتاب یک");
        same("مى‌رود", "می رود");
        same("مي‌رود", "میرود");
        same("مدرسة", "مدرسه");
        same("خانۀ ما", "خانه ما");
        same("أحمد إلى آخر", "احمد الی اخر");
        same("مسؤول", "مسوول");
        same("مسئول", "مسیول");
        same("مُحَمَّد", "محمد");
        same("سلـــام", "سلام");
        same("۱۲٬۵۰۰ تومان", "12,500 تومان");
        same("٣٫٥", "3.5");
        same("«باران»، امروز!", "باران - امروز");
        same("Straße ÉCOLE", "strasse ecole");
        same("don’t", "don't");
        same("ﻻ ﷲ", "لا الله");
        same("１２ ｋｍ", "12 km");
        same("co\u{ad}operate", "cooperate");
        same("İstanbul ı", "istanbul i");
        same("A &amp; B &quot;C&quot;", "A & B \"C\"");
        same("A &amp;amp; B", "A & B");
        same("&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "one two");
        same("می&zwnj;رود", "می‌رود");
    }

    #[test]
    fn what_differs_stays_different() {
        assert_ne!(skeleton("12.5"), skeleton("125"));
        assert_ne!(skeleton("10 20"), skeleton("10 21"));
        assert_ne!(skeleton("ایران"), skeleton("عراق"));
        assert_eq!(skeleton("12,5"), "125");
        assert_eq!(form("12,50,00 a"), "12 50 00 a");
    }

    #[test]
    fn the_form_keeps_words_apart() {
        assert_eq!(
            form("  Rain, again — in the   North. 12,000 people!"),
            "rain again in the north 12000 people"
        );
        assert_eq!(form("قیمت: ۱۲٫۵ دلار"), "قیمت 12.5 دلار");
        assert_eq!(form(""), "");
        assert_eq!(form("…!?"), "");
        assert_eq!(form("a<b>b</b>c<br>d"), "abc d");
    }

    #[test]
    fn digests_never_change() {
        assert_eq!(skeleton("كتاب يک ۱۲"), "کتابیک12");
        assert_eq!(digest("abc", 0), 0x78af_5f94_892f_3950);
    }
}
