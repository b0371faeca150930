//! What is published, over HTTP.
//!
//! ```text
//! connection   sockets, limits, stopping gently          knows HTTP/1.1
//!     │
//!  router      /healthz /readyz /status /search          knows who answers what
//!     │
//!   site       names → files in memory                   knows the directory
//!     │
//!  answer      request + file → response                 pure: conditional, negotiate, delta
//! ```
//!
//! The publisher writes files, this room answers for them, and the directory is all they share: so a web server,
//! `kariz serve` in another process and the daemon itself give the same bytes.

pub mod answer;
pub mod conditional;
mod connection;
pub mod delta;
pub mod file;
pub mod hooks;
pub mod media;
pub mod negotiate;
pub mod pages;
pub mod site;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::routing::{any, get};
use bytes::Bytes;
use tokio::sync::Semaphore;

pub use connection::serve;
pub use hooks::{Answering, Hooked, Hooks};
pub use pages::{Asked, Pages};
pub use site::Site;

use site::Found;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long a client may take an answer for fresh without asking.
    pub max_age: Duration,
    /// Connections open at a time; further ones wait to be accepted.
    pub max_connections: usize,
    /// How long requests in flight are waited for when stopping.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(300), max_connections: 20_000, grace: Duration::from_secs(4) }
    }
}

/// Dynamic pages that are made at a time; further requests wait.
const PAGES_AT_A_TIME: usize = 4;

/// What the server answers from.
pub struct Serve {
    site: Arc<Site>,
    pages: Option<Arc<dyn Pages>>,
    hooks: Option<Arc<dyn Hooks>>,
    options: Options,
    common: answer::Common,
    making: Semaphore,
    hooking: Semaphore,
}

impl Serve {
    /// Answers for `site`, and with `pages` also for `/status`, `/search` and `/metrics`. Without, these are files like any
    /// other.
    pub fn new(site: Arc<Site>, pages: Option<Arc<dyn Pages>>, options: Options) -> Arc<Self> {
        Self::with_hooks(site, pages, None, options)
    }

    /// The same, and hands what comes below `/websub/` to `hooks`.
    pub fn with_hooks(
        site: Arc<Site>,
        pages: Option<Arc<dyn Pages>>,
        hooks: Option<Arc<dyn Hooks>>,
        options: Options,
    ) -> Arc<Self> {
        let common = answer::Common::new(options.max_age.as_secs());
        let (making, hooking) = (Semaphore::new(PAGES_AT_A_TIME), Semaphore::new(hooks::AT_A_TIME));
        Arc::new(Self { site, pages, hooks, options, common, making, hooking })
    }

    /// What it answers for.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// The answer, where it needs nothing but memory: a file asked for by its name.
    fn at_once<B>(&self, request: &Request<B>) -> Option<Response<Bytes>> {
        let loaded = self.site.at_once(request.uri().path())?;
        Some(answer::file(request.method(), request.headers(), &loaded, &self.common))
    }
}

/// Everything that the server answers.
pub fn router(serve: Arc<Serve>) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(|| async { answer::plain(StatusCode::OK, "ok\n").map(Body::from) }))
        .route("/readyz", get(ready));
    if serve.pages.is_some() {
        router = router
            .route("/status", get(status))
            .route("/search", get(search))
            .route("/metrics", get(metrics));
    }
    if serve.hooks.is_some() {
        router = router.route(&format!("{}{{*rest}}", hooks::PREFIX), any(hook));
    }
    router.fallback(files).with_state(serve)
}

/// 200 as soon as something is published.
async fn ready(State(serve): State<Arc<Serve>>) -> Response<Body> {
    look(&serve).await;
    match serve.site.is_published() {
        true => answer::plain(StatusCode::OK, "ready\n"),
        false => answer::plain(StatusCode::SERVICE_UNAVAILABLE, "Nothing is published yet.\n"),
    }
    .map(Body::from)
}

async fn status(State(serve): State<Arc<Serve>>, request: Request<Body>) -> Response<Body> {
    pages::answer(&serve.making, serve.pages.clone(), Asked::Status, request.headers()).await.map(Body::from)
}

async fn metrics(State(serve): State<Arc<Serve>>, request: Request<Body>) -> Response<Body> {
    pages::answer(&serve.making, serve.pages.clone(), Asked::Metrics, request.headers()).await.map(Body::from)
}

async fn search(
    State(serve): State<Arc<Serve>>,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Response<Body> {
    let asked = Asked::search(query.as_deref().unwrap_or_default());
    pages::answer(&serve.making, serve.pages.clone(), asked, request.headers()).await.map(Body::from)
}

async fn hook(State(serve): State<Arc<Serve>>, request: Request<Body>) -> Response<Body> {
    hooks::call(serve, request).await.map(Body::from)
}

async fn files(State(serve): State<Arc<Serve>>, request: Request<Body>) -> Response<Body> {
    look(&serve).await;
    let (method, uri) = (request.method(), request.uri());
    if *method == Method::OPTIONS && uri.path() == "*" {
        // The server as a whole (RFC 9110 §9.3.7).
        let mut answer = answer::plain(StatusCode::OK, "");
        answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD, OPTIONS"));
        return answer.map(Body::from);
    }
    match serve.site.find(uri.path()) {
        Found::File(slot) => {
            let loaded = match slot.in_memory() {
                Some(loaded) => Ok(loaded),
                None => {
                    let site = serve.site.clone();
                    tokio::task::spawn_blocking(move || site.fill(&slot))
                        .await
                        .unwrap_or_else(|e| Err(e.into()))
                }
            };
            match loaded {
                Ok(loaded) => answer::file(method, request.headers(), &loaded, &serve.common),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => answer::not_found(),
                Err(error) => {
                    tracing::warn!(path = uri.path(), %error, "a published file cannot be read");
                    answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "This file cannot be read just now.\n")
                }
            }
        }
        Found::Folder => answer::folder(uri.path(), uri.query()),
        Found::Nothing if matches!(*method, Method::GET | Method::HEAD) => answer::not_found(),
        Found::Nothing => answer::not_allowed(),
    }
    .map(Body::from)
}

/// Looks for changes of the directory if it is time to.
async fn look(serve: &Arc<Serve>) {
    if serve.site.is_due() {
        let site = serve.site.clone();
        // A panic in there would show as a stale site; there is nothing to tell the client.
        let _ = tokio::task::spawn_blocking(move || site.look()).await;
    }
}
