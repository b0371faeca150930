//! Who wrote an article.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};
use serde_json::Value;

use super::meta::{Head, fold};
use super::{block, dom, jsonld};
use crate::model::Person;
use crate::text::compare::skeleton;

/// The authors of an article page: JSON-LD, `meta`, microdata and `rel=author`, then the line that is labelled so near
/// the headline.
pub(crate) fn find(
    document: &Document,
    head: &Head,
    articles: &[&Value],
    headline: Option<&NodeRef<'_>>,
) -> Vec<Person> {
    for article in articles {
        let names = jsonld::names(article, "author");
        let people: Vec<Person> = names
            .into_iter()
            .filter_map(|(name, uri)| person(&name, uri.filter(|u| u.starts_with("http"))))
            .collect();
        if !people.is_empty() {
            return people;
        }
    }
    let declared = head.metas(&[
        "author",
        "article:author",
        "og:article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "byl",
        "citation_author",
        "article:author_name",
        "twitter:data1",
    ]);
    // twitter:data1 holds the author only where its label says so.
    let author_label = head.meta(&["twitter:label1"]).is_some_and(|l| {
        ["written by", "author", "نویسنده", "كتب بواسطة", "الكاتب", "نوشته شده توسط"]
            .iter()
            .any(|w| skeleton(l) == skeleton(w))
    });
    let data1 = head.meta(&["twitter:data1"]).map(str::to_owned);
    let mut people: Vec<Person> = Vec::new();
    for name in declared {
        if name.contains("://") || name.starts_with('@') || (Some(name) == data1.as_deref() && !author_label)
        {
            continue;
        }
        for part in split(name) {
            if let Some(person) = person(&part, None)
                && !people.contains(&person)
            {
                people.push(person);
            }
        }
        if !people.is_empty() {
            return people;
        }
    }
    let people = visible(document, headline);
    if people.is_empty() { worded(document, headline) } else { people }
}

fn visible(document: &Document, headline: Option<&NodeRef<'_>>) -> Vec<Person> {
    for selector in [
        "[itemprop~=author] [itemprop~=name]",
        "[itemprop~=author]",
        "a[rel~=author]",
        "[rel~=author]",
        ".byline .author",
        ".author .fn",
        ".author-name",
        ".byline-name",
        ".byline",
        ".author",
        ".entry-author",
        ".post-author",
        ".article-author",
        ".news-author",
        ".writer",
        ".reporter",
    ] {
        let mut people: Vec<Person> = Vec::new();
        // Authors of one article stand beside each other; those who answer it stand elsewhere.
        let mut first: Option<NodeRef<'_>> = None;
        for node in document.select(selector).nodes().iter().take(20) {
            let together = first.is_none_or(|f| are_beside(&f, node));
            let beside = together && headline.is_none_or(|h| near(h, node));
            let text = node.attr("content").map(|c| c.to_string()).or_else(|| dom::line_within(node, 200));
            let Some(text) = text.filter(|_| beside) else { continue };
            // Beside a name in a link stands what a forum says of its members.
            let linked = dom_query::Selection::from(*node).select("a");
            let linked = linked.nodes().first().and_then(|a| dom::line_within(a, 80));
            let text = linked.filter(|l| !l.is_empty() && person(&text, None).is_none()).unwrap_or(text);
            for part in split(&text) {
                if let Some(person) = person(&part, None)
                    && people.iter().all(|p| p.name != person.name)
                {
                    first.get_or_insert(*node);
                    people.push(person);
                }
            }
        }
        if (1..=6).contains(&people.len()) {
            return people;
        }
    }
    Vec::new()
}

/// What stands before the name of an author. Those that are no words of sentences may stand without a colon.
const LABELS: &[&str] = &[
    "By ",
    "by ",
    "BY ",
    "Written by ",
    "Posted by ",
    "Words by ",
    "Text by ",
    "Story by ",
    "Author:",
    "Reporter:",
    "نویسنده:",
    "نویسنده :",
    "نویسندگان:",
    "نوشته:",
    "نوشتهٔ ",
    "نوشته‌ی ",
    "خبرنگار:",
    "خبرنگار :",
    "گزارش از:",
    "گزارش:",
    "گزارشگر:",
    "به قلم ",
    "به قلم:",
    "به‌قلم ",
    "بقلم:",
    "بقلم ",
    "كتب:",
    "كتب ",
    "كتبت:",
    "كتبت ",
    "كتبه ",
    "كتبها ",
    "الكاتب:",
    "الكاتبة:",
    "إعداد:",
    "اعداد:",
    "إعداد ",
    "Von ",
    "Par ",
    "Por ",
];

/// What follows the label of an author.
fn after_label(text: &str) -> Option<&str> {
    LABELS.iter().find_map(|label| text.strip_prefix(label)).map(|rest| rest.trim_start_matches([':', ' ']))
}

/// Whether a line says who wrote the article and nothing else, or is the label of such a line.
pub(crate) fn is_byline(line: &str) -> bool {
    let line = fold(line);
    is_label(&line)
        || line.chars().count() <= 120
            && !line.ends_with(['.', '!', '?', '؟'])
            && after_label(&line).is_some_and(|rest| !names(rest).is_empty())
}

