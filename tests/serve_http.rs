//! What a reader's HTTP library sees: raw requests over a real socket.

#![allow(missing_docs)]

use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kariz::serve::{Asked, Options, Pages, Serve, Site};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

struct Server {
    address: SocketAddr,
    dir: tempfile::TempDir,
    site: Arc<Site>,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// An answer as it came over the wire.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (n, value) = line.split_once(':')?;
            n.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn atom(ids: std::ops::RangeInclusive<usize>) -> String {
    let entries: String = ids
        .rev()
        .map(|n| format!("<entry><id>urn:x:{n}</id><title>Rain expected on day {n}</title></entry>\n"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>T</title>\n{entries}</feed>\n"
    )
}

/// Puts a file in its place the way the publisher does.
fn publish(dir: &Path, name: &str, content: &[u8]) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let unfinished = path.with_file_name(format!(".{}", path.file_name().unwrap().to_str().unwrap()));
    std::fs::write(&unfinished, content).unwrap();
    std::fs::rename(&unfinished, &path).unwrap();
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut packed, &Default::default()).unwrap();
    packed
}

fn unpack_gzip(packed: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut unpacked).unwrap();
    unpacked
}

async fn start_with(pages: Option<Arc<dyn Pages>>, options: Options) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let feed = atom(1..=20);
    publish(dir.path(), "atom.xml", feed.as_bytes());
    publish(dir.path(), "atom.xml.br", &brotli(feed.as_bytes()));
    let rss = "<rss version=\"2.0\"><channel><title>T</title><item><guid>1</guid></item></channel></rss>";
    publish(dir.path(), "rss.xml", rss.as_bytes());
    publish(
        dir.path(),
        "feed.json",
        br#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[]}"#,
    );
    publish(dir.path(), "opml.xml", br#"<opml version="2.0"><head/><body/></opml>"#);
    publish(dir.path(), "index.html", b"<!doctype html><title>River</title>");
    publish(dir.path(), "style.css", b":root{}");
    publish(dir.path(), "days/index.html", b"<!doctype html><title>Days</title>");
    let site = Site::load(dir.path()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serve = Serve::new(site.clone(), pages, options);
    let done = tokio::spawn(kariz::serve::serve(listener, serve, async {
        let _ = stopped.await;
    }));
    Server { address, dir, site, stop: Some(stop), done }
}

async fn start() -> Server {
    start_with(None, Options::default()).await
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn ask(&self, request: &str) -> Answer {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    /// GET with these header lines.
    async fn get(&self, path: &str, lines: &[&str]) -> Answer {
        self.method("GET", path, lines).await
    }

    async fn method(&self, method: &str, path: &str, lines: &[&str]) -> Answer {
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        self.ask(&format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n")).await
    }
}

#[tokio::test]
async fn every_kind_of_file_says_what_it_is() {
    let server = start().await;
    for (path, media_type, for_scripts) in [
        ("/atom.xml", "application/atom+xml; charset=utf-8", true),
        ("/rss.xml", "application/rss+xml; charset=utf-8", true),
        ("/feed.json", "application/feed+json", true),
        ("/opml.xml", "text/x-opml; charset=utf-8", true),
        ("/", "text/html; charset=utf-8", false),
        ("/index.html", "text/html; charset=utf-8", false),
        ("/style.css", "text/css; charset=utf-8", false),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), for_scripts.then_some("*"), "{path}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{path}");
        assert!(answer.header("cache-control").unwrap().contains("max-age=300"), "{path}");
        assert!(answer.header("last-modified").is_some() && answer.header("date").is_some(), "{path}");
        assert!(answer.header("etag").unwrap().starts_with('"'), "strong: {path}");
        assert_eq!(
            answer.header("content-length").unwrap().parse::<usize>().unwrap(),
            answer.body.len(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_is_kept_safe_by_its_headers() {
    let server = start().await;
    let answer = server.get("/", &[]).await;
    let policy = answer.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin-when-cross-origin"));
}

#[tokio::test]
async fn each_coding_has_its_bytes_and_its_own_tag() {
    let server = start().await;
    let plain = server.get("/atom.xml", &[]).await;
    let gzip = server.get("/atom.xml", &["Accept-Encoding: gzip"]).await;
    let br = server.get("/atom.xml", &["Accept-Encoding: gzip, br"]).await;
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(br.header("content-encoding"), Some("br"));
    assert_eq!(unpack_gzip(&gzip.body), plain.body);
    let mut unpacked = Vec::new();
    brotli::Decompressor::new(&br.body[..], 4096).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let tags: std::collections::HashSet<_> =
        [&plain, &gzip, &br].iter().map(|a| a.header("etag").unwrap().to_owned()).collect();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let server = start().await;
    let gzip = server.get("/atom.xml", &["Accept-Encoding: gzip"]).await;
    let tag = gzip.header("etag").unwrap();
    let modified = gzip.header("last-modified").unwrap();
    for lines in [
        vec![format!("If-None-Match: {tag}")],
        vec![format!("If-None-Match: W/{tag}")],
        vec![format!("If-None-Match: \"other\", {tag}")],
        vec!["If-None-Match: \"other\"".to_owned(), format!("If-None-Match: {tag}")],
        vec!["If-None-Match: *".to_owned()],
        vec![format!("If-Modified-Since: {modified}")],
        vec![format!("If-None-Match: {tag}"), "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT".to_owned()],
        // Another coding of the same content.
        vec![format!("If-None-Match: {tag}"), "Accept-Encoding: br".to_owned()],
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        for method in ["GET", "HEAD"] {
            let answer = server.method(method, "/atom.xml", &lines).await;
            assert_eq!(answer.status, 304, "{method} {lines:?}");
            assert!(answer.body.is_empty());
            for name in
                ["etag", "cache-control", "vary", "last-modified", "date", "access-control-allow-origin"]
            {
                assert!(answer.header(name).is_some(), "{name} in {}", answer.head);
            }
            assert_eq!(answer.header("content-length"), None, "it would speak of the 200");
        }
    }
    for lines in [
        ["If-None-Match: \"other\"", ""].as_slice(),
        &["If-None-Match: \"other\"", &format!("If-Modified-Since: {modified}")],
        &["If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"],
        &["If-Modified-Since: yesterday"],
    ] {
        let lines: Vec<_> = lines.iter().copied().filter(|l| !l.is_empty()).collect();
        assert_eq!(server.get("/atom.xml", &lines).await.status, 200, "{lines:?}");
    }
    assert_eq!(server.get("/atom.xml", &["If-Match: \"other\""]).await.status, 412);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = start().await;
    for path in ["/atom.xml", "/", "/nothing", "/healthz"] {
        let get = server.get(path, &[]).await;
        let head = server.method("HEAD", path, &[]).await;
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
    }
}

#[tokio::test]
async fn only_new_entries_are_sent_to_who_asks_for_a_part() {
    let server = start().await;
    let first = server.get("/atom.xml", &["Accept-Encoding: gzip"]).await;
    let tag = format!("If-None-Match: {}", first.header("etag").unwrap());
    publish(server.dir.path(), "atom.xml", atom(3..=22).as_bytes());
    server.site.reload().unwrap();

    let part = server.get("/atom.xml", &[&tag, "A-IM: feed"]).await;
    assert_eq!(part.status, 226);
    assert!(part.head.starts_with("HTTP/1.1 226 IM Used"), "{}", part.head);
    assert_eq!(part.header("im"), Some("feed"));
    assert_eq!(part.header("vary"), Some("A-IM, If-None-Match, Accept-Encoding"));
    assert!(part.header("cache-control").unwrap().contains("no-store, im"));
    assert_eq!(part.header("delta-base"), first.header("etag"));
    assert_eq!(part.text().matches("<entry>").count(), 2);
    assert!(part.text().contains("urn:x:22") && part.text().contains("urn:x:21"));
    assert!(part.text().ends_with("</feed>\n"));

    let packed = server.get("/atom.xml", &[&tag, "A-IM: feed", "Accept-Encoding: gzip"]).await;
    assert_eq!((packed.status, packed.header("content-encoding")), (226, Some("gzip")));
    assert_eq!(unpack_gzip(&packed.body), part.body);
    assert_ne!(packed.header("etag"), part.header("etag"));

    let whole = server.get("/atom.xml", &[&tag]).await;
    assert_eq!(whole.status, 200, "only who asks");
    assert_eq!(part.header("etag"), whole.header("etag"), "the part brings the reader to this version");
    let now = format!("If-None-Match: {}", part.header("etag").unwrap());
    assert_eq!(server.get("/atom.xml", &[&now, "A-IM: feed"]).await.status, 304);
    let unknown = server.get("/atom.xml", &["If-None-Match: \"unknown\"", "A-IM: feed"]).await;
    assert_eq!(unknown.status, 200);
    assert_eq!(server.get("/atom.xml", &[&tag, "A-IM: vcdiff"]).await.status, 200);
    let page = server.get("/", &[]).await;
    let page = format!("If-None-Match: {}", page.header("etag").unwrap());
    publish(server.dir.path(), "index.html", b"<!doctype html><title>New</title>");
    server.site.reload().unwrap();
    assert_eq!(server.get("/", &[&page, "A-IM: feed"]).await.status, 200, "a page has no entries");
}

#[tokio::test]
async fn nothing_outside_the_directory_can_be_reached() {
    let server = start().await;
    let secret = server.dir.path().parent().unwrap().join("kariz-serve-secret.xml");
    std::fs::write(&secret, "secret").unwrap();
    std::fs::write(server.dir.path().join(".hidden"), "secret").unwrap();
    for path in [
        "/../kariz-serve-secret.xml",
        "/%2e%2e/kariz-serve-secret.xml",
        "/..%2fkariz-serve-secret.xml",
        "/days/../../kariz-serve-secret.xml",
        "/%2e%2e%5ckariz-serve-secret.xml",
        "//etc/passwd",
        "/%00",
        "/.hidden",
        "/./.hidden",
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret"));
    }
    std::fs::remove_file(secret).unwrap();
}

#[tokio::test]
async fn a_folder_asked_for_without_its_slash_leads_to_itself() {
    let server = start().await;
    let answer = server.get("/days?a=b", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (308, Some("./days/?a=b")));
    assert_eq!(server.get("/days/", &[]).await.status, 200);
}

#[tokio::test]
async fn other_methods_are_told_what_works() {
    let server = start().await;
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        for path in ["/atom.xml", "/nothing", "/healthz"] {
            let answer = server.method(method, path, &["Content-Length: 0"]).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.header("allow").unwrap().contains("GET"), "{method} {path}");
        }
    }
    let preflight = ["Origin: https://reader.example", "Access-Control-Request-Method: GET"];
    let answer = server.method("OPTIONS", "/atom.xml", &preflight).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("If-None-Match"));
    let page = server.method("OPTIONS", "/", &preflight).await;
    assert_eq!(page.header("access-control-allow-origin"), None);
    assert_eq!(server.method("OPTIONS", "*", &[]).await.status, 200);
}

#[tokio::test]
async fn health_and_readiness_are_two_things() {
    let server = start().await;
    assert_eq!(server.get("/healthz", &[]).await.status, 200);
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
    for item in std::fs::read_dir(server.dir.path()).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap()
        } else {
            std::fs::remove_file(path).unwrap()
        }
    }
    server.site.reload().unwrap();
    assert_eq!(server.get("/healthz", &[]).await.status, 200);
    assert_eq!(server.get("/readyz", &[]).await.status, 503);
}

