//! One writer at a time: the lock on the data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Held as long as it lives; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
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
                let _ = file.take(200).read_to_string(&mut holder);
                let holder = holder.trim();
                let holder = if holder.is_empty() { String::new() } else { format!(" ({holder})") };
                return Err(Locked::Held { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let holder = format!("process {}, since {now:.0}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(failed)?;
        Ok(Self { _file: file })
    }
}
