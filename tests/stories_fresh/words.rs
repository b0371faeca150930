//! Vocabularies: `name = one | another`, where `{NAME}` is a fact of the story and `{name}`, `{a|b}`, `{#1-9}` are chosen by
//! its seed.

use std::collections::{BTreeMap, HashMap};

/// English, Persian, Arabic.
pub const LANGUAGES: usize = 3;

/// A number made of another (SplitMix64).
pub fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

fn hash(seed: u64, text: &str) -> u64 {
    mix(text.bytes().fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)))
}

/// What a story is made from.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    pub seed: u64,
    /// Facts that are not left to the seed.
    pub fixed: BTreeMap<&'static str, String>,
    /// Rules of which another alternative is taken.
    pub turned: Vec<String>,
}

/// The vocabularies of the languages.
#[derive(Clone)]
pub struct Words([HashMap<&'static str, Vec<&'static str>>; LANGUAGES]);

impl Words {
    pub fn tune() -> Self {
        Self([
            parse(include_str!("words/en_tune.txt")),
            parse(include_str!("words/fa_tune.txt")),
            parse(include_str!("words/ar_tune.txt")),
        ])
    }

    pub fn judge() -> Self {
        Self([
            parse(include_str!("words/en_judge.txt")),
            parse(include_str!("words/fa_judge.txt")),
            parse(include_str!("words/ar_judge.txt")),
        ])
    }

    pub fn list(&self, language: usize, rule: &str) -> &[&'static str] {
        self.0[language].get(rule).unwrap_or_else(|| panic!("no {rule} in language {language}"))
    }

    pub fn topics(&self, language: usize) -> Vec<&'static str> {
        self.list(language, "topics")[0].split(' ').collect()
    }

    pub fn has(&self, language: usize, rule: &str) -> bool {
        self.0[language].contains_key(rule)
    }

    /// The text of a rule.
    pub fn say(&self, language: usize, rule: &str, seed: &Seed) -> String {
        let list = self.list(language, rule);
        let turn = usize::from(seed.turned.iter().any(|r| r == rule));
        let one = list[(hash(seed.seed, rule) as usize % list.len() + turn) % list.len()];
        let mut out = String::new();
        let mut rest = one;
        let mut nth = 0;
        while let Some(open) = rest.find('{') {
            let close = open + rest[open..].find('}').expect("a closing brace");
            out.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            nth += 1;
            if let Some(range) = name.strip_prefix('#') {
                let (from, to) = range.split_once('-').expect("a range");
                let (from, to): (u64, u64) = (from.parse().expect("from"), to.parse().expect("to"));
                let (from, to) = (from.min(to), from.max(to));
                let dice = hash(seed.seed, &format!("{rule} {range} {nth}"));
                out.push_str(&(from + dice % (to - from + 1)).to_string());
            } else if name.contains('|') {
                let choices: Vec<&str> = name.split('|').collect();
                out.push_str(choices[hash(seed.seed, name) as usize % choices.len()]);
            } else if let Some(fact) = seed.fixed.get(name) {
                out.push_str(fact);
            } else {
                out.push_str(&self.say(language, name, seed));
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        digits(&out, language)
    }

    /// A fact with another value than the seed's.
    pub fn other_fact(&self, language: usize, name: &'static str, seed: &Seed) -> String {
        let old = self.say(language, name, seed);
        (1..)
            .map(|n| self.say(language, name, &Seed { seed: mix(seed.seed ^ n), ..Seed::default() }))
            .find(|new| *new != old)
            .expect("another")
    }
}

/// In the digits of the language.
fn digits(text: &str, language: usize) -> String {
    let zero = ['0', '۰', '٠'][language];
    text.chars()
        .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(u32::from(zero) + d).unwrap_or(c)))
        .collect()
}

/// Alternatives stand between ` | `; inside braces `|` belongs to the choice.
fn parse(text: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    text.lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, list)| (name.trim(), list.split(" | ").map(str::trim).collect()))
        .collect()
}
