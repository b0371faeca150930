//! The feed of a single source, made from what it said before: entries whose stories are as they were when the document was
//! written are taken over as they stand there. They are neither read back nor rendered.
//!
//! A source that tells something new has some dozens of entries that it told before; making them all again was most of what a
//! publication cost. What proves that an entry may be taken over is noted in the store with each document: the revision
//! of the store that it shows, the digest of its bytes (somebody may have changed the file), and what the configuration and the
//! version had to say. Documents in which an article may have been cut for want of room are not noted: there, entries depend on
//! each other.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::model::Story;
use crate::publish::{self, Channel, Entries, Kept, Pick, Told};
use crate::store::{Outline, Store, StoreError};

/// The name of the notes among the store's small values.
const NOTES: &str = "made";

/// What is noted of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Note {
    /// The revision of the store that it shows.
    revision: i64,
    /// Of its bytes.
    digest: u64,
    /// So many bytes of text its stories have at most.
    text: usize,
}

/// A document as it was written before.
pub(super) struct Before {
    /// Its bytes.
    document: Vec<u8>,
    /// The revision of the store that it shows.
    pub revision: i64,
    /// So many bytes of text its stories have at most.
    pub text: usize,
}

/// The notes, as they were before a publication, and what it adds to them.
#[derive(Debug, Default)]
pub(super) struct TakenOver {
    said: i64,
    revision: i64,
    before: BTreeMap<String, Note>,
    made: Mutex<Vec<(String, Option<Note>)>>,
}

impl TakenOver {
    /// Nothing is taken over: all is made anew.
    pub fn nothing(said: i64, revision: i64) -> Self {
        Self { said, revision, ..Self::default() }
    }

    /// What documents may be taken over from, where they were made under the same conditions.
    pub fn read(store: &Store, said: i64, revision: i64) -> Result<Self, StoreError> {
        let text = store.meta(NOTES)?.unwrap_or_default();
        let mut lines = text.lines();
        let is_same = lines.next().and_then(|line| line.parse().ok()) == Some(said);
        let note = |line: &str| {
            let mut words = line.splitn(4, ' ');
            let revision = words.next()?.parse().ok()?;
            let digest = u64::from_str_radix(words.next()?, 16).ok()?;
            let text = words.next()?.parse().ok()?;
            Some((words.next()?.to_owned(), Note { revision, digest, text }))
        };
        let before = lines.filter(|_| is_same).filter_map(note).collect();
        Ok(Self { before, ..Self::nothing(said, revision) })
    }

    /// The document at `path` as it was written last.
    pub fn document(&self, folder: &Path, path: &str) -> Option<Before> {
        let Note { revision, digest, text } = *self.before.get(path)?;
        let document = std::fs::read(folder.join(path)).ok().filter(|bytes| xxh3_64(bytes) == digest)?;
        Some(Before { document, revision, text })
    }

    /// Notes a document that is made now, if its stories have a `text` so short that nothing was cut.
    pub fn note(&self, path: &str, document: &[u8], text: usize) {
        let note = Note { revision: self.revision, digest: xxh3_64(document), text };
        let note = (text <= publish::MOST_TEXT).then_some(note);
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), note));
    }

    /// Keeps the notes, when the documents are where they belong.
    pub fn keep(&self, store: &Store) -> Result<(), StoreError> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes: BTreeMap<&str, Note> =
            self.before.iter().map(|(path, note)| (path.as_str(), *note)).collect();
        for (path, note) in made.iter() {
            // A path with a line end would be two lines.
            match note.filter(|_| !path.contains('\n')) {
                Some(note) => notes.insert(path, note),
                None => notes.remove(path.as_str()),
            };
        }
        let mut text = String::with_capacity(64 * notes.len() + 32);
        let _ = writeln!(text, "{}", self.said);
        for (path, note) in notes {
            let _ = writeln!(text, "{} {:x} {} {path}", note.revision, note.digest, note.text);
        }
        match store.meta(NOTES)? {
            Some(kept) if kept == text => Ok(()),
            _ => store.set_meta(NOTES, &text),
        }
    }
}

impl Before {
    /// What stood in it.
    fn entries(&self) -> Option<Entries<'_>> {
        simdutf8::basic::from_utf8(&self.document).ok().map(Entries::of)
    }
}

/// The stories of a document, most of which it told before.
pub(super) struct Retelling<'o> {
    picks: Vec<Pick<'o>>,
    kept: Vec<Option<Kept<'o>>>,
    rows: HashMap<&'o str, i64>,
}

impl<'o> Retelling<'o> {
    /// Of `picks` (of `outlines`), takes over what reads as it did when the document of before was written.
    pub fn new(outlines: &'o [Outline], picks: Vec<Pick<'o>>, before: &'o Before) -> Option<Self> {
        let entries = before.entries()?;
        let by_id: HashMap<&str, &Outline> = outlines.iter().map(|o| (o.story.id.as_str(), o)).collect();
        let keep = |pick: &Pick<'o>| {
            let outline = by_id.get(pick.story.id.as_str()).filter(|o| o.revision <= before.revision)?;
            entries.get(&outline.story.id)
        };
        let kept = picks.iter().map(keep).collect();
        Some(Self { picks, kept, rows: by_id.into_iter().map(|(id, outline)| (id, outline.row)).collect() })
    }

    /// What stands in the document.
    pub fn picks(&self) -> &[Pick<'o>] {
        &self.picks
    }

    /// The rows of the stories that are to be read back.
    pub fn rows(&self) -> Vec<i64> {
        let anew = self.picks.iter().zip(&self.kept).filter(|(_, kept)| kept.is_none());
        anew.filter_map(|(pick, _)| self.rows.get(pick.story.id.as_str()).copied()).collect()
    }

    /// The document; `stories` are those of [`Self::rows`].
    pub fn write(
        &self,
        stories: &[Story],
        channel: &Channel,
        around: &publish::Around<'_>,
    ) -> Option<Vec<u8>> {
        let anew = self.picks.iter().zip(&self.kept).filter(|(_, kept)| kept.is_none());
        // What was outlined is what is read back: nobody else writes meanwhile. Else all is made anew.
        let anew: Option<Vec<Pick<'_>>> = anew
            .zip(stories)
            .map(|((pick, _), story)| {
                let is_it = story.id == pick.story.id && story.members.len() == pick.story.members.len();
                is_it.then_some(Pick { story, speaker: pick.speaker })
            })
            .collect();
        let items = publish::items(&anew?, channel);
        let mut items = items.iter();
        let entries: Option<Vec<Told<'_>>> = self
            .picks
            .iter()
            .zip(&self.kept)
            .map(|(pick, kept)| match kept {
                Some(kept) => Some(Told::Kept(*kept, pick.story.updated.max(pick.story.published))),
                None => items.next().filter(|item| item.id() == pick.story.id).map(Told::Anew),
            })
            .collect();
        Some(publish::atom_of(channel, &entries?, around))
    }
}

/// How many bytes of text stories have.
pub(super) fn text_of(stories: &[Story]) -> usize {
    let articles = stories.iter().flat_map(|s| &s.members).map(|m| &m.entry.article);
    articles.flat_map(|a| [&a.summary_html, &a.content_html]).flatten().map(String::len).sum()
}
