//! feeds.toml → [`Config`]: every problem found in one run, each with its line and the way out.

mod foreign;
mod names;
mod opml;
mod output;
mod reading;
mod report;
mod rule;
mod settings;
mod source;
mod table;
mod values;

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};
use url::Url;

pub use names::names_for;
pub use opml::{Subscription, read as subscriptions};
pub use output::{FEED_KEYS, Feed, Format, Hub, OUTPUT_KEYS, Output};
pub use report::{ConfigError, Problem};
pub use rule::RULE_KEYS;
pub use settings::{
    DEDUPE_KEYS, Dedupe, FETCH_KEYS, Fetch, SERVE_KEYS, STATUS_KEYS, STORE_KEYS, Serve, Status, Store,
    Webhook,
};
pub use source::{SOURCE_KEYS, default_keys, folder_of};
pub use table::Key;
pub use values::{is_language, parse_duration};

use crate::model::{Location, Rule, Source};
use report::Report;
use source::{Draft, RawSource, Trust};
use table::{Table, nearest};

/// The keys of `[[include]]`.
pub const INCLUDE_KEYS: &[Key] = &[
    Key {
        name: "url",
        form: "address, or a path relative to this file",
        default: "",
        purpose: "a TOML file with [[source]] tables, or an OPML list; required",
    },
    Key { name: "tags", form: "list of texts", default: "[]", purpose: "added to each of its sources" },
];

const TABLES: &[&str] = &[
    "feed", "source", "defaults", "fetch", "store", "dedupe", "output", "serve", "status", "include", "rule",
];

/// Everything that feeds.toml says, with the defaults filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// What is published.
    pub feed: Feed,
    /// What is read, in the order of the file.
    pub sources: Vec<Source>,
    /// What happens to entries of all sources, after the sources' own rules.
    pub rules: Vec<Rule>,
    /// The files that people subscribe to.
    pub outputs: Vec<Output>,
    /// The client's manners and limits.
    pub fetch: Fetch,
    /// Where things are kept.
    pub store: Store,
    /// What counts as the same story.
    pub dedupe: Dedupe,
    /// Where it answers.
    pub serve: Serve,
    /// Who is told how the sources are doing.
    pub status: Status,
    /// The lists of sources that are files.
    pub local_includes: Vec<PathBuf>,
    /// The lists of sources that come from the network.
    pub remote_includes: Vec<Url>,
    /// What is wrong with those lists: somebody else writes them, so it must not stop what works. The
    /// sources in question are left out.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// The folder of the database and of the published files: `--data-dir`, `[store] data_dir`, else
    /// `data` beside feeds.toml.
    pub fn data_dir(&self, from_command_line: Option<&Path>) -> PathBuf {
        from_command_line
            .map(Path::to_owned)
            .or_else(|| self.store.data_dir.clone())
            .unwrap_or_else(|| source::folder_of(&self.path).join("data"))
    }

    /// The hub that outputs name and are distributed by; `None` also where our own has no address to be reached at.
    pub fn hub_url(&self) -> Option<Url> {
        match self.feed.hub.as_ref()? {
            Hub::At(url) => Some(url.clone()),
            Hub::Own => {
                self.serve.public_url.as_ref().or(self.feed.base_url.as_ref())?.join("websub/hub").ok()
            }
        }
    }

    /// The source of a name.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id.as_str() == id)
    }
}

/// Gives the text of a list from the network, as it was fetched last and is kept in the data folder that the file
/// names; `None` where it never was.
pub type RemoteText<'a> = &'a dyn Fn(&Path, &Url) -> Option<String>;

/// Reads feeds.toml and what it includes.
///
/// # Errors
/// All problems of all files, each with its place.
pub fn load(path: &Path, remote: RemoteText<'_>) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        let help = match e.kind() {
            std::io::ErrorKind::NotFound => {
                "write one with `kariz init`, or name another with --config FILE".to_owned()
            }
            std::io::ErrorKind::InvalidData => "save it as UTF-8".to_owned(),
            _ => "see that kariz may read it".to_owned(),
        };
        let what = match e.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
            _ => format!("it cannot be read: {e}"),
        };
        ConfigError::whole_file(path, what, help)
    })?;
    parse(path, &text, remote)
}

