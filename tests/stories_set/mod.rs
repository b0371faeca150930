//! A labelled set of invented everyday news in English, Persian and Arabic, and a planet that reads it.
//!
//! Everything is made by a small random generator from word lists: same seed, same set.

#![allow(dead_code, reason = "each test takes what it needs")]

pub mod dispatches;
pub mod hostile;
mod language;
mod planet;
pub mod reports;
pub mod snares;
pub mod telegrams;
mod traps;
mod variants;

pub use language::Story;
pub use planet::{Planet, score};

use std::collections::{BTreeMap, HashSet};

/// A generator of numbers that is the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// One item of one document.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub source: usize,
    /// The visit at which it appears first.
    pub poll: usize,
    pub guid: Option<String>,
    pub link: Option<String>,
    pub orig_link: Option<String>,
    pub title: String,
    /// Plain text, a line a paragraph.
    pub text: String,
    /// Seconds since 1970.
    pub published: i64,
    /// Items with the same label tell the same story.
    pub label: usize,
    /// The kind of variant or trap; `base` for an original.
    pub kind: &'static str,
    /// For traps: items of one group must not be merged with each other.
    pub trap: Option<usize>,
}

pub const SOURCES: usize = 18;

/// The outlets: six a language, some with a habit.
pub fn outlet(source: usize) -> (&'static str, &'static str) {
    const OUTLETS: [(&str, &str); SOURCES] = [
        ("The Valley Courier", "valleycourier.example"),
        ("Harbour Post", "harbourpost.example"),
        ("Morning Lantern", "lantern.example"),
        ("Northern Echo Board", "echoboard.example"),
        ("Daily Meadow", "dailymeadow.example"),
        ("Town Crier News", "towncrier.example"),
        ("پیک دره", "peykdarre.example"),
        ("روزنامه بندر", "rooznamebandar.example"),
        ("فانوس صبح", "fanous.example"),
        ("خبرگزاری چشمه", "cheshme.example"),
        ("همسایه آنلاین", "hamsaye.example"),
        ("دیدار شهر", "didar.example"),
        ("بريد الوادي", "bareedwadi.example"),
        ("صحيفة الميناء", "mina.example"),
        ("فانوس الصباح", "fanoos.example"),
        ("وكالة النبع", "nabaa.example"),
        ("الجار اليوم", "aljar.example"),
        ("لقاء المدينة", "liqa.example"),
    ];
    OUTLETS[source]
}

/// The language of a source's items.
pub fn language_of(source: usize) -> usize {
    source / 6
}

/// The whole set: about `stories` originals with their copies, and the traps.
pub fn generate(seed: u64, stories: usize) -> Vec<Labelled> {
    let mut set = Set {
        items: Vec::new(),
        labels: 0,
        groups: 0,
        serial: 0,
        taken: HashSet::new(),
        random: Random::new(seed),
    };
    for i in 0..stories {
        variants::story(&mut set, i);
    }
    traps::all(&mut set, stories);
    set.items
}

pub struct Set {
    pub items: Vec<Labelled>,
    labels: usize,
    groups: usize,
    serial: usize,
    taken: HashSet<String>,
    pub random: Random,
}

/// The first second of the set: items are dated in the past.
pub const START: i64 = 1_650_000_000;

impl Set {
    pub fn label(&mut self) -> usize {
        self.labels += 1;
        self.labels
    }

    pub fn group(&mut self) -> usize {
        self.groups += 1;
        self.groups
    }

    pub fn serial(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    /// A story of its own.
    pub fn story(&mut self, language: usize) -> Story {
        language::unique(language, &mut self.random, &mut self.taken)
    }

    /// An original of `story` in `source`.
    pub fn item(
        &mut self,
        source: usize,
        poll: usize,
        published: i64,
        story: &Story,
        label: usize,
    ) -> Labelled {
        let serial = self.serial();
        let host = outlet(source).1;
        Labelled {
            source,
            poll,
            guid: Some(format!("{host}-{serial}")),
            link: Some(format!("https://www.{host}/{}/{serial}-{}", story.section, story.slug)),
            orig_link: None,
            title: story.headline.clone(),
            text: story.text(),
            published,
            label,
            kind: "base",
            trap: None,
        }
    }
}

/// Shares of a map of (hits, all), for printing.
pub fn share((hits, all): (usize, usize)) -> f64 {
    if all == 0 { 1.0 } else { hits as f64 / all as f64 }
}

pub type Counts = BTreeMap<&'static str, (usize, usize)>;
