//! What sources are called.

use std::collections::HashMap;

use toml::de::DeValue;

use super::source::RawSource;
use super::values;
use crate::model::{Location, SourceId};

/// A name for a source that has none: a readable form of the title, else of the host.
fn derived_id(title: Option<&str>, location: &Location) -> String {
    let from_title = title.map(slug).filter(|s| s.bytes().any(|b| b.is_ascii_alphanumeric()));
    from_title.unwrap_or_else(|| match location {
        Location::Http(url) => {
            let host = url.host_str().unwrap_or("source");
            slug(host.strip_prefix("www.").unwrap_or(host))
        }
        Location::File(path) => slug(&path.file_stem().unwrap_or_default().to_string_lossy()),
    })
}

/// A longer name, for sources that share a host: host and path.
fn derived_id_with_path(location: &Location) -> String {
    match location {
        Location::Http(url) => {
            let host = url.host_str().unwrap_or("source");
            let port = url.port().map(|p| format!("-{p}")).unwrap_or_default();
            slug(&format!(
                "{}{port}-{}-{}",
                host.strip_prefix("www.").unwrap_or(host),
                url.path(),
                url.query().unwrap_or("")
            ))
        }
        Location::File(path) => slug(&path.to_string_lossy()),
    }
}

/// The names that a source without `id` is given, the better first; one may be empty.
pub fn names_for(title: Option<&str>, location: &Location) -> [String; 2] {
    [derived_id(title, location), derived_id_with_path(location)]
}

/// ASCII letters and digits in lower case, everything else one hyphen; at most 80 bytes.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().take(400) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(80);
    slug.trim_end_matches('-').to_owned()
}

/// A name as people can type it and a path can hold it.
pub(super) fn id(value: &DeValue<'_>) -> Result<String, String> {
    let id = values::text(value)?;
    let fits = id.len() <= 100
        && !id.starts_with('.')
        && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '\u{200c}'));
    if fits {
        Ok(id)
    } else {
        Err(format!(
            "expected letters, digits, hyphens, dots and underscores (at most 100 bytes), found \"{id}\""
        ))
    }
}

/// Settles the names of all sources: those written first, then readable ones for the others. The second
/// of each pair is the place in `sources` of the source that the name clashes with, where none is free.
pub(super) fn settle_ids(sources: &[RawSource]) -> Vec<Result<SourceId, usize>> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut ids: Vec<Option<Result<SourceId, usize>>> = vec![None; sources.len()];
    for (i, source) in sources.iter().enumerate() {
        if let Some(id) = &source.id {
            ids[i] = Some(match taken.get(id) {
                Some(other) => Err(*other),
                None => Ok(SourceId::from(id.as_str())),
            });
            taken.entry(id.clone()).or_insert(i);
        }
    }
    // A readable name is given only where no other source would get the same: otherwise a name, and the
    // history that hangs on it, would depend on the order of the file.
    let mut wishes: HashMap<String, usize> = HashMap::new();
    for source in sources.iter().filter(|s| s.id.is_none()) {
        *wishes.entry(derived_id(source.title.as_deref(), &source.location)).or_default() += 1;
    }
    for (i, source) in sources.iter().enumerate() {
        if ids[i].is_some() {
            continue;
        }
        let short = derived_id(source.title.as_deref(), &source.location);
        let name = if short.is_empty() || wishes[&short] > 1 || taken.contains_key(&short) {
            derived_id_with_path(&source.location)
        } else {
            short
        };
        ids[i] = Some(match taken.get(&name) {
            Some(other) => Err(*other),
            None => Ok(SourceId::from(name.as_str())),
        });
        taken.entry(name).or_insert(i);
    }
    ids.into_iter().flatten().collect()
}
