//! A date's text as words, numbers and signs, spelling differences folded away.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits of any script: the value (saturated) and how many digits there were.
    Number { value: u64, digits: u8 },
    /// Letters, [`fold`]ed. An ideograph or kana is a word of its own.
    Word(String),
    /// Any other visible character, its variants unified: `-`, `,`, `:`, `/`, `.`, `(`, `)`.
    Sign(char),
}

/// One token and where it stands in the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Byte offsets in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// White space stands before it.
    pub(super) spaced: bool,
    /// It is the first of a line.
    pub(super) line: bool,
}

/// The tokens of one text, with the questions that readers of dates ask them.
#[derive(Debug)]
pub(super) struct Tokens(Vec<Token>);

impl Tokens {
    pub(super) fn of(text: &str) -> Self {
        let mut list: Vec<Token> = Vec::with_capacity(text.len() / 3 + 1);
        let (mut spaced, mut line) = (false, true);
        let mut chars = text.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            let mut end = start + c.len_utf8();
            if c.is_whitespace() {
                spaced = true;
                line |= matches!(c, '\n' | '\u{2028}' | '\u{2029}');
                continue;
            }
            if is_ignorable(c) {
                continue;
            }
            let kind = if let Some(first) = digit(c) {
                let (mut value, mut digits) = (u64::from(first), 1u8);
                while let Some(&(at, next)) = chars.peek() {
                    let Some(d) = digit(next) else { break };
                    value = value.saturating_mul(10).saturating_add(u64::from(d));
                    digits = digits.saturating_add(1);
                    end = at + next.len_utf8();
                    chars.next();
                }
                Kind::Number { value, digits }
            } else if is_ideographic(c) {
                Kind::Word(c.to_string())
            } else if c.is_alphabetic() || is_combining_mark(c) {
                let mut word = String::new();
                fold_char(c, &mut word);
                while let Some(&(at, next)) = chars.peek() {
                    let joins = next.is_alphabetic() && !is_ideographic(next)
                        || is_combining_mark(next)
                        || is_ignorable(next);
                    if !joins {
                        break;
                    }
                    fold_char(next, &mut word);
                    end = at + next.len_utf8();
                    chars.next();
                }
                if word.is_empty() {
                    continue;
                }
                // Korean writes "3시간전" and "3시간 전": the word for "ago" stands alone here.
                if word.ends_with('전') && word != "오전" && word.chars().nth(1).is_some() {
                    let cut = end - '전'.len_utf8();
                    word.truncate(word.len() - '전'.len_utf8());
                    list.push(Token { kind: Kind::Word(word), start, end: cut, spaced, line });
                    list.push(Token {
                        kind: Kind::Word("전".into()),
                        start: cut,
                        end,
                        spaced: false,
                        line: false,
                    });
                    (spaced, line) = (false, false);
                    continue;
                }
                Kind::Word(word)
            } else {
                Kind::Sign(unify_sign(c))
            };
            list.push(Token { kind, start, end, spaced, line });
            (spaced, line) = (false, false);
        }
        Self(list)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.0.get(at)
    }

    /// Value and number of digits of the number at `at`.
    pub(super) fn number(&self, at: usize) -> Option<(u64, u8)> {
        match self.0.get(at)?.kind {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    /// The number at `at` if it has between `least` and `most` digits.
    pub(super) fn figures(&self, at: usize, least: u8, most: u8) -> Option<u64> {
        self.number(at).filter(|&(_, digits)| (least..=most).contains(&digits)).map(|(value, _)| value)
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match &self.0.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn sign(&self, at: usize) -> Option<char> {
        match self.0.get(at)?.kind {
            Kind::Sign(c) => Some(c),
            _ => None,
        }
    }

    pub(super) fn is_sign(&self, at: usize, sign: char) -> bool {
        self.sign(at) == Some(sign)
    }

    pub(super) fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.contains(&word))
    }

    /// No white space between the token at `at` and the one before it.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        at > 0 && self.0.get(at).is_some_and(|token| !token.spaced)
    }

    /// `count` words from `at` on as one; an optional hyphen or dot between them is passed over.
    /// Gives the joined word and the place after it.
    pub(super) fn joined(&self, at: usize, count: usize) -> Option<(String, usize)> {
        let mut joined = String::new();
        let mut next = at;
        for nth in 0..count {
            if nth > 0 && matches!(self.sign(next), Some('-' | '\'')) && self.word(next + 1).is_some() {
                next += 1;
            }
            joined.push_str(self.word(next)?);
            next += 1;
        }
        Some((joined, next))
    }
}

/// Folds a name as the tokens are folded, spaces dropped: the form in which names are looked up.
pub(super) fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '\'' | '’')) {
        fold_char(c, &mut out);
    }
    out
}

/// The value of a decimal digit of the scripts that write dates with their own.
pub(super) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        '๐'..='๙' => '๐',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

/// Joiners, tatweel, bidi marks, soft hyphen, byte order mark: they never part a word from itself.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{640}' | '\u{ad}' | '\u{feff}' | '\u{61c}')
}

fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn unify_sign(c: char) -> char {
    match c {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
        '،' | '、' | '，' | '；' | ';' | '؛' => ',',
        '：' | '∶' | '︰' => ':',
        '／' | '⁄' | '∕' | '\\' => '/',
        '．' | '。' | '۔' => '.',
        '（' | '[' | '【' => '(',
        '）' | ']' | '】' => ')',
        '＋' => '+',
        '’' | '‘' | '`' | '´' | 'ʼ' => '\'',
        '·' | '•' | '｜' | '¦' | '»' | '«' | '>' => '|',
        _ => c,
    }
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    // Syllables and kana fall apart under decomposition: they are compared whole.
    if matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3040}'..='\u{30ff}') {
        out.push(c);
        return;
    }
    decompose_canonical(c, |part| {
        if is_combining_mark(part) || is_ignorable(part) {
            return;
        }
        match part {
            'ي' | 'ى' | 'ے' | 'ێ' | 'ې' | 'ۍ' => out.push('ی'),
            'ك' | 'ڪ' => out.push('ک'),
            'ة' | 'ە' | 'ہ' | 'ھ' | 'ۃ' => out.push('ه'),
            'ٱ' => out.push('ا'),
            'ۆ' | 'ۇ' => out.push('و'),
            'ڵ' => out.push('ل'),
            'ڕ' => out.push('ر'),
            'ګ' => out.push('گ'),
            'ء' => {}
            'ı' | 'İ' => out.push('i'),
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'ς' => out.push('σ'),
            _ => out.extend(part.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_to_one() {
        for (written, folded) in [
            ("پنج‌شنبه", "پنجشنبه"),
            ("أبريل", "ابریل"),
            ("ژوئیه", "ژوییه"),
            ("الثلاثاء", "الثلاثا"),
            ("Février", "fevrier"),
            ("AĞUSTOS", "agustos"),
            ("Μάϊ", "μαι"),
            ("مـــارس", "مارس"),
            ("목요일", "목요일"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn digits_of_every_script_are_numbers() {
        let tokens = Tokens::of("۲۰٢٤ 2024 ２０２４");
        assert_eq!((0..3).filter_map(|i| tokens.number(i)).collect::<Vec<_>>(), [(2024, 4); 3]);
    }

    #[test]
    fn letters_and_figures_part() {
        let tokens = Tokens::of("EST5EDT 10h30 2024년6月");
        assert_eq!(tokens.len(), 10);
        assert!(tokens.is_word(0, &["est"]) && tokens.is_glued(1) && tokens.is_word(7, &["년"]));
    }
}
