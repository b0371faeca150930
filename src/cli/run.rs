//! `kariz run`: the daemon.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use super::{Failed, Globals, Outcome, load_config, output, run_time, see_to_database};
use crate::config::{Config, ConfigError};
use crate::daemon::{self, Daemon, News, Time};
use crate::tick;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to answer, instead of `[serve] listen`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
}

/// How long what is being written gets when it is told to stop.
const GRACE: Duration = Duration::from_secs(2);

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let listen = move |mut config: Config| {
        config.serve.listen = arguments.listen.unwrap_or(config.serve.listen);
        config
    };
    let config = listen(load_config(globals)?);
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let now = Timestamp::now();
    let lock = tick::lock::Lock::take(&data_dir, now)?;
    see_to_database(&config, &data_dir, &lock, now)?;
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
        News::Failed(error, pause) => {
            output::error(&format!(
                "{error}\nwhat is published is served meanwhile; the next try is in {pause:?}"
            ));
        }
        News::Recovered(recovered) => output::error(&recovered.to_string()),
    };
    let run_time = run_time()?;
    let daemon = Daemon {
        config,
        data_dir: &data_dir,
        lock: &lock,
        reload: &reload,
        tell: &tell,
        time: Time::system(),
    };
    let outcome = run_time.block_on(daemon.run(daemon::stop_signal()));
    run_time.shutdown_timeout(GRACE);
    outcome.map_err(Failed::job)?;
    Ok(ExitCode::SUCCESS)
}
