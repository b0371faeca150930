//! What to answer: a function of the request, the file and nothing else.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;

use super::conditional::{self, Coding, Tags, Verdict};
use super::delta;
use super::file::{Loaded, Variant};
use super::media::Kind;
use super::negotiate;

/// What a page may do: nothing but show itself, its style, and pictures from anywhere.
pub const PAGE_POLICY: &str = "default-src 'none'; img-src https: http: data:; style-src 'self'; \
     script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What any other document may do if someone opens it as a page.
const DOCUMENT_POLICY: &str = "default-src 'none'; img-src https: http: data:; style-src 'self'; sandbox";

const METHODS: &str = "GET, HEAD, OPTIONS";

/// The header values that are the same for all files.
#[derive(Clone, Debug)]
pub struct Common {
    fresh: HeaderValue,
    fresh_part: HeaderValue,
}

impl Common {
    /// Answers that may be taken for fresh for `max_age` seconds.
    pub fn new(max_age: u64) -> Self {
        // A proxy that cannot reach us may go on with what it has for a day: an old feed is better than none.
        let fresh = format!("public, max-age={max_age}, stale-if-error=86400");
        // RFC 3229 §10.8.2: a cache that does not know 226 must not store it; one that does ignores no-store.
        let fresh_part = format!("no-store, im, max-age={max_age}");
        let value = |text: String| HeaderValue::from_str(&text).expect("digits and ASCII words");
        Self { fresh: value(fresh), fresh_part: value(fresh_part) }
    }
}

/// The answer about a file.
pub fn file(method: &Method, asked: &HeaderMap, file: &Loaded, common: &Common) -> Response<Bytes> {
    if *method == Method::OPTIONS {
        return options(file.kind);
    }
    if *method != Method::GET && *method != Method::HEAD {
        return not_allowed();
    }
    let negotiated = negotiate::coding(asked, file.gzip.is_some(), file.brotli.is_some());
    match conditional::evaluate(asked, file.digest, file.modified, negotiated) {
        Verdict::Failed => plain(StatusCode::PRECONDITION_FAILED, "It has changed since.\n"),
        Verdict::NotModified(coding) => {
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            validators(answer.headers_mut(), file, file.variant(coding), common);
            answer
        }
        Verdict::Send => {
            part(asked, file, negotiated, common).unwrap_or_else(|| whole(file, negotiated, common))
        }
    }
}

/// What a 200 and a 304 have in common (RFC 9110 §15.4.5).
fn validators(headers: &mut HeaderMap, file: &Loaded, variant: &Variant, common: &Common) {
    headers.reserve(14);
    headers.insert(header::ETAG, variant.tag.clone());
    headers.insert(header::LAST_MODIFIED, file.last_modified.clone());
    headers.insert(header::CACHE_CONTROL, common.fresh.clone());
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    open_to_scripts(headers, file.kind);
}

/// Feeds may be read by scripts of any site: they are public, and no request for them carries a secret.
fn open_to_scripts(headers: &mut HeaderMap, kind: Kind) {
    if matches!(kind, Kind::Feed | Kind::Data) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("ETag, Last-Modified, IM, Delta-Base"),
        );
    }
}

fn whole(file: &Loaded, coding: Coding, common: &Common) -> Response<Bytes> {
    let variant = file.variant(coding);
    let mut answer = Response::new(variant.bytes.clone());
    let headers = answer.headers_mut();
    validators(headers, file, variant, common);
    describe(headers, file);
    if let Some(token) = coding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    answer
}

fn describe(headers: &mut HeaderMap, file: &Loaded) {
    headers.insert(header::CONTENT_TYPE, file.media_type.clone());
    match file.kind {
        Kind::Page => secure_page(headers),
        _ => {
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCUMENT_POLICY));
        }
    }
}

/// The headers that keep a page safe even if something hostile got into it.
pub fn secure_page(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The outlets may see that their readers come from here, not what they read here.
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// 226: only the entries that are new for a version that the client has (RFC 3229, instance manipulation
/// `feed`). `None` where the client did not ask for it, has no version that we know, or would not save anything.
fn part(asked: &HeaderMap, file: &Loaded, negotiated: Coding, common: &Common) -> Option<Response<Bytes>> {
    if file.kind != Kind::Feed || !delta::is_wished(asked) {
        return None;
    }
    let Tags::These(tags) = Tags::read(asked, header::IF_NONE_MATCH)? else { return None };
    let (base, made) = tags.iter().find_map(|tag| {
        let digest = tag.digest?;
        Some((conditional::entity_tag(digest, tag.coding), file.since(digest)?))
    })?;
    let coding = if made.gzip.is_some() { negotiate::coding(asked, true, false) } else { Coding::Identity };
    let variant = made.gzip.as_ref().filter(|_| coding == Coding::Gzip).unwrap_or(&made.identity);
    if variant.bytes.len() >= file.variant(negotiated).bytes.len() {
        return None;
    }
    let mut answer = Response::new(variant.bytes.clone());
    *answer.status_mut() = StatusCode::from_u16(226).expect("a valid status");
    let headers = answer.headers_mut();
    validators(headers, file, variant, common);
    describe(headers, file);
    if let Some(token) = coding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    headers.insert(HeaderName::from_static("im"), HeaderValue::from_static("feed"));
    headers.insert(HeaderName::from_static("delta-base"), base);
    headers.insert(header::CACHE_CONTROL, common.fresh_part.clone());
    headers.insert(header::VARY, HeaderValue::from_static("A-IM, If-None-Match, Accept-Encoding"));
    Some(answer)
}

fn options(kind: Kind) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static(METHODS));
    if matches!(kind, Kind::Feed | Kind::Data) {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "A-IM, Accept, Cache-Control, If-Modified-Since, If-None-Match",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    answer
}

/// 405.
pub fn not_allowed() -> Response<Bytes> {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET, HEAD and OPTIONS are answered here.\n");
    answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(METHODS));
    answer
}

/// 404.
pub fn not_found() -> Response<Bytes> {
    plain(StatusCode::NOT_FOUND, "Nothing is published at this address.\n")
}

/// 308 to the same path with a `/` after it, so that the relative links of the folder's page are right.
pub fn folder(path: &str, query: Option<&str>) -> Response<Bytes> {
    // Relative to itself: right behind any proxy and prefix, and no request can make it lead elsewhere.
    let last = path.rsplit('/').next().unwrap_or_default();
    let target = format!("./{last}/{}{}", if query.is_some() { "?" } else { "" }, query.unwrap_or_default());
    let Ok(target) = HeaderValue::from_str(&target) else { return not_found() };
    let mut answer = plain(StatusCode::PERMANENT_REDIRECT, "");
    answer.headers_mut().insert(header::LOCATION, target);
    answer
}

/// A short answer in words, not to be kept.
pub fn plain(status: StatusCode, words: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(words.as_bytes()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
