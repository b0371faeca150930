//! Pages that are made when they are asked for: the state of the sources, and search.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use tokio::sync::Semaphore;

use super::answer;
use super::conditional::Coding;
use super::file::pack;
use super::negotiate;

/// Longest query that is searched for, in characters.
const LONGEST_QUERY: usize = 200;
/// Pages of results beyond this are not asked of the store.
const LAST_PAGE: usize = 100;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A page that is made when it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The state of every source.
    Status,
    /// Figures for a monitor (OpenMetrics).
    Metrics,
    /// The stories that match a query.
    Search {
        /// What is searched for: at most 200 characters, no control characters, trimmed; may be empty.
        query: String,
        /// Which page of the results, from 1 to 100.
        page: usize,
    },
}

impl Asked {
    fn media_type(&self) -> &'static str {
        match self {
            Self::Status | Self::Search { .. } => "text/html; charset=utf-8",
            Self::Metrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// Reads the query string of `/search?q=…&page=…`.
    pub fn search(query_string: &str) -> Self {
        let (mut query, mut page) = (String::new(), 1);
        for (name, value) in url::form_urlencoded::parse(query_string.as_bytes()) {
            match &*name {
                "q" => {
                    let spaced = value.chars().map(|c| if c.is_control() { ' ' } else { c });
                    query = spaced.collect::<String>().trim().chars().take(LONGEST_QUERY).collect();
                }
                "page" => page = value.parse().unwrap_or(1).clamp(1, LAST_PAGE),
                _ => {}
            }
        }
        Self::Search { query, page }
    }
}

/// Who makes these pages. Called on a thread where blocking is allowed, a few at a time.
pub trait Pages: Send + Sync + 'static {
    /// The page, as UTF-8: HTML, or what the name of it says.
    ///
    /// # Errors
    /// Why it could not be made, for the log.
    fn page(&self, asked: &Asked) -> anyhow::Result<Vec<u8>>;
}

/// The answer with the page that `pages` makes.
pub async fn answer(
    making: &Semaphore,
    pages: Option<Arc<dyn Pages>>,
    asked: Asked,
    headers: &HeaderMap,
) -> Response<Bytes> {
    let Some(pages) = pages else { return answer::not_found() };
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, making.acquire()).await else {
        let mut busy =
            answer::plain(StatusCode::SERVICE_UNAVAILABLE, "Too many ask at once; try again in a moment.\n");
        busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return busy;
    };
    let coding = negotiate::coding(headers, true, false);
    let media_type = asked.media_type();
    let made = tokio::task::spawn_blocking(move || {
        let page = pages.page(&asked)?;
        anyhow::Ok(if coding == Coding::Gzip { pack(&page) } else { page })
    });
    match made.await.map_err(anyhow::Error::from).and_then(|page| page) {
        Ok(page) => {
            let mut answer = Response::new(Bytes::from(page));
            let headers = answer.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
            if let Some(token) = coding.token() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
            }
            answer::secure_page(headers);
            answer
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a page could not be made");
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be shown just now.\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_bounded_before_anyone_sees_it() {
        for (query_string, query, page) in [
            ("", "", 1),
            ("q=", "", 1),
            ("q=+rain+in+the+north+", "rain in the north", 1),
            ("q=%D8%A8%D8%A7%D8%B1%D8%A7%D9%86&page=3", "باران", 3),
            ("q=a%00b%0Ac", "a b c", 1),
            ("page=0&q=x", "x", 1),
            ("page=-1&q=x", "x", 1),
            ("page=99999999999999999999999&q=x", "x", 1),
            ("page=5000&q=x", "x", 100),
            ("q=%ff", "\u{fffd}", 1),
        ] {
            assert_eq!(
                Asked::search(query_string),
                Asked::Search { query: query.into(), page },
                "{query_string}"
            );
        }
        let Asked::Search { query, .. } = Asked::search(&format!("q={}", "ب".repeat(10_000))) else {
            panic!()
        };
        assert_eq!(query.chars().count(), LONGEST_QUERY);
    }
}
