//! `[defaults]` and `[[source]]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::report::Report;
use super::table::{Key, Table, join};
use super::{names, values};
use crate::model::{
    Auth, ContentPolicy, IdPolicy, Keep, Location, Reading, Rule, Schedule, Secret, Source, SourceId,
    SourceKind,
};

/// The keys of `[[source]]`; `[defaults]` has the same but for the first three.
pub const SOURCE_KEYS: &[Key] = &[
    key("url", "http, https or file: address, or a path relative to this file", "", "what to read; required"),
    key(
        "id",
        "text",
        "made of the title, else of the host",
        "its name; entries belong to it, so it keeps its history when the url changes",
    ),
    key("title", "text", "what the feed says", "the name that readers see"),
    key(
        "enabled",
        "true | false",
        "true",
        "false keeps it and its history, but neither reads nor publishes it",
    ),
    key("tags", "list of texts", "[]", "what outputs select by"),
    key("priority", "whole number", "0", "the highest speaks for a story that several sources carry"),
    key("interval", "duration", "learnt from the source", "how long to wait between two visits"),
    key(
        "schedule",
        "cron expression",
        "none",
        "when to visit, instead of every so often; in the zone of `timezone`",
    ),
    key(
        "expected_interval",
        "duration",
        "learnt from the source",
        "how long it may bring nothing new before it is flagged as silent",
    ),
    key("min_interval", "duration", "15m", "never visit sooner than this after the last visit"),
    key("max_interval", "duration", "1 day", "visit at least this often"),
    key(
        "language",
        "language tag",
        "what the feed says",
        "the language of its articles where they do not say",
    ),
    key("timezone", "IANA zone", "UTC", "the zone of times that name none"),
    key("encoding", "charset", "found out", "forces this charset, whatever the feed says"),
    key("content", "full | summary | link", "full", "how much of an article may be republished"),
    key(
        "kind",
        "feed | page | sitemap | json",
        "feed; page where select or pages is given",
        "what lies at its url: a page that lists articles, a sitemap, a JSON API",
    ),
    key(
        "select",
        "table of texts",
        "found out",
        "where the entries of a page (CSS) or of JSON (JSONPath) stand",
    ),
    key("pages", "list of addresses", "[]", "more pages that list its articles"),
    key(
        "full_text",
        "true | false",
        "true for page and sitemap",
        "whether article pages are fetched, once for each entry, and reduced to the article",
    ),
    key("keep_selector", "CSS selector", "found out", "the element of an article page that is its body"),
    key(
        "remove_selector",
        "CSS selector",
        "none",
        "elements of an article page that never belong to the body",
    ),
    key("max_items", "whole number", "no limit", "how many of its entries may stand in one output"),
    key("new_source_items", "whole number", "50", "how many entries its first visit may bring in"),
    key(
        "id_policy",
        "auto | link | digest",
        "auto",
        "where an entry's identity comes from: guid, else address, else text",
    ),
    key(
        "keep_period",
        "duration or \"forever\"",
        "that of [store]",
        "how long its entries are kept at least, from when they came",
    ),
    key("keep_max", "whole number", "no limit", "beyond so many of its entries, the oldest go sooner"),
    key("keep_min", "whole number", "that of [store]", "so many of its newest entries stay, however old"),
    key("revisions", "true | false", "false", "whether the texts that an edit replaces are kept, for `why`"),
    key("rule", "list of tables", "[]", "its own [[source.rule]] tables, asked before those for all"),
    key(
        "headers",
        "table of texts",
        "{}",
        "extra request headers; \"env:NAME\" takes a secret from the environment",
    ),
    key(
        "auth",
        "{ user, password } or { bearer }",
        "none",
        "credentials; \"env:NAME\" takes a secret from the environment",
    ),
    key("proxy", "address", "that of [fetch]", "a proxy for this source"),
    key(
        "allow_private_addresses",
        "true | false",
        "that of [fetch]",
        "whether it may lie on a private or loopback address",
    ),
];

const fn key(name: &'static str, form: &'static str, default: &'static str, purpose: &'static str) -> Key {
    Key { name, form, default, purpose }
}

/// The keys of `[defaults]`.
pub fn default_keys() -> Vec<Key> {
    const OWN: &[&str] =
        &["url", "id", "title", "rule", "kind", "select", "pages", "keep_selector", "remove_selector"];
    SOURCE_KEYS.iter().filter(|k| !OWN.contains(&k.name)).copied().collect()
}

