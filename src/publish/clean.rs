//! The last gate: what leaves through here fits into XML 1.0 and into the fields that formats have.
//!
//! Everything that comes from a story or from feeds.toml passes one of these functions before it is
//! written, so that no writer has to think about it.

use std::borrow::Cow;

use jiff::Timestamp;
use url::Url;

/// Characters that must not stand in a document: what XML 1.0 §2.2 forbids, and the C1 controls
/// (U+0080–U+009F), which are mojibake wherever they appear in a feed. Format characters (ZWNJ, ZWJ,
/// direction marks) stay: Persian needs them.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// How many bytes are looked at together: so many that the compiler makes vector instructions of it.
const BLOCK: usize = 64;

/// Whether `s` contains a forbidden character, on bytes and in blocks. All but never true.
fn is_suspect(s: &str) -> bool {
    let bytes = s.as_bytes();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (i, block) in blocks.iter().enumerate() {
        let (control, lead) = look_at(block);
        if control || lead && has_odd_pair(bytes, i * BLOCK) {
            return true;
        }
    }
    rest.iter().any(|&b| is_control(b) != 0) || has_odd_pair(bytes, bytes.len() - rest.len())
}

/// 1 for a control character, else 0. (Numbers rather than truth values, and no `&&`: no branches stand in the way of vectors.)
fn is_control(b: u8) -> u8 {
    u8::from(b < 0x20) & u8::from(b != b'\t') & u8::from(b != b'\n') | u8::from(b == 0x7f)
}

/// Whether there are control characters among these bytes, and first bytes of others that may be forbidden: U+0080–U+00BF begin with
/// C2, U+F000–U+FFFF with EF. Not inlined: within a larger function the compiler gives up on vectors.
#[inline(never)]
fn look_at(block: &[u8; BLOCK]) -> (bool, bool) {
    let (mut control, mut lead) = (0, 0);
    for &b in block {
        control |= is_control(b);
        lead |= u8::from(b == 0xc2) | u8::from(b == 0xef);
    }
    (control != 0, lead != 0)
}

/// Whether a forbidden character of two or three bytes begins in the block at `at`.
fn has_odd_pair(bytes: &[u8], at: usize) -> bool {
    let is_odd = |a: u8, b: u8, c: u8| {
        u8::from(a == 0xc2) & u8::from(b < 0xa0)
            | u8::from(a == 0xef) & u8::from(b == 0xbf) & u8::from(c >= 0xbe)
    };
    let from = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>);
    if let (Some(a), Some(b), Some(c)) = (from(at), from(at + 1), from(at + 2)) {
        return (0..BLOCK).fold(0, |odd, i| odd | is_odd(a[i], b[i], c[i])) != 0;
    }
    // Near the end: nothing follows on the last two bytes.
    let end = bytes.len().min(at + BLOCK);
    let byte = |i: usize| bytes.get(i).copied().unwrap_or(0xff);
    (at..end).any(|i| is_odd(bytes[i], byte(i + 1), byte(i + 2)) != 0)
}

/// `s` without the characters that may not stand in a document. Line ends become `\n` (XML 1.0 §2.11:
/// a reader would see them so anyway, and a bare `&#13;` in a text helps nobody).
pub(super) fn text(s: &str) -> Cow<'_, str> {
    if !is_suspect(s) {
        return Cow::Borrowed(s);
    }
    let mut out = String::with_capacity(s.len());
    let mut chars = s.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            // NEL is a line end of mainframes: losing it would glue two words.
            '\u{85}' => out.push(' '),
            c if is_forbidden(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// One line of plain text, or nothing: for titles, names, labels.
pub(super) fn line(s: &str) -> Option<Cow<'_, str>> {
    let clean = text(s);
    let folded = clean.trim();
    let tidy = !folded.contains(|c: char| c.is_whitespace() && c != ' ') && !folded.contains("  ");
    match (folded.is_empty(), tidy, clean) {
        (true, ..) => None,
        (false, true, Cow::Borrowed(b)) => Some(Cow::Borrowed(b.trim())),
        (false, true, Cow::Owned(o)) => Some(Cow::Owned(o.trim().to_owned())),
        (false, false, c) => Some(Cow::Owned(c.split_whitespace().collect::<Vec<_>>().join(" "))),
    }
}

/// An http(s) address as an absolute URI (RFC 3986): host in ASCII, path and query percent-encoded, no
/// credentials. `None` for anything else: what cannot be opened is not published.
///
/// The WHATWG parser leaves `|`, `[`, `\`, `^` and the like where RFC 3986 has no place for them, and
/// stray `%`; strict readers and validators refuse those.
pub(super) fn uri(s: &str) -> Option<String> {
    if is_tidy(s) {
        return Some(s.to_owned());
    }
    parsed_uri(s)
}

