//! One pass: read what is due (concurrently), decide which entries are one story (in one ordered pass over what
//! is new), publish what changed. The one place where all rooms meet.
//!
//! Threads: requests are multiplexed on the caller's run time; documents are read on blocking threads, as many at
//! a time as there are cores; one thread writes to the store. Everything between them is bounded, so
//! memory does not depend on the number of sources.

mod archives;
mod article;
mod candidate;
mod desk;
mod due;
mod flags;
mod full_text;
mod includes;
mod index;
mod ingest;
pub mod lock;
mod made_from;
mod marks;
mod outputs;
mod overview;
mod pages;
mod pages_source;
mod partial;
mod parts_back;
mod places;
pub mod preview;
mod pushed;
mod read_back;
mod readers;
mod recognised;
pub mod recovery;
pub mod retention;
mod search;
mod stories;
mod taken_over;
mod webhook;
mod workers;
mod writer;
mod written;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::sync::Semaphore;

pub use flags::{Change, Flag};
pub use includes::refresh_includes;
pub use index::StoreIndex;
pub use outputs::{Published, base_url, public_url, source_infos};
pub use overview::{Overview, SourceFigures, overview};
pub use pages::check_theme;
pub use pushed::Pushed;
pub use stories::dedupe_options;
pub use webhook::call_webhook;

pub use crate::fetch::Client;

use crate::config::Config;
use crate::fetch::{self, Request, Settings};
use crate::model::{ErrorKind, Failure, Fetched, Location, Source, SourceId, Validators};
use crate::publish::files::FileError;
use crate::rules::Rules;
use crate::store::{SourceState, Store, StoreError};
use desk::{Desk, Seen};
use due::Due;
use workers::Workers;
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
    /// A page.
    #[error("the pages cannot be made: {0}")]
    Page(#[from] crate::publish::page::ThemeError),
    /// The client cannot be set up (proxy, certificates).
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    /// A defect of kariz itself.
    #[error("{0}; this is a defect of kariz, please report it")]
    Defect(String),
}

