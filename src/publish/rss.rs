//! RSS 2.0 with the usual companions: `content:encoded`, `dc:creator`, `atom:link`, Media RSS.

use std::borrow::Cow;

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Enclosure, Guid, Image, Source};

use super::item::{Attachment, Author, Item};
use super::{Around, Channel, Format, clean};

const MEDIA: &str = "http://search.yahoo.com/mrss/";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

pub(super) fn write(channel: &Channel, items: &[Item<'_>], around: &Around<'_>) -> Vec<u8> {
    let title = clean::line(&channel.title).unwrap_or_default().into_owned();
    let home = channel.home();
    let updated = channel.updated(items.iter().map(|item| item.updated));
    let mut document = rss::Channel {
        description: channel
            .subtitle
            .as_deref()
            .and_then(clean::line)
            .map_or_else(|| title.clone(), Into::into),
        language: channel.language.as_deref().and_then(clean::language).map(str::to_owned),
        copyright: channel.rights.as_deref().and_then(clean::line).map(Into::into),
        managing_editor: channel
            .author
            .as_ref()
            .and_then(Author::new)
            .and_then(|a| Some(format!("{} ({})", a.email?, a.name))),
        last_build_date: Some(clean::rfc822(updated)),
        generator: Some(if around.closed {
            "kariz".into()
        } else {
            concat!("kariz ", env!("CARGO_PKG_VERSION")).into()
        }),
        docs: Some("https://www.rssboard.org/rss-specification".into()),
        ttl: channel.ttl_minutes.map(|minutes| minutes.to_string()),
        image: channel
            .logo
            .as_ref()
            .and_then(|url| clean::uri(url.as_str()))
            .filter(|url| is_rss_image(url))
            .map(|url| Image {
                // The validator wants the channel's own title and link here.
                url,
                title: title.clone(),
                link: home.clone(),
                ..Image::default()
            }),
        atom_ext: Some(AtomExtension { links: links(channel, around) }),
        items: items.iter().map(item).collect(),
        title,
        link: home,
        ..rss::Channel::default()
    };
    if document.items.iter().any(|item| item.extensions.contains_key("media")) {
        document.namespaces.insert("media".to_owned(), MEDIA.to_owned());
    }
    if around.closed {
        document.namespaces.insert("fh".to_owned(), HISTORY.to_owned());
        add(&mut document.extensions, Extension { name: "fh:archive".to_owned(), ..Extension::default() });
    }
    let mut out =
        document.pretty_write_to(Vec::with_capacity(1 << 16), b' ', 1).expect("a Vec takes every byte");
    out.push(b'\n');
    out
}

fn item(item: &Item<'_>) -> rss::Item {
    // `content:encoded` without a `description` before it is an article without a teaser in most
    // readers' lists, and the RSS profile asks for both. A picture alone has no teaser: then the article is
    // the description, which may be HTML.
    let content = item.content.clone().map(Cow::into_owned);
    let (description, content) = match item.summary.clone().map(Cow::into_owned).or_else(|| item.teaser()) {
        Some(teaser) => (Some(teaser), content),
        None => (content, None),
    };
    let mut extensions = ExtensionMap::new();
    if let Some(url) = &item.image {
        add(&mut extensions, element("media:thumbnail", [("url", url.clone())]));
    }
    for file in item.enclosures.iter().skip(1) {
        add(&mut extensions, media(file));
    }
    rss::Item {
        title: Some(item.title.clone().into_owned()),
        link: item.link.clone(),
        description,
        categories: item
            .categories
            .iter()
            .map(|c| Category { name: c.clone().into_owned(), domain: None })
            .collect(),
        comments: item.comments.clone(),
        // RSS has room for one; the others follow as `media:content`.
        enclosure: item.enclosures.first().map(|file| Enclosure {
            url: file.url.clone(),
            // 0 where nobody knows, as the RSS profile has it: the attribute must be there.
            length: file.length.unwrap_or(0).to_string(),
            mime_type: file.media_type.clone().into_owned(),
        }),
        guid: Some(Guid { value: item.id.clone().into_owned(), permalink: false }),
        pub_date: Some(clean::rfc822(item.published)),
        source: item
            .source()
            .feed
            .clone()
            .or_else(|| item.source().link.clone())
            .map(|url| Source { url, title: Some(item.source().title.clone().into_owned()) }),
        content,
        extensions,
        atom_ext: related(item),
        dublin_core_ext: Some(DublinCoreExtension {
            // `author` would have to be an e-mail address; names belong here.
            creators: item.authors.iter().map(|a| a.name.clone().into_owned()).collect(),
            languages: item.language.map(str::to_owned).into_iter().collect(),
            rights: item.rights.clone().map(Into::into).into_iter().collect(),
            ..DublinCoreExtension::default()
        }),
        ..rss::Item::default()
    }
}

/// The further sources of the story.
fn related(item: &Item<'_>) -> Option<AtomExtension> {
    let links: Vec<Link> = item
        .related()
        .map(|(teller, url)| Link {
            href: url.to_owned(),
            rel: "related".to_owned(),
            title: Some(teller.source.title.clone().into_owned()),
            hreflang: teller.language.map(str::to_owned),
            ..Link::default()
        })
        .collect();
    (!links.is_empty()).then_some(AtomExtension { links })
}

fn media(file: &Attachment<'_>) -> Extension {
    let medium = match file.media_type.split('/').next() {
        Some(kind @ ("image" | "audio" | "video")) => Some(kind),
        _ => None,
    };
    let attributes = [
        ("url", Some(file.url.clone())),
        ("type", Some(file.media_type.clone().into_owned())),
        ("medium", medium.map(str::to_owned)),
        ("fileSize", file.length.filter(|bytes| *bytes > 0).map(|bytes| bytes.to_string())),
        ("duration", file.duration.map(|seconds| seconds.to_string())),
    ];
    element("media:content", attributes.into_iter().filter_map(|(k, v)| Some((k, v?))))
}

fn links(channel: &Channel, around: &Around<'_>) -> Vec<Link> {
    let link = |rel: &str, url: String| Link { href: url, rel: rel.to_owned(), ..Link::default() };
    let typed = |rel, url| Link { mime_type: Some(Format::Rss.media_type().into()), ..link(rel, url) };
    let mut links = vec![typed("self", channel.self_url())];
    links.extend(channel.hubs.iter().filter_map(|url| clean::uri(url.as_str())).map(|url| link("hub", url)));
    let chain = [("current", around.current), ("prev-archive", around.prev_archive)];
    links.extend(chain.into_iter().filter_map(|(rel, path)| Some(typed(rel, channel.url_of(path?)))));
    links
}

/// RSS knows GIF, JPEG and PNG only.
fn is_rss_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".png", ".gif", ".jpg", ".jpeg"].iter().any(|end| path.ends_with(end)) && path.len() == url.len()
}

fn element(name: &str, attributes: impl IntoIterator<Item = (&'static str, String)>) -> Extension {
    let attrs = attributes.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    Extension { name: name.to_owned(), attrs, ..Extension::default() }
}

fn add(extensions: &mut ExtensionMap, element: Extension) {
    let (prefix, name) = element.name.split_once(':').unwrap_or(("", &element.name));
    let (prefix, name) = (prefix.to_owned(), name.to_owned());
    extensions.entry(prefix).or_default().entry(name).or_default().push(element);
}
