//! `kariz preview [SOURCE]`: what a pass would do, without doing it.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Failed, Globals, Outcome, load_config, output, run_time, why::stage_name};
use crate::model::Action;
use crate::rules::Applied;
use crate::tick::preview::{Previewed, PreviewedEntry, preview};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of one source; without it, all that are enabled.
    source: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    if let Some(id) = &arguments.source
        && config.source(id).is_none()
    {
        return Err(Failed::usage(format!(
            "no source has the id \"{id}\"; kariz status shows the ids of all of them"
        )));
    }
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let only = arguments.source.as_deref();
    let sources = run_time()?.block_on(preview(&config, &data_dir, only, Timestamp::now()))?;
    if arguments.json {
        let sources: Vec<Value> = sources.iter().map(json).collect();
        output::print(&format!("{:#}\n", json!({ "sources": sources })));
    } else {
        output::print(&sources.iter().map(page).collect::<Vec<_>>().join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn action(applied: &Applied) -> (&'static str, Option<String>) {
    match &applied.action {
        Action::Keep => ("keep", None),
        Action::Drop => ("drop", None),
        Action::Tag(tags) => ("tag", Some(tags.join(", "))),
        Action::Replace(with) => ("replace", Some(with.clone())),
    }
}

fn json(source: &Previewed) -> Value {
    let entry = |entry: &PreviewedEntry| {
        let rules = entry.rules.iter().map(|applied| {
            let (action, value) = action(applied);
            json!({ "rule": applied.rule, "action": action, "value": value })
        });
        let story = entry.story.as_ref().map(|story| {
            let why = story.why.as_ref().map(
                |why| json!({ "stage": stage_name(why.stage), "score": why.score, "reason": why.reason }),
            );
            json!({ "id": story.id, "title": story.title, "why": why })
        });
        json!({
            "guid": entry.guid,
            "title": entry.title,
            "url": entry.link,
            "fate": entry.fate,
            "rules": rules.collect::<Vec<_>>(),
            "story": story,
        })
    };
    json!({
        "id": source.source,
        "error_kind": source.failure.as_ref().map(|f| f.kind.as_str()),
        "error": source.failure.as_ref().map(|f| f.message.as_str()),
        "warnings": source.warnings,
        "select": source.select,
        "entries": source.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn page(source: &Previewed) -> String {
    let mut text = format!("{}\n", source.source);
    if let Some(failure) = &source.failure {
        text.push_str(&format!("  {}\n", failure.message));
    } else if source.entries.is_empty() {
        text.push_str("  nothing is new\n");
    }
    if let Some(select) = &source.select {
        text.push_str(
            "  read by these selectors; they can be pasted into feeds.toml:\n    [source.select]\n",
        );
        text.extend(select.lines().map(|line| format!("    {line}\n")));
    }
    for warning in &source.warnings {
        text.push_str(&format!("  note: {warning}\n"));
    }
    for entry in &source.entries {
        let fate = if entry.fate == "passed_over" { "passed over" } else { entry.fate };
        text.push_str(&format!("  {fate:11}  {}\n", entry.title));
        for applied in &entry.rules {
            let said = match action(applied) {
                ("replace", Some(with)) => format!("replace with \"{with}\""),
                (action, Some(value)) => format!("{action} {value}"),
                (action, None) => action.to_owned(),
            };
            text.push_str(&format!("  {:11}    {said}: {}\n", "", applied.rule));
        }
        if entry.fate == "passed_over" {
            text.push_str(&format!("  {:11}    new_source_items: a new source brings no more at once\n", ""));
        }
        if let Some(story) = &entry.story
            && let Some(why) = &story.why
        {
            text.push_str(&format!(
                "  {:11}    {} {:.2}: {}\n  {:11}    joins \"{}\" ({})\n",
                "",
                stage_name(why.stage),
                why.score,
                why.reason,
                "",
                story.title,
                story.id
            ));
        }
    }
    text
}
