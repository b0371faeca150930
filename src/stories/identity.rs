//! Whether an entry of a document is one that its source gave before.
//!
//! The guid decides, else the canonical URL, else a digest of title and text. But guids lie: some feeds give every
//! item the same one, some a new one at each edit, some use old ones again. So a known guid is believed when link or
//! text agree, and an unknown guid is not believed when link or text are those of an entry that the document no
//! longer lists.

use std::collections::HashMap;

use jiff::Timestamp;

use super::features::Features;
use super::index::EntryKey;
use super::reading::alike;
use super::words;
use crate::model::IdPolicy;
use crate::text::compare::{digest, skeleton};
use crate::text::urls;

/// What the store knows of an entry of this source.
#[derive(Clone, Debug)]
pub struct KnownEntry {
    /// The entry.
    pub key: EntryKey,
    /// Its identity, as [`Identity`] gave it.
    pub guid: String,
    /// Plain text.
    pub title: String,
    /// What was kept beside it.
    pub features: Features,
}

/// One entry of a document.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// The id as the document gives it.
    pub guid: Option<&'a str>,
    /// The article.
    pub link: Option<&'a str>,
    /// Plain text.
    pub title: &'a str,
    /// As the document gives it.
    pub published: Option<Timestamp>,
    /// Its features (with any date); only asked for where guid and link leave a doubt.
    pub features: &'a dyn Fn() -> Features,
}

/// What an entry of a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A known entry.
    Same(EntryKey),
    /// A known entry under a new guid: same link or text. Its stored identity stays.
    Renamed(EntryKey),
    /// Not seen before.
    New {
        /// Its identity from now on: unique in the source.
        guid: String,
    },
    /// Not seen before, though its guid was: new link, new text.
    Recycled {
        /// Its identity from now on: unique in the source.
        guid: String,
    },
    /// The document lists it twice.
    Repeat {
        /// Index of the first.
        of: usize,
    },
}

/// What to look up for an entry, among the entries of its source: by identity ((source, guid) is unique), by
/// address (the postings of [`address_posting`](super::Features)), in two queries for a whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Identities that it may have.
    pub guids: Vec<String>,
    /// The posting key of its link.
    pub address: Option<i64>,
}

/// What [`document`] wants to know for `incoming`. Where neither gives a known entry, the entries that the source
/// listed at its last visit should be among the known as well: they tell a changed guid by the text.
pub fn lookup(incoming: &Incoming<'_>, policy: IdPolicy) -> Lookup {
    let mut guids = vec![own_identity(incoming, policy)];
    if given(incoming).is_some() {
        guids.push(recycled_identity(incoming, incoming.link.and_then(urls::canonical).as_deref()));
    }
    guids.dedup();
    let address = incoming.link.and_then(super::features::address_key).map(super::index::address_posting);
    Lookup { guids, address }
}

/// Decides for all entries of one document at once: what stands side by side in a document is not one entry.
pub fn document(known: &[KnownEntry], incoming: &[Incoming<'_>], policy: IdPolicy) -> Vec<Identity> {
    let mut decider = Decider::new(known, incoming, policy);
    (0..incoming.len()).map(|i| decider.decide(i)).collect()
}

/// Decides for a single entry: [`document`] with one entry in it.
pub fn decide(known: &[KnownEntry], incoming: &Incoming<'_>, policy: IdPolicy) -> Identity {
    document(known, std::slice::from_ref(incoming), policy).swap_remove(0)
}

fn given<'a>(incoming: &Incoming<'a>) -> Option<&'a str> {
    incoming.guid.map(str::trim).filter(|g| !g.is_empty())
}

/// The identity of an entry that is on its own: that of nearly every known one.
pub fn own_identity(incoming: &Incoming<'_>, policy: IdPolicy) -> String {
    let link = || incoming.link.and_then(urls::canonical);
    match policy {
        IdPolicy::Auto => given(incoming).map(str::to_owned).or_else(link),
        IdPolicy::Link => link().or_else(|| given(incoming).map(str::to_owned)),
        IdPolicy::Digest => None,
    }
    .unwrap_or_else(|| digest_identity(incoming))
}

/// The identity of an entry whose guid is another's: the guid and what tells the two apart. `link` is in its canonical form.
fn recycled_identity(incoming: &Incoming<'_>, link: Option<&str>) -> String {
    let apart = link.map_or_else(|| digest(&skeleton(incoming.title), 0), |link| digest(link, 0));
    format!("{}#{apart:016x}", given(incoming).unwrap_or_default())
}

fn digest_identity(incoming: &Incoming<'_>) -> String {
    let features = (incoming.features)();
    let body = features.bodies.first().copied().unwrap_or_default();
    let title = digest(&skeleton(incoming.title), 0);
    let link = if body == 0 && title == digest("", 0) { incoming.link.unwrap_or_default() } else { "" };
    format!("digest:{:016x}", digest(&format!("{title:x} {body:x} {link}"), 0))
}

