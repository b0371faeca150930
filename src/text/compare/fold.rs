//! What each character becomes.

use unicode_normalization::char::decompose_compatible;

/// What a character becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// A folded letter, and whether it was a capital.
    Letter(char, bool),
    /// A decimal digit, 0–9.
    Digit(u8),
    /// The decimal point (or a dot) between two digits.
    Point,
    /// Space or punctuation between words; there may be several in a row.
    Gap,
    /// The end of a sentence or a line.
    Stop,
}

pub(super) const DROP: u32 = 0;
pub(super) const GAP: u32 = 1;
pub(super) const STOP: u32 = 2;
pub(super) const DIGIT: u32 = 3; // to 12

/// U+0600–U+06FF: what each becomes.
pub(super) static ARABIC: [u32; 256] = arabic();

const fn arabic() -> [u32; 256] {
    let mut table = [GAP; 256];
    let mut i = 0x20;
    while i < 0x100 {
        // Letters, but for the marks among them.
        if i <= 0x4a
            || i >= 0x6e && i <= 0xd3
            || i == 0xd5
            || i == 0xee
            || i == 0xef
            || i >= 0xfa && i != 0xfd && i != 0xfe
        {
            table[i] = 0x600 + i as u32;
        }
        // Diacritics, Quranic marks, the superscript alef.
        if i >= 0x4b && i <= 0x5f || i == 0x70 || i >= 0xd6 && i <= 0xed {
            table[i] = DROP;
        }
        i += 1;
    }
    i = 0x10;
    while i <= 0x1a {
        table[i] = DROP;
        i += 1;
    }
    i = 0;
    while i < 10 {
        table[0x60 + i] = DIGIT + i as u32;
        table[0xf0 + i] = DIGIT + i as u32;
        i += 1;
    }
    table[0x1c] = DROP; // ALM
    table[0x1f] = STOP; // ؟
    table[0xd4] = STOP; // ۔
    table[0x21] = DROP; // ء: written or not (انشاء, انشا)
    table[0x40] = DROP; // tatweel
    table[0xe5] = DROP; // small waw and yeh
    table[0xe6] = DROP;
    table[0xe9] = GAP;
    table[0xde] = GAP;
    table[0xdd] = GAP;
    let alef = 0x627;
    table[0x22] = alef; // آ
    table[0x23] = alef; // أ
    table[0x25] = alef; // إ
    table[0x71] = alef; // ٱ
    table[0x72] = alef;
    table[0x73] = alef;
    table[0x75] = alef;
    let waw = 0x648;
    table[0x24] = waw; // ؤ
    table[0x76] = waw;
    let yeh = 0x6cc;
    table[0x26] = yeh; // ئ
    table[0x49] = yeh; // ى
    table[0x4a] = yeh; // ي
    table[0x78] = yeh;
    table[0xcd] = yeh;
    table[0xce] = yeh;
    table[0xd0] = yeh; // ې
    table[0xd1] = yeh;
    table[0xd2] = yeh; // ے
    table[0xd3] = yeh;
    let keheh = 0x6a9;
    table[0x43] = keheh; // ك
    table[0xaa] = keheh; // ڪ
    table[0xab] = keheh;
    table[0xac] = keheh;
    let heh = 0x647;
    table[0x29] = heh; // ة
    table[0xbe] = heh; // ھ
    table[0xc0] = heh; // ۀ
    table[0xc1] = heh; // ہ
    table[0xc2] = heh;
    table[0xc3] = heh;
    table[0xd5] = heh; // ە
    table
}

/// The first digit of each script that writes decimal numbers (Unicode's Nd), beyond ASCII and Arabic.
const DIGIT_ZEROS: [u32; 22] = [
    0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040,
    0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1b50, 0x1c50,
];

/// What came last: what stands between letters or figures may belong to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Last {
    Letter,
    Digit,
    #[default]
    Other,
}

/// Folds a character of ASCII; `rest` stands behind it.
#[inline]
pub(super) fn ascii(byte: u8, rest: &str, last: Last, emit: &mut impl FnMut(Folded)) -> Last {
    match byte {
        b'a'..=b'z' => emit(Folded::Letter(char::from(byte), false)),
        b'A'..=b'Z' => emit(Folded::Letter(char::from(byte.to_ascii_lowercase()), true)),
        b'0'..=b'9' => {
            emit(Folded::Digit(byte - b'0'));
            return Last::Digit;
        }
        b',' | b'\'' if last == Last::Digit && is_group(rest) => return Last::Digit,
        b'.' if last == Last::Digit && starts_with_digit(rest) => {
            emit(Folded::Point);
            return Last::Digit;
        }
        b'\'' if last == Last::Letter => return Last::Letter,
        b'.' | b'!' | b'?'
            if rest.bytes().next().is_none_or(|b| {
                b.is_ascii_whitespace() || b >= 0x80 || matches!(b, b'"' | b')' | b'\'' | b'<' | b']')
            }) =>
        {
            emit(Folded::Stop);
            return Last::Other;
        }
        b'\n' => {
            emit(Folded::Stop);
            return Last::Other;
        }
        _ => {
            emit(Folded::Gap);
            return Last::Other;
        }
    }
    Last::Letter
}

