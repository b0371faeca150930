//! Stories: which entries tell the same one, and which are published.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::articles::{ARTICLES, ENTRY, entry};
use super::{Result, Store, time};
use crate::model::{Member, SourceInfo, Story, Why};

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

/// Which stories an output may take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// Only stories that one of these sources (rows) carries; `None`: all.
    pub sources: Option<Vec<i64>>,
    /// With `sources`: stories with an entry that a rule calls one of these as well.
    pub tags: Vec<String>,
    /// Only stories not older.
    pub since: Option<Timestamp>,
    /// How many.
    pub limit: u32,
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

/// So many bytes of text the stories that are loaded together may have, or so many for each of them if that is more.
const MOST_TEXT: usize = 16 << 20;
const TEXT_EACH: usize = 16 << 10;
/// A summary that is no text of its own.
const SHORT: usize = 4 << 10;

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
    pub(super) fn select(&self, filter: &StoryFilter) -> rusqlite::Result<Vec<i64>> {
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
        // Rules tag what is new: the newest tagged ones are enough, however many there are.
        let mut tagged = self.connection.prepare_cached(
            "SELECT DISTINCT e.story, st.published, st.position, st.id
             FROM (SELECT entry FROM tag WHERE name = ?1 ORDER BY entry DESC LIMIT ?3) t
             JOIN entry e ON e.key = t.entry JOIN story st ON st.key = e.story JOIN source s ON s.key = e.source
             WHERE s.active = 1 AND st.published >= ?2",
        )?;
        for tag in &filter.tags {
            let most = filter.limit.saturating_mul(4).max(1000);
            let rows = tagged.query_map(params![tag.to_lowercase(), since, most], |row| {
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
        let found = self.select(filter).and_then(|keys| self.load_stories(&keys, infos));
        self.check(found)
    }

    /// Stories in the order of their rows. Their texts lie in memory together: past a bound, in reach of nobody who means
    /// well, articles come without theirs.
    pub(super) fn load_stories(
        &self,
        rows: &[i64],
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> rusqlite::Result<Vec<Story>> {
        let mut room = MOST_TEXT.max(rows.len() * TEXT_EACH);
        let mut stories = Vec::with_capacity(rows.len());
        for row in rows {
            let mut story = self.load_story(*row, infos)?;
            for member in &mut story.members {
                let article = &mut member.entry.article;
                let size = |html: &Option<String>| html.as_ref().map_or(0, String::len);
                match room.checked_sub(size(&article.content_html) + size(&article.summary_html)) {
                    Some(left) => room = left,
                    None => {
                        article.content_html = None;
                        article.summary_html.take_if(|html| html.len() > SHORT);
                    }
                }
            }
            stories.push(story);
        }
        Ok(stories)
    }

    pub(super) fn load_story(
        &self,
        key: i64,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> rusqlite::Result<Story> {
        let mut head = self
            .connection
            .prepare_cached("SELECT id, published, updated, lead FROM story WHERE key = ?1")?;
        let (id, published, updated, lead): (Uuid, i64, i64, i64) =
            head.query_row([key], |row| Ok((uuid(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ENTRY}, e.source, e.why FROM {ARTICLES} JOIN source s ON s.key = e.source
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

impl Store {
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
            // The same founder founds the same story: after a restored backup, say.
            let (story, place): (i64, i64) = self
                .connection
                .prepare_cached(&format!(
                    "INSERT INTO story (id, published, position, updated, lead, revision)
                     VALUES (?1, ?2, ?3, ?4, ?5, {NEXT_REVISION})
                     ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, revision = excluded.revision
                     RETURNING key, published",
                ))?
                .query_row(
                    params![
                        id.into_bytes(),
                        founder.published.as_second(),
                        founder.position,
                        founder.updated.as_second(),
                        founder.entry
                    ],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?;
            self.connection
                .prepare_cached("UPDATE entry SET story = ?2, why = NULL, place = ?3 WHERE key = ?1")?
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
        let found = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT e.source FROM story st JOIN entry e ON e.story = st.key WHERE st.revision > ?1
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
