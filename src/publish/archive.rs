//! The whole of a feed, month by month (RFC 5005 §4).
//!
//! ```text
//! atom.xml ─prev-archive─► archive/2026-11.xml ─► archive/2026-10.xml ─► …
//! ```
//!
//! A story belongs to the month (UTC) in which **kariz published it first**, not to the one its
//! source dates it to: then nothing can arrive in a month that is over. The month that is still
//! running has a document too, which grows; it is not marked as an archive yet. A month is closed when
//! a later one has begun, which is also when its `next-archive` is known: from then on its bytes are
//! what they are, and the caller keeps the file instead of writing it again.

use std::fmt;

use jiff::Timestamp;

use super::{Around, Channel, Item, render};

/// A month, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that `at` falls in.
    pub fn of(at: Timestamp) -> Self {
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        Self { year: date.year(), month: date.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Where a month of the output at `path` stands: `archive/2026-11.xml` beside `atom.xml`, and
/// `news/archive/2026-11.xml` beside `news.xml`, so that two outputs of a folder do not meet.
pub fn archive_path(path: &str, month: Month) -> String {
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "xml"));
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if stem != "atom" {
        parts.push(stem);
    }
    parts.push("archive");
    format!("{}/{month}.{extension}", parts.join("/"))
}

/// Whether `path` is an archive of the output at `output`: such files stay as long as the output does.
pub fn is_archive_of(path: &str, output: &str) -> bool {
    let any = archive_path(output, Month { year: 0, month: 1 });
    let Some((folder, file)) = any.split_once("0000-01") else { return false };
    let month = path.strip_prefix(folder).and_then(|rest| rest.strip_suffix(file));
    month.is_some_and(|m| {
        m.len() == 7
            && m.bytes().enumerate().all(|(i, b)| if i == 4 { b == b'-' } else { b.is_ascii_digit() })
    })
}

/// The document of one month: every story of it, newest first.
///
/// `channel` is that of the document that people subscribe to; `prev` and `next` are the months before
/// and after in which stories were published. With a `next` the month is closed.
pub fn archive(
    channel: &Channel,
    month: Month,
    items: &[Item<'_>],
    prev: Option<Month>,
    next: Option<Month>,
) -> Vec<u8> {
    let path = |month| archive_path(&channel.path, month);
    let (prev, next) = (prev.map(path), next.map(path));
    let here = Channel { path: path(month), ..channel.clone() };
    let around = Around {
        tombstones: &[],
        prev_archive: prev.as_deref(),
        next_archive: next.as_deref(),
        current: Some(&channel.path),
        closed: next.is_some(),
    };
    render(&here, items, &around)
}
