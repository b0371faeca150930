//! Sources that take more than one document: pages that list articles, sitemaps, JSON, and feeds whose article pages
//! are read.
//!
//! The documents that list entries become one feed; what is new in it is told by what is stored; the pages of
//! what is new are read ([`super::full_text`]); then all goes the way of every feed.

use std::future::Future;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::candidate::{self, Note};
use super::full_text;
use super::ingest::{self, Setting};
use super::readers::Readers;
use super::workers::Workers;
use crate::fetch::{Client, Purpose, Request};
use crate::model::{
    Document, ErrorKind, Failure, Fetched, Location, ParsedFeed, Source, SourceKind, Validators,
};
use crate::page::{self, PageError};
use crate::parse;
use crate::store::{Outcome, SourceState};

/// How many further pages of a list (`next`) are read at one visit.
const MOST_NEXT: usize = 5;
/// How many sitemaps of an index are read at one visit; the newest come first.
const MOST_SITEMAPS: usize = 5;
/// A list shorter than this is too short to tell a new layout from news.
const TELLING: usize = 5;
/// How long a list of which nothing is known is held back: then it is the new layout, not a bad day.
const HELD: SignedDuration = SignedDuration::from_hours(24);
/// And so many visits at least.
const HELD_VISITS: u32 = 3;

/// What reading such a source takes.
#[derive(Clone)]
pub(super) struct Workshop<'a> {
    pub(super) client: &'a Client,
    pub(super) readers: Arc<Readers>,
    pub(super) setting: Arc<Setting>,
    pub(super) workers: Workers,
    pub(super) now: Timestamp,
}

impl Workshop<'_> {
    /// Does a piece of work on one of the threads that there are for it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.workers.work(work).await
    }

    /// Asks for one more document of a source.
    pub(super) fn ask<'s>(
        &'s self,
        source: &'s Source,
        location: &'s Location,
        validators: &'s Validators,
        purpose: Purpose,
    ) -> impl Future<Output = Fetched> + 's {
        let request = Request { source, location, validators, may_use_file: false, purpose };
        async move { self.client.fetch(&request).await }
    }
}

/// What the first document of a source is asked for as: robots.txt has a say on pages.
pub(super) fn purpose(source: &Source) -> Purpose {
    match source.reading.kind {
        SourceKind::Page => Purpose::Page,
        SourceKind::Feed | SourceKind::Sitemap | SourceKind::Json => Purpose::Feed,
    }
}

/// Whether a source must be read even where its first document is as it was: there are others that may not be, or
/// article pages that wait.
pub(super) fn wants_more(source: &Source, state: &SourceState, readers: &Readers, now: Timestamp) -> bool {
    if source.reading.is_plain() {
        return false;
    }
    !source.reading.pages.is_empty()
        || source.reading.kind == SourceKind::Sitemap
        || source.reading.full_text
            && readers.with(|store| store.has_pages_due(state.key, now)).unwrap_or(false)
}

/// Reads a source from its first document on. What is wrong with it is an outcome, not an error.
pub(super) async fn read(
    shop: &Workshop<'_>,
    document: Document,
    source: &Source,
    state: &SourceState,
) -> (Outcome, Vec<Note>) {
    match understand(shop, document, source, state).await {
        Ok(read) => read,
        Err(failure) => (Outcome::Failed(failure), Vec::new()),
    }
}

async fn understand(
    shop: &Workshop<'_>,
    document: Document,
    source: &Source,
    state: &SourceState,
) -> Result<(Outcome, Vec<Note>), Failure> {
    let status = (document.status != 0).then_some(document.status);
    let mut feed = match list(shop, &document, source).await {
        Ok(feed) => feed,
        Err(found) => return Err(lost(shop, found, status, source, state)?),
    };
    let (fed, owned, known) = (std::mem::take(&mut feed), source.clone(), state.clone());
    let (readers, now) = (shop.readers.clone(), shop.now);
    let plan =
        shop.work(move || readers.with(|store| full_text::plan(fed, &owned, &known, store, now))).await?;
    let mut plan = plan.map_err(|e| failure(ErrorKind::Internal, e.to_string()))?;
    let since = match held_back(&plan, source, state, shop) {
        Held::Not => None,
        Held::Until(failure) => return Err(failure),
        Held::Released(since) => Some(since),
    };
    if source.reading.full_text {
        full_text::fetch(shop, &mut plan, source).await;
    }
    let (readers, setting, now) = (shop.readers.clone(), shop.setting.clone(), shop.now);
    let (owned, known) = (source.clone(), state.clone());
    let read = shop.work(move || {
        let renewed = std::mem::take(&mut plan.renewed);
        let (feed, priors, pages) = plan.conclude(since);
        let mut notes = Vec::new();
        let mut outcome =
            ingest::conclude(&feed, &priors, &document, &owned, &known, &readers, &setting, now, &mut notes);
        if let Outcome::Document(visit) = &mut outcome {
            visit.pages = pages;
            visit.passed_over.extend(renewed);
        }
        (outcome, notes)
    });
    read.await
}

