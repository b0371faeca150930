//! Which story each new entry belongs to: the stories room decides, the store remembers.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use uuid::Uuid;

use super::TickError;
use super::index::PassIndex;
use crate::config::{Config, Dedupe};
use crate::store::{Pending, Store};
use crate::stories::cluster::{self, Assigned, NewEntry};
use crate::stories::{EntryKey, Features, LeadCandidate, Options, lead};

/// How many entries are looked at together. They find each other in memory, older ones through the index.
const CHUNK: usize = 4096;

/// What `[dedupe]` says, in the terms of the stories room.
pub fn dedupe_options(dedupe: &Dedupe) -> Options {
    let window = i64::try_from(dedupe.window.as_secs()).unwrap_or(Options::MAX_WINDOW);
    Options {
        window: window.min(Options::MAX_WINDOW),
        near_text: dedupe.near_text,
        across_languages: dedupe.across_languages,
    }
}

/// Gives every entry without a story one, all in one transaction. Returns how many stories are new.
pub(super) fn cluster(store: &mut Store, config: &Config, now: Timestamp) -> Result<usize, TickError> {
    let pending = store.pending()?;
    if pending.is_empty() {
        return Ok(0);
    }
    let priorities: HashMap<&str, i32> = config.sources.iter().map(|s| (s.id.as_str(), s.priority)).collect();
    store.atomically(|store| {
        let mut founded = 0;
        let mut index = PassIndex::new(store);
        for chunk in pending.chunks(CHUNK) {
            founded += if config.dedupe.enabled {
                cluster_chunk(store, &mut index, chunk, &priorities, dedupe_options(&config.dedupe), now)?
            } else {
                found_each(store, chunk)?
            };
        }
        index.write()?;
        store.clustered_up_to(pending.iter().copied().max().unwrap_or_default())?;
        Ok(founded)
    })
}

fn cluster_chunk(
    store: &Store,
    index: &mut PassIndex<'_>,
    rows: &[i64],
    priorities: &HashMap<&str, i32>,
    options: Options,
    now: Timestamp,
) -> Result<usize, TickError> {
    let entries: HashMap<EntryKey, Pending> =
        store.pending_entries(rows)?.into_iter().map(|e| (e.entry, e)).collect();
    let new = rows
        .iter()
        .filter_map(|row| entries.get(row))
        .map(|entry| NewEntry {
            key: entry.entry,
            source: entry.source.as_str().into(),
            guid: entry.guid.clone(),
            // Written by this version a moment ago, else by another before an upgrade: then it is recognised by
            // nothing, and stands for itself.
            features: Features::from_bytes(&entry.features).unwrap_or_default(),
        })
        .collect();
    let outcome = cluster::cluster(new, index, options)?;
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
fn choose_lead(store: &Store, story: i64, priorities: &HashMap<&str, i32>) -> Result<(), TickError> {
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
