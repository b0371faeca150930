//! Around the documents: what is selected, what is gone, the archive, addresses and ids, the list of sources.

mod publish_support;

use std::time::Duration;

use kariz::model::*;
use kariz::publish::{
    self, Around, Channel, Format, OpmlHead, OpmlOutline, Part, Pick, Selection, Tombstone, archive,
    archive_path, select,
};
use publish_support::*;

#[test]
fn a_selection_takes_what_it_names() {
    let mut stories = stories();
    let mut tagged = (*stories[0].members[1].source).clone();
    tagged.tags = vec!["Roads".into()];
    stories[0].members[1].source = tagged.into();
    let now = at("2026-11-22T00:00:00Z");
    let titles = |selection: &Selection| -> Vec<String> {
        select(&stories, selection, now).iter().map(|p| p.member().entry.article.title.clone()).collect()
    };
    let all = Selection::default();
    assert_eq!(
        titles(&all),
        ["Bridge opens after ten years", "باران در شمال می‌بارد", "Market moves to Friday"]
    );
    let tag = Selection { tags: vec!["roads".into()], ..all.clone() };
    assert_eq!(titles(&tag), ["Bridge is open"], "told by the member that was asked for");
    let south = Selection { sources: vec!["south".into()], ..all.clone() };
    assert_eq!(titles(&south), ["Bridge is open", "Market moves to Friday"]);
    let persian = Selection { language: Some("FA".into()), ..all.clone() };
    assert_eq!(titles(&persian), ["باران در شمال می‌بارد"]);
    let both = Selection { tags: vec!["roads".into()], sources: vec!["north".into()], ..all.clone() };
    assert!(titles(&both).is_empty());
    let young = Selection { max_age: Some(Duration::from_secs(35 * 3600)), ..all.clone() };
    assert_eq!(titles(&young).len(), 2);
    let few = Selection { max_items: Some(1), ..all };
    assert_eq!(titles(&few), ["Bridge opens after ten years"]);
}

#[test]
fn one_loud_source_does_not_push_the_others_out() {
    let loud = SourceInfo { max_items: Some(2), ..source("loud") };
    let mut stories: Vec<Story> = (0..10)
        .map(|n| {
            story(
                n,
                vec![member(
                    loud.clone(),
                    &n.to_string(),
                    "More of the same",
                    &format!("2026-11-21T1{n}:00:00Z"),
                )],
            )
        })
        .collect();
    stories.push(story(50, vec![member(source("quiet"), "q", "One good story", "2026-11-01T00:00:00Z")]));
    let selection = Selection { max_items: Some(3), ..Selection::default() };
    let picks = select(&stories, &selection, at("2026-11-22T00:00:00Z"));
    let names: Vec<&str> = picks.iter().map(|p| &*p.member().source.id).collect();
    assert_eq!(names, ["loud", "loud", "quiet"]);
    stories.push(stories[10].clone());
    assert_eq!(select(&stories, &selection, at("2026-11-22T00:00:00Z")).len(), 3, "an id comes once");
}

#[test]
fn what_is_gone_is_said_to_be_gone() {
    let channel = channel("atom.xml", Format::Atom);
    let tombstones = [
        Tombstone { id: "urn:uuid:1".into(), when: at("2026-11-21T12:00:00Z"), merged_into: None },
        Tombstone {
            id: "urn:uuid:2&<".into(),
            when: at("2026-11-21T13:00:00Z"),
            merged_into: Some("urn:uuid:1".into()),
        },
    ];
    let feed = parse(&publish::atom(&channel, &[], &Around { tombstones: &tombstones, ..Around::default() }));
    assert_eq!(feed.attr("xmlns:at"), Some("http://purl.org/atompub/tombstones/1.0"));
    let gone: Vec<_> =
        feed.all("at:deleted-entry").map(|n| (n.attr("ref").unwrap(), n.attr("when").unwrap())).collect();
    assert_eq!(gone, [("urn:uuid:1", "2026-11-21T12:00:00Z"), ("urn:uuid:2&<", "2026-11-21T13:00:00Z")]);
}

#[test]
fn a_part_of_the_archive_says_what_it_is_and_where_its_neighbours_are() {
    let channel = channel("atom.xml", Format::Atom);
    let stories = stories();
    let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
    let items = publish::items(&picks, &channel);
    let (first, second): (Part, Part) = ("2026-10".parse().unwrap(), "2026-11".parse().unwrap());
    let gone = [Tombstone { id: "urn:uuid:1".into(), when: at("2026-11-21T12:00:00Z"), merged_into: None }];
    let document = archive(&channel, second, &items, Some(first), &gone);
    let node = parse(&document);
    assert!(node.get("fh:archive").is_some() && node.get("at:deleted-entry").is_some());
    assert_eq!(node.text_of("id"), channel.id, "one logical feed");
    for (rel, file) in
        [("self", "archive/2026-11.xml"), ("current", "atom.xml"), ("prev-archive", "archive/2026-10.xml")]
    {
        let expected = format!("https://valley.example/news/{file}");
        assert_eq!(node.link(rel).unwrap().attr("href"), Some(&*expected), "{rel}");
    }
    // The one after it is not there yet, and a closed part takes no link later.
    assert!(node.link("next-archive").is_none());
    assert_eq!(node.all("entry").count(), stories.len());
    let oldest = parse(&archive(&channel, first, &items, None, &[]));
    assert!(oldest.link("prev-archive").is_none());
}

