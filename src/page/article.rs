//! One article page → the article.

use dom_query::Document;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::body::{self, Clues};
use super::jsonld::{self, JsonLd};
use super::meta::{Head, fold};
use super::{Input, PageError, admit, byline, charset, date, dom, refuse_binary, title};
use crate::model::{Charset, Direction, Markup, ParsedEntry, Person};
use crate::text::compare::skeleton;
use crate::text::{html, language, plain};

/// What one article page says. What it does not say is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageArticle {
    /// The charset that the bytes were read in, and how it was found.
    pub charset: Charset,
    /// The headline, plain text.
    pub title: Option<String>,
    /// First publication.
    pub published: Option<Timestamp>,
    /// Last change, never before `published`.
    pub updated: Option<Timestamp>,
    /// Authors.
    pub authors: Vec<Person>,
    /// BCP 47: declared, else detected.
    pub language: Option<String>,
    /// Which way title and text run.
    pub direction: Direction,
    /// The body, **not sanitised**.
    pub content: Markup,
    /// The body as plain text, one line a block; captions of pictures are left out.
    pub text: String,
    /// What the page says the article is about (its `description`), plain text.
    pub summary: Option<String>,
    /// Labels, plain text.
    pub categories: Vec<String>,
    /// The lead picture, absolute.
    pub image: Option<String>,
    /// The address that the page gives itself, absolute.
    pub canonical_url: Option<String>,
    /// A shorter address of the same page, absolute.
    pub short_link: Option<String>,
    /// The name of the site, plain text.
    pub site_name: Option<String>,
}

impl PageArticle {
    /// The body, sanitised: what may be published.
    pub fn content_html(&self) -> String {
        html::sanitize(&self.content)
    }

    /// The article as an entry of a feed that has this page as one of its items.
    pub fn into_entry(self) -> ParsedEntry {
        ParsedEntry {
            link: self.canonical_url,
            title: self.title,
            summary: self.summary.map(|text| Markup {
                html: plain::escape(&text).into_owned(),
                base: self.content.base.clone(),
                language: self.language.clone(),
            }),
            content: (!self.content.html.is_empty()).then_some(self.content),
            published: self.published,
            updated: self.updated,
            authors: self.authors,
            categories: self.categories,
            image: self.image,
            language: self.language,
            ..ParsedEntry::default()
        }
    }
}

