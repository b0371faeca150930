//! HTML that may be republished.
//!
//! The way of a text through [`sanitize`]: `scan` reads it as tokens, `rewrite` makes it nest and applies what
//! needs judgement (`policy`), `barrier` (ammonia) lets nothing through that is not in the table. All of it is
//! linear in the length of the text.

mod barrier;
mod bound;
mod lines;
mod policy;
mod proof;
#[cfg(test)]
mod properties;
mod rewrite;
pub(crate) mod scan;
#[cfg(test)]
mod tests;
mod urls;
mod write;

use crate::model::Markup;

/// More tags than this in one article are no article: its text is what is kept.
const MOST_ELEMENTS: usize = 60_000;

/// No article is longer than this, in bytes of what is published of it (what is dropped on the way does not count): eighty
/// thousand words, or half as many in letters of two bytes. Without a bound, twenty sources of one article of ten megabytes
/// each made a feed of hundreds, and every reader would have to fetch it.
pub const LONGEST: usize = 512 * 1024;

/// What may be republished of `markup`: safe markup and media, every URL absolute.
///
/// - **Kept**: text structure, lists, tables, figures, pictures (with `srcset`; those that a script would load too),
///   sound and film with their controls, ruby, direction and language. The table is in `policy`.
/// - **Dropped with their content**: `script`, `style`, `svg`, `template`, `applet`;
///   what a style or `hidden` hides; share buttons; counting pictures. All other elements lose their tags only.
/// - `iframe` and `embed` of films, sound, maps and documents become links.
/// - **URLs** are http or https, for links also mailto, absolute after `markup.base`; others are dropped.
/// - Links carry no `rel`: nothing here opens a window, and an article's links are its recommendations.
/// - Characters that XML forbids are gone, bidi controls stay only where each is closed.
///
/// The result is stable: sanitising it again changes nothing. A text beyond all measure comes out as escaped text, and one
/// longer than [`LONGEST`] ends there.
pub fn sanitize(markup: &Markup) -> String {
    sanitize_within(markup, LONGEST).0
}

/// [`sanitize`] with a bound of one's own, in bytes; tells whether it was reached.
pub fn sanitize_within(markup: &Markup, longest: usize) -> (String, bool) {
    sanitized(markup, longest, None)
}

/// [`sanitize_within`], and the [text](to_text) of what it gives.
pub fn sanitize_and_read(markup: &Markup, longest: usize) -> (String, bool, String) {
    let mut text = None;
    let (html, cut) = sanitized(markup, longest, Some(&mut text));
    let text = text.unwrap_or_else(|| to_text(&html));
    (html, cut, text)
}

/// Gives the text, too, where it is wanted and is found on the way.
fn sanitized(markup: &Markup, longest: usize, text: Option<&mut Option<String>>) -> (String, bool) {
    let html = markup.html.as_str();
    if !html.contains('<') {
        let mut out = String::with_capacity(html.len().min(longest));
        let cut = bound::push_raw(html, &mut out, longest);
        return (out, cut);
    }
    let base = markup.base.as_ref();
    let pass = |honour_hiding| rewrite::rewrite(html, base, honour_hiding, MOST_ELEMENTS, longest);
    let Some(mut rewritten) = pass(true) else { return as_text(html, longest) };
    if rewritten.hid && !rewritten.shows {
        // A page that its script was to show.
        match pass(false) {
            Some(again) => rewritten = again,
            None => return as_text(html, longest),
        }
    }
    if !rewritten.html.contains('<') {
        return (rewritten.html, rewritten.cut);
    }
    let mut lines = text.is_some().then(|| lines::Lines::for_html(&rewritten.html));
    if proof::is_plain(&rewritten.html, lines.as_mut()) {
        if let (Some(text), Some(lines)) = (text, lines) {
            *text = Some(lines.finish());
        }
        return (rewritten.html, rewritten.cut);
    }
    (barrier::clean(&rewritten.html), rewritten.cut)
}

fn as_text(html: &str, longest: usize) -> (String, bool) {
    let mut out = String::new();
    let short = bound::beginning(html, longest.saturating_mul(4));
    let cut = bound::push_text(&lines::to_text(short), &mut out, longest, short.len() < html.len());
    (out, cut)
}

/// The text of (sanitised or raw) HTML with blocks apart: one line a block, character references decoded.
///
/// White space is folded, except the lines of `pre`; comments, `script` and `style` are passed over; what XML forbids
/// is gone. Linear in the length of `html`.
pub fn to_text(html: &str) -> String {
    lines::to_text(html)
}

/// The beginning of sanitised HTML as a plain paragraph of at most `max_chars` characters: cut at a word,
/// never inside a grapheme cluster, with an ellipsis where something was cut. The result is HTML-escaped text.
///
/// Characters are counted before escaping, the ellipsis is one of them. Words end where UAX #29 says (a ZWNJ parts none),
/// Chinese and Thai between clusters.
pub fn summary(html: &str, max_chars: usize) -> String {
    lines::summary(html, max_chars)
}

/// Whether an element (its name in lower case) begins or ends a line.
pub(crate) fn breaks_line(name: &str) -> bool {
    match policy::element(name) {
        Some(index) => {
            let element = &policy::ELEMENTS[index];
            element.place == policy::Place::Block
                || matches!(element.name, "br" | "tr" | "caption" | "thead" | "tbody" | "tfoot" | "table")
        }
        None => policy::is_unwrapped_block(name),
    }
}
