//! What elements are to the tree builder (WHATWG HTML §13.2.4.2 and §13.2.6.4), as bits.

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const VOID: u32 = 1;
pub(super) const RAW_TEXT: u32 = 1 << 1;
pub(super) const FORMATTING: u32 = 1 << 2;
pub(super) const SCOPE: u32 = 1 << 3;
pub(super) const TABLE_PART: u32 = 1 << 4;
pub(super) const CLOSES_P: u32 = 1 << 5;
pub(super) const SPECIAL: u32 = 1 << 6;
/// Special, but for `address`, `div` and `p` (§13.2.6.4.7, "li").
pub(super) const SPECIAL_BUT_THREE: u32 = 1 << 7;
pub(super) const P: u32 = 1 << 8;
pub(super) const LI: u32 = 1 << 9;
pub(super) const DT_DD: u32 = 1 << 10;
pub(super) const OPTION: u32 = 1 << 11;
pub(super) const CELL: u32 = 1 << 12;
pub(super) const ROW: u32 = 1 << 13;
pub(super) const SECTION: u32 = 1 << 14;
pub(super) const TABLE: u32 = 1 << 15;
pub(super) const TEMPLATE: u32 = 1 << 16;
pub(super) const BUTTON: u32 = 1 << 17;
pub(super) const CAPTION: u32 = 1 << 18;
pub(super) const FOREIGN: u32 = 1 << 19;
/// HTML inside of `svg` and `math`.
pub(super) const INTEGRATION: u32 = 1 << 20;
/// Ends `svg` and `math`.
pub(super) const BREAKOUT: u32 = 1 << 21;
pub(super) const LINK: u32 = 1 << 22;
pub(super) const PLAINTEXT: u32 = 1 << 23;

/// What each element is to the tree builder.
#[rustfmt::skip]
pub(super) static ROLES: LazyLock<HashMap<&'static [u8], u32>> = LazyLock::new(|| {
    let mut out: HashMap<&'static [u8], u32> = HashMap::new();
    let mut add = |names: &[&'static str], role: u32| {
        for name in names {
            *out.entry(name.as_bytes()).or_default() |= role;
        }
    };
    add(
        &[
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "image",
        "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
    ],
        VOID,
    );
    add(&["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"], RAW_TEXT);
    add(
        &[
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    ],
        FORMATTING,
    );
    add(
        &[
        "applet", "caption", "html", "table", "td", "th", "marquee", "object", "template",
        "foreignobject", "desc", "select",
    ],
        SCOPE,
    );
    add(&["table", "td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"], TABLE_PART);
    add(
        &[
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl",
        "fieldset", "figcaption", "figure", "footer", "header", "hgroup", "main", "menu", "nav", "ol",
        "p", "search", "section", "summary", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "listing",
        "form", "li", "dd", "dt", "hr", "xmp",
    ],
        CLOSES_P,
    );
    add(SPECIALS, SPECIAL | SPECIAL_BUT_THREE);
    add(&["p"], P);
    add(&["li"], LI);
    add(&["dt", "dd"], DT_DD);
    add(&["option", "optgroup"], OPTION);
    add(&["td", "th"], CELL);
    add(&["tr"], ROW);
    add(&["tbody", "thead", "tfoot"], SECTION);
    add(&["table"], TABLE);
    add(&["template"], TEMPLATE);
    add(&["button"], BUTTON);
    add(&["caption"], CAPTION);
    add(&["svg", "math"], FOREIGN);
    add(&["foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"], INTEGRATION);
    add(SPECIALS, BREAKOUT);
    add(
        &[
        "b", "big", "code", "em", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "span",
        "sub", "sup", "ruby", "var", "br", "hr", "img", "embed", "meta",
    ],
        BREAKOUT,
    );
    add(&["a"], LINK);
    add(&["plaintext"], PLAINTEXT);
    for name in ["address", "div", "p"] {
        out.entry(name.as_bytes()).and_modify(|roles| *roles &= !SPECIAL_BUT_THREE);
    }
    for name in ["title", "style", "script"] {
        out.entry(name.as_bytes()).and_modify(|roles| *roles &= !BREAKOUT);
    }
    out
});

#[rustfmt::skip]
const SPECIALS: &[&str] = &[
        "address", "applet", "article", "aside", "blockquote", "body", "button", "caption", "center",
        "colgroup", "dd", "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
        "html", "iframe", "li", "listing", "main", "marquee", "menu", "nav", "noembed", "noframes",
        "noscript", "object", "ol", "p", "pre", "script", "search", "section", "select", "style",
        "summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title",
        "tr", "ul", "xmp",
    ];
