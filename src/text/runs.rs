//! Runs of characters that need no look, one by one: what a byte tells at once.
//!
//! White space beyond ASCII, controls, format characters and noncharacters begin with few bytes in UTF-8 (`C2`, `E1` to `E3`,
//! `EF` and the four-byte leads). What begins with another is a letter, a figure, a mark or a sign: all of Arabic, Persian,
//! Cyrillic, Greek and Hebrew, most of Latin, nearly all of Chinese.

/// Which bytes belong to a run.
pub struct Runs([bool; 256]);

impl Runs {
    /// Runs of what is neither white space, control nor format character, nor one of some ASCII signs.
    pub const fn without(signs: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut byte = 0x21;
        while byte < 0x100 {
            // Bytes that continue a character continue the run that it belongs to.
            table[byte] = matches!(byte, 0x21..=0x7e | 0x80..=0xbf | 0xc3..=0xe0 | 0xe4..=0xee);
            byte += 1;
        }
        let mut i = 0;
        while i < signs.len() {
            table[signs[i] as usize] = false;
            i += 1;
        }
        Self(table)
    }

    /// [`Self::without`], with spaces.
    pub const fn and_spaces_without(signs: &[u8]) -> Self {
        let Self(mut table) = Self::without(signs);
        table[b' ' as usize] = true;
        Self(table)
    }

    /// The run that a text begins with, in which single spaces may stand between the bytes of runs (and one behind them, and
    /// one before them if it `may_begin_spaced`); it may be empty.
    #[inline]
    pub fn first_spaced<'t>(&self, text: &'t str, may_begin_spaced: bool) -> &'t str {
        let mut space = !may_begin_spaced;
        let end = text.bytes().position(|byte| {
            let is_space = byte == b' ';
            let ends = if is_space { space } else { !self.0[usize::from(byte)] };
            space = is_space;
            ends
        });
        &text[..end.unwrap_or(text.len())]
    }

    /// The run that a text begins with; it may be empty.
    #[inline]
    pub fn first<'t>(&self, text: &'t str) -> &'t str {
        let end = text.bytes().position(|byte| !self.0[usize::from(byte)]);
        &text[..end.unwrap_or(text.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;
    use crate::text::plain;

    #[test]
    fn a_run_has_nothing_that_wants_a_look() {
        let (words, prose) = (Runs::without(b"&<>"), Runs::and_spaces_without(b""));
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            let run = words.first(&text);
            assert!(run == "a" || run == text, "{c:?}: {run:?}");
            if run == text {
                assert!(!c.is_whitespace() && !c.is_control() && !matches!(c, '&' | '<' | '>'), "{c:?}");
                assert!(!plain::is_forbidden(c) && !plain::is_bidi_control(c), "{c:?}");
            }
            assert_eq!(
                prose.first(&text) == text,
                run == text || matches!(c, ' ' | '&' | '<' | '>'),
                "{c:?}"
            );
        }
        assert_eq!(words.first("نان تازه"), "نان");
        assert_eq!(words.first_spaced("نان تازه  ها", false), "نان تازه ");
        assert_eq!(words.first_spaced("a b\u{a0}c", false), "a b");
        assert_eq!(words.first_spaced(" a", false), "");
        assert_eq!(words.first_spaced(" a", true), " a");
        assert_eq!(prose.first("نان تازه\u{200c}ها"), "نان تازه");
    }
}
