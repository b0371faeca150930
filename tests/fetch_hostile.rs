//! What a hostile or broken server can do at worst: be absent, with a clear line, while the others
//! finish in their usual time.

#[path = "support/origin.rs"]
mod origin;
#[path = "support/visit.rs"]
mod visit;

use std::io::Write;
use std::time::{Duration, Instant};

use kariz::fetch::Settings;
use kariz::model::{ErrorKind, Fetched, Validators};
use origin::{Origin, Step, feed, ms, ok, raw, redirect, status};
use visit::{client, document, failure, get, hasty, kind, settings, source, visit};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    w.write_all(data).unwrap();
    w.finish().unwrap()
}

fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// Asks for one path of an origin that behaves so, and tells what failed. The sentence is checked for
/// form: one line, the host named, no secrets.
async fn meets(steps: Vec<Step>) -> ErrorKind {
    meets_with(&settings(), steps).await
}

/// The same for what ends by a time-out.
async fn waits_for(steps: Vec<Step>) -> ErrorKind {
    meets_with(&hasty(), steps).await
}

async fn meets_with(settings: &Settings, steps: Vec<Step>) -> ErrorKind {
    let origin = Origin::start();
    origin.on("/feed?key=geheim", move |_| steps.clone());
    let client = client(settings);
    let begin = Instant::now();
    let failed = failure(get(&client, &origin.url("/feed?key=geheim")).await);
    assert!(begin.elapsed() < settings.timeout + Duration::from_secs(5), "it ends in time");
    assert!(failed.message.contains("127.0.0.1"), "the host is named: {}", failed.message);
    assert!(!failed.message.contains("geheim"), "no secrets: {}", failed.message);
    assert!(!failed.message.chars().any(char::is_control), "one line: {}", failed.message);
    assert_eq!(origin.all_seen().len(), 1, "no immediate retry");
    failed.kind
}

#[tokio::test]
async fn statuses_have_their_kinds() {
    let table = [
        (204, ErrorKind::Empty),
        (205, ErrorKind::Empty),
        (206, ErrorKind::UnexpectedStatus),
        (201, ErrorKind::UnexpectedStatus),
        (202, ErrorKind::UnexpectedStatus),
        (300, ErrorKind::UnexpectedStatus),
        (304, ErrorKind::UnexpectedStatus),
        (305, ErrorKind::UnexpectedStatus),
        (400, ErrorKind::ClientError),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::ClientError),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (406, ErrorKind::ClientError),
        (418, ErrorKind::ClientError),
        (429, ErrorKind::RateLimited),
        (451, ErrorKind::Forbidden),
        (500, ErrorKind::ServerError),
        (502, ErrorKind::ServerError),
        (503, ErrorKind::ServerError),
        (599, ErrorKind::ServerError),
        (700, ErrorKind::UnexpectedStatus),
        (999, ErrorKind::UnexpectedStatus),
    ];
    for (code, want) in table {
        assert_eq!(meets(status(code, &[], feed("x"))).await, want, "{code}");
    }
}

#[tokio::test]
async fn silence_of_all_sorts_is_a_time_out() {
    assert_eq!(waits_for(vec![Step::Hang]).await, ErrorKind::Timeout, "no first byte");
    assert_eq!(waits_for(vec![send("HTTP/1.1 200 OK\r\nContent-"), Step::Hang]).await, ErrorKind::Timeout);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    assert_eq!(waits_for(vec![send(head), Step::Hang]).await, ErrorKind::Timeout, "no body");
    assert_eq!(waits_for(vec![send(head), send("<rss>"), Step::Hang]).await, ErrorKind::Timeout, "half-open");
}

#[tokio::test]
async fn drips_are_time_outs() {
    let slow_header = Step::Drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n".to_vec(), ms(30));
    assert_eq!(waits_for(vec![slow_header]).await, ErrorKind::Timeout);
    let slow_body = Step::Drip(feed("slow").into_bytes(), ms(20));
    assert_eq!(
        waits_for(vec![send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), slow_body]).await,
        ErrorKind::Timeout
    );
}

#[tokio::test]
async fn floods_of_interim_answers_are_time_outs() {
    let flood = Step::Forever(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), ms(1));
    assert_eq!(waits_for(vec![flood]).await, ErrorKind::Timeout);
}

#[tokio::test]
async fn endless_bodies_are_too_large() {
    let chunk = vec![b'x'; 0x4000];
    let mut chunked = b"4000\r\n".to_vec();
    chunked.extend(&chunk);
    chunked.extend(b"\r\n");
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(meets(vec![send(head), Step::Forever(chunked, ms(0))]).await, ErrorKind::TooLarge);
    let head = "HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(meets(vec![send(head), Step::Forever(chunk, ms(0))]).await, ErrorKind::TooLarge);
}

