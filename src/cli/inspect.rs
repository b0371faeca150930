//! `kariz inspect`: what kariz understands of one document, as JSON and as a page to read.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::output;
use crate::model::{CharsetEvidence, FeedFormat, Markup, ParsedEntry, ParsedFeed, Person};
use crate::text::{html, language};

/// The document as JSON: titles are plain text, `*_html` is sanitised with absolute URLs, times are RFC
/// 3339 in UTC, what is absent is null or an empty list.
pub fn json(feed: &ParsedFeed) -> Value {
    json!({
        "feed": {
            "format": format_name(feed.format),
            "title": feed.title,
            "subtitle": feed.subtitle,
            "link": feed.link,
            "self": feed.self_link,
            "hub": feed.hubs.first(),
            "id": feed.id,
            "language": feed.language,
            "updated": time(feed.updated),
            "author": author(feed),
            "generator": feed.generator,
            "rights": feed.rights,
            "image": feed.image.as_ref().or(feed.icon.as_ref()),
            "ttl_minutes": feed.hints.ttl_minutes,
            "skip_hours": feed.hints.skip_hours,
            "skip_days": feed.hints.skip_days.iter().filter_map(|day| day_name(*day)).collect::<Vec<_>>(),
            "update_period_minutes": feed.hints.update_period_minutes,
        },
        "entries": feed.entries.iter().map(entry).collect::<Vec<_>>(),
        "warnings": feed.warnings,
    })
}

fn entry(entry: &ParsedEntry) -> Value {
    let sanitised =
        |markup: &Option<Markup>| markup.as_ref().map(html::sanitize).filter(|html| !html.trim().is_empty());
    let summary = sanitised(&entry.summary);
    let content = sanitised(&entry.content);
    // Its beginning tells the language of a text.
    let text = content.as_deref().or(summary.as_deref()).unwrap_or_default();
    let text = html::to_text(&text[..text.floor_char_boundary(64 << 10)]);
    let title = entry.title.as_deref().unwrap_or_default();
    let enclosures = entry.enclosures.iter();
    json!({
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "summary_html": summary,
        "content_html": content,
        "published": time(entry.published),
        "updated": time(entry.updated),
        "authors": entry.authors,
        "categories": entry.categories,
        "enclosures": enclosures
            .map(|file| json!({ "url": file.url, "type": file.media_type, "length": file.length }))
            .collect::<Vec<_>>(),
        "language": language::of(entry.language.as_deref(), title, &text),
        "comments": entry.comments,
        "source": entry.source,
    })
}

/// RFC 3339, UTC, to the second: no reader tells two entries apart by less.
fn time(time: Option<Timestamp>) -> Option<String> {
    time.and_then(|time| Timestamp::from_second(time.as_second()).ok()).map(|time| time.to_string())
}

/// The first who has a name, else the first.
fn author(feed: &ParsedFeed) -> Option<&str> {
    let named = feed.authors.iter().find_map(|author| author.name.as_deref());
    named.or_else(|| feed.authors.first().and_then(person))
}

/// A name, else an address.
fn person(person: &Person) -> Option<&str> {
    person.name.as_deref().or(person.email.as_deref()).or(person.uri.as_deref())
}

/// The dialect's short name.
pub fn format_name(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Rss090 => "rss090",
        FeedFormat::Rss091 => "rss091",
        FeedFormat::Rss092 => "rss092",
        FeedFormat::Rss1 => "rss1",
        FeedFormat::Rss2 => "rss2",
        FeedFormat::Atom03 => "atom03",
        FeedFormat::Atom1 => "atom1",
        FeedFormat::Cdf => "cdf",
        FeedFormat::Json1 => "json1",
        FeedFormat::Json11 => "json11",
    }
}

fn day_name(day: u8) -> Option<&'static str> {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    DAYS.get(usize::from(day).checked_sub(1)?).copied()
}

fn evidence(evidence: CharsetEvidence) -> &'static str {
    match evidence {
        CharsetEvidence::Default => "nothing says otherwise",
        CharsetEvidence::Config => "forced by the configuration",
        CharsetEvidence::ByteOrderMark => "from the byte order mark",
        CharsetEvidence::HttpHeader => "from the HTTP header",
        CharsetEvidence::Declaration => "from the XML declaration",
        CharsetEvidence::Detected => "from the bytes themselves",
    }
}

