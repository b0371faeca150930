//! Which keys of the inverted index a pass need not ask the store for.

use std::ops::Range;

use fastbloom::BloomFilter;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::store::{Store, StoreError};
use crate::stories::{Posting, is_shingle, neighbourhood};

/// New entries from which on it pays to read a range of keys whole before asking for any of them.
const MANY_ENTRIES: usize = 4096;
/// Rows of the index that can be read in the time in which an entry's keys are asked for, with some to spare.
const ROWS_AN_ENTRY: usize = 200;
/// Keys of one filter: what is held as numbers while it is made.
const KEYS_A_FILTER: usize = 1 << 20;
/// How many of the keys that are not there are asked for all the same.
const FALSE_POSITIVES: f64 = 0.02;

/// What the large table of the store's index may have, in a byte a key: most keys of a new entry nobody else has, and a look into a filter takes a
/// hundredth of the time that a look into the store takes. Without it an entry costs thrice as much once the index of a pass does
/// not fit into memory.
pub(super) struct Written {
    /// Beginning of a range of keys → what the store has of it.
    ranges: FxHashMap<i64, Kept>,
    /// Rows that may still be read to make filters.
    readable: usize,
    /// Shingles of very many: they say nothing, and the list of their owners would be read for each run of entries.
    crowded: FxHashSet<i64>,
}

#[derive(Default)]
struct Kept {
    /// There is more than the filters know.
    beyond: bool,
    filters: Vec<BloomFilter<FxBuildHasher>>,
}

impl Kept {
    fn is_empty(&self) -> bool {
        !self.beyond && self.filters.is_empty()
    }

    fn may_have(&self, key: i64) -> bool {
        self.beyond || self.filters.iter().any(|filter| filter.contains(&key))
    }

    fn add(&mut self, keys: &[i64]) {
        let mut filter =
            BloomFilter::with_false_pos(FALSE_POSITIVES).hasher(FxBuildHasher).expected_items(keys.len());
        filter.insert_all(keys);
        self.filters.push(filter);
    }
}

impl Written {
    /// For a pass that brings so many new entries.
    pub(super) fn for_entries(new: usize) -> Self {
        let readable = if new < MANY_ENTRIES { 0 } else { new.saturating_mul(ROWS_AN_ENTRY) };
        Self { ranges: FxHashMap::default(), readable, crowded: FxHashSet::default() }
    }

    /// Learns which shingles have more owners than `at_most` from what was found, sorted. In a pass owners only come to others.
    pub(super) fn learn(&mut self, found: &[Posting], at_most: usize) {
        let of_key = found.chunk_by(|a, b| a.key == b.key);
        let crowded = of_key.filter(|owners| owners.len() > at_most && is_shingle(owners[0].key));
        self.crowded.extend(crowded.map(|owners| owners[0].key));
    }

    /// Whether a shingle is known to have very many owners.
    pub(super) fn is_crowded(&self, key: i64) -> bool {
        self.crowded.contains(&key)
    }

