//! `full_text`: the article pages of what is new are fetched, once each, and reduced to the article.
//!
//! A page that fails keeps its entry with what the source lists of it, and is asked for again a few times. A page
//! that was read is asked for again only when the source lists the entry changed: conditionally, seldom, and a few times
//! at most. Whatever a visit has no time for waits for the next.

mod one_page;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::article;
use super::candidate::{Course, Prior, link_hash};
use super::marks::{Noted, dropped_mark};
use super::pages_source::{Workshop, failure};
use crate::model::{ErrorKind, Markup, ParsedEntry, ParsedFeed, Source, SourceKind, Validators};
use crate::store::{ArticlePage, Listed, SourceState, Store, StoreError};
use crate::stories::Features;
use crate::stories::identity::{self, Incoming};
use crate::text;
use one_page::{Page, merge, one};

/// How many pages of one source are asked for at one visit.
const MOST_PAGES: usize = 100;
/// After so long a visit asks for no more pages: what is left waits for the next.
const MOST_TIME: Duration = Duration::from_secs(90);
/// How many pages are asked for at once; the host's spacing comes on top.
const AT_ONCE: usize = 4;
/// How often a page that fails is asked for in all.
const MOST_FAILURES: u32 = 4;
/// How often a page is read in all, and how far apart.
const MOST_READS: u32 = 4;
const BETWEEN_READS: SignedDuration = SignedDuration::from_hours(1);
/// The entries of a source, and what is to be done with each.
pub(super) struct Plan {
    feed: ParsedFeed,
    entries: Vec<Planned>,
    kind: SourceKind,
    source_key: i64,
    /// Nothing was ever taken in from the source.
    pub(super) first_visit: bool,
    /// Marks of entries that are noted and still listed.
    pub(super) renewed: Vec<i64>,
    /// How many entries with an address it lists.
    pub(super) listed: usize,
    /// How many of them were never seen.
    pub(super) unknown: usize,
}

struct Planned {
    entry: ParsedEntry,
    prior: Prior,
    /// Its page, where there is one to ask for or to note.
    page: Option<ArticlePage>,
    /// The page is to be asked for.
    ask: bool,
    /// The entry is known, as it stands in the list or otherwise.
    known: bool,
    /// It is not for this visit.
    left_out: bool,
}

/// What is stored of an entry that a source lists.
enum Standing {
    New,
    /// Noted, but not taken in.
    Noted,
    /// Taken in, and listed as it was.
    Same,
    /// Taken in, and listed otherwise.
    Changed,
}

/// Compares what a source lists with what is stored.
///
/// # Errors
/// When the store fails.
pub(super) fn plan(
    mut feed: ParsedFeed,
    source: &Source,
    state: &SourceState,
    store: &Store,
    now: Timestamp,
) -> Result<Plan, StoreError> {
    let first_visit = !store.has_entries(state.key)?;
    let mut listed = std::mem::take(&mut feed.entries);
    let all = listed.len();
    let waiting =
        if first_visit { Vec::new() } else { store.pages_due(state.key, now, MOST_PAGES as u32)? };
    let on_list: HashSet<i64> = listed.iter().filter_map(|e| link_hash(e.link.as_deref())).collect();
    listed.extend(waiting.into_iter().filter(|page| !on_list.contains(&page.link_hash)).map(from_page));
    let mut plan = Plan {
        feed,
        entries: Vec::with_capacity(listed.len()),
        kind: source.reading.kind,
        source_key: state.key,
        first_visit,
        listed: 0,
        unknown: 0,
        renewed: Vec::new(),
    };
    let mut noted = Noted { now, renewed: Vec::new() };
    for (position, entry) in listed.into_iter().enumerate() {
        let fingerprint = fingerprint(&entry, source);
        let prior = Prior { fingerprint, position, course: Course::Compare };
        let Some(hash) = link_hash(entry.link.as_deref()) else {
            let (page, ask, known, left_out) = (None, false, false, false);
            plan.entries.push(Planned { entry, prior, page, ask, known, left_out });
            continue;
        };
        let page = store.article_page(state.key, hash)?;
        let standing = if first_visit {
            Standing::New
        } else {
            standing(&entry, fingerprint, source, state.key, store, &mut noted)?
        };
        if position < all {
            plan.listed += 1;
            plan.unknown += usize::from(matches!(standing, Standing::New) && page.is_none());
        }
        let known = !matches!(standing, Standing::New);
        let mut planned = Planned { entry, prior, page, ask: false, known, left_out: false };
        if source.reading.full_text {
            planned.decide(&standing, hash, plan.kind, now);
        }
        plan.entries.push(planned);
    }
    plan.renewed = noted.renewed;
    if first_visit {
        plan.take_newest(source.new_source_items);
    }
    plan.bound();
    Ok(plan)
}

