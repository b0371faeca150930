//! A database that is damaged or gone: set aside, and made again from what can be read of it, from what is published, and
//! from the sources.
//!
//! Ids and dates are what must not be lost: readers know stories by them. Those of all rows that can be read are
//! carried over; those that stand in published files (feeds, archives) are read back from there; the rest comes
//! from the sources again, where a story's id is made of who told it first.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::lock::Lock;
use super::{TickError, article, database_path, public_dir, public_url};
use crate::config::Config;
use crate::model::{Markup, ParsedEntry, ParsedFeed, Source};
use crate::parse;
use crate::publish::files::{note_revision, noted_revision};
use crate::store::{Health, NewEntry, Restored, Salvaged, Store, StoreError};
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
    let from_outputs = read_back(&mut store, config, &public_dir(data_dir), now)?;
    find_again(&mut store)?;
    // What is on the disk was made from another database.
    store.set_meta("published", "")?;
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
    let from_outputs = read_back(&mut store, config, &public, now)?;
    find_again(&mut store)?;
    store.set_meta("published", "")?;
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
    let from_outputs = read_back(&mut store, config, &public_dir(data_dir), now)?;
    find_again(&mut store)?;
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

/// A story as a published file tells it.
struct Told {
    id: Uuid,
    published: Timestamp,
    updated: Timestamp,
    /// The entry that speaks for it.
    entry: ParsedEntry,
    /// The sources (ids) that tell it, each with the address of its article; the speaker's first.
    tellers: Vec<(String, Option<String>)>,
}

/// Reads back the stories that the store does not know. Gives how many they were.
fn read_back(store: &mut Store, config: &Config, folder: &Path, now: Timestamp) -> Result<usize, TickError> {
    let mut files = Vec::new();
    list(folder, 0, &mut files);
    // JSON tells all sources of a story, the others only who speaks for it.
    files.sort_by_key(|path| (path.extension().is_none_or(|e| e != "json"), path.clone()));
    let rows: HashMap<_, i64> = store.source_rows()?.into_iter().collect();
    let mut told: BTreeMap<Uuid, Told> = BTreeMap::new();
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for story in stories_in(&bytes, config, now) {
            told.entry(story.id).or_insert(story);
        }
    }
    store.atomically(|store| {
        let mut restored = 0;
        for story in told.into_values() {
            let members: Vec<(i64, NewEntry)> = story
                .tellers
                .iter()
                .enumerate()
                .filter_map(|(i, (id, link))| {
                    let source = config.source(id)?;
                    Some((*rows.get(&source.id)?, entry(&story, source, link.clone(), i == 0)))
                })
                .collect();
            let as_it_was = Restored { id: story.id, published: story.published, updated: story.updated };
            restored += usize::from(store.restore_story(&as_it_was, &members, now)?);
        }
        Ok(restored)
    })
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
            store.insert_keys(keys)?;
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

/// The feeds below a folder.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth < 8 {
            list(&path, depth + 1, files);
        } else if path.extension().is_some_and(|e| e == "xml" || e == "json") {
            files.push(path);
        }
    }
}

/// What our own JSON Feed says beside the standard.
#[derive(Deserialize)]
struct JsonFeed {
    items: Vec<JsonItem>,
}

#[derive(Deserialize)]
struct JsonItem {
    id: String,
    #[serde(rename = "_kariz")]
    kariz: Kariz,
}

#[derive(Deserialize)]
struct Kariz {
    sources: Vec<Teller>,
}

#[derive(Deserialize)]
struct Teller {
    id: String,
    url: Option<String>,
}

/// The stories of a feed that kariz wrote.
fn stories_in(bytes: &[u8], config: &Config, now: Timestamp) -> Vec<Told> {
    let input = parse::Input {
        body: bytes,
        content_type: None,
        base: None,
        encoding: Some("utf-8"),
        timezone: &jiff::tz::TimeZone::UTC,
        language: None,
        now,
    };
    let Ok(feed) = parse::parse(&input) else { return Vec::new() };
    let json: HashMap<String, Vec<Teller>> = serde_json::from_slice::<JsonFeed>(bytes)
        .map(|feed| feed.items.into_iter().map(|item| (item.id, item.kariz.sources)).collect())
        .unwrap_or_default();
    let by_url: HashMap<String, &Source> = config.sources.iter().map(|s| (public_url(s), s)).collect();
    let told = |entry: ParsedEntry| {
        let id = entry.id.as_deref()?;
        let tellers = match json.get(id) {
            Some(tellers) => tellers.iter().map(|t| (t.id.clone(), t.url.clone())).collect(),
            None => {
                let url = entry.source.as_ref()?.url.as_deref()?;
                vec![(by_url.get(url)?.id.to_string(), entry.link.clone())]
            }
        };
        let id = Uuid::parse_str(id).ok()?;
        let published = entry.published.or(entry.updated)?.min(now);
        let updated = entry.updated.unwrap_or(published).clamp(published, now);
        Some(Told { id, published, updated, entry, tellers })
    };
    feed.entries.into_iter().filter_map(told).collect()
}

/// A member of a story as far as a published file tells: the speaker's words are known, of the others the address.
fn entry(story: &Told, source: &Source, link: Option<String>, speaks: bool) -> NewEntry {
    let words = |markup: &Option<Markup>| markup.clone().filter(|_| speaks);
    let told = ParsedEntry {
        link: link.clone(),
        summary: words(&story.entry.summary),
        content: words(&story.entry.content),
        source: None,
        ..story.entry.clone()
    };
    let article = article::read(&told, &ParsedFeed::default(), source).article;
    // Its own guid is not published: the next visit recognises it by its address or its words.
    let guid = link.clone().unwrap_or_else(|| format!("restored:{}", story.id));
    let text = stories::reading_text(&article);
    let features = Features::of(&stories::Item {
        source: source.id.as_str(),
        guid: &guid,
        outlet: &[],
        link: article.link.as_deref(),
        addresses: &[],
        title: &article.title,
        text: &text,
        published: story.published,
        language: article.language.as_deref(),
    });
    NewEntry {
        guid,
        link_hash: super::ingest::link_hash(link.as_deref()),
        // Equal to that of no document: the next visit looks closely.
        fingerprint: 0,
        published: story.published,
        updated: story.updated,
        position: 0,
        article,
        features: features.to_bytes(),
        words: None,
    }
}
