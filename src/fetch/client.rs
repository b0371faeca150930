//! One visit: asks, follows, reads, unpacks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper_util::client::legacy::connect::HttpInfo;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, LOCATION};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use super::backlog::{self, Backlog};
use super::buffer::Buffer;
use super::chain::Chain;
use super::coding::Limits;
use super::failure::{self, Stage, failure};
use super::memory::{Memory, Share};
use super::outgoing::{self, Outgoing};
use super::politeness::{Politeness, Refusal, Slot};
use super::pool::{Pool, Way};
use super::proxy::Proxies;
use super::robots_cache::RobotsCache;
use super::shared::{Answers, Key};
use super::{Purpose, Request, Settings, SetupError, address, file, headers, host_key, resolve};
use crate::model::{ErrorKind, Failure, Fetched, Location, Source, Validators};

/// How long even a host that has not answered before is waited for.
const LEAST_FIRST_BYTE: Duration = Duration::from_millis(500);
const LEAST_WHOLE: Duration = Duration::from_secs(5);

/// A large body that brings less than this in a second gives way to others that wait for room.
const LOOK: Duration = Duration::from_secs(1);
const LEAST_PROGRESS: usize = 32 * 1024;

/// "Here is only what is new" (RFC 3229).
const IM: HeaderName = HeaderName::from_static("im");

/// Fetches. Cheap to clone; all clones share limits, silences and connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Of the pass that it is for.
    answers: Option<Arc<Answers>>,
}

pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) pool: Pool,
    proxies: Proxies,
    pub(super) politeness: Politeness,
    pub(super) memory: Memory,
    backlog: Backlog,
    /// Unpacking takes a processor and, for a large body, tens of megabytes: one or two at a time.
    pub(super) unpacking: Arc<Semaphore>,
    /// Files are read a few at a time; disks like that, and so does the memory.
    files: Semaphore,
    robots: RobotsCache,
    pub(super) outgoing: Outgoing,
    /// Requests that came to an end, well or not.
    pub(super) ended: AtomicU64,
}

/// What came of one request.
#[derive(Clone)]
pub(super) enum Answer<B = Unpacked> {
    Redirect { to: Url, permanent: bool },
    NotModified { validators: Validators, fresh_for: Option<Duration> },
    Gone,
    Body(B),
}

/// A body whose content codings are undone.
#[derive(Clone)]
pub(super) struct Unpacked {
    pub(super) status: StatusCode,
    pub(super) headers: Arc<HeaderMap>,
    pub(super) body: Bytes,
}

/// A whole body, as it was sent.
struct Packed {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    share: Share,
}

