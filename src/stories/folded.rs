//! A text folded once for all that reads it: what it is recognised by, whether it holds another, what a search finds it by.

use std::ops::Range;

use memchr::memmem;

use super::reading::{boundary, without_invitation};
use super::sketch::MAX_LETTERS;
use crate::model::Article;
use crate::text::compare::{Folding, What, skeleton, unescape};
use crate::text::html;

/// The text of an article that stories are recognised by: the content, and before it the summary where the content
/// does not contain it. One line a block.
pub fn reading_text(article: &Article) -> String {
    reading_text_of(article, body_text(article))
}

/// The text of the content, or of the summary where there is no content.
pub fn body_text(article: &Article) -> String {
    let body = article.content_html.as_deref().or(article.summary_html.as_deref());
    body.map(html::to_text).unwrap_or_default()
}

/// [`reading_text`] where the text of the content, or of the summary where there is no content, is at hand.
pub fn reading_text_of(article: &Article, body: String) -> String {
    joined(article, body, holds)
}

/// The same, and the text folded.
pub fn folded_text_of(article: &Article, body: String) -> (String, FoldedText) {
    let mut folded = None;
    let length = body.len();
    let text = joined(article, body, |content, told, summary| {
        let content_folded = folded.insert(FoldedText::of(content));
        content_folded.contains(told).unwrap_or_else(|| holds(content, told, summary))
    });
    // Anything else than the content alone is longer or shorter.
    match folded.filter(|_| text.len() == length) {
        Some(folded) => (text, folded),
        None => {
            let folded = FoldedText::of(&text);
            (text, folded)
        }
    }
}

/// The body, and before it the summary where the body does not hold its folded letters.
fn joined(article: &Article, body: String, holds: impl FnOnce(&str, &str, usize) -> bool) -> String {
    let (Some(_), Some(summary)) = (&article.content_html, &article.summary_html) else { return body };
    let (content, summary) = (body, html::to_text(summary));
    if content.trim().is_empty() {
        return summary;
    }
    let short = skeleton(&summary);
    // A summary of the content is its beginning, often cut inside a word.
    let told = &short[..boundary(&short, short.len().saturating_sub(12))];
    if told.len() < 40 || holds(&content, told, summary.len()) {
        content
    } else {
        format!("{summary}\n{content}")
    }
}

/// Whether folded letters, of a text of so many bytes, stand at the beginning of another text or somewhere in it.
fn holds(content: &str, told: &str, length: usize) -> bool {
    let is_in = |text: &str| skeleton(text).contains(told);
    let beginning = &content[..boundary(content, 2 * length + 200)];
    is_in(beginning) || beginning.len() < content.len() && is_in(content)
}

/// A folded text, and how far it is looked at to recognise it.
#[derive(Clone, Debug, Default)]
pub struct FoldedText {
    folding: Folding,
    /// Letters that are looked at, in bytes: none of an invitation to read on, of a very long text the beginning.
    told: usize,
}

impl FoldedText {
    /// Folds `text`.
    pub fn of(text: &str) -> Self {
        let plain = unescape(text);
        let (told, rest) = plain.split_at(without_invitation(&plain).len());
        let mut folding = Folding::default();
        folding.was_escaped = matches!(plain, std::borrow::Cow::Owned(_));
        folding.push(told);
        let told = beginning(folding.letters());
        folding.push(rest);
        Self { folding, told }
    }

    /// All of it, for a search.
    pub fn whole(&self) -> &Folding {
        &self.folding
    }

    /// What it is recognised by: letters and digits only.
    pub(crate) fn skeleton(&self) -> &[u8] {
        &self.folding.letters()[..self.told]
    }

    /// Where the sentences stand in the [skeleton](Self::skeleton); none is empty.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        let stops = self.folding.marks().iter().filter(|mark| mark.what == What::Stop);
        let ends = stops.map(|mark| mark.at as usize).take_while(|end| *end < self.told);
        for end in ends.chain([self.told]) {
            if start < end {
                sentences.push(start..end);
            }
            start = end;
        }
        sentences
    }

    /// Whether these folded letters stand in it; `None` where the text was mended first, so that its parts may have been
    /// mended differently.
    pub(crate) fn contains(&self, skeleton: &str) -> Option<bool> {
        let (letters, told) = (self.folding.letters(), skeleton.as_bytes());
        // Mostly it is the beginning.
        (!self.folding.was_escaped)
            .then(|| letters.starts_with(told) || memmem::find(letters, told).is_some())
    }
}

/// The beginning of folded letters that is looked at, in bytes.
pub(super) fn beginning(letters: &[u8]) -> usize {
    // One more than is kept in a sketch.
    let mut left = MAX_LETTERS + 1;
    if letters.len() <= left {
        return letters.len();
    }
    for (at, byte) in letters.iter().enumerate() {
        if byte & 0xc0 != 0x80 && *byte != b'.' {
            if left == 0 {
                return at;
            }
            left -= 1;
        } else if left == 0 && *byte == b'.' {
            return at;
        }
    }
    letters.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reading::Reading;
    use super::*;

    proptest! {
        #[test]
        fn a_folded_text_is_the_text_folded(
            content in "(The town|opened a park|&amp;|<b>|\\.|\n|3|\u{200c}|پارک|شهر|…| ){0,30}",
            summary in "(The town|opened a park|&amp;|<b>|\\.|\n|3|\u{200c}|پارک|شهر|…| ){0,30}",
            cut in 0_usize..200,
        ) {
            // Often the summary is the beginning.
            for summary in [content[..boundary(&content, cut)].to_owned(), summary] {
                let article = Article {
                    content_html: Some(content.clone()),
                    summary_html: Some(summary),
                    ..Article::default()
                };
                let body = html::to_text(&content);
                let (text, folded) = folded_text_of(&article, body.clone());
                prop_assert_eq!(&text, &reading_text_of(&article, body));
                let reading = Reading::of(&text);
                prop_assert_eq!(folded.skeleton(), reading.skeleton.as_bytes());
                prop_assert_eq!(folded.whole().skeleton(), skeleton(&text));
            }
        }
    }
}
