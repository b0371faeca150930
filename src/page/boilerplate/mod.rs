//! What sites put around and into their articles: known by its wording and by the names that authors of
//! templates give it.
//!
//! Wording is compared as a skeleton (letters and digits only, folded), so that «اشتراک‌گذاری», «اشتراک گذاری» and
//! «اشتراك گذاري» are one.

mod words;

use std::collections::HashSet;
use std::sync::LazyLock;

use words::{
    ANSWERS, BEGINS, COMMENT_HEADS, COUNTED, FURNITURE_RUNS, FURNITURE_WORDS, HEADS, MOST_READ, PROMPTS,
    RIGHTS, WHOLE,
};

use crate::text::compare::skeleton;

/// Longest line (characters) that [`BEGINS`] may drop.
const LONGEST: usize = 180;

fn keys(list: &[&str]) -> HashSet<String> {
    list.iter().map(|s| skeleton(s)).filter(|s| !s.is_empty()).collect()
}

static WHOLE_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(WHOLE));
static HEAD_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(HEADS));
static COMMENT_HEAD_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(COMMENT_HEADS));
static RIGHTS_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(RIGHTS));
static BEGIN_KEYS: LazyLock<Vec<(String, bool)>> = LazyLock::new(|| {
    BEGINS.iter().map(|s| (skeleton(s), s.ends_with(':'))).filter(|(s, _)| !s.is_empty()).collect()
});

/// The line is site furniture by its wording. `linked` is the share of it that stands in links.
pub(crate) fn is_furniture(line: &str, linked: f32) -> bool {
    let count = line.chars().count();
    if count > LONGEST {
        return false;
    }
    if line.contains('©') || line.starts_with("(c) ") {
        return true;
    }
    let key = skeleton(line);
    if key.is_empty() {
        // Nothing but punctuation: separators, bullets, icons. Asterisks between scenes go with them.
        return true;
    }
    if WHOLE_KEYS.contains(&key) {
        return true;
    }
    if is_count(&key) || is_hashtags(line) {
        return true;
    }
    if RIGHTS_KEYS.iter().any(|rights| key.contains(rights.as_str())) {
        return true;
    }
    if PROMPTS.iter().any(|(begin, word)| key.starts_with(&skeleton(begin)) && key.contains(&skeleton(word)))
    {
        return true;
    }
    let bare: String = key.chars().filter(|c| !c.is_numeric()).collect();
    if bare.chars().count() >= 3 && WHOLE_KEYS.contains(&bare) && count <= 40 {
        return true;
    }
    for (begin, colon) in BEGIN_KEYS.iter() {
        if !key.starts_with(begin.as_str()) {
            continue;
        }
        // What begins like furniture may still be a sentence of the article: it is taken for furniture where
        // a colon or the end follows, where it is linked, or where it is no sentence.
        let sentence =
            line.trim_end().ends_with(['.', '!', '?', '؟', '۔', '。', '！', '？', '…', '»', '”', '"']);
        let labelled = line.contains(':') || line.contains('：');
        if *colon && !labelled {
            continue;
        }
        if labelled && label_of(line) == *begin
            || !sentence
            || linked > 0.3
            || count < 60 && begin.chars().count() > 8
        {
            return true;
        }
    }
    false
}

static COUNTED_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(COUNTED));
static ANSWER_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(ANSWERS));

/// "452 views", «۱۲ دیدگاه»: a number and what it counts.
fn is_count(key: &str) -> bool {
    counted(key).is_some_and(|word| COUNTED_KEYS.contains(&word) || ANSWER_KEYS.contains(&word))
}

/// The word beside a number of a few digits.
fn counted(key: &str) -> Option<String> {
    let digits = key.chars().filter(|c| c.is_numeric()).count();
    (1..=9).contains(&digits).then(|| key.chars().filter(|c| !c.is_numeric()).collect())
}

/// Labels and nothing else: `#reading #books`.
fn is_hashtags(line: &str) -> bool {
    let tag = |word: &str| {
        word.starts_with('#') && word.chars().count() > 2 && !word[1..].starts_with(char::is_numeric)
    };
    line.split_whitespace().count() >= 2 && line.split_whitespace().all(tag)
}

/// What stands in front of the first colon, as a key.
fn label_of(line: &str) -> String {
    skeleton(line.split([':', '：']).next().unwrap_or_default())
}

