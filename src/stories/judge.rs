//! Whether two entries tell one story: stage by stage, from certain to likely, in words.

use rustc_hash::FxHashSet;

use super::facts::{Conflict, Differences, Exchange};
use super::features::{Features, Habit, HeadlineKey, Script};
use super::options::Options;
use super::reading::{Overlap, Reading, overlap};
use super::verdict::Evidence;
use super::words::{
    difference, exchanged, is_filler, negations, numbers, other_numbers, other_words, tells_apart,
};
use crate::model::Stage;

use super::side::TINY;
pub use super::side::{Habits, Side};
pub use super::verdict::{Match, Refusal, Verdict};

/// Equal headlines without a text on both sides must be nearer than this, in days.
const BARE_HEADLINE_DAYS: i64 = 3;
/// The same under equal headlines.
const CONTAINMENT_UNDER_HEADLINE: f32 = 0.3;
const CONTAINMENT_OF_SHORT: f32 = 0.5;
/// Letters below which a text says nothing without its headline.
const SHORT: usize = 120;
/// What the headline keys and addresses of two entries say, without their texts: the cases that need no closer look.
pub(crate) fn quick(
    a: &Features,
    b: &Features,
    habits: &Habits,
    options: &Options,
    crowded_address: bool,
) -> Option<Match> {
    if scripts_differ(a, b) || a.source == b.source || too_far(a, b, options) || crowded_address {
        return None;
    }
    let headline = shared_headline(a, b, habits)?;
    let same_day = a.published.abs_diff(b.published) < 18 * 3_600;
    if same_day && shares(&a.addresses, &b.addresses) {
        return Some(Match { stage: Stage::Url, score: 1.0, strong: true, evidence: Evidence::Address });
    }
    // The first body key is that of all of the text: nothing in it can tell the two apart.
    let same_text = a.letters >= 100 && a.bodies.first().is_some_and(|x| b.bodies.first() == Some(x));
    let repeated = |f: &Features| habits.count(f.source, Habit::Headline, headline.hash) > 1;
    (same_text && !repeated(a) && !repeated(b)).then_some(Match {
        stage: Stage::Text,
        score: 1.0,
        strong: true,
        evidence: Evidence::SameText { letters: a.letters as usize },
    })
}

/// Judges two entries. `crowded_address`: more entries have the common address than an article would have.
pub fn judge(a: &Side, b: &Side, habits: &Habits, options: &Options, crowded_address: bool) -> Verdict {
    let pair = Pair::new(a, b, habits, options, crowded_address);
    let mut verdict = Verdict {
        matched: None,
        tried: Vec::new(),
        containment: pair.overlap.containment,
        headlines: pair.alike,
    };
    for stage in [Stage::Url, Stage::Text, Stage::Headline, Stage::NearText] {
        let found = match stage {
            Stage::Url => pair.by_address(),
            Stage::Text => pair.by_whole_text(),
            Stage::Headline => pair.by_headline(),
            _ => pair.by_text(),
        };
        match found {
            Ok(found) => {
                verdict.matched = Some(found);
                break;
            }
            Err(refusal) => {
                // A fact that tells them apart holds for all that comes after.
                let last = refusal.is_conflict() || refusal == Refusal::OtherScript;
                verdict.tried.push((stage, refusal));
                if last {
                    break;
                }
            }
        }
    }
    verdict
}

fn scripts_differ(a: &Features, b: &Features) -> bool {
    a.script != b.script && a.script != Script::None && b.script != Script::None
}

fn too_far(a: &Features, b: &Features, options: &Options) -> bool {
    a.published.abs_diff(b.published).cast_signed() > options.window
}

fn days_apart(a: &Features, b: &Features) -> i64 {
    (a.published.abs_diff(b.published) / 86_400).cast_signed()
}

fn shares(a: &[u64], b: &[u64]) -> bool {
    a.iter().any(|k| b.contains(k))
}

