//! Stories: which entries tell the same one.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{Result, Store, time};
use crate::model::Why;

/// An entry that belongs to no story yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its row.
    pub entry: i64,
    /// The name of its source.
    pub source: String,
    /// Unique in its source.
    pub guid: String,
    /// Frozen at first sight.
    pub published: Timestamp,
    /// When it changed last.
    pub updated: Timestamp,
    /// Its place in its document at first sight.
    pub position: u32,
    /// What it is recognised by, in the form that the stories room knows.
    pub features: Vec<u8>,
}

/// What the choice of a story's lead needs to know of a member.
#[derive(Clone, Debug)]
pub struct Teller {
    /// Its row.
    pub entry: i64,
    /// The name of its source.
    pub source: String,
    /// Unique in its source.
    pub guid: String,
    /// Frozen at first sight.
    pub published: Timestamp,
    /// When it changed last.
    pub updated: Timestamp,
    /// What it is recognised by, in the form that the stories room knows.
    pub features: Vec<u8>,
}

/// The revision that a change belongs to which is being made now: [`touch`] follows in the same transaction.
pub(super) const NEXT_REVISION: &str =
    "(SELECT coalesce((SELECT value FROM meta WHERE name = 'revision'), 0) + 1)";

/// Notes that what is published may differ from now on.
pub(super) fn touch(tx: &Connection) -> rusqlite::Result<()> {
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

    /// When the last of the newest `count` stories was published: the lower end of a feed. `None` where there
    /// are no stories yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lower_end(&self, count: usize) -> Result<Option<Timestamp>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT min(published) FROM (SELECT published FROM story ORDER BY published DESC LIMIT ?1)",
            )
            .and_then(|mut s| {
                s.query_row([i64::try_from(count).unwrap_or(i64::MAX)], |row| row.get::<_, Option<i64>>(0))
            });
        Ok(self.check(found)?.map(time))
    }

    /// The rows of the entries that belong to no story yet. Their order depends on nothing but what they are: date,
    /// source, guid.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pending(&self) -> Result<Vec<i64>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT e.key FROM entry e JOIN source s ON s.key = e.source
                 WHERE e.key > coalesce((SELECT value FROM meta WHERE name = 'clustered'), 0) AND e.story IS NULL
                 ORDER BY e.published, s.id, e.guid",
            )
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect());
        self.check(found)
    }

    /// What clustering needs to know of entries, in the order of `rows`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pending_entries(&self, rows: &[i64]) -> Result<Vec<Pending>> {
        let found = (|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT e.key, s.id, e.guid, e.published, e.updated, e.position, f.bytes
                 FROM entry e JOIN source s ON s.key = e.source JOIN feature f ON f.entry = e.key WHERE e.key = ?1",
            )?;
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                found.push(statement.query_row([row], |row| {
                    Ok(Pending {
                        entry: row.get(0)?,
                        source: row.get(1)?,
                        guid: row.get(2)?,
                        published: time(row.get(3)?),
                        updated: time(row.get(4)?),
                        position: row.get(5)?,
                        features: row.get(6)?,
                    })
                })?);
            }
            Ok(found)
        })();
        self.check(found)
    }

    /// Founds a story with its first entry. Gives its row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn found_story(&self, id: Uuid, founder: &Pending) -> Result<i64> {
        let done = (|| {
            let db = &self.connection;
            let new = db
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO story (id, published, position, updated, lead, revision)
                     VALUES (?1, ?2, ?3, ?4, ?5, {NEXT_REVISION})",
                ))?
                .execute(params![
                    id.into_bytes(),
                    founder.published.as_second(),
                    founder.position,
                    founder.updated.as_second(),
                    founder.entry
                ])?;
            let (story, place): (i64, i64) = match new {
                // The same founder founds the same story: after a restored backup, say.
                0 => db
                    .prepare_cached(&format!(
                        "UPDATE story SET lead = ?2, revision = {NEXT_REVISION} WHERE id = ?1 RETURNING key, published",
                    ))?
                    .query_row(params![id.into_bytes(), founder.entry], |row| Ok((row.get(0)?, row.get(1)?)))?,
                _ => (db.last_insert_rowid(), founder.published.as_second()),
            };
            db.prepare_cached("UPDATE entry SET story = ?2, why = NULL, place = ?3 WHERE key = ?1")?
                .execute([founder.entry, story, place])?;
            Ok(story)
        })();
        self.check(done)
    }

    /// Lets an entry join a story.
    ///
    /// # Errors
    /// When the database fails.
    pub fn join_story(&self, entry: i64, story: i64, why: Option<&Why>) -> Result<()> {
        let why = why.and_then(|why| serde_json::to_string(why).ok());
        let done = self
            .connection
            .prepare_cached(
                "UPDATE entry SET story = ?2, why = ?3, place = (SELECT published FROM story WHERE key = ?2) WHERE key = ?1",
            )
            .and_then(|mut s| s.execute(params![entry, story, why]))
            .and_then(|_| self.mark_story(story));
        self.check(done)
    }

    /// Unites two stories: the members of `younger` go over to `older`, and a tombstone stays.
    ///
    /// # Errors
    /// When the database fails.
    pub fn retire_story(&self, younger: i64, older: i64, now: Timestamp) -> Result<()> {
        let done = (|| {
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO tombstone (id, at, merged_into)
                     SELECT y.id, ?3, o.id FROM story y, story o WHERE y.key = ?1 AND o.key = ?2",
                )?
                .execute(params![younger, older, now.as_second()])?;
            // What became part of the younger one before is part of the older one now.
            self.connection
                .prepare_cached(
                    "UPDATE tombstone SET merged_into = (SELECT id FROM story WHERE key = ?2)
                     WHERE merged_into = (SELECT id FROM story WHERE key = ?1)",
                )?
                .execute([younger, older])?;
            self.connection
                .prepare_cached(
                    "UPDATE entry SET story = ?2, place = (SELECT published FROM story WHERE key = ?2) WHERE story = ?1",
                )?
                .execute([younger, older])?;
            self.connection.prepare_cached("DELETE FROM story WHERE key = ?1")?.execute([younger])?;
            self.mark_story(older)
        })();
        self.check(done)
    }

    /// Notes that a story reads differently now.
    fn mark_story(&self, story: i64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(&format!("UPDATE story SET revision = {NEXT_REVISION} WHERE key = ?1"))?
            .execute([story])
            .map(drop)
    }

    /// The sources (rows) of whose stories, or of which, something changed after a revision.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sources_changed_since(&self, revision: i64) -> Result<Vec<i64>> {
        // From the stories that changed to their entries: the other way round is a scan over all entries.
        let found = self
            .connection
            .prepare_cached(
                "SELECT e.source FROM story st CROSS JOIN entry e ON e.story = st.key WHERE st.revision > ?1
                 UNION SELECT key FROM source WHERE revision > ?1",
            )
            .and_then(|mut s| s.query_map([revision], |row| row.get(0))?.collect());
        self.check(found)
    }

    /// How many entries of a source were published on each of the last `days` days, today last.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_per_day(&self, source: i64, now: Timestamp, days: i64) -> Result<Vec<u32>> {
        const DAY: i64 = 86_400;
        let first = now.as_second().div_euclid(DAY) - days + 1;
        let mut counts = vec![0_u32; usize::try_from(days).unwrap_or(0)];
        let filled = (|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT place FROM entry WHERE source = ?1 AND place >= ?2 AND place IS NOT NULL",
            )?;
            let mut rows = statement.query([source, first * DAY])?;
            while let Some(row) = rows.next()? {
                let day = row.get::<_, i64>(0)?.div_euclid(DAY) - first;
                if let Some(count) = usize::try_from(day).ok().and_then(|day| counts.get_mut(day)) {
                    *count += 1;
                }
            }
            Ok(())
        })();
        self.check(filled).map(|()| counts)
    }

    /// The members of a story, as far as the choice of its lead needs them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tellers(&self, story: i64) -> Result<Vec<Teller>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT e.key, s.id, e.guid, e.published, e.updated, f.bytes FROM entry e JOIN source s ON s.key = e.source
                 JOIN feature f ON f.entry = e.key WHERE e.story = ?1",
            )
            .and_then(|mut s| {
                s.query_map([story], |row| {
                    Ok(Teller {
                        entry: row.get(0)?,
                        source: row.get(1)?,
                        guid: row.get(2)?,
                        published: time(row.get(3)?),
                        updated: time(row.get(4)?),
                        features: row.get(5)?,
                    })
                })?
                .collect()
            });
        self.check(found)
    }

    /// Lets an entry speak for its story.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_lead(&self, story: i64, lead: i64, updated: Timestamp) -> Result<()> {
        let done = self
            .connection
            .prepare_cached(
                "UPDATE story SET lead = ?2, updated = max(updated, ?3) WHERE key = ?1 AND lead <> ?2",
            )
            .and_then(|mut s| s.execute(params![story, lead, updated.as_second()]));
        self.check(done).map(drop)
    }

    /// Notes that all entries up to this row have a story, and that what is published may differ.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clustered_up_to(&self, entry: i64) -> Result<()> {
        let done = self
            .connection
            .execute(
                "INSERT INTO meta (name, value) VALUES ('clustered', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
                [entry],
            )
            .and_then(|_| touch(&self.connection));
        self.check(done)
    }
}

pub(super) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}
