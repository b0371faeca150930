//! The daemon, as those see it who run it: systemd, Prometheus, a person who edits feeds.toml.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::binary::Kariz;
use crate::origin::{Origin, Step, ms, ok, status};
use crate::world::{kariz, paper};

/// A daemon that ends with the test.
struct Running {
    child: Child,
    address: String,
    said: std::thread::JoinHandle<String>,
}

impl Running {
    fn start(kariz: &Kariz, prepare: impl FnOnce(&mut Command)) -> Self {
        let mut command = kariz.command(&["run", "--listen", "127.0.0.1:0"]);
        prepare(&mut command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kariz runs");
        let mut out = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let address =
            line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let address = address.to_owned();
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let mut err = child.stderr.take().expect("standard error");
        let said = std::thread::spawn(move || {
            let mut said = String::new();
            drop(err.read_to_string(&mut said));
            said
        });
        Self { child, address, said }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill").success());
    }

    /// Stops it; gives what it said, and how long that took.
    fn stop(self) -> (String, Duration) {
        self.stop_by("-TERM")
    }

    fn stop_by(mut self, signal: &str) -> (String, Duration) {
        self.signal(signal);
        let began = Instant::now();
        let status = self.child.wait().expect("it ends");
        let took = began.elapsed();
        assert!(status.success(), "{status}");
        (self.said.join().expect("what it said"), took)
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(40), "{what} does not come about");
        std::thread::sleep(ms(50));
    }
}

fn one_paper(origin: &Origin) -> Kariz {
    origin.on("/paper.xml", |_| ok(paper("paper", (0..5).rev())));
    kariz(&[("paper".to_owned(), origin.url("/paper.xml"))], "")
}

#[test]
fn a_changed_configuration_is_taken_up_and_a_bad_one_is_not() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let running = Running::start(&kariz, |_| {});
    until("the first feed", || {
        running.get("/feed.json").contains("\"title\": \"Papers\"")
            || running.get("/feed.json").contains("\"title\":\"Papers\"")
    });
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("\"Papers\"", "\"Renamed\""));
    running.signal("-HUP");
    until("the new name", || running.get("/feed.json").contains("Renamed"));
    // Pages that are made when they are asked for know it, too.
    assert!(running.get("/status").contains("Renamed"));
    kariz.configure(&format!("{toml}intervall = 3\n"));
    running.signal("-HUP");
    std::thread::sleep(ms(500));
    assert!(running.get("/status").contains("Renamed") && running.get("/healthz").contains("200 OK"));
    let (said, _) = running.stop();
    assert!(said.contains("was not reloaded") && said.contains("unknown key `intervall`"), "{said}");
}

#[test]
fn a_changed_list_of_sources_is_taken_up_too() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    origin.on("/other.xml", |_| ok(paper("other", 900..901)));
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    // It looks whenever it wakes: here each second.
    let toml = toml.replace("interval = \"1h\"", "interval = \"1s\"");
    kariz.configure(&format!("{toml}[[include]]\nurl = \"more.toml\"\n"));
    let list = |text: &str| std::fs::write(kariz.path().join("more.toml"), text).unwrap();
    list("");
    let running = Running::start(&kariz, |_| {});
    until("the first feed", || running.get("/readyz").contains("200 OK"));
    list(&format!("[[source]]\nid = \"other\"\nurl = {:?}\n", origin.url("/other.xml")));
    until("the other paper", || running.get("/feed.json").contains("article/900"));
    running.stop();
}

#[test]
fn it_stops_within_five_seconds_whatever_hangs() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    origin.on("/paper.xml", |_| vec![Step::Hang]);
    for signal in ["-TERM", "-INT"] {
        let visits = origin.seen("/paper.xml").len();
        let running = Running::start(&kariz, |_| {});
        until("the visit", || origin.seen("/paper.xml").len() > visits);
        let idle = TcpStream::connect(&running.address).expect("a reader who says nothing");
        let (_, took) = running.stop_by(signal);
        assert!(took < Duration::from_secs(5), "{signal}: {took:?}");
        drop(idle);
        // It left in good order: nobody is named as holding the folder, and nothing has to be looked through.
        let left = std::fs::read_to_string(kariz.path().join("data/kariz.lock")).unwrap();
        assert!(left.starts_with("left "), "{signal}: {left}");
    }
}