/// The line heads a list of other articles.
pub(crate) fn is_related_head(line: &str) -> bool {
    line.chars().count() <= 60 && HEAD_KEYS.contains(&skeleton(line))
}

static MOST_READ_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(MOST_READ));

/// The line heads what most readers read.
pub(crate) fn is_most_read_head(line: &str) -> bool {
    MOST_READ_KEYS.contains(&skeleton(line))
}

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| FURNITURE_WORDS.iter().copied().collect());

/// The `class` and `id` of an element (lower case) say that it is not the article.
pub(crate) fn is_furniture_label(labels: &str) -> bool {
    labels.split_ascii_whitespace().any(|label| {
        let label = label.replace(['_', ':', '.'], "-");
        label.split('-').any(|word| WORDS.contains(word))
            || FURNITURE_RUNS.iter().any(|run| {
                label.match_indices(run).any(|(at, _)| {
                    let end = at + run.len();
                    (at == 0 || label.as_bytes()[at - 1] == b'-')
                        && (end == label.len() || label.as_bytes()[end] == b'-')
                })
            })
    })
}

/// The line heads what readers wrote: "12 comments", «نظرات کاربران».
pub(crate) fn is_comments_head(line: &str) -> bool {
    let all = skeleton(line);
    let key: String = all.chars().filter(|c| !c.is_numeric()).collect();
    line.chars().count() <= 60
        && (COMMENT_HEAD_KEYS.contains(&key) || counted(&all).is_some_and(|word| ANSWER_KEYS.contains(&word)))
}

/// The `class` and `id` of an element (lower case) say that it is what one reader wrote.
pub(crate) fn is_comment_label(labels: &str) -> bool {
    labels.split_ascii_whitespace().any(|label| {
        let bare = label.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', '_']);
        matches!(
            bare,
            "comment" | "li-comment" | "div-comment" | "comment-body" | "comment-content" | "comment-item"
        )
    })
}

/// The `class` and `id` of an element (lower case) say that it holds what readers wrote.
pub(crate) fn is_comments_label(labels: &str) -> bool {
    labels.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
        matches!(
            w,
            "comments" | "disqus" | "respond" | "commentlist" | "commentarea" | "commentform" | "livefyre"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_lines_are_furniture_in_three_languages() {
        for line in [
            "لینک کوتاه: https://khabar.example/x1",
            "کپی شد",
            "اشتراک‌گذاری",
            "اشتراک گذاری:",
            "بیشتر بخوانید: باران در راه است",
            "کد خبر: ۱۲۳۴۵۶",
            "انتهای پیام/",
            "برچسب‌ها: باغ، گل",
            "تم نسخ الرابط",
            "الرابط المختصر: https://akhbar.example/s/9",
            "اقرأ أيضاً",
            "جميع الحقوق محفوظة © 2024",
            "Share this",
            "Share this article:",
            "Read more: The best soups",
            "Tags: garden, rain",
            "© 2024 The Village Post. All rights reserved.",
            "Comments (12)",
            "Link copied!",
            "|",
            "Sign up for our newsletter",
            "12 comments",
        ] {
            assert!(is_furniture(line, 0.0), "{line}");
        }
    }

    #[test]
    fn sentences_of_articles_are_not_furniture() {
        for line in [
            "باران از بامداد امروز در شهر می‌بارد و تا شب ادامه دارد.",
            "Share prices of the small bakery rose after it began to sell bread on Sundays as well.",
            "Related questions were put to the mayor, who answered that the bridge would open in the autumn of next year.",
            "انتهای خیابان به باغی بزرگ می‌رسد که درختانش کهنسال‌اند.",
            "Copyright law protects the songs of the village choir for seventy years, said its leader.",
            "شاركت ثلاثون قرية في مهرجان الزيتون هذا العام.",
            "2018 年 10 月，村里的面包店开了第二家店，大家都很高兴。",
            "20 loaves of bread, one for each house in the lane",
        ] {
            assert!(!is_furniture(line, 0.0), "{line}");
        }
    }

    #[test]
    fn labels_of_templates_are_known() {
        for label in ["share-bar", "c-related__list", "post-tags", "sharedaddy sd-sharing", "social_links"] {
            assert!(is_furniture_label(label), "{label}");
        }
        for label in [
            "entry-content",
            "shared-garden",
            "article-body main",
            "post type-post tag-rain",
            "elementor-widget",
        ] {
            assert!(!is_furniture_label(label), "{label}");
        }
    }
}
