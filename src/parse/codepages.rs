//! Charsets that the Encoding Standard leaves out and old feeds still name: code pages of DOS, and 7-bit forms of Chinese
//! and Korean.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, GBK};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

/// The code pages, with what they are called (IANA).
const PAGES: &[(u16, &str)] = &[
    (437, "IBM437"),
    (720, "IBM720"),
    (737, "IBM737"),
    (775, "IBM775"),
    (850, "IBM850"),
    (852, "IBM852"),
    (855, "IBM855"),
    (857, "IBM857"),
    (858, "IBM00858"),
    (860, "IBM860"),
    (861, "IBM861"),
    (862, "IBM862"),
    (863, "IBM863"),
    (864, "IBM864"),
    (865, "IBM865"),
    (869, "IBM869"),
];

/// The code page that a label (without punctuation, in lower case) names.
fn page(label: &str) -> Option<(u16, &'static str)> {
    let number = match label {
        "cpis" => "861",
        "cpgr" => "869",
        "cspc850multilingual" => "850",
        "cspcp852" => "852",
        "cspc862latinhebrew" => "862",
        "cspc8codepage437" => "437",
        _ => label.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    };
    let number: u16 = number.trim_start_matches('0').parse().ok()?;
    let named =
        label.len() < 12 && (label.starts_with("cp") || label.starts_with(|c: char| c.is_ascii_digit()));
    let named = named
        || ["ibm", "csibm", "cspc", "dos", "msdos", "pc", "ccsid", "oem"]
            .iter()
            .any(|p| label.starts_with(p));
    PAGES.iter().copied().find(|(known, _)| named && *known == number)
}

/// Is this the label of one of them?
pub(super) fn is_known(label: &str) -> bool {
    page(label).is_some() || matches!(label, "hz" | "hzgb" | "hzgb2312" | "iso2022kr" | "csiso2022kr")
}

/// The text, where `label` names one of these charsets and the bytes can be of it.
pub(super) fn decode(bytes: &[u8], label: &str) -> Option<(Cow<'static, str>, &'static str)> {
    if let Some((number, name)) = page(label) {
        let table = DECODING_TABLE_CP_MAP.get(&number)?;
        return Some((table.decode_string_lossy(bytes).into(), name));
    }
    if !bytes.is_ascii() {
        return None;
    }
    match label {
        "hz" | "hzgb" | "hzgb2312" => {
            Some((GBK.decode_without_bom_handling(&hz(bytes)).0.into_owned().into(), "HZ-GB-2312"))
        }
        "iso2022kr" | "csiso2022kr" => Some((
            EUC_KR.decode_without_bom_handling(&iso_2022_kr(bytes)).0.into_owned().into(),
            "ISO-2022-KR",
        )),
        _ => None,
    }
}

/// RFC 1843: GB 2312 between `~{` and `~}`, in seven bits.
fn hz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut rest, mut shifted) = (bytes, false);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after.first()) {
            (b'~', Some(b'{')) => shifted = true,
            (b'~', Some(b'}')) => shifted = false,
            (b'~', Some(b'~')) if !shifted => out.push(b'~'),
            (b'~', Some(b'\n')) => {}
            // A line's end is the end of it.
            (b'\n', _) => {
                shifted = false;
                out.push(b'\n');
                continue;
            }
            _ => {
                out.push(if shifted && *byte > b' ' { byte | 0x80 } else { *byte });
                continue;
            }
        }
        rest = &after[1..];
    }
    out
}

/// RFC 1557: KS X 1001 between SO and SI, in seven bits.
fn iso_2022_kr(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut rest, mut shifted) = (bytes, false);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            0x1B if after.starts_with(b"$)C") => rest = &after[3..],
            0x0E => shifted = true,
            0x0F => shifted = false,
            b'\n' => {
                shifted = false;
                out.push(b'\n');
            }
            byte => out.push(if shifted && *byte > b' ' { byte | 0x80 } else { *byte }),
        }
    }
    out
}

/// CESU-8, which some databases call UTF-8: characters beyond the first plane as two surrogates of three bytes each. `None`
/// where there are none.
pub(super) fn without_surrogates(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_pair = |six: &[u8]| {
        six[0] == 0xED && (0xA0..0xB0).contains(&six[1]) && six[3] == 0xED && (0xB0..0xC0).contains(&six[4])
    };
    bytes.windows(6).find(|six| is_pair(six))?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes.get(at..at + 6).filter(|six| is_pair(six)) {
            Some(six) => {
                let bits = |byte: u8| u32::from(byte & 0x3F);
                let high = ((bits(six[1]) & 0x0F) << 6) | bits(six[2]);
                let low = ((bits(six[4]) & 0x0F) << 6) | bits(six[5]);
                let c = char::from_u32(0x10000 + (high << 10) + low).unwrap_or('\u{FFFD}');
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += 6;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    Some(out)
}
