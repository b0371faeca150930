//! A database that is damaged or gone is noticed, set aside, and made again; readers notice nothing.

use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::binary::Kariz;
use crate::origin::{Origin, ok};
use crate::world::{assert_searchable, assert_sound, kariz, paper, stories};

/// A folder with two papers of 120 articles, of which the newest stand in the feed.
fn two_papers(origin: &Origin, more: &str) -> Kariz {
    for (p, from) in [(0, 0), (1, 60)] {
        origin.on(&format!("/{p}.xml"), move |_| ok(paper(&format!("paper{p}"), (from..from + 120).rev())));
    }
    let sources = (0..2).map(|p| (format!("paper{p}"), origin.url(&format!("/{p}.xml"))));
    let kariz = kariz(&sources.collect::<Vec<_>>(), more);
    kariz.fetch();
    kariz
}

fn database(kariz: &Kariz) -> std::path::PathBuf {
    kariz.path().join("data/kariz.db")
}

pub fn scribble(file: &Path, from: u64, bytes: usize) {
    let file = std::fs::OpenOptions::new().write(true).open(file).expect("the database");
    file.write_all_at(&vec![0xa5; bytes], from).expect("written");
}

/// Damages the database, and sees that the next run goes on as if nothing had been.
fn heals(what: &str, damage: impl Fn(&Path)) {
    let origin = Origin::start();
    let kariz = two_papers(&origin, "");
    let before = stories(&kariz.read("feed.json"));
    assert_eq!(before.len(), 180);
    damage(&database(&kariz));
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{what}: {}", ran.err);
    assert!(ran.err.contains("set aside") || ran.err.contains("was gone"), "{what}: {}", ran.err);
    assert!(ran.err.contains("kariz restore"), "{what}: {}", ran.err);
    assert_eq!(stories(&kariz.read("feed.json")), before, "{what}: ids and dates are as they were");
    assert_sound(&database(&kariz));
    assert_searchable(&database(&kariz));
    // The next run has nothing to say.
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{what}");
    assert!(ran.out.contains("0 new entries"), "{what}: {}", ran.out);
    assert_eq!(stories(&kariz.read("feed.json")), before, "{what}");
}

#[test]
fn a_destroyed_header_is_healed() {
    heals("header", |file| scribble(file, 0, 4096));
}

#[test]
fn destroyed_pages_in_the_middle_are_healed() {
    for part in [3, 5, 8] {
        heals("pages", |file| {
            scribble(file, file.metadata().unwrap().len() * part / 10 / 4096 * 4096, 40_000)
        });
    }
}

#[test]
fn an_entry_is_found_again_by_those_who_tell_the_same_though_what_it_was_recognised_by_is_lost() {
    heals("features", |file| {
        let db = rusqlite::Connection::open(file).unwrap();
        // Not the one who told it first: that one would found the same story again.
        let one = "(SELECT key FROM source WHERE id = 'paper1')";
        db.execute_batch(&format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM feature; DELETE FROM posting; DELETE FROM recent_posting;
             DELETE FROM body WHERE entry IN (SELECT key FROM entry WHERE source = {one});
             DELETE FROM entry WHERE source = {one};"
        ))
        .unwrap();
        let page = |table: &str| -> i64 {
            let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
            db.query_row(root, [table], |row| row.get(0)).unwrap()
        };
        let habits = page("habit").unsigned_abs();
        drop(db);
        scribble(file, (habits - 1) * 4096, 4096);
    });
}

#[test]
fn a_file_that_was_cut_off_is_healed() {
    let cut = |file: &Path| {
        let half = file.metadata().unwrap().len() / 2;
        std::fs::OpenOptions::new().write(true).open(file).unwrap().set_len(half).unwrap();
    };
    heals("cut off", cut);
}

#[test]
fn a_database_that_is_gone_is_made_again_from_what_is_published() {
    heals("gone", |file| std::fs::remove_file(file).unwrap());
    heals("empty", |file| drop(std::fs::File::create(file).unwrap()));
}

#[test]
fn a_run_that_died_while_it_made_the_database_again_is_made_good() {
    let origin = Origin::start();
    let kariz = two_papers(&origin, "");
    let before = stories(&kariz.read("feed.json"));
    let beside = |end: &str| kariz.path().join(format!("data/kariz.db.{end}"));
    // It had only begun: what it had made so far is worth nothing.
    std::fs::remove_file(database(&kariz)).unwrap();
    drop(kariz::store::Store::open(&beside("rebuilt")).unwrap());
    let ran = kariz.run(&["fetch", "--all"]);
    assert!(ran.err.contains("was gone") && ran.err.contains("180 stories were read back"), "{}", ran.err);
    assert_eq!(stories(&kariz.read("feed.json")), before);
    // It was done, but for the last move.
    std::fs::rename(database(&kariz), beside("ready")).unwrap();
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(stories(&kariz.read("feed.json")), before);
    // What another run has left long ago does not count.
    std::fs::copy(database(&kariz), beside("ready")).unwrap();
    kariz.fetch();
    assert!(!beside("ready").exists());
}

#[test]
fn not_even_the_only_story_of_the_only_source_is_lost() {
    let origin = Origin::start();
    origin.on("/0.xml", |_| ok(paper("paper0", 0..1)));
    let kariz = kariz(&[("paper0".to_owned(), origin.url("/0.xml"))], "");
    kariz.fetch();
    let before = stories(&kariz.read("feed.json"));
    std::fs::remove_file(database(&kariz)).unwrap();
    // By now its paper lists another one.
    origin.on("/0.xml", |_| ok(paper("paper0", 1..2)));
    let ran = kariz.run(&["fetch", "--all"]);
    assert!(ran.err.contains("1 stories were read back"), "{}", ran.err);
    let after = stories(&kariz.read("feed.json"));
    assert_eq!(after.len(), 2);
    assert!(before.iter().all(|(url, story)| after.get(url) == Some(story)));
}