/// The longest common headline, where all that was cut off on either side is the outlet's own.
fn shared_headline(a: &Features, b: &Features, habits: &Habits) -> Option<HeadlineKey> {
    let cut = |f: &Features, other: &Features, k: &HeadlineKey| {
        (habits.is_segment(f, Habit::First, k.first) || other.outlets.contains(&k.first))
            && (habits.is_segment(f, Habit::Last, k.last) || other.outlets.contains(&k.last))
    };
    let pairs = a.headlines.iter().flat_map(|x| b.headlines.iter().map(move |y| (x, y)));
    pairs
        .filter(|(x, y)| x.hash == y.hash && cut(a, b, x) && cut(b, a, y))
        .map(|(x, _)| *x)
        .max_by_key(|k| k.letters)
}

struct Pair<'a> {
    a: &'a Side,
    b: &'a Side,
    habits: &'a Habits,
    options: &'a Options,
    crowded_address: bool,
    headline: Option<HeadlineKey>,
    /// How alike the headlines are.
    alike: f32,
    overlap: Overlap,
    days: i64,
    /// Beyond the window.
    too_far: bool,
}

impl<'a> Pair<'a> {
    fn new(
        a: &'a Side,
        b: &'a Side,
        habits: &'a Habits,
        options: &'a Options,
        crowded_address: bool,
    ) -> Self {
        // The shorter one first.
        let (a, b) = if a.letters <= b.letters { (a, b) } else { (b, a) };
        Self {
            headline: shared_headline(&a.features, &b.features, habits),
            alike: a.title_skeleton.alike(&b.title_skeleton),
            overlap: if a.letters >= TINY / 2 {
                overlap(&a.shingles, &b.shingles)
            } else {
                Overlap::default()
            },
            days: days_apart(&a.features, &b.features),
            too_far: too_far(&a.features, &b.features, options),
            a,
            b,
            habits,
            options,
            crowded_address,
        }
    }

    fn one_feed(&self) -> bool {
        self.a.features.source == self.b.features.source
    }

    fn agree_somehow(&self) -> bool {
        self.headline.is_some() || self.alike >= 0.5 || self.overlap.containment >= 0.3
    }

    fn by_address(&self) -> Result<Match, Refusal> {
        let scripts_differ = scripts_differ(&self.a.features, &self.b.features);
        if scripts_differ && !self.options.across_languages {
            return Err(Refusal::OtherScript);
        }
        if !shares(&self.a.features.addresses, &self.b.features.addresses) {
            return Err(if scripts_differ { Refusal::OtherScript } else { Refusal::OtherKeys });
        }
        if self.one_feed() {
            return Err(if scripts_differ { Refusal::OtherScript } else { Refusal::OneFeed });
        }
        // A text and its translation have no letter in common: the address and the date are all there is.
        if scripts_differ {
            if self.too_far || self.crowded_address {
                return Err(Refusal::OtherScript);
            }
            return Ok(Match { stage: Stage::Url, score: 1.0, strong: true, evidence: Evidence::Address });
        }
        let unlike = self.a.letters >= 80 && self.overlap.containment < 0.2 && self.alike < 0.3;
        let hours = self.a.features.published.abs_diff(self.b.features.published) / 3_600;
        let edition = hours >= 18 && other_numbers(&self.a.title, &self.b.title);
        if unlike || edition || (self.too_far || self.crowded_address) && !self.agree_somehow() {
            return Err(Refusal::AddressReused);
        }
        Ok(Match { stage: Stage::Url, score: 1.0, strong: true, evidence: Evidence::Address })
    }

    fn by_whole_text(&self) -> Result<Match, Refusal> {
        if self.too_far {
            return Err(Refusal::FarApart { days: self.days });
        }
        let same = self.a.letters >= TINY + 20
            && (self.a.body.skeleton == self.b.body.skeleton
                || shares(&self.a.features.bodies, &self.b.features.bodies));
        if !same {
            return Err(Refusal::OtherKeys);
        }
        self.headline_facts()?;
        self.facts()?;
        // A description that a feed repeats under headlines of all kinds, before it was seen often enough.
        if self.one_feed() && self.a.letters < 100 {
            return Err(Refusal::OneFeed);
        }
        let generic = if self.one_feed() { self.a.letters < 300 } else { self.a.letters < 100 };
        if generic && self.headline.is_none() && self.alike < 0.3 {
            return Err(Refusal::NoText);
        }
        Ok(Match {
            stage: Stage::Text,
            score: 1.0,
            strong: true,
            evidence: Evidence::SameText { letters: self.a.letters },
        })
    }

