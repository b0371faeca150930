//! JSON documents, read as feeds with JSONPath (RFC 9535).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json_path::JsonPath;
use url::Url;

use super::{Input, PageError, admit, charset, dom};
use crate::model::{ErrorKind, Markup, ParsedEntry, ParsedFeed, Person};
use crate::parse::dates::{self, DateContext};
use crate::text::plain;

/// Where the values stand in a JSON document. `items` is a JSONPath over the document; the others are JSONPaths inside
/// an item, for which `$.` may be left out (`title.rendered`). `link` may also be a pattern with paths in braces:
/// `https://news.example/story/{id}/{slug}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonSelect {
    /// The articles; where it is not given, the largest list of objects with titles and addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// The headline (text or HTML).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The text or HTML of the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The teaser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// When it was published: text, or seconds or milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What tells it from all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<String>,
}

impl From<&crate::model::Select> for JsonSelect {
    fn from(select: &crate::model::Select) -> Self {
        let s = select.clone();
        Self {
            items: s.item,
            title: s.title,
            link: s.link,
            content: s.content,
            summary: s.summary,
            date: s.date,
            author: s.author,
            image: s.image,
            id: s.id,
            categories: s.categories,
        }
    }
}

impl JsonSelect {
    /// Checks that all of the paths can be read.
    ///
    /// # Errors
    /// A sentence that names the field and the path.
    pub fn check(&self) -> Result<(), PageError> {
        Paths::of(self).map(drop)
    }
}

/// No document gives more entries than this.
const MAX_ENTRIES: usize = 1000;

/// Reads a JSON document.
///
/// # Errors
/// When it is empty, too large or no JSON, a path cannot be read, or no item with a title or an address is found.
pub fn json_api(input: &Input<'_>, select: &JsonSelect) -> Result<ParsedFeed, PageError> {
    admit(input.body)?;
    let (source, charset) = charset::decode(input.body, input.content_type, input.encoding, input.base);
    // A list that is handed to a function (JSONP), or guarded against being read as a script.
    let text = source.trim().trim_start_matches(")]}',").trim();
    let value: Value = serde_json::from_str(text).or_else(|error| {
        let inner = text
            .split_once('(')
            .and_then(|(_, rest)| rest.trim_end_matches([';', ' ', '\n']).strip_suffix(')'));
        inner
            .and_then(|inner| serde_json::from_str(inner).ok())
            .ok_or_else(|| PageError::new(ErrorKind::Parse, format!("this is no JSON: {error}")))
    })?;
    let paths = Paths::of(select)?;
    let items: Vec<&Value> = match &paths.items {
        Some(path) => {
            let found = path.query(&value).all();
            // A path to the list itself means what is in it.
            match found[..] {
                [Value::Array(list)] => list.iter().collect(),
                _ => found,
            }
        }
        None => largest_list(&value),
    };
    let context = input.dates(None);
    let entries: Vec<ParsedEntry> = items
        .into_iter()
        .take(MAX_ENTRIES)
        .map(|item| entry(item, &paths, select, input.base, &context))
        .filter(|e| e.link.is_some() || e.title.is_some())
        .collect();
    if entries.is_empty() {
        return Err(PageError::new(
            ErrorKind::Parse,
            match &select.items {
                Some(items) => {
                    format!("nothing in this JSON matches items = \"{items}\" and has a title or a link")
                }
                None => "no list of articles was found in this JSON; name it with `items`".to_owned(),
            },
        ));
    }
    Ok(ParsedFeed {
        charset,
        link: input.base.and_then(|b| b.join("/").ok()).map(Into::into),
        self_link: input.base.map(ToString::to_string),
        entries,
        ..ParsedFeed::default()
    })
}

/// The compiled paths.
struct Paths {
    items: Option<JsonPath>,
    title: Option<JsonPath>,
    link: Option<JsonPath>,
    content: Option<JsonPath>,
    summary: Option<JsonPath>,
    date: Option<JsonPath>,
    author: Option<JsonPath>,
    image: Option<JsonPath>,
    id: Option<JsonPath>,
    categories: Option<JsonPath>,
}

