//! Where two texts that are otherwise alike tell something else: other numbers, other names.
//!
//! A daily report and its yesterday's, one agency's obituary and the next: the words around agree, what stands between
//! them does not. So the shorter text is laid on the longer wherever three words in a row agree, in whatever order the
//! passages stand; what remains between two agreeing places is compared with what the longer has between the same two.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::reading::Reading;
use super::words::{self, difference, is_filler, is_typo, tells_apart};

/// Words in a row that must agree.
const RUN: usize = 3;
/// Words between two agreeing places; more is a rewritten passage, not another fact.
const MAX_GAP: usize = 28;

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
    /// Edits that tell nothing: mistyped words, fillers, what only one of the two has, rewritten passages.
    pub edits: usize,
    /// The script tells names by their capitals.
    pub cased: bool,
}

impl Differences {
    /// Between the words of two texts.
    pub(crate) fn between(a: &Reading, b: &Reading) -> Self {
        let mut differences = Self { cased: a.is_cased() && b.is_cased(), ..Self::default() };
        let texts = [Numbered::of(a), Numbered::of(b)];
        for (left, right) in gaps(a, b) {
            differences.add(a, left, b, right, &texts);
        }
        differences
    }

    fn add(
        &mut self,
        a: &Reading,
        left: Range<usize>,
        b: &Reading,
        right: Range<usize>,
        texts: &[Numbered; 2],
    ) {
        // Other sentences, not other words in one: a byline against a dateline, one footer against another.
        let edge =
            left.start == 0 && right.start == 0 || left.end == a.words.len() && right.end == b.words.len();
        let passage = |r: &Reading, range: &Range<usize>| r.has_sentence(range) || edge && r.is_credit(range);
        let form = common(a, &left, b, &right) >= 0.4;
        if !form && (passage(a, &left) || passage(b, &right)) {
            let numbers = |r: &Reading, range: &Range<usize>| r.words[range.clone()].iter().any(|w| w.number);
            let other_matter = passage(a, &left) && passage(b, &right) && are_strange(a, &left, b, &right);
            if edge || other_matter || !(numbers(a, &left) && numbers(b, &right)) {
                self.edits += 1;
                return;
            }
        }
        let (x, y) = (words_of(a, left.clone()), words_of(b, right.clone()));
        // Spaces and joiners: `می شود` against `میشود`.
        if left.is_empty() || right.is_empty() || a.span(left.clone()) == b.span(right.clone()) {
            self.edits += usize::from(left.len() + right.len() > 0);
            return;
        }
        let (only_x, only_y) =
            difference(&words::numbers(x.iter().copied()), &words::numbers(y.iter().copied()));
        if !only_x.is_empty() && !only_y.is_empty() {
            self.numbers.push(Exchange { left: only_x.join(" "), right: only_y.join(" ") });
            return;
        }
        let (mut x, mut y) = differing(&x, &y);
        if let Some((one, other)) =
            x.iter().find_map(|w| y.iter().find(|v| tells_apart(w, v)).map(|v| (*w, *v)))
        {
            self.telling.push(Exchange { left: one.to_owned(), right: other.to_owned() });
            return;
        }
        x.retain(|w| !is_filler(w));
        y.retain(|w| !is_filler(w));
        if x.is_empty() || y.is_empty() || x.len().max(y.len()) > if form { 8 } else { 4 } {
            self.edits += 1;
            return;
        }
        // Both texts have both words, elsewhere: style.
        let said = |text: &Numbered, words: &[&str]| words.iter().all(|w| text.words.contains(*w));
        if said(&texts[1], &x) && said(&texts[0], &y) {
            self.edits += 1;
            return;
        }
        let named = |r: &Reading, range: Range<usize>| {
            r.words[range].iter().any(|w| w.name && !is_filler(r.word(*w)))
        };
        self.names += usize::from(named(a, left) && named(b, right));
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
        // Nothing else was touched: then what was touched is what matters. An editor touches more. Where capitals tell
        // names, small letters are at most a thing.
        let touched = self.words.len() + self.edits;
        if self.turns == self.words.len() {
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

struct Numbered<'a> {
    words: HashSet<&'a str>,
}

impl<'a> Numbered<'a> {
    fn of(reading: &'a Reading) -> Self {
        Self { words: reading.words.iter().map(|w| reading.word(*w)).collect() }
    }
}

fn words_of(reading: &Reading, range: Range<usize>) -> Vec<&str> {
    reading.words[range].iter().map(|w| reading.word(*w)).collect()
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

/// The words of each that the other lacks, mistyped ones paired off. Numbers are not among them.
pub(crate) fn differing<'a>(x: &[&'a str], y: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let sorted = |words: &[&'a str]| {
        let mut words: Vec<&str> = words.iter().copied().filter(|w| words::number(w).is_none()).collect();
        words.sort_unstable();
        words
    };
    let (mut x, mut y) = difference(&sorted(x), &sorted(y));
    // Compound spacing: `خبر نامه` against `خبرنامه`.
    drop_compounds(&mut x, &mut y);
    drop_compounds(&mut y, &mut x);
    x.retain(|word| match y.iter().position(|other| is_typo(word, other)) {
        Some(i) => {
            y.swap_remove(i);
            false
        }
        None => true,
    });
    (x, y)
}

/// Drops the words of `whole` that two or three of `parts` make together, and these.
fn drop_compounds(whole: &mut Vec<&str>, parts: &mut Vec<&str>) {
    if parts.len() > 12 {
        return;
    }
    whole.retain(|word| {
        let made_of = |rest: &str, parts: &[&str]| parts.iter().position(|p| *p == rest);
        for (i, first) in parts.iter().enumerate() {
            let Some(rest) = word.strip_prefix(first) else { continue };
            let mut used = vec![i];
            if let Some(j) = made_of(rest, parts).filter(|j| *j != i) {
                used.push(j);
            } else if let Some((j, third)) = parts.iter().enumerate().find_map(|(j, second)| {
                let third = made_of(rest.strip_prefix(second)?, parts)?;
                (j != i && third != i && third != j).then_some((j, third))
            }) {
                used.extend([j, third]);
            } else {
                continue;
            }
            used.sort_unstable();
            for at in used.into_iter().rev() {
                parts.remove(at);
            }
            return false;
        }
        true
    });
}

/// The stretches of `a` that have no counterpart in `b`, each with what `b` has between the same neighbours.
fn gaps(a: &Reading, b: &Reading) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    if a.words.len() < RUN || b.words.len() < RUN {
        return found;
    }
    let run = |r: &Reading, i: usize| key(r.words[i..i + RUN].iter().map(|w| w.hash));
    let runs: HashSet<u64, Identity> = (0..=b.words.len() - RUN).map(|i| run(b, i)).collect();
    let mut pairs: HashMap<u64, Vec<u32>, Identity> =
        HashMap::with_capacity_and_hasher(b.words.len(), Identity::default());
    for i in 0..b.words.len() - 1 {
        let places = pairs.entry(key(b.words[i..i + 2].iter().map(|w| w.hash))).or_default();
        if places.len() < 8 {
            places.push(i as u32);
        }
    }
    let n = a.words.len();
    let mut covered = vec![false; n];
    for i in 0..=n - RUN {
        if runs.contains(&run(a, i)) {
            covered[i..i + RUN].fill(true);
        }
    }
    let pair = |i: usize| key(a.words[i..i + 2].iter().map(|w| w.hash));
    let mut i = 0;
    while i < n {
        if covered[i] {
            i += 1;
            continue;
        }
        let mut j = i;
        while j < n && !covered[j] {
            j += 1;
        }
        let gap = i..j;
        i = j;
        if gap.len() > MAX_GAP {
            continue;
        }
        // Where the left and the right neighbours stand in `b`.
        let lefts: Vec<usize> = if gap.start >= 2 {
            pairs.get(&pair(gap.start - 2)).into_iter().flatten().map(|p| *p as usize + 2).collect()
        } else {
            vec![gap.start]
                .into_iter()
                .filter(|s| (0..*s).all(|k| a.words[k].hash == b.words[k].hash))
                .collect()
        };
        let rights: Vec<usize> = if gap.end + 2 <= n {
            pairs.get(&pair(gap.end)).into_iter().flatten().map(|p| *p as usize).collect()
        } else if let Some(place) = last_numbers(a, &gap, b, &lefts) {
            found.push((gap, place));
            continue;
        } else if a.cut || b.cut {
            // The last words of a text that breaks off may be half of what they were.
            continue;
        } else {
            let tail = n - gap.end;
            let place = b.words.len() - tail.min(b.words.len());
            vec![place]
                .into_iter()
                .filter(|p| (0..tail).all(|k| a.words[gap.end + k].hash == b.words[p + k].hash))
                .collect()
        };
        let mut best: Option<Range<usize>> = None;
        for &left in &lefts {
            for &right in &rights {
                if right >= left
                    && right - left <= MAX_GAP
                    && best.as_ref().is_none_or(|r| right - left < r.len())
                {
                    best = Some(left..right);
                }
            }
        }
        if let Some(other) = best {
            found.push((gap, other));
        } else {
            // Something was put in between: at least the words next to what agrees can be told.
            found.extend(next_words(a, &gap, b, &lefts, &rights));
        }
    }
    found
}

