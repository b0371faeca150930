//! What well-known readers need of a feed, and what one of them makes of ours.
//!
//! FreshRSS and Miniflux know an entry by its id (`guid`) and take `content:encoded` before `description`; NetNewsWire
//! and both of them show who wrote it from `dc:creator` and `atom:author`, and where from by `atom:source` and `source`;
//! newsboat has the guid for the key of its whole database.

#[path = "support/binary.rs"]
mod binary;
mod publish_support;

use std::process::{Command, Stdio};

use binary::Kariz;
use publish_support::parse;

const SOURCE: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Town paper</title><link>https://town.example/</link><description/>
<item><guid isPermaLink="false">a</guid><title>TITLE</title><link>https://town.example/a</link><dc:creator>Nora Example</dc:creator><pubDate>Mon, 02 Nov 2026 06:00:00 GMT</pubDate>
<description>Short text</description><content:encoded><![CDATA[<p>Long text, <a href="/more">with more</a></p>]]></content:encoded><enclosure url="https://town.example/a.mp3" length="12345" type="audio/mpeg"/></item>
<item><guid isPermaLink="false">b</guid><title>بازار فردا باز است</title><link>https://town.example/b</link><pubDate>Mon, 02 Nov 2026 07:00:00 GMT</pubDate><description>متن کوتاه</description></item>
</channel></rss>"#;

fn setup() -> Kariz {
    let kariz = Kariz::with_config(
        "[feed]\ntitle = \"Town news\"\nbase_url = \"https://news.example/\"\n[[source]]\nid = \"town\"\nurl = \"town.xml\"\n",
    );
    say(&kariz, "Bakery opens earlier");
    kariz.fetch();
    kariz
}

fn say(kariz: &Kariz, title: &str) {
    std::fs::write(kariz.path().join("town.xml"), SOURCE.replace("TITLE", title)).unwrap();
}

#[test]
fn an_edit_changes_neither_the_guid_nor_the_date_and_moves_updated() {
    let kariz = setup();
    let of = |kariz: &Kariz| {
        let atom = parse(kariz.read("atom.xml").as_bytes());
        let entry = atom
            .all("entry")
            .find(|e| e.link("alternate").unwrap().attr("href") == Some("https://town.example/a"));
        let rss = parse(kariz.read("rss.xml").as_bytes());
        let item = rss
            .get("channel")
            .unwrap()
            .all("item")
            .find(|i| i.text_of("link") == "https://town.example/a")
            .cloned();
        (entry.unwrap().clone(), item.unwrap())
    };
    let (entry, item) = of(&kariz);
    assert_eq!(item.text_of("guid"), entry.text_of("id"), "one id in every format");
    assert_eq!(item.text_of("content:encoded"), entry.text_of("content"));
    assert!(item.text_of("content:encoded").contains("https://town.example/more"));
    assert_eq!(
        (item.text_of("dc:creator"), entry.get("author").unwrap().text_of("name")),
        ("Nora Example", "Nora Example")
    );
    assert_eq!(
        (item.text_of("source"), entry.get("source").unwrap().text_of("title")),
        ("Town paper", "Town paper")
    );

    say(&kariz, "Bakery opens an hour earlier");
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    let (after, item_after) = of(&kariz);
    assert_eq!(after.text_of("title"), "Bakery opens an hour earlier");
    for (before, after) in [(&entry, &after), (&item, &item_after)] {
        for name in ["id", "guid", "published", "pubDate"] {
            assert_eq!(before.text_of(name), after.text_of(name), "{name}");
        }
    }
    assert!(after.text_of("updated") > entry.text_of("updated"));
}

/// Guid, title, address, author, date, text.
type Read = (String, String, String, String, i64, String);

/// Where newsboat is installed, it reads Atom and RSS to the same items.
#[test]
fn newsboat_reads_what_we_publish() {
    let is_there = Command::new("newsboat").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if is_there.is_err() {
        eprintln!("SKIPPED: newsboat is not installed");
        return;
    }
    let kariz = setup();
    let items: Vec<Vec<Read>> = ["atom.xml", "rss.xml"]
        .iter()
        .map(|feed| {
            let home = tempfile::tempdir().unwrap();
            let file = |name: &str| home.path().join(name);
            std::fs::write(file("urls"), format!("file://{}\n", kariz.published(feed).display())).unwrap();
            std::fs::write(file("config"), "").unwrap();
            let status = Command::new("newsboat")
                .env("HOME", home.path())
                .args([
                    &"-u".into(),
                    &file("urls"),
                    &"-c".into(),
                    &file("cache"),
                    &"-C".into(),
                    &file("config"),
                    &"-x".into(),
                    &"reload".into(),
                ] as [&std::path::PathBuf; 8])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status()
                .unwrap();
            assert!(status.success());
            let db = rusqlite::Connection::open(file("cache")).unwrap();
            let mut rows = db
                .prepare("SELECT guid, title, url, author, pubDate, content FROM rss_item ORDER BY guid")
                .unwrap();
            let read = |row: &rusqlite::Row<'_>| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            };
            rows.query_map([], read).unwrap().map(Result::unwrap).collect()
        })
        .collect();
    assert_eq!(items[0].len(), 2);
    for (atom, rss) in items[0].iter().zip(&items[1]) {
        assert_eq!((&atom.0, &atom.1, &atom.2, atom.4), (&rss.0, &rss.1, &rss.2, rss.4));
        assert!(atom.0.starts_with("urn:uuid:") && !atom.5.is_empty() && !rss.5.is_empty());
    }
    let bakery = items[1].iter().find(|i| i.2 == "https://town.example/a").unwrap();
    assert!(
        bakery.3.contains("Nora Example") && bakery.5.contains("https://town.example/more"),
        "{bakery:?}"
    );
    assert!(items[0].iter().any(|i| i.1 == "بازار فردا باز است"));
}
