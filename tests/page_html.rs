//! The page as a file: what is in it, in each language.

#![allow(missing_docs)]

mod page_stories;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kariz::model::ContentPolicy;
use kariz::publish::page::{self, Found, PageContext, Theme};

fn now() -> Timestamp {
    "2026-11-22T15:00:00Z".parse().unwrap()
}

fn files(ctx: &PageContext) -> BTreeMap<String, String> {
    let stories = page_stories::stories(now(), "https://pictures.example/");
    page::all(&Theme::built_in(), ctx, &stories, 12, |_| true)
        .unwrap()
        .into_iter()
        .map(|file| (file.path, String::from_utf8(file.bytes).unwrap()))
        .collect()
}

#[test]
fn the_page_speaks_the_language_of_the_feed() {
    for (language, head, words) in [
        ("fa", "<html lang=\"fa\" dir=\"rtl\">", ["یکشنبه", "۱ آذر ۱۴۰۵", "۲۲ نوامبر ۲۰۲۶", "همچنین در"]),
        ("ar", "<html lang=\"ar\" dir=\"rtl\">", ["الأحد", "٢٢ نوفمبر ٢٠٢٦", "وأيضًا في", "الاشتراك"]),
        ("en", "<html lang=\"en\" dir=\"ltr\">", ["Sunday", "22 November 2026", "Also in", "Subscribe"]),
    ] {
        let page = &files(&page_stories::context(language))["index.html"];
        assert!(page.contains(head), "{language}");
        for word in words {
            assert!(page.contains(word), "{word} in {language}");
        }
    }
}

#[test]
fn every_story_has_its_own_language_and_direction() {
    let page = &files(&page_stories::context("en"))["index.html"];
    assert!(page.contains(
        "dir=\"rtl\">\n    <h3 lang=\"fa\"><a href=\"https://ruznameh-shahr.example/0?a=1&amp;b=2\">پل"
    ));
    assert!(page.contains(
        "<h3 lang=\"en\"><a href=\"https://harbour-gazette.example/100?a=1&amp;b=2\">Night ferries"
    ));
    assert!(page.contains("<bdi>روزنامهٔ شهر</bdi>"));
}

#[test]
fn pictures_tell_nobody_and_wait_until_they_are_seen() {
    let page = &files(&page_stories::context("en"))["index.html"];
    let pictures: Vec<_> =
        page.match_indices("<img ").map(|(at, _)| &page[at..at + page[at..].find('>').unwrap()]).collect();
    assert!(!pictures.is_empty());
    for picture in pictures {
        for attribute in ["referrerpolicy=\"no-referrer\"", "loading=\"lazy\"", "decoding=\"async\"", "alt="]
        {
            assert!(picture.contains(attribute), "{picture}");
        }
    }
}

#[test]
fn hostile_text_stays_text() {
    let mut ctx = page_stories::context("en");
    ctx.title = "</title><script>alert(1)</script>".into();
    ctx.rights = Some("<img src=x onerror=alert(1)>".into());
    let mut stories = page_stories::stories(now(), "javascript:alert(1)//");
    let article = &mut stories[0].members[0].entry.article;
    article.title = "<script>alert(1)</script>".into();
    article.link = Some("javascript:alert(1)".into());
    article.language = Some("en\" onclick=\"alert(1)".into());
    article.summary_html = Some("<script>alert(1)</script>\" onclick=\"".into());
    stories[0].members[1].entry.article.title = "\" onmouseover=\"alert(1)".into();
    for file in page::all(&Theme::built_in(), &ctx, &stories, 100, |_| true).unwrap() {
        if !file.path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8(file.bytes).unwrap();
        assert!(!page.contains("<script>"), "{}", file.path);
        assert!(!page.contains("javascript:"), "{}", file.path);
        assert!(!page.contains("<img src=x"), "{}", file.path);
        for attribute in [" onclick=\"", " onmouseover=\"", " style=\""] {
            assert!(!page.contains(attribute), "{attribute} in {}", file.path);
        }
    }
}

#[test]
fn feeds_are_found_by_readers_and_by_people() {
    let mut ctx = page_stories::context("en");
    ctx.base_url = Some("https://news.example/wells/".parse().unwrap());
    let files = files(&ctx);
    let page = &files["index.html"];
    assert!(page.contains(
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"https://news.example/wells/atom.xml\" title=\"The Wellspring\">"
    ));
    assert!(!page.contains("rel=\"alternate\" type=\"text/x-opml\""), "a list of sources is no feed");
    assert!(page.contains(">https://news.example/wells/opml.xml</a>"));
    assert!(page.contains("<link rel=\"canonical\" href=\"https://news.example/wells/\">"));
    let tag = &files["tags/شهر.html"];
    assert!(tag.contains("href=\"https://news.example/wells/tags/%D8%B4%D9%87%D8%B1.xml\""));
    assert!(tag.contains("<link rel=\"stylesheet\" href=\"../style.css\">"));
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut ctx = page_stories::context("fa");
    ctx.live = false;
    let files = files(&ctx);
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let base = url::Url::parse("https://x.example/").unwrap().join(path).unwrap();
        for (at, _) in page.match_indices(" href=\"") {
            let href = page[at + 7..].split('"').next().unwrap().replace("&amp;", "&");
            let target = base.join(&href).unwrap();
            if target.host_str() != Some("x.example") {
                continue;
            }
            let mut name = percent_encoding_decode(&target.path()[1..]);
            if name.is_empty() || name.ends_with('/') {
                name.push_str("index.html");
            }
            let is_feed = [".xml", ".json"].iter().any(|extension| name.ends_with(extension));
            assert!(is_feed || files.contains_key(&name), "{href} in {path}");
        }
    }
}

