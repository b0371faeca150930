//! The robots.txt of each origin, asked for once a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::robots::Robots;
use crate::model::{ErrorKind, Failure, Fetched};

/// RFC 9309 §2.4: not longer than a day.
const KEEP: Duration = Duration::from_secs(24 * 60 * 60);
/// A server that could not answer may be able to, soon.
const KEEP_FAILURE: Duration = Duration::from_secs(10 * 60);
/// So many origins are remembered.
const MOST: usize = 4096;

/// The rules known so far.
#[derive(Default)]
pub(super) struct RobotsCache {
    origins: Mutex<HashMap<String, Entry>>,
}

/// Locked while it is asked for, so that a hundred pages of one site ask once.
type Entry = Arc<tokio::sync::Mutex<Option<(Instant, Known)>>>;

/// The rules, or why nobody could be asked for them.
type Known = Result<Arc<Robots>, Failure>;

impl RobotsCache {
    /// The rules of the origin of `url`; `ask` fetches its robots.txt, whose URL it is given.
    ///
    /// # Errors
    /// When the host cannot be reached: the page cannot be had either, and for that reason.
    pub(super) async fn rules<F>(&self, url: &Url, ask: impl FnOnce(Url) -> F) -> Known
    where
        F: Future<Output = Fetched>,
    {
        let entry = self.entry(url);
        let mut entry = entry.lock().await;
        if let Some((until, rules)) = entry.as_ref()
            && *until > Instant::now()
        {
            return rules.clone();
        }
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        at.set_fragment(None);
        let (rules, keep) = read(ask(at).await);
        *entry = Some((Instant::now() + keep, rules.clone()));
        rules
    }

    fn entry(&self, url: &Url) -> Entry {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if origins.len() >= MOST {
            origins.clear();
        }
        origins.entry(url.origin().ascii_serialization()).or_default().clone()
    }
}

/// What the answer means (RFC 9309 §2.3.1): no file, no rules; no answer, no permission.
fn read(answer: Fetched) -> (Known, Duration) {
    let (rules, keep) = match answer {
        Fetched::Document(document) => (Robots::parse(&document.body, "kariz"), KEEP),
        Fetched::Gone | Fetched::NotModified { .. } => (Robots::allow_all(), KEEP),
        Fetched::Failed(failure)
            if matches!(
                failure.kind,
                ErrorKind::Dns | ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::Proxy
            ) =>
        {
            return (Err(failure), KEEP_FAILURE);
        }
        Fetched::Failed(failure) => {
            let none = failure.status.is_some_and(|status| (400..500).contains(&status) && status != 429);
            if none || failure.kind == ErrorKind::Empty {
                (Robots::allow_all(), KEEP)
            } else {
                (Robots::disallow_all(), KEEP_FAILURE)
            }
        }
    };
    (Ok(Arc::new(rules)), keep)
}
