//! Marks of what is known but not kept: dropped by a rule, passed over, purged.

use jiff::Timestamp;

use crate::store::{Store, StoreError};

/// Marks of entries that are known but not kept. Those that a document still lists are renewed now and then, so that
/// the others can be told from them and forgotten (`store::retention`).
pub(super) struct Noted {
    pub(super) now: Timestamp,
    pub(super) renewed: Vec<i64>,
}

impl Noted {
    /// How old a mark gets before it is renewed: often enough to tell, seldom enough to cost nothing.
    const RENEW: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);

    pub(super) fn lists(&mut self, store: &Store, source: i64, mark: &str) -> Result<bool, StoreError> {
        let Some(at) = store.seen_at(source, mark)? else { return Ok(false) };
        if self.now.duration_since(at) > Self::RENEW {
            self.renewed.push(crate::store::hash(mark));
        }
        Ok(true)
    }
}

/// What an entry is noted under that a rule dropped, or that was purged, beside its guid.
pub(super) fn dropped_mark(fingerprint: i64) -> String {
    format!("dropped:{fingerprint:x}")
}
