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