/// Whether an address is one that [`parsed_uri`] gives back as it is. Nearly all are, and parsing each was a fiftieth of a
/// publication. What is in doubt is parsed.
fn is_tidy(s: &str) -> bool {
    let (rest, usual_port) = match (s.strip_prefix("https://"), s.strip_prefix("http://")) {
        (Some(rest), _) => (rest, "443"),
        (_, Some(rest)) => (rest, "80"),
        _ => return false,
    };
    let Some(slash) = rest.find('/') else { return false };
    let (authority, path) = rest.split_at(slash);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_port = |port: &str| {
        port != usual_port
            && !port.starts_with('0')
            && port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    };
    is_tidy_host(host) && port.is_none_or(is_port) && is_tidy_path(path)
}

/// Labels of lower-case letters, digits and single hyphens; none in punycode, and no number for the last, as in other ways to
/// write an IPv4 address than the usual one.
fn is_tidy_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.contains("--")
    };
    let is_name = |host: &str| {
        host.split('.').all(is_label)
            && host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    host.len() <= 253
        && (is_name(host)
            || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.to_string() == host))
}

/// Path, query and fragment of characters that stand for themselves everywhere, without segments that begin with a dot, or
/// may mean one.
fn is_tidy_path(path: &str) -> bool {
    let bytes = path.as_bytes();
    let mut fragment = false;
    bytes.iter().enumerate().all(|(i, &b)| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => true,
        b'-' | b'_' | b'~' | b'!' | b'$' | b'&' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':'
        | b'@' => true,
        b'/' | b'?' => true,
        b'.' => i.checked_sub(1).is_none_or(|before| bytes[before] != b'/'),
        b'%' => {
            let code = bytes.get(i + 1..i + 3);
            code.is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit) && !hex.eq_ignore_ascii_case(b"2e"))
        }
        b'#' => !std::mem::replace(&mut fragment, true),
        _ => false,
    })
}

/// [`uri`], by the parser.
fn parsed_uri(s: &str) -> Option<String> {
    let mut url = Url::parse(s.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
    }
    Some(encode(&url))
}

/// A URL of our own or of feeds.toml as an RFC 3986 URI.
pub(super) fn encode(url: &Url) -> String {
    let s = url.as_str();
    let path_at =
        s.len() - s[..].split_once("://").map_or(0, |(_, rest)| rest.find('/').map_or(0, |i| rest.len() - i));
    let bytes = s.as_bytes();
    let odd = |i: usize, b: u8| match b {
        b'%' => !bytes.get(i + 1..i + 3).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => true,
        b => b <= b' ' || b >= 0x7f,
    };
    if !bytes.iter().enumerate().skip(path_at).any(|(i, b)| odd(i, *b)) && s.matches('#').count() < 2 {
        return s.to_owned();
    }
    let mut out = String::with_capacity(s.len() + 16);
    out.push_str(&s[..path_at]);
    let mut fragment = false;
    for (i, &b) in bytes.iter().enumerate().skip(path_at) {
        if odd(i, b) || (b == b'#' && fragment) {
            out.push_str(&format!("%{b:02X}"));
        } else {
            fragment |= b == b'#';
            out.push(b as char);
        }
    }
    out
}

/// A language tag (BCP 47) that may stand in `xml:lang`, `hreflang` and `language`.
pub(super) fn language(tag: &str) -> Option<&str> {
    let tag = tag.trim();
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|p| matches!(p.len(), 2 | 3) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| matches!(p.len(), 1..=8) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (first && rest && tag.len() <= 35 && !tag.eq_ignore_ascii_case("und")).then_some(tag)
}

/// Whether a language is written from right to left in its usual script.
pub(super) fn is_rtl(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    // A script subtag (BCP 47 §2.2.3) decides over the usual script: `az-Arab`, `pa-Arab`, `ku-Latn`.
    if let Some(script) = parts.next().filter(|p| p.len() == 4) {
        return matches!(
            &*script.to_ascii_lowercase(),
            "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg"
        );
    }
    matches!(
        &*primary,
        "ar" | "fa"
            | "he"
            | "iw"
            | "ur"
            | "ps"
            | "ckb"
            | "sd"
            | "ug"
            | "yi"
            | "ji"
            | "dv"
            | "arc"
            | "syr"
            | "prs"
            | "pes"
            | "arz"
            | "azb"
            | "glk"
            | "lrc"
            | "mzn"
            | "pnb"
            | "bal"
            | "nqo"
    )
}

