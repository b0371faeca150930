//! Any markup as markup that nests: the pass before the sanitiser proper.
//!
//! It does what needs our own judgement (absolute addresses, trackers, share buttons, embedded films) and what keeps
//! the parser behind it fast: elements nest properly, at most [`DEEPEST`] deep, with few attributes. Parsers of HTML
//! repair bad nesting by moving and copying elements, and hostile text makes that cost the square of its length, or
//! more; here everything is linear. Safety does not rest on this pass: ammonia comes after it.

use url::Url;

use super::policy::{self, ELEMENTS, Element, Fate, Place, Use, id};
use super::scan::{Scanner, Tag, Token};
use crate::text::plain;

/// Elements within elements; what is deeper loses its tags, not its text.
const DEEPEST: usize = 200;

/// Formatting elements (`b`, `font`) within each other: parsers carry open ones over into each new block, so that many
/// of them multiply the text.
const DEEPEST_FORMATTING: usize = 16;

const A: u8 = id("a");
const COLGROUP: u8 = id("colgroup");
const DD: u8 = id("dd");
const DT: u8 = id("dt");
const LI: u8 = id("li");
const P: u8 = id("p");
const RP: u8 = id("rp");
const RT: u8 = id("rt");
const TABLE: u8 = id("table");
const TBODY: u8 = id("tbody");
const TD: u8 = id("td");
const TR: u8 = id("tr");

/// What the start of an element does not reach past when it closes another.
const CELLS: &[u8] = &[TD, id("th"), id("caption")];
const LISTS: &[u8] = &[id("ul"), id("ol"), id("menu"), TD, id("th"), id("caption")];
const TERMS: &[u8] = &[id("dl"), TD, id("th"), id("caption")];
const RUBIES: &[u8] = &[id("ruby"), TD, id("th"), id("caption")];

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
}

/// Rewrites `html`. `honour_hiding` drops what a style hides. Gives `None` past `most_elements`.
pub(super) fn rewrite(
    html: &str,
    base: Option<&Url>,
    honour_hiding: bool,
    most_elements: usize,
) -> Option<Rewritten> {
    let mut rewriter = Rewriter {
        base,
        honour_hiding,
        out: Rewritten { html: String::with_capacity(html.len() + html.len() / 8), ..Rewritten::default() },
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
                if let Some(raw) = rewriter.start(&tag) {
                    scanner.skip_raw(raw);
                }
            }
            Token::End(name) => rewriter.end(name.as_str()),
        }
        if rewriter.out.elements > most_elements {
            return None;
        }
    }
    while !rewriter.stack.is_empty() {
        rewriter.pop();
    }
    Some(rewriter.out)
}