#[tokio::test]
async fn what_is_announced_too_large_is_not_read() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    assert_eq!(meets(vec![send(head), Step::Hang]).await, ErrorKind::TooLarge);
}

#[tokio::test]
async fn headers_have_a_limit() {
    let mut long = b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec();
    long.resize(2_000_000, b'a');
    assert_eq!(meets(vec![send(long)]).await, ErrorKind::TooLarge);
    let many: String = (0..5000).map(|n| format!("X-{n}: y\r\n")).collect();
    assert_eq!(meets(raw(format!("HTTP/1.1 200 OK\r\n{many}\r\n<rss/>"))).await, ErrorKind::TooLarge);
    let endless = Step::Forever(b"X-More: and more and more and more\r\n".repeat(100), ms(0));
    assert_eq!(meets(vec![send("HTTP/1.1 200 OK\r\n"), endless]).await, ErrorKind::TooLarge);
}

#[tokio::test]
async fn who_breaks_off_is_told() {
    assert_eq!(meets(vec![Step::Reset]).await, ErrorKind::Interrupted);
    assert_eq!(meets(vec![Step::Close]).await, ErrorKind::Interrupted);
    assert_eq!(meets(vec![send("HTTP/1.1 200 OK\r\nConte"), Step::Reset]).await, ErrorKind::Interrupted);
    assert_eq!(meets(vec![send("HTTP/1.1 200 OK\r\nConte"), Step::Close]).await, ErrorKind::Interrupted);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>";
    assert_eq!(meets(raw(head)).await, ErrorKind::Interrupted, "a lying Content-Length");
    assert_eq!(meets(vec![send(head), Step::Wait(ms(20)), Step::Reset]).await, ErrorKind::Interrupted);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n";
    assert_eq!(meets(raw(chunked)).await, ErrorKind::Interrupted, "no last chunk");
}

