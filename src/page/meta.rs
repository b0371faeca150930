//! What a page says of itself in its head: `meta`, `link`, `html`.

use std::collections::HashMap;

use dom_query::Document;
use url::Url;

use super::dom;

/// The `meta` and `link` elements of a page.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Name, property, itemprop or http-equiv in lower case → contents in document order.
    metas: HashMap<String, Vec<String>>,
    /// `rel` value in lower case → references.
    links: HashMap<String, Vec<String>>,
    /// `html lang`.
    pub(crate) language: Option<String>,
    /// `html dir` or `body dir`.
    pub(crate) dir: Option<String>,
    /// `<title>`.
    pub(crate) title: Option<String>,
}

impl Head {
    pub(crate) fn of(document: &Document) -> Self {
        let mut head = Self::default();
        for meta in document.select("meta[content]").nodes().iter().take(1000) {
            let content = fold(&meta.attr_or("content", ""));
            if content.is_empty() {
                continue;
            }
            // Inside an item of its own it speaks of that: a teaser, a picture.
            let of_item = meta
                .ancestors_it(None)
                .any(|a| a.has_attr("itemscope") && !dom::is_any(&a, &["html", "body"]));
            for key in ["property", "name", "itemprop", "http-equiv"] {
                if key == "itemprop" && of_item {
                    continue;
                }
                // One attribute may hold several names (`property="og:title twitter:title"`).
                for name in meta.attr_or(key, "").split_ascii_whitespace().take(4) {
                    head.metas.entry(name.to_ascii_lowercase()).or_default().push(content.clone());
                }
            }
        }
        for link in document.select("link[rel][href]").nodes().iter().take(1000) {
            let href = link.attr_or("href", "").trim().to_owned();
            for rel in link.attr_or("rel", "").split_ascii_whitespace().take(4) {
                head.links.entry(rel.to_ascii_lowercase()).or_default().push(href.clone());
            }
        }
        let attribute = |selector: &str, names: &[&str]| {
            let selection = document.select(selector);
            let node = selection.nodes().first()?;
            names.iter().find_map(|n| node.attr(n)).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
        };
        head.language = attribute("html", &["lang", "xml:lang"]);
        head.dir = attribute("html", &["dir"]).or_else(|| attribute("body", &["dir"]));
        head.title = document
            .select("title")
            .nodes()
            .iter()
            // An svg has titles, too.
            .find(|n| n.parent().is_some_and(|p| dom::is_any(&p, &["head", "body", "html"])))
            .map(|n| fold(&n.text()))
            .filter(|t| !t.is_empty());
        head
    }

    /// The first content of the first of these names (lower case) that is there.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|n| self.metas.get(*n)?.first()).map(String::as_str)
    }

    /// All contents of these names, in the order of the names.
    pub(crate) fn metas<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        names.iter().filter_map(|n| self.metas.get(*n)).flatten().map(String::as_str)
    }

    /// The first reference of this relation.
    pub(crate) fn link(&self, rel: &str) -> Option<&str> {
        self.links.get(rel)?.first().map(String::as_str)
    }

    /// The page's own address, as it gives it. A home page is none: many sites name it on every page.
    pub(crate) fn canonical(&self, base: Option<&Url>) -> Option<Url> {
        let declared = self.link("canonical").into_iter().chain(self.meta(&["og:url"]));
        declared
            .filter_map(|href| dom::absolute(href, base))
            .find(|url| url.path() != "/" || url.query().is_some() || base.is_some_and(|b| b.path() == "/"))
    }
}

/// White space folded to single spaces, control characters gone.
pub(crate) fn fold(text: &str) -> String {
    crate::text::plain::clean(text)
}
