//! Figures that stand between the same two words in both texts, wherever these stand: `for 42 nights`, `for 47 nights`.

use std::collections::HashMap;

use super::super::reading::Reading;
use super::super::words::{is_filler, is_month, number, numbers};
use super::Exchange;

/// Words that a sentence must have: shorter ones are stamps (`reading time 3 minutes`).
const SENTENCE: usize = 6;

/// A figure of `a` that `b` has nowhere, where between the same words `b` has one that `a` has nowhere: what stands around
/// was written anew, so that the passages cannot be laid on each other.
pub(super) fn exchanged(a: &Reading, b: &Reading) -> Option<Exchange> {
    let (ours, theirs) = (a.numbers(), b.numbers());
    let lacks =
        |list: &[String], word: &str| numbers([word]).iter().all(|part| list.binary_search(part).is_err());
    let there: HashMap<(u32, u32), &str> = between(b).filter(|(_, word)| lacks(ours, word)).collect();
    between(a).filter(|(_, word)| lacks(theirs, word)).find_map(|(around, left)| {
        let right = there.get(&around)?;
        Some(Exchange { left: left.to_owned(), right: (*right).to_owned() })
    })
}

/// The figures between two telling words of one sentence, each with the two.
fn between(r: &Reading) -> impl Iterator<Item = ((u32, u32), &str)> {
    let telling = |word: &str| number(word).is_none() && !is_filler(word) && !is_month(word);
    r.sentences.iter().filter(|s| s.len() >= SENTENCE).flat_map(move |s| {
        r.words[s.start as usize..s.end as usize].windows(3).filter_map(move |three| {
            let [before, figure, behind] = three else { return None };
            (figure.number && telling(r.word(*before)) && telling(r.word(*behind)))
                .then(|| ((before.hash, behind.hash), r.word(*figure)))
        })
    })
}