#[test]
fn a_part_that_has_another_address_now_differs_in_nothing_else() {
    let stories = stories();
    let picks: Vec<Pick<'_>> = stories.iter().map(Pick::lead).collect();
    let (first, second): (Part, Part) = ("2026-10".parse().unwrap(), "2026-11".parse().unwrap());
    for (path, format) in [("atom.xml", Format::Atom), ("tags/خبر/rss.xml", Format::Rss)] {
        for link in [None, Some("https://valley.example/news/about".parse().unwrap())] {
            let mut here = channel(path, format);
            here.link = link;
            here.base_url = "https://valley.example/news/?a=1".parse().unwrap();
            let mut there = here.clone();
            there.base_url = "https://hill.example/deep/er".parse().unwrap();
            let made = |channel: &Channel, picks: &[Pick<'_>]| {
                let items = publish::items(picks, channel);
                String::from_utf8(archive(channel, second, &items, Some(first), &[])).unwrap()
            };
            for picks in [&picks[..], &[]] {
                let (old, new) = (made(&here, picks), made(&there, picks));
                assert_eq!(publish::moved(&old, &there, second), Some(new.clone()), "{path}");
                assert_eq!(publish::moved(&new, &there, second), Some(new), "it is there already");
            }
            assert_eq!(publish::moved(&made(&here, &picks), &there, first), None, "another part");
        }
    }
    assert_eq!(publish::moved("not a document", &channel("atom.xml", Format::Atom), first), None);
}

#[test]
fn archives_of_two_outputs_do_not_meet() {
    let month = Part::after(None, at("2026-11-22T00:00:00Z"));
    assert_eq!(archive_path("atom.xml", month), "archive/2026-11.xml");
    assert_eq!(archive_path("tags/news/atom.xml", month), "tags/news/archive/2026-11.xml");
    assert_eq!(archive_path("tags/news.xml", month), "tags/news/archive/2026-11.xml");
    assert_eq!(archive_path("all", month), "all/archive/2026-11.xml");
}

#[test]
fn addresses_are_right_behind_a_proxy_and_in_any_script() {
    let base = |s: &str| {
        Channel::new(s.parse().unwrap(), "tags/خبر روز/atom.xml", Format::Atom, "urn:x:y", "t").self_url()
    };
    let tail = "tags/%D8%AE%D8%A8%D8%B1%20%D8%B1%D9%88%D8%B2/atom.xml";
    assert_eq!(base("https://valley.example"), format!("https://valley.example/{tail}"));
    assert_eq!(base("https://valley.example/news"), format!("https://valley.example/news/{tail}"));
    assert_eq!(base("https://valley.example/news/?x#y"), format!("https://valley.example/news/{tail}"));
    assert_eq!(base("http://127.0.0.1:8080/"), format!("http://127.0.0.1:8080/{tail}"));
}

#[test]
fn outputs_have_ids_of_their_own_that_need_no_memory() {
    let feed = "urn:uuid:0b3b7a9e-6f1c-4a53-9d59-0d7c6f3f2a11";
    let one = publish::output_id(feed, "tags/news.xml");
    assert!(one.starts_with("urn:uuid:"));
    assert_eq!(one, publish::output_id(feed, "tags/news.xml"));
    assert_ne!(one, publish::output_id(feed, "tags/sport.xml"));
    assert_ne!(one, publish::output_id("https://valley.example/", "tags/news.xml"));
}

#[test]
fn opml_lists_the_sources_and_reads_back() {
    let one = SourceInfo {
        tags: vec!["news, local".into(), "fa".into()],
        title: "A \"quoted\" & <odd>\nname".into(),
        ..source("north")
    };
    let file = SourceInfo { feed_url: "file:///home/reader/feed.xml".into(), ..source("local") };
    let list = [source("south"), one, file];
    let lines = publish::outlines(&list);
    let head = OpmlHead {
        title: "Sources of Valley News".into(),
        owner_name: Some("Valley Desk".into()),
        owner_id: Some("https://valley.example/".into()),
        date_modified: Some(at("2026-11-21T10:00:00Z")),
    };
    let bytes = publish::opml(&head, &lines);
    let root = parse(&bytes);
    assert_eq!((root.name.as_str(), root.attr("version")), ("opml", Some("2.0")));
    let h = root.get("head").unwrap();
    assert_eq!(h.text_of("title"), "Sources of Valley News");
    assert_eq!(h.text_of("dateModified"), "Sat, 21 Nov 2026 10:00:00 GMT");
    let body = root.get("body").unwrap();
    let read: Vec<_> = body
        .children
        .iter()
        .map(|o| {
            (
                o.attr("type").unwrap(),
                o.attr("text").unwrap(),
                o.attr("xmlUrl").unwrap(),
                o.attr("htmlUrl").unwrap(),
                o.attr("category"),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            (
                "rss",
                "A \"quoted\" & <odd> name",
                "https://north.example/feed.xml",
                "https://north.example/",
                Some("news local,fa")
            ),
            ("rss", "The south Gazette", "https://south.example/feed.xml", "https://south.example/", None),
        ],
        "in the order of titles, without files of this machine"
    );
    let group = OpmlOutline { title: "Group".into(), children: lines, ..OpmlOutline::default() };
    let nested = parse(&publish::opml(&head, &[group]));
    let outline = nested.get("body").unwrap().get("outline").unwrap();
    assert_eq!(
        (outline.attr("text"), outline.attr("type"), outline.children.len()),
        (Some("Group"), None, 2)
    );
}