/// Reads the text of a feeds.toml that lies (or would lie) at `path`.
///
/// # Errors
/// As [`load`].
pub fn parse(path: &Path, text: &str, remote: RemoteText<'_>) -> Result<Config, ConfigError> {
    let report = Report::new(path, text);
    let base_dir = source::folder_of(path);
    let mut config = Config { path: path.to_owned(), ..Config::default() };
    let mut raw_sources: Vec<Placed> = Vec::new();
    let mut raw_outputs = Vec::new();
    let mut defaults = Draft::default();
    let mut included_problems = Vec::new();

    let (document, syntax_errors) = DeTable::parse_recoverable(text);
    for error in &syntax_errors {
        report.problem(error.span().unwrap_or(0..0), format!("not valid TOML: {}", error.message()), None);
    }
    let root = document.get_ref();
    if let Some(program) = foreign::recognise(root) {
        let help = "write a feeds.toml for kariz with `kariz init`, or name another file with --config FILE";
        return Err(ConfigError::whole_file(path, format!("this is the configuration of {program}"), help));
    }
    check_tables(root, TABLES, &report);

    let one = |name: &str| one_table(root, name, &report);
    let names_outputs = root.contains_key("output");
    if let Some((table, span)) = one("feed") {
        config.feed = Feed::read(table, span, names_outputs, &base_dir, &report);
    } else if names_outputs {
        config.feed = Feed { pages: false, by_tag: false, by_source: false, ..Feed::default() };
    }
    if let Some((table, span)) = one("fetch") {
        config.fetch = Fetch::read(table, span, &base_dir, &report);
    }
    if let Some((table, span)) = one("store") {
        config.store = Store::read(table, span, &base_dir, &report);
    }
    if let Some((table, span)) = one("dedupe") {
        config.dedupe = Dedupe::read(table, span, &report);
    }
    if let Some((table, span)) = one("serve") {
        config.serve = Serve::read(table, span, &report);
    }
    if let Some((table, span)) = one("status") {
        config.status = Status::read(table, span, &report);
    }
    if let Some((table, span)) = one("defaults") {
        let t = Table::new(table, span, "[defaults]", &default_keys(), &report);
        defaults = Draft::read(&t, Trust::Own, &report).unwrap_or_default();
    }
    defaults.fall_back_to_intervals(config.fetch.min_interval, config.fetch.max_interval);
    for (table, span) in many_tables(root, "source", &report) {
        let place = Place::new(path, span.start, &report);
        raw_sources.extend(
            RawSource::read(table, span, &base_dir, Trust::Own, &report)
                .map(|source| Placed { source, place }),
        );
    }
    for (table, span) in many_tables(root, "output", &report) {
        raw_outputs.extend(output::RawOutput::read(table, span, &config.feed, &report));
    }
    for (table, span) in many_tables(root, "rule", &report) {
        config.rules.extend(rule::read(table, span, "[[rule]]", &report));
    }
    for (table, span) in many_tables(root, "include", &report) {
        let t = Table::new(table, span, "[[include]]", INCLUDE_KEYS, &report);
        let tags = t.get("tags", values::texts).unwrap_or_default();
        let Some(written) = t.require("url", values::text) else { continue };
        let location = match source::location(&written, &base_dir, Trust::Own) {
            Ok(location) => location,
            Err(message) => {
                report.problem(t.span_of("url"), format!("`url` in [[include]]: {message}"), None);
                continue;
            }
        };
        let (file, text, trust) = match location {
            Location::File(file) => {
                config.local_includes.push(file.clone());
                match std::fs::read_to_string(&file) {
                    Ok(text) => (file, text, Trust::Own),
                    Err(e) => {
                        let message = format!("{} cannot be read: {e}", file.display());
                        report.problem(t.span_of("url"), message, None);
                        continue;
                    }
                }
            }
            Location::Http(url) => {
                config.remote_includes.push(url.clone());
                // Never fetched yet: its sources join once it was.
                let Some(text) = remote(&config.data_dir(None), &url) else { continue };
                (PathBuf::from(url.as_str()), text, Trust::Remote)
            }
        };
        let (sources, problems) = include(&file, &text, trust);
        raw_sources.extend(sources.into_iter().map(|mut placed| {
            placed.source.draft.add_tags(tags.iter().cloned());
            placed
        }));
        included_problems.extend(problems);
    }

    let mut crossing = Vec::new();
    config.sources = settle(raw_sources, &defaults, &config.fetch, &mut crossing);
    output::check_outputs(&raw_outputs, &config.sources, &config.rules, &report);
    config.outputs = if raw_outputs.is_empty() {
        Output::defaults(&config.feed)
    } else {
        raw_outputs.into_iter().map(|raw| raw.output).collect()
    };

    if config.feed.hub == Some(Hub::Own)
        && config.hub_url().is_none()
        && let Some((table, span)) = one("feed")
    {
        let help = "write [serve] public_url: where `kariz run` is reachable from outside".to_owned();
        let span = table.iter().find(|(key, _)| key.get_ref() == "hub").map_or(span, |(key, _)| key.span());
        report.problem(span, "`hub` = \"self\" in [feed]: subscribers cannot reach it", Some(help));
    }

    let mut problems = report.into_problems();
    problems.extend(crossing);
    problems.sort_by_key(|p| (p.line, p.column));
    problems.extend(included_problems);
    if problems.is_empty() && config.sources.is_empty() && config.remote_includes.is_empty() {
        return Err(ConfigError::whole_file(
            path,
            "it names no source",
            "add one:\n\n        [[source]]\n        url = \"https://example.org/feed.xml\"",
        ));
    }
    let is_remote =
        |problem: &Problem| config.remote_includes.iter().any(|u| problem.file == Path::new(u.as_str()));
    let (warnings, problems): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_remote);
    config.warnings = warnings;
    if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
}

