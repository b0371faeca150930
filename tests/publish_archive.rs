//! The archive of a feed (RFC 5005), through the real binary: every story that is kept can be reached, once, and what a
//! reader has seen of the archive never changes.

#[path = "support/binary.rs"]
mod binary;
mod publish_support;

use std::collections::{BTreeMap, BTreeSet};

use binary::{Kariz, rss};
use kariz::store::Store;
use publish_support::parse;

const BASE: &str = "https://news.example/";

fn setup(more: &str) -> Kariz {
    let toml = format!(
        "[feed]\ntitle = \"Town news\"\nbase_url = {BASE:?}\nmax_items = 10\nby_tag = false\nby_source = false\npages = false\n\
         [dedupe]\nenabled = false\n[defaults]\nnew_source_items = 1000\n[[source]]\nid = \"town\"\nurl = \"town.xml\"\ntags = [\"Town\"]\n\
         [[source]]\nid = \"valley\"\nurl = \"valley.xml\"\n{more}"
    );
    let kariz = Kariz::with_config(&toml);
    say(&kariz, "town", 0..0, "");
    say(&kariz, "valley", 0..0, "");
    kariz
}

/// Lets a source say its items of these numbers, one an hour.
fn say(kariz: &Kariz, source: &str, numbers: std::ops::Range<u32>, addition: &str) {
    let items: Vec<_> = numbers
        .rev()
        .map(|n| {
            let date = format!("{:02} Nov 2026 {:02}:00:00 GMT", 1 + n / 24, n % 24);
            let link = format!("https://{source}.example/{n}");
            (format!("{source}-{n}"), format!("{source} story number {n}{addition}"), link, date)
        })
        .collect();
    let items: Vec<_> = items.iter().map(|(g, t, l, d)| (&**g, &**t, &**l, &**t, &**d)).collect();
    std::fs::write(kariz.path().join(format!("{source}.xml")), rss(source, &items)).unwrap();
}

fn pass(kariz: &Kariz) {
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

/// The documents along the chain, newest first, and the titles of the entries of each.
fn chain(kariz: &Kariz, path: &str, base: &str) -> Vec<(String, Vec<String>)> {
    let mut documents = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let node = parse(kariz.read(&path).as_bytes());
        let is_archive = !documents.is_empty();
        assert_eq!(node.get("fh:archive").is_some(), is_archive, "{path}");
        assert_eq!(node.link("self").unwrap().attr("href"), Some(&*format!("{base}{path}")));
        assert_eq!(node.link("current").is_some(), is_archive);
        assert!(node.link("next-archive").is_none(), "{path} would link to what may not be there");
        documents.push((path, node.all("entry").map(|e| e.text_of("title").to_owned()).collect()));
        assert!(documents.len() < 1000, "the chain has an end");
        let link = node.link("prev-archive").map(|link| link.attr("href").unwrap().to_owned());
        next = link.map(|url| url.strip_prefix(base).expect("an address of our own").to_owned());
    }
    documents
}

/// Everything is reached: once in the archive, or in none of its parts yet and then in the subscription document.
fn check(kariz: &Kariz, path: &str, titles: &BTreeSet<String>) {
    let documents = chain(kariz, path, BASE);
    let archived: Vec<&String> = documents[1..].iter().flat_map(|(_, titles)| titles).collect();
    let once: BTreeSet<&String> = archived.iter().copied().collect();
    assert_eq!(archived.len(), once.len(), "no story is in two parts");
    let all: BTreeSet<&String> = once.into_iter().chain(&documents[0].1).collect();
    assert_eq!(all, titles.iter().collect(), "every story is reached");
}

/// The parts of archives that are there.
fn parts(kariz: &Kariz) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    kariz.snapshot().into_iter().filter(|(path, _)| path.contains("archive/")).collect()
}

fn titles(source: &str, numbers: std::ops::Range<u32>) -> impl Iterator<Item = String> {
    numbers.map(move |n| format!("{source} story number {n}"))
}

