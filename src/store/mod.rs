//! SQLite: sources, entries, stories. The only room that knows SQL.
//!
//! One [`Store`] writes; any number of [`Store::read_only`] ones read beside it without waiting (WAL). Commits
//! are not flushed one by one (`synchronous = NORMAL`): a power cut may undo the last visits, which are
//! then simply made again. What is about to be published is flushed first
//! ([`Store::atomically`] commits with `synchronous = FULL`), so that no date or id that a reader has
//! seen can be forgotten.

mod archives;
mod article_pages;
mod articles;
mod backup;
mod clock;
mod health;
mod index;
mod lookup;
mod retention;
mod salvage;
mod schema;
mod search;
mod selection;
mod sources;
mod stories;
mod visits;
mod watch;
mod websub;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub use archives::{Archive, ArchivePart, Gone};
pub use article_pages::{ArticlePage, Listed};
pub use articles::{ChangedEntry, KnownEntry, Moves, NewEntry, Recognised};
pub use health::Health;
pub use lookup::{Revision, Sought};
pub use retention::{Keep, Outgoing, Room, Traces};
pub use salvage::{Restored, Salvaged};
pub use search::Found;
pub use selection::{Outline, StoryFilter};
pub use sources::{About, SourceState};
pub use stories::{Pending, Teller};
pub use visits::{DocumentVisit, Outcome, Visit};
pub use watch::Watched;
pub use websub::{Subscriber, Subscription, SubscriptionState};

/// Why the store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says so.
    #[error("the database {path} failed: {error}{way_out}", path = path.display(), way_out = health::way_out(error))]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        error: rusqlite::Error,
    },
    /// The schema is of a later kariz.
    #[error(
        "the database {path} was written by a newer kariz (schema {found}, this one knows {known}); install that version, or name another folder with --data-dir",
        path = path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that the file has.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file is not a database of kariz.
    #[error("{path} is a database of another program; name another file, or another folder with --data-dir", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("the database {path} is damaged ({why}); take another copy", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// In SQLite's words.
        why: String,
    },
    /// The folder or file cannot be made.
    #[error("{path} cannot be opened: {error}; see that kariz may write there, or name another folder with --data-dir", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

