//! What one request gave.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What the answer of a server says about itself, to be sent back **byte for byte** with the next
/// conditional request (RFC 9110 §8.8, §13.1). Header values need not be UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` header as received.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` header as received.
    pub last_modified: Option<Vec<u8>>,
    /// The URL that gave them, if known; else the one that was asked. Behind a temporary redirect they
    /// belong to its target, and mean nothing to anybody else.
    pub url: Option<String>,
}

/// What one request gave.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // One of them exists for each visit, for a moment.
pub enum Fetched {
    /// The server (or the file's own time stamp) says: same as last time.
    NotModified {
        /// The validators to keep from now on: a 304 may renew them.
        validators: Validators,
        /// How long the answer may be taken for fresh (`Cache-Control: max-age`, `Expires`).
        fresh_for: Option<Duration>,
    },
    /// A document.
    Document(Document),
    /// 410: the source asks not to be visited again.
    Gone,
    /// Failed, with the reason a person understands.
    Failed(Failure),
}

/// The bytes of one answer and what the server said of them.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The body, content codings (gzip …) undone.
    pub body: bytes::Bytes,
    /// The `Content-Type` header as received.
    pub content_type: Option<String>,
    /// The `Content-Location` or final URL: the base of relative references (RFC 3986 §5.1).
    pub url: Option<Url>,
    /// The new place, where every hop that led here was permanent (301, 308).
    pub moved_to: Option<Url>,
    /// What to send with the next conditional request.
    pub validators: Validators,
    /// How long the answer may be taken for fresh (`Cache-Control: max-age`, `Expires`).
    pub fresh_for: Option<Duration>,
    /// The hub that the `Link` header names (WebSub §4).
    pub hub: Option<Url>,
    /// The topic that the `Link rel=self` header names (WebSub §4).
    pub topic: Option<Url>,
    /// The body is an instance manipulation of the last one: only what is new (RFC 3229, 226).
    pub partial: bool,
    /// The HTTP status; 0 for a file.
    pub status: u16,
}

/// Why a visit failed. Its kind is stable and machine-readable, its message is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// One sentence: what happened and what a person can do. Without secrets.
    pub message: String,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// Do not ask this host again before then (`Retry-After`, RFC 9110 §10.2.3).
    pub retry_at: Option<Timestamp>,
}

/// The kinds of failures, as `status --json` shows them in `error_kind`. Never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The name of the host has no address.
    Dns,
    /// No connection: refused, unreachable.
    Connect,
    /// The TLS handshake failed.
    Tls,
    /// Connecting, the first byte or the whole answer took too long.
    Timeout,
    /// The server broke off in the middle of the answer.
    Interrupted,
    /// The address is private, loopback or otherwise special, and not allowed.
    ForbiddenAddress,
    /// A scheme other than http and https.
    ForbiddenScheme,
    /// More redirects than allowed, or in a circle.
    TooManyRedirects,
    /// A redirect without a usable target.
    BadRedirect,
    /// The answer is larger than allowed.
    TooLarge,
    /// The content coding (gzip …) is broken, unknown or a bomb.
    BadEncoding,
    /// What came is not HTTP.
    BadResponse,
    /// 401.
    Unauthorized,
    /// 403 and 451.
    Forbidden,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 429, or 503 with `Retry-After`.
    RateLimited,
    /// Any other 4xx.
    ClientError,
    /// Any other 5xx.
    ServerError,
    /// A status that makes no sense here.
    UnexpectedStatus,
    /// An empty body.
    Empty,
    /// The document is an HTML page, not a feed.
    NotAFeed,
    /// The document cannot be read.
    Parse,
    /// The file cannot be read.
    File,
    /// The proxy failed or refuses.
    Proxy,
    /// robots.txt forbids it.
    Robots,
    /// A page lists nothing any more, or nothing that it listed before: its layout may have changed.
    LayoutChanged,
    /// A defect of kariz itself.
    Internal,
}

impl ErrorKind {
    /// The stable name, as in `status --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::ForbiddenAddress => "forbidden_address",
            Self::ForbiddenScheme => "forbidden_scheme",
            Self::TooManyRedirects => "too_many_redirects",
            Self::BadRedirect => "bad_redirect",
            Self::TooLarge => "too_large",
            Self::BadEncoding => "bad_encoding",
            Self::BadResponse => "bad_response",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Gone => "gone",
            Self::RateLimited => "rate_limited",
            Self::ClientError => "client_error",
            Self::ServerError => "server_error",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Empty => "empty",
            Self::NotAFeed => "not_a_feed",
            Self::Parse => "parse",
            Self::File => "file",
            Self::Proxy => "proxy",
            Self::Robots => "robots",
            Self::LayoutChanged => "layout_changed",
            Self::Internal => "internal",
        }
    }
}
