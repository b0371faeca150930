//! Passes of the real binary against a scripted origin, minutes, hours and days apart: what is asked when, with which
//! conditions, and what is remembered.

#[path = "support/binary.rs"]
mod binary;
mod fetch_places;
#[path = "support/origin.rs"]
mod origin;

use binary::{Kariz, rss};
use origin::{Origin, Seen, Step, feed, ms, ok, redirect, status};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// One source at `/feed`, asked each hour.
fn one(origin: &Origin) -> Kariz {
    Kariz::with_sources([("town", origin.url("/feed"))])
}

fn count(origin: &Origin, path: &str) -> usize {
    origin.seen(path).len()
}

fn condition(seen: &Seen) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    (seen.bytes("if-none-match").map(<[u8]>::to_vec), seen.bytes("if-modified-since").map(<[u8]>::to_vec))
}

/// 200 with these header lines, byte for byte.
fn answer(code: u16, lines: &[&[u8]], body: &str) -> Vec<Step> {
    let mut bytes = format!("HTTP/1.1 {code} Status\r\n").into_bytes();
    for line in lines {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    }
    if code != 304 {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(if code == 304 { b"" } else { body.as_bytes() });
    vec![Step::Send(bytes)]
}

// ---- Conditional requests -------------------------------------------------------------------------------

#[test]
fn validators_go_back_byte_for_byte_whatever_they_look_like() {
    let huge = format!("\"{}\"", "e".repeat(9_000)).into_bytes();
    let etags: [&[u8]; 8] = [
        b"\"a\"",
        b"W/\"a\"",
        b"unquoted",
        b"\"\"",
        b"\"caf\xe9 \xff\"",
        b"\"a\\\"b, c\"",
        b"W/odd' \"one",
        &huge,
    ];
    let origin = Origin::start();
    let mut sources = Vec::new();
    for (n, etag) in etags.iter().enumerate() {
        let lines = [[b"ETag: ", *etag].concat(), b"Last-Modified: some day in May".to_vec()];
        origin.on(&format!("/{n}"), move |_| {
            answer(200, &[lines[0].as_slice(), lines[1].as_slice()], &feed(&format!("validators{n}")))
        });
        sources.push((format!("s{n}"), origin.url(&format!("/{n}"))));
    }
    let kariz = Kariz::with_sources(sources.iter().map(|(id, url)| (id.as_str(), url.clone())));
    kariz.fetch();
    kariz.later(2 * HOUR);
    kariz.fetch();
    for (n, etag) in etags.iter().enumerate() {
        let seen = origin.seen(&format!("/{n}"));
        assert_eq!(condition(&seen[0]), (None, None), "the first request is unconditional");
        assert_eq!(condition(&seen[1]), (Some(etag.to_vec()), Some(b"some day in May".to_vec())), "{n}");
    }
}

#[test]
fn the_newest_validators_count_and_only_those_of_documents_that_could_be_read() {
    let origin = Origin::start();
    origin.on("/feed", |seen| {
        let document = feed("town");
        match seen.nth {
            0 => answer(200, &[b"ETag: \"1\"", b"Last-Modified: one"], &document),
            1 => answer(304, &[b"ETag: \"2\""], ""),
            2 => answer(500, &[b"ETag: \"error\""], "oops"),
            3 => answer(200, &[b"ETag: \"page\""], "<html><body>Please log in</body></html>"),
            4 => answer(200, &[b"ETag: \"broken\"", b"Content-Encoding: br"], "\u{1}\u{2}\u{3}"),
            // The same body with another validator, then without any.
            5 => answer(200, &[b"ETag: \"6\""], &document),
            6 => answer(200, &[], &document),
            _ => answer(200, &[], &feed("valley")),
        }
    });
    let kariz = one(&origin);
    for _ in 0..8 {
        kariz.fetch();
        kariz.later(2 * DAY);
    }
    let text = |bytes: Option<Vec<u8>>| bytes.map(|b| String::from_utf8(b).unwrap());
    let sent: Vec<_> = origin
        .seen("/feed")
        .iter()
        .map(|seen| {
            let (etag, date) = condition(seen);
            (text(etag), text(date))
        })
        .collect();
    let pair = |etag: &str, date: Option<&str>| (Some(etag.to_owned()), date.map(str::to_owned));
    let want = [
        (None, None),
        pair("\"1\"", Some("one")),
        pair("\"2\"", Some("one")),
        pair("\"2\"", Some("one")),
        pair("\"2\"", Some("one")),
        pair("\"2\"", Some("one")),
        pair("\"6\"", None),
        (None, None),
    ];
    assert_eq!(sent, want);
    assert_eq!(kariz.items().len(), 2);
}

#[test]
fn a_delta_adds_to_what_is_there() {
    let origin = Origin::start();
    origin.on("/feed", |seen| match seen.header("a-im") {
        Some("feed") => answer(226, &[b"IM: feed", b"ETag: \"2\""], &feed("new")),
        _ => answer(200, &[b"ETag: \"1\""], &feed("old")),
    });
    let kariz = one(&origin);
    kariz.fetch();
    kariz.later(2 * HOUR);
    kariz.fetch();
    assert_eq!(kariz.items().len(), 2);
    kariz.later(2 * HOUR);
    kariz.fetch();
    assert_eq!(origin.seen("/feed")[2].header("if-none-match"), Some("\"2\""));
}

// ---- When ------------------------------------------------------------------------------------------------

#[test]
fn two_passes_a_minute_apart_ask_nobody_twice() {
    let origin = Origin::start();
    let paths = ["/ok", "/404", "/500", "/reset", "/empty", "/html", "/429", "/moved", "/410"];
    origin.on("/ok", |_| ok(feed("town")));
    origin.on("/500", |_| status(500, &[], ""));
    origin.on("/reset", |_| vec![Step::Reset]);
    origin.on("/empty", |_| ok(""));
    origin.on("/html", |_| ok("<html></html>"));
    origin.on("/429", |_| status(429, &[], ""));
    origin.on("/410", |_| status(410, &[], ""));
    origin.on("/moved", |_| redirect(301, "/404"));
    let mut toml = "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n".to_owned();
    for path in paths {
        // Without an interval, and with one that is shorter than is good for errors.
        toml += &format!("[[source]]\nid = \"{}\"\nurl = \"{}\"\n", &path[1..], origin.url(path));
    }
    toml += &format!("[[include]]\nurl = \"{}\"\n", origin.url("/list"));
    let kariz = Kariz::with_config(&toml);
    for _ in 0..4 {
        kariz.fetch();
        kariz.later(MINUTE);
    }
    for path in paths.into_iter().chain(["/list"]) {
        assert_eq!(count(&origin, path), 1, "{path}");
    }
}

#[test]
fn an_hourly_cron_job_gets_an_hourly_source_each_hour_and_leaves_a_dead_one_in_peace() {
    let origin = Origin::start();
    origin.on("/plain", |_| ok(feed("town")));
    // What WordPress says everywhere.
    let hourly = feed("hourly").replace(
        "<rss version=\"2.0\"><channel>",
        "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel>\
         <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency><ttl>60</ttl>",
    );
    assert!(hourly.contains("updatePeriod"));
    origin.on("/hourly", move |_| ok(&hourly));
    origin.on("/fresh", |_| status(200, &[("Cache-Control", "max-age=7200")], feed("fresh")));
    for path in ["/dead", "/dead-default", "/dead-quick"] {
        origin.on(path, |_| status(500, &[], ""));
    }
    let mut toml = "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n".to_owned();
    for (path, rest) in [
        ("/plain", "interval = \"1h\""),
        ("/hourly", "interval = \"1h\""),
        ("/fresh", "interval = \"1h\""),
        ("/dead", "interval = \"1h\""),
        ("/dead-default", ""),
        ("/dead-quick", "interval = \"5m\""),
    ] {
        toml += &format!("[[source]]\nid = \"{}\"\nurl = \"{}\"\n{rest}\n", &path[1..], origin.url(path));
    }
    let kariz = Kariz::with_config(&toml);
    for _ in 0..24 {
        kariz.fetch();
        kariz.later(HOUR);
    }
    assert_eq!(count(&origin, "/plain"), 24);
    assert_eq!(count(&origin, "/hourly"), 24);
    assert!((8..=12).contains(&count(&origin, "/fresh")), "{}", count(&origin, "/fresh"));
    for path in ["/dead", "/dead-default", "/dead-quick"] {
        assert!((2..=9).contains(&count(&origin, path)), "{path}: {}", count(&origin, path));
    }
    // It recovers by itself.
    origin.on("/dead", |_| ok(feed("alive")));
    kariz.later(DAY);
    kariz.fetch();
    assert_eq!(kariz.status("dead")["state"], "ok");
}

#[test]
fn what_server_and_feed_ask_for_is_kept_to() {
    let origin = Origin::start();
    let with = |element: &str| feed("town").replace("<channel>", &format!("<channel>{element}"));
    let soon = "interval = \"1m\"\nmin_interval = \"1m\"\nmax_interval = \"3 days\"\n";
    let http = |field: &'static str, value: &'static str| status(200, &[(field, value)], feed("x"));
    origin.on("/max-age", move |_| http("Cache-Control", "max-age=7200"));
    origin.on("/ttl", {
        let body = with("<ttl>120</ttl>");
        move |_| ok(&body)
    });
    origin.on("/expires", |_| {
        let at = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_hours(2)).unwrap();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
        status(200, &[("Expires", &date)], feed("x"))
    });
    origin.on("/garbage", move |_| http("Cache-Control", "max-age=-7, max-age=later; expires=\"\""));
    origin.on("/year", move |_| http("Cache-Control", "max-age=31536000"));
    let all: String = (0..24).map(|h| format!("<hour>{h}</hour>")).collect();
    origin.on("/all-hours", {
        let body = with(&format!("<skipHours>{all}</skipHours>"));
        move |_| ok(&body)
    });
    let mut toml = "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n".to_owned();
    let paths = ["/max-age", "/ttl", "/expires", "/garbage", "/year", "/all-hours"];
    for path in paths {
        toml += &format!("[[source]]\nid = \"{}\"\nurl = \"{}\"\n{soon}", &path[1..], origin.url(path));
    }
    let kariz = Kariz::with_config(&toml);
    let counts = || paths.map(|path| count(&origin, path));
    kariz.fetch();
    kariz.later(HOUR);
    kariz.fetch();
    assert_eq!(counts(), [1, 1, 1, 2, 1, 2]);
    kariz.later(HOUR + MINUTE);
    kariz.fetch();
    assert_eq!(counts(), [2, 2, 2, 3, 1, 3]);
    kariz.later(3 * DAY);
    kariz.fetch();
    assert_eq!(counts(), [3, 3, 3, 4, 2, 4], "max_interval holds");
}

