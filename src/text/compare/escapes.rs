//! What escaping once too often leaves in a text.

use std::borrow::Cow;

/// `text` without the tags and character references that a publisher escaped once too often: `&amp;amp;`, `&lt;p&gt;`.
/// At most two rounds. For keys only: `a <b> c` in a text about markup loses its `<b>`.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'&', b'<', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        if let Some(stripped) = strip(&text) {
            text = Cow::Owned(stripped);
        }
        match decode(&text) {
            Some(decoded) => text = Cow::Owned(decoded),
            None => return text,
        }
    }
    match strip(&text) {
        Some(stripped) => Cow::Owned(stripped),
        None => text,
    }
}

/// Tags of phrasing content: they do not part words.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "s", "small", "span",
    "strong", "sub", "sup", "u", "wbr",
];

/// Without tags and comments; `None` where there are none.
fn strip(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &text.as_bytes()[at..]) {
        let open = at + found;
        at = open + 1;
        let body = &text[at..];
        if !body.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
            continue;
        }
        let Some(length) = body.find(['>', '<']) else { break };
        if !body[length..].starts_with('>') {
            continue;
        }
        let name: String = body
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[copied..open]);
        at += length + 1;
        if !INLINE.contains(&name.as_str()) {
            out.push('\n');
        }
        if matches!(name.as_str(), "script" | "style") && !body.starts_with('/') {
            let end = text[at..].find("</").map_or(text.len(), |i| at + i);
            at = end;
        }
        copied = at;
    }
    out.map(|mut out| {
        out.push_str(&text[copied..]);
        out
    })
}

/// With character references decoded once; `None` where there are none.
fn decode(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &text.as_bytes()[at..]) {
        let start = at + found;
        at = start + 1;
        let name = &text[at..];
        let Some(length) = name.bytes().take(12).position(|b| b == b';') else { continue };
        let Some(c) = reference(&name[..length]) else { continue };
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[copied..start]);
        out.push(c);
        at += length + 1;
        copied = at;
    }
    out.map(|mut out| {
        out.push_str(&text[copied..]);
        out
    })
}

/// The references that feeds contain after their document was read: the rest of HTML's were decoded with it.
fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        "shy" => '\u{ad}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "laquo" => '«',
        "raquo" => '»',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "sbquo" => '‚',
        "bdquo" => '„',
        "lsaquo" => '‹',
        "rsaquo" => '›',
        "middot" => '·',
        "bull" => '•',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "deg" => '°',
        "euro" => '€',
        "pound" => '£',
        "yen" => '¥',
        "cent" => '¢',
        "sect" => '§',
        "para" => '¶',
        "times" => '×',
        "divide" => '÷',
        "plusmn" => '±',
        "frac12" => '½',
        "iexcl" => '¡',
        "iquest" => '¿',
        "szlig" => 'ß',
        "aelig" => 'æ',
        "AElig" => 'Æ',
        "oelig" => 'œ',
        "OElig" => 'Œ',
        "oslash" => 'ø',
        "Oslash" => 'Ø',
        "ntilde" => 'ñ',
        "Ntilde" => 'Ñ',
        "ccedil" => 'ç',
        "Ccedil" => 'Ç',
        // Accents are dropped by folding: `eacute` gives e.
        _ => {
            let (letter, accent) = (name.chars().next()?, name.get(1..)?);
            let accents = ["acute", "grave", "circ", "uml", "tilde", "ring", "caron"];
            return (letter.is_ascii_alphabetic() && accents.contains(&accent)).then_some(letter);
        }
    })
}
