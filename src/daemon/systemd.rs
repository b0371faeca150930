//! What systemd is told (sd_notify(3)), where kariz is its service with `Type=notify`; elsewhere nothing happens.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use crate::config::Config;
use crate::tick::Report;

/// It serves, with this configuration.
pub(super) fn ready(config: &Config) {
    let status = format!("{} sources", config.sources.iter().filter(|s| s.enabled).count());
    tell(&[NotifyState::Ready, NotifyState::Status(&status)]);
}

/// The configuration is being read again.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// It is about to end.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// How the last pass went: a line of `systemctl status`.
pub(super) fn status(config: &Config, report: &Report) {
    if report.visited > 0 {
        let sources = config.sources.iter().filter(|s| s.enabled).count();
        let (visited, failed) = (report.visited, report.failures.len());
        tell(&[NotifyState::Status(&format!(
            "{sources} sources; of the last {visited} read, {failed} failed"
        ))]);
    }
}

/// Tells the watchdog, twice as often as it asks for, that the run time turns and the passes get on. Ends when it is
/// dropped.
pub(super) fn watchdog(pulse: Arc<Pulse>) -> Option<Alive> {
    let every = sd_notify::watchdog_enabled()? / 2;
    let task = tokio::spawn(async move {
        let mut was_alive = true;
        loop {
            let is_alive = pulse.beats(Instant::now());
            if is_alive {
                tell(&[NotifyState::Watchdog]);
            } else if was_alive {
                tracing::error!("nothing has got on for an hour; systemd will start kariz again");
            }
            was_alive = is_alive;
            tokio::time::sleep(every).await;
        }
    });
    Some(Alive(task))
}

/// How long nothing may get on. No pause between two requests is as long, nor is what follows them (recognising stories,
/// publishing), not even the first pass over 20,000 sources on a small machine.
const STUCK: Duration = Duration::from_secs(3600);

/// Whether the passes get on: each step of theirs is a beat.
#[derive(Debug)]
pub(super) struct Pulse {
    last: Mutex<Instant>,
    /// How often it is looked whether something has got on.
    look: Duration,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self { last: Mutex::new(Instant::now()), look: Duration::from_secs(10) }
    }

    /// Something got on.
    pub(super) fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn beats(&self, now: Instant) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        now.saturating_duration_since(last) < STUCK
    }

    /// Does something long, which is a beat whenever `steps` has risen.
    pub(super) async fn while_rising<T>(&self, steps: impl Fn() -> u64, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let mut seen = steps();
        loop {
            if let Ok(done) = tokio::time::timeout(self.look, &mut work).await {
                self.beat();
                return done;
            }
            let now = steps();
            if std::mem::replace(&mut seen, now) != now {
                self.beat();
            }
        }
    }
}

/// Signs of life, as long as it lives itself.
pub(super) struct Alive(tokio::task::JoinHandle<()>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd cannot be told");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn the_pulse_stops_an_hour_after_the_last_step() {
        let pulse = Pulse::new();
        let after = |minutes: u64| Instant::now() + Duration::from_secs(60 * minutes);
        assert!(pulse.beats(after(0)) && pulse.beats(after(59)));
        assert!(!pulse.beats(after(61)), "what hangs is started again");
        pulse.beat();
        assert!(pulse.beats(after(59)));
    }

    #[test]
    fn a_long_pass_beats_as_long_as_requests_come_to_an_end() {
        let run_time = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let pulse = Pulse { look: Duration::from_millis(1), ..Pulse::new() };
        let before = *pulse.last.lock().unwrap();
        let (looks, ended) = (AtomicU64::new(0), AtomicU64::new(0));
        run_time.block_on(async {
            let hang = || {
                looks.fetch_add(1, Ordering::Relaxed);
                7
            };
            let hangs = pulse.while_rising(hang, std::future::pending::<()>());
            assert!(tokio::time::timeout(Duration::from_millis(50), hangs).await.is_err());
            assert!(looks.load(Ordering::Relaxed) > 2);
            assert_eq!(*pulse.last.lock().unwrap(), before, "looking is no beat");
            let rises =
                pulse.while_rising(|| ended.fetch_add(1, Ordering::Relaxed), std::future::pending::<()>());
            assert!(tokio::time::timeout(Duration::from_millis(50), rises).await.is_err());
            assert!(*pulse.last.lock().unwrap() > before);
        });
    }
}
