//! Which elements and attributes stand where: `UndefinedElement`, `UnexpectedAttribute`, `SecurityRisk`, `NotHtml`.

use super::Report;
use super::support::Node;

/// Element, its attributes, its children; of Atom with its extensions. `*` is any text construct.
const ATOM: &[(&str, &str, &str)] = &[
    (
        "feed",
        "xml:lang xml:base",
        "id title updated author category contributor generator icon link logo rights subtitle entry fh:archive at:deleted-entry",
    ),
    (
        "entry",
        "xml:lang xml:base",
        "id title updated published author category content contributor link rights source summary media:thumbnail media:content",
    ),
    (
        "source",
        "xml:lang",
        "id title updated author category contributor generator icon link logo rights subtitle",
    ),
    ("author", "", "name uri email"),
    ("contributor", "", "name uri email"),
    ("link", "href rel type hreflang title length", ""),
    ("category", "term scheme label", ""),
    ("generator", "uri version", ""),
    ("title", "type xml:lang", ""),
    ("subtitle", "type xml:lang", ""),
    ("rights", "type xml:lang", ""),
    ("summary", "type xml:lang", ""),
    ("content", "type xml:lang", ""),
    ("at:deleted-entry", "ref when", "at:comment at:by link source"),
    ("at:comment", "type xml:lang", ""),
];

/// The same of RSS 2.0.
const RSS: &[(&str, &str, &str)] = &[
    ("rss", "version", "channel"),
    (
        "channel",
        "",
        "title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator docs \
         cloud ttl image textInput skipHours skipDays item atom:link fh:archive",
    ),
    ("image", "", "url title link width height description"),
    (
        "item",
        "",
        "title link description author category comments enclosure guid pubDate source content:encoded dc:creator \
         dc:language dc:rights atom:link media:thumbnail media:content",
    ),
    ("guid", "isPermaLink", ""),
    ("source", "url", ""),
    ("enclosure", "url length type", ""),
    ("category", "domain", ""),
    ("atom:link", "href rel type hreflang title length", ""),
];

/// What both have.
const MEDIA: &[(&str, &str, &str)] = &[
    ("media:thumbnail", "url width height time", ""),
    (
        "media:content",
        "url fileSize type medium isDefault expression bitrate duration height width lang",
        "media:title media:description media:thumbnail",
    ),
    ("fh:archive", "", ""),
];

/// The name spaces that go with the prefixes: another one would be `ReservedPrefix`.
const NAMESPACES: [(&str, &str); 6] = [
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("fh", "http://purl.org/syndication/history/1.0"),
    ("at", "http://purl.org/atompub/tombstones/1.0"),
];

/// Elements of HTML that a reader may show beside those of others. (`bdo` is text and no risk, whatever is said of it.)
const HTML: &str = "a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite code col \
    colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li \
    main mark menu nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table \
    tbody td tfoot th thead time tr track tt u ul var video wbr";

/// Attributes of these. (`controls`, without which nobody could play what is there, is one of them.)
const HTML_ATTRIBUTES: &str = "abbr align alt border cite class colspan controls datetime default dir headers height href \
    hreflang kind label lang loop media muted open poster preload reversed rowspan scope sizes span src srclang srcset start \
    summary title type valign value width";

fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

impl Report {
    pub(super) fn atom_vocabulary(&mut self, feed: &Node) {
        self.vocabulary(feed, &[ATOM, MEDIA]);
    }

    pub(super) fn rss_vocabulary(&mut self, rss: &Node) {
        self.vocabulary(rss, &[RSS, MEDIA]);
    }

    fn vocabulary(&mut self, node: &Node, tables: &[&[(&str, &str, &str)]]) {
        let known = tables.iter().flat_map(|table| table.iter()).find(|(name, ..)| *name == node.name);
        let (attributes, children) =
            known.map_or(("", ""), |(_, attributes, children)| (attributes, children));
        for (key, value) in &node.attrs {
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                let usual = NAMESPACES.iter().any(|(p, uri)| *p == prefix && uri == value);
                self.demand(usual, "ReservedPrefix", &format!("{key}={value}"));
            } else if key != "xmlns" {
                self.demand(has(attributes, key), "UnexpectedAttribute", &format!("{key} on {}", node.name));
            }
        }
        for child in &node.children {
            self.demand(
                has(children, &child.name),
                "UndefinedElement",
                &format!("{} in {}", child.name, node.name),
            );
            self.vocabulary(child, tables);
        }
        let holds_elements = !node.children.is_empty();
        self.demand(
            !holds_elements || node.text.trim().is_empty(),
            "UnexpectedText",
            &format!("{} in {}", node.text.trim(), node.name),
        );
    }

    /// What HTML may hold where it stands beside that of others.
    pub(super) fn html_vocabulary(&mut self, name: &str, what: &str) {
        self.demand(has(HTML, name), "SecurityRisk", &format!("{name} in {what}"));
    }

    pub(super) fn html_attribute(&mut self, key: &str, what: &str) {
        self.demand(has(HTML_ATTRIBUTES, key), "SecurityRiskAttr", &format!("{key} in {what}"));
    }
}
