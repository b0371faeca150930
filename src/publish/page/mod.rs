//! Stories → HTML: what a person sees.
//!
//! Pure: the same stories and the same [`PageContext`] give the same bytes, whatever the clock says. A static file
//! cannot know how long ago something was, so it gives exact times; a small script, without which nothing is
//! missing, adds "3 hours ago". Pages that are made when they are asked for ([`status`], [`search`]) get a `now`.
//!
//! | page | path | changes |
//! |---|---|---|
//! | [`index`] | `index.html` | with every new story |
//! | [`day`] | `days/2026-11-22.html` | while the day lasts; then only if a story of it changes or a neighbour appears |
//! | [`days`] | `days/index.html` | once a day |
//! | [`facet`] | as the caller says: `sources/….html`, `tags/….html` | with every new story of it |
//!
//! [`all`] gives all of them together with the theme's files.

pub mod dates;
mod state;
mod theme;
mod view;
mod wording;
pub mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use crate::model::{ContentPolicy, Direction, Story};

pub use dates::Calendar;
pub use state::{Health, StatusRow, status};
pub use theme::{Theme, ThemeError};
use view::{DayView, PageView, SiteView, StoryView};
use words::{Locale, Words};

/// What the pages of one output have in common.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The name over the page.
    pub title: String,
    /// One line under it.
    pub subtitle: Option<String>,
    /// BCP 47; the page speaks Persian, Arabic and English, and English for all others.
    pub language: String,
    /// Where the output is published; ends with `/`. Without it addresses are relative.
    pub base_url: Option<Url>,
    /// What can be subscribed to, the most useful first.
    pub feeds: Vec<FeedLink>,
    /// The sources that have a page of their own, in the order to show. [`Facet::id`] is the source's id.
    pub sources: Vec<Facet>,
    /// The tags that have a page of their own. [`Facet::id`] is the tag.
    pub tags: Vec<Facet>,
    /// Decides on which day a story stands and how its time is written.
    pub time_zone: TimeZone,
    /// The calendars that days are named in; empty takes those of the language.
    pub calendars: Vec<Calendar>,
    /// How much of a story is shown; the stricter of this and the source's own wins.
    pub content: ContentPolicy,
    /// Plain text, for the foot of the page.
    pub rights: Option<String>,
    /// The daemon serves these pages: they link to `/search` and `/status`, which a web host does not have.
    pub live: bool,
}

impl Default for PageContext {
    fn default() -> Self {
        Self {
            title: String::new(),
            subtitle: None,
            language: "en".to_owned(),
            base_url: None,
            feeds: Vec::new(),
            sources: Vec::new(),
            tags: Vec::new(),
            time_zone: TimeZone::UTC,
            calendars: Vec::new(),
            content: ContentPolicy::Full,
            rights: None,
            live: false,
        }
    }
}

/// A document to subscribe to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Its format.
    pub format: LinkFormat,
    /// Where it lies under the output's folder: `atom.xml`, `tags/city.xml`. Not percent-encoded.
    pub path: String,
    /// What readers show when they offer it.
    pub title: String,
}

/// The formats that are linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFormat {
    /// Atom 1.0.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
    /// OPML 2.0: the list of the sources.
    Opml,
}

/// A part of the stories that has a page of its own: those of a source, or those with a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// What it is known by.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Where its page lies under the output's folder: `sources/city-paper.html`. Not percent-encoded.
    pub path: String,
    /// What can be subscribed to; empty links to the feeds of the whole.
    pub feeds: Vec<FeedLink>,
}

/// What a [`Facet`] is a part by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetKind {
    /// The stories that one source tells.
    Source,
    /// The stories of sources with one tag.
    Tag,
}

/// A file to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFile {
    /// Where it lies under the output's folder. Not percent-encoded.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How many earlier days the front page links to.
const EARLIER_DAYS: usize = 14;

/// Where the page of a day lies.
pub fn day_path(date: Date) -> String {
    format!("days/{date}.html")
}

/// Newest first; the id decides between stories of one instant.
pub fn newest_first(stories: &mut [&Story]) {
    stories.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.id.cmp(&b.id)));
}

/// The days that have stories, newest first, and how many each has.
pub fn days_of<'a>(stories: impl IntoIterator<Item = &'a Story>, zone: &TimeZone) -> Vec<(Date, usize)> {
    let mut days = BTreeMap::new();
    for story in stories {
        *days.entry(dates::day_of(story.published, zone)).or_insert(0) += 1;
    }
    days.into_iter().rev().collect()
}

