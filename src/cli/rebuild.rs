//! `kariz rebuild`: publish again, without asking any source.

use std::process::ExitCode;

use jiff::Timestamp;

use super::{Globals, Outcome, load_config, output, see_to_database};
use crate::tick;

pub(super) fn run(globals: &Globals) -> Outcome {
    let config = load_config(globals)?;
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let now = Timestamp::now();
    let lock = tick::lock::Lock::take(&data_dir, now)?;
    see_to_database(&config, &data_dir, &lock, now)?;
    let published = tick::rebuild(&config, &data_dir, now)?;
    if !globals.quiet {
        output::print(&format!(
            "every file was made again; {} read differently and were written, {} were removed\n",
            published.written.len(),
            published.removed.len()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