/// Reads one article page.
///
/// # Errors
/// When the document is empty or too large, or a selector cannot be read. A page without an article is no error:
/// its `text` is empty.
pub fn article(input: &Input<'_>) -> Result<PageArticle, PageError> {
    admit(input.body)?;
    let (source, charset) = charset::decode(input.body, input.content_type, input.encoding, input.base);
    refuse_binary(&source)?;
    let document = dom::parse(&source);
    let base = dom::base_of(&document, input.base);
    let head = Head::of(&document);
    let json = JsonLd::of(&document);
    let mut article = PageArticle { charset, ..PageArticle::default() };

    let canonical = head.canonical(base.as_ref());
    let pages: Vec<&Value> = json.pages().collect();
    let articles = own_articles(&json, &document, &head, canonical.as_ref().or(input.base));

    let declared: Vec<String> = articles
        .iter()
        .filter_map(|a| jsonld::text(a, "headline").or_else(|| jsonld::text(a, "name")))
        .collect();
    let declared: Vec<String> = declared.iter().map(|t| html::to_text(t)).collect();
    let site_names = site_names(&document, &head, &json, &articles, &declared, input.base);
    let headline = title::find(&document, &head, &declared, &site_names);
    article.title = headline.as_ref().map(|t| t.text.clone());
    let headline_node = headline.as_ref().and_then(|t| t.node);

    let declared_language = head
        .language
        .clone()
        .or_else(|| articles.iter().find_map(|a| jsonld::text(a, "inLanguage")))
        .or_else(|| {
            head.meta(&["og:locale", "content-language", "language", "dc.language"]).map(str::to_owned)
        })
        .map(|l| l.replace('_', "-"))
        .filter(|l| l.len() >= 2 && l.len() <= 35);
    let context = input.dates(declared_language.as_deref());
    let dates = date::find(
        &document,
        &head,
        &articles,
        &pages,
        headline_node.as_ref(),
        canonical.as_ref().or(input.base),
        &context,
    );
    (article.published, article.updated) = (dates.published, dates.updated);

    article.authors = byline::find(&document, &head, &articles, headline_node.as_ref());
    article.authors.iter_mut().for_each(|a| {
        a.uri = a.uri.take().and_then(|u| dom::absolute(&u, base.as_ref())).map(Into::into);
    });
    let author_names: Vec<String> = article.authors.iter().filter_map(|a| a.name.clone()).collect();
    let declared_body = articles.iter().find_map(|a| jsonld::text(a, "articleBody"));
    let clues = Clues {
        title: article.title.as_deref(),
        headline: headline_node.map(|n| n.id),
        declared_body: declared_body.as_deref(),
        authors: &author_names,
        site: canonical
            .as_ref()
            .or(input.base)
            .and_then(Url::host_str)
            .map(|host| host.strip_prefix("www.").unwrap_or(host)),
        keep: input.keep,
        remove: input.remove,
        dates: &context,
    };
    let body = body::extract(&document, &clues)?;
    article.text = body.text;

    let title_text = article.title.clone().unwrap_or_default();
    article.language =
        language::of(declared_language.as_deref().or(input.language), &title_text, &article.text)
            .map(|tag| language::without_home(&tag));
    // A headline alone decides where there is nothing else.
    let title = if article.text.is_empty() { title_text.as_str() } else { "" };
    article.direction = language::direction(article.language.as_deref(), title, &article.text);
    article.content = Markup { html: body.html, base: base.clone(), language: article.language.clone() };

    article.summary = head
        .meta(&["og:description", "description", "twitter:description", "dc.description"])
        .map(str::to_owned)
        .or_else(|| articles.iter().find_map(|a| jsonld::text(a, "description")).map(|t| fold(&t)));
    article.categories = categories(&head, &articles);
    article.image = image(&head, &articles, &article.content.html, base.as_ref());
    article.short_link = short_link(&document, &head, base.as_ref());
    article.canonical_url = canonical.map(Into::into);
    article.site_name = site_names.into_iter().next();
    Ok(article)
}

/// The JSON-LD articles that are this page's own, best first; teasers of others are left out.
fn own_articles<'a>(
    json: &'a JsonLd,
    document: &Document,
    head: &Head,
    address: Option<&Url>,
) -> Vec<&'a Value> {
    let all: Vec<&Value> = json.articles().collect();
    if all.len() < 2 {
        return all;
    }
    let address = address.and_then(|u| crate::text::urls::canonical(u.as_str()));
    let mut titles: Vec<String> =
        head.meta(&["og:title", "twitter:title"]).map(skeleton).into_iter().collect();
    titles.extend(head.title.as_deref().map(skeleton));
    titles.extend(
        document
            .select("h1")
            .nodes()
            .iter()
            .take(3)
            .filter_map(|n| dom::line_within(n, 1000))
            .map(|t| skeleton(&t)),
    );
    let own = |object: &&Value| {
        let named = jsonld::text(object, "headline").or_else(|| jsonld::text(object, "name"));
        let key = named.map(|t| skeleton(&html::to_text(&t))).unwrap_or_default();
        let by_title = !key.is_empty()
            && titles.iter().any(|t| !t.is_empty() && (t.contains(&key) || key.contains(t.as_str())));
        let by_address = ["url", "@id", "mainEntityOfPage"].iter().any(|k| {
            let url = jsonld::url(object, k).and_then(|u| crate::text::urls::canonical(&u));
            url.is_some() && url == address
        });
        by_title || by_address
    };
    let mine: Vec<&Value> = all.iter().copied().filter(|o| own(o)).collect();
    // A graph may hold the article twice, once without a headline; but many headlines of which none is this
    // page's are a list of others.
    if mine.is_empty() && all.len() <= 2 { all } else { mine }
}