#[test]
fn every_story_is_reached_once_and_no_part_ever_changes() {
    let kariz = setup("");
    let mut expected = BTreeSet::new();
    let mut seen = BTreeMap::new();
    let mut look = |expected: &BTreeSet<String>| {
        pass(&kariz);
        check(&kariz, "atom.xml", expected);
        let now = parts(&kariz);
        for (path, before) in &seen {
            assert_eq!(Some(before), now.get(path), "{path} was touched");
        }
        seen = now;
    };
    look(&expected);
    // A trickle, a burst, and a day without news.
    for (from, to) in [(0, 3), (3, 6), (6, 11), (11, 12), (12, 50), (50, 50), (50, 53), (53, 61)] {
        say(&kariz, "town", from..to, "");
        expected.extend(titles("town", from..to));
        look(&expected);
    }
    // A new source brings what it published weeks ago.
    say(&kariz, "valley", 5..25, "");
    expected.extend(titles("valley", 5..25));
    look(&expected);
    say(&kariz, "valley", 3..4, "");
    expected.extend(titles("valley", 3..4));
    look(&expected);
    // A source edits what is in a part already, and what is not: readers are told in the subscription document.
    say(&kariz, "town", 20..21, " (corrected)");
    look(&expected);
    say(&kariz, "town", 60..61, " (corrected)");
    expected.remove("town story number 60");
    expected.insert("town story number 60 (corrected)".into());
    look(&expected);
    assert!(parse(kariz.read("atom.xml").as_bytes()).all("entry").count() <= 10);
}

#[test]
fn the_first_pass_over_a_large_source_needs_few_parts() {
    let kariz = setup("");
    say(&kariz, "town", 0..520, "");
    pass(&kariz);
    check(&kariz, "atom.xml", &titles("town", 0..520).collect());
    let documents = chain(&kariz, "atom.xml", BASE);
    assert_eq!(documents.len(), 3, "two parts, of about the same size");
    assert!(documents[1..].iter().all(|(_, titles)| titles.len() > 200));
}

#[test]
fn each_output_has_its_own_archive_if_it_is_to_have_one() {
    let kariz = setup(
        "[[output]]\npath = \"all.xml\"\n[[output]]\npath = \"town.xml\"\ntags = [\"town\"]\nmax_items = 5\n\
         [[output]]\npath = \"rss.xml\"\narchive = true\nsources = [\"valley\"]\n\
         [[output]]\npath = \"plain.xml\"\narchive = false\n[[output]]\npath = \"feed.json\"\n\
         [[rule]]\non = [\"title\"]\ncontains = \"valley story number 7\"\naction = \"tag\"\ntag = \"town\"\n",
    );
    for n in 0..8 {
        say(&kariz, "town", n * 4..n * 4 + 4, "");
        say(&kariz, "valley", n * 2..n * 2 + 2, "");
        pass(&kariz);
    }
    let valley: BTreeSet<String> = titles("valley", 0..16).collect();
    let mut town: BTreeSet<String> = titles("town", 0..32).collect();
    check(&kariz, "all.xml", &town.union(&valley).cloned().collect());
    // By the tag of its source, or by that of a rule.
    town.insert("valley story number 7".into());
    check(&kariz, "town.xml", &town);
    let rss = kariz.read("rss.xml");
    let link = "<atom:link href=\"https://news.example/rss/archive/";
    assert!(rss.contains(link) && rss.contains("rel=\"prev-archive\""), "{rss}");
    assert!(!kariz.read("plain.xml").contains("prev-archive"));
    assert!(kariz.published("all/archive").is_dir() && kariz.published("town/archive").is_dir());

    // An output that is not wanted any more takes its archive with it.
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("path = \"town.xml\"", "path = \"village.xml\""));
    pass(&kariz);
    assert!(!kariz.published("town/archive").exists());
    check(&kariz, "village.xml", &town);
}

