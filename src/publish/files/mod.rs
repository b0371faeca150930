//! Bytes → files that a web server can serve at any moment.
//!
//! A document is written to a temporary file in the same folder, flushed to the disk and renamed over the
//! old one: whoever reads sees the old document or the new one, never a part of either. With it come
//! `.gz` and `.br` twins for servers that send precompressed files (`gzip_static`, `brotli_static`,
//! `precompressed`).
//!
//! - **The order of a change** is `.br`, `.gz`, document. The document is what the next pass compares with, so
//!   it comes last: a run that dies in between is finished by the next one.
//! - **Unchanged means untouched**: same bytes, same time stamp. Twins carry the time stamp of their
//!   document (nginx asks for that), which also tells which twin belongs to which version.
//! - **A time stamp never repeats**: a changed document is at least one second younger than the one before,
//!   because nginx makes its `ETag` from seconds and length.
//! - **Nothing outside of the folder is touched**: no `..`, no path through a symbolic link that leads out, and a document
//!   that is a symbolic link is left alone (renaming would replace the link, not what it points to).
//! - **Only what kariz wrote is ever removed** ([`Folder::prune`]): it keeps a list, with a digest of each file.
//!
//! Only one process may write into a folder at a time; the lock on the data directory sees to that.

mod error;
mod list;
mod twins;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, SystemTime};

use tempfile::TempPath;

pub use error::FileError;
use list::List;
pub use list::{note_revision, noted_revision};
pub use twins::{brotli, gzip};

/// Temporary files are recognised by this, so that those of a run that died can be removed.
const TEMP_PREFIX: &str = ".kariz-";
const TEMP_SUFFIX: &str = ".tmp";

/// How many documents are flushed at the same time: the file system bundles what waits into one transaction, so eight files cost
/// little more than one.
const FLUSHERS: usize = 8;

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was there, with the same bytes.
    Unchanged,
    /// It is new, or has new bytes.
    Changed,
}

/// A path, and what became of the document there.
pub type Outcome = (String, Result<Written, FileError>);

/// A folder of outputs.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// The root without symbolic links: what paths below must stay in.
    real: PathBuf,
    with_twins: bool,
    /// Documents that have a quickly made `.gz` twin only.
    quick: Mutex<HashSet<String>>,
    /// Folders below that were made, checked and cleaned.
    prepared: Mutex<BTreeMap<PathBuf, ()>>,
    list: Mutex<List>,
}

/// A document that is on the disk under a temporary name, or needs no writing. Dropped without
/// [`Folder::commit`], it is gone and the old one stays.
#[derive(Debug)]
#[must_use = "a staged document appears with `commit`"]
pub struct Staged {
    path: String,
    digest: u64,
    /// Temporary file → its name, in the order of renaming.
    parts: Vec<(TempPath, PathBuf)>,
    /// Twins of an older version that will have no successor.
    stale: Vec<PathBuf>,
    written: Written,
    /// Whether the parts are flushed to the disk.
    is_flushed: bool,
}

impl Staged {
    /// Flushes its parts to the disk, if that was not done yet.
    fn flush(&mut self) -> Result<(), FileError> {
        if !self.is_flushed {
            for (temp, name) in &self.parts {
                File::open(temp).and_then(|file| file.sync_all()).map_err(|e| FileError::new(name, &e))?;
            }
            self.is_flushed = true;
        }
        Ok(())
    }
}

