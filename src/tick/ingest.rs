//! A document → what is new in it: parse, compare with what is known, clean only what is new.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::Timestamp;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::article::{self, Cleaned};
use super::desk::fresh_until;
use super::marks::{Noted, dropped_mark};
use super::readers::Readers;
use super::recognised;
use crate::model::{Article, Document, ErrorKind, Failure, ParsedEntry, ParsedFeed, Source};
use crate::parse;
use crate::rules::{Applied, Decision, Rules};
use crate::store::{
    About, ChangedEntry, DocumentVisit, KnownEntry, NewEntry, Outcome, SourceState, Store, StoreError,
};
use crate::stories::changes::{self, Furniture};
use crate::stories::identity::{self, Identity, Incoming};
use crate::stories::{self, Features};
use crate::text;

/// The hash by which a body is known again.
pub(super) fn body_hash(body: &[u8]) -> i64 {
    xxh3_64(body).cast_signed()
}

/// What is the same for all documents of a pass.
#[derive(Debug)]
pub(super) struct Setting {
    /// The rules for all sources.
    pub(super) rules: Rules,
    /// The date of entries without one that a new source brings along: nobody knows how old they are, and they shall
    /// not stand above news.
    pub(super) lower_end: Option<Timestamp>,
}

/// What was found out about an entry before it is compared: its source was asked for more than one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    /// Of what the source lists of it: equal means untouched, whatever its page says.
    pub(super) fingerprint: i64,
    /// Its place among all that the source lists.
    pub(super) position: usize,
    /// What is to be done with it.
    pub(super) course: Course,
}

/// What is to be done with an entry that was looked at before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// What is always done.
    Compare,
    /// More is known of it than the source lists, or not all of it: it is not as it was even where the source lists it so,
    /// and what it lacks is taken from what is stored.
    Complete,
    /// It is noted, not taken in.
    PassOver,
}

/// What was decided on an entry, for whoever asks.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub(super) guid: String,
    pub(super) title: String,
    pub(super) link: Option<String>,
    pub(super) fate: Fate,
    /// The rules that did something.
    pub(super) rules: Vec<Applied>,
}

/// What becomes of an entry of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was not there before.
    New,
    /// It reads differently now.
    Edited,
    /// A rule drops it.
    Dropped,
    /// A new source brings more than it may.
    PassedOver,
}

/// Reads a document. What is wrong with it is an outcome, not an error. Gives also what was decided on its entries, as
/// far as they are not as they were.
pub(super) fn read(
    document: &Document,
    source: &Source,
    state: &SourceState,
    readers: &Readers,
    setting: &Setting,
    now: Timestamp,
) -> (Outcome, Vec<Note>) {
    let mut notes = Vec::new();
    let outcome = understand(document, source, state, readers, setting, now, &mut notes);
    (outcome, notes)
}

/// A document as the parser wants it, with what its source says of it.
pub(super) fn input<'a>(document: &'a Document, source: &'a Source, now: Timestamp) -> parse::Input<'a> {
    parse::Input {
        body: &document.body,
        content_type: document.content_type.as_deref(),
        base: document.url.as_ref(),
        encoding: source.encoding.as_deref(),
        timezone: &source.timezone,
        language: source.language.as_deref(),
        now,
    }
}

