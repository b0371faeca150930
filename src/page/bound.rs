//! Bounds on HTML before a tree is built of it.
//!
//! html5ever, and everything that walks its trees, takes quadratic time or recurses on markup that no person
//! wrote: a million nested `<div>`, a tag with a hundred thousand attributes, formatting elements that are
//! opened and never closed (each new paragraph opens them all again, WHATWG HTML §13.2.4.3). [`limit`] takes
//! such tags out of the source; the text between them stays. A page within the bounds is not changed at all.
//!
//! The stack kept here follows the tree builder's rules closely enough never to be *less* deep than the real
//! one by more than the formatting elements; where it is deeper, a hostile page loses a few tags more.

use std::borrow::Cow;

/// Deepest nesting of elements. Browsers stop at 512; real pages stay under 100.
pub(crate) const MAX_DEPTH: usize = 256;
/// Most formatting elements (`b`, `font` …) that are open at once.
const MAX_FORMATTING: usize = 32;
/// A tag with more attributes than this loses them all: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 256;
/// How far up the stack an end tag is looked for.
const LOOK_BACK: usize = 2 * MAX_DEPTH;

/// `html` without the tags that lie outside of the bounds.
pub(crate) fn limit(html: &str) -> Cow<'_, str> {
    let mut scan = Scan { html, out: String::new(), copied: 0, stack: Vec::new(), depth: 0, formatting: 0 };
    scan.run();
    if scan.copied == 0 {
        return Cow::Borrowed(html);
    }
    scan.out.push_str(&html[scan.copied..]);
    Cow::Owned(scan.out)
}

struct Scan<'a> {
    html: &'a str,
    out: String,
    /// Everything before this is in `out`, or was left out.
    copied: usize,
    /// The elements that are open, outermost first, and whether their tags were kept.
    stack: Vec<(&'a str, bool)>,
    /// How many of them were kept.
    depth: usize,
    /// Formatting elements opened and not closed; the tree builder remembers them when their block has ended.
    formatting: usize,
}

