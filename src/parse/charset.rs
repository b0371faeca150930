//! Bytes → text: what the byte order mark, the HTTP header, the XML declaration and the bytes say.
//!
//! RFC 7303 ranks them in that order. Feeds lie, so each claim is checked against the bytes: valid UTF-8
//! that is not mere ASCII is UTF-8 whatever is claimed (no legacy text is valid UTF-8 by chance for long),
//! and a claim under which the text is nonsense loses to what the bytes look like.

use std::borrow::Cow;

use base64::Engine;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::model::{Charset, CharsetEvidence};

use super::codepages;
use super::references::{is_suspect, is_xml_char};

/// A document as text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    /// Without byte order mark and without control characters.
    pub(super) text: Cow<'a, str>,
    /// In what it was read.
    pub(super) charset: Charset,
    /// What was odd.
    pub(super) warnings: Vec<String>,
}

/// What is known of a document's charset from outside of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints<'a> {
    /// The `Content-Type` header.
    pub(super) content_type: Option<&'a str>,
    /// What the operator says: it is not questioned.
    pub(super) forced: Option<&'a str>,
    /// The top-level domain that the document came from: tells what its charset is likely to be.
    pub(super) tld: Option<&'a str>,
}

/// Reads `bytes` as text. Never fails: at worst there are replacement characters in it.
pub(super) fn decode<'a>(bytes: &'a [u8], hints: Hints<'_>) -> Decoded<'a> {
    let mut warnings = Vec::new();
    let (text, name, found_by) = find(bytes, hints, &mut warnings);
    let text = match text {
        Cow::Borrowed(text) => strip_controls(text, &mut warnings),
        Cow::Owned(text) => Cow::Owned(strip_controls(&text, &mut warnings).into_owned()),
    };
    Decoded { text, charset: Charset { name: name.to_owned(), found_by }, warnings }
}

type Found<'a> = (Cow<'a, str>, &'static str, CharsetEvidence);

fn find<'a>(bytes: &'a [u8], hints: Hints<'_>, warnings: &mut Vec<String>) -> Found<'a> {
    if let Some(label) = hints.forced {
        match by_label(label) {
            Some(encoding) => {
                let (text, used, errors) = encoding.decode(bytes);
                if errors {
                    warnings.push(format!(
                        "Some bytes are not {}, the charset that the configuration forces.",
                        used.name()
                    ));
                }
                return (text, used.name(), CharsetEvidence::Config);
            }
            None => match codepages::decode(bytes, &squeeze(label)) {
                Some((text, name)) => return (text, name, CharsetEvidence::Config),
                None => warnings.push(format!("The forced charset {label:?} is unknown and was ignored.")),
            },
        }
    }
    if let Some(found) = by_mark(bytes, warnings) {
        return found;
    }
    let header = hints.content_type.and_then(header_charset);
    let declared = declaration(bytes);
    let claims = [(header, CharsetEvidence::HttpHeader), (declared.as_deref(), CharsetEvidence::Declaration)];
    for (label, _) in claims {
        if label.is_some_and(|label| squeeze(label) == "utf7") && bytes.is_ascii() {
            return (Cow::Owned(utf_7(bytes)), "UTF-7", CharsetEvidence::Declaration);
        }
    }
    if let Some(found) = by_code_page(bytes, claims, hints.tld) {
        return found;
    }
    let claims: Vec<Claim> = claims
        .into_iter()
        .filter_map(|(label, from)| {
            let label = label?;
            let encoding = by_label(label);
            if encoding.is_none() && !codepages::is_known(&squeeze(label)) {
                warnings.push(format!("The charset {label:?} that the document claims is unknown."));
            }
            Some(Claim { label: squeeze(label), encoding: encoding?, from })
        })
        .collect();
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return utf_8(text, bytes, &claims, warnings);
    }
    if let Some(text) = codepages::without_surrogates(bytes).and_then(|joined| String::from_utf8(joined).ok())
    {
        return (Cow::Owned(text), "CESU-8", CharsetEvidence::Detected);
    }
    legacy(bytes, &claims, hints.tld, warnings)
}

