//! Which stories stand in an output, and in which order.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Member, Story};

/// What an output takes. Empty lists take everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Tags of sources, or of entries by rules: one of them is enough. Compared without regard to case.
    pub tags: Vec<String>,
    /// Names of sources (`id` in feeds.toml): one of them is enough. With `tags`, both must fit.
    pub sources: Vec<String>,
    /// BCP 47: `fa` takes `fa-IR` too.
    pub language: Option<String>,
    /// At most so many stories.
    pub max_items: Option<usize>,
    /// No story that was published longer ago than this.
    pub max_age: Option<Duration>,
    /// The sources' own `max_items` do not count: for archives, which have room for all.
    pub whole: bool,
}

/// A story of an output, and which of its members speaks for it there.
///
/// That is the story's lead, except where the output does not take the lead's source: a feed of one
/// source shows what that source wrote, and names the others beside it.
#[derive(Clone, Copy, Debug)]
pub struct Pick<'a> {
    /// The story.
    pub story: &'a Story,
    /// Index into `story.members`.
    pub speaker: usize,
}

impl<'a> Pick<'a> {
    /// The story as its own lead tells it.
    pub fn lead(story: &'a Story) -> Self {
        Self { story, speaker: 0 }
    }

    /// The member that speaks.
    pub fn member(&self) -> &'a Member {
        &self.story.members[self.speaker]
    }

    /// The other members, in the story's order.
    pub fn others(&self) -> impl Iterator<Item = &'a Member> + use<'a> {
        let speaker = self.speaker;
        self.story.members.iter().enumerate().filter(move |(i, _)| *i != speaker).map(|(_, m)| m)
    }
}

/// The stories of an output: newest first, at most [`Selection::max_items`], and of each source at most
/// its own `max_items`, so that one loud source cannot push the others out.
///
/// The order depends on nothing but the stories: published, then the speaker's source, its place in its
/// document (feeds date many articles to the same minute, and list the newest first), guid, id.
pub fn select<'a>(
    stories: impl IntoIterator<Item = &'a Story>,
    selection: &Selection,
    now: Timestamp,
) -> Vec<Pick<'a>> {
    let oldest = selection
        .max_age
        .and_then(|age| jiff::SignedDuration::try_from(age).ok())
        .and_then(|age| now.checked_sub(age).ok());
    let mut picks: Vec<Pick<'a>> = stories
        .into_iter()
        .filter(|story| oldest.is_none_or(|oldest| story.published >= oldest))
        .filter_map(|story| {
            let speaker = story.members.iter().position(|member| takes(selection, member))?;
            Some(Pick { story, speaker })
        })
        .collect();
    picks.sort_unstable_by(|a, b| {
        let entry = |p: &Pick<'a>| &p.member().entry;
        let key = |p: &Pick<'a>| (&entry(p).source, entry(p).position, &entry(p).guid, &p.story.id);
        b.story.published.cmp(&a.story.published).then_with(|| key(a).cmp(&key(b)))
    });

    let mut ids = HashSet::new();
    let mut taken: HashMap<&str, usize> = HashMap::new();
    picks.retain(|pick| {
        // Never two entries with one id (RFC 4287 §4.1.2), whatever the caller hands in.
        if !ids.insert(pick.story.id.as_str()) {
            return false;
        }
        let source = &pick.member().source;
        let Some(most) = source.max_items.filter(|_| !selection.whole) else { return true };
        let count = taken.entry(&source.id).or_default();
        *count += 1;
        *count <= most
    });
    picks.truncate(selection.max_items.unwrap_or(usize::MAX));
    picks
}

/// Whether an output takes what this member's source says.
fn takes(selection: &Selection, member: &Member) -> bool {
    let source = &member.source;
    let tags = &selection.tags;
    let by_tag =
        tags.is_empty()
            || source.tags.iter().chain(&member.entry.article.tags).any(|have| {
                tags.iter().any(|want| have == want || have.to_lowercase() == want.to_lowercase())
            });
    let by_source = selection.sources.is_empty() || selection.sources.iter().any(|want| *want == source.id);
    let by_language = selection.language.as_deref().is_none_or(|want| {
        let have =
            member.entry.article.language.as_deref().or(source.language.as_deref()).unwrap_or_default();
        have.get(..want.len()).is_some_and(|start| start.eq_ignore_ascii_case(want))
            && matches!(have.as_bytes().get(want.len()), None | Some(b'-'))
    });
    by_tag && by_source && by_language
}