/// An entry whose page waits, though its source does not list it any more.
fn from_page(page: ArticlePage) -> ParsedEntry {
    let listed = page.listed.unwrap_or_default();
    ParsedEntry {
        id: listed.id,
        link: Some(page.url),
        title: listed.title,
        summary: listed.summary.map(|html| Markup { html, ..Markup::default() }),
        published: listed.published,
        updated: listed.updated,
        ..ParsedEntry::default()
    }
}

/// A hash of what a list says of an entry and does not say differently each time: lists have dates such as "two hours
/// ago", counters and pictures by chance, and the page says it better.
fn fingerprint(entry: &ParsedEntry, source: &Source) -> i64 {
    let reading = &source.reading;
    if !reading.full_text && reading.kind != SourceKind::Page {
        return article::fingerprint(entry);
    }
    let mut key = String::new();
    let mut add = |part: &str| {
        key.push_str(part);
        key.push('\u{1}');
    };
    add(entry.id.as_deref().unwrap_or_default());
    add(entry.link.as_deref().unwrap_or_default());
    add(entry.title.as_deref().unwrap_or_default());
    match reading.kind {
        // The date of the last change is what sitemaps are for.
        SourceKind::Sitemap => add(&entry.updated.map_or(0, Timestamp::as_second).to_string()),
        SourceKind::Page if reading.full_text => {}
        SourceKind::Page | SourceKind::Feed | SourceKind::Json => {
            for markup in [&entry.summary, &entry.content].into_iter().flatten() {
                add(&text::html::to_text(&markup.html));
            }
        }
    }
    xxh3_64(key.as_bytes()).cast_signed()
}

fn standing(
    entry: &ParsedEntry,
    fingerprint: i64,
    source: &Source,
    source_key: i64,
    store: &Store,
    noted: &mut Noted,
) -> Result<Standing, StoreError> {
    // Only asked for where there is neither guid nor address.
    let features = Features::default;
    let incoming = Incoming {
        guid: entry.id.as_deref(),
        link: entry.link.as_deref(),
        title: entry.title.as_deref().unwrap_or_default(),
        published: entry.published,
        features: &features,
    };
    let lookup = identity::lookup(&incoming, source.id_policy);
    let mut known = Vec::new();
    for guid in &lookup.guids {
        known.extend(store.entry_by_guid(source_key, guid)?);
    }
    if known.is_empty()
        && let Some(hash) = link_hash(entry.link.as_deref())
    {
        known = store.entries_by_link(source_key, hash)?;
    }
    if known.iter().any(|row| row.fingerprint == fingerprint) {
        return Ok(Standing::Same);
    }
    if !known.is_empty() {
        return Ok(Standing::Changed);
    }
    let mark = dropped_mark(fingerprint);
    let mut is_noted = false;
    for mark in lookup.guids.iter().chain([&mark]) {
        is_noted |= noted.lists(store, source_key, mark)?;
    }
    Ok(if is_noted { Standing::Noted } else { Standing::New })
}

