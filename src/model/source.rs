//! What is read: one `[[source]]` of feeds.toml.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Reading, Rule};

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
