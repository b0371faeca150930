//! Scores extraction on a directory of labelled pages: `NAME.html` beside `NAME.json` with `text`, `title`, `date`.
//!
//! `KARIZ_PAGES=dir cargo test --test page_extract_score -- --ignored --nocapture`

use std::collections::BTreeMap;

use jiff::Timestamp;
use kariz::page::{self, Input};
use serde_json::Value;

fn tokens(text: &str) -> BTreeMap<&str, usize> {
    let mut out = BTreeMap::new();
    for word in text.split_whitespace() {
        *out.entry(word).or_default() += 1;
    }
    out
}

/// Precision and recall over the words.
fn score(got: &str, expected: &str) -> (f64, f64) {
    let (a, b) = (tokens(got), tokens(expected));
    let shared: usize = a.iter().map(|(w, n)| n.min(b.get(w).unwrap_or(&0))).sum();
    let share = |all: usize| if all == 0 { 1.0 } else { shared as f64 / all as f64 };
    (share(a.values().sum()), share(b.values().sum()))
}

#[test]
#[ignore = "needs KARIZ_PAGES, a directory of labelled pages"]
fn score_a_directory() {
    let Ok(directory) = std::env::var("KARIZ_PAGES") else { return };
    let now: Timestamp = "2025-05-02T08:00:00Z".parse().unwrap();
    let mut names: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|x| x == "json"))
        .collect();
    names.sort();
    let mut groups: BTreeMap<String, Vec<[f64; 5]>> = BTreeMap::new();
    for path in names {
        let label: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let html = std::fs::read(path.with_extension("html")).unwrap();
        let article = page::article(&Input::new(&html, now)).unwrap();
        let text = |key: &str| label[key].as_str().unwrap_or_default().to_owned();
        let (precision, recall) = score(&article.text, &text("text"));
        let f1 =
            if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        let title = article.title.as_deref() == Some(text("title").as_str());
        let date = article.published.is_some_and(|d| d.to_string().starts_with(&text("date")));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let row = [precision, recall, f1, f64::from(u8::from(title)), f64::from(u8::from(date))];
        if f1 < 0.95 || !title || !date {
            println!(
                "{name:40} P {precision:.3} R {recall:.3} F1 {f1:.3} title {title} date {date} {:?}",
                article.title
            );
        }
        for group in
            ["all".to_owned(), format!("layout {}", text("layout")), format!("language {}", text("lang"))]
        {
            groups.entry(group).or_default().push(row);
        }
    }
    for (group, rows) in groups {
        let mean = |i: usize| rows.iter().map(|r| r[i]).sum::<f64>() / rows.len() as f64;
        println!(
            "{group:24} {:5} pages P {:.4} R {:.4} F1 {:.4} title {:.4} date {:.4}",
            rows.len(),
            mean(0),
            mean(1),
            mean(2),
            mean(3),
            mean(4)
        );
    }
}
