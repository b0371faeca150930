//! What can still be read of a damaged database is carried over into a new one, row by row.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params, params_from_iter};
use uuid::Uuid;

use super::articles::NewEntry;
use super::stories::{NEXT_REVISION, touch};
use super::{Result, Store, backup};

/// What was carried over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Sources with their history.
    pub sources: u64,
    /// Entries.
    pub entries: u64,
    /// Stories, with ids and dates.
    pub stories: u64,
}

/// How far beyond a damaged place rows are looked for: doubled at each step, this many times.
const STEPS: u32 = 34;

impl Store {
    /// Begins a new database beside `path`, to take its place with [`Store::replace`].
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin_anew(path: &Path) -> Result<Self> {
        let new = backup::beside(path, "rebuilt");
        backup::remove_database(&new)?;
        Self::open(&new)
    }

    /// Carries over what can be read of `old`. In the new database everything is in order: what refers to rows that are
    /// lost does so no more, and every source will be read anew.
    ///
    /// # Errors
    /// When the new database cannot be written.
    pub fn salvage(&mut self, old: &Path) -> Result<Salvaged> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let Ok(old) = Connection::open_with_flags(old, flags) else { return Ok(Salvaged::default()) };
        let done = carry_over(&mut self.connection, &old);
        self.check(done)
    }
}

fn carry_over(new: &mut Connection, old: &Connection) -> rusqlite::Result<Salvaged> {
    new.pragma_update(None, "foreign_keys", false)?;
    let tx = new.transaction()?;
    let tables: Vec<(String, bool)> = tx
        .prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (table, without_rowid) in tables {
        copy_table(&tx, old, &table, without_rowid)?;
    }
    tx.execute_batch(MEND)?;
    let count = |table: &str| {
        tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get::<_, i64>(0).map(i64::unsigned_abs)
        })
    };
    let salvaged = Salvaged { sources: count("source")?, entries: count("entry")?, stories: count("story")? };
    tx.commit()?;
    new.pragma_update(None, "foreign_keys", true)?;
    Ok(salvaged)
}

/// Puts in order what lost rows left behind. The search index and what was published are made again.
const MEND: &str = "
    DELETE FROM entry WHERE source NOT IN (SELECT key FROM source);
    UPDATE entry SET story = NULL, place = NULL WHERE story NOT IN (SELECT key FROM story);
    DELETE FROM story WHERE key NOT IN (SELECT story FROM entry WHERE story IS NOT NULL);
    UPDATE story SET lead = (SELECT min(key) FROM entry WHERE entry.story = story.key)
      WHERE lead NOT IN (SELECT key FROM entry);
    UPDATE entry SET place = (SELECT published FROM story WHERE key = entry.story) WHERE story IS NOT NULL;
    DELETE FROM body WHERE entry NOT IN (SELECT key FROM entry);
    DELETE FROM feature WHERE entry NOT IN (SELECT key FROM entry);
    DELETE FROM posting WHERE entry NOT IN (SELECT key FROM entry);
    DELETE FROM recent_posting WHERE entry NOT IN (SELECT key FROM entry);
    DELETE FROM tag WHERE entry NOT IN (SELECT key FROM entry);
    DELETE FROM revision WHERE entry NOT IN (SELECT key FROM entry);
    UPDATE entry SET fingerprint = 0 WHERE key NOT IN (SELECT entry FROM body);
    DELETE FROM unindexed;
    INSERT OR IGNORE INTO body (entry, rest) SELECT key, '{}' FROM entry;
    INSERT INTO unindexed SELECT key FROM entry;
    INSERT OR IGNORE INTO feature (entry, bytes) SELECT key, x'' FROM entry;
    UPDATE source SET etag = NULL, last_modified = NULL, validators_of = NULL, body_hash = NULL, next_due = NULL,
      fresh_until = NULL;
    UPDATE archive SET revision = 0;
    INSERT INTO meta (name, value)
      SELECT 'revision', max((SELECT coalesce(max(revision), 0) FROM story), (SELECT coalesce(max(revision), 0) FROM source)) WHERE true
      ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), excluded.value);
    DELETE FROM meta WHERE name IN ('indexed', 'published', 'clustered', 'pruned');
";

