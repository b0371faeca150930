//! Any markup as markup that nests: the pass before the sanitiser proper.
//!
//! It does what needs our own judgement (absolute addresses, trackers, share buttons, embedded films) and what keeps
//! the parser behind it fast: elements nest properly, at most [`DEEPEST`] deep, with few attributes. Parsers of HTML
//! repair bad nesting by moving and copying elements, and hostile text makes that cost the square of its length, or
//! more; here everything is linear. Safety does not rest on this pass: ammonia comes after it.

use url::Url;

use super::bound;
use super::policy::{self, ELEMENTS, Element, Fate, Place, id};
use super::scan::{Scanner, Tag, Token};
use super::urls::{self, Use};
use crate::text::plain;

/// Elements within elements; what is deeper loses its tags, not its text.
const DEEPEST: usize = 200;

/// Formatting elements (`b`, `font`) within each other: parsers carry open ones over into each new block, so that many
/// of them multiply the text.
const DEEPEST_FORMATTING: usize = 16;

pub(super) const A: u8 = id("a");
const COLGROUP: u8 = id("colgroup");
const DD: u8 = id("dd");
const DT: u8 = id("dt");
const LI: u8 = id("li");
const P: u8 = id("p");
const RUBY: u8 = id("ruby");
const TABLE: u8 = id("table");
const TBODY: u8 = id("tbody");
const TD: u8 = id("td");
const TR: u8 = id("tr");

/// What the start of an element does not reach past when it closes another.
const CELLS: &[u8] = &[TD, id("th"), id("caption")];
const LISTS: &[u8] = &[id("ul"), id("ol"), id("menu"), TD, id("th"), id("caption")];
const TERMS: &[u8] = &[id("dl"), TD, id("th"), id("caption")];

/// An element that has been opened and not closed.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Its place in [`ELEMENTS`].
    element: u8,
    /// Neither it nor what it holds is shown.
    hidden: bool,
}

/// What the pass makes of a text.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) html: String,
    /// Tags written.
    pub(super) elements: usize,
    /// A style or `hidden` attribute took something away.
    pub(super) hid: bool,
    /// Something is shown: text, a picture, sound.
    pub(super) shows: bool,
    /// It was longer, and ends early.
    pub(super) cut: bool,
}

/// Rewrites `html`, up to `longest` bytes. `honour_hiding` drops what a style hides. Gives `None` past `most_elements`.
pub(super) fn rewrite(
    html: &str,
    base: Option<&Url>,
    honour_hiding: bool,
    most_elements: usize,
    longest: usize,
) -> Option<Rewritten> {
    let capacity = (html.len() + html.len() / 8).min(longest.saturating_add(16 * 1024));
    let mut rewriter = Rewriter {
        base,
        honour_hiding,
        longest,
        out: Rewritten { html: String::with_capacity(capacity), ..Rewritten::default() },
        stack: Vec::new(),
        open: [0; 256],
        suppressed: 0,
        too_deep: 0,
        formatting: 0,
        in_noscript: false,
        last_image: String::new(),
        after_pre: false,
        scratch: String::new(),
    };
    let mut scanner = Scanner::new(html);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(raw) => rewriter.text(raw),
            Token::Start(tag) => {
                if let Some(element) = rewriter.start(&tag) {
                    let raw = scanner.skip_raw(element.name);
                    if element.fate == Fate::Text {
                        rewriter.text(raw);
                    }
                }
            }
            Token::End(name) => rewriter.end(name.as_str()),
        }
        if rewriter.out.elements > most_elements {
            return None;
        }
        if rewriter.out.html.len() > longest {
            rewriter.end_early();
        }
        if rewriter.out.cut {
            break;
        }
    }
    while !rewriter.stack.is_empty() {
        rewriter.pop();
    }
    Some(rewriter.out)
}

pub(super) struct Rewriter<'a> {
    pub(super) base: Option<&'a Url>,
    honour_hiding: bool,
    longest: usize,
    pub(super) out: Rewritten,
    stack: Vec<Open>,
    /// How many of each element are open: most end tags that close nothing are told without a search.
    open: [u16; 256],
    /// Open elements that are hidden.
    pub(super) suppressed: usize,
    /// Open elements that were too deep to be written.
    too_deep: usize,
    formatting: usize,
    pub(super) in_noscript: bool,
    pub(super) last_image: String,
    pub(super) after_pre: bool,
    pub(super) scratch: String,
}

fn named(open: Open) -> &'static str {
    ELEMENTS[usize::from(open.element)].name
}

