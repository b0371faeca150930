//! The body of an article page: the paragraphs in order and nothing else.
//!
//! What the page marks as its body (microdata, JSON-LD, the names that templates give it) is taken where it
//! holds; the engine (dom_smoothie, after Mozilla's Readability) finds the body elsewhere. Both get a page out of
//! which the furniture was taken that is known by its labels, and what they give is read once more, line
//! by line, as a reader would see it.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeId, NodeRef, Selection};
use dom_smoothie::{Config, Readability};

use super::block::{self, Line};
use super::{PageError, boilerplate, date, dom};
use crate::parse::dates::DateContext;
use crate::text::compare::skeleton;

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

/// An attribute that carries the number of an element through the engine, to find it in the page again.
const MARK: &str = "data-kz";
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
    let raw = page.clone();
    remove_teasers(&raw, clues);
    let pruned = raw.clone();
    prune(&pruned, clues);
    straighten(&pruned);
    let engine = engine(&pruned).map(|html| finish_html(&html, clues)).unwrap_or_default();
    let engine = if letters(&engine.text) < SHORT {
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

/// The narrowest element that holds nearly all sentences of the page, where the engine has lost a good part of
/// them: it scores what stands close together, and some templates wrap every paragraph several times.
fn denser(page: &Document, engine: &Body, clues: &Clues<'_>) -> Option<Body> {
    let mut node = page.body()?;
    let all = sentences(&node);
    if all * 10 < letters(&engine.text) * 16 {
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
    (letters(&body.text) * 10 > letters(&engine.text) * 16 && body.text.contains(found)).then_some(body)
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

/// Takes out what is never seen, whatever it is called.
fn remove_invisible(page: &Document) {
    page.select(
        "script, style, template, link, meta, dialog, nav, form input, form button, button, select, textarea, \
         object, embed, svg, canvas, [hidden], [aria-hidden=true]:not(:has(p)), [role=navigation], [role=search], \
         [role=dialog], [role=alert], [role=menu], [role=menubar], [role=tablist], [role=contentinfo]",
    )
    .remove();
    if let Some(body) = page.body() {
        let all = prose(&body);
        for form in page.select("form").nodes() {
            // Some programs wrap the whole page in one form.
            if prose(form) * 10 < all * 3 {
                form.remove_from_parent();
            }
        }
    }
    for node in page.select("[style]").nodes() {
        if dom::is_hidden(node) {
            node.remove_from_parent();
        }
    }
}

/// Takes out what stands above the headline: menus, the bar with today's date, breaking news.
fn remove_above(page: &Document, clues: &Clues<'_>) {
    let (Some(headline), Some(body)) = (clues.headline.map(|id| NodeRef::new(id, &page.tree)), page.body())
    else {
        return;
    };
    let path: HashSet<NodeId> = headline.ancestors_it(None).map(|n| n.id).chain([headline.id]).collect();
    if !path.contains(&body.id) {
        return;
    }
    let mut above: Vec<NodeRef<'_>> = Vec::new();
    for holder in headline.ancestors_it(None).take_while(|n| n.id != body.id).chain([body]) {
        above.extend(holder.children_it(false).take_while(|child| !path.contains(&child.id)));
    }
    // Where the headline stands below its article (or is not the headline), nothing is taken out.
    let before: usize = above.iter().map(prose).sum();
    if before * 10 > prose(&body) * 4 {
        return;
    }
    for node in above {
        if !node.is_element() || !Selection::from(node).select("[itemprop~=articleBody]").exists() {
            node.remove_from_parent();
        }
    }
}

/// Takes out other articles than the one with the headline: teasers, and what comes next on an endless page.
fn remove_other_articles(page: &Document, clues: &Clues<'_>) {
    let Some(headline) = clues.headline.map(|id| NodeRef::new(id, &page.tree)) else { return };
    let Some(own) = headline.ancestors_it(None).filter(|a| a.has_name("article")).last() else { return };
    let above: HashSet<NodeId> = own.ancestors_it(None).map(|a| a.id).chain([own.id]).collect();
    for node in page.select("article").nodes() {
        if !above.contains(&node.id) && !node.ancestors_it(None).any(|a| a.id == own.id) {
            node.remove_from_parent();
        }
    }
}

/// Takes out lists of other articles: three or more siblings of one kind, each of which begins with a link that reads
/// as a headline.
fn remove_teasers(page: &Document, clues: &Clues<'_>) {
    let Some(body) = page.body() else { return };
    let all = prose(&body);
    for holder in body.descendants() {
        if !holder.is_element() || holder.has_name("p") {
            continue;
        }
        let children = holder.element_children();
        let Some(around) = holder.parent().filter(|_| children.len() >= 3) else { continue };
        // A list between paragraphs belongs to them.
        if around.children_it(false).any(|n| n.has_name("p") && prose(&n) >= 80) {
            continue;
        }
        let kind = |n: &NodeRef<'_>| (dom::name(n), n.attr_or("class", ""));
        let mut addresses: HashSet<String> = HashSet::new();
        let teasers: Vec<(NodeRef<'_>, String)> = children
            .iter()
            .filter_map(|child| Some((*child, teaser_address(child, clues.site)?)))
            .filter(|(_, address)| addresses.insert(address.clone()))
            .collect();
        let same = teasers.iter().filter(|(n, _)| kind(n) == kind(&teasers[0].0)).count();
        if same < 3 || same * 10 < children.len() * 6 {
            continue;
        }
        let inside: usize = teasers.iter().map(|(n, _)| prose(n)).sum();
        if all.saturating_sub(inside) < 60 {
            continue;
        }
        for (node, _) in teasers {
            node.remove_from_parent();
        }
    }
}

/// Where an element leads that begins with a headline in a link and says little more.
fn teaser_address(node: &NodeRef<'_>, site: Option<&str>) -> Option<String> {
    dom::line_within(node, 1200).filter(|t| !t.is_empty())?;
    if dom::is_any(node, &["h1", "h2", "h3", "h4", "pre", "table", "tr", "td"]) {
        return None;
    }
    let lines = block::lines(node);
    let first = lines.iter().take(2).find(|l| l.link_share() > 0.6)?;
    if first.text.split_whitespace().count() < 3 || first.letters < 12 || lines.len() > 6 {
        return None;
    }
    let link = first.nodes.iter().find_map(|n| n.ancestors_it(Some(6)).find(|a| a.has_name("a")))?;
    let href = link.attr("href")?.trim().to_owned();
    // Links to other sites are what an article is about.
    let own = match href.split_once("//") {
        Some((_, rest)) => {
            site.is_some_and(|site| rest.split(['/', '?']).next().is_some_and(|host| host.ends_with(site)))
        }
        None => !href.starts_with('#') && !href.is_empty(),
    };
    own.then_some(href)
}

/// Takes out the parts of a page that begin with "Related stories" and the like.
fn remove_related(body: &NodeRef<'_>, clues: &Clues<'_>) {
    let all = prose(body).max(1);
    let heads: Vec<NodeRef<'_>> = Selection::from(*body)
        .select("h2, h3, h4, h5, h6, strong, b, span, p, div, header, legend, dt")
        .nodes()
        .iter()
        .filter(|n| dom::line_within(n, 150).is_some_and(|line| boilerplate::is_related_head(&line)))
        .copied()
        .collect();
    let title = clues.title.map(skeleton).unwrap_or_default();
    for head in heads {
        // The widest element that begins with these words.
        let mut part = head;
        while let Some(parent) = part.parent() {
            let begins =
                parent.children_it(false).find(|c| !dom::line_within(c, 150).is_some_and(|l| l.is_empty()));
            if begins.is_none_or(|b| b.id != part.id)
                || parent.id == body.id
                || dom::is_any(&parent, &["body", "main"])
            {
                break;
            }
            part = parent;
        }
        let links = Selection::from(part).select("a[href]").length();
        let inside = prose(&part);
        let holds_title = !title.is_empty() && Selection::from(part).select("h1").exists();
        if links >= 2 && inside * 10 <= all * 6 && !holds_title && !dom::is_any(&part, &["li", "p"]) {
            part.remove_from_parent();
        }
    }
}

/// Takes out what its labels say is not the article, as long as it is not most of the page.
fn prune(page: &Document, clues: &Clues<'_>) {
    let Some(body) = page.body() else { return };
    remove_related(&body, clues);
    let all = prose(&body).max(1);
    let title = clues.title.map(skeleton).unwrap_or_default();
    let doubtful: Vec<NodeRef<'_>> = body
        .descendants_it()
        .filter(|n| {
            n.is_element() && !dom::is_any(n, &["html", "body", "main", "article", "h1", "p", "a", "img"])
        })
        .filter(|n| dom::is_any(n, &["aside", "footer"]) || boilerplate::is_furniture_label(&dom::labels(n)))
        .collect();
    for node in doubtful {
        let inside = prose(&node);
        let comments = boilerplate::is_comments_label(&dom::labels(&node));
        if inside * 10 > all * 5 && !(comments && all.saturating_sub(inside) > 80) {
            continue;
        }
        if !comments && inside > 400 && Selection::from(node).select("p").length() >= 3 && inside * 10 > all {
            continue;
        }
        let has_title = !title.is_empty()
            && Selection::from(node)
                .select("h1")
                .nodes()
                .iter()
                .any(|h| dom::line_within(h, 1000).is_some_and(|line| skeleton(&line).contains(&title)));
        if !has_title && !Selection::from(node).select("[itemprop~=articleBody]").exists() {
            node.remove_from_parent();
        }
    }
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
fn marked_body<'a>(page: &'a Document, clues: &Clues<'_>) -> Option<(Vec<NodeRef<'a>>, bool)> {
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

/// Those of `nodes` that stand in no other of them, in document order.
fn outermost<'a>(nodes: &[NodeRef<'a>]) -> Vec<NodeRef<'a>> {
    let ids: HashSet<NodeId> = nodes.iter().map(|n| n.id).collect();
    nodes.iter().filter(|n| !n.ancestors_it(None).any(|a| ids.contains(&a.id))).copied().collect()
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
    for _ in 0..dom_depth_limit() {
        match node.children_it(false).filter(NodeRef::is_element).find(|c| holds(c)) {
            Some(child) => node = child,
            None => break,
        }
    }
    // The text of the element must be mostly that text.
    let own = skeleton(&dom::text(&node)).chars().count();
    (own * 10 <= all * 16 && !dom::is_any(&node, &["body"])).then_some(node)
}

fn dom_depth_limit() -> usize {
    2 * super::bound::MAX_DEPTH
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
    tidy(&root, clues);
    block::remove_empty(&root);
    for node in root.descendants() {
        node.remove_attrs(&[MARK, "class", "id", "style"]);
    }
    let text: Vec<String> =
        block::lines(&root).into_iter().filter(|line| !line.caption).map(|line| line.text).collect();
    Body { html: root.inner_html().trim().to_owned(), text: text.join("\n") }
}

/// Takes the lines out that are not the article's.
fn tidy(root: &NodeRef<'_>, clues: &Clues<'_>) {
    let lines = block::lines(root);
    let title = clues.title.map(skeleton).unwrap_or_default();
    let count = lines.len();
    let mut drop = vec![false; count];
    let mut after_head = false;
    for (at, line) in lines.iter().enumerate() {
        let linked = line.link_share();
        if line.preformatted {
            continue;
        }
        if boilerplate::is_related_head(&line.text) {
            after_head = true;
            drop[at] = true;
            continue;
        }
        if after_head && linked > 0.7 {
            drop[at] = true;
            continue;
        }
        after_head = false;
        drop[at] = boilerplate::is_furniture(&line.text, linked)
            || of_furniture(line)
            || (at < 6 && is_title(line, &title))
            || ((at < 6 || at + 6 >= count) && is_dateline(line, clues));
    }
    // Tags and links to other articles at the very end, in lists or one a line.
    for at in (0..count).rev() {
        if drop[at] {
            continue;
        }
        let line = &lines[at];
        if is_link_to_another(line, clues) && !line.preformatted && count > 2 && line.letters < 160 {
            drop[at] = true;
        } else {
            break;
        }
    }
    for (line, drop) in lines.iter().zip(drop) {
        if drop {
            line.remove();
        }
    }
}

/// Several pieces of furniture in one line: buttons, icons with their names.
fn of_furniture(line: &Line<'_>) -> bool {
    line.nodes.len() > 1
        && line.letters <= 200
        && line.nodes.iter().all(|n| {
            let text = n.text();
            let text = text.trim();
            text.is_empty() || boilerplate::is_furniture(text, 0.0) && text.chars().count() <= 60
        })
}

/// A link, with a date or a number beside it at most.
fn is_link_to_another(line: &Line<'_>, clues: &Clues<'_>) -> bool {
    if line.link_share() > 0.9 {
        return true;
    }
    if line.link_share() < 0.3 {
        return false;
    }
    let dated: usize = date::find_in(&line.text, clues.dates)
        .iter()
        .map(|(range, _)| letters(line.text.get(range.clone()).unwrap_or_default()))
        .sum();
    dated > 0 && line.linked + dated + 10 >= letters(&line.text)
}

/// The headline, once more.
fn is_title(line: &Line<'_>, title: &str) -> bool {
    !title.is_empty() && skeleton(&line.text) == title
}

/// A line that says only when, by whom and under which number.
fn is_dateline(line: &Line<'_>, clues: &Clues<'_>) -> bool {
    if line.text.chars().count() > 120 || line.structured {
        return false;
    }
    let key = skeleton(&line.text);
    if clues.authors.iter().any(|author| {
        let author = skeleton(author);
        !author.is_empty() && key.ends_with(&author) && key.chars().count() <= author.chars().count() + 10
    }) {
        return true;
    }
    if at_clock(&line.text) {
        return true;
    }
    let found = date::find_in(&line.text, clues.dates);
    let covered: usize =
        found.iter().map(|(range, _)| letters(line.text.get(range.clone()).unwrap_or_default())).sum();
    covered > 0 && covered * 2 >= letters(&line.text)
}

/// A time of day and nothing else.
fn at_clock(text: &str) -> bool {
    let plain = text.trim();
    (4..=8).contains(&plain.chars().count())
        && plain.contains(':')
        && plain.chars().all(|c| c.is_numeric() || c == ':')
}
