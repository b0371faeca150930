//! The page in a real browser: Chromium, headless, through its WebDriver.
//!
//! Needs `chromium` and `chromedriver` (Debian: `apt-get install chromium chromium-driver fonts-noto-core`). Where
//! they are missing the test says so and passes, unless `KARIZ_BROWSER=1` demands them. Pictures of what a person
//! sees land in `target/screenshots`.

#![allow(missing_docs)]

mod driver;
#[path = "../page_stories/mod.rs"]
mod page_stories;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use driver::*;
use jiff::Timestamp;
use kariz::publish::page::{self, Found, PageContext, Theme};
use kariz::serve::{Asked, Options, Pages, Serve, Site};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::net::TcpListener;

const WIDTHS: [u32; 3] = [320, 390, 1280];
const SCHEMES: [&str; 2] = ["light", "dark"];

/// What `/status` and `/search` show.
struct Made {
    ctx: PageContext,
    now: Timestamp,
    pictures: String,
}

impl Pages for Made {
    fn page(&self, asked: &Asked) -> anyhow::Result<Vec<u8>> {
        let theme = theme();
        Ok(match asked {
            Asked::Metrics => anyhow::bail!("no figures here"),
            Asked::Status => page::status(&theme, &self.ctx, &page_stories::states(self.now), self.now)?,
            Asked::Search { query, page } => {
                let stories = page_stories::stories(self.now, &self.pictures);
                let hits: Vec<_> = stories
                    .iter()
                    .filter(|s| !query.is_empty() && s.lead().entry.article.title.contains(query))
                    .collect();
                let found =
                    Found { query, page: *page, stories: &hits, total: hits.len() as u64, more: false };
                page::search(&theme, &self.ctx, &found)?
            }
        })
    }
}

/// Pictures from another origin, as they are in life.
async fn pictures() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let draw = |axum::extract::Path(name): axum::extract::Path<String>| async move {
        let n: u32 = name.trim_end_matches(".svg").parse().unwrap_or(0);
        let (a, b) = (n * 47 % 360, (n * 47 + 50) % 360);
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 200'><defs><linearGradient id='s' x2='0' y2='1'>\
             <stop stop-color='hsl({a} 45% 72%)'/><stop offset='1' stop-color='hsl({b} 50% 86%)'/></linearGradient></defs>\
             <rect width='320' height='200' fill='url(#s)'/><circle cx='{}' cy='62' r='26' fill='hsl({b} 70% 92%)'/>\
             <path d='M0 140 Q80 {} 170 134 T320 126 V200 H0Z' fill='hsl({a} 25% 46%)'/>\
             <path d='M0 168 Q120 138 210 166 T320 158 V200 H0Z' fill='hsl({a} 30% 32%)'/></svg>",
            60 + n * 53 % 200,
            80 + n * 29 % 40,
        );
        ([("content-type", "image/svg+xml")], svg)
    };
    let router = axum::Router::new().route("/{name}", axum::routing::get(draw));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The theme that is in the program; or, while one works on a theme, that of a folder.
fn theme() -> Theme {
    match std::env::var_os("KARIZ_THEME_DIR") {
        Some(dir) => Theme::load(Path::new(&dir)).unwrap(),
        None => Theme::built_in(),
    }
}

struct Published {
    origin: String,
    dir: tempfile::TempDir,
}

async fn publish(language: &str, now: Timestamp, pictures: SocketAddr) -> Published {
    let ctx = page_stories::context(language);
    let pictures = format!("http://{pictures}/");
    let dir = tempfile::tempdir().unwrap();
    let stories = page_stories::stories(now, &pictures);
    for file in page::all(&theme(), &ctx, &stories, 14, |_| true).unwrap() {
        let path = dir.path().join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.bytes).unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let made: Arc<dyn Pages> = Arc::new(Made { ctx, now, pictures });
    let serve = Serve::new(Site::load(dir.path()).unwrap(), Some(made), Options::default());
    tokio::spawn(kariz::serve::serve(listener, serve, std::future::pending()));
    Published { origin, dir }
}

