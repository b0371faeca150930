//! What the templates see.

use minijinja::value::Value;
use serde::Serialize;

use super::words::{Locale, is_tag};
use super::{Calendar, Facet, FeedLink, LinkFormat, PageContext, dates, direction};
use crate::model::{ContentPolicy, Member, Story};
use crate::publish::clean;
use crate::text;

/// What the pages of the output may do, for hosts that send no headers of their own. `'self'` is there for pages
/// that are opened as files.
const POLICY: &str = "default-src 'none'; img-src 'self' https: http: data:; style-src 'self'; script-src 'self'; \
     form-action 'self'; base-uri 'none'";

/// How long a summary may be, in characters.
const SUMMARY: usize = 280;
/// How many other sources of a story are named.
const OTHERS: usize = 12;

/// `page` in the templates.
#[derive(Debug, Serialize)]
pub(super) struct PageView {
    pub lang: String,
    pub dir: &'static str,
    /// Unicode's name of the digits, for the script.
    pub digits: &'static str,
    pub policy: &'static str,
    /// Of the document.
    pub title: String,
    /// Over the stories.
    pub heading: String,
    /// What kind of heading it is.
    pub kicker: Option<String>,
    /// Its own path, percent-encoded.
    pub path: String,
    /// Leads to the output's folder: empty, or `../`.
    pub root: String,
    /// The same as a link by itself.
    pub root_or_here: String,
    pub canonical: Option<String>,
    pub feeds: Vec<FeedView>,
    pub alternates: Vec<FeedView>,
    pub newer: Option<Turn>,
    pub older: Option<Turn>,
    pub is_home: bool,
    pub is_day: bool,
    pub is_days: bool,
    pub is_search: bool,
    pub is_status: bool,
    /// Links to sources, tags and feeds stand beside the stories. Not on closed pages: they would change with them.
    pub has_aside: bool,
}

/// A link to a neighbouring page.
#[derive(Debug, Serialize)]
pub(super) struct Turn {
    pub href: String,
    pub title: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct FeedView {
    label: &'static str,
    media_type: &'static str,
    href: String,
    /// What people copy: the whole address where it is known.
    address: String,
    title: String,
    #[serde(skip)]
    is_alternate: bool,
}

impl PageView {
    pub fn new(ctx: &PageContext, locale: &Locale, path: &str, title: String, heading: String) -> Self {
        let root = "../".repeat(path.matches('/').count());
        let canonical = ctx.base_url.as_ref().map(|base| {
            let path =
                path.strip_suffix("index.html").filter(|p| p.is_empty() || p.ends_with('/')).unwrap_or(path);
            absolute(base, path)
        });
        let mut view = Self {
            lang: locale.tag.clone(),
            dir: direction(locale.direction()),
            digits: locale.digits.name(),
            policy: POLICY,
            title,
            heading,
            kicker: None,
            path: encode(path),
            root_or_here: if root.is_empty() { "./".to_owned() } else { root.clone() },
            root,
            canonical,
            feeds: Vec::new(),
            alternates: Vec::new(),
            newer: None,
            older: None,
            is_home: false,
            is_day: false,
            is_days: false,
            is_search: false,
            is_status: false,
            has_aside: false,
        };
        view.set_feeds(ctx, &ctx.feeds);
        view
    }

    pub fn set_feeds(&mut self, ctx: &PageContext, feeds: &[FeedLink]) {
        self.feeds = feeds.iter().map(|feed| FeedView::new(feed, ctx, &self.root)).collect();
        self.alternates = self.feeds.iter().filter(|feed| feed.is_alternate).cloned().collect();
    }
}

impl FeedView {
    fn new(feed: &FeedLink, ctx: &PageContext, root: &str) -> Self {
        let (label, media_type) = match feed.format {
            LinkFormat::Atom => ("Atom", "application/atom+xml"),
            LinkFormat::Rss => ("RSS", "application/rss+xml"),
            LinkFormat::Json => ("JSON Feed", "application/feed+json"),
            LinkFormat::Opml => ("OPML", "text/x-opml"),
        };
        let relative = format!("{root}{}", encode(&feed.path));
        let whole = ctx.base_url.as_ref().map(|base| absolute(base, &feed.path));
        Self {
            label,
            media_type,
            address: whole.clone().unwrap_or_else(|| feed.path.clone()),
            href: whole.unwrap_or(relative),
            title: feed.title.clone(),
            // Readers that look for feeds would offer the list of sources as one.
            is_alternate: feed.format != LinkFormat::Opml,
        }
    }
}

/// `site` in the templates.
#[derive(Debug, Serialize)]
pub(super) struct SiteView<'a> {
    title: &'a str,
    subtitle: Option<&'a str>,
    rights: Option<&'a str>,
    live: bool,
    sources: Vec<FacetView<'a>>,
    tags: Vec<FacetView<'a>>,
}

#[derive(Debug, Serialize)]
struct FacetView<'a> {
    title: &'a str,
    href: String,
}

impl<'a> SiteView<'a> {
    pub fn new(ctx: &'a PageContext) -> Self {
        let facet = |facet: &'a Facet| FacetView { title: &facet.title, href: encode(&facet.path) };
        Self {
            title: &ctx.title,
            subtitle: ctx.subtitle.as_deref(),
            rights: ctx.rights.as_deref(),
            live: ctx.live,
            sources: ctx.sources.iter().map(facet).collect(),
            tags: ctx.tags.iter().map(facet).collect(),
        }
    }
}

