//! `kariz inspect --page`: what was read out of an article page, for people and for programs that score it.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::page::PageArticle;

/// What `--json` prints: an object with `title`, `published` (RFC 3339, UTC), `author` (names, joined by ", "),
/// `language` (BCP 47), `dir`, `content_html` (sanitised), `text`, `image`, and what else is known. What the page does
/// not say is `null`; `text` and `content_html` are empty then.
pub fn json(article: &PageArticle) -> Value {
    json!({
        "title": article.title,
        "published": article.published.map(|t| t.to_string()),
        "updated": article.updated.map(|t| t.to_string()),
        "author": authors(article),
        "language": article.language,
        "dir": article.direction,
        "content_html": article.content_html(),
        "text": article.text,
        "image": article.image,
        "summary": article.summary,
        "categories": article.categories,
        "site_name": article.site_name,
        "canonical_url": article.canonical_url,
        "short_link": article.short_link,
        "charset": article.charset,
    })
}

/// What `--text` prints: the body alone, one line a block.
pub fn text(article: &PageArticle) -> String {
    let mut out = article.text.clone();
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What is printed without either: the values, then the body.
pub fn summary(article: &PageArticle) -> String {
    let mut out = String::new();
    let none = "-".to_owned();
    let time = |t: Option<jiff::Timestamp>| t.map_or_else(|| none.clone(), |t| t.to_string());
    let rows = [
        ("title", article.title.clone().unwrap_or_else(|| none.clone())),
        ("published", time(article.published)),
        ("updated", time(article.updated)),
        ("author", authors(article).unwrap_or_else(|| none.clone())),
        ("language", article.language.clone().unwrap_or_else(|| none.clone())),
        ("charset", article.charset.name.clone()),
        ("image", article.image.clone().unwrap_or_else(|| none.clone())),
        ("address", article.canonical_url.clone().unwrap_or_else(|| none.clone())),
    ];
    for (name, value) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<10} {value}");
    }
    let _ = write!(out, "\n{}", text(article));
    out
}

fn authors(article: &PageArticle) -> Option<String> {
    let names: Vec<&str> = article.authors.iter().filter_map(|a| a.name.as_deref()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, Input};

    #[test]
    fn the_keys_are_those_that_scores_are_made_of() {
        let html = "<html lang=en><title>Soup</title><meta property=article:published_time content=2024-06-20T09:30:00+02:00>\
                    <h1>Soup for everybody</h1><p>There was a pot of soup, and everybody had some of it, and it was good.</p>";
        let article =
            page::article(&Input::new(html.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap())).unwrap();
        let value = json(&article);
        for key in ["title", "published", "author", "language", "dir", "content_html", "text", "image"] {
            assert!(value.get(key).is_some(), "{key}");
        }
        assert_eq!(value["title"], "Soup for everybody");
        assert_eq!(value["published"], "2024-06-20T07:30:00Z");
        assert_eq!(value["dir"], "ltr");
        assert!(text(&article).starts_with("There was a pot"));
        assert!(summary(&article).contains("published  2024-06-20T07:30:00Z"));
    }
}
