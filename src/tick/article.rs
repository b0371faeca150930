//! What a document says of an entry → what a reader reads.

use std::hash::Hasher;

use jiff::Timestamp;
use xxhash_rust::xxh3::Xxh3;

use crate::model::{Article, Markup, ParsedEntry, ParsedFeed, Source};
use crate::store::Moves;
use crate::text;

/// How long a headline may become that is made of the text, in characters.
const MADE_TITLE: usize = 80;

/// What is left of the bound for a summary beside a long text, in bytes.
const LEAST_SUMMARY: usize = 64 * 1024;

/// An entry, cleaned.
pub(super) struct Cleaned {
    /// What a reader reads.
    pub(super) article: Article,
    /// The text of its content, where it has none of its summary.
    pub(super) body: String,
    /// It was longer than any article is ([`text::html::LONGEST`], summary and text together) and ends early.
    pub(super) is_cut: bool,
}

/// Cleans one entry: sanitises its HTML, finds its language and direction.
pub(super) fn read(entry: &ParsedEntry, feed: &ParsedFeed, source: &Source) -> Cleaned {
    let mut is_cut = false;
    let mut clean = |markup: &Option<Markup>, longest: usize, plain: Option<&mut String>| {
        let markup = markup.as_ref()?;
        let (html, cut) = match plain {
            Some(plain) => {
                let (html, cut, text) = text::html::sanitize_and_read(markup, longest);
                *plain = text;
                (html, cut)
            }
            None => text::html::sanitize_within(markup, longest),
        };
        is_cut |= cut;
        Some(html).filter(|html| !html.trim().is_empty())
    };
    let mut plain = String::new();
    let content_html = clean(&entry.content, text::html::LONGEST, Some(&mut plain));
    let room = text::html::LONGEST - content_html.as_ref().map_or(0, String::len).min(text::html::LONGEST);
    let in_summary = content_html.is_none();
    let summary_html = clean(&entry.summary, room.max(LEAST_SUMMARY), in_summary.then_some(&mut plain));
    if content_html.is_none() && summary_html.is_none() {
        plain.clear();
    }
    let title = entry.title.clone().unwrap_or_else(|| made_title(&plain, entry));
    let in_markup = entry.content.as_ref().or(entry.summary.as_ref()).and_then(|m| m.language.as_deref());
    let declared =
        entry.language.as_deref().or(in_markup).or(feed.language.as_deref()).or(source.language.as_deref());
    let language = text::language::of(declared, &title, &plain);
    let direction = text::language::direction(language.as_deref(), &title, &plain);
    let article = Article {
        link: entry.link.clone(),
        title,
        summary_html,
        content_html,
        authors: entry.authors.clone(),
        categories: entry.categories.clone(),
        enclosures: entry.enclosures.clone(),
        image: entry.image.clone(),
        language,
        direction,
        comments: entry.comments.clone(),
        rights: entry.rights.clone(),
        source: entry.source.clone(),
        tags: Vec::new(),
    };
    Cleaned { article, body: plain, is_cut }
}

/// Microblogs and notes have no headline, yet every format wants one: the beginning of the text, else the address.
fn made_title(plain: &str, entry: &ParsedEntry) -> String {
    let first_line = plain.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let cut = text::html::summary(&text::plain::escape(first_line), MADE_TITLE);
    let cut = text::plain::from_html(&cut);
    if cut.is_empty() { entry.link.clone().or_else(|| entry.id.clone()).unwrap_or_default() } else { cut }
}

/// Takes what an article lacks from what was stored of it: not every reading has all of it at hand.
pub(super) fn complete(article: &mut Article, stored: &Article) {
    fn lacking<T: Clone>(value: &mut Option<T>, stored: &Option<T>) {
        if value.is_none() {
            value.clone_from(stored);
        }
    }
    fn empty<T: Clone>(values: &mut Vec<T>, stored: &[T]) {
        if values.is_empty() {
            values.extend_from_slice(stored);
        }
    }
    if article.title.is_empty() {
        article.title.clone_from(&stored.title);
    }
    if article.content_html.is_none() {
        lacking(&mut article.content_html, &stored.content_html);
        article.language.clone_from(&stored.language);
        article.direction = stored.direction;
    }
    lacking(&mut article.summary_html, &stored.summary_html);
    lacking(&mut article.image, &stored.image);
    lacking(&mut article.comments, &stored.comments);
    lacking(&mut article.rights, &stored.rights);
    lacking(&mut article.source, &stored.source);
    empty(&mut article.authors, &stored.authors);
    empty(&mut article.categories, &stored.categories);
    empty(&mut article.enclosures, &stored.enclosures);
}

