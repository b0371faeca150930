//! `kariz why` and `kariz search`: the real binary against a real HTTP origin on loopback.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;
mod story_life;

use binary::{Kariz, rss};
use origin::{Origin, ok};
use serde_json::Value;

const BREAD: &str = "The bakery on the market square opens an hour earlier from Monday on, so that the first bread is out \
    before the first train leaves. The baker says that people had asked for it all winter.";
const BRIDGE: &str = "The old bridge over the mill stream is closed for repairs until spring; the detour leads past the \
    school, where drivers are asked to keep to walking speed in the morning and at noon.";
const PRICE: &str = "At noon the kilo of tomatoes stood at 40 crowns on the market square, said the stallholders, who count \
    on a good harvest this year and on many visitors at the weekend fair.";

const MONDAY: &str = "Mon, 02 Nov 2026 06:00:00 GMT";
const TUESDAY: &str = "Tue, 03 Nov 2026 06:00:00 GMT";

fn json(kariz: &Kariz, arguments: &[&str]) -> Value {
    let ran = kariz.run(arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

fn papers() -> (Origin, Kariz) {
    let origin = Origin::start();
    let dearer = PRICE.replace("40", "55");
    let town = rss(
        "Town",
        &[
            ("bread", "Bakery opens earlier", "https://town.example/bread?utm_source=feed", BREAD, MONDAY),
            ("bridge", "Bridge closed until spring", "https://town.example/bridge", BRIDGE, MONDAY),
            ("p1", "Tomatoes at 40 crowns on the market", "https://town.example/p1", PRICE, MONDAY),
        ],
    );
    let valley = rss(
        "Valley",
        &[
            ("v-bread", "Bread an hour earlier", "http://www.town.example/bread/", BREAD, TUESDAY),
            ("v-p", "Tomatoes at 55 crowns on the market", "https://valley.example/p", &dearer, TUESDAY),
        ],
    );
    let books = rss(
        "کتابخانه",
        &[
            ("1", "كتاب‌هاي تازه در كتابخانه", "https://books.example/1", "فردا ۱۲ جلد مي‌رسد", MONDAY),
            ("2", "باران", "https://books.example/2", "باران می بارد", TUESDAY),
        ],
    );
    for (path, document) in [("/town", town), ("/valley", valley), ("/books", books)] {
        origin.on(path, move |_| ok(&document));
    }
    let sources = ["town", "valley", "books"].map(|id| (id, origin.url(&format!("/{id}"))));
    let kariz = Kariz::with_sources(sources);
    kariz.fetch();
    (origin, kariz)
}

#[test]
fn why_names_every_entry_its_reason_and_the_nearest_other_story() {
    let (_origin, kariz) = papers();
    let by_guid = json(&kariz, &["why", "--json", "v-bread"]);
    let story = &by_guid["stories"][0];
    let entries = story["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["why"]["stage"], "founder");
    assert_eq!(entries[1]["source"], "valley");
    assert!(entries[1]["why"]["score"].as_f64().unwrap() > 0.9);
    assert!(!entries[1]["why"]["reason"].as_str().unwrap().is_empty());
    // By whatever people have at hand it is the same story.
    let id = story["id"].as_str().unwrap();
    for sought in [id, &id["urn:uuid:".len()..], "bread", "https://m.town.example/bread/?utm_medium=x"] {
        let found = json(&kariz, &["why", "--json", sought]);
        assert_eq!(found["stories"][0]["id"], id, "{sought}");
    }
    let prices = json(&kariz, &["why", "--json", "p1"]);
    let nearest = &prices["stories"][0]["nearest"];
    assert_eq!(nearest["entry"]["guid"], "v-p");
    assert!(nearest["reason"].as_str().unwrap().contains("40"), "{nearest}");
    assert!(nearest["containment"].as_f64().unwrap() > 0.5);
    let page = kariz.run(&["why", "p1"]);
    for part in ["Tomatoes at 40 crowns", "founder", "not merged", "Tomatoes at 55 crowns", "valley"] {
        assert!(page.out.contains(part), "{part}: {}", page.out);
    }
}

#[test]
fn why_says_when_there_is_nothing() {
    let kariz = Kariz::with_sources([("a", "https://a.example/".to_owned())]);
    let ran = kariz.run(&["why", "x"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("kariz fetch"), "{}", ran.err);
    let (_origin, kariz) = papers();
    let ran = kariz.run(&["why", "no-such-thing"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no-such-thing"), "{}", ran.err);
}

fn found(kariz: &Kariz, words: &str) -> Vec<String> {
    let found = json(kariz, &["search", "--json", "--", words]);
    let stories = found["stories"].as_array().unwrap();
    assert_eq!(found["total"], stories.len());
    stories.iter().map(|s| s["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn spelling_makes_no_difference_to_a_search() {
    let (_origin, kariz) = papers();
    let book = "كتاب‌هاي تازه در كتابخانه";
    for words in
        ["کتاب", "كتاب", "کتاب‌های", "کتابهای", "کتاب های", "كتابخانة", "کتاب*", "12", "۱۲", "می‌رسد", "میرسد"]
    {
        assert_eq!(found(&kariz, words), [book], "{words}");
    }
    assert_eq!(found(&kariz, "می‌بارد"), ["باران"]);
    assert_eq!(found(&kariz, "school tomatoes").len(), 0);
    assert_eq!(found(&kariz, "SCHÖOL stream"), ["Bridge closed until spring"]);
    assert_eq!(found(&kariz, "tomatoes -55"), ["Tomatoes at 40 crowns on the market"]);
    // Newest first, and each story once, whoever tells it.
    assert_eq!(
        found(&kariz, "tomatoes crowns"),
        ["Tomatoes at 55 crowns on the market", "Tomatoes at 40 crowns on the market"]
    );
    let bread = json(&kariz, &["search", "--json", "bread", "hour"]);
    assert_eq!((&bread["total"], bread["stories"][0]["sources"].as_array().unwrap().len()), (&1.into(), 2));
    let page = kariz.run(&["search", "bridge"]);
    assert!(page.out.contains("Bridge closed until spring") && page.out.contains("1 story"), "{}", page.out);
    assert_eq!(kariz.run(&["search", "…"]).code, 2);
    assert_eq!(kariz.run(&["search", "\") OR (\""]).code, 0);
}

#[test]
fn a_search_reads_what_stands_there_now() {
    let (origin, kariz) = papers();
    assert_eq!(found(&kariz, "stream").len(), 1);
    let edited = rss(
        "Town",
        &[(
            "bridge",
            "Bridge open again",
            "https://town.example/bridge",
            "The old bridge carries carts again since this morning; the mayor cut a ribbon.",
            MONDAY,
        )],
    );
    origin.on("/town", move |_| ok(&edited));
    kariz.run(&["fetch", "--all"]);
    assert_eq!(found(&kariz, "stream").len(), 0);
    assert_eq!(found(&kariz, "mayor ribbon"), ["Bridge open again"]);
}
