//! Feeds that a page names, or that a site of its kind is known to have.

mod conventions;

use std::collections::HashSet;

use dom_query::Document;
use serde::Serialize;
use url::Url;

use conventions::conventions;

use super::meta::{Head, fold};
use super::{Input, PageError, admit, charset, dom};
use crate::model::FeedFormat;

/// How a feed was found; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// `<link rel=alternate>` with the type of a feed (WHATWG HTML §4.6.7.1).
    Alternate,
    /// The page is of a service whose feeds have known addresses.
    Service,
    /// A link of the page that looks like one to a feed.
    Link,
    /// A well-known path of the program that made the page, or of sites in general.
    Guess,
}

/// A feed that may be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// Absolute.
    pub url: String,
    /// As the page calls it, plain text.
    pub title: Option<String>,
    /// The dialect that the page promises.
    pub format: Option<FeedFormat>,
    /// How it was found.
    pub how: How,
}

/// The feeds of a page, the likeliest first; each address once. Feeds of comments come last.
///
/// # Errors
/// When the document is empty or too large.
pub fn discover(input: &Input<'_>) -> Result<Vec<FeedLink>, PageError> {
    admit(input.body)?;
    let (source, _) = charset::decode(input.body, input.content_type, input.encoding, input.base);
    let document = dom::parse(&source);
    let base = dom::base_of(&document, input.base);
    let head = Head::of(&document);
    let mut out = alternates(&document, base.as_ref());
    out.extend(services(&document, &head, &source, input.base));
    out.extend(links(&document, base.as_ref()));
    if let Some(base) = base.as_ref() {
        let generator = head.meta(&["generator"]).unwrap_or_default().to_lowercase();
        out.extend(by_generator(&generator, &source, base));
    }
    out.sort_by_key(|l| (is_of_comments(l), l.how));
    let mut seen = HashSet::new();
    out.retain(|l| seen.insert(l.url.trim_end_matches('/').to_owned()));
    Ok(out)
}

/// The dialect that a media type means.
fn format_of(media_type: &str) -> Option<FeedFormat> {
    match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/rss+xml" | "application/rss" | "application/x-rss+xml" | "text/rss+xml" => {
            Some(FeedFormat::Rss2)
        }
        "application/rdf+xml" => Some(FeedFormat::Rss1),
        "application/atom+xml" | "application/x.atom+xml" | "application/atom" => Some(FeedFormat::Atom1),
        "application/feed+json" | "application/json" => Some(FeedFormat::Json11),
        _ => None,
    }
}

fn alternates(document: &Document, base: Option<&Url>) -> Vec<FeedLink> {
    let mut out = Vec::new();
    for node in document.select("link[rel][href]").nodes().iter().take(300) {
        let rels = node.attr_or("rel", "").to_ascii_lowercase();
        let rels: HashSet<&str> = rels.split_ascii_whitespace().collect();
        let kind = node.attr_or("type", "");
        let format = format_of(&kind);
        let feed = rels.contains("feed") || rels.contains("alternate") && format.is_some();
        // WordPress and oEmbed give JSON alternates that are no feeds.
        let href = node.attr_or("href", "");
        let other = kind.contains("json") && !kind.contains("feed+json") && !href.contains("feed")
            || href.contains("/wp-json/")
            || href.contains("oembed");
        if !feed || other || rels.contains("stylesheet") {
            continue;
        }
        if let Some(url) = feed_address(&href, base) {
            out.push(FeedLink { url, title: title(&node.attr_or("title", "")), format, how: How::Alternate });
        }
    }
    out
}

fn title(text: &str) -> Option<String> {
    Some(fold(text)).filter(|t| !t.is_empty())
}

/// An address, also in the scheme `feed:` of old browsers.
fn feed_address(href: &str, base: Option<&Url>) -> Option<String> {
    let href = href.trim();
    let http = match href.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("https:{rest}"),
        Some(rest) => rest.to_owned(),
        None => href.to_owned(),
    };
    dom::absolute(&http, base).map(Into::into)
}

