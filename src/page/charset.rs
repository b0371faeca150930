//! The charset of an HTML page (WHATWG HTML §13.2.3, with one deviation).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use url::Url;

use crate::model::{Charset, CharsetEvidence};

/// How far into the page a `meta` is looked for. The standard says 1024 bytes; pages put comments and scripts
/// in front of it.
const PRESCAN: usize = 16 << 10;

/// The text of `body` and how its charset was found: forced, byte order mark, valid UTF-8, `Content-Type`,
/// `meta`, the bytes themselves.
///
/// Deviation: bytes beyond ASCII that are valid UTF-8 are UTF-8, whatever header and `meta` say. No text in
/// a legacy charset is valid UTF-8 by chance, but many servers declare a charset that a site has left.
pub(crate) fn decode(
    body: &[u8],
    content_type: Option<&str>,
    forced: Option<&str>,
    base: Option<&Url>,
) -> (String, Charset) {
    let (encoding, found_by) = find(body, content_type, forced, base);
    let (text, encoding, _) = match found_by {
        // A forced charset overrides even a byte order mark.
        CharsetEvidence::Config => {
            let (text, errors) = encoding.decode_with_bom_removal(body);
            (text, encoding, errors)
        }
        _ => encoding.decode(body),
    };
    (text.into_owned(), Charset { name: encoding.name().to_owned(), found_by })
}

fn find(
    body: &[u8],
    content_type: Option<&str>,
    forced: Option<&str>,
    base: Option<&Url>,
) -> (&'static Encoding, CharsetEvidence) {
    if let Some(encoding) = forced.and_then(|label| Encoding::for_label(label.as_bytes())) {
        return (encoding, CharsetEvidence::Config);
    }
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return (encoding, CharsetEvidence::ByteOrderMark);
    }
    let header = content_type.and_then(header_charset);
    if !body.is_ascii() && std::str::from_utf8(body).is_ok() && !nul_bytes(body) {
        let found_by =
            if header == Some(UTF_8) { CharsetEvidence::HttpHeader } else { CharsetEvidence::Detected };
        return (UTF_8, found_by);
    }
    if let Some(encoding) = header {
        return (encoding, CharsetEvidence::HttpHeader);
    }
    if let Some(encoding) = meta_charset(&body[..body.len().min(PRESCAN)]) {
        // The standard: a page that is read as ASCII to find this cannot be UTF-16.
        let encoding = if encoding.is_ascii_compatible() || encoding == encoding_rs::ISO_2022_JP {
            encoding
        } else {
            UTF_8
        };
        // Declared UTF-8, but it is not: a few broken bytes stay UTF-8, a page full of them is something else.
        if encoding != UTF_8 || mostly_utf8(body) {
            return (encoding, CharsetEvidence::Declaration);
        }
    }
    if nul_bytes(body) {
        let encoding = if body[0] == 0 { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
        return (encoding, CharsetEvidence::Detected);
    }
    if body.is_ascii() {
        return (UTF_8, CharsetEvidence::Default);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    let tld = base
        .and_then(Url::host_str)
        .and_then(|host| host.rsplit('.').next())
        .filter(|label| label.bytes().all(|b| b.is_ascii_lowercase()));
    let mut encoding = detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow);
    if encoding == WINDOWS_1252 && mostly_utf8(body) {
        encoding = UTF_8;
    }
    (encoding, CharsetEvidence::Detected)
}

/// Every other byte of the beginning is NUL: UTF-16 without a byte order mark.
fn nul_bytes(body: &[u8]) -> bool {
    let head = &body[..body.len().min(256)];
    head.len() >= 4 && head.iter().filter(|b| **b == 0).count() * 3 > head.len()
}

/// At most one broken sequence in a hundred characters beyond ASCII.
fn mostly_utf8(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let (mut broken, mut beyond) = (0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        beyond += 1;
        broken += usize::from(c == char::REPLACEMENT_CHARACTER);
    }
    broken * 100 <= beyond
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(value.as_bytes()))?
    })
}

/// The charset that a `meta` (or an XML declaration of XHTML) names. Comments are skipped, as the standard wants.
fn meta_charset(head: &[u8]) -> Option<&'static Encoding> {
    let lower: Vec<u8> = head.to_ascii_lowercase();
    let text = String::from_utf8_lossy(&lower);
    if let Some(declaration) = text.trim_start().strip_prefix("<?xml") {
        let declaration = declaration.split("?>").next().unwrap_or_default();
        if let Some(label) = value_after(declaration, "encoding") {
            return Encoding::for_label(label.as_bytes());
        }
    }
    let mut rest = &*text;
    loop {
        let at = rest.find('<')?;
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")?..];
            continue;
        }
        if let Some(tag) = rest.strip_prefix("<meta") {
            let tag = tag.split('>').next().unwrap_or_default();
            if let Some(encoding) =
                value_after(tag, "charset").and_then(|label| Encoding::for_label(label.as_bytes()))
            {
                return Some(encoding);
            }
        }
        rest = &rest[1..];
    }
}

/// The value that stands behind `name` and an equals sign, quoted or not.
fn value_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        rest = &rest[at + name.len()..];
        if let Some(value) = rest.trim_start().strip_prefix('=') {
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '>'))
                .unwrap_or(value.len());
            return Some(&value[..end]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8], content_type: Option<&str>) -> (String, String, CharsetEvidence) {
        let (text, charset) = decode(body, content_type, None, None);
        (text, charset.name, charset.found_by)
    }

    #[test]
    fn the_charset_is_found_where_browsers_find_it() {
        let arabic = encoding_rs::WINDOWS_1256.encode("<p>خبر قصير عن المطر في الجبال</p>").0.into_owned();
        let with_meta = [b"<meta charset=windows-1256>".as_slice(), &arabic].concat();
        let with_http_equiv = [
            b"<!-- charset=koi8-r --><META http-equiv=Content-Type content='text/html; CHARSET=Windows-1256'>"
                .as_slice(),
            &arabic,
        ]
        .concat();
        for (body, content_type, name, evidence) in [
            (&with_meta, None, "windows-1256", CharsetEvidence::Declaration),
            (&with_http_equiv, None, "windows-1256", CharsetEvidence::Declaration),
            (
                &arabic,
                Some("text/html; charset=\"windows-1256\""),
                "windows-1256",
                CharsetEvidence::HttpHeader,
            ),
            (&arabic, None, "windows-1256", CharsetEvidence::Detected),
        ] {
            let (text, found, by) = read(body, content_type);
            assert!(text.contains("المطر"), "{text}");
            assert_eq!((found.as_str(), by), (name, evidence));
        }
    }

    #[test]
    fn valid_utf8_wins_over_a_lying_declaration() {
        let body = "<meta charset=iso-8859-1><p>هوای تازه</p>".as_bytes();
        let (text, name, _) = read(body, Some("text/html; charset=windows-1252"));
        assert!(text.contains("هوای تازه"));
        assert_eq!(name, "UTF-8");
    }

    #[test]
    fn utf16_is_known_by_its_mark_and_without_it() {
        let units: Vec<u8> = "<p>roses are red</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xFF, 0xFE], units.as_slice()].concat();
        assert!(read(&marked, None).0.contains("roses"));
        assert!(read(&units, None).0.contains("roses"));
    }

    #[test]
    fn one_broken_byte_does_not_unmake_utf8() {
        let mut body = "<meta charset=utf-8>".to_owned().into_bytes();
        body.extend("باران ".repeat(40).into_bytes());
        body.push(0xFF);
        let (text, name, _) = read(&body, None);
        assert!(text.contains("باران"));
        assert_eq!(name, "UTF-8");
    }
}
