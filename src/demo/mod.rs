//! A dozen small sources inside the binary: what `kariz demo` shows, without a network.
//!
//! The towns, papers and people are invented. The documents are in Persian, Arabic and English, in
//! RSS 2.0, RSS 1.0, Atom and JSON Feed. They share stories in the ways in which real sources do
//! ([`shared_stories`]), and they hold neighbours that look alike and are not the same
//! ([`lookalikes`]). One source is broken and one is dead. All dates lie in November 2026: the same
//! documents give the same feed.
//!
//! The room knows nobody: an [`Origin`] serves the documents over HTTP on loopback, and the very
//! pipeline that reads the world reads them from there, as [`feeds_toml`] says.

mod documents;
mod origin;
#[cfg(test)]
mod tests;

pub use documents::{SITES, Site, State};
pub use origin::Origin;

use std::fmt::Write as _;

/// In which language the demo's own feed and page speak. (The sources speak theirs.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// BCP 47.
    pub language: &'static str,
    title: &'static str,
    subtitle: &'static str,
    rights: &'static str,
}

/// The languages that the demo's feed can speak; the first is the usual one.
pub const VOICES: [Voice; 3] = [
    Voice {
        language: "en",
        title: "Three small towns",
        subtitle: "The news of Alderwick, Narvan and Ayn al-Sarw in one feed",
        rights: "Written for the demo; no place, paper or person in it is real",
    },
    Voice {
        language: "fa",
        title: "سه شهر کوچک",
        subtitle: "خبرهای آلدرویک، نارون‌شهر و عین‌السرو در یک خوراک",
        rights: "نوشته‌شده برای نمایش؛ هیچ جا، روزنامه و کسی در آن واقعی نیست",
    },
    Voice {
        language: "ar",
        title: "ثلاث بلدات صغيرة",
        subtitle: "أخبار ألدرويك ونارون‌شهر وعين السرو في خلاصة واحدة",
        rights: "كُتب للعرض؛ لا مكان ولا صحيفة ولا شخص فيه حقيقي",
    },
];

/// The feeds.toml of the demo, for an origin at `base_url` ([`Origin::base_url`]).
///
/// Private addresses are allowed, since the origin is on loopback, and nobody needs to be spared.
pub fn feeds_toml(base_url: &str, voice: &Voice) -> String {
    let mut text = String::from(
        "# The feeds.toml of `kariz demo`: a dozen small sources on this machine, two of them in trouble.\n\n[feed]\n",
    );
    let Voice { language, title, subtitle, rights } = voice;
    for (key, value) in [("title", title), ("subtitle", subtitle), ("language", language), ("rights", rights)]
    {
        // Debug would write the joiner of Persian words in a way that TOML does not know. (Writing to a String
        // cannot fail.)
        let _ = writeln!(text, "{key} = {}", toml::Value::from(*value));
    }
    text.push_str(
        r#"id = "urn:uuid:5d2f7c1e-8a43-4c0b-9a6d-2e51b7f3c840"
author = "kariz demo"

[fetch]
# The sources of the demo are on the loopback address. Leave this out for the real world.
allow_private_addresses = true
per_host_delay = "0s"
per_host_concurrency = 4
"#,
    );
    for site in SITES {
        let Site { id, language, tags, priority, .. } = site;
        let tags = tags.iter().map(|tag| format!("{tag:?}")).collect::<Vec<_>>().join(", ");
        let url = format!("{base_url}{}", site.feed);
        let _ = write!(
            text,
            "\n[[source]]\nid = {id:?}\nurl = {url:?}\nlanguage = {language:?}\ntags = [{tags}]\n"
        );
        if *priority != 0 {
            let _ = writeln!(text, "priority = {priority}");
        }
        if let Some(timezone) = site.timezone {
            let _ = writeln!(text, "timezone = {timezone:?}");
        }
        if site.title_in_config {
            let _ = writeln!(text, "title = {:?}", site.title);
        }
    }
    text
}

/// Entries that belong together, and what they have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Their language.
    pub language: &'static str,
    /// What they share, in words.
    pub what: &'static str,
    /// (source, guid) of each.
    pub entries: Vec<(&'static str, String)>,
}

/// The stories that more than one source tells: each is to be published once.
pub fn shared_stories(base_url: &str) -> Vec<Group> {
    groups(base_url, documents::SHARED)
}

/// The entries that look like one story and are several: none may be merged with another.
pub fn lookalikes(base_url: &str) -> Vec<Group> {
    groups(base_url, documents::LOOKALIKES)
}

fn groups(base_url: &str, table: &[documents::Row]) -> Vec<Group> {
    let guid = |written: &str| written.replace(documents::PLACEHOLDER, base_url);
    table
        .iter()
        .map(|(language, what, entries)| Group {
            language,
            what,
            entries: entries.iter().map(|(source, id)| (*source, guid(id))).collect(),
        })
        .collect()
}
