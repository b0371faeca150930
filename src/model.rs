//! The values that the rooms hand to each other: plain structs, no behaviour that needs the world.
//!
//! Times are [`jiff::Timestamp`]s (UTC). Texts are UTF-8. A field that a document does not give is
//! `None` or empty, never a made-up value.

mod fetched;
mod parsed;
mod reading;
mod rule;
mod source;
mod story;

pub use fetched::{Document, ErrorKind, Failure, Fetched, Validators};
pub use parsed::{
    Charset, CharsetEvidence, Enclosure, EntrySource, FeedFormat, FeedHints, Markup, ParsedEntry, ParsedFeed,
    Person,
};
pub use reading::{Reading, Select, SourceKind};
pub use rule::{Action, Field, Rule, Test};
pub use source::{Auth, ContentPolicy, IdPolicy, Keep, Location, Schedule, Secret, Source, SourceId};
pub use story::{Article, Direction, Entry, Member, SourceInfo, Stage, Story, Why};
