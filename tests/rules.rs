//! Rules, storms of edits and floods, end to end: the real binary against a real HTTP origin on loopback.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;

use binary::{Kariz, rss};
use origin::{Origin, ok};
use serde_json::Value;

const BASE: &str =
    "[feed]\ntitle = \"Town news\"\n[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n";
const MONDAY: &str = "Mon, 02 Nov 2026 06:00:00 GMT";

fn serve(origin: &Origin, path: &str, items: &[(&str, &str, &str, &str, &str)]) {
    let document = rss("Town", items);
    origin.on(path, move |_| ok(&document));
}

fn source(origin: &Origin, id: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nurl = \"{}\"\ninterval = \"1h\"\n{more}\n",
        origin.url(&format!("/{id}"))
    )
}

fn titles(items: &[Value]) -> Vec<&str> {
    let mut titles: Vec<&str> = items.iter().map(|i| i["title"].as_str().unwrap()).collect();
    titles.sort_unstable();
    titles
}

fn count(kariz: &Kariz, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

const ITEMS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "1",
        "LIVE: Regatta on the mill pond",
        "https://town.example/1",
        "Eleven boats start at noon from the jetty.",
        MONDAY,
    ),
    (
        "2",
        "قيمت ناهار در بازار",
        "https://town.example/2",
        "The price of lunch in the covered market went up.",
        MONDAY,
    ),
    (
        "3",
        "Win a hat",
        "https://town.example/ads/3",
        "Advertorial: hats for all heads in our shop today.",
        MONDAY,
    ),
    (
        "4",
        "Choir sings on Sunday",
        "https://town.example/4",
        "The choir sings old songs in the school hall.",
        MONDAY,
    ),
];

const RULES: &str = r#"
[[source.rule]]
name = "songs stay"
on = "title"
contains = "choir"
action = "keep"

[[rule]]
name = "no adverts"
on = "link"
contains = "/ads/"
action = "drop"

[[rule]]
on = "title"
matches = '^LIVE:\s*'
replace = ""

[[rule]]
on = "title"
contains = "قیمت"
tag = "market"

[[rule]]
on = ["title", "text"]
contains = "sunday"
action = "drop"

[[output]]
path = "feed.json"

[[output]]
path = "market.json"
tags = ["market"]
"#;

