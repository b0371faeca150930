//! Which stories go into which part of an output's archive (RFC 5005), and which are gone (RFC 6721).
//!
//! The rule stands in [`crate::publish::archive`]. Here it is kept with the memory of the store: each pass looks at the
//! stories that changed since the last one, and at those that are in no part yet, which are about as many as the
//! subscription document holds. A store of a million stories costs no more than one of a thousand; but after a purge, once an
//! hour at most, the oldest quarter of the parts is looked through for what is still kept.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::TickError;
use super::outputs::{base_url, filter, selection};
use super::readers::Readers;
use crate::config::{Config, Output};
use crate::model::{SourceInfo, Story};
use crate::publish::{self, Part, Selection, Tombstone};
use crate::store::{self, Archive, Gone, Store, StoreError};

/// How many stories are held in memory at a time while an archive looks at those that changed.
const AT_ONCE: usize = 500;

/// The archives of all outputs that have one, as they are to be published.
#[derive(Debug, Default)]
pub(super) struct Archives {
    /// By the path of the document that people subscribe to.
    newest: HashMap<String, Newest>,
    /// The parts that have no file yet.
    pub to_make: Vec<PartToMake>,
    /// The paths of all parts.
    pub paths: HashSet<String>,
}

#[derive(Debug)]
struct Newest {
    path: String,
    closed: Timestamp,
}

/// A closed part whose file is not there yet.
#[derive(Clone, Debug)]
pub(super) struct PartToMake {
    pub output: Output,
    pub path: String,
    archive: i64,
    number: i64,
    name: Part,
    prev: Option<Part>,
    made_for: i64,
    /// The document as it was for another `base_url`.
    elsewhere: Option<PathBuf>,
    /// When the part before was closed, and when this one.
    while_open: (Option<Timestamp>, Timestamp),
}

impl PartToMake {
    /// The document.
    pub fn document(
        &self,
        readers: &Readers,
        infos: &HashMap<i64, Arc<SourceInfo>>,
        channel: &publish::Channel,
        now: Timestamp,
    ) -> Result<Vec<u8>, StoreError> {
        if let Some(moved) = self.moved(channel) {
            return Ok(moved.into_bytes());
        }
        let stories = readers.at_once(|store| store.stories_of_part(self.archive, self.number, infos))?;
        let picks = publish::select(&stories, &everything(&self.output), now);
        // A story that no selection takes any more (its source has other tags now) stays in the part it is in.
        let taken: HashSet<&str> = picks.iter().map(|pick| pick.story.id.as_str()).collect();
        let left = stories.iter().filter(|s| !s.members.is_empty() && !taken.contains(s.id.as_str()));
        let mut picks: Vec<_> = picks.iter().copied().chain(left.map(publish::Pick::lead)).collect();
        picks.sort_by_key(|pick| std::cmp::Reverse(pick.story.published));
        let items = publish::items(&picks, channel);
        let gone = readers.with(|store| store.gone_between(self.while_open.0, Some(self.while_open.1)))?;
        let tombstones: Vec<Tombstone> = gone.iter().map(tombstone).collect();
        // One that was emptied has no entry to take its date from.
        let channel = &publish::Channel { since: Some(self.while_open.1), ..channel.clone() };
        Ok(publish::archive(channel, self.name, &items, self.prev, &tombstones))
    }

    /// The document that is there, with the addresses of now.
    fn moved(&self, channel: &publish::Channel) -> Option<String> {
        let document = std::fs::read_to_string(self.elsewhere.as_ref()?).ok()?;
        publish::moved(&document, channel, self.name)
    }

    /// Notes that the file is there.
    pub fn is_made(&self, store: &Store) -> Result<(), StoreError> {
        store.part_is_made(self.archive, self.number, self.made_for)
    }
}

