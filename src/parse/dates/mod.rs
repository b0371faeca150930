//! Dates as feeds and pages really write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// Reads the date that `text` is. `None` where it is none, or impossible.
pub fn parse(text: &str, context: &DateContext<'_>) -> Option<Timestamp> {
    let _ = context;
    let text = text.trim();
    text.parse().ok().or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|z| z.timestamp()))
}
