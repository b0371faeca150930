//! Reads the values of feeds.toml: each function says what it expected.

use std::time::Duration;

use jiff::tz::TimeZone;
use toml::de::DeValue;
use url::Url;

use crate::model::{ContentPolicy, IdPolicy, Secret};

/// Any text but an empty one.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    match value.as_str().map(str::trim) {
        Some("") => Err("expected a text that is not empty".into()),
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("expected a text in quotes, found {}", value.type_str())),
    }
}

/// `true` or `false`.
pub(super) fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("expected true or false, found {}", value.type_str()))
}

/// A whole number from 1.
pub(super) fn count(value: &DeValue<'_>) -> Result<usize, String> {
    whole(value, 1, 1_000_000_000).map(|n| n as usize)
}

/// A whole number from 0.
pub(super) fn count_or_none(value: &DeValue<'_>) -> Result<usize, String> {
    whole(value, 0, 1_000_000_000).map(|n| n as usize)
}

/// A whole number of either sign, within ±1,000,000.
pub(super) fn priority(value: &DeValue<'_>) -> Result<i32, String> {
    whole(value, -1_000_000, 1_000_000).map(|n| n as i32)
}

fn whole(value: &DeValue<'_>, min: i64, max: i64) -> Result<i64, String> {
    let number = value.as_integer().and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
    match number {
        Some(n) if (min..=max).contains(&n) => Ok(n),
        Some(n) => Err(format!("expected a whole number from {min} to {max}, found {n}")),
        None => Err(format!("expected a whole number, found {}", value.type_str())),
    }
}

/// A span of time as `"15m"`, `"1h 30m"`, `"2 days"`, `"1 week"`. Days are 24 hours, months 30 days.
pub(super) fn duration(value: &DeValue<'_>) -> Result<Duration, String> {
    const FORM: &str = "expected a duration in quotes, as \"15m\", \"1h 30m\", \"2 days\"";
    let Some(text) = value.as_str() else {
        return Err(match value.as_integer() {
            Some(n) => format!("{FORM}; a bare number has no unit: did you mean \"{n}m\" or \"{n}s\"?"),
            None => format!("{FORM}; found {}", value.type_str()),
        });
    };
    parse_duration(text).ok_or_else(|| format!("{FORM}; found \"{}\"", text.escape_debug()))
}

/// A duration that is not zero.
pub(super) fn span(value: &DeValue<'_>) -> Result<Duration, String> {
    match duration(value)? {
        Duration::ZERO => Err("expected a duration longer than nothing".into()),
        span => Ok(span),
    }
}

/// A duration that is not zero, or `"forever"`, which is [`Duration::MAX`].
pub(super) fn period(value: &DeValue<'_>) -> Result<Duration, String> {
    if value.as_str().is_some_and(|text| text.trim() == "forever") { Ok(Duration::MAX) } else { span(value) }
}

/// A cron expression of five fields.
pub(super) fn cron(value: &DeValue<'_>) -> Result<croner::Cron, String> {
    let text = text(value)?;
    let parser = croner::parser::CronParser::builder().seconds(croner::parser::Seconds::Disallowed).build();
    let cron = parser.parse(&text).map_err(|e| {
        format!(
            "expected five fields (minute, hour, day, month, weekday), as \"*/10 6-23 * * *\", found \"{text}\": {e}"
        )
    })?;
    match cron.find_next_occurrence(&jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC), false) {
        Ok(_) => Ok(cron),
        Err(_) => Err(format!("\"{text}\" never comes; no such day is in the calendar")),
    }
}

/// See [`duration`]. `None` where it is none, negative or over 1,000 years.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    if span.is_negative() {
        return None;
    }
    let days = i64::from(span.get_years()) * 365
        + i64::from(span.get_months()) * 30
        + i64::from(span.get_weeks()) * 7
        + i64::from(span.get_days());
    let rest = span.years(0).months(0).weeks(0).days(0);
    let rest = Duration::try_from(jiff::SignedDuration::try_from(rest).ok()?).ok()?;
    (days <= 365_000).then(|| Duration::from_secs(days.unsigned_abs() * 86_400) + rest)
}

/// A size as `"10 MB"` or `"512 KiB"`, in bytes.
pub(super) fn size(value: &DeValue<'_>) -> Result<u64, String> {
    const FORM: &str = "expected a size in quotes, as \"10 MB\" or \"512 KiB\"";
    let text = value.as_str().ok_or_else(|| format!("{FORM}; found {}", value.type_str()))?;
    let size: Option<bytesize::ByteSize> = text.trim().parse().ok();
    match size.map(|s| s.as_u64()) {
        Some(0) | None => Err(format!("{FORM}; found \"{}\"", text.escape_debug())),
        Some(bytes) => Ok(bytes),
    }
}

/// An absolute `http:` or `https:` URL.
pub(super) fn http_url(value: &DeValue<'_>) -> Result<Url, String> {
    let text = text(value)?;
    let url = parse_url(&text)?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("expected an address that begins with https:// or http://, found \"{text}\""))
    }
}

