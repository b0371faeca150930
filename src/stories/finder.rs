//! Who shares keys with whom: the candidates of each new entry. What is found does not depend on which story anybody belongs
//! to.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::cluster::NewEntry;
use super::features::Features;
use super::index::{self, EntryKey, Index, Outline, Posting};
use super::side::Habits;

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

/// For each new entry those who share enough with it to be looked at, the most promising first.
pub(super) type Found = Vec<Vec<(Other, Tally)>>;

/// Those who share keys with one new entry.
#[derive(Clone, Debug, Default)]
struct Sharers {
    /// How many of the entry's shingles were counted: those that everyone has must not be expected either.
    grams: usize,
    /// The most promising of the stored ones, and all earlier ones of this pass.
    tallies: Vec<(Other, Tally)>,
}

/// Keys → owners (by a number), all owners in one list.
#[derive(Debug, Default)]
struct Owners {
    ranges: FxHashMap<i64, Range<u32>>,
    all: Vec<u32>,
}

impl Owners {
    fn insert(&mut self, key: i64, owners: impl Iterator<Item = u32>) {
        let from = self.all.len() as u32;
        self.all.extend(owners);
        self.ranges.insert(key, from..self.all.len() as u32);
    }

    fn of(&self, key: i64) -> Option<&[u32]> {
        self.ranges.get(&key).map(|range| &self.all[range.start as usize..range.end as usize])
    }
}

/// What is stored under the keys of new entries.
#[derive(Debug, Default)]
struct Stored {
    /// Their places are the numbers of `owners`.
    entries: Vec<EntryKey>,
    owners: Owners,
}

/// What one entry has in common with each of many others, by number. Filled and emptied for one entry after the other.
#[derive(Debug)]
struct Tallies {
    all: Vec<Tally>,
    touched: Vec<u32>,
}

impl Tallies {
    fn with_room(others: usize) -> Self {
        Self { all: vec![Tally::default(); others], touched: Vec::new() }
    }

    fn add(&mut self, other: u32, key: i64, crowded: bool) {
        let tally = &mut self.all[other as usize];
        if *tally == Tally::default() {
            self.touched.push(other);
        }
        tally.add(key);
        tally.crowded |= crowded;
    }

    fn drain(&mut self) -> impl Iterator<Item = (u32, Tally)> + '_ {
        self.touched.drain(..).map(|other| (other, std::mem::take(&mut self.all[other as usize])))
    }
}

/// The keys of all entries of a pass, and who of them shares which.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    new: &'a [NewEntry],
    window: i64,
    /// The keys of each of `new`, one after the other.
    keys: Vec<i64>,
    /// Where those of each begin.
    starts: Vec<usize>,
    /// All keys without their periods, sorted, each with who of `new` has it, and its place in `keys`.
    shared: Vec<(i64, u32, u32)>,
    /// For each place in `keys`, where those that share the key stand in `shared`.
    runs: Vec<Range<u32>>,
}

/// Things that come in the order of their keys without period, put in the order of their keys: sorting them anew takes longer.
#[derive(Debug)]
struct ByPeriod<T> {
    /// Neighbourhood of keys → its place in `all`.
    places: FxHashMap<i64, usize>,
    /// By the beginning of their neighbourhood.
    all: Vec<(i64, Vec<T>)>,
    last: usize,
}

impl<T> ByPeriod<T> {
    fn new() -> Self {
        Self { places: FxHashMap::default(), all: Vec::new(), last: 0 }
    }

    /// What came before of the neighbourhood of a key.
    fn of(&mut self, key: i64) -> &mut Vec<T> {
        let start = index::neighbourhood(key).start;
        if self.all.get(self.last).is_none_or(|(last, _)| *last != start) {
            self.last = *self.places.entry(start).or_insert_with(|| {
                self.all.push((start, Vec::new()));
                self.all.len() - 1
            });
        }
        &mut self.all[self.last].1
    }

    fn in_order(mut self) -> Vec<T> {
        self.all.sort_unstable_by_key(|(start, _)| *start);
        self.all.into_iter().flat_map(|(_, all)| all).collect()
    }
}

