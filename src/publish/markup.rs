//! The last touch on sanitised HTML before it is published: which way it runs, and no credentials.
//!
//! Feed formats have no `dir`, and most readers do not derive a direction from `xml:lang`. So HTML
//! that runs from right to left says so itself, in a wrapper; in a text of mixed direction a block
//! that runs the other way says so too. The direction of a block is that of most of its letters, not
//! of the first one (`dir="auto"`): Persian paragraphs often begin with a Latin name.

use std::borrow::Cow;

use memchr::memchr;

use super::clean;
use super::letters::{Letters, may_run_rtl};
use crate::model::Direction;

/// What an element is to the paragraphs of the bidirectional algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Its text is a paragraph of its own.
    Block,
    /// It ends a paragraph without being one.
    Break,
    /// It stands within a paragraph.
    Inline,
}

/// What the element of this name is; letters of either case.
fn kind(name: &str) -> Kind {
    let mut lower = [0; 10];
    let Some(lower) = lower.get_mut(..name.len()) else { return Kind::Inline };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"p" | b"li" | b"div" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"blockquote" | b"td"
        | b"th" | b"dt" | b"dd" | b"figcaption" | b"caption" | b"pre" | b"article" | b"section"
        | b"aside" | b"header" | b"footer" | b"figure" | b"summary" | b"details" | b"address" => Kind::Block,
        b"ul" | b"ol" | b"dl" | b"table" | b"tr" | b"tbody" | b"thead" | b"tfoot" | b"hr" => Kind::Break,
        _ => Kind::Inline,
    }
}

/// A piece of HTML.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    /// The whole tag, and its name.
    Tag(&'a str, &'a str),
}

/// Cuts HTML as a sanitiser writes it into text and tags. Quoted attribute values may contain `>`.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_tag = rest
            .strip_prefix('<')
            .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        if !is_tag {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = memchr(b'<', &rest.as_bytes()[first..]).map_or(rest.len(), |i| i + first);
            let (text, after) = rest.split_at(end);
            rest = after;
            return Some(Piece::Text(text));
        }
        let mut quote = None;
        let end = rest
            .bytes()
            .position(|b| {
                match (quote, b) {
                    (None, b'"' | b'\'') => quote = Some(b),
                    (Some(q), b) if q == b => quote = None,
                    (None, b'>') => return true,
                    _ => {}
                }
                false
            })
            .map_or(rest.len(), |i| i + 1);
        let (tag, after) = rest.split_at(end);
        rest = after;
        let name =
            tag[1..].split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next().unwrap_or_default();
        Some(Piece::Tag(tag, name))
    })
}

/// `https://user:password@host/` in a tag becomes `https://host/`.
fn without_credentials(tag: &str) -> Cow<'_, str> {
    if !tag.contains('@') || !tag.contains("://") {
        return Cow::Borrowed(tag);
    }
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some(i) = rest.find("://") {
        let (before, after) = rest.split_at(i + 3);
        out.push_str(before);
        let end = after.find(['/', '?', '#', '"', '\'', '>', ' ', '\\']).unwrap_or(after.len());
        let start = after[..end].rfind('@').map_or(0, |at| at + 1);
        rest = &after[start..];
    }
    out.push_str(rest);
    if out.len() == tag.len() { Cow::Borrowed(tag) } else { Cow::Owned(out) }
}

/// Sanitised HTML made ready to stand in a document: forbidden characters and credentials gone, and
/// wrapped with its direction where `base` (the direction of the document around it) is another or
/// where it runs from right to left. `fallback` is the direction where no letter decides.
pub(super) fn publishable<'h>(
    html: &'h str,
    language: Option<&str>,
    fallback: Direction,
    base: Direction,
) -> Cow<'h, str> {
    let html = match clean::text(html) {
        Cow::Borrowed(html) => Cow::Borrowed(html.trim()),
        Cow::Owned(html) => Cow::Owned(html.trim().to_owned()),
    };
    let mut all = Letters::default();
    let mut blocks = Vec::new();
    if may_run_rtl(&html) || base == Direction::Rtl {
        (all, blocks) = survey(&html);
    } else {
        all.ltr = usize::from(fallback == Direction::Ltr || has_letters(&html));
    }
    let credentials = memchr(b'@', html.as_bytes()).is_some()
        && pieces(&html).any(
            |piece| matches!(piece, Piece::Tag(tag, _) if matches!(without_credentials(tag), Cow::Owned(_))),
        );
    let direction = all.direction().unwrap_or(fallback);
    blocks.retain(|(_, own)| *own != direction);
    if direction == Direction::Ltr && base == Direction::Ltr && blocks.is_empty() && !credentials {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 48 + 10 * blocks.len());
    let is_wrapped = !(direction == Direction::Ltr && base == Direction::Ltr);
    if is_wrapped {
        out.push_str("<div dir=\"");
        out.push_str(name(direction));
        if let Some(language) = language.filter(|l| clean::is_rtl(l) == (direction == Direction::Rtl)) {
            out.push_str("\" lang=\"");
            out.push_str(language);
        }
        out.push_str("\">");
    }
    if credentials {
        out.push_str(&rewrite(&html, direction));
    } else {
        let mut from = 0;
        for (at, own) in blocks {
            out.push_str(&html[from..at]);
            out.push_str(if own == Direction::Rtl { " dir=\"rtl\"" } else { " dir=\"ltr\"" });
            from = at;
        }
        out.push_str(&html[from..]);
    }
    if is_wrapped {
        out.push_str("</div>");
    }
    Cow::Owned(out)
}