struct Decider<'a> {
    known: &'a [KnownEntry],
    incoming: &'a [Incoming<'a>],
    policy: IdPolicy,
    by_guid: HashMap<&'a str, usize>,
    by_address: HashMap<u64, Vec<usize>>,
    /// How many entries of the document have this guid, this link.
    guids: HashMap<&'a str, usize>,
    links: HashMap<u64, usize>,
    /// Of each entry's link: its canonical form, and the key of that.
    links_of: Vec<Option<String>>,
    link_keys: Vec<Option<u64>>,
    /// Known entries that are taken, by index; and new identities, with who has them.
    taken: HashMap<usize, usize>,
    minted: HashMap<String, usize>,
}

impl<'a> Decider<'a> {
    fn new(known: &'a [KnownEntry], incoming: &'a [Incoming<'a>], policy: IdPolicy) -> Self {
        let mut by_address: HashMap<u64, Vec<usize>> = HashMap::new();
        for (i, entry) in known.iter().enumerate() {
            for address in &entry.features.addresses {
                by_address.entry(*address).or_default().push(i);
            }
        }
        let links_of: Vec<Option<String>> =
            incoming.iter().map(|e| e.link.and_then(urls::canonical)).collect();
        let link_keys: Vec<Option<u64>> =
            links_of.iter().map(|link| link.as_deref().map(super::features::key_of_canonical)).collect();
        let (mut guids, mut links) = (HashMap::new(), HashMap::new());
        for (entry, link) in incoming.iter().zip(&link_keys) {
            if let Some(guid) = given(entry) {
                *guids.entry(guid).or_default() += 1;
            }
            if let Some(link) = link {
                *links.entry(*link).or_default() += 1;
            }
        }
        let by_guid = known.iter().enumerate().map(|(i, k)| (k.guid.as_str(), i)).collect();
        Self {
            known,
            incoming,
            policy,
            by_guid,
            by_address,
            guids,
            links,
            links_of,
            link_keys,
            taken: HashMap::new(),
            minted: HashMap::new(),
        }
    }

    fn decide(&mut self, i: usize) -> Identity {
        let entry = &self.incoming[i];
        let own = own_identity(entry, self.policy);
        let recycled = given(entry).map(|_| recycled_identity(entry, self.links_of[i].as_deref()));
        // Someone earlier in the document may be the same entry once more.
        for identity in std::iter::once(&own).chain(&recycled) {
            if let Some(&first) = self.minted.get(identity)
                && self.is_repeat(first, i)
            {
                return Identity::Repeat { of: first };
            }
        }
        let mut recycled_guid = false;
        for identity in recycled.iter().chain(std::iter::once(&own)) {
            let Some(&k) = self.by_guid.get(identity.as_str()) else { continue };
            if let Some(&first) = self.taken.get(&k) {
                if self.is_repeat(first, i) {
                    return Identity::Repeat { of: first };
                }
                recycled_guid = true;
                continue;
            }
            if self.policy == IdPolicy::Digest || self.agrees(i, k) {
                return self.take(i, k, Identity::Same(self.known[k].key));
            }
            recycled_guid = true;
        }
        if !recycled_guid && let Some((k, renamed)) = self.moved(i) {
            let key = self.known[k].key;
            return self.take(i, k, if renamed { Identity::Renamed(key) } else { Identity::Same(key) });
        }
        let free = |identity: &String| {
            !self.minted.contains_key(identity) && !self.by_guid.contains_key(identity.as_str())
        };
        if free(&own) && !recycled_guid {
            self.minted.insert(own.clone(), i);
            return Identity::New { guid: own };
        }
        let mut guid = recycled.unwrap_or_else(|| digest_identity(entry));
        if !free(&guid) {
            guid = format!("{own}#{}", digest_identity(entry));
        }
        self.minted.insert(guid.clone(), i);
        Identity::Recycled { guid }
    }

    fn take(&mut self, i: usize, k: usize, identity: Identity) -> Identity {
        self.taken.insert(k, i);
        identity
    }

    /// Whether entries `a` and `b` of the document are one entry, listed twice.
    fn is_repeat(&self, a: usize, b: usize) -> bool {
        let same_link = self.link_keys[a] == self.link_keys[b];
        let (left, right) = (skeleton(self.incoming[a].title), skeleton(self.incoming[b].title));
        match self.policy {
            IdPolicy::Digest => true,
            IdPolicy::Link if self.link_keys[a].is_some() => same_link,
            _ => {
                same_link && (left == right || alike(&left, &right) >= 0.5)
                    || left == right
                        && !left.is_empty()
                        && given(&self.incoming[a]) == given(&self.incoming[b])
                        && self.link_keys[b].is_none()
            }
        }
    }

    /// Whether a known guid means the known entry.
    fn agrees(&self, i: usize, k: usize) -> bool {
        let (entry, known) = (&self.incoming[i], &self.known[k]);
        let crowded = given(entry).is_some_and(|g| self.guids.get(g).is_some_and(|n| *n > 1));
        if let Some(link) = self.link_keys[i] {
            let alone = self.links.get(&link).is_none_or(|n| *n == 1);
            if known.features.addresses.contains(&link) && (alone || !crowded) {
                return true;
            }
        } else if !crowded
            && known.features.addresses.is_empty()
            && skeleton(entry.title) == skeleton(&known.title)
        {
            return true;
        }
        let (left, right) = (skeleton(entry.title), skeleton(&known.title));
        let features = (entry.features)();
        let contained = containment(&features, &known.features);
        if left.is_empty() && features.letters == 0 {
            return !crowded;
        }
        if contained >= 0.65 {
            return true;
        }
        // Another address under the same guid: the words must agree, not only the form of the report.
        if words::other_numbers(entry.title, &known.title) || words::other_words(entry.title, &known.title) {
            return false;
        }
        contained >= 0.4 || alike(&left, &right) >= 0.5
    }

    /// The known entry that this one is under another guid, and whether the guid changed (it may have had none).
    fn moved(&self, i: usize) -> Option<(usize, bool)> {
        let entry = &self.incoming[i];
        if self.policy == IdPolicy::Digest {
            return None;
        }
        let renamed = given(entry).is_some();
        let free =
            |k: usize| !self.taken.contains_key(&k) && !self.guids.contains_key(self.known[k].guid.as_str());
        if let Some(link) = self.link_keys[i]
            && let Some(candidates) = self.by_address.get(&link)
        {
            let alone = self.links.get(&link).is_none_or(|n| *n == 1);
            // The newest of several: a page that is written anew each day.
            let mut candidates: Vec<usize> = candidates.iter().copied().filter(|k| free(*k)).collect();
            candidates
                .sort_by_key(|k| std::cmp::Reverse((self.known[*k].features.published, self.known[*k].key)));
            for k in candidates {
                let known = &self.known[k];
                let (left, right) = (skeleton(entry.title), skeleton(&known.title));
                if alone && left == right && !left.is_empty() && !renamed {
                    return Some((k, renamed));
                }
                let features = (entry.features)();
                let contained = containment(&features, &known.features);
                let similar = alike(&left, &right);
                let another_day = entry
                    .published
                    .is_some_and(|p| (p.as_second() - known.features.published).abs() >= 12 * 3_600);
                let template = another_day
                    && (words::other_numbers(entry.title, &known.title)
                        // A new guid for a new day, and other words: yesterday's report has given way to today's.
                        || renamed
                            && features.letters.min(known.features.letters) >= 40
                            && (contained < 0.8
                                // In a short report a few numbers are all that is new.
                                || features.letters < 300 && features.bodies.first() != known.features.bodies.first())
                        || similar < 1.0
                            && contained < 0.4
                            && features.letters.min(known.features.letters) >= 80);
                let unlike =
                    features.letters.min(known.features.letters) >= 80 && contained < 0.2 && similar < 0.3;
                let agree = contained >= 0.4 || similar >= 0.5;
                if !template && (agree || alone && !unlike) {
                    return Some((k, renamed));
                }
            }
        }
        self.same_text(i, free).map(|k| (k, renamed))
    }

    /// The known entry with the same headline and the same whole text.
    fn same_text(&self, i: usize, free: impl Fn(usize) -> bool) -> Option<usize> {
        let entry = &self.incoming[i];
        let title = skeleton(entry.title);
        if title.is_empty() {
            return None;
        }
        let mut features = None;
        (0..self.known.len()).find(|&k| {
            let known = &self.known[k];
            if !free(k) || known.features.letters < 80 || skeleton(&known.title) != title {
                return false;
            }
            // The same words another day at another address are another edition, not another guid.
            let another_day = entry
                .published
                .is_some_and(|p| (p.as_second() - known.features.published).abs() >= 20 * 3_600);
            let moved = self.link_keys[i].is_some_and(|l| !known.features.addresses.contains(&l));
            if another_day && moved {
                return false;
            }
            let features = features.get_or_insert_with(|| (entry.features)());
            features.bodies.first().is_some_and(|b| known.features.bodies.first() == Some(b))
        })
    }
}

/// How much of the shorter text the longer contains, as far as their sketches tell.
pub(crate) fn containment(a: &Features, b: &Features) -> f32 {
    if a.bodies.first().is_some_and(|x| b.bodies.first() == Some(x)) {
        return 1.0;
    }
    let (mut left, mut right) = (a.sketch.clone(), b.sketch.clone());
    left.sort_unstable();
    right.sort_unstable();
    super::reading::overlap(&left, &right).containment
}

#[cfg(test)]
mod tests;
