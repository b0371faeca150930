//! The one thread that writes to the store while sources are read.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::TickError;
use super::desk::Timing;
use crate::store::{Store, StoreError, Visit};

/// Visits that may wait to be written. Few: each may hold a whole document's entries.
const WAITING: usize = 32;

/// Visits that are taken over at a time. What they hold is given back once they are written, commit or not.
const PORTION: usize = 16;

/// How many visits share a commit at most. Each is whole or not at all either way.
const BATCH: usize = 64;

/// How long a visit waits for others to share its commit. Each commit makes the readers beside it read their pages anew, and the
/// search index begin another segment.
const PATIENCE: Duration = Duration::from_millis(250);

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
            while waiting.blocking_recv_many(&mut portion, PORTION) > 0 {
                let end = Instant::now() + PATIENCE;
                store.together(|store| {
                    let mut recorded = 0;
                    // Full, at the end, or out of patience.
                    while !portion.is_empty() {
                        recorded += portion.len();
                        portion.drain(..).try_for_each(|made| write(store, made))?;
                        if recorded < BATCH {
                            nap(&waiting);
                            let more = waiting.recv_many(&mut portion, PORTION.min(BATCH - recorded));
                            let _ = runtime.block_on(async { tokio::time::timeout_at(end, more).await });
                        }
                    }
                    Ok::<_, StoreError>(())
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

/// Lets visits gather: to be woken for each of them costs those who ask more than writing it.
fn nap(waiting: &mpsc::Receiver<Made>) {
    if waiting.is_empty() && !waiting.is_closed() {
        std::thread::sleep(Duration::from_millis(2));
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
