//! Whole passes over N sources, side by side in one run: cold (everything new), warm (everything answers 304), changed
//! (12 % of the sources have two new items). Ratios count; seconds are those of this machine at this moment.
//!
//! ```text
//! cargo build --release --locked
//! cargo run --release --manifest-path benches/passes/Cargo.toml -- --sources 1000
//! ```
//!
//! `--kariz PATH` measures another build, `--renew K` first lets every source renew its list K times (so that the store
//! is K + 1 times as large), `--changed P` sets the share of the changed pass, `--rounds R` how often warm and changed are
//! repeated (the median counts), `--peers` adds newsboat and sfeed where they are installed, `--save` stores the
//! ratios in benches/passes/ratios.tsv, with which later runs compare themselves.
//!
//! Every contestant is a process of its own; the origin is one more, whose time counts for nobody, though it shares the
//! cores with all of them alike.

mod content;
mod floor;
mod origin;
mod peers;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What one pass of one contestant took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    wall: Duration,
    cpu: Duration,
    /// Peak resident memory, bytes.
    peak: u64,
}

struct Options {
    sources: usize,
    kariz: PathBuf,
    renew: usize,
    changed: usize,
    rounds: usize,
    peers: bool,
    save: bool,
    keep: Option<PathBuf>,
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn options(args: &[String]) -> Options {
    let mut options = Options {
        sources: 1000,
        kariz: here().join("../../target/release/kariz"),
        renew: 0,
        changed: 12,
        rounds: 5,
        peers: false,
        save: false,
        keep: None,
    };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut number = || rest.next().and_then(|n| n.parse().ok()).unwrap_or_else(|| usage(arg));
        match arg.as_str() {
            "--sources" => options.sources = number(),
            "--renew" => options.renew = number(),
            "--changed" => options.changed = number(),
            "--rounds" => options.rounds = number(),
            "--peers" => options.peers = true,
            "--save" => options.save = true,
            "--kariz" => options.kariz = rest.next().unwrap_or_else(|| usage(arg)).into(),
            "--keep" => options.keep = Some(rest.next().unwrap_or_else(|| usage(arg)).into()),
            other => usage(other),
        }
    }
    options
}

fn usage<T>(arg: &str) -> T {
    eprintln!(
        "{arg}? [--sources N] [--kariz PATH] [--renew K] [--changed PER_CENT] [--rounds R] [--peers] [--save] [--keep DIR]"
    );
    std::process::exit(2)
}

/// Runs a command to its end and says what it took. That it failed is said, but does not end the run.
pub fn measure(mut command: Command) -> Cost {
    let begin = Instant::now();
    let child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let used = child.wait4().expect("it ends");
    if !used.status.success() {
        eprintln!("{command:?}: {}", used.status);
    }
    Cost { wall: begin.elapsed(), cpu: used.rusage.utime + used.rusage.stime, peak: used.rusage.maxrss }
}

/// This program again, in another part.
fn part(name: &str, sources: usize, port: u16, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.arg(name).arg(sources.to_string()).arg(port.to_string()).arg(dir);
    command
}

struct Origin {
    child: Child,
    port: u16,
    said: String,
}

impl Origin {
    fn start(sources: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("a program"))
            .args(["origin", &sources.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("an origin");
        let mut said = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut said).expect("a line");
        let port = said.split(' ').next().and_then(|p| p.parse().ok()).expect("a port");
        Self { child, port, said }
    }

    fn post(&self, path: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("an origin");
        write!(stream, "POST /-/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn kariz_config(sources: usize, port: u16) -> String {
    let mut text = String::from(
        "[feed]\ntitle = \"Passes\"\nbase_url = \"https://passes.example/\"\n\n[fetch]\nper_host_delay = \"0s\"\nallow_private_addresses = true\n",
    );
    for n in 0..sources {
        let language = ["en", "fa", "ar"][n % 3];
        text.push_str(&format!(
            "\n[[source]]\nid = \"s{n}\"\ntitle = \"Source {n}\"\nurl = \"http://{}:{port}/feed/{n}\"\nlanguage = \"{language}\"\ntags = [\"{language}\"]\n",
            origin::host(n)
        ));
    }
    text
}

fn kariz(options: &Options, dir: &Path) -> Command {
    let mut command = Command::new(&options.kariz);
    command.args(["fetch", "--all", "--quiet", "--config"]).arg(dir.join("feeds.toml"));
    command.arg("--data-dir").arg(dir.join("data"));
    command
}

/// Contestant → what its passes of one kind took.
type Costs = Vec<(String, Cost)>;

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|c| c.wall);
    let peak = costs.iter().map(|c| c.peak).max().unwrap_or(0);
    Cost { peak, ..costs[costs.len() / 2] }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|n| n.parse().ok()).expect("a number");
    match args.first().map(String::as_str) {
        Some("origin") => return origin::run(number(1)),
        Some("download") => {
            return floor::download(number(1), u16::try_from(number(2)).expect("a port"), args[3].as_ref());
        }
        Some("bare") => {
            return floor::bare(number(1), u16::try_from(number(2)).expect("a port"), args[3].as_ref());
        }
        // cargo bench hands this over.
        _ => {}
    }
    let options = options(&args);
    let kept = options.keep.clone();
    let dir = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("kariz-passes-{}", std::process::id())));
    std::fs::create_dir_all(&dir).expect("a folder to work in");
    passes(&options, &dir);
    if kept.is_none() {
        let _ = std::fs::remove_dir_all(&dir);
    }
}

