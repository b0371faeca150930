//! `[feed]` and `[[output]]`: what is published.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::report::Report;
use super::table::{Key, Table, join, nearest};
use super::values;
use crate::model::{Action, ContentPolicy, Person, Rule, Source, SourceId};

/// The keys of `[feed]`.
pub const FEED_KEYS: &[Key] = &[
    key("title", "text", "kariz", "the name of the merged feed"),
    key("subtitle", "text", "", "one line below it"),
    key("link", "address", "base_url", "the site that the feed belongs to"),
    key("base_url", "address", "", "where data/public is reachable from outside; self links are made of it"),
    key("id", "IRI", "minted once, kept in the store", "the feed's Atom id"),
    key("author", "text or { name, email, uri }", "the title", "who publishes the merged feed"),
    key("language", "language tag", "", "the language of the feed as a whole and of its pages"),
    key("rights", "text", "", "a line on rights"),
    key("icon", "address", "", "a small square picture"),
    key(
        "hub",
        "address, or \"self\"",
        "",
        "the WebSub hub that is told of changes; \"self\": `run` is the hub and pushes to subscribers",
    ),
    key("timezone", "IANA zone", "UTC", "the zone in which days begin on pages"),
    key("max_items", "whole number", "100", "how many stories a feed holds"),
    key("max_age", "duration", "no limit", "older stories leave the feed"),
    key(
        "content",
        "full | summary | link",
        "full",
        "how much of an article is published; a source's stricter choice wins",
    ),
    key(
        "archive",
        "true | false",
        "true",
        "whether Atom feeds have an archive that reaches every story kept (RFC 5005)",
    ),
    key(
        "theme_dir",
        "path",
        "",
        "a folder with templates, style sheet and pictures in the place of the built-in ones",
    ),
    key(
        "pages",
        "true | false",
        "true without [[output]]",
        "whether index.html and the pages of days, sources and tags are written",
    ),
    key(
        "by_tag",
        "true | false",
        "true without [[output]]",
        "whether each tag, of sources or by rules, has a feed of its own, tags/TAG.xml",
    ),
    key(
        "by_source",
        "true | false",
        "true without [[output]]",
        "whether each source has a feed of its own, sources/ID.xml",
    ),
];

/// The keys of `[[output]]`.
pub const OUTPUT_KEYS: &[Key] = &[
    key("path", "path below data/public", "", "the file; required"),
    key("format", "atom | rss | json | opml", "told by the path", "what is written"),
    key("title", "text", "that of [feed]", "the name of this feed"),
    key("tags", "list of texts", "all", "only stories of sources with one of these tags"),
    key("sources", "list of ids", "all", "only stories that one of these sources carries"),
    key("language", "language tag", "all", "only stories in this language"),
    key("max_items", "whole number", "that of [feed]", "how many stories it holds"),
    key("max_age", "duration", "that of [feed]", "older stories leave it"),
    key("content", "full | summary | link", "that of [feed]", "how much of an article is published"),
    key(
        "archive",
        "true | false",
        "that of [feed]; false for RSS",
        "whether it has an archive that reaches every story kept",
    ),
];

const fn key(name: &'static str, form: &'static str, default: &'static str, purpose: &'static str) -> Key {
    Key { name, form, default, purpose }
}

/// What is published.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// The name of the merged feed.
    pub title: String,
    /// One line below it.
    pub subtitle: Option<String>,
    /// The site that the feed belongs to.
    pub link: Option<Url>,
    /// Where the published folder is reachable from outside; ends in `/`.
    pub base_url: Option<Url>,
    /// Atom id; `None` mints one.
    pub id: Option<String>,
    /// Who publishes the merged feed.
    pub author: Option<Person>,
    /// BCP 47.
    pub language: Option<String>,
    /// A line on rights.
    pub rights: Option<String>,
    /// A small square picture.
    pub icon: Option<Url>,
    /// The WebSub hub of the outputs.
    pub hub: Option<Hub>,
    /// The zone in which days begin on pages.
    pub timezone: TimeZone,
    /// How many stories a feed holds.
    pub max_items: usize,
    /// Older stories leave the feed.
    pub max_age: Option<Duration>,
    /// How much of an article is published.
    pub content: ContentPolicy,
    /// Atom feeds have an archive (RFC 5005).
    pub archive: bool,
    /// Files that take the place of the built-in theme's.
    pub theme_dir: Option<PathBuf>,
    /// `index.html` and the pages of days, sources and tags are written.
    pub pages: bool,
    /// Each tag has a feed of its own.
    pub by_tag: bool,
    /// Each source has a feed of its own.
    pub by_source: bool,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            title: "kariz".into(),
            subtitle: None,
            link: None,
            base_url: None,
            id: None,
            author: None,
            language: None,
            rights: None,
            icon: None,
            hub: None,
            timezone: TimeZone::UTC,
            max_items: 100,
            max_age: None,
            content: ContentPolicy::Full,
            archive: true,
            theme_dir: None,
            pages: true,
            by_tag: true,
            by_source: true,
        }
    }
}

