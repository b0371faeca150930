//! A few shingles that stand for a text: what two texts with a common passage are found by.
//!
//! Shingles of [`SHINGLE`] letters of the skeleton, chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003): a
//! shingle is chosen when its hash is the smallest of some window of consecutive shingles. Two texts that share a
//! passage longer than window and shingle together choose the same shingle in it, wherever the passage stands: an
//! excerpt finds its full text, which sampling by value only promises on average. The window is narrow where texts
//! are cut (the beginning) and wide beyond; what a wide window chooses, a narrow one chooses too.

use std::ops::Range;

/// Letters in a shingle. 5 to 12 hardly make a difference.
pub(crate) const SHINGLE: usize = 7;
/// The most shingles that a sketch keeps.
pub(crate) const MAX_SKETCH: usize = 82;
/// Letters of a text that are looked at.
pub(crate) const MAX_LETTERS: usize = 12_000;

/// The window up to a letter's position: one shingle of 12, of 32, of 128 letters is chosen on average.
const WINDOWS: [(usize, usize); 3] = [(400, 23), (1_600, 63), (usize::MAX, 255)];

/// The hashes of all shingles of `skeleton`, in order. Stable across versions and machines.
pub(crate) fn shingles(skeleton: &str, hashes: &mut Vec<u32>) {
    hashes.clear();
    if skeleton.is_ascii() {
        let letters = &skeleton.as_bytes()[..skeleton.len().min(MAX_LETTERS)];
        roll(letters, |letter| u64::from(*letter), hashes);
    } else {
        let mut letters: Vec<char> = Vec::with_capacity(skeleton.len().min(MAX_LETTERS));
        letters.extend(skeleton.chars().take(MAX_LETTERS));
        roll(&letters, |letter| u64::from(u32::from(*letter)), hashes);
    }
}