fn understand(
    document: &Document,
    source: &Source,
    state: &SourceState,
    readers: &Readers,
    setting: &Setting,
    now: Timestamp,
    notes: &mut Vec<Note>,
) -> Outcome {
    let feed = match parse::parse(&input(document, source, now)) {
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
    conclude(&feed, &[], document, source, state, readers, setting, now, notes)
}

/// What of a feed that was read is new; `priors` is empty, or has one for each of its entries.
#[allow(clippy::too_many_arguments)]
pub(super) fn conclude(
    feed: &ParsedFeed,
    priors: &[Prior],
    document: &Document,
    source: &Source,
    state: &SourceState,
    readers: &Readers,
    setting: &Setting,
    now: Timestamp,
    notes: &mut Vec<Note>,
) -> Outcome {
    match readers.with(|store| compare(feed, priors, source, state, store, setting, now, notes)) {
        Ok(found) => Outcome::Document(Box::new(DocumentVisit {
            validators: document.validators.clone(),
            body_hash: body_hash(&document.body),
            status: document.status,
            fresh_until: fresh_until(now, document.fresh_for),
            moved_to: document.moved_to.clone(),
            about: About::of(feed),
            hints: feed.hints.clone(),
            hub: hub(document, feed),
            warnings: feed.warnings.iter().chain(&found.warnings).cloned().collect(),
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

/// The WebSub hub that a document names, in its header or in itself, and what the document is called there (WebSub §4).
fn hub(document: &Document, feed: &ParsedFeed) -> Option<(Url, Url)> {
    let web = |text: &String| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let hub = document.hub.clone().or_else(|| feed.hubs.iter().find_map(web))?;
    let own = document.topic.clone().or_else(|| feed.self_link.as_ref().and_then(web));
    Some((hub, own.or_else(|| document.url.clone())?))
}

/// What of a document is new, and what reads differently.
#[allow(clippy::too_many_arguments)]
fn compare(
    feed: &ParsedFeed,
    priors: &[Prior],
    source: &Source,
    state: &SourceState,
    store: &Store,
    setting: &Setting,
    now: Timestamp,
    notes: &mut Vec<Note>,
) -> Result<DocumentVisit, StoreError> {
    let first_visit = !store.has_entries(state.key)?;
    let own = (!source.rules.is_empty()).then(|| Rules::new(&source.rules).then(&setting.rules));
    let rules = own.as_ref().unwrap_or(&setting.rules);
    // What a new source lists without a date was written before its document was; later, it is new when it is seen.
    let told = if first_visit { feed.updated.map_or(now, |at| at.min(now)) } else { now };
    let undated = setting.lower_end.filter(|_| first_visit).map_or(told, |end| end.min(told));
    let outlet: Vec<&str> = [feed.title.as_deref(), source.title.as_deref()].into_iter().flatten().collect();
    let candidates: Vec<Candidate<'_>> = feed
        .entries
        .iter()
        .enumerate()
        .map(|(i, entry)| Candidate {
            position: priors.get(i).map_or(i, |prior| prior.position),
            prior: priors.get(i).copied(),
            entry,
            read: RefCell::default(),
            features: OnceCell::new(),
            is_one_of_many: feed.entries.len() > MANY,
            feed,
            source,
            outlet: &outlet,
            rules,
            told,
            undated,
            now,
        })
        .collect();

    // Most entries are as they were: a look at the guid and a hash settles them.
    let mut seen = Noted { now, renewed: Vec::new() };
    let mut open = Vec::new();
    let mut known = Known::default();
    let mut passed_over = Vec::new();
    for candidate in &candidates {
        let fingerprint =
            candidate.prior.map_or_else(|| article::fingerprint(candidate.entry), |prior| prior.fingerprint);
        if candidate.is(Course::PassOver) {
            let features = || candidate.features();
            let lookup = identity::lookup(&candidate.incoming(&features), source.id_policy);
            passed_over.extend(lookup.guids.first().map(|guid| crate::store::hash(guid)));
            let guid = lookup.guids.into_iter().next().unwrap_or_default();
            notes.push(candidate.note(guid, Fate::PassedOver));
            continue;
        }
        // What a rule dropped is noted as it stood there, so that it costs no more than a look.
        if !first_visit && seen.lists(store, state.key, &dropped_mark(fingerprint))? {
            continue;
        }
        if first_visit || !known.settles(store, state.key, candidate, source, fingerprint)? {
            open.push((candidate, fingerprint));
        }
    }
    let mut found = DocumentVisit { passed_over, ..DocumentVisit::default() };
    if open.is_empty() {
        found.passed_over.extend(seen.renewed);
        return Ok(found);
    }
    if !first_visit {
        known.add_recent(store, state.key)?;
    }
    let asked: Vec<Box<dyn Fn() -> Features + '_>> =
        open.iter().map(|(c, _)| Box::new(|| c.features()) as Box<dyn Fn() -> Features>).collect();
    let incoming: Vec<Incoming<'_>> =
        open.iter().zip(&asked).map(|((c, _), features)| c.incoming(features.as_ref())).collect();
    let entries = known.entries();
    let identities = identity::document(&entries, &incoming, source.id_policy);
    let mut rest = BTreeSet::new();
    for ((candidate, fingerprint), identity) in open.iter().zip(identities) {
        match identity {
            Identity::Repeat { .. } => {}
            Identity::Same(key) | Identity::Renamed(key) => {
                let Some((changed, is_frozen)) = change(candidate, key, *fingerprint, store, now)? else {
                    continue;
                };
                found.warnings.extend(candidate.shortened());
                if changed.updated.is_some() || is_frozen {
                    notes.push(candidate.note(candidate.entry.id.clone().unwrap_or_default(), Fate::Edited));
                }
                if is_frozen {
                    let read = candidate.read();
                    let title = &read.article.title;
                    found.warnings.push(format!(
                        "\"{title}\" changed more than {} times within a day; what it says is followed, its `updated` stands still",
                        article::MOST_MOVES
                    ));
                }
                found.changed.push(changed);
            }
            Identity::New { guid } | Identity::Recycled { guid } => {
                if !first_visit && seen.lists(store, state.key, &guid)? {
                    continue;
                }
                if candidate.read().decision.dropped_by().is_some() {
                    found.passed_over.push(crate::store::hash(&guid));
                    found.passed_over.push(crate::store::hash(&dropped_mark(*fingerprint)));
                    notes.push(candidate.note(guid, Fate::Dropped));
                } else {
                    notes.push(candidate.note(guid.clone(), Fate::New));
                    found.warnings.extend(candidate.shortened());
                    found.new.push(candidate.new_entry(guid, *fingerprint));
                }
                // Most of a long first list is not kept: what it says need not lie in memory until its end.
                if first_visit && found.new.len() >= source.new_source_items.saturating_mul(2).max(MANY) {
                    rest.extend(pass_over(&mut found.new, source.new_source_items));
                }
            }
        }
        candidate.is_done();
    }
    if first_visit {
        rest.extend(pass_over(&mut found.new, source.new_source_items));
        for note in notes.iter_mut().filter(|note| note.fate == Fate::New && rest.contains(&note.guid)) {
            note.fate = Fate::PassedOver;
        }
        found.passed_over.extend(rest.iter().map(|guid| crate::store::hash(guid)));
    }
    found.passed_over.extend(seen.renewed);
    Ok(found)
}

/// Of what a new source brings, only the newest is taken in; the rest is noted, so that it does not come later as
/// news. Gives the guids of what is passed over.
fn pass_over(new: &mut Vec<NewEntry>, most: usize) -> Vec<String> {
    new.sort_by(|a, b| b.published.cmp(&a.published).then(a.position.cmp(&b.position)));
    new.drain(most.min(new.len())..).map(|entry| entry.guid).collect()
}

/// What to write of an entry that is known but not as it was, and whether its `updated` has moved too often to move once
/// more. What a reader does not read (a date, an advertisement, a counter) changes nothing that is published; what was
/// published is not dropped by a rule any more.
fn change(
    candidate: &Candidate<'_>,
    key: i64,
    fingerprint: i64,
    store: &Store,
    now: Timestamp,
) -> Result<Option<(ChangedEntry, bool)>, StoreError> {
    let Some((old, _)) = store.article(key)? else { return Ok(None) };
    let read = candidate.read();
    let mut now_article = read.article.clone();
    let mut now_text = None;
    if candidate.is(Course::Complete) {
        article::complete(&mut now_article, &old);
        now_text = Some(stories::reading_text(&now_article));
    }
    let now_text = now_text.as_deref().unwrap_or(&read.text);
    let old_text = stories::reading_text(&old);
    let before = changes::Read { title: &old.title, text: &old_text };
    let after = changes::Read { title: &now_article.title, text: now_text };
    let reads_differently = changes::reads_differently(before, after, &Furniture::default());
    let around = |a: &Article| {
        let link = a.link.as_deref().and_then(text::urls::canonical);
        (
            link,
            a.authors.clone(),
            a.categories.clone(),
            a.enclosures.clone(),
            a.image.clone(),
            a.rights.clone(),
            a.tags.clone(),
        )
    };
    let article = if reads_differently {
        Some(now_article)
    } else if around(&old) != around(&now_article) {
        // The text keeps its old bytes: what differs in it is nothing that is read.
        let (title, summary_html, content_html) = (old.title, old.summary_html, old.content_html);
        Some(Article { title, summary_html, content_html, ..now_article })
    } else {
        None
    };
    let before = store.moves(key)?;
    let moves = if reads_differently { article::moved(before, now) } else { None };
    let updated = moves.map(|_| candidate.entry.updated.map_or(now, |at| at.min(now)));
    let is_frozen = reads_differently && moves.is_none();
    let keep_old = reads_differently && candidate.source.revisions;
    let moves = moves.unwrap_or(before);
    let text = if reads_differently { now_text } else { &old_text };
    let recognised = match &article {
        Some(article) => recognised::anew(store, key, &candidate.features_of(article, text))?,
        None => None,
    };
    let changed = ChangedEntry { key, fingerprint, article, updated, moves, keep_old, recognised };
    Ok(Some((changed, is_frozen)))
}

/// An entry of the document, read only when somebody asks.
struct Candidate<'a> {
    position: usize,
    prior: Option<Prior>,
    entry: &'a ParsedEntry,
    read: RefCell<Option<Rc<Read>>>,
    features: OnceCell<Features>,
    /// What was read is not kept longer than it is needed: ten thousand small entries are large together.
    is_one_of_many: bool,
    feed: &'a ParsedFeed,
    source: &'a Source,
    outlet: &'a [&'a str],
    rules: &'a Rules,
    /// When an entry without a date was there at the latest.
    told: Timestamp,
    /// The place of an entry without a date.
    undated: Timestamp,
    now: Timestamp,
}

/// An entry cleaned, and what it is recognised by.
struct Read {
    article: Article,
    /// Its text was longer than any article is, and ends early.
    is_cut: bool,
    text: String,
    features: Features,
    decision: Decision,
}

impl Candidate<'_> {
    fn is(&self, course: Course) -> bool {
        self.prior.is_some_and(|prior| prior.course == course)
    }

    fn read(&self) -> Rc<Read> {
        self.read.borrow_mut().get_or_insert_with(|| Rc::new(self.understand())).clone()
    }

    fn features(&self) -> Features {
        let features = self.features.get_or_init(|| self.read().features.clone());
        self.is_done();
        features.clone()
    }

    /// Nobody needs for now what was read.
    fn is_done(&self) {
        if self.is_one_of_many {
            self.read.take();
        }
    }

    fn understand(&self) -> Read {
        let Cleaned { mut article, body, is_cut } = article::read(self.entry, self.feed, self.source);
        let decision = self.rules.apply(&mut article);
        let text = if decision.applied.is_empty() {
            stories::reading_text_of(&article, body)
        } else {
            stories::reading_text(&article)
        };
        let features = self.features_of(&article, &text);
        Read { article, is_cut, text, features, decision }
    }

    /// What an article of this entry with this text is recognised by.
    fn features_of(&self, article: &Article, text: &str) -> Features {
        let addresses: Vec<&str> = self.entry.addresses.iter().map(String::as_str).collect();
        Features::of(&stories::Item {
            source: self.source.id.as_str(),
            guid: self.entry.id.as_deref().unwrap_or_default(),
            outlet: self.outlet,
            link: article.link.as_deref(),
            addresses: &addresses,
            title: &article.title,
            text,
            published: article::dates(self.entry, self.told, self.now).0,
            language: article.language.as_deref(),
        })
    }

    fn incoming<'b>(&'b self, features: &'b dyn Fn() -> Features) -> Incoming<'b> {
        Incoming {
            guid: self.entry.id.as_deref(),
            link: self.entry.link.as_deref(),
            title: self.entry.title.as_deref().unwrap_or_default(),
            published: self.entry.published,
            features,
        }
    }

    /// What an operator should know of an article that was too long.
    fn shortened(&self) -> Option<String> {
        let read = self.read();
        read.is_cut.then(|| {
            let most = text::html::LONGEST / 1024;
            format!("\"{}\" is longer than {most} kB; what is published of it ends there", read.article.title)
        })
    }

    fn note(&self, guid: String, fate: Fate) -> Note {
        let read = self.read();
        let (title, link) = (read.article.title.clone(), read.article.link.clone());
        Note { guid, title, link, fate, rules: read.decision.applied.clone() }
    }

    fn new_entry(&self, guid: String, fingerprint: i64) -> NewEntry {
        let (published, updated) = article::dates(self.entry, self.undated, self.now);
        let read = self.read();
        NewEntry {
            guid,
            link_hash: link_hash(self.entry.link.as_deref()),
            fingerprint,
            published,
            updated,
            position: u32::try_from(self.position).unwrap_or(u32::MAX),
            article: read.article.clone(),
            features: read.features.to_bytes(),
            words: Some(super::search::words(&read.article, &read.text)),
        }
    }
}

/// The hash of an address under which an entry is found again.
pub(super) fn link_hash(link: Option<&str>) -> Option<i64> {
    link.and_then(stories::address_key).map(u64::cast_signed)
}

/// The stored entries that the document's entries may be.
#[derive(Default)]
struct Known {
    rows: BTreeMap<i64, KnownEntry>,
}

impl Known {
    /// Looks up an entry. Whether it is one that was recorded just as it is now.
    fn settles(
        &mut self,
        store: &Store,
        source_key: i64,
        candidate: &Candidate<'_>,
        source: &Source,
        fingerprint: i64,
    ) -> Result<bool, StoreError> {
        let features = || candidate.features();
        let lookup = identity::lookup(&candidate.incoming(&features), source.id_policy);
        let mut rows = Vec::new();
        for guid in &lookup.guids {
            if let Some(row) = store.entry_by_guid(source_key, guid)? {
                if row.fingerprint == fingerprint && !candidate.is(Course::Complete) {
                    return Ok(true);
                }
                rows.push(row);
            }
        }
        let entry = candidate.entry;
        for link in entry.link.iter().chain(&entry.addresses) {
            if let Some(hash) = link_hash(Some(link)) {
                rows.extend(store.entries_by_link(source_key, hash)?);
            }
        }
        self.rows.extend(rows.into_iter().map(|row| (row.key, row)));
        Ok(false)
    }

    /// Adds what the source gave last: a changed guid is told by the text.
    fn add_recent(&mut self, store: &Store, source_key: i64) -> Result<(), StoreError> {
        for row in store.recent_entries(source_key, RECENT)? {
            self.rows.entry(row.key).or_insert(row);
        }
        Ok(())
    }

    fn entries(self) -> Vec<identity::KnownEntry> {
        let known = |row: KnownEntry| {
            let features = Features::from_bytes(&row.features)?;
            Some(identity::KnownEntry { key: row.key, guid: row.guid, title: row.title, features })
        };
        self.rows.into_values().filter_map(known).collect()
    }
}

/// So many entries of a document are read and kept at a time.
const MANY: usize = 500;

/// How many of a source's newest entries are looked at to tell a changed guid by the text.
const RECENT: u32 = 60;
