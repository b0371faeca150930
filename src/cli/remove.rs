//! `kariz remove SOURCE`: takes a source out of feeds.toml.

use std::process::ExitCode;

use clap::Args;

use super::sources_file::{SourcesFile, address_key};
use super::{Failed, Globals, Outcome, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the source, or its address.
    source: String,
    /// Say what would be removed, and write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let mut file = SourcesFile::open(globals)?;
    let path = file.path().display().to_string();
    if file.is_new() {
        return Err(Failed::usage(format!("{path}: there is no such file")));
    }
    let wanted = arguments.source.trim();
    let sources = &file.config.sources;
    let place = sources
        .iter()
        .position(|s| s.id.as_str() == wanted)
        .or_else(|| sources.iter().position(|s| address_key(&s.location.to_string()) == address_key(wanted)));
    let Some(place) = place else {
        return Err(Failed::usage(format!(
            "{path} has no source \"{wanted}\"; kariz status shows the ids of all of them"
        )));
    };
    let (id, url) = (sources[place].id.clone(), sources[place].location.to_string());
    // The file's own sources come first, in its order; those of included lists follow.
    file.remove(place).map_err(|_| {
        Failed::usage(format!("the source \"{id}\" comes from an included list; take it out there"))
    })?;
    if arguments.dry_run {
        output::print(&format!("{id} ({url}) would be taken out of {path} (--dry-run)\n"));
        return Ok(ExitCode::SUCCESS);
    }
    file.write(globals)?;
    if !globals.quiet {
        output::print(&format!(
            "{id} ({url}) taken out of {path}. What was read of it stays in the store, and leaves the feeds at the next pass; \
             added again under this id, it goes on where it was\n"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
