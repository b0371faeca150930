//! What published files tell is taken back into a store that does not know it: stories with ids, dates and texts, and which
//! part of an archive each is in.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{TickError, article, public_url};
use crate::config::Config;
use crate::model::{Markup, ParsedEntry, ParsedFeed, Source, SourceId};
use crate::parse;
use crate::publish;
use crate::store::{Gone, NewEntry, Restored, Store};
use crate::stories::{self, Features};

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
pub(super) fn read_back(
    store: &mut Store,
    config: &Config,
    folder: &Path,
    now: Timestamp,
) -> Result<usize, TickError> {
    let mut files = Vec::new();
    list(folder, 0, &mut files);
    // JSON tells all sources of a story, the others only who speaks for it; an archive, what they said at the time.
    files.sort_by_key(|path| (path.extension().is_none_or(|e| e != "json"), path.clone()));
    let is_archive = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "archive");
    let (archives, newer): (Vec<_>, Vec<_>) = files.into_iter().partition(is_archive);
    let rows: HashMap<_, i64> = store.source_rows()?.into_iter().collect();
    let mut names = Names::new(config);
    store.atomically(|store| {
        // Who is meant may be told by a later document only.
        let (mut restored, mut unclear) = (0, Vec::new());
        let mut take_in = |file: PathBuf, unclear: &mut Vec<PathBuf>| -> Result<(), TickError> {
            let Ok(bytes) = std::fs::read(&file) else { return Ok(()) };
            let (stories, is_clear) = stories_in(&bytes, &mut names, now);
            for story in stories {
                restored += usize::from(restore(store, config, &rows, &story, now)?);
            }
            if !is_clear {
                unclear.push(file);
            }
            Ok(())
        };
        let gone: Vec<Gone> = newer.iter().chain(&archives).flat_map(|file| gone_in(file)).collect();
        newer.into_iter().try_for_each(|file| take_in(file, &mut unclear))?;
        // A part stays as it is when a story of it becomes part of another.
        for one in &gone {
            store.keep_tombstone(one)?;
        }
        archives.into_iter().try_for_each(|file| take_in(file, &mut unclear))?;
        unclear.into_iter().try_for_each(|file| take_in(file, &mut Vec::new()))?;
        Ok(restored)
    })
}

/// The stories that a document says are gone (RFC 6721), in the form in which kariz says it.
fn gone_in(file: &Path) -> Vec<Gone> {
    let Ok(text) = std::fs::read_to_string(file) else { return Vec::new() };
    let between = |text: &str, from: &str, to: char| -> Option<String> {
        Some(text.split_once(from)?.1.split(to).next()?.to_owned())
    };
    let one = |told: &str| {
        let told = told.split("<entry").next()?.split("</at:deleted-entry>").next()?;
        let merged_into = between(told, "Merged into ", '<').and_then(|id| Uuid::parse_str(&id).ok());
        Some(Gone {
            id: Uuid::parse_str(&between(told, "ref=\"", '"')?).ok()?,
            at: between(told, "when=\"", '"')?.parse().ok()?,
            merged_into,
        })
    };
    text.split("<at:deleted-entry ").skip(1).filter_map(one).collect()
}

/// Takes one story back, unless it is known.
fn restore(
    store: &Store,
    config: &Config,
    rows: &HashMap<SourceId, i64>,
    story: &Told,
    now: Timestamp,
) -> Result<bool, TickError> {
    if store.knows_story(story.id)? {
        return Ok(false);
    }
    let member = |(i, (id, link)): (usize, &(String, Option<String>))| {
        let source = config.source(id)?;
        Some((*rows.get(&source.id)?, entry(story, source, link.clone(), i == 0)))
    };
    let members: Vec<(i64, NewEntry)> = story.tellers.iter().enumerate().filter_map(member).collect();
    let as_it_was = Restored { id: story.id, published: story.published, updated: story.updated };
    Ok(store.restore_story(&as_it_was, &members, now)?)
}

/// How documents call the sources.
struct Names {
    /// Address → source.
    by_address: HashMap<String, String>,
    /// Id of its feed → source: a file has no address that may be told.
    by_feed: HashMap<String, String>,
    /// Story → the source that speaks for it.
    speakers: HashMap<Uuid, String>,
}

