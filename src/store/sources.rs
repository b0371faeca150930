//! Sources: what is known of each from visit to visit.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use url::Url;

use super::article_pages::ArticlePage;
use super::articles::{ChangedEntry, NewEntry};
use super::{Result, Store, not_before, time};
use crate::model::{Failure, FeedHints, ParsedFeed, Person, Source, SourceId, Validators};

/// What a document says of itself, as kept for attribution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The site, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Atom id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// Logo or image, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Small square picture, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Authors of the feed as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
}

impl About {
    /// What is kept of a document.
    pub fn of(feed: &ParsedFeed) -> Self {
        Self {
            title: feed.title.clone(),
            subtitle: feed.subtitle.clone(),
            link: feed.link.clone(),
            id: feed.id.clone(),
            language: feed.language.clone(),
            rights: feed.rights.clone(),
            image: feed.image.clone(),
            icon: feed.icon.clone(),
            authors: feed.authors.clone(),
        }
    }
}

/// What is known of a source from earlier visits.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceState {
    /// Row id.
    pub key: i64,
    /// Its name.
    pub id: SourceId,
    /// It is named by feeds.toml and enabled.
    pub active: bool,
    /// Where it lies, as configured.
    pub url: String,
    /// Where a permanent redirect led.
    pub moved_to: Option<Url>,
    /// What to send with the next conditional request.
    pub validators: Validators,
    /// XXH3 of the last body that was read.
    pub body_hash: Option<i64>,
    /// When it was asked last.
    pub last_visit: Option<Timestamp>,
    /// When it answered as it should last.
    pub last_success: Option<Timestamp>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
    /// When it is to be asked next.
    pub next_due: Option<Timestamp>,
    /// What Cache-Control or Expires said last.
    pub fresh_until: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// It has asked not to be visited again (410).
    pub gone: bool,
    /// The HTTP status of the last answer.
    pub http_status: Option<u16>,
    /// The kind of the last failure, as in `status --json`.
    pub error_kind: Option<String>,
    /// The last failure, as a sentence.
    pub error: Option<String>,
    /// Do not ask before then (`Retry-After`).
    pub retry_at: Option<Timestamp>,
    /// What was odd in the last document.
    pub warnings: Vec<String>,
    /// What the document says of itself.
    pub about: About,
    /// When the document wants to be asked again.
    pub hints: FeedHints,
    /// Entries kept.
    pub entries: u32,
}

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

const STATE: &str = "SELECT key, id, active, url, moved_to, etag, last_modified, validators_of, body_hash, last_visit, last_success, last_new,
    next_due, fresh_until, failures, gone, http_status, error_kind, error, retry_at, warnings, about, hints FROM source";

impl Store {
    /// Makes the stored sources those of feeds.toml: new ones join, those no longer named (or not enabled)
    /// rest with their history. Gives their states in the order of `sources`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sync_sources(&mut self, sources: &[Source]) -> Result<Vec<SourceState>> {
        let path = self.path.clone();
        let result = (|| {
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let states = sync(&tx, sources)?;
            tx.commit()?;
            Ok(states)
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }

    /// What is known of every source that is or was named, by name, with counts of entries.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source_states(&self) -> Result<Vec<SourceState>> {
        let found = (|| {
            let mut statement = self.connection.prepare(&format!("{STATE} ORDER BY id"))?;
            let mut states = statement.query_map([], state)?.collect::<rusqlite::Result<Vec<_>>>()?;
            let mut count = self.connection.prepare("SELECT count(*) FROM entry WHERE source = ?1")?;
            for state in &mut states {
                state.entries = count.query_row([state.key], |row| row.get(0))?;
            }
            Ok(states)
        })();
        self.check(found)
    }

