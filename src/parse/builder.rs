//! Takes the events of a tokenizer and builds a [`Tree`]: names resolved to modules, references to text.

use memchr::memchr;

use super::names::Ns;
use super::references::{References, reference_name};
use super::tree::{Attr, Node, Span, Tree};

/// Elements may nest this deep (feeds reach 10, XHTML inside them perhaps 50).
pub(super) const MAX_DEPTH: usize = 256;
/// Namespace declarations that may be in force at once.
const MAX_BINDINGS: usize = 128;

/// An element nests too deep.
#[derive(Debug)]
pub(super) struct TooDeep;

#[derive(Debug)]
struct Open<'a> {
    /// As written, with prefix.
    name: &'a str,
    /// Of the local name in lower case: most comparisons end here.
    hash: u32,
    structure: bool,
    index: u32,
    /// How many namespace declarations were in force outside of it.
    bindings: usize,
}

/// Takes events, gives a [`Tree`].
#[derive(Debug)]
pub(super) struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    bindings: Vec<(&'a str, Option<Ns>)>,
    /// What `&name;` stands for.
    pub(super) references: References<'a>,
    /// A prefix that nothing declares, or whose URI nobody knows, was taken for what it means by custom.
    pub(super) undeclared: Option<&'a str>,
    /// Something but white space stands outside of the document's element.
    pub(super) text_outside: bool,
    /// The last node is text of the innermost open element: more text may be joined to it.
    in_text: bool,
}

impl<'a> Builder<'a> {
    /// A builder for a document. `source` must be shorter than 4 GiB.
    pub(super) fn new(source: &'a str) -> Self {
        let nodes = Vec::with_capacity(source.len() / 64);
        Self {
            tree: Tree { source, owned: String::new(), nodes, attrs: Vec::new(), dialects: Vec::new() },
            open: Vec::new(),
            bindings: Vec::new(),
            references: References::default(),
            undeclared: None,
            text_outside: false,
            in_text: false,
        }
    }

