//! JSON Feed 1.0 and 1.1 (<https://www.jsonfeed.org/version/1.1/>), with whatever types its writers chose.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::media;
use super::reader::{MAX_ENTRIES, Reader};
use super::urls::Scope;
use super::values::{escape, language, plain_text};
use crate::model::{Enclosure, EntrySource, FeedFormat, Markup, ParsedEntry, ParsedFeed, Person};
use crate::text::plain;

/// Reads a JSON Feed; `None` where the JSON is something else.
pub(super) fn read(json: &Json, scope: &Scope, reader: &mut Reader<'_>) -> Option<ParsedFeed> {
    let bare;
    let object = match json {
        Json::Array(_) => {
            bare = Map::from_iter([("items".to_owned(), json.clone())]);
            &bare
        }
        _ => json.as_object()?,
    };
    let version = text(object, "version").unwrap_or_default();
    let known = version.contains("jsonfeed.org/version/");
    let named = object.contains_key("items") && (object.contains_key("title") || !version.is_empty());
    if !known && !named && !items(object).any(is_item) {
        return None;
    }
    if !known {
        reader.warn("It does not say which version of JSON Feed it is.".to_owned());
    }
    let mut feed = ParsedFeed {
        format: if version.ends_with("/1.1") { FeedFormat::Json11 } else { FeedFormat::Json1 },
        title: title(object, "title"),
        subtitle: title(object, "description"),
        link: address(object, "home_page_url", scope),
        self_link: address(object, "feed_url", scope),
        language: text(object, "language").as_deref().and_then(language),
        authors: people(object, scope),
        image: address(object, "icon", scope),
        icon: address(object, "favicon", scope),
        ..ParsedFeed::default()
    };
    for hub in list(object, "hubs") {
        feed.hubs.extend(hub.as_object().and_then(|hub| address(hub, "url", scope)));
    }
    reader.language = feed.language.clone().or(reader.language.take());
    let mut scope = scope.clone();
    if scope.base.is_none() {
        let own = feed.self_link.as_deref().or(feed.link.as_deref());
        scope.base = own.and_then(|url| url::Url::parse(url).ok()).map(std::rc::Rc::new);
    }
    feed.entries = items(object).take(MAX_ENTRIES).map(|item| entry(item, &scope, reader)).collect();
    Some(feed)
}

/// The items: a list of objects; some writers nest lists, or give one object, or objects by name.
fn items(object: &Map<String, Json>) -> impl Iterator<Item = &Map<String, Json>> {
    let named = object.get("items").and_then(Json::as_object).filter(|one| !is_item(one));
    let listed = if named.is_none() { list(object, "items") } else { &[] };
    listed.iter().flat_map(nested).chain(named.into_iter().flat_map(Map::values).filter_map(Json::as_object))
}

fn nested(json: &Json) -> Vec<&Map<String, Json>> {
    match json {
        Json::Array(list) => list.iter().filter_map(Json::as_object).collect(),
        one => one.as_object().into_iter().collect(),
    }
}

/// Says an object what only an item says?
fn is_item(object: &Map<String, Json>) -> bool {
    let has = |key: &str| object.contains_key(key);
    has("content_html") || has("content_text") || has("id") && (has("url") || has("title"))
}

fn entry(item: &Map<String, Json>, scope: &Scope, reader: &mut Reader<'_>) -> ParsedEntry {
    let id = text(item, "id");
    let url = address(item, "url", scope);
    let permalink = id.as_deref().filter(|id| id.starts_with("http://") || id.starts_with("https://"));
    let language = text(item, "language").as_deref().and_then(language);
    let markup = |html: String| Markup {
        html,
        base: scope.base.as_deref().cloned(),
        language: language.clone().or(reader.language.clone()),
    };
    let content =
        text(item, "content_html").or_else(|| text(item, "content_text").map(|text| paragraphs(&text)));
    let mut entry = ParsedEntry {
        id_is_permalink: url.is_none() && permalink.is_some(),
        link: url.or_else(|| permalink.map(str::to_owned)).or_else(|| address(item, "external_url", scope)),
        title: title(item, "title"),
        summary: text(item, "summary").map(|text| markup(escape(&text).into_owned())),
        content: content.map(markup),
        authors: people(item, scope),
        image: address(item, "image", scope).or_else(|| address(item, "banner_image", scope)),
        language: language.or(reader.language.clone()),
        ..ParsedEntry::default()
    };
    entry.published = text(item, "date_published").and_then(|date| reader.date(&date));
    entry.updated = text(item, "date_modified").and_then(|date| reader.date(&date));
    if let Some(Json::String(words)) = item.get("tags") {
        super::entry::keywords(words, &mut entry.categories);
    }
    let tags = list(item, "tags").iter().filter_map(string);
    for tag in tags.filter_map(|tag| plain_text(&tag)) {
        if !entry.categories.contains(&tag) && entry.categories.len() < 256 {
            entry.categories.push(tag);
        }
    }
    for file in list(item, "attachments").iter().filter_map(Json::as_object) {
        let Some(url) = address(file, "url", scope) else { continue };
        let number =
            |key: &str| file.get(key).and_then(|n| n.as_u64().or_else(|| n.as_f64().map(|n| n as u64)));
        let number = |key: &str| number(key).or_else(|| text(file, key)?.parse().ok());
        media::add(
            Enclosure {
                url,
                media_type: text(file, "mime_type"),
                length: number("size_in_bytes"),
                title: title(file, "title"),
                duration: number("duration_in_seconds"),
            },
            &mut entry.enclosures,
        );
    }
    // An extension of the Feedbin kind names where a linked article was found.
    if let Some(source) = item.get("source").and_then(Json::as_object) {
        let source = EntrySource {
            title: title(source, "title"),
            url: address(source, "feed_url", scope).or_else(|| address(source, "url", scope)),
            id: text(source, "id"),
        };
        entry.source = (source != EntrySource::default()).then_some(source);
    }
    entry.id = id;
    entry
}

