//! One entry of an Atom document, as bytes.
//!
//! `atom_syndication` writes the same, and the tests hold this to it byte by byte. But entries are nearly all that is
//! published, and on the way through the crate's types each of their texts is copied half a dozen times.

use std::borrow::Cow;

use jiff::Timestamp;

use super::clean;
use super::escape::escape_into;
use super::item::{Author, Item, Origin};

/// Writes an entry into a feed that has declared the name spaces.
pub(super) fn write(out: &mut Vec<u8>, item: &Item<'_>) {
    out.extend_from_slice(b"<entry");
    if let Some(language) = item.language {
        attribute(out, "xml:lang", language);
    }
    out.push(b'>');
    plain(out, 1, "title", &item.title);
    text(out, 1, "id", &item.id);
    date(out, 1, "updated", item.updated);
    for author in &item.authors {
        person(out, 1, author);
    }
    for category in &item.categories {
        start(out, 1, "category");
        attribute(out, "term", category);
        out.extend_from_slice(b"/>");
    }
    links(out, item);
    date(out, 1, "published", item.published);
    if let Some(rights) = &item.rights {
        plain(out, 1, "rights", rights);
    }
    source(out, item.source(), item.updated);
    let (mut summary, mut content) = (item.summary.as_deref(), item.content.as_deref());
    let mut kind = "html";
    let mut escaped = String::new();
    // An entry that can be read nowhere else must have content (RFC 4287 §4.1.2).
    if item.link.is_none() && content.is_none() {
        content = Some(match summary.take() {
            Some(summary) => summary,
            None if looks_like_markup(&item.title) => {
                escaped.push_str(&escape(&item.title));
                &escaped
            }
            None => {
                kind = "text";
                &item.title
            }
        });
    }
    if let Some(summary) = summary {
        start(out, 1, "summary");
        attribute(out, "type", "html");
        end(out, summary, "summary");
    }
    if let Some(content) = content {
        start(out, 1, "content");
        // Inherited from the entry anyway, but some parsers (feed-rs) look for it here only.
        if let Some(language) = item.language {
            attribute(out, "xml:lang", language);
        }
        attribute(out, "type", kind);
        end(out, content, "content");
    }
    if let Some(url) = &item.image {
        start(out, 1, "media:thumbnail");
        attribute(out, "url", url);
        out.extend_from_slice(b">\n </media:thumbnail>");
    }
    out.extend_from_slice(b"\n</entry>");
}

/// About how many bytes an entry will take.
pub(super) fn size(item: &Item<'_>) -> usize {
    let text = |html: &Option<Cow<'_, str>>| html.as_ref().map_or(0, |html| html.len() + html.len() / 6);
    2048 + text(&item.summary) + text(&item.content)
}

fn links(out: &mut Vec<u8>, item: &Item<'_>) {
    if let Some(url) = &item.link {
        link(out, 1, "alternate", url);
        attribute(out, "type", &page_type(url));
        out.extend_from_slice(b"/>");
    }
    for file in &item.enclosures {
        link(out, 1, "enclosure", &file.url);
        attribute(out, "type", &file.media_type);
        if let Some(title) = &file.title {
            attribute(out, "title", title);
        }
        if let Some(length) = file.length {
            attribute(out, "length", &length.to_string());
        }
        out.extend_from_slice(b"/>");
    }
    for (teller, url) in item.related() {
        link(out, 1, "related", url);
        if let Some(language) = teller.language {
            attribute(out, "hreflang", language);
        }
        attribute(out, "title", &teller.source.title);
        out.extend_from_slice(b"/>");
    }
    if let Some(url) = &item.comments {
        link(out, 1, "replies", url);
        attribute(out, "type", "text/html");
        out.extend_from_slice(b"/>");
    }
}

