//! The body of an article page: the paragraphs in order and nothing else.
//!
//! What the page marks as its body (microdata, JSON-LD, the names that templates give it) is taken where it
//! holds; the engine (dom_smoothie, after Mozilla's Readability) finds the body elsewhere. Both get a page out of
//! which the furniture was taken that is known by its labels, and what they give is read once more, line
//! by line, as a reader would see it.

mod marked;
mod prune;
mod tidy;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use marked::marked_body;
use prune::{prune, remove_above, remove_invisible, remove_other_articles, remove_sign_ups, remove_teasers};
use tidy::tidy;

use super::{PageError, block, boilerplate, dom};
use crate::parse::dates::DateContext;

/// What is known of the page when its body is looked for.
pub(crate) struct Clues<'a> {
    /// The headline.
    pub(crate) title: Option<&'a str>,
    /// The element that shows it.
    pub(crate) headline: Option<NodeId>,
    /// `articleBody` of JSON-LD.
    pub(crate) declared_body: Option<&'a str>,
    /// Names of the authors.
    pub(crate) authors: &'a [String],
    /// The host of the page, without `www.`.
    pub(crate) site: Option<&'a str>,
    /// CSS that names the body.
    pub(crate) keep: Option<&'a str>,
    /// CSS of what is never part of it.
    pub(crate) remove: Option<&'a str>,
    /// How dates are read.
    pub(crate) dates: &'a DateContext<'a>,
}

/// The body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Not sanitised.
    pub(crate) html: String,
    /// One line a block; captions of pictures are left out.
    pub(crate) text: String,
}

/// A body shorter than this (letters) is doubted.
const SHORT: usize = 200;

/// Finds the body of a page. `document` is not changed.
///
/// # Errors
/// When a selector cannot be read.
pub(crate) fn extract(document: &Document, clues: &Clues<'_>) -> Result<Body, PageError> {
    let page = document.clone();
    if let Some(selector) = clues.remove {
        page.select_matcher(&dom::matcher(selector)?).remove();
    }
    remove_sign_ups(&page, clues);
    remove_invisible(&page);
    remove_above(&page, clues);
    if let Some(selector) = clues.keep {
        let kept = page.select_matcher(&dom::matcher(selector)?);
        if kept.exists() {
            return Ok(finish(&outermost(kept.nodes()), clues));
        }
    }
    remove_other_articles(&page, clues);
    let marked = marked_body(&page, clues);
    name_captions(&page);
    let raw = page.clone();
    remove_teasers(&raw, clues);
    let pruned = raw.clone();
    prune(&pruned, clues);
    straighten(&pruned);
    let engine = engine(&pruned).map(|html| finish_html(&html, clues)).unwrap_or_default();
    let engine = if letters(&engine.text) < SHORT && !begins_with(&raw, &engine, clues) {
        // What was taken out may have been the article: a forum's answers stand in elements called "comment".
        let raw = self::engine(&raw).map(|html| finish_html(&html, clues)).unwrap_or_default();
        if letters(&raw.text) > 2 * letters(&engine.text) + SHORT / 2 { raw } else { engine }
    } else {
        engine
    };
    if let Some((marked, sure)) = marked {
        let body = finish(&marked, clues);
        let (ours, theirs) = (letters(&body.text), letters(&engine.text));
        // What is far shorter than what the engine found is a teaser, or the first part of several.
        let enough = if sure { ours * 4 >= theirs || ours > 600 } else { ours * 10 >= theirs * 6 };
        if enough && ours > 0 {
            return Ok(body);
        }
    }
    if engine.text.is_empty() {
        return Ok(fallback(&pruned, clues));
    }
    Ok(denser(&pruned, &engine, clues).unwrap_or(engine))
}

