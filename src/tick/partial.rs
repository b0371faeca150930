//! The feeds of single tags and sources, beside those of the configuration.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{TickError, pages};
use crate::config::{Config, Format, Output};
use crate::model::SourceInfo;
use crate::store::Store;

pub(super) fn is_same_tag(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// The outputs of single tags and sources.
pub(super) struct Partial {
    /// Those that may read differently than at the last time; with its row, where it is that of a single source.
    pub dirty: Vec<(Output, Option<i64>)>,
    /// The paths of all.
    pub all: HashSet<String>,
}

/// One feed a tag and one a source, beside those of the configuration.
pub(super) fn partial_outputs(
    store: &Store,
    config: &Config,
    infos: &HashMap<i64, Arc<SourceInfo>>,
    since: i64,
) -> Result<Partial, TickError> {
    let mut partial = Partial { dirty: Vec::new(), all: HashSet::new() };
    if !config.feed.by_tag && !config.feed.by_source {
        return Ok(partial);
    }
    let changed: HashSet<i64> = store.sources_changed_since(since)?.into_iter().collect();
    let any_changed = changed.iter().any(|row| infos.contains_key(row));
    let shown: HashSet<&str> = config.sources.iter().filter(|s| s.enabled).map(|s| s.id.as_str()).collect();
    let mut sources: Vec<(i64, &SourceInfo)> =
        infos.iter().map(|(row, info)| (*row, info.as_ref())).collect();
    sources.retain(|(_, info)| shown.contains(info.id.as_str()));
    sources.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
    let base = |path: String, title: String| Output {
        path,
        title: Some(title),
        format: Format::Atom,
        tags: Vec::new(),
        sources: Vec::new(),
        language: None,
        max_items: config.feed.max_items,
        max_age: config.feed.max_age,
        content: config.feed.content,
        archive: false,
    };
    let mut add = |output: Output, of: Option<i64>, is_dirty: bool| {
        if partial.all.insert(output.path.clone()) && is_dirty {
            partial.dirty.push((output, of));
        }
    };
    if config.feed.by_source {
        for (row, info) in &sources {
            let output =
                base(format!("sources/{}.xml", info.id), format!("{} · {}", info.title, config.feed.title));
            let output = Output { sources: vec![info.id.as_str().into()], ..output };
            add(output, Some(*row), changed.contains(row));
        }
    }
    if config.feed.by_tag {
        let is_changed = |(row, _): &&(i64, &SourceInfo)| changed.contains(row);
        let changed: Vec<&SourceInfo> = sources.iter().filter(is_changed).map(|(_, info)| *info).collect();
        for (tag, by_rule) in pages::tags(config, sources.iter().map(|(_, info)| *info)) {
            let output =
                base(format!("tags/{}.xml", pages::file_name(tag)), format!("{tag} · {}", config.feed.title));
            // Any source may bring what a rule tags.
            let is_dirty =
                by_rule && any_changed || changed.iter().any(|i| i.tags.iter().any(|t| is_same_tag(t, tag)));
            add(Output { tags: vec![tag.to_owned()], ..output }, None, is_dirty);
        }
    }
    Ok(partial)
}
