//! The two forms that all but a few feeds write, read without looking twice: RFC 3339 and RFC 2822 as their texts have
//! them. Whatever is not exactly that is left to the patient reader.

use jiff::{Timestamp, civil};

use super::{Calendar, Found, Precision};

/// Reads `text` if it is well-formed RFC 3339 (with `T` or a space) or RFC 2822 with a Gregorian year.
pub(super) fn parse(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    if bytes.len() < 19 || bytes.len() > 40 {
        return None;
    }
    if bytes[4] == b'-' && bytes[0].is_ascii_digit() { rfc3339(bytes) } else { rfc2822(bytes) }
}

fn two(bytes: &[u8], at: usize) -> Option<i64> {
    match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => None,
    }
}

fn four(bytes: &[u8], at: usize) -> Option<i64> {
    Some(two(bytes, at)? * 100 + two(bytes, at + 2)?)
}

fn rfc3339(bytes: &[u8]) -> Option<Found> {
    let (year, month, day) = (four(bytes, 0)?, two(bytes, 5)?, two(bytes, 8)?);
    if bytes[7] != b'-' || !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' || bytes[16] != b':'
    {
        return None;
    }
    let (hour, minute, second) = (two(bytes, 11)?, two(bytes, 14)?, two(bytes, 17)?);
    let mut at = 19;
    let mut nanosecond = 0i32;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        let mut unit = 100_000_000;
        while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
            nanosecond += i32::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    let offset = match bytes.get(at..)? {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 5 && rest[2] == b':' => {
            signed(*sign, two(rest, 0)?, two(rest, 3)?)?
        }
        _ => return None,
    };
    found(year, month, day, [hour, minute, second], nanosecond, offset, false, Precision::Second)
}

fn rfc2822(bytes: &[u8]) -> Option<Found> {
    let weekday = bytes[3] == b',';
    if weekday && (bytes[4] != b' ' || !bytes[..3].iter().all(u8::is_ascii_alphabetic)) {
        return None;
    }
    let mut at = if weekday { 5 } else { 0 };
    let day = match (bytes.get(at)?, bytes.get(at + 1)?) {
        (a @ b'0'..=b'9', b' ') => {
            at += 2;
            i64::from(a - b'0')
        }
        _ => {
            let day = two(bytes, at)?;
            at += 3;
            if bytes.get(at - 1) != Some(&b' ') {
                return None;
            }
            day
        }
    };
    let month = match bytes.get(at..at + 4)? {
        b"Jan " => 1,
        b"Feb " => 2,
        b"Mar " => 3,
        b"Apr " => 4,
        b"May " => 5,
        b"Jun " => 6,
        b"Jul " => 7,
        b"Aug " => 8,
        b"Sep " => 9,
        b"Oct " => 10,
        b"Nov " => 11,
        b"Dec " => 12,
        _ => return None,
    };
    let year = four(bytes, at + 4)?;
    if bytes.get(at + 8) != Some(&b' ') || bytes.get(at + 11) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (two(bytes, at + 9)?, two(bytes, at + 12)?);
    at += 14;
    let (second, precision) = if bytes.get(at) == Some(&b':') {
        at += 3;
        (two(bytes, at - 2)?, Precision::Second)
    } else {
        (0, Precision::Minute)
    };
    let offset = match bytes.get(at..)? {
        b" GMT" | b" UTC" | b" UT" | b" Z" => 0,
        [b' ', sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 4 => {
            signed(*sign, two(rest, 0)?, two(rest, 2)?)?
        }
        _ => return None,
    };
    found(year, month, day, [hour, minute, second], 0, offset, weekday, precision)
}

fn signed(sign: u8, hours: i64, minutes: i64) -> Option<i64> {
    if hours > 15 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Some(if sign == b'-' { -seconds } else { seconds })
}

#[allow(clippy::too_many_arguments)] // One value a field of the format.
fn found(
    year: i64,
    month: i64,
    day: i64,
    [hour, minute, second]: [i64; 3],
    nanosecond: i32,
    offset: i64,
    has_weekday: bool,
    precision: Precision,
) -> Option<Found> {
    if !(1900..2200).contains(&year) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date =
        civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()?;
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(Found {
        timestamp: Timestamp::new(seconds, nanosecond).ok()?,
        date,
        precision,
        calendar: Calendar::Gregorian,
        has_zone: true,
        has_weekday,
        relative: false,
    })
}

/// Days from 1970-01-01 to a Gregorian day (Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let year_of_era = year % 400;
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_jiff() {
        for text in [
            "2024-06-20T10:00:00Z",
            "1969-12-31T23:59:59.125+03:30",
            "2000-02-29T00:00:00-08:00",
            "2100-02-28T12:00:00.000000001Z",
            "1900-03-01T00:00:00Z",
        ] {
            assert_eq!(parse(text).map(|f| f.timestamp), text.parse().ok(), "{text}");
        }
        for text in
            ["Thu, 20 Jun 2024 10:00:00 GMT", "Thu, 4 Jan 2024 23:59:59 -0830", "29 Feb 2024 00:00 +0000"]
        {
            let jiff = jiff::fmt::rfc2822::parse(text).ok().map(|z| z.timestamp());
            assert_eq!(parse(text).map(|f| f.timestamp), jiff, "{text}");
        }
    }

    #[test]
    fn leaves_the_odd_ones() {
        for text in [
            "1403-03-31T10:00:00+03:30",
            "2024-02-30T10:00:00Z",
            "Thu, 20 June 2024 10:00:00 GMT",
            "20 Jun 24 10:00:00 GMT",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
