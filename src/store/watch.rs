//! What is worth a word about the sources, and what was said already.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use super::sources::parsed;
use super::{Result, Store, time};
use crate::model::SourceId;

/// A source as one who watches over it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Row id.
    pub key: i64,
    /// Its name.
    pub id: SourceId,
    /// Failures in a row.
    pub failures: u32,
    /// The last failure, as a sentence.
    pub error: Option<String>,
    /// It has asked not to be visited again (410).
    pub gone: bool,
    /// Where a permanent redirect led.
    pub moved_to: Option<String>,
    /// When it was asked last.
    pub last_visit: Option<Timestamp>,
    /// When it answered as it should last.
    pub last_success: Option<Timestamp>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// What was said already, and since when it holds.
    pub flags: BTreeMap<String, i64>,
}

impl Store {
    /// The sources that are named and enabled, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn watched(&self) -> Result<Vec<Watched>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT key, id, failures, error, gone, moved_to, last_visit, last_success, last_new, flags
                 FROM source WHERE active = 1 ORDER BY id",
            )
            .and_then(|mut s| {
                s.query_map([], |row| {
                    let at = |i: usize| -> rusqlite::Result<Option<Timestamp>> {
                        Ok(row.get::<_, Option<i64>>(i)?.map(time))
                    };
                    Ok(Watched {
                        key: row.get(0)?,
                        id: SourceId::from(row.get::<_, String>(1)?.as_str()),
                        failures: row.get(2)?,
                        error: row.get(3)?,
                        gone: row.get(4)?,
                        moved_to: row.get(5)?,
                        last_visit: at(6)?,
                        last_success: at(7)?,
                        last_new: at(8)?,
                        flags: parsed(row.get(9)?),
                    })
                })?
                .collect()
            });
        self.check(found)
    }

    /// Notes what was said of a source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_flags(&self, source: i64, flags: &BTreeMap<String, i64>) -> Result<()> {
        let text = (!flags.is_empty()).then(|| serde_json::to_string(flags).unwrap_or_default());
        let done = self
            .connection
            .prepare_cached("UPDATE source SET flags = ?2 WHERE key = ?1")
            .and_then(|mut s| s.execute(params![source, text]));
        self.check(done).map(drop)
    }
}
