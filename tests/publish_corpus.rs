//! Really published feeds, published again: every document well-formed, read back to the same values,
//! and quickly made.

mod publish_support;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use kariz::model::*;
use kariz::publish::files::{Folder, brotli, gzip};
use kariz::publish::{self, Around, Channel, Format, Pick};
use publish_support::*;

/// Where the really published feeds are: `KARIZ_CORPUS`, else `shared/corpus` in a folder above.
fn corpus() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("KARIZ_CORPUS") {
        return Some(PathBuf::from(path).join("real"));
    }
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/corpus/real"))
        .find(|folder| folder.is_dir());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "the corpus must be there in CI");
    found
}

/// What feed-rs makes of the corpus, as stories of one member each. Not sanitised: the worse for us.
fn real_stories() -> Vec<Story> {
    let Some(folder) = corpus() else { return Vec::new() };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|f| f.path()).collect();
    files.sort();
    let mut stories = Vec::new();
    for (f, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file).unwrap();
        let parsed = std::panic::catch_unwind(|| feed_rs::parser::parse(&bytes[..]));
        let Ok(Ok(feed)) = parsed else { continue };
        let stem = file.file_stem().unwrap().to_string_lossy();
        let info = SourceInfo {
            title: feed
                .title
                .map(|t| t.content)
                .filter(|t| !t.is_empty())
                .unwrap_or_else(|| stem.to_string()),
            feed_url: format!("https://source{f}.example/feed"),
            link: feed.links.first().map(|l| l.href.clone()),
            language: feed.language,
            feed_id: Some(feed.id),
            ..source(&stem)
        };
        let info = std::sync::Arc::new(info);
        for (e, entry) in feed.entries.into_iter().enumerate() {
            let title = entry.title.map(|t| t.content).unwrap_or_default();
            let mut one = member((*info).clone(), &entry.id, &title, "2026-11-21T08:30:00Z");
            one.source = info.clone();
            let article = &mut one.entry.article;
            article.link = entry.links.first().map(|l| l.href.clone());
            article.summary_html = entry.summary.map(|s| s.content);
            article.content_html = entry.content.and_then(|c| c.body);
            article.categories = entry.categories.into_iter().map(|c| c.term).collect();
            let people = entry.authors.into_iter();
            article.authors = people.map(|p| Person { name: p.name, uri: p.uri, email: p.email }).collect();
            let published =
                entry.published.or(entry.updated).map_or(0, |d| d.timestamp().clamp(0, 1_790_000_000));
            let mut story = story((f * 100_000 + e) as u128, vec![one]);
            story.published = jiff::Timestamp::from_second(published).unwrap();
            story.updated = story.published;
            stories.push(story);
        }
    }
    stories
}

#[test]
fn real_feeds_come_out_well_formed_and_read_back() {
    let stories = real_stories();
    if stories.is_empty() {
        return;
    }
    assert!(stories.len() > 3000, "{}", stories.len());
    let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let channel = channel("x", format);
        let items = publish::items(&picks, &channel);
        let bytes = publish::render(&channel, &items, &Around::default());
        if format != Format::Json {
            parse(&bytes);
        }
        let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
        assert_eq!(feed.entries.len(), stories.len());
        for (entry, story) in feed.entries.iter().zip(&stories) {
            let article = &story.lead().entry.article;
            let flat = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(entry.id, story.id);
            assert_eq!(entry.published.unwrap().timestamp(), story.published.as_second());
            // feed-rs strips tags from titles of RSS and JSON; controls are gone for good.
            let plain = |c: char| !matches!(c, '<' | '&') && (!c.is_control() || c.is_whitespace());
            if !article.title.trim().is_empty() && article.title.chars().all(plain) {
                assert_eq!(flat(&entry.title.as_ref().unwrap().content), flat(&article.title));
            }
        }
    }
}

/// `cargo test --release --test publish_corpus -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn how_fast() {
    let mut stories = real_stories();
    stories.retain(|s| {
        s.lead().entry.article.content_html.is_some() || s.lead().entry.article.summary_html.is_some()
    });
    let many = stories.len();
    println!("{many} stories");
    let once = |stories: &[Story], what: &str| {
        let selection = publish::Selection::default();
        let start = Instant::now();
        let picks = publish::select(stories, &selection, at("2026-11-22T00:00:00Z"));
        println!("{what}: select {:?}", start.elapsed());
        let base = channel("x", Format::Atom);
        let start = Instant::now();
        let items = publish::items(&picks, &base);
        println!("  items {:?}", start.elapsed());
        for format in [Format::Atom, Format::Rss, Format::Json] {
            let channel = Channel { format, ..base.clone() };
            let best = (0..5).map(|_| {
                let start = Instant::now();
                let bytes = publish::render(&channel, &items, &Around::default());
                (start.elapsed(), bytes)
            });
            let (time, bytes) = best.min_by_key(|(t, _)| *t).unwrap();
            let start = Instant::now();
            let gz = gzip(&bytes);
            let gz_time = start.elapsed();
            let start = Instant::now();
            let br = brotli(&bytes);
            println!(
                "  {format:?} {time:?}, {} bytes; gz {} in {gz_time:?}; br {} in {:?}",
                bytes.len(),
                gz.len(),
                br.len(),
                start.elapsed()
            );
        }
    };
    let step = (many / 700).max(1);
    let some: Vec<Story> = stories.iter().step_by(step).take(700).cloned().collect();
    once(&some, "700");
    once(&stories, "all");

    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    let documents: Vec<Vec<u8>> = (0..1000)
        .map(|n| {
            let picks: Vec<Pick<'_>> = stories.iter().skip(n * 3).take(35).map(Pick::lead).collect();
            let channel = channel("x", Format::Atom);
            publish::atom(&channel, &publish::items(&picks, &channel), &Around::default())
        })
        .collect();
    for what in ["1,000 documents written", "the same again"] {
        let start = Instant::now();
        let named = documents.iter().enumerate().map(|(n, d)| (format!("sources/{n}/atom.xml"), d.clone()));
        let results = folder.publish(named).unwrap();
        assert!(results.iter().all(|(_, r)| r.is_ok()));
        println!("{what}: {:?}, {} bytes", start.elapsed(), documents.iter().map(Vec::len).sum::<usize>());
        assert!(start.elapsed() < Duration::from_secs(120));
    }
}
