//! What one document says, cleaned; nothing of ours added.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// The dialects that kariz reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedFormat {
    /// RSS 0.90 (Netscape, RDF).
    Rss090,
    /// RSS 0.91.
    Rss091,
    /// RSS 0.92, 0.93, 0.94.
    Rss092,
    /// RSS 1.0 (RDF).
    Rss1,
    /// RSS 2.0, and RSS that names no or an odd version.
    #[default]
    Rss2,
    /// Atom 0.3.
    Atom03,
    /// Atom 1.0 (RFC 4287).
    Atom1,
    /// CDF, Microsoft's channel definition format.
    Cdf,
    /// JSON Feed 1.0.
    Json1,
    /// JSON Feed 1.1.
    Json11,
}

/// A person or an organisation that a document names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Plain text.
    pub name: Option<String>,
    /// Absolute.
    pub uri: Option<String>,
    /// As given.
    pub email: Option<String>,
}

/// A file that belongs to an entry: RSS `enclosure`, Atom `link rel=enclosure`, Media RSS content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute.
    pub url: String,
    /// The media type.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// In bytes.
    pub length: Option<u64>,
    /// Title, as JSON Feed attachments and Media RSS have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

/// Where an entry says it was taken from (RSS `<source url>`, Atom `atom:source`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntrySource {
    /// Plain text.
    pub title: Option<String>,
    /// The feed's address, absolute.
    pub url: Option<String>,
    /// The feed's id.
    pub id: Option<String>,
}

/// HTML as a document gives it: **not sanitised**. `text::html::sanitize` turns it into what may be
/// published; that costs time, so it is done only for entries that are new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Markup {
    /// HTML source; plain text is already escaped to be HTML.
    pub html: String,
    /// What relative URLs in it are relative to (`xml:base`, else the document's URL).
    pub base: Option<Url>,
    /// BCP 47, where the document says (`xml:lang`).
    pub language: Option<String>,
}

/// What one document says, cleaned; nothing of ours added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedFeed {
    /// The dialect.
    pub format: FeedFormat,
    /// The charset that the bytes were read in, and how it was found.
    pub charset: Charset,
    /// Plain text.
    pub title: Option<String>,
    /// Plain text.
    pub subtitle: Option<String>,
    /// The site, absolute.
    pub link: Option<String>,
    /// The feed's own address as it gives it, absolute.
    pub self_link: Option<String>,
    /// WebSub hubs, absolute.
    pub hubs: Vec<String>,
    /// Atom id.
    pub id: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// When the feed says it changed last.
    pub updated: Option<Timestamp>,
    /// Authors of the feed as a whole.
    pub authors: Vec<Person>,
    /// The program that wrote it.
    pub generator: Option<String>,
    /// Plain text.
    pub rights: Option<String>,
    /// Logo or image, absolute.
    pub image: Option<String>,
    /// Small square picture, absolute.
    pub icon: Option<String>,
    /// Categories of the feed as a whole.
    pub categories: Vec<String>,
    /// When the source wants to be asked again.
    pub hints: FeedHints,
    /// In document order.
    pub entries: Vec<ParsedEntry>,
    /// What was odd and how it was read, one sentence each.
    pub warnings: Vec<String>,
}

/// When a source wants to be asked again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHints {
    /// RSS `ttl`, in minutes.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`: hours of the day (UTC, 0–23) at which nothing is new.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`: Monday = 1 … Sunday = 7.
    pub skip_days: Vec<u8>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`, in minutes.
    pub update_period_minutes: Option<u32>,
}

/// The charset of a document and how it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charset {
    /// WHATWG name, as `UTF-8`.
    pub name: String,
    /// What decided.
    pub found_by: CharsetEvidence,
}

/// What decided on the charset of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CharsetEvidence {
    /// Nothing said otherwise and the bytes agree.
    #[default]
    Default,
    /// `encoding` in feeds.toml.
    Config,
    /// A byte order mark.
    ByteOrderMark,
    /// The `charset` of `Content-Type`.
    HttpHeader,
    /// The XML declaration or an HTML `meta`.
    Declaration,
    /// The bytes themselves.
    Detected,
}

/// One item or entry of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedEntry {
    /// `guid`, `atom:id`, `rdf:about`, JSON Feed `id`, exactly as given but for surrounding space.
    pub id: Option<String>,
    /// The id is an address where the entry can be read (`isPermaLink`, an http id without link).
    pub id_is_permalink: bool,
    /// The article, absolute; FeedBurner's `origLink` where there is one.
    pub link: Option<String>,
    /// Other addresses of the same article (`rel=canonical`, a short link), absolute.
    pub addresses: Vec<String>,
    /// Plain text, entities decoded, markup and bidi controls gone.
    pub title: Option<String>,
    /// The teaser, unsanitised.
    pub summary: Option<Markup>,
    /// The article, unsanitised.
    pub content: Option<Markup>,
    /// First publication.
    pub published: Option<Timestamp>,
    /// Last change.
    pub updated: Option<Timestamp>,
    /// Authors (entry's own, else none).
    pub authors: Vec<Person>,
    /// Labels, plain text.
    pub categories: Vec<String>,
    /// Files.
    pub enclosures: Vec<Enclosure>,
    /// The lead picture (Media RSS thumbnail, JSON Feed image, itunes:image), absolute.
    pub image: Option<String>,
    /// BCP 47, where the document says.
    pub language: Option<String>,
    /// The address of the comments page, absolute.
    pub comments: Option<String>,
    /// Plain text.
    pub rights: Option<String>,
    /// Where it was taken from.
    pub source: Option<EntrySource>,
}
