//! Visits to sources: what each brought, recorded whole or not at all.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Serialize;
use url::Url;

use super::article_pages::ArticlePage;
use super::articles::{ChangedEntry, NewEntry};
use super::sources::About;
use super::{Result, Store, not_before};
use crate::model::{Failure, FeedHints, Validators};

/// One visit to a source, to be recorded in one transaction.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The source's row.
    pub source: i64,
    /// When.
    pub at: Timestamp,
    /// When it is to be asked next.
    pub next_due: Timestamp,
    /// Hosts that asked to be left alone in its course, and until when.
    pub silences: Vec<(String, Timestamp)>,
    /// It was asked at the address that feeds.toml has: what came from there says where the source lies now.
    pub at_home: bool,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a visit.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The same as last time: by status 304 or by the same body.
    Unchanged {
        /// The newest validators.
        validators: Validators,
        /// The HTTP status.
        status: u16,
        /// What Cache-Control or Expires said.
        fresh_until: Option<Timestamp>,
        /// Where permanent redirects led, once the same body came from there.
        moved_to: Option<Url>,
    },
    /// A document that was read.
    Document(Box<DocumentVisit>),
    /// A document that a hub pushed: what is new in it counts, and nothing else is changed.
    Pushed(Box<DocumentVisit>),
    /// It failed; what was there stays.
    Failed(Failure),
    /// It asks not to be visited again (410 at the place where it lies for good).
    Gone(Failure),
    /// It was not asked: its host wants to be left alone (`Retry-After`), as another source was told.
    Waiting(Failure),
}

/// What a document brought.
#[derive(Clone, Debug, Default)]
pub struct DocumentVisit {
    /// The newest validators.
    pub validators: Validators,
    /// XXH3 of the body.
    pub body_hash: i64,
    /// The HTTP status.
    pub status: u16,
    /// What Cache-Control or Expires said.
    pub fresh_until: Option<Timestamp>,
    /// Where permanent redirects led; it is remembered now that a feed came from there.
    pub moved_to: Option<Url>,
    /// What the document says of itself.
    pub about: About,
    /// When the document wants to be asked again.
    pub hints: FeedHints,
    /// What was odd.
    pub warnings: Vec<String>,
    /// The WebSub hub that it names, and its topic there.
    pub hub: Option<(Url, Url)>,
    /// Entries not seen before.
    pub new: Vec<NewEntry>,
    /// Entries whose document part differs from what was recorded.
    pub changed: Vec<ChangedEntry>,
    /// Entries (hash of the guid) that are noted, but not taken in; or that were, and are still listed.
    pub passed_over: Vec<i64>,
    /// Article pages that were asked for, or are to be.
    pub pages: Vec<ArticlePage>,
}

impl Store {
    /// Records a visit. To be called within [`Store::together`], so that it is recorded as a whole or not at all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record(&self, visit: &Visit) -> Result<()> {
        self.check(record(&self.connection, visit))
    }
}

