//! kill -9 at any moment, again and again, while the sources change and somebody reads what is published.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::world::{Growing, Stories, assert_sound, kariz, link, stories};

const KILLS: usize = 200;

/// xorshift: the same points in every run, give or take what the machine is doing.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Adds what a feed shows to what a reader has seen; nothing that was seen may change.
fn remember(seen: &mut Stories, now: Stories) {
    for (url, story) in now {
        match seen.get(&url) {
            Some(before) => assert_eq!(*before, story, "{url} changed its id or date"),
            None => drop(seen.insert(url, story)),
        }
    }
}

#[test]
fn two_hundred_kills_lose_nothing_double_nothing_and_tear_no_file() {
    let growing = Growing::start(4);
    let kariz = kariz(&growing.sources(), "");
    let fetch = ["fetch", "--all", "--quiet"];
    let began = Instant::now();
    assert_eq!(kariz.run(&fetch).code, 0);
    let whole = began.elapsed();

    let stop = Arc::new(AtomicBool::new(false));
    let reader = {
        let (stop, public) = (stop.clone(), kariz.published(""));
        std::thread::spawn(move || {
            let (mut seen, mut looks) = (Stories::new(), 0_usize);
            while !stop.load(Ordering::Relaxed) {
                let read = |name: &str| std::fs::read_to_string(public.join(name)).unwrap_or_default();
                remember(&mut seen, stories(&read("feed.json")));
                for (file, end) in [("atom.xml", "</feed>"), ("rss.xml", "</rss>"), ("index.html", "</html>")]
                {
                    assert!(read(file).trim_end().ends_with(end), "{file} is torn");
                }
                looks += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            (seen, looks)
        })
    };

    let mut dice = Dice(0x6b61_7269_7a21);
    let database = kariz.path().join("data/kariz.db");
    // Some runs end by themselves; those that were killed are counted.
    let (mut kills, mut runs) = (0, 0);
    let finished = AtomicUsize::new(0);
    while kills < KILLS {
        let mut run = kariz.command(&fetch).stderr(std::process::Stdio::piped()).spawn().expect("kariz runs");
        std::thread::sleep(whole.mul_f64(dice.below(1_100) as f64 / 1_000.0));
        if run.try_wait().expect("its state").is_none() {
            kills += 1;
        } else {
            finished.fetch_add(1, Ordering::Relaxed);
        }
        run.kill().ok();
        let ended = run.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!said.contains("damaged") && !said.contains("locked"), "{said}");
        runs += 1;
        assert!(runs < 10 * KILLS, "the runs end before they can be killed");
        if kills % 20 == 0 {
            assert_sound(&database);
        }
    }

    let ran = kariz.run(&fetch);
    assert_eq!(ran.code, 0, "{}", ran.err);
    stop.store(true, Ordering::Relaxed);
    let (mut seen, looks) = reader.join().expect("the reader never met a torn file");
    assert_sound(&database);
    let published = stories(&kariz.read("feed.json"));
    remember(&mut seen, published.clone());
    assert_eq!(seen, published, "what was seen once is still there");
    let expected: Vec<String> = {
        let mut all: Vec<String> = growing.articles().into_iter().map(link).collect();
        all.sort();
        all
    };
    assert_eq!(published.into_keys().collect::<Vec<_>>(), expected, "each article once");
    assert!(looks > 20, "{looks} looks");
    println!(
        "{kills} kills in {runs} runs ({} ended before), {looks} looks, {} stories, a whole run takes {whole:?}",
        finished.load(Ordering::Relaxed),
        seen.len()
    );
}