    /// Whether the large table has any key of a range. `store` is as it was before the pass, or as the pass left it.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) fn has_any(&mut self, range: Range<i64>, store: &Store) -> Result<bool, StoreError> {
        Ok(!self.of_range(range, store)?.is_empty())
    }

    /// Those of `keys`, which are of one range, that the large table may have.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) fn may_have<'k>(
        &mut self,
        keys: &'k [i64],
        store: &Store,
    ) -> Result<impl Iterator<Item = i64> + use<'_, 'k>, StoreError> {
        let range = keys.first().map_or(0..0, |key| neighbourhood(*key));
        let kept = self.of_range(range, store)?;
        Ok(keys.iter().copied().filter(|key| kept.may_have(*key)))
    }

    /// What is met the first time is what the large table has: what it had before the pass, and what a part of the pass before this one
    /// has written to it.
    fn of_range(&mut self, range: Range<i64>, store: &Store) -> Result<&Kept, StoreError> {
        let start = range.start;
        if !self.ranges.contains_key(&start) {
            let kept = self.look(range, store)?;
            self.ranges.insert(start, kept);
        }
        Ok(&self.ranges[&start])
    }

    fn look(&mut self, range: Range<i64>, store: &Store) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        let mut keys: Vec<i64> = Vec::new();
        let read = store.settled_keys_in(range, self.readable, |key| {
            if keys.last() != Some(&key) {
                keys.push(key);
            }
            if keys.len() == KEYS_A_FILTER {
                kept.add(&keys);
                keys.clear();
            }
        })?;
        match read {
            Some(rows) => {
                self.readable -= rows;
                if !keys.is_empty() {
                    kept.add(&keys);
                }
            }
            None => {
                self.readable = 0;
                kept = Kept { beyond: true, filters: Vec::new() };
            }
        }
        Ok(kept)
    }

    /// Takes note of what the pass is about to write to the large table, or might, sorted.
    pub(super) fn add(&mut self, postings: &[Posting]) {
        for of_range in postings.chunk_by(|a, b| neighbourhood(a.key).contains(&b.key)) {
            // Of a range that nobody asked for the store is still to tell, and by then it has them.
            let Some(kept) = self.ranges.get_mut(&neighbourhood(of_range[0].key).start) else { continue };
            if kept.beyond {
                continue;
            }
            let mut keys: Vec<i64> = of_range.iter().map(|posting| posting.key).collect();
            keys.dedup();
            keys.chunks(KEYS_A_FILTER).for_each(|keys| kept.add(keys));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn store(rows: impl Iterator<Item = i64>) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kariz.db")).unwrap();
        // Addresses, so many that none of all these waits in the small table.
        let others = (0..1 << 16).map(|n| (3 << 61 | n, 1));
        let rows: Vec<(i64, i64)> = rows.flat_map(|key| [(key, 1), (key, 2)]).chain(others).collect();
        store.insert_keys(rows.into_iter()).unwrap();
        (folder, store)
    }

    /// Keys as they are: hashes within one range.
    pub(in crate::tick) fn key(n: i64) -> i64 {
        (n.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed()) >> 20) & ((1 << 47) - 1)
    }

    #[test]
    fn what_is_there_is_asked_for_and_hardly_anything_else() {
        let asked: Vec<i64> = (0..20_000).map(key).collect();
        // Nothing is there before the pass; then it writes some, twice.
        let (_folder, empty) = store(std::iter::empty());
        let mut written = Written::for_entries(1);
        assert!(!written.has_any(neighbourhood(asked[0]), &empty).unwrap());
        assert_eq!(written.may_have(&asked, &empty).unwrap().count(), 0);
        for part in [0..3_000, 3_000..6_000] {
            let mut postings: Vec<Posting> = part.map(|n| Posting { key: key(n), entry: n }).collect();
            postings.sort_unstable();
            written.add(&postings);
        }
        assert!(written.has_any(neighbourhood(asked[0]), &empty).unwrap());
        let there: Vec<i64> = written.may_have(&asked, &empty).unwrap().collect();
        assert!((0..6_000).all(|n| there.contains(&key(n))));
        assert!(there.len() < 6_000 + 14_000 / 15, "{} are asked for", there.len());
    }

    #[test]
    fn shingles_of_very_many_are_told_once() {
        let mut written = Written::for_entries(1);
        let of = |key: i64, owners: i64| (0..owners).map(move |entry| Posting { key, entry });
        let (shingle, rare, headline) = (key(1), key(2), key(3) | 1 << 61);
        assert!(is_shingle(shingle) && !is_shingle(headline));
        let mut found: Vec<Posting> = of(shingle, 61).chain(of(rare, 60)).chain(of(headline, 61)).collect();
        found.sort_unstable();
        written.learn(&found, 60);
        assert_eq!([shingle, rare, headline].map(|key| written.is_crowded(key)), [true, false, false]);
    }

    #[test]
    fn a_store_is_read_whole_where_that_pays() {
        let asked: Vec<i64> = (0..20_000).map(key).collect();
        let (_folder, store) = store((0..5_000).map(key));
        // Few entries: all is asked for.
        let mut few = Written::for_entries(10);
        assert_eq!(few.may_have(&asked, &store).unwrap().count(), asked.len());
        // Many: what is there is known.
        let mut many = Written::for_entries(MANY_ENTRIES);
        let there: Vec<i64> = many.may_have(&asked, &store).unwrap().collect();
        assert!((0..5_000).all(|n| there.contains(&key(n))));
        assert!(there.len() < 6_500, "{} are asked for", there.len());
        // More rows than can be read in the time: all is asked for.
        let mut bounded = Written { readable: 9_999, ..Written::for_entries(0) };
        assert_eq!(bounded.may_have(&asked, &store).unwrap().count(), asked.len());
    }
}
