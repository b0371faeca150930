//! When an article was published: machine-readable first, then the visible date nearest to the headline.
//!
//! Today's date in the bar above the page is the trap: it is the first date on most news sites, and never the
//! article's. A missing date is better than a wrong one.

use std::collections::HashSet;
use std::ops::Range;

use dom_query::{Document, NodeId, NodeRef};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use url::Url;

use super::block::{self, Line};
use super::meta::Head;
use super::{boilerplate, byline, dom, jsonld};
use crate::parse::dates::{self, DateContext, Found, Precision};

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
    "article:post_date",
    "nrbi:date",
];
/// Names that some sites fill with the day of the visit.
const PUBLISHED_WEAK: &[&str] = &["date", "dc.date", "dcterms.date", "pdate"];
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
    address: Option<&Url>,
    context: &DateContext<'_>,
) -> Dates {
    let read = |text: &str| plausible(dates::parse(text, context), context.now);
    let of = |objects: &[&Value], keys: &[&str]| {
        objects.iter().find_map(|o| keys.iter().find_map(|k| read(&jsonld::text(o, k)?)))
    };
    let declared = of(articles, &["datePublished", "dateCreated", "uploadDate"])
        .or_else(|| head.metas(PUBLISHED).find_map(read))
        .or_else(|| of(pages, &["datePublished", "uploadDate", "dateCreated"]))
        .or_else(|| marked(document, "datePublished", headline, &read))
        .or_else(|| marked(document, "dateCreated", headline, &read));
    let seen = if declared.is_some() { Dates::default() } else { visible(document, headline, context) };
    let weak = head.metas(PUBLISHED_WEAK).find_map(read);
    let of_visit = |d: &Timestamp| context.now.duration_since(*d).abs().as_hours() < 36;
    let published = declared
        .or(weak.filter(|d| !of_visit(d)))
        .or(seen.published)
        .or(weak)
        .or_else(|| address.and_then(|a| in_address(a, context)));
    let updated = of(articles, &["dateModified"])
        .or_else(|| head.metas(MODIFIED).find_map(read))
        .or_else(|| of(pages, &["dateModified"]))
        .or_else(|| marked(document, "dateModified", headline, &read))
        .or(seen.updated);
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
pub(crate) fn find_in(text: &str, context: &DateContext<'_>) -> Vec<(Range<usize>, Found)> {
    dates::find_in(text, context)
}

/// A date that is seen on the page.
#[derive(Clone, Copy, Debug)]
struct Seen {
    date: Timestamp,
    /// Lower is nearer to the headline.
    cost: f32,
    /// It is labelled as a change, not as the publication.
    change: bool,
}

/// The visible dates of the article, nearest to the headline first: publication and change.
fn visible(document: &Document, headline: Option<&NodeRef<'_>>, context: &DateContext<'_>) -> Dates {
    let (Some(headline), Some(body)) = (headline, document.body()) else { return Dates::default() };
    let lines = block::lines(&body);
    let inside: HashSet<NodeId> = headline.descendants_it().map(|n| n.id).chain([headline.id]).collect();
    let Some(at) = lines.iter().position(|l| l.nodes.iter().any(|n| inside.contains(&n.id))) else {
        return Dates::default();
    };
    let mut seen: Vec<Seen> = Vec::new();
    for (index, line) in lines.iter().enumerate().take(at + FARTHEST).skip(at.saturating_sub(FARTHEST)) {
        if index != at && line.text.chars().count() <= LONGEST_LINE {
            seen.extend(look(line, index, at, &lines, headline, context));
        }
    }
    seen.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let first = |change: bool| seen.iter().find(|s| s.change == change).map(|s| s.date);
    Dates { published: first(false), updated: first(true) }
}

/// A dateline has at most so many characters; longer lines are sentences in which a date stands.
const LONGEST_LINE: usize = 200;
/// No line farther away is looked at.
const FARTHEST: usize = 500;
/// How far (lines) below the headline an unlabelled date is believed.
const BELOW: usize = 10;
/// How far above it.
const ABOVE: usize = 4;

/// The dates of one line, if it can be the dateline of the article.
fn look(
    line: &Line<'_>,
    index: usize,
    at: usize,
    lines: &[Line<'_>],
    headline: &NodeRef<'_>,
    context: &DateContext<'_>,
) -> Vec<Seen> {
    let machine = line.nodes.iter().find_map(|n| {
        let time = n.ancestors_it(Some(3)).find(|a| a.has_name("time"))?;
        plausible(dates::parse(&time.attr("datetime")?, context), context.now)
    });
    let found = find_in(&line.text, context);
    if found.is_empty() && machine.is_none() {
        return Vec::new();
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let labels = labels_above(line);
    let labelled = says(&line.text, PUBLISHED_LABELS) || labels.published;
    if labels.today
        || labels.elsewhere && !inside_same(line, headline)
        || labels.tools && !labelled && machine.is_none()
    {
        return Vec::new();
    }
    // When something takes place, or ends: not when it was written.
    if says(&line.text, OCCASION_LABELS) {
        return Vec::new();
    }
    // A link that holds more than the date leads to another article.
    let covered: usize = found.iter().map(|(range, _)| letters(&line.text[range.clone()])).sum();
    let leads_away = line.nodes.iter().any(|n| {
        let text = n.text();
        text.split_whitespace().count() >= 4
            && n.ancestors_it(Some(4)).any(|a| a.has_name("a"))
            && find_in(&text, context).is_empty()
    });
    if leads_away || line.linked > covered + 12 && line.link_share() > 0.5 {
        return Vec::new();
    }
    let hops = hops(headline, &line.block);
    let above = index < at;
    let distance = index.abs_diff(at);
    let between = &lines[index.min(at) + 1..index.max(at).max(index.min(at) + 1)];
    // Below the readers' words, or the head of a list of others, stand their dates.
    let head = |l: &Line<'_>| boilerplate::is_comments_head(&l.text) || boilerplate::is_related_head(&l.text);
    if !above && between.iter().any(head) {
        return Vec::new();
    }
    // A whole sentence tells of a day.
    let sentence = line.text.trim_end().ends_with(['.', '!', '?', '؟', '۔'])
        && covered + 12 <= letters(&line.text)
        && line.text.split_whitespace().count() >= 7;
    if sentence && !labelled && machine.is_none() && !byline::is_byline(&line.text) {
        return Vec::new();
    }
    // What lies behind a menu belongs to the page, not to the article.
    let menu = between.iter().filter(|l| l.link_share() > 0.6).count();
    let believed = if above {
        distance <= ABOVE && menu == 0 && (hops <= 3 || labelled) || labelled && hops <= 3 && menu == 0
    } else {
        distance <= BELOW && menu <= 4 || labelled && hops <= 6 || hops <= 2 && menu == 0
    };
    // A date below the first paragraphs is a date that they speak of, unless it says otherwise.
    let prose = between.iter().filter(|l| l.letters >= 80 && l.link_share() < 0.5 && !l.caption).count();
    if !above
        && !labelled
        && machine.is_none()
        && (prose > 1 || prose == 1 && covered * 2 < letters(&line.text))
    {
        return Vec::new();
    }
    let dominant = covered * 4 >= letters(&line.text) || labelled && line.text.chars().count() <= 120;
    if !believed || !(dominant || machine.is_some()) {
        return Vec::new();
    }
    let cost = 3.0 * hops.min(40) as f32 + 0.5 * distance.min(80) as f32 + if above { 2.5 } else { 0.0 }
        - if labelled { 4.0 } else { 0.0 }
        - if machine.is_some() { 2.0 } else { 0.0 };
    if let Some(date) = machine {
        return vec![Seen {
            date,
            cost,
            change: says(&line.text, CHANGE_LABELS) && !labelled || labels.change,
        }];
    }
    let mut from = 0;
    let mut out = Vec::new();
    for (range, found) in found {
        let before = line.text.get(from..range.start).unwrap_or_default();
        from = range.end;
        if found.precision < Precision::Day {
            continue;
        }
        if let Some(date) = plausible(Some(found.timestamp), context.now) {
            let change = says(before, CHANGE_LABELS) || labels.change && !says(before, PUBLISHED_LABELS);
            // "2 hours ago" is as good as the clock of the visit; a date that is written out is better.
            let cost = cost + if found.relative { 6.0 } else { 0.0 } + 0.1 * out.len() as f32;
            out.push(Seen { date, cost, change });
        }
    }
    out
}

/// What the names of the elements around a line say of it.
#[derive(Default)]
struct Labels {
    today: bool,
    /// In the side bar, the footer, a comment, a card of another article.
    elsewhere: bool,
    /// Among buttons and the like.
    tools: bool,
    published: bool,
    change: bool,
}

fn labels_above(line: &Line<'_>) -> Labels {
    let mut out = Labels::default();
    let Some(first) = line.nodes.first() else { return out };
    for (step, node) in first.ancestors_it(Some(12)).enumerate() {
        if dom::is_any(&node, &["html", "body"]) {
            break;
        }
        if dom::is_any(&node, &["footer", "aside", "nav", "blockquote"]) {
            out.elsewhere = true;
        }
        let labels = dom::labels(&node);
        let words = || labels.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        if step < 4 {
            out.today |= words().any(|w| {
                matches!(
                    w,
                    "today"
                        | "todaydate"
                        | "now"
                        | "clock"
                        | "currentdate"
                        | "nowdate"
                        | "datenow"
                        | "topdate"
                        | "headerdate"
                )
            }) || [
                "current-date",
                "current_date",
                "date-time-now",
                "top-date",
                "header-date",
                "site-date",
                "date-today",
                "date-top",
                "date-header",
                "page-date-time",
            ]
            .iter()
            .any(|l| labels.contains(l));
            out.published |= words().any(|w| {
                matches!(
                    w,
                    "published"
                        | "publish"
                        | "pubdate"
                        | "publishdate"
                        | "posted"
                        | "publicationdate"
                        | "datepublished"
                        | "dateline"
                        | "timestamp"
                )
            }) || labels.contains("entry-date");
            out.change |= words()
                .any(|w| matches!(w, "updated" | "modified" | "lastmod" | "modifieddate" | "updatedate"))
                && !out.published;
        }
        if boilerplate::is_furniture_label(&labels) && !labels.contains("meta") && !labels.contains("info") {
            out.tools = true;
        }
        if words().any(|w| {
            matches!(
                w,
                "comment"
                    | "comments"
                    | "commentlist"
                    | "related"
                    | "recommended"
                    | "card"
                    | "teaser"
                    | "ticker"
                    | "topbar"
                    | "widget"
                    | "sidebar"
            )
        }) {
            out.elsewhere = true;
        }
    }
    out
}

/// The element that makes a line doubtful holds the headline as well: a page whose every part is a "card".
fn inside_same(line: &Line<'_>, headline: &NodeRef<'_>) -> bool {
    hops(headline, &line.block) <= 1
}

const PUBLISHED_LABELS: &[&str] = &[
    "تاریخ انتشار",
    "زمان انتشار",
    "منتشر شده",
    "منتشر شد",
    "تاریخ درج",
    "تاریخ:",
    "تاریخ خبر",
    "انتشار:",
    "درج شده",
    "ارسال شده در",
    "نوشته شده در",
    "تاريخ النشر",
    "نشر في",
    "نُشر في",
    "تاريخ الإضافة",
    "نشرت في",
    "published",
    "posted",
    "publication date",
    "date:",
    "first published",
    "veröffentlicht",
    "publié",
    "publicado",
    "pubblicato",
    "опубликовано",
];
const OCCASION_LABELS: &[&str] = &[
    "event date",
    "starts:",
    "ends:",
    "deadline",
    "expires",
    "valid until",
    "apply by",
    "تاریخ برگزاری",
    "زمان برگزاری",
    "مهلت",
    "تاریخ رویداد",
    "تاریخ تولد",
    "تاريخ الفعالية",
    "موعد الفعالية",
    "آخر موعد",
    "ينتهي في",
    "تاريخ الميلاد",
];
const CHANGE_LABELS: &[&str] = &[
    "به روزرسانی",
    "به‌روزرسانی",
    "بروزرسانی",
    "به روز رسانی",
    "به‌روز رسانی",
    "بروز شده",
    "ویرایش",
    "آخرین تغییر",
    "آخر تحديث",
    "تم التحديث",
    "تحديث",
    "updated",
    "update",
    "modified",
    "last edited",
    "aktualisiert",
    "mis à jour",
    "actualizado",
];

/// One of the labels stands in the text.
fn says(text: &str, labels: &[&str]) -> bool {
    let text = text.to_lowercase();
    labels.iter().any(|label| text.contains(label))
}

/// The day that stands in an address (`/2024/06/20/`), as most archives write it.
fn in_address(address: &Url, context: &DateContext<'_>) -> Option<Timestamp> {
    let parts: Vec<&str> = address.path_segments()?.collect();
    let number = |part: &str, digits: Range<usize>| {
        digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    parts.windows(3).find_map(|w| {
        let shaped = number(w[0], 4..5) && number(w[1], 1..3) && number(w[2], 1..3);
        shaped.then(|| plausible(dates::parse(&w.join("-"), context), context.now))?
    })
}
