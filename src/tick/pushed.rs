//! What hubs push (WebSub): taken in as what was fetched is, in the same passes.

use std::collections::HashMap;

use super::desk::{Desk, Seen};
use super::writer::Made;
use super::{Client, Tick};
use crate::model::{Document, Source, SourceId};
use crate::schedule::Outcome as Kind;
use crate::store::{Outcome, SourceState, Visit};

/// Documents that hubs have pushed, by the rows of their sources.
pub type Pushed = HashMap<i64, Document>;

impl Tick<'_> {
    /// Takes one pushed document in and has recorded what is new in it. It is no visit: when the source is polled next, and
    /// with which validators, stays as it was. A document that cannot be read is as good as none; polling will tell.
    pub(super) async fn take_in(
        &self,
        client: &Client,
        document: &Document,
        source: &Source,
        state: &SourceState,
        desk: &Desk,
    ) -> (SourceId, Seen) {
        let turn = desk.turn_of(document, source).await;
        let (outcome, place) = desk.read(client, document.clone(), source, state).await;
        let outcome = match outcome {
            Outcome::Document(read) => Outcome::Pushed(read),
            Outcome::Failed(failure) => {
                tracing::warn!(source = %source.id, "what its hub pushed cannot be read: {}", failure.message);
                return (source.id.clone(), Seen::default());
            }
            _ => return (source.id.clone(), Seen::default()),
        };
        let seen = Seen { pushed: true, ..Seen::of(&outcome) };
        let next_due = state.next_due.unwrap_or(self.now);
        let (silences, at_home) = (Vec::new(), false);
        let visit = Visit { source: state.key, at: self.now, next_due, silences, at_home, outcome };
        let turn = turn.into_iter().chain(place).collect();
        desk.writer.record(Made { visit, timing: None, turn }).await;
        (source.id.clone(), seen)
    }
}

/// What such a document means for the schedule: nobody was asked.
pub(super) const KIND: Kind = Kind::NotAsked;
