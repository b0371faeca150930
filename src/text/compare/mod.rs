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

pub use escapes::unescape;
pub use fold::{Folded, fold};

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The version of the forms; stored with whatever is derived from them.
pub const VERSION: u8 = 1;

/// The skeleton: folded letters and digits only.
pub fn skeleton(text: &str) -> String {
    let text = unescape(text);
    let mut skeleton = String::with_capacity(text.len());
    fold(&text, |folded| match folded {
        Folded::Letter(c, _) => skeleton.push(c),
        Folded::Digit(d) => skeleton.push(char::from(b'0' + d)),
        Folded::Point => skeleton.push('.'),
        Folded::Gap | Folded::Stop => {}
    });
    skeleton
}

/// The comparison form: folded words with single spaces between them, nothing else. What a search indexes and asks for.
pub fn form(text: &str) -> String {
    let text = unescape(text);
    let mut form = String::with_capacity(text.len());
    let mut gap = false;
    fold(&text, |folded| {
        let c = match folded {
            Folded::Letter(c, _) => c,
            Folded::Digit(d) => char::from(b'0' + d),
            Folded::Point => '.',
            Folded::Gap | Folded::Stop => {
                gap = true;
                return;
            }
        };
        if gap && !form.is_empty() {
            form.push(' ');
        }
        gap = false;
        form.push(c);
    });
    form
}

/// A stable 64-bit digest of a form. `seed` keeps digests for different purposes apart.
pub fn digest(form: &str, seed: u64) -> u64 {
    xxh3_64_with_seed(form.as_bytes(), seed)
}

#[cfg(test)]
mod tests {
    use super::*;

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
