//! What recognising stories costs: features of an entry, and clustering new entries on top of a store of
//! 10 thousand, 100 thousand and 1 million, with an index in SQLite.
//!
//! `cargo bench --bench stories`; `KARIZ_BENCH_STORED=10000,100000` for other sizes (the million takes minutes to build).

use std::ops::Range;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kariz::model::SourceId;
use kariz::stories::cluster::{Assigned, NewEntry, Outcome};
use kariz::stories::memory::MemoryIndex;
use kariz::stories::{
    EntryKey, Features, Index, Item, Kept, Outline, Posting, Stories, StoryKey, Text, cluster,
};
use rusqlite::{Connection, params};

fn main() {
    features();
    empty_store();
    let sizes = std::env::var("KARIZ_BENCH_STORED").unwrap_or_else(|_| "10000,100000,1000000".into());
    let sizes: Vec<usize> = sizes.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    on_top_of(&sizes);
}

/// A text of invented words; every fourth is a copy of an earlier one in another outlet.
fn article(n: usize) -> (String, String) {
    let n = if n % 4 == 3 { n - 3 } else { n };
    let mut state = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let persian = n % 2 == 1;
    let mut word = |text: &mut String| {
        let syllables: &[&str] = if persian {
            &["با", "را", "می", "دا", "نو", "شا", "کی", "هو", "گر", "لی", "تن", "پو", "ست", "چم", "زا", "فر"]
        } else {
            &[
                "ba", "re", "mi", "do", "nu", "sha", "ki", "ho", "gra", "li", "ten", "po", "sto", "cha",
                "za", "fer",
            ]
        };
        let id = next() % 20_000;
        text.push_str(syllables[id % 16]);
        text.push_str(syllables[id / 16 % 16]);
        text.push_str(syllables[id / 256 % 16]);
        next()
    };
    let (mut title, mut text) = (String::new(), String::new());
    for _ in 0..8 {
        word(&mut title);
        title.push(' ');
    }
    for i in 0..90 {
        let dice = word(&mut text);
        text.push_str(if i % 15 == 14 { ". " } else { " " });
        if dice % 20 == 0 {
            text.push_str(&(dice % 1_000).to_string());
            text.push(' ');
        }
    }
    (title, text)
}

/// Entry `n`, dated `n` times half a minute after the start: about 2,900 a day.
fn entry(n: usize) -> (NewEntry, Text) {
    let (title, text) = article(n);
    let source = format!("source-{}", n % 997);
    let guid = format!("g{n}");
    let link = format!("https://host{}.example/2024/{n}/{}", n % 997, n * 7);
    let published = Timestamp::from_second(1_600_000_000 + n as i64 * 30).unwrap_or_default();
    let item = Item {
        source: &source,
        guid: &guid,
        outlet: &["An Outlet"],
        link: Some(&link),
        addresses: &[],
        title: &title,
        text: &text,
        published,
        language: None,
    };
    let features = Features::of(&item);
    (
        NewEntry { key: n as EntryKey, source: SourceId::from(source.as_str()), guid, features },
        Text { entry: n as EntryKey, title, text },
    )
}

/// Time that this thread spent on a core: other work on the machine does not count. Elsewhere than on Linux, wall time.
struct Clock(Instant, Option<u64>);

impl Clock {
    fn on_core() -> Option<u64> {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        stat.split(' ').next()?.parse().ok()
    }

    fn start() -> Self {
        Self(Instant::now(), Self::on_core())
    }

    fn elapsed(&self) -> Duration {
        match (self.1, Self::on_core()) {
            (Some(from), Some(to)) => Duration::from_nanos(to - from),
            _ => self.0.elapsed(),
        }
    }
}

fn features() {
    let texts: Vec<(String, String)> = (0..5_000).map(article).collect();
    let bytes: usize = texts.iter().map(|(a, b)| a.len() + b.len()).sum();
    let started = Clock::start();
    let mut stored = 0;
    for (n, (title, text)) in texts.iter().enumerate() {
        let link = format!("https://host.example/{n}");
        let item = Item {
            source: "s",
            guid: "g",
            outlet: &["An Outlet"],
            link: Some(&link),
            addresses: &[],
            title,
            text,
            published: Timestamp::UNIX_EPOCH,
            language: None,
        };
        stored += Features::of(&item).to_bytes().len();
    }
    let took = started.elapsed();
    println!(
        "features: {:.0} entries a second on one core ({:.1} MB/s), {} bytes of text and {} of features an entry",
        texts.len() as f64 / took.as_secs_f64(),
        bytes as f64 / took.as_secs_f64() / 1e6,
        bytes / texts.len(),
        stored / texts.len()
    );
}

