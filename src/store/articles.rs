//! Entries: what is kept of each article.

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use serde::{Deserialize, Serialize};

use super::sources::parsed;
use super::{Result, Store, time};
use crate::model::{Article, Direction, Enclosure, Entry, EntrySource, Person, SourceId};

/// An entry that was not there before.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Unique in its source.
    pub guid: String,
    /// Hash of the canonical address.
    pub link_hash: Option<i64>,
    /// Hash of what the document said.
    pub fingerprint: i64,
    /// Frozen: earliest of published, updated, now.
    pub published: Timestamp,
    /// Not before `published`, not after now.
    pub updated: Timestamp,
    /// Place in the document, from 0.
    pub position: u32,
    /// What a reader reads.
    pub article: Article,
    /// What it is recognised by, in the form that the stories room knows.
    pub features: Vec<u8>,
    /// The words that a search finds it by; `None` leaves them to [`Store::index`](super::Store::index).
    pub words: Option<String>,
}

/// An entry whose document part differs from what was recorded.
#[derive(Clone, Debug)]
pub struct ChangedEntry {
    /// Row id.
    pub key: i64,
    /// Hash of what the document says now.
    pub fingerprint: i64,
    /// What a reader reads now, where that differs; else only the fingerprint is noted.
    pub article: Option<Article>,
    /// When that changed; `None` leaves the time as it is.
    pub updated: Option<Timestamp>,
    /// How often `updated` has moved with that.
    pub moves: Moves,
    /// Whether what it said before is kept.
    pub keep_old: bool,
    /// What it is recognised by now, where that differs.
    pub recognised: Option<Recognised>,
}

/// What an entry is recognised by after an edit, and how that differs from before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// In the form that the stories room knows.
    pub features: Vec<u8>,
    /// Keys of the inverted index that it has no more.
    pub keys_gone: Vec<i64>,
    /// Keys that it did not have.
    pub keys_new: Vec<i64>,
    /// Habits of its feed that it is counted for no more.
    pub habits_gone: Vec<i64>,
    /// Habits that it was not counted for.
    pub habits_new: Vec<i64>,
}

/// How often the `updated` of an entry has moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// How often, since then.
    pub count: u32,
    /// When the counting began.
    pub from: Option<Timestamp>,
}

/// What is known of an entry, to decide whether an incoming one is it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEntry {
    /// Row id.
    pub key: i64,
    /// As recorded.
    pub guid: String,
    /// Hash of the canonical address.
    pub link_hash: Option<i64>,
    /// Hash of what the document said.
    pub fingerprint: i64,
    /// Plain text.
    pub title: String,
    /// What it is recognised by, in the form that the stories room knows.
    pub features: Vec<u8>,
}

/// The fields of an article that have no column of their own.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct Rest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enclosures: Vec<Enclosure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "is_ltr")]
    direction: Direction,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<EntrySource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
}

fn is_ltr(direction: &Direction) -> bool {
    *direction == Direction::Ltr
}

impl Rest {
    /// The JSON of everything in `article` that has no column.
    fn json(article: &Article) -> String {
        let a = article.clone();
        let rest = Self {
            authors: a.authors,
            categories: a.categories,
            enclosures: a.enclosures,
            image: a.image,
            direction: a.direction,
            comments: a.comments,
            rights: a.rights,
            source: a.source,
            tags: a.tags,
        };
        // Strings, numbers and lists: it cannot fail.
        serde_json::to_string(&rest).unwrap_or_default()
    }
}

/// The columns of [`ARTICLES`] that [`article`] reads, in its order.
pub(super) const ARTICLE: &str = "e.language, e.title, e.link, b.summary, b.content, b.rest";

/// Entries with what they say.
pub(super) const ARTICLES: &str = "entry e JOIN body b ON b.entry = e.key";

/// Reads an article from the columns that begin at `from`.
pub(super) fn article(row: &Row<'_>, from: usize) -> rusqlite::Result<Article> {
    let rest: Rest = match row.get_ref(from + 5)? {
        // A damaged one is as good as none, as everywhere ([`parsed`]).
        ValueRef::Text(json) => serde_json::from_slice(json).unwrap_or_default(),
        _ => parsed(row.get(from + 5)?),
    };
    Ok(Article {
        language: row.get(from)?,
        title: row.get(from + 1)?,
        link: row.get(from + 2)?,
        summary_html: text(row, from + 3)?,
        content_html: text(row, from + 4)?,
        authors: rest.authors,
        categories: rest.categories,
        enclosures: rest.enclosures,
        image: rest.image,
        direction: rest.direction,
        comments: rest.comments,
        rights: rest.rights,
        source: rest.source,
        tags: rest.tags,
    })
}

