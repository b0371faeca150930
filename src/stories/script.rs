//! The writing system of a text.

/// So many letters of a text tell its script.
const LOOKED_AT: usize = 400;

/// The writing system of an entry. Stories do not cross it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Script {
    /// No letters.
    #[default]
    None = 0,
    /// Latin.
    Latin = 1,
    /// Arabic, Persian, Urdu, Pashto, Sorani …
    Arabic = 2,
    /// Cyrillic.
    Cyrillic = 3,
    /// Greek.
    Greek = 4,
    /// Hebrew.
    Hebrew = 5,
    /// Chinese, Japanese, Korean.
    Cjk = 6,
    /// Any other.
    Other = 7,
}

impl Script {
    const fn of_letter(letter: u32) -> Option<Self> {
        Some(match letter {
            0x30..=0x39 | 0x2e => return None,
            0..=0x24f | 0x1e00..=0x1eff => Self::Latin,
            0x370..=0x3ff | 0x1f00..=0x1fff => Self::Greek,
            0x400..=0x52f => Self::Cyrillic,
            0x590..=0x5ff => Self::Hebrew,
            0x600..=0x77f | 0x8a0..=0x8ff => Self::Arabic,
            0x1100..=0x11ff | 0x2e80..=0x9fff | 0xac00..=0xd7af | 0x20000..=0x3ffff => Self::Cjk,
            _ => Self::Other,
        })
    }

    /// Of most letters.
    pub(super) fn of(skeletons: [&str; 2]) -> Self {
        const ALL: [Script; 8] = [
            Script::None,
            Script::Latin,
            Script::Arabic,
            Script::Cyrillic,
            Script::Greek,
            Script::Hebrew,
            Script::Cjk,
            Script::Other,
        ];
        let mut counts = [0_u32; 8];
        for skeleton in skeletons {
            for c in skeleton.chars().take(LOOKED_AT) {
                let script = match NARROW.get(c as usize) {
                    Some(script) => usize::from(*script),
                    None => Self::of_letter(u32::from(c)).map_or(0, |script| script as usize),
                };
                counts[script] += 1;
            }
        }
        // Figures are of none.
        counts[0] = 0;
        let most = (0..8).rev().max_by_key(|i| counts[*i]).unwrap_or(0);
        if counts[most] == 0 { Self::None } else { ALL[most] }
    }
}

/// The script of each letter from Latin to Arabic.
static NARROW: [u8; 0x780] = {
    let mut table = [0; 0x780];
    let mut letter = 0;
    while letter < table.len() {
        if let Some(script) = Script::of_letter(letter as u32) {
            table[letter] = script as u8;
        }
        letter += 1;
    }
    table
};