impl Planned {
    /// Whether the page is asked for, and whether the entry is looked at any further.
    fn decide(&mut self, standing: &Standing, hash: i64, kind: SourceKind, now: Timestamp) {
        let page = self.page.get_or_insert_with(|| ArticlePage {
            link_hash: hash,
            url: self.entry.link.clone().unwrap_or_default(),
            ..ArticlePage::default()
        });
        let is_due = page.next_try.is_some_and(|at| at <= now);
        match standing {
            Standing::New => self.ask = page.reads > 0 || page.next_try.is_none() || is_due,
            Standing::Noted => self.left_out = true,
            Standing::Same if is_due => self.ask = true,
            Standing::Same => self.left_out = true,
            Standing::Changed => {
                let rested = page.last_read.is_none_or(|at| now.duration_since(at) >= BETWEEN_READS);
                let hopeless = page.failures > 0 && page.next_try.is_none();
                let may = page.next_try.is_none() && page.reads < MOST_READS && rested && !hopeless;
                self.ask = is_due || may;
                if !self.ask && !hopeless && page.next_try.is_none() && page.reads < MOST_READS {
                    // Not yet: the list may well be as it is now when it is time.
                    page.next_try = page.last_read.and_then(|at| at.checked_add(BETWEEN_READS).ok());
                }
                // Without its page a list has nothing to add; a feed has.
                self.left_out = !self.ask && kind != SourceKind::Feed;
            }
        }
        if self.known {
            self.prior.course = Course::Complete;
        }
        if !self.ask && matches!(standing, Standing::New) {
            // Its page failed a moment ago, and it has not been taken in without: it waits.
            self.left_out = true;
        }
    }
}

impl Plan {
    /// Of what a new source lists, only the newest come in: no other page is asked for.
    fn take_newest(&mut self, most: usize) {
        let date = |p: &Planned| p.entry.published.max(p.entry.updated);
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        // A list has its newest first; a sort is only better where every entry has a date.
        if self.entries.iter().all(|p| date(p).is_some()) {
            order.sort_by_key(|i| std::cmp::Reverse(date(&self.entries[*i])));
        }
        for i in order.into_iter().skip(most) {
            let planned = &mut self.entries[i];
            (planned.ask, planned.page, planned.prior.course) = (false, None, Course::PassOver);
        }
    }

    /// Keeps the number of pages within bounds; the rest waits for the next visit.
    fn bound(&mut self) {
        let mut asked = 0;
        for planned in &mut self.entries {
            asked += usize::from(planned.ask);
            if planned.ask && asked > MOST_PAGES {
                planned.put_off(None);
            }
        }
    }
}

impl Planned {
    /// Leaves the page for a later visit. What the source lists is kept, for it may list it no longer by then.
    fn put_off(&mut self, until: Option<Timestamp>) {
        self.ask = false;
        // What is known already is as it was; what is new comes with its page.
        self.left_out = true;
        if let Some(page) = &mut self.page {
            page.next_try = Some(until.unwrap_or(Timestamp::UNIX_EPOCH));
            page.listed = Some(listed(&self.entry));
        }
    }
}

fn listed(entry: &ParsedEntry) -> Listed {
    Listed {
        id: entry.id.clone(),
        title: entry.title.clone(),
        summary: entry.summary.as_ref().map(|m| m.html.clone()),
        published: entry.published,
        updated: entry.updated,
    }
}

