//! The feed as a whole: which dialect it is, what it says of itself, where its entries are.

use jiff::Timestamp;

use super::dates::{self, DateContext};
use super::entry::{self, add_person, categories, is_http, keywords, own_link};
use super::media;
use super::names::Ns;
use super::tree::{El, Tree};
use super::urls::Scope;
use super::values::{Kind, language, person_of, plain};
use crate::model::{FeedFormat, FeedHints, ParsedFeed, Person};

/// No document has more entries than this; the rest is left out.
pub(super) const MAX_ENTRIES: usize = 10_000;
/// After so many dates that are none, no more are tried.
const MAX_BAD_DATES: usize = 20_000;

/// What is needed at every place of a document.
pub(super) struct Reader<'i> {
    /// How dates are read; its language is the document's.
    pub(super) dates: DateContext<'i>,
    /// The language of entries that do not name theirs.
    pub(super) language: Option<String>,
    /// The dialect.
    pub(super) format: FeedFormat,
    /// What was odd.
    pub(super) warnings: Vec<String>,
    /// How many dates could not be read.
    pub(super) bad_dates: usize,
}

impl Reader<'_> {
    fn is_atom(&self) -> bool {
        matches!(self.format, FeedFormat::Atom03 | FeedFormat::Atom1)
    }

    /// What a title or summary is that does not say: text in Atom, anything in RSS.
    pub(super) fn text_kind(&self, el: El<'_>) -> Kind {
        if self.is_atom() && el.ns().is_core() { Kind::Text } else { Kind::Unknown }
    }

    /// What a description is: HTML in RSS.
    pub(super) fn html_kind(&self, el: El<'_>) -> Kind {
        if self.is_atom() && el.ns().is_core() { Kind::Text } else { Kind::Html }
    }

    /// Reads a date; one that cannot be read is worth a warning.
    pub(super) fn date(&mut self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if text.is_empty() || self.bad_dates > MAX_BAD_DATES {
            return None;
        }
        let time = dates::parse(text, &self.dates);
        if time.is_none() {
            self.bad_dates += 1;
            let shown: String = text.chars().take(60).collect();
            self.warn(format!("The date {shown:?} cannot be read."));
        }
        time
    }

    /// Notes something odd, once, and not without end.
    pub(super) fn warn(&mut self, mut warning: String) {
        // Names that a document made up stand in some.
        warning.truncate(warning.floor_char_boundary(400));
        if self.warnings.len() < 50 && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// The element that the feed is, and its dialect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root<'t> {
    /// `rss`, `rdf:RDF`, `feed`, `channel`; `None` where the entries lie bare.
    pub(super) el: Option<El<'t>>,
    pub(super) format: FeedFormat,
    /// It names no or an odd version, or its root is missing.
    pub(super) odd: bool,
}

/// Finds the feed in a document: it need not be at the top (SOAP envelopes, pages around it).
pub(super) fn find_root<'t>(tree: &'t Tree<'_>) -> Option<Root<'t>> {
    let mut bare = None;
    for el in tree.elements() {
        let core = el.ns().is_core();
        let version = el.attr("version").unwrap_or_default();
        let (format, odd) = match &*el.name() {
            "rss" => match version.trim() {
                "0.90" | "0.9" => (FeedFormat::Rss090, false),
                "0.91" => (FeedFormat::Rss091, false),
                "0.92" | "0.93" | "0.94" => (FeedFormat::Rss092, false),
                version => (FeedFormat::Rss2, !version.starts_with("2.") && version != "2"),
            },
            "rdf" if matches!(el.ns(), Ns::Rdf | Ns::Core | Ns::Other) => (rdf_format(tree, el), false),
            "feed" if core || el.ns() == Ns::Other => {
                let known = ["", "0.1", "0.2", "0.3", "1.0"].contains(&version.trim());
                (atom_format(tree, el, version), !known)
            }
            "channel" if core => match cdf(el) {
                true => (FeedFormat::Cdf, false),
                false => (FeedFormat::Rss2, true),
            },
            "item" if core => {
                bare = bare.or(Some(Root { el: None, format: FeedFormat::Rss2, odd: true }));
                continue;
            }
            "entry" if core => {
                bare = bare.or(Some(Root { el: None, format: FeedFormat::Atom1, odd: true }));
                continue;
            }
            _ => continue,
        };
        return Some(Root { el: Some(el), format, odd });
    }
    bare
}

