//! Documents that are built to do harm: read or refused fast, and never larger than what they hold.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

#[test]
fn bombs_are_refused() {
    let mut dtd = String::from("<!DOCTYPE rss [<!ENTITY a0 \"ha\">");
    for i in 1..40 {
        dtd.push_str(&format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10)));
    }
    let error = read(format!("{dtd}]>{}", rss("<item><title>&a39;</title></item>"))).unwrap_err();
    assert!(error.message.contains("entities"), "{}", error.message);
    let long = format!("<!DOCTYPE rss [<!ENTITY a \"{}\">]>", "x".repeat(50_000));
    assert!(read(format!("{long}{}", rss(&"<item><title>&a;</title></item>".repeat(1000)))).is_err());
}

#[test]
fn what_lies_outside_is_never_fetched() {
    let dtd = r#"<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY % all SYSTEM "http://evil.example/x.dtd"> %all;]>"#;
    let feed = feed(format!("{dtd}{}", rss("<item><title>a&file;b</title></item>")));
    assert_eq!(titles(&feed), ["ab"]);
    assert!(warned(&feed, "outside of the document"));
}

#[test]
fn a_documents_own_short_entities_are_read() {
    let dtd = r#"<!DOCTYPE rss [<!ENTITY site "Wells &#38; springs">]>"#;
    assert_eq!(
        titles(&feed(format!("{dtd}{}", rss("<item><title>&site; today</title></item>")))),
        ["Wells & springs today"]
    );
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(read(rss(&format!("<item>{deep}</item>"))).is_err());
    assert!(read(rss(&format!("<item>{}</item>", "<a>".repeat(100_000)))).is_err());
    let shallow = format!("{}{}", "<b>".repeat(60), "</b>".repeat(60));
    assert!(read(rss(&format!("<item><description>{shallow}</description></item>"))).is_ok());
    assert!(read(format!("{{\"items\":{}", "[".repeat(100_000))).is_err());
}

#[test]
fn nothing_takes_more_than_its_share() {
    // A quarter of a megabyte each: seconds here would be hours for a document of the largest size.
    let rep = |piece: &str| piece.repeat(250_000 / piece.len());
    for body in [
        rep("<a>"),
        rep("<item>"),
        rep("</a>"),
        rep("<a b=\""),
        rep("<a b='<a b=\""),
        rep("<![CDATA["),
        rep("<title><![CDATA[x</title>"),
        rep("<![CDATA[x<![CDATA["),
        rep("<!--"),
        rep("<?"),
        rep("<!DOCTYPE ["),
        rep("<![if"),
        rep("&"),
        rep("&amp;"),
        rep("<"),
        rep("a@"),
        rep("<category>x</category>"),
        rep("<pubDate>x</pubDate>"),
        rep("<media:content url='x'/>"),
        rep("Ã©"),
        format!("{}{}", "<b>".repeat(250), rep("</a>")),
        format!("<x {}/>", rep("a=''")),
        format!("<x {}/>", rep(" xmlns:a='b'")),
    ] {
        let body = rss(&format!("<item><title>t</title>{body}"));
        let start = Instant::now();
        let _ = read(&body);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(8), "{took:?}: {}", &body[700..760.min(body.len())]);
    }
}

