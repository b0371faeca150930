//! JSON as people and careless programs write it: comments, trailing or missing commas, single quotes, names without quotes,
//! control characters in texts, `NaN`, quotes that nobody escaped, a document that was cut off, a callback around it.
//!
//! Takes anything, in time proportional to it; what it makes of it is for `json::read` to judge.

use serde_json::{Map, Value as Json};

/// What a document may hold, as a count of values; see `json::BUDGET`.
const BUDGET: usize = 2_000_000;
/// What an object costs.
const OBJECT: usize = 20;
/// Values within values.
const DEEPEST: usize = 64;

/// May a document be JSON of this kind? Strict JSON is found by its first brace; here, what may stand before that.
pub(super) fn may_be(text: &str) -> bool {
    let text = after_comments(text);
    let callback = text.find('(').filter(|at| *at <= 64).is_some_and(|at| {
        let name = text[..at].trim_end();
        !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.'))
            && text[at + 1..].trim_start().starts_with(['{', '['])
    });
    callback || text.starts_with(['{', '['])
}

/// The value that the document is; of one that breaks off, what there is of it.
pub(super) fn value(text: &str) -> Json {
    let mut reader = Lenient { text, at: text.len() - after_comments(text).len(), left: BUDGET };
    if !reader.rest().starts_with(['{', '['])
        && let Some(open) = reader.rest().find(['{', '['])
    {
        reader.at += open;
    }
    reader.value(0)
}

fn after_comments(text: &str) -> &str {
    let mut reader = Lenient { text, at: 0, left: 0 };
    reader.space();
    reader.rest()
}

struct Lenient<'a> {
    text: &'a str,
    at: usize,
    left: usize,
}