    /// The tree; closes what is still open.
    pub(super) fn finish(mut self) -> Tree<'a> {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The name (with prefix) of the innermost open element.
    pub(super) fn innermost(&self) -> Option<&'a str> {
        self.open.last().map(|open| open.name)
    }

    /// How many open elements stand inside of the innermost one that holds other elements of a feed.
    pub(super) fn above_structure(&self) -> usize {
        self.open.iter().rev().position(|open| open.structure).unwrap_or(0)
    }

    /// How many open elements there are up to and including the innermost entry.
    pub(super) fn up_to_entry(&self) -> Option<usize> {
        self.open
            .iter()
            .rev()
            .position(|open| open.structure && is_entry(split(open.name).1))
            .map(|up| up + 1)
    }

    /// How many open elements an end tag closes; 0 where it belongs to none. Only the end tag of an element
    /// that holds others reaches past such elements.
    pub(super) fn closed_by(&self, end_tag: &str) -> usize {
        let local = split(end_tag).1;
        let (hash, reaches) = (hash(local), is_structure(local));
        for (up, open) in self.open.iter().rev().enumerate() {
            if open.hash == hash && split(open.name).1.eq_ignore_ascii_case(local) {
                return up + 1;
            }
            if open.structure && !reaches {
                return 0;
            }
        }
        0
    }

    fn span(&self, slice: &'a str) -> Span {
        // Slices of the source are found again by their address; no pointer is ever followed.
        let start = (slice.as_ptr() as usize).wrapping_sub(self.tree.source.as_ptr() as usize);
        if start + slice.len() <= self.tree.source.len() {
            Span { start: start as u32, len: slice.len() as u32, owned: false }
        } else {
            debug_assert!(slice.is_empty(), "only slices of the source");
            Span { start: 0, len: 0, owned: false }
        }
    }

    /// Opens an element. `name` is written with its prefix; `attrs` is all that follows in the tag.
    /// Gives `false` where the attributes are not well-formed.
    pub(super) fn start(&mut self, name: &'a str, attrs: &'a str) -> Result<bool, TooDeep> {
        if self.open.len() >= MAX_DEPTH {
            return Err(TooDeep);
        }
        let outside = self.bindings.len();
        let first_attr = self.tree.attrs.len();
        let well_formed = self.attributes(attrs);
        let (prefix, local) = split(name);
        let ns = self.resolve(prefix);
        for i in first_attr..self.tree.attrs.len() {
            let raw_span = self.tree.attrs[i].name;
            let raw = &self.tree.source[raw_span.start as usize..(raw_span.start + raw_span.len) as usize];
            if let (prefix @ 1.., local) = (raw.find(':').unwrap_or(0), raw) {
                let ns = self.resolve(&local[..prefix]);
                let name = Span {
                    start: raw_span.start + prefix as u32 + 1,
                    len: raw_span.len - prefix as u32 - 1,
                    owned: false,
                };
                self.tree.attrs[i] = Attr { ns, name, ..self.tree.attrs[i] };
            }
        }
        let local_span = self.span(local);
        let index = self.tree.nodes.len() as u32;
        self.tree.nodes.push(Node::Element {
            name_start: local_span.start,
            name_len: u16::try_from(local_span.len).unwrap_or(0),
            ns,
            attrs: first_attr as u32,
            attr_count: (self.tree.attrs.len() - first_attr) as u32,
            end: index + 1,
        });
        self.open.push(Open {
            name,
            hash: hash(local),
            structure: is_structure(local),
            index,
            bindings: outside,
        });
        self.in_text = false;
        Ok(well_formed)
    }

    /// Closes the innermost open element.
    pub(super) fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            let now = self.tree.nodes.len() as u32;
            if let Some(Node::Element { end, .. }) = self.tree.nodes.get_mut(open.index as usize) {
                *end = now;
            }
            self.bindings.truncate(open.bindings);
            self.in_text = false;
        }
    }

    /// Closes the innermost open element, whose end tag is missing. Where it is none that `holds` what follows it, its
    /// children become its siblings: `<odd:flag><link>` is a flag and a link.
    pub(super) fn close_unended(&mut self, holds: fn(&str) -> bool) {
        let in_structure = self.open.iter().nth_back(1).is_some_and(|parent| parent.structure);
        if let Some(open) = self.open.last()
            && in_structure
            && !open.structure
            && !holds(open.name)
        {
            let index = open.index;
            self.close();
            if let Some(Node::Element { end, .. }) = self.tree.nodes.get_mut(index as usize) {
                *end = index + 1;
            }
        } else {
            self.close();
        }
    }

    /// Adds text as it stands: no references in it.
    pub(super) fn text(&mut self, text: &'a str) {
        if text.is_empty() {
            return;
        }
        if self.open.is_empty() {
            self.text_outside |= !text.trim().is_empty();
            return;
        }
        let span = self.span(text);
        match self.tree.nodes.last_mut() {
            Some(Node::Text(last)) if self.in_text && !last.owned && last.start + last.len == span.start => {
                last.len += span.len;
            }
            Some(Node::Text(last)) if self.in_text && last.owned => self.owned_text(text),
            _ => self.tree.nodes.push(Node::Text(span)),
        }
        self.in_text = true;
    }

    /// Adds text that is not in the source.
    fn owned_text(&mut self, text: &str) {
        if self.open.is_empty() {
            self.text_outside = true;
            return;
        }
        let owned = &mut self.tree.owned;
        let start = owned.len() as u32;
        owned.push_str(text);
        match self.tree.nodes.last_mut() {
            Some(Node::Text(last)) if self.in_text && last.owned && last.start + last.len == start => {
                last.len += text.len() as u32;
            }
            _ => self.tree.nodes.push(Node::Text(Span { start, len: text.len() as u32, owned: true })),
        }
        self.in_text = true;
    }

    /// Adds what the reference `&name;` stands for.
    pub(super) fn reference(&mut self, name: &str) {
        let mut text = String::new();
        self.references.resolve(name, &mut text);
        if !text.is_empty() {
            self.owned_text(&text);
        }
    }

    /// Adds text whose references are all well-formed. Gives `false`, and adds nothing, where one is not.
    pub(super) fn sound_text(&mut self, text: &'a str) -> bool {
        let mut rest = text;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            rest = &rest[at..];
            let length = predefined(rest).map(|(length, _)| length);
            let Some(length) = length.or_else(|| reference_name(rest).map(|name| name.len() + 2)) else {
                return false;
            };
            rest = &rest[length..];
        }
        self.raw_text(text)
    }

    /// Adds text with references in it, such as they are. Gives `false` where a `&` stands bare.
    pub(super) fn raw_text(&mut self, raw: &'a str) -> bool {
        let mut rest = raw;
        let mut clean = true;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            self.text(&rest[..at]);
            rest = &rest[at..];
            if let Some((length, text)) = predefined(rest) {
                self.owned_text(text);
                rest = &rest[length..];
                continue;
            }
            match reference_name(rest) {
                Some(name) => {
                    self.reference(name);
                    rest = &rest[name.len() + 2..];
                }
                None => {
                    clean = false;
                    self.text(&rest[..1]);
                    rest = &rest[1..];
                }
            }
        }
        self.text(rest);
        clean
    }

    fn attr_value(&mut self, raw: &'a str) -> (Span, bool) {
        if !raw.contains('&') {
            return (self.span(raw), true);
        }
        let (value, clean) = self.references.unescape(raw);
        let start = self.tree.owned.len() as u32;
        self.tree.owned.push_str(&value);
        (Span { start, len: value.len() as u32, owned: true }, clean)
    }

    fn attributes(&mut self, attrs: &'a str) -> bool {
        let mut well_formed = true;
        let mut rest = attrs.trim_ascii_start();
        while !rest.is_empty() {
            let name_len =
                rest.find(|c: char| c == '=' || c.is_ascii_whitespace() || c == '/').unwrap_or(rest.len());
            let name = &rest[..name_len];
            if name.is_empty() {
                // A lone `/` or `=`.
                well_formed = false;
                rest = rest[1..].trim_ascii_start();
                continue;
            }
            rest = rest[name_len..].trim_ascii_start();
            let mut raw = &name[..0];
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_ascii_start();
                let (value, tail, clean) = attribute_value(after);
                raw = value;
                well_formed &= clean;
                rest = tail;
            } else {
                well_formed = false;
            }
            if name == "xmlns" || name.starts_with("xmlns:") {
                let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
                if self.bindings.len() < MAX_BINDINGS {
                    let (uri, _) = self.references.unescape(raw);
                    self.bindings.push((prefix, Ns::from_uri(&uri)));
                    let dialect = Ns::dialect(&uri).filter(|dialect| !self.tree.dialects.contains(dialect));
                    self.tree.dialects.extend(dialect);
                }
            } else {
                let (value, clean) = self.attr_value(raw);
                well_formed &= clean;
                let name = self.span(name);
                self.tree.attrs.push(Attr { ns: Ns::Core, name, value });
            }
            let trimmed = rest.trim_ascii_start();
            well_formed &= trimmed.is_empty() || trimmed.len() < rest.len();
            rest = trimmed;
        }
        well_formed
    }

    fn resolve(&mut self, prefix: &'a str) -> Ns {
        match self.bindings.iter().rev().find(|(bound, _)| *bound == prefix) {
            Some((_, Some(ns))) => return *ns,
            Some((_, None)) if !prefix.is_empty() => {}
            // A default namespace that nobody knows: read as if it were none.
            Some((_, None)) => return Ns::Core,
            None if prefix.is_empty() => return Ns::Core,
            None if prefix == "xml" => return Ns::Xml,
            None => self.undeclared = self.undeclared.or(Some(prefix)),
        }
        Ns::from_prefix(prefix).unwrap_or(Ns::Other)
    }
}

