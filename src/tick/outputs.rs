//! Stories → the files that people subscribe to.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread::ScopedJoinHandle;

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::archives::{Archives, PartToMake};
use super::made_from::State;
use super::partial::{Partial, is_same_tag, partial_outputs};
use super::readers::Readers;
use super::stories::Unposted;
use super::taken_over::{Before, Retelling, TakenOver, text_of};
use super::{TickError, pages};
use crate::config::{Config, Format, Output};
use crate::model::{Location, Source, SourceId, SourceInfo, Story};
use crate::publish::files::{Folder, Written, note_revision};
use crate::publish::page::PageFile;
use crate::publish::{self, Around, Channel, Pick, Selection, Tombstone};
use crate::store::{About, Store, StoreError, StoryFilter};

/// What publishing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files that have new bytes now.
    pub written: Vec<String>,
    /// Files that were removed since no output asks for them any more.
    pub removed: Vec<String>,
}

/// Brings the published files up to date with the store, and beside that writes what is still to be written of new entries. Writes
/// no file where nothing changed.
///
/// # Errors
/// When the store or the folder fails; files that could be written are.
pub(super) fn publish(
    store: &mut Store,
    config: &Config,
    folder: &Path,
    live: bool,
    unposted: &mut Unposted,
    now: Timestamp,
) -> Result<Published, TickError> {
    let state = State::of(store, config, live)?;
    let before = State::read(store)?;
    let time_matters = config.outputs.iter().any(|o| o.max_age.is_some());
    let all_there = config.outputs.iter().all(|o| folder.join(&o.path).is_file());
    if !time_matters && all_there && before.as_ref() == Some(&state) {
        unposted.write(store)?;
        return Ok(Published::default());
    }
    let infos = Arc::new(source_infos(config, store)?);
    let feed_id = feed_id(store, config)?;
    // What others than the changed sources say is there already, written by an earlier pass.
    let since = before.filter(|b| all_there && b.said == state.said).map_or(0, |b| b.revision);
    let readers = &Readers::new(store.path());
    std::thread::scope(|scope| {
        // The pages are made beside what comes before them.
        let pages = scope.spawn(|| pages::files(readers, config, &infos, live));
        let publishing = Publishing { config, infos: &infos, feed_id: &feed_id, folder, readers, now };
        publishing.run(store, &state, since, unposted, pages)
    })
}

/// What all that is published is made from.
struct Publishing<'p> {
    config: &'p Config,
    infos: &'p HashMap<i64, Arc<SourceInfo>>,
    feed_id: &'p str,
    folder: &'p Path,
    readers: &'p Readers,
    now: Timestamp,
}

/// How a document is made; `None` where that fails.
type Making<'a> = Box<dyn FnOnce() -> Option<Vec<u8>> + Send + 'a>;
/// Those who make the pages beside all else.
type PageMaker<'scope> = ScopedJoinHandle<'scope, Result<Vec<PageFile>, TickError>>;

