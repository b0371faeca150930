//! Years, months and days of three calendars as civil dates.

use icu_calendar::Date;
use icu_calendar::cal::{Hijri, Iso};
use jiff::civil;

use super::Calendar;

/// The calendar that a year written in full belongs to, where nothing else tells: 1300–1420 is Solar Hijri (Jalali),
/// 1421–1500 lunar Hijri, 1900–2199 Gregorian; any other year is none.
///
/// Feeds of both calendars write ISO-formed dates, and reading one as the other is wrong by 600 years.
pub(super) fn of_year(year: i64) -> Option<Calendar> {
    match year {
        1300..=1420 => Some(Calendar::Jalali),
        1421..=1500 => Some(Calendar::Hijri),
        1900..=2199 => Some(Calendar::Gregorian),
        _ => None,
    }
}

/// The civil (Gregorian) date of a day in `calendar`; `None` where there is no such day, or where the year is out of
/// the range in which news is written.
pub(super) fn civil_date(calendar: Calendar, year: i64, month: u8, day: u8) -> Option<civil::Date> {
    let year = i32::try_from(year).ok()?;
    let iso = match calendar {
        Calendar::Gregorian => {
            if !(1900..2200).contains(&year) {
                return None;
            }
            return civil::Date::new(
                i16::try_from(year).ok()?,
                i8::try_from(month).ok()?,
                i8::try_from(day).ok()?,
            )
            .ok();
        }
        Calendar::Jalali => {
            if !(1278..=1500).contains(&year) {
                return None;
            }
            Date::try_new_persian(year, month, day).ok()?.to_calendar(Iso)
        }
        Calendar::Hijri => {
            if !(1318..=1560).contains(&year) {
                return None;
            }
            Date::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura())
                .ok()?
                .to_calendar(Iso)
        }
    };
    civil::Date::new(
        i16::try_from(iso.year().extended_year()).ok()?,
        i8::try_from(iso.month().ordinal).ok()?,
        i8::try_from(iso.day_of_month().0).ok()?,
    )
    .ok()
}

/// A year of two digits in full. Gregorian after RFC 5322 §4.3 (00–49 is 20xx, 50–99 is 19xx); Jalali 50–99 is 13xx,
/// 00–49 is 14xx; no one writes lunar years so.
pub(super) fn full_year(calendar: Calendar, short: u64) -> Option<i64> {
    let short = i64::try_from(short).ok().filter(|s| *s < 100)?;
    match calendar {
        Calendar::Gregorian => Some(if short < 50 { 2000 + short } else { 1900 + short }),
        Calendar::Jalali => Some(if short < 50 { 1400 + short } else { 1300 + short }),
        Calendar::Hijri => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use civil::date;

    #[test]
    fn days_of_three_calendars() {
        for (calendar, y, m, d, expected) in [
            (Calendar::Jalali, 1403, 3, 31, Some(date(2024, 6, 20))),
            (Calendar::Jalali, 1399, 12, 30, Some(date(2021, 3, 20))),
            (Calendar::Jalali, 1400, 12, 30, None),
            (Calendar::Jalali, 1403, 1, 1, Some(date(2024, 3, 20))),
            (Calendar::Hijri, 1447, 1, 17, Some(date(2025, 7, 12))),
            (Calendar::Hijri, 1445, 9, 1, Some(date(2024, 3, 11))),
            (Calendar::Hijri, 1445, 13, 1, None),
            (Calendar::Gregorian, 2023, 2, 29, None),
            (Calendar::Gregorian, 1850, 1, 1, None),
        ] {
            assert_eq!(civil_date(calendar, y, m, d), expected, "{calendar:?} {y}-{m}-{d}");
        }
    }
}
