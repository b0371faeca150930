//! Threads that read documents, as many as there are cores.
//!
//! They take the next piece of work themselves. Were each piece given to a thread of its own once it has its turn, a core would
//! be idle between one document and the next, until the task that waits for the turn was woken.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use crate::model::{ErrorKind, Failure};

type Job = Box<dyn FnOnce() + Send>;

/// Hands work to the threads; they end with the last copy of this.
#[derive(Clone)]
pub(super) struct Workers {
    // Not bounded: what waits is counted by whoever fetches it ([`crate::fetch::Client::backlog`]).
    jobs: mpsc::UnboundedSender<Job>,
}

impl Workers {
    /// Starts them, on the run time's own threads for such work.
    pub(super) fn start() -> Self {
        let (jobs, waiting) = mpsc::unbounded_channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let waiting = waiting.clone();
            tokio::task::spawn_blocking(move || {
                loop {
                    // Whoever waits for the next piece holds the lock; the others wait for that.
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    match next {
                        Some(job) => job(),
                        None => break,
                    }
                }
            });
        }
        Self { jobs }
    }

    /// Has a piece of work done. What is not begun when nobody waits for it any more is not done.
    ///
    /// # Errors
    /// When it panics: what it was about is at fault, or we are, and others shall not suffer.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (done, doing) = oneshot::channel();
        let job = move || {
            if !done.is_closed() {
                let _ = done.send(catch_unwind(AssertUnwindSafe(work)).map_err(said));
            }
        };
        let _ = self.jobs.send(Box::new(job));
        let result = doing.await.unwrap_or_else(|_| Err("its thread is gone".to_owned()));
        result.map_err(|why| Failure {
            kind: ErrorKind::Internal,
            message: format!("reading it broke off ({why}); this is a defect of kariz, please report it"),
            status: None,
            retry_at: None,
        })
    }
}

/// What a panic said.
fn said(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_costs_only_its_own_work() {
        let workers = Workers::start();
        for _ in 0..20 {
            let failed = workers.work(|| -> u8 { panic!("a {} of a document", "horror") }).await.unwrap_err();
            assert!(failed.message.contains("a horror of a document"), "{}", failed.message);
        }
        assert_eq!(workers.work(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn there_are_as_many_at_work_as_there_are_cores() {
        let workers = Workers::start();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all = (0..50).map(|n| {
            let (now, most, workers) = (now.clone(), most.clone(), workers.clone());
            async move {
                let done = workers.work(move || {
                    most.fetch_max(1 + now.fetch_add(1, Ordering::SeqCst), Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                    n
                });
                done.await.unwrap()
            }
        });
        assert_eq!(futures_util::future::join_all(all).await, (0..50).collect::<Vec<_>>());
        assert!(most.load(Ordering::SeqCst) <= std::thread::available_parallelism().unwrap().get());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_begun() {
        let workers = Workers::start();
        let cores = std::thread::available_parallelism().unwrap().get();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        // All threads are busy until `hold` is dropped.
        let busy: Vec<_> = (0..cores)
            .map(|_| {
                let (workers, held) = (workers.clone(), held.clone());
                tokio::spawn(async move { workers.work(move || held.lock().unwrap().recv().is_err()).await })
            })
            .collect();
        let begun = Arc::new(AtomicUsize::new(0));
        for _ in 0..10 {
            let begun = begun.clone();
            let work = workers.work(move || begun.fetch_add(1, Ordering::SeqCst));
            // Handed over, and given up.
            assert!(work.now_or_never().is_none());
        }
        drop(hold);
        for one in busy {
            one.await.unwrap().unwrap();
        }
        workers.work(|| ()).await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 0);
    }
}
