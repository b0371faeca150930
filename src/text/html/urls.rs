//! Addresses in markup: absolute, of a harmless scheme, and leading to something.

use url::{Position, Url};

use crate::text::urls::{is_plain_path, is_whole};

/// No server takes a longer address.
const LONGEST: usize = 8192;

/// What a URL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A person follows it: http, https, mailto.
    Link,
    /// It is loaded: http, https.
    Load,
}

/// `value` as an absolute URL that may be republished. A relative one is resolved; one without a base is none.
pub(super) fn address(value: &str, base: Option<&Url>, what: Use) -> Option<String> {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if value.is_empty() || value.len() > LONGEST {
        return None;
    }
    if is_whole(value) {
        return Some(value.to_owned());
    }
    if let Some(base) = base
        && is_plain_path(value)
        && matches!(base.scheme(), "http" | "https")
        && base.has_host()
    {
        return Some(format!("{}{value}", &base[..Position::BeforePath]));
    }
    parsed(value, base, what)
}

/// [`address`] of what may be anything.
fn parsed(value: &str, base: Option<&Url>, what: Use) -> Option<String> {
    let url = match base {
        Some(base) => base.join(value).ok()?,
        None if value.starts_with("//") => Url::parse(&format!("https:{value}")).ok()?,
        None => Url::parse(value).ok()?,
    };
    match url.scheme() {
        "http" | "https" if url.has_host() => {}
        "mailto" if what == Use::Link && url.path().contains('@') => {}
        _ => return None,
    }
    // What is whole as written stays as written.
    let head = value.get(..8).unwrap_or(value).to_ascii_lowercase();
    let whole = (head.starts_with("http://") || head.starts_with("https://"))
        && value.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`'));
    Some(if whole { value.to_owned() } else { url.into() })
}

/// The candidates of a `srcset` (HTML §4.8.4.2.1) with absolute URLs; `None` where none is left.
pub(super) fn sources(value: &str, base: Option<&Url>) -> Option<String> {
    let mut out = String::new();
    let mut rest = value;
    for _ in 0..32 {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (mut source, mut after) = rest.split_at(end);
        let mut descriptor = "";
        if source.ends_with(',') {
            source = source.trim_end_matches(',');
        } else {
            let end = after.find(',').unwrap_or(after.len());
            descriptor = after[..end].trim();
            after = &after[end..];
        }
        rest = after;
        let fits = descriptor.is_empty()
            || descriptor.len() < 12
                && descriptor.ends_with(['w', 'x', 'h'])
                && descriptor
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'w' | b'x' | b'h' | b'.' | b' '));
        if let Some(url) = address(source, base, Use::Load).filter(|url| fits && !url.ends_with(',')) {
            if !out.is_empty() {
                out.push_str(", ");
            }
            out.push_str(&url);
            if !descriptor.is_empty() {
                out.push(' ');
                out.push_str(descriptor);
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    (host.rsplit_once('@').map_or(host, |(_, host)| host), path)
}

fn without_port(host: &str) -> &str {
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// `host` is `domain` or under it.
fn is_of(host: &str, domain: &str) -> bool {
    host.len() >= domain.len()
        && host.as_bytes()[host.len() - domain.len()..].eq_ignore_ascii_case(domain.as_bytes())
        && (host.len() == domain.len() || host.as_bytes()[host.len() - domain.len() - 1] == b'.')
}

/// An image that counts readers instead of showing something.
pub(super) fn is_tracker(url: &str) -> bool {
    const PLACES: &[(&str, &str)] = &[
        ("feedburner.com", "/~r/"),
        ("feedburner.com", "/~ff/"),
        ("feedburner.com", "/~a/"),
        ("doubleclick.net", "/"),
        ("googlesyndication.com", "/"),
        ("google-analytics.com", "/"),
        ("googletagmanager.com", "/"),
        ("googleadservices.com", "/"),
        ("pixel.wp.com", "/"),
        ("stats.wp.com", "/"),
        ("stats.wordpress.com", "/"),
        ("feeds.wordpress.com", "/"),
        ("scorecardresearch.com", "/"),
        ("quantserve.com", "/"),
        ("imrworldwide.com", "/"),
        ("chartbeat.net", "/"),
        ("zqtk.net", "/"),
        ("pheedo.com", "/"),
        ("pheedcontent.com", "/"),
        ("feedsportal.com", "/"),
        ("feedblitz.com", "/i/"),
        ("facebook.com", "/tr"),
        ("mc.yandex.ru", "/"),
        ("counter.yadro.ru", "/"),
        ("top-fwz1.mail.ru", "/"),
        ("blogger.com", "/tracker"),
        ("blogger.googleusercontent.com", "/tracker"),
        ("amazon-adsystem.com", "/"),
        ("assoc-amazon.com", "/e/ir"),
        ("anrdoezrs.net", "/"),
        ("awltovhc.com", "/"),
        ("ftjcfx.com", "/"),
        ("lduhtrp.net", "/"),
        ("tqlkg.com", "/"),
        ("vgwort.de", "/na/"),
        ("ioam.de", "/"),
        ("xiti.com", "/"),
        ("webtrends.com", "/"),
        ("statcounter.com", "/"),
        ("histats.com", "/"),
        ("list-manage.com", "/track"),
        ("sendgrid.net", "/wf/open"),
    ];
    let (host, path) = host_and_path(url);
    let host = without_port(host);
    PLACES.iter().any(|(domain, prefix)| (path.starts_with(prefix) || path.is_empty()) && is_of(host, domain))
}

/// A link that shares the article somewhere instead of leading to something.
pub(super) fn is_share_link(url: &str) -> bool {
    const PLACES: &[(&str, &str)] = &[
        ("facebook.com", "/sharer"),
        ("facebook.com", "/share.php"),
        ("facebook.com", "/dialog/share"),
        ("facebook.com", "/dialog/feed"),
        ("twitter.com", "/share"),
        ("twitter.com", "/intent/tweet"),
        ("twitter.com", "/home?status="),
        ("x.com", "/intent/"),
        ("x.com", "/share?"),
        ("bsky.app", "/intent/compose"),
        ("threads.net", "/intent/post"),
        ("linkedin.com", "/sharearticle"),
        ("linkedin.com", "/sharing/share"),
        ("linkedin.com", "/cws/share"),
        ("reddit.com", "/submit?"),
        ("pinterest.com", "/pin/create"),
        ("tumblr.com", "/share"),
        ("tumblr.com", "/widgets/share"),
        ("t.me", "/share"),
        ("telegram.me", "/share"),
        ("wa.me", "/?text="),
        ("api.whatsapp.com", "/send?text="),
        ("web.whatsapp.com", "/send?text="),
        ("plus.google.com", "/share"),
        ("digg.com", "/submit"),
        ("del.icio.us", "/post"),
        ("delicious.com", "/save"),
        ("stumbleupon.com", "/submit"),
        ("getpocket.com", "/save"),
        ("getpocket.com", "/edit"),
        ("instapaper.com", "/hello2"),
        ("news.ycombinator.com", "/submitlink"),
        ("vk.com", "/share.php"),
        ("connect.ok.ru", "/offer"),
        ("addtoany.com", "/"),
        ("addthis.com", "/bookmark"),
        ("feedburner.com", "/~ff/"),
        ("feedburner.com", "/~a/"),
        ("feeds.wordpress.com", "/1.0/"),
        ("feedads.g.doubleclick.net", "/"),
        ("ads.pheedo.com", "/"),
        ("da.feedsportal.com", "/"),
        ("share.feedsportal.com", "/"),
        ("res.feedsportal.com", "/"),
    ];
    let (host, path) = host_and_path(url);
    let host = without_port(host);
    let path = path.get(..32).unwrap_or(path).to_ascii_lowercase();
    PLACES.iter().any(|(domain, prefix)| path.starts_with(prefix) && is_of(host, domain))
}

/// Where an embedded page can be seen by itself: films, sound, documents, maps. `None` for what is not known to be
/// worth a link (advertisements, counters, "like" buttons).
pub(super) fn embedded(url: &str, titled: bool) -> Option<String> {
    const HOSTS: &[&str] = &[
        "youtube.com",
        "youtube-nocookie.com",
        "youtu.be",
        "vimeo.com",
        "dailymotion.com",
        "twitch.tv",
        "ted.com",
        "aparat.com",
        "namasha.com",
        "telewebion.com",
        "rutube.ru",
        "vk.com",
        "vkvideo.ru",
        "ok.ru",
        "bilibili.com",
        "peertube.tv",
        "odysee.com",
        "soundcloud.com",
        "spotify.com",
        "apple.com",
        "bandcamp.com",
        "mixcloud.com",
        "castbox.fm",
        "anchor.fm",
        "megaphone.fm",
        "simplecast.com",
        "libsyn.com",
        "buzzsprout.com",
        "podbean.com",
        "spreaker.com",
        "acast.com",
        "audioboom.com",
        "deezer.com",
        "datawrapper.de",
        "dwcdn.net",
        "flourish.studio",
        "infogram.com",
        "scribd.com",
        "slideshare.net",
        "issuu.com",
        "archive.org",
        "docs.google.com",
        "maps.google.com",
        "openstreetmap.org",
        "codepen.io",
        "jsfiddle.net",
        "github.com",
        "instagram.com",
        "tiktok.com",
        "streamable.com",
        "wistia.com",
        "wistia.net",
        "brightcove.net",
        "jwplayer.com",
        "loom.com",
        "kickstarter.com",
        "arte.tv",
        "ardmediathek.de",
        "bbc.co.uk",
        "bbc.com",
        "cnn.com",
        "nytimes.com",
        "aljazeera.net",
    ];
    let (host, path) = host_and_path(url);
    let host = without_port(host);
    if is_tracker(url) || path.contains("/plugins/") {
        return None;
    }
    let google_map = is_of(host, "google.com") && path.starts_with("/maps");
    if !titled && !google_map && !HOSTS.iter().any(|known| is_of(host, known)) {
        return None;
    }
    // The page of a film, not the bare player.
    let id = |prefix: &str| {
        let id = path.strip_prefix(prefix)?;
        let end =
            id.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(id.len());
        (end > 0).then(|| &id[..end])
    };
    if is_of(host, "youtube.com") || is_of(host, "youtube-nocookie.com") {
        if let Some(id) = id("/embed/").or_else(|| id("/v/")).filter(|id| *id != "videoseries") {
            return Some(format!("https://www.youtube.com/watch?v={id}"));
        }
    } else if is_of(host, "player.vimeo.com")
        && let Some(id) = id("/video/")
    {
        return Some(format!("https://vimeo.com/{id}"));
    }
    Some(url.to_owned())
}

/// The site of a URL, to name a link by.
pub(super) fn site(url: &str) -> &str {
    let (host, _) = host_and_path(url);
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses() {
        let base = Url::parse("https://news.example/2024/story.html").expect("a URL");
        for (value, what, expected) in [
            ("a.png", Use::Load, Some("https://news.example/2024/a.png")),
            ("//cdn.example/x", Use::Load, Some("https://cdn.example/x")),
            ("#notes", Use::Link, Some("https://news.example/2024/story.html#notes")),
            ("http://example.org", Use::Link, Some("http://example.org")),
            (" http://example.org/a b ", Use::Link, Some("http://example.org/a%20b")),
            ("mailto:desk@example.org", Use::Link, Some("mailto:desk@example.org")),
            ("mailto:desk@example.org", Use::Load, None),
            ("mailto:?subject=x", Use::Link, None),
            ("javascript:alert(1)", Use::Link, None),
            ("java\nscript:alert(1)", Use::Link, None),
            ("\u{1}javascript:alert(1)", Use::Link, None),
            ("data:image/png;base64,xx", Use::Load, None),
            ("vbscript:x", Use::Link, None),
            ("file:///etc/passwd", Use::Link, None),
            ("", Use::Link, None),
        ] {
            assert_eq!(address(value, Some(&base), what).as_deref(), expected, "{value:?}");
        }
        assert_eq!(address("/x", None, Use::Link), None);
    }

    proptest! {
        #[test]
        fn what_needs_no_parser_is_what_a_parser_makes_of_it(
            value in "(https?://|HTTP://|//|/|mailto:|)(a|B|xn--a|1|0x7f|127|256|01|\\.|-|_|:|80|65536|@|%41|é|\\[::1\\]){0,7}(/|\\?|#|\\.|\\.\\.|a|~|=|&|%2e|%|'|\\^|\\||\\{| |\\\\|\"|;|!|é){0,8}",
            base in prop::sample::select(vec![None, Some("https://u:p@News.example:8080/a/b?c#d"), Some("http://127.0.0.1/x"), Some("file:///a/b"), Some("mailto:a@b.c")])
        ) {
            let base = base.and_then(|base| Url::parse(base).ok());
            let trimmed = value.trim_matches(|c: char| c.is_whitespace() || c.is_control());
            for what in [Use::Link, Use::Load] {
                let expected = if trimmed.is_empty() { None } else { parsed(trimmed, base.as_ref(), what) };
                prop_assert_eq!(address(&value, base.as_ref(), what), expected);
            }
        }
    }

    #[test]
    fn source_sets() {
        let base = Url::parse("https://news.example/a/").expect("a URL");
        assert_eq!(
            sources("s.jpg 480w,/m.jpg 800w , javascript:x 2x, l.jpg", Some(&base)).as_deref(),
            Some(
                "https://news.example/a/s.jpg 480w, https://news.example/m.jpg 800w, https://news.example/a/l.jpg"
            )
        );
        assert_eq!(sources("data:image/gif;base64,R0lGOD 1x", Some(&base)), None);
    }

    #[test]
    fn films_get_their_page() {
        assert_eq!(
            embedded("https://www.youtube.com/embed/abc_D-1?rel=0", false).as_deref(),
            Some("https://www.youtube.com/watch?v=abc_D-1")
        );
        assert_eq!(embedded("https://ads.example/frame", false), None);
        assert_eq!(embedded("https://www.facebook.com/plugins/like.php?x", true), None);
    }
}