/// A charset that the Encoding Standard does not know, where one is claimed and what comes of it is no nonsense.
fn by_code_page<'a>(
    bytes: &[u8],
    claims: [(Option<&str>, CharsetEvidence); 2],
    tld: Option<&str>,
) -> Option<Found<'a>> {
    let plain = bytes.is_ascii();
    if !plain && simdutf8::basic::from_utf8(bytes).is_ok() {
        return None;
    }
    let claimed = |(label, from): (Option<&str>, CharsetEvidence)| {
        let label = label.filter(|label| by_label(label).is_none())?;
        let (text, name) = codepages::decode(bytes, &squeeze(label))?;
        Some((text, name, from))
    };
    let (text, name, from) = claims.into_iter().find_map(claimed)?;
    let (odd, score) = implausibility(&text);
    let holds = plain || odd < MIN_EVIDENCE || score <= 0.05 || {
        let guessed = guess(bytes, tld).decode_without_bom_handling(bytes).0;
        score <= implausibility(&guessed).1 * 1.5
    };
    holds.then_some((text, name, from))
}

#[derive(Debug)]
struct Claim {
    label: String,
    encoding: &'static Encoding,
    from: CharsetEvidence,
}

/// A byte order mark, or the zeros of UTF-16 and UTF-32 without one.
fn by_mark<'a>(bytes: &'a [u8], warnings: &mut Vec<String>) -> Option<Found<'a>> {
    use CharsetEvidence::{ByteOrderMark, Detected};
    let whole = |encoding: &'static Encoding, skip: usize, evidence| {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[skip..]);
        Some((text, encoding.name(), evidence))
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => match simdutf8::basic::from_utf8(rest) {
            Ok(text) => Some((Cow::Borrowed(text), UTF_8.name(), ByteOrderMark)),
            Err(_) => {
                warnings.push("Some bytes are not UTF-8.".to_owned());
                Some((Cow::Owned(mend_utf_8(rest)), UTF_8.name(), ByteOrderMark))
            }
        },
        [0xFF, 0xFE, 0, 0, rest @ ..] => Some((utf_32(rest, u32::from_le_bytes), "UTF-32LE", ByteOrderMark)),
        [0, 0, 0xFE, 0xFF, rest @ ..] => Some((utf_32(rest, u32::from_be_bytes), "UTF-32BE", ByteOrderMark)),
        [0xFF, 0xFE, ..] => whole(UTF_16LE, 2, ByteOrderMark),
        [0xFE, 0xFF, ..] => whole(UTF_16BE, 2, ByteOrderMark),
        [1..=255, 0, 0, 0, ..] => Some((utf_32(bytes, u32::from_le_bytes), "UTF-32LE", Detected)),
        [0, 0, 0, 1..=255, ..] => Some((utf_32(bytes, u32::from_be_bytes), "UTF-32BE", Detected)),
        [1..=255, 0, 1..=255, 0, ..] => whole(UTF_16LE, 0, Detected),
        [0, 1..=255, 0, 1..=255, ..] => whole(UTF_16BE, 0, Detected),
        _ => None,
    }
}

/// The bytes are UTF-8, perhaps mere ASCII.
fn utf_8<'a>(text: &'a str, bytes: &'a [u8], claims: &[Claim], warnings: &mut Vec<String>) -> Found<'a> {
    let first = claims.first();
    if bytes.is_ascii() {
        // ISO-2022-JP hides its letters in ASCII.
        if let Some(claim) =
            claims.iter().find(|c| c.encoding == ISO_2022_JP).filter(|_| bytes.contains(&0x1B))
        {
            return (ISO_2022_JP.decode_without_bom_handling(bytes).0, ISO_2022_JP.name(), claim.from);
        }
        return match first.filter(|claim| claim.encoding.is_ascii_compatible()) {
            Some(claim) => (Cow::Borrowed(text), claim.encoding.name(), claim.from),
            None => (Cow::Borrowed(text), UTF_8.name(), CharsetEvidence::Default),
        };
    }
    let evidence = match first {
        Some(claim) if claim.encoding == UTF_8 => claim.from,
        Some(claim) if claims.iter().all(|c| c.encoding != UTF_8) => {
            warnings.push(format!("It claims to be {} but is UTF-8.", claim.encoding.name()));
            CharsetEvidence::Detected
        }
        Some(_) => CharsetEvidence::Declaration,
        None => CharsetEvidence::Default,
    };
    (Cow::Borrowed(text), UTF_8.name(), evidence)
}

