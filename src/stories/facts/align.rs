//! Laying one text on another: the stretches that do not agree, each with what the other has in its place.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::super::reading::Reading;
use super::super::words::tells_apart_in_place;

/// Words in a row that must agree.
const RUN: usize = 3;
/// Words between two agreeing places; more is a rewritten passage, not another fact.
const MAX_GAP: usize = 28;
/// Places of two words that are tried.
const PLACES: usize = 8;
/// Words around a gap that tell which of several places is its own.
const CONTEXT: usize = 6;

/// The stretches of `a` that have no counterpart in `b`, each with what `b` has between the same neighbours.
pub(super) fn gaps(a: &Reading, b: &Reading) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    if a.words.len() < RUN || b.words.len() < RUN {
        return found;
    }
    let run = |r: &Reading, i: usize| key(r.words[i..i + RUN].iter().map(|w| w.hash));
    let runs: FxHashSet<u64> = (0..=b.words.len() - RUN).map(|i| run(b, i)).collect();
    let n = a.words.len();
    let mut covered = vec![false; n];
    for i in 0..=n - RUN {
        if runs.contains(&run(a, i)) {
            covered[i..i + RUN].fill(true);
        }
    }
    if covered.iter().all(|is_covered| *is_covered) {
        return found;
    }
    let pair = |r: &Reading, i: usize| key(r.words[i..i + 2].iter().map(|w| w.hash));
    let mut pairs: Vec<(u64, usize)> = (0..b.words.len() - 1).map(|i| (pair(b, i), i)).collect();
    pairs.sort_unstable();
    // The first places where `b` has the two words of `a` from `i` on.
    let places = |i: usize| {
        let pair = pair(a, i);
        let from = pairs.partition_point(|(other, _)| *other < pair);
        pairs[from..].iter().take_while(move |(other, _)| *other == pair).take(PLACES).map(|(_, at)| *at)
    };
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
            places(gap.start - 2).map(|place| place + 2).collect()
        } else {
            vec![gap.start]
                .into_iter()
                .filter(|s| (0..*s).all(|k| a.words[k].hash == b.words[k].hash))
                .collect()
        };
        let rights: Vec<usize> = if gap.end + 2 <= n {
            places(gap.end).collect()
        } else if a.open && gap.end == n && is_half(a, &gap, b, &lefts) {
            continue;
        } else if let Some(place) = last_words(a, &gap, b, &lefts) {
            found.push((gap.start..n, place));
            continue;
        } else if let Some(place) = last_sentence(a, &gap, b, &lefts) {
            found.push(narrowed(a, gap, b, place));
            continue;
        } else if let Some(place) = sentence_ends(a, &gap, b, &lefts) {
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
        // `in the semi-final on Sunday … in the final on 9 June`: of several places, the one with most that agrees around it.
        let around = |left: usize, right: usize| {
            let before = a.words[..gap.start].iter().rev().zip(b.words[..left].iter().rev());
            let behind = a.words[gap.end..].iter().zip(&b.words[right..]);
            before.take(CONTEXT).take_while(|(x, y)| x.hash == y.hash).count()
                + behind.take(CONTEXT).take_while(|(x, y)| x.hash == y.hash).count()
        };
        let places = lefts.iter().flat_map(|left| rights.iter().map(move |right| (*left, *right)));
        let best = places
            .filter(|(left, right)| right >= left && right - left <= MAX_GAP)
            .min_by_key(|(left, right)| (std::cmp::Reverse(around(*left, *right)), right - left))
            .map(|(left, right)| left..right);
        if let Some(other) = best {
            found.push(narrowed(a, gap, b, other));
        } else {
            // Something was put in between: at least the words next to what agrees can be told.
            found.extend(next_words(a, &gap, b, &lefts, &rights));
        }
    }
    found
}

/// Two stretches without the words that both begin and end with, where that leaves a few words: a last sentence may be too
/// short for a run of words to agree in it.
fn narrowed(
    a: &Reading,
    left: Range<usize>,
    b: &Reading,
    right: Range<usize>,
) -> (Range<usize>, Range<usize>) {
    let (x, y) = (&a.words[left.clone()], &b.words[right.clone()]);
    let most = x.len().min(y.len());
    let before = x.iter().zip(y).take_while(|(x, y)| x.hash == y.hash).count();
    let behind =
        x.iter().rev().zip(y.iter().rev()).take(most - before).take_while(|(x, y)| x.hash == y.hash).count();
    if before + behind == 0 || x.len().max(y.len()) - before - behind > 3 {
        return (left, right);
    }
    (left.start + before..left.end - behind, right.start + before..right.end - behind)
}

