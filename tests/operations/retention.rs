//! What is kept, and what leaves: a year at a time.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use kariz::config::{self, Config};
use kariz::tick::{Report, Tick, database_path};

use crate::binary::Kariz;
use crate::origin::{Origin, ok};
use crate::world::{kariz, paper, stories};

/// A paper of 40 articles, of which it always lists all.
fn one_paper(origin: &Origin, store: &str) -> Kariz {
    origin.on("/paper.xml", |_| ok(paper("paper", (0..40).rev())));
    let kariz = kariz(&[("paper".to_owned(), origin.url("/paper.xml"))], "");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&format!("{toml}[store]\n{store}"));
    kariz
}

fn config(kariz: &Kariz) -> Config {
    config::load(&kariz.path().join("feeds.toml"), &|_, _| None).expect("a valid feeds.toml")
}

/// A pass at any time.
fn pass(config: &Config, data_dir: &Path, now: Timestamp) -> Report {
    let run_time = tokio::runtime::Runtime::new().expect("threads");
    run_time.block_on(Tick::new(config, data_dir, now).all(true).run()).expect("a pass")
}

fn rows(data_dir: &Path) -> Vec<(String, i64)> {
    let db = rusqlite::Connection::open(database_path(data_dir)).expect("the database");
    ["entry", "story", "feature", "posting", "recent_posting", "habit", "tag", "revision", "search"]
        .into_iter()
        .map(|table| {
            let count = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
            (table.to_owned(), count.expect("a count"))
        })
        .collect()
}

#[test]
fn what_leaves_is_not_announced_again_while_it_is_listed() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_period = \"30 days\"\nkeep_min = 10\n");
    let (config, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    let after = |days: i64| start + SignedDuration::from_hours(24 * days);
    assert_eq!(pass(&config, &data, start).new_entries, 40);
    let all = stories(&kariz.read("feed.json"));
    assert_eq!(pass(&config, &data, after(29)).pruned.stories, 0, "not yet");
    let report = pass(&config, &data, after(31));
    assert_eq!((report.pruned.stories, report.pruned.entries), (30, 30));
    let kept = stories(&kariz.read("feed.json"));
    assert_eq!(kept.len(), 10, "the newest stay, however old");
    assert!(kept.iter().all(|(url, story)| all[url] == *story));
    // It leaves without a deletion: nobody took it back.
    assert!(!kariz.read("atom.xml").contains("deleted-entry"));
    // For years the paper goes on listing what has left.
    for days in [32, 60, 100, 200, 400, 800, 1600] {
        let report = pass(&config, &data, after(days));
        assert_eq!((report.new_entries, report.new_stories), (0, 0), "after {days} days");
    }
    assert_eq!(stories(&kariz.read("feed.json")), kept);
}

#[test]
fn an_entry_that_left_is_not_announced_again_under_another_guid() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_period = \"30 days\"\nkeep_min = 0\n");
    let (config, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    pass(&config, &data, start);
    // The edit of a headline changes what the document says; the guid stays.
    origin.on("/paper.xml", |_| ok(paper("paper", (0..40).rev()).replace("<title>", "<title>New: ")));
    pass(&config, &data, start + SignedDuration::from_hours(24 * 10));
    assert_eq!(pass(&config, &data, start + SignedDuration::from_hours(24 * 31)).pruned.entries, 40);
    origin.on("/paper.xml", |_| ok(paper("paper", (0..40).rev())));
    assert_eq!(pass(&config, &data, start + SignedDuration::from_hours(24 * 32)).new_entries, 0);
}

