//! When a source is next due: pure functions of values and a `now` that is passed in.
//!
//! The answer is the latest of what the operator wishes (`interval`, or what the source's own rhythm
//! teaches), what the server asks for (`Cache-Control`, `Expires`) and what the feed asks for (`ttl`,
//! `sy:updatePeriod`, `skipHours`, `skipDays`), within `min_interval` and `max_interval`. Errors back
//! off from there.
//!
//! ```text
//! visit ─► Outcome::of ─► History::after(outcome) ─► next_due(history, …) ─► stored ─► is_due(…) at the next pass
//! ```

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{ErrorKind, FeedHints, Fetched, Schedule, Source};

mod rhythm;

pub use rhythm::{expected, learned};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// No hint and no silence counts for longer.
pub const HINT_CAP: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Errors back off up to this.
pub const BACKOFF_CAP: Duration = DAY;
/// The first step of the back-off is never shorter: "again in a minute, then in two" is no back-off.
const BACKOFF_FLOOR: Duration = Duration::from_secs(15 * 60);
/// The first step of the back-off of a source without `interval` is never longer: a source that publishes
/// once a month and fails once shall not be given up for a month.
const BACKOFF_START: Duration = Duration::from_secs(6 * 60 * 60);
/// By so much cron may start earlier than an hour ago.
const CRON_SLACK: Duration = Duration::from_secs(30);
/// A clock that was a little ahead does not make a source due.
const CLOCK_SLACK: Duration = HOUR;

/// What is remembered of a source for its schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The last time it was asked, whatever came of it.
    pub last_visit: Option<Timestamp>,
    /// The last time that it gave a document or said "not modified".
    pub last_success: Option<Timestamp>,
    /// Failures since then.
    pub failures: u32,
    /// When its newest entries were published (twenty are enough), in any order.
    pub recent: Vec<Timestamp>,
}

/// What came of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A document that could be read, or "not modified".
    Success,
    /// Anything else.
    Failure,
    /// Nobody was asked: the host is silent (`Retry-After`) from an answer to another source.
    NotAsked,
}

impl Outcome {
    /// What a request gave, as far as the request tells: a document that turns out to be unreadable is
    /// a [`Outcome::Failure`] too. A silence that was kept without asking has no status.
    pub fn of(fetched: &Fetched) -> Self {
        match fetched {
            Fetched::NotModified { .. } | Fetched::Document(_) => Self::Success,
            Fetched::Gone => Self::Failure,
            Fetched::Failed(f) if f.kind == ErrorKind::RateLimited && f.status.is_none() => Self::NotAsked,
            Fetched::Failed(_) => Self::Failure,
        }
    }
}

impl History {
    /// The history after a visit at `now`. `recent` is for the caller to fill in.
    ///
    /// `now` may be the start of the pass rather than the moment of the answer: then a pass that takes
    /// minutes does not push the sources at its end beyond the next tick of cron.
    #[must_use]
    pub fn after(mut self, outcome: Outcome, now: Timestamp) -> Self {
        match outcome {
            Outcome::Success => {
                self.last_visit = Some(now);
                self.last_success = Some(now);
                self.failures = 0;
            }
            Outcome::Failure => {
                self.last_visit = Some(now);
                self.failures = self.failures.saturating_add(1);
            }
            Outcome::NotAsked => {}
        }
        self
    }
}

/// What server and feed ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// When the answer came, where that is later than the visit's `now`: freshness counts from here.
    pub answered: Option<Timestamp>,
    /// How long the answer may be taken for fresh (`Cache-Control`, `Expires`).
    pub fresh_for: Option<Duration>,
    /// Until when the host is silent (`Retry-After`), from the answer or from its [`crate::model::Failure`].
    pub retry_at: Option<Timestamp>,
    /// What the feed itself says.
    pub feed: Option<&'a FeedHints>,
    /// New entries are pushed to us (WebSub): polling is a safety net only.
    pub pushed: bool,
}

/// When `source` may be visited again. `history` is the one after `outcome` at `now`.
///
/// Deterministic: the same values give the same time.
pub fn next_due(
    history: &History,
    outcome: Outcome,
    source: &Source,
    hints: &Hints<'_>,
    now: Timestamp,
) -> Timestamp {
    let due = match outcome {
        Outcome::NotAsked => now,
        Outcome::Failure => later(now, backoff(history.failures, source, history, now)),
        Outcome::Success => after_success(history, source, hints, now),
    };
    hints.retry_at.map_or(due, |at| at.min(later(now, HINT_CAP)).max(due))
}

/// Whether a source is due. `next_due` is what was stored; `None` if it was never visited.
///
/// A clock that ran ahead and came back leaves dates in the future; they must not silence a source for
/// years. So a visit that has not happened yet, or a due time beyond all caps, means: due.
pub fn is_due(
    next_due: Option<Timestamp>,
    last_visit: Option<Timestamp>,
    now: Timestamp,
    source: &Source,
) -> bool {
    let Some(due) = next_due else { return true };
    let (_, max) = bounds(source);
    let cap = later(now, max.max(BACKOFF_CAP).max(HINT_CAP).saturating_add(CLOCK_SLACK));
    // A schedule may look further ahead than all caps, but never beyond its own next time.
    let cap = source.schedule.as_ref().and_then(|s| occurrence(s, now)).map_or(cap, |next| next.max(cap));
    due <= now || last_visit.is_some_and(|visit| visit > later(now, CLOCK_SLACK)) || due > cap
}

