//! Stories: which entries tell the same one, and which are published.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Row, Transaction, params};
use uuid::Uuid;

use super::articles::{ENTRY, entry};
use super::{Result, Store, time};
use crate::model::{Entry, Member, SourceInfo, Story, Why};

/// An entry that belongs to no story yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The entry.
    pub entry: Entry,
    /// Its source's row.
    pub source: i64,
    /// Its place in its document at first sight.
    pub position: u32,
}

/// A decision on one entry, to be written.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The entry's row.
    pub entry: i64,
    /// The story that it joins.
    pub story: Uuid,
    /// Why; `None` for a founder.
    pub why: Option<Why>,
}

/// Which stories an output may take.
#[derive(Clone, Debug, Default)]
pub struct StoryFilter {
    /// Only stories that one of these sources (rows) carries; `None`: all.
    pub sources: Option<Vec<i64>>,
    /// Only stories not older.
    pub since: Option<Timestamp>,
    /// How many.
    pub limit: u32,
}

/// Notes that what is published may differ from now on.
pub(super) fn touch(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO meta (name, value) VALUES ('revision', 1) ON CONFLICT DO UPDATE SET value = value + 1",
        [],
    )
    .map(drop)
}

impl Store {
    /// A number that moves when what is published may have changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revision(&self) -> Result<i64> {
        let found = self.connection.query_row(
            "SELECT coalesce((SELECT value FROM meta WHERE name = 'revision'), 0)",
            [],
            |row| row.get(0),
        );
        self.check(found)
    }

    /// The rows of the stories that a filter selects, newest first.
    fn select(&self, filter: &StoryFilter) -> rusqlite::Result<Vec<i64>> {
        let since = filter.since.map_or(i64::MIN, Timestamp::as_second);
        let Some(sources) = &filter.sources else {
            let mut newest = self.connection.prepare_cached(
                "SELECT key FROM story st WHERE published >= ?1 AND EXISTS (SELECT 1 FROM entry e
                   JOIN source s ON s.key = e.source WHERE e.story = st.key AND s.active = 1)
                 ORDER BY published DESC, position, id LIMIT ?2",
            )?;
            return newest.query_map(params![since, filter.limit], |row| row.get(0))?.collect();
        };
        // The newest of each source, then the newest of these: no scan over what other sources carry.
        let mut of_source = self.connection.prepare_cached(
            "SELECT DISTINCT e.story, st.published, st.position, st.id FROM entry e JOIN story st ON st.key = e.story
             WHERE e.source = ?1 AND e.place >= ?2 AND e.place IS NOT NULL ORDER BY e.place DESC LIMIT ?3",
        )?;
        let mut found: Vec<(i64, i64, [u8; 16], i64)> = Vec::new();
        for source in sources {
            let rows = of_source.query_map(params![source, since, filter.limit], |row| {
                Ok((-row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?, row.get(0)?))
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().take(filter.limit as usize).map(|(.., story)| story).collect())
    }

    /// The stories that a filter selects, newest first, with the members whose sources are active. `infos` has
    /// what is known of each source, by row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_for(
        &self,
        filter: &StoryFilter,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> Result<Vec<Story>> {
        let found = self.select(filter).and_then(|keys| {
            keys.into_iter().map(|key| self.load_story(key, infos)).collect::<rusqlite::Result<Vec<_>>>()
        });
        self.check(found)
    }

    fn load_story(&self, key: i64, infos: &HashMap<i64, Arc<SourceInfo>>) -> rusqlite::Result<Story> {
        let mut head = self
            .connection
            .prepare_cached("SELECT id, published, updated, lead FROM story WHERE key = ?1")?;
        let (id, published, updated, lead): (Uuid, i64, i64, i64) =
            head.query_row([key], |row| Ok((uuid(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ENTRY}, e.source, e.why FROM entry e JOIN source s ON s.key = e.source
             WHERE e.story = ?1 AND s.active = 1 ORDER BY e.key <> ?2, e.published, s.id, e.guid"
        ))?;
        let members = statement.query_map(params![key, lead], |row| {
            let source: i64 = row.get(13)?;
            let why: Option<Why> =
                row.get::<_, Option<String>>(14)?.and_then(|t| serde_json::from_str(&t).ok());
            Ok(Member { entry: entry(row)?, source: infos.get(&source).cloned().unwrap_or_default(), why })
        })?;
        Ok(Story {
            id: id.urn().to_string(),
            published: time(published),
            updated: time(updated),
            members: members.collect::<rusqlite::Result<_>>()?,
        })
    }
}

fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}
