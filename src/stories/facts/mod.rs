//! Where two texts that are otherwise alike tell something else: other numbers, other names.
//!
//! A daily report and its yesterday's, one agency's obituary and the next: the words around agree, what stands between
//! them does not. So the shorter text is laid on the longer wherever three words in a row agree, in whatever order the
//! passages stand; what remains between two agreeing places is compared with what the longer has between the same two.

mod align;
mod exchanged;
mod figures;
mod negation;
mod order;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use align::gaps;
pub(crate) use exchanged::differing;

use super::kinds::{is_plain, is_thing};
use super::reading::Reading;
use super::words::{
    self, difference, drop_synonyms, is_filler, is_negation, is_one_against, tells_apart,
    tells_apart_in_place,
};

/// One text has this where the other has that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What the one says.
    pub left: String,
    /// What the other says in its place.
    pub right: String,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” against “{}”", self.left, self.right)
    }
}

/// How two texts differ where they are laid upon each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Differences {
    /// Other numbers in the same place.
    pub numbers: Vec<Exchange>,
    /// Words whose exchange makes another story: weekdays, directions.
    pub telling: Vec<Exchange>,
    /// Other words in the same place: names and what may be names.
    pub words: Vec<Exchange>,
    /// Of `words`, how many are names by their capitals.
    pub names: usize,
    /// Of `words`, how many are turns of phrase by their lengths.
    pub turns: usize,
    /// Of `words`, how many are surely no names.
    pub plain: usize,
    /// Words in these.
    pub plain_words: usize,
    /// Edits that tell nothing: mistyped words, fillers, what only one of the two has.
    pub edits: usize,
    /// Sentences that only one has, rewritten passages: they stand around what is compared.
    pub passages: usize,
    /// Words in the place of others, where both texts have both.
    pub elsewhere: Vec<Exchange>,
    /// The script tells names by their capitals.
    pub cased: bool,
    /// Words of the shorter text.
    pub length: usize,
}

impl Differences {
    /// Between the words of two texts.
    pub(crate) fn between(a: &Reading, b: &Reading) -> Self {
        let mut differences = Self {
            cased: a.is_cased() && b.is_cased(),
            length: a.words.len().min(b.words.len()),
            ..Self::default()
        };
        for (left, right) in gaps(a, b) {
            for (left, right) in align::pieces(a, left, b, right) {
                differences.add(a, left, b, right);
            }
        }
        differences.telling.extend(negation::added(a, b));
        differences.numbers.extend(figures::exchanged(a, b));
        differences
    }