struct Rewriter<'a> {
    base: Option<&'a Url>,
    honour_hiding: bool,
    out: Rewritten,
    stack: Vec<Open>,
    /// How many of each element are open: most end tags that close nothing are told without a search.
    open: [u16; 256],
    /// Open elements that are hidden.
    suppressed: usize,
    /// Open elements that were too deep to be written.
    too_deep: usize,
    formatting: usize,
    in_noscript: bool,
    last_image: String,
    after_pre: bool,
    scratch: String,
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
        let mut decoded = &*plain::decode(raw);
        let blank = decoded.trim().is_empty();
        if !blank {
            self.enter_cell();
        } else if self.current().is_some_and(|name| name == "colgroup") {
            return;
        }
        if self.after_pre {
            // Parsers drop the first line feed of a pre: without one the result reads back as it is.
            decoded = decoded.trim_start_matches(['\n', '\r']);
            self.after_pre = decoded.is_empty();
        }
        self.out.shows |= !blank;
        push_text(decoded, &mut self.out.html);
    }

    fn current(&self) -> Option<&'static str> {
        self.stack.last().map(|open| named(*open))
    }

    fn is_open(&self, element: u8) -> bool {
        self.open[usize::from(element)] > 0
    }

    /// Begins an element. Gives the name of a raw text element whose content is to be passed over.
    fn start(&mut self, tag: &Tag<'_>) -> Option<&'static str> {
        let name = tag.name();
        let Some(index) = policy::element(name) else {
            self.unwrapped(name, true);
            return None;
        };
        let element = &ELEMENTS[index];
        match element.fate {
            Fate::DropRaw => return Some(element.name),
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
        // What is not shown must be followed to its end, however deep it stands: it is counted, not written.
        if too_deep && !hidden {
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

    fn is_hidden(&mut self, name: &str, tag: &Tag<'_>) -> bool {
        let mut hidden = false;
        for (attribute, value) in tag.attributes() {
            if attribute.eq_ignore_ascii_case("class") {
                if policy::is_furniture(value) {
                    return true;
                }
            } else if attribute.eq_ignore_ascii_case("href") && name == "a" {
                let url = policy::address(&plain::decode(value), self.base, Use::Link);
                if url.is_some_and(|url| policy::is_share_link(&url)) {
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
            if self.suppressed == 0 && (name == "br" || self.too_deep == 0) {
                self.out.html.push(if name == "br" { ' ' } else { '\n' });
            }
            return;
        }
        if self.too_deep > 0 && ELEMENTS[index].fate == Fate::Keep {
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

    /// Notes what unwrapped elements say of their surroundings.
    fn unwrapped(&mut self, name: &str, start: bool) {
        if name == "noscript" {
            self.in_noscript = start;
        }
        if policy::is_unwrapped_block(name) && self.suppressed == 0 {
            if start {
                self.close(P, CELLS);
            }
            if !self.current().is_some_and(|name| is_table_part(name) && !is_cell(name)) {
                self.out.html.push('\n');
            }
        }
    }

    /// Closes what the start of `element` closes, and opens what it needs. `false` where it cannot stand.
    fn make_room(&mut self, element: &Element) -> bool {
        let name = element.name;
        match name {
            "source" | "track" => {
                return self
                    .stack
                    .iter()
                    .rev()
                    .take(3)
                    .any(|open| matches!(named(*open), "audio" | "video" | "picture"));
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
            "rt" | "rp" => {
                self.close(RT, RUBIES);
                self.close(RP, RUBIES);
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
    fn enter_cell(&mut self) {
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

    /// Writes an element without content.
    fn void(&mut self, element: &Element, tag: &Tag<'_>) {
        if element.name == "img" && (self.is_hidden("img", tag) || !self.write_image(element, tag)) {
            return;
        }
        self.after_pre = false;
        self.out.shows |= element.name == "img";
        if element.name != "img" {
            self.write_start(element, tag);
        }
    }

    /// Writes a picture, unless it is no picture (a counter of readers), or the one before once more.
    fn write_image(&mut self, element: &Element, tag: &Tag<'_>) -> bool {
        let get =
            |name: &str| tag.attribute(name).map(plain::decode).filter(|value| !value.trim().is_empty());
        let tiny = |name: &str| {
            get(name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"))
        };
        if tiny("width") && tiny("height") {
            return false;
        }
        let mut source = get("src").and_then(|src| policy::address(&src, self.base, Use::Load));
        let placeholder = source.as_deref().is_none_or(|src| {
            let file = src.rsplit('/').next().unwrap_or("");
            ["blank.", "spacer.", "placeholder.", "lazy", "1x1", "transparent."]
                .iter()
                .any(|p| file.starts_with(p))
        });
        if placeholder {
            // Pictures that a script loads when they come into view.
            let lazy = ["data-src", "data-lazy-src", "data-original", "data-orig-file", "data-lazy"]
                .iter()
                .find_map(|name| get(name).and_then(|src| policy::address(&src, self.base, Use::Load)));
            source = lazy.or(source);
        }
        let set = get("srcset")
            .and_then(|set| policy::sources(&set, self.base))
            .or_else(|| get("data-srcset").and_then(|set| policy::sources(&set, self.base)));
        if source.as_deref().is_some_and(policy::is_tracker) {
            return false;
        }
        let described = get("alt").is_some() || get("title").is_some();
        if source.is_none() && set.is_none() && (!described || tag.attribute("src").is_some()) {
            return false;
        }
        let this = source.clone().or_else(|| set.clone()).unwrap_or_default();
        if self.in_noscript && !this.is_empty() && this == self.last_image {
            return false;
        }
        self.last_image = this;
        self.out.html.push_str("<img");
        if let Some(source) = source {
            self.write_attribute("src", &source);
        }
        if let Some(set) = set {
            self.write_attribute("srcset", &set);
        }
        self.write_attributes(element, tag, &["src", "srcset"]);
        self.out.html.push('>');
        self.out.elements += 1;
        true
    }

    /// A link to what an `iframe` or `embed` shows.
    fn embed(&mut self, tag: &Tag<'_>) {
        if self.suppressed > 0 || self.is_open(A) || self.is_hidden(tag.name(), tag) {
            return;
        }
        let source = ["src", "data-src", "data-lazy-src"]
            .iter()
            .find_map(|name| policy::address(&plain::decode(tag.attribute(name)?), self.base, Use::Load));
        let title =
            tag.attribute("title").map(|title| plain::clean(&plain::decode(title))).filter(|t| !t.is_empty());
        let titled = title.is_some() || tag.attribute("allowfullscreen").is_some();
        let Some(url) = source.and_then(|source| policy::embedded(&source, titled)) else { return };
        self.enter_cell();
        self.out.html.push_str("<a");
        self.write_attribute("href", &url);
        self.out.html.push('>');
        push_text(title.as_deref().unwrap_or(policy::site(&url)), &mut self.out.html);
        self.out.html.push_str("</a>");
        self.out.elements += 1;
        self.out.shows = true;
    }

    fn write_start(&mut self, element: &Element, tag: &Tag<'_>) {
        self.out.html.push('<');
        self.out.html.push_str(element.name);
        self.write_attributes(element, tag, &[]);
        if matches!(element.name, "audio" | "video") && tag.attribute("controls").is_none() {
            // Without the page's script no one could start it.
            self.out.html.push_str(" controls=\"\"");
        }
        self.out.html.push('>');
        self.out.elements += 1;
        self.out.shows |= matches!(element.name, "audio" | "video");
    }

    fn write_attributes(&mut self, element: &Element, tag: &Tag<'_>, done: &[&str]) {
        let mut written: Vec<&str> = Vec::new();
        for (name, raw) in tag.attributes() {
            let allowed = element.attributes.iter().chain(policy::GENERIC).find(|known| {
                name.eq_ignore_ascii_case(known) || **known == "lang" && name.eq_ignore_ascii_case("xml:lang")
            });
            let Some(&known) = allowed else { continue };
            if written.contains(&known) || done.contains(&known) {
                continue;
            }
            written.push(known);
            let value = plain::decode(raw);
            if let Some(value) = self.value(element.name, known, &value) {
                self.write_attribute(known, &value);
            }
        }
    }

    /// The value that an attribute may have.
    fn value(&self, element: &str, name: &str, value: &str) -> Option<String> {
        let word = |most: usize| {
            let value = value.trim();
            let fits = value.len() <= most
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' '));
            fits.then(|| value.to_ascii_lowercase())
        };
        match (element, name) {
            ("a", "href") => policy::address(value, self.base, Use::Link),
            (_, "cite") => {
                policy::address(value, self.base, Use::Link).filter(|url| !url.starts_with("mailto:"))
            }
            (_, "src" | "poster") => policy::address(value, self.base, Use::Load),
            (_, "srcset") => policy::sources(value, self.base),
            (_, "width" | "height" | "border") => policy::size(value),
            (_, "colspan" | "rowspan" | "span") => Some(value.trim())
                .filter(|v| (1..=3).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_digit()))
                .map(str::to_owned),
            (_, "start" | "value") if matches!(element, "ol" | "li") => {
                value.trim().parse::<i32>().ok().map(|n| n.to_string())
            }
            (_, "dir") => Some(word(4)?).filter(|v| matches!(v.as_str(), "ltr" | "rtl" | "auto")),
            (_, "align" | "valign" | "scope" | "kind" | "preload") => word(16),
            (_, "controls" | "loop" | "muted" | "open" | "reversed" | "default") => Some(String::new()),
            (_, "class") => {
                // The language of a program, by which readers colour it.
                value
                    .split_ascii_whitespace()
                    .find(|class| class.starts_with("language-") || class.starts_with("lang-"))
                    .filter(|class| class.len() < 40 && class.bytes().all(|b| b.is_ascii_graphic()))
                    .map(str::to_owned)
            }
            _ => Some(value.to_owned()),
        }
    }

    fn write_attribute(&mut self, name: &str, value: &str) {
        let out = &mut self.out.html;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        self.scratch.clear();
        push_text(value, &mut self.scratch);
        for c in self.scratch.chars() {
            if c == '"' { out.push_str("&quot;") } else { out.push(c) }
        }
        out.push('"');
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

/// Writes text as HTML: what must not be in it dropped, what means markup escaped. Bidi controls stay where they are
/// balanced: otherwise they would turn around what stands behind.
pub(super) fn push_text(text: &str, out: &mut String) {
    let needs_nothing =
        |b: u8| (b' '..0x7f).contains(&b) && !matches!(b, b'&' | b'<' | b'>') || matches!(b, b'\t' | b'\n');
    if text.bytes().all(needs_nothing) {
        out.push_str(text);
        return;
    }
    let keep_bidi = is_balanced(text);
    let mut previous = ' ';
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' if previous == '\r' => {}
            '\r' | '\u{85}' => out.push('\n'),
            '\u{202d}' | '\u{202e}' => {}
            _ if plain::is_forbidden(c) || !keep_bidi && plain::is_bidi_control(c) => {}
            _ => out.push(c),
        }
        previous = c;
    }
}

/// Each embedding and isolate is closed, in order; overrides, which no writer needs, are none.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202d}' | '\u{202e}' => return false,
            '\u{202c}' | '\u{2069}' if open.pop() != Some(c) => return false,
            _ => {}
        }
        if open.len() > 8 {
            return false;
        }
    }
    open.is_empty()
}
