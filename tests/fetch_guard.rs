//! Where kariz does not go and what it does not give away: addresses, proxies, secrets.

#[path = "support/origin.rs"]
mod origin;
#[path = "support/visit.rs"]
mod visit;

use kariz::fetch::{Purpose, Request, Settings};
use kariz::model::{Auth, ErrorKind, Location, Secret, Validators};
use origin::{Origin, Seen, feed, ok, redirect, status};
use url::Url;
use visit::{client, document, failure, get, kind, settings, source, visit};

fn has(seen: &Seen, name: &str) -> bool {
    seen.bytes(name).is_some()
}

#[tokio::test]
async fn secrets_go_to_their_own_host_only() {
    let (home, away) = (Origin::start(), Origin::start());
    let there = away.url("/feed");
    home.on("/feed", move |_| redirect(302, &there));
    home.on("/inside", |_| redirect(302, "/target"));
    home.on("/target", |_| ok(feed("x")));
    away.on("/feed", |_| ok(feed("x")));
    let client = client(&settings());
    let mut private = source(&home.url("/feed"));
    private.auth = Some(Auth::Bearer(Secret("geheim".into())));
    private.headers = vec![
        ("X-Api-Key".into(), Secret("geheim".into())),
        ("Cookie".into(), Secret("session=geheim".into())),
        ("Content-Length".into(), Secret("99".into())),
    ];
    document(visit(&client, &private, &Validators::default()).await);
    let (own, other) = (&home.seen("/feed")[0], &away.seen("/feed")[0]);
    assert_eq!(own.header("authorization"), Some("Bearer geheim"));
    assert_eq!(own.header("x-api-key"), Some("geheim"));
    assert_eq!(own.header("cookie"), Some("session=geheim"));
    assert!(!has(own, "content-length"));
    for name in ["authorization", "x-api-key", "cookie"] {
        assert!(!has(other, name), "{name} went to another host");
    }

    // Nor to the place that the source has moved to, though nobody redirects any more.
    let moved = Location::Http(Url::parse(&away.url("/feed")).unwrap());
    let request = Request {
        source: &private,
        location: &moved,
        validators: &Validators::default(),
        may_use_file: false,
        purpose: Purpose::Feed,
    };
    document(client.fetch(&request).await);
    assert!(!has(&away.seen("/feed")[1], "authorization"));

    private.location = Location::Http(Url::parse(&home.url("/inside")).unwrap());
    document(visit(&client, &private, &Validators::default()).await);
    assert_eq!(home.seen("/target")[0].header("authorization"), Some("Bearer geheim"), "the same host");
}

#[tokio::test]
async fn credentials_in_the_url_become_a_header() {
    let origin = Origin::start();
    origin.on("/feed", |_| status(401, &[], ""));
    let client = client(&settings());
    let url = origin.url("/feed").replace("http://", "http://me:s%40lt@");
    let failed = failure(get(&client, &url).await);
    assert_eq!(failed.kind, ErrorKind::Unauthorized);
    assert!(!failed.message.contains("s@lt") && !failed.message.contains("me:"), "{}", failed.message);
    assert_eq!(origin.seen("/feed")[0].header("authorization"), Some("Basic bWU6c0BsdA=="));
}

#[tokio::test]
async fn addresses_inside_are_refused_on_every_way() {
    let origin = Origin::start();
    origin.otherwise(|_| ok(feed("secret")));
    let guarded = client(&Settings { allow_private_addresses: false, ..settings() });
    let port = origin.address().port();
    for host in
        ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
    {
        let got = failure(get(&guarded, &format!("http://{host}:{port}/")).await);
        assert_eq!(got.kind, ErrorKind::ForbiddenAddress, "{host}");
        assert!(got.message.contains("allow_private_addresses"), "{}", got.message);
    }
    for host in [
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.64.0.1",
        "224.0.0.1",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
    ] {
        assert_eq!(
            kind(get(&guarded, &format!("http://{host}/")).await),
            ErrorKind::ForbiddenAddress,
            "{host}"
        );
    }
    assert_eq!(origin.connections(), 0, "not even a connection");

    // One source may, the others may not; and what it is redirected to is checked for it.
    let mut own = source(&origin.url("/"));
    own.allow_private_addresses = true;
    document(visit(&guarded, &own, &Validators::default()).await);
    assert_eq!(kind(get(&guarded, &origin.url("/")).await), ErrorKind::ForbiddenAddress);
}

