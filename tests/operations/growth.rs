//! Months pass in minutes: nothing grows but what is kept.
//!
//! Each has a short form that always runs, and a long one for figures:
//!
//! ```text
//! cargo test --release --test operations -- --ignored --nocapture a_year
//! cargo test --release --test operations -- --ignored --nocapture a_month
//! ```

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use kariz::config::{self, Config};
use kariz::daemon::{Daemon, News, Time};
use kariz::tick::lock::Lock;
use kariz::tick::{Tick, database_path};

use crate::binary::Kariz;
use crate::origin::Origin;
use crate::world::{kariz, paper};

fn load(kariz: &Kariz) -> Config {
    config::load(&kariz.path().join("feeds.toml"), &|_, _| None).expect("a valid feeds.toml")
}

/// A figure of /proc/self/status, in kB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |meta| meta.len())
}

/// What was measured at one point.
#[derive(Clone, Copy, Debug)]
struct Point {
    database: u64,
    pass: Duration,
    memory: u64,
    descriptors: usize,
}

/// `sources` files, each of which gets `per_day` articles a day and lists the newest 30; one pass a day, kept for
/// 10 days. Gives a point for each day.
fn days(sources: usize, per_day: usize, days: usize) -> Vec<Point> {
    let mut toml = "[feed]\ntitle = \"A year\"\nby_source = false\nby_tag = false\npages = false\n[store]\nkeep_period = \"10 days\"\nkeep_min = 20\n".to_owned();
    for s in 0..sources {
        toml.push_str(&format!("[[source]]\nid = \"s{s}\"\nurl = \"s{s}.xml\"\n"));
    }
    let kariz = Kariz::with_config(&toml);
    let write = |s: usize, day: usize| {
        let newest = (day + 1) * per_day;
        let numbers = (newest.saturating_sub(30)..newest).rev();
        let mut document = paper(&format!("s{s}"), numbers.map(|n| 1_000_000 * (s + 1) + n));
        // The dates of the small world are of one month; here each article has that of its day.
        for n in newest.saturating_sub(30)..newest {
            let at: Timestamp = "2026-01-01T06:00:00Z".parse().expect("a time");
            let at = at
                + SignedDuration::from_hours((n / per_day * 24) as i64)
                + SignedDuration::from_secs((n % per_day * 600 + s % 500) as i64);
            let date = at.strftime("%d %b %Y %H:%M:%S GMT").to_string();
            let from = document.find(&format!("article/{}<", 1_000_000 * (s + 1) + n)).expect("the article");
            let date_from = from + document[from..].find("<pubDate>").expect("its date") + 9;
            let date_to = date_from + document[date_from..].find('<').expect("its end");
            document.replace_range(date_from..date_to, &date);
        }
        std::fs::write(kariz.path().join(format!("s{s}.xml")), document).expect("written");
    };
    (0..sources).for_each(|s| write(s, 0));
    let config = load(&kariz);
    let data = kariz.path().join("data");
    let run_time = tokio::runtime::Runtime::new().expect("threads");
    let start: Timestamp = "2026-01-01T22:00:00Z".parse().expect("a time");
    (0..days)
        .map(|day| {
            (0..sources).for_each(|s| write(s, day));
            let now = start + SignedDuration::from_hours(24 * day as i64);
            let began = Instant::now();
            let report = run_time.block_on(Tick::new(&config, &data, now).all(true).run()).expect("a pass");
            let pass = began.elapsed();
            assert_eq!(report.new_entries, sources * per_day, "day {day}");
            Point {
                database: size(&database_path(&data)),
                pass,
                memory: memory("VmRSS"),
                descriptors: descriptors(),
            }
        })
        .collect()
}

fn mean(points: &[Point], of: impl Fn(&Point) -> f64) -> f64 {
    points.iter().map(of).sum::<f64>() / points.len() as f64
}

/// Compares the last third with the third before it.
fn assert_flat(points: &[Point]) {
    let third = points.len() / 3;
    let (before, after) =
        (&points[points.len() - 2 * third..points.len() - third], &points[points.len() - third..]);
    for (what, allowed, of) in [
        ("the database", 1.1, (|p| p.database as f64) as fn(&Point) -> f64),
        ("the time of a pass", 1.5, |p| p.pass.as_secs_f64()),
        ("memory", 1.2, |p| p.memory as f64),
        ("descriptors", 1.2, |p| p.descriptors as f64),
    ] {
        let (a, b) = (mean(before, of), mean(after, of));
        assert!(b <= a * allowed, "{what} grows: {a} in the second third, {b} in the last");
    }
}

fn table(points: &[Point], every: usize) {
    println!("| passes | database | mean pass | memory | descriptors |\n|---|---|---|---|---|");
    for (n, some) in points.chunks_exact(every).enumerate() {
        let p = some[every - 1];
        println!(
            "| {} | {:.1} MB | {:.3} s | {} MB | {} |",
            (n + 1) * every,
            p.database as f64 / 1e6,
            mean(some, |p| p.pass.as_secs_f64()),
            p.memory / 1024,
            p.descriptors
        );
    }
}

