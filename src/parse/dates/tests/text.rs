//! Dates within running text, and texts of every kind.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::*;
use super::NOW;

#[test]
fn dates_within_text() {
    let timezone = TimeZone::get("Asia/Tehran").expect("a zone");
    let context =
        DateContext { timezone: &timezone, language: Some("fa"), now: NOW.parse().expect("an instant") };
    let text = "خانه | پنجشنبه ۳۱ خرداد ۱۴۰۳ | تماس. آب شهر دوباره وصل شد؛ کد خبر ۱۴۰۳۰۴۰۵ تاریخ انتشار: 3-ژوئن-2024 ساعت ۱۰:۳۰ لینک کوتاه";
    let found = find_in(text, &context);
    let seen: Vec<_> = found.iter().map(|(range, f)| (&text[range.clone()], f.date.to_string())).collect();
    assert_eq!(
        seen,
        [
            ("پنجشنبه ۳۱ خرداد ۱۴۰۳", "2024-06-20".to_owned()),
            ("3-ژوئن-2024 ساعت ۱۰:۳۰", "2024-06-03".to_owned()),
        ]
    );
    assert_eq!(found[1].1.precision, Precision::Minute);
    assert!(find_in("In 1.2.2 we met 3 of 10 people; version 10.12.20 costs 1,299.", &context).is_empty());
}

#[test]
fn lines_and_neighbours_are_apart() {
    let timezone = TimeZone::get("Asia/Tehran").expect("a zone");
    let context =
        DateContext { timezone: &timezone, language: Some("fa"), now: NOW.parse().expect("an instant") };
    let days = |text: &str| {
        find_in(text, &context).iter().map(|(_, f)| (f.date.to_string(), f.precision)).collect::<Vec<_>>()
    };
    let day = |date: &str| (date.to_owned(), Precision::Day);
    // Today's line above the article's; both calendars of one day in a line; two days in a line.
    assert_eq!(days("جمعه ۱ تیر ۱۴۰۳\nپنجشنبه 20-ژوئن-2024"), [day("2024-06-21"), day("2024-06-20")]);
    assert_eq!(days("۳۱ خرداد ۱۴۰۳ | 20 June 2024"), [day("2024-06-20")]);
    assert_eq!(days("۱۰ تیر ۱۴۰۳ | 20 June 2024"), [day("2024-06-30"), day("2024-06-20")]);
    assert_eq!(days("۳۱ خرداد ۱۴۰۳ - ۱ تیر ۱۴۰۳"), [day("2024-06-20"), day("2024-06-21")]);
    // No years: an age, a number of people, a price.
    assert_eq!(days("20 June 30 people came; 5 May 40,000"), []);
    assert_eq!(days("۲۰ خرداد ۳۰ نفر آمدند"), []);
    // A long text in one line.
    let long = format!("{}20 June 2024 {}", "واژه ".repeat(20_000), "word 12 ".repeat(20_000));
    assert_eq!(days(&long), [day("2024-06-20")]);
}

#[test]
fn any_text_costs_little() {
    let timezone = TimeZone::UTC;
    let context = DateContext { timezone: &timezone, language: None, now: NOW.parse().expect("an instant") };
    for piece in [
        "1 ",
        "1-",
        "1:",
        "June ",
        "5 June ",
        "و ",
        "2 ساعت و ",
        "ago ",
        "(",
        "+03",
        "a/b",
        "ربیع ",
        "GMT+",
        "۱۴۰۳/",
        "at ",
        "z",
    ] {
        let text = piece.repeat(400_000 / piece.len());
        let _ = find_in(&text, &context);
        let _ = parse(&piece.repeat(10), &context);
    }
}

proptest! {
    #[test]
    fn well_formed_dates_agree_with_jiff(seconds in -2_000_000_000i64..7_000_000_000, hours in -12i8..=14) {
        let timezone = TimeZone::UTC;
        let context = DateContext { timezone: &timezone, language: None, now: NOW.parse().expect("an instant") };
        let timestamp = Timestamp::from_second(seconds).expect("an instant");
        let zoned = timestamp.to_zoned(jiff::tz::offset(hours).to_time_zone());
        for format in ["%Y-%m-%dT%H:%M:%S%:z", "%a, %d %b %Y %H:%M:%S %z", "%A, %d-%B-%Y %H:%M:%S %z", "%a %b %e %H:%M:%S %Y %z"] {
            let text = zoned.strftime(format).to_string();
            prop_assert_eq!(parse(&text, &context), Some(timestamp), "{}", text);
        }
    }

    #[test]
    fn jalali_days_read_back(days in 0i64..30_000) {
        let timezone = TimeZone::UTC;
        let context = DateContext { timezone: &timezone, language: Some("fa"), now: NOW.parse().expect("an instant") };
        let date = civil::date(1950, 1, 1).checked_add(days.days()).expect("a day");
        let narrow = |n: i8| u8::try_from(n).expect("a positive number");
        let iso = icu_calendar::Date::try_new_iso(date.year().into(), narrow(date.month()), narrow(date.day())).expect("a day");
        let jalali = iso.to_calendar(icu_calendar::cal::Persian);
        let (y, m, d) = (jalali.year().extended_year(), jalali.month().ordinal, jalali.day_of_month().0);
        let found = parse_detailed(&format!("{y:04}/{m:02}/{d:02} 10:30"), &context);
        // From 1421 on figures alone are Hijri.
        if y <= 1420 {
            prop_assert_eq!(found.map(|f| f.date), Some(date));
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let timezone = TimeZone::UTC;
        let context = DateContext { timezone: &timezone, language: None, now: NOW.parse().expect("an instant") };
        let _ = parse(&text, &context);
        for (range, _) in find_in(&text, &context) {
            prop_assert!(text.get(range).is_some());
        }
    }

    #[test]
    fn any_date_like_text_is_survived(text in "([0-9۰-۹]{1,5}|[-/.:,()+ T]|ژوئن|June|هـ|خرداد|ago|ساعت|پیش|GMT|Z|م|ص|年|月|日|오전|th|\u{200c}){0,14}") {
        let timezone = TimeZone::get("Asia/Tehran").expect("a zone");
        let context = DateContext { timezone: &timezone, language: Some("fa"), now: NOW.parse().expect("an instant") };
        let _ = parse(&text, &context);
        for (range, _) in find_in(&text, &context) {
            prop_assert!(text.get(range).is_some());
        }
    }
}
