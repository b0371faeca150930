//! What entries are recognised by: features, the inverted index, habits.
//!
//! The inverted index lies in two tables. A small pass adds a few thousand rows at random, which would change most pages of the
//! large one, each to be written to the log and from there to the file: they gather in a small one, and move when
//! there are [`RECENT`] of them.

use rusqlite::types::FromSql;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params, params_from_iter};

use super::articles::{ARTICLE, ARTICLES, Recognised, article};
use super::{Result, Store};
use crate::model::Article;

/// How many rows or keys one statement takes.
const PORTION: usize = 64;

/// How many rows of the inverted index may wait in `recent_posting`: a pass reads them whole, some ten milliseconds and a megabyte.
/// Few where it is tested, so that both tables are used by whatever is tested.
const RECENT: usize = if cfg!(debug_assertions) { 1 << 9 } else { 1 << 16 };

/// The name under which those are noted of whom the index knows nothing yet: `first last,first last` …
const UNPOSTED: &str = "unposted";

impl Store {
    /// The entries that have a key: all of a key that has at most `at_most`, else more than that, not all perhaps. In any order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_with_keys(&self, keys: &[i64], at_most: usize) -> Result<Vec<(i64, i64)>> {
        let mut found = Vec::new();
        let ask = |keys: usize| {
            let values = vec!["?"; keys].join(", ");
            self.connection
                .prepare_cached(&format!("SELECT key, entry FROM recent_posting WHERE key IN ({values})"))
        };
        let mut answer = |row: &Row<'_>| -> rusqlite::Result<()> {
            found.push((row.get(0)?, row.get(1)?));
            Ok(())
        };
        let done = self.in_portions(keys, ask, &mut answer);
        self.check(done)?;
        // In this order: rows that move in between are found in both tables, not in none.
        found.extend(self.settled_entries_with_keys(keys, at_most)?);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// What waits to be moved to the large table of the inverted index, sorted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recent_keys(&self) -> Result<Vec<(i64, i64)>> {
        let found = self
            .connection
            .prepare_cached("SELECT key, entry FROM recent_posting ORDER BY key, entry")
            .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect());
        self.check(found)
    }

    /// Like [`Self::entries_with_keys`], without what [`Self::recent_keys`] gives.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settled_entries_with_keys(&self, keys: &[i64], at_most: usize) -> Result<Vec<(i64, i64)>> {
        // Many keys with each statement: most have no entry, and a statement for each takes twice as long. The list of a key is
        // one value, since that can be limited; a common one may have any number of entries.
        let most = at_most.saturating_add(1);
        let ask = |keys: usize| {
            let values = vec!["(?)"; keys].join(", ");
            self.connection.prepare_cached(&format!(
                "WITH asked(key) AS (VALUES {values}) SELECT key, (SELECT group_concat(entry) FROM
                   (SELECT entry FROM posting p WHERE p.key = asked.key LIMIT {most})) FROM asked"
            ))
        };
        let mut found = Vec::new();
        let mut answer = |row: &Row<'_>| -> rusqlite::Result<()> {
            let key = row.get(0)?;
            let Some(entries) = row.get_ref(1)?.as_str_or_null()? else { return Ok(()) };
            found.extend(entries.split(',').filter_map(|entry| Some((key, entry.parse().ok()?))));
            Ok(())
        };
        let done = self.in_portions(keys, ask, &mut answer);
        self.check(done).map(|()| found)
    }

    /// Asks for many keys, some with each statement. `statement` gives the one for so many keys, `answer` takes a row.
    fn in_portions<'c>(
        &self,
        keys: &[i64],
        statement: impl Fn(usize) -> rusqlite::Result<CachedStatement<'c>>,
        answer: &mut impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let (portions, rest) = keys.as_chunks::<PORTION>();
        let mut ask = |statement: &mut CachedStatement<'c>, keys: &[i64]| {
            let mut rows = statement.query(params_from_iter(keys))?;
            while let Some(row) = rows.next()? {
                answer(row)?;
            }
            Ok(())
        };
        if !portions.is_empty() {
            let mut many = statement(PORTION)?;
            portions.iter().try_for_each(|keys| ask(&mut many, keys))?;
        }
        let mut one = statement(1)?;
        rest.chunks(1).try_for_each(|key| ask(&mut one, key))
    }

    /// Whether any entry has a key of this range.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_key_in(&self, keys: std::ops::Range<i64>) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM posting WHERE key >= ?1 AND key < ?2)
                     OR EXISTS (SELECT 1 FROM recent_posting WHERE key >= ?1 AND key < ?2)",
            )
            .and_then(|mut s| s.query_row([keys.start, keys.end], |row| row.get(0)));
        self.check(found)
    }

    /// Reads the keys of a range in order, one for each row of the index, if there are at most so many. Gives how many there were;
    /// `None`, with some of them read, where there are more. Without what [`Self::recent_keys`] gives.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settled_keys_in(
        &self,
        keys: std::ops::Range<i64>,
        at_most: usize,
        mut take: impl FnMut(i64),
    ) -> Result<Option<usize>> {
        let read = (|| {
            let mut statement =
                self.connection.prepare_cached("SELECT key FROM posting WHERE key >= ?1 AND key < ?2")?;
            let mut rows = statement.query([keys.start, keys.end])?;
            for n in 0..=at_most {
                match rows.next()? {
                    Some(row) => take(row.get(0)?),
                    None => return Ok(Some(n)),
                }
            }
            Ok(None)
        })();
        self.check(read)
    }

    /// Adds rows to the inverted index; they are sorted, so that neighbours are written together.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert_keys(&self, rows: impl ExactSizeIterator<Item = (i64, i64)>) -> Result<()> {
        if self.waiting_keys()? + rows.len() > RECENT {
            return self.settle(rows);
        }
        self.check(self.insert_pairs("INSERT OR IGNORE INTO recent_posting (key, entry)", "", rows))
    }

    /// Sees that no more rows wait in the small table than may: edits add to it one by one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settle_keys(&self) -> Result<()> {
        if self.waiting_keys()? > RECENT { self.settle(std::iter::empty()) } else { Ok(()) }
    }

    fn waiting_keys(&self) -> Result<usize> {
        let waiting = self
            .connection
            .prepare_cached("SELECT count(*) FROM recent_posting")
            .and_then(|mut s| s.query_row([], |row| row.get::<_, u32>(0)));
        self.check(waiting).map(|waiting| waiting as usize)
    }

    /// Moves what waits to the large table, with more rows, sorted.
    fn settle(&self, rows: impl Iterator<Item = (i64, i64)>) -> Result<()> {
        let all = merged(self.recent_keys()?.into_iter(), rows);
        let done = self
            .insert_pairs("INSERT OR IGNORE INTO posting (key, entry)", "", all)
            .and_then(|()| self.connection.execute_batch("DELETE FROM recent_posting"));
        self.check(done)
    }

    /// Inserts rows of two columns, many with each statement: a statement for each takes three times as long.
    fn insert_pairs(
        &self,
        into: &str,
        on_conflict: &str,
        rows: impl IntoIterator<Item = (i64, i64)>,
    ) -> rusqlite::Result<()> {
        let insert = |rows: usize| {
            let values = vec!["(?, ?)"; rows].join(", ");
            self.connection.prepare_cached(&format!("{into} VALUES {values} {on_conflict}"))
        };
        let (mut many, mut one) = (insert(PORTION)?, insert(1)?);
        let mut rows = rows.into_iter();
        loop {
            let some: Vec<(i64, i64)> = rows.by_ref().take(PORTION).collect();
            if some.len() == PORTION {
                many.execute(params_from_iter(some.iter().flat_map(|(a, b)| [a, b])))?;
                continue;
            }
            for (a, b) in some {
                one.execute([a, b])?;
            }
            return Ok(());
        }
    }

    /// What entries are recognised by, in the form that the stories room knows.
    ///
    /// # Errors
    /// When the database fails.
    pub fn features(&self, entries: &[i64]) -> Result<Vec<(i64, Vec<u8>)>> {
        self.of_entries(entries, "SELECT bytes FROM feature WHERE entry = ?1")
    }

    /// The stories of entries; without those that belong to none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stories_of_entries(&self, entries: &[i64]) -> Result<Vec<(i64, i64)>> {
        self.of_entries(entries, "SELECT story FROM entry WHERE key = ?1 AND story IS NOT NULL")
    }

    fn of_entries<T: FromSql>(&self, entries: &[i64], sql: &str) -> Result<Vec<(i64, T)>> {
        let found = (|| {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut found = Vec::with_capacity(entries.len());
            for entry in entries {
                let value = statement.query_row([entry], |row| row.get(0)).optional()?;
                found.extend(value.map(|value| (*entry, value)));
            }
            Ok(found)
        })();
        self.check(found)
    }

    /// The articles of entries.
    ///
    /// # Errors
    /// When the database fails.
    pub fn articles(&self, entries: &[i64]) -> Result<Vec<(i64, Article)>> {
        let found = (|| {
            let mut statement = self
                .connection
                .prepare_cached(&format!("SELECT {ARTICLE} FROM {ARTICLES} WHERE e.key = ?1"))?;
            let mut found = Vec::with_capacity(entries.len());
            for entry in entries {
                let row = statement.query_row([entry], |row| article(row, 0)).optional()?;
                found.extend(row.map(|article| (*entry, article)));
            }
            Ok(found)
        })();
        self.check(found)
    }

    /// At most `at_most` entries of a story, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn members(&self, story: i64, at_most: usize) -> Result<Vec<i64>> {
        let most = i64::try_from(at_most).unwrap_or(i64::MAX);
        let found = self
            .connection
            .prepare_cached("SELECT key FROM entry WHERE story = ?1 ORDER BY key LIMIT ?2")
            .and_then(|mut s| s.query_map([story, most], |row| row.get(0))?.collect());
        self.check(found)
    }

    /// How often each habit was counted; those never counted are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn habits(&self, keys: &[i64]) -> Result<Vec<(i64, u32)>> {
        let ask = |keys: usize| {
            let values = vec!["?"; keys].join(", ");
            self.connection.prepare_cached(&format!("SELECT key, n FROM habit WHERE key IN ({values})"))
        };
        let mut found = Vec::with_capacity(keys.len());
        let mut answer = |row: &Row<'_>| -> rusqlite::Result<()> {
            found.push((row.get(0)?, row.get(1)?));
            Ok(())
        };
        let done = self.in_portions(keys, ask, &mut answer);
        self.check(done).map(|()| found)
    }

    /// Notes which entries have a story, but nothing in the inverted index and no habit counted: these, and no others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lack_postings_of(&self, entries: &[i64]) -> Result<()> {
        if entries.is_empty() {
            return self.set_meta(UNPOSTED, "");
        }
        let mut sorted = entries.to_vec();
        sorted.sort_unstable();
        // Rows of one pass follow each other.
        let runs = sorted.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((run.first()?, run.last()?)));
        let text: Vec<String> = runs.map(|(first, last)| format!("{first} {last}")).collect();
        self.set_meta(UNPOSTED, &text.join(","))
    }

    /// The entries that [`Self::lack_postings_of`] noted, as far as they are still there, by date, source and guid.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_without_postings(&self) -> Result<Vec<i64>> {
        let text = self.meta(UNPOSTED)?.unwrap_or_default();
        let runs = text.split(',').filter_map(|run| {
            let (first, last) = run.split_once(' ')?;
            Some([first.parse::<i64>().ok()?, last.parse().ok()?])
        });
        let found = (|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT e.published, s.id, e.guid, e.key
                 FROM entry e JOIN source s ON s.key = e.source JOIN feature f ON f.entry = e.key
                 WHERE e.key BETWEEN ?1 AND ?2 AND e.story IS NOT NULL",
            )?;
            let mut found: Vec<(i64, String, String, i64)> = Vec::new();
            for run in runs {
                let rows = statement
                    .query_map(run, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
                for row in rows {
                    found.push(row?);
                }
            }
            found.sort_unstable();
            Ok(found.into_iter().map(|(.., entry)| entry).collect())
        })();
        self.check(found)
    }

    /// Adds to the counts of habits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_habits(&self, counts: &[(i64, u32)]) -> Result<()> {
        let rows = counts.iter().map(|(key, n)| (*key, i64::from(*n)));
        let done = self.insert_pairs(
            "INSERT INTO habit (key, n)",
            "ON CONFLICT DO UPDATE SET n = n + excluded.n",
            rows,
        );
        self.check(done)
    }
}

