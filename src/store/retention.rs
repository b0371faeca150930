//! What is kept no longer: which stories may go, and how they go.
//!
//! A story goes as a whole, once none of its entries is to be kept. Of each entry two rows stay in `seen` (some 50
//! bytes): its guid, and what its document said, so that neither is announced again while it is listed.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::articles::Rest;
use super::sources::parsed;
use super::stories::{NEXT_REVISION, touch};
use super::{Result, Store};

/// How much of a source is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// What came, or was published, after this stays; `None`: everything does.
    pub since: Option<Timestamp>,
    /// Beyond so many entries, the oldest may go sooner.
    pub max: Option<u32>,
    /// The newest so many stay, however old.
    pub min: u32,
}

/// An entry that goes.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its row.
    pub entry: i64,
    /// The row of its source.
    pub source: i64,
    /// The hash of its guid.
    pub guid_hash: i64,
    /// Hash of what its document said.
    pub fingerprint: i64,
    /// What it was recognised by, in the form that the stories room knows.
    pub features: Vec<u8>,
}

/// What is to be forgotten with an entry, and what is remembered instead of it.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Its row.
    pub entry: i64,
    /// The row of its source.
    pub source: i64,
    /// Its keys in the inverted index.
    pub keys: Vec<i64>,
    /// What it was counted for.
    pub habits: Vec<i64>,
    /// What stays in `seen`.
    pub seen: Vec<i64>,
}

/// How the room on the disk is used, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The database file as a whole.
    pub file: u64,
    /// Of this, what is free for new rows.
    pub free: u64,
}

/// Places in the feed (seconds) below which a source's entries go.
struct Cut {
    /// The newest few are at or above this.
    newest: i64,
    /// Older than the period.
    old: i64,
    /// Beyond the most.
    many: i64,
}

impl Cut {
    fn goes(&self, place: i64, first_seen: i64) -> bool {
        place < self.newest && (place < self.old && first_seen < self.old || place < self.many)
    }
}

/// `seen` rows stay at least this long after the source listed the entry last, in seconds.
const SEEN_FOR: i64 = 90 * 86_400;

/// Marks older than this are renewed when their entry is seen in a document, in seconds, with a day to spare.
const RENEWED: i64 = 31 * 86_400;

/// How many pages of the search index are merged at a time.
const MERGED: i64 = 2000;

/// How long retired ids are remembered, in seconds.
const TOMBSTONES_FOR: i64 = 365 * 86_400;

impl Store {
    /// The rows of at most `most` stories of which nothing is to be kept, those of one source beside each other. `keep`
    /// says how much of each source is kept; of one that it does not name, what `otherwise` says. Beyond
    /// `stories` stories in all, the oldest go sooner.
    ///
    /// # Errors
    /// When the database fails.
    pub fn purgeable(
        &self,
        keep: &HashMap<i64, Keep>,
        otherwise: Keep,
        stories: Option<u32>,
        most: usize,
    ) -> Result<Vec<i64>> {
        let found = (|| {
            let sources: Vec<i64> = self
                .connection
                .prepare_cached("SELECT key FROM source ORDER BY key")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let beyond = match stories.filter(|n| *n > 0) {
                Some(n) => self
                    .connection
                    .prepare_cached(
                        "SELECT published FROM story ORDER BY published DESC, position, id LIMIT 1 OFFSET ?1 - 1",
                    )?
                    .query_row([n], |row| row.get(0))
                    .optional()?
                    .unwrap_or(i64::MIN),
                None => i64::MIN,
            };
            let mut cuts = HashMap::with_capacity(sources.len());
            for source in &sources {
                let cut = self.cut(*source, keep.get(source).copied().unwrap_or(otherwise), beyond)?;
                cuts.insert(*source, cut);
            }
            let mut candidates = self.connection.prepare_cached(
                "SELECT story, place, first_seen FROM entry WHERE source = ?1 AND place < ?2 AND place IS NOT NULL
                 ORDER BY place",
            )?;
            let mut members = self
                .connection
                .prepare_cached("SELECT source, place, first_seen FROM entry WHERE story = ?1")?;
            let mut goes = std::collections::BTreeSet::new();
            for source in &sources {
                let cut = &cuts[source];
                let below = cut.newest.min(cut.old.max(cut.many));
                if below == i64::MIN {
                    continue;
                }
                let mut rows = candidates.query(params![source, below])?;
                while let Some(row) = rows.next()? {
                    if goes.len() >= most {
                        return Ok(goes.into_iter().collect());
                    }
                    let story: i64 = row.get(0)?;
                    if !cut.goes(row.get(1)?, row.get(2)?) || goes.contains(&story) {
                        continue;
                    }
                    let mut told = members.query([story])?;
                    let mut all = true;
                    while let Some(member) = told.next()? {
                        let of = cuts.get(&member.get(0)?);
                        let (place, first_seen) = (member.get(1)?, member.get(2)?);
                        all &= of.is_some_and(|cut| cut.goes(place, first_seen));
                    }
                    if all {
                        goes.insert(story);
                    }
                }
            }
            Ok(goes.into_iter().collect())
        })();
        self.check(found)
    }

