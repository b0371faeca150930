//! One item or entry, of whatever dialect: elements are read by what they mean, not by the dialect they
//! belong to, because feeds mix them.

use jiff::Timestamp;

use super::media;
use super::names::Ns;
use super::reader::Reader;
use super::tree::El;
use super::urls::Scope;
use super::values::{Kind, Value, language, person_of, plain, plain_text, value};
use crate::model::{Enclosure, EntrySource, Markup, ParsedEntry, Person};

/// No entry has more labels than this.
const MAX_LABELS: usize = 256;

/// An entry under way: its fields, and candidates for those that may come from several places.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) entry: ParsedEntry,
    links: Links,
    dates: Dates,
    /// A title, summary or authors that count only where the entry has no better ones.
    pub(super) spare_title: Option<String>,
    pub(super) spare_summary: Option<Markup>,
    /// The spare summary is a podcast's text, not a caption.
    spare_is_long: bool,
    pub(super) spare_authors: Vec<Person>,
    pub(super) spare_image: Option<String>,
    /// Other forms of the enclosure: players take the first file.
    pub(super) spare_files: Vec<Enclosure>,
    /// Of the enclosure, in seconds.
    pub(super) duration: Option<u64>,
    /// The content is plain text: the same as HTML, where it follows, is better.
    content_is_text: bool,
}

/// Candidates for the link, best first.
#[derive(Debug, Default)]
struct Links {
    /// FeedBurner's link before it was redirected.
    original: Option<String>,
    /// RSS `link`, Atom `rel=alternate` to HTML, CDF `href`.
    page: Option<String>,
    /// Atom `rel=alternate` to something else.
    alternate: Option<String>,
    /// A guid that is a permalink.
    guid: Option<String>,
    /// `rdf:about`, or where Atom content lies that is not in the feed.
    other: Option<String>,
}

/// Candidates for the times. Dublin Core's `date` is of "an event in the life of the resource": it serves
/// for both where nothing is plainer.
#[derive(Debug, Default)]
struct Dates {
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    created: Option<Timestamp>,
    any: Option<Timestamp>,
}

/// Reads one entry. `scope` is the one outside of it.
pub(super) fn read(el: El<'_>, scope: &Scope, reader: &mut Reader<'_>) -> ParsedEntry {
    let scope = &scope.enter(el);
    let mut draft = Draft::default();
    draft.entry.language = scope.language.as_deref().map(str::to_owned);
    if let Some(about) = el.attr_ns(Ns::Rdf, "about").or_else(|| el.attr("about")) {
        draft.entry.id = Some(about.to_owned());
        draft.links.other = scope.absolute(about).filter(|url| is_http(url));
    }
    // CDF keeps them in attributes.
    if let Some(href) = el.attr("href") {
        draft.links.page = scope.absolute(href);
    }
    if let Some(time) = el.attr("lastmod") {
        draft.dates.updated = reader.date(time);
    }
    for child in el.children() {
        field(child, scope, reader, &mut draft);
    }
    draft.finish(reader)
}

