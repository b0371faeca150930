//! The schema of JSON Feed 1.1.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Report;

impl Report {
    /// The schema of JSON Feed 1.1: which keys there are, of which type, and which must be there.
    pub(super) fn json(&mut self, feed: &Value, location: &str) {
        self.place = "the feed".into();
        let top: BTreeMap<&str, &str> = "version:s title:s home_page_url:u feed_url:u description:s user_comment:s next_url:u icon:u favicon:u \
            authors:a language:l expired:b hubs:a items:a"
            .split_whitespace()
            .filter_map(|pair| pair.split_once(':'))
            .collect();
        self.keys(feed, &top, &["version", "title", "items"]);
        self.demand(
            feed["version"] == "https://jsonfeed.org/version/1.1",
            "InvalidVersion",
            &feed["version"].to_string(),
        );
        self.demand(feed["feed_url"] == location, "SelfDoesntMatchLocation", &feed["feed_url"].to_string());
        self.json_people(feed);
        let hub = BTreeMap::from([("type", "s"), ("url", "u")]);
        list(feed, "hubs").for_each(|one| self.keys(one, &hub, &["type", "url"]));
        let keys: BTreeMap<&str, &str> = "id:s url:u external_url:u title:s content_html:h content_text:s summary:s image:u banner_image:u \
            date_published:d date_modified:d authors:a tags:a language:l attachments:a"
            .split_whitespace()
            .filter_map(|pair| pair.split_once(':'))
            .collect();
        let mut ids = BTreeSet::new();
        for item in list(feed, "items") {
            let id = item["id"].as_str().unwrap_or_default();
            self.place = format!("item {id}");
            self.demand(ids.insert(id), "DuplicateEntries", id);
            self.keys(item, &keys, &["id"]);
            let has_content = item.get("content_html").is_some() || item.get("content_text").is_some();
            self.demand(has_content, "MissingElement", "content_html or content_text");
            self.json_people(item);
            for tag in list(item, "tags") {
                self.demand(tag.as_str().is_some_and(|t| !t.trim().is_empty()), "NotBlank", "tags");
            }
            let file = BTreeMap::from([
                ("url", "u"),
                ("mime_type", "m"),
                ("title", "s"),
                ("size_in_bytes", "n"),
                ("duration_in_seconds", "n"),
            ]);
            list(item, "attachments").for_each(|one| self.keys(one, &file, &["url", "mime_type"]));
        }
    }

    fn json_people(&mut self, value: &Value) {
        let person = BTreeMap::from([("name", "s"), ("url", "u"), ("avatar", "u")]);
        list(value, "authors").for_each(|one| {
            self.keys(one, &person, &[]);
            self.demand(one.as_object().is_some_and(|o| !o.is_empty()), "NotBlank", "authors");
        });
    }

    fn keys(&mut self, value: &Value, known: &BTreeMap<&str, &str>, required: &[&str]) {
        let Some(object) = value.as_object() else { return self.say("UndefinedElement", "not an object") };
        for key in required {
            self.demand(object.contains_key(*key), "MissingElement", key);
        }
        for (key, value) in object {
            // Extensions begin with an underscore and are objects.
            if key.starts_with('_') {
                self.demand(value.is_object(), "InvalidExtension", key);
                continue;
            }
            let text = value.as_str();
            match known.get(key.as_str()).copied() {
                None => self.say("UndefinedElement", key),
                Some("s") => self.demand(text.is_some_and(|t| !t.trim().is_empty()), "NotBlank", key),
                Some("u") => self.uri(text.unwrap_or_default(), key),
                Some("l") => self.language(text.unwrap_or_default()),
                Some("m") => self.mime(text.unwrap_or_default()),
                Some("h") => self.html(text.unwrap_or_default(), key),
                Some("d") => drop(self.rfc3339(text.unwrap_or_default(), key)),
                Some("n") => self.demand(value.is_u64(), "InvalidNonNegativeInteger", key),
                Some("a") => self.demand(value.is_array(), "NotAnArray", key),
                Some(_) => self.demand(value.is_boolean(), "NotABoolean", key),
            }
        }
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
