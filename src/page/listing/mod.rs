//! A page that lists articles, read as if it were a feed.
//!
//! With CSS selectors (`[source.select]`), or without any: then [`choose`] finds the repeated blocks that hold a
//! headline with a link each, and says so as selectors. Both ways read the entries by the same selectors, so what
//! `preview` shows can be pasted into feeds.toml and gives the same entries.

mod choose;
mod place;
mod select;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::jsonld::{self, JsonLd};
use super::meta::Head;
use super::{Input, PageError, admit, charset, dom, refuse_binary, title};
use crate::model::{ErrorKind, ParsedEntry, ParsedFeed};
use crate::text::{language, plain, urls};

/// How entries are read out of a listing page. `item` is CSS over the page; the others are CSS inside an item, with
/// `@attribute` behind where the value stands in an attribute (`time@datetime`), and nothing before the `@` for the
/// item's own element (`@href`). `next` is CSS over the page.
///
/// A field that is not given is looked for where pages usually have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selectors {
    /// The block of one article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its address; the attribute is `href` unless another is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Its teaser or text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its picture; the attribute is `src` (or what lazy loading puts in its place) unless another is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The link to the next page of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl From<&crate::model::Select> for Selectors {
    fn from(select: &crate::model::Select) -> Self {
        let s = select.clone();
        Self {
            item: s.item,
            title: s.title,
            link: s.link,
            content: s.content,
            date: s.date,
            author: s.author,
            image: s.image,
            next: s.next,
        }
    }
}

impl Selectors {
    /// The selectors as lines of TOML, to be pasted below `[source.select]`.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// Checks that all of them can be read.
    ///
    /// # Errors
    /// A sentence that names the field and the selector.
    pub fn check(&self) -> Result<(), PageError> {
        for (name, value) in self.fields() {
            let css = value.map(|v| select::split(v).0).filter(|css| !css.is_empty());
            if let Some(Err(error)) = css.map(dom::matcher) {
                return Err(PageError::new(error.kind, format!("{name} = {}", error.message)));
            }
        }
        Ok(())
    }

    fn fields(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("item", self.item.as_deref()),
            ("title", self.title.as_deref()),
            ("link", self.link.as_deref()),
            ("content", self.content.as_deref()),
            ("date", self.date.as_deref()),
            ("author", self.author.as_deref()),
            ("image", self.image.as_deref()),
            ("next", self.next.as_deref()),
        ]
    }
}

/// What a listing page gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The entries in the order of the page, each address once.
    pub feed: ParsedFeed,
    /// The selectors that gave them: those passed in, or those found. `item` is `None` where the entries come from
    /// JSON-LD alone.
    pub chosen: Selectors,
    /// The selectors were found, not given.
    pub automatic: bool,
    /// The next page of the list, absolute.
    pub next: Option<String>,
}

/// No listing has more entries than this; more is a defect of the selectors or an attack.
const MAX_ENTRIES: usize = 1000;

/// Reads a listing page.
///
/// # Errors
/// When the document is empty or too large, a selector cannot be read, or no list of articles is found.
pub fn listing(input: &Input<'_>, selectors: Option<&Selectors>) -> Result<Listing, PageError> {
    admit(input.body)?;
    let (source, charset) = charset::decode(input.body, input.content_type, input.encoding, input.base);
    refuse_binary(&source)?;
    let document = dom::parse(&source);
    let base = dom::base_of(&document, input.base);
    let head = Head::of(&document);
    let json = JsonLd::of(&document);
    if let Some(selector) = input.remove {
        document.select_matcher(&dom::matcher(selector)?).remove();
    }
    let declared = head.language.as_deref().map(language::without_home);
    let language = declared.or_else(|| input.language.map(str::to_owned));
    let context = input.dates(language.as_deref());

    let given = selectors.filter(|s| s.item.is_some());
    let mut chosen = match (given, selectors) {
        (Some(given), _) => {
            given.check()?;
            given.clone()
        }
        (None, partly) => {
            let found = choose::choose(&document, base.as_ref(), &json, &context);
            let mut found = found.unwrap_or_default();
            // Fields that the operator gave win over those found.
            if let Some(given) = partly {
                given.check()?;
                found = merge(given, found);
            }
            found
        }
    };
    let mut entries = select::entries(&document, &chosen, base.as_ref(), &context)?;
    if entries.is_empty() && given.is_none() {
        chosen = Selectors::default();
        entries = item_list(&json, base.as_ref());
    }
    unique(&mut entries);
    entries.truncate(MAX_ENTRIES);
    if entries.is_empty() {
        return Err(PageError::new(
            ErrorKind::Parse,
            match given.and_then(|s| s.item.as_deref()) {
                Some(item) => {
                    format!("nothing on this page matches item = \"{item}\" and has a link and a title")
                }
                None => {
                    "no list of articles was found on this page; name one with [source.select]".to_owned()
                }
            },
        ));
    }
    for entry in &mut entries {
        entry.language = entry.language.take().or_else(|| language.clone());
    }
    let next = select::next(&document, &mut chosen, base.as_ref(), given.is_none())?;
    let names: Vec<String> = head.metas(&["og:site_name", "application-name"]).map(str::to_owned).collect();
    let feed = ParsedFeed {
        charset,
        title: names
            .first()
            .cloned()
            .or_else(|| head.title.as_deref().map(|t| title::strip_site(t, &names)))
            .filter(|t| !t.is_empty()),
        subtitle: head.meta(&["og:description", "description"]).map(str::to_owned),
        link: base.as_ref().or(input.base).map(|u| u.to_string()),
        language,
        icon: head
            .link("icon")
            .or_else(|| head.link("apple-touch-icon"))
            .and_then(|u| dom::absolute(u, base.as_ref()))
            .map(Into::into),
        image: head.meta(&["og:image"]).and_then(|u| dom::absolute(u, base.as_ref())).map(Into::into),
        generator: head.meta(&["generator"]).map(str::to_owned),
        entries,
        ..ParsedFeed::default()
    };
    Ok(Listing { feed, chosen, automatic: given.is_none(), next })
}