/// A day with its stories.
#[derive(Debug, Serialize)]
pub(super) struct DayView<'a> {
    /// `2026-11-22`.
    pub id: String,
    pub href: String,
    pub weekday: &'static str,
    /// In the first calendar.
    pub date: String,
    /// In the others.
    pub others: Vec<String>,
    /// "12 stories".
    pub count: String,
    pub stories: Vec<StoryView<'a>>,
}

/// A story.
#[derive(Debug, Serialize)]
pub(super) struct StoryView<'a> {
    title: &'a str,
    link: Option<String>,
    /// Of title and summary; empty where it is not known, which also undoes the page's own.
    lang: &'a str,
    dir: &'static str,
    datetime: String,
    /// 14:20; with the day where the page has no headings for days.
    time: String,
    exact: String,
    source: SourceView<'a>,
    author: Option<&'a str>,
    also: Vec<OtherView<'a>>,
    summary: Option<Value>,
    pub image: Option<String>,
    /// Shown larger.
    pub lead: bool,
}

#[derive(Debug, Serialize)]
struct SourceView<'a> {
    title: &'a str,
    href: Option<String>,
}

#[derive(Debug, Serialize)]
struct OtherView<'a> {
    title: &'a str,
    link: Option<String>,
    headline: &'a str,
}

impl<'a> StoryView<'a> {
    pub fn new(
        story: &'a Story,
        ctx: &PageContext,
        locale: &Locale,
        calendars: &[Calendar],
        with_day: bool,
    ) -> Self {
        let lead = story.lead();
        let article = &lead.entry.article;
        let policy = ctx.content.min(lead.source.content);
        let exact = dates::exact(story.published, &ctx.time_zone, calendars, locale);
        let author = article.authors.iter().find_map(|person| person.name.as_deref());
        Self {
            title: &article.title,
            link: web(article.link.as_deref()),
            lang: article.language.as_deref().filter(|tag| is_tag(tag)).unwrap_or(""),
            dir: direction(article.direction),
            datetime: story.published.to_string(),
            time: if with_day { exact.clone() } else { dates::time(story.published, &ctx.time_zone, locale) },
            exact,
            source: SourceView { title: &lead.source.title, href: page_of(lead, ctx) },
            author: author.filter(|name| *name != lead.source.title && !name.is_empty()),
            also: others(story),
            summary: (policy > ContentPolicy::Link).then(|| summary(lead)).flatten(),
            image: (policy > ContentPolicy::Link).then(|| picture(lead)).flatten(),
            lead: false,
        }
    }
}

fn page_of(member: &Member, ctx: &PageContext) -> Option<String> {
    ctx.sources.iter().find(|facet| facet.id == member.entry.source.as_str()).map(|facet| encode(&facet.path))
}

/// The other sources of a story, each once.
fn others(story: &Story) -> Vec<OtherView<'_>> {
    let mut seen = vec![&story.lead().entry.source];
    let mut others = Vec::new();
    for member in &story.members[1..] {
        if others.len() < OTHERS && !seen.contains(&&member.entry.source) {
            seen.push(&member.entry.source);
            others.push(OtherView {
                title: &member.source.title,
                link: web(member.entry.article.link.as_deref()),
                headline: &member.entry.article.title,
            });
        }
    }
    others
}

/// The beginning of the text, unless it only says the headline again.
fn summary(member: &Member) -> Option<Value> {
    let article = &member.entry.article;
    let html = [&article.summary_html, &article.content_html]
        .into_iter()
        .flatten()
        .find(|h| !h.trim().is_empty())?;
    let escaped = text::html::summary(html, SUMMARY);
    let key = text::compare::skeleton(&text::html::to_text(&escaped));
    if key.is_empty() || key == text::compare::skeleton(&article.title) {
        return None;
    }
    // It comes escaped. Were it not, this is the last place to notice.
    let is_text = !escaped.contains(['<', '>', '"']);
    Some(if is_text { Value::from_safe_string(escaped) } else { Value::from(escaped) })
}

fn picture(member: &Member) -> Option<String> {
    let article = &member.entry.article;
    let enclosed = article
        .enclosures
        .iter()
        .filter(|file| file.media_type.as_deref().is_some_and(|t| t.starts_with("image/")));
    web(article.image.as_deref())
        .or_else(|| enclosed.map(|file| file.url.as_str()).find_map(|url| web(Some(url))))
}

/// An address that a link or a picture may have, without credentials.
fn web(url: Option<&str>) -> Option<String> {
    clean::uri(url?)
}

fn absolute(base: &url::Url, path: &str) -> String {
    base.join(&encode(path)).map_or_else(|_| encode(path), String::from)
}

/// A path as part of a URL (RFC 3986 §3.3). A colon in its first segment would be read as a scheme.
pub(super) fn encode(path: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(byte.into())
            }
            _ => write!(encoded, "%{byte:02X}").expect("writing to a string does not fail"),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for (url, kept) in [
            ("https://news.example/1", true),
            ("HTTP://news.example/1", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//news.example", false),
            ("/relative", false),
            ("httpsé://x", false),
            ("", false),
        ] {
            assert_eq!(web(Some(url)).is_some(), kept, "{url}");
        }
    }

    #[test]
    fn paths_are_encoded_for_links() {
        assert_eq!(
            encode("tags/شهر و روستا?.html"),
            "tags/%D8%B4%D9%87%D8%B1%20%D9%88%20%D8%B1%D9%88%D8%B3%D8%AA%D8%A7%3F.html"
        );
        assert_eq!(encode("a:b/c"), "a%3Ab/c");
    }
}