/// What a `[defaults]` or `[[source]]` table says; what it leaves open is `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    enabled: Option<bool>,
    tags: Option<Vec<String>>,
    priority: Option<i32>,
    interval: Option<Duration>,
    min_interval: Option<Duration>,
    max_interval: Option<Duration>,
    schedule: Option<croner::Cron>,
    expected_interval: Option<Duration>,
    keep: Keep,
    language: Option<String>,
    timezone: Option<TimeZone>,
    encoding: Option<String>,
    content: Option<ContentPolicy>,
    max_items: Option<usize>,
    new_source_items: Option<usize>,
    id_policy: Option<IdPolicy>,
    revisions: Option<bool>,
    full_text: Option<bool>,
    headers: Option<Vec<(String, Secret)>>,
    auth: Option<Auth>,
    pub(super) proxy: Option<Url>,
    pub(super) allow_private_addresses: Option<bool>,
}

/// Who wrote a list of sources: what it may ask for depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The operator: may name files, secrets, proxies and private addresses.
    Own,
    /// A list from the network: may only name addresses on the web.
    Remote,
}

/// One `[[source]]` before its defaults are filled in and its name is settled.
pub(super) struct RawSource {
    /// As written.
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) location: Location,
    pub(super) rules: Vec<Rule>,
    pub(super) reading: Reading,
    pub(super) draft: Draft,
}

impl Draft {
    /// Reads the keys that `[defaults]` and `[[source]]` share. `None` where the list asks for more than it may.
    pub(super) fn read(t: &Table<'_, '_>, trust: Trust, report: &Report<'_>) -> Option<Self> {
        if trust == Trust::Remote {
            for key in ["headers", "auth", "proxy", "allow_private_addresses"] {
                if t.get(key, |_| Ok(())).is_some() {
                    let help =
                        "write this source into your own feeds.toml if you trust it that far".to_owned();
                    report.problem(
                        t.span_of(key),
                        format!("`{key}` is not taken from a list that comes from the network"),
                        Some(help),
                    );
                    return None;
                }
            }
        }
        let draft = Self {
            enabled: t.get("enabled", values::flag),
            tags: t.get("tags", values::texts),
            priority: t.get("priority", values::priority),
            interval: t.get("interval", values::duration),
            min_interval: t.get("min_interval", values::duration),
            max_interval: t.get("max_interval", values::duration),
            schedule: t.get("schedule", values::cron),
            expected_interval: t.get("expected_interval", values::span),
            keep: Keep {
                period: t.get("keep_period", values::period),
                max: t.get("keep_max", values::count),
                min: t.get("keep_min", values::count_or_none),
            },
            language: t.get("language", values::language),
            timezone: t.get("timezone", values::timezone),
            encoding: t.get("encoding", values::encoding),
            content: t.get("content", values::content),
            max_items: t.get("max_items", values::count),
            new_source_items: t.get("new_source_items", values::count),
            id_policy: t.get("id_policy", values::id_policy),
            revisions: t.get("revisions", values::flag),
            full_text: t.get("full_text", values::flag),
            headers: t.get("headers", headers),
            auth: t.get("auth", auth),
            proxy: t.get("proxy", values::proxy_url),
            allow_private_addresses: t.get("allow_private_addresses", values::flag),
        };
        if let (Some(min), Some(max)) = (draft.min_interval, draft.max_interval)
            && min > max
        {
            report.problem(
                t.span_of("min_interval"),
                "`min_interval` is longer than `max_interval`",
                Some("exchange the two".to_owned()),
            );
        }
        if draft.interval.is_some() && draft.schedule.is_some() {
            report.problem(
                t.span_of("schedule"),
                "`schedule` and `interval` both say when to visit",
                Some("keep one of the two".to_owned()),
            );
        }
        Some(draft)
    }

    /// A draft of which only the language is known.
    pub(super) fn of_language(language: Option<String>) -> Self {
        Self { language, ..Self::default() }
    }

    /// Takes bounds that are written elsewhere where this draft has none.
    pub(super) fn fall_back_to_intervals(&mut self, min: Option<Duration>, max: Option<Duration>) {
        self.min_interval = self.min_interval.or(min);
        self.max_interval = self.max_interval.or(max);
    }

