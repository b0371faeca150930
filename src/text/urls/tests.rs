use super::canonical;

fn same(a: &str, b: &str) {
    let (left, right) = (canonical(a), canonical(b));
    assert!(left.is_some(), "{a} has no key");
    assert_eq!(left, right, "{a} and {b} are one address");
}

fn different(a: &str, b: &str) {
    assert_ne!(canonical(a), canonical(b), "{a} and {b} are two addresses");
}

#[test]
fn spellings_of_one_address_share_a_key() {
    let plain = "https://example.org/news/2024/rain";
    for other in [
        "http://example.org/news/2024/rain",
        "https://www.example.org/news/2024/rain",
        "https://m.example.org/news/2024/rain",
        "https://mobile.example.org/news/2024/rain",
        "https://amp.example.org/news/2024/rain",
        "https://www.m.example.org/news/2024/rain",
        "HTTPS://EXAMPLE.ORG/News/2024/Rain",
        "https://example.org./news/2024/rain",
        "https://user:pass@example.org:443/news/2024/rain",
        "http://example.org:80/news/2024/rain/",
        "https://example.org//news/2024//rain/",
        "https://example.org/news/./x/../2024/rain",
        "https://example.org/news/2024/rain#comments",
        "https://example.org/news/2024/rain#:~:text=wet",
        "https://example.org/news/2024/rain?",
        "https://example.org/news/2024/rain/index.html",
        "https://example.org/news/2024/rain/amp/",
        "https://example.org/amp/news/2024/rain",
        "https://example.org/news/2024/rain.amp",
        "https://example.org/news/2024/rain?amp=1",
        "https://example.org/news/2024/rain?outputType=amp",
        "https://example.org/news/2024/rain;jsessionid=1A2B",
        "https://example.org/news/2024/rain%20",
        "https://example.org/news/%32024/r%61in",
        "//example.org/news/2024/rain",
        " <https://example.org/news/2024/rain> ",
    ] {
        same(plain, other);
    }
}

#[test]
fn campaigns_do_not_count() {
    let plain = "https://example.org/a/rain?id=7";
    for tail in [
        "utm_source=rss&utm_medium=feed",
        "UTM_Campaign=x",
        "fbclid=IwAR0",
        "gclid=1",
        "mc_cid=1&mc_eid=2",
        "at_medium=RSS&at_campaign=KARANGA",
        "ns_mchannel=social",
        "CMP=Share_iOSApp_Other",
        "ref=rss",
        "source=twitter",
        "smid=tw-share",
        "ocid=socialflow",
        "igshid=z",
        "__twitter_impression=true",
        "amp;utm_source=x",
        "wt_mc=rss.feed",
        "xtor=RSS-3208",
        "spm=a.b",
        "m=1",
        "srsltid=AfmB",
        "_ga=1.2",
        "yclid=4",
    ] {
        same(plain, &format!("{plain}&{tail}"));
    }
}

#[test]
fn what_tells_the_article_is_kept() {
    different("https://example.org/?p=1", "https://example.org/?p=2");
    different("https://example.org/read?id=1", "https://example.org/read?id=2");
    different("https://example.org/a?source=123", "https://example.org/a?source=124");
    different("https://example.org/#!/a/1", "https://example.org/#!/a/2");
    different("https://example.org/app#/a/1", "https://example.org/app#/a/2");
    different("https://one.example.org/a", "https://two.example.org/a");
    different("https://m.example/a", "https://example/a");
    different("http://localhost:4001/a", "http://localhost:4002/a");
    different("https://example.org/a%2Fb", "https://example.org/a");
    different("https://example.org/ramp", "https://example.org/r");
    same("https://example.org/r?b=2&a=1", "https://example.org/r?a=1&b=2&a=1");
    same("https://example.org/?p=1", "https://example.org/index.php?p=1");
}

#[test]
fn letters_are_letters_however_they_are_written() {
    same(
        "https://example.org/خبر/باران",
        "https://example.org/%D8%AE%D8%A8%D8%B1/%d8%a8%d8%a7%d8%b1%d8%a7%d9%86",
    );
    same("https://example.org/caf\u{e9}", "https://example.org/cafe\u{301}");
    same("https://bücher.example/a", "https://xn--bcher-kva.example/a");
    same("https://example.org/می\u{200c}رود", "https://example.org/میرود");
}

#[test]
fn a_bare_home_page_is_no_address_of_an_article() {
    for url in [
        "https://example.org",
        "https://example.org/",
        "https://www.example.org/index.html",
        "https://example.org/?utm_source=rss",
        "https://example.org/#top",
        "https://example.org/fa/",
        "mailto:desk@example.org",
        "urn:uuid:1",
        "tag:example.org,2024:1",
        "12345",
        "",
        "javascript:alert(1)",
        "ftp://example.org/a",
    ] {
        assert_eq!(canonical(url), None, "{url}");
    }
}

#[test]
fn wrapped_addresses_give_their_target() {
    let plain = "https://example.org/a/rain?id=7";
    for wrapped in [
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa%2Frain%3Fid%3D7&usg=x",
        "https://news.google.com/news/url?sa=T&url=https://example.org/a/rain?id=7",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%2Frain%3Fid%3D7%26fbclid%3D1&h=AT",
        "https://www.google.com/amp/s/www.example.org/a/rain?id=7",
        "https://example-org.cdn.ampproject.org/c/s/example.org/a/rain?id=7",
        "https://web.archive.org/web/20240131094500/https://example.org/a/rain?id=7",
        "https://feeds.feedblitz.com/~/t/0/0/site/~https://example.org/a/rain?id=7",
        "http://www.example.com/cgi-bin/redirect?source=rss&url=https://example.org/a/rain?id=7",
        "https://t.me/iv?url=https%3A%2F%2Fexample.org%2Fa%2Frain%3Fid%3D7&rhash=1",
    ] {
        same(plain, wrapped);
    }
    same("https://youtu.be/AbCdEfGhIjK?si=x", "https://www.youtube.com/watch?v=AbCdEfGhIjK&t=3");
    same(
        "http://feeds.feedburner.com/~r/Site/~3/abc/",
        "http://feedproxy.google.com/~r/Site/~3/abc/?utm_source=feedburner",
    );
    different("https://t.co/AbC1", "https://t.co/AbC2");
}

#[test]
fn wrappers_in_wrappers_end() {
    let mut url = "https://example.org/a".to_owned();
    for _ in 0..50 {
        url = format!("https://www.google.com/url?url={url}");
    }
    assert!(canonical(&url).is_some());
    assert_eq!(canonical(&format!("https://example.org/{}", "a".repeat(100_000))), None);
}