impl<'a> Lenient<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            self.at +=
                rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
            let rest = self.rest();
            let end = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n')
            } else if rest.starts_with("/*") {
                rest.find("*/").map(|at| at + 2)
            } else {
                return;
            };
            self.at += end.unwrap_or(rest.len());
        }
    }

    fn value(&mut self, depth: usize) -> Json {
        self.space();
        self.left = self.left.saturating_sub(1);
        if self.left < OBJECT || depth > DEEPEST {
            self.at = self.text.len();
            return Json::Null;
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(quote @ (b'"' | b'\'')) => Json::String(self.string(quote)),
            Some(_) => self.word(),
            None => Json::Null,
        }
    }

    fn object(&mut self, depth: usize) -> Json {
        self.at += 1;
        self.left = self.left.saturating_sub(OBJECT);
        let mut map = Map::new();
        loop {
            self.space();
            match self.peek() {
                None => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                // The end of a list whose object was not closed.
                Some(b']') => break,
                Some(b',' | b':' | b';') => self.at += 1,
                Some(byte) => {
                    let key = match byte {
                        b'"' | b'\'' => self.string(byte),
                        _ => self.name(),
                    };
                    self.space();
                    if matches!(self.peek(), Some(b':' | b'=')) {
                        self.at += 1;
                        let value = self.value(depth + 1);
                        map.insert(key, value);
                    }
                }
            }
        }
        map.into()
    }

    fn list(&mut self, depth: usize) -> Json {
        self.at += 1;
        let mut list = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',' | b':' | b';' | b'}') => self.at += 1,
                Some(_) => list.push(self.value(depth + 1)),
            }
        }
        list.into()
    }

    /// A name without quotes. Always gets on.
    fn name(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| {
                c.is_whitespace() || matches!(c, ':' | ',' | '{' | '}' | '[' | ']' | '"' | '\'' | '=')
            })
            .map_or(rest.len(), |(at, _)| at);
        self.at += end;
        rest[..end].to_owned()
    }

    fn word(&mut self) -> Json {
        let word = self.name();
        match word.as_str() {
            "true" | "True" => Json::Bool(true),
            "false" | "False" => Json::Bool(false),
            "null" | "None" | "undefined" | "NaN" | "Infinity" | "-Infinity" => Json::Null,
            _ => serde_json::from_str::<serde_json::Number>(&word).map_or(Json::String(word), Json::Number),
        }
    }

    /// A text. A quote ends it where what follows is what follows a text.
    fn string(&mut self, quote: u8) -> String {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(['\\', char::from(quote)]) else {
                out.push_str(rest);
                self.at = self.text.len();
                return out;
            };
            out.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == b'\\' {
                self.escape(&mut out);
                continue;
            }
            let after = rest[end + 1..].trim_start();
            if after.is_empty() || after.starts_with([',', ':', '}', ']', '"', '\'', '/', ')', ';']) {
                return out;
            }
            out.push(char::from(quote));
        }
    }

    /// What follows a backslash.
    fn escape(&mut self, out: &mut String) {
        let Some(c) = self.rest().chars().next() else { return };
        self.at += c.len_utf8();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' | 'f' => {}
            'x' => self.code(2, "\\x", out),
            'u' => self.code(4, "\\u", out),
            '\n' => {}
            other => out.push(other),
        }
    }

    fn hex(&self, at: usize, digits: usize) -> Option<u32> {
        let text = self.text.get(at..at + digits)?;
        text.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())?
    }

    fn code(&mut self, digits: usize, written: &str, out: &mut String) {
        let Some(first) = self.hex(self.at, digits) else { return out.push_str(written) };
        self.at += digits;
        if (0xD800..0xDC00).contains(&first)
            && self.rest().starts_with("\\u")
            && let Some(second) = self.hex(self.at + 2, 4).filter(|code| (0xDC00..0xE000).contains(code))
        {
            self.at += 6;
            out.extend(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)));
            return;
        }
        out.push(char::from_u32(first).unwrap_or('\u{FFFD}'));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_careless_programs_write_is_read() {
        for (text, expected) in [
            ("// by hand\n{\"a\": 1, /* and */ \"b\": [1, 2,], }", json!({"a": 1, "b": [1, 2]})),
            (
                "{'a': 'it''s', b: NaN, c: None, \"d\": .5}",
                json!({"a": "it", "s": null, "b": null, "c": null, "d": ".5"}),
            ),
            ("{\"a\": \"tab\there\nand \\x41\\q\\u00\"}", json!({"a": "tab\there\nand Aq\\u00"})),
            ("{\"a\": \"he said \"no\" to it\", \"b\": 1}", json!({"a": "he said \"no\" to it", "b": 1})),
            ("{\"a\": 1 \"b\": 2}", json!({"a": 1, "b": 2})),
            ("{\"a\": [{\"b\": \"c\"}, {\"b\": \"cut o", json!({"a": [{"b": "c"}, {"b": "cut o"}]})),
            ("cb.x({\"a\": 1});", json!({"a": 1})),
            ("{\"a\": \"\\ud83d\\ude00\\ud83d\"}", json!({"a": "😀\u{FFFD}"})),
        ] {
            let mut expected = expected;
            if let Some(map) = expected.as_object_mut() {
                map.remove("s");
            }
            let mut found = value(text);
            if let Some(map) = found.as_object_mut() {
                map.remove("s");
            }
            assert_eq!(found, expected, "{text}");
        }
        for text in ["[1]", "/* x */ {", "cb ( [", "a.b$(\n{"] {
            assert!(may_be(text), "{text}");
        }
        for text in ["<rss>", "x", "f(x)", "(<rss", ""] {
            assert!(!may_be(text), "{text}");
        }
    }

    #[test]
    fn nothing_takes_more_than_its_share() {
        for piece in
            ["{", "[", "\"", "{\"a\":", "\\", "\" ", "/*", "//", "'\"", "a", "{a=", ",", "[{}]", "\u{feff}"]
        {
            let begin = std::time::Instant::now();
            let _ = value(&piece.repeat(500_000 / piece.len()));
            assert!(begin.elapsed().as_secs() < 5, "{piece}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(\\{|\\}|\\[|\\]|:|,|\"|'|\\\\|u|d83d|x4|a|1|/|\\*|#|\n| |\u{e9}){0,40}") {
            let _ = value(&text);
            let _ = may_be(&text);
        }

        #[test]
        fn good_json_is_read_as_it_is(numbers in prop::collection::vec(any::<i32>(), 0..5), text in "[^\\pC]{0,20}") {
            let good = json!({"n": numbers, "t": text, "o": {"x": null, "y": true}});
            prop_assert_eq!(value(&good.to_string()), good);
        }
    }
}
