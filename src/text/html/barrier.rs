//! The sanitiser proper: ammonia with our table of what may stay. Whatever the pass before it made, nothing that is not
//! in the table comes out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};

use super::policy::{ELEMENTS, Fate, GENERIC};

/// `html` with nothing in it but what may be republished.
pub(super) fn clean(html: &str) -> String {
    let clean = builder().clean(html).to_string();
    // The serialiser writes no-break spaces by name, and XML does not know the name.
    if clean.contains("&nbsp;") { clean.replace("&nbsp;", "\u{a0}") } else { clean }
}

fn builder() -> &'static Builder<'static> {
    static BUILDER: OnceLock<Builder<'static>> = OnceLock::new();
    BUILDER.get_or_init(|| {
        let kept = || ELEMENTS.iter().filter(|element| matches!(element.fate, Fate::Keep | Fate::Void));
        let tags: HashSet<&str> = kept().map(|element| element.name).collect();
        let attributes: HashMap<&str, HashSet<&str>> =
            kept().map(|element| (element.name, element.attributes.iter().copied().collect())).collect();
        let mut builder = Builder::empty();
        builder
            .tags(tags)
            .tag_attributes(attributes)
            .generic_attributes(GENERIC.iter().copied().collect())
            .clean_content_tags(
                [
                    "script", "style", "svg", "math", "template", "title", "textarea", "select", "applet",
                    "iframe", "noembed", "noframes", "xmp",
                ]
                .into_iter()
                .collect(),
            )
            .url_schemes(["http", "https", "mailto"].into_iter().collect())
            // Every address is absolute by now; what is not is not one of ours.
            .url_relative(UrlRelative::Deny)
            // Nothing opens a new window here, so there is no opener to protect, and a link of an article is a
            // recommendation: neither "noopener" nor "nofollow".
            .link_rel(None)
            .strip_comments(true)
            .attribute_filter(|_, attribute, value| {
                // Those that ammonia does not know as addresses.
                let safe = match attribute {
                    "srcset" => value.split(", ").all(is_web),
                    "poster" | "cite" => is_web(value),
                    _ => true,
                };
                safe.then_some(Cow::Borrowed(value))
            });
        builder
    })
}

fn is_web(value: &str) -> bool {
    let head = value.get(..8).unwrap_or(value).to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://")
}