impl Names {
    fn new(config: &Config) -> Self {
        let by_address = config.sources.iter().flat_map(|source| {
            let written = public_url(source);
            let published = publish::address(&written);
            published.into_iter().chain([written]).map(|url| (url, source.id.to_string()))
        });
        Self { by_address: by_address.collect(), by_feed: HashMap::new(), speakers: HashMap::new() }
    }

    /// The source that an entry was taken from.
    fn of(&mut self, story: Uuid, entry: &ParsedEntry) -> Option<String> {
        let told = entry.source.as_ref();
        let of_address = told.and_then(|source| self.by_address.get(source.url.as_deref()?));
        let of_feed = || told.and_then(|source| self.by_feed.get(source.id.as_deref()?));
        let name = of_address.or_else(of_feed).or_else(|| self.speakers.get(&story))?.clone();
        if let Some(feed) = told.and_then(|source| source.id.clone()) {
            self.by_feed.entry(feed).or_insert_with(|| name.clone());
        }
        Some(name)
    }
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

/// A document that kariz wrote.
fn document(bytes: &[u8], now: Timestamp) -> Option<ParsedFeed> {
    let input = parse::Input {
        body: bytes,
        content_type: None,
        base: None,
        encoding: Some("utf-8"),
        timezone: &jiff::tz::TimeZone::UTC,
        language: None,
        now,
    };
    parse::parse(&input).ok()
}

/// The stories of a document, and whether these are all: of some it may not be clear yet who is meant.
fn stories_in(bytes: &[u8], names: &mut Names, now: Timestamp) -> (Vec<Told>, bool) {
    let Some(feed) = document(bytes, now) else { return (Vec::new(), true) };
    let json: HashMap<String, Vec<Teller>> = serde_json::from_slice::<JsonFeed>(bytes)
        .map(|feed| feed.items.into_iter().map(|item| (item.id, item.kariz.sources)).collect())
        .unwrap_or_default();
    let mut is_clear = true;
    let mut told = |entry: ParsedEntry| {
        let written = entry.id.as_deref()?;
        let id = Uuid::parse_str(written).ok()?;
        let tellers: Vec<_> = match json.get(written) {
            Some(tellers) => tellers.iter().map(|t| (t.id.clone(), t.url.clone())).collect(),
            None => {
                let name = names.of(id, &entry);
                is_clear &= name.is_some();
                vec![(name?, entry.link.clone())]
            }
        };
        if let Some((speaker, _)) = tellers.first() {
            names.speakers.entry(id).or_insert_with(|| speaker.clone());
        }
        let published = entry.published.or(entry.updated)?.min(now);
        let updated = entry.updated.unwrap_or(published).clamp(published, now);
        Some(Told { id, published, updated, entry, tellers })
    };
    let stories = feed.entries.into_iter().filter_map(&mut told).collect();
    (stories, is_clear)
}

/// A part of an archive, as its file tells it.
#[derive(Debug)]
pub(super) struct PartTold {
    /// When it was closed, or somewhat earlier.
    pub at: Timestamp,
    /// Its stories.
    pub stories: Vec<Uuid>,
}

/// A pass takes no longer.
const LONGEST_PASS: SignedDuration = SignedDuration::from_hours(1);

/// Reads the file of a part.
pub(super) fn part_told(file: &Path, now: Timestamp) -> Option<PartTold> {
    let feed = document(&std::fs::read(file).ok()?, now)?;
    let written =
        std::fs::metadata(file).ok().and_then(|meta| Timestamp::try_from(meta.modified().ok()?).ok());
    // It was closed at the beginning of the pass that wrote it. What went since is told by the next part: better once too often.
    let at = written.or(feed.updated).unwrap_or(now).min(now).saturating_sub(LONGEST_PASS).unwrap_or(now);
    let id = |entry: ParsedEntry| Uuid::parse_str(&entry.id?).ok();
    Some(PartTold { at, stories: feed.entries.into_iter().filter_map(id).collect() })
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
        link_hash: super::candidate::link_hash(link.as_deref()),
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
