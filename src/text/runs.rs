//! Runs of characters that need no look, one by one: what a byte tells at once.
//!
//! White space beyond ASCII, controls, format characters and noncharacters begin with few bytes in UTF-8 (`C2`, `E1` to `E3`,
//! `EF` and the four-byte leads). What begins with another is a letter, a figure, a mark or a sign: all of Arabic, Persian,
//! Cyrillic, Greek and Hebrew, most of Latin, nearly all of Chinese.

/// So many bytes are looked at at once.
const CHUNK: usize = 32;

/// A byte that may begin white space (a plain space not counted), a control, a format character or a noncharacter.
#[inline]
pub fn is_odd(byte: u8) -> bool {
    // Without a way out in between, so that many bytes can be asked at once. Bytes that continue a character continue the
    // run that it belongs to.
    (byte < 0x20)
        | (byte == 0x7f)
        | matches!(byte, 0xc0..=0xc2)
        | matches!(byte, 0xe1..=0xe3)
        | (byte >= 0xef)
}

/// The part of a text up to the first byte that `ends` it.
#[inline]
pub fn run(text: &str, ends: impl Fn(u8) -> bool) -> &str {
    let bytes = text.as_bytes();
    let is_run = |chunk: &&[u8]| !chunk.iter().fold(false, |found, byte| found | ends(*byte));
    let at = CHUNK * bytes.chunks_exact(CHUNK).take_while(is_run).count();
    let end = bytes[at..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |end| at + end);
    &text[..end]
}

/// The part of a text without [odd](is_odd) bytes in which only single spaces stand (perhaps one behind it, and one before it
/// if it `may_begin_spaced`).
#[inline]
pub fn spaced_run(text: &str, may_begin_spaced: bool) -> &str {
    let bytes = text.as_bytes();
    let ends = |before: u8, byte: u8| is_odd(byte) | (byte == b' ') & (before == b' ');
    let Some(first) = bytes.first() else { return text };
    if is_odd(*first) || *first == b' ' && !may_begin_spaced {
        return "";
    }
    let is_run = |(before, chunk): &(&[u8], &[u8])| {
        !before.iter().zip(*chunk).fold(false, |found, (before, byte)| found | ends(*before, *byte))
    };
    let chunks = bytes.chunks_exact(CHUNK).zip(bytes[1..].chunks_exact(CHUNK));
    let at = 1 + CHUNK * chunks.take_while(is_run).count();
    let rest = bytes[at - 1..].iter().zip(&bytes[at..]);
    let end =
        rest.clone().position(|(before, byte)| ends(*before, *byte)).map_or(bytes.len(), |end| at + end);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_odd, run, spaced_run};
    use crate::text::plain;

    #[test]
    fn a_run_has_nothing_that_wants_a_look() {
        let signs = |byte| is_odd(byte) | (byte == b'&') | (byte == b' ');
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            let found = run(&text, signs);
            assert!(found == "a" || found == text, "{c:?}: {found:?}");
            if found == text {
                assert!(!c.is_whitespace() && !c.is_control() && c != '&', "{c:?}");
                assert!(!plain::is_forbidden(c) && !plain::is_bidi_control(c), "{c:?}");
            }
        }
        assert_eq!(run("نان تازه", signs), "نان");
        assert_eq!(run("نان تازه\u{200c}ها", is_odd), "نان تازه");
    }

    /// [`spaced_run`], as it is defined.
    fn defined(text: &str, may_begin_spaced: bool) -> &str {
        let mut space = !may_begin_spaced;
        let end = text.bytes().position(|byte| {
            let ends = is_odd(byte) || byte == b' ' && space;
            space = byte == b' ';
            ends
        });
        &text[..end.unwrap_or(text.len())]
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(text in "( |[a-z]{1,9} |نان|می\u{200c}|\u{a0}|\n|é|&|東){0,40}", begins: bool) {
            prop_assert_eq!(spaced_run(&text, begins), defined(&text, begins));
            let end = text.bytes().position(is_odd).unwrap_or(text.len());
            prop_assert_eq!(run(&text, is_odd), &text[..end]);
        }
    }
}
