//! `kariz add`, `remove`, `import`, `export`: the real binary, a site on loopback, and a feeds.toml that somebody cares for.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;
mod pages_site;

use binary::{Kariz, Ran, rss};
use origin::{Origin, ok, status};
use pages_site::{Site, html};
use serde_json::Value;

const KEPT: &str = "# Our list. Ask Rae before you change it.\n\n[feed]\ntitle   = \"Town news\" # as on the sign\n\n\
    [fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n\n\
    # The first one.\n[[source]]\nid = \"first\"\nurl = \"https://first.example/feed\"\n\n\
    # -- weather --\n\n# Only in winter.\n[[source]]\nid = \"snow\"\nurl = \"https://snow.example/feed\"\ntags = [\n  \"winter\", # and spring\n]\n\n\
    # What comes out.\n[[output]]\npath = \"atom.xml\"\n# the end\n";

fn kept() -> Kariz {
    Kariz::with_config(KEPT)
}

fn toml(kariz: &Kariz) -> String {
    std::fs::read_to_string(kariz.path().join("feeds.toml")).expect("feeds.toml")
}

fn well(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

/// A site whose page names its feed, beside one of comments.
fn blog(origin: &Origin) {
    let feed = rss(
        "Garden",
        &[
            (
                "1",
                "Beans are up",
                "https://garden.example/1",
                "The first beans have come through the straw this morning.",
                "Mon, 02 Nov 2026 06:00:00 GMT",
            ),
            (
                "2",
                "Water at dusk",
                "https://garden.example/2",
                "Whoever waters at dusk needs half of it.",
                "Tue, 03 Nov 2026 06:00:00 GMT",
            ),
        ],
    );
    origin.on("/blog/feed.xml", move |_| ok(&feed));
    origin
        .on("/comments.xml", |_| ok("<rss version=\"2.0\"><channel><title>Comments</title></channel></rss>"));
    origin.on("/blog/", |_| {
        html("<html lang=en><head><title>Garden</title><link rel=alternate type=application/rss+xml title=Comments href=/comments.xml>\
              <link rel=alternate type=application/rss+xml href=feed.xml></head><body><p>Hello</p></body></html>")
    });
}

#[test]
fn the_feed_of_a_page_is_found_shown_and_written_and_everything_else_stays() {
    let origin = Origin::start();
    blog(&origin);
    let kariz = kept();
    let ran = kariz.run(&["add", &origin.url("/blog/"), "--tag", "green"]);
    well(&ran);
    let written = toml(&kariz);
    let block = format!(
        "\n[[source]]\nid = \"garden\"\ntitle = \"Garden\"\nurl = \"{}\"\nlanguage = \"en\"\ntags = [\"green\"]\n",
        origin.url("/blog/feed.xml")
    );
    assert!(written.contains(&block), "{written}");
    assert_eq!(written.replacen(&block, "", 1), KEPT);
    for said in
        ["named by the page", "2 of 2", "UTF-8", "Beans are up", "written to feeds.toml", "--full-text"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    well(&kariz.run(&["check"]));
    // It is there: neither the page nor the feed is added twice.
    let again = kariz.run(&["add", &origin.url("/blog/")]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("as the source \"garden\""), "{}", again.err);
    assert_eq!(toml(&kariz), written);
    // And gone without a trace.
    well(&kariz.run(&["remove", "garden"]));
    assert_eq!(toml(&kariz), KEPT);
}

#[test]
fn a_dry_run_and_whatever_goes_wrong_write_nothing() {
    let origin = Origin::start();
    blog(&origin);
    origin.on("/bare", |_| html("<html><body><p>Nothing to see here.</p></body></html>"));
    origin.on("/broken", |_| status(500, &[], ""));
    let kariz = kept();
    let ran = kariz.run(&["add", "--dry-run", &origin.url("/blog/")]);
    well(&ran);
    assert!(ran.out.contains("not written") && ran.out.contains("[[source]]"), "{}", ran.out);
    for (url, said) in [
        (origin.url("/bare"), "there is no feed"),
        (origin.url("/broken"), "500"),
        ("https://first.example/feed".to_owned(), "as the source \"first\""),
        ("ftp://first.example/".to_owned(), "not ftp:"),
        ("nonsense".to_owned(), "is no address"),
    ] {
        let ran = kariz.run(&["add", &url]);
        assert!(ran.code == 1 || ran.code == 2, "{url}: {}", ran.out);
        assert!(ran.err.contains(said), "{url}: {}", ran.err);
    }
    let taken = kariz.run(&["add", &origin.url("/blog/"), "--id", "snow"]);
    assert_eq!(taken.code, 2, "{}", taken.err);
    assert_eq!(toml(&kariz), KEPT);
    kariz.configure("[feed\n");
    assert_eq!(kariz.run(&["add", &origin.url("/blog/")]).code, 2);
    assert_eq!(toml(&kariz), "[feed\n");
}

#[test]
fn a_site_without_a_feed_is_added_as_a_page_and_works() {
    let origin = Origin::start();
    Site::on(&origin, &[0, 1, 2, 3, 4]);
    let kariz = Kariz::with_config("[fetch]\nper_host_delay = \"0s\"\n");
    let ran = kariz.run(&["add", "--json", &origin.url("/")]);
    well(&ran);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((told["kind"].as_str(), told["found"].as_str()), (Some("page"), Some("page")), "{told:#}");
    assert_eq!(told["diagnosis"]["entries"], 5);
    assert!(told["select"]["item"].is_string());
    let written = toml(&kariz);
    for line in
        ["kind = \"page\"", "language = \"fa\"", "title = \"خبر شهر\"", "allow_private_addresses = true"]
    {
        assert!(written.contains(line), "{written}");
    }
    let ran = kariz.fetch();
    assert!(ran.out.contains("5 new entries"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_profile_is_added_by_its_feed_though_its_page_is_shut_or_says_nothing() {
    let origin = Origin::start();
    let item = (
        "7",
        "Soup on Friday",
        "https://social.example/@rae/7",
        "There is soup on Friday.",
        "Tue, 03 Nov 2026 06:00:00 GMT",
    );
    let feed = rss("Rae", &[item]);
    for path in ["/@rae.rss", "/@lin.rss", "/feeds/c/soups.xml", "/blog/feed/"] {
        let feed = feed.clone();
        origin.on(path, move |_| ok(&feed));
    }
    origin.on("/@rae", |_| status(403, &[], "no"));
    origin.on("/@lin", |_| html("<html><head><title>Lin</title></head><body><div id=app></div><script src=/app.js></script></body></html>"));
    origin.on("/c/soups", |_| status(503, &[], "no"));
    origin.on("/blog/2026/soup/", |_| html("<html><head><meta name=generator content=\"WordPress 6.8\"><title>Soup</title></head><body><p>Soup.</p></body></html>"));
    origin.on("/feed/", {
        let feed = feed.clone();
        move |_| ok(&feed)
    });
    for (address, feed) in [
        ("/@rae", "/@rae.rss"),
        ("/@lin", "/@lin.rss"),
        ("/c/soups", "/feeds/c/soups.xml"),
        ("/blog/2026/soup/", "/feed/"),
    ] {
        let kariz = Kariz::with_config("[fetch]\nper_host_delay = \"0s\"\n");
        let ran = kariz.run(&["add", "--json", &origin.url(address)]);
        well(&ran);
        let told: Value = serde_json::from_str(&ran.out).expect("JSON");
        assert!(toml(&kariz).contains(&format!("url = \"{}\"", origin.url(feed))), "{address}: {told:#}");
        assert_eq!(told["diagnosis"]["entries"], 1);
    }
    // Nothing is there, and the page's own failure is what is told.
    let kariz = Kariz::with_config("[fetch]\nper_host_delay = \"0s\"\n");
    let ran = kariz.run(&["add", &origin.url("/@nobody")]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("404"), "{}", ran.err);
    assert!(!toml(&kariz).contains("[[source]]"));
}

#[test]
fn a_feeds_toml_that_is_not_there_begins_with_the_source() {
    let origin = Origin::start();
    blog(&origin);
    let kariz = kept();
    std::fs::remove_file(kariz.path().join("feeds.toml")).unwrap();
    well(&kariz.run(&["add", &origin.url("/blog/feed.xml")]));
    assert!(toml(&kariz).starts_with("[[source]]\nid = \"garden\"\n"), "{}", toml(&kariz));
    well(&kariz.fetch());
    assert_eq!(kariz.items().len(), 2);
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_stay() {
    let origin = Origin::start();
    blog(&origin);
    let windows = format!("\u{feff}{}", KEPT.replace('\n', "\r\n"));
    let kariz = Kariz::with_config(&windows);
    well(&kariz.run(&["add", &origin.url("/blog/feed.xml")]));
    let written = toml(&kariz);
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count());
    well(&kariz.run(&["remove", &origin.url("/blog/feed.xml")]));
    assert_eq!(toml(&kariz), windows);
}

#[test]
fn a_removed_source_takes_the_comment_right_above_it_along() {
    let kariz = kept();
    well(&kariz.run(&["remove", "--dry-run", "snow"]));
    assert_eq!(toml(&kariz), KEPT);
    well(&kariz.run(&["remove", "snow"]));
    let left = toml(&kariz);
    assert!(!left.contains("snow") && !left.contains("Only in winter"), "{left}");
    for kept in
        ["Ask Rae", "as on the sign", "# The first one.", "# -- weather --", "# What comes out.", "# the end"]
    {
        assert!(left.contains(kept), "{kept}: {left}");
    }
    well(&kariz.run(&["check"]));
    let unknown = kariz.run(&["remove", "rain"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("no source \"rain\""), "{}", unknown.err);
}

#[test]
fn a_source_that_an_output_names_is_not_removed() {
    let named = format!("{KEPT}sources = [\"snow\"]\n").replace("# the end\nsources", "sources");
    let kariz = Kariz::with_config(&named);
    let ran = kariz.run(&["remove", "snow"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("snow"), "{}", ran.err);
    assert_eq!(toml(&kariz), named);
}

#[test]
fn subscriptions_come_in_and_go_out_as_opml() {
    let kariz = kept();
    let opml = r#"<opml version="2.0"><body><outline text="Town"><outline text="Bakery" xmlUrl="https://bakery.example/feed?a=1&b=2"/>
        <outline text="Snow" xmlUrl="https://snow.example/feed"/></outline><outline title="کتابخانه" xmlUrl="https://library.example/rss" language="fa"/>
        <outline text="x" xmlUrl="feed://odd.example/"/></body></opml>"#;
    std::fs::write(kariz.path().join("list.opml"), opml).unwrap();
    let dry = kariz.run(&["import", "--dry-run", "list.opml"]);
    well(&dry);
    assert_eq!(toml(&kariz), KEPT);
    let ran = kariz.run(&["import", "list.opml", "--tag", "new"]);
    well(&ran);
    assert!(ran.out.contains("2 source(s) added to feeds.toml, 1 there already"), "{}", ran.out);
    assert!(ran.err.contains("feed://odd.example/"), "{}", ran.err);
    let written = toml(&kariz);
    assert!(written.contains("id = \"bakery\"\ntitle = \"Bakery\"\nurl = \"https://bakery.example/feed?a=1&b=2\"\ntags = [\"Town\", \"new\"]\n"), "{written}");
    assert!(written.contains("title = \"کتابخانه\"\n"), "{written}");
    assert!(written.contains("# -- weather --") && written.contains("# the end"));
    let again = kariz.run(&["import", "list.opml"]);
    well(&again);
    assert_eq!(toml(&kariz), written);

    let out = kariz.run(&["export"]);
    well(&out);
    std::fs::write(kariz.path().join("out.opml"), &out.out).unwrap();
    let other = Kariz::with_config("");
    std::fs::write(other.path().join("out.opml"), &out.out).unwrap();
    well(&other.run(&["import", "out.opml"]));
    assert_eq!(toml(&other).matches("[[source]]").count(), 4);
    well(&other.run(&["check"]));
}
