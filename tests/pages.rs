//! Sources without a feed, end to end: the real binary against a site on loopback.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;
mod pages_site;

use binary::{Kariz, Ran, rss};
use origin::{Origin, ok, status};
use pages_site::{ARTICLES, Site, article_page, day, front_page, html};
use serde_json::Value;

/// A feeds.toml with these lines for its only source, for loopback.
fn kariz(source: &str) -> Kariz {
    Kariz::with_config(&toml(source))
}

fn toml(source: &str) -> String {
    format!(
        "[feed]\ntitle = \"Town news\"\n[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n\
         [[source]]\nid = \"town\"\nmin_interval = \"0s\"\ninterval = \"1s\"\n{source}\n"
    )
}

fn all(kariz: &Kariz) -> Ran {
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran
}

fn state(kariz: &Kariz) -> Value {
    let ran = kariz.run(&["status", "--json"]);
    let mut status: Value = serde_json::from_str(&ran.out).expect("JSON");
    status["sources"][0].take()
}

fn text<'v>(item: &'v Value, key: &str) -> &'v str {
    item[key].as_str().unwrap_or_default()
}

/// The paragraphs of an item, as they stand in its HTML.
fn paragraphs(item: &Value) -> Vec<String> {
    let html = text(item, "content_html");
    html.split("<p")
        .skip(1)
        .filter_map(|p| Some(p.split_once('>')?.1.split_once("</p>")?.0.to_owned()))
        .collect()
}

fn item<'i>(items: &'i [Value], title: &str) -> &'i Value {
    items.iter().find(|i| i["title"] == title).unwrap_or_else(|| panic!("no \"{title}\" in {items:#?}"))
}

/// Asks again at once for whatever waits.
fn let_time_pass(kariz: &Kariz) {
    let db = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    db.execute("UPDATE article_page SET next_try = 0 WHERE next_try IS NOT NULL", []).unwrap();
    db.execute("UPDATE article_page SET last_read = 0 WHERE last_read IS NOT NULL", []).unwrap();
}

#[test]
fn a_page_that_lists_articles_is_a_source_without_any_selector() {
    let origin = Origin::start();
    Site::on(&origin, &[0, 1, 2, 3, 4, 5]);
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    let ran = all(&kariz);
    assert!(ran.out.contains("6 new entries, 6 new stories"), "{}{}", ran.out, ran.err);
    let items = kariz.items();
    assert_eq!(items.len(), 6);
    for (i, (title, slug, body)) in ARTICLES.iter().enumerate().take(6) {
        let item = item(&items, title);
        assert_eq!(text(item, "url"), origin.url(&format!("/news/{slug}")));
        assert!(text(item, "date_published").starts_with(&day(i).1), "{item:#?}");
        assert_eq!(text(item, "language"), "fa");
        assert_eq!(paragraphs(item), body.map(str::to_owned), "{item:#?}");
        for furniture in ["لینک کوتاه", "کپی", "امروز", "بازدید", "مرتبط", "برچسب", "پربازدید", "<h1"]
        {
            assert!(!text(item, "content_html").contains(furniture), "{furniture}: {item:#?}");
        }
    }
    assert!(kariz.read("index.html").contains("dir=\"rtl\""));
}

#[test]
fn an_article_page_is_asked_for_once_and_nothing_new_writes_nothing() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3, 4]);
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    let before = kariz.snapshot();
    all(&kariz);
    // A page that says the same in other bytes: a token, an advertisement.
    site.shows(front_page(&[0, 1, 2, 3, 4], "/news").replace("</body>", "<!-- 4711 --></body>"));
    let ran = all(&kariz);
    assert!(ran.out.contains("nothing to publish"), "{}", ran.out);
    assert_eq!(kariz.snapshot(), before);
    for (_, slug, _) in &ARTICLES[..5] {
        assert_eq!(origin.seen(&format!("/news/{slug}")).len(), 1, "{slug}");
    }
    assert_eq!(origin.seen("/robots.txt").len(), 3, "once a pass");
    // One more article is one more request.
    site.shows(front_page(&[5, 0, 1, 2, 3], "/news"));
    let ran = all(&kariz);
    assert!(ran.out.contains("1 new entries"), "{}", ran.out);
    assert_eq!(origin.seen("/news/clock").len(), 1);
    assert_eq!(origin.seen("/news/bread").len(), 1);
}

