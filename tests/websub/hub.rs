//! kariz as a hub: subscribers are asked, served, tried again, and let go.

use super::*;

/// A hub of its own for what one source, read every `interval`, brings.
fn own_hub(address: SocketAddr, origin: &Origin, interval: &str) -> Kariz {
    Kariz::with_config(&format!(
        "[feed]\nhub = \"self\"\nbase_url = \"http://{address}/\"\n\
         [fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n\
         [[source]]\nid = \"town\"\nurl = \"{}\"\ninterval = \"{interval}\"\n",
        origin.url("/feed")
    ))
}

#[test]
fn our_own_hub_asks_subscribers_serves_them_and_tries_again() {
    let (origin, subscriber) = (Origin::start(), Origin::start());
    let version = Arc::new(AtomicUsize::new(1));
    let at = version.clone();
    origin.on("/feed", move |_| {
        let n = at.load(Ordering::SeqCst).to_string();
        ok(news(&n, &format!("News number {n} of the town")))
    });
    let is_up = Arc::new(AtomicBool::new(false));
    let takes = is_up.clone();
    subscriber.otherwise(move |seen| match (seen.method.as_str(), seen.target.starts_with("/liar")) {
        ("GET", false) => ok(challenge(seen).expect("a challenge")),
        ("GET", true) => ok("something else"),
        _ if takes.load(Ordering::SeqCst) => status(204, &[], ""),
        _ => status(500, &[], ""),
    });
    let address = free_address();
    let kariz = own_hub(address, &origin, "1s");
    let hub = format!("http://{address}/websub/hub");
    let (topic, callback, secret) =
        (format!("http://{address}/atom.xml"), subscriber.url("/cb?id=1"), "pepper");
    let ask = |mode: &str, topic: &str, callback: &str| {
        ask_hub(address, mode, topic, callback, &[("hub.secret", secret), ("hub.lease_seconds", "7200")])
    };
    let deliveries =
        || subscriber.all_seen().into_iter().filter(|seen| seen.method == "POST").collect::<Vec<_>>();
    let subscribers = || {
        let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
        db.query_row("SELECT count(*) FROM subscriber", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "News number 1 of the town"));
    assert!(kariz.read("atom.xml").contains(&hub));

    assert_eq!(ask("subscribe", &format!("http://{address}/none.xml"), &callback), 404);
    assert_eq!(ask("subscribe", &topic, "ftp://127.0.0.1/"), 400);
    assert_eq!(http("POST", &hub, &[], b"hub.mode=subscribe").0, 415);
    assert_eq!(http("GET", &hub, &[], b"").0, 405);
    assert_eq!(ask("subscribe", &topic, &subscriber.url("/liar")), 202);
    assert_eq!(ask("subscribe", &topic, &callback), 202);
    wait_for("the subscriber is asked and noted", || subscribers() == 1);

    version.store(2, Ordering::SeqCst);
    // (Who subscribes while the first news are being published may be sent them, too.)
    let of_version_2 = || {
        deliveries()
            .into_iter()
            .filter(|seen| String::from_utf8_lossy(&seen.body).contains("News number 2"))
            .collect::<Vec<_>>()
    };
    wait_for("a delivery is tried", || !of_version_2().is_empty());
    drop(daemon);
    let tried = of_version_2().len();
    is_up.store(true, Ordering::SeqCst);
    assert!(subscriber.all_seen().iter().any(|seen| seen.target.starts_with("/liar?hub.mode=subscribe")));
    // A minute later, after a restart.
    kariz.later(60);
    let daemon = Daemon::start(&kariz, address);
    wait_for("it is delivered", || of_version_2().len() > tried);
    let delivered = of_version_2().pop().unwrap();
    assert_eq!(delivered.target, "/cb?id=1");
    let signature = delivered.bytes("x-hub-signature").expect("signed");
    assert!(signature::is_signed(secret.as_bytes(), signature, &delivered.body));
    assert_eq!(delivered.header("content-type"), Some("application/atom+xml"));
    let link = delivered.header("link").unwrap();
    assert!(
        link.contains(&format!("<{hub}>; rel=\"hub\"")) && link.contains(&format!("<{topic}>; rel=\"self\""))
    );

    assert_eq!(ask("unsubscribe", &topic, &callback), 202);
    wait_for("the subscriber is let go", || subscribers() == 0);
    drop(daemon);
}

