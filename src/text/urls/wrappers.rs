//! Addresses that carry another address: AMP caches, link wrappers, web archives.

use url::Url;

use super::parse;

/// (host or its end after a dot, beginning of the path, parameter with the target).
const BY_PARAMETER: &[(&str, &str, &str)] = &[
    ("google.com", "/url", "url"),
    ("google.com", "/url", "q"),
    ("news.google.com", "/", "url"),
    ("google.com", "/imgres", "imgrefurl"),
    ("l.facebook.com", "/l.php", "u"),
    ("lm.facebook.com", "/l.php", "u"),
    ("facebook.com", "/l.php", "u"),
    ("facebook.com", "/flx/warn", "u"),
    ("l.instagram.com", "/", "u"),
    ("out.reddit.com", "/", "url"),
    ("vk.com", "/away.php", "to"),
    ("t.umblr.com", "/redirect", "z"),
    ("youtube.com", "/redirect", "q"),
    ("duckduckgo.com", "/l/", "uddg"),
    ("bing.com", "/news/apiclick.aspx", "url"),
    ("linkedin.com", "/redir/redirect", "url"),
    ("linkedin.com", "/safety/go", "url"),
    ("slack-redir.net", "/link", "url"),
    ("getpocket.com", "/redirect", "url"),
    ("disq.us", "/url", "url"),
    ("steamcommunity.com", "/linkfilter", "url"),
    ("click.linksynergy.com", "/", "murl"),
    ("go.redirectingat.com", "/", "url"),
    ("go.skimresources.com", "/", "url"),
    ("awin1.com", "/cread.php", "ued"),
    ("translate.google.com", "/translate", "u"),
    ("safelinks.protection.outlook.com", "/", "url"),
    ("feedproxy.google.com", "/", "url"),
    ("feeds.feedburner.com", "/", "url"),
    ("telegram.me", "/share/url", "url"),
    ("t.me", "/share/url", "url"),
    ("t.me", "/iv", "url"),
];

/// Pages that only lead elsewhere, whoever runs them, and the parameters that say where to.
const REDIRECTORS: &[&str] =
    &["redirect", "redir", "redirector", "out", "outbound", "away", "goto", "exit", "leave", "click"];
const TARGETS: &[&str] = &["url", "u", "to", "target", "dest", "destination", "goto", "link"];

/// The address that `url` leads to, where `url` itself tells it.
pub(super) fn target(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path();
    for (site, beginning, parameter) in BY_PARAMETER {
        let on_site = bare == *site || bare.strip_suffix(site).is_some_and(|h| h.ends_with('.'));
        if on_site && path.starts_with(beginning) {
            let found = url.query_pairs().find(|(name, _)| name == parameter);
            if let Some(inner) = found.and_then(|(_, value)| parse(&value)) {
                return Some(inner);
            }
        }
    }
    // https://host/cgi-bin/redirect?url=https://host/path, https://host/out/?to=…
    let page = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if REDIRECTORS.contains(&page.split('.').next().unwrap_or_default()) {
        let mut inner = url.query_pairs().filter(|(name, _)| TARGETS.contains(&name.as_ref()));
        if let Some(inner) =
            inner.find_map(|(_, value)| value.starts_with("http").then(|| parse(&value)).flatten())
        {
            return Some(inner);
        }
    }
    // https://www.google.com/amp/s/host/path, https://host.cdn.ampproject.org/c/s/host/path
    if bare.starts_with("google.") && path.starts_with("/amp/") {
        return amp(url, &path["/amp/".len()..]);
    }
    if bare == "cdn.ampproject.org" || bare.ends_with(".cdn.ampproject.org") {
        let rest = path.trim_start_matches('/').split_once('/')?.1;
        return amp(url, rest);
    }
    // https://web.archive.org/web/20240131094500id_/https://host/path
    if bare == "web.archive.org" {
        return embedded(url, path.find("/http")? + 1);
    }
    // FeedBlitz: https://feeds.feedblitz.com/~/t/0/0/site/~https://host/path
    if bare.ends_with("feedblitz.com") {
        return embedded(url, path.find("/~http")? + 2);
    }
    if bare == "youtu.be" {
        let id = path.trim_matches('/');
        return (!id.is_empty()).then(|| parse(&format!("https://youtube.com/watch?v={id}"))).flatten();
    }
    if matches!(bare, "youtube.com" | "m.youtube.com") {
        let id = ["/shorts/", "/embed/", "/live/"].iter().find_map(|p| path.strip_prefix(p))?;
        return parse(&format!("https://youtube.com/watch?v={}", id.trim_matches('/')));
    }
    None
}

/// What follows `/c/`, `/v/` or `/amp/`: `s/host/path` for https, `host/path` for http.
fn amp(url: &Url, rest: &str) -> Option<Url> {
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    if !rest.split('/').next()?.contains('.') {
        return None;
    }
    parse(&with_query(url, &format!("https://{rest}")))
}

/// The address that begins at byte `at` of the path.
fn embedded(url: &Url, at: usize) -> Option<Url> {
    let inner = url.path().get(at..)?;
    // Servers fold the double slash of an inner address.
    let inner = match inner.split_once(":/") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.trim_start_matches('/')),
        None => return None,
    };
    parse(&with_query(url, &inner))
}

fn with_query(url: &Url, inner: &str) -> String {
    match url.query() {
        Some(query) => format!("{inner}?{query}"),
        None => inner.to_owned(),
    }
}
