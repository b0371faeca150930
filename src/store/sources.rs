//! Sources: what is known of each from visit to visit.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::types::FromSql;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Result, Store, not_before, time};
use crate::model::{FeedHints, ParsedFeed, Person, Source, SourceId, Validators};

/// What a document says of itself, as kept for attribution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The site, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Atom id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// Logo or image, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Small square picture, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Authors of the feed as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
}

impl About {
    /// What is kept of a document.
    pub fn of(feed: &ParsedFeed) -> Self {
        Self {
            title: feed.title.clone(),
            subtitle: feed.subtitle.clone(),
            link: feed.link.clone(),
            id: feed.id.clone(),
            language: feed.language.clone(),
            rights: feed.rights.clone(),
            image: feed.image.clone(),
            icon: feed.icon.clone(),
            authors: feed.authors.clone(),
        }
    }
}

/// What is known of a source from earlier visits.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceState {
    /// Row id.
    pub key: i64,
    /// Its name.
    pub id: SourceId,
    /// It is named by feeds.toml and enabled.
    pub active: bool,
    /// Where it lies, as configured.
    pub url: String,
    /// Where a permanent redirect led.
    pub moved_to: Option<Url>,
    /// What to send with the next conditional request.
    pub validators: Validators,
    /// XXH3 of the last body that was read.
    pub body_hash: Option<i64>,
    /// When it was asked last.
    pub last_visit: Option<Timestamp>,
    /// When it answered as it should last.
    pub last_success: Option<Timestamp>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When it is to be asked next.
    pub next_due: Option<Timestamp>,
    /// What Cache-Control or Expires said last.
    pub fresh_until: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// It has asked not to be visited again (410).
    pub gone: bool,
    /// The HTTP status of the last answer.
    pub http_status: Option<u16>,
    /// The kind of the last failure, as in `status --json`.
    pub error_kind: Option<String>,
    /// The last failure, as a sentence.
    pub error: Option<String>,
    /// Do not ask before then (`Retry-After`).
    pub retry_at: Option<Timestamp>,
    /// What was odd in the last document.
    pub warnings: Vec<String>,
    /// What the document says of itself.
    pub about: About,
    /// When the document wants to be asked again.
    pub hints: FeedHints,
}

/// What [`state`] reads, in its order.
const STATE: &str = "SELECT key, id, active, url, moved_to, etag, last_modified, validators_of, body_hash, last_visit, last_success, last_new,
    next_due, fresh_until, failures, gone, http_status, error_kind, error, retry_at, warnings, about, hints FROM source";

impl Store {
    /// Makes the stored sources those of feeds.toml: new ones join, those no longer named (or not enabled)
    /// rest with their history. Gives their states in the order of `sources`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sync_sources(&mut self, sources: &[Source]) -> Result<Vec<SourceState>> {
        let path = self.path.clone();
        let result = (|| {
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let states = sync(&tx, sources)?;
            tx.commit()?;
            Ok(states)
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }

    /// What is known of every source that is or was named, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source_states(&self) -> Result<Vec<SourceState>> {
        let found = self
            .connection
            .prepare(&format!("{STATE} ORDER BY id"))
            .and_then(|mut statement| statement.query_map([], state)?.collect());
        self.check(found)
    }

    /// What the documents of every source that is or was named say of themselves, and its row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn abouts(&self) -> Result<Vec<(i64, SourceId, About)>> {
        let read = |row: &Row<'_>| {
            let mut columns = Columns { row, next: 0 };
            let (key, id) = (columns.take()?, columns.take::<String>()?);
            Ok((key, SourceId::from(id.as_str()), parsed(columns.take()?)))
        };
        let found = self
            .connection
            .prepare("SELECT key, id, about FROM source")
            .and_then(|mut statement| statement.query_map([], read)?.collect());
        self.check(found)
    }

    /// How many entries are kept of each source, by row. It takes as long as there are entries; sources without are left
    /// out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entry_counts(&self) -> Result<HashMap<i64, u32>> {
        let found = self.connection.prepare("SELECT source, count(*) FROM entry GROUP BY source").and_then(
            |mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect(),
        );
        self.check(found)
    }

    /// The rows of all sources.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source_rows(&self) -> Result<Vec<(SourceId, i64)>> {
        let found = self.connection.prepare_cached("SELECT id, key FROM source").and_then(|mut s| {
            s.query_map([], |row| Ok((SourceId::from(row.get::<_, String>(0)?.as_str()), row.get(1)?)))?
                .collect()
        });
        self.check(found)
    }

    /// When the next of the active sources is due; one that was never asked is due since ever.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due(&self) -> Result<Option<Timestamp>> {
        let found = self.connection.query_row(
            "SELECT min(coalesce(next_due, 0)) FROM source WHERE active = 1 AND gone = 0",
            [],
            |row| row.get::<_, Option<i64>>(0),
        );
        Ok(self.check(found)?.map(time))
    }

    /// Puts off when sources are to be asked next.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_off(&mut self, sources: &[(i64, Timestamp)]) -> Result<()> {
        let path = self.path.clone();
        let result = (|| {
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for (source, until) in sources {
                tx.prepare_cached("UPDATE source SET next_due = ?2 WHERE key = ?1")?
                    .execute(params![source, not_before(*until)])?;
            }
            tx.commit()
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }
}

