//! The published directory, answered for from memory.
//!
//! Requests look names up in an index of what was found on disk; no request's path ever reaches the file
//! system. Bytes are read at the first request and kept while there is room, so that years of archive pages
//! cost nothing until someone reads them.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::delta::Earlier;
use super::file::Loaded;

/// How much file content is kept in memory, in bytes.
const DEFAULT_BUDGET: usize = 256 << 20;
/// Files above this size are no feeds and no pages; they are not served.
const LARGEST: u64 = 256 << 20;
/// Folders nested deeper than this are not looked into.
const DEEPEST: usize = 16;
/// How often another process's changes are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is published in one directory.
#[derive(Debug)]
pub struct Site {
    dir: PathBuf,
    index: ArcSwap<Index>,
    budget: usize,
    held: AtomicUsize,
    born: Instant,
    /// Milliseconds after `born` at which to look at the directory again.
    look_at: AtomicU64,
    scanning: Mutex<()>,
}

type Index = HashMap<Box<str>, Arc<Slot>>;

/// A file of the directory, in memory or not.
#[derive(Debug)]
pub struct Slot {
    name: Box<str>,
    path: PathBuf,
    stamp: Stamp,
    earlier: Earlier,
    loaded: ArcSwapOption<Loaded>,
    /// Asked for since the last sweep.
    recent: AtomicBool,
}

impl Slot {
    /// The file, if it is in memory.
    pub fn in_memory(&self) -> Option<Arc<Loaded>> {
        let loaded = self.loaded.load_full()?;
        // Written only when it changes: a shared cache line that every request writes would slow all of them.
        if !self.recent.load(Ordering::Relaxed) {
            self.recent.store(true, Ordering::Relaxed);
        }
        Some(loaded)
    }
}

/// When and how large a file and its twins are: if none of it has changed, neither has the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stamp([Option<(SystemTime, u64, u64)>; 3]);

/// Where a path leads.
#[derive(Debug)]
pub enum Found {
    /// To a file.
    File(Arc<Slot>),
    /// To a folder that was asked for without its `/`.
    Folder,
    /// Nowhere.
    Nothing,
}

impl Site {
    /// Looks at `dir`. It need not exist yet: then nothing is published.
    ///
    /// # Errors
    /// When the directory is there but cannot be read.
    pub fn load(dir: impl Into<PathBuf>) -> io::Result<Arc<Self>> {
        Self::with_budget(dir, DEFAULT_BUDGET)
    }

    /// The same, with at most about `budget` bytes of content kept in memory.
    ///
    /// # Errors
    /// When the directory is there but cannot be read.
    pub fn with_budget(dir: impl Into<PathBuf>, budget: usize) -> io::Result<Arc<Self>> {
        let site = Self {
            dir: dir.into(),
            index: ArcSwap::default(),
            budget,
            held: AtomicUsize::new(0),
            born: Instant::now(),
            look_at: AtomicU64::new(0),
            scanning: Mutex::new(()),
        };
        site.reload()?;
        Ok(Arc::new(site))
    }

    /// Looks at the directory now: to be called after a publish of this process. Blocks on the disk.
    ///
    /// # Errors
    /// When the directory cannot be read; what was known before stays.
    pub fn reload(&self) -> io::Result<()> {
        let _alone = self.scanning.lock().unwrap_or_else(PoisonError::into_inner);
        self.scan()
    }

