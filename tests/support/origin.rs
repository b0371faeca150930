//! A small scripted HTTP origin on loopback: it says exactly the bytes that a test wants, when it
//! wants them, and remembers who asked what and when.
//!
//! ```text
//! let origin = Origin::start();
//! origin.on("/feed", |_| ok("<rss/>"));                      // a well-formed answer
//! origin.on("/drip", |_| vec![drip(b"HTTP/1.1 200 OK\r\n…", ms(50))]);
//! origin.on("/reset", |_| vec![Step::Reset]);
//! let url = origin.url("/feed");
//! … origin.seen("/feed") …                                   // requests, with header fields and times
//! ```
//!
//! It runs on a thread of its own, so it serves tests with and without an async run time, and the
//! binary as a child process. Include it with `#[path = "support/origin.rs"] mod origin;`.

#![allow(dead_code)] // Each test file uses a part.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// What the origin does next. After the last step it waits for the next request on the connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again until the client leaves.
    Forever(Vec<u8>, Duration),
    /// Does nothing for a while.
    Wait(Duration),
    /// Closes the connection in good order.
    Close,
    /// Breaks the connection off (RST).
    Reset,
    /// Keeps the connection open and says nothing more.
    Hang,
}

/// One request as it was received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When its header was complete.
    pub at: Instant,
    /// As in the request line.
    pub method: String,
    /// Path and query; the whole URL where kariz takes us for a proxy.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// What was posted.
    pub body: Vec<u8>,
    /// Which connection it came on, counted from 0.
    pub connection: usize,
    /// How many requests for this target came before.
    pub nth: usize,
}

impl Seen {
    /// The first field of this name, as bytes.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_slice())
    }

    /// The first field of this name, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.bytes(name).and_then(|v| std::str::from_utf8(v).ok())
    }
}

type Behaviour = Arc<dyn Fn(&Seen) -> Vec<Step> + Send + Sync>;

#[derive(Default)]
struct State {
    paths: HashMap<String, Behaviour>,
    fallback: Option<Behaviour>,
    seen: Vec<Seen>,
    counts: HashMap<String, usize>,
    connections: usize,
}

/// The server. Stops when dropped.
pub struct Origin {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ca: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Origin {
    /// On a free port of 127.0.0.1.
    pub fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into())
    }

    /// On a free port of another loopback address (Linux has all of 127.0.0.0/8).
    pub fn start_at(ip: IpAddr) -> Self {
        Self::run(ip, None, None)
    }

    /// With TLS and a certificate for these names, signed by a CA of its own ([`Origin::ca_pem`]).
    pub fn start_tls(names: &[&str]) -> Self {
        Self::start_tls_between(names, (2020, 2090))
    }

    /// The same with a certificate that is valid between these years.
    pub fn start_tls_between(names: &[&str], years: (i32, i32)) -> Self {
        let (config, ca) = certificate(names, years);
        Self::run(Ipv4Addr::LOCALHOST.into(), Some(TlsAcceptor::from(Arc::new(config))), Some(ca))
    }

    fn run(ip: IpAddr, tls: Option<TlsAcceptor>, ca: Option<String>) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, address) = std::sync::mpsc::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind((ip, 0)).await.unwrap();
                ready.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = accept(listener, tls, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = address.recv().unwrap();
        Self { address, state, ca, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path, by address.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    /// The URL of a path, by a name that resolves to loopback.
    pub fn url_by_name(&self, name: &str, path: &str) -> String {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        format!("{scheme}://{name}:{}{path}", self.address.port())
    }

    /// The root certificate, PEM.
    pub fn ca_pem(&self) -> &str {
        self.ca.as_deref().expect("an origin with TLS")
    }

    /// What to do when `path` (with query) is asked for. Others get 404.
    pub fn on(&self, path: &str, behaviour: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) {
        self.state.lock().unwrap().paths.insert(path.to_owned(), Arc::new(behaviour));
    }

    /// What to do for all paths that no [`Origin::on`] names.
    pub fn otherwise(&self, behaviour: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) {
        self.state.lock().unwrap().fallback = Some(Arc::new(behaviour));
    }

    /// The requests for `path` so far.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.all_seen().into_iter().filter(|seen| seen.target == path).collect()
    }

    /// Forgets the requests so far: who counts for a month must not grow by what it remembers.
    #[allow(dead_code)] // not every test file counts for a month
    pub fn forget(&self) {
        self.state.lock().unwrap().seen.clear();
    }

    /// All requests so far.
    pub fn all_seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    /// How many connections were accepted, whether or not a request came.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<Mutex<State>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let connection = {
            let mut state = state.lock().unwrap();
            state.connections += 1;
            state.connections - 1
        };
        let state = state.clone();
        match tls.clone() {
            None => drop(tokio::spawn(talk(stream, connection, state))),
            Some(tls) => drop(tokio::spawn(async move {
                let stream = tls.accept(stream).await?;
                talk(stream, connection, state).await
            })),
        }
    }
}

