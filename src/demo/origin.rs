//! A web server on loopback that serves the demo's sources as the world would.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::State as Extract;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::sync::oneshot;

use super::documents::{PICTURES, PLACEHOLDER, SITES, Site};

/// The origin of the demo: feeds with ETags, pictures, a small page for every article, and one
/// source that answers 500. It runs on a thread of its own, so that it can be started from
/// anywhere, and stops when it is dropped.
#[derive(Debug)]
pub struct Origin {
    base_url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Origin {
    /// Starts it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port is to be had, or no thread.
    pub fn start() -> io::Result<Self> {
        Self::start_on(0)
    }

    /// Starts it on a port of 127.0.0.1: with the same port the documents are the same to the byte.
    ///
    /// # Errors
    /// The port is taken, or no thread is to be had.
    pub fn start_on(port: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::Builder::new().name("demo origin".into()).spawn(move || {
            let run_time = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(run_time) => run_time,
                Err(e) => return drop(ready.send(Err(e))),
            };
            run_time.block_on(async {
                let listener = match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => listener,
                    Err(e) => return drop(ready.send(Err(e))),
                };
                let _ = ready.send(Ok(()));
                // Connections that are kept open end with the run time.
                tokio::select! {
                    _ = axum::serve(listener, router(address)) => {}
                    _ = stopped => {}
                }
            });
        })?;
        is_ready.recv().unwrap_or_else(|_| Err(io::Error::other("the thread of the demo origin ended")))?;
        Ok(Self { base_url: base_url(address), stop: Some(stop), thread: Some(thread) })
    }

    /// Where it answers: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Stops it; returns when its port is free.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported on standard error already.
            let _ = thread.join();
        }
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// One answer, ready to be sent.
struct Answer {
    status: StatusCode,
    content_type: &'static str,
    etag: String,
    body: Bytes,
}

type Answers = Arc<HashMap<&'static str, Answer>>;

fn router(address: SocketAddr) -> Router {
    let base_url = base_url(address);
    let feeds = SITES.iter().map(|site| (site.feed, feed(site, &base_url)));
    let pictures = PICTURES.iter().map(|&(path, content_type, bytes)| {
        (path, Answer::new(StatusCode::OK, content_type, Bytes::from_static(bytes)))
    });
    let answers: Answers = Arc::new(feeds.chain(pictures).collect());
    Router::new().fallback(answer).with_state(answers)
}

fn feed(site: &Site, base_url: &str) -> Answer {
    match site.document {
        Some(document) => Answer::new(StatusCode::OK, site.content_type, filled(document, base_url).into()),
        None => Answer::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            Bytes::from_static(b"The tram is in the depot.\n"),
        ),
    }
}

/// The document with the origin's address in place. On bytes: not every document is UTF-8.
pub(super) fn filled(document: &[u8], base_url: &str) -> Vec<u8> {
    let mut filled = Vec::with_capacity(document.len());
    let mut rest = document;
    while let Some(at) = rest.windows(PLACEHOLDER.len()).position(|w| w == PLACEHOLDER.as_bytes()) {
        filled.extend_from_slice(&rest[..at]);
        filled.extend_from_slice(base_url.as_bytes());
        rest = &rest[at + PLACEHOLDER.len()..];
    }
    filled.extend_from_slice(rest);
    filled
}

impl Answer {
    fn new(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&body));
        Self { status, content_type, etag, body }
    }
}

async fn answer(
    Extract(answers): Extract<Answers>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let Some(Answer { status, content_type, etag, body }) = answers.get(uri.path()) else {
        return page(uri.path()).into_response();
    };
    if *status != StatusCode::OK {
        return (*status, [(header::CONTENT_TYPE, *content_type)], body.clone()).into_response();
    }
    if has_it_already(&headers, etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let headers = [(header::CONTENT_TYPE, *content_type), (header::ETAG, etag)];
    (headers, body.clone()).into_response()
}

/// RFC 9110 §13.1.2: a list of tags, compared weakly, or `*`.
fn has_it_already(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

/// A small page for whatever lies in the folder of a source: its front page and its articles.
fn page(path: &str) -> Response {
    let folder = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let Some(site) = SITES.iter().find(|site| site.id == folder) else {
        return (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response();
    };
    let (direction, text, feed) = match site.language {
        "fa" => ("rtl", "این صفحه جای یک نوشتهٔ نمایشی را گرفته است؛ متن آن در خوراک است.", "خوراک"),
        "ar" => ("rtl", "تقوم هذه الصفحة مقام مقال من العرض، أما نصه ففي الخلاصة.", "الخلاصة"),
        _ => ("ltr", "This page stands for an article of the demo. Its text is in the feed.", "The feed"),
    };
    // The titles are ours and the path is not shown: of what is escaped in HTML, only & occurs.
    let (title, language, address) = (site.title.replace('&', "&amp;"), site.language, site.feed);
    let html = format!(
        r#"<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="alternate" href="{address}">
<body style="font-family: system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; line-height: 1.7">
<h1>{title}</h1>
<p>{text}
<p><a href="{address}">{feed}</a>
"#
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
