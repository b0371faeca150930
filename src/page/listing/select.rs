//! Entries by selectors.

use dom_query::{Document, NodeRef, Selection};
use jiff::{Timestamp, ToSpan};
use url::Url;

use super::{MAX_ENTRIES, Selectors};
use crate::model::{Markup, ParsedEntry, Person};
use crate::page::meta::fold;
use crate::page::{PageError, block, dom};
use crate::parse::dates::{self, DateContext, Precision};
use crate::text::plain;

/// `selector@attribute` → the two.
pub(super) fn split(field: &str) -> (&str, Option<&str>) {
    match field.rsplit_once('@') {
        // An `@` inside of brackets or quotes belongs to the selector.
        Some((css, attribute))
            if !attribute.is_empty()
                && attribute
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')) =>
        {
            (css.trim(), Some(attribute))
        }
        _ => (field.trim(), None),
    }
}

/// The entries of the page, in its order.
pub(super) fn entries(
    document: &Document,
    selectors: &Selectors,
    base: Option<&Url>,
    context: &DateContext<'_>,
) -> Result<Vec<ParsedEntry>, PageError> {
    let Some(item) = &selectors.item else { return Ok(Vec::new()) };
    let items = document.select_matcher(&dom::matcher(split(item).0)?);
    items
        .nodes()
        .iter()
        .take(2 * MAX_ENTRIES)
        .filter_map(|node| entry(node, selectors, base, context).transpose())
        .collect()
}

fn entry(
    item: &NodeRef<'_>,
    selectors: &Selectors,
    base: Option<&Url>,
    context: &DateContext<'_>,
) -> Result<Option<ParsedEntry>, PageError> {
    let link_node = match &selectors.link {
        Some(field) => nodes(item, field)?.into_iter().find(|n| address(n, Some(field), base).is_some()),
        None => main_link(item),
    };
    let Some(link) = link_node.as_ref().and_then(|n| address(n, selectors.link.as_deref(), base)) else {
        return Ok(None);
    };
    let title = match &selectors.title {
        Some(field) => first_value(item, field)?,
        None => heading(item).or_else(|| link_node.as_ref().map(|n| headline_of(item, n))),
    };
    let Some(title) = title.map(|t| fold(&t)).filter(|t| !t.is_empty()) else { return Ok(None) };
    let summary = match &selectors.content {
        Some(field) => nodes(item, field)?.first().map(|node| Markup {
            html: match split(field).1 {
                Some(attribute) => plain::escape(&node.attr_or(attribute, "")).into_owned(),
                None => node.inner_html().to_string(),
            },
            base: base.cloned(),
            language: None,
        }),
        None => None,
    };
    let published = match &selectors.date {
        Some(field) => nodes(item, field)?.iter().find_map(|n| date_of(n, split(field).1, context)),
        None => any_date(item, &title, context),
    };
    let authors: Vec<Person> = match &selectors.author {
        Some(field) => first_value(item, field)?
            .map(|name| fold(&name))
            .filter(|name| !name.is_empty())
            .map(|name| vec![Person { name: Some(name), ..Person::default() }])
            .unwrap_or_default(),
        None => Vec::new(),
    };
    let image = match &selectors.image {
        Some(field) => nodes(item, field)?.iter().find_map(|n| picture(n, split(field).1, base)),
        None => Selection::from(*item).select("img").nodes().iter().find_map(|n| picture(n, None, base)),
    };
    Ok(Some(ParsedEntry {
        link: Some(link.into()),
        title: Some(title),
        summary: summary.filter(|m| !m.html.trim().is_empty()),
        published,
        authors,
        image: image.map(Into::into),
        ..ParsedEntry::default()
    }))
}

/// The nodes inside an item that a field names; the item itself for an empty selector.
fn nodes<'a>(item: &NodeRef<'a>, field: &str) -> Result<Vec<NodeRef<'a>>, PageError> {
    let (css, _) = split(field);
    if css.is_empty() {
        return Ok(vec![*item]);
    }
    Ok(Selection::from(*item).select_matcher(&dom::matcher(css)?).nodes().to_vec())
}

