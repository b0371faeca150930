//! The store as the stories room wants to see it.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::written::Written;
use crate::model::Article;
use crate::store::{Store, StoreError};
use crate::stories::{
    EntryKey, Features, Index, Kept, Outline, Posting, Stories, StoryKey, Text, neighbourhood, reading_text,
};

/// Answers what the stories room asks from the store.
pub struct StoreIndex<'a> {
    store: &'a Store,
}

impl<'a> StoreIndex<'a> {
    /// Looks into `store`; a store that is open for reading is enough to look.
    pub fn new(store: &'a Store) -> Self {
        Self { store }
    }
}

impl Kept for StoreIndex<'_> {
    type Error = StoreError;

    fn features(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Features)>, StoreError> {
        let rows = self.store.features(entries)?;
        Ok(rows
            .into_iter()
            .filter_map(|(entry, bytes)| Some((entry, Features::from_bytes(&bytes)?)))
            .collect())
    }

    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, StoreError> {
        self.store.habits(keys)
    }

    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, StoreError> {
        let rows = self.store.articles(entries)?;
        let text = |(entry, article): (i64, Article)| {
            let text = reading_text(&article);
            Text { entry, title: article.title, text }
        };
        Ok(rows.into_iter().map(text).collect())
    }
}

impl Index for StoreIndex<'_> {
    fn owners(&mut self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, StoreError> {
        let rows = self.store.entries_with_keys(keys, at_most)?;
        Ok(rows.into_iter().map(|(key, entry)| Posting { key, entry }).collect())
    }

    fn any(&mut self, keys: std::ops::Range<i64>) -> Result<bool, StoreError> {
        self.store.has_key_in(keys)
    }

    fn count_habits(&mut self, counts: &[(i64, u32)]) -> Result<(), StoreError> {
        self.store.count_habits(counts)
    }

    fn insert(&mut self, postings: &[Posting], _: &[(EntryKey, Outline)]) -> Result<(), StoreError> {
        self.store.insert_keys(postings.iter().map(|p| (p.key, p.entry)))
    }
}

impl Stories for StoreIndex<'_> {
    fn stories(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, StoryKey)>, StoreError> {
        let rows = self.store.stories_of_entries(entries)?;
        Ok(rows.into_iter().map(|(entry, story)| (entry, StoryKey(story))).collect())
    }

    fn members(&mut self, story: StoryKey, at_most: usize) -> Result<Vec<EntryKey>, StoreError> {
        self.store.members(story.0, at_most)
    }
}

/// The index while a pass finds out who shares keys with whom: what the pass itself adds is held in memory, in order, and
/// written in one go at the end. The store is only read.
///
/// A pass that brings thousands of entries asks for each of their keys, and most of what it finds it has just put there.
/// Looking that up in SQLite and inserting it there at random was nearly half of a cold pass. What is asked here is
/// sorted, and so is what is held: lists run past each other.
pub(super) struct FinderIndex<'a> {
    stored: StoreIndex<'a>,
    /// Sorted: what the store has in its small table ([`Store::recent_keys`]).
    recent: Vec<Posting>,
    /// Sorted; not in the store yet.
    postings: Vec<Posting>,
    habits: FxHashMap<i64, Count>,
    /// What need not be asked for in the store.
    written: &'a mut Written,
    /// Of the entries of this pass.
    outlines: FxHashMap<EntryKey, Outline>,
}

/// How often a habit was counted.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// In all.
    total: u32,
    /// Of that, what the store does not know yet.
    added: u32,
}

/// What a pass adds to the index, sorted by key.
#[derive(Debug, Default)]
pub(super) struct Additions {
    postings: Vec<Posting>,
    habits: Vec<(i64, u32)>,
}

impl Additions {
    /// Writes them to the store.
    pub(super) fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut index = StoreIndex::new(store);
        index.insert(&self.postings, &[])?;
        index.count_habits(&self.habits)
    }
}

impl<'a> FinderIndex<'a> {
    /// Keys that are asked for on two threads: it takes longer than to begin one.
    const KEYS_FOR_TWO: usize = 2048;
    /// Postings held: some 32 MB.
    const MANY_POSTINGS: usize = 1 << 21;
    /// Habits held: some 16 MB.
    const MANY_HABITS: usize = 1 << 19;

    pub(super) fn new(store: &'a Store, written: &'a mut Written) -> Result<Self, StoreError> {
        let recent = store.recent_keys()?;
        Ok(Self {
            stored: StoreIndex::new(store),
            recent: recent.into_iter().map(|(key, entry)| Posting { key, entry }).collect(),
            postings: Vec::new(),
            habits: FxHashMap::default(),
            written,
            outlines: FxHashMap::default(),
        })
    }

    /// Whether so much is held that it should be written before there is more.
    pub(super) fn is_full(&self) -> bool {
        self.postings.len() > Self::MANY_POSTINGS || self.habits.len() > Self::MANY_HABITS
    }