/// By its namespace; else RSS 0.90 differs from 1.0 by items without `rdf:about`.
fn rdf_format(tree: &Tree<'_>, el: El<'_>) -> FeedFormat {
    let named = tree.dialects.iter().find(|d| matches!(d, FeedFormat::Rss090 | FeedFormat::Rss1));
    let old = |child: El<'_>| child.is_core("item") && child.attr_ns(Ns::Rdf, "about").is_none();
    named.copied().unwrap_or(if el.children().any(old) { FeedFormat::Rss090 } else { FeedFormat::Rss1 })
}

/// By its namespace, else its version, else by elements that only Atom 0.3 has.
fn atom_format(tree: &Tree<'_>, el: El<'_>, version: &str) -> FeedFormat {
    let named = tree.dialects.iter().find(|d| matches!(d, FeedFormat::Atom03 | FeedFormat::Atom1));
    let old = |child: El<'_>| ["tagline", "modified"].iter().any(|name| child.is_core(name));
    let guess = if version.starts_with("0.") || el.children().any(old) {
        FeedFormat::Atom03
    } else {
        FeedFormat::Atom1
    };
    named.copied().unwrap_or(guess)
}

/// CDF is a `channel` without `rss` around it; it keeps its addresses in `href`.
fn cdf(el: El<'_>) -> bool {
    let has =
        |el: El<'_>| ["href", "self", "lastmod", "level"].into_iter().any(|name| el.attr(name).is_some());
    has(el) || el.children().any(|child| child.is_core("abstract") || child.is_core("item") && has(child))
}

/// What feed-level elements say, before it is decided what counts.
#[derive(Debug, Default)]
struct Draft {
    feed: ParsedFeed,
    link_alternate: Option<String>,
    updated: Option<Timestamp>,
    any_date: Option<Timestamp>,
    published: Option<Timestamp>,
    spare_title: Option<String>,
    spare_subtitle: Option<String>,
    spare_authors: Vec<Person>,
    spare_image: Option<String>,
    period: Option<u32>,
    frequency: Option<u32>,
}

/// Reads the feed and all its entries.
pub(super) fn read(tree: &Tree<'_>, root: Root<'_>, scope: Scope, reader: &mut Reader<'_>) -> ParsedFeed {
    let mut draft = Draft::default();
    draft.feed.format = root.format;
    let mut entries = Vec::new();
    match root.el {
        Some(el) => {
            let scope = scope.enter(el);
            draft.feed.language = scope.language.as_deref().map(str::to_owned);
            container(el, &scope, reader, &mut draft, &mut entries);
            // What follows the root's end tag, where the document goes on after it.
            for stray in tree.top().filter(|top| top.position() >= el.end()) {
                field(stray, &scope, reader, &mut draft, &mut entries);
            }
        }
        None => {
            for el in tree.top() {
                field(el, &scope, reader, &mut draft, &mut entries);
            }
        }
    }
    reader.language = draft.feed.language.clone().or(reader.language.take());
    // RSS documents that came without an address: their site is the best base there is.
    let mut feed = draft.finish();
    if entries.len() > MAX_ENTRIES {
        reader.warn(format!("It has more than {MAX_ENTRIES} entries; only the first of them were read."));
        entries.truncate(MAX_ENTRIES);
    }
    for (el, scope) in entries {
        let scope = with_base(scope, &feed);
        feed.entries.push(entry::read(el, &scope, reader));
    }
    feed
}

fn with_base(mut scope: Scope, feed: &ParsedFeed) -> Scope {
    if scope.base.is_none() {
        let site = feed.link.as_deref().or(feed.self_link.as_deref());
        scope.base = site.and_then(|link| url::Url::parse(link).ok()).map(std::rc::Rc::new);
    }
    scope
}

fn container<'t>(
    el: El<'t>,
    scope: &Scope,
    reader: &mut Reader<'_>,
    draft: &mut Draft,
    entries: &mut Vec<(El<'t>, Scope)>,
) {
    let feed = &mut draft.feed;
    if let Some(href) = el.attr("href") {
        feed.link = feed.link.take().or_else(|| scope.absolute(href));
    }
    if let Some(url) = el.attr("self") {
        feed.self_link = feed.self_link.take().or_else(|| scope.absolute(url));
    }
    if let Some(time) = el.attr("lastmod") {
        draft.updated = draft.updated.or_else(|| reader.date(time));
    }
    if let Some(about) = el.attr_ns(Ns::Rdf, "about") {
        feed.id = feed.id.take().or_else(|| Some(about.to_owned()));
    }
    for child in el.children() {
        field(child, scope, reader, draft, entries);
    }
}

