//! Really published feeds, all of them, pulled over loopback, published, and read back.
//!
//! They belong to their publishers and are not part of the project; where the folder is not there, there
//! is nothing to do, except in CI, where it always is.

#[path = "support/binary.rs"]
mod binary;
mod feed_validator;
#[path = "support/origin.rs"]
mod origin;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use binary::Kariz;
use origin::{Origin, status};

/// The folder of really published feeds.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("KARIZ_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|dir| dir.join("shared/corpus"));
    let found = named.into_iter().chain(beside).map(|dir| dir.join("real")).find(|dir| dir.is_dir());
    let required = std::env::var_os("CI").is_some() || std::env::var_os("KARIZ_REQUIRE_CORPUS").is_some();
    assert!(found.is_some() || !required, "the corpus is missing, and here it is required");
    found
}

#[test]
fn every_feed_of_the_corpus_is_read_published_and_read_back() {
    let Some(folder) = corpus() else {
        eprintln!("no corpus here: nothing to read");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e != "md"));
    files.sort();
    assert!(files.len() > 100, "{} feeds", files.len());
    let origin = Origin::start();
    let mut toml = "[feed]\ntitle = \"All\"\nmax_items = 20000\nlink = \"https://all.example/\"\nbase_url = \"https://all.example/feeds/\"\n\
        [fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nper_host_concurrency = 32\n[defaults]\nnew_source_items = 1000\n"
        .to_owned();
    for (i, file) in files.iter().enumerate() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let path = format!("/{i}");
        let (body, media_type) = (
            std::fs::read(file).unwrap(),
            if name.ends_with("json") { "application/feed+json" } else { "application/xml" },
        );
        origin.on(&path, move |_| status(200, &[("Content-Type", media_type)], &body));
        toml.push_str(&format!(
            "[[source]]\nid = \"{i}\"\ntitle = {name:?}\nurl = \"{}\"\n",
            origin.url(&path)
        ));
    }
    let kariz = Kariz::with_config(&toml);
    let ran = kariz.run(&["fetch", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["failures"].as_array().map(Vec::len), Some(0), "{}", report["failures"]);
    assert!(report["new_entries"].as_u64() > Some(4000), "{report}");

    // Another program reads what was published, and finds each story once, with an id, a date and a source.
    let atom = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .build()
        .parse(kariz.read("atom.xml").as_bytes())
        .expect("Atom");
    let ids: HashSet<&str> = atom.entries.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), atom.entries.len());
    assert!(atom.entries.iter().all(|e| e.published.is_some() && e.updated.is_some() && e.title.is_some()));
    let rss = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .build()
        .parse(kariz.read("rss.xml").as_bytes())
        .expect("RSS");
    let items = kariz.items();
    assert_eq!((rss.entries.len(), items.len()), (atom.entries.len(), atom.entries.len()));
    let rss_ids: HashSet<&str> = rss.entries.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(rss_ids, ids);
    for item in &items {
        assert!(!item["_kariz"]["sources"].as_array().expect("sources").is_empty());
    }

    let (problems, documents) =
        feed_validator::problems_of_folder(&kariz.published(""), "https://all.example/feeds/");
    assert!(documents > 300, "{documents}");
    let shown = problems.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(problems.is_empty(), "{} problems\n{shown}", problems.len());

    // Asked again, everybody says the same: no row, no file.
    let (before, entries) = (kariz.snapshot(), count(&kariz));
    let ran = kariz.run(&["fetch", "--all", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["unchanged"], files.len());
    assert_eq!((kariz.snapshot() == before, count(&kariz)), (true, entries));
}

fn count(kariz: &Kariz) -> i64 {
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.query_row("SELECT count(*) FROM entry", [], |r| r.get(0)).unwrap()
}