fn empty_store() {
    let entries: Vec<(NewEntry, Text)> = (0..35_000).map(entry).collect();
    let mut memory = MemoryIndex::default();
    let mut sqlite = Sqlite::open();
    let mut new = Vec::new();
    for (entry, text) in entries {
        memory.add_text(text.clone());
        sqlite.add_text(&text);
        new.push(entry);
    }
    let started = Clock::start();
    let Ok(outcome) = cluster(new.clone(), &mut memory, kariz::stories::Options::default());
    println!(
        "35,000 new entries on an empty index in memory: {:.2?}, {} stories",
        started.elapsed(),
        stories(&outcome)
    );
    let started = Clock::start();
    let outcome = sqlite.pass(new);
    println!(
        "35,000 new entries on an empty store in SQLite: {:.2?}, {} stories",
        started.elapsed(),
        stories(&outcome)
    );
}

fn stories(outcome: &Outcome) -> usize {
    outcome.assignments.iter().filter(|a| a.matched.is_none()).count()
}

fn on_top_of(sizes: &[usize]) {
    const NEW: usize = 2_000;
    let mut sqlite = Sqlite::open();
    let mut stored = 0;
    for &size in sizes {
        while stored < size {
            let until = (stored + 20_000).min(size);
            let mut new = Vec::new();
            for n in stored..until {
                let (entry, text) = entry(n);
                sqlite.add_text(&text);
                new.push(entry);
            }
            sqlite.pass(new);
            stored = until;
        }
        let mut new = Vec::new();
        for n in stored..stored + NEW {
            let (entry, text) = entry(n);
            sqlite.add_text(&text);
            new.push(entry);
        }
        stored += NEW;
        let started = Clock::start();
        sqlite.pass(new);
        let took = started.elapsed();
        println!(
            "{NEW} new entries on top of {size}: {took:.2?}, {:.0} µs an entry",
            took.as_secs_f64() * 1e6 / NEW as f64
        );
    }
}

/// The two narrow tables of [`Index`]'s documentation, and just enough around them.
struct Sqlite(Connection);

impl Sqlite {
    fn open() -> Self {
        let connection = Connection::open_in_memory().expect("SQLite opens in memory");
        connection
            .execute_batch(
                "CREATE TABLE posting (key INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (key, entry)) WITHOUT ROWID;
                 CREATE TABLE habit (key INTEGER PRIMARY KEY, n INTEGER NOT NULL);
                 CREATE TABLE entry (key INTEGER PRIMARY KEY, story INTEGER, features BLOB);
                 CREATE INDEX entry_story ON entry (story);
                 CREATE TABLE text (entry INTEGER PRIMARY KEY, title TEXT, text TEXT);",
            )
            .expect("tables are made");
        Self(connection)
    }

    fn add_text(&mut self, text: &Text) {
        let mut insert = self.0.prepare_cached("INSERT INTO text VALUES (?1, ?2, ?3)").expect("valid SQL");
        insert.execute(params![text.entry, text.title, text.text]).expect("text is stored");
    }

    fn pass(&mut self, new: Vec<NewEntry>) -> Outcome {
        self.0.execute_batch("BEGIN").expect("a transaction begins");
        let outcome =
            cluster(new.clone(), self, kariz::stories::Options::default()).expect("the index answers");
        for merge in &outcome.merges {
            self.0
                .execute("UPDATE entry SET story = ?1 WHERE story = ?2", [merge.kept.0, merge.retired.0])
                .expect("stories merge");
        }
        {
            let mut insert =
                self.0.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3)").expect("valid SQL");
            let features: std::collections::HashMap<EntryKey, Vec<u8>> =
                new.iter().map(|e| (e.key, e.features.to_bytes())).collect();
            for assignment in &outcome.assignments {
                // Stories are named by their founders here.
                let story = match &assignment.story {
                    Assigned::Existing(story) => story.0,
                    Assigned::New { founder, .. } => *founder,
                };
                insert
                    .execute(params![assignment.entry, story, features[&assignment.entry]])
                    .expect("entries are stored");
            }
        }
        self.0.execute_batch("COMMIT").expect("the transaction commits");
        outcome
    }
}

