//! `[fetch]`, `[store]`, `[dedupe]` and `[serve]`: how kariz goes about it.

use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::{DeTable, DeValue};
use url::Url;

use super::report::Report;
use super::table::{Key, Table};
use super::values;

/// The keys of `[fetch]`.
pub const FETCH_KEYS: &[Key] = &[
    key("user_agent", "text", "kariz/VERSION (+link of the feed)", "how kariz names itself"),
    key("from", "e-mail address", "", "whom a site's owner can write to"),
    key("concurrency", "whole number", "64", "how many sources are read at once"),
    key("per_host_concurrency", "whole number", "1", "how many requests one host gets at once"),
    key("per_host_delay", "duration", "1s", "how far apart two requests to one host are"),
    key("connect_timeout", "duration", "10s", "how long connecting may take"),
    key("first_byte_timeout", "duration", "20s", "how long the first byte of an answer may take"),
    key("timeout", "duration", "30s", "how long one answer may take as a whole"),
    key("max_size", "size", "10 MB", "how large a document may be, unpacked"),
    key("max_redirects", "whole number", "5", "how many redirects are followed"),
    key("proxy", "address", "from the environment", "a proxy for all sources"),
    key("root_certificates", "list of PEM files", "[]", "certificates to trust beside the usual ones"),
    key(
        "allow_private_addresses",
        "true | false",
        "false",
        "whether sources may lie on private or loopback addresses",
    ),
    key("min_interval", "duration", "15m", "that of [defaults]"),
    key("max_interval", "duration", "1 day", "that of [defaults]"),
];

/// The keys of `[store]`.
pub const STORE_KEYS: &[Key] = &[
    key("data_dir", "path", "data", "the folder of the database and of the published files"),
    key(
        "keep_period",
        "duration or \"forever\"",
        "1 year",
        "how long entries are kept at least, from when they came",
    ),
    key("keep_max", "whole number", "no limit", "beyond so many stories, the oldest go sooner"),
    key("keep_min", "whole number", "100", "so many of the newest entries of each source stay, however old"),
];

/// The keys of `[status]`.
pub const STATUS_KEYS: &[Key] = &[key(
    "webhook",
    "address",
    "none",
    "told, by a POST with JSON, when a source begins to fail, falls silent, moves, goes, or is well again",
)];

/// The keys of `[dedupe]`.
pub const DEDUPE_KEYS: &[Key] = &[
    key("enabled", "true | false", "true", "false publishes every entry as a story of its own"),
    key("window", "duration", "8 days", "how far apart in date the tellings of one story may be"),
    key(
        "near_text",
        "true | false | number",
        "true",
        "whether similar texts are one story; a number is the share of the shorter that the longer must contain",
    ),
    key(
        "across_languages",
        "true | false",
        "false",
        "whether one address unites entries in different writing systems",
    ),
];

/// The keys of `[serve]`.
pub const SERVE_KEYS: &[Key] = &[
    key("listen", "address:port", "127.0.0.1:8080", "where `run` and `serve` answer"),
    key(
        "public_url",
        "address",
        "",
        "where that is reachable from outside; with it, sources that name a WebSub hub are subscribed to",
    ),
];

const fn key(name: &'static str, form: &'static str, default: &'static str, purpose: &'static str) -> Key {
    Key { name, form, default, purpose }
}

/// `[fetch]`: the client's manners and limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// `None` makes one of the version and the feed's link.
    pub user_agent: Option<String>,
    /// The `From` header (RFC 9110 §10.1.2).
    pub from: Option<String>,
    /// How many sources are read at once.
    pub concurrency: usize,
    /// How many requests one host gets at once.
    pub per_host_concurrency: usize,
    /// How far apart two requests to one host are.
    pub per_host_delay: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long the first byte of an answer may take.
    pub first_byte_timeout: Duration,
    /// How long one answer may take as a whole.
    pub timeout: Duration,
    /// In bytes, content codings undone.
    pub max_size: u64,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// A proxy for all sources; `None` takes that of the environment.
    pub proxy: Option<Url>,
    /// PEM files.
    pub root_certificates: Vec<PathBuf>,
    /// Whether sources may lie on private or loopback addresses.
    pub allow_private_addresses: bool,
    /// As in `[defaults]`, which comes first.
    pub min_interval: Option<Duration>,
    /// As in `[defaults]`, which comes first.
    pub max_interval: Option<Duration>,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            user_agent: None,
            from: None,
            concurrency: 64,
            per_host_concurrency: 1,
            per_host_delay: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(30),
            max_size: 10_000_000,
            max_redirects: 5,
            proxy: None,
            root_certificates: Vec::new(),
            allow_private_addresses: false,
            min_interval: None,
            max_interval: None,
        }
    }
}

