//! Where the daemon takes time from: the system, or a test that lets months pass in minutes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time, and waits.
#[derive(Clone)]
pub struct Time {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    sleep: Arc<dyn Fn(Duration) -> Sleep + Send + Sync>,
}

impl Time {
    /// That of the system.
    pub fn system() -> Self {
        Self::new(Timestamp::now, tokio::time::sleep)
    }

    /// One that `now` tells and that passes by `sleep`.
    pub fn new<F>(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        sleep: impl Fn(Duration) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { now: Arc::new(now), sleep: Arc::new(move |time| Box::pin(sleep(time))) }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Waits.
    pub async fn sleep(&self, time: Duration) {
        (self.sleep)(time).await;
    }
}