impl Paths {
    fn of(select: &JsonSelect) -> Result<Self, PageError> {
        let read = |name: &str, text: &Option<String>| -> Result<Option<JsonPath>, PageError> {
            text.as_deref()
                .map(|t| path(t).map_err(|e| PageError::new(e.kind, format!("{name}: {}", e.message))))
                .transpose()
        };
        Ok(Self {
            items: read("items", &select.items)?,
            title: read("title", &select.title)?,
            link: if is_pattern(select.link.as_deref()) { None } else { read("link", &select.link)? },
            content: read("content", &select.content)?,
            summary: read("summary", &select.summary)?,
            date: read("date", &select.date)?,
            author: read("author", &select.author)?,
            image: read("image", &select.image)?,
            id: read("id", &select.id)?,
            categories: read("categories", &select.categories)?,
        })
    }
}

fn is_pattern(link: Option<&str>) -> bool {
    link.is_some_and(|l| l.contains('{') && !l.trim_start().starts_with('$'))
}

/// A JSONPath, with `$.` put before a bare name.
fn path(text: &str) -> Result<JsonPath, PageError> {
    let text = text.trim();
    let full = match text.chars().next() {
        Some('$') => text.to_owned(),
        Some('[') => format!("${text}"),
        _ => format!("$.{text}"),
    };
    JsonPath::parse(&full).map_err(|_| {
        PageError::new(ErrorKind::Parse, format!("\"{text}\" is not a JSONPath that can be read"))
    })
}

fn entry(
    item: &Value,
    paths: &Paths,
    select: &JsonSelect,
    base: Option<&Url>,
    context: &DateContext<'_>,
) -> ParsedEntry {
    let get = |path: &Option<JsonPath>, names: &[&str]| -> Option<Value> {
        match path {
            Some(path) => path.query(item).first().cloned(),
            None => names.iter().find_map(|n| lookup(item, n)).cloned(),
        }
    };
    let text = |path: &Option<JsonPath>, names: &[&str]| get(path, names).and_then(|v| text_of(&v));
    let markup = |html: String| Markup {
        html: if html.contains('<') { html } else { plain::escape(&html).replace('\n', "<br>") },
        base: base.cloned(),
        language: None,
    };
    let link = match select.link.as_deref().filter(|l| is_pattern(Some(l))) {
        Some(pattern) => fill(pattern, item),
        None => text(&paths.link, LINK),
    };
    let authors = match get(&paths.author, AUTHOR) {
        Some(Value::Array(many)) => many.iter().filter_map(text_of).collect(),
        Some(one) => text_of(&one).into_iter().collect(),
        None => Vec::new(),
    };
    let authors: Vec<Person> = authors
        .into_iter()
        .map(|name| Person { name: Some(plain::from_html(&name)), ..Person::default() })
        .filter(|p| p.name.as_deref().is_some_and(|n| !n.is_empty() && n.parse::<f64>().is_err()))
        .collect();
    let categories = match &paths.categories {
        Some(path) => path
            .query(item)
            .all()
            .into_iter()
            .flat_map(|v| v.as_array().cloned().unwrap_or_else(|| vec![v.clone()]))
            .filter_map(|v| text_of(&v))
            .map(|c| plain::from_html(&c))
            .take(30)
            .collect(),
        None => Vec::new(),
    };
    ParsedEntry {
        id: text(&paths.id, ID),
        link: link.and_then(|l| dom::absolute(&l, base)).map(Into::into),
        title: text(&paths.title, TITLE).map(|t| plain::from_html(&t)).filter(|t| !t.is_empty()),
        summary: text(&paths.summary, SUMMARY).map(markup),
        content: text(&paths.content, CONTENT).map(markup),
        published: get(&paths.date, PUBLISHED).and_then(|v| date(&v, context)),
        updated: UPDATED.iter().find_map(|n| lookup(item, n)).and_then(|v| date(v, context)),
        authors,
        categories,
        image: text(&paths.image, IMAGE).and_then(|i| dom::absolute(&i, base)).map(Into::into),
        ..ParsedEntry::default()
    }
}