/// The letters of all texts, and for each block whose letters have a direction, which one, with the place in its start tag
/// where `dir` would go.
fn survey(html: &str) -> (Letters, Vec<(usize, Direction)>) {
    let (mut all, mut letters) = (Letters::default(), Letters::default());
    let (mut blocks, mut open, mut at) = (Vec::new(), None, 0);
    let mut close = |open: &mut Option<usize>, letters: &mut Letters| {
        if let (Some(at), Some(direction)) = (open.take(), letters.direction()) {
            blocks.push((at, direction));
        }
        all.ltr += letters.ltr;
        all.rtl += letters.rtl;
        *letters = Letters::default();
    };
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => {
                letters.count(text);
                at += text.len();
            }
            Piece::Tag(tag, name) => {
                let kind = kind(name.trim_start_matches('/'));
                if kind != Kind::Inline {
                    close(&mut open, &mut letters);
                }
                if kind == Kind::Block && !name.starts_with('/') && !tag.contains(" dir=") {
                    open = Some(at + 1 + name.len());
                }
                at += tag.len();
            }
        }
    }
    close(&mut open, &mut letters);
    (all, blocks)
}

/// Whether the text of `html` has any letter.
fn has_letters(html: &str) -> bool {
    pieces(html).any(|piece| {
        let mut letters = Letters::default();
        if let Piece::Text(text) = piece {
            letters.count(text);
        }
        letters != Letters::default()
    })
}

/// Marks each block whose letters run the other way than `around`, and drops credentials. (Without any to drop, it gives
/// what [`survey`] finds.)
fn rewrite(html: &str, around: Direction) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    // Where ` dir="…"` of the paragraph that is being read would go.
    let mut open: Option<usize> = None;
    let mut letters = Letters::default();
    let close = |out: &mut String, open: &mut Option<usize>, letters: &mut Letters| {
        if let (Some(at), Some(direction)) = (open.take(), letters.direction())
            && direction != around
        {
            out.insert_str(at, if direction == Direction::Rtl { " dir=\"rtl\"" } else { " dir=\"ltr\"" });
        }
        *letters = Letters::default();
    };
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => {
                letters.count(text);
                out.push_str(text);
            }
            Piece::Tag(tag, name) => {
                let kind = kind(name.trim_start_matches('/'));
                if kind != Kind::Inline {
                    close(&mut out, &mut open, &mut letters);
                }
                let start = out.len();
                out.push_str(&without_credentials(tag));
                if kind == Kind::Block && !name.starts_with('/') && !tag.contains(" dir=") {
                    open = Some(start + 1 + name.len());
                }
            }
        }
    }
    close(&mut out, &mut open, &mut letters);
    out
}