/// The front page: `stories`, newest first, by day. `days` are all days that have a page, newest first.
///
/// # Errors
/// When a template of the theme fails.
pub fn index(
    theme: &Theme,
    ctx: &PageContext,
    stories: &[&Story],
    days: &[(Date, usize)],
) -> Result<Vec<u8>, ThemeError> {
    let page = Maker::new(ctx, "index.html");
    let mut view = page.view(ctx.title.clone(), ctx.title.clone());
    view.is_home = true;
    view.has_aside = true;
    let mut shown = page.days(stories);
    if let Some(first) = shown.first_mut().and_then(|day| day.stories.first_mut()) {
        first.lead = first.image.is_some();
    }
    // Where the page ends within a day, that day's page has the rest of it.
    let last = stories.last().map(|story| dates::day_of(story.published, &ctx.time_zone));
    let shown_of_last = shown.last().map_or(0, |day| day.stories.len());
    let earlier: Vec<DayView> = days
        .iter()
        .filter(|(date, count)| {
            last.is_none_or(|last| *date < last || *date == last && *count > shown_of_last)
        })
        .take(EARLIER_DAYS)
        .map(|(date, count)| page.day(*date, *count))
        .collect();
    page.render(theme, "river.html", view, River { days: shown, earlier })
}

/// The page of one day. `newer` and `older` are the next days that have stories.
///
/// # Errors
/// When a template of the theme fails.
pub fn day(
    theme: &Theme,
    ctx: &PageContext,
    date: Date,
    stories: &[&Story],
    newer: Option<Date>,
    older: Option<Date>,
) -> Result<Vec<u8>, ThemeError> {
    let path = day_path(date);
    let page = Maker::new(ctx, &path);
    let name = page.day(date, stories.len());
    let heading = format!("{} {}", name.weekday, name.date);
    let mut view = page.view(format!("{heading} · {}", ctx.title), heading);
    view.is_day = true;
    view.kicker = (!name.others.is_empty()).then(|| name.others.join(page.locale.words().list_comma));
    view.newer = newer.map(|date| page.turn(date));
    view.older = older.map(|date| page.turn(date));
    page.render(theme, "river.html", view, River { days: page.days(stories), earlier: Vec::new() })
}

/// The list of all days.
///
/// # Errors
/// When a template of the theme fails.
pub fn days(theme: &Theme, ctx: &PageContext, days: &[(Date, usize)]) -> Result<Vec<u8>, ThemeError> {
    let page = Maker::new(ctx, "days/index.html");
    let heading = page.locale.words().all_days;
    let mut view = page.view(format!("{heading} · {}", ctx.title), heading.to_owned());
    view.is_days = true;
    let days = days.iter().map(|(date, count)| page.day(*date, *count)).collect();
    page.render(theme, "days.html", view, River { days, earlier: Vec::new() })
}

/// The page of one source or tag, its stories newest first.
///
/// # Errors
/// When a template of the theme fails.
pub fn facet(
    theme: &Theme,
    ctx: &PageContext,
    kind: FacetKind,
    facet: &Facet,
    stories: &[&Story],
) -> Result<Vec<u8>, ThemeError> {
    let page = Maker::new(ctx, &facet.path);
    let mut view = page.view(format!("{} · {}", facet.title, ctx.title), facet.title.clone());
    let words = page.locale.words();
    view.kicker = Some(if kind == FacetKind::Source { words.source } else { words.topic }.to_owned());
    view.has_aside = true;
    if !facet.feeds.is_empty() {
        view.set_feeds(ctx, &facet.feeds);
    }
    page.render(theme, "river.html", view, River { days: page.days(stories), earlier: Vec::new() })
}

/// What a search found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// What was searched for; empty shows the empty form.
    pub query: &'a str,
    /// Which page of the results this is, from 1.
    pub page: usize,
    /// The stories of this page, in the order to show.
    pub stories: &'a [&'a Story],
    /// How many there are on all pages.
    pub total: u64,
    /// There is a next page.
    pub more: bool,
}

/// The search page.
///
/// # Errors
/// When a template of the theme fails.
pub fn search(theme: &Theme, ctx: &PageContext, found: &Found<'_>) -> Result<Vec<u8>, ThemeError> {
    #[derive(Serialize)]
    struct Results<'a> {
        query: &'a str,
        count: String,
        stories: Vec<StoryView<'a>>,
        previous: Option<String>,
        next: Option<String>,
    }
    let page = Maker::new(ctx, "search");
    let heading = page.locale.words().search;
    let mut view = page.view(format!("{heading} · {}", ctx.title), heading.to_owned());
    view.is_search = true;
    let turn = |number: usize| {
        let query: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("q", found.query).finish();
        format!("search?{query}&page={number}")
    };
    let stories =
        found.stories.iter().map(|story| StoryView::new(story, ctx, &page.locale, &page.calendars, true));
    let results = Results {
        query: found.query,
        count: page.locale.stories(found.total),
        stories: stories.collect(),
        previous: (found.page > 1).then(|| turn(found.page - 1)),
        next: found.more.then(|| turn(found.page + 1)),
    };
    page.render(theme, "search.html", view, results)
}

