//! Whether a character is a letter, quickly.
//!
//! The standard library looks letters beyond ASCII up in a packed table, run by run. Every Persian and Arabic
//! article asks that some ten thousand times, which was a sixteenth of a whole pass.

use std::sync::LazyLock;

/// Below this a bit a character says it: Latin to Ethiopic, all of the Arabic and Hebrew scripts' main blocks.
const END: usize = 0x2000;

static LETTERS: LazyLock<[u64; END / 64]> = LazyLock::new(|| {
    let mut bits = [0; END / 64];
    for c in (0..END as u32).filter_map(char::from_u32).filter(|c| c.is_alphabetic()) {
        bits[c as usize / 64] |= 1 << (c as usize % 64);
    }
    bits
});

/// [`char::is_alphabetic`], the same answer for every character.
pub fn is_letter(c: char) -> bool {
    let at = c as usize;
    if at < END { LETTERS[at / 64] >> (at % 64) & 1 == 1 } else { c.is_alphabetic() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn answers_as_the_standard_library_does() {
        for c in '\0'..=char::MAX {
            assert_eq!(super::is_letter(c), c.is_alphabetic(), "{c:?}");
        }
    }
}
