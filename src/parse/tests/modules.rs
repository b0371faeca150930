//! Modules, namespaces, titles, people.

use super::*;

#[test]
fn titles_are_plain_text() {
    for (title, text) in [
        ("Plain", Some("Plain")),
        ("  two \n lines ", Some("two lines")),
        ("R&amp;D", Some("R&D")),
        ("R&amp;amp;D", Some("R&D")),
        ("It&amp;#8217;s", Some("It’s")),
        ("It&amp;amp;#8217;s", Some("It’s")),
        ("&lt;b&gt;Bold&lt;/b&gt; move", Some("Bold move")),
        ("<![CDATA[<i>One</i> &amp; two]]>", Some("One & two")),
        ("<b>In</b>line", Some("Inline")),
        ("1 &lt; 2", Some("1 < 2")),
        ("How to use &lt;marvel&gt;", Some("How to use <marvel>")),
        ("The &lt;template&gt; tag", Some("The <template> tag")),
        ("می&amp;zwnj;روم", Some("می\u{200c}روم")),
        ("\u{202e}gnol", Some("gnol")),
        ("", None),
        (" ", None),
    ] {
        assert_eq!(item(&format!("<title>{title}</title>")).title.as_deref(), text, "{title}");
    }
}

#[test]
fn atom_titles_say_what_they_are() {
    for (title, text) in [
        ("<title>&lt;b&gt; &amp;amp;</title>", "<b> &amp;"),
        (r#"<title type="text">&lt;b&gt;</title>"#, "<b>"),
        (r#"<title type="html">&lt;b&gt;x&lt;/b&gt; &amp;lt;</title>"#, "x <"),
        (
            r#"<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <em>b</em> &lt;</div></title>"#,
            "a b <",
        ),
    ] {
        assert_eq!(entry(title).title.as_deref(), Some(text), "{title}");
    }
}

#[test]
fn people_are_split_into_name_and_address() {
    for (text, name, email) in [
        ("Nia", Some("Nia"), None),
        ("nia@a.example", None, Some("nia@a.example")),
        ("nia@a.example (Nia Ohm)", Some("Nia Ohm"), Some("nia@a.example")),
        ("Nia Ohm (nia@a.example)", Some("Nia Ohm"), Some("nia@a.example")),
        ("Nia Ohm &lt;nia@a.example&gt;", Some("Nia Ohm"), Some("nia@a.example")),
        ("Nia Ohm &lt;mailto:nia@a.example&gt;", Some("Nia Ohm"), Some("nia@a.example")),
        ("mailto:nia@a.example?subject=hello", None, Some("nia@a.example")),
        ("Nia (the younger)", Some("Nia (the younger)"), None),
        ("&lt;b&gt;Nia&lt;/b&gt; Ohm", Some("Nia Ohm"), None),
        ("Nia &amp;lt;nia@a.example&amp;gt;", Some("Nia"), Some("nia@a.example")),
        ("1 &lt; 2 Productions", Some("1 < 2 Productions"), None),
    ] {
        for element in ["author", "dc:creator"] {
            let entry = item(&format!("<{element}>{text}</{element}>"));
            assert_eq!(entry.authors.len(), 1, "{text}");
            assert_eq!(entry.authors[0].name.as_deref(), name, "{text}");
            assert_eq!(entry.authors[0].email.as_deref(), email, "{text}");
        }
    }
    let both = item("<author>ola@a.example</author><itunes:author>Ola</itunes:author>");
    assert_eq!(both.authors.len(), 1);
    assert_eq!(both.authors[0].name.as_deref(), Some("Ola"));
}

#[test]
fn summary_and_content_find_their_places() {
    for (elements, summary, content) in [
        ("<description>d</description>", Some("d"), None),
        ("<content:encoded>c</content:encoded>", None, Some("c")),
        ("<content:encoded>c</content:encoded><description>d</description>", Some("d"), Some("c")),
        ("<description>d</description><description>e</description>", Some("d"), Some("e")),
        ("<itunes:summary>i</itunes:summary>", Some("i"), None),
        ("<itunes:subtitle>short</itunes:subtitle><itunes:summary>s</itunes:summary>", Some("s"), None),
        (
            "<description>d</description><itunes:summary>much longer</itunes:summary>",
            Some("d"),
            Some("much longer"),
        ),
        ("<dc:description>d</dc:description>", Some("d"), None),
        ("<body xmlns=\"http://www.w3.org/1999/xhtml\"><p>b</p></body>", None, Some("<p>b</p>")),
        ("<fullitem>&lt;p&gt;f&lt;/p&gt;</fullitem>", None, Some("<p>f</p>")),
        ("<media:group><media:description>m</media:description></media:group>", Some("m"), None),
        ("<description>a <b>b</b> &amp; c</description>", Some("a <b>b</b> &amp; c"), None),
    ] {
        let entry = item(elements);
        assert_eq!(html(&entry.summary), summary, "{elements}");
        assert_eq!(html(&entry.content), content, "{elements}");
    }
}

#[test]
fn html_that_was_escaped_twice_is_read_once_more() {
    let entry = item("<description>&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt; &amp;amp;amp; two</description>");
    assert_eq!(html(&entry.summary), Some("<p>One</p> &amp; two"));
    let about_html = item("<description>&lt;p&gt;Write &amp;lt;p&amp;gt; here&lt;/p&gt;</description>");
    assert_eq!(html(&about_html.summary), Some("<p>Write &lt;p&gt; here</p>"));
}

#[test]
fn dates_of_modules() {
    for (elements, published, updated) in [
        ("<dc:date>2026-11-20T00:00:00Z</dc:date>", at("2026-11-20T00:00:00Z"), at("2026-11-20T00:00:00Z")),
        (
            "<dcterms:issued>2026-11-20</dcterms:issued><dcterms:modified>2026-11-21</dcterms:modified>",
            at("2026-11-20T00:00:00Z"),
            at("2026-11-21T00:00:00Z"),
        ),
        ("<dcterms:created>2026-11-19</dcterms:created>", at("2026-11-19T00:00:00Z"), None),
        (
            "<pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubDate><dc:date>2001-01-01</dc:date>",
            at("2026-11-20T00:00:00Z"),
            at("2001-01-01T00:00:00Z"),
        ),
        ("<pubDate>never</pubDate>", None, None),
    ] {
        let entry = item(elements);
        assert_eq!((entry.published, entry.updated), (published, updated), "{elements}");
    }
    let odd = feed(rss("<item><pubDate>the day before the flood</pubDate></item>"));
    assert!(warned(&odd, "the day before the flood"));
}

#[test]
fn media_survives() {
    let entry = item(
        "<enclosure url=\"http://m.example/a.mp3\" type=\"audio/mpeg\" length=\"5\"/><itunes:duration>1:02:03</itunes:duration>
         <media:group><media:content url=\"http://m.example/v.mp4\" type=\"video/mp4\" fileSize=\"9\" duration=\"61\"><media:title>Film</media:title></media:content>
         <media:content url=\"http://m.example/a.mp3\"/><media:thumbnail url=\"/t.jpg\"/><media:title>Not used</media:title></media:group>
         <media:content medium=\"image\" url=\"/p.jpg\"><media:description/><media:credit role=\"photographer\">P</media:credit></media:content>
         <media:content url=\"http://1.gravatar.com/avatar/abc\" medium=\"image\"/><media:keywords>x, y &amp;amp; z</media:keywords><media:category label=\"People\">news/people</media:category><title>Used</title>",
    );
    let urls: Vec<_> = entry.enclosures.iter().map(|file| file.url.as_str()).collect();
    assert_eq!(urls, ["http://m.example/a.mp3", "http://m.example/v.mp4", "http://news.example/p.jpg"]);
    assert_eq!(entry.enclosures[0].duration, Some(3723));
    assert_eq!((entry.enclosures[1].length, entry.enclosures[1].duration), (Some(9), Some(61)));
    assert_eq!(entry.enclosures[1].title.as_deref(), Some("Film"));
    assert_eq!(entry.image.as_deref(), Some("http://news.example/t.jpg"));
    assert_eq!(entry.title.as_deref(), Some("Used"));
    assert_eq!(entry.categories, ["x", "y & z", "news/people"]);
    assert_eq!(item("<itunes:image href=\"/i.jpg\"/>").image.as_deref(), Some("http://news.example/i.jpg"));
    assert_eq!(item("<media:title>Only this</media:title>").title.as_deref(), Some("Only this"));
}

#[test]
fn namespaces_are_known_by_meaning() {
    for (root, elements) in [
        (r#"xmlns="http://backend.userland.com/RSS2""#, "<title>t</title>"),
        (r#"xmlns="http://blogs.law.harvard.edu/tech/rss""#, "<title>t</title>"),
        (r#"xmlns="http://cyber.harvard.edu/rss/rss.html""#, "<title>t</title>"),
        (r#"xmlns="http://my.netscape.com/rdf/simple/0.9/""#, "<title>t</title>"),
        (r#"xmlns="http://purl.org/rss/1.0""#, "<title>t</title>"),
        (r#"xmlns="http://nobody.example/knows""#, "<title>t</title>"),
        (r#"xmlns:dc="HTTP://PURL.ORG/DC/ELEMENTS/1.1""#, "<dc:title>t</dc:title>"),
        (r#"xmlns:dc="http://nobody.example/knows""#, "<dc:title>t</dc:title>"),
        (r#"xmlns:odd="http://purl.org/dc/elements/1.1/""#, "<odd:title>t</odd:title>"),
        ("", "<dc:title>t</dc:title>"),
        ("", "<title xmlns=\"http://www.w3.org/2005/Atom\">t</title>"),
        ("xmlns:x=\"http://nobody.example/knows\"", "<x:title>no</x:title><title>t</title>"),
        ("", "<georss:point>1 2</georss:point><slash:comments>9</slash:comments><title>t</title>"),
    ] {
        let document =
            format!("<rss version=\"2.0\" {root}><channel><item>{elements}</item></channel></rss>");
        assert_eq!(titles(&feed(&document)), ["t"], "{document}");
    }
    assert!(warned(
        &feed("<rss version='2.0'><channel><item><dc:title>t</dc:title></item></channel></rss>"),
        "\"dc\" is not declared"
    ));
}

#[test]
fn relative_addresses_find_their_base() {
    let based = feed(rss(
        "<link>http://site.example/</link><item xml:base=\"http://b.example/x/\"><link>1</link><enclosure url=\"2\"/><description>d</description></item>",
    ));
    let entry = first(based);
    assert_eq!(entry.link.as_deref(), Some("http://b.example/x/1"));
    assert_eq!(entry.enclosures[0].url, "http://b.example/x/2");
    assert_eq!(entry.summary.unwrap().base.unwrap().as_str(), "http://b.example/x/");
    let unsafe_base = item("<link xml:base=\"javascript:alert(1)//\">1</link>");
    assert_eq!(unsafe_base.link.as_deref(), Some("http://news.example/feeds/1"));
    // A file without an address: the site is the best base there is.
    let document = rss("<link>http://site.example/a/</link><item><link>b</link></item>");
    let bare = Input { base: None, ..input(document.as_bytes()) };
    assert_eq!(parse(&bare).unwrap().entries[0].link.as_deref(), Some("http://site.example/a/b"));
}

fn input(body: &[u8]) -> Input<'_> {
    const UTC: &TimeZone = &TimeZone::UTC;
    Input {
        body,
        content_type: None,
        base: None,
        encoding: None,
        timezone: UTC,
        language: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn an_id_is_resolved_only_where_the_document_says_against_what() {
    for (document, id, link) in [
        ("<item><guid>/1</guid></item>", "/1", None),
        (
            "<item xml:base=\"http://b.example/x/\"><guid>/1</guid></item>",
            "http://b.example/1",
            Some("http://b.example/1"),
        ),
        ("<item xml:base=\"http://b.example/x/\"><guid isPermaLink=\"false\">/1</guid></item>", "/1", None),
        ("<item xml:base=\"http://b.example/x/\"><guid>urn:x:1</guid></item>", "urn:x:1", None),
    ] {
        let entry = first(feed(rss(document)));
        assert_eq!(entry.id.as_deref(), Some(id), "{document}");
        assert_eq!(entry.link.as_deref(), link, "{document}");
    }
    let atom = feed(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/blog/"><id>.</id><link href=""/><entry><id>one</id></entry></feed>"#,
    );
    assert_eq!(atom.id.as_deref(), Some("http://a.example/blog/"));
    assert_eq!(atom.link.as_deref(), Some("http://a.example/blog/"));
    assert_eq!(atom.entries[0].id.as_deref(), Some("http://a.example/blog/one"));
    assert_eq!(atom.entries[0].link.as_deref(), Some("http://a.example/blog/one"));
}

#[test]
fn languages_are_inherited() {
    let feed = feed(
        r#"<rss version="2.0" xml:lang="ru"><channel><item><title>a</title></item><item xml:lang="fa_IR"><title>b</title></item>
           <item><title>c</title><dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">ar</dc:language></item><item xml:lang="not a language"/></channel></rss>"#,
    );
    let languages: Vec<_> = feed.entries.iter().map(|entry| entry.language.as_deref()).collect();
    assert_eq!(languages, [Some("ru"), Some("fa-IR"), Some("ar"), Some("ru")]);
    let document = rss("<item/>");
    let told = Input { language: Some("ckb"), ..input(document.as_bytes()) };
    assert_eq!(parse(&told).unwrap().entries[0].language.as_deref(), Some("ckb"));
}

#[test]
fn enclosures_of_rss_1_are_files() {
    let feed = feed(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#">
        <item rdf:about="http://a.example/1"><title>a</title><enc:enclosure rdf:resource="/1.mp3" enc:type="audio/mpeg" enc:length="7"/><enclosure rdf:resource="/2.mp3"/></item></rdf:RDF>"#,
    );
    let files: Vec<_> = feed.entries[0]
        .enclosures
        .iter()
        .map(|f| (f.url.as_str(), f.media_type.as_deref(), f.length))
        .collect();
    assert_eq!(
        files,
        [
            ("http://news.example/1.mp3", Some("audio/mpeg"), Some(7)),
            ("http://news.example/2.mp3", None, None)
        ]
    );
}

#[test]
fn podcasts_say_more_in_modules_of_their_own() {
    let feed = feed(
        r#"<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item><title>a</title>
        <itunes:category text="Arts"><itunes:category text="Books"/></itunes:category><podcast:person role="host" href="/kit">Kit</podcast:person><podcast:person role="guest">Lea</podcast:person>
        <podcast:alternateEnclosure type="audio/opus" length="5"><podcast:source uri="/a.opus"/></podcast:alternateEnclosure><enclosure url="/a.mp3" type="audio/mpeg" length="1"/></item></channel></rss>"#,
    );
    let entry = first(feed);
    assert_eq!(entry.categories, ["Arts", "Books"]);
    let files: Vec<_> = entry.enclosures.iter().map(|file| file.url.as_str()).collect();
    assert_eq!(
        files,
        ["http://news.example/a.mp3", "http://news.example/a.opus"],
        "what players take comes first"
    );
    assert_eq!((entry.authors.len(), entry.authors[0].name.as_deref()), (1, Some("Kit")));
    assert_eq!(entry.authors[0].uri.as_deref(), Some("http://news.example/kit"));
}