/// An address that `atom:email` and `managingEditor` accept (RFC 4287 §3.2.3: an addr-spec).
pub(super) fn email(s: &str) -> Option<&str> {
    let s = s.trim();
    let s = s.strip_prefix("mailto:").unwrap_or(s);
    let (local, host) = s.split_once('@')?;
    let label = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'+');
    let tld = host.rsplit('.').next()?;
    let fits = !local.is_empty()
        && local.bytes().all(label)
        && host.contains('.')
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        && !host.split('.').any(str::is_empty)
        && tld.len() >= 2
        && tld.bytes().all(|b| b.is_ascii_alphabetic());
    fits.then_some(s)
}

/// A media type without parameters, from what the source says or else from the address.
pub(super) fn media_type(declared: Option<&str>, url: &str) -> Cow<'static, str> {
    let token = |s: &str| {
        !s.is_empty()
            && s.bytes().all(|b| {
                b.is_ascii_alphanumeric()
                    || matches!(b, b'-' | b'.' | b'+' | b'_' | b'!' | b'#' | b'$' | b'&' | b'^')
            })
    };
    let declared = declared.map(|d| d.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    if let Some(d) = declared.filter(|d| d.split_once('/').is_some_and(|(a, b)| token(a) && token(b))) {
        return Cow::Owned(d);
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let extension =
        path.rsplit('/').next().and_then(|f| f.rsplit_once('.')).map(|(_, e)| e.to_ascii_lowercase());
    Cow::Borrowed(match extension.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("mp3") => "audio/mpeg",
        Some("m4a") => "audio/mp4",
        Some("ogg" | "oga" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("mp4" | "m4v") => "video/mp4",
        Some("webm") => "video/webm",
        Some("mov") => "video/quicktime",
        Some("pdf") => "application/pdf",
        Some("epub") => "application/epub+zip",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    })
}

/// RFC 3339 in UTC with whole seconds, as Atom and JSON Feed have it.
pub(super) fn rfc3339(at: Timestamp) -> String {
    let at = jiff::tz::Offset::UTC.to_datetime(writable(at));
    let mut out = String::with_capacity(20);
    let mut number = |value: i16, digits: u32, after: char| {
        for place in (0..digits).rev() {
            let digit = value / 10_i16.pow(place) % 10;
            out.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
        }
        out.push(after);
    };
    number(at.year(), 4, '-');
    number(at.month().into(), 2, '-');
    number(at.day().into(), 2, 'T');
    number(at.hour().into(), 2, ':');
    number(at.minute().into(), 2, ':');
    number(at.second().into(), 2, 'Z');
    out
}

/// RFC 822 with a four-digit year and `GMT`, as RSS 2.0 and OPML have it.
pub(super) fn rfc822(at: Timestamp) -> String {
    writable(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Neither format has years before 0; the beginning of Unix time stands for them.
fn writable(at: Timestamp) -> Timestamp {
    if jiff::tz::Offset::UTC.to_datetime(at).year() < 0 { Timestamp::UNIX_EPOCH } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_goes_and_what_persian_needs_stays() {
        assert_eq!(text("a\u{0}b\u{1f}c\u{b}\u{fffe}\u{ffff}\u{7f}\u{92}d"), "abcd");
        assert_eq!(
            text("می\u{200c}رود \u{200f}\u{1f468}\u{200d}\u{1f469}"),
            "می\u{200c}رود \u{200f}\u{1f468}\u{200d}\u{1f469}"
        );
        assert_eq!(text("a\r\nb\rc\td\u{85}e"), "a\nb\nc\td e");
        for at in 0..130 {
            // Wherever it stands among the blocks that are looked at together.
            for bad in ["\u{0}", "\u{80}", "\u{9f}", "\u{fffe}", "\u{ffff}", "\u{7f}"] {
                let (before, after) = ("a".repeat(at), "é".repeat(130 - at));
                assert_eq!(text(&format!("{before}{bad}{after}")), format!("{before}{after}"));
                assert_eq!(text(&format!("{before}{bad}")), before);
            }
        }
        assert!(matches!(text("سلام ÿ\u{a0}\u{fffd}"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_is_one_line_or_nothing() {
        assert_eq!(line("  a \n b\t\u{0}c ").as_deref(), Some("a b c"));
        assert_eq!(line(" one ").as_deref(), Some("one"));
        assert_eq!(line(" \u{0}\n "), None);
    }

    #[test]
    fn addresses_come_out_as_absolute_uris_or_not_at_all() {
        for (given, expected) in [
            ("https://example.org/a", Some("https://example.org/a")),
            ("HTTP://Example.ORG:80", Some("http://example.org/")),
            (
                "https://example.org/خبر?q=آب#ب",
                Some("https://example.org/%D8%AE%D8%A8%D8%B1?q=%D8%A2%D8%A8#%D8%A8"),
            ),
            ("https://مثال.example/", Some("https://xn--mgbh0fb.example/")),
            ("https://user:secret@example.org/a?b=c@d", Some("https://example.org/a?b=c@d")),
            ("https://example.org/a|b[c]{d}^`e\\f", Some("https://example.org/a%7Cb%5Bc%5D%7Bd%7D%5E%60e/f")),
            ("https://example.org/100%?a=%zz&b=%20", Some("https://example.org/100%25?a=%25zz&b=%20")),
            ("https://example.org/#a#b", Some("https://example.org/#a%23b")),
            ("http://[::1]:8080/a[0]", Some("http://[::1]:8080/a%5B0%5D")),
            ("https://example.org?a[]=1", Some("https://example.org/?a%5B%5D=1")),
            ("/relative", None),
            ("javascript:alert(1)", None),
            ("mailto:a@example.org", None),
            ("http://", None),
            ("", None),
        ] {
            assert_eq!(uri(given).as_deref(), expected, "{given}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_tidy_address_is_what_the_parser_gives(
            scheme in "https?|HTTP|ftp",
            host in "[a-z0-9.-]{1,12}|(0x)?[0-9]{1,3}(\\.[0-9a]{1,3}){0,4}|xn--[a-z]{2,5}|[a-z]{2,4}\\.[a-z]{2}|Ab.c|\\[::1\\]",
            port in "(:[0-9]{0,6}|:80|:443)?",
            path in "(/[a-zA-Z0-9.~!$&'()*+,;=:@?#%|^\\\\é \\[{-]{0,8}){0,3}|/%[0-9a-zA-Z]{2}(/\\.\\./a)?|/a/%2E%2e/b",
        ) {
            let address = format!("{scheme}://{host}{port}{path}");
            if is_tidy(&address) {
                proptest::prop_assert_eq!(parsed_uri(&address), Some(address));
            }
        }

        #[test]
        fn a_date_is_what_its_pattern_gives(seconds in -377_705_023_201_i64..253_402_207_200) {
            let at = Timestamp::from_second(seconds).unwrap();
            let expected = writable(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            proptest::prop_assert_eq!(rfc3339(at), expected);
        }
    }

    #[test]
    fn most_addresses_need_no_parser() {
        for tidy in [
            "https://example.org/a",
            "https://news.example.org/2026/12/a-b_c.html?utm_source=feed&q=%D8%A2#top",
            "http://127.0.0.1:8080/feed",
        ] {
            assert!(is_tidy(tidy), "{tidy}");
        }
    }

    #[test]
    fn language_tags_are_checked() {
        for good in ["fa", "ar-EG", "zh-Hant-TW", "ckb", "de-CH-1901"] {
            assert_eq!(language(good), Some(good));
        }
        for bad in ["", "persian language", "en_US", "und", "x\"y", "e", "-fa"] {
            assert_eq!(language(bad), None, "{bad}");
        }
        assert!(is_rtl("fa-IR") && is_rtl("ar") && is_rtl("az-Arab") && !is_rtl("en") && !is_rtl("ku-Latn"));
    }

    #[test]
    fn only_addresses_that_formats_accept_are_emails() {
        assert_eq!(email("mailto:editor@example.org"), Some("editor@example.org"));
        for bad in ["editor", "a@b", "a b@example.org", "editor@example..org", "editor@example.org (Desk)"] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_media_type_is_declared_or_guessed() {
        assert_eq!(media_type(Some("Audio/MPEG; charset=x"), "https://example.org/a"), "audio/mpeg");
        assert_eq!(media_type(Some("mp3"), "https://example.org/a.mp3?x=1"), "audio/mpeg");
        assert_eq!(media_type(None, "https://example.org/a"), "application/octet-stream");
    }

    #[test]
    fn dates_have_the_form_of_their_format() {
        let at: Timestamp = "2026-11-02T03:04:05.678Z".parse().unwrap();
        assert_eq!(rfc3339(at), "2026-11-02T03:04:05Z");
        assert_eq!(rfc822(at), "Mon, 02 Nov 2026 03:04:05 GMT");
        assert_eq!(rfc3339("0033-04-03T00:00:00Z".parse().unwrap()), "0033-04-03T00:00:00Z");
        assert_eq!(
            (rfc3339(Timestamp::MIN), rfc3339(Timestamp::MAX)),
            ("1970-01-01T00:00:00Z".into(), "9999-12-30T22:00:00Z".into())
        );
    }
}
