//! How many letters of a text run each way.

use crate::model::Direction;
use crate::text::letters::is_letter;

/// How many letters run each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    pub(super) ltr: usize,
    pub(super) rtl: usize,
}

/// Whether a character is a letter, or a mark on one, that runs from right to left.
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{65f}' | '\u{66e}'..='\u{6ef}' | '\u{6fa}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && !matches!(c, '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}')
}

/// Whether a byte begins a character of U+0600–U+06FF: nearly all of a Persian or an Arabic text, two bytes each.
fn is_arabic(byte: u8) -> bool {
    byte & 0xfc == 0xd8
}

/// Whether two bytes are a character of U+0600–U+06FF that is not [`is_rtl`]: punctuation, figures.
fn is_neutral(lead: u8, low: u8) -> bool {
    let within = |from: u8, to: u8| low.wrapping_sub(from) <= to - from;
    ((lead == 0xd8) & ((low == 0x8c) | (low == 0x9b) | (low == 0x9f)))
        | ((lead == 0xd9) & within(0xa0, 0xad))
        | ((lead == 0xdb) & ((low == 0x94) | within(0xb0, 0xb9)))
}

/// Bytes that are looked at together.
const BLOCK: usize = 32;

impl Letters {
    /// Adds those of a text of HTML.
    pub(super) fn count(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // Of what is counted in blocks each byte has one before it.
        let mut at = self.count_some(text, 0, bytes.len().min(1));
        while let Some(block) = bytes[at..].first_chunk()
            && let Some(before) = bytes[at - 1..].first_chunk()
        {
            at = match count_block(block, before) {
                Some((ltr, rtl, neutral)) => {
                    self.ltr += usize::from(ltr);
                    self.rtl += usize::from(rtl);
                    // The first of them may have been counted with the block before.
                    self.rtl -= usize::from(neutral);
                    at + BLOCK
                }
                None => self.count_some(text, at, at + BLOCK),
            };
        }
        self.count_some(text, at, bytes.len());
    }

    /// Adds those that begin between two bytes. Gives where the next one begins.
    fn count_some(&mut self, text: &str, from: usize, to: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = from;
        while !text.is_char_boundary(at) {
            self.rtl -= usize::from(is_neutral(bytes[at - 1], bytes[at]));
            at += 1;
        }
        while at < to {
            if bytes[at] == b'&' {
                // A character reference is no letter of the text.
                at += 1;
                if let Some(end) = bytes[at..].iter().take(10).position(|b| *b == b';') {
                    at += end + 1;
                }
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            if is_rtl(c) {
                self.rtl += 1;
            } else {
                self.ltr += usize::from(is_letter(c));
            }
            at += c.len_utf8();
        }
        at
    }

    /// Which way most of them run.
    pub(super) fn direction(self) -> Option<Direction> {
        match self.ltr.cmp(&self.rtl) {
            std::cmp::Ordering::Less => Some(Direction::Rtl),
            std::cmp::Ordering::Greater => Some(Direction::Ltr),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// Letters of a block: of ASCII, beginnings of characters of U+0600–U+06FF, and how many of these are neutral; `before` are the
/// bytes before each of its own. `None` where there is anything else in it. Without branches, not inlined, and through references to
/// both: else the compiler makes no vector instructions of it.
#[inline(never)]
fn count_block(block: &[u8; BLOCK], before: &[u8; BLOCK]) -> Option<(u8, u8, u8)> {
    let (mut ltr, mut rtl, mut neutral, mut odd) = (0, 0, 0, 0);
    for (byte, lead) in block.iter().zip(before) {
        ltr += u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
        rtl += u8::from(is_arabic(*byte));
        neutral += u8::from(is_neutral(*lead, *byte));
        odd |= u8::from((*byte == b'&') | ((*byte >= 0xc0) & !is_arabic(*byte)));
    }
    (odd == 0).then_some((ltr, rtl, neutral))
}

/// Whether a text can hold letters that run from right to left: all of them begin with one of few
/// bytes in UTF-8, and most texts of the world have none of these.
pub(super) fn may_run_rtl(text: &str) -> bool {
    // Without branches, and not inlined: else the compiler makes no vector instructions of it.
    fn lead(b: u8) -> u8 {
        u8::from(b.wrapping_sub(0xd6) <= 0xe0 - 0xd6) | u8::from(b.wrapping_sub(0xef) <= 1)
    }
    #[inline(never)]
    fn any(block: &[u8; 64]) -> bool {
        block.iter().fold(0, |found, &b| found | lead(b)) != 0
    }
    let (blocks, rest) = text.as_bytes().as_chunks::<64>();
    blocks.iter().any(any) || rest.iter().any(|&b| lead(b) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_by_what_they_are() {
        for c in ('\0'..=char::MAX).filter(|c| *c != '&') {
            let rtl = usize::from(is_rtl(c));
            let ltr = usize::from(rtl == 0 && c.is_alphabetic());
            let mut letters = Letters::default();
            letters.count(&format!("{c} &amp; {c}"));
            assert_eq!(letters, Letters { ltr: 2 * ltr, rtl: 2 * rtl }, "{c:?}");
            // Long enough to be looked at in blocks.
            let mut letters = Letters::default();
            letters.count(&String::from(c).repeat(BLOCK + 1));
            assert_eq!(letters, Letters { ltr: (BLOCK + 1) * ltr, rtl: (BLOCK + 1) * rtl }, "{c:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn blocks_count_what_single_characters_do(
            parts in proptest::collection::vec(proptest::prop_oneof![
                "[a-zA-Z ]{0,20}", "[\u{600}-\u{6ff} ]{0,30}", "[۰-۹٠-٩،؛؟]{0,4}", "[éß日\u{5d0}\u{1f600}]{0,2}",
                "&(amp;)?", "[\u{0}-\u{10ffff}]{0,3}",
            ], 0..14),
        ) {
            let text = parts.concat();
            let (mut blocks, mut single) = (Letters::default(), Letters::default());
            blocks.count(&text);
            single.count_some(&text, 0, text.len());
            proptest::prop_assert_eq!(blocks, single);
        }
    }
}
