//! The store as the stories room wants to see it.

use crate::model::Article;
use crate::store::{Store, StoreError};
use crate::stories::{Candidate, EntryKey, Features, Index, Posting, StoryKey, Text, reading_text};

/// Answers what the stories room asks from the store.
pub struct StoreIndex<'a> {
    store: &'a Store,
}

impl<'a> StoreIndex<'a> {
    /// Looks into `store`; a store that is open for reading is enough to look.
    pub fn new(store: &'a Store) -> Self {
        Self { store }
    }
}

impl Index for StoreIndex<'_> {
    type Error = StoreError;

    fn owners(&mut self, keys: &[i64], at_most: usize) -> Result<Vec<Posting>, StoreError> {
        let rows = self.store.entries_with_keys(keys, at_most)?;
        Ok(rows.into_iter().map(|(key, entry)| Posting { key, entry }).collect())
    }

    fn candidates(&mut self, entries: &[EntryKey]) -> Result<Vec<Candidate>, StoreError> {
        let rows = self.store.features_with_story(entries)?;
        let candidate = |(entry, story, bytes): (i64, i64, Vec<u8>)| {
            Some(Candidate { entry, story: StoryKey(story), features: Features::from_bytes(&bytes)? })
        };
        Ok(rows.into_iter().filter_map(candidate).collect())
    }

    fn texts(&mut self, entries: &[EntryKey]) -> Result<Vec<Text>, StoreError> {
        let rows = self.store.articles(entries)?;
        let text = |(entry, article): (i64, Article)| {
            let text = reading_text(&article);
            Text { entry, title: article.title, text }
        };
        Ok(rows.into_iter().map(text).collect())
    }

    fn members(&mut self, story: StoryKey, at_most: usize) -> Result<Vec<EntryKey>, StoreError> {
        self.store.members(story.0, at_most)
    }

    fn any(&mut self, keys: std::ops::Range<i64>) -> Result<bool, StoreError> {
        self.store.has_key_in(keys)
    }

    fn habits(&mut self, keys: &[i64]) -> Result<Vec<(i64, u32)>, StoreError> {
        self.store.habits(keys)
    }

    fn count_habits(&mut self, counts: &[(i64, u32)]) -> Result<(), StoreError> {
        self.store.count_habits(counts)
    }

    fn insert(&mut self, postings: &[Posting]) -> Result<(), StoreError> {
        self.store.insert_keys(postings.iter().map(|p| (p.key, p.entry)))
    }
}
