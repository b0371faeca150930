//! The whole of a feed, part by part (RFC 5005 §4).
//!
//! ```text
//! atom.xml ─prev-archive─► archive/2026-11-2.xml ─► archive/2026-11.xml ─► archive/2026-10.xml ─► …
//! ```
//!
//! A story belongs to the part that was open **when kariz published it first** ([`Part::of_next`]), whatever date its
//! source gives it: then nothing can arrive in a part that is closed. A part is closed when its month (UTC) is
//! over or when it is full, so that what changes with every new story stays small. The open part has a
//! document too, which grows and is not marked as an archive yet. When the next part begins, its
//! `next-archive` is known: from then on its bytes are what they are, and the caller keeps the file instead of
//! writing it again.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::{Around, Channel, Item, render};

/// How many stories a part holds at most: a document that a reader still likes to fetch.
pub const PART_STORIES: usize = 500;

/// A part of the archive: a month (UTC) and a number within it, from 1. Later parts are greater.
///
/// As text `2026-11`, `2026-11-2`, `2026-11-3` …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    year: i16,
    month: i8,
    number: u32,
}

impl Part {
    /// The part that a story published at `at` belongs to, where `last` is the newest part so far and how
    /// many stories were ever put into it (those that are gone count, too).
    ///
    /// Parts never go back: not when a clock does, and not for a story that is dated to an earlier month.
    pub fn of_next(last: Option<(Self, usize)>, at: Timestamp) -> Self {
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let now = Self { year: date.year().clamp(0, 9999), month: date.month(), number: 1 };
        match last {
            Some((part, _)) if (part.year, part.month) < (now.year, now.month) => now,
            Some((part, stories)) if stories < PART_STORIES => part,
            Some((part, _)) => Self { number: part.number.saturating_add(1), ..part },
            None => now,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if self.number > 1 { write!(f, "-{}", self.number) } else { Ok(()) }
    }
}

/// Not the name of a part of the archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of an archive; they are called like `2026-11` or `2026-11-2`")]
pub struct NoPart(String);

impl FromStr for Part {
    type Err = NoPart;

    fn from_str(s: &str) -> Result<Self, NoPart> {
        let read = || {
            let mut numbers =
                s.split('-').map(|n| n.bytes().all(|b| b.is_ascii_digit()).then(|| n.parse::<u32>().ok())?);
            let (year, month) = (numbers.next()??, numbers.next()??);
            let number = numbers.next().map_or(Some(1), |n| n.filter(|n| *n > 1))?;
            let part = Self { year: year.try_into().ok()?, month: month.try_into().ok()?, number };
            (numbers.next().is_none() && (1..=12).contains(&month) && part.to_string() == s).then_some(part)
        };
        read().ok_or_else(|| NoPart(s.to_owned()))
    }
}

/// Where a part of the output at `path` stands: `archive/2026-11.xml` beside `atom.xml`, and
/// `news/archive/2026-11.xml` beside `news.xml`, so that two outputs of a folder do not meet.
pub fn archive_path(path: &str, part: Part) -> String {
    let (before, after) = place(path);
    format!("{before}{part}{after}")
}

/// Whether `path` is an archive of the output at `output`: such files stay as long as the output does.
pub fn is_archive_of(path: &str, output: &str) -> bool {
    let (before, after) = place(output);
    path.strip_prefix(&*before)
        .and_then(|rest| rest.strip_suffix(&*after))
        .is_some_and(|part| part.parse::<Part>().is_ok())
}

/// Whether a document, as it was read from the disk, is a closed part: then it is kept as it is. One that was
/// written while its part was open is written once more when the next part has begun.
pub fn is_closed(document: &[u8]) -> bool {
    // The marker stands before the first entry, among what the feed says of itself.
    let head = &document[..document.len().min(64 * 1024)];
    let marker = b"<fh:archive";
    let entry = |w: &[u8]| w.starts_with(b"<entry") || w.starts_with(b"<item>");
    head.windows(marker.len()).take_while(|w| !entry(w)).any(|w| w == marker)
}

/// What stands before and after the name of a part.
fn place(path: &str) -> (String, String) {
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "xml"));
    let mut folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if stem != "atom" {
        folders.push(stem);
    }
    folders.push("archive");
    (format!("{}/", folders.join("/")), format!(".{extension}"))
}

/// The document of one part: every story of it that is still told, newest first.
///
/// `channel` is that of the document that people subscribe to; `prev` and `next` are the parts before
/// and after this one. With a `next` the part is closed.
pub fn archive(
    channel: &Channel,
    part: Part,
    items: &[Item<'_>],
    prev: Option<Part>,
    next: Option<Part>,
) -> Vec<u8> {
    let path = |part| archive_path(&channel.path, part);
    let (prev, next) = (prev.map(path), next.map(path));
    let here = Channel { path: path(part), ..channel.clone() };
    let around = Around {
        tombstones: &[],
        prev_archive: prev.as_deref(),
        next_archive: next.as_deref(),
        current: Some(&channel.path),
        closed: next.is_some(),
    };
    render(&here, items, &around)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(s: &str) -> Part {
        s.parse().unwrap()
    }

    #[test]
    fn a_story_goes_into_the_open_part() {
        let november: Timestamp = "2026-11-30T23:59:59Z".parse().unwrap();
        let december: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        for (last, at, expected) in [
            (None, november, "2026-11"),
            (Some(("2026-11", 0)), november, "2026-11"),
            (Some(("2026-11", PART_STORIES - 1)), november, "2026-11"),
            (Some(("2026-11", PART_STORIES)), november, "2026-11-2"),
            (Some(("2026-11-9", PART_STORIES)), november, "2026-11-10"),
            (Some(("2026-11-2", 3)), december, "2026-12"),
            // A clock that went back opens nothing again.
            (Some(("2026-12", 3)), november, "2026-12"),
            (Some(("2026-12", PART_STORIES)), november, "2026-12-2"),
        ] {
            assert_eq!(Part::of_next(last.map(|(p, n)| (part(p), n)), at), part(expected), "{last:?}");
        }
    }

    #[test]
    fn parts_are_read_as_they_are_written_and_stand_in_order() {
        for name in ["2026-11", "2026-11-2", "2026-11-10", "0033-04"] {
            assert_eq!(part(name).to_string(), name);
        }
        assert!(
            part("2026-11") < part("2026-11-2")
                && part("2026-11-2") < part("2026-11-10")
                && part("2026-11-10") < part("2026-12")
        );
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-11-1",
            "2026-11-02",
            "2026-1",
            "26-11",
            "2026-11-2-3",
            "2026-+1",
            "a-b",
            "2026-11-",
        ] {
            assert!(bad.parse::<Part>().is_err(), "{bad}");
        }
    }
}
