//! `kariz export`: the sources as an OPML list, for another reader.

use std::collections::HashMap;
use std::process::ExitCode;

use clap::Args;

use super::{Globals, Outcome, load_config, output};
use crate::config::Config;
use crate::model::{Location, SourceKind};
use crate::publish::opml::{OpmlHead, OpmlOutline, opml};
use crate::store::{About, Store};
use crate::tick::database_path;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Those as well that are not enabled.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let path = database_path(&config.data_dir(globals.data_dir.as_deref()));
    // Before the first pass nothing is known but what feeds.toml says.
    let states = if path.exists() { Store::read_only(&path)?.source_states()? } else { Vec::new() };
    let about: HashMap<String, About> = states.into_iter().map(|s| (s.id.to_string(), s.about)).collect();
    let (lines, left_out) = outlines(&config, &about, arguments.all);
    let head = OpmlHead { title: config.feed.title.clone(), ..OpmlHead::default() };
    output::print(&String::from_utf8_lossy(&opml(&head, &lines)));
    if left_out > 0 {
        output::error(&format!(
            "{left_out} source(s) are left out: pages, sitemaps, JSON and files are no feeds that another reader could read"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The lines in the order of feeds.toml, and how many sources have none.
fn outlines(config: &Config, about: &HashMap<String, About>, all: bool) -> (Vec<OpmlOutline>, usize) {
    let mut left_out = 0;
    let mut lines = Vec::new();
    for source in config.sources.iter().filter(|s| s.enabled || all) {
        let Location::Http(url) = &source.location else {
            left_out += 1;
            continue;
        };
        if source.reading.kind != SourceKind::Feed {
            left_out += 1;
            continue;
        }
        let about = about.get(source.id.as_str()).cloned().unwrap_or_default();
        let mut url = url.clone();
        // Neither call fails on a URL with a host. A list is made to be passed on.
        let _ = (url.set_username(""), url.set_password(None));
        lines.push(OpmlOutline {
            title: source.title.clone().or(about.title).unwrap_or_else(|| source.id.to_string()),
            xml_url: Some(url.into()),
            html_url: about.link,
            description: about.subtitle,
            language: source.language.clone().or(about.language),
            categories: source.tags.clone(),
            children: Vec::new(),
        });
    }
    (lines, left_out)
}