#[test]
fn hours_that_a_feed_skips_are_skipped_even_if_it_was_due_before() {
    let origin = Origin::start();
    // All hours but two in the far half of the day.
    let hour = jiff::Timestamp::now().as_second().div_euclid(3600).rem_euclid(24);
    let awake = [(hour + 12) % 24, (hour + 13) % 24];
    let skipped: String =
        (0..24).filter(|h| !awake.contains(h)).map(|h| format!("<hour>{h}</hour>")).collect();
    let body = feed("town").replace("<channel>", &format!("<channel><skipHours>{skipped}</skipHours>"));
    origin.on("/feed", move |_| ok(&body));
    let kariz = one(&origin);
    kariz.fetch();
    // As if the due time had come in an hour that is not skipped, and cron an hour too late.
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.execute("UPDATE source SET next_due = last_visit - 60", []).unwrap();
    drop(db);
    kariz.later(2 * HOUR);
    kariz.fetch();
    assert_eq!(count(&origin, "/feed"), 1, "not in a skipped hour");
    kariz.later(DAY);
    kariz.fetch();
    assert_eq!(count(&origin, "/feed"), 2, "but after max_interval in any case");
}

#[test]
fn who_asks_for_silence_gets_it_for_all_its_sources_over_restarts() {
    let origin = Origin::start();
    origin.on("/a", |seen| match seen.nth {
        0 => status(429, &[("Retry-After", "7200")], ""),
        _ => ok(feed("a")),
    });
    origin.on("/b", |_| ok(feed("b")));
    let kariz = Kariz::with_config(&format!(
        "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n[[source]]\nid = \"a\"\nurl = \"{}\"\n\
         [[source]]\nid = \"b\"\nurl = \"{}\"\n",
        origin.url("/a"),
        origin.url("/b")
    ));
    kariz.fetch();
    let (first_b, state) = (count(&origin, "/b"), kariz.status("a"));
    assert_eq!((&state["state"], &state["error_kind"]), (&"waiting".into(), &"rate_limited".into()));
    assert!(state["error"].as_str().unwrap().starts_with("waiting until 20"), "{state}");
    assert!(state["waiting_until"].is_string());
    for all in [false, true] {
        kariz.later(59 * MINUTE);
        kariz.run(if all { &["fetch", "--all"] } else { &["fetch"] });
        assert_eq!((count(&origin, "/a"), count(&origin, "/b")), (1, first_b), "nobody of the host is asked");
    }
    kariz.later(5 * MINUTE);
    kariz.fetch();
    assert_eq!(count(&origin, "/a"), 2);
    assert_eq!(kariz.items().len(), 2);
}

