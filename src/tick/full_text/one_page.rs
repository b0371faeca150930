//! One article page: asked for, read, and taken into the entry that its source lists.

use jiff::Timestamp;
use url::Url;

use super::super::pages_source::{Workshop, failure, input};
use crate::fetch::Purpose;
use crate::model::{
    Document, ErrorKind, Failure, Fetched, Location, ParsedEntry, Source, SourceKind, Validators,
};
use crate::page::{self, PageArticle};
use crate::text;

/// A page whose text is this much shorter than the feed's own is a teaser or was misread.
const TEASER: f64 = 0.6;

/// What came of one page.
pub(super) enum Page {
    Read {
        article: Box<PageArticle>,
        validators: Validators,
    },
    NotModified,
    /// The host wants to be left alone, or there was no time.
    NotAsked,
    Failed(Failure),
}

/// Asks for a page and reads it.
pub(super) async fn one(shop: &Workshop<'_>, source: &Source, url: Url, validators: Validators) -> Page {
    let location = Location::Http(url.clone());
    match shop.ask(source, &location, &validators, Purpose::Page).await {
        Fetched::NotModified { .. } => Page::NotModified,
        Fetched::Gone => Page::Failed(failure(ErrorKind::Gone, "it is gone for good")),
        Fetched::Failed(failed) if failed.kind == ErrorKind::RateLimited => Page::NotAsked,
        Fetched::Failed(failed) => Page::Failed(failed),
        Fetched::Document(document) => {
            // A site that answers with its front page has no such article.
            let front = document.url.as_ref().is_some_and(|at| at.path() == "/" && at.query().is_none());
            if front && (url.path() != "/" || url.query().is_some()) {
                return Page::Failed(failure(ErrorKind::NotFound, "it leads to the front page of its site"));
            }
            let validators = document.validators.clone();
            let (owned, now) = (source.clone(), shop.now);
            match shop.work(move || read(&document, &owned, now)).await {
                Ok(Ok(article)) => Page::Read { article: Box::new(article), validators },
                Ok(Err(failed)) | Err(failed) => Page::Failed(failed),
            }
        }
    }
}

fn read(document: &Document, source: &Source, now: Timestamp) -> Result<PageArticle, Failure> {
    let input = page::Input {
        keep: source.reading.keep_selector.as_deref(),
        remove: source.reading.remove_selector.as_deref(),
        ..input(document, source, now)
    };
    page::article(&input).map_err(|e| failure(e.kind, e.message))
}

/// Takes what a page says into the entry that its source lists. A feed knows its titles and dates; of a list, the page
/// knows better.
pub(super) fn merge(entry: &mut ParsedEntry, page: PageArticle, kind: SourceKind) {
    let text = page.text.clone();
    let from_page = page.into_entry();
    if kind == SourceKind::Feed {
        let own = entry.content.as_ref().or(entry.summary.as_ref()).map(|m| text::html::to_text(&m.html));
        let own_length = own.map_or(0, |t| t.chars().count());
        #[allow(clippy::cast_precision_loss)] // Lengths of texts.
        let longer = text.chars().count() as f64 >= TEASER * own_length as f64;
        if !text.is_empty() && (longer || entry.content.is_none()) {
            entry.content = from_page.content;
        }
        entry.title = entry.title.take().or(from_page.title);
        entry.published = entry.published.or(from_page.published);
        entry.language = entry.language.take().or(from_page.language);
    } else {
        if !text.is_empty() {
            // The teaser says again what the article begins with.
            (entry.content, entry.summary) = (from_page.content, None);
        } else if entry.summary.is_none() {
            entry.summary = from_page.summary;
        }
        entry.title = from_page.title.or(entry.title.take());
        entry.published = from_page.published.or(entry.published);
        entry.updated =
            from_page.updated.or(entry.updated).filter(|at| entry.published.is_none_or(|p| p <= *at));
        entry.language = from_page.language.or(entry.language.take());
    }
    if entry.authors.is_empty() {
        entry.authors = from_page.authors;
    }
    if entry.categories.is_empty() {
        entry.categories = from_page.categories;
    }
    entry.image = entry.image.take().or(from_page.image);
}
