//! Entries that are taken over from the Atom document that stood there before.

use std::collections::HashMap;

/// The entries of an Atom document, by the ids of their stories.
#[derive(Debug)]
pub struct Entries<'d>(HashMap<&'d str, Kept<'d>>);

/// An entry as it stands in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept<'d> {
    /// From `<entry` to `</entry>`.
    pub(super) text: &'d str,
    /// It needs the name space of Media RSS.
    pub(super) has_image: bool,
}

impl<'d> Entries<'d> {
    /// The entries of a document that [`super::atom`] wrote: there, `<` stands for nothing but the beginning of a tag.
    pub fn of(document: &'d str) -> Self {
        let mut entries = HashMap::new();
        let mut open: Option<usize> = None;
        let (mut id, mut has_image) = (None, false);
        for (at, _) in document.match_indices('<') {
            let tag = &document[at..];
            if tag.starts_with("<entry>") || tag.starts_with("<entry ") {
                (open, id, has_image) = (Some(at), None, false);
            } else if tag.starts_with("<media:thumbnail ") {
                has_image = true;
            } else if let Some(rest) = tag.strip_prefix("<id>") {
                // Those after it are of the entry's source.
                id = id.or_else(|| Some(&rest[..rest.find('<')?]));
            } else if tag.starts_with("</entry>")
                && let (Some(from), Some(id)) = (open.take(), id)
            {
                let text = &document[from..at + "</entry>".len()];
                entries.insert(id, Kept { text, has_image });
            }
        }
        Self(entries)
    }

    /// The entry of a story.
    pub fn get(&self, id: &str) -> Option<Kept<'d>> {
        self.0.get(id).copied()
    }
}