    fn cut(&self, source: i64, keep: Keep, beyond: i64) -> rusqlite::Result<Cut> {
        let mut nth = self.connection.prepare_cached(
            "SELECT place FROM entry WHERE source = ?1 AND place IS NOT NULL ORDER BY place DESC LIMIT 1 OFFSET ?2 - 1",
        )?;
        let mut place_of = |n: u32| nth.query_row(params![source, n], |row| row.get(0)).optional();
        let newest = match keep.min {
            0 => i64::MAX,
            n => place_of(n)?.unwrap_or(i64::MIN),
        };
        let many = match keep.max {
            Some(n) => place_of(n.max(1))?.unwrap_or(i64::MIN),
            None => i64::MIN,
        };
        let old = keep.since.map_or(i64::MIN, Timestamp::as_second);
        Ok(Cut { newest, old, many: many.max(beyond) })
    }

    /// The entries of stories.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outgoing(&self, stories: &[i64]) -> Result<Vec<Outgoing>> {
        let found = (|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT e.key, e.source, e.guid_hash, e.fingerprint, f.bytes
                 FROM entry e LEFT JOIN feature f ON f.entry = e.key WHERE e.story = ?1 ORDER BY e.key",
            )?;
            let mut found = Vec::new();
            for story in stories {
                let mut rows = statement.query([story])?;
                while let Some(row) = rows.next()? {
                    found.push(Outgoing {
                        entry: row.get(0)?,
                        source: row.get(1)?,
                        guid_hash: row.get(2)?,
                        fingerprint: row.get(3)?,
                        features: row.get::<_, Option<Vec<u8>>>(4)?.unwrap_or_default(),
                    });
                }
            }
            Ok(found)
        })();
        self.check(found)
    }

    /// Takes stories out, with all that was kept of their entries. To be called within [`Store::atomically`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn purge(&self, stories: &[i64], traces: &[Traces], now: Timestamp) -> Result<()> {
        let done = purge(&self.connection, stories, traces, now.as_second());
        self.check(done)
    }

    /// Forgets what was only remembered because of entries that no source lists any more, of stories that were
    /// retired long ago, of article pages that nobody has asked for in a long time, and of hosts whose silence is
    /// over. To be called within [`Store::atomically`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_old(&self, now: Timestamp) -> Result<()> {
        let now = now.as_second();
        let done = (|| {
            // A reading renews the marks older than a month of what the document lists: one that is older still belongs to
            // nothing in it.
            self.connection
                .prepare_cached(
                    "DELETE FROM seen WHERE at < ?1 AND at < coalesce(
                       (SELECT last_read FROM source WHERE key = seen.source), ?1) - ?2",
                )?
                .execute(params![now - SEEN_FOR, RENEWED])?;
            self.connection
                .prepare_cached("DELETE FROM tombstone WHERE at < ?1")?
                .execute([now - TOMBSTONES_FOR])?;
            self.connection.prepare_cached("DELETE FROM silence WHERE until < ?1")?.execute([now])?;
            // Pages that have had no turn yet (0) wait for it, but not for that of a source that is read no more.
            self.connection
                .prepare_cached(
                    "DELETE FROM article_page
                     WHERE next_try IS NOT 0 AND max(coalesce(last_read, 0), coalesce(next_try, 0)) < ?1
                        OR source IN (SELECT key FROM source WHERE active = 0 AND coalesce(last_visit, 0) < ?1)",
                )?
                .execute([now - super::article_pages::KEPT])?;
            Ok(())
        })();
        self.check(done)
    }

    /// How much room the database takes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn room(&self) -> Result<Room> {
        let number = |name: &str| -> rusqlite::Result<u64> {
            self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
        };
        let found = (|| {
            let page = number("page_size")?;
            Ok(Room { file: number("page_count")? * page, free: number("freelist_count")? * page })
        })();
        self.check(found)
    }

    /// Gives free room back to the file system where there is much of it; some stays for what comes. `all` gives
    /// back all, which rewrites the file if it was made by a version that could not do it in place.
    ///
    /// # Errors
    /// When the database fails, or the disk is too full to rewrite it.
    pub fn give_back(&self, all: bool) -> Result<()> {
        let done = (|| {
            let number =
                |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let in_place = number("auto_vacuum")? == 2;
            // The search index only notes which rows are gone; merging drops them, so many pages of work at a time.
            let (command, pages_at_most) = if all { ("optimize", 0) } else { ("merge", MERGED) };
            self.connection.execute(
                "INSERT INTO search (search, rank) VALUES (?1, ?2)",
                params![command, pages_at_most],
            )?;
            let (pages, free) = (number("page_count")?, number("freelist_count")?);
            if all && !in_place {
                return self.connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;");
            }
            let spare = if all { 0 } else { (pages / 10).max(64) };
            if in_place && free > spare * 2 || all && free > 0 {
                // A pragma that gives rows has to be stepped through.
                let mut statement =
                    self.connection.prepare(&format!("PRAGMA incremental_vacuum({})", free - spare))?;
                let mut rows = statement.query([])?;
                while rows.next()?.is_some() {}
            }
            Ok(())
        })();
        self.check(done)
    }
}

