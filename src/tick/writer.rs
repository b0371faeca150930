//! The one thread that writes to the store while sources are read.

use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinHandle;

use super::TickError;
use super::desk::Timing;
use crate::store::{Store, StoreError, Visit};

/// Visits that may wait to be written. Few: each may hold a whole document's entries.
const WAITING: usize = 32;

/// Visits that are taken over at a time. What they hold is given back once they are written, commit or not.
const PORTION: usize = 16;

/// How many visits share a commit at most. Each is whole or not at all either way.
const BATCH: usize = 64;

/// How long a visit waits for others to share its commit. Meanwhile others may write: who subscribes at our hub, say.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long it is waited for more visits while nobody else can write. Each commit makes the readers beside it read their pages anew,
/// and the search index begin another segment.
const HASTE: Duration = Duration::from_millis(10);

/// So long it is not looked whether there are more.
const NAP: Duration = Duration::from_millis(2);

/// What a visit holds until it is written: its place among those that were read, and the turn of a large document.
pub(super) type Turn = Vec<OwnedSemaphorePermit>;

/// Documents that may be read and not yet written: some are being written, some wait, and reading goes on. What
/// a document brought takes as much memory as the document.
pub(super) const UNWRITTEN: usize = 32;

/// A visit to be written.
pub(super) struct Made {
    pub(super) visit: Visit,
    /// Decides when the source is to be asked next; nothing where the visit has that already.
    pub(super) timing: Option<Timing>,
    pub(super) turn: Turn,
}

/// Hands visits to the writing thread.
pub(super) struct Writer {
    visits: mpsc::Sender<Made>,
    thread: JoinHandle<Result<Store, TickError>>,
}

impl Writer {
    /// Starts the thread; the store is its own until [`Writer::finish`].
    pub(super) fn start(mut store: Store) -> Self {
        let (visits, mut waiting) = mpsc::channel::<Made>(WAITING);
        let runtime = Handle::current();
        let thread = tokio::task::spawn_blocking(move || {
            let mut portion = Vec::with_capacity(PORTION);
            // Whether there are any, after so long; without a limit, until there are none for good.
            let mut take = |portion: &mut Vec<Made>, most: usize, patience: Option<Duration>| {
                // To be woken for each visit costs those who ask more than to write it costs.
                if patience.is_some() && waiting.is_empty() && !waiting.is_closed() {
                    std::thread::sleep(NAP);
                }
                let more = waiting.recv_many(portion, most);
                let patience = patience.unwrap_or(Duration::MAX);
                runtime.block_on(async { tokio::time::timeout(patience, more).await }).is_ok_and(|n| n > 0)
            };
            while take(&mut portion, PORTION, None) {
                let end = Instant::now() + PATIENCE;
                while portion.len() < PORTION {
                    let left = end.saturating_duration_since(Instant::now());
                    let rest = PORTION - portion.len();
                    if !take(&mut portion, rest, Some(left)) {
                        break;
                    }
                }
                store.together(|store| {
                    let mut room = BATCH;
                    loop {
                        room -= portion.len();
                        portion.drain(..).try_for_each(|made| write(store, made))?;
                        if room == 0 || !take(&mut portion, PORTION.min(room), Some(HASTE)) {
                            return Ok::<_, StoreError>(());
                        }
                    }
                })?;
            }
            Ok(store)
        });
        Self { visits, thread }
    }

    /// Hands over one visit; waits when too many are waiting already.
    pub(super) async fn record(&self, made: Made) {
        // The thread ends early only when the store fails; `finish` tells why.
        let _ = self.visits.send(made).await;
    }

    /// Waits until everything is written and gives the store back.
    ///
    /// # Errors
    /// When the store failed: the disk is full, say.
    pub(super) async fn finish(self) -> Result<Store, TickError> {
        drop(self.visits);
        self.thread.await.map_err(|e| TickError::Defect(format!("the writing thread broke off: {e}")))?
    }
}

fn write(store: &Store, made: Made) -> Result<(), StoreError> {
    let Made { mut visit, timing, turn } = made;
    if let Some(timing) = timing {
        visit.next_due = timing.next_due(visit.source, store)?;
    }
    store.record(&visit)?;
    drop((visit, turn));
    Ok(())
}
