//! Dates as feeds and pages really write them.
//!
//! Two roads: `fast` reads the two forms of the standards (RFC 3339, RFC 2822) in one look; everything else becomes
//! tokens, tokens become items (a day, a time, a weekday, a word of no meaning), and items that stand together become
//! a date. [`parse`] wants a text that is a date, with a label at most; [`find_in`] finds the dates of a page.

mod calendars;
mod clock;
mod compact;
mod day;
mod fast;
mod items;
mod names;
mod relative;
mod spelling;
#[cfg(test)]
mod tests;
mod tokens;
mod zones;

use std::ops::Range;

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::text::plain;

/// What a date is read with.
#[derive(Clone, Debug)]
pub struct DateContext<'a> {
    /// The zone of times that name none.
    pub timezone: &'a TimeZone,
    /// BCP 47 language of the document, where known: decides between day-first and month-first.
    pub language: Option<&'a str>,
    /// What relative dates are relative to.
    pub now: Timestamp,
}

/// How precisely a date is told. Ordered from the coarsest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// A year: the instant is its first midnight.
    Year,
    /// A month: the instant is its first midnight.
    Month,
    /// A day: the instant is its midnight in the zone of the context.
    Day,
    /// Hours and minutes.
    Minute,
    /// Seconds or finer.
    Second,
}

/// The calendar that a date is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// The Gregorian calendar.
    Gregorian,
    /// The Solar Hijri calendar of Iran and Afghanistan.
    Jalali,
    /// The lunar Hijri calendar, as Umm al-Qura computes it.
    Hijri,
}

/// A date and how it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The instant; see [`Precision`] for what it is where no time of day is told.
    pub timestamp: Timestamp,
    /// The civil (Gregorian) day as written, in the zone of the writer.
    pub date: civil::Date,
    /// How precisely it is told.
    pub precision: Precision,
    /// The calendar it is written in; Gregorian where two stand side by side.
    pub calendar: Calendar,
    /// An offset or zone stands by it (or it is an instant by nature).
    pub has_zone: bool,
    /// The day of the week stands by it.
    pub has_weekday: bool,
    /// It is told from now: "3 hours ago", "yesterday, 10:15".
    pub relative: bool,
}

/// No date with its label is longer (in bytes).
const LONGEST: usize = 320;

/// Reads the date that `text` is. `None` where it is none, or impossible.
///
/// Everything that feeds write is read: RFC 2822 and RFC 3339 with the field's mistakes, ISO 8601's partial forms,
/// asctime, month names of some thirty languages, the Jalali and Hijri calendars, relative dates. A year of 1300–1420 is
/// Jalali, 1421–1500 Hijri, from 1900 on Gregorian. Two calendars side by side must agree.
pub fn parse(text: &str, context: &DateContext<'_>) -> Option<Timestamp> {
    parse_detailed(text, context).map(|found| found.timestamp)
}

/// As [`parse`], with what is known of the date beside its instant.
pub fn parse_detailed(text: &str, context: &DateContext<'_>) -> Option<Found> {
    let text = text.trim();
    if let Some(found) = fast::parse(text) {
        return Some(found);
    }
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // A reference left undecoded ("&#43;0330") must not cost the zone.
    let text = &*plain::decode(text);
    let text = &*spelling::write_out(text);
    compact::whole(text, context).or_else(|| items::whole(text, context))
}

/// The dates that stand in running text, in order, with their places (byte offsets). Only complete ones (with a year,
/// or told from now); bare figures and partial forms are not taken for dates here.
///
/// Linear in the length of `text`.
pub fn find_in(text: &str, context: &DateContext<'_>) -> Vec<(Range<usize>, Found)> {
    items::all(text, context)
}

/// The date that a day and a time of day make. A naive time is read in the context's zone; where a clock change skips
/// it or has it twice, as RFC 5545 does (jiff's "compatible").
fn found_at(
    date: civil::Date,
    calendar: Calendar,
    clock: Option<&clock::Clock>,
    context: &DateContext<'_>,
) -> Option<Found> {
    let mut found = Found {
        timestamp: context.now,
        date,
        precision: Precision::Day,
        calendar,
        has_zone: false,
        has_weekday: false,
        relative: false,
    };
    let Some(clock) = clock else {
        found.timestamp = date.to_zoned(context.timezone.clone()).ok()?.timestamp();
        return Some(found);
    };
    let (day, hour) =
        if clock.hour == 24 { (date.checked_add(1.day()).ok()?, 0) } else { (date, clock.hour) };
    let time = civil::Time::new(
        i8::try_from(hour).ok()?,
        i8::try_from(clock.minute).ok()?,
        i8::try_from(clock.second).ok()?,
        i32::try_from(clock.nanosecond).ok()?,
    )
    .ok()?;
    let zone = match &clock.zone {
        Some(zone) => zone.time_zone()?,
        // Korean sites write local time without saying so; a source without a zone of its own is read in theirs.
        None if clock.korean && *context.timezone == TimeZone::UTC => {
            TimeZone::get("Asia/Seoul").unwrap_or_else(|_| context.timezone.clone())
        }
        None => context.timezone.clone(),
    };
    found.timestamp = day.to_datetime(time).to_zoned(zone).ok()?.timestamp();
    found.precision = if clock.has_seconds { Precision::Second } else { Precision::Minute };
    found.has_zone = clock.zone.is_some();
    Some(found)
}
