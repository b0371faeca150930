//! What may be republished, and what not: one line a promise.

use url::Url;

use super::*;
use crate::text::plain;

pub(super) fn clean(html: &str) -> String {
    let base = Url::parse("https://news.example/2024/story.html").ok();
    sanitize(&Markup { html: html.to_owned(), base, language: None })
}

fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (html, expected) in cases {
        let once = clean(html);
        if once != *expected {
            wrong.push(format!("{html}\n  gives {once}\n  not   {expected}"));
        }
        let twice = clean(&once);
        if twice != once {
            wrong.push(format!("{html}\n  gives {once}\n  then  {twice}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn text_and_structure_stay() {
    check(&[
        ("plain", "plain"),
        ("Tea &amp; cake &lt;3", "Tea &amp; cake &lt;3"),
        ("a > b", "a &gt; b"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<b>bold <i>both</b> italic?</i>", "<b>bold <i>both</i></b> italic?"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        (
            "<table><tr><td colspan=2 onclick=x>a<td>b</table>",
            "<table><tbody><tr><td colspan=\"2\">a</td><td>b</td></tr></tbody></table>",
        ),
        (
            "<table>stray<tr><td>a</table>",
            "<table><tbody><tr><td>stray</td></tr><tr><td>a</td></tr></tbody></table>",
        ),
        ("<td>cell without a table", "cell without a table"),
        (
            "<h2 dir=RTL lang=fa title='x\"y'>سلام</h2>",
            "<h2 dir=\"rtl\" lang=\"fa\" title=\"x&quot;y\">سلام</h2>",
        ),
        ("<p xml:lang=en>x</p>", "<p lang=\"en\">x</p>"),
        ("<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"),
        (
            "<details open><summary>s</summary>x</details>",
            "<details open=\"\"><summary>s</summary>x</details>",
        ),
        ("<pre>\n\na\n b</pre>", "<pre>a\n b</pre>"),
        ("<code class=\"language-rust x\">a</code>", "<code class=\"language-rust\">a</code>"),
        ("<blink>safe</blink> <font color=red>x</font>", "safe x"),
        ("<div id=a class=b style='color:red' name=c>x</div>", "<div>x</div>"),
        (
            "<abbr title=x>a</abbr><acronym>b</acronym><q cite=/x>c</q>",
            "<abbr title=\"x\">a</abbr><acronym>b</acronym><q cite=\"https://news.example/x\">c</q>",
        ),
        ("<![CDATA[<p>x</p>]]>", "<p>x</p>"),
        ("a<br/>b<hr>c", "a<br>b<hr>c"),
        ("a&nbsp;b<b>c</b>", "a\u{a0}b<b>c</b>"),
        ("می&zwnj;خواهم <b>می‌شود</b>", "می\u{200c}خواهم <b>می\u{200c}شود</b>"),
        ("x <y z", "x &lt;y z"),
    ]);
}

#[test]
fn what_runs_or_asks_goes() {
    check(&[
        ("safe<script type=\"text/javascript\">location.href='x';</script> text", "safe text"),
        ("safe<style>p{display:none}</style> text", "safe text"),
        ("safe<applet code=x><param name=a>inside</applet> text", "safe text"),
        ("safe<object data=x><param name=a><embed src=x></object> text", "safe text"),
        ("safe<embed src='http://example.org/x.swf'> text", "safe text"),
        ("safe<iframe src='http://example.org/'></iframe> text", "safe text"),
        ("safe<frameset rows='*'><frame src=x></frameset> text", "safe text"),
        (
            "safe<link rel=stylesheet href=x><meta http-equiv=refresh content=x><base href=x> text",
            "safe text",
        ),
        (
            "<form action=x>ask <input name=a><button>go</button><select><option>1</option></select><textarea><b>t</textarea></form>",
            "\nask go\n1\n&lt;b&gt;t\n",
        ),
        ("<svg><script>x</script><a xlink:href='javascript:x'>y</a></svg>z", "z"),
        ("<p onclick=x onmouseover='y' style='position:fixed'>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href=' java\tscript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href='&#106;avascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href='data:text/html,x'>a</a>", "<a>a</a>"),
        ("<blockquote cite='javascript:x'>a</blockquote>", "<blockquote>a</blockquote>"),
        ("<img src='javascript:x'>", ""),
        ("<img src='data:image/gif;base64,R0lGOD' alt=x>", ""),
        ("<video src='javascript:x' poster='data:x'>a</video>", "<video controls=\"\">a</video>"),
        ("<scr<script>ipt>alert(1)</script>x", "ipt&gt;alert(1)x"),
        (
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">a</noscript>",
            "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\">a</p>",
        ),
        (
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>b",
            "<table></table>b",
        ),
        ("<math><mi>x</mi><mo>+</mo><mn>1</mn><annotation>x+1</annotation></math>", "x+1"),
        ("a<!-- <b> -->b<!--[if IE]>x<![endif]-->c", "abc"),
        ("a\u{0}\u{8}b&#0;&#1;c<b>\u{ffff}</b>", "abc<b></b>"),
    ]);
}

#[test]
fn addresses_are_absolute() {
    check(&[
        ("<a href=/x>a</a>", "<a href=\"https://news.example/x\">a</a>"),
        (
            "<a href='?q=1&amp;r=2'>a</a>",
            "<a href=\"https://news.example/2024/story.html?q=1&amp;r=2\">a</a>",
        ),
        ("<a href=mailto:desk@example.org>a</a>", "<a href=\"mailto:desk@example.org\">a</a>"),
        ("<a href='http://example.org/' target=_blank rel=x>a</a>", "<a href=\"http://example.org/\">a</a>"),
        (
            "<img src=a.png alt='A & B' width=10px height=50%>",
            "<img src=\"https://news.example/2024/a.png\" alt=\"A &amp; B\" width=\"10\" height=\"50%\">",
        ),
        (
            "<picture><source srcset='a.webp 1x, /b.webp 2x'><img src=//cdn.example/a.jpg></picture>",
            "<picture><source srcset=\"https://news.example/2024/a.webp 1x, https://news.example/b.webp 2x\"><img src=\"https://cdn.example/a.jpg\"></picture>",
        ),
        (
            "<audio src=a.mp3 autoplay></audio>",
            "<audio src=\"https://news.example/2024/a.mp3\" controls=\"\"></audio>",
        ),
        (
            "<del cite=x datetime=2024>a</del>",
            "<del cite=\"https://news.example/2024/x\" datetime=\"2024\">a</del>",
        ),
    ]);
    let without = Markup { html: "<a href=/x>a</a> <img src=x.png>".into(), base: None, language: None };
    assert_eq!(sanitize(&without), "<a>a</a> ");
}

#[test]
fn trackers_and_furniture_go() {
    check(&[
        ("a<img src='http://example.org/p.gif' width=1 height=1>", "a"),
        ("a<img src='http://feeds.feedburner.com/~r/blog/~4/xyz' height='1' width='1'/>", "a"),
        ("a<img src='https://pixel.wp.com/b.gif?x'>", "a"),
        (
            "a<div class='feedflare'><a href='http://feeds.feedburner.com/~ff/b?a=x'><img src='http://feeds.feedburner.com/~ff/b?d=y'></a></div>b",
            "ab",
        ),
        ("a<p class='x sharedaddy'><span>Share <b>this</b></span></p>b", "ab"),
        ("a <a href='https://twitter.com/intent/tweet?url=x'>Tweet</a>b", "a b"),
        (
            "<a href='https://twitter.com/town'>the town's account</a>",
            "<a href=\"https://twitter.com/town\">the town's account</a>",
        ),
        ("a<span style='display: none'>hidden<b>!</b></span>b", "ab"),
        ("a<p hidden>hidden<p>b", "a<p>b</p>"),
        ("<div style='display:none'>all of it</div>", "<div>all of it</div>"),
        (
            "<img class=lazy src='data:image/gif;base64,R0' data-src='/a.jpg'><noscript><img src='/a.jpg'></noscript>",
            "<img src=\"https://news.example/a.jpg\">",
        ),
        (
            "<iframe src='https://www.youtube.com/embed/abc' allowfullscreen></iframe>",
            "<a href=\"https://www.youtube.com/watch?v=abc\">youtube.com</a>",
        ),
        (
            "<iframe title='Map of the park' src='//maps.example/x'></iframe>",
            "<a href=\"https://maps.example/x\">Map of the park</a>",
        ),
    ]);
}

#[test]
fn bidi_controls_do_not_spill() {
    check(&[
        ("<p>a \u{2067}שלום\u{2069} b</p>", "<p>a \u{2067}שלום\u{2069} b</p>"),
        ("<p>a \u{202e}evil</p>", "<p>a evil</p>"),
        ("<p>a \u{202b}x</p><p>b\u{202c}</p>", "<p>a x</p><p>b</p>"),
        ("\u{200f}سلام&rlm;", "\u{200f}سلام\u{200f}"),
    ]);
}

#[test]
fn text_with_blocks_apart() {
    for (html, expected) in [
        ("<p>one <b>two</b></p><p>three</p>", "one two\nthree"),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("x<script>y</script><!-- z -->&amp;lt;", "x&lt;"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("in<i>line</i>", "inline"),
        (" \n ", ""),
        ("می&zwnj;شود", "می\u{200c}شود"),
    ] {
        assert_eq!(to_text(html), expected, "{html}");
    }
}

#[test]
fn summaries_end_at_a_word() {
    for (html, most, expected) in [
        ("<p>The town opened a new park.</p>", 100, "The town opened a new park."),
        ("<p>The town opened a new park.</p>", 20, "The town opened a…"),
        ("<p>One.</p><p>Two &amp; three</p>", 12, "One. Two…"),
        ("<p>a &lt; b</p>", 50, "a &lt; b"),
        ("می‌خواهم بروم می‌شود", 10, "می‌خواهم…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 8, "👨‍👩‍👧…"),
        ("城市新公园将于下周开放", 6, "城市新公园…"),
        ("สวนสาธารณะแห่งใหม่", 9, "สวนสาธาร…"),
        ("", 10, ""),
        ("abc", 0, ""),
    ] {
        let found = summary(html, most);
        assert_eq!(found, expected, "{html} {most}");
    }
}

#[test]
fn hostile_markup_costs_little() {
    let start = std::time::Instant::now();
    let many = |piece: &str, times: usize| piece.repeat(times / 3);
    for html in [
        many("<div>", 200_000),
        many("<b>", 200_000) + many("<p>x", 20_000).as_str(),
        (0..60_000).map(|i| format!("<font size={i}><i class=c{i}>")).collect::<String>()
            + many("<p>x", 20_000).as_str(),
        format!("<p {}>x</p>", (0..100_000).map(|i| format!("a{i}=1 ")).collect::<String>()),
        format!("<table>{}", many("<b>x</b>", 50_000)),
        format!("<table>{}</table>", many("<tr><td><table>", 10_000)),
        many("<a href='", 100_000),
        many("<!", 300_000),
        many("<!--", 200_000),
        many("<!-- -->", 100_000),
        many("</ ", 200_000),
        many("<b x ", 200_000),
        many("<a \"", 200_000) + ">",
        many("&", 1_000_000),
        many("&#", 400_000),
        many("<template>", 100_000),
        "<b><table><tr><td>".to_owned()
            + many("<template>", 100_000).as_str()
            + many("</b>", 100_000).as_str(),
        many("<p style='display:none'>", 50_000),
        many("</b>", 200_000),
        many("]]>", 300_000),
        many("<![CDATA[", 100_000),
        many("<svg><math>", 50_000),
        many("<a><div>", 50_000),
        many("<ruby><rt>", 50_000),
    ] {
        let once = clean(&html);
        assert_eq!(clean(&once), once, "{:.60}", html);
        let _ = to_text(&html);
        let _ = plain::from_html(&html);
        let _ = summary(&html, 200);
    }
    // Debug code on a busy machine; the square of any of these would take minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// The articles of published feeds, as far as an expression finds them.
fn published() -> Vec<String> {
    let corpus = std::env::var_os("KARIZ_CORPUS").map(std::path::PathBuf::from).or_else(|| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        root.ancestors().map(|folder| folder.join("shared/corpus")).find(|folder| folder.is_dir())
    });
    let Some(entries) = corpus.and_then(|folder| std::fs::read_dir(folder.join("real")).ok()) else {
        return Vec::new();
    };
    let element = regex::Regex::new(
        r"(?s)<(?:description|content:encoded|content|summary)(?:\s[^>]*)?>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]+))",
    )
    .expect("an expression");
    let mut articles = Vec::new();
    for entry in entries.flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        for capture in element.captures_iter(&String::from_utf8_lossy(&bytes)) {
            match (capture.get(1), capture.get(2)) {
                (Some(cdata), _) => articles.push(cdata.as_str().to_owned()),
                (_, Some(text)) => articles.push(plain::decode(text.as_str()).into_owned()),
                _ => {}
            }
        }
    }
    articles
}

#[test]
fn published_articles_keep_their_text() {
    let mut lost = Vec::new();
    for html in published() {
        let once = clean(&html);
        assert!(clean(&once) == once, "not stable: {:.200}", once);
        let (before, after) = (to_text(&html), to_text(&once));
        let missing = before.split_whitespace().count().saturating_sub(after.split_whitespace().count());
        if missing > 0 {
            lost.push((missing, before));
        }
    }
    lost.sort_by_key(|(missing, ..)| std::cmp::Reverse(*missing));
    // Links to share them at sites that are no more are all that goes.
    let words: usize = lost.iter().map(|(missing, ..)| missing).sum();
    assert!(words <= 20, "{words} words lost: {:?}", lost.iter().take(5).collect::<Vec<_>>());
}

#[test]
fn what_is_longer_than_any_article_ends_between_words_and_nests() {
    let within = |html: &str, longest: usize| {
        let markup = Markup { html: html.to_owned(), base: None, language: None };
        let (out, cut) = sanitize_within(&markup, longest);
        let closers: usize = out.split("</").skip(1).map(|tag| tag.len() + 2).sum();
        assert!(out.len() <= longest + 60 + closers, "{} of {longest}: {out}", out.len());
        let again = sanitize_within(&Markup { html: out.clone(), ..markup }, longest).0;
        assert_eq!(again, out, "cleaned once more it is the same");
        (out, cut)
    };
    assert_eq!(within("<p>one two</p>", 100), ("<p>one two</p>".to_owned(), false));
    let (out, cut) = within(&format!("<div><p>{}</p><p>never</p></div>", "word ".repeat(100)), 240);
    assert!(cut && out.starts_with("<div><p>word word") && out.ends_with(" word…</p></div>"), "{out}");
    let (out, cut) = within(&"شهر ما ".repeat(100), 240);
    assert!(cut && out.ends_with(['ر', '…']) && !out.contains("شه…"), "{out}");
    // What grows when it is written: no reference is cut in two.
    for piece in ["&", "<", "&amp;", "&lt;", "&eacute;", "&#x67e;", "<b>&</b>", "a<&"] {
        let (out, cut) = within(&piece.repeat(1000), 200);
        assert!(cut, "{piece}: {out}");
        let shown = to_text(&out);
        assert!(!shown.replace("&…", "").contains(';') && shown.contains('…'), "{piece}: {shown}");
    }
    // An isolate that was opened before the end is not left open behind it.
    let (out, _) = within(&format!("a \u{2067}{}\u{2069}", "ש ".repeat(1000)), 100);
    assert!(!out.contains('\u{2067}'), "{out}");
    let (out, cut) = within(&"<img src=http://a.example/p.jpg>".repeat(1000), 400);
    assert!(cut && out.ends_with("><img src=\"http://a.example/p.jpg\">…"), "{out}");
    let (out, cut) = within(&"<table><tr>".repeat(300), 400);
    assert!(cut && !out.contains('…'), "{out}");
    let (out, cut) = within(&format!("<p title='{}'>x", "y".repeat(100_000)), 100_000);
    assert!(!cut && out.len() < 5000);
}