/// Another process publishes: nobody tells the server.
#[tokio::test]
async fn a_change_by_another_process_is_seen_within_a_second_or_so() {
    let server = start().await;
    assert!(server.get("/atom.xml", &[]).await.text().contains("urn:x:20<"));
    publish(server.dir.path(), "atom.xml", atom(2..=21).as_bytes());
    let began = Instant::now();
    while !server.get("/atom.xml", &[]).await.text().contains("urn:x:21<") {
        assert!(began.elapsed() < Duration::from_secs(10), "never seen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_polling_reader_never_sees_half_of_a_publish() {
    let server = start().await;
    let dir = server.dir.path().to_owned();
    let site = server.site.clone();
    let publisher = tokio::task::spawn_blocking(move || {
        for n in 1..=300 {
            let feed = atom(n..=n + 20);
            publish(&dir, "atom.xml", feed.as_bytes());
            publish(&dir, "atom.xml.gz", &{
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                std::io::Write::write_all(&mut packer, feed.as_bytes()).unwrap();
                packer.finish().unwrap()
            });
            site.reload().unwrap();
        }
    });
    let mut seen = std::collections::HashMap::new();
    while !publisher.is_finished() {
        for lines in [["Accept-Encoding: gzip"], ["Accept-Encoding: identity"]] {
            let answer = server.get("/atom.xml", &lines).await;
            let body = match answer.header("content-encoding") {
                Some("gzip") => unpack_gzip(&answer.body),
                _ => answer.body.clone(),
            };
            let text = String::from_utf8(body).unwrap();
            assert!(text.ends_with("</feed>\n"));
            let tag = answer.header("etag").unwrap()[1..33].to_owned();
            assert_eq!(*seen.entry(tag).or_insert_with(|| text.clone()), text, "one tag, one content");
        }
    }
    publisher.await.unwrap();
}

#[tokio::test]
async fn requests_follow_each_other_on_one_connection() {
    let server = start().await;
    let mut stream = server.connect().await;
    // Three at once (pipelined), the last of them the last.
    let request = "GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /rss.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(format!("{request}{request}{last}").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap().matches("HTTP/1.1 200 OK").count(), 3);
}

#[tokio::test]
async fn nonsense_is_refused_and_harms_nobody() {
    let server = start().await;
    for nonsense in [
        "\r\n\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1} a TLS hello".to_owned(),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(100_000)),
        format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(100_000)),
        format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(1_000)),
    ] {
        let mut stream = server.connect().await;
        // The server may close before it has read all.
        let _ = stream.write_all(nonsense.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut bytes = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await.unwrap();
        assert!(!bytes.starts_with(b"HTTP/1.1 200"), "{:.40}", nonsense);
    }
    assert_eq!(server.get("/atom.xml", &[]).await.status, 200);
}

