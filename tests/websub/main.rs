//! WebSub with the real daemon: what hubs push is taken, what strangers push is not; subscribers are served.

#[path = "../support/binary.rs"]
mod binary;
#[path = "../support/origin.rs"]
mod origin;

mod hub;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use binary::{Kariz, rss};
use kariz::websub::signature;
use origin::{Origin, Seen, Step, ms, ok, status};

const DAY: i64 = 24 * 60 * 60;

/// A daemon that is ended when its test is.
struct Daemon(Child);

impl Daemon {
    fn start(kariz: &Kariz, address: SocketAddr) -> Self {
        let child =
            kariz.command(&["run", "--quiet", "--listen", &address.to_string()]).spawn().expect("kariz runs");
        let daemon = Self(child);
        wait_for("the daemon answers", || TcpStream::connect(address).is_ok());
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a hub wants to hear back from a subscriber (WebSub §5.3), where that is what it asks.
fn challenge(seen: &Seen) -> Option<String> {
    let (_, query) = seen.target.split_once('?')?;
    let mut fields = url::form_urlencoded::parse(query.as_bytes());
    fields.find(|(name, _)| name == "hub.challenge").map(|(_, value)| value.into_owned())
}

/// Asks the hub at `address` for what `callback` is to be told; gives its status.
fn ask_hub(address: SocketAddr, mode: &str, topic: &str, callback: &str, more: &[(&str, &str)]) -> u16 {
    let mut fields = vec![("hub.mode", mode), ("hub.topic", topic), ("hub.callback", callback)];
    fields.extend(more);
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    http("POST", &format!("http://{address}/websub/hub"), &kind, encoded(&fields).as_bytes()).0
}

/// A port that is free now.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[track_caller]
fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(60), "in vain: {what}");
        std::thread::sleep(ms(20));
    }
}

