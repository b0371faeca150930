//! Who shares keys with whom: the candidates of each new entry. What is found does not depend on which story anybody belongs
//! to, so that the next run of entries can be prepared while the stories of one are decided.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::cluster::NewEntry;
use super::features::Features;
use super::index::{self, EntryKey, Index, Posting};
use super::judge::Habits;
use super::options::Options;

/// New entries for which the store is asked at once.
const RUN: usize = 512;

/// New entries with all that is to be known before their stories are decided.
#[derive(Debug)]
pub struct Prepared {
    /// By (date, source, guid).
    pub(super) new: Vec<NewEntry>,
    /// What these entries add to the counts of habits, sorted by key.
    pub counts: Vec<(i64, u32)>,
    /// What feeds do again and again, as far as these entries and the candidates ask.
    pub(super) habits: Habits,
    /// Those who share enough with each of `new` to be looked at, the most promising first.
    pub(super) others: Vec<Vec<(Other, Tally)>>,
    /// Features of the stored ones among them.
    pub(super) known: FxHashMap<EntryKey, Features>,
}

/// Counts the habits of new entries, finds who shares keys with each of them, and adds their postings to `index`.
///
/// # Errors
/// The index's.
pub fn prepare<I: Index>(
    mut new: Vec<NewEntry>,
    index: &mut I,
    options: &Options,
) -> Result<Prepared, I::Error> {
    new.sort_by(|a, b| {
        (a.features.published, &a.source, &a.guid, a.key).cmp(&(
            b.features.published,
            &b.source,
            &b.guid,
            b.key,
        ))
    });
    let mut counts: FxHashMap<i64, u32> = FxHashMap::default();
    for key in new.iter().flat_map(|e| e.features.habits()) {
        *counts.entry(key).or_insert(0) += 1;
    }
    let mut counts: Vec<(i64, u32)> = counts.into_iter().collect();
    counts.sort_unstable();
    index.count_habits(&counts)?;
    let mut habits = Habits::default();
    let keys: Vec<i64> = counts.iter().map(|(k, _)| *k).collect();
    habits.extend(index.habits(&keys)?);
    let (finder, inserts) = Finder::new(&new, options.window, &habits);
    let mut others = Vec::with_capacity(new.len());
    let mut known = FxHashMap::default();
    let mut from = 0;
    while from < new.len() {
        let to = (from + RUN).min(new.len());
        finder.find(from..to, index, &mut others, &mut known)?;
        from = to;
    }
    index.insert(&inserts)?;
    load_habits(known.values(), &mut habits, index)?;
    Ok(Prepared { new, counts, habits, others, known })
}

/// Takes in what is known of the habits of some entries' feeds.
pub(super) fn load_habits<'f, I: Index>(
    features: impl Iterator<Item = &'f Features>,
    habits: &mut Habits,
    index: &mut I,
) -> Result<(), I::Error> {
    let mut keys: Vec<i64> = features.flat_map(Features::habits).collect();
    keys.sort_unstable();
    keys.dedup();
    habits.extend(index.habits(&keys)?);
    Ok(())
}

/// Owners beyond which a shingle says nothing.
pub(super) const GRAM_OWNERS: usize = 60;
/// Owners beyond which an address is not an article's.
const ADDRESS_OWNERS: usize = 12;
/// Candidates that are looked at closely.
pub(super) const CANDIDATES: usize = 12;

/// The keys under which others are found: the entry's own `keys`, in all periods that its window touches.
pub(super) fn probes(published: i64, keys: &[i64], window: i64) -> impl Iterator<Item = i64> + '_ {
    let (from, to) = (index::period(published - window), index::period(published + window));
    keys.iter().flat_map(move |key| {
        let other = (from != to && !index::is_address(*key)).then(|| index::in_period(*key, to));
        std::iter::once(index::in_period(*key, from)).chain(other)
    })
}

/// What two entries have in common, by keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) grams: u32,
    pub(super) headline: bool,
    pub(super) body: bool,
    pub(super) address: bool,
    /// More entries have the common address than an article would have.
    pub(super) crowded: bool,
}

impl Tally {
    pub(super) fn add(&mut self, key: i64) {
        match index::kind(key) {
            index::GRAM => self.grams += 1,
            index::HEADLINE => self.headline = true,
            index::BODY => self.body = true,
            _ => self.address = true,
        }
    }

    pub(super) fn rank(&self) -> (bool, bool, bool, u32) {
        (self.address && !self.crowded, self.body, self.headline, self.grams)
    }

    /// One or two shingles are shared by chance.
    fn is_promising(&self) -> bool {
        self.grams > 1 || self.address || self.body || self.headline
    }
}