/// The selectors by which a page is read, as lines of TOML.
pub(super) async fn chosen(shop: &Workshop<'_>, document: &Document, source: &Source) -> Option<String> {
    if source.reading.kind != SourceKind::Page {
        return None;
    }
    let (document, source, now) = (document.clone(), source.clone(), shop.now);
    let listing = shop.work(move || {
        let input = input(&document, &source, now);
        page::listing(&input, Some(&page::Selectors::from(&source.reading.select)))
    });
    let chosen = listing.await.ok()?.ok()?.chosen;
    chosen.item.is_some().then(|| chosen.to_toml())
}

/// What all documents of a source list, as one feed.
async fn list(shop: &Workshop<'_>, document: &Document, source: &Source) -> Result<ParsedFeed, Failure> {
    let one = |document: Document| {
        let (source, now) = (source.clone(), shop.now);
        async move { shop.work(move || read_list(&document, &source, now)).await? }
    };
    let first = one(document.clone()).await?;
    let (mut feed, mut more) = (first.feed, first.more);
    match source.reading.kind {
        SourceKind::Feed | SourceKind::Json => return Ok(feed),
        SourceKind::Sitemap => more.truncate(MOST_SITEMAPS),
        SourceKind::Page => {}
    }
    let (mut open, mut unread, mut followed) = (source.reading.pages.clone(), 0, 0);
    open.extend(more);
    open.reverse();
    let mut asked: Vec<Url> = document.url.clone().into_iter().collect();
    while let Some(url) = open.pop() {
        if asked.contains(&url) {
            continue;
        }
        asked.push(url.clone());
        let location = Location::Http(url);
        let read = match shop.ask(source, &location, &Validators::default(), purpose(source)).await {
            Fetched::Document(document) => one(document).await,
            Fetched::Failed(failure) => Err(failure),
            Fetched::NotModified { .. } | Fetched::Gone => {
                Err(failure(ErrorKind::Gone, "it is gone for good, says its server"))
            }
        };
        match read {
            Ok(listed) => {
                join(&mut feed, listed.feed);
                let most = if source.reading.kind == SourceKind::Page { MOST_NEXT } else { MOST_SITEMAPS };
                for url in listed.more {
                    if followed < most {
                        followed += 1;
                        open.push(url);
                    }
                }
            }
            Err(failure) => {
                unread += 1;
                feed.warnings.push(format!("{location}: {}", failure.message));
            }
        }
    }
    if feed.entries.is_empty() && unread > 0 {
        return Err(failure(ErrorKind::Parse, feed.warnings.join("; ")));
    }
    Ok(feed)
}

/// Adds what a further document lists; what both list is there once.
fn join(feed: &mut ParsedFeed, more: ParsedFeed) {
    let key = |link: &Option<String>| candidate::link_hash(link.as_deref());
    let known: std::collections::HashSet<i64> = feed.entries.iter().filter_map(|e| key(&e.link)).collect();
    feed.entries
        .extend(more.entries.into_iter().filter(|e| key(&e.link).is_none_or(|k| !known.contains(&k))));
    feed.warnings.extend(more.warnings);
    feed.title = feed.title.take().or(more.title);
    feed.language = feed.language.take().or(more.language);
}

struct List {
    feed: ParsedFeed,
    /// Further documents to read: the next page of the list, the sitemaps of an index.
    more: Vec<Url>,
}

fn read_list(document: &Document, source: &Source, now: Timestamp) -> Result<List, Failure> {
    let reading = &source.reading;
    let input = input(document, source, now);
    let address = |url: String| Url::parse(&url).ok();
    let (feed, more) = match reading.kind {
        SourceKind::Feed => {
            let input = super::ingest::input(document, source, now);
            (parse::parse(&input).map_err(|e| failure(e.kind, e.message))?, Vec::new())
        }
        SourceKind::Page => {
            let select = page::Selectors::from(&reading.select);
            let listing = page::listing(&input, Some(&select)).map_err(of_page)?;
            // Pages of a list that was found are not followed: the newest are on the first.
            let next = listing.next.filter(|_| reading.select.next.is_some());
            (listing.feed, next.and_then(address).into_iter().collect())
        }
        SourceKind::Sitemap => {
            let map = page::sitemap(&input).map_err(of_page)?;
            (map.feed, map.sitemaps.into_iter().filter_map(|s| address(s.url)).collect())
        }
        SourceKind::Json => {
            let select = page::JsonSelect::from(&reading.select);
            (page::json_api(&input, &select).map_err(of_page)?, Vec::new())
        }
    };
    Ok(List { feed, more })
}

