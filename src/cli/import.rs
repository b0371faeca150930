//! `kariz import OPML`: takes the subscriptions of another reader into feeds.toml.

use std::collections::HashSet;
use std::process::ExitCode;

use clap::Args;
use toml_edit::{Array, Value};
use url::Url;

use super::sources_file::{self, SourcesFile};
use super::{Failed, Globals, Outcome, output};
use crate::config::{Subscription, subscriptions};
use crate::model::Location;
use crate::parse;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// An OPML file, or an http(s) address of one; `-` reads standard input.
    #[arg(value_name = "FILE|URL")]
    opml: String,
    /// Added to each of them; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Show what would be written, and write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let mut file = SourcesFile::open(globals)?;
    let failed = |e: String| Failed::job(format!("{}: {e}", arguments.opml));
    let bytes = super::inspect_cmd::read(&arguments.opml).map_err(failed)?.body;
    let list = subscriptions(&parse::decode(&bytes)).map_err(failed)?;
    let mut taken = file.ids();
    let mut known: HashSet<String> =
        file.config.sources.iter().map(|s| sources_file::address_key(&s.location.to_string())).collect();
    let (mut added, mut there, mut refused) = (Vec::new(), 0, Vec::new());
    for subscription in list {
        let url = match Url::parse(&subscription.url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
            _ => {
                refused.push(subscription.url);
                continue;
            }
        };
        if !known.insert(sources_file::address_key(url.as_str())) {
            there += 1;
            continue;
        }
        let id = sources_file::free_id(&taken, subscription.title.as_deref(), &Location::Http(url.clone()));
        taken.insert(id.clone());
        file.add(table(&id, &url, subscription, &arguments.tags))?;
        added.push((id, url));
    }
    for url in &refused {
        output::error(&format!("\"{url}\" is left out: kariz reads http: and https: addresses"));
    }
    let path = file.path().display().to_string();
    if added.is_empty() {
        output::print(&format!("nothing to add to {path}: {there} are there already\n"));
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.dry_run {
        super::parse_config(globals, &file.text())?;
    } else {
        file.write(globals)?;
    }
    if !globals.quiet {
        for (id, url) in &added {
            output::print(&format!("{id}  {url}\n"));
        }
        let verb = if arguments.dry_run { "would be added to" } else { "added to" };
        output::print(&format!("{} source(s) {verb} {path}, {there} there already\n", added.len()));
    }
    Ok(ExitCode::SUCCESS)
}

fn table(id: &str, url: &Url, subscription: Subscription, tags: &[String]) -> toml_edit::Table {
    let mut keys: Vec<(&'static str, Value)> = vec![("id", id.into())];
    if let Some(title) = subscription.title {
        keys.push(("title", title.into()));
    }
    keys.push(("url", url.as_str().into()));
    // What is no language tag would be a mistake of feeds.toml, and is not worth one.
    if let Some(language) = subscription.language.filter(|l| crate::config::is_language(l)) {
        keys.push(("language", language.into()));
    }
    let mut all = subscription.tags;
    all.extend(tags.iter().filter(|t| !all.contains(t)).cloned().collect::<Vec<_>>());
    if !all.is_empty() {
        keys.push(("tags", Value::Array(all.into_iter().collect::<Array>())));
    }
    sources_file::table(keys)
}