fn first_value(item: &NodeRef<'_>, field: &str) -> Result<Option<String>, PageError> {
    let attribute = split(field).1;
    Ok(nodes(item, field)?.iter().find_map(|n| {
        let value = match attribute {
            Some(attribute) => n.attr(attribute).map(|v| v.to_string()),
            None => Some(link_text(n)),
        };
        value.filter(|v| !v.trim().is_empty())
    }))
}

fn address(node: &NodeRef<'_>, field: Option<&str>, base: Option<&Url>) -> Option<Url> {
    let attribute = field.and_then(|f| split(f).1).unwrap_or("href");
    let own = node.attr(attribute).map(|v| v.to_string());
    // A selector that names the headline means the link in it or around it.
    let value = own.or_else(|| {
        let inner = Selection::from(*node).select("a[href]").attr("href").map(|v| v.to_string());
        inner.or_else(|| {
            node.ancestors_it(Some(4))
                .find_map(|a| a.attr("href").filter(|_| a.has_name("a")))
                .map(|v| v.to_string())
        })
    })?;
    if value.trim_start().starts_with('#') {
        return None;
    }
    let mut url = dom::absolute(&value, base)?;
    url.set_fragment(None);
    Some(url)
}

/// The text of a link, or of the picture in it.
pub(super) fn link_text(node: &NodeRef<'_>) -> String {
    let text = dom::line_within(node, 2000).unwrap_or_default();
    if !text.is_empty() {
        return text;
    }
    let picture = Selection::from(*node).select("img[alt]").attr("alt");
    picture
        .or_else(|| node.attr("title"))
        .or_else(|| node.attr("aria-label"))
        .map(|t| t.to_string())
        .unwrap_or_default()
}

/// The words of the link, or of another of the item that leads to the same article: the first often holds its picture.
fn headline_of(item: &NodeRef<'_>, link: &NodeRef<'_>) -> String {
    let written = |n: &NodeRef<'_>| dom::line_within(n, 2000).filter(|t| !t.is_empty());
    let same = Selection::from(*item).select("a[href]");
    let same = same.nodes().iter().take(60).filter(|n| n.attr("href") == link.attr("href"));
    written(link).or_else(|| same.filter_map(written).next()).unwrap_or_else(|| link_text(link))
}

/// The link of an item that leads to its article: in or around its heading, else the one with the longest text.
pub(super) fn main_link<'a>(item: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    if item.has_name("a") && item.has_attr("href") {
        return Some(*item);
    }
    let inside = Selection::from(*item);
    let heading = inside.select("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href], [itemprop~=headline] a[href], a[href]:has(h1, h2, h3, h4, h5, h6)");
    if let Some(node) = heading.nodes().first() {
        return Some(*node);
    }
    // Of equals the first: `max_by_key` would give the last.
    let mut best: Option<(usize, NodeRef<'a>)> = None;
    for node in inside.select("a[href]").nodes().iter().take(60) {
        let length = link_text(node).chars().count();
        if best.as_ref().is_none_or(|(longest, _)| length > *longest) {
            best = Some((length, *node));
        }
    }
    best.map(|(_, node)| node)
}

/// The first heading of an item.
fn heading(item: &NodeRef<'_>) -> Option<String> {
    let headings = Selection::from(*item).select("h1, h2, h3, h4, h5, h6, [itemprop~=headline]");
    headings.nodes().iter().map(link_text).find(|t| !t.trim().is_empty())
}

fn date_of(node: &NodeRef<'_>, attribute: Option<&str>, context: &DateContext<'_>) -> Option<Timestamp> {
    let text = match attribute {
        Some(attribute) => node.attr(attribute)?.to_string(),
        None => node.attr("datetime").map(|v| v.to_string()).or_else(|| dom::line_within(node, 300))?,
    };
    let read = dates::parse(&text, context).or_else(|| {
        let found =
            dates::find_in(&text, context).into_iter().find(|(_, f)| f.precision >= Precision::Day)?;
        Some(found.1.timestamp)
    });
    plausible(read, context)
}

