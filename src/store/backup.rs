//! Copies of the database: while it is in use, before a migration, and back again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{Result, Store, StoreError};

/// How many pages are copied before whoever writes gets a turn.
const PAGES_AT_A_TIME: i32 = 4096;

/// The end of the name of a database that is whole and about to take the place of another.
const READY: &str = "ready";

impl Store {
    /// Copies the database to `file`, as it is at one moment; whoever reads or writes meanwhile is not held up. The
    /// copy appears whole or not at all, and takes the place of what was there.
    ///
    /// # Errors
    /// When the database cannot be read, or the copy not be written.
    pub fn backup(&self, file: &Path) -> Result<()> {
        copy(&self.connection, &self.path, file)
    }

    /// Makes a copy ready beside `path`, to take its place with [`Store::replace`]. It is brought to the newest schema; one
    /// that is damaged, of a newer kariz or no database of kariz is refused.
    ///
    /// # Errors
    /// When the copy is not fit for use, or cannot be brought there.
    pub fn begin_restoring(file: &Path, path: &Path) -> Result<Self> {
        let sqlite = |error| StoreError::Sqlite { path: file.to_owned(), error };
        let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sqlite)?;
        if !super::schema::is_ours(&source).map_err(sqlite)? {
            return Err(StoreError::Foreign { path: file.to_owned() });
        }
        super::schema::refuse_newer(&source, file)?;
        let coming = beside(path, "coming");
        // With the log of a run that died: beside another database it would be taken for its own.
        remove_database(&coming)?;
        copy(&source, file, &coming)?;
        if let super::Health::Damaged(why) = Self::health(&coming)? {
            remove_database(&coming)?;
            return Err(StoreError::Damaged { path: file.to_owned(), why });
        }
        Self::open(&coming)
    }

    /// Finishes what [`Store::begin_restoring`] or [`Store::begin_anew`] began: closes the new database and moves it to `path`, which
    /// nobody may have open; what is there is moved to `aside`, or removed.
    ///
    /// # Errors
    /// When the files cannot be moved.
    pub fn replace(self, path: &Path, aside: Option<&Path>) -> Result<()> {
        let new = self.path.clone();
        self.batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")?;
        drop(self);
        if let Some(aside) = aside {
            remove_database(aside)?;
        }
        Self::take_the_place_of(&new, path, aside)
    }

    /// Moves the whole, closed database at `new` to `path`; what was there is moved to `aside`, or removed. A run that dies
    /// meanwhile is finished by [`Store::finish_replacing`].
    fn take_the_place_of(new: &Path, path: &Path, aside: Option<&Path>) -> Result<()> {
        // Under this name it is known to be whole.
        let ready = beside(path, READY);
        fs::rename(new, &ready).map_err(|error| StoreError::Io { path: ready.clone(), error })?;
        // The log first: without its database it means nothing, while a database beside another's log is damaged.
        for end in ["-wal", "-shm", ""] {
            let old = with_end(path, end);
            let moved = match aside {
                Some(aside) => fs::rename(&old, with_end(aside, end)),
                None if end.is_empty() => Ok(()),
                None => fs::remove_file(&old),
            };
            match moved {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Io { path: old, error });
                }
                _ => {}
            }
        }
        fs::rename(&ready, path).map_err(|error| StoreError::Io { path: path.to_owned(), error })?;
        sync_folder(path);
        Ok(())
    }

    /// A run that died while one database took the place of another left a whole one beside where it belongs. It is
    /// moved there, unless the old one still is: then what that run was about begins anew.
    ///
    /// # Errors
    /// When the file cannot be moved.
    pub fn finish_replacing(path: &Path) -> Result<()> {
        let ready = beside(path, READY);
        let done = if path.exists() { fs::remove_file(&ready) } else { fs::rename(&ready, path) };
        match done {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Io { path: ready, error })
            }
            _ => Ok(()),
        }
    }
}

/// Copies to `file` by way of a temporary name beside it.
pub(super) fn copy(from: &Connection, from_path: &Path, file: &Path) -> Result<()> {
    let temporary = beside(file, "part");
    remove_database(&temporary)?;
    let io = |error| StoreError::Io { path: file.to_owned(), error };
    let done = Connection::open(&temporary).and_then(|mut copy| {
        rusqlite::backup::Backup::new(from, &mut copy)?.run_to_completion(
            PAGES_AT_A_TIME,
            Duration::ZERO,
            None,
        )?;
        // A file of its own, without a log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")
    });
    if let Err(error) = done {
        let _ = remove_database(&temporary);
        return Err(StoreError::Sqlite { path: from_path.to_owned(), error });
    }
    fs::File::open(&temporary).and_then(|f| f.sync_all()).map_err(io)?;
    fs::rename(&temporary, file).map_err(io)?;
    sync_folder(file);
    Ok(())
}

/// `kariz.db` → `kariz.db.END`.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    with_end(path, &format!(".{end}"))
}

pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Removes a database and what SQLite keeps beside it.
pub(super) fn remove_database(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let file = with_end(path, end);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Io { path: file, error });
            }
            _ => {}
        }
    }
    Ok(())
}

/// A file system that cannot do that loses nothing but the order of things in a power cut.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = fs::File::open(folder).and_then(|f| f.sync_all());
    }
}
