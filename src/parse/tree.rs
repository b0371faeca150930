//! A document as a flat array of elements and texts, built from events of the strict or the repairing
//! tokenizer.
//!
//! Nodes stand in document order, an element knows where its subtree ends: 24 bytes a node, texts are
//! slices of the source unless a reference in them had to be resolved. That keeps memory at a small
//! multiple of the document whatever it holds.

use std::borrow::Cow;

use super::names::Ns;
use crate::model::FeedFormat;

/// A piece of text: in the source, or in [`Tree::owned`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) owned: bool,
}

/// An element, with the place after its subtree, or a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Element { name_start: u32, name_len: u16, ns: Ns, attrs: u32, attr_count: u32, end: u32 },
    Text(Span),
}

/// An attribute; declarations of namespaces are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attr {
    pub(super) ns: Ns,
    pub(super) name: Span,
    pub(super) value: Span,
}

/// The document.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) source: &'a str,
    pub(super) owned: String,
    pub(super) nodes: Vec<Node>,
    pub(super) attrs: Vec<Attr>,
    /// The dialects that its namespaces give away, first found first.
    pub(super) dialects: Vec<FeedFormat>,
}

impl<'a> Tree<'a> {
    fn str(&self, span: Span) -> &str {
        let text = if span.owned { self.owned.as_str() } else { self.source };
        &text[span.start as usize..(span.start + span.len) as usize]
    }

    /// The elements at the top: one in a well-formed document.
    pub(super) fn top(&self) -> Children<'_> {
        Children { tree: self, next: 0, end: self.nodes.len() as u32 }
    }

    /// Every element, in document order.
    pub(super) fn elements(&self) -> impl Iterator<Item = El<'_>> {
        (0..self.nodes.len() as u32).filter_map(|index| self.element(index))
    }

    fn element(&self, index: u32) -> Option<El<'_>> {
        match self.nodes.get(index as usize) {
            Some(Node::Element { .. }) => Some(El { tree: self, index }),
            _ => None,
        }
    }
}

/// One element: a cheap handle.
#[derive(Clone, Copy, Debug)]
pub(super) struct El<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

/// A child: an element or a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Child<'t> {
    /// An element.
    Element(El<'t>),
    /// A text, references resolved.
    Text(&'t str),
}

impl<'t> El<'t> {
    fn parts(self) -> (&'t str, Ns, u32, u32, u32) {
        match self.tree.nodes[self.index as usize] {
            Node::Element { name_start, name_len, ns, attrs, attr_count, end } => {
                let start = name_start as usize;
                (&self.tree.source[start..start + name_len as usize], ns, attrs, attr_count, end)
            }
            Node::Text(_) => ("", Ns::Other, 0, 0, self.index + 1),
        }
    }

    /// The module that the element is of.
    pub(super) fn ns(self) -> Ns {
        self.parts().1
    }

    /// The local name in lower case: RSS 0.91 feeds and CDF are found in capitals, too.
    pub(super) fn name(self) -> Cow<'t, str> {
        lower(self.parts().0)
    }

    /// Is it this element of RSS or Atom?
    pub(super) fn is_core(self, name: &str) -> bool {
        let (raw, ns, ..) = self.parts();
        ns.is_core() && raw.eq_ignore_ascii_case(name)
    }

    /// Where in the document it starts: larger is later.
    pub(super) fn position(self) -> u32 {
        self.index
    }

    /// Where its subtree ends, as a [`position`](Self::position).
    pub(super) fn end(self) -> u32 {
        self.parts().4
    }

    /// The attributes: module, name as written, value.
    pub(super) fn attrs(self) -> impl Iterator<Item = (Ns, &'t str, &'t str)> {
        let (_, _, attrs, count, _) = self.parts();
        let tree = self.tree;
        tree.attrs[attrs as usize..(attrs + count) as usize]
            .iter()
            .map(move |attr| (attr.ns, tree.str(attr.name), tree.str(attr.value)))
    }

    /// The value of the attribute of no namespace that is called `name`, trimmed; empty is absent.
    pub(super) fn attr(self, name: &str) -> Option<&'t str> {
        self.attr_ns(Ns::Core, name)
    }

    /// The value of an attribute of a module.
    pub(super) fn attr_ns(self, ns: Ns, name: &str) -> Option<&'t str> {
        self.attrs()
            .find(|(n, key, _)| *n == ns && key.eq_ignore_ascii_case(name))
            .map(|(_, _, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Has it any attribute?
    pub(super) fn has_attrs(self) -> bool {
        self.parts().3 > 0
    }

    /// The child elements.
    pub(super) fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.index + 1, end: self.end() }
    }

    /// The child elements and texts.
    pub(super) fn content(self) -> Content<'t> {
        Content(self.children())
    }

    /// Is there an element in it?
    pub(super) fn has_children(self) -> bool {
        self.children().next().is_some()
    }

    /// The first child of RSS or Atom of this name.
    pub(super) fn child(self, name: &str) -> Option<El<'t>> {
        self.children().find(|child| child.is_core(name))
    }

    /// All text in it and below, [mended](mend).
    pub(super) fn text(self) -> Cow<'t, str> {
        mend(self.joined_text())
    }

    fn joined_text(self) -> Cow<'t, str> {
        let nodes = &self.tree.nodes[self.index as usize + 1..self.end() as usize];
        let texts = nodes.iter().filter_map(|node| match node {
            Node::Text(span) => Some(self.tree.str(*span)),
            Node::Element { .. } => None,
        });
        let texts = texts.filter(|text| !text.is_empty());
        let mut rest = texts.clone();
        let (Some(first), second) = (rest.next(), rest.next()) else { return Cow::Borrowed("") };
        if second.is_none() {
            return Cow::Borrowed(first);
        }
        let mut all = String::with_capacity(texts.clone().map(str::len).sum());
        texts.for_each(|text| all.push_str(text));
        Cow::Owned(all)
    }
}

