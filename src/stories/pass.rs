//! One pass over what is new: which story each entry tells.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::cluster::{Assigned, Assignment, Outcome, StoryMerge, story_id};
use super::finder::{Other, Tally};
use super::index::{EntryKey, Stories, StoryKey};
use super::judge::{Match, Verdict, judge, quick};
use super::options::Options;
use super::prepared::{Prepared, load_habits};
use crate::model::{Stage, Why};

/// Other members of a story that are asked whether they contradict.
const WITNESSES: usize = 5;
/// Entries taken apart that are kept at hand: more than [`prepare`](super::prepared::prepare) hands over.
const AT_HAND: usize = 768;

/// A story during the pass.
#[derive(Clone, Debug, Default)]
struct Node {
    parent: Option<usize>,
    /// The oldest stored story in it.
    stored: Option<StoryKey>,
    /// Entries that may contradict a newcomer, oldest first.
    witnesses: Vec<Other>,
    /// The first new entry in it.
    founder: Option<usize>,
}

pub(super) struct Pass<'a, I: Stories> {
    run: Prepared,
    index: &'a mut I,
    options: &'a Options,
    story_of: FxHashMap<EntryKey, StoryKey>,
    nodes: Vec<Node>,
    node_of_stored: FxHashMap<StoryKey, usize>,
    node_of_new: Vec<usize>,
    whys: Vec<Option<(Why, EntryKey)>>,
    merges: Vec<StoryMerge>,
}

impl<'a, I: Stories> Pass<'a, I> {
    pub(super) fn begin(prepared: Prepared, index: &'a mut I, options: &'a Options) -> Self {
        Self {
            node_of_new: Vec::with_capacity(prepared.new.len()),
            whys: Vec::with_capacity(prepared.new.len()),
            run: prepared,
            index,
            options,
            story_of: FxHashMap::default(),
            nodes: Vec::new(),
            node_of_stored: FxHashMap::default(),
            merges: Vec::new(),
        }
    }

    /// Finds the stories of all, in order.
    pub(super) fn place_all(&mut self) -> Result<(), I::Error> {
        let mut stored: Vec<EntryKey> = self.run.known.keys().copied().collect();
        stored.sort_unstable();
        self.story_of = self.index.stories(&stored)?.into_iter().collect();
        for i in 0..self.run.new.len() {
            self.place(i)?;
        }
        Ok(())
    }

    /// The story of another entry, as far as it is known.
    fn node(&mut self, other: Other) -> Option<usize> {
        match other {
            Other::New(i) => self.node_of_new.get(i).map(|n| self.root(*n)),
            Other::Stored(entry) => {
                let story = *self.story_of.get(&entry)?;
                let node = *self.node_of_stored.entry(story).or_insert_with(|| {
                    self.nodes.push(Node { stored: Some(story), ..Node::default() });
                    self.nodes.len() - 1
                });
                Some(self.root(node))
            }
        }
    }

    fn root(&self, mut node: usize) -> usize {
        while let Some(parent) = self.nodes[node].parent {
            node = parent;
        }
        node
    }

    /// Takes entries apart, those that are not at hand yet.
    fn take_apart(&mut self, others: &[Other]) -> Result<(), I::Error> {
        if self.run.sides.len() > AT_HAND {
            self.run.sides.clear();
        }
        self.run.take_apart(others, self.index)
    }

    fn judge(&self, a: Other, b: Other, crowded: bool) -> Option<Verdict> {
        let (left, right) = (self.run.sides.get(&self.run.key(a))?, self.run.sides.get(&self.run.key(b))?);
        Some(judge(left, right, &self.run.habits, self.options, crowded))
    }

