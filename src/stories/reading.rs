//! A text taken apart for comparison: words, sentences, shingles.

use std::cell::OnceCell;
use std::ops::Range;

use memchr::{memchr_iter, memmem, memrchr2};
use xxhash_rust::xxh3::xxh3_64;

use super::folded::beginning;
use super::sketch::{self, SHINGLE};
use super::words::{is_negation, numbers};
use crate::text::compare::{Folding, What, skeleton, unescape};

/// One word of a [`Reading`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Of its folded letters.
    pub hash: u32,
    /// Where it stands in the skeleton, in bytes.
    start: u32,
    end: u32,
    /// It begins with a capital letter.
    pub name: bool,
    /// It is a number.
    pub number: bool,
}

/// A folded text with its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Letters and digits only.
    pub skeleton: String,
    /// In order.
    pub words: Vec<Word>,
    /// Ranges of `words`; none is empty.
    pub sentences: Vec<Range<u32>>,
    /// Words of a dateline that names an agency.
    credit: u32,
    /// The text breaks off (`…`), so that its last word may be half of one.
    pub cut: bool,
    /// The text ends without the sign that ends a sentence: it may break off without saying so.
    pub open: bool,
    /// [`Self::numbers`], once they were asked for: a text is compared with many.
    numbers: OnceCell<Vec<String>>,
    /// [`Self::negations`], likewise.
    negations: OnceCell<Vec<usize>>,
}

impl Reading {
    /// Takes `text` apart; of a very long text, its beginning.
    pub(crate) fn of(text: &str) -> Self {
        let text = unescape(text);
        let text = without_invitation(&text);
        let mut folding = Folding::default();
        folding.push(text);
        let mut reading = Self::of_folding(&folding);
        reading.cut = is_cut(text);
        reading.open = !text
            .trim_end_matches(|c: char| c.is_whitespace() || is_closing(c))
            .ends_with(['.', '!', '?', '؟', '۔', '。']);
        if let Some(end) =
            dateline(text).filter(|end| text[..*end].contains('(') || text.trim_start().starts_with("به"))
        {
            let end = skeleton(&text[..end]).len() as u32;
            reading.credit = reading.words.partition_point(|w| w.end <= end) as u32;
        }
        reading
    }

    fn of_folding(folding: &Folding) -> Self {
        let end = beginning(folding.letters());
        let mut reading = Self { skeleton: folding.skeleton()[..end].to_owned(), ..Self::default() };
        reading.words.reserve(folding.marks().len() + 1);
        let (mut start, mut sentence, mut name) = (0, 0, false);
        let marks = folding.marks().iter().map(|mark| (mark.at as usize, mark.what));
        for (at, what) in marks.take_while(|(at, _)| *at < end).chain([(end, What::Stop)]) {
            if what == What::Joint {
                continue;
            }
            reading.add_words(start..at, name);
            name = what == What::Capital;
            start = at;
            let words = reading.words.len() as u32;
            if what == What::Stop && words > sentence {
                reading.sentences.push(sentence..words);
                sentence = words;
            }
        }
        reading
    }

    /// Adds what stands between two gaps: letters and figures are words apart. With `name` it begins with a capital.
    fn add_words(&mut self, letters: Range<usize>, mut name: bool) {
        let is_figure = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        let Range { mut start, end } = letters;
        while start < end {
            let rest = &self.skeleton.as_bytes()[start..end];
            let number = is_figure(&rest[0]);
            let length = rest.iter().position(|byte| is_figure(byte) != number).unwrap_or(rest.len());
            self.words.push(Word {
                hash: xxh3_64(&rest[..length]) as u32,
                start: start as u32,
                end: (start + length) as u32,
                name,
                number,
            });
            start += length;
            name = false;
        }
    }

    /// The numbers among the words, sorted.
    pub(crate) fn numbers(&self) -> &[String] {
        self.numbers.get_or_init(|| numbers(self.words.iter().map(|w| self.word(*w))))
    }

    /// The places of words that say that something is not so.
    pub(crate) fn negations(&self) -> &[usize] {
        self.negations.get_or_init(|| {
            let is_one = |i: &usize| !self.words[*i].number && is_negation(self.word(self.words[*i]));
            (0..self.words.len()).filter(is_one).collect()
        })
    }