    fn by_headline(&self) -> Result<Match, Refusal> {
        let Some(headline) = self.headline else { return Err(Refusal::OtherKeys) };
        if self.too_far {
            return Err(Refusal::FarApart { days: self.days });
        }
        if headline.words < 4 || headline.letters < 18 {
            return Err(Refusal::ShortHeadline);
        }
        let repeated = |f: &Features| self.habits.count(f.source, Habit::Headline, headline.hash) > 1;
        if repeated(&self.a.features) || repeated(&self.b.features) {
            return Err(Refusal::RepeatedHeadline);
        }
        // Furniture is no text, but who has nothing else has not come without one.
        let bare = |side: &Side| side.whole.skeleton.len() < TINY;
        if bare(self.a) || bare(self.b) {
            if self.one_feed() {
                return Err(Refusal::OneFeed);
            }
            if self.days >= BARE_HEADLINE_DAYS {
                return Err(Refusal::FarApart { days: self.days });
            }
            // However little it is, it may say that it is another day.
            self.facts()?;
            return Ok(Match {
                stage: Stage::Headline,
                score: 1.0,
                // Two stories may have one headline: what has nothing else must not bring them together.
                strong: false,
                evidence: Evidence::BareHeadline { words: headline.words },
            });
        }
        let containment = self.overlap.containment;
        // Set phrases (a horoscope, a notice) are much of a few sentences.
        let threshold =
            if self.a.letters < SHORT { CONTAINMENT_OF_SHORT } else { CONTAINMENT_UNDER_HEADLINE };
        // Where furniture is all that is left of an excerpt, it has nothing else to be compared by; a feed's own furniture does
        // not stand in another's text.
        let containment = if containment < threshold { self.whole_containment() } else { containment };
        if containment < threshold {
            return Err(Refusal::TooLittle { containment, threshold });
        }
        self.facts()?;
        self.short_numbers()?;
        Ok(Match {
            stage: Stage::Headline,
            score: containment,
            strong: true,
            evidence: Evidence::HeadlineAndText { words: headline.words, containment },
        })
    }

    fn by_text(&self) -> Result<Match, Refusal> {
        if self.too_far {
            return Err(Refusal::FarApart { days: self.days });
        }
        let near_headline =
            self.headline.is_some() || self.alike >= 0.5 && !other_words(&self.a.title, &self.b.title);
        let enough = if near_headline { SHORT / 2 } else { SHORT };
        // What the furniture leaves may be little, where it stands in both.
        let with_furniture =
            || self.a.letters >= TINY && self.overlap.containment >= 0.9 && self.whole_containment() >= 0.9;
        // A first sentence that stands above the text as its headline.
        let with_headline = || {
            let title = &self.a.title_skeleton.text;
            let letters = title.chars().count();
            letters >= 18
                && self.a.letters >= TINY
                && self.a.letters + letters >= enough
                && self.overlap.containment >= 0.9
                && self.b.whole.skeleton.contains(title.as_str())
        };
        if self.a.letters < enough
            && !(self.a.whole.letters() >= enough && with_furniture())
            && !with_headline()
        {
            return Err(Refusal::NoText);
        }
        let chosen = self.options.near_text.unwrap_or(Options::NEAR_TEXT);
        let at_least = |share: f32| if self.a.letters < SHORT { share.max(0.8) } else { share };
        let Overlap { containment, resemblance } = self.overlap;
        let threshold = at_least(chosen);
        // A stricter choice must not hide that two texts tell other facts, which keeps their stories apart.
        if containment < at_least(chosen.min(Options::NEAR_TEXT)) {
            return Err(Refusal::TooLittle { containment, threshold });
        }
        self.headline_facts()?;
        self.facts()?;
        self.short_numbers()?;
        if self.headline.is_none() && self.is_digest() {
            return Err(Refusal::Digest);
        }
        let other_headline = self.headline.is_none() && self.alike < 0.3;
        if other_headline && resemblance < 0.8 && self.is_follow_up()
            || self.one_feed() && self.headline.is_none() && resemblance < 0.7
        {
            return Err(Refusal::FollowUp);
        }
        if self.options.near_text.is_none() {
            return Err(Refusal::SwitchedOff);
        }
        if containment < threshold {
            return Err(Refusal::TooLittle { containment, threshold });
        }
        Ok(Match {
            stage: Stage::NearText,
            score: containment,
            strong: resemblance >= 0.5,
            evidence: Evidence::Text {
                containment,
                resemblance,
                shorter: self.a.letters,
                longer: self.b.letters,
            },
        })
    }

