//! A database that is damaged or gone: set aside, and made again from what can be read of it, from what is published, and
//! from the sources.
//!
//! Ids and dates are what must not be lost: readers know stories by them. Those of all rows that can be read are
//! carried over; those that stand in published files (feeds, archives) are read back from there; the rest comes
//! from the sources again, where a story's id is made of who told it first.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::lock::Lock;
use super::made_from::State;
use super::{TickError, database_path, parts_back, public_dir, read_back};
use crate::config::Config;
use crate::publish::files::{note_revision, noted_revision};
use crate::store::{Health, Salvaged, Store, StoreError};
use crate::stories::{self, Features};

/// What was made again, for whoever is to be told.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// What was wrong.
    pub why: String,
    /// Where the damaged database is now.
    pub aside: Option<PathBuf>,
    /// What was carried over from it.
    pub salvaged: Salvaged,
    /// Stories that were read back from published files.
    pub from_outputs: usize,
    /// All sources are read anew.
    pub anew: bool,
}

impl std::fmt::Display for Recovered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { why, aside, salvaged, from_outputs, anew } = self;
        write!(f, "{why}. ")?;
        if let Some(aside) = aside {
            write!(
                f,
                "It was set aside as {}; {} entries and {} stories of {} sources could be read and were carried over. ",
                aside.display(),
                salvaged.entries,
                salvaged.stories,
                salvaged.sources
            )?;
        }
        let anew = if *anew { "All sources will be read anew. " } else { "" };
        write!(
            f,
            "{from_outputs} stories were read back from the published files. {anew}\
             If you have a backup that is better than that: `kariz restore FILE`"
        )
    }
}

/// Sees that the database can be used, before a run uses it: looks through it where there is a reason to (see
/// [`Lock::trusts`]), and makes it again where it is damaged or gone. Gives what was made again, which a person
/// should be told.
///
/// # Errors
/// When a damaged database cannot be replaced; it stays where it is then.
pub fn see_to_database(
    config: &Config,
    data_dir: &Path,
    lock: &Lock,
    now: Timestamp,
) -> Result<Option<Recovered>, TickError> {
    let recovered = look(config, data_dir, lock.trusts(now), now)?;
    lock.checked(now);
    Ok(recovered)
}

/// The same on a thread of its own: it may take minutes, and a daemon that is told to stop does not wait for it. What
/// an abandoned one has begun, the next run finishes or removes.
///
/// # Errors
/// As [`see_to_database`].
pub async fn see_to_database_aside(
    config: &Config,
    data_dir: &Path,
    lock: &Lock,
    now: Timestamp,
) -> Result<Option<Recovered>, TickError> {
    let (config, data_dir, trusted) = (config.clone(), data_dir.to_owned(), lock.trusts(now));
    let looking = tokio::task::spawn_blocking(move || look(&config, &data_dir, trusted, now));
    let recovered = looking
        .await
        .map_err(|e| TickError::Defect(format!("looking through the database broke off: {e}")))??;
    lock.checked(now);
    Ok(recovered)
}

fn look(
    config: &Config,
    data_dir: &Path,
    trusted: bool,
    now: Timestamp,
) -> Result<Option<Recovered>, TickError> {
    let path = database_path(data_dir);
    Store::finish_replacing(&path)?;
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() > 0) {
        let foreign_log = Store::set_foreign_log_aside(&path)?;
        if trusted && foreign_log.is_none() {
            return Ok(None);
        }
        return match Store::health(&path)? {
            Health::Sound => catch_up(config, data_dir, foreign_log, now),
            Health::Damaged(why) => make_again(config, data_dir, &why, now).map(Some),
        };
    }
    match public_dir(data_dir).join(".kariz-list").is_file() {
        true => make_again(config, data_dir, "", now).map(Some),
        false => Ok(None),
    }
}

/// Takes a copy for the database, and reads back from the published files what is younger than the copy. The data
/// folder must be locked by the caller.
///
/// # Errors
/// When the copy is not fit for use; what was there stays then.
pub fn restore(
    config: &Config,
    data_dir: &Path,
    file: &Path,
    now: Timestamp,
) -> Result<Recovered, TickError> {
    let path = database_path(data_dir);
    let aside = path.with_extension("db.replaced");
    let aside = path.exists().then_some(aside);
    let mut store = Store::begin_restoring(file, &path)?;
    store.sync_sources(&config.sources)?;
    let from_outputs = take_back(&mut store, config, data_dir, now)?;
    // What is on the disk was made from another database.
    State::forget(&store)?;
    knows_what_is_published(&store, data_dir)?;
    // Only now, with all that was read back: a run that dies before leaves everything as it was.
    store.replace(&path, aside.as_deref())?;
    Ok(Recovered { why: String::new(), aside, salvaged: Salvaged::default(), from_outputs, anew: true })
}

