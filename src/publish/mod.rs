//! Stories → documents → files.
//!
//! ```text
//! stories ─ select ─► picks ─ items ─► items ─┬ atom ─┐
//!                                             ├ rss  ─┼► bytes ─ files ─► atom.xml, atom.xml.gz, atom.xml.br …
//!                                             └ json ─┘
//! ```
//!
//! Everything up to the bytes is a pure function: the same stories give the same bytes, whatever the
//! clock says and in whatever order they were found. Only [`files`] touches the world.
//!
//! **What writes what.** The elements are written by `atom_syndication` and `rss`. They cannot say three things
//! that are needed, so a thin frame stands around them: `xml:lang` on an Atom entry (`Entry` has no
//! field for it), extension elements of Atom with attributes (written unescaped by the crate: escaped before they are
//! handed over), and RFC 6721 tombstones and RFC 5005 markers (extension elements too). The entries of an Atom document, which
//! are nearly all of it, are put down as bytes directly; the tests hold them to what `atom_syndication` writes. JSON Feed is
//! `serde_json` over structs, so the order of keys is that of the structs; OPML is `quick-xml`.
//!
//! **What a validator says.** Nothing here earns an error (tests/feed_validator). Three warnings of the W3C feed
//! validator are left on purpose: two entries with the same `updated` (sources publish several articles in one second,
//! and a made-up fraction would be untrue), the name space of tombstones, which it does not know, and a `<b>` that is
//! meant in a title of RSS, which cannot say that its titles are text.

use jiff::Timestamp;
use url::Url;

use crate::model::{ContentPolicy, Person};

pub mod archive;
pub mod files;
pub mod opml;
pub mod page;
pub mod select;

mod atom;
mod atom_entry;
mod clean;
mod escape;
mod item;
mod json;
mod kept;
mod letters;
mod markup;
mod rss;

pub use archive::{PART_STORIES, Part, archive, archive_path, moved};
pub use item::{Item, MOST_TEXT, SUMMARY_CHARS};
pub use kept::{Entries, Kept};
pub use opml::{OpmlHead, OpmlOutline, opml, outlines};
pub use select::{Pick, Selection, select};

/// The formats of a document that people subscribe to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Atom 1.0 (RFC 4287).
    #[default]
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// The media type, as `link type` and `Content-Type` have it (without a charset).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// One document that people subscribe to: where it stands and what it says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// What all paths are relative to, as people outside reach it (behind a proxy: the proxy's address).
    pub base_url: Url,
    /// Where the document stands below `base_url` and below the folder of outputs: `tags/news/atom.xml`.
    pub path: String,
    /// In which format.
    pub format: Format,
    /// The id of the feed, an absolute IRI, never changed. See [`output_id`] for outputs beside the first.
    pub id: String,
    /// Plain text; never empty.
    pub title: String,
    /// Plain text.
    pub subtitle: Option<String>,
    /// The site that people visit; `None` takes `base_url`.
    pub link: Option<Url>,
    /// Who publishes.
    pub author: Option<Person>,
    /// BCP 47: the language of what is around the entries. Entries say their own.
    pub language: Option<String>,
    /// Plain text.
    pub rights: Option<String>,
    /// A small square picture.
    pub icon: Option<Url>,
    /// A picture twice as wide as high.
    pub logo: Option<Url>,
    /// WebSub hubs.
    pub hubs: Vec<Url>,
    /// How much of an article is shown; a source's own policy wins where it is stricter.
    pub content: ContentPolicy,
    /// RSS `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// When the output came into being: the `updated` of a feed that has no entries yet.
    pub since: Option<Timestamp>,
}

impl Channel {
    /// A channel with a title and an id and nothing else decided.
    pub fn new(base_url: Url, path: &str, format: Format, id: &str, title: &str) -> Self {
        Self {
            base_url,
            path: path.to_owned(),
            format,
            id: id.to_owned(),
            title: title.to_owned(),
            subtitle: None,
            link: None,
            author: None,
            language: None,
            rights: None,
            icon: None,
            logo: None,
            hubs: Vec::new(),
            content: ContentPolicy::Full,
            ttl_minutes: None,
            since: None,
        }
    }

