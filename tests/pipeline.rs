//! The main job, end to end: the real binary against a real HTTP origin on loopback.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;

use std::time::Duration;

use binary::{Kariz, rss};
use origin::{Origin, Step, ms, ok, status};

const BREAD: &str = "The bakery on the market square opens an hour earlier from Monday on, so that the first bread is out \
    before the first train leaves. The baker says that people had asked for it all winter.";
const BRIDGE: &str = "The old bridge over the mill stream is closed for repairs until spring; the detour leads past the \
    school, where drivers are asked to keep to walking speed in the morning and at noon.";

/// Two papers that share the story of the bakery, one with a tracking parameter in its link.
fn two_papers(origin: &Origin) -> Kariz {
    let town = rss(
        "Town",
        &[
            (
                "1",
                "Bakery opens earlier",
                "https://town.example/bread?utm_source=feed",
                BREAD,
                "Mon, 02 Nov 2026 06:00:00 GMT",
            ),
            (
                "2",
                "Bridge closed until spring",
                "https://town.example/bridge",
                BRIDGE,
                "Mon, 02 Nov 2026 07:00:00 GMT",
            ),
        ],
    );
    let valley = rss(
        "Valley",
        &[(
            "1",
            "Bread an hour earlier",
            "http://www.town.example/bread/",
            BREAD,
            "Mon, 02 Nov 2026 08:00:00 GMT",
        )],
    );
    origin.on("/town.xml", move |_| ok(&town));
    origin.on("/valley.xml", move |_| ok(&valley));
    Kariz::with_sources([("town", origin.url("/town.xml")), ("valley", origin.url("/valley.xml"))])
}

#[test]
fn the_same_story_is_published_once_with_everyone_credited() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    let ran = kariz.fetch();
    assert!(
        ran.out.contains("2 source(s) read") && ran.out.contains("3 new entries, 2 new stories"),
        "{}",
        ran.out
    );
    let items = kariz.items();
    assert_eq!(items.len(), 2);
    let bread = items.iter().find(|i| i["title"] == "Bakery opens earlier").expect("the lead's headline");
    let sources = bread["_kariz"]["sources"].as_array().expect("sources");
    assert_eq!(sources.iter().map(|s| s["id"].as_str().unwrap()).collect::<Vec<_>>(), ["town", "valley"]);
    assert_eq!(sources[1]["url"], "http://www.town.example/bread/");
    let atom = feed_rs::parser::parse(kariz.read("atom.xml").as_bytes()).expect("Atom");
    assert_eq!(atom.entries.len(), 2);
    let entry =
        atom.entries.iter().find(|e| e.title.as_ref().is_some_and(|t| t.content.contains("Bakery"))).unwrap();
    assert!(
        entry
            .links
            .iter()
            .any(|l| l.rel.as_deref() == Some("related") && l.href.contains("www.town.example"))
    );
    assert!(kariz.read("rss.xml").contains("<source url="));
    assert!(kariz.read("opml.xml").contains("xmlUrl="));
}

#[test]
fn nothing_new_means_nothing_written() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    kariz.fetch();
    let (before, rows) = (kariz.snapshot(), rows(&kariz));
    // Nobody is due a moment later, and asked all the same everybody says what he said before.
    assert!(kariz.fetch().out.contains("0 source(s) read, 2 not due"));
    let ran = kariz.run(&["fetch", "--all"]);
    assert!(ran.out.contains("2 source(s) read") && ran.out.contains("nothing to publish"), "{}", ran.out);
    assert_eq!(kariz.snapshot(), before);
    assert_eq!(rows, self::rows(&kariz));
    assert_eq!(origin.seen("/town.xml").len(), 2);
}

/// How many entries and stories are stored.
fn rows(kariz: &Kariz) -> (i64, i64) {
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.query_row("SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM story)", [], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })
    .unwrap()
}

