//! The values that the rooms hand to each other: plain structs, no behaviour that needs the world.
//!
//! Times are [`jiff::Timestamp`]s (UTC). Texts are UTF-8. A field that a document does not give is
//! `None` or empty, never a made-up value.

mod reading;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

pub use reading::{Reading, Select, SourceKind};

/// The name of a source: what the operator wrote as `id`, or a readable form of its title or host.
///
/// Entries belong to it, not to the URL: a source that moves keeps its history.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub Arc<str>);

impl SourceId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SourceId {
    fn from(s: &str) -> Self {
        Self(s.into())
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &self.0)
    }
}

/// Where a source is read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// An `http:` or `https:` URL.
    Http(Url),
    /// A file of this machine, absolute. Only the operator's own feeds.toml can name one.
    File(PathBuf),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(url) => f.write_str(url.as_str()),
            Self::File(path) => write!(f, "file://{}", path.display()),
        }
    }
}

/// How much of an article may be republished. Ordered from the strictest: the stricter of source
/// and output wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentPolicy {
    /// Title and link only.
    Link,
    /// A summary, cut at a word.
    Summary,
    /// Everything that the source gives.
    #[default]
    Full,
}

/// A value that must not reach a log, an output or `status`: its `Debug` shows stars.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How to identify ourselves to a source that wants to know (RFC 7617, RFC 6750).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Basic`.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// `Authorization: Bearer`.
    Bearer(Secret),
}

/// Where the identity of an entry inside its source comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdPolicy {
    /// The guid, else the canonical URL, else a digest of title and text.
    #[default]
    Auto,
    /// Always the canonical URL where there is one: for sources that change the guid at each edit.
    Link,
    /// Always the digest: for sources that give every item the same guid and link.
    Digest,
}

/// Where a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// Teaser and article, as plain text.
    Text,
    /// Names and addresses of the authors.
    Author,
    /// The entry's labels.
    Category,
    /// The article's address.
    Link,
    /// Its language.
    Language,
}

/// What a rule looks for: one of the texts is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// Stands in it, in the comparison form.
    Contains(Vec<String>),
    /// Is it, in the comparison form.
    Equals(Vec<String>),
    /// A regular expression matches the plain text.
    Matches(String),
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// No further rule is asked.
    Keep,
    /// The entry is not taken in.
    Drop,
    /// It is called so, for outputs to select by.
    Tag(Vec<String>),
    /// This stands for what was found, in title and text.
    Replace(String),
}

/// One `[[rule]]` of feeds.toml.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Its name, else where it stands.
    pub name: String,
    /// Where it looks; one is enough.
    pub on: Vec<Field>,
    /// What it looks for; `None` is found always.
    pub test: Option<Test>,
    /// What it does then.
    pub action: Action,
}

/// One `[[source]]` of feeds.toml: where to read, how, how often. Defaults are already filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name; unique.
    pub id: SourceId,
    /// The title to show; `None` takes the one that the document gives.
    pub title: Option<String>,
    /// Where it is read from.
    pub location: Location,
    /// The tags that outputs select by.
    pub tags: Vec<String>,
    /// Higher leads a story that several sources carry.
    pub priority: i32,
    /// How long to wait between two visits, as the operator wishes; `None` learns it from the source.
    pub interval: Option<Duration>,
    /// Never visit sooner than this after the last visit.
    pub min_interval: Duration,
    /// Visit at least this often, whatever hints say (errors and `Retry-After` excepted).
    pub max_interval: Duration,
    /// BCP 47 language of the articles where the document does not say.
    pub language: Option<String>,
    /// The zone of times that name none.
    pub timezone: TimeZone,
    /// Forces this charset (a WHATWG label), whatever document and header say.
    pub encoding: Option<String>,
    /// How much may be republished.
    pub content: ContentPolicy,
    /// How many entries of this source may stand in one output.
    pub max_items: Option<usize>,
    /// How many entries may be brought in at the first visit.
    pub new_source_items: usize,
    /// What lies there and how it is read.
    pub reading: Reading,
    /// Where an entry's identity comes from.
    pub id_policy: IdPolicy,
    /// What happens to its entries, before the rules for all are asked.
    pub rules: Vec<Rule>,
    /// Whether the texts that an edit replaces are kept.
    pub revisions: bool,
    /// Extra request headers (name, value).
    pub headers: Vec<(String, Secret)>,
    /// Credentials; sent to this host only, never along a redirect to another.
    pub auth: Option<Auth>,
    /// A proxy for this source (`http:`, `https:`, `socks5:`, `socks5h:`).
    pub proxy: Option<Url>,
    /// Private and loopback addresses may be connected to.
    pub allow_private_addresses: bool,
    /// `false` keeps it and its history, but does not read or publish it.
    pub enabled: bool,
    /// When it is to be visited, instead of every so often.
    pub schedule: Option<Schedule>,
    /// How long it may bring nothing new before that is worth a word; `None` learns it from its history.
    pub expected_interval: Option<Duration>,
    /// How much of it is kept.
    pub keep: Keep,
}

/// When a source is to be visited: a cron expression, in a zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The expression, as croner reads it: minute, hour, day, month, weekday.
    pub cron: Box<croner::Cron>,
    /// The zone of its times.
    pub zone: TimeZone,
}

/// How much of a source is kept; what is `None` is as `[store]` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Entries are kept at least this long; [`Duration::MAX`] is for ever.
    pub period: Option<Duration>,
    /// Beyond so many, the oldest may go sooner.
    pub max: Option<usize>,
    /// The newest so many stay, however old.
    pub min: Option<usize>,
}

