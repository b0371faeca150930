//! Proof that markup needs no sanitiser: most articles are paragraphs, links and pictures, and the pass before has written
//! them in a form that a glance can check.
//!
//! What is proven here stands as it is in the table of what may stay, nests, and is read by HTML's tree construction
//! (§13.2.6) just as it is written: no element in it closes, moves or repeats another. So the sanitiser would read it, drop
//! nothing and write the same bytes; that took a third of what cleaning takes. Whatever is not proven, however harmless, goes
//! through it. Nothing of the pass before is trusted.

use memchr::memchr;

use super::lines::Lines;
use crate::text::plain;

/// Elements within elements in plain markup.
const DEEPEST: usize = 64;

/// What the proof knows of an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Has no content.
    Void,
    /// In a line; what HTML calls formatting among them.
    Inline,
    /// A link: none within another.
    Link,
    /// A paragraph: every block ends it.
    Paragraph,
    /// None within another.
    Heading,
    /// Only within a list.
    Item,
    List,
    Block,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "br" | "img" => Kind::Void,
        "a" => Kind::Link,
        "p" => Kind::Paragraph,
        "li" => Kind::Item,
        "ul" | "ol" => Kind::List,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "b" | "em" | "i" | "span" | "strong" => Kind::Inline,
        "blockquote" | "div" | "figure" | "figcaption" => Kind::Block,
        _ => return None,
    })
}

/// Whether an attribute with this value may stand at this element.
fn is_allowed(element: &str, name: &str, value: &str) -> bool {
    match (element, name) {
        ("a", "href") => is_address(value) || value.starts_with("mailto:"),
        ("img", "src") => is_address(value),
        ("img", "srcset") => value.split(", ").all(is_address),
        ("img", "alt" | "sizes" | "width" | "height") | ("a", "hreflang") => true,
        (_, "dir" | "lang" | "title") => true,
        _ => false,
    }
}

fn is_address(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// Whether nothing of `html` would be changed by the sanitiser, as far as a glance can tell. Writes its text into `lines`.
pub(super) fn is_plain(html: &str, mut lines: Option<&mut Lines>) -> bool {
    let mut open: Vec<(&str, Kind)> = Vec::new();
    let mut rest = html;
    // A parser takes it for the mark of an encoding.
    if html.starts_with('\u{feff}') {
        return false;
    }
    loop {
        let at = memchr(b'<', rest.as_bytes());
        let text = &rest[..at.unwrap_or(rest.len())];
        if !is_text(text, b'>') {
            return false;
        }
        if let Some(lines) = &mut lines
            && !text.is_empty()
        {
            lines.push(&plain::decode(text));
        }
        let Some(at) = at else { return open.is_empty() };
        rest = &rest[at + 1..];
        if let Some(end) = rest.strip_prefix('/') {
            let Some((name, kind)) = open.pop() else { return false };
            if let Some(lines) = &mut lines
                && breaks_line(name, kind)
            {
                lines.break_line();
            }
            let Some(after) = end.strip_prefix(name).and_then(|after| after.strip_prefix('>')) else {
                return false;
            };
            rest = after;
            continue;
        }
        let name = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        let Some(kind) = kind(name) else { return false };
        let Some(after) = attributes(name, &rest[name.len()..]) else { return false };
        rest = after;
        if !may_stand(kind, &open) {
            return false;
        }
        if let Some(lines) = &mut lines
            && breaks_line(name, kind)
        {
            lines.break_line();
        }
        if kind != Kind::Void {
            open.push((name, kind));
        }
    }
}

/// [`super::breaks_line`] for what the proof knows.
fn breaks_line(name: &str, kind: Kind) -> bool {
    match kind {
        Kind::Inline | Kind::Link => false,
        Kind::Void => name == "br",
        Kind::Paragraph | Kind::Heading | Kind::Item | Kind::List | Kind::Block => true,
    }
}

/// Whether an element of this kind may begin here and closes nothing by that.
fn may_stand(kind: Kind, open: &[(&str, Kind)]) -> bool {
    let within = |kind: Kind| open.iter().any(|(_, open)| *open == kind);
    let is_block = matches!(kind, Kind::Paragraph | Kind::Heading | Kind::Item | Kind::List | Kind::Block);
    if open.len() >= DEEPEST || is_block && within(Kind::Paragraph) {
        return false;
    }
    match kind {
        Kind::Link | Kind::Heading => !within(kind),
        Kind::Item => open.last().is_some_and(|(_, parent)| *parent == Kind::List),
        _ => true,
    }
}

/// Checks the attributes that `rest` begins with; gives what comes behind the tag.
fn attributes<'t>(element: &str, mut rest: &'t str) -> Option<&'t str> {
    let mut seen: [&str; 8] = [""; 8];
    for slot in 0..=seen.len() {
        if let Some(after) = rest.strip_prefix('>') {
            return Some(after);
        }
        let (name, after) = rest.strip_prefix(' ')?.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        if seen.contains(&name) || !is_allowed(element, name, value) || !is_text(value, b'"') {
            return None;
        }
        *seen.get_mut(slot)? = name;
        rest = after;
    }
    None
}

/// A byte that is not just itself.
fn tells(b: u8) -> bool {
    (b == b'&') | (b == b'<') | (b == b'>') | (b < 32) & (b != b'\t') & (b != b'\n') | (b == 127)
}

/// The first byte that [`tells`] something.
fn telling(bytes: &[u8]) -> Option<usize> {
    // Without a way out within a chunk, many bytes are looked at at once.
    let plain =
        bytes.chunks(64).take_while(|chunk| !chunk.iter().fold(false, |found, b| found | tells(*b))).count();
    let from = (plain * 64).min(bytes.len());
    bytes[from..].iter().position(|b| tells(*b)).map(|at| from + at)
}

