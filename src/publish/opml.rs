//! OPML 2.0 of the sources (<http://opml.org/spec2.opml>).

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::clean;
use crate::model::SourceInfo;

/// What an OPML document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpmlHead {
    /// Plain text.
    pub title: String,
    /// Who keeps the list.
    pub owner_name: Option<String>,
    /// An http(s) address of the owner.
    pub owner_id: Option<String>,
    /// When the list changed. Not "now": the bytes would never be the same.
    pub date_modified: Option<Timestamp>,
}

/// One line of the list: a source, or a group of sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpmlOutline {
    /// Plain text; never empty.
    pub title: String,
    /// The feed's address. A line without one is a group.
    pub xml_url: Option<String>,
    /// The site's address.
    pub html_url: Option<String>,
    /// Plain text.
    pub description: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Labels, written as `category="a,b"`.
    pub categories: Vec<String>,
    /// The lines of a group.
    pub children: Vec<OpmlOutline>,
}

/// The lines for a list of sources, in the order of their titles. A source that is a file of this
/// machine is left out: nobody else could subscribe to it.
pub fn outlines<'a>(sources: impl IntoIterator<Item = &'a SourceInfo>) -> Vec<OpmlOutline> {
    let mut sources: Vec<&SourceInfo> =
        sources.into_iter().filter(|s| clean::uri(&s.feed_url).is_some()).collect();
    sources.sort_by(|a, b| (&a.title, &a.id, &a.feed_url).cmp(&(&b.title, &b.id, &b.feed_url)));
    sources
        .into_iter()
        .map(|source| OpmlOutline {
            title: source.title.clone(),
            xml_url: Some(source.feed_url.clone()),
            html_url: source.link.clone(),
            description: source.subtitle.clone(),
            language: source.language.clone(),
            categories: source.tags.clone(),
            children: Vec::new(),
        })
        .collect()
}

/// An OPML 2.0 document.
pub fn opml(head: &OpmlHead, outlines: &[OpmlOutline]) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::with_capacity(1 << 14), b' ', 1);
    write(&mut writer, head, outlines).expect("a Vec takes every byte");
    let mut out = writer.into_inner();
    out.push(b'\n');
    out
}

fn write(writer: &mut Writer<Vec<u8>>, head: &OpmlHead, outlines: &[OpmlOutline]) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut root = BytesStart::new("opml");
    root.push_attribute(("version", "2.0"));
    writer.write_event(Event::Start(root))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    let lines = [
        ("title", clean::line(&head.title).map(Into::into)),
        ("dateModified", head.date_modified.map(clean::rfc822)),
        ("ownerName", head.owner_name.as_deref().and_then(clean::line).map(Into::into)),
        ("ownerId", head.owner_id.as_deref().and_then(clean::uri)),
        ("docs", Some("http://opml.org/spec2.opml".to_owned())),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            writer.write_event(Event::Start(BytesStart::new(name)))?;
            writer.write_event(Event::Text(BytesText::new(&value)))?;
            writer.write_event(Event::End(BytesEnd::new(name)))?;
        }
    }
    writer.write_event(Event::End(BytesEnd::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for outline in outlines {
        write_outline(writer, outline)?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))
}

fn write_outline(writer: &mut Writer<Vec<u8>>, outline: &OpmlOutline) -> std::io::Result<()> {
    let xml_url = outline.xml_url.as_deref().and_then(clean::uri);
    let title = clean::line(&outline.title)
        .map(String::from)
        .or_else(|| xml_url.clone())
        .unwrap_or_else(|| "?".into());
    let mut element = BytesStart::new("outline");
    let mut attribute = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            element.push_attribute((name, value));
        }
    };
    let is_feed = xml_url.is_some();
    attribute("type", is_feed.then_some("rss"));
    attribute("text", Some(&title));
    attribute("title", is_feed.then_some(&title));
    attribute("description", outline.description.as_deref().and_then(clean::line).as_deref());
    attribute("xmlUrl", xml_url.as_deref());
    attribute("htmlUrl", outline.html_url.as_deref().and_then(clean::uri).as_deref());
    attribute("language", outline.language.as_deref().and_then(clean::language));
    // A comma separates categories, so a label cannot contain one.
    let label = |label: &String| clean::line(&label.replace(',', " ")).map(std::borrow::Cow::into_owned);
    let labels: Vec<String> = outline.categories.iter().filter_map(label).collect();
    attribute("category", (!labels.is_empty()).then(|| labels.join(",")).as_deref());
    if outline.children.is_empty() {
        return writer.write_event(Event::Empty(element));
    }
    writer.write_event(Event::Start(element))?;
    for child in &outline.children {
        write_outline(writer, child)?;
    }
    writer.write_event(Event::End(BytesEnd::new("outline")))
}
