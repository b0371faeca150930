//! How fast documents are read, in MB/s, on the captured feeds of the corpus: kariz's strict road, feed-rs
//! alone on the same documents, and the repairing road on the same documents with an `&` left bare.
//!
//! `cargo bench --bench parse`; without the corpus there is nothing to measure.

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::BytesCount;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kariz::parse::{Input, parse};

fn main() {
    divan::main();
}

fn corpus() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("KARIZ_CORPUS") {
        return Some(PathBuf::from(dir));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.ancestors().map(|dir| dir.join("shared/corpus")).find(|dir| dir.is_dir())
}

fn read(body: &[u8]) -> Option<kariz::model::ParsedFeed> {
    parse(&Input {
        body,
        content_type: None,
        base: None,
        encoding: None,
        timezone: &TimeZone::UTC,
        language: None,
        now: Timestamp::UNIX_EPOCH,
    })
    .ok()
}

/// The documents in UTF-8 that both read, and that need no repair.
fn well_formed() -> Vec<Vec<u8>> {
    let dir = corpus().map(|dir| dir.join("real"));
    let files = dir.and_then(|dir| std::fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    let bodies = files.iter().filter(|path| path.extension().is_some_and(|e| e != "md" && e != "json"));
    bodies
        .filter_map(|path| std::fs::read(path).ok())
        .filter(|body| std::str::from_utf8(body).is_ok() && body.starts_with(b"<"))
        .filter(|body| read(body).is_some_and(|feed| feed.warnings.iter().all(|w| !w.contains("repaired"))))
        .filter(|body| feed_rs::parser::parse(body.as_slice()).is_ok())
        .collect()
}

fn bench(bencher: Bencher<'_, '_>, bodies: &[Vec<u8>], read: impl Fn(&[u8]) + Sync) {
    let bytes: usize = bodies.iter().map(Vec::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| bodies.iter().for_each(|body| read(body)));
}

#[divan::bench(sample_count = 20)]
fn strict_road(bencher: Bencher<'_, '_>) {
    bench(bencher, &well_formed(), |body| {
        divan::black_box(read(body));
    });
}

#[divan::bench(sample_count = 20)]
fn feed_rs_alone(bencher: Bencher<'_, '_>) {
    bench(bencher, &well_formed(), |body| {
        divan::black_box(feed_rs::parser::parse(body).ok());
    });
}

#[divan::bench(sample_count = 20)]
fn repairing_road(bencher: Bencher<'_, '_>) {
    let broken: Vec<Vec<u8>> = well_formed()
        .into_iter()
        .map(|mut body| {
            // At the very end: the strict road is walked in vain to its last step.
            let end = body.iter().rposition(|b| *b == b'<').unwrap_or(body.len());
            body.splice(end..end, *b" R&D ");
            body
        })
        .collect();
    bench(bencher, &broken, |body| {
        divan::black_box(read(body));
    });
}
