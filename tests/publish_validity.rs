//! Hostile feeds through the real binary: what comes out earns no error and no avoidable warning of a validator, and our
//! own parser reads it back.

#[path = "support/binary.rs"]
mod binary;
mod feed_validator;

use binary::Kariz;

const BASE: &str = "https://news.example/سایت/";

/// A source that does in each field what feeds have done.
const RSS: &str = r##"<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Nasty &lt;b&gt;news&lt;/b&gt; &amp; &amp;amp; more</title><link>/home</link><language>xx-klingon!</language>
<description><![CDATA[<script>alert(1)</script>All of it]]></description><copyright></copyright>
<image><url>javascript:alert(1)</url><title></title><link></link></image>
<item><guid>1</guid><title>&lt;script&gt;alert('x')&lt;/script&gt;Bold &lt;b&gt;headline&lt;/b&gt; AT&amp;amp;T &amp;bogus; ]]&gt;</title>
 <link>https://user:secret@nasty.example/a b|c?d="e"&amp;f=&lt;g&gt;#h#i</link>
 <description><![CDATA[<p onclick="x()" style="position:fixed">Relative <a href="../up?a=1&b=2">link</a>, <img src="pic.png" onerror=x> &bogus; &nbsp;<iframe src="https://frame.example/"></iframe><b>never closed]]></description>
 <pubDate>Tue, 31 Feb 2026 25:61:00 XYZ</pubDate><author>not an address</author><dc:creator>editor@nasty.example (The Editor)</dc:creator>
 <category></category><category>A &lt; B</category><category domain="x">a &lt; b</category>
 <enclosure url="relative.mp3" length="-5" type="mp3"/><enclosure url="https://nasty.example/v.mp4?a=1&amp;b=2" length="lots" type="video/mp4; codecs=x"/>
 <comments>mailto:x@y.example</comments><media:thumbnail url="data:image/png;base64,AAAA"/></item>
<item><guid isPermaLink="true">not a url</guid><title></title><link>javascript:alert(1)</link><description></description></item>
<item><guid>1</guid><title>The same guid again, with	tabs
and lines</title><pubDate>Mon, 01 Jan 2035 00:00:00 GMT</pubDate><description>&lt;style&gt;body{display:none}&lt;/style&gt;Text &amp;amp; text</description></item>
<item><title>عنوان فارسی با ‌نیم‌فاصله و &#x202e;وارونه&#x202c;</title><link>https://nasty.example/خبر/۱</link>
 <description>&lt;p&gt;متن فارسی با &lt;b&gt;English words&lt;/b&gt; در میان&lt;/p&gt;</description><dc:language>fa_IR.UTF-8</dc:language>
 <content:encoded><![CDATA[<div dir="ltr"><p>متن <math><mi>x</mi></math> <svg onload="x()"></svg></p><table><tr><td>بی‌پایان]]></content:encoded>
 <pubDate>یکشنبه ۱ آذر ۱۴۰۵</pubDate></item>
</channel></rss>"##;

const ATOM: &str = r##"<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="tlh-Latn-!!" xml:base="https://atom.example/base/">
<id>relative/id with space</id><title type="html">&lt;b&gt;Atom&lt;/b&gt; &amp;mdash; "quoted"</title><updated>yesterday</updated>
<author><name>nobody@atom.example</name><uri>not a uri</uri><email>no address</email></author><rights type="html">&lt;i&gt;Mine&lt;/i&gt;</rights>
<entry><id></id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">X<em>html</em> title</div></title>
 <link rel="alternate" href="one"/><link rel="alternate" href="two" hreflang="zz"/><link rel="made-up" href="three"/><link rel="enclosure" href="" length="x"/>
 <updated>0000-00-00T00:00:00Z</updated><published>9999-12-31T23:59:59Z</published>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a href="rel">there</a><script>alert(1)</script></p></div></content></entry>
<entry><id>tag:atom.example,2026:2</id><title></title><summary type="text">1 &lt; 2 &amp;&amp; 3 &gt; 2 &lt;b&gt;</summary><updated>2026-11-01T00:00:00+03:30</updated>
 <rights></rights><author><name> </name></author></entry>
<entry><id>tag:atom.example,2026:3</id><title>Only a picture</title><content type="image/png">AAAA</content><updated>1969-01-01T00:00:00Z</updated><link href="https://atom.example/3"/></entry>
</feed>"##;

