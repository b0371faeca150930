//! Retention: what is kept no longer leaves the store, now and then and a little at a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::TickError;
use super::marks::dropped_mark;
use super::stories::{self, Unposted};
use crate::config::Config;
use crate::store::{Keep, Room, Store, StoreError, Traces};
use crate::stories::Features;

/// How often a pass looks for what may go.
const EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How long a pass takes out what may go; the rest goes with later passes.
const AT_MOST: Duration = Duration::from_secs(5);

/// How many stories go in one transaction: as much as other work can wait for.
const BATCH: usize = 1000;

/// So far no clock goes between two passes of somebody who runs kariz; one that does may be wrong.
const LEAP: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Until it has been right for so long.
const TRUSTED: SignedDuration = SignedDuration::from_hours(48);

/// What is kept no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Stories that left.
    pub stories: usize,
    /// Their entries.
    pub entries: usize,
}

/// Takes out what is kept no longer, if it is time to look.
pub(super) fn now_and_then(
    store: &mut Store,
    config: &Config,
    unposted: &mut Unposted,
    now: Timestamp,
) -> Result<Pruned, TickError> {
    let last = store.meta("pruned")?.and_then(|at| at.parse::<Timestamp>().ok());
    // A time in the future is a clock that was wrong.
    if last.is_some_and(|last| last <= now && now.duration_since(last) < EVERY) {
        return Ok(Pruned::default());
    }
    if last.is_some_and(|last| now.duration_since(last) > LEAP) && !has_lasted(store, now)? {
        return Ok(Pruned::default());
    }
    let (pruned, finished) = prune_for(store, config, unposted, now, Some(AT_MOST))?;
    if finished {
        store.set_meta("pruned", &now.to_string())?;
    }
    if pruned.stories > 0 {
        tracing::info!(stories = pruned.stories, entries = pruned.entries, "what is kept no longer has left");
    }
    Ok(pruned)
}

/// Whether the date that the clock leapt to has been true for a while. A clock that is ten years ahead for an hour must not
/// take with it what has been kept for years.
fn has_lasted(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let since = store.meta("leapt")?.and_then(|at| at.parse::<Timestamp>().ok());
    let lasted = since
        .map(|since| now.duration_since(since))
        .filter(|lasted| (SignedDuration::ZERO..LEAP).contains(lasted));
    if lasted.is_none() {
        store.set_meta("leapt", &now.to_string())?;
    }
    Ok(lasted.is_some_and(|lasted| lasted >= TRUSTED))
}

/// Takes out all that is kept no longer, and gives the room back. The data folder must be locked by the caller.
///
/// # Errors
/// When the store fails.
pub fn prune(store: &mut Store, config: &Config, now: Timestamp) -> Result<Pruned, TickError> {
    stories::post_what_is_missing(store, config)?;
    let (pruned, _) = prune_for(store, config, &mut Unposted::default(), now, None)?;
    store.give_back(true)?;
    Ok(pruned)
}

/// What [`prune`] would take out, and how much room there is.
///
/// # Errors
/// When the store fails.
pub fn prunable(store: &Store, config: &Config, now: Timestamp) -> Result<(Pruned, Room), TickError> {
    let stories = purgeable(store, config, now, usize::MAX)?;
    let entries = store.outgoing(&stories)?.len();
    Ok((Pruned { stories: stories.len(), entries }, store.room()?))
}

fn prune_for(
    store: &mut Store,
    config: &Config,
    unposted: &mut Unposted,
    now: Timestamp,
    at_most: Option<Duration>,
) -> Result<(Pruned, bool), TickError> {
    let began = Instant::now();
    let mut pruned = Pruned::default();
    let finished = loop {
        let stories = purgeable(store, config, now, BATCH)?;
        if stories.is_empty() {
            break true;
        }
        // What leaves the index has to be in it.
        unposted.write(store)?;
        pruned.entries += store.atomically(|store| -> Result<usize, TickError> {
            let traces: Vec<Traces> = store.outgoing(&stories)?.into_iter().map(|e| traces(&e)).collect();
            store.purge(&stories, &traces, now)?;
            Ok(traces.len())
        })?;
        pruned.stories += stories.len();
        if at_most.is_some_and(|most| began.elapsed() > most) {
            break false;
        }
    };
    store.atomically(|store| store.forget_old(now))?;
    if pruned.stories > 0 {
        store.give_back(false)?;
    }
    Ok((pruned, finished))
}

/// What is forgotten with an entry, and what is remembered of it.
fn traces(entry: &crate::store::Outgoing) -> Traces {
    let features = Features::from_bytes(&entry.features).unwrap_or_default();
    Traces {
        entry: entry.entry,
        source: entry.source,
        // Some were furniture then and have no row; all are asked for.
        keys: features.postings(entry.entry, |_| false).into_iter().map(|p| p.key).collect(),
        habits: features.habits(),
        seen: vec![entry.guid_hash, crate::store::hash(&dropped_mark(entry.fingerprint))],
    }
}

fn purgeable(store: &Store, config: &Config, now: Timestamp, most: usize) -> Result<Vec<i64>, StoreError> {
    let general = &config.store;
    let since = |period: Duration| {
        // For ever, or longer than time goes back.
        SignedDuration::try_from(period).ok().and_then(|period| now.checked_sub(period).ok())
    };
    let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rows: HashMap<_, i64> = store.source_rows()?.into_iter().collect();
    let keep = config.sources.iter().filter_map(|source| {
        let own = source.keep;
        let keep = Keep {
            since: since(own.period.unwrap_or(general.keep_period)),
            max: own.max.map(whole),
            min: whole(own.min.unwrap_or(general.keep_min)),
        };
        Some((*rows.get(&source.id)?, keep))
    });
    // A source that is named no more.
    let otherwise = Keep { since: since(general.keep_period), max: None, min: 0 };
    store.purgeable(&keep.collect(), otherwise, general.keep_max.map(whole), most)
}
