//! `kariz fetch`: one pass, for cron.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;

use super::{
    Failed, Globals, Outcome, load_config, output, refresh_includes, run_time_for_a_pass, see_to_database,
};
use crate::config::Config;
use crate::tick::{self, Event, Report, Tick, TickError};
use crate::websub;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Read every source, due or not. Hosts that asked to be left alone are left alone.
    #[arg(long)]
    all: bool,
    /// Exit with 4 when a source failed.
    #[arg(long)]
    strict: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let data_dir = config.data_dir(globals.data_dir.as_deref());
    let now = Timestamp::now();
    let lock = tick::lock::Lock::take(&data_dir, now)?;
    see_to_database(&config, &data_dir, &lock, now)?;
    let bar = progress_bar(globals, arguments.json);
    let watch = watcher(&bar);
    let (config, report) = run_time_for_a_pass()?.block_on(async {
        let client = tick::client(&config)?;
        let config = refresh_includes(globals, config, &data_dir, &client, now).await?;
        let pass =
            || Tick::new(&config, &data_dir, now).with_client(&client).all(arguments.all).watched_by(&watch);
        let mut report = pass().run().await;
        if report.as_ref().is_err_and(TickError::is_damage) {
            lock.suspects();
            see_to_database(&config, &data_dir, &lock, now)?;
            report = pass().run().await;
        }
        bar.finish_and_clear();
        let report = report?;
        ping(&config, &data_dir, &client, &report).await;
        if let Err(failure) = tick::call_webhook(&client, &config, &report.flags).await {
            output::error(&format!("the webhook of [status]: {}", failure.message));
        }
        Ok::<_, Failed>((config, report))
    })?;
    if arguments.json {
        output::print(&format!("{:#}\n", json(&report)));
    } else {
        tell(globals, &config, &report);
    }
    let failed = arguments.strict && !report.failures.is_empty();
    Ok(ExitCode::from(if failed { 4 } else { 0 }))
}

/// Tells the hub which outputs have changed, if feeds.toml names one. Our own hub is the daemon's.
async fn ping(config: &Config, data_dir: &Path, client: &tick::Client, report: &Report) {
    let settings = crate::daemon::websub_settings(config, data_dir);
    if let Some(hub) = &settings.pinged {
        let changed = settings.topics.iter().filter(|t| report.published.written.contains(&t.path));
        let private = settings.allow_private_addresses;
        websub::ping(client, hub, changed.map(|topic| &topic.url), private).await;
    }
}

/// A bar where a person watches, else one that draws nothing.
pub(super) fn progress_bar(globals: &Globals, machine_reads: bool) -> ProgressBar {
    let seen = std::io::stderr().is_terminal() && !globals.quiet && !machine_reads;
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let template = "{bar:30} {pos}/{len} sources · {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Moves the bar as the pass goes on.
pub(super) fn watcher(bar: &ProgressBar) -> impl Fn(Event) + Send + Sync + use<> {
    let bar = bar.clone();
    let counts = std::sync::Mutex::new((0, 0));
    move |event| match event {
        Event::Due(sources) => {
            bar.set_length(sources as u64);
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Event::Visited { new_entries, failed } => {
            let mut counts = counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            counts.0 += new_entries;
            counts.1 += usize::from(failed);
            bar.set_message(format!("{} new entries · {} failed", counts.0, counts.1));
            bar.inc(1);
        }
    }
}

/// One line, and one for each source that failed.
pub(super) fn tell(globals: &Globals, config: &Config, report: &Report) {
    for (source, failure) in &report.failures {
        output::error(&format!("{source}: {}", failure.message));
    }
    if report.everything_failed() {
        output::error(
            "not one source could be reached: this machine may be offline; what was published stays as it was",
        );
    }
    if globals.quiet {
        return;
    }
    let resting = config.sources.iter().filter(|s| s.enabled).count().saturating_sub(report.visited);
    output::print(&format!(
        "{} source(s) read, {resting} not due, {} failed; {} new entries, {} new stories; {}\n",
        report.visited,
        report.failures.len(),
        report.new_entries,
        report.new_stories,
        match report.published.written.len() {
            0 => "nothing to publish".to_owned(),
            n => format!("{n} file(s) written"),
        },
    ));
}

fn json(report: &Report) -> serde_json::Value {
    let failures: Vec<_> = report
        .failures
        .iter()
        .map(|(source, failure)| {
            json!({
                "source": source,
                "error_kind": failure.kind.as_str(),
                "error": failure.message,
                "http_status": failure.status,
                "retry_at": failure.retry_at,
            })
        })
        .collect();
    json!({
        "visited": report.visited,
        "unchanged": report.unchanged,
        "new_entries": report.new_entries,
        "changed_entries": report.changed_entries,
        "new_stories": report.new_stories,
        "written": report.published.written,
        "removed": report.published.removed,
        "failures": failures,
    })
}
