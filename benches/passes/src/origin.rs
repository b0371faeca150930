//! The origin: all sources on one port of all of 127.0.0.0/8, from memory, with ETags.
//!
//! `GET /feed/N` is a source; `If-None-Match` is heeded. `POST /-/change/P` gives P per cent of the sources two new
//! items, `POST /-/renew` gives every source a wholly new list. It ends when its standard input does, so that it
//! never outlives who started it.

use std::io::Read;
use std::sync::{Arc, RwLock};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

struct Source {
    added: usize,
    etag: String,
    head: String,
    body: Arc<Vec<u8>>,
}

struct Site {
    port: u16,
    sources: RwLock<Vec<Source>>,
}

/// Where source `n` lives: a host of its own, so that no two share a place in the queue of a polite client.
pub fn host(n: usize) -> String {
    format!("127.{}.{}.{}", 1 + n / 62_500, (n / 250) % 250, 1 + n % 250)
}

fn make(n: usize, added: usize, sources: usize, port: u16) -> Source {
    let (body, media) = crate::content::document(n, added, sources, &format!("http://{}:{port}", host(n)));
    let etag = format!("\"{n}-{added}\"");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nETag: {etag}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Source { added, etag, head, body: Arc::new(body) }
}

/// Makes sources on all cores.
fn make_all(wanted: &[(usize, usize)], sources: usize, port: u16) -> Vec<Source> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = wanted.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = wanted
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    part.iter().map(|(n, added)| make(*n, *added, sources, port)).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().expect("documents are made")).collect()
    })
}

pub fn run(sources: usize) {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a run time");
    runtime.block_on(async {
        let listener = TcpListener::bind(("0.0.0.0", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let wanted: Vec<(usize, usize)> = (0..sources).map(|n| (n, 0)).collect();
        let made = make_all(&wanted, sources, port);
        let (items, bytes) =
            (0..sources).fold((0, 0), |(i, b), n| (i + crate::content::length(n), b + made[n].body.len()));
        let site = Arc::new(Site { port, sources: RwLock::new(made) });
        println!("{port} {items} {bytes}");
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let site = site.clone();
            tokio::spawn(async move {
                let _ = serve(stream, &site).await;
            });
        }
    });
}

async fn serve(stream: TcpStream, site: &Site) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let (mut request, mut line, mut known) = (String::new(), String::new(), String::new());
    loop {
        request.clear();
        known.clear();
        if stream.read_line(&mut request).await? == 0 {
            return Ok(());
        }
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let field = line.trim_end();
            if field.is_empty() {
                break;
            }
            if let Some((name, value)) = field.split_once(':')
                && name.eq_ignore_ascii_case("if-none-match")
            {
                value.trim().clone_into(&mut known);
            }
        }
        let path = request.split(' ').nth(1).unwrap_or_default();
        let out = stream.get_mut();
        if let Some(n) = path.strip_prefix("/feed/").and_then(|n| n.parse::<usize>().ok()) {
            let found = site
                .sources
                .read()
                .expect("no panic")
                .get(n)
                .map(|s| (s.etag.clone(), s.head.clone(), s.body.clone()));
            match found {
                Some((etag, ..)) if etag == known => {
                    out.write_all(format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n").as_bytes())
                        .await?;
                }
                Some((_, head, body)) => {
                    out.write_all(head.as_bytes()).await?;
                    out.write_all(&body).await?;
                }
                None => out.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await?,
            }
        } else if let Some(turn) = path.strip_prefix("/-/") {
            turn_page(site, turn);
            out.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
        } else {
            out.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await?;
        }
    }
}

fn turn_page(site: &Site, turn: &str) {
    let mut sources = site.sources.write().expect("no panic");
    let all = sources.len();
    let part = turn.strip_prefix("change/").and_then(|p| p.parse::<usize>().ok());
    let wanted: Vec<(usize, usize)> = (0..all)
        .filter(|n| part.is_none_or(|p| n * 7919 % 100 < p))
        .map(|n| (n, sources[n].added + part.map_or_else(|| crate::content::length(n), |_| 2)))
        .collect();
    let made = make_all(&wanted, all, site.port);
    for ((n, _), source) in wanted.into_iter().zip(made) {
        sources[n] = source;
    }
}
