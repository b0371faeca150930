//! Conditional requests (RFC 9110 §13).

use axum::http::{HeaderMap, HeaderValue, header};

/// What the strong entity tag of a file says: a digest of its content.
pub type Digest = u128;

/// The content coding that a representation is sent in. Each has its own strong entity tag, since
/// their bytes differ (RFC 9110 §8.8.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// The value of `Content-Encoding`; `None` for identity.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// The entity tag of one representation.
pub fn entity_tag(digest: Digest, coding: Coding) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{digest:032x}{}\"", coding.suffix()))
        .expect("hex digits are visible ASCII")
}

/// Reads back what [`entity_tag`] wrote, without its quotes: whose content, in which coding.
fn read_tag(opaque: &[u8]) -> Option<(Digest, Coding)> {
    let (hex, suffix) = (opaque.get(..32)?, opaque.get(32..)?);
    // from_str_radix would also take a sign and capitals; ours have neither.
    if !hex.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let digest = u128::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?;
    let coding = match suffix {
        b"" => Coding::Identity,
        b"-gz" => Coding::Gzip,
        b"-br" => Coding::Brotli,
        _ => return None,
    };
    Some((digest, coding))
}

/// One member of `If-Match` or `If-None-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Whose content it names; `None` for a tag that is not of our making.
    pub digest: Option<Digest>,
    /// The coding of the representation it names.
    pub coding: Coding,
    /// `W/` stood before it.
    pub weak: bool,
}

/// The value of `If-Match` or `If-None-Match`, over all lines of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// `*`: any representation.
    Any,
    /// Those named, in order. Empty where nothing could be read.
    These(Vec<Candidate>),
}

/// Most tags that one request is read for; further ones are as good as unknown.
const MOST_TAGS: usize = 64;

impl Tags {
    /// Reads the header; `None` where the request has none.
    ///
    /// Commas may stand inside a tag's quotes, and a list may be spread over lines. A tag that lost its
    /// quotes on the way (some readers keep it bare) is taken for what it means.
    pub fn read(headers: &HeaderMap, name: header::HeaderName) -> Option<Self> {
        let mut lines = headers.get_all(name).iter().peekable();
        lines.peek()?;
        let mut these = Vec::new();
        for line in lines {
            let mut rest = line.as_bytes();
            while these.len() < MOST_TAGS {
                rest = skip(rest, |b| matches!(b, b' ' | b'\t' | b','));
                if rest.is_empty() {
                    break;
                }
                let weak = rest.starts_with(b"W/") || rest.starts_with(b"w/");
                if weak {
                    rest = &rest[2..];
                }
                let opaque = if let Some(quoted) = rest.strip_prefix(b"\"") {
                    let end = quoted.iter().position(|&b| b == b'"').unwrap_or(quoted.len());
                    rest = quoted.get(end + 1..).unwrap_or_default();
                    &quoted[..end]
                } else {
                    let end =
                        rest.iter().position(|b| matches!(b, b' ' | b'\t' | b',')).unwrap_or(rest.len());
                    let bare = &rest[..end];
                    rest = &rest[end..];
                    if bare == b"*" && !weak {
                        return Some(Self::Any);
                    }
                    bare
                };
                let ours = read_tag(opaque);
                these.push(Candidate {
                    digest: ours.map(|(digest, _)| digest),
                    coding: ours.map_or(Coding::Identity, |(_, coding)| coding),
                    weak,
                });
            }
        }
        Some(Self::These(these))
    }

    /// The coding of the first tag that names `digest`, compared weakly (RFC 9110 §8.8.3.2): the same
    /// content in any coding. For `*` it is `negotiated`.
    pub fn matches_weakly(&self, digest: Digest, negotiated: Coding) -> Option<Coding> {
        match self {
            Self::Any => Some(negotiated),
            Self::These(these) => these.iter().find(|tag| tag.digest == Some(digest)).map(|tag| tag.coding),
        }
    }

    /// Whether one of them names `digest`, compared strongly.
    pub fn matches_strongly(&self, digest: Digest) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.iter().any(|tag| !tag.weak && tag.digest == Some(digest)),
        }
    }
}

fn skip(bytes: &[u8], unwanted: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|&b| !unwanted(b)).unwrap_or(bytes.len());
    &bytes[end..]
}

/// What the preconditions of a GET or HEAD ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it.
    Send,
    /// 304; the client has it in this coding.
    NotModified(Coding),
    /// 412.
    Failed,
}

/// Evaluates the preconditions in the order of RFC 9110 §13.2.2.
///
/// `modified` is `Last-Modified` in seconds since 1970; `negotiated` the coding that a 200 would have.
pub fn evaluate(headers: &HeaderMap, digest: Digest, modified: u64, negotiated: Coding) -> Verdict {
    if let Some(tags) = Tags::read(headers, header::IF_MATCH) {
        if !tags.matches_strongly(digest) {
            return Verdict::Failed;
        }
    } else if let Some(since) = date(headers, header::IF_UNMODIFIED_SINCE)
        && modified > since
    {
        return Verdict::Failed;
    }
    if let Some(tags) = Tags::read(headers, header::IF_NONE_MATCH) {
        // If-Modified-Since is not looked at beside If-None-Match (RFC 9110 §13.1.3).
        return tags.matches_weakly(digest, negotiated).map_or(Verdict::Send, Verdict::NotModified);
    }
    match date(headers, header::IF_MODIFIED_SINCE) {
        Some(since) if modified <= since => Verdict::NotModified(negotiated),
        _ => Verdict::Send,
    }
}