/// A document of a source, as the page room reads it.
pub(super) fn input<'d>(document: &'d Document, source: &'d Source, now: Timestamp) -> page::Input<'d> {
    page::Input {
        content_type: document.content_type.as_deref(),
        base: document.url.as_ref(),
        encoding: source.encoding.as_deref(),
        timezone: &source.timezone,
        language: source.language.as_deref(),
        ..page::Input::new(&document.body, now)
    }
}

fn of_page(error: PageError) -> Failure {
    failure(error.kind, error.message)
}

pub(super) fn failure(kind: ErrorKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into(), status: None, retry_at: None }
}

/// What is said of a list that cannot be read: one that could be before may have changed its layout.
fn lost(
    shop: &Workshop<'_>,
    found: Failure,
    status: Option<u16>,
    source: &Source,
    state: &SourceState,
) -> Result<Failure, Failure> {
    let had = shop
        .readers
        .with(|store| store.has_entries(state.key))
        .map_err(|e| failure(ErrorKind::Internal, e.to_string()))?;
    let unreadable = matches!(found.kind, ErrorKind::Parse | ErrorKind::Empty);
    if source.reading.kind == SourceKind::Feed || !had || !unreadable {
        return Ok(Failure { status: found.status.or(status), ..found });
    }
    let message = format!(
        "{}; it listed articles before: its layout may have changed. What it listed stays; see `kariz preview {}`",
        found.message, source.id
    );
    Ok(Failure { status, ..failure(ErrorKind::LayoutChanged, message) })
}

enum Held {
    Not,
    Until(Failure),
    /// Long enough: what is dated after then is news.
    Released(Timestamp),
}

/// Whether a list is held back since nothing of it is known, and that is more than the source's rhythm explains.
fn held_back(plan: &full_text::Plan, source: &Source, state: &SourceState, shop: &Workshop<'_>) -> Held {
    let (all, new) = (plan.listed, plan.unknown);
    let Some(last) = state.last_success.filter(|_| !plan.first_visit) else { return Held::Not };
    if source.reading.kind == SourceKind::Feed || new < all || new < TELLING {
        return Held::Not;
    }
    let times = shop.readers.with(|store| store.recent_times(state.key, 20)).unwrap_or_default();
    let usual = usual(&times, shop.now.duration_since(last));
    if new <= 3 * usual + TELLING {
        return Held::Not;
    }
    let held_before = state.error_kind.as_deref() == Some(ErrorKind::LayoutChanged.as_str());
    if held_before && state.failures >= HELD_VISITS && shop.now.duration_since(last) > HELD {
        return Held::Released(last);
    }
    let message = format!(
        "all {new} articles that it lists are unknown, though it was read at {last}: its layout may have changed. \
         They are held back; see `kariz preview {id}`. If it stays so for a day, those that are newer than the last good \
         visit are taken in",
        id = source.id
    );
    Held::Until(failure(ErrorKind::LayoutChanged, message))
}

/// How many entries a source with these latest dates brings in so long a time.
fn usual(times: &[Timestamp], passed: SignedDuration) -> usize {
    let (Some(newest), Some(oldest)) = (times.iter().max(), times.iter().min()) else { return 0 };
    // Pages often give the day alone.
    let span = newest.duration_since(*oldest).as_secs().max(24 * 3600);
    let brought =
        i64::try_from(times.len()).unwrap_or(i64::MAX).saturating_mul(passed.as_secs().max(0)) / span;
    usize::try_from(brought).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_goes_by_the_rhythm_of_the_source() {
        let hour = |h: i64| Timestamp::from_second(1_700_000_000 + h * 3600).unwrap();
        let daily: Vec<Timestamp> = (0..10).map(|day| hour(24 * day)).collect();
        assert_eq!(usual(&daily, SignedDuration::from_hours(9 * 24)), 10);
        assert_eq!(usual(&daily, SignedDuration::from_mins(15)), 0);
        // All of one day: no faster than a day's worth a day.
        assert_eq!(usual(&[hour(0); 20], SignedDuration::from_hours(24)), 20);
        assert_eq!(usual(&[], SignedDuration::from_hours(24)), 0);
    }
}