fn field(el: El<'_>, outer: &Scope, reader: &mut Reader<'_>, draft: &mut Draft) {
    let scope = &outer.enter(el);
    let name = el.name();
    let entry = &mut draft.entry;
    match (el.ns(), &*name) {
        (Ns::Core | Ns::Atom, "title" | "productname") | (Ns::Dc | Ns::DcTerms, "title")
            if entry.title.is_none() =>
        {
            entry.title = plain(el, reader.text_kind(el), scope);
            remember_language(el, scope, outer, entry);
        }
        (Ns::Core | Ns::Atom, "link") => link(el, scope, draft),
        (Ns::Core, "a") if el.attr("href").is_some() => {
            // CDF: the address, and often the title, of an item.
            draft.links.page = draft.links.page.take().or_else(|| scope.absolute(el.attr("href")?));
            draft.spare_title = plain(el, Kind::Unknown, scope);
        }
        (Ns::Core | Ns::Atom, "guid" | "id") => id(el, &name, scope, draft),
        (Ns::Core | Ns::Atom, "description" | "abstract" | "summary") | (Ns::Dc, "description") => {
            let kind = if &*name == "description" { reader.html_kind(el) } else { reader.text_kind(el) };
            let markup = value(el, kind, scope).markup(scope);
            remember_language(el, scope, outer, entry);
            if entry.summary.is_none() {
                entry.summary = markup;
            } else if entry.content.is_none()
                && markup.as_ref().map(|m| &m.html) != entry.summary.as_ref().map(|m| &m.html)
            {
                entry.content = markup;
            }
        }
        (Ns::Content, "encoded")
        | (Ns::Xhtml, "body" | "div")
        | (Ns::Core, "body" | "fullitem" | "prodlink")
            if entry.content.is_none() =>
        {
            entry.content = value(el, Kind::Html, scope).markup(scope);
        }
        (Ns::Core | Ns::Atom, "content") => content(el, scope, outer, reader, draft),
        (Ns::Core | Ns::Atom, "author" | "managingeditor") | (Ns::Dc, "creator" | "author") => {
            add_person(&mut entry.authors, person_of(el, scope));
        }
        (Ns::Core | Ns::Atom, "contributor") | (Ns::Dc, "contributor") | (Ns::DcTerms, "creator") => {
            add_person(&mut draft.spare_authors, person_of(el, scope));
        }
        (Ns::Core | Ns::Atom, "pubdate" | "published" | "issued") | (Ns::DcTerms, "issued") => {
            draft.dates.published = draft.dates.published.or_else(|| reader.date(&el.text()));
        }
        (Ns::Core | Ns::Atom, "updated" | "modified" | "lastbuilddate") | (Ns::DcTerms, "modified") => {
            draft.dates.updated = draft.dates.updated.or_else(|| reader.date(&el.text()));
        }
        (Ns::Core | Ns::Atom, "created") | (Ns::DcTerms, "created") => {
            draft.dates.created = draft.dates.created.or_else(|| reader.date(&el.text()));
        }
        (Ns::Dc | Ns::DcTerms | Ns::Core, "date") => {
            draft.dates.any = draft.dates.any.or_else(|| reader.date(&el.text()));
        }
        (Ns::Core | Ns::Atom, "category" | "keyword")
        | (Ns::Dc | Ns::DcTerms, "subject")
        | (Ns::Media | Ns::Itunes, "category") => {
            categories(el, scope, &mut entry.categories);
        }
        (Ns::Core | Ns::Itunes | Ns::Media, "keywords") => keywords(&el.text(), &mut entry.categories),
        (Ns::Core | Ns::Atom, "enclosure") => media::enclosure(el, scope, &mut entry.enclosures),
        (Ns::Core | Ns::Atom, "comments") => {
            entry.comments = entry.comments.take().or_else(|| scope.absolute(&el.text()));
        }
        (Ns::Core | Ns::Atom, "source") => source(el, scope, draft),
        (Ns::Core | Ns::Atom, "rights" | "copyright") | (Ns::Dc | Ns::DcTerms, "rights") => {
            entry.rights = entry.rights.take().or_else(|| plain(el, reader.text_kind(el), scope));
        }
        (Ns::Core | Ns::Dc, "language") => entry.language = language(&el.text()).or(entry.language.take()),
        (Ns::Core | Ns::Atom, "image" | "thumbnail" | "logo" | "icon") | (Ns::Itunes, "image") => {
            let url = media::image(el, scope);
            let place = if el.ns() == Ns::Itunes { &mut draft.spare_image } else { &mut entry.image };
            *place = place.take().or(url);
        }
        (Ns::FeedBurner, "origlink") | (Ns::Core, "origlink") => {
            draft.links.original = scope.absolute(&el.text())
        }
        // Lists around the elements themselves.
        (Ns::Core, "categories" | "tags" | "authors" | "enclosures" | "links") => {
            for child in el.children() {
                field(child, scope, reader, draft);
            }
        }
        (Ns::Core, "tag") => categories(el, scope, &mut entry.categories),
        (Ns::Media, _) => media::element(el, scope, draft),
        (Ns::Podcast, _) => media::podcast(el, &name, scope, draft),
        (Ns::Itunes, "author") => add_person(&mut draft.spare_authors, person_of(el, scope)),
        (Ns::Itunes, "title") => draft.spare_title = plain(el, Kind::Unknown, scope),
        (Ns::DcTerms, "abstract") if draft.spare_summary.is_none() => {
            draft.spare_summary = value(el, Kind::Unknown, scope).markup(scope);
        }
        (Ns::DcTerms, "available") => {
            draft.dates.created = draft.dates.created.or_else(|| reader.date(&el.text()));
        }
        (Ns::Itunes, "summary" | "subtitle" | "description") => {
            let longer = value(el, Kind::Unknown, scope).markup(scope);
            let known = draft.spare_summary.as_ref().map_or(0, |markup| markup.html.len());
            let fuller = &*name == "summary" && !draft.spare_is_long;
            if longer.as_ref().is_some_and(|markup| markup.html.len() > known || fuller) {
                draft.spare_summary = longer;
                draft.spare_is_long = &*name == "summary";
            }
        }
        (Ns::Itunes, "duration") => draft.duration = media::duration(&el.text()),
        _ => {}
    }
}