impl Publishing<'_> {
    /// Makes what differs from what was made at the revision `since`.
    fn run(
        &self,
        store: &mut Store,
        state: &State,
        since: i64,
        unposted: &mut Unposted,
        pages: PageMaker<'_>,
    ) -> Result<Published, TickError> {
        let &Self { config, infos, folder, readers, now, .. } = self;
        let Partial { dirty, all } = partial_outputs(store, config, infos, since)?;
        let taken_over = &match since {
            0 => TakenOver::nothing(state.said, state.revision),
            _ => TakenOver::read(store, state.said, state.revision)?,
        };
        let files = Folder::open(folder, true)?;
        // What is there once for each source, tag or day, and the parts of archives; the front page is asked for by everybody.
        files.quick_over(dirty.iter().map(|(output, _)| output.path.clone()));
        note_revision(folder, state.revision)?;
        if since == 0 {
            // Should this break off, what is published is partly of before and partly of now: then nothing is known of it.
            State::forget(store)?;
        }

        let failed: Mutex<Option<TickError>> = Mutex::default();
        let fail = |error: TickError| -> Option<Vec<u8>> {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            None
        };
        let fail = &fail;
        // Which parts an archive has is found out while the feeds of single sources and tags are made: they link to none.
        let is_found: OnceLock<Archives> = OnceLock::new();
        let archives = &is_found;
        let (close, closed) = mpsc::sync_channel::<()>(1);
        let beside = &mut *store;
        let write = || -> Result<(), TickError> {
            // It ends here whatever happens: whoever waits for it would wait for ever.
            let close = close;
            let found = Archives::close(beside, config, infos, folder, now)?;
            files.quick_over(found.to_make.iter().map(|part| part.path.clone()));
            let _ = archives.set(found);
            // Nobody waits for it where making broke off.
            let _ = close.send(());
            unposted.write(beside)?;
            // What was written in this pass goes to the database's file now, not when nobody has anything else to do. Where that is not
            // possible, it waits in the log.
            match beside.write_back() {
                Err(error) if error.is_damage() => Err(error.into()),
                _ => Ok(()),
            }
        };
        let with_archives = std::iter::once_with(move || closed.recv().ok().and_then(|()| archives.get()));
        let with_archives = with_archives.flatten().flat_map(|archives| {
            // Parts of archives come before the documents that link to them.
            let parts = archives.to_make.iter().map(move |part| -> (String, Making<'_>) {
                let make = move || {
                    let channel = channel(config, &part.output, self.feed_id);
                    part.document(readers, infos, &channel, now).map_or_else(|e| fail(e.into()), Some)
                };
                (part.path.clone(), Box::new(make))
            });
            let mut last: Option<(StoryFilter, Arc<Vec<Story>>)> = None;
            let configured =
                config.outputs.iter().filter_map(move |output| -> Option<(String, Making<'_>)> {
                    let path = output.path.clone();
                    if output.format == Format::Opml {
                        return Some((path, Box::new(move || Some(opml(config, output, infos)))));
                    }
                    // The formats of one output share its stories.
                    let filter = filter(config, output, infos, now);
                    if last.as_ref().is_none_or(|(of, _)| *of != filter) {
                        match readers.at_once(|store| store.stories_for(&filter, infos)) {
                            Ok(stories) => last = Some((filter, Arc::new(stories))),
                            Err(error) => {
                                fail(error.into());
                                return None;
                            }
                        }
                    }
                    let stories = last.as_ref()?.1.clone();
                    let make = move || {
                        self.document(output, &stories, archives).map_or_else(|e| fail(e.into()), Some)
                    };
                    Some((path, Box::new(make)))
                });
            parts.chain(configured)
        });
        let no_archive = &Archives::default();
        let partial = dirty.into_iter().map(move |(output, source)| -> (String, Making<'_>) {
            let path = output.path.clone();
            let make = move || {
                let made = match source {
                    Some(source) => self.of_source(&output, source, taken_over),
                    None => {
                        let filter = filter(config, &output, infos, now);
                        let stories = readers.at_once(|store| store.stories_for(&filter, infos));
                        stories.and_then(|stories| self.document(&output, &stories, no_archive))
                    }
                };
                made.map_or_else(|e| fail(e.into()), Some)
            };
            (path, Box::new(make))
        });
        let (page_paths, broken): (Mutex<HashSet<String>>, Mutex<Option<TickError>>) = Default::default();
        let pages = std::iter::once_with(|| {
            // With a broken theme the feeds are published all the same, and the pages stay as they were.
            let pages = match pages.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
                Ok(pages) => pages,
                Err(error) => {
                    *broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    Vec::new()
                }
            };
            let many = pages.iter().filter(|page| page.path.contains('/') && page.path.ends_with(".html"));
            files.quick_over(many.map(|page| page.path.clone()));
            let mut paths = page_paths.lock().unwrap_or_else(PoisonError::into_inner);
            paths.extend(pages.iter().map(|page| page.path.clone()));
            pages.into_iter().map(|page| -> (String, Making<'_>) {
                let bytes = page.bytes;
                (page.path, Box::new(move || Some(bytes)))
            })
        });
        let (results, is_written) = std::thread::scope(|scope| {
            let writing = scope.spawn(write);
            let results = files.make(partial.chain(with_archives).chain(pages.flatten()));
            (results, writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let results = results?;
        is_written?;
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        let archives = is_found.into_inner().unwrap_or_default();
        let mut published = Published::default();
        let parts: HashMap<&str, &PartToMake> =
            archives.to_make.iter().map(|part| (part.path.as_str(), part)).collect();
        let made = results.iter().filter(|(_, result)| result.is_ok());
        let made: Vec<_> = made.filter_map(|(path, _)| parts.get(path.as_str())).collect();
        if !made.is_empty() {
            store.atomically(|store| made.iter().try_for_each(|part| part.is_made(store)))?;
        }
        for (path, result) in results {
            if result? == Written::Changed {
                published.written.push(path);
            }
        }
        taken_over.keep(store)?;
        if let Some(error) = broken.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        let page_paths = page_paths.into_inner().unwrap_or_else(PoisonError::into_inner);
        let configured: HashSet<&str> = config.outputs.iter().map(|o| o.path.as_str()).collect();
        published.removed = files.prune(|path| {
            configured.contains(path)
                || all.contains(path)
                || archives.paths.contains(path)
                || page_paths.contains(path)
                || config.feed.pages && pages::is_page(path)
        })?;
        state.keep(store)?;
        Ok(published)
    }

    fn document(
        &self,
        output: &Output,
        stories: &[Story],
        archives: &Archives,
    ) -> Result<Vec<u8>, StoreError> {
        let channel = channel(self.config, output, self.feed_id);
        let picks = publish::select(stories, &selection(output), self.now);
        let items = publish::items(&picks, &channel);
        let tombstones = self.tombstones(output, &picks, archives)?;
        Ok(publish::render(&channel, &items, &around(output, &tombstones, archives)))
    }

    /// The feed of a single source (its row).
    fn of_source(&self, output: &Output, source: i64, taken_over: &TakenOver) -> Result<Vec<u8>, StoreError> {
        let archives = &Archives::default();
        let filter = filter_of(self.config, output, Some(vec![source]), self.now);
        if let Some(before) = taken_over.document(self.folder, &output.path)
            && let Some(document) = self.told_again(output, &filter, &before, archives, taken_over)?
        {
            return Ok(document);
        }
        let stories = self.readers.at_once(|store| store.stories_for(&filter, self.infos))?;
        let document = self.document(output, &stories, archives)?;
        // No single text comes near the bound: where those that came along are below it, all came along.
        taken_over.note(&output.path, &document, text_of(&stories));
        Ok(document)
    }

    /// [`Self::of_source`], with what stands there already, unless there are long texts among it.
    fn told_again(
        &self,
        output: &Output,
        filter: &StoryFilter,
        before: &Before,
        archives: &Archives,
        taken_over: &TakenOver,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let outlines = self.readers.at_once(|store| store.outlines_for(filter, self.infos))?;
        let picks = publish::select(outlines.iter().map(|o| &o.story), &selection(output), self.now);
        let Some(again) = Retelling::new(&outlines, picks, before) else { return Ok(None) };
        let stories = self.readers.at_once(|store| store.stories_of_rows(&again.rows(), self.infos))?;
        // What is taken over was counted before.
        let text = before.text.saturating_add(text_of(&stories));
        if text > publish::MOST_TEXT {
            return Ok(None);
        }
        let tombstones = self.tombstones(output, again.picks(), archives)?;
        let channel = channel(self.config, output, self.feed_id);
        let document = again.write(&stories, &channel, &around(output, &tombstones, archives));
        Ok(document.inspect(|document| taken_over.note(&output.path, document, text)))
    }

    fn tombstones(
        &self,
        output: &Output,
        picks: &[Pick<'_>],
        archives: &Archives,
    ) -> Result<Vec<Tombstone>, StoreError> {
        match output.format {
            Format::Atom => self.readers.at_once(|store| archives.tombstones(store, output, picks)),
            Format::Rss | Format::Json | Format::Opml => Ok(Vec::new()),
        }
    }
}

fn around<'a>(output: &Output, tombstones: &'a [Tombstone], archives: &'a Archives) -> Around<'a> {
    Around { tombstones, prev_archive: archives.newest(output), ..Around::default() }
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
///
/// # Errors
/// When the store fails.
pub fn source_infos(config: &Config, store: &Store) -> Result<HashMap<i64, Arc<SourceInfo>>, StoreError> {
    let configured: HashMap<&SourceId, &Source> = config.sources.iter().map(|s| (&s.id, s)).collect();
    let known = store.abouts()?.into_iter();
    let known = known.filter_map(|(row, id, about)| Some((row, *configured.get(&id)?, about)));
    Ok(known.map(|(row, source, about)| (row, Arc::new(source_info(source, about)))).collect())
}

fn source_info(source: &Source, about: About) -> SourceInfo {
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
    filter_of(config, output, selective.then_some(rows), now)
}

/// [`filter`], where the sources are known already.
fn filter_of(config: &Config, output: &Output, sources: Option<Vec<i64>>, now: Timestamp) -> StoryFilter {
    let capped = config.sources.iter().any(|s| s.max_items.is_some()) || output.language.is_some();
    let most = output.max_items.saturating_mul(if capped { 20 } else { 1 });
    StoryFilter {
        sources,
        tags: output.tags.clone(),
        since: output
            .max_age
            .and_then(|age| jiff::SignedDuration::try_from(age).ok())
            .and_then(|age| now.checked_sub(age).ok()),
        limit: u32::try_from(most).unwrap_or(u32::MAX),
    }
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
    let enabled: HashSet<&str> = config.sources.iter().filter(|s| s.enabled).map(|s| s.id.as_str()).collect();
    let shown = infos.values().filter(|info| enabled.contains(info.id.as_str()));
    publish::opml(&head, &publish::outlines(shown.map(AsRef::as_ref)))
}