/// A long text. Whether it is UTF-8 is checked with SIMD: what [`Row::get`] does is a fiftieth of a publication.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    match row.get_ref(column)? {
        ValueRef::Text(bytes) => match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.to_owned())),
            // It says what is wrong.
            Err(_) => row.get(column),
        },
        _ => row.get(column),
    }
}

impl Store {
    /// Whether anything was ever taken in from a source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_entries(&self, source: i64) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM entry WHERE source = ?1) OR EXISTS (SELECT 1 FROM seen WHERE source = ?1)",
            )
            .and_then(|mut s| s.query_row([source], |row| row.get(0)));
        self.check(found)
    }

    /// The entry of a source that has this guid.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entry_by_guid(&self, source: i64, guid: &str) -> Result<Option<KnownEntry>> {
        let found = self.known("e.guid_hash = ?2 LIMIT 1", params![source, super::hash(guid)]);
        Ok(found?.into_iter().find(|entry| entry.guid == guid))
    }

    /// The newest entries of a source that have this canonical address; a few are enough.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_by_link(&self, source: i64, link_hash: i64) -> Result<Vec<KnownEntry>> {
        self.known("e.link_hash = ?2 ORDER BY e.key DESC LIMIT 8", params![source, link_hash])
    }

    /// The newest entries of a source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recent_entries(&self, source: i64, count: u32) -> Result<Vec<KnownEntry>> {
        self.known("e.place IS NOT NULL ORDER BY e.place DESC LIMIT ?2", params![source, count])
    }

    fn known(&self, condition: &str, values: impl Params) -> Result<Vec<KnownEntry>> {
        let sql = format!(
            "SELECT e.key, e.guid, e.link_hash, e.fingerprint, e.title, f.bytes
             FROM entry e JOIN feature f ON f.entry = e.key WHERE e.source = ?1 AND {condition}"
        );
        let found = self.connection.prepare_cached(&sql).and_then(|mut s| {
            s.query_map(values, |row| {
                Ok(KnownEntry {
                    key: row.get(0)?,
                    guid: row.get(1)?,
                    link_hash: row.get(2)?,
                    fingerprint: row.get(3)?,
                    title: row.get(4)?,
                    features: row.get(5)?,
                })
            })?
            .collect()
        });
        self.check(found)
    }

    /// When a guid was noted that was passed over or purged; `None` where it never was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seen_at(&self, source: i64, guid: &str) -> Result<Option<Timestamp>> {
        let found = self
            .connection
            .prepare_cached("SELECT at FROM seen WHERE source = ?1 AND guid_hash = ?2")
            .and_then(|mut s| {
                s.query_row([source, super::hash(guid)], |row| Ok(time(row.get(0)?))).optional()
            });
        self.check(found)
    }

    /// The article of an entry, and when it changed last.
    ///
    /// # Errors
    /// When the database fails.
    pub fn article(&self, entry: i64) -> Result<Option<(Article, Timestamp)>> {
        let found = self
            .connection
            .prepare_cached(&format!("SELECT e.updated, {ARTICLE} FROM {ARTICLES} WHERE e.key = ?1"))
            .and_then(|mut s| {
                s.query_row([entry], |row| Ok((article(row, 1)?, time(row.get(0)?)))).optional()
            });
        self.check(found)
    }

    /// How often the `updated` of an entry has moved.
    ///
    /// # Errors
    /// When the database fails.
    pub fn moves(&self, entry: i64) -> Result<Moves> {
        let found = self
            .connection
            .prepare_cached("SELECT moves, moves_from FROM entry WHERE key = ?1")
            .and_then(|mut s| {
                s.query_row([entry], |row| {
                    Ok(Moves { count: row.get(0)?, from: row.get::<_, Option<i64>>(1)?.map(time) })
                })
                .optional()
            });
        self.check(found).map(Option::unwrap_or_default)
    }

    /// When the newest entries of a source were published: what its rhythm is learnt from.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recent_times(&self, source: i64, count: u32) -> Result<Vec<Timestamp>> {
        let found = self
            .connection
            .prepare_cached("SELECT published FROM entry WHERE source = ?1 AND place IS NOT NULL ORDER BY place DESC LIMIT ?2")
            .and_then(|mut s| {
                s.query_map(params![source, count], |row| Ok(time(row.get(0)?)))?.collect()
            });
        self.check(found)
    }
}

