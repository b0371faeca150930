//! Which story each new entry belongs to: one ordered pass over what is new.
//!
//! An entry is compared with what shares a key with it: an address, a headline, a text, some shingles. It joins all
//! stories that it matches strongly, uniting them, else the one that it matches best. No chains through excerpts:
//! a digest that contains five stories must not make one of them. And no third entry brings together what was told
//! apart by a fact.

use uuid::Uuid;

use super::features::Features;
use super::index::{EntryKey, Index, Stories, StoryKey};
use super::options::Options;
use super::pass::Pass;
pub use super::prepared::{Prepared, prepare};
use crate::model::{SourceId, Why};

/// An entry that belongs to no story yet.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The entry.
    pub key: EntryKey,
    /// Whose.
    pub source: SourceId,
    /// Its identity in the source.
    pub guid: String,
    /// What is kept beside it.
    pub features: Features,
}

/// The story of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Assigned {
    /// One of the store's.
    Existing(StoryKey),
    /// One that begins in this pass.
    New {
        /// `urn:uuid:…`, made of the founder's (source, guid).
        id: String,
        /// The first of its entries by (date, source, guid).
        founder: EntryKey,
    },
}

/// What was decided about an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The entry.
    pub entry: EntryKey,
    /// Its story.
    pub story: Assigned,
    /// Why; the founder's stage is [`Stage::Founder`].
    pub why: Why,
    /// The entry that it was matched with; `None` for a founder.
    pub matched: Option<EntryKey>,
}

/// Two stored stories were found to be one.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryMerge {
    /// The older one; it keeps its id.
    pub kept: StoryKey,
    /// The younger one; it leaves a tombstone.
    pub retired: StoryKey,
    /// The entry that told.
    pub by: EntryKey,
    /// What it has in common with the younger one.
    pub why: Why,
}

/// What one pass decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// One for each new entry, by (date, source, guid).
    pub assignments: Vec<Assignment>,
    /// Stories that are one from now on.
    pub merges: Vec<StoryMerge>,
}

/// The namespace of story ids: a story's id is UUIDv5 of its founder's source and guid.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b61_7269_7a2d_5374_8f72_792d_6e61_6d65);

/// The id of the story that an entry founds.
pub fn story_id(source: &str, guid: &str) -> String {
    let name = format!("{source}\n{guid}");
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).urn().to_string()
}

/// Decides for all entries of a pass: [`prepare`], then [`place`] with one index. The order of `new` makes no difference;
/// what is stored does.
///
/// Counts the habits of feeds and adds the new entries' postings to `index`; stories are for the caller to store. Memory
/// goes with `new` (about 2 KB an entry), not with the store: a caller with very many new entries hands them over in runs of
/// (date, source, guid), some ten thousand at a time.
///
/// # Errors
/// The index's.
pub fn cluster<I: Index + Stories>(
    new: Vec<NewEntry>,
    index: &mut I,
    options: Options,
) -> Result<Outcome, I::Error> {
    let prepared = prepare(new, index, &options)?;
    place(prepared, index, &options)
}

/// Decides for all entries that were prepared. `index` has to know of their habits ([`Prepared::counts`]), and the stories of
/// all that was prepared before have to be stored.
///
/// # Errors
/// The index's.
pub fn place<I: Stories>(prepared: Prepared, index: &mut I, options: &Options) -> Result<Outcome, I::Error> {
    let mut pass = Pass::begin(prepared, index, options);
    pass.place_all()?;
    Ok(pass.outcome())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn story_ids_never_change() {
        assert_eq!(story_id("a", "1"), story_id("a", "1"));
        assert_ne!(story_id("a", "1"), story_id("a1", ""));
        assert!(story_id("a", "1").starts_with("urn:uuid:"));
    }
}
