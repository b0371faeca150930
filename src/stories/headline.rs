//! Headlines without what outlets hang on them: kickers in front, their own name behind.

use crate::text::compare::skeleton;

/// Words that announce a form, not a story. Skeletons of whole segments.
const KICKERS: &[&str] = &[
    // English
    "breaking",
    "breakingnews",
    "update",
    "updated",
    "updates",
    "exclusive",
    "video",
    "watch",
    "photos",
    "photo",
    "gallery",
    "inpictures",
    "live",
    "liveupdates",
    "opinion",
    "analysis",
    "justin",
    "urgent",
    "news",
    "newsalert",
    "alert",
    "audio",
    "listen",
    "podcast",
    "report",
    "developing",
    "latest",
    "correction",
    "corrected",
    "repeat",
    "infographic",
    "withvideo",
    "withphotos",
    "read",
    "subscribe",
    "new",
    "featured",
    "topstory",
    "editorial",
    "explainer",
    "interview",
    "feature",
    // Persian
    "فوری",
    "خبرفوری",
    "فیلم",
    "ویدیو",
    "ویدیوو",
    "ویدیوکلیپ",
    "عکس",
    "تصاویر",
    "گزارشتصویری",
    "گالریعکس",
    "گالری",
    "صوت",
    "پادکست",
    "اختصاصی",
    "ببینید",
    "بشنوید",
    "بخوانید",
    "لحظهبهلحظه",
    "تکمیلی",
    "بهروزرسانی",
    "بروزرسانی",
    "گزارش",
    "خبر",
    "یادداشت",
    "تحلیل",
    "گفتگو",
    "گفتوگو",
    "ویژه",
    "اینفوگرافیک",
    "جزییات",
    "مهم",
    "جدید",
    // Arabic
    "عاجل",
    "خبرعاجل",
    "فیدیو",
    "بالفیدیو",
    "شاهد",
    "بالصور",
    "صور",
    "حصری",
    "مباشر",
    "تحدیث",
    "تقریر",
    "تحلیل",
    "اخبار",
    "صوره",
    "خاص",
    "الان",
    "محدث",
    "انفوجرافیک",
    "مقال",
    "رای",
];

/// Whether a segment of a headline only announces a form.
pub(crate) fn is_kicker(segment_skeleton: &str) -> bool {
    KICKERS.contains(&segment_skeleton)
}

/// A headline taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headline<'a> {
    /// Without known kickers and the outlet's own names.
    pub base: &'a str,
    /// What stands before the first separator of `base`, and the rest.
    pub first: Option<(&'a str, &'a str)>,
    /// What stands after the last separator of `base`, and the rest before it.
    pub last: Option<(&'a str, &'a str)>,
}

impl<'a> Headline<'a> {
    /// Takes `title` apart; `outlets` are skeletons of names of the outlet.
    pub(crate) fn of(title: &'a str, outlets: &[String]) -> Self {
        let mut base = title.trim();
        for _ in 0..4 {
            let known = |segment: &str| {
                let segment = skeleton(segment);
                is_kicker(&segment) || segment.chars().count() >= 3 && outlets.contains(&segment)
            };
            if let Some((segment, rest)) = split_first(base)
                && known(segment)
            {
                base = rest;
            } else if let Some((segment, rest)) = split_last(base)
                && known(segment)
            {
                base = rest;
            } else {
                break;
            }
        }
        Self { base, first: split_first(base), last: split_last(base) }
    }

    /// What remains without the first, the last segment.
    pub(crate) fn core(&self, drop_first: bool, drop_last: bool) -> &'a str {
        let from = if drop_first { self.first.map_or(self.base, |(_, rest)| rest) } else { self.base };
        if !drop_last {
            return from;
        }
        split_last(from).map_or(from, |(_, rest)| rest)
    }
}

/// (segment, rest) at the first separator, or a bracketed beginning.
fn split_first(title: &str) -> Option<(&str, &str)> {
    if let Some(inner) = title.strip_prefix(['[', '(', '【'])
        && let Some(end) = inner.find([']', ')', '】'])
        && end <= 60
    {
        let rest = inner[end..].trim_start_matches(|c: char| {
            matches!(c, ']' | ')' | '】' | ':' | '-' | '–' | '|') || c.is_whitespace()
        });
        return segment(&inner[..end], rest);
    }
    let best = separators(title).find(|s| s.in_front);
    let Separator { at, length, .. } = best?;
    segment(&title[..at], &title[at + length..])
}

