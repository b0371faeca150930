//! What site owners see of kariz, and what it never does: promises kept towards a scripted origin.

#[path = "support/origin.rs"]
mod origin;
#[path = "support/visit.rs"]
mod visit;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use kariz::fetch::{Clock, Purpose, Request, Settings, host_key, user_agent};
use kariz::model::{ErrorKind, Fetched, Location, Validators};
use origin::{Origin, Seen, Step, feed, ms, ok, redirect, status};
use url::Url;
use visit::{client, document, failure, get, kind, settings, source, visit};

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn fixed() -> Settings {
    Settings { clock: Clock::new(now), ..settings() }
}

fn has(seen: &Seen, name: &str) -> bool {
    seen.bytes(name).is_some()
}

#[tokio::test]
async fn says_who_it_is_and_what_it_wants() {
    let origin = Origin::start();
    origin.on("/feed", |_| ok(feed("x")));
    let settings = Settings {
        user_agent: user_agent(Some("https://kariz.example/feed.xml")),
        from: Some("desk@kariz.example".into()),
        ..settings()
    };
    document(get(&client(&settings), &origin.url("/feed#part")).await);
    let seen = &origin.seen("/feed")[0];
    assert_eq!(seen.method, "GET");
    let agent = format!("kariz/{} (+https://kariz.example/feed.xml)", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen.header("user-agent"), Some(agent.as_str()));
    assert_eq!(seen.header("from"), Some("desk@kariz.example"));
    assert!(seen.header("accept").unwrap().starts_with("application/atom+xml"));
    for name in ["if-none-match", "if-modified-since", "a-im", "cookie", "referer", "authorization"] {
        assert!(!has(seen, name), "{name} in a first request");
    }
}

#[tokio::test]
async fn validators_go_back_byte_for_byte() {
    let origin = Origin::start();
    origin.on("/feed", |seen| {
        let mut head =
            b"HTTP/1.1 200 OK\r\nETag: W/\"caf\xe9 \\, 1\r\nLast-Modified: Sun,  1 Mar 26 8:00 CET\r\n"
                .to_vec();
        if seen.nth > 0 {
            head = b"HTTP/1.1 304 Not Modified\r\nETag: \"renewed\"\r\nCache-Control: max-age=7200\r\n\r\n"
                .to_vec();
            return vec![Step::Send(head)];
        }
        head.extend(b"Content-Length: 6\r\n\r\n<rss/>");
        vec![Step::Send(head)]
    });
    let client = client(&settings());
    let source = source(&origin.url("/feed"));
    let first = document(visit(&client, &source, &Validators::default()).await);
    let Fetched::NotModified { validators, fresh_for } = visit(&client, &source, &first.validators).await
    else {
        panic!("not modified")
    };
    let seen = origin.seen("/feed");
    assert_eq!(seen[1].bytes("if-none-match"), Some(&b"W/\"caf\xe9 \\, 1"[..]));
    assert_eq!(seen[1].bytes("if-modified-since"), Some(&b"Sun,  1 Mar 26 8:00 CET"[..]));
    assert_eq!(seen[1].header("a-im"), Some("feed"));
    assert_eq!(validators.etag.as_deref(), Some(&b"\"renewed\""[..]), "a 304 may renew them");
    assert_eq!(validators.last_modified, first.validators.last_modified, "and keeps what it does not name");
    assert_eq!(fresh_for, Some(Duration::from_secs(7200)));
    assert_eq!(seen[0].connection, seen[1].connection, "the connection is reused");
}

#[tokio::test]
async fn only_what_is_new_is_understood() {
    let origin = Origin::start();
    origin.on("/feed", |_| status(226, &[("IM", "feed"), ("ETag", "\"2\"")], feed("delta")));
    origin.on("/diff", |_| status(226, &[("IM", "vcdiff")], "x"));
    let client = client(&settings());
    let known = Validators { etag: Some(b"\"1\"".to_vec()), ..Validators::default() };
    let got = document(visit(&client, &source(&origin.url("/feed")), &known).await);
    assert!(got.partial);
    assert_eq!(
        kind(visit(&client, &source(&origin.url("/diff")), &known).await),
        ErrorKind::UnexpectedStatus
    );
}