/// `updated` must be there (RFC 4287 §4.2.11): the entry's own where the source does not say.
fn source(out: &mut Vec<u8>, origin: &Origin<'_>, updated: Timestamp) {
    start(out, 1, "source");
    out.push(b'>');
    plain(out, 2, "title", &origin.title);
    text(out, 2, "id", &origin.id);
    date(out, 2, "updated", origin.updated.unwrap_or(updated));
    for author in &origin.authors {
        person(out, 2, author);
    }
    if let Some(icon) = &origin.icon {
        text(out, 2, "icon", icon);
    }
    for (rel, url) in [("self", &origin.feed), ("alternate", &origin.link)] {
        if let Some(url) = url {
            link(out, 2, rel, url);
            out.extend_from_slice(b"/>");
        }
    }
    if let Some(logo) = &origin.logo {
        text(out, 2, "logo", logo);
    }
    if let Some(rights) = &origin.rights {
        plain(out, 2, "rights", rights);
    }
    if let Some(subtitle) = &origin.subtitle {
        plain(out, 2, "subtitle", subtitle);
    }
    out.extend_from_slice(b"\n </source>");
}

fn person(out: &mut Vec<u8>, depth: usize, author: &Author<'_>) {
    start(out, depth, "author");
    out.push(b'>');
    text(out, depth + 1, "name", &author.name);
    if let Some(email) = author.email {
        text(out, depth + 1, "email", email);
    }
    if let Some(uri) = &author.uri {
        text(out, depth + 1, "uri", uri);
    }
    new_line(out, depth);
    out.extend_from_slice(b"</author>");
}

/// Text that only looks like markup says that it is text: readers take it for undeclared HTML otherwise.
fn plain(out: &mut Vec<u8>, depth: usize, name: &str, value: &str) {
    start(out, depth, name);
    if looks_like_markup(value) {
        attribute(out, "type", "html");
        end(out, &escape(value), name);
    } else {
        end(out, value, name);
    }
}

pub(super) fn looks_like_markup(text: &str) -> bool {
    text.contains('<') || text.contains('&') && text.contains(';')
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::partial_escape(text)
}

/// Articles are pages, but for the few that are files by their name.
pub(super) fn page_type(url: &str) -> Cow<'static, str> {
    match clean::media_type(None, url) {
        file if file == "application/octet-stream" => Cow::Borrowed("text/html"),
        file => file,
    }
}

/// `<link href="…" rel="…"`, still open.
fn link(out: &mut Vec<u8>, depth: usize, rel: &str, url: &str) {
    start(out, depth, "link");
    attribute(out, "href", url);
    attribute(out, "rel", rel);
}