const JSON: &str = r##"{"version": "https://jsonfeed.org/version/1", "title": "J\u0000S\u001fON \ufffe", "home_page_url": "://", "items": [
 {"id": 5, "title": "A \u0000 nul, a \u000b tab, a \u0085 line", "content_text": "plain <b> & text\u0000", "url": "https://json.example/%zz?q=a b", "date_published": "soon",
  "author": {"name": "", "url": "javascript:x"}, "tags": ["", " ", "tag\u0007"], "attachments": [{"url": "", "mime_type": ""}, {"url": "https://json.example/f", "mime_type": "x", "size_in_bytes": -1}]},
 {"id": "https://reader:hunter2@json.example/6", "content_html": "<p>Only &lt;content&gt; <a href='//json.example/x'>here</a></p>", "external_url": "https://else.example/"}]}"##;

/// Items that are too much in each respect: a headline as long as a book, a thousand categories, marks of direction that
/// are never closed, characters that XML 1.0 forbids as references, addresses and media types that are none.
fn huge() -> String {
    let long = "headline &amp; more ".repeat(10_000);
    let categories: String = (0..1_000).map(|n| format!("<category>category {n}</category>")).collect();
    let forbidden: String =
        [0, 1, 8, 0xb, 0xc, 0xe, 0x1f, 0x7f, 0x85, 0xd800, 0xfffe, 0xffff, 0x1fffe, 0x11_0000]
            .map(|code| format!("a&#{code};b&#x{code:x};"))
            .concat();
    let open = "\u{202e}\u{2067}\u{202b}\u{2066}";
    let items = [
        format!("<guid>l</guid><title>{long}</title><description>{long}</description>{categories}"),
        format!("<guid>f</guid><title>{forbidden}</title><description>{forbidden}</description><category>{forbidden}</category>"),
        format!("<guid>b</guid><title>{open}title</title><description>{open}متن &lt;p dir='{open}'&gt;text</description><author>{open}</author>"),
        format!("<guid>u</guid><title>u</title><link>https://huge.example/{}</link>", "%zz".repeat(3_000)),
        "<guid>m</guid><title>m</title><link>http://[::1]:99999/</link><enclosure url='https://h\u{e9}\u{202e}.example/ \u{1}' \
         type='text/html;charset=\"' length='99999999999999999999999'/><pubDate>-1</pubDate>"
            .to_owned(),
        format!("<guid>d</guid><title>d</title><pubDate>{}</pubDate><source url='//'>{long}</source>", "9".repeat(400)),
    ];
    let items: String = items.map(|item| format!("<item>{item}</item>")).concat();
    format!("<rss version=\"2.0\"><channel><title>{forbidden}</title><link>x:</link>{items}</channel></rss>")
}

#[test]
fn hostile_feeds_come_out_valid() {
    for policy in ["full", "summary", "link"] {
        let kariz = Kariz::with_config(&format!(
            "[feed]\ntitle = \"All & <everything> خبر\"\nsubtitle = \"1 < 2\"\nbase_url = {BASE:?}\nlanguage = \"fa\"\nmax_items = 6\ncontent = {policy:?}\n\
             author = {{ name = \"The <editors>\", email = \"desk@news.example\" }}\nrights = \"© everyone\"\nicon = \"https://news.example/icon.png\"\n\
             [[source]]\nid = \"r\"\nurl = \"rss.xml\"\ntags = [\"تازه\", \"a/b\"]\n[[source]]\nid = \"a\"\nurl = \"atom.xml\"\n[[source]]\nid = \"j\"\nurl = \"feed.json\"\n\
             [[source]]\nid = \"h\"\nurl = \"huge.xml\"\ntags = [\"a/b\"]\n"
        ));
        for (name, text) in [("rss.xml", RSS), ("atom.xml", ATOM), ("feed.json", JSON), ("huge.xml", &huge())]
        {
            std::fs::write(kariz.path().join(name), text).unwrap();
        }
        kariz.fetch();
        let (problems, documents) = feed_validator::problems_of_folder(&kariz.published(""), BASE);
        assert!(documents >= 11, "{documents}");
        assert!(kariz.published("archive").is_dir(), "parts of the archive are among them");
        assert_eq!(kariz.read("sources/h.xml").matches("<entry").count(), 6, "what is too much stays");
        assert!(problems.is_empty(), "content = {policy}\n{}", problems.join("\n"));
        for (path, bytes) in kariz.bytes() {
            if [".xml", ".json", ".html"].iter().any(|end| path.ends_with(end)) {
                let text = String::from_utf8(bytes).unwrap();
                assert!(!text.contains("hunter2") && !text.contains("user:secret@"), "{path} tells a secret");
                assert!(!text.contains("javascript:"), "{path}");
            }
        }
    }
}

