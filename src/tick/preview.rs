//! A pass without consequences: on a copy of the store that is thrown away, with nothing published.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;
use jiff::Timestamp;

use super::candidate::{Fate, Note};
use super::ingest;
use super::readers::Readers;
use super::workers::Workers;
use super::{TickError, client, database_path, pages_source, setting, source_infos, stories};
use crate::config::Config;
use crate::fetch::Request;
use crate::model::{Failure, Fetched, Location, Source, SourceId, SourceInfo, Validators, Why};
use crate::rules::Applied;
use crate::store::{Outcome, SourceState, Store, Visit};

/// What would come of a source.
#[derive(Clone, Debug)]
pub struct Previewed {
    /// Its name.
    pub source: SourceId,
    /// Why it cannot be read.
    pub failure: Option<Failure>,
    /// What would be said of it in `status`.
    pub warnings: Vec<String>,
    /// The selectors by which its page is read, as lines of TOML: those that were found, where none are given.
    pub select: Option<String>,
    /// The entries of its document that are not as they were, in the order of the document.
    pub entries: Vec<PreviewedEntry>,
}

/// What would become of an entry.
#[derive(Clone, Debug)]
pub struct PreviewedEntry {
    /// Unique in its source.
    pub guid: String,
    /// As rules leave it.
    pub title: String,
    /// The article.
    pub link: Option<String>,
    /// One of `new`, `merged`, `edited`, `dropped`, `passed_over`.
    pub fate: &'static str,
    /// The rules that did something, in order.
    pub rules: Vec<Applied>,
    /// The story that it would belong to.
    pub story: Option<PreviewedStory>,
}

/// A story that an entry would belong to.
#[derive(Clone, Debug)]
pub struct PreviewedStory {
    /// `urn:uuid:…`
    pub id: String,
    /// The headline of who speaks for it.
    pub title: String,
    /// Why the entry belongs to it; `None` for the first to tell it.
    pub why: Option<Why>,
}

/// How many sources are asked at a time.
const AT_ONCE: usize = 32;

/// Reads the sources (or only the one that is named) and tells what a pass would do. Writes nothing: neither to the data
/// folder nor to what is published.
///
/// # Errors
/// When the store cannot be copied.
pub async fn preview(
    config: &Config,
    data_dir: &Path,
    only: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Previewed>, TickError> {
    let folder = tempfile::tempdir()
        .map_err(|e| TickError::Defect(format!("no temporary folder can be made: {e}")))?;
    let (own, copy) = (database_path(data_dir), database_path(folder.path()));
    if own.exists() {
        Store::read_only(&own)?.copy_to(&copy)?;
    }
    let mut store = Store::open(&copy)?;
    let states = store.sync_sources(&config.sources)?;
    let client = client(config)?;
    for (host, until) in store.silences(now)? {
        client.silence(&host, until);
    }
    let setting = Arc::new(setting(config, &store)?);
    let readers = Arc::new(Readers::new(&copy));
    let workers = Workers::start();
    let wanted = config.sources.iter().zip(&states).filter(|(source, _)| match only {
        Some(id) => source.id.as_str() == id,
        None => source.enabled,
    });
    let visits: Vec<_> = futures_util::stream::iter(wanted)
        .map(|(source, state)| {
            let (client, setting, readers, workers) =
                (&client, setting.clone(), readers.clone(), workers.clone());
            async move {
                let fetched = ask(client, source, state).await;
                let (owned, known) = (source.clone(), state.clone());
                let mut select = None;
                let read = match fetched {
                    Ok(document) if !source.reading.is_plain() => {
                        let shop = pages_source::Workshop { client, readers, setting, workers, now };
                        select = pages_source::chosen(&shop, &document, source).await;
                        Box::pin(pages_source::read(&shop, document, source, state)).await
                    }
                    Ok(document) => {
                        let reading = workers
                            .work(move || ingest::read(&document, &owned, &known, &readers, &setting, now));
                        reading.await.unwrap_or_else(|failure| (Outcome::Failed(failure), Vec::new()))
                    }
                    Err(failure) => (Outcome::Failed(failure), Vec::new()),
                };
                Ok::<_, TickError>((source, state, read, select))
            }
        })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    let mut noted = Vec::with_capacity(visits.len());
    for (source, state, (outcome, notes), select) in visits {
        let (failure, warnings) = match &outcome {
            Outcome::Failed(failure) | Outcome::Gone(failure) => (Some(failure.clone()), Vec::new()),
            Outcome::Document(document) | Outcome::Pushed(document) => (None, document.warnings.clone()),
            Outcome::Unchanged { .. } | Outcome::Waiting(_) => (None, Vec::new()),
        };
        let visit = Visit {
            source: state.key,
            at: now,
            next_due: now,
            silences: Vec::new(),
            at_home: false,
            outcome,
        };
        store.together(|store| store.record(&visit))?;
        noted.push((source, state, failure, warnings, select, notes));
    }
    // The database is gone with the preview, and what is recognised again with it.
    let _ = stories::cluster(&mut store, config, now)?;
    let infos = source_infos(config, &store)?;
    let mut previewed = Vec::with_capacity(noted.len());
    for (source, state, failure, warnings, select, notes) in noted {
        let entries = notes
            .into_iter()
            .map(|note| tell(note, state, &store, &infos))
            .collect::<Result<Vec<_>, TickError>>()?;
        previewed.push(Previewed { source: source.id.clone(), failure, warnings, select, entries });
    }
    Ok(previewed)
}

/// Asks a source for its whole document, whatever it said last time.
async fn ask(
    client: &crate::fetch::Client,
    source: &Source,
    state: &SourceState,
) -> Result<crate::model::Document, Failure> {
    let failure =
        |kind, message: &str| Failure { kind, message: message.into(), status: None, retry_at: None };
    let moved_to = state.moved_to.clone().map(Location::Http);
    let request = Request {
        source,
        location: moved_to.as_ref().unwrap_or(&source.location),
        validators: &Validators::default(),
        may_use_file: false,
        purpose: pages_source::purpose(source),
    };
    match client.fetch(&request).await {
        Fetched::Document(document) => Ok(document),
        Fetched::Failed(failure) => Err(failure),
        Fetched::Gone => {
            Err(failure(crate::model::ErrorKind::Gone, "410: it is gone for good, says its server"))
        }
        Fetched::NotModified { .. } => Err(failure(
            crate::model::ErrorKind::BadResponse,
            "the server answers 304 to an unconditional request",
        )),
    }
}

fn tell(
    note: Note,
    state: &SourceState,
    store: &Store,
    infos: &HashMap<i64, Arc<SourceInfo>>,
) -> Result<PreviewedEntry, TickError> {
    let mut story = None;
    if matches!(note.fate, Fate::New | Fate::Edited)
        && let Some(entry) = store.entry_by_guid(state.key, &note.guid)?
        && let Some(key) = store.story_of(entry.key)?
    {
        let found = store.story(key, infos)?;
        if let Some(member) = found.members.iter().find(|m| m.entry.key == entry.key) {
            let title = found.lead().entry.article.title.clone();
            story = Some(PreviewedStory { id: found.id.clone(), title, why: member.why.clone() });
        }
    }
    let merged = story.as_ref().is_some_and(|s| s.why.is_some());
    let fate = match note.fate {
        Fate::New if merged => "merged",
        Fate::New => "new",
        Fate::Edited => "edited",
        Fate::Dropped => "dropped",
        Fate::PassedOver => "passed_over",
    };
    Ok(PreviewedEntry { guid: note.guid, title: note.title, link: note.link, fate, rules: note.rules, story })
}
