//! The rules of the W3C feed validator, of RFC 4287, of the RSS profile and of JSON Feed 1.1, as far as
//! they can meet what kariz writes: over an ordinary day, an empty one, and one from a hostile source.

mod publish_support;

use std::collections::BTreeSet;

use kariz::model::*;
use kariz::publish::{self, Around, Channel, Format, Pick, Tombstone};
use publish_support::*;
use serde_json::Value;

/// Strings that have broken feeds.
const NASTY: [&str; 18] = [
    "",
    " \u{0}\u{1f} ",
    "]]>",
    "a ]]> b ]]]]>> c",
    "<b>&amp;&lt;&#0;&bogus;",
    "\"><script>alert('x')</script>",
    "\u{fffe}\u{ffff}\u{b}\u{c}\u{7f}\u{80}\u{9f}\u{85}x",
    "line\r\nbreak\rtab\ttab",
    "\u{202e}reversed\u{202c} \u{2066}isolated\u{2069}",
    "می\u{200c}رود \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "javascript:alert(1)",
    "/relative/path",
    "https://user:secret@host.example/path",
    "https://host.example/a b|c?d=\"e\"&f=<g>#h#i",
    "https://host.example/خبر",
    "editor@host.example",
    "--><!-- <![CDATA[ x",
    "${jndi} {{7*7}} %s %n",
];

/// A story that is nasty in every field, the way `turn` says.
fn hostile(turn: usize) -> Story {
    let nasty = |i: usize| NASTY[(turn + i) % NASTY.len()].to_owned();
    let person = |i| Person { name: Some(nasty(i)), uri: Some(nasty(i + 1)), email: Some(nasty(i + 2)) };
    let source = SourceInfo {
        id: format!("s{turn}"),
        title: nasty(1),
        feed_url: nasty(2),
        link: Some(nasty(3)),
        feed_id: Some(nasty(4)),
        subtitle: Some(nasty(5)),
        language: Some(nasty(6)),
        rights: Some(nasty(7)),
        image: Some(nasty(8)),
        icon: Some(nasty(9)),
        authors: vec![person(10), person(11)],
        tags: vec![nasty(12)],
        ..SourceInfo::default()
    };
    let mut one = member(source.clone(), &nasty(0), &nasty(1), "2026-11-21T08:30:00Z");
    one.entry.article = Article {
        link: Some(nasty(2)),
        title: nasty(3),
        summary_html: Some(nasty(4)),
        content_html: Some(nasty(5)),
        authors: vec![person(6), person(6), Person::default()],
        categories: (0..NASTY.len()).map(nasty).collect(),
        enclosures: (0..NASTY.len())
            .map(|i| Enclosure {
                url: nasty(i),
                media_type: Some(nasty(i + 1)),
                length: Some(0),
                title: Some(nasty(i + 2)),
                duration: Some(0),
            })
            .collect(),
        image: Some(nasty(7)),
        language: Some(nasty(8)),
        direction: Direction::Rtl,
        comments: Some(nasty(9)),
        rights: Some(nasty(10)),
        source: None,
        tags: Vec::new(),
    };
    let mut two = one.clone();
    two.entry.article.link = Some(nasty(12));
    two.why = Some(Why { stage: Stage::Headline, score: 1.0, reason: nasty(3) });
    story(1000 + turn as u128, vec![one, two])
}

fn days() -> Vec<(&'static str, Vec<Story>)> {
    vec![("ordinary", stories()), ("empty", vec![]), ("hostile", (0..NASTY.len()).map(hostile).collect())]
}

fn documents(format: Format) -> Vec<(&'static str, Vec<u8>, Vec<Story>)> {
    let channel = channel(&format!("out.{format:?}"), format);
    let picks = |stories: &[Story]| -> Vec<u8> {
        let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
        publish::render(&channel, &publish::items(&picks, &channel), &Around::default())
    };
    days().into_iter().map(|(name, stories)| (name, picks(&stories), stories)).collect()
}

