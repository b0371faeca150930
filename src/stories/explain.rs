//! Why two stored entries are one story, and why a third is not: for `kariz why`.

use std::collections::HashMap;

use super::finder::{CANDIDATES, GRAM_OWNERS, Tally, probes};
use super::index::{EntryKey, Index, Stories};
use super::judge::{Habits, Side, Verdict, judge};
use super::options::Options;
use super::prepared::load_habits;

/// Why two stored entries are, or are not, one story.
///
/// # Errors
/// The index's.
pub fn explain<I: Stories>(
    a: EntryKey,
    b: EntryKey,
    index: &mut I,
    options: &Options,
) -> Result<Option<Verdict>, I::Error> {
    let mut keys = [a, b];
    keys.sort_unstable();
    let known = index.features(&keys)?;
    let texts = index.texts(&keys)?;
    let mut habits = Habits::default();
    load_habits(known.iter().map(|(_, features)| features), &mut habits, index)?;
    let side = |entry| {
        let (_, features) = known.iter().find(|(key, _)| *key == entry)?;
        let text = texts.iter().find(|t| t.entry == entry)?;
        Some(Side::new(features, text, &habits))
    };
    let (Some(left), Some(right)) = (side(a), side(b)) else { return Ok(None) };
    Ok(Some(judge(&left, &right, &habits, options, false)))
}

/// The stored entry of another story that comes nearest to telling the story of `entry`, and why it does not.
///
/// # Errors
/// The index's.
pub fn nearest<I: Index + Stories>(
    entry: EntryKey,
    index: &mut I,
    options: &Options,
) -> Result<Option<(EntryKey, Verdict)>, I::Error> {
    let (Some((_, own)), Some((_, story))) =
        (index.features(&[entry])?.pop(), index.stories(&[entry])?.pop())
    else {
        return Ok(None);
    };
    let keys: Vec<i64> = own.postings(entry, |_| false).into_iter().map(|p| p.key).collect();
    let mut probes: Vec<i64> = probes(own.published, &keys, options.window).collect();
    probes.sort_unstable();
    let mut tallies: HashMap<EntryKey, Tally> = HashMap::new();
    for posting in index.owners(&probes, GRAM_OWNERS)? {
        if posting.entry != entry {
            tallies.entry(posting.entry).or_default().add(posting.key);
        }
    }
    let mut ranked: Vec<(EntryKey, Tally)> = tallies.into_iter().collect();
    ranked.sort_by_key(|(key, tally)| (std::cmp::Reverse(tally.rank()), *key));
    ranked.truncate(4 * CANDIDATES);
    let mut keys: Vec<EntryKey> = ranked.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    let others = index.stories(&keys)?.into_iter().filter(|(_, theirs)| *theirs != story);
    let mut best: Option<(EntryKey, Verdict)> = None;
    for (other, _) in others {
        if let Some(verdict) = explain(entry, other, index, options)?
            && best.as_ref().is_none_or(|(key, b)| {
                let near = |v: &Verdict| v.containment.max(v.headlines);
                near(&verdict) > near(b) || near(&verdict) >= near(b) && other < *key
            })
        {
            best = Some((other, verdict));
        }
    }
    Ok(best)
}
