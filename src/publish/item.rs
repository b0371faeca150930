//! A story made ready to be written: what all formats share, worked out once.
//!
//! Everything in an [`Item`] is fit to print: texts without forbidden characters, addresses absolute
//! and without credentials, language tags valid, HTML with its direction. The writers of the formats
//! only put things in their places.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::select::Pick;
use super::{Channel, clean, markup};
use crate::model::{Article, ContentPolicy, Direction, Enclosure, Member, Person, SourceInfo, Stage};
use crate::text::html;

/// The length of a cut summary, in characters.
pub const SUMMARY_CHARS: usize = 400;

/// The length of a teaser made for an article whose source gives none, in characters.
const TEASER_CHARS: usize = 300;

/// The length of a title made from the text, in characters.
const TITLE_CHARS: usize = 100;

/// A document holds so many bytes of articles, or so many for each of its stories if that is more; what comes after these
/// is cut to its summary. No reader takes a feed of a hundred megabytes.
pub const MOST_TEXT: usize = 8 << 20;
const TEXT_EACH: usize = 16 << 10;

/// A story as an output shows it.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) link: Option<String>,
    pub(super) published: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) language: Option<&'a str>,
    pub(super) authors: Vec<Author<'a>>,
    pub(super) categories: Vec<Cow<'a, str>>,
    pub(super) summary: Option<Cow<'a, str>>,
    pub(super) content: Option<Cow<'a, str>>,
    pub(super) image: Option<String>,
    pub(super) enclosures: Vec<Attachment<'a>>,
    pub(super) comments: Option<String>,
    pub(super) rights: Option<Cow<'a, str>>,
    /// The speaker first; never empty.
    pub(super) tellers: Vec<Teller<'a>>,
    /// Which way the article runs, and what is around it.
    directions: (Direction, Direction),
}

/// A person of whom at least the name is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author<'a> {
    pub name: Cow<'a, str>,
    pub uri: Option<String>,
    pub email: Option<&'a str>,
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Attachment<'a> {
    pub url: String,
    pub media_type: Cow<'static, str>,
    pub length: Option<u64>,
    pub title: Option<Cow<'a, str>>,
    pub duration: Option<u64>,
}

/// One who tells the story.
#[derive(Clone, Debug)]
pub(super) struct Teller<'a> {
    pub source: Arc<Origin<'a>>,
    /// The article.
    pub url: Option<String>,
    pub language: Option<&'a str>,
    pub why: Option<(Stage, f32)>,
}

/// A source as it is named beside what it said.
#[derive(Clone, Debug)]
pub(super) struct Origin<'a> {
    /// Its name in feeds.toml.
    pub name: Cow<'a, str>,
    /// The id of its feed.
    pub id: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub subtitle: Option<Cow<'a, str>>,
    pub updated: Option<Timestamp>,
    pub feed: Option<String>,
    pub link: Option<String>,
    pub icon: Option<String>,
    pub logo: Option<String>,
    pub rights: Option<Cow<'a, str>>,
    pub authors: Vec<Author<'a>>,
    pub language: Option<&'a str>,
}

/// Makes items; what many of them share, it makes once.
#[derive(Debug)]
pub(super) struct Maker<'c, 'a> {
    channel: &'c Channel,
    base: Direction,
    /// How many more bytes of articles fit in.
    room: usize,
    /// By address: stories of one source share its description.
    origins: HashMap<*const SourceInfo, Arc<Origin<'a>>>,
}

impl<'c, 'a> Maker<'c, 'a> {
    /// For a document of so many stories.
    pub(super) fn new(channel: &'c Channel, stories: usize) -> Self {
        let rtl = channel.language.as_deref().is_some_and(clean::is_rtl);
        let base = if rtl { Direction::Rtl } else { Direction::Ltr };
        let room = MOST_TEXT.max(stories * TEXT_EACH);
        Self { channel, base, room, origins: HashMap::new() }
    }

