//! What a clock that ran ahead and came back leaves behind: dates that cannot be, put right.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::stories::{NEXT_REVISION, touch};
use super::{Result, Store};

/// A clock that is corrected by less than this has done no harm: dates are frozen, and stay.
const SLACK: SignedDuration = SignedDuration::from_hours(1);

/// No silence lasts longer than a week (and a minute between answer and question).
const LONGEST_SILENCE: SignedDuration = SignedDuration::from_secs(7 * 24 * 3600 + 60);

impl Store {
    /// Puts right what was recorded while the clock was ahead, if it was: a visit of the future tells. Entries
    /// that came in then would else stand above all news until the future has come, and hosts and sources be
    /// left alone for as long. Gives whether there was anything to be put right.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_the_future(&mut self, now: Timestamp) -> Result<bool> {
        let latest = now.saturating_add(SLACK).unwrap_or(Timestamp::MAX).as_second();
        let silent = now.saturating_add(LONGEST_SILENCE).unwrap_or(Timestamp::MAX).as_second();
        let now = now.as_second();
        let path = self.path.clone();
        let result = (|| {
            let visited: Option<i64> =
                self.connection.query_row("SELECT max(last_visit) FROM source", [], |row| row.get(0))?;
            if visited.is_none_or(|at| at <= latest) {
                return Ok(false);
            }
            let tx = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            tx.execute(
                "UPDATE source SET last_visit = min(last_visit, ?1), last_success = min(last_success, ?1),
                   last_new = min(last_new, ?1), next_due = min(next_due, ?1), fresh_until = NULL,
                   retry_at = iif(retry_at > ?3, NULL, retry_at)
                 WHERE last_visit > ?2",
                params![now, latest, silent],
            )?;
            tx.execute("DELETE FROM silence WHERE until > ?1", [silent])?;
            tx.execute(
                "UPDATE entry SET published = min(published, ?1), updated = min(updated, ?1),
                   first_seen = min(first_seen, ?1), place = min(place, ?1), moves_from = min(moves_from, ?1)
                 WHERE first_seen > ?2 OR updated > ?2 OR place > ?2",
                params![now, latest],
            )?;
            let stories = format!(
                "UPDATE story SET published = min(published, ?1), updated = min(updated, ?1), revision = {NEXT_REVISION}
                 WHERE published > ?2 OR updated > ?2"
            );
            tx.execute(&stories, params![now, latest])?;
            touch(&tx)?;
            tx.commit()?;
            Ok(true)
        })();
        result.map_err(|error| super::StoreError::Sqlite { path, error })
    }
}
