//! What is kept beside an entry so that others find it.

use std::ops::Range;

use jiff::Timestamp;

use super::folded::FoldedText;
use super::headline::Headline;
use super::index::{self, EntryKey, Posting};
pub(crate) use super::reading::body;
use super::reading::{dateline, edges};
pub use super::script::Script;
use super::sketch;
use crate::text::compare::{self, digest, skeleton};
use crate::text::urls;

/// What clustering wants to know of an entry.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The name of the source in feeds.toml.
    pub source: &'a str,
    /// The identity inside the source.
    pub guid: &'a str,
    /// What the outlet calls itself (title of the feed, name in feeds.toml); headlines carry it.
    pub outlet: &'a [&'a str],
    /// The article.
    pub link: Option<&'a str>,
    /// Other addresses of the article: FeedBurner's `origLink`, `rel=canonical` where the page was read. Not the comments.
    pub addresses: &'a [&'a str],
    /// Plain text.
    pub title: &'a str,
    /// Plain text, one line a block: what [`reading_text`](super::reading_text) gives.
    pub text: &'a str,
    /// The item's own date, frozen at first sight.
    pub published: Timestamp,
    /// BCP 47.
    pub language: Option<&'a str>,
}

/// A headline as a key, and what was cut off to get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadlineKey {
    /// Of the skeleton.
    pub hash: u64,
    /// Letters and digits, at most 255.
    pub letters: u8,
    /// Words, at most 255.
    pub words: u8,
    /// Of the skeleton of what stood in front; 0 for nothing.
    pub first: u64,
    /// Of the skeleton of what stood behind; 0 for nothing.
    pub last: u64,
}

/// An edge sentence: left out where it turns out to be the feed's furniture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub digest: u64,
    /// The part of the sketch that it contributed.
    pub from: u8,
    pub to: u8,
}

/// What is kept beside an entry so that others find it: keys, a sketch, a few counts. About 500 bytes as a BLOB.
///
/// Computed once per entry, on any thread; nothing in it depends on what else is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Of the source's name.
    pub source: u64,
    /// Seconds since 1970.
    pub published: i64,
    /// The writing system.
    pub script: Script,
    /// The primary language subtag, lower case; zeros where unknown.
    pub language: [u8; 3],
    /// Letters and digits of the text.
    pub letters: u32,
    /// Address keys.
    pub addresses: Vec<u64>,
    /// The headline, and the headline without segments that may not belong to it.
    pub headlines: Vec<HeadlineKey>,
    /// The whole text, and the text without a dateline.
    pub bodies: Vec<u64>,
    /// Names of the outlet.
    pub outlets: Vec<u64>,
    pub(crate) edges: Vec<Edge>,
    /// Chosen shingles, in the order of the text.
    pub(crate) sketch: Vec<u32>,
}

/// The shortest text, in letters, that is a key by itself.
pub(crate) const MIN_BODY: usize = 60;

const SEED_SOURCE: u64 = 1;
const SEED_ADDRESS: u64 = 2;
const SEED_HEADLINE: u64 = 3;
const SEED_BODY: u64 = 4;
const SEED_SEGMENT: u64 = 5;

/// The digest of a source's name, as features carry it.
pub fn source_hash(source: &str) -> u64 {
    digest(source, SEED_SOURCE)
}

/// The digest of an address's [canonical form](urls::canonical); `None` for what is no address of an article.
pub fn address_key(url: &str) -> Option<u64> {
    urls::canonical(url).map(|key| key_of_canonical(&key))
}

/// The digest of an address in its canonical form.
pub(crate) fn key_of_canonical(address: &str) -> u64 {
    digest(address, SEED_ADDRESS)
}

/// The digest of a segment of a headline, never 0.
pub(crate) fn segment_hash(segment: &str) -> u64 {
    digest(&skeleton(segment), SEED_SEGMENT).max(1)
}

/// Habits of a feed that are counted.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Habit {
    First = 1,
    Last = 2,
    Sentence = 3,
    Headline = 4,
}

