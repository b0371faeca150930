//! What a person types and sees: one file a command.

mod add;
mod allocator;
mod backup;
mod check;
mod completions;
mod demo;
mod export;
mod fetch;
mod import;
mod init;
pub mod inspect;
mod inspect_cmd;
pub mod inspect_page;
mod man;
mod output;
mod preview;
mod prune;
mod rebuild;
mod remove;
mod run;
mod search;
mod serve;
mod sources_file;
mod status;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{self, Config, ConfigError};
use crate::store::StoreError;
use crate::tick::lock::Locked;

/// Many news sources in, one merged feed out.
#[derive(Debug, Parser)]
#[command(
    name = "kariz",
    version,
    about,
    propagate_version = true,
    after_help = "Exit codes: 0 done (failed sources are reported, not fatal) · 1 could not do the job · \
                  2 configuration or usage · 3 another run holds the data folder · 4 with --strict or --fail: a source failed or needs attention"
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
pub(crate) struct Globals {
    /// The configuration file.
    #[arg(
        long,
        short,
        global = true,
        value_name = "FILE",
        env = "KARIZ_CONFIG",
        default_value = "feeds.toml"
    )]
    config: PathBuf,
    /// The folder of the database and of the published files; by default `data` beside the configuration.
    #[arg(long, global = true, value_name = "DIR", env = "KARIZ_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Say more; twice: everything.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing but errors.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// How log lines are written.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people and journald.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the sources when they are due, publish, serve, and go on until stopped.
    Run(run::Arguments),
    /// One pass: read the sources that are due, publish what changed, exit. For cron.
    Fetch(fetch::Arguments),
    /// Serve what is published, without reading any source.
    Serve(serve::Arguments),
    /// Show it all in one minute without a network: sources of its own, the very same pipeline.
    Demo(demo::Arguments),
    /// Find what can be read at an address, show what it is like, and write it into the configuration.
    Add(add::Arguments),
    /// Take a source out of the configuration.
    Remove(remove::Arguments),
    /// Take the subscriptions of another reader (OPML) into the configuration.
    Import(import::Arguments),
    /// Print the sources as an OPML list.
    Export(export::Arguments),
    /// Check the configuration, without a network.
    Check(check::Arguments),
    /// Show how every source is doing.
    Status(status::Arguments),
    /// Show what a pass would do with each entry, and which rule says so, without doing it.
    Preview(preview::Arguments),
    /// Find stories by their words, in all that is stored.
    Search(search::Arguments),
    /// Show why entries are one story, and why the nearest other one is not part of it.
    Why(why::Arguments),
    /// Show what kariz understands of one document, exactly as it came from the wire.
    Inspect(inspect_cmd::Arguments),
    /// Copy the database to a file, while it may be in use.
    Backup(backup::Backup),
    /// Take a copy of `backup` for the database; what was there is kept beside it.
    Restore(backup::Restore),
    /// Publish again all that is stored, without asking any source.
    Rebuild,
    /// Take out now what is kept no longer (`keep_period`, `keep_max`), and give the room back.
    Prune(prune::Arguments),
    /// Write a commented feeds.toml to begin with.
    Init(init::Arguments),
    /// Print the completions of a shell.
    Completions(completions::Arguments),
    /// Print the manual page, or write one of each command into a folder.
    Man(man::Arguments),
}

/// Why a command ends other than with success: what is told, and the exit code.
#[derive(Debug)]
pub(crate) struct Failed {
    code: u8,
    message: String,
}

impl Failed {
    /// Could not do the job: exit code 1.
    pub(crate) fn job(message: impl std::fmt::Display) -> Self {
        Self { code: 1, message: message.to_string() }
    }

    /// Configuration or usage: exit code 2.
    pub(crate) fn usage(message: impl std::fmt::Display) -> Self {
        Self { code: 2, message: message.to_string() }
    }
}

impl From<ConfigError> for Failed {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::job(error)
    }
}

impl From<Locked> for Failed {
    fn from(locked: Locked) -> Self {
        let code = if matches!(locked, Locked::Held { .. }) { 3 } else { 1 };
        Self { code, message: locked.to_string() }
    }
}

impl From<crate::tick::TickError> for Failed {
    fn from(error: crate::tick::TickError) -> Self {
        Self::job(error)
    }
}