#[test]
fn retry_after_in_every_form() {
    let now = jiff::Timestamp::now();
    let date = |hours: i64| {
        let at = now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
        jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap()
    };
    // What is asked for, and for how long nobody comes, in hours (a failure alone: one).
    let table = [
        ("7200".to_owned(), 2),
        (date(3), 3),
        (date(-3), 1),
        ("0".to_owned(), 1),
        ("-5".to_owned(), 1),
        ("99999999999999999999".to_owned(), 7 * 24),
        (date(24 * 365 * 20), 7 * 24),
        ("soon".to_owned(), 1),
        ("\u{e9}\u{661}".to_owned(), 1),
        ("1e9".to_owned(), 1),
    ];
    let origins: Vec<Origin> = table.iter().map(|_| Origin::start()).collect();
    let mut toml = "[fetch]\nallow_private_addresses = true\n".to_owned();
    for (n, ((value, _), origin)) in table.iter().zip(&origins).enumerate() {
        let (value, code) = (value.clone(), if n % 2 == 0 { 429 } else { 503 });
        origin.on("/feed", move |_| status(code, &[("Retry-After", &value)], ""));
        toml += &format!("[[source]]\nid = \"s{n}\"\nurl = \"{}\"\ninterval = \"1h\"\n", origin.url("/feed"));
    }
    let kariz = Kariz::with_config(&toml);
    kariz.fetch();
    for (n, (value, hours)) in table.iter().enumerate() {
        let until: jiff::Timestamp =
            kariz.status(&format!("s{n}"))["next_due"].as_str().unwrap().parse().unwrap();
        let waits = until.duration_since(now).as_secs();
        let (least, most) = (hours * HOUR - 3 * MINUTE, hours * HOUR + 2 * MINUTE);
        assert!((least..=most).contains(&waits), "{value}: {waits} s");
    }
}

