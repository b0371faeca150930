//! The same words in another order: who does what to whom.

use super::super::words::{is_filler, number, numbers_in_order};

/// Words around which an exchange of places changes nothing.
const JOINING: &[&str] = &["and", "or", "و", "یا", "او", "ام", "with", "با", "مع"];

/// Whether two stretches of the same words tell something else: `Ashby beats Thorn` and `Thorn beats Ashby`, `3 to 1` and
/// `1 to 3`. What only moves (`on Monday in Ashby`, `in Ashby on Monday`) does not.
pub(super) fn is_another(x: &[&str], y: &[&str]) -> bool {
    if x.len() != y.len() {
        return false;
    }
    let letters = |words: &[&str]| -> Vec<String> {
        words.iter().filter(|w| number(w).is_none()).map(|w| (*w).to_owned()).collect()
    };
    let (left, right) = (numbers_in_order(x.iter().copied()), numbers_in_order(y.iter().copied()));
    if left.len() > 1 && left != right && letters(x) == letters(y) {
        return true;
    }
    if x.len() < 3 {
        return false;
    }
    // `Team Ashby Team Thorn`: what both begin and end with.
    let before = x.iter().zip(y).take_while(|(a, b)| a == b).count();
    let behind = x.iter().zip(y).rev().take_while(|(a, b)| a == b).count();
    if before + behind + 3 > x.len() {
        return false;
    }
    let (last, x, y) = (x[..before].last(), &x[before..x.len() - behind], &y[before..y.len() - behind]);
    let n = x.len();
    // x = P M Q, y = Q M P. With the same preposition before both (`in May in Ashby`) they only move.
    (1..n - 1).any(|p| {
        (1..n - p).any(|q| {
            let middle = &x[p..n - q];
            x[..p] == y[n - p..]
                && x[n - q..] == y[..q]
                && *middle == y[q..n - p]
                && x[..p] != x[n - q..]
                && !middle.iter().any(|w| JOINING.contains(w))
                && !matches!(middle, [only] if Some(only) == last && is_filler(only))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_another;

    fn differs(x: &str, y: &str) -> bool {
        is_another(&x.split(' ').collect::<Vec<_>>(), &y.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn exchanged_roles_are_another_story() {
        assert!(differs("ashby beats thorn", "thorn beats ashby"));
        assert!(differs("تیم شاهین تیم توفان", "تیم توفان تیم شاهین"));
        assert!(differs("3 to 1", "1 to 3"));
    }

    #[test]
    fn what_only_moves_is_not() {
        assert!(!differs("on monday in ashby", "in ashby on monday"));
        assert!(!differs("held in may in ashby again", "held in ashby in may again"));
        assert!(!differs("bread and milk", "milk and bread"));
        assert!(!differs("said the mayor", "the mayor said"));
        assert!(!differs("3 apples 5 pears", "5 pears 3 apples"));
    }
}
