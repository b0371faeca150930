//! `kariz status`: how every source is doing.

use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;

use anstyle::AnsiColor;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::{Globals, Outcome, load_config, output};
use crate::config::Config;
use crate::model::{Source, SourceId};
use crate::store::{SourceState, Store, StoreError, Watched};
use crate::tick::{database_path, public_url};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Exit with 4 when a source is failing, silent, moved or gone: for monitors.
    #[arg(long)]
    fail: bool,
}

/// What is told of one source. The names are stable.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    title: String,
    url: String,
    /// One of `new`, `ok`, `waiting`, `failing`, `gone`, `disabled`.
    state: &'static str,
    moved_to: Option<String>,
    last_visit: Option<Timestamp>,
    last_success: Option<Timestamp>,
    last_new: Option<Timestamp>,
    next_due: Option<Timestamp>,
    waiting_until: Option<Timestamp>,
    http_status: Option<u16>,
    error_kind: Option<String>,
    error: Option<String>,
    failures: u32,
    entries: u32,
    /// Since when the source is `failing`, `gone`, `moved` or `silent`.
    flags: BTreeMap<String, Timestamp>,
    warnings: Vec<String>,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let path = database_path(&config.data_dir(globals.data_dir.as_deref()));
    // Before the first pass there is no database, and every source is new.
    let mut known: HashMap<SourceId, Known> = HashMap::new();
    if path.exists() {
        let store = Store::read_only(&path)?;
        let (counts, mut watched) = (store.entry_counts()?, watched_by_id(&store)?);
        known.extend(store.source_states()?.into_iter().map(|state| {
            let entries = counts.get(&state.key).copied().unwrap_or(0);
            let watched = watched.remove(&state.id);
            (state.id.clone(), Known { state, entries, watched })
        }));
    }
    let now = Timestamp::now();
    let rows: Vec<Row> =
        config.sources.iter().map(|source| row(source, known.get(&source.id), now)).collect();
    if arguments.json {
        let value = serde_json::json!({ "now": now, "sources": rows });
        output::print(&format!("{value:#}\n"));
    } else {
        output::print(&table(&config, &rows, now));
    }
    let failed = arguments.fail && rows.iter().any(|row| !row.flags.is_empty());
    Ok(ExitCode::from(if failed { 4 } else { 0 }))
}

/// What the store knows of one source.
struct Known {
    state: SourceState,
    entries: u32,
    watched: Option<Watched>,
}

fn watched_by_id(store: &Store) -> Result<HashMap<SourceId, Watched>, StoreError> {
    Ok(store.watched()?.into_iter().map(|watched| (watched.id.clone(), watched)).collect())
}

fn row(source: &Source, known: Option<&Known>, now: Timestamp) -> Row {
    let state = known.map(|known| &known.state);
    let waiting_until = state.and_then(|s| s.retry_at).filter(|at| *at > now);
    let word = match state {
        _ if !source.enabled => "disabled",
        None => "new",
        Some(s) if s.gone => "gone",
        Some(_) if waiting_until.is_some() => "waiting",
        Some(s) if s.error_kind.is_some() => "failing",
        Some(s) if s.last_visit.is_none() => "new",
        Some(_) => "ok",
    };
    Row {
        id: source.id.to_string(),
        title: source
            .title
            .clone()
            .or_else(|| state.and_then(|s| s.about.title.clone()))
            .unwrap_or_else(|| source.id.to_string()),
        url: public_url(source),
        state: word,
        moved_to: state.and_then(|s| s.moved_to.as_ref()).map(ToString::to_string),
        last_visit: state.and_then(|s| s.last_visit),
        last_success: state.and_then(|s| s.last_success),
        last_new: state.and_then(|s| s.last_new),
        next_due: state.and_then(|s| s.next_due),
        waiting_until,
        http_status: state.and_then(|s| s.http_status),
        error_kind: state.and_then(|s| s.error_kind.clone()),
        error: state.and_then(|s| s.error.clone()),
        failures: state.map_or(0, |s| s.failures),
        entries: known.map_or(0, |known| known.entries),
        flags: known
            .and_then(|known| known.watched.as_ref())
            .into_iter()
            .flat_map(|watched| &watched.flags)
            .filter_map(|(flag, since)| Some((flag.clone(), Timestamp::from_second(*since).ok()?)))
            .collect(),
        warnings: state.map_or_else(Vec::new, |s| s.warnings.clone()),
    }
}

