//! Search over all that is stored. Every entry is in the index, or noted as one that is to be taken in.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Error, ErrorCode, params};

use super::{Result, Store};
use crate::model::{Article, SourceInfo, Story};

/// One page of what a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many stories there are on all pages.
    pub total: u64,
    /// Those of this page, newest first.
    pub stories: Vec<Story>,
}

/// Notes that the words of an entry are to be taken in again.
pub(super) fn forget(connection: &Connection, entry: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO unindexed (entry) VALUES (?1)")?
        .execute([entry])
        .map(drop)
}

/// Takes in the words of an entry as it is inserted, or notes that they are to be taken in later.
pub(super) fn take_in(connection: &Connection, entry: i64, words: Option<&str>) -> rusqlite::Result<()> {
    let Some(words) = words else { return forget(connection, entry) };
    let taken = connection
        .prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![entry, words]);
    match taken {
        // Rows are never used twice, so there is nothing to replace, and looking for it takes a quarter of the time. A database that
        // was mended may know better.
        Err(Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
            connection.prepare_cached(REPLACE)?.execute(params![entry, words]).map(drop)
        }
        taken => taken.map(drop),
    }
}

/// Also for an entry that is in the index already.
const REPLACE: &str = "INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)";

impl Store {
    /// At most `at_most` entries whose words are not in the index yet, or not as they read now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unindexed(&self, at_most: u32) -> Result<Vec<(i64, Article)>> {
        let found =
            self.connection.prepare_cached("SELECT entry FROM unindexed ORDER BY entry LIMIT ?1").and_then(
                |mut s| s.query_map([at_most], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>(),
            );
        self.articles(&self.check(found)?)
    }

    /// Takes the words of entries (those of [`Store::unindexed`], all of them) into the index.
    ///
    /// # Errors
    /// When the database fails.
    pub fn index(&self, entries: &[(i64, String)]) -> Result<()> {
        let done = (|| {
            let mut insert = self.connection.prepare_cached(REPLACE)?;
            let mut done = self.connection.prepare_cached("DELETE FROM unindexed WHERE entry = ?1")?;
            for (entry, words) in entries {
                insert.execute(params![entry, words])?;
                done.execute([entry])?;
            }
            Ok(())
        })();
        self.check(done)
    }

    /// The stories that an FTS5 expression finds (`text::search::expression`), newest first: `limit` of
    /// them from `offset` on. `infos` has what is known of each source, by row.
    ///
    /// # Errors
    /// When the database fails, or the expression is none.
    pub fn search(
        &self,
        expression: &str,
        offset: u32,
        limit: u32,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> Result<Found> {
        const MATCHES: &str = "SELECT DISTINCT e.story FROM search f JOIN entry e ON e.key = f.rowid
            JOIN source s ON s.key = e.source WHERE search MATCH ?1 AND s.active = 1 AND e.story IS NOT NULL";
        let found = (|| {
            let total = self
                .connection
                .prepare_cached(&format!("SELECT count(*) FROM ({MATCHES})"))?
                .query_row([expression], |row| row.get::<_, i64>(0))?
                .unsigned_abs();
            let mut page = self.connection.prepare_cached(&format!(
                "SELECT key FROM story WHERE key IN ({MATCHES}) ORDER BY published DESC, position, id LIMIT ?2 OFFSET ?3"
            ))?;
            let keys = page
                .query_map(params![expression, limit, offset], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?;
            let stories = keys
                .into_iter()
                .map(|key| self.load_story(key, infos))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(Found { total, stories })
        })();
        self.check(found)
    }
}
