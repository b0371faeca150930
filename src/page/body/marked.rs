//! The body as the page itself marks it.

use dom_query::{Document, NodeRef};

use super::{Clues, outermost, prose};
use crate::page::{bound, dom};
use crate::text::compare::skeleton;

/// Names that templates give the body of an article, letters only.
const BODY_LABELS: &[&str] = &[
    "articlebody",
    "articlecontent",
    "articletext",
    "articlebodytext",
    "articlebodycontent",
    "articlemainbody",
    "articlecontentbody",
    "articlemaincontent",
    "articlefulltext",
    "entrycontent",
    "postcontent",
    "postbody",
    "posttext",
    "postentry",
    "storybody",
    "storycontent",
    "storytext",
    "storybodytext",
    "newsbody",
    "newstext",
    "newscontent",
    "newsfulltext",
    "itemtext",
    "itembody",
    "itemfulltext",
    "tdpostcontent",
    "singlecontent",
    "singlepostcontent",
    "bodytext",
    "textbody",
    "contentbody",
    "contenttext",
    "blogcontent",
    "blogpostcontent",
    "blogbody",
    "jegpostcontent",
    "contentinner",
    "fulltext",
    "fieldnamebody",
    "fieldbody",
    "wpblockpostcontent",
    "centrycontent",
    "ghcontent",
    "postfullcontent",
    "detailbody",
    "detailtext",
    "detailcontent",
    "newsdetailbody",
    "matnkhabar",
    "echodetail",
    "echodetails",
    "richtextarticlebody",
    "articleparagraphs",
    "maincontentbody",
    "pagearticlebody",
    "pfcontent",
    "cbody",
    "articletextcontent",
    "tcontent",
    "ampwparticlecontent",
];

/// The elements that the page itself marks as the body of its article, and whether it does so in a language made
/// for it.
pub(super) fn marked_body<'a>(page: &'a Document, clues: &Clues<'_>) -> Option<(Vec<NodeRef<'a>>, bool)> {
    let microdata = page.select("[itemprop~=articleBody]");
    let microdata: Vec<NodeRef<'a>> =
        outermost(microdata.nodes()).into_iter().filter(|n| n.first_child().is_some()).collect();
    if let [_] = microdata[..] {
        return Some((microdata, true));
    }
    if let Some(node) = clues.declared_body.and_then(|text| holder(page, text)) {
        return Some((vec![node], true));
    }
    if !microdata.is_empty() {
        // Several: parts of one article are siblings; anything else is a list of articles.
        let parent = microdata[0].parent().map(|p| p.id);
        return microdata.iter().all(|n| n.parent().map(|p| p.id) == parent).then_some((microdata, true));
    }
    let labelled: Vec<NodeRef<'a>> = page
        .select("body [class], body [id]")
        .nodes()
        .iter()
        .filter(|n| !dom::is_any(n, &["span", "a", "h1", "h2", "p", "li", "img"]))
        .filter(|n| {
            dom::labels(n).split_ascii_whitespace().any(|label| {
                let plain: String = label.chars().filter(char::is_ascii_alphabetic).collect();
                BODY_LABELS.contains(&&*plain)
            })
        })
        .copied()
        .collect();
    let labelled = outermost(&labelled);
    match labelled[..] {
        [only] if prose(&only) >= 80 => Some((vec![only], false)),
        _ => {
            // Teasers of other articles carry the label, too: one that outweighs all others is the article.
            let mut sizes: Vec<(usize, NodeRef<'a>)> = labelled.iter().map(|n| (prose(n), *n)).collect();
            sizes.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
            match sizes[..] {
                [(first, node), (second, _), ..] if first >= 400 && first > 4 * second => {
                    Some((vec![node], false))
                }
                _ => None,
            }
        }
    }
}

/// The smallest element that holds the text which JSON-LD gives as the body.
fn holder<'a>(page: &'a Document, text: &str) -> Option<NodeRef<'a>> {
    let decoded = crate::text::html::to_text(text);
    let key = skeleton(&decoded);
    let all = key.chars().count();
    if all < 300 {
        return None;
    }
    let probe = |share: usize| -> String { key.chars().skip((all - 40) * share / 100).take(40).collect() };
    let probes: Vec<String> = [5, 30, 50, 70, 95].into_iter().map(probe).collect();
    let mut node = page.body()?;
    let holds = |node: &NodeRef<'a>| {
        let own = skeleton(&dom::text(node));
        probes.iter().filter(|p| own.contains(p.as_str())).count() >= 4
    };
    if !holds(&node) {
        return None;
    }
    // At most as many steps down as the tree is deep, one of which looks at each child once.
    for _ in 0..2 * bound::MAX_DEPTH {
        match node.children_it(false).filter(NodeRef::is_element).find(|c| holds(c)) {
            Some(child) => node = child,
            None => break,
        }
    }
    // The text of the element must be mostly that text.
    let own = skeleton(&dom::text(&node)).chars().count();
    (own * 10 <= all * 16 && !dom::is_any(&node, &["body"])).then_some(node)
}
