//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), with `_kariz.sources` on each item.
//!
//! The order of keys is the order of the fields here.

use std::borrow::Cow;

use serde::Serialize;

use super::item::{Attachment, Author, Item, Teller};
use super::{Channel, clean};
use crate::model::Stage;
use crate::text::html;

pub(super) fn write(channel: &Channel, items: &[Item<'_>]) -> Vec<u8> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: clean::line(&channel.title).unwrap_or_default(),
        home_page_url: channel.home(),
        feed_url: channel.self_url(),
        description: channel.subtitle.as_deref().and_then(clean::line),
        icon: channel.logo.as_ref().or(channel.icon.as_ref()).and_then(|url| clean::uri(url.as_str())),
        favicon: channel.icon.as_ref().and_then(|url| clean::uri(url.as_str())),
        authors: channel.author.iter().filter_map(Author::new).map(|a| person(&a)).collect(),
        language: channel.language.as_deref().and_then(clean::language),
        hubs: channel
            .hubs
            .iter()
            .filter_map(|url| clean::uri(url.as_str()))
            .map(|url| Hub { kind: "WebSub", url })
            .collect(),
        items: items.iter().map(entry).collect(),
    };
    let mut out = Vec::with_capacity(1 << 16);
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    document.serialize(&mut serializer).expect("strings and numbers always serialise");
    out.push(b'\n');
    out
}

fn entry<'i>(item: &'i Item<'_>) -> Entry<'i> {
    let (content_html, summary) = match (&item.content, &item.summary) {
        (Some(content), summary) => (Some(&**content), summary.as_deref()),
        (None, Some(summary)) => (Some(&**summary), None),
        (None, None) => (None, None),
    };
    Entry {
        id: &item.id,
        url: item.link.as_deref(),
        title: &item.title,
        content_html,
        // One of the two must be there.
        content_text: content_html.is_none().then_some(&*item.title),
        summary: summary.and_then(plain),
        image: item.image.as_deref(),
        date_published: clean::rfc3339(item.published),
        date_modified: clean::rfc3339(item.updated),
        authors: item.authors.iter().map(person).collect(),
        tags: &item.categories,
        language: item.language,
        attachments: item.enclosures.iter().map(attachment).collect(),
        kariz: Kariz {
            sources: item.tellers.iter().map(|teller| source(teller, item.tellers.len())).collect(),
        },
    }
}

/// JSON Feed's summary is plain text.
fn plain(html: &str) -> Option<String> {
    clean::line(&html::to_text(html)).map(Cow::into_owned)
}

fn person(author: &Author<'_>) -> Person {
    Person { name: author.name.clone().into_owned(), url: author.uri.clone() }
}

fn attachment<'i>(file: &'i Attachment<'_>) -> File<'i> {
    File {
        url: &file.url,
        mime_type: &file.media_type,
        title: file.title.as_deref(),
        size_in_bytes: file.length,
        duration_in_seconds: file.duration,
    }
}

/// One of `all` sources of a story. Of several, the one without a reason is the first that told it.
fn source<'i>(teller: &'i Teller<'_>, all: usize) -> KarizSource<'i> {
    let why = teller.why.or((all > 1).then_some((Stage::Founder, 1.0)));
    KarizSource {
        id: &teller.source.name,
        title: &teller.source.title,
        feed: teller.source.feed.as_deref(),
        url: teller.address(),
        why: why.map(|(stage, score)| KarizWhy { stage, score }),
    }
}

#[derive(Serialize)]
struct Document<'i> {
    version: &'static str,
    title: Cow<'i, str>,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Cow<'i, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'i str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub>,
    items: Vec<Entry<'i>>,
}

#[derive(Serialize)]
struct Entry<'i> {
    id: &'i str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'i str>,
    title: &'i str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'i str>,
    date_published: String,
    date_modified: String,
    authors: Vec<Person>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'i [Cow<'i, str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'i str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<File<'i>>,
    #[serde(rename = "_kariz")]
    kariz: Kariz<'i>,
}

#[derive(Serialize)]
struct Person {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Hub {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
}

#[derive(Serialize)]
struct File<'i> {
    url: &'i str,
    mime_type: &'i str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct Kariz<'i> {
    sources: Vec<KarizSource<'i>>,
}

#[derive(Serialize)]
struct KarizSource<'i> {
    id: &'i str,
    title: &'i str,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<KarizWhy>,
}

#[derive(Serialize)]
struct KarizWhy {
    stage: Stage,
    score: f32,
}
