//! The repairing road: a tokenizer that takes anything, and rules that put elements back where a person
//! sees them.

use super::builder::{Builder, split};
use super::strict::is_name;

/// Reads what is not well-formed into `builder`. Takes time in proportion to the source, whatever it holds.
/// Gives how many elements would have nested too deep and were put beside each other instead.
pub(super) fn read<'a>(source: &'a str, builder: &mut Builder<'a>) -> usize {
    let mut cursor = Cursor {
        source,
        at: 0,
        cdata_end: Next::default(),
        comment_end: Next::default(),
        subset_end: Next::default(),
        overflow: 0,
    };
    while cursor.at < source.len() {
        let rest = cursor.rest();
        let Some(tag) = rest.find('<') else {
            text(builder, rest);
            break;
        };
        text(builder, &rest[..tag]);
        cursor.at += tag;
        cursor.markup(builder);
    }
    cursor.overflow
}

/// Text between tags. `]]>` may not stand there: it is the end of a CDATA section that was closed twice.
fn text<'a>(builder: &mut Builder<'a>, text: &'a str) {
    for piece in text.split("]]>") {
        builder.raw_text(piece);
    }
}

/// Where the next `needle` is; remembered, so that no stretch of the document is searched twice.
#[derive(Debug, Default)]
struct Next(Option<usize>, bool);

impl Next {
    fn find(&mut self, source: &str, from: usize, needle: &str) -> Option<usize> {
        if !self.1 && self.0.is_none_or(|at| at < from) {
            self.0 = source[from..].find(needle).map(|at| from + at);
            self.1 = self.0.is_none();
        }
        self.0
    }
}

struct Cursor<'a> {
    source: &'a str,
    at: usize,
    cdata_end: Next,
    comment_end: Next,
    subset_end: Next,
    overflow: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// One piece of markup; the cursor stands on its `<`.
    fn markup(&mut self, builder: &mut Builder<'a>) {
        let rest = self.rest();
        let after = &rest[1..];
        if rest.starts_with("<![CDATA[") {
            self.cdata(builder);
        } else if rest.starts_with("<!--") {
            self.at = match self.comment_end.find(self.source, self.at + 4, "-->") {
                Some(end) => end + 3,
                // Never closed: what it hid is shown.
                None => self.at + 4,
            };
        } else if rest.starts_with("<!") {
            let end = self.declaration_end();
            builder.references.doctype(&self.source[self.at..end]);
            self.at = end;
        } else if rest.starts_with("<?") {
            self.at += rest.find('>').map_or(rest.len(), |end| end + 1);
        } else if let Some(inside) = after.strip_prefix('/') {
            let len = inside.find(['>', '<']).unwrap_or(inside.len());
            let closed = builder.closed_by(inside[..len].trim_ascii());
            if closed > 0 {
                close_unended(builder, closed - 1);
                builder.close();
            }
            self.at += 2 + len + usize::from(inside[len..].starts_with('>'));
        } else if is_name(after) {
            let len = tag_len(after);
            let inside = &after[..len];
            self.at += 1 + len + usize::from(after[len..].starts_with('>'));
            let (inside, empty) = match inside.strip_suffix('/') {
                Some(inside) => (inside, true),
                None => (inside, false),
            };
            let name_len = inside
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '='))
                .unwrap_or(inside.len());
            let (name, attrs) = inside.split_at(name_len);
            start(builder, name, attrs, empty, &mut self.overflow);
        } else {
            // "a < b": text.
            builder.text(&rest[..1]);
            self.at += 1;
        }
    }

    /// Where a declaration `<!…>` ends, with the internal subset of a DOCTYPE in it.
    fn declaration_end(&mut self) -> usize {
        let rest = self.rest();
        let close = rest.find('>').map_or(rest.len(), |end| end + 1);
        let subset =
            rest[..close].contains('[') && rest.get(..9).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype"));
        if subset && let Some(end) = self.subset_end.find(self.source, self.at, "]>") {
            return end + 2;
        }
        self.at + close
    }

    fn cdata(&mut self, builder: &mut Builder<'a>) {
        let from = self.at + "<![CDATA[".len();
        let end = self.cdata_end.find(self.source, from, "]]>");
        let section = &self.source[from..end.unwrap_or(self.source.len())];
        // A section that was never closed would swallow the entries after it. It shows by the next one
        // starting inside of it, or by there being no end: then the element's end tag is its end.
        let suspect = match end {
            Some(_) => section.find("<![CDATA[").map(|inner| &section[..inner]),
            None => Some(section),
        };
        let close = builder.innermost().and_then(|name| find_end_tag(suspect?, name));
        match (close, end) {
            (Some(close), _) => {
                builder.text(&section[..close]);
                self.at = from + close;
            }
            (None, Some(end)) => {
                builder.text(section);
                self.at = end + 3;
            }
            (None, None) => {
                builder.text(section);
                self.at = self.source.len();
            }
        }
    }
}