#[test]
fn robots_txt_is_heeded_by_article_pages_and_the_entry_stays() {
    let origin = Origin::start();
    Site::on(&origin, &[0, 1, 2, 3, 4]);
    origin.on("/robots.txt", |_| status(200, &[], "User-agent: *\nDisallow: /news/bridge\n"));
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    assert!(origin.seen("/news/bridge").is_empty());
    let items = kariz.items();
    assert_eq!(items.len(), 5);
    assert_eq!(paragraphs(item(&items, ARTICLES[0].0)).len(), 3);
    assert!(text(item(&items, ARTICLES[1].0), "content_html").contains("پل قدیمی"));
}

#[test]
fn a_page_that_fails_keeps_its_entry_and_is_asked_for_a_few_times_more() {
    let origin = Origin::start();
    let feed = rss(
        "Town",
        &[
            ("1", ARTICLES[0].0, &origin.url("/news/bread"), "چند کلمه", "Thu, 20 Jun 2024 06:00:00 GMT"),
            ("2", ARTICLES[1].0, &origin.url("/news/bridge"), "پل بسته است", "Wed, 19 Jun 2024 06:00:00 GMT"),
        ],
    );
    origin.on("/feed", move |_| ok(&feed));
    origin.on("/news/bread", |_| html(&article_page(0, "/news")));
    origin.on("/news/bridge", |seen| {
        if seen.nth < 2 { status(500, &[], "no") } else { html(&article_page(1, "/news")) }
    });
    let kariz = kariz(&format!("full_text = true\nurl = \"{}\"\n", origin.url("/feed")));
    all(&kariz);
    let items = kariz.items();
    assert_eq!(paragraphs(item(&items, ARTICLES[0].0)), ARTICLES[0].2);
    assert!(text(item(&items, ARTICLES[1].0), "content_html").contains("پل بسته است"));
    // Not again at once, but later.
    all(&kariz);
    assert_eq!(origin.seen("/news/bridge").len(), 1);
    for asked in [2, 3] {
        let_time_pass(&kariz);
        all(&kariz);
        assert_eq!(origin.seen("/news/bridge").len(), asked);
    }
    let items = kariz.items();
    assert_eq!(items.len(), 2);
    let bridge = item(&items, ARTICLES[1].0);
    assert_eq!(paragraphs(bridge), ARTICLES[1].2);
    assert!(text(bridge, "date_published").starts_with("2024-06-19T06:00:00"), "the feed's own date stays");
    let_time_pass(&kariz);
    all(&kariz);
    assert_eq!((origin.seen("/news/bridge").len(), origin.seen("/news/bread").len()), (3, 1));
}

#[test]
fn a_page_that_never_comes_is_given_up() {
    let origin = Origin::start();
    let feed =
        rss("Town", &[("1", "Bread", &origin.url("/x"), "Fresh bread", "Thu, 20 Jun 2024 06:00:00 GMT")]);
    origin.on("/feed", move |_| ok(&feed));
    origin.on("/x", |_| status(503, &[], ""));
    let kariz = kariz(&format!("full_text = true\nurl = \"{}\"\n", origin.url("/feed")));
    for _ in 0..8 {
        all(&kariz);
        let_time_pass(&kariz);
    }
    assert_eq!(origin.seen("/x").len(), 4);
    assert_eq!(kariz.items().len(), 1);
}

#[test]
fn what_is_no_page_leaves_the_entry_as_it_is_listed() {
    let origin = Origin::start();
    let link = origin.url("/plan");
    let item =
        ("1", "The plan of the bridge", link.as_str(), "Forty sheets", "Thu, 20 Jun 2024 06:00:00 GMT");
    let feed = rss("Town", &[item]);
    origin.on("/feed", move |_| ok(&feed));
    let bytes: Vec<u8> = (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    origin.on("/plan", move |_| status(200, &[("Content-Type", "application/pdf")], &bytes));
    let kariz = kariz(&format!("full_text = true\nurl = \"{}\"\n", origin.url("/feed")));
    all(&kariz);
    assert!(text(&kariz.items()[0], "content_html").contains("Forty sheets"), "{}", kariz.items()[0]);
    assert!(text(&kariz.items()[0], "content_html").len() < 200);
    let_time_pass(&kariz);
    all(&kariz);
    assert_eq!(origin.seen("/plan").len(), 1);
}

#[test]
fn an_edit_that_the_list_shows_is_read_conditionally() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3, 4]);
    origin.on("/news/bread", |seen| match seen.header("if-none-match") {
        Some("\"1\"") => status(304, &[], ""),
        _ => status(200, &[("ETag", "\"1\""), ("Content-Type", "text/html")], article_page(0, "/news")),
    });
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    let before = kariz.snapshot();
    site.shows(front_page(&[0, 1, 2, 3, 4], "/news").replace(ARTICLES[0].0, "نانوایی میدان زودتر باز می‌شود"));
    all(&kariz);
    assert_eq!(origin.seen("/news/bread").len(), 1, "not within the hour");
    let_time_pass(&kariz);
    all(&kariz);
    let seen = origin.seen("/news/bread");
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].header("if-none-match"), Some("\"1\""));
    assert_eq!(kariz.snapshot(), before);
}

