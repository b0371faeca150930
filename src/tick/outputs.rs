//! Stories → the files that people subscribe to.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::archives::Archives;
use super::readers::Readers;
use super::{TickError, pages};
use crate::config::{Config, Format, Output};
use crate::model::{Location, Source, SourceId, SourceInfo, Story};
use crate::publish::files::{Folder, Written, note_revision};
use crate::publish::{self, Around, Channel, Selection};
use crate::store::{SourceState, Store, StoreError, StoryFilter};

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files that have new bytes now.
    pub written: Vec<String>,
    /// Files that were removed since no output asks for them any more.
    pub removed: Vec<String>,
}

/// Brings the published files up to date with the store. Writes nothing where nothing changed.
///
/// # Errors
/// When the store or the folder fails; files that could be written are.
pub fn publish(
    store: &mut Store,
    config: &Config,
    folder: &Path,
    live: bool,
    now: Timestamp,
) -> Result<Published, TickError> {
    let state = State { revision: store.revision()?, said: said(config, live) };
    let before = State::read(store)?;
    let time_matters = config.outputs.iter().any(|o| o.max_age.is_some());
    let all_there = config.outputs.iter().all(|o| folder.join(&o.path).is_file());
    if !time_matters && all_there && before.as_ref() == Some(&state) {
        return Ok(Published::default());
    }
    let infos = Arc::new(source_infos(config, &store.source_states()?));
    let feed_id = feed_id(store, config)?;
    // What others than the changed sources say is there already, written by an earlier pass.
    let since = before.filter(|b| all_there && b.said == state.said).map_or(0, |b| b.revision);
    let archives = Archives::close(store, config, &infos, folder, now)?;
    let partial = partial_outputs(store, config, &infos, since)?;
    // With a broken theme the feeds are published all the same, and the pages stay as they were.
    let (pages, broken) = match pages::files(store, config, &infos, live) {
        Ok(pages) => (pages, None),
        Err(error @ TickError::Page(_)) => (Vec::new(), Some(error)),
        Err(error) => return Err(error),
    };
    let page_paths: HashSet<String> = pages.iter().map(|p| p.path.clone()).collect();
    // What is there once for each source, tag or day, and the parts of archives; the front page is asked for by everybody.
    let many = page_paths.iter().filter(|path| path.contains('/') && path.ends_with(".html"));
    let parts = archives.to_make.iter().map(|part| &part.path);
    let quick = partial.dirty.iter().map(|o| &o.path).chain(many).chain(parts).cloned();
    let files = Folder::open(folder, true)?.quick_over(quick);
    note_revision(folder, state.revision)?;

    let readers = &Readers::new(store.path());
    let failed: Mutex<Option<StoreError>> = Mutex::default();
    let mut last: Option<(StoryFilter, Arc<Vec<Story>>)> = None;
    let wanted: Vec<Output> = config.outputs.iter().chain(&partial.dirty).cloned().collect();
    let (infos, feed_id, unread, archives) = (&infos, &feed_id, &failed, &archives);
    let fail = move |error| {
        *unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        None
    };
    type Making<'a> = Box<dyn FnOnce() -> Option<Vec<u8>> + Send + 'a>;
    // Parts of archives come before the documents that link to them.
    let parts = archives.to_make.iter().map(move |part| -> (String, Making<'_>) {
        let make = move || {
            let channel = channel(config, &part.output, feed_id);
            part.document(readers, infos, &channel, now).map_or_else(fail, Some)
        };
        (part.path.clone(), Box::new(make))
    });
    let documents = wanted.into_iter().filter_map(move |output| -> Option<(String, Making<'_>)> {
        let path = output.path.clone();
        if output.format == Format::Opml {
            return Some((path, Box::new(move || Some(opml(config, &output, infos)))));
        }
        let filter = filter(config, &output, infos, now);
        let read = move |filter: &StoryFilter| readers.with(|store| store.stories_for(filter, infos));
        let make = move |stories: &[Story], output: &Output| {
            document(config, output, feed_id, stories, (archives, readers), now)
        };
        if config.outputs.iter().all(|configured| configured.path != output.path) {
            let make = move || {
                let made = read(&filter).and_then(|stories| make(&stories, &output));
                made.map_or_else(fail, Some)
            };
            return Some((path, Box::new(make)));
        }
        // The formats of one output share its stories.
        if last.as_ref().is_none_or(|(of, _)| *of != filter) {
            match read(&filter) {
                Ok(stories) => last = Some((filter, Arc::new(stories))),
                Err(error) => {
                    fail(error);
                    return None;
                }
            }
        }
        let stories = last.as_ref()?.1.clone();
        let make = move || make(&stories, &output).map_or_else(fail, Some);
        Some((path, Box::new(make)))
    });
    let pages = pages.into_iter().map(|page| -> (String, Making<'_>) {
        let bytes = page.bytes;
        (page.path, Box::new(move || Some(bytes)))
    });
    let results = files.make(parts.chain(documents).chain(pages))?;
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error.into());
    }
    let mut published = Published::default();
    for (path, result) in results {
        let written = result?;
        if let Some(part) = archives.to_make.iter().find(|part| part.path == path) {
            part.is_made(store)?;
        }
        if written == Written::Changed {
            published.written.push(path);
        }
    }
    if let Some(error) = broken {
        return Err(error);
    }
    published.removed = files.prune(|path| {
        config.outputs.iter().any(|o| o.path == path)
            || partial.all.contains(path)
            || archives.paths.contains(path)
            || page_paths.contains(path)
            || config.feed.pages && pages::is_page(path)
    })?;
    store.set_meta("published", &state.to_text())?;
    Ok(published)
}