/// An entry that may be matched: an earlier one of this pass, or a stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Other {
    Stored(EntryKey),
    New(usize),
}

impl Other {
    fn stored(self) -> Option<EntryKey> {
        match self {
            Self::Stored(entry) => Some(entry),
            Self::New(_) => None,
        }
    }
}

/// Those who share keys with one new entry.
#[derive(Clone, Debug, Default)]
struct Sharers {
    /// How many of the entry's shingles were counted: those that everyone has must not be expected either.
    grams: usize,
    /// The most promising of the stored ones, and all earlier ones of this pass.
    tallies: Vec<(Other, Tally)>,
}

/// Keys → owners, all owners in one list.
#[derive(Debug)]
struct Owners<T> {
    ranges: FxHashMap<i64, Range<u32>>,
    all: Vec<T>,
}

impl<T: Copy> Owners<T> {
    fn with_capacity(keys: usize, owners: usize) -> Self {
        let ranges = FxHashMap::with_capacity_and_hasher(keys, rustc_hash::FxBuildHasher);
        Self { ranges, all: Vec::with_capacity(owners) }
    }

    fn insert(&mut self, key: i64, owners: impl Iterator<Item = T>) {
        let from = self.all.len() as u32;
        self.all.extend(owners);
        self.ranges.insert(key, from..self.all.len() as u32);
    }

    fn of(&self, key: i64) -> Option<&[T]> {
        self.ranges.get(&key).map(|range| &self.all[range.start as usize..range.end as usize])
    }
}

/// The keys of all entries of a pass, and who of them shares which.
#[derive(Debug)]
struct Finder<'a> {
    new: &'a [NewEntry],
    window: i64,
    /// The keys of each of `new`, one after the other.
    keys: Vec<i64>,
    /// Where those of each begin.
    starts: Vec<usize>,
    /// Key (without its period) → who of `new`, for keys that several have.
    batch: Owners<u32>,
}

