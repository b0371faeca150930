//! Finds the list of articles of a page by itself.
//!
//! A list is a kind of element (its name, classes, place) of which several stand on the page, each with one link to
//! another address whose text reads as a headline. Of the kinds that are so, the best has many, long headlines, in
//! headings, with dates, pictures and teasers beside them, and stands neither in a menu nor in a side bar.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef, Selection};
use url::Url;

use super::place::{Place, place};
use super::{Selectors, listed, select};
use crate::page::jsonld::JsonLd;
use crate::page::{block, boilerplate, dom};
use crate::parse::dates::{self, DateContext, Precision};
use crate::text::urls;

/// Links beyond this many are not looked at.
const MAX_LINKS: usize = 4000;
/// How far above its link the block of an article may begin.
const LEVELS: usize = 8;
/// Nodes of one kind whose insides are looked at closely.
const SAMPLE: usize = 30;

/// A link that may lead to an article.
struct Headline<'a> {
    node: NodeRef<'a>,
    key: String,
    /// Letters of its text.
    letters: usize,
    /// In a side bar or the like.
    aside: bool,
}

/// A kind of element, and those of its kind that hold headlines.
struct Kind<'a> {
    nodes: Vec<NodeRef<'a>>,
    /// Which headlines stand in each.
    inside: Vec<Vec<usize>>,
    /// How far above the links.
    level: usize,
}

/// A kind that was judged.
struct Judged<'a> {
    score: f32,
    selector: String,
    nodes: Vec<NodeRef<'a>>,
}

/// The selectors of the best list of the page; `None` where there is none.
pub(super) fn choose(
    document: &Document,
    base: Option<&Url>,
    json: &JsonLd,
    context: &DateContext<'_>,
) -> Option<Selectors> {
    let body = document.body()?;
    let headlines = headlines(&body, base);
    let listed = listed(json, base);
    let mut kinds: HashMap<String, Kind<'_>> = HashMap::new();
    for (index, headline) in headlines.iter().enumerate() {
        let mut node = headline.node;
        for level in 0..=LEVELS {
            if dom::is_any(&node, &["body", "html", "main"]) {
                break;
            }
            if let Some(selector) = selector_of(&node) {
                let kind =
                    kinds.entry(selector).or_insert(Kind { nodes: Vec::new(), inside: Vec::new(), level });
                kind.level = kind.level.max(level);
                match kind.nodes.iter().rposition(|n| n.id == node.id) {
                    Some(at) => kind.inside[at].push(index),
                    None => {
                        kind.nodes.push(node);
                        kind.inside.push(vec![index]);
                    }
                }
            }
            let Some(parent) = node.parent() else { break };
            node = parent;
        }
    }
    let mut judged: Vec<Judged<'_>> = kinds
        .into_iter()
        .filter_map(|(selector, kind)| judge(selector, &kind, &headlines, &listed, context))
        .collect();
    judged.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.selector.cmp(&b.selector)));
    let best = judged.first()?;
    let item = unambiguous(document, &best.selector, &best.nodes);
    let mut nodes = best.nodes.clone();
    let mut selectors = vec![item];
    // A page may show its first article larger than the others: kinds that stand in the same container, hold
    // other articles and are nearly as good belong to the list, too.
    let container = common(&nodes);
    for other in judged.iter().skip(1) {
        let strangers = other.nodes.iter().all(|n| {
            !nodes.iter().any(|m| {
                m.id == n.id
                    || n.ancestors_it(None).any(|a| a.id == m.id)
                    || m.ancestors_it(None).any(|a| a.id == n.id)
            })
        });
        let beside =
            container.is_some_and(|c| other.nodes.iter().all(|n| n.ancestors_it(None).any(|a| a.id == c.id)));
        if strangers && beside && other.score > best.score * 0.45 && selectors.len() < 3 {
            selectors.push(unambiguous(document, &other.selector, &other.nodes));
            nodes.extend(other.nodes.iter().copied());
        }
    }
    if let Some((selector, node)) = lead(document, &headlines, &nodes) {
        selectors.push(selector);
        nodes.push(node);
    }
    let mut found = fields(&nodes, context);
    found.item = Some(selectors.join(", "));
    Some(found)
}