pub(crate) fn habit_key(source: u64, habit: Habit, what: u64) -> i64 {
    let mut bytes = [0; 17];
    bytes[..8].copy_from_slice(&source.to_le_bytes());
    bytes[8..16].copy_from_slice(&what.to_le_bytes());
    bytes[16] = habit as u8;
    (xxhash_rust::xxh3::xxh3_64(&bytes) >> 1).cast_signed()
}

/// Skeletons of the names that an outlet hangs on its headlines.
pub(crate) fn outlet_names(outlet: &[&str], link: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in outlet {
        names.push(skeleton(name));
        // `The Herald - Sport`: the feed's title is the outlet and its section.
        names.extend(name.split([':', '|', '-', '–', '—', '»', '·']).map(skeleton));
    }
    if let Some(host) = link.and_then(urls::host_of) {
        let labels: Vec<&str> = host.trim_start_matches("www.").split('.').collect();
        names.push(skeleton(&labels.join("")));
        if labels.len() >= 2 {
            names.push(skeleton(labels[0]));
            names.push(skeleton(labels[labels.len() - 2]));
        }
    }
    names.retain(|n| n.chars().count() >= 3);
    names.sort_unstable();
    names.dedup();
    names.truncate(12);
    names
}

impl Features {
    /// Computes them. Costs some tens of microseconds for an article.
    pub fn of(item: &Item<'_>) -> Self {
        Self::of_folded(item, &FoldedText::of(item.text), item.link.and_then(address_key))
    }

    /// The same, where the text is folded already and the [key](address_key) of the link is known.
    pub fn of_folded(item: &Item<'_>, text: &FoldedText, link: Option<u64>) -> Self {
        let outlets = outlet_names(item.outlet, item.link);
        let title = compare::unescape(item.title);
        let title_skeleton = skeleton(&title);
        let mut sentences = text.sentences();
        // Some feeds repeat the headline at the beginning of the text.
        let mut start = 0;
        if sentences.len() > 1
            && !title_skeleton.is_empty()
            && text.skeleton()[sentences[0].clone()] == *title_skeleton.as_bytes()
        {
            start = sentences.remove(0).end;
        }
        let body = Letters::new(&text.skeleton()[start..]);
        for sentence in &mut sentences {
            *sentence = sentence.start - start..sentence.end - start;
        }
        let mut features = Self {
            source: source_hash(item.source),
            published: item.published.as_second(),
            script: Script::of([body.text, &title_skeleton]),
            language: primary(item.language),
            letters: u32::try_from(body.count).unwrap_or(u32::MAX),
            addresses: addresses(item, link),
            headlines: headline_keys(&title, &outlets),
            bodies: bodies(&body, item.text),
            outlets: outlets.iter().map(|o| digest(o, SEED_SEGMENT).max(1)).collect(),
            edges: Vec::new(),
            sketch: Vec::new(),
        };
        features.sketch(&body, &sentences);
        features
    }

    fn sketch(&mut self, body: &Letters<'_>, sentences: &[Range<usize>]) {
        let (mut hashes, mut chosen) = (Vec::new(), Vec::with_capacity(sketch::MAX_SKETCH));
        sketch::shingles(body.text, &mut hashes);
        sketch::choose(&hashes, &mut chosen);
        self.sketch = chosen.iter().map(|(_, hash)| *hash).collect();
        let (mut bytes, mut letters) = (0, 0);
        // The place in the sketch of a place in the text; places are asked for in order.
        let mut at = |place: usize| {
            letters += body.text[bytes..place].chars().count();
            bytes = place;
            u8::try_from(chosen.partition_point(|(p, _)| (*p as usize) < letters)).unwrap_or(u8::MAX)
        };
        for i in edges(sentences.len()) {
            let sentence = sentences[i].clone();
            let digest = xxhash_rust::xxh3::xxh3_64(&body.text.as_bytes()[sentence.clone()]);
            self.edges.push(Edge { digest, from: at(sentence.start), to: at(sentence.end) });
        }
    }

