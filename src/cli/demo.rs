//! `kariz demo`: the product in one minute, without a network.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::{Failed, Globals, Outcome, output, run_time};
use crate::config::{self, Config};
use crate::daemon::{self, News};
use crate::demo::{self, Origin, SITES, State};
use crate::tick::{self, Report, Tick};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write the published files to this folder and exit.
    #[arg(long, value_name = "DIR")]
    once: Option<PathBuf>,
    /// Where to answer.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
    /// The language of the page itself, its dates and its digits; each story keeps its own.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "fa", "ar"])]
    language: String,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let folder =
        tempfile::tempdir().map_err(|e| Failed::job(format!("no temporary folder can be made: {e}")))?;
    let run_time = run_time()?;
    run_time.block_on(async {
        let origin = Origin::start().map_err(|e| Failed::job(format!("the demo's sources cannot be served: {e}")))?;
        let voice = demo::VOICES.iter().find(|voice| voice.language == arguments.language);
        let text = demo::feeds_toml(origin.base_url(), voice.unwrap_or(&demo::VOICES[0]));
        let file = folder.path().join("feeds.toml");
        std::fs::write(&file, &text).map_err(Failed::job)?;
        let mut config = config::parse(&file, &text, &|_, _| None)?;
        config.serve.listen = arguments.listen.unwrap_or(config.serve.listen);
        let data_dir = folder.path().join("data");
        let now = Timestamp::now();
        let _lock = tick::lock::Lock::take(&data_dir, now)?;
        let report = Tick::new(&config, &data_dir, now).live(arguments.once.is_none()).run().await?;
        if !globals.quiet {
            output::print(&tell(&config, &report, &data_dir)?);
        }
        if let Some(target) = &arguments.once {
            let files = copy(&tick::public_dir(&data_dir), target)
                .map_err(|e| Failed::job(format!("{} cannot be written: {e}", target.display())))?;
            if !globals.quiet {
                output::print(&format!("\n{files} files written to {}\n", target.display()));
            }
            origin.stop();
            return Ok(ExitCode::SUCCESS);
        }
        let serving = |news: News<'_>| {
            if let News::Serving(address) = news {
                output::print(&format!(
                    "\nOpen http://{address}/ in a browser, or http://{address}/atom.xml in a feed reader. Ctrl-C ends the demo.\n"
                ));
            }
        };
        let served = daemon::serve_only(&config, &data_dir, &serving, daemon::stop_signal()).await;
        origin.stop();
        served.map_err(Failed::job)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// What the pass found: sources, failures, stories that several sources tell.
fn tell(config: &Config, report: &Report, data_dir: &Path) -> Result<String, Failed> {
    let store = crate::store::Store::read_only(&tick::database_path(data_dir))?;
    let infos = tick::source_infos(config, &store)?;
    let filter = crate::store::StoryFilter { limit: 1000, ..crate::store::StoryFilter::default() };
    let stories = store.stories_for(&filter, &infos)?;
    let mut text = format!(
        "{} sources (Persian, Arabic, English; RSS 2.0, RDF, Atom, JSON Feed), {} of them in trouble:\n",
        SITES.len(),
        SITES.iter().filter(|s| s.state != State::Sound).count(),
    );
    for (source, failure) in &report.failures {
        text.push_str(&format!("  {source}: {}\n", failure.message));
    }
    text.push_str(&format!(
        "{} entries became {} stories. Told by more than one:\n",
        report.new_entries,
        stories.len()
    ));
    for story in stories.iter().filter(|s| s.members.len() > 1) {
        text.push_str(&format!("  {}\n", story.lead().entry.article.title));
        for member in &story.members {
            let why = member.why.as_ref().map_or_else(String::new, |why| format!(" — {}", why.reason));
            text.push_str(&format!("      {}{why}\n", member.source.title));
        }
    }
    Ok(text)
}

/// Copies the published files. Gives how many there are.
fn copy(from: &Path, to: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            files += copy(&entry.path(), &to.join(name))?;
        } else if !name.to_string_lossy().starts_with('.') {
            std::fs::copy(entry.path(), to.join(name))?;
            files += 1;
        }
    }
    Ok(files)
}