    /// The longer text collects stories and the shorter one is among them: another headline, a part of the text.
    fn is_digest(&self) -> bool {
        // Of about one length, each may still have much of its own, or the longer a good deal more: a story among others,
        // if the title has nothing of it.
        let part = self.a.letters * 10 < self.b.letters * 6;
        if !part && self.overlap.resemblance >= 0.5 && self.a.letters * 5 >= self.b.letters * 4 {
            return false;
        }
        if self.a.whole.is_cut_of(&self.b.whole) {
            return false;
        }
        // `Rain closes the road; Bakers show their craft; Lost dog returns`
        if self
            .b
            .title
            .split([';', '؛', '|', '/', '•'])
            .filter(|part| part.split_whitespace().count() >= 2)
            .count()
            >= 3
        {
            return true;
        }
        if self.alike >= 0.5 {
            return false;
        }
        let title = Reading::of(&self.b.title);
        let telling: Vec<u32> = title
            .words
            .iter()
            .filter(|w| title.word(**w).chars().count() >= 3 && !is_filler(title.word(**w)))
            .map(|w| w.hash)
            .collect();
        let told = telling.iter().filter(|w| self.a.whole.words.iter().any(|v| v.hash == **w)).count();
        let about = telling.is_empty() || told >= telling.len().min(2) && told * 2 >= telling.len();
        if !part {
            return if self.overlap.resemblance < 0.5 { !about } else { told == 0 && !telling.is_empty() };
        }
        let begins = overlap(&self.a.body.beginning(70), &self.b.body.beginning(self.a.letters.min(300)))
            .containment
            >= 0.5;
        !(about && begins)
    }

    /// How much of the shorter text, furniture and all, stands in the longer; 0 where no furniture was left out.
    fn whole_containment(&self) -> f32 {
        let (a, b) = (&self.a.whole, &self.b.whole);
        if self.one_feed() || a.skeleton.len() == self.a.body.skeleton.len() || a.letters() < SHORT {
            return 0.0;
        }
        let (x, y) = (a.shingle_set(), b.shingle_set());
        // As a share of the shorter text, whichever has more left without furniture.
        if x.len() > y.len() { 0.0 } else { overlap(&x, &y).containment }
    }

    /// Neither beginning stands in the other text.
    fn is_follow_up(&self) -> bool {
        overlap(&self.a.body.beginning(70), &self.b.shingles).containment < 0.5
            && overlap(&self.b.body.beginning(70), &self.a.shingles).containment < 0.5
    }