#[test]
fn addresses_do_not_multiply() {
    let base = format!("http://a.example/{}", "a/".repeat(50_000));
    let entries = "<entry><link href='x'/></entry>".repeat(100);
    let feed = feed(format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{base}'>{entries}</feed>"));
    assert!(feed.entries.iter().all(|entry| entry.link.as_ref().is_some_and(|link| link.len() < 2000)));
}

/// Pieces that mean something to some part of the parser.
const PIECES: &[&str] = &[
    "<rss version=\"2.0\">",
    "<channel>",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    "<title>",
    "</title>",
    "<link href=\"",
    "\"/>",
    "<link>",
    "</link>",
    "http://a.example/",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&",
    ";",
    "&amp;",
    "&#x",
    "&#150;",
    "<!DOCTYPE x [<!ENTITY a \"",
    "\">]>",
    "&a;",
    "<description>",
    "</description>",
    "<content type=\"xhtml\">",
    "<div>",
    "</div>",
    "<content mode=\"base64\">",
    "aGVsbG8=",
    "<?xml version=\"1.0\" encoding=\"",
    "\"?>",
    "utf-16",
    "windows-1256",
    "xml:base=\"",
    "xmlns:dc=\"",
    "<dc:creator>",
    "a@b.example (",
    ")",
    "<author><name>",
    "<enclosure url=\"",
    "<media:content url=\"",
    "<pubDate>",
    "Fri, 20 Nov 2026",
    "2026-11-20",
    "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[",
    "{\"id\":1}",
    "]}",
    "\u{202e}",
    "خبر",
    "é",
    "<",
    ">",
    "/",
    "'",
    "=",
    " ",
    "\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_do_not_panic(body in prop::collection::vec(any::<u8>(), 0..600), header in prop::option::of("[ -~]{0,40}")) {
        let _ = read_as(&body, header.as_deref());
    }

    #[test]
    fn arbitrary_markup_does_not_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60), cut in 0_usize..40) {
        let body = pieces.concat().into_bytes();
        let _ = read(&body);
        // Cut anywhere, also in the midst of a character.
        let _ = read(&body[..body.len().saturating_sub(cut)]);
        let utf_16: Vec<u8> = String::from_utf8_lossy(&body).encode_utf16().flat_map(u16::to_be_bytes).collect();
        let _ = read(&utf_16[..utf_16.len().saturating_sub(cut)]);
    }
}

#[test]
fn small_texts_have_their_bounds() {
    let long = "word ".repeat(20_000);
    let url = format!("http://news.example/{}", "x".repeat(20_000));
    let feed = feed(rss(&format!(
        "<title>{long}</title><item><title>{long}</title><guid>{long}1</guid><link>{url}</link><category>{long}</category>\
         <author>{long}</author><enclosure url='{url}' type='audio/mpeg' length='1'/><description>{long}</description></item>\
         <item><title>short</title><guid>{long}2</guid><link>/b</link></item>"
    )));
    let [first, second] = feed.entries.as_slice() else { panic!("two entries") };
    for text in [&feed.title, &first.title, &first.authors[0].name, &Some(first.categories[0].clone())] {
        let text = text.as_deref().unwrap();
        assert!(text.len() < 5000 && text.ends_with("word…"), "{}", text.len());
    }
    let ids = [first.id.as_deref().unwrap(), second.id.as_deref().unwrap()];
    assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() < 5000), "told apart all the same");
    assert_eq!((first.link.as_deref(), first.enclosures.len()), (None, 0), "half an address leads elsewhere");
    assert_eq!(second.link.as_deref(), Some("http://news.example/b"));
    assert!(html(&first.summary).unwrap().len() > 99_000, "a text has another bound, where it is cleaned");
    assert!(warned(&feed, "longer than any should be"));
}

#[test]
fn a_base_cannot_blow_a_document_up() {
    // A server may redirect to an address of any length before it sends this.
    let base = Url::parse(&format!("http://news.example/{}/", "x".repeat(60_000))).unwrap();
    let items: String = (0..2000)
        .map(|n| format!("<item><link>{n}</link><description><![CDATA[<a href=x>]]></description></item>"))
        .collect();
    let document = rss(&items);
    let input = Input {
        body: document.as_bytes(),
        content_type: None,
        base: Some(&base),
        encoding: None,
        timezone: &TimeZone::UTC,
        language: None,
        now: Timestamp::UNIX_EPOCH,
    };
    let feed = parse(&input).unwrap();
    assert_eq!(feed.entries.len(), 2000);
    assert!(feed.entries.iter().all(|e| e.link.as_ref().unwrap().len() < 100));
    // And a document may name one itself: not more than so much of it in all.
    let own = format!("http://news.example/{}/", "x".repeat(900));
    let files = "<enclosure url='a' type='audio/mpeg'/>".repeat(200);
    let items: String = (0..2000)
        .map(|n| format!("<item><link>{n}</link>{}</item>", files.replace("'a'", &format!("'{n}'"))))
        .collect();
    let feed = self::feed(format!("<rss version='2.0'><channel xml:base='{own}'>{items}</channel></rss>"));
    let sum: usize =
        feed.entries.iter().map(|e| e.link.as_ref().map_or(0, String::len) + e.enclosures.len() * 900).sum();
    assert!(sum < 20 << 20, "{sum}");
}