/// Where `</name` is in `text`.
fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let tail = &text.as_bytes()[at + 2..];
        tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && tail.get(name.len()).is_none_or(|b| *b == b'>' || b.is_ascii_whitespace())
    })
}

/// How long the inside of a start tag is: up to its `>`, or to where the next tag starts.
fn tag_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'>' | b'<' => return at,
            // Only a value is quoted: an apostrophe elsewhere is a slip.
            quote @ (b'"' | b'\'') if follows_equals(&bytes[..at]) => {
                let tail = &bytes[at + 1..];
                match tail.iter().position(|b| *b == quote || *b == b'<') {
                    Some(end) if tail[end] == quote => at += end + 2,
                    // No closing quote before the next tag: the tag ends where it can.
                    Some(end) => return at + 1 + tail[..end].iter().position(|b| *b == b'>').unwrap_or(end),
                    None => return at + 1 + tail.iter().position(|b| *b == b'>').unwrap_or(tail.len()),
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn follows_equals(before: &[u8]) -> bool {
    before.trim_ascii_end().ends_with(b"=")
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| name.eq_ignore_ascii_case(n))
}

fn is_entry(name: &str) -> bool {
    is_one_of(split(name).1, &["item", "entry"])
}

/// Elements of RSS and Atom that hold nothing but text: one of them that starts inside of another one shows
/// that the other's end tag is missing.
fn is_leaf(name: &str) -> bool {
    let (prefix, local) = split(name);
    if prefix.is_empty() || prefix.eq_ignore_ascii_case("atom") {
        return is_one_of(
            local,
            &[
                "title",
                "link",
                "description",
                "guid",
                "pubdate",
                "category",
                "comments",
                "enclosure",
                "summary",
                "content",
                "published",
                "updated",
                "id",
                "issued",
                "modified",
                "created",
                "author",
                "language",
                "copyright",
                "generator",
                "lastbuilddate",
                "managingeditor",
                "webmaster",
                "docs",
                "ttl",
                "subtitle",
                "tagline",
                "rights",
                "contributor",
                "name",
                "email",
                "uri",
                "url",
            ],
        );
    }
    is_one_of(
        prefix,
        &["dc", "content", "itunes", "slash", "wfw", "sy", "dcterms", "feedburner", "media", "thr"],
    )
}

/// HTML elements without an end tag.
const VOID: &[&str] = &["br", "hr", "img", "input", "wbr", "col", "area", "embed", "param", "meta"];

fn start<'a>(builder: &mut Builder<'a>, name: &'a str, attrs: &'a str, empty: bool, overflow: &mut usize) {
    if is_entry(name) && !empty {
        // Entries do not nest, nor do they stand in an author: what was not closed is closed.
        let unclosed = builder.up_to_entry().unwrap_or_else(|| builder.above_structure());
        close_unended(builder, unclosed);
    } else {
        while builder.innermost().is_some_and(|parent| is_unclosed(parent, name)) {
            builder.close();
        }
    }
    if builder.start(name, attrs).is_err() {
        // Too deep: unclosed tags pile up. Go on beside instead of inside.
        *overflow += 1;
        builder.close();
        if builder.start(name, attrs).is_err() {
            return;
        }
    }
    if empty || is_one_of(name, VOID) {
        builder.close();
    }
}

/// Does `child`, starting inside of `parent`, show that the end tag of `parent` is missing?
fn is_unclosed(parent: &str, child: &str) -> bool {
    is_leaf(parent) && is_leaf(child) && !may_hold(parent, child)
        || is_one_of(child, &["p", "li", "dt", "dd", "tr", "td", "option"])
            && parent.eq_ignore_ascii_case(child)
}

/// May `child` stand in `parent`, though both are elements of a feed?
fn may_hold(parent: &str, child: &str) -> bool {
    let (prefix, local) = split(parent);
    let child_local = split(child).1;
    if is_one_of(local, &["author", "contributor"]) {
        return is_one_of(child_local, &["name", "email", "uri", "url", "homepage"]);
    }
    is_one_of(prefix, &["media", "itunes"]) && split(child).0.eq_ignore_ascii_case(prefix)
        // Atom's content, and RSS's too, may hold foreign markup.
        || is_one_of(local, &["content", "summary"]) && !split(child).0.is_empty()
}

fn close_unended(builder: &mut Builder<'_>, count: usize) {
    for _ in 0..count {
        builder.close_unended(holds);
    }
}

/// May this child of a channel or an item hold text or elements that are its own?
fn holds(name: &str) -> bool {
    is_leaf(name)
        || is_one_of(
            split(name).1,
            &["image", "textinput", "source", "group", "skiphours", "skipdays", "div", "body"],
        )
}