/// Who tells subscribers of changes (WebSub).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hub {
    /// The daemon itself.
    Own,
    /// Somebody else's hub, which is told.
    At(Url),
}

/// The formats that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
    /// OPML 2.0, the list of sources.
    Opml,
}

/// One file that people subscribe to.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Below the published folder, with `/`.
    pub path: String,
    /// What is written.
    pub format: Format,
    /// The name; `None` takes that of the feed.
    pub title: Option<String>,
    /// Only stories of sources with one of these tags; empty: all.
    pub tags: Vec<String>,
    /// Only stories that one of these sources carries; empty: all.
    pub sources: Vec<SourceId>,
    /// Only stories in this language.
    pub language: Option<String>,
    /// How many stories it holds.
    pub max_items: usize,
    /// Older stories leave it.
    pub max_age: Option<Duration>,
    /// How much of an article is published.
    pub content: ContentPolicy,
    /// It has an archive (RFC 5005). Not for JSON Feed and OPML, which cannot link to one.
    pub archive: bool,
}

impl Output {
    /// The four files that are written where feeds.toml names no output.
    pub fn defaults(feed: &Feed) -> Vec<Self> {
        [
            ("atom.xml", Format::Atom),
            ("rss.xml", Format::Rss),
            ("feed.json", Format::Json),
            ("opml.xml", Format::Opml),
        ]
        .into_iter()
        .map(|(path, format)| Self {
            path: path.to_owned(),
            format,
            title: None,
            tags: Vec::new(),
            sources: Vec::new(),
            language: None,
            max_items: feed.max_items,
            max_age: feed.max_age,
            content: feed.content,
            archive: feed.archive && format == Format::Atom,
        })
        .collect()
    }
}

impl Feed {
    /// Reads `[feed]`. Whoever names outputs gets those and no others, unless they ask for them.
    pub(super) fn read(
        table: &DeTable<'_>,
        span: Range<usize>,
        names_outputs: bool,
        base_dir: &Path,
        report: &Report<'_>,
    ) -> Self {
        let t = Table::new(table, span, "[feed]", FEED_KEYS, report);
        let default = Self::default();
        let base_url = t.get("base_url", |v| values::http_url(v).map(values::folder));
        Self {
            title: t.get("title", values::text).unwrap_or(default.title),
            subtitle: t.get("subtitle", values::text),
            link: t.get("link", values::http_url),
            base_url,
            id: t.get("id", values::iri),
            author: t.get("author", person),
            language: t.get("language", values::language),
            rights: t.get("rights", values::text),
            icon: t.get("icon", values::http_url),
            hub: t.get("hub", hub),
            timezone: t.get("timezone", values::timezone).unwrap_or(default.timezone),
            max_items: t.get("max_items", values::count).unwrap_or(default.max_items),
            max_age: t.get("max_age", values::duration),
            content: t.get("content", values::content).unwrap_or_default(),
            archive: t.get("archive", values::flag).unwrap_or(default.archive),
            theme_dir: t.get("theme_dir", values::text).map(|path| base_dir.join(path)),
            pages: t.get("pages", values::flag).unwrap_or(!names_outputs),
            by_tag: t.get("by_tag", values::flag).unwrap_or(!names_outputs),
            by_source: t.get("by_source", values::flag).unwrap_or(!names_outputs),
        }
    }
}

/// One `[[output]]`, and where the names in it stand, to be checked once all sources are known.
pub(super) struct RawOutput {
    pub(super) output: Output,
    sources_at: Range<usize>,
    tags_at: Range<usize>,
    path_at: Range<usize>,
}

