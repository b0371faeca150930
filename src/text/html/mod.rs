//! HTML that may be republished.
//!
//! The way of a text through [`sanitize`]: `scan` reads it as tokens, `rewrite` makes it nest and applies what
//! needs judgement (`policy`), `barrier` (ammonia) lets nothing through that is not in the table. All of it is
//! linear in the length of the text.

mod barrier;
mod lines;
mod policy;
mod rewrite;
pub(crate) mod scan;
#[cfg(test)]
mod tests;
mod urls;
mod write;

use crate::model::Markup;
use crate::text::plain;

/// More tags than this in one article are no article: its text is what is kept.
const MOST_ELEMENTS: usize = 60_000;

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
/// The result is stable: sanitising it again changes nothing. A text beyond all measure comes out as escaped text.
pub fn sanitize(markup: &Markup) -> String {
    let html = markup.html.as_str();
    if !html.contains('<') {
        let mut out = String::with_capacity(html.len());
        write::push_text(&plain::decode(html), &mut out);
        return out;
    }
    let base = markup.base.as_ref();
    let Some(mut rewritten) = rewrite::rewrite(html, base, true, MOST_ELEMENTS) else { return as_text(html) };
    if rewritten.hid && !rewritten.shows {
        // A page that its script was to show.
        match rewrite::rewrite(html, base, false, MOST_ELEMENTS) {
            Some(again) => rewritten = again,
            None => return as_text(html),
        }
    }
    if !rewritten.html.contains('<') {
        return rewritten.html;
    }
    barrier::clean(&rewritten.html)
}

fn as_text(html: &str) -> String {
    let mut out = String::new();
    write::push_text(&lines::to_text(html), &mut out);
    out
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
