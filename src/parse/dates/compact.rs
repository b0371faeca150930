//! Whole texts that are a date only because nothing else stands beside them: figures without signs, and the partial
//! forms of ISO 8601.

use jiff::civil;

use super::tokens::{Tokens, digit};
use super::{Calendar, DateContext, Found, Precision, calendars, found_at, names};

/// Reads `text` (trimmed) as one of these forms.
pub(super) fn whole(text: &str, context: &DateContext<'_>) -> Option<Found> {
    if text.len() > 64 {
        return None;
    }
    let mut ascii = String::with_capacity(text.len());
    for c in text.chars() {
        match digit(c) {
            Some(d) => ascii.push(char::from(b'0' + d)),
            None => ascii.push(c),
        }
    }
    figures(&ascii, context)
        .or_else(|| hyphenated(&ascii, context))
        .or_else(|| month_and_year(text, context))
        .or_else(|| day_and_month(text, context))
}

/// Figures only. Ten digits are seconds since 1970, thirteen milliseconds: between 2000 and a year from now, so that no
/// article number is taken for a date.
fn figures(text: &str, context: &DateContext<'_>) -> Option<Found> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        // The basic form with a time: 20030101T101500Z.
        let (date, rest) = text.split_at_checked(8)?;
        if date.bytes().all(|b| b.is_ascii_digit())
            && rest.starts_with(['T', 't', ' '])
            && !rest.contains('/')
        {
            let date = year_month_day(date.get(..4)?, date.get(4..6)?, date.get(6..8)?)?;
            let tokens = Tokens::of(rest);
            let (clock, end) = super::clock::at(&tokens, 0, false, context)?;
            return (end == tokens.len()).then(|| found_at(date.0, date.1, Some(&clock), context))?;
        }
        return None;
    }
    let value: i64 = text.parse().ok()?;
    let instant = |timestamp: jiff::Timestamp, precision| {
        let date = timestamp.to_zoned(jiff::tz::TimeZone::UTC).date();
        Found {
            timestamp,
            date,
            precision,
            calendar: Calendar::Gregorian,
            has_zone: true,
            has_weekday: false,
            relative: false,
        }
    };
    let latest = context.now.as_second().saturating_add(366 * 86_400);
    let sane = |seconds: i64| (946_684_800..=latest).contains(&seconds);
    match text.len() {
        10 if sane(value) => Some(instant(jiff::Timestamp::from_second(value).ok()?, Precision::Second)),
        13 if sane(value / 1000) => {
            Some(instant(jiff::Timestamp::from_millisecond(value).ok()?, Precision::Second))
        }
        12 | 14 => {
            let (date, calendar) = year_month_day(&text[..4], &text[4..6], &text[6..8])?;
            let tokens = Tokens::of(&format!("T{}", &text[8..]));
            let (clock, _) = super::clock::at(&tokens, 0, false, context)?;
            found_at(date, calendar, Some(&clock), context)
        }
        8 => {
            let (date, calendar) = year_month_day(&text[..4], &text[4..6], &text[6..8])?;
            // Eight figures that begin with 13 or 14 are as likely an article number.
            (calendar == Calendar::Gregorian).then(|| found_at(date, calendar, None, context))?
        }
        7 => ordinal(&text[..4], &text[4..], context),
        6 => {
            let year = calendars::full_year(Calendar::Gregorian, text[..2].parse().ok()?)?;
            let date = calendars::civil_date(
                Calendar::Gregorian,
                year,
                text[2..4].parse().ok()?,
                text[4..].parse().ok()?,
            )?;
            found_at(date, Calendar::Gregorian, None, context)
        }
        5 => {
            let year = calendars::full_year(Calendar::Gregorian, text[..2].parse().ok()?)?;
            ordinal(&year.to_string(), &text[2..], context)
        }
        4 => {
            let calendar = calendars::of_year(value)?;
            let date = calendars::civil_date(calendar, value, 1, 1)?;
            coarse(date, calendar, Precision::Year, context)
        }
        _ => None,
    }
}

