//! The headline of an article page.

use dom_query::{Document, NodeRef};

use super::dom;
use super::meta::{Head, fold};
use crate::text::compare::skeleton;

/// The headline as a reader sees it, and the element that shows it.
pub(crate) struct Title<'a> {
    pub(crate) text: String,
    pub(crate) node: Option<NodeRef<'a>>,
}

/// What stands between a headline and the name of its site.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ ", " › ", " > ", " < ", "｜",
    " ـ ", " ~ ", " // ", " |", "| ", " : ",
];

/// Finds the headline: the heading that agrees with what the page's metadata say; the metadata without the
/// site's name where no heading does.
pub(crate) fn find<'a>(
    document: &'a Document,
    head: &Head,
    declared: &[String],
    site_names: &[String],
) -> Option<Title<'a>> {
    let mut names: Vec<String> = declared.iter().map(|t| strip_site(&fold(t), site_names)).collect();
    names.extend(
        head.metas(&[
            "og:title",
            "twitter:title",
            "dc.title",
            "dcterms.title",
            "parsely-title",
            "sailthru.title",
        ])
        .map(|t| strip_site(t, site_names)),
    );
    let page_title = head.title.as_deref().map(|t| strip_site(t, site_names));
    names.extend(page_title.clone());
    names.retain(|n| !n.is_empty());

    let headings = headings(document);
    let mut best: Option<(f32, Title<'a>)> = None;
    for (at, heading) in headings.iter().enumerate() {
        let Some((score, text)) = judge(heading, &names, head.title.as_deref(), site_names) else { continue };
        // Of equals, the first in the document: teasers that repeat the headline stand below it.
        let score = score - at as f32 * 0.001;
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, Title { text, node: Some(*heading) }));
        }
    }
    if let Some((_, title)) = best {
        return Some(title);
    }
    let part = head.title.as_deref().and_then(|t| part_on_page(document, t, &names, site_names));
    // A single h1 that is not the site's name is the headline even where the metadata talk of something else, unless a
    // part of the page's title stands on the page and says more than the h1 does.
    let lone: Vec<&NodeRef<'a>> = headings.iter().filter(|h| h.has_name("h1")).collect();
    if let [only] = lone[..] {
        let text = heading_text(only);
        let count = text.chars().count();
        let unopposed = names.iter().all(|n| page_title.as_ref() == Some(n) || is_site(n, site_names));
        let longest = part.as_ref().is_none_or(|p| p.text.chars().count() <= count);
        if !text.is_empty() && !is_site(&text, site_names) && longest && (unopposed || count > 25) {
            return Some(Title { text, node: Some(*only) });
        }
    }
    if part.is_some() {
        return part;
    }
    let text = names
        .iter()
        .find(|n| !is_site(n, site_names))
        .map(|n| if page_title.as_ref() == Some(n) { without_last_part(n).to_owned() } else { n.clone() })
        .or_else(|| lone.first().map(|n| heading_text(n)))
        .or_else(|| names.into_iter().next())
        .filter(|t| !t.is_empty())?;
    let node = locate(document, &text);
    Some(Title { text, node })
}

fn headings(document: &Document) -> Vec<NodeRef<'_>> {
    let marked = document.select(r#"[itemprop~="headline"], [itemprop~="name headline"]"#);
    let mut out: Vec<NodeRef<'_>> = Vec::new();
    for selection in [
        document.select("h1"),
        marked,
        document.select("h2"),
        document
            .select("[class*=title], [class*=headline], [class*=titr], [id*=title], [id*=headline], h3, h4"),
    ] {
        for node in selection.nodes().iter().take(300) {
            if !out.iter().any(|n| n.id == node.id)
                && !dom::is_any(node, &["meta", "title", "link", "body", "html"])
            {
                out.push(*node);
            }
        }
        if out.len() > 400 {
            break;
        }
    }
    out
}

fn heading_text(node: &NodeRef<'_>) -> String {
    let Some(text) = dom::line_within(node, 2000) else { return String::new() };
    // Marks of links to the heading itself.
    let text = fold(text.trim_end_matches(['¶', '#', '§', '🔗', ' ']));
    if !text.is_empty() {
        return text;
    }
    // A headline drawn as a picture.
    dom_query::Selection::from(*node).select("img[alt]").attr("alt").map(|alt| fold(&alt)).unwrap_or_default()
}

/// How well a heading agrees with the metadata (more than 0 to be taken), and the text to show.
fn judge(
    node: &NodeRef<'_>,
    names: &[String],
    page_title: Option<&str>,
    site_names: &[String],
) -> Option<(f32, String)> {
    let text = heading_text(node);
    let count = text.chars().count();
    if !(2..=400).contains(&count) || is_site(&text, site_names) {
        return None;
    }
    let key = skeleton(&text);
    if key.is_empty() {
        return None;
    }
    let h1 = node.has_name("h1");
    let heading = dom::is_any(node, &["h1", "h2", "h3", "h4"]) || node.has_attr("itemprop");
    let rank = if h1 {
        0.3
    } else if heading {
        0.2
    } else {
        0.0
    };
    let mut best: Option<(f32, String)> = None;
    for name in names {
        let other = skeleton(name);
        if other.is_empty() {
            continue;
        }
        let (score, shown) = if key == other {
            (1.0, text.clone())
        } else if other.contains(&key) && key.chars().count() * 2 > other.chars().count() {
            // Metadata add a kicker or the site's name.
            (0.8, text.clone())
        } else if key.contains(&other) && other.chars().count() * 2 > key.chars().count() {
            // The heading holds a kicker, a date or a badge besides the headline.
            let inner_elements =
                node.descendants_it().any(|n| n.is_element() && !dom::is_any(&n, &["br", "a", "wbr"]));
            (0.7, if inner_elements { name.clone() } else { text.clone() })
        } else {
            let alike = alike(&text, name);
            if alike < 0.5 || !heading {
                continue;
            }
            (alike * 0.6, text.clone())
        };
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, shown));
        }
    }
    // The page's title often begins with the headline, cut or not.
    if best.is_none() && h1 && count >= 12 && page_title.is_some_and(|t| skeleton(t).contains(&key)) {
        best = Some((0.75, text));
    }
    best.map(|(score, text)| (score + rank, text))
}

