//! What pages say of themselves in JSON-LD (schema.org).

use std::collections::HashSet;

use dom_query::Document;
use serde_json::Value;

/// Blocks beyond this many are not read.
const MAX_BLOCKS: usize = 64;
/// Objects beyond this many are not looked at.
const MAX_OBJECTS: usize = 5000;

/// All objects of the JSON-LD blocks of a page that stand for the page itself or for a thing on it, in document
/// order: top level, `@graph`, `mainEntity`, `mainEntityOfPage`, `ItemList` elements.
#[derive(Debug, Default)]
pub(crate) struct JsonLd {
    objects: Vec<Value>,
}

/// Types of schema.org that are articles.
fn is_article_type(name: &str) -> bool {
    let name = name.rsplit(['/', ':']).next().unwrap_or(name);
    name.ends_with("Article")
        || name.ends_with("Posting")
        || matches!(
            name,
            "Report" | "Review" | "CreativeWork" | "Recipe" | "HowTo" | "APIReference" | "Quotation"
        )
}

/// Types that stand for the whole page.
fn is_page_type(name: &str) -> bool {
    let name = name.rsplit(['/', ':']).next().unwrap_or(name);
    name.ends_with("WebPage")
        || matches!(name, "ItemPage" | "VideoObject" | "NewsMediaOrganization" | "Event")
}

impl JsonLd {
    /// Reads the blocks of a page. What is no JSON is mended where that is safe, else passed over.
    pub(crate) fn of(document: &Document) -> Self {
        let mut objects = Vec::new();
        for script in document.select(r#"script[type*="ld+json"]"#).nodes().iter().take(MAX_BLOCKS) {
            if let Some(value) = read(&script.text()) {
                collect(value, &mut objects, 0);
            }
        }
        Self { objects }
    }

    /// The objects of one of the article types.
    pub(crate) fn articles(&self) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(|o| types(o).any(is_article_type))
    }

    /// The objects that stand for the whole page.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(|o| types(o).any(is_page_type))
    }

    /// The objects of type `name`.
    pub(crate) fn of_type<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects.iter().filter(move |o| types(o).any(|t| t.rsplit(['/', ':']).next() == Some(name)))
    }
}

fn types(object: &Value) -> impl Iterator<Item = &str> {
    let value = object.get("@type").or_else(|| object.get("type"));
    let list: Vec<&str> = match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    list.into_iter()
}

/// JSON as pages write it: inside CDATA or a comment, with line breaks inside strings, a semicolon behind.
fn read(text: &str) -> Option<Value> {
    let mut text = text.trim();
    for wrapper in ["//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "<!--"] {
        text = text.strip_prefix(wrapper).unwrap_or(text).trim_start();
    }
    for wrapper in ["//]]>", "/*]]>*/", "]]>", "-->", ";"] {
        text = text.strip_suffix(wrapper).unwrap_or(text).trim_end();
    }
    serde_json::from_str(text).ok().or_else(|| {
        let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&mended)
            .ok()
            .or_else(|| serde_json::from_str(&without_trailing_commas(&mended)).ok())
    })
}

fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for c in text.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            in_string = c == '"';
            if matches!(c, '}' | ']') {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
            }
        }
        out.push(c);
    }
    out
}

/// serde_json refuses nesting beyond 128, so the recursion here is bounded, too.
fn collect(value: Value, into: &mut Vec<Value>, depth: usize) {
    if into.len() >= MAX_OBJECTS || depth > 8 {
        return;
    }
    match value {
        Value::Array(many) => many.into_iter().for_each(|v| collect(v, into, depth + 1)),
        Value::Object(mut object) => {
            let inner: Vec<Value> = ["@graph", "mainEntity", "mainEntityOfPage"]
                .iter()
                .filter_map(|key| {
                    let value = object.get(*key)?;
                    if value.is_string() { None } else { object.remove(*key) }
                })
                .collect();
            if object.contains_key("@type") || object.contains_key("type") {
                into.push(Value::Object(object));
            }
            inner.into_iter().for_each(|v| collect(v, into, depth + 1));
        }
        _ => {}
    }
}

