//! Recognises the configuration of other programs that use the file name feeds.toml.

use toml::de::{DeTable, DeValue};

/// The program that a configuration most likely belongs to, if not to kariz.
pub(super) fn recognise(root: &DeTable<'_>) -> Option<&'static str> {
    let has = |name: &str| root.contains_key(name);
    // A kariz file with one wrong table is still a kariz file.
    if has("source") || has("include") {
        return None;
    }
    if has("rsspls") {
        // rsspls writes feeds from pages: `[rsspls]` and `[[feed]]` with selectors.
        return Some("rsspls");
    }
    if has("default") || has("DEFAULT") {
        // planet-style files: `[default]` beside one table a subscription.
        return Some("another program (it has a [default] table; kariz has [defaults])");
    }
    let feed_is_list = root.get("feed").is_some_and(|v| matches!(v.get_ref(), DeValue::Array(_)));
    if feed_is_list {
        return Some("another program (it lists [[feed]] tables; kariz has [[source]])");
    }
    has("feeds").then_some("another program (it has [feeds]; kariz has [[source]])")
}
