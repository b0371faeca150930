//! Plain text for people: titles, names, labels.

use std::borrow::Cow;

use memchr::memchr;

use super::html::scan::{Scanner, Token};

/// Plain text out of plain text: characters that XML 1.0 forbids and other controls dropped, white space folded to
/// single spaces, bidi controls neutralised, ZWNJ and ZWJ kept.
///
/// Embeddings, overrides and isolates (U+202A–E, U+2066–9) are dropped: unclosed, they turn around whatever stands
/// behind the title on the page (CVE-2021-42574 shows the harm). Marks (LRM, RLM, ALM) turn nothing around and stay,
/// except at the ends, where they do nothing.
pub fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
        } else if !is_forbidden(c) && !is_bidi_control(c) {
            if space && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            out.push(c);
        }
    }
    let trimmed = out.trim_matches(|c: char| is_bidi_mark(c) || c == ' ' || c == '\u{200b}');
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// Plain text out of HTML: tags dropped, character references decoded once, then [`clean`]ed.
///
/// A `<` that begins no tag of HTML stays what its writer meant (`a < b`, `x<y`, `List<String>`).
pub fn from_html(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return clean(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut scanner = Scanner::of_title(html);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(raw) => text.push_str(&decode(raw)),
            Token::Start(tag) => {
                if matches!(tag.name(), "script" | "style") {
                    scanner.skip_raw(tag.name());
                } else if super::html::breaks_line(tag.name()) {
                    text.push(' ');
                }
            }
            Token::End(name) => {
                if super::html::breaks_line(name.as_str()) {
                    text.push(' ');
                }
            }
        }
    }
    clean(&text)
}

/// Text as HTML that shows it: `&`, `<`, `>`, `"` and `'` become character references. Good for element content and
/// for quoted attribute values.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Decodes the character references of HTML, once: `&amp;lt;` becomes `&lt;`. Named ones after HTML's table, numeric
/// ones with its repair of windows-1252 figures. A name without its semicolon counts only where no letter, figure or
/// `=` follows, as in attributes (HTML §13.2.5.73): "?a=1&copy=2" is no copyright.
pub fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut next = Some(first);
    while let Some(at) = next {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((decoded, length)) => {
                decoded.into_iter().flatten().for_each(|c| out.push(c));
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
        next = memchr(b'&', rest.as_bytes());
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The characters that the reference at the beginning of `text` stands for, and its length in bytes.
fn reference(text: &str) -> Option<([Option<char>; 2], usize)> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        return numeric(bytes);
    }
    // No name is longer than 32 characters.
    let name_end = bytes.iter().skip(1).take(34).take_while(|b| b.is_ascii_alphanumeric()).count() + 1;
    let has_semicolon = bytes.get(name_end) == Some(&b';');
    let table = &html5ever::data::NAMED_ENTITIES;
    let chars =
        |(first, second): (u32, u32)| [char::from_u32(first), char::from_u32(second).filter(|c| *c != '\0')];
    if has_semicolon && let Some(&found) = table.get(&text[1..=name_end]).filter(|(first, _)| *first != 0) {
        return Some((chars(found), name_end + 1));
    }
    if matches!(bytes.get(name_end), Some(b'=')) {
        return None;
    }
    let found = table.get(&text[1..name_end]).filter(|(first, _)| *first != 0)?;
    Some((chars(*found), name_end))
}

fn numeric(bytes: &[u8]) -> Option<([Option<char>; 2], usize)> {
    let (radix, start) = if matches!(bytes.get(2), Some(b'x' | b'X')) { (16, 3) } else { (10, 2) };
    let mut value = 0u32;
    let mut at = start;
    while let Some(digit) = bytes.get(at).and_then(|b| char::from(*b).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
        at += 1;
    }
    if at == start {
        return None;
    }
    if bytes.get(at) == Some(&b';') {
        at += 1;
    }
    let c = match value {
        0x80..=0x9f => html5ever::data::C1_REPLACEMENTS[usize::try_from(value - 0x80).unwrap_or(0)],
        _ => char::from_u32(value),
    };
    // What is no character, and what XML forbids, leaves nothing behind.
    Some(([c.filter(|c| !is_forbidden(*c)), None], at))
}

