//! What the text of an element means: plain text, HTML, XHTML, base64; a language; a person.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine;
use regex::Regex;
use url::Url;

use super::names::Ns;
use super::references::{html_entity, is_suspect, is_xml_char};
use super::tree::{Child, El, mend};
use super::urls::Scope;
use crate::model::{Markup, Person};
use crate::text::plain;

/// What an element's text is where the element does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text, and nothing else (Atom, RFC 4287 §3.1.1).
    Text,
    /// HTML (an RSS description).
    Html,
    /// RSS says of titles and the like neither: plain text, unless it looks like HTML.
    Unknown,
}

/// The text of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// Plain text.
    Text(Cow<'t, str>),
    /// HTML source.
    Html(Cow<'t, str>),
}

impl Value<'_> {
    /// Is there nothing in it?
    pub(super) fn is_empty(&self) -> bool {
        let (Self::Text(text) | Self::Html(text)) = self;
        text.trim().is_empty()
    }

    /// For a title or a name: no markup, no references.
    pub(super) fn plain(&self) -> Option<String> {
        let text = match self {
            Self::Html(html) if html.contains(['<', '&']) => plain::from_html(html),
            Self::Html(text) | Self::Text(text) => plain::clean(text),
        };
        (!text.is_empty()).then_some(text)
    }

    /// For a summary or an article.
    pub(super) fn markup(self, scope: &Scope) -> Option<Markup> {
        if self.is_empty() {
            return None;
        }
        let html = match self {
            // Nothing around it: it need not be copied.
            Self::Html(Cow::Owned(html)) if html.trim().len() == html.len() => html,
            Self::Html(html) => html.trim().to_owned(),
            Self::Text(text) => escape(text.trim()).into_owned(),
        };
        let html = unescape_twice(&html).unwrap_or(html);
        // Only what was base64 or a number may hold such.
        let html = if is_suspect(&html) && !html.chars().all(is_xml_char) {
            html.chars().filter(|c| is_xml_char(*c)).collect()
        } else {
            html
        };
        Some(Markup {
            html,
            base: scope.base.as_deref().cloned(),
            language: scope.language.as_deref().map(str::to_owned),
        })
    }
}

/// The value of a text construct: RSS, Atom 0.3 (`type`, `mode`) and Atom 1.0 (`type`).
pub(super) fn value<'t>(el: El<'t>, default: Kind, scope: &Scope) -> Value<'t> {
    let mode = el.attr("mode").map(str::to_ascii_lowercase);
    let media_type =
        el.attr("type").map(|t| t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let inline = el.has_children();
    let text = || el.text();
    if mode.as_deref() == Some("base64") && !inline {
        return base64_value(text(), media_type.as_deref());
    }
    match media_type.as_deref() {
        // Here, and only here, what is escaped is known to be text (RFC 4287 §3.1.1.3).
        Some("xhtml" | "application/xhtml+xml") if inline => {
            Value::Html(Cow::Owned(inline_html(el, scope, true)))
        }
        // Markup in an element that promises text: the markup is meant.
        _ if inline => Value::Html(Cow::Owned(inline_html(el, scope, false))),
        Some("html" | "text/html") => Value::Html(text()),
        Some("xhtml") => sniffed(text()),
        Some(xml) if xml.ends_with("+xml") || xml.ends_with("/xml") => sniffed(text()),
        Some("text" | "plain" | "text/plain") => Value::Text(text()),
        Some(other) if other.starts_with("text/") => Value::Text(text()),
        // RFC 4287 §4.1.3.3: any other media type is base64. `type="escaped"` and the like are not media types.
        Some(other) if default == Kind::Text && other.contains('/') => base64_value(text(), Some(other)),
        _ => match default {
            Kind::Text => Value::Text(text()),
            Kind::Html => Value::Html(text()),
            Kind::Unknown => sniffed(text()),
        },
    }
}

