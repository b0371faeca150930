//! Subscriptions that nobody wants any more are given back (WebSub §5.1): a source left feeds.toml, it names another hub, or
//! `public_url` is unset. A hub that is not told would push on until the lease ends.
//!
//! Kept in memory only: what a run that ends has not given back ends with its lease, and what is pushed until then is answered
//! "410 Gone".

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::{Settings, WebSub, form, lease, lock};
use crate::fetch::Call;
use crate::store::{Store, StoreError, Subscription, SubscriptionState as State};

/// So often a hub is told.
const TRIES: u32 = 3;

/// Under which name the store keeps where hubs reach us: to give back what was subscribed to there, when feeds.toml does not
/// say it any more.
const CALLBACKS: &str = "websub callbacks";

/// A subscription that is being given back.
#[derive(Debug)]
pub(super) struct Leaving {
    hub: String,
    topic: String,
    token: String,
    callback: Url,
    tries: u32,
    next_try: Timestamp,
}

/// Remembers where hubs reach us.
pub(super) fn remember(store: &Store, callbacks: &Url) -> Result<(), StoreError> {
    if store.meta(CALLBACKS)?.as_deref() != Some(callbacks.as_str()) {
        store.set_meta(CALLBACKS, callbacks.as_str())?;
    }
    Ok(())
}

/// Where hubs reached us when something was subscribed to.
fn remembered(store: &Store) -> Result<Option<Url>, StoreError> {
    Ok(store.meta(CALLBACKS)?.and_then(|url| Url::parse(&url).ok()))
}

/// What is to be said to a hub to be let go, if it pushes.
pub(super) fn leave(
    store: &Store,
    settings: &Settings,
    old: &Subscription,
    now: Timestamp,
) -> Result<Option<Leaving>, StoreError> {
    if old.state == State::Denied {
        return Ok(None);
    }
    let callbacks = match &settings.callbacks {
        Some(url) => Some(url.clone()),
        None => remembered(store)?,
    };
    let callback = callbacks.and_then(|url| url.join(&format!("websub/{}", old.token)).ok());
    Ok(callback.map(|callback| Leaving {
        hub: old.hub.clone(),
        topic: old.topic.clone(),
        token: old.token.clone(),
        callback,
        tries: 0,
        next_try: now,
    }))
}

impl WebSub {
    /// Whether we asked to be let go there: the hub wants to know.
    pub(super) fn leaves(&self, token: &str, topic: &str) -> bool {
        let mut leaving = lock(&self.leaving);
        let before = leaving.len();
        leaving.retain(|one| one.token != token || one.topic != topic);
        leaving.len() < before
    }

    /// Tells hubs what is given back. Gives when to go on with it.
    pub(super) async fn give_back(self: &Arc<Self>, now: Timestamp) -> Option<Timestamp> {
        let due: Vec<(Option<Url>, String)> = {
            let mut leaving = lock(&self.leaving);
            leaving.retain(|one| one.tries < TRIES || one.next_try > now);
            let due = leaving.iter_mut().filter(|one| one.tries < TRIES && one.next_try <= now);
            due.map(|one| {
                one.tries += 1;
                // The hub asks back in its own time.
                one.next_try = lease::later(now, std::time::Duration::from_secs(600));
                (Url::parse(&one.hub).ok(), form::unsubscription(&one.topic, &one.callback))
            })
            .collect()
        };
        let (settings, client) = self.setting();
        for (hub, form) in due {
            let Some(hub) = hub else { continue };
            let told = client.call(&Call::form(&hub, form, settings.allow_private_addresses)).await;
            if let Err(failure) = told {
                tracing::info!("the hub {hub} was not told that we want no more: {}", failure.message);
            }
        }
        lock(&self.leaving).iter().map(|one| one.next_try).min()
    }
}
