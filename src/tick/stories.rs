//! Which story each new entry belongs to: the stories room decides, the store remembers.

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::sync_channel;

use jiff::Timestamp;
use uuid::Uuid;

use super::TickError;
use super::index::{Additions, FinderIndex, PlacerIndex};
use super::written::Written;
use crate::config::{Config, Dedupe};
use crate::store::{Pending, Store, StoreError};
use crate::stories::cluster::{self, Assigned, NewEntry, Prepared};
use crate::stories::{EntryKey, Features, LeadCandidate, Options, lead};

/// How many entries are looked at together. They find each other in memory, older ones through the index.
/// Three of them are in memory at a time: one is decided on, one is prepared, one is read.
const CHUNK: usize = 768;

/// Source → its `priority`.
type Priorities<'a> = HashMap<&'a str, i32>;

/// What `[dedupe]` says, in the terms of the stories room.
pub fn dedupe_options(dedupe: &Dedupe) -> Options {
    let window = i64::try_from(dedupe.window.as_secs()).unwrap_or(Options::MAX_WINDOW);
    Options {
        window: window.min(Options::MAX_WINDOW),
        near_text: dedupe.near_text,
        across_languages: dedupe.across_languages,
    }
}

/// What entries that have got their stories are recognised by, to be written beside what comes next. It is needed when there are
/// new entries again; should the run break off before, the store knows whose is missing ([`post_what_is_missing`]).
#[derive(Default)]
#[must_use = "it is to be written"]
pub(super) struct Unposted(Option<Additions>);

impl Unposted {
    /// Writes it, if that was not done yet.
    pub(super) fn write(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some(additions) = self.0.take() else { return Ok(()) };
        store.together(|store| {
            additions.write(store)?;
            store.lack_postings_of(&[])
        })
    }
}

/// Finds out once more what entries are recognised by that got their stories in a run that broke off before it was written.
pub(super) fn post_what_is_missing(store: &mut Store, config: &Config) -> Result<(), TickError> {
    let rows = store.entries_without_postings()?;
    if rows.is_empty() {
        return Ok(());
    }
    let options = dedupe_options(&config.dedupe);
    let reader = store.another_small()?;
    let mut written = Written::for_entries(rows.len());
    let mut index = FinderIndex::new(&reader, &mut written)?;
    for rows in rows.chunks(CHUNK) {
        cluster::prepare(read(&reader, rows)?.known, &mut index, &options)?;
    }
    let mut found = Unposted(Some(index.into_additions()));
    Ok(found.write(store)?)
}

/// Gives every entry without a story one. Gives how many stories are new, and what is still to be written.
pub(super) fn cluster(
    store: &mut Store,
    config: &Config,
    now: Timestamp,
) -> Result<(usize, Unposted), TickError> {
    post_what_is_missing(store, config)?;
    let pending = store.pending()?;
    if !pending.is_empty() {
        store.together(|store| store.settle_keys())?;
    }
    let last = pending.iter().copied().max().unwrap_or_default();
    let priorities: Priorities<'_> = config.sources.iter().map(|s| (s.id.as_str(), s.priority)).collect();
    let mut founded = 0;
    let mut written = Written::for_entries(pending.len());
    let mut unposted = Unposted::default();
    let mut rest = pending.as_slice();
    while !rest.is_empty() {
        // The next run of entries asks the store for those of this one.
        unposted.write(store)?;
        // What the transaction writes they do not see, and do not need to.
        let readers = [store.another_small()?, store.another_small()?];
        let (taken, additions) = store.atomically(|store| {
            let (taken, additions) = if config.dedupe.enabled {
                let options = dedupe_options(&config.dedupe);
                let (taken, new, additions) =
                    cluster_some(store, readers, &mut written, rest, &priorities, &options, now)?;
                founded += new;
                store.lack_postings_of(&rest[..taken])?;
                (taken, Some(additions))
            } else {
                for chunk in rest.chunks(CHUNK) {
                    founded += found_each(store, chunk)?;
                }
                (rest.len(), None)
            };
            if taken == rest.len() {
                store.clustered_up_to(last)?;
            }
            Ok::<_, TickError>((taken, additions))
        })?;
        rest = &rest[taken..];
        unposted = Unposted(additions);
    }
    Ok((founded, unposted))
}

/// New entries as one thread hands them to the next.
struct Chunk<T> {
    /// How many entries were asked for.
    rows: usize,
    entries: HashMap<EntryKey, Pending>,
    /// What is known of them by now.
    known: T,
}