impl<'a> Finder<'a> {
    /// Gives also what to add to the index in the end, sorted.
    pub(super) fn new(new: &'a [NewEntry], window: i64, habits: &Habits) -> (Self, Vec<Posting>) {
        let expected = new.len() * 40;
        let mut shared: Vec<(i64, u32, u32)> = Vec::with_capacity(expected);
        let (mut keys, mut starts) = (Vec::with_capacity(expected), vec![0]);
        for (i, entry) in (0_u32..).zip(new) {
            let source = entry.features.source;
            for posting in
                entry.features.postings(entry.key, |sentence| habits.is_furniture(source, sentence))
            {
                shared.push((index::without_period(posting.key), i, keys.len() as u32));
                keys.push(posting.key);
            }
            starts.push(keys.len());
        }
        shared.sort_unstable();
        let (mut runs, mut end) = (vec![0..0; keys.len()], 0);
        for run in shared.chunk_by(|a, b| a.0 == b.0) {
            let range = end..end + run.len() as u32;
            end = range.end;
            run.iter().for_each(|(.., place)| runs[*place as usize] = range.clone());
        }
        let mut inserts = ByPeriod::new();
        for (key, i, _) in &shared {
            let entry = &new[*i as usize];
            let key = index::in_period(*key, index::period(entry.features.published));
            inserts.of(key).push(Posting { key, entry: entry.key });
        }
        let mut inserts = inserts.in_order();
        inserts.chunk_by_mut(|a, b| a.key == b.key).for_each(<[Posting]>::sort_unstable);
        (Self { new, window, keys, starts, shared, runs }, inserts)
    }

    /// Finds those who share enough with each of the new entries, and what the store knows of them.
    pub(super) fn find<I: Index>(
        &self,
        index: &mut I,
    ) -> Result<(Found, FxHashMap<EntryKey, Features>), I::Error> {
        let stored = self.stored(index)?;
        let mut tallies = [Tallies::with_room(stored.entries.len()), Tallies::with_room(self.new.len())];
        let all = 0..self.new.len();
        let sharers: Vec<Sharers> = all.clone().map(|i| self.sharers_of(i, &stored, &mut tallies)).collect();
        // Most share a few shingles by chance: an outline tells. Where there is none at hand, features are read.
        let wanted = stored_ones(sharers.iter().flat_map(|sharers| &sharers.tallies));
        let mut outlines: FxHashMap<EntryKey, Outline> = index.outlines(&wanted)?.into_iter().collect();
        let unknown: Vec<EntryKey> =
            wanted.into_iter().filter(|entry| !outlines.contains_key(entry)).collect();
        let mut features: FxHashMap<EntryKey, Features> = index.features(&unknown)?.into_iter().collect();
        outlines.extend(features.iter().map(|(entry, features)| (*entry, Outline::of(features))));
        let found: Found =
            all.zip(sharers).map(|(i, sharers)| self.promising(i, sharers, &outlines)).collect();
        let of_found = stored_ones(found.iter().flatten());
        features.retain(|entry, _| of_found.binary_search(entry).is_ok());
        let unknown: Vec<EntryKey> =
            of_found.into_iter().filter(|entry| !features.contains_key(entry)).collect();
        features.extend(index.features(&unknown)?);
        Ok((found, features))
    }

    /// Those who share enough with entry `i`, the most promising first. `stored` has outlines of the stored ones.
    fn promising(
        &self,
        i: usize,
        sharers: Sharers,
        stored: &FxHashMap<EntryKey, Outline>,
    ) -> Vec<(Other, Tally)> {
        let features = &self.new[i].features;
        let mut ranked = sharers.tallies;
        ranked.retain(|(other, tally)| {
            let theirs = match other {
                Other::New(i) => Outline::of(&self.new[*i].features),
                Other::Stored(entry) => match stored.get(entry) {
                    Some(theirs) => *theirs,
                    None => return false,
                },
            };
            let apart = theirs.published.abs_diff(features.published).cast_signed() > self.window;
            let share = tally.grams as f32 / sharers.grams.min(theirs.shingles).max(1) as f32;
            let enough = if theirs.source == features.source { 0.35 } else { 0.2 };
            tally.address || !apart && (tally.body || tally.headline || share >= enough)
        });
        ranked.sort_unstable_by_key(|(other, tally)| (std::cmp::Reverse(tally.rank()), *other));
        ranked.truncate(CANDIDATES);
        // They are kept until the stories are decided.
        ranked.shrink_to_fit();
        ranked
    }