#[tokio::test]
async fn a_name_that_resolves_inside_is_refused_at_connect_time() {
    // The machine's own name resolves to an address of this machine, on most machines.
    let Ok(name) = std::fs::read_to_string("/etc/hostname") else { return };
    let name = name.trim();
    let Ok(mut found) = tokio::net::lookup_host((name, 1)).await else { return };
    if !found.all(|a| kariz::fetch::address::special(a.ip()).is_some()) {
        return;
    }
    let guarded = client(&Settings { allow_private_addresses: false, ..settings() });
    assert_eq!(kind(get(&guarded, &format!("http://{name}:1/")).await), ErrorKind::ForbiddenAddress);
}

#[tokio::test]
async fn an_http_proxy_is_asked_instead() {
    let proxy = Origin::start();
    proxy.otherwise(|seen| match seen.target.as_str() {
        "http://no-such-name.invalid/feed" => ok(feed("by proxy")),
        "http://no-such-name.invalid/inside" => redirect(302, "http://10.0.0.1/"),
        _ => status(407, &[], ""),
    });
    let mut through = source("http://no-such-name.invalid/feed");
    let url = Url::parse(&proxy.url("/").replace("http://", "http://me:geheim@")).unwrap();
    through.proxy = Some(url.clone());
    let guarded = client(&Settings { allow_private_addresses: false, ..settings() });
    document(visit(&guarded, &through, &Validators::default()).await);
    let seen = &proxy.all_seen()[0];
    assert_eq!(seen.header("proxy-authorization"), Some("Basic bWU6Z2VoZWlt"));

    // The proxy may be inside; what it is asked for may not.
    through.location = Location::Http(Url::parse("http://no-such-name.invalid/inside").unwrap());
    assert_eq!(kind(visit(&guarded, &through, &Validators::default()).await), ErrorKind::ForbiddenAddress);
    through.location = Location::Http(Url::parse("http://other.invalid/").unwrap());
    let failed = failure(visit(&guarded, &through, &Validators::default()).await);
    assert_eq!(failed.kind, ErrorKind::Proxy);

    // What is no proxy is not passed by.
    assert!(
        kariz::fetch::Client::new(&Settings {
            proxy: Some(Url::parse("ftp://127.0.0.1:1/").unwrap()),
            ..settings()
        })
        .is_err()
    );

    // A proxy that is down, for everybody.
    drop(proxy);
    let all = client(&Settings { proxy: Some(url), ..settings() });
    let failed = failure(get(&all, "https://gardens.example/feed").await);
    assert_eq!(failed.kind, ErrorKind::Proxy);
    assert!(!failed.message.contains("geheim"), "{}", failed.message);
}

#[tokio::test]
async fn a_socks_proxy_is_asked_instead() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 512];
        let _ = stream.read(&mut bytes).await.unwrap();
        stream.write_all(&[5, 0]).await.unwrap();
        let n = stream.read(&mut bytes).await.unwrap();
        let asked = String::from_utf8_lossy(&bytes[5..n - 2]).into_owned();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let _ = stream.read(&mut bytes).await.unwrap();
        let body = feed("by socks");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        asked
    });
    let mut through = source("http://no-such-name.invalid/feed");
    through.proxy = Some(Url::parse(&format!("socks5h://127.0.0.1:{port}")).unwrap());
    let guarded = client(&Settings { allow_private_addresses: false, ..settings() });
    let got = document(visit(&guarded, &through, &Validators::default()).await);
    assert_eq!(got.body, feed("by socks").as_bytes());
    assert_eq!(proxy.await.unwrap(), "no-such-name.invalid", "the proxy resolves the name");
}