/// The bytes are not valid UTF-8: a legacy charset, or UTF-8 with some bad bytes.
fn legacy<'a>(bytes: &'a [u8], claims: &[Claim], tld: Option<&str>, warnings: &mut Vec<String>) -> Found<'a> {
    let claims_utf_8 = claims.iter().all(|claim| claim.encoding == UTF_8);
    let (good, bad) = count_utf_8(bytes);
    if good >= if claims_utf_8 { bad } else { bad * 4 } {
        warnings.push("Some bytes are not UTF-8.".to_owned());
        let evidence = match claims.first() {
            Some(claim) if claim.encoding == UTF_8 => claim.from,
            _ => CharsetEvidence::Detected,
        };
        return (Cow::Owned(mend_utf_8(bytes)), UTF_8.name(), evidence);
    }
    let guess = guess(bytes, tld);
    let (guessed_text, guessed_errors) = guess.decode_without_bom_handling(bytes);
    let guessed_score = implausibility(&guessed_text).1 + if guessed_errors { 0.01 } else { 0.0 };
    for claim in claims {
        // These cannot be true any more.
        let impossible = claim.encoding == UTF_8 || !claim.encoding.is_ascii_compatible();
        if impossible || matches!(claim.label.as_str(), "usascii" | "ascii") {
            continue;
        }
        if claim.encoding == guess {
            return (guessed_text, guess.name(), claim.from);
        }
        let (text, _) = claim.encoding.decode_without_bom_handling(bytes);
        let (odd, score) = implausibility(&text);
        if odd < MIN_EVIDENCE || score <= 0.05 || score <= guessed_score * 1.5 {
            return (text, claim.encoding.name(), claim.from);
        }
    }
    if let Some(claim) = claims.first() {
        warnings.push(format!(
            "It claims to be {} but the bytes are {}.",
            claim.encoding.name(),
            guess.name()
        ));
    }
    (guessed_text, guess.name(), CharsetEvidence::Detected)
}

fn guess(bytes: &[u8], tld: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Markup tells nothing; a quarter of a megabyte of letters tells all.
    detector.feed(&bytes[..bytes.len().min(256 * 1024)], true);
    let tld = tld.filter(|tld| tld.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    let guess = detector.guess(tld.map(str::as_bytes), Utf8Detection::Deny);
    if guess == UTF_8 { WINDOWS_1252 } else { guess }
}

/// So many pairs of characters tell what a text is.
const ENOUGH: u32 = 50_000;
/// A claim is not doubted for fewer oddities than this.
const MIN_EVIDENCE: u32 = 4;

/// How many oddities there are in a text, and how much of it they are, from 0 to 1: letters of different scripts in one word, a capital after a
/// small letter, three accented Latin letters in a row, signs and control characters between letters.
/// That is what a text looks like when it is read in the wrong charset.
fn implausibility(text: &str) -> (u32, f32) {
    // In eighths: a capital after a capital is odd only where all is so (KOI8 and windows-1251 have the
    // cases of their letters changed about).
    let mut odd = 0_u32;
    let mut pairs = 0_u32;
    let mut accents = 0;
    let mut previous = ' ';
    for c in text.chars() {
        let (a, b) = (previous, c);
        previous = c;
        accents = if is_accented(c) { accents + 1 } else { 0 };
        if a.is_ascii() && b.is_ascii() {
            continue;
        }
        pairs += 1;
        if pairs > ENOUGH {
            break;
        }
        let letters = a.is_alphabetic() && b.is_alphabetic();
        let wrong = b == '\u{FFFD}'
            || matches!(b, '\u{80}'..='\u{9F}')
            || (letters && script(a) != script(b))
            || (letters && a.is_lowercase() && b.is_uppercase())
            || accents > 2
            || (a.is_alphabetic() && is_sign(b));
        let shouted = letters && script(b) == 2 && a.is_uppercase() && b.is_uppercase();
        odd += if wrong { 8 } else { u32::from(shouted) };
    }
    (odd / 8, if pairs == 0 { 0.0 } else { odd as f32 / (8 * pairs) as f32 })
}

fn is_accented(c: char) -> bool {
    matches!(c, 'À'..='ɏ' if c.is_alphabetic())
}

/// Signs that stand where other charsets have letters.
fn is_sign(c: char) -> bool {
    matches!(c, '¡'..='§' | '¬' | '¯' | '±'..='³' | 'µ' | '¶' | '¸' | '¹' | '¼'..='¿' | '×' | '÷' | '\u{2500}'..='\u{25FF}')
}

fn script(c: char) -> u8 {
    match c {
        'a'..='z' | 'A'..='Z' | 'ª' | 'º' | 'À'..='ʯ' | 'Ḁ'..='ỿ' => 0,
        '\u{370}'..='\u{3FF}' => 1,
        '\u{400}'..='\u{52F}' => 2,
        '\u{590}'..='\u{5FF}' => 3,
        '\u{600}'..='\u{77F}' | '\u{FB50}'..='\u{FEFC}' => 4,
        '\u{E00}'..='\u{E7F}' => 5,
        // Japanese mixes its scripts, and Latin words stand inside of Chinese, Japanese and Korean.
        _ => 0,
    }
}

/// How many sequences of several bytes are valid UTF-8, and how many places are not.
fn count_utf_8(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        let good = good + chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (good, bad + usize::from(!chunk.invalid().is_empty()))
    })
}