#[test]
fn a_clock_that_was_ten_years_ahead_does_no_lasting_harm() {
    let origin = Origin::start();
    let undated = "<rss version=\"2.0\"><channel><title>t</title><item><title>Undated news of the mill</title>\
        <guid>1</guid></item></channel></rss>";
    origin.on("/feed", move |_| ok(undated));
    origin.on("/limited", |_| status(429, &[("Retry-After", "86400")], ""));
    let other = Origin::start();
    other.on("/limited", |seen| {
        if seen.nth == 0 { status(429, &[("Retry-After", "86400")], "") } else { ok(feed("x")) }
    });
    let kariz = Kariz::with_sources([("town", origin.url("/feed")), ("limited", other.url("/limited"))]);
    kariz.fetch();
    kariz.later(-10 * 365 * DAY);
    let ran = kariz.fetch();
    assert_eq!(count(&origin, "/feed"), 2, "asked at once: {}", ran.err);
    assert_eq!(count(&other, "/limited"), 2, "nor is a host left alone for ten years");
    for item in kariz.items() {
        let date: jiff::Timestamp = item["date_published"].as_str().unwrap().parse().unwrap();
        assert!(date <= jiff::Timestamp::now(), "nothing is dated in the future: {item}");
    }
    let (before, asked) = (kariz.snapshot(), count(&origin, "/feed"));
    kariz.later(MINUTE);
    kariz.fetch();
    assert_eq!(count(&origin, "/feed"), asked, "and all is as ever");
    assert_eq!(kariz.snapshot(), before);
}