    /// What the store has under these keys in its large table, in any order.
    fn settled_owners(&self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, StoreError> {
        let ask = |store: &Store, keys: &[i64]| {
            let rows = store.settled_entries_with_keys(keys, at_most)?;
            Ok::<_, StoreError>(
                rows.into_iter().map(|(key, entry)| Posting { key, entry }).collect::<Vec<_>>(),
            )
        };
        let store = self.stored.store;
        // Whoever decides has nothing to do before the first run of entries is prepared.
        let is_worth_two = keys.len() >= Self::KEYS_FOR_TWO && self.postings.is_empty();
        if !is_worth_two {
            return ask(store, keys);
        }
        let (some, others) = keys.split_at(keys.len() / 2);
        let beside = store.another_small()?;
        std::thread::scope(|scope| {
            let others = scope.spawn(move || ask(&beside, others));
            let mut found = ask(store, some)?;
            found.extend(others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            Ok(found)
        })
    }

    /// What is held, to be written.
    pub(super) fn into_additions(self) -> Additions {
        let mut habits: Vec<(i64, u32)> =
            self.habits.into_iter().filter(|(_, n)| n.added > 0).map(|(key, n)| (key, n.added)).collect();
        habits.sort_unstable();
        self.written.add(&self.recent);
        self.written.add(&self.postings);
        Additions { postings: self.postings, habits }
    }

    /// Takes in what the store has counted of habits that are not held yet.
    fn hold_habits(&mut self, keys: impl Iterator<Item = i64>) -> Result<(), StoreError> {
        let unknown: Vec<i64> = keys.filter(|key| !self.habits.contains_key(key)).collect();
        self.habits.extend(unknown.iter().map(|key| (*key, Count::default())));
        for (key, total) in self.stored.habits(&unknown)? {
            self.habits.insert(key, Count { total, added: 0 });
        }
        Ok(())
    }
}

impl Kept for FinderIndex<'_> {
    type Error = StoreError;

    fn features(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Features)>, StoreError> {
        self.stored.features(entries)
    }

    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, StoreError> {
        self.hold_habits(keys.iter().copied())?;
        let counted = |key: &i64| Some((*key, self.habits.get(key)?.total)).filter(|(_, n)| *n > 0);
        Ok(keys.iter().filter_map(counted).collect())
    }

    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, StoreError> {
        self.stored.texts(entries)
    }
}

impl Index for FinderIndex<'_> {
    fn owners(&mut self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, StoreError> {
        let mut asked = Vec::new();
        for near in keys.chunk_by(|a, b| neighbourhood(*a).contains(b)) {
            asked.extend(self.written.may_have(near, self.stored.store)?);
        }
        let mut found = self.settled_owners(&asked, at_most)?;
        for mut held in [self.recent.as_slice(), self.postings.as_slice()] {
            for key in keys {
                held = &held[from(held, *key)..];
                found.extend(held.iter().take_while(|p| p.key == *key).take(at_most + 1));
            }
        }
        // A few sorted runs: the stable sort merges them, the other one begins anew.
        found.sort();
        // A row may wait in the store's small table that its large one has.
        found.dedup();
        self.written.learn(&found, at_most);
        Ok(found)
    }

    fn is_crowded(&self, key: i64) -> bool {
        self.written.is_crowded(key)
    }

    fn any(&mut self, keys: Range<i64>) -> Result<bool, StoreError> {
        let has_any = |held: &[Posting]| {
            held.get(held.partition_point(|p| p.key < keys.start)).is_some_and(|p| p.key < keys.end)
        };
        Ok(has_any(&self.recent)
            || has_any(&self.postings)
            || self.written.has_any(keys, self.stored.store)?)
    }

    fn outlines(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Outline)>, StoreError> {
        Ok(entries.iter().filter_map(|entry| Some((*entry, *self.outlines.get(entry)?))).collect())
    }

    fn count_habits(&mut self, counts: &[(i64, u32)]) -> Result<(), StoreError> {
        self.hold_habits(counts.iter().map(|(key, _)| *key))?;
        for (key, n) in counts {
            let count = self.habits.entry(*key).or_default();
            count.total = count.total.saturating_add(*n);
            count.added = count.added.saturating_add(*n);
        }
        Ok(())
    }

    fn insert(&mut self, postings: &[Posting], outlines: &[(EntryKey, Outline)]) -> Result<(), StoreError> {
        self.outlines.extend(outlines.iter().copied());
        merge(&mut self.postings, postings);
        Ok(())
    }
}

/// The index while a pass decides on stories: the store, in the transaction that writes it, with the habits counted by the
/// pass so far. A [`FinderIndex`] is ahead of it.
pub(super) struct PlacerIndex<'a> {
    stored: StoreIndex<'a>,
    /// What each run of entries so far added to the counts of habits, sorted by key. They are hardly ever asked for.
    added: Vec<Vec<(i64, u32)>>,
}

