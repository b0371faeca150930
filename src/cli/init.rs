//! `kariz init`: a commented feeds.toml to begin with.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::{Failed, Globals, Outcome, output};

const TEMPLATE: &str = include_str!("init.toml");

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print it instead of writing a file.
    #[arg(long)]
    stdout: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    if arguments.stdout {
        output::print(TEMPLATE);
        return Ok(ExitCode::SUCCESS);
    }
    let path = &globals.config;
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(TEMPLATE.as_bytes()));
    match written {
        Ok(()) => {
            if !globals.quiet {
                output::print(&format!(
                    "{} written. Put your sources in, then: kariz check, kariz run\n",
                    path.display()
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Err(Failed::usage(format!(
            "{} is there already and was left alone; name another file with --config FILE",
            path.display()
        ))),
        Err(e) => Err(Failed::job(format!("{} cannot be written: {e}", path.display()))),
    }
}