#[test]
fn an_archive_is_made_again_where_its_files_or_its_addresses_are_gone() {
    let kariz = setup("");
    for n in 0..6 {
        say(&kariz, "town", n * 5..n * 5 + 5, "");
        pass(&kariz);
    }
    let before = kariz.bytes();
    assert!(before.keys().any(|path| path.starts_with("archive/")));
    std::fs::remove_dir_all(kariz.published("")).unwrap();
    pass(&kariz);
    assert_eq!(kariz.bytes(), before, "the same parts, byte for byte");
    // One part is enough to break the chain.
    let oldest = chain(&kariz, "atom.xml", BASE).pop().unwrap().0;
    std::fs::remove_file(kariz.published(&oldest)).unwrap();
    say(&kariz, "town", 30..31, "");
    pass(&kariz);
    assert_eq!(kariz.bytes()[&oldest], before[&oldest]);

    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace(BASE, "https://moved.example/"));
    pass(&kariz);
    let reached: usize =
        chain(&kariz, "atom.xml", "https://moved.example/")[1..].iter().map(|(_, t)| t.len()).sum();
    assert!(reached >= 20, "{reached}");
}

#[test]
fn a_pass_that_cannot_note_its_archive_ends_and_says_why() {
    let kariz = setup("");
    say(&kariz, "town", 0..30, "");
    pass(&kariz);
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let refuse = "BEGIN SELECT RAISE(ABORT, 'no more of that'); END";
    db.execute_batch(&format!(
        "CREATE TRIGGER refuse_insert BEFORE INSERT ON archive_story {refuse};
         CREATE TRIGGER refuse_update BEFORE UPDATE ON archive {refuse};"
    ))
    .unwrap();
    say(&kariz, "town", 30..60, "");
    let ran = kariz.run(&["fetch", "--all"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("no more of that"), "{}", ran.err);
    db.execute_batch("DROP TRIGGER refuse_insert; DROP TRIGGER refuse_update").unwrap();
    drop(db);
    pass(&kariz);
    check(&kariz, "atom.xml", &titles("town", 0..60).collect());
}

#[test]
fn a_source_that_is_taken_out_leaves_the_parts_that_are_there_alone() {
    let kariz = setup("");
    for n in 0..6 {
        say(&kariz, "town", n * 4..n * 4 + 4, "");
        say(&kariz, "valley", n * 4..n * 4 + 4, "");
        pass(&kariz);
    }
    let before = parts(&kariz);
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("id = \"valley\"", "id = \"valley\"\nenabled = false"));
    say(&kariz, "town", 24..60, "");
    pass(&kariz);
    let after = parts(&kariz);
    assert!(before.iter().all(|(path, file)| after.get(path) == Some(file)));
    assert!(!kariz.read("atom.xml").contains("valley story"));
    // It comes back, and what it said meanwhile is reached.
    kariz.configure(&toml);
    pass(&kariz);
    let all: BTreeSet<String> = titles("town", 0..60).chain(titles("valley", 0..24)).collect();
    check(&kariz, "atom.xml", &all);
}

