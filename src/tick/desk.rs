//! What all visits of a pass share, and what becomes of what a request gave.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::readers::Readers;
use super::workers::Workers;
use super::writer::{Made, Turn, Writer};
use super::{ingest, pages_source, places, pushed};
use crate::fetch::Client;
use crate::model::{Document, ErrorKind, Failure, Fetched, Location, Source};
use crate::schedule::{self, Hints, History};
use crate::store::{Outcome, SourceState, Store, StoreError, Visit};

/// Until when an answer may be taken for fresh.
pub(super) fn fresh_until(now: Timestamp, fresh_for: Option<std::time::Duration>) -> Option<Timestamp> {
    now.checked_add(jiff::SignedDuration::try_from(fresh_for?).ok()?).ok()
}

/// What a visit brought, in figures.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) pushed: bool,
    pub(super) unchanged: bool,
    pub(super) waiting: bool,
    pub(super) new_entries: usize,
    pub(super) changed_entries: usize,
    pub(super) failure: Option<Failure>,
}

impl Seen {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Unchanged { .. } => Self { unchanged: true, ..Self::default() },
            Outcome::Failed(failure) | Outcome::Gone(failure) => {
                Self { failure: Some(failure.clone()), ..Self::default() }
            }
            Outcome::Waiting(_) => Self { waiting: true, ..Self::default() },
            Outcome::Document(document) | Outcome::Pushed(document) => Self {
                new_entries: document.new.len(),
                changed_entries: document.changed.iter().filter(|c| c.updated.is_some()).count(),
                ..Self::default()
            },
        }
    }
}

/// What all visits of a pass share.
pub(super) struct Desk {
    pub(super) now: Timestamp,
    pub(super) started: std::time::Instant,
    pub(super) readers: Arc<Readers>,
    pub(super) setting: Arc<ingest::Setting>,
    pub(super) workers: Workers,
    /// Places for documents that are read and not yet written.
    pub(super) unwritten: Arc<Semaphore>,
    /// Large documents are read one at a time.
    pub(super) large: Arc<Semaphore>,
    /// The sources whose news are pushed to us: polling is a safety net.
    pub(super) subscribed: HashSet<i64>,
    pub(super) places: places::Places,
    pub(super) writer: Writer,
}

impl Desk {
    /// The turn of a large document: what it says takes several times its size while it is read, and until that is
    /// written. (Not of a source whose pages are read too: that takes as long as its server likes.)
    pub(super) async fn turn_of(&self, document: &Document, source: &Source) -> Turn {
        const LARGE: usize = 1 << 20;
        match document.body.len() > LARGE && source.reading.is_plain() {
            true => self.large.clone().acquire_owned().await.into_iter().collect(),
            false => Vec::new(),
        }
    }

    /// Looks at what one request gave. When to ask again is still to be decided: `next_due` is a place for it.
    pub(super) async fn look_at(
        &self,
        client: &Client,
        fetched: Fetched,
        wants_more: bool,
        source: &Source,
        state: &SourceState,
    ) -> Made {
        let (outcome, fresh_for, turn) = match fetched {
            Fetched::NotModified { validators, fresh_for } => {
                let outcome = Outcome::Unchanged {
                    validators,
                    status: if matches!(source.location, Location::File(_)) { 0 } else { 304 },
                    fresh_until: fresh_until(self.now, fresh_for),
                    moved_to: None,
                };
                (outcome, fresh_for, Vec::new())
            }
            Fetched::Document(document) if wants_more || !self.is_as_it_was(&document, state) => {
                let fresh_for = document.fresh_for;
                let (outcome, turn) = self.read(client, document, source, state).await;
                (outcome, fresh_for, turn)
            }
            Fetched::Document(document) => {
                let outcome = Outcome::Unchanged {
                    validators: document.validators,
                    status: document.status,
                    fresh_until: fresh_until(self.now, document.fresh_for),
                    moved_to: document.moved_to,
                };
                (outcome, document.fresh_for, Vec::new())
            }
            Fetched::Gone => {
                let failure = Failure {
                    kind: ErrorKind::Gone,
                    message: "410: it is gone for good, says its server, and is not asked again; remove it, or give its new url".into(),
                    status: Some(410),
                    retry_at: None,
                };
                (Outcome::Gone(failure), None, Vec::new())
            }
            // Without a status nobody was asked: another source of the host was told to wait.
            Fetched::Failed(failure)
                if failure.kind == ErrorKind::RateLimited && failure.status.is_none() =>
            {
                (Outcome::Waiting(failure), None, Vec::new())
            }
            Fetched::Failed(failure) => (Outcome::Failed(failure), None, Vec::new()),
        };
        let (visit, timing) = self.visit(outcome, source, state, fresh_for);
        Made { visit, timing: Some(timing), turn }
    }

    /// Whether a document is the one that was read last.
    fn is_as_it_was(&self, document: &Document, state: &SourceState) -> bool {
        !document.partial
            && state.body_hash == Some(ingest::body_hash(&document.body))
            && state.error_kind.is_none()
    }

