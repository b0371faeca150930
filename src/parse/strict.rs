//! The strict road: a well-formed document's events, from quick-xml.

use std::io::BufRead;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::builder::{Builder, TooDeep};

/// Why the strict road ends.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where: a byte offset.
    pub(super) at: u64,
    /// What is wrong there.
    pub(super) why: String,
}

/// Reads a well-formed document into `builder`.
pub(super) fn read<'a>(source: &'a str, builder: &mut Builder<'a>) -> Result<(), Fault> {
    let mut reader = Reader::from_str(source);
    let mut in_text = false;
    loop {
        // Most of a document is text, most of its events would be references in it. (A text that was given ends before its
        // next reference, and the reader is in the middle of that.)
        if builder.depth() > 0 && !in_text {
            let text = text_ahead(&source[reader.buffer_position() as usize..]);
            if builder.sound_text(text) {
                reader.stream().consume(text.len());
            }
        }
        let start = reader.buffer_position();
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(Fault { at: reader.error_position(), why: error.to_string() }),
        };
        let whole = &source[start as usize..reader.buffer_position() as usize];
        in_text = matches!(event, Event::Text(_));
        let ill_formed = |what: &str| Fault { at: start, why: what.to_owned() };
        match event {
            Event::Start(_) | Event::Empty(_) => {
                let empty = matches!(event, Event::Empty(_));
                let inside = &whole[1..whole.len() - if empty { 2 } else { 1 }];
                let name_end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
                let (name, attrs) = inside.split_at(name_end);
                if !is_name(name) {
                    return Err(ill_formed("a tag without a name"));
                }
                match builder.start(name, attrs) {
                    Ok(true) => {}
                    Ok(false) => return Err(ill_formed("a malformed attribute")),
                    Err(TooDeep) => return Err(ill_formed("elements nest too deep")),
                }
                if empty {
                    builder.close();
                }
            }
            Event::End(_) => builder.close(),
            Event::Text(_) => builder.text(whole),
            Event::CData(_) => {
                let section = &whole["<![CDATA[".len()..whole.len() - "]]>".len()];
                // Well-formed, and yet a section that was not closed has swallowed what follows.
                if section.contains("<![CDATA[")
                    && ["</item>", "</entry>"].iter().any(|end| section.contains(end))
                {
                    return Err(ill_formed("a CDATA section is not closed"));
                }
                builder.text(section);
            }
            Event::GeneralRef(_) => {
                if !builder.raw_text(whole) {
                    return Err(ill_formed("a malformed reference"));
                }
            }
            Event::DocType(_) => builder.references.doctype(whole),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof if builder.depth() > 0 => return Err(ill_formed("the document ends too early")),
            Event::Eof => return Ok(()),
        }
    }
}

/// The text up to the next tag; none where no tag follows.
fn text_ahead(rest: &str) -> &str {
    &rest[..memchr::memchr(b'<', rest.as_bytes()).unwrap_or(0)]
}

/// Does it start as a name does? `<3` and `< b` do not.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':'))
}
