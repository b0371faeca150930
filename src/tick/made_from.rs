//! What published files were made from: where nothing of it has changed there is nothing to publish.

use super::outputs::public_url;
use super::pages;
use crate::config::Config;
use crate::store::{Store, StoreError};

/// The name under which the store keeps it.
const NAME: &str = "published";

/// What published files were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The store's.
    pub(super) revision: i64,
    /// Hash of what the configuration and this version have to say about it.
    pub(super) said: i64,
}

impl State {
    /// As it is now.
    pub(super) fn of(store: &Store, config: &Config, live: bool) -> Result<Self, StoreError> {
        Ok(Self { revision: store.revision()?, said: said(config, live) })
    }

    /// As it was when everything was published last.
    pub(super) fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let text = store.meta(NAME)?;
        Ok(text.as_deref().and_then(|text| {
            let (revision, said) = text.split_once(' ')?;
            Some(Self { revision: revision.parse().ok()?, said: said.parse().ok()? })
        }))
    }

    /// Notes that everything is published.
    pub(super) fn keep(&self, store: &Store) -> Result<(), StoreError> {
        store.set_meta(NAME, &format!("{} {}", self.revision, self.said))
    }

    /// Notes that nothing is known of what is published.
    pub(super) fn forget(store: &Store) -> Result<(), StoreError> {
        store.set_meta(NAME, "")
    }
}

/// Hash of what the configuration and this version have to say about what is published.
fn said(config: &Config, live: bool) -> i64 {
    let shown: Vec<_> = config
        .sources
        .iter()
        .map(|s| {
            let limits = (s.priority, s.content, s.max_items, s.enabled);
            (&s.id, &s.title, public_url(s), &s.tags, s.language.as_deref(), limits)
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let (listen, theme, hub) = (config.serve.listen, pages::theme_digest(config), config.hub_url());
    crate::store::hash(&format!(
        "{version} {live} {listen} {theme} {hub:?} {:?} {:?} {shown:?}",
        config.feed, config.outputs
    ))
}
