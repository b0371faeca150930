//! The archives of outputs (RFC 5005): which part each story went into. And stories that are gone (RFC 6721).

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{Result, Store, StoryFilter, time};
use crate::model::{SourceInfo, Story};

/// The archive of a document that people subscribe to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its row.
    pub key: i64,
    /// The revision of the store up to which stories were looked at; 0 where all are to be looked at.
    pub revision: i64,
    /// The name that its next part will have.
    pub open: String,
}

/// A closed part of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivePart {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// When it was closed.
    pub at: Timestamp,
    /// Hash of the addresses in its file; `None` where there is no file yet.
    pub made_for: Option<i64>,
}

/// A story that is no longer told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The id that it had.
    pub id: Uuid,
    /// Since when it is gone.
    pub at: Timestamp,
    /// The story that it is part of now.
    pub merged_into: Option<Uuid>,
}

/// How many tombstones a document shows at most: the newest.
const TOMBSTONES: u32 = 500;

// `INDEXED BY` where SQLite, which does not know how few rows changed or are open, would walk over all there are.
impl Store {
    /// The archive of the document at `path`; makes it where there is none, with `open` as the name of its first part.
    /// With another `scope` than last time every story is to be looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archive(&self, path: &str, scope: i64, open: &str) -> Result<Archive> {
        let found = self
            .connection
            .prepare_cached(
                "INSERT INTO archive (path, scope, revision, open) VALUES (?1, ?2, 0, ?3)
                 ON CONFLICT (path) DO UPDATE
                 SET revision = iif(scope = excluded.scope, revision, 0), scope = excluded.scope
                 RETURNING key, revision, open",
            )
            .and_then(|mut s| {
                s.query_row(params![path, scope, open], |row| {
                    Ok(Archive { key: row.get(0)?, revision: row.get(1)?, open: row.get(2)? })
                })
            });
        self.check(found)
    }

    /// Forgets the archives of all documents but these.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_archives(&self, paths: &[&str]) -> Result<()> {
        let paths = serde_json::to_string(paths).unwrap_or_default();
        let done = (|| {
            let mut stale = self.connection.prepare_cached(
                "SELECT key FROM archive WHERE path NOT IN (SELECT value FROM json_each(?1))",
            )?;
            let stale: Vec<i64> =
                stale.query_map([&paths], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            for key in stale {
                self.connection.execute("DELETE FROM archive_story WHERE archive = ?1", [key])?;
                self.connection.execute("DELETE FROM archive_part WHERE archive = ?1", [key])?;
                self.connection.execute("DELETE FROM archive WHERE key = ?1", [key])?;
            }
            Ok(())
        })();
        self.check(done)
    }

    /// Notes for an archive the stories that are new or read differently since it was last looked at; with
    /// `sources` (rows) only those that one of these carries. Those that it has already stay where they are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_for_archive(&self, archive: &Archive, sources: Option<&[i64]>) -> Result<()> {
        let sources = sources.map(|rows| serde_json::to_string(rows).unwrap_or_default());
        let done = self
            .connection
            .prepare_cached(
                "INSERT OR IGNORE INTO archive_story (archive, story)
                 SELECT ?1, st.id FROM story st INDEXED BY story_by_revision WHERE st.revision > ?2 AND EXISTS (
                   SELECT 1 FROM entry e JOIN source s ON s.key = e.source
                   WHERE e.story = st.key AND s.active = 1
                     AND (?3 IS NULL OR e.source IN (SELECT value FROM json_each(?3)))) ORDER BY st.id",
            )
            .and_then(|mut s| s.execute(params![archive.key, archive.revision, sources]));
        self.check(done).map(drop)
    }

    /// Notes stories for an archive. Those that it has already stay where they are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_stories_for_archive(&self, archive: i64, stories: &[Uuid]) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("INSERT OR IGNORE INTO archive_story (archive, story) VALUES (?1, ?2)")
            .and_then(|mut s| {
                stories.iter().try_for_each(|id| s.execute(params![archive, id.into_bytes()]).map(drop))
            });
        self.check(done)
    }

    /// Notes that all stories up to a revision of the store were looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archive_looked_at(&self, archive: i64, revision: i64) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("UPDATE archive SET revision = ?2 WHERE key = ?1 AND revision <> ?2")
            .and_then(|mut s| s.execute([archive, revision]));
        self.check(done).map(drop)
    }

    /// The rows of the stories that are new or read differently since a revision, oldest row first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_changed_since(&self, revision: i64) -> Result<Vec<i64>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT key FROM story INDEXED BY story_by_revision WHERE revision > ?1 ORDER BY key",
            )
            .and_then(|mut s| s.query_map([revision], |row| row.get(0))?.collect());
        self.check(found)
    }

    /// The stories of these rows, with the members whose sources are active.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_of_rows(&self, rows: &[i64], infos: &HashMap<i64, Arc<SourceInfo>>) -> Result<Vec<Story>> {
        self.check(self.load_stories(rows, infos))
    }

    /// The ids of the stories that a filter selects, newest first: [`Store::stories_for`] without what is in them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn story_ids_for(&self, filter: &StoryFilter) -> Result<Vec<Uuid>> {
        let found = self.select(filter).and_then(|keys| {
            let mut id = self.connection.prepare_cached("SELECT id FROM story WHERE key = ?1")?;
            keys.into_iter().map(|key| id.query_row([key], |row| super::stories::uuid(row, 0))).collect()
        });
        self.check(found)
    }

    /// The stories of an archive that are in no part yet and are still told, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_in_no_part(&self, archive: i64) -> Result<Vec<Uuid>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT a.story FROM archive_story a INDEXED BY archive_story_open JOIN story st ON st.id = a.story
                 WHERE a.archive = ?1 AND a.part IS NULL AND EXISTS (
                   SELECT 1 FROM entry e JOIN source s ON s.key = e.source WHERE e.story = st.key AND s.active = 1)
                 ORDER BY st.published, st.position DESC, st.id",
            )
            .and_then(|mut s| s.query_map([archive], |row| super::stories::uuid(row, 0))?.collect());
        self.check(found)
    }

    /// Closes a part of an archive with these stories; the one after it will be called `open`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close_part(
        &self,
        archive: i64,
        name: &str,
        stories: &[Uuid],
        open: &str,
        now: Timestamp,
    ) -> Result<()> {
        let done = (|| {
            let number: i64 = self
                .connection
                .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM archive_part WHERE archive = ?1")?
                .query_row([archive], |row| row.get(0))?;
            self.connection
                .prepare_cached(
                    "INSERT INTO archive_part (archive, number, name, at) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![archive, number, name, now.as_second()])?;
            let mut put = self
                .connection
                .prepare_cached("UPDATE archive_story SET part = ?3 WHERE archive = ?1 AND story = ?2")?;
            // In the order in which they are stored.
            let mut stories = stories.to_vec();
            stories.sort_unstable();
            for story in stories {
                put.execute(params![archive, story.into_bytes(), number])?;
            }
            self.connection
                .prepare_cached("UPDATE archive SET open = ?2 WHERE key = ?1")?
                .execute(params![archive, open])
        })();
        self.check(done).map(drop)
    }

    /// Forgets stories that are gone before they came into a part of an archive.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_gone_of_archive(&self, archive: i64) -> Result<()> {
        let done = self
            .connection
            .prepare_cached(
                "DELETE FROM archive_story INDEXED BY archive_story_open WHERE archive = ?1 AND part IS NULL
                 AND NOT EXISTS (SELECT 1 FROM story st WHERE st.id = archive_story.story)",
            )
            .and_then(|mut s| s.execute([archive]));
        self.check(done).map(drop)
    }

    /// Puts parts in the place of those that an archive has: in this order, each with the stories that its file tells. Those
    /// that it has already (their number says so) keep their stories. The part after them will be called `open`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn replace_archive_parts(
        &self,
        archive: i64,
        parts: &[(ArchivePart, Vec<Uuid>)],
        open: &str,
    ) -> Result<()> {
        let done = (|| {
            let db = &self.connection;
            // Out of the way of the new numbers.
            db.execute("UPDATE archive_story SET part = -part WHERE archive = ?1 AND part > 0", [archive])?;
            db.execute("DELETE FROM archive_part WHERE archive = ?1", [archive])?;
            let mut insert = db.prepare(
                "INSERT INTO archive_part (archive, number, name, at, made_for) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let mut keep =
                db.prepare("UPDATE archive_story SET part = ?3 WHERE archive = ?1 AND part = -?2")?;
            // A story is in one part only: in the one that is known, else in the oldest.
            let mut put = db.prepare(
                "INSERT INTO archive_story (archive, story, part) VALUES (?1, ?2, ?3)
                 ON CONFLICT (archive, story) DO UPDATE SET part = excluded.part WHERE part IS NULL",
            )?;
            for (number, (part, stories)) in (1_i64..).zip(parts) {
                insert.execute(params![archive, number, part.name, part.at.as_second(), part.made_for])?;
                if part.number > 0 {
                    keep.execute([archive, part.number, number])?;
                }
                for story in stories {
                    put.execute(params![archive, story.into_bytes(), number])?;
                }
            }
            db.execute("UPDATE archive_story SET part = NULL WHERE archive = ?1 AND part < 0", [archive])?;
            db.execute("UPDATE archive SET open = ?2 WHERE key = ?1", params![archive, open])
        })();
        self.check(done).map(drop)
    }

    /// Whether stories were purged since [`Store::archives_are_swept`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn archives_want_sweeping(&self) -> Result<bool> {
        Ok(self.meta(PURGED)?.is_some())
    }

    /// Notes that the archives of all outputs were seen to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archives_are_swept(&self) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("DELETE FROM meta WHERE name = ?1")
            .and_then(|mut s| s.execute([PURGED]));
        self.check(done).map(drop)
    }

    /// Empties the oldest parts of an archive, as many as there are of whose stories, taken together, hardly one in four is
    /// kept. What is kept of them belongs to no part then, and comes into the next one. The newest of those that are empty
    /// stays as the end of the chain, to which the one after it links for ever; the others are forgotten.
    ///
    /// So there are never many more parts, files and rows than what is kept asks for, although a few old stories
    /// may be kept for ever; and a story moves so seldom that moving costs little.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sweep_archive(&self, archive: i64) -> Result<()> {
        let done = (|| {
            let in_parts: i64 = self
                .connection
                .prepare_cached("SELECT count(*) FROM archive_story WHERE archive = ?1 AND part IS NOT NULL")?
                .query_row([archive], |row| row.get(0))?;
            let mut parts = self.connection.prepare_cached(
                "SELECT p.number, count(a.story), count(st.key) FROM archive_part p
                 LEFT JOIN archive_story a ON a.archive = p.archive AND a.part = p.number
                 LEFT JOIN story st ON st.id = a.story
                 WHERE p.archive = ?1 AND p.number < (SELECT max(number) FROM archive_part WHERE archive = ?1)
                 GROUP BY p.number ORDER BY p.number",
            )?;
            let (mut all, mut kept, mut up_to) = (0_i64, 0_i64, None);
            let mut rows = parts.query([archive])?;
            while let Some(row) = rows.next()? {
                // Where so much is kept already, what comes cannot outweigh it.
                if kept * 4 >= in_parts {
                    break;
                }
                all += row.get::<_, i64>(1)?;
                kept += row.get::<_, i64>(2)?;
                if kept * 4 < all {
                    up_to = Some(row.get::<_, i64>(0)?);
                }
            }
            drop(rows);
            let Some(up_to) = up_to else { return Ok(()) };
            for sql in [
                "DELETE FROM archive_story WHERE archive = ?1 AND part <= ?2
                 AND NOT EXISTS (SELECT 1 FROM story st WHERE st.id = archive_story.story)",
                "UPDATE archive_story SET part = NULL WHERE archive = ?1 AND part <= ?2",
                "DELETE FROM archive_part WHERE archive = ?1 AND number < ?2",
                "UPDATE archive_part SET made_for = NULL WHERE archive = ?1 AND number = ?2",
            ] {
                self.connection.prepare_cached(sql)?.execute([archive, up_to])?;
            }
            Ok(())
        })();
        self.check(done)
    }

    /// The closed parts of an archive, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn archive_parts(&self, archive: i64) -> Result<Vec<ArchivePart>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT number, name, at, made_for FROM archive_part WHERE archive = ?1 ORDER BY number",
            )
            .and_then(|mut s| {
                s.query_map([archive], |row| {
                    Ok(ArchivePart {
                        number: row.get(0)?,
                        name: row.get(1)?,
                        at: time(row.get(2)?),
                        made_for: row.get(3)?,
                    })
                })?
                .collect()
            });
        self.check(found)
    }

    /// The stories of a closed part that are still told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_of_part(
        &self,
        archive: i64,
        number: i64,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> Result<Vec<Story>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT st.key FROM archive_story a JOIN story st ON st.id = a.story
                 WHERE a.archive = ?1 AND a.part = ?2 ORDER BY st.key",
            )
            .and_then(|mut s| s.query_map([archive, number], |row| row.get(0))?.collect());
        let rows: Vec<i64> = self.check(found)?;
        self.stories_of_rows(&rows, infos)
    }

    /// Notes that the file of a part is there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn part_is_made(&self, archive: i64, number: i64, made_for: i64) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("UPDATE archive_part SET made_for = ?3 WHERE archive = ?1 AND number = ?2")
            .and_then(|mut s| s.execute([archive, number, made_for]));
        self.check(done).map(drop)
    }

    /// Stories that are gone since `after` (up to `until`), newest first, at most some hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub fn gone_between(&self, after: Option<Timestamp>, until: Option<Timestamp>) -> Result<Vec<Gone>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT id, at, merged_into FROM tombstone WHERE at > ?1 AND at <= ?2
                 ORDER BY at DESC, id LIMIT ?3",
            )
            .and_then(|mut s| {
                let (after, until) = (
                    after.map_or(i64::MIN, Timestamp::as_second),
                    until.map_or(i64::MAX, Timestamp::as_second),
                );
                s.query_map(params![after, until, TOMBSTONES], gone)?.collect()
            });
        self.check(found)
    }

    /// Notes that a story is gone, unless it is told.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_tombstone(&self, gone: &Gone) -> Result<()> {
        let done = self.connection.execute(
            "INSERT OR IGNORE INTO tombstone (id, at, merged_into)
             SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM story WHERE id = ?1)",
            params![gone.id.into_bytes(), gone.at.as_second(), gone.merged_into.map(Uuid::into_bytes)],
        );
        self.check(done).map(drop)
    }

    /// Stories that became part of these.
    ///
    /// # Errors
    /// When the database fails.
    pub fn gone_into(&self, stories: impl Iterator<Item = Uuid>) -> Result<Vec<Gone>> {
        let found = (|| {
            let mut found = Vec::new();
            let mut into = self
                .connection
                .prepare_cached("SELECT id, at, merged_into FROM tombstone WHERE merged_into = ?1")?;
            for story in stories {
                for one in into.query_map([story.into_bytes()], gone)? {
                    found.push(one?);
                }
            }
            Ok(found)
        })();
        self.check(found)
    }
}

/// The name of the note that stories were purged.
const PURGED: &str = "purged";

/// Notes that archives may hold what is kept no longer.
pub(super) fn note_purge(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO meta (name, value) VALUES (?1, '1')")?
        .execute([PURGED])
        .map(drop)
}

fn gone(row: &rusqlite::Row<'_>) -> rusqlite::Result<Gone> {
    Ok(Gone {
        id: super::stories::uuid(row, 0)?,
        at: time(row.get(1)?),
        merged_into: row.get::<_, Option<[u8; 16]>>(2)?.map(Uuid::from_bytes),
    })
}