    /// The address of the document.
    pub fn self_url(&self) -> String {
        self.url_of(&self.path)
    }

    /// The address of a file of the folder of outputs; of the folder itself for an empty path.
    pub fn url_of(&self, path: &str) -> String {
        let mut url = self.base_url.clone();
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/').filter(|segment| !segment.is_empty()));
            if path.is_empty() {
                segments.push("");
            }
        }
        clean::encode(&url)
    }

    /// The address that people visit.
    fn home(&self) -> String {
        self.link.as_ref().and_then(|url| clean::uri(url.as_str())).unwrap_or_else(|| self.url_of(""))
    }

    /// When the newest thing in a document changed, of when each did; never "now".
    fn updated(&self, entries: impl Iterator<Item = Timestamp>) -> Timestamp {
        entries.max().or(self.since).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// An address as documents have it: an absolute URI without credentials. `None` where it can have no place in them.
pub fn address(url: &str) -> Option<String> {
    clean::uri(url)
}

/// The id of an output beside the first one: made from the feed's own id and the output's path, so that
/// it needs no memory and is the same on every machine.
pub fn output_id(feed_id: &str, path: &str) -> String {
    let feed = feed_id
        .strip_prefix("urn:uuid:")
        .and_then(|id| uuid::Uuid::try_parse(id).ok())
        .unwrap_or_else(|| uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, feed_id.as_bytes()));
    uuid::Uuid::new_v5(&feed, path.as_bytes()).urn().to_string()
}

/// A story that is no longer told (RFC 6721): withdrawn by its sources, or found to be part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The id that the story had.
    pub id: String,
    /// Since when it is gone.
    pub when: Timestamp,
    /// The id of the story that it is part of now.
    pub merged_into: Option<String>,
}

/// What a document says beside its entries about the feed as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around<'a> {
    /// Stories that are gone. Only Atom can say so.
    pub tombstones: &'a [Tombstone],
    /// The path of the archive before this document (RFC 5005 §4). Not in JSON Feed.
    pub prev_archive: Option<&'a str>,
    /// The path of the document that people subscribe to, where this one is not it.
    pub current: Option<&'a str>,
    /// This document never changes again.
    pub closed: bool,
}

/// Makes stories ready for [`render`]. Formats of one output can share the result: only
/// [`Channel::content`] and [`Channel::language`] count.
pub fn items<'a>(picks: &[Pick<'a>], channel: &Channel) -> Vec<Item<'a>> {
    let mut maker = item::Maker::new(channel, picks.len());
    picks.iter().map(|pick| maker.item(*pick)).collect()
}

/// The document of a channel, in its format. The same input gives the same bytes.
pub fn render(channel: &Channel, items: &[Item<'_>], around: &Around<'_>) -> Vec<u8> {
    match channel.format {
        Format::Atom => atom(channel, items, around),
        Format::Rss => rss(channel, items, around),
        Format::Json => json(channel, items),
    }
}

/// Atom 1.0.
pub fn atom(channel: &Channel, items: &[Item<'_>], around: &Around<'_>) -> Vec<u8> {
    atom_of(channel, &items.iter().map(Told::Anew).collect::<Vec<_>>(), around)
}

/// An entry of an Atom document.
#[derive(Clone, Copy, Debug)]
pub enum Told<'t> {
    /// It is written.
    Anew(&'t Item<'t>),
    /// It is taken over as it stood in a document of the same channel, since its story (which changed last at that time) has
    /// not changed since.
    Kept(Kept<'t>, Timestamp),
}

/// [`atom`], of entries some of which are taken over from the document that was there.
pub fn atom_of(channel: &Channel, entries: &[Told<'_>], around: &Around<'_>) -> Vec<u8> {
    atom::write(channel, entries, around)
}

/// RSS 2.0.
pub fn rss(channel: &Channel, items: &[Item<'_>], around: &Around<'_>) -> Vec<u8> {
    rss::write(channel, items, around)
}

/// JSON Feed 1.1.
pub fn json(channel: &Channel, items: &[Item<'_>]) -> Vec<u8> {
    json::write(channel, items)
}