/// Most passes change nothing of this: so it is looked at first, all in one go, and only what differs is written.
fn sync(tx: &Transaction<'_>, sources: &[Source]) -> rusqlite::Result<Vec<SourceState>> {
    let mut known = all_by_id(tx, sources.len())?;
    let named: HashSet<&str> = sources.iter().map(|s| s.id.as_str()).collect();
    let mut activate = tx.prepare("UPDATE source SET active = ?2 WHERE key = ?1")?;
    let mut relocate = tx.prepare(
        "UPDATE source SET url = ?2, moved_to = NULL, etag = NULL, last_modified = NULL, validators_of = NULL, body_hash = NULL,
           next_due = NULL, fresh_until = NULL, failures = 0, gone = 0, http_status = NULL, error_kind = NULL, error = NULL,
           retry_at = NULL, hub = NULL, topic = NULL WHERE key = ?1",
    )?;
    for state in known.values().filter(|state| state.active && !named.contains(state.id.as_str())) {
        activate.execute(params![state.key, false])?;
    }
    let mut has_changed = false;
    let mut orphans_allowed = Vec::new();
    for source in sources {
        let url = source.location.to_string();
        match known.get_mut(source.id.as_str()) {
            Some(state) => {
                if state.active != source.enabled {
                    activate.execute(params![state.key, source.enabled])?;
                    state.active = source.enabled;
                }
                if state.url != url {
                    relocate.execute(params![state.key, url])?;
                    has_changed = true;
                }
            }
            None => orphans_allowed.push((source, url)),
        }
    }
    // A source whose name was made up by us may get another one when its neighbours change; its address tells
    // that it is the same. Never taken from a source that is still named.
    let mut orphan =
        tx.prepare("SELECT key, id FROM source WHERE url = ?1 AND active = 0 ORDER BY key LIMIT 1")?;
    let mut insert = tx.prepare("INSERT INTO source (id, url, active) VALUES (?1, ?2, ?3)")?;
    let mut rename = tx.prepare("UPDATE source SET id = ?2 WHERE key = ?1")?;
    for (source, url) in orphans_allowed {
        has_changed = true;
        let old: Option<(i64, String)> =
            orphan.query_row([&url], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match old {
            Some((key, old_id)) if !named.contains(old_id.as_str()) => {
                rename.execute(params![key, source.id.as_str()])?;
                activate.execute(params![key, source.enabled])?;
            }
            _ => drop(insert.execute(params![source.id.as_str(), url, source.enabled])?),
        }
    }
    if has_changed {
        known = all_by_id(tx, sources.len())?;
    }
    let mut by_id = tx.prepare(&format!("{STATE} WHERE id = ?1"))?;
    sources
        .iter()
        .map(|source| match known.remove(source.id.as_str()) {
            Some(state) => Ok(state),
            None => by_id.query_row([source.id.as_str()], state),
        })
        .collect()
}

/// States are large: `room` for as many as there are, as a rule, spares moving them whenever the map grows.
fn all_by_id(tx: &Transaction<'_>, room: usize) -> rusqlite::Result<HashMap<String, SourceState>> {
    let mut statement = tx.prepare(STATE)?;
    let mut rows = statement.query([])?;
    let mut known = HashMap::with_capacity(room);
    while let Some(row) = rows.next()? {
        let state = state(row)?;
        known.insert(state.id.to_string(), state);
    }
    Ok(known)
}

fn state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let mut columns = Columns { row, next: 0 };
    let columns = &mut columns;
    Ok(SourceState {
        key: columns.take()?,
        id: SourceId::from(columns.take::<String>()?.as_str()),
        active: columns.take()?,
        url: columns.take()?,
        moved_to: columns.take::<Option<String>>()?.and_then(|u| Url::parse(&u).ok()),
        validators: Validators {
            etag: columns.take()?,
            last_modified: columns.take()?,
            url: columns.take()?,
        },
        body_hash: columns.take()?,
        last_visit: columns.time()?,
        last_success: columns.time()?,
        last_new: columns.time()?,
        next_due: columns.time()?,
        fresh_until: columns.time()?,
        failures: columns.take()?,
        gone: columns.take()?,
        http_status: columns.take()?,
        error_kind: columns.take()?,
        error: columns.take()?,
        retry_at: columns.time()?,
        warnings: parsed(columns.take()?),
        about: parsed(columns.take()?),
        hints: parsed(columns.take()?),
    })
}

/// The columns of a row, one after the other: to look each up by its name took longer than all else.
struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl Columns<'_, '_> {
    fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    fn time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(time))
    }
}

/// A damaged or missing JSON column is as good as none: it is written anew at the next visit.
pub(super) fn parsed<T: Default + for<'de> Deserialize<'de>>(text: Option<String>) -> T {
    text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default()
}
