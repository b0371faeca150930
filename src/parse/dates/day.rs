//! The day: in figures, with a month's name, with the signs of East Asia.

use jiff::civil;

use super::clock::{self, Clock};
use super::tokens::Tokens;
use super::zones;
use super::{Calendar, DateContext, calendars, names};

/// A day as written.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: civil::Date,
    pub(super) calendar: Calendar,
    /// The other reading of figures that may be day-first or month-first.
    pub(super) other: Option<civil::Date>,
    /// That other reading puts the month first.
    pub(super) other_is_month_first: bool,
    /// The time of day that stands inside it ("Jan 5 12:00:00 2004").
    pub(super) clock: Option<Clock>,
    /// Written in Korean.
    pub(super) korean: bool,
    /// In figures only.
    pub(super) figures: bool,
    /// The year has two digits: in running text too little to be sure.
    pub(super) short_year: bool,
}

impl Day {
    fn sure(date: civil::Date, calendar: Calendar) -> Self {
        Self {
            date,
            calendar,
            other: None,
            other_is_month_first: false,
            clock: None,
            korean: false,
            figures: false,
            short_year: false,
        }
    }
}

/// Reads the day that begins at `at`, and the place behind it.
pub(super) fn at(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Day, usize)> {
    if tokens.number(at).is_some() {
        return with_signs(tokens, at)
            .or_else(|| in_figures(tokens, at, context))
            .or_else(|| day_month_year(tokens, at, context))
            .or_else(|| year_month_day(tokens, at, context));
    }
    tokens.word(at)?;
    month_day_year(tokens, at, context)
}

/// What is said of the calendar behind a year («هـ», «م», «هجری شمسی»), and the place behind it.
fn marker(tokens: &Tokens, at: usize) -> (Option<Calendar>, usize) {
    // In brackets too: «(1445 هـ)» closes itself.
    let Some(word) = tokens.word(at) else { return (None, at) };
    let dotted = |i: usize| if tokens.is_sign(i, '.') && tokens.is_glued(i) { i + 1 } else { i };
    match word {
        "م" | "میلادی" | "میلادیه" => (Some(Calendar::Gregorian), dotted(at + 1)),
        "ه" | "هجری" | "هجریه" => {
            let next = dotted(at + 1);
            match tokens.word(next) {
                Some("ش" | "شمسی" | "خورشیدی") => (Some(Calendar::Jalali), dotted(next + 1)),
                Some("ق" | "قمری") => (Some(Calendar::Hijri), dotted(next + 1)),
                _ => (Some(Calendar::Hijri), next),
            }
        }
        "هش" | "شمسی" | "خورشیدی" => (Some(Calendar::Jalali), at + 1),
        "هق" | "قمری" | "ah" => (Some(Calendar::Hijri), at + 1),
        _ => (None, at),
    }
}

