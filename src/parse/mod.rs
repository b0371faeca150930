//! Bytes → [`ParsedFeed`](crate::model::ParsedFeed): charset, repair, dialects, dates.
//!
//! ```text
//! bytes ─► charset ─► text ─┬─► strict (quick-xml) ──┐
//!                           │     └ not well-formed  ├─► tree ─► reader, entry, media ─► ParsedFeed
//!                           │         └► repair ─────┘             └► values, urls, dates
//!                           └─► json
//! ```
//!
//! The strict road is quick-xml. Only what is not well-formed goes the repairing road: a tokenizer that takes
//! anything, and rules that put unclosed elements back where a person sees them. Both build the same
//! [`tree`], with namespaces folded to the module they mean ([`names`]), so that everything after it exists
//! once, for every dialect, broken or not. Dialects are not told apart where it does not matter: feeds mix
//! their elements freely.
//!
//! feed-rs, which this crate was to be built around, is not here. It would have had to be fed: UTF-8 only,
//! known versions, one namespace, Atom 0.3 and CDF rewritten, HTML's entities resolved, odd elements taken
//! out that make it give up. And corrected: links, ids, authors, dates, texts, languages and bases read
//! again from the XML beside it, since it drops or changes them. What was left of it were the enclosures,
//! for the price of writing each document anew and reading it twice. It remains the yardstick of
//! `benches/parse.rs`, and the reader that the tests of what kariz publishes believe.

mod bounds;
mod builder;
mod charset;
mod codepages;
pub mod dates;
mod entry;
mod json;
mod lenient;
mod media;
mod names;
mod reader;
mod references;
mod repair;
mod strict;
#[cfg(test)]
mod tests;
mod tree;
mod urls;
mod values;

use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use self::builder::{Builder, MAX_DEPTH};
use self::dates::DateContext;
use self::reader::Reader;
use self::tree::Tree;
use self::urls::Scope;
use crate::model::{ErrorKind, FeedFormat, ParsedEntry, ParsedFeed};

/// No document is read that is larger.
const MAX_BYTES: usize = 256 << 20;
/// So many tags may pile up unclosed at the depth limit; more is no accident.
const MAX_OVERFLOW: usize = 1000;

/// One document as it came from the wire, and what is known about it.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The bytes, content codings undone.
    pub body: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// What relative URLs are relative to.
    pub base: Option<&'a Url>,
    /// Forces this charset (a WHATWG label).
    pub encoding: Option<&'a str>,
    /// The zone of times that name none.
    pub timezone: &'a TimeZone,
    /// BCP 47 language where the document does not say.
    pub language: Option<&'a str>,
    /// What relative dates are relative to.
    pub now: Timestamp,
}

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// [`ErrorKind::Empty`], [`ErrorKind::NotAFeed`], [`ErrorKind::TooLarge`] or [`ErrorKind::Parse`].
    pub kind: ErrorKind,
    /// One sentence: what it is and what a person can do.
    pub message: String,
}

/// Reads a document of which no more is wanted than its text, in the charset that it says or that its bytes show.
pub fn decode(bytes: &[u8]) -> String {
    charset::decode(bytes, charset::Hints::default()).text.into_owned()
}

/// Reads one document.
///
/// # Errors
/// When there is nothing in it that a person would call a feed, or it is built to do harm.
pub fn parse(input: &Input<'_>) -> Result<ParsedFeed, ParseError> {
    if input.body.len() > MAX_BYTES {
        return Err(error(ErrorKind::TooLarge, "The document is larger than 256 MiB."));
    }
    let host = input.base.and_then(Url::host_str);
    let decoded = charset::decode(
        input.body,
        charset::Hints {
            content_type: input.content_type,
            forced: input.encoding,
            tld: host.and_then(|host| host.rsplit('.').next()),
        },
    );
    let text = decoded.text.trim();
    if text.is_empty() {
        return Err(error(ErrorKind::Empty, "The document is empty."));
    }
    let mut reader = Reader {
        dates: DateContext { timezone: input.timezone, language: input.language, now: input.now },
        language: input.language.map(str::to_owned),
        format: FeedFormat::default(),
        warnings: decoded.warnings,
        bad_dates: 0,
    };
    let scope = Scope { base: input.base.and_then(urls::fit_for_base).map(Rc::new), ..Scope::default() };
    let mut feed = if text.starts_with('{') {
        read_json(text, &scope, &mut reader)?
    } else if let Some(feed) = read_odd_json(text, &scope, &mut reader) {
        feed
    } else {
        read_xml(text, scope, &mut reader)?
    };
    feed.charset = decoded.charset;
    if bounds::apply(&mut feed) {
        reader.warn(
            "A title, a name or an address is longer than any should be, and was cut or left out.".to_owned(),
        );
    }
    feed.warnings = reader.warnings;
    Ok(feed)
}