#[tokio::test]
async fn readers_that_do_not_read_keep_nobody_waiting() {
    let server = start().await;
    let big = atom(1..=60_000);
    publish(server.dir.path(), "big.xml", big.as_bytes());
    server.site.reload().unwrap();
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = server.connect().await;
        stream.write_all(b"GET /big.xml HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        slow.push(stream);
    }
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(server.get("/atom.xml", &[]).await.status, 200);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    // And one of them, at last, gets all of it.
    let mut stream = slow.pop().unwrap();
    let mut bytes = vec![0; big.len()];
    stream.read_exact(&mut bytes).await.unwrap();
}

#[tokio::test]
async fn stopping_finishes_what_is_being_sent_and_takes_nothing_new() {
    let mut server = start().await;
    let big = atom(1..=60_000);
    publish(server.dir.path(), "big.xml", big.as_bytes());
    server.site.reload().unwrap();
    let mut reading = server.connect().await;
    reading.write_all(b"GET /big.xml HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 1024];
    reading.read_exact(&mut first).await.unwrap();
    let mut idle = server.connect().await;
    idle.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut some = [0; 1024];
    assert!(idle.read(&mut some).await.unwrap() > 0);
    let mut silent = server.connect().await;

    let began = Instant::now();
    server.stop.take().unwrap().send(()).unwrap();
    let mut rest = Vec::new();
    reading.read_to_end(&mut rest).await.unwrap();
    let all = [&first[..], &rest].concat();
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    assert_eq!(all.len() - end - 4, big.len(), "finished");
    let mut nothing = Vec::new();
    idle.read_to_end(&mut nothing).await.unwrap();
    let _ = silent.read_to_end(&mut nothing).await;
    assert!(nothing.is_empty());
    server.done.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever_for_a_reader_that_does_not_read() {
    let options = Options { grace: Duration::from_millis(200), ..Options::default() };
    let mut server = start_with(None, options).await;
    let big = atom(1..=60_000);
    publish(server.dir.path(), "big.xml", big.as_bytes());
    server.site.reload().unwrap();
    let mut stuck = server.connect().await;
    stuck.write_all(b"GET /big.xml HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 1024];
    stuck.read_exact(&mut first).await.unwrap();
    let began = Instant::now();
    server.stop.take().unwrap().send(()).unwrap();
    server.done.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn more_connections_than_seats_wait_for_their_turn() {
    let options = Options { max_connections: 2, ..Options::default() };
    let server = start_with(None, options).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = server.connect().await;
        stream.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut some = [0; 4096];
        assert!(stream.read(&mut some).await.unwrap() > 0);
        held.push(stream);
    }
    let waiting = server.get("/rss.xml", &[]);
    tokio::pin!(waiting);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err(), "no seat yet");
    drop(held);
    assert_eq!(waiting.await.status, 200);
}

struct Made;

impl Pages for Made {
    fn page(&self, asked: &Asked) -> anyhow::Result<Vec<u8>> {
        match asked {
            Asked::Metrics => Ok(b"# EOF\n".to_vec()),
            Asked::Status => Ok("<p>all well</p>".repeat(100).into_bytes()),
            Asked::Search { query, page } if query != "fail" => {
                Ok(format!("<p>{query}/{page}</p>").into_bytes())
            }
            Asked::Search { .. } => anyhow::bail!("the store is locked"),
        }
    }
}

#[tokio::test]
async fn pages_are_made_when_they_are_asked_for() {
    let server = start_with(Some(Arc::new(Made)), Options::default()).await;
    let status = server.get("/status", &["Accept-Encoding: gzip"]).await;
    assert_eq!((status.status, status.header("content-encoding")), (200, Some("gzip")));
    assert!(unpack_gzip(&status.body).starts_with(b"<p>all well"));
    assert_eq!(status.header("cache-control"), Some("no-cache"));
    let search = server.get("/search?q=%D8%A8%D8%A7%D8%B1%D8%A7%D9%86&page=2", &[]).await;
    assert_eq!(search.text(), "<p>باران/2</p>");
    assert!(search.header("content-security-policy").is_some());
    let failed = server.get("/search?q=fail", &[]).await;
    assert_eq!(failed.status, 500);
    assert!(!failed.text().contains("store"), "reasons go to the log");
}

#[tokio::test]
async fn without_a_maker_status_is_a_file_like_any_other() {
    let server = start().await;
    assert_eq!(server.get("/status", &[]).await.status, 404);
    publish(server.dir.path(), "status.html", b"<!doctype html><title>Status</title>");
    server.site.reload().unwrap();
    assert_eq!(server.get("/status", &[]).await.status, 200);
}