/// A date header in seconds since 1970; one that is no HTTP date, or stands twice, is as if it were absent.
fn date(headers: &HeaderMap, name: header::HeaderName) -> Option<u64> {
    let mut lines = headers.get_all(name).iter();
    let (first, None) = (lines.next()?, lines.next()) else { return None };
    let time = httpdate::parse_http_date(first.to_str().ok()?).ok()?;
    time.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: Digest = 0xfeed;

    fn headers(lines: &[(header::HeaderName, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        map
    }

    fn none_match(value: &str) -> Verdict {
        evaluate(&headers(&[(header::IF_NONE_MATCH, value)]), DIGEST, 1_000, Coding::Gzip)
    }

    #[test]
    fn a_tag_is_known_in_every_coding_and_strength() {
        let hex = format!("{DIGEST:032x}");
        for (value, coding) in [
            (format!("\"{hex}\""), Coding::Identity),
            (format!("W/\"{hex}\""), Coding::Identity),
            (format!("\"{hex}-gz\""), Coding::Gzip),
            (format!("W/\"{hex}-br\""), Coding::Brotli),
            (format!("\"x\", \"{hex}-br\""), Coding::Brotli),
            (format!("\"a,b\" ,, W/\"{hex}\""), Coding::Identity),
            (format!("\"\",\"{hex}\""), Coding::Identity),
            (hex.clone(), Coding::Identity),
            (format!("{hex}-gz , \"y\""), Coding::Gzip),
            ("*".to_owned(), Coding::Gzip),
            (" * ".to_owned(), Coding::Gzip),
        ] {
            assert_eq!(none_match(&value), Verdict::NotModified(coding), "{value}");
        }
    }

    #[test]
    fn what_is_no_tag_of_this_content_gets_the_content() {
        let hex = format!("{DIGEST:032x}");
        for value in [
            "",
            ",",
            "\"",
            "W/",
            "\"*\"",
            "W/*",
            "\"feed\"",
            &format!("\"{hex}-zz\""),
            &format!("\"{}\"", hex.to_uppercase()),
            &format!("\"+{}\"", &hex[1..]),
            &format!("'{hex}'"),
        ] {
            assert_eq!(none_match(value), Verdict::Send, "{value}");
        }
    }

    #[test]
    fn a_list_may_be_spread_over_lines() {
        let tag = format!("\"{DIGEST:032x}\"");
        let map = headers(&[(header::IF_NONE_MATCH, "\"old\""), (header::IF_NONE_MATCH, &tag)]);
        assert_eq!(evaluate(&map, DIGEST, 0, Coding::Identity), Verdict::NotModified(Coding::Identity));
    }

    #[test]
    fn a_date_counts_only_without_a_tag() {
        let since = (header::IF_MODIFIED_SINCE, "Thu, 01 Jan 1970 00:16:40 GMT");
        assert_eq!(
            evaluate(&headers(std::slice::from_ref(&since)), DIGEST, 1_000, Coding::Identity),
            Verdict::NotModified(Coding::Identity)
        );
        assert_eq!(
            evaluate(&headers(std::slice::from_ref(&since)), DIGEST, 1_001, Coding::Identity),
            Verdict::Send
        );
        assert_eq!(
            evaluate(&headers(&[since, (header::IF_NONE_MATCH, "\"x\"")]), DIGEST, 1_000, Coding::Identity),
            Verdict::Send
        );
    }

    #[test]
    fn all_three_forms_of_an_http_date_are_read_and_others_ignored() {
        for (value, known) in [
            ("Thu, 01 Jan 1970 01:00:00 GMT", true),
            ("Thursday, 01-Jan-70 01:00:00 GMT", true),
            ("Thu Jan  1 01:00:00 1970", true),
            ("1970-01-01T01:00:00Z", false),
            ("0", false),
        ] {
            let verdict =
                evaluate(&headers(&[(header::IF_MODIFIED_SINCE, value)]), DIGEST, 1_000, Coding::Identity);
            assert_eq!(verdict == Verdict::NotModified(Coding::Identity), known, "{value}");
        }
    }

    #[test]
    fn if_match_compares_strongly() {
        let tag = format!("\"{DIGEST:032x}\"");
        for (value, verdict) in [
            (tag.clone(), Verdict::Send),
            (format!("W/{tag}"), Verdict::Failed),
            ("*".into(), Verdict::Send),
            ("\"x\"".into(), Verdict::Failed),
        ] {
            assert_eq!(
                evaluate(&headers(&[(header::IF_MATCH, &value)]), DIGEST, 0, Coding::Identity),
                verdict,
                "{value}"
            );
        }
    }

    #[test]
    fn a_flood_of_tags_is_read_up_to_a_limit() {
        let value = "\"x\",".repeat(10_000);
        let Some(Tags::These(these)) =
            Tags::read(&headers(&[(header::IF_NONE_MATCH, &value)]), header::IF_NONE_MATCH)
        else {
            panic!()
        };
        assert_eq!(these.len(), MOST_TAGS);
    }
}