/// A hash of everything that a document says of an entry: equal means that there is nothing to do.
/// Stable across versions and machines as long as the fields stay the same.
pub(super) fn fingerprint(entry: &ParsedEntry) -> i64 {
    let mut hash = Xxh3::new();
    let mut field = |value: &str| {
        hash.write(value.as_bytes());
        hash.write(&[0xff]); // Never in UTF-8: keeps fields apart.
    };
    let mut optional = |value: &Option<String>| field(value.as_deref().unwrap_or("\u{1}"));
    optional(&entry.id);
    optional(&entry.link);
    optional(&entry.title);
    optional(&entry.image);
    optional(&entry.language);
    optional(&entry.comments);
    optional(&entry.rights);
    for markup in [&entry.summary, &entry.content].into_iter().flatten() {
        field(&markup.html);
        field(markup.base.as_ref().map_or("", url::Url::as_str));
    }
    for time in [entry.published, entry.updated] {
        field(&time.map_or(0, Timestamp::as_second).to_string());
    }
    for author in &entry.authors {
        field(author.name.as_deref().unwrap_or_default());
        field(author.email.as_deref().unwrap_or_default());
        field(author.uri.as_deref().unwrap_or_default());
    }
    for category in &entry.categories {
        field(category);
    }
    for enclosure in &entry.enclosures {
        field(&enclosure.url);
        field(enclosure.media_type.as_deref().unwrap_or_default());
    }
    if let Some(source) = &entry.source {
        field(source.url.as_deref().unwrap_or_default());
        field(source.title.as_deref().unwrap_or_default());
    }
    hash.digest().cast_signed()
}

/// When an entry was published and last changed, frozen at first sight: the earliest of what it says and
/// now; never in the future, so that a wrong clock cannot keep it on top. `undated` stands for the date that an
/// entry does not give.
pub(super) fn dates(entry: &ParsedEntry, undated: Timestamp, now: Timestamp) -> (Timestamp, Timestamp) {
    let published = [entry.published, entry.updated].into_iter().flatten().min().unwrap_or(undated).min(now);
    let updated = entry.updated.unwrap_or(published).clamp(published, now);
    (published, updated)
}

/// How often `updated` may move in [`STORM`] seconds: what changes more often is a counter that looks like text.
pub(super) const MOST_MOVES: u32 = 5;
/// The time over which moves are counted.
const STORM: i64 = 24 * 3600;

/// The count of moves after one more at `now`; `None` where `updated` has moved often enough.
pub(super) fn moved(moves: Moves, now: Timestamp) -> Option<Moves> {
    let age = moves.from.map(|from| now.as_second() - from.as_second());
    match age {
        // A beginning in the future is a clock that was wrong.
        Some(age) if (0..STORM).contains(&age) => {
            (moves.count < MOST_MOVES).then_some(Moves { count: moves.count + 1, ..moves })
        }
        _ => Some(Moves { count: 1, from: Some(now) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updated_moves_five_times_a_day_at_most() {
        let at = |s: i64| Timestamp::from_second(1_000_000 + s).unwrap();
        let mut moves = Moves::default();
        for minute in 0..5 {
            moves = moved(moves, at(60 * minute)).expect("still allowed");
        }
        assert_eq!(moves, Moves { count: 5, from: Some(at(0)) });
        assert_eq!(moved(moves, at(600)), None);
        assert_eq!(moved(moves, at(STORM - 1)), None);
        assert_eq!(moved(moves, at(STORM)), Some(Moves { count: 1, from: Some(at(STORM)) }));
        assert_eq!(moved(moves, at(-60)), Some(Moves { count: 1, from: Some(at(-60)) }));
    }

    #[test]
    fn dates_are_the_earliest_and_never_in_the_future() {
        let at = |s: &str| s.parse::<Timestamp>().unwrap();
        let now = at("2026-11-20T12:00:00Z");
        let entry = |published: Option<&str>, updated: Option<&str>| ParsedEntry {
            published: published.map(at),
            updated: updated.map(at),
            ..ParsedEntry::default()
        };
        let (early, late, future) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2027-01-01T00:00:00Z");
        for (published, updated, expected) in [
            (Some(early), Some(late), (at(early), at(late))),
            (Some(late), Some(early), (at(early), at(early))),
            (Some(early), None, (at(early), at(early))),
            (None, Some(late), (at(late), at(late))),
            (None, None, (now, now)),
            (Some(future), None, (now, now)),
            (Some(early), Some(future), (at(early), now)),
        ] {
            assert_eq!(dates(&entry(published, updated), now, now), expected, "{published:?} {updated:?}");
        }
    }
}