#[test]
fn a_new_layout_neither_floods_the_feed_nor_empties_it() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3, 4]);
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    let before = kariz.snapshot();
    // Nothing that looks like a list.
    site.shows("<html><body><p>در حال به‌روزرسانی سایت هستیم. لطفاً بعداً سر بزنید.</p></body></html>".into());
    kariz.run(&["fetch", "--all"]);
    assert_eq!(state(&kariz)["error_kind"], "layout_changed");
    assert_eq!(kariz.snapshot(), before);
    // Nothing but links that were never there.
    let strange: String = (0..20)
        .map(|n| format!("<div class=item><h3><a href=\"/x/{n}\">عنوان شماره‌ی {n} درباره‌ی چیزی که هرگز این‌جا نبوده است</a></h3></div>"))
        .collect();
    site.shows(format!("<html lang=fa><body><main>{strange}</main></body></html>"));
    kariz.run(&["fetch", "--all"]);
    let held = state(&kariz);
    assert_eq!(held["error_kind"], "layout_changed", "{held:#}");
    assert!(text(&held, "error").contains("held back"), "{held:#}");
    assert_eq!(held["entries"], 5);
    assert_eq!(kariz.snapshot(), before);
    assert!(origin.all_seen().iter().all(|seen| !seen.target.starts_with("/x/")));
    // It comes back as if nothing had been.
    site.shows(front_page(&[5, 0, 1, 2, 3], "/news"));
    let ran = all(&kariz);
    assert!(ran.out.contains("1 new entries"), "{}", ran.out);
    assert_eq!(state(&kariz)["error_kind"], Value::Null);
}

#[test]
fn a_layout_that_stays_is_the_new_one_and_brings_only_what_is_new() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3, 4]);
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    let now = jiff::Timestamp::now();
    let list: String = (0..20)
        .map(|n| {
            let day = if n < 3 { now } else { now - jiff::SignedDuration::from_hours(24 * 30 * n) };
            format!(
                "<div class=item><h3><a href=\"/x/{n}\">عنوان شماره‌ی {n} درباره‌ی چیزی که هرگز این‌جا نبوده است</a></h3><time datetime=\"{day}\">امروز</time></div>"
            )
        })
        .collect();
    site.shows(format!("<html lang=fa><body><main>{list}</main></body></html>"));
    for _ in 0..3 {
        kariz.run(&["fetch", "--all"]);
        assert_eq!(state(&kariz)["error_kind"], "layout_changed");
    }
    // Often enough, but not for long enough; and it is said where people look.
    assert!(kariz.run(&["status"]).out.contains("held back"));
    kariz.later(20 * 3_600);
    kariz.run(&["fetch", "--all"]);
    assert_eq!(state(&kariz)["entries"], 5);
    kariz.later(6 * 3_600);
    let ran = all(&kariz);
    assert!(ran.out.contains("3 new entries"), "{}{}", ran.out, ran.err);
    assert_eq!(state(&kariz)["error_kind"], Value::Null);
    // The rest was there before and is no news later either.
    kariz.later(3_600);
    let ran = all(&kariz);
    assert!(ran.out.contains("0 new entries"), "{}{}", ran.out, ran.err);
}

#[test]
fn what_stands_at_new_addresses_is_known_by_its_text() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3]);
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    for (i, article) in ARTICLES.iter().enumerate() {
        origin.on(&format!("/fa/2024/{}", article.1), move |_| html(&article_page(i, "/fa/2024")));
    }
    site.shows(front_page(&[0, 1, 2, 3], "/fa/2024"));
    let ran = all(&kariz);
    assert!(ran.out.contains("0 new entries"), "{}", ran.out);
    assert_eq!(kariz.items().len(), 4);
}

