//! The keys of `[[source]]` that say how it is read: `kind`, `select`, `pages`, `full_text` and what goes with them.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use url::Url;

use super::report::Report;
use super::table::{Table, join, nearest};
use super::values;
use crate::model::{IdPolicy, Reading, Select, SourceKind};
use crate::page;

const OF_PAGES: &[&str] = &["item", "title", "link", "content", "date", "author", "image", "next"];
const OF_JSON: &[&str] =
    &["item", "title", "link", "content", "summary", "date", "author", "image", "id", "categories"];

/// Reads them; `full_text` is for the caller to settle, since `[defaults]` may say it.
pub(super) fn read(t: &Table<'_, '_>, table: &DeTable<'_>, report: &Report<'_>) -> Reading {
    let kind = t.get("kind", |v| {
        let known = [
            ("feed", SourceKind::Feed),
            ("page", SourceKind::Page),
            ("sitemap", SourceKind::Sitemap),
            ("json", SourceKind::Json),
        ];
        values::one_of(v, &known)
    });
    let of_pages = ["select", "pages"].into_iter().find(|key| table.contains_key(*key));
    let kind = match (kind, of_pages) {
        (Some(kind), _) => kind,
        (None, Some(_)) if !table.contains_key("kind") => SourceKind::Page,
        (None, _) => SourceKind::Feed,
    };
    let wrong = |key: &str, help: &str| {
        let message = format!("`{key}` in [[source]] does not go with its `kind`");
        report.problem(t.span_of(key), message, Some(help.to_owned()));
    };
    let select = match table.get("select") {
        Some(_) if !matches!(kind, SourceKind::Page | SourceKind::Json) => {
            wrong("select", "it is for kind = \"page\" and kind = \"json\"");
            Select::default()
        }
        Some(value) => select(value.get_ref(), value.span(), kind, report),
        None => Select::default(),
    };
    if table.contains_key("pages") && kind != SourceKind::Page {
        wrong("pages", "it is for kind = \"page\"");
    }
    Reading {
        kind,
        select,
        pages: t.get("pages", addresses).unwrap_or_default(),
        full_text: false,
        keep_selector: t.get("keep_selector", selector),
        remove_selector: t.get("remove_selector", selector),
    }
}

/// Settles `full_text`: as written, else where the source has nothing else to give, or a selector shows that it is meant.
pub(super) fn settle(
    mut reading: Reading,
    full_text: Option<bool>,
    content: Option<crate::model::ContentPolicy>,
) -> Reading {
    let has_selector = reading.keep_selector.is_some() || reading.remove_selector.is_some();
    let lists_only = match reading.kind {
        SourceKind::Page => reading.select.content.is_none(),
        SourceKind::Sitemap => true,
        SourceKind::Feed | SourceKind::Json => false,
    };
    // Nobody would read the bodies; but without dates a list of links is no feed.
    let unread = content == Some(crate::model::ContentPolicy::Link) && !lists_only;
    reading.full_text = full_text.unwrap_or(lists_only || has_selector) && !unread;
    reading
}

/// `id_policy = "digest"` goes by the text of the feed, which `full_text` replaces.
pub(super) fn check_policy(
    t: &Table<'_, '_>,
    full_text: bool,
    policy: Option<IdPolicy>,
    report: &Report<'_>,
) {
    if full_text && policy == Some(IdPolicy::Digest) {
        report.problem(
            t.span_of("id_policy"),
            "`id_policy = \"digest\"` does not go with article pages that are read",
            Some("take one of `id_policy` and `full_text` out".to_owned()),
        );
    }
}

fn addresses(value: &DeValue<'_>) -> Result<Vec<Url>, String> {
    let web = |text: String| match values::parse_url(&text)? {
        url if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(format!("expected an address that begins with https:// or http://, found \"{text}\"")),
    };
    values::texts(value)?.into_iter().map(web).collect()
}

fn selector(value: &DeValue<'_>) -> Result<String, String> {
    let text = values::text(value)?;
    page::check_selector(&text).map_err(|e| e.message)?;
    Ok(text)
}

fn select(value: &DeValue<'_>, span: Range<usize>, kind: SourceKind, report: &Report<'_>) -> Select {
    let mut select = Select::default();
    let Some(table) = value.as_table() else {
        let help = "write [source.select] on a line of its own, below its [[source]]".to_owned();
        report.problem(span, format!("`select` is a table, not {}", value.type_str()), Some(help));
        return select;
    };
    let known = if kind == SourceKind::Json { OF_JSON } else { OF_PAGES };
    for (key, value) in table.iter() {
        let name = key.get_ref().as_ref();
        // The word of JSON APIs for the list of items.
        let name = if name == "items" { "item" } else { name };
        if !known.contains(&name) {
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it knows {}", join(known.iter().copied())),
            };
            report.problem(key.span(), format!("unknown key `{name}` in [source.select]"), Some(help));
            continue;
        }
        match values::text(value.get_ref()) {
            Ok(text) => *field(&mut select, name) = Some(text),
            Err(why) => report.problem(value.span(), format!("`{name}` in [source.select]: {why}"), None),
        }
    }
    let checked = match kind {
        SourceKind::Json => page::JsonSelect::from(&select).check(),
        _ => page::Selectors::from(&select).check(),
    };
    if let Err(error) = checked {
        report.problem(span, format!("[source.select]: {}", error.message), None);
    }
    select
}

fn field<'s>(select: &'s mut Select, name: &str) -> &'s mut Option<String> {
    match name {
        "item" => &mut select.item,
        "title" => &mut select.title,
        "link" => &mut select.link,
        "content" => &mut select.content,
        "summary" => &mut select.summary,
        "date" => &mut select.date,
        "author" => &mut select.author,
        "image" => &mut select.image,
        "id" => &mut select.id,
        "categories" => &mut select.categories,
        _ => &mut select.next,
    }
}