fn passes(options: &Options, dir: &Path) {
    let n = options.sources;
    let origin = Origin::start(n);
    let port = origin.port;
    let mut told = origin.said.split_whitespace().skip(1);
    let (items, bytes): (u64, u64) = (
        told.next().and_then(|n| n.parse().ok()).unwrap_or(0),
        told.next().and_then(|n| n.parse().ok()).unwrap_or(0),
    );
    println!("{n} sources, {items} items, {} MB", bytes / 1_000_000);
    for name in ["download", "bare", "kariz"] {
        std::fs::create_dir_all(dir.join(name)).expect("a folder");
    }
    std::fs::write(dir.join("kariz/feeds.toml"), kariz_config(n, port)).expect("feeds.toml");
    let peers = if options.peers { peers::prepare(dir, n, port) } else { Vec::new() };

    let pass = |with_peers: bool| -> Costs {
        let mut costs = vec![
            ("download only".to_owned(), measure(part("download", n, port, &dir.join("download")))),
            ("bare pipeline".to_owned(), measure(part("bare", n, port, &dir.join("bare")))),
            ("kariz".to_owned(), measure(kariz(options, &dir.join("kariz")))),
        ];
        for peer in peers.iter().filter(|_| with_peers) {
            costs.push((peer.name.to_owned(), measure(peer.command())));
        }
        costs
    };
    let rounds = |before: &dyn Fn()| -> Costs {
        let mut all: Vec<Costs> = Vec::new();
        for round in 0..options.rounds.max(1) {
            before();
            all.push(pass(round == 0));
        }
        let of =
            |name: &str| all.iter().flatten().filter(|(n, _)| n == name).map(|(_, c)| *c).collect::<Vec<_>>();
        all[0].iter().map(|(name, _)| (name.clone(), median(of(name)))).collect()
    };

    let mut results: Vec<(&str, Costs)> = Vec::new();
    // Whoever comes first pays for what the kernel does first.
    measure(part("download", n, port, &dir.join("download")));
    std::fs::remove_file(dir.join("download/etags")).expect("ETags");
    results.push(("cold", pass(true)));
    for turn in 0..options.renew {
        origin.post("renew");
        let cost = measure(kariz(options, &dir.join("kariz")));
        println!("renewed {}: {:.2} s, {} MB", turn + 1, cost.wall.as_secs_f64(), cost.peak >> 20);
    }
    if options.renew > 0 {
        measure(part("download", n, port, &dir.join("download")));
        measure(part("bare", n, port, &dir.join("bare")));
    }
    results.push(("warm", rounds(&|| {})));
    results.push(("changed", rounds(&|| origin.post(&format!("change/{}", options.changed)))));
    report(options, &results);
}

fn report(options: &Options, results: &[(&str, Costs)]) {
    let stored = stored();
    let mut ratios: BTreeMap<String, f64> = BTreeMap::new();
    println!(
        "\n{:<8} {:<14} {:>9} {:>11} {:>9} {:>11} {:>9}",
        "pass", "", "wall s", "user+sys s", "peak MB", "× download", "× bare"
    );
    for (pass, costs) in results {
        let wall =
            |name: &str| costs.iter().find(|(n, _)| n == name).map_or(1.0, |(_, c)| c.wall.as_secs_f64());
        for (name, cost) in costs {
            let (seconds, download, bare) =
                (cost.wall.as_secs_f64(), wall("download only"), wall("bare pipeline"));
            println!(
                "{pass:<8} {name:<14} {seconds:>9.3} {:>11.3} {:>9} {:>11.2} {:>9.2}",
                cost.cpu.as_secs_f64(),
                cost.peak >> 20,
                seconds / download,
                seconds / bare
            );
            if name == "kariz" {
                let floor = if *pass == "cold" { bare } else { download };
                ratios.insert(format!("{} {} {pass}", options.sources, options.renew), seconds / floor);
            }
        }
    }
    println!("\nkariz beside its floor (cold: bare pipeline; warm, changed: download only)");
    for (key, ratio) in &ratios {
        let verdict = match stored.get(key) {
            Some(was) if *ratio > was * 4.0 / 3.0 => format!("was {was:.2}: SLOWER BY MORE THAN A THIRD"),
            Some(was) => format!("was {was:.2}"),
            None => "nothing stored to compare with".to_owned(),
        };
        println!("{key:<20} {ratio:>6.2}  {verdict}");
    }
    if options.save {
        let mut all = stored;
        all.extend(ratios);
        let text: String = all.iter().map(|(key, ratio)| format!("{key}\t{ratio:.2}\n")).collect();
        std::fs::write(here().join("ratios.tsv"), text).expect("ratios.tsv");
    }
}

/// `sources renewals pass` → ratio, as saved.
fn stored() -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(here().join("ratios.tsv")).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(key, ratio)| Some((key.to_owned(), ratio.parse().ok()?)))
        .collect()
}