/// Two stretches with whole sentences in both, taken apart: the end of the sentence that begins before them, these
/// sentences, and the beginning of the one that ends behind them. `… on Monday. It rained. That means 522` may be compared
/// with `… on Friday. They sang. That means 579` word by word at either end, whatever lies between.
pub(super) fn pieces(
    a: &Reading,
    left: Range<usize>,
    b: &Reading,
    right: Range<usize>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let whole = |r: &Reading, range: &Range<usize>| {
        let mut inside = r
            .sentences
            .iter()
            .map(|s| s.start as usize..s.end as usize)
            .skip_while(|s| s.start < range.start)
            .take_while(|s| s.end <= range.end);
        let first = inside.next()?;
        Some(first.start..inside.last().map_or(first.end, |s| s.end))
    };
    let (Some(x), Some(y)) = (whole(a, &left), whole(b, &right)) else { return vec![(left, right)] };
    let mut pieces = Vec::with_capacity(3);
    if left.start < x.start && right.start < y.start {
        pieces.push((left.start..x.start, right.start..y.start));
    }
    pieces.push((x.clone(), y.clone()));
    if x.end < left.end && y.end < right.end {
        pieces.push(narrowed(a, x.end..left.end, b, y.end..right.end));
    }
    pieces
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
        x.hash != y.hash && (x.number && y.number || tells_apart_in_place(a.word(*x), b.word(*y)))
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

/// Whether the last words of a text are those of the longer one, but for the end of the last: it broke off without saying so.
fn is_half(a: &Reading, gap: &Range<usize>, b: &Reading, lefts: &[usize]) -> bool {
    let ours = &a.words[gap.clone()];
    lefts.iter().any(|left| {
        b.words.get(*left..*left + ours.len()).is_some_and(|theirs| {
            let last = ours.len() - 1;
            ours[..last].iter().zip(theirs).all(|(x, y)| x.hash == y.hash)
                && b.word(theirs[last]).starts_with(a.word(ours[last]))
        })
    })
}

/// Where the longer text has the last words of the shorter one, with another fact among them: behind them it goes on.
fn last_words(a: &Reading, gap: &Range<usize>, b: &Reading, lefts: &[usize]) -> Option<Range<usize>> {
    // One word may stand behind the gap: too few to find its place by.
    let ours = &a.words[gap.start..];
    let n = a.words.len();
    // The last word of a text that breaks off may be half of one, a number too, and not all of them say that they do.
    let whole = ours.len() - usize::from(a.cut);
    let other = |place: &Range<usize>| {
        let Some(theirs) = b.words.get(place.clone()) else { return false };
        // Two sentences of equal length end in the same place.
        let ends = !a.open
            && !a.cut
            && ours.len() <= 3
            && b.sentences.iter().any(|s| s.end as usize == place.end)
            && a.sentences.last().is_some_and(|s| (s.start as usize) < gap.start);
        let (mut facts, mut strange) = (0, 0);
        for (i, (x, y)) in ours[..whole].iter().zip(theirs).enumerate() {
            let half = a.open && i + 1 == ours.len() && b.word(*y).starts_with(a.word(*x));
            if x.hash == y.hash || half {
                continue;
            }
            if x.number && y.number || tells_apart_in_place(a.word(*x), b.word(*y)) {
                facts += 1;
            } else {
                strange += 1;
            }
        }
        // The sentence ends alike: its verb is the same, whatever the two words before it are.
        let last = b.words.get(place.end - 1).zip(ours.last()).is_some_and(|(x, y)| x.hash == y.hash);
        facts > 0 && strange == 0 || ends && (facts + strange == 1 || last)
    };
    lefts.iter().filter(|_| gap.end + 1 >= n).map(|left| *left..*left + ours.len()).find(other)
}

/// Where the longer text has the last sentence of the shorter one, with other words at its beginning: behind it it goes on.
fn last_sentence(a: &Reading, gap: &Range<usize>, b: &Reading, lefts: &[usize]) -> Option<Range<usize>> {
    let n = a.words.len();
    if a.cut || a.open || gap.end != n || gap.len() < 3 {
        return None;
    }
    let tail = &a.words[n - 2..];
    lefts.iter().find_map(|left| {
        let sentence = b.sentences.iter().find(|s| (s.start as usize..s.end as usize).contains(left))?;
        let end = sentence.end as usize;
        let same = end >= left + 2 && b.words[end - 2..end].iter().zip(tail).all(|(x, y)| x.hash == y.hash);
        same.then_some(*left..end)
    })
}

/// Where the longer text has the last few words of a sentence that the shorter one ends with: `said Ada Wirth.`
fn sentence_ends(a: &Reading, gap: &Range<usize>, b: &Reading, lefts: &[usize]) -> Option<Range<usize>> {
    let inside = a.sentences.last().is_some_and(|s| (s.start as usize) < gap.start);
    if a.cut || a.open || gap.end != a.words.len() || gap.len() > 3 || !inside {
        return None;
    }
    lefts.iter().find_map(|left| {
        let around = |s: &&Range<u32>| (s.start as usize) < *left && *left < s.end as usize;
        let end = b.sentences.iter().find(around)?.end as usize;
        (end - left <= 4).then_some(*left..end)
    })
}

pub(super) fn key(hashes: impl Iterator<Item = u32>) -> u64 {
    hashes
        .fold(0, |key: u64, hash| (key.rotate_left(23) ^ u64::from(hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
