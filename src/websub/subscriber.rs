//! kariz as a subscriber: a source that names a hub is pushed to us.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use hyper::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use url::Url;

use super::form::{self, Verification};
use super::leaving::{self, Leaving};
use super::{Answer, INBOX, Settings, WebSub, busy, lease, lock, plain, signature, sleep_until};
use crate::fetch::{Call, Client};
use crate::store::{Store, StoreError, Subscription, SubscriptionState as State};

/// Hubs that are asked at a time.
const AT_ONCE: usize = 4;

impl WebSub {
    /// Asks hubs, renews leases, and has sources polled again whose hub is of no more use; for ever.
    pub(super) async fn keep_subscriptions(self: &Arc<Self>) {
        loop {
            let (settings, client) = self.setting();
            let mut next = None;
            let now = Timestamp::now();
            let known = settings.clone();
            match self.with_store(move |store| wanted(store, &known, now)).await {
                Ok(Wanted { due, next: soonest, leaving }) => {
                    lock(&self.leaving).extend(leaving);
                    next = soonest;
                    if let Some(callbacks) = &settings.callbacks {
                        let private = settings.allow_private_addresses;
                        futures_util::stream::iter(due)
                            .for_each_concurrent(AT_ONCE, |s| self.ask(&client, callbacks, s, private))
                            .await;
                    }
                }
                Err(error) => tracing::error!(%error, "subscriptions could not be looked after"),
            }
            let later = self.give_back(now).await;
            next = [next, later].into_iter().flatten().min();
            tokio::select! {
                () = self.stirred[0].notified() => {}
                () = sleep_until(next) => {}
            }
        }
    }

    /// Asks a hub to push.
    async fn ask(
        self: &Arc<Self>,
        client: &Client,
        callbacks: &Url,
        mut subscription: Subscription,
        private: bool,
    ) {
        let (Ok(hub), Ok(callback)) =
            (Url::parse(&subscription.hub), callbacks.join(&format!("websub/{}", subscription.token)))
        else {
            return;
        };
        // Noted first: the hub may verify before it answers.
        let now = Timestamp::now();
        subscription.next_try = lease::ask_again(now, subscription.failures);
        subscription.failures = subscription.failures.saturating_add(1);
        if subscription.state == State::Denied {
            subscription.state = State::Asked;
        }
        let noted = subscription.clone();
        if let Err(error) = self.with_store(move |store| store.keep_subscription(&noted)).await {
            return tracing::error!(%error, "a subscription could not be noted");
        }
        let form =
            form::subscription(&subscription.topic, &callback, &subscription.secret, lease::WISHED.as_secs());
        let why = match client.call(&Call::form(&hub, form, private)).await {
            Ok(reply) if (200..300).contains(&reply.status) => return,
            Ok(reply) => format!("it answers {}", reply.status),
            Err(failure) => failure.message,
        };
        tracing::info!("the hub {hub} does not take our subscription to {}: {why}", subscription.topic);
    }

    /// A hub asks whether we meant it, or denies us (WebSub §5.2, §5.3).
    pub(super) async fn ask_callback(self: &Arc<Self>, token: &str, query: &str) -> Answer {
        let said = Verification::read(query);
        let settings = self.settings();
        if said.mode == "unsubscribe" && self.leaves(token, &said.topic) {
            return plain(StatusCode::OK, said.challenge.unwrap_or_default());
        }
        let token = token.to_owned();
        let done =
            self.with_store(move |store| verified(store, &settings, &token, said, Timestamp::now())).await;
        match done {
            Ok(Some(challenge)) => plain(StatusCode::OK, challenge),
            Ok(None) => plain(StatusCode::NOT_FOUND, "There is no such subscription.\n"),
            Err(error) => {
                tracing::warn!(%error, "a hub's question could not be answered");
                busy("Ask again in a moment.\n")
            }
        }
    }

    /// A hub pushes (WebSub §7).
    pub(super) async fn push(self: &Arc<Self>, token: &str, fields: &HeaderMap, body: Bytes) -> Answer {
        let key = token.to_owned();
        let subscription = match self.with_store(move |store| store.subscription_by_token(&key)).await {
            Ok(Some(subscription)) => subscription,
            // Gone rather than not found: the hub may strike us from its list.
            Ok(None) => return plain(StatusCode::GONE, "There is no such subscription.\n"),
            Err(_) => return busy("Push again in a moment.\n"),
        };
        // What is not signed by the hub is not taken, and nobody is told (WebSub §8).
        let ignored = || plain(StatusCode::ACCEPTED, "");
        let signature = fields.get("x-hub-signature").map(|value| value.as_bytes()).unwrap_or_default();
        if !signature::is_signed(subscription.secret.as_bytes(), signature, &body) {
            tracing::warn!(
                topic = subscription.topic,
                "what was pushed is not signed by the hub, and is not taken"
            );
            return ignored();
        }
        if subscription.state != State::Live {
            return ignored();
        }
        let client = self.setting().1;
        let document = match client.pushed(fields, body, &subscription.topic).await {
            Ok(document) => document,
            Err(failure) => {
                tracing::warn!(
                    topic = subscription.topic,
                    "what was pushed cannot be read: {}",
                    failure.message
                );
                return ignored();
            }
        };
        let mut inbox = lock(&self.inbox);
        if inbox.bytes > 0 && inbox.bytes + document.body.len() > INBOX {
            return busy("There is no room just now; push again in a moment.\n");
        }
        inbox.bytes += document.body.len();
        inbox.documents.push_back((subscription.source, document));
        drop(inbox);
        self.arrived.notify_one();
        plain(StatusCode::ACCEPTED, "")
    }
}