/// Names that APIs give the fields of an article, best first. Written as `publishedAt` or `PublishedAt` they are found too.
const ID: &[&str] = &["id", "guid", "uuid", "_id"];
const TITLE: &[&str] = &["title", "headline", "name", "subject"];
const LINK: &[&str] =
    &["url", "link", "permalink", "href", "canonical_url", "web_url", "share_url", "article_url", "full_url"];
const AUTHOR: &[&str] = &["author", "authors", "byline", "creator", "author_name", "writer"];
const SUMMARY: &[&str] =
    &["summary", "excerpt", "description", "lead", "teaser", "abstract", "intro", "standfirst", "subtitle"];
const CONTENT: &[&str] = &[
    "content_html",
    "body_html",
    "html_content",
    "content",
    "body",
    "html",
    "text",
    "full_text",
    "article_body",
];
const PUBLISHED: &[&str] = &[
    "date_published",
    "published_at",
    "published",
    "date_gmt",
    "published_date",
    "publication_date",
    "date",
    "pub_date",
    "created_at",
    "publish_date",
    "publish_time",
    "datetime",
    "timestamp",
    "time",
];
const UPDATED: &[&str] =
    &["date_modified", "updated_at", "modified_at", "modified_gmt", "updated", "modified"];
const IMAGE: &[&str] = &["image", "image_url", "thumbnail", "thumbnail_url", "cover", "picture"];

/// The value of a field, however its name is written.
fn lookup<'a>(item: &'a Value, name: &'a str) -> Option<&'a Value> {
    let bare =
        |name: &'a str| name.bytes().filter(|b| !matches!(b, b'_' | b'-')).map(|b| b.to_ascii_lowercase());
    let alike = |item: &'a Value| {
        item.as_object()?.iter().find(|(key, _)| bare(key).eq(bare(name))).map(|(_, value)| value)
    };
    item.get(name).or_else(|| alike(item)).filter(|v| !v.is_null())
}

/// Text of a value: WordPress's `rendered`, the `url` or `name` of an object, the first of a list.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()).filter(|s| !s.trim().is_empty()),
        Value::Number(n) => Some(n.to_string()),
        Value::Array(many) => many.iter().find_map(text_of),
        Value::Object(object) => ["rendered", "name", "url", "src", "href", "text", "value"]
            .iter()
            .find_map(|k| text_of(object.get(*k)?)),
        _ => None,
    }
}

fn date(value: &Value, context: &DateContext<'_>) -> Option<Timestamp> {
    if let Some(number) = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()) {
        // Years before 1973 in milliseconds do not occur; seconds of this size lie beyond the year 5000. Numbers
        // below a day of 1973 are dates written without separators, or no dates.
        #[allow(clippy::cast_possible_truncation)]
        return match number {
            n if (1.0e8..1.0e11).contains(&n) && value.as_str().is_none_or(|s| s.trim().len() != 8) => {
                Timestamp::from_second(n as i64).ok()
            }
            n if (1.0e11..1.0e14).contains(&n) => Timestamp::from_millisecond(n as i64).ok(),
            n if (1.0e14..1.0e17).contains(&n) => Timestamp::from_microsecond(n as i64).ok(),
            _ => dates::parse(&text_of(value)?, context),
        };
    }
    dates::parse(&text_of(value)?, context)
}

/// The pattern with its paths replaced; `None` where one of them gives nothing.
fn fill(pattern: &str, item: &Value) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, behind) = after.split_once('}')?;
        out.push_str(before);
        let value = text_of(path(inner).ok()?.query(item).first()?)?;
        out.push_str(value.trim());
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