/// Plain text of several lines as HTML.
fn paragraphs(text: &str) -> String {
    escape(text.trim()).replace("\r\n", "\n").replace('\n', "<br>\n")
}

/// A string, or a number where a string should be. Empty is absent.
fn string(json: &Json) -> Option<String> {
    let text = match json {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        // One text in a list, or a text in pieces.
        Json::Array(pieces) => {
            let texts: Vec<&str> = pieces.iter().filter_map(Json::as_str).collect();
            texts.join("\n").trim().to_owned()
        }
        _ => return None,
    };
    let text = if text.chars().all(super::references::is_xml_char) {
        text
    } else {
        text.chars().filter(|c| super::references::is_xml_char(*c)).collect()
    };
    (!text.is_empty()).then_some(text)
}

fn text(object: &Map<String, Json>, key: &str) -> Option<String> {
    object.get(key).and_then(string)
}

/// JSON Feed's titles are plain text, though some hold references.
fn title(object: &Map<String, Json>, key: &str) -> Option<String> {
    plain_text(&text(object, key)?)
}

fn address(object: &Map<String, Json>, key: &str, scope: &Scope) -> Option<String> {
    scope.absolute(&text(object, key)?)
}

/// A list; where one thing stands instead of a list of it, that.
fn list<'j>(object: &'j Map<String, Json>, key: &str) -> &'j [Json] {
    match object.get(key) {
        Some(Json::Array(list)) => list,
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

/// `authors` of 1.1, `author` of 1.0; a name where an object should be.
fn people(object: &Map<String, Json>, scope: &Scope) -> Vec<Person> {
    let mut people = Vec::new();
    for json in list(object, "authors").iter().chain(list(object, "author")).chain(object.get("author")) {
        let person = match json {
            Json::Object(author) => {
                let url = text(author, "url");
                let email = url.as_deref().and_then(|url| url.strip_prefix("mailto:")).map(str::to_owned);
                Some(Person {
                    name: text(author, "name")
                        .map(|name| plain::clean(&name))
                        .filter(|name| !name.is_empty()),
                    uri: url.filter(|_| email.is_none()).and_then(|url| scope.absolute(&url)),
                    email: email.or_else(|| text(author, "email")),
                })
            }
            Json::String(name) => super::values::person(name),
            _ => None,
        };
        super::entry::add_person(&mut people, person.filter(|person| *person != Person::default()));
    }
    people
}

/// What a document may hold, as a count of values; an object counts as many. A feed of a thousand entries
/// stays below a tenth of it.
const BUDGET: usize = 2_000_000;
/// What an object costs: its first member takes as much memory as its eleventh.
const OBJECT: usize = 20;

/// Reads JSON into values, as far as the [`BUDGET`] reaches: `{"a":1},` a million times would take a hundred
/// times its size.
pub(super) fn value(text: &str) -> Result<Json, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut left = BUDGET;
    let value = Bounded { left: &mut left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

struct Bounded<'b> {
    left: &'b mut usize,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        if *self.left < OBJECT {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Json::Null);
        }
        *self.left -= 1;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Bounded { left: self.left })? {
            if *self.left >= OBJECT {
                list.push(item);
            }
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        *self.left = self.left.saturating_sub(OBJECT);
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Bounded { left: self.left })?;
            if *self.left >= OBJECT {
                map.insert(key, value);
            }
        }
        Ok(map.into())
    }
}