/// Writes entries that were not there before. Gives the rows of those that really were not.
pub(super) fn insert(
    tx: &Connection,
    source: i64,
    now: Timestamp,
    new: &[NewEntry],
) -> rusqlite::Result<Vec<i64>> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO entry (source, guid, guid_hash, link_hash, fingerprint, published, updated, first_seen,
           position, language, title, link)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let mut say =
        tx.prepare_cached("INSERT INTO body (entry, summary, content, rest) VALUES (?1, ?2, ?3, ?4)")?;
    let mut describe = tx.prepare_cached("INSERT INTO feature (entry, bytes) VALUES (?1, ?2)")?;
    let mut inserted = Vec::new();
    for entry in new {
        let a = &entry.article;
        let rows = insert.execute(params![
            source,
            entry.guid,
            super::hash(&entry.guid),
            entry.link_hash,
            entry.fingerprint,
            entry.published.as_second(),
            entry.updated.as_second(),
            now.as_second(),
            entry.position,
            a.language,
            a.title,
            a.link,
        ])?;
        if rows == 1 {
            let key = tx.last_insert_rowid();
            say.execute(params![key, a.summary_html, a.content_html, Rest::json(a)])?;
            describe.execute(params![key, entry.features])?;
            super::search::take_in(tx, key, entry.words.as_deref())?;
            tag(tx, key, &a.tags)?;
            inserted.push(key);
        }
    }
    Ok(inserted)
}

/// Notes what rules call an entry, so that outputs find it. Compared without regard to case.
fn tag(tx: &Connection, entry: i64, tags: &[String]) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO tag (name, entry) VALUES (?1, ?2)")?;
    for tag in tags {
        insert.execute(params![tag.to_lowercase(), entry])?;
    }
    Ok(())
}

/// Writes what changed in entries that were there.
pub(super) fn change(tx: &Connection, now: Timestamp, changed: &[ChangedEntry]) -> rusqlite::Result<()> {
    let mut note = tx.prepare_cached("UPDATE entry SET fingerprint = ?2 WHERE key = ?1")?;
    let mut edit = tx.prepare_cached(
        "UPDATE entry SET language = ?2, title = ?3, link = ?4, updated = coalesce(?5, updated), moves = ?6, moves_from = ?7
         WHERE key = ?1",
    )?;
    let mut say =
        tx.prepare_cached("UPDATE body SET summary = ?2, content = ?3, rest = ?4 WHERE entry = ?1")?;
    let mut mark = tx.prepare_cached(&format!(
        "UPDATE story SET revision = {} WHERE key = (SELECT story FROM entry WHERE key = ?1)",
        super::stories::NEXT_REVISION
    ))?;
    let mut bump = tx.prepare_cached("UPDATE story SET updated = max(updated, ?2) WHERE lead = ?1 AND key = (SELECT story FROM entry WHERE key = ?1)")?;
    let mut keep = tx.prepare_cached(
        "INSERT INTO revision (entry, at, title, summary, content)
         SELECT e.key, ?2, e.title, b.summary, b.content FROM entry e JOIN body b ON b.entry = e.key WHERE e.key = ?1",
    )?;
    let mut old_tags = tx.prepare_cached("SELECT rest FROM body WHERE entry = ?1")?;
    let mut untag = tx.prepare_cached("DELETE FROM tag WHERE name = ?1 AND entry = ?2")?;
    for c in changed {
        note.execute(params![c.key, c.fingerprint])?;
        let Some(a) = &c.article else { continue };
        let updated = c.updated.map(Timestamp::as_second);
        if c.keep_old {
            keep.execute(params![c.key, now.as_second()])?;
        }
        let old: Rest = parsed(old_tags.query_row([c.key], |row| row.get(0)).optional()?);
        if old.tags != a.tags {
            for name in &old.tags {
                untag.execute(params![name.to_lowercase(), c.key])?;
            }
            tag(tx, c.key, &a.tags)?;
        }
        edit.execute(params![
            c.key,
            a.language,
            a.title,
            a.link,
            updated,
            c.moves.count,
            c.moves.from.map(Timestamp::as_second),
        ])?;
        say.execute(params![c.key, a.summary_html, a.content_html, Rest::json(a)])?;
        mark.execute([c.key])?;
        if let Some(recognised) = &c.recognised {
            super::index::recognise(tx, c.key, recognised)?;
        }
        super::search::forget(tx, c.key)?;
        if let Some(updated) = updated {
            bump.execute(params![c.key, updated])?;
        }
    }
    Ok(())
}

/// The columns that [`entry`] reads, in its order.
pub(super) const ENTRY: &str = "e.key, e.guid, e.published, e.updated, e.first_seen, e.position, e.language, e.title, e.link, b.summary, b.content, b.rest";

/// Reads an entry of a source from the columns of [`ENTRY`], which begin at `from`.
pub(super) fn entry(row: &Row<'_>, from: usize, source: SourceId) -> rusqlite::Result<Entry> {
    Ok(Entry {
        key: row.get(from)?,
        source,
        guid: row.get(from + 1)?,
        published: time(row.get(from + 2)?),
        updated: time(row.get(from + 3)?),
        first_seen: time(row.get(from + 4)?),
        position: row.get(from + 5)?,
        article: article(row, from + 6)?,
    })
}