/// One connection to the database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens the database for writing; makes it, and its folder, where it is not there.
    ///
    /// # Errors
    /// When the file cannot be made or read, or belongs to a newer kariz.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::Io { path: folder.to_owned(), error })?;
        }
        let mut store =
            Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // One of a later kariz, or of another program, is not touched.
        schema::refuse_newer(&store.connection, path)?;
        if !store.check(schema::is_ours(&store.connection))? {
            return Err(StoreError::Foreign { path: path.to_owned() });
        }
        let set_up = store.connection.execute_batch(
            // The first has a meaning for a new file only: room is given back in place then.
            // The log is written back when it has 4,000 pages (by default: 1,000): what is written again and again meanwhile goes to the
            // disk once. More would make whoever reads search more than one table of the log's pages.
            "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;",
        );
        store.check(set_up)?;
        schema::migrate(&mut store.connection, path)?;
        if store.meta(health::NAME)?.is_none() {
            // Where that is not possible just now, the next run does it.
            let _ = store.connection.execute(
                "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, lower(hex(randomblob(16))))",
                [health::NAME],
            );
        }
        Ok(store)
    }

    /// Opens the database for reading beside the one that writes.
    ///
    /// # Errors
    /// When there is no database yet, or it cannot be read.
    pub fn read_only(path: &Path) -> Result<Self> {
        let opened = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|store| schema::refuse_newer(&store.connection, path).map(|()| store));
        opened.or_else(|error| Self::frozen(path).ok_or(error))
    }

    /// A database that nobody can write to, since its folder is read-only: SQLite wants to hear that, as it cannot keep
    /// the files of its log there.
    fn frozen(path: &Path) -> Option<Self> {
        let folder = path.parent()?;
        let is_open = tempfile::tempfile_in(folder).is_ok();
        let has_log = backup::with_end(path, "-wal").metadata().is_ok_and(|meta| meta.len() > 0);
        if is_open || has_log {
            return None;
        }
        let mut url = url::Url::from_file_path(path.canonicalize().ok()?).ok()?;
        url.set_query(Some("immutable=1"));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let store = Self::connect(Path::new(url.as_str()), flags).ok()?;
        schema::refuse_newer(&store.connection, path).ok()?;
        Some(store)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another connection to the same database, for reading on another thread.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn another(&self) -> Result<Self> {
        Self::read_only(&self.path)
    }

    /// [`Self::another`] beside work that takes memory itself: with a page cache of 2 MB.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn another_small(&self) -> Result<Self> {
        let store = self.another()?;
        store.batch("PRAGMA cache_size = -2048")?;
        Ok(store)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|error| StoreError::Sqlite { path: path.to_owned(), error })?;
        let store = Self { connection, path: path.to_owned() };
        // Readers wait only while another process recovers or migrates; five seconds is plenty.
        let set_up = store.connection.busy_timeout(std::time::Duration::from_secs(5)).and_then(|()| {
            store.connection.set_prepared_statement_cache_capacity(128);
            // Without this a statement with `LIMIT ?` is planned anew each time another number is bound: that was
            // more than half of what reading stories back cost.
            store.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            store.connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")
        });
        store.check(set_up)?;
        Ok(store)
    }

    /// Copies the database as it is now to a file that is not there yet; whoever writes meanwhile is not held up.
    ///
    /// # Errors
    /// When it cannot be read, or the copy not be written.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let done = Connection::open(path).and_then(|mut copy| {
            rusqlite::backup::Backup::new(&self.connection, &mut copy)?.run_to_completion(
                1024,
                std::time::Duration::ZERO,
                None,
            )
        });
        self.check(done)
    }

    /// Does all of `work` in one transaction, or nothing of it.
    ///
    /// # Errors
    /// When the database or `work` fails.
    pub fn together<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.batch("BEGIN IMMEDIATE")?;
        let result = work(self).and_then(|done| self.batch("COMMIT").map(|()| done).map_err(E::from));
        if result.is_err() && !self.connection.is_autocommit() {
            // The first error is the one to tell.
            let _ = self.batch("ROLLBACK");
        }
        result
    }

    /// [`Self::together`], flushed to the disk when it is committed: what comes of it is about to be published.
    ///
    /// # Errors
    /// When the database or `work` fails.
    pub fn atomically<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.batch("PRAGMA synchronous = FULL")?;
        let result = self.together(work);
        self.batch("PRAGMA synchronous = NORMAL")?;
        result
    }

    /// Writes what is in the log back to the database's file, as far as nobody reads what was before. Whoever closes the database
    /// last does it at the latest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn write_back(&self) -> Result<()> {
        self.batch("PRAGMA wal_checkpoint(PASSIVE)")
    }

    fn batch(&self, sql: &str) -> Result<()> {
        let done = self.connection.execute_batch(sql);
        self.check(done)
    }

    fn check<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| StoreError::Sqlite { path: self.path.clone(), error })
    }

    /// A small value that is kept by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn meta(&self, name: &str) -> Result<Option<String>> {
        let found = self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut s| s.query_row([name], |row| row.get(0)).optional());
        self.check(found)
    }

    /// Keeps a small value by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")
            .and_then(|mut s| s.execute(params![name, value]));
        self.check(done).map(drop)
    }

    /// The text of a list of sources from the network, as it was fetched last, and when.
    ///
    /// # Errors
    /// When the database fails.
    pub fn included(&self, url: &str) -> Result<Option<(String, Timestamp)>> {
        let found = self
            .connection
            .query_row("SELECT text, fetched FROM include WHERE url = ?1", [url], |row| {
                Ok((row.get(0)?, time(row.get(1)?)))
            })
            .optional();
        self.check(found)
    }

    /// Keeps the text of a list of sources from the network.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_included(&self, url: &str, text: &str, now: Timestamp) -> Result<()> {
        let done = self.connection.execute(
            "INSERT INTO include (url, text, fetched) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET text = excluded.text, fetched = excluded.fetched",
            params![url, text, now.as_second()],
        );
        self.check(done).map(drop)
    }

    /// Hosts that asked to be left alone, and until when.
    ///
    /// # Errors
    /// When the database fails.
    pub fn silences(&self, now: Timestamp) -> Result<Vec<(String, Timestamp)>> {
        let found = self
            .connection
            .prepare_cached("SELECT host, until FROM silence WHERE until > ?1 ORDER BY host")
            .and_then(|mut s| {
                s.query_map([now.as_second()], |row| Ok((row.get(0)?, time(row.get(1)?))))?.collect()
            });
        self.check(found)
    }

    /// Notes that a host asked to be left alone until then.
    ///
    /// # Errors
    /// When the database fails.
    pub fn silence(&self, host: &str, until: Timestamp) -> Result<()> {
        self.check(silence(&self.connection, host, until))
    }
}

fn silence(connection: &Connection, host: &str, until: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO silence (host, until) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = excluded.until")?
        .execute(params![host, not_before(until)])
        .map(drop)
}

/// A time as seconds of a column, where "not before" is meant: the second that has not begun by then counts.
fn not_before(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

/// Seconds of a column as a time. A damaged value becomes the epoch rather than an error.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// [`hash`] of what is no text.
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    xxhash_rust::xxh3::xxh3_64(bytes).cast_signed()
}

/// The hash that keys are looked up by: stable across versions and machines.
pub fn hash(text: &str) -> i64 {
    hash_bytes(text.as_bytes())
}
