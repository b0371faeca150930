//! A planet that reads documents: identity in the source, features, clustering, an index in memory.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use kariz::model::{IdPolicy, SourceId};
use kariz::stories::cluster::NewEntry;
use kariz::stories::identity::{self, Identity, Incoming, KnownEntry};
use kariz::stories::memory::MemoryIndex;
use kariz::stories::{EntryKey, Features, Item, StoryKey, Text, cluster};

use super::{Counts, Labelled, SOURCES, outlet};

#[derive(Default)]
pub struct Planet {
    pub index: MemoryIndex,
    known: Vec<Vec<KnownEntry>>,
    next: EntryKey,
    /// What was decided, in order: (entry, stage, reason).
    pub log: HashMap<EntryKey, String>,
}

fn features(item: &Labelled) -> Features {
    let (name, _) = outlet(item.source);
    let other: Vec<&str> = item.orig_link.iter().map(String::as_str).collect();
    Features::of(&Item {
        source: &source_name(item.source),
        guid: item.guid.as_deref().unwrap_or_default(),
        outlet: &[name],
        link: item.link.as_deref(),
        addresses: &other,
        title: &item.title,
        text: &item.text,
        published: Timestamp::from_second(item.published).unwrap_or_default(),
        language: None,
    })
}

fn source_name(source: usize) -> String {
    format!("source-{source:02}")
}

impl Planet {
    /// One pass over documents (all of one poll), in whatever order they come. Gives the entry of each item.
    pub fn pass(&mut self, documents: &[Vec<&Labelled>]) -> Vec<Vec<EntryKey>> {
        self.known.resize(SOURCES, Vec::new());
        let mut new = Vec::new();
        let mut entries = Vec::new();
        for document in documents {
            let asked: Vec<Box<dyn Fn() -> Features + '_>> = document
                .iter()
                .map(|item| Box::new(move || features(item)) as Box<dyn Fn() -> Features>)
                .collect();
            let incoming: Vec<Incoming<'_>> = document
                .iter()
                .zip(&asked)
                .map(|(item, features)| Incoming {
                    guid: item.guid.as_deref(),
                    link: item.link.as_deref(),
                    title: &item.title,
                    published: Timestamp::from_second(item.published).ok(),
                    features,
                })
                .collect();
            let Some(source) = document.first().map(|i| i.source) else {
                entries.push(Vec::new());
                continue;
            };
            let decided = identity::document(&self.known[source], &incoming, IdPolicy::Auto);
            let mut keys: Vec<EntryKey> = Vec::new();
            for (identity, item) in decided.into_iter().zip(document) {
                keys.push(match identity {
                    Identity::Same(key) | Identity::Renamed(key) => key,
                    Identity::Repeat { of } => keys[of],
                    Identity::New { guid } | Identity::Recycled { guid } => {
                        let key = self.next;
                        self.next += 1;
                        let features = features(item);
                        let bytes = features.to_bytes();
                        assert_eq!(
                            Features::from_bytes(&bytes).as_ref(),
                            Some(&features),
                            "features survive storage"
                        );
                        self.index.add_text(Text {
                            entry: key,
                            title: item.title.clone(),
                            text: item.text.clone(),
                        });
                        self.known[source].push(KnownEntry {
                            key,
                            guid: guid.clone(),
                            title: item.title.clone(),
                            features: features.clone(),
                        });
                        new.push(NewEntry {
                            key,
                            source: SourceId::from(source_name(source).as_str()),
                            guid,
                            features,
                        });
                        key
                    }
                });
            }
            entries.push(keys);
        }
        let Ok(outcome) = cluster(new.clone(), &mut self.index, kariz::stories::Options::default());
        for assignment in &outcome.assignments {
            self.log.insert(
                assignment.entry,
                format!("{:?} {:.2}: {}", assignment.why.stage, assignment.why.score, assignment.why.reason),
            );
        }
        self.index.apply(new, &outcome);
        entries
    }

