//! What an operator should know of a source, said once when it begins and once when it is over.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::public_url;
use crate::config::Config;
use crate::model::{Source, SourceId};
use crate::schedule;
use crate::store::{Store, StoreError, Watched};

/// One failure may be anything; so many in a row are a source in trouble.
const FAILING: u32 = 3;

/// What can be said of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It failed three times in a row or more.
    Failing,
    /// It says that it is gone for good (410).
    Gone,
    /// It lies elsewhere for good; it is read from there.
    Moved,
    /// It answers, but has brought nothing new for longer than expected.
    Silent,
}

impl Flag {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Gone => "gone",
            Self::Moved => "moved",
            Self::Silent => "silent",
        }
    }
}

/// Something that began, or is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Of which source.
    pub source: SourceId,
    /// Its address, without credentials.
    pub url: String,
    /// What.
    pub flag: Flag,
    /// Whether it begins; else it is over.
    pub raised: bool,
    /// A sentence for people.
    pub message: String,
}

/// Looks at all sources, notes what began and what is over, and gives it: each once.
pub(super) fn look(store: &Store, config: &Config, now: Timestamp) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    let configured: HashMap<&str, &Source> = config.sources.iter().map(|s| (s.id.as_str(), s)).collect();
    for watched in store.watched()? {
        let Some(source) = configured.get(watched.id.as_str()).copied() else { continue };
        let holds = holding(store, source, &watched, now)?;
        let is_said = |flag: Flag| watched.flags.contains_key(flag.as_str());
        let begins: Vec<_> = holds.iter().filter(|(flag, _)| !is_said(*flag)).collect();
        let over: Vec<_> = [Flag::Failing, Flag::Gone, Flag::Moved, Flag::Silent]
            .into_iter()
            .filter(|flag| is_said(*flag) && !holds.iter().any(|(holds, _)| holds == flag))
            .collect();
        if begins.is_empty() && over.is_empty() {
            continue;
        }
        let mut flags = watched.flags.clone();
        let change = |flag, raised, message: String| Change {
            source: watched.id.clone(),
            url: public_url(source),
            flag,
            raised,
            message,
        };
        for (flag, message) in begins {
            flags.insert(flag.as_str().to_owned(), now.as_second());
            changes.push(change(*flag, true, message.clone()));
        }
        for flag in over {
            flags.remove(flag.as_str());
            changes.push(change(flag, false, format!("it is {} no more", flag.as_str())));
        }
        store.set_flags(watched.key, &flags)?;
    }
    for change in &changes {
        let (source, flag) = (&change.source, change.flag.as_str());
        match change.raised {
            true => tracing::warn!(%source, flag, "{}", change.message),
            false => tracing::info!(%source, flag, "{}", change.message),
        }
    }
    Ok(changes)
}

/// What holds of a source now, each with a sentence.
fn holding(
    store: &Store,
    source: &Source,
    watched: &Watched,
    now: Timestamp,
) -> Result<Vec<(Flag, String)>, StoreError> {
    let mut holds = Vec::new();
    if watched.gone {
        holds.push((
            Flag::Gone,
            "it is gone for good, says its server; remove it, or give its new url".to_owned(),
        ));
    } else if watched.failures >= FAILING {
        let error = watched.error.as_deref().unwrap_or("no reason is known");
        holds.push((Flag::Failing, format!("it failed {} times in a row: {error}", watched.failures)));
    }
    if let Some(place) = &watched.moved_to {
        holds.push((Flag::Moved, format!("it lies at {place} for good; put that address into feeds.toml")));
    }
    if holds.is_empty()
        && let Some(message) = silence(store, source, watched, now)?
    {
        holds.push((Flag::Silent, message));
    }
    Ok(holds)
}

/// That a source has brought nothing new for longer than expected.
fn silence(
    store: &Store,
    source: &Source,
    watched: &Watched,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    const ENOUGH: u32 = 20;
    let Some(last_new) = watched.last_new else { return Ok(None) };
    let silent = std::time::Duration::try_from(now.duration_since(last_new)).unwrap_or_default();
    let message = || format!("nothing new came since {last_new:.0}");
    // Said already, and nothing came since: it needs no learning.
    let said = watched.flags.get(Flag::Silent.as_str());
    if said.is_some_and(|since| last_new.as_second() <= *since) && source.expected_interval.is_none() {
        return Ok(Some(message()));
    }
    // Below this nothing learnt can make it silent.
    const SHORTEST: std::time::Duration = std::time::Duration::from_secs(2 * 24 * 60 * 60);
    let expected = match source.expected_interval {
        Some(expected) => Some(expected),
        None if silent <= SHORTEST => None,
        None => schedule::expected(&store.recent_times(watched.key, ENOUGH)?),
    };
    Ok(expected.filter(|expected| silent > *expected).map(|_| message()))
}