fn record(tx: &Connection, visit: &Visit) -> rusqlite::Result<()> {
    let (at, next_due) = (visit.at.as_second(), not_before(visit.next_due));
    for (host, until) in &visit.silences {
        super::silence(tx, host, *until)?;
    }
    match &visit.outcome {
        Outcome::Unchanged { validators, status, fresh_until, moved_to } => {
            tx.prepare_cached(
                "UPDATE source SET last_visit = ?2, last_success = ?2, next_due = ?3, etag = ?4, last_modified = ?5,
                   validators_of = ?9, fresh_until = ?6, failures = 0, http_status = ?7, error_kind = NULL,
                   error = NULL, retry_at = NULL, moved_to = iif(?10, ?8, coalesce(?8, moved_to))
                 WHERE key = ?1",
            )?
            .execute(params![
                visit.source,
                at,
                next_due,
                validators.etag,
                validators.last_modified,
                fresh_until.map(Timestamp::as_second),
                status,
                moved_to.as_ref().map(Url::as_str),
                validators.url,
                visit.at_home,
            ])?;
        }
        Outcome::Failed(failure) | Outcome::Gone(failure) => {
            tx.prepare_cached(
                "UPDATE source SET last_visit = ?2, next_due = ?3, failures = failures + 1, http_status = ?4,
                   error_kind = ?5, error = ?6, retry_at = ?7, gone = ?8 WHERE key = ?1",
            )?
            .execute(params![
                visit.source,
                at,
                next_due,
                failure.status,
                failure.kind.as_str(),
                failure.message,
                failure.retry_at.map(not_before),
                matches!(visit.outcome, Outcome::Gone(_)),
            ])?;
        }
        Outcome::Waiting(failure) => {
            tx.prepare_cached(
                "UPDATE source SET next_due = ?2, error_kind = ?3, error = ?4, retry_at = ?5 WHERE key = ?1",
            )?
            .execute(params![
                visit.source,
                next_due,
                failure.kind.as_str(),
                failure.message,
                failure.retry_at.map(not_before),
            ])?;
        }
        Outcome::Document(document) => record_document(tx, visit, document)?,
        Outcome::Pushed(document) => {
            record_entries(tx, visit, document)?;
            if !document.new.is_empty() {
                tx.prepare_cached("UPDATE source SET last_new = ?2 WHERE key = ?1")?
                    .execute(params![visit.source, at])?;
            }
            if brings_news(document) {
                super::stories::touch(tx)?;
            }
        }
    }
    Ok(())
}

fn record_document(tx: &Connection, visit: &Visit, d: &DocumentVisit) -> rusqlite::Result<()> {
    let at = visit.at.as_second();
    let about = json(&d.about);
    let old_about: Option<String> = tx
        .prepare_cached("SELECT about FROM source WHERE key = ?1")?
        .query_row([visit.source], |row| row.get(0))?;
    tx.prepare_cached(
        "UPDATE source SET last_visit = ?2, last_success = ?2, next_due = ?3, etag = ?4, last_modified = ?5,
           body_hash = ?6, fresh_until = ?7, failures = 0, http_status = ?8, error_kind = NULL, error = NULL,
           retry_at = NULL, moved_to = iif(?17, ?9, coalesce(?9, moved_to)), about = ?10, hints = ?11, warnings = ?12,
           last_new = iif(?13, ?2, last_new), validators_of = ?14, hub = ?15, topic = ?16, last_read = ?2
         WHERE key = ?1",
    )?
    .execute(params![
        visit.source,
        at,
        not_before(visit.next_due),
        d.validators.etag,
        d.validators.last_modified,
        d.body_hash,
        d.fresh_until.map(Timestamp::as_second),
        d.status,
        d.moved_to.as_ref().map(Url::as_str),
        about,
        json(&d.hints),
        (!d.warnings.is_empty()).then(|| json(&d.warnings)),
        !d.new.is_empty(),
        d.validators.url,
        d.hub.as_ref().map(|(hub, _)| hub.as_str()),
        d.hub.as_ref().map(|(_, topic)| topic.as_str()),
        visit.at_home,
    ])?;
    record_entries(tx, visit, d)?;
    let says_else = old_about.as_deref() != Some(about.as_str());
    if says_else {
        let sql = format!("UPDATE source SET revision = {} WHERE key = ?1", super::stories::NEXT_REVISION);
        tx.prepare_cached(&sql)?.execute([visit.source])?;
    }
    if brings_news(d) || says_else {
        super::stories::touch(tx)?;
    }
    Ok(())
}

fn brings_news(d: &DocumentVisit) -> bool {
    !d.new.is_empty() || d.changed.iter().any(|c| c.article.is_some())
}

fn record_entries(tx: &Connection, visit: &Visit, d: &DocumentVisit) -> rusqlite::Result<()> {
    super::article_pages::record(tx, visit.source, visit.at, &d.pages)?;
    super::articles::insert(tx, visit.source, visit.at, &d.new)?;
    super::articles::change(tx, visit.at, &d.changed)?;
    let mut pass_over =
        tx.prepare_cached("INSERT INTO seen (source, guid_hash, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = excluded.at")?;
    for guid_hash in &d.passed_over {
        pass_over.execute(params![visit.source, guid_hash, visit.at.as_second()])?;
    }
    Ok(())
}

/// Our own values always have a JSON form.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