/// Folds any other character; `rest` stands behind it.
#[inline]
pub(super) fn wide(c: char, rest: &str, last: Last, emit: &mut impl FnMut(Folded)) -> Last {
    let code = u32::from(c);
    if let 0x600..=0x6ff = code {
        match ARABIC[(code - 0x600) as usize] {
            DROP => return last,
            GAP => {
                if last == Last::Digit && c == '٬' && is_group(rest) {
                    return last;
                }
                if last == Last::Digit && c == '٫' && starts_with_digit(rest) {
                    emit(Folded::Point);
                    return last;
                }
                emit(Folded::Gap);
                return Last::Other;
            }
            STOP => {
                emit(Folded::Stop);
                return Last::Other;
            }
            digit @ DIGIT..=12 => {
                emit(Folded::Digit((digit - DIGIT) as u8));
                return Last::Digit;
            }
            letter => {
                emit(Folded::Letter(char::from_u32(letter).unwrap_or(c), false));
                return Last::Letter;
            }
        }
    }
    if is_invisible(code) || is_mark(code) {
        return last;
    }
    match c {
        // An apostrophe inside a word.
        '’' | 'ʼ' | '‘' if last == Last::Letter => return last,
        '’' | '\u{a0}' | '\u{202f}' | '\u{2009}' if last == Last::Digit && is_group(rest) => return last,
        '…' | '。' | '！' | '？' | '\u{2028}' | '\u{2029}' | '।' | '\u{85}' => {
            emit(Folded::Stop);
            return Last::Other;
        }
        '\u{2000}'..='\u{206f}' | '\u{a0}' | '«' | '»' => {
            emit(Folded::Gap);
            return Last::Other;
        }
        _ => {}
    }
    // Emit what the character decomposes into; each part is a plain letter, digit or sign by then.
    let mut now = last;
    decompose_compatible(c, |part| now = plain(part, emit, now));
    now
}

fn plain(c: char, emit: &mut impl FnMut(Folded), last: Last) -> Last {
    let code = u32::from(c);
    if is_invisible(code) || is_mark(code) {
        return last;
    }
    if c.is_ascii_digit() {
        emit(Folded::Digit(c as u8 - b'0'));
        return Last::Digit;
    }
    if let 0x600..=0x6ff = code {
        return wide(c, "", last, emit);
    }
    if let Some(zero) = DIGIT_ZEROS.iter().find(|z| (**z..**z + 10).contains(&code)) {
        emit(Folded::Digit((code - zero) as u8));
        return Last::Digit;
    }
    let spelled = match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => "",
    };
    let capital = c.is_uppercase();
    if !spelled.is_empty() {
        spelled.chars().for_each(|l| emit(Folded::Letter(l, capital)));
        return Last::Letter;
    }
    if c.is_alphanumeric() || is_indic_sign(code) {
        c.to_lowercase().for_each(|l| emit(Folded::Letter(l, capital)));
        return Last::Letter;
    }
    emit(Folded::Gap);
    Last::Other
}

/// Format characters (Unicode's Cf) and variation selectors.
fn is_invisible(code: u32) -> bool {
    matches!(code, 0xad | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2064 | 0x2066..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0xe0001..=0xe01ef)
}

/// Combining marks that spelling may leave out. Vowel signs of Indic scripts are no such marks.
fn is_mark(code: u32) -> bool {
    matches!(code,
        0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x5bf | 0x5c1 | 0x5c2 | 0x5c4 | 0x5c5 | 0x5c7 | 0x711 | 0x730..=0x74a | 0x897..=0x89f | 0x8ca..=0x8ff
        | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20f0 | 0xfe20..=0xfe2f)
}

/// Vowel signs, viramas and tone marks: parts of a word that Unicode does not call letters.
fn is_indic_sign(code: u32) -> bool {
    matches!(code, 0x900..=0xdff | 0xe31..=0xe4e | 0xeb1..=0xece | 0xf18..=0xfbc | 0x102b..=0x103e | 0x17b4..=0x17d3 | 0x3099 | 0x309a)
        && !matches!(code, 0x964 | 0x965)
}

/// Whether `rest` begins with exactly three digits: the separator before them groups thousands.
fn is_group(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.by_ref().take(3).filter(|c| is_digit(*c)).count() == 3 && !chars.next().is_some_and(is_digit)
}

fn starts_with_digit(rest: &str) -> bool {
    rest.chars().next().is_some_and(is_digit)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '٠'..='٩' | '۰'..='۹')
}
