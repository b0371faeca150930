//! Copies: made while the daemon runs, and taken back.

use crate::origin::ms;
use crate::world::{Growing, assert_sound, kariz, stories};

#[test]
fn a_backup_is_made_while_it_runs_and_restores_ids_and_dates() {
    let growing = Growing::start(3);
    let kariz = kariz(&growing.sources(), "");
    kariz.fetch();
    // A writer is at work all the while.
    let mut writer = kariz.command(&["fetch", "--all", "--quiet"]).spawn().unwrap();
    let ran = kariz.run(&["backup", "copy.db"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    writer.wait().unwrap();
    assert_sound(&kariz.path().join("copy.db"));
    for _ in 0..3 {
        kariz.run(&["fetch", "--all", "--quiet"]);
    }
    let before = stories(&kariz.read("feed.json"));
    let ran = kariz.run(&["restore", "copy.db"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains("kept as") && ran.out.contains("read back from the published files"),
        "{}",
        ran.out
    );
    kariz.run(&["rebuild"]);
    assert_eq!(stories(&kariz.read("feed.json")), before, "what is younger than the copy was read back");
    kariz.run(&["fetch", "--all", "--quiet"]);
    let after = stories(&kariz.read("feed.json"));
    assert!(before.iter().all(|(url, story)| after[url] == *story));
    assert!(after.len() > before.len());
}

#[test]
fn a_copy_that_is_damaged_or_foreign_is_refused_and_nothing_is_touched() {
    let growing = Growing::start(1);
    let kariz = kariz(&growing.sources(), "");
    kariz.fetch();
    let database = kariz.path().join("data/kariz.db");
    let before = std::fs::read(&database).unwrap();
    std::fs::write(
        kariz.path().join("noise.db"),
        "no database at all, but long enough to be looked at. ".repeat(100),
    )
    .unwrap();
    rusqlite::Connection::open(kariz.path().join("other.db"))
        .unwrap()
        .execute_batch("CREATE TABLE cat (name TEXT)")
        .unwrap();
    kariz.run(&["backup", "cut.db"]);
    let cut = std::fs::OpenOptions::new().write(true).open(kariz.path().join("cut.db")).unwrap();
    cut.set_len(cut.metadata().unwrap().len() / 2).unwrap();
    for file in ["noise.db", "other.db", "cut.db", "none.db"] {
        let ran = kariz.run(&["restore", file]);
        assert_eq!(ran.code, 1, "{file}: {}", ran.out);
        assert!(ran.err.contains(file), "{file}: {}", ran.err);
        assert_eq!(std::fs::read(&database).unwrap(), before, "{file}");
    }
    assert_eq!(kariz.run(&["backup", "data/kariz.db"]).code, 2);
}

#[test]
fn rebuild_publishes_without_asking_anybody() {
    let growing = Growing::start(2);
    let kariz = kariz(&growing.sources(), "");
    kariz.fetch();
    let (before, asked) = (kariz.bytes(), growing.origin.all_seen().len());
    std::fs::remove_dir_all(kariz.published("")).unwrap();
    std::thread::sleep(ms(1));
    let ran = kariz.run(&["rebuild"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(kariz.bytes(), before);
    assert_eq!(growing.origin.all_seen().len(), asked);
}