    /// Whether it is time to look for changes. Of those who ask, one at a time is told so, and has to call
    /// [`Site::look`].
    pub fn is_due(&self) -> bool {
        let now = self.millis();
        let due = self.look_at.load(Ordering::Relaxed);
        let next = now + millis(LOOK_EVERY);
        now >= due && self.look_at.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The file of exactly this name, if it is in memory and no look at the directory is due: what can be
    /// answered at once.
    pub fn at_once(&self, path: &str) -> Option<Arc<Loaded>> {
        if self.millis() >= self.look_at.load(Ordering::Relaxed) {
            return None;
        }
        let name = match path.strip_prefix('/')? {
            "" => "index.html",
            // Names without a dot may be pages that are made when they are asked for.
            name if !name.contains('.') => return None,
            name => name,
        };
        self.index.load().get(name)?.in_memory()
    }

    /// Looks for changes unless someone else is about to. Blocks on the disk.
    pub fn look(&self) {
        let _alone = match self.scanning.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if let Err(error) = self.scan() {
            tracing::warn!(dir = %self.dir.display(), %error, "the published directory cannot be read; serving what was there");
        }
    }

    fn scan(&self) -> io::Result<()> {
        let began = Instant::now();
        let mut found = HashMap::new();
        walk(&self.dir, "", 0, &mut found)?;
        self.swap(found);
        // Of one core, looking takes a hundredth at most, however many files there are.
        let next = LOOK_EVERY.max(began.elapsed() * 100);
        self.look_at.store(self.millis() + millis(next), Ordering::Relaxed);
        Ok(())
    }

    /// Puts what was found in the place of the old index; slots of unchanged files stay.
    fn swap(&self, found: HashMap<String, (PathBuf, Stamp)>) {
        let old = self.index.load();
        let unchanged = |(name, (_, stamp)): (&String, &(PathBuf, Stamp))| {
            old.get(name.as_str()).is_some_and(|slot| slot.stamp == *stamp)
        };
        if old.len() == found.len() && found.iter().all(unchanged) {
            return;
        }
        let mut index = Index::with_capacity(found.len());
        for (name, (path, stamp)) in found {
            let slot = match old.get(name.as_str()) {
                Some(slot) if slot.stamp == stamp => slot.clone(),
                before => {
                    let was = before.and_then(|slot| slot.loaded.load_full());
                    let earlier = match (&was, before) {
                        (Some(was), _) => was.into_earlier(),
                        (None, Some(before)) => before.earlier.clone(),
                        (None, None) => Earlier::default(),
                    };
                    let slot = Arc::new(Slot {
                        name: name.as_str().into(),
                        path,
                        stamp,
                        earlier,
                        loaded: ArcSwapOption::empty(),
                        recent: AtomicBool::new(false),
                    });
                    if was.is_some() {
                        // It was wanted before, it will be wanted again: no request has to wait for it.
                        let _ = self.fill(&slot);
                    }
                    slot
                }
            };
            index.insert(name.into(), slot);
        }
        let held = index.values().filter_map(|slot| slot.loaded.load().as_ref().map(|l| l.weight())).sum();
        self.index.store(Arc::new(index));
        self.held.store(held, Ordering::Relaxed);
    }

    /// Where the path of a request leads, percent-encoded as it came.
    pub fn find(&self, path: &str) -> Found {
        let Some(name) = path.strip_prefix('/') else { return Found::Nothing };
        let decoded;
        let name = if name.contains('%') {
            let Ok(text) = percent_decode(name) else { return Found::Nothing };
            decoded = text;
            decoded.as_str()
        } else {
            name
        };
        let index = self.index.load();
        if let Some(slot) = index.get(name) {
            return Found::File(slot.clone());
        }
        if name.is_empty() || name.ends_with('/') {
            return match index.get(format!("{name}index.html").as_str()) {
                Some(slot) => Found::File(slot.clone()),
                None => Found::Nothing,
            };
        }
        if let Some(slot) = index.get(format!("{name}.html").as_str()) {
            return Found::File(slot.clone());
        }
        match index.contains_key(format!("{name}/index.html").as_str()) {
            true => Found::Folder,
            false => Found::Nothing,
        }
    }

    /// The content of a slot, read if it is not in memory. Blocks on the disk.
    ///
    /// # Errors
    /// When the file cannot be read: it may just have been taken away.
    pub fn fill(&self, slot: &Slot) -> io::Result<Arc<Loaded>> {
        if let Some(loaded) = slot.in_memory() {
            return Ok(loaded);
        }
        let loaded = Arc::new(Loaded::read(&slot.path, &slot.name, slot.earlier.clone(), SystemTime::now())?);
        slot.loaded.store(Some(loaded.clone()));
        slot.recent.store(true, Ordering::Relaxed);
        let held = self.held.fetch_add(loaded.weight(), Ordering::Relaxed) + loaded.weight();
        if held > self.budget {
            self.sweep();
        }
        Ok(loaded)
    }

    /// Lets go of content until there is room: first of what nobody has asked for since the last sweep
    /// (the second-chance rule), then of anything.
    fn sweep(&self) {
        let index = self.index.load();
        let mut held: usize =
            index.values().filter_map(|slot| slot.loaded.load().as_ref().map(|l| l.weight())).sum();
        for spare_recent in [true, false] {
            for slot in index.values() {
                if held <= self.budget / 4 * 3 {
                    break;
                }
                if spare_recent && slot.recent.swap(false, Ordering::Relaxed) {
                    continue;
                }
                if let Some(gone) = slot.loaded.swap(None) {
                    held -= gone.weight().min(held);
                }
            }
        }
        self.held.store(held, Ordering::Relaxed);
    }

    /// Whether anything is published.
    pub fn is_published(&self) -> bool {
        !self.index.load().is_empty()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.index.load().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        !self.is_published()
    }

    fn millis(&self) -> u64 {
        millis(self.born.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Collects the files under `dir`. Names that begin with a dot are unfinished or private; twins belong to their
/// file; links and special files are not followed.
fn walk(
    dir: &Path,
    prefix: &str,
    depth: usize,
    found: &mut HashMap<String, (PathBuf, Stamp)>,
) -> io::Result<()> {
    let listing = match fs::read_dir(dir) {
        Ok(listing) => listing,
        // Not published yet, or a folder taken away while we looked.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut here: HashMap<String, (SystemTime, u64, u64)> = HashMap::new();
    for item in listing {
        let item = item?;
        let Ok(name) = item.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let Ok(meta) = item.metadata() else { continue };
        if meta.is_dir() && depth < DEEPEST {
            walk(&item.path(), &format!("{prefix}{name}/"), depth + 1, found)?;
        } else if meta.is_file() && meta.len() <= LARGEST {
            here.insert(
                name,
                (meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), meta.len(), file_number(&meta)),
            );
        }
    }
    for (name, stamp) in &here {
        let is_twin = ["gz", "br"].iter().any(|extension| {
            name.strip_suffix(extension)
                .and_then(|n| n.strip_suffix('.'))
                .is_some_and(|n| here.contains_key(n))
        });
        if !is_twin {
            let twin_stamp = |extension: &str| here.get(&format!("{name}.{extension}")).copied();
            let stamp = Stamp([Some(*stamp), twin_stamp("gz"), twin_stamp("br")]);
            found.insert(format!("{prefix}{name}"), (dir.join(name), stamp));
        }
    }
    Ok(())
}

/// Tells a renamed-in file from the one it replaced, where both have one size and one time.
#[cfg(unix)]
fn file_number(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn file_number(_: &fs::Metadata) -> u64 {
    0
}

fn percent_decode(text: &str) -> Result<String, ()> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let digit = |i: usize| tail.get(i).and_then(|&b| char::from(b).to_digit(16));
            let (Some(high), Some(low)) = (digit(0), digit(1)) else { return Err(()) };
            bytes.push((high * 16 + low) as u8);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, content: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn body(site: &Site, path: &str) -> Option<String> {
        match site.find(path) {
            Found::File(slot) => {
                let loaded = site.fill(&slot).ok()?;
                Some(String::from_utf8(loaded.identity.bytes.to_vec()).unwrap())
            }
            _ => None,
        }
    }

    #[test]
    fn paths_lead_to_files_by_name_only() {
        let dir = tempfile::tempdir().unwrap();
        for name in
            ["index.html", "atom.xml", "tags/شهر.xml", "tags/a b.xml", "days/index.html", "status.html"]
        {
            write(dir.path(), name, name);
        }
        write(dir.path(), ".tmpabc", "unfinished");
        fs::write(dir.path().parent().unwrap().join("kariz-site-secret"), "secret").unwrap();
        let site = Site::load(dir.path()).unwrap();
        for (path, expected) in [
            ("/", Some("index.html")),
            ("/index.html", Some("index.html")),
            ("/atom.xml", Some("atom.xml")),
            ("/tags/%D8%B4%D9%87%D8%B1.xml", Some("tags/شهر.xml")),
            ("/tags/a%20b.xml", Some("tags/a b.xml")),
            ("/days/", Some("days/index.html")),
            ("/status", Some("status.html")),
            ("/../kariz-site-secret", None),
            ("/%2e%2e/kariz-site-secret", None),
            ("/..%2fkariz-site-secret", None),
            ("/tags/../atom.xml", None),
            ("//atom.xml", None),
            ("/./atom.xml", None),
            ("/.tmpabc", None),
            ("/%", None),
            ("/%ff", None),
            ("/atom.xml%00", None),
            ("/tags", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(body(&site, path).as_deref(), expected, "{path}");
        }
        assert!(matches!(site.find("/days"), Found::Folder));
        fs::remove_file(dir.path().parent().unwrap().join("kariz-site-secret")).unwrap();
    }

    #[test]
    fn a_directory_may_come_later_and_go_again() {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::load(dir.path().join("public")).unwrap();
        assert!(!site.is_published());
        write(dir.path(), "public/atom.xml", "<feed/>");
        site.reload().unwrap();
        assert_eq!(body(&site, "/atom.xml").as_deref(), Some("<feed/>"));
        fs::remove_dir_all(dir.path().join("public")).unwrap();
        site.reload().unwrap();
        assert!(site.is_empty());
    }

    #[test]
    fn a_replaced_file_is_seen_and_an_untouched_one_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.xml", "<feed>1</feed>");
        write(dir.path(), "b.xml", "<feed>b</feed>");
        let site = Site::load(dir.path()).unwrap();
        body(&site, "/a.xml");
        body(&site, "/b.xml");
        let Found::File(before) = site.find("/b.xml") else { panic!() };
        write(dir.path(), ".new", "<feed>2</feed>");
        fs::rename(dir.path().join(".new"), dir.path().join("a.xml")).unwrap();
        site.reload().unwrap();
        let Found::File(changed) = site.find("/a.xml") else { panic!() };
        let Found::File(after) = site.find("/b.xml") else { panic!() };
        assert_eq!(&changed.in_memory().expect("read ahead").identity.bytes[..], b"<feed>2</feed>");
        assert!(Arc::ptr_eq(&before, &after));
    }

    #[test]
    fn a_twin_of_other_content_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        let old = format!("<feed>{}</feed>", "old ".repeat(500));
        let new = old.replace("old", "new");
        write(dir.path(), "a.xml", &new);
        fs::write(dir.path().join("a.xml.gz"), super::super::file::pack(old.as_bytes())).unwrap();
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut new.as_bytes(), &mut packed, &Default::default()).unwrap();
        fs::write(dir.path().join("a.xml.br"), packed).unwrap();
        let site = Site::load(dir.path()).unwrap();
        assert_eq!(site.len(), 1, "twins are not files of their own");
        let Found::File(slot) = site.find("/a.xml") else { panic!() };
        let loaded = site.fill(&slot).unwrap();
        assert!(loaded.brotli.is_some());
        let mut unpacked = String::new();
        let gzip = loaded.gzip.as_ref().expect("made anew");
        io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&gzip.bytes[..]), &mut unpacked).unwrap();
        assert_eq!(unpacked, new);
    }

    #[test]
    fn memory_stays_in_its_budget() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..100 {
            write(dir.path(), &format!("{n}.html"), &"x".repeat(400));
        }
        let site = Site::with_budget(dir.path(), 4_000).unwrap();
        for n in 0..100 {
            assert!(body(&site, &format!("/{n}")).is_some());
            assert!(site.held.load(Ordering::Relaxed) <= 4_000);
        }
        let held = site.index.load().values().filter(|slot| slot.in_memory().is_some()).count();
        assert!((1..=10).contains(&held), "{held}");
    }
}
