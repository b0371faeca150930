//! Where on a page a link stands: in what the page is for, beside it, or in a menu.

use std::collections::{HashMap, HashSet};

use dom_query::{NodeId, NodeRef};

use crate::page::{boilerplate, dom};

/// Where on the page a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Main,
    Side,
    Menu,
}

/// Looked up by ancestor, each judged once.
pub(super) fn place(node: &NodeRef<'_>, verdicts: &mut HashMap<NodeId, Place>) -> Place {
    let mut path = Vec::new();
    let mut place = Place::Main;
    for above in node.ancestors_it(None) {
        if let Some(known) = verdicts.get(&above.id) {
            place = *known;
            break;
        }
        path.push(above);
    }
    for above in path.into_iter().rev() {
        let labels = dom::labels(&above);
        let words: HashSet<&str> = labels.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
        let own = if dom::is_any(&above, &["html", "body", "main", "article"]) {
            Place::Main
        } else if dom::is_any(&above, &["nav", "footer"])
            || above.attr("role").is_some_and(|r| matches!(&*r, "navigation" | "contentinfo" | "menu"))
            || has(&[
                "nav",
                "navbar",
                "navigation",
                "menu",
                "submenu",
                "breadcrumb",
                "breadcrumbs",
                "footer",
                "pagination",
                "pager",
                "tagcloud",
                "tags",
                "cookie",
                "comments",
                "copyright",
            ])
        {
            Place::Menu
        } else if dom::is_any(&above, &["aside"])
            || has(&[
                "sidebar",
                "side",
                "aside",
                "widget",
                "popular",
                "mostread",
                "mostviewed",
                "trending",
                "ticker",
                "related",
                "recommended",
                "promo",
                "ads",
                "hot",
            ])
            || boilerplate::is_furniture_label(&labels)
            || is_headed_as_side(&above)
        {
            Place::Side
        } else {
            Place::Main
        };
        place = match (place, own) {
            (Place::Menu, _) | (_, Place::Menu) => Place::Menu,
            (Place::Side, _) | (_, Place::Side) => Place::Side,
            _ => Place::Main,
        };
        verdicts.insert(above.id, place);
    }
    place
}

/// `Most read` above a list of a few: what stands elsewhere on the page, once more.
fn is_headed_as_side(node: &NodeRef<'_>) -> bool {
    if !dom::is_any(node, &["div", "section", "td"]) {
        return false;
    }
    let first = node.element_children().into_iter().next();
    let head =
        first.filter(|n| dom::is_any(n, &["h2", "h3", "h4", "h5", "h6", "div", "span", "strong", "b", "p"]));
    head.and_then(|n| dom::line_within(&n, 60))
        .is_some_and(|line| !line.is_empty() && boilerplate::is_most_read_head(&line))
}
