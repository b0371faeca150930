//! What can be read at an address: a feed there, a feed that its page names or that sites of its kind have, else the page
//! itself.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::fetch::{Client, Purpose, Request};
use crate::model::{
    Document, ErrorKind, Failure, Fetched, Location, ParsedFeed, Source, SourceKind, Validators,
};
use crate::page::discover::{guesses, known};
use crate::page::{self, How, Selectors};
use crate::parse;

/// How many feeds that a page names are tried.
const MOST_NAMED: usize = 6;
/// How many well-known paths are tried: each is a request to a host that did not ask for it.
const MOST_GUESSES: usize = 10;

/// How a source was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// The address itself is it.
    Address,
    /// The page names it in its head.
    Alternate,
    /// Services of this kind have it there.
    Service,
    /// A link on the page leads to it.
    Link,
    /// It lies where such sites usually have it.
    Guess,
    /// No feed was found; the page itself lists articles.
    Page,
}

impl From<How> for Way {
    fn from(how: How) -> Self {
        match how {
            How::Alternate => Self::Alternate,
            How::Service => Self::Service,
            How::Link => Self::Link,
            How::Guess => Self::Guess,
        }
    }
}

/// What was found.
pub(super) struct Found {
    pub(super) url: Url,
    pub(super) kind: SourceKind,
    pub(super) how: Way,
    pub(super) feed: ParsedFeed,
    /// The selectors that the page was read by.
    pub(super) select: Option<Selectors>,
    /// What else was found and could be added instead.
    pub(super) others: Vec<String>,
}

/// Looks for it.
pub(super) struct Finder<'a> {
    pub(super) client: &'a Client,
    /// Private and loopback addresses may be asked.
    pub(super) private: bool,
    pub(super) now: Timestamp,
    /// What it is, where that is known.
    pub(super) kind: Option<SourceKind>,
}

impl Finder<'_> {
    /// Looks at `url` and wherever it leads.
    ///
    /// # Errors
    /// A sentence: the address cannot be read, or nothing that is found there can be.
    pub(super) async fn find(&self, url: Url) -> Result<Found, String> {
        let document = match self.fetch(&url).await {
            Ok(document) => document,
            Err(failure) => {
                // Services turn strangers away from their pages, not from their feeds.
                for at in known(&url) {
                    if let Some(found) = self.try_feed(at, Way::Service).await? {
                        return Ok(found);
                    }
                }
                return Err(failure.message);
            }
        };
        // A redirect for good is where it lies.
        let url = document.moved_to.clone().unwrap_or(url);
        if let Some(kind) = self.kind {
            return self.read_as(kind, &document, url);
        }
        if let Ok(found) = self.read_as(SourceKind::Feed, &document, url.clone()) {
            return Ok(found);
        }
        let start = document.body.trim_ascii_start();
        if start.starts_with(b"{") || start.starts_with(b"[") {
            return self.read_as(SourceKind::Json, &document, url);
        }
        if let Ok(found) = self.read_as(SourceKind::Sitemap, &document, url.clone()) {
            return Ok(found);
        }
        let input = self.input(&document);
        let named = page::discover(&input).map_err(|e| e.message)?;
        let mut tried = vec![url.clone()];
        let mut others = Vec::new();
        let mut best: Option<Found> = None;
        for link in named.iter().take(MOST_NAMED) {
            let Ok(at) = Url::parse(&link.url) else { continue };
            if best.is_some() {
                others.push(link.url.clone());
                continue;
            }
            if tried.contains(&at) {
                continue;
            }
            tried.push(at.clone());
            if let Some(found) = self.try_feed(at, link.how.into()).await? {
                best = Some(found);
            }
        }
        if let Some(found) = best {
            return Ok(Found { others, ..found });
        }
        for at in guesses(&url).into_iter().filter(|at| !tried.contains(at)).take(MOST_GUESSES) {
            match self.try_feed(at, Way::Guess).await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                // A host that does not want to be asked so often is not asked any more.
                Err(_) => break,
            }
        }
        self.read_as(SourceKind::Page, &document, url)
            .map(|found| Found { how: Way::Page, ..found })
            .map_err(|e| format!("there is no feed, and {e}"))
    }

    /// A feed at this address, if there is one with something in it.
    async fn try_feed(&self, url: Url, how: Way) -> Result<Option<Found>, String> {
        match self.fetch(&url).await {
            Ok(document) => {
                let url = document.moved_to.clone().unwrap_or(url);
                let read = self.read_as(SourceKind::Feed, &document, url);
                Ok(read.ok().filter(|f| !f.feed.entries.is_empty()).map(|found| Found { how, ..found }))
            }
            Err(failure) if failure.kind == ErrorKind::RateLimited => Err(failure.message),
            Err(_) => Ok(None),
        }
    }

    async fn fetch(&self, url: &Url) -> Result<Document, Failure> {
        let source = Source::plain("new", Location::Http(url.clone()), self.private);
        let request = Request {
            source: &source,
            location: &source.location,
            validators: &Validators::default(),
            may_use_file: false,
            purpose: Purpose::Feed,
        };
        match self.client.fetch(&request).await {
            Fetched::Document(document) => Ok(document),
            Fetched::Failed(failure) => Err(failure),
            Fetched::Gone | Fetched::NotModified { .. } => Err(Failure {
                kind: ErrorKind::Gone,
                message: "it is gone for good, says its server".to_owned(),
                status: Some(410),
                retry_at: None,
            }),
        }
    }

    fn input<'d>(&self, document: &'d Document) -> page::Input<'d> {
        page::Input {
            content_type: document.content_type.as_deref(),
            base: document.url.as_ref(),
            ..page::Input::new(&document.body, self.now)
        }
    }

    fn read_as(&self, kind: SourceKind, document: &Document, url: Url) -> Result<Found, String> {
        let input = self.input(document);
        let mut select = None;
        let feed = match kind {
            SourceKind::Feed => {
                let input = parse::Input {
                    body: &document.body,
                    content_type: input.content_type,
                    base: input.base,
                    encoding: None,
                    timezone: input.timezone,
                    language: None,
                    now: self.now,
                };
                parse::parse(&input).map_err(|e| e.message)?
            }
            SourceKind::Page => {
                let listing = page::listing(&input, None).map_err(|e| e.message)?;
                select = Some(listing.chosen);
                listing.feed
            }
            SourceKind::Sitemap => {
                let map = page::sitemap(&input).map_err(|e| e.message)?;
                let mut feed = map.feed;
                if feed.entries.is_empty() && !map.sitemaps.is_empty() {
                    feed.warnings.push(format!("it is an index of {} sitemaps", map.sitemaps.len()));
                }
                feed
            }
            SourceKind::Json => {
                page::json_api(&input, &page::JsonSelect::default()).map_err(|e| e.message)?
            }
        };
        Ok(Found { url, kind, how: Way::Address, feed, select, others: Vec::new() })
    }
}
