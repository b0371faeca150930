//! Small words, by which languages of one script are told apart.

/// The small words of a language, as numbers.
const fn small<const N: usize>(words: [&str; N]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut i = 0;
    while i < N {
        let word = words[i].as_bytes();
        let mut bytes = [0; 8];
        let mut at = 0;
        while at < word.len() {
            bytes[at] = word[at];
            at += 1;
        }
        numbers[i] = u64::from_le_bytes(bytes);
        i += 1;
    }
    numbers
}

/// The first eight bytes of a word, with zeros behind a shorter one.
pub(super) fn head(word: &[u8]) -> [u8; 8] {
    match word.first_chunk() {
        Some(head) => *head,
        None => {
            let mut head = [0; 8];
            head[..word.len()].copy_from_slice(word);
            head
        }
    }
}

static SMALL_OF_PERSIAN: [u64; 19] = small([
    "از", "به", "در", "که", "را", "این", "با", "است", "برای", "شد", "آن", "خود", "می", "تا", "بر", "یک",
    "کرد", "های", "شود",
]);

static SMALL_OF_ARABIC: [u64; 18] = small([
    "من", "في", "على", "إلى", "أن", "إن", "هذا", "هذه", "التي", "الذي", "ما", "عن", "مع", "كان", "قال",
    "بعد", "لا", "وفي",
]);

pub(super) static SMALL_OF_ENGLISH: [u64; 14] =
    small(["the", "and", "of", "to", "is", "for", "that", "with", "it", "on", "are", "this", "you", "was"]);

/// Words that tell Persian from Arabic.
#[derive(Default)]
pub(super) struct Words {
    pub(super) persian: usize,
    pub(super) arabic: usize,
    /// Words with the Arabic article.
    pub(super) articles: usize,
}

impl Words {
    pub(super) fn add(&mut self, word: &str) {
        let bytes = word.as_bytes();
        let head = head(bytes);
        self.articles += usize::from(head.starts_with("ال".as_bytes()) && word.chars().nth(4).is_some());
        // The words that tell are short, most words of a text are not. Of a compound its first part tells.
        let is_joined = bytes.iter().take(9).any(|byte| *byte == 0xe2);
        let first = if is_joined { word.find('\u{200c}').unwrap_or(bytes.len()) } else { bytes.len() };
        if first > 8 {
            return;
        }
        if bytes.len() <= 8 {
            self.arabic += usize::from(SMALL_OF_ARABIC.contains(&u64::from_le_bytes(head)));
        }
        // Persian typed on an Arabic keyboard.
        let mut head = head;
        head[first..].fill(0);
        for pair in head.as_chunks_mut::<2>().0 {
            *pair = match *pair {
                [0xd9, 0x89 | 0x8a] => [0xdb, 0x8c],
                [0xd9, 0x83] => [0xda, 0xa9],
                other => other,
            };
        }
        self.persian += usize::from(SMALL_OF_PERSIAN.contains(&u64::from_le_bytes(head)));
    }
}
