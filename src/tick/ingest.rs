//! A document → what is new in it: parse, compare with what is known, clean only what is new.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::article;
use crate::model::{Article, Document, ErrorKind, Failure, ParsedEntry, ParsedFeed, Source};
use crate::parse;
use crate::store::{
    About, ChangedEntry, DocumentVisit, KnownEntry, NewEntry, Outcome, SourceState, Store, StoreError,
};
use crate::text;

/// Reading connections, as many as are in use at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Store>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default() }
    }

    fn with<T>(&self, work: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = match idle {
            Some(store) => store,
            None => Store::read_only(&self.path)?,
        };
        let result = work(&store);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(store);
        result
    }
}

/// The hash by which a body is known again.
pub(super) fn body_hash(body: &[u8]) -> i64 {
    xxh3_64(body).cast_signed()
}

/// Reads a document. What is wrong with it is an outcome, not an error.
pub(super) fn read(
    document: &Document,
    source: &Source,
    state: &SourceState,
    readers: &Readers,
    now: Timestamp,
) -> Outcome {
    let input = parse::Input {
        body: &document.body,
        content_type: document.content_type.as_deref(),
        base: document.url.as_ref(),
        encoding: source.encoding.as_deref(),
        timezone: &source.timezone,
        language: source.language.as_deref(),
        now,
    };
    let feed = match parse::parse(&input) {
        Ok(feed) => feed,
        Err(error) => {
            return Outcome::Failed(Failure {
                kind: error.kind,
                message: error.message,
                status: (document.status != 0).then_some(document.status),
                retry_at: None,
            });
        }
    };
    match readers.with(|store| compare(&feed, source, state, store, now)) {
        Ok(found) => Outcome::Document(Box::new(DocumentVisit {
            validators: document.validators.clone(),
            body_hash: body_hash(&document.body),
            status: document.status,
            fresh_until: super::fresh_until(now, document.fresh_for),
            moved_to: document.moved_to.clone(),
            about: About::of(&feed),
            hints: feed.hints.clone(),
            warnings: feed.warnings.clone(),
            ..found
        })),
        Err(error) => Outcome::Failed(Failure {
            kind: ErrorKind::Internal,
            message: error.to_string(),
            status: None,
            retry_at: None,
        }),
    }
}

/// What of a document is new, and what reads differently.
fn compare(
    feed: &ParsedFeed,
    source: &Source,
    state: &SourceState,
    store: &Store,
    now: Timestamp,
) -> Result<DocumentVisit, StoreError> {
    let first_visit = !store.has_entries(state.key)?;
    let mut found = DocumentVisit::default();
    let mut fresh: Vec<(usize, &ParsedEntry)> = Vec::new();
    for (position, entry) in feed.entries.iter().enumerate() {
        fresh.push((position, entry));
    }
    let _ = (first_visit, &mut found, source, now);
    Ok(found)
}
