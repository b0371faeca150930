//! XML as it should not be. Every entry that a person would see is kept.

use super::*;

/// Two items around something broken; both must be found.
fn two(broken: &str) -> String {
    rss(&format!(
        "<item><title>A</title>{broken}<link>http://a.example/1</link></item><item><title>B</title><link>http://a.example/2</link></item>"
    ))
}

#[test]
fn whatever_is_broken_both_entries_are_there() {
    for broken in [
        "<description>R&D</description>",
        "<description>a & b && c &; &#; &#x; &nope;</description>",
        "<description>caf&eacute;&nbsp;&hellip;</description>",
        "<description>1 < 2 <3</description>",
        "<description><p>one<p>two<br>three</description>",
        "<description><b>bold</i></description>",
        "<description></b></p></description>",
        "<description>never closed",
        "<description><![CDATA[never closed</description>",
        "<description><![CDATA[closed <![CDATA[twice]]> over]]></description>",
        "<pubDate>Fri, 20 Nov 2026 00:00:00 GMT",
        "<pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubdate>",
        "<author>Ann</foo>",
        "<guid isPermaLink=false>1</guid>",
        "<guid isPermaLink>1</guid>",
        "<enclosure url=\"http://a.example/x length=\"1\" />",
        "<enclosure url='http://a.example/?a=1&b=2' length='1'/>",
        "<category",
        "<!-- never closed",
        "<!-- -- -->",
        "<?php echo 1 >",
        "<unknown:thing>",
        "<a:b:c/>",
        "<1st/>",
        "<>",
        "</>",
        "\u{1}\u{8}\u{b}",
        "&#0;&#8;&#xFFFF;",
    ] {
        let feed = feed(two(broken));
        assert_eq!(titles(&feed), ["A", "B"], "{broken}");
        let links: Vec<_> = feed.entries.iter().map(|entry| entry.link.as_deref()).collect();
        if !broken.contains("<!-- never") {
            assert_eq!(links, [Some("http://a.example/1"), Some("http://a.example/2")], "{broken}");
        }
    }
}

#[test]
fn whatever_is_around_the_document_it_is_read() {
    let good = two("");
    for (before, after) in [
        ("\n\n  ", ""),
        ("<br />\n<b>Warning</b>: no such file in <b>x.php</b> on line <b>3</b><br />\n", ""),
        ("Notice: something & nothing\n", ""),
        ("\u{feff}\u{feff}", ""),
        ("", "\n<!-- cached -->"),
        ("", "</body></html>"),
        ("", "<script>if (a < b && c) {}</script>"),
        ("", "\0\0\0"),
        (
            "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">",
            "",
        ),
        (
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>",
            "</soap:Body></soap:Envelope>",
        ),
    ] {
        let feed = feed(format!("{before}{good}{after}"));
        assert_eq!(titles(&feed), ["A", "B"], "{before:?} {after:?}");
    }
}

#[test]
fn a_document_that_was_cut_off_keeps_what_came() {
    let whole = two("<description>It was a long day</description>");
    for (cut, expected) in [
        (whole.find("B</title>").unwrap() + 1, &["A", "B"][..]),
        (whole.find("<item><title>B").unwrap() + 3, &["A"]),
        (whole.find("long day").unwrap(), &["A"]),
        (whole.len() - 1, &["A", "B"]),
    ] {
        let feed = feed(&whole[..cut]);
        assert_eq!(titles(&feed), expected, "{}", &whole[cut - 20..cut]);
        assert!(warned(&feed, "not well-formed"));
    }
}

#[test]
fn missing_and_odd_roots() {
    for document in [
        "<channel><title>x</title><item><title>A</title></item></channel>",
        "<item><title>A</title></item>",
        "<rss><item><title>A</title></item></rss>",
        "<rss version=\"2.0\"><channel></channel><item><title>A</title></item></rss>",
        "<rss version=\"2.0\"><channel><title>x</title></channel></rss><item><title>A</title></item>",
        "<RSS VERSION=\"2.0\"><CHANNEL><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>",
        "<rss version='2.0'><channel><items><item><title>A</title></item></items></channel></rss>",
        "<feed><entry><title>A</title></entry></feed>",
        "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'><atom:entry><atom:title>A</atom:title></atom:entry></atom:feed>",
        "<RDF><item><title>A</title></item></RDF>",
        "<rss version='2.0'><channel><item><title>A<item><title></item></channel>",
    ] {
        assert_eq!(feed(document).entries[0].title.as_deref(), Some("A"), "{document}");
    }
}

#[test]
fn items_that_are_never_closed_do_not_nest() {
    let many = "<item><title>x</title><description>y".repeat(600);
    let feed = feed(format!("<rss version='2.0'><channel>{many}</channel></rss>"));
    assert_eq!(feed.entries.len(), 600);
}

#[test]
fn a_section_that_swallowed_entries_gives_them_back() {
    // Well-formed to the letter: the section ends where the next one does.
    let feed = feed(rss(
        "<item><title>A</title><description><![CDATA[one</description></item><item><title>B</title><description><![CDATA[two]]></description></item>",
    ));
    assert_eq!(titles(&feed), ["A", "B"]);
    assert_eq!(html(&feed.entries[0].summary), Some("one"));
}

#[test]
fn text_is_what_was_meant() {
    for (broken, summary) in [
        ("<description>AT&T & co</description>", "AT&T & co"),
        ("<description>a &lt;b&gt;b&lt;/b&gt; & c</description>", "a <b>b</b> & c"),
        (
            "<description>one<br>two<img src=\"/x?a=1&b=2\">three</description>",
            "one<br>two<img src=\"/x?a=1&amp;b=2\">three",
        ),
        ("<description><p>one<p>two</description>", "<p>one</p><p>two</p>"),
        ("<description>caf&eacute;</description>", "café"),
    ] {
        let feed = feed(two(broken));
        assert_eq!(html(&feed.entries[0].summary), Some(summary), "{broken}");
    }
    let link = feed(two("").replace("http://a.example/1", "http://a.example/?x=1&y=2&copy=3"));
    assert_eq!(link.entries[0].link.as_deref(), Some("http://a.example/?x=1&y=2&copy=3"));
}

#[test]
fn well_formed_documents_are_not_warned_of() {
    assert!(feed(two("")).warnings.is_empty());
    assert!(warned(&feed(two("<b>")), "not well-formed XML (line"));
    assert!(warned(&feed(two("&eacute;")), "does not declare"));
}

#[test]
fn what_is_no_feed_is_named() {
    use crate::model::ErrorKind::{Empty, NotAFeed, Parse};
    for (document, kind, word) in [
        ("", Empty, "empty"),
        (" \n ", Empty, "empty"),
        (
            "<!DOCTYPE html><html><head><title>Shop</title></head><body><p>Hi<br></body></html>",
            NotAFeed,
            "HTML",
        ),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", NotAFeed, "HTML"),
        ("just words", NotAFeed, "plain text"),
        ("<opml version='2.0'><body/></opml>", NotAFeed, "OPML"),
        ("<urlset/>", NotAFeed, "sitemap"),
        ("<svg/>", NotAFeed, "<svg>"),
        ("{\"a\":", Parse, "JSON"),
        ("[1,2]", NotAFeed, "plain text"),
        ("<<<>>>", Parse, "no XML element"),
    ] {
        let error = read(document).unwrap_err();
        assert_eq!(error.kind, kind, "{document}");
        assert!(error.message.contains(word), "{document}: {}", error.message);
    }
}