    /// Finds the story of entry `i`.
    fn place(&mut self, i: usize) -> Result<(), I::Error> {
        let me = Other::New(i);
        let mut matches: Vec<(usize, Other, Match)> = Vec::new();
        let mut vetoed: BTreeSet<usize> = BTreeSet::new();
        let others = std::mem::take(&mut self.run.others[i]);
        let mut closely: Vec<(Other, Tally)> = Vec::new();
        for (other, tally) in others {
            let found = quick(
                &self.run.new[i].features,
                self.run.features(other),
                &self.run.habits,
                self.options,
                tally.crowded,
            );
            match (found, self.node(other)) {
                (Some(found), Some(node)) => matches.push((node, other, found)),
                _ => closely.push((other, tally)),
            }
        }
        // What stands in a story that the address already told needs no closer look.
        let told: Vec<usize> = matches.iter().map(|(node, _, _)| *node).collect();
        let mut looked_at: Vec<(Other, Tally)> = Vec::new();
        for (other, tally) in closely {
            if !self.node(other).is_some_and(|node| told.contains(&node)) {
                looked_at.push((other, tally));
            }
        }
        if !looked_at.is_empty() {
            let needed: Vec<Other> = std::iter::once(me).chain(looked_at.iter().map(|(o, _)| *o)).collect();
            self.take_apart(&needed)?;
        }
        for (other, tally) in &looked_at {
            let (Some(node), Some(verdict)) = (self.node(*other), self.judge(me, *other, tally.crowded))
            else {
                continue;
            };
            if verdict.is_conflict() {
                vetoed.insert(node);
            }
            if let Some(found) = verdict.matched {
                matches.push((node, *other, found));
            }
        }
        if matches.iter().any(|(_, _, found)| found.is_bare()) && self.is_ambiguous(&looked_at) {
            matches.retain(|(_, _, found)| !found.is_bare());
        }
        // From certain to likely; of equals, the older.
        matches.sort_by(|(_, a, x), (_, b, y)| {
            (!x.strong, x.stage).cmp(&(!y.strong, y.stage)).then(y.score.total_cmp(&x.score)).then(a.cmp(b))
        });
        let mut joined: Option<(usize, Other)> = None;
        let mut why = None;
        for (node, other, found) in matches {
            let node = self.root(node);
            match joined {
                None => {
                    let certain = found.stage == Stage::Url || self.stands_in(me, other);
                    if !certain
                        && (vetoed.contains(&node)
                            || self.is_contradicted(me, other, node, found.is_bare())?)
                    {
                        continue;
                    }
                    joined = Some((node, other));
                    why = Some((found.why(), self.run.key(other)));
                    if !found.strong {
                        break;
                    }
                }
                Some((home, first)) if home != node && found.strong => {
                    if (vetoed.contains(&node) && found.stage != Stage::Url)
                        || self.are_apart(first, other)?
                    {
                        continue;
                    }
                    let home = self.unite(home, node, i, &found);
                    joined = Some((home, first));
                }
                Some(_) => {}
            }
        }
        let node = match joined {
            Some((node, _)) => self.root(node),
            None => {
                self.nodes.push(Node { founder: Some(i), ..Node::default() });
                self.nodes.len() - 1
            }
        };
        if self.nodes[node].founder.is_none() {
            self.nodes[node].founder = Some(i);
        }
        if self.nodes[node].witnesses.len() < 4 * WITNESSES {
            self.nodes[node].witnesses.push(me);
        }
        self.node_of_new.push(node);
        self.whys.push(why);
        Ok(())
    }

    /// Whether all of `me` is in `other`, so that whoever contradicts the one contradicts the other.
    fn stands_in(&self, me: Other, other: Other) -> bool {
        match (self.run.sides.get(&self.run.key(me)), self.run.sides.get(&self.run.key(other))) {
            (Some(left), Some(right)) => left.stands_in(right),
            _ => false,
        }
    }

    /// Whether one headline stands above texts of several stories: then it means none of them.
    fn is_ambiguous(&mut self, others: &[(Other, Tally)]) -> bool {
        let mut told: Vec<usize> = Vec::new();
        for (other, _) in others.iter().filter(|(_, tally)| tally.headline) {
            if self.run.sides.get(&self.run.key(*other)).is_some_and(|s| s.has_text())
                && let Some(node) = self.node(*other)
            {
                told.push(self.root(node));
            }
        }
        told.sort_unstable();
        told.dedup();
        told.len() > 1
    }