#[test]
fn nothing_stays_behind_but_some_fifty_bytes_an_entry() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_period = \"30 days\"\nkeep_min = 0\n");
    let (config, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    pass(&config, &data, start);
    pass(&config, &data, start + SignedDuration::from_hours(24 * 31));
    for (table, count) in rows(&data) {
        assert_eq!(count, 0, "{table}");
    }
    let db = rusqlite::Connection::open(database_path(&data)).unwrap();
    let (marks, bytes): (i64, i64) = db
        .query_row(
            "SELECT (SELECT count(*) FROM seen), (SELECT sum(payload) FROM dbstat WHERE name = 'seen')",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(marks, 80);
    assert!(bytes <= 40 * 55, "{bytes} bytes for 40 entries");
    // What is listed no more is forgotten in the end.
    origin.on("/paper.xml", |_| ok(paper("paper", 5000..5001)));
    pass(&config, &data, start + SignedDuration::from_hours(24 * 40));
    origin.on("/paper.xml", |_| ok(paper("paper", 5001..5002)));
    pass(&config, &data, start + SignedDuration::from_hours(24 * 130));
    let left: i64 = db.query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap();
    assert!(left <= 4, "{left} marks are left");
}

#[test]
fn article_pages_are_forgotten_in_time_though_they_were_never_read() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_min = 0\n");
    origin.on("/other.xml", |_| ok(paper("other", (900..902).rev())));
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    let other = format!("[[source]]\nid = \"other\"\nurl = {:?}\n", origin.url("/other.xml"));
    kariz.configure(&format!("{toml}{other}"));
    let (both, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    pass(&both, &data, start);
    let db = rusqlite::Connection::open(database_path(&data)).unwrap();
    let (given_up, tried, waits) = (Some(start.as_second()), Some(start.as_second()), Some(0));
    for (source, link, last_read, next_try) in [
        // Of a source that is read: given up, to be tried again but never was, waiting for its first turn.
        ("paper", 1, given_up, None),
        ("paper", 2, None, tried),
        ("paper", 3, None, waits),
        // Of one that is taken out.
        ("other", 4, None, waits),
        ("other", 5, given_up, waits),
    ] {
        let sql = "INSERT INTO article_page (source, link_hash, url, failures, reads, last_read, next_try)
                   VALUES ((SELECT key FROM source WHERE id = ?1), ?2, '', 1, 0, ?3, ?4)";
        db.execute(sql, rusqlite::params![source, link, last_read, next_try]).unwrap();
    }
    kariz.configure(&toml);
    let one = config(&kariz);
    let left = |days: i64| -> Vec<i64> {
        pass(&one, &data, start + SignedDuration::from_hours(24 * days));
        let mut pages = db.prepare("SELECT link_hash FROM article_page ORDER BY 1").unwrap();
        pages.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(left(190), [1, 2, 3, 4, 5]);
    assert_eq!(left(210), [3], "its turn may still come");
}

#[test]
fn a_source_may_keep_less_or_more_than_the_others() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_period = \"30 days\"\nkeep_min = 0\n");
    origin.on("/other.xml", |_| ok(paper("other", (900..940).rev())));
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    let other = format!(
        "[[source]]\nid = \"other\"\nurl = {:?}\nkeep_period = \"forever\"\n",
        origin.url("/other.xml")
    );
    kariz.configure(&format!("{toml}{other}"));
    let (config, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    pass(&config, &data, start);
    // Nothing leaves on the word of a clock that has just leapt by more than a year.
    let later = start + SignedDuration::from_hours(24 * 400);
    assert_eq!(pass(&config, &data, later).pruned.entries, 0);
    assert_eq!(pass(&config, &data, later + SignedDuration::from_hours(24 * 2)).pruned.entries, 40);
    assert_eq!(stories(&kariz.read("feed.json")).len(), 40);
}

#[test]
fn prune_says_what_would_leave_and_takes_it_out() {
    let origin = Origin::start();
    let kariz = one_paper(&origin, "keep_min = 0\n");
    kariz.fetch();
    assert_eq!(stories(&kariz.read("feed.json")).len(), 40);
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("[store]\n", "[store]\nkeep_max = 25\n"));
    let ran = kariz.run(&["prune", "--dry-run"]);
    assert!(ran.out.contains("15 stories with 15 entries would leave"), "{}{}", ran.out, ran.err);
    assert!(kariz.run(&["prune", "--dry-run"]).out.contains("15 stories"), "nothing left by asking");
    let ran = kariz.run(&["prune"]);
    assert!(ran.out.contains("15 stories with 15 entries left"), "{}{}", ran.out, ran.err);
    let ran = kariz.run(&["fetch", "--all"]);
    assert!(ran.out.contains("0 new entries"), "{}", ran.out);
    assert_eq!(stories(&kariz.read("feed.json")).len(), 25);
}

#[test]
fn room_goes_back_to_the_disk() {
    let origin = Origin::start();
    origin.on("/paper.xml", |_| ok(paper("paper", (0..3000).rev())));
    let kariz =
        kariz(&[("paper".to_owned(), origin.url("/paper.xml"))], "pages = false\nby_source = false\n");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&format!("{toml}[store]\nkeep_period = \"30 days\"\nkeep_min = 10\n"));
    let (config, data) = (config(&kariz), kariz.path().join("data"));
    let start: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    pass(&config, &data, start);
    let size = || std::fs::metadata(database_path(&data)).unwrap().len();
    let before = size();
    pass(&config, &data, start + SignedDuration::from_hours(24 * 31));
    assert!(size() < before / 3, "{before} bytes, then {}", size());
}
