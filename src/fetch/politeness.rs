//! Who may be asked now: the limits per host, the hosts that asked for silence, and the slots that
//! bound how much goes on at once.
//!
//! The order of waiting matters. A request first waits for its host (one at a time, a pause apart),
//! holding nothing else, and only then for one of the global slots. So fifty sources of one slow host
//! stall each other and nobody else. A request that got its slot and still has no answer after
//! [`PATIENCE`] steps aside: it goes on in a second, larger set of slots, and the healthy ones behind
//! it move up.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::Clock;
use super::headers::HINT_CAP;
use crate::model::{ErrorKind, Failure};

/// How long a request may hold a global slot before it steps aside.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// How long a host that could not be reached is not tried again: the rest of a pass, about.
const DOWN: Duration = Duration::from_secs(30);

/// A host of which nothing timed out for so long gets its full time again: the next pass, about.
const FORGIVEN: Duration = Duration::from_secs(60);

/// The name under which limits are kept: the host, lower case; with its port where that is not the
/// scheme's own, for another port is another server. `http` and `https` of one host share it.
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The limits, shared by all requests of a client.
pub(super) struct Politeness {
    per_host: usize,
    delay: Duration,
    patience: Duration,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    silences: Mutex<HashMap<String, Timestamp>>,
    slots: Arc<Semaphore>,
    aside: Arc<Semaphore>,
}

struct Host {
    /// `per_host_concurrency` permits.
    gate: Arc<Semaphore>,
    /// Held from the wait for the pause to the start, so that starts come one by one.
    start: tokio::sync::Mutex<()>,
    /// No request starts before.
    not_before: Mutex<Instant>,
    /// How many requests timed out lately, and when the last of them did.
    lost: Mutex<Option<(u32, Instant)>>,
    /// The longest that an answer took to begin, in milliseconds.
    slowest: AtomicU32,
    /// How it treats connections.
    manners: Mutex<Manners>,
    /// It could not be reached, until then.
    down: Mutex<Option<(Instant, Failure)>>,
}

impl Host {
    fn lost(&self) -> u32 {
        let lost = *lock(&self.lost);
        lost.filter(|(_, at)| at.elapsed() < FORGIVEN).map_or(0, |(count, _)| count)
    }
}

/// Why a host is not asked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It asked for silence until then.
    Silent(Timestamp),
    /// It could not be reached a moment ago, for another source, and will not be now.
    Down(Failure),
}

/// What is known of a host's connections. A server may close one after its answer without announcing
/// it; if the next request is on its way by then, it is lost, and the client cannot tell whether the
/// server meant that request (RFC 9112 §9.3.1 lets it ask again).
#[derive(Default)]
struct Manners {
    /// Our ends of the connections that have answered, the newest last.
    answered: VecDeque<SocketAddr>,
    /// One of them has answered twice: it does keep connections.
    keeps: bool,
    /// It closes them.
    closes: bool,
}

impl Politeness {
    pub(super) fn new(per_host: usize, delay: Duration, concurrency: usize) -> Self {
        let concurrency = concurrency.clamp(1, 10_000);
        Self {
            per_host: per_host.max(1),
            delay,
            patience: PATIENCE,
            hosts: Mutex::default(),
            silences: Mutex::default(),
            slots: Arc::new(Semaphore::new(concurrency)),
            aside: Arc::new(Semaphore::new(concurrency * 3)),
        }
    }

    /// Waits until `host` may be asked and there is a slot. The pause runs from the end of the last
    /// request (and, where several may run at once, from the start of the last) to the next start:
    /// seen from the server, requests are never closer than the pause, however slow the way there.
    ///
    /// # Errors
    /// When the host asked for silence or could not be reached, be it while we waited.
    pub(super) async fn enter(&self, name: &str, clock: &Clock) -> Result<Slot, Refusal> {
        let host = self.host(name);
        let speak = || match self.silent_until(name, clock.now()) {
            Some(until) => Err(Refusal::Silent(until)),
            None => match &*lock(&host.down) {
                Some((until, failure)) if *until > Instant::now() => Err(Refusal::Down(failure.clone())),
                _ => Ok(()),
            },
        };
        speak()?;
        // Neither semaphore is ever closed.
        let gate = host.gate.clone().acquire_owned().await.ok();
        speak()?;
        let starting = host.start.lock().await;
        loop {
            let until = *lock(&host.not_before);
            if until <= Instant::now() {
                break;
            }
            tokio::time::sleep_until(until).await;
        }
        speak()?;
        let slot = self.slots.clone().acquire_owned().await.ok();
        let now = Instant::now();
        *lock(&host.not_before) = now + self.delay;
        drop(starting);
        Ok(Slot {
            host,
            delay: self.delay,
            gate,
            slot,
            aside: self.aside.clone(),
            patience: Some(now + self.patience),
        })
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if let Some(host) = hosts.get(name) {
            return host.clone();
        }
        // Twenty thousand hosts are not kept for ever: those at rest are forgotten.
        if hosts.len() >= 1024 && hosts.len().is_power_of_two() {
            let now = Instant::now();
            hosts.retain(|_, host| Arc::strong_count(host) > 1 || *lock(&host.not_before) > now);
        }
        let host = Arc::new(Host {
            gate: Arc::new(Semaphore::new(self.per_host)),
            start: tokio::sync::Mutex::new(()),
            not_before: Mutex::new(Instant::now()),
            lost: Mutex::default(),
            slowest: AtomicU32::new(0),
            manners: Mutex::default(),
            down: Mutex::default(),
        });
        hosts.insert(name.to_owned(), host.clone());
        host
    }