/// The first and the last word of a gap, each with the word that the longer text has next to the same neighbours: where
/// both are numbers, or words that tell apart.
fn next_words(
    a: &Reading,
    gap: &Range<usize>,
    b: &Reading,
    lefts: &[usize],
    rights: &[usize],
) -> Vec<(Range<usize>, Range<usize>)> {
    let inside = |r: &Reading, first: usize, second: usize| {
        r.sentences.iter().any(|s| s.start as usize <= first && second < s.end as usize)
    };
    let tell = |i: usize, j: usize| {
        let (Some(x), Some(y)) = (a.words.get(i), b.words.get(j)) else { return false };
        x.hash != y.hash && (x.number && y.number || tells_apart(a.word(*x), b.word(*y)))
    };
    let mut found = Vec::new();
    if let [j] = *lefts
        && gap.start > 0
        && j > 0
        && inside(a, gap.start - 1, gap.start)
        && inside(b, j - 1, j)
        && tell(gap.start, j)
    {
        found.push((gap.start..gap.start + 1, j..j + 1));
    }
    if let [right] = *rights
        && right > 0
        && gap.end < a.words.len()
        && inside(a, gap.end - 1, gap.end)
        && inside(b, right - 1, right)
        && tell(gap.end - 1, right - 1)
    {
        found.push((gap.end - 1..gap.end, right - 1..right));
    }
    found
}