    /// The keys that this entry is stored under, unsorted. Of the sketch, what `is_furniture` does not
    /// recognise by the digest of its sentence.
    pub(crate) fn postings(&self, entry: EntryKey, is_furniture: impl Fn(u64) -> bool) -> Vec<Posting> {
        let period = index::period(self.published);
        let mut keys: Vec<i64> =
            self.grams(is_furniture).map(|g| index::timed_key(index::GRAM, period, u64::from(g))).collect();
        keys.extend(self.headlines.iter().map(|h| index::timed_key(index::HEADLINE, period, h.hash)));
        keys.extend(self.bodies.iter().map(|b| index::timed_key(index::BODY, period, *b)));
        keys.extend(self.addresses.iter().map(|a| index::address_posting(*a)));
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(|key| Posting { key, entry }).collect()
    }

    /// The sketch without furniture.
    pub(crate) fn grams(&self, is_furniture: impl Fn(u64) -> bool) -> impl Iterator<Item = u32> + '_ {
        let dropped: Vec<(u8, u8)> =
            self.edges.iter().filter(|e| is_furniture(e.digest)).map(|e| (e.from, e.to)).collect();
        self.sketch
            .iter()
            .enumerate()
            .filter(move |(i, _)| {
                !dropped.iter().any(|(from, to)| (usize::from(*from)..usize::from(*to)).contains(i))
            })
            .map(|(_, gram)| *gram)
    }

    /// What this entry adds to the habits of its feed.
    pub(crate) fn habits(&self) -> Vec<i64> {
        let mut keys: Vec<i64> =
            self.edges.iter().map(|e| habit_key(self.source, Habit::Sentence, e.digest)).collect();
        for headline in &self.headlines {
            if headline.first != 0 {
                keys.push(habit_key(self.source, Habit::First, headline.first));
            }
            if headline.last != 0 {
                keys.push(habit_key(self.source, Habit::Last, headline.last));
            }
            keys.push(habit_key(self.source, Habit::Headline, headline.hash));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// As a BLOB: little-endian, a version byte first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(
            64 + 26 * self.headlines.len()
                + 4 * self.sketch.len()
                + 10 * self.edges.len()
                + 8 * self.addresses.len(),
        );
        out.push(compare::VERSION);
        out.extend_from_slice(&self.source.to_le_bytes());
        out.extend_from_slice(&self.published.to_le_bytes());
        out.push(self.script as u8);
        out.extend_from_slice(&self.language);
        out.extend_from_slice(&self.letters.to_le_bytes());
        for list in [&self.addresses, &self.bodies, &self.outlets] {
            out.push(list.len().min(255) as u8);
            list.iter().take(255).for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
        }
        out.push(self.headlines.len().min(255) as u8);
        for key in self.headlines.iter().take(255) {
            out.extend_from_slice(&key.hash.to_le_bytes());
            out.extend_from_slice(&[key.letters, key.words]);
            out.extend_from_slice(&key.first.to_le_bytes());
            out.extend_from_slice(&key.last.to_le_bytes());
        }
        out.push(self.edges.len().min(255) as u8);
        for edge in self.edges.iter().take(255) {
            out.extend_from_slice(&edge.digest.to_le_bytes());
            out.extend_from_slice(&[edge.from, edge.to]);
        }
        out.push(self.sketch.len().min(255) as u8);
        self.sketch.iter().take(255).for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for another version or damage: compute them anew.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Bytes(bytes);
        (reader.u8()? == compare::VERSION).then_some(())?;
        let source = reader.u64()?;
        let published = reader.u64()?.cast_signed();
        let script = match reader.u8()? {
            0 => Script::None,
            1 => Script::Latin,
            2 => Script::Arabic,
            3 => Script::Cyrillic,
            4 => Script::Greek,
            5 => Script::Hebrew,
            6 => Script::Cjk,
            _ => Script::Other,
        };
        let language = reader.take()?;
        let letters = u32::from_le_bytes(reader.take()?);
        let addresses = reader.list(Bytes::u64)?;
        let bodies = reader.list(Bytes::u64)?;
        let outlets = reader.list(Bytes::u64)?;
        let headlines = reader.list(|r| {
            Some(HeadlineKey {
                hash: r.u64()?,
                letters: r.u8()?,
                words: r.u8()?,
                first: r.u64()?,
                last: r.u64()?,
            })
        })?;
        let edges = reader.list(|r| Some(Edge { digest: r.u64()?, from: r.u8()?, to: r.u8()? }))?;
        let sketch = reader.list(|r| Some(u32::from_le_bytes(r.take()?)))?;
        reader.0.is_empty().then_some(Self {
            source,
            published,
            script,
            language,
            letters,
            addresses,
            headlines,
            bodies,
            outlets,
            edges,
            sketch,
        })
    }
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.u8()?;
        (0..n).map(|_| read(self)).collect()
    }
}

