//! How a source is read that is more, or something else, than a feed.

use url::Url;

/// What lies at a source's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// A feed, in any dialect.
    #[default]
    Feed,
    /// A page that lists articles.
    Page,
    /// A sitemap or an index of sitemaps (sitemaps.org 0.9), with or without the extension for news.
    Sitemap,
    /// A JSON document that lists articles.
    Json,
}

/// Where the values of an entry stand: CSS selectors in a page, JSONPaths in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Select {
    /// The block of one article; in JSON the list of them.
    pub item: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its address.
    pub link: Option<String>,
    /// Its text.
    pub content: Option<String>,
    /// Its teaser (JSON).
    pub summary: Option<String>,
    /// When it was published.
    pub date: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its picture.
    pub image: Option<String>,
    /// What tells it from all others (JSON).
    pub id: Option<String>,
    /// Its labels (JSON).
    pub categories: Option<String>,
    /// The link to the next page of the list (pages).
    pub next: Option<String>,
}

/// How a source is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What lies at its address.
    pub kind: SourceKind,
    /// Where the values of its entries stand; what is not given is found.
    pub select: Select,
    /// More pages that list its articles.
    pub pages: Vec<Url>,
    /// Article pages are fetched and read.
    pub full_text: bool,
    /// CSS: the element of an article page that is the body.
    pub keep_selector: Option<String>,
    /// CSS: elements that never belong to the body.
    pub remove_selector: Option<String>,
}

impl Reading {
    /// A feed, and nothing but the feed.
    pub fn is_plain(&self) -> bool {
        self.kind == SourceKind::Feed && !self.full_text
    }
}
