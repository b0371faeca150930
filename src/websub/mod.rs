//! WebSub (W3C Recommendation, 2018): news are pushed instead of polled for.
//!
//! ```text
//! a source's hub ──► callback ─► inbox ─► the next pass        subscriber: kariz listens
//! the next pass ──► ping ─► somebody's hub                     publisher: kariz tells
//! the next pass ──► hub ──► the callbacks of subscribers       hub: kariz distributes, `hub = "self"`
//! ```
//!
//! What is said, signed and waited for is pure ([`form`], [`signature`], [`lease`]); the rest keeps its state in
//! the store, so that a run that ends is gone on with by the next, and calls through the fetch room, so that the
//! address guard, the limits and the manners are the same. Strangers talk to this room: whatever they say costs
//! little, is bounded, and changes nothing unless they know a secret.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::http::{HeaderMap, Method, Response, StatusCode, header};
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc};
use url::Url;

use crate::fetch::{Call, Client};
use crate::model::Document;
use crate::store::{Store, StoreError};

pub mod form;
mod hub;
pub mod lease;
mod leaving;
pub mod signature;
mod subscriber;

/// What is pushed waits for the next pass: at most so many bytes of it. Hubs whose content finds no room
/// are told to come again.
const INBOX: usize = 32 << 20;

/// The loops look at the clock at least this often: a machine that slept, or whose clock was set, is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// So many requests to our hub may wait for the verification of their intent.
const VERIFICATIONS: usize = 256;

/// One output that people can subscribe to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Below the published folder.
    pub path: String,
    /// As it is reachable from outside.
    pub url: Url,
    /// As it is served.
    pub media_type: &'static str,
}

/// What this room is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The database.
    pub database: PathBuf,
    /// The published folder.
    pub public_dir: PathBuf,
    /// Where the callbacks are reachable from outside, ends in `/`; `None` subscribes to nothing.
    pub callbacks: Option<Url>,
    /// The hub of others that is pinged.
    pub pinged: Option<Url>,
    /// The address of our own hub; `None`: there is none.
    pub own_hub: Option<Url>,
    /// The outputs.
    pub topics: Vec<Topic>,
    /// How long each source is left alone after a visit, at least; by name.
    pub min_intervals: HashMap<String, Duration>,
    /// Of what is pushed, in bytes.
    pub largest: usize,
    /// Hubs and callbacks may lie on private addresses.
    pub allow_private_addresses: bool,
}

/// Subscriber, publisher and hub.
pub struct WebSub {
    setting: Mutex<(Arc<Settings>, Client)>,
    store: Mutex<Store>,
    inbox: Mutex<Inbox>,
    /// Subscriptions that are being given back.
    leaving: Mutex<Vec<leaving::Leaving>>,
    arrived: Notify,
    /// Something is to be distributed or renewed.
    stirred: [Notify; 2],
    /// Requests to our hub, to be verified.
    verify: mpsc::Sender<form::HubRequest>,
    waiting: Mutex<Option<mpsc::Receiver<form::HubRequest>>>,
}

#[derive(Default)]
struct Inbox {
    documents: VecDeque<(i64, Document)>,
    bytes: usize,
}

type Answer = Response<Bytes>;

