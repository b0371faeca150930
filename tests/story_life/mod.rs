//! A story's life: what its id survives, and what makes it another story.

use serde_json::Value;

use crate::binary::{Kariz, rss};
use crate::origin::{Origin, ok};

const TITLE: &str = "Rain closes the northern road of Larkfield";
const ONE: &str = "The northern road was closed at noon on Friday after two days of heavy rain, the road office of Larkfield said. Drivers are asked to take the old pass until the water goes down. At the mill 14 cellars were pumped dry during the night.";
const TWO: &str = "The school garden, planted only in spring, stands under water. We will plant it once more, the gardener Alma Corbin said. The road office wants to look at the bridge on Monday and decide then about buses.";
const MONDAY: &str = "Mon, 02 Nov 2026 06:00:00 GMT";
const TUESDAY: &str = "Tue, 03 Nov 2026 06:00:00 GMT";

type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn serve(origin: &Origin, source: &str, rows: &[Row<'_>]) {
    let document = rss(source, rows);
    origin.on(&format!("/{source}"), move |_| ok(&document));
}

fn planet(origin: &Origin, sources: &[&str]) -> Kariz {
    sources.iter().for_each(|source| serve(origin, source, &[]));
    Kariz::with_sources(sources.iter().map(|source| (*source, origin.url(&format!("/{source}")))))
}

fn again(kariz: &Kariz) {
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

fn text<'v>(item: &'v Value, key: &str) -> &'v str {
    item[key].as_str().unwrap_or_default()
}

#[test]
fn an_id_survives_a_new_lead_and_a_joiner_that_is_dated_back() {
    let origin = Origin::start();
    let kariz = planet(&origin, &["hill", "vale"]);
    serve(&origin, "vale", &[("1", TITLE, "https://vale.example/1", ONE, TUESDAY)]);
    again(&kariz);
    let before = kariz.items().remove(0);
    // Older, longer, and first by name: it speaks for the story from now on.
    let full = format!("{ONE} {TWO}");
    serve(&origin, "hill", &[("1", TITLE, "https://hill.example/1", &full, MONDAY)]);
    again(&kariz);
    let items = kariz.items();
    assert_eq!(items.len(), 1, "{items:#?}");
    assert_eq!(items[0]["id"], before["id"]);
    assert!(text(&items[0], "content_html").contains("school garden"), "{items:#?}");
    assert_eq!(items[0]["date_published"], before["date_published"], "its place stays");
    // And a source that takes its entry back does not take the id along.
    serve(&origin, "vale", &[]);
    again(&kariz);
    assert_eq!(kariz.items()[0]["id"], before["id"]);
}

#[test]
fn two_stories_found_to_be_one_keep_the_older_id_and_the_younger_is_said_to_be_gone() {
    let origin = Origin::start();
    let kariz = planet(&origin, &["hill", "vale", "wold"]);
    serve(&origin, "hill", &[("1", TITLE, "https://hill.example/rain", ONE, MONDAY)]);
    again(&kariz);
    let older = kariz.items().remove(0)["id"].clone();
    serve(&origin, "vale", &[("1", "School garden under water", "https://vale.example/x", TWO, MONDAY)]);
    again(&kariz);
    let items = kariz.items();
    assert_eq!(items.len(), 2);
    let younger = items.iter().map(|i| &i["id"]).find(|id| **id != older).unwrap().clone();
    // The one's headline and text, the other's address.
    let full = format!("{ONE} {TWO}");
    serve(&origin, "wold", &[("1", TITLE, "https://www.vale.example/x?utm_source=w", &full, TUESDAY)]);
    again(&kariz);
    let items = kariz.items();
    assert_eq!(items.iter().map(|i| &i["id"]).collect::<Vec<_>>(), [&older], "{items:#?}");
    let atom = kariz.read("atom.xml");
    let gone = format!("<at:deleted-entry ref=\"{}\"", younger.as_str().unwrap());
    assert!(atom.contains(&gone), "{atom}");
    assert_eq!(atom.matches("<entry").count(), 1);
}

#[test]
fn who_comes_later_meets_what_an_entry_says_now() {
    let origin = Origin::start();
    let kariz = planet(&origin, &["hill", "vale", "wold"]);
    serve(&origin, "hill", &[("1", "Weather report", "https://hill.example/1", "More later.", MONDAY)]);
    again(&kariz);
    let id = kariz.items().remove(0)["id"].clone();
    // The editor filled it in.
    let full = format!("{ONE} {TWO}");
    serve(&origin, "hill", &[("1", TITLE, "https://hill.example/1", &full, MONDAY)]);
    again(&kariz);
    serve(&origin, "vale", &[("7", "Larkfield under water", "https://vale.example/7", ONE, MONDAY)]);
    again(&kariz);
    let items = kariz.items();
    assert_eq!(items.iter().map(|i| &i["id"]).collect::<Vec<_>>(), [&id], "{items:#?}");
    // What it says no more joins nobody.
    serve(&origin, "wold", &[("3", "Weather report", "https://wold.example/3", "More later.", MONDAY)]);
    again(&kariz);
    assert_eq!(kariz.items().len(), 2);
}

#[test]
fn a_new_guid_for_the_same_is_the_same_and_an_old_guid_for_something_else_is_not() {
    let origin = Origin::start();
    let kariz = planet(&origin, &["hill"]);
    serve(&origin, "hill", &[("1", TITLE, "https://hill.example/1", ONE, MONDAY)]);
    again(&kariz);
    let id = kariz.items().remove(0)["id"].clone();
    for (guid, link) in [("2", "https://hill.example/1"), ("3", "https://hill.example/rain-in-larkfield")] {
        serve(&origin, "hill", &[(guid, TITLE, link, ONE, MONDAY)]);
        again(&kariz);
        let items = kariz.items();
        assert_eq!(items.iter().map(|i| &i["id"]).collect::<Vec<_>>(), [&id], "{guid}: {items:#?}");
    }
    serve(
        &origin,
        "hill",
        &[("1", "School garden planted once more", "https://hill.example/9", TWO, TUESDAY)],
    );
    again(&kariz);
    let items = kariz.items();
    assert_eq!(items.len(), 2, "{items:#?}");
    // Seen again as it is, it is the entry that it became.
    again(&kariz);
    assert_eq!(kariz.items(), items);
}
