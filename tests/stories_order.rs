//! The stories do not depend on the order in which the network answered, nor do they change from pass to pass.

mod stories_set;

use std::collections::BTreeMap;

use kariz::stories::EntryKey;
use proptest::prelude::*;
use stories_set::{Labelled, Planet, Random, SOURCES, generate, score};

/// Reads a set in three polls, the documents and their items in an order of `seed`; gives the story id of each item.
fn read(set: &[Labelled], seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut planet = Planet::default();
    let mut found: BTreeMap<usize, EntryKey> = BTreeMap::new();
    for poll in 0..3 {
        let mut documents: Vec<Vec<usize>> = vec![Vec::new(); SOURCES];
        for (i, item) in set.iter().enumerate().filter(|(_, item)| item.poll == poll) {
            documents[item.source].push(i);
        }
        // Not the items of a document: their order is the document's own, and it decides between twins.
        random.shuffle(&mut documents);
        let plain: Vec<Vec<&Labelled>> =
            documents.iter().map(|d| d.iter().map(|i| &set[*i]).collect()).collect();
        for (document, keys) in documents.iter().zip(planet.pass(&plain)) {
            found.extend(document.iter().copied().zip(keys));
        }
    }
    (0..set.len())
        .map(|i| {
            let story = planet.index.story_of(found[&i]).expect("every entry has a story");
            planet.index.story_id(story).expect("every story has an id").to_owned()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_makes_no_difference(seed in any::<u64>()) {
        let set = generate(seed % 1_000, 60);
        prop_assert_eq!(read(&set, 1), read(&set, seed));
    }
}

#[test]
fn another_set_is_recognised_as_well() {
    // The thresholds were chosen on seed 1.
    let set = generate(4_711, 180);
    let found = Planet::default().read(&set);
    let scores = score(&set, &found);
    assert!(scores.precision >= 0.99 && scores.recall >= 0.96, "{} {}", scores.precision, scores.recall);
    assert_eq!(scores.facts_merged(), 0);
}
