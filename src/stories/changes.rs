//! Whether a reader reads something else than before.
//!
//! Feeds touch their items all the time: new dates, another advertisement in each body, comment counters, other
//! markup. `updated` moves only when the words of headline or text have changed.

use std::collections::{HashMap, HashSet};

use super::reading::alike;
use crate::text::compare::{digest, form, skeleton};

/// What people read of an article, in plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read<'a> {
    /// The headline.
    pub title: &'a str,
    /// The text, one line a block: what [`reading_text`](super::reading_text) gives.
    pub text: &'a str,
}

/// Lines that stand under several headlines of one document: advertisements, subscription calls, footers.
#[derive(Clone, Debug, Default)]
pub struct Furniture(HashSet<u64>);

impl Furniture {
    /// The lines that two or more of `texts` share.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut owners: HashMap<u64, (usize, u32)> = HashMap::new();
        for (i, text) in texts.into_iter().enumerate() {
            for line in text.lines() {
                let owner = owners.entry(line_digest(line)).or_insert((i, 1));
                if owner.0 != i {
                    *owner = (i, owner.1 + 1);
                }
            }
        }
        Self(owners.into_iter().filter(|(_, (_, n))| *n > 1).map(|(line, _)| line).collect())
    }
}

/// Whether headline or text differ in the comparison form. Re-dating, advertisements, counters, markup, punctuation
/// and tracking parameters make no difference; neither does `furniture` (pass an empty one to count all).
pub fn reads_differently(old: Read<'_>, new: Read<'_>, furniture: &Furniture) -> bool {
    if skeleton(old.title) != skeleton(new.title) {
        return true;
    }
    if old.text == new.text {
        return false;
    }
    let before = lines(old.text, furniture);
    let after = lines(new.text, furniture);
    if before.iter().flat_map(|l| l.chars()).eq(after.iter().flat_map(|l| l.chars())) {
        return false;
    }
    !is_rotation(&before, &after, &skeleton(old.title))
}

/// The skeletons of the lines that are the article's own.
fn lines(text: &str, furniture: &Furniture) -> Vec<String> {
    text.lines()
        .filter(|l| !furniture.0.contains(&line_digest(l)) && !is_incidental(l))
        .map(skeleton)
        .filter(|l| !l.is_empty())
        .collect()
}

/// The digest of a line with its numbers masked.
fn line_digest(line: &str) -> u64 {
    let masked: String = form(line).chars().filter(|c| !c.is_ascii_digit()).collect();
    digest(&masked, 0)
}

/// Beginnings of lines that are not the article's.
const NOTICES: &[&str] = &[
    "advertisement",
    "ad ",
    "ads ",
    "sponsored",
    "promoted",
    "paid content",
    "read more",
    "continue reading",
    "share this",
    "share on",
    "follow us",
    "subscribe",
    "sign up",
    "comments",
    "related",
    "the post ",
    "تبلیغ",
    "تبلیغات",
    "اگهی",
    "رپورتاژ",
    "بیشتر بخوانید",
    "ادامه مطلب",
    "اشتراک گذاری",
    "اشتراکگذاری",
    "مطالب مرتبط",
    "اعلان",
    "اقرا المزید",
    "اقرا ایضا",
    "المزید",
    "شارک",
    "تابعنا",
];

/// Words of lines that only count or date.
const COUNTERS: &[&str] = &[
    "comment",
    "comments",
    "view",
    "views",
    "like",
    "likes",
    "share",
    "shares",
    "reply",
    "replies",
    "min",
    "mins",
    "minute",
    "minutes",
    "read",
    "reads",
    "ago",
    "hour",
    "hours",
    "day",
    "days",
    "updated",
    "published",
    "posted",
    "last",
    "modified",
    "at",
    "on",
    "am",
    "pm",
    "by",
    "utc",
    "gmt",
    "visits",
    "نظر",
    "نظرات",
    "دیدگاه",
    "بازدید",
    "بازدیدها",
    "پسند",
    "دقیقه",
    "ساعت",
    "پیش",
    "روز",
    "بهروزرسانی",
    "انتشار",
    "تاریخ",
    "زمان",
    "مطالعه",
    "کد",
    "خبر",
    "تعلیق",
    "تعلیقات",
    "مشاهده",
    "مشاهدات",
    "اعجاب",
    "دقایق",
    "دقیقه",
    "قراءه",
    "قراه",
    "منذ",
    "ساعه",
    "ساعات",
    "نشر",
    "تحدیث",
    "اخر",
    "فی",
];

