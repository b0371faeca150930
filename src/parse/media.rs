//! Files that belong to an entry: enclosures, Media RSS, pictures.

use super::entry::{Draft, add_person, categories, keywords};
use super::names::Ns;
use super::tree::El;
use super::urls::Scope;
use super::values::{Kind, person, plain, value};
use crate::model::{Enclosure, Person};

/// No entry has more files than this.
const MAX_FILES: usize = 256;

/// RSS `enclosure`, Atom `link rel=enclosure`, Atom content of a media type that lies elsewhere.
pub(super) fn enclosure(el: El<'_>, scope: &Scope, into: &mut Vec<Enclosure>) {
    let url =
        // RSS 1.0 names resources in the way of RDF.
        ["url", "href", "src", "uri"]
            .into_iter()
            .find_map(|name| el.attr(name))
            .or_else(|| el.attr_ns(Ns::Rdf, "resource"))
            .and_then(|url| scope.absolute(url))
            // Some write it where other elements have it.
            .or_else(|| scope.absolute(&el.text()).filter(|url| super::entry::is_http(url)));
    let Some(url) = url else { return };
    let length = el.attr("length").or_else(|| el.attr("filesize"));
    let length = length.and_then(|length| length.replace([',', ' '], "").parse().ok());
    add(
        Enclosure {
            url,
            media_type: el.attr("type").map(|t| t.to_ascii_lowercase()).filter(|t| t.contains('/')),
            length,
            title: el.attr("title").map(str::to_owned),
            duration: el.attr("duration").and_then(duration),
        },
        into,
    );
}

/// Adds a file, or what is new about one that is there already.
pub(super) fn add(file: Enclosure, into: &mut Vec<Enclosure>) {
    let room = into.len() < MAX_FILES;
    match into.iter_mut().find(|known| known.url == file.url) {
        Some(known) => {
            known.media_type = known.media_type.take().or(file.media_type);
            known.length = known.length.or(file.length);
            known.title = known.title.take().or(file.title);
            known.duration = known.duration.or(file.duration);
        }
        None if room => into.push(file),
        None => {}
    }
}

/// An element of Media RSS, of an entry or inside of a group.
pub(super) fn element(el: El<'_>, outer: &Scope, draft: &mut Draft) {
    let scope = &outer.enter(el);
    match &*el.name() {
        "group" => {
            for child in el.children().filter(|child| child.ns() == Ns::Media) {
                element(child, scope, draft);
            }
        }
        "content" => content(el, scope, draft),
        "thumbnail" => {
            let url =
                el.attr("url").and_then(|url| scope.absolute(url)).or_else(|| scope.absolute(&el.text()));
            draft.entry.image = draft.entry.image.take().or(url);
        }
        "title" => draft.spare_title = draft.spare_title.take().or_else(|| plain(el, Kind::Unknown, scope)),
        "description" | "text" if draft.spare_summary.is_none() => {
            draft.spare_summary = value(el, Kind::Unknown, scope).markup(scope);
        }
        "credit" if el.attr("role").is_none_or(|role| role.eq_ignore_ascii_case("author")) => {
            add_person(&mut draft.spare_authors, person(&el.text()));
        }
        "category" => categories(el, scope, &mut draft.entry.categories),
        "keywords" => keywords(&el.text(), &mut draft.entry.categories),
        _ => {}
    }
}

/// An element of the Podcast Index's module: other forms of the episode, and who is heard in it.
pub(super) fn podcast(el: El<'_>, name: &str, scope: &Scope, draft: &mut Draft) {
    match name {
        "alternateenclosure" => {
            let (media_type, length) = (el.attr("type"), el.attr("length").and_then(|n| n.parse().ok()));
            let sources =
                el.children().filter(|child| child.ns() == Ns::Podcast && &*child.name() == "source");
            for url in sources.filter_map(|source| scope.enter(source).absolute(source.attr("uri")?)) {
                let file = Enclosure {
                    url,
                    media_type: media_type.map(str::to_ascii_lowercase),
                    length,
                    title: el.attr("title").map(str::to_owned),
                    duration: None,
                };
                add(file, &mut draft.spare_files);
            }
        }
        "person" if el.attr("role").is_none_or(|role| role.to_ascii_lowercase().contains("host")) => {
            let uri = el.attr("href").and_then(|href| scope.absolute(href));
            let person = person(&el.text()).map(|person| Person { uri: person.uri.or(uri), ..person });
            add_person(&mut draft.spare_authors, person);
        }
        _ => {}
    }
}

fn content(el: El<'_>, scope: &Scope, draft: &mut Draft) {
    let medium = el.attr("medium").map(str::to_ascii_lowercase);
    let media_type = el.attr("type").map(str::to_ascii_lowercase);
    let url = el.attr("url").and_then(|url| scope.absolute(url));
    // WordPress adds the author's portrait to every entry: it is no file of the entry.
    let portrait = url.as_deref().is_some_and(|url| url.contains("gravatar.com/avatar"));
    // A page with a player in it is no file.
    let page = medium.as_deref() == Some("document")
        || media_type.as_deref().is_some_and(|t| t.starts_with("text/html"));
    if let Some(url) = url.filter(|_| !portrait) {
        let picture = medium.as_deref() == Some("image")
            || media_type.as_deref().is_some_and(|t| t.starts_with("image/"));
        if picture {
            draft.spare_image = draft.spare_image.take().or(Some(url));
        }
        if !page {
            enclosure(el, scope, &mut draft.entry.enclosures);
        }
    }
    for child in el.children().filter(|child| child.ns() == Ns::Media) {
        match &*child.name() {
            // The title and text of a picture are not those of the entry.
            "title" | "description" | "text" | "credit" | "keywords" | "category" => {
                if &*child.name() == "title" && !portrait && !page {
                    let title = plain(child, Kind::Unknown, scope);
                    if let Some(file) = draft.entry.enclosures.last_mut().filter(|file| file.title.is_none())
                    {
                        file.title = title;
                    }
                }
            }
            _ => element(child, scope, draft),
        }
    }
}

/// The address of a picture: `href` (itunes), `url` as attribute or child (RSS), text (Atom).
pub(super) fn image(el: El<'_>, scope: &Scope) -> Option<String> {
    let attr = el
        .attr("href")
        .or_else(|| el.attr("url"))
        .or_else(|| el.attr("src"))
        .or_else(|| el.attr_ns(Ns::Rdf, "resource"));
    if let Some(url) = attr {
        return scope.absolute(url);
    }
    match el.child("url") {
        Some(url) => scope.enter(el).enter(url).absolute(&url.text()),
        None if el.has_children() => None,
        None => scope.absolute(&el.text()),
    }
}

/// Is this media type sound or film?
pub(super) fn is_playable(media_type: &str) -> bool {
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.starts_with("audio/") || media_type.starts_with("video/")
}

/// A length of time in seconds: `3723`, `62:03`, `1:02:03`.
pub(super) fn duration(text: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    for part in text.trim().split(':') {
        let whole = part.trim().split('.').next().unwrap_or_default();
        seconds = seconds.checked_mul(60)?.checked_add(whole.parse().ok()?)?;
    }
    (seconds > 0).then_some(seconds)
}