// ---- Where -----------------------------------------------------------------------------------------------

#[test]
fn who_has_moved_is_asked_at_the_new_place() {
    let (old, new) = (Origin::start(), Origin::start());
    let there = new.url("/feed");
    let again = there.clone();
    old.on("/feed", move |_| redirect(301, &there));
    old.on("/lent", move |_| redirect(302, &again));
    old.on("/page", |_| redirect(301, "/login"));
    old.on("/login", |_| ok("<html><body>Log in</body></html>"));
    new.on("/feed", |seen| match seen.header("if-none-match") {
        Some(_) => status(304, &[], ""),
        None => status(200, &[("ETag", "\"1\"")], feed("moved")),
    });
    let kariz = Kariz::with_sources([
        ("moved", old.url("/feed")),
        ("lent", old.url("/lent")),
        ("page", old.url("/page")),
    ]);
    for _ in 0..3 {
        kariz.fetch();
        kariz.later(DAY);
    }
    assert_eq!(count(&old, "/feed"), 1, "the old place is left alone");
    assert_eq!(count(&old, "/lent"), 3);
    assert_eq!((count(&old, "/page"), count(&old, "/login")), (3, 3), "what is no feed is not remembered");
    assert_eq!(kariz.status("moved")["moved_to"], new.url("/feed"));
    assert!(kariz.status("lent")["moved_to"].is_null() && kariz.status("page")["moved_to"].is_null());
    assert_eq!(kariz.status("page")["error_kind"], "not_a_feed");
    assert!(kariz.run(&["status"]).out.contains("moved for good"));
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    assert!(toml.contains(&old.url("/feed")), "the user's file is the user's");
}

#[test]
fn who_is_gone_is_not_asked_again_and_what_it_said_stays() {
    let origin = Origin::start();
    origin.on("/feed", |seen| if seen.nth == 0 { ok(feed("town")) } else { status(410, &[], "") });
    let kariz = one(&origin);
    for _ in 0..5 {
        kariz.fetch();
        kariz.later(2 * DAY);
    }
    assert_eq!(count(&origin, "/feed"), 2);
    let state = kariz.status("town");
    assert_eq!((&state["state"], &state["error_kind"]), (&"gone".into(), &"gone".into()));
    assert_eq!(kariz.items().len(), 1);
}

#[test]
fn nobody_leads_us_inside() {
    // Nothing on this machine may be connected to, unless a source says so.
    let (door, inside) = (Origin::start(), Origin::start());
    inside.otherwise(|_| ok(feed("secret")));
    let there = inside.url("/feed");
    door.on("/feed", move |_| redirect(302, &there));
    let port = inside.address().port();
    let mut toml = format!(
        "[fetch]\nper_host_delay = \"0s\"\n[[source]]\nid = \"open\"\nurl = \"{}\"\n\
        allow_private_addresses = true\n",
        door.url("/open")
    );
    door.on("/open", |_| ok(feed("open")));
    let hosts = [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0",
        "localhost",
        "foo.localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "[2001::1]",
        "[ff02::1]",
    ];
    for (n, host) in hosts.iter().enumerate() {
        toml += &format!("[[source]]\nid = \"s{n}\"\nurl = \"http://{host}:{port}/{n}\"\n");
    }
    let kariz = Kariz::with_config(&toml);
    kariz.fetch();
    assert_eq!(inside.connections(), 0);
    for (n, host) in hosts.iter().enumerate() {
        let state = kariz.status(&format!("s{n}"));
        assert_eq!(state["error_kind"], "forbidden_address", "{host}: {state}");
    }
    assert_eq!(kariz.items().len(), 1);
}

