//! `kariz man`: the manual pages, made of what the commands say of themselves.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory};

use super::{Failed, Outcome, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A folder for a page of each command; without it, the page of kariz itself is printed.
    folder: Option<PathBuf>,
}

pub(super) fn run<C: CommandFactory>(arguments: Arguments) -> Outcome {
    let command = C::command();
    match arguments.folder {
        Some(folder) => {
            std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(command, &folder))
                .map_err(|error| Failed::job(format!("{} cannot be written: {error}", folder.display())))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page).map_err(Failed::job)?;
            output::print(&String::from_utf8_lossy(&page));
        }
    }
    Ok(ExitCode::SUCCESS)
}
