//! What entries are recognised by: features, the inverted index, habits.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::articles::{ARTICLE, ARTICLES, Recognised, article};
use super::{Result, Store};
use crate::model::Article;

impl Store {
    /// The entries that have a key: all of a key that has at most `at_most`, else any `at_most + 1`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entries_with_keys(&self, keys: &[i64], at_most: usize) -> Result<Vec<(i64, i64)>> {
        let found = (|| {
            let most = i64::try_from(at_most).unwrap_or(i64::MAX).saturating_add(1);
            let mut statement =
                self.connection.prepare_cached("SELECT entry FROM posting WHERE key = ?1 LIMIT ?2")?;
            let mut found = Vec::new();
            for key in keys {
                let mut rows = statement.query([*key, most])?;
                while let Some(row) = rows.next()? {
                    found.push((*key, row.get(0)?));
                }
            }
            Ok(found)
        })();
        self.check(found)
    }

    /// Whether any entry has a key of this range.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_key_in(&self, keys: std::ops::Range<i64>) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM posting WHERE key >= ?1 AND key < ?2)")
            .and_then(|mut s| s.query_row([keys.start, keys.end], |row| row.get(0)));
        self.check(found)
    }

    /// Adds rows to the inverted index; they are sorted, so that neighbours are written together.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert_keys(&self, rows: impl IntoIterator<Item = (i64, i64)>) -> Result<()> {
        let done = self.insert_pairs("INSERT OR IGNORE INTO posting (key, entry)", "", rows);
        self.check(done)
    }

    /// Inserts rows of two columns, many with each statement: a statement for each takes three times as long.
    fn insert_pairs(
        &self,
        into: &str,
        on_conflict: &str,
        rows: impl IntoIterator<Item = (i64, i64)>,
    ) -> rusqlite::Result<()> {
        const ROWS: usize = 64;
        let insert = |rows: usize| {
            let values = vec!["(?, ?)"; rows].join(", ");
            self.connection.prepare_cached(&format!("{into} VALUES {values} {on_conflict}"))
        };
        let (mut many, mut one) = (insert(ROWS)?, insert(1)?);
        let mut rows = rows.into_iter();
        loop {
            let some: Vec<(i64, i64)> = rows.by_ref().take(ROWS).collect();
            if some.len() == ROWS {
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
        let found = (|| {
            let mut statement = self.connection.prepare_cached("SELECT n FROM habit WHERE key = ?1")?;
            let mut found = Vec::with_capacity(keys.len());
            for key in keys {
                let n: Option<u32> = statement.query_row([key], |row| row.get(0)).optional()?;
                found.extend(n.map(|n| (*key, n)));
            }
            Ok(found)
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

/// Writes what an entry is recognised by after an edit.
pub(super) fn recognise(db: &Connection, entry: i64, now: &Recognised) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE feature SET bytes = ?2 WHERE entry = ?1")?
        .execute(params![entry, now.features])?;
    let mut gone = db.prepare_cached("DELETE FROM posting WHERE key = ?1 AND entry = ?2")?;
    for key in &now.keys_gone {
        gone.execute([*key, entry])?;
    }
    let mut new = db.prepare_cached("INSERT OR IGNORE INTO posting (key, entry) VALUES (?1, ?2)")?;
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
