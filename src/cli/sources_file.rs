//! Changes feeds.toml as its owner would: comments, order and line endings stay, nothing is written that would not be
//! valid, and the file is replaced as a whole or not at all.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::{Failed, Globals};
use crate::config::{self, Config};

/// feeds.toml, to be changed.
pub(super) struct SourcesFile {
    path: PathBuf,
    /// As read; `None` where there was no file.
    read: Option<String>,
    document: DocumentMut,
    /// What it says now; nothing where it names no source yet.
    pub(super) config: Config,
}

impl SourcesFile {
    /// Reads it. A file that is not there yet, or names no source yet, is as good as an empty one.
    ///
    /// # Errors
    /// When it cannot be read or has mistakes.
    pub(super) fn open(globals: &Globals) -> Result<Self, Failed> {
        let path = globals.config.clone();
        let read = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(Failed::usage(format!("{} cannot be read: {e}", path.display()))),
        };
        let text = read.clone().unwrap_or_default();
        let document: DocumentMut =
            unix(&text).parse().map_err(|e| Failed::usage(format!("{}: {e}", path.display())))?;
        let has_any = document.contains_key("source") || document.contains_key("include");
        let config = if has_any {
            super::parse_config(globals, &text)?
        } else {
            Config { path: path.clone(), ..Config::default() }
        };
        Ok(Self { path, read, document, config })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file will be new.
    pub(super) fn is_new(&self) -> bool {
        self.read.is_none()
    }

    /// The names that are taken.
    pub(super) fn ids(&self) -> HashSet<String> {
        self.config.sources.iter().map(|s| s.id.to_string()).collect()
    }

    /// Adds a source behind the others.
    ///
    /// # Errors
    /// When sources are written otherwise than as `[[source]]` tables.
    pub(super) fn add(&mut self, mut source: Table) -> Result<(), Failed> {
        let is_first =
            self.document.is_empty() && self.document.trailing().as_str().is_none_or(str::is_empty);
        source.decor_mut().set_prefix(if is_first { "" } else { "\n" });
        self.tables()?.push(source);
        Ok(())
    }

    /// Takes out the source that is written at this place among the file's own. The comment right above it goes with it;
    /// what stands further up stays.
    ///
    /// # Errors
    /// As [`SourcesFile::add`].
    pub(super) fn remove(&mut self, place: usize) -> Result<(), Failed> {
        let tables = self.tables()?;
        let Some(gone) = tables.get(place) else {
            return Err(Failed::job("the source is not written in this file"));
        };
        let above = gone.decor().prefix().and_then(|p| p.as_str()).unwrap_or_default().to_owned();
        let kept = match above.rfind("\n\n") {
            Some(at) => above[..=at].to_owned(),
            None => String::new(),
        };
        let position = gone.position();
        tables.remove(place);
        if !kept.trim().is_empty() {
            self.put_above_next(position, &kept);
        }
        Ok(())
    }

    /// Gives a comment that is left over to the table that follows.
    fn put_above_next(&mut self, position: Option<isize>, kept: &str) {
        let mut next: Option<(isize, &mut Table)> = None;
        for (_, item) in self.document.as_table_mut().iter_mut() {
            let tables: Vec<&mut Table> = match item {
                Item::Table(table) => vec![table],
                Item::ArrayOfTables(tables) => tables.iter_mut().collect(),
                _ => Vec::new(),
            };
            for table in tables {
                if let (Some(at), Some(gone)) = (table.position(), position)
                    && at > gone
                    && next.as_ref().is_none_or(|(best, _)| at < *best)
                {
                    next = Some((at, table));
                }
            }
        }
        match next {
            Some((_, table)) => {
                let own = table.decor().prefix().and_then(|p| p.as_str()).unwrap_or_default().to_owned();
                table.decor_mut().set_prefix(format!("{kept}{own}"));
            }
            None => {
                let own = self.document.trailing().as_str().unwrap_or_default().to_owned();
                self.document.set_trailing(format!("{kept}{own}"));
            }
        }
    }

    fn tables(&mut self) -> Result<&mut ArrayOfTables, Failed> {
        let path = self.path.display().to_string();
        self.document
            .entry("source")
            .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
            .as_array_of_tables_mut()
            .ok_or_else(|| {
                Failed::usage(format!("{path}: `source` is no list of [[source]] tables; write them so"))
            })
    }

    /// What the file will say.
    pub(super) fn text(&self) -> String {
        let text = self.document.to_string();
        let old = self.read.as_deref().unwrap_or_default();
        let text = if old.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        if old.starts_with('\u{feff}') {
            format!("\u{feff}{}", text.trim_start_matches('\u{feff}'))
        } else {
            text
        }
    }

    /// Writes it, once it is valid. A file without any source is written, though kariz cannot run with it.
    ///
    /// # Errors
    /// When it would not be valid, was changed meanwhile, or cannot be written; it is as it was then.
    pub(super) fn write(&self, globals: &Globals) -> Result<(), Failed> {
        let text = self.text();
        let is_empty = self
            .document
            .get("source")
            .and_then(Item::as_array_of_tables)
            .is_none_or(ArrayOfTables::is_empty)
            && !self.document.contains_key("include");
        if !is_empty {
            super::parse_config(globals, &text)?;
        }
        let failed =
            |e: std::io::Error| Failed::job(format!("{} cannot be written: {e}", self.path.display()));
        // A link stays a link: what it leads to is replaced.
        let path = match std::fs::canonicalize(&self.path) {
            Ok(path) => path,
            Err(_) => self.path.clone(),
        };
        let now = std::fs::read_to_string(&path).ok();
        if now != self.read {
            return Err(Failed::job(format!(
                "{} was changed by somebody else meanwhile and was left alone; try again",
                self.path.display()
            )));
        }
        let folder = config::folder_of(&path);
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        match std::fs::metadata(&path) {
            Ok(old) => file.as_file().set_permissions(old.permissions()).map_err(failed)?,
            Err(_) => open_to_read(file.as_file()).map_err(failed)?,
        }
        file.persist(&path).map_err(|e| failed(e.error))?;
        Ok(())
    }
}

/// A temporary file is its owner's alone; a new feeds.toml is as other files are.
#[cfg(unix)]
fn open_to_read(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_read(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The text without a byte order mark and with `\n` at the ends of its lines.
fn unix(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// A name for a source that is not taken yet: of its title, else of its address.
pub(super) fn free_id(
    taken: &HashSet<String>,
    title: Option<&str>,
    location: &crate::model::Location,
) -> String {
    let wishes = config::names_for(title, location);
    for wish in &wishes {
        if !wish.is_empty() && !taken.contains(wish) {
            return wish.clone();
        }
    }
    let stem = wishes.into_iter().find(|w| !w.is_empty()).unwrap_or_else(|| "source".to_owned());
    (2..).map(|n| format!("{stem}-{n}")).find(|id| !taken.contains(id)).unwrap_or(stem)
}

/// One `[[source]]` table of these keys, in this order.
pub(super) fn table(keys: impl IntoIterator<Item = (&'static str, toml_edit::Value)>) -> Table {
    let mut table = Table::new();
    for (key, value) in keys {
        table.insert(key, Item::Value(value));
    }
    table
}

/// The key by which two addresses are one source.
pub(super) fn address_key(url: &str) -> String {
    crate::text::urls::canonical(url).unwrap_or_else(|| url.to_owned())
}
