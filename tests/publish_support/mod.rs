//! Stories to publish, and a strict reader of what was published.
#![allow(dead_code)] // each test file uses its own part

use std::sync::Arc;

use jiff::Timestamp;
use kariz::model::*;
use kariz::publish::{Channel, Format};
use quick_xml::events::Event;

pub fn at(s: &str) -> Timestamp {
    s.parse().unwrap()
}

pub fn channel(path: &str, format: Format) -> Channel {
    Channel {
        subtitle: Some("What the valley talks about".into()),
        author: Some(Person {
            name: Some("Valley Desk".into()),
            email: Some("desk@valley.example".into()),
            ..Person::default()
        }),
        language: Some("en".into()),
        rights: Some("Each article belongs to its author".into()),
        icon: Some("https://valley.example/icon.png".parse().unwrap()),
        logo: Some("https://valley.example/logo.png".parse().unwrap()),
        hubs: vec!["https://hub.valley.example/".parse().unwrap()],
        ..Channel::new(
            "https://valley.example/news".parse().unwrap(),
            path,
            format,
            "urn:uuid:0b3b7a9e-6f1c-4a53-9d59-0d7c6f3f2a11",
            "Valley News & More",
        )
    }
}

pub fn source(id: &str) -> SourceInfo {
    SourceInfo {
        id: id.into(),
        title: format!("The {id} Gazette"),
        feed_url: format!("https://{id}.example/feed.xml"),
        link: Some(format!("https://{id}.example/")),
        language: Some("en".into()),
        content: ContentPolicy::Full,
        updated: Some(at("2026-11-20T06:00:00Z")),
        ..SourceInfo::default()
    }
}

pub fn member(source: SourceInfo, guid: &str, title: &str, published: &str) -> Member {
    let link = Some(format!("https://{}.example/{guid}", source.id));
    Member {
        entry: Entry {
            position: 0,
            key: 1,
            source: SourceId::from(&*source.id),
            guid: guid.into(),
            article: Article {
                link,
                title: title.into(),
                summary_html: Some(format!("Short: {title}")),
                content_html: Some(format!("<p>Long: {title}</p>")),
                language: source.language.clone(),
                ..Article::default()
            },
            published: at(published),
            updated: at(published),
            first_seen: at(published),
            position: 0,
        },
        source: Arc::new(source),
        why: None,
    }
}

pub fn story(number: u128, members: Vec<Member>) -> Story {
    Story {
        id: uuid::Uuid::from_u128(0x8000_4000_8000_0000_0000_0000_0000 + number).urn().to_string(),
        published: members[0].entry.published,
        updated: members[0].entry.updated,
        members,
    }
}

/// A small, varied news day.
pub fn stories() -> Vec<Story> {
    let mut bridge = member(source("north"), "1", "Bridge opens after ten years", "2026-11-21T08:30:00Z");
    bridge.entry.updated = at("2026-11-21T10:00:00Z");
    bridge.entry.article.authors = vec![Person {
        name: Some("Mina Test".into()),
        uri: Some("https://north.example/mina".into()),
        email: Some("mina@north.example".into()),
    }];
    bridge.entry.article.categories = vec!["Traffic".into(), "Town & Land".into()];
    bridge.entry.article.image = Some("https://north.example/bridge.jpg?w=100&h=50".into());
    bridge.entry.article.comments = Some("https://north.example/1/comments".into());
    bridge.entry.article.rights = Some("CC BY 4.0".into());
    bridge.entry.article.enclosures = vec![
        Enclosure {
            url: "https://north.example/a.mp3?x=1&y=2".into(),
            media_type: Some("audio/mpeg".into()),
            length: Some(12345),
            title: Some("Interview".into()),
            duration: Some(61),
        },
        Enclosure { url: "https://north.example/b.mp4".into(), ..Enclosure::default() },
    ];
    let mut too = member(source("south"), "b", "Bridge is open", "2026-11-21T09:00:00Z");
    too.entry.article.categories = vec!["traffic".into(), "Bridges".into()];
    too.why = Some(Why { stage: Stage::NearText, score: 0.75, reason: "9 of 12 shingles".into() });
    let mut first = story(1, vec![bridge, too]);
    first.updated = at("2026-11-21T10:00:00Z");

    let persian = SourceInfo {
        language: Some("fa".into()),
        title: "روزنامهٔ دره".into(),
        feed_id: Some("tag:dare.example,2020:feed".into()),
        subtitle: Some("خبرهای دره".into()),
        rights: Some("همهٔ حقوق محفوظ است".into()),
        authors: vec![Person { name: Some("تحریریه".into()), ..Person::default() }],
        ..source("dare")
    };
    let mut rain = member(persian, "باران", "باران در شمال می‌بارد", "2026-11-21T07:00:00Z");
    rain.entry.article.direction = Direction::Rtl;
    rain.entry.article.summary_html = Some("باران از دیشب می‌بارد".into());
    rain.entry.article.content_html = Some("<p>باران از دیشب می‌بارد.</p><p>Heavy rain</p>".into());
    let second = story(2, vec![rain]);

    let third =
        story(3, vec![member(source("south"), "c", "Market moves to Friday", "2026-11-20T12:00:00Z")]);
    vec![first, second, third]
}

