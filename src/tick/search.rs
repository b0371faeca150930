//! Takes what is new or changed into the search index.

use super::TickError;
use crate::model::Article;
use crate::store::Store;
use crate::stories::{FoldedText, body_text, folded_text_of};
use crate::text::compare::Folding;
use crate::text::search;

/// How many entries are in hand at a time.
const CHUNK: u32 = 512;

/// What an article is found by; `text` is its [`reading_text`](crate::stories::reading_text).
pub(super) fn words(article: &Article, text: &str, folded: &FoldedText) -> String {
    search::words_of(&[(&article.title, &Folding::of(&article.title)), (text, folded.whole())])
}

/// Brings the index up to date with what is stored, on as many threads as there are cores.
pub(super) fn index(store: &mut Store) -> Result<(), TickError> {
    loop {
        let entries = store.unindexed(CHUNK)?;
        if entries.is_empty() {
            return Ok(());
        }
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let share = entries.len().div_ceil(cores);
        let words = |(entry, article): &(i64, Article)| {
            let (text, folded) = folded_text_of(article, body_text(article));
            (*entry, words(article, &text, &folded))
        };
        let parts: Vec<Vec<(i64, String)>> = std::thread::scope(|scope| {
            let threads: Vec<_> = entries
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(words).collect()))
                .collect();
            threads.into_iter().map(|t| t.join().unwrap_or_else(|p| std::panic::resume_unwind(p))).collect()
        });
        store.atomically(|store| store.index(&parts.concat()).map_err(TickError::from))?;
    }
}
