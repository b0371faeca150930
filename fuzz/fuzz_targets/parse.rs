//! The whole way bytes → `ParsedFeed`, with whatever header, base and forced charset the first bytes choose.
//!
//! `cargo +nightly fuzz run parse -- -max_len=65536 -timeout=5 -rss_limit_mb=1024`

#![no_main]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kariz::parse::{Input, parse};
use libfuzzer_sys::fuzz_target;
use url::Url;

const CONTENT_TYPES: [Option<&str>; 8] = [
    None,
    Some("application/rss+xml"),
    Some("text/xml; charset=iso-8859-1"),
    Some("application/atom+xml; charset=utf-8"),
    Some("text/xml; charset=utf-16"),
    Some("application/xml; charset=\"windows-1256\""),
    Some("text/xml; charset=utf-7"),
    Some("application/feed+json; charset=shift_jis"),
];
const ENCODINGS: [Option<&str>; 4] = [None, Some("windows-1251"), Some("utf-16le"), Some("no such charset")];

fuzz_target!(|data: &[u8]| {
    let (choice, body) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    let base = Url::parse("https://feeds.example.ir/a/b.xml?c=d").expect("a constant");
    let input = Input {
        body,
        content_type: CONTENT_TYPES[usize::from(choice & 7)],
        base: (choice & 8 != 0).then_some(&base),
        // Most documents have none forced.
        encoding: if choice & 0xC0 == 0xC0 { ENCODINGS[usize::from(choice >> 4 & 3)] } else { None },
        timezone: &TimeZone::UTC,
        language: (choice & 32 != 0).then_some("fa"),
        now: Timestamp::UNIX_EPOCH,
    };
    if let Ok(feed) = parse(&input) {
        // What comes out is bounded by what went in.
        assert!(feed.entries.len() <= body.len());
        assert!(feed.warnings.len() <= 64);
        for entry in &feed.entries {
            assert!(entry.title.as_deref() != Some(""), "absent is None");
            assert!(entry.link.as_deref().is_none_or(|link| !link.trim_start().starts_with("javascript:")));
        }
    }
});