impl Client {
    /// Sets up TLS and reads the environment.
    ///
    /// # Errors
    /// When the settings cannot be used: a root certificate that is none, a proxy that is none.
    pub fn new(settings: &Settings) -> Result<Self, SetupError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let inner = Inner {
            pool: Pool::new(settings)?,
            proxies: Proxies::new(settings.proxy.clone(), settings.proxy_from_environment),
            politeness: Politeness::new(
                settings.per_host_concurrency,
                settings.per_host_delay,
                settings.concurrency,
            ),
            memory: Memory::new(settings.memory),
            backlog: Backlog::default(),
            unpacking: Arc::new(Semaphore::new(cores.div_ceil(2).min(2))),
            files: Semaphore::new(4),
            robots: RobotsCache::default(),
            outgoing: Outgoing::new(settings)?,
            ended: AtomicU64::new(0),
            settings: settings.clone(),
        };
        Ok(Self { inner: Arc::new(inner), answers: None })
    }

    /// The same client for one pass, in which no URL is asked twice: whoever leads to one that was asked already gets its
    /// answer. `places` are where the sources of the pass lie.
    #[must_use]
    pub fn for_pass(&self, places: impl Iterator<Item = Url>) -> Self {
        Self { inner: self.inner.clone(), answers: Some(Arc::new(Answers::new(places))) }
    }

    /// What lies unread: whoever reads documents notes there those that wait for it.
    pub fn backlog(&self) -> &Backlog {
        &self.inner.backlog
    }

    /// How many requests have come to an end, well or not: while it rises, nothing hangs.
    pub fn ended(&self) -> u64 {
        self.inner.ended.load(Ordering::Relaxed)
    }

    /// Closes the connections that are kept for further requests: to be called when none are to be expected soon. The run time
    /// does it beside whatever else is done; at its end it would be waited for.
    pub fn rest(&self) {
        self.inner.pool.close_idle();
    }

    /// Visits a source: one request, and one for each redirect. Never fails to return: whatever
    /// happens comes back as a [`Fetched`].
    ///
    /// Waits for the host's turn first. The bytes of the [`Document`] count against
    /// [`Settings::memory`] until they are dropped; do not hoard them.
    pub async fn fetch(&self, request: &Request<'_>) -> Fetched {
        let done = match request.location {
            Location::File(path) if request.may_use_file => {
                return Box::pin(self.inner.read_file(path, request.validators)).await;
            }
            Location::File(_) => Err(failure::scheme("file", None)),
            Location::Http(url) => self.inner.follow(request, url, self.answers.as_deref()).await,
        };
        match done {
            Ok(fetched) => fetched,
            Err(failure) => {
                tracing::debug!(source = %request.source.id, kind = failure.kind.as_str(), "failed");
                Fetched::Failed(failure)
            }
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Nobody of `host` (see [`host_key`]) is asked before `until`: hands over what an earlier run was
    /// told by `Retry-After`.
    pub fn silence(&self, host: &str, until: Timestamp) {
        self.inner.politeness.silence(host, until);
    }

    /// The hosts that asked for silence, and until when: to be kept for the next run.
    pub fn silences(&self) -> Vec<(String, Timestamp)> {
        self.inner.politeness.silences(self.inner.settings.clock.now())
    }
}

impl Inner {
    pub(super) fn limits(&self) -> Limits {
        Limits { max_size: self.settings.max_size, max_ratio: self.settings.max_ratio }
    }

    async fn read_file(&self, path: &Path, validators: &Validators) -> Fetched {
        let _permit = self.files.acquire().await;
        let read = file::read(path, validators, self.limits(), self.settings.clock.now()).await;
        match read {
            Fetched::Document(mut document) => {
                let mut share = self.memory.share();
                if !share.grow(document.body.len(), self.settings.timeout).await {
                    let name = path.display().to_string();
                    return Fetched::Failed(failure::timeout(&name, Stage::Memory, self.settings.timeout));
                }
                document.body = share.bind(document.body);
                Fetched::Document(document)
            }
            other => other,
        }
    }

    /// Asks `start` and whoever it names, until somebody answers.
    async fn follow(
        &self,
        request: &Request<'_>,
        start: &Url,
        answers: Option<&Answers>,
    ) -> Result<Fetched, Failure> {
        let mut start = start.clone();
        start.set_fragment(None);
        // Credentials go into a header, where they belong; neither call fails on a URL with a host.
        let _ = start.set_username("");
        let _ = start.set_password(None);
        let mut chain = Chain::new(start, self.settings.max_redirects);
        // Time spent waiting for a turn is not the server's fault, so what is left is counted, not
        // when it ends.
        let mut left = self.settings.timeout;
        loop {
            let url = chain.here().clone();
            let way = self.way(request.source, &chain)?;
            if request.purpose == Purpose::Page {
                Box::pin(self.ask_robots(request.source, &url)).await?;
            }
            let ask = Box::pin(self.ask_in_turn(request, &chain, &way, &mut left));
            let answer = match answers {
                Some(answers) => {
                    let key = Key::new(&url, &self.outgoing.fields(request, &url, false), &way);
                    let sent =
                        outgoing::has_condition(request.validators, &chain).then_some(request.validators);
                    answers.ask(key, sent, ask).await
                }
                None => ask.await,
            };
            self.ended.fetch_add(1, Ordering::Relaxed);
            match answer? {
                Answer::Redirect { to, permanent } => chain.go_on(to, permanent)?,
                Answer::NotModified { validators, fresh_for } => {
                    return Ok(Fetched::NotModified { validators, fresh_for });
                }
                Answer::Gone if chain.is_permanent() => return Ok(Fetched::Gone),
                Answer::Gone => return Err(failure::status(&name(&url), StatusCode::GONE, None)),
                Answer::Body(body) => return self.document(body, chain).map(Fetched::Document),
            }
        }
    }

    /// Waits for the host's turn, asks, and unpacks what comes.
    async fn ask_in_turn(
        &self,
        request: &Request<'_>,
        chain: &Chain,
        way: &Way,
        left: &mut Duration,
    ) -> Result<Answer, Failure> {
        let host = host_key(chain.here());
        let mut slot =
            self.politeness.enter(&host, &self.settings.clock).await.map_err(|refusal| match refusal {
                Refusal::Silent(until) => failure::silenced(&host, until),
                Refusal::Down(failure) => failure,
            })?;
        if request.purpose == Purpose::Feed {
            // Out of patience it asks all the same.
            self.backlog.room(backlog::PATIENCE).await;
        }
        // In a box of its own, so that the thousands who wait for their turn are small.
        let answer = Box::pin(self.ask(request, chain, way, &mut slot, left)).await;
        slot.note(answer.as_ref().err());
        drop(slot);
        Ok(match answer? {
            Answer::Redirect { to, permanent } => Answer::Redirect { to, permanent },
            Answer::NotModified { validators, fresh_for } => Answer::NotModified { validators, fresh_for },
            Answer::Gone => Answer::Gone,
            Answer::Body(Packed { status, headers, body, share }) => {
                let body = self.unpack(&host, headers::content_codings(&headers), body, share).await?;
                Answer::Body(Unpacked { status, headers: Arc::new(headers), body })
            }
        })
    }

    /// Whether robots.txt allows this page.
    async fn ask_robots(&self, source: &Source, url: &Url) -> Result<(), Failure> {
        let ask = async |at: Url| {
            let request = Request {
                source,
                location: &source.location,
                validators: &Validators::default(),
                may_use_file: false,
                purpose: Purpose::Robots,
            };
            Box::pin(self.follow(&request, &at, None)).await.unwrap_or_else(Fetched::Failed)
        };
        let rules = self.robots.rules(url, ask).await?;
        match rules.allows(&url[url::Position::BeforePath..url::Position::AfterQuery]) {
            true => Ok(()),
            false => Err(failure::robots(&name(url))),
        }
    }

    /// Checks that this URL may be asked at all, and chooses the way out.
    pub(super) fn way(&self, source: &Source, chain: &Chain) -> Result<Way, Failure> {
        let url = chain.here();
        if !matches!(url.scheme(), "http" | "https") {
            let by = chain.previous().map(name);
            return Err(failure::scheme(url.scheme(), by.as_deref()));
        }
        let allow_private = self.settings.allow_private_addresses || source.allow_private_addresses;
        // Literal addresses never see the resolver; behind a proxy, names do not either.
        if let Some(what) = address::special_host(url).filter(|_| !allow_private) {
            return Err(failure::forbidden(&name(url), what));
        }
        Ok(Way { proxy: self.proxies.choose(source.proxy.as_ref(), url), allow_private, reuse: true })
    }

    /// One request and its answer, up to the end of the body.
    async fn ask(
        &self,
        request: &Request<'_>,
        chain: &Chain,
        way: &Way,
        slot: &mut Slot,
        left: &mut Duration,
    ) -> Result<Answer<Packed>, Failure> {
        let url = chain.here();
        let host = name(url);
        let conditional = outgoing::has_condition(request.validators, chain);
        judge_name(url, way, &host).await?;
        let start = Instant::now();
        let whole = slot.patience(*left, LEAST_WHOLE);
        let mut deadline = start + whole;
        let patience =
            slot.patience(self.settings.first_byte_timeout.min(*left), LEAST_FIRST_BYTE).min(whole);
        let mut asked_before = false;
        let response = loop {
            let way = Way { reuse: slot.may_reuse(), ..way.clone() };
            let client =
                self.pool.client(&way, &host).map_err(|e| failure(ErrorKind::Proxy, e.to_string()))?;
            let asked =
                client.get(url.clone()).headers(self.outgoing.fields(request, url, conditional)).send();
            match slot.wait(start + patience, asked).await {
                None => return Err(failure::timeout(&host, Stage::Header, patience)),
                Some(Ok(response)) => {
                    slot.began_after(start.elapsed());
                    break response;
                }
                Some(Err(e)) if e.is_builder() => return Err(failure::unusable(chain.previous().map(name))),
                Some(Err(e)) => {
                    let proxy = way.proxy.as_ref().map(name);
                    let failed = failure::transport(&e, &host, proxy.as_deref());
                    let again = !std::mem::replace(&mut asked_before, true)
                        && failed.kind == ErrorKind::Interrupted
                        && failure::local_end(&e).is_some_and(|end| slot.broke_off(end));
                    if !again {
                        return Err(failed);
                    }
                }
            }
        };
        if let Some(info) = response.extensions().get::<HttpInfo>() {
            slot.answered(info.local_addr());
        }
        let answer = match self.judge(&response, request, chain, conditional)? {
            Some(answer) => answer,
            None => Answer::Body(self.read(response, &host, slot, whole, &mut deadline).await?),
        };
        *left = left.saturating_sub(whole) + deadline.saturating_duration_since(Instant::now());
        Ok(answer)
    }

    /// What the header of an answer means; `None` where the body is wanted.
    fn judge(
        &self,
        response: &reqwest::Response,
        request: &Request<'_>,
        chain: &Chain,
        conditional: bool,
    ) -> Result<Option<Answer<Packed>>, Failure> {
        let url = chain.here();
        let host = name(url);
        let status = response.status();
        let fields = response.headers();
        let now = self.settings.clock.now();
        match status.as_u16() {
            200 | 203 => Ok(None),
            226 if is_feed_manipulation(fields) => Ok(None),
            301 | 302 | 303 | 307 | 308 => redirect(status, fields, url).map(Some),
            // "The user agent MAY use the Location for automatic redirection" (RFC 9110 §15.4.1).
            300 if fields.contains_key(LOCATION) => redirect(status, fields, url).map(Some),
            304 if conditional => {
                let renewed = headers::validators(fields, url);
                let kept = request.validators;
                let validators = Validators {
                    etag: renewed.etag.or_else(|| kept.etag.clone()),
                    last_modified: renewed.last_modified.or_else(|| kept.last_modified.clone()),
                    url: Some(url.to_string()),
                };
                Ok(Some(Answer::NotModified { validators, fresh_for: headers::fresh_for(fields, now) }))
            }
            410 => Ok(Some(Answer::Gone)),
            429 | 503 => {
                let retry_at = headers::retry_after(fields, now);
                if let Some(until) = retry_at {
                    self.politeness.silence(&host_key(url), until);
                }
                Err(failure::status(&host, status, retry_at))
            }
            _ => Err(failure::status(&host, status, None)),
        }
    }

    /// Reads the body to its end, within size, time and memory.
    async fn read(
        &self,
        mut response: reqwest::Response,
        host: &str,
        slot: &mut Slot,
        whole: Duration,
        deadline: &mut Instant,
    ) -> Result<Packed, Failure> {
        let limit = self.settings.max_size;
        let announced = response.content_length();
        if announced.is_some_and(|length| length > limit as u64) {
            return Err(failure::too_large(host, limit));
        }
        let mut share = self.memory.share();
        // What is announced may be a lie: room is made as bytes come.
        let mut body = Buffer::new(limit);
        let (mut looked, mut had) = (Instant::now(), 0);
        loop {
            if looked.elapsed() >= LOOK {
                if share.is_in_the_way() && body.len() - had < LEAST_PROGRESS {
                    return Err(failure::timeout(host, Stage::InTheWay, LOOK));
                }
                (looked, had) = (Instant::now(), body.len());
            }
            // To give up waiting for a chunk loses none of it.
            match slot.wait((looked + LOOK).min(*deadline), response.chunk()).await {
                None if Instant::now() < *deadline => {}
                None => return Err(failure::timeout(host, Stage::Whole, whole)),
                Some(Err(e)) => return Err(failure::transport(&e, host, None)),
                Some(Ok(None)) => break,
                Some(Ok(Some(chunk))) => {
                    let size = body.len() + chunk.len();
                    if size > limit {
                        return Err(failure::too_large(host, limit));
                    }
                    if !share.fits(size) {
                        let before = Instant::now();
                        let patience = self.settings.timeout * 4;
                        if !share.grow(size, patience).await {
                            return Err(failure::timeout(host, Stage::Memory, patience));
                        }
                        *deadline += before.elapsed();
                        (looked, had) = (Instant::now(), body.len());
                    }
                    body.extend(&chunk);
                }
            }
        }
        let body = body.into_bytes();
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        Ok(Packed { status, headers, body, share })
    }
}

/// Names that neither our resolver nor the proxy looks up.
pub(super) async fn judge_name(url: &Url, way: &Way, host: &str) -> Result<(), Failure> {
    let by_connector = way.proxy.as_ref().is_some_and(|proxy| proxy.scheme() == "socks5");
    match url.domain().filter(|_| by_connector && !way.allow_private) {
        Some(name) => {
            resolve::judge(name).await.map_err(|forbidden| failure::forbidden(host, forbidden.what))
        }
        None => Ok(()),
    }
}

/// 226 with a manipulation that we asked for, or with none named.
fn is_feed_manipulation(fields: &HeaderMap) -> bool {
    let mut named = fields.get_all(IM).iter().flat_map(|value| value.as_bytes().split(|b| *b == b','));
    named.all(|name| name.trim_ascii().eq_ignore_ascii_case(b"feed"))
}

fn redirect(status: StatusCode, fields: &HeaderMap, url: &Url) -> Result<Answer<Packed>, Failure> {
    let host = name(url);
    let to = fields.get(LOCATION).and_then(|value| headers::location(value, url)).ok_or_else(|| Failure {
        status: Some(status.as_u16()),
        ..failure(
            ErrorKind::BadRedirect,
            format!(
                "{host} redirects ({}) without a usable target; look up the feed's address on the site.",
                status.as_u16()
            ),
        )
    })?;
    Ok(Answer::Redirect { to, permanent: matches!(status.as_u16(), 301 | 308) })
}

/// The host as people read it.
pub(super) fn name(url: &Url) -> String {
    host_key(url)
}
