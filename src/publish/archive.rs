//! The whole of a feed, part by part (RFC 5005 §4).
//!
//! ```text
//! atom.xml ─prev-archive─► archive/2026-11-2.xml ─► archive/2026-11.xml ─► archive/2026-10.xml ─► …
//! ```
//!
//! **A part that is there never changes**, because a reader that has seen it does not ask for it again. So there is no
//! document for the part that is open: its stories stand in the document that people subscribe to, which has room
//! for them. A part is closed when one of them would not fit any more (or never did: a story that is dated far back).
//! It takes what was not in a part before, whatever its date, but for the newest half of the subscription document: these are
//! still being edited and merged, and soon enough are the older half. Hence:
//!
//! - every story is in exactly one part or in none yet, and then in the subscription document;
//! - a late joiner or a story with an old date goes into the next part, not into an old one;
//! - what a source edits afterwards reads differently in the subscription document (a reader takes the newer, RFC
//!   5005 §4.2), not in the part; a story that became part of another is told by a tombstone in the next one;
//! - when hardly any story of the oldest parts is kept any more, the few that are go into the next part, and the chain ends
//!   earlier, in a part without entries: nothing links to what is not there;
//! - a part is called by the month (UTC) in which it was opened, which is when the one before it was closed;
//! - a part links to the one before it and to the subscription document, not to the one after it: that is not there yet when
//!   the part is closed, and a closed part takes no link later (`next-archive` is optional, RFC 5005 §4).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::{Around, Channel, Item, Tombstone, render};

/// How many stories a part holds at most: a document that a reader still likes to fetch.
pub const PART_STORIES: usize = 500;

/// The name of a part of the archive: the month (UTC) in which it was opened, and a number within it, from 1. Later parts are greater.
///
/// As text `2026-11`, `2026-11-2`, `2026-11-3` …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    year: i16,
    month: i8,
    number: u32,
}

impl Part {
    /// The least of all.
    pub const FIRST: Self = Self { year: 0, month: 1, number: 1 };

    /// The part that is opened at `at`, after `last`. Parts never go back, not when a clock does.
    pub fn after(last: Option<Self>, at: Timestamp) -> Self {
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let now = Self { year: date.year().clamp(0, 9999), month: date.month(), number: 1 };
        match last {
            Some(part) if (part.year, part.month) < (now.year, now.month) => now,
            Some(part) => Self { number: part.number.saturating_add(1), ..part },
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

/// The document of one closed part.
///
/// `channel` is that of the document that people subscribe to, `prev` is the part before this one, `tombstones` are the
/// stories that were gone while it was open.
pub fn archive(
    channel: &Channel,
    part: Part,
    items: &[Item<'_>],
    prev: Option<Part>,
    tombstones: &[Tombstone],
) -> Vec<u8> {
    let path = |part| archive_path(&channel.path, part);
    let prev = prev.map(path);
    // Nobody needs to be told when a document changes that never does.
    let here = Channel { path: path(part), hubs: Vec::new(), ..channel.clone() };
    let around =
        Around { tombstones, prev_archive: prev.as_deref(), current: Some(&channel.path), closed: true };
    render(&here, items, &around)
}

/// The document of a closed part, for a folder of outputs that is reached at another address by now (`channel` has the new
/// one). Everything else stays as it was, for it may tell of stories that are kept no longer. `None` where this is not the
/// document of that part.
pub fn moved(document: &str, channel: &Channel, part: Part) -> Option<String> {
    let escape = |url: String| quick_xml::escape::escape(url).into_owned();
    let new_base = escape(channel.url_of(""));
    let new_self = escape(channel.url_of(&archive_path(&channel.path, part)));
    let path = new_self.strip_prefix(&new_base)?;
    let head = &document
        [..["<entry", "<item"].iter().filter_map(|tag| document.find(tag)).min().unwrap_or(document.len())];
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some((from, from + tag[from..].find('"')?))
    };
    let rel = |tag: &str| attribute(tag, "rel").map(|(from, to)| tag[from..to].to_owned());
    let tags = || head.match_indices("<link").chain(head.match_indices("<atom:link")).map(|(at, _)| at);
    let old_base = tags().find_map(|at| {
        let tag = &head[at..at + head[at..].find('>')?];
        let (from, to) = attribute(tag, "href").filter(|_| rel(tag).as_deref() == Some("self"))?;
        tag[from..to].strip_suffix(path)
    })?;
    // The site that people visit is the folder itself where nothing else is configured.
    let is_home = |rel: Option<&str>| channel.link.is_none() && matches!(rel, None | Some("alternate"));
    let mut places: Vec<usize> = tags()
        .filter_map(|at| {
            let end = at + head[at..].find('>')?;
            let tag = &head[at..end];
            let rel = rel(tag);
            let is_chain =
                rel.as_deref().is_some_and(|rel| matches!(rel, "self" | "current" | "prev-archive"));
            // `<link>…</link>` of RSS has it as its text.
            let place = attribute(tag, "href").map_or(end + 1, |(from, _)| at + from);
            (is_chain || is_home(rel.as_deref())).then_some(place)
        })
        .filter(|place| head[*place..].starts_with(old_base))
        .collect();
    places.sort_unstable();
    let (mut out, mut from) = (String::with_capacity(document.len() + 256), 0);
    for place in places {
        out.push_str(&document[from..place]);
        out.push_str(&new_base);
        from = place + old_base.len();
    }
    out.push_str(&document[from..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(s: &str) -> Part {
        s.parse().unwrap()
    }

    #[test]
    fn a_part_is_called_by_the_month_in_which_it_is_opened() {
        let november: Timestamp = "2026-11-30T23:59:59Z".parse().unwrap();
        let december: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        for (last, at, expected) in [
            (None, november, "2026-11"),
            (Some("2026-11"), november, "2026-11-2"),
            (Some("2026-11-9"), november, "2026-11-10"),
            (Some("2026-11-2"), december, "2026-12"),
            // A clock that went back opens nothing again.
            (Some("2026-12"), november, "2026-12-2"),
        ] {
            assert_eq!(Part::after(last.map(part), at), part(expected), "{last:?}");
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