/// A sound database that knows less than what is published was made from: its log was lost, or an older copy was put in
/// its place. What was published since is read back. `foreign_log`: a log of another database that lay beside it.
fn catch_up(
    config: &Config,
    data_dir: &Path,
    foreign_log: Option<PathBuf>,
    now: Timestamp,
) -> Result<Option<Recovered>, TickError> {
    let (path, public) = (database_path(data_dir), public_dir(data_dir));
    let noted = noted_revision(&public);
    if noted.is_none() && foreign_log.is_none() {
        return Ok(None);
    }
    let mut store = Store::open(&path)?;
    let is_behind = noted > Some(store.revision()?);
    if !is_behind && foreign_log.is_none() {
        return Ok(None);
    }
    store.sync_sources(&config.sources)?;
    let from_outputs = take_back(&mut store, config, data_dir, now)?;
    State::forget(&store)?;
    let shown = path.display();
    let why = match &foreign_log {
        Some(log) => {
            format!(
                "the log beside the database {shown} was that of another one, and was set aside as {}",
                log.display()
            )
        }
        None => format!(
            "the database {shown} was older than what is published: its log was lost, or an older copy took its place"
        ),
    };
    knows_what_is_published(&store, data_dir)?;
    Ok(Some(Recovered { why, aside: None, salvaged: Salvaged::default(), from_outputs, anew: false }))
}

/// Notes that a store that is about to be used knows all that is published, whatever its own count of changes says.
fn knows_what_is_published(store: &Store, data_dir: &Path) -> Result<(), TickError> {
    let public = public_dir(data_dir);
    match public.is_dir() {
        true => Ok(note_revision(&public, store.revision()?)?),
        false => Ok(()),
    }
}

/// Makes the database again. `damage` is what SQLite says of the old one; empty where there is none.
fn make_again(
    config: &Config,
    data_dir: &Path,
    damage: &str,
    now: Timestamp,
) -> Result<Recovered, TickError> {
    let path = database_path(data_dir);
    let mut store = Store::begin_anew(&path)?;
    let salvaged = if damage.is_empty() { Salvaged::default() } else { store.salvage(&path)? };
    store.sync_sources(&config.sources)?;
    let from_outputs = take_back(&mut store, config, data_dir, now)?;
    knows_what_is_published(&store, data_dir)?;
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let aside = path.with_extension(format!("db.damaged-{stamp}"));
    store.replace(&path, Some(&aside))?;
    let shown = path.display();
    let (why, aside) = match damage {
        "" => (format!("the database {shown} was gone, though there are published files"), None),
        damage => (format!("the database {shown} was damaged ({damage})"), Some(aside)),
    };
    Ok(Recovered { why, aside, salvaged, from_outputs, anew: true })
}

/// Takes back what published files tell and the store does not know. Gives how many stories that were.
fn take_back(
    store: &mut Store,
    config: &Config,
    data_dir: &Path,
    now: Timestamp,
) -> Result<usize, TickError> {
    let public = public_dir(data_dir);
    let stories = read_back::read_back(store, config, &public, now)?;
    parts_back::read_back(store, config, &public, now)?;
    find_again(store)?;
    Ok(stories)
}

/// Lets all entries be found by what they are recognised by, so that what comes from other sources joins their stories.
fn find_again(store: &mut Store) -> Result<(), TickError> {
    const CHUNK: u32 = 2000;
    store.atomically(|store| {
        let mut last = 0;
        loop {
            let mut entries = store.features_after(last, CHUNK)?;
            let Some((newest, _)) = entries.last() else { return Ok(()) };
            last = *newest;
            for (entry, bytes) in &mut entries {
                if Features::from_bytes(bytes).is_none()
                    && let Some(features) = described_again(store, *entry)?
                {
                    store.describe_again(*entry, &features)?;
                    *bytes = features;
                }
            }
            let keys = entries.iter().filter_map(|(entry, bytes)| {
                // Furniture is told by habits when it is looked for.
                Some(Features::from_bytes(bytes)?.postings(*entry, |_| false))
            });
            let mut keys: Vec<(i64, i64)> = keys.flatten().map(|p| (p.key, p.entry)).collect();
            keys.sort_unstable();
            store.insert_keys(keys.into_iter())?;
        }
    })
}

/// What an entry is recognised by, made again from what can still be read of it: its source lists it without a change,
/// and would never tell again; but others that tell the same story come, and must find it.
fn described_again(store: &Store, entry: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let (mut known, mut articles) = (store.pending_entries(&[entry])?, store.articles(&[entry])?);
    let (Some(known), Some((_, article))) = (known.pop(), articles.pop()) else { return Ok(None) };
    let text = stories::reading_text(&article);
    let features = Features::of(&stories::Item {
        source: &known.source,
        guid: &known.guid,
        outlet: &[],
        link: article.link.as_deref(),
        addresses: &[],
        title: &article.title,
        text: &text,
        published: known.published,
        language: article.language.as_deref(),
    });
    Ok(Some(features.to_bytes()))
}
