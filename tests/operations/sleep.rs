//! The daemon's clock leaps: the machine slept, or somebody set its clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use kariz::config;
use kariz::daemon::{Daemon, News, Time};
use kariz::tick::lock::Lock;

use crate::binary::Kariz;
use crate::world::paper;

const SOURCES: usize = 250;

/// Runs the daemon over 250 files, each of which is due every hour. Time passes as soon as it waits; before nap
/// number `n` the clock is moved by `leap(n)` seconds. Gives when each of its passes that asked somebody was made, in seconds from
/// the start, and how many it asked. Ends after `naps`.
fn run(naps: i64, leap: impl Fn(i64) -> i64 + Send + Sync + 'static) -> Vec<(i64, usize)> {
    let mut toml =
        "[feed]\ntitle = \"Files\"\nby_source = false\npages = false\n[serve]\nlisten = \"127.0.0.1:0\"\n"
            .to_owned();
    for s in 0..SOURCES {
        toml.push_str(&format!("[[source]]\nid = \"s{s}\"\nurl = \"s{s}.xml\"\ninterval = \"1h\"\n"));
    }
    let kariz = Kariz::with_config(&toml);
    for s in 0..SOURCES {
        std::fs::write(kariz.path().join(format!("s{s}.xml")), paper(&format!("s{s}"), s..s + 1)).unwrap();
    }
    let load = || config::load(&kariz.path().join("feeds.toml"), &|_, _| None);
    let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let clock = Arc::new(AtomicI64::new(start.as_second()));
    let done = Arc::new(tokio::sync::Notify::new());
    let time = {
        let (now, nap, done, count) = (clock.clone(), clock.clone(), done.clone(), AtomicI64::new(0));
        Time::new(
            move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap(),
            move |length: Duration| {
                let n = count.fetch_add(1, Ordering::SeqCst);
                nap.fetch_add(length.as_secs().cast_signed() + leap(n), Ordering::SeqCst);
                if n >= naps {
                    done.notify_one();
                }
                tokio::task::yield_now()
            },
        )
    };
    let passes = Mutex::new(Vec::new());
    let tell = |news: News<'_>| match news {
        News::Pass(_, report) if report.visited > 0 => {
            let at = clock.load(Ordering::SeqCst) - start.as_second();
            passes.lock().unwrap().push((at, report.visited));
        }
        News::Failed(error, _) => panic!("{error}"),
        _ => {}
    };
    let data = kariz.path().join("data");
    let lock = Lock::take(&data, start).unwrap();
    let daemon =
        Daemon { config: load().unwrap(), data_dir: &data, lock: &lock, reload: &load, tell: &tell, time };
    tokio::runtime::Runtime::new().unwrap().block_on(daemon.run(done.notified())).unwrap();
    passes.into_inner().unwrap()
}

#[test]
fn after_a_long_sleep_the_sources_are_not_all_asked_at_once() {
    const NIGHT: i64 = 8 * 3600;
    let passes = run(40, |n| if n == 2 { NIGHT } else { 0 });
    assert_eq!(passes[0], (0, SOURCES), "what was never read is read at once");
    let night: Vec<_> = passes.iter().filter(|(at, _)| (NIGHT..NIGHT + 1800).contains(at)).collect();
    assert_eq!(night.iter().map(|(_, visited)| visited).sum::<usize>(), SOURCES, "{passes:?}");
    assert!(night.len() >= 3 && night.iter().all(|(_, visited)| *visited <= 100), "{passes:?}");
    assert!(night.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 5), "{passes:?}");
}

#[test]
fn a_clock_that_was_years_ahead_does_not_silence_the_daemon_for_years() {
    const YEARS: i64 = 3 * 365 * 86_400;
    let passes = run(60, |n| match n {
        2 => YEARS,
        30 => -YEARS,
        _ => 0,
    });
    let ahead = passes.iter().filter(|(at, _)| *at >= YEARS).map(|(_, visited)| visited).sum::<usize>();
    assert!(ahead >= SOURCES, "{passes:?}");
    let back = passes.iter().skip_while(|(at, _)| *at < YEARS).filter(|(at, _)| *at < YEARS);
    assert_eq!(back.map(|(_, visited)| visited).sum::<usize>(), SOURCES, "{passes:?}");
}