fn is_uri(s: &str) -> bool {
    let rest = s.strip_prefix("http://").or_else(|| s.strip_prefix("https://"));
    rest.is_some_and(|r| !r.is_empty() && !r.starts_with('/') && !r.split('/').next().unwrap().contains('@'))
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || b";/?:@&=+$.-_!~*'()%,#[]".contains(&b))
        && s.matches('#').count() < 2
        && url::Url::parse(s).is_ok()
}

fn is_rfc3339(s: &str) -> bool {
    s.len() >= 20 && s.parse::<jiff::Timestamp>().is_ok() && s == s.trim()
}

fn is_mime(s: &str) -> bool {
    s.split_once('/').is_some_and(|(a, b)| {
        let ok = |t: &str| {
            !t.is_empty() && !t.contains(|c: char| c.is_whitespace() || "()<>,;:\\\"/[]?=".contains(c))
        };
        ok(a) && ok(b)
    })
}

fn is_email(s: &str) -> bool {
    s.split_once('@')
        .is_some_and(|(a, b)| !a.is_empty() && b.contains('.') && !s.contains(char::is_whitespace))
}

fn check_person(node: &Node) {
    assert!(!node.text_of("name").trim().is_empty());
    assert!(!is_email(node.text_of("name")), "{}", node.text_of("name"));
    assert!(node.get("email").is_none_or(|e| is_email(&e.text)), "{node:?}");
    assert!(node.get("uri").is_none_or(|u| is_uri(&u.text)), "{node:?}");
}

fn check_atom_link(link: &Node) {
    assert!(is_uri(link.attr("href").expect("href")), "{link:?}");
    assert!(link.text.trim().is_empty());
    let rels = ["alternate", "self", "related", "enclosure", "replies", "hub", "current", "prev-archive"];
    assert!(rels.contains(&link.attr("rel").unwrap()), "{link:?}");
    assert!(link.attr("type").is_none_or(is_mime), "{link:?}");
    assert!(link.attr("title").is_none_or(|t| !t.trim().is_empty()), "{link:?}");
    assert!(link.attr("length").is_none_or(|l| l.parse::<u64>().is_ok()), "{link:?}");
    assert!(link.attr("hreflang").is_none_or(is_language), "{link:?}");
}