/// `xml:lang` on the title or the text, where the entry itself says nothing.
fn remember_language(el: El<'_>, scope: &Scope, outer: &Scope, entry: &mut ParsedEntry) {
    if outer.language.is_none() && entry.language.is_none() && el.has_attrs() {
        entry.language = scope.language.as_deref().map(str::to_owned);
    }
}

fn link(el: El<'_>, scope: &Scope, draft: &mut Draft) {
    let Some(href) = el.attr("href").or_else(|| el.attr("url")).or_else(|| el.attr("uri")) else {
        draft.links.page = draft.links.page.take().or_else(|| own_link(el, scope));
        return;
    };
    let rel = el.attr("rel").unwrap_or("alternate").to_ascii_lowercase();
    let media_type = el.attr("type").map(str::to_ascii_lowercase);
    let is_page = media_type.as_deref().is_none_or(|t| t.contains("html"));
    match rel.as_str() {
        "alternate" if is_page => draft.links.page = draft.links.page.take().or_else(|| scope.absolute(href)),
        "alternate" => draft.links.alternate = draft.links.alternate.take().or_else(|| scope.absolute(href)),
        "enclosure" => media::enclosure(el, scope, &mut draft.entry.enclosures),
        "replies" if is_page => {
            draft.entry.comments = draft.entry.comments.take().or_else(|| scope.absolute(href));
        }
        _ => {}
    }
}

/// The address of a link without one in `href`: its text, or where `href` stands empty (RFC 3986 §4.4, the same
/// document) the base that the document declares.
pub(super) fn own_link(el: El<'_>, scope: &Scope) -> Option<String> {
    let alternate = el.attr("rel").is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"));
    let same =
        el.attrs().any(|(_, name, _)| name.eq_ignore_ascii_case("href")) && scope.declared && alternate;
    match &scope.base {
        Some(base) if same => Some(base.to_string()),
        _ => scope.absolute(&el.text()),
    }
}

fn id(el: El<'_>, name: &str, scope: &Scope, draft: &mut Draft) {
    let text = el.text();
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let mut id = text.to_owned();
    if name == "guid" {
        let says = el.attr("ispermalink").map(str::to_ascii_lowercase);
        let permalink = match says.as_deref() {
            Some("false" | "no" | "0") => None,
            _ if scope.declared => {
                id = scope.identifier(text);
                Some(id.clone()).filter(|id| is_http(id))
            }
            // Unless it says so, only what is an address already may be one: too many guids are numbers.
            None => scope.absolute(text).filter(|_| is_http(text)),
            Some(_) => scope.absolute(text).filter(|url| is_http(url)),
        };
        draft.entry.id_is_permalink = permalink.is_some();
        draft.links.guid = permalink;
    } else {
        id = scope.identifier(text);
        draft.links.other = draft.links.other.take().or_else(|| Some(id.clone()).filter(|t| is_http(t)));
    }
    // RSS 1.0 has its id in `rdf:about`; a guid is meant as one.
    draft.entry.id = Some(id);
}

pub(super) fn is_http(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
}

fn content(el: El<'_>, scope: &Scope, outer: &Scope, reader: &mut Reader<'_>, draft: &mut Draft) {
    // Atom 0.3 may give the same text in several types, in one element around them.
    if el.attr("type").is_some_and(|t| t.to_ascii_lowercase().starts_with("multipart/")) {
        for part in el.children().filter(|part| part.is_core("content")) {
            content(part, &scope.enter(part), outer, reader, draft);
        }
        return;
    }
    if let Some(src) = el.attr("src") {
        let is_media = el.attr("type").is_some_and(media::is_playable);
        if is_media {
            media::enclosure(el, scope, &mut draft.entry.enclosures);
        } else {
            draft.links.other = scope.absolute(src).or(draft.links.other.take());
        }
    }
    remember_language(el, scope, outer, &mut draft.entry);
    let text = value(el, reader.text_kind(el), scope);
    let is_text = matches!(text, Value::Text(_));
    if (draft.entry.content.is_none() || draft.content_is_text && !is_text)
        && let Some(markup) = text.markup(scope)
    {
        draft.content_is_text = is_text;
        draft.entry.content = Some(markup);
    }
}

/// Adds a label: Atom's `term` (else `label`), else the text, with the labels nested in it.
pub(super) fn categories(el: El<'_>, scope: &Scope, into: &mut Vec<String>) {
    // In Media RSS the text is the category, the label its name for people.
    let label = el.attr("label").filter(|_| el.ns() != Ns::Media || el.text().trim().is_empty());
    let named = [el.attr("term"), label, el.attr("text")].into_iter().flatten().next().and_then(plain_text);
    let nested: Vec<_> = el.children().filter(|child| child.name() == el.name()).collect();
    let label = named.or_else(|| if nested.is_empty() { plain(el, Kind::Unknown, scope) } else { None });
    add_label(label, into);
    for child in nested {
        categories(child, scope, into);
    }
}

