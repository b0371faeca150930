//! An entry taken apart to be looked at closely, and the habits of feeds.

use rustc_hash::FxHashMap;

use super::features::{Features, Habit, body, habit_key, segment_hash};
use super::headline::Headline;
use super::index::Text;
use super::reading::{Reading, Triples, overlap};
use crate::text::compare::skeleton;

/// Letters below which a text says nothing at all.
pub(super) const TINY: usize = 40;
/// A segment of headlines, an edge sentence: how often a feed must use it until it is furniture.
const SEGMENT_HABIT: u32 = 4;
const SENTENCE_HABIT: u32 = 3;

/// What a feed does again and again: counts of [`Features`]' habit keys.
#[derive(Clone, Debug, Default)]
pub struct Habits(FxHashMap<i64, u32>);

impl Habits {
    /// Adds counts; those of 0 and 1 need not be kept.
    pub fn extend(&mut self, counts: impl IntoIterator<Item = (i64, u32)>) {
        self.0.extend(counts.into_iter().filter(|(_, n)| *n > 1));
    }

    pub(super) fn count(&self, source: u64, habit: Habit, what: u64) -> u32 {
        self.0.get(&habit_key(source, habit, what)).copied().unwrap_or(0)
    }

    pub(crate) fn is_furniture(&self, source: u64, sentence: u64) -> bool {
        self.count(source, Habit::Sentence, sentence) >= SENTENCE_HABIT
    }

    pub(super) fn is_segment(&self, features: &Features, habit: Habit, segment: u64) -> bool {
        segment == 0
            || features.outlets.contains(&segment)
            || self.count(features.source, habit, segment) >= SEGMENT_HABIT
    }
}

/// An entry, taken apart to be looked at closely.
#[derive(Clone, Debug)]
pub struct Side {
    pub(crate) features: Features,
    /// Without kickers and the outlet's name.
    pub(super) title: String,
    pub(super) title_skeleton: Triples,
    /// All of the text: what facts are compared in.
    pub(super) whole: Reading,
    /// Without furniture: what texts are compared by.
    pub(super) body: Reading,
    /// Of `body`.
    pub(super) letters: usize,
    pub(super) shingles: Vec<u32>,
}

impl Side {
    /// Whether all of the text stands in another's: then it can say nothing that the other does not.
    pub(crate) fn stands_in(&self, other: &Self) -> bool {
        self.letters >= TINY
            && self.shingles.len() <= other.shingles.len() + 20
            && overlap(&self.shingles, &other.shingles).containment >= 0.95
    }

    /// Whether there is a text to compare.
    pub(crate) fn has_text(&self) -> bool {
        self.letters >= TINY
    }

    /// Takes an entry apart.
    pub fn new(features: &Features, text: &Text, habits: &Habits) -> Self {
        let source = features.source;
        let headline = Headline::of(&text.title, &[]);
        let own = |habit, segment: Option<(&str, &str)>| {
            segment.is_some_and(|(s, _)| habits.is_segment(features, habit, segment_hash(s)))
        };
        let (first, last) = (own(Habit::First, headline.first), own(Habit::Last, headline.last));
        // Names of the outlet are known as digests only, so its segments are found here and not by `Headline::of`.
        let title = Headline::of(headline.core(first, last), &[]).base.to_owned();
        let whole = body(&text.title, &text.text);
        let body = whole.clone().without(|sentence| habits.is_furniture(source, sentence));
        Self {
            features: features.clone(),
            title_skeleton: Triples::of(skeleton(&title)),
            letters: body.letters(),
            shingles: body.shingle_set(),
            body,
            whole,
            title,
        }
    }
}
