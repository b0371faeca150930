//! How all sources are doing, in figures: for monitors.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use jiff::Timestamp;

use super::{TickError, database_path};
use crate::config::Config;
use crate::model::SourceId;
use crate::store::{Room, Store};

/// All sources in figures.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// How many sources are in which state.
    pub states: BTreeMap<&'static str, usize>,
    /// How many need attention, by what for.
    pub flags: BTreeMap<&'static str, usize>,
    /// Each of them.
    pub sources: Vec<SourceFigures>,
    /// The room that the database takes.
    pub room: Room,
}

/// One source in figures.
#[derive(Clone, Debug)]
pub struct SourceFigures {
    /// Its name.
    pub id: SourceId,
    /// It answered as it should last time.
    pub up: bool,
    /// When it answered as it should last.
    pub last_success: Option<Timestamp>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
}

/// All sources in figures. Before the first pass all are new.
///
/// # Errors
/// When the store fails.
pub fn overview(config: &Config, data_dir: &Path) -> Result<Overview, TickError> {
    let path = database_path(data_dir);
    let mut overview = Overview::default();
    for flag in [super::Flag::Failing, super::Flag::Gone, super::Flag::Moved, super::Flag::Silent] {
        overview.flags.insert(flag.as_str(), 0);
    }
    let enabled = config.sources.iter().filter(|s| s.enabled).count();
    let mut states: BTreeMap<&'static str, usize> = BTreeMap::from([("ok", 0), ("failing", 0), ("gone", 0)]);
    states.insert("disabled", config.sources.len() - enabled);
    states.insert("new", enabled);
    if !path.exists() {
        return Ok(Overview { states, ..overview });
    }
    let store = Store::read_only(&path)?;
    let shown: HashSet<&SourceId> = config.sources.iter().filter(|s| s.enabled).map(|s| &s.id).collect();
    for watched in store.watched()? {
        if !shown.contains(&watched.id) {
            continue;
        }
        let state = match &watched {
            w if w.gone => "gone",
            w if w.failures > 0 => "failing",
            w if w.last_visit.is_none() => "new",
            _ => "ok",
        };
        *states.entry("new").or_default() -= 1;
        *states.entry(state).or_default() += 1;
        for flag in watched.flags.keys() {
            if let Some(n) = overview.flags.get_mut(flag.as_str()) {
                *n += 1;
            }
        }
        overview.sources.push(SourceFigures {
            id: watched.id,
            up: watched.failures == 0 && !watched.gone && watched.last_success.is_some(),
            last_success: watched.last_success,
            last_new: watched.last_new,
        });
    }
    overview.room = store.room()?;
    Ok(Overview { states, ..overview })
}
