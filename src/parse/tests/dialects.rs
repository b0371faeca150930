//! RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed.

use super::*;
use crate::model::FeedFormat;

#[test]
fn dialects_are_told_apart() {
    let cases = [
        (r#"<rss version="2.0"><channel/></rss>"#, FeedFormat::Rss2),
        (r#"<rss version="2.0.11"><channel/></rss>"#, FeedFormat::Rss2),
        (r#"<rss><channel/></rss>"#, FeedFormat::Rss2),
        (r#"<rss version="9"><channel/></rss>"#, FeedFormat::Rss2),
        (r#"<rss version="0.91"><channel/></rss>"#, FeedFormat::Rss091),
        (r#"<rss version="0.92"><channel/></rss>"#, FeedFormat::Rss092),
        (r#"<rss version="0.94"><channel/></rss>"#, FeedFormat::Rss092),
        (
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"/></rdf:RDF>"#,
            FeedFormat::Rss1,
        ),
        (
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item><title>a</title></item></rdf:RDF>"#,
            FeedFormat::Rss090,
        ),
        (r#"<feed xmlns="http://www.w3.org/2005/Atom"/>"#, FeedFormat::Atom1),
        (r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"/>"#, FeedFormat::Atom03),
        (r#"<feed xmlns="http://purl.org/atom/ns#"><tagline>x</tagline></feed>"#, FeedFormat::Atom03),
        (r#"<CHANNEL HREF="http://news.example/"><TITLE>x</TITLE></CHANNEL>"#, FeedFormat::Cdf),
        (r#"<channel><item><title>x</title></item></channel>"#, FeedFormat::Rss2),
        (r#"{"version":"https://jsonfeed.org/version/1","title":"x","items":[]}"#, FeedFormat::Json1),
        (r#"{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[]}"#, FeedFormat::Json11),
    ];
    for (document, format) in cases {
        assert_eq!(feed(document).format, format, "{document}");
    }
}

#[test]
fn an_rss_channel_is_read() {
    let feed = feed(rss(
        "<title>Garden &amp; field</title><link>http://garden.example/</link><description>All that &lt;b&gt;grows&lt;/b&gt;</description>
         <language>fa_IR</language><copyright>© A gardener</copyright><managingEditor>ann@garden.example (Ann Reed)</managingEditor>
         <webMaster>web@garden.example</webMaster><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate>
         <lastBuildDate>Sat, 21 Nov 2026 10:00:00 +0330</lastBuildDate><generator>Plough 3</generator><ttl> 90 </ttl>
         <image><url>/logo.png</url><title>Not the title</title><link>http://not-the-link.example/</link></image>
         <textInput><title>Nor this</title><link>http://nor.example/</link></textInput>
         <skipHours><hour>1</hour><hour>24</hour><hour>77</hour><hour>13 GMT</hour></skipHours>
         <skipDays><day>Saturday</day><day>sunday</day><day>Doomsday</day></skipDays>
         <sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
         <atom:link rel=\"self\" href=\"all.xml\"/><atom:link rel=\"hub\" href=\"https://hub.example/\"/>
         <category>Plants</category><itunes:category text=\"Home\"><itunes:category text=\"Garden\"/></itunes:category>",
    ));
    assert_eq!(feed.title.as_deref(), Some("Garden & field"));
    assert_eq!(feed.link.as_deref(), Some("http://garden.example/"));
    assert_eq!(feed.subtitle.as_deref(), Some("All that grows"));
    assert_eq!(feed.language.as_deref(), Some("fa-IR"));
    assert_eq!(feed.rights.as_deref(), Some("© A gardener"));
    assert_eq!(feed.authors[0].name.as_deref(), Some("Ann Reed"));
    assert_eq!(feed.authors[0].email.as_deref(), Some("ann@garden.example"));
    assert_eq!(feed.updated, at("2026-11-21T06:30:00Z"));
    assert_eq!(feed.generator.as_deref(), Some("Plough 3"));
    assert_eq!(feed.image.as_deref(), Some("http://news.example/logo.png"));
    assert_eq!(feed.self_link.as_deref(), Some("http://news.example/feeds/all.xml"));
    assert_eq!(feed.hubs, ["https://hub.example/"]);
    assert_eq!(feed.categories, ["Plants", "Home", "Garden"]);
    assert_eq!(feed.hints.ttl_minutes, Some(90));
    assert_eq!(feed.hints.skip_hours, [1, 0, 13]);
    assert_eq!(feed.hints.skip_days, [6, 7]);
    assert_eq!(feed.hints.update_period_minutes, Some(360));
    assert!(feed.warnings.is_empty(), "{:?}", feed.warnings);
}

#[test]
fn rss_items_are_read() {
    let entry = item(
        "<title>First frost</title><link>http://garden.example/frost</link><guid isPermaLink=\"false\"> 17 </guid>
         <description>It was &lt;em&gt;cold&lt;/em&gt;</description><content:encoded><![CDATA[<p>It was cold.</p>]]></content:encoded>
         <pubDate>Sat, 21 Nov 2026 06:00:00 +0000</pubDate><author>Bo Lind &lt;bo@garden.example&gt;</author>
         <category domain=\"x\">Weather</category><category>Weather</category><category>R&amp;amp;D</category>
         <comments>/frost#talk</comments><source url=\"http://other.example/rss\">The other garden</source>
         <enclosure url=\"frost.mp3\" type=\"audio/mpeg\" length=\"1234\"/><enclosure url=\"\" length=\"x\"/>",
    );
    assert_eq!(entry.title.as_deref(), Some("First frost"));
    assert_eq!(entry.link.as_deref(), Some("http://garden.example/frost"));
    assert_eq!(entry.id.as_deref(), Some("17"));
    assert!(!entry.id_is_permalink);
    assert_eq!(html(&entry.summary), Some("It was <em>cold</em>"));
    assert_eq!(html(&entry.content), Some("<p>It was cold.</p>"));
    assert_eq!(entry.published, at("2026-11-21T06:00:00Z"));
    assert_eq!(entry.authors[0].name.as_deref(), Some("Bo Lind"));
    assert_eq!(entry.authors[0].email.as_deref(), Some("bo@garden.example"));
    assert_eq!(entry.categories, ["Weather", "R&D"]);
    assert_eq!(entry.comments.as_deref(), Some("http://news.example/frost#talk"));
    let source = entry.source.unwrap();
    assert_eq!(source.title.as_deref(), Some("The other garden"));
    assert_eq!(source.url.as_deref(), Some("http://other.example/rss"));
    assert_eq!(entry.enclosures.len(), 1);
    assert_eq!(entry.enclosures[0].url, "http://news.example/feeds/frost.mp3");
    assert_eq!(entry.enclosures[0].media_type.as_deref(), Some("audio/mpeg"));
    assert_eq!(entry.enclosures[0].length, Some(1234));
}

#[test]
fn a_guid_is_a_link_only_where_it_may_be_one() {
    for (elements, link, permalink) in [
        ("<guid>http://a.example/1</guid>", Some("http://a.example/1"), true),
        ("<guid isPermaLink=\"true\">/1</guid>", Some("http://news.example/1"), true),
        ("<guid isPermaLink=\"false\">http://a.example/1</guid>", None, false),
        ("<guid>4711</guid>", None, false),
        ("<guid>http://a.example/1</guid><link>http://b.example/2</link>", Some("http://b.example/2"), true),
        ("<guid isPermaLink=\"true\">javascript:alert(1)</guid>", None, false),
        (
            "<link>http://b.example/2</link><feedburner:origLink>http://c.example/3</feedburner:origLink>",
            Some("http://c.example/3"),
            false,
        ),
        ("<link></link><atom:link href=\"http://d.example/4\"/>", Some("http://d.example/4"), false),
        ("<link>http://e.example/?a=1&amp;amp;b=2</link>", Some("http://e.example/?a=1&b=2"), false),
    ] {
        let entry = item(elements);
        assert_eq!(entry.link.as_deref(), link, "{elements}");
        assert_eq!(entry.id_is_permalink, permalink, "{elements}");
    }
}

#[test]
fn rss_1_0_is_read() {
    let feed = feed(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:admin="http://webns.net/mvcb/">
        <channel rdf:about="http://a.example/rss"><title>Well</title><link>http://a.example/</link><description>Water</description>
          <dc:date>2026-11-21T10:00+02:00</dc:date><dc:language>de</dc:language><dc:creator>Cleo</dc:creator><dc:rights>free</dc:rights>
          <admin:generatorAgent rdf:resource="http://tool.example/?v=1"/>
          <items><rdf:Seq><rdf:li rdf:resource="http://a.example/1"/></rdf:Seq></items></channel>
        <image rdf:about="http://a.example/i.png"><url>http://a.example/i.png</url><title>no</title></image>
        <item rdf:about="http://a.example/1"><title>Depth</title><link>http://a.example/1.html</link><description>40 m</description>
          <dc:date>2026-11-20</dc:date><dc:creator>Dora (dora@a.example)</dc:creator><dc:subject>Wells</dc:subject></item>
        <item rdf:about="http://a.example/2"><title>Width</title></item></rdf:RDF>"#,
    );
    assert_eq!(feed.title.as_deref(), Some("Well"));
    assert_eq!(feed.updated, at("2026-11-21T08:00:00Z"));
    assert_eq!(feed.language.as_deref(), Some("de"));
    assert_eq!(feed.authors[0].name.as_deref(), Some("Cleo"));
    assert_eq!(feed.rights.as_deref(), Some("free"));
    assert_eq!(feed.generator.as_deref(), Some("http://tool.example/?v=1"));
    assert_eq!(feed.image.as_deref(), Some("http://a.example/i.png"));
    let [depth, width] = &feed.entries[..] else { panic!("two entries") };
    assert_eq!(depth.id.as_deref(), Some("http://a.example/1"));
    assert_eq!(depth.link.as_deref(), Some("http://a.example/1.html"));
    assert_eq!(depth.published, at("2026-11-20T00:00:00Z"));
    assert_eq!(depth.updated, depth.published);
    assert_eq!(depth.authors[0].email.as_deref(), Some("dora@a.example"));
    assert_eq!(depth.categories, ["Wells"]);
    assert_eq!(depth.language.as_deref(), Some("de"));
    assert_eq!(width.link.as_deref(), Some("http://a.example/2"));
}

#[test]
fn an_atom_feed_is_read() {
    let feed = feed(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="http://a.example/blog/">
        <title type="html">Ink &amp;amp; paper</title><subtitle>Notes</subtitle><id>tag:a.example,2026:blog</id>
        <updated>2026-11-22T00:00:00Z</updated><link href="./"/><link rel="self" href="feed.atom"/><link rel="hub" href="http://hub.example"/>
        <author><name>Eve</name><uri>/eve</uri><email>eve@a.example</email></author><rights>mine</rights>
        <generator uri="http://g.example" version="2">Press</generator><logo>logo.png</logo><icon>/i.ico</icon><category term="ink"/>
        <entry xml:base="2026/"><title>One</title><link href="one.html"/><link rel="enclosure" href="one.pdf" type="application/pdf" length="99"/>
          <link rel="replies" type="text/html" href="one.html#talk"/><id>tag:a.example,2026:1</id><published>2026-11-20T00:00:00Z</published>
          <updated>2026-11-21T00:00:00Z</updated><category term="paper" label="Paper"/><summary>a &lt; b</summary>
          <content type="html" xml:lang="fr">&lt;a href="x"&gt;x&lt;/a&gt;</content></entry></feed>"#,
    );
    assert_eq!(feed.title.as_deref(), Some("Ink & paper"));
    assert_eq!(feed.link.as_deref(), Some("http://a.example/blog/"));
    assert_eq!(feed.self_link.as_deref(), Some("http://a.example/blog/feed.atom"));
    assert_eq!(feed.image.as_deref(), Some("http://a.example/blog/logo.png"));
    assert_eq!(feed.icon.as_deref(), Some("http://a.example/i.ico"));
    assert_eq!(feed.id.as_deref(), Some("tag:a.example,2026:blog"));
    assert_eq!(feed.language.as_deref(), Some("en"));
    assert_eq!(feed.generator.as_deref(), Some("Press"));
    assert_eq!(feed.authors[0].uri.as_deref(), Some("http://a.example/eve"));
    let entry = first(feed);
    assert_eq!(entry.link.as_deref(), Some("http://a.example/blog/2026/one.html"));
    assert_eq!(entry.enclosures[0].url, "http://a.example/blog/2026/one.pdf");
    assert_eq!(entry.comments.as_deref(), Some("http://a.example/blog/2026/one.html#talk"));
    assert_eq!(entry.published, at("2026-11-20T00:00:00Z"));
    assert_eq!(entry.updated, at("2026-11-21T00:00:00Z"));
    assert_eq!(entry.categories, ["paper"]);
    assert_eq!(entry.language.as_deref(), Some("en"));
    assert!(entry.authors.is_empty(), "the feed's author is kept at the feed");
    assert_eq!(html(&entry.summary), Some("a &lt; b"));
    let content = entry.content.unwrap();
    assert_eq!(content.html, r#"<a href="x">x</a>"#);
    assert_eq!(content.base.unwrap().as_str(), "http://a.example/blog/2026/");
    assert_eq!(content.language.as_deref(), Some("fr"));
}

#[test]
fn atom_content_is_read_by_its_type() {
    for (content, html) in [
        ("<content>1 &lt; 2 &amp;amp; 3</content>", Some("1 &lt; 2 &amp;amp; 3")),
        (r#"<content type="text">&lt;b&gt;</content>"#, Some("&lt;b&gt;")),
        (r#"<content type="html">&lt;b&gt;x&lt;/b&gt;</content>"#, Some("<b>x</b>")),
        (r#"<content type="text/html"><![CDATA[<i>x</i>]]></content>"#, Some("<i>x</i>")),
        (r#"<content type="TEXT/HTML">&lt;i&gt;x&lt;/i&gt;</content>"#, Some("<i>x</i>")),
        (
            r#"<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b class="k">&lt;x&gt;</b><br/>z</div></content>"#,
            Some(r#"a <b class="k">&lt;x&gt;</b><br>z"#),
        ),
        (
            r#"<content type="application/xhtml+xml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a</h:p></h:div></content>"#,
            Some("<p>a</p>"),
        ),
        (
            r#"<content type="xhtml">&lt;p&gt;escaped all the same&lt;/p&gt;</content>"#,
            Some("<p>escaped all the same</p>"),
        ),
        (r#"<content type="application/octet-stream">PGI+eDwvYj4=</content>"#, Some("<b>x</b>")),
        (r#"<content mode="base64" type="text/plain">YSA8IGI=</content>"#, Some("a &lt; b")),
        (r#"<content type="image/png">iVBORw0KGgo=</content>"#, None),
        (
            r#"<content mode="base64" type="text/html">&lt;i&gt;no base64&lt;/i&gt;</content>"#,
            Some("<i>no base64</i>"),
        ),
        (
            r#"<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Write &lt;b&gt;so&lt;/b&gt;, <i>not</i> so</div></content>"#,
            Some("Write &lt;b&gt;so&lt;/b&gt;, <i>not</i> so"),
        ),
        (r#"<content src="http://a.example/elsewhere"/>"#, None),
        (r#"<content type="html"></content>"#, None),
    ] {
        let entry = entry(content);
        assert_eq!(super::html(&entry.content), html, "{content}");
        assert!(entry.summary.is_none(), "{content}");
    }
    assert_eq!(entry(r#"<content src="/a.html"/>"#).link.as_deref(), Some("http://news.example/a.html"));
    assert_eq!(
        entry(r#"<content src="/a.mp3" type="audio/mpeg"/>"#).enclosures[0].url,
        "http://news.example/a.mp3"
    );
}

#[test]
fn xml_base_is_followed_into_xhtml() {
    let entry = entry(
        r#"<content type="xhtml" xml:base="http://b.example/x/"><div xmlns="http://www.w3.org/1999/xhtml" xml:base="y/"><a href="1">1</a><p xml:base="z/"><img src="2"/></p></div></content>"#,
    );
    let content = entry.content.unwrap();
    assert_eq!(content.base.unwrap().as_str(), "http://b.example/x/");
    assert_eq!(
        content.html,
        r#"<a href="http://b.example/x/y/1">1</a><p><img src="http://b.example/x/y/z/2"></p>"#
    );
}

#[test]
fn atom_links_and_people() {
    let entry = entry(
        r#"<link rel="alternate" type="application/json" href="/1.json"/><link rel="related" href="/no"/><link rel="ALTERNATE" type="text/html" href="/1"/>
           <author><name>Finn</name></author><author><name>Gus</name><email>gus@a.example</email></author><contributor><name>Not me</name></contributor>"#,
    );
    assert_eq!(entry.link.as_deref(), Some("http://news.example/1"));
    let names: Vec<_> = entry.authors.iter().map(|a| a.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Finn", "Gus"]);
    assert_eq!(super::entry("<id>http://a.example/only</id>").link.as_deref(), Some("http://a.example/only"));
    assert!(super::entry("<id>http://a.example/only</id>").id_is_permalink);
    let taken = super::entry(
        r#"<source><title type="html">A &lt;b&gt;planet&lt;/b&gt;</title><id>urn:x</id><link rel="self" href="http://p.example/atom"/><link href="http://p.example/"/>
           <updated>2020-01-01T00:00:00Z</updated><author><name>Hal</name></author></source><title>Own</title>"#,
    );
    assert_eq!(taken.title.as_deref(), Some("Own"));
    assert_eq!(taken.updated, None, "the source's date is not the entry's");
    assert_eq!(taken.authors[0].name.as_deref(), Some("Hal"), "RFC 4287 §4.1.2");
    let source = taken.source.unwrap();
    assert_eq!(source.title.as_deref(), Some("A planet"));
    assert_eq!(source.url.as_deref(), Some("http://p.example/atom"));
    assert_eq!(source.id.as_deref(), Some("urn:x"));
}

#[test]
fn atom_0_3_is_read() {
    let feed = feed(
        r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en">
        <title mode="escaped" type="text/html">Old &amp;amp; gold</title><tagline>From before</tagline><modified>2004-01-02T00:00:00Z</modified>
        <link rel="alternate" type="text/html" href="http://a.example/"/><copyright>c</copyright><author><name>Ida</name><url>http://ida.example/</url></author>
        <entry><title>T</title><link rel="alternate" type="text/html" href="/1"/><link rel="service.edit" href="/no"/><id>tag:1</id>
          <issued>2004-01-01T00:00:00Z</issued><modified>2004-01-02T00:00:00Z</modified><created>2003-12-31T00:00:00Z</created>
          <summary type="text/plain">a &lt; b</summary><content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry>
        <entry><title>U</title><created>2003-12-31T00:00:00Z</created><content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml"><p>y</p></div></content></entry>
        <entry><title>V</title><content type="text/html" mode="base64">PHA+ejwvcD4=</content></entry>
        <entry><title>W</title><content type="multipart/alternative"><content type="text/plain">plain</content><content type="text/html" mode="escaped">&lt;b&gt;rich&lt;/b&gt;</content></content></entry>
        </feed>"#,
    );
    assert_eq!(feed.title.as_deref(), Some("Old & gold"));
    assert_eq!(feed.subtitle.as_deref(), Some("From before"));
    assert_eq!(feed.rights.as_deref(), Some("c"));
    assert_eq!(feed.updated, at("2004-01-02T00:00:00Z"));
    assert_eq!(feed.authors[0].uri.as_deref(), Some("http://ida.example/"));
    let one = &feed.entries[0];
    assert_eq!(one.link.as_deref(), Some("http://news.example/1"));
    assert_eq!((one.published, one.updated), (at("2004-01-01T00:00:00Z"), at("2004-01-02T00:00:00Z")));
    assert_eq!(html(&one.summary), Some("a &lt; b"));
    let texts: Vec<_> = feed.entries.iter().map(|e| html(&e.content).unwrap()).collect();
    assert_eq!(texts, ["<p>x</p>", "<p>y</p>", "<p>z</p>", "<b>rich</b>"]);
    assert_eq!(feed.entries[1].published, at("2003-12-31T00:00:00Z"));
}

#[test]
fn cdf_is_read() {
    let feed = feed(
        r#"<?xml version="1.0"?><CHANNEL HREF="http://c.example/" BASE="http://c.example/x/" SELF="http://c.example/c.cdf" LASTMOD="1999-05-01T10:00Z">
        <TITLE>Active</TITLE><ABSTRACT>Once modern</ABSTRACT>
        <ITEM HREF="1.html" LASTMOD="1999-04-30T10:00Z"><TITLE>One</TITLE><ABSTRACT>First</ABSTRACT></ITEM></CHANNEL>"#,
    );
    assert_eq!(feed.title.as_deref(), Some("Active"));
    assert_eq!(feed.subtitle.as_deref(), Some("Once modern"));
    assert_eq!(feed.link.as_deref(), Some("http://c.example/"));
    assert_eq!(feed.self_link.as_deref(), Some("http://c.example/c.cdf"));
    let entry = first(feed);
    assert_eq!(entry.link.as_deref(), Some("http://c.example/x/1.html"));
    assert_eq!(entry.updated, at("1999-04-30T10:00:00Z"));
    assert_eq!(html(&entry.summary), Some("First"));
}

#[test]
fn json_feed_is_read() {
    let feed = feed(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"Jay","description":"d","home_page_url":"/","feed_url":"all.json","icon":"i.png","favicon":"f.ico",
        "language":"en-GB","authors":[{"name":"Kit","url":"https://kit.example"}],"hubs":[{"type":"WebSub","url":"https://hub.example"}],
        "items":[{"id":7,"url":"/7","title":"A &amp; B","content_html":"<p>x\u0007</p>","summary":"s < t","date_published":"2026-11-20T10:00:00+01:00","date_modified":"2026-11-21T10:00:00Z",
          "tags":["a","b","a",3],"image":"/7.png","attachments":[{"url":"/7.mp3","mime_type":"audio/mpeg","size_in_bytes":"12","duration_in_seconds":3.5}],"author":{"name":"Lea"}},
          {"id":"https://j.example/8","content_text":"one\ntwo & three","authors":"Mo (mo@j.example)"},"junk",null]}"#,
    );
    assert_eq!(feed.link.as_deref(), Some("http://news.example/"));
    assert_eq!(feed.self_link.as_deref(), Some("http://news.example/feeds/all.json"));
    assert_eq!(feed.authors[0].name.as_deref(), Some("Kit"));
    assert_eq!(feed.hubs, ["https://hub.example"]);
    assert_eq!(feed.image.as_deref(), Some("http://news.example/feeds/i.png"));
    let [seven, eight] = &feed.entries[..] else { panic!("two entries") };
    assert_eq!(seven.id.as_deref(), Some("7"));
    assert_eq!(seven.title.as_deref(), Some("A & B"));
    assert_eq!(html(&seven.content), Some("<p>x</p>"));
    assert_eq!(html(&seven.summary), Some("s &lt; t"));
    assert_eq!(seven.categories, ["a", "b", "3"]);
    assert_eq!(seven.published, at("2026-11-20T09:00:00Z"));
    assert_eq!(seven.enclosures[0].length, Some(12));
    assert_eq!(seven.enclosures[0].duration, Some(3));
    assert_eq!(seven.language.as_deref(), Some("en-GB"));
    assert_eq!(eight.link.as_deref(), Some("https://j.example/8"));
    assert_eq!(html(&eight.content), Some("one<br>\ntwo &amp; three"));
    assert_eq!(read(r#"{"openapi":"3.0","paths":{}}"#).unwrap_err().kind, crate::model::ErrorKind::NotAFeed);
}

#[test]
fn json_that_was_cut_off_keeps_its_whole_items() {
    let feed = feed(
        r#"{"version":"https://jsonfeed.org/version/1","title":"J","items":[{"id":"1","tags":[{"x":1}],"title":"a"},{"id":"2","title":"b}"},{"id":"3","tit"#,
    );
    assert_eq!(titles(&feed), ["a", "b}"]);
    assert!(warned(&feed, "not valid JSON"));
}

#[test]
fn json_feeds_are_read_as_careless_programs_write_them() {
    let with = |items: &str| {
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":{items}}}")
    };
    for (document, expected) in [
        (with("[{\"id\":\"1\",\"title\":\"a\",},{\"id\":\"2\",\"title\":\"b\"},]"), vec!["a", "b"]),
        (with("[ // one\n{\"id\":\"1\",\"title\":\"a\"} /* two */ ]"), vec!["a"]),
        (with("{\"id\":\"1\",\"title\":\"a\"}"), vec!["a"]),
        (with("{\"x\":{\"id\":\"1\",\"title\":\"a\"},\"y\":{\"id\":\"2\",\"title\":\"b\"}}"), vec!["a", "b"]),
        (with("[[{\"id\":\"1\",\"title\":\"a\"}],null,3]"), vec!["a"]),
        (
            with(
                "[{\"id\":true,\"title\":[\"a\"],\"tags\":null,\"authors\":7,\"attachments\":\"x\",\"content_html\":{}}]",
            ),
            vec!["a"],
        ),
        (with("[{\"id\":\"1\",\"title\":\"a\tb\",\"n\":NaN},{id:'2',title:'c'}]"), vec!["a b", "c"]),
        (with("[{\"id\":\"1\",\"title\":\"he said \"no\" to it\"}]"), vec!["he said \"no\" to it"]),
        (format!("\u{feff}\u{feff}{}", with("[{\"id\":\"1\",\"title\":\"a\"}]")), vec!["a"]),
        (format!("// made by hand\n{}", with("[{\"id\":\"1\",\"title\":\"a\"}]")), vec!["a"]),
        (format!("news({});", with("[{\"id\":\"1\",\"title\":\"a\"}]")), vec!["a"]),
        ("[{\"id\":\"1\",\"title\":\"a\",\"url\":\"/1\"}]".to_owned(), vec!["a"]),
        ("{\"items\":[{\"id\":\"1\",\"title\":\"a\",\"content_text\":\"x\"}]}".to_owned(), vec!["a"]),
    ] {
        assert_eq!(titles(&feed(&document)), expected, "{document}");
    }
    for document in ["[1, 2]", "[]", "{\"items\":[{\"sku\":1}]}", "callback({\"a\":1})", "// nothing"] {
        assert!(read(document).is_err(), "{document}");
    }
}

#[test]
fn entries_in_entries_are_entries() {
    let rss = feed(rss(
        "<item><title>a</title><item xml:base='http://b.example/'><title>b</title><link>1</link><item><title>c</title></item></item><description>of a</description></item><item><title>d</title></item>",
    ));
    assert_eq!(titles(&rss), ["a", "b", "c", "d"]);
    assert_eq!(html(&rss.entries[0].summary), Some("of a"));
    assert_eq!(rss.entries[1].link.as_deref(), Some("http://b.example/1"));
    let atom = feed(atom("<entry><title>a</title><entry><title>b</title></entry></entry>"));
    assert_eq!(titles(&atom), ["a", "b"]);
}
