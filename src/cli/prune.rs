//! `kariz prune`: take out now what is kept no longer, and give the room back.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::{Globals, Outcome, load_config, output, see_to_database};
use crate::store::{Room, Store};
use crate::tick::{self, database_path, retention};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only say what would leave.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let path = database_path(&data_dir);
    let now = Timestamp::now();
    if !path.exists() {
        output::print("there is nothing stored yet\n");
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.dry_run {
        let (pruned, room) = retention::prunable(&Store::read_only(&path)?, &config, now)?;
        output::print(&format!(
            "{} stories with {} entries would leave; the database has {}\n",
            pruned.stories,
            pruned.entries,
            told(room)
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let lock = tick::lock::Lock::take(&data_dir, now)?;
    see_to_database(&config, &data_dir, &lock, now)?;
    let mut store = Store::open(&path)?;
    let pruned = retention::prune(&mut store, &config, now)?;
    if !globals.quiet {
        output::print(&format!(
            "{} stories with {} entries left; the database has {}\n",
            pruned.stories,
            pruned.entries,
            told(store.room()?)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn told(room: Room) -> String {
    let size = |bytes: u64| bytesize::ByteSize(bytes).display().si();
    format!("{}, of which {} are free", size(room.file), size(room.free))
}