#[test]
fn what_is_no_longer_kept_leaves_the_chain_from_its_end() {
    let kariz = setup("");
    for n in 0..10 {
        say(&kariz, "town", n * 5..n * 5 + 5, "");
        pass(&kariz);
    }
    let documents = chain(&kariz, "atom.xml", BASE);
    let (oldest, second) = (&documents[documents.len() - 1], &documents[documents.len() - 2]);
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let forget = |titles: &[String]| {
        for title in titles {
            db.execute("DELETE FROM story WHERE key = (SELECT story FROM entry WHERE title = ?1)", [title])
                .unwrap();
        }
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'", []).unwrap();
        db.execute("INSERT INTO meta (name, value) VALUES ('purged', '1')", []).unwrap();
    };
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    // In the middle of the chain nothing may be missing.
    forget(&second.1);
    say(&kariz, "town", 50..51, "");
    pass(&kariz);
    assert!(kariz.published(&oldest.0).exists() && kariz.published(&second.0).exists());
    forget(&oldest.1);
    say(&kariz, "town", 51..52, "");
    pass(&kariz);
    // The newest of what left is the end of the chain.
    assert!(!kariz.published(&oldest.0).exists());
    let now = chain(&kariz, "atom.xml", BASE);
    assert_eq!(now.last(), Some(&(second.0.clone(), Vec::new())));
    assert!(documents[1..documents.len() - 2].iter().all(|document| now.contains(document)));
    // It stays as it is.
    let before = parts(&kariz);
    forget(&[]);
    say(&kariz, "town", 52..53, "");
    pass(&kariz);
    assert!(before.iter().all(|(path, file)| parts(&kariz).get(path) == Some(file)));
}

#[test]
fn a_part_moves_with_its_stories_though_they_are_kept_no_longer() {
    let kariz = setup("[store]\nkeep_min = 0\n");
    for n in 0..8 {
        say(&kariz, "town", n * 5..n * 5 + 5, "");
        pass(&kariz);
    }
    let (oldest, told) = chain(&kariz, "atom.xml", BASE).pop().unwrap();
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    // Half of what the oldest part tells.
    let toml = format!("{toml}keep_max = {}\n", 40 - told.len() / 2);
    kariz.configure(&toml);
    assert_eq!(kariz.run(&["prune"]).code, 0);
    pass(&kariz);
    let before = parts(&kariz);
    assert!(before.contains_key(&oldest));
    kariz.configure(&toml.replace(BASE, "https://moved.example/deep/"));
    pass(&kariz);
    let documents = chain(&kariz, "atom.xml", "https://moved.example/deep/");
    assert_eq!(documents.last().unwrap(), &(oldest, told));
    for (path, (bytes, _)) in before.iter().filter(|(path, _)| path.ends_with(".xml")) {
        let expected = String::from_utf8(bytes.clone()).unwrap().replace(BASE, "https://moved.example/deep/");
        assert_eq!(kariz.read(path), expected, "{path}");
    }
}

#[test]
fn a_few_stories_that_are_kept_for_ever_do_not_keep_all_that_came_after_them() {
    let kariz = setup("keep_period = \"forever\"\nkeep_min = 1000\n[store]\nkeep_min = 0\n");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("tags = [\"Town\"]", "tags = [\"Town\"]\nkeep_max = 15"));
    say(&kariz, "valley", 0..4, "");
    let mut most = 0;
    for n in 0..30 {
        say(&kariz, "town", 5 + n * 5..10 + n * 5, "");
        pass(&kariz);
        let documents = chain(&kariz, "atom.xml", BASE);
        most = most.max(documents.len());
        let archived: Vec<&String> = documents[1..].iter().flat_map(|(_, titles)| titles).collect();
        let once: BTreeSet<&String> = archived.iter().copied().collect();
        assert_eq!(archived.len(), once.len(), "no story is in two parts");
        let reached: BTreeSet<&String> = once.into_iter().chain(&documents[0].1).collect();
        let kept = titles("valley", 0..4).chain(titles("town", (n * 5).max(5)..10 + n * 5));
        kept.for_each(|title| assert!(reached.contains(&title), "{title} in round {n}"));
        assert_eq!(kariz.run(&["prune"]).code, 0);
    }
    assert!(most <= 14, "{most} documents for some twenty stories");
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    let rows: i64 = db.query_row("SELECT count(*) FROM archive_story", [], |row| row.get(0)).unwrap();
    assert!(rows < 100, "{rows} rows");
}