impl Archives {
    /// Closes the parts that are to be closed, and tells what is to be written. `folder` is that of the
    /// published files.
    pub fn close(
        store: &mut Store,
        config: &Config,
        infos: &HashMap<i64, Arc<SourceInfo>>,
        folder: &Path,
        now: Timestamp,
    ) -> Result<Self, TickError> {
        let outputs: Vec<&Output> = config.outputs.iter().filter(|o| o.archive).collect();
        let revision = store.revision()?;
        // Flushed before the files appear: a part that a reader may have seen is never closed again otherwise.
        store.atomically(|store| {
            store.keep_archives(&outputs.iter().map(|o| o.path.as_str()).collect::<Vec<_>>())?;
            let mut archives = Self::default();
            let is_to_sweep = store.archives_want_sweeping()?;
            for output in outputs {
                let clerk = Clerk { store, config, infos, output, now };
                let archive = clerk.look_at(revision)?;
                if is_to_sweep {
                    store.sweep_archive(archive.key)?;
                }
                clerk.close(&archive)?;
                archives.take(&clerk, archive.key, folder)?;
            }
            store.archives_are_swept()?;
            Ok(archives)
        })
    }

    /// The path of the newest part of an output's archive.
    pub fn newest(&self, output: &Output) -> Option<&str> {
        self.newest.get(&output.path).map(|newest| newest.path.as_str())
    }

    /// The stories that a document says are gone: those that became part of one that it shows, and if it has
    /// an archive, all that were gone since the newest part.
    pub fn tombstones(
        &self,
        reader: &Store,
        output: &Output,
        shown: &[publish::Pick<'_>],
    ) -> Result<Vec<Tombstone>, StoreError> {
        let mut gone: BTreeMap<(i64, Uuid), Gone> = BTreeMap::new();
        let mut add = |one: Gone| {
            gone.insert((-one.at.as_second(), one.id), one);
        };
        let shown = shown.iter().filter_map(|pick| pick.story.id.parse::<Uuid>().ok());
        reader.gone_into(shown)?.into_iter().for_each(&mut add);
        if output.archive {
            let after = self.newest.get(&output.path).map(|newest| newest.closed);
            reader.gone_between(after, None)?.into_iter().for_each(&mut add);
        }
        Ok(gone.values().map(tombstone).collect())
    }

    fn take(&mut self, clerk: &Clerk<'_>, archive: i64, folder: &Path) -> Result<(), TickError> {
        let output = clerk.output;
        let parts = clerk.store.archive_parts(archive)?;
        // Its own address and that of the part before it stand in each document.
        let made_for = store::hash(base_url(clerk.config).as_str());
        let mut prev: Option<(Part, Timestamp)> = None;
        for this in &parts {
            let name = part(&this.name)?;
            let path = publish::archive_path(&output.path, name);
            let file = Some(folder.join(&path)).filter(|file| this.made_for.is_some() && file.is_file());
            if this.made_for != Some(made_for) || file.is_none() {
                self.to_make.push(PartToMake {
                    output: output.clone(),
                    path: path.clone(),
                    archive,
                    number: this.number,
                    name,
                    prev: prev.map(|(name, _)| name),
                    made_for,
                    elsewhere: file,
                    while_open: (prev.map(|(_, closed)| closed), this.at),
                });
            }
            prev = Some((name, this.at));
            self.newest.insert(output.path.clone(), Newest { path: path.clone(), closed: this.at });
            self.paths.insert(path);
        }
        Ok(())
    }
}

/// Who keeps the archive of one output.
struct Clerk<'a> {
    store: &'a Store,
    config: &'a Config,
    infos: &'a HashMap<i64, Arc<SourceInfo>>,
    output: &'a Output,
    now: Timestamp,
}