impl<'a> PlacerIndex<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { stored: StoreIndex::new(store), added: Vec::new() }
    }

    /// Takes in what a run of entries adds to the counts of habits ([`Prepared::counts`]).
    ///
    /// [`Prepared::counts`]: crate::stories::cluster::Prepared::counts
    pub(super) fn count_habits(&mut self, counts: Vec<(i64, u32)>) {
        self.added.push(counts);
    }
}

impl Kept for PlacerIndex<'_> {
    type Error = StoreError;

    fn features(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Features)>, StoreError> {
        self.stored.features(entries)
    }

    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, StoreError> {
        let stored: FxHashMap<i64, u32> = self.stored.habits(keys)?.into_iter().collect();
        let in_run = |run: &[(i64, u32)], key: i64| {
            run.binary_search_by_key(&key, |(key, _)| *key).map_or(0, |at| run[at].1)
        };
        let counted = |key: &i64| {
            let added = self.added.iter().map(|run| in_run(run, *key));
            (*key, added.fold(stored.get(key).copied().unwrap_or(0), u32::saturating_add))
        };
        Ok(keys.iter().map(counted).filter(|(_, n)| *n > 0).collect())
    }

    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, StoreError> {
        self.stored.texts(entries)
    }
}

impl Stories for PlacerIndex<'_> {
    fn stories(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, StoryKey)>, StoreError> {
        self.stored.stories(entries)
    }

    fn members(&mut self, story: StoryKey, at_most: usize) -> Result<Vec<EntryKey>, StoreError> {
        self.stored.members(story, at_most)
    }
}

/// Puts sorted postings in among sorted ones, from the last to the first: without another copy of all.
fn merge(all: &mut Vec<Posting>, new: &[Posting]) {
    let (mut old, mut rest) = (all.len(), new);
    all.reserve_exact(new.len());
    all.extend_from_slice(new);
    let mut end = all.len();
    while let Some((last, before)) = rest.split_last() {
        end -= 1;
        if old > 0 && all[old - 1] > *last {
            old -= 1;
            all[end] = all[old];
        } else {
            all[end] = *last;
            rest = before;
        }
    }
}

/// Where the first posting of `key` or of a later one stands: near the beginning, as a rule.
fn from(postings: &[Posting], key: i64) -> usize {
    let mut step = 1;
    while postings.get(step).is_some_and(|p| p.key < key) {
        step *= 2;
    }
    let (low, high) = (step / 2, postings.len().min(step + 1));
    low + postings[low..high].partition_point(|p| p.key < key)
}

#[cfg(test)]
mod tests {
    use super::super::written::tests::key;
    use super::*;

    #[test]
    fn what_one_part_of_a_pass_adds_the_next_one_finds_in_whichever_table_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("kariz.db")).unwrap();
        let postings = |range: std::ops::Range<i64>| {
            let mut all: Vec<Posting> = range.map(|n| Posting { key: key(n), entry: n }).collect();
            all.sort_unstable();
            all
        };
        let rows = |range| postings(range).into_iter().map(|p| (p.key, p.entry));
        // Some are in the large table, some wait in the small one; what the first part adds makes them move.
        store.insert_keys(rows(0..2_000)).unwrap();
        store.insert_keys(rows(2_000..2_100)).unwrap();
        let mut written = Written::for_entries(5_000);
        let mut expected = 2_100;
        for added in [1_500, 50, 3_000] {
            let reader = store.another().unwrap();
            let mut index = FinderIndex::new(&reader, &mut written).unwrap();
            let everything = postings(0..expected + added);
            let asked: Vec<i64> = everything.iter().map(|posting| posting.key).collect();
            assert!(index.any(neighbourhood(asked[0])).unwrap());
            let found = index.owners(&asked, 60).unwrap();
            assert_eq!(found, postings(0..expected), "before {added} more");
            index.insert(&postings(expected..expected + added), &[]).unwrap();
            assert_eq!(index.owners(&asked, 60).unwrap(), everything);
            let additions = index.into_additions();
            store.together(|store| additions.write(store)).unwrap();
            expected += added;
        }
    }

    #[test]
    fn merging_is_sorting() {
        let of = |keys: &[i64]| keys.iter().map(|key| Posting { key: *key, entry: 0 }).collect::<Vec<_>>();
        for (old, new) in [
            (&[][..], &[][..]),
            (&[], &[1, 2]),
            (&[1, 2], &[]),
            (&[1, 5, 9], &[0, 1, 2, 6, 9, 10, 11]),
            (&[4, 5, 6], &[1, 2, 3]),
            (&[1, 2, 3], &[4, 5, 6]),
        ] {
            let (mut all, mut expected) = (of(old), of(&[old, new].concat()));
            merge(&mut all, &of(new));
            expected.sort();
            assert_eq!(all, expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        let postings: Vec<Posting> = [1, 1, 3, 5, 5, 5, 8].map(|key| Posting { key, entry: 0 }).into();
        for length in 0..=postings.len() {
            for key in 0..10 {
                let among = &postings[..length];
                assert_eq!(from(among, key), among.partition_point(|p| p.key < key), "{key} among {length}");
            }
        }
    }
}