/// What must not reach a reader: what XML 1.0 forbids (§2.2), C0 and C1 controls, noncharacters, the byte order mark,
/// interlinear annotation and deprecated format characters. Tab, line feed and carriage return are white space.
pub fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        _ => u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// Embeddings, overrides and isolates, and what closes them.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_bidi_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Nothing to do: looked at without building anything.
fn is_clean(text: &str) -> bool {
    let mut space = true;
    for c in text.chars() {
        match c {
            ' ' if space => return false,
            ' ' => space = true,
            '!'..='~' => space = false,
            _ if c.is_whitespace()
                || is_forbidden(c)
                || is_bidi_control(c)
                || is_bidi_mark(c)
                || c == '\u{200b}' =>
            {
                return false;
            }
            _ => space = false,
        }
    }
    !space || text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleans() {
        for (text, expected) in [
            ("  a \n\t b\u{a0}c ", "a b c"),
            ("a\u{0}b\u{8}c\u{85}d\u{ffff}", "abc d"),
            ("می‌خواهم‍", "می‌خواهم‍"),
            ("\u{202e}evil\u{202c} \u{2067}x\u{2069}", "evil x"),
            ("\u{200f}عنوان\u{200e}", "عنوان"),
            ("C++\u{200e} زبان", "C++\u{200e} زبان"),
            ("\u{feff}Title", "Title"),
            ("a\u{2028}b", "a b"),
            ("👨‍👩‍👧 🏴\u{e0067}\u{e0062}\u{e007f}", "👨‍👩‍👧 🏴\u{e0067}\u{e0062}\u{e007f}"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn titles_with_markup_become_text() {
        for (html, expected) in [
            ("<b>Rain</b> &amp; wind", "Rain & wind"),
            ("AT&T", "AT&T"),
            ("AT&amp;T", "AT&T"),
            ("a < b and c > d", "a < b and c > d"),
            ("x<y", "x<y"),
            ("1 <2", "1 <2"),
            ("a<b and c>d", "a<b and c>d"),
            ("List<String> in Java", "List<String> in Java"),
            ("Use &lt;b&gt; for bold", "Use <b> for bold"),
            ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
            ("one<br>two<br/>three", "one two three"),
            ("<p>one</p><p>two</p>", "one two"),
            ("bold<i>face</i>", "boldface"),
            ("<a href=\"http://example.org/?a=1&amp;b=2\">link</a>", "link"),
            ("x<script>alert(1)</script>y", "xy"),
            ("a<!-- no -->b", "ab"),
            ("<![CDATA[Tea &amp; cake]]>", "Tea & cake"),
            ("caf&eacute; &#1662;&#x200c;x &hellip;", "café پ\u{200c}x …"),
            ("&#146;s &#0;&#2;&#xD800;", "’s"),
            ("?a=1&copy=2 &copyfish &copy 2024", "?a=1&copy=2 &copyfish © 2024"),
            ("&notanentity; &;", "&notanentity; &;"),
            ("<3 <3", "<3 <3"),
            ("می&zwnj;خواهم", "می\u{200c}خواهم"),
            ("&rlm;&#8238;x", "x"),
        ] {
            assert_eq!(from_html(html), expected, "{html:?}");
        }
    }

    #[test]
    fn escapes_what_html_needs() {
        assert_eq!(escape("a <b> & \"c\" 'd'"), "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
        assert!(matches!(escape("plain"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn clean_is_stable_and_keeps_joiners(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(&clean(&once), &once);
            let joiners = |s: &str| s.chars().filter(|c| matches!(c, '\u{200c}' | '\u{200d}')).count();
            prop_assert_eq!(joiners(&text), joiners(&once));
            prop_assert!(!once.chars().any(|c| is_forbidden(c) || is_bidi_control(c)));
        }

        #[test]
        fn escaped_text_reads_back(text in "[a-z<>&\"'; #x0-9]{0,40}") {
            let escaped = escape(&text);
            prop_assert_eq!(decode(&escaped), text.as_str());
            prop_assert_eq!(from_html(&escaped), clean(&text));
        }

        #[test]
        fn any_markup_is_survived(text in "(<|>|&|/|!|-|\\[|b|i|a|=|\"|'| |#|;|CDATA|script|amp){0,60}") {
            let _ = from_html(&text);
        }
    }
}