/// One tag of the source.
struct Tag<'a> {
    name: &'a str,
    /// Behind its `>`.
    end: usize,
    attributes: usize,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        let bytes = self.html.as_bytes();
        let mut at = 0;
        while let Some(found) = self.html[at..].find('<') {
            at += found;
            match bytes.get(at + 1) {
                Some(b'!') if self.html[at..].starts_with("<!--") => at = comment_end(self.html, at + 4),
                Some(b'!' | b'?') => at = find_from(self.html, at + 2, ">").map_or(bytes.len(), |e| e + 1),
                Some(b'/') if bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                    let Some(tag) = tag(self.html, at + 2) else { return };
                    if !self.end_tag(tag.name) {
                        self.leave_out(at, tag.end, "");
                    }
                    at = tag.end;
                }
                Some(b'/') => at = find_from(self.html, at + 2, ">").map_or(bytes.len(), |e| e + 1),
                Some(b) if b.is_ascii_alphabetic() => {
                    let Some(tag) = tag(self.html, at + 1) else { return };
                    let kept = self.start_tag(&tag);
                    if !kept {
                        self.leave_out(at, tag.end, "");
                    } else if tag.attributes > MAX_ATTRIBUTES {
                        let bare = format!("<{}>", tag.name);
                        self.leave_out(at, tag.end, &bare);
                    }
                    at = tag.end;
                    if kept && self.foreign().is_none() && is_one_of(tag.name, RAW_TEXT) {
                        at = raw_text_end(self.html, at, tag.name);
                    }
                }
                _ => at += 1,
            }
        }
    }

    fn leave_out(&mut self, from: usize, to: usize, instead: &str) {
        self.out.push_str(&self.html[self.copied..from]);
        self.out.push_str(instead);
        self.copied = to;
    }

    /// Where the innermost `svg` or `math` stands, when the insertion point is inside it.
    fn foreign(&self) -> Option<usize> {
        let at = self.stack.iter().rposition(|(name, _)| {
            is_one_of(name, &["svg", "math", "foreignobject", "desc", "annotation-xml", "mi", "mtext"])
        })?;
        is_one_of(self.stack[at].0, &["svg", "math"]).then_some(at)
    }

    /// Whether the tag may stay.
    fn start_tag(&mut self, tag: &Tag<'a>) -> bool {
        let name = tag.name;
        if is_one_of(name, &["plaintext"]) {
            return false;
        }
        if let Some(at) = self.foreign()
            && (is_special(name)
                || is_one_of(name, FORMATTING)
                || is_one_of(name, &["span", "sub", "sup", "ruby"]))
            && !is_one_of(name, &["title", "style", "script", "a", "font"])
        {
            self.pop_to(at);
        }
        if is_one_of(name, VOID) {
            return true;
        }
        self.close_implied(name);
        let formatting = is_one_of(name, FORMATTING);
        let kept = self.depth < MAX_DEPTH && (!formatting || self.formatting < MAX_FORMATTING);
        self.depth += usize::from(kept);
        self.formatting += usize::from(kept && formatting);
        if !is_one_of(name, RAW_TEXT) || self.foreign().is_some() {
            self.stack.push((name, kept));
        } else {
            self.depth -= usize::from(kept);
        }
        kept
    }

    /// Closes what a start tag closes without saying so.
    fn close_implied(&mut self, name: &str) {
        if is_one_of(name, CLOSES_P)
            && let Some(at) = self.find("p", |n| is_one_of(n, SCOPE) || n.eq_ignore_ascii_case("button"))
        {
            self.pop_to(at);
        }
        let siblings: &[&str] = match () {
            () if is_one_of(name, &["li"]) => &["li"],
            () if is_one_of(name, &["dt", "dd"]) => &["dt", "dd"],
            () if is_one_of(name, &["option", "optgroup"]) => &["option"],
            () if is_one_of(name, &["td", "th"]) => &["td", "th"],
            () if is_one_of(name, &["tr"]) => &["tr"],
            () if is_one_of(name, &["tbody", "thead", "tfoot"]) => &["tbody", "thead", "tfoot"],
            () => return,
        };
        let table = is_one_of(name, &["td", "th", "tr", "tbody", "thead", "tfoot"]);
        for sibling in siblings {
            let found = self.find(sibling, |n| {
                if table {
                    is_one_of(n, &["table", "template"])
                } else {
                    is_special(n) && !is_one_of(n, &["address", "div", "p"])
                }
            });
            if let Some(at) = found {
                self.pop_to(at);
                return;
            }
        }
    }

    /// Whether the tag may stay.
    fn end_tag(&mut self, name: &str) -> bool {
        let formatting = is_one_of(name, FORMATTING);
        let found = if is_one_of(name, TABLE_PARTS) {
            self.find(name, |n| {
                is_one_of(n, &["template"])
                    || (n.eq_ignore_ascii_case("table") && !name.eq_ignore_ascii_case("table"))
            })
        } else if is_special(name) || formatting {
            self.find(name, |n| is_one_of(n, SCOPE))
        } else {
            self.find(name, is_special)
        };
        let Some(at) = found else { return true };
        let kept = self.stack[at].1;
        if formatting {
            // The adoption agency takes out this one only; the blocks inside stay open.
            self.stack.remove(at);
            self.depth -= usize::from(kept);
            self.formatting -= usize::from(kept).min(self.formatting);
        } else {
            self.pop_to(at);
        }
        kept
    }

    /// The innermost element of this name, unless one stands before it that `stop`s the search.
    fn find(&self, name: &str, stop: impl Fn(&str) -> bool) -> Option<usize> {
        for (at, (open, _)) in self.stack.iter().enumerate().rev().take(LOOK_BACK) {
            if open.eq_ignore_ascii_case(name) {
                return Some(at);
            }
            if stop(open) {
                return None;
            }
        }
        None
    }

    fn pop_to(&mut self, at: usize) {
        self.depth -= self.stack[at..].iter().filter(|(_, kept)| *kept).count();
        self.stack.truncate(at);
    }
}

fn find_from(html: &str, from: usize, what: &str) -> Option<usize> {
    html.get(from..)?.find(what).map(|at| from + at)
}

/// Behind the comment whose text begins at `from` (§13.2.5.43 and following: `<!-->` is one, too).
fn comment_end(html: &str, from: usize) -> usize {
    let rest = &html[from..];
    if rest.starts_with('>') {
        return from + 1;
    }
    if rest.starts_with("->") {
        return from + 2;
    }
    let plain = rest.find("-->").map(|at| at + 3);
    let odd = rest.find("--!>").map(|at| at + 4);
    match (plain, odd) {
        (Some(a), Some(b)) => from + a.min(b),
        (Some(a), None) | (None, Some(a)) => from + a,
        (None, None) => html.len(),
    }
}

