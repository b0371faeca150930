//! Who wrote an article.

use dom_query::{Document, NodeRef};
use serde_json::Value;

use super::meta::{Head, fold};
use super::{dom, jsonld};
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
    visible(document, headline)
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
        for node in document.select(selector).nodes().iter().take(20) {
            let beside = headline.is_none_or(|h| near(h, node));
            let text = node.attr("content").map(|c| c.to_string()).or_else(|| dom::line_within(node, 200));
            let Some(text) = text.filter(|_| beside) else { continue };
            for part in split(&text) {
                if let Some(person) = person(&part, None)
                    && people.iter().all(|p| p.name != person.name)
                {
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
    let text = [
        "By ",
        "by ",
        "BY ",
        "Written by ",
        "Posted by ",
        "نویسنده:",
        "نویسنده :",
        "نوشته:",
        "خبرنگار:",
        "گزارش:",
        "به قلم ",
        "بقلم:",
        "بقلم ",
        "كتب:",
        "كتب ",
        "الكاتب:",
        "كتبه ",
        "Von ",
        "Par ",
    ]
    .iter()
    .find_map(|begin| text.strip_prefix(begin))
    .unwrap_or(&text);
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
