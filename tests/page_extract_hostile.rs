//! Pages that nobody wrote to be read: nothing panics, nothing hangs.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use kariz::page::{self, Input};
use proptest::prelude::*;
use url::Url;

fn now() -> Timestamp {
    "2025-05-02T08:00:00Z".parse().unwrap()
}

/// Reads the page in every way there is.
fn read_all(html: &[u8]) {
    let base = Url::parse("https://news.example/a").unwrap();
    let input = Input { base: Some(&base), ..Input::new(html, now()) };
    let _ = page::article(&input).map(|a| a.content_html());
    let _ = page::listing(&input, None);
    let _ = page::sitemap(&input);
    let _ = page::discover(&input);
    let _ = page::json_api(&input, &page::JsonSelect::default());
}

#[test]
fn hostile_markup_is_read_in_time() {
    let n: usize = std::env::var("KARIZ_HOSTILE").ok().and_then(|v| v.parse().ok()).unwrap_or(4_000);
    let sentence = "a sentence of some words, and then some more of them. ";
    let pages: Vec<(&str, String)> = vec![
        ("nested blocks", "<div>".repeat(5 * n)),
        ("nested blocks with text", format!("<div>{sentence}").repeat(n)),
        ("nested tables", "<table><tr><td>".repeat(n)),
        ("nested lists", "<ul><li><a href=/x>".repeat(n)),
        ("formatting never closed", (0..n).map(|i| format!("<p><b x={i}>{sentence}")).collect()),
        ("font in font", (0..n).map(|i| format!("<font size={i}>x<p>")).collect()),
        ("links never closed", format!("<a href=/n>{sentence}").repeat(n)),
        ("attributes", format!("<p {}>{sentence}", (0..n).map(|i| format!("a{i}=1 ")).collect::<String>())),
        ("one long class", format!("<div class='{}'>{sentence}</div>", "entry share ".repeat(n))),
        ("flat paragraphs", format!("<p>{sentence}</p>").repeat(n)),
        ("flat spans", "<span>a</span>".repeat(n)),
        ("line breaks", "<br>".repeat(5 * n)),
        ("text and breaks", format!("{sentence}<br>").repeat(n)),
        ("headings", format!("<h1>{sentence}</h1><h2>Related</h2>").repeat(n / 4)),
        ("many links", (0..n).map(|i| format!("<li><a href=/n/{i}>{sentence}{i}</a>")).collect()),
        ("comments", "<!--x--!>".repeat(n)),
        ("one word", "x".repeat(50 * n)),
        ("json", format!("<script type=application/ld+json>{}</script>", "[".repeat(5 * n))),
        ("dates", "<p>20 June 2024</p>".repeat(n)),
        ("one line of dates", "20 June 2024, ".repeat(n)),
        ("json list", format!("[{}]", "{\"title\":\"a\",\"url\":\"/b\"},".repeat(n).trim_end_matches(','))),
        ("svg", "<svg><style><div>".repeat(n)),
        ("templates", "<template><div>".repeat(n)),
        ("selects", "<select><option>".repeat(n)),
        ("articles", format!("<article><h2><a href=/x>{sentence}</a></h2>").repeat(n / 4)),
    ];
    let mut slow = Vec::new();
    for (name, html) in &pages {
        let start = Instant::now();
        read_all(html.as_bytes());
        let took = start.elapsed();
        println!("{name:28} {:8} bytes {took:?}", html.len());
        // Debug builds on a busy machine; what is quadratic takes minutes here.
        if took > Duration::from_secs(60) {
            slow.push(format!("{name}: {took:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// Pieces of markup that meet in odd ways.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("<div class=\"entry-content share\">".to_owned()),
        Just("</div>".to_owned()),
        Just("<table><tr><td>".to_owned()),
        Just("</table>".to_owned()),
        Just("<article>".to_owned()),
        Just("</article>".to_owned()),
        Just("<h1>".to_owned()),
        Just("</h1>".to_owned()),
        Just("<h2><a href=/n/1>A headline of words</a></h2>".to_owned()),
        Just("<time datetime=2024-06-20>".to_owned()),
        Just("<svg><title>".to_owned()),
        Just("<template>".to_owned()),
        Just("<b><i><a href=x>".to_owned()),
        Just("</b>".to_owned()),
        Just("<br><br>".to_owned()),
        Just("<img src=a.jpg>".to_owned()),
        Just("<noscript><img src=b.jpg></noscript>".to_owned()),
        Just("<li><ul>".to_owned()),
        Just("<body>".to_owned()),
        Just("<html>".to_owned()),
        Just("<frameset>".to_owned()),
        Just("<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"A headline of words\",\"articleBody\":\"x\"}</script>".to_owned()),
        Just("پنجشنبه 20-ژوئن-2024".to_owned()),
        Just("کپی شد لینک کوتاه: https://x.example/1".to_owned()),
        Just("Some words of a sentence that goes on for a while, and then ends. ".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        "[a-z<>/\"'= \u{200c}\u{202e}é漢]{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_pieces_of_markup(pieces in prop::collection::vec(piece(), 0..40)) {
        read_all(pieces.concat().as_bytes());
    }

    #[test]
    fn nothing_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn the_bounds_keep_the_text(words in prop::collection::vec("w[a-z]{1,8}", 1..30)) {
        let html: String = words.iter().map(|w| format!("<div><p>{w} ")).collect();
        let article = page::article(&Input { keep: Some("body"), ..Input::new(html.as_bytes(), now()) }).unwrap();
        for word in words {
            prop_assert!(article.text.contains(&word) || article.text.len() < 3, "{word} in {}", article.text);
        }
    }
}
