//! Is it the same story, and why: pure functions.
//!
//! Identity first, similarity last; a wrong merge is worse than a missed one; every merge carries its stage and score.
//!
//! - [`identity`]: whether an entry of a document is one that its source gave before.
//! - [`changes`]: whether a reader reads something else than before.
//! - [`Features`]: what is kept beside an entry so that others find it.
//! - [`Kept`], [`Index`], [`Stories`]: what clustering asks a store for; [`memory::MemoryIndex`] is the simplest one.
//! - [`cluster`]: which story each new entry belongs to.
//! - [`judge`]: whether two entries tell one story, stage by stage, in words.
//! - [`explain`] and [`nearest`]: why stored entries are together, and why another is not.
//! - [`lead`]: who speaks for a story.

pub mod changes;
pub mod cluster;
mod explain;
mod facts;
mod features;
mod finder;
mod folded;
mod headline;
pub mod identity;
mod index;
pub mod judge;
mod kinds;
mod lead;
pub mod memory;
mod options;
mod pass;
mod prepared;
mod reading;
mod script;
mod side;
mod sketch;
mod verdict;
mod vocabulary;
mod words;

pub use cluster::cluster;
pub use explain::{explain, nearest};
pub use features::{Features, HeadlineKey, Item, address_key, source_hash};
pub use folded::{FoldedText, body_text, folded_text_of, reading_text, reading_text_of};
pub use index::{
    EntryKey, Index, Kept, Outline, Posting, Stories, StoryKey, Text, is_shingle, neighbourhood,
    postings_before,
};
pub use lead::{LeadCandidate, lead};
pub use options::Options;
