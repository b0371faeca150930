//! What is taken out of a page before its body is looked for.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef, Selection};

use super::{Clues, prose};
use crate::page::{block, boilerplate, dom};
use crate::text::compare::skeleton;

/// Takes out what is never seen, whatever it is called.
pub(super) fn remove_invisible(page: &Document) {
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

/// Takes out the boxes that ask for an address to send letters to: a form without room for a comment, and the few words
/// around it.
pub(super) fn remove_sign_ups(page: &Document, clues: &Clues<'_>) {
    let Some(body) = page.body() else { return };
    let all = prose(&body);
    let fields = "input[type=email], input[type=text], input:not([type])";
    for form in page.select("form").nodes() {
        let inside = Selection::from(*form);
        let search = form.has_attr("role")
            || inside.select("input[type=search], input[name=q], input[name=s]").exists();
        if search || inside.select("textarea").exists() || !(1..=3).contains(&inside.select(fields).length())
        {
            continue;
        }
        let mut part = *form;
        while let Some(parent) = part.parent().filter(|p| !dom::is_any(p, &["body", "main", "article"])) {
            let headline = clues.headline.is_some_and(|h| parent.descendants_it().any(|n| n.id == h));
            let paragraphs = Selection::from(parent).select("p");
            let told = paragraphs.nodes().iter().filter(|p| prose(p) >= 30).count();
            if headline || told >= 2 || prose(&parent) > 200 {
                break;
            }
            part = parent;
        }
        if prose(&part) <= 200 && all >= prose(&part) + 200 {
            part.remove_from_parent();
        }
    }
}

/// Takes out what stands above the headline: menus, the bar with today's date, breaking news.
pub(super) fn remove_above(page: &Document, clues: &Clues<'_>) {
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
pub(super) fn remove_other_articles(page: &Document, clues: &Clues<'_>) {
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
pub(super) fn remove_teasers(page: &Document, clues: &Clues<'_>) {
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
    let heads = |n: &NodeRef<'_>| dom::is_any(n, &["h2", "h3", "h4", "h5", "h6"]);
    let is_heading = first.nodes.iter().any(|n| n.ancestors_it(Some(6)).any(|a| heads(&a)));
    let words = first.text.split_whitespace().count();
    if !is_heading && (words < 3 || first.letters < 12) || lines.len() > 6 {
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
pub(super) fn remove_related(body: &NodeRef<'_>, clues: &Clues<'_>) {
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
        // Beside an article of a few lines its list is most of the page.
        let list = links >= 3
            && inside <= links * 200
            && all.saturating_sub(inside) >= 60
            && clues.headline.is_some_and(|h| !part.descendants_it().any(|n| n.id == h));
        let holds_title = !title.is_empty() && Selection::from(part).select("h1").exists();
        if links >= 2 && (inside * 10 <= all * 6 || list) && !holds_title && !dom::is_any(&part, &["li", "p"])
        {
            part.remove_from_parent();
        }
    }
}

/// Takes out what stands below a heading such as "Comments", however it is called.
pub(super) fn remove_comments(body: &NodeRef<'_>) {
    let heads: Vec<NodeRef<'_>> = Selection::from(*body)
        .select("h2, h3, h4, h5, h6, legend, div, p, strong")
        .nodes()
        .iter()
        .filter(|n| dom::line_within(n, 80).is_some_and(|line| boilerplate::is_comments_head(&line)))
        .copied()
        .collect();
    let Some(head) = heads.first() else { return };
    // The widest element that begins with these words, or the heading and what follows it.
    let mut part = *head;
    while let Some(parent) = part.parent() {
        let begins =
            parent.children_it(false).find(|c| !dom::line_within(c, 80).is_some_and(|l| l.is_empty()));
        if begins.is_none_or(|b| b.id != part.id)
            || parent.id == body.id
            || dom::is_any(&parent, &["body", "main"])
        {
            break;
        }
        part = parent;
    }
    let flat = part.id == head.id;
    let mut gone = vec![part];
    if flat {
        let mut next = part.next_sibling();
        while let Some(node) = next {
            gone.push(node);
            next = node.next_sibling();
        }
    }
    // Only below an article: a heading of this kind may stand in it, too.
    let inside: usize = gone.iter().map(prose).sum();
    let left = prose(body).saturating_sub(inside);
    // Two paragraphs under their headline are an article, too.
    let told = || {
        let gone: HashSet<NodeId> = gone.iter().map(|n| n.id).collect();
        let paragraphs = Selection::from(*body).select("p");
        let before = paragraphs
            .nodes()
            .iter()
            .take_while(|p| !gone.contains(&p.id) && !p.ancestors_it(None).any(|a| gone.contains(&a.id)));
        before.map(prose).filter(|letters| *letters >= 30).sum::<usize>() >= 60
    };
    let holds_title = gone.iter().any(|n| n.has_name("h1") || Selection::from(*n).select("h1").exists());
    if (left >= 200 || told()) && !holds_title {
        gone.into_iter().for_each(|n| n.remove_from_parent());
    }
}

/// Takes out what its labels say is not the article, as long as it is not most of the page.
pub(super) fn prune(page: &Document, clues: &Clues<'_>) {
    let Some(body) = page.body() else { return };
    remove_related(&body, clues);
    remove_comments(&body);
    let all = prose(&body).max(1);
    let title = clues.title.map(skeleton).unwrap_or_default();
    let doubtful: Vec<NodeRef<'_>> = body
        .descendants_it()
        .filter(|n| {
            n.is_element() && !dom::is_any(n, &["html", "body", "main", "article", "h1", "p", "a", "img"])
        })
        .filter(|n| {
            let labels = dom::labels(n);
            dom::is_any(n, &["aside", "footer"])
                || boilerplate::is_furniture_label(&labels)
                || boilerplate::is_comments_label(&labels)
                || boilerplate::is_comment_label(&labels) && !dom::is_any(n, &["span", "b", "i", "h2", "h3"])
        })
        .collect();
    for node in doubtful {
        let inside = prose(&node);
        let labels = dom::labels(&node);
        let comments = boilerplate::is_comments_label(&labels) || boilerplate::is_comment_label(&labels);
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
