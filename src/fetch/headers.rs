//! What the header fields of an answer say: freshness, patience, hubs, codings. Pure functions that
//! never fail: a broken value says nothing.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_ENCODING, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, LINK, RETRY_AFTER,
};
use url::Url;

use crate::model::Validators;

/// No hint of a server counts for longer than this.
pub const HINT_CAP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// No honest redirect is longer.
const LONGEST_URL: usize = 8 * 1024;

/// A validator beyond this is not sent back: the servers that we know refuse a request whose header is
/// larger, and the source would be lost for good.
const LONGEST_VALIDATOR: usize = 32 * 1024;

/// The validators of an answer, byte for byte (RFC 9110 §8.8), to be sent to `url` only.
///
/// An empty field says nothing. An ETag `*` is no entity tag, and sent back as `If-None-Match: *` it
/// would match whatever there is: the source would never again have news.
pub fn validators(headers: &HeaderMap, url: &Url) -> Validators {
    let bytes = |name: HeaderName| {
        let value = headers.get(name)?.as_bytes();
        (!value.trim_ascii().is_empty() && value.len() <= LONGEST_VALIDATOR).then(|| value.to_vec())
    };
    let etag = bytes(ETAG).filter(|v| v.trim_ascii() != b"*");
    let last_modified = bytes(LAST_MODIFIED);
    let url = (etag.is_some() || last_modified.is_some()).then(|| url.to_string());
    Validators { etag, last_modified, url }
}

/// How long an answer may be taken for fresh: `max-age` less `Age`, else `Expires` less `Date`
/// (RFC 9111 §4.2), at most seven days. `s-maxage` is for shared caches, which kariz is not.
///
/// `None` where the answer does not say, says nonsense, or wants no caching.
pub fn fresh_for(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let mut max_age = None;
    for value in headers.get_all(CACHE_CONTROL) {
        for (name, value) in directives(value.as_bytes()) {
            match name.as_str() {
                "no-cache" if value.is_none() => return None,
                "no-store" => return None,
                // The first of several counts (RFC 9111 §4.2.1).
                "max-age" if max_age.is_none() => max_age = value.as_deref().and_then(seconds),
                _ => {}
            }
        }
    }
    let lifetime = match max_age {
        Some(age) => {
            let spent = headers.get(AGE).and_then(|v| seconds(v.as_bytes())).unwrap_or(0);
            Duration::from_secs(age.saturating_sub(spent))
        }
        None => distance(headers.get(EXPIRES).and_then(date)?, headers, now)?,
    };
    (!lifetime.is_zero()).then(|| lifetime.min(HINT_CAP))
}

/// When the host may be asked again (RFC 9110 §10.2.3): seconds or a date, at most seven days ahead.
///
/// `None` for what is over already, and for what is neither.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let value = headers.get(RETRY_AFTER)?;
    let wait = match seconds(value.as_bytes()) {
        Some(seconds) => Duration::from_secs(seconds),
        None => distance(date(value)?, headers, now)?,
    };
    if wait.is_zero() { None } else { now.checked_add(wait.min(HINT_CAP)).ok() }
}

/// How far ahead `until` lies: by the server's clock where the answer has a `Date`, by ours; the nearer
/// of the two where they differ, for one of the clocks is wrong then.
fn distance(until: Timestamp, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let from = |start: Timestamp| {
        Duration::try_from(until.duration_since(start)).ok().filter(|wait| !wait.is_zero())
    };
    let ours = from(now);
    let theirs = headers.get(DATE).and_then(date).and_then(from);
    ours.into_iter().chain(theirs).min()
}