    /// Whether it has a folded word.
    pub(crate) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|w| self.word(*w) == word)
    }

    /// Letters of the skeleton.
    pub(crate) fn letters(&self) -> usize {
        self.skeleton.chars().count()
    }

    /// Whether names can be told by their capitals: there are some, and not everything is one.
    pub(crate) fn is_cased(&self) -> bool {
        let names = self.words.iter().filter(|w| w.name).count();
        names > 0 && names * 2 < self.words.len()
    }

    /// Whether a whole sentence lies in some words.
    pub(crate) fn has_sentence(&self, words: &Range<usize>) -> bool {
        let first = self.sentences.partition_point(|s| (s.start as usize) < words.start);
        self.sentences.get(first).is_some_and(|s| s.end as usize <= words.end)
    }

    /// Whether some words belong to the dateline that names an agency.
    pub(crate) fn is_credit(&self, words: &Range<usize>) -> bool {
        words.end <= self.credit as usize
    }

    /// The folded letters of a word.
    pub(crate) fn word(&self, word: Word) -> &str {
        &self.skeleton[word.start as usize..word.end as usize]
    }

    /// The folded letters of some words.
    pub(crate) fn span(&self, words: Range<usize>) -> &str {
        match (self.words.get(words.start), self.words.get(words.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if words.start < words.end => {
                &self.skeleton[first.start as usize..last.end as usize]
            }
            _ => "",
        }
    }

    /// The digest of sentence `i`. Its numbers count: a sentence that comes every day with other numbers is a report.
    pub(crate) fn sentence_digest(&self, i: usize) -> u64 {
        xxh3_64(self.skeleton[self.sentence_bytes(i)].as_bytes())
    }

    /// Whether this text, which breaks off, is the beginning of `longer` and breaks off inside one of its sentences.
    pub(crate) fn is_cut_of(&self, longer: &Self) -> bool {
        // The last word may be half of one.
        let kept = self.words.len().saturating_sub(1);
        if !self.cut || kept < 8 {
            return false;
        }
        let tail = &self.words[kept - 4..kept];
        let same = |at: &usize| longer.words[*at..*at + 4].iter().zip(tail).all(|(a, b)| a.hash == b.hash);
        let Some(at) = (0..longer.words.len().saturating_sub(3)).find(same) else { return false };
        let end = (at + 4) as u32;
        longer.sentences.iter().any(|s| s.start < end && end < s.end)
    }

    /// Bytes of the skeleton that sentence `i` takes.
    pub(crate) fn sentence_bytes(&self, i: usize) -> Range<usize> {
        let range = &self.sentences[i];
        self.words[range.start as usize].start as usize..self.words[range.end as usize - 1].end as usize
    }

    /// Without the edge sentences whose digest `is_furniture`.
    pub(crate) fn without(mut self, mut is_furniture: impl FnMut(u64) -> bool) -> Self {
        let drop: Vec<usize> =
            edges(self.sentences.len()).filter(|i| is_furniture(self.sentence_digest(*i))).collect();
        if drop.is_empty() {
            return self;
        }
        let mut kept = Self {
            cut: self.cut && !drop.contains(&(self.sentences.len() - 1)),
            open: self.open,
            ..Self::default()
        };
        for (i, range) in std::mem::take(&mut self.sentences).into_iter().enumerate() {
            if drop.contains(&i) {
                continue;
            }
            let first = kept.words.len() as u32;
            for word in &self.words[range.start as usize..range.end as usize] {
                let start = kept.skeleton.len() as u32;
                kept.skeleton.push_str(self.word(*word));
                kept.words.push(Word { start, end: kept.skeleton.len() as u32, ..*word });
            }
            kept.sentences.push(first..kept.words.len() as u32);
        }
        kept
    }

    /// The set of its shingles, sorted.
    pub(crate) fn shingle_set(&self) -> Vec<u32> {
        let mut hashes = Vec::new();
        sketch::shingles(&self.skeleton, &mut hashes);
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    /// The shingles of the first `letters` letters, sorted.
    pub(crate) fn beginning(&self, letters: usize) -> Vec<u32> {
        let mut hashes = Vec::new();
        sketch::shingles(&self.skeleton, &mut hashes);
        hashes.truncate(letters.saturating_sub(SHINGLE - 1));
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
}

/// The text of an entry, without the headline that some feeds repeat at its beginning.
pub(crate) fn body(title: &str, text: &str) -> Reading {
    let reading = Reading::of(text);
    if reading.sentences.len() > 1 {
        let headline = skeleton(title);
        let first = reading.sentence_bytes(0);
        if !headline.is_empty() && reading.skeleton[first] == headline {
            let digest = reading.sentence_digest(0);
            let mut first = true;
            return reading.without(|d| std::mem::take(&mut first) && d == digest);
        }
    }
    reading
}

/// Of so many sentences those that may be a feed's furniture: the first two and the last three.
pub(super) fn edges(n: usize) -> impl Iterator<Item = usize> {
    (0..n.min(2)).chain(n.saturating_sub(3).max(2)..n)
}

/// The last place at or before byte `at` where `text` may be cut.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// What may stand behind the end of a sentence.
fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '"' | '”' | '’' | '»' | '›')
}