/// One request; status and body of the answer.
fn http(method: &str, url: &str, fields: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let url = url::Url::parse(url).unwrap();
    let mut stream =
        TcpStream::connect((url.host_str().unwrap(), url.port_or_known_default().unwrap())).unwrap();
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in fields {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    // Whoever finds it too large hangs up.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let code = answer.split(' ').nth(1).and_then(|c| c.parse().ok()).unwrap_or(0);
    (code, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

fn form(seen: &Seen) -> HashMap<String, String> {
    url::form_urlencoded::parse(&seen.body).into_owned().collect()
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn news(guid: &str, title: &str) -> String {
    rss(
        "Town",
        &[(
            guid,
            title,
            &format!("https://town.example/{guid}"),
            "What is new.",
            "Mon, 02 Nov 2026 06:00:00 GMT",
        )],
    )
}

fn has(kariz: &Kariz, title: &str) -> bool {
    kariz.published("feed.json").exists() && kariz.items().iter().any(|item| item["title"] == title)
}

fn due_in(kariz: &Kariz) -> i64 {
    let due: jiff::Timestamp = kariz.status("town")["next_due"].as_str().unwrap().parse().unwrap();
    due.duration_since(jiff::Timestamp::now()).as_secs()
}

#[test]
fn what_a_hub_pushes_is_taken_and_what_others_push_is_not() {
    let origin = Origin::start();
    let link = format!("<{}>; rel=hub, <{}>; rel=self", origin.url("/hub"), origin.url("/topic"));
    origin.on("/feed", move |seen| match seen.header("if-none-match") {
        Some(_) => status(304, &[], ""),
        None => status(200, &[("Link", &link), ("ETag", "\"1\"")], news("1", "The mill turns")),
    });
    origin.on("/hub", |_| status(202, &[], ""));
    let address = free_address();
    let kariz = Kariz::with_config(&format!(
        "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nmax_size = \"1 MB\"\n\
         [serve]\npublic_url = \"http://{address}/\"\n\
         [[source]]\nid = \"town\"\nurl = \"{}\"\ninterval = \"1h\"\nmax_interval = \"2 days\"\n",
        origin.url("/feed")
    ));
    let daemon = Daemon::start(&kariz, address);
    wait_for("the hub is asked", || !origin.seen("/hub").is_empty());
    let asked = form(&origin.seen("/hub")[0]);
    let (callback, secret) = (asked["hub.callback"].clone(), asked["hub.secret"].clone());
    assert_eq!((asked["hub.mode"].as_str(), &asked["hub.topic"]), ("subscribe", &origin.url("/topic")));
    let token = callback.strip_prefix(&format!("http://{address}/websub/")).expect("below public_url");
    assert!(token.len() >= 32 && secret.len() >= 32 && token != secret, "nobody can guess them");

    // Nobody but the hub knows the way; and the hub must ask before it pushes.
    let pushed = |body: &str, signature: Option<String>| {
        let signature = signature.unwrap_or_default();
        let fields = [("Content-Type", "application/rss+xml"), ("X-Hub-Signature", signature.as_str())];
        http("POST", &callback, if signature.is_empty() { &fields[..1] } else { &fields }, body.as_bytes()).0
    };
    let signed = |body: &str| pushed(body, Some(signature::sign(secret.as_bytes(), body.as_bytes())));
    assert_eq!(signed(&news("0", "Too early")), 202);
    let ask = |callback: &str, mode: &str, topic: &str| {
        let query = encoded(&[
            ("hub.mode", mode),
            ("hub.topic", topic),
            ("hub.challenge", "<b>a challenge</b>"),
            ("hub.lease_seconds", "864000"),
        ]);
        http("GET", &format!("{callback}?{query}"), &[], b"")
    };
    let topic = origin.url("/topic");
    assert_eq!(ask(&callback, "subscribe", &origin.url("/other")).0, 404);
    assert_eq!(ask(&callback, "unsubscribe", &topic).0, 404, "we never asked for that");
    assert_eq!(ask(&format!("http://{address}/websub/{}", "0".repeat(32)), "subscribe", &topic).0, 404);
    assert_eq!(ask(&callback, "subscribe", &topic), (200, "<b>a challenge</b>".to_owned()));

    assert_eq!(signed(&news("2", "The bridge is open")), 202);
    wait_for("the news are published", || has(&kariz, "The bridge is open"));
    let wrong = signature::sign(b"guessed", news("3", "Forged").as_bytes());
    assert_eq!(pushed(&news("3", "Forged"), Some(wrong)), 202, "nobody is told that it is not taken");
    assert_eq!(pushed(&news("4", "Unsigned"), None), 202);
    assert_eq!(signed("<html>no feed</html>"), 202);
    assert_eq!(signed(&"x".repeat(1_100_000)), 413);
    let gone = http("POST", &format!("http://{address}/websub/{}", "0".repeat(32)), &[], b"x");
    assert_eq!(gone.0, 410);
    assert_eq!(signed(&news("5", "The fair begins")), 202);
    wait_for("the next news are published", || has(&kariz, "The fair begins"));
    for title in ["Too early", "Forged", "Unsigned"] {
        assert!(!has(&kariz, title), "{title}");
    }
    assert!(has(&kariz, "The mill turns"), "what was polled stays");

    // A pass that cannot record what was pushed leaves it to the next one: nobody pushes it again.
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(signed(&news("6", "The lamp is lit")), 202);
    let failed = "kariz_passes_total{outcome=\"failed\"} 1";
    wait_for("the pass fails", || {
        http("GET", &format!("http://{address}/metrics"), &[], b"").1.contains(failed)
    });
    db.execute_batch("ROLLBACK").unwrap();
    wait_for("it is published all the same", || has(&kariz, "The lamp is lit"));
    assert_eq!(origin.seen("/feed").len(), 1, "nobody polled meanwhile");

    // Polling is a safety net as long as the lease lives, with the validators it had.
    drop(daemon);
    kariz.run(&["fetch", "--all"]);
    assert_eq!(origin.seen("/feed")[1].header("if-none-match"), Some("\"1\""));
    assert!(due_in(&kariz) > DAY, "{}", due_in(&kariz));

    // The lease is renewed before it ends, at the same address.
    kariz.later(9 * DAY + 600);
    let daemon = Daemon::start(&kariz, address);
    wait_for("the lease is renewed", || origin.seen("/hub").len() == 2);
    assert_eq!(form(&origin.seen("/hub")[1])["hub.callback"], callback);
    wait_for("the source was polled", || origin.seen("/feed").len() == 3);

    // Who is denied polls.
    wait_for("the visit is recorded", || due_in(&kariz) > DAY);
    assert_eq!(ask(&callback, "denied", &topic).0, 200);
    wait_for("polling goes on", || due_in(&kariz) <= 3600);
    assert_eq!(signed(&news("7", "After the end")), 202);
    std::thread::sleep(ms(300));
    assert!(!has(&kariz, "After the end"));
    drop(daemon);
}

#[test]
fn a_hub_is_told_once_of_each_output_that_has_changed() {
    let (origin, hub) = (Origin::start(), Origin::start());
    origin.on("/feed", |_| ok(news("1", "The mill turns")));
    hub.on("/hub", |_| status(204, &[], ""));
    let kariz = Kariz::with_config(&format!(
        "[feed]\nhub = \"{}\"\nbase_url = \"https://news.example/\"\n\
         [fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n[[source]]\nurl = \"{}\"\n",
        hub.url("/hub"),
        origin.url("/feed")
    ));
    kariz.fetch();
    let mut told: Vec<String> = hub.seen("/hub").iter().map(|seen| form(seen)["hub.url"].clone()).collect();
    told.sort();
    assert_eq!(told, ["atom.xml", "feed.json", "rss.xml"].map(|name| format!("https://news.example/{name}")));
    assert!(hub.seen("/hub").iter().all(|seen| form(seen)["hub.mode"] == "publish"));
    for name in ["atom.xml", "rss.xml", "feed.json"] {
        assert!(kariz.read(name).contains(&hub.url("/hub")), "{name} names its hub");
    }
    kariz.run(&["fetch", "--all"]);
    assert_eq!(hub.seen("/hub").len(), 3, "nothing has changed");
    // A hub that is down is no reason to fail.
    drop(hub);
    origin.on("/feed", |_| ok(news("2", "The bridge is open")));
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("was not told"), "{}", ran.err);
}

#[test]
fn what_nobody_wants_any_more_is_given_back_to_its_hub() {
    let origin = Origin::start();
    let links = format!("<{}>; rel=hub, <{}>; rel=self", origin.url("/hub"), origin.url("/topic"));
    for path in ["/town", "/village"] {
        let (link, title) = (links.clone(), format!("News of {path}"));
        origin.on(path, move |_| status(200, &[("Link", &link)], news("1", &title)));
    }
    origin.on("/hub", |_| status(202, &[], ""));
    let address = free_address();
    let config = |public_url: &str, sources: &[&str]| {
        let sources: String = sources
            .iter()
            .map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"{}\"\n", origin.url(&format!("/{id}"))))
            .collect();
        format!(
            "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n[serve]\n{public_url}\n{sources}"
        )
    };
    let public_url = format!("public_url = \"http://{address}/\"");
    let kariz = Kariz::with_config(&config(&public_url, &["town", "village"]));
    let verified = |asked: &Seen| {
        let asked = form(asked);
        let query = encoded(&[
            ("hub.mode", asked["hub.mode"].as_str()),
            ("hub.topic", asked["hub.topic"].as_str()),
            ("hub.challenge", "are you sure"),
            ("hub.lease_seconds", "864000"),
        ]);
        http("GET", &format!("{}?{query}", asked["hub.callback"]), &[], b"")
    };
    let sure = (200, "are you sure".to_owned());
    let daemon = Daemon::start(&kariz, address);
    wait_for("the hub is asked for both", || origin.seen("/hub").len() == 2);
    for asked in origin.seen("/hub") {
        assert_eq!(verified(&asked), sure);
    }
    drop(daemon);

    // A source leaves.
    kariz.configure(&config(&public_url, &["village"]));
    let daemon = Daemon::start(&kariz, address);
    wait_for("the hub is told", || origin.seen("/hub").len() == 3);
    let told = origin.seen("/hub").pop().unwrap();
    assert_eq!(form(&told)["hub.mode"], "unsubscribe");
    let callbacks: Vec<String> =
        origin.seen("/hub").iter().map(|seen| form(seen)["hub.callback"].clone()).collect();
    assert!(callbacks[..2].contains(&callbacks[2]), "the one that was subscribed to");
    assert_eq!(http("POST", &callbacks[2], &[], news("2", "Late").as_bytes()).0, 410);
    assert_eq!(verified(&told), sure);
    assert_eq!(verified(&told).0, 404, "we mean it once");
    drop(daemon);

    // Nobody outside reaches us any more, as far as feeds.toml says.
    kariz.configure(&config("", &["village"]));
    let daemon = Daemon::start(&kariz, address);
    wait_for("the hub is told of the other", || origin.seen("/hub").len() == 4);
    let told = origin.seen("/hub").pop().unwrap();
    assert_eq!(form(&told)["hub.mode"], "unsubscribe");
    assert_ne!(form(&told)["hub.callback"], callbacks[2]);
    assert_eq!(verified(&told), sure);
    drop(daemon);
    let daemon = Daemon::start(&kariz, address);
    std::thread::sleep(ms(500));
    assert_eq!(origin.seen("/hub").len(), 4, "nobody is told twice");
    drop(daemon);
}
