//! Article pages: which were read, and which are to be asked for again.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::sources::parsed;
use super::{Result, Store, time};
use crate::model::Validators;

/// What is known of one article page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticlePage {
    /// Hash of the canonical form of the address that the source lists.
    pub link_hash: i64,
    /// That address.
    pub url: String,
    /// Hash of the address that the page gives itself.
    pub canonical_hash: Option<i64>,
    /// How often it failed, in a row.
    pub failures: u32,
    /// How often it was read.
    pub reads: u32,
    /// When it was read last, or given up.
    pub last_read: Option<Timestamp>,
    /// When to ask for it (again); `None`: not by itself.
    pub next_try: Option<Timestamp>,
    /// What to send with a conditional request.
    pub validators: Validators,
    /// What the source listed, while the page is still to be read.
    pub listed: Option<Listed>,
}

/// What a source listed of an article whose page is still to be read: it may have left the list by then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listed {
    /// As given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// HTML, not sanitised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// First publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// Last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
}

/// How long it is remembered that a page was read, in seconds: by then its entry tells, or it is listed no more.
pub(super) const KEPT: i64 = 200 * 24 * 3600;

const PAGE: &str = "SELECT link_hash, url, canonical_hash, failures, reads, last_read, next_try, etag, last_modified, \
                    validators_of, listed FROM article_page WHERE source = ?1";

impl Store {
    /// What is known of an article page.
    ///
    /// # Errors
    /// When the database fails.
    pub fn article_page(&self, source: i64, link_hash: i64) -> Result<Option<ArticlePage>> {
        let found = self
            .connection
            .prepare_cached(&format!("{PAGE} AND link_hash = ?2"))
            .and_then(|mut s| s.query_row(params![source, link_hash], page).optional());
        self.check(found)
    }

    /// Whether pages of a source are to be asked for (again).
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_pages_due(&self, source: i64, now: Timestamp) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM article_page WHERE source = ?1 AND next_try <= ?2)")
            .and_then(|mut s| s.query_row(params![source, now.as_second()], |row| row.get(0)));
        self.check(found)
    }

    /// The pages of a source that are to be asked for (again), those that wait longest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pages_due(&self, source: i64, now: Timestamp, count: u32) -> Result<Vec<ArticlePage>> {
        let sql = format!("{PAGE} AND next_try <= ?2 ORDER BY next_try, link_hash LIMIT ?3");
        let found = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map(params![source, now.as_second(), count], page)?.collect());
        self.check(found)
    }

    /// Whether another page of a source gave itself this address.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_canonical_of_another(&self, source: i64, canonical_hash: i64, link_hash: i64) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM article_page WHERE source = ?1 AND canonical_hash = ?2 AND link_hash <> ?3)",
            )
            .and_then(|mut s| s.query_row(params![source, canonical_hash, link_hash], |row| row.get(0)));
        self.check(found)
    }
}

/// Writes what is known of article pages.
pub(super) fn record(
    tx: &Connection,
    source: i64,
    now: Timestamp,
    pages: &[ArticlePage],
) -> rusqlite::Result<()> {
    if pages.is_empty() {
        return Ok(());
    }
    tx.prepare_cached("DELETE FROM article_page WHERE source = ?1 AND next_try IS NULL AND last_read < ?2")?
        .execute(params![source, now.as_second() - KEPT])?;
    let mut write = tx.prepare_cached(
        "INSERT OR REPLACE INTO article_page (source, link_hash, url, canonical_hash, failures, reads, last_read, next_try,
           etag, last_modified, validators_of, listed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for p in pages {
        write.execute(params![
            source,
            p.link_hash,
            p.url,
            p.canonical_hash,
            p.failures,
            p.reads,
            p.last_read.map(Timestamp::as_second),
            p.next_try.map(Timestamp::as_second),
            p.validators.etag,
            p.validators.last_modified,
            p.validators.url,
            p.listed.as_ref().map(|listed| serde_json::to_string(listed).unwrap_or_default()),
        ])?;
    }
    Ok(())
}

fn page(row: &Row<'_>) -> rusqlite::Result<ArticlePage> {
    let at =
        |i: usize| -> rusqlite::Result<Option<Timestamp>> { Ok(row.get::<_, Option<i64>>(i)?.map(time)) };
    let listed: Option<String> = row.get(10)?;
    Ok(ArticlePage {
        link_hash: row.get(0)?,
        url: row.get(1)?,
        canonical_hash: row.get(2)?,
        failures: row.get(3)?,
        reads: row.get(4)?,
        last_read: at(5)?,
        next_try: at(6)?,
        validators: Validators { etag: row.get(7)?, last_modified: row.get(8)?, url: row.get(9)? },
        listed: listed.is_some().then(|| parsed(listed)),
    })
}
