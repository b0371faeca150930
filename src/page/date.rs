//! When an article was published: machine-readable first, then the visible date nearest to the headline.
//!
//! Today's date in the bar above the page is the trap: it is the first date on most news sites, and never the
//! article's. A missing date is better than a wrong one.

use std::ops::Range;

use dom_query::{Document, NodeRef};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::dom;
use super::jsonld;
use super::meta::Head;
use crate::parse::dates::{self, DateContext};

/// When an article was published and changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) published: Option<Timestamp>,
    pub(crate) updated: Option<Timestamp>,
}

/// Names of `meta` elements that hold the day of publication, best first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "publication-date",
    "pubdate",
    "pub_date",
    "published_time",
    "published-date",
    "sailthru.date",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "article.published",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "datecreated",
    "og:pubdate",
    "rnews:datepublished",
    "dcterms.available",
    "bt:pubdate",
    "originalpublicationdate",
    "displaydate",
    "pdate",
    "article:post_date",
    "nrbi:date",
    "date",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "modified_time",
];

/// Reads the dates of an article page.
pub(crate) fn find(
    document: &Document,
    head: &Head,
    articles: &[&Value],
    pages: &[&Value],
    headline: Option<&NodeRef<'_>>,
    context: &DateContext<'_>,
) -> Dates {
    let read = |text: &str| plausible(dates::parse(text, context), context.now);
    let of = |objects: &[&Value], keys: &[&str]| {
        objects.iter().find_map(|o| keys.iter().find_map(|k| read(&jsonld::text(o, k)?)))
    };
    let published = of(articles, &["datePublished", "dateCreated", "uploadDate"])
        .or_else(|| head.metas(PUBLISHED).find_map(read))
        .or_else(|| of(pages, &["datePublished", "uploadDate", "dateCreated"]))
        .or_else(|| marked(document, "datePublished", headline, &read))
        .or_else(|| marked(document, "dateCreated", headline, &read))
        .or_else(|| visible(document, headline, context));
    let updated = of(articles, &["dateModified"])
        .or_else(|| head.metas(MODIFIED).find_map(read))
        .or_else(|| of(pages, &["dateModified"]))
        .or_else(|| marked(document, "dateModified", headline, &read));
    // A change before the publication is a template's default.
    let updated = updated.filter(|u| published.is_none_or(|p| *u >= p));
    Dates { published, updated }
}

/// Dates before the web and more than a day ahead are none.
fn plausible(date: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let first = Timestamp::from_second(662_688_000).unwrap_or(Timestamp::UNIX_EPOCH);
    let last = now.checked_add(36.hours()).unwrap_or(Timestamp::MAX);
    date.filter(|d| *d >= first && *d <= last)
}

/// Microdata: the value of an `itemprop` outside of other articles.
fn marked(
    document: &Document,
    property: &str,
    headline: Option<&NodeRef<'_>>,
    read: &dyn Fn(&str) -> Option<Timestamp>,
) -> Option<Timestamp> {
    let selection = document.select(&format!("[itemprop~={property}]"));
    let nodes = selection.nodes();
    let values: Vec<(usize, Timestamp)> = nodes
        .iter()
        .take(50)
        .filter_map(|node| {
            let value = ["datetime", "content", "title"]
                .iter()
                .find_map(|a| node.attr(a).and_then(|v| read(&v)))
                .or_else(|| read(&dom::line_within(node, 200)?))?;
            Some((headline.map_or(0, |h| hops(h, node)), value))
        })
        .collect();
    values.into_iter().min_by_key(|(hops, _)| *hops).map(|(_, value)| value)
}

/// How many steps up from `from` the first element lies that holds `to`, too.
fn hops(from: &NodeRef<'_>, to: &NodeRef<'_>) -> usize {
    let above: std::collections::HashSet<_> = to.ancestors_it(None).map(|a| a.id).chain([to.id]).collect();
    from.ancestors_it(None).position(|a| above.contains(&a.id)).unwrap_or(usize::MAX / 2)
}

/// The dates in a text and where they stand.
pub(crate) fn find_in(text: &str, context: &DateContext<'_>) -> Vec<(Range<usize>, Timestamp)> {
    let _ = (text, context);
    Vec::new()
}

/// The visible date of the article.
fn visible(_d: &Document, _h: Option<&NodeRef<'_>>, _c: &DateContext<'_>) -> Option<Timestamp> {
    None
}