#[tokio::test]
async fn what_the_answer_says_of_itself() {
    let origin = Origin::start();
    origin.on("/dir/feed", |_| {
        let fields = [
            ("Content-Type", "application/atom+xml; charset=iso-8859-2"),
            ("Cache-Control", "max-age=600"),
            ("Content-Location", "/dir/feed.en"),
            ("Link", "</hub>; rel=hub, </dir/feed>; rel=self"),
        ];
        status(200, &fields, feed("x"))
    });
    origin.on("/inner", |_| status(200, &[("Content-Location", "http://10.0.0.7/feed")], feed("x")));
    let client = client(&settings());
    let got = document(get(&client, &origin.url("/dir/feed")).await);
    assert_eq!(got.content_type.as_deref(), Some("application/atom+xml; charset=iso-8859-2"));
    assert_eq!(got.fresh_for, Some(Duration::from_secs(600)));
    assert_eq!(got.url.unwrap().as_str(), origin.url("/dir/feed.en"));
    assert_eq!(got.hub.unwrap().as_str(), origin.url("/hub"));
    assert_eq!(got.topic.unwrap().as_str(), origin.url("/dir/feed"));
    assert_eq!((got.status, got.partial, got.moved_to), (200, false, None));
    let got = document(get(&client, &origin.url("/inner")).await);
    assert_eq!(got.url.unwrap().as_str(), origin.url("/inner"), "not the address on its inner network");
}

#[tokio::test]
async fn permanent_moves_are_told_up_to_the_first_temporary_hop() {
    let origin = Origin::start();
    origin.on("/a", |_| redirect(301, "/b"));
    origin.on("/b", |_| redirect(308, "c"));
    origin.on("/c", |_| ok(feed("moved")));
    origin.on("/d", |_| redirect(301, "/e"));
    origin.on("/e", |_| redirect(302, "/b"));
    for code in [300, 302, 303, 307] {
        origin.on(&format!("/{code}"), move |_| redirect(code, "/a"));
    }
    let client = client(&settings());
    let got = document(get(&client, &origin.url("/a")).await);
    assert_eq!(got.moved_to.unwrap().as_str(), origin.url("/c"));
    assert_eq!(got.url.unwrap().as_str(), origin.url("/c"));
    let got = document(get(&client, &origin.url("/d")).await);
    assert_eq!(got.moved_to.unwrap().as_str(), origin.url("/e"));
    for code in [300, 302, 303, 307] {
        let got = document(get(&client, &origin.url(&format!("/{code}"))).await);
        assert_eq!(got.moved_to, None, "{code}");
    }
}

#[tokio::test]
async fn validators_are_sent_to_the_url_that_gave_them() {
    let origin = Origin::start();
    origin.on("/feed", |seen| redirect(302, if seen.nth < 2 { "/here" } else { "/there" }));
    origin.on("/here", |seen| match seen.header("if-none-match") {
        Some("\"here\"") => status(304, &[], ""),
        _ => status(200, &[("ETag", "\"here\"")], feed("here")),
    });
    origin.on("/there", |_| ok(feed("there")));
    let client = client(&settings());
    let source = source(&origin.url("/feed"));
    let first = document(visit(&client, &source, &Validators::default()).await);
    let second = visit(&client, &source, &first.validators).await;
    assert!(matches!(second, Fetched::NotModified { .. }), "{second:?}");
    document(visit(&client, &source, &first.validators).await);
    assert!(!has(&origin.seen("/feed")[1], "if-none-match"));
    assert!(!has(&origin.seen("/there")[0], "if-none-match"), "they mean nothing there");
}

#[tokio::test]
async fn retry_after_silences_the_host() {
    let (origin, other) = (Origin::start(), Origin::start());
    origin.on("/a", |_| status(429, &[("Retry-After", "3600")], ""));
    origin.otherwise(|_| ok(feed("x")));
    other.on("/b", |_| status(503, &[("Retry-After", "Sun, 01 Mar 2026 13:30:00 GMT")], ""));
    let first = client(&fixed());
    let failed = failure(get(&first, &origin.url("/a")).await);
    assert_eq!((failed.kind, failed.status), (ErrorKind::RateLimited, Some(429)));
    assert_eq!(failed.retry_at, Some("2026-03-01T13:00:00Z".parse().unwrap()));
    assert!(failed.message.starts_with("waiting until 2026-03-01T13:00:00Z"), "{}", failed.message);

    let failed = failure(get(&first, &origin.url("/b")).await);
    assert_eq!((failed.kind, failed.status), (ErrorKind::RateLimited, None));
    assert_eq!(failed.retry_at, Some("2026-03-01T13:00:00Z".parse().unwrap()));
    assert!(origin.seen("/b").is_empty(), "nobody of this host is asked");

    let failed = failure(get(&first, &other.url("/b")).await);
    assert_eq!(failed.retry_at, Some("2026-03-01T13:30:00Z".parse().unwrap()));
    assert_eq!(first.silences().len(), 2);

    // The next run.
    let second = client(&fixed());
    for (host, until) in first.silences() {
        second.silence(&host, until);
    }
    assert_eq!(kind(get(&second, &origin.url("/b")).await), ErrorKind::RateLimited);
    assert!(origin.seen("/b").is_empty());
    let hour = || "2026-03-01T13:00:01Z".parse().unwrap();
    let third = client(&Settings { clock: Clock::new(hour), ..settings() });
    for (host, until) in first.silences() {
        third.silence(&host, until);
    }
    document(get(&third, &origin.url("/b")).await);
    assert_eq!(third.silences().len(), 1);
}

