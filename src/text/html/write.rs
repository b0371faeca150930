//! Writing elements: their attributes, pictures, links to what is embedded, and text.

use super::policy::{self, Element};
use super::rewrite::{A, Rewriter};
use super::scan::Tag;
use super::urls::{self, Use};
use crate::text::plain;
use crate::text::runs;

/// Attributes that are texts (`alt`, `title`) end here, in bytes.
const LONGEST_VALUE: usize = 4096;

impl Rewriter<'_> {
    /// Writes an element without content.
    pub(super) fn void(&mut self, element: &Element, tag: &Tag<'_>) {
        if element.name == "img" && (self.is_hidden("img", tag) || !self.write_image(element, tag)) {
            return;
        }
        self.after_pre = false;
        self.out.shows |= element.name == "img";
        let medium = || {
            let of = |name: &str| tag.attribute(name).map(plain::decode);
            of("src").is_some_and(|src| urls::address(&src, self.base, Use::Load).is_some())
                || of("srcset")
                    .or_else(|| of("data-srcset"))
                    .is_some_and(|set| urls::sources(&set, self.base).is_some())
        };
        if element.name != "img" && (!matches!(element.name, "source" | "track") || medium()) {
            self.write_start(element, tag);
        }
    }

    /// Writes a picture, unless it is no picture (a counter of readers), or the one before once more.
    fn write_image(&mut self, element: &Element, tag: &Tag<'_>) -> bool {
        let attributes: Vec<(&str, &str)> = tag.attributes().collect();
        let raw = |name: &str| {
            attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
        };
        let get = |name: &str| raw(name).map(plain::decode).filter(|value| !value.trim().is_empty());
        let tiny = |name: &str| {
            get(name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"))
        };
        if tiny("width") && tiny("height") {
            return false;
        }
        // A picture of a character is the character.
        let emoji = get("class").is_some_and(|class| {
            class.split_ascii_whitespace().any(|class| matches!(class, "wp-smiley" | "emoji" | "wp-emoji"))
        });
        if let Some(alt) = get("alt").filter(|alt| emoji && !alt.is_ascii() && alt.chars().count() < 12) {
            push_text(&alt, &mut self.out.html);
            return true;
        }
        let mut source = get("src").and_then(|src| urls::address(&src, self.base, Use::Load));
        let placeholder = source.as_deref().is_none_or(|src| {
            let file = src.rsplit('/').next().unwrap_or("");
            ["blank.", "spacer.", "placeholder.", "lazy", "1x1", "transparent."]
                .iter()
                .any(|p| file.starts_with(p))
        });
        if placeholder {
            // Pictures that a script loads when they come into view.
            let lazy = ["data-src", "data-lazy-src", "data-original", "data-orig-file", "data-lazy"]
                .iter()
                .find_map(|name| get(name).and_then(|src| urls::address(&src, self.base, Use::Load)));
            source = lazy.or(source);
        }
        let set = get("srcset")
            .and_then(|set| urls::sources(&set, self.base))
            .or_else(|| get("data-srcset").and_then(|set| urls::sources(&set, self.base)));
        if source.as_deref().is_some_and(urls::is_tracker) {
            return false;
        }
        let described = get("alt").is_some() || get("title").is_some();
        if source.is_none() && set.is_none() && (!described || raw("src").is_some()) {
            return false;
        }
        let this = source.clone().or_else(|| set.clone()).unwrap_or_default();
        if self.in_noscript && !this.is_empty() && this == self.last_image {
            return false;
        }
        self.last_image = this;
        self.out.html.push_str("<img");
        if let Some(source) = source {
            self.write_attribute("src", &source);
        }
        if let Some(set) = set {
            self.write_attribute("srcset", &set);
        }
        self.write_attributes(element, tag, &["src", "srcset"]);
        self.out.html.push('>');
        self.out.elements += 1;
        true
    }

    /// A link to what an `iframe` or `embed` shows.
    pub(super) fn embed(&mut self, tag: &Tag<'_>) {
        if self.suppressed > 0 || self.is_open(A) || self.is_hidden(tag.name(), tag) {
            return;
        }
        let source = ["src", "data-src", "data-lazy-src"]
            .iter()
            .find_map(|name| urls::address(&plain::decode(tag.attribute(name)?), self.base, Use::Load));
        let title = tag
            .attribute("title")
            .map(|title| short(&plain::clean(&plain::decode(title))).to_owned())
            .filter(|t| !t.is_empty());
        let titled = title.is_some() || tag.attribute("allowfullscreen").is_some();
        let Some(url) = source.and_then(|source| urls::embedded(&source, titled)) else { return };
        self.enter_cell();
        self.out.html.push_str("<a");
        self.write_attribute("href", &url);
        self.out.html.push('>');
        push_text(title.as_deref().unwrap_or(urls::site(&url)), &mut self.out.html);
        self.out.html.push_str("</a>");
        self.out.elements += 1;
        self.out.shows = true;
    }

    pub(super) fn write_start(&mut self, element: &Element, tag: &Tag<'_>) {
        self.out.html.push('<');
        self.out.html.push_str(element.name);
        self.write_attributes(element, tag, &[]);
        if matches!(element.name, "audio" | "video") && tag.attribute("controls").is_none() {
            // Without the page's script no one could start it.
            self.out.html.push_str(" controls=\"\"");
        }
        self.out.html.push('>');
        self.out.elements += 1;
        self.out.shows |= matches!(element.name, "audio" | "video");
    }

    fn write_attributes(&mut self, element: &Element, tag: &Tag<'_>, done: &[&str]) {
        let mut written: Vec<&str> = Vec::new();
        for (name, raw) in tag.attributes() {
            // What a script would move to its place.
            let name = if element.name == "source" && name.eq_ignore_ascii_case("data-srcset") {
                "srcset"
            } else {
                name
            };
            let allowed = element.attributes.iter().chain(policy::GENERIC).find(|known| {
                name.eq_ignore_ascii_case(known) || **known == "lang" && name.eq_ignore_ascii_case("xml:lang")
            });
            let Some(&known) = allowed else { continue };
            if written.contains(&known) || done.contains(&known) {
                continue;
            }
            written.push(known);
            let value = plain::decode(raw);
            if let Some(value) = self.value(element.name, known, &value) {
                self.write_attribute(known, &value);
            }
        }
    }

    /// The value that an attribute may have.
    fn value(&self, element: &str, name: &str, value: &str) -> Option<String> {
        let word = |most: usize| {
            let value = value.trim();
            let fits = value.len() <= most
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' '));
            fits.then(|| value.to_ascii_lowercase())
        };
        match (element, name) {
            ("a", "href") => urls::address(value, self.base, Use::Link),
            (_, "cite") => {
                urls::address(value, self.base, Use::Link).filter(|url| !url.starts_with("mailto:"))
            }
            (_, "src" | "poster") => urls::address(value, self.base, Use::Load),
            (_, "srcset") => urls::sources(value, self.base),
            (_, "width" | "height" | "border") => policy::size(value),
            (_, "colspan" | "rowspan" | "span") => Some(value.trim())
                .filter(|v| (1..=3).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_digit()))
                .map(str::to_owned),
            (_, "start" | "value") if matches!(element, "ol" | "li") => {
                value.trim().parse::<i32>().ok().map(|n| n.to_string())
            }
            (_, "dir") => Some(word(4)?).filter(|v| matches!(v.as_str(), "ltr" | "rtl" | "auto")),
            (_, "align" | "valign" | "scope" | "kind" | "preload") => word(16),
            (_, "controls" | "loop" | "muted" | "open" | "reversed" | "default") => Some(String::new()),
            (_, "class") => {
                // The language of a program, by which readers colour it.
                value
                    .split_ascii_whitespace()
                    .find(|class| class.starts_with("language-") || class.starts_with("lang-"))
                    .filter(|class| class.len() < 40 && class.bytes().all(|b| b.is_ascii_graphic()))
                    .map(str::to_owned)
            }
            _ => Some(short(value).to_owned()),
        }
    }

    fn write_attribute(&mut self, name: &str, value: &str) {
        let out = &mut self.out.html;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        self.scratch.clear();
        push_text(value, &mut self.scratch);
        let mut rest = self.scratch.as_str();
        while let Some((before, after)) = rest.split_once('"') {
            out.push_str(before);
            out.push_str("&quot;");
            rest = after;
        }
        out.push_str(rest);
        out.push('"');
    }
}

