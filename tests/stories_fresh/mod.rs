//! A second labelled set, written independently of the recogniser and of the first set: other news, other words, other
//! markup, and two vocabularies: `tune` to look at while mending, `judge` to measure by.
//!
//! A story is a topic and a seed; everything else follows from them, so that the same story with one fact changed is the
//! same seed with one fact set.

mod copies;
mod documents;
mod traps;
mod words;

use std::collections::HashSet;

pub use documents::document;
pub use words::{LANGUAGES, Words, mix};

/// Outlets a language.
pub const OUTLETS: usize = 6;
/// All outlets.
pub const SOURCES: usize = OUTLETS * LANGUAGES;
/// The first second: items are dated in the past.
const START: i64 = 1_612_000_000;
const DAY: i64 = 86_400;

/// One item of one document.
#[derive(Clone, Debug)]
pub struct Item {
    pub source: usize,
    /// The visit at which it appears first.
    pub poll: usize,
    /// The first visit at which it is gone again.
    pub until: usize,
    pub guid: Option<String>,
    /// The guid says that it is an address.
    pub permalink: bool,
    pub link: Option<String>,
    pub orig_link: Option<String>,
    pub title: String,
    /// Plain text, by paragraph.
    pub paragraphs: Vec<String>,
    /// HTML that the page's makers put around it.
    pub before: String,
    pub after: String,
    /// Written with entities escaped once more than is right.
    pub escaped_twice: bool,
    /// Seconds since 1970.
    pub published: i64,
    /// Items with the same label tell the same story.
    pub label: usize,
    pub kind: &'static str,
    /// Items of one group must not be merged with each other.
    pub trap: Option<usize>,
}

/// The set while it is made.
pub struct Set {
    pub items: Vec<Item>,
    pub words: Words,
    seed: u64,
    serial: u64,
    labels: usize,
    groups: usize,
    /// Headlines that tell a story already.
    taken: HashSet<String>,
}

/// About `stories` originals with their copies, and traps in proportion.
pub fn generate(words: Words, seed: u64, stories: usize) -> Vec<Item> {
    let mut set =
        Set { items: Vec::new(), words, seed, serial: 0, labels: 0, groups: 0, taken: HashSet::new() };
    for n in 0..stories {
        copies::story(&mut set, n);
    }
    traps::all(&mut set, stories);
    set.items
}

impl Set {
    /// A number that comes once.
    fn dice(&mut self) -> u64 {
        self.serial += 1;
        mix(self.seed ^ self.serial << 20)
    }

    /// A seed of a story with headlines that no other has.
    fn fresh(&mut self, language: usize, topic: &str) -> words::Seed {
        for tries in 0..1_000 {
            let mut seed = words::Seed { seed: self.dice(), ..words::Seed::default() };
            // So many stories have happened in these places that one happens in two of them.
            if tries > 9 {
                let places = [0, 1].map(|n| {
                    let seed = words::Seed { seed: mix(seed.seed ^ n), ..words::Seed::default() };
                    self.words.say(language, "PLACE", &seed)
                });
                let place = places.join([" and ", " و ", " و"][language]);
                seed.fixed.insert("PLACE", place);
            }
            let turned = words::Seed { turned: vec![format!("{topic}.head")], ..seed.clone() };
            let headlines: Vec<String> = [
                self.words.say(language, &format!("{topic}.head"), &seed),
                self.words.say(language, &format!("{topic}.head"), &turned),
                self.words.say(language, &format!("{topic}.head2"), &seed),
            ]
            .into();
            if !headlines.iter().any(|h| self.taken.contains(h)) {
                self.taken.extend(headlines);
                return seed;
            }
        }
        panic!("the vocabulary has too few places for so many stories about {topic}: take fewer")
    }

    fn below(&mut self, n: usize) -> usize {
        (self.dice() % n.max(1) as u64) as usize
    }

    fn label(&mut self) -> usize {
        self.labels += 1;
        self.labels
    }

    fn group(&mut self) -> usize {
        self.groups += 1;
        self.groups
    }

    fn host(source: usize) -> String {
        ["press", "daily", "wire", "online", "post", "herald"][source % OUTLETS].to_owned()
            + ["-en", "-fa", "-ar"][source / OUTLETS]
            + ".example"
    }

    /// An item of an outlet; its link has a form that is the outlet's own.
    fn item(
        &mut self,
        source: usize,
        poll: usize,
        published: i64,
        title: String,
        paragraphs: Vec<String>,
    ) -> Item {
        let number = 10_000 + self.below(80_000) as u64 * 7 + self.serial;
        let host = Self::host(source);
        let slug: String = title
            .split_whitespace()
            .take(6)
            .map(|w| w.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
            .collect::<Vec<_>>()
            .join("-");
        let link = match source % OUTLETS {
            0 => format!("https://www.{host}/{}/{number}", ["news", "life", "town"][self.below(3)]),
            1 => format!("https://{host}/?p={number}"),
            2 => format!("https://www.{host}/2021/01/{slug}-{number}"),
            3 => format!("http://{host}/fa/news/{number}/{slug}"),
            4 => format!("https://www.{host}/story.php?id={number}&lang=x"),
            _ => format!("https://{host}/article/{number}.html"),
        };
        let guid = match source % 3 {
            0 => format!("{number}"),
            1 => format!("tag:{host},2021:{number}"),
            _ => link.clone(),
        };
        Item {
            source,
            poll,
            until: poll + 2,
            guid: Some(guid),
            permalink: source % 3 == 2,
            link: Some(link),
            orig_link: None,
            title,
            paragraphs,
            before: String::new(),
            after: String::new(),
            escaped_twice: false,
            published,
            label: 0,
            kind: "original",
            trap: None,
        }
    }

    /// A trap in an outlet.
    fn trap(
        &mut self,
        kind: &'static str,
        group: usize,
        (source, poll, published): (usize, usize, i64),
        title: String,
        paragraphs: Vec<String>,
    ) -> Item {
        let label = self.label();
        let item = self.item(source, poll, published, title, paragraphs);
        Item { kind, label, trap: Some(group), ..item }
    }
}