#[tokio::test]
async fn a_silence_counts_for_those_who_wait_and_for_redirects_too() {
    let (origin, door) = (Origin::start(), Origin::start());
    origin.otherwise(|_| status(503, &[("Retry-After", "60")], ""));
    let there = origin.url("/late");
    door.on("/feed", move |_| redirect(302, &there));
    let client = client(&Settings { per_host_delay: ms(20), ..settings() });
    let mut tasks = Vec::new();
    for n in 0..10 {
        let (client, url) = (client.clone(), origin.url(&format!("/{n}")));
        tasks.push(tokio::spawn(async move { kind(get(&client, &url).await) }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), ErrorKind::RateLimited);
    }
    assert_eq!(origin.all_seen().len(), 1);
    assert_eq!(kind(get(&client, &door.url("/feed")).await), ErrorKind::RateLimited);
    assert!(origin.seen("/late").is_empty());
}

#[tokio::test]
async fn retry_after_elsewhere_means_nothing() {
    let origin = Origin::start();
    for code in [404, 500] {
        origin.on(&format!("/{code}"), move |_| status(code, &[("Retry-After", "3600")], ""));
    }
    origin.on("/moved", |_| status(302, &[("Retry-After", "3600"), ("Location", "/ok")], ""));
    origin.on("/ok", |_| ok(feed("x")));
    let client = client(&fixed());
    for code in [404, 500] {
        assert_eq!(failure(get(&client, &origin.url(&format!("/{code}"))).await).retry_at, None);
    }
    document(get(&client, &origin.url("/moved")).await);
    assert!(client.silences().is_empty());
}