/// The hub and the topic that `Link` header fields name (WebSub §4, RFC 8288), the first of each.
pub fn hub_and_topic(headers: &HeaderMap, base: &Url) -> (Option<Url>, Option<Url>) {
    let (mut hub, mut topic) = (None, None);
    for value in headers.get_all(LINK).iter().take(32) {
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else { continue };
        for (target, rels) in links(text) {
            let Some(url) = base.join(target).ok().filter(is_web) else { continue };
            for rel in rels.split_ascii_whitespace() {
                if rel.eq_ignore_ascii_case("hub") {
                    hub.get_or_insert_with(|| url.clone());
                } else if rel.eq_ignore_ascii_case("self") {
                    topic.get_or_insert_with(|| url.clone());
                }
            }
        }
    }
    (hub, topic)
}

/// The content codings in the order they were applied (RFC 9110 §8.4), lower case, `identity` left out.
pub fn content_codings(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|b| *b == b','))
        .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .take(8)
        .collect()
}

/// Where a redirect leads: relative references against the URL that redirects; bytes beyond ASCII as
/// UTF-8, else as Latin-1. Without fragment, and without credentials: a server may not choose ours.
pub fn location(value: &HeaderValue, base: &Url) -> Option<Url> {
    let bytes = value.as_bytes().trim_ascii();
    if bytes.is_empty() || bytes.len() > LONGEST_URL {
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    };
    let mut url = base.join(&text).ok()?;
    url.set_fragment(None);
    if is_web(&url) {
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    Some(url)
}

/// `http:` or `https:` with a host.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// A date of an HTTP header field: the three forms of RFC 9110 §5.6.7, and what servers write instead
/// (`+0000` and `UTC` for `GMT`).
pub fn date(value: &HeaderValue) -> Option<Timestamp> {
    let text = value.to_str().ok()?.trim();
    if let Ok(time) = httpdate::parse_http_date(text) {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        return Timestamp::from_second(i64::try_from(since.as_secs()).ok()?).ok();
    }
    let text = text.strip_suffix("UTC").map(|t| format!("{t}GMT")).unwrap_or_else(|| text.to_owned());
    jiff::fmt::rfc2822::parse(&text).ok().map(|zoned| zoned.timestamp())
}

/// `1*DIGIT`; what is too large to count is the largest number.
fn seconds(value: &[u8]) -> Option<u64> {
    let digits = value.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0u64, |n, d| n.saturating_mul(10).saturating_add(u64::from(d - b'0'))))
}

/// The directives of a `Cache-Control` value: names in lower case, values unquoted.
fn directives(value: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    split_outside_quotes(value, b',')
        .map(|part| {
            let (name, argument) = match part.iter().position(|b| *b == b'=') {
                Some(at) => (&part[..at], Some(&part[at + 1..])),
                None => (part, None),
            };
            let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
            (name, argument.map(|a| unquote(a.trim_ascii()).to_vec()))
        })
        .collect()
}

fn unquote(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\"")).unwrap_or(value)
}

fn split_outside_quotes(value: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    value.split(move |b| {
        let was_escaped = std::mem::take(&mut escaped);
        match b {
            b'"' if !was_escaped => quoted = !quoted,
            b'\\' if quoted && !was_escaped => escaped = true,
            _ => {}
        }
        *b == separator && !quoted
    })
}

/// The links of one `Link` value: target and `rel`.
fn links(value: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = value;
    while found.len() < 32 {
        let Some(open) = rest.find('<') else { break };
        let Some(close) = rest[open..].find('>').map(|at| open + at) else { break };
        let target = rest[open + 1..close].trim();
        rest = &rest[close + 1..];
        // The parameters of this link end at the first comma outside of quotes.
        let parameters = split_outside_quotes(rest.as_bytes(), b',').next().map_or(0, <[u8]>::len);
        let (own, after) = rest.split_at(parameters);
        rest = after;
        let rel = split_outside_quotes(own.as_bytes(), b';').find_map(|parameter| {
            let (name, value) = std::str::from_utf8(parameter).ok()?.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
        });
        if let Some(rel) = rel {
            found.push((target, rel));
        }
    }
    found
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