    /// Whether texts that are alike tell other facts.
    fn facts(&self) -> Result<(), Refusal> {
        let (a, b) = (&self.a.whole, &self.b.whole);
        if a.skeleton == b.skeleton {
            return Ok(());
        }
        let headlines = self.headline_exchange();
        let mut differences = Differences::between(a, b);
        // Set phrases lend no weight.
        differences.length = self.a.body.words.len().min(self.b.body.words.len());
        if let Some(conflict) = differences.conflict(headlines.as_ref()) {
            return Err(Refusal::Facts(conflict));
        }
        // Lists of numbers: no two words between them that could agree. The words are the same, a third of the numbers is not.
        let (ours, theirs) = (a.numbers(), b.numbers());
        let missing = ours.iter().filter(|n| theirs.binary_search(n).is_err()).count();
        if missing >= 2 && missing * 3 >= ours.len() && !theirs.is_empty() {
            let words: FxHashSet<u32> = b.words.iter().filter(|w| !w.number).map(|w| w.hash).collect();
            let (all, common) =
                a.words.iter().filter(|w| !w.number).fold((0, 0), |(all, common), w| {
                    (all + 1, common + usize::from(words.contains(&w.hash)))
                });
            let (left, right) = difference(ours, theirs);
            if common * 5 >= all * 4 && !right.is_empty() {
                let some =
                    |list: &[String]| list.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(" ");
                return Err(Refusal::Facts(Conflict::Numbers(Exchange {
                    left: some(&left),
                    right: some(&right),
                })));
            }
        }
        Ok(())
    }

    /// A few sentences made of set phrases (a horoscope, a notice) agree here and there, too little to be laid on each other:
    /// where each has a number that the other has not, they are two.
    fn short_numbers(&self) -> Result<(), Refusal> {
        if self.a.letters >= SHORT {
            return Ok(());
        }
        // What breaks off may end with half a number.
        let whole =
            |reading: &Reading| reading.words.len() - usize::from(reading.open && !reading.words.is_empty());
        let of = |side: &'a Side| {
            numbers(side.whole.words[..whole(&side.whole)].iter().map(|w| side.whole.word(*w)))
        };
        let (left, right) = difference(&of(self.a), &of(self.b));
        if left.is_empty() || right.is_empty() {
            return Ok(());
        }
        Err(Refusal::Facts(Conflict::Numbers(Exchange { left: left.join(" "), right: right.join(" ") })))
    }

    /// The words that the headlines exchange, where they are alike otherwise.
    fn headline_exchange(&self) -> Option<Differences> {
        if self.headline.is_some() || self.alike < 0.3 {
            return None;
        }
        let (x, y) = exchanged(&self.a.title, &self.b.title);
        let words = x
            .iter()
            .flat_map(|left| y.iter().map(move |right| Exchange { left: left.clone(), right: right.clone() }))
            .collect();
        Some(Differences { words, ..Differences::default() })
    }

    /// `Ashby beats Thorn` above the one, `Thorn beats Ashby` above the other.
    fn roles_are_exchanged(&self) -> bool {
        let (left, right) = (Reading::of(&self.a.title), Reading::of(&self.b.title));
        !Differences::between(&left, &right).telling.is_empty()
    }

    /// Whether headlines that are alike tell other facts.
    fn headline_facts(&self) -> Result<(), Refusal> {
        if self.headline.is_some() || self.alike < 0.4 {
            return Ok(());
        }
        let (x, y) = exchanged(&self.a.title, &self.b.title);
        let exchange = || Exchange { left: x.join(" "), right: y.join(" ") };
        if other_numbers(&self.a.title, &self.b.title) {
            let exchange = Exchange { left: self.a.title.clone(), right: self.b.title.clone() };
            return Err(Refusal::HeadlineFacts(Conflict::Numbers(exchange)));
        }
        let not = negations(&self.a.title) != negations(&self.b.title) && x.len().max(y.len()) <= 1;
        if not || x.iter().any(|w| y.iter().any(|v| tells_apart(w, v))) || self.roles_are_exchanged() {
            return Err(Refusal::HeadlineFacts(Conflict::Words(exchange())));
        }
        if self.alike < 0.5 || x.is_empty() || y.is_empty() {
            return Ok(());
        }
        // Do the texts agree with the headlines' difference?
        let said = |side: &Side, words: &[String]| words.iter().filter(|w| side.whole.says(w)).count();
        let (own, other) = (said(self.a, &x) + said(self.b, &y), said(self.a, &y) + said(self.b, &x));
        if own > other || own == 0 && self.a.letters < 2 * SHORT {
            return Err(Refusal::HeadlineFacts(Conflict::Words(exchange())));
        }
        Ok(())
    }
}
