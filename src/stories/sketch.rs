//! A few shingles that stand for a text: what two texts with a common passage are found by.
//!
//! Shingles of [`SHINGLE`] letters of the skeleton, chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003): a
//! shingle is chosen when its hash is the smallest of some window of consecutive shingles. Two texts that share a
//! passage longer than window and shingle together choose the same shingle in it, wherever the passage stands: an
//! excerpt finds its full text, which sampling by value only promises on average. The window is narrow where texts
//! are cut (the beginning) and wide beyond; what a wide window chooses, a narrow one chooses too.

/// Letters in a shingle. 5 to 12 hardly make a difference.
pub(crate) const SHINGLE: usize = 7;
/// The most shingles that a sketch keeps.
pub(crate) const MAX_SKETCH: usize = 82;
/// Letters of a text that are looked at.
pub(crate) const MAX_LETTERS: usize = 12_000;

/// Window at a letter's position: one shingle of 12, of 32, of 128 letters is chosen on average.
fn window(position: usize) -> u32 {
    match position {
        0..400 => 23,
        400..1_600 => 63,
        _ => 255,
    }
}

/// The hashes of all shingles of `skeleton`, in order. Stable across versions and machines.
pub(crate) fn shingles(skeleton: &str, hashes: &mut Vec<u32>) {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    const OLDEST: u64 = power(BASE, SHINGLE as u32);
    hashes.clear();
    let mut ring = [0_u64; SHINGLE];
    let mut hash = 0_u64;
    for (i, c) in skeleton.chars().take(MAX_LETTERS).enumerate() {
        let letter = u64::from(u32::from(c)) + 1;
        let slot = &mut ring[i % SHINGLE];
        hash = hash.wrapping_mul(BASE).wrapping_add(letter).wrapping_sub(slot.wrapping_mul(OLDEST));
        *slot = letter;
        if i + 1 >= SHINGLE {
            // The high bits of a product depend on all bits of the sum; the low bits do not.
            let mixed = (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            hashes.push((mixed >> 32) as u32);
        }
    }
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
    let total = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
    // Positions whose hashes rise from bottom to top, each with the position of the nearest smaller one before it.
    let mut stack: Vec<(u32, u32)> = Vec::with_capacity(32);
    let mut settle = |position: u32, before: u32, after: u32| {
        // `before` is one more than the position of the nearest smaller hash, 0 for none.
        if after - before >= window(position as usize).min(total) {
            chosen.push((position, hashes[position as usize]));
        }
    };
    for (i, hash) in (0_u32..).zip(hashes) {
        while let Some(&(top, before)) = stack.last() {
            // Of equal hashes the last one is chosen.
            if hashes[top as usize] < *hash {
                break;
            }
            stack.pop();
            settle(top, before, i);
        }
        let before = stack.last().map_or(0, |&(top, _)| top + 1);
        stack.push((i, before));
    }
    while let Some((top, before)) = stack.pop() {
        settle(top, before, total);
    }
    chosen.sort_unstable();
    chosen.truncate(MAX_SKETCH);
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
