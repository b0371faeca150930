//! Why a file could not be written, in words.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A file that could not be written, with the reason and the way out. What was there before is
/// untouched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot write {}: {reason}", path.display())]
pub struct FileError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is in the way, and what a person can do.
    pub reason: String,
}

impl FileError {
    pub(super) fn new(path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "the disk is full; what was published before is still there. Free some space: the next pass writes it".to_owned()
            }
            ErrorKind::ReadOnlyFilesystem => {
                "the file system is read-only. Mount it writable, or let the outputs go to another folder".to_owned()
            }
            ErrorKind::PermissionDenied => {
                "kariz may not write there. Give its user write permission on the folder, or let the outputs go to another one".to_owned()
            }
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                "a file stands where a folder is needed. Move the file away, or choose another path for the output".to_owned()
            }
            ErrorKind::IsADirectory => return Self::folder(path),
            _ => format!("{error}; what was published before is still there"),
        };
        Self { path: path.to_owned(), reason }
    }

    pub(super) fn symlink(path: &Path) -> Self {
        let reason = "it is a symbolic link, which renaming would replace. Remove the link, or link the whole folder of outputs instead".to_owned();
        Self { path: path.to_owned(), reason }
    }

    pub(super) fn folder(path: &Path) -> Self {
        let reason = "it is a folder. Remove it, or choose another path for the output".to_owned();
        Self { path: path.to_owned(), reason }
    }

    pub(super) fn outside(path: &Path) -> Self {
        let reason = "the path leads out of the folder of outputs or is no name for a file. Use a relative path without `..`, and no symbolic link to a place outside".to_owned();
        Self { path: path.to_owned(), reason }
    }
}
