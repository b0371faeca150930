//! What `&name;` stands for: XML's five, a document's own entities, HTML's names, numbers.

use std::borrow::Cow;
use std::collections::HashMap;

/// What all entities of a document may grow to together, in bytes. A feed uses entities for a few accented
/// letters or a site's name; a bomb (the "billion laughs") wants gigabytes.
const BUDGET: usize = 64 * 1024;
/// How many entities a document may declare.
const MAX_ENTITIES: usize = 1024;
/// How deep entities may refer to entities.
const MAX_NESTING: u32 = 8;

#[derive(Clone, Debug)]
enum Entity<'a> {
    Internal(Cow<'a, str>),
    /// `SYSTEM` or `PUBLIC`: never fetched.
    External,
}

/// The entities of one document, and what was odd about their use.
#[derive(Debug, Default)]
pub(super) struct References<'a> {
    entities: HashMap<&'a str, Entity<'a>>,
    spent: usize,
    /// The entities grew past their budget.
    pub(super) exhausted: bool,
    /// An entity that lies outside of the document was left out.
    pub(super) external: bool,
    /// A name of HTML was used without a DTD that declares it.
    pub(super) html: bool,
    /// A name that nobody knows: it was kept as it is written.
    pub(super) unknown: bool,
    /// A number that is no character of XML: it was dropped.
    pub(super) forbidden: bool,
}

impl<'a> References<'a> {
    /// Reads the entity declarations of a DOCTYPE's internal subset.
    pub(super) fn doctype(&mut self, doctype: &'a str) {
        let mut rest = doctype;
        while let Some(at) = rest.find("<!ENTITY") {
            rest = rest[at + "<!ENTITY".len()..].trim_ascii_start();
            if rest.starts_with('%') || self.entities.len() >= MAX_ENTITIES {
                // Parameter entities only matter to DTDs.
                continue;
            }
            let name_len = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let name = &rest[..name_len];
            rest = rest[name_len..].trim_ascii_start();
            let quoted = ['"', '\''].into_iter().find_map(|q| rest.strip_prefix(q)?.split_once(q));
            let entity = match quoted {
                Some((value, tail)) => {
                    rest = tail;
                    Entity::Internal(Cow::Borrowed(value))
                }
                None if rest.starts_with("SYSTEM") || rest.starts_with("PUBLIC") => Entity::External,
                None => continue,
            };
            // The first declaration binds (XML 1.0 §4.2).
            self.entities.entry(name).or_insert(entity);
        }
    }

    /// Appends what `&name;` stands for.
    pub(super) fn resolve(&mut self, name: &str, out: &mut String) {
        self.resolve_nested(name, out, 0);
    }

    /// `raw` with its references resolved, and whether no `&` stands bare in it.
    pub(super) fn unescape<'r>(&mut self, raw: &'r str) -> (Cow<'r, str>, bool) {
        if !raw.contains('&') {
            return (Cow::Borrowed(raw), true);
        }
        let mut out = String::with_capacity(raw.len());
        let clean = self.unescape_nested(raw, &mut out, 0);
        (Cow::Owned(out), clean)
    }

    fn unescape_nested(&mut self, raw: &str, out: &mut String, nesting: u32) -> bool {
        let mut clean = true;
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            match reference_name(&rest[at..]) {
                Some(name) => {
                    self.resolve_nested(name, out, nesting);
                    rest = &rest[at + name.len() + 2..];
                }
                None => {
                    clean = false;
                    out.push('&');
                    rest = &rest[at + 1..];
                }
            }
        }
        out.push_str(rest);
        clean
    }

    fn resolve_nested(&mut self, name: &str, out: &mut String, nesting: u32) {
        if let Some(number) = name.strip_prefix('#') {
            match character(number) {
                Some(c) => out.push(c),
                None => self.forbidden = true,
            }
            return;
        }
        if let Some(text) = quick_xml::escape::resolve_xml_entity(name) {
            out.push_str(text);
            return;
        }
        match self.entities.get(name).cloned() {
            Some(Entity::Internal(value)) => {
                self.spent += value.len() + 1;
                if self.spent > BUDGET || nesting >= MAX_NESTING {
                    self.exhausted = true;
                    return;
                }
                self.unescape_nested(&value, out, nesting + 1);
            }
            Some(Entity::External) => self.external = true,
            None if html_entity(name, out) => self.html = true,
            None => {
                self.unknown = true;
                out.push('&');
                out.push_str(name);
                out.push(';');
            }
        }
    }
}

