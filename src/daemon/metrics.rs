//! `/metrics`, in the words of OpenMetrics: what a Prometheus asks for.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::config::Config;
use crate::tick::{self, Overview, Report};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    source: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Flagged {
    flag: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

type Number = Gauge<i64, AtomicI64>;

/// What is counted while the daemon runs, and measured when somebody asks.
pub(super) struct Metrics {
    registry: Registry,
    passes: Family<Ended, Counter<u64, AtomicU64>>,
    pass_seconds: Histogram,
    last_pass: Number,
    visits: Family<Ended, Counter<u64, AtomicU64>>,
    entries: Counter<u64, AtomicU64>,
    stories: Counter<u64, AtomicU64>,
    files: Counter<u64, AtomicU64>,
    pruned: Counter<u64, AtomicU64>,
    reloads: Family<Ended, Counter<u64, AtomicU64>>,
    measured: Mutex<Measured>,
}

/// What is measured when somebody asks; one at a time.
#[derive(Default)]
struct Measured {
    sources: Family<InState, Number>,
    flags: Family<Flagged, Number>,
    up: Family<Named, Number>,
    last_success: Family<Named, Number>,
    last_new: Family<Named, Number>,
    database: Number,
    free: Number,
    memory: Number,
    descriptors: Number,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("kariz");
        let passes = Family::default();
        let pass_seconds = Histogram::new([0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0]);
        let (last_pass, visits) = (Number::default(), Family::default());
        let (entries, stories) = (Counter::default(), Counter::default());
        let (files, pruned, reloads) = (Counter::default(), Counter::default(), Family::default());
        let measured = Measured::default();
        registry.register("passes", "Passes, by how they ended", passes.clone());
        registry.register_with_unit("pass", "How long a pass took", Unit::Seconds, pass_seconds.clone());
        registry.register("last_pass_timestamp_seconds", "When the last pass ended", last_pass.clone());
        registry.register("visits", "Visits to sources, by how they ended", visits.clone());
        registry.register("entries_new", "Entries that were not there before", entries.clone());
        registry.register("stories_new", "Stories that were not there before", stories.clone());
        registry.register("files_written", "Published files that got new bytes", files.clone());
        registry.register("entries_pruned", "Entries that are kept no longer", pruned.clone());
        registry.register("reloads", "Readings of a changed feeds.toml, by how they ended", reloads.clone());
        registry.register("sources", "Sources, by state", measured.sources.clone());
        registry.register(
            "flagged_sources",
            "Sources that need attention, by what for",
            measured.flags.clone(),
        );
        registry.register("source_up", "1: the source answered as it should last time", measured.up.clone());
        registry.register(
            "source_last_success_timestamp_seconds",
            "When the source answered as it should last",
            measured.last_success.clone(),
        );
        registry.register(
            "source_last_new_timestamp_seconds",
            "When the source brought something new last",
            measured.last_new.clone(),
        );
        registry.register("database_bytes", "The database file", measured.database.clone());
        registry.register("database_free_bytes", "Of it, free for new rows", measured.free.clone());
        registry.register("resident_memory_bytes", "Memory of the process", measured.memory.clone());
        registry.register("open_descriptors", "Open files and connections", measured.descriptors.clone());
        Self {
            registry,
            passes,
            pass_seconds,
            last_pass,
            visits,
            entries,
            stories,
            files,
            pruned,
            reloads,
            measured: Mutex::new(measured),
        }
    }

    /// A pass is done.
    pub(super) fn pass(&self, report: &Report, took: Duration, now: Timestamp) {
        self.passes.get_or_create(&Ended { outcome: "done" }).inc();
        self.pass_seconds.observe(took.as_secs_f64());
        self.last_pass.set(now.as_second());
        let failed = report.failures.len();
        let read = report.visited.saturating_sub(failed + report.unchanged);
        for (outcome, n) in [("read", read), ("unchanged", report.unchanged), ("failed", failed)] {
            self.visits.get_or_create(&Ended { outcome }).inc_by(n as u64);
        }
        self.entries.inc_by(report.new_entries as u64);
        self.stories.inc_by(report.new_stories as u64);
        self.files.inc_by(report.published.written.len() as u64);
        self.pruned.inc_by(report.pruned.entries as u64);
    }

    /// A pass could not be done.
    pub(super) fn failed_pass(&self) {
        self.passes.get_or_create(&Ended { outcome: "failed" }).inc();
    }

    /// feeds.toml was read again.
    pub(super) fn reload(&self, taken: bool) {
        self.reloads.get_or_create(&Ended { outcome: if taken { "taken" } else { "refused" } }).inc();
    }

    /// All of it as text.
    pub(super) fn page(&self, config: &Config, data_dir: &std::path::Path) -> anyhow::Result<Vec<u8>> {
        let overview = tick::overview(config, data_dir)?;
        let measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.take(&overview);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text.into_bytes())
    }
}

impl Measured {
    fn take(&self, overview: &Overview) {
        self.sources.clear();
        self.flags.clear();
        self.up.clear();
        self.last_success.clear();
        self.last_new.clear();
        for (state, n) in &overview.states {
            self.sources.get_or_create(&InState { state }).set(count(*n));
        }
        for (flag, n) in &overview.flags {
            self.flags.get_or_create(&Flagged { flag }).set(count(*n));
        }
        for source in &overview.sources {
            let name = Named { source: source.id.to_string() };
            self.up.get_or_create(&name).set(i64::from(source.up));
            if let Some(at) = source.last_success {
                self.last_success.get_or_create(&name).set(at.as_second());
            }
            if let Some(at) = source.last_new {
                self.last_new.get_or_create(&name).set(at.as_second());
            }
        }
        self.database.set(overview.room.file.try_into().unwrap_or(i64::MAX));
        self.free.set(overview.room.free.try_into().unwrap_or(i64::MAX));
        self.memory.set(resident_memory());
        self.descriptors.set(open_descriptors());
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Bytes of memory that the process has in use; 0 where the system does not say.
pub(super) fn resident_memory() -> i64 {
    // Linux, proc_pid_smaps(5): in kB.
    let kib = std::fs::read_to_string("/proc/self/smaps_rollup").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("Rss:"))?;
        line.split_whitespace().nth(1)?.parse::<i64>().ok()
    });
    kib.map_or(0, |kib| kib * 1024)
}

/// Files and connections that the process has open; 0 where the system does not say.
pub(super) fn open_descriptors() -> i64 {
    std::fs::read_dir(PathBuf::from("/proc/self/fd")).map_or(0, |entries| count(entries.count()))
}
