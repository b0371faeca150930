//! Trees of HTML, bounded, and what is asked of their nodes all the time.

use dom_query::{Document, Matcher, NodeData, NodeRef};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use url::Url;

use super::{PageError, bound};
use crate::model::ErrorKind;

/// No tree grows larger than about this; the largest pages of news sites have 30,000 nodes.
const MAX_NODES: usize = 120_000;
/// How much source (bytes) is read between two looks at the number of nodes.
const CHUNK: usize = 16 << 10;

/// The tree of `html`. A page that would grow past the bounds ends where it reaches them.
pub(crate) fn parse(html: &str) -> Document {
    let html = bound::limit(html);
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(Document::default(), options);
    let mut rest: &str = &html;
    while !rest.is_empty() {
        let mut end = rest.len().min(CHUNK);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        parser.process(StrTendril::from_slice(&rest[..end]));
        rest = &rest[end..];
        if parser.tokenizer.sink.sink.tree.len() > MAX_NODES {
            break;
        }
    }
    parser.finish()
}

/// A compiled CSS selector.
pub(crate) fn matcher(selector: &str) -> Result<Matcher, PageError> {
    Matcher::new(selector).map_err(|_| {
        PageError::new(ErrorKind::Parse, format!("\"{selector}\" is not a CSS selector that can be read"))
    })
}

/// The name of an element in lower case; empty for other nodes.
pub(crate) fn name(node: &NodeRef<'_>) -> StrTendril {
    node.node_name().unwrap_or_default()
}

/// The element is one of these.
pub(crate) fn is_any(node: &NodeRef<'_>, names: &[&str]) -> bool {
    node.qual_name_ref().is_some_and(|n| names.contains(&&*n.local))
}

/// `class` and `id` together, in lower case: what authors call an element.
pub(crate) fn labels(node: &NodeRef<'_>) -> String {
    node.element_ref().map_or_else(String::new, |element| {
        let mut out = String::new();
        for attribute in &element.attrs {
            if matches!(&*attribute.name.local, "class" | "id") {
                out.push(' ');
                out.push_str(&attribute.value.to_ascii_lowercase());
            }
        }
        out
    })
}

/// Elements that break a line.
pub(crate) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Text that nobody sees.
pub(crate) fn is_invisible_name(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "title"
            | "iframe"
            | "object"
            | "textarea"
            | "select"
            | "datalist"
            | "svg"
            | "math"
    )
}

/// Hidden by its own attributes. (Style sheets are not read.)
pub(crate) fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.element_ref().is_some_and(|element| {
        element.attrs.iter().any(|attribute| match &*attribute.name.local {
            "hidden" => !attribute.value.eq_ignore_ascii_case("until-found"),
            "style" => {
                let style: String = attribute
                    .value
                    .chars()
                    .filter(|c| !c.is_whitespace())
                    .map(|c| c.to_ascii_lowercase())
                    .collect();
                style.contains("display:none") || style.contains("visibility:hidden")
            }
            _ => false,
        })
    })
}

/// One event of a walk through the visible text of a tree.
pub(crate) enum Walk<'a, 'b> {
    /// An element begins; `false` skips it and all in it.
    Enter(&'b NodeRef<'a>),
    /// An element ends.
    Leave(&'b NodeRef<'a>),
    /// Text.
    Text(&'b str),
}

/// Walks `root` in document order without recursion. The visitor's answer matters for [`Walk::Enter`] only.
pub(crate) fn walk<'a>(root: &NodeRef<'a>, visit: &mut dyn FnMut(Walk<'a, '_>) -> bool) {
    let mut node = *root;
    let mut depth = 0usize;
    loop {
        let mut down = None;
        if node.is_element() || node.id == root.id {
            if visit(Walk::Enter(&node)) {
                down = node.first_child();
                if down.is_none() {
                    visit(Walk::Leave(&node));
                }
            }
        } else {
            let text = node.query_or(None, |n| match &n.data {
                NodeData::Text { contents } => Some(contents.clone()),
                _ => None,
            });
            if let Some(text) = text {
                visit(Walk::Text(&text));
            }
        }
        if let Some(child) = down {
            node = child;
            depth += 1;
            continue;
        }
        loop {
            if depth == 0 {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return };
            node = parent;
            depth -= 1;
            visit(Walk::Leave(&node));
            if depth == 0 {
                return;
            }
        }
    }
}

