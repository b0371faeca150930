//! HTML as tokens, in one pass, without a tree: for what has to be linear whatever it is given.
//!
//! After the tokenizer of HTML §13.2.5 in spirit. It differs where that one throws text away that a person would
//! rather see: an attribute's quote that is never closed, a `<` of prose.

use memchr::{memchr, memrchr};

/// One token. Text is raw: its character references are not decoded.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// Text between tags.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag.
    End(Name),
}

/// A tag's name in lower case; a name longer than any of HTML is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    bytes: [u8; 16],
    length: usize,
}

impl Name {
    fn of(name: &str) -> Self {
        let mut bytes = [0; 16];
        let length = if name.len() <= 16 { name.len() } else { 0 };
        bytes[..length].copy_from_slice(&name.as_bytes()[..length]);
        bytes.make_ascii_lowercase();
        Self { bytes, length }
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or("")
    }
}

/// A start tag with its attributes as written.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    name: Name,
    attributes: &'a str,
    /// Byte offset behind which no quote is closed.
    last_quotes: [Option<usize>; 2],
}

/// Attributes past this many of one tag are not looked at: no person writes so many.
const MOST_ATTRIBUTES: usize = 64;

const LONGEST_IN_TITLE: usize = 1024;

impl<'a> Tag<'a> {
    pub(crate) fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Name (as written) and raw value of each attribute.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        let whole = self.attributes.len();
        let quotes = self.last_quotes;
        std::iter::from_fn(move || {
            let begin =
                rest.bytes().position(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'"' | b'\''));
            rest = &rest[begin?..];
            // The first character belongs to the name even if it is "=".
            let end = rest.bytes().skip(1).position(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'/'));
            let (name, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            rest = after.trim_ascii_start();
            let Some(value) = rest.strip_prefix('=') else { return Some((name, "")) };
            let value = value.trim_ascii_start();
            let at = whole - value.len();
            let (value, after) = match value.as_bytes().first() {
                Some(quote @ (b'"' | b'\''))
                    if quotes[usize::from(*quote == b'\'')].is_some_and(|last| at < last) =>
                {
                    let inner = &value[1..];
                    let close = inner.find(char::from(*quote)).unwrap_or(inner.len());
                    (&inner[..close], inner.get(close + 1..).unwrap_or(""))
                }
                _ => {
                    let end = value.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(value.len());
                    (value[..end].trim_matches(['"', '\'']), &value[end..])
                }
            };
            rest = after;
            Some((name, value))
        })
        .take(MOST_ATTRIBUTES)
    }

    /// The raw value of the first attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Gives the tokens of an HTML text.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The last `>`, `=`, `"` and `'`: behind them there is none, and no one needs to look. That is what keeps a
    /// hundred thousand unclosed tags from being looked through a hundred thousand times.
    last_close: Option<usize>,
    last_equals: Option<usize>,
    last_quotes: [Option<usize>; 2],
    /// A CDATA section is open: its end is no text.
    in_cdata: bool,
    /// Prose, where `<` may mean "less than".
    title: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            last_close: memrchr(b'>', text.as_bytes()),
            last_equals: memrchr(b'=', text.as_bytes()),
            last_quotes: [b'"', b'\''].map(|quote| memrchr(quote, text.as_bytes())),
            in_cdata: false,
            title: false,
        }
    }

    /// For a headline: what is no tag of HTML, or does not look like one, is text.
    pub(crate) fn of_title(text: &'a str) -> Self {
        Self { title: true, ..Self::new(text) }
    }

    /// Passes over the raw text of an element such as `script`, its end tag included.
    pub(crate) fn skip_raw(&mut self, name: &str) -> &'a str {
        let start = self.at;
        let mut from = start;
        while let Some(found) = self.text[from..].find("</") {
            let tag = from + found + 2;
            let after = tag + name.len();
            let names =
                self.text.as_bytes().get(tag..after).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
            let ends = self
                .text
                .as_bytes()
                .get(after)
                .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
            if names && ends {
                self.at = self.text[after..].find('>').map_or(self.text.len(), |close| after + close + 1);
                return &self.text[start..tag - 2];
            }
            from = tag;
        }
        self.at = self.text.len();
        &self.text[start..]
    }

    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            let start = self.at;
            if self.text.as_bytes()[start] == b'<' {
                match self.markup() {
                    Some(Some(token)) => return Some(token),
                    // A comment or the like.
                    Some(None) => continue,
                    None => {}
                }
            }
            // Text up to the next tag; a `<` that was no tag is part of it.
            let from = start + usize::from(self.text.as_bytes()[start] == b'<');
            let end =
                memchr(b'<', &self.text.as_bytes()[from..]).map_or(self.text.len(), |found| from + found);
            self.at = end;
            let text = &self.text[start..end];
            if self.in_cdata
                && let Some(close) = text.find("]]>")
            {
                self.in_cdata = false;
                if close > 0 {
                    self.at = start + close + 3;
                    return Some(Token::Text(&text[..close]));
                }
                self.at = start + 3;
                continue;
            }
            return Some(Token::Text(text));
        }
    }

    /// What the `<` here begins: a tag, something that shows nothing (`Some(None)`), or nothing at all (`None`).
    fn markup(&mut self) -> Option<Option<Token<'a>>> {
        let rest = &self.text[self.at + 1..];
        let bytes = rest.as_bytes();
        match bytes.first()? {
            b'!' if rest.starts_with("!--") => {
                let body = &rest[3..];
                // "<!-->" and "<!--->" are whole comments.
                let length = if body.starts_with('>') {
                    1
                } else if body.starts_with("->") {
                    2
                } else {
                    comment_length(body)
                };
                self.at += 4 + length;
                Some(None)
            }
            b'!' if rest.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("![CDATA[")) => {
                self.in_cdata = true;
                self.at += 9;
                Some(None)
            }
            b'!' | b'?' | b'/' if self.last_close.is_none_or(|last| last < self.at) => {
                // Nothing closes it. An end tag is cut off, the rest is prose.
                if bytes[0] != b'/' || !bytes.get(1).is_some_and(u8::is_ascii_alphabetic) || self.title {
                    return None;
                }
                self.at = self.text.len();
                Some(None)
            }
            b'!' | b'?' => {
                let length = rest.find('>')?;
                self.at += length + 2;
                Some(None)
            }
            b'/' => {
                let name_end = name_length(&rest[1..]);
                if !bytes.get(1).is_some_and(u8::is_ascii_alphabetic) {
                    // "</>" shows nothing, "</ x>" neither; "</3" is a broken heart.
                    if !bytes.get(1).is_some_and(|b| *b == b'>' || b.is_ascii_whitespace()) {
                        return None;
                    }
                    self.at += memchr(b'>', rest.as_bytes())? + 2;
                    return Some(None);
                }
                let name = Name::of(&rest[1..=name_end]);
                if self.title && !super::policy::is_html(name.as_str()) {
                    return None;
                }
                self.at += memchr(b'>', rest.as_bytes())? + 2;
                Some(Some(Token::End(name)))
            }
            b if b.is_ascii_alphabetic() => self.start_tag(rest),
            _ => None,
        }
    }

    fn start_tag(&mut self, rest: &'a str) -> Option<Option<Token<'a>>> {
        let name_end = name_length(rest);
        let name = Name::of(&rest[..name_end]);
        let begin = self.at + 1 + name_end;
        let known = || super::policy::is_html(name.as_str());
        if self.title && !known() {
            return None;
        }
        if self.last_close.is_none_or(|last| last < begin) {
            // Nothing closes it: cut off in the middle of a tag, or prose.
            if known() && (begin == self.text.len() || self.last_equals.is_some_and(|last| last >= begin)) {
                self.at = self.text.len();
                return Some(None);
            }
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut at = begin;
        // A quote opens a value only behind "=": elsewhere it is a stray one.
        let mut after_equals = false;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' => break,
                // No headline has a tag as long.
                _ if self.title && at - begin > LONGEST_IN_TITLE => return None,
                b'"' | b'\'' if after_equals => {
                    let last = self.last_quotes[usize::from(byte == b'\'')];
                    after_equals = false;
                    if last.is_some_and(|last| at < last)
                        && let Some(close) = self.text[at + 1..].find(char::from(byte))
                    {
                        at += close + 1;
                    }
                }
                b'=' => after_equals = true,
                b if b.is_ascii_whitespace() => {}
                _ => after_equals = false,
            }
            at += 1;
        }
        if at >= bytes.len() {
            // Its end was inside a value: cut off.
            self.at = bytes.len();
            return Some(None);
        }
        let attributes = &self.text[begin..at];
        if self.title
            && !attributes.trim_matches(|c: char| c.is_ascii_whitespace() || c == '/').is_empty()
            && !attributes.contains('=')
        {
            return None;
        }
        self.at = at + 1;
        let relative = |last: Option<usize>| last.and_then(|last| last.checked_sub(begin));
        Some(Some(Token::Start(Tag {
            name,
            attributes,
            last_quotes: [relative(self.last_quotes[0]), relative(self.last_quotes[1])],
        })))
    }
}