    /// This draft, with `defaults` where it is silent. Tags of both are kept: a default tag is for all.
    pub(super) fn over(self, defaults: &Self) -> Self {
        let d = defaults.clone();
        Self {
            enabled: self.enabled.or(d.enabled),
            tags: match (self.tags, d.tags) {
                (Some(mut own), Some(general)) => {
                    own.extend(general);
                    Some(own)
                }
                (own, general) => own.or(general),
            },
            priority: self.priority.or(d.priority),
            interval: self.interval.or_else(|| d.interval.filter(|_| self.schedule.is_none())),
            min_interval: self.min_interval.or(d.min_interval),
            max_interval: self.max_interval.or(d.max_interval),
            // One of the two says when; the source's own word counts, whichever it is.
            schedule: self.schedule.or_else(|| d.schedule.filter(|_| self.interval.is_none())),
            expected_interval: self.expected_interval.or(d.expected_interval),
            keep: Keep {
                period: self.keep.period.or(d.keep.period),
                max: self.keep.max.or(d.keep.max),
                min: self.keep.min.or(d.keep.min),
            },
            language: self.language.or(d.language),
            timezone: self.timezone.or(d.timezone),
            encoding: self.encoding.or(d.encoding),
            content: self.content.or(d.content),
            max_items: self.max_items.or(d.max_items),
            new_source_items: self.new_source_items.or(d.new_source_items),
            id_policy: self.id_policy.or(d.id_policy),
            revisions: self.revisions.or(d.revisions),
            full_text: self.full_text.or(d.full_text),
            headers: self.headers.or(d.headers),
            auth: self.auth.or(d.auth),
            proxy: self.proxy.or(d.proxy),
            allow_private_addresses: self.allow_private_addresses.or(d.allow_private_addresses),
        }
    }

    /// Adds tags (those of an `[[include]]`, of an OPML folder).
    pub(super) fn add_tags(&mut self, tags: impl IntoIterator<Item = String>) {
        let own = self.tags.get_or_insert_default();
        for tag in tags {
            if !own.contains(&tag) {
                own.push(tag);
            }
        }
    }
}

impl RawSource {
    /// Reads one `[[source]]`.
    pub(super) fn read(
        table: &DeTable<'_>,
        span: std::ops::Range<usize>,
        base_dir: &Path,
        trust: Trust,
        report: &Report<'_>,
    ) -> Option<Self> {
        let t = Table::new(table, span, "[[source]]", SOURCE_KEYS, report);
        let draft = Draft::read(&t, trust, report)?;
        let id = t.get("id", names::id);
        let title = t.get("title", values::text);
        let rules = super::many_tables(table, "rule", report)
            .into_iter()
            .filter_map(|(table, span)| super::rule::read(table, span, "[[source.rule]]", report))
            .collect();
        let reading = super::reading::read(&t, table, report);
        let of_pages = matches!(reading.kind, SourceKind::Page | SourceKind::Sitemap);
        let reads_pages = of_pages || draft.full_text == Some(true);
        super::reading::check_policy(&t, reads_pages, draft.id_policy, report);
        let url = t.require("url", values::text)?;
        match location(&url, base_dir, trust) {
            Ok(location) => Some(Self { id, title, location, rules, reading, draft }),
            Err(message) => {
                report.problem(t.span_of("url"), format!("`url` in [[source]]: {message}"), None);
                None
            }
        }
    }