/// Until when `source` is better left alone though it is due: the hours and days at which its feed says that
/// nothing is new (`skipHours`, `skipDays`), for as long as `max_interval` allows. `None`: it may be asked now.
///
/// A due time never lies in such an hour, but the pass that comes for it may.
pub fn skipped_until(
    last_success: Option<Timestamp>,
    feed: &FeedHints,
    now: Timestamp,
    source: &Source,
) -> Option<Timestamp> {
    let (_, max) = bounds(source);
    let latest = later(last_success.filter(|at| *at <= now)?, max);
    let until = skip(now, feed).min(latest);
    (until > now).then_some(until)
}

fn after_success(history: &History, source: &Source, hints: &Hints<'_>, now: Timestamp) -> Timestamp {
    let (min, max) = bounds(source);
    let share = share_of(source);
    let wish = if hints.pushed { Some(max) } else { source.interval };
    let wait = match wish {
        // Ahead of time by a little, and not by the same for all: an hourly cron job that starts a
        // second early still reaches a source with `interval = "1h"` each hour, and a thousand sources
        // with the same interval drift apart.
        Some(interval) => interval.saturating_sub(slack(interval).mul_f64(0.5 + share / 2.0)),
        // Only ever later, so that `min_interval` holds; at the upper bound, earlier.
        None => {
            let learned = learned(&history.recent, now).unwrap_or(HOUR).clamp(min, max);
            if learned.mul_f64(1.1) <= max {
                learned.mul_f64(1.0 + share / 10.0)
            } else {
                learned.mul_f64(1.0 - share / 10.0).max(min)
            }
        }
    };
    // What the feed asks for is a rhythm and has the slack of one (WordPress says "hourly" everywhere, and cron comes
    // each hour); what HTTP says is a promise of the server, to be kept to the second.
    let rhythm = hints.feed.map(period).unwrap_or_default();
    let rhythm = rhythm.saturating_sub(slack(rhythm).min(CRON_SLACK)).min(HINT_CAP);
    let asked = hints.fresh_for.unwrap_or_default();
    // The lower bound gives way to the slack of an interval that is as short, or cron would miss it.
    let wait = wait.max(min.saturating_sub(slack(min)));
    let answered = hints.answered.filter(|at| *at > now).unwrap_or(now);
    let scheduled = source.schedule.as_ref().filter(|_| !hints.pushed).and_then(|s| occurrence(s, now));
    let wish = scheduled.unwrap_or_else(|| later(now, wait));
    let latest = later(now, max).max(scheduled.unwrap_or(now));
    let due = wish.max(later(now, rhythm)).max(later(answered, asked.min(HINT_CAP))).min(latest);
    match hints.feed {
        Some(feed) => skip(due, feed).min(latest).max(due),
        None => due,
    }
}

/// The first time of a schedule after `now`.
pub fn occurrence(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let from = now.to_zoned(schedule.zone.clone());
    schedule.cron.find_next_occurrence(&from, false).ok().map(|at| at.timestamp())
}

/// What an `interval` may be undercut by.
fn slack(interval: Duration) -> Duration {
    (interval / 20).min(2 * MINUTE)
}

/// `min_interval` and `max_interval`; an explicit `interval` beyond the upper one is what the operator
/// wants.
fn bounds(source: &Source) -> (Duration, Duration) {
    let max = source.max_interval.max(source.interval.unwrap_or_default()).max(source.min_interval);
    (source.min_interval, max)
}

/// `ttl` and `sy:updatePeriod`, the longer of the two.
fn period(feed: &FeedHints) -> Duration {
    let minutes = feed.ttl_minutes.max(feed.update_period_minutes).unwrap_or(0);
    MINUTE.saturating_mul(minutes)
}

/// The first moment from `due` on that lies in no skipped hour of no skipped day (UTC). A feed that
/// skips all of them says nothing.
fn skip(due: Timestamp, feed: &FeedHints) -> Timestamp {
    if feed.skip_hours.is_empty() && feed.skip_days.is_empty() {
        return due;
    }
    let skipped = |at: Timestamp| {
        let hours = at.as_second().div_euclid(3600);
        let hour = hours.rem_euclid(24);
        // 1970-01-01 was a Thursday, the fourth day.
        let day = (hours.div_euclid(24) + 3).rem_euclid(7) + 1;
        // Some feeds count the hours from 1 to 24.
        feed.skip_hours.iter().any(|h| i64::from(*h % 24) == hour)
            || feed.skip_days.iter().any(|d| i64::from(*d) == day)
    };
    let mut at = due;
    for _ in 0..7 * 24 {
        if !skipped(at) {
            return at;
        }
        let next = (at.as_second().div_euclid(3600) + 1).saturating_mul(3600);
        match Timestamp::from_second(next) {
            Ok(next) => at = next,
            Err(_) => return due,
        }
    }
    due
}

/// How long to wait after the nth failure in a row: the source's own rhythm, then doubled each time,
/// up to a day. Spread by a tenth downwards, never below the rhythm itself.
fn backoff(failures: u32, source: &Source, history: &History, now: Timestamp) -> Duration {
    let (min, max) = bounds(source);
    let rhythm = match source.interval {
        Some(interval) => interval,
        None => learned(&history.recent, now).unwrap_or(HOUR).clamp(min, max).min(BACKOFF_START.max(min)),
    };
    let base = rhythm.max(BACKOFF_FLOOR).max(min);
    let doubled =
        base.saturating_mul(1u32.checked_shl(failures.saturating_sub(1).min(30)).unwrap_or(u32::MAX));
    let least = base.saturating_sub(slack(base).mul_f64(0.5 + share_of(source) / 2.0));
    doubled.min(BACKOFF_CAP).mul_f64(1.0 - share_of(source) / 10.0).max(least)
}

/// From 0 to 1, a source's own, the same for ever.
fn share_of(source: &Source) -> f64 {
    // 53 bits are what an f64 holds.
    (xxh3_64(source.id.as_str().as_bytes()) >> 11) as f64 / (1u64 << 53) as f64
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