/// Every page of an output, and the theme's files.
///
/// The front page and those of sources and tags show the newest `recent` stories. Of the pages of days, only those
/// are made for which `is_wanted` says so, and their neighbours: a closed day need not be made again.
///
/// # Errors
/// When a template of the theme fails.
pub fn all(
    theme: &Theme,
    ctx: &PageContext,
    stories: &[Story],
    recent: usize,
    is_wanted: impl Fn(Date) -> bool,
) -> Result<Vec<PageFile>, ThemeError> {
    let mut stories: Vec<&Story> = stories.iter().collect();
    newest_first(&mut stories);
    let listed = days_of(stories.iter().copied(), &ctx.time_zone);
    let mut files = vec![
        PageFile {
            path: "index.html".to_owned(),
            bytes: index(theme, ctx, &stories[..recent.min(stories.len())], &listed)?,
        },
        PageFile { path: "days/index.html".to_owned(), bytes: days(theme, ctx, &listed)? },
    ];
    let mut rest = stories.as_slice();
    for (at, (date, count)) in listed.iter().enumerate() {
        let (of_day, others) = rest.split_at(*count);
        rest = others;
        let newer = at.checked_sub(1).map(|at| listed[at].0);
        let older = listed.get(at + 1).map(|(date, _)| *date);
        if [Some(*date), newer, older].into_iter().flatten().any(&is_wanted) {
            files.push(PageFile {
                path: day_path(*date),
                bytes: day(theme, ctx, *date, of_day, newer, older)?,
            });
        }
    }
    for (kind, facets) in [(FacetKind::Source, &ctx.sources), (FacetKind::Tag, &ctx.tags)] {
        for part in facets {
            let belongs = |story: &&&Story| {
                story.members.iter().any(|member| match kind {
                    FacetKind::Source => member.entry.source.as_str() == part.id,
                    FacetKind::Tag => {
                        let tags = member.source.tags.iter().chain(&member.entry.article.tags);
                        tags.clone().any(|tag| *tag == part.id)
                            || tags.into_iter().any(|tag| tag.to_lowercase() == part.id.to_lowercase())
                    }
                })
            };
            let chosen: Vec<&Story> = stories.iter().filter(belongs).take(recent).copied().collect();
            files.push(PageFile { path: part.path.clone(), bytes: facet(theme, ctx, kind, part, &chosen)? });
        }
    }
    let assets = theme.assets().iter();
    files.extend(assets.map(|(path, bytes)| PageFile { path: path.clone(), bytes: bytes.clone() }));
    Ok(files)
}

#[derive(Serialize)]
struct River<'a> {
    days: Vec<DayView<'a>>,
    earlier: Vec<DayView<'a>>,
}

/// What making any page needs.
struct Maker<'a> {
    ctx: &'a PageContext,
    path: &'a str,
    locale: Locale,
    calendars: Vec<Calendar>,
}

impl<'a> Maker<'a> {
    fn new(ctx: &'a PageContext, path: &'a str) -> Self {
        let locale = Locale::of(&ctx.language);
        let calendars = if ctx.calendars.is_empty() { Calendar::of(&locale) } else { ctx.calendars.clone() };
        Self { ctx, path, locale, calendars }
    }

    fn view(&self, title: String, heading: String) -> PageView {
        PageView::new(self.ctx, &self.locale, self.path, title, heading)
    }

    /// The stories by day; they come newest first.
    fn days(&self, stories: &[&'a Story]) -> Vec<DayView<'a>> {
        let day_of = |story: &&Story| dates::day_of(story.published, &self.ctx.time_zone);
        stories
            .chunk_by(|a, b| day_of(a) == day_of(b))
            .map(|of_day| {
                let mut view = self.day(day_of(&of_day[0]), of_day.len());
                let one =
                    |story: &&'a Story| StoryView::new(story, self.ctx, &self.locale, &self.calendars, false);
                view.stories = of_day.iter().map(one).collect();
                view
            })
            .collect()
    }

    fn day(&self, date: Date, count: usize) -> DayView<'a> {
        let mut names = self.calendars.iter().map(|calendar| dates::day(date, *calendar, &self.locale));
        DayView {
            id: date.to_string(),
            href: day_path(date),
            weekday: dates::weekday(date, &self.locale),
            date: names.next().unwrap_or_default(),
            others: names.collect(),
            count: self.locale.stories(count as u64),
            stories: Vec::new(),
        }
    }

    fn turn(&self, date: Date) -> view::Turn {
        let day = self.day(date, 0);
        view::Turn { href: format!("{date}.html"), title: format!("{} {}", day.weekday, day.date) }
    }

    fn exact(&self, at: Timestamp) -> String {
        dates::exact(at, &self.ctx.time_zone, &self.calendars, &self.locale)
    }

    fn render(
        &self,
        theme: &Theme,
        template: &str,
        page: PageView,
        content: impl Serialize,
    ) -> Result<Vec<u8>, ThemeError> {
        #[derive(Serialize)]
        struct All<'a, C> {
            page: PageView,
            site: SiteView<'a>,
            t: &'static Words,
            #[serde(flatten)]
            content: C,
        }
        let site = SiteView::new(self.ctx);
        theme.render(template, All { page, site, t: self.locale.words(), content })
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    }
}