/// Copies the rows of a table that can be read; those that cannot are passed by.
fn copy_table(new: &Connection, old: &Connection, table: &str, without_rowid: bool) -> rusqlite::Result<()> {
    let columns = |db: &Connection, table: &str| -> rusqlite::Result<Vec<String>> {
        db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    // A table that the old database does not have, or whose description is lost, has no rows to offer. What is in `body`
    // now was in `entry` once.
    let mut there = columns(old, table).unwrap_or_default();
    let mut source = table.to_owned();
    if table == "body" && there.is_empty() {
        source = "(SELECT key AS rowid, key AS entry, summary, content, rest FROM entry)".to_owned();
        there = columns(new, table)?;
    }
    let names: Vec<String> = columns(new, table)?.into_iter().filter(|name| there.contains(name)).collect();
    // The shadow tables of the search index are its own business.
    if names.is_empty() || table.starts_with("search") {
        return Ok(());
    }
    let list = names.join(", ");
    let marks = vec!["?"; names.len()].join(", ");
    let mut insert = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"))?;
    // Reads until the end (gives `None`) or until a place that cannot be read (gives the last row that could).
    let mut read = |sql: &str, from: i64| -> rusqlite::Result<Option<Option<i64>>> {
        let mut last = None;
        let Ok(mut statement) = old.prepare(sql) else { return Ok(Some(None)) };
        let bound = statement.parameter_count() > 0;
        let rows = if bound { statement.query([from]) } else { statement.query([]) };
        let Ok(mut rows) = rows else { return Ok(Some(None)) };
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(None),
                Err(_) => return Ok(Some(last)),
            };
            let Ok(rowid) = row.get::<_, i64>(0) else { return Ok(Some(last)) };
            let values: rusqlite::Result<Vec<Value>> = (1..=names.len()).map(|i| row.get(i)).collect();
            let Ok(values) = values else { return Ok(Some(last)) };
            match insert.execute(params_from_iter(values)) {
                // Damaged bytes can be a row that no table would take.
                Err(error) if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) => {
                    return Err(error);
                }
                _ => last = Some(rowid),
            }
        }
    };
    if without_rowid {
        let forward = format!("SELECT 0, {list} FROM {source}");
        if read(&forward, 0)?.is_some() {
            let order: Vec<&str> = names.iter().map(String::as_str).take(1).collect();
            read(&format!("SELECT 0, {list} FROM {source} ORDER BY {} DESC", order[0]), 0)?;
        }
        return Ok(());
    }
    let forward = format!("SELECT rowid, {list} FROM {source} WHERE rowid > ?1 ORDER BY rowid");
    let (mut from, mut step) = (i64::MIN, 0_u32);
    while let Some(last) = read(&forward, from)? {
        match last {
            Some(last) => (from, step) = (last, 0),
            None if step < STEPS => {
                from = from.max(0).saturating_add(1 << step);
                step += 1;
            }
            None => break,
        }
    }
    // What lies just behind a damaged place is reached from the other end.
    let backward = format!("SELECT rowid, {list} FROM {source} WHERE rowid < ?1 ORDER BY rowid DESC");
    read(&backward, i64::MAX)?;
    Ok(())
}

/// A story as a published file tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Its id.
    pub id: Uuid,
    /// Its place in the feed.
    pub published: Timestamp,
    /// When it changed last.
    pub updated: Timestamp,
}

impl Store {
    /// What the next `at_most` entries after this row are recognised by.
    ///
    /// # Errors
    /// When the database fails.
    pub fn features_after(&self, entry: i64, at_most: u32) -> Result<Vec<(i64, Vec<u8>)>> {
        let found = self
            .connection
            .prepare_cached("SELECT entry, bytes FROM feature WHERE entry > ?1 ORDER BY entry LIMIT ?2")
            .and_then(|mut s| {
                s.query_map(params![entry, at_most], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            });
        self.check(found)
    }

    /// Notes what an entry is recognised by, where that was lost.
    ///
    /// # Errors
    /// When the database fails.
    pub fn describe_again(&self, entry: i64, features: &[u8]) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("UPDATE feature SET bytes = ?2 WHERE entry = ?1")
            .and_then(|mut s| s.execute(params![entry, features]));
        self.check(done).map(drop)
    }

    /// Whether a story is known: it is told, or it is known to be gone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn knows_story(&self, id: Uuid) -> Result<bool> {
        self.check(knows_story(&self.connection, id))
    }

    /// Takes in a story that a published file tells, with the sources (rows) that tell it, its lead first. One that
    /// is known stays as it is. Gives whether it was not. An entry that is known but for its story joins it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restore_story(
        &self,
        story: &Restored,
        members: &[(i64, NewEntry)],
        now: Timestamp,
    ) -> Result<bool> {
        let done = restore_story(&self.connection, story, members, now);
        self.check(done)
    }
}

fn knows_story(db: &Connection, id: Uuid) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM story WHERE id = ?1) OR EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)",
    )?
    .query_row([id.into_bytes()], |row| row.get(0))
}

fn restore_story(
    db: &Connection,
    story: &Restored,
    members: &[(i64, NewEntry)],
    now: Timestamp,
) -> rusqlite::Result<bool> {
    if knows_story(db, story.id)? {
        return Ok(false);
    }
    let mut free = db.prepare_cached(
        "SELECT key FROM entry WHERE source = ?1 AND link_hash = ?2 AND story IS NULL ORDER BY key LIMIT 1",
    )?;
    let mut taken =
        db.prepare_cached("SELECT EXISTS (SELECT 1 FROM entry WHERE source = ?1 AND link_hash = ?2)")?;
    let mut entries = Vec::new();
    for (source, member) in members {
        let found: Option<i64> =
            free.query_row(params![source, member.link_hash], |row| row.get(0)).optional()?;
        if let Some(entry) = found {
            entries.push(entry);
            continue;
        }
        // It tells another story by now.
        if taken.query_row(params![source, member.link_hash], |row| row.get(0))? {
            continue;
        }
        entries.extend(super::articles::insert(db, *source, now, std::slice::from_ref(member))?);
    }
    let Some(lead) = entries.first() else { return Ok(false) };
    let place = story.published.as_second();
    let position = members.first().map_or(0, |(_, entry)| entry.position);
    let key: i64 = db
        .prepare_cached(&format!(
            // Archives and pages are to notice it.
            "INSERT INTO story (id, published, position, updated, lead, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, {NEXT_REVISION}) RETURNING key",
        ))?
        .query_row(
            params![story.id.into_bytes(), place, position, story.updated.as_second(), lead],
            |row| row.get(0),
        )?;
    let mut join = db.prepare_cached("UPDATE entry SET story = ?2, place = ?3 WHERE key = ?1")?;
    for entry in entries {
        join.execute(params![entry, key, place])?;
    }
    touch(db)?;
    Ok(true)
}