/// The share of the words of the shorter text that the longer has.
fn alike(a: &str, b: &str) -> f32 {
    let words =
        |t: &str| -> Vec<String> { t.split_whitespace().map(skeleton).filter(|w| !w.is_empty()).collect() };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() < 3 {
        return 0.0;
    }
    let shared = short.iter().filter(|w| long.contains(w)).count();
    shared as f32 / long.len() as f32
}

fn is_site(text: &str, site_names: &[String]) -> bool {
    let key = skeleton(text);
    site_names.iter().any(|n| skeleton(n) == key)
}

/// A title without the name of its site, at either end.
pub(crate) fn strip_site(title: &str, site_names: &[String]) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = strip_once(title, site_names) else { break };
        title = shorter;
    }
    title.to_owned()
}

fn strip_once<'a>(title: &'a str, site_names: &[String]) -> Option<&'a str> {
    let keys: Vec<String> =
        site_names.iter().map(|n| skeleton(n)).filter(|k| k.chars().count() >= 2).collect();
    for separator in SEPARATORS {
        if let Some((before, after)) = title.rsplit_once(separator)
            && keys.contains(&skeleton(after))
            && !before.trim().is_empty()
        {
            return Some(before.trim());
        }
        if let Some((before, after)) = title.split_once(separator)
            && keys.contains(&skeleton(before))
            && !after.trim().is_empty()
        {
            return Some(after.trim());
        }
    }
    None
}

/// What stands behind the last (or before the first) separator of the page's title where the rest is a heading
/// of the page: the site's name, learned from the page.
pub(crate) fn learn_site_name(document: &Document, page_title: &str, declared: &[String]) -> Option<String> {
    let mut known: Vec<String> = declared.iter().map(|t| skeleton(t)).collect();
    known.extend(document.select("h1").nodes().iter().take(5).map(|n| skeleton(&heading_text(n))));
    known.retain(|k| k.chars().count() >= 8);
    for separator in SEPARATORS {
        if let Some((before, after)) = page_title.split_once(separator) {
            if known.contains(&skeleton(before)) {
                return Some(after.trim().to_owned());
            }
            if known.contains(&skeleton(after)) {
                return Some(before.trim().to_owned());
            }
        }
        if let Some((before, after)) = page_title.rsplit_once(separator) {
            if known.contains(&skeleton(before)) {
                return Some(after.trim().to_owned());
            }
            if known.contains(&skeleton(after)) {
                return Some(before.trim().to_owned());
            }
        }
    }
    None
}

/// The longest part of the page's title that stands on the page as a line of its own: the headline of pages
/// without headings.
fn part_on_page<'a>(
    document: &'a Document,
    page_title: &str,
    names: &[String],
    site_names: &[String],
) -> Option<Title<'a>> {
    let mut parts: Vec<&str> = names.iter().map(String::as_str).collect();
    for separator in SEPARATORS {
        for pair in
            [page_title.split_once(separator), page_title.rsplit_once(separator)].into_iter().flatten()
        {
            parts.extend([pair.0.trim(), pair.1.trim()]);
        }
    }
    parts.retain(|p| p.chars().count() >= 8 && !is_site(p, site_names));
    parts.sort_by_key(|p| std::cmp::Reverse(p.chars().count()));
    parts.dedup();
    // The site's name stands above the headline, too: of parts that do not hold one another, the later one.
    let mut best: Option<(usize, &str, NodeRef<'a>)> = None;
    let order: Vec<_> = document.select("body *").nodes().iter().map(|n| n.id).collect();
    for part in parts.iter().take(12) {
        let Some(node) = locate(document, part) else { continue };
        let at = order.iter().position(|id| *id == node.id).unwrap_or_default();
        if best.as_ref().is_none_or(|(other, text, _)| at > *other && !text.contains(part)) {
            best = Some((at, part, node));
        }
    }
    best.map(|(_, _, node)| Title { text: fold(&dom::line(&node)), node: Some(node) })
}

/// A title without what stands behind its last separator, where enough remains to be a headline.
fn without_last_part(title: &str) -> &str {
    SEPARATORS
        .iter()
        .filter_map(|separator| title.rsplit_once(separator))
        .map(|(before, _)| before.trim())
        .filter(|before| before.split_whitespace().count() >= 3)
        .max_by_key(|before| before.len())
        .unwrap_or(title)
}

/// The first element whose whole text is the headline.
fn locate<'a>(document: &'a Document, text: &str) -> Option<NodeRef<'a>> {
    let key = skeleton(text);
    let limit = text.len() * 2 + 100;
    document
        .select("body *")
        .nodes()
        .iter()
        .filter(|n| !dom::is_invisible_name(&dom::name(n)) && n.first_child().is_some())
        .filter(|n| n.children_it(false).any(|c| c.is_nonempty_text()))
        .find(|n| dom::line_within(n, limit).is_some_and(|line| skeleton(&line) == key))
        .copied()
}
