//! kariz as a hub for what it publishes.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use hyper::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::form::HubRequest;
use super::{Answer, Settings, Topic, WebSub, busy, lease, plain, signature, sleep_until};
use crate::fetch::{Call, Client};
use crate::store::Subscriber;

/// Deliveries, and verifications, at a time.
const AT_ONCE: usize = 8;

/// So many subscribers are kept.
const MOST_SUBSCRIBERS: u32 = 10_000;

/// So many are served before the store is asked again who is next.
const BATCH: u32 = 64;

impl WebSub {
    /// Somebody wants to subscribe, or to be let go (WebSub §5.1).
    pub(super) async fn ask_hub(self: &Arc<Self>, fields: &HeaderMap, body: &[u8]) -> Answer {
        let settings = self.settings();
        if settings.own_hub.is_none() {
            return plain(StatusCode::NOT_FOUND, "There is no hub here.\n");
        }
        let is_form = fields.get(header::CONTENT_TYPE).is_some_and(|value| {
            value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
        });
        if !is_form {
            return plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send a form: application/x-www-form-urlencoded.\n",
            );
        }
        let request = match HubRequest::read(body) {
            Ok(request) => request,
            Err(why) => return plain(StatusCode::BAD_REQUEST, format!("{why}.\n")),
        };
        if topic(&settings, &request).is_none() {
            return plain(StatusCode::NOT_FOUND, "hub.topic is none of the feeds that are published here.\n");
        }
        match self.verify.try_send(request) {
            Ok(()) => plain(StatusCode::ACCEPTED, ""),
            Err(_) => busy("Too many ask at once; ask again in a moment.\n"),
        }
    }

    /// Asks those who want something of our hub whether they do, and does it then; for ever.
    pub(super) async fn verify_all(self: &Arc<Self>, mut waiting: mpsc::Receiver<HubRequest>) {
        let requests = futures_util::stream::poll_fn(move |cx| waiting.poll_recv(cx));
        requests.for_each_concurrent(AT_ONCE, |request| self.verify(request)).await;
    }

    async fn verify(self: &Arc<Self>, request: HubRequest) {
        let (settings, client) = self.setting();
        let (Some(topic), Ok(challenge)) = (topic(&settings, &request).cloned(), signature::random()) else {
            return;
        };
        let lease = lease::granted(request.lease_seconds);
        let url = request.verification(&challenge, lease.as_secs());
        let call = Call {
            url: &url,
            body: None,
            fields: HeaderMap::new(),
            allow_private_addresses: settings.allow_private_addresses,
        };
        match client.call(&call).await {
            Ok(reply)
                if (200..300).contains(&reply.status) && reply.body.trim_ascii() == challenge.as_bytes() => {}
            Ok(reply) => {
                return tracing::debug!(callback = %request.callback, status = reply.status, "a subscriber did not mean it");
            }
            Err(failure) => return tracing::debug!("a subscriber cannot be asked: {}", failure.message),
        }
        let done = self
            .with_store(move |store| {
                let callback = request.callback.as_str();
                if !request.subscribes {
                    return store.unsubscribe(&topic.path, callback).map(|()| true);
                }
                let until = lease::later(Timestamp::now(), lease);
                store.subscribe(&topic.path, callback, request.secret.as_deref(), until, MOST_SUBSCRIBERS)
            })
            .await;
        match done {
            Ok(true) => {}
            Ok(false) => tracing::warn!(
                "{MOST_SUBSCRIBERS} have subscribed at this hub, and there is no room for more"
            ),
            Err(error) => tracing::error!(%error, "a subscriber could not be noted"),
        }
    }

    /// Brings what has changed to those who have subscribed; for ever.
    pub(super) async fn distribute(self: &Arc<Self>) {
        loop {
            let (settings, client) = self.setting();
            let mut next = None;
            if let Some(hub) = settings.own_hub.clone() {
                let now = Timestamp::now();
                let due = self
                    .with_store(move |store| Ok((store.due_subscribers(now, BATCH)?, store.next_delivery()?)))
                    .await;
                match due {
                    Ok((due, _)) if !due.is_empty() => {
                        futures_util::stream::iter(due)
                            .for_each_concurrent(AT_ONCE, |subscriber| {
                                self.deliver(&client, &settings, hub.as_str(), subscriber)
                            })
                            .await;
                        continue;
                    }
                    Ok((_, soonest)) => next = soonest,
                    Err(error) => tracing::error!(%error, "subscribers cannot be served just now"),
                }
            }
            tokio::select! {
                () = self.stirred[1].notified() => {}
                () = sleep_until(next) => {}
            }
        }
    }

    /// Delivers the newest content to one subscriber, and notes what came of it.
    async fn deliver(
        self: &Arc<Self>,
        client: &Client,
        settings: &Settings,
        hub: &str,
        subscriber: Subscriber,
    ) {
        let outcome = push(client, settings, hub, &subscriber).await;
        let now = Timestamp::now();
        let noted = self
            .with_store(move |store| match outcome {
                Delivery::Done => store.delivered(&subscriber, None),
                Delivery::Gone => store.unsubscribe(&subscriber.topic, &subscriber.callback),
                Delivery::Failed(retry_at) => {
                    let again = lease::deliver_again(now, subscriber.attempts);
                    store.delivered(&subscriber, again.map(|at| retry_at.map_or(at, |asked| asked.max(at))))
                }
            })
            .await;
        if let Err(error) = noted {
            tracing::error!(%error, "a delivery could not be noted");
            // What is not noted is due at once again: not in a hurry.
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        }
    }
}

enum Delivery {
    Done,
    /// The subscriber wants no more (410), or its topic is published no more.
    Gone,
    Failed(Option<Timestamp>),
}

async fn push(client: &Client, settings: &Settings, hub: &str, subscriber: &Subscriber) -> Delivery {
    let Some(topic) = settings.topics.iter().find(|topic| topic.path == subscriber.topic) else {
        return Delivery::Gone;
    };
    let Ok(callback) = url::Url::parse(&subscriber.callback) else { return Delivery::Gone };
    let Ok(body) = tokio::fs::read(settings.public_dir.join(&topic.path)).await else {
        return Delivery::Failed(None);
    };
    let mut fields = HeaderMap::new();
    let mut field = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            fields.append(name, value);
        }
    };
    field("content-type", topic.media_type);
    field("link", &format!("<{hub}>; rel=\"hub\", <{}>; rel=\"self\"", topic.url));
    if let Some(secret) = &subscriber.secret {
        field("x-hub-signature", &signature::sign(secret, &body));
    }
    let call = Call {
        url: &callback,
        body: Some(Bytes::from(body)),
        fields,
        allow_private_addresses: settings.allow_private_addresses,
    };
    match client.call(&call).await {
        Ok(reply) if (200..300).contains(&reply.status) => Delivery::Done,
        Ok(reply) if reply.status == 410 => Delivery::Gone,
        Ok(reply) => {
            tracing::debug!(%callback, status = reply.status, "a delivery was not taken");
            Delivery::Failed(reply.retry_at)
        }
        Err(failure) => {
            tracing::debug!(%callback, "a delivery failed: {}", failure.message);
            Delivery::Failed(failure.retry_at)
        }
    }
}

fn topic<'a>(settings: &'a Settings, request: &HubRequest) -> Option<&'a Topic> {
    settings.topics.iter().find(|topic| topic.url == request.topic)
}