/// The first article, where it stands alone above the list, in a larger box: an article of the same folder, under a heading.
fn lead<'a>(
    document: &Document,
    headlines: &[Headline<'a>],
    listed: &[NodeRef<'a>],
) -> Option<(String, NodeRef<'a>)> {
    let ids: HashSet<NodeId> = listed.iter().map(|n| n.id).collect();
    let in_list =
        |h: &Headline<'_>| ids.contains(&h.node.id) || h.node.ancestors_it(None).any(|a| ids.contains(&a.id));
    let first = headlines.iter().position(&in_list)?;
    let folder = |key: &str| key.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let known: HashSet<&str> = headlines.iter().filter(|h| in_list(h)).map(|h| h.key.as_str()).collect();
    let folders: HashSet<String> = known.iter().filter_map(|k| folder(k)).collect();
    let headed = |h: &Headline<'_>| {
        h.node.ancestors_it(Some(2)).any(|a| dom::is_any(&a, &["h1", "h2"]))
            || Selection::from(h.node).select("h1, h2").exists()
    };
    let above: Vec<&Headline<'a>> = headlines[..first].iter().filter(|h| !h.aside && headed(h)).collect();
    let [lead] = above[..] else { return None };
    if known.contains(lead.key.as_str()) || !folder(&lead.key).is_some_and(|f| folders.contains(&f)) {
        return None;
    }
    // The widest element around it that holds nothing of the list, and no other article.
    let others: HashSet<NodeId> = headlines
        .iter()
        .filter(|h| h.key != lead.key)
        .flat_map(|h| h.node.ancestors_it(None).map(|a| a.id).collect::<Vec<_>>())
        .collect();
    let holder = lead
        .node
        .ancestors_it(None)
        .take_while(|a| !others.contains(&a.id) && !dom::is_any(a, &["body", "html", "main"]))
        .last()?;
    let selector = selector_of(&holder)?;
    (document.select(&selector).length() == 1).then_some((selector, holder))
}

/// The links of the page that may lead to articles.
fn headlines<'a>(body: &NodeRef<'a>, base: Option<&Url>) -> Vec<Headline<'a>> {
    let host = base.and_then(Url::host_str).map(|h| h.trim_start_matches("www.").to_owned());
    let own = base.and_then(|b| urls::canonical(b.as_str()));
    let mut verdicts: HashMap<NodeId, Place> = HashMap::new();
    let mut out = Vec::new();
    for node in Selection::from(*body).select("a[href]").nodes().iter().take(MAX_LINKS) {
        let href = node.attr_or("href", "");
        if href.trim_start().starts_with(['#', '?']) && href.len() < 2 || href.starts_with("javascript:") {
            continue;
        }
        // Without the page's address, relative references can still be told apart.
        let stand_in = Url::parse("https://page.invalid/list/").ok();
        let Some(mut url) = dom::absolute(&href, base.or(stand_in.as_ref())) else { continue };
        url.set_fragment(None);
        let key = urls::canonical(url.as_str()).unwrap_or_else(|| url.to_string());
        if Some(&key) == own.as_ref() || url.path() == "/" && url.query().is_none() {
            continue;
        }
        let place = place(node, &mut verdicts);
        if place == Place::Menu {
            continue;
        }
        let text = select::link_text(node);
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        let words = text.split_whitespace().count();
        let wide = text.chars().any(
            |c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'),
        );
        let headline =
            (letters >= 14 && words >= 3) || (wide && letters >= 8) || (letters >= 24 && words >= 2);
        if !headline || boilerplate::is_furniture(&text, 0.0) {
            continue;
        }
        let same_site = host.as_deref().is_none_or(|h| {
            url.host_str().is_some_and(|u| u.trim_start_matches("www.").ends_with(h) || u == "page.invalid")
        });
        out.push(Headline {
            node: *node,
            key,
            letters: if same_site { letters } else { letters / 2 },
            aside: place == Place::Side,
        });
    }
    out
}

/// CSS for the kind of an element: its own classes, else those of the nearest ancestor that has some.
fn selector_of(node: &NodeRef<'_>) -> Option<String> {
    let mut out = simple(node)?;
    if out.contains('.') {
        return Some(out);
    }
    let mut above = *node;
    for _ in 0..4 {
        above = above.parent()?;
        if dom::is_any(&above, &["body", "html"]) {
            return Some(format!("body > {out}"));
        }
        out = format!("{} > {out}", with_id(&above)?);
        if out.starts_with('#') || out.split(" > ").next()?.contains(['.', '#']) {
            break;
        }
    }
    Some(out)
}

/// Name and the classes that say what an element is, not which one of its kind or in which state.
fn simple(node: &NodeRef<'_>) -> Option<String> {
    let name = dom::name(node);
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return None;
    }
    let mut classes: Vec<String> = node
        .attr_or("class", "")
        .split_ascii_whitespace()
        .filter(|c| c.len() <= 60 && c.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_')))
        .filter(|c| {
            !matches!(*c, "first" | "last" | "active" | "odd" | "even" | "current" | "show" | "row" | "col" | "clearfix" | "sticky" | "new" | "hidden" | "visible" | "lazy" | "lazyload" | "loaded" | "alt")
                // WordPress names the categories and tags of an article among its classes.
                && !["category-", "tag-", "author-", "format-", "status-", "type-", "has-"].iter().any(|p| c.starts_with(p))
        })
        .take(4)
        .map(str::to_owned)
        .collect();
    classes.sort();
    classes.dedup();
    Some(classes.iter().fold(name.to_string(), |css, class| format!("{css}.{class}")))
}