fn sniffed(text: Cow<'_, str>) -> Value<'_> {
    if looks_like_html(&text) { Value::Html(text) } else { Value::Text(text) }
}

fn base64_value<'t>(text: Cow<'t, str>, media_type: Option<&str>) -> Value<'t> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // What is not base64 is what it looks like, whatever it was said to be.
    let Ok(decoded) = base64::engine::general_purpose::STANDARD.decode(compact.as_bytes()) else {
        return sniffed(text);
    };
    // A picture or an archive is no text.
    let Ok(decoded) = String::from_utf8(decoded) else {
        return Value::Text(Cow::Borrowed(""));
    };
    match media_type {
        Some("text" | "plain" | "text/plain") => Value::Text(Cow::Owned(decoded)),
        _ => Value::Html(Cow::Owned(decoded)),
    }
}

/// Elements that make text HTML. Text with any other tag in it is a text about markup or mathematics.
const HTML_TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "big",
    "blockquote",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "main",
    "map",
    "mark",
    "menu",
    "nav",
    "nobr",
    "noscript",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<(/?)([A-Za-z][A-Za-z0-9]*)").expect("a constant"));
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"&(#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);").expect("a constant"));

/// Is `text` HTML, as far as one can see? It must hold an end tag, a line break, a picture or a reference,
/// and no tag or name that HTML does not know.
pub(super) fn looks_like_html(text: &str) -> bool {
    if !text.contains(['<', '&']) {
        return false;
    }
    let mut evidence = false;
    for tag in TAG.captures_iter(text) {
        let name = tag[2].to_ascii_lowercase();
        if !HTML_TAGS.contains(&name.as_str()) {
            return false;
        }
        evidence |= &tag[1] == "/" || matches!(name.as_str(), "br" | "img" | "hr");
    }
    for reference in REFERENCE.captures_iter(text) {
        let name = &reference[1];
        if !name.starts_with('#') && !html_entity(name, &mut String::new()) {
            return false;
        }
        evidence = true;
    }
    evidence
}

static ESCAPED_MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)&lt;(?:/?(?:p|div|ul|ol|li|blockquote|table|h[1-6])(?:&gt;|\s)|br\s*/?&gt;|(?:a\s+href|img\s+[a-z]+)=)")
        .expect("a constant")
});

/// HTML that was escaped once too often shows its tags to the reader. It holds no tags of its own; an
/// article about HTML does.
fn unescape_twice(html: &str) -> Option<String> {
    if html.contains('<') || !html.contains("&lt;") || !ESCAPED_MARKUP.is_match(html) {
        return None;
    }
    let mut references = super::references::References::default();
    Some(references.unescape(html).0.into_owned())
}

/// `text` as HTML that shows it.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::partial_escape(text)
}

/// The markup inside of `el` as HTML. XHTML's `div` that only holds it (RFC 4287 §3.1.1.3) is left out.
fn inline_html(el: El<'_>, scope: &Scope, is_xhtml: bool) -> String {
    let mut el = el;
    let mut base = None;
    let mut only = el.children();
    if let (Some(div), None) = (only.next(), only.next())
        && matches!(&*div.name(), "div" | "body")
        && matches!(div.ns(), Ns::Xhtml | Ns::Core | Ns::Atom)
        && el.content().all(|child| {
            matches!(child, Child::Element(_)) || matches!(child, Child::Text(t) if t.trim().is_empty())
        })
    {
        let inner = scope.enter(div);
        base = inner.base.filter(|_| div.attr_ns(Ns::Xml, "base").is_some());
        el = div;
    }
    // In a description that is broken, escaped and unescaped markup stand side by side.
    let escaped = !is_xhtml
        && el
            .content()
            .any(|child| matches!(child, Child::Text(text) if TAG.is_match(text) && looks_like_html(text)));
    let mut html = String::new();
    serialize(el, scope, base.as_deref(), !escaped, &mut html);
    html
}

/// HTML elements that have no end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