#[test]
fn secrets_are_nowhere_to_be_seen() {
    let origin = Origin::start();
    origin.on("/feed", |seen| if seen.nth == 0 { ok(feed("town")) } else { status(401, &[], "") });
    origin.on("/token", |_| status(403, &[], ""));
    let url = origin.url("/feed").replace("http://", "http://reader:geheim1@");
    let kariz = Kariz::with_config(&format!(
        "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nproxy = \"http://me:geheim2@{proxy}\"\n\
         [[source]]\nid = \"town\"\nurl = \"{url}\"\n\
         [[source]]\nid = \"token\"\nurl = \"{token}\"\nauth = {{ bearer = \"env:KARIZ_TEST_TOKEN\" }}\n\
         headers = {{ Cookie = \"s=geheim4\" }}\n",
        proxy = origin.address(),
        token = origin.url("/token"),
    ));
    let mut said = String::new();
    for arguments in
        [&["fetch", "-vvv"][..], &["fetch", "--all", "-vvv", "--json"], &["status"], &["status", "--json"]]
    {
        let output = kariz
            .command(arguments)
            .env("KARIZ_TEST_TOKEN", "geheim3")
            .env("KARIZ_LOG", "trace")
            .output()
            .unwrap();
        assert!(output.status.success());
        said += &String::from_utf8_lossy(&output.stdout);
        said += &String::from_utf8_lossy(&output.stderr);
    }
    let published: String =
        kariz.bytes().into_iter().map(|(name, bytes)| name + &String::from_utf8_lossy(&bytes)).collect();
    for n in 1..=4 {
        let secret = format!("geheim{n}");
        for (what, text) in [("log", &said), ("outputs", &published)] {
            if let Some(at) = text.find(&secret) {
                panic!("{secret} in the {what}: {}", &text[at.saturating_sub(200)..at + 10]);
            }
        }
    }
}

#[test]
fn sources_of_one_host_are_asked_one_by_one_a_second_apart() {
    let origin = Origin::start();
    origin.otherwise(|seen| ok(feed(seen.target.trim_start_matches('/'))));
    let mut toml = "[fetch]\nallow_private_addresses = true\n".to_owned();
    for n in 0..4 {
        toml += &format!("[[source]]\nurl = \"{}\"\n", origin.url(&format!("/{n}")));
    }
    let kariz = Kariz::with_config(&toml);
    kariz.fetch();
    let times: Vec<_> = origin.all_seen().iter().map(|seen| seen.at).collect();
    assert_eq!(times.len(), 4);
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= ms(990), "{:?}", pair[1] - pair[0]);
    }
}

#[test]
fn one_source_cannot_touch_anothers_entries() {
    let origin = Origin::start();
    let item = |guid: &str, title: &str, text: &str| {
        rss("t", &[(guid, title, "https://town.example/1", text, "Mon, 02 Nov 2026 06:00:00 GMT")])
    };
    let (good, bad) =
        (item("1", "The mill turns again", "After the flood."), item("1", "Buy pills now", "Cheap."));
    origin.on("/good", move |_| ok(&good));
    origin.on("/bad", move |_| ok(&bad));
    let kariz = Kariz::with_sources([("good", origin.url("/good"))]);
    kariz.fetch();
    let id = kariz.items()[0]["id"].clone();
    kariz.configure(
        &(std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap()
            + &format!("[[source]]\nid = \"bad\"\nurl = \"{}\"\n", origin.url("/bad"))),
    );
    kariz.fetch();
    let kept = kariz.items().into_iter().find(|i| i["id"] == id).expect("its story is there");
    assert_eq!(kept["title"], "The mill turns again");
}

#[test]
fn a_clock_that_leaps_takes_nothing_with_it() {
    let origin = Origin::start();
    origin.on("/feed", |_| ok(feed("town")));
    let toml = format!(
        "[fetch]\nallow_private_addresses = true\n[store]\nkeep_period = \"730 days\"\nkeep_min = 0\n\
         [[source]]\nid = \"town\"\nurl = \"{}\"\n",
        origin.url("/feed")
    );
    let kariz = Kariz::with_config(&toml);
    let config = kariz::config::parse(&kariz.path().join("feeds.toml"), &toml, &|_, _| None).unwrap();
    let data = kariz.path().join("data");
    let run_time = tokio::runtime::Runtime::new().unwrap();
    let pass = |days: i64| {
        let now = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        run_time.block_on(kariz::tick::Tick::new(&config, &data, now).run()).unwrap()
    };
    pass(0);
    // Ten years ahead for an hour, and back.
    assert_eq!(pass(3650).pruned.stories, 0);
    pass(1);
    assert_eq!(kariz.items().len(), 1);
    // Ten years that are really over.
    assert_eq!(pass(3650).pruned.stories, 0);
    assert_eq!(pass(3653).pruned.stories, 1);
}