    /// Whether an entry of the story tells other facts than `me`, who matched `other` of it.
    fn is_contradicted(
        &mut self,
        me: Other,
        other: Other,
        node: usize,
        bare: bool,
    ) -> Result<bool, I::Error> {
        let mut witnesses: Vec<Other> =
            self.nodes[node].witnesses.iter().copied().filter(|w| *w != other).collect();
        if let Some(story) = self.nodes[node].stored {
            let members = self.index.members(story, WITNESSES)?;
            let unknown: Vec<EntryKey> =
                members.iter().copied().filter(|m| !self.run.known.contains_key(m)).collect();
            if !unknown.is_empty() {
                let found = self.index.features(&unknown)?;
                load_habits(found.iter().map(|(_, features)| features), &mut self.run.habits, self.index)?;
                self.story_of.extend(found.iter().map(|(entry, _)| (*entry, story)));
                self.run.known.extend(found);
            }
            witnesses.extend(
                members
                    .into_iter()
                    .filter(|m| self.run.known.contains_key(m))
                    .map(Other::Stored)
                    .filter(|m| *m != other),
            );
        }
        // Those who say most.
        witnesses.retain(|w| self.is_known(*w));
        witnesses.sort_by_key(|w| (std::cmp::Reverse(self.run.features(*w).letters), *w));
        witnesses.dedup();
        witnesses.truncate(WITNESSES);
        let needed: Vec<Other> = witnesses.iter().copied().chain([me]).collect();
        self.take_apart(&needed)?;
        // A headline without a text of its own must not bring two texts together that would not come together without it.
        let has_text = |side: Other| self.run.sides.get(&self.run.key(side)).is_some_and(|s| s.has_text());
        let told: Vec<Other> = witnesses.iter().copied().filter(|w| has_text(*w)).collect();
        let strange = bare
            && has_text(me)
            && !told.is_empty()
            && !told.iter().any(|w| self.judge(me, *w, false).is_some_and(|v| v.matched.is_some()));
        Ok(strange || witnesses.iter().any(|w| self.judge(me, *w, false).is_some_and(|v| v.is_conflict())))
    }

    /// Whether `other`'s features are at hand.
    fn is_known(&self, other: Other) -> bool {
        match other {
            Other::New(_) => true,
            Other::Stored(entry) => self.run.known.contains_key(&entry),
        }
    }

    /// Whether two entries, which a third matches strongly, tell other facts or nothing in common.
    fn are_apart(&mut self, a: Other, b: Other) -> Result<bool, I::Error> {
        self.take_apart(&[a, b])?;
        Ok(self.judge(a, b, false).is_some_and(|v| v.is_conflict()))
    }

    /// Makes two stories one; returns it. `by` is the entry that told, `found` what it has in common with `b`.
    fn unite(&mut self, a: usize, b: usize, by: usize, found: &Match) -> usize {
        let (stored_a, stored_b) = (self.nodes[a].stored, self.nodes[b].stored);
        if let (Some(x), Some(y)) = (stored_a, stored_b) {
            self.merges.push(StoryMerge {
                kept: x.min(y),
                retired: x.max(y),
                by: self.run.new[by].key,
                why: found.why(),
            });
        }
        let (keep, give) = if a <= b { (a, b) } else { (b, a) };
        let given = std::mem::take(&mut self.nodes[give]);
        self.nodes[give].parent = Some(keep);
        // The one without a stored story loses its founder's place: its first entry joins what is older.
        let loser = match (stored_a, stored_b) {
            (Some(_), None) => Some(b),
            (None, Some(_)) => Some(a),
            _ => None,
        };
        let founder_of = |node: usize, nodes: &[Node], given: &Node| {
            if node == give { given.founder } else { nodes[node].founder }
        };
        let founders = [founder_of(a, &self.nodes, &given), founder_of(b, &self.nodes, &given)];
        let mut explain = |founder: Option<usize>, key: EntryKey| {
            if let Some(f) = founder
                && let Some(why) = self.whys.get_mut(f)
                && why.is_none()
            {
                *why = Some((found.why(), key));
            }
        };
        let key = self.run.new[by].key;
        match loser {
            Some(node) => explain(if node == a { founders[0] } else { founders[1] }, key),
            None if stored_a.is_none() => explain(founders[0].max(founders[1]), key),
            None => {}
        }
        let node = &mut self.nodes[keep];
        node.stored = node.stored.into_iter().chain(given.stored).min();
        node.founder = node.founder.into_iter().chain(given.founder).min();
        node.witnesses.extend(given.witnesses);
        keep
    }

    pub(super) fn outcome(self) -> Outcome {
        let assignments = (0..self.run.new.len())
            .map(|i| {
                let entry = &self.run.new[i];
                let node = &self.nodes[self.root(self.node_of_new[i])];
                let founder = node.founder.unwrap_or(i);
                let story = match node.stored {
                    Some(story) => Assigned::Existing(story),
                    None => {
                        let first = &self.run.new[founder];
                        Assigned::New { id: story_id(first.source.as_str(), &first.guid), founder: first.key }
                    }
                };
                let (why, matched) = match &self.whys[i] {
                    Some((why, matched)) => (why.clone(), Some(*matched)),
                    None => (
                        Why {
                            stage: Stage::Founder,
                            score: 1.0,
                            reason: "the first to tell this story".into(),
                        },
                        None,
                    ),
                };
                Assignment { entry: entry.key, story, why, matched }
            })
            .collect();
        Outcome { assignments, merges: self.merges }
    }
}