#[test]
fn rules_drop_tag_and_replace_and_the_sources_own_come_first() {
    let origin = Origin::start();
    serve(&origin, "/town", ITEMS);
    let kariz = Kariz::with_config(&format!("{BASE}{}{RULES}", source(&origin, "town", "")));
    kariz.fetch();
    assert_eq!(
        titles(&kariz.items()),
        ["Choir sings on Sunday", "Regatta on the mill pond", "قيمت ناهار در بازار"]
    );
    let market: Value = serde_json::from_str(&kariz.read("market.json")).unwrap();
    assert_eq!(titles(market["items"].as_array().unwrap()), ["قيمت ناهار در بازار"]);
    // Once more, with another body: what was dropped is not news, and what was replaced is not edited.
    let mut more = ITEMS.to_vec();
    more.push((
        "5",
        "Bridge painted",
        "https://town.example/5",
        "The bridge over the stream is blue now.",
        MONDAY,
    ));
    serve(&origin, "/town", &more);
    let ran = kariz.run(&["fetch", "--all", "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["new_entries"], &report["changed_entries"]), (&1.into(), &0.into()));
    assert_eq!(count(&kariz, "SELECT count(*) FROM entry"), 4);
}

#[test]
fn a_preview_names_the_rule_and_writes_nothing() {
    let origin = Origin::start();
    serve(&origin, "/town", ITEMS);
    let copy = ITEMS[3];
    serve(&origin, "/copy", &[("c", copy.1, "https://www.town.example/4?utm_source=x", copy.3, MONDAY)]);
    let town = format!("{}{RULES}", source(&origin, "town", ""));
    let kariz = Kariz::with_config(&format!("{BASE}{town}"));
    let preview = |arguments: &[&str]| -> Value {
        let ran = kariz.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    };
    let found = preview(&["preview", "--json"]);
    let fates: Vec<_> = found["sources"][0]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (e["fate"].as_str().unwrap(), e["rules"][0]["rule"].as_str(), e["rules"][0]["action"].as_str())
        })
        .collect();
    assert_eq!(fates.len(), 4);
    assert_eq!(fates[2], ("dropped", Some("no adverts"), Some("drop")));
    assert_eq!(fates[3], ("new", Some("songs stay"), Some("keep")));
    assert_eq!((fates[0].0, fates[0].2, fates[1].2), ("new", Some("replace"), Some("tag")));
    assert!(!kariz.path().join("data").exists(), "nothing is written");
    kariz.fetch();
    let (before, entries) = (kariz.snapshot(), count(&kariz, "SELECT count(*) FROM entry"));
    // The copy's own rule lets the choir pass, and it joins the story that is told already.
    let keeps = "[[source.rule]]\naction = \"keep\"";
    kariz.configure(&format!("{BASE}{}{town}", source(&origin, "copy", keeps)));
    let found = preview(&["preview", "copy", "--json"]);
    let entry = &found["sources"][0]["entries"][0];
    assert_eq!(
        (&entry["fate"], &entry["story"]["why"]["stage"]),
        (&"merged".into(), &"url".into()),
        "{found:#}"
    );
    let page = kariz.run(&["preview"]);
    assert!(page.out.contains("merged") && page.out.contains("nothing is new"), "{}", page.out);
    assert_eq!((kariz.snapshot(), count(&kariz, "SELECT count(*) FROM entry")), (before, entries));
    assert_eq!(kariz.run(&["preview", "nobody"]).code, 2);
}

#[test]
fn a_rule_that_is_not_as_it_should_be_is_named_with_its_line() {
    let source = "[[source]]\nurl = \"https://a.example/\"\n";
    for (rule, at, said) in [
        ("contains = \"x\"", "4:1", "does not say what to do"),
        ("action = \"drop\"\non = \"headline\"\ncontains = \"x\"", "6:6", "expected one of"),
        ("action = \"drop\"\ncontain = \"x\"", "6:1", "did you mean `contains`?"),
        ("action = \"dorp\"", "5:10", "did you mean \"drop\"?"),
        ("action = \"drop\"\non = \"title\"", "6:6", "does not say what to look for"),
        ("action = \"drop\"\nmatches = \"(\"", "6:11", "unclosed group"),
        ("action = \"drop\"\nmatches = '(\\w{1000}){1000}'", "6:11", "too large"),
        ("action = \"drop\"\ncontains = \"…\"", "6:12", "no letter"),
        ("contains = \"x\"\ntag = \"a\"\nreplace = \"b\"", "6:7", "more than one thing"),
        ("contains = \"x\"\nequals = \"y\"\ntag = \"a\"", "6:10", "write two rules"),
        ("on = \"link\"\ncontains = \"x\"\nreplace = \"b\"", "5:6", "title and text only"),
    ] {
        let kariz = Kariz::with_config(&format!("{source}\n[[rule]]\n{rule}\n"));
        let ran = kariz.run(&["check"]);
        assert_eq!(ran.code, 2, "{rule}");
        assert!(
            ran.err.contains(&format!("feeds.toml:{at}:")) && ran.err.contains(said),
            "{rule}\n{}",
            ran.err
        );
    }
}