fn short(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST_VALUE)]
}

/// Writes text as HTML: what must not be in it dropped, what means markup escaped. Bidi controls stay where they are
/// balanced: otherwise they would turn around what stands behind.
pub(super) fn push_text(text: &str, out: &mut String) {
    let keep_bidi = is_balanced(text);
    let mut rest = text;
    let mut previous = ' ';
    while !rest.is_empty() {
        let run = runs::run(rest, is_sign);
        if !run.is_empty() {
            out.push_str(run);
            rest = &rest[run.len()..];
            previous = ' ';
        }
        let Some(c) = rest.chars().next() else { return };
        rest = &rest[c.len_utf8()..];
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' if previous == '\r' => {}
            '\r' | '\u{85}' => out.push('\n'),
            '\u{202d}' | '\u{202e}' => {}
            _ if plain::is_forbidden(c) || !keep_bidi && plain::is_bidi_control(c) => {}
            _ => out.push(c),
        }
        previous = c;
    }
}

/// A sign that is escaped, or what else wants a look.
fn is_sign(byte: u8) -> bool {
    runs::is_odd(byte) | (byte == b'&') | (byte == b'<') | (byte == b'>')
}

/// Each embedding and isolate is closed, in order; overrides, which no writer needs, are none.
pub(super) fn is_balanced(text: &str) -> bool {
    // All of them begin with this byte.
    if memchr::memchr(0xe2, text.as_bytes()).is_none() {
        return true;
    }
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202d}' | '\u{202e}' => return false,
            '\u{202c}' | '\u{2069}' if open.pop() != Some(c) => return false,
            _ => {}
        }
        if open.len() > 8 {
            return false;
        }
    }
    open.is_empty()
}