#[test]
fn a_story_that_became_part_of_another_is_told_to_be_gone() {
    let kariz = setup("");
    say(&kariz, "town", 0..3, "");
    say(&kariz, "valley", 0..3, "");
    pass(&kariz);
    let key = |title: &str| -> (i64, String) {
        let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
        let found = "SELECT st.key, lower(hex(st.id)) FROM story st JOIN entry e ON e.story = st.key WHERE e.title = ?1";
        db.query_row(found, [title], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let unite = |younger: i64, older: i64| {
        let mut store = Store::open(&kariz.path().join("data/kariz.db")).unwrap();
        store.atomically(|store| store.retire_story(younger, older, jiff::Timestamp::now())).unwrap();
        let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'", []).unwrap();
    };
    let gone = |path: &str| -> BTreeMap<String, String> {
        let node = parse(kariz.read(path).as_bytes());
        let stones = node.all("at:deleted-entry");
        let name = |stone: &publish_support::Node| stone.attr("ref").unwrap().replace(['-'], "");
        stones.map(|stone| (name(stone), stone.text_of("at:comment").replace('-', ""))).collect()
    };
    assert!(gone("atom.xml").is_empty());
    let (a, b, c) = (key("town story number 1"), key("valley story number 1"), key("town story number 0"));
    unite(b.0, a.0);
    pass(&kariz);
    let of = |id: &str| format!("urn:uuid:{id}");
    assert_eq!(gone("atom.xml"), BTreeMap::from([(of(&b.1), format!("Merged into {}", of(&a.1)))]));
    // And again: both are part of the last one.
    unite(a.0, c.0);
    pass(&kariz);
    let into = format!("Merged into {}", of(&c.1));
    assert_eq!(gone("atom.xml"), BTreeMap::from([(of(&a.1), into.clone()), (of(&b.1), into)]));

    // When a part is closed, it tells so for good.
    say(&kariz, "town", 3..30, "");
    pass(&kariz);
    let oldest = chain(&kariz, "atom.xml", BASE).pop().unwrap().0;
    assert_eq!(gone(&oldest).len(), 2);
    assert!(gone("atom.xml").is_empty(), "the part tells it");
}

#[test]
fn what_became_part_of_another_does_not_come_back_from_its_part_when_the_database_is_lost() {
    let kariz = setup("");
    say(&kariz, "town", 0..30, "");
    say(&kariz, "valley", 0..30, "");
    pass(&kariz);
    let database = kariz.path().join("data/kariz.db");
    let story = |title: &str| -> (i64, String) {
        let db = rusqlite::Connection::open(&database).unwrap();
        let found = "SELECT st.key, lower(hex(st.id)) FROM story st JOIN entry e ON e.story = st.key WHERE e.title = ?1";
        db.query_row(found, [title], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let (older, younger) = (story("town story number 1"), story("valley story number 1"));
    let mut store = Store::open(&database).unwrap();
    // Not within the second in which the parts were closed.
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    store.atomically(|store| store.retire_story(younger.0, older.0, later)).unwrap();
    drop(store);
    say(&kariz, "town", 31..35, "");
    say(&kariz, "valley", 31..35, "");
    pass(&kariz);
    let is_told_gone = |kariz: &Kariz| {
        let told = |(path, _): (String, _)| {
            parse(kariz.read(&path).as_bytes()).all("at:deleted-entry").any(|stone| {
                stone.attr("ref").is_some_and(|id| id.replace('-', "") == format!("urn:uuid:{}", younger.1))
            })
        };
        chain(kariz, "atom.xml", BASE).into_iter().any(told)
    };
    assert!(is_told_gone(&kariz));
    std::fs::remove_file(&database).unwrap();
    pass(&kariz);
    let ids: Vec<String> = {
        let db = rusqlite::Connection::open(&database).unwrap();
        let mut all = db.prepare("SELECT lower(hex(id)) FROM story").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(ids.len(), 67);
    assert!(ids.contains(&older.1) && !ids.contains(&younger.1));
    assert!(is_told_gone(&kariz));
}