impl Source {
    /// A source of which nothing is known but where it lies.
    pub fn plain(id: &str, location: Location, allow_private_addresses: bool) -> Self {
        Self {
            id: id.into(),
            title: None,
            location,
            tags: Vec::new(),
            priority: 0,
            interval: None,
            min_interval: Duration::from_secs(15 * 60),
            max_interval: Duration::from_secs(24 * 60 * 60),
            language: None,
            timezone: TimeZone::UTC,
            encoding: None,
            content: ContentPolicy::Full,
            max_items: None,
            new_source_items: 50,
            reading: Reading::default(),
            id_policy: IdPolicy::Auto,
            rules: Vec::new(),
            revisions: false,
            headers: Vec::new(),
            auth: None,
            proxy: None,
            allow_private_addresses,
            enabled: true,
            schedule: None,
            expected_interval: None,
            keep: Keep::default(),
        }
    }
}

/// What the answer of a server says about itself, to be sent back **byte for byte** with the next
/// conditional request (RFC 9110 §8.8, §13.1). Header values need not be UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` header as received.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` header as received.
    pub last_modified: Option<Vec<u8>>,
    /// The URL that gave them, if known; else the one that was asked. Behind a temporary redirect they
    /// belong to its target, and mean nothing to anybody else.
    pub url: Option<String>,
}

/// What one request gave.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // One of them exists for each visit, for a moment.
pub enum Fetched {
    /// The server (or the file's own time stamp) says: same as last time.
    NotModified {
        /// The validators to keep from now on: a 304 may renew them.
        validators: Validators,
        /// How long the answer may be taken for fresh (`Cache-Control: max-age`, `Expires`).
        fresh_for: Option<Duration>,
    },
    /// A document.
    Document(Document),
    /// 410: the source asks not to be visited again.
    Gone,
    /// Failed, with the reason a person understands.
    Failed(Failure),
}

/// The bytes of one answer and what the server said of them.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The body, content codings (gzip …) undone.
    pub body: bytes::Bytes,
    /// The `Content-Type` header as received.
    pub content_type: Option<String>,
    /// The `Content-Location` or final URL: the base of relative references (RFC 3986 §5.1).
    pub url: Option<Url>,
    /// The new place, where every hop that led here was permanent (301, 308).
    pub moved_to: Option<Url>,
    /// What to send with the next conditional request.
    pub validators: Validators,
    /// How long the answer may be taken for fresh (`Cache-Control: max-age`, `Expires`).
    pub fresh_for: Option<Duration>,
    /// The hub that the `Link` header names (WebSub §4).
    pub hub: Option<Url>,
    /// The topic that the `Link rel=self` header names (WebSub §4).
    pub topic: Option<Url>,
    /// The body is an instance manipulation of the last one: only what is new (RFC 3229, 226).
    pub partial: bool,
    /// The HTTP status; 0 for a file.
    pub status: u16,
}

/// Why a visit failed. Its kind is stable and machine-readable, its message is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// One sentence: what happened and what a person can do. Without secrets.
    pub message: String,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// Do not ask this host again before then (`Retry-After`, RFC 9110 §10.2.3).
    pub retry_at: Option<Timestamp>,
}

/// The kinds of failures, as `status --json` shows them in `error_kind`. Never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The name of the host has no address.
    Dns,
    /// No connection: refused, unreachable.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// Connecting, the first byte or the whole answer took too long.
    Timeout,
    /// The server broke off in the middle of the answer.
    Interrupted,
    /// The address is private, loopback or otherwise special, and not allowed.
    ForbiddenAddress,
    /// A scheme other than http and https.
    ForbiddenScheme,
    /// More redirects than allowed, or in a circle.
    TooManyRedirects,
    /// A redirect without a usable target.
    BadRedirect,
    /// The answer is larger than allowed.
    TooLarge,
    /// The content coding (gzip …) is broken, unknown or a bomb.
    BadEncoding,
    /// What came is not HTTP.
    BadResponse,
    /// 401.
    Unauthorized,
    /// 403 and 451.
    Forbidden,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429, or 503 with `Retry-After`.
    RateLimited,
    /// Any other 4xx.
    ClientError,
    /// Any other 5xx.
    ServerError,
    /// A status that makes no sense here.
    UnexpectedStatus,
    /// An empty body.
    Empty,
    /// The document is an HTML page, not a feed.
    NotAFeed,
    /// The document cannot be read.
    Parse,
    /// The file cannot be read.
    File,
    /// The proxy failed or refuses.
    Proxy,
    /// robots.txt forbids it.
    Robots,
    /// A page lists nothing any more, or nothing that it listed before: its layout may have changed.
    LayoutChanged,
    /// A defect of kariz itself.
    Internal,
}

impl ErrorKind {
    /// The stable name, as in `status --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::ForbiddenAddress => "forbidden_address",
            Self::ForbiddenScheme => "forbidden_scheme",
            Self::TooManyRedirects => "too_many_redirects",
            Self::BadRedirect => "bad_redirect",
            Self::TooLarge => "too_large",
            Self::BadEncoding => "bad_encoding",
            Self::BadResponse => "bad_response",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Gone => "gone",
            Self::RateLimited => "rate_limited",
            Self::ClientError => "client_error",
            Self::ServerError => "server_error",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Empty => "empty",
            Self::NotAFeed => "not_a_feed",
            Self::Parse => "parse",
            Self::File => "file",
            Self::Proxy => "proxy",
            Self::Robots => "robots",
            Self::LayoutChanged => "layout_changed",
            Self::Internal => "internal",
        }
    }
}

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