/// Links of the page that look like links to feeds.
fn links(document: &Document, base: Option<&Url>) -> Vec<FeedLink> {
    let mut out: Vec<FeedLink> = Vec::new();
    for node in document.select("a[href]").nodes().iter().take(4000) {
        let href = node.attr_or("href", "");
        let Some(url) = feed_address(&href, base).and_then(|u| Url::parse(&u).ok()) else { continue };
        let text = dom::line_within(node, 200).unwrap_or_default();
        let declared = format_of(&node.attr_or("type", ""));
        let by_scheme = href.trim_start().starts_with("feed:");
        if !(by_scheme
            || declared.is_some()
            || looks_like_feed(&url)
            || says_feed(&text) && same_site(&url, base))
        {
            continue;
        }
        if is_reader_service(&url) {
            continue;
        }
        let named = title(&text).or_else(|| title(&node.attr_or("title", "")));
        out.push(FeedLink { url: url.into(), title: named, format: declared, how: How::Link });
        if out.len() >= 100 {
            break;
        }
    }
    out
}

/// "Add to Feedly" and the like lead to other people's services.
fn is_reader_service(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    [
        "feedly.com",
        "netvibes.com",
        "inoreader.com",
        "newsblur.com",
        "add.my.yahoo.com",
        "theoldreader.com",
        "subtome.com",
        "bloglines.com",
        "validator.w3.org",
        "feedvalidator.org",
    ]
    .iter()
    .any(|s| host == *s || host.ends_with(&format!(".{s}")))
}

fn same_site(url: &Url, base: Option<&Url>) -> bool {
    base.is_none_or(|b| {
        b.host_str().map(|h| h.trim_start_matches("www."))
            == url.host_str().map(|h| h.trim_start_matches("www."))
    })
}

fn says_feed(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "rss"
            | "atom"
            | "feed"
            | "rss feed"
            | "atom feed"
            | "rss 2.0"
            | "xml"
            | "rdf"
            | "json feed"
            | "subscribe via rss"
            | "rss feeds"
            | "خوراک"
            | "آر اس اس"
            | "فید"
            | "rss خوراک"
            | "خلاصات"
            | "خدمة rss"
            | "fil rss"
            | "flux rss"
    )
}

fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let by_name = matches!(
        last,
        "feed"
            | "rss"
            | "atom"
            | "feeds"
            | "rdf"
            | "rss2"
            | "feed.json"
            | "rss.php"
            | "feed.php"
            | "rss.aspx"
            | "rss.jsp"
            | "rss.asp"
            | "index.rdf"
            | "backend.php"
    ) || [".rss", ".atom", ".rdf"].iter().any(|e| last.ends_with(e))
        || last.ends_with(".xml")
            && ["rss", "feed", "atom", "index.xml", "news"].iter().any(|w| path.contains(w))
            && !path.contains("sitemap");
    let by_query = url.query_pairs().any(|(k, v)| {
        matches!(&*k, "feed" | "format" | "output" | "type" | "alt")
            && matches!(&*v.to_ascii_lowercase(), "rss" | "rss2" | "atom" | "feed" | "rdf")
    });
    by_name || by_query || url.host_str().is_some_and(|h| h.starts_with("feeds.") || h.starts_with("rss."))
}

fn is_of_comments(link: &FeedLink) -> bool {
    let url = link.url.to_ascii_lowercase();
    let title = link.title.as_deref().unwrap_or_default().to_lowercase();
    url.contains("comments")
        || ["comments", "دیدگاه", "نظرات", "تعليقات", "kommentar", "commentaires"]
            .iter()
            .any(|w| title.contains(w))
}

/// Services whose pages say which feed is theirs.
fn services(document: &Document, head: &Head, source: &str, address: Option<&Url>) -> Vec<FeedLink> {
    let mut out = Vec::new();
    let mut add = |url: String, format: FeedFormat| {
        out.push(FeedLink { url, title: None, format: Some(format), how: How::Service });
    };
    let host = address.and_then(Url::host_str).unwrap_or_default();
    if is_of(host, "youtube.com") {
        let declared = document
            .select("meta[itemprop=channelId], meta[itemprop=identifier]")
            .attr("content")
            .map(|c| c.to_string());
        let canonical = head.link("canonical").and_then(|c| c.split("/channel/").nth(1)).map(str::to_owned);
        let scripted = ["\"externalId\":\"", "\"channelId\":\"", "\"browseId\":\""]
            .iter()
            .find_map(|k| source.split_once(k)?.1.split('"').next().map(str::to_owned));
        if let Some(id) = declared.or(canonical).or(scripted).filter(|id| is_channel(id)) {
            add(format!("https://www.youtube.com/feeds/videos.xml?channel_id={id}"), FeedFormat::Atom1);
        }
    }
    if let Some(address) = address {
        for url in conventions(address) {
            let format = if url.as_str().contains("atom") || is_of(host, "youtube.com") {
                FeedFormat::Atom1
            } else {
                FeedFormat::Rss2
            };
            add(url.into(), format);
        }
    }
    out
}

