//! What systemd is told (sd_notify(3)), where kariz is its service with `Type=notify`; elsewhere nothing happens.

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

/// Tells the watchdog, twice as often as it asks for, that the run time still turns. Ends when it is dropped.
pub(super) fn watchdog() -> Option<Alive> {
    let every = sd_notify::watchdog_enabled()? / 2;
    let task = tokio::spawn(async move {
        loop {
            tell(&[NotifyState::Watchdog]);
            tokio::time::sleep(every).await;
        }
    });
    Some(Alive(task))
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
