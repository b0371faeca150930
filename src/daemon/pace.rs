//! How fast passes follow each other: pure functions of what was and what time it is.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Sleeps are cut into pieces of this length, so that a clock that was set or a laptop that slept is noticed.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Never two passes closer than this, whatever due times say.
const SHORTEST_SLEEP: Duration = Duration::from_secs(1);

/// After a start or a long sleep of the machine, so many sources that were read before are asked at a time, …
pub(super) const AT_ONCE: usize = 100;

/// … and so far apart.
const SPREAD: SignedDuration = SignedDuration::from_secs(5);

/// A nap that ends later than planned by this was the machine's sleep, or its clock was set; one that ends by so much before it
/// began, the clock was set back.
const SLEPT: Duration = Duration::from_secs(300);

/// How long until a pass that could not be done is tried again; doubled each time, up to five minutes and a half.
const FIRST_PAUSE: Duration = Duration::from_secs(10);

/// When the pass after this one is to be made, and whether it is one of a spread-out row. `spread`: this one was;
/// `visited`: how many sources it asked; `next_due`: when the next source is due.
pub(super) fn after_pass(
    spread: bool,
    visited: usize,
    next_due: Option<Timestamp>,
    now: Timestamp,
) -> (Option<Timestamp>, bool) {
    let more = spread && visited >= AT_ONCE;
    let soonest = more.then(|| now.saturating_add(SPREAD).ok()).flatten();
    (next_due.max(soonest), more)
}

/// How long until a pass is tried again that failed after `failed` others had failed before it.
pub(super) fn after_failure(failed: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << failed.min(5))
}

/// How long to sleep now, and whether something is due then.
pub(super) fn nap(next_due: Option<Timestamp>, now: Timestamp) -> (Duration, bool) {
    let until_due =
        next_due.map_or(LONGEST_SLEEP, |at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
    (until_due.clamp(SHORTEST_SLEEP, LONGEST_SLEEP), next_due.is_some() && until_due <= LONGEST_SLEEP)
}

/// Whether the clock leapt during a nap: the machine slept over it, or somebody set its clock. Either way what is due is to
/// be looked at anew. A clock that was years ahead and is set right would else leave all sources alone for these years.
pub(super) fn leapt(nap: Duration, from: Timestamp, to: Timestamp) -> bool {
    match Duration::try_from(to.duration_since(from)) {
        Ok(passed) => passed > nap + SLEPT,
        Err(_) => to.duration_until(from).unsigned_abs() > SLEPT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_793_000_000 + seconds).unwrap()
    }

    #[test]
    fn what_is_due_at_once_after_a_start_or_a_long_sleep_is_spread_out() {
        // 250 sources are overdue: a hundred, a hundred, fifty, some seconds apart; then as they are due.
        let overdue = Some(at(-3600));
        assert_eq!(after_pass(true, 100, overdue, at(0)), (Some(at(5)), true));
        assert_eq!(after_pass(true, 100, overdue, at(7)), (Some(at(12)), true));
        assert_eq!(after_pass(true, 50, Some(at(600)), at(20)), (Some(at(600)), false));
        // In the ordinary case they are not held back, however many.
        assert_eq!(after_pass(false, 5000, overdue, at(0)), (overdue, false));
        assert_eq!(
            after_pass(true, 300, Some(at(600)), at(0)),
            (Some(at(600)), true),
            "not before it is due"
        );
        assert_eq!(after_pass(true, 0, None, at(0)), (None, false));
    }

    #[test]
    fn a_long_sleep_is_noticed_and_a_slow_machine_is_none() {
        let nap = Duration::from_secs(60);
        assert!(!leapt(nap, at(0), at(61)) && !leapt(nap, at(0), at(360)));
        assert!(leapt(nap, at(0), at(361)) && leapt(nap, at(0), at(8 * 3600)));
        // A clock that is set right by seconds is none, one that was years ahead is.
        assert!(!leapt(nap, at(0), at(-10)) && leapt(nap, at(0), at(-86_400)));
    }

    #[test]
    fn there_is_no_tight_loop_and_no_sleep_over_what_is_due() {
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        for (due, expected) in [
            (Some(at(-1_000_000)), (second, true)),
            (Some(at(0)), (second, true)),
            (Some(at(30)), (Duration::from_secs(30), true)),
            (Some(at(60)), (minute, true)),
            (Some(at(61)), (minute, false)),
            (Some(Timestamp::MAX), (minute, false)),
            (None, (minute, false)),
        ] {
            assert_eq!(nap(due, at(0)), expected, "{due:?}");
        }
    }

    #[test]
    fn a_pass_that_fails_is_tried_less_and_less_often_but_tried() {
        let pauses: Vec<u64> = (0..8).map(|failed| after_failure(failed).as_secs()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 320, 320]);
    }
}
