//! Dates that others wrote. Passed over where the collection is not at hand.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::super::*;
use super::NOW;

/// Where the collection of published feeds is, if it is here.
fn corpus() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("KARIZ_CORPUS") {
        return Some(path.into());
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.ancestors().map(|folder| folder.join("shared/corpus")).find(|folder| folder.is_dir())
}

#[test]
fn worked_examples_of_the_corpus() {
    let Some(text) = corpus().and_then(|folder| std::fs::read_to_string(folder.join("dates.jsonl")).ok())
    else {
        return;
    };
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let string = |key: &str| case[key].as_str();
        let timezone = TimeZone::get(string("tz").unwrap_or("UTC")).expect("a zone");
        let now = string("now").unwrap_or("2025-11-22T12:00:00Z").parse().expect("an instant");
        let context = DateContext { timezone: &timezone, language: string("lang"), now };
        let found = parse_detailed(string("text").expect("a text"), &context);
        let right = match (string("expect"), found) {
            (None, None) => true,
            (Some(expected), Some(found)) if expected.len() == 10 => {
                found.date.to_string() == expected && found.precision == Precision::Day
            }
            (Some(expected), Some(found)) => {
                let expected: Timestamp = expected.parse().expect("an instant");
                found.timestamp == expected && found.precision == Precision::Minute
            }
            _ => false,
        };
        if !right {
            wrong.push(format!("{line}\n    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dates_of_published_feeds() {
    let Some(entries) = corpus().and_then(|folder| std::fs::read_dir(folder.join("real")).ok()) else {
        return;
    };
    let element = regex::Regex::new(
        r"<(?:pubDate|updated|published|dc:date|lastBuildDate|modified|issued|created|dcterms:(?:modified|created|issued|available))(?:\s[^>]*)?>([^<]+)<",
    )
    .expect("an expression");
    let timezone = TimeZone::UTC;
    let context = DateContext { timezone: &timezone, language: None, now: NOW.parse().expect("an instant") };
    let (mut read, mut missed) = (0, Vec::new());
    for entry in entries.flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        for capture in element.captures_iter(&String::from_utf8_lossy(&bytes)) {
            let text = capture[1].trim().replace("&#43;", "+");
            if text.is_empty() {
                continue;
            }
            // Not even a person could tell: the year 1, a month of 26.
            if text.contains(" 0001 ") || text.starts_with("2005-26-") {
                continue;
            }
            read += 1;
            if parse(&text, &context).is_none() {
                missed.push(format!("{:?}: {text:?}", entry.file_name()));
            }
        }
    }
    missed.sort();
    missed.dedup();
    assert!(missed.is_empty(), "{} of {read} dates are not read:\n{}", missed.len(), missed.join("\n"));
}