/// The reference to one of XML's own entities that `text` begins with: how long it is, and what it stands for.
fn predefined(text: &str) -> Option<(usize, &'static str)> {
    Some(match text.as_bytes() {
        [b'&', b'l', b't', b';', ..] => (4, "<"),
        [b'&', b'g', b't', b';', ..] => (4, ">"),
        [b'&', b'a', b'm', b'p', b';', ..] => (5, "&"),
        [b'&', b'q', b'u', b'o', b't', b';', ..] => (6, "\""),
        [b'&', b'a', b'p', b'o', b's', b';', ..] => (6, "'"),
        _ => return None,
    })
}

/// Prefix and local name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// FNV-1a of a name in lower case.
fn hash(name: &str) -> u32 {
    name.bytes()
        .fold(0x811C_9DC5, |hash, b| (hash ^ u32::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

fn is_entry(local: &str) -> bool {
    local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
}

/// Is it what holds the other elements of a feed?
fn is_structure(local: &str) -> bool {
    let names = ["rss", "rdf", "feed", "channel", "items"];
    is_entry(local) || names.iter().any(|name| local.eq_ignore_ascii_case(name))
}

/// The value at the start of `text`, what follows, and whether it is well-formed.
fn attribute_value(text: &str) -> (&str, &str, bool) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return match inner.find(quote) {
                Some(end) => (&inner[..end], &inner[end + 1..], !inner[..end].contains('<')),
                None => (inner, "", false),
            };
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
    (&text[..end], &text[end..], false)
}