/// Whether this is text, or the value of an attribute, as the sanitiser writes it: each sign that means something to it is
/// escaped, in its own way, and there is none that HTML or XML forbids or reads as another.
fn is_text(text: &str, mark: u8) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(offset) = telling(&bytes[at..]) {
        at += offset;
        if bytes[at] != b'&' {
            return false;
        }
        // In a text `>` is escaped and a quotation mark is not, in a value both are.
        let known: &[&str] =
            if mark == b'>' { &["amp;", "lt;", "gt;"] } else { &["amp;", "lt;", "gt;", "quot;"] };
        match known.iter().find(|name| text[at + 1..].starts_with(**name)) {
            Some(name) => at += 1 + name.len(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::barrier;
    use super::super::lines::{self, Lines};

    fn is_plain(html: &str) -> bool {
        let mut lines = Lines::for_html(html);
        let is_plain = super::is_plain(html, Some(&mut lines));
        assert_eq!(is_plain, super::is_plain(html, None));
        if is_plain {
            assert_eq!(lines.finish(), lines::to_text(html), "{html}");
        }
        is_plain
    }

    #[test]
    fn articles_as_they_are_written_are_plain() {
        for html in [
            "",
            "Rain & wind".replace('&', "&amp;").as_str(),
            "<p>One <em>two <b>three</b></em> &lt;four&gt; \"five\"</p>\n<h2 dir=\"rtl\" lang=\"fa\">نان تازه</h2>",
            "<div><a href=\"https://a.example/?b=1&amp;c=2\" title=\"&quot;x&quot;\"><img src=\"http://a.example/i.png\" srcset=\"https://a.example/1 1x, https://a.example/2 2x\" alt=\"\"></a><br></div>",
            "<ul><li>a<ol><li>b</li></ol></li></ul><a href=\"mailto:desk@a.example\"><div>c</div></a>",
        ] {
            assert!(is_plain(html), "{html}");
            assert_eq!(barrier::clean(html), html);
        }
    }

    #[test]
    fn whatever_else_it_may_be_is_left_to_the_sanitiser() {
        for html in [
            "<script>x</script>",
            "<p onclick=\"x\">a</p>",
            "<p style=\"x\">a</p>",
            "<P>a</P>",
            "<p>a",
            "a</p>",
            "<p>a</b>",
            "<p>a<p>b</p></p>",
            "<p><b><ul></ul></b></p>",
            "<a>x<b><a>y</a></b></a>",
            "<h2>a<h3>b</h3></h2>",
            "<li>a</li>",
            "<ul><b><li>a</li></b></ul>",
            "<table><tr></tr></table>",
            "<img src=\"javascript:x\">",
            "<img src=\"/i.png\">",
            "<a href=\"data:text/html,x\">x</a>",
            "<a href=https://a.example/>x</a>",
            "<a href='https://a.example/'>x</a>",
            "<img src=\"https://a.example/\" src=\"https://b.example/\">",
            "<img srcset=\"https://a.example/1, x\">",
            "<p title=\"<\">x</p>",
            "<p title=\"&nbsp;\">x</p>",
            "a &quot; b",
            "a & b",
            "a > b",
            "a < b",
            "a &#38; b",
            "a\r",
            "a\u{0}",
            "a\u{c}",
            "\u{feff}a",
            "<!-- x -->",
            "<br/>",
            "</br>",
            "<br></br>",
            "<p >x</p>",
            "<p\n>x</p>",
            "<",
            "</",
            "<p",
            "<p title=\"",
            "<svg></svg>",
            "<b>x</b",
            "<pbr>x</pbr>",
            "<div dir=\"rtl\" dir=\"ltr\">x</div>",
        ] {
            assert!(!is_plain(html), "{html}");
        }
        assert!(!is_plain(&format!("{}{}", "<div>".repeat(300), "</div>".repeat(300))));
    }

    /// Elements in each other at random, most of them as they may be.
    fn tree() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-cپ \u{a0}\n\"]{0,4}",
            prop::sample::select(vec![
                "&amp;",
                "&lt;",
                "&gt;",
                "<br>",
                "<img alt=\"&quot;\">",
                "&quot;",
                "<wbr>",
                "\t",
                "'"
            ])
            .prop_map(str::to_owned),
        ];
        let names = vec![
            "p",
            "p",
            "p",
            "a",
            "ul",
            "ol",
            "li",
            "li",
            "h1",
            "h2",
            "b",
            "em",
            "i",
            "span",
            "strong",
            "blockquote",
            "div",
            "figure",
            "figcaption",
            "pre",
            "table",
            "td",
            "code",
            "section",
        ];
        let attributes = vec![
            "",
            "",
            "",
            " title=\"x\"",
            " dir=\"rtl\"",
            " href=\"https://a.example/\"",
            " lang=\"fa\" title=\"\"",
        ];
        leaf.prop_recursive(7, 48, 5, move |inner| {
            let element = (prop::sample::select(names.clone()), prop::sample::select(attributes.clone()));
            (element, prop::collection::vec(inner, 0..5)).prop_map(|((name, attributes), inner)| {
                // A list in which something else stands than items is rare.
                let inner = if matches!(name, "ul" | "ol") && inner.len() % 2 == 0 {
                    inner.iter().map(|item| format!("<li>{item}</li>")).collect()
                } else {
                    inner.concat()
                };
                format!("<{name}{attributes}>{inner}</{name}>")
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, max_global_rejects: 40_000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_proven_comes_out_of_the_sanitiser_as_it_went_in(parts in prop::collection::vec(tree(), 1..4)) {
            let html = parts.concat();
            prop_assume!(is_plain(&html));
            prop_assert_eq!(barrier::clean(&html), html);
        }
    }
}
