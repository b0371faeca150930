//! What is published, read back: by feed-rs, by the crates' own readers, and by eye.

mod publish_support;

use kariz::model::*;
use kariz::publish::{self, Around, Channel, Format, Selection, select};
use publish_support::*;
use serde_json::Value;

fn render(channel: &Channel, stories: &[Story]) -> Vec<u8> {
    let picks = select(stories, &Selection::default(), at("2026-11-22T00:00:00Z"));
    publish::render(channel, &publish::items(&picks, channel), &Around::default())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn feed_rs_reads_the_same_values_from_atom_and_rss() {
    let stories = stories();
    for format in [Format::Atom, Format::Rss] {
        let bytes = render(&channel("a.xml", format), &stories);
        let feed = feed_rs::parser::parse(&bytes[..]).unwrap();
        assert_eq!(feed.title.unwrap().content, "Valley News & More");
        assert_eq!(feed.description.unwrap().content, "What the valley talks about");
        assert_eq!(feed.language.as_deref(), Some("en"));
        assert_eq!(feed.entries.len(), 3);
        for (entry, story) in feed.entries.iter().zip(&stories) {
            let article = &story.lead().entry.article;
            assert_eq!(entry.id, story.id);
            assert_eq!(entry.title.as_ref().unwrap().content, article.title);
            assert_eq!(entry.published.unwrap().timestamp(), story.published.as_second());
            if format == Format::Atom {
                assert_eq!(entry.language, article.language);
            }
            let link = url::Url::parse(article.link.as_deref().unwrap()).unwrap();
            assert_eq!(
                entry.links.iter().find(|l| l.rel.as_deref() != Some("related")).unwrap().href,
                link.as_str()
            );
            let body = entry.content.as_ref().unwrap().body.as_deref().unwrap();
            assert!(
                body.contains(article.content_html.as_deref().unwrap().split("<p>Heavy").next().unwrap())
            );
            assert!(
                entry.summary.as_ref().unwrap().content.contains(article.summary_html.as_deref().unwrap())
            );
        }
        let bridge = &feed.entries[0];
        assert_eq!(bridge.authors[0].name.as_deref(), Some("Mina Test"));
        let labels: Vec<&str> = bridge.categories.iter().map(|c| &*c.term).collect();
        assert_eq!(labels, ["Traffic", "Town & Land", "Bridges"]);
        if format == Format::Atom {
            assert_eq!(bridge.updated.unwrap().timestamp(), stories[0].updated.as_second());
            assert_eq!(feed.updated.unwrap().timestamp(), stories[0].updated.as_second());
        }
    }
}

#[test]
fn atom_tells_who_wrote_what_in_full() {
    let feed = parse(&render(&channel("atom.xml", Format::Atom), &stories()));
    assert_eq!(feed.text_of("id"), "urn:uuid:0b3b7a9e-6f1c-4a53-9d59-0d7c6f3f2a11");
    assert_eq!(feed.link("self").unwrap().attr("href"), Some("https://valley.example/news/atom.xml"));
    assert_eq!(feed.link("alternate").unwrap().attr("href"), Some("https://valley.example/news/"));
    assert_eq!(feed.link("hub").unwrap().attr("href"), Some("https://hub.valley.example/"));
    assert_eq!(feed.get("author").unwrap().text_of("email"), "desk@valley.example");
    assert_eq!(feed.get("generator").unwrap().text, "kariz");
    assert_eq!(feed.text_of("updated"), "2026-11-21T10:00:00+00:00");

    let entries: Vec<&Node> = feed.all("entry").collect();
    let bridge = entries[0];
    assert_eq!(bridge.attr("xml:lang"), Some("en"));
    let related = bridge.link("related").unwrap();
    assert_eq!(related.attr("href"), Some("https://south.example/b"));
    assert_eq!(related.attr("title"), Some("The south Gazette"));
    assert_eq!(related.attr("hreflang"), Some("en"));
    assert_eq!(bridge.link("replies").unwrap().attr("href"), Some("https://north.example/1/comments"));
    assert_eq!(bridge.text_of("rights"), "CC BY 4.0");
    let picture = bridge.get("media:thumbnail").unwrap();
    assert_eq!(picture.attr("url"), Some("https://north.example/bridge.jpg?w=100&h=50"));
    assert_eq!(bridge.get("author").unwrap().text_of("uri"), "https://north.example/mina");
    let files: Vec<_> = bridge
        .all("link")
        .filter(|l| l.attr("rel") == Some("enclosure"))
        .map(|l| (l.attr("href").unwrap(), l.attr("type").unwrap(), l.attr("length")))
        .collect();
    assert_eq!(
        files,
        [
            ("https://north.example/a.mp3?x=1&y=2", "audio/mpeg", Some("12345")),
            ("https://north.example/b.mp4", "video/mp4", None)
        ]
    );
    let source = bridge.get("source").unwrap();
    assert_eq!(
        source.text_of("id"),
        "https://north.example/feed.xml",
        "a feed without an id is known by its address"
    );
    assert_eq!(source.link("self").unwrap().attr("href"), Some("https://north.example/feed.xml"));
    assert_eq!(source.link("alternate").unwrap().attr("href"), Some("https://north.example/"));
    assert_eq!(source.text_of("updated"), "2026-11-20T06:00:00+00:00");

    let rain = entries[1];
    assert_eq!(rain.attr("xml:lang"), Some("fa"));
    assert_eq!(
        rain.text_of("content"),
        "<div dir=\"rtl\" lang=\"fa\"><p>باران از دیشب می‌بارد.</p><p dir=\"ltr\">Heavy rain</p></div>"
    );
    assert_eq!(rain.text_of("summary"), "<div dir=\"rtl\" lang=\"fa\">باران از دیشب می‌بارد</div>");
    assert_eq!(
        rain.link("alternate").unwrap().attr("href"),
        Some("https://dare.example/%D8%A8%D8%A7%D8%B1%D8%A7%D9%86")
    );
    let source = rain.get("source").unwrap();
    assert_eq!(source.text_of("id"), "tag:dare.example,2020:feed");
    assert_eq!(source.text_of("subtitle"), "خبرهای دره");
    assert_eq!(source.text_of("rights"), "همهٔ حقوق محفوظ است");
    assert_eq!(
        rain.get("author").unwrap().text_of("name"),
        "تحریریه",
        "the feed's author where the entry has none"
    );
    assert_eq!(
        entries[2].get("author").unwrap().text_of("name"),
        "The south Gazette",
        "else the source itself"
    );
}

#[test]
fn rss_has_what_readers_look_for() {
    let bytes = render(&channel("rss.xml", Format::Rss), &stories());
    let read = rss::Channel::read_from(&bytes[..]).unwrap();
    assert_eq!(read.items().len(), 3);
    let root = parse(&bytes);
    let channel = root.get("channel").unwrap();
    assert_eq!(channel.link("self").unwrap().attr("href"), Some("https://valley.example/news/rss.xml"));
    assert_eq!(channel.text_of("lastBuildDate"), "Sat, 21 Nov 2026 10:00:00 GMT");
    assert_eq!(channel.text_of("managingEditor"), "desk@valley.example (Valley Desk)");
    let items: Vec<&Node> = channel.all("item").collect();
    let bridge = items[0];
    assert_eq!(bridge.text_of("pubDate"), "Sat, 21 Nov 2026 08:30:00 GMT");
    assert_eq!(bridge.text_of("dc:creator"), "Mina Test");
    let source = bridge.get("source").unwrap();
    assert_eq!(
        (source.attr("url"), &*source.text),
        (Some("https://north.example/feed.xml"), "The north Gazette")
    );
    let enclosure = bridge.get("enclosure").unwrap();
    assert_eq!(enclosure.attr("length"), Some("12345"));
    let more = bridge.get("media:content").unwrap();
    assert_eq!((more.attr("url"), more.attr("medium")), (Some("https://north.example/b.mp4"), Some("video")));
    assert_eq!(bridge.text_of("comments"), "https://north.example/1/comments");
    assert_eq!(bridge.link("related").unwrap().attr("title"), Some("The south Gazette"));
    assert!(items[1].text_of("content:encoded").starts_with("<div dir=\"rtl\" lang=\"fa\">"));
    assert_eq!(items[1].text_of("dc:language"), "fa");
}

#[test]
fn an_article_without_a_teaser_gets_one_in_rss() {
    let mut stories = stories();
    stories.remove(0);
    for story in &mut stories {
        story.members[0].entry.article.summary_html = None;
    }
    stories[1].members[0].entry.article.content_html =
        Some("<img src=\"https://south.example/a.png\">".into());
    let root = parse(&render(&channel("rss.xml", Format::Rss), &stories));
    let items: Vec<&Node> = root.get("channel").unwrap().all("item").collect();
    assert!(
        items[0].text_of("description").starts_with("<div dir=\"rtl\" lang=\"fa\">باران از دیشب می‌بارد.")
    );
    assert!(!items[0].text_of("description").contains("<p>"));
    assert_eq!(items[1].text_of("description"), "<img src=\"https://south.example/a.png\">");
    assert!(items[1].get("content:encoded").is_none());
}

#[test]
fn json_feed_names_all_sources_and_keeps_the_order_of_keys() {
    let bytes = text(render(&channel("feed.json", Format::Json), &stories()));
    let feed: Value = serde_json::from_str(&bytes).unwrap();
    let item = &feed["items"][0];
    assert_eq!(feed["feed_url"], "https://valley.example/news/feed.json");
    assert_eq!(feed["hubs"][0]["type"], "WebSub");
    assert_eq!(item["content_html"], "<p>Long: Bridge opens after ten years</p>");
    assert_eq!(item["summary"], "Short: Bridge opens after ten years");
    assert_eq!(item["date_published"], "2026-11-21T08:30:00Z");
    assert_eq!(item["tags"], serde_json::json!(["Traffic", "Town & Land", "Bridges"]));
    assert_eq!(item["attachments"][0]["duration_in_seconds"], 61);
    assert_eq!(
        item["_kariz"]["sources"],
        serde_json::json!([
            {"id": "north", "title": "The north Gazette", "feed": "https://north.example/feed.xml", "url": "https://north.example/1",
             "why": {"stage": "founder", "score": 1.0}},
            {"id": "south", "title": "The south Gazette", "feed": "https://south.example/feed.xml", "url": "https://south.example/b",
             "why": {"stage": "near_text", "score": 0.75}}
        ])
    );
    let at = |key: &str| bytes.find(&format!("\"{key}\":")).unwrap();
    let order = [
        "version",
        "home_page_url",
        "items",
        "id",
        "url",
        "content_html",
        "date_published",
        "authors",
        "tags",
        "_kariz",
    ];
    let tail = &order[3..];
    assert!(tail.windows(2).all(|w| bytes[at("items")..].find(&format!("\"{}\":", w[0]))
        < bytes[at("items")..].find(&format!("\"{}\":", w[1]))));
    assert!(at("version") < at("home_page_url") && at("home_page_url") < at("items"));
}

#[test]
fn the_stricter_policy_wins() {
    for (of_source, of_output, expected) in [
        (ContentPolicy::Full, ContentPolicy::Full, (true, true)),
        (ContentPolicy::Summary, ContentPolicy::Full, (true, false)),
        (ContentPolicy::Full, ContentPolicy::Summary, (true, false)),
        (ContentPolicy::Link, ContentPolicy::Full, (false, false)),
        (ContentPolicy::Full, ContentPolicy::Link, (false, false)),
    ] {
        let mut stories = stories();
        let mut source = (*stories[0].members[0].source).clone();
        source.content = of_source;
        stories[0].members[0].source = source.into();
        stories.truncate(1);
        for format in [Format::Atom, Format::Rss, Format::Json] {
            let channel = Channel { content: of_output, ..channel("x", format) };
            let out = text(render(&channel, &stories));
            assert_eq!(out.contains("Short: "), expected.0, "{of_source:?} {of_output:?} {format:?}");
            assert_eq!(out.contains("Long: "), expected.1, "{of_source:?} {of_output:?} {format:?}");
            assert_eq!(out.contains("a.mp3"), expected.0);
            assert!(
                out.contains("https://north.example/1") && out.contains("Mina Test"),
                "always attributed"
            );
        }
    }
}

#[test]
fn an_entry_without_a_link_or_a_title_still_stands() {
    let mut stories = stories();
    stories.truncate(1);
    let article = &mut stories[0].members[0].entry.article;
    article.link = None;
    article.title = "  ".into();
    article.summary_html = Some("A note without a headline".into());
    article.content_html = None;
    let feed = parse(&render(&channel("a", Format::Atom), &stories));
    let entry = feed.get("entry").unwrap();
    assert!(entry.text_of("title").contains("A note without a headline"));
    assert!(
        entry.text_of("content").contains("A note without a headline"),
        "content where there is no page to go to"
    );
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut stories = stories();
    // The same second: the order comes from source and guid, not from ids, which are minted at random.
    stories[2].published = stories[1].published;
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let channel = channel("x", format);
        let first = render(&channel, &stories);
        stories.reverse();
        assert_eq!(render(&channel, &stories), first);
        stories.rotate_left(1);
        assert_eq!(render(&channel, &stories), first);
    }
}

