//! Sources of a pass that lie at the same place: it is asked once, for all of them.

use std::collections::HashMap;

use url::Url;

use crate::model::{Failure, Location, Source, Validators};
use crate::store::SourceState;

/// So often in a row a server breaks down before it is asked without conditions.
const MUCH_PATIENCE: u32 = 5;

/// So often in a row the place fails that a source has moved to before its old one is tried.
const PATIENCE: u32 = 3;

/// Where a source is asked: where it has moved to for good, else at its own address. A new place that fails may have been
/// a mistake, or a squatter's: then both are asked in turns, and who answers first with a feed has it.
pub(super) fn place<'a>(source: &'a Source, state: &'a SourceState) -> Option<&'a Url> {
    match &source.location {
        Location::Http(url) => Some(state.moved_to.as_ref().filter(|_| !turns_back(state)).unwrap_or(url)),
        Location::File(_) => None,
    }
}

fn turns_back(state: &SourceState) -> bool {
    state.failures >= PATIENCE && state.failures % 2 == PATIENCE % 2
}

/// Whether a source is asked at the address that feeds.toml has.
pub(super) fn is_at_home(source: &Source, state: &SourceState) -> bool {
    match &source.location {
        Location::Http(url) => place(source, state) == Some(url),
        Location::File(_) => true,
    }
}

/// Says of a failure, where it is so, that the old address will be tried.
pub(super) fn explain(failure: &mut Failure, source: &Source, state: &SourceState) {
    let next = SourceState { failures: state.failures + 1, ..state.clone() };
    if state.moved_to.is_some() && !is_at_home(source, state) && is_at_home(source, &next) {
        failure.message.push_str(" It has moved there; next, its address in feeds.toml is tried again.");
    }
}

/// Whether it may be our conditions that a server fails on: it says so (RFC 9110 §15.5.1, §15.5.13; RFC 6585 §5), or it
/// fails again and again. Else it would go on failing for ever, since validators outlive failures.
fn stumbles_over_conditions(state: &SourceState) -> bool {
    let says_so = matches!(state.http_status, Some(400 | 412 | 417 | 431));
    let breaks = state.http_status.is_some_and(|status| status >= 500)
        || matches!(state.error_kind.as_deref(), Some("interrupted" | "bad_response" | "bad_encoding"));
    state.failures > 0 && says_so || state.failures >= MUCH_PATIENCE && breaks
}

/// Where the sources of a pass lie, and what each may be asked with.
#[derive(Default)]
pub(super) struct Places {
    /// Where sources lie that do not all know the same of their place: an answer on the condition of one would be none for
    /// another.
    unconditional: Vec<Url>,
}

impl Places {
    /// Looks at the sources of a pass, and brings those of one place together, so that nobody keeps an answer for long.
    pub(super) fn sort(due: &mut [(&Source, &SourceState)]) -> Self {
        let mut first: HashMap<&Url, (usize, &Validators)> = HashMap::new();
        let mut unconditional = Vec::new();
        for (at, (source, state)) in due.iter().enumerate() {
            let Some(url) = place(source, state) else { continue };
            let (_, known) = first.entry(url).or_insert((at, &state.validators));
            if **known != state.validators && !unconditional.contains(url) {
                unconditional.push(url.clone());
            }
        }
        let mut order: HashMap<i64, usize> = HashMap::with_capacity(due.len());
        for (at, (source, state)) in due.iter().enumerate() {
            let at = place(source, state).and_then(|url| first.get(url)).map_or(at, |(first, _)| *first);
            order.insert(state.key, at);
        }
        due.sort_by_key(|(_, state)| order.get(&state.key).copied());
        Self { unconditional }
    }

    /// Whether a source may ask on the condition of what it knows.
    pub(super) fn may_be_conditional(&self, source: &Source, state: &SourceState) -> bool {
        !stumbles_over_conditions(state)
            && place(source, state).is_none_or(|url| !self.unconditional.contains(url))
    }
}