    /// Reads a whole set in three polls; gives the story of each item.
    pub fn read(&mut self, set: &[Labelled]) -> Vec<(EntryKey, StoryKey)> {
        let mut entry_of: HashMap<usize, EntryKey> = HashMap::new();
        for poll in 0..3 {
            // Each document lists what is new and the last of what was there, as feeds do.
            let mut documents: Vec<Vec<(usize, &Labelled)>> = vec![Vec::new(); SOURCES];
            for (i, item) in set.iter().enumerate() {
                let gone = set_is_replaced(set, item, poll);
                if item.poll == poll || item.poll + 1 == poll && !gone {
                    documents[item.source].push((i, item));
                }
            }
            let plain: Vec<Vec<&Labelled>> =
                documents.iter().map(|d| d.iter().map(|(_, item)| *item).collect()).collect();
            for (document, keys) in documents.iter().zip(self.pass(&plain)) {
                for ((i, item), key) in document.iter().zip(keys) {
                    if item.poll == poll {
                        entry_of.insert(*i, key);
                    }
                }
            }
        }
        (0..set.len())
            .map(|i| {
                let entry = entry_of[&i];
                (entry, self.index.story_of(entry).expect("every entry has a story"))
            })
            .collect()
    }
}

/// Whether a later poll has this item under another guid, or another item under its guid.
fn set_is_replaced(set: &[Labelled], item: &Labelled, poll: usize) -> bool {
    set.iter().any(|other| {
        other.source == item.source
            && other.poll == poll
            && (other.kind.starts_with('G') && other.label == item.label
                || other.guid.is_some() && other.guid == item.guid)
    })
}

pub struct Scores {
    pub precision: f64,
    pub recall: f64,
    pub rand: f64,
    /// Copies that stand with their original, by kind.
    pub kinds: Counts,
    /// Trap items that stand with another of their group, by kind.
    pub traps: Counts,
    pub wrong: Vec<(usize, usize)>,
    pub missed: Vec<(usize, usize)>,
}

impl Scores {
    pub fn traps_merged(&self) -> (usize, usize) {
        self.traps.values().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }

    pub fn facts_merged(&self) -> usize {
        self.traps.iter().filter(|(k, _)| k.starts_with("changed")).map(|(_, (n, _))| n).sum()
    }
}

pub fn score(set: &[Labelled], found: &[(EntryKey, StoryKey)]) -> Scores {
    let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
    let mut stories: BTreeMap<StoryKey, Vec<usize>> = BTreeMap::new();
    let mut labels: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut cells: BTreeMap<(StoryKey, usize), usize> = BTreeMap::new();
    for (i, (item, (_, story))) in set.iter().zip(found).enumerate() {
        stories.entry(*story).or_default().push(i);
        labels.entry(item.label).or_default().push(i);
        *cells.entry((*story, item.label)).or_default() += 1;
    }
    let together: f64 = stories.values().map(|s| pairs(s.len())).sum();
    let wanted: f64 = labels.values().map(|s| pairs(s.len())).sum();
    let hit: f64 = cells.values().map(|n| pairs(*n)).sum();
    let chance = together * wanted / pairs(set.len());
    let mut scores = Scores {
        precision: if together == 0.0 { 1.0 } else { hit / together },
        recall: hit / wanted,
        rand: (hit - chance) / ((together + wanted) / 2.0 - chance),
        kinds: Counts::new(),
        traps: Counts::new(),
        wrong: Vec::new(),
        missed: Vec::new(),
    };
    for members in labels.values() {
        let base = members.iter().copied().find(|i| set[*i].kind == "base");
        for &i in members {
            if let Some(base) = base.filter(|b| *b != i) {
                let count = scores.kinds.entry(set[i].kind).or_default();
                count.1 += 1;
                if found[i].1 == found[base].1 {
                    count.0 += 1;
                } else {
                    scores.missed.push((base, i));
                }
            }
        }
    }
    for (i, item) in set.iter().enumerate() {
        if item.trap.is_some() {
            let merged =
                stories[&found[i].1].iter().copied().find(|j| *j != i && set[*j].label != item.label);
            let count = scores.traps.entry(item.kind).or_default();
            count.1 += 1;
            count.0 += usize::from(merged.is_some());
        }
    }
    for members in stories.values() {
        for (n, &i) in members.iter().enumerate() {
            for &j in &members[n + 1..] {
                if set[i].label != set[j].label {
                    scores.wrong.push((i, j));
                }
            }
        }
    }
    scores
}