impl Fetch {
    pub(super) fn read(
        table: &DeTable<'_>,
        span: Range<usize>,
        base_dir: &Path,
        report: &Report<'_>,
    ) -> Self {
        let t = Table::new(table, span, "[fetch]", FETCH_KEYS, report);
        let d = Self::default();
        Self {
            user_agent: t.get("user_agent", header_text),
            from: t.get("from", header_text),
            concurrency: t.get("concurrency", values::count).unwrap_or(d.concurrency).min(10_000),
            per_host_concurrency: t
                .get("per_host_concurrency", values::count)
                .unwrap_or(d.per_host_concurrency),
            per_host_delay: t.get("per_host_delay", values::duration).unwrap_or(d.per_host_delay),
            connect_timeout: t.get("connect_timeout", wait).unwrap_or(d.connect_timeout),
            first_byte_timeout: t.get("first_byte_timeout", wait).unwrap_or(d.first_byte_timeout),
            timeout: t.get("timeout", wait).unwrap_or(d.timeout),
            max_size: t.get("max_size", values::size).unwrap_or(d.max_size),
            max_redirects: t.get("max_redirects", values::count_or_none).unwrap_or(d.max_redirects).min(20),
            proxy: t.get("proxy", values::proxy_url),
            root_certificates: t
                .get("root_certificates", values::texts)
                .unwrap_or_default()
                .iter()
                .map(|p| base_dir.join(p))
                .collect(),
            allow_private_addresses: t
                .get("allow_private_addresses", values::flag)
                .unwrap_or(d.allow_private_addresses),
            min_interval: t.get("min_interval", values::duration),
            max_interval: t.get("max_interval", values::duration),
        }
    }
}

/// `[store]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// Absolute or relative to where kariz is started; `None`: `data` beside feeds.toml.
    pub data_dir: Option<PathBuf>,
    /// Entries are kept at least this long; [`Duration::MAX`] is for ever.
    pub keep_period: Duration,
    /// Beyond so many stories, the oldest go sooner.
    pub keep_max: Option<usize>,
    /// The newest so many entries of each source stay, however old.
    pub keep_min: usize,
}

impl Default for Store {
    fn default() -> Self {
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        Self { data_dir: None, keep_period: year, keep_max: None, keep_min: 100 }
    }
}

/// `[status]`: who is told how the sources are doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Told when a source begins to need somebody's attention, and when it is well again. May hold a secret.
    pub webhook: Option<Webhook>,
}