fn percent_encoding_decode(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .unwrap()
        .1
        .into_owned()
}

#[test]
fn older_days_are_closed_pages() {
    let ctx = page_stories::context("en");
    let before = files(&ctx);
    // Another story of today, and another source, change nothing on the days before yesterday.
    let mut stories = page_stories::stories(now(), "https://pictures.example/");
    let mut newest = stories[0].clone();
    newest.id = "urn:uuid:new".into();
    newest.published = now();
    stories.push(newest);
    let mut ctx = ctx;
    ctx.sources.push(page::Facet {
        id: "new".into(),
        title: "New".into(),
        path: "sources/new.html".into(),
        feeds: vec![],
    });
    let after = page::all(&Theme::built_in(), &ctx, &stories, 12, |_| true).unwrap();
    for file in after {
        let same = before.get(&file.path).is_some_and(|b| b.as_bytes() == file.bytes);
        match file.path.as_str() {
            "index.html" | "days/2026-11-22.html" => assert!(!same, "{}", file.path),
            path if path.starts_with("days/2026") => assert!(same, "{path}"),
            _ => {}
        }
    }
}

#[test]
fn only_wanted_days_and_their_neighbours_are_made() {
    let ctx = page_stories::context("en");
    let stories = page_stories::stories(now(), "https://pictures.example/");
    let wanted = jiff::civil::date(2026, 11, 22);
    let made = page::all(&Theme::built_in(), &ctx, &stories, 12, |date| date == wanted).unwrap();
    let days: Vec<_> = made.iter().map(|f| f.path.as_str()).filter(|p| p.starts_with("days/2")).collect();
    assert_eq!(days, ["days/2026-11-22.html", "days/2026-11-21.html"]);
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let ctx = page_stories::context("ar");
    let mut stories = page_stories::stories(now(), "https://pictures.example/");
    let one = page::all(&Theme::built_in(), &ctx, &stories, 12, |_| true).unwrap();
    stories.reverse();
    assert_eq!(page::all(&Theme::built_in(), &ctx, &stories, 12, |_| true).unwrap(), one);
}

#[test]
fn who_wants_only_links_gets_only_links() {
    let mut ctx = page_stories::context("en");
    ctx.content = ContentPolicy::Link;
    let page = &files(&ctx)["index.html"];
    assert!(page.contains("Night ferries"));
    assert!(!page.contains("class=\"summary\"") && !page.contains("<img"));
}

#[test]
fn the_state_of_every_source_is_told_in_words() {
    for (language, words) in [
        ("fa", ["۶ منبع", "ناموفق", "نام میزبان نشانی ندارد", "۳ روز پیش", "۱۱ دقیقه دیگر"]),
        ("ar", ["٦ مصادر", "متعثّر", "لا عنوان لاسم المضيف", "قبل ٣ أيام", "بعد ١١ دقيقة"]),
        ("en", ["6 sources", "Failing", "The host&#39;s name has no address", "3 days ago", "in 11 minutes"]),
    ] {
        let ctx = page_stories::context(language);
        let page = page::status(&Theme::built_in(), &ctx, &page_stories::states(now()), now()).unwrap();
        let page = String::from_utf8(page).unwrap();
        for word in words {
            assert!(page.contains(word), "{word} in {language}");
        }
        assert!(page.contains("<svg class=\"spark\"") && page.contains("<rect "));
        let failing = page.find("class=\"health failing\">").unwrap();
        assert!(failing < page.rfind("class=\"health healthy\">").unwrap(), "what needs care comes first");
    }
}

#[test]
fn what_was_searched_for_stays_text() {
    let ctx = page_stories::context("en");
    let stories = page_stories::stories(now(), "https://pictures.example/");
    let chosen: Vec<_> = stories.iter().take(2).collect();
    let query = "\"><script>alert(1)</script>&";
    let found = Found { query, page: 2, stories: &chosen, total: 42, more: true };
    let page = String::from_utf8(page::search(&Theme::built_in(), &ctx, &found).unwrap()).unwrap();
    assert!(!page.contains("<script>"));
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;"));
    assert!(page.contains("42 stories"));
    assert!(page.contains("href=\"search?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26&amp;page=3\""));
}

#[test]
fn a_page_without_stories_says_so() {
    let page = page::index(&Theme::built_in(), &page_stories::context("fa"), &[], &[]).unwrap();
    assert!(String::from_utf8(page).unwrap().contains("هنوز خبری نیست."));
}