    /// Nobody of `host` is asked before `until`; a longer silence stays.
    pub(super) fn silence(&self, host: &str, until: Timestamp) {
        let mut silences = lock(&self.silences);
        let kept = silences.entry(host.to_owned()).or_insert(until);
        *kept = until.max(*kept);
    }

    /// Until when `host` is silent. A silence of more than a week is the leftover of a clock that was
    /// wrong, and void: no server can ask for as much.
    pub(super) fn silent_until(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        let silences = lock(&self.silences);
        silences.get(host).copied().filter(|until| is_silent(*until, now))
    }

    /// All silences that still hold, in the order of hosts.
    pub(super) fn silences(&self, now: Timestamp) -> Vec<(String, Timestamp)> {
        let mut silences = lock(&self.silences);
        silences.retain(|_, until| is_silent(*until, now));
        let mut list: Vec<_> = silences.iter().map(|(host, until)| (host.clone(), *until)).collect();
        list.sort();
        list
    }
}

fn is_silent(until: Timestamp, now: Timestamp) -> bool {
    // A minute more than the cap: `now` of the answer and `now` of the question differ.
    let cap = HINT_CAP + Duration::from_secs(60);
    until > now && now.checked_add(cap).is_ok_and(|latest| until <= latest)
}

/// The right to run one request. Given back when dropped; the pause of the host starts then.
pub(super) struct Slot {
    host: Arc<Host>,
    delay: Duration,
    gate: Option<OwnedSemaphorePermit>,
    slot: Option<OwnedSemaphorePermit>,
    aside: Arc<Semaphore>,
    patience: Option<Instant>,
}

impl Slot {
    /// How long to wait for something that may take `limit`, at least `least`: half as long after each
    /// time-out of this host, but several times as long as its slowest answer so far. Fifty sources that
    /// hang among a thousand of one host, asked one after the other, would else take fifty time-outs.
    pub(super) fn patience(&self, limit: Duration, least: Duration) -> Duration {
        let lost = self.host.lost().min(16);
        let slowest = Duration::from_millis(self.host.slowest.load(Ordering::Relaxed).into());
        (limit / (1 << lost)).max(least).max(slowest * 4).min(limit)
    }

    /// An answer began after so long.
    pub(super) fn began_after(&self, wait: Duration) {
        let wait = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        self.host.slowest.fetch_max(wait, Ordering::Relaxed);
    }

    /// Whether a connection to this host may be used again.
    pub(super) fn may_reuse(&self) -> bool {
        !lock(&self.host.manners).closes
    }

    /// The connection with this end of ours has answered.
    pub(super) fn answered(&self, local: SocketAddr) {
        let mut manners = lock(&self.host.manners);
        if manners.answered.contains(&local) {
            manners.keeps = true;
        } else {
            if manners.answered.len() >= 64 {
                manners.answered.pop_front();
            }
            manners.answered.push_back(local);
        }
    }

    /// The connection with this end of ours broke off without an answer. Whether the request may be
    /// sent once more: if the connection had answered before, and none of this host ever answered
    /// twice. From then on this host gets a connection for each request.
    pub(super) fn broke_off(&self, local: SocketAddr) -> bool {
        let mut manners = lock(&self.host.manners);
        let closes = !manners.keeps && manners.answered.contains(&local);
        manners.closes |= closes;
        closes
    }

    /// The request came to its end. What no other path of the host could change (no address, no
    /// connection) holds for the others who wait for it.
    pub(super) fn note(&self, failure: Option<&Failure>) {
        if let Some(failure) = failure
            && matches!(failure.kind, ErrorKind::Dns | ErrorKind::Connect)
        {
            *lock(&self.host.down) = Some((Instant::now() + DOWN, failure.clone()));
        }
        if failure.is_some_and(|failure| failure.kind == ErrorKind::Timeout) {
            *lock(&self.host.lost) = Some((self.host.lost().saturating_add(1), Instant::now()));
        }
    }

    /// Waits for `what` until `deadline`, and steps aside for others when it takes long.
    pub(super) async fn wait<F: Future>(&mut self, deadline: Instant, what: F) -> Option<F::Output> {
        tokio::pin!(what);
        if let Some(patience) = self.patience.filter(|patience| *patience < deadline) {
            tokio::select! {
                biased;
                done = &mut what => return Some(done),
                () = tokio::time::sleep_until(patience) => {}
            }
            self.patience = None;
            if let Ok(aside) = self.aside.clone().try_acquire_owned() {
                self.slot = Some(aside);
            }
        }
        tokio::time::timeout_at(deadline, what).await.ok()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let next = Instant::now() + self.delay;
        let mut not_before = lock(&self.host.not_before);
        *not_before = next.max(*not_before);
        drop(not_before);
        self.slot = None;
        self.gate = None;
    }
}

/// A panic elsewhere leaves these maps whole: go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "politeness_tests.rs"]
mod tests;
