//! One request per URL and pass: sources that lead to the same place share its answer.
//!
//! What is shared is the answer of one URL, not a whole visit: so a source that is redirected to where another one lies
//! takes part, and nobody waits for anybody who waits for him. Who comes while the answer is on its way waits for it; who
//! comes later gets it as long as it is at hand. Bodies that others are known to want stay until all have come; of the
//! rest, small ones stay for a while: a body that nobody asks for any more must not lie in memory to the end of a long pass.

use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::HeaderMap;
use url::Url;
use xxhash_rust::xxh3::Xxh3;

use super::client::Answer;
use super::pool::Way;
use crate::model::{Failure, Validators};

/// Bodies up to this size stay at hand (larger ones count against the memory that all bodies share).
const SMALL: usize = 128 * 1024;
/// So many bytes of them.
const AT_HAND: usize = 8 * 1024 * 1024;

/// What one request of a pass is known by: the URL, and what else makes its answer another one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    url: String,
    /// Credentials, custom fields, what is accepted, the way out.
    asker: u64,
}

impl Key {
    /// `fields` are those of the request without its conditions.
    pub(super) fn new(url: &Url, fields: &HeaderMap, way: &Way) -> Self {
        let mut hash = Xxh3::new();
        for (name, value) in fields {
            name.as_str().hash(&mut hash);
            value.as_bytes().hash(&mut hash);
        }
        (way.proxy.as_ref().map(Url::as_str), way.allow_private).hash(&mut hash);
        Self { url: name_of(url), asker: hash.finish() }
    }
}

/// A URL as it is asked: a fragment is never sent, credentials go elsewhere.
fn name_of(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// The answers of one pass.
#[derive(Default)]
pub(super) struct Answers {
    /// How many sources of the pass lie at a URL, where they are several.
    expected: HashMap<String, usize>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cells: HashMap<Key, Arc<Cell>>,
    /// Small bodies that are at hand, the oldest first.
    at_hand: VecDeque<Key>,
    bytes: usize,
}

type Cell = tokio::sync::Mutex<Option<Kept>>;

struct Kept {
    answer: Result<Answer, Failure>,
    /// What the request was conditional on.
    sent: Option<Validators>,
    /// How many more are known to want it.
    wanted: usize,
}

impl Kept {
    /// "Not modified" says something only to those who would have asked the same.
    fn serves(&self, sent: Option<&Validators>) -> bool {
        !matches!(self.answer, Ok(Answer::NotModified { .. })) || self.sent.as_ref() == sent
    }

    fn body_size(&self) -> usize {
        match &self.answer {
            Ok(Answer::Body(body)) => body.body.len(),
            _ => 0,
        }
    }
}

impl Answers {
    /// For a pass over sources of which so many lie at each of these URLs.
    pub(super) fn new(places: impl Iterator<Item = Url>) -> Self {
        let mut expected: HashMap<String, usize> = HashMap::new();
        for url in places {
            *expected.entry(name_of(&url)).or_default() += 1;
        }
        expected.retain(|_, count| *count > 1);
        Self { expected, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that somebody got already, else that of `ask`. `sent` is what the request is conditional on.
    pub(super) async fn ask(
        &self,
        key: Key,
        sent: Option<&Validators>,
        ask: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        let cell = self.state().cells.entry(key.clone()).or_default().clone();
        let mut kept = cell.lock().await;
        if let Some(known) = kept.as_mut().filter(|known| known.serves(sent)) {
            let answer = known.answer.clone();
            known.wanted = known.wanted.saturating_sub(1);
            // (The map's, our own: nobody waits.)
            if known.body_size() > SMALL && known.wanted == 0 && Arc::strong_count(&cell) <= 2 {
                *kept = None;
            }
            return answer;
        }
        let answer = ask.await;
        let wanted = self.expected.get(&key.url).map_or(0, |count| count - 1);
        let new = Kept { answer: answer.clone(), sent: sent.cloned(), wanted };
        let size = new.body_size();
        if size <= SMALL || wanted > 0 || Arc::strong_count(&cell) > 2 {
            *kept = Some(new);
        }
        drop(kept);
        if (1..=SMALL).contains(&size) {
            self.make_room(key, size);
        }
        answer
    }

    /// Lets the oldest small bodies go for a new one.
    fn make_room(&self, key: Key, size: usize) {
        let mut state = self.state();
        state.at_hand.push_back(key);
        state.bytes += size;
        while state.bytes > AT_HAND {
            let Some(oldest) = state.at_hand.pop_front() else { break };
            let cell = state.cells.get(&oldest).cloned();
            // One that is being looked at stays: its turn has come too early.
            if let Some(mut kept) = cell.as_ref().and_then(|cell| cell.try_lock().ok())
                && let Some(known) = kept.take_if(|known| known.wanted == 0)
            {
                state.bytes = state.bytes.saturating_sub(known.body_size());
            } else {
                state.at_hand.push_back(oldest);
                break;
            }
        }
    }
}