/// Words behind an ellipsis that may still be an invitation to read on.
const INVITATION: usize = 6;

/// The text without what a program writes behind an excerpt: `… Read more`, `[…] ادامه مطلب »`, `The post … appeared first on
/// ….`. Half a word would not be known as one, were it not the last.
pub(super) fn without_invitation(text: &str) -> &str {
    let mut text = text.trim_end();
    // WordPress, in the languages of its that we know.
    let last = memrchr2(b'\n', b']', text.as_bytes()).map_or(0, |at| at + 1);
    let last =
        memmem::rfind(&text.as_bytes()[last..], "…".as_bytes()).map_or(last, |at| last + at + "…".len());
    let line = text[last..].trim_start_matches(|c: char| !c.is_alphanumeric());
    let footer = ["The post ", "نوشته ", "ظهرت المقالة ", "ظهرت التدوينة ", "التدوينة "];
    let said = ["appeared first on", "اولین بار در", "أولاً على", "أولا على"];
    if last > 0 && footer.iter().any(|f| line.starts_with(f)) && said.iter().any(|s| line.contains(s)) {
        text = text[..last].trim_end();
    }
    let from = boundary(text, text.len().saturating_sub(90));
    // The last of the signs that what went before goes on elsewhere.
    let end = (from + 1..=text.len()).rev().find(|end| {
        let before = &text.as_bytes()[from..*end];
        match before.last() {
            Some(0xa6) => before.ends_with("…".as_bytes()),
            Some(b'.') => before.ends_with(b"..."),
            Some(b']') => before.ends_with(b"[&#8230;]"),
            _ => false,
        }
    });
    let Some(end) = end else { return text };
    let rest = text[end..].trim_start_matches([']', ')']);
    let invites = rest.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
        <= INVITATION
        && !rest.trim_end().ends_with(['.', '!', '?', '؟', '”', '"']);
    if invites { &text[..end] } else { text }
}

/// Whether the text breaks off.
fn is_cut(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | ')' | '»'));
    end.ends_with('…') || end.ends_with("...") || end.ends_with("[&#8230;") || end.ends_with("..")
}

/// The end of a dateline at the beginning of `text`, in bytes; `None` without one.
///
/// `TEHRAN, 3 June (Agency) — `, `London - `, `طهران (وكالة) – `, `به گزارش خبرگزاری …، `.
pub(crate) fn dateline(text: &str) -> Option<usize> {
    let head = &text[..boundary(text, 140)];
    let first_line = head.split('\n').next().unwrap_or_default();
    let trimmed = first_line.trim_start();
    if trimmed.starts_with("به گزارش") || trimmed.starts_with("به‌گزارش") {
        let end = first_line.find(['،', ';', '؛', ':'])?;
        return Some(end + first_line[end..].chars().next()?.len_utf8());
    }
    let mut end = None;
    for dash in [" – ", " — ", " - ", "– ", "— ", " -- ", ": ", "/ ", "_ "] {
        if let Some(at) = find_sign(first_line, dash)
            && end.is_none_or(|e| at < e)
        {
            end = Some(at + dash.len());
        }
    }
    let end = end?;
    let words = first_line[..end].split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
    ((1..=7).contains(&words) && !first_line[..end].contains(['.', '!', '?', '؟', '،'])
        || words <= 7 && first_line[..end].contains('('))
    .then_some(end)
}

