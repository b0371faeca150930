//! What the W3C feed validator says of a document, after RFC 4287, the RSS 2.0 specification and the RSS Advisory
//! Board's profile, RFC 5005 and JSON Feed 1.1: its errors and warnings by their names, as far as a document alone can
//! earn them. Written anew from the specifications and from what the validator's documentation says.
//!
//! Left out on purpose, since it is the sources' affair or what is warned of is right: `DuplicateUpdated` (sources publish
//! several articles in one second), `ImplausibleDate` of what is older than the web, `MissingTextualContent` where a source gives
//! no text or `content = "link"` wants none, `UnknownNamespace` of RFC 6721, `SecurityRisk` of `bdo` and of `controls` (without
//! which no sound can be played), and `ContainsHTML` in titles of RSS (which cannot say that a `<b>` in a headline about HTML
//! is meant).
#![allow(dead_code)] // each test file uses its own part

mod atom;
mod json;
mod rss;
#[path = "../publish_support/mod.rs"]
mod support;
mod vocabulary;

use std::collections::BTreeSet;

use jiff::Timestamp;
use support::Node;

/// What is wrong with a document that stands at `location`, told by its media type.
pub fn problems(bytes: &[u8], media_type: &str, location: &str) -> Vec<String> {
    let mut report = Report { place: String::new(), found: Vec::new() };
    match media_type {
        "application/atom+xml" => report.atom(&support::parse(bytes), location),
        "application/rss+xml" => report.rss(&support::parse(bytes), location),
        "application/feed+json" => match serde_json::from_slice(bytes) {
            Ok(feed) => report.json(&feed, location),
            Err(e) => report.say("NotJson", &e.to_string()),
        },
        "text/x-opml" => report.opml(&support::parse(bytes)),
        other => report.say("UnexpectedContentType", other),
    }
    report.found
}

/// What is wrong with any document below a published folder that is reachable at `base`, and how many documents
/// there are.
pub fn problems_of_folder(root: &std::path::Path, base: &str) -> (Vec<String>, usize) {
    let (mut found, mut documents, mut todo) = (Vec::new(), 0, vec![root.to_owned()]);
    while let Some(folder) = todo.pop() {
        for file in std::fs::read_dir(folder).unwrap().flatten().map(|f| f.path()) {
            if file.is_dir() {
                todo.push(file);
                continue;
            }
            let path = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let media_type = match path.rsplit('/').next().unwrap() {
                name if name.ends_with(".json") => "application/feed+json",
                "opml.xml" => "text/x-opml",
                "rss.xml" => "application/rss+xml",
                name if name.ends_with(".xml") => "application/atom+xml",
                _ => continue,
            };
            documents += 1;
            let mut location = url::Url::parse(base).unwrap();
            location.path_segments_mut().unwrap().pop_if_empty().extend(path.split('/'));
            let problems = problems(&std::fs::read(&file).unwrap(), media_type, location.as_str());
            found.extend(problems.into_iter().map(|problem| format!("{path}: {problem}")));
        }
    }
    (found, documents)
}

struct Report {
    place: String,
    found: Vec<String>,
}

/// The codes of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg \
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv \
    ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl \
    tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Relations registered with IANA that a feed may use.
const RELATIONS: [&str; 10] = [
    "alternate",
    "self",
    "related",
    "enclosure",
    "via",
    "replies",
    "hub",
    "current",
    "prev-archive",
    "next-archive",
];

const VOID: [&str; 8] = ["br", "hr", "img", "col", "source", "track", "wbr", "input"];

impl Report {
    fn say(&mut self, name: &str, what: &str) {
        let what: String = what.chars().take(160).collect();
        self.found.push(format!("{name} in {}: {what}", self.place));
    }

    fn demand(&mut self, holds: bool, name: &str, what: &str) {
        if !holds {
            self.say(name, what);
        }
    }

    fn one<'n>(&mut self, node: &'n Node, name: &'static str) -> Option<&'n str> {
        let mut all = node.all(name);
        let first = all.next();
        let more = all.next().is_some();
        self.demand(!more, "DuplicateElement", name);
        self.demand(first.is_some(), "MissingElement", name);
        first.map(|node| node.text.as_str())
    }

    fn at_most_one(&mut self, node: &Node, names: &[&str]) {
        for name in names {
            self.demand(node.all(name).count() <= 1, "DuplicateElement", name);
            let blank = node
                .get(name)
                .is_some_and(|n| n.text.trim().is_empty() && n.children.is_empty() && n.attrs.is_empty());
            self.demand(!blank, "NotBlank", name);
        }
    }