fn date(out: &mut Vec<u8>, depth: usize, name: &str, at: Timestamp) {
    let at = clean::rfc3339(at);
    start(out, depth, name);
    out.push(b'>');
    // As the crate writes UTC.
    out.extend_from_slice(at.strip_suffix('Z').unwrap_or(&at).as_bytes());
    out.extend_from_slice(b"+00:00</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn text(out: &mut Vec<u8>, depth: usize, name: &str, value: &str) {
    start(out, depth, name);
    end(out, value, name);
}

/// A new line and `<name`, still open.
fn start(out: &mut Vec<u8>, depth: usize, name: &str) {
    new_line(out, depth);
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
}

/// `>value</name>`.
fn end(out: &mut Vec<u8>, value: &str, name: &str) {
    out.push(b'>');
    escape_into(out, value);
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn new_line(out: &mut Vec<u8>, depth: usize) {
    out.extend_from_slice(&b"\n   "[..=depth]);
}

fn attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    escape_into(out, value);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use atom_syndication::extension::Extension;
    use atom_syndication::{
        Category, Content, Entry, FixedDateTime, Link, Person, Source, Text, WriteConfig,
    };
    use proptest::prelude::*;

    use super::*;
    use crate::model::{
        Article, ContentPolicy, Direction, Enclosure, EntrySource, Member, SourceId, SourceInfo, Story,
    };
    use crate::publish::{Channel, Format, Pick};

    /// The entry as the crate writes it.
    fn by_the_crate(item: &Item<'_>) -> Vec<u8> {
        let plain = |text: &str| {
            if looks_like_markup(text) { Text::html(escape(text).into_owned()) } else { Text::plain(text) }
        };
        let date = |at| clean::rfc3339(at).parse::<FixedDateTime>().unwrap();
        let link = |rel: &str, url: &str| Link { href: url.into(), rel: rel.into(), ..Link::default() };
        let person = |a: &Author<'_>| Person {
            name: a.name.clone().into_owned(),
            email: a.email.map(Into::into),
            uri: a.uri.clone(),
            ..Person::default()
        };
        let content = |kind: &str, value: &str| Content {
            value: Some(value.into()),
            content_type: Some(kind.into()),
            lang: item.language.map(Into::into),
            ..Content::default()
        };
        let mut links = Vec::new();
        if let Some(url) = &item.link {
            links.push(Link { mime_type: Some(page_type(url).into()), ..link("alternate", url) });
        }
        links.extend(item.enclosures.iter().map(|file| Link {
            mime_type: Some(file.media_type.clone().into()),
            title: file.title.clone().map(Into::into),
            length: file.length.map(|bytes| bytes.to_string()),
            ..link("enclosure", &file.url)
        }));
        links.extend(item.related().map(|(teller, url)| Link {
            title: Some(teller.source.title.clone().into_owned()),
            hreflang: teller.language.map(Into::into),
            ..link("related", url)
        }));
        if let Some(url) = &item.comments {
            links.push(Link { mime_type: Some("text/html".into()), ..link("replies", url) });
        }
        let origin = item.source();
        let own = [("self", &origin.feed), ("alternate", &origin.link)];
        let source = Source {
            title: plain(&origin.title),
            id: origin.id.clone().into_owned(),
            updated: date(origin.updated.unwrap_or(item.updated)),
            authors: origin.authors.iter().map(person).collect(),
            icon: origin.icon.clone(),
            logo: origin.logo.clone(),
            links: own.into_iter().filter_map(|(rel, url)| Some(link(rel, url.as_deref()?))).collect(),
            rights: origin.rights.as_deref().map(plain),
            subtitle: origin.subtitle.as_deref().map(plain),
            ..Source::default()
        };
        let mut entry = Entry {
            title: plain(&item.title),
            id: item.id.clone().into_owned(),
            updated: date(item.updated),
            authors: item.authors.iter().map(person).collect(),
            categories: item
                .categories
                .iter()
                .map(|c| Category { term: c.clone().into_owned(), ..Category::default() })
                .collect(),
            links,
            published: Some(date(item.published)),
            rights: item.rights.as_deref().map(plain),
            source: Some(source),
            summary: item.summary.as_deref().map(Text::html),
            content: item.content.as_deref().map(|html| content("html", html)),
            ..Entry::default()
        };
        if item.link.is_none() && entry.content.is_none() {
            entry.content = Some(match entry.summary.take() {
                Some(summary) => content("html", &summary.value),
                None if looks_like_markup(&item.title) => content("html", &escape(&item.title)),
                None => content("text", &item.title),
            });
        }
        if let Some(url) = &item.image {
            let attrs = [("url".to_owned(), quick_xml::escape::escape(url.as_str()).into_owned())].into();
            let picture = Extension { name: "media:thumbnail".into(), attrs, ..Extension::default() };
            let of_media = [("thumbnail".to_owned(), vec![picture])].into();
            entry.extensions.insert("media".into(), of_media);
        }
        let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
        let written = entry.write_with_config(Vec::new(), config).unwrap();
        let rest = written.strip_prefix(b"<entry xmlns=\"http://www.w3.org/2005/Atom\"").unwrap();
        let language = item.language.map(|l| format!(" xml:lang=\"{l}\"")).unwrap_or_default();
        [b"<entry", language.as_bytes(), rest].concat()
    }

    fn words() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z <>&;'\"=/é\u{627}\u{200c}\u{1f4a7}\u{7}\r\n\t-]{0,80}",
            Just("AT&amp;T <b>x</b>".to_owned()),
            Just(String::new()),
        ]
    }

    fn address() -> impl Strategy<Value = Option<String>> {
        proptest::option::of(prop_oneof![
            "https://[a-z]{1,8}\\.example/[a-z&'?=%é]{0,20}(\\.mp3|\\.pdf)?",
            "[a-z:/]{0,10}",
        ])
    }

    fn person() -> impl Strategy<Value = crate::model::Person> {
        let email = prop_oneof![Just(None), Just(Some("desk@news.example".to_owned()))];
        (proptest::option::of(words()), address(), email)
            .prop_map(|(name, uri, email)| crate::model::Person { name, uri, email })
    }

    fn instant() -> impl Strategy<Value = Timestamp> {
        (-62_000_000_000_i64..250_000_000_000).prop_map(|s| Timestamp::from_second(s).unwrap())
    }

    fn member() -> impl Strategy<Value = Member> {
        let text = || proptest::option::of(words());
        let language = prop_oneof![Just(None), Just(Some("fa".to_owned())), Just(Some("en-GB".to_owned()))];
        let list = || proptest::collection::vec(words(), 0..3);
        let people = || proptest::collection::vec(person(), 0..3);
        let article = (
            (address(), words(), text(), text(), people(), list()),
            (
                proptest::collection::vec((words(), proptest::option::of(any::<u64>()), text()), 0..3),
                address(),
            ),
            (language.clone(), any::<bool>(), address(), text()),
        )
            .prop_map(|(says, (files, image), (language, is_rtl, comments, rights))| Article {
                link: says.0,
                title: says.1,
                summary_html: says.2,
                content_html: says.3,
                authors: says.4,
                categories: says.5,
                enclosures: files
                    .into_iter()
                    .map(|(name, length, title)| Enclosure {
                        url: format!("https://files.example/{name}"),
                        length,
                        title,
                        ..Enclosure::default()
                    })
                    .collect(),
                image,
                language,
                direction: if is_rtl { Direction::Rtl } else { Direction::Ltr },
                comments,
                rights,
                source: None::<EntrySource>,
                tags: Vec::new(),
            });
        let source =
            ((words(), address(), address(), text()), (text(), address(), address()), people(), language)
                .prop_map(|((title, feed, link, subtitle), (rights, image, icon), authors, language)| {
                    SourceInfo {
                        id: "wells".to_owned(),
                        title,
                        feed_url: feed.unwrap_or_default(),
                        link,
                        subtitle,
                        rights,
                        image,
                        icon,
                        authors,
                        language,
                        ..SourceInfo::default()
                    }
                });
        (article, source, instant()).prop_map(|(article, source, at)| Member {
            entry: crate::model::Entry {
                key: 1,
                source: SourceId::from("wells"),
                guid: "1".to_owned(),
                article,
                published: at,
                updated: at,
                first_seen: at,
                position: 0,
            },
            source: Arc::new(source),
            why: None,
        })
    }

    proptest! {
        #[test]
        fn an_entry_is_what_the_crate_writes(
            members in proptest::collection::vec(member(), 1..4),
            times in (instant(), instant()),
            policy in prop_oneof![
                Just(ContentPolicy::Full), Just(ContentPolicy::Summary), Just(ContentPolicy::Link)
            ],
        ) {
            let base = url::Url::parse("https://out.example/").unwrap();
            let mut channel = Channel::new(base, "atom.xml", Format::Atom, "urn:x:1", "Wells");
            channel.content = policy;
            let id = "urn:uuid:0b1de0a8-2b3f-5c1b-9d67-6f1f4f6a7b11".to_owned();
            let mut members = members;
            for member in &mut members {
                let source = Arc::make_mut(&mut member.source);
                source.content = ContentPolicy::Full;
            }
            let story = Story { id, published: times.0, updated: times.1, members };
            let items = crate::publish::items(&[Pick::lead(&story)], &channel);
            let mut out = Vec::new();
            write(&mut out, &items[0]);
            prop_assert_eq!(
                String::from_utf8(out).unwrap(),
                String::from_utf8(by_the_crate(&items[0])).unwrap()
            );
        }
    }
}