impl TickError {
    /// Whether the database is damaged: [`recovery::see_to_database`] makes it again.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_damage())
    }
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
    /// Sources that were not asked, since their host wants to be left alone.
    pub waiting: usize,
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
    /// What is kept no longer and left.
    pub pruned: retention::Pruned,
    /// What an operator should know of the sources, and was not told yet.
    pub flags: Vec<Change>,
    /// What publishing did.
    pub published: Published,
    /// When the next source is due.
    pub next_due: Option<Timestamp>,
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
    live: bool,
    watch: Watch<'a>,
    client: Option<&'a Client>,
    at_most: usize,
    pushed: Option<&'a Pushed>,
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
        Self {
            config,
            data_dir,
            now,
            all: false,
            live: false,
            watch: &|_| {},
            client: None,
            at_most: usize::MAX,
            pushed: None,
        }
    }

    /// Whether to read every source, due or not.
    #[must_use]
    pub fn all(self, all: bool) -> Self {
        Self { all, ..self }
    }

    /// Whether the pages are served by kariz itself, and may link to what only it can answer: search, status.
    #[must_use]
    pub fn live(self, live: bool) -> Self {
        Self { live, ..self }
    }

    /// Tells `watch` what happens.
    #[must_use]
    pub fn watched_by(self, watch: Watch<'a>) -> Self {
        Self { watch, ..self }
    }

    /// Uses a client of earlier passes, with what it knows of hosts: who wants to be left alone, and their robots.txt.
    #[must_use]
    pub fn with_client(self, client: &'a Client) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Of the sources that were read before, asks no more than so many, those that wait longest first.
    #[must_use]
    pub fn at_most(self, sources: usize) -> Self {
        Self { at_most: sources, ..self }
    }

    /// Takes in what hubs have pushed since the last pass; their sources are not asked in this one.
    #[must_use]
    pub fn pushed(self, pushed: &'a Pushed) -> Self {
        Self { pushed: Some(pushed), ..self }
    }

    /// Reads, decides, publishes. The data folder must be locked by the caller.
    ///
    /// # Errors
    /// When the store or the published folder fails. Nothing is lost then: what was recorded stays, and
    /// the next pass goes on from there.
    pub async fn run(self) -> Result<Report, TickError> {
        let mut store = Store::open(&database_path(self.data_dir))?;
        if store.forget_the_future(self.now)? {
            tracing::warn!(
                "this machine's clock was far ahead for a while; what was dated then is dated now"
            );
        }
        let states = store.sync_sources(&self.config.sources)?;
        stories::post_what_is_missing(&mut store, self.config)?;
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
        client.rest();
        // Nobody needs them any more, and what comes now takes memory itself.
        drop(states);
        let (config, data_dir) = (self.config.clone(), self.data_dir.to_owned());
        let (now, live) = (self.now, self.live);
        // Deciding and publishing are work for one thread that nobody waits for.
        let done = tokio::task::spawn_blocking(move || -> Result<Report, TickError> {
            let mut store = store;
            let (new_stories, mut unposted) = stories::cluster(&mut store, &config, now)?;
            report.new_stories = new_stories;
            search::index(&mut store)?;
            report.pruned = retention::now_and_then(&mut store, &config, &mut unposted, now)?;
            report.flags = flags::look(&store, &config, now)?;
            report.published =
                outputs::publish(&mut store, &config, &public_dir(&data_dir), live, &mut unposted, now)?;
            report.next_due = store.next_due()?;
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
        let mut store = store;
        let Due { mut due, put_off } = self.due(states);
        let places = places::Places::sort(&mut due);
        let client =
            &client.for_pass(due.iter().filter_map(|(source, state)| places::place(source, state).cloned()));
        store.put_off(&put_off)?;
        (self.watch)(Event::Due(due.len()));
        if due.is_empty() && self.pushed.is_none_or(HashMap::is_empty) {
            return Ok((store, Report::default()));
        }
        let subscribed = store.pushed_sources(self.now)?;
        let desk = Desk {
            now: self.now,
            started: std::time::Instant::now(),
            readers: Arc::new(readers::Readers::new(&database_path(self.data_dir))),
            setting: Arc::new(setting(self.config, &store)?),
            workers: Workers::start(),
            unwritten: Arc::new(Semaphore::new(writer::UNWRITTEN)),
            large: Arc::new(Semaphore::new(1)),
            subscribed,
            places,
            writer: Writer::start(store),
        };
        let mut report = Report::default();
        let pushed = states.iter().zip(&self.config.sources).filter_map(|(state, source)| {
            let document = self.pushed?.get(&state.key).filter(|_| source.enabled)?;
            Some((source, state, Some(document)))
        });
        let visits = pushed.chain(due.into_iter().map(|(source, state)| (source, state, None)));
        let mut visits = futures_util::stream::iter(visits)
            .map(|(source, state, pushed)| {
                let desk = &desk;
                Box::pin(async move {
                    match pushed {
                        Some(document) => self.take_in(client, document, source, state, desk).await,
                        None => self.visit(client, source, state, desk).await,
                    }
                })
            })
            .buffer_unordered(VISITS_IN_HAND);
        while let Some((source, seen)) = visits.next().await {
            report.visited += usize::from(!seen.waiting && !seen.pushed);
            report.waiting += usize::from(seen.waiting);
            report.unchanged += usize::from(seen.unchanged);
            report.new_entries += seen.new_entries;
            report.changed_entries += seen.changed_entries;
            (self.watch)(Event::Visited { new_entries: seen.new_entries, failed: seen.failure.is_some() });
            if let Some(failure) = seen.failure {
                tracing::info!(source = %source, kind = failure.kind.as_str(), "{}", failure.message);
                report.failures.push((source, failure));
            }
        }
        drop(visits);
        report.failures.sort_by(|a, b| a.0.cmp(&b.0));
        let readers = desk.readers.clone();
        let store = desk.writer.finish().await?;
        if let Some(error) = readers.damage() {
            return Err(error.into());
        }
        for (host, until) in client.silences() {
            store.silence(&host, until)?;
        }
        Ok((store, report))
    }

    /// Asks one source and has recorded what came of it.
    async fn visit(
        &self,
        client: &Client,
        source: &Source,
        state: &SourceState,
        desk: &Desk,
    ) -> (SourceId, Seen) {
        let place = places::place(source, state).cloned().map(Location::Http);
        let wants_more = pages_source::wants_more(source, state, &desk.readers, self.now);
        let request = Request {
            source,
            location: place.as_ref().unwrap_or(&source.location),
            validators: if wants_more || !desk.places.may_be_conditional(source, state) {
                &Validators::default()
            } else {
                &state.validators
            },
            may_use_file: true,
            purpose: pages_source::purpose(source),
        };
        let fetched = client.fetch(&request).await;
        // Kept with the visit: a run that is killed must not forget who asked for silence.
        let silences = match &fetched {
            Fetched::Failed(Failure { retry_at: Some(until), status: Some(_), .. }) => {
                client.silences().into_iter().filter(|(_, at)| at == until).collect()
            }
            _ => Vec::new(),
        };
        let turn = match &fetched {
            Fetched::Document(document) => desk.turn_of(document, source).await,
            _ => Vec::new(),
        };
        // In a box: most visits wait for their turn, and for most there is nothing to be looked at.
        let mut made = Box::pin(desk.look_at(client, fetched, wants_more, source, state)).await;
        made.visit.silences = silences;
        made.turn.extend(turn);
        let seen = Seen::of(&made.visit.outcome);
        desk.writer.record(made).await;
        (source.id.clone(), seen)
    }
}

/// Makes every published file again from what is stored, without asking any source. The data folder must be locked by
/// the caller.
///
/// # Errors
/// When the store or the published folder fails.
pub fn rebuild(config: &Config, data_dir: &Path, now: Timestamp) -> Result<Published, TickError> {
    let mut store = Store::open(&database_path(data_dir))?;
    store.sync_sources(&config.sources)?;
    let (_, mut unposted) = stories::cluster(&mut store, config, now)?;
    search::index(&mut store)?;
    made_from::State::forget(&store)?;
    outputs::publish(&mut store, config, &public_dir(data_dir), false, &mut unposted, now)
}

/// The client that feeds.toml describes.
///
/// # Errors
/// When it cannot be set up.
pub fn client(config: &Config) -> Result<Client, TickError> {
    let own = &config.fetch;
    let link = config.feed.link.as_ref().or(config.feed.base_url.as_ref());
    let settings = Settings {
        user_agent: own.user_agent.clone().unwrap_or_else(|| fetch::user_agent(link.map(url::Url::as_str))),
        from: own.from.clone(),
        connect_timeout: own.connect_timeout,
        first_byte_timeout: own.first_byte_timeout,
        timeout: own.timeout,
        max_size: usize::try_from(own.max_size).unwrap_or(usize::MAX),
        max_redirects: own.max_redirects,
        per_host_concurrency: own.per_host_concurrency,
        per_host_delay: own.per_host_delay,
        concurrency: own.concurrency,
        proxy: own.proxy.clone(),
        extra_root_certificates: own.root_certificates.clone(),
        allow_private_addresses: own.allow_private_addresses,
        ..Settings::default()
    };
    Client::new(&settings).map_err(|e| TickError::Client(e.to_string()))
}

/// The page that shows how every source is doing, as HTML.
///
/// # Errors
/// When the store fails.
pub fn status_page(config: &Config, data_dir: &Path, now: Timestamp) -> Result<Vec<u8>, TickError> {
    let store = Store::read_only(&database_path(data_dir))?;
    let infos = source_infos(config, &store)?;
    pages::status(&store, config, &infos, now)
}

/// What is the same for all documents of a pass.
fn setting(config: &Config, store: &Store) -> Result<ingest::Setting, StoreError> {
    let last = store.lower_end(config.feed.max_items)?;
    let lower_end = last.and_then(|at| at.checked_sub(jiff::SignedDuration::from_secs(1)).ok());
    Ok(ingest::Setting { rules: Rules::new(&config.rules), lower_end })
}

/// The page with the stories that a person searches for, as HTML.
///
/// # Errors
/// When the store fails.
pub fn search_page(
    config: &Config,
    data_dir: &Path,
    query: &str,
    number: usize,
) -> Result<Vec<u8>, TickError> {
    let store = Store::read_only(&database_path(data_dir))?;
    let infos = source_infos(config, &store)?;
    pages::search(&store, config, &infos, query, number)
}
