//! A database of every earlier schema is brought up to date, with a copy of it kept; one of a later kariz is refused.

use std::path::Path;

use crate::binary::Kariz;
use crate::origin::{Origin, ms, ok};
use crate::world::{assert_searchable, assert_sound, kariz, paper, stories};

const OLD: [(i64, &str); 3] = [
    (1, include_str!("../fixtures/schema/1.sql")),
    (2, include_str!("../fixtures/schema/2.sql")),
    (6, include_str!("../fixtures/schema/6.sql")),
];

fn with_database(origin: &Origin, sql: &str) -> Kariz {
    origin.on("/town.xml", |_| ok(paper("town", 0..3)));
    let kariz = kariz(&[("town".to_owned(), origin.url("/town.xml"))], "");
    std::fs::create_dir(kariz.path().join("data")).unwrap();
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.execute_batch(sql).unwrap();
    kariz
}

fn version(file: &Path) -> i64 {
    let db = rusqlite::Connection::open(file).unwrap();
    db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn every_earlier_schema_is_brought_up_to_date_and_kept() {
    for (old, sql) in OLD {
        let origin = Origin::start();
        let kariz = with_database(&origin, sql);
        let ran = kariz.run(&["fetch", "--all"]);
        assert_eq!(ran.code, 0, "schema {old}: {}", ran.err);
        let published = stories(&kariz.read("feed.json"));
        let (id, date) = &published["https://town.example/old"];
        assert_eq!(id, "urn:uuid:00112233-4455-6677-8899-aabbccddeeff", "schema {old}");
        assert!(date.starts_with("2026-10-25T"), "schema {old}: {date}");
        let kept = sql.matches("INSERT INTO entry").count();
        assert_eq!(published.len(), kept + 3, "schema {old}: what is new came in beside it");
        // Also what the older kariz had not taken in before it was stopped.
        assert_eq!(kariz.run(&["search", "old"]).out.matches("town.example").count(), kept, "schema {old}");
        let text = kariz.read("feed.json");
        assert!(text.contains("It was here before the upgrade."), "schema {old}: the text came along");
        let data = kariz.path().join("data");
        assert_sound(&data.join("kariz.db"));
        assert!(version(&data.join("kariz.db")) > old);
        assert_searchable(&data.join("kariz.db"));
        let kept = data.join(format!("kariz.db.schema-{old}"));
        assert_eq!(version(&kept), old, "the database as it was is kept");
        assert!(ran.err.contains(&format!("kariz.db.schema-{old}")), "schema {old}: {}", ran.err);
        // Once is enough.
        assert_eq!(kariz.run(&["fetch", "--all"]).err, "", "schema {old}");
    }
}

#[test]
fn a_run_that_is_killed_while_it_brings_a_database_up_to_date_loses_nothing() {
    for (old, sql) in OLD {
        for n in 0..8 {
            let origin = Origin::start();
            let kariz = with_database(&origin, sql);
            let mut run = kariz.command(&["fetch", "--all", "--quiet"]).spawn().expect("kariz runs");
            std::thread::sleep(ms(n * 18));
            run.kill().ok();
            run.wait().expect("it ends");
            let ran = kariz.run(&["fetch", "--all"]);
            assert_eq!(ran.code, 0, "schema {old}, {n}: {}", ran.err);
            let published = stories(&kariz.read("feed.json"));
            let (id, _) = &published["https://town.example/old"];
            assert_eq!(id, "urn:uuid:00112233-4455-6677-8899-aabbccddeeff", "schema {old}, {n}");
            assert_eq!(published.len(), sql.matches("INSERT INTO entry").count() + 3, "schema {old}, {n}");
            assert_sound(&kariz.path().join("data/kariz.db"));
            let kept = kariz.path().join(format!("data/kariz.db.schema-{old}"));
            assert_eq!(version(&kept), old, "the database as it was is kept");
        }
    }
}

#[test]
fn a_new_database_is_as_one_that_was_brought_up_to_date() {
    let tables = |kariz: &Kariz| -> Vec<String> {
        let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
        let mut statement = db
            .prepare(
                "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY 1",
            )
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let origin = Origin::start();
    let new = with_database(&origin, "");
    new.fetch();
    for (old, sql) in OLD {
        let upgraded = with_database(&origin, sql);
        upgraded.run(&["fetch"]);
        assert_eq!(tables(&upgraded), tables(&new), "schema {old}");
    }
}

#[test]
fn a_later_schema_is_refused_and_untouched() {
    let origin = Origin::start();
    let kariz = with_database(&origin, &OLD[1].1.replace("user_version = 2", "user_version = 99"));
    let file = kariz.path().join("data/kariz.db");
    let before = std::fs::read(&file).unwrap();
    for command in [&["fetch"][..], &["status"], &["prune"], &["rebuild"]] {
        let ran = kariz.run(command);
        assert_eq!(ran.code, 1, "{command:?}");
        assert!(ran.err.contains("newer kariz (schema 99"), "{}", ran.err);
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let origin = Origin::start();
    let kariz = with_database(&origin, "CREATE TABLE cat (name TEXT); PRAGMA user_version = 1;");
    let ran = kariz.run(&["fetch"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("of another program"), "{}", ran.err);
}