/// As [`simple`], with the id where that is a word.
fn with_id(node: &NodeRef<'_>) -> Option<String> {
    let css = simple(node)?;
    let id = node.attr_or("id", "");
    let plain = !id.is_empty()
        && id.len() <= 40
        && id.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'));
    Some(if plain { format!("{}#{id}", dom::name(node)) } else { css })
}

fn judge<'a>(
    selector: String,
    kind: &Kind<'a>,
    headlines: &[Headline<'a>],
    listed: &HashSet<String>,
    context: &DateContext<'_>,
) -> Option<Judged<'a>> {
    let mut nodes = Vec::new();
    let mut keys: HashSet<&str> = HashSet::new();
    let (mut crowded, mut letters, mut aside) = (0usize, 0usize, 0usize);
    for (node, inside) in kind.nodes.iter().zip(&kind.inside) {
        let addresses: HashSet<&str> = inside.iter().map(|i| headlines[*i].key.as_str()).collect();
        if addresses.len() > 1 {
            crowded += 1;
            continue;
        }
        let headline = &headlines[inside[0]];
        if !keys.insert(&headline.key) {
            continue;
        }
        letters += headline.letters.min(70);
        aside += usize::from(headline.aside);
        nodes.push(*node);
    }
    let count = nodes.len();
    if count < 3 || crowded * 4 > count {
        return None;
    }
    let mean = letters as f32 / count as f32;
    let (mut headings, mut dated, mut pictured, mut teased) = (0usize, 0usize, 0usize, 0usize);
    let sample: Vec<&NodeRef<'_>> = nodes.iter().take(SAMPLE).collect();
    for node in &sample {
        let inside = Selection::from(**node);
        headings += usize::from(
            inside.select("h1, h2, h3, h4, h5, h6").exists()
                || node.ancestors_it(Some(2)).any(|a| dom::is_any(&a, &["h1", "h2", "h3", "h4", "h5", "h6"])),
        );
        pictured += usize::from(inside.select("img, picture").exists());
        let mut has_date = inside.select("time").exists();
        let mut has_teaser = false;
        for line in block::lines(node) {
            has_teaser |= line.letters >= 50 && line.link_share() < 0.5;
            has_date |= line.text.chars().count() <= 120
                && dates::find_in(&line.text, context).iter().any(|(_, f)| f.precision >= Precision::Day);
        }
        dated += usize::from(has_date);
        teased += usize::from(has_teaser);
    }
    let share = |n: usize| n as f32 / sample.len() as f32;
    let in_list = if listed.is_empty() {
        0.0
    } else {
        keys.iter().filter(|k| listed.contains(**k)).count() as f32 / count as f32
    };
    let score = (count.min(40) as f32).powf(0.7)
        * (0.2 + mean / 60.0)
        * (1.0 + 0.6 * share(headings) + 0.6 * share(dated) + 0.3 * share(pictured) + 0.3 * share(teased) + in_list)
        * (1.0 - 0.7 * aside as f32 / count as f32)
        * (1.0 - 0.5 * crowded as f32 / count as f32)
        // Of blocks with the same contents, the outer one: what belongs to an article is inside.
        * (1.0 + 0.01 * kind.level as f32);
    Some(Judged { score, selector, nodes })
}

/// The innermost element that holds all of them.
fn common<'a>(nodes: &[NodeRef<'a>]) -> Option<NodeRef<'a>> {
    let first = nodes.first()?;
    let mut shared: Vec<NodeRef<'a>> = first.ancestors_it(None).collect();
    for node in &nodes[1..] {
        let path: HashSet<NodeId> = node.ancestors_it(None).map(|a| a.id).collect();
        shared.retain(|a| path.contains(&a.id));
    }
    shared.first().copied()
}

