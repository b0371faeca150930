//! Bounds on HTML before a tree is built of it.
//!
//! html5ever, and everything that walks its trees, takes quadratic time or recurses on markup that no person
//! wrote: a million nested `<div>`, a tag with a hundred thousand attributes, formatting elements that are
//! opened and never closed (each new paragraph opens them all again, WHATWG HTML §13.2.4.3). [`limit`] takes
//! such tags out of the source; the text between them stays. A page within the bounds is not changed at all.
//!
//! The stack kept here follows the tree builder's rules closely enough never to be *less* deep than the real
//! one by more than the formatting elements; where it is deeper, a hostile page loses a few tags more.

mod roles;

use std::borrow::Cow;

#[allow(clippy::wildcard_imports)]
use roles::*;

/// Deepest nesting of elements. Browsers stop at 512; real pages stay under 100.
pub(crate) const MAX_DEPTH: usize = 256;
/// Most formatting elements (`b`, `font` …) that are open at once. Links are not counted out: one ends the other.
const MAX_FORMATTING: usize = 16;
/// A tag with more attributes than this loses them all: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 256;
/// How far up the stack an end tag is looked for.
const LOOK_BACK: usize = 2 * MAX_DEPTH;

/// `html` without the tags that lie outside of the bounds.
pub(crate) fn limit(html: &str) -> Cow<'_, str> {
    let mut scan = Scan {
        html,
        out: String::new(),
        copied: 0,
        stack: Vec::new(),
        depth: 0,
        formatting: 0,
        link: false,
        foreigners: 0,
    };
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
    stack: Vec<(Name, bool)>,
    /// How many of them were kept.
    depth: usize,
    /// Formatting elements opened and not closed; the tree builder remembers them when their block has ended.
    formatting: usize,
    /// One of them is a link.
    link: bool,
    /// How many `svg` and `math` are open.
    foreigners: usize,
}

/// The name of an element, in a form that is compared quickly, and what the tree builder does with it.
#[derive(Clone, Copy)]
struct Name {
    hash: u64,
    roles: u32,
}

