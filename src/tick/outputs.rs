//! Stories → the files that people subscribe to.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::TickError;
use crate::config::{Config, Format, Output};
use crate::model::{Location, Source, SourceId, SourceInfo, Story};
use crate::publish::files::{Folder, Written};
use crate::publish::{self, Around, Channel, Selection};
use crate::store::{SourceState, Store, StoryFilter};

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
    store: &Store,
    config: &Config,
    folder: &Path,
    now: Timestamp,
) -> Result<Published, TickError> {
    let state = fingerprint(store, config)?;
    let time_matters = config.outputs.iter().any(|o| o.max_age.is_some());
    let all_there = || config.outputs.iter().all(|o| folder.join(&o.path).is_file());
    if !time_matters && store.meta("published")?.as_deref() == Some(state.as_str()) && all_there() {
        return Ok(Published::default());
    }
    let states = store.source_states()?;
    let infos = source_infos(config, &states);
    let feed_id = feed_id(store, config)?;
    let files = Folder::open(folder, true)?;
    let mut staged = Vec::with_capacity(config.outputs.len());
    let mut cache: Vec<(StoryFilter, Vec<Story>)> = Vec::new();
    for output in &config.outputs {
        let bytes = if output.format == Format::Opml {
            opml(config, output, &infos)
        } else {
            let filter = filter(config, output, &infos, now);
            let stories = match cache.iter().find(|(f, _)| *f == filter) {
                Some((_, stories)) => stories,
                None => {
                    let stories = store.stories_for(&filter, &infos)?;
                    cache.push((filter, stories));
                    &cache[cache.len() - 1].1
                }
            };
            document(config, output, &feed_id, stories, now)
        };
        staged.push(files.stage(&output.path, &bytes)?);
    }
    let mut published = Published::default();
    let mut failed = None;
    for (path, result) in files.commit(staged)? {
        match result {
            Ok(Written::Changed) => published.written.push(path),
            Ok(Written::Unchanged) => {}
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    published.removed = files.prune(|path| config.outputs.iter().any(|o| o.path == path))?;
    store.set_meta("published", &state)?;
    Ok(published)
}

/// Says whether what is published is what would be published now: the store's revision, what the
/// configuration says of it, and the version that wrote it.
fn fingerprint(store: &Store, config: &Config) -> Result<String, TickError> {
    let shown: Vec<_> = config
        .sources
        .iter()
        .map(|s| {
            (
                &s.id,
                &s.title,
                public_url(s),
                &s.tags,
                s.priority,
                s.language.as_deref(),
                s.content,
                s.max_items,
                s.enabled,
            )
        })
        .collect();
    let said = format!("{:?} {:?} {:?} {}", config.feed, config.outputs, shown, config.serve.listen);
    let said = crate::store::hash(&said);
    Ok(format!("{} {} {said:x}", store.revision()?, env!("CARGO_PKG_VERSION")))
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
fn filter(
    config: &Config,
    output: &Output,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    now: Timestamp,
) -> StoryFilter {
    let selective = !output.tags.is_empty() || !output.sources.is_empty();
    let wanted = |info: &SourceInfo| {
        (output.tags.is_empty() || info.tags.iter().any(|t| output.tags.contains(t)))
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

fn document(config: &Config, output: &Output, feed_id: &str, stories: &[Story], now: Timestamp) -> Vec<u8> {
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
    channel.content = output.content;
    let selection = Selection {
        tags: output.tags.clone(),
        sources: output.sources.iter().map(ToString::to_string).collect(),
        language: output.language.clone(),
        max_items: Some(output.max_items),
        max_age: output.max_age,
    };
    let picks = publish::select(stories, &selection, now);
    let items = publish::items(&picks, &channel);
    publish::render(&channel, &items, &Around::default())
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
