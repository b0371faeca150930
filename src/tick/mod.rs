//! One pass: read what is due (concurrently), decide which entries are one story (in one ordered pass over what
//! is new), publish what changed. The one place where all rooms meet.
//!
//! Threads: requests are multiplexed on the caller's run time; documents are read on blocking threads, as many at
//! a time as there are cores; one thread writes to the store. Everything between them is bounded, so
//! memory does not depend on the number of sources.

mod article;
mod ingest;
pub mod lock;
mod outputs;
mod stories;
mod writer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::sync::Semaphore;

pub use outputs::{Published, base_url, public_url, publish, source_infos};

use crate::config::{Config, Fetch};
use crate::fetch::{self, Client, Request, Settings};
use crate::model::{Document, ErrorKind, Failure, Fetched, Location, Source, SourceId};
use crate::publish::files::FileError;
use crate::schedule;
use crate::store::{Outcome, SourceState, Store, StoreError, Visit};
use writer::Writer;

/// How many visits are prepared at a time. Most of them wait: for their host's turn, or for a slot of
/// `[fetch] concurrency`. A bound, so that 20,000 sources do not mean 20,000 half-started requests in memory.
const VISITS_IN_HAND: usize = 1024;

/// Why a pass could not be done. A source that fails is not among the reasons.
#[derive(Debug, thiserror::Error)]
pub enum TickError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A published file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The client cannot be set up (proxy, certificates).
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    /// A defect of kariz itself.
    #[error("{0}; this is a defect of kariz, please report it")]
    Defect(String),
}

/// What happens in a pass, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many sources are due.
    Due(usize),
    /// A source was read, or failed.
    Visited {
        /// How many entries it brought.
        new_entries: usize,
        /// It failed.
        failed: bool,
    },
}

/// What a pass did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Sources that were asked.
    pub visited: usize,
    /// Sources that said the same as last time.
    pub unchanged: usize,
    /// Entries that were not there before.
    pub new_entries: usize,
    /// Entries that read differently now.
    pub changed_entries: usize,
    /// Stories that were not there before.
    pub new_stories: usize,
    /// Sources that failed, by name.
    pub failures: Vec<(SourceId, Failure)>,
    /// What publishing did.
    pub published: Published,
}

impl Report {
    /// Every source that was asked failed, and none because of what it is itself: the machine may be offline.
    pub fn everything_failed(&self) -> bool {
        let no_way_there = |f: &Failure| {
            matches!(f.kind, ErrorKind::Dns | ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Proxy)
        };
        self.visited > 0
            && self.failures.len() == self.visited
            && self.failures.iter().all(|(_, failure)| no_way_there(failure))
    }
}

/// Whoever watches a pass.
pub type Watch<'a> = &'a (dyn Fn(Event) + Send + Sync);

/// One pass, to be run.
pub struct Tick<'a> {
    config: &'a Config,
    data_dir: &'a Path,
    now: Timestamp,
    all: bool,
    watch: Watch<'a>,
    client: Option<&'a Client>,
}

/// The database in a data folder.
pub fn database_path(data_dir: &Path) -> PathBuf {
    data_dir.join("kariz.db")
}

/// The published files in a data folder.
pub fn public_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("public")
}

impl<'a> Tick<'a> {
    /// A pass over the sources that are due at `now`.
    pub fn new(config: &'a Config, data_dir: &'a Path, now: Timestamp) -> Self {
        Self { config, data_dir, now, all: false, watch: &|_| {}, client: None }
    }

    /// Whether to read every source, due or not.
    #[must_use]
    pub fn all(self, all: bool) -> Self {
        Self { all, ..self }
    }

    /// Tells `watch` what happens.
    #[must_use]
    pub fn watched_by(self, watch: Watch<'a>) -> Self {
        Self { watch, ..self }
    }

