//! How many documents may lie in memory because nobody has come round to reading them.
//!
//! Servers answer faster than documents are read: of a thousand feeds that are due at once most would lie there, each with its
//! hundred kilobytes. So who has its turn to ask waits while many lie unread, before it asks: nothing hangs on a time-out
//! meanwhile, and no server holds a connection open for us.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// Documents that may lie unread before the next is asked for. Those who are being answered come on top.
const MOST: usize = 32;

/// After so long one asks all the same: a document may take its time, and others shall not wait for it for ever.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The documents that were fetched and are not read yet.
#[derive(Clone, Default)]
pub struct Backlog {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    unread: AtomicUsize,
    fewer: Notify,
}

/// A document lies unread, for as long as this lives.
pub struct Unread(Backlog);

impl Backlog {
    /// Notes that a document lies there.
    pub fn lay(&self) -> Unread {
        self.shared.unread.fetch_add(1, Ordering::Relaxed);
        Unread(self.clone())
    }

    /// Waits until another document is welcome, at most `patience`. Gives whether one is.
    pub(super) async fn room(&self, patience: Duration) -> bool {
        let welcome = async {
            loop {
                let fewer = self.shared.fewer.notified();
                if self.shared.unread.load(Ordering::Relaxed) < MOST {
                    return;
                }
                fewer.await;
            }
        };
        tokio::time::timeout(patience, welcome).await.is_ok()
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let shared = &self.0.shared;
        shared.unread.fetch_sub(1, Ordering::Relaxed);
        shared.fewer.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_would_ask_waits_while_many_lie_unread_but_not_for_ever() {
        const LONG: Duration = Duration::from_secs(60);
        let backlog = Backlog::default();
        assert!(backlog.room(Duration::ZERO).await);
        let mut unread: Vec<Unread> = (0..MOST).map(|_| backlog.lay()).collect();
        assert!(!backlog.room(Duration::ZERO).await);
        let waiting = tokio::spawn({
            let backlog = backlog.clone();
            async move { backlog.room(LONG).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        unread.pop();
        assert!(waiting.await.unwrap(), "the next one that is read lets it go on");
    }
}
