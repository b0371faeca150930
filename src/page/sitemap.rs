//! Sitemaps (sitemaps.org 0.9) and their extension for news, read as feeds.

use std::io::Read;

use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::{Input, MAX_BYTES, PageError, admit, charset, dom};
use crate::model::{ErrorKind, ParsedEntry, ParsedFeed};
use crate::parse::dates::{self, DateContext};
use crate::text::plain;

/// Of a larger sitemap, the newest so many are taken (the protocol allows 50,000).
const MAX_ENTRIES: usize = 2000;
/// More addresses than the protocol allows are not read.
const MAX_URLS: usize = 50_000;

/// What a sitemap gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sitemap {
    /// The pages, in the order of the document. Only a news sitemap gives titles; `published` is the date of
    /// publication of a news sitemap, `updated` the `lastmod`.
    pub feed: ParsedFeed,
    /// Further sitemaps, where the document is an index; newest first, those without a date as they stand.
    pub sitemaps: Vec<SitemapLink>,
}

/// One line of a sitemap index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitemapLink {
    /// Absolute.
    pub url: String,
    /// `lastmod`.
    pub updated: Option<Timestamp>,
}

/// Reads a sitemap: XML (`urlset` or `sitemapindex`), gzipped or not, or plain text with an address a line.
///
/// # Errors
/// When the document is empty, too large, or no sitemap.
pub fn sitemap(input: &Input<'_>) -> Result<Sitemap, PageError> {
    admit(input.body)?;
    let unpacked;
    let body = if input.body.starts_with(&[0x1F, 0x8B]) {
        unpacked = gunzip(input.body)?;
        &unpacked
    } else {
        input.body
    };
    let (source, charset) = charset::decode(body, None, input.encoding, input.base);
    let context = input.dates(None);
    let mut out = read_xml(&source, input.base, &context);
    if out.feed.entries.is_empty() && out.sitemaps.is_empty() && !source.trim_start().starts_with('<') {
        out.feed.entries = read_text(&source, input.base);
    }
    if out.feed.entries.is_empty() && out.sitemaps.is_empty() && !known_root(&source) {
        return Err(PageError::new(
            ErrorKind::Parse,
            "this is no sitemap: neither <urlset> nor <sitemapindex> is in it",
        ));
    }
    if out.feed.entries.len() > MAX_ENTRIES {
        let all = out.feed.entries.len();
        let mut order: Vec<usize> = (0..all).collect();
        let newest = |i: &usize| {
            let entry = &out.feed.entries[*i];
            std::cmp::Reverse(entry.published.max(entry.updated))
        };
        order.sort_by_key(newest);
        let kept: std::collections::HashSet<usize> = order.into_iter().take(MAX_ENTRIES).collect();
        let mut at = 0;
        out.feed.entries.retain(|_| {
            at += 1;
            kept.contains(&(at - 1))
        });
        out.feed.warnings.push(format!("the sitemap has {all} pages; the newest {MAX_ENTRIES} were taken"));
    }
    out.sitemaps.sort_by_key(|s| std::cmp::Reverse(s.updated));
    out.feed.charset = charset;
    out.feed.link = input.base.and_then(|b| b.join("/").ok()).map(Into::into);
    out.feed.self_link = input.base.map(ToString::to_string);
    Ok(out)
}

fn known_root(source: &str) -> bool {
    let head: String = source.chars().take(4000).collect();
    head.contains("<urlset") || head.contains(":urlset") || head.contains("sitemapindex")
}

fn gunzip(body: &[u8]) -> Result<Vec<u8>, PageError> {
    let mut out = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(body).take(MAX_BYTES as u64 + 1);
    // A stream that breaks off gives what came before.
    let broken = reader.read_to_end(&mut out).is_err();
    if out.len() > MAX_BYTES {
        return Err(PageError::new(ErrorKind::TooLarge, "the unpacked sitemap is larger than is read"));
    }
    if broken && out.is_empty() {
        return Err(PageError::new(
            ErrorKind::BadEncoding,
            "the sitemap is packed with gzip, but cannot be unpacked",
        ));
    }
    Ok(out)
}

fn read_text(source: &str, base: Option<&Url>) -> Vec<ParsedEntry> {
    let lines = source.lines().map(str::trim).filter(|l| l.starts_with("http"));
    lines
        .take(MAX_URLS)
        .filter_map(|line| dom::absolute(line, base))
        .map(|url| ParsedEntry { link: Some(url.into()), ..ParsedEntry::default() })
        .collect()
}

/// The elements that matter, by their place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Loc,
    Lastmod,
    NewsTitle,
    NewsDate,
    NewsName,
    NewsLanguage,
    Keywords,
    Image,
}

fn field(name: &str, parents: &[String]) -> Option<Field> {
    let parent = parents.last().map(String::as_str).unwrap_or_default();
    Some(match (parent, name) {
        ("url" | "sitemap", "loc") => Field::Loc,
        ("url" | "sitemap", "lastmod") => Field::Lastmod,
        ("news", "title") => Field::NewsTitle,
        ("news", "publication_date") => Field::NewsDate,
        ("publication", "name") => Field::NewsName,
        ("publication", "language") => Field::NewsLanguage,
        ("news", "keywords") => Field::Keywords,
        ("image", "loc") => Field::Image,
        _ => return None,
    })
}

fn local_name(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_ascii_lowercase()
}

