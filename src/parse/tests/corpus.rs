//! Feeds as they were really published. Where the corpus is not at hand there is nothing to check.

use std::path::{Path, PathBuf};

use super::*;

fn files() -> Vec<PathBuf> {
    let dir = match std::env::var_os("KARIZ_CORPUS") {
        Some(dir) => Some(PathBuf::from(dir)),
        None => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            root.ancestors().map(|dir| dir.join("shared/corpus")).find(|dir| dir.is_dir())
        }
    };
    let listing = dir.and_then(|dir| std::fs::read_dir(dir.join("real")).ok());
    let files = listing.into_iter().flatten().flatten().map(|file| file.path());
    files.filter(|path| path.extension().is_some_and(|extension| extension != "md")).collect()
}

/// How many entries a person would count: start tags that are not empty, and not in a comment.
fn count(body: &[u8]) -> usize {
    let comments = regex::Regex::new("(?s)<!--.*?-->").unwrap();
    let text = String::from_utf8_lossy(body);
    let text = comments.replace_all(&text, "");
    let tags = regex::Regex::new(r"(?i)<(?:[a-z0-9]+:)?(?:item|entry)(?:\s[^<>]*[^/])?>").unwrap();
    tags.find_iter(&text).count()
}

#[test]
fn every_real_feed_is_read_whole() {
    let mut entries = 0;
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = std::fs::read(&path).unwrap();
        let feed = read(&body).unwrap_or_else(|error| panic!("{name}: {error}"));
        if path.extension().is_some_and(|extension| extension != "json") {
            assert_eq!(feed.entries.len(), count(&body), "{name}");
        }
        for entry in &feed.entries {
            let shown = entry.title.is_some()
                || entry.link.is_some()
                || entry.summary.is_some()
                || entry.content.is_some();
            assert!(shown, "{name}: an entry with nothing to see");
        }
        entries += feed.entries.len();
    }
    assert!(entries == 0 || entries > 6000, "{entries}");
}
