//! One writer at a time: the lock on the data folder.
//!
//! The file says who holds it, or how the last holder left: a run that died leaves its own name there, and a database
//! that somebody else has changed since is not as the last run left it. Both are reasons to look through the
//! database before it is used ([`Lock::trusts`]); looking costs some seconds for a gigabyte, so there is none
//! without a reason but once a day.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::UNIX_EPOCH;

use jiff::{SignedDuration, Timestamp};

/// How long the word of an earlier look through the database counts.
const TRUST: SignedDuration = SignedDuration::from_hours(24);

/// Held as long as it lives; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
    folder: PathBuf,
    /// How the last holder left, where it could say.
    left: Option<Left>,
    checked: Mutex<Option<Timestamp>>,
    /// A pass met damage.
    suspect: AtomicBool,
}

/// How a holder left the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    /// When it was looked through last.
    checked: Timestamp,
    /// Its size, and when it was written, in nanoseconds.
    stamp: (u64, u128),
}

/// Why the data folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Locked {
    /// Another run holds it.
    #[error("another run of kariz holds {folder}{holder}; wait for it or stop it, or name another folder with --data-dir", folder = folder.display())]
    Held {
        /// The data folder.
        folder: PathBuf,
        /// Who, as far as it said so.
        holder: String,
    },
    /// The folder cannot be made or written to.
    #[error("{path} cannot be written: {error}; see that kariz may write there, or name another folder with --data-dir", path = path.display())]
    Io {
        /// The folder or the lock file in it.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

impl Lock {
    /// Takes the data folder, makes it where it is not there.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be written.
    pub fn take(folder: &Path, now: Timestamp) -> Result<Self, Locked> {
        std::fs::create_dir_all(folder).map_err(|error| Locked::Io { path: folder.to_owned(), error })?;
        let path = folder.join("kariz.lock");
        let failed = |error| Locked::Io { path: path.clone(), error };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is a courtesy: not being able to read it changes nothing.
                let _ = (&file).take(200).read_to_string(&mut holder);
                let holder = holder.trim();
                let holder = if holder.is_empty() || holder.starts_with("left ") {
                    String::new()
                } else {
                    format!(" ({holder})")
                };
                return Err(Locked::Held { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut left = String::new();
        // What cannot be read counts as nothing said.
        let _ = (&file).take(200).read_to_string(&mut left);
        let holder = format!("process {}, since {now:.0}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(failed)?;
        let left = Left::parse(&left);
        Ok(Self {
            file,
            folder: folder.to_owned(),
            left,
            checked: Mutex::new(None),
            suspect: AtomicBool::new(false),
        })
    }

    /// Whether the database is as the last holder left it in good order, and was looked through not long ago.
    pub fn trusts(&self, now: Timestamp) -> bool {
        if self.suspect.load(Ordering::Relaxed) {
            return false;
        }
        let checked = *self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let recent = |at: Timestamp| at <= now && now.duration_since(at) < TRUST;
        match (checked, self.left) {
            (Some(at), _) => recent(at),
            (None, Some(left)) => recent(left.checked) && stamp(&self.folder) == Some(left.stamp),
            (None, None) => false,
        }
    }

    /// The database was looked through now, unless it could be trusted anyhow.
    pub fn checked(&self, now: Timestamp) {
        let trusted = self.trusts(now);
        let mut checked = self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *checked = Some(match (*checked, self.left) {
            (Some(at), _) if trusted => at,
            (None, Some(left)) if trusted => left.checked,
            _ => now,
        });
        self.suspect.store(false, Ordering::Relaxed);
    }

    /// Says that the database is to be looked through before it is used again.
    pub fn suspects(&self) {
        *self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.suspect.store(true, Ordering::Relaxed);
    }
}

impl Drop for Lock {
    /// Says how the database was left. Where that fails, the next holder looks for itself.
    fn drop(&mut self) {
        let checked = *self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let text = match (checked, stamp(&self.folder)) {
            (Some(checked), Some((size, nanos))) => {
                format!("left {size} {nanos} {}\n", checked.as_second())
            }
            _ => String::new(),
        };
        let _ = self
            .file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(text.as_bytes()));
    }
}

impl Left {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix("left ")?.split_whitespace();
        let stamp = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Self { checked: Timestamp::from_second(words.next()?.parse().ok()?).ok()?, stamp })
    }
}

/// Size and time of the database. (There may be a log beside it: whoever reads meanwhile keeps it open.)
fn stamp(folder: &Path) -> Option<(u64, u128)> {
    let database = super::database_path(folder);
    let meta = std::fs::metadata(&database).ok()?;
    Some((meta.len(), meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos()))
}