fn is_language(s: &str) -> bool {
    s.split('-').next().is_some_and(|p| (2..=3).contains(&p.len()))
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What `atom:feed` and `atom:source` have in common.
fn check_atom_metadata(node: &Node) {
    for name in ["title", "id", "updated"] {
        assert_eq!(node.all(name).count(), 1, "one {name} in {}", node.name);
        assert!(!node.text_of(name).trim().is_empty(), "{name} of {} says something", node.name);
    }
    for name in ["subtitle", "rights", "icon", "logo", "generator"] {
        assert!(node.all(name).count() <= 1);
        assert!(node.get(name).is_none_or(|n| !n.text.trim().is_empty()), "{name}");
    }
    for name in ["icon", "logo"] {
        assert!(node.get(name).is_none_or(|n| is_uri(&n.text)));
    }
    assert!(is_rfc3339(node.text_of("updated")));
    assert!(node.text_of("id").contains(':'));
    node.all("author").for_each(check_person);
    node.all("link").for_each(check_atom_link);
    assert!(node.all("link").filter(|l| l.attr("rel") == Some("alternate")).count() <= 1);
}

#[test]
fn atom_keeps_the_rules() {
    for (name, bytes, stories) in documents(Format::Atom) {
        let feed = parse(&bytes);
        assert_eq!(
            (feed.name.as_str(), feed.attr("xmlns")),
            ("feed", Some("http://www.w3.org/2005/Atom")),
            "{name}"
        );
        check_atom_metadata(&feed);
        assert_eq!(feed.link("self").unwrap().attr("type"), Some("application/atom+xml"));
        assert!(is_language(feed.attr("xml:lang").unwrap()));
        let first_entry = feed.children.iter().position(|c| c.name == "entry").unwrap_or(feed.children.len());
        assert!(feed.children[first_entry..].iter().all(|c| c.name == "entry"), "metadata before entries");

        let entries: Vec<&Node> = feed.all("entry").collect();
        assert_eq!(entries.len(), stories.len());
        let ids: BTreeSet<&str> = entries.iter().map(|e| e.text_of("id")).collect();
        assert_eq!(ids.len(), entries.len(), "ids are unique");
        for entry in entries {
            for one in ["title", "id", "updated", "published", "source"] {
                assert_eq!(entry.all(one).count(), 1, "{one}");
            }
            assert!(!entry.text_of("title").trim().is_empty());
            assert!(entry.text_of("id").starts_with("urn:uuid:"));
            assert!(is_rfc3339(entry.text_of("updated")) && is_rfc3339(entry.text_of("published")));
            assert!(entry.attr("xml:lang").is_none_or(is_language));
            assert!(entry.get("author").is_some());
            entry.all("author").for_each(check_person);
            entry.all("link").for_each(check_atom_link);
            check_atom_metadata(entry.get("source").unwrap());
            assert!(entry.all("link").filter(|l| l.attr("rel") == Some("alternate")).count() <= 1);
            assert!(entry.get("content").is_some() || entry.link("alternate").is_some(), "RFC 4287 §4.1.2");
            for html in entry.all("content").chain(entry.all("summary")) {
                assert!(!html.text.trim().is_empty());
                assert!(matches!(html.attr("type"), Some("html" | "text")));
            }
            assert!(entry.all("category").all(|c| !c.attr("term").unwrap().trim().is_empty()));
            assert!(entry.all("media:thumbnail").all(|t| is_uri(t.attr("url").unwrap())));
        }
    }
}

#[test]
fn rss_keeps_the_rules() {
    for (name, bytes, stories) in documents(Format::Rss) {
        let root = parse(&bytes);
        assert_eq!((root.name.as_str(), root.attr("version")), ("rss", Some("2.0")), "{name}");
        assert_eq!(root.children.len(), 1);
        let channel = root.get("channel").unwrap();
        for one in ["title", "link", "description", "language", "lastBuildDate", "generator", "docs"] {
            assert_eq!(channel.all(one).count(), 1, "{one}");
            assert!(!channel.text_of(one).trim().is_empty(), "{one}");
        }
        assert!(is_uri(channel.text_of("link")));
        assert_eq!(channel.link("self").unwrap().attr("type"), Some("application/rss+xml"));
        let image = channel.get("image").unwrap();
        assert_eq!(
            (image.text_of("title"), image.text_of("link")),
            (channel.text_of("title"), channel.text_of("link"))
        );
        let first = channel.children.iter().position(|c| c.name == "item").unwrap_or(channel.children.len());
        assert!(channel.children[first..].iter().all(|c| c.name == "item"), "items come last");
        assert_eq!(channel.all("item").count(), stories.len());

        let mut guids = BTreeSet::new();
        for item in channel.all("item") {
            let known = [
                "title",
                "link",
                "description",
                "category",
                "comments",
                "enclosure",
                "guid",
                "pubDate",
                "source",
                "content:encoded",
                "dc:creator",
                "dc:language",
                "dc:rights",
                "atom:link",
                "media:thumbnail",
                "media:content",
            ];
            assert!(item.children.iter().all(|c| known.contains(&&*c.name)), "{item:?}");
            let many = ["category", "dc:creator", "atom:link", "media:content"];
            for name in known.iter().filter(|n| !many.contains(n)) {
                assert!(item.all(name).count() <= 1, "{name}");
            }
            assert!(!item.text_of("title").trim().is_empty());
            let guid = item.get("guid").unwrap();
            assert_eq!(guid.attr("isPermaLink"), Some("false"));
            assert!(guids.insert(guid.text.clone()), "guids are unique");
            assert!(item.text_of("pubDate").ends_with(" GMT"));
            assert!(jiff::fmt::rfc2822::parse(item.text_of("pubDate")).is_ok());
            assert!(item.get("link").is_none_or(|l| is_uri(&l.text)));
            assert!(item.get("comments").is_none_or(|l| is_uri(&l.text)));
            assert!(
                item.get("source")
                    .is_none_or(|s| is_uri(s.attr("url").unwrap()) && !s.text.trim().is_empty())
            );
            if let Some(at) = item.children.iter().position(|c| c.name == "content:encoded") {
                assert!(
                    item.children[..at].iter().any(|c| c.name == "description"),
                    "description before content"
                );
            }
            for enclosure in item.all("enclosure") {
                assert!(is_uri(enclosure.attr("url").unwrap()));
                assert!(is_mime(enclosure.attr("type").unwrap()));
                assert!(enclosure.attr("length").unwrap().parse::<u64>().is_ok());
            }
            for media in item.all("media:content").chain(item.all("media:thumbnail")) {
                assert!(is_uri(media.attr("url").unwrap()));
                assert!(media.attr("fileSize").is_none_or(|s| s.parse::<u64>().unwrap() > 0));
                assert!(media.attr("type").is_none_or(is_mime));
            }
            assert!(item.all("dc:creator").count() >= 1);
            assert!(item.all("dc:creator").all(|c| !c.text.trim().is_empty() && !is_email(&c.text)));
            assert!(item.all("category").all(|c| !c.text.trim().is_empty()));
            item.all("atom:link").for_each(check_atom_link);
        }
    }
}

#[test]
fn json_feed_keeps_the_rules() {
    fn string<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
        value.get(key).map(|v| v.as_str().unwrap_or_else(|| panic!("{key} is a string")))
    }
    for (name, bytes, stories) in documents(Format::Json) {
        let text = std::str::from_utf8(&bytes).unwrap();
        let feed: Value = serde_json::from_str(text).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1", "{name}");
        assert!(!string(&feed, "title").unwrap().is_empty());
        for key in ["home_page_url", "feed_url", "icon", "favicon"] {
            assert!(string(&feed, key).is_none_or(is_uri), "{key}");
        }
        assert_eq!(feed["items"].as_array().unwrap().len(), stories.len());
        let mut ids = BTreeSet::new();
        for item in feed["items"].as_array().unwrap() {
            assert!(ids.insert(string(item, "id").unwrap().to_owned()));
            assert!(item.get("content_html").is_some() || item.get("content_text").is_some());
            for key in ["content_html", "content_text", "title", "summary"] {
                assert!(string(item, key).is_none_or(|s| !s.trim().is_empty()), "{key}");
            }
            for key in ["url", "image"] {
                assert!(string(item, key).is_none_or(is_uri), "{key}");
            }
            for key in ["date_published", "date_modified"] {
                assert!(is_rfc3339(string(item, key).unwrap()));
            }
            assert!(string(item, "language").is_none_or(is_language));
            for author in item["authors"].as_array().unwrap() {
                assert!(!string(author, "name").unwrap().is_empty());
                assert!(string(author, "url").is_none_or(is_uri));
            }
            for tag in item.get("tags").into_iter().flat_map(|t| t.as_array().unwrap()) {
                assert!(!tag.as_str().unwrap().trim().is_empty());
            }
            for file in item.get("attachments").into_iter().flat_map(|t| t.as_array().unwrap()) {
                assert!(is_uri(string(file, "url").unwrap()) && is_mime(string(file, "mime_type").unwrap()));
            }
            let sources = item["_kariz"]["sources"].as_array().unwrap();
            assert!(!sources.is_empty());
            for source in sources {
                assert!(
                    !string(source, "id").unwrap().is_empty() && !string(source, "title").unwrap().is_empty()
                );
                assert!(
                    string(source, "feed").is_none_or(is_uri) && string(source, "url").is_none_or(is_uri)
                );
            }
        }
        check_strings(&feed);
    }
}

