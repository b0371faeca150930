//! New entries, prepared for the decision which stories they tell: their candidates are found and those that have to be looked
//! at closely are taken apart. Nothing of it depends on which story anybody belongs to, so that the next run of entries can be
//! prepared while the stories of one are decided.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cluster::NewEntry;
use super::features::Features;
use super::finder::{Finder, Found, Other, Tally};
use super::index::{EntryKey, Index, Kept, Outline, Text};
use super::judge::quick;
use super::options::Options;
use super::side::{Habits, Side};

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
    pub(super) others: Found,
    /// Features of the stored ones among them.
    pub(super) known: FxHashMap<EntryKey, Features>,
    /// Those that are to be looked at closely, taken apart: as many as there is room for.
    pub(super) sides: FxHashMap<EntryKey, Side>,
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
    let (others, known) = finder.find(index)?;
    let outlines: Vec<(EntryKey, Outline)> = new.iter().map(|e| (e.key, Outline::of(&e.features))).collect();
    index.insert(&inserts, &outlines)?;
    load_habits(known.values(), &mut habits, index)?;
    let mut prepared = Prepared { new, counts, habits, others, known, sides: FxHashMap::default() };
    let closely = prepared.looked_at_closely(options);
    prepared.take_apart(&closely, index)?;
    Ok(prepared)
}

/// Entries taken apart beforehand.
const TAKEN_APART: usize = 96;

impl Prepared {
    /// Who will be looked at closely, the first ones: all pairs that a glance does not tell together. (Some of them are not
    /// needed in the end, when another pair has told.)
    fn looked_at_closely(&self, options: &Options) -> Vec<Other> {
        let mut closely = Vec::new();
        for (i, others) in self.others.iter().enumerate() {
            let glance = |(other, tally): &(Other, Tally)| {
                quick(&self.new[i].features, self.features(*other), &self.habits, options, tally.crowded)
            };
            let pairs = others.iter().filter(|pair| glance(pair).is_none()).map(|(other, _)| *other);
            let before = closely.len();
            closely.extend(pairs);
            if closely.len() > before {
                closely.push(Other::New(i));
            }
            if closely.len() > 4 * TAKEN_APART {
                break;
            }
        }
        let mut met = FxHashSet::default();
        closely.retain(|other| met.insert(*other));
        closely.truncate(TAKEN_APART);
        closely
    }

    pub(super) fn features(&self, other: Other) -> &Features {
        match other {
            Other::New(i) => &self.new[i].features,
            // Only asked for what `known` has.
            Other::Stored(entry) => &self.known[&entry],
        }
    }

    pub(super) fn key(&self, other: Other) -> EntryKey {
        match other {
            Other::New(i) => self.new[i].key,
            Other::Stored(entry) => entry,
        }
    }

    /// Takes entries apart, those that are not yet.
    pub(super) fn take_apart<I: Kept>(&mut self, others: &[Other], index: &mut I) -> Result<(), I::Error> {
        let mut missing: Vec<(EntryKey, Other)> = others
            .iter()
            .map(|o| (self.key(*o), *o))
            .filter(|(key, _)| !self.sides.contains_key(key))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        let keys: Vec<EntryKey> = missing.iter().map(|(key, _)| *key).collect();
        let mut texts: FxHashMap<EntryKey, Text> =
            index.texts(&keys)?.into_iter().map(|t| (t.entry, t)).collect();
        for (key, other) in missing {
            let text = texts.remove(&key).unwrap_or_default();
            let side = Side::new(self.features(other), &text, &self.habits);
            self.sides.insert(key, side);
        }
        Ok(())
    }
}

/// Takes in what is known of the habits of some entries' feeds.
pub(super) fn load_habits<'f, I: Kept>(
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