/// The visible text of a node: white space folded as in HTML, blocks and line breaks apart by `\n`.
pub(crate) fn text(root: &NodeRef<'_>) -> String {
    let mut out = Lines::default();
    walk(root, &mut |event| {
        match event {
            Walk::Enter(node) => {
                let name = name(node);
                if is_invisible_name(&name) || (node.id != root.id && is_hidden(node)) {
                    return false;
                }
                if is_block(&name) || &*name == "br" {
                    out.end_line();
                }
            }
            Walk::Leave(node) => {
                if is_block(&name(node)) {
                    out.end_line();
                }
            }
            Walk::Text(text) => out.push(text),
        }
        true
    });
    out.finish()
}

/// The visible text of a node in one line; `None` where it has more than about `max` bytes.
pub(crate) fn line_within(node: &NodeRef<'_>, max: usize) -> Option<String> {
    let mut seen = 0usize;
    walk(node, &mut |event| match event {
        Walk::Enter(n) => seen <= max && !is_invisible_name(&name(n)),
        Walk::Leave(_) => true,
        Walk::Text(text) => {
            seen += text.split_whitespace().map(|w| w.len() + 1).sum::<usize>();
            true
        }
    });
    (seen <= max + 1).then(|| line(node))
}

/// The visible text of a node in one line.
pub(crate) fn line(node: &NodeRef<'_>) -> String {
    let text = text(node);
    if text.contains('\n') { text.replace('\n', " ") } else { text }
}

/// Lines of text in the making.
#[derive(Default)]
pub(crate) struct Lines {
    out: String,
    /// White space was seen since the last letter of this line.
    space: bool,
    /// A line ended since the last letter.
    ended: bool,
}

impl Lines {
    /// Adds text; white space is folded.
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            // U+00A0 is a space for people. U+200C and its like are not white space and stay.
            if c.is_whitespace() {
                self.space = true;
                continue;
            }
            if c.is_control() || c == '\u{FEFF}' {
                continue;
            }
            if !self.out.is_empty() {
                if self.ended {
                    self.out.push('\n');
                } else if self.space {
                    self.out.push(' ');
                }
            }
            self.space = false;
            self.ended = false;
            self.out.push(c);
        }
    }

    /// Ends the line, if something stands in it.
    pub(crate) fn end_line(&mut self) {
        self.ended = true;
    }

    /// The lines.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// An absolute http(s) URL out of an attribute.
pub(crate) fn absolute(reference: &str, base: Option<&Url>) -> Option<Url> {
    let reference = reference.trim();
    if reference.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(reference).ok()?,
        None => Url::parse(reference).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// What relative URLs of the page are relative to: `<base href>`, else its address.
pub(crate) fn base_of(document: &Document, address: Option<&Url>) -> Option<Url> {
    let declared = document.select("base[href]").nodes().first().and_then(|n| n.attr("href"));
    declared.and_then(|href| absolute(&href, address)).or_else(|| address.cloned())
}

/// How much of the visible text of a node stands in links: 0 to 1.
pub(crate) fn link_density(node: &NodeRef<'_>) -> f32 {
    let (mut all, mut linked, mut links) = (0usize, 0usize, 0usize);
    walk(node, &mut |event| {
        match event {
            Walk::Enter(n) => {
                if is_invisible_name(&name(n)) {
                    return false;
                }
                links += usize::from(n.has_name("a"));
            }
            Walk::Leave(n) => links -= usize::from(n.has_name("a")).min(links),
            Walk::Text(text) => {
                let count = text.chars().filter(|c| !c.is_whitespace()).count();
                all += count;
                linked += if links > 0 { count } else { 0 };
            }
        }
        true
    });
    if all == 0 { 0.0 } else { linked as f32 / all as f32 }
}

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