/// Where the longer text has the last words of the shorter one, with other numbers: behind them it goes on.
fn last_numbers(a: &Reading, gap: &Range<usize>, b: &Reading, lefts: &[usize]) -> Option<Range<usize>> {
    let ours = &a.words[gap.clone()];
    // The last word of a text that breaks off may be half of one, a number too, and not all of them say that they do.
    let whole = ours.len() - usize::from(a.cut);
    let other = |theirs: &[super::reading::Word]| {
        let mut numbers = 0;
        let same = ours[..whole].iter().zip(theirs).enumerate().all(|(i, (x, y))| {
            let half = i + 1 == ours.len() && b.word(*y).starts_with(a.word(*x));
            numbers += usize::from(x.number && y.number && x.hash != y.hash && !half);
            x.hash == y.hash || x.number && y.number
        });
        same && numbers > 0
    };
    lefts
        .iter()
        .filter(|_| gap.end == a.words.len())
        .map(|left| *left..*left + ours.len())
        .find(|place| b.words.get(place.clone()).is_some_and(other))
}

fn key(hashes: impl Iterator<Item = u32>) -> u64 {
    hashes
        .fold(0, |key: u64, hash| (key.rotate_left(23) ^ u64::from(hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A hasher for keys that are hashes already.
#[derive(Default)]
pub(crate) struct Key(u64);

pub(crate) type Identity = BuildHasherDefault<Key>;

impl Hasher for Key {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, n: i64) {
        self.write_u64(n.cast_unsigned());
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_u64(n as u64);
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict(a: &str, b: &str) -> Option<Conflict> {
        Differences::between(&Reading::of(a), &Reading::of(b)).conflict(None)
    }

    const REPORT: &str = "A quake of magnitude 4.2 shook the town of Darband on Monday morning. Nobody was hurt, the mayor Omid Sadeqi said, but 12 houses were damaged. The road to the coast was closed until noon.";

    #[test]
    fn other_facts_are_found_wherever_they_stand() {
        for (old, new) in [
            ("4.2", "4.4"),
            ("12 houses", "15 houses"),
            ("12 houses", "twenty houses"),
            ("Darband", "Lavasan"),
            ("Monday", "Tuesday"),
            ("Omid Sadeqi", "Reza Karimi"),
            ("coast", "harbour"),
        ] {
            assert!(conflict(REPORT, &REPORT.replace(old, new)).is_some(), "{old} → {new}");
            assert!(conflict(&REPORT.replace(old, new), REPORT).is_some(), "{new} → {old}");
        }
        let persian = "زمین لرزه ای به بزرگی ۴٫۲ بامداد دوشنبه شهر دربند را لرزاند. به گفته شهردار کسی آسیب ندیده است اما ۱۲ خانه خسارت دیده اند.";
        for (old, new) in [("۴٫۲", "۴٫۴"), ("دوشنبه", "سه‌شنبه"), ("دربند", "لواسان"), ("۱۲", "15")]
        {
            assert!(conflict(persian, &persian.replace(old, new)).is_some(), "{old} → {new}");
        }
    }

    #[test]
    fn the_last_number_of_an_excerpt_is_compared() {
        let long = "The road to the coast was closed until noon. Last winter the bridge carried 504 carts. It was built of stone.";
        let short = "The road to the coast was closed until noon. Last winter the bridge carried 160 carts.";
        assert!(matches!(conflict(short, long), Some(Conflict::Numbers(_))));
        assert_eq!(conflict(&short.replace("160", "504"), long), None);
        assert_eq!(
            conflict("The road to the coast was closed until noon. Last winter the bridge carried 50…", long),
            None
        );
    }

    #[test]
    fn facts_are_compared_where_something_was_put_in_between() {
        let short = "The frost settled in the valley in the early hours of Monday. Straw fires were lit between the rows until dawn.";
        let quoted = "a word that was put in ".repeat(8);
        let long = short.replace("Monday.", &format!("Wednesday. She said {quoted}."));
        assert!(matches!(conflict(short, &long), Some(Conflict::Words(_))));
        assert_eq!(conflict(short, &long.replace("Wednesday", "Monday")), None);
    }

    #[test]
    fn a_sentence_may_give_way_to_one_on_another_matter() {
        let with = |sentence: &str| {
            format!("The mill stands by the old weir. {sentence} Flour comes by cart on market days.")
        };
        let one = with("Prices rise by a penny a roll, the first change in 4 years.");
        let two = with("Only the opening hour moves from 5 to 6 because the apprentice has children.");
        assert_eq!(conflict(&one, &two), None);
        assert!(conflict(&one, &one.replace('4', "7")).is_some());
    }

    #[test]
    fn edits_are_no_other_facts() {
        for (old, new) in [
            ("said", "added"),
            ("morning", "mornnig"),
            ("12 houses", "twelve houses"),
            ("was closed", "was then closed"),
            ("A quake", "The quake"),
            ("Nobody was hurt, ", ""),
        ] {
            assert_eq!(conflict(REPORT, &REPORT.replace(old, new)), None, "{old} → {new}");
        }
        assert_eq!(conflict(REPORT, &REPORT[..120]), None);
        assert_eq!(conflict(&REPORT[..120], REPORT), None);
        let (one, two) = REPORT.split_at(71);
        assert_eq!(conflict(REPORT, &format!("{two} {one}")), None);
        assert_eq!(conflict("۱۲٬۵۰۰ نفر آمدند و دیدند و رفتند", "12500 نفر آمدند و دیدند و رفتند"), None);
        assert_eq!(
            conflict("آنها به خانه می روند و کتاب می خوانند", "آنها به خانه می‌روند و کتاب می‌خوانند"),
            None
        );
    }
}