/// What there is of an entry under its own row.
const ROWS: [&str; 7] = [
    "DELETE FROM article_page WHERE (source, link_hash) = (SELECT source, link_hash FROM entry WHERE key = ?1)",
    "DELETE FROM body WHERE entry = ?1",
    "DELETE FROM feature WHERE entry = ?1",
    "DELETE FROM revision WHERE entry = ?1",
    "DELETE FROM unindexed WHERE entry = ?1",
    "DELETE FROM search WHERE rowid = ?1",
    "DELETE FROM entry WHERE key = ?1",
];

fn purge(db: &Connection, stories: &[i64], traces: &[Traces], now: i64) -> rusqlite::Result<()> {
    let mut remember = db.prepare_cached(
        "INSERT INTO seen (source, guid_hash, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = excluded.at",
    )?;
    let mut tags = db.prepare_cached("SELECT rest FROM body WHERE entry = ?1")?;
    let mut untag = db.prepare_cached("DELETE FROM tag WHERE name = ?1 AND entry = ?2")?;
    let mut mark =
        db.prepare_cached(&format!("UPDATE source SET revision = {NEXT_REVISION} WHERE key = ?1"))?;
    let mut last_source = None;
    for trace in traces {
        for mark in &trace.seen {
            remember.execute(params![trace.source, mark, now])?;
        }
        let rest: Rest = parsed(tags.query_row([trace.entry], |row| row.get(0)).optional()?);
        for name in rest.tags {
            untag.execute(params![name.to_lowercase(), trace.entry])?;
        }
        for sql in ROWS {
            db.prepare_cached(sql)?.execute([trace.entry])?;
        }
        if last_source.replace(trace.source) != Some(trace.source) {
            mark.execute([trace.source])?;
        }
    }
    // In the order of the index, so that neighbours go together.
    let mut keys: Vec<(i64, i64)> =
        traces.iter().flat_map(|t| t.keys.iter().map(|key| (*key, t.entry))).collect();
    keys.sort_unstable();
    super::index::delete_keys(db, &keys)?;
    let mut counts: HashMap<i64, i64> = HashMap::new();
    for habit in traces.iter().flat_map(|t| &t.habits) {
        *counts.entry(*habit).or_default() += 1;
    }
    let mut counts: Vec<(i64, i64)> = counts.into_iter().collect();
    counts.sort_unstable();
    let mut gone = db.prepare_cached("DELETE FROM habit WHERE key = ?1 AND n <= ?2")?;
    let mut fewer = db.prepare_cached("UPDATE habit SET n = n - ?2 WHERE key = ?1")?;
    for (habit, n) in counts {
        if gone.execute([habit, n])? == 0 {
            fewer.execute([habit, n])?;
        }
    }
    let mut story = db.prepare_cached("DELETE FROM story WHERE key = ?1")?;
    for key in stories {
        story.execute([key])?;
    }
    if !stories.is_empty() {
        touch(db)?;
        super::archives::note_purge(db)?;
    }
    Ok(())
}
