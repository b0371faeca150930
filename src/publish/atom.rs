//! Atom 1.0 (RFC 4287), with Media RSS thumbnails, RFC 5005 and RFC 6721.

use atom_syndication::extension::Extension;
use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Source, Text, WriteConfig,
};
use jiff::Timestamp;

use super::item::{Author, Item, Origin};
use super::{Around, Channel, Format, clean};

const MEDIA: (&str, &str) = ("media", "http://search.yahoo.com/mrss/");
const HISTORY: (&str, &str) = ("fh", "http://purl.org/syndication/history/1.0");
const TOMBSTONES: (&str, &str) = ("at", "http://purl.org/atompub/tombstones/1.0");

/// How the crate begins an entry that stands alone.
const ENTRY: &[u8] = b"<entry xmlns=\"http://www.w3.org/2005/Atom\"";

pub(super) fn write(channel: &Channel, items: &[Item<'_>], around: &Around<'_>) -> Vec<u8> {
    let mut head = Feed {
        title: plain(&clean::line(&channel.title).unwrap_or_default()),
        id: clean::text(&channel.id).into_owned(),
        updated: date(channel.updated(items)),
        authors: authors(channel, items),
        generator: Some(generator(around)),
        icon: channel.icon.as_ref().and_then(|url| clean::uri(url.as_str())),
        logo: channel.logo.as_ref().and_then(|url| clean::uri(url.as_str())),
        rights: channel.rights.as_deref().and_then(clean::line).map(|t| plain(&t)),
        subtitle: channel.subtitle.as_deref().and_then(clean::line).map(|t| plain(&t)),
        lang: channel.language.as_deref().and_then(clean::language).map(str::to_owned),
        links: feed_links(channel, around),
        ..Feed::default()
    };
    let mut declare = |(prefix, uri): (&str, &str)| {
        head.namespaces.insert(prefix.to_owned(), uri.to_owned());
    };
    if items.iter().any(|item| item.image.is_some()) {
        declare(MEDIA);
    }
    if around.closed {
        declare(HISTORY);
    }
    if !around.tombstones.is_empty() {
        declare(TOMBSTONES);
    }
    if around.closed {
        add(&mut head.extensions, element("fh:archive", &[]));
    }
    for stone in around.tombstones {
        let mut deleted = element(
            "at:deleted-entry",
            &[("ref", &clean::text(&stone.id)), ("when", &clean::rfc3339(stone.when))],
        );
        if let Some(into) = &stone.merged_into {
            let mut comment = element("at:comment", &[]);
            comment.value = Some(format!("Merged into {}", clean::text(into)));
            deleted.children.insert("comment".to_owned(), vec![comment]);
        }
        add(&mut head.extensions, deleted);
    }

    let mut out = document(&head);
    let end = b"</feed>";
    debug_assert!(out.ends_with(end));
    out.truncate(out.len() - end.len());
    for item in items {
        write_entry(&mut out, item);
        out.push(b'\n');
    }
    out.extend_from_slice(end);
    out.push(b'\n');
    out
}

/// The document without its entries: `<?xml … <feed …>…</feed>`.
fn document(head: &Feed) -> Vec<u8> {
    let out = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_vec();
    let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
    head.write_with_config(out, config).expect("a Vec takes every byte")
}

/// Writes one entry, with its language. The crate has no place for `xml:lang` on an entry, so it
/// takes the place of the name space, which the feed has declared already.
fn write_entry(out: &mut Vec<u8>, item: &Item<'_>) {
    let start = out.len();
    let config = WriteConfig { write_document_declaration: false, indent_size: Some(1) };
    let bytes =
        entry(item).write_with_config(Vec::with_capacity(4096), config).expect("a Vec takes every byte");
    match bytes.strip_prefix(ENTRY) {
        Some(rest) => {
            out.extend_from_slice(b"<entry");
            if let Some(language) = item.language {
                out.extend_from_slice(format!(" xml:lang=\"{language}\"").as_bytes());
            }
            out.extend_from_slice(rest);
        }
        // Redundant, but as true as before.
        None => out.extend_from_slice(&bytes),
    }
    debug_assert!(out[start..].starts_with(b"<entry"));
}

fn entry(item: &Item<'_>) -> Entry {
    let mut links = Vec::new();
    if let Some(url) = &item.link {
        links.push(Link { mime_type: Some(page_type(url)), ..link("alternate", url) });
    }
    links.extend(item.enclosures.iter().map(|file| Link {
        mime_type: Some(file.media_type.clone().into_owned()),
        title: file.title.clone().map(Into::into),
        length: file.length.map(|bytes| bytes.to_string()),
        ..link("enclosure", &file.url)
    }));
    links.extend(item.related().map(|(teller, url)| Link {
        title: Some(teller.source.title.clone().into_owned()),
        hreflang: teller.language.map(str::to_owned),
        ..link("related", url)
    }));
    if let Some(url) = &item.comments {
        links.push(Link { mime_type: Some("text/html".into()), ..link("replies", url) });
    }
    let mut entry = Entry {
        title: plain(&item.title),
        id: item.id.clone().into_owned(),
        updated: date(item.updated),
        authors: item.authors.iter().cloned().map(person).collect(),
        categories: item
            .categories
            .iter()
            .map(|c| Category { term: c.clone().into_owned(), ..Category::default() })
            .collect(),
        links,
        published: Some(date(item.published)),
        rights: item.rights.as_deref().map(plain),
        source: Some(source(item.source(), item.updated)),
        summary: item.summary.as_deref().map(Text::html),
        content: item.content.clone().map(|html| content("html", html)),
        ..Entry::default()
    };
    // An entry that can be read nowhere else must have content (RFC 4287 §4.1.2).
    if item.link.is_none() && entry.content.is_none() {
        entry.content = Some(match entry.summary.take() {
            Some(summary) => content("html", summary.value),
            None if looks_like_markup(&item.title) => content("html", escape(&item.title)),
            None => content("text", item.title.clone().into_owned()),
        });
    }
    // Inherited from the entry anyway, but some parsers (feed-rs) look for it here only.
    if let Some(content) = &mut entry.content {
        content.lang = item.language.map(str::to_owned);
    }
    if let Some(url) = &item.image {
        add(&mut entry.extensions, element("media:thumbnail", &[("url", url)]));
    }
    entry
}

/// `updated` must be there (RFC 4287 §4.2.11): the entry's own where the source does not say.
fn source(origin: &Origin<'_>, updated: Timestamp) -> Source {
    let mut links = Vec::new();
    if let Some(url) = &origin.feed {
        links.push(link("self", url));
    }
    if let Some(url) = &origin.link {
        links.push(link("alternate", url));
    }
    Source {
        title: plain(&origin.title),
        id: origin.id.clone().into_owned(),
        updated: date(origin.updated.unwrap_or(updated)),
        authors: origin.authors.iter().cloned().map(person).collect(),
        icon: origin.icon.clone(),
        logo: origin.logo.clone(),
        links,
        rights: origin.rights.as_deref().map(plain),
        subtitle: origin.subtitle.as_deref().map(plain),
        ..Source::default()
    }
}

/// Every entry has an author, by its source at least; a feed that has no entry (yet) needs one of its own (RFC 4287
/// §4.1.1, as validators read it).
fn authors(channel: &Channel, items: &[Item<'_>]) -> Vec<Person> {
    let known: Vec<Person> = channel.author.iter().filter_map(Author::new).map(person).collect();
    if !known.is_empty() || !items.is_empty() {
        return known;
    }
    let name = clean::line(&channel.title).map_or_else(|| "kariz".to_owned(), Into::into);
    vec![Person { name, ..Person::default() }]
}

fn feed_links(channel: &Channel, around: &Around<'_>) -> Vec<Link> {
    let atom = |rel, url: &str| Link { mime_type: Some(Format::Atom.media_type().into()), ..link(rel, url) };
    let mut links = vec![
        atom("self", &channel.self_url()),
        Link { mime_type: Some("text/html".into()), ..link("alternate", &channel.home()) },
    ];
    links.extend(channel.hubs.iter().filter_map(|url| clean::uri(url.as_str())).map(|url| link("hub", &url)));
    let chain = [("current", around.current), ("prev-archive", around.prev_archive)];
    links.extend(chain.into_iter().filter_map(|(rel, path)| Some(atom(rel, &channel.url_of(path?)))));
    links
}

/// An archive that is closed keeps its bytes through upgrades, so it does not tell the version.
fn generator(around: &Around<'_>) -> Generator {
    Generator {
        value: "kariz".into(),
        uri: None,
        version: (!around.closed).then(|| env!("CARGO_PKG_VERSION").to_owned()),
    }
}

fn person(author: Author<'_>) -> Person {
    Person {
        name: author.name.into_owned(),
        email: author.email.map(str::to_owned),
        uri: author.uri,
        ..Person::default()
    }
}

/// A line of plain text. One that looks like markup ("How <b> came about", "AT&amp;T") is declared as HTML and
/// escaped once more: validators and readers take it for undeclared HTML otherwise.
fn plain(text: &str) -> Text {
    if looks_like_markup(text) { Text::html(escape(text)) } else { Text::plain(text) }
}

fn looks_like_markup(text: &str) -> bool {
    text.contains('<') || text.contains('&') && text.contains(';')
}

/// Text as HTML.
fn escape(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

fn link(rel: &str, url: &str) -> Link {
    Link { href: url.to_owned(), rel: rel.to_owned(), ..Link::default() }
}

fn content(kind: &str, value: String) -> Content {
    Content { value: Some(value), content_type: Some(kind.to_owned()), ..Content::default() }
}

/// Articles are pages, but for the few that are files by their name.
fn page_type(url: &str) -> String {
    match &*clean::media_type(None, url) {
        "application/octet-stream" => "text/html".to_owned(),
        file => file.to_owned(),
    }
}

fn date(at: Timestamp) -> FixedDateTime {
    clean::rfc3339(at).parse().unwrap_or_default()
}

/// An extension element. The crate writes the attributes of extensions as they are, so they are
/// escaped here.
fn element(name: &str, attributes: &[(&str, &str)]) -> Extension {
    let attrs = attributes.iter().map(|(k, v)| ((*k).to_owned(), quick_xml::escape::escape(*v).into_owned()));
    Extension { name: name.to_owned(), attrs: attrs.collect(), ..Extension::default() }
}

fn add(extensions: &mut atom_syndication::extension::ExtensionMap, element: Extension) {
    let (prefix, name) = element.name.split_once(':').unwrap_or(("", &element.name));
    let (prefix, name) = (prefix.to_owned(), name.to_owned());
    extensions.entry(prefix).or_default().entry(name).or_default().push(element);
}
