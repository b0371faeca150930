//! Lists of sources that come from the network: fetched like a source, kept in the store, and read again from there.

use std::path::Path;

use jiff::Timestamp;
use url::Url;

use super::TickError;
use crate::fetch::{Client, Purpose, Request};
use crate::model::{Fetched, Location, Source, SourceId, Validators};
use crate::store::Store;

/// How long a list is not asked for again, in seconds: a little less than an hour, so that an hourly cron job gets it
/// each time.
const FRESH: i64 = 3600 - 60;

/// Fetches the lists that are not fresh. Gives whether one says something else than before, so that the
/// configuration is to be read again, and those that failed; their old text stays. The data folder must be locked by
/// the caller.
///
/// # Errors
/// When the store fails.
pub async fn refresh_includes(
    lists: &[Url],
    data_dir: &Path,
    client: &Client,
    allow_private_addresses: bool,
    now: Timestamp,
) -> Result<(bool, Vec<(Url, String)>), TickError> {
    if lists.is_empty() {
        return Ok((false, Vec::new()));
    }
    let store = Store::open(&super::database_path(data_dir))?;
    for (host, until) in store.silences(now)? {
        client.silence(&host, until);
    }
    let (mut changed, mut failed) = (false, Vec::new());
    for url in lists {
        let kept = store.included(url.as_str())?;
        // When it was asked for last, whatever came of it; a list that failed is not asked for at each pass either.
        let asked = format!("asked {url}");
        let last = store.meta(&asked)?.and_then(|at| at.parse::<i64>().ok());
        let age = last.map(|at| now.as_second() - at);
        // A time in the future is a clock that was wrong: ask again.
        if age.is_some_and(|age| (0..FRESH).contains(&age)) {
            continue;
        }
        store.set_meta(&asked, &now.as_second().to_string())?;
        let mut source = Source::plain("include", Location::Http(url.clone()), allow_private_addresses);
        source.id = SourceId::from(url.as_str());
        let request = Request {
            source: &source,
            location: &source.location,
            validators: &Validators::default(),
            may_use_file: false,
            purpose: Purpose::Feed,
        };
        match client.fetch(&request).await {
            Fetched::Document(document) => match std::str::from_utf8(&document.body) {
                Ok(text) => {
                    changed |= kept.as_ref().is_none_or(|(old, _)| old != text);
                    store.keep_included(url.as_str(), text, now)?;
                }
                Err(_) => failed.push((url.clone(), "the list is not UTF-8".to_owned())),
            },
            Fetched::Failed(failure) => failed.push((url.clone(), failure.message)),
            Fetched::Gone => failed.push((url.clone(), "410: the list is gone for good".to_owned())),
            Fetched::NotModified { .. } => {}
        }
    }
    for (host, until) in client.silences() {
        store.silence(&host, until)?;
    }
    Ok((changed, failed))
}
