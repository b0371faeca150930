//! Addresses: which of them may be kept, and what relative ones are relative to.

use std::cell::Cell;
use std::rc::Rc;

use url::{ParseError, Url};

use super::names::Ns;
use super::tree::El;
use crate::text::urls::is_whole;

/// Schemes of addresses that a person may follow. Everything else (`javascript:`, `data:`, `file:` …) is
/// no address of an article.
const SCHEMES: &[&str] = &[
    "http", "https", "ftp", "ftps", "sftp", "mailto", "magnet", "gopher", "gemini", "news", "nntp", "irc",
    "ircs", "xmpp", "rtsp", "mms", "tel", "acct", "ipfs", "feed", "webcal",
];

/// A base is repeated in every address that it resolves: a longer one would blow a document up.
const MAX_BASE: usize = 1024;

/// So much longer may all addresses of a document get together that are resolved, in bytes: a thousand addresses an entry
/// are no feed.
const MAX_GROWTH: usize = 16 << 20;

/// Where a document came from as the base of what is relative in it. A server can redirect to an address of any length:
/// of one that is too long, what is needed most is kept.
pub(super) fn fit_for_base(url: &Url) -> Option<Url> {
    let mut url = url.clone();
    if url.as_str().len() > MAX_BASE {
        url.set_fragment(None);
        url.set_query(None);
    }
    if url.as_str().len() > MAX_BASE {
        url.join("/").ok().filter(|url| url.as_str().len() <= MAX_BASE)
    } else {
        Some(url)
    }
}

/// `text` as an absolute address. What is absolute already is kept as it is written, so that it can be
/// compared with what others write; what is relative in a document that came without any address, too:
/// better than to lose it.
pub(super) fn absolute(text: &str, base: Option<&Url>) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if text.is_empty() {
        return None;
    }
    // Escaped once too often: no address holds `&amp;`.
    let unescaped = text.contains("&amp;").then(|| text.replace("&amp;", "&"));
    let text = unescaped.as_deref().unwrap_or(text);
    if is_whole(text) {
        return Some(text.to_owned());
    }
    parsed(text, base)
}

/// [`absolute`] of what may be anything.
fn parsed(text: &str, base: Option<&Url>) -> Option<String> {
    let url = match Url::parse(text) {
        // `http:page` means the page beside the base, as browsers read it (URL Standard, "special authority").
        Ok(_) if base.is_some_and(|base| lacks_slashes(text, base)) => {
            base.map_or(Url::parse(text), |b| b.join(text))
        }
        Ok(url) => {
            let kept = !text.contains(|c: char| {
                c.is_whitespace() || c.is_control() || matches!(c, '\\' | '<' | '>' | '"')
            });
            let allowed = SCHEMES.contains(&url.scheme());
            return allowed.then(|| if kept { text.to_owned() } else { url.into() });
        }
        // Written as people say it.
        Err(ParseError::RelativeUrlWithoutBase) if text.starts_with("www.") => {
            Url::parse(&format!("http://{text}"))
        }
        Err(ParseError::RelativeUrlWithoutBase) => match base {
            Some(base) => base.join(text),
            None => return (!text.contains(char::is_whitespace)).then(|| text.to_owned()),
        },
        // A host that is none, as `http://`, or a port of letters: nothing can be read there.
        Err(error) => Err(error),
    }
    .ok()?;
    SCHEMES.contains(&url.scheme()).then(|| url.into())
}

/// A scheme, the same as that of `base`, without the slashes that make an address absolute.
fn lacks_slashes(text: &str, base: &Url) -> bool {
    base.has_host()
        && text.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.eq_ignore_ascii_case(base.scheme()) && !rest.starts_with(['/', '\\'])
        })
}