/// Adds labels that stand in one text, between commas.
pub(super) fn keywords(text: &str, into: &mut Vec<String>) {
    let Some(text) = plain_text(text) else { return };
    for word in text.split([',', '،', ';']).take(MAX_LABELS) {
        add_label(plain_text(word), into);
    }
}

fn add_label(label: Option<String>, into: &mut Vec<String>) {
    if let Some(label) = label
        && into.len() < MAX_LABELS
        && !into.contains(&label)
    {
        into.push(label);
    }
}

/// Adds a person, or what is new about one who is there already.
pub(super) fn add_person(people: &mut Vec<Person>, person: Option<Person>) {
    let Some(person) = person else { return };
    if people.len() >= 64 {
        return;
    }
    let same = people.iter_mut().find(|known| {
        (known.name.is_some() && known.name == person.name)
            || (known.email.is_some()
                && known.email == person.email
                && (known.name.is_none() || person.name.is_none()))
    });
    match same {
        Some(known) => {
            known.name = known.name.take().or(person.name);
            known.uri = known.uri.take().or(person.uri);
            known.email = known.email.take().or(person.email);
        }
        None => people.push(person),
    }
}

/// RSS: `<source url="…">Title</source>`. Atom: the feed's own elements.
fn source(el: El<'_>, scope: &Scope, draft: &mut Draft) {
    let mut source = EntrySource {
        url: el.attr("url").or_else(|| el.attr("href")).and_then(|url| scope.absolute(url)),
        ..EntrySource::default()
    };
    if !el.has_children() {
        source.title = plain(el, Kind::Unknown, scope);
    }
    let mut page = None;
    for child in el.children() {
        let scope = &scope.enter(child);
        match &*child.name() {
            "title" => source.title = source.title.or_else(|| plain(child, Kind::Text, scope)),
            "id" => source.id = Some(child.text().trim().to_owned()).filter(|id| !id.is_empty()),
            "link" => {
                let url = child
                    .attr("href")
                    .and_then(|href| scope.absolute(href))
                    .or_else(|| scope.absolute(&child.text()));
                match child.attr("rel") {
                    Some("self") => source.url = url.or(source.url),
                    None | Some("alternate") => page = page.or(url),
                    Some(_) => {}
                }
            }
            // RFC 4287 §4.1.2: an entry without authors has those of its source.
            "author" => add_person(&mut draft.spare_authors, person_of(child, scope)),
            _ => {}
        }
    }
    source.url = source.url.or(page);
    if source != EntrySource::default() && draft.entry.source.is_none() {
        draft.entry.source = Some(source);
    }
}

impl Draft {
    fn finish(self, reader: &mut Reader<'_>) -> ParsedEntry {
        let Self { mut entry, links, dates, .. } = self;
        entry.title = entry.title.or(self.spare_title);
        match self.spare_summary {
            Some(spare) if entry.summary.is_none() => entry.summary = Some(spare),
            // A podcast's long text beside its short one.
            Some(spare)
                if self.spare_is_long
                    && entry.content.is_none()
                    && entry
                        .summary
                        .as_ref()
                        .is_some_and(|summary| spare.html.len() > summary.html.len()) =>
            {
                entry.content = Some(spare);
            }
            _ => {}
        }
        match (entry.authors.as_mut_slice(), self.spare_authors.as_slice()) {
            ([], _) => entry.authors = self.spare_authors,
            // `author` holds the mail address, `itunes:author` the name.
            ([author], [spare]) if author.name.is_none() => author.name = spare.name.clone(),
            _ => {}
        }
        entry.image = entry.image.or(self.spare_image);
        for file in self.spare_files {
            media::add(file, &mut entry.enclosures);
        }
        if let (Some(duration), Some(enclosure)) = (self.duration, entry.enclosures.first_mut()) {
            enclosure.duration.get_or_insert(duration);
        }
        let own = links.original.or(links.page).or(links.alternate);
        if own.is_none() && links.guid.is_none() && links.other.is_some() && links.other == entry.id {
            entry.id_is_permalink = true;
        }
        entry.link = own.or(links.guid).or(links.other);
        entry.published = dates.published.or(dates.created).or(dates.any);
        entry.updated = dates.updated.or(dates.any);
        if entry.language.is_none() {
            entry.language = reader.language.clone();
        }
        entry
    }
}