fn serialize(el: El<'_>, scope: &Scope, base: Option<&Url>, escape_text: bool, out: &mut String) {
    for child in el.content() {
        let child = match child {
            Child::Text(text) if escape_text => {
                out.push_str(&escape(&mend(text.into())));
                continue;
            }
            Child::Text(text) => {
                out.push_str(&mend(text.into()));
                continue;
            }
            Child::Element(child) => child,
        };
        let name = child.name();
        // An `xml:base` further down holds for its own subtree only.
        let own_base = child.attr_ns(Ns::Xml, "base").and_then(|own| match base {
            Some(outer) => outer.join(own).ok(),
            None => Url::parse(own).ok(),
        });
        let base = own_base.as_ref().or(base);
        out.push('<');
        out.push_str(&name);
        for (ns, key, value) in child.attrs() {
            if !matches!(ns, Ns::Core | Ns::Xhtml)
                || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            {
                continue;
            }
            let address = matches!(
                key,
                "href" | "src" | "cite" | "poster" | "longdesc" | "background" | "action" | "data"
            );
            let resolved = base.filter(|_| address).and_then(|base| scope.resolve(value, Some(base)));
            out.push(' ');
            out.push_str(key);
            out.push_str("=\"");
            out.push_str(&quick_xml::escape::escape(resolved.as_deref().unwrap_or(value)));
            out.push('"');
        }
        out.push('>');
        if !VOID.contains(&&*name) {
            serialize(child, scope, base, escape_text, out);
            out.push_str("</");
            out.push_str(&name);
            out.push('>');
        }
    }
}

/// Plain text out of an element that RSS or a module defines: its markup goes, and so do references that
/// were escaped twice, as people see them in too many titles.
pub(super) fn plain(el: El<'_>, kind: Kind, scope: &Scope) -> Option<String> {
    let value = value(el, kind, scope);
    let sniffed = kind == Kind::Unknown && matches!(value, Value::Html(_));
    let text = value.plain()?;
    if sniffed && !text.contains('<') && REFERENCE.is_match(&text) {
        return Value::Html(text.into()).plain();
    }
    Some(text)
}

/// [`plain`] for text that stands in an attribute or in JSON.
pub(super) fn plain_text(text: &str) -> Option<String> {
    sniffed(Cow::Borrowed(text)).plain()
}

/// A BCP 47 tag, as far as a feed's language may be taken for one: `en_US` is `en-US`, `English` is none.
pub(super) fn language(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let first = tag.split('-').next().unwrap_or_default();
    let valid = matches!(first.len(), 1..=3) && tag.len() <= 35;
    (valid && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(tag)
}

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:mailto:)?([A-Za-z0-9_+.\-]+@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}|[A-Za-z0-9_+.\-]+@localhost)(?:\?subject=\S*)?")
        .expect("a constant")
});

/// The person that a line of text names: `jo@example.com (Jo Doe)`, `Jo Doe (jo@example.com)`,
/// `Jo Doe <jo@example.com>`, a name, an address.
pub(super) fn person(text: &str) -> Option<Person> {
    let text = plain_text(text)?;
    let Some(found) = EMAIL.captures(&text) else {
        return Some(Person { name: Some(text), ..Person::default() });
    };
    let name = text.replace(&found[0], "").replace("()", "").replace("[]", "").replace("<>", "");
    let name = name.trim().trim_start_matches(['(', '-', ',']).trim_end_matches(['(', '-', ',', ':']).trim();
    let name = if name.contains('(') { name } else { name.trim_end_matches(')') };
    let name = plain::clean(name);
    Some(Person { name: (!name.is_empty()).then_some(name), uri: None, email: Some(found[1].to_owned()) })
}

/// The person that an element names: Atom's children, or a line of text.
pub(super) fn person_of(el: El<'_>, scope: &Scope) -> Option<Person> {
    if !el.has_children() {
        return person(&el.text());
    }
    let scope = scope.enter(el);
    let mut found = Person::default();
    for child in descendants(el) {
        match &*child.name() {
            "name" => found.name = found.name.or_else(|| plain(child, Kind::Unknown, &scope)),
            "email" => {
                let email = plain::clean(&child.text());
                let email = email.trim_start_matches("mailto:").to_owned();
                found.email = found.email.or_else(|| (!email.is_empty()).then_some(email));
            }
            "uri" | "url" | "homepage" | "href" => {
                found.uri = found.uri.or_else(|| scope.enter(child).absolute(&child.text()));
            }
            _ => {}
        }
    }
    if found != Person::default() { Some(found) } else { person(&el.text()) }
}

/// All elements below `el`.
pub(super) fn descendants(el: El<'_>) -> impl Iterator<Item = El<'_>> {
    let mut stack = vec![el.children()];
    std::iter::from_fn(move || {
        loop {
            match stack.last_mut()?.next() {
                Some(child) => {
                    stack.push(child.children());
                    return Some(child);
                }
                None => {
                    stack.pop();
                }
            }
        }
    })
}
