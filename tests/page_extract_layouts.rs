//! Article pages of a dozen layouts, in Persian, Arabic and English: title, date and paragraphs, and nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use kariz::model::Direction;
use kariz::page::{self, Input};
use serde_json::Value;

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/page")
}

/// One rendered page and what a reader would say that it says.
struct Page {
    name: String,
    layout: String,
    html: String,
    title: String,
    date: String,
    lines: Vec<String>,
    language: String,
    author: String,
}

fn pages() -> Vec<Page> {
    let texts: Value =
        serde_json::from_str(&std::fs::read_to_string(fixtures().join("texts.json")).unwrap()).unwrap();
    let mut layouts: Vec<PathBuf> =
        std::fs::read_dir(fixtures().join("layouts")).unwrap().map(|e| e.unwrap().path()).collect();
    layouts.sort();
    let mut out = Vec::new();
    for path in layouts {
        let layout = path.file_stem().unwrap().to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        let mut templates = minijinja::Environment::new();
        templates.add_template_owned("page", source).unwrap();
        let template = templates.get_template("page").unwrap();
        for (language, chrome) in texts.as_object().unwrap() {
            for article in chrome["articles"].as_array().unwrap() {
                let html = template.render(minijinja::context! { c => minijinja::Value::from(minijinja::value::Serde(chrome)), a => minijinja::Value::from(minijinja::value::Serde(article)) }).unwrap();
                let text = |v: &Value| v.as_str().unwrap().to_owned();
                let mut lines: Vec<String> =
                    article["paragraphs"].as_array().unwrap().iter().map(text).collect();
                if layout == "opinion" && lines.len() > 2 {
                    lines.insert(2, text(&chrome["caption"]));
                }
                if layout == "lists_and_table" {
                    lines.insert(1, text(&chrome["caption"]));
                }
                if layout == "docs" {
                    lines.insert(2, "water --drops 12\n  --row 3".to_owned());
                }
                out.push(Page {
                    name: format!("{layout}/{language}/{}", text(&article["slug"])),
                    layout: layout.clone(),
                    html,
                    title: text(&article["title"]),
                    // Only today's date stands on that page: none is better than a wrong one.
                    date: if layout == "today_only" { "-".to_owned() } else { text(&article["iso"]) },
                    lines,
                    language: language.clone(),
                    author: text(&article["author"]),
                });
            }
        }
    }
    out
}

fn now() -> Timestamp {
    "2025-05-02T08:00:00Z".parse().unwrap()
}

fn tokens(text: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for word in text.split_whitespace() {
        *out.entry(word.to_owned()).or_default() += 1;
    }
    out
}

/// The harmonic mean of precision and recall over the words.
fn f1(got: &str, expected: &str) -> f64 {
    let (a, b) = (tokens(got), tokens(expected));
    let shared: usize = a.iter().map(|(w, n)| n.min(b.get(w).unwrap_or(&0))).sum();
    let all = a.values().sum::<usize>() + b.values().sum::<usize>();
    if all == 0 { 1.0 } else { 2.0 * shared as f64 / all as f64 }
}

#[test]
fn every_layout_gives_its_title_date_and_paragraphs_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut scores: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for page in pages() {
        let article = page::article(&Input::new(page.html.as_bytes(), now())).unwrap();
        let expected = page.lines.join("\n");
        scores.entry(page.layout.clone()).or_default().push(f1(&article.text, &expected));
        let mut say = |what: &str, got: &str, expected: &str| {
            if got != expected {
                wrong.push(format!("{}: {what}\n     got: {got}\nexpected: {expected}", page.name));
            }
        };
        say("title", article.title.as_deref().unwrap_or("-"), &page.title);
        say("text", &article.text, &expected);
        let date = article.published.map_or("-".to_owned(), |d| d.to_string()[..10].to_owned());
        say("date", &date, &page.date);
        let direction = if page.language == "en" { Direction::Ltr } else { Direction::Rtl };
        say("direction", &format!("{:?}", article.direction), &format!("{direction:?}"));
        // Where only the wording tells who wrote it.
        if !page.author.is_empty()
            && ["credits", "css_hash", "forum", "recipe", "sections"].contains(&page.layout.as_str())
        {
            let names: Vec<&str> = article.authors.iter().filter_map(|a| a.name.as_deref()).collect();
            say("author", &names.join(", "), &page.author);
        }
        say("language", article.language.as_deref().unwrap_or("-"), &page.language);
    }
    for (layout, scores) in &scores {
        println!("{layout:12} F1 {:.4}", scores.iter().sum::<f64>() / scores.len() as f64);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A page without a date of its own but for `below` its headline and `first`, its first paragraph.
fn dated(language: &str, below: &str, first: &str, after: &str) -> Option<String> {
    let text = [
        "The reading room above the old market hall opens its doors again this week after a winter of repairs, and the first visitors have found their places by the window.",
        "Volunteers carried four thousand books up the stairs, one shelf at a time, and sorted them by colour until the librarian came back from lunch.",
    ];
    let html = format!(
        "<html lang=\"{language}\"><head><title>Reading room opens again</title></head><body><nav><a href=\"/a\">A</a></nav><main>\
         <h1>Reading room opens again</h1>{below}<div>{first}<p>{}</p><p>{}</p></div>{after}</main></body></html>",
        text[0], text[1]
    );
    let article = page::article(&Input::new(html.as_bytes(), now())).unwrap();
    article.published.map(|d| d.to_string()[..10].to_owned())
}

#[test]
fn a_day_that_something_takes_place_is_not_the_day_of_publication() {
    for (language, below, first, after) in [
        ("en", "", "<p>The fair takes place on 12 April 2025 in the park.</p>", ""),
        ("fa", "", "<p>این مراسم روز ۲۱ فروردین ۱۴۰۴ در پارک برگزار می‌شود.</p>", ""),
        ("ar", "", "<p>يقام المعرض يوم 12 أبريل 2025 في الحديقة القديمة.</p>", ""),
        ("en", "<p>Event date: 12 April 2025</p>", "", ""),
        ("fa", "<p>مهلت ثبت‌نام: ۲۱ فروردین ۱۴۰۴</p>", "", ""),
        (
            "en",
            "",
            "",
            "<h2>Comments</h2><div><b>Tom</b> <time datetime=\"2025-01-04\">4 January 2025</time><p>Lovely.</p></div>",
        ),
        (
            "en",
            "",
            "",
            "<h3>Related</h3><ul><li><a href=\"/1\">Bakery wins a prize</a> 3 March 2025</li></ul>",
        ),
    ] {
        assert_eq!(dated(language, below, first, after), None, "{below}{first}{after}");
    }
    for (language, below) in [
        ("en", "<p>By Nora Hill | June 20th, 2024 | 4 min read</p>"),
        ("en", "<span>Published 20 June 2024, updated 2 May 2025</span>"),
        ("fa", "<div>شناسه خبر: ۱۲۳۴۵۶ - ۳۱ خرداد ۱۴۰۳ - ۰۹:۳۰</div>"),
        ("fa", "<div>آخرین به‌روزرسانی: ۱۲ اردیبهشت ۱۴۰۴</div><div>انتشار: ۳۱ خرداد ۱۴۰۳</div>"),
        ("ar", "<div>١٤ ذو الحجة ١٤٤٥ هـ الموافق ٢٠ حزيران ٢٠٢٤ م</div>"),
        ("ar", "<div>20 جوان 2024</div>"),
    ] {
        assert_eq!(dated(language, below, "", "").as_deref(), Some("2024-06-20"), "{below}");
    }
}
