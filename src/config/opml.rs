//! OPML subscription lists as other readers export them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// One subscription of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The feed's address as written.
    pub url: String,
    /// `title`, else `text`.
    pub title: Option<String>,
    /// The folders it lies in and its `category` (OPML 2.0 §"category"), in order.
    pub tags: Vec<String>,
    /// `language`.
    pub language: Option<String>,
}

/// Reads every outline that has an `xmlUrl`, in order. Lists exported by readers are often not well-formed (a
/// bare `&` in a URL above all), so what can be read is read.
///
/// # Errors
/// When there is no `<opml>` or `<outline>` in the text at all.
pub fn read(text: &str) -> Result<Vec<Subscription>, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut folders: Vec<Option<String>> = Vec::new();
    let mut list = Vec::new();
    let mut is_opml = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if is(&tag, "outline") => {
                let subscription = outline(&tag, &folders);
                let folder = subscription.is_none().then(|| folder_name(&tag)).flatten();
                list.extend(subscription);
                folders.push(folder);
                is_opml = true;
            }
            Ok(Event::Empty(tag)) if is(&tag, "outline") => {
                list.extend(outline(&tag, &folders));
                is_opml = true;
            }
            Ok(Event::End(tag)) if tag.name().as_ref().eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            Ok(Event::Start(tag)) if is(&tag, "opml") => is_opml = true,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) if list.is_empty() => return Err(format!("not a readable OPML list: {e}")),
            Err(_) => break,
        }
    }
    if is_opml { Ok(list) } else { Err("not an OPML list: it has no <opml>".into()) }
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.name().as_ref().eq_ignore_ascii_case(name)
}

fn outline(tag: &BytesStart<'_>, folders: &[Option<String>]) -> Option<Subscription> {
    let url = attribute(tag, "xmlUrl")?;
    let mut tags: Vec<String> = folders.iter().flatten().cloned().collect();
    let categories = attribute(tag, "category").unwrap_or_default();
    for category in categories.split(',').map(|c| c.trim().trim_matches('/')) {
        if !category.is_empty() && !tags.iter().any(|t| t == category) {
            tags.push(category.to_owned());
        }
    }
    let title = attribute(tag, "title").or_else(|| attribute(tag, "text"));
    Some(Subscription { url, title, tags, language: attribute(tag, "language") })
}

fn folder_name(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "text").or_else(|| attribute(tag, "title"))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag
        .html_attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.as_ref().eq_ignore_ascii_case(name))?;
    let raw = attribute.value.into_owned();
    // A bare `&` is what most lists get wrong; it is then meant as it stands.
    let text = quick_xml::escape::unescape(&raw).map(|t| t.into_owned()).unwrap_or(raw);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_categories_become_tags_and_bare_ampersands_survive() {
        let list = read(
            r#"<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
            <outline text="Town">
              <outline type="rss" text="Bakery" title="The Bakery" xmlUrl="https://bakery.example/feed?a=1&b=2" category="/food/bread,local"/>
              <outline text="Library" xmlUrl="https://library.example/rss"></outline>
            </outline>
            <outline TEXT="کتابخانه" XMLURL="https://fa.example/" language="fa"/></body></opml>"#,
        )
        .unwrap();
        let urls: Vec<&str> = list.iter().map(|s| s.url.as_str()).collect();
        assert_eq!(
            urls,
            ["https://bakery.example/feed?a=1&b=2", "https://library.example/rss", "https://fa.example/"]
        );
        assert_eq!(list[0].title.as_deref(), Some("The Bakery"));
        assert_eq!(list[0].tags, ["Town", "food/bread", "local"]);
        assert_eq!(list[1].tags, ["Town"]);
        assert!(list[2].tags.is_empty());
        assert_eq!(list[2].language.as_deref(), Some("fa"));
        assert!(read("<html></html>").is_err());
    }
}