/// Eight stories that have nothing to do with each other.
const STORIES: [(&str, &str); 8] = [
    ("Bakery opens an hour earlier", BREAD),
    ("Old bridge closed until spring", BRIDGE),
    (
        "Library lends garden tools",
        "From this week on spades, rakes and two hedge trimmers stand beside the novels; \
        whoever has a reader's card may take them home for ten days, and bring them back clean.",
    ),
    (
        "School choir sings at the station",
        "Forty children will greet the last steam train of the year with songs about \
        snow; the stationmaster has promised hot chocolate and a whistle for everyone who comes.",
    ),
    (
        "Chess club looks for a new room",
        "Since the inn was sold the players have met in a kitchen; the council offers the \
        attic of the fire house, if somebody carries up the tables and mends the third stair.",
    ),
    (
        "Storks have left for the south",
        "The pair on the mill chimney set off on Tuesday with three young ones, nine days \
        later than last year, the volunteer who keeps the nest book noted in pencil.",
    ),
    (
        "Market moves to the church yard",
        "While the square gets new cobbles, vegetables, cheese and honey will be sold \
        under the lime trees; the fishmonger keeps his place at the fountain because of the water.",
    ),
    (
        "Orchard gives eleven tonnes of apples",
        "It was the best harvest since the trees were planted; half of it goes to \
        the cider press in the valley, the rest to the cellar of the hospital kitchen.",
    ),
];

/// Six papers with overlapping stories; `slow` says how long each takes to answer.
fn six_papers(origin: &Origin, slow: impl Fn(usize) -> Duration) -> Vec<(String, String)> {
    (0..6)
        .map(|i| {
            let items: Vec<_> = (0..5)
                .map(|n| {
                    let story = (i + n) % 8;
                    let (headline, text) = STORIES[story];
                    (
                        format!("{i}-{n}"),
                        headline.to_owned(),
                        format!("https://wire.example/story/{story}?utm_source=p{i}"),
                        text.to_owned(),
                        format!("Tue, 03 Nov 2026 0{n}:1{i}:00 GMT"),
                    )
                })
                .collect();
            let borrowed: Vec<_> = items
                .iter()
                .map(|(a, b, c, d, e)| (a.as_str(), b.as_str(), c.as_str(), d.as_str(), e.as_str()))
                .collect();
            let document = rss(&format!("Paper{i}"), &borrowed);
            let (path, wait) = (format!("/{i}.xml"), slow(i));
            origin.on(&path, move |_| {
                let mut steps = vec![Step::Wait(wait)];
                steps.extend(ok(&document));
                steps
            });
            (format!("paper-{i}"), origin.url(&path))
        })
        .collect()
}

fn kariz_for(sources: &[(String, String)]) -> Kariz {
    Kariz::with_sources(sources.iter().map(|(id, url)| (id.as_str(), url.clone())))
}

#[test]
fn the_order_in_which_the_network_answers_makes_no_difference() {
    let origin = Origin::start();
    let sources = six_papers(&origin, |i| ms(60 * i as u64));
    let first = kariz_for(&sources);
    first.fetch();
    assert_eq!(first.items().len(), 8, "eight stories from thirty entries");
    six_papers(&origin, |i| ms(60 * (6 - i as u64)));
    let second = kariz_for(&sources);
    second.fetch();
    assert_eq!(first.bytes(), second.bytes());
}

#[test]
fn a_run_that_was_killed_leaves_no_trace_in_what_is_published() {
    let origin = Origin::start();
    let sources = six_papers(&origin, |_| Duration::ZERO);
    let whole = kariz_for(&sources);
    whole.fetch();
    // Three answer, three hang: the run is killed in the middle of its pass.
    six_papers(&origin, |i| if i % 2 == 0 { Duration::ZERO } else { Duration::from_secs(600) });
    let killed = kariz_for(&sources);
    let mut child = killed.command(&["fetch", "--quiet"]).spawn().unwrap();
    let database = killed.path().join("data/kariz.db");
    let recorded = || {
        rusqlite::Connection::open_with_flags(&database, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|db| {
                db.query_row("SELECT count(*) FROM source WHERE last_success IS NOT NULL", [], |r| {
                    r.get::<_, i64>(0)
                })
            })
            .unwrap_or(0)
    };
    for _ in 0..2000 {
        if recorded() == 3 {
            break;
        }
        std::thread::sleep(ms(5));
    }
    assert_eq!(recorded(), 3, "half of the sources are recorded");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(killed.bytes().is_empty(), "nothing is published half done");
    six_papers(&origin, |_| Duration::ZERO);
    let ran = killed.fetch();
    assert!(ran.out.contains("3 source(s) read"), "the others are not asked again: {}", ran.out);
    assert_eq!(killed.bytes(), whole.bytes());
}