/// What holds at a place of the document and is inherited from above.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// `xml:base`, else where the document came from (RFC 3986 §5.1).
    pub(super) base: Option<Rc<Url>>,
    /// The base is the document's own: it stays when the document is fetched from elsewhere.
    pub(super) declared: bool,
    /// `xml:lang`.
    pub(super) language: Option<Rc<str>>,
    /// By how much addresses got longer when they were resolved, all places together.
    pub(super) grown: Rc<Cell<usize>>,
}

impl Scope {
    /// The scope inside of `el`.
    pub(super) fn enter(&self, el: El<'_>) -> Self {
        let mut scope = self.clone();
        if !el.has_attrs() {
            return scope;
        }
        // CDF, and feeds that forget the prefix, have a plain `base`.
        if let Some(base) = el.attr_ns(Ns::Xml, "base").or_else(|| el.attr("base")) {
            let resolved = match &self.base {
                Some(outer) => outer.join(base),
                None => Url::parse(base),
            };
            if let Ok(url) = resolved
                && SCHEMES.contains(&url.scheme())
                && url.as_str().len() <= MAX_BASE
            {
                scope.base = Some(Rc::new(url));
                scope.declared = true;
            }
        }
        if let Some(language) =
            el.attrs().find(|(ns, name, _)| *ns == Ns::Xml && name.eq_ignore_ascii_case("lang"))
        {
            // An empty one says: unknown from here on (XML 1.0 §2.12).
            scope.language = super::values::language(language.2).map(Rc::from);
        }
        scope
    }

    /// An id that may be an address. A relative one is resolved against a base that the document declares; one that
    /// changed with the place the document came from would be no id.
    pub(super) fn identifier(&self, text: &str) -> String {
        let relative = self.declared && Url::parse(text) == Err(ParseError::RelativeUrlWithoutBase);
        let resolved =
            if relative && !text.contains(char::is_whitespace) { self.absolute(text) } else { None };
        resolved.unwrap_or_else(|| text.to_owned())
    }

    /// `text` as an absolute address.
    pub(super) fn absolute(&self, text: &str) -> Option<String> {
        self.resolve(text, self.base.as_deref())
    }

    /// `text` as an absolute address, from another base.
    pub(super) fn resolve(&self, text: &str, base: Option<&Url>) -> Option<String> {
        let url = absolute(text, base)?;
        let grown = self.grown.get().saturating_add(url.len().saturating_sub(text.len()));
        self.grown.set(grown);
        (grown <= MAX_GROWTH).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_absolute() {
        let base = Url::parse("http://example.com/a/b.xml").unwrap();
        for (text, expected) in [
            ("http://example.com", Some("http://example.com")),
            (" \n http://example.com/x ", Some("http://example.com/x")),
            ("c.html", Some("http://example.com/a/c.html")),
            ("/c.html", Some("http://example.com/c.html")),
            ("../c.html?x=1#y", Some("http://example.com/c.html?x=1#y")),
            ("//other.example/c", Some("http://other.example/c")),
            ("#part", Some("http://example.com/a/b.xml#part")),
            ("www.example.org/x", Some("http://www.example.org/x")),
            ("http://example.com/a b", Some("http://example.com/a%20b")),
            ("http:c.html", Some("http://example.com/a/c.html")),
            ("https://example.com/خبر", Some("https://example.com/خبر")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("http://", None),
            ("", None),
        ] {
            assert_eq!(absolute(text, Some(&base)).as_deref(), expected, "{text}");
        }
        assert_eq!(absolute("c.html", None).as_deref(), Some("c.html"));
        assert_eq!(absolute("no address", None), None);
        for text in [
            "https://a.example/b?c=%20#d|e",
            "http://127.0.0.1:80/",
            "HTTP://A.example",
            "http://a.example:x/",
        ] {
            assert_eq!(absolute(text, Some(&base)), parsed(text, Some(&base)), "{text}");
        }
        assert_eq!(absolute("/?a=1&amp;b=2", Some(&base)).as_deref(), Some("http://example.com/?a=1&b=2"));
    }
}
