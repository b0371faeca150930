//! Bytes → [`ParsedFeed`](crate::model::ParsedFeed): charset, repair, feed-rs, hints, dates.

pub mod dates;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::model::{ErrorKind, ParsedFeed};

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

/// Reads one document.
///
/// # Errors
/// When there is nothing in it that a person would call a feed.
pub fn parse(_input: &Input<'_>) -> Result<ParsedFeed, ParseError> {
    Err(ParseError { kind: ErrorKind::Parse, message: "not written yet".into() })
}