/// Folded letters, and how many they are.
struct Letters<'t> {
    text: &'t str,
    count: usize,
}

impl<'t> Letters<'t> {
    fn new(folded: &'t [u8]) -> Self {
        let text = simdutf8::basic::from_utf8(folded).unwrap_or_default();
        Self { text, count: text.chars().count() }
    }
}

fn bodies(body: &Letters<'_>, text: &str) -> Vec<u64> {
    let mut keys = Vec::new();
    if body.count >= MIN_BODY {
        keys.push(digest(body.text, SEED_BODY));
    }
    if let Some(end) = dateline(text) {
        let cut = skeleton(&text[..end]);
        if let Some(rest) = body.text.strip_prefix(cut.as_str())
            && rest.chars().nth(MIN_BODY - 1).is_some()
        {
            keys.push(digest(rest, SEED_BODY));
        }
    }
    keys
}

fn headline_keys(title: &str, outlets: &[String]) -> Vec<HeadlineKey> {
    let headline = Headline::of(title, outlets);
    let mut keys: Vec<HeadlineKey> = Vec::with_capacity(4);
    for (drop_first, drop_last) in [(false, false), (false, true), (true, false), (true, true)] {
        if drop_first && headline.first.is_none() || drop_last && headline.last.is_none() {
            continue;
        }
        let core = headline.core(drop_first, drop_last);
        let form = compare::form(core);
        let words = form.split(' ').filter(|w| !w.is_empty()).count();
        let letters = form.chars().filter(|c| *c != ' ').count();
        if words < 2 || letters < 8 {
            continue;
        }
        let hash = digest(&form.replace(' ', ""), SEED_HEADLINE);
        if keys.iter().any(|k| k.hash == hash) {
            continue;
        }
        keys.push(HeadlineKey {
            hash,
            letters: letters.min(255) as u8,
            words: words.min(255) as u8,
            first: headline.first.filter(|_| drop_first).map_or(0, |(s, _)| segment_hash(s)),
            last: headline.last.filter(|_| drop_last).map_or(0, |(s, _)| segment_hash(s)),
        });
    }
    keys
}

fn addresses(item: &Item<'_>, link: Option<u64>) -> Vec<u64> {
    // A guid is only unique in its feed, unless it is itself an address.
    let guid = Some(item.guid).filter(|g| g.starts_with("http://") || g.starts_with("https://"));
    let others = item.addresses.iter().copied().chain(guid).filter_map(address_key);
    let mut keys: Vec<u64> = link.into_iter().chain(others).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn primary(language: Option<&str>) -> [u8; 3] {
    let mut code = [0; 3];
    let subtag = language.unwrap_or_default().split(['-', '_']).next().unwrap_or_default();
    if matches!(subtag.len(), 2 | 3) && subtag.bytes().all(|b| b.is_ascii_alphabetic()) {
        for (to, from) in code.iter_mut().zip(subtag.bytes()) {
            *to = from.to_ascii_lowercase();
        }
    }
    code
}
