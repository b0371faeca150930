//! A database that is made again knows the archive that is published: its parts stay as they are, and the chain reaches every
//! story that was ever published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use crate::binary::Kariz;
use crate::damage::scribble;
use crate::origin::{Origin, ok};
use crate::world::{Growing, assert_sound, kariz, paper};

/// The documents from the one that people subscribe to back to the oldest part, and the ids of their stories.
fn chain(kariz: &Kariz) -> (Vec<String>, BTreeSet<String>) {
    let (mut documents, mut ids) = (Vec::new(), BTreeSet::new());
    let mut next = Some("atom.xml".to_owned());
    while let Some(path) = next {
        let text = kariz.read(&path);
        let feed = feed_rs::parser::parse(text.as_bytes()).expect("Atom");
        ids.extend(feed.entries.into_iter().map(|entry| entry.id));
        let previous = feed.links.into_iter().find(|link| link.rel.as_deref() == Some("prev-archive"));
        next = previous.map(|link| link.href.split("news.example/").nth(1).expect("of this site").to_owned());
        documents.push(path);
    }
    (documents, ids)
}

fn parts(kariz: &Kariz) -> BTreeMap<String, Vec<u8>> {
    kariz
        .bytes()
        .into_iter()
        .filter(|(path, _)| path.starts_with("archive/") && path.ends_with(".xml"))
        .collect()
}

/// A feed of ten stories over a source that lists fifteen and renews ten at each of six visits; a copy of the database is made
/// after the third. Then `harm` is done, and two more visits are made.
fn goes_on(what: &str, harm: impl Fn(&Path, &Path)) {
    let origin = Origin::start();
    let (over_http, as_a_file) = (origin.url("/0.xml"), "local.xml".to_owned());
    for url in [over_http, as_a_file] {
        let kariz = kariz(&[("paper".to_owned(), url)], "");
        let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
        kariz.configure(
            &toml.replace("max_items = 5000\n", "max_items = 10\nbase_url = \"https://news.example/\"\n"),
        );
        let visit = |n: usize| {
            let document = paper("paper", ((10 * n).saturating_sub(5)..10 * n + 10).rev());
            std::fs::write(kariz.path().join("local.xml"), &document).unwrap();
            origin.on("/0.xml", move |_| ok(document.clone()));
            kariz.run(&["fetch", "--all"])
        };
        for n in 0..6 {
            assert_eq!(visit(n).code, 0);
            if n == 2 {
                assert_eq!(kariz.run(&["backup", "old.db"]).code, 0);
            }
        }
        let (documents, before) = chain(&kariz);
        let closed = parts(&kariz);
        assert!(documents.len() > 4 && before.len() == 60, "{documents:?}: {}", before.len());
        let database = kariz.path().join("data/kariz.db");
        harm(&database, &kariz.path().join("old.db"));
        let ran = visit(6);
        assert_eq!(ran.code, 0, "{what}: {}", ran.err);
        assert!(ran.err.contains("kariz restore"), "{what}: {}", ran.err);
        assert_eq!(visit(7).err, "", "{what}");
        let (documents, after) = chain(&kariz);
        assert!(
            before.is_subset(&after),
            "{what}: {} stories are reached no more",
            before.difference(&after).count()
        );
        assert_eq!(after.len(), 80, "{what}");
        let now = parts(&kariz);
        for (path, bytes) in &closed {
            assert!(now.get(path) == Some(bytes), "{what}: {path} has changed");
        }
        assert_eq!(now.len(), documents.len() - 1, "{what}: each part is in the chain");
        assert_sound(&database);
    }
}

#[test]
fn kills_tear_no_part_and_lose_no_story_of_the_archive() {
    let growing = Growing::start(3);
    let kariz = kariz(&growing.sources(), "by_source = false\npages = false\n");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(
        &toml.replace("max_items = 5000\n", "max_items = 8\nbase_url = \"https://news.example/\"\n"),
    );
    let began = Instant::now();
    for _ in 0..5 {
        assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    }
    let longest = began.elapsed() / 4;
    let mut seen = parts(&kariz);
    for n in 0..60_u32 {
        let mut run = kariz.command(&["fetch", "--all", "--quiet"]).spawn().expect("kariz runs");
        // Spread over the whole run, in no order.
        std::thread::sleep(longest * (n * 37 % 60) / 60);
        run.kill().ok();
        run.wait().expect("it ends");
        let now = parts(&kariz);
        for (path, bytes) in &seen {
            assert!(now.get(path) == Some(bytes), "kill {n}: {path} has changed");
        }
        seen = now;
    }
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    let (documents, ids) = chain(&kariz);
    assert!(documents.len() > 5, "{documents:?}");
    assert_eq!(ids.len(), growing.articles().len(), "each article is reached");
    assert_eq!(parts(&kariz).len(), documents.len() - 1, "each part is in the chain");
}

#[test]
fn a_lost_database_keeps_its_archive() {
    goes_on("gone", |database, _| std::fs::remove_file(database).unwrap());
}

#[test]
fn an_older_copy_in_its_place_keeps_the_archive() {
    goes_on("an older copy", |database, old| {
        std::fs::copy(old, database).unwrap();
    });
}

#[test]
fn a_damaged_database_keeps_its_archive() {
    goes_on("header", |database, _| scribble(database, 0, 4096));
    // From here on all is lost: sources and stories may be there, parts of the archive are not.
    goes_on("the later half", |database, _| {
        let half = database.metadata().unwrap().len() / 2 / 4096 * 4096;
        scribble(database, half, half as usize);
    });
}
