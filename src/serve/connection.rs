//! Sockets: accepting, watching over and closing them.

use std::convert::Infallible;
use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::MissedTickBehavior;

use super::{Serve, router};

/// How often a connection is looked at.
const BEAT: Duration = Duration::from_secs(15);
/// A connection on which nothing moves for so many beats is closed: idle, or a reader that does not read.
const QUIET_BEATS: u8 = 5;
/// A request whose head has not come whole after so many beats, though bytes come, is given up.
const DRIPPING_BEATS: u8 = 2;
/// The head of a request may have this many bytes.
const LARGEST_HEAD: usize = 16 << 10;
/// Descriptors left to the rest of the process.
const DESCRIPTORS_KEPT: u64 = 64;

/// Serves on `listener` until `shutdown` completes; then no new connection is taken, requests in flight are
/// finished, and what is not done within [`super::Options::grace`] is cut off.
///
/// # Errors
/// When the listener itself breaks; a connection's errors are its own.
pub async fn serve(
    listener: TcpListener,
    serve: Arc<Serve>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let limit = most_connections(serve.options.max_connections);
    let room = Arc::new(Semaphore::new(limit));
    let (stop, stopping) = watch::channel(Stop::Not);
    let routes = router(serve.clone());
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, seat) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_one_connection(&error) => continue,
            Err(error) if is_passing(&error) => {
                tracing::warn!(%error, "no connection can be accepted just now");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            Err(error) => return Err(error),
        };
        // Answers are written whole: to wait for more would only delay them.
        let _ = stream.set_nodelay(true);
        let connection = Connection { serve: serve.clone(), routes: routes.clone(), pulse: Arc::default() };
        let stopping = stopping.clone();
        tokio::spawn(async move {
            connection.run(stream, stopping).await;
            drop(seat);
        });
    }
    drop(listener);
    stop.send_replace(Stop::Gently);
    let all = u32::try_from(limit).unwrap_or(u32::MAX);
    if tokio::time::timeout(serve.options.grace, room.acquire_many(all)).await.is_err() {
        stop.send_replace(Stop::Now);
        let _ = tokio::time::timeout(Duration::from_secs(1), room.acquire_many(all)).await;
    }
    Ok(())
}

/// The next connection, taken only when there is a seat for it: until then it waits in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = room.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, seat))
}

/// As many connections as wished for and as the process may have descriptors, which is raised as far as it may be.
fn most_connections(wished: usize) -> usize {
    let wanted = u64::try_from(wished).unwrap_or(u64::MAX).saturating_add(DESCRIPTORS_KEPT);
    let allowed = match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) => limit.saturating_sub(DESCRIPTORS_KEPT),
        Err(_) => return wished.clamp(1, 900),
    };
    wished.min(usize::try_from(allowed).unwrap_or(usize::MAX)).clamp(1, Semaphore::MAX_PERMITS.min(1 << 20))
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

/// Out of descriptors or memory (EMFILE, ENFILE, ENOBUFS, ENOMEM), or interrupted: it passes.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::OutOfMemory | io::ErrorKind::TimedOut)
        || matches!(error.raw_os_error(), Some(23 | 24 | 55 | 105))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Not,
    Gently,
    Now,
}

struct Connection {
    serve: Arc<Serve>,
    routes: Router,
    pulse: Arc<Pulse>,
}

