//! URLs as keys.
//!
//! Publishers write one address in a dozen spellings: with and without `www.`, for phones, for AMP, with the
//! campaign that led to it. [`canonical`] gives what all of them share. The result is a key: it is compared
//! and hashed, never opened and never shown.

mod tracking;
mod whole;
mod wrappers;

pub(crate) use whole::{host_of, is_plain_path, is_whole};

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use url::Url;

/// The canonical form of an article's address, as a key only: what two spellings of one address share.
/// `None` for a bare home page and for what is no http(s) URL.
///
/// Scheme, credentials, default ports, `www.`, `m.`, `mobile.` and `amp.` hosts, AMP paths, tracking
/// parameters, fragments (but not `#!` and `#/` routes), letter case, `index.html`, duplicate and trailing slashes go.
/// Percent-encoding is undone, the text is brought to NFC. Other parameters are kept (`?p=`, `?id=`) and
/// sorted. Addresses that carry their target (AMP caches, link wrappers, web archives) give the target's key.
///
/// Letter case of paths goes too, against RFC 3986 §6.2.2.1: sites that spell one path in two cases are many,
/// sites with two articles at paths that differ in case alone are few, and whoever merges by this key looks at
/// the text as well.
pub fn canonical(url: &str) -> Option<String> {
    let mut url = parse(url)?;
    for _ in 0..4 {
        match wrappers::target(&url) {
            Some(inner) => url = inner,
            None => break,
        }
    }
    key(&url)
}

/// Reads an absolute http(s) URL, forgiving what feeds do: surrounding space and quotes, bidi marks, no scheme (`//host/`).
fn parse(text: &str) -> Option<Url> {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
    });
    // No address of an article is longer; beyond it there is only somebody's attempt to cost time.
    if text.len() > 8_192 {
        return None;
    }
    let url = if let Some(rest) = text.strip_prefix("//") {
        Url::parse(&format!("https://{rest}")).ok()?
    } else {
        Url::parse(text).ok()?
    };
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| !h.is_empty())).then_some(url)
}

fn key(url: &Url) -> Option<String> {
    let host = host(url.host_str()?);
    let mut key = String::with_capacity(url.as_str().len());
    // FeedBurner under both of its names is one redirector.
    key.push_str(if host == "feedproxy.google.com" { "feeds.feedburner.com" } else { &host });
    if let Some(port) = url.port().filter(|p| !matches!(p, 80 | 443)) {
        key.push(':');
        key.push_str(&port.to_string());
    }
    let home = key.len();
    path(url.path(), &mut key);
    let has_path = key.len() > home && !is_language_home(&key[home + 1..]);
    let mut parameters: Vec<(Cow<'_, str>, Cow<'_, str>)> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        })
        // `&amp;` left in a link gives names such as `amp;utm_source`.
        .map(|(n, v)| match n.strip_prefix("amp;") {
            Some(name) => (Cow::Owned(name.to_owned()), v),
            None => (n, v),
        })
        .filter(|(n, v)| !n.is_empty() && !tracking::is_tracking(&host, n, v, has_path))
        .collect();
    parameters.sort_unstable();
    parameters.dedup();
    let route = url.fragment().filter(|f| f.starts_with('!') || f.starts_with('/')).unwrap_or_default();
    let route = route.trim_end_matches('/');
    if !has_path && parameters.is_empty() && route.len() < 2 {
        return None;
    }
    for (i, (name, value)) in parameters.iter().enumerate() {
        key.push(if i == 0 { '?' } else { '&' });
        push_escaped(&mut key, name);
        if !value.is_empty() {
            key.push('=');
            push_escaped(&mut key, value);
        }
    }
    if route.len() > 1 {
        key.push('#');
        key.push_str(&decode(route, false));
    }
    Some(key)
}