/// An address that may hold a secret: its `Debug` shows the host only.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook(pub Url);

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}/***", self.0.scheme(), self.0.host_str().unwrap_or_default())
    }
}

impl Status {
    pub(super) fn read(table: &DeTable<'_>, span: Range<usize>, report: &Report<'_>) -> Self {
        let t = Table::new(table, span, "[status]", STATUS_KEYS, report);
        let webhook = t.get("webhook", |value| {
            let address = values::secret(value)?.0;
            match values::parse_url(&address) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Webhook(url)),
                _ => Err("expected an address that begins with https:// or http://".to_owned()),
            }
        });
        Self { webhook }
    }
}

impl Store {
    pub(super) fn read(
        table: &DeTable<'_>,
        span: Range<usize>,
        base_dir: &Path,
        report: &Report<'_>,
    ) -> Self {
        let t = Table::new(table, span, "[store]", STORE_KEYS, report);
        let d = Self::default();
        Self {
            data_dir: t.get("data_dir", values::text).map(|p| base_dir.join(p)),
            keep_period: t.get("keep_period", values::period).unwrap_or(d.keep_period),
            keep_max: t.get("keep_max", values::count),
            keep_min: t.get("keep_min", values::count_or_none).unwrap_or(d.keep_min),
        }
    }
}

/// `[dedupe]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dedupe {
    /// `false` publishes every entry as a story of its own.
    pub enabled: bool,
    /// How far apart the dates of one story's tellings may be; an hour to 16 days.
    pub window: Duration,
    /// How much of the shorter text the longer must contain, 0.5 to 1; `None`: similar texts do not unite.
    pub near_text: Option<f32>,
    /// One address unites entries in different writing systems.
    pub across_languages: bool,
}

impl Default for Dedupe {
    fn default() -> Self {
        Self {
            enabled: true,
            window: Duration::from_secs(8 * 86_400),
            near_text: Some(NEAR_TEXT),
            across_languages: false,
        }
    }
}

impl Dedupe {
    pub(super) fn read(table: &DeTable<'_>, span: Range<usize>, report: &Report<'_>) -> Self {
        let t = Table::new(table, span, "[dedupe]", DEDUPE_KEYS, report);
        let d = Self::default();
        Self {
            enabled: t.get("enabled", values::flag).unwrap_or(d.enabled),
            window: t.get("window", window).unwrap_or(d.window),
            near_text: t.get("near_text", near_text).unwrap_or(d.near_text),
            across_languages: t.get("across_languages", values::flag).unwrap_or(d.across_languages),
        }
    }
}

/// `[serve]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Serve {
    /// Where `run` and `serve` answer.
    pub listen: SocketAddr,
    /// Where that is reachable from outside; ends in `/`.
    pub public_url: Option<Url>,
}

impl Default for Serve {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), public_url: None }
    }
}

impl Serve {
    pub(super) fn read(table: &DeTable<'_>, span: Range<usize>, report: &Report<'_>) -> Self {
        let t = Table::new(table, span, "[serve]", SERVE_KEYS, report);
        let listen = t.get("listen", |v| {
            let text = values::text(v)?;
            text.parse().map_err(|_| {
                format!(
                    "expected an address and a port, as \"127.0.0.1:8080\" or \"[::]:80\", found \"{text}\""
                )
            })
        });
        let public_url = t.get("public_url", |v| values::http_url(v).map(values::folder));
        Self { listen: listen.unwrap_or(Self::default().listen), public_url }
    }
}

/// How much of the shorter text must stand in the longer; docs/stories.md has the curve that led to it.
const NEAR_TEXT: f32 = 0.65;

/// A duration that the index of stories can look back.
fn window(value: &DeValue<'_>) -> Result<Duration, String> {
    let window = values::duration(value)?;
    if (Duration::from_secs(3_600)..=Duration::from_secs(16 * 86_400)).contains(&window) {
        Ok(window)
    } else {
        Err("expected a duration from \"1h\" to \"16 days\"".into())
    }
}

/// A switch, or a share from 0.5 to 1.
fn near_text(value: &DeValue<'_>) -> Result<Option<f32>, String> {
    const FORM: &str = "expected true, false, or a number from 0.5 to 1, as 0.65";
    if let Some(on) = value.as_bool() {
        return Ok(on.then_some(NEAR_TEXT));
    }
    let number = value
        .as_float()
        .and_then(|n| n.as_str().parse::<f32>().ok())
        .or_else(|| value.as_integer().and_then(|n| n.as_str().parse::<f32>().ok()))
        .ok_or_else(|| format!("{FORM}; found {}", value.type_str()))?;
    if (0.5..=1.0).contains(&number) { Ok(Some(number)) } else { Err(format!("{FORM}; found {number}")) }
}

/// A time-out: a duration that is not zero.
fn wait(value: &DeValue<'_>) -> Result<Duration, String> {
    match values::duration(value)? {
        Duration::ZERO => {
            Err("a time-out of nothing would fail always; expected a duration as \"10s\"".into())
        }
        duration => Ok(duration),
    }
}

/// A text that an HTTP header can carry.
fn header_text(value: &DeValue<'_>) -> Result<String, String> {
    let text = values::text(value)?;
    match reqwest::header::HeaderValue::from_str(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err("it has characters that an HTTP header cannot carry".into()),
    }
}
