//! `kariz add URL`: finds what can be read there, shows what it is like, and writes it into feeds.toml.

mod diagnosis;
mod find;

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;
use toml_edit::{Array, Value};
use url::Url;

use super::sources_file::{self, SourcesFile};
use super::{Failed, Globals, Outcome, output, run_time};
use crate::fetch::address;
use crate::model::{Location, SourceKind};
use diagnosis::Diagnosis;
use find::{Finder, Found};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The address of a site, of one of its pages, or of its feed.
    url: String,
    /// What lies there; without it, kariz finds out.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Its name in feeds.toml; without it, made of the title.
    #[arg(long)]
    id: Option<String>,
    /// The name that readers see; without it, what the source says.
    #[arg(long)]
    title: Option<String>,
    /// What outputs can select by; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Fetch the article pages, and publish what they say.
    #[arg(long)]
    full_text: bool,
    /// Show what would be written, and write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Feed,
    Page,
    Sitemap,
    Json,
}

impl From<Kind> for SourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Feed => Self::Feed,
            Kind::Page => Self::Page,
            Kind::Sitemap => Self::Sitemap,
            Kind::Json => Self::Json,
        }
    }
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let mut file = SourcesFile::open(globals)?;
    let typed = address_of(&arguments.url)?;
    refuse_known(&file, &[typed.as_str()])?;
    let now = Timestamp::now();
    let client = crate::tick::client(&file.config)?;
    // Whoever types a private address means it; what a page elsewhere leads to is another matter.
    let private = address::special_host(&typed).is_some();
    let finder = Finder { client: &client, private, now, kind: arguments.kind.map(Into::into) };
    let found = run_time()?
        .block_on(finder.find(typed))
        .map_err(|e| Failed::job(format!("{}: {e}", arguments.url)))?;
    let said: Vec<&str> =
        [Some(found.url.as_str()), found.feed.self_link.as_deref()].into_iter().flatten().collect();
    refuse_known(&file, &said[..1])?;
    let diagnosis = Diagnosis::of(&found);
    let id = match &arguments.id {
        Some(id) => id.clone(),
        None => {
            let title = arguments.title.as_deref().or(found.feed.title.as_deref());
            sources_file::free_id(&file.ids(), title, &Location::Http(found.url.clone()))
        }
    };
    let written =
        entry(&arguments, &found, &diagnosis, &id, private && !file.config.fetch.allow_private_addresses);
    let text = written.to_string();
    file.add(written)?;
    if arguments.dry_run {
        // Whatever would keep it from being written is told now.
        super::parse_config(globals, &file.text())?;
    } else {
        file.write(globals)?;
    }
    let done = !arguments.dry_run;
    if arguments.json {
        let value = json!({
            "id": id,
            "url": found.url,
            "kind": diagnosis::kind_name(found.kind),
            "found": found.how,
            "select": found.select,
            "diagnosis": diagnosis.json(),
            "toml": format!("[[source]]\n{text}"),
            "written": done,
        });
        output::print(&format!("{value:#}\n"));
    } else if !globals.quiet {
        output::print(&diagnosis.page(&found));
        let path = file.path().display();
        let new = if file.is_new() { " (a new file)" } else { "" };
        let verb = if done {
            format!("written to {path}{new}")
        } else {
            format!("not written to {path} (--dry-run)")
        };
        let bold = output::bold(output::colours_on_stdout());
        output::print(&format!("\n{bold}[[source]]{bold:#}\n{text}\n{verb}\n"));
        if done {
            output::print(&format!("Next: kariz preview {id}, kariz fetch\n"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An address as people type it: a missing scheme is https.
fn address_of(typed: &str) -> Result<Url, Failed> {
    let typed = typed.trim();
    let typed = typed
        .strip_prefix("feed://")
        .map(|rest| format!("https://{rest}"))
        .unwrap_or_else(|| typed.to_owned());
    let typed = typed.strip_prefix("feed:").unwrap_or(&typed);
    let parsed = match Url::parse(typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => return Ok(url),
        // `localhost:8080/feed` reads as the scheme `localhost:`.
        Ok(url) if url.has_host() || typed.starts_with("file:") => {
            return Err(Failed::usage(format!(
                "kariz adds http: and https: addresses, not {}:",
                url.scheme()
            )));
        }
        Ok(_) | Err(_) => Url::parse(&format!("https://{typed}")),
    };
    match parsed {
        Ok(url) if url.host_str().is_some_and(|h| h.contains('.') || h.contains(':') || h == "localhost") => {
            Ok(url)
        }
        _ => Err(Failed::usage(format!("\"{typed}\" is no address; write it as https://example.org/"))),
    }
}

fn refuse_known(file: &SourcesFile, urls: &[&str]) -> Result<(), Failed> {
    for source in &file.config.sources {
        let Location::Http(known) = &source.location else { continue };
        let known = sources_file::address_key(known.as_str());
        if urls.iter().any(|url| sources_file::address_key(url) == known) {
            return Err(Failed::usage(format!(
                "{} reads it already, as the source \"{}\"; nothing was written",
                file.path().display(),
                source.id
            )));
        }
    }
    Ok(())
}

/// The `[[source]]` to write: what cannot be left to the defaults, and what a person would look for.
fn entry(
    arguments: &Arguments,
    found: &Found,
    diagnosis: &Diagnosis,
    id: &str,
    private: bool,
) -> toml_edit::Table {
    let mut keys: Vec<(&'static str, Value)> = vec![("id", id.into())];
    if let Some(title) =
        arguments.title.as_deref().or(found.feed.title.as_deref()).filter(|t| !t.trim().is_empty())
    {
        keys.push(("title", title.trim().into()));
    }
    keys.push(("url", found.url.as_str().into()));
    if found.kind != SourceKind::Feed {
        keys.push(("kind", diagnosis::kind_name(found.kind).into()));
    }
    if arguments.full_text {
        keys.push(("full_text", true.into()));
    }
    if let Some(language) = &diagnosis.language {
        keys.push(("language", language.as_str().into()));
    }
    if !arguments.tags.is_empty() {
        keys.push(("tags", Value::Array(arguments.tags.iter().collect::<Array>())));
    }
    if private {
        keys.push(("allow_private_addresses", true.into()));
    }
    sources_file::table(keys)
}