    /// Uses a client of earlier passes, with its open connections.
    #[must_use]
    pub fn with_client(self, client: &'a Client) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Reads, decides, publishes. The data folder must be locked by the caller.
    ///
    /// # Errors
    /// When the store or the published folder fails. Nothing is lost then: what was recorded stays, and
    /// the next pass goes on from there.
    pub async fn run(self) -> Result<Report, TickError> {
        let mut store = Store::open(&database_path(self.data_dir))?;
        let states = store.sync_sources(&self.config.sources)?;
        let own_client;
        let client = match self.client {
            Some(client) => client,
            None => {
                own_client = client(self.config)?;
                &own_client
            }
        };
        for (host, until) in store.silences(self.now)? {
            client.silence(&host, until);
        }
        let (store, mut report) = self.read_sources(store, &states, client).await?;
        let (config, data_dir, now) = (self.config.clone(), self.data_dir.to_owned(), self.now);
        // Deciding and publishing are work for one thread that nobody waits for.
        let done = tokio::task::spawn_blocking(move || -> Result<Report, TickError> {
            let mut store = store;
            report.new_stories = stories::cluster(&mut store, &config)?;
            report.published = publish(&store, &config, &public_dir(&data_dir), now)?;
            Ok(report)
        });
        done.await.map_err(|e| TickError::Defect(format!("publishing broke off: {e}")))?
    }

    async fn read_sources(
        &self,
        store: Store,
        states: &[SourceState],
        client: &Client,
    ) -> Result<(Store, Report), TickError> {
        let due = self.due(states);
        (self.watch)(Event::Due(due.len()));
        if due.is_empty() {
            return Ok((store, Report::default()));
        }
        let desk = Desk {
            now: self.now,
            readers: Arc::new(ingest::Readers::new(&database_path(self.data_dir))),
            cores: Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))),
            writer: Writer::start(store),
        };
        let mut report = Report::default();
        let visits = futures_util::stream::iter(due)
            .map(|(source, state)| Box::pin(self.visit(client, source, state, &desk)))
            .buffer_unordered(VISITS_IN_HAND);
        let mut visits = std::pin::pin!(visits);
        while let Some((source, seen)) = visits.next().await {
            report.visited += 1;
            report.unchanged += usize::from(seen.unchanged);
            report.new_entries += seen.new_entries;
            report.changed_entries += seen.changed_entries;
            (self.watch)(Event::Visited { new_entries: seen.new_entries, failed: seen.failure.is_some() });
            if let Some(failure) = seen.failure {
                tracing::warn!(source = %source, kind = failure.kind.as_str(), "{}", failure.message);
                report.failures.push((source, failure));
            }
        }
        report.failures.sort_by(|a, b| a.0.cmp(&b.0));
        let store = desk.writer.finish().await?;
        for (host, until) in client.silences(self.now) {
            store.silence(&host, until)?;
        }
        Ok((store, report))
    }

    /// The sources to ask now, hosts taking turns, so that one with many sources does not hold up the others.
    fn due<'s>(&self, states: &'s [SourceState]) -> Vec<(&'a Source, &'s SourceState)> {
        let mut turns: HashMap<&str, usize> = HashMap::new();
        let mut due: Vec<(usize, &'a Source, &'s SourceState)> = Vec::new();
        for (source, state) in self.config.sources.iter().zip(states) {
            if !source.enabled || state.is_gone() {
                continue;
            }
            let asked_to_wait = schedule::is_silenced(state.retry_at, self.now);
            let is_due = schedule::is_due(state.next_due, state.last_visit, self.now, source);
            if asked_to_wait || !(self.all || is_due) {
                continue;
            }
            let host = match &source.location {
                Location::Http(url) => url.host_str().unwrap_or_default(),
                Location::File(_) => "",
            };
            let turn = turns.entry(host).or_default();
            *turn += 1;
            due.push((*turn, source, state));
        }
        due.sort_by_key(|(turn, ..)| *turn);
        due.into_iter().map(|(_, source, state)| (source, state)).collect()
    }

    /// Asks one source and has recorded what came of it.
    async fn visit(&self, client: &Client, source: &Source, state: &SourceState, desk: &Desk) -> (SourceId, Seen) {
        let request = Request::new(source, state.moved_to.as_ref(), &state.validators);
        let fetched = client.fetch(&request).await;
        let (outcome, seen) = desk.look_at(fetched, source, state).await;
        let next_due = schedule::after(&outcome, source, state, self.now);
        desk.writer.record(Visit { source: state.key, at: self.now, next_due, outcome }).await;
        (source.id.clone(), seen)
    }
}

/// What a visit brought, in figures.
#[derive(Clone, Debug, Default)]
struct Seen {
    unchanged: bool,
    new_entries: usize,
    changed_entries: usize,
    failure: Option<Failure>,
}

/// What all visits of a pass share.
struct Desk {
    now: Timestamp,
    readers: Arc<ingest::Readers>,
    cores: Arc<Semaphore>,
    writer: Writer,
}