fn read_xml(source: &str, base: Option<&Url>, context: &DateContext<'_>) -> Sitemap {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut out = Sitemap::default();
    let mut parents: Vec<String> = Vec::new();
    let mut entry = ParsedEntry::default();
    let mut text = String::new();
    let mut reading: Option<Field> = None;
    let mut count = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = local_name(&start);
                reading = field(&name, &parents);
                text.clear();
                if name == "url" || name == "sitemap" {
                    entry = ParsedEntry::default();
                }
                // No sitemap nests deeper than url > news > publication > name.
                if parents.len() < 64 {
                    parents.push(name);
                }
            }
            Ok(Event::Text(part)) if reading.is_some() => text.push_str(&part),
            Ok(Event::CData(part)) if reading.is_some() => text.push_str(&escaped(&part)),
            Ok(Event::GeneralRef(name)) if reading.is_some() => {
                text.push('&');
                text.push_str(&name);
                text.push(';');
            }
            Ok(Event::End(end)) => {
                if let Some(field) = reading.take() {
                    fill(&mut entry, &mut out.feed, field, &text, base, context);
                }
                let name = end.local_name().as_ref().to_ascii_lowercase();
                if let Some(at) = parents.iter().rposition(|p| *p == name) {
                    parents.truncate(at);
                }
                if name == "url" || name == "sitemap" {
                    let done = std::mem::take(&mut entry);
                    count += usize::from(done.link.is_some());
                    match (name.as_str(), done.link.clone()) {
                        ("sitemap", Some(url)) => {
                            out.sitemaps.push(SitemapLink { url, updated: done.updated })
                        }
                        ("url", Some(_)) => out.feed.entries.push(done),
                        _ => {}
                    }
                }
                if count >= MAX_URLS {
                    return out;
                }
            }
            Ok(Event::Eof) | Err(_) => return out,
            Ok(_) => {}
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn fill(
    entry: &mut ParsedEntry,
    feed: &mut ParsedFeed,
    field: Field,
    text: &str,
    base: Option<&Url>,
    context: &DateContext<'_>,
) {
    let value = plain::from_html(text);
    if value.is_empty() {
        return;
    }
    match field {
        Field::Loc => entry.link = dom::absolute(&value, base).map(Into::into),
        Field::Lastmod => entry.updated = dates::parse(&value, context),
        Field::NewsTitle => entry.title = Some(value),
        Field::NewsDate => entry.published = dates::parse(&value, context),
        Field::NewsName => feed.title = feed.title.take().or(Some(value)),
        Field::NewsLanguage => {
            entry.language = Some(value.clone());
            feed.language = feed.language.take().or(Some(value));
        }
        Field::Keywords => {
            entry.categories =
                value.split([',', '،']).map(|k| k.trim().to_owned()).filter(|k| !k.is_empty()).collect();
        }
        Field::Image => {
            entry.image = entry.image.take().or_else(|| dom::absolute(&value, base).map(Into::into))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Sitemap {
        let base = Url::parse("https://news.example/sitemap.xml").unwrap();
        let input = Input { base: Some(&base), ..Input::new(body, "2025-05-02T08:00:00Z".parse().unwrap()) };
        sitemap(&input).unwrap()
    }

    const NEWS: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="i">
<url><loc>https://news.example/n/1?a=1&amp;b=2</loc><lastmod>2025-05-01</lastmod><news:news><news:publication><news:name>Village Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-05-01T10:00:00+03:30</news:publication_date><news:title><![CDATA[Soup & bread]]></news:title><news:keywords>soup, bread</news:keywords></news:news><image:image><image:loc>/p/1.jpg</image:loc><image:title>A pot</image:title></image:image></url>
<url><loc>/n/2</loc></url></urlset>"#;

    #[test]
    fn a_news_sitemap_is_a_feed() {
        let map = read(NEWS.as_bytes());
        let [first, second] = &map.feed.entries[..] else { panic!("{map:?}") };
        assert_eq!(first.link.as_deref(), Some("https://news.example/n/1?a=1&b=2"));
        assert_eq!(first.title.as_deref(), Some("Soup & bread"));
        assert_eq!(first.published.unwrap().to_string(), "2025-05-01T06:30:00Z");
        assert_eq!(first.image.as_deref(), Some("https://news.example/p/1.jpg"));
        assert_eq!(first.categories, ["soup", "bread"]);
        assert_eq!(second.link.as_deref(), Some("https://news.example/n/2"));
        assert_eq!(
            (map.feed.title.as_deref(), map.feed.language.as_deref()),
            (Some("Village Post"), Some("en"))
        );
    }

    #[test]
    fn an_index_names_further_sitemaps_newest_first() {
        let map = read(b"<sitemapindex><sitemap><loc>https://news.example/a.xml</loc><lastmod>2024-01-01</lastmod></sitemap><sitemap><loc>https://news.example/b.xml</loc><lastmod>2025-01-01</lastmod></sitemap></sitemapindex>");
        let urls: Vec<&str> = map.sitemaps.iter().map(|s| s.url.as_str()).collect();
        assert_eq!(urls, ["https://news.example/b.xml", "https://news.example/a.xml"]);
    }

    #[test]
    fn gzip_text_and_broken_xml_are_read() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(NEWS.as_bytes()).unwrap();
        assert_eq!(read(&packed.finish().unwrap()).feed.entries.len(), 2);
        assert_eq!(read(b"https://news.example/1\nhttps://news.example/2\n").feed.entries.len(), 2);
        assert_eq!(read(&NEWS.as_bytes()[..NEWS.len() - 20]).feed.entries.len(), 1);
    }

    #[test]
    fn a_page_is_no_sitemap() {
        let input = Input::new(b"<html><p>hello", "2025-05-02T08:00:00Z".parse().unwrap());
        assert_eq!(sitemap(&input).unwrap_err().kind, ErrorKind::Parse);
    }
}
