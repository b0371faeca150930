//! How much may lie in memory at once: bodies of all requests together.
//!
//! Sixty answers of ten megabytes each are sixty answers within the limit, and six hundred megabytes.
//! So bodies draw on a common budget, and give it back when the last reference to their bytes is
//! gone. Small bodies are free, so that a healthy feed never waits for large ones. If the budget is
//! used up, one large body at a time may go beyond it: somebody always gets on, and nobody can lock
//! the others out by holding a half: whoever has room, sends nothing and is waited for loses it
//! ([`Share::is_in_the_way`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Bodies up to this size do not count.
const FREE: usize = 128 * 1024;
/// What a permit stands for.
const UNIT: usize = 4 * 1024;
/// A body takes this much more at a time.
const STEP: usize = 256 * 1024;

/// The budget.
#[derive(Clone)]
pub(super) struct Memory {
    units: Arc<Semaphore>,
    beyond: Arc<Mutex<()>>,
    /// How many bodies wait for room.
    waiting: Arc<AtomicUsize>,
}

impl Memory {
    /// A budget of `bytes`.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            units: Arc::new(Semaphore::new((bytes / UNIT).max(1))),
            beyond: Arc::default(),
            waiting: Arc::default(),
        }
    }

    /// A share of nothing yet.
    pub(super) fn share(&self) -> Share {
        Share { memory: self.clone(), permits: None, beyond: None, other: None }
    }
}

/// What one body has of the budget.
pub(super) struct Share {
    memory: Memory,
    permits: Option<OwnedSemaphorePermit>,
    beyond: Option<OwnedMutexGuard<()>>,
    other: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// There is room for `size` bytes in all.
    pub(super) fn fits(&self, size: usize) -> bool {
        size <= FREE.max(self.held()) || self.beyond.is_some()
    }

    /// It has room for which others wait.
    pub(super) fn is_in_the_way(&self) -> bool {
        (self.permits.is_some() || self.beyond.is_some()) && self.memory.waiting.load(Ordering::Relaxed) > 0
    }

    fn held(&self) -> usize {
        self.permits.as_ref().map_or(0, |p| p.num_permits() * UNIT)
    }

    /// Makes room for `size` bytes in all; waits at most `patience`, then says no.
    pub(super) async fn grow(&mut self, size: usize, patience: Duration) -> bool {
        if self.try_grow(size) {
            return true;
        }
        let _waiting = Waiting::new(&self.memory.waiting);
        tokio::select! {
            biased;
            permits = self.memory.units.clone().acquire_many_owned(self.wanted(size)) => {
                permits.is_ok_and(|permits| self.take(permits))
            }
            beyond = self.memory.beyond.clone().lock_owned() => {
                self.beyond = Some(beyond);
                true
            }
            () = tokio::time::sleep(patience) => false,
        }
    }

    /// The same without waiting.
    pub(super) fn try_grow(&mut self, size: usize) -> bool {
        self.fits(size)
            || match self.memory.units.clone().try_acquire_many_owned(self.wanted(size)) {
                Ok(permits) => self.take(permits),
                Err(_) => false,
            }
    }

    /// How many units are missing.
    fn wanted(&self, size: usize) -> u32 {
        let bytes = size.next_multiple_of(STEP).saturating_sub(self.held());
        u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
    }

    fn take(&mut self, permits: OwnedSemaphorePermit) -> bool {
        match &mut self.permits {
            Some(held) => held.merge(permits),
            none => *none = Some(permits),
        }
        true
    }

    /// Lets another limit stand for this one: `permit` is given back with the bytes.
    pub(super) fn lean_on(&mut self, permit: OwnedSemaphorePermit) {
        self.other = Some(permit);
    }

    /// Ties the share to the bytes.
    pub(super) fn bind(self, body: Bytes) -> Bytes {
        struct Bound {
            body: Bytes,
            _share: Share,
        }
        impl AsRef<[u8]> for Bound {
            fn as_ref(&self) -> &[u8] {
                &self.body
            }
        }
        if self.permits.is_none() && self.beyond.is_none() && self.other.is_none() {
            return body;
        }
        Bytes::from_owner(Bound { body, _share: self })
    }
}

/// One who waits, for as long as it lives.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn small_bodies_are_free_and_one_large_one_always_gets_on() {
        let memory = Memory::new(1024 * 1024);
        let mut first = memory.share();
        assert!(first.grow(900_000, SOON).await);
        let mut second = memory.share();
        assert!(second.grow(9_000_000, SOON).await, "beyond the budget");
        let mut third = memory.share();
        assert!(third.grow(FREE, SOON).await, "small");
        assert!(!third.grow(2_000_000, SOON).await, "no room");
        assert!(!first.is_in_the_way(), "nobody waits any more");
        {
            let waits = third.grow(2_000_000, SOON);
            tokio::pin!(waits);
            tokio::select! {
                biased;
                _ = &mut waits => panic!("no room"),
                () = tokio::task::yield_now() => {}
            }
            assert!(first.is_in_the_way() && second.is_in_the_way());
        }
        let body = second.bind(vec![0; 10].into());
        assert!(!third.grow(2_000_000, SOON).await, "held by the bytes");
        drop(body);
        assert!(third.grow(2_000_000, SOON).await);
        drop(first);
        assert!(memory.share().grow(900_000, SOON).await);
    }

    #[tokio::test]
    async fn those_who_wait_get_room_when_others_are_done() {
        let memory = Memory::new(1024 * 1024);
        let mut tasks = Vec::new();
        for _ in 0..40 {
            let memory = memory.clone();
            tasks.push(tokio::spawn(async move {
                let mut share = memory.share();
                for size in (0..1_000_000).step_by(50_000) {
                    assert!(share.grow(size, Duration::from_secs(60)).await);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                drop(share.bind(vec![1].into()));
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(memory.units.available_permits(), 256);
    }
}
