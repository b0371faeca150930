//! Parts of archives whose files are there although the store does not know them: they stay as they are, for a part that is
//! there never changes (RFC 5005 §4).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use uuid::Uuid;

use super::TickError;
use super::archives::scope;
use super::outputs::base_url;
use super::read_back::part_told;
use crate::config::Config;
use crate::publish::{self, Part};
use crate::store::{self, ArchivePart, Store};

/// Takes into the store what the files of archives below `folder` tell, and the store does not know.
pub(super) fn read_back(
    store: &mut Store,
    config: &Config,
    folder: &Path,
    now: Timestamp,
) -> Result<(), TickError> {
    let made_for = store::hash(base_url(config).as_str());
    store.atomically(|store| {
        for output in config.outputs.iter().filter(|output| output.archive) {
            let files = files_of(folder, &output.path);
            if files.is_empty() {
                continue;
            }
            let first = Part::after(None, now).to_string();
            let archive = store.archive(&output.path, scope(config, output), &first)?;
            let known = store.archive_parts(archive.key)?;
            let mut parts: BTreeMap<Part, (ArchivePart, Vec<Uuid>)> = BTreeMap::new();
            for part in known {
                if let Ok(name) = part.name.parse() {
                    parts.insert(name, (part, Vec::new()));
                }
            }
            let before = parts.len();
            for (name, file) in files {
                if parts.contains_key(&name) {
                    continue;
                }
                let Some(told) = part_told(&file, now) else { continue };
                let part =
                    ArchivePart { number: 0, name: name.to_string(), at: told.at, made_for: Some(made_for) };
                parts.insert(name, (part, told.stories));
            }
            let Some(last) = parts.keys().next_back().copied() else { continue };
            if parts.len() > before {
                let open = Part::after(Some(last), now).to_string();
                let parts: Vec<_> = parts.into_values().collect();
                store.replace_archive_parts(archive.key, &parts, &open)?;
            }
        }
        Ok(())
    })
}

/// The files of the parts of an output, oldest first.
fn files_of(folder: &Path, output: &str) -> BTreeMap<Part, PathBuf> {
    let path = |part| folder.join(publish::archive_path(output, part));
    let Some(parts) = path(Part::FIRST).parent().and_then(|folder| std::fs::read_dir(folder).ok()) else {
        return BTreeMap::new();
    };
    let part = |file: std::fs::DirEntry| -> Option<(Part, PathBuf)> {
        let part = file.path().file_stem()?.to_str()?.parse().ok()?;
        (path(part) == file.path()).then(|| (part, file.path()))
    };
    parts.flatten().filter_map(part).collect()
}
