//! The words that one stretch has and the other lacks.

use super::super::words::{self, difference, is_typo};

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
