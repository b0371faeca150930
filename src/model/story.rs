//! Articles as they are kept, and the stories that are published.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ContentPolicy, Enclosure, EntrySource, Person, SourceId};

/// Which way a text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

/// What a reader reads of one article: cleaned, sanitised, ready to be published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The article, absolute.
    pub link: Option<String>,
    /// Plain text.
    pub title: String,
    /// Sanitised HTML.
    pub summary_html: Option<String>,
    /// Sanitised HTML.
    pub content_html: Option<String>,
    /// Authors.
    pub authors: Vec<Person>,
    /// Labels, plain text.
    pub categories: Vec<String>,
    /// Files.
    pub enclosures: Vec<Enclosure>,
    /// The lead picture, absolute.
    pub image: Option<String>,
    /// BCP 47: declared, else detected.
    pub language: Option<String>,
    /// Which way title and text run.
    pub direction: Direction,
    /// The address of the comments page, absolute.
    pub comments: Option<String>,
    /// Plain text.
    pub rights: Option<String>,
    /// Where the entry says it was taken from.
    pub source: Option<EntrySource>,
    /// What the operator's rules call it; outputs select by these as by the tags of its source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// One article of one source, as stored. Identity is (source, guid), never guid alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Row id in the store.
    pub key: i64,
    /// Whose.
    pub source: SourceId,
    /// Unique in its source.
    pub guid: String,
    /// What is read.
    pub article: Article,
    /// Frozen at first sight: the earliest of published, updated and now.
    pub published: Timestamp,
    /// Moves only when what a reader reads has changed.
    pub updated: Timestamp,
    /// When kariz saw it first.
    pub first_seen: Timestamp,
    /// Its place in its document then, from 0: the order of entries that share a time.
    pub position: u32,
}

/// What is known of a source for attribution: what it says of itself, else what feeds.toml says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// Its name in feeds.toml.
    pub id: String,
    /// Plain text; never empty.
    pub title: String,
    /// The document's address, without credentials.
    pub feed_url: String,
    /// The site, absolute.
    pub link: Option<String>,
    /// The feed's own Atom id, where it has one that is an IRI; else none.
    pub feed_id: Option<String>,
    /// Plain text.
    pub subtitle: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Plain text.
    pub rights: Option<String>,
    /// Logo or image, absolute.
    pub image: Option<String>,
    /// Small square picture, absolute.
    pub icon: Option<String>,
    /// Authors of the feed as a whole.
    pub authors: Vec<Person>,
    /// The tags that feeds.toml gives it.
    pub tags: Vec<String>,
    /// How much of it may be republished.
    pub content: ContentPolicy,
    /// How many entries of it may stand in one output.
    pub max_items: Option<usize>,
    /// When what it says last changed (seconds precision), for `atom:source`.
    pub updated: Option<Timestamp>,
}

/// How two entries were found to tell the same story; from certain to likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The entry founded the story.
    Founder,
    /// Same canonical URL.
    Url,
    /// Same text in the comparison form.
    Text,
    /// Equal headline.
    Headline,
    /// Near-duplicate text.
    NearText,
}

/// Why an entry belongs to its story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The stage that decided.
    pub stage: Stage,
    /// From 0 to 1: 1 for equal keys, else the containment found.
    pub score: f32,
    /// A sentence for people, with the figures.
    pub reason: String,
}

/// An entry in its story.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The entry.
    pub entry: Entry,
    /// Whose it is.
    pub source: Arc<SourceInfo>,
    /// Why it is here; `None` for the founder.
    pub why: Option<Why>,
}

/// What is published once: one or more entries told by one or more sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// `urn:uuid:…`, minted once, never changed.
    pub id: String,
    /// Frozen: its place in the feed.
    pub published: Timestamp,
    /// Moves only when what a reader reads has changed.
    pub updated: Timestamp,
    /// The entry that speaks for the story comes first; the others follow by (published, source, guid).
    pub members: Vec<Member>,
}

impl Story {
    /// The entry that speaks for the story.
    ///
    /// # Panics
    /// When the story has no members; the store never gives one.
    pub fn lead(&self) -> &Member {
        &self.members[0]
    }
}
