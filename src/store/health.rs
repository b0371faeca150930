//! Whether the database is sound.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::backup::with_end;
use super::{Result, Store, StoreError};

/// What a look at a database gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Every page is what it should be.
    Sound,
    /// It is not; in SQLite's words.
    Damaged(String),
}

impl Store {
    /// Reads every page of the database at `path` (`PRAGMA quick_check`): two or three seconds for a gigabyte. What a run
    /// that died left in the log is taken in. Mapped into memory it would take half of that, but a disk that fails to
    /// read a mapped page ends the process (SIGBUS), and nobody is told why.
    ///
    /// # Errors
    /// When it cannot be read for another reason than damage.
    pub fn health(path: &Path) -> Result<Health> {
        let found = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .and_then(|db| {
            db.busy_timeout(std::time::Duration::from_secs(5))?;
            let mut statement = db.prepare("PRAGMA quick_check(3)")?;
            statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()
        });
        match found {
            Ok(lines) if lines.iter().all(|line| line == "ok") => Ok(Health::Sound),
            Ok(lines) => Ok(Health::Damaged(lines.join("; ").replace('\n', " "))),
            Err(error) if is_damage(&error) => Ok(Health::Damaged(error.to_string())),
            Err(error) => Err(StoreError::Sqlite { path: path.to_owned(), error }),
        }
    }
}

/// The row of `meta` that tells one database from another.
pub(super) const NAME: &str = "database";

impl Store {
    /// A log (`-wal`) beside the database that was written for another one: SQLite would take it for this one's, and bring
    /// the other's pages into it. It is set aside; gives where it is then.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn set_foreign_log_aside(path: &Path) -> Result<Option<PathBuf>> {
        let log = with_end(path, "-wal");
        if !log.metadata().is_ok_and(|meta| meta.len() > 0) {
            return Ok(None);
        }
        // What cannot be read is somebody else's question: whether the database is damaged.
        let (without, with) = (name_without_log(path), name_with_log(path));
        if without.is_none() || with.is_none() || without == with {
            return Ok(None);
        }
        let aside = with_end(path, ".foreign-wal");
        let failed = |error| StoreError::Io { path: log.clone(), error };
        std::fs::rename(&log, &aside).map_err(failed)?;
        match std::fs::remove_file(with_end(path, "-shm")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(Some(aside)),
        }
    }
}

/// What the file itself says, whatever lies beside it.
fn name_without_log(path: &Path) -> Option<String> {
    let mut url = url::Url::from_file_path(path.canonicalize().ok()?).ok()?;
    url.set_query(Some("immutable=1"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    name(&Connection::open_with_flags(url.as_str(), flags).ok()?)
}

/// What SQLite would make of the file and the log, without bringing the one into the other.
fn name_with_log(path: &Path) -> Option<String> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok()?;
    name(&db)
}

fn name(db: &Connection) -> Option<String> {
    db.query_row("SELECT value FROM meta WHERE name = ?1", [NAME], |row| row.get(0)).ok()
}

impl StoreError {
    /// Whether the database itself is damaged, rather than the disk full or the folder closed.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Sqlite { error, .. } if is_damage(error)) || matches!(self, Self::Damaged { .. })
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// What a person can do about an error of SQLite.
pub(super) fn way_out(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "; the disk is full: free some space, and the next pass goes on. What was recorded and published before is still there"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "; see that kariz may write to the folder and to every file in it, or name another folder with --data-dir"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "; the disk is full or fails: see `df` and the system's log. The next pass goes on from what is there"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "; the next `kariz fetch` or `kariz run` sets it aside, and saves what can be read of it"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; another program holds the database open for writing: end it, and the next pass goes on"
        }
        _ if error.to_string().starts_with("no such ") => {
            "; where an older kariz wrote it, `kariz fetch` brings it up to date"
        }
        _ => "",
    }
}