/// The length of a comment's body with its end, `-->` or `--!>`; without an end the text is the comment's.
fn comment_length(body: &str) -> usize {
    let mut from = 0;
    while let Some(found) = body[from..].find("--") {
        let after = from + found + 2;
        match body.as_bytes().get(after..) {
            Some([b'>', ..]) => return after + 1,
            Some([b'!', b'>', ..]) => return after + 2,
            _ => from = after - 1,
        }
    }
    body.len()
}

fn name_length(text: &str) -> usize {
    text.bytes()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let mut scanner = Scanner::new(html);
        std::iter::from_fn(|| scanner.next())
            .map(|token| match token {
                Token::Text(text) => text.to_owned(),
                Token::Start(tag) => {
                    let attributes: Vec<_> = tag.attributes().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{}{}>", tag.name(), attributes.concat())
                }
                Token::End(name) => format!("</{}>", name.as_str()),
            })
            .collect()
    }

    #[test]
    fn tokens() {
        for (html, expected) in [
            ("a<b>c</b >d", vec!["a", "<b>", "c", "</b>", "d"]),
            ("<IMG SRC='a>b' alt=x/>", vec!["<img SRC=a>b alt=x/>"]),
            ("<a href = \"x\"title=y>", vec!["<a href=x title=y>"]),
            ("<a href=\"x>y", vec!["<a href=x>", "y"]),
            ("<input disabled>", vec!["<input disabled=>"]),
            ("a<!-- <b> -->c<!-->d", vec!["a", "c", "d"]),
            ("<![CDATA[x]]>y]]>", vec!["x", "y]]>"]),
            ("<?xml version='1.0'?><!DOCTYPE html>x", vec!["x"]),
            ("a < b <3 </3", vec!["a ", "< b ", "<3 ", "</3"]),
            ("x<a href=\"http://exam", vec!["x"]),
            ("x <b and no end", vec!["x ", "<b and no end"]),
            ("<a =b\"c>", vec!["<a =b\"c=>"]),
            ("<p\u{a0}x>y", vec!["<p\u{a0}x>", "y"]),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag() {
        let mut scanner = Scanner::new("<script>a</b></scripts></SCRIPT >c");
        assert!(matches!(scanner.next(), Some(Token::Start(_))));
        assert_eq!(scanner.skip_raw("script"), "a</b></scripts>");
        assert!(matches!(scanner.next(), Some(Token::Text("c"))));
    }
}