    fn origin(&mut self, source: &'a SourceInfo) -> Arc<Origin<'a>> {
        self.origins
            .entry(std::ptr::from_ref(source))
            .or_insert_with(|| Arc::new(Origin::new(source)))
            .clone()
    }

    fn teller(&mut self, member: &'a Member) -> Teller<'a> {
        let article = &member.entry.article;
        let source = self.origin(&member.source);
        Teller {
            url: article.link.as_deref().and_then(clean::uri),
            language: article.language.as_deref().and_then(clean::language).or(source.language),
            why: member.why.as_ref().map(|why| (why.stage, why.score)),
            source,
        }
    }

    /// Makes a story ready to be written.
    pub(super) fn item(&mut self, pick: Pick<'a>) -> Item<'a> {
        let story = pick.story;
        let member = pick.member();
        let article = &member.entry.article;
        let mut policy = self.channel.content.min(member.source.content);
        if policy == ContentPolicy::Full {
            let size = |html: &Option<String>| html.as_ref().map_or(0, String::len);
            match self.room.checked_sub(size(&article.content_html) + size(&article.summary_html)) {
                Some(room) => self.room = room,
                None => policy = ContentPolicy::Summary,
            }
        }
        let speaker = self.teller(member);
        let source = speaker.source.clone();
        let (base, language) = (self.base, speaker.language);
        let ready = |html: &'a str| {
            Some(markup::publishable(html, language, article.direction, base)).filter(|html| !html.is_empty())
        };
        let (summary, content) = match policy {
            ContentPolicy::Link => (None, None),
            ContentPolicy::Summary => {
                let cut = cut(article).map(|cut| {
                    let ready = markup::publishable(&cut, language, article.direction, base);
                    Cow::Owned(ready.into_owned())
                });
                (cut.filter(|html: &Cow<'a, str>| !html.is_empty()), None)
            }
            ContentPolicy::Full => {
                let content = article.content_html.as_deref().filter(|html| !html.trim().is_empty());
                let summary = article.summary_html.as_deref().filter(|html| !html.trim().is_empty());
                (summary.filter(|s| content.is_none_or(|c| c != *s)).and_then(ready), content.and_then(ready))
            }
        };
        let files = policy > ContentPolicy::Link;
        let link = speaker.url.clone();
        let mut tellers = vec![speaker];
        for other in pick.others() {
            let other = self.teller(other);
            if !tellers.iter().any(|t| t.source.name == other.source.name && t.url == other.url) {
                tellers.push(other);
            }
        }
        Item {
            id: clean::text(&story.id),
            title: title(article, policy, &source),
            link,
            published: story.published,
            updated: story.updated.max(story.published),
            language,
            authors: authors(&article.authors, &source),
            categories: categories(&pick),
            summary,
            content,
            image: article.image.as_deref().filter(|_| files).and_then(clean::uri),
            enclosures: if files { attachments(&article.enclosures) } else { Vec::new() },
            comments: article.comments.as_deref().and_then(clean::uri),
            rights: article.rights.as_deref().and_then(clean::line),
            tellers,
            directions: (article.direction, base),
        }
    }
}

impl<'a> Item<'a> {
    /// The story's id: what a later withdrawal refers to.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the story was published first.
    pub fn published(&self) -> Timestamp {
        self.published
    }

    /// The beginning of the article, as HTML with its direction.
    pub(super) fn teaser(&self) -> Option<String> {
        let text = html::summary(self.content.as_deref()?, TEASER_CHARS);
        let (direction, base) = self.directions;
        let teaser = markup::publishable(&text, self.language, direction, base).into_owned();
        Some(teaser).filter(|_| !text.trim().is_empty())
    }

    /// The speaker's source.
    pub(super) fn source(&self) -> &Origin<'a> {
        &self.tellers[0].source
    }

    /// The further sources, each with an address to go to.
    pub(super) fn related(&self) -> impl Iterator<Item = (&Teller<'a>, &str)> {
        self.tellers.iter().skip(1).filter_map(|t| Some((t, t.address().or(t.source.feed.as_deref())?)))
    }
}

impl Teller<'_> {
    /// Where to read it: the article, else the site.
    pub(super) fn address(&self) -> Option<&str> {
        self.url.as_deref().or(self.source.link.as_deref())
    }
}

impl<'a> Author<'a> {
    /// `None` where nothing is left to call the person by.
    pub(super) fn new(person: &'a Person) -> Option<Self> {
        let given = person.name.as_deref().and_then(clean::line);
        let email = person
            .email
            .as_deref()
            .and_then(clean::email)
            .or_else(|| person.name.as_deref().and_then(clean::email));
        let uri = person.uri.as_deref().and_then(clean::uri);
        // A name is not a place for an address: readers print it, robots harvest it.
        let name = match (given, email) {
            (Some(name), _) if clean::email(&name).is_none() => match clean::uri(&name) {
                Some(url) => Cow::Owned(host(&url)?),
                None => name,
            },
            (_, Some(email)) => Cow::Borrowed(email.split('@').next().unwrap_or_default()),
            (Some(name), None) => name,
            (None, None) => Cow::Owned(uri.as_deref().and_then(host)?),
        };
        Some(Self { name, uri, email })
    }
}

impl<'a> Origin<'a> {
    fn new(source: &'a SourceInfo) -> Self {
        let feed = clean::uri(&source.feed_url);
        let link = source.link.as_deref().and_then(clean::uri);
        let own = source.feed_id.as_deref().map(str::trim).filter(|id| is_iri(id));
        // A feed without an id of its own is known by its address. A local file has none that may be
        // told: its name in feeds.toml stands for it.
        let id = own
            .map(clean::text)
            .or_else(|| feed.clone().or_else(|| link.clone()).map(Cow::Owned))
            .unwrap_or_else(|| {
                let name = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, source.id.as_bytes());
                Cow::Owned(name.urn().to_string())
            });
        Self {
            name: clean::text(&source.id),
            id,
            title: name_of(source),
            subtitle: source.subtitle.as_deref().and_then(clean::line),
            updated: source.updated,
            feed,
            link,
            icon: source.icon.as_deref().and_then(clean::uri),
            logo: source.image.as_deref().and_then(clean::uri),
            rights: source.rights.as_deref().and_then(clean::line),
            authors: distinct(&source.authors),
            language: source.language.as_deref().and_then(clean::language),
        }
    }
}

/// Whether an Atom id is an absolute IRI without credentials (RFC 4287 §4.2.6).
fn is_iri(id: &str) -> bool {
    let Some((scheme, rest)) = id.split_once(':') else { return false };
    let authority = rest.strip_prefix("//").map(|r| r.split(['/', '?', '#']).next().unwrap_or_default());
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        && !authority.is_some_and(|a| a.contains('@'))
        && !id.contains(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
}

/// The host of a URI, without `www.`.
fn host(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// What a source is called. One that is called by its address is called by it without credentials.
fn name_of(source: &SourceInfo) -> Cow<'_, str> {
    let title = clean::line(&source.title).map(|title| clean::uri(&title).map_or(title, Cow::Owned));
    title.or_else(|| clean::line(&source.id)).unwrap_or(Cow::Borrowed("?"))
}

/// The headline. An entry without one (a note, a photograph) is called by its first words, where the
/// policy lets them be shown, else by its source.
fn title<'a>(article: &'a Article, policy: ContentPolicy, source: &Origin<'a>) -> Cow<'a, str> {
    let words = || {
        let html = article.summary_html.as_deref().or(article.content_html.as_deref())?;
        let words = html::to_text(&html::summary(html, TITLE_CHARS));
        clean::line(&words).map(|line| Cow::Owned(line.into_owned()))
    };
    clean::line(&article.title)
        .or_else(|| if policy > ContentPolicy::Link { words() } else { None })
        .unwrap_or_else(|| source.title.clone())
}

/// The summary that stands for the whole: the source's own, else the beginning of its article.
fn cut(article: &Article) -> Option<String> {
    [&article.summary_html, &article.content_html].into_iter().flatten().find_map(|html| {
        let summary = html::summary(html, SUMMARY_CHARS);
        (!summary.trim().is_empty()).then_some(summary)
    })
}

/// The entry's own authors, else the feed's, else the source itself: Atom wants one, and a reader
/// wants to know who speaks.
fn authors<'a>(own: &'a [Person], source: &Origin<'a>) -> Vec<Author<'a>> {
    let mut authors = distinct(own);
    if authors.is_empty() {
        authors.clone_from(&source.authors);
    }
    if authors.is_empty() {
        authors.push(Author { name: source.title.clone(), uri: source.link.clone(), email: None });
    }
    authors
}

/// People who can be named, each once.
fn distinct(people: &[Person]) -> Vec<Author<'_>> {
    let mut list: Vec<Author<'_>> = Vec::new();
    for author in people.iter().filter_map(Author::new) {
        if !list.contains(&author) {
            list.push(author);
        }
    }
    list
}

/// The labels of all members, the speaker's first, each once whatever its case.
fn categories<'a>(pick: &Pick<'a>) -> Vec<Cow<'a, str>> {
    let mut seen = std::collections::HashSet::new();
    std::iter::once(pick.member())
        .chain(pick.others())
        .flat_map(|member| &member.entry.article.categories)
        .filter_map(|label| clean::line(label))
        .filter(|label| seen.insert(label.to_lowercase()))
        .collect()
}

/// The files, each once.
fn attachments(enclosures: &[Enclosure]) -> Vec<Attachment<'_>> {
    let mut list: Vec<Attachment<'_>> = Vec::new();
    for enclosure in enclosures {
        let Some(url) = clean::uri(&enclosure.url) else { continue };
        if list.iter().any(|a| a.url == url) {
            continue;
        }
        list.push(Attachment {
            media_type: clean::media_type(enclosure.media_type.as_deref(), &url),
            url,
            length: enclosure.length,
            title: enclosure.title.as_deref().and_then(clean::line),
            duration: enclosure.duration,
        });
    }
    list
}