    /// Reads a document on one of the threads that there are for it. Gives also its place among those that wait to be written.
    pub(super) async fn read(
        &self,
        client: &Client,
        document: Document,
        source: &Source,
        state: &SourceState,
    ) -> (Outcome, Turn) {
        if !source.reading.is_plain() {
            let (readers, setting, workers) =
                (self.readers.clone(), self.setting.clone(), self.workers.clone());
            let shop = pages_source::Workshop { client, readers, setting, workers, now: self.now };
            return (Box::pin(pages_source::read(&shop, document, source, state)).await.0, Vec::new());
        }
        let unread = client.backlog().lay();
        let (source, state, readers, now) = (source.clone(), state.clone(), self.readers.clone(), self.now);
        let setting = self.setting.clone();
        let status = document.status;
        let (places, run_time) = (self.unwritten.clone(), Handle::current());
        let reading = self.workers.work(move || {
            // Where they are written more slowly than they are read, reading waits, and with it those who would ask for more.
            let turn = run_time.block_on(places.acquire_owned()).into_iter().collect();
            let outcome = ingest::read(&document, &source, &state, &readers, &setting, now).0;
            drop((document, unread));
            (outcome, turn)
        });
        reading.await.unwrap_or_else(|failure| {
            (Outcome::Failed(Failure { status: Some(status), ..failure }), Vec::new())
        })
    }

    fn visit(
        &self,
        mut outcome: Outcome,
        source: &Source,
        state: &SourceState,
        fresh_for: Option<std::time::Duration>,
    ) -> (Visit, Timing) {
        if let Outcome::Failed(failure) = &mut outcome {
            places::explain(failure, source, state);
        }
        let (kind, hints, retry_at) = match &outcome {
            Outcome::Document(document) => (schedule::Outcome::Success, &document.hints, None),
            Outcome::Unchanged { .. } => (schedule::Outcome::Success, &state.hints, None),
            Outcome::Failed(failure) | Outcome::Gone(failure) => {
                (schedule::Outcome::Failure, &state.hints, failure.retry_at)
            }
            Outcome::Waiting(failure) => (schedule::Outcome::NotAsked, &state.hints, failure.retry_at),
            Outcome::Pushed(_) => (pushed::KIND, &state.hints, None),
        };
        // Many hosts with many sources make a long pass: what is fresh is fresh from the answer on.
        let passed = jiff::SignedDuration::try_from(self.started.elapsed()).unwrap_or_default();
        let answered = self.now.checked_add(passed).ok();
        let pushed = self.subscribed.contains(&state.key);
        let history = History {
            last_visit: state.last_visit,
            last_success: state.last_success,
            failures: state.failures,
            recent: Vec::new(),
        };
        let (owned, feed, now) = (source.clone(), hints.clone(), self.now);
        let decide = move |recent| {
            let history = History { recent, ..history };
            let hints = Hints { answered, fresh_for, retry_at, feed: Some(&feed), pushed };
            schedule::next_due(&history.after(kind, now), kind, &owned, &hints, now)
        };
        let timing = Timing {
            // An interval that the operator wrote needs no learning.
            learns: source.interval.is_none(),
            recent: published(&outcome),
            decide: Box::new(decide),
        };
        let at_home = places::is_at_home(source, state);
        let next_due = self.now;
        let silences = Vec::new();
        (Visit { source: state.key, at: self.now, next_due, silences, at_home, outcome }, timing)
    }
}

/// When a source is to be asked next: decided by the thread that writes, where the store can be asked for the source's rhythm
/// without holding up the requests of others.
pub(super) struct Timing {
    learns: bool,
    /// When the entries that just came were published.
    recent: Vec<Timestamp>,
    decide: Box<dyn FnOnce(Vec<Timestamp>) -> Timestamp + Send>,
}

impl Timing {
    /// Decides by when the source's newest entries were published: those of the document that was just read, else those stored.
    ///
    /// # Errors
    /// When the database is damaged.
    pub(super) fn next_due(self, source: i64, store: &Store) -> Result<Timestamp, StoreError> {
        const ENOUGH: u32 = 20;
        let mut recent = self.recent;
        if !self.learns {
            recent.clear();
        } else if recent.len() < ENOUGH as usize {
            match store.recent_times(source, ENOUGH) {
                Ok(times) => recent.extend(times),
                Err(error) if error.is_damage() => return Err(error),
                // A rhythm that cannot be learnt is no reason to fail: the next visit learns it.
                Err(_) => {}
            }
        }
        Ok((self.decide)(recent))
    }
}

fn published(outcome: &Outcome) -> Vec<Timestamp> {
    match outcome {
        Outcome::Document(document) | Outcome::Pushed(document) => {
            document.new.iter().map(|e| e.published).collect()
        }
        Outcome::Unchanged { .. } | Outcome::Failed(_) | Outcome::Gone(_) | Outcome::Waiting(_) => Vec::new(),
    }
}
