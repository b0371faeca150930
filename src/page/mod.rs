//! HTML → values: sites without a feed, read as if they had one.
//!
//! Everything here is a pure function of the bytes and of what is passed in with them; nothing is
//! fetched. [`article`] reads one article page, [`listing`] a page that lists articles,
//! [`sitemap`] a (news) sitemap, [`json_api`] a JSON document, and [`discover`] finds the feeds that a page
//! names or that a site of its kind is known to have.
//!
//! A page is hostile until shown otherwise: its size, its nesting and the number of its nodes are
//! bounded before a tree is built ([`bound`]), and what is read is never trusted to be what it
//! says. A missing value is always better than a wrong one.

mod article;
mod block;
mod body;
mod boilerplate;
mod bound;
mod byline;
mod charset;
mod date;
pub mod discover;
mod dom;
mod json_api;
mod jsonld;
mod listing;
mod meta;
mod sitemap;
mod title;

pub use article::{PageArticle, article};
pub use discover::{FeedLink, How, discover};
pub use json_api::{JsonSelect, json_api};
pub use listing::{Listing, Selectors, listing};
pub use sitemap::{Sitemap, SitemapLink, sitemap};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::model::ErrorKind;
use crate::parse::dates::DateContext;

/// Bodies larger than this (bytes) are refused: ten times the largest article page known.
pub const MAX_BYTES: usize = 16 << 20;

/// One document as it came from the wire, and what is known about it.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The bytes, content codings undone.
    pub body: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// What relative URLs are relative to: the page's own address.
    pub base: Option<&'a Url>,
    /// Forces this charset (a WHATWG label).
    pub encoding: Option<&'a str>,
    /// The zone of times that name none.
    pub timezone: &'a TimeZone,
    /// BCP 47 language where the document does not say.
    pub language: Option<&'a str>,
    /// What relative dates are relative to.
    pub now: Timestamp,
    /// CSS: the element that is the article's body, instead of one that is found (`keep_selector`).
    pub keep: Option<&'a str>,
    /// CSS: elements that never belong to the body (`remove_selector`).
    pub remove: Option<&'a str>,
}

static UTC: TimeZone = TimeZone::UTC;

impl<'a> Input<'a> {
    /// A document of which nothing but the bytes is known; times without a zone are UTC.
    pub fn new(body: &'a [u8], now: Timestamp) -> Self {
        Self {
            body,
            content_type: None,
            base: None,
            encoding: None,
            timezone: &UTC,
            language: None,
            now,
            keep: None,
            remove: None,
        }
    }

    /// What dates in this document are read with; `language` is what the document says.
    fn dates<'b>(&'b self, language: Option<&'b str>) -> DateContext<'b> {
        DateContext { timezone: self.timezone, language: language.or(self.language), now: self.now }
    }
}

/// Why a page could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PageError {
    /// [`ErrorKind::Empty`], [`ErrorKind::TooLarge`] or [`ErrorKind::Parse`].
    pub kind: ErrorKind,
    /// One sentence: what it is and what a person can do.
    pub message: String,
}

impl PageError {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// Refuses what is empty or too large before anything is done with it.
fn admit(body: &[u8]) -> Result<(), PageError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(PageError::new(ErrorKind::Empty, "the document is empty"));
    }
    if body.len() > MAX_BYTES {
        return Err(PageError::new(
            ErrorKind::TooLarge,
            format!("the document has {} MiB; more than {} are not read", body.len() >> 20, MAX_BYTES >> 20),
        ));
    }
    Ok(())
}

/// Refuses what is no text: a picture, a PDF, an archive behind a link that looks like one to an article.
fn refuse_binary(source: &str) -> Result<(), PageError> {
    let is_odd = |c: char| c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    let (mut all, mut odd) = (0usize, 0usize);
    for c in source.chars().take(8000) {
        all += 1;
        odd += usize::from(is_odd(c));
    }
    if source.starts_with("%PDF-") || odd * 25 > all {
        return Err(PageError::new(
            ErrorKind::Parse,
            "the document is no page: its bytes are not those of a text",
        ));
    }
    Ok(())
}

/// Checks a CSS selector as an operator wrote it in feeds.toml.
///
/// # Errors
/// A sentence that names the selector, when it cannot be read.
pub fn check_selector(selector: &str) -> Result<(), PageError> {
    dom::matcher(selector).map(drop)
}