impl Folder {
    /// Opens a folder, and makes it where it is not there. `with_twins` writes `.gz` and `.br` beside
    /// each document.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(root: &Path, with_twins: bool) -> Result<Self, FileError> {
        make_folder(root)?;
        let real = fs::canonicalize(root).map_err(|e| FileError::new(root, &e))?;
        let list = List::read(&real)?;
        let folder = Self {
            root: root.to_owned(),
            real,
            with_twins,
            quick: Mutex::default(),
            prepared: Mutex::default(),
            list: Mutex::new(list),
        };
        folder.prepare(root)?;
        Ok(folder)
    }

    /// Names documents that shall have a quickly made `.gz` twin and no `.br`: they are very many, and few ask for any
    /// one of them. Brotli was more than a quarter of a cold pass.
    pub fn quick_over(&self, paths: impl IntoIterator<Item = String>) {
        self.quick.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(paths);
    }

    /// Writes one document, if it is not there already. For many at a time: [`Self::publish`], [`Self::make`].
    ///
    /// # Errors
    /// When it cannot be written; the old one is still there then.
    pub fn write_if_changed(&self, path: &str, bytes: &[u8]) -> Result<Written, FileError> {
        let staged = self.stage(path, bytes)?;
        let mut results = self.commit(vec![staged])?;
        results.pop().map_or(Ok(Written::Unchanged), |(_, result)| result)
    }

    /// Whether a document is there: closed archives are written once.
    pub fn contains(&self, path: &str) -> bool {
        self.locate(path).is_ok_and(|target| target.is_file())
    }

    /// Compares, compresses and writes a document under a temporary name. May be called from several
    /// threads. `path` is relative, with `/`.
    ///
    /// # Errors
    /// When the path leads out of the folder or the file cannot be written.
    pub fn stage(&self, path: &str, bytes: &[u8]) -> Result<Staged, FileError> {
        let target = self.locate(path)?;
        let parent = target.parent().unwrap_or(&self.root);
        self.prepare(parent)?;
        let failed = |e: io::Error| FileError::new(&target, &e);

        let old = match fs::symlink_metadata(&target) {
            Ok(meta) if meta.is_file() => Some(meta),
            Ok(meta) if meta.is_symlink() => return Err(FileError::symlink(&target)),
            Ok(_) => return Err(FileError::folder(&target)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(failed(e)),
        };
        let twins = [twin(&target, "br"), twin(&target, "gz")];
        let same = match &old {
            Some(meta) if meta.len() == bytes.len() as u64 => holds(&target, bytes).map_err(failed)?,
            _ => false,
        };
        let stamp = match &old {
            Some(meta) if same => meta.modified().map_err(failed)?,
            Some(meta) => later_than(meta.modified().map_err(failed)?),
            None => SystemTime::now(),
        };
        let mut staged = Staged {
            path: path.to_owned(),
            digest: xxhash_rust::xxh3::xxh3_64(bytes),
            parts: Vec::new(),
            stale: Vec::new(),
            written: if same { Written::Unchanged } else { Written::Changed },
            is_flushed: false,
        };
        type Compress = fn(&[u8]) -> Vec<u8>;
        let is_quick = self.quick.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(path);
        let gzip: Compress = if is_quick { twins::gzip_quickly } else { twins::gzip };
        for (twin, compress) in
            twins.into_iter().zip([(!is_quick).then_some(twins::brotli as Compress), Some(gzip)])
        {
            let Some(compress) = compress.filter(|_| self.with_twins) else {
                if twin.symlink_metadata().is_ok() {
                    staged.stale.push(twin);
                }
                continue;
            };
            let fits = same
                && twin
                    .symlink_metadata()
                    .is_ok_and(|m| m.is_file() && m.modified().is_ok_and(|at| at == stamp));
            if !fits {
                staged.parts.push((write_temp(parent, &compress(bytes), stamp).map_err(failed)?, twin));
            }
        }
        if !same {
            staged.parts.push((write_temp(parent, bytes, stamp).map_err(failed)?, target.clone()));
        }
        Ok(staged)
    }

    /// Flushes all staged documents to the disk, as far as that was not done yet, and lets them appear. Each stands for itself: one
    /// that fails does not keep the others back, and its old version stays.
    ///
    /// # Errors
    /// When the list of what was written cannot be kept.
    pub fn commit(&self, mut staged: Vec<Staged>) -> Result<Vec<Outcome>, FileError> {
        let flushed: Vec<Result<(), FileError>> = staged.iter_mut().map(Staged::flush).collect();
        let mut touched: BTreeMap<PathBuf, ()> = BTreeMap::new();
        let mut results = Vec::with_capacity(staged.len());
        let mut list = self.list.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // What is new is on the list before it appears: a run that dies in between leaves no file that nobody would remove.
        for document in staged.iter().filter(|document| document.written == Written::Changed) {
            list.announce(&document.path, document.digest);
        }
        list.write(&self.real)?;
        for (document, flushed) in staged.into_iter().zip(flushed) {
            for (_, name) in &document.parts {
                if let Some(parent) = name.parent() {
                    touched.insert(parent.to_owned(), ());
                }
            }
            let Staged { path, digest, parts, stale, written, .. } = document;
            let result = flushed.and_then(|()| appear(parts, &stale)).map(|()| written);
            if result.is_ok() {
                list.insert(&path, digest);
            }
            results.push((path, result));
        }
        // The renames themselves reach the disk with their folders. A file system that cannot do that
        // loses nothing but the order of things in a power cut.
        for folder in touched.keys() {
            let _ = File::open(folder).and_then(|f| f.sync_all());
        }
        list.write(&self.real)?;
        Ok(results)
    }

    /// [`Self::make`] for documents that are there already.
    ///
    /// # Errors
    /// When the list of what was written cannot be kept. What happens to a single document stands beside its path.
    pub fn publish<I>(&self, documents: I) -> Result<Vec<Outcome>, FileError>
    where
        I: Iterator<Item = (String, Vec<u8>)> + Send,
    {
        self.make(documents.map(|(path, bytes)| (path, move || Some(bytes))))
    }

    /// Makes documents (one that cannot be made gives `None` and is left as it was), stages and commits them all, on as many
    /// threads as the machine has cores: rendering and compressing are most of the work, and only the iterator itself is
    /// one thread's at a time. Memory holds one document a thread at a time. Beside that, others flush what is staged.
    ///
    /// # Errors
    /// When the list of what was written cannot be kept. What happens to a single document stands beside its path.
    pub fn make<I, F>(&self, documents: I) -> Result<Vec<Outcome>, FileError>
    where
        I: Iterator<Item = (String, F)> + Send,
        F: FnOnce() -> Option<Vec<u8>>,
    {
        let queue = Mutex::new(documents.enumerate());
        let (hand_over, staged) = mpsc::channel::<(usize, Staged)>();
        let work = |hand_over: mpsc::Sender<(usize, Staged)>| {
            let mut failed = Vec::new();
            loop {
                let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                let Some((i, (path, make))) = next else { return failed };
                let Some(bytes) = make() else { continue };
                match self.stage(&path, &bytes) {
                    // Whoever flushes them is there until nobody stages any more.
                    Ok(document) => drop(hand_over.send((i, document))),
                    Err(error) => failed.push((i, path, Err(error))),
                }
            }
        };
        let staged = Mutex::new(staged);
        let flush = || {
            let (mut done, mut failed) = (Vec::new(), Vec::new());
            loop {
                let next = staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
                let Ok((i, mut document)) = next else { return (done, failed) };
                match document.flush() {
                    Ok(()) => done.push((i, document)),
                    Err(error) => failed.push((i, document.path, Err(error))),
                }
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (mut all, mut failed) = std::thread::scope(|scope| {
            let flushers: Vec<_> = (0..FLUSHERS)
                .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, flush).ok())
                .collect();
            let workers: Vec<_> = (1..cores)
                .filter_map(|_| {
                    let hand_over = hand_over.clone();
                    std::thread::Builder::new().spawn_scoped(scope, || work(hand_over)).ok()
                })
                .collect();
            let mut failed = work(hand_over);
            for thread in workers {
                // Who panics has made nothing: that must not pass for done.
                failed.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            // This thread flushes too: then it gets done even where no other can be had.
            let (mut all, unflushed) = flush();
            failed.extend(unflushed);
            for thread in flushers {
                let (done, unflushed) =
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.extend(done);
                failed.extend(unflushed);
            }
            (all, failed)
        });
        all.sort_unstable_by_key(|(i, _)| *i);
        let staged = all.into_iter().map(|(_, document)| document).collect();
        let mut results = self.commit(staged)?;
        failed.sort_unstable_by_key(|(i, ..)| *i);
        results.extend(failed.into_iter().map(|(_, path, error)| (path, error)));
        Ok(results)
    }

    /// Removes documents that kariz wrote once and that are not wanted any more, with their twins and
    /// with folders that get empty.. A file that somebody has changed since is left alone. Gives the
    /// paths that were removed.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn prune(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, FileError> {
        let mut list = self.list.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut removed = Vec::new();
        for (path, digest) in list.entries() {
            if wanted(&path) {
                continue;
            }
            if let Ok(target) = self.locate(&path)
                && fs::symlink_metadata(&target).is_ok_and(|meta| meta.is_file())
                && fs::read(&target).is_ok_and(|bytes| xxhash_rust::xxh3::xxh3_64(&bytes) == digest)
            {
                for file in [twin(&target, "br"), twin(&target, "gz"), target.clone()] {
                    remove(&file)?;
                }
                self.remove_empty(target.parent());
                removed.push(path.clone());
            }
            list.forget(&path);
        }
        list.write(&self.real)?;
        Ok(removed)
    }

    /// Where a document stands on the disk.
    fn locate(&self, path: &str) -> Result<PathBuf, FileError> {
        let odd = |part: &str| {
            part.is_empty()
                || part == "."
                || part == ".."
                || part.starts_with(TEMP_PREFIX)
                || part.contains(['\0', '\\'])
                // Room for `.gz` and `.br` in the 255 bytes that a name may have.
                || part.len() > 250
        };
        if path.split('/').any(odd) {
            return Err(FileError::outside(&self.root.join(path)));
        }
        Ok(path.split('/').fold(self.root.clone(), |folder, part| folder.join(part)))
    }

    /// Makes a folder, sees that it lies within the root, and removes what a run that died left there.
    /// Once for each folder.
    fn prepare(&self, folder: &Path) -> Result<(), FileError> {
        let mut prepared = self.prepared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if prepared.contains_key(folder) && folder.is_dir() {
            return Ok(());
        }
        make_folder(folder)?;
        let failed = |e: io::Error| FileError::new(folder, &e);
        if !fs::canonicalize(folder).map_err(failed)?.starts_with(&self.real) {
            return Err(FileError::outside(folder));
        }
        if prepared.insert(folder.to_owned(), ()).is_none() {
            for file in fs::read_dir(folder).map_err(failed)?.flatten() {
                let name = file.file_name();
                let name = name.to_string_lossy();
                if name.starts_with(TEMP_PREFIX) && name.ends_with(TEMP_SUFFIX) {
                    remove(&file.path())?;
                }
            }
        }
        Ok(())
    }

    fn remove_empty(&self, mut folder: Option<&Path>) {
        while let Some(path) = folder.filter(|path| *path != self.root && path.starts_with(&self.root)) {
            if fs::remove_dir(path).is_err() {
                return;
            }
            folder = path.parent();
        }
    }
}