    fn uri(&mut self, value: &str, what: &str) {
        let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b";/?:@&=+$.-_!~*'()%,#".contains(&b);
        let host_at = value.find("://").map_or(0, |at| at + 3);
        let in_brackets = value[host_at..].starts_with('[').then(|| value[host_at..].find(']')).flatten();
        let beyond_host = &value.as_bytes()[host_at + in_brackets.map_or(0, |end| end + 1)..];
        let percent = value
            .split('%')
            .skip(1)
            .all(|r| r.len() > 1 && r.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
        self.demand(
            rest.is_some_and(|r| !r.is_empty() && !r.starts_with('/')),
            "InvalidFullLink",
            &format!("{what} {value}"),
        );
        self.demand(value.is_ascii(), "UriNotIri", &format!("{what} {value}"));
        self.demand(
            beyond_host.iter().copied().all(allowed) && percent && value.matches('#').count() < 2,
            "InvalidURIAttribute",
            &format!("{what} {value}"),
        );
        // A URI in its canonical form (RFC 3986 §6.2): small scheme and host, no default port, a path.
        let canonical = url::Url::parse(value).is_ok_and(|url| url.as_str() == value);
        self.demand(canonical, "NonCanonicalURI", &format!("{what} {value}"));
    }

    fn iri(&mut self, value: &str, what: &str) {
        let (scheme, rest) = value.split_once(':').unwrap_or_default();
        let good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && !rest.is_empty()
            && !value.contains(|c: char| c.is_whitespace() || "<>\"{}|\\^`".contains(c));
        self.demand(good, "InvalidFullLink", &format!("{what} {value}"));
        if let Some(uuid) = value.strip_prefix("urn:uuid:") {
            let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
            let digits = uuid.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
            self.demand(groups == [8, 4, 4, 4, 12] && digits, "InvalidUUID", value);
        }
    }

    fn language(&mut self, tag: &str) {
        let primary = tag.split('-').next().unwrap_or_default().to_lowercase();
        let known =
            if primary.len() == 2 { ISO_639_1.split(' ').any(|c| c == primary) } else { primary.len() == 3 };
        let formed = tag
            .split('-')
            .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        self.demand(known && formed, "InvalidLanguage", tag);
    }

    fn mime(&mut self, value: &str) {
        let token = |t: &str| {
            !t.is_empty() && !t.contains(|c: char| c.is_whitespace() || "()<>,;:\\\"/[]?=".contains(c))
        };
        self.demand(
            value.split_once('/').is_some_and(|(a, b)| token(a) && token(b)),
            "InvalidMIMEAttribute",
            value,
        );
    }

    fn rfc3339(&mut self, value: &str, what: &str) -> Option<Timestamp> {
        let in_utc = value.strip_suffix('Z').or_else(|| value.strip_suffix("+00:00"));
        let shape = in_utc.is_some_and(|s| s.len() == 19 && s.as_bytes()[10] == b'T');
        self.demand(shape, "InvalidRFC3339Date", &format!("{what} {value}"));
        let at: Option<Timestamp> = value.parse().ok();
        self.demand(at.is_some(), "InvalidRFC3339Date", value);
        self.plausible(at, what);
        at
    }

    fn rfc822(&mut self, value: &str, what: &str) {
        let at = jiff::fmt::rfc2822::parse(value).ok().map(|zoned| zoned.timestamp());
        // With the right day of the week, two figures a day and four a year.
        let written = at.map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        self.demand(written.as_deref() == Some(value), "ProblematicalRFC822Date", &format!("{what} {value}"));
        self.plausible(at, what);
    }

    fn plausible(&mut self, at: Option<Timestamp>, what: &str) {
        let tomorrow = Timestamp::now() + jiff::SignedDuration::from_hours(24);
        // What a source dates to the time before the web is its own affair.
        let early = "1900-01-01T00:00:00Z".parse().unwrap();
        self.demand(
            at.is_none_or(|at| at >= early && at <= tomorrow),
            "ImplausibleDate",
            &format!("{what} {at:?}"),
        );
    }

    /// Text that is not declared as HTML.
    fn plain(&mut self, text: &str, what: &str) {
        self.demand(!text.trim().is_empty(), "NotBlank", what);
        let has_tag = text.match_indices('<').any(|(at, _)| {
            let rest = text[at + 1..].trim_start_matches('/');
            rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
        });
        self.demand(!has_tag, "ContainsHTML", &format!("{what} {text}"));
        let has_reference = text.match_indices('&').any(|(at, _)| {
            text[at + 1..]
                .split(|c: char| !c.is_alphanumeric() && c != '#')
                .next()
                .is_some_and(|name| !name.is_empty() && text[at + 1 + name.len()..].starts_with(';'))
        });
        self.demand(!has_reference, "ContainsHTML", &format!("a reference in {what} {text}"));
    }

    /// HTML as text: what a reader shows.
    fn html(&mut self, html: &str, what: &str) {
        self.demand(!html.trim().is_empty(), "NotBlank", what);
        for (at, _) in html.match_indices('&') {
            let name: String =
                html[at + 1..].chars().take_while(|c| c.is_alphanumeric() || *c == '#').collect();
            let ended = html[at + 1 + name.len()..].starts_with(';');
            let known =
                name.starts_with('#') || ["amp", "lt", "gt", "quot", "apos", "nbsp"].contains(&name.as_str());
            self.demand(ended && known, "NotHtml", &format!("undefined named entity &{name} in {what}"));
        }
        let mut open: Vec<String> = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let Some(end) = rest[at..].find('>') else {
                return self.say("NotHtml", &format!("a < that stands for itself in {what}"));
            };
            let tag = &rest[at + 1..at + end];
            rest = &rest[at + end + 1..];
            let name: String =
                tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            if tag.starts_with('/') {
                let last = open.pop();
                self.demand(
                    last.as_deref() == Some(&name),
                    "NotHtml",
                    &format!("</{name}> closes {last:?} in {what}"),
                );
                continue;
            }
            self.demand(!name.is_empty(), "NotHtml", &format!("<{tag}> in {what}"));
            self.html_vocabulary(&name, what);
            if !VOID.contains(&name.as_str()) {
                open.push(name);
            }
            for (key, value) in attributes(tag) {
                self.html_attribute(key, what);
                if ["href", "src", "cite", "poster"].contains(&key) {
                    let address = value.replace("&amp;", "&");
                    let scheme = address.split(':').next().unwrap_or_default().to_lowercase();
                    let good = ["http", "https", "mailto", "tel"].contains(&scheme.as_str());
                    self.demand(good, "ContainsRelRef", &format!("{key}={value} in {what}"));
                }
            }
        }
        self.demand(open.is_empty(), "NotHtml", &format!("{open:?} not closed in {what}"));
        // What is nested as HTML does not allow is another document to a browser than to whoever counts tags.
        for error in dom_query::Document::fragment(html).errors.borrow().iter() {
            self.say("NotHtml", &format!("{error} in {what}: {html}"));
        }
    }