/// Two sorted lists as one.
fn merged<T: Ord>(a: impl Iterator<Item = T>, b: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    std::iter::from_fn(move || {
        let is_a = b.peek().is_none_or(|b| a.peek().is_some_and(|a| a <= b));
        if is_a { a.next() } else { b.next() }
    })
}

/// Takes rows out of the inverted index, in whichever table they are.
pub(super) fn delete_keys(db: &Connection, rows: &[(i64, i64)]) -> rusqlite::Result<()> {
    let mut settled = db.prepare_cached("DELETE FROM posting WHERE key = ?1 AND entry = ?2")?;
    let mut recent = db.prepare_cached("DELETE FROM recent_posting WHERE key = ?1 AND entry = ?2")?;
    for (key, entry) in rows {
        settled.execute([key, entry])?;
        recent.execute([key, entry])?;
    }
    Ok(())
}

/// Writes what an entry is recognised by after an edit.
pub(super) fn recognise(db: &Connection, entry: i64, now: &Recognised) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE feature SET bytes = ?2 WHERE entry = ?1")?
        .execute(params![entry, now.features])?;
    let gone: Vec<(i64, i64)> = now.keys_gone.iter().map(|key| (*key, entry)).collect();
    delete_keys(db, &gone)?;
    let mut new = db.prepare_cached("INSERT OR IGNORE INTO recent_posting (key, entry) VALUES (?1, ?2)")?;
    for key in &now.keys_new {
        new.execute([*key, entry])?;
    }
    let mut last = db.prepare_cached("DELETE FROM habit WHERE key = ?1 AND n <= 1")?;
    let mut fewer = db.prepare_cached("UPDATE habit SET n = n - 1 WHERE key = ?1")?;
    for habit in &now.habits_gone {
        if last.execute([*habit])? == 0 {
            fewer.execute([*habit])?;
        }
    }
    let mut more =
        db.prepare_cached("INSERT INTO habit (key, n) VALUES (?1, 1) ON CONFLICT DO UPDATE SET n = n + 1")?;
    for habit in &now.habits_new {
        more.execute([*habit])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_are_answered_like_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kariz.db")).unwrap();
        // Key k has k % 7 entries; every third key is not asked for.
        let rows = (0..1_000).flat_map(|key| (0..key % 7).map(move |n| (key, 10 * key + n)));
        let all: Vec<(i64, i64)> = rows.clone().collect();
        store.settle(all.iter().copied()).unwrap();
        store.insert_keys(all[..100].iter().copied()).unwrap();
        for asked in [0, 1, 63, 64, 65, 200, 1_200] {
            let keys: Vec<i64> = (0..asked).filter(|key| key % 3 != 0).collect();
            let found = store.entries_with_keys(&keys, 3).unwrap();
            let settled = store.settled_entries_with_keys(&keys, 3).unwrap();
            for key in &keys {
                let of_key = |found: &[(i64, i64)]| found.iter().filter(|(k, _)| k == key).count() as i64;
                // Up to three, or more than three.
                let expected = if *key < 1_000 { (key % 7).min(4) } else { 0 };
                assert_eq!(of_key(&found).min(4), expected, "{key} of {asked}");
                assert_eq!(of_key(&settled), expected, "{key} of {asked}");
            }
            assert!(found.iter().all(|(key, entry)| rows.clone().any(|row| row == (*key, *entry))));
        }
        let counts: Vec<(i64, u32)> = (0..300).map(|key| (key, 1 + key as u32)).collect();
        store.count_habits(&counts).unwrap();
        store.count_habits(&counts[..70]).unwrap();
        let keys: Vec<i64> = (0..400).collect();
        let mut found = store.habits(&keys).unwrap();
        found.sort_unstable();
        let expected = counts.iter().map(|(key, n)| (*key, if *key < 70 { 2 * n } else { *n }));
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn rows_that_wait_are_found_moved_and_deleted_like_others() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kariz.db")).unwrap();
        let db = &store.connection;
        let count = |table: &str| -> u32 {
            db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        let rows = |range: std::ops::Range<i64>| (range.start..range.end).map(|key| (key, key % 5));
        // So many that they are moved at once, and a few beside them: one in the middle, one that is there already.
        let recent = u32::try_from(RECENT).unwrap();
        let many = i64::from(recent);
        let insert = |range: std::ops::Range<i64>| {
            let rows: Vec<_> = rows(range).collect();
            store.insert_keys(rows.into_iter()).unwrap();
        };
        insert(10..11);
        insert(10..many + 20);
        assert_eq!((count("posting"), count("recent_posting")), (recent + 10, 0));
        insert(5..12);
        assert_eq!((count("posting"), count("recent_posting")), (recent + 10, 7));
        let asked: Vec<i64> = (0..many + 30).collect();
        let expected: Vec<(i64, i64)> = rows(5..many + 20).collect();
        assert_eq!(store.entries_with_keys(&asked, 9).unwrap(), expected);
        assert!(store.has_key_in(5..6).unwrap() && store.has_key_in(20..21).unwrap());
        assert!(!store.has_key_in(0..5).unwrap());
        // One of each table, one of both, one of neither.
        delete_keys(db, &[(5, 0), (11, 1), (12, 2), (3, 3)]).unwrap();
        let expected: Vec<(i64, i64)> =
            expected.into_iter().filter(|(key, _)| ![5, 11, 12].contains(key)).collect();
        assert_eq!(store.entries_with_keys(&asked, 9).unwrap(), expected);
        // An edit adds one by one, more than may wait: they are moved before they are read.
        store.settle_keys().unwrap();
        assert_eq!(count("recent_posting"), 5);
        insert(many + 20..2 * many + 20);
        assert_eq!((count("posting"), count("recent_posting")), (2 * recent + 12, 0));
        assert_eq!(store.entries_with_keys(&asked[..100], 9).unwrap(), expected[..92]);
    }
}