    fn add(&mut self, a: &Reading, left: Range<usize>, b: &Reading, right: Range<usize>) {
        // What one has as whole sentences of its own stands around the words that are compared: a byline, a footer.
        let (left, right) = (without_sentences(a, left, b, &right), right);
        let (left, right) = (left.clone(), without_sentences(b, right, a, &left));
        // Other sentences, not other words in one: a byline against a dateline, one footer against another.
        let edge =
            left.start == 0 && right.start == 0 || left.end == a.words.len() && right.end == b.words.len();
        let passage = |r: &Reading, range: &Range<usize>| r.has_sentence(range) || edge && r.is_credit(range);
        let form = common(a, &left, b, &right) >= 0.4 || is_short_form(a, &left, b, &right);
        if !form && (passage(a, &left) || passage(b, &right)) {
            let numbers = |r: &Reading, range: &Range<usize>| r.words[range.clone()].iter().any(|w| w.number);
            let other_matter = passage(a, &left) && passage(b, &right) && are_strange(a, &left, b, &right);
            if edge || other_matter || !(numbers(a, &left) && numbers(b, &right)) {
                self.passages += 1;
                return;
            }
        }
        let (x, y) = (words_of(a, left.clone()), words_of(b, right.clone()));
        // Spaces and joiners: `می شود` against `میشود`.
        if a.span(left.clone()) == b.span(right.clone()) {
            self.edits += usize::from(!left.is_empty());
            return;
        }
        // A text that breaks off, with or without saying so, may end with half a word.
        let half = |x: &[&str], y: &[&str]| {
            y.last().is_some_and(|last| x.get(y.len() - 1).is_some_and(|word| word.starts_with(last)))
        };
        if b.open && right.end == b.words.len() && half(&x, &y) {
            self.edits += 1;
            return;
        }
        let exchange = || Exchange { left: x.join(" "), right: y.join(" ") };
        let not = |words: &[&str]| words.iter().filter(|w| is_negation(w)).count();
        // Of what only one of them has, the word alone counts: a clause of its own tells something besides.
        let most = if x.is_empty() || y.is_empty() { 2 } else { 6 };
        if not(&x) != not(&y) && x.len().max(y.len()) <= most {
            self.telling.push(exchange());
            return;
        }
        if left.is_empty() || right.is_empty() {
            self.edits += 1;
            return;
        }
        let (only_x, only_y) =
            difference(&words::numbers(x.iter().copied()), &words::numbers(y.iter().copied()));
        if !only_x.is_empty() && !only_y.is_empty() {
            self.numbers.push(Exchange { left: only_x.join(" "), right: only_y.join(" ") });
            return;
        }
        if only_x.is_empty() != only_y.is_empty() && (is_one_against(&x, &y) || is_one_against(&y, &x)) {
            self.numbers.push(exchange());
            return;
        }
        if order::is_another(&x, &y) {
            self.telling.push(exchange());
            return;
        }
        let x_all = x.clone();
        let (mut x, mut y) = differing(&x, &y);
        // One of many words is not in the place of another.
        let tell = if x.len().max(y.len()) <= 3 { tells_apart_in_place } else { tells_apart };
        if let Some((one, other)) = x.iter().find_map(|w| y.iter().find(|v| tell(w, v)).map(|v| (*w, *v))) {
            self.telling.push(Exchange { left: one.to_owned(), right: other.to_owned() });
            return;
        }
        drop_synonyms(&mut x, &mut y);
        // Several names with little between them: `Ashby by Ada Wirth` against `Thorn by Ben Orlo`.
        let named = |r: &Reading, range: &Range<usize>| {
            r.words[range.clone()].iter().filter(|w| w.name && !is_filler(r.word(**w))).count()
        };
        let (names_x, names_y) = (named(a, &left), named(b, &right));
        let mostly_names = self.cased && names_x * 3 >= x.len() * 2 && names_y * 3 >= y.len() * 2;
        let most = if form || mostly_names { 8 } else { 4 };
        if x.is_empty() || y.is_empty() || x.len().max(y.len()) > most {
            self.edits += 1;
            return;
        }
        // A sentence in other words around the same number.
        let figures =
            !words::numbers(x_all.iter().copied()).is_empty() && only_x.is_empty() && only_y.is_empty();
        if figures && !form && x.len().min(y.len()) >= 3 && !(self.cased && names_x > 0 && names_y > 0) {
            self.edits += 1;
            return;
        }
        // More than a name: the sentence was written anew.
        let distinct = |words: &[&str]| words.iter().collect::<HashSet<_>>().len();
        let (least, both) = (distinct(&x).min(distinct(&y)), distinct(&x) + distinct(&y));
        if !self.cased && !form && least >= 3 && both >= 7 && self.length >= 40 {
            self.edits += 1;
            return;
        }
        // Both texts have both words, elsewhere: style.
        let said = |text: &Reading, words: &[&str]| words.iter().all(|w| text.says(w));
        if said(b, &x) && said(a, &y) {
            let exchange = Exchange { left: x.join(" "), right: y.join(" ") };
            // Here for there, and there for here: the roles are exchanged.
            if self.elsewhere.iter().any(|e| e.left == exchange.right && e.right == exchange.left) {
                self.telling.push(exchange.clone());
            }
            self.elsewhere.push(exchange);
            self.edits += 1;
            return;
        }
        self.names += usize::from(names_x > 0 && names_y > 0);
        // Where capitals tell names, what has none is not one.
        let plain = |words: &[&str], names: usize| {
            if self.cased { names == 0 } else { words.iter().all(|w| is_plain(w)) }
        };
        // A pier for a warehouse is another fact, of whatever kind they are.
        let things = |words: &[&str]| words.iter().any(|w| is_thing(w));
        let plain = plain(&x, names_x) && plain(&y, names_y) && !(things(&x) && things(&y));
        self.plain += usize::from(plain);
        self.plain_words += if plain { x.len().max(y.len()) } else { 0 };
        // A name gives way to a name: three words for one are a turn of phrase.
        self.turns += usize::from(x.len().abs_diff(y.len()) >= 2);
        self.words.push(Exchange { left: x.join(" "), right: y.join(" ") });
    }