/// The element children of an element.
#[derive(Clone, Debug)]
pub(super) struct Children<'t> {
    tree: &'t Tree<'t>,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = El<'t>;

    fn next(&mut self) -> Option<El<'t>> {
        while self.next < self.end {
            let index = self.next;
            match self.tree.nodes[index as usize] {
                Node::Element { end, .. } => {
                    self.next = end;
                    return Some(El { tree: self.tree, index });
                }
                Node::Text(_) => self.next += 1,
            }
        }
        None
    }
}

/// All children of an element.
#[derive(Clone, Debug)]
pub(super) struct Content<'t>(Children<'t>);

impl<'t> Iterator for Content<'t> {
    type Item = Child<'t>;

    fn next(&mut self) -> Option<Child<'t>> {
        let children = &mut self.0;
        if children.next >= children.end {
            return None;
        }
        let index = children.next;
        match children.tree.nodes[index as usize] {
            Node::Element { end, .. } => {
                children.next = end;
                Some(Child::Element(El { tree: children.tree, index }))
            }
            Node::Text(span) => {
                children.next += 1;
                Some(Child::Text(children.tree.str(span)))
            }
        }
    }
}

/// Lower case, without a copy where it already is.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Undoes a common accident: UTF-8 that somebody took for windows-1252 and encoded once more ("Ã¤" for
/// "ä"). Only a text that is wholly of that kind is touched.
pub(super) fn mend(text: Cow<'_, str>) -> Cow<'_, str> {
    // Cheap for everybody else: a lead byte of UTF-8 in such dress is one of U+00C2 to U+00F4.
    let bytes = text.as_bytes();
    let dressed = |at: usize| bytes.get(at + 1).is_some_and(|next| (0x82..=0xB4).contains(next));
    if !memchr::memchr_iter(0xC3, bytes).any(dressed) {
        return text;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let byte = match u8::try_from(c) {
            Ok(byte) => Some(byte),
            Err(_) => {
                html5ever::data::C1_REPLACEMENTS.iter().position(|r| *r == Some(c)).map(|i| 0x80 + i as u8)
            }
        };
        match byte {
            Some(byte) => bytes.push(byte),
            None => return text,
        }
    }
    String::from_utf8(bytes).map_or(text, Cow::Owned)
}
