//! For how long, and when again: pure functions of values.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// What we ask other hubs for.
pub const WISHED: Duration = Duration::from_secs(10 * DAY);

/// For how long our own hub serves a subscriber who asks for so many seconds: an hour to thirty days; ten days to one
/// who does not say.
pub fn granted(asked: Option<u64>) -> Duration {
    asked.map_or(WISHED, |asked| Duration::from_secs(asked.clamp(HOUR, 30 * DAY)))
}

/// For how long we believe that another hub pushes, from what it grants: at most ninety days.
pub fn believed(granted: Option<u64>) -> Duration {
    Duration::from_secs(granted.unwrap_or(DAY).min(90 * DAY))
}

/// When to renew a lease that begins at `now`: with a quarter of it left, at most a day, and not at once however short
/// it is.
pub fn renew_at(now: Timestamp, lease: Duration) -> Timestamp {
    let early = (lease / 4).min(Duration::from_secs(DAY));
    later(now, lease.saturating_sub(early).max(Duration::from_secs(10 * MINUTE)))
}

/// When to ask a hub again that was asked so many times in vain: an hour, doubled each time, up to a day.
pub fn ask_again(now: Timestamp, failures: u32) -> Timestamp {
    later(now, Duration::from_secs((HOUR << failures.min(8)).min(DAY)))
}

/// When to ask a hub again that has denied us.
pub fn ask_after_denial(now: Timestamp) -> Timestamp {
    later(now, Duration::from_secs(7 * DAY))
}

/// When to try a delivery again that failed so many times; `None` gives up: the next change is another chance.
pub fn deliver_again(now: Timestamp, attempts: u32) -> Option<Timestamp> {
    const WAITS: [u64; 7] = [30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR];
    let wait = WAITS.get(usize::try_from(attempts).ok()?)?;
    Some(later(now, Duration::from_secs(*wait)))
}

/// `now` and a while; the end of time where that is beyond it.
pub fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leases_are_bounded_and_renewed_before_they_end() {
        let hours = |lease: Duration| lease.as_secs() / HOUR;
        assert_eq!(
            [None, Some(0), Some(7200), Some(u64::MAX)].map(|asked| hours(granted(asked))),
            [240, 1, 2, 720]
        );
        assert_eq!([None, Some(7200), Some(u64::MAX)].map(|granted| hours(believed(granted))), [24, 2, 2160]);
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let renewed = |seconds: u64| renew_at(now, Duration::from_secs(seconds)).to_string();
        assert_eq!(renewed(10 * DAY), "2026-03-10T12:00:00Z");
        assert_eq!(renewed(4 * HOUR), "2026-03-01T15:00:00Z");
        assert_eq!(renewed(1), "2026-03-01T12:10:00Z");
    }

    #[test]
    fn who_does_not_answer_is_asked_less_and_less_often() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        assert_eq!(ask_again(now, 0).to_string(), "2026-03-01T13:00:00Z");
        assert_eq!(ask_again(now, u32::MAX).to_string(), "2026-03-02T12:00:00Z");
        let waits: Vec<_> = (0..9).map(|n| deliver_again(now, n)).collect();
        assert!(waits[..7].is_sorted() && waits[0] > Some(now), "{waits:?}");
        assert_eq!(waits[7..], [None, None]);
    }
}
