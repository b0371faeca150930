//! The vocabularies of feeds: which namespace URI, or which usual prefix, means which module.

use crate::model::FeedFormat;

/// A module of feed vocabulary, whatever URI or prefix a document uses for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ns {
    /// No namespace, or one of the URIs that RSS has been published under.
    Core,
    /// Atom 0.3 and 1.0.
    Atom,
    /// RDF syntax.
    Rdf,
    /// Dublin Core elements 1.1.
    Dc,
    /// Dublin Core terms.
    DcTerms,
    /// RSS 1.0 content module.
    Content,
    /// Media RSS.
    Media,
    /// Apple's podcast module, and Google's elements of the same meaning.
    Itunes,
    /// The Podcast Index's module.
    Podcast,
    /// RSS 1.0 syndication module.
    Sy,
    /// XHTML.
    Xhtml,
    /// `xml:`.
    Xml,
    /// FeedBurner and Pheedo: the link before it was redirected.
    FeedBurner,
    /// Web content syndication's generator.
    Admin,
    /// Anything else: never a field of ours.
    Other,
}

impl Ns {
    /// The elements of RSS and Atom share one reading: feeds mix them freely.
    pub(super) fn is_core(self) -> bool {
        matches!(self, Self::Core | Self::Atom)
    }

    /// The dialect that `uri` gives away.
    pub(super) fn dialect(uri: &str) -> Option<FeedFormat> {
        let uri = uri.trim().to_ascii_lowercase();
        let holds = |part: &str| uri.contains(part);
        Some(match () {
            () if holds("w3.org/2005/atom") => FeedFormat::Atom1,
            () if holds("purl.org/atom/ns") || holds("purl.org/echo") || holds("purl.org/pie") => {
                FeedFormat::Atom03
            }
            () if holds("netscape.com/rdf/simple/0.9") => FeedFormat::Rss090,
            () if holds("purl.org/rss/1.0") && !holds("/modules/") => FeedFormat::Rss1,
            () => return None,
        })
    }

    /// The module that `uri` stands for. Case, a trailing slash or `#`, and `https` do not matter: feeds
    /// spell them every way (Media RSS itself changed its slash in 1.1.2).
    pub(super) fn from_uri(uri: &str) -> Option<Self> {
        let lower = uri.trim().to_ascii_lowercase();
        let key = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
        let key = key.trim_end_matches(['/', '#']);
        Some(match key {
            "" => Self::Core,
            "www.w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/atom" | "www.w3.org/2005/atom.xml" => {
                Self::Atom
            }
            "purl.org/echo" | "purl.org/pie" | "example.com/necho" | "uri/of/echo/namespace" => Self::Atom,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc" => Self::Dc,
            "purl.org/dc/terms" => Self::DcTerms,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "search.yahoo.com/mrss" | "www.rssboard.org/media-rss" | "tools.search.yahoo.com/mrss" => {
                Self::Media
            }
            "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "www.google.com/schemas/play-podcasts/1.0" => Self::Itunes,
            "podcastindex.org/namespace/1.0" => Self::Podcast,
            _ if key.starts_with("github.com/podcastindex-org/podcast-namespace") => Self::Podcast,
            // RSS 1.0's enclosures are those of RSS 2.0.
            "purl.oclc.org/net/rss_2.0/enc" => Self::Core,
            "purl.org/rss/1.0/modules/syndication" => Self::Sy,
            "www.w3.org/1999/xhtml" | "www.w3.org/tr/rec-html40" => Self::Xhtml,
            "www.w3.org/xml/1998/namespace" => Self::Xml,
            "rssnamespace.org/feedburner/ext/1.0" | "www.pheedo.com/namespace/pheedo" => Self::FeedBurner,
            "webns.net/mvcb" => Self::Admin,
            "my.netscape.com/rdf/simple/0.9" | "channel.netscape.com/rdf/simple/0.9" => Self::Core,
            _ if key.starts_with("my.netscape.com/publish/formats") => Self::Core,
            _ if key.starts_with("purl.org/rss/1.0") && !key.contains("/modules/") => Self::Core,
            "purl.org/net/rss1.1" | "purl.org/rss/1.0/modules/rss091" => Self::Core,
            _ if key.starts_with("backend.userland.com/rss") => Self::Core,
            _ if key.starts_with("blogs.law.harvard.edu/tech/rss") => Self::Core,
            _ if key.starts_with("cyber.law.harvard.edu/rss") && !key.contains("module") => Self::Core,
            _ if key.starts_with("cyber.harvard.edu/rss") && !key.contains("module") => Self::Core,
            _ if key.starts_with("www.rssboard.org/rss-specification") => Self::Core,
            _ => return None,
        })
    }

    /// The module that `prefix` means by custom: for prefixes that nothing declares, or that are bound to
    /// a URI that nobody knows.
    pub(super) fn from_prefix(prefix: &str) -> Option<Self> {
        Some(match prefix.to_ascii_lowercase().as_str() {
            "" | "rss" | "rss1" | "rss10" | "rss2" | "rss09" | "rss091" => Self::Core,
            "atom" | "atom10" | "atom03" | "a10" => Self::Atom,
            "rdf" => Self::Rdf,
            "dc" => Self::Dc,
            "dcterms" | "dct" => Self::DcTerms,
            "content" => Self::Content,
            "media" | "mrss" => Self::Media,
            "itunes" | "googleplay" => Self::Itunes,
            "podcast" => Self::Podcast,
            "enc" => Self::Core,
            "sy" => Self::Sy,
            "xhtml" | "html" => Self::Xhtml,
            "xml" => Self::Xml,
            "feedburner" | "pheedo" => Self::FeedBurner,
            "admin" => Self::Admin,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Ns;

    #[test]
    fn uris_are_folded() {
        for (uri, ns) in [
            ("http://www.w3.org/2005/Atom", Ns::Atom),
            ("HTTP://WWW.W3.ORG/2005/atom/", Ns::Atom),
            ("http://purl.org/atom/ns#", Ns::Atom),
            ("http://purl.org/rss/1.0", Ns::Core),
            ("http://purl.org/rss/1.0/", Ns::Core),
            ("http://backend.userland.com/RSS2", Ns::Core),
            ("http://backend.userland.com/rss", Ns::Core),
            ("http://my.netscape.com/rdf/simple/0.9/", Ns::Core),
            ("http://cyber.harvard.edu/rss/rss.html", Ns::Core),
            ("http://search.yahoo.com/mrss", Ns::Media),
            ("https://search.yahoo.com/mrss/", Ns::Media),
            ("http://purl.org/rss/1.0/modules/content", Ns::Content),
        ] {
            assert_eq!(Ns::from_uri(uri), Some(ns), "{uri}");
        }
        assert_eq!(Ns::from_uri("http://example.com/unknown"), None);
        assert_eq!(Ns::from_uri("http://backend.userland.com/creativeCommonsRssModule"), None);
    }
}