impl WebSub {
    /// Opens the store.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open(settings: Settings, client: Client) -> Result<Arc<Self>, StoreError> {
        let (verify, waiting) = mpsc::channel(VERIFICATIONS);
        Ok(Arc::new(Self {
            store: Mutex::new(Store::open(&settings.database)?),
            setting: Mutex::new((Arc::new(settings), client)),
            inbox: Mutex::default(),
            leaving: Mutex::default(),
            arrived: Notify::new(),
            stirred: [Notify::new(), Notify::new()],
            verify,
            waiting: Mutex::new(Some(waiting)),
        }))
    }

    /// Opens the store once more: the database was made again.
    ///
    /// # Errors
    /// When the store fails.
    pub fn reopen(&self) -> Result<(), StoreError> {
        let store = Store::open(&self.settings().database)?;
        *lock(&self.store) = store;
        Ok(())
    }

    /// Goes on with other settings, or another client.
    pub fn reconfigure(&self, settings: Settings, client: Client) {
        *lock(&self.setting) = (Arc::new(settings), client);
        self.stir();
    }

    /// Renews subscriptions and serves subscribers for ever.
    pub async fn run(self: Arc<Self>) {
        let settings = self.settings();
        if settings.own_hub.is_some() {
            // What was published while nobody distributed: by `kariz fetch`, or by a run that died.
            self.give_to_subscribers(settings.topics.clone(), settings.public_dir.clone(), false).await;
        }
        let waiting = lock(&self.waiting).take();
        let verify = async {
            if let Some(waiting) = waiting {
                self.verify_all(waiting).await;
            }
        };
        tokio::join!(self.keep_subscriptions(), self.distribute(), verify);
    }

    /// A request to `/websub/` + `path`, with its whole body.
    pub async fn answer(
        self: &Arc<Self>,
        method: &Method,
        path: &str,
        query: &str,
        fields: &HeaderMap,
        body: Bytes,
    ) -> Answer {
        match (method.as_str(), path) {
            ("POST", "hub") => self.ask_hub(fields, &body).await,
            (_, "hub") => {
                plain(StatusCode::METHOD_NOT_ALLOWED, "This is a WebSub hub: POST hub.mode=subscribe.\n")
            }
            // Strangers who try paths cost no look into the store.
            _ if !signature::is_random(path) => plain(StatusCode::NOT_FOUND, "There is nothing here.\n"),
            ("GET", _) => self.ask_callback(path, query).await,
            ("POST", _) => self.push(path, fields, body).await,
            _ => plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST only.\n"),
        }
    }

    /// The largest body of a request that is of any interest.
    pub fn largest(&self) -> usize {
        self.settings().largest
    }

    /// What was pushed: one document of each source at most; others wait for the next pass.
    pub fn take(&self) -> HashMap<i64, Document> {
        let mut inbox = lock(&self.inbox);
        let mut taken: HashMap<i64, Document> = HashMap::new();
        for (source, document) in std::mem::take(&mut inbox.documents) {
            match taken.entry(source) {
                Entry::Occupied(_) => inbox.documents.push_back((source, document)),
                Entry::Vacant(first) => {
                    inbox.bytes -= document.body.len();
                    first.insert(document);
                }
            }
        }
        if !inbox.documents.is_empty() {
            self.arrived.notify_one();
        }
        taken
    }

    /// Takes documents back that a pass could not record: the next one does, before what came later.
    pub fn put_back(&self, documents: HashMap<i64, Document>) {
        let mut inbox = lock(&self.inbox);
        for (source, document) in documents {
            inbox.bytes += document.body.len();
            inbox.documents.push_front((source, document));
        }
    }

    /// Completes when something was pushed.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// A pass is done: tells the hub which outputs have changed, and looks after our subscriptions.
    pub async fn after_pass(self: &Arc<Self>, changed: &[String]) {
        let (settings, client) = self.setting();
        let changed: Vec<Topic> =
            settings.topics.iter().filter(|topic| changed.contains(&topic.path)).cloned().collect();
        if settings.own_hub.is_some() {
            self.give_to_subscribers(changed, settings.public_dir.clone(), true).await;
        } else if let Some(hub) = settings.pinged.clone() {
            let private = settings.allow_private_addresses;
            tokio::spawn(async move {
                ping(&client, &hub, changed.iter().map(|topic| &topic.url), private).await
            });
        }
        self.stir();
    }

    /// Lets subscribers have what is new of these outputs: all of it is where that `is_known`, else what is not what they were
    /// given last.
    async fn give_to_subscribers(self: &Arc<Self>, topics: Vec<Topic>, folder: PathBuf, is_known: bool) {
        let marked = self
            .with_store(move |store| {
                for topic in topics {
                    let Ok(bytes) = std::fs::read(folder.join(&topic.path)) else { continue };
                    let name = format!("given {}", topic.path);
                    let digest = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes));
                    let last = store.meta(&name)?;
                    if last.as_ref() == Some(&digest) {
                        continue;
                    }
                    if is_known || last.is_some() {
                        store.distribute(&topic.path, Timestamp::now())?;
                    }
                    store.set_meta(&name, &digest)?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = marked {
            tracing::error!(%error, "what changed could not be given to subscribers");
        }
    }

    fn stir(&self) {
        self.stirred.iter().for_each(Notify::notify_one);
    }

    fn setting(&self) -> (Arc<Settings>, Client) {
        lock(&self.setting).clone()
    }

    fn settings(&self) -> Arc<Settings> {
        lock(&self.setting).0.clone()
    }

    /// Works on the store where blocking is allowed: a pass may be writing to it for a while.
    async fn with_store<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, anyhow::Error> {
        let this = self.clone();
        Ok(tokio::task::spawn_blocking(move || work(&lock(&this.store))).await??)
    }
}

/// Tells a hub which documents have changed, once each. That it could not be told is logged, and no more: subscribers
/// who are not pushed to poll.
pub async fn ping(
    client: &Client,
    hub: &Url,
    topics: impl Iterator<Item = &Url>,
    allow_private_addresses: bool,
) {
    for topic in topics {
        let call = Call::form(hub, form::ping(topic), allow_private_addresses);
        let why = match client.call(&call).await {
            Ok(reply) if (200..300).contains(&reply.status) => continue,
            Ok(reply) => format!("it answers {}", reply.status),
            Err(failure) => failure.message,
        };
        tracing::warn!("the hub {hub} was not told that {topic} has changed: {why}");
    }
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(text.into());
    *answer.status_mut() = status;
    let fields = answer.headers_mut();
    fields.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain; charset=utf-8"));
    // A challenge is somebody else's text: never to be taken for a page.
    fields.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    fields.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// Come again: there is no room, or the store is busy.
fn busy(text: &'static str) -> Answer {
    let mut answer = plain(StatusCode::SERVICE_UNAVAILABLE, text);
    answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("60"));
    answer
}

/// A panic elsewhere leaves these whole: go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Until `at`, and not longer than a sleep may be.
fn sleep_until(at: Option<Timestamp>) -> tokio::time::Sleep {
    let wait = at.map_or(LONGEST_SLEEP, |at| {
        Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO)
    });
    tokio::time::sleep(wait.clamp(Duration::from_millis(200), LONGEST_SLEEP))
}