impl Kept for Sqlite {
    type Error = rusqlite::Error;

    fn features(&mut self, entries: &[EntryKey]) -> rusqlite::Result<Vec<(EntryKey, Features)>> {
        let mut select = self.0.prepare_cached("SELECT features FROM entry WHERE key = ?1")?;
        let mut found = Vec::new();
        for &entry in entries {
            let mut rows = select.query([entry])?;
            if let Some(row) = rows.next()?
                && let Some(features) = Features::from_bytes(row.get_ref(0)?.as_blob()?)
            {
                found.push((entry, features));
            }
        }
        Ok(found)
    }

    fn habits(&mut self, keys: &[i64]) -> rusqlite::Result<Vec<(i64, u32)>> {
        let mut select = self.0.prepare_cached("SELECT n FROM habit WHERE key = ?1")?;
        let mut found = Vec::new();
        for &key in keys {
            let mut rows = select.query([key])?;
            if let Some(row) = rows.next()? {
                found.push((key, row.get(0)?));
            }
        }
        Ok(found)
    }

    fn texts(&mut self, entries: &[EntryKey]) -> rusqlite::Result<Vec<Text>> {
        let mut select = self.0.prepare_cached("SELECT title, text FROM text WHERE entry = ?1")?;
        let mut found = Vec::new();
        for &entry in entries {
            let mut rows = select.query([entry])?;
            if let Some(row) = rows.next()? {
                found.push(Text { entry, title: row.get(0)?, text: row.get(1)? });
            }
        }
        Ok(found)
    }
}

impl Index for Sqlite {
    fn owners(&mut self, keys: &[i64], at_most: usize) -> rusqlite::Result<Vec<Posting>> {
        let mut select = self.0.prepare_cached("SELECT entry FROM posting WHERE key = ?1 LIMIT ?2")?;
        let mut found = Vec::new();
        for &key in keys {
            let mut rows = select.query(params![key, at_most as i64 + 1])?;
            while let Some(row) = rows.next()? {
                found.push(Posting { key, entry: row.get(0)? });
            }
        }
        Ok(found)
    }

    fn any(&mut self, keys: Range<i64>) -> rusqlite::Result<bool> {
        let mut select =
            self.0.prepare_cached("SELECT 1 FROM posting WHERE key >= ?1 AND key < ?2 LIMIT 1")?;
        select.exists([keys.start, keys.end])
    }

    fn count_habits(&mut self, counts: &[(i64, u32)]) -> rusqlite::Result<()> {
        let mut upsert = self.0.prepare_cached(
            "INSERT INTO habit VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET n = n + excluded.n",
        )?;
        for (key, n) in counts {
            upsert.execute(params![key, n])?;
        }
        Ok(())
    }

    fn insert(&mut self, postings: &[Posting], _: &[(EntryKey, Outline)]) -> rusqlite::Result<()> {
        let mut insert = self.0.prepare_cached("INSERT OR IGNORE INTO posting VALUES (?1, ?2)")?;
        for posting in postings {
            insert.execute([posting.key, posting.entry])?;
        }
        Ok(())
    }
}

impl Stories for Sqlite {
    fn stories(&mut self, entries: &[EntryKey]) -> rusqlite::Result<Vec<(EntryKey, StoryKey)>> {
        let mut select =
            self.0.prepare_cached("SELECT story FROM entry WHERE key = ?1 AND story IS NOT NULL")?;
        let mut found = Vec::new();
        for &entry in entries {
            let mut rows = select.query([entry])?;
            if let Some(row) = rows.next()? {
                found.push((entry, StoryKey(row.get(0)?)));
            }
        }
        Ok(found)
    }

    fn members(&mut self, story: StoryKey, at_most: usize) -> rusqlite::Result<Vec<EntryKey>> {
        let mut select =
            self.0.prepare_cached("SELECT key FROM entry WHERE story = ?1 ORDER BY key LIMIT ?2")?;
        select.query_map(params![story.0, at_most as i64], |row| row.get(0))?.collect()
    }
}
