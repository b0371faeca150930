//! `kariz backup FILE` and `kariz restore FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::{Failed, Globals, Outcome, load_config, output};
use crate::store::Store;
use crate::tick::{self, database_path};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where the copy goes. It takes the place of what is there, once it is whole.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// A copy that `kariz backup` made.
    file: PathBuf,
}

/// Copies the database while it may be in use.
pub(super) fn backup(globals: &Globals, arguments: Backup) -> Outcome {
    let config = load_config(globals)?;
    let path = database_path(&config.data_dir(globals.data_dir.as_deref()));
    if !path.exists() {
        return Err(Failed::job(format!("there is no database at {} yet", path.display())));
    }
    let same =
        |a: &PathBuf, b: &PathBuf| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    if same(&arguments.file, &path) {
        return Err(Failed::usage(
            "the copy cannot take the place of the database itself; name another file",
        ));
    }
    let store = Store::read_only(&path)?;
    store.backup(&arguments.file)?;
    if !globals.quiet {
        output::print(&format!("{} is a copy of {}\n", arguments.file.display(), path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes a copy for the database.
pub(super) fn restore(globals: &Globals, arguments: Restore) -> Outcome {
    let config = load_config(globals)?;
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let now = Timestamp::now();
    let lock = tick::lock::Lock::take(&data_dir, now)?;
    let restored = tick::recovery::restore(&config, &data_dir, &arguments.file, now)?;
    lock.checked(now);
    if !globals.quiet {
        let mut text = format!("the database is {} now", arguments.file.display());
        if let Some(aside) = &restored.aside {
            text.push_str(&format!("; what was there is kept as {}", aside.display()));
        }
        if restored.from_outputs > 0 {
            text.push_str(&format!(
                "; {} stories that are younger than the copy were read back from the published files",
                restored.from_outputs
            ));
        }
        output::print(&format!("{text}\n"));
    }
    Ok(ExitCode::SUCCESS)
}