fn is_formatting(name: &str) -> bool {
    matches!(name, "a" | "b" | "big" | "code" | "em" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

impl Rewriter<'_> {
    fn text(&mut self, raw: &str) {
        if self.suppressed > 0 {
            return;
        }
        let (decoded, more) = bound::decoded(raw, self.longest.saturating_sub(self.out.html.len()));
        let blank = decoded.trim().is_empty();
        if !blank {
            self.enter_cell();
        } else if self.is_between_cells() {
            // Parsers move a no-break space out of the table.
            return;
        }
        self.out.shows |= !blank;
        let start = self.out.html.len();
        self.out.cut |= bound::push_text(&decoded, &mut self.out.html, self.longest, more);
        if self.after_pre {
            // Parsers drop the first line feed of a pre: without one the result reads back as it is.
            let feeds = self.out.html[start..].bytes().take_while(|b| *b == b'\n').count();
            self.out.html.replace_range(start..start + feeds, "");
            self.after_pre = self.out.html.len() == start;
        }
    }

    /// Tags alone have made it too long.
    fn end_early(&mut self) {
        if !self.out.cut && self.suppressed == 0 && !self.is_between_cells() {
            self.out.html.push('…');
        }
        self.out.cut = true;
    }

    fn current(&self) -> Option<&'static str> {
        self.stack.last().map(|open| named(*open))
    }

    pub(super) fn is_open(&self, element: u8) -> bool {
        self.open[usize::from(element)] > 0
    }

    /// Begins an element. Gives it back if its content is no markup.
    fn start(&mut self, tag: &Tag<'_>) -> Option<&'static Element> {
        let name = tag.name();
        let Some(index) = policy::element(name) else {
            self.unwrapped(name, true);
            return None;
        };
        let element = &ELEMENTS[index];
        match element.fate {
            Fate::DropRaw | Fate::Text => return Some(element),
            Fate::Embed => {
                self.embed(tag);
                return None;
            }
            Fate::Void if self.suppressed > 0 => return None,
            Fate::Keep | Fate::Void | Fate::Drop => {}
        }
        if !self.make_room(element) {
            // A part of a table without a table, a source without a medium.
            return None;
        }
        if element.fate == Fate::Void {
            self.void(element, tag);
            return None;
        }
        let formatting = is_formatting(element.name);
        let too_deep = self.stack.len() >= DEEPEST || formatting && self.formatting >= DEEPEST_FORMATTING;
        let hidden = element.fate == Fate::Drop || self.is_hidden(element.name, tag);
        // What is not shown is followed to its end somewhat deeper, but not without end.
        if too_deep && !hidden || self.stack.len() >= DEEPEST + 50 {
            self.too_deep += 1;
            return None;
        }
        let id = u8::try_from(index).unwrap_or(u8::MAX);
        self.stack.push(Open { element: id, hidden });
        self.open[index] = self.open[index].saturating_add(1);
        self.formatting += usize::from(formatting);
        if hidden {
            self.suppressed += 1;
        } else if self.suppressed == 0 {
            self.write_start(element, tag);
            self.after_pre = element.name == "pre";
        }
        None
    }

    pub(super) fn is_hidden(&mut self, name: &str, tag: &Tag<'_>) -> bool {
        let mut hidden = false;
        for (attribute, value) in tag.attributes() {
            if attribute.eq_ignore_ascii_case("class") {
                if policy::is_furniture(value) {
                    return true;
                }
            } else if attribute.eq_ignore_ascii_case("href") && name == "a" {
                let url = urls::address(&plain::decode(value), self.base, Use::Link);
                if url.is_some_and(|url| urls::is_share_link(&url)) {
                    return true;
                }
            } else if attribute.eq_ignore_ascii_case("style") {
                hidden |= policy::hides(&plain::decode(value));
            } else if attribute.eq_ignore_ascii_case("hidden") {
                hidden |= !value.eq_ignore_ascii_case("until-found");
            }
        }
        self.out.hid |= hidden;
        hidden && self.honour_hiding
    }

    fn end(&mut self, name: &str) {
        let Some(index) = policy::element(name) else {
            self.unwrapped(name, false);
            return;
        };
        if name == "p" && !self.is_open(P) || name == "br" {
            // A stray end of paragraph parts what it stands between.
            self.part();
            return;
        }
        if self.too_deep > 0 && matches!(ELEMENTS[index].fate, Fate::Keep | Fate::Drop) {
            self.too_deep -= 1;
            return;
        }
        if self.open[index] == 0 {
            return;
        }
        let table_part = ELEMENTS[index].place == Place::Table || name == "table";
        let found = self.stack.iter().rposition(|open| {
            let here = named(*open);
            here == name || is_barrier(here, name, table_part)
        });
        if let Some(at) = found.filter(|at| usize::from(self.stack[*at].element) == index) {
            self.pop_to(at);
        }
    }

    fn is_between_cells(&self) -> bool {
        self.current().is_some_and(|name| is_table_part(name) && !is_cell(name))
    }

    /// Keeps what stands here apart from what comes, where a tag that said so goes.
    fn part(&mut self) {
        if self.suppressed == 0 && !self.after_pre && !self.is_between_cells() {
            self.out.html.push('\n');
        }
    }

    /// Notes what unwrapped elements say of their surroundings.
    fn unwrapped(&mut self, name: &str, start: bool) {
        if name == "noscript" {
            self.in_noscript = start;
        }
        if policy::is_unwrapped_block(name) && self.suppressed == 0 {
            if start {
                self.close(P, CELLS);
            }
            self.part();
        }
    }

    /// Closes what the start of `element` closes, and opens what it needs. `false` where it cannot stand.
    fn make_room(&mut self, element: &Element) -> bool {
        let name = element.name;
        match name {
            "source" | "track" => {
                let medium = |open: &Open| matches!(named(*open), "audio" | "video" | "picture");
                return self.stack.iter().rev().take(3).any(medium) && !self.is_between_cells();
            }
            "caption" | "colgroup" | "tbody" | "thead" | "tfoot" => return self.close_to_table(&["table"]),
            "tr" => {
                let fits = self.close_to_table(&["table", "tbody", "thead", "tfoot"]);
                if fits && self.current() == Some("table") {
                    self.push_implied(TBODY);
                }
                return fits;
            }
            "td" | "th" => {
                let fits = self.close_to_table(&["table", "tbody", "thead", "tfoot", "tr"]);
                if fits {
                    self.imply_row();
                }
                return fits;
            }
            "col" => {
                let fits = self.close_to_table(&["table", "colgroup"]);
                if fits && self.current() == Some("table") {
                    self.push_implied(COLGROUP);
                }
                return fits;
            }
            _ => {}
        }
        self.enter_cell();
        if element.place == Place::Block {
            self.close(P, CELLS);
        }
        match name {
            "li" => self.close(LI, LISTS),
            "dd" | "dt" => {
                self.close(DD, TERMS);
                self.close(DT, TERMS);
            }
            "a" => self.close(A, CELLS),
            "rt" | "rp" if self.is_open(RUBY) => {
                while matches!(self.current(), Some("rt" | "rp" | "li" | "dd" | "dt" | "p")) {
                    self.pop();
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                if matches!(self.current(), Some("h1" | "h2" | "h3" | "h4" | "h5" | "h6")) {
                    self.pop();
                }
            }
            _ => {}
        }
        true
    }

    /// Closes the innermost `element`, unless one of `barriers` stands between.
    fn close(&mut self, element: u8, barriers: &[u8]) {
        if !self.is_open(element) {
            return;
        }
        let found =
            self.stack.iter().rposition(|open| open.element == element || barriers.contains(&open.element));
        if let Some(at) = found.filter(|at| self.stack[*at].element == element) {
            self.pop_to(at);
        }
    }

    /// Closes what is open within the innermost table down to one of `parents`. `false` without a table.
    fn close_to_table(&mut self, parents: &[&str]) -> bool {
        if !self.is_open(TABLE) {
            return false;
        }
        let Some(at) = self.stack.iter().rposition(|open| parents.contains(&named(*open))) else {
            return false;
        };
        // What is hidden keeps hiding the cells in it.
        if self.stack[at + 1..].iter().any(|open| open.hidden && !is_table_part(named(*open))) {
            return false;
        }
        self.pop_to(at + 1);
        true
    }

    /// Something that is no part of a table stands right within one: it gets a cell of its own. (Parsers put it before
    /// the table, one by one, which takes the square of the time.)
    pub(super) fn enter_cell(&mut self) {
        if let Some("table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup") = self.current() {
            if self.current() == Some("colgroup") {
                self.pop();
            }
            self.imply_row();
            self.push_implied(TD);
        }
    }

    fn imply_row(&mut self) {
        if self.current() == Some("table") {
            self.push_implied(TBODY);
        }
        if self.current() != Some("tr") {
            self.push_implied(TR);
        }
    }

    fn push_implied(&mut self, element: u8) {
        self.stack.push(Open { element, hidden: false });
        let at = usize::from(element);
        self.open[at] = self.open[at].saturating_add(1);
        if self.suppressed == 0 {
            self.out.html.push('<');
            self.out.html.push_str(ELEMENTS[at].name);
            self.out.html.push('>');
            self.out.elements += 1;
        }
    }

    fn pop_to(&mut self, length: usize) {
        while self.stack.len() > length {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        let name = named(open);
        let id = usize::from(open.element);
        self.open[id] = self.open[id].saturating_sub(1);
        self.formatting -= usize::from(is_formatting(name)).min(self.formatting);
        self.after_pre = false;
        if open.hidden {
            self.suppressed -= 1;
        } else if self.suppressed == 0 {
            self.out.html.push_str("</");
            self.out.html.push_str(name);
            self.out.html.push('>');
        }
    }
}

fn is_table_part(name: &str) -> bool {
    matches!(name, "table" | "caption" | "colgroup" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th")
}

/// An end tag does not reach past the cell or the table it stands in, one of an item not past its list.
fn is_barrier(here: &str, name: &str, table_part: bool) -> bool {
    if table_part {
        return here == "table";
    }
    is_cell(here) || here == "table" || name == "li" && matches!(here, "ul" | "ol" | "menu")
}
