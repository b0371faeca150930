//! What clustering asks a store for.

use std::ops::Range;

use jiff::Timestamp;

use super::features::Features;

/// The row id of an entry in the store.
pub type EntryKey = i64;

/// The row id of a story in the store. Smaller is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryKey(pub i64);

/// One row of the inverted index: an entry is found by this key. Keys are positive; what they are made of is
/// [`Features::postings`]' business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Posting {
    /// Kind, period and hash in one number: what is near in time is near in the index.
    pub key: i64,
    /// Whose.
    pub entry: EntryKey,
}

/// What of the features tells whether two entries share enough to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Of the source's name.
    pub source: u64,
    /// Seconds since 1970.
    pub published: i64,
    /// How many shingles its sketch has.
    pub shingles: usize,
}

impl Outline {
    pub(super) fn of(features: &Features) -> Self {
        Self { source: features.source, published: features.published, shingles: features.sketch.len() }
    }
}

/// What people read of an entry, to look closely at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The entry.
    pub entry: EntryKey,
    /// Plain text.
    pub title: String,
    /// Plain text, one line a block: what [`reading_text`](super::reading_text) gives.
    pub text: String,
}

/// What is kept beside entries, and of the habits of their feeds: what finding and deciding both ask for.
///
/// Of all three of these traits: few calls, each for many keys. All keys of a call are sorted and unique; answers may come in any
/// order and leave out what is not there.
pub trait Kept {
    /// What can go wrong in the store.
    type Error;

    /// What was kept beside stored entries.
    ///
    /// # Errors
    /// The store's.
    fn features(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Features)>, Self::Error>;

    /// How often each habit was counted; 0 may be left out.
    ///
    /// # Errors
    /// The store's.
    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, Self::Error>;

    /// The texts of entries, new ones too.
    ///
    /// # Errors
    /// The store's.
    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, Self::Error>;
}

/// What is asked to find out who shares keys with whom.
///
/// Two narrow tables carry it in SQLite, so that a call costs what its own keys cost, however much is stored (and a small copy of the
/// first, for what came last):
///
/// ```sql
/// CREATE TABLE posting (key INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (key, entry)) WITHOUT ROWID;
/// CREATE TABLE habit (key INTEGER PRIMARY KEY, n INTEGER NOT NULL);
/// ```
///
/// and beside each entry its story and [`Features::to_bytes`]. Keys of text begin with the period of the entry's
/// date, so that all traffic is in the pages of the last weeks, and [`postings_before`] prunes by ranges.
pub trait Index: Kept {
    /// The owners of `keys`: all of a key that has at most `at_most`, else more than `at_most` of them.
    ///
    /// # Errors
    /// The store's.
    fn owners(&mut self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, Self::Error>;

    /// Whether a shingle is known to have more owners than say anything: then they are not asked for.
    fn is_crowded(&self, _key: i64) -> bool {
        false
    }

    /// Whether anything is stored under these keys. Spares asking for a period that is still empty.
    ///
    /// # Errors
    /// The store's.
    fn any(&mut self, keys: Range<i64>) -> Result<bool, Self::Error>;

    /// Outlines of stored entries, as far as they are at hand: none of them is looked up.
    ///
    /// # Errors
    /// The store's.
    fn outlines(&mut self, _entries: &[EntryKey]) -> Result<Vec<(EntryKey, Outline)>, Self::Error> {
        Ok(Vec::new())
    }

    /// Adds to the counts of habits.
    ///
    /// # Errors
    /// The store's.
    fn count_habits(&mut self, counts: &[(i64, u32)]) -> Result<(), Self::Error>;

    /// Adds postings, sorted; one that is there already stays. `outlines` are those of their entries, for whoever wants to
    /// keep them at hand.
    ///
    /// # Errors
    /// The store's.
    fn insert(&mut self, postings: &[Posting], outlines: &[(EntryKey, Outline)]) -> Result<(), Self::Error>;
}

/// What is asked to decide which story an entry tells.
pub trait Stories: Kept {
    /// The stories of stored entries; without those that belong to none.
    ///
    /// # Errors
    /// The store's.
    fn stories(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, StoryKey)>, Self::Error>;

    /// At most `at_most` entries of a story: the oldest by row id.
    ///
    /// # Errors
    /// The store's.
    fn members(&mut self, story: StoryKey, at_most: usize) -> Result<Vec<EntryKey>, Self::Error>;
}

pub(super) const GRAM: i64 = 0;
pub(super) const HEADLINE: i64 = 1;
pub(super) const BODY: i64 = 2;
pub(super) const ADDRESS: i64 = 3;

/// Days in a period of the index. The window of text stages touches at most two periods.
const PERIOD_DAYS: i64 = 32;

/// Key of text `kind` with this hash in this period.
pub(super) fn timed_key(kind: i64, period: i64, hash: u64) -> i64 {
    kind << 61 | period << 47 | (hash & ((1 << 47) - 1)).cast_signed()
}

/// Key of an address: addresses are found whenever they were seen.
pub(super) fn address_posting(hash: u64) -> i64 {
    ADDRESS << 61 | (hash & ((1 << 61) - 1)).cast_signed()
}

/// The period that a time (seconds since 1970) falls into.
pub(super) fn period(seconds: i64) -> i64 {
    (seconds.div_euclid(86_400 * PERIOD_DAYS)).clamp(0, (1 << 14) - 1)
}

/// The ranges of posting keys of texts dated before `time`, which may be deleted: text stages only look eight days
/// far. Addresses are not among them.
pub fn postings_before(time: Timestamp) -> [Range<i64>; 3] {
    let period = period(time.as_second());
    [GRAM, HEADLINE, BODY].map(|kind| timed_key(kind, 0, 0)..timed_key(kind, period, 0))
}

pub(super) fn kind(key: i64) -> i64 {
    key >> 61
}

pub(super) fn is_address(key: i64) -> bool {
    kind(key) == ADDRESS
}

/// The same key in another period.
pub(super) fn in_period(key: i64, period: i64) -> i64 {
    if is_address(key) { key } else { key & !(((1 << 14) - 1) << 47) | period << 47 }
}

/// The key as all periods share it.
pub(super) fn without_period(key: i64) -> i64 {
    in_period(key, 0)
}

/// Whether the key is that of a shingle.
pub fn is_shingle(key: i64) -> bool {
    kind(key) == GRAM
}

/// All keys of the same kind and period.
pub fn neighbourhood(key: i64) -> Range<i64> {
    if is_address(key) {
        return ADDRESS << 61..i64::MAX;
    }
    let start = key >> 47 << 47;
    start..start + (1 << 47)
}