#[test]
fn what_is_kept_for_ten_days_takes_no_more_room_after_a_year() {
    // Marks of what has left stay for 90 days: flat is what comes after 10 + 90.
    assert_flat(&days(2, 2, 360));
}

/// Sources × articles a day × days; `KARIZ_YEAR=1000x3x365` sets them.
#[test]
#[ignore = "minutes: for figures"]
fn a_year_of_many_sources() {
    let set = std::env::var("KARIZ_YEAR").unwrap_or_else(|_| "1000x3x365".to_owned());
    let numbers: Vec<usize> = set.split('x').map(|n| n.parse().expect("a number")).collect();
    let began = Instant::now();
    let points = days(numbers[0], numbers[1], numbers[2]);
    table(&points, 30);
    println!("{set}: {:.0} s in all", began.elapsed().as_secs_f64());
    assert_flat(&points);
}

/// The daemon itself over so many days, with time that passes as soon as it waits.
fn soak(sources: usize, days: i64) -> Vec<Point> {
    let origin = Origin::start();
    let start: Timestamp = "2026-06-01T00:00:00Z".parse().expect("a time");
    let clock = Arc::new(AtomicI64::new(start.as_second()));
    for s in 0..sources {
        let clock = clock.clone();
        origin.on(&format!("/{s}.xml"), move |request| {
            // An article every three hours, the newest twenty are listed.
            let newest = ((clock.load(Ordering::SeqCst) - start.as_second()) / 10_800) as usize + 20;
            let tag = format!("\"{newest}\"");
            if request.header("if-none-match") == Some(&tag) {
                return crate::origin::status(304, &[("ETag", &tag)], "");
            }
            let body = paper(&format!("s{s}"), (newest - 20..newest).rev().map(|n| 1_000_000 * (s + 1) + n));
            crate::origin::status(200, &[("ETag", &tag)], body)
        });
    }
    let urls: Vec<_> = (0..sources).map(|s| (format!("s{s}"), origin.url(&format!("/{s}.xml")))).collect();
    let kariz = kariz(&urls, "by_source = false\nby_tag = false\npages = false\n");
    let toml = std::fs::read_to_string(kariz.path().join("feeds.toml")).expect("feeds.toml");
    let toml = toml.replace("max_items = 5000\n", "max_items = 100\n");
    kariz.configure(&format!(
        "{toml}[store]\nkeep_period = \"3 days\"\nkeep_min = 10\n[serve]\nlisten = \"127.0.0.1:0\"\n"
    ));
    let config = load(&kariz);
    let data = kariz.path().join("data");
    let lock = Lock::take(&data, start).expect("the folder");
    let end = start.as_second() + days * 86_400;
    let done = Arc::new(tokio::sync::Notify::new());
    let time = {
        let (now, passes, done) = (clock.clone(), clock.clone(), done.clone());
        Time::new(
            move || Timestamp::from_second(now.load(Ordering::SeqCst)).expect("a time"),
            move |nap: Duration| {
                if passes.fetch_add(nap.as_secs().max(1).cast_signed(), Ordering::SeqCst) > end {
                    done.notify_one();
                }
                tokio::task::yield_now()
            },
        )
    };
    let points = std::sync::Mutex::new(Vec::new());
    let (passes, requests) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let last = std::sync::Mutex::new(Instant::now());
    let tell = |news: News<'_>| match news {
        News::Pass(_, report) if report.visited > 0 => {
            passes.fetch_add(1, Ordering::Relaxed);
            requests.fetch_add(origin.all_seen().len(), Ordering::Relaxed);
            origin.forget();
            let mut last = last.lock().expect("alone");
            points.lock().expect("alone").push(Point {
                database: size(&database_path(&data)),
                pass: last.elapsed(),
                memory: memory("VmRSS"),
                descriptors: descriptors(),
            });
            *last = Instant::now();
        }
        News::Failed(error, _) => panic!("{error}"),
        _ => {}
    };
    let reload = || config::load(&kariz.path().join("feeds.toml"), &|_, _| None);
    let daemon = Daemon { config, data_dir: &data, lock: &lock, reload: &reload, tell: &tell, time };
    let run_time = tokio::runtime::Runtime::new().expect("threads");
    run_time.block_on(daemon.run(done.notified())).expect("it ends when it is told");
    println!("{} passes, {} requests", passes.load(Ordering::Relaxed), requests.load(Ordering::Relaxed));
    points.into_inner().expect("alone")
}

#[test]
fn ten_days_of_the_daemon_leave_nothing_behind() {
    let points = soak(2, 10);
    assert!(points.len() > 200, "{} passes", points.len());
    assert_flat(&points);
}

/// `KARIZ_MONTH=50x30`: sources × days.
#[test]
#[ignore = "minutes: for figures"]
fn a_month_of_the_daemon() {
    let set = std::env::var("KARIZ_MONTH").unwrap_or_else(|_| "50x30".to_owned());
    let (sources, days) = set.split_once('x').expect("SOURCESxDAYS");
    let began = Instant::now();
    let points = soak(sources.parse().expect("a number"), days.parse().expect("a number"));
    table(&points, points.len() / 12);
    println!("{set}: {:.0} s in all", began.elapsed().as_secs_f64());
    assert_flat(&points);
}