    /// The stored owners of all keys. They are asked for together: the more there are, the more of them stand on one page of
    /// the store.
    fn stored<I: Index>(&self, index: &mut I) -> Result<Stored, I::Error> {
        let mut asked = ByPeriod::new();
        for (key, i, _) in &self.shared {
            let published = self.new[*i as usize].features.published;
            for probe in probes(published, std::slice::from_ref(key), self.window) {
                let asked = asked.of(probe);
                if asked.last() != Some(&probe) {
                    asked.push(probe);
                }
            }
        }
        let asked = asked.in_order();
        // Periods that have nothing need not be asked for.
        let mut near = (0..0, false);
        let (mut occupied, mut crowded) = (Vec::with_capacity(asked.len()), Vec::new());
        for key in asked {
            if !near.0.contains(&key) {
                let range = index::neighbourhood(key);
                near = (range.clone(), index.any(range)?);
            }
            if near.1 {
                let of_its_kind = if index.is_crowded(key) { &mut crowded } else { &mut occupied };
                of_its_kind.push(key);
            }
        }
        let mut found = index.owners(&occupied, GRAM_OWNERS)?;
        found.sort();
        let mut stored = Stored::default();
        let of_key = || found.chunk_by(|a, b| a.key == b.key);
        // Shingles of very many say nothing. They are kept, but empty: that is worth knowing.
        let says =
            |owners: &[Posting]| index::kind(owners[0].key) != index::GRAM || owners.len() <= GRAM_OWNERS;
        stored.owners.ranges.reserve(of_key().count() + crowded.len());
        let (entries, mut numbers) = (&mut stored.entries, FxHashMap::default());
        for owners in of_key() {
            let owners_of_it = if says(owners) { owners } else { &[] };
            let number = |posting: &Posting| -> u32 {
                *numbers.entry(posting.entry).or_insert_with(|| {
                    entries.push(posting.entry);
                    entries.len() as u32 - 1
                })
            };
            stored.owners.insert(owners[0].key, owners_of_it.iter().map(number));
        }
        crowded.into_iter().for_each(|key| stored.owners.insert(key, std::iter::empty()));
        Ok(stored)
    }

    fn sharers_of(&self, i: usize, stored: &Stored, [of_stored, of_new]: &mut [Tallies; 2]) -> Sharers {
        let mut grams = 0;
        for place in self.starts[i]..self.starts[i + 1] {
            let key = &self.keys[place];
            let kind = index::kind(*key);
            let is_gram = kind == index::GRAM;
            let is_crowd = |owners: usize| kind == index::ADDRESS && owners > ADDRESS_OWNERS;
            let mut says = true;
            let probes = probes(self.new[i].features.published, std::slice::from_ref(key), self.window);
            for probe in probes.filter(|_| !stored.entries.is_empty()) {
                let Some(owners) = stored.owners.of(probe) else { continue };
                says &= !(is_gram && owners.is_empty());
                owners.iter().for_each(|entry| of_stored.add(*entry, *key, is_crowd(owners.len())));
            }
            let run = &self.runs[place];
            let owners = &self.shared[run.start as usize..run.end as usize];
            if is_gram && owners.len() > GRAM_OWNERS {
                says = false;
            } else {
                // The nearest in time of very many.
                let earlier = &owners[..owners.partition_point(|(_, other, _)| (*other as usize) < i)];
                let nearest = earlier.iter().rev().take(GRAM_OWNERS);
                nearest.for_each(|(_, other, _)| of_new.add(*other, *key, is_crowd(owners.len())));
            }
            grams += usize::from(is_gram && says);
        }
        let mut tallies: Vec<(Other, Tally)> = of_stored
            .drain()
            .filter(|(_, tally)| tally.is_promising())
            .map(|(number, tally)| (Other::Stored(stored.entries[number as usize]), tally))
            .collect();
        // What is known of stored ones has to be looked up: only of the most promising.
        if tallies.len() > 2 * CANDIDATES {
            tallies.sort_unstable_by_key(|(other, tally)| (std::cmp::Reverse(tally.rank()), *other));
            tallies.truncate(2 * CANDIDATES);
        }
        tallies.extend(of_new.drain().map(|(other, tally)| (Other::New(other as usize), tally)));
        Sharers { grams, tallies }
    }
}

/// The stored ones of many others, sorted, each once.
fn stored_ones<'t>(tallies: impl Iterator<Item = &'t (Other, Tally)>) -> Vec<EntryKey> {
    let mut entries: Vec<EntryKey> = tallies.filter_map(|(other, _)| other.stored()).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}
