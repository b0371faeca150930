//! What is read, and what is not: one line a promise.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::*;

/// The clock of these tests.
const NOW: &str = "2024-06-20T11:30:00Z";

fn read(text: &str, zone: &str, language: Option<&str>) -> Option<Found> {
    let timezone = TimeZone::get(zone).expect("a zone of the tz database");
    let context = DateContext { timezone: &timezone, language, now: NOW.parse().expect("an instant") };
    parse_detailed(text, &context)
}

/// Each text gives the instant (RFC 3339) behind it, or none.
fn check(zone: &str, language: Option<&str>, cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = read(text, zone, language).map(|f| f.timestamp);
        let expected = (!expected.is_empty()).then(|| expected.parse::<Timestamp>().expect("an instant"));
        if found != expected {
            wrong.push(format!("{text:?}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rfc_2822_and_its_mistakes() {
    check(
        "UTC",
        None,
        &[
            ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Thu, 1 Jan 2004 19:48:21 +0000", "2004-01-01T19:48:21Z"),
            ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Mon, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Thu Jan 01 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Thu, Jan 01 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Thu,01 Jan 2004 19:48:21GMT", "2004-01-01T19:48:21Z"),
            ("Thu , 01 , Jan , 2004 , 19:48:21 , GMT", "2004-01-01T19:48:21Z"),
            ("Thu, 01 Jan, 2004 19:48:21 UTC", "2004-01-01T19:48:21Z"),
            ("Thursday, 01 January 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Thu, 01 Jan 2004 19:48 GMT", "2004-01-01T19:48:00Z"),
            ("Thu, 01 Jan 2004 19:48:21", "2004-01-01T19:48:21Z"),
            ("Thu, 01 Jan 2004", "2004-01-01T00:00:00Z"),
            ("Thu, 01 Jan 2004 9:48:21 EST", "2004-01-01T14:48:21Z"),
            ("Sat, 11 Sept 2004 10:00:00 PDT", "2004-09-11T17:00:00Z"),
            ("Mon, 26 Jul 2004 07:00:00 PM EDT", "2004-07-26T23:00:00Z"),
            ("Mon, 26 Jul 2004 12:05:00 a.m. EDT", "2004-07-26T04:05:00Z"),
            ("Mon, 26 Jul 2004 07:00:00 EST5EDT", "2004-07-26T11:00:00Z"),
            ("Mon, 26 Jan 2004 07:00:00 EST5EDT", "2004-01-26T12:00:00Z"),
            ("Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19T23:41:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 GMT+3", "2012-02-19T19:40:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 UTC+03:30", "2012-02-19T19:10:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 +0300 (MSK)", "2012-02-19T19:40:00Z"),
            ("Wed Feb 19 2012 22:40:00 GMT+0300 (Moscow Standard Time)", "2012-02-19T19:40:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 +0000 (UTC)", "2012-02-19T22:40:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 +03:00", "2012-02-19T19:40:00Z"),
            ("Wed, 19 Feb 2012 22:40:00 + 0300", "2012-02-19T22:40:00Z"),
            ("Wed, 19-Feb-2012 22:40:00 GMT", "2012-02-19T22:40:00Z"),
            ("Wed, 19-Feb-12 22:40:00 GMT", "2012-02-19T22:40:00Z"),
            ("Wed, 19/Feb/2012 22:40:00 GMT", "2012-02-19T22:40:00Z"),
            ("Wed, 2012 Feb 19 22:40:00 GMT", "2012-02-19T22:40:00Z"),
            ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
            ("Fri, 31 Dec 2004 24:00:00 GMT", "2005-01-01T00:00:00Z"),
            ("Sat, 30 Jun 2012 23:59:60 GMT", "2012-06-30T23:59:59Z"),
            ("Mon, 5 Jan 2004 10.30.15 GMT", "2004-01-05T10:30:15Z"),
            ("10:30 Mon, 5 Jan 2004", "2004-01-05T10:30:00Z"),
            ("5th January 2004", "2004-01-05T00:00:00Z"),
            ("January 5th, 2004 at 3:04pm", "2004-01-05T15:04:00Z"),
            ("Posted on: January 5, 2004 3 PM", "2004-01-05T15:00:00Z"),
            ("Mon, 15 Jun 2024 10:00:00 IST", "2024-06-15T04:30:00Z"),
            ("Mon, 15 Jun 2024 10:00:00 MESZ", "2024-06-15T08:00:00Z"),
            ("Mon, 15 Jun 2024 10:00:00 Europe/Berlin", "2024-06-15T08:00:00Z"),
            ("Mon, 15 Jun 2024 10:00:00 ET", "2024-06-15T14:00:00Z"),
            ("Thu, 31 Jun 2004 19:48:21 GMT", ""),
            ("Thu, 30 Feb 2004 19:48:21 GMT", ""),
        ],
    );
}

#[test]
fn asctime_and_date_of_unix() {
    check(
        "UTC",
        None,
        &[
            ("Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"),
            ("Sun Jan 04 16:29:06 PDT 2004", "2004-01-04T23:29:06Z"),
            ("Sun Jan 04 16:29:06 +0330 2004", "2004-01-04T12:59:06Z"),
            ("Sun, 4 Jan 16:29:06 2004", "2004-01-04T16:29:06Z"),
            ("Thursday 20 June 04 10:00 CST", "2004-06-20T16:00:00Z"),
        ],
    );
}

#[test]
fn rfc_3339_and_iso_8601() {
    check(
        "Asia/Tehran",
        None,
        &[
            ("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"),
            ("2003-12-31T10:14:55.25-08:00", "2003-12-31T18:14:55.25Z"),
            ("2003-12-31T10:14:55,25-08:00", "2003-12-31T18:14:55.25Z"),
            ("2003-12-31T10:14:55-0800", "2003-12-31T18:14:55Z"),
            ("2003-12-31T10:14:55-08", "2003-12-31T18:14:55Z"),
            ("2003-12-31T10:14:55 -08:00", "2003-12-31T18:14:55Z"),
            ("2003-12-31 10:14:55 UTC", "2003-12-31T10:14:55Z"),
            ("2003-12-31 10:14:55 +0000 UTC", "2003-12-31T10:14:55Z"),
            ("2003-12-31T10:14:55+00:00Z", "2003-12-31T10:14:55Z"),
            ("2003-12-31T10:14Z", "2003-12-31T10:14:00Z"),
            ("2003-12-31T9:15Z", "2003-12-31T09:15:00Z"),
            ("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"),
            ("2003-12-31T10:14:60Z", "2003-12-31T10:14:59Z"),
            ("2003-12-31T10:14:55", "2003-12-31T06:44:55Z"),
            ("2003-12-31 10:14", "2003-12-31T06:44:00Z"),
            ("2003-12-31", "2003-12-30T20:30:00Z"),
            ("2003-12-31T", "2003-12-30T20:30:00Z"),
            ("2003-12", "2003-11-30T20:30:00Z"),
            ("2003", "2002-12-31T20:30:00Z"),
            ("20031231", "2003-12-30T20:30:00Z"),
            ("20031231T101455Z", "2003-12-31T10:14:55Z"),
            ("20031231T10:14:55Z", "2003-12-31T10:14:55Z"),
            ("20031231101455", "2003-12-31T06:44:55Z"),
            ("2003-335", "2003-11-30T20:30:00Z"),
            ("2003335", "2003-11-30T20:30:00Z"),
            ("03335", "2003-11-30T20:30:00Z"),
            ("031231", "2003-12-30T20:30:00Z"),
            ("03-12-31", "2003-12-30T20:30:00Z"),
            ("2003-W52-3", "2003-12-23T20:30:00Z"),
            ("2003/12/31 10:14:55", "2003-12-31T06:44:55Z"),
            ("2004-07-08 23:56:58.0", "2004-07-08T20:26:58Z".replace("20:26", "19:26").as_str()),
            ("2024-06-20T10:00:00+03:30[Asia/Tehran]", "2024-06-20T06:30:00Z"),
            ("1087725600", "2004-06-20T10:00:00Z"),
            ("1087725600000", "2004-06-20T10:00:00Z"),
            ("2003-13-01", ""),
            ("2003-02-29T10:00:00Z", ""),
            ("2003-12-31T25:00:00Z", "2003-12-30T20:30:00Z"),
            ("0001-01-01T00:00:00Z", ""),
            ("0000-00-00 00:00:00", ""),
            ("-0001-11-30T00:00:00+00:00", ""),
            ("9999999999", ""),
        ],
    );
}

#[test]
fn day_first_and_month_first() {
    check(
        "UTC",
        Some("en-US"),
        &[("6/3/2024 10:00:00 AM", "2024-06-03T10:00:00Z"), ("13/6/2024", "2024-06-13T00:00:00Z")],
    );
    check(
        "UTC",
        None,
        &[("6/3/2024 1:00 PM", "2024-06-03T13:00:00Z"), ("03.06.2024", "2024-06-03T00:00:00Z")],
    );
    check(
        "UTC",
        Some("en-GB"),
        &[
            ("03/06/2024", "2024-06-03T00:00:00Z"),
            ("03-06-2024", "2024-06-03T00:00:00Z"),
            ("Thu, 06/13/2024", "2024-06-13T00:00:00Z"),
            // The weekday knows better.
            ("Wednesday 06/05/2024", "2024-06-05T00:00:00Z"),
        ],
    );
    check(
        "UTC",
        Some("de"),
        &[
            ("03.06.24, 10:30 Uhr", "2024-06-03T10:30:00Z"),
            ("am 3. Juni 2024 um 10.30 Uhr", "2024-06-03T10:30:00Z"),
        ],
    );
}

#[test]
fn month_names_of_many_languages() {
    check(
        "UTC",
        None,
        &[
            ("Seg, 24 Set 2012 10:00:00 -0300", "2012-09-24T13:00:00Z"),
            ("jeudi 20 juin 2024 à 10h30", "2024-06-20T10:30:00Z"),
            ("1er août 2024", "2024-08-01T00:00:00Z"),
            ("mar., 20 févr. 2024 10:00:00 +0100", "2024-02-20T09:00:00Z"),
            ("Do, 20 Dez 2012 10:00:00 +0100", "2012-12-20T09:00:00Z"),
            ("20. März 2024", "2024-03-20T00:00:00Z"),
            ("20 de junio de 2024", "2024-06-20T00:00:00Z"),
            ("mar, 05 mar 2024 10:00:00 +0000", "2024-03-05T10:00:00Z"),
            ("20 de março de 2024 às 10:30", "2024-03-20T10:30:00Z"),
            ("giovedì 20 giugno 2024", "2024-06-20T00:00:00Z"),
            ("20 Haziran 2024 Perşembe 10:30", "2024-06-20T10:30:00Z"),
            ("20 Ağustos 2024", "2024-08-20T00:00:00Z"),
            ("20 czerwca 2024, 10:30", "2024-06-20T10:30:00Z"),
            ("20 июня 2024 г., 10:30", "2024-06-20T10:30:00Z"),
            ("Чт, 20 июн 2024 10:30:00 MSK", "2024-06-20T07:30:00Z"),
            ("20 червня 2024 року", "2024-06-20T00:00:00Z"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
            ("Πέμ, 01 Μάώ 2004 12:00:00", "2004-03-01T12:00:00Z"),
            ("20 Ιουνίου 2024", "2024-06-20T00:00:00Z"),
            ("július-13", ""),
            ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
            ("2004. február 13. 10:15", "2004-02-13T10:15:00Z"),
            ("20 ביוני 2024", "2024-06-20T00:00:00Z"),
            ("2024年6月20日 下午3:05", "2024-06-20T15:05:00Z"),
            ("2024年6月20日(木) 10時30分", "2024-06-20T10:30:00Z"),
            ("2024年06月20日 星期四 10:30:15", "2024-06-20T10:30:15Z"),
            ("20 जून 2024", "2024-06-20T00:00:00Z"),
            ("Ngày 20 tháng 6 năm 2024", "2024-06-20T00:00:00Z"),
            ("June 2024", "2024-06-01T00:00:00Z"),
        ],
    );
    check("UTC", Some("hr"), &[("20. listopada 2024.", "2024-10-20T00:00:00Z")]);
    check("UTC", Some("pl"), &[("20 listopada 2024", "2024-11-20T00:00:00Z")]);
    check(
        "UTC",
        Some("ko"),
        &[
            ("2004년 05월 28일  01:31:15", "2004-05-27T16:31:15Z"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"),
            ("2004-05-25 오전 08:23:17", "2004-05-24T23:23:17Z"),
            ("2024. 6. 20. 오후 3:10", "2024-06-20T06:10:00Z"),
            ("2024년 6월 20일 목요일 오후 3시 10분", "2024-06-20T06:10:00Z"),
        ],
    );
}

#[test]
fn persian() {
    check(
        "Asia/Tehran",
        Some("fa"),
        &[
            ("پنج‌شنبه ۳۱ خرداد ۱۴۰۳", "2024-06-19T20:30:00Z"),
            ("1403-03-31T10:00:00+03:30", "2024-06-20T06:30:00Z"),
            ("۱۴۰۳-۰۳-۳۱T۱۰:۰۰:۰۰", "2024-06-20T06:30:00Z"),
            ("پنجشنبه 20-ژوئن-2024", "2024-06-19T20:30:00Z"),
            ("20 ژوئن 2024 - 10:30", "2024-06-20T07:00:00Z"),
            ("۳۱ خرداد ماه ۱۴۰۳ ساعت ۱۰:۳۰", "2024-06-20T07:00:00Z"),
            ("پنج شنبه, 31 خرداد 1403 ساعت 10:30", "2024-06-20T07:00:00Z"),
            ("۱۰:۳۰ - ۱۴۰۳/۳/۳۱", "2024-06-20T07:00:00Z"),
            ("۳۱/۰۳/۱۴۰۳ ۱۰:۳۰", "2024-06-20T07:00:00Z"),
            ("۳۱ خرداد ۱۴۰۳ - ۲:۳۰ ب.ظ", "2024-06-20T11:00:00Z"),
            ("۳۱ خرداد ۱۴۰۳ ۲:۳۰ بعدازظهر", "2024-06-20T11:00:00Z"),
            ("تاریخ: ۱۴۰۳/۰۳/۳۱ زمان: ۱۴:۳۰", "2024-06-20T11:00:00Z"),
            ("۱۴ ذی‌الحجه ۱۴۴۵", "2024-06-19T20:30:00Z"),
            ("۳۱ خرداد ۱۴۰۳ برابر با 20 June 2024", "2024-06-19T20:30:00Z"),
            ("۱۴ شهریور ۱۴۰۰", "2021-09-04T19:30:00Z"),
            // Summer time ended in 2022; until then it was kept.
            ("۱۰ مرداد ۱۴۰۰ ۱۲:۰۰", "2021-08-01T07:30:00Z"),
            ("۱۰ مرداد ۱۴۰۲ ۱۲:۰۰", "2023-08-01T08:30:00Z"),
            ("۱۲ سنبله ۱۴۰۳", "2024-09-01T20:30:00Z"),
            ("خرداد ۱۴۰۳", "2024-05-20T20:30:00Z"),
            ("۳۱ خرداد ۰۳", "2024-06-19T20:30:00Z"),
            ("98/07/14", "2019-10-05T20:30:00Z"),
            ("۳۱ خرداد ۱۴۰۳ برابر با 25 June 2024", ""),
            ("۳۱ مهر ۱۴۰۳", ""),
            ("۳۰ اسفند ۱۴۰۰", ""),
            ("1403/13/01", ""),
            ("کد خبر ۱۴۰۳۰۴۰۵", ""),
            ("۱۴۰۳۰۴۰۵", ""),
            ("قیمت دلار ۵۸۰۰۰ تومان", ""),
        ],
    );
    let found = |text| read(text, "Asia/Tehran", Some("fa"));
    assert_eq!(
        found("۳۱ خرداد ۱۴۰۳").map(|f| (f.calendar, f.precision, f.has_zone)),
        Some((Calendar::Jalali, Precision::Day, false))
    );
    assert_eq!(
        found("یکشنبه 6 آبان 1403 19:00").map(|f| (f.has_weekday, f.precision)),
        Some((true, Precision::Minute))
    );
}

#[test]
fn arabic() {
    check(
        "Asia/Riyadh",
        Some("ar"),
        &[
            ("الخميس، 20 يونيو 2024 11:45 ص", "2024-06-20T08:45:00Z"),
            ("الخميس، 20 يونيو 2024 11:45 م", "2024-06-20T20:45:00Z"),
            ("20 حزيران/يونيو 2024", "2024-06-19T21:00:00Z"),
            ("20 يونيو (حزيران) 2024", "2024-06-19T21:00:00Z"),
            ("٢٠ كانون الأول ٢٠٢٣", "2023-12-19T21:00:00Z"),
            ("20 جويلية 2024", "2024-07-19T21:00:00Z"),
            ("20 غشت 2024", "2024-08-19T21:00:00Z"),
            ("14 ذو الحجة 1445 هـ", "2024-06-19T21:00:00Z"),
            ("14/12/1445هـ", "2024-06-19T21:00:00Z"),
            ("1445/12/14", "2024-06-19T21:00:00Z"),
            ("الخميس 14 ذو الحجة 1445 هـ الموافق 20 يونيو 2024 م", "2024-06-19T21:00:00Z"),
            ("الخميس 14 ذو الحجة 1445 هـ الموافق 28 يونيو 2024 م", ""),
            ("20 يونيو 2024 الساعة 10:00 بتوقيت غرينتش", "2024-06-20T10:00:00Z"),
            ("20 يونيو 2024 آخر تحديث الساعة 10:00", "2024-06-19T21:00:00Z"),
            ("20 جون 2024", "2024-06-19T21:00:00Z"),
        ],
    );
}

#[test]
fn told_from_now() {
    check(
        "Asia/Tehran",
        None,
        &[
            ("3 hours ago", "2024-06-20T08:30:00Z"),
            ("an hour ago", "2024-06-20T10:30:00Z"),
            ("about 2 hours ago", "2024-06-20T09:30:00Z"),
            ("1 hour, 5 minutes ago", "2024-06-20T10:25:00Z"),
            ("half an hour ago", "2024-06-20T11:00:00Z"),
            ("2 days ago", "2024-06-17T20:30:00Z"),
            ("yesterday", "2024-06-18T20:30:00Z"),
            ("Yesterday at 10:15", "2024-06-19T06:45:00Z"),
            ("just now", "2024-06-20T11:30:00Z"),
            ("۲ ساعت پیش", "2024-06-20T09:30:00Z"),
            ("۲ ساعت و ۱۵ دقیقه پیش", "2024-06-20T09:15:00Z"),
            ("یک ساعت قبل", "2024-06-20T10:30:00Z"),
            ("ساعتی پیش", "2024-06-20T10:30:00Z"),
            ("دقایقی پیش", "2024-06-20T11:25:00Z"),
            ("نیم ساعت پیش", "2024-06-20T11:00:00Z"),
            ("دیروز ۱۰:۱۵", "2024-06-19T06:45:00Z"),
            ("امروز، ساعت ۱۰:۱۵", "2024-06-20T06:45:00Z"),
            ("منذ ساعتين", "2024-06-20T09:30:00Z"),
            ("منذ 3 ساعات", "2024-06-20T08:30:00Z"),
            ("قبل ساعة", "2024-06-20T10:30:00Z"),
            ("منذ دقيقتين", "2024-06-20T11:28:00Z"),
            ("أمس 10:15", "2024-06-19T06:45:00Z"),
            ("il y a 3 heures", "2024-06-20T08:30:00Z"),
            ("il y a une heure", "2024-06-20T10:30:00Z"),
            ("hier à 10h15", "2024-06-19T06:45:00Z"),
            ("aujourd'hui à 10h15", "2024-06-20T06:45:00Z"),
            ("vor 3 Stunden", "2024-06-20T08:30:00Z"),
            ("vor einer Stunde", "2024-06-20T10:30:00Z"),
            ("gestern, 10:15 Uhr", "2024-06-19T06:45:00Z"),
            ("hace 3 horas", "2024-06-20T08:30:00Z"),
            ("3 saat önce", "2024-06-20T08:30:00Z"),
            ("dün 10:15", "2024-06-19T06:45:00Z"),
            ("3 часа назад", "2024-06-20T08:30:00Z"),
            ("вчера в 10:15", "2024-06-19T06:45:00Z"),
            ("3小时前", "2024-06-20T08:30:00Z"),
            ("3時間前", "2024-06-20T08:30:00Z"),
            ("3시간 전", "2024-06-20T08:30:00Z"),
            ("3시간전", "2024-06-20T08:30:00Z"),
        ],
    );
}

#[test]
fn no_dates() {
    for text in [
        "",
        " ",
        "-",
        "Version 1.2.3",
        "1.2.3",
        "v10.12.20",
        "192.168.10.12",
        "10:30",
        "Thursday",
        "June",
        "3",
        "42",
        "1/2",
        "page 2 of 10",
        "+98 21 8888 1234",
        "ISBN 978-3-16-148410-0",
        "$1,299.00",
        "https://example.org/",
        "null",
        "N/A",
        "2024-06-20-001-7",
        "12345678901234567890",
        "Score: 3:2",
        "May the force be with you",
    ] {
        assert_eq!(read(text, "UTC", Some("en")), None, "{text}");
    }
}

#[test]
fn clock_changes() {
    check(
        "Europe/Berlin",
        Some("de"),
        &[
            // Skipped: an hour on. Twice: the first.
            ("31.03.2024 02:30", "2024-03-31T01:30:00Z"),
            ("27.10.2024 02:30", "2024-10-27T00:30:00Z"),
            ("2024-10-27T02:30:00+01:00", "2024-10-27T01:30:00Z"),
        ],
    );
}

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

/// Where the collection of published feeds is, if it is here.
fn corpus() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("KARIZ_CORPUS") {
        return Some(path.into());
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.ancestors().map(|folder| folder.join("shared/corpus")).find(|folder| folder.is_dir())
}

#[test]
fn worked_examples_of_the_corpus() {
    let Some(text) = corpus().and_then(|folder| std::fs::read_to_string(folder.join("dates.jsonl")).ok())
    else {
        return;
    };
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let string = |key: &str| case[key].as_str();
        let timezone = TimeZone::get(string("tz").unwrap_or("UTC")).expect("a zone");
        let now = string("now").unwrap_or("2025-11-22T12:00:00Z").parse().expect("an instant");
        let context = DateContext { timezone: &timezone, language: string("lang"), now };
        let found = parse_detailed(string("text").expect("a text"), &context);
        let right = match (string("expect"), found) {
            (None, None) => true,
            (Some(expected), Some(found)) if expected.len() == 10 => {
                found.date.to_string() == expected && found.precision == Precision::Day
            }
            (Some(expected), Some(found)) => {
                let expected: Timestamp = expected.parse().expect("an instant");
                found.timestamp == expected && found.precision == Precision::Minute
            }
            _ => false,
        };
        if !right {
            wrong.push(format!("{line}\n    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dates_of_published_feeds() {
    let Some(entries) = corpus().and_then(|folder| std::fs::read_dir(folder.join("real")).ok()) else {
        return;
    };
    let element = regex::Regex::new(
        r"<(?:pubDate|updated|published|dc:date|lastBuildDate|modified|issued|created|dcterms:(?:modified|created|issued|available))(?:\s[^>]*)?>([^<]+)<",
    )
    .expect("an expression");
    let timezone = TimeZone::UTC;
    let context = DateContext { timezone: &timezone, language: None, now: NOW.parse().expect("an instant") };
    let (mut read, mut missed) = (0, Vec::new());
    for entry in entries.flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        for capture in element.captures_iter(&String::from_utf8_lossy(&bytes)) {
            let text = capture[1].trim().replace("&#43;", "+");
            if text.is_empty() {
                continue;
            }
            // Not even a person could tell: the year 1, a month of 26.
            if text.contains(" 0001 ") || text.starts_with("2005-26-") {
                continue;
            }
            read += 1;
            if parse(&text, &context).is_none() {
                missed.push(format!("{:?}: {text:?}", entry.file_name()));
            }
        }
    }
    missed.sort();
    missed.dedup();
    assert!(missed.is_empty(), "{} of {read} dates are not read:\n{}", missed.len(), missed.join("\n"));
}
