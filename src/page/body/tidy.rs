//! What was found for the body, read line by line as a reader would see it.

use dom_query::NodeRef;

use super::{Clues, letters};
use crate::page::block::{self, Line};
use crate::page::{boilerplate, byline, date, dom};
use crate::text::compare::skeleton;

/// Takes the lines out that are not the article's.
pub(super) fn tidy(root: &NodeRef<'_>, clues: &Clues<'_>) {
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
            || is_lone_link(line, clues)
            || (at < 6 && is_title(line, &title))
            || ((at < 6 || at + 6 >= count) && is_dateline(line, clues));
    }
    drop_pull_quotes(&lines, &mut drop);
    drop_preamble(&lines, &mut drop, clues);
    // Tags and links to other articles at the very end, in lists or one a line.
    for at in (0..count).rev() {
        if drop[at] {
            continue;
        }
        let line = &lines[at];
        // A heading with nothing below it heads what was taken out.
        let empty = line.heading && line.letters < 60 && count > 3;
        if (is_link_to_another(line, clues) || empty) && !line.preformatted && count > 2 && line.letters < 160
        {
            drop[at] = true;
        } else {
            break;
        }
    }
    // Who the author is, below what the author wrote, and how to write to the author.
    let last: Vec<usize> = (0..count).rev().filter(|at| !drop[*at]).take(2).collect();
    if count > 2
        && let Some(about) = last.iter().position(|at| is_about_author(&lines[*at], clues))
        && last[..about].iter().all(|at| lines[*at].letters <= 80)
    {
        last[..=about].iter().for_each(|at| drop[*at] = true);
    }
    for (line, drop) in lines.iter().zip(drop) {
        if drop {
            line.remove();
        }
    }
}

/// Takes the sentences that stand a second time, larger, beside the paragraph that they are from.
fn drop_pull_quotes(lines: &[Line<'_>], drop: &mut [bool]) {
    let is_quote = |line: &Line<'_>| {
        let around = line.block.ancestors_it(Some(3)).chain([line.block]);
        line.letters >= 30 && around.into_iter().any(|n| dom::is_any(&n, &["blockquote", "aside", "q"]))
    };
    let quotes: Vec<usize> = (0..lines.len()).filter(|at| !drop[*at] && is_quote(&lines[*at])).collect();
    if quotes.is_empty() {
        return;
    }
    let told: Vec<String> =
        lines.iter().filter(|l| !is_quote(l) && l.letters >= 30).map(|l| skeleton(&l.text)).collect();
    for at in quotes {
        let key = skeleton(&lines[at].text);
        drop[at] = told.iter().any(|text| text.contains(&key));
    }
}

/// Takes what stands between the headline and the first sentence, where a date or an author is among it: the section, how
/// many have read it.
fn drop_preamble(lines: &[Line<'_>], drop: &mut [bool], clues: &Clues<'_>) {
    let is_sentence = |line: &Line<'_>| {
        line.letters >= 60
            || line.heading
            || line.preformatted
            || line.caption
            || line.letters >= 20
                && line.text.trim_end().ends_with(['.', '!', '?', '؟', '۔', '»', '”', '"', '…'])
    };
    let kept = |at: &usize| !drop[*at];
    let Some(first) =
        (0..lines.len()).filter(kept).find(|at| is_sentence(&lines[*at]) && !is_date(&lines[*at], clues))
    else {
        return;
    };
    if first > PREAMBLE {
        return;
    }
    // Links above the article lead elsewhere, or to a part of it.
    for at in 0..first {
        drop[at] |= lines[at].link_share() > 0.9 && lines[at].letters < 40;
    }
    let known = |line: &Line<'_>| is_date(line, clues) || byline::is_byline(&line.text);
    if lines[..first].iter().any(known) {
        drop[..first].fill(true);
    }
}

/// More lines than these are a poem, a list: not what stands above an article.
const PREAMBLE: usize = 8;

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

/// A paragraph that is nothing but the headline of another article of the site, in a link.
fn is_lone_link(line: &Line<'_>, clues: &Clues<'_>) -> bool {
    if line.link_share() < 0.95 || line.structured || line.heading || line.text.split_whitespace().count() < 4
    {
        return false;
    }
    let open = line.text.trim_end().ends_with(['.', '!', '?', '؟', ':', '”', '"', '»']);
    let links: Vec<NodeRef<'_>> =
        line.nodes.iter().filter_map(|n| n.ancestors_it(Some(6)).find(|a| a.has_name("a"))).collect();
    let own = |link: &NodeRef<'_>| {
        let href = link.attr_or("href", "");
        match href.split_once("//") {
            Some((_, rest)) => clues
                .site
                .is_some_and(|site| rest.split(['/', '?']).next().is_some_and(|host| host.ends_with(site))),
            None => href.starts_with('/'),
        }
    };
    let first = links.first().map(|l| l.id);
    !open && first.is_some() && links.iter().all(|l| Some(l.id) == first && own(l))
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
    at_clock(&line.text) || byline::is_byline(&line.text) || is_date(line, clues)
}

/// A line that is mostly a date.
fn is_date(line: &Line<'_>, clues: &Clues<'_>) -> bool {
    if line.text.chars().count() > 120 {
        return false;
    }
    // However little of a date it is: `June 20`.
    let marked = |n: &NodeRef<'_>| n.ancestors_it(Some(3)).any(|a| a.has_name("time"));
    if line.nodes.iter().filter(|n| n.is_nonempty_text()).all(marked) && line.letters <= 40 {
        return true;
    }
    let found = date::find_in(&line.text, clues.dates);
    let covered: usize =
        found.iter().map(|(range, _)| letters(line.text.get(range.clone()).unwrap_or_default())).sum();
    covered > 0 && covered * 2 >= letters(&line.text)
}

/// A last paragraph that begins with the author's full name.
fn is_about_author(line: &Line<'_>, clues: &Clues<'_>) -> bool {
    let key = skeleton(&line.text);
    let names = clues.authors.iter().filter(|name| name.split_whitespace().count() >= 2);
    line.letters <= 400
        && names.map(|name| skeleton(name)).any(|name| name.len() >= 6 && key.starts_with(&name))
}

/// A time of day and nothing else.
fn at_clock(text: &str) -> bool {
    let plain = text.trim();
    (4..=8).contains(&plain.chars().count())
        && plain.contains(':')
        && plain.chars().all(|c| c.is_numeric() || c == ':')
}