/// Whether the first sentence below the headline is the first of `body`: then it is the article, however short.
fn begins_with(page: &Document, body: &Body, clues: &Clues<'_>) -> bool {
    let Some(root) = page.body().filter(|_| clues.headline.is_some()) else { return false };
    let lines = block::lines(&root);
    let inside = |n: &NodeRef<'_>| n.ancestors_it(None).any(|a| Some(a.id) == clues.headline);
    let Some(at) = lines.iter().position(|l| l.nodes.iter().any(inside)) else { return false };
    let first = lines[at + 1..].iter().find(|l| {
        l.letters >= 40 && l.link_share() < 0.35 && !l.caption && !boilerplate::is_furniture(&l.text, 0.0)
    });
    first.is_some_and(|l| body.text.lines().next() == Some(l.text.as_str())) && letters(&body.text) >= 60
}

/// Makes captions of what is only labelled as such: the engine does not keep all labels.
fn name_captions(page: &Document) {
    for node in page.select("p[class], div[class], span[class], small[class]").nodes() {
        let short = || dom::line_within(node, 400).is_some();
        if block::is_caption_label(&dom::labels(node))
            && short()
            && !dom_query::Selection::from(*node).select("img, picture, p").exists()
            && node
                .parent()
                .is_some_and(|p| dom_query::Selection::from(p).select("img, picture, video").exists())
        {
            node.rename("figcaption");
        }
    }
    // Small print in the box of a picture.
    for node in page.select("small, em, i").nodes() {
        let Some(holder) = node.parent().filter(|p| dom::is_any(p, &["div", "span", "td", "center"])) else {
            continue;
        };
        let of_picture = |n: NodeRef<'_>| {
            n.id == node.id
                || n.is_text() && !n.is_nonempty_text()
                || dom::is_any(&n, &["img", "picture", "a", "br"])
        };
        if dom_query::Selection::from(holder).select("img, picture").exists()
            && holder.children_it(false).all(of_picture)
            && prose(&holder) == prose(node)
        {
            node.rename("figcaption");
        }
    }
}

/// The narrowest element that holds nearly all sentences of the page, where the engine has lost a good part of
/// them: it scores what stands close together, and some templates wrap every paragraph several times.
fn denser(page: &Document, engine: &Body, clues: &Clues<'_>) -> Option<Body> {
    let mut node = page.body()?;
    let all = sentences(&node);
    if all * 10 < letters(&engine.text) * 13 {
        return None;
    }
    let mut held = all;
    while let Some((child, inside)) = node
        .children_it(false)
        .filter(NodeRef::is_element)
        .map(|c| (c, sentences(&c)))
        .find(|(_, n)| n * 100 >= held * 85)
    {
        (node, held) = (child, inside);
    }
    if dom::link_density(&node) > 0.25 {
        return None;
    }
    let body = finish(&[node], clues);
    // What the engine found must be in it, or they speak of different parts of the page.
    let found = engine.text.lines().max_by_key(|l| l.len()).unwrap_or_default();
    (letters(&body.text) * 10 > letters(&engine.text) * 13 && body.text.contains(found)).then_some(body)
}

/// Letters in lines that read as sentences.
fn sentences(node: &NodeRef<'_>) -> usize {
    block::lines(node)
        .iter()
        .filter(|l| {
            l.letters >= 50 && l.link_share() < 0.35 && !l.caption && !boilerplate::is_furniture(&l.text, 0.0)
        })
        .map(|l| l.letters)
        .sum()
}

