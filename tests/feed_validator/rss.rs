//! RSS 2.0 with its companions, and OPML 2.0.

use std::collections::BTreeSet;

use super::Report;
use super::support::Node;

impl Report {
    pub(super) fn rss(&mut self, root: &Node, location: &str) {
        self.place = "the channel".into();
        self.demand(
            root.name == "rss" && root.attr("version") == Some("2.0"),
            "UndefinedElement",
            &root.name,
        );
        self.rss_vocabulary(root);
        let Some(channel) = root.get("channel") else { return self.say("MissingChannel", "") };
        for name in ["title", "link", "description"] {
            self.one(channel, name);
        }
        self.demand(!channel.text_of("title").trim().is_empty(), "NotBlank", "title");
        self.uri(channel.text_of("link"), "link");
        self.self_link(channel, "application/rss+xml", location);
        self.at_most_one(
            channel,
            &[
                "language",
                "copyright",
                "managingEditor",
                "pubDate",
                "lastBuildDate",
                "generator",
                "docs",
                "ttl",
                "image",
            ],
        );
        if let Some(language) = channel.get("language") {
            self.language(&language.text);
        }
        for name in ["pubDate", "lastBuildDate"] {
            if let Some(date) = channel.get(name) {
                self.rfc822(&date.text, name);
            }
        }
        if let Some(editor) = channel.get("managingEditor") {
            let (address, name) = editor.text.split_once(' ').unwrap_or((&editor.text, ""));
            self.email(address);
            self.demand(
                name.is_empty() || name.starts_with('(') && name.ends_with(')'),
                "InvalidContact",
                name,
            );
        }
        if let Some(image) = channel.get("image") {
            self.uri(image.text_of("url"), "image");
            let end = image.text_of("url").rsplit('.').next().unwrap_or_default().to_lowercase();
            let is_name = end.bytes().all(|b| b.is_ascii_alphabetic());
            self.demand(
                !is_name || ["jpg", "jpeg", "gif", "png"].contains(&&*end),
                "ImageUrlFormat",
                image.text_of("url"),
            );
            self.demand(
                image.text_of("title") == channel.text_of("title"),
                "ImageTitleDoesntMatch",
                image.text_of("title"),
            );
            self.demand(
                image.text_of("link") == channel.text_of("link"),
                "ImageLinkDoesntMatch",
                image.text_of("link"),
            );
        }
        self.atom_links(channel, "atom:link");
        let mut guids = BTreeSet::new();
        for item in channel.all("item") {
            self.place = format!("item {}", item.text_of("guid"));
            self.at_most_one(
                item,
                &[
                    "title",
                    "link",
                    "description",
                    "content:encoded",
                    "comments",
                    "enclosure",
                    "guid",
                    "pubDate",
                    "source",
                    "dc:language",
                    "author",
                ],
            );
            let says_something = item.get("title").is_some() || item.get("description").is_some();
            self.demand(says_something, "ItemMustContainTitleOrDescription", "");
            self.demand(!item.text_of("title").trim().is_empty(), "NotBlank", "title");
            self.demand(item.get("title").is_some(), "MissingItemTitle", "");
            for name in ["link", "comments"] {
                if let Some(node) = item.get(name) {
                    self.uri(&node.text, name);
                }
            }
            let order = |name: &str| item.children.iter().position(|c| c.name == name);
            if let Some(content) = order("content:encoded") {
                self.demand(
                    order("description").is_some_and(|d| d < content),
                    "NeedDescriptionBeforeContent",
                    "",
                );
            }
            for name in ["description", "content:encoded"] {
                if let Some(node) = item.get(name) {
                    self.html(&node.text, name);
                }
            }
            match item.get("guid") {
                None => self.say("MissingGuid", ""),
                Some(guid) => {
                    self.demand(guids.insert(guid.text.clone()), "DuplicateValue", &guid.text);
                    let is_address = guid.text.starts_with("http");
                    // A permalink is an address; what is no address says that it is none.
                    match guid.attr("isPermaLink").unwrap_or("true") {
                        "true" => self.demand(is_address, "InvalidHttpGUID", &guid.text),
                        "false" => {}
                        other => self.say("InvalidBooleanAttribute", other),
                    }
                }
            }
            match item.get("pubDate") {
                None => self.say("MissingElement", "pubDate"),
                Some(date) => self.rfc822(&date.text, "pubDate"),
            }
            if let Some(source) = item.get("source") {
                self.uri(source.attr("url").unwrap_or_default(), "source");
                self.demand(!source.text.trim().is_empty(), "NotBlank", "source");
            }
            if let Some(file) = item.get("enclosure") {
                self.uri(file.attr("url").unwrap_or_default(), "enclosure");
                self.mime(file.attr("type").unwrap_or_default());
                let length = file.attr("length").unwrap_or_default();
                self.demand(length.parse::<u64>().is_ok(), "UseZeroForUnknown", length);
            }
            if let Some(language) = item.get("dc:language") {
                self.language(&language.text);
            }
            for creator in item.all("dc:creator") {
                self.plain(&creator.text, "dc:creator");
            }
            let both = |core, ext| item.get(core).is_some() && item.get(ext).is_some();
            for (core, ext) in [
                ("author", "dc:creator"),
                ("pubDate", "dc:date"),
                ("category", "dc:subject"),
                ("source", "dc:source"),
            ] {
                self.demand(!both(core, ext), "DuplicateItemSemantics", ext);
            }
            self.atom_links(item, "atom:link");
            for media in item.all("media:content").chain(item.all("media:thumbnail")) {
                self.uri(media.attr("url").unwrap_or_default(), "media");
                if let Some(kind) = media.attr("type") {
                    self.mime(kind);
                }
                for name in ["width", "height", "duration", "fileSize"] {
                    let is_number = media.attr(name).is_none_or(|n| n.parse::<u64>().is_ok_and(|n| n > 0));
                    self.demand(is_number, "InvalidIntegerAttribute", name);
                }
            }
        }
    }

    pub(super) fn opml(&mut self, root: &Node) {
        self.place = "the list".into();
        self.demand(
            root.name == "opml" && root.attr("version") == Some("2.0"),
            "InvalidOPMLVersion",
            &root.name,
        );
        self.demand(
            root.get("head").is_some_and(|head| head.get("title").is_some()),
            "MissingElement",
            "head",
        );
        let Some(body) = root.get("body") else { return self.say("MissingElement", "body") };
        body.walk(&mut |node| {
            if node.name != "outline" {
                return;
            }
            self.demand(node.attr("text").is_some_and(|t| !t.trim().is_empty()), "MissingAttribute", "text");
            if node.attr("type") == Some("rss") {
                let feed = node.attr("xmlUrl").unwrap_or_default().to_owned();
                self.uri(&feed, "xmlUrl");
                if let Some(home) = node.attr("htmlUrl") {
                    self.uri(home, "htmlUrl");
                }
            }
        });
    }
}