fn plausible(date: Option<Timestamp>, context: &DateContext<'_>) -> Option<Timestamp> {
    let last = context.now.checked_add(36.hours()).ok()?;
    date.filter(|d| *d <= last && d.as_second() > 662_688_000)
}

/// The date of an item that names none: `time`, microdata, else a short line that is a date or holds one.
pub(super) fn any_date(item: &NodeRef<'_>, title: &str, context: &DateContext<'_>) -> Option<Timestamp> {
    let marked = Selection::from(*item).select("time[datetime], [itemprop~=datePublished], time");
    for node in marked.nodes().iter().take(5) {
        if let Some(date) = node
            .attr("content")
            .and_then(|v| plausible(dates::parse(&v, context), context))
            .or_else(|| date_of(node, None, context))
        {
            return Some(date);
        }
    }
    block::lines(item).iter().filter(|l| l.text.chars().count() <= 120 && l.text != title).find_map(|line| {
        let found = dates::find_in(&line.text, context);
        let (_, found) = found.first().filter(|(_, f)| f.precision >= Precision::Day)?;
        plausible(Some(found.timestamp), context)
    })
}

/// The address of a picture, with what lazy loading puts in its place.
fn picture(node: &NodeRef<'_>, attribute: Option<&str>, base: Option<&Url>) -> Option<Url> {
    let from = |name: &str| {
        let value = node.attr(name)?;
        let value = if name.ends_with("srcset") {
            value.split_whitespace().next()?.to_owned()
        } else {
            value.to_string()
        };
        if value.trim_start().starts_with("data:") { None } else { dom::absolute(&value, base) }
    };
    if let Some(attribute) = attribute {
        return from(attribute);
    }
    ["data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset"]
        .iter()
        .find_map(|a| from(a))
        .or_else(|| {
            let inner = Selection::from(*node).select("img");
            inner.nodes().first().filter(|n| n.id != node.id).and_then(|n| picture(n, None, base))
        })
}

/// Where the next page is linked on pages that nobody described, most certain first.
const NEXT: &[&str] = &[
    "link[rel~=next]@href",
    "a[rel~=next]@href",
    "a.next@href",
    ".next a@href",
    ".pagination-next a@href",
    ".nav-previous a@href",
    "a.next-page@href",
    "li.next a@href",
];
/// What such a link says.
const NEXT_WORDS: &[&str] = &[
    "بعدی",
    "صفحه بعد",
    "صفحه بعدی",
    "صفحهٔ بعد",
    "التالي",
    "الصفحة التالية",
    "next",
    "next page",
    "older posts",
    "older",
    "next ›",
    "next »",
];

/// The next page of the list; the selector that found it is noted where none was given.
pub(super) fn next(
    document: &Document,
    selectors: &mut Selectors,
    base: Option<&Url>,
    search: bool,
) -> Result<Option<String>, PageError> {
    let own = base.map(|b| {
        let mut b = b.clone();
        b.set_fragment(None);
        b
    });
    let find = |field: &str| -> Result<Option<Url>, PageError> {
        let matcher = dom::matcher(split(field).0)?;
        let found = document.select_matcher(&matcher);
        Ok(found
            .nodes()
            .iter()
            .filter_map(|n| address(n, Some(field), base))
            .find(|u| Some(u) != own.as_ref()))
    };
    if let Some(field) = &selectors.next {
        return Ok(find(field)?.map(Into::into));
    }
    if !search {
        return Ok(None);
    }
    for field in NEXT {
        if let Some(url) = find(field)? {
            selectors.next = Some((*field).to_owned());
            return Ok(Some(url.into()));
        }
    }
    let by_word = document.select("a[href]").nodes().iter().rev().take(400).find_map(|n| {
        let text = dom::line_within(n, 60)?.to_lowercase();
        NEXT_WORDS
            .contains(&text.trim_matches(['»', '›', '«', '‹', '>', '<', '→', '←', ' ']))
            .then(|| address(n, None, base))?
    });
    Ok(by_word.filter(|u| Some(u) != own.as_ref()).map(Into::into))
}
