//! A text folded as a whole: what comparison, recognition and search ask of it, found in one pass.

use std::sync::LazyLock;

use super::escapes::unescape;
use super::fold::{ARABIC, DROP, Folded, Last, ascii, wide};

/// A folded text: its letters one behind the other, and what stood between them.
#[derive(Clone, Debug, Default)]
pub struct Folding {
    letters: Vec<u8>,
    marks: Vec<Mark>,
    /// Where the word that is under way begins, in `letters`; and the sentence.
    word: usize,
    sentence: usize,
    last: Last,
    /// The text was not what it is here: it was [unescaped](unescape).
    pub(crate) was_escaped: bool,
    /// There are decimal points, or letters of three bytes and more.
    pub(crate) is_mixed: bool,
    /// Joiners stood in it (they leave marks where they stood within a word).
    pub(crate) has_joints: bool,
    /// What would read differently, were its joiners spaces, in more than that words are parted there: white space within a
    /// number, a letter that is none within a word.
    pub(crate) has_odd_joints: bool,
}

/// Something between letters, and where: so many bytes of letters stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub(crate) at: u32,
    pub(crate) what: What,
}

/// What a [`Mark`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A word ends.
    Gap,
    /// A word and a sentence end.
    Stop,
    /// A word begins, with a capital.
    Capital,
    /// A joiner within a word.
    Joint,
}

/// Folded ASCII: letters as themselves (from `a` on), digits too, anything else [`LOOK`]; and beyond ASCII.
static ASCII: [u8; 256] = {
    let mut table = [LOOK; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        if b.is_ascii_alphabetic() {
            table[byte] = b.to_ascii_lowercase();
        } else if b.is_ascii_digit() {
            table[byte] = b;
        } else if b == b' ' {
            table[byte] = SPACE;
        }
        byte += 1;
    }
    table
};
const LOOK: u8 = 0;
const SPACE: u8 = 1;

/// U+0600–U+06FF: letters as the two bytes that they become, anything else 0.
static LETTERS: [[u8; 2]; 256] = {
    let mut table = [[0; 2]; 256];
    let mut i = 0;
    while i < 256 {
        let to = ARABIC[i];
        if to > 12 {
            table[i] = [0xc0 | (to >> 6) as u8, 0x80 | (to & 0x3f) as u8];
        }
        i += 1;
    }
    table
};

/// Below this a table says what [`wide`] makes of a character, where that does not depend on what stands around it.
const NARROW: usize = 0x800;

static OTHERS: LazyLock<Vec<Option<Other>>> = LazyLock::new(|| {
    (0..NARROW as u32)
        .map(|code| {
            // A no-break space may stand within a number, this apostrophe within a word.
            let c = char::from_u32(code).filter(|c| !matches!(c, '\0'..='\u{7f}' | '\u{a0}' | '\u{2bc}'))?;
            let mut found = Vec::new();
            wide(c, "", Last::Other, &mut |folded| found.push(folded));
            match found[..] {
                [] => Some(Other::Nothing),
                [Folded::Letter(to, capital)] => Some(Other::Letter(to, capital)),
                _ => None,
            }
        })
        .collect()
});

/// How far a text is folded.
#[derive(Clone, Copy)]
struct Place {
    read: usize,
    written: usize,
    last: Last,
}

#[derive(Clone, Copy)]
enum Other {
    Nothing,
    Letter(char, bool),
}

impl Folding {
    /// Folds `text`, [unescaped](unescape).
    pub fn of(text: &str) -> Self {
        let plain = unescape(text);
        let mut folding =
            Self { was_escaped: matches!(plain, std::borrow::Cow::Owned(_)), ..Self::default() };
        folding.push(&plain);
        folding
    }