/// Gives the engine what it expects: a paragraph is a child of its container, text is not a child of `body`.
fn straighten(page: &Document) {
    let Some(body) = page.body() else { return };
    for node in body.descendants().into_iter().rev() {
        if !node.has_name("div") {
            continue;
        }
        let children: Vec<NodeRef<'_>> =
            node.children_it(false).filter(|c| !c.is_text() || c.is_nonempty_text()).take(2).collect();
        if let [only] = children[..]
            && dom::is_any(&only, &["p", "div"])
            && !only.has_attr("itemprop")
        {
            if only.has_name("div") {
                let class = format!("{} {}", node.attr_or("class", ""), only.attr_or("class", ""));
                only.set_attr("class", class.trim());
            }
            node.replace_with(&only);
        }
    }
    let bare: usize = body
        .children_it(false)
        .filter(|c| c.is_text() || dom::is_any(c, &["b", "i", "em", "strong", "font", "span", "a"]))
        .map(|c| c.text().trim().chars().count())
        .sum();
    if bare > 100 {
        let holder = page.tree.new_element("div");
        let children: Vec<NodeRef<'_>> = body.children();
        body.append_child(&holder);
        for child in children {
            holder.append_child(&child);
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// What the engine takes for the article, as HTML.
fn engine(page: &Document) -> Option<String> {
    let page = page.clone();
    let config = Config { disable_json_ld: true, keep_classes: true, ..Config::default() };
    // The engine is another's: should a page make it panic, the page is read without it.
    catch_unwind(AssertUnwindSafe(|| {
        let mut readability = Readability::with_document(page, None, Some(config)).ok()?;
        readability.parse().ok().map(|article| article.content.to_string())
    }))
    .ok()
    .flatten()
}

/// All paragraphs of the page that are sentences: where neither marks nor engine gave anything.
fn fallback(page: &Document, clues: &Clues<'_>) -> Body {
    let paragraphs: Vec<NodeRef<'_>> = page
        .select("body p, body blockquote, body pre")
        .nodes()
        .iter()
        .filter(|n| dom::link_density(n) < 0.5 && prose(n) > 20)
        .copied()
        .collect();
    let paragraphs = outermost(&paragraphs);
    if !paragraphs.is_empty() {
        return finish(&paragraphs, clues);
    }
    match page.body() {
        Some(body) if dom::link_density(&body) < 0.5 => finish(&[body], clues),
        _ => Body::default(),
    }
}

fn finish(nodes: &[NodeRef<'_>], clues: &Clues<'_>) -> Body {
    let html: String = nodes.iter().map(|n| n.html().to_string()).collect();
    finish_html(&html, clues)
}

/// Reads what was found once more, as a reader would see it.
fn finish_html(html: &str, clues: &Clues<'_>) -> Body {
    let document = dom::parse(html);
    let Some(root) = document.body() else { return Body::default() };
    remove_invisible(&document);
    prune(&document, clues);
    // Signs beside headings that link to themselves: `¶`, `#`.
    for anchor in document.select("h1 a, h2 a, h3 a, h4 a, h5 a, h6 a").nodes() {
        let text = dom::text(anchor);
        if !text.trim().is_empty() && !text.chars().any(char::is_alphanumeric) {
            anchor.remove_from_parent();
        }
    }
    tidy(&root, clues);
    block::remove_empty(&root);
    for node in root.descendants() {
        node.remove_attrs(&["class", "id", "style"]);
    }
    let text: Vec<String> =
        block::lines(&root).into_iter().filter(|line| !line.caption).map(|line| line.text).collect();
    Body { html: root.inner_html().trim().to_owned(), text: text.join("\n") }
}

/// Those of `nodes` that stand in no other of them, in document order.
fn outermost<'a>(nodes: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let ids: HashSet<NodeId> = nodes.iter().map(|n| n.id).collect();
    nodes.iter().filter(|n| !n.ancestors_it(None).any(|a| ids.contains(&a.id))).copied().collect()
}

/// Letters outside of links.
fn prose(node: &NodeRef<'_>) -> usize {
    let (mut all, mut links) = (0usize, 0usize);
    dom::walk(node, &mut |event| {
        match event {
            dom::Walk::Enter(n) => {
                if dom::is_invisible_name(&dom::name(n)) {
                    return false;
                }
                links += usize::from(n.has_name("a"));
            }
            dom::Walk::Leave(n) => links -= usize::from(n.has_name("a")).min(links),
            dom::Walk::Text(text) if links == 0 => all += text.chars().filter(|c| !c.is_whitespace()).count(),
            dom::Walk::Text(_) => {}
        }
        true
    });
    all
}
