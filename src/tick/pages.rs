//! Stories → the pages that a person looks at.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::TickError;
use super::readers::Readers;
use crate::config::{Config, Format};
use crate::model::{Action, ErrorKind, SourceInfo};
use crate::publish::page::{
    self, Facet, FeedLink, Health, LinkFormat, PageContext, PageFile, StatusRow, Theme, ThemeError,
};
use crate::store::{SourceState, Store, StoryFilter};

/// How many of the newest stories have pages. Those of older days were written while they were new, and stay.
const STORIES_WITH_PAGES: u32 = 1000;

/// Up to so many sources have a page of their own: it is made anew whenever anything is published.
const SOURCES_WITH_PAGES: usize = 200;

/// How many days the sparkline of a source shows.
const SPARK_DAYS: i64 = 30;

/// What all pages have in common.
pub(super) fn context(config: &Config, infos: &HashMap<i64, Arc<SourceInfo>>, live: bool) -> PageContext {
    let feed = &config.feed;
    let by_id: HashMap<&str, &SourceInfo> = infos.values().map(|i| (i.id.as_str(), i.as_ref())).collect();
    // In the order of feeds.toml, which is the operator's.
    let shown = || config.sources.iter().filter(|s| s.enabled).filter_map(|s| by_id.get(s.id.as_str()));
    let link =
        |path: String, title: &str| FeedLink { format: LinkFormat::Atom, path, title: title.to_owned() };
    let source = |info: &&SourceInfo| Facet {
        id: info.id.clone(),
        title: info.title.clone(),
        path: format!("sources/{}.html", info.id),
        feeds: if feed.by_source {
            vec![link(format!("sources/{}.xml", info.id), &info.title)]
        } else {
            Vec::new()
        },
    };
    let tag = |tag: &str| Facet {
        id: tag.to_owned(),
        title: tag.to_owned(),
        path: format!("tags/{}.html", file_name(tag)),
        feeds: if feed.by_tag { vec![link(format!("tags/{}.xml", file_name(tag)), tag)] } else { Vec::new() },
    };
    let tags = tags(config, shown().copied());
    PageContext {
        title: feed.title.clone(),
        subtitle: feed.subtitle.clone(),
        language: feed.language.clone().unwrap_or_else(|| "en".to_owned()),
        base_url: feed.base_url.clone(),
        feeds: config.outputs.iter().map(|o| feed_link(config, o)).collect(),
        sources: if config.sources.len() <= SOURCES_WITH_PAGES {
            shown().map(source).collect()
        } else {
            Vec::new()
        },
        tags: tags.into_keys().map(tag).collect(),
        time_zone: feed.timezone.clone(),
        calendars: Vec::new(),
        content: feed.content,
        rights: feed.rights.clone(),
        live,
    }
}

/// The tags that have a page or a feed: those of sources that are shown, and those that rules give to entries (`true`).
/// Two that differ only in their case are one.
pub(super) fn tags<'a>(
    config: &'a Config,
    shown: impl Iterator<Item = &'a SourceInfo>,
) -> BTreeMap<&'a str, bool> {
    let enabled = config.sources.iter().filter(|s| s.enabled);
    let by_rules =
        config.rules.iter().chain(enabled.flat_map(|s| &s.rules)).flat_map(|rule| match &rule.action {
            Action::Tag(tags) => tags.as_slice(),
            Action::Keep | Action::Drop | Action::Replace(_) => &[],
        });
    let of_sources = shown.flat_map(|info| &info.tags).map(|tag| (tag.as_str(), false));
    let mut by_name: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for (tag, by_rule) in of_sources.chain(by_rules.map(|tag| (tag.as_str(), true))) {
        by_name.entry(tag.to_lowercase()).or_insert((tag, false)).1 |= by_rule;
    }
    by_name.into_values().collect()
}

fn feed_link(config: &Config, output: &crate::config::Output) -> FeedLink {
    let format = match output.format {
        Format::Atom => LinkFormat::Atom,
        Format::Rss => LinkFormat::Rss,
        Format::Json => LinkFormat::Json,
        Format::Opml => LinkFormat::Opml,
    };
    let title = output.title.clone().unwrap_or_else(|| config.feed.title.clone());
    FeedLink { format, path: output.path.clone(), title }
}

/// A tag as the name of a file: what cannot stand in one becomes a hyphen.
pub(super) fn file_name(tag: &str) -> String {
    let name: String = tag
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '\u{200c}') { c } else { '-' })
        .collect();
    if name.is_empty() { "-".to_owned() } else { name.chars().take(80).collect() }
}

/// The look of the pages.
///
/// # Errors
/// When a file of `theme_dir` cannot be used.
pub fn theme(config: &Config) -> Result<Theme, ThemeError> {
    config.feed.theme_dir.as_deref().map_or_else(|| Ok(Theme::built_in()), Theme::load)
}

