//! `kariz serve`: what is published, without reading any source.

use std::process::ExitCode;

use clap::Args;

use super::{Failed, Globals, Outcome, load_config, output, run_time};
use crate::daemon::{self, News};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to answer, instead of `[serve] listen`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let mut config = load_config(globals)?;
    config.serve.listen = arguments.listen.unwrap_or(config.serve.listen);
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let tell = |news: News<'_>| {
        if let News::Serving(address) = news
            && !globals.quiet
        {
            output::print(&format!("serving http://{address}/\n"));
        }
    };
    run_time()?
        .block_on(daemon::serve_only(&config, &data_dir, &tell, daemon::stop_signal()))
        .map_err(Failed::job)?;
    Ok(ExitCode::SUCCESS)
}