/// Where the text of a `script`, `style`, `title` … that begins at `from` ends.
fn raw_text_end(html: &str, from: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(end) = find_from(html, at, "</") {
        let behind = end + 2 + name.len();
        if bytes.get(end + 2..behind).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
            && bytes.get(behind).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        {
            return end;
        }
        at = end + 2;
    }
    html.len()
}

/// The tag whose name begins at `from`; `None` when the document ends inside it. Quotes count only where a
/// value begins, as for the real tokenizer.
fn tag(html: &str, from: usize) -> Option<Tag<'_>> {
    let bytes = html.as_bytes();
    let space = |b: u8| b.is_ascii_whitespace() || b == b'/';
    let mut at = from;
    while !(space(*bytes.get(at)?) || bytes[at] == b'>') {
        at += 1;
    }
    let name = &html[from..at];
    let mut attributes = 0;
    loop {
        while space(*bytes.get(at)?) {
            at += 1;
        }
        if bytes[at] == b'>' {
            return Some(Tag { name, end: at + 1, attributes });
        }
        attributes += 1;
        at += 1;
        while !(space(*bytes.get(at)?) || matches!(bytes[at], b'>' | b'=')) {
            at += 1;
        }
        let mut value = at;
        while bytes.get(value)?.is_ascii_whitespace() {
            value += 1;
        }
        if bytes[value] != b'=' {
            continue;
        }
        value += 1;
        while bytes.get(value)?.is_ascii_whitespace() {
            value += 1;
        }
        at = match bytes[value] {
            quote @ (b'"' | b'\'') => value + 2 + bytes[value + 1..].iter().position(|b| *b == quote)?,
            _ => {
                while !(bytes.get(value)?.is_ascii_whitespace() || bytes[value] == b'>') {
                    value += 1;
                }
                value
            }
        };
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

fn is_special(name: &str) -> bool {
    is_one_of(name, SPECIAL)
}

const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "image", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
];
const RAW_TEXT: &[&str] = &["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const SCOPE: &[&str] = &[
    "applet",
    "caption",
    "html",
    "table",
    "td",
    "th",
    "marquee",
    "object",
    "template",
    "foreignobject",
    "desc",
    "select",
];
const TABLE_PARTS: &[&str] = &["table", "td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"];
const CLOSES_P: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "search",
    "section",
    "summary",
    "ul",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "listing",
    "form",
    "li",
    "dd",
    "dt",
    "hr",
    "xmp",
];
const SPECIAL: &[&str] = &[
    "address",
    "applet",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "html",
    "iframe",
    "li",
    "listing",
    "main",
    "marquee",
    "menu",
    "nav",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "p",
    "pre",
    "script",
    "search",
    "section",
    "select",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "xmp",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_within_the_bounds_is_not_touched() {
        let list = "<li>one<p>two<table><tr><td>three<td><b>four</table>".repeat(2000);
        for html in [
            "<!doctype html><p>a<p>b<br><img src='x>y'><script>if (a<b) '<div>'</script>",
            "<svg><title>t</title><g></g></svg><style>p>a{}</style><!--><p>--><p>x",
            "<b><div></b></div>",
            &format!("<ul>{list}</ul>"),
        ] {
            assert!(matches!(limit(html), Cow::Borrowed(_)), "{}", &html[..60.min(html.len())]);
        }
    }

    #[test]
    fn depth_is_bounded_and_the_text_stays() {
        let deep = format!("{}stone{}", "<div>".repeat(5000), "</div>".repeat(5000));
        let limited = limit(&deep);
        assert_eq!(limited.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(limited.matches("</div>").count(), MAX_DEPTH);
        assert!(limited.contains("stone"));
    }

    #[test]
    fn tricks_do_not_hide_depth() {
        for pattern in [
            "<div><table><tr><td></div>",
            "<span><div></span>",
            "<svg><style><div>",
            "<a \"><div>",
            "<!--><div>",
            "<!--x--!><div>",
            "<li><section>",
            "<em x=1><p>",
        ] {
            let hostile = pattern.repeat(3000);
            let opened = limit(&hostile).matches(['<']).count();
            let all = hostile.matches('<').count();
            assert!(opened < all, "{pattern}: {opened} of {all}");
        }
    }

    #[test]
    fn a_tag_with_too_many_attributes_loses_them() {
        let attributes: String = (0..1000).map(|i| format!(" a{i}=1")).collect();
        assert_eq!(limit(&format!("<p{attributes}>x")), "<p>x");
    }
}
