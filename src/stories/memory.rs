//! The simplest [`Index`]: everything in memory. For tests, benchmarks and dry runs.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::ops::Range;

use super::cluster::{Assigned, Outcome};
use super::index::{EntryKey, Index, Kept, Outline, Posting, Stories, StoryKey, Text};
use super::{Features, cluster::NewEntry};

/// An [`Index`] in memory, and the little store around it.
#[derive(Clone, Debug, Default)]
pub struct MemoryIndex {
    postings: BTreeSet<Posting>,
    habits: HashMap<i64, u32>,
    entries: HashMap<EntryKey, (Option<StoryKey>, Features)>,
    texts: HashMap<EntryKey, Text>,
    members: HashMap<StoryKey, Vec<EntryKey>>,
    stories: Vec<String>,
}

impl MemoryIndex {
    /// Remembers the text of an entry, before it is clustered.
    pub fn add_text(&mut self, text: Text) {
        self.texts.insert(text.entry, text);
    }

    /// The story of an entry.
    pub fn story_of(&self, entry: EntryKey) -> Option<StoryKey> {
        self.entries.get(&entry).and_then(|(story, _)| *story)
    }

    /// The id of a story (`urn:uuid:…`).
    pub fn story_id(&self, story: StoryKey) -> Option<&str> {
        usize::try_from(story.0).ok().and_then(|i| self.stories.get(i)).map(String::as_str)
    }

    /// Carries out what clustering decided.
    pub fn apply(&mut self, new: Vec<NewEntry>, outcome: &Outcome) {
        for merge in &outcome.merges {
            for entry in self.members.remove(&merge.retired).unwrap_or_default() {
                self.join(entry, merge.kept);
            }
        }
        for entry in new {
            self.entries.insert(entry.key, (None, entry.features));
        }
        let mut minted: HashMap<&str, StoryKey> = HashMap::new();
        for assignment in &outcome.assignments {
            let story = match &assignment.story {
                Assigned::Existing(story) => *story,
                Assigned::New { id, .. } => *minted.entry(id).or_insert_with(|| {
                    self.stories.push(id.clone());
                    StoryKey(self.stories.len() as i64 - 1)
                }),
            };
            self.join(assignment.entry, story);
        }
    }

    fn join(&mut self, entry: EntryKey, story: StoryKey) {
        if let Some(known) = self.entries.get_mut(&entry) {
            known.0 = Some(story);
        }
        self.members.entry(story).or_default().push(entry);
    }
}

impl Kept for MemoryIndex {
    type Error = Infallible;

    fn features(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, Features)>, Infallible> {
        let known = |entry: &EntryKey| Some((*entry, self.entries.get(entry)?.1.clone()));
        Ok(entries.iter().filter_map(known).collect())
    }

    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, Infallible> {
        Ok(keys.iter().filter_map(|k| self.habits.get(k).map(|n| (*k, *n))).collect())
    }

    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, Infallible> {
        Ok(entries.iter().filter_map(|e| self.texts.get(e)).cloned().collect())
    }
}

impl Index for MemoryIndex {
    fn owners(&mut self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, Infallible> {
        let mut found = Vec::new();
        for &key in keys {
            let range = Posting { key, entry: EntryKey::MIN }..=Posting { key, entry: EntryKey::MAX };
            found.extend(self.postings.range(range).take(at_most + 1));
        }
        Ok(found)
    }

    fn any(&mut self, keys: Range<i64>) -> Result<bool, Infallible> {
        let end = |key| Posting { key, entry: EntryKey::MIN };
        Ok(self.postings.range(end(keys.start)..end(keys.end)).next().is_some())
    }

    fn count_habits(&mut self, counts: &[(i64, u32)]) -> Result<(), Infallible> {
        for (key, n) in counts {
            *self.habits.entry(*key).or_insert(0) += n;
        }
        Ok(())
    }

    fn insert(&mut self, postings: &[Posting], _: &[(EntryKey, Outline)]) -> Result<(), Infallible> {
        self.postings.extend(postings);
        Ok(())
    }
}

impl Stories for MemoryIndex {
    fn stories(&mut self, entries: &[EntryKey]) -> Result<Vec<(EntryKey, StoryKey)>, Infallible> {
        Ok(entries.iter().filter_map(|entry| Some((*entry, self.story_of(*entry)?))).collect())
    }

    fn members(&mut self, story: StoryKey, at_most: usize) -> Result<Vec<EntryKey>, Infallible> {
        let mut members = self.members.get(&story).cloned().unwrap_or_default();
        members.sort_unstable();
        members.truncate(at_most);
        Ok(members)
    }
}