/// Whether the theme makes pages at all: a template can be read and still ask for what there is not.
///
/// # Errors
/// When it does not.
pub fn check_theme(config: &Config) -> Result<(), ThemeError> {
    let (theme, context) = (theme(config)?, PageContext::default());
    page::all(&theme, &context, &[], 1, |_| true)?;
    page::search(&theme, &context, &page::Found { query: "", page: 1, stories: &[], total: 0, more: false })?;
    page::status(&theme, &context, &[], Timestamp::UNIX_EPOCH).map(drop)
}

/// A number that changes with the files of `theme_dir`; 0 without one.
pub(super) fn theme_digest(config: &Config) -> i64 {
    let Some(folder) = &config.feed.theme_dir else { return 0 };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()).collect();
    files.sort();
    let contents = files
        .iter()
        .map(|f| format!("{} {}", f.display(), std::fs::read(f).map_or(0, |b| crate::store::hash_bytes(&b))));
    crate::store::hash(&contents.collect::<Vec<_>>().join("\n"))
}

/// The pages to publish.
pub(super) fn files(
    readers: &Readers,
    config: &Config,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    live: bool,
) -> Result<Vec<PageFile>, TickError> {
    if !config.feed.pages {
        return Ok(Vec::new());
    }
    let filter = StoryFilter { limit: STORIES_WITH_PAGES, ..StoryFilter::default() };
    let stories = readers.at_once(|store| store.stories_for(&filter, infos))?;
    let context = context(config, infos, live);
    // The oldest day is there in part only; it was written when it was whole.
    let is_cut = stories.len() >= STORIES_WITH_PAGES as usize;
    let days = page::days_of(&stories, &context.time_zone);
    let partial = days.last().filter(|_| is_cut).map(|(date, _)| *date);
    let theme = theme(config)?;
    let mut files =
        page::all(&theme, &context, &stories, config.feed.max_items, |date| Some(date) != partial)?;
    if let Some(date) = partial {
        let path = page::day_path(date);
        files.retain(|file| file.path != path);
    }
    Ok(files)
}

/// Whether a published file is one of the pages: those of days that are over stay.
pub(super) fn is_page(path: &str) -> bool {
    path.ends_with(".html") && path.starts_with("days/")
}

/// How many stories a page of search results shows.
const FOUND_ON_A_PAGE: u32 = 20;

/// The page with the stories that a query finds; with the empty form where there is no word in it.
pub(super) fn search(
    store: &Store,
    config: &Config,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    query: &str,
    number: usize,
) -> Result<Vec<u8>, TickError> {
    let offset = u32::try_from(number.saturating_sub(1)).unwrap_or(u32::MAX).saturating_mul(FOUND_ON_A_PAGE);
    let found = match crate::text::search::expression(query) {
        Some(expression) => store.search(&expression, offset, FOUND_ON_A_PAGE, infos)?,
        None => crate::store::Found::default(),
    };
    let stories: Vec<_> = found.stories.iter().collect();
    let more = u64::from(offset) + (stories.len() as u64) < found.total;
    let found = page::Found { query, page: number, stories: &stories, total: found.total, more };
    Ok(page::search(&theme(config)?, &context(config, infos, true), &found)?)
}

/// The page that shows how every source is doing.
pub(super) fn status(
    store: &Store,
    config: &Config,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    now: Timestamp,
) -> Result<Vec<u8>, TickError> {
    let states: HashMap<String, SourceState> =
        store.source_states()?.into_iter().map(|s| (s.id.to_string(), s)).collect();
    let counts = store.entry_counts()?;
    let mut rows = Vec::with_capacity(config.sources.len());
    for source in &config.sources {
        let state = states.get(source.id.as_str());
        let per_day = match state {
            Some(state) => store.entries_per_day(state.key, now, SPARK_DAYS)?,
            None => Vec::new(),
        };
        let title =
            state.and_then(|s| infos.get(&s.key)).map_or_else(|| source.id.to_string(), |i| i.title.clone());
        rows.push(StatusRow {
            id: source.id.to_string(),
            title,
            address: super::public_url(source),
            health: match state {
                _ if !source.enabled => Health::Paused,
                None => Health::Waiting,
                Some(s) if s.gone => Health::Gone,
                Some(s) if s.last_visit.is_none() || s.retry_at.is_some_and(|at| at > now) => Health::Waiting,
                Some(s) if s.error_kind.is_some() => Health::Failing,
                Some(_) => Health::Healthy,
            },
            last_success: state.and_then(|s| s.last_success),
            last_new: state.and_then(|s| s.last_new),
            next_due: state.and_then(|s| s.next_due),
            entries: state.and_then(|s| counts.get(&s.key)).map_or(0, |n| u64::from(*n)),
            per_day,
            error: state.and_then(|s| {
                let kind: ErrorKind = serde_json::from_value(s.error_kind.clone()?.into()).ok()?;
                Some((kind, s.error.clone()?))
            }),
        });
    }
    Ok(page::status(&theme(config)?, &context(config, infos, true), &rows, now)?)
}