/// The same address with a `/` at its end: without it, joining `atom.xml` would replace the last segment (RFC 3986 §5.2.3).
pub(super) fn folder(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// A proxy: `http:`, `https:`, `socks5:` or `socks5h:`.
pub(super) fn proxy_url(value: &DeValue<'_>) -> Result<Url, String> {
    let text = text(value)?;
    let url = parse_url(&text)?;
    if matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        Ok(url)
    } else {
        Err("expected the address of a proxy: http://, https://, socks5:// or socks5h://".into())
    }
}

/// An absolute URL of any scheme.
pub(super) fn parse_url(text: &str) -> Result<Url, String> {
    Url::parse(text).map_err(|e| match e {
        url::ParseError::RelativeUrlWithoutBase if text.contains('.') && !text.contains(' ') => {
            format!("\"{text}\" is no complete address; did you mean \"https://{text}\"?")
        }
        e => format!("\"{text}\" is no address: {e}"),
    })
}

/// An absolute IRI that can be an Atom id (RFC 4287 §4.2.6).
pub(super) fn iri(value: &DeValue<'_>) -> Result<String, String> {
    let text = text(value)?;
    let has_scheme = Url::parse(&text).is_ok();
    if has_scheme && !text.contains(char::is_whitespace) {
        Ok(text)
    } else {
        Err(format!("expected an absolute IRI, as \"urn:uuid:…\" or \"https://…\", found \"{text}\""))
    }
}

/// Whether a text can be a BCP 47 language tag.
pub fn is_language(written: &str) -> bool {
    let mut parts = written.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A BCP 47 language tag, in its usual casing.
pub(super) fn language(value: &DeValue<'_>) -> Result<String, String> {
    let written = text(value)?;
    if !is_language(&written) {
        return Err(format!("expected a language tag, as \"fa\", \"ar\" or \"en-GB\", found \"{written}\""));
    }
    let cased = written.split('-').enumerate().map(|(i, part)| match (i, part.len()) {
        (0, _) => part.to_ascii_lowercase(),
        (_, 2) => part.to_ascii_uppercase(),
        (_, 4) => format!("{}{}", part[..1].to_ascii_uppercase(), part[1..].to_ascii_lowercase()),
        _ => part.to_ascii_lowercase(),
    });
    Ok(cased.collect::<Vec<_>>().join("-"))
}

/// A zone of the IANA database.
pub(super) fn timezone(value: &DeValue<'_>) -> Result<TimeZone, String> {
    let name = text(value)?;
    TimeZone::get(&name).map_err(|_| {
        format!("no time zone is named \"{name}\"; expected a name as \"Asia/Tehran\" or \"UTC\"")
    })
}

/// A WHATWG charset label.
pub(super) fn encoding(value: &DeValue<'_>) -> Result<String, String> {
    let label = text(value)?;
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        Some(encoding) => Ok(encoding.name().to_owned()),
        None => Err(format!(
            "no charset is named \"{label}\"; expected a name as \"utf-8\", \"windows-1256\" or \"iso-8859-1\""
        )),
    }
}

/// A list of texts; a single text is a list of one.
pub(super) fn texts(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    if value.is_str() {
        return Ok(vec![text(value)?]);
    }
    let list = value.as_array().ok_or("expected a list, as [\"a\", \"b\"]")?;
    list.iter().map(|v| text(v.get_ref())).collect()
}

/// `full`, `summary` or `link`.
pub(super) fn content(value: &DeValue<'_>) -> Result<ContentPolicy, String> {
    one_of(
        value,
        &[("full", ContentPolicy::Full), ("summary", ContentPolicy::Summary), ("link", ContentPolicy::Link)],
    )
}

/// `auto`, `link` or `digest`.
pub(super) fn id_policy(value: &DeValue<'_>) -> Result<IdPolicy, String> {
    one_of(value, &[("auto", IdPolicy::Auto), ("link", IdPolicy::Link), ("digest", IdPolicy::Digest)])
}

/// One of a few words.
pub(super) fn one_of<T: Copy>(value: &DeValue<'_>, words: &[(&str, T)]) -> Result<T, String> {
    let written = text(value)?;
    words.iter().find(|(word, _)| *word == written).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known = words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match super::table::nearest(&written, words.iter().map(|(word, _)| *word)) {
            Some(near) => format!("expected one of {known}, found \"{written}\"; did you mean \"{near}\"?"),
            None => format!("expected one of {known}, found \"{written}\""),
        }
    })
}

/// A text that may be `env:NAME`, taken from the environment then: secrets stay out of the file.
pub(super) fn secret(value: &DeValue<'_>) -> Result<Secret, String> {
    let written = text(value)?;
    let Some(name) = written.strip_prefix("env:") else { return Ok(Secret(written)) };
    match std::env::var(name) {
        Ok(secret) => Ok(Secret(secret)),
        Err(_) => Err(format!("the environment has no variable {name}; set it where kariz is started")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_people_write_them() {
        for (text, seconds) in [
            ("15m", 900),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            ("2 days", 172_800),
            ("1 week", 604_800),
            ("90 seconds", 90),
            ("0s", 0),
            ("30d", 2_592_000),
            ("1 year", 31_536_000),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse_duration("250ms"), Some(Duration::from_millis(250)));
        for text in ["", "15", "m", "-15m", "fifteen minutes", "15 parsecs", "1e9y"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