/// "2003-12", "2003-335", "2003-W52-3", "2003-W52", "2003W523", "1403/03"; with the century left out (ISO 8601:2000
/// §5.2.1.3) "-03-12", "-0312", "03-335".
fn hyphenated(text: &str, context: &DateContext<'_>) -> Option<Found> {
    if let Some(rest) = text.strip_prefix('-') {
        let (year, month) = rest.split_once('-').or_else(|| rest.split_at_checked(2))?;
        let figures = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !figures(year) || !figures(month) {
            return None;
        }
        let year = calendars::full_year(Calendar::Gregorian, year.parse().ok()?)?;
        let date = calendars::civil_date(Calendar::Gregorian, year, month.parse().ok()?, 1)?;
        return coarse(date, Calendar::Gregorian, Precision::Month, context);
    }
    let (year, rest) = match text.split_once(['-', '/']) {
        Some((year, rest)) => (year, rest),
        None => text.split_at_checked(4).filter(|(_, week)| week.starts_with(['W', 'w']))?,
    };
    if text.split_once(['-', '/']).is_none() && rest.len() != "W523".len()
        || !matches!(year.len(), 2 | 4)
        || !year.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    if let Some(week) = rest.strip_prefix(['W', 'w']) {
        let (week, day) = match week.split_once('-').or_else(|| week.split_at_checked(2)) {
            Some((week, "")) => (week, 1),
            Some((week, day)) => (week, day.parse().ok()?),
            None => return None,
        };
        let weekday = civil::Weekday::from_monday_one_offset(day).ok()?;
        let date = civil::ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, weekday).ok()?.date();
        return found_at(date, Calendar::Gregorian, None, context);
    }
    if !rest.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match (year.len(), rest.len()) {
        (4, 3) => ordinal(year, rest, context),
        (2, 3) => {
            let year = calendars::full_year(Calendar::Gregorian, year.parse().ok()?)?;
            ordinal(&year.to_string(), rest, context)
        }
        (4, 1 | 2) => {
            let year = year.parse().ok()?;
            let calendar = calendars::of_year(year)?;
            let date = calendars::civil_date(calendar, year, rest.parse().ok()?, 1)?;
            coarse(date, calendar, Precision::Month, context)
        }
        _ => None,
    }
}

/// "June 2024", «خرداد ۱۴۰۳».
fn month_and_year(text: &str, context: &DateContext<'_>) -> Option<Found> {
    let tokens = Tokens::of(text);
    let (calendar, month, mut end) = names::month(&tokens, 0, context.language)?;
    while matches!(tokens.sign(end), Some(',' | '-' | '/' | '.')) || tokens.is_word(end, &["de", "ماه"]) {
        end += 1;
    }
    let year = tokens.figures(end, 4, 4)?;
    if end + 1 != tokens.len() {
        return None;
    }
    let date = calendars::civil_date(calendar, i64::try_from(year).ok()?, month, 1)?;
    coarse(date, calendar, Precision::Month, context)
}

/// "20 June", «۳۱ خرداد - ۱۴:۳۰»: lists of news leave out the year while it lasts. It is the last such day, tomorrow
/// included (somewhere it is tomorrow already).
fn day_and_month(text: &str, context: &DateContext<'_>) -> Option<Found> {
    let tokens = Tokens::of(text);
    let signs = |mut at: usize| {
        while matches!(tokens.sign(at), Some(',' | '-' | '/' | '.' | '|'))
            || tokens.is_word(at, &["de", "ساعت", "at", "st", "nd", "rd", "th"])
        {
            at += 1;
        }
        at
    };
    let start = signs(names::weekday(&tokens, 0).map_or(0, |(_, end)| end));
    let (day, (calendar, month, end)) = match tokens.figures(start, 1, 2) {
        Some(day) => (day, names::month(&tokens, signs(start + 1), context.language)?),
        None => {
            let (calendar, month, end) = names::month(&tokens, start, context.language)?;
            (tokens.figures(signs(end), 1, 2)?, (calendar, month, signs(end) + 1))
        }
    };
    let end = signs(end);
    let clock = super::clock::at(&tokens, end, true, context);
    let end = clock.as_ref().map_or(end, |(_, end)| *end);
    if end != tokens.len() {
        return None;
    }
    let latest = context.now.to_zoned(context.timezone.clone()).date().tomorrow().ok()?;
    let this_year = i64::from(latest.year());
    let years = match calendar {
        Calendar::Gregorian => this_year - 1..=this_year,
        Calendar::Jalali => this_year - 623..=this_year - 621,
        Calendar::Hijri => return None,
    };
    let day = u8::try_from(day).ok()?;
    let date = years
        .rev()
        .filter_map(|year| calendars::civil_date(calendar, year, month, day))
        .find(|date| *date <= latest)?;
    found_at(date, calendar, clock.as_ref().map(|(clock, _)| clock), context)
}

fn year_month_day(year: &str, month: &str, day: &str) -> Option<(civil::Date, Calendar)> {
    let year = year.parse().ok()?;
    let calendar = calendars::of_year(year)?;
    Some((calendars::civil_date(calendar, year, month.parse().ok()?, day.parse().ok()?)?, calendar))
}

/// The nth day of a Gregorian year (ISO 8601 §5.2.2).
fn ordinal(year: &str, day: &str, context: &DateContext<'_>) -> Option<Found> {
    let year: i16 = year.parse().ok().filter(|year| (1900..2200).contains(year))?;
    let first = civil::Date::new(year, 1, 1).ok()?;
    let nth: i16 = day.parse().ok().filter(|nth| (1..=first.days_in_year()).contains(nth))?;
    let date = first.with().day_of_year(nth).build().ok()?;
    found_at(date, Calendar::Gregorian, None, context)
}

fn coarse(
    date: civil::Date,
    calendar: Calendar,
    precision: Precision,
    context: &DateContext<'_>,
) -> Option<Found> {
    found_at(date, calendar, None, context).map(|found| Found { precision, ..found })
}