fn field<'t>(
    el: El<'t>,
    outer: &Scope,
    reader: &mut Reader<'_>,
    draft: &mut Draft,
    entries: &mut Vec<(El<'t>, Scope)>,
) {
    let scope = &outer.enter(el);
    let feed = &mut draft.feed;
    let name = el.name();
    match (el.ns(), &*name) {
        (Ns::Core | Ns::Atom | Ns::Other, "item" | "entry" | "product") => {
            // One more than are read tells that there are more; ten megabytes of `<item/>` are a million.
            collect(el, outer, entries);
        }
        (Ns::Core | Ns::Atom | Ns::Rdf | Ns::Other, "channel" | "feed" | "rss" | "rdf" | "items") => {
            if scope.language != outer.language {
                feed.language = feed.language.take().or_else(|| scope.language.as_deref().map(str::to_owned));
            }
            container(el, scope, reader, draft, entries);
        }
        (Ns::Core | Ns::Atom, "title") | (Ns::Dc | Ns::DcTerms, "title") => {
            feed.title = feed.title.take().or_else(|| plain(el, reader.text_kind(el), scope));
        }
        (Ns::Core | Ns::Atom, "description" | "subtitle" | "tagline" | "abstract")
        | (Ns::Dc, "description") => {
            feed.subtitle = feed.subtitle.take().or_else(|| plain(el, reader.text_kind(el), scope));
        }
        (Ns::Core | Ns::Atom, "info" | "summary") | (Ns::Itunes, "subtitle" | "summary" | "description") => {
            draft.spare_subtitle =
                draft.spare_subtitle.take().or_else(|| plain(el, reader.text_kind(el), scope));
        }
        (Ns::Media, "title") | (Ns::Itunes, "title") => draft.spare_title = plain(el, Kind::Unknown, scope),
        (Ns::Core | Ns::Atom, "link") => link(el, scope, draft),
        (Ns::Core, "a") if el.attr("href").is_some() && feed.format == FeedFormat::Cdf => {
            feed.link = feed.link.take().or_else(|| scope.absolute(el.attr("href")?));
            draft.spare_title = plain(el, Kind::Unknown, scope);
        }
        (Ns::Core | Ns::Atom, "id" | "guid") => {
            let id = scope.identifier(el.text().trim());
            feed.id = Some(id).filter(|id| !id.is_empty()).or(feed.id.take());
        }
        (Ns::Core | Ns::Dc, "language") => feed.language = language(&el.text()).or(feed.language.take()),
        (Ns::Core | Ns::Atom, "updated" | "modified" | "lastbuilddate") | (Ns::DcTerms, "modified") => {
            draft.updated = draft.updated.or_else(|| reader.date(&el.text()));
        }
        (Ns::Dc | Ns::DcTerms | Ns::Core, "date") => {
            draft.any_date = draft.any_date.or_else(|| reader.date(&el.text()))
        }
        (Ns::Core | Ns::Atom, "pubdate" | "published" | "issued" | "created")
        | (Ns::DcTerms, "issued" | "created") => {
            draft.published = draft.published.or_else(|| reader.date(&el.text()));
        }
        (Ns::Core | Ns::Atom, "author" | "managingeditor")
        | (Ns::Dc, "creator" | "author")
        | (Ns::Itunes, "author") => {
            add_person(&mut feed.authors, person_of(el, scope));
        }
        (Ns::Core | Ns::Atom, "webmaster" | "contributor")
        | (Ns::Dc, "publisher" | "contributor")
        | (Ns::Itunes, "owner") => {
            add_person(&mut draft.spare_authors, person_of(el, scope));
        }
        (Ns::Core | Ns::Atom, "generator") => {
            feed.generator = plain(el, Kind::Unknown, scope).or(feed.generator.take());
        }
        (Ns::Admin, "generatoragent") => {
            let address = el
                .attr_ns(Ns::Rdf, "resource")
                .map(str::to_owned)
                .or_else(|| plain(el, Kind::Unknown, scope));
            feed.generator = feed.generator.take().or(address);
        }
        (Ns::Core | Ns::Atom, "rights" | "copyright") | (Ns::Dc | Ns::DcTerms, "rights") => {
            feed.rights = feed.rights.take().or_else(|| plain(el, reader.text_kind(el), scope));
        }
        (Ns::Core | Ns::Atom, "image" | "logo") => {
            feed.image = feed.image.take().or_else(|| media::image(el, scope))
        }
        (Ns::Itunes, "image") => {
            draft.spare_image = draft.spare_image.take().or_else(|| media::image(el, scope))
        }
        (Ns::Media, "thumbnail") => {
            draft.spare_image = draft.spare_image.take().or_else(|| scope.absolute(el.attr("url")?));
        }
        (Ns::Core | Ns::Atom, "icon") => feed.icon = feed.icon.take().or_else(|| scope.absolute(&el.text())),
        (Ns::Core | Ns::Atom | Ns::Itunes, "category") | (Ns::Dc, "subject") => {
            categories(el, scope, &mut feed.categories)
        }
        (Ns::Core | Ns::Itunes, "keywords") => keywords(&el.text(), &mut feed.categories),
        (Ns::Core, "ttl") => feed.hints.ttl_minutes = number(&el.text()).or(feed.hints.ttl_minutes),
        (Ns::Core, "skiphours") => skip_hours(el, &mut feed.hints),
        (Ns::Core, "skipdays") => skip_days(el, &mut feed.hints),
        (Ns::Sy, "updateperiod") => draft.period = period(&el.text()),
        (Ns::Sy, "updatefrequency") => draft.frequency = number(&el.text()).filter(|n| *n > 0),
        _ => {}
    }
}