/// UTF-8 with bad bytes in it. A lone byte among Latin text came from a page in windows-1252 (a curly quote,
/// an accent); anything else, as a character that was cut in two, becomes U+FFFD.
fn mend_utf_8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let before = text.chars().next_back();
        let latin = before.is_none_or(|c| c.is_ascii() || script(c) == 0 && c < '\u{2E80}');
        match chunk.invalid() {
            [] => {}
            [byte] if latin && !(0xD0..=0xDF).contains(byte) => match byte {
                0x80..=0x9F => {
                    text.push(html5ever::data::C1_REPLACEMENTS[*byte as usize - 0x80].unwrap_or('\u{FFFD}'));
                }
                _ => text.push(char::from(*byte)),
            },
            _ => text.push('\u{FFFD}'),
        }
    }
    text
}

fn utf_32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Cow<'_, str> {
    let units = bytes.chunks_exact(4).map(|unit| read([unit[0], unit[1], unit[2], unit[3]]));
    Cow::Owned(units.map(|code| char::from_u32(code).unwrap_or('\u{FFFD}')).collect())
}

/// RFC 2152: ASCII with `+base64 of UTF-16-` in it.
fn utf_7(bytes: &[u8]) -> String {
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, after)) = rest.split_once('+') {
        out.push_str(before);
        let len =
            after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '/')).unwrap_or(after.len());
        if len == 0 {
            out.push('+');
        } else if let Ok(units) = engine.decode(&after[..len]) {
            // Bits that make no whole UTF-16 unit are padding.
            out.push_str(&UTF_16BE.decode_without_bom_handling(&units[..units.len() & !1]).0);
        }
        rest = &after[len..];
        rest = rest.strip_prefix('-').unwrap_or(rest);
    }
    out.push_str(rest);
    out
}

/// The encoding of a label, as the Encoding Standard has it and as feeds misspell it.
pub(super) fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
        return Some(encoding);
    }
    let squeezed = squeeze(label);
    let digits = |prefix: &str| {
        let tail = squeezed.strip_prefix(prefix)?;
        tail.parse::<u16>().is_ok().then_some(tail)
    };
    let canonical = match squeezed.as_str() {
        "utf8" | "cesu8" | "utf8sig" | "unicode" | "unicode11utf8" => "utf-8".to_owned(),
        "utf16" | "u16" | "ucs2" | "iso10646ucs2" => "utf-16".to_owned(),
        "latin" | "latin1" | "iso88591" | "8859" => "iso-8859-1".to_owned(),
        "gb23121980" | "cp936" | "ms936" => "gbk".to_owned(),
        "cp932" | "ms932" => "shift_jis".to_owned(),
        "cp949" | "ms949" => "euc-kr".to_owned(),
        "cp950" | "ms950" => "big5".to_owned(),
        "macroman" => "macintosh".to_owned(),
        "maccyrillic" => "x-mac-cyrillic".to_owned(),
        _ => {
            match (digits("windows").or(digits("win")).or(digits("cp")), digits("iso8859").or(digits("8859")))
            {
                (Some(page), _) => format!("windows-{page}"),
                (_, Some(part)) => format!("iso-8859-{part}"),
                _ => return None,
            }
        }
    };
    Encoding::for_label_no_replacement(canonical.as_bytes())
}

/// A label without its punctuation, in lower case.
fn squeeze(label: &str) -> String {
    label.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The `charset` parameter of a `Content-Type`.
fn header_charset(content_type: &str) -> Option<&str> {
    content_type
        .split([';', ','])
        .skip(1)
        .find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
        })
        .filter(|value| !value.is_empty())
}

/// The `encoding` of the XML declaration, in the first kilobyte of an ASCII-compatible document: there may
/// be junk before it.
fn declaration(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let start = head.find("<?xml")?;
    let declaration = &head[start..start + head[start..].find('>')?];
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value[1..].split(quote).next()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Drops what may stand in no XML and no JSON document: byte order marks at the start, control characters.
fn strip_controls<'a>(text: &'a str, warnings: &mut Vec<String>) -> Cow<'a, str> {
    let text = text.trim_start_matches('\u{FEFF}');
    if !is_suspect(text) || text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    warnings.push("Control characters were dropped.".to_owned());
    Cow::Owned(text.chars().filter(|c| is_xml_char(*c)).collect())
}