/// The host without the labels that only choose a rendering.
fn host(host: &str) -> String {
    let host = host.trim_end_matches('.');
    let mut rest = host;
    while let Some((label, tail)) = rest.split_once('.') {
        let rendering = matches!(label, "m" | "mobile" | "amp" | "touch" | "wap" | "mobi")
            || label.strip_prefix("www").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        // `m.example` is a site of its own, `m.example.org` is not; an IPv4 address has no labels.
        if !rendering || !tail.contains('.') && !label.starts_with("www") {
            break;
        }
        rest = tail;
    }
    // en.m.wikipedia.org
    if let Some((first, tail)) = rest.split_once('.')
        && let Some(tail) = tail.strip_prefix("m.")
        && tail.contains('.')
    {
        return format!("{first}.{tail}");
    }
    rest.to_owned()
}

/// Appends the path, from its first `/`, or nothing for that of a home page.
fn path(raw: &str, key: &mut String) {
    let start = key.len();
    for segment in raw.split('/').filter(|s| !s.is_empty()) {
        // ;jsessionid=… and its kin (RFC 3986 §3.3 path parameters) are a visitor's, not the article's.
        let segment = match segment.split_once(';') {
            Some((name, parameter)) if parameter.to_ascii_lowercase().contains("session") => name,
            _ => segment,
        };
        let segment = decode(segment, false);
        if !segment.is_empty() {
            key.push('/');
            key.push_str(&segment);
        }
    }
    let junk = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '/' | '"' | '\'' | ',' | '»' | '”' | '’' | '&' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
    };
    let kept = key.trim_end_matches(junk).len().max(start);
    key.truncate(kept);
    strip_amp(key, start);
    let last = key[start..].rfind('/').map_or(start, |i| start + i);
    let (name, extension) = key[last..].trim_start_matches('/').split_once('.').unwrap_or_default();
    if matches!(name, "index" | "default" | "home")
        && matches!(extension, "html" | "htm" | "php" | "asp" | "aspx" | "jsp" | "shtml" | "xhtml" | "cfm")
    {
        key.truncate(last);
    }
}

/// AMP forms: `/amp/…`, `…/amp`, `….amp`, `….amp.html`.
fn strip_amp(key: &mut String, start: usize) {
    if key[start..].ends_with(".amp.html") {
        key.truncate(key.len() - ".amp.html".len());
        key.push_str(".html");
    }
    for suffix in ["/amp", ".amp", "/amp.html", "/amphtml"] {
        if key[start..].ends_with(suffix) {
            key.truncate(key.len() - suffix.len());
            return;
        }
    }
    if key[start..].starts_with("/amp/") {
        key.replace_range(start..start + "/amp".len(), "");
    }
}

/// `/en`, `/fa`: the home page of one language.
fn is_language_home(path: &str) -> bool {
    matches!(
        path,
        "en" | "fa"
            | "ar"
            | "de"
            | "fr"
            | "es"
            | "tr"
            | "ru"
            | "ku"
            | "ps"
            | "ur"
            | "he"
            | "it"
            | "pt"
            | "zh"
            | "ja"
    )
}

/// Percent-decoded, in NFC, in lower case, without what cannot be seen. What cannot be decoded to UTF-8 stays.
fn decode(text: &str, form: bool) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_as_it_is = |byte: &u8| {
        byte.is_ascii() && !byte.is_ascii_uppercase() && *byte != b'%' && !(form && *byte == b'+')
    };
    if bytes.iter().all(is_as_it_is) {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let pair = bytes.get(i + 1..i + 3).and_then(|h| Some((hex(h[0])?, hex(h[1])?)));
        match (bytes[i], pair) {
            (b'%', Some((high, low))) => {
                decoded.push(high << 4 | low);
                i += 3;
            }
            (b'+', _) if form => {
                decoded.push(b' ');
                i += 1;
            }
            (byte, _) => {
                decoded.push(byte);
                i += 1;
            }
        }
    }
    let text = match String::from_utf8(decoded) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(text),
    };
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let visible = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{ad}'));
    let text: String = visible.flat_map(char::to_lowercase).collect();
    Cow::Owned(if is_nfc(&text) { text } else { text.nfc().collect() })
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

fn push_escaped(key: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => key.push_str("%26"),
            '=' => key.push_str("%3d"),
            '#' => key.push_str("%23"),
            _ => key.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