/// An id of YouTube's channels.
fn is_channel(id: &str) -> bool {
    id.len() == 24
        && id.starts_with("UC")
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_of(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Feeds that the program behind a page is known to give.
fn by_generator(generator: &str, source: &str, base: &Url) -> Vec<FeedLink> {
    let has = |needle: &str| source.contains(needle);
    let paths: &[(&str, FeedFormat)] = match () {
        () if generator.contains("wordpress") || has("/wp-content/") => &[("/feed/", FeedFormat::Rss2)],
        () if generator.contains("blogger") => &[("/feeds/posts/default", FeedFormat::Atom1)],
        () if generator.contains("ghost") => &[("/rss/", FeedFormat::Rss2)],
        () if generator.contains("hugo") => &[("/index.xml", FeedFormat::Rss2)],
        () if generator.contains("jekyll") => &[("/feed.xml", FeedFormat::Atom1)],
        () if generator.contains("drupal") => &[("/rss.xml", FeedFormat::Rss2)],
        () if generator.contains("joomla") => &[("/?format=feed&type=rss", FeedFormat::Rss2)],
        () if generator.contains("hexo") => &[("/atom.xml", FeedFormat::Atom1)],
        () if generator.contains("discourse") => &[("/latest.rss", FeedFormat::Rss2)],
        () if generator.contains("mediawiki") => {
            &[("/index.php?title=Special:RecentChanges&feed=atom", FeedFormat::Atom1)]
        }
        () if generator.contains("substack") || has("substackcdn.com") => &[("/feed", FeedFormat::Rss2)],
        () if generator.contains("wix.com") => &[("/blog-feed.xml", FeedFormat::Rss2)],
        () if generator.contains("squarespace") || has("static1.squarespace.com") => {
            &[("/?format=rss", FeedFormat::Rss2)]
        }
        () if generator.contains("tumblr") => &[("/rss", FeedFormat::Rss2)],
        () => &[],
    };
    paths
        .iter()
        .filter_map(|(path, format)| {
            let url = base.join(path).ok()?;
            Some(FeedLink { url: url.into(), title: None, format: Some(*format), how: How::Guess })
        })
        .collect()
}

/// Where the service behind an address is known to have its feeds: they may be read where its pages may not.
pub fn known(address: &Url) -> Vec<Url> {
    conventions(address).into_iter().filter(|feed| feed != address).collect()
}

/// Addresses at which a feed of `address` may be, the likeliest first: what the service behind the address is known
/// for, then the paths that most programs use. To be tried one after the other, politely.
pub fn guesses(address: &Url) -> Vec<Url> {
    let mut out = conventions(address);
    let host = address.host_str().unwrap_or_default();
    let closed =
        ["youtube.com", "github.com", "reddit.com", "bsky.app", "medium.com"].iter().any(|d| is_of(host, d));
    if !closed {
        // Under the page itself first (a section of a site), then under its root.
        let mut folder = address.clone();
        folder.set_query(None);
        folder.set_fragment(None);
        if folder.path() != "/" {
            let path = format!("{}/", folder.path().trim_end_matches('/'));
            folder.set_path(&path);
            out.extend(["feed/", "rss", "feed.xml", "index.xml"].iter().filter_map(|p| folder.join(p).ok()));
        }
        const PATHS: &[&str] = &[
            "/feed",
            "/feed/",
            "/rss",
            "/rss.xml",
            "/feed.xml",
            "/atom.xml",
            "/index.xml",
            "/feeds",
            "/rss/",
            "/feeds/posts/default",
            "/index.rss",
            "/feed.json",
            "/rss.php",
            "/news/rss",
            "/blog/feed",
            "/?feed=rss2",
            "/feed.rss",
            "/feed.atom",
            "/fa/rss",
            "/rss/all",
            "/fa/rss/allnews",
        ];
        out.extend(PATHS.iter().filter_map(|p| address.join(p).ok()));
    }
    let mut seen = HashSet::new();
    out.retain(|u| u != address && seen.insert(u.clone()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(address: &str, html: &str) -> Vec<(String, How)> {
        let base = Url::parse(address).unwrap();
        let input = Input {
            base: Some(&base),
            ..Input::new(html.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap())
        };
        discover(&input).unwrap().into_iter().map(|l| (l.url, l.how)).collect()
    }

    #[test]
    fn alternates_come_first_and_comments_last() {
        let html = r#"<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/"><link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="feed.atom"><link rel=alternate hreflang=fa href=/fa>
            <link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1><a href="/rss/all.xml">RSS</a><a href="/sitemap.xml">Sitemap</a><a href="https://feedly.com/i/subscription/feed/x">Feedly</a>"#;
        let found = found("https://news.example/blog/", html);
        let urls: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://news.example/blog/feed.atom",
                "https://news.example/rss/all.xml",
                "https://news.example/comments/feed/"
            ]
        );
    }

    #[test]
    fn a_channel_is_read_from_its_page() {
        let html = r#"<script>{"externalId":"UCabcdefghijklmnopqrstuv"}</script>"#;
        assert_eq!(
            found("https://www.youtube.com/@gardener", html)[0].0,
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"
        );
    }

    #[test]
    fn programs_are_known_by_their_marks() {
        let html = r#"<meta name=generator content="WordPress 6.5"><p>x"#;
        assert_eq!(
            found("https://w.example/2025/04/post/", html),
            [("https://w.example/feed/".to_owned(), How::Guess)]
        );
    }

    #[test]
    fn services_have_known_addresses() {
        for (address, feed) in [
            (
                "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
                "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
            ),
            (
                "https://www.youtube.com/user/gardener",
                "https://www.youtube.com/feeds/videos.xml?user=gardener",
            ),
            (
                "https://youtube.com/playlist?list=PL123",
                "https://www.youtube.com/feeds/videos.xml?playlist_id=PL123",
            ),
            ("https://github.com/owner/repo", "https://github.com/owner/repo/releases.atom"),
            (
                "https://github.com/owner/repo/commits/main/",
                "https://github.com/owner/repo/commits/main.atom",
            ),
            ("https://github.com/owner/repo/commits", "https://github.com/owner/repo/commits.atom"),
            ("https://github.com/owner/repo/releases", "https://github.com/owner/repo/releases.atom"),
            ("https://github.com/owner/repo/tags", "https://github.com/owner/repo/tags.atom"),
            ("https://github.com/owner/repo/tree/main", "https://github.com/owner/repo/commits/main.atom"),
            ("https://www.reddit.com/r/gardening/", "https://www.reddit.com/r/gardening/.rss"),
            ("https://old.reddit.com/user/rae", "https://www.reddit.com/user/rae/.rss"),
            ("https://social.example/web/@rae", "https://social.example/@rae.rss"),
            ("https://social.example/@rae@home.example", "https://home.example/@rae.rss"),
            ("https://substack.com/@garden", "https://garden.substack.com/feed"),
            ("https://www.tumblr.com/rae", "https://rae.tumblr.com/rss"),
            ("https://www.tumblr.com/blog/view/rae", "https://rae.tumblr.com/rss"),
            (
                "https://garden.blogspot.com/search/label/soil",
                "https://garden.blogspot.com/feeds/posts/default/-/soil",
            ),
            ("https://garden.wordpress.com/", "https://garden.wordpress.com/feed/"),
            (
                "https://m.youtube.com/playlist?list=PL9",
                "https://www.youtube.com/feeds/videos.xml?playlist_id=PL9",
            ),
            ("https://medium.com/@rae", "https://medium.com/feed/@rae"),
            ("https://garden.substack.com/p/soil", "https://garden.substack.com/feed"),
            ("https://garden.blogspot.com/", "https://garden.blogspot.com/feeds/posts/default"),
            ("https://social.example/@rae", "https://social.example/@rae.rss"),
            (
                "https://gitlab.com/group/sub/project/-/issues",
                "https://gitlab.com/group/sub/project/-/releases.atom",
            ),
            ("https://lemmy.example/c/gardens", "https://lemmy.example/feeds/c/gardens.xml"),
            ("https://rae.tumblr.com/", "https://rae.tumblr.com/rss"),
            ("https://bsky.app/profile/rae.example", "https://bsky.app/profile/rae.example/rss"),
            ("https://news.example/", "https://news.example/feed"),
            ("https://news.example/culture", "https://news.example/culture/feed/"),
        ] {
            assert_eq!(guesses(&Url::parse(address).unwrap())[0].as_str(), feed, "{address}");
        }
    }
}
