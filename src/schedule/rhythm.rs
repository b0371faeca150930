//! What a source's recent entries teach about how often it is worth a visit.

use std::time::Duration;

use jiff::Timestamp;

/// Visits in the time between two entries: with four, an entry is an eighth of that time old on average when
/// it is found.
const VISITS_PER_ENTRY: u32 = 4;
/// Older entries say nothing about today.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// More than these many newest entries say nothing more.
const ENOUGH: usize = 20;

/// Fewer entries say nothing about how long a source may be silent.
const ENOUGH_FOR_SILENCE: usize = 5;
/// No source is called silent sooner than this.
const SHORTEST_SILENCE: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// How long a source may bring nothing new without being called silent, in want of an `expected_interval`: three
/// times the longest pause between its newest entries, two days at least. `None` where there are too few of them.
pub fn expected(recent: &[Timestamp]) -> Option<Duration> {
    let mut times: Vec<i64> = recent.iter().map(|at| at.as_second() / 60).collect();
    times.sort_unstable();
    times.dedup();
    if times.len() < ENOUGH_FOR_SILENCE {
        return None;
    }
    let longest = times.windows(2).map(|w| w[1] - w[0]).max()?;
    Some(Duration::from_secs(longest.unsigned_abs() * 60 * 3).max(SHORTEST_SILENCE))
}

/// How often to visit, in want of an `interval`, from the times when the newest entries were
/// published. `None` where there are none: a new source, or a feed without dates.
///
/// The time from the oldest of them until now, over their number: a source that has fallen silent
/// slows down by itself. Entries of the same minute count once (a feed that dates all its entries at
/// each publishing would seem busy), those of the future not at all.
pub fn learned(recent: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let age = |at: &Timestamp| Duration::try_from(now.duration_since(*at)).ok();
    let mut ages: Vec<u64> = recent.iter().filter_map(age).map(|age| age.as_secs() / 60).collect();
    if ages.is_empty() {
        return None;
    }
    ages.sort_unstable();
    ages.dedup();
    ages.retain(|minutes| *minutes <= WINDOW.as_secs() / 60);
    ages.truncate(ENOUGH);
    let Some(oldest) = ages.last() else { return Some(WINDOW) };
    let between = Duration::from_secs(oldest * 60) / u32::try_from(ages.len()).unwrap_or(u32::MAX);
    Some(between / VISITS_PER_ENTRY)
}