    fn person(&mut self, node: &Node) {
        let name = self.one(node, "name").unwrap_or_default();
        self.demand(!name.trim().is_empty(), "NotBlank", "name");
        self.demand(!name.contains("</"), "ContainsHTML", name);
        let is_address = name.split_whitespace().any(|w| w.starts_with('<') && w.contains('@'));
        self.demand(!name.contains('@') || name.contains(' '), "InvalidContact", name);
        self.demand(!is_address, "ContainsEmail", name);
        if let Some(uri) = node.get("uri") {
            self.uri(&uri.text, "uri");
        }
        if let Some(email) = node.get("email") {
            self.email(&email.text);
        }
    }

    fn email(&mut self, value: &str) {
        let good = value.split_once('@').is_some_and(|(a, b)| {
            !a.is_empty()
                && b.contains('.')
                && !value.contains(|c: char| c.is_whitespace() || "()<>,;:\\\"[]".contains(c))
        });
        self.demand(good, "InvalidContact", value);
    }

    fn atom_links(&mut self, node: &Node, element: &str) {
        let mut alternates = BTreeSet::new();
        for link in node.all(element) {
            let rel = link.attr("rel").unwrap_or("alternate");
            self.demand(RELATIONS.contains(&rel), "UnregisteredAtomLinkRel", rel);
            let href = link.attr("href").unwrap_or_default();
            self.uri(href, "href");
            self.demand(link.text.trim().is_empty(), "AtomLinkNotEmpty", href);
            if let Some(media_type) = link.attr("type") {
                self.mime(media_type);
            }
            if let Some(language) = link.attr("hreflang") {
                self.language(language);
            }
            if let Some(length) = link.attr("length") {
                self.demand(length.parse::<u64>().is_ok(), "InvalidNonNegativeInteger", length);
            }
            self.demand(link.attr("title").is_none_or(|t| !t.trim().is_empty()), "AttrNotBlank", "title");
            if rel == "alternate" {
                let key = (link.attr("type").map(str::to_owned), link.attr("hreflang").map(str::to_owned));
                self.demand(alternates.insert(key), "DuplicateAtomLink", href);
            }
        }
    }

    fn self_link(&mut self, node: &Node, media_type: &str, location: &str) {
        match node.link("self") {
            None => self.say("MissingSelf", location),
            Some(link) => {
                let href = link.attr("href").unwrap_or_default();
                self.demand(
                    href == location,
                    "SelfDoesntMatchLocation",
                    &format!("{href}, found at {location}"),
                );
                self.demand(link.attr("type") == Some(media_type), "SelfNotAtom", media_type);
            }
        }
    }
}

/// The attributes of a start tag, as they are written.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.find(char::is_whitespace).map_or("", |at| tag[at..].trim_start());
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.trim().rsplit(char::is_whitespace).next().unwrap_or_default();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, next)) = after[1..].split_once(quote) else { break };
        found.push((key, value));
        rest = next;
    }
    found
}