#[test]
fn nothing_depends_on_the_clock() {
    let channel = channel("a", Format::Atom);
    let empty = parse(&render(&channel, &[]));
    assert_eq!(empty.text_of("updated"), "1970-01-01T00:00:00+00:00");
    let since = Channel { since: Some(at("2026-01-02T03:04:05Z")), ..channel };
    assert_eq!(parse(&render(&since, &[])).text_of("updated"), "2026-01-02T03:04:05+00:00");
}

#[test]
fn our_own_parser_reads_the_same_values_back() {
    let stories = stories();
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let bytes = render(&channel("x", format), &stories);
        let base = "https://valley.example/news/x".parse().unwrap();
        let parsed = kariz::parse::parse(&kariz::parse::Input {
            body: &bytes,
            content_type: None,
            base: Some(&base),
            encoding: None,
            timezone: &jiff::tz::TimeZone::UTC,
            language: None,
            now: at("2026-11-22T00:00:00Z"),
        })
        .unwrap();
        assert_eq!(parsed.warnings, Vec::<String>::new(), "{format:?}");
        assert_eq!(parsed.title.as_deref(), Some("Valley News & More"));
        assert_eq!(parsed.link.as_deref(), Some("https://valley.example/news/"));
        assert_eq!(parsed.self_link.as_deref(), Some("https://valley.example/news/x"));
        assert_eq!(parsed.hubs, ["https://hub.valley.example/"]);
        assert_eq!(parsed.entries.len(), stories.len());
        for (entry, story) in parsed.entries.iter().zip(&stories) {
            let article = &story.lead().entry.article;
            assert_eq!(entry.id.as_deref(), Some(&*story.id));
            assert!(!entry.id_is_permalink);
            assert_eq!(entry.title.as_deref(), Some(&*article.title));
            let link = article.link.as_deref().and_then(|l| url::Url::parse(l).ok()).map(String::from);
            assert_eq!(entry.link, link);
            assert_eq!(entry.published, Some(story.published));
            if format != Format::Rss {
                assert_eq!(entry.updated, Some(story.updated));
            }
            assert_eq!(entry.language, article.language, "{format:?}");
            assert_eq!(entry.image, article.image);
            assert_eq!(
                entry.comments,
                article.comments.clone().filter(|_| format != Format::Json),
                "{format:?}"
            );
            assert_eq!(entry.rights, article.rights.clone().filter(|_| format != Format::Json), "{format:?}");
            let urls = |list: &[Enclosure]| list.iter().map(|e| e.url.clone()).collect::<Vec<_>>();
            assert_eq!(urls(&entry.enclosures), urls(&article.enclosures), "{format:?}");
            let body = entry.content.as_ref().unwrap();
            assert!(
                body.html
                    .contains(article.content_html.as_deref().unwrap().split("<p>Heavy").next().unwrap())
            );
            assert!(entry.summary.as_ref().unwrap().html.contains(article.summary_html.as_deref().unwrap()));
            if format != Format::Json {
                let source = entry.source.as_ref().unwrap();
                assert_eq!(source.title.as_deref(), Some(&*story.lead().source.title));
            }
        }
        let bridge = &parsed.entries[0];
        assert_eq!(bridge.categories, ["Traffic", "Town & Land", "Bridges"]);
        assert_eq!(bridge.authors[0].name.as_deref(), Some("Mina Test"));
    }
}
