//! A word put in that says that something is not so: `will close` and `will not close`.

use rustc_hash::FxHashSet;

use super::super::reading::Reading;
use super::Exchange;
use super::align::key;

/// A negation that `b` has between words that stand next to each other in `a`, or the other way round.
///
/// Where one text has nothing at all in the other's place there is no stretch to compare, so these are looked for.
pub(super) fn added(a: &Reading, b: &Reading) -> Option<Exchange> {
    put_in(a, b)
        .map(|right| Exchange { left: String::new(), right })
        .or_else(|| put_in(b, a).map(|left| Exchange { left, right: String::new() }))
}

fn put_in(without: &Reading, with: &Reading) -> Option<String> {
    let places = with.negations();
    if places.is_empty() {
        return None;
    }
    let runs: FxHashSet<u64> = without.words.windows(4).map(|run| key(run.iter().map(|w| w.hash))).collect();
    places.iter().find_map(|&i| {
        let around = [i.checked_sub(2)?, i.checked_sub(1)?, i + 1, i + 2];
        let words: Option<Vec<u32>> = around.iter().map(|j| with.words.get(*j).map(|w| w.hash)).collect();
        runs.contains(&key(words?.into_iter())).then(|| with.word(with.words[i]).to_owned())
    })
}
