//! The repairing road: a tokenizer that takes anything, and rules that put elements back where a person
//! sees them.

use super::strict::is_name;
use super::tree::{Builder, split};

/// Reads what is not well-formed into `builder`. Takes time in proportion to the source, whatever it holds.
pub(super) fn read<'a>(source: &'a str, builder: &mut Builder<'a>) {
    let mut cursor = Cursor {
        source,
        at: 0,
        cdata_end: Next::default(),
        comment_end: Next::default(),
        subset_end: Next::default(),
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
            end(builder, inside[..len].trim_ascii());
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
            start(builder, name, attrs, empty);
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
        let close = builder.open_names().next().and_then(|name| find_end_tag(suspect?, name));
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

/// What holds the other elements of a feed. Its end tag closes whatever is open inside; no other end tag
/// reaches past it.
fn is_structure(name: &str) -> bool {
    is_one_of(split(name).1, &["rss", "rdf", "feed", "channel", "item", "entry", "items"])
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

fn start<'a>(builder: &mut Builder<'a>, name: &'a str, attrs: &'a str, empty: bool) {
    if is_entry(name) && !empty {
        // Entries do not nest, nor do they stand in an author: what was not closed is closed.
        let entry = builder.open_names().position(is_entry);
        let structure = builder.open_names().position(is_structure);
        for _ in 0..entry.map_or(structure.unwrap_or(0), |up| up + 1) {
            builder.close();
        }
    } else {
        while builder.open_names().next().is_some_and(|parent| is_unclosed(parent, name)) {
            builder.close();
        }
    }
    if builder.start(name, attrs).is_err() {
        // Too deep: unclosed tags pile up. Go on beside instead of inside.
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

fn end(builder: &mut Builder<'_>, name: &str) {
    let mut up = None;
    for (depth, open) in builder.open_names().enumerate() {
        if open.eq_ignore_ascii_case(name) || split(open).1.eq_ignore_ascii_case(split(name).1) {
            up = Some(depth);
            break;
        }
        if is_structure(open) && !is_structure(name) {
            break;
        }
    }
    if let Some(up) = up {
        for _ in 0..=up {
            builder.close();
        }
    }
}
