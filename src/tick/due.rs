//! Whom a pass asks, and in which order.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Tick;
use crate::model::{Location, Source};
use crate::schedule;
use crate::store::SourceState;

/// Whom a pass asks.
pub(super) struct Due<'a, 's> {
    /// In the order in which they are asked.
    pub(super) due: Vec<(&'a Source, &'s SourceState)>,
    /// Sources that are due and rest all the same, and until when.
    pub(super) put_off: Vec<(i64, Timestamp)>,
}

impl<'a> Tick<'a> {
    /// The sources to ask now, hosts taking turns, so that one with many sources does not hold up the others; and
    /// until when those rest that would be due at any other hour.
    pub(super) fn due<'s>(&self, states: &'s [SourceState]) -> Due<'a, 's> {
        let mut turns: HashMap<&str, usize> = HashMap::new();
        let mut put_off = Vec::new();
        let mut due: Vec<(usize, &'a Source, &'s SourceState)> = Vec::new();
        for (source, state) in self.config.sources.iter().zip(states) {
            if !source.enabled || state.gone || self.pushed.is_some_and(|p| p.contains_key(&state.key)) {
                continue;
            }
            let is_due = schedule::is_due(state.next_due, state.last_visit, self.now, source);
            let asked_to_wait = state.retry_at.is_some() && !is_due;
            if asked_to_wait || !(self.all || is_due) {
                continue;
            }
            if !self.all
                && let Some(until) =
                    schedule::skipped_until(state.last_success, &state.hints, self.now, source)
            {
                put_off.push((state.key, until));
                continue;
            }
            let host = match &source.location {
                Location::Http(url) => url.host_str().unwrap_or_default(),
                Location::File(_) => "",
            };
            let turn = turns.entry(host).or_default();
            *turn += 1;
            due.push((*turn, source, state));
        }
        if due.len() > self.at_most {
            due.sort_by_key(|(_, source, state)| (state.last_visit.and(state.next_due), source.id.clone()));
            let new = due.iter().take_while(|(_, _, state)| state.last_visit.is_none()).count();
            due.truncate(new + self.at_most);
        }
        // Who failed last time may well hang: its host's others come first.
        due.sort_by_key(|(turn, _, state)| (state.failures > 0, *turn));
        Due { due: due.into_iter().map(|(_, source, state)| (source, state)).collect(), put_off }
    }
}