/// What a command gives back: its exit code, or what went wrong.
pub(crate) type Outcome = Result<ExitCode, Failed>;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let globals = &cli.globals;
    init_logging(globals);
    if matches!(cli.command, Command::Run(_) | Command::Fetch(_) | Command::Demo(_) | Command::Rebuild) {
        allocator::use_few_heaps();
    }
    let outcome = match cli.command {
        Command::Run(arguments) => run::run(globals, arguments),
        Command::Fetch(arguments) => fetch::run(globals, arguments),
        Command::Serve(arguments) => serve::run(globals, arguments),
        Command::Demo(arguments) => demo::run(globals, arguments),
        Command::Add(arguments) => add::run(globals, arguments),
        Command::Remove(arguments) => remove::run(globals, arguments),
        Command::Import(arguments) => import::run(globals, arguments),
        Command::Export(arguments) => export::run(globals, arguments),
        Command::Check(arguments) => check::run(globals, arguments),
        Command::Status(arguments) => status::run(globals, arguments),
        Command::Preview(arguments) => preview::run(globals, arguments),
        Command::Search(arguments) => search::run(globals, arguments),
        Command::Why(arguments) => why::run(globals, arguments),
        Command::Inspect(arguments) => inspect_cmd::run(globals, arguments),
        Command::Backup(arguments) => backup::backup(globals, arguments),
        Command::Restore(arguments) => backup::restore(globals, arguments),
        Command::Rebuild => rebuild::run(globals),
        Command::Prune(arguments) => prune::run(globals, arguments),
        Command::Init(arguments) => init::run(globals, arguments),
        Command::Completions(arguments) => completions::run::<Cli>(arguments),
        Command::Man(arguments) => man::run::<Cli>(arguments),
    };
    outcome.unwrap_or_else(|failed| {
        output::error(&failed.message);
        ExitCode::from(failed.code)
    })
}

/// Log lines go to standard error; what a command was asked for goes to standard output.
fn init_logging(globals: &Globals) {
    use tracing_subscriber::EnvFilter;
    let level = match (globals.quiet, globals.verbose) {
        (true, _) => "error",
        (_, 0) => "kariz=warn",
        (_, 1) => "kariz=info",
        (_, 2) => "kariz=debug",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("KARIZ_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(output::colours_on_stderr())
        .with_writer(std::io::stderr);
    // A second initialisation (tests within one process) keeps the first.
    let _ = match globals.log_format {
        LogFormat::Text => builder.compact().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Reads the configuration, with the lists from the network as they were fetched last.
///
/// # Errors
/// All problems of all files.
pub(crate) fn load_config(globals: &Globals) -> Result<Config, ConfigError> {
    let config = with_kept_lists(globals, |kept| config::load(&globals.config, kept))?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(config)
}

/// Reads a text as what the configuration file says, or would say.
///
/// # Errors
/// As [`load_config`].
pub(crate) fn parse_config(globals: &Globals, text: &str) -> Result<Config, ConfigError> {
    with_kept_lists(globals, |kept| config::parse(&globals.config, text, kept))
}

/// Does something with the lists from the network as they were fetched last.
fn with_kept_lists<T>(globals: &Globals, work: impl FnOnce(config::RemoteText<'_>) -> T) -> T {
    let store = std::cell::OnceCell::new();
    work(&|data_dir, url| {
        let store = store.get_or_init(|| {
            let data_dir = globals.data_dir.as_deref().unwrap_or(data_dir);
            crate::store::Store::read_only(&crate::tick::database_path(data_dir)).ok()
        });
        store.as_ref()?.included(url.as_str()).ok().flatten().map(|(text, _)| text)
    })
}

/// Sees that the database can be used, and tells where it had to be made again. The data folder must be locked by
/// the caller.
pub(crate) fn see_to_database(
    config: &Config,
    data_dir: &std::path::Path,
    lock: &crate::tick::lock::Lock,
    now: jiff::Timestamp,
) -> Result<(), Failed> {
    if let Some(recovered) = crate::tick::recovery::see_to_database(config, data_dir, lock, now)? {
        output::error(&recovered.to_string());
    }
    Ok(())
}

/// Fetches the lists of sources that come from the network, and reads the configuration again where one of them
/// says something new. Gives the configuration to go on with. The data folder must be locked by the caller.
pub(crate) async fn refresh_includes(
    globals: &Globals,
    config: Config,
    data_dir: &std::path::Path,
    client: &crate::tick::Client,
    now: jiff::Timestamp,
) -> Result<Config, Failed> {
    let private = config.fetch.allow_private_addresses;
    let (changed, failed) =
        crate::tick::refresh_includes(&config.remote_includes, data_dir, client, private, now).await?;
    for (url, why) in failed {
        output::error(&format!("the list {url}: {why}; its sources stay as they were"));
    }
    if changed { Ok(load_config(globals)?) } else { Ok(config) }
}

/// A run time for one pass: its requests are one task, and their connections go to the same thread. (With more threads each
/// answer woke another thread twice: a third of a pass in which nothing is new.) What takes long has threads of its own.
pub(crate) fn run_time_for_a_pass() -> Result<tokio::runtime::Runtime, Failed> {
    built(tokio::runtime::Builder::new_current_thread())
}

/// A run time with as many threads as there are cores.
pub(crate) fn run_time() -> Result<tokio::runtime::Runtime, Failed> {
    built(tokio::runtime::Builder::new_multi_thread())
}

fn built(mut builder: tokio::runtime::Builder) -> Result<tokio::runtime::Runtime, Failed> {
    builder.enable_all().build().map_err(|e| Failed::job(format!("the system gives no threads: {e}")))
}
