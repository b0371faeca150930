//! What a reader may rely on, as tables: one document, one promise.

mod broken;
mod charsets;
mod corpus;
mod dialects;
mod hostile;
mod modules;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::{Input, ParseError, parse};
use crate::model::{ParsedEntry, ParsedFeed};

/// Reads a document that came from `http://news.example/feeds/all.xml`.
fn read(body: impl AsRef<[u8]>) -> Result<ParsedFeed, ParseError> {
    read_as(body, None)
}

fn read_as(body: impl AsRef<[u8]>, content_type: Option<&str>) -> Result<ParsedFeed, ParseError> {
    let base = Url::parse("http://news.example/feeds/all.xml").unwrap();
    parse(&Input {
        body: body.as_ref(),
        content_type,
        base: Some(&base),
        encoding: None,
        timezone: &TimeZone::UTC,
        language: None,
        now: "2026-11-22T12:00:00Z".parse().unwrap(),
    })
}

/// Reads a document that must be a feed.
fn feed(body: impl AsRef<[u8]>) -> ParsedFeed {
    read(body).unwrap()
}

/// An RSS 2.0 document around the elements of its channel.
fn rss(channel: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:georss="http://www.georss.org/georss" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>{channel}</channel></rss>"#
    )
}

/// The entry of an RSS 2.0 document with these elements in its only item.
fn item(elements: &str) -> ParsedEntry {
    first(feed(rss(&format!("<title>Garden news</title><item>{elements}</item>"))))
}

/// An Atom 1.0 document around the elements of its feed.
fn atom(elements: &str) -> String {
    format!(r#"<feed xmlns="http://www.w3.org/2005/Atom">{elements}</feed>"#)
}

/// The entry of an Atom 1.0 document with these elements in its only entry.
fn entry(elements: &str) -> ParsedEntry {
    first(feed(atom(&format!("<title>Garden news</title><entry>{elements}</entry>"))))
}

fn first(feed: ParsedFeed) -> ParsedEntry {
    feed.entries.into_iter().next().expect("an entry")
}

fn titles(feed: &ParsedFeed) -> Vec<&str> {
    feed.entries.iter().map(|entry| entry.title.as_deref().unwrap_or_default()).collect()
}

fn html(markup: &Option<crate::model::Markup>) -> Option<&str> {
    markup.as_ref().map(|markup| markup.html.as_str())
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

fn warned(feed: &ParsedFeed, of: &str) -> bool {
    feed.warnings.iter().any(|warning| warning.contains(of))
}