fn error(kind: ErrorKind, message: impl Into<String>) -> ParseError {
    ParseError { kind, message: message.into() }
}

fn read_json(text: &str, scope: &Scope, reader: &mut Reader<'_>) -> Result<ParsedFeed, ParseError> {
    let value = match json::value(text) {
        Ok(value) => value,
        Err(fault) => {
            reader.warn(format!("It is not valid JSON ({fault}); what can be read of it was read."));
            let mut read = json::read(&lenient::value(text), scope, reader);
            // Cut off before it said anything.
            let is_empty =
                |e: &ParsedEntry| (&e.title, &e.link, &e.content, &e.summary) == (&None, &None, &None, &None);
            if let Some(feed) = &mut read {
                feed.entries.pop_if(|last| is_empty(last));
            }
            return read
                .ok_or_else(|| error(ErrorKind::Parse, format!("The document is broken JSON: {fault}.")));
        }
    };
    let feed = json::read(&value, scope, reader);
    feed.ok_or_else(|| error(ErrorKind::NotAFeed, "The document is JSON, but not a JSON Feed."))
}

/// JSON that does not begin as JSON does: with a comment, a callback, or a bare list of items.
fn read_odd_json(text: &str, scope: &Scope, reader: &mut Reader<'_>) -> Option<ParsedFeed> {
    let json = lenient::may_be(text).then(|| lenient::value(text))?;
    let feed = json::read(&json, scope, reader)?;
    reader.warn("It is not a JSON Feed as it should be; what can be read of it was read.".to_owned());
    Some(feed)
}

fn read_xml(text: &str, scope: Scope, reader: &mut Reader<'_>) -> Result<ParsedFeed, ParseError> {
    if !text.contains('<') {
        return Err(error(ErrorKind::NotAFeed, "The document is plain text, not a feed."));
    }
    let mut builder = Builder::new(text);
    if let Err(fault) = strict::read(text, &mut builder) {
        let line = text[..text.floor_char_boundary(fault.at as usize)].matches('\n').count() + 1;
        reader.warn(format!("It is not well-formed XML (line {line}: {}) and was repaired.", fault.why));
        builder = Builder::new(text);
        if repair::read(text, &mut builder) > MAX_OVERFLOW {
            return Err(error(
                ErrorKind::Parse,
                format!("The document nests its elements more than {MAX_DEPTH} deep, as no feed does."),
            ));
        }
    }
    note_oddities(&builder, reader);
    if builder.references.exhausted {
        return Err(error(
            ErrorKind::Parse,
            "The document's entities grow without bound, as only an attack does; it was not read.",
        ));
    }
    let tree = builder.finish();
    let Some(root) = reader::find_root(&tree) else {
        return Err(no_feed(&tree));
    };
    if root.odd {
        reader.warn("It names no version, or an odd one, or its root element is missing.".to_owned());
    }
    reader.format = root.format;
    Ok(reader::read(&tree, root, scope, reader))
}

fn note_oddities(builder: &Builder<'_>, reader: &mut Reader<'_>) {
    let references = &builder.references;
    let notes = [
        (references.html, "Names of HTML characters are used that it does not declare."),
        (
            references.unknown,
            "Entities are used that it does not declare; they were kept as they are written.",
        ),
        (references.external, "An entity outside of the document was left out."),
        (references.forbidden, "Numbers of characters that XML forbids were dropped."),
        (builder.text_outside, "There is text before or after the document; it was ignored."),
    ];
    for (is, note) in notes {
        if is {
            reader.warn(note.to_owned());
        }
    }
    if let Some(prefix) = builder.undeclared {
        reader.warn(format!("The prefix {prefix:?} is not declared; it was read as it is commonly meant."));
    }
}

/// Says what a document is that is no feed.
fn no_feed(tree: &Tree<'_>) -> ParseError {
    let root = tree.top().next().map(|el| el.name().into_owned()).unwrap_or_default();
    let message = match root.as_str() {
        "html" | "head" | "body" | "meta" | "div" | "p" => {
            "The document is an HTML page, not a feed; look on it for the feed's address.".to_owned()
        }
        "opml" => "The document is an OPML list of feeds, not a feed.".to_owned(),
        "urlset" | "sitemapindex" => "The document is a sitemap, not a feed.".to_owned(),
        "" => return error(ErrorKind::Parse, "The document holds no XML element."),
        other => {
            let other = &other[..other.floor_char_boundary(60)];
            format!("The document's root is <{other}>, which is no kind of feed.")
        }
    };
    error(ErrorKind::NotAFeed, message)
}
