//! What a source is like: what a person wants to know before subscribing to it.

use std::collections::HashSet;
use std::fmt::Write;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::find::{Found, Way};
use crate::cli::output;
use crate::model::{CharsetEvidence, ParsedEntry, SourceKind};
use crate::text;

/// A text shorter than this is a teaser.
const FULL: usize = 600;

/// What a source is like.
pub(super) struct Diagnosis {
    charset: String,
    found_by: CharsetEvidence,
    entries: usize,
    dated: usize,
    newest: Option<Timestamp>,
    /// Entries with an id of their own; with one that another has too.
    with_id: usize,
    shared_ids: usize,
    linked: usize,
    /// Entries with the article, with a teaser, with neither.
    full: usize,
    teaser: usize,
    bare: usize,
    /// What the source says, else what its texts are written in.
    pub(super) language: Option<String>,
    declared: bool,
    titles: Vec<String>,
    warnings: Vec<String>,
}

/// The name of a kind in feeds.toml.
pub(super) fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
        SourceKind::Sitemap => "sitemap",
        SourceKind::Json => "json",
    }
}

impl Diagnosis {
    pub(super) fn of(found: &Found) -> Self {
        let feed = &found.feed;
        let mut ids = HashSet::new();
        let given: Vec<&str> = feed.entries.iter().filter_map(|e| e.id.as_deref()).collect();
        let shared_ids = given.iter().filter(|id| !ids.insert(**id)).count();
        let lengths: Vec<usize> = feed.entries.iter().map(length).collect();
        let sample: String = feed.entries.iter().take(20).map(|e| words(e) + "\n").collect();
        let titles: Vec<String> = feed.entries.iter().filter_map(|e| e.title.clone()).collect();
        let language = text::language::of(feed.language.as_deref(), &titles.join(" \n"), &sample);
        Self {
            charset: feed.charset.name.clone(),
            found_by: feed.charset.found_by,
            entries: feed.entries.len(),
            dated: feed.entries.iter().filter(|e| e.published.or(e.updated).is_some()).count(),
            newest: feed.entries.iter().filter_map(|e| e.published.or(e.updated)).max(),
            with_id: given.len(),
            shared_ids,
            linked: feed.entries.iter().filter(|e| e.link.is_some()).count(),
            full: lengths.iter().filter(|n| **n >= FULL).count(),
            teaser: lengths.iter().filter(|n| (1..FULL).contains(*n)).count(),
            bare: lengths.iter().filter(|n| **n == 0).count(),
            declared: feed.language.is_some(),
            language,
            titles,
            warnings: feed.warnings.clone(),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "charset": self.charset,
            "charset_found_by": self.found_by,
            "entries": self.entries,
            "dated": self.dated,
            "newest": self.newest.map(|t| t.to_string()),
            "with_id": self.with_id,
            "shared_ids": self.shared_ids,
            "with_link": self.linked,
            "full": self.full,
            "teaser": self.teaser,
            "bare": self.bare,
            "language": self.language,
            "language_declared": self.declared,
            "titles": self.titles.iter().take(5).collect::<Vec<_>>(),
            "warnings": self.warnings,
        })
    }

    /// As a person reads it.
    pub(super) fn page(&self, found: &Found) -> String {
        let dim = output::dim(output::colours_on_stdout());
        let mut out = String::new();
        let how = match found.how {
            Way::Address => "the address itself",
            Way::Alternate => "named by the page",
            Way::Service => "where this service has it",
            Way::Link => "linked from the page",
            Way::Guess => "where such sites usually have it",
            Way::Page => "no feed was found; the page lists articles",
        };
        let what = match found.kind {
            SourceKind::Feed => format!("{:?}", found.feed.format),
            kind => kind_name(kind).to_owned(),
        };
        let mut row = |name: &str, value: String| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{dim}{name:<9}{dim:#} {value}");
        };
        row("found", format!("{} ({what}; {how})", found.url));
        row("title", found.feed.title.clone().unwrap_or_else(|| "none".to_owned()));
        row("charset", format!("{} ({})", self.charset, evidence(self.found_by)));
        let language = self.language.clone().unwrap_or_else(|| "unknown".to_owned());
        row("language", if self.declared { language } else { format!("{language} (as its texts read)") });
        let listed = format!("{} listed, {} with an address of their own", self.entries, self.linked);
        row("entries", listed);
        let newest = self
            .newest
            .map_or_else(String::new, |t| format!(", the newest of {}", t.strftime("%Y-%m-%d %H:%M UTC")));
        row("dates", format!("{} of {}{newest}", self.dated, self.entries));
        let shared = match self.shared_ids {
            0 => String::new(),
            n => format!("; {n} have another's: kariz tells them apart by link and text"),
        };
        row(
            "ids",
            match self.with_id {
                0 => "none: kariz goes by the addresses".to_owned(),
                n => format!("{n} of {}{shared}", self.entries),
            },
        );
        row("texts", format!("{} full, {} teasers, {} without", self.full, self.teaser, self.bare));
        for title in self.titles.iter().take(3) {
            row("", format!("- {title}"));
        }
        for warning in self.warnings.iter().take(5) {
            row("note", warning.clone());
        }
        match found.kind {
            SourceKind::Feed if self.full * 2 < self.entries => {
                row("hint", "most texts are short: --full-text reads the article pages".to_owned());
            }
            SourceKind::Page | SourceKind::Sitemap => {
                row("hint", "titles, dates and texts are read from the article pages, each once".to_owned());
            }
            SourceKind::Feed | SourceKind::Json => {}
        }
        for other in found.others.iter().take(3) {
            row("also", other.clone());
        }
        if let Some(select) = found.select.as_ref().filter(|s| s.item.is_some()) {
            row("select", "what was chosen; to settle it, paste this below the source:".to_owned());
            out.push_str("[source.select]\n");
            out.push_str(&select.to_toml());
        }
        out
    }
}

fn evidence(found_by: CharsetEvidence) -> &'static str {
    match found_by {
        CharsetEvidence::Default => "as everything today",
        CharsetEvidence::Config => "as told",
        CharsetEvidence::ByteOrderMark => "by its byte order mark",
        CharsetEvidence::HttpHeader => "says its server",
        CharsetEvidence::Declaration => "says the document",
        CharsetEvidence::Detected => "found by its bytes",
    }
}

fn words(entry: &ParsedEntry) -> String {
    let body = entry.content.as_ref().or(entry.summary.as_ref());
    body.map_or_else(String::new, |m| text::html::to_text(&m.html))
}

fn length(entry: &ParsedEntry) -> usize {
    words(entry).chars().count()
}
