//! The list of what kariz wrote into a folder: what it may remove again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::{FileError, write_temp};

/// In the folder itself, so that it goes where the folder goes.
const NAME: &str = ".kariz-list";

/// Which state of the store the documents are made from. What it says is never more than the store has kept: a
/// store that knows less has been put back.
const REVISION: &str = ".kariz-revision";

/// The store's revision that the documents below `root` were made from, as far as that was noted.
pub fn noted_revision(root: &Path) -> Option<i64> {
    fs::read_to_string(root.join(REVISION)).ok()?.trim().parse().ok()
}

/// Notes it, before the documents are written.
///
/// # Errors
/// When it cannot be written.
pub fn note_revision(root: &Path, revision: i64) -> Result<(), FileError> {
    if noted_revision(root) == Some(revision) {
        return Ok(());
    }
    replace(root, REVISION, &format!("{revision}\n"))
}

fn replace(root: &Path, name: &str, text: &str) -> Result<(), FileError> {
    let path = root.join(name);
    let failed = |e: &io::Error| FileError::new(&path, e);
    let temp = write_temp(root, text.as_bytes(), SystemTime::now()).map_err(|e| failed(&e))?;
    temp.persist(&path).map_err(|e| failed(&e.error))
}

/// Path → digest of the bytes. One line a file: `digest path`.
#[derive(Debug, Default)]
pub(super) struct List {
    files: BTreeMap<String, u64>,
    changed: bool,
}

impl List {
    /// A list that is missing or cannot be understood is empty: then nothing is removed.
    pub(super) fn read(root: &Path) -> Result<Self, FileError> {
        let path = root.join(NAME);
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(FileError::new(&path, &e)),
        };
        let files = text.lines().filter_map(|line| {
            let (digest, path) = line.split_once(' ')?;
            Some((path.to_owned(), u64::from_str_radix(digest, 16).ok()?))
        });
        Ok(Self { files: files.collect(), changed: false })
    }

    pub(super) fn insert(&mut self, path: &str, digest: u64) {
        // A path with a line end would be two lines.
        if !path.contains('\n') && self.files.insert(path.to_owned(), digest) != Some(digest) {
            self.changed = true;
        }
    }

    /// [`Self::insert`] for a file that is not on the list yet.
    pub(super) fn announce(&mut self, path: &str, digest: u64) {
        if !self.files.contains_key(path) {
            self.insert(path, digest);
        }
    }

    pub(super) fn forget(&mut self, path: &str) {
        self.changed |= self.files.remove(path).is_some();
    }

    pub(super) fn entries(&self) -> Vec<(String, u64)> {
        self.files.iter().map(|(path, digest)| (path.clone(), *digest)).collect()
    }

    /// Writes the list where it has changed.
    pub(super) fn write(&mut self, root: &Path) -> Result<(), FileError> {
        if !self.changed {
            return Ok(());
        }
        let text: String =
            self.files.iter().map(|(path, digest)| format!("{digest:016x} {path}\n")).collect();
        replace(root, NAME, &text)?;
        self.changed = false;
        Ok(())
    }
}