#[test]
fn it_stops_within_five_seconds_while_a_damaged_database_is_made_again() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("interval = \"1h\"", "interval = \"1s\"\nmin_interval = \"1s\""));
    let database = kariz.path().join("data/kariz.db");
    let aside = || {
        let files = std::fs::read_dir(kariz.path().join("data")).unwrap().flatten();
        files.filter(|file| file.file_name().to_string_lossy().starts_with("kariz.db.damaged-")).count()
    };
    let running = Running::start(&kariz, |_| {});
    until("the first feed", || running.get("/feed.json").contains("article/4"));
    // What is published is read back, and that takes for ever here: nobody writes into this pipe.
    let pipe = kariz.published("stories.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    // Every page but the first rots; what is in the log only cannot rot in the file.
    let (log, file) = (
        rusqlite::Connection::open(&database).unwrap(),
        std::fs::OpenOptions::new().write(true).open(&database).unwrap(),
    );
    let begun = kariz.path().join("data/kariz.db.rebuilt");
    until("the damage is noticed", || {
        let _ = log.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let length = file.metadata().unwrap().len();
        if !begun.exists() && length > 4096 {
            file.write_all_at(&vec![0xa5; length as usize - 4096], 4096).unwrap();
        }
        begun.exists()
    });
    drop(log);
    let (_, took) = running.stop();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(aside(), 0, "it was about to be set aside");
    std::fs::remove_file(pipe).unwrap();
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("set aside"), "the next run does it: {}", ran.err);
    assert_eq!(aside(), 1);
    assert_eq!(crate::world::stories(&kariz.read("feed.json")).len(), 5);
}

#[test]
fn a_second_daemon_is_told_who_was_first_and_readers_are_not_held_up() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let running = Running::start(&kariz, |_| {});
    until("the first feed", || running.get("/readyz").contains("200 OK"));
    assert_eq!(kariz.run(&["backup", "copy.db"]).code, 0);
    let restore = ["restore", "copy.db"];
    for command in [&["run", "--listen", "127.0.0.1:0"][..], &["fetch"], &["prune"], &["rebuild"], &restore] {
        let began = Instant::now();
        let ran = kariz.run(command);
        assert_eq!(ran.code, 3, "{command:?}: {}", ran.err);
        let holder = format!("(process {}, since 20", running.child.id());
        assert!(ran.err.contains(&holder) && ran.err.contains("wait for it or stop it"), "{}", ran.err);
        assert!(began.elapsed() < Duration::from_secs(5), "it does not wait");
    }
    for command in [&["status"][..], &["search", "ba"], &["export"], &["prune", "--dry-run"]] {
        let ran = kariz.run(command);
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.err);
    }
    running.stop();
    assert_eq!(kariz.run(&["fetch"]).code, 0);
}

#[test]
fn a_pass_that_fails_is_told_and_tried_again() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    std::fs::create_dir_all(kariz.published("atom.xml")).unwrap();
    let running = Running::start(&kariz, |_| {});
    until("the failure", || running.get("/metrics").contains("kariz_passes_total{outcome=\"failed\"} 1"));
    assert!(running.get("/healthz").contains("200 OK"));
    std::fs::remove_dir(kariz.published("atom.xml")).unwrap();
    until("the feed", || running.get("/atom.xml").contains("</feed>"));
    let (said, _) = running.stop();
    assert!(said.contains("it is a folder") && said.contains("the next try is in"), "{said}");
}

