//! The lines of a piece of HTML, each with the text nodes that it is made of, so that a line can be judged as a
//! reader sees it and taken out without touching its neighbours.

use dom_query::{NodeRef, Selection};

use super::dom;

/// One visible line: what stands between two breaks (block elements, `br`).
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// White space folded.
    pub(crate) text: String,
    /// The text nodes.
    pub(crate) nodes: Vec<NodeRef<'a>>,
    /// The innermost block element around it.
    pub(crate) block: NodeRef<'a>,
    /// Letters in links.
    pub(crate) linked: usize,
    /// All letters.
    pub(crate) letters: usize,
    /// Inside `h1` … `h6`.
    pub(crate) heading: bool,
    /// Inside `figcaption` or an element that is labelled as a caption.
    pub(crate) caption: bool,
    /// Inside `pre`: white space counts.
    pub(crate) preformatted: bool,
    /// Inside a table, a list or a quotation.
    pub(crate) structured: bool,
}

impl Line<'_> {
    /// The share of the letters that stands in links.
    pub(crate) fn link_share(&self) -> f32 {
        if self.letters == 0 { 0.0 } else { self.linked as f32 / self.letters as f32 }
    }

    /// Takes the line out of its tree.
    pub(crate) fn remove(&self) {
        for node in &self.nodes {
            node.remove_from_parent();
        }
    }
}

/// What the walk is inside of, as counters.
#[derive(Default)]
struct Inside {
    links: usize,
    headings: usize,
    captions: usize,
    pre: usize,
    structures: usize,
}

impl Inside {
    fn shift(&mut self, node: &NodeRef<'_>, name: &str, enter: bool) {
        let step = |counter: &mut usize| {
            *counter = if enter { *counter + 1 } else { counter.saturating_sub(1) };
        };
        match name {
            "a" => step(&mut self.links),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => step(&mut self.headings),
            "pre" => step(&mut self.pre),
            "table" | "ul" | "ol" | "dl" | "blockquote" => step(&mut self.structures),
            "figcaption" => step(&mut self.captions),
            // A figure of words (a table, a listing, a quotation) is text; beside a picture, all words are its caption.
            "figure" if !Selection::from(*node).select("table, pre, blockquote").exists() => {
                step(&mut self.captions)
            }
            "p" | "div" | "span" | "small" | "em" if is_caption_label(&dom::labels(node)) => {
                step(&mut self.captions)
            }
            _ => {}
        }
    }
}

/// The `class` and `id` of an element (lower case) say that it is the caption of a picture.
pub(crate) fn is_caption_label(labels: &str) -> bool {
    labels.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
        matches!(w, "caption" | "captions" | "figcaption" | "imagecaption" | "photocaption" | "cutline")
    }) && !labels.contains("no-caption")
}

/// The lines under `root`, in document order.
pub(crate) fn lines<'a>(root: &NodeRef<'a>) -> Vec<Line<'a>> {
    let mut out: Vec<Line<'a>> = Vec::new();
    let mut open: Option<(Line<'a>, dom::Lines)> = None;
    let mut blocks: Vec<NodeRef<'a>> = vec![*root];
    let mut inside = Inside::default();
    let mut nodes = Vec::new();
    collect(root, &mut nodes);
    for step in nodes {
        match step {
            Step::Enter(node) => {
                let name = dom::name(&node);
                if dom::is_block(&name) || &*name == "br" {
                    close(&mut open, &mut out);
                }
                if dom::is_block(&name) {
                    blocks.push(node);
                }
                inside.shift(&node, &name, true);
            }
            Step::Leave(node) => {
                let name = dom::name(&node);
                if dom::is_block(&name) {
                    close(&mut open, &mut out);
                    blocks.pop();
                }
                inside.shift(&node, &name, false);
            }
            Step::Text(node) => {
                let text = node.text();
                let block = *blocks.last().unwrap_or(root);
                let preformatted = inside.pre > 0;
                let (line, words) = open.get_or_insert_with(|| {
                    let line = Line {
                        text: String::new(),
                        nodes: Vec::new(),
                        block,
                        linked: 0,
                        letters: 0,
                        heading: inside.headings > 0,
                        caption: inside.captions > 0,
                        preformatted,
                        structured: inside.structures > 0,
                    };
                    (line, dom::Lines::default())
                });
                if preformatted {
                    line.text.push_str(&text);
                } else {
                    words.push(&text);
                }
                let letters = text.chars().filter(|c| !c.is_whitespace()).count();
                line.letters += letters;
                line.linked += if inside.links > 0 { letters } else { 0 };
                line.nodes.push(node);
            }
        }
    }
    close(&mut open, &mut out);
    out
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(NodeRef<'a>),
    Text(NodeRef<'a>),
}

fn collect<'a>(root: &NodeRef<'a>, into: &mut Vec<Step<'a>>) {
    let mut node = *root;
    let mut depth = 0usize;
    loop {
        let mut down = None;
        if node.is_text() {
            into.push(Step::Text(node));
        } else if node.is_element() || depth == 0 {
            let name = dom::name(&node);
            if depth == 0 || !(dom::is_invisible_name(&name) || dom::is_hidden(&node)) {
                into.push(Step::Enter(node));
                down = node.first_child();
                if down.is_none() {
                    into.push(Step::Leave(node));
                }
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
            into.push(Step::Leave(node));
        }
    }
}

fn close<'a>(open: &mut Option<(Line<'a>, dom::Lines)>, out: &mut Vec<Line<'a>>) {
    let Some((mut line, words)) = open.take() else { return };
    if line.preformatted {
        line.text = line.text.trim_matches(['\n', '\r']).to_owned();
    } else {
        line.text = words.finish();
    }
    if line.letters > 0 {
        out.push(line);
    }
}

/// Takes elements out that hold neither text nor anything to see or hear, from the inside out.
pub(crate) fn remove_empty(root: &NodeRef<'_>) {
    for node in root.descendants().into_iter().rev() {
        if node.is_element()
            && node.first_child().is_none_or(|first| {
                first.next_sibling().is_none() && first.is_text() && !first.is_nonempty_text()
            })
            && !dom::is_any(&node, KEPT_EMPTY)
        {
            // A space between two words stays.
            if let Some(space) = node.first_child() {
                node.insert_before(&space);
            }
            node.remove_from_parent();
        }
    }
}

const KEPT_EMPTY: &[&str] = &[
    "img", "video", "audio", "source", "track", "br", "hr", "td", "th", "col", "iframe", "embed", "wbr",
    "picture", "html", "body",
];