/// A connection that can be broken off.
trait Connection: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Connection for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Connection for tokio_rustls::server::TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn talk<C: Connection>(mut stream: C, connection: usize, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let Some(mut seen) = read_request(&mut stream, &mut buffer, connection).await? else { return Ok(()) };
        let behaviour = {
            let mut state = state.lock().unwrap();
            let count = state.counts.entry(seen.target.clone()).or_default();
            seen.nth = *count;
            *count += 1;
            state.seen.push(seen.clone());
            state.paths.get(&seen.target).or(state.fallback.as_ref()).cloned()
        };
        let steps = behaviour.map_or_else(|| status(404, &[], "not here"), |behaviour| behaviour(&seen));
        for step in steps {
            match step {
                Step::Send(bytes) => stream.write_all(&bytes).await?,
                Step::Drip(bytes, pause) => {
                    for byte in bytes {
                        tokio::time::sleep(pause).await;
                        stream.write_all(&[byte]).await?;
                        stream.flush().await?;
                    }
                }
                Step::Forever(bytes, pause) => loop {
                    stream.write_all(&bytes).await?;
                    tokio::time::sleep(pause).await;
                },
                Step::Wait(pause) => {
                    stream.flush().await?;
                    tokio::time::sleep(pause).await;
                }
                Step::Close => {
                    stream.flush().await?;
                    return stream.shutdown().await;
                }
                Step::Reset => {
                    stream.flush().await?;
                    return stream.tcp().set_zero_linger();
                }
                Step::Hang => {
                    stream.flush().await?;
                    // Until the client leaves.
                    while stream.read(&mut [0; 1024]).await? > 0 {}
                    return Ok(());
                }
            }
        }
        stream.flush().await?;
    }
}

async fn read_request<C: Connection>(
    stream: &mut C,
    buffer: &mut Vec<u8>,
    connection: usize,
) -> io::Result<Option<Seen>> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            n => buffer.extend_from_slice(&chunk[..n]),
        }
    };
    let head: Vec<u8> = buffer.drain(..end + 4).collect();
    let mut lines = head[..end].split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut words = first.split(' ');
    let headers: Vec<(String, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|b| *b == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    let mut seen = Seen {
        at: Instant::now(),
        method: words.next().unwrap_or_default().to_owned(),
        target: words.next().unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
        connection,
        nth: 0,
    };
    // WebSub posts one.
    let length: usize = seen.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    while buffer.len() < length {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await? {
            0 => break,
            n => buffer.extend_from_slice(&chunk[..n]),
        }
    }
    seen.body = buffer.drain(..length.min(buffer.len())).collect();
    Ok(Some(seen))
}

/// Milliseconds.
pub fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// An answer with its length.
pub fn status(code: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {code} Status\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    let bodyless = code == 304 || code == 204;
    if !bodyless {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    if !bodyless {
        bytes.extend_from_slice(body);
    }
    vec![Step::Send(bytes)]
}

/// 200 with this body.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<Step> {
    status(200, &[("Content-Type", "application/rss+xml")], body)
}

/// A redirect.
pub fn redirect(code: u16, to: &str) -> Vec<Step> {
    status(code, &[("Location", to)], "")
}

/// Exactly these bytes, then the connection is closed.
pub fn raw(bytes: impl AsRef<[u8]>) -> Vec<Step> {
    vec![Step::Send(bytes.as_ref().to_vec()), Step::Close]
}

/// A small feed with this title.
pub fn feed(title: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>{title}</title>\
         <link>https://gardens.example/</link><description>What grows</description>\
         <item><title>{title}: the first beans</title><guid>{title}-1</guid>\
         <link>https://gardens.example/{title}/1</link>\
         <pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>"
    )
}

fn certificate(names: &[&str], years: (i32, i32)) -> (ServerConfig, String) {
    let mut ca = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    ca.distinguished_name.push(rcgen::DnType::CommonName, "The CA of a test");
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::new(ca, ca_key);
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    let mut leaf = rcgen::CertificateParams::new(names).unwrap();
    leaf.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    leaf.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = leaf.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
        .unwrap();
    (config, ca_certificate.pem())
}