    /// The rows of all sources.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source_rows(&self) -> Result<Vec<(SourceId, i64)>> {
        let found = self.connection.prepare_cached("SELECT id, key FROM source").and_then(|mut s| {
            s.query_map([], |row| Ok((SourceId::from(row.get::<_, String>(0)?.as_str()), row.get(1)?)))?
                .collect()
        });
        self.check(found)
    }

    /// When the next of the active sources is due; one that was never asked is due since ever.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due(&self) -> Result<Option<Timestamp>> {
        let found = self.connection.query_row(
            "SELECT min(coalesce(next_due, 0)) FROM source WHERE active = 1 AND gone = 0",
            [],
            |row| row.get::<_, Option<i64>>(0),
        );
        Ok(self.check(found)?.map(time))
    }

    /// Puts off when sources are to be asked next.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_off(&mut self, sources: &[(i64, Timestamp)]) -> Result<()> {
        let path = self.path.clone();
        let result = (|| {
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for (source, until) in sources {
                tx.prepare_cached("UPDATE source SET next_due = ?2 WHERE key = ?1")?
                    .execute(params![source, not_before(*until)])?;
            }
            tx.commit()
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }

    /// Records visits, each as a whole or not at all.
    ///
    /// # Errors
    /// When the database fails; nothing of these visits is recorded then.
    pub fn record(&mut self, visits: &[Visit]) -> Result<()> {
        let path = self.path.clone();
        let result = (|| {
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            for visit in visits {
                record(&tx, visit)?;
            }
            tx.commit()
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }
}

fn sync(tx: &Transaction<'_>, sources: &[Source]) -> rusqlite::Result<Vec<SourceState>> {
    tx.execute("UPDATE source SET active = 0 WHERE active <> 0", [])?;
    let mut by_id = tx.prepare(&format!("{STATE} WHERE id = ?1"))?;
    let mut url_of = tx.prepare("SELECT url FROM source WHERE key = ?1")?;
    // A source whose name was made up by us may get another one when its neighbours change; its address tells
    // that it is the same. Never taken from a source that is still named.
    let mut orphan =
        tx.prepare("SELECT key, id FROM source WHERE url = ?1 AND active = 0 ORDER BY key LIMIT 1")?;
    let mut insert = tx.prepare("INSERT INTO source (id, url, active) VALUES (?1, ?2, ?3)")?;
    let mut activate = tx.prepare("UPDATE source SET active = ?2 WHERE key = ?1")?;
    let mut rename = tx.prepare("UPDATE source SET id = ?2 WHERE key = ?1")?;
    let mut relocate = tx.prepare(
        "UPDATE source SET url = ?2, moved_to = NULL, etag = NULL, last_modified = NULL, validators_of = NULL, body_hash = NULL,
           next_due = NULL, fresh_until = NULL, failures = 0, gone = 0, http_status = NULL, error_kind = NULL, error = NULL,
           retry_at = NULL, hub = NULL, topic = NULL WHERE key = ?1",
    )?;
    let mut states = Vec::with_capacity(sources.len());
    let mut orphans_allowed = Vec::new();
    for source in sources {
        let url = source.location.to_string();
        let known = by_id.query_row([source.id.as_str()], state).optional()?;
        if let Some(known) = known {
            activate.execute(params![known.key, source.enabled])?;
            if url_of.query_row([known.key], |row| row.get::<_, String>(0))? != url {
                relocate.execute(params![known.key, url])?;
            }
        } else {
            orphans_allowed.push((source, url));
        }
    }
    for (source, url) in orphans_allowed {
        let old: Option<(i64, String)> =
            orphan.query_row([&url], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match old {
            Some((key, old_id)) if !sources.iter().any(|s| s.id.as_str() == old_id) => {
                rename.execute(params![key, source.id.as_str()])?;
                activate.execute(params![key, source.enabled])?;
            }
            _ => drop(insert.execute(params![source.id.as_str(), url, source.enabled])?),
        }
    }
    for source in sources {
        states.push(by_id.query_row([source.id.as_str()], state)?);
    }
    Ok(states)
}

fn record(tx: &Transaction<'_>, visit: &Visit) -> rusqlite::Result<()> {
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

fn record_document(tx: &Transaction<'_>, visit: &Visit, d: &DocumentVisit) -> rusqlite::Result<()> {
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

fn record_entries(tx: &Transaction<'_>, visit: &Visit, d: &DocumentVisit) -> rusqlite::Result<()> {
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

fn state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let at = |name: &str| -> rusqlite::Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(name)?.map(time))
    };
    let text = |name: &str| row.get::<_, Option<String>>(name);
    let url = text("validators_of")?;
    Ok(SourceState {
        key: row.get("key")?,
        id: SourceId::from(row.get::<_, String>("id")?.as_str()),
        active: row.get("active")?,
        url: row.get("url")?,
        moved_to: text("moved_to")?.and_then(|u| Url::parse(&u).ok()),
        validators: Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")?, url },
        body_hash: row.get("body_hash")?,
        last_visit: at("last_visit")?,
        last_success: at("last_success")?,
        last_new: at("last_new")?,
        next_due: at("next_due")?,
        fresh_until: at("fresh_until")?,
        failures: row.get("failures")?,
        gone: row.get("gone")?,
        http_status: row.get("http_status")?,
        error_kind: text("error_kind")?,
        error: text("error")?,
        retry_at: at("retry_at")?,
        warnings: parsed(text("warnings")?),
        about: parsed(text("about")?),
        hints: parsed(text("hints")?),
        entries: 0,
    })
}

/// A damaged or missing JSON column is as good as none: it is written anew at the next visit.
pub(super) fn parsed<T: Default + for<'de> Deserialize<'de>>(text: Option<String>) -> T {
    text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default()
}
