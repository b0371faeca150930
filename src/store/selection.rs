//! Stories as they are read back for publishing: which an output may take, and all that their members say.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, params};
use uuid::Uuid;

use super::articles::{ARTICLES, ENTRY, entry};
use super::stories::uuid;
use super::{Result, Store, time};
use crate::model::{Article, Entry, Member, SourceId, SourceInfo, Story, Why};

/// Which stories an output may take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// Only stories that one of these sources (rows) carries; `None`: all.
    pub sources: Option<Vec<i64>>,
    /// With `sources`: stories with an entry that a rule calls one of these as well.
    pub tags: Vec<String>,
    /// Only stories not older.
    pub since: Option<Timestamp>,
    /// How many.
    pub limit: u32,
}

/// A story without what its members say: enough to know where it stands, and whether it reads as it did.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Its row.
    pub row: i64,
    /// Its members have no articles.
    pub story: Story,
    /// The revision of the store when it changed last, or a source of which it is.
    pub revision: i64,
}

/// So many bytes of text the stories that are loaded together may have, or so many for each of them if that is more.
const MOST_TEXT: usize = 16 << 20;
const TEXT_EACH: usize = 16 << 10;
/// A summary that is no text of its own.
const SHORT: usize = 4 << 10;

impl Store {
    /// Lets `work` read many things in one transaction: SQLite takes its locks, by system calls, once and not for each.
    ///
    /// # Errors
    /// When the database or `work` fails.
    pub fn at_once<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if !self.connection.is_autocommit() {
            return work(self);
        }
        // Ends when it is dropped; there is nothing to commit.
        let _reading = self.check(self.connection.unchecked_transaction())?;
        work(self)
    }

    /// The rows of the stories that a filter selects, newest first.
    pub(super) fn select(&self, filter: &StoryFilter) -> rusqlite::Result<Vec<i64>> {
        let since = filter.since.map_or(i64::MIN, Timestamp::as_second);
        let Some(sources) = &filter.sources else {
            let mut newest = self.connection.prepare_cached(
                "SELECT key FROM story st WHERE published >= ?1 AND EXISTS (SELECT 1 FROM entry e
                   JOIN source s ON s.key = e.source WHERE e.story = st.key AND s.active = 1)
                 ORDER BY published DESC, position, id LIMIT ?2",
            )?;
            return newest.query_map(params![since, filter.limit], |row| row.get(0))?.collect();
        };
        // The newest of each source, then the newest of these: no scan over what other sources carry.
        let mut of_source = self.connection.prepare_cached(
            "SELECT DISTINCT e.story, st.published, st.position, st.id FROM entry e JOIN story st ON st.key = e.story
             WHERE e.source = ?1 AND e.place >= ?2 AND e.place IS NOT NULL ORDER BY e.place DESC LIMIT ?3",
        )?;
        let mut found: Vec<(i64, i64, [u8; 16], i64)> = Vec::new();
        let reach = self.reach(sources, filter.limit)?.map_or(since, |reach| reach.max(since));
        for source in sources {
            let rows = of_source.query_map(params![source, reach, filter.limit], |row| {
                Ok((-row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?, row.get(0)?))
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        // Rules tag what is new: the newest tagged ones are enough, however many there are.
        let mut tagged = self.connection.prepare_cached(
            "SELECT DISTINCT e.story, st.published, st.position, st.id
             FROM (SELECT entry FROM tag WHERE name = ?1 ORDER BY entry DESC LIMIT ?3) t
             JOIN entry e ON e.key = t.entry JOIN story st ON st.key = e.story JOIN source s ON s.key = e.source
             WHERE s.active = 1 AND st.published >= ?2",
        )?;
        for tag in &filter.tags {
            let most = filter.limit.saturating_mul(4).max(1000);
            let rows = tagged.query_map(params![tag.to_lowercase(), since, most], |row| {
                Ok((-row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?, row.get(0)?))
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().take(filter.limit as usize).map(|(.., story)| story).collect())
    }

    /// A place in the feed that so many stories of these sources do not stand below; `None` where that takes more than a
    /// look at the newest of each source. Of very many sources most have nothing among the newest stories of all.
    fn reach(&self, sources: &[i64], count: u32) -> rusqlite::Result<Option<i64>> {
        let count = count as usize;
        if count == 0 || sources.len() <= count {
            return Ok(None);
        }
        let mut newest = self
            .connection
            .prepare_cached("SELECT max(place) FROM entry WHERE source = ?1 AND place IS NOT NULL")?;
        let mut places = Vec::with_capacity(sources.len());
        for source in sources {
            places.extend(newest.query_row([source], |row| row.get::<_, Option<i64>>(0))?);
        }
        places.sort_unstable_by(|a, b| b.cmp(a));
        // Entries of one place may be of one story: stories are told apart by theirs for certain.
        places.dedup();
        Ok(places.get(count - 1).copied())
    }

    /// The stories that a filter selects, newest first, with the members whose sources are active. `infos` has
    /// what is known of each source, by row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_for(
        &self,
        filter: &StoryFilter,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> Result<Vec<Story>> {
        let found = self.select(filter).and_then(|keys| self.load_stories(&keys, infos));
        self.check(found)
    }

    /// The outlines of the stories that [`Self::stories_for`] gives, but for those that nobody tells any more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn outlines_for(
        &self,
        filter: &StoryFilter,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> Result<Vec<Outline>> {
        let found = self.select(filter).and_then(|keys| {
            let mut members = self.connection.prepare_cached(
                "SELECT st.id, st.published, st.updated, st.lead, st.revision, e.source, s.id, s.revision,
                   e.key, e.guid, e.published, e.updated, e.first_seen, e.position
                 FROM story st CROSS JOIN entry e ON e.story = st.key JOIN source s ON s.key = e.source
                 WHERE st.key = ?1 AND s.active = 1",
            )?;
            let outlines = keys.into_iter().map(|row| outline(row, &mut members, infos));
            outlines.filter_map(rusqlite::Result::transpose).collect()
        });
        self.check(found)
    }

    /// Stories in the order of their rows. Their texts lie in memory together: past a bound, in reach of nobody who means
    /// well, articles come without theirs.
    pub(super) fn load_stories(
        &self,
        rows: &[i64],
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> rusqlite::Result<Vec<Story>> {
        let mut room = MOST_TEXT.max(rows.len() * TEXT_EACH);
        let mut stories = Vec::with_capacity(rows.len());
        let mut reader = StoryReader::new(&self.connection, infos)?;
        for row in rows {
            let mut story = reader.story(*row)?;
            for member in &mut story.members {
                let article = &mut member.entry.article;
                let size = |html: &Option<String>| html.as_ref().map_or(0, String::len);
                match room.checked_sub(size(&article.content_html) + size(&article.summary_html)) {
                    Some(left) => room = left,
                    None => {
                        article.content_html = None;
                        article.summary_html.take_if(|html| html.len() > SHORT);
                    }
                }
            }
            stories.push(story);
        }
        Ok(stories)
    }

    pub(super) fn load_story(
        &self,
        key: i64,
        infos: &HashMap<i64, Arc<SourceInfo>>,
    ) -> rusqlite::Result<Story> {
        StoryReader::new(&self.connection, infos)?.story(key)
    }
}

/// Reads stories with all that their members say.
struct StoryReader<'s> {
    head: CachedStatement<'s>,
    members: CachedStatement<'s>,
    infos: &'s HashMap<i64, Arc<SourceInfo>>,
    /// The names of sources are shared by their entries.
    names: HashMap<i64, SourceId>,
}

impl<'s> StoryReader<'s> {
    fn new(connection: &'s Connection, infos: &'s HashMap<i64, Arc<SourceInfo>>) -> rusqlite::Result<Self> {
        Ok(Self {
            head: connection
                .prepare_cached("SELECT id, published, updated, lead FROM story WHERE key = ?1")?,
            // In no order: sorting here would carry whole articles through a sorter.
            members: connection.prepare_cached(&format!(
                "SELECT e.source, e.why, s.id, {ENTRY} FROM {ARTICLES} JOIN source s ON s.key = e.source
                 WHERE e.story = ?1 AND s.active = 1"
            ))?,
            infos,
            names: HashMap::new(),
        })
    }

    fn story(&mut self, key: i64) -> rusqlite::Result<Story> {
        let (id, published, updated, lead): (Uuid, i64, i64, i64) =
            self.head.query_row([key], |row| Ok((uuid(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let mut members = Vec::new();
        let mut rows = self.members.query([key])?;
        while let Some(row) = rows.next()? {
            let source: i64 = row.get(0)?;
            let why: Option<Why> = match row.get_ref(1)? {
                ValueRef::Null => None,
                _ => serde_json::from_str(&row.get::<_, String>(1)?).ok(),
            };
            let name = match self.names.get(&source) {
                Some(name) => name.clone(),
                None => {
                    let name = SourceId::from(row.get::<_, String>(2)?.as_str());
                    self.names.insert(source, name.clone());
                    name
                }
            };
            let info = self.infos.get(&source).cloned().unwrap_or_default();
            members.push(Member { entry: entry(row, 3, name)?, source: info, why });
        }
        sort(&mut members, lead);
        Ok(Story { id: id.urn().to_string(), published: time(published), updated: time(updated), members })
    }
}

fn outline(
    row: i64,
    members: &mut CachedStatement<'_>,
    infos: &HashMap<i64, Arc<SourceInfo>>,
) -> rusqlite::Result<Option<Outline>> {
    let mut outline: Option<Outline> = None;
    let mut lead = 0;
    let mut rows = members.query([row])?;
    while let Some(found) = rows.next()? {
        let outline = match &mut outline {
            Some(outline) => outline,
            None => {
                lead = found.get(3)?;
                let id = uuid(found, 0)?.urn().to_string();
                let (published, updated) = (time(found.get(1)?), time(found.get(2)?));
                let story = Story { id, published, updated, members: Vec::new() };
                outline.insert(Outline { row, story, revision: found.get(4)? })
            }
        };
        outline.revision = outline.revision.max(found.get(7)?);
        let entry = Entry {
            source: SourceId::from(found.get_ref(6)?.as_str()?),
            key: found.get(8)?,
            guid: found.get(9)?,
            published: time(found.get(10)?),
            updated: time(found.get(11)?),
            first_seen: time(found.get(12)?),
            position: found.get(13)?,
            article: Article::default(),
        };
        let source = infos.get(&found.get(5)?).cloned().unwrap_or_default();
        outline.story.members.push(Member { entry, source, why: None });
    }
    if let Some(outline) = &mut outline {
        sort(&mut outline.story.members, lead);
    }
    Ok(outline)
}

/// The lead first, then by (published, source, guid).
fn sort(members: &mut [Member], lead: i64) {
    members.sort_by(|a, b| {
        let key = |m: &Member| (m.entry.key != lead, m.entry.published);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.entry.source.as_str().cmp(b.entry.source.as_str()))
            .then_with(|| a.entry.guid.cmp(&b.entry.guid))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stories of many sources, some of several, some at the same time: what is selected of all sources is the newest of what
    /// is selected of each.
    #[test]
    fn the_newest_of_many_sources_are_the_newest_of_all() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("kariz.db")).unwrap();
        let db = &store.connection;
        let mut all: Vec<(i64, u8, [u8; 16], i64)> = Vec::new();
        for source in 1..=12 {
            db.execute(
                "INSERT INTO source (key, id, url) VALUES (?1, ?2, ?2)",
                params![source, source.to_string()],
            )
            .unwrap();
        }
        for story in 1..=90_i64 {
            let (place, position) = (story * 37 % 23, u8::try_from(story % 4).unwrap());
            let id = *Uuid::new_v5(&Uuid::NAMESPACE_OID, &story.to_le_bytes()).as_bytes();
            db.execute(
                "INSERT INTO story (key, id, published, position, updated, lead, revision)
                 VALUES (?1, ?2, ?3, ?4, ?3, ?1, 1)",
                params![story, id, place, position],
            )
            .unwrap();
            for source in [1 + story * story % 11, 1 + story % 5] {
                db.execute(
                    "INSERT OR IGNORE INTO entry (source, guid, guid_hash, fingerprint, published, updated,
                       first_seen, position, story, place, title) VALUES (?1, ?2, ?2, 0, 0, 0, 0, 0, ?2, ?3, '')",
                    params![source, story, place],
                )
                .unwrap();
            }
            all.push((-place, position, id, story));
        }
        all.sort_unstable();
        let sources: Vec<i64> = (1..=12).collect();
        for limit in 1..=14 {
            for since in [None, Some(Timestamp::from_second(20).unwrap())] {
                let filter =
                    StoryFilter { sources: Some(sources.clone()), limit, since, ..StoryFilter::default() };
                let of_each = sources.iter().flat_map(|source| {
                    store.select(&StoryFilter { sources: Some(vec![*source]), ..filter.clone() }).unwrap()
                });
                let found: std::collections::HashSet<i64> = of_each.collect();
                let newest = all.iter().map(|(.., story)| *story).filter(|story| found.contains(story));
                let expected: Vec<i64> = newest.take(limit as usize).collect();
                assert_eq!(store.select(&filter).unwrap(), expected, "{limit} since {since:?}");
            }
        }
    }
}