/// Takes an entry down, and those that stand in it: entries do not nest, but some writers close them late.
fn collect<'t>(el: El<'t>, outer: &Scope, entries: &mut Vec<(El<'t>, Scope)>) {
    if entries.len() > MAX_ENTRIES {
        return;
    }
    entries.push((el, outer.clone()));
    // (FeedBurner leaves an empty `<item/>` in some.)
    let is_entry = |child: &El<'_>| (child.is_core("item") || child.is_core("entry")) && child.has_children();
    for inner in el.children().filter(is_entry) {
        collect(inner, &outer.enter(el), entries);
    }
}

fn link(el: El<'_>, scope: &Scope, draft: &mut Draft) {
    let feed = &mut draft.feed;
    let Some(href) = el.attr("href").or_else(|| el.attr("url")).or_else(|| el.attr("uri")) else {
        feed.link = feed.link.take().or_else(|| own_link(el, scope));
        return;
    };
    let Some(url) = scope.absolute(href) else { return };
    let media_type = el.attr("type").map(str::to_ascii_lowercase);
    match el.attr("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
        "alternate" if media_type.is_none_or(|t| t.contains("html")) => {
            feed.link.get_or_insert(url);
        }
        "alternate" => {
            draft.link_alternate.get_or_insert(url);
        }
        "self" => {
            feed.self_link.get_or_insert(url);
        }
        "hub" if feed.hubs.len() < 16 && !feed.hubs.contains(&url) => feed.hubs.push(url),
        "icon" | "shortcut icon" => {
            feed.icon.get_or_insert(url);
        }
        _ => {}
    }
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..digits].parse().ok()
}

/// RSS: hours in GMT, 0–23, or 1–24 in RSS 0.91.
fn skip_hours(el: El<'_>, hints: &mut FeedHints) {
    for child in el.children() {
        if let Some(hour @ 0..=24) = number(&child.text()) {
            let hour = (hour % 24) as u8;
            if !hints.skip_hours.contains(&hour) {
                hints.skip_hours.push(hour);
            }
        }
    }
}

fn skip_days(el: El<'_>, hints: &mut FeedHints) {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    for child in el.children() {
        let name = child.text().trim().to_ascii_lowercase();
        let day = DAYS.iter().position(|day| name.starts_with(day)).map(|day| day as u8 + 1);
        if let Some(day) = day.filter(|day| !hints.skip_days.contains(day)) {
            hints.skip_days.push(day);
        }
    }
}

/// In minutes.
fn period(text: &str) -> Option<u32> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}

impl Draft {
    fn finish(self) -> ParsedFeed {
        let Self { mut feed, .. } = self;
        feed.title = feed.title.or(self.spare_title);
        feed.subtitle = feed.subtitle.or(self.spare_subtitle);
        // A feed that names no page: its id, where that is an address.
        feed.link = feed.link.or(self.link_alternate).or_else(|| feed.id.clone().filter(|id| is_http(id)));
        feed.updated = self.updated.or(self.any_date).or(self.published);
        feed.image = feed.image.or(self.spare_image);
        if feed.authors.is_empty() {
            feed.authors = self.spare_authors;
        }
        if self.period.is_some() || self.frequency.is_some() {
            // RSS 1.0 syndication module: daily and once are the defaults.
            let minutes = self.period.unwrap_or(24 * 60) / self.frequency.unwrap_or(1);
            feed.hints.update_period_minutes = Some(minutes.max(1));
        }
        feed
    }
}