/// The text of a property: a string, a number, the first of a list, `@value`, `name`, `url`.
pub(crate) fn text(object: &Value, key: &str) -> Option<String> {
    text_of(object.get(key)?, 0)
}

fn text_of(value: &Value, depth: usize) -> Option<String> {
    if depth > 4 {
        return None;
    }
    match value {
        Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        Value::Array(many) => many.iter().find_map(|v| text_of(v, depth + 1)),
        Value::Object(object) => {
            ["@value", "name", "@id", "url"].iter().find_map(|k| text_of(object.get(*k)?, depth + 1))
        }
        _ => None,
    }
}

/// The URL of a property: a string, the `url`, `contentUrl` or `@id` of an object, the first of a list.
pub(crate) fn url(object: &Value, key: &str) -> Option<String> {
    fn url_of(value: &Value, depth: usize) -> Option<String> {
        match value {
            _ if depth > 4 => None,
            Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
            Value::Array(many) => many.iter().find_map(|v| url_of(v, depth + 1)),
            Value::Object(object) => {
                ["url", "contentUrl", "@id"].iter().find_map(|k| url_of(object.get(*k)?, depth + 1))
            }
            _ => None,
        }
    }
    url_of(object.get(key)?, 0)
}

/// The names of a property that holds persons or organisations, in order, each once.
pub(crate) fn names(object: &Value, key: &str) -> Vec<(String, Option<String>)> {
    fn add(
        value: &Value,
        into: &mut Vec<(String, Option<String>)>,
        seen: &mut HashSet<String>,
        depth: usize,
    ) {
        match value {
            _ if depth > 3 || into.len() >= 20 => {}
            Value::Array(many) => many.iter().for_each(|v| add(v, into, seen, depth + 1)),
            Value::String(name) if !name.trim().is_empty() && seen.insert(name.trim().to_owned()) => {
                into.push((name.trim().to_owned(), None));
            }
            Value::Object(object) => match object.get("name") {
                Some(Value::String(name))
                    if !name.trim().is_empty() && seen.insert(name.trim().to_owned()) =>
                {
                    into.push((name.trim().to_owned(), url(value, "url")));
                }
                Some(names @ Value::Array(_)) => add(names, into, seen, depth + 1),
                _ => {}
            },
            _ => {}
        }
    }
    let mut out = Vec::new();
    if let Some(value) = object.get(key) {
        add(value, &mut out, &mut HashSet::new(), 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::dom;

    fn of(json: &str) -> JsonLd {
        JsonLd::of(&dom::parse(&format!("<script type=\"application/ld+json\">{json}</script>")))
    }

    #[test]
    fn articles_are_found_in_graphs_lists_and_main_entities() {
        for json in [
            r#"{"@type":"NewsArticle","headline":"Soup"}"#,
            r#"[{"@type":"WebSite"},{"@type":["Thing","BlogPosting"],"headline":"Soup"}]"#,
            r#"{"@graph":[{"@type":"WebPage"},{"@type":"Article","headline":"Soup"}]}"#,
            r#"{"@type":"WebPage","mainEntity":{"@type":"http://schema.org/Article","headline":"Soup"}}"#,
            "<!--\n{\"@type\":\"Article\",\"headline\":\"Soup\",\"text\":\"two\nlines\",};\n-->",
        ] {
            let found = of(json);
            let article = found.articles().next().unwrap_or_else(|| panic!("{json}"));
            assert_eq!(text(article, "headline").as_deref(), Some("Soup"));
        }
        assert!(of("{nonsense").articles().next().is_none());
    }

    #[test]
    fn names_and_urls_are_read_in_all_their_shapes() {
        let value: Value = serde_json::from_str(
            r#"{"author":[{"name":"Ada"},"Ben",{"name":["Cy","Ada"]}],"image":[{"@type":"ImageObject","url":"/a.jpg"}]}"#,
        )
        .unwrap();
        let names: Vec<String> = names(&value, "author").into_iter().map(|n| n.0).collect();
        assert_eq!(names, ["Ada", "Ben", "Cy"]);
        assert_eq!(url(&value, "image").as_deref(), Some("/a.jpg"));
    }
}
