//! The one thread that writes to the store while sources are read.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinHandle;

use super::TickError;
use super::desk::Timing;
use crate::store::{Store, Visit};

/// Visits that may wait to be written. Few: each may hold a whole document's entries.
const WAITING: usize = 16;

/// How many visits share a commit at most. Each is whole or not at all either way.
const BATCH: usize = 32;

/// How long a visit waits for others to share its commit. Each commit makes the readers beside it read their pages anew. A large
/// document holds up others of its kind for so long.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a visit holds until it is written: its place among those that were read, and the turn of a large document.
pub(super) type Turn = Vec<OwnedSemaphorePermit>;

/// Documents that may be read and not yet written: more than share a commit, so that reading goes on while they are written. What
/// a document brought takes as much memory as the document.
pub(super) const UNWRITTEN: usize = BATCH + 16;

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
            let mut batch = Vec::with_capacity(BATCH);
            while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
                let more = async {
                    while batch.len() < BATCH {
                        let room = BATCH - batch.len();
                        if waiting.recv_many(&mut batch, room).await == 0 {
                            break;
                        }
                    }
                };
                // Full, at the end, or out of patience: what came is in the batch either way.
                let _ = runtime.block_on(async { tokio::time::timeout(PATIENCE, more).await });
                let (mut visits, mut turns) = (Vec::new(), Vec::new());
                for Made { mut visit, timing, turn } in batch.drain(..) {
                    if let Some(timing) = timing {
                        visit.next_due = timing.next_due(visit.source, &store)?;
                    }
                    visits.push(visit);
                    turns.extend(turn);
                }
                store.record(&visits)?;
                drop((visits, turns));
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
