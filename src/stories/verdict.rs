//! What was found about two entries, in words.

use std::fmt;

use super::facts::Conflict;
use crate::model::{Stage, Why};

/// Why two entries were found to tell one story.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The stage that decided.
    pub stage: Stage,
    /// 1 for equal keys, else the containment found.
    pub score: f32,
    /// Strong enough to unite two stories; an excerpt is not.
    pub strong: bool,
    pub(super) evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Evidence {
    Address,
    SameText { letters: usize },
    BareHeadline { words: u8 },
    HeadlineAndText { words: u8, containment: f32 },
    Text { containment: f32, resemblance: f32, shorter: usize, longer: usize },
}

impl Match {
    /// Whether nothing but the headlines told.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.evidence, Evidence::BareHeadline { .. })
    }

    /// As it is stored and shown.
    pub fn why(&self) -> Why {
        Why { stage: self.stage, score: self.score, reason: self.to_string() }
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.evidence {
            Evidence::Address => f.write_str("both give the same address"),
            Evidence::SameText { letters } => {
                write!(f, "the texts are the same, letter by letter ({letters} letters)")
            }
            Evidence::BareHeadline { words } => write!(f, "the headlines are equal ({words} words)"),
            Evidence::HeadlineAndText { words, containment } => {
                write!(
                    f,
                    "the headlines are equal ({words} words), and {} of the shorter text stands in the longer",
                    percent(containment)
                )
            }
            Evidence::Text { containment, resemblance, shorter, longer } => write!(
                f,
                "{} of the shorter text ({shorter} letters) stands in the longer ({longer} letters); {} of both is common",
                percent(containment),
                percent(resemblance)
            ),
        }
    }
}

/// Why a stage did not merge two entries.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The keys of this stage differ.
    OtherKeys,
    /// The writing systems differ: at most a translation.
    OtherScript,
    /// Their dates are too far apart.
    FarApart {
        /// Days between them.
        days: i64,
    },
    /// One feed gives both as entries of their own.
    OneFeed,
    /// The address is one that shows something else each time.
    AddressReused,
    /// The headline stands above several entries of one feed.
    RepeatedHeadline,
    /// The headline is too short to mean one story.
    ShortHeadline,
    /// There is no text, or too little, to tell.
    NoText,
    /// Too little of the shorter text stands in the longer.
    TooLittle {
        /// How much does.
        containment: f32,
        /// How much would do.
        threshold: f32,
    },
    /// Alike, but they tell other facts.
    Facts(Conflict),
    /// The same for the headlines.
    HeadlineFacts(Conflict),
    /// The longer one is about several stories.
    Digest,
    /// Both have a beginning of their own: the common part is background.
    FollowUp,
    /// Alike, but similar texts shall not unite.
    SwitchedOff,
}

impl Refusal {
    /// Whether they are told apart by what they say, not only by lack of evidence: then no third entry shall bring them together.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Facts(_) | Self::HeadlineFacts(_))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKeys => f.write_str("nothing equal"),
            Self::SwitchedOff => f.write_str("the texts are alike, but near_text = false"),
            Self::OtherScript => f.write_str("other writing systems"),
            Self::FarApart { days } => write!(f, "{days} days apart"),
            Self::OneFeed => f.write_str("one feed gives both as entries of their own"),
            Self::AddressReused => f.write_str("the address shows another article each time"),
            Self::RepeatedHeadline => f.write_str("the headline stands above several entries of one feed"),
            Self::ShortHeadline => f.write_str("the headline is too short to mean one story"),
            Self::NoText => f.write_str("too little text to tell"),
            Self::TooLittle { containment, threshold } => {
                write!(
                    f,
                    "only {} of the shorter text stands in the longer, {} are needed",
                    percent(*containment),
                    percent(*threshold)
                )
            }
            Self::Facts(conflict) => write!(f, "alike, but {conflict}"),
            Self::HeadlineFacts(conflict) => write!(f, "alike, but in the headlines {conflict}"),
            Self::Digest => f.write_str("the longer one is about several stories"),
            Self::FollowUp => f.write_str("each begins with something of its own: a follow-up"),
        }
    }
}

fn percent(ratio: f32) -> String {
    format!("{:.0} %", ratio * 100.0)
}

/// What was found about two entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Why they tell one story, if they do.
    pub matched: Option<Match>,
    /// The stages that did not merge them, in order, each with its reason.
    pub tried: Vec<(Stage, Refusal)>,
    /// How much of the shorter text stands in the longer; 0 without texts.
    pub containment: f32,
    /// How alike the headlines are, from 0 to 1.
    pub headlines: f32,
}

impl Verdict {
    /// Whether something that they say tells them apart.
    pub fn is_conflict(&self) -> bool {
        self.matched.is_none() && self.tried.iter().any(|(_, refusal)| refusal.is_conflict())
    }

    /// What came nearest to merging them, where nothing did.
    pub fn refusal(&self) -> Option<&(Stage, Refusal)> {
        let telling = |(_, refusal): &&(Stage, Refusal)| !matches!(refusal, Refusal::OtherKeys);
        self.tried
            .iter()
            .find(|(_, r)| r.is_conflict())
            .or_else(|| self.tried.iter().rev().find(telling))
            .or_else(|| self.tried.last())
    }
}