/// (segment, rest before it) at the last separator, or a bracketed end.
fn split_last(title: &str) -> Option<(&str, &str)> {
    if title.ends_with([']', ')', '】'])
        && let Some(open) = title.rfind(['[', '(', '【'])
    {
        let (rest, inner) = title.split_at(open);
        let inner = inner.trim_matches(['[', '(', '【', ']', ')', '】']);
        return segment(
            inner,
            rest.trim_end_matches(|c: char| matches!(c, ':' | '-' | '–' | '|' | '+') || c.is_whitespace()),
        );
    }
    let best = separators(title).filter(|s| s.behind).last();
    let Separator { at, length, .. } = best?;
    segment(&title[at + length..], &title[..at])
}

/// Where a headline may be cut.
struct Separator {
    at: usize,
    length: usize,
    /// A kicker may stand in front of it.
    in_front: bool,
    /// A name may stand behind it.
    behind: bool,
}

/// The separators of a headline, in order: dashes, bars, colons and the like with space around them.
fn separators(title: &str) -> impl Iterator<Item = Separator> + '_ {
    let mut before = ' ';
    // Most headlines have none: no sign of ASCII that is one, and no byte that others begin with or end with.
    let may_part =
        |byte| matches!(byte, b'|' | b'-' | b'_' | b'/' | b'+' | b':' | b'!' | b'.' | 0xc2 | 0xe2 | 0x9b);
    let looked_at = if title.bytes().any(may_part) { title } else { "" };
    let mut chars = looked_at.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, c)) = chars.next() {
            let spaced = before.is_whitespace();
            // `::` is one separator, and space before its first half is space before it.
            if c != ':' || chars.peek().is_none_or(|(_, next)| *next != ':') {
                before = c;
            }
            let follows = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            let (in_front, behind) = match c {
                '|' => (true, true),
                '-' | '_' | '»' | '«' | '•' | '·' | '←' => {
                    (spaced && follows && c != '_', spaced && follows)
                }
                '–' | '—' => (follows, spaced || follows),
                '/' => (follows, spaced && follows),
                '+' => (false, spaced || follows),
                ':' => (follows, spaced && follows),
                '؛' | '!' | '…' => (follows, false),
                '.' => (follows && title[..at].ends_with('.'), false),
                _ => continue,
            };
            if in_front || behind {
                return Some(Separator { at, length: c.len_utf8(), in_front, behind });
            }
        }
        None
    })
}

fn segment<'a>(segment: &'a str, rest: &'a str) -> Option<(&'a str, &'a str)> {
    let end = |c: char| c.is_whitespace() || matches!(c, ':' | '.' | '/');
    let (segment, rest) = (segment.trim_matches(end), rest.trim().trim_end_matches([':', '-', '/']).trim());
    let has_letters = |s: &str| s.chars().any(char::is_alphanumeric);
    (segment.chars().count() <= 60 && has_letters(segment) && has_letters(rest)).then_some((segment, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_kickers_and_own_names_go() {
        let own = vec!["dailynews".to_owned(), "روزنامهباران".to_owned()];
        for (title, base) in [
            ("Rain closes the northern road", "Rain closes the northern road"),
            ("BREAKING: Rain closes the northern road", "Rain closes the northern road"),
            ("Rain closes the northern road - Daily News", "Rain closes the northern road"),
            ("[Video] Rain closes the northern road | Daily News", "Rain closes the northern road"),
            ("Rain closes the northern road (video)", "Rain closes the northern road"),
            ("فوری/ باران جاده شمال را بست", "باران جاده شمال را بست"),
            ("باران جاده شمال را بست + فیلم", "باران جاده شمال را بست"),
            ("عاجل.. المطر يغلق الطريق", "المطر يغلق الطريق"),
            ("باران جاده شمال را بست | روزنامه باران", "باران جاده شمال را بست"),
            ("Rain closes the northern road :: Daily News", "Rain closes the northern road"),
            ("Rain closes the northern road — Daily News", "Rain closes the northern road"),
            (
                "Rain closes the northern road - The 10:30 train waits - Daily News",
                "Rain closes the northern road - The 10:30 train waits",
            ),
            ("Video", "Video"),
        ] {
            assert_eq!(Headline::of(title, &own).base, base, "{title}");
        }
    }

    #[test]
    fn other_segments_are_offered() {
        let headline = Headline::of("Sport: City wins the cup - The Herald", &[]);
        assert_eq!(headline.base, "Sport: City wins the cup - The Herald");
        assert_eq!(headline.core(true, true), "City wins the cup");
        assert_eq!(headline.core(false, true), "Sport: City wins the cup");
        assert_eq!(headline.first.map(|f| f.0), Some("Sport"));
        assert_eq!(headline.last.map(|f| f.0), Some("The Herald"));
        assert_eq!(Headline::of("Well-known road", &[]).last, None);
    }
}