/// Where a source was written.
struct Place {
    file: PathBuf,
    line: usize,
    column: usize,
}

impl Place {
    fn new(file: &Path, offset: usize, report: &Report<'_>) -> Self {
        let (line, column) = report.line_and_column(offset);
        Self { file: file.to_owned(), line, column }
    }

    fn problem(&self, message: String, help: &str) -> Problem {
        let (file, help) = (self.file.clone(), Some(help.to_owned()));
        Problem { file, line: self.line, column: self.column, message, help }
    }
}

struct Placed {
    source: RawSource,
    place: Place,
}

/// Reads an included file: TOML with `[[source]]` and `[defaults]`, or an OPML list.
fn include(file: &Path, text: &str, trust: Trust) -> (Vec<Placed>, Vec<Problem>) {
    let base_dir = source::folder_of(file);
    let report = Report::new(file, text);
    let mut sources = Vec::new();
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        match opml::read(text) {
            Ok(list) => {
                for subscription in list {
                    match source::location(&subscription.url, &base_dir, trust) {
                        Ok(location) => {
                            let place = Place { file: file.to_owned(), line: 0, column: 0 };
                            let (title, language) = (subscription.title, subscription.language);
                            let mut source = RawSource {
                                id: None,
                                title,
                                location,
                                rules: Vec::new(),
                                reading: Default::default(),
                                draft: Draft::of_language(language),
                            };
                            source.draft.add_tags(subscription.tags);
                            sources.push(Placed { source, place });
                        }
                        Err(message) => report.problem(0..0, message, None),
                    }
                }
            }
            Err(message) => report.problem(0..0, message, None),
        }
        return (sources, report.into_problems());
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        report.problem(error.span().unwrap_or(0..0), format!("not valid TOML: {}", error.message()), None);
    }
    let root = document.get_ref();
    check_tables(root, &["source", "defaults"], &report);
    let defaults = one_table(root, "defaults", &report).map(|(table, span)| {
        let t = Table::new(table, span, "[defaults]", &default_keys(), &report);
        Draft::read(&t, trust, &report).unwrap_or_default()
    });
    for (table, span) in many_tables(root, "source", &report) {
        let place = Place::new(file, span.start, &report);
        if let Some(mut source) = RawSource::read(table, span, &base_dir, trust, &report) {
            if let Some(defaults) = &defaults {
                source.draft = source.draft.over(defaults);
            }
            sources.push(Placed { source, place });
        }
    }
    (sources, report.into_problems())
}