#[test]
fn selectors_say_where_everything_stands_and_next_is_followed() {
    let origin = Origin::start();
    let list = |from: usize, next: &str| {
        let rows: String = (from..from + 3)
            .map(|n| {
                format!("<tr class=row><td class=t><a data-to=\"/n/{n}\">Entry number {n} of the minutes</a></td><td class=d>2024-06-{:02}</td><td class=x>The council met for the {n}th time and spoke about lamps.</td><td class=w>Rae</td></tr>", n + 1)
            })
            .collect();
        format!("<html lang=en><table>{rows}</table>{next}</html>")
    };
    let (first, second) = (list(0, "<a class=older href=\"/minutes?page=2\">older</a>"), list(3, ""));
    origin.on("/minutes", move |_| html(&first));
    origin.on("/minutes?page=2", move |_| html(&second));
    let kariz = kariz(&format!(
        "url = \"{}\"\n[source.select]\nitem = \"tr.row\"\ntitle = \".t\"\nlink = \".t a@data-to\"\ndate = \".d\"\ncontent = \".x\"\nauthor = \".w\"\nnext = \"a.older\"\n",
        origin.url("/minutes")
    ));
    let ran = all(&kariz);
    let items = kariz.items();
    assert_eq!(items.len(), 6, "{}{}", ran.out, ran.err);
    let third = item(&items, "Entry number 3 of the minutes");
    assert_eq!(text(third, "date_published"), "2024-06-04T00:00:00Z");
    assert!(text(third, "content_html").contains("spoke about lamps"));
    assert_eq!(third["authors"][0]["name"], "Rae");
    assert!(origin.all_seen().iter().all(|seen| !seen.target.starts_with("/n/")), "the list says it all");
}

#[test]
fn a_sitemap_is_a_source_through_its_index_packed_and_with_pages_read() {
    use std::io::Write;
    let origin = Origin::start();
    Site::on(&origin, &[]);
    let url = |i: usize| origin.url(&format!("/news/{}", ARTICLES[i].1));
    let entry =
        |i: usize| format!("<url><loc>{}</loc><lastmod>2024-06-{:02}</lastmod></url>", url(i), 20 - i);
    let map = format!("<urlset>{}{}{}</urlset>", entry(0), entry(1), entry(2));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(map.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let news = format!(
        "<urlset xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url><loc>{}</loc><news:news><news:publication_date>2024-06-17T08:00:00Z</news:publication_date><news:title>{}</news:title></news:news></url></urlset>",
        url(3),
        ARTICLES[3].0
    );
    let index = format!(
        "<sitemapindex><sitemap><loc>{}</loc></sitemap><sitemap><loc>{}</loc></sitemap></sitemapindex>",
        origin.url("/posts.xml.gz"),
        origin.url("/news.xml")
    );
    origin.on("/sitemap.xml", move |_| ok(&index));
    origin.on("/posts.xml.gz", move |_| status(200, &[("Content-Type", "application/gzip")], &packed));
    origin.on("/news.xml", move |_| ok(&news));
    let kariz = kariz(&format!("kind = \"sitemap\"\nurl = \"{}\"\n", origin.url("/sitemap.xml")));
    let ran = all(&kariz);
    assert!(ran.out.contains("4 new entries"), "{}{} {}", ran.out, ran.err, state(&kariz));
    let items = kariz.items();
    for (i, (title, _, body)) in ARTICLES.iter().enumerate().take(4) {
        let item = item(&items, title);
        assert_eq!(paragraphs(item), *body);
        assert!(text(item, "date_published").starts_with(&day(i).1), "{item:#}");
    }
    let before = kariz.snapshot();
    all(&kariz);
    assert_eq!(kariz.snapshot(), before);
    assert_eq!(origin.seen("/news/bread").len(), 1);
}

#[test]
fn a_json_api_is_a_source_with_paths_and_without() {
    let origin = Origin::start();
    let api = r#"{"meta":{"n":2},"data":{"list":[
        {"nr":7,"head":{"text":"Soup for everybody"},"when":1714644000,"body":"<p>There was a pot of soup.</p>","by":[{"name":"Rae"}]},
        {"nr":8,"head":{"text":"A lamp for the lane"},"when":1714730400,"body":"<p>It shines at last.</p>","by":[]}]}}"#;
    origin.on("/api", move |_| status(200, &[("Content-Type", "application/json")], api));
    let source = format!(
        "kind = \"json\"\nurl = \"{}\"\n[source.select]\nitem = \"$.data.list\"\ntitle = \"head.text\"\nlink = \"https://town.example/story/{{nr}}\"\ndate = \"when\"\ncontent = \"body\"\nauthor = \"$.by[*].name\"\n",
        origin.url("/api")
    );
    let kariz = kariz(&source);
    all(&kariz);
    let items = kariz.items();
    assert_eq!(items.len(), 2);
    let soup = item(&items, "Soup for everybody");
    assert_eq!(text(soup, "url"), "https://town.example/story/7");
    assert_eq!(text(soup, "date_published"), "2024-05-02T10:00:00Z");
    assert_eq!(text(soup, "content_html"), "<p>There was a pot of soup.</p>");
    assert_eq!(soup["authors"][0]["name"], "Rae");
    let before = kariz.snapshot();
    all(&kariz);
    assert_eq!(kariz.snapshot(), before);

    let plain = r#"[{"id":1,"title":"One thing","url":"https://town.example/1","summary":"It happened.","date_published":"2024-05-01T08:00:00Z"}]"#;
    origin.on("/plain", move |_| status(200, &[], plain));
    let kariz = self::kariz(&format!("kind = \"json\"\nurl = \"{}\"\n", origin.url("/plain")));
    all(&kariz);
    assert_eq!(kariz.items()[0]["title"], "One thing");
}