#[test]
fn one_bad_source_hurts_nobody_and_is_named() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    origin.on("/valley.xml", |_| status(500, &[], "oops"));
    let ran = kariz.fetch();
    assert!(ran.err.contains("valley:"), "{}", ran.err);
    assert_eq!(kariz.items().len(), 2);
    let status = kariz.run(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status.out).expect("JSON");
    let valley = status["sources"].as_array().unwrap().iter().find(|s| s["id"] == "valley").unwrap();
    assert_eq!(
        (&valley["state"], &valley["error_kind"], &valley["http_status"]),
        (&"failing".into(), &"server_error".into(), &500.into())
    );
    assert_eq!(kariz.run(&["fetch", "--all", "--strict", "--quiet"]).code, 4);
}

#[test]
fn what_is_odd_about_a_source_is_told_to_people_too() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    // A feed that breaks off in the middle is read as far as it goes, and that is said.
    origin.on("/valley.xml", |_| {
        ok("<rss version=\"2.0\"><channel><title>Valley</title><item><title>The mill turns again</title><guid>m1</guid><description>Water & wheels")
    });
    kariz.fetch();
    let json: serde_json::Value = serde_json::from_str(&kariz.run(&["status", "--json"]).out).expect("JSON");
    let valley = json["sources"].as_array().unwrap().iter().find(|s| s["id"] == "valley").unwrap();
    let warning = valley["warnings"][0].as_str().expect("a warning").split_whitespace().next().unwrap();
    let told = kariz.run(&["status"]).out;
    let lines: Vec<&str> = told.lines().skip_while(|l| !l.starts_with("valley")).collect();
    assert!(lines[1].contains("warning: ") && lines[1].contains(warning), "{told}");
}

#[test]
fn when_nothing_can_be_reached_the_feed_stays_as_it_was() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    // A page is asked for by way of its robots.txt: that nobody answers is no less true for it.
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    let page = origin.url("/news/");
    kariz.configure(&format!("{toml}\n[[source]]\nid = \"page\"\nkind = \"page\"\nurl = \"{page}\"\n"));
    kariz.fetch();
    let before = kariz.snapshot();
    drop(origin);
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0);
    for part in ["town:", "valley:", "page:", "offline"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert_eq!(kariz.snapshot(), before);
}

#[test]
fn exit_codes_are_as_documented() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    kariz.fetch();
    assert_eq!(kariz.run(&["check"]).code, 0);
    assert_eq!(kariz.run(&["fetch", "--config", "none.toml"]).code, 2);
    assert_eq!(kariz.run(&["fetch", "--no-such-flag"]).code, 2);
    kariz.configure("[[source]]\nurl = \"https://a.example/\"\nintervall = \"1h\"\n");
    let ran = kariz.run(&["check"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("feeds.toml:3:1: unknown key `intervall`"), "{}", ran.err);
}

#[test]
fn a_second_run_is_told_who_holds_the_data() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    origin.on("/town.xml", |_| vec![Step::Hang]);
    let mut child = kariz.command(&["fetch", "--quiet"]).spawn().unwrap();
    for _ in 0..2000 {
        if !origin.seen("/town.xml").is_empty() {
            break;
        }
        std::thread::sleep(ms(5));
    }
    let ran = kariz.run(&["fetch"]);
    let pid = child.id().to_string();
    // Looking is free meanwhile.
    assert_eq!(kariz.run(&["status"]).code, 0);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains(&format!("process {pid}")), "{}", ran.err);
}

