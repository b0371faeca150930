use super::*;

fn read(html: &str) -> Listing {
    let base = Url::parse("https://news.example/list").unwrap();
    let input =
        Input { base: Some(&base), ..Input::new(html.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap()) };
    listing(&input, None).unwrap_or_else(|e| panic!("{e}: {html}"))
}

fn links(listing: &Listing) -> Vec<&str> {
    listing
        .feed
        .entries
        .iter()
        .filter_map(|e| e.link.as_deref()?.strip_prefix("https://news.example"))
        .collect()
}

const MENU: &str = r#"<ul class="menu"><li><a href="/c/1">Culture and the arts today</a><li><a href="/c/2">Science and nature pages</a>
<li><a href="/c/3">Weather in all the villages</a><li><a href="/c/4">Letters from our readers</a></ul>"#;

/// Cards, table rows, bare headings and links of definition lists are lists of articles.
#[test]
fn lists_of_many_shapes_are_found_without_selectors() {
    let titles = [
        "The first rain of this autumn",
        "A bridge that sings in wind",
        "Bread for the whole street",
        "The cat of the old library",
    ];
    type Shape = fn(usize, &str) -> String;
    let shapes: &[(&str, Shape)] = &[
        ("cards", |i, t| {
            format!(
                "<div class='card item-{i}'><a href='/n/{i}'><img src='/p/{i}.jpg'></a><h3><a href='/n/{i}'>{t}</a></h3><p>Some words about it.</p></div>"
            )
        }),
        ("linked cards", |i, t| format!("<a class='tile' href='/n/{i}'><h2>{t}</h2><span>12:30</span></a>")),
        ("rows", |i, t| {
            format!(
                "<table class=news><tr><td>{i}</td><td><a href='/n/{i}'>{t}</a></td><td>2025-04-0{i}</td></tr></table>"
            )
        }),
        ("headings", |i, t| format!("<h2><a href='/n/{i}'>{t}</a></h2><p>Some words about it.</p>")),
        ("articles", |i, t| {
            format!(
                "<article class='post-{i} post type-post'><h2 class=entry-title><a href='/n/{i}'>{t}</a></h2><time datetime='2025-04-0{i}'>x</time></article>"
            )
        }),
        ("lines", |i, t| {
            format!("<p><a href='/n/{i}'>{t}</a> - <a href='/n/{i}#comments'>3 comments</a></p>")
        }),
    ];
    for (name, shape) in shapes {
        let list: String = titles.iter().enumerate().map(|(i, t)| shape(i + 1, t)).collect();
        let page = format!(
            "<body>{MENU}<div class=main>{list}</div><aside><ul><li><a href=/n/9>An older story that many read</a><li><a href=/n/8>Another story of last winter</a><li><a href=/n/7>One more story of last year</a></ul></aside><footer>{MENU}</footer>"
        );
        let found = read(&page);
        assert_eq!(links(&found), ["/n/1", "/n/2", "/n/3", "/n/4"], "{name}: {:?}", found.chosen);
        let got: Vec<&str> = found.feed.entries.iter().filter_map(|e| e.title.as_deref()).collect();
        assert_eq!(got, titles, "{name}: {:?}", found.chosen);
        // What was chosen can be pasted and gives the same.
        let base = Url::parse("https://news.example/list").unwrap();
        let input = Input {
            base: Some(&base),
            ..Input::new(page.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap())
        };
        let pasted: Selectors = toml::from_str(&found.chosen.to_toml()).unwrap();
        assert_eq!(listing(&input, Some(&pasted)).unwrap().feed.entries, found.feed.entries, "{name}");
    }
}

#[test]
fn given_selectors_are_obeyed() {
    let html = r#"<div class=x><b>Old bread, new soup</b><i data-when="2025-04-03T10:00:00Z"></i><a href="/a/1?utm_source=x#top">more</a><em>Rae</em><u><img data-src="/1.png"></u><p>Ladle &amp; spoon</p></div>
        <div class=x><b>No link here</b></div><a class=further href="/list?page=2">2</a>"#;
    let base = Url::parse("https://news.example/list").unwrap();
    let input =
        Input { base: Some(&base), ..Input::new(html.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap()) };
    let selectors = Selectors {
        item: Some("div.x".into()),
        title: Some("b".into()),
        link: Some("a@href".into()),
        content: Some("p".into()),
        date: Some("i@data-when".into()),
        author: Some("em".into()),
        image: Some("u img@data-src".into()),
        next: Some("a.further@href".into()),
    };
    let found = listing(&input, Some(&selectors)).unwrap();
    let [entry] = &found.feed.entries[..] else { panic!("{:?}", found.feed.entries) };
    assert_eq!(entry.title.as_deref(), Some("Old bread, new soup"));
    assert_eq!(entry.link.as_deref(), Some("https://news.example/a/1?utm_source=x"));
    assert_eq!(entry.published.unwrap().to_string(), "2025-04-03T10:00:00Z");
    assert_eq!(entry.authors[0].name.as_deref(), Some("Rae"));
    assert_eq!(entry.image.as_deref(), Some("https://news.example/1.png"));
    assert_eq!(entry.summary.as_ref().unwrap().html, "Ladle &amp; spoon");
    assert_eq!(found.next.as_deref(), Some("https://news.example/list?page=2"));
}

#[test]
fn a_selector_that_cannot_be_read_is_an_error_that_names_it() {
    let input = Input::new(b"<p>x", "2025-05-02T08:00:00Z".parse().unwrap());
    let selectors = Selectors { item: Some("div[".into()), ..Selectors::default() };
    let error = listing(&input, Some(&selectors)).unwrap_err();
    assert!(error.message.contains("item") && error.message.contains("div["), "{error}");
}

#[test]
fn a_page_without_a_list_is_an_error() {
    let input = Input::new(b"<p>Only a paragraph here.", "2025-05-02T08:00:00Z".parse().unwrap());
    assert_eq!(listing(&input, None).unwrap_err().kind, ErrorKind::Parse);
}

#[test]
fn a_list_that_only_json_ld_knows_is_read_from_there() {
    let html = r#"<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"url":"/n/1","name":"One long winter"},{"@type":"ListItem","position":2,"item":{"@type":"Article","url":"/n/2","headline":"Two short summers"}}]}</script><div id=app></div>"#;
    let found = read(html);
    assert_eq!(links(&found), ["/n/1", "/n/2"]);
    assert_eq!(found.chosen.item, None);
}

#[test]
fn dates_stand_beside_the_headlines_in_any_calendar() {
    let html = r#"<header><div>جمعه 2/مه/2025</div></header><ul class=list><li class=it><h3><a href=/n/1>باران پاییزی به شهر رسید</a></h3><span class=d>پنجشنبه 20-ژوئن-2024</span><li class=it><h3><a href=/n/2>پل چوبی دوباره ساخته شد</a></h3><span class=d>چهارشنبه 19-ژوئن-2024</span><li class=it><h3><a href=/n/3>نان برای همهٔ همسایه‌ها</a></h3><span class=d>۲۹ خرداد ۱۴۰۳</span></ul>"#;
    let found = read(html);
    let dates: Vec<String> =
        found.feed.entries.iter().map(|e| e.published.unwrap().to_string()[..10].to_owned()).collect();
    assert_eq!(dates, ["2024-06-20", "2024-06-19", "2024-06-18"]);
    assert_eq!(found.chosen.date.as_deref(), Some("span.d"));
}