#[test]
fn a_new_source_brings_no_more_than_it_may_and_asks_for_no_more() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3, 4, 5, 6]);
    let kariz = kariz(&format!("kind = \"page\"\nnew_source_items = 2\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    assert_eq!(kariz.items().len(), 2);
    let asked = || origin.all_seen().iter().filter(|seen| seen.target.starts_with("/news/")).count();
    assert_eq!(asked(), 2);
    all(&kariz);
    assert_eq!((kariz.items().len(), asked()), (2, 2), "the rest does not come later as news");
    site.shows(front_page(&[7, 0, 1, 2, 3, 4, 5], "/news"));
    all(&kariz);
    assert_eq!((kariz.items().len(), asked()), (3, 3));
}

#[test]
fn one_canonical_address_for_all_pages_means_nothing() {
    let origin = Origin::start();
    let site = Site::on(&origin, &[0, 1, 2, 3]);
    for (i, article) in ARTICLES.iter().enumerate() {
        let page = article_page(i, "/news").replace(
            &format!("https://khabar.example/news/{}", article.1),
            "https://khabar.example/news/all",
        );
        origin.on(&format!("/news/{}", article.1), move |_| html(&page));
    }
    let kariz = kariz(&format!("kind = \"page\"\nurl = \"{}\"\n", origin.url("/")));
    all(&kariz);
    site.shows(front_page(&[4, 0, 1, 2, 3], "/news"));
    all(&kariz);
    assert_eq!(kariz.items().len(), 5);
}

#[test]
fn the_canonical_address_of_a_page_tells_the_story_of_another_source() {
    let origin = Origin::start();
    Site::on(&origin, &[0, 1, 2, 3]);
    let other = rss(
        "Valley",
        &[(
            "1",
            "نان تازه پیش از نخستین قطار",
            "https://khabar.example/news/bread",
            "نانوایی میدان بزرگ شهر از فردا ساعت پنج صبح باز می‌شود.",
            "Thu, 20 Jun 2024 09:00:00 GMT",
        )],
    );
    origin.on("/valley", move |_| ok(&other));
    let kariz = kariz(&format!(
        "kind = \"page\"\nurl = \"{}\"\n[[source]]\nid = \"valley\"\nurl = \"{}\"\n",
        origin.url("/"),
        origin.url("/valley")
    ));
    let ran = all(&kariz);
    assert!(ran.out.contains("5 new entries, 4 new stories"), "{}", ran.out);
}

#[test]
fn mistakes_are_named_where_they_stand() {
    for (source, said) in [
        ("kind = \"pages\"", "did you mean \"page\"?"),
        ("kind = \"page\"\n[source.select]\nitem = \"div[\"", "item"),
        ("kind = \"page\"\n[source.select]\nitems_ = \"div\"", "items_"),
        ("kind = \"json\"\n[source.select]\ndate = \"$.a[\"", "date"),
        ("kind = \"sitemap\"\n[source.select]\nitem = \"url\"", "does not go with its `kind`"),
        ("full_text = true\nkeep_selector = \"::\"", "keep_selector"),
        ("full_text = true\nid_policy = \"digest\"", "id_policy"),
        ("kind = \"page\"\npages = [\"ftp://a.example/\"]", "pages"),
    ] {
        let kariz = kariz(&format!("url = \"https://town.example/\"\n{source}\n"));
        let ran = kariz.run(&["check"]);
        assert_eq!(ran.code, 2, "{source}: {}", ran.out);
        assert!(ran.err.contains(said) && ran.err.contains("feeds.toml:"), "{source}: {}", ran.err);
    }
}