/// Hashes of each [`SHINGLE`] letters in a row: each from the one before it, by what comes in and what leaves.
fn roll<T>(letters: &[T], code: impl Fn(&T) -> u64, hashes: &mut Vec<u32>) {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    const OLDEST: u64 = power(BASE, SHINGLE as u32);
    let Some((first, rest)) = letters.split_at_checked(SHINGLE) else { return };
    // The high bits of a product depend on all bits of the sum; the low bits do not.
    let mixed = |hash: u64| ((hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32;
    let add = |hash: u64, letter: &T| hash.wrapping_mul(BASE).wrapping_add(code(letter) + 1);
    let mut hash = first.iter().fold(0, add);
    hashes.push(mixed(hash));
    hashes.extend(rest.iter().zip(letters).map(|(new, old)| {
        hash = add(hash, new).wrapping_sub((code(old) + 1).wrapping_mul(OLDEST));
        mixed(hash)
    }));
}

const fn power(base: u64, exponent: u32) -> u64 {
    let mut result = 1_u64;
    let mut i = 0;
    while i < exponent {
        result = result.wrapping_mul(base);
        i += 1;
    }
    result
}

/// The chosen shingles of `hashes`, as (position, hash), in order of position.
pub(crate) fn choose(hashes: &[u32], chosen: &mut Vec<(u32, u32)>) {
    chosen.clear();
    let total = hashes.len();
    let mut from = 0;
    for (to, width) in WINDOWS {
        if from < total && chosen.len() < MAX_SKETCH {
            minima(hashes, width.min(total), from..to.min(total), chosen);
        }
        from = to;
    }
    chosen.truncate(MAX_SKETCH);
}

/// Those of some positions whose hash is the smallest of some window of `width` hashes, the last of equal ones.
fn minima(hashes: &[u32], width: usize, positions: Range<usize>, chosen: &mut Vec<(u32, u32)>) {
    // The first window that `positions` stand in, and the end of the last.
    let mut start = positions.start.saturating_sub(width - 1).min(hashes.len() - width);
    let end = hashes.len().min(positions.end + width - 1);
    let mut add = |at: usize| {
        if positions.contains(&at) {
            chosen.push((at as u32, hashes[at]));
        }
    };
    while start + width <= end {
        let mut least = start + smallest(&hashes[start..start + width]);
        add(least);
        // It stays the smallest until another one comes in, or until it leaves.
        let mut next = start + width;
        loop {
            let last = (least + width).min(end);
            let Some(found) = hashes[next.min(last)..last].iter().position(|hash| *hash <= hashes[least])
            else {
                break;
            };
            least = next + found;
            add(least);
            next = least + 1;
        }
        start = least + 1;
    }
}

/// Where the smallest of some hashes stands, the last of equal ones.
fn smallest(hashes: &[u32]) -> usize {
    let (mut at, mut least) = (0, u32::MAX);
    for (i, hash) in hashes.iter().enumerate() {
        if *hash <= least {
            (at, least) = (i, *hash);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Vec<u32> {
        let (mut hashes, mut chosen) = (Vec::new(), Vec::new());
        shingles(text, &mut hashes);
        choose(&hashes, &mut chosen);
        chosen.into_iter().map(|(_, h)| h).collect()
    }

    fn letters(seed: u64, n: usize) -> String {
        let mut state = seed;
        (0..n)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b'a' + (state >> 33) as u8 % 26)
            })
            .collect()
    }

    #[test]
    fn an_excerpt_always_shares_shingles_with_its_text() {
        for seed in 0..200 {
            let text = letters(seed, 1_500);
            let whole = sketch(&text);
            assert!(whole.len() <= MAX_SKETCH);
            for (from, to, at_least) in [(0, 120, 3), (100, 300, 6), (500, 900, 4), (900, 1_400, 4)] {
                let excerpt = sketch(&text[from..to]);
                let shared = excerpt.iter().filter(|h| whole.contains(h)).count();
                assert!(shared >= at_least, "{seed} {from}..{to}: {shared} of {}", excerpt.len());
            }
        }
    }

    /// What [`choose`] chooses, as it is defined.
    fn defined(hashes: &[u32]) -> Vec<(u32, u32)> {
        let mut chosen = Vec::new();
        for (at, hash) in hashes.iter().enumerate() {
            let before = hashes[..at].iter().rev().take_while(|h| *h >= hash).count();
            let after = hashes[at + 1..].iter().take_while(|h| *h > hash).count();
            let (_, window) = WINDOWS[WINDOWS.partition_point(|(to, _)| *to <= at)];
            if before + 1 + after >= window.min(hashes.len()) {
                chosen.push((at as u32, *hash));
            }
        }
        chosen.truncate(MAX_SKETCH);
        chosen
    }

    #[test]
    fn what_is_chosen_is_the_smallest_of_a_window() {
        for seed in 0..60 {
            for n in [0, 1, 22, 23, 24, 60, 399, 425, 1_000, 1_599, 1_700, 2_500, 9_000] {
                // Few different hashes, so that many are equal.
                let hashes: Vec<u32> = letters(seed, n)
                    .bytes()
                    .zip(letters(seed + 1_000, n).bytes())
                    .map(
                        |(a, b)| {
                            if seed % 2 == 0 { u32::from(a) } else { u32::from(a) * 77 + u32::from(b) * 5 }
                        },
                    )
                    .collect();
                let mut chosen = Vec::new();
                choose(&hashes, &mut chosen);
                assert_eq!(chosen, defined(&hashes), "{seed} {n}");
            }
        }
    }

    #[test]
    fn a_sketch_is_about_a_twelfth_of_the_beginning() {
        let mean: usize = (0..50).map(|s| sketch(&letters(s, 400)).len()).sum::<usize>() / 50;
        assert!((28..40).contains(&mean), "{mean}");
        assert!(sketch(&letters(1, 100_000)).len() == MAX_SKETCH);
        assert!(!sketch("abcdefgh").is_empty());
        assert!(sketch("abc").is_empty());
        assert!(sketch(&"a".repeat(5_000)).len() <= MAX_SKETCH);
    }

    #[test]
    fn hashes_never_change() {
        let mut hashes = Vec::new();
        shingles("بارانباریدabcdef", &mut hashes);
        assert_eq!(hashes.len(), 17 - SHINGLE);
        assert_eq!((hashes[0], hashes[9]), (2_050_689_784, 731_255_721));
    }
}
