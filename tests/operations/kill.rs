//! kill -9 at any moment, again and again, while the sources change and somebody reads what is published.

use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;

use crate::binary::Kariz;
use crate::origin::{Origin, ok};
use crate::world::{Growing, Stories, assert_searchable, assert_sound, kariz, link, paper, stories};

const FETCH: [&str; 3] = ["fetch", "--all", "--quiet"];

/// xorshift: the same points in every run, give or take what the machine is doing.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Adds what a feed shows to what a reader has seen; nothing that was seen may change.
fn remember(seen: &mut Stories, now: Stories) {
    for (url, story) in now {
        match seen.get(&url) {
            Some(before) => assert_eq!(*before, story, "{url} changed its id or date"),
            None => drop(seen.insert(url, story)),
        }
    }
}

/// What a reader sees who looks at the published files again and again until `stop`: every story that was ever there. Panics
/// where one is gone, changed, or there twice, and where a file or a twin of it is not whole.
fn read_until(stop: &AtomicBool, public: &Path) -> (Stories, usize) {
    let (mut seen, mut looks) = (Stories::new(), 0_usize);
    while !stop.load(Ordering::Relaxed) {
        let read = |name: &str| std::fs::read(public.join(name)).unwrap_or_default();
        let text = |bytes: Vec<u8>, name: &str| {
            String::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is torn"))
        };
        let now = stories(&text(read("feed.json"), "feed.json"));
        let lost: Vec<_> = seen.keys().filter(|url| !now.contains_key(*url)).collect();
        assert!(lost.is_empty(), "{lost:?} were published and are no more");
        remember(&mut seen, now);
        for (file, end) in
            [("feed.json", "}"), ("atom.xml", "</feed>"), ("rss.xml", "</rss>"), ("index.html", "</html>")]
        {
            let (mut gzip, mut brotli) = (String::new(), String::new());
            let plain = text(read(file), file);
            GzDecoder::new(&read(&format!("{file}.gz"))[..]).read_to_string(&mut gzip).expect("a whole .gz");
            brotli::Decompressor::new(&read(&format!("{file}.br"))[..], 4096)
                .read_to_string(&mut brotli)
                .expect("a whole .br");
            for text in [plain, gzip, brotli] {
                assert!(text.trim_end().ends_with(end), "{file} is torn");
            }
        }
        looks += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    (seen, looks)
}

/// Starts `command` and kills it at a random point within `longest`, until that was done `kills` times. `before` each run its
/// number is told, and it may do harm to the database: it gives whether it did.
fn survives(
    kariz: &Kariz,
    growing: &Growing,
    (command, longest, kills): (&[&str], Duration, usize),
    before: impl Fn(usize, &Path) -> bool,
) {
    let stop = Arc::new(AtomicBool::new(false));
    let reader = {
        let (stop, public) = (stop.clone(), kariz.published(""));
        std::thread::spawn(move || read_until(&stop, &public))
    };
    let mut dice = Dice(0x6b61_7269_7a21);
    let database = kariz.path().join("data/kariz.db");
    // Some runs end by themselves; those that were killed are counted.
    let (mut killed, mut runs, mut is_made_again) = (0, 0, false);
    while killed < kills {
        let harmed = before(runs, &database);
        let mut run = kariz
            .command(command)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("kariz runs");
        std::thread::sleep(longest.mul_f64(dice.below(1_000) as f64 / 1_000.0));
        killed += usize::from(run.try_wait().expect("its state").is_none());
        run.kill().ok();
        let ended = run.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!said.contains("locked"), "{said}");
        let in_order = !["damaged", "was gone", "older than"].iter().any(|what| said.contains(what));
        assert!(harmed || is_made_again || in_order, "{said}");
        // Until a run lives long enough to make it again, the next ones have to.
        is_made_again = (harmed || is_made_again) && in_order;
        runs += 1;
        assert!(runs < 10 * kills, "the runs end before they can be killed");
        if killed % 20 == 0 && !harmed && !is_made_again {
            assert_sound(&database);
        }
    }

    let ran = kariz.run(&FETCH);
    assert_eq!(ran.code, 0, "{}", ran.err);
    stop.store(true, Ordering::Relaxed);
    let (mut seen, looks) = reader.join().expect("the reader met nothing torn, lost or doubled");
    assert_sound(&database);
    assert_searchable(&database);
    let published = stories(&kariz.read("feed.json"));
    remember(&mut seen, published.clone());
    assert_eq!(seen, published, "what was seen once is still there");
    let mut expected: Vec<String> = growing.articles().into_iter().map(link).collect();
    expected.sort();
    assert_eq!(published.into_keys().collect::<Vec<_>>(), expected, "each article once");
    assert!(looks > 20, "{looks} looks");
    println!("{command:?}: {killed} kills in {runs} runs, {looks} looks, {} stories", seen.len());
}