    /// Folds on: `text` follows what was folded so far.
    pub fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut out = std::mem::take(&mut self.letters);
        let start = out.len();
        // Room for all that may come without a look: no letter becomes longer there than it is.
        out.resize(start + bytes.len() + 8, 0);
        self.marks.reserve(bytes.len() / 7);
        let mut place = Place { read: 0, written: start, last: self.last };
        loop {
            place = self.run(bytes, &mut out, place);
            if place.read >= bytes.len() {
                break;
            }
            place = self.look(text, &mut out, place);
            // What was written may be longer than what it was written for.
            let room = place.written + (bytes.len() - place.read) + 8;
            if out.len() < room {
                out.resize(room + room / 8, 0);
            }
        }
        out.truncate(place.written);
        self.letters = out;
        self.last = place.last;
    }

    /// Folds letters and figures of ASCII, letters of Arabic, and spaces, up to what needs a look.
    fn run(&mut self, bytes: &[u8], out: &mut [u8], place: Place) -> Place {
        let Place { mut read, mut written, mut last } = place;
        while let Some(&byte) = bytes.get(read) {
            let folded = ASCII[usize::from(byte)];
            if folded >= b'a' {
                if byte < b'a' {
                    self.capital(&out[..written]);
                }
                out[written] = folded;
                (read, written) = (read + 1, written + 1);
                last = Last::Letter;
            } else if folded == SPACE {
                self.gap(written);
                read += 1;
                last = Last::Other;
            } else if let 0xd8..=0xdb = byte
                && let Some(second) = bytes.get(read + 1)
            {
                let at = usize::from(byte & 3) << 6 | usize::from(second & 0x3f);
                let letter = LETTERS[at];
                if letter[0] != 0 {
                    out[written] = letter[0];
                    out[written + 1] = letter[1];
                    written += 2;
                    last = Last::Letter;
                } else if ARABIC[at] != DROP {
                    break;
                }
                read += 2;
            } else if folded != LOOK {
                out[written] = folded;
                (read, written) = (read + 1, written + 1);
                last = Last::Digit;
            } else {
                break;
            }
        }
        Place { read, written, last }
    }

    /// Folds one character of any kind.
    fn look(&mut self, text: &str, out: &mut Vec<u8>, place: Place) -> Place {
        let Place { read, mut written, last } = place;
        let Some(c) = text[read..].chars().next() else { return Place { read: text.len(), ..place } };
        let read = read + c.len_utf8();
        let mut events = 0;
        let mut take = |folded: Folded| {
            events += 1;
            self.take(folded, out, &mut written);
        };
        let last = match OTHERS.get(c as usize) {
            _ if c.is_ascii() => ascii(c as u8, &text[read..], last, &mut take),
            Some(Some(Other::Letter(to, capital))) => {
                take(Folded::Letter(*to, *capital));
                Last::Letter
            }
            Some(Some(Other::Nothing)) => last,
            _ if matches!(c, '\u{4e00}'..='\u{9fff}') => {
                take(Folded::Letter(c, false));
                Last::Letter
            }
            _ => wide(c, &text[read..], last, &mut take),
        };
        if events == 0 {
            self.nothing(c, written);
        }
        Place { read, written, last }
    }

    fn take(&mut self, folded: Folded, out: &mut Vec<u8>, n: &mut usize) {
        match folded {
            Folded::Letter(c, capital) => {
                if capital {
                    self.capital(&out[..*n]);
                }
                let length = c.len_utf8();
                self.is_mixed |= length > 2;
                if out.len() < *n + length {
                    out.resize(*n + 64, 0);
                }
                c.encode_utf8(&mut out[*n..]);
                *n += length;
            }
            Folded::Digit(digit) => self.byte(b'0' + digit, out, n),
            Folded::Point => {
                self.is_mixed = true;
                self.byte(b'.', out, n);
            }
            Folded::Gap => self.gap(*n),
            Folded::Stop => self.stop(*n),
        }
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>, n: &mut usize) {
        if out.len() <= *n {
            out.resize(*n + 64, 0);
        }
        out[*n] = byte;
        *n += 1;
    }

    #[inline]
    fn mark(&mut self, at: usize, what: What) {
        self.marks.push(Mark { at: at as u32, what });
    }

    /// A capital follows `letters`: it counts where it begins a word.
    fn capital(&mut self, letters: &[u8]) {
        let begins = letters.len() == self.word
            || letters.last().is_some_and(|before| before.is_ascii_digit() || *before == b'.');
        if begins {
            self.mark(letters.len(), What::Capital);
        }
    }

    #[inline]
    fn gap(&mut self, n: usize) {
        if n > self.word {
            self.mark(n, What::Gap);
            self.word = n;
        }
    }

    fn stop(&mut self, n: usize) {
        if n > self.word {
            self.mark(n, What::Stop);
        } else if n > self.sentence
            && let Some(gap) = self.marks.last_mut()
        {
            gap.what = What::Stop;
        }
        (self.word, self.sentence) = (n, n);
    }

    /// A character left nothing behind.
    fn nothing(&mut self, c: char, n: usize) {
        match c {
            '\u{200c}' | '\u{200d}' | '\u{ad}' => {
                self.has_joints = true;
                if n > self.word {
                    self.mark(n, What::Joint);
                }
            }
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2bc}' => self.has_odd_joints = true,
            _ => {}
        }
    }

    /// The skeleton, as bytes.
    pub fn letters(&self) -> &[u8] {
        &self.letters
    }

    /// The skeleton.
    pub fn skeleton(&self) -> &str {
        simdutf8::basic::from_utf8(&self.letters).unwrap_or_default()
    }

    /// What stands between the letters, in order.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The skeleton alone.
    pub(super) fn into_skeleton(self) -> String {
        String::from_utf8(self.letters).unwrap_or_default()
    }

    /// The words, as places in the skeleton.
    pub(crate) fn words(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let mut start = 0;
        let end = Mark { at: self.letters.len() as u32, what: What::Stop };
        self.marks.iter().copied().chain([end]).filter_map(move |Mark { at, what }| {
            if matches!(what, What::Capital | What::Joint) || at as usize == start {
                return None;
            }
            Some(std::mem::replace(&mut start, at as usize)..at as usize)
        })
    }
}