    /// What makes another story of the text, if anything does; `headlines` are the exchanges between the headlines.
    pub(crate) fn conflict(&self, headlines: Option<&Self>) -> Option<Conflict> {
        if let Some(first) = self.numbers.first() {
            return Some(Conflict::Numbers(first.clone()));
        }
        if let Some(first) = self.telling.first() {
            return Some(Conflict::Words(first.clone()));
        }
        let first = self.words.first()?;
        // The same exchange twice, or in the headline as well: not an editor's synonym.
        let again = |e: &&Exchange| {
            self.words.iter().filter(|o| o == e).count() > 1
                || headlines.is_some_and(|h| {
                    h.words.iter().any(|o| {
                        o.left == e.left && o.right == e.right || o.left == e.right && o.right == e.left
                    })
                })
        };
        if let Some(repeated) = self.words.iter().find(again) {
            return Some(Conflict::Words(repeated.clone()));
        }
        if self.names > 0 {
            return Some(Conflict::Words(first.clone()));
        }
        // In a horoscope or a notice every word counts.
        if self.plain == self.words.len() && self.length >= 16 * (1 + self.plain_words) {
            return None;
        }
        // Nothing else was touched: then what was touched is what matters. An editor touches more. Where capitals tell
        // names, small letters are at most a thing.
        let touched = self.words.len() + self.edits;
        if self.turns == self.words.len() && (self.cased || self.edits > 0) {
            return None;
        }
        (touched <= if self.cased { 1 } else { 2 }).then(|| Conflict::Words(first.clone()))
    }
}

/// What tells two alike texts apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Other numbers.
    Numbers(Exchange),
    /// Other words.
    Words(Exchange),
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(exchange) => write!(f, "the numbers differ ({exchange})"),
            Self::Words(exchange) => write!(f, "the words differ where it matters ({exchange})"),
        }
    }
}

fn words_of(reading: &Reading, range: Range<usize>) -> Vec<&str> {
    reading.words[range].iter().map(|w| reading.word(*w)).collect()
}

/// A stretch without the whole sentences that `other` has nothing of: what is left of the sentence before, or behind.
fn without_sentences(
    r: &Reading,
    range: Range<usize>,
    other: &Reading,
    theirs: &Range<usize>,
) -> Range<usize> {
    if !r.has_sentence(&range) || other.has_sentence(theirs) || theirs.is_empty() {
        return range;
    }
    let starts = |s: &Range<u32>| s.start as usize == theirs.start;
    let ends = |s: &Range<u32>| s.end as usize == theirs.end;
    let cut = |first: bool| {
        let whole: Vec<&Range<u32>> = r
            .sentences
            .iter()
            .filter(|s| s.start as usize >= range.start && s.end as usize <= range.end)
            .collect();
        if first {
            whole.last().map_or(range.start, |s| s.end as usize)..range.end
        } else {
            range.start..whole.first().map_or(range.end, |s| s.start as usize)
        }
    };
    let rest = if other.sentences.iter().any(starts) {
        cut(true)
    } else if other.sentences.iter().any(ends) {
        cut(false)
    } else {
        return range;
    };
    if rest.is_empty() { range } else { rest }
}

/// How much of the shorter stretch's words the longer has, from 0 to 1: much of it in a sentence from a form.
fn common(a: &Reading, left: &Range<usize>, b: &Reading, right: &Range<usize>) -> f32 {
    let hashes = |r: &Reading, range: &Range<usize>| {
        let mut hashes: Vec<u32> = r.words[range.clone()].iter().map(|w| w.hash).collect();
        hashes.sort_unstable();
        hashes
    };
    let (x, y) = (hashes(a, left), hashes(b, right));
    if x.len().min(y.len()) < 4 {
        return 0.0;
    }
    let (only, _) = difference(&x, &y);
    (x.len() - only.len()) as f32 / x.len().min(y.len()) as f32
}

/// Whether two stretches of a few words are from one form: as long as each other, and with a word in the same place.
fn is_short_form(a: &Reading, left: &Range<usize>, b: &Reading, right: &Range<usize>) -> bool {
    let (x, y) = (&a.words[left.clone()], &b.words[right.clone()]);
    x.len() == y.len()
        && (2..=6).contains(&x.len())
        && x.iter().zip(y).any(|(x, y)| x.hash == y.hash && !is_filler(a.word(*x)))
}

/// Whether two stretches of some length have next to no word in common: sentences on other matters.
fn are_strange(a: &Reading, left: &Range<usize>, b: &Reading, right: &Range<usize>) -> bool {
    let telling = |r: &Reading, range: &Range<usize>| {
        let mut words: Vec<u32> = r.words[range.clone()]
            .iter()
            .filter(|w| !w.number && !is_filler(r.word(**w)))
            .map(|w| w.hash)
            .collect();
        words.sort_unstable();
        words
    };
    let (x, y) = (telling(a, left), telling(b, right));
    let (only, _) = difference(&x, &y);
    x.len().min(y.len()) >= 4 && (x.len() - only.len()) * 6 <= x.len().min(y.len())
}