/// Gives each source its name and its defaults; two that share a name or an address are a problem.
fn settle(placed: Vec<Placed>, defaults: &Draft, fetch: &Fetch, problems: &mut Vec<Problem>) -> Vec<Source> {
    let (raw, places): (Vec<RawSource>, Vec<Place>) = placed.into_iter().map(|p| (p.source, p.place)).unzip();
    let ids = names::settle_ids(&raw);
    let first = |i: usize| match places[i].line {
        0 => format!("in {}", places[i].file.display()),
        line => format!("in line {line}"),
    };
    let mut by_address: HashMap<String, usize> = HashMap::new();
    let mut sources = Vec::with_capacity(raw.len());
    for (i, (raw, id)) in raw.into_iter().zip(ids).enumerate() {
        let address = match &raw.location {
            Location::Http(url) => {
                let mut url = url.clone();
                url.set_fragment(None);
                url.into()
            }
            Location::File(path) => path.to_string_lossy().into_owned(),
        };
        if let Some(other) = by_address.get(&address) {
            let message = format!("the same url as the source {}: {address}", first(*other));
            problems.push(places[i].problem(message, "remove one of the two"));
            continue;
        }
        by_address.insert(address, i);
        match id {
            Ok(id) => {
                sources.push(raw.finish(id, defaults, fetch.allow_private_addresses, fetch.proxy.as_ref()))
            }
            Err(other) => {
                let message = format!("the same id as the source {}", first(other));
                problems.push(places[i].problem(message, "give one of them another `id`"));
            }
        }
    }
    sources
}

fn check_tables(root: &DeTable<'_>, known: &[&str], report: &Report<'_>) {
    for (key, _) in root.iter() {
        let written = key.get_ref().as_ref();
        if !known.contains(&written) {
            let help = match nearest(written.trim_end_matches('s'), known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the tables are {}", table::join(known.iter().copied())),
            };
            report.problem(key.span(), format!("unknown table or key `{written}`"), Some(help));
        }
    }
}

type Placement<'a, 'i> = (&'a DeTable<'i>, Range<usize>);

fn one_table<'a, 'i>(root: &'a DeTable<'i>, name: &str, report: &Report<'_>) -> Option<Placement<'a, 'i>> {
    let value = root.get(name)?;
    match value.get_ref() {
        DeValue::Table(table) => Some((table, value.span())),
        other => {
            let message = format!("`{name}` is a table, not {}", other.type_str());
            report.problem(value.span(), message, Some(format!("write [{name}] on a line of its own")));
            None
        }
    }
}

fn many_tables<'a, 'i>(root: &'a DeTable<'i>, name: &str, report: &Report<'_>) -> Vec<Placement<'a, 'i>> {
    let Some(value) = root.get(name) else { return Vec::new() };
    let wrong = |span: Range<usize>| {
        let message = format!("`{name}` is a list of tables");
        report.problem(span, message, Some(format!("write [[{name}]], with two brackets, before each")));
        None
    };
    match value.get_ref() {
        DeValue::Array(list) => list
            .iter()
            .filter_map(|item| match item.get_ref() {
                DeValue::Table(table) => Some((table, item.span())),
                _ => wrong(item.span()),
            })
            .collect(),
        _ => wrong(value.span()).into_iter().collect(),
    }
}
