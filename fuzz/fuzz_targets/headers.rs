//! Header fields of answers as a hostile server writes them: freshness, patience, links, codings, redirects; and what
//! hubs and subscribers say in forms and signatures.
//!
//! `cargo +nightly fuzz run headers -- -max_len=4096 -timeout=2`

#![no_main]

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use kariz::fetch::headers::{self, HINT_CAP};
use kariz::websub::form::{HubRequest, Verification};
use kariz::websub::signature;
use libfuzzer_sys::fuzz_target;
use url::Url;

const NAMES: [HeaderName; 10] = [
    http::header::CACHE_CONTROL,
    http::header::EXPIRES,
    http::header::DATE,
    http::header::AGE,
    http::header::RETRY_AFTER,
    http::header::LINK,
    http::header::ETAG,
    http::header::LAST_MODIFIED,
    http::header::CONTENT_ENCODING,
    http::header::LOCATION,
];

fuzz_target!(|data: &[u8]| {
    // Each line is a field; its first byte names it.
    let mut fields = HeaderMap::new();
    for line in data.split(|b| *b == b'\n') {
        if let Some((name, value)) = line.split_first()
            && let Ok(value) = HeaderValue::from_bytes(value)
        {
            fields.append(NAMES[usize::from(*name) % NAMES.len()].clone(), value);
        }
    }
    let base = Url::parse("https://feeds.example/a/b.xml?c=d").expect("a constant");
    let now = Timestamp::from_second(1_772_366_400).expect("a constant");
    let cap = SignedDuration::try_from(HINT_CAP).expect("a constant");
    assert!(headers::fresh_for(&fields, now).is_none_or(|fresh| !fresh.is_zero() && fresh <= HINT_CAP));
    assert!(headers::retry_after(&fields, now).is_none_or(|at| at > now && at.duration_since(now) <= cap));
    let (hub, topic) = headers::hub_and_topic(&fields, &base);
    assert!(hub.iter().chain(&topic).all(headers::is_web));
    assert!(headers::content_codings(&fields).len() <= 8);
    let validators = headers::validators(&fields, &base);
    assert!(validators.etag.as_deref().is_none_or(|etag| HeaderValue::from_bytes(etag).is_ok()));
    for value in fields.get_all(http::header::LOCATION) {
        if let Some(url) = headers::location(value, &base) {
            assert!(url.fragment().is_none());
            assert!(!headers::is_web(&url) || url.username().is_empty() && url.password().is_none());
        }
    }
    if let Ok(request) = HubRequest::read(data) {
        assert!(headers::is_web(&request.callback) && headers::is_web(&request.topic));
        assert_eq!(request.verification("x", 1).origin(), request.callback.origin());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        Verification::read(text);
    }
    assert!(!signature::is_signed(b"nobody knows it", data, b"body"));
});
