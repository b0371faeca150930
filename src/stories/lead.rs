//! Who speaks for a story.

use std::cmp::Reverse;

use jiff::Timestamp;

/// What decides on who speaks for a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadCandidate<'a> {
    /// Of the source: higher leads.
    pub priority: i32,
    /// Letters and digits of the text ([`Features::letters`](super::Features)).
    pub letters: u32,
    /// The entry's date.
    pub published: Timestamp,
    /// The name of the source.
    pub source: &'a str,
    /// The identity in the source.
    pub guid: &'a str,
}

/// Index of the entry that speaks for a story: by priority, then completeness, then time, then (source, guid).
/// `None` without candidates.
///
/// Whoever has nine tenths of the longest text is complete: a footer does not make a copy the lead.
pub fn lead(candidates: &[LeadCandidate<'_>]) -> Option<usize> {
    let priority = candidates.iter().map(|c| c.priority).max()?;
    let eligible = || candidates.iter().enumerate().filter(|(_, c)| c.priority == priority);
    let longest = eligible().map(|(_, c)| u64::from(c.letters)).max().unwrap_or(0);
    eligible()
        .filter(|(_, c)| u64::from(c.letters) * 10 >= longest * 9)
        .min_by_key(|(_, c)| (c.published, c.source, c.guid, Reverse(c.letters)))
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(priority: i32, letters: u32, second: i64, source: &'static str) -> LeadCandidate<'static> {
        LeadCandidate {
            priority,
            letters,
            published: Timestamp::from_second(second).unwrap_or_default(),
            source,
            guid: "1",
        }
    }

    #[test]
    fn priority_then_completeness_then_time_then_name() {
        assert_eq!(lead(&[]), None);
        assert_eq!(lead(&[candidate(0, 900, 1, "a"), candidate(1, 10, 9, "b")]), Some(1));
        assert_eq!(lead(&[candidate(0, 100, 1, "a"), candidate(0, 900, 9, "b")]), Some(1));
        assert_eq!(lead(&[candidate(0, 950, 9, "a"), candidate(0, 900, 1, "b")]), Some(1));
        assert_eq!(lead(&[candidate(0, 900, 1, "b"), candidate(0, 900, 1, "a")]), Some(1));
    }
}