#[test]
fn what_was_published_while_no_daemon_ran_is_delivered_by_the_next() {
    let (origin, subscriber) = (Origin::start(), Origin::start());
    origin.on("/feed", |_| ok(news("1", "The mill turns")));
    subscriber.otherwise(|seen| challenge(seen).map_or_else(|| status(204, &[], ""), ok));
    let address = free_address();
    let kariz = own_hub(address, &origin, "1d");
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "The mill turns"));
    let topic = format!("http://{address}/atom.xml");
    assert_eq!(ask_hub(address, "subscribe", &topic, &subscriber.url("/cb"), &[]), 202);
    let db = || rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let number = |sql: &str| db().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    wait_for("the subscriber is noted", || number("SELECT count(*) FROM subscriber") == 1);
    wait_for("there is nothing to deliver", || {
        number("SELECT count(*) FROM subscriber WHERE due IS NOT NULL") == 0
            && number("SELECT count(*) FROM meta WHERE name LIKE 'given %'") == 3
    });
    drop(daemon);
    origin.on("/feed", |_| ok(news("2", "The bridge is open")));
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    let of_the_bridge = || {
        let is_of_it = |seen: &&Seen| {
            seen.method == "POST" && String::from_utf8_lossy(&seen.body).contains("The bridge is open")
        };
        subscriber.all_seen().iter().filter(is_of_it).count()
    };
    assert_eq!(of_the_bridge(), 0);
    for _ in 0..2 {
        let daemon = Daemon::start(&kariz, address);
        wait_for("it is delivered", || of_the_bridge() == 1);
        wait_for("that is noted", || number("SELECT count(*) FROM subscriber WHERE due IS NOT NULL") == 0);
        drop(daemon);
    }
    assert_eq!(of_the_bridge(), 1, "once");
}

#[test]
fn our_own_hub_calls_nobody_inside() {
    let inside = Origin::start();
    let address = free_address();
    let kariz = Kariz::with_config(&format!(
        "[feed]\nhub = \"self\"\n[serve]\npublic_url = \"http://{address}/\"\n[[source]]\nurl = \"notes.xml\"\n"
    ));
    std::fs::write(kariz.path().join("notes.xml"), news("1", "A note")).unwrap();
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "A note"));
    let topic = kariz.items();
    assert_eq!(topic.len(), 1);
    for callback in [
        inside.url("/cb"),
        inside.url_by_name("localhost", "/cb"),
        inside.url("/cb").replace("127.0.0.1", "0x7f.1"),
    ] {
        // Without base_url, self links are made of where it listens.
        let topic = format!("http://{address}/atom.xml");
        assert_eq!(ask_hub(address, "subscribe", &topic, &callback, &[]), 202);
    }
    std::thread::sleep(ms(1500));
    assert_eq!(inside.connections(), 0);
    drop(daemon);
}

#[test]
fn subscribers_are_noted_in_the_database_of_now_when_the_old_one_was_damaged() {
    use std::os::unix::fs::FileExt;
    let (origin, subscriber) = (Origin::start(), Origin::start());
    origin.on("/feed", |seen| {
        ok(news(&seen.nth.to_string(), &format!("News number {} of the town", seen.nth)))
    });
    subscriber.otherwise(|seen| challenge(seen).map_or_else(|| status(204, &[], ""), ok));
    let address = free_address();
    let kariz = own_hub(address, &origin, "1s");
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "News number 0 of the town"));
    // Every page but the first rots, under a daemon that goes on.
    let database = kariz.path().join("data/kariz.db");
    let aside = || {
        let files = std::fs::read_dir(kariz.path().join("data")).unwrap().flatten();
        files.filter(|file| file.file_name().to_string_lossy().starts_with("kariz.db.damaged-")).count()
    };
    let file = std::fs::OpenOptions::new().write(true).open(&database).unwrap();
    let log = rusqlite::Connection::open(&database).unwrap();
    wait_for("the damage is noticed and mended", || {
        // What is in the log only cannot rot in the file.
        let _ = log.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let length = file.metadata().unwrap().len();
        if aside() == 0 && length > 4096 {
            file.write_all_at(&vec![0xa5; length as usize - 4096], 4096).unwrap();
        }
        aside() > 0
    });
    drop(log);
    let asked = origin.seen("/feed").len();
    wait_for("it reads on", || origin.seen("/feed").len() > asked + 1);
    assert!(has(&kariz, "News number 0 of the town"), "what was published stays");
    let topic = format!("http://{address}/atom.xml");
    assert_eq!(ask_hub(address, "subscribe", &topic, &subscriber.url("/cb"), &[]), 202);
    wait_for("the subscriber is in the new database", || {
        let db = rusqlite::Connection::open(&database).unwrap();
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        db.query_row("SELECT count(*) FROM subscriber", [], |row| row.get::<_, i64>(0)).unwrap() == 1
    });
    let posts = || subscriber.all_seen().iter().filter(|seen| seen.method == "POST").count();
    wait_for("and is served", || posts() > 0);
    drop(daemon);
}

