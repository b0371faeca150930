//! Atom 1.0 (RFC 4287), with Media RSS thumbnails, RFC 5005 and RFC 6721: the document around its entries.

use atom_syndication::extension::Extension;
use atom_syndication::{Feed, FixedDateTime, Generator, Link, Person, Text, WriteConfig};
use jiff::Timestamp;

use super::atom_entry::{self, escape, looks_like_markup};
use super::item::Author;
use super::{Around, Channel, Format, Told, clean};

const MEDIA: (&str, &str) = ("media", "http://search.yahoo.com/mrss/");
const HISTORY: (&str, &str) = ("fh", "http://purl.org/syndication/history/1.0");
const TOMBSTONES: (&str, &str) = ("at", "http://purl.org/atompub/tombstones/1.0");

impl Told<'_> {
    fn updated(&self) -> Timestamp {
        match self {
            Self::Anew(item) => item.updated,
            Self::Kept(_, updated) => *updated,
        }
    }

    fn has_image(&self) -> bool {
        match self {
            Self::Anew(item) => item.image.is_some(),
            Self::Kept(kept, _) => kept.has_image,
        }
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        match self {
            Self::Anew(item) => atom_entry::size(item),
            Self::Kept(kept, _) => kept.text.len() + 1,
        }
    }
}

pub(super) fn write(channel: &Channel, entries: &[Told<'_>], around: &Around<'_>) -> Vec<u8> {
    let mut head = Feed {
        title: plain(&clean::line(&channel.title).unwrap_or_default()),
        id: clean::text(&channel.id).into_owned(),
        updated: date(channel.updated(entries.iter().map(Told::updated))),
        authors: authors(channel, entries.is_empty()),
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
    if entries.iter().any(Told::has_image) {
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
    out.reserve(entries.iter().map(Told::size).sum::<usize>() + 16);
    for entry in entries {
        match entry {
            Told::Anew(item) => atom_entry::write(&mut out, item),
            Told::Kept(kept, _) => out.extend_from_slice(kept.text.as_bytes()),
        }
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

/// Every entry has an author, by its source at least; a feed that has no entry (yet) needs one of its own (RFC 4287
/// §4.1.1, as validators read it).
fn authors(channel: &Channel, is_empty: bool) -> Vec<Person> {
    let known: Vec<Person> = channel.author.iter().filter_map(Author::new).map(person).collect();
    if !known.is_empty() || !is_empty {
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
    if looks_like_markup(text) { Text::html(escape(text).into_owned()) } else { Text::plain(text) }
}

fn link(rel: &str, url: &str) -> Link {
    Link { href: url.to_owned(), rel: rel.to_owned(), ..Link::default() }
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