/// No forbidden character in any string, at any depth.
fn check_strings(value: &Value) {
    match value {
        Value::String(s) => {
            let bad = |c: char| {
                (c < ' ' && !"\t\n".contains(c)) || matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
            };
            assert!(!s.contains(bad), "{s:?}");
        }
        Value::Array(list) => list.iter().for_each(check_strings),
        Value::Object(map) => map.values().for_each(check_strings),
        _ => {}
    }
}

#[test]
fn credentials_never_leave() {
    for format in [Format::Atom, Format::Rss, Format::Json] {
        for (_, bytes, _) in documents(format) {
            let text = String::from_utf8(bytes).unwrap();
            // As a title it is only text; as an address it must be gone.
            for before in
                ["href=\"", "url=\"", "<link>", "<id>", "<uri>", "\"url\": \"", "\"feed\": \"", "<comments>"]
            {
                assert!(!text.contains(&format!("{before}https://user:")), "{before}");
            }
        }
    }
    let mut stories = stories();
    for member in &mut stories[0].members {
        let mut source = (*member.source).clone();
        source.feed_url = "https://reader:hunter2@north.example/feed".into();
        source.feed_id = Some("https://reader:hunter2@north.example/id".into());
        source.link = Some("https://reader:hunter2@north.example/".into());
        member.source = source.into();
        member.entry.article.link = Some("https://reader:hunter2@north.example/1".into());
        member.entry.article.content_html =
            Some("<a href=\"https://reader:hunter2@north.example/2\">x</a>".into());
    }
    let mut urls: Vec<String> = Vec::new();
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let mut channel = channel("x", format);
        channel.base_url = "https://reader:hunter2@valley.example/".parse().unwrap();
        channel.link = Some("https://reader:hunter2@valley.example/".parse().unwrap());
        channel.hubs = vec!["https://reader:hunter2@hub.example/".parse().unwrap()];
        let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
        let bytes = publish::render(&channel, &publish::items(&picks, &channel), &Around::default());
        urls.push(String::from_utf8(bytes).unwrap());
    }
    let infos: Vec<&SourceInfo> = stories[0].members.iter().map(|m| &*m.source).collect();
    urls.push(
        String::from_utf8(publish::opml(&publish::OpmlHead::default(), &publish::outlines(infos))).unwrap(),
    );
    assert!(urls.iter().all(|text| !text.contains("hunter2")));
}

