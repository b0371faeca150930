//! The yardsticks: what nobody can do without. `download` asks for every body and forgets it; `bare` also parses with
//! feed-rs on blocking threads and stores title, link, date and content of every entry under (source, id) in SQLite, one writer,
//! batches of 32 sources a commit. No sanitising, no stories, no outputs.
//!
//! Both remember ETags in DIR between passes, as kariz does in its store.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};
use tokio::sync::{Semaphore, mpsc};

/// From so many sources on connections are not kept (each host is asked once): descriptors of a process are few.
const MANY: usize = 10_000;

/// As many at a time as kariz's `[fetch] concurrency` is by default.
const REQUESTS: usize = 64;

struct Answer {
    n: usize,
    etag: String,
    body: Vec<u8>,
}

async fn ask_all(sources: usize, port: u16, etags: HashMap<usize, String>, to: mpsc::Sender<Answer>) {
    let mut builder = reqwest::Client::builder().no_proxy();
    if sources >= MANY {
        builder = builder.pool_max_idle_per_host(0);
    }
    let client = builder.build().expect("a client");
    let slots = Arc::new(Semaphore::new(REQUESTS));
    let mut tasks = Vec::with_capacity(sources);
    for n in 0..sources {
        let slot = slots.clone().acquire_owned().await.expect("open");
        let url = format!("http://{}:{port}/feed/{n}", crate::origin::host(n));
        let mut request = client.get(url);
        if let Some(etag) = etags.get(&n) {
            request = request.header("If-None-Match", etag);
        }
        let to = to.clone();
        tasks.push(tokio::spawn(async move {
            let answer = request.send().await.expect("an answer");
            if answer.status() == 304 {
                return;
            }
            let etag = answer.headers()["etag"].to_str().expect("ASCII").to_owned();
            let body = answer.bytes().await.expect("a body").to_vec();
            drop(slot);
            let _ = to.send(Answer { n, etag, body }).await;
        }));
    }
    for task in tasks {
        task.await.expect("a visit");
    }
}

fn remembered(dir: &Path) -> HashMap<usize, String> {
    let text = std::fs::read_to_string(dir.join("etags")).unwrap_or_default();
    text.lines()
        .filter_map(|l| l.split_once(' '))
        .filter_map(|(n, e)| Some((n.parse().ok()?, e.to_owned())))
        .collect()
}

fn remember(dir: &Path, etags: &HashMap<usize, String>) {
    let text: String = etags.iter().map(|(n, e)| format!("{n} {e}\n")).collect();
    std::fs::write(dir.join("etags"), text).expect("a place for ETags");
}

fn run_time() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a run time")
}

pub fn download(sources: usize, port: u16, dir: &Path) {
    let mut etags = remembered(dir);
    run_time().block_on(async {
        let (to, mut from) = mpsc::channel(16);
        let asking = tokio::spawn(ask_all(sources, port, etags.clone(), to));
        while let Some(answer) = from.recv().await {
            etags.insert(answer.n, answer.etag);
        }
        asking.await.expect("all asked");
    });
    remember(dir, &etags);
}

type Row = (i64, String, String, String, i64, String);

pub fn bare(sources: usize, port: u16, dir: &Path) {
    let mut etags = remembered(dir);
    let mut db = Connection::open(dir.join("bare.db")).expect("a database");
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE IF NOT EXISTS entries (
             source INTEGER, id TEXT, title TEXT, link TEXT, published INTEGER, content TEXT, PRIMARY KEY (source, id)
         ) WITHOUT ROWID;",
    )
    .expect("a schema");
    run_time().block_on(async {
        let (to, mut from) = mpsc::channel(16);
        let (rows_to, mut rows_from) = mpsc::channel::<(usize, String, Vec<Row>)>(16);
        let asking = tokio::spawn(ask_all(sources, port, etags.clone(), to));
        let writing = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::new();
            let mut seen = Vec::new();
            while rows_from.blocking_recv_many(&mut batch, 32) > 0 {
                let transaction = db.transaction().expect("a transaction");
                {
                    let mut insert = transaction
                        .prepare_cached("INSERT OR IGNORE INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                        .expect("a statement");
                    for (n, etag, rows) in batch.drain(..) {
                        for (source, id, title, link, at, content) in rows {
                            insert.execute(params![source, id, title, link, at, content]).expect("a row");
                        }
                        seen.push((n, etag));
                    }
                }
                transaction.commit().expect("a commit");
            }
            seen
        });
        let cores = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
        while let Some(answer) = from.recv().await {
            let core = cores.clone().acquire_owned().await.expect("open");
            let rows_to = rows_to.clone();
            tokio::task::spawn_blocking(move || {
                let rows = rows(&answer);
                drop(core);
                let _ = rows_to.blocking_send((answer.n, answer.etag, rows));
            });
        }
        drop(rows_to);
        asking.await.expect("all asked");
        etags.extend(writing.await.expect("all written"));
    });
    remember(dir, &etags);
}

fn rows(answer: &Answer) -> Vec<Row> {
    let feed = feed_rs::parser::parse(answer.body.as_slice()).expect("a feed");
    let text = |t: Option<feed_rs::model::Text>| t.map(|t| t.content).unwrap_or_default();
    let source = i64::try_from(answer.n).expect("a small number");
    let row = |e: feed_rs::model::Entry| {
        let content = e.content.and_then(|c| c.body).unwrap_or_else(|| text(e.summary));
        let link = e.links.into_iter().next().map(|l| l.href).unwrap_or_default();
        (source, e.id, text(e.title), link, e.published.or(e.updated).map_or(0, |at| at.timestamp()), content)
    };
    feed.entries.into_iter().map(row).collect()
}