impl Connection {
    async fn run(self, stream: TcpStream, mut stopping: watch::Receiver<Stop>) {
        let pulse = self.pulse.clone();
        let io = TokioIo::new(Counted { stream, pulse: pulse.clone() });
        let answers =
            Answers { serve: self.serve, routes: TowerToHyperService::new(self.routes), pulse: self.pulse };
        let http = hyper::server::conn::http1::Builder::new()
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(io, answers);
        let mut http = std::pin::pin!(http);
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + BEAT, BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watcher = Watcher::default();
        // Says also what was sent before we began to listen.
        let mut told = Stop::Not;
        loop {
            let said = *stopping.borrow_and_update();
            if said != told {
                told = said;
                // Hyper takes a connection that has not asked for anything yet for a busy one.
                if said == Stop::Now || pulse.requests.load(Ordering::Relaxed) == 0 {
                    return;
                }
                http.as_mut().graceful_shutdown();
            }
            tokio::select! {
                // An error here is a client that went away or does not speak HTTP: nothing of ours.
                _ = &mut http => return,
                _ = beat.tick() => {
                    if !watcher.beat(pulse.now()) {
                        return;
                    }
                }
                changed = stopping.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// Answers from memory where it can, else asks the router.
struct Answers {
    serve: Arc<Serve>,
    routes: TowerToHyperService<Router>,
    pulse: Arc<Pulse>,
}

impl Service<hyper::Request<Incoming>> for Answers {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        self.pulse.requests.fetch_add(1, Ordering::Relaxed);
        match self.serve.at_once(&request) {
            Some(answer) => Answer::Ready(Some(answer.map(Body::from))),
            None => Answer::Routed(Box::pin(self.routes.call(request))),
        }
    }
}

/// An answer that is there, or is being made.
enum Answer {
    Ready(Option<Response<Body>>),
    Routed(Pin<Box<<TowerToHyperService<Router> as Service<hyper::Request<Incoming>>>::Future>>),
}

impl Future for Answer {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ready(answer) => {
                Poll::Ready(Ok(answer.take().expect("polled once, as it is ready at once")))
            }
            Self::Routed(made) => made.as_mut().poll(cx),
        }
    }
}

/// What has moved on a connection so far. The counts may wrap: only whether they change matters.
#[derive(Debug, Default)]
struct Pulse {
    requests: AtomicU32,
    read: AtomicU32,
    written: AtomicU32,
}

impl Pulse {
    fn now(&self) -> Beat {
        let of = |count: &AtomicU32| count.load(Ordering::Relaxed);
        Beat { requests: of(&self.requests), read: of(&self.read), written: of(&self.written) }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Beat {
    requests: u32,
    read: u32,
    written: u32,
}

/// Decides whether a connection may stay: one look every [`BEAT`] costs less than a timer for every request.
#[derive(Debug, Default)]
struct Watcher {
    last: Beat,
    quiet: u8,
    dripping: u8,
}

impl Watcher {
    fn beat(&mut self, now: Beat) -> bool {
        if now.requests != self.last.requests || now.written != self.last.written {
            (self.quiet, self.dripping) = (0, 0);
        } else if now.read != self.last.read {
            self.dripping += 1;
        } else {
            self.quiet += 1;
        }
        self.last = now;
        self.quiet < QUIET_BEATS && self.dripping < DRIPPING_BEATS
    }
}

/// A stream that counts what moves.
struct Counted {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Counted {
    fn count_written(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(n)) = result
            && n > 0
        {
            self.pulse.written.fetch_add(1, Ordering::Relaxed);
        }
        result
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.pulse.read.fetch_add(1, Ordering::Relaxed);
        }
        result
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.count_written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.count_written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(of: impl Fn(u32) -> Beat) -> usize {
        let mut watcher = Watcher::default();
        (1..100).take_while(|&n| watcher.beat(of(n))).count()
    }

    #[test]
    fn a_connection_that_asks_or_reads_may_stay() {
        assert_eq!(beats(|n| Beat { requests: n, read: n, written: n }), 99);
        assert_eq!(
            beats(|n| Beat { requests: 1, read: 1, written: n }),
            99,
            "a slow reader of a large answer"
        );
    }

    #[test]
    fn an_idle_connection_is_closed_after_a_while() {
        assert_eq!(beats(|_| Beat::default()), usize::from(QUIET_BEATS) - 1);
        assert_eq!(beats(|_| Beat { requests: 1, read: 1, written: 1 }), usize::from(QUIET_BEATS));
    }

    #[test]
    fn a_head_that_drips_in_is_not_waited_for() {
        assert_eq!(beats(|n| Beat { requests: 0, read: n, written: 0 }), usize::from(DRIPPING_BEATS) - 1);
    }
}