#[test]
fn files_are_sources_too() {
    let kariz = Kariz::with_config("[[source]]\nurl = \"notes.xml\"\n");
    let document =
        rss("Notes", &[("1", "A note", "https://notes.example/1", BREAD, "Mon, 02 Nov 2026 06:00:00 GMT")]);
    std::fs::write(kariz.path().join("notes.xml"), document).unwrap();
    kariz.fetch();
    assert_eq!(kariz.items().len(), 1);
}

#[test]
fn a_source_that_moves_keeps_its_history() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    kariz.fetch();
    let before = kariz.items();
    let new_place = rss(
        "Town",
        &[(
            "1",
            "Bakery opens earlier",
            "https://town.example/bread?utm_source=feed",
            BREAD,
            "Mon, 02 Nov 2026 06:00:00 GMT",
        )],
    );
    origin.on("/new.xml", move |_| ok(&new_place));
    kariz.configure(
        &std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap().replace("/town.xml", "/new.xml"),
    );
    let ran = kariz.fetch();
    assert!(ran.out.contains("1 source(s) read") && ran.out.contains("0 new entries"), "{}", ran.out);
    let ids = |items: &[serde_json::Value]| items.iter().map(|i| i["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&kariz.items()), ids(&before));
}

#[test]
fn a_source_that_is_taken_out_leaves_the_feed_and_comes_back_with_its_ids() {
    let origin = Origin::start();
    let kariz = two_papers(&origin);
    kariz.fetch();
    let before = kariz.items();
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).unwrap();
    kariz.configure(&toml.replace("id = \"town\"", "id = \"town\"\nenabled = false"));
    kariz.fetch();
    assert_eq!(kariz.items().len(), 1, "the valley still tells of the bread");
    kariz.configure(&toml);
    kariz.fetch();
    assert_eq!(kariz.items(), before);
}

/// An invented report: the same number gives the same words, another number others.
fn report(n: u64) -> (String, String) {
    const SYLLABLES: [&str; 16] =
        ["ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "zi", "fo", "gu", "ha"];
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || -> String {
        (0..3)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                SYLLABLES[(state >> 60) as usize]
            })
            .collect()
    };
    let mut words = |count: usize| (0..count).map(|_| word()).collect::<Vec<_>>().join(" ");
    (words(7), words(45))
}

/// A pass decides on stories while it prepares what comes next; what is prepared must know of what is being decided.
#[test]
fn stories_are_found_however_many_entries_stand_between_their_tellers() {
    const STORIES: u64 = 2_200;
    let paper = |name: &str, day: &str| {
        let items: Vec<_> = (0..STORIES)
            .map(|n| {
                let (title, text) = report(n);
                let time = format!("{day} {:02}:{:02}:{:02} GMT", n / 3_600, n / 60 % 60, n % 60);
                (n.to_string(), title, format!("https://{name}.example/{n}"), text, time)
            })
            .collect();
        let borrowed: Vec<_> = items
            .iter()
            .map(|(guid, title, link, text, time)| {
                (guid.as_str(), title.as_str(), link.as_str(), text.as_str(), time.as_str())
            })
            .collect();
        rss(name, &borrowed)
    };
    let origin = Origin::start();
    let (first, second) = (paper("town", "Mon, 02 Nov 2026"), paper("valley", "Wed, 04 Nov 2026"));
    origin.on("/town.xml", move |_| ok(&first));
    origin.on("/valley.xml", move |_| ok(&second));
    let kariz = Kariz::with_config(&format!(
        "[feed]\ntitle = \"Both\"\n[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n\
         [defaults]\nnew_source_items = 100000\n\
         [[source]]\nid = \"town\"\nurl = {:?}\n[[source]]\nid = \"valley\"\nurl = {:?}\n",
        origin.url("/town.xml"),
        origin.url("/valley.xml"),
    ));
    let ran = kariz.fetch();
    let expected = format!("{} new entries, {STORIES} new stories", 2 * STORIES);
    assert!(ran.out.contains(&expected), "{}{}", ran.out, ran.err);
}