/// Finds stories for as many of `rows`, from the first on, as an index in memory has room for. One thread reads them, one finds out
/// who shares keys with whom, this one decides on the entries before. Gives how many entries that were, how many stories are
/// new, and what is to be written of the entries.
fn cluster_some(
    store: &Store,
    [loader, finder]: [Store; 2],
    written: &mut Written,
    rows: &[i64],
    priorities: &Priorities<'_>,
    options: &Options,
    now: Timestamp,
) -> Result<(usize, usize, Additions), TickError> {
    std::thread::scope(|scope| {
        // Who finds nobody to take a chunk ends: it is enough for now, or there was an error.
        let (load, loaded) = sync_channel::<Chunk<Vec<NewEntry>>>(0);
        let loading = scope.spawn(move || {
            for rows in rows.chunks(CHUNK) {
                if load.send(read(&loader, rows)?).is_err() {
                    break;
                }
            }
            Ok::<_, StoreError>(())
        });
        let (prepare, prepared) = sync_channel::<Chunk<Prepared>>(0);
        let finding = scope.spawn(move || {
            let mut index = FinderIndex::new(&finder, written)?;
            for Chunk { rows, entries, known } in loaded {
                let known = cluster::prepare(known, &mut index, options)?;
                if prepare.send(Chunk { rows, entries, known }).is_err() || index.is_full() {
                    break;
                }
            }
            Ok::<_, StoreError>(index.into_additions())
        });
        let mut index = PlacerIndex::new(store);
        let (mut taken, mut founded) = (0, 0);
        let placed = prepared.into_iter().try_for_each(|chunk| {
            taken += chunk.rows;
            founded += place(store, &mut index, chunk, priorities, options, now)?;
            Ok::<_, TickError>(())
        });
        let found = finding.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let loaded = loading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        placed?;
        loaded?;
        Ok((taken, founded, found?))
    })
}

fn read(reader: &Store, rows: &[i64]) -> Result<Chunk<Vec<NewEntry>>, StoreError> {
    let mut entries = reader.pending_entries(rows)?;
    let new = entries
        .iter_mut()
        .map(|entry| NewEntry {
            key: entry.entry,
            source: entry.source.as_str().into(),
            guid: entry.guid.clone(),
            // Written by this version a moment ago, else by another before an upgrade: then it is recognised by
            // nothing, and stands for itself.
            features: Features::from_bytes(&std::mem::take(&mut entry.features)).unwrap_or_default(),
        })
        .collect();
    Ok(Chunk { rows: rows.len(), entries: entries.into_iter().map(|e| (e.entry, e)).collect(), known: new })
}

fn place(
    store: &Store,
    index: &mut PlacerIndex<'_>,
    chunk: Chunk<Prepared>,
    priorities: &Priorities<'_>,
    options: &Options,
    now: Timestamp,
) -> Result<usize, TickError> {
    let Chunk { entries, known: mut prepared, .. } = chunk;
    index.count_habits(std::mem::take(&mut prepared.counts));
    let outcome = cluster::place(prepared, index, options)?;
    let mut minted: HashMap<String, i64> = HashMap::new();
    let mut touched = BTreeSet::new();
    let mut joined = Vec::new();
    for merge in &outcome.merges {
        store.retire_story(merge.retired.0, merge.kept.0, now)?;
        touched.insert(merge.kept.0);
    }
    for assignment in &outcome.assignments {
        match &assignment.story {
            Assigned::Existing(story) => {
                store.join_story(assignment.entry, story.0, Some(&assignment.why))?;
                touched.insert(story.0);
            }
            Assigned::New { id, founder } if *founder == assignment.entry => {
                let Some(entry) = entries.get(founder) else { continue };
                minted.insert(id.clone(), store.found_story(story_id(id)?, entry)?);
            }
            Assigned::New { id, .. } => joined.push((id, assignment)),
        }
    }
    for (id, assignment) in joined {
        let Some(story) = minted.get(id) else { continue };
        store.join_story(assignment.entry, *story, Some(&assignment.why))?;
        touched.insert(*story);
    }
    for story in touched {
        choose_lead(store, story, priorities)?;
    }
    Ok(minted.len())
}

/// Without dedupe every entry is a story of its own.
fn found_each(store: &Store, rows: &[i64]) -> Result<usize, TickError> {
    for entry in store.pending_entries(rows)? {
        let id = cluster::story_id(&entry.source, &entry.guid);
        store.found_story(story_id(&id)?, &entry)?;
    }
    Ok(rows.len())
}

/// Lets the most complete telling of the source with the highest priority speak for a story.
fn choose_lead(store: &Store, story: i64, priorities: &Priorities<'_>) -> Result<(), TickError> {
    let tellers = store.tellers(story)?;
    let candidates: Vec<LeadCandidate<'_>> = tellers
        .iter()
        .map(|t| LeadCandidate {
            priority: priorities.get(t.source.as_str()).copied().unwrap_or_default(),
            letters: Features::from_bytes(&t.features).map_or(0, |f| f.letters),
            published: t.published,
            source: &t.source,
            guid: &t.guid,
        })
        .collect();
    if let Some(chosen) = lead(&candidates) {
        store.set_lead(story, tellers[chosen].entry, tellers[chosen].updated)?;
    }
    Ok(())
}

fn story_id(urn: &str) -> Result<Uuid, TickError> {
    Uuid::parse_str(urn).map_err(|e| TickError::Defect(format!("the story id {urn} is no UUID: {e}")))
}