/// What the site calls itself, surest first.
fn site_names(
    document: &Document,
    head: &Head,
    json: &JsonLd,
    articles: &[&Value],
    declared: &[String],
    base: Option<&Url>,
) -> Vec<String> {
    let mut names: Vec<String> = head
        .metas(&["og:site_name", "application-name", "apple-mobile-web-app-title"])
        .map(str::to_owned)
        .collect();
    names.extend(articles.iter().flat_map(|a| jsonld::names(a, "publisher")).map(|(name, _)| name));
    for kind in ["WebSite", "Organization", "NewsMediaOrganization"] {
        names.extend(json.of_type(kind).filter_map(|o| jsonld::text(o, "name")));
    }
    let mut titles: Vec<String> = declared.to_vec();
    titles.extend(head.metas(&["og:title", "twitter:title"]).map(str::to_owned));
    if let Some(title) = &head.title {
        names.extend(title::learn_site_name(document, title, &titles));
    }
    // The host as a name: "khabar.example", "khabar".
    if let Some(host) = base.and_then(Url::host_str) {
        let host = host.trim_start_matches("www.");
        names.push(host.to_owned());
        names.extend(host.split('.').next().filter(|label| label.len() > 2).map(str::to_owned));
    }
    let mut seen = std::collections::HashSet::new();
    names
        .into_iter()
        .map(|n| fold(&n))
        .filter(|n| !n.is_empty() && n.chars().count() <= 120 && seen.insert(skeleton(n)))
        .collect()
}

fn categories(head: &Head, articles: &[&Value]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |label: &str| {
        let label = fold(label);
        if !label.is_empty() && label.chars().count() <= 60 && out.len() < 30 && !out.contains(&label) {
            out.push(label);
        }
    };
    head.metas(&["article:section", "article:tag", "og:article:tag", "news_keywords"])
        .for_each(|v| v.split([',', '،', ';']).for_each(&mut add));
    for article in articles {
        for key in ["articleSection", "keywords"] {
            for (value, _) in jsonld::names(article, key) {
                value.split([',', '،', ';']).for_each(&mut add);
            }
        }
    }
    out
}

fn image(head: &Head, articles: &[&Value], content: &str, base: Option<&Url>) -> Option<String> {
    let declared = head
        .meta(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"])
        .and_then(|u| dom::absolute(u, base))
        .or_else(|| {
            articles.iter().find_map(|a| {
                ["image", "thumbnailUrl"].iter().find_map(|k| dom::absolute(&jsonld::url(a, k)?, base))
            })
        })
        .or_else(|| head.link("image_src").and_then(|u| dom::absolute(u, base)));
    declared
        .or_else(|| {
            let fragment = Document::fragment(content.to_owned());
            let images = fragment.select("img[src], img[data-src]");
            images
                .nodes()
                .iter()
                .find_map(|n| ["data-src", "src"].iter().find_map(|a| dom::absolute(&n.attr(a)?, base)))
        })
        .map(Into::into)
}

/// `rel=shortlink`, or the address behind a label such as «لینک کوتاه».
fn short_link(document: &Document, head: &Head, base: Option<&Url>) -> Option<String> {
    if let Some(url) = head.link("shortlink").and_then(|u| dom::absolute(u, base)) {
        return Some(url.into());
    }
    let labelled = document.select(
        "[class*=short-link], [class*=shortlink], [class*=short_link], [class*=short-url], [class*=shorturl], \
         [id*=short-link], [id*=shortlink], [id*=short_link], [id*=shorturl], [id*=short-url]",
    );
    for node in labelled.nodes().iter().take(10) {
        let inner = dom_query::Selection::from(*node).select("input[value], a[href]");
        for n in inner.nodes().iter().chain([node]) {
            for attribute in ["value", "data-clipboard-text", "data-url", "href"] {
                if let Some(url) =
                    n.attr(attribute).filter(|v| v.contains("//")).and_then(|v| dom::absolute(&v, base))
                {
                    return Some(url.into());
                }
            }
        }
        if let Some(url) = dom::line_within(node, 300).and_then(|t| url_in(&t)) {
            return Some(url);
        }
    }
    let body = document.body()?;
    super::block::lines(&body).iter().filter(|l| l.text.len() < 300).find_map(|line| {
        let key = skeleton(&line.text);
        ["لینک کوتاه", "نشانی کوتاه", "رابط مختصر", "الرابط المختصر", "short link", "short url"]
            .iter()
            .any(|label| key.starts_with(&skeleton(label)))
            .then(|| url_in(&line.text))
            .flatten()
    })
}

fn url_in(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        let at = word.find("http")?;
        dom::absolute(&word[at..], None).map(Into::into)
    })
}