/// As `dir` has it.
fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Ltr, Rtl};

    #[test]
    fn right_to_left_html_says_so() {
        assert_eq!(
            publishable("<p>سلام</p>", Some("fa"), Ltr, Ltr),
            "<div dir=\"rtl\" lang=\"fa\"><p>سلام</p></div>"
        );
        assert_eq!(publishable("سلام دنیا", None, Ltr, Rtl), "<div dir=\"rtl\">سلام دنیا</div>");
        assert_eq!(publishable("<p>hello</p>", Some("en"), Ltr, Ltr), "<p>hello</p>");
        assert_eq!(
            publishable("<p>hello</p>", Some("en"), Ltr, Rtl),
            "<div dir=\"ltr\" lang=\"en\"><p>hello</p></div>"
        );
    }

    #[test]
    fn most_letters_decide_not_the_first_and_not_the_markup() {
        let html =
            "<p class=\"a\" title=\"long latin attribute value\">UN می‌گوید که باران بارید&nbsp;&nbsp;</p>";
        assert!(publishable(html, Some("fa"), Ltr, Ltr).starts_with("<div dir=\"rtl\" lang=\"fa\"><p class"));
        assert!(
            publishable("<img alt=\"x\" src=\"https://example.org/a.png\">", Some("fa"), Rtl, Ltr)
                .starts_with("<div dir=\"rtl\"")
        );
    }

    #[test]
    fn a_block_that_runs_the_other_way_says_so() {
        let html = "<p>باران در شمال بارید و رودها پر شد</p><blockquote><p>Heavy rain</p></blockquote><ul><li>یک</li><li>two</li></ul>";
        assert_eq!(
            publishable(html, Some("fa"), Ltr, Ltr),
            "<div dir=\"rtl\" lang=\"fa\"><p>باران در شمال بارید و رودها پر شد</p><blockquote><p dir=\"ltr\">Heavy rain</p></blockquote><ul><li>یک</li><li dir=\"ltr\">two</li></ul></div>"
        );
        assert_eq!(
            publishable("<p>Rain came to the north.</p><p>باران</p>", Some("en"), Ltr, Ltr),
            "<p>Rain came to the north.</p><p dir=\"rtl\">باران</p>"
        );
    }

    /// In two passes over the text, as [`rewrite`] does it where there are credentials.
    fn in_two_passes(html: &str, language: Option<&str>, fallback: Direction, base: Direction) -> String {
        let html = clean::text(html);
        let html = html.trim();
        let mut all = Letters::default();
        for piece in pieces(html) {
            if let Piece::Text(text) = piece {
                all.count(text);
            }
        }
        let direction = all.direction().unwrap_or(fallback);
        let body = rewrite(html, direction);
        if direction == Ltr && base == Ltr {
            return body;
        }
        let dir = name(direction);
        match language.filter(|l| clean::is_rtl(l) == (direction == Rtl)) {
            Some(language) => format!("<div dir=\"{dir}\" lang=\"{language}\">{body}</div>"),
            None => format!("<div dir=\"{dir}\">{body}</div>"),
        }
    }

    proptest::proptest! {
        #[test]
        fn one_pass_gives_what_two_give(
            parts in proptest::collection::vec(proptest::prop_oneof![
                "[a-zéß ]{0,9}", "[\u{600}-\u{6ff}\u{200c} ]{0,9}", "[<>&;/\"'=\u{7}\u{85} ]{0,4}",
                "</?(p|LI|ul|b|Hr|blockquote|span|figcaption|blockquotes)( dir=\"auto\"| title=\"a>b\")?/?>",
                proptest::prelude::Just("<a href=\"https://u:p@example.org/x\">".to_owned()),
                proptest::prelude::Just("&nbsp;&#1587;".to_owned()),
            ], 0..14),
            language in proptest::option::of(proptest::prop_oneof![
                proptest::prelude::Just("fa"), proptest::prelude::Just("en")
            ]),
            (fallback, base) in (proptest::bool::ANY, proptest::bool::ANY),
        ) {
            let (html, way) = (parts.concat(), |rtl| if rtl { Rtl } else { Ltr });
            let (fallback, base) = (way(fallback), way(base));
            let expected = in_two_passes(&html, language, fallback, base);
            proptest::prop_assert_eq!(publishable(&html, language, fallback, base), expected);
        }
    }

    #[test]
    fn a_direction_that_the_source_gives_stays() {
        let html = "<p>Rain came to the north.</p><p dir=\"auto\">باران</p>";
        assert_eq!(publishable(html, None, Ltr, Ltr), html);
    }

    #[test]
    fn credentials_in_addresses_go_and_text_stays() {
        assert_eq!(
            publishable(
                "<a href=\"https://u:p@example.org/x?a=b@c\">mail me@example.org or https://a@b/</a>",
                None,
                Ltr,
                Ltr
            ),
            "<a href=\"https://example.org/x?a=b@c\">mail me@example.org or https://a@b/</a>"
        );
    }

    #[test]
    fn odd_html_neither_panics_nor_loses_text() {
        for html in [
            "<",
            "a < b",
            "<p",
            "<p title=\"",
            "</",
            "é<",
            "<<p>é",
            "&",
            "&amp",
            "<p>سلام</p x <",
            "\u{10ffff}<é>",
        ] {
            let out = publishable(html, None, Ltr, Ltr);
            assert!(out.contains(html), "{html:?} → {out:?}");
        }
    }
}