#[tokio::test]
async fn one_at_a_time_and_a_pause_apart_redirects_included() {
    let origin = Origin::start();
    origin.otherwise(|_| {
        let mut steps = vec![Step::Wait(ms(10))];
        steps.extend(ok(feed("x")));
        steps
    });
    origin.on("/0", |_| redirect(302, "/target"));
    let delay = ms(150);
    let client = client(&Settings { per_host_delay: delay, timeout: ms(700), ..settings() });
    let mut tasks = Vec::new();
    for n in 0..5 {
        let (client, url) = (client.clone(), origin.url(&format!("/{n}")));
        tasks.push(tokio::spawn(async move { document(get(&client, &url).await) }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut times: Vec<Instant> = origin.all_seen().iter().map(|seen| seen.at).collect();
    times.sort();
    assert_eq!(times.len(), 6);
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= delay, "{:?}", pair[1] - pair[0]);
    }
    assert_eq!(origin.connections(), 1, "one connection for all");
}

#[tokio::test]
async fn servers_that_close_without_saying_so_are_read() {
    let origin = Origin::start();
    origin.otherwise(|_| {
        let body = feed("short");
        origin::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    });
    let client = client(&settings());
    for n in 0..300 {
        document(get(&client, &origin.url(&format!("/{n}"))).await);
    }
}

#[tokio::test]
async fn a_server_that_keeps_connections_is_believed_when_it_breaks_one_off() {
    let origin = Origin::start();
    origin.otherwise(|_| ok(feed("x")));
    origin.on("/reset", |_| vec![Step::Reset]);
    origin.on("/close", |_| vec![Step::Close]);
    let client = client(&settings());
    for path in ["/1", "/2"] {
        document(get(&client, &origin.url(path)).await);
    }
    for path in ["/reset", "/3", "/close"] {
        let got = get(&client, &origin.url(path)).await;
        assert_eq!(origin.seen(path).len(), 1, "{path}");
        assert_eq!(path == "/3", matches!(got, Fetched::Document(_)), "{path}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn thousands_of_hosts_do_not_use_up_the_descriptors() {
    let origin = Origin::start_at(std::net::Ipv4Addr::UNSPECIFIED.into());
    origin.otherwise(|_| ok(feed("x")));
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let client = client(&Settings {
        timeout: Duration::from_secs(20),
        first_byte_timeout: Duration::from_secs(20),
        ..settings()
    });
    let before = open();
    let mut tasks = Vec::new();
    for n in 0..1000 {
        let url = format!("http://127.1.{}.{}:{}/", n / 250, n % 250 + 1, origin.address().port());
        let client = client.clone();
        tasks.push(tokio::spawn(async move { drop(document(get(&client, &url).await)) }));
    }
    let mut most = 0;
    for task in tasks {
        task.await.unwrap();
        most = most.max(open() - before);
    }
    // Both ends of each connection are ours here.
    assert!(most / 2 < 512, "{} connections", most / 2);
}

#[tokio::test]
async fn robots_txt_is_asked_for_pages_and_not_for_feeds() {
    let (site, away) = (Origin::start(), Origin::start());
    let broken = Origin::start();
    site.otherwise(|_| ok("<html>page</html>"));
    site.on("/robots.txt", |_| ok("User-agent: kariz\nDisallow: /private"));
    let there = away.url("/private");
    site.on("/leave", move |_| redirect(302, &there));
    away.on("/robots.txt", |_| ok("User-agent: *\nDisallow: /private"));
    broken.otherwise(|_| status(500, &[], ""));
    let none = Origin::start();
    none.on("/page", |_| ok("<html>page</html>"));
    let client = client(&settings());
    let source = source(&site.url("/feed"));
    let page = async |url: String, purpose| {
        let location = Location::Http(Url::parse(&url).unwrap());
        let validators = &Validators::default();
        let request =
            Request { source: &source, location: &location, validators, may_use_file: false, purpose };
        client.fetch(&request).await
    };
    document(page(site.url("/private/x"), Purpose::Feed).await);
    assert!(site.seen("/robots.txt").is_empty());
    document(page(site.url("/news?id=1"), Purpose::Page).await);
    assert_eq!(kind(page(site.url("/private/y"), Purpose::Page).await), ErrorKind::Robots);
    assert!(site.seen("/private/y").is_empty());
    assert_eq!(site.seen("/robots.txt").len(), 1, "once");
    assert!(site.seen("/news?id=1")[0].header("accept").unwrap().starts_with("text/html"));
    assert_eq!(kind(page(site.url("/leave"), Purpose::Page).await), ErrorKind::Robots);
    assert!(away.seen("/private").is_empty(), "also behind a redirect");
    assert_eq!(kind(page(broken.url("/page"), Purpose::Page).await), ErrorKind::Robots);
    document(page(none.url("/page"), Purpose::Page).await);
    // Where nobody answers, that is what is wrong, and not what robots.txt says.
    let gone = Origin::start();
    let nobody = gone.url("/page");
    drop(gone);
    for _ in 0..2 {
        assert_eq!(kind(page(nobody.clone(), Purpose::Page).await), ErrorKind::Connect);
    }
}

#[tokio::test]
async fn hosts_have_one_name_each() {
    let origin = Origin::start();
    assert_eq!(host_key(&Url::parse(&origin.url("/x")).unwrap()), origin.address().to_string());
}

#[tokio::test]
async fn files_are_read_once_and_again_when_they_change() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("feed.xml");
    std::fs::write(&path, feed("one")).unwrap();
    let later = Clock::new(|| Timestamp::now().checked_add(jiff::SignedDuration::from_secs(60)).unwrap());
    let client = client(&Settings { clock: later, max_size: 4096, ..settings() });
    let mut source = source("http://gardens.example/");
    let read = async |path: &std::path::Path, validators: &Validators| {
        source.location = Location::File(path.to_owned());
        let request = Request {
            source: &source,
            location: &source.location,
            validators,
            may_use_file: true,
            purpose: Purpose::Feed,
        };
        client.fetch(&request).await
    };
    let mut read = read;
    let first = document(read(&path, &Validators::default()).await);
    assert_eq!(first.body, feed("one").as_bytes());
    assert!(matches!(read(&path, &first.validators).await, Fetched::NotModified { .. }));
    std::fs::write(&path, feed("two")).unwrap();
    assert_eq!(document(read(&path, &first.validators).await).body, feed("two").as_bytes());

    std::fs::write(&path, "x".repeat(5000)).unwrap();
    assert_eq!(kind(read(&path, &Validators::default()).await), ErrorKind::TooLarge);
    std::fs::write(&path, "").unwrap();
    assert_eq!(kind(read(&path, &Validators::default()).await), ErrorKind::Empty);
    for wrong in [directory.path().to_owned(), directory.path().join("missing.xml"), "/dev/zero".into()] {
        let failed = failure(read(&wrong, &Validators::default()).await);
        assert_eq!(failed.kind, ErrorKind::File, "{failed:?}");
        assert!(failed.message.contains(wrong.to_str().unwrap()), "{}", failed.message);
    }
    let pipe = directory.path().join("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()) {
        assert_eq!(kind(read(&pipe, &Validators::default()).await), ErrorKind::File, "a pipe does not hang");
    }
}