/// The list whose objects most often have both a title and an address; the longest of equals.
fn largest_list(value: &Value) -> Vec<&Value> {
    let mut best: (usize, &[Value]) = (0, &[]);
    let mut open = vec![value];
    let mut looked = 0usize;
    while let Some(value) = open.pop() {
        looked += 1;
        if looked > 200_000 {
            break;
        }
        match value {
            Value::Array(list) => {
                let has = |item: &Value, names: &[&str]| {
                    names.iter().any(|n| lookup(item, n).and_then(text_of).is_some())
                };
                let good = list.iter().filter(|i| has(i, TITLE) && has(i, LINK)).count();
                if good > best.0 {
                    best = (good, list);
                }
                open.extend(list);
            }
            Value::Object(object) => open.extend(object.values()),
            _ => {}
        }
    }
    best.1.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, select: &JsonSelect) -> Result<ParsedFeed, PageError> {
        let base = Url::parse("https://api.example/v1/news").unwrap();
        let input = Input {
            base: Some(&base),
            ..Input::new(body.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap())
        };
        json_api(&input, select)
    }

    #[test]
    fn paths_name_the_values() {
        let select = JsonSelect {
            items: Some("$.data.list".into()),
            title: Some("head.text".into()),
            link: Some("https://news.example/story/{$.id}/{slug}".into()),
            date: Some("$.when".into()),
            content: Some("body".into()),
            author: Some("$.by[*].name".into()),
            categories: Some("$.tags".into()),
            ..JsonSelect::default()
        };
        let feed = read(r#"{"data":{"list":[{"id":7,"slug":"soup","head":{"text":"Soup &amp; bread"},"when":1714644000000,"body":"<p>Hot</p>","by":[{"name":"Rae"}],"tags":["food","winter"]},{"id":8}]}}"#, &select).unwrap();
        let [entry] = &feed.entries[..] else { panic!("{feed:?}") };
        assert_eq!(entry.title.as_deref(), Some("Soup & bread"));
        assert_eq!(entry.link.as_deref(), Some("https://news.example/story/7/soup"));
        assert_eq!(entry.published.unwrap().to_string(), "2024-05-02T10:00:00Z");
        assert_eq!(entry.categories, ["food", "winter"]);
        assert_eq!(entry.authors[0].name.as_deref(), Some("Rae"));
    }

    #[test]
    fn without_paths_the_list_is_found() {
        let wordpress = r#"[{"id":1,"date_gmt":"2025-04-01T10:00:00","link":"https://w.example/a","title":{"rendered":"First &#8211; snow"},"content":{"rendered":"<p>White</p>"}}]"#;
        let feed = read(wordpress, &JsonSelect::default()).unwrap();
        assert_eq!(feed.entries[0].title.as_deref(), Some("First – snow"));
        assert!(feed.entries[0].content.is_some());
        let nested = r#"cb({"menu":[{"name":"Home"}],"page":{"rows":[{"headline":"A","url":"/a"},{"headline":"B","url":"/b"}]}});"#;
        assert_eq!(read(nested, &JsonSelect::default()).unwrap().entries.len(), 2);
        let cased = r#"{"Data":[{"Title":"A","WebUrl":"/a","bodyHtml":"<p>Hot</p>","publishedAt":"2025-04-01T10:00:00Z","updatedAt":"2025-04-02T10:00:00Z"}]}"#;
        let entry = read(cased, &JsonSelect::default()).unwrap().entries.remove(0);
        assert!(entry.content.is_some() && entry.published.is_some() && entry.updated.is_some(), "{entry:?}");
    }

    #[test]
    fn errors_name_the_field() {
        let select = JsonSelect { items: Some("$.data[".into()), ..JsonSelect::default() };
        assert!(read("{}", &select).unwrap_err().message.contains("items"));
        assert_eq!(read("<html>", &JsonSelect::default()).unwrap_err().kind, ErrorKind::Parse);
    }
}
