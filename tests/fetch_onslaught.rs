//! Whatever comes: dozens of bad sources at once, each in its own way. The real binary names them, publishes the others and
//! stays small.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;

use std::io::Write;

use binary::{Kariz, rss};
use origin::{Origin, Step, feed, ms, ok, raw, redirect, status};

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    w.write_all(data).unwrap();
    w.finish().unwrap()
}

/// What a hostile server does, and what is said of it.
fn hostile() -> Vec<(&'static str, Vec<Step>, &'static [&'static str])> {
    let send = |bytes: &[u8]| Step::Send(bytes.to_vec());
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n";
    let body = |rest: &[u8]| [&head[..], rest].concat();
    let coded = |name: &str, bytes: &[u8]| status(200, &[("Content-Encoding", name)], bytes);
    let spaces = vec![b' '; 60_000_000];
    let bomb = gzip(&spaces);
    let zlib = {
        let mut w = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(&spaces).unwrap();
        w.finish().unwrap()
    };
    let brotli = {
        let mut out = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality: 1, ..Default::default() };
        brotli::BrotliCompress(&mut spaces.as_slice(), &mut out, &params).unwrap();
        out
    };
    let zstd = zstd::encode_all(spaces.as_slice(), 1).unwrap();
    let whole = gzip(feed("whole").repeat(40).as_bytes());
    let chunk = [&b"4000\r\n"[..], &[b'x'; 0x4000], b"\r\n"].concat();
    let items = format!(
        "<rss version=\"2.0\"><channel><title>t</title>{}</channel></rss>",
        "<item/>".repeat(1_300_000)
    );
    let titles: String =
        (0..120_000).map(|n| format!("<item><guid>{n}</guid><title>Title {n}</title></item>")).collect();
    let titles = format!("<rss version=\"2.0\"><channel><title>t</title>{titles}</channel></rss>");
    let deep = format!("<rss version=\"2.0\"><channel><title>t</title><item>{}", "<a>".repeat(1_000_000));
    let html = format!(
        "<rss version=\"2.0\"><channel><title>t</title><item><title>Deep</title><description>{}</description></item></channel></rss>",
        "&lt;div&gt;".repeat(300_000)
    );
    let answers: &[&str] = &["interrupted", "bad_response"];
    vec![
        ("hang", vec![Step::Hang], &["timeout"]),
        ("hang-head", vec![send(b"HTTP/1.1 200 O"), Step::Hang], &["timeout"]),
        ("hang-body", vec![send(&body(b"Content-Length: 999\r\n\r\n<rss>")), Step::Hang], &["timeout"]),
        (
            "drip-head",
            vec![Step::Drip(vec![b'H'; 10], ms(0)), Step::Drip(body(b""), ms(400))],
            &["timeout", "bad_response"],
        ),
        ("drip-body", vec![send(&body(b"\r\n")), Step::Drip(vec![b' '; 1000], ms(100))], &["timeout"]),
        (
            "interim",
            vec![Step::Forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".to_vec(), ms(1))],
            &["timeout"],
        ),
        (
            "switching",
            raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            &["unexpected_status", "bad_response"],
        ),
        ("reset", vec![Step::Reset], &["interrupted"]),
        (
            "reset-body",
            vec![send(&body(b"Content-Length: 999\r\n\r\n<rss>")), Step::Wait(ms(20)), Step::Reset],
            &["interrupted"],
        ),
        ("short", raw(body(b"Content-Length: 999\r\n\r\n<rss>")), &["interrupted"]),
        ("chunk-cut", raw(body(b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n")), answers),
        ("chunk-bad", raw(body(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n")), answers),
        (
            "chunk-huge",
            raw(body(b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n<rss>\r\n")),
            answers,
        ),
        ("length-bad", raw(body(b"Content-Length: -1\r\n\r\n<rss>")), &["bad_response"]),
        ("length-two", raw(body(b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n<rss>")), &["bad_response"]),
        (
            "length-huge",
            vec![send(&body(b"Content-Length: 99999999999\r\n\r\n")), Step::Hang],
            &["too_large"],
        ),
        ("garbage", raw(b"\0\xff\xfe\r\n\r\n"), &["bad_response"]),
        (
            "headers",
            vec![send(b"HTTP/1.1 200 OK\r\n"), Step::Forever(b"X-More: and more\r\n".repeat(200), ms(0))],
            &["too_large"],
        ),
        ("endless", vec![send(&body(b"\r\n")), Step::Forever(vec![b'x'; 0x8000], ms(0))], &["too_large"]),
        (
            "endless-chunks",
            vec![send(&body(b"Transfer-Encoding: chunked\r\n\r\n")), Step::Forever(chunk, ms(0))],
            &["too_large"],
        ),
        ("bomb-gzip", coded("gzip", &bomb), &["bad_encoding"]),
        ("bomb-twice", coded("gzip, gzip", &gzip(&bomb)), &["bad_encoding"]),
        ("bomb-deflate", coded("deflate", &zlib), &["bad_encoding"]),
        ("bomb-br", coded("br", &brotli), &["bad_encoding"]),
        ("bomb-zstd", coded("zstd", &zstd), &["bad_encoding"]),
        ("truncated", coded("gzip", &whole[..whole.len() - 20]), &["bad_encoding"]),
        ("unknown-coding", coded("sdch", b"\x01\x02\x03"), &["bad_encoding"]),
        ("items", ok(items), &[]),
        ("titles", ok(titles), &[]),
        ("deep", ok(deep), &[]),
        ("deep-html", ok(html), &[]),
        (
            "large-text",
            ok(format!(
                "<rss version=\"2.0\"><channel><title>t</title><item><title>T</title><description>{}</description></item></channel></rss>",
                "word ".repeat(1_900_000)
            )),
            &[],
        ),
        ("empty", ok(""), &["empty"]),
        ("zeros", ok([0u8; 5000]), &["parse", "empty", "not_a_feed"]),
        (
            "page",
            ok("<html><head><meta http-equiv=refresh content='0;url=/feed'></head></html>"),
            &["not_a_feed"],
        ),
        ("no-content", status(204, &[], ""), &["empty"]),
        ("not-modified", status(304, &[], ""), &["unexpected_status"]),
        ("partial", status(206, &[], feed("x")), &["unexpected_status"]),
        ("loop", redirect(302, "/feed"), &["too_many_redirects"]),
        ("nowhere", redirect(302, ""), &["bad_redirect"]),
        ("file", redirect(302, "file:///etc/hostname"), &["forbidden_scheme"]),
        ("data", redirect(301, "data:text/xml,<rss/>"), &["forbidden_scheme"]),
        ("ftp", redirect(307, "ftp://127.0.0.1/"), &["forbidden_scheme"]),
        ("login", status(401, &[], ""), &["unauthorized"]),
        ("forbidden", status(403, &[], ""), &["forbidden"]),
        ("missing", status(404, &[], ""), &["not_found"]),
        ("gone", status(410, &[], ""), &["gone"]),
        ("limited", status(429, &[("Retry-After", "60")], ""), &["rate_limited"]),
        ("broken", status(500, &[], ""), &["server_error"]),
    ]
}

#[cfg(target_os = "linux")]
#[test]
fn whatever_bad_sources_do_the_others_are_published_and_memory_stays_flat() {
    let healthy = Origin::start();
    healthy.otherwise(|seen| {
        let name = seen.target.trim_start_matches('/').to_owned();
        let items = [(
            "1",
            &*format!("News of {name}"),
            &*format!("https://{name}.example/1"),
            "Text.",
            "Mon, 02 Nov 2026 06:00:00 GMT",
        )];
        ok(rss(&name, &items))
    });
    let mut toml = "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\ntimeout = \"10s\"\n\
        first_byte_timeout = \"5s\"\n[feed]\nmax_items = 500\n"
        .to_owned();
    let scripts = hostile();
    let mut origins = Vec::new();
    for (name, steps, _) in &scripts {
        let (origin, steps) = (Origin::start(), steps.clone());
        origin.on("/feed", move |_| steps.clone());
        toml += &format!("[[source]]\nid = \"{name}\"\nurl = \"{}\"\n", origin.url("/feed"));
        origins.push(origin);
    }
    for n in 0..40 {
        toml +=
            &format!("[[source]]\nid = \"healthy{n}\"\nurl = \"{}\"\n", healthy.url(&format!("/healthy{n}")));
    }
    let kariz = Kariz::with_config(&toml);
    let mut child = kariz.command(&["fetch", "--quiet"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = line.trim().trim_end_matches(" kB").parse().unwrap_or(0).max(peak);
        std::thread::sleep(ms(5));
    }
    let report = kariz.run(&["status", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    let states = report["sources"].as_array().unwrap();
    for ((name, _, kinds), state) in scripts.iter().zip(states) {
        match state["error_kind"].as_str() {
            Some(kind) => {
                assert!(kinds.contains(&kind) || kinds.is_empty(), "{name}: {kind}");
                assert!(state["error"].as_str().is_some_and(|e| e.len() > 20), "{name}");
            }
            None => assert!(kinds.is_empty(), "{name} did not fail"),
        }
    }
    let titles: Vec<String> = kariz.items().iter().map(|i| i["title"].as_str().unwrap().to_owned()).collect();
    for n in 0..40 {
        assert!(titles.contains(&format!("News of healthy{n}")), "healthy{n} is not published");
    }
    for ((name, ..), origin) in scripts.iter().zip(&origins) {
        assert_eq!(origin.all_seen().len(), 1, "{name} was asked once");
    }
    println!("peak: {} MB", peak / 1024);
    assert!(peak > 0 && peak / 1024 < 200, "{} MB", peak / 1024);
}

#[test]
fn fifty_that_hang_among_a_thousand_cost_one_time_out() {
    let healthy = Origin::start_at(std::net::Ipv4Addr::UNSPECIFIED.into());
    healthy.otherwise(|seen| {
        if seen.target.starts_with("/hang") {
            vec![Step::Hang]
        } else {
            ok(feed(seen.target.trim_start_matches('/')))
        }
    });
    let port = healthy.address().port();
    let mut toml =
        "[fetch]\nallow_private_addresses = true\nfirst_byte_timeout = \"3s\"\n[feed]\nmax_items = 1000\n"
            .to_owned();
    for n in 0..1000 {
        let path = if n % 20 == 0 { format!("hang{n}") } else { format!("s{n}") };
        let host = format!("127.0.{}.{}", n / 200 + 1, n % 200 + 1);
        toml += &format!("[[source]]\nid = \"{path}\"\nurl = \"http://{host}:{port}/{path}\"\n");
    }
    let kariz = Kariz::with_config(&toml);
    let begin = std::time::Instant::now();
    let ran = kariz.fetch();
    let took = begin.elapsed();
    assert!(ran.out.contains("1000 source(s) read") && ran.out.contains("50 failed"), "{}", ran.out);
    assert_eq!(kariz.items().len(), 950);
    // One time-out and what the rest takes, on a machine that has other things to do; not 50 (150 s).
    println!("{took:?}");
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
}