impl RawOutput {
    pub(super) fn read(
        table: &DeTable<'_>,
        span: Range<usize>,
        feed: &Feed,
        report: &Report<'_>,
    ) -> Option<Self> {
        let t = Table::new(table, span, "[[output]]", OUTPUT_KEYS, report);
        let format = t.get("format", |v| {
            values::one_of(
                v,
                &[
                    ("atom", Format::Atom),
                    ("rss", Format::Rss),
                    ("json", Format::Json),
                    ("opml", Format::Opml),
                ],
            )
        });
        let archive = t.get("archive", values::flag);
        let output = Output {
            title: t.get("title", values::text),
            tags: t.get("tags", values::texts).unwrap_or_default(),
            sources: t
                .get("sources", values::texts)
                .unwrap_or_default()
                .iter()
                .map(|id| SourceId::from(id.as_str()))
                .collect(),
            language: t.get("language", values::language),
            max_items: t.get("max_items", values::count).unwrap_or(feed.max_items),
            max_age: t.get("max_age", values::duration).or(feed.max_age),
            content: t.get("content", values::content).unwrap_or(feed.content),
            path: t.require("path", path)?,
            format: Format::Atom,
            archive: false,
        };
        let format = format.unwrap_or_else(|| format_of(&output.path));
        let archive = match format {
            // Few readers of RSS follow archives, and two of them are twice the work.
            Format::Atom => archive.unwrap_or(feed.archive),
            Format::Rss => archive.unwrap_or(false),
            Format::Json | Format::Opml => false,
        };
        let output = Output { format, archive, ..output };
        let (sources_at, tags_at, path_at) = (t.span_of("sources"), t.span_of("tags"), t.span_of("path"));
        Some(Self { output, sources_at, tags_at, path_at })
    }
}

/// Checks what only the whole file can tell: names of sources and tags, and that no two outputs share a file.
pub(super) fn check_outputs(outputs: &[RawOutput], sources: &[Source], rules: &[Rule], report: &Report<'_>) {
    let of_rules =
        rules.iter().chain(sources.iter().flat_map(|s| &s.rules)).flat_map(|rule| match &rule.action {
            Action::Tag(tags) => tags.as_slice(),
            Action::Keep | Action::Drop | Action::Replace(_) => &[],
        });
    let tags: BTreeSet<&str> =
        sources.iter().flat_map(|s| &s.tags).chain(of_rules).map(String::as_str).collect();
    let mut paths: HashMap<&str, ()> = HashMap::new();
    for raw in outputs {
        if paths.insert(&raw.output.path, ()).is_some() {
            let message = format!("two outputs write \"{}\"", raw.output.path);
            report.problem(raw.path_at.clone(), message, Some("give one of them another path".to_owned()));
        }
        for id in &raw.output.sources {
            if !sources.iter().any(|s| s.id == *id) {
                let known = || sources.iter().map(|s| s.id.as_str());
                let help = match nearest(id.as_str(), known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the sources are: {}", join(known())),
                };
                report.problem(raw.sources_at.clone(), format!("no source has the id `{id}`"), Some(help));
            }
        }
        for tag in &raw.output.tags {
            if !tags.contains(tag.as_str()) {
                let help = match nearest(tag, tags.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if tags.is_empty() => "no source has tags yet".to_owned(),
                    None => format!("the tags are: {}", join(tags.iter().copied())),
                };
                let message = format!("no source has the tag `{tag}`, and no rule gives it");
                report.problem(raw.tags_at.clone(), message, Some(help));
            }
        }
    }
}

/// What a file name tells of its format.
fn format_of(path: &str) -> Format {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    if name.ends_with(".json") {
        Format::Json
    } else if name.contains("opml") {
        Format::Opml
    } else if name.contains("rss") {
        Format::Rss
    } else {
        Format::Atom
    }
}

/// A relative path that stays below the published folder.
fn path(value: &DeValue<'_>) -> Result<String, String> {
    let written = values::text(value)?;
    let stays = Path::new(&written).components().all(|c| matches!(c, Component::Normal(_)));
    let hidden = written.split('/').any(|part| part.starts_with('.') || part.is_empty());
    if stays && !hidden && !written.contains(['\\', '\0']) {
        Ok(written)
    } else {
        Err(format!("expected a path below data/public, as \"tags/art.xml\", found \"{written}\""))
    }
}

fn hub(value: &DeValue<'_>) -> Result<Hub, String> {
    if value.as_str().is_some_and(|text| text.trim() == "self") {
        return Ok(Hub::Own);
    }
    values::http_url(value).map(Hub::At).map_err(|e| format!("{e}; or \"self\""))
}

fn person(value: &DeValue<'_>) -> Result<Person, String> {
    if value.is_str() {
        return Ok(Person { name: Some(values::text(value)?), ..Person::default() });
    }
    const FORM: &str = "expected a name, or { name = \"…\", email = \"…\", uri = \"…\" }";
    let table = value.as_table().ok_or(FORM)?;
    let mut person = Person::default();
    for (key, value) in table.iter() {
        let text = values::text(value.get_ref()).map_err(|e| format!("{}: {e}", key.get_ref()))?;
        match key.get_ref().as_ref() {
            "name" => person.name = Some(text),
            "email" => person.email = Some(text),
            "uri" => person.uri = Some(text),
            other => return Err(format!("unknown key `{other}`; {FORM}")),
        }
    }
    if person.name.is_none() { Err(FORM.into()) } else { Ok(person) }
}