impl Clerk<'_> {
    /// Notes the stories of the output that are new to it.
    fn look_at(&self, revision: i64) -> Result<Archive, StoreError> {
        let first = Part::after(None, self.now).to_string();
        let archive = self.store.archive(&self.output.path, scope(self.config, self.output), &first)?;
        if archive.revision == revision {
            return Ok(archive);
        }
        if self.goes_by_source() {
            let filter = filter(self.config, self.output, self.infos, self.now);
            self.store.note_for_archive(&archive, filter.sources.as_deref())?;
        } else {
            let whole = everything(self.output);
            for rows in self.store.stories_changed_since(archive.revision)?.chunks(AT_ONCE) {
                let stories = self.store.stories_of_rows(rows, self.infos)?;
                let taken = publish::select(&stories, &whole, self.now);
                self.store.note_stories_for_archive(archive.key, &ids(taken.iter().map(|p| p.story)))?;
            }
        }
        self.store.archive_looked_at(archive.key, revision)?;
        Ok(archive)
    }

    /// Closes the open part, if one of its stories has no room in the subscription document.
    fn close(&self, archive: &Archive) -> Result<(), TickError> {
        let mut name = part(&archive.open)?;
        let open = self.store.stories_in_no_part(archive.key)?;
        let shown = self.shown()?;
        let has_room: HashSet<&Uuid> = shown.iter().collect();
        if open.iter().all(|id| has_room.contains(id)) {
            return Ok(());
        }
        let fresh: HashSet<&Uuid> = shown[..shown.len() / 2].iter().collect();
        let ready: Vec<Uuid> = open.into_iter().filter(|id| !fresh.contains(id)).collect();
        let parts = ready.len().div_ceil(publish::PART_STORIES);
        for stories in ready.chunks(ready.len().div_ceil(parts.max(1)).max(1)) {
            let next = Part::after(Some(name), self.now);
            self.store.close_part(archive.key, &name.to_string(), stories, &next.to_string(), self.now)?;
            name = next;
        }
        // Once, not with each part: an import closes hundreds.
        Ok(self.store.forget_gone_of_archive(archive.key)?)
    }

    /// The stories that stand in the subscription document, newest first.
    fn shown(&self) -> Result<Vec<Uuid>, StoreError> {
        let filter = filter(self.config, self.output, self.infos, self.now);
        let is_capped = self.config.sources.iter().any(|s| s.max_items.is_some());
        if self.goes_by_source() && !is_capped {
            return self.store.story_ids_for(&filter);
        }
        let stories = self.store.stories_for(&filter, self.infos)?;
        let picks = publish::select(&stories, &selection(self.output), self.now);
        Ok(ids(picks.iter().map(|pick| pick.story)))
    }

    /// Whether it is enough to know who tells a story to know whether the output takes it.
    fn goes_by_source(&self) -> bool {
        self.output.tags.is_empty() && self.output.language.is_none()
    }
}

/// What an output takes, however old and however many.
fn everything(output: &Output) -> Selection {
    Selection { max_items: None, max_age: None, whole: true, ..selection(output) }
}

/// Hash of what decides whether an output takes a story.
pub(super) fn scope(config: &Config, output: &Output) -> i64 {
    let sources: Vec<_> = config
        .sources
        .iter()
        .filter(|s| s.enabled)
        .map(|s| (&s.id, (!output.tags.is_empty()).then_some(&s.tags), s.language.as_deref()))
        .collect();
    store::hash(&format!("{:?} {:?} {:?} {sources:?}", output.tags, output.sources, output.language))
}

fn ids<'a>(stories: impl Iterator<Item = &'a Story>) -> Vec<Uuid> {
    stories.filter_map(|story| story.id.parse().ok()).collect()
}

fn part(name: &str) -> Result<Part, TickError> {
    name.parse().map_err(|e| TickError::Defect(format!("the store names a part of an archive: {e}")))
}

fn tombstone(gone: &Gone) -> Tombstone {
    Tombstone {
        id: gone.id.urn().to_string(),
        when: gone.at,
        merged_into: gone.merged_into.map(|id| id.urn().to_string()),
    }
}