/// The label itself and nothing else: the name stands in the next element.
fn is_label(text: &str) -> bool {
    let bare = |t: &str| t.trim_matches(|c: char| c == ':' || c.is_whitespace()).to_owned();
    !bare(text).is_empty() && LABELS.iter().any(|label| bare(label) == bare(text))
}

/// Lines below the headline, and above it, in which an author is looked for by the wording.
const BELOW: usize = 8;
const ABOVE: usize = 2;

/// The author whom a short line near the headline names after a label: `By Mina Fields`, «نویسنده: مینا سروستانی».
fn worded(document: &Document, headline: Option<&NodeRef<'_>>) -> Vec<Person> {
    let (Some(headline), Some(body)) = (headline, document.body()) else { return Vec::new() };
    let lines = block::lines(&body);
    let inside: HashSet<NodeId> = headline.descendants_it().map(|n| n.id).chain([headline.id]).collect();
    let Some(at) = lines.iter().position(|l| l.nodes.iter().any(|n| inside.contains(&n.id))) else {
        return Vec::new();
    };
    let below = lines.iter().skip(at + 1).take(BELOW);
    let above = lines[at.saturating_sub(ABOVE)..at].iter().rev();
    let lines = below.chain(above).filter(|line| line.text.chars().count() <= 120 && !line.caption);
    let mut named = lines.filter_map(|line| {
        let nodes: Vec<String> =
            line.nodes.iter().map(|n| fold(&n.text())).filter(|t| !t.is_empty()).collect();
        let beside = nodes.windows(2).find(|pair| is_label(&pair[0])).map(|pair| pair[1].as_str());
        let named = beside
            .or_else(|| nodes.iter().find_map(|n| after_label(n)))
            .or_else(|| after_label(&line.text))?;
        let people: Vec<Person> = names(named).into_iter().filter_map(|name| person(name, None)).collect();
        (!people.is_empty()).then_some(people)
    });
    named.next().unwrap_or_default()
}

/// The names in what follows a label: `Mina Fields and Otto Lane, reporters`, `Mina Fields on June 20, 2024`.
fn names(text: &str) -> Vec<&str> {
    let first = text.split([',', '|', '،', ';', '•', '·', '/', '(', '-', '–']).next().unwrap_or_default();
    let first = [" on ", " in ", " at ", " for "].iter().fold(first, |t, w| t.split(w).next().unwrap_or(t));
    let names: Vec<&str> = first.split(" and ").flat_map(|t| t.split(" & ")).map(str::trim).collect();
    if names.iter().all(|name| is_name(name)) { names } else { Vec::new() }
}

/// A few words without a number, each with a capital where the script has them: not the beginning of a sentence.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particle = |w: &str| {
        matches!(
            w,
            "de" | "da"
                | "di"
                | "van"
                | "von"
                | "der"
                | "den"
                | "la"
                | "le"
                | "el"
                | "al"
                | "bin"
                | "and"
                | "y"
        )
    };
    (1..=5).contains(&words.len())
        && (words.len() > 1 || text.chars().count() >= 3)
        && !text.ends_with(['.', '!', '?', '؟', ':'])
        && text.chars().all(|c| !c.is_numeric())
        && words.iter().all(|w| !w.starts_with(|c: char| c.is_lowercase()) || particle(w))
        && !words[0].starts_with(|c: char| c.is_lowercase())
}

/// Under one element, or in items of one list.
fn are_beside(a: &NodeRef<'_>, b: &NodeRef<'_>) -> bool {
    let (Some(x), Some(y)) = (a.parent(), b.parent()) else { return false };
    let item = |n: &NodeRef<'_>| dom::is_any(n, &["li", "span", "a"]);
    x.id == y.id || item(&x) && item(&y) && x.parent().map(|n| n.id) == y.parent().map(|n| n.id)
}

/// In the same part of the page as the headline, not in the list of other articles.
fn near(headline: &NodeRef<'_>, node: &NodeRef<'_>) -> bool {
    let above: Vec<_> = node.ancestors_it(None).collect();
    if above.iter().any(|a| dom::is_any(a, &["aside", "nav", "footer", "li"])) {
        return false;
    }
    let common = headline.ancestors_it(Some(6)).position(|a| above.iter().any(|b| b.id == a.id));
    common.is_some()
}

/// Several names in one text.
fn split(text: &str) -> Vec<String> {
    let text = fold(text);
    let text = after_label(&text).unwrap_or(&text);
    let text = text
        .split([',', '|', '،', ';', '•', '·'])
        .flat_map(|t| t.split(" and "))
        .flat_map(|t| t.split(" & "));
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).take(6).collect()
}

fn person(name: &str, uri: Option<String>) -> Option<Person> {
    let name = fold(name);
    let count = name.chars().count();
    let digits = name.chars().filter(|c| c.is_numeric()).count();
    let plausible =
        (2..=70).contains(&count) && digits <= 2 && !name.contains("://") && name.split(' ').count() <= 9;
    let generic = ["admin", "administrator", "author", "editor", "نویسنده", "مدیر", "مدیریت", "ادمین"]
        .contains(&name.to_lowercase().as_str());
    (plausible && !generic).then_some(Person { name: Some(name), uri, email: None })
}