#[test]
fn a_delivery_that_is_never_taken_is_given_up_until_the_next_change() {
    let (origin, subscriber) = (Origin::start(), Origin::start());
    origin.on("/feed", |_| ok(news("1", "The mill turns")));
    subscriber.otherwise(|seen| match seen.method.as_str() {
        "GET" => ok(challenge(seen).unwrap_or_default()),
        _ => status(500, &[], ""),
    });
    let address = free_address();
    let kariz = own_hub(address, &origin, "1d");
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "The mill turns"));
    let topic = format!("http://{address}/atom.xml");
    let lease = [("hub.lease_seconds", "2592000")];
    assert_eq!(ask_hub(address, "subscribe", &topic, &subscriber.url("/cb"), &lease), 202);
    let db = || rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let number = |sql: &str| db().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    wait_for("the subscriber is noted", || number("SELECT count(*) FROM subscriber") == 1);
    drop(daemon);
    origin.on("/feed", |_| ok(news("2", "The bridge is open")));
    kariz.later(2 * DAY);
    // (Who subscribes while the first news are being published may be sent them, too.)
    let is_of_the_change = |seen: &&Seen| {
        seen.method == "POST" && String::from_utf8_lossy(&seen.body).contains("The bridge is open")
    };
    let deliveries = || subscriber.all_seen().iter().filter(is_of_the_change).count();
    // The first attempt, and seven more, a day apart at most: then it is left until something else changes.
    for n in 1..=8 {
        let daemon = Daemon::start(&kariz, address);
        wait_for("it is tried", || deliveries() >= n);
        wait_for("it is noted", || number("SELECT attempts FROM subscriber") == n as i64);
        drop(daemon);
        kariz.later(DAY);
    }
    assert_eq!(number("SELECT count(*) FROM subscriber WHERE due IS NOT NULL"), 0);
    assert_eq!(deliveries(), 8);
    assert_eq!(number("SELECT count(*) FROM subscriber"), 1, "it is still there");
}

#[test]
fn eight_deliveries_at_a_time_and_none_beyond_its_lease() {
    let (origin, subscriber) = (Origin::start(), Origin::start());
    origin.on("/feed", |_| ok(news("1", "The mill turns")));
    subscriber.otherwise(|seen| match (challenge(seen), seen.target.starts_with("/short")) {
        (Some(challenge), _) => ok(challenge),
        (None, true) => status(204, &[], ""),
        (None, false) => [vec![Step::Wait(ms(1000))], status(204, &[], "")].concat(),
    });
    let address = free_address();
    let kariz = Kariz::with_config(&format!(
        "[feed]\nhub = \"self\"\nbase_url = \"http://{address}/\"\n\
         [fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nper_host_concurrency = 64\n\
         [[source]]\nid = \"town\"\nurl = \"{}\"\ninterval = \"1d\"\n",
        origin.url("/feed")
    ));
    let db = || rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let number = |sql: &str| db().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let daemon = Daemon::start(&kariz, address);
    wait_for("something is published", || has(&kariz, "The mill turns"));
    let topic = format!("http://{address}/atom.xml");
    for n in 0..20 {
        let lease = [("hub.lease_seconds", "2592000")];
        assert_eq!(ask_hub(address, "subscribe", &topic, &subscriber.url(&format!("/{n}")), &lease), 202);
    }
    let shortest = [("hub.lease_seconds", "3600")];
    assert_eq!(ask_hub(address, "subscribe", &topic, &subscriber.url("/short"), &shortest), 202);
    wait_for("all are noted", || number("SELECT count(*) FROM subscriber") == 21);
    drop(daemon);
    kariz.later(2 * DAY);
    origin.on("/feed", |_| ok(news("2", "The bridge is open")));
    let of_the_bridge = || {
        let all = subscriber.all_seen().into_iter();
        all.filter(|seen| String::from_utf8_lossy(&seen.body).contains("The bridge is open"))
            .collect::<Vec<_>>()
    };
    let daemon = Daemon::start(&kariz, address);
    wait_for("all is delivered", || of_the_bridge().len() == 20);
    let mut arrived: Vec<_> = of_the_bridge().iter().map(|seen| seen.at).collect();
    arrived.sort();
    let at_once = |many: usize| arrived.windows(many).any(|some| some[many - 1] - some[0] < ms(900));
    assert!(at_once(8) && !at_once(9), "the ninth waits until one of eight is done");
    assert!(of_the_bridge().iter().all(|seen| !seen.target.starts_with("/short")));
    assert_eq!(number("SELECT count(*) FROM subscriber"), 20, "whose lease is over is let go");
    drop(daemon);
}
