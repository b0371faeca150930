//! `kariz run`: the daemon.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use super::{Failed, Globals, Outcome, load_config, output, run_time};
use crate::config::{Config, ConfigError};
use crate::daemon::{self, News};
use crate::tick;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to answer, instead of `[serve] listen`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
}

/// How long visits in flight and readers get when it is told to stop.
const GRACE: Duration = Duration::from_secs(4);

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let listen = move |mut config: Config| {
        config.serve.listen = arguments.listen.unwrap_or(config.serve.listen);
        config
    };
    let config = listen(load_config(globals)?);
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let _lock = tick::lock::Lock::take(&data_dir, Timestamp::now())?;
    let reload = || -> Result<Config, ConfigError> { load_config(globals).map(listen) };
    let tell = |news: News<'_>| match news {
        News::Serving(address) if !globals.quiet => {
            output::print(&format!("serving http://{address}/ (atom.xml, rss.xml, feed.json, opml.xml)\n"));
        }
        News::Serving(_) => {}
        News::Pass(config, report) => {
            if report.visited > 0 {
                super::fetch::tell(globals, config, report);
            }
        }
    };
    let run_time = run_time()?;
    let outcome = run_time.block_on(daemon::run(config, &data_dir, &reload, &tell, daemon::stop_signal()));
    run_time.shutdown_timeout(GRACE);
    outcome.map_err(Failed::job)?;
    Ok(ExitCode::SUCCESS)
}
