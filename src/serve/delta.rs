//! Feeds in parts: only the entries that a reader does not have yet (RFC 3229 with the instance
//! manipulation `feed`).
//!
//! An entry is known by a digest of its bytes: one that was edited is new to a reader that has the older text.

use std::ops::Range;
use std::sync::Arc;

use axum::http::HeaderMap;
use quick_xml::events::Event;
use xxhash_rust::xxh3::xxh3_64;

use super::conditional::Digest;

/// How many earlier versions of a file are remembered: at one publish every ten minutes, more than four hours
/// of them.
const VERSIONS: usize = 24;

/// Where the entries of a feed stand in its bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Entries {
    found: Vec<(Range<usize>, u64)>,
}

impl Entries {
    /// Finds them in an Atom or RSS 2.0 document; `None` where it is neither or cannot be read to its end.
    pub fn of(document: &[u8]) -> Option<Self> {
        let mut reader = quick_xml::Reader::from_reader(document);
        let mut depth = 0_usize;
        let mut entry = (0_usize, "");
        let mut found = Vec::new();
        let mut began = None;
        loop {
            let before = usize::try_from(reader.buffer_position()).ok()?;
            match reader.read_event().ok()? {
                Event::Start(tag) => {
                    let name = tag.local_name();
                    match depth {
                        0 => {
                            entry = match name.as_ref() {
                                "feed" => (1, "entry"),
                                "rss" => (2, "item"),
                                _ => return None,
                            }
                        }
                        _ if depth == entry.0 && name.as_ref() == entry.1 => began = Some(before),
                        _ => {}
                    }
                    depth += 1;
                }
                Event::End(_) => {
                    depth = depth.checked_sub(1)?;
                    if depth == entry.0
                        && let Some(start) = began.take()
                    {
                        let end = usize::try_from(reader.buffer_position()).ok()?;
                        found.push((start..end, xxh3_64(document.get(start..end)?)));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        (depth == 0 && entry.0 > 0).then_some(Self { found })
    }

    /// What the entries are known by, sorted.
    pub fn keys(&self) -> Vec<u64> {
        let mut keys: Vec<_> = self.found.iter().map(|(_, key)| *key).collect();
        keys.sort_unstable();
        keys
    }

    /// `document` without the entries that stand in `then`; `None` if it would still be all of it.
    pub fn since(&self, document: &[u8], then: &[u64]) -> Option<Vec<u8>> {
        let mut part = Vec::new();
        let mut copied = 0;
        for (range, key) in &self.found {
            if then.binary_search(key).is_ok() {
                part.extend_from_slice(&document[copied..range.start]);
                copied = range.end;
                // The line break after an entry goes with it.
                copied += document[copied..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            }
        }
        if copied == 0 {
            return None;
        }
        part.extend_from_slice(&document[copied..]);
        Some(part)
    }
}

/// The entries of earlier versions of a file, the latest last.
#[derive(Clone, Debug, Default)]
pub struct Earlier(Arc<[(Digest, Arc<[u64]>)]>);

impl Earlier {
    /// The entries that version `digest` had, sorted.
    pub fn of(&self, digest: Digest) -> Option<&[u64]> {
        self.0.iter().rev().find(|(d, _)| *d == digest).map(|(_, keys)| &**keys)
    }

    /// These and one more version; the oldest falls out when there are too many.
    #[must_use]
    pub fn with(&self, digest: Digest, keys: Vec<u64>) -> Self {
        let kept = self.0.iter().filter(|(d, _)| *d != digest).cloned();
        let mut all: Vec<_> = kept.chain([(digest, keys.into())]).collect();
        let surplus = all.len().saturating_sub(VERSIONS);
        all.drain(..surplus);
        Self(all.into())
    }
}

/// Whether the client takes `feed` parts: `A-IM: feed` (RFC 3229 §10.5.3), not with `q=0`.
pub fn is_wished(headers: &HeaderMap) -> bool {
    headers.get_all("a-im").iter().flat_map(|line| line.as_bytes().split(|&b| b == b',')).any(|member| {
        let mut parts = member.split(|&b| b == b';').map(<[u8]>::trim_ascii);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(b"feed"))
            && !parts.any(|p| {
                let p: Vec<u8> = p.iter().filter(|b| !b.is_ascii_whitespace()).copied().collect();
                matches!(p.as_slice(), b"q=0" | b"q=0." | b"q=0.0" | b"q=0.00" | b"q=0.000")
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const ATOM: &str = "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>T</title>\n\
        <entry><id>3</id></entry>\n<entry><id>2</id><source><entry/></source></entry>\n<entry><id>1</id></entry>\n</feed>\n";
    const RSS: &str =
        "<rss version=\"2.0\"><channel><title>T</title><item>b</item><item>a</item></channel></rss>";

    fn keys(entries: &[&str]) -> Vec<u64> {
        let mut keys: Vec<_> = entries.iter().map(|e| xxh3_64(e.as_bytes())).collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn only_entries_that_the_reader_lacks_are_kept() {
        let entries = Entries::of(ATOM.as_bytes()).unwrap();
        let then = keys(&["<entry><id>1</id></entry>", "<entry><id>2</id><source><entry/></source></entry>"]);
        let part = String::from_utf8(entries.since(ATOM.as_bytes(), &then).unwrap()).unwrap();
        assert_eq!(
            part,
            "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>T</title>\n\
             <entry><id>3</id></entry>\n</feed>\n"
        );
    }

    #[test]
    fn rss_items_stand_inside_the_channel() {
        let entries = Entries::of(RSS.as_bytes()).unwrap();
        let part = entries.since(RSS.as_bytes(), &keys(&["<item>a</item>"])).unwrap();
        assert_eq!(
            String::from_utf8(part).unwrap(),
            "<rss version=\"2.0\"><channel><title>T</title><item>b</item></channel></rss>"
        );
    }

    #[test]
    fn an_edited_entry_is_new() {
        let entries = Entries::of(RSS.as_bytes()).unwrap();
        assert_eq!(entries.since(RSS.as_bytes(), &keys(&["<item>A</item>"])), None);
    }

    #[test]
    fn what_is_no_feed_has_no_parts() {
        for document in
            ["", "text", "<html><entry/></html>", "<feed><entry>", "<feed></rss>", "<rss", "</feed>"]
        {
            assert_eq!(Entries::of(document.as_bytes()), None, "{document}");
        }
    }

    #[test]
    fn old_versions_are_forgotten() {
        let mut earlier = Earlier::default();
        for version in 0..100 {
            earlier = earlier.with(version, vec![]);
        }
        assert_eq!(earlier.0.len(), VERSIONS);
        assert!(earlier.of(99).is_some() && earlier.of(1).is_none());
    }

    #[test]
    fn the_wish_is_read_from_a_list() {
        for (value, wished) in [
            ("feed", true),
            ("vcdiff, FEED", true),
            ("gdiff;q=0.3, feed;q=0.5", true),
            ("feed;q=0", false),
            ("feed; q=0.0", false),
            ("vcdiff", false),
            ("feeds", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("a-im", HeaderValue::from_static(value));
            assert_eq!(is_wished(&headers), wished, "{value}");
        }
    }
}