/// Asks for the pages of a plan and takes what they say into its entries.
pub(super) async fn fetch(shop: &Workshop<'_>, plan: &mut Plan, source: &Source) {
    let deadline = Instant::now() + MOST_TIME;
    let wanted: Vec<(usize, Url, Validators)> = plan
        .entries
        .iter()
        .enumerate()
        .filter(|(_, p)| p.ask)
        .filter_map(|(i, p)| {
            let validators = p.page.as_ref().filter(|_| p.known).map(|page| page.validators.clone());
            let url = Url::parse(p.entry.link.as_deref()?).ok()?;
            Some((i, url, validators.unwrap_or_default()))
        })
        .collect();
    let read: Vec<(usize, Page)> = futures_util::stream::iter(wanted)
        .map(|(i, url, validators)| async move {
            if Instant::now() >= deadline {
                return (i, Page::NotAsked);
            }
            (i, one(shop, source, url, validators).await)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut pages: HashMap<usize, Page> = read.into_iter().collect();
    let mut canonical: HashMap<i64, usize> = HashMap::new();
    for page in pages.values() {
        if let Page::Read { article, .. } = page
            && let Some(hash) = link_hash(article.canonical_url.as_deref())
        {
            *canonical.entry(hash).or_default() += 1;
        }
    }
    let common = |hash: &i64| canonical.get(hash).is_some_and(|n| *n > 1);
    let source_key = plan.source_key;
    for (i, planned) in plan.entries.iter_mut().enumerate().filter(|(_, p)| p.ask) {
        let page = pages.remove(&i).unwrap_or_else(|| {
            Page::Failed(failure(ErrorKind::ForbiddenScheme, "its address is neither http nor https"))
        });
        let own = |hash: i64, link: i64| {
            // One address for many pages says nothing about any of them.
            let stored = shop.readers.with(|s| s.is_canonical_of_another(source_key, hash, link));
            !common(&hash) && !stored.unwrap_or(true)
        };
        planned.take_in(page, plan.kind, own, shop.now);
    }
}

impl Planned {
    fn take_in(&mut self, page: Page, kind: SourceKind, own: impl Fn(i64, i64) -> bool, now: Timestamp) {
        let Some(record) = &mut self.page else { return };
        match page {
            Page::NotAsked => self.put_off(None),
            Page::NotModified => {
                self.left_out = kind != SourceKind::Feed;
                (record.failures, record.next_try, record.last_read) = (0, None, Some(now));
                record.reads += 1;
            }
            Page::Failed(failed) => {
                record.failures += 1;
                record.next_try = next_try(record.failures, failed.kind, now);
                record.listed = record.next_try.map(|_| listed(&self.entry));
                if record.next_try.is_none() {
                    // Given up: it is forgotten in time, as if it had been read now.
                    record.last_read = Some(now);
                }
                if self.known {
                    // Without its page a list has nothing to add; a feed has.
                    self.left_out = kind != SourceKind::Feed;
                } else if self.entry.title.is_none() {
                    // A sitemap gives an address; without its page that is no entry.
                    self.left_out = record.next_try.is_some();
                    self.prior.course = Course::PassOver;
                }
            }
            Page::Read { article, validators } => {
                record.failures = 0;
                record.reads += 1;
                (record.last_read, record.next_try, record.listed) = (Some(now), None, None);
                record.validators = validators;
                let canonical = article.canonical_url.clone();
                record.canonical_hash = canonical
                    .filter(|c| {
                        Url::parse(c)
                            .is_ok_and(|u| !u.path().trim_matches('/').is_empty() || u.query().is_some())
                    })
                    .and_then(|c| link_hash(Some(&c)));
                if let (Some(hash), Some(address)) = (record.canonical_hash, &article.canonical_url)
                    && own(hash, record.link_hash)
                {
                    self.entry.addresses.push(address.clone());
                }
                let is_article = !article.text.is_empty()
                    || article.published.is_some()
                    || self.entry.published.is_some() && self.entry.title.is_some();
                if !is_article && !self.known && kind != SourceKind::Feed {
                    // A section of the site, a form, a page that a script draws.
                    self.prior.course = Course::PassOver;
                    return;
                }
                merge(&mut self.entry, *article, kind);
            }
        }
    }
}

/// When to ask again for a page that failed; `None`: not any more.
fn next_try(failures: u32, kind: ErrorKind, now: Timestamp) -> Option<Timestamp> {
    let final_word = matches!(
        kind,
        ErrorKind::Parse
            | ErrorKind::NotFound
            | ErrorKind::Gone
            | ErrorKind::Robots
            | ErrorKind::ForbiddenAddress
            | ErrorKind::ForbiddenScheme
            | ErrorKind::Unauthorized
            | ErrorKind::Forbidden
    );
    if final_word || failures >= MOST_FAILURES {
        return None;
    }
    // A quarter of an hour, an hour, four hours.
    let wait = SignedDuration::from_mins(15 * 4i64.pow(failures.saturating_sub(1).min(5)));
    now.checked_add(wait).ok()
}

impl Plan {
    /// The feed to go on with, what was found out about each of its entries, and what to note of pages. Where a list was
    /// held back until now, only what is dated after `since` is news.
    pub(super) fn conclude(mut self, since: Option<Timestamp>) -> (ParsedFeed, Vec<Prior>, Vec<ArticlePage>) {
        let (mut priors, mut pages) = (Vec::new(), Vec::new());
        for mut planned in self.entries {
            // An address that was never asked for, nor is to be, is not noted.
            pages.extend(planned.page.filter(|p| p.reads > 0 || p.failures > 0 || p.next_try.is_some()));
            if planned.left_out {
                continue;
            }
            if let Some(since) = since.filter(|_| !planned.known)
                && planned.entry.published.is_none_or(|at| at <= since)
            {
                planned.prior.course = Course::PassOver;
            }
            priors.push(planned.prior);
            self.feed.entries.push(planned.entry);
        }
        (self.feed, priors, pages)
    }
}