/// An element of a parsed document.
#[derive(Debug, Default, Clone)]
pub struct Node {
    pub name: String,
    pub attrs: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == name)
    }
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }
    pub fn text_of(&self, name: &str) -> &str {
        self.get(name).map_or("", |n| &n.text)
    }
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(k, _)| k == name).map(|(_, v)| &**v)
    }
    pub fn link(&self, rel: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name.ends_with("link") && c.attr("rel") == Some(rel))
    }
    pub fn walk(&self, f: &mut impl FnMut(&Node)) {
        f(self);
        self.children.iter().for_each(|c| c.walk(f));
    }
}

/// Reads XML strictly: well-formed, no forbidden character, every prefix declared and used.
pub fn parse(bytes: &[u8]) -> Node {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(
        text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
        "{}",
        &text[..60.min(text.len())]
    );
    for c in text.chars() {
        assert!(
            matches!(c, '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..),
            "forbidden character {c:?}"
        );
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut stack = vec![Node::default()];
    let open = |e: &quick_xml::events::BytesStart<'_>| {
        let name = e.name().as_ref().to_owned();
        let attrs = e.attributes().map(|a| {
            let a = a.expect("well-formed attribute");
            let raw: &str = &a.value;
            assert!(!raw.contains('<'), "unescaped < in attribute: {raw}");
            let value = quick_xml::escape::unescape(raw).expect("known references");
            (a.key.as_ref().to_owned(), value.into_owned())
        });
        Node { name, attrs: attrs.collect(), ..Node::default() }
    };
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(e) => stack.push(open(&e)),
            Event::Empty(e) => {
                let node = open(&e);
                stack.last_mut().unwrap().children.push(node);
            }
            Event::End(_) => {
                let node = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(node);
            }
            Event::Text(t) => {
                assert!(!t.contains("]]>"), "]]> in text");
                stack.last_mut().unwrap().text.push_str(&t);
            }
            Event::CData(t) => stack.last_mut().unwrap().text.push_str(&t),
            Event::GeneralRef(r) => {
                let resolved = match r.resolve_char_ref().expect("a character reference") {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&r)
                        .expect("a predefined entity")
                        .to_owned(),
                };
                stack.last_mut().unwrap().text.push_str(&resolved);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(stack.len(), 1, "closed");
    let root = stack.pop().unwrap().children.pop().expect("a root");
    check_prefixes(&root);
    root
}

fn check_prefixes(root: &Node) {
    let mut used = std::collections::BTreeSet::new();
    let mut declared = std::collections::BTreeSet::new();
    root.walk(&mut |node| {
        if let Some((prefix, _)) = node.name.split_once(':') {
            used.insert(prefix.to_owned());
        }
        for (key, _) in &node.attrs {
            match key.split_once(':') {
                Some(("xmlns", prefix)) => {
                    declared.insert(prefix.to_owned());
                }
                Some((prefix, _)) if prefix != "xml" => {
                    used.insert(prefix.to_owned());
                }
                _ => {}
            }
        }
    });
    assert_eq!(used, declared, "prefixes used and declared");
}
