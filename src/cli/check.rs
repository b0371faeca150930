//! `kariz check`: is feeds.toml valid?

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Failed, Globals, Outcome, output};
use crate::config;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    // Lists from the network are not asked for: a check works offline.
    let result = config::load(&globals.config, &|_, _| None);
    if let Ok(config) = &result
        && let Err(error) = crate::tick::check_theme(config)
    {
        if arguments.json {
            let problem = json!({ "file": null, "line": null, "column": null, "message": error.to_string(), "help": null });
            output::print(&format!("{:#}\n", json!({ "valid": false, "problems": [problem] })));
            return Ok(ExitCode::from(2));
        }
        return Err(Failed::usage(format!("1 problem in the theme\n{error}")));
    }
    if arguments.json {
        let (code, value) = match &result {
            Ok(config) => (0, json!({ "valid": true, "sources": config.sources.len(), "problems": [] })),
            Err(error) => {
                let problems: Vec<_> = error
                    .problems
                    .iter()
                    .map(|p| {
                        json!({
                            "file": p.file.display().to_string(),
                            "line": p.line,
                            "column": p.column,
                            "message": p.message,
                            "help": p.help,
                        })
                    })
                    .collect();
                (2, json!({ "valid": false, "problems": problems }))
            }
        };
        output::print(&format!("{value:#}\n"));
        return Ok(ExitCode::from(code));
    }
    match result {
        Ok(config) => {
            if !globals.quiet {
                let (sources, outputs) = (config.sources.len(), config.outputs.len());
                let resting = config.sources.iter().filter(|s| !s.enabled).count();
                let resting = if resting > 0 { format!(" ({resting} not enabled)") } else { String::new() };
                let lists = match config.remote_includes.len() {
                    0 => String::new(),
                    n => format!(", {n} list(s) from the network not looked at"),
                };
                output::print(&format!(
                    "{}: valid, {sources} source(s){resting}, {outputs} output(s){lists}\n",
                    globals.config.display()
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let count = error.problems.len();
            Err(Failed::usage(format!("{count} problem(s) in the configuration\n{error}")))
        }
    }
}
