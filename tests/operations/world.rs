//! A small world: papers whose articles grow by themselves, and how what was published is read back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::binary::Kariz;
use crate::origin::{Origin, ok};

const SYLLABLES: [&str; 32] = [
    "ba", "ker", "mil", "to", "sar", "vin", "del", "or", "cha", "lum", "pe", "gran", "fo", "ris", "ta",
    "nel", "qui", "mos", "har", "wen", "du", "lo", "fer", "ick", "sta", "bri", "om", "zel", "pra", "yun",
    "ke", "ald",
];

/// A word that no other number gives, or nearly so (splitmix64).
fn word(n: usize) -> String {
    let mut z = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (0..3 + z % 2).map(|i| SYLLABLES[(z >> (8 + 5 * i)) as usize % SYLLABLES.len()]).collect()
}

/// Article `n`: headline, address, text, date. No two have much in common.
fn article(n: usize) -> String {
    let words: Vec<String> = (0..24).map(|i| word(n * 24 + i)).collect();
    let title = format!("{} {} {} {}", words[0], words[1], words[2], words[23]);
    let (day, hour, minute) = (1 + n / 1000 % 20, n / 60 % 24, n % 60);
    format!(
        "<item><guid isPermaLink=\"false\">article-{n}</guid><title>{title}</title><link>{}</link>\
         <description>{}</description><pubDate>{day:02} Oct 2026 {hour:02}:{minute:02}:00 GMT</pubDate></item>",
        link(n),
        words[3..].join(" "),
    )
}

/// The address of article `n`.
pub fn link(n: usize) -> String {
    format!("https://wire.example/article/{n}")
}

/// The document of a paper that lists these articles.
pub fn paper(name: &str, articles: impl Iterator<Item = usize>) -> String {
    let items: String = articles.map(article).collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{name}</title>\
         <link>https://{name}.example/</link><description/>{items}</channel></rss>"
    )
}

/// An origin of papers that list one article more each time they are asked.
pub struct Growing {
    pub origin: Origin,
    /// How many articles paper `p` has listed so far.
    pub listed: Vec<Arc<AtomicUsize>>,
}

impl Growing {
    /// `papers` of them. Article `n` of paper `p` is article `1000 * p + n`; every fifth is shared by all.
    pub fn start(papers: usize) -> Self {
        let origin = Origin::start();
        let mut listed = Vec::new();
        for p in 0..papers {
            let count = Arc::new(AtomicUsize::new(0));
            listed.push(count.clone());
            origin.on(&format!("/{p}.xml"), move |_| {
                let count = count.fetch_add(1, Ordering::SeqCst) + 1;
                ok(paper(&format!("paper{p}"), (0..count).rev().map(|n| number(p, n))))
            });
        }
        Self { origin, listed }
    }

    /// The sources for a feeds.toml.
    pub fn sources(&self) -> Vec<(String, String)> {
        (0..self.listed.len()).map(|p| (format!("paper{p}"), self.origin.url(&format!("/{p}.xml")))).collect()
    }

    /// The articles that the papers have listed so far.
    pub fn articles(&self) -> Vec<usize> {
        let of = |(p, count): (usize, &Arc<AtomicUsize>)| {
            (0..count.load(Ordering::SeqCst)).map(move |n| number(p, n)).collect::<Vec<_>>()
        };
        let mut all: Vec<usize> = self.listed.iter().enumerate().flat_map(of).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn number(paper: usize, n: usize) -> usize {
    if n.is_multiple_of(5) { n } else { 1000 * (paper + 1) + n }
}

/// A folder for these sources, with room for all their articles in each feed.
pub fn kariz(sources: &[(String, String)], more: &str) -> Kariz {
    let mut toml = format!(
        "[feed]\ntitle = \"Papers\"\nmax_items = 5000\n{more}[fetch]\nallow_private_addresses = true\n\
         per_host_delay = \"0s\"\nper_host_concurrency = 64\n[defaults]\nnew_source_items = 5000\n"
    );
    for (id, url) in sources {
        toml.push_str(&format!("[[source]]\nid = {id:?}\nurl = {url:?}\ninterval = \"1h\"\n"));
    }
    Kariz::with_config(&toml)
}

/// What a reader knows of a story: id and date.
pub type Stories = BTreeMap<String, (String, String)>;

/// Address → id and date of each article in a JSON Feed. Panics where one stands there twice.
pub fn stories(feed: &str) -> Stories {
    let feed: serde_json::Value = serde_json::from_str(feed).expect("a whole document");
    let mut found = Stories::new();
    for item in feed["items"].as_array().expect("items") {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let before = found.insert(text("url"), (text("id"), text("date_published")));
        assert!(before.is_none(), "{} stands in the feed twice", text("url"));
    }
    let ids: std::collections::BTreeSet<_> = found.values().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), found.len(), "two stories have one id");
    found
}

/// Asks SQLite whether every page and every index is as it should be.
pub fn assert_sound(database: &std::path::Path) {
    let db = rusqlite::Connection::open(database).expect("the database opens");
    let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(said, "ok");
}

/// After a pass a search finds every entry: none waits for its words to be taken in.
pub fn assert_searchable(database: &std::path::Path) {
    let db = rusqlite::Connection::open(database).expect("the database opens");
    let count = |table: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("a count")
    };
    assert_eq!((count("unindexed"), count("search")), (0, count("entry")));
}
