//! What a published file is: its media type, and how it is to be treated.

/// How a file is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Atom or RSS: readable from scripts of other sites, and in parts (RFC 3229).
    Feed,
    /// JSON Feed or OPML: readable from scripts of other sites.
    Data,
    /// A page: gets the security headers of one.
    Page,
    /// Anything else: style sheets, scripts, pictures.
    Other,
}

/// The media type of a file and how it is treated: by its extension, and for XML and JSON by how it begins.
pub fn of(path: &str, content: &[u8]) -> (&'static str, Kind) {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "xml" | "atom" | "rss" | "rdf" | "opml" => xml(extension, content),
        "json" if says_json_feed(content) => ("application/feed+json", Kind::Data),
        "json" => ("application/json", Kind::Data),
        "html" | "htm" => ("text/html; charset=utf-8", Kind::Page),
        "css" => ("text/css; charset=utf-8", Kind::Other),
        "js" => ("text/javascript; charset=utf-8", Kind::Other),
        "txt" => ("text/plain; charset=utf-8", Kind::Other),
        "xsl" | "xslt" => ("application/xslt+xml; charset=utf-8", Kind::Other),
        "svg" => ("image/svg+xml", Kind::Other),
        "png" => ("image/png", Kind::Other),
        "jpg" | "jpeg" => ("image/jpeg", Kind::Other),
        "webp" => ("image/webp", Kind::Other),
        "avif" => ("image/avif", Kind::Other),
        "gif" => ("image/gif", Kind::Other),
        "ico" => ("image/x-icon", Kind::Other),
        "woff2" => ("font/woff2", Kind::Other),
        "webmanifest" => ("application/manifest+json", Kind::Other),
        _ => ("application/octet-stream", Kind::Other),
    }
}

fn xml(extension: &str, content: &[u8]) -> (&'static str, Kind) {
    let by_root = match root_element(content) {
        Some(b"feed") => Some("atom"),
        Some(b"rss") => Some("rss"),
        Some(b"RDF") => Some("rdf"),
        Some(b"opml") => Some("opml"),
        _ => None,
    };
    match by_root.unwrap_or(extension) {
        "atom" => ("application/atom+xml; charset=utf-8", Kind::Feed),
        "rss" => ("application/rss+xml; charset=utf-8", Kind::Feed),
        "rdf" => ("application/rdf+xml; charset=utf-8", Kind::Data),
        "opml" => ("text/x-opml; charset=utf-8", Kind::Data),
        _ => ("application/xml; charset=utf-8", Kind::Other),
    }
}

/// The local name of the first element: what follows declaration, comments and processing instructions.
fn root_element(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        let open = rest.iter().position(|&b| b == b'<')?;
        rest = &rest[open + 1..];
        let end: &[u8] = match rest.first()? {
            b'?' => b"?>",
            b'!' if rest.starts_with(b"!--") => b"-->",
            b'!' => b">",
            _ => {
                let name = rest.split(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/')).next()?;
                return Some(name.rsplit(|&b| b == b':').next().unwrap_or(name));
            }
        };
        let close = rest.windows(end.len()).position(|window| window == end)?;
        rest = &rest[close..];
    }
}

/// JSON Feed has to say its version; ours says it first.
fn says_json_feed(content: &[u8]) -> bool {
    let head = &content[..content.len().min(512)];
    head.windows(b"jsonfeed.org/version/".len()).any(|window| window == b"jsonfeed.org/version/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_what_its_root_says_it_is() {
        for (path, content, expected) in [
            (
                "atom.xml",
                "<?xml version=\"1.0\"?>\n<!-- a > b <rss> --><feed xmlns=\"x\">",
                "application/atom+xml; charset=utf-8",
            ),
            (
                "archive/2026-11.xml",
                "<?xml version=\"1.0\"?><atom:feed/>",
                "application/atom+xml; charset=utf-8",
            ),
            ("rss.xml", "<rss version=\"2.0\">", "application/rss+xml; charset=utf-8"),
            (
                "rss.xml",
                "<?xml-stylesheet href=\"a\"?><!DOCTYPE rss><rss>",
                "application/rss+xml; charset=utf-8",
            ),
            ("opml.xml", "<opml version=\"2.0\">", "text/x-opml; charset=utf-8"),
            ("list.opml", "", "text/x-opml; charset=utf-8"),
            ("sitemap.xml", "<urlset>", "application/xml; charset=utf-8"),
            ("broken.xml", "<", "application/xml; charset=utf-8"),
            ("broken.xml", "<!-- never closed", "application/xml; charset=utf-8"),
            ("feed.json", "{\"version\": \"https://jsonfeed.org/version/1.1\"", "application/feed+json"),
            ("status.json", "{}", "application/json"),
            ("index.html", "<feed>", "text/html; charset=utf-8"),
            ("no-extension", "", "application/octet-stream"),
        ] {
            assert_eq!(of(path, content.as_bytes()).0, expected, "{path} {content}");
        }
    }
}