/// One line a source, and below it what is wrong, if anything is.
fn table(config: &Config, rows: &[Row], now: Timestamp) -> String {
    let colours = output::colours_on_stdout();
    let width = rows.iter().map(|r| r.id.chars().count()).max().unwrap_or(0).max(6);
    let mut text = format!(
        "{:width$}  {:8}  {:>12}  {:>12}  {:>12}  {:>4}  {:>7}\n",
        "source", "state", "last success", "last new", "next due", "http", "entries"
    );
    for row in rows {
        let colour = match row.state {
            "ok" => AnsiColor::Green,
            "failing" | "gone" => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        let style = output::style(colour, colours);
        text.push_str(&format!(
            "{:width$}  {style}{:8}{style:#}  {:>12}  {:>12}  {:>12}  {:>4}  {:>7}\n",
            row.id,
            row.state,
            ago(row.last_success, now),
            ago(row.last_new, now),
            ago(row.next_due, now),
            row.http_status.map_or_else(|| "-".to_owned(), |s| s.to_string()),
            row.entries,
        ));
        if let Some(until) = row.waiting_until {
            text.push_str(&format!("{:width$}  waiting until {until:.0}\n", ""));
        }
        if let Some(error) = &row.error {
            let times =
                if row.failures > 1 { format!(" ({} times in a row)", row.failures) } else { String::new() };
            text.push_str(&format!("{:width$}  {error}{times}\n", ""));
        }
        if let Some(since) = row.flags.get("silent") {
            text.push_str(&format!(
                "{:width$}  silent for longer than expected (noticed {})\n",
                "",
                ago(Some(*since), now)
            ));
        }
        if let Some(moved) = &row.moved_to {
            text.push_str(&format!(
                "{:width$}  moved for good to {moved}; put that address into {}\n",
                "",
                config.path.display()
            ));
        }
        for warning in row.warnings.iter().take(WARNINGS) {
            text.push_str(&format!("{:width$}  warning: {}\n", "", output::one_line(warning, 300)));
        }
        if let Some(more) = row.warnings.len().checked_sub(WARNINGS + 1) {
            text.push_str(&format!("{:width$}  and {} more warnings: kariz status --json\n", "", more + 1));
        }
    }
    text
}

/// How many warnings of a source are told.
const WARNINGS: usize = 3;

/// A time as people say it: "3 min ago", "in 2 h".
fn ago(at: Option<Timestamp>, now: Timestamp) -> String {
    let Some(at) = at else { return "-".to_owned() };
    let seconds = at.as_second() - now.as_second();
    let (count, unit) = match seconds.unsigned_abs() {
        s if s < 60 => return if seconds > 0 { "in a moment".to_owned() } else { "just now".to_owned() },
        s if s < 3600 => (s / 60, "min"),
        s if s < 86_400 => (s / 3600, "h"),
        s => (s / 86_400, "d"),
    };
    if seconds > 0 { format!("in {count} {unit}") } else { format!("{count} {unit} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_say_them() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let at = |s: i64| Timestamp::from_second(1_000_000 + s).ok();
        for (at, said) in [
            (None, "-"),
            (at(0), "just now"),
            (at(30), "in a moment"),
            (at(-180), "3 min ago"),
            (at(7300), "in 2 h"),
            (at(-200_000), "2 d ago"),
        ] {
            assert_eq!(ago(at, now), said);
        }
    }
}