/// `atom.xml` → `atom.xml.gz`.
fn twin(target: &Path, extension: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// Now, but at least a second after `old`. A clock that was wrong by more than that is not followed.
fn later_than(old: SystemTime) -> SystemTime {
    let now = SystemTime::now();
    let next = old + Duration::from_secs(1);
    if next <= now + Duration::from_secs(5) { now.max(next) } else { now }
}

/// Whether a file holds exactly these bytes.
fn holds(file: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(file)?;
    let mut rest = bytes;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(rest.is_empty());
        }
        match rest.strip_prefix(&buffer[..read]) {
            Some(after) => rest = after,
            None => return Ok(false),
        }
    }
}

/// Writes a temporary file, readable by everybody whatever the umask says, and closes it: thousands may
/// be staged at a time, and open files are few.
fn write_temp(folder: &Path, bytes: &[u8], stamp: SystemTime) -> io::Result<TempPath> {
    let mut file = tempfile::Builder::new().prefix(TEMP_PREFIX).suffix(TEMP_SUFFIX).tempfile_in(folder)?;
    file.write_all(bytes)?;
    allow(file.path(), 0o644)?;
    file.as_file().set_modified(stamp)?;
    Ok(file.into_temp_path())
}

/// Renames the parts of a document to their names.
fn appear(parts: Vec<(TempPath, PathBuf)>, stale: &[PathBuf]) -> Result<(), FileError> {
    for file in stale {
        remove(file)?;
    }
    let mut done: Vec<PathBuf> = Vec::new();
    for (temp, name) in parts {
        if let Err(e) = temp.persist(&name) {
            // No twin without its document: a server would send the new one to some readers only.
            for twin in done {
                let _ = fs::remove_file(twin);
            }
            return Err(FileError::new(&name, &e.error));
        }
        done.push(name);
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), FileError> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(FileError::new(file, &e)),
        _ => Ok(()),
    }
}

/// Makes a folder and those above it; what is made may be entered by everybody.
fn make_folder(folder: &Path) -> Result<(), FileError> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => allow(folder, 0o755).map_err(|e| FileError::new(folder, &e)),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(e) => Err(FileError::new(folder, &e)),
    }
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn allow(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
