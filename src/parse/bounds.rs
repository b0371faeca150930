//! How long the small texts of a document may be: a title of nine megabytes is no title, and would stand in every output.
//!
//! Articles have a bound of their own, where they are cleaned (`text::html::LONGEST`).

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{ParsedEntry, ParsedFeed, Person};

/// Of a title, a subtitle, a note on rights, in bytes.
const LONGEST_TEXT: usize = 4096;
/// Of a name or a label.
const LONGEST_NAME: usize = 1024;
/// Of an id.
const LONGEST_ID: usize = 4096;
/// Of an address: no server takes a longer one.
const LONGEST_ADDRESS: usize = 8192;

/// Shortens what is too long. Gives whether anything was.
pub(super) fn apply(feed: &mut ParsedFeed) -> bool {
    let mut bounds = Bounds { reached: false };
    bounds.text(&mut feed.title, LONGEST_TEXT);
    bounds.text(&mut feed.subtitle, LONGEST_TEXT);
    bounds.text(&mut feed.rights, LONGEST_TEXT);
    bounds.text(&mut feed.generator, LONGEST_NAME);
    for address in [&mut feed.link, &mut feed.self_link, &mut feed.image, &mut feed.icon] {
        bounds.address(address);
    }
    bounds.id(&mut feed.id);
    bounds.people(&mut feed.authors);
    bounds.labels(&mut feed.categories);
    feed.hubs.retain(|hub| hub.len() <= LONGEST_ADDRESS);
    for entry in &mut feed.entries {
        bounds.entry(entry);
    }
    bounds.reached
}

struct Bounds {
    reached: bool,
}

impl Bounds {
    fn entry(&mut self, entry: &mut ParsedEntry) {
        self.id(&mut entry.id);
        self.text(&mut entry.title, LONGEST_TEXT);
        self.text(&mut entry.rights, LONGEST_TEXT);
        for address in [&mut entry.link, &mut entry.image, &mut entry.comments] {
            self.address(address);
        }
        self.people(&mut entry.authors);
        self.labels(&mut entry.categories);
        let files = entry.enclosures.len();
        entry.enclosures.retain(|file| file.url.len() <= LONGEST_ADDRESS);
        self.reached |= entry.enclosures.len() < files;
        for file in &mut entry.enclosures {
            self.text(&mut file.title, LONGEST_TEXT);
            self.text(&mut file.media_type, LONGEST_NAME);
        }
        if let Some(source) = &mut entry.source {
            self.text(&mut source.title, LONGEST_TEXT);
            self.address(&mut source.url);
            self.id(&mut source.id);
        }
    }

    fn text(&mut self, text: &mut Option<String>, longest: usize) {
        if let Some(text) = text.as_mut() {
            self.shorten(text, longest);
        }
    }

    fn shorten(&mut self, text: &mut String, longest: usize) {
        if text.len() <= longest {
            return;
        }
        self.reached = true;
        text.truncate(text.floor_char_boundary(longest));
        // At a word, where there are words.
        if let Some(space) = text.rfind(char::is_whitespace).filter(|at| *at > longest / 2) {
            text.truncate(space);
        }
        text.push('…');
        text.shrink_to_fit();
    }

    /// An id is never read by people, only compared: what tells it from others is kept.
    fn id(&mut self, id: &mut Option<String>) {
        if let Some(id) = id.as_mut().filter(|id| id.len() > LONGEST_ID) {
            self.reached = true;
            let digest = xxh3_64(id.as_bytes());
            id.truncate(id.floor_char_boundary(LONGEST_ID / 4));
            id.push_str(&format!("#{digest:016x}"));
            id.shrink_to_fit();
        }
    }

    /// The beginning of an address leads somewhere else: none is better.
    fn address(&mut self, address: &mut Option<String>) {
        if address.as_ref().is_some_and(|address| address.len() > LONGEST_ADDRESS) {
            self.reached = true;
            *address = None;
        }
    }

    fn people(&mut self, people: &mut [Person]) {
        for person in people {
            self.text(&mut person.name, LONGEST_NAME);
            self.text(&mut person.email, LONGEST_NAME);
            self.address(&mut person.uri);
        }
    }

    fn labels(&mut self, labels: &mut [String]) {
        for label in labels {
            self.shorten(label, LONGEST_NAME);
        }
    }
}