#[test]
fn a_name_space_is_declared_only_where_it_is_used() {
    let channel = Channel { logo: None, ..channel("atom.xml", Format::Atom) };
    let stories = &stories()[2..];
    let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
    let items = publish::items(&picks, &channel);
    let text = String::from_utf8(publish::atom(&channel, &items, &Around::default())).unwrap();
    assert!(!text.contains("xmlns:"), "{}", &text[..400]);
    let stones = [Tombstone { id: "urn:uuid:1".into(), when: at("2026-11-21T00:00:00Z"), merged_into: None }];
    let around = Around { tombstones: &stones, ..Around::default() };
    parse(&publish::atom(&channel, &items, &around));
    parse(&publish::rss(&channel, &items, &Around { closed: true, ..around }));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, ..Default::default() })]
    #[test]
    fn any_text_in_any_field_gives_well_formed_documents(a in ".*", b in "\\PC*", c in "[<>&'\"\\]\\[!/a-z \u{0}-\u{20}]*") {
        let mut story = stories().remove(0);
        let article = &mut story.members[0].entry.article;
        article.title = a.clone();
        article.content_html = Some(c.clone());
        article.summary_html = Some(b.clone());
        article.categories = vec![a.clone(), b.clone(), c.clone()];
        article.authors = vec![Person { name: Some(c), uri: Some(a), email: Some(b) }];
        for format in [Format::Atom, Format::Rss, Format::Json] {
            let channel = channel("x", format);
            let bytes = publish::render(&channel, &publish::items(&[Pick::lead(&story)], &channel), &Around::default());
            if format == Format::Json {
                serde_json::from_slice::<Value>(&bytes).unwrap();
            } else {
                parse(&bytes);
            }
        }
    }
}