/// Where a sign, perhaps with spaces around it, stands first in a line.
fn find_sign(line: &str, sign: &str) -> Option<usize> {
    let (line, sign) = (line.as_bytes(), sign.as_bytes());
    let spaces = usize::from(sign[0] == b' ');
    memchr_iter(sign[spaces], line)
        .filter_map(|at| at.checked_sub(spaces))
        .find(|at| line[*at..].starts_with(sign))
}

/// How much of the smaller of two sorted sets the larger contains, and how alike the two are (Jaccard).
pub(crate) fn overlap(a: &[u32], b: &[u32]) -> Overlap {
    let shared = count_shared(a, b);
    let smaller = a.len().min(b.len());
    let union = a.len() + b.len() - shared;
    let ratio = |of: usize| if of == 0 { 0.0 } else { shared as f32 / of as f32 };
    Overlap { containment: ratio(smaller), resemblance: ratio(union) }
}

/// What [`overlap`] finds; both from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Overlap {
    /// Of the smaller in the larger.
    pub containment: f32,
    /// Shared of all.
    pub resemblance: f32,
}

/// How alike two short texts are: the Dice coefficient of their letter triples, from 0 to 1.
pub(crate) fn alike(a: &str, b: &str) -> f32 {
    if a == b { same(a) } else { alike_by(&triples(a), &triples(b)) }
}

/// [`alike`] for whoever compares a text with many.
#[derive(Clone, Debug)]
pub(crate) struct Triples {
    pub(crate) text: String,
    triples: Vec<u64>,
}

impl Triples {
    pub(crate) fn of(text: String) -> Self {
        Self { triples: triples(&text), text }
    }

    pub(crate) fn alike(&self, other: &Self) -> f32 {
        if self.text == other.text { same(&self.text) } else { alike_by(&self.triples, &other.triples) }
    }
}

fn same(text: &str) -> f32 {
    if text.is_empty() { 0.0 } else { 1.0 }
}

fn alike_by(a: &[u64], b: &[u64]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * count_shared(a, b) as f32 / (a.len() + b.len()) as f32
}

/// How many of two sorted lists stand in both. Without branches: which of two hashes is the smaller nobody can guess.
fn count_shared<T: Copy + Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    shared
}

fn triples(text: &str) -> Vec<u64> {
    let mut triples = Vec::with_capacity(text.len());
    let mut window = 0_u64;
    for (i, c) in text.chars().take(400).enumerate() {
        window = (window << 21 | u64::from(u32::from(c))) & ((1 << 63) - 1);
        if i >= 2 {
            triples.push(window);
        }
    }
    triples.sort_unstable();
    triples
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sketch::MAX_LETTERS;
    use super::*;

    #[test]
    fn words_are_figures_or_letters_and_names_begin_with_a_capital() {
        let reading = Reading::of("The 2nd Run: 3.5km, in ÉCOLE. می‌رود ۱۲٬۵۰۰!\nEnd of it");
        let words: Vec<(&str, bool, bool)> =
            reading.words.iter().map(|w| (reading.word(*w), w.name, w.number)).collect();
        let expected = [
            ("the", true, false),
            ("2", false, true),
            ("nd", false, false),
            ("run", true, false),
            ("3.5", false, true),
            ("km", false, false),
            ("in", false, false),
            ("ecole", true, false),
            ("میرود", false, false),
            ("12500", false, true),
            ("end", true, false),
            ("of", false, false),
            ("it", false, false),
        ];
        assert_eq!(words, expected);
        assert_eq!(reading.sentences, [0..8, 8..10, 10..13]);
        let long = Reading::of(&"a b1. ".repeat(MAX_LETTERS));
        assert_eq!(long.skeleton.len(), MAX_LETTERS + 1);
        assert_eq!(long.sentences.len(), (MAX_LETTERS + 1).div_ceil(3));
    }

    proptest! {
        #[test]
        fn signs_are_found_where_they_stand(line in "( |-|–|—|:|/|_|a|é){0,20}") {
            for sign in [" – ", " — ", " - ", "– ", "— ", " -- ", ": ", "/ ", "_ "] {
                prop_assert_eq!(super::find_sign(&line, sign), line.find(sign), "{:?}", sign);
            }
        }
    }
}
