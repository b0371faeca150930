//! Atom 1.0 (RFC 4287), with tombstones (RFC 6721).

use std::collections::BTreeSet;

use super::Report;
use super::support::Node;

impl Report {
    /// RFC 4287 §4.2, of `atom:feed` and of `atom:source`.
    fn atom_head(&mut self, node: &Node) {
        let id = self.one(node, "id").unwrap_or_default();
        self.iri(id, "id");
        let title = self.one(node, "title").unwrap_or_default().to_owned();
        self.text_construct(node.get("title"), &title, "title");
        if let Some(updated) = self.one(node, "updated") {
            self.rfc3339(updated, "updated");
        }
        self.at_most_one(node, &["subtitle", "rights", "icon", "logo", "generator"]);
        for name in ["subtitle", "rights"] {
            if let Some(text) = node.get(name) {
                self.text_construct(Some(text), &text.text, name);
            }
        }
        for name in ["icon", "logo"] {
            if let Some(node) = node.get(name) {
                self.uri(&node.text, name);
            }
        }
        node.all("author").for_each(|author| self.person(author));
        self.atom_links(node, "link");
        // Of a feed each relation leads to one document of a type.
        let mut pairs = BTreeSet::new();
        for link in node.all("link") {
            let key = ["rel", "type", "hreflang"].map(|name| link.attr(name).unwrap_or_default());
            self.demand(key[0] == "hub" || pairs.insert(key), "DuplicateAtomLink", &key.join(" "));
        }
        for name in ["id", "updated", "icon", "logo"] {
            let text = node.text_of(name);
            self.demand(text == text.trim(), "UnexpectedWhitespace", name);
        }
        node.all("category").for_each(|c| {
            self.demand(c.attr("term").is_some_and(|t| !t.trim().is_empty()), "MissingAttribute", "term")
        });
    }

    fn text_construct(&mut self, node: Option<&Node>, text: &str, what: &str) {
        match node.and_then(|node| node.attr("type")).unwrap_or("text") {
            "text" => self.plain(text, what),
            "html" => self.html(text, what),
            other => self.say("InvalidTextType", other),
        }
    }

    pub(super) fn atom(&mut self, feed: &Node, location: &str) {
        self.place = "the feed".into();
        self.demand(
            feed.name == "feed" && feed.attr("xmlns") == Some("http://www.w3.org/2005/Atom"),
            "UndefinedElement",
            &feed.name,
        );
        self.atom_vocabulary(feed);
        self.atom_head(feed);
        self.self_link(feed, "application/atom+xml", location);
        if let Some(language) = feed.attr("xml:lang") {
            self.language(language);
        }
        let has_author = feed.get("author").is_some();
        self.demand(
            has_author || feed.get("entry").is_some(),
            "MissingElement",
            "author of a feed without entries",
        );
        let mut ids = BTreeSet::new();
        let mut seen_entry = false;
        for node in &feed.children {
            seen_entry |= node.name == "entry";
            self.demand(!seen_entry || node.name == "entry", "MisplacedMetadata", &node.name);
        }
        for entry in feed.all("entry") {
            let id = entry.text_of("id");
            self.place = format!("entry {id}");
            self.demand(ids.insert(id), "DuplicateEntries", id);
            self.iri(id, "id");
            for name in ["id", "title", "updated"] {
                self.one(entry, name);
            }
            self.at_most_one(entry, &["published", "summary", "content", "source", "rights"]);
            self.text_construct(entry.get("title"), entry.text_of("title"), "title");
            let updated = self.rfc3339(entry.text_of("updated"), "updated");
            let published = entry.get("published").and_then(|p| self.rfc3339(&p.text, "published"));
            self.demand(entry.text_of("id") == id.trim(), "UnexpectedWhitespace", id);
            self.demand(published <= updated, "ImplausibleDate", "published after updated");
            let source_has_author = entry.get("source").is_some_and(|s| s.get("author").is_some());
            self.demand(
                has_author || source_has_author || entry.get("author").is_some(),
                "MissingElement",
                "author",
            );
            entry.all("author").for_each(|author| self.person(author));
            self.atom_links(entry, "link");
            if let Some(language) = entry.attr("xml:lang") {
                self.language(language);
            }
            let has_alternate = entry.link("alternate").is_some();
            self.demand(has_alternate || entry.get("content").is_some(), "MissingContentOrAlternate", id);
            for name in ["summary", "content", "rights"] {
                if let Some(node) = entry.get(name) {
                    self.text_construct(Some(node), &node.text, name);
                }
            }
            for category in entry.all("category") {
                self.demand(
                    category.attr("term").is_some_and(|t| !t.trim().is_empty()),
                    "MissingAttribute",
                    "term",
                );
            }
            if let Some(source) = entry.get("source") {
                self.place = format!("the source of entry {id}");
                self.atom_head(source);
            }
        }
        for stone in feed.all("at:deleted-entry") {
            self.place = "a tombstone".into();
            let id = stone.attr("ref").unwrap_or_default();
            self.iri(id, "ref");
            self.rfc3339(stone.attr("when").unwrap_or_default(), "when");
            // RFC 6721 §3: an entry that is there is not gone.
            self.demand(!ids.contains(id), "DuplicateEntries", id);
        }
    }
}
