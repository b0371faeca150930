//! The pages and what decides about them, through the real binary: themes, and tags that rules give.

#[path = "support/binary.rs"]
mod binary;

use binary::{Kariz, rss};

fn setup(feed: &str, more: &str) -> Kariz {
    let kariz = Kariz::with_config(&format!(
        "[feed]\ntitle = \"Town news\"\n{feed}\n[dedupe]\nenabled = false\n[[source]]\nid = \"town\"\nurl = \"town.xml\"\ntags = [\"Town\"]\n{more}"
    ));
    write(&kariz, &["Bakery opens earlier", "Bridge closed until spring"]);
    kariz
}

fn write(kariz: &Kariz, titles: &[&str]) {
    let items: Vec<_> = titles
        .iter()
        .map(|title| (*title, *title, "https://town.example/1", *title, "Mon, 02 Nov 2026 06:00:00 GMT"))
        .collect();
    std::fs::write(kariz.path().join("town.xml"), rss("Town", &items)).unwrap();
}

fn theme(kariz: &Kariz, name: &str, text: &str) {
    let folder = kariz.path().join("look");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_theme_replaces_what_it_has_and_leaves_the_rest() {
    let kariz = setup("theme_dir = \"look\"", "");
    theme(&kariz, "style.css", "body { color: teal }");
    theme(&kariz, "letters.woff2", "font");
    theme(
        &kariz,
        "story.html",
        "{% macro one(story, t, page, level=\"h3\") %}<p class=\"mine\">{{ story.title }}</p>{% endmacro %}",
    );
    write(&kariz, &["Bread <b> & butter"]);
    assert_eq!(kariz.run(&["check"]).code, 0);
    kariz.fetch();
    assert_eq!(kariz.read("style.css"), "body { color: teal }");
    assert!(kariz.published("letters.woff2").is_file() && kariz.published("page.js").is_file());
    let page = kariz.read("index.html");
    assert!(page.contains("<p class=\"mine\">Bread") && page.contains("<footer"), "{page}");
    assert!(!page.contains("<b>"), "everything is escaped");

    // A change of the theme alone is published, and only that.
    let feed = std::fs::metadata(kariz.published("atom.xml")).unwrap().modified().unwrap();
    theme(&kariz, "style.css", "body { color: navy }");
    std::fs::remove_file(kariz.path().join("look/letters.woff2")).unwrap();
    kariz.run(&["fetch", "--all"]);
    assert_eq!(kariz.read("style.css"), "body { color: navy }");
    assert!(!kariz.published("letters.woff2").exists());
    assert_eq!(std::fs::metadata(kariz.published("atom.xml")).unwrap().modified().unwrap(), feed);
}

#[test]
fn a_broken_theme_is_named_and_keeps_no_feed_back() {
    let kariz = setup("theme_dir = \"look\"", "");
    theme(&kariz, "style.css", "body {}");
    kariz.fetch();
    let before = kariz.read("index.html");
    for (name, text) in [
        ("river.html", "one\n{% if %}"),
        ("river.html", "one\n{{ page.title | no_such_filter }}"),
        ("rivver.html", "a typo in the name"),
    ] {
        let _ = std::fs::remove_file(kariz.path().join("look/river.html"));
        theme(&kariz, name, text);
        let checked = kariz.run(&["check"]);
        assert_eq!(checked.code, 2, "{name}");
        assert!(checked.err.contains(name), "{}", checked.err);
        if text.starts_with("one") {
            assert!(checked.err.contains("line 2"), "{}", checked.err);
        }
    }
    write(&kariz, &["Library lends garden tools"]);
    let ran = kariz.run(&["fetch", "--all"]);
    assert!(ran.code != 0 && ran.err.contains("rivver.html"), "{} {}", ran.code, ran.err);
    assert!(kariz.read("atom.xml").contains("Library lends") && kariz.read("index.html") == before);
    std::fs::remove_file(kariz.path().join("look/rivver.html")).unwrap();
    kariz.run(&["fetch", "--all"]);
    assert!(kariz.read("index.html").contains("Library lends"));
    let missing = setup("theme_dir = \"nowhere\"", "").run(&["check"]);
    assert!(missing.code == 2 && missing.err.contains("nowhere"), "{}", missing.err);
}

#[test]
fn tags_that_rules_give_have_a_feed_and_a_page() {
    let kariz = setup(
        "",
        "[[rule]]\non = [\"title\"]\ncontains = \"Bridge\"\naction = \"tag\"\ntag = [\"Roads & bridges\", \"town\"]\n",
    );
    kariz.fetch();
    let index = kariz.read("index.html");
    assert!(index.contains("tags/Roads---bridges.html") && index.contains("tags/Town.html"), "{index}");
    assert!(!kariz.published("tags/town.xml").exists(), "two that differ in their case are one");
    for (path, bridge, bakery) in [("tags/Roads---bridges", true, false), ("tags/Town", true, true)] {
        for end in ["xml", "html"] {
            let text = kariz.read(&format!("{path}.{end}"));
            assert_eq!(
                (text.contains("Bridge closed"), text.contains("Bakery opens")),
                (bridge, bakery),
                "{path}.{end}"
            );
        }
    }
    write(&kariz, &["Bridge open again"]);
    kariz.run(&["fetch", "--all"]);
    assert!(kariz.read("tags/Roads---bridges.xml").contains("Bridge open again"));
}