/// The selector, narrowed to the container of the list where it would match elsewhere, too.
fn unambiguous(document: &Document, selector: &str, nodes: &[NodeRef<'_>]) -> String {
    let matched = document.select(selector).length();
    if matched <= nodes.len() {
        return selector.to_owned();
    }
    let mut above = common(nodes);
    for _ in 0..6 {
        let Some(node) = above.filter(|n| !dom::is_any(n, &["body", "html"])) else { break };
        if let Some(prefix) = with_id(&node).filter(|p| p.contains(['.', '#']) || p == "main") {
            let narrowed = format!("{prefix} {selector}");
            let count = document.select(&narrowed).length();
            if count >= nodes.len() && count < matched {
                return narrowed;
            }
        }
        above = node.parent();
    }
    selector.to_owned()
}

/// Selectors for the fields, where most items have them at the same place.
fn fields(items: &[NodeRef<'_>], context: &DateContext<'_>) -> Selectors {
    let sample: Vec<NodeRef<'_>> = items.iter().take(SAMPLE).copied().collect();
    let most = |css: &str, test: &dyn Fn(&NodeRef<'_>) -> bool| {
        let hits = sample
            .iter()
            .filter(|item| Selection::from(**item).select(css).nodes().first().is_some_and(test))
            .count();
        hits * 10 >= sample.len() * 8
    };
    let titled = |n: &NodeRef<'_>| select::link_text(n).chars().count() >= 8;
    let mut out = Selectors::default();
    let itself = sample.iter().all(|n| n.has_name("a"));
    for heading in ["h1", "h2", "h3", "h4", "h5", "h6"] {
        if most(heading, &titled) {
            let linked = format!("{heading} a");
            let mut title = if most(&linked, &titled) { linked } else { heading.to_owned() };
            // The first article may have a larger heading.
            let without = sample.iter().find(|item| !Selection::from(**item).select(&title).exists());
            if let Some(item) = without
                && let Some(larger) = ["h1", "h2"].iter().find(|h| Selection::from(*item).select(h).exists())
            {
                title = format!("{}, {title}", title.replacen(heading, larger, 1));
            }
            out.title = Some(title);
            break;
        }
    }
    if itself {
        out.link = Some("@href".to_owned());
    } else if let Some(title) = out.title.as_deref().filter(|t| t.ends_with(" a")) {
        out.link = Some(format!("{title}@href"));
    } else {
        // The link with the headline: the first link, or the first with its class.
        let main: Vec<NodeRef<'_>> = sample.iter().filter_map(select::main_link).collect();
        let first = |css: &str| {
            sample.iter().zip(&main).all(|(item, link)| {
                Selection::from(*item)
                    .select(css)
                    .nodes()
                    .first()
                    .is_some_and(|n| n.attr("href") == link.attr("href"))
            })
        };
        let classed = main.first().and_then(simple).filter(|css| css.contains('.'));
        out.link = ["a".to_owned()]
            .into_iter()
            .chain(classed)
            .find(|css| main.len() == sample.len() && first(css))
            .map(|css| format!("{css}@href"));
    }
    if most("time[datetime]", &|_| true) {
        out.date = Some("time@datetime".to_owned());
    } else {
        out.date = dated(&sample, context);
    }
    let has =
        |name: &'static str| move |n: &NodeRef<'_>| n.attr(name).is_some_and(|v| !v.starts_with("data:"));
    for attribute in ["data-src", "data-original", "src"] {
        if most("img", &has(attribute)) {
            out.image = Some(format!("img@{attribute}"));
            break;
        }
    }
    out.content = teaser(&sample);
    out
}

/// The class of the element that holds the date in most items.
fn dated(items: &[NodeRef<'_>], context: &DateContext<'_>) -> Option<String> {
    let mut votes: HashMap<String, usize> = HashMap::new();
    for item in items {
        for line in block::lines(item) {
            if line.text.chars().count() > 120
                || !dates::find_in(&line.text, context).iter().any(|(_, f)| f.precision >= Precision::Day)
            {
                continue;
            }
            let holder = line.nodes.iter().find(|n| {
                dates::find_in(&n.text(), context).iter().any(|(_, f)| f.precision >= Precision::Day)
            });
            let css = holder.and_then(NodeRef::parent).filter(|p| p.id != item.id).and_then(|p| simple(&p));
            if let Some(css) = css.filter(|css| css.contains('.') || css == "time") {
                *votes.entry(css).or_default() += 1;
            }
            break;
        }
    }
    let (css, count) = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    (count * 10 >= items.len() * 8).then_some(css)
}

/// The place of the teaser in most items.
fn teaser(items: &[NodeRef<'_>]) -> Option<String> {
    let mut votes: HashMap<String, usize> = HashMap::new();
    for item in items {
        let line = block::lines(item)
            .into_iter()
            .filter(|l| !l.heading)
            .find(|l| l.letters >= 40 && l.link_share() < 0.5);
        let Some(line) = line.filter(|l| l.block.id != item.id) else { continue };
        let Some(css) = simple(&line.block).filter(|css| css.contains('.') || css == "p") else { continue };
        *votes.entry(css).or_default() += 1;
    }
    let (css, count) = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    (count * 10 >= items.len() * 6).then_some(css)
}