/// "2024年6月20日", "2004년 05월 28일", "2024. 6. 20." is left to [`in_figures`].
fn with_signs(tokens: &Tokens, at: usize) -> Option<(Day, usize)> {
    const YEAR: &[&str] = &["年", "년"];
    const MONTH: &[&str] = &["月", "월"];
    const DAY: &[&str] = &["日", "일", "号", "號"];
    let year = tokens.figures(at, 2, 4).filter(|_| tokens.is_word(at + 1, YEAR))?;
    let month = tokens.figures(at + 2, 1, 2).filter(|_| tokens.is_word(at + 3, MONTH))?;
    let day = tokens.figures(at + 4, 1, 2)?;
    let end = if tokens.is_word(at + 5, DAY) { at + 6 } else { at + 5 };
    let year = if year < 100 {
        calendars::full_year(Calendar::Gregorian, year)?
    } else {
        i64::try_from(year).ok()?
    };
    let date =
        calendars::civil_date(Calendar::Gregorian, year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    let mut found = Day::sure(date, Calendar::Gregorian);
    found.korean = tokens.is_word(at + 1, &["년"]);
    Some((found, end))
}

/// Three numbers parted by one sign: year first, or day or month first.
fn in_figures(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Day, usize)> {
    let sign = tokens.sign(at + 1).filter(|s| matches!(s, '-' | '/' | '.'))?;
    if tokens.sign(at + 3) != Some(sign) {
        return None;
    }
    let (a, a_digits) = tokens.number(at)?;
    let (b, b_digits) = tokens.number(at + 2)?;
    let (c, c_digits) = tokens.number(at + 4)?;
    // A number before or behind with the same sign: an address, a version, a telephone number.
    if at >= 2 && tokens.sign(at - 1) == Some(sign) && tokens.is_glued(at) && tokens.number(at - 2).is_some()
    {
        return None;
    }
    let mut end = at + 5;
    if tokens.sign(end) == Some(sign) && tokens.is_glued(end) {
        let another = tokens.is_glued(end + 1) && tokens.number(end + 1).is_some();
        if another && !tokens.is_sign(end + 2, ':') {
            return None;
        }
        // The Korean and Hungarian point behind the day.
        if sign == '.' {
            end += 1;
        }
    }
    if b_digits > 2 {
        return None;
    }
    let (marked, marked_end) = marker(tokens, end);
    let make = |year: i64, month: u64, day: u64| {
        let calendar = marked.or_else(|| calendars::of_year(year))?;
        let date = calendars::civil_date(calendar, year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        Some((date, calendar))
    };
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let figures =
        |(date, calendar): (civil::Date, Calendar)| Day { figures: true, ..Day::sure(date, calendar) };
    let end = if marked.is_some() { marked_end } else { end };
    if a_digits == 4 && c_digits <= 2 {
        return Some((figures(make(signed(a), b, c)?), end));
    }
    if a_digits > 2 {
        return None;
    }
    if c_digits == 4 {
        let year = signed(c);
        let (day_first, month_first) = (make(year, b, a), make(year, a, b));
        return Some((choose(day_first, month_first, sign, context)?, end));
    }
    if c_digits != 2 || a_digits + b_digits < 2 {
        return None;
    }
    // "v10.12.20".
    if tokens.is_glued(at) && tokens.word(at - 1).is_some() {
        return None;
    }
    // Two digits a piece. With hyphens ISO 8601's truncated form comes first, unless it would lie in the future.
    let tomorrow = context.now.to_zoned(context.timezone.clone()).date().tomorrow().ok()?;
    if sign == '-' && a_digits == 2 && b_digits == 2 {
        let iso = calendars::full_year(Calendar::Gregorian, a).and_then(|year| make(year, b, c));
        if let Some((date, calendar)) = iso.filter(|(date, _)| *date <= tomorrow) {
            return Some((Day { figures: true, short_year: true, ..Day::sure(date, calendar) }, end));
        }
    }
    // Year first, as no day is so late ("98/07/14"), or as the language has it.
    let year_first = |l: &str| ["ko", "ja", "zh", "hu"].iter().any(|prefix| l.starts_with(prefix));
    if a > 31 || a_digits == 2 && context.language.is_some_and(year_first) {
        let persian = context.language.is_some_and(|l| l.starts_with("fa"));
        let calendar = if persian { Calendar::Jalali } else { Calendar::Gregorian };
        let year = calendars::full_year(calendar, a)?;
        let date = calendars::civil_date(calendar, year, u8::try_from(b).ok()?, u8::try_from(c).ok()?)?;
        return Some((Day { figures: true, short_year: true, ..Day::sure(date, calendar) }, end));
    }
    let year = calendars::full_year(Calendar::Gregorian, c)?;
    let mut day = choose(make(year, b, a), make(year, a, b), sign, context)?;
    day.short_year = true;
    Some((day, end))
}

/// Which of two readings is meant. Points and hyphens part day-first dates everywhere; a slash is month-first in
/// English unless the language says otherwise, and where no language is known (generators that write "6/20/2024" are
/// of the United States).
fn choose(
    day_first: Option<(civil::Date, Calendar)>,
    month_first: Option<(civil::Date, Calendar)>,
    sign: char,
    context: &DateContext<'_>,
) -> Option<Day> {
    let american = sign == '/'
        && context.language.is_none_or(|language| {
            let language = language.to_ascii_lowercase();
            language == "en" || ["en-us", "en_us", "en-ph", "en-pw"].iter().any(|l| language.starts_with(l))
        });
    let american = american
        || sign == '-'
            && context
                .language
                .is_some_and(|l| l.eq_ignore_ascii_case("en-us") || l.eq_ignore_ascii_case("en_us"));
    match (day_first, month_first) {
        (Some((day_first, calendar)), Some((month_first, _))) => {
            let (date, other) = if american { (month_first, day_first) } else { (day_first, month_first) };
            Some(Day {
                other: Some(other),
                other_is_month_first: !american,
                figures: true,
                ..Day::sure(date, calendar)
            })
        }
        (Some((date, calendar)), None) | (None, Some((date, calendar))) => {
            Some(Day { figures: true, ..Day::sure(date, calendar) })
        }
        (None, None) => None,
    }
}

/// Passes over what stands between the parts of a day: signs, "de", «ماه», "th".
fn connectors(tokens: &Tokens, at: usize) -> usize {
    const WORDS: &[&str] = &[
        "de", "del", "di", "do", "of", "d", "ماه", "من", "از", "سال", "عام", "لعام", "لسنه", "nam", "st",
        "nd", "rd", "th", "er", "re", "º", "ª", "ام", "ی", "م", "ο", "η", "της", "του", "e", "ta", "mh",
    ];
    let mut i = at;
    while i < at + 4 {
        let passes = matches!(tokens.sign(i), Some('-' | '/' | ',' | '.' | '\'' | '|' | '°'))
            || tokens.is_word(i, WORDS);
        if !passes {
            break;
        }
        i += 1;
    }
    i
}

/// The year that stands at `at` or behind a connector, and the place behind it and its marker.
fn year(tokens: &Tokens, at: usize, calendar: Calendar) -> Option<(i64, bool, Calendar, usize)> {
    let mut i = connectors(tokens, at);
    // The weekday may stand between: "20 June (Thursday) 2024" is not worth it, a bracket is: "(2024)".
    if tokens.is_sign(i, '(') && tokens.figures(i + 1, 4, 4).is_some() {
        i += 1;
    }
    if let Some(value) = tokens.figures(i, 4, 4) {
        // "20 June 1030:15" is no year.
        if tokens.is_sign(i + 1, ':')
            && tokens.is_glued(i + 1)
            && tokens.number(i + 2).is_some()
            && tokens.is_glued(i + 2)
        {
            return None;
        }
        let mut year = i64::try_from(value).ok()?;
        // Thailand counts from the Buddha.
        if calendar == Calendar::Gregorian && (2443..2643).contains(&year) {
            year -= 543;
        }
        let (marked, end) = marker(tokens, i + 1);
        // A month's name tells its calendar, except that a Hijri month may carry «هـ» and no other.
        let calendar = marked.filter(|_| calendar != Calendar::Jalali).unwrap_or(calendar);
        let end =
            if tokens.is_sign(end, ')') && tokens.is_sign(i.wrapping_sub(1), '(') { end + 1 } else { end };
        let end = if tokens.is_word(end, &["г", "года", "р", "року", "年", "년", "y"]) {
            end + 1
        } else {
            end
        };
        return plausible(calendar, year).then_some((year, false, calendar, end));
    }
    let short = tokens.figures(i, 2, 2)?;
    // That is an hour.
    if matches!(tokens.sign(i + 1), Some(':'))
        || tokens.is_word(i + 1, &["h", "時", "时", "點", "点", "시", "uhr"])
    {
        return None;
    }
    Some((calendars::full_year(calendar, short)?, true, calendar, i + 1))
}

/// A name and a year of another calendar do not belong together.
fn plausible(calendar: Calendar, year: i64) -> bool {
    match calendar {
        Calendar::Gregorian => (1900..2200).contains(&year),
        Calendar::Jalali => (1278..=1450).contains(&year),
        Calendar::Hijri => (1318..=1520).contains(&year),
    }
}

fn named(calendar: Calendar, year: i64, month: u8, day: u64, short_year: bool) -> Option<Day> {
    let date = calendars::civil_date(calendar, year, month, u8::try_from(day).ok()?)?;
    Some(Day { short_year, ..Day::sure(date, calendar) })
}

/// "20 June 2024", «۳۱ خرداد ۱۴۰۳», "20-ژوئن-2024", "1er juillet 2024", "5 Jan 12:00:00 2004".
fn day_month_year(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Day, usize)> {
    let day = tokens.figures(at, 1, 2)?;
    let month_at = connectors(tokens, at + 1);
    let (calendar, month, end) = names::month(tokens, month_at, context.language)?;
    if let Some((year, short, calendar, after)) = year(tokens, end, calendar) {
        return named(calendar, year, month, day, short).map(|found| (found, after));
    }
    time_then_year(tokens, end, calendar, month, day, context)
}

/// "June 20, 2024", "Jan 5 12:00:00 EST 2004" (asctime).
fn month_day_year(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Day, usize)> {
    let (calendar, month, end) = names::month(tokens, at, context.language)?;
    let day_at = connectors(tokens, end);
    let day = tokens.figures(day_at, 1, 2)?;
    if tokens.is_sign(day_at + 1, ':') {
        return None;
    }
    if let Some((year, short, calendar, after)) = year(tokens, day_at + 1, calendar) {
        return named(calendar, year, month, day, short).map(|found| (found, after));
    }
    time_then_year(tokens, day_at + 1, calendar, month, day, context)
}

fn time_then_year(
    tokens: &Tokens,
    at: usize,
    calendar: Calendar,
    month: u8,
    day: u64,
    context: &DateContext<'_>,
) -> Option<(Day, usize)> {
    let clock_at = connectors(tokens, at);
    let (clock, mut end) = clock::at(tokens, clock_at, false, context)?;
    if tokens.is_sign(end, ',') {
        end += 1;
    }
    let year = i64::try_from(tokens.figures(end, 4, 4)?).ok().filter(|year| plausible(calendar, *year))?;
    let mut found = named(calendar, year, month, day, false)?;
    end += 1;
    let mut clock = clock;
    if clock.zone.is_none()
        && let Some((zone, after)) = zones::at(tokens, end, context)
    {
        clock.zone = Some(zone);
        end = after;
    }
    found.clock = Some(clock);
    Some((found, end))
}

/// "2024. június 20.", "2004-Feb-13", "2024 June 20".
fn year_month_day(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Day, usize)> {
    let year = i64::try_from(tokens.figures(at, 4, 4)?).ok()?;
    let month_at = connectors(tokens, at + 1);
    let (calendar, month, end) = names::month(tokens, month_at, context.language)?;
    if !plausible(calendar, year) {
        return None;
    }
    let day_at = connectors(tokens, end);
    let day = tokens.figures(day_at, 1, 2)?;
    if tokens.is_sign(day_at + 1, ':') {
        return None;
    }
    let after = if tokens.is_sign(day_at + 1, '.') { day_at + 2 } else { day_at + 1 };
    named(calendar, year, month, day, false).map(|found| (found, after))
}