#[test]
fn damage_that_leaves_no_trace_is_healed_when_a_pass_meets_it() {
    // Bits that rot change neither the size of a file nor its time.
    let rot = |file: &Path| {
        let (length, at) = (file.metadata().unwrap().len(), file.metadata().unwrap().modified().unwrap());
        scribble(file, 8192, length as usize - 8192);
        std::fs::OpenOptions::new().write(true).open(file).unwrap().set_modified(at).unwrap();
    };
    heals("rot", rot);
}

#[test]
fn what_is_damaged_stands_aside_whole() {
    let origin = Origin::start();
    let kariz = two_papers(&origin, "");
    scribble(&database(&kariz), 0, 100);
    let damaged = std::fs::read(database(&kariz)).unwrap();
    kariz.fetch();
    let aside = std::fs::read_dir(kariz.path().join("data"))
        .unwrap()
        .flatten()
        .find(|file| file.file_name().to_string_lossy().starts_with("kariz.db.damaged-"))
        .expect("the damaged database is kept");
    assert_eq!(std::fs::read(aside.path()).unwrap(), damaged);
}

/// Lets a pass write while somebody reads, so that what it wrote stays in the log; gives database and log as a run that was
/// killed leaves them.
fn with_a_log(kariz: &Kariz) -> (Vec<u8>, Vec<u8>) {
    let reader = rusqlite::Connection::open(database(kariz)).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM entry").unwrap();
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    let log = std::fs::read(kariz.path().join("data/kariz.db-wal")).unwrap();
    assert!(log.len() > 4096);
    (std::fs::read(database(kariz)).unwrap(), log)
}

fn leave(kariz: &Kariz, bytes: &[u8], log: Option<&[u8]>) {
    let beside = |end: &str| kariz.path().join(format!("data/kariz.db{end}"));
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(end));
    }
    std::fs::write(beside(""), bytes).unwrap();
    if let Some(log) = log {
        std::fs::write(beside("-wal"), log).unwrap();
    }
}

#[test]
fn what_was_published_is_not_lost_with_the_log_of_the_database() {
    let origin = Origin::start();
    // None of them has a date but that of its first sight.
    let undated = |from: usize, to: usize| {
        let dated = paper("paper0", (from..to).rev());
        ok(dated
            .split("<pubDate>")
            .map(|part| part.split_once("</pubDate>").map_or(part, |(_, rest)| rest))
            .collect::<String>())
    };
    origin.on("/0.xml", move |_| undated(0, 5));
    let kariz = kariz(&[("paper0".to_owned(), origin.url("/0.xml"))], "");
    kariz.fetch();
    kariz.later(100_000);
    origin.on("/0.xml", move |_| undated(3, 10));
    let (bytes, log) = with_a_log(&kariz);
    let before = stories(&kariz.read("feed.json"));
    assert_eq!(before.len(), 10);
    // With its log all is there, and there is nothing to say.
    leave(&kariz, &bytes, Some(&log));
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(stories(&kariz.read("feed.json")), before);
    // Without it the database knows of five; two more are still listed, three are not.
    leave(&kariz, &bytes, None);
    origin.on("/0.xml", move |_| undated(8, 12));
    kariz.later(-5000);
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("older than what is published") && ran.err.contains("5 stories were read back"),
        "{}",
        ran.err
    );
    let after = stories(&kariz.read("feed.json"));
    assert_eq!(after.len(), 12);
    assert_sound(&database(&kariz));
    assert_searchable(&database(&kariz));
    for (url, story) in &before {
        assert_eq!(after[url].0, story.0, "{url}");
    }
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "once is enough");
    assert_eq!(stories(&kariz.read("feed.json")), after);
}

#[test]
fn the_log_of_another_database_is_not_taken_in() {
    let origin = Origin::start();
    let (ours, theirs) = (two_papers(&origin, ""), two_papers(&origin, ""));
    let before = stories(&ours.read("feed.json"));
    origin.on("/0.xml", |_| ok(paper("paper0", (500..620).rev())));
    let (_, log) = with_a_log(&theirs);
    let bytes = std::fs::read(database(&ours)).unwrap();
    origin.on("/0.xml", |_| ok(paper("paper0", (0..120).rev())));
    leave(&ours, &bytes, Some(&log));
    let ran = ours.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("that of another one") && ran.err.contains("kariz.db.foreign-wal"),
        "{}",
        ran.err
    );
    assert_eq!(stories(&ours.read("feed.json")), before);
    assert_eq!(std::fs::read(ours.path().join("data/kariz.db.foreign-wal")).unwrap(), log);
    assert_sound(&database(&ours));
    assert_eq!(ours.run(&["fetch", "--all"]).err, "");
}

#[test]
fn without_a_json_feed_the_atom_feed_tells_ids_and_dates() {
    let origin = Origin::start();
    let kariz = two_papers(&origin, "");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&format!("{toml}[[output]]\npath = \"atom.xml\"\n"));
    kariz.fetch();
    let told = |kariz: &Kariz| {
        let feed = feed_rs::parser::parse(kariz.read("atom.xml").as_bytes()).expect("Atom");
        let mut told: Vec<_> =
            feed.entries.into_iter().map(|e| (e.id, e.published, e.links[0].href.clone())).collect();
        told.sort();
        told
    };
    let before = told(&kariz);
    std::fs::remove_file(database(&kariz)).unwrap();
    kariz.fetch();
    assert_eq!(told(&kariz), before);
}