#[test]
fn edits_show_but_a_storm_of_them_moves_updated_five_times() {
    let origin = Origin::start();
    let story = |n: usize| format!("Since noon {n} boats wait before the lock of the mill canal for water.");
    let lay_out = |n: usize| {
        let text = story(n);
        serve(&origin, "/town", &[("1", "Boats wait", "https://town.example/1", &text, MONDAY)]);
    };
    lay_out(10);
    let kariz = Kariz::with_config(&format!("{BASE}{}", source(&origin, "town", "revisions = true")));
    kariz.fetch();
    let mut moves = Vec::new();
    for n in 11..=17 {
        lay_out(n);
        let ran = kariz.run(&["fetch", "--all", "--json"]);
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        moves.push(report["changed_entries"].as_u64().unwrap());
    }
    assert_eq!(moves, [1, 1, 1, 1, 1, 0, 0]);
    assert!(kariz.read("feed.json").contains("17 boats"), "edits show all the same");
    let status: Value = serde_json::from_str(&kariz.run(&["status", "--json"]).out).unwrap();
    let warning = status["sources"][0]["warnings"][0].as_str().unwrap();
    assert!(warning.contains("Boats wait") && warning.contains('5'), "{warning}");
    let why: Value = serde_json::from_str(&kariz.run(&["why", "--json", "1"]).out).unwrap();
    let revisions = why["stories"][0]["entries"][0]["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 7);
    assert!(revisions[0]["text"].as_str().unwrap().contains("10 boats"));
}

#[test]
fn a_new_source_brings_few_entries_and_none_above_newer_news() {
    let origin = Origin::start();
    let news: Vec<_> =
        (1..=3).map(|n| (n.to_string(), format!("News {n} from the town of the mills"))).collect();
    let items: Vec<_> = news
        .iter()
        .map(|(n, title)| (n.as_str(), title.as_str(), "https://town.example/", "", MONDAY))
        .collect();
    serve(&origin, "/town", &items);
    let town = source(&origin, "town", "");
    let kariz = Kariz::with_config(&format!("{BASE}{town}"));
    kariz.fetch();
    // Somebody whose archive has no dates joins.
    let old: String = (1..=60)
        .map(|n| format!("<item><guid>https://old.example/{n}</guid><title>Leaf {n} of the old chronicle</title></item>"))
        .collect();
    let document = format!(
        "<rss version=\"2.0\"><channel><title>Old</title><link>https://old.example/</link><description/>{old}</channel></rss>"
    );
    origin.on("/old", move |_| ok(&document));
    kariz.configure(&format!("{BASE}{town}{}", source(&origin, "old", "new_source_items = 5")));
    kariz.fetch();
    let items = kariz.items();
    assert_eq!(items.len(), 8);
    assert!(items[..3].iter().all(|i| i["title"].as_str().unwrap().starts_with("News")), "{items:#?}");
    assert_eq!(items[3]["title"], "Leaf 1 of the old chronicle");
    // The rest of the archive does not come later as news.
    kariz.run(&["fetch", "--all"]);
    assert_eq!(kariz.items().len(), 8);
}

#[test]
fn a_loud_source_does_not_push_the_others_out() {
    let origin = Origin::start();
    let loud: Vec<_> = (0..40)
        .map(|n| {
            (
                n.to_string(),
                format!("Call number {n} of the market crier"),
                format!("Mon, 02 Nov 2026 07:{n:02}:00 GMT"),
            )
        })
        .collect();
    let items: Vec<_> = loud
        .iter()
        .map(|(n, title, date)| (n.as_str(), title.as_str(), "https://loud.example/", "", date.as_str()))
        .collect();
    serve(&origin, "/loud", &items);
    serve(
        &origin,
        "/calm",
        &[("1", "One quiet note from the library", "https://calm.example/1", "", MONDAY)],
    );
    let config = BASE.replace("[fetch]", "max_items = 10\n[fetch]");
    let sources = format!("{}{}", source(&origin, "loud", "max_items = 3"), source(&origin, "calm", ""));
    let kariz = Kariz::with_config(&format!("{config}{sources}"));
    kariz.fetch();
    let items = kariz.items();
    assert_eq!(items.len(), 4);
    assert_eq!(items[3]["title"], "One quiet note from the library");
}