impl Name {
    fn of(text: &str) -> Self {
        let mut lower = [0u8; 16];
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
        });
        let roles = match lower.get_mut(..text.len()) {
            Some(lower) => {
                lower.copy_from_slice(text.as_bytes());
                lower.make_ascii_lowercase();
                ROLES.get(&*lower).copied().unwrap_or(0)
            }
            None => 0,
        };
        Self { hash, roles }
    }

    fn is(self, role: u32) -> bool {
        self.roles & role != 0
    }
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
                    if !self.end_tag(Name::of(tag.name)) {
                        self.leave_out(at, tag.end, "");
                    }
                    at = tag.end;
                }
                Some(b'/') => at = find_from(self.html, at + 2, ">").map_or(bytes.len(), |e| e + 1),
                Some(b) if b.is_ascii_alphabetic() => {
                    let Some(tag) = tag(self.html, at + 1) else { return };
                    let name = Name::of(tag.name);
                    let kept = self.start_tag(name);
                    if !kept {
                        self.leave_out(at, tag.end, "");
                    } else if tag.attributes > MAX_ATTRIBUTES {
                        let bare = format!("<{}>", tag.name);
                        self.leave_out(at, tag.end, &bare);
                    }
                    at = tag.end;
                    if kept && name.is(RAW_TEXT) && self.foreign().is_none() {
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
        if self.foreigners == 0 {
            return None;
        }
        let at = self.stack.iter().rposition(|(name, _)| name.is(FOREIGN | INTEGRATION))?;
        self.stack[at].0.is(FOREIGN).then_some(at)
    }

    /// Whether the tag may stay.
    fn start_tag(&mut self, name: Name) -> bool {
        if name.is(PLAINTEXT) {
            return false;
        }
        if let Some(at) = self.foreign()
            && name.is(BREAKOUT)
        {
            self.pop_to(at);
        }
        if name.is(VOID) {
            return true;
        }
        self.close_implied(name);
        if name.is(LINK) && std::mem::replace(&mut self.link, true) {
            // A link ends the one before it, wherever that was left open.
            let kept = match self.find(name, SCOPE) {
                Some(at) => self.stack.remove(at).1,
                None => false,
            };
            self.depth -= usize::from(kept);
            self.formatting = self.formatting.saturating_sub(1);
        }
        let formatting = name.is(FORMATTING);
        let kept =
            self.depth < MAX_DEPTH && (!formatting || name.is(LINK) || self.formatting < MAX_FORMATTING);
        self.formatting += usize::from(kept && formatting);
        if !name.is(RAW_TEXT) || self.foreign().is_some() {
            self.depth += usize::from(kept);
            self.foreigners += usize::from(name.is(FOREIGN));
            self.stack.push((name, kept));
        }
        kept
    }

    /// Closes what a start tag closes without saying so.
    fn close_implied(&mut self, name: Name) {
        if name.is(CLOSES_P)
            && let Some(at) = self.find_any(P, SCOPE | BUTTON)
        {
            self.pop_to(at);
        }
        let found = match () {
            () if name.is(LI) => self.find_any(LI, SPECIAL_BUT_THREE),
            () if name.is(DT_DD) => self.find_any(DT_DD, SPECIAL_BUT_THREE),
            () if name.is(OPTION) => self.find_any(OPTION, SPECIAL_BUT_THREE),
            () if name.is(CELL) => self.find_any(CELL, TABLE | TEMPLATE),
            () if name.is(ROW) => self.find_any(ROW, TABLE | TEMPLATE),
            () if name.is(SECTION) => self.find_any(SECTION, TABLE | TEMPLATE),
            () => None,
        };
        if let Some(at) = found {
            self.pop_to(at);
        }
    }

    /// Whether the tag may stay.
    fn end_tag(&mut self, name: Name) -> bool {
        let formatting = name.is(FORMATTING);
        let stop = match () {
            () if name.is(TABLE) => TEMPLATE,
            () if name.is(TABLE_PART) => TEMPLATE | TABLE,
            () if name.is(SPECIAL) || formatting => SCOPE,
            () => SPECIAL,
        };
        let Some(at) = self.find(name, stop) else { return true };
        let kept = self.stack[at].1;
        if formatting {
            // The adoption agency takes out this one only; the blocks inside stay open.
            self.stack.remove(at);
            self.depth -= usize::from(kept);
            self.formatting -= usize::from(kept).min(self.formatting);
            self.link &= !name.is(LINK);
        } else {
            self.pop_to(at);
        }
        kept
    }

    /// The innermost element of this name, unless one of the roles in `stop` stands before it.
    fn find(&self, name: Name, stop: u32) -> Option<usize> {
        self.search(|open| open.hash == name.hash, stop)
    }

    /// The innermost element with this role, unless one of the roles in `stop` stands before it.
    fn find_any(&self, role: u32, stop: u32) -> Option<usize> {
        self.search(|open| open.is(role), stop)
    }

    fn search(&self, wanted: impl Fn(Name) -> bool, stop: u32) -> Option<usize> {
        for (at, (open, _)) in self.stack.iter().enumerate().rev().take(LOOK_BACK) {
            if wanted(*open) {
                return Some(at);
            }
            if open.is(stop) {
                return None;
            }
        }
        None
    }

    fn pop_to(&mut self, at: usize) {
        let popped = &self.stack[at..];
        self.depth -= popped.iter().filter(|(_, kept)| *kept).count();
        self.foreigners -= popped.iter().filter(|(name, _)| name.is(FOREIGN)).count();
        // The end of a cell makes the tree builder forget what was opened inside (§13.2.4.3, markers).
        if let Some(cell) = popped.iter().position(|(name, _)| name.is(CELL | CAPTION)) {
            let forgotten = popped[cell..].iter().filter(|(name, kept)| *kept && name.is(FORMATTING)).count();
            self.formatting = self.formatting.saturating_sub(forgotten);
        }
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
    let mut at = from;
    while let Some(dashes) = find_from(html, at, "--") {
        let behind = &html[dashes + 2..];
        if behind.starts_with('>') {
            return dashes + 3;
        }
        if behind.starts_with("!>") {
            return dashes + 4;
        }
        at = dashes + 1;
    }
    html.len()
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
