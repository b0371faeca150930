//! Days and times as people write them, in the calendars that they use.

use icu_calendar::Date as IcuDate;
use icu_calendar::cal::{Hijri, Persian};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::words::{ArabicMonths, Locale, Tongue};

/// A calendar that days are named in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// The Gregorian one.
    Gregorian,
    /// Solar Hijri, of Iran and Afghanistan.
    Jalali,
    /// Lunar Hijri as Umm al-Qura has it.
    Hijri,
}

impl Calendar {
    /// The calendars of a language, the first one first: Jalali beside Gregorian for Persian, else Gregorian alone.
    pub fn of(locale: &Locale) -> Vec<Self> {
        match locale.tongue {
            Tongue::Persian => vec![Self::Jalali, Self::Gregorian],
            Tongue::Arabic | Tongue::English => vec![Self::Gregorian],
        }
    }
}

/// The day of an instant in a zone.
pub fn day_of(time: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(time).date()
}

/// "22 November 2026", "۱ آذر ۱۴۰۵", "12 جمادى الآخرة 1448 هـ".
pub fn day(date: Date, calendar: Calendar, locale: &Locale) -> String {
    let (year, month, day) = fields(date, calendar);
    let index = usize::from(month.clamp(1, 12)) - 1;
    let month = match calendar {
        Calendar::Gregorian => match (locale.tongue, locale.arabic_months) {
            (Tongue::English, _) => GREGORIAN_EN[index],
            (Tongue::Persian, _) => GREGORIAN_FA[index],
            (Tongue::Arabic, ArabicMonths::Common) => GREGORIAN_AR[index],
            (Tongue::Arabic, ArabicMonths::Levantine) => GREGORIAN_AR_LEVANT[index],
        },
        Calendar::Jalali => match locale.tongue {
            Tongue::English => JALALI_EN[index],
            Tongue::Persian => JALALI_FA[index],
            Tongue::Arabic => JALALI_AR[index],
        },
        Calendar::Hijri => match locale.tongue {
            Tongue::English => HIJRI_EN[index],
            Tongue::Persian => HIJRI_FA[index],
            Tongue::Arabic => HIJRI_AR[index],
        },
    };
    let era = match (calendar, locale.tongue) {
        (Calendar::Hijri, Tongue::Arabic) => " هـ",
        (Calendar::Hijri, Tongue::Persian) => " ه.ق.",
        (Calendar::Hijri, Tongue::English) => " AH",
        (Calendar::Jalali, Tongue::English) => " SH",
        _ => "",
    };
    format!("{} {month} {}{era}", locale.number(day), locale.number(year))
}

/// "Sunday", "یکشنبه".
pub fn weekday(date: Date, locale: &Locale) -> &'static str {
    let index = match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    };
    match locale.tongue {
        Tongue::English => {
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][index]
        }
        Tongue::Persian => ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"][index],
        Tongue::Arabic => ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"][index],
    }
}

/// "14:20" in the zone.
pub fn time(time: Timestamp, zone: &TimeZone, locale: &Locale) -> String {
    let time = zone.to_datetime(time).time();
    locale.digits(&format!("{:02}:{:02}", time.hour(), time.minute()))
}

/// All of it: "Sunday 22 November 2026, 14:20", in the first of the calendars.
pub fn exact(at: Timestamp, zone: &TimeZone, calendars: &[Calendar], locale: &Locale) -> String {
    let date = day_of(at, zone);
    let calendar = calendars.first().copied().unwrap_or(Calendar::Gregorian);
    let comma = locale.words().list_comma;
    format!("{} {}{comma}{}", weekday(date, locale), day(date, calendar, locale), time(at, zone, locale))
}

fn fields(date: Date, calendar: Calendar) -> (i32, u8, u8) {
    let gregorian = (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs());
    // Every date of jiff's is one of icu's: its years reach further.
    let Ok(iso) = IcuDate::try_new_iso(gregorian.0, gregorian.1, gregorian.2) else { return gregorian };
    match calendar {
        Calendar::Gregorian => gregorian,
        Calendar::Jalali => {
            let date = iso.to_calendar(Persian);
            (date.year().extended_year(), date.month().ordinal, date.day_of_month().0)
        }
        Calendar::Hijri => {
            let date = iso.to_calendar(Hijri::new_umm_al_qura());
            (date.year().extended_year(), date.month().ordinal, date.day_of_month().0)
        }
    }
}

const GREGORIAN_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GREGORIAN_FA: [&str; 12] = [
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
];
const GREGORIAN_AR: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const GREGORIAN_AR_LEVANT: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
const JALALI_FA: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];
const JALALI_AR: [&str; 12] =
    ["فرفردين", "أرديبهشت", "خرداد", "تير", "مرداد", "شهريور", "مهر", "آبان", "آذر", "دي", "بهمن", "إسفند"];
const JALALI_EN: [&str; 12] = [
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
];
const HIJRI_AR: [&str; 12] = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];
const HIJRI_FA: [&str; 12] = [
    "محرم",
    "صفر",
    "ربیع‌الاول",
    "ربیع‌الثانی",
    "جمادی‌الاول",
    "جمادی‌الثانی",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذیقعده",
    "ذیحجه",
];
const HIJRI_EN: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabiʻ I",
    "Rabiʻ II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaʻban",
    "Ramadan",
    "Shawwal",
    "Dhuʻl-Qiʻdah",
    "Dhuʻl-Hijjah",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_name_in_each_calendar_and_language() {
        let date = jiff::civil::date(2026, 11, 22);
        for (tag, calendar, expected) in [
            ("en", Calendar::Gregorian, "22 November 2026"),
            ("fa", Calendar::Jalali, "۱ آذر ۱۴۰۵"),
            ("fa", Calendar::Gregorian, "۲۲ نوامبر ۲۰۲۶"),
            ("ar", Calendar::Gregorian, "٢٢ نوفمبر ٢٠٢٦"),
            ("ar-PS", Calendar::Gregorian, "٢٢ تشرين الثاني ٢٠٢٦"),
            ("ar-MA", Calendar::Hijri, "12 جمادى الآخرة 1448 هـ"),
            ("en", Calendar::Jalali, "1 Azar 1405 SH"),
        ] {
            assert_eq!(day(date, calendar, &Locale::of(tag)), expected, "{tag}");
        }
        assert_eq!(weekday(date, &Locale::of("fa")), "یکشنبه");
    }

    #[test]
    fn the_persian_year_begins_at_the_right_day() {
        let fa = Locale::of("fa");
        for (date, expected) in [
            (jiff::civil::date(2026, 3, 20), "۲۹ اسفند ۱۴۰۴"),
            (jiff::civil::date(2026, 3, 21), "۱ فروردین ۱۴۰۵"),
            // 1403 was a leap year.
            (jiff::civil::date(2025, 3, 20), "۳۰ اسفند ۱۴۰۳"),
        ] {
            assert_eq!(day(date, Calendar::Jalali, &fa), expected);
        }
    }

    #[test]
    fn the_zone_decides_on_the_day() {
        let at: Timestamp = "2026-11-22T21:30:00Z".parse().unwrap();
        let tehran = TimeZone::get("Asia/Tehran").unwrap();
        assert_eq!(day_of(at, &tehran), jiff::civil::date(2026, 11, 23));
        assert_eq!(exact(at, &tehran, &[Calendar::Jalali], &Locale::of("fa")), "دوشنبه ۲ آذر ۱۴۰۵، ۰۱:۰۰");
        assert_eq!(exact(at, &TimeZone::UTC, &[], &Locale::of("en")), "Sunday 22 November 2026, 21:30");
    }
}