    /// The source with every default filled in.
    pub(super) fn finish(
        self,
        id: SourceId,
        defaults: &Draft,
        allow_private: bool,
        proxy: Option<&Url>,
    ) -> Source {
        let d = self.draft.over(defaults);
        // One of the two bounds may be the operator's and the other ours: the operator's counts.
        let max_interval = d.max_interval.unwrap_or(DAY).max(d.min_interval.unwrap_or_default());
        let min_interval =
            d.min_interval.unwrap_or(QUARTER_HOUR.min(d.interval.unwrap_or(QUARTER_HOUR))).min(max_interval);
        let zone = d.timezone.unwrap_or(TimeZone::UTC);
        let mut tags: Vec<String> = Vec::new();
        for tag in d.tags.unwrap_or_default() {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        Source {
            id,
            title: self.title,
            location: self.location,
            tags,
            priority: d.priority.unwrap_or(0),
            interval: d.interval,
            min_interval,
            max_interval: max_interval.max(d.interval.unwrap_or_default()),
            language: d.language,
            timezone: zone.clone(),
            encoding: d.encoding,
            content: d.content.unwrap_or_default(),
            max_items: d.max_items,
            new_source_items: d.new_source_items.unwrap_or(50),
            reading: super::reading::settle(self.reading, d.full_text, d.content),
            id_policy: d.id_policy.unwrap_or_default(),
            rules: self.rules,
            revisions: d.revisions.unwrap_or(false),
            headers: d.headers.unwrap_or_default(),
            auth: d.auth,
            proxy: d.proxy.or_else(|| proxy.cloned()),
            allow_private_addresses: d.allow_private_addresses.unwrap_or(allow_private),
            enabled: d.enabled.unwrap_or(true),
            schedule: d.schedule.map(|cron| Schedule { cron: Box::new(cron), zone }),
            expected_interval: d.expected_interval,
            keep: d.keep,
        }
    }
}

const QUARTER_HOUR: Duration = Duration::from_secs(15 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An http(s) address, a `file:` URL or a path relative to the file that names it.
pub(super) fn location(written: &str, base_dir: &Path, trust: Trust) -> Result<Location, String> {
    let is_path = !written.contains("://") && !written.starts_with("file:") && Url::parse(written).is_err();
    let remote_file = "a list that comes from the network cannot name a file of this machine";
    if is_path {
        // `example.com/feed` is far more often a forgotten https:// than a folder of that name.
        let path = base_dir.join(written);
        let looks_like_host = written
            .split('/')
            .next()
            .is_some_and(|h| h.contains('.') && !h.starts_with('.') && written.contains('/'));
        if looks_like_host && !path.exists() {
            return Err(format!("\"{written}\" is no complete address; did you mean \"https://{written}\"?"));
        }
        return if trust == Trust::Remote { Err(remote_file.into()) } else { Ok(Location::File(path)) };
    }
    let url = values::parse_url(written)?;
    match url.scheme() {
        "http" | "https" => Ok(Location::Http(url)),
        "file" if trust == Trust::Remote => Err(remote_file.into()),
        "file" => url.to_file_path().map(Location::File).map_err(|()| {
            format!("\"{written}\" names no file of this machine; write file:///absolute/path")
        }),
        "feed" => Err(format!(
            "write the address itself: \"{}\"",
            written.trim_start_matches("feed:").trim_start_matches("//")
        )),
        scheme => Err(format!("kariz reads http:, https: and file: addresses, not {scheme}:")),
    }
}

fn headers(value: &DeValue<'_>) -> Result<Vec<(String, Secret)>, String> {
    let table = value.as_table().ok_or("expected a table, as { X-Api-Key = \"env:KEY\" }")?;
    let mut headers = Vec::with_capacity(table.len());
    for (name, value) in table.iter() {
        let name = name.get_ref().as_ref();
        if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(format!("\"{name}\" cannot be the name of a header"));
        }
        let text = values::secret(value.get_ref()).map_err(|e| format!("{name}: {e}"))?;
        if reqwest::header::HeaderValue::from_str(&text.0).is_err() {
            return Err(format!("the value of {name} has characters that a header cannot carry"));
        }
        headers.push((name.to_owned(), text));
    }
    Ok(headers)
}

fn auth(value: &DeValue<'_>) -> Result<Auth, String> {
    const FORM: &str = "expected { user = \"…\", password = \"env:…\" } or { bearer = \"env:…\" }";
    let table = value.as_table().ok_or(FORM)?;
    let get = |name: &str| -> Result<Option<Secret>, String> {
        table.get(name).map(|v: &Spanned<DeValue<'_>>| values::secret(v.get_ref())).transpose()
    };
    let known = ["user", "password", "bearer"];
    if let Some((key, _)) = table.iter().find(|(k, _)| !known.contains(&k.get_ref().as_ref())) {
        return Err(format!("unknown key `{}`; auth knows {}", key.get_ref(), join(known.into_iter())));
    }
    match (get("user")?, get("password")?, get("bearer")?) {
        (Some(user), password, None) => {
            Ok(Auth::Basic { user: user.0, password: password.unwrap_or_default() })
        }
        (None, None, Some(token)) => Ok(Auth::Bearer(token)),
        _ => Err(FORM.into()),
    }
}

/// The folder that relative paths of a file are relative to.
pub fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}