impl<'a> Finder<'a> {
    /// Gives also what to add to the index in the end, sorted.
    fn new(new: &'a [NewEntry], window: i64, habits: &Habits) -> (Self, Vec<Posting>) {
        let expected = new.len() * 40;
        let mut inserts: Vec<Posting> = Vec::with_capacity(expected);
        let mut shared: Vec<(i64, u32)> = Vec::with_capacity(expected);
        let (mut keys, mut starts) = (Vec::with_capacity(expected), vec![0]);
        for (i, entry) in (0_u32..).zip(new) {
            let source = entry.features.source;
            for posting in
                entry.features.postings(entry.key, |sentence| habits.is_furniture(source, sentence))
            {
                shared.push((index::without_period(posting.key), i));
                keys.push(posting.key);
                inserts.push(posting);
            }
            starts.push(keys.len());
        }
        inserts.sort_unstable();
        shared.sort_unstable();
        let mut batch = Owners::with_capacity(0, 0);
        for run in shared.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            batch.insert(run[0].0, run.iter().map(|(_, i)| *i));
        }
        (Self { new, window, keys, starts, batch }, inserts)
    }

    fn keys(&self, i: usize) -> &[i64] {
        &self.keys[self.starts[i]..self.starts[i + 1]]
    }

    /// Finds those who share enough with each of a run of new entries, and what the store knows of them.
    fn find<I: Index>(
        &self,
        run: Range<usize>,
        index: &mut I,
        others: &mut Vec<Vec<(Other, Tally)>>,
        known: &mut FxHashMap<EntryKey, Features>,
    ) -> Result<(), I::Error> {
        let stored = self.stored(run.clone(), index)?;
        let mut seen = Vec::new();
        let sharers: Vec<Sharers> = run.clone().map(|i| self.sharers_of(i, &stored, &mut seen)).collect();
        let mut wanted: Vec<EntryKey> =
            sharers.iter().flat_map(|s| &s.tallies).filter_map(|(other, _)| other.stored()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut features: FxHashMap<EntryKey, Features> = index.features(&wanted)?.into_iter().collect();
        let found: Vec<_> = run.zip(sharers).map(|(i, s)| self.promising(i, s, &features)).collect();
        for entry in found.iter().flatten().filter_map(|(other, _)| other.stored()) {
            if let Some(features) = features.remove(&entry) {
                known.insert(entry, features);
            }
        }
        others.extend(found);
        Ok(())
    }

    /// Those who share enough with entry `i`, the most promising first. `stored` has the features of the stored ones.
    fn promising(
        &self,
        i: usize,
        sharers: Sharers,
        stored: &FxHashMap<EntryKey, Features>,
    ) -> Vec<(Other, Tally)> {
        let features = &self.new[i].features;
        let mut ranked = sharers.tallies;
        ranked.retain(|(other, tally)| {
            let theirs = match other {
                Other::New(i) => &self.new[*i].features,
                Other::Stored(entry) => match stored.get(entry) {
                    Some(theirs) => theirs,
                    None => return false,
                },
            };
            let apart = theirs.published.abs_diff(features.published).cast_signed() > self.window;
            let share = tally.grams as f32 / sharers.grams.min(theirs.sketch.len()).max(1) as f32;
            let enough = if theirs.source == features.source { 0.35 } else { 0.2 };
            tally.address || !apart && (tally.body || tally.headline || share >= enough)
        });
        ranked.sort_unstable_by_key(|(other, tally)| (std::cmp::Reverse(tally.rank()), *other));
        ranked.truncate(CANDIDATES);
        // They are kept until the stories are decided.
        ranked.shrink_to_fit();
        ranked
    }

    /// The stored owners of the keys of a run.
    fn stored<I: Index>(&self, run: Range<usize>, index: &mut I) -> Result<Owners<EntryKey>, I::Error> {
        let mut asked: Vec<i64> = Vec::with_capacity(self.starts[run.end] - self.starts[run.start]);
        for i in run {
            asked.extend(probes(self.new[i].features.published, self.keys(i), self.window));
        }
        asked.sort_unstable();
        asked.dedup();
        // Periods that have nothing need not be asked for.
        let mut near = (0..0, false);
        let mut occupied = Vec::with_capacity(asked.len());
        for key in asked {
            if !near.0.contains(&key) {
                let range = index::neighbourhood(key);
                near = (range.clone(), index.any(range)?);
            }
            if near.1 {
                occupied.push(key);
            }
        }
        let mut found = index.owners(&occupied, GRAM_OWNERS)?;
        found.sort_unstable();
        let mut stored = Owners::with_capacity(found.len() / 2, found.len());
        for owners in found.chunk_by(|a, b| a.key == b.key) {
            let key = owners[0].key;
            // Kept, but empty: that it says nothing is worth knowing.
            let says = index::kind(key) != index::GRAM || owners.len() <= GRAM_OWNERS;
            stored.insert(key, owners.iter().filter(|_| says).map(|posting| posting.entry));
        }
        Ok(stored)
    }

    fn sharers_of(&self, i: usize, stored: &Owners<EntryKey>, seen: &mut Vec<(Other, i64, bool)>) -> Sharers {
        seen.clear();
        let mut grams = 0;
        for key in self.keys(i) {
            let kind = index::kind(*key);
            let is_gram = kind == index::GRAM;
            let is_crowd = |owners: usize| kind == index::ADDRESS && owners > ADDRESS_OWNERS;
            let mut says = true;
            let published = probes(self.new[i].features.published, std::slice::from_ref(key), self.window);
            for probe in published.filter(|_| !stored.ranges.is_empty()) {
                let Some(owners) = stored.of(probe) else { continue };
                says &= !(is_gram && owners.is_empty());
                let crowded = is_crowd(owners.len());
                seen.extend(owners.iter().map(|entry| (Other::Stored(*entry), *key, crowded)));
            }
            if let Some(owners) = self.batch.of(index::without_period(*key)) {
                if is_gram && owners.len() > GRAM_OWNERS {
                    says = false;
                } else {
                    let crowded = is_crowd(owners.len());
                    // The nearest in time of very many.
                    let earlier = &owners[..owners.partition_point(|o| (*o as usize) < i)];
                    let nearest = earlier.iter().rev().take(GRAM_OWNERS);
                    seen.extend(nearest.map(|o| (Other::New(*o as usize), *key, crowded)));
                }
            }
            grams += usize::from(is_gram && says);
        }
        seen.sort_unstable_by_key(|(other, _, _)| *other);
        let mut tallies: Vec<(Other, Tally)> = seen
            .chunk_by(|a, b| a.0 == b.0)
            .map(|shared| {
                let mut tally = Tally::default();
                for (_, key, crowded) in shared {
                    tally.add(*key);
                    tally.crowded |= crowded;
                }
                (shared[0].0, tally)
            })
            .collect();
        // What is known of stored ones has to be read: only of the most promising.
        let from_store = tallies.partition_point(|(other, _)| matches!(other, Other::Stored(_)));
        let new = tallies.split_off(from_store);
        tallies.retain(|(_, tally)| tally.is_promising());
        if tallies.len() > 2 * CANDIDATES {
            tallies.sort_unstable_by_key(|(other, tally)| (std::cmp::Reverse(tally.rank()), *other));
            tallies.truncate(2 * CANDIDATES);
        }
        tallies.extend(new);
        Sharers { grams, tallies }
    }
}