/// An advertisement that says so, a counter, a line of dates.
fn is_incidental(line: &str) -> bool {
    let form = form(line);
    let padded = format!("{form} ");
    if form.chars().count() <= 160
        && NOTICES
            .iter()
            .any(|n| padded.starts_with(n) && (n.ends_with(' ') || padded[n.len()..].starts_with(' ')))
    {
        return true;
    }
    let words: Vec<&str> = form.split(' ').filter(|w| !w.is_empty()).collect();
    let counts = |w: &&str| w.chars().any(|c| c.is_ascii_digit());
    words.len() <= 12
        && words.iter().any(counts)
        && words.iter().all(|w| counts(w) || COUNTERS.contains(w) || super::words::is_month(w))
}

/// Whether all that changed are one or two short lines that gave way to lines about something else altogether, while
/// the rest of the article stayed: a rotating advertisement without a label.
fn is_rotation(before: &[String], after: &[String], title: &str) -> bool {
    if before.len() != after.len() || before.len() < 2 {
        return false;
    }
    let changed: Vec<(&String, &String)> = before.iter().zip(after).filter(|(a, b)| a != b).collect();
    changed.len() <= 2
        && changed.len() * 2 <= before.len()
        && changed.iter().all(|(a, b)| a.chars().count().max(b.chars().count()) <= 200 && alike(a, b) < 0.15 && alike(a, title).max(alike(b, title)) < 0.15)
        // The article proper begins the text; what replaces its first line is an edit.
        && before.first() == after.first()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(old: &str, new: &str) -> bool {
        let title = "Rain closes the northern road";
        reads_differently(Read { title, text: old }, Read { title, text: new }, &Furniture::default())
    }

    #[test]
    fn what_a_reader_does_not_read_is_no_change() {
        let text = "The road was closed at noon.\nIt opens again on Friday.";
        for (old, new) in [
            (text.to_owned(), text.replace('.', "!")),
            (text.to_owned(), text.replace('\n', "\n\n  ")),
            (text.to_owned(), text.to_uppercase()),
            (format!("{text}\n12 comments"), format!("{text}\n14 comments")),
            (format!("{text}\nUpdated 12:30"), format!("{text}\nUpdated 14:45")),
            (text.to_owned(), format!("{text}\nAdvertisement")),
            (format!("{text}\nSponsored: shoes for all"), format!("{text}\nSponsored: hats for all")),
            (
                format!("{text}\nSummer shoes at half price, only today in our shop"),
                format!("{text}\nLearn to play the violin with a patient teacher"),
            ),
            (format!("{text}\n۱۲ نظر"), format!("{text}\n۱۵ نظر")),
            ("كتاب يك".to_owned(), "کتاب یک".to_owned()),
        ] {
            assert!(!differs(&old, &new), "{old:?} → {new:?}");
        }
    }

    #[test]
    fn what_a_reader_reads_is_a_change() {
        let text = "The road was closed at noon.\nIt opens again on Friday.";
        for (old, new) in [
            (text.to_owned(), text.replace("Friday", "Sunday")),
            (text.to_owned(), format!("{text}\nA bridge was damaged as well.")),
            (text.to_owned(), "The road was closed at noon.".to_owned()),
            ("12 people were hurt on the road".to_owned(), "14 people were hurt on the road".to_owned()),
            (String::new(), text.to_owned()),
        ] {
            assert!(differs(&old, &new), "{old:?} → {new:?}");
        }
        let (old, new) = (Read { title: "Rain", text }, Read { title: "Heavy rain", text });
        assert!(reads_differently(old, new, &Furniture::default()));
    }

    #[test]
    fn lines_under_several_headlines_are_furniture() {
        let (one, two) = ("The road is closed.\nBuy a hat today", "The river rises.\nBuy a hat today");
        let furniture = Furniture::of([one, two]);
        let read = |text| Read { title: "Rain", text };
        assert!(!reads_differently(read(one), read("The road is closed."), &furniture));
        assert!(reads_differently(read(one), read("The road is open.\nBuy a hat today"), &furniture));
    }
}