/// The name in `&name;` at the start of `text`.
pub(super) fn reference_name(text: &str) -> Option<&str> {
    let end = text.as_bytes().iter().take(40).position(|b| *b == b';')?;
    let name = &text[1..end];
    let digits = name.strip_prefix('#');
    let valid = match digits {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_alphanumeric()),
        None => {
            name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
        }
    };
    valid.then_some(name)
}

/// Appends what `&name;` means in HTML; `false` where HTML does not know it.
pub(super) fn html_entity(name: &str, out: &mut String) -> bool {
    let key = format!("{name};");
    match html5ever::data::NAMED_ENTITIES.get(key.as_str()) {
        // The table holds prefixes of names, too: they stand for nothing.
        Some((first @ 1.., second)) => {
            out.extend([*first, *second].into_iter().filter(|c| *c != 0).filter_map(char::from_u32));
            true
        }
        _ => false,
    }
}

/// The character that `&#number;` means. 128–159 are read as windows-1252, as HTML does: that is what
/// their writers meant. `None` for what XML 1.0 §2.2 forbids.
fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let 0x80..=0x9F = code {
        return html5ever::data::C1_REPLACEMENTS[code as usize - 0x80];
    }
    char::from_u32(code).filter(|c| is_xml_char(*c))
}

/// May this character stand in an XML document (XML 1.0 §2.2)?
pub(super) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// May there be a character in this text that no XML document may hold?
pub(super) fn is_suspect(text: &str) -> bool {
    // Without a way out within a chunk, many bytes are looked at at once.
    let is_suspect =
        |byte: u8| (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0xEF);
    text.as_bytes().chunks(128).any(|chunk| chunk.iter().fold(false, |found, byte| found | is_suspect(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescape(doctype: &'static str, raw: &str) -> String {
        let mut references = References::default();
        references.doctype(doctype);
        references.unescape(raw).0.into_owned()
    }

    #[test]
    fn references_become_text() {
        for (raw, text) in [
            ("a &amp; b", "a & b"),
            ("&#65;&#x42;&#X43;", "ABC"),
            ("&eacute;&nbsp;&zwnj;", "é\u{a0}\u{200c}"),
            ("&#146;&#x96;", "\u{2019}\u{2013}"),
            ("&#0;&#x1F;&#xD800;&#x110000;", ""),
            ("AT&T; R&D & co", "AT&T; R&D & co"),
            ("?a=1&b=2&copy=3", "?a=1&b=2&copy=3"),
        ] {
            assert_eq!(unescape("", raw), text, "{raw}");
        }
    }

    #[test]
    fn a_documents_own_entities_are_read() {
        let doctype = r#"<!DOCTYPE rss [ <!ENTITY site "The Well"> <!ENTITY both '&site; &#38; co'> <!ENTITY out SYSTEM "file:///x"> ]>"#;
        assert_eq!(unescape(doctype, "&site;/&both;/&out;"), "The Well/The Well & co/");
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut doctype = String::from("<!DOCTYPE r [<!ENTITY a0 \"ha ha ha ha\">");
        for i in 1..9 {
            let inner = format!("&a{};", i - 1).repeat(10);
            doctype.push_str(&format!("<!ENTITY a{i} \"{inner}\">"));
        }
        let mut references = References::default();
        references.doctype(&doctype);
        let text = references.unescape("&a8;").0.into_owned();
        assert!(references.exhausted);
        assert!(text.len() < 2 * BUDGET);
        let mut references = References::default();
        references.doctype("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">");
        references.unescape("&a;");
        assert!(references.exhausted);
    }
}