/// How many entries the page shows.
const SHOWN: usize = 5;

/// The document as a page for a person: what it is, what it says of itself, its first entries, what was odd.
pub fn page(feed: &ParsedFeed) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{name:<12}{value}");
        }
    };
    line("Title", feed.title.as_deref());
    line("Subtitle", feed.subtitle.as_deref());
    line("Format", Some(format_name(feed.format)));
    line("Charset", Some(&format!("{} ({})", feed.charset.name, evidence(feed.charset.found_by))));
    line("Language", feed.language.as_deref());
    line("Site", feed.link.as_deref());
    line("Feed", feed.self_link.as_deref());
    line("Hub", feed.hubs.first().map(String::as_str));
    line("Id", feed.id.as_deref());
    line("Author", author(feed));
    line("Generator", feed.generator.as_deref());
    line("Rights", feed.rights.as_deref());
    line("Updated", time(feed.updated).as_deref());
    line("Asks", asks(feed).as_deref());
    line("Entries", Some(&counts(feed)));
    line("Dates", span(feed).as_deref());
    for entry in feed.entries.iter().take(SHOWN) {
        let _ = writeln!(out, "\n* {}", entry.title.as_deref().unwrap_or("(no title)"));
        let date = time(entry.published.or(entry.updated));
        let authors: Vec<&str> = entry.authors.iter().filter_map(person).collect();
        let facts = [date.as_deref(), Some(&*authors.join(", ")), entry.link.as_deref()];
        let facts: Vec<&str> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
        if !facts.is_empty() {
            let _ = writeln!(out, "  {}", facts.join(" · "));
        }
        let text =
            entry.summary.as_ref().or(entry.content.as_ref()).map(|m| html::to_text(&html::sanitize(m)));
        let text = text.map(|text| output::one_line(&text, 160)).filter(|text| !text.is_empty());
        if let Some(text) = text {
            let _ = writeln!(out, "  {text}");
        }
    }
    if feed.entries.len() > SHOWN {
        let _ = writeln!(out, "\n  … and {} more", feed.entries.len() - SHOWN);
    }
    if !feed.warnings.is_empty() {
        let _ = writeln!(out, "\nWarnings");
        for warning in &feed.warnings {
            let _ = writeln!(out, "  - {warning}");
        }
    }
    out
}

fn asks(feed: &ParsedFeed) -> Option<String> {
    let hints = &feed.hints;
    let mut asks = Vec::new();
    asks.extend(hints.ttl_minutes.map(|minutes| format!("ttl {minutes} min")));
    asks.extend(hints.update_period_minutes.map(|minutes| format!("updated every {minutes} min")));
    if !hints.skip_hours.is_empty() {
        let hours: Vec<String> = hints.skip_hours.iter().map(u8::to_string).collect();
        asks.push(format!("skip the hours {}", hours.join(", ")));
    }
    if !hints.skip_days.is_empty() {
        let days: Vec<&str> = hints.skip_days.iter().filter_map(|day| day_name(*day)).collect();
        asks.push(format!("skip {}", days.join(", ")));
    }
    (!asks.is_empty()).then(|| asks.join("; "))
}

fn counts(feed: &ParsedFeed) -> String {
    let count = |has: fn(&ParsedEntry) -> bool| feed.entries.iter().filter(|entry| has(entry)).count();
    format!(
        "{} ({} with a date, {} with a link, {} with a summary, {} with content, {} with files)",
        feed.entries.len(),
        count(|entry| entry.published.or(entry.updated).is_some()),
        count(|entry| entry.link.is_some()),
        count(|entry| entry.summary.is_some()),
        count(|entry| entry.content.is_some()),
        count(|entry| !entry.enclosures.is_empty()),
    )
}

fn span(feed: &ParsedFeed) -> Option<String> {
    let dates = || feed.entries.iter().filter_map(|entry| entry.published.or(entry.updated));
    Some(format!("{} … {}", dates().min()?, dates().max()?))
}