/// What published files were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    /// The store's.
    revision: i64,
    /// Hash of what the configuration and this version have to say about it.
    said: i64,
}

impl State {
    fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let text = store.meta("published")?;
        Ok(text.as_deref().and_then(|text| {
            let (revision, said) = text.split_once(' ')?;
            Some(Self { revision: revision.parse().ok()?, said: said.parse().ok()? })
        }))
    }

    fn to_text(&self) -> String {
        format!("{} {}", self.revision, self.said)
    }
}

fn is_same_tag(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// The outputs of single tags and sources.
struct Partial {
    /// Those that may read differently than at the last time.
    dirty: Vec<Output>,
    /// The paths of all.
    all: HashSet<String>,
}

/// One feed a tag and one a source, beside those of the configuration.
fn partial_outputs(
    store: &Store,
    config: &Config,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    since: i64,
) -> Result<Partial, TickError> {
    let mut partial = Partial { dirty: Vec::new(), all: HashSet::new() };
    if !config.feed.by_tag && !config.feed.by_source {
        return Ok(partial);
    }
    let changed = store.sources_changed_since(since)?;
    let changed: HashSet<&str> =
        changed.iter().filter_map(|row| infos.get(row)).map(|i| i.id.as_str()).collect();
    let mut sources: Vec<&SourceInfo> = infos.values().map(AsRef::as_ref).collect();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let is_shown = |info: &SourceInfo| config.source(&info.id).is_some_and(|s| s.enabled);
    sources.retain(|info| is_shown(info));
    let base = |path: String, title: String| Output {
        path,
        title: Some(title),
        format: Format::Atom,
        tags: Vec::new(),
        sources: Vec::new(),
        language: None,
        max_items: config.feed.max_items,
        max_age: config.feed.max_age,
        content: config.feed.content,
        archive: false,
    };
    let mut add = |output: Output, is_dirty: bool| {
        if partial.all.insert(output.path.clone()) && is_dirty {
            partial.dirty.push(output);
        }
    };
    if config.feed.by_source {
        for info in &sources {
            let output =
                base(format!("sources/{}.xml", info.id), format!("{} · {}", info.title, config.feed.title));
            let output = Output { sources: vec![info.id.as_str().into()], ..output };
            add(output, changed.contains(info.id.as_str()));
        }
    }
    if config.feed.by_tag {
        for (tag, by_rule) in pages::tags(config, sources.iter().copied()) {
            let output =
                base(format!("tags/{}.xml", pages::file_name(tag)), format!("{tag} · {}", config.feed.title));
            // Any source may bring what a rule tags.
            let is_dirty = by_rule && !changed.is_empty()
                || sources
                    .iter()
                    .any(|i| changed.contains(i.id.as_str()) && i.tags.iter().any(|t| is_same_tag(t, tag)));
            add(Output { tags: vec![tag.to_owned()], ..output }, is_dirty);
        }
    }
    Ok(partial)
}

/// Hash of what the configuration and this version have to say about what is published.
fn said(config: &Config, live: bool) -> i64 {
    let shown: Vec<_> = config
        .sources
        .iter()
        .map(|s| {
            let limits = (s.priority, s.content, s.max_items, s.enabled);
            (&s.id, &s.title, public_url(s), &s.tags, s.language.as_deref(), limits)
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let (listen, theme, hub) = (config.serve.listen, pages::theme_digest(config), config.hub_url());
    crate::store::hash(&format!(
        "{version} {live} {listen} {theme} {hub:?} {:?} {:?} {shown:?}",
        config.feed, config.outputs
    ))
}

/// The feed's own id: configured, else minted once and kept. It is made of what makes this feed this feed,
/// so that a lost database does not rename it.
fn feed_id(store: &Store, config: &Config) -> Result<String, TickError> {
    if let Some(id) = &config.feed.id {
        return Ok(id.clone());
    }
    if let Some(id) = store.meta("feed_id")? {
        return Ok(id);
    }
    let name = match &config.feed.base_url {
        Some(url) => url.to_string(),
        None => {
            let mut places: Vec<String> = config.sources.iter().map(public_url).collect();
            places.sort();
            format!("{}\n{}", config.feed.title, places.join("\n"))
        }
    };
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).urn().to_string();
    store.set_meta("feed_id", &id)?;
    Ok(id)
}

/// What is known of each source that is read, by its row in the store.
pub fn source_infos(config: &Config, states: &[SourceState]) -> HashMap<i64, Arc<SourceInfo>> {
    let configured: HashMap<&SourceId, &Source> = config.sources.iter().map(|s| (&s.id, s)).collect();
    let known = states.iter().filter_map(|state| Some((state, *configured.get(&state.id)?)));
    known.map(|(state, source)| (state.key, Arc::new(source_info(source, state)))).collect()
}

fn source_info(source: &Source, state: &SourceState) -> SourceInfo {
    let about = state.about.clone();
    let feed_url = public_url(source);
    SourceInfo {
        id: source.id.to_string(),
        title: source.title.clone().or(about.title).unwrap_or_else(|| match &source.location {
            Location::Http(url) => url.host_str().unwrap_or(source.id.as_str()).to_owned(),
            Location::File(_) => source.id.to_string(),
        }),
        feed_url,
        link: about.link,
        feed_id: about.id,
        subtitle: about.subtitle,
        language: about.language.or_else(|| source.language.clone()),
        rights: about.rights,
        image: about.image,
        icon: about.icon,
        authors: about.authors,
        tags: source.tags.clone(),
        content: source.content,
        max_items: source.max_items,
        updated: None,
    }
}

/// A source's address as others may see it: without credentials.
pub fn public_url(source: &Source) -> String {
    match &source.location {
        Location::Http(url) => {
            let mut url = url.clone();
            // Both can only fail for URLs that have no host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        file @ Location::File(_) => file.to_string(),
    }
}

/// Where the published folder is reachable: configured, else where kariz itself serves it.
pub fn base_url(config: &Config) -> Url {
    let served = format!("http://{}/", config.serve.listen);
    config.feed.base_url.clone().unwrap_or_else(|| {
        Url::parse(&served).unwrap_or_else(|_| unreachable!("a socket address makes a URL: {served}"))
    })
}

/// Which stories an output may take. A source's own `max_items` is heeded later, among these: so they are more
/// than the output shows.
pub(super) fn filter(
    config: &Config,
    output: &Output,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    now: Timestamp,
) -> StoryFilter {
    let selective = !output.tags.is_empty() || !output.sources.is_empty();
    let wanted = |info: &SourceInfo| {
        (output.tags.is_empty()
            || info.tags.iter().any(|have| output.tags.iter().any(|want| is_same_tag(have, want))))
            && (output.sources.is_empty() || output.sources.iter().any(|id| id.as_str() == info.id))
    };
    let mut rows: Vec<i64> = infos.iter().filter(|(_, info)| wanted(info)).map(|(row, _)| *row).collect();
    rows.sort_unstable();
    let capped = config.sources.iter().any(|s| s.max_items.is_some()) || output.language.is_some();
    let most = output.max_items.saturating_mul(if capped { 20 } else { 1 });
    StoryFilter {
        sources: selective.then_some(rows),
        tags: output.tags.clone(),
        since: output
            .max_age
            .and_then(|age| jiff::SignedDuration::try_from(age).ok())
            .and_then(|age| now.checked_sub(age).ok()),
        limit: u32::try_from(most).unwrap_or(u32::MAX),
    }
}

fn document(
    config: &Config,
    output: &Output,
    feed_id: &str,
    stories: &[Story],
    (archives, readers): (&Archives, &Readers),
    now: Timestamp,
) -> Result<Vec<u8>, StoreError> {
    let channel = channel(config, output, feed_id);
    let picks = publish::select(stories, &selection(output), now);
    let tombstones = match output.format {
        Format::Atom => readers.with(|store| archives.tombstones(store, output, &picks))?,
        Format::Rss | Format::Json | Format::Opml => Vec::new(),
    };
    let items = publish::items(&picks, &channel);
    let around =
        Around { tombstones: &tombstones, prev_archive: archives.newest(output), ..Around::default() };
    Ok(publish::render(&channel, &items, &around))
}

/// What an output says of itself.
fn channel(config: &Config, output: &Output, feed_id: &str) -> Channel {
    let format = match output.format {
        Format::Rss => publish::Format::Rss,
        Format::Json => publish::Format::Json,
        Format::Atom | Format::Opml => publish::Format::Atom,
    };
    let feed = &config.feed;
    let is_main =
        config.outputs.iter().find(|o| o.format == Format::Atom).is_some_and(|o| o.path == output.path);
    let id = if is_main { feed_id.to_owned() } else { publish::output_id(feed_id, &output.path) };
    let title = output.title.as_deref().unwrap_or(&feed.title);
    let mut channel = Channel::new(base_url(config), &output.path, format, &id, title);
    channel.subtitle.clone_from(&feed.subtitle);
    channel.link.clone_from(&feed.link);
    channel.author.clone_from(&feed.author);
    channel.language = output.language.clone().or_else(|| feed.language.clone());
    channel.rights.clone_from(&feed.rights);
    channel.icon.clone_from(&feed.icon);
    if config.outputs.iter().any(|o| o.path == output.path) {
        channel.hubs.extend(config.hub_url());
    }
    channel.content = output.content;
    channel
}

/// What an output takes.
pub(super) fn selection(output: &Output) -> Selection {
    Selection {
        tags: output.tags.clone(),
        sources: output.sources.iter().map(ToString::to_string).collect(),
        language: output.language.clone(),
        max_items: Some(output.max_items),
        max_age: output.max_age,
        whole: false,
    }
}

fn opml(config: &Config, output: &Output, infos: &HashMap<i64, Arc<SourceInfo>>) -> Vec<u8> {
    let head = publish::OpmlHead {
        title: output.title.clone().unwrap_or_else(|| config.feed.title.clone()),
        owner_name: config.feed.author.as_ref().and_then(|a| a.name.clone()),
        owner_id: config.feed.link.as_ref().map(ToString::to_string),
        date_modified: None,
    };
    let enabled = |info: &&Arc<SourceInfo>| config.source(&info.id).is_some_and(|s| s.enabled);
    publish::opml(&head, &publish::outlines(infos.values().filter(enabled).map(AsRef::as_ref)))
}
