//! What strangers post and ask for below `/websub/`: handed to whoever knows what to do with it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use bytes::Bytes;

use super::{Serve, answer};

/// Where requests for hooks begin.
pub(super) const PREFIX: &str = "/websub/";

/// Requests whose bodies may lie in memory at a time; others are told to come again.
pub(super) const AT_A_TIME: usize = 4;

/// One request, with its whole body.
#[derive(Clone, Debug)]
pub struct Hooked {
    /// GET, POST …
    pub method: Method,
    /// What follows `/websub/`.
    pub path: String,
    /// As it came, without the question mark.
    pub query: String,
    /// As they came.
    pub headers: HeaderMap,
    /// At most [`Hooks::largest_body`].
    pub body: Bytes,
}

/// An answer in the making.
pub type Answering = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;

/// Who answers such requests.
pub trait Hooks: Send + Sync + 'static {
    /// The largest body that is of any interest, in bytes.
    fn largest_body(&self) -> usize;

    /// The answer.
    fn answer(&self, asked: Hooked) -> Answering;
}

/// The answer of the hooks.
pub(super) async fn call(serve: Arc<Serve>, request: Request<Body>) -> Response<Bytes> {
    let Some(hooks) = serve.hooks.clone() else { return answer::not_found() };
    let (head, body) = request.into_parts();
    // Only who may send a body waits for a seat.
    let seat = match head.method {
        Method::GET | Method::HEAD => None,
        _ => match serve.hooking.try_acquire() {
            Ok(seat) => Some(seat),
            Err(_) => {
                let mut busy = answer::plain(StatusCode::SERVICE_UNAVAILABLE, "Come again in a moment.\n");
                busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
                return busy;
            }
        },
    };
    let Ok(body) = axum::body::to_bytes(body, hooks.largest_body()).await else {
        return answer::plain(StatusCode::PAYLOAD_TOO_LARGE, "That is more than is taken here.\n");
    };
    let asked = Hooked {
        path: head.uri.path().strip_prefix(PREFIX).unwrap_or_default().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        method: head.method,
        headers: head.headers,
        body,
    };
    let answer = hooks.answer(asked).await;
    drop(seat);
    answer
}
