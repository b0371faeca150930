//! An entry of a document, before it is known what it is: read only as far as somebody asks, and looked up among what is stored.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;

use super::article::{self, Cleaned};
use crate::model::{Article, ParsedEntry, ParsedFeed, Source};
use crate::rules::{Applied, Decision, Rules};
use crate::store::{KnownEntry, NewEntry, Store, StoreError};
use crate::stories::identity::{self, Incoming};
use crate::stories::{self, Features, FoldedText};
use crate::text;

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

/// An entry of the document, read only when somebody asks.
pub(super) struct Candidate<'a> {
    pub(super) position: usize,
    pub(super) prior: Option<Prior>,
    pub(super) entry: &'a ParsedEntry,
    pub(super) read: RefCell<Option<Rc<Read>>>,
    pub(super) features: OnceCell<Features>,
    pub(super) link_key: OnceCell<Option<u64>>,
    /// What was read is not kept longer than it is needed: ten thousand small entries are large together.
    pub(super) is_one_of_many: bool,
    pub(super) feed: &'a ParsedFeed,
    pub(super) source: &'a Source,
    pub(super) outlet: &'a [&'a str],
    pub(super) rules: &'a Rules,
    /// When an entry without a date was there at the latest.
    pub(super) told: Timestamp,
    /// The place of an entry without a date.
    pub(super) undated: Timestamp,
    pub(super) now: Timestamp,
}

/// An entry cleaned, and what it is recognised by.
pub(super) struct Read {
    pub(super) article: Article,
    /// Its text was longer than any article is, and ends early.
    pub(super) is_cut: bool,
    pub(super) text: String,
    /// What a search finds it by.
    pub(super) words: String,
    pub(super) features: Features,
    pub(super) decision: Decision,
}

impl Candidate<'_> {
    pub(super) fn is(&self, course: Course) -> bool {
        self.prior.is_some_and(|prior| prior.course == course)
    }

    pub(super) fn read(&self) -> Rc<Read> {
        self.read.borrow_mut().get_or_insert_with(|| Rc::new(self.understand())).clone()
    }

    pub(super) fn features(&self) -> Features {
        let features = self.features.get_or_init(|| self.read().features.clone());
        self.is_done();
        features.clone()
    }

    /// Nobody needs for now what was read.
    pub(super) fn is_done(&self) {
        if self.is_one_of_many {
            self.read.take();
        }
    }

    fn understand(&self) -> Read {
        let Cleaned { mut article, body, is_cut } = article::read(self.entry, self.feed, self.source);
        let decision = self.rules.apply(&mut article);
        let body = if decision.applied.is_empty() { body } else { stories::body_text(&article) };
        let (text, folded) = stories::folded_text_of(&article, body);
        let features = self.features_of(&article, &text, &folded);
        let words = super::search::words(&article, &text, &folded);
        Read { article, is_cut, text, words, features, decision }
    }

    /// What an article of this entry with this text is recognised by.
    pub(super) fn features_of(&self, article: &Article, text: &str, folded: &FoldedText) -> Features {
        let addresses: Vec<&str> = self.entry.addresses.iter().map(String::as_str).collect();
        let item = stories::Item {
            source: self.source.id.as_str(),
            guid: self.entry.id.as_deref().unwrap_or_default(),
            outlet: self.outlet,
            link: article.link.as_deref(),
            addresses: &addresses,
            title: &article.title,
            text,
            published: article::dates(self.entry, self.told, self.now).0,
            language: article.language.as_deref(),
        };
        let link = if article.link == self.entry.link {
            self.link_key()
        } else {
            article.link.as_deref().and_then(stories::address_key)
        };
        Features::of_folded(&item, folded, link)
    }

    /// The key of its address.
    fn link_key(&self) -> Option<u64> {
        *self.link_key.get_or_init(|| self.entry.link.as_deref().and_then(stories::address_key))
    }

    pub(super) fn incoming<'b>(&'b self, features: &'b dyn Fn() -> Features) -> Incoming<'b> {
        Incoming {
            guid: self.entry.id.as_deref(),
            link: self.entry.link.as_deref(),
            title: self.entry.title.as_deref().unwrap_or_default(),
            published: self.entry.published,
            features,
        }
    }

    /// What an operator should know of an article that was too long.
    pub(super) fn shortened(&self) -> Option<String> {
        let read = self.read();
        read.is_cut.then(|| {
            let most = text::html::LONGEST / 1024;
            format!("\"{}\" is longer than {most} kB; what is published of it ends there", read.article.title)
        })
    }

    pub(super) fn note(&self, guid: String, fate: Fate) -> Note {
        let read = self.read();
        let (title, link) = (read.article.title.clone(), read.article.link.clone());
        Note { guid, title, link, fate, rules: read.decision.applied.clone() }
    }

    pub(super) fn new_entry(&self, guid: String, fingerprint: i64) -> NewEntry {
        let (published, updated) = article::dates(self.entry, self.undated, self.now);
        let read = self.read();
        // Copies take as much room as they need, and they may wait for the writer; nobody else needs what was read.
        self.read.take();
        NewEntry {
            guid,
            link_hash: self.link_key().map(u64::cast_signed),
            fingerprint,
            published,
            updated,
            position: u32::try_from(self.position).unwrap_or(u32::MAX),
            article: read.article.clone(),
            features: read.features.to_bytes(),
            words: Some(read.words.clone()),
        }
    }
}

/// The hash of an address under which an entry is found again.
pub(super) fn link_hash(link: Option<&str>) -> Option<i64> {
    link.and_then(stories::address_key).map(u64::cast_signed)
}

/// The stored entries that the document's entries may be.
#[derive(Default)]
pub(super) struct Known {
    rows: BTreeMap<i64, KnownEntry>,
}

impl Known {
    /// Looks up an entry. Whether it is one that was recorded just as it is now.
    pub(super) fn settles(
        &mut self,
        store: &Store,
        source_key: i64,
        candidate: &Candidate<'_>,
        source: &Source,
        fingerprint: i64,
    ) -> Result<bool, StoreError> {
        let features = || candidate.features();
        let incoming = candidate.incoming(&features);
        let mut rows = Vec::new();
        let mut is_settled = |guid: &str| {
            let Some(row) = store.entry_by_guid(source_key, guid)? else { return Ok(false) };
            let is_settled = row.fingerprint == fingerprint && !candidate.is(Course::Complete);
            rows.push(row);
            Ok::<_, StoreError>(is_settled)
        };
        // What else it may be called takes longer to find out.
        let own = identity::own_identity(&incoming, source.id_policy);
        if is_settled(&own)? {
            return Ok(true);
        }
        for guid in identity::lookup(&incoming, source.id_policy).guids {
            if guid != own && is_settled(&guid)? {
                return Ok(true);
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
    pub(super) fn add_recent(&mut self, store: &Store, source_key: i64) -> Result<(), StoreError> {
        for row in store.recent_entries(source_key, RECENT)? {
            self.rows.entry(row.key).or_insert(row);
        }
        Ok(())
    }

    pub(super) fn entries(self) -> Vec<identity::KnownEntry> {
        let known = |row: KnownEntry| {
            let features = Features::from_bytes(&row.features)?;
            Some(identity::KnownEntry { key: row.key, guid: row.guid, title: row.title, features })
        };
        self.rows.into_values().filter_map(known).collect()
    }
}

/// So many entries of a document are read and kept at a time.
pub(super) const MANY: usize = 500;

/// How many of a source's newest entries are looked at to tell a changed guid by the text.
const RECENT: u32 = 60;