/// What must hold on every page at every size; what does not is told, so that one run shows all of it.
async fn check(browser: &WebDriver, origin: &str, what: &str, problems: &mut Vec<String>) {
    let mut demand = |holds: bool, problem: String| {
        if !holds {
            problems.push(format!("{what}: {problem}"));
        }
    };
    let widths = run(browser, "return [document.documentElement.scrollWidth, innerWidth]").await;
    demand(widths[0].as_u64() <= widths[1].as_u64(), format!("scrolls sideways: {widths}"));

    // Where a headline stands is what a person sees: its first line begins at the side that its language begins at.
    let headlines = run(
        browser,
        "return [...document.querySelectorAll('.story h3')].map(h => { \
           const range = document.createRange(); range.selectNodeContents(h); \
           const runs = [...range.getClientRects()], top = Math.min(...runs.map(r => r.top)); \
           const first = runs.filter(r => r.top < top + r.height / 2); \
           const line = { left: Math.min(...first.map(r => r.left)), right: Math.max(...first.map(r => r.right)) }; \
           const box = h.parentElement.getBoundingClientRect(); \
           return { lang: h.lang, dir: getComputedStyle(h).direction, text: h.textContent, \
                    start: line.left - box.left, end: box.right - line.right }; })",
    )
    .await;
    for headline in headlines.as_array().unwrap() {
        let is_latin = headline["lang"].as_str().is_some_and(|lang| lang.starts_with("en"));
        let expected = if is_latin { "ltr" } else { "rtl" };
        demand(headline["dir"] == expected, format!("direction of {headline}"));
        let side = if expected == "rtl" { &headline["end"] } else { &headline["start"] };
        demand(side.as_f64().unwrap().abs() < 2.0, format!("does not begin at its side: {headline}"));
    }

    let outside = run(
        browser,
        "return [...document.querySelectorAll('body *')].filter(e => { \
           const b = e.getBoundingClientRect(); \
           return b.width > 1 && !e.closest('.skip, .unseen, svg') && (b.left < -1 || b.right > innerWidth + 1); \
         }).map(e => e.outerHTML.slice(0, 120))",
    )
    .await;
    demand(outside == json!([]), format!("reaches over the edge: {outside}"));

    for entry in browser.get_log("browser").await.unwrap() {
        demand(!["SEVERE", "WARNING"].contains(&entry.level.as_str()), format!("console: {}", entry.message));
    }
    for entry in browser.get_log("performance").await.unwrap() {
        let event: Value = serde_json::from_str(&entry.message).unwrap();
        let event = &event["message"];
        if event["method"] != "Network.requestWillBeSent" {
            continue;
        }
        let request = &event["params"]["request"];
        let (url, kind) = (request["url"].as_str().unwrap(), &event["params"]["type"]);
        if url.starts_with(origin) || url.starts_with("data:") {
            continue;
        }
        demand(kind == "Image", format!("asks elsewhere: {kind} {url}"));
        let headers = request["headers"].as_object().unwrap();
        let tells = |(name, value): (&String, &Value)| name.eq_ignore_ascii_case("referer") && value != "";
        demand(!headers.iter().any(tells), format!("tells where it is read: {headers:?}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_in_a_browser() {
    let Some(driver) = Driver::start() else { return };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let browser = driver.open().await;
    let result = tokio::spawn(look_at_everything(browser.clone())).await;
    browser.quit().await.unwrap();
    result.unwrap();
}

async fn look_at_everything(browser: WebDriver) {
    let pictures = pictures().await;
    let now = Timestamp::now();
    let mut problems = Vec::new();
    for language in ["fa", "ar", "en"] {
        let site = publish(language, now, pictures).await;
        let origin = &site.origin;
        for width in WIDTHS {
            size(&browser, width).await;
            for colours in SCHEMES {
                scheme(&browser, colours).await;
                for (name, path) in [
                    ("river", "/"),
                    ("source", "/sources/harbour-gazette.html"),
                    ("days", "/days/"),
                    ("status", "/status"),
                    ("search", "/search?q=%D8%A7"),
                ] {
                    let what = format!("{language}-{width}-{colours}-{name}");
                    browser.goto(format!("{origin}{path}")).await.unwrap();
                    check(&browser, origin, &what, &mut problems).await;
                    if ["river", "status"].contains(&name) || width == 390 {
                        picture(&browser, &what).await;
                        // Anything that came late.
                        check(&browser, origin, &what, &mut problems).await;
                    }
                }
                let background =
                    run(&browser, "return getComputedStyle(document.documentElement).backgroundColor").await;
                let first: u32 = background
                    .as_str()
                    .unwrap()
                    .split(['(', ',', ')'])
                    .nth(1)
                    .unwrap()
                    .trim()
                    .parse()
                    .unwrap();
                assert_eq!(first < 128, colours == "dark", "{background}");
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        walk(&browser, &site, language, &mut problems).await;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    for language in ["fa", "ar", "en"] {
        look_at_the_demo(&browser, language, &mut problems).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

/// `kariz demo`; ends with the test.
struct Demo {
    process: Child,
    origin: String,
}

impl Demo {
    fn start(language: &str) -> Self {
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_kariz"))
            .args(["demo", "--language", language, "--listen", &address.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.starts_with("Open http://")), "the demo says where it is");
        Self { process, origin: format!("http://{address}") }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has a folder of its own to remove.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// The page that a person sees who tries kariz out, in one language: stories in three, through the whole pipeline.
async fn look_at_the_demo(browser: &WebDriver, language: &str, problems: &mut Vec<String>) {
    let demo = Demo::start(language);
    let origin = demo.origin.as_str();
    for width in WIDTHS {
        size(browser, width).await;
        for colours in SCHEMES {
            scheme(browser, colours).await;
            for (name, path) in [
                ("river", "/"),
                ("source", "/sources/narvan.html"),
                ("days", "/days/"),
                ("status", "/status"),
                ("search", "/search?q=frost"),
            ] {
                let what = format!("demo-{language}-{width}-{colours}-{name}");
                browser.goto(format!("{origin}{path}")).await.unwrap();
                check(browser, origin, &what, problems).await;
                if width != 320 {
                    picture(browser, &what).await;
                }
            }
        }
    }
    scheme(browser, "light").await;
    browser.goto(origin).await.unwrap();
    let page = run(browser, "const h = document.documentElement; return [h.lang, h.dir]").await;
    assert_eq!(page, json!([language, if language == "en" { "ltr" } else { "rtl" }]));
    let count = |of: &str| format!("return document.querySelectorAll({of:?}).length");
    for lang in ["en", "fa", "ar"] {
        let headlines = run(browser, &count(&format!(".story h3[lang|={lang}]"))).await;
        assert!(headlines.as_u64().unwrap() > 3, "{headlines} headlines in {lang}");
    }

    // A topic, a source: what is not of it is not there.
    let all = run(browser, &count(".story")).await.as_u64().unwrap();
    for filter in ["aside .chips a", "aside .list a"] {
        browser.goto(origin).await.unwrap();
        let link = browser.find(By::Css(filter)).await.unwrap();
        let name = link.text().await.unwrap();
        link.click().await.unwrap();
        assert_eq!(browser.find(By::Css("h1 bdi")).await.unwrap().text().await.unwrap(), name);
        let some = run(browser, &count(".story")).await.as_u64().unwrap();
        assert!(some > 0 && some < all, "{name}: {some} of {all}");
        check(browser, origin, &name, problems).await;
    }

    // A word of a headline finds that story.
    browser.goto(origin).await.unwrap();
    let headline = format!("return document.querySelector('.story h3[lang|={language}]').textContent");
    let headline = run(browser, &headline).await.as_str().unwrap().to_owned();
    let is_letter = |c: char| c.is_alphabetic() || c == '\u{200c}';
    let word = headline.split(|c| !is_letter(c)).max_by_key(|word| word.chars().count()).unwrap();
    let field = browser.find(By::Css("input[name=q]")).await.unwrap();
    field.send_keys(word).await.unwrap();
    field.send_keys(Key::Enter).await.unwrap();
    let found =
        run(browser, "return [...document.querySelectorAll('.story h3')].map(h => h.textContent)").await;
    assert!(found.as_array().unwrap().contains(&json!(headline)), "{word}: {found}");

    // What is broken and what is dead is told.
    browser.goto(format!("{origin}/status")).await.unwrap();
    assert_eq!(run(browser, &count(".state")).await, kariz::demo::SITES.len());
    assert_eq!(run(browser, &count(".state .error")).await, 1);
    check(browser, origin, "status", problems).await;
    let _ = browser.get_log("browser").await;
    let _ = browser.get_log("performance").await;
}

/// What a person does: read how long ago, filter, turn to a day, search, go by keyboard, and all of it
/// without the script.
async fn walk(browser: &WebDriver, site: &Published, language: &str, problems: &mut Vec<String>) {
    let origin = &site.origin;
    scheme(browser, "light").await;
    browser.goto(origin.as_str()).await.unwrap();
    let ago = run(browser, "return document.querySelector('.ago')?.textContent").await;
    let expected = match language {
        "fa" => "پیش",
        "ar" => "قبل",
        _ => "ago",
    };
    assert!(ago.as_str().is_some_and(|text| text.contains(expected)), "{ago}");
    let button = run(browser, "return document.querySelector('button.copy').hidden").await;
    assert_eq!(button, json!(false));

    // The first stop of the keyboard leads past everything to the stories.
    browser.action_chain().send_keys(Key::Tab).perform().await.unwrap();
    assert_eq!(run(browser, "return document.activeElement.className").await, "skip");
    browser.action_chain().send_keys(Key::Enter).perform().await.unwrap();
    assert_eq!(run(browser, "return document.activeElement.id").await, "stories");

    browser.find(By::Css("aside .chips a")).await.unwrap().click().await.unwrap();
    assert_eq!(
        browser.find(By::Css("h1 bdi")).await.unwrap().text().await.unwrap(),
        page_stories::SOURCES[0].3
    );
    check(browser, origin, "a topic", problems).await;

    browser.goto(origin.as_str()).await.unwrap();
    browser.find(By::Css(".list a")).await.unwrap().click().await.unwrap();
    let named = run(browser, "return [...document.querySelectorAll('.story')].map(s => s.textContent)").await;
    assert!(!named.as_array().unwrap().is_empty());
    for meta in named.as_array().unwrap() {
        assert!(meta.as_str().unwrap().contains(page_stories::SOURCES[0].1), "{meta}");
    }

    browser.goto(format!("{origin}/days/")).await.unwrap();
    browser.find(By::Css(".calendar li:last-child a")).await.unwrap().click().await.unwrap();
    check(browser, origin, "the first day", problems).await;
    browser.find(By::Css(".turn a")).await.unwrap().click().await.unwrap();
    check(browser, origin, "the day after it", problems).await;
    assert_eq!(run(browser, "return document.querySelectorAll('.turn a').length").await, 2);

    browser.goto(origin.as_str()).await.unwrap();
    let field = browser.find(By::Css("input[name=q]")).await.unwrap();
    field.send_keys("انار").await.unwrap();
    field.send_keys(Key::Enter).await.unwrap();
    assert_eq!(run(browser, "return document.querySelectorAll('.story').length").await, 1);
    check(browser, origin, "search results", problems).await;

    cdp(browser, "Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    browser.goto(origin.as_str()).await.unwrap();
    check(browser, origin, "without the script", problems).await;
    assert_eq!(
        run(browser, "return document.querySelectorAll('.ago, button.copy:not([hidden])').length").await,
        0
    );
    assert!(
        run(browser, "return document.querySelectorAll('.story time').length").await.as_u64().unwrap() > 10
    );
    cdp(browser, "Emulation.setScriptExecutionDisabled", json!({"value": false})).await;

    // Opened as a file, without any server.
    let file = format!("file://{}/index.html", site.dir.path().display());
    browser.goto(&file).await.unwrap();
    let styled = run(browser, "return getComputedStyle(document.querySelector('.masthead')).textAlign").await;
    assert_eq!(styled, "center", "the style sheet is read from a file");
    let _ = browser.get_log("browser").await;
    let _ = browser.get_log("performance").await;
}
