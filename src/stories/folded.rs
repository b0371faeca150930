//! A text folded once for all that reads it: what it is recognised by, whether it holds another, what a search finds it by.

use std::ops::Range;

use memchr::memmem;

use super::reading::without_invitation;
use super::sketch::MAX_LETTERS;
use crate::text::compare::{Folding, What, unescape};

/// A folded text, and how far it is looked at to recognise it.
#[derive(Clone, Debug, Default)]
pub struct FoldedText {
    folding: Folding,
    /// Letters that are looked at, in bytes: none of an invitation to read on, of a very long text the beginning.
    told: usize,
}

impl FoldedText {
    /// Folds `text`.
    pub fn of(text: &str) -> Self {
        let plain = unescape(text);
        let (told, rest) = plain.split_at(without_invitation(&plain).len());
        let mut folding = Folding::default();
        folding.was_escaped = matches!(plain, std::borrow::Cow::Owned(_));
        folding.push(told);
        let told = beginning(folding.letters());
        folding.push(rest);
        Self { folding, told }
    }

    /// All of it, for a search.
    pub fn whole(&self) -> &Folding {
        &self.folding
    }

    /// What it is recognised by: letters and digits only.
    pub(crate) fn skeleton(&self) -> &[u8] {
        &self.folding.letters()[..self.told]
    }

    /// Where the sentences stand in the [skeleton](Self::skeleton); none is empty.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        let stops = self.folding.marks().iter().filter(|mark| mark.what == What::Stop);
        let ends = stops.map(|mark| mark.at as usize).take_while(|end| *end < self.told);
        for end in ends.chain([self.told]) {
            if start < end {
                sentences.push(start..end);
            }
            start = end;
        }
        sentences
    }

    /// Whether these folded letters stand in it; `None` where the text was mended first, so that its parts may have been
    /// mended differently.
    pub(crate) fn contains(&self, skeleton: &str) -> Option<bool> {
        let (letters, told) = (self.folding.letters(), skeleton.as_bytes());
        // Mostly it is the beginning.
        (!self.folding.was_escaped).then(|| letters.starts_with(told) || memmem::find(letters, told).is_some())
    }
}

/// The beginning of folded letters that is looked at, in bytes.
pub(super) fn beginning(letters: &[u8]) -> usize {
    // One more than is kept in a sketch.
    let mut left = MAX_LETTERS + 1;
    if letters.len() <= left {
        return letters.len();
    }
    for (at, byte) in letters.iter().enumerate() {
        if byte & 0xc0 != 0x80 && *byte != b'.' {
            if left == 0 {
                return at;
            }
            left -= 1;
        } else if left == 0 && *byte == b'.' {
            return at;
        }
    }
    letters.len()
}