#[test]
fn two_hundred_kills_lose_nothing_double_nothing_and_tear_no_file() {
    let growing = Growing::start(4);
    let kariz = kariz(&growing.sources(), "");
    let began = Instant::now();
    assert_eq!(kariz.run(&FETCH).code, 0);
    let longest = began.elapsed().mul_f64(1.1);
    survives(&kariz, &growing, (&FETCH, longest, 200), |_, _| false);
}

#[test]
fn nor_do_kills_while_a_lost_or_damaged_database_is_made_again() {
    let growing = Growing::start(4);
    let kariz = kariz(&growing.sources(), "");
    let began = Instant::now();
    for _ in 0..3 {
        assert_eq!(kariz.run(&FETCH).code, 0);
    }
    let longest = began.elapsed().mul_f64(0.5);
    survives(&kariz, &growing, (&FETCH, longest, 60), |run, database| {
        match run % 6 {
            0 => drop(std::fs::remove_file(database)),
            3 if database.exists() => {
                let file = std::fs::OpenOptions::new().write(true).open(database).expect("the database");
                let length = file.metadata().expect("its size").len();
                file.write_all_at(&[0xa5; 20_000], length / 3).expect("written");
            }
            _ => return false,
        }
        true
    });
}

#[test]
fn nor_do_a_hundred_kills_of_the_daemon() {
    let growing = Growing::start(4);
    let kariz = kariz(&growing.sources(), "");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    // Always due: pass after pass, a second apart.
    kariz.configure(&toml.replace("interval = \"1h\"", "interval = \"1s\"\nmin_interval = \"1s\""));
    let began = Instant::now();
    assert_eq!(kariz.run(&FETCH).code, 0);
    // The first pass, the pause, and the second pass.
    let longest = began.elapsed().mul_f64(2.2) + Duration::from_secs(1);
    let run = ["run", "--quiet", "--listen", "127.0.0.1:0"];
    survives(&kariz, &growing, (&run, longest, 100), |_, _| false);
}

/// The rows of the inverted index, by guid.
fn postings(db: &rusqlite::Connection) -> Vec<(i64, String)> {
    let mut rows = db
        .prepare(
            "SELECT p.key, e.guid FROM (SELECT * FROM posting UNION SELECT * FROM recent_posting) p
             JOIN entry e ON e.key = p.entry ORDER BY 1, 2",
        )
        .unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// How often each habit was counted.
fn habits(db: &rusqlite::Connection) -> Vec<(i64, i64)> {
    let mut rows = db.prepare("SELECT key, n FROM habit ORDER BY 1").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_run_that_dies_before_the_index_is_written_leaves_that_to_the_next() {
    let origin = Origin::start();
    for (p, from) in [(0, 0), (1, 60)] {
        origin.on(&format!("/{p}.xml"), move |_| ok(paper(&format!("paper{p}"), (from..from + 120).rev())));
    }
    let sources: Vec<_> = (0..2).map(|p| (format!("paper{p}"), origin.url(&format!("/{p}.xml")))).collect();
    let kariz = kariz(&sources, "");
    kariz.fetch();
    let database = kariz.path().join("data/kariz.db");
    let published = stories(&kariz.read("feed.json"));
    // As the run would have left it that dies when its stories are stored.
    let db = rusqlite::Connection::open(&database).unwrap();
    let (keys, counts) = (postings(&db), habits(&db));
    assert!(keys.len() > 1000 && counts.len() > 100, "{} and {}", keys.len(), counts.len());
    let first: i64 = db.query_row("SELECT min(key) FROM entry", [], |row| row.get(0)).unwrap();
    db.execute_batch("DELETE FROM posting; DELETE FROM recent_posting; DELETE FROM habit").unwrap();
    let noted = format!("{first} {},{} {}", first + 99, first + 100, first + 239);
    assert_eq!(db.execute("UPDATE meta SET value = ?1 WHERE name = 'unposted'", [noted]).unwrap(), 1);
    drop(db);
    // The other tells what the first one told: it finds it.
    origin.on("/2.xml", |_| ok(paper("paper2", (100..130).rev())));
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&format!("{toml}[[source]]\nid = \"paper2\"\nurl = {:?}\n", origin.url("/2.xml")));
    kariz.fetch();
    assert_eq!(stories(&kariz.read("feed.json")), published, "nothing is told twice");
    let db = rusqlite::Connection::open(&database).unwrap();
    let (keys_now, counts_now) = (postings(&db), habits(&db));
    assert!(keys.iter().all(|row| keys_now.binary_search(row).is_ok()), "each has its keys");
    assert!(counts.iter().all(|habit| counts_now.binary_search(habit).is_ok()), "each habit is counted once");
}
