//! `kariz search WORDS`: what is stored, by its words.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Failed, Globals, Outcome, load_config, output};
use crate::model::Story;
use crate::store::{Found, Store};
use crate::text::search;
use crate::tick::{database_path, source_infos};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// All of them must stand in the headline or the text of one entry; ي and ی, ZWNJ or none, accents and digits of any
    /// script make no difference. `word*` finds beginnings, `-word` leaves out (after `--`).
    #[arg(required = true, num_args = 1..)]
    words: Vec<String>,
    /// How many stories are shown.
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Which page of them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    page: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let typed = arguments.words.join(" ");
    let expression = search::expression(&typed)
        .ok_or_else(|| Failed::usage(format!("\"{typed}\" has no word to search for")))?;
    let path = database_path(&config.data_dir(globals.data_dir.as_deref()));
    // Before the first pass there is no database, and nothing in it.
    let found = if path.exists() {
        let store = Store::read_only(&path)?;
        let infos = source_infos(&config, &store)?;
        let offset = (arguments.page - 1).saturating_mul(arguments.limit);
        store.search(&expression, offset, arguments.limit, &infos)?
    } else {
        Found::default()
    };
    if arguments.json {
        let stories: Vec<_> = found.stories.iter().map(json).collect();
        let value =
            json!({ "query": typed, "total": found.total, "page": arguments.page, "stories": stories });
        output::print(&format!("{value:#}\n"));
    } else {
        output::print(&page(&found, globals.quiet));
    }
    Ok(ExitCode::SUCCESS)
}

fn json(story: &Story) -> serde_json::Value {
    let lead = story.lead();
    let members = story.members.iter();
    json!({
        "id": story.id,
        "title": lead.entry.article.title,
        "url": lead.entry.article.link,
        "language": lead.entry.article.language,
        "published": story.published,
        "updated": story.updated,
        "sources": members.map(|m| json!({
            "id": m.source.id,
            "title": m.source.title,
            "guid": m.entry.guid,
            "url": m.entry.article.link,
        })).collect::<Vec<_>>(),
    })
}

fn page(found: &Found, quiet: bool) -> String {
    let mut text = String::new();
    for story in &found.stories {
        let lead = story.lead();
        let sources: Vec<&str> = story.members.iter().map(|m| m.source.title.as_str()).collect();
        text.push_str(&format!(
            "{}  {}\n    {}\n    {} · {}\n",
            story.published.strftime("%Y-%m-%d %H:%M"),
            lead.entry.article.title,
            sources.join(", "),
            lead.entry.article.link.as_deref().unwrap_or("-"),
            story.id,
        ));
    }
    if !quiet {
        let shown = found.stories.len() as u64;
        text.push_str(&match (shown, found.total) {
            (shown, total) if shown < total => {
                format!("{shown} of {total} stories; --limit and --page show more\n")
            }
            (_, 1) => "1 story\n".to_owned(),
            (_, total) => format!("{total} stories\n"),
        });
    }
    text
}