#[test]
fn the_validator_sees_what_is_wrong() {
    let says = |text: &str, media_type: &str, name: &str| {
        let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{text}");
        let found = feed_validator::problems(text.as_bytes(), media_type, "https://news.example/a");
        assert!(found.iter().any(|problem| problem.starts_with(name)), "{name} is not among {found:#?}");
    };
    let entry = |inner: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:x:y</id><title>T</title><updated>2026-11-01T00:00:00Z</updated>\
             <entry><id>urn:x:1</id><title>T</title><updated>2026-11-01T00:00:00Z</updated>{inner}</entry></feed>"
        )
    };
    for (inner, name) in [
        ("", "MissingSelf"),
        ("", "MissingElement in entry urn:x:1: author"),
        ("", "MissingContentOrAlternate"),
        ("<content type=\"html\">&lt;a href=\"x\"&gt;y&lt;/a&gt;</content>", "ContainsRelRef"),
        ("<content type=\"html\">&lt;script&gt;&lt;/script&gt;</content>", "SecurityRisk"),
        ("<content type=\"html\">&lt;p onclick=\"x\"&gt;&lt;/p&gt;</content>", "SecurityRiskAttr"),
        ("<content type=\"html\">&amp;eacute;</content>", "NotHtml"),
        ("<content type=\"html\">&lt;b&gt;x</content>", "NotHtml"),
        ("<content type=\"html\">&lt;p&gt;&lt;div&gt;x&lt;/div&gt;&lt;/p&gt;</content>", "NotHtml"),
        ("<content type=\"html\">&lt;table&gt;x&lt;/table&gt;</content>", "NotHtml"),
        ("<summary>a &lt;b&gt;tag&lt;/b&gt;</summary>", "ContainsHTML"),
        ("<link rel=\"made-up\" href=\"https://a.example/\"/>", "UnregisteredAtomLinkRel"),
        ("<link href=\"https://a.example\"/>", "NonCanonicalURI"),
        ("<link href=\"https://a.example/\" hreflang=\"zz\"/>", "InvalidLanguage"),
        ("<published>2026-11-01T00:00:00+03:30</published>", "InvalidRFC3339Date"),
        ("<published>1812-11-01T00:00:00Z</published>", "ImplausibleDate"),
        ("<link href=\"https://a.example/?a[]=1\"/>", "InvalidURIAttribute"),
        ("<link href=\"https://a.example/\" target=\"x\"/>", "UnexpectedAttribute"),
        ("<pubDate>2026-11-01</pubDate>", "UndefinedElement"),
        ("<author><name>The desk &lt;desk@news.example&gt;</name></author>", "ContainsEmail"),
        ("<content type=\"html\">&lt;font&gt;x&lt;/font&gt;</content>", "SecurityRisk"),
        ("<content type=\"html\">&lt;a data-x=\"1\"&gt;x&lt;/a&gt;</content>", "SecurityRiskAttr"),
        (
            "<source><id>urn:uuid:5</id><title>S</title><updated>2026-11-01T00:00:00Z</updated></source>",
            "InvalidUUID",
        ),
        (
            "<source><link rel=\"self\" href=\"https://a.example/1\"/><link rel=\"self\" href=\"https://a.example/2\"/></source>",
            "DuplicateAtomLink",
        ),
    ] {
        says(&entry(inner), "application/atom+xml", name);
    }
    let empty = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:x:y</id><title>T</title><updated>2026-11-01T00:00:00Z</updated></feed>";
    says(empty, "application/atom+xml", "MissingElement in the feed: author");
    let item = |inner: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>T</title><link>https://a.example/</link><description>D</description><item><title>T</title>{inner}</item></channel></rss>"
        )
    };
    for (inner, name) in [
        ("", "MissingGuid"),
        ("<guid>5</guid>", "InvalidHttpGUID"),
        ("<pubDate>Tue, 01 Nov 2026 00:00:00 GMT</pubDate>", "ProblematicalRFC822Date"),
        ("<enclosure url=\"https://a.example/x\" type=\"mp3\" length=\"\"/>", "InvalidMIMEAttribute"),
        ("<enclosure url=\"https://a.example/x\" type=\"a/b\" length=\"\"/>", "UseZeroForUnknown"),
        ("<link>https://a.example/ x</link>", "InvalidURIAttribute"),
        ("<updated>2026-11-01</updated>", "UndefinedElement"),
    ] {
        says(&item(inner), "application/rss+xml", name);
    }
}
