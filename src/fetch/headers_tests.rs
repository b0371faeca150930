use super::*;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn map(fields: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn url(s: &str) -> Url {
    Url::parse(s).unwrap()
}

#[test]
fn freshness() {
    let week = 7 * 86_400;
    type Row = (&'static [(&'static str, &'static str)], Option<u64>);
    let table: &[Row] = &[
        (&[], None),
        (&[("cache-control", "max-age=3600")], Some(3600)),
        (&[("cache-control", "public, MAX-AGE = 3600")], Some(3600)),
        (&[("cache-control", "max-age=\"60\"")], Some(60)),
        (&[("cache-control", "public"), ("cache-control", "max-age=60")], Some(60)),
        (&[("cache-control", "max-age=60, max-age=9999")], Some(60)),
        (&[("cache-control", "max-age=3600"), ("age", "600")], Some(3000)),
        (&[("cache-control", "max-age=3600"), ("age", "soon")], Some(3600)),
        (&[("cache-control", "max-age=3600"), ("age", "3600")], None),
        (&[("cache-control", "max-age=3600"), ("expires", "0")], Some(3600)),
        (&[("cache-control", "max-age=0"), ("expires", "Sun, 01 Mar 2026 13:00:00 GMT")], None),
        (&[("cache-control", "s-maxage=3600")], None),
        (&[("cache-control", "no-cache, max-age=3600")], None),
        (&[("cache-control", "no-cache=\"set-cookie, x\", max-age=3600")], Some(3600)),
        (&[("cache-control", "max-age=3600"), ("cache-control", "no-store")], None),
        (&[("cache-control", "max-age=-1")], None),
        (&[("cache-control", "max-age=1e9")], None),
        (&[("cache-control", "x=\"max-age=5\"")], None),
        (&[("cache-control", "max-age=99999999999999999999999999")], Some(week)),
        (&[("expires", "Sun, 01 Mar 2026 13:00:00 GMT")], Some(3600)),
        (&[("expires", "Sun, 01 Mar 2026 13:00:00 +0000")], Some(3600)),
        (&[("expires", "Sun, 01 Mar 2026 13:00:00 UTC")], Some(3600)),
        (&[("expires", "Sunday, 01-Mar-26 13:00:00 GMT")], Some(3600)),
        (&[("expires", "Sun Mar  1 13:00:00 2026")], Some(3600)),
        (&[("expires", "Sun, 01 Mar 2026 11:00:00 GMT")], None),
        (&[("expires", "Fri, 01 Jan 2100 00:00:00 GMT")], Some(week)),
        (&[("expires", "0")], None),
        (&[("expires", "-1")], None),
        (&[("expires", "tomorrow")], None),
        // The distance counts, by the server's own clock.
        (
            &[("date", "Fri, 01 Mar 2030 12:00:00 GMT"), ("expires", "Fri, 01 Mar 2030 12:10:00 GMT")],
            Some(600),
        ),
    ];
    for (fields, want) in table {
        assert_eq!(fresh_for(&map(fields), now()), want.map(Duration::from_secs), "{fields:?}");
    }
}

#[test]
fn patience() {
    type Row = (&'static [(&'static str, &'static str)], Option<&'static str>);
    let table: &[Row] = &[
        (&[], None),
        (&[("retry-after", "120")], Some("2026-03-01T12:02:00Z")),
        (&[("retry-after", " 120 ")], Some("2026-03-01T12:02:00Z")),
        (&[("retry-after", "0")], None),
        (&[("retry-after", "Sun, 01 Mar 2026 12:30:00 GMT")], Some("2026-03-01T12:30:00Z")),
        (&[("retry-after", "31536000")], Some("2026-03-08T12:00:00Z")),
        (&[("retry-after", "99999999999999999999999")], Some("2026-03-08T12:00:00Z")),
        (&[("retry-after", "Fri, 01 Jan 2100 00:00:00 GMT")], Some("2026-03-08T12:00:00Z")),
        (&[("retry-after", "Sun, 01 Mar 2026 11:30:00 GMT")], None),
        (
            &[("date", "Fri, 01 Mar 2030 12:00:00 GMT"), ("retry-after", "Fri, 01 Mar 2030 12:30:00 GMT")],
            Some("2026-03-01T12:30:00Z"),
        ),
        // The server's clock is behind, or ours ahead; and the other way round.
        (
            &[("date", "Sun, 01 Mar 2026 02:00:00 GMT"), ("retry-after", "Sun, 01 Mar 2026 02:30:00 GMT")],
            Some("2026-03-01T12:30:00Z"),
        ),
        (
            &[("date", "Sun, 01 Mar 2026 02:00:00 GMT"), ("retry-after", "Sun, 01 Mar 2026 12:30:00 GMT")],
            Some("2026-03-01T12:30:00Z"),
        ),
        (&[("retry-after", "-5")], None),
        (&[("retry-after", "1.5")], None),
        (&[("retry-after", "later")], None),
        (&[("retry-after", "")], None),
    ];
    for (fields, want) in table {
        let want = want.map(|t| t.parse::<Timestamp>().unwrap());
        assert_eq!(retry_after(&map(fields), now()), want, "{fields:?}");
    }
}

#[test]
fn validators_are_kept_byte_for_byte() {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, HeaderValue::from_bytes(b"W/\"caf\xe9, unquoted\\\"").unwrap());
    headers.insert(LAST_MODIFIED, HeaderValue::from_static("yesterday-ish"));
    let at = url("http://a.example/f");
    let got = validators(&headers, &at);
    assert_eq!(got.etag.as_deref(), Some(&b"W/\"caf\xe9, unquoted\\\""[..]));
    assert_eq!(got.last_modified.as_deref(), Some(&b"yesterday-ish"[..]));
    assert_eq!(got.url.as_deref(), Some(at.as_str()));
    assert_eq!(validators(&map(&[("etag", ""), ("last-modified", " ")]), &at), Validators::default());
    assert_eq!(validators(&map(&[("etag", "*")]), &at), Validators::default());
}

#[test]
fn hubs_and_topics() {
    let base = url("https://a.example/feed");
    let (hub, topic) = hub_and_topic(
        &map(&[
            (
                "link",
                "<https://cdn.example/x.css>; rel=preload; as=style, </hub,1>; title=\"a, b; rel=x\"; REL=\"alternate hub\"",
            ),
            ("link", "<feed.xml>;rel=self,<https://late.example/>;rel=hub"),
        ]),
        &base,
    );
    assert_eq!(hub, Some(url("https://a.example/hub,1")));
    assert_eq!(topic, Some(url("https://a.example/feed.xml")));
    let none = hub_and_topic(
        &map(&[("link", "<javascript:alert(1)>; rel=hub, <file:///x>; rel=self, <; rel=hub")]),
        &base,
    );
    assert_eq!(none, (None, None));
}

#[test]
fn codings_in_order() {
    assert_eq!(
        content_codings(&map(&[("content-encoding", "GZIP , br"), ("content-encoding", "identity,zstd")])),
        ["gzip", "br", "zstd"]
    );
    assert!(content_codings(&map(&[("content-encoding", ",,")])).is_empty());
}

#[test]
fn redirect_targets() {
    let base = url("https://a.example/dir/feed?x=1");
    let table: &[(&[u8], Option<&str>)] = &[
        (b"https://b.example/f", Some("https://b.example/f")),
        (b"//b.example/f", Some("https://b.example/f")),
        (b"/f#part", Some("https://a.example/f")),
        (b"f", Some("https://a.example/dir/f")),
        (b"?y=2", Some("https://a.example/dir/feed?y=2")),
        (b"http://me:secret@b.example/", Some("http://b.example/")),
        ("/nyheter/\u{e5}".as_bytes(), Some("https://a.example/nyheter/%C3%A5")),
        (b"/nyheter/\xe5", Some("https://a.example/nyheter/%C3%A5")),
        (b" /spaced ", Some("https://a.example/spaced")),
        (b"/a b", Some("https://a.example/a%20b")),
        (b"", None),
        (b"http://", None),
        (b"http://[::1/", None),
        (b"file:///etc/hosts", Some("file:///etc/hosts")),
    ];
    for (value, want) in table {
        let value = HeaderValue::from_bytes(value).unwrap();
        assert_eq!(location(&value, &base).as_ref().map(Url::as_str), *want, "{value:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fail_or_exceed_its_cap(
        value in proptest::collection::vec(any::<u8>(), 0..200),
        other in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let (Ok(value), Ok(other)) = (HeaderValue::from_bytes(&value), HeaderValue::from_bytes(&other)) else { return Ok(()) };
        let mut headers = HeaderMap::new();
        for name in [AGE, CACHE_CONTROL, CONTENT_ENCODING, DATE, ETAG, EXPIRES, LAST_MODIFIED, LINK, RETRY_AFTER] {
            headers.append(name.clone(), value.clone());
            headers.append(name, other.clone());
        }
        let base = url("https://a.example/feed");
        prop_assert!(fresh_for(&headers, now()).is_none_or(|d| d <= HINT_CAP && !d.is_zero()));
        let last = now().checked_add(HINT_CAP).unwrap();
        prop_assert!(retry_after(&headers, now()).is_none_or(|t| t >= now() && t <= last));
        hub_and_topic(&headers, &base);
        content_codings(&headers);
        validators(&headers, &base);
        location(&value, &base);
    }

    #[test]
    fn likely_values_do_not_make_a_reader_fail(
        value in "(max-age|no-cache|public|\"|=|,|;|<|>|rel|hub|[0-9]{1,25}| |Sun, 01 Mar 2026|GMT|:)*",
    ) {
        let Ok(value) = HeaderValue::from_str(&value) else { return Ok(()) };
        let mut headers = HeaderMap::new();
        for name in [AGE, CACHE_CONTROL, DATE, EXPIRES, LINK, RETRY_AFTER] {
            headers.insert(name, value.clone());
        }
        fresh_for(&headers, now());
        retry_after(&headers, now());
        hub_and_topic(&headers, &url("https://a.example/feed"));
    }
}
