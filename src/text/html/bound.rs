//! How long an article may become: what is longer ends early, between two words, with an ellipsis.

use std::borrow::Cow;

use super::write;
use crate::text::plain;

/// Words longer than this are cut within: there is no other place.
const LONGEST_WORD: usize = 200;

/// What is cut ends so much before the bound: with the end tags of what is open it still fits, and cleaned once more it is
/// not cut once more.
const ROOM_TO_CLOSE: usize = 4 * 1024;

/// The beginning of raw text, at most so many bytes, not cut within a character or a character reference.
pub(super) fn beginning(raw: &str, most: usize) -> &str {
    if raw.len() <= most {
        return raw;
    }
    let text = &raw[..raw.floor_char_boundary(most)];
    match text.rfind('&') {
        // No reference is longer.
        Some(at) if text.len() - at < 40 && !text[at..].contains(';') => &text[..at],
        _ => text,
    }
}

/// Writes raw text as HTML, references decoded once, until `out` is `longest` bytes long. Gives whether something was left
/// out.
pub(super) fn push_raw(raw: &str, out: &mut String, longest: usize) -> bool {
    let (decoded, cut) = decoded(raw, longest.saturating_sub(out.len()));
    push_text(&decoded, out, longest, cut)
}

/// As much of raw text, decoded, as `room` bytes can hold, and whether that is not all. A reference is up to eight times as
/// long as what it stands for; a text of nothing else is rare, and is still left half of its length.
pub(super) fn decoded(raw: &str, room: usize) -> (Cow<'_, str>, bool) {
    let short = beginning(raw, room.saturating_mul(4).max(64));
    (plain::decode(short), short.len() < raw.len())
}

/// Writes text as HTML until `out` is `longest` bytes long. With `more` the text is not all of it. Gives whether something
/// was left out.
pub(super) fn push_text(text: &str, out: &mut String, longest: usize, more: bool) -> bool {
    write::push_text(text, out);
    if out.len() <= longest && !more {
        return false;
    }
    // The text since the last tag may have come in pieces.
    let start = out.rfind('>').map_or(0, |at| at + 1);
    let end = longest.saturating_sub(ROOM_TO_CLOSE.min(longest / 8));
    let written = beginning(&out[start..], end.saturating_sub(start));
    let end = match written.rfind(char::is_whitespace) {
        Some(space) if written.len() - space <= LONGEST_WORD => space,
        _ => written.len(),
    };
    out.truncate(start + end);
    if !write::is_balanced(&out[start..]) {
        let tail: String = out[start..].chars().filter(|c| !plain::is_bidi_control(*c)).collect();
        out.truncate(start);
        out.push_str(&tail);
    }
    out.push('…');
    true
}