/// What is to be done about subscriptions.
#[derive(Default)]
struct Wanted {
    /// Those whose hub is to be asked now.
    due: Vec<Subscription>,
    /// When something is to be done next.
    next: Option<Timestamp>,
    /// Those to be given back.
    leaving: Vec<Leaving>,
}

/// What subscriptions there are to be, with those that are new; lets those go that nobody wants any more, and has sources
/// polled whose lease has ended.
fn wanted(store: &Store, settings: &Settings, now: Timestamp) -> Result<Wanted, StoreError> {
    let mut known: HashMap<i64, Subscription> =
        store.subscriptions()?.into_iter().map(|s| (s.source, s)).collect();
    let mut wanted = Wanted::default();
    let named = match &settings.callbacks {
        Some(callbacks) => {
            leaving::remember(store, callbacks)?;
            store.sources_with_hub()?
        }
        None => Vec::new(),
    };
    for (source, hub, topic) in named {
        let old = known.remove(&source);
        let subscription = match old {
            Some(old) if old.hub == hub && old.topic == topic => old,
            other => {
                if let Some(old) = other {
                    wanted.leaving.extend(leaving::leave(store, settings, &old, now)?);
                    poll(store, settings, source, now)?;
                }
                let Some(new) = fresh(source, hub, topic, now) else { continue };
                store.keep_subscription(&new)?;
                new
            }
        };
        let ended = subscription.state == State::Live && subscription.until.is_none_or(|until| until <= now);
        let subscription = if ended {
            let asked = Subscription { state: State::Asked, until: None, ..subscription };
            store.keep_subscription(&asked)?;
            poll(store, settings, source, now)?;
            asked
        } else {
            subscription
        };
        if subscription.next_try <= now {
            wanted.due.push(subscription);
        } else {
            let soonest = [Some(subscription.next_try), subscription.until.filter(|at| *at > now)];
            wanted.next = soonest.into_iter().chain([wanted.next]).flatten().min();
        }
    }
    for (source, old) in known {
        wanted.leaving.extend(leaving::leave(store, settings, &old, now)?);
        store.forget_subscription(source)?;
        poll(store, settings, source, now)?;
    }
    Ok(wanted)
}

fn fresh(source: i64, hub: String, topic: String, now: Timestamp) -> Option<Subscription> {
    let (token, secret) = (signature::random().ok()?, signature::random().ok()?);
    let (state, until, failures) = (State::Asked, None, 0);
    Some(Subscription { source, hub, topic, token, secret, state, until, next_try: now, failures })
}

fn poll(store: &Store, settings: &Settings, source: i64, now: Timestamp) -> Result<(), StoreError> {
    let name = store.source_name(source)?.unwrap_or_default();
    let least = settings.min_intervals.get(&name).map_or(0, |least| least.as_secs());
    store.poll_again(source, i64::try_from(least).unwrap_or(i64::MAX / 4), now)
}

/// What a hub said to a callback: the challenge to send back, if we mean it.
fn verified(
    store: &Store,
    settings: &Settings,
    token: &str,
    said: Verification,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let Some(subscription) = store.subscription_by_token(token)? else { return Ok(None) };
    if subscription.topic != said.topic {
        return Ok(None);
    }
    match said.mode.as_str() {
        "subscribe" if subscription.state != State::Denied => {
            let Some(challenge) = said.challenge else { return Ok(None) };
            let lease = lease::believed(said.lease_seconds);
            store.keep_subscription(&Subscription {
                state: State::Live,
                until: Some(lease::later(now, lease)),
                next_try: lease::renew_at(now, lease),
                failures: 0,
                ..subscription
            })?;
            Ok(Some(challenge))
        }
        "denied" => {
            let reason: String =
                said.reason.unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
            tracing::info!(
                topic = subscription.topic,
                "the hub denies our subscription; polling goes on: {reason}"
            );
            let source = subscription.source;
            store.keep_subscription(&Subscription {
                state: State::Denied,
                until: None,
                next_try: lease::ask_after_denial(now),
                ..subscription
            })?;
            poll(store, settings, source, now)?;
            Ok(Some(String::new()))
        }
        // We did not ask to be let go: whoever says so wants to silence us.
        _ => Ok(None),
    }
}
