//! What may be republished: elements, attributes, addresses.
//!
//! The measure is what a good news reader shows: text and its structure, lists, tables, figures, pictures, sound and
//! film, ruby, direction and language. Nothing that runs, asks for input, embeds another page, styles, or gives names
//! that a page's own script or style could stumble over (`id`, `name`, `class`).

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Kept.
    Keep,
    /// Kept; it has no content and no end tag.
    Void,
    /// Dropped with its content.
    Drop,
    /// Dropped with its content, which is no markup (`script`).
    DropRaw,
    /// Its content, which is no markup, stays as text.
    Text,
    /// A link to what it embeds, where that is worth one (`iframe`, `embed`).
    Embed,
}

/// How an element takes part in the structure; after the tree construction of HTML §13.2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a line.
    Inline,
    /// A block: it ends an open `p`.
    Block,
    /// `tr`, `td` …: only within a table.
    Table,
}

/// An element of HTML that is not simply unwrapped.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) fate: Fate,
    pub(super) place: Place,
    /// Its own attributes, beside [`GENERIC`].
    pub(super) attributes: &'static [&'static str],
}

/// Attributes of every element.
pub(super) const GENERIC: &[&str] = &["dir", "lang", "title"];

const fn keep(name: &'static str, place: Place, attributes: &'static [&'static str]) -> Element {
    Element { name, fate: Fate::Keep, place, attributes }
}

const fn void(name: &'static str, place: Place, attributes: &'static [&'static str]) -> Element {
    Element { name, fate: Fate::Void, place, attributes }
}

const fn other(name: &'static str, fate: Fate) -> Element {
    Element { name, fate, place: Place::Inline, attributes: &[] }
}

use Place::{Block, Inline, Table};

/// Sorted by name. What is not here is unwrapped: its tags go, its content stays.
pub(super) const ELEMENTS: &[Element] = &[
    keep("a", Inline, &["href", "hreflang"]),
    keep("abbr", Inline, &[]),
    keep("acronym", Inline, &[]),
    keep("address", Block, &[]),
    // The source of a formula, beside the formula.
    other("annotation", Fate::Drop),
    other("annotation-xml", Fate::Drop),
    other("applet", Fate::Drop),
    keep("article", Block, &[]),
    keep("aside", Block, &[]),
    keep("audio", Inline, &["src", "controls", "loop", "muted", "preload"]),
    keep("b", Inline, &[]),
    keep("bdi", Inline, &[]),
    keep("bdo", Inline, &[]),
    keep("big", Inline, &[]),
    keep("blockquote", Block, &["cite"]),
    void("br", Inline, &[]),
    keep("caption", Table, &["align"]),
    keep("center", Block, &[]),
    keep("cite", Inline, &[]),
    keep("code", Inline, &["class"]),
    void("col", Table, &["align", "span", "width"]),
    keep("colgroup", Table, &["align", "span", "width"]),
    keep("data", Inline, &["value"]),
    keep("dd", Block, &[]),
    keep("del", Inline, &["cite", "datetime"]),
    keep("details", Block, &["open"]),
    keep("dfn", Inline, &[]),
    keep("div", Block, &["align"]),
    keep("dl", Block, &[]),
    keep("dt", Block, &[]),
    keep("em", Inline, &[]),
    other("embed", Fate::Embed),
    keep("figcaption", Block, &[]),
    keep("figure", Block, &[]),
    keep("footer", Block, &[]),
    keep("h1", Block, &["align"]),
    keep("h2", Block, &["align"]),
    keep("h3", Block, &["align"]),
    keep("h4", Block, &["align"]),
    keep("h5", Block, &["align"]),
    keep("h6", Block, &["align"]),
    keep("header", Block, &[]),
    keep("hgroup", Block, &[]),
    void("hr", Block, &[]),
    keep("i", Inline, &[]),
    other("iframe", Fate::Embed),
    void("img", Inline, &["src", "srcset", "sizes", "alt", "width", "height", "align"]),
    keep("ins", Inline, &["cite", "datetime"]),
    keep("kbd", Inline, &[]),
    keep("li", Block, &["value"]),
    keep("main", Block, &[]),
    keep("mark", Inline, &[]),
    keep("menu", Block, &[]),
    keep("nav", Block, &[]),
    keep("ol", Block, &["start", "reversed", "type"]),
    keep("p", Block, &["align"]),
    keep("picture", Inline, &[]),
    keep("pre", Block, &["class"]),
    keep("q", Inline, &["cite"]),
    keep("rp", Inline, &[]),
    keep("rt", Inline, &[]),
    keep("ruby", Inline, &[]),
    keep("s", Inline, &[]),
    keep("samp", Inline, &[]),
    other("script", Fate::DropRaw),
    keep("section", Block, &[]),
    keep("small", Inline, &[]),
    void("source", Inline, &["src", "srcset", "sizes", "media", "type", "width", "height"]),
    keep("span", Inline, &[]),
    keep("strike", Inline, &[]),
    keep("strong", Inline, &[]),
    other("style", Fate::DropRaw),
    keep("sub", Inline, &[]),
    keep("summary", Block, &[]),
    keep("sup", Inline, &[]),
    other("svg", Fate::Drop),
    keep("table", Block, &["summary", "border", "align", "width"]),
    keep("tbody", Table, &["align", "valign"]),
    keep("td", Table, &["colspan", "rowspan", "headers", "abbr", "align", "valign", "width"]),
    other("template", Fate::Drop),
    other("textarea", Fate::Text),
    keep("tfoot", Table, &["align", "valign"]),
    keep("th", Table, &["colspan", "rowspan", "headers", "scope", "abbr", "align", "valign", "width"]),
    keep("thead", Table, &["align", "valign"]),
    keep("time", Inline, &["datetime"]),
    other("title", Fate::DropRaw),
    keep("tr", Table, &["align", "valign"]),
    void("track", Inline, &["src", "kind", "srclang", "label", "default"]),
    keep("tt", Inline, &[]),
    keep("u", Inline, &[]),
    keep("ul", Block, &["type"]),
    keep("var", Inline, &[]),
    keep("video", Inline, &["src", "poster", "controls", "loop", "muted", "preload", "width", "height"]),
    void("wbr", Inline, &[]),
];

/// The place of `name` (in lower case) in [`ELEMENTS`].
pub(super) fn element(name: &str) -> Option<usize> {
    let name = if matches!(name, "image" | "amp-img") { "img" } else { name };
    let letter = usize::from(name.bytes().next()?.wrapping_sub(b'a'));
    let range = usize::from(*FIRST.get(letter)?)..usize::from(*FIRST.get(letter + 1)?);
    range.into_iter().find(|at| ELEMENTS[*at].name == name)
}

/// Where the names of each letter begin.
const FIRST: [u8; 27] = {
    let mut first = [0; 27];
    let mut letter = 0;
    while letter < 27 {
        let mut at = 0;
        while at < ELEMENTS.len() && ELEMENTS[at].name.as_bytes()[0] - b'a' < letter as u8 {
            at += 1;
        }
        first[letter] = at as u8;
        letter += 1;
    }
    first
};

/// The place of an element that is known to be in [`ELEMENTS`], told when this is compiled.
pub(super) const fn id(name: &str) -> u8 {
    let mut at = 0;
    while at < ELEMENTS.len() {
        let (here, name) = (ELEMENTS[at].name.as_bytes(), name.as_bytes());
        let mut same = here.len() == name.len();
        let mut i = 0;
        while same && i < name.len() {
            same = here[i] == name[i];
            i += 1;
        }
        if same {
            return at as u8;
        }
        at += 1;
    }
    panic!("no such element")
}

/// Other elements that HTML has or had, by which prose is told from markup.
const OTHERS: &[&str] = &[
    "area",
    "base",
    "basefont",
    "bgsound",
    "blink",
    "body",
    "button",
    "canvas",
    "command",
    "datalist",
    "dialog",
    "dir",
    "fieldset",
    "font",
    "form",
    "frame",
    "frameset",
    "head",
    "html",
    "input",
    "isindex",
    "keygen",
    "label",
    "legend",
    "link",
    "listing",
    "map",
    "marquee",
    "math",
    "menuitem",
    "meta",
    "meter",
    "multicol",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "param",
    "plaintext",
    "portal",
    "progress",
    "rb",
    "rtc",
    "search",
    "select",
    "slot",
    "spacer",
    "xml",
    "xmp",
    "image",
];

/// Whether `name` (in lower case) is an element of HTML at all.
pub(crate) fn is_html(name: &str) -> bool {
    element(name).is_some() || OTHERS.contains(&name)
}

/// Blocks that are unwrapped: what they hold is apart from what is around them.
pub(super) fn is_unwrapped_block(name: &str) -> bool {
    matches!(
        name,
        "dialog"
            | "dir"
            | "fieldset"
            | "form"
            | "legend"
            | "listing"
            | "search"
            | "body"
            | "option"
            | "optgroup"
    )
}

/// A value that is a number, in pixels or per cent: the only sizes that are kept.
pub(super) fn size(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value.strip_suffix("px").unwrap_or(value).trim();
    let digits = value.strip_suffix('%').unwrap_or(value);
    let digits = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let fits = (1..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| if value.ends_with('%') { format!("{digits}%") } else { digits.to_owned() })
}

/// A style that hides its element from every reader.
pub(super) fn hides(style: &str) -> bool {
    let style: String =
        style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).take(2000).collect();
    style.split(';').any(|rule| {
        let Some((property, value)) = rule.split_once(':') else { return false };
        let value = value.trim_end_matches("!important");
        matches!(
            (property, value),
            ("display", "none") | ("visibility", "hidden" | "collapse") | ("mso-hide", "all")
        )
    })
}

/// A class that marks share buttons and the like.
pub(super) fn is_furniture(class: &str) -> bool {
    const CLASSES: &[&str] = &[
        "feedflare",
        "sharedaddy",
        "sd-sharing",
        "sd-sharing-enabled",
        "sd-block",
        "sd-like",
        "jp-relatedposts",
        "addtoany_share_save_container",
        "addtoany_content",
        "addtoany_list",
        "a2a_kit",
        "addthis_toolbox",
        "addthis_button",
        "shareaholic-canvas",
        "ssba",
        "ssba-wrap",
        "social-share",
        "share-buttons",
        "share_buttons",
        "social-buttons",
        "social-sharing",
        "post-share",
        "entry-share",
        "sociable",
        "simplesharebuttons",
        "et_social_inline",
        "heateor_sss_sharing_container",
        "heateorsssclear",
        "the_champ_sharing_container",
        "mashsb-container",
        "essb_links",
        "twitter-share-button",
        "fb-like",
        "fb-share-button",
        "mf-viral",
        "mf-related",
        "wpcnt",
        "yarpp",
        "yarpp-related",
        "dpsp-share-text",
        "dpsp-content-wrapper",
        "wp-block-jetpack-sharing-buttons",
    ];
    class.split_ascii_whitespace().any(|class| CLASSES.iter().any(|known| class.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn hiding_styles() {
        assert!(hides("color:red; DISPLAY : none !important"));
        assert!(!hides("display:block; background: url(display:none)"));
    }
}
