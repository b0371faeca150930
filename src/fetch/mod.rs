//! URL → bytes: HTTP and files, politeness, caching, limits, the address guard.
//!
//! ```text
//! Client::fetch ─► robots (pages only) ─► politeness: host, then slot ─► address guard ─► reqwest
//!       ▲                                                                                   │
//!       └── Document, NotModified, Gone, Failed ◄─ coding ◄─ memory ◄─ headers, redirects ◄─┘
//! ```
//!
//! What a hostile server can do at worst is to be absent, with a sentence that says why
//! ([`crate::model::Failure`]). Every wait has an end, every size a limit, and what goes on at one host never
//! holds up another.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::model::{Location, Source, Validators};

pub mod address;
mod backlog;
mod body;
mod buffer;
mod call;
mod chain;
mod client;
mod coding;
mod failure;
mod file;
pub mod headers;
mod memory;
mod outgoing;
mod politeness;
mod pool;
mod proxy;
mod resolve;
pub mod robots;
mod robots_cache;
mod shared;
mod tls;

pub use backlog::{Backlog, Unread};
pub use call::{Call, Reply};
pub use client::Client;
pub use headers::HINT_CAP;
pub use politeness::{PATIENCE, host_key};

/// How to fetch. [`Settings::default`] is what a public aggregator should use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The `User-Agent` field; see [`user_agent`].
    pub user_agent: String,
    /// The `From` field: an address where the operator can be reached (RFC 9110 §10.1.2).
    pub from: Option<String>,
    /// To resolve the name, connect and shake hands.
    pub connect_timeout: Duration,
    /// From the start of a request to the end of the header of its answer.
    pub first_byte_timeout: Duration,
    /// A whole visit with all its redirects. Waiting for the host's turn does not count.
    pub timeout: Duration,
    /// Of a body, after content codings are undone, in bytes.
    pub max_size: usize,
    /// Unpacked : packed, held against bodies of more than a megabyte.
    pub max_ratio: usize,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How many requests may run at one host at once.
    pub per_host_concurrency: usize,
    /// From the end of a request to the start of the next at the same host.
    pub per_host_delay: Duration,
    /// How many requests may run at once. Those without an answer after [`PATIENCE`] do not count, up
    /// to three times as many.
    pub concurrency: usize,
    /// How many bytes of bodies may lie in memory at once, those that the caller still holds included
    /// (bodies up to 128 kB are free; one body may go beyond).
    pub memory: usize,
    /// The proxy for all sources that name none.
    pub proxy: Option<Url>,
    /// Without `proxy`, ask the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`).
    pub proxy_from_environment: bool,
    /// PEM files of root certificates to trust besides the machine's.
    pub extra_root_certificates: Vec<PathBuf>,
    /// Private, loopback and other special addresses may be connected to, for every source.
    pub allow_private_addresses: bool,
    /// Tells the time; tests bring their own.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: user_agent(None),
            from: None,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(30),
            max_size: 10 * 1024 * 1024,
            max_ratio: 500,
            max_redirects: 5,
            per_host_concurrency: 1,
            per_host_delay: Duration::from_secs(1),
            concurrency: 64,
            memory: 24 * 1024 * 1024,
            proxy: None,
            proxy_from_environment: true,
            extra_root_certificates: Vec::new(),
            allow_private_addresses: false,
            clock: Clock::default(),
        }
    }
}

/// `kariz/VERSION (+link)`: who asks, and where a site's owner can read about it. Give the address of
/// the published feed.
pub fn user_agent(link: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match link {
        Some(link) => format!("kariz/{version} (+{link})"),
        None => format!("kariz/{version}"),
    }
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock of one's own.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for Clock {
    /// The machine's clock.
    fn default() -> Self {
        Self::new(Timestamp::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// What is asked for; decides on `Accept`, on `A-IM` and on whether robots.txt has a say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A feed. robots.txt is for crawlers; to subscribe to a feed is not to crawl.
    #[default]
    Feed,
    /// A page of a site; robots.txt is asked first, at every host on the way.
    Page,
    /// robots.txt itself.
    Robots,
}

/// One visit to one source.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Whose: its credentials, headers, proxy and permission for private addresses. Credentials and
    /// headers go to the host of its own `location` and to no other.
    pub source: &'a Source,
    /// Where to ask: the stored permanent redirect target, else the source's own location.
    pub location: &'a Location,
    /// What the last answer said about itself.
    pub validators: &'a Validators,
    /// A file may be read: the location comes from the operator's own configuration.
    pub may_use_file: bool,
    /// What is asked for.
    pub purpose: Purpose,
}

/// Why no [`Client`] can be made. A mistake in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// `extra_root_certificates` names something that holds no certificates.
    #[error("root certificates {}: {why}", path.display())]
    RootCertificates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// `user_agent` or `from` cannot stand in a header field.
    #[error("{0} holds a character that cannot stand in a header field")]
    Header(&'static str),
    /// The proxy's URL cannot be used.
    #[error("the proxy's address cannot be used: {0}")]
    Proxy(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}