fn merge(given: &Selectors, found: Selectors) -> Selectors {
    Selectors {
        item: found.item,
        title: given.title.clone().or(found.title),
        link: given.link.clone().or(found.link),
        content: given.content.clone().or(found.content),
        date: given.date.clone().or(found.date),
        author: given.author.clone().or(found.author),
        image: given.image.clone().or(found.image),
        next: given.next.clone().or(found.next),
    }
}

/// Each address once; the first place on the page wins, what it lacks is taken from the later ones.
fn unique(entries: &mut Vec<ParsedEntry>) {
    let mut places: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut out: Vec<ParsedEntry> = Vec::with_capacity(entries.len());
    for entry in entries.drain(..) {
        let link = entry.link.clone().unwrap_or_default();
        let key = urls::canonical(&link).unwrap_or(link);
        if let Some(at) = places.get(&key) {
            let first = &mut out[*at];
            first.published = first.published.or(entry.published);
            first.image = first.image.take().or(entry.image);
            first.summary = first.summary.take().or(entry.summary);
            continue;
        }
        places.insert(key, out.len());
        out.push(entry);
    }
    *entries = out;
}

/// Entries out of a JSON-LD `ItemList`, for pages that draw their list by script.
fn item_list(json: &JsonLd, base: Option<&Url>) -> Vec<ParsedEntry> {
    let mut out = Vec::new();
    let lists = json.of_type("ItemList").chain(json.of_type("CollectionPage")).chain(json.of_type("Blog"));
    for list in lists {
        let items = ["itemListElement", "hasPart", "blogPost"].iter().find_map(|k| list.get(*k)?.as_array());
        for item in items.into_iter().flatten().take(MAX_ENTRIES) {
            let thing = item.get("item").filter(|v| v.is_object()).unwrap_or(item);
            let link = ["url", "@id", "item", "mainEntityOfPage"]
                .iter()
                .find_map(|k| jsonld::url(thing, k).or_else(|| jsonld::url(item, k)))
                .and_then(|u| dom::absolute(&u, base));
            let title = ["headline", "name"]
                .iter()
                .find_map(|k| jsonld::text(thing, k).or_else(|| jsonld::text(item, k)));
            if let (Some(link), Some(title)) = (link, title) {
                out.push(ParsedEntry {
                    link: Some(link.into()),
                    title: Some(plain::from_html(&title)),
                    image: jsonld::url(thing, "image").and_then(|u| dom::absolute(&u, base)).map(Into::into),
                    ..ParsedEntry::default()
                });
            }
        }
    }
    out
}

/// What `ItemList`s of the page point to.
fn listed(json: &JsonLd, base: Option<&Url>) -> std::collections::HashSet<String> {
    let urls = |list: &Value| -> Vec<String> {
        let items =
            list.get("itemListElement").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items
            .iter()
            .take(MAX_ENTRIES)
            .filter_map(|i| ["url", "item", "@id"].iter().find_map(|k| jsonld::url(i, k)))
            .filter_map(|u| dom::absolute(&u, base))
            .filter_map(|u| urls::canonical(u.as_str()))
            .collect()
    };
    json.of_type("ItemList").flat_map(urls).collect()
}