#[tokio::test]
async fn what_is_not_http_is_told() {
    for garbage in [
        "<html>hello</html>",
        "<?xml version='1.0'?><rss version='2.0'/>",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "220 mail.example ESMTP\r\n",
        "\r\n\r\n\r\ngarbage\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/3.7 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n<rss/>",
        "\0\0\0\0\0\0\0\0",
    ] {
        assert_eq!(meets(raw(garbage)).await, ErrorKind::BadResponse, "{garbage:?}");
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n";
    let got = meets(raw(chunked)).await;
    assert!(matches!(got, ErrorKind::Interrupted | ErrorKind::BadResponse), "{got:?}");
}

#[tokio::test]
async fn an_empty_body_is_told() {
    assert_eq!(meets(ok("")).await, ErrorKind::Empty);
    assert_eq!(meets(ok(" \r\n\t ")).await, ErrorKind::Empty);
    assert_eq!(meets(status(200, &[("Content-Encoding", "gzip")], gzip(b""))).await, ErrorKind::Empty);
}

#[tokio::test]
async fn broken_codings_are_told() {
    let coded = |name: &str, body: &[u8]| status(200, &[("Content-Encoding", name)], body);
    let whole = gzip(feed("x").repeat(50).as_bytes());
    assert_eq!(meets(coded("gzip", &whole[..whole.len() / 2])).await, ErrorKind::BadEncoding, "truncated");
    assert_eq!(meets(coded("gzip", b"\x01\x02\x03\x04")).await, ErrorKind::BadEncoding, "garbage");
    assert_eq!(meets(coded("sdch", b"\x01\x02\x03\x04")).await, ErrorKind::BadEncoding, "unknown");
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert_eq!(meets(coded("gzip", &bomb)).await, ErrorKind::BadEncoding, "a bomb");
    assert_eq!(meets(coded("gzip, gzip", &gzip(&bomb))).await, ErrorKind::BadEncoding, "a bomb in a bomb");
}

#[tokio::test]
async fn codings_are_undone() {
    let origin = Origin::start();
    let body = feed("codings");
    let plain = body.clone();
    origin.on("/gzip", {
        let body = gzip(body.as_bytes());
        move |_| status(200, &[("Content-Encoding", "gzip")], &body)
    });
    origin.on("/zstd", {
        let body = zstd::encode_all(body.as_bytes(), 3).unwrap();
        move |_| status(200, &[("Content-Encoding", "zstd")], &body)
    });
    origin.on("/lie", {
        let body = body.clone();
        move |_| status(200, &[("Content-Encoding", "gzip")], &body)
    });
    let client = client(&settings());
    for path in ["/gzip", "/zstd", "/lie"] {
        assert_eq!(document(get(&client, &origin.url(path)).await).body, plain.as_bytes(), "{path}");
    }
    let asked = origin.seen("/gzip");
    assert_eq!(asked[0].header("accept-encoding"), Some("gzip, br, zstd, deflate"));
}

#[tokio::test]
async fn odd_but_honest_headers_are_read() {
    let origin = Origin::start();
    let body = feed("odd");
    let length = body.len();
    for (path, head) in [
        ("/folded", format!("HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: {length}\r\n\r\n")),
        ("/space", format!("HTTP/1.1 200 OK\r\nContent-Length : {length}\r\n\r\n")),
        (
            "/broken",
            format!("HTTP/1.1 200 OK\r\n(bad name): x\r\nno colon\r\nContent-Length: {length}\r\n\r\n"),
        ),
        ("/latin1", format!("HTTP/1.1 200 OK\r\nX-Name: caf\u{e9}\r\nContent-Length: {length}\r\n\r\n")),
        ("/bare", format!("HTTP/1.1 200\r\nContent-Length: {length}\r\n\r\n")),
        ("/http10", "HTTP/1.0 200 OK\r\n\r\n".to_owned()),
        (
            "/early",
            format!(
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"
            ),
        ),
    ] {
        let body = body.clone();
        origin.on(path, move |_| raw(format!("{head}{body}")));
    }
    let client = client(&settings());
    for path in ["/folded", "/space", "/broken", "/latin1", "/bare", "/http10", "/early"] {
        let got = get(&client, &origin.url(path)).await;
        assert_eq!(document(got).body, body.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn refused_and_unresolved() {
    let client = client(&settings());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(kind(get(&client, &format!("http://127.0.0.1:{port}/")).await), ErrorKind::Connect);
    assert_eq!(kind(get(&client, "http://no-such-name.invalid/").await), ErrorKind::Dns);
}

#[tokio::test]
async fn tls_failures_are_told_apart() {
    let origin = Origin::start_tls(&["127.0.0.1", "localhost"]);
    origin.on("/feed", |_| ok(feed("safe")));
    let directory = tempfile::tempdir().unwrap();
    let pem = directory.path().join("roots.pem");
    std::fs::write(&pem, origin.ca_pem()).unwrap();

    let strangers = client(&settings());
    let failed = failure(get(&strangers, &origin.url("/feed")).await);
    assert_eq!(failed.kind, ErrorKind::Tls);
    assert!(failed.message.contains("[fetch] root_certificates"), "{}", failed.message);

    let friends = client(&Settings { extra_root_certificates: vec![pem.clone()], ..settings() });
    let got = document(get(&friends, &origin.url("/feed")).await);
    assert_eq!(got.body, feed("safe").as_bytes());
    document(get(&friends, &origin.url_by_name("localhost", "/feed")).await);

    let failed = failure(get(&friends, &origin.url("/feed").replace("127.0.0.1", "127.0.0.2")).await);
    assert!(matches!(failed.kind, ErrorKind::Connect | ErrorKind::Tls), "{failed:?}");

    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let wrong = format!("https://{}/feed", plain.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        std::thread::sleep(ms(200));
    });
    assert_eq!(kind(get(&friends, &wrong).await), ErrorKind::Tls, "no TLS there");

    let old = Origin::start_tls_between(&["127.0.0.1"], (2001, 2002));
    std::fs::write(&pem, old.ca_pem()).unwrap();
    let friends = client(&Settings { extra_root_certificates: vec![pem.clone()], ..settings() });
    let failed = failure(get(&friends, &old.url("/feed")).await);
    assert_eq!(failed.kind, ErrorKind::Tls);
    assert!(failed.message.contains("expired"), "{}", failed.message);

    std::fs::write(&pem, "no certificate").unwrap();
    let wrong = kariz::fetch::Client::new(&Settings { extra_root_certificates: vec![pem], ..settings() });
    assert!(wrong.err().unwrap().to_string().contains("roots.pem"));
}

#[tokio::test]
async fn redirects_that_lead_nowhere() {
    let origin = Origin::start();
    let table: &[(&str, u16, Option<&str>, ErrorKind)] = &[
        ("/none", 302, None, ErrorKind::BadRedirect),
        ("/empty", 302, Some(""), ErrorKind::BadRedirect),
        ("/garbage", 301, Some("http://[::1"), ErrorKind::BadRedirect),
        ("/nohost", 301, Some("http://"), ErrorKind::BadRedirect),
        ("/self", 302, Some("/self"), ErrorKind::TooManyRedirects),
        ("/file", 302, Some("file:///etc/hostname"), ErrorKind::ForbiddenScheme),
        ("/ftp", 302, Some("ftp://files.example/"), ErrorKind::ForbiddenScheme),
        ("/data", 302, Some("data:text/xml,<rss/>"), ErrorKind::ForbiddenScheme),
        ("/js", 302, Some("javascript:alert(1)"), ErrorKind::ForbiddenScheme),
        ("/gopher", 302, Some("gopher://127.0.0.1:6379/_x"), ErrorKind::ForbiddenScheme),
    ];
    for (path, code, to, _) in table {
        let (code, to) = (*code, *to);
        origin.on(path, move |_| match to {
            Some(to) => redirect(code, to),
            None => status(code, &[], ""),
        });
    }
    origin.on("/ping", |_| redirect(302, "/pong"));
    origin.on("/pong", |_| redirect(302, "/ping"));
    for n in 0..10 {
        origin.on(&format!("/{n}"), move |_| redirect(302, &format!("/{}", n + 1)));
    }
    origin.on("/10", |_| ok(feed("far")));
    let client = client(&settings());
    for (path, _, _, want) in table {
        assert_eq!(kind(get(&client, &origin.url(path)).await), *want, "{path}");
    }
    assert_eq!(kind(get(&client, &origin.url("/ping")).await), ErrorKind::TooManyRedirects);
    assert_eq!(kind(get(&client, &origin.url("/0")).await), ErrorKind::TooManyRedirects);
    assert!(origin.seen("/6").is_empty());
    document(get(&client, &origin.url("/5")).await);
}

#[tokio::test]
async fn a_redirect_that_takes_all_its_time_at_each_hop_ends_at_the_limit() {
    let origin = Origin::start();
    for n in 0..5 {
        origin.on(&format!("/{n}"), move |_| {
            let mut steps = vec![Step::Wait(ms(400))];
            steps.extend(redirect(302, &format!("/{}", n + 1)));
            steps
        });
    }
    let begin = Instant::now();
    let client = client(&hasty());
    assert_eq!(kind(get(&client, &origin.url("/0")).await), ErrorKind::Timeout);
    assert!(begin.elapsed() < ms(5 * 400), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn fifty_that_hang_hold_up_nobody() {
    let healthy = Origin::start();
    healthy.otherwise(|_| ok(feed("healthy")));
    let dead = Origin::start();
    dead.otherwise(|_| vec![Step::Hang]);
    let settings = Settings { per_host_concurrency: 1000, concurrency: 16, ..hasty() };
    let client = client(&settings);
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for n in 0..250 {
        let origin = if n % 5 == 0 { &dead } else { &healthy };
        let (client, url) = (client.clone(), origin.url(&format!("/{n}")));
        tasks.push(tokio::spawn(async move { (n, get(&client, &url).await, begin.elapsed()) }));
    }
    for task in tasks {
        let (n, got, _) = task.await.unwrap();
        if n % 5 == 0 {
            assert_eq!(kind(got), ErrorKind::Timeout);
        } else {
            document(got);
        }
    }
    // 50 time-outs of half a second in 16 slots, one after the other; not 50 of them (25 s).
    assert!(begin.elapsed() < ms(10_000), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn answers_within_the_limit_all_come_however_many_there_are() {
    let origin = Origin::start();
    let body = feed("large").repeat(2800);
    assert!(body.len() > 900_000);
    let sent = body.clone();
    origin.otherwise(move |_| ok(&sent));
    // Room for three of them.
    let settings = Settings {
        memory: 3 * 1024 * 1024,
        per_host_concurrency: 64,
        timeout: Duration::from_secs(10),
        ..settings()
    };
    let client = client(&settings);
    let mut tasks = Vec::new();
    for n in 0..40 {
        let (client, url) = (client.clone(), origin.url(&format!("/{n}")));
        tasks.push(tokio::spawn(async move { document(get(&client, &url).await).body.len() }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), body.len());
    }
}

#[tokio::test]
async fn large_answers_that_stop_in_the_middle_give_way_to_others() {
    let (dead, healthy) = (Origin::start(), Origin::start());
    dead.otherwise(|_| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n".to_vec();
        bytes.resize(700_000, b'x');
        vec![Step::Send(bytes), Step::Hang]
    });
    let body = feed("healthy").repeat(1000);
    let sent = body.clone();
    healthy.otherwise(move |_| ok(&sent));
    // Room for two of them.
    let settings = Settings { memory: 1024 * 1024, per_host_concurrency: 64, ..settings() };
    let client = client(&settings);
    let mut hanging = Vec::new();
    for n in 0..8 {
        let (client, url) = (client.clone(), dead.url(&format!("/{n}")));
        hanging.push(tokio::spawn(async move { kind(get(&client, &url).await) }));
    }
    while dead.all_seen().len() < 8 {
        tokio::time::sleep(ms(10)).await;
    }
    tokio::time::sleep(ms(200)).await;
    for n in 0..3 {
        assert_eq!(document(get(&client, &healthy.url(&format!("/{n}"))).await).body.len(), body.len());
    }
    for task in hanging {
        assert_eq!(task.await.unwrap(), ErrorKind::Timeout);
    }
}

#[tokio::test]
async fn gone_is_believed_only_where_the_source_says_it_itself() {
    let origin = Origin::start();
    origin.on("/gone", |_| status(410, &[], ""));
    origin.on("/moved", |_| redirect(301, "/gone"));
    origin.on("/lent", |_| redirect(302, "/gone"));
    let client = client(&settings());
    assert!(matches!(get(&client, &origin.url("/gone")).await, Fetched::Gone));
    assert!(matches!(get(&client, &origin.url("/moved")).await, Fetched::Gone));
    assert_eq!(kind(get(&client, &origin.url("/lent")).await), ErrorKind::Gone);
}

#[tokio::test]
async fn files_come_from_the_operator_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("feed.xml");
    std::fs::write(&path, feed("file")).unwrap();
    let client = client(&settings());
    let mut source = source("http://gardens.example/");
    source.location = kariz::model::Location::File(path);
    assert_eq!(kind(visit(&client, &source, &Validators::default()).await), ErrorKind::ForbiddenScheme);
}

#[tokio::test]
async fn what_frames_a_body_has_limits_too() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let broken = |kind: ErrorKind| {
        matches!(
            kind,
            ErrorKind::BadResponse | ErrorKind::Interrupted | ErrorKind::TooLarge | ErrorKind::Timeout
        )
    };
    for (what, steps) in [
        ("chunk extensions", vec![send(format!("{chunked}5;")), Step::Forever(b"x=y;".repeat(4096), ms(0))]),
        (
            "trailers",
            vec![
                send(format!("{chunked}5\r\n<rss>\r\n0\r\n")),
                Step::Forever(b"X-T: v\r\n".repeat(4096), ms(0)),
            ],
        ),
        ("a reason", vec![send("HTTP/1.1 200 "), Step::Forever(vec![b'O'; 16384], ms(0))]),
        ("a name", vec![send("HTTP/1.1 200 OK\r\n"), Step::Forever(vec![b'X'; 16384], ms(0))]),
        ("zeros", vec![send(chunked), Step::Forever(vec![b'0'; 16384], ms(0))]),
        ("empty lines", vec![Step::Forever(b"\r\n".repeat(8192), ms(0))]),
        ("one-byte chunks", vec![send(chunked), Step::Forever(b"1\r\nx\r\n".repeat(4096), ms(0))]),
    ] {
        let kind = meets_with(&Settings { timeout: Duration::from_secs(3), ..settings() }, steps).await;
        assert!(broken(kind), "{what}: {kind:?}");
    }
}

#[tokio::test]
async fn what_a_redirect_says_beside_its_target_goes_nowhere() {
    let origin = Origin::start();
    let with_user = origin.url("/feed#part").replace("http://", "http://user:geheim@");
    origin.on("/user", move |_| redirect(301, &with_user));
    let long = format!("/feed?{}", "x".repeat(100_000));
    origin.on("/long", move |_| redirect(301, &long));
    origin.on("/cookie", |seen| match seen.header("cookie") {
        Some(_) => ok(feed("with a cookie")),
        None => {
            status(302, &[("Location", "/feed"), ("Set-Cookie", "seen=1"), ("Refresh", "0; url=/other")], "")
        }
    });
    origin.on("/feed", |_| ok(feed("here")));
    let client = client(&settings());
    let got = document(get(&client, &origin.url("/user")).await);
    assert_eq!(
        got.moved_to.map(String::from),
        Some(origin.url("/feed")),
        "neither name nor password nor part"
    );
    document(get(&client, &origin.url("/cookie")).await);
    let seen = origin.seen("/feed");
    assert!(seen.iter().all(|s| s.header("authorization").is_none() && s.header("cookie").is_none()));
    let failed = get(&client, &origin.url("/long")).await;
    assert!(matches!(kind(failed), ErrorKind::BadRedirect | ErrorKind::TooLarge));
}
