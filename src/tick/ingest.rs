//! A document → what is new in it: parse, compare with what is known, clean only what is new.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use jiff::Timestamp;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::article;
use super::candidate::{Candidate, Course, Fate, Known, MANY, Note, Prior};
use super::desk::fresh_until;
use super::marks::{Noted, dropped_mark};
use super::readers::Readers;
use super::recognised;
use crate::model::{Article, Document, ErrorKind, Failure, ParsedFeed, Source};
use crate::parse;
use crate::rules::Rules;
use crate::store::{About, ChangedEntry, DocumentVisit, NewEntry, Outcome, SourceState, Store, StoreError};
use crate::stories::changes::{self, Furniture};
use crate::stories::identity::{self, Identity, Incoming};
use crate::stories::{self, Features, FoldedText};
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
            link_key: OnceCell::new(),
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
        Some(article) => {
            recognised::anew(store, key, &candidate.features_of(article, text, &FoldedText::of(text)))?
        }
        None => None,
    };
    let changed = ChangedEntry { key, fingerprint, article, updated, moves, keep_old, recognised };
    Ok(Some((changed, is_frozen)))
}
