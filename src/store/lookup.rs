//! Finds one story or entry by what people have at hand, and what was said before.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::{Result, Store, time};
use crate::model::{SourceInfo, Story};

/// What people have at hand of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought<'a> {
    /// The id of the story; that of one that became part of another leads there.
    Story(Uuid),
    /// The guid of one of its entries.
    Guid(&'a str),
    /// The hash of the canonical address of one of its entries.
    Link(i64),
}

/// What an entry said before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// When it was replaced.
    pub at: Timestamp,
    /// Plain text.
    pub title: String,
    /// Sanitised HTML.
    pub summary_html: Option<String>,
    /// Sanitised HTML.
    pub content_html: Option<String>,
}

impl Store {
    /// The rows of the stories that `sought` names, oldest first: a guid may name several, in several sources.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_named(&self, sought: &Sought<'_>) -> Result<Vec<i64>> {
        let found = match sought {
            Sought::Story(id) => self.story_named(*id).map(|key| key.into_iter().collect()),
            Sought::Guid(guid) => self
                .connection
                .prepare_cached(
                    "SELECT DISTINCT e.story FROM source s JOIN entry e ON e.source = s.key AND e.guid_hash = ?1
                     WHERE e.guid = ?2 AND e.story IS NOT NULL ORDER BY e.story",
                )
                .and_then(|mut s| s.query_map(params![super::hash(guid), guid], |row| row.get(0))?.collect()),
            Sought::Link(hash) => self
                .connection
                .prepare_cached(
                    "SELECT DISTINCT e.story FROM source s JOIN entry e ON e.source = s.key AND e.link_hash = ?1
                     WHERE e.story IS NOT NULL ORDER BY e.story",
                )
                .and_then(|mut s| s.query_map([hash], |row| row.get(0))?.collect()),
        };
        self.check(found)
    }

    fn story_named(&self, mut id: Uuid) -> rusqlite::Result<Option<i64>> {
        let mut story = self.connection.prepare_cached("SELECT key FROM story WHERE id = ?1")?;
        let mut retired =
            self.connection.prepare_cached("SELECT merged_into FROM tombstone WHERE id = ?1")?;
        // A tombstone may lead to another; never in a circle, since each leads to an older story.
        for _ in 0..100 {
            if let Some(key) = story.query_row([id.into_bytes()], |row| row.get(0)).optional()? {
                return Ok(Some(key));
            }
            let next: Option<Option<[u8; 16]>> =
                retired.query_row([id.into_bytes()], |row| row.get(0)).optional()?;
            match next.flatten() {
                Some(next) => id = Uuid::from_bytes(next),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// One story by its row, with the members whose sources are active.
    ///
    /// # Errors
    /// When the database fails.
    pub fn story(&self, key: i64, infos: &HashMap<i64, Arc<SourceInfo>>) -> Result<Story> {
        self.check(self.load_story(key, infos))
    }

    /// The row of the story that an entry belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn story_of(&self, entry: i64) -> Result<Option<i64>> {
        let found = self
            .connection
            .prepare_cached("SELECT story FROM entry WHERE key = ?1")
            .and_then(|mut s| s.query_row([entry], |row| row.get(0)).optional());
        self.check(found).map(Option::flatten)
    }

    /// Stories that became part of a story, by their ids, and when.
    ///
    /// # Errors
    /// When the database fails.
    pub fn merged_into(&self, story: Uuid) -> Result<Vec<(Uuid, Timestamp)>> {
        let found = self
            .connection
            .prepare_cached("SELECT id, at FROM tombstone WHERE merged_into = ?1 ORDER BY at, id")
            .and_then(|mut s| {
                s.query_map([story.into_bytes()], |row| {
                    Ok((Uuid::from_bytes(row.get(0)?), time(row.get(1)?)))
                })?
                .collect()
            });
        self.check(found)
    }

    /// What an entry said before, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revisions(&self, entry: i64) -> Result<Vec<Revision>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT at, title, summary, content FROM revision WHERE entry = ?1 ORDER BY at, rowid",
            )
            .and_then(|mut s| {
                s.query_map([entry], |row| {
                    Ok(Revision {
                        at: time(row.get(0)?),
                        title: row.get(1)?,
                        summary_html: row.get(2)?,
                        content_html: row.get(3)?,
                    })
                })?
                .collect()
            });
        self.check(found)
    }
}
