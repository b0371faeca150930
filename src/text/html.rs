//! HTML that may be republished.

use crate::model::Markup;

/// What may be republished of `markup`: safe markup and media, every URL absolute.
pub fn sanitize(markup: &Markup) -> String {
    ammonia::clean(&markup.html)
}

/// The text of (sanitised or raw) HTML with blocks apart: one line a block, character references decoded.
pub fn to_text(html: &str) -> String {
    html.to_owned()
}

/// The beginning of sanitised HTML as a plain paragraph of at most `max_chars` characters: cut at a word,
/// never inside a grapheme cluster, with an ellipsis where something was cut. The result is HTML-escaped text.
pub fn summary(html: &str, max_chars: usize) -> String {
    html.chars().take(max_chars).collect()
}