#[test]
fn systemd_is_told_when_it_is_ready_lives_and_stops() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let path = kariz.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let running = Running::start(&kariz, |command| {
        command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000").env_remove("WATCHDOG_PID");
    });
    let mut heard = String::new();
    let mut hear = |what: &str| {
        let mut buffer = [0; 4096];
        while !heard.contains(what) {
            let n = socket
                .recv(&mut buffer)
                .unwrap_or_else(|e| panic!("{what} was not told: {e}; heard {heard}"));
            heard.push_str(&String::from_utf8_lossy(&buffer[..n]));
            heard.push('\n');
        }
    };
    for what in ["READY=1", "STATUS=1 sources", "WATCHDOG=1"] {
        hear(what);
    }
    running.signal("-HUP");
    hear("RELOADING=1");
    running.stop();
    hear("STOPPING=1");
}

#[test]
fn a_source_in_trouble_is_flagged_once_and_monitors_see_it() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    kariz.fetch();
    assert_eq!(kariz.run(&["status", "--fail"]).code, 0);
    origin.on("/paper.xml", |_| status(500, &[], "oops"));
    let mut told = 0;
    for _ in 0..5 {
        let ran = kariz.run(&["fetch", "--all"]);
        told += ran.err.matches("3 times in a row").count();
    }
    assert_eq!(told, 1, "once");
    assert_eq!(kariz.run(&["status", "--fail"]).code, 4);
    let json: serde_json::Value = serde_json::from_str(&kariz.run(&["status", "--json"]).out).unwrap();
    assert!(json["sources"][0]["flags"]["failing"].is_string(), "{json}");
    let running = Running::start(&kariz, |_| {});
    let metrics = running.get("/metrics");
    assert!(metrics.contains("application/openmetrics-text"), "{metrics}");
    for line in [
        "kariz_flagged_sources{flag=\"failing\"} 1",
        "kariz_sources{state=\"failing\"} 1",
        "kariz_source_up{source=\"paper\"} 0",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    running.stop();
    origin.on("/paper.xml", |_| ok(paper("paper", (0..6).rev())));
    kariz.run(&["fetch", "--all"]);
    assert_eq!(kariz.run(&["status", "--fail"]).code, 0, "well again");
}

#[test]
fn a_silent_source_is_flagged_by_what_is_expected_of_it() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("interval = \"1h\"", "interval = \"1h\"\nexpected_interval = \"1s\""));
    kariz.fetch();
    std::thread::sleep(ms(2100));
    kariz.run(&["fetch", "--all"]);
    let json: serde_json::Value = serde_json::from_str(&kariz.run(&["status", "--json"]).out).unwrap();
    assert!(json["sources"][0]["flags"]["silent"].is_string(), "{json}");
    assert!(kariz.run(&["status"]).out.contains("silent for longer than expected"));
    origin.on("/paper.xml", |_| ok(paper("paper", (0..6).rev())));
    kariz.run(&["fetch", "--all"]);
    assert_eq!(kariz.run(&["status", "--fail"]).code, 0);
}

#[test]
fn the_webhook_is_told_once_when_it_begins_and_once_when_it_is_over() {
    let origin = Origin::start();
    let kariz = one_paper(&origin);
    let told = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = told.clone();
    origin.on("/hook?key=secret", move |request| {
        assert_eq!(
            (request.method.as_str(), request.header("content-type")),
            ("POST", Some("application/json"))
        );
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        status(204, &[], "")
    });
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&format!("{toml}[status]\nwebhook = {:?}\n", origin.url("/hook?key=secret")));
    let count = || told.load(std::sync::atomic::Ordering::SeqCst);
    kariz.fetch();
    assert_eq!(count(), 0);
    origin.on("/paper.xml", |_| status(500, &[], "oops"));
    for _ in 0..5 {
        kariz.run(&["fetch", "--all"]);
    }
    assert_eq!(count(), 1);
    origin.on("/hook?key=secret", |_| status(500, &[], "oops"));
    origin.on("/paper.xml", |_| ok(paper("paper", (0..5).rev())));
    let ran = kariz.run(&["fetch", "--all", "-vv"]);
    assert!(ran.err.contains("the webhook of [status]") && !ran.err.contains("secret"), "{}", ran.err);
}
