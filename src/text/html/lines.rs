//! Text out of HTML: lines for machines, a summary for people.

use memchr::memrchr;
use unicode_segmentation::UnicodeSegmentation;

use super::breaks_line;
use super::scan::{Scanner, Token};
use super::write::push_text;
use crate::text::plain;
use crate::text::runs::spaced_run;

/// The text of HTML with blocks apart: one line a block, white space folded, character references decoded.
pub(super) fn to_text(html: &str) -> String {
    let mut lines = Lines::for_html(html);
    let mut scanner = Scanner::new(html);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(raw) => lines.push(&plain::decode(raw)),
            Token::Start(tag) => match tag.name() {
                name @ ("script" | "style" | "title" | "textarea" | "template" | "svg" | "select") => {
                    scanner.skip_raw(name);
                }
                "pre" => {
                    lines.break_line();
                    lines.pre += 1;
                }
                "td" | "th" => lines.space = true,
                name if breaks_line(name) => lines.break_line(),
                _ => {}
            },
            Token::End(name) => match name.as_str() {
                "pre" => {
                    lines.pre = lines.pre.saturating_sub(1);
                    lines.break_line();
                }
                "td" | "th" => lines.space = true,
                name if breaks_line(name) => lines.break_line(),
                _ => {}
            },
        }
    }
    lines.finish()
}

/// Text under way: one line a block.
pub(super) struct Lines {
    out: String,
    /// White space waits to be written.
    space: bool,
    /// Nothing stands in this line yet.
    line: bool,
    pre: usize,
}

impl Lines {
    pub(super) fn for_html(html: &str) -> Self {
        Self { out: String::with_capacity(html.len() / 8 * 7), space: false, line: true, pre: 0 }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        // It may be kept for as long as its document is read.
        self.out.shrink_to_fit();
        self.out
    }

    pub(super) fn break_line(&mut self) {
        if !self.line {
            self.out.push('\n');
        }
        self.line = true;
        self.space = false;
    }

    /// Adds text, its references decoded.
    pub(super) fn push(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let run = beginning_to_keep(rest);
            if !run.is_empty() {
                let words = run.strip_suffix(' ').unwrap_or(run);
                self.write(words);
                self.space = words.len() < run.len();
                rest = &rest[run.len()..];
            }
            let Some(c) = rest.chars().next() else { return };
            rest = &rest[c.len_utf8()..];
            if self.pre > 0 && c == '\n' {
                self.break_line();
            } else if c.is_whitespace() {
                self.space = true;
            }
        }
    }

    fn write(&mut self, text: &str) {
        if self.space && !self.line {
            self.out.push(' ');
        }
        self.space = false;
        self.line = false;
        self.out.push_str(text);
    }
}

/// The part of a text up to what is folded or left out; single spaces may stand in it, and one behind it.
fn beginning_to_keep(text: &str) -> &str {
    let mut at = 0;
    loop {
        at += spaced_run(&text[at..], at > 0 && !text[..at].ends_with(' ')).len();
        match text[at..].chars().next() {
            Some(c) if !c.is_whitespace() && !plain::is_forbidden(c) => at += c.len_utf8(),
            _ => return &text[..at],
        }
    }
}

/// See [`super::summary`].
pub(super) fn summary(html: &str, max_chars: usize) -> String {
    // As a rule the first is enough; where there is much markup, the second.
    for (bytes_a_char, more) in [(8, 1_000), (24, 20_000), (usize::MAX, usize::MAX)] {
        let beginning = beginning(html, max_chars.saturating_mul(bytes_a_char).saturating_add(more));
        let text = plain::clean(&to_text(beginning));
        if beginning.len() == html.len() || text.chars().nth(max_chars).is_some() {
            return shortened(&text, max_chars);
        }
    }
    String::new()
}

/// The beginning of a text, as HTML without tags.
fn shortened(text: &str, max_chars: usize) -> String {
    let mut out = String::with_capacity(text.len());
    if text.chars().nth(max_chars).is_none() {
        push_text(text, &mut out);
        return out;
    }
    // One character is the ellipsis.
    let room = max_chars.saturating_sub(1);
    let end = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
    let cut = cut_at_word(text, end);
    let cut = cut.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | ':'
                    | '،'
                    | '؛'
                    | '、'
                    | '，'
                    | '-'
                    | '–'
                    | '—'
                    | '('
                    | '['
                    | '«'
                    | '"'
                    | '“'
                    | '/'
                    | '&'
            )
    });
    push_text(cut, &mut out);
    if max_chars > 0 {
        out.push('…');
    }
    out
}

/// At most `enough` bytes of some HTML: nobody has to read a book for its first line. It ends where a tag begins, else where a word
/// does; where there is neither, it is the whole.
fn beginning(html: &str, enough: usize) -> &str {
    let Some(start) = html.as_bytes().get(..enough) else { return html };
    let end = match memrchr(b'<', start) {
        Some(tag) if tag > 0 => Some(tag),
        // Not within a tag that is longer than all this.
        Some(_) => memrchr(b'>', start).and_then(|from| Some(from + memrchr(b' ', &start[from..])?)),
        None => memrchr(b' ', start),
    };
    end.map_or(html, |end| &html[..end])
}

/// The longest beginning of `text` of at most `end` bytes that does not end within a word; where a single word is
/// longer than that, one that does not end within a grapheme cluster.
fn cut_at_word(text: &str, end: usize) -> &str {
    let mut best = 0;
    for (at, word) in text.split_word_bound_indices() {
        if at + word.len() > end {
            break;
        }
        best = at + word.len();
    }
    // Segments are words, spaces and signs: a cut behind any of them is good, unless it leaves next to nothing.
    if best * 2 < end {
        best = text
            .grapheme_indices(true)
            .map(|(at, cluster)| at + cluster.len())
            .take_while(|at| *at <= end)
            .last()
            .unwrap_or(0)
            .max(best);
    }
    &text[..best]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_summary_is_the_beginning_of_the_whole_text(
            parts in prop::collection::vec(prop_oneof![
                "[a-zپچگ ]{0,60}", "<(p|b|br|/p|/b)>", "<a href=\"[a-z]{0,90}\">", "<img alt=\"[a-z ]{900,1600}\">",
                "(&amp;|&lt;|\u{200c}|\u{feff}|\u{2067}|\u{2069}|\u{7}|  ){0,40}",
            ], 0..120),
            most in 0usize..50,
        ) {
            let html = parts.concat();
            prop_assert_eq!(summary(&html, most), shortened(&plain::clean(&to_text(&html)), most));
        }
    }
}
