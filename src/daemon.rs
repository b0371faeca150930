//! Passes for ever: due times, signals, reload.

mod metrics;
mod pace;
mod signals;
mod systemd;
mod time;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{Config, ConfigError, Format, Hub, Output};

use crate::serve::{self, Serve, Site};
use crate::tick::lock::Lock;
use crate::tick::recovery::Recovered;
use crate::tick::{self, Client, Report, Tick, TickError};
use crate::websub::{self, WebSub};
use metrics::Metrics;
use signals::Hangup;
pub use signals::stop_signal;
pub use time::Time;

/// How long requests in flight are waited for when stopping: with what comes after, less than five seconds.
const GRACE: Duration = Duration::from_millis(2500);

/// Why the daemon ends.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// Nothing can be served there.
    #[error(
        "cannot listen on {address}: {error}; stop what uses it, or choose another address with [serve] listen"
    )]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The published folder cannot be read.
    #[error("{path} cannot be served: {error}", path = path.display())]
    Site {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A pass could not be done.
    #[error(transparent)]
    Tick(#[from] TickError),
}

/// How the daemon reads its configuration again.
pub type Reload<'a> = &'a (dyn Fn() -> Result<Config, ConfigError> + Send + Sync);

/// What the daemon tells whoever started it.
#[derive(Debug)]
pub enum News<'a> {
    /// It answers now.
    Serving(std::net::SocketAddr),
    /// A pass is done.
    Pass(&'a Config, &'a Report),
    /// A pass could not be done, and is tried again after this time.
    Failed(&'a TickError, Duration),
    /// The database had to be made again.
    Recovered(&'a Recovered),
}

/// The daemon, to be run.
pub struct Daemon<'a> {
    /// What to begin with.
    pub config: Config,
    /// The data folder, held by `lock`.
    pub data_dir: &'a Path,
    /// The hold on it.
    pub lock: &'a Lock,
    /// How the configuration is read again.
    pub reload: Reload<'a>,
    /// Is told what happens.
    pub tell: &'a (dyn Fn(News<'_>) + Send + Sync),
    /// Where time comes from.
    pub time: Time,
}

impl Daemon<'_> {
    /// Serves what is published and makes passes whenever sources are due, until `stop` completes. A pass that cannot
    /// be done (the disk is full, say) is told and tried again; meanwhile what is published is served.
    ///
    /// # Errors
    /// When it cannot listen, or the client cannot be set up.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), DaemonError> {
        let Self { config, data_dir, lock, reload, tell, time } = self;
        let client = tick::client(&config)?;
        let websub =
            WebSub::open(websub_settings(&config, data_dir), client.clone()).map_err(TickError::from)?;
        let (serving, server_stop) = start_server(&config, data_dir, Some(websub.clone()), tell).await?;
        let pushing = tokio::spawn(websub.clone().run());
        let seen = modified(&config);
        let hangup = Hangup::new();
        systemd::ready(&config);
        let pulse = Arc::new(systemd::Pulse::new());
        let watchdog = systemd::watchdog(pulse.clone());
        let mut passes = Passes {
            config,
            client,
            websub,
            data_dir,
            lock,
            reload,
            tell,
            time,
            serving: &serving,
            seen,
            hangup,
            pulse,
        };
        {
            let mut stop = std::pin::pin!(stop);
            tokio::select! {
                biased;
                () = &mut stop => {}
                () = passes.run() => {}
            }
        }
        systemd::stopping();
        drop(watchdog);
        pushing.abort();
        server_stop.send_replace(true);
        serving.done().await;
        Ok(())
    }
}

/// The passes of a daemon.
struct Passes<'a> {
    config: Config,
    client: Client,
    websub: Arc<WebSub>,
    data_dir: &'a Path,
    lock: &'a Lock,
    reload: Reload<'a>,
    tell: &'a (dyn Fn(News<'_>) + Send + Sync),
    time: Time,
    serving: &'a Serving,
    /// When feeds.toml and the lists beside it were changed last, as far as it was noticed.
    seen: Stamps,
    hangup: Hangup,
    /// For the watchdog.
    pulse: Arc<systemd::Pulse>,
}

impl Passes<'_> {
    /// Pass after pass, for ever.
    async fn run(&mut self) {
        let mut failed = 0_u32;
        // Everything may be due at once at the start, and after the machine has slept.
        let mut spread = true;
        loop {
            let began = std::time::Instant::now();
            let next_due = match self.pass(spread).await {
                Ok(report) => {
                    failed = 0;
                    self.serving.look();
                    self.websub.after_pass(&report.published.written).await;
                    self.serving.metrics.pass(&report, began.elapsed(), self.time.now());
                    (self.tell)(News::Pass(&self.config, &report));
                    self.call_webhook(&report).await;
                    systemd::status(&self.config, &report);
                    let (next, more) =
                        pace::after_pass(spread, report.visited, report.next_due, self.time.now());
                    spread = more;
                    next
                }
                Err(error) => {
                    let pause = pace::after_failure(failed);
                    failed += 1;
                    self.serving.metrics.failed_pass();
                    (self.tell)(News::Failed(&error, pause));
                    if error.is_damage() {
                        self.lock.suspects();
                    }
                    SignedDuration::try_from(pause)
                        .ok()
                        .and_then(|pause| self.time.now().checked_add(pause).ok())
                }
            };
            spread |= self.rest_until(next_due).await;
        }
    }

    /// One pass, and what comes before it.
    async fn pass(&mut self, spread: bool) -> Result<Report, TickError> {
        let now = self.time.now();
        if !self.lock.trusts(now) {
            let looking = tick::recovery::see_to_database_aside(&self.config, self.data_dir, self.lock, now);
            // However long that takes, it gets on: it waits for nobody but the disk.
            let minutes = std::time::Instant::now();
            let recovered = self.pulse.while_rising(|| minutes.elapsed().as_secs() / 60, looking).await?;
            if let Some(recovered) = recovered {
                (self.tell)(News::Recovered(&recovered));
                self.websub.reopen()?;
            }
        }
        if let Some(new) = fresh_lists(&self.config, self.data_dir, &self.client, self.reload, now).await? {
            self.take_up(new);
        }
        let pushed = self.websub.take();
        let pass =
            Tick::new(&self.config, self.data_dir, now).live(true).with_client(&self.client).pushed(&pushed);
        let pass = if spread { pass.at_most(pace::AT_ONCE) } else { pass };
        let done = self.pulse.while_rising(|| self.client.ended(), pass.run()).await;
        if done.is_err() {
            // Nobody pushes it again. What was recorded of it is known by its hash.
            self.websub.put_back(pushed);
        }
        done
    }

    /// Waits until something is due or feeds.toml has changed. Gives whether the clock leapt meanwhile.
    async fn rest_until(&mut self, next_due: Option<Timestamp>) -> bool {
        loop {
            self.pulse.beat();
            let now = self.time.now();
            let (nap, is_due_then) = pace::nap(next_due, now);
            tokio::select! {
                biased;
                () = self.hangup.wait() => self.seen.clear(),
                () = self.websub.arrived() => return false,
                () = self.time.sleep(nap) => {}
            }
            let leapt = pace::leapt(nap, now, self.time.now());
            let stamps = modified(&self.config);
            if self.seen != stamps {
                self.seen = stamps;
                systemd::reloading();
                let read = (self.reload)();
                self.serving.metrics.reload(read.is_ok());
                match read {
                    Ok(new) => {
                        tracing::info!("the configuration was reloaded");
                        self.take_up(new);
                        // Of a list that was not there before nothing was noticed yet.
                        let stamps = modified(&self.config);
                        if !stamps.iter().map(|(file, _)| file).eq(self.seen.iter().map(|(file, _)| file)) {
                            self.seen = stamps;
                        }
                        systemd::ready(&self.config);
                        return false;
                    }
                    Err(error) => {
                        tracing::error!("the configuration was not reloaded, the old one stays:\n{error}");
                        systemd::ready(&self.config);
                    }
                }
            }
            if leapt {
                return true;
            }
            if is_due_then {
                return false;
            }
        }
    }

    /// Tells the webhook what began or is over; one that cannot be told is named in the log.
    async fn call_webhook(&self, report: &Report) {
        if let Err(failure) = tick::call_webhook(&self.client, &self.config, &report.flags).await {
            tracing::warn!(kind = failure.kind.as_str(), "the webhook of [status]: {}", failure.message);
        }
    }

    /// Goes on with another configuration. One whose client cannot be set up is refused.
    fn take_up(&mut self, new: Config) {
        if new.fetch != self.config.fetch || new.feed.link != self.config.feed.link {
            match tick::client(&new) {
                Ok(client) => self.client = client,
                Err(error) => {
                    tracing::error!("the configuration was not reloaded, the old one stays: {error}");
                    return;
                }
            }
        }
        if new.serve != self.config.serve {
            tracing::warn!("a changed [serve] counts from the next start on");
        }
        self.serving.pages.config.store(Arc::new(new.clone()));
        self.config = new;
        self.websub.reconfigure(websub_settings(&self.config, self.data_dir), self.client.clone());
    }
}

/// Fetches the lists of sources that come from the network; gives the new configuration where one of them says
/// something new.
async fn fresh_lists(
    config: &Config,
    data_dir: &Path,
    client: &Client,
    reload: Reload<'_>,
    now: Timestamp,
) -> Result<Option<Config>, TickError> {
    let private = config.fetch.allow_private_addresses;
    let (changed, failed) =
        tick::refresh_includes(&config.remote_includes, data_dir, client, private, now).await?;
    for (url, why) in failed {
        tracing::warn!("the list {url}: {why}; its sources stay as they were");
    }
    match changed.then(reload) {
        Some(Err(error)) => {
            tracing::error!("the configuration was not reloaded, the old one stays:\n{error}");
            Ok(None)
        }
        Some(Ok(new)) => Ok(Some(new)),
        None => Ok(None),
    }
}

/// Serves what is published until `stop` completes.
///
/// # Errors
/// When it cannot listen or read the published folder.
pub async fn serve_only(
    config: &Config,
    data_dir: &Path,
    tell: &(dyn Fn(News<'_>) + Send + Sync),
    stop: impl Future<Output = ()>,
) -> Result<(), DaemonError> {
    let (serving, server_stop) = start_server(config, data_dir, None, tell).await?;
    stop.await;
    server_stop.send_replace(true);
    serving.done().await;
    Ok(())
}

/// The running server.
struct Serving {
    site: Arc<Site>,
    pages: Arc<Dynamic>,
    metrics: Arc<Metrics>,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// Takes up what was just published.
    fn look(&self) {
        if let Err(error) = self.site.reload() {
            tracing::error!(%error, "what was published cannot be read");
        }
    }

    async fn done(self) {
        match self.task.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the server broke off"),
            Err(error) => tracing::error!(%error, "the server broke off"),
        }
    }
}

async fn start_server(
    config: &Config,
    data_dir: &Path,
    websub: Option<Arc<WebSub>>,
    tell: &(dyn Fn(News<'_>) + Send + Sync),
) -> Result<(Serving, watch::Sender<bool>), DaemonError> {
    let address = config.serve.listen;
    let listener =
        TcpListener::bind(address).await.map_err(|error| DaemonError::Listen { address, error })?;
    let public = tick::public_dir(data_dir);
    let site = std::fs::create_dir_all(&public)
        .and_then(|()| Site::load(&public))
        .map_err(|error| DaemonError::Site { path: public.clone(), error })?;
    let bound = listener.local_addr().unwrap_or(address);
    let (sender, mut receiver) = watch::channel(false);
    let metrics = Arc::new(Metrics::new());
    let pages = Arc::new(Dynamic {
        config: ArcSwap::from_pointee(config.clone()),
        data_dir: data_dir.to_owned(),
        metrics: metrics.clone(),
    });
    let options = serve::Options { grace: GRACE, ..serve::Options::default() };
    let hooks = websub.map(|websub| Arc::new(Hooked(websub)) as Arc<dyn serve::Hooks>);
    let handler = Serve::with_hooks(site.clone(), Some(pages.clone()), hooks, options);
    let task = tokio::spawn(serve::serve(listener, handler, async move {
        // A sender that is gone means the same.
        let _ = receiver.wait_for(|stop| *stop).await;
    }));
    tell(News::Serving(bound));
    Ok((Serving { site, pages, metrics, task }, sender))
}

/// The pages that are made when they are asked for.
struct Dynamic {
    /// That of now: a reload changes it.
    config: ArcSwap<Config>,
    data_dir: PathBuf,
    metrics: Arc<Metrics>,
}

impl serve::Pages for Dynamic {
    fn page(&self, asked: &serve::Asked) -> anyhow::Result<Vec<u8>> {
        let config = self.config.load_full();
        match asked {
            serve::Asked::Status => Ok(tick::status_page(&config, &self.data_dir, Timestamp::now())?),
            serve::Asked::Metrics => self.metrics.page(&config, &self.data_dir),
            serve::Asked::Search { query, page } => {
                Ok(tick::search_page(&config, &self.data_dir, query, *page)?)
            }
        }
    }
}

/// What is asked below `/websub/`.
struct Hooked(Arc<WebSub>);

impl serve::Hooks for Hooked {
    fn largest_body(&self) -> usize {
        self.0.largest()
    }

    fn answer(&self, asked: serve::Hooked) -> serve::Answering {
        let websub = self.0.clone();
        Box::pin(async move {
            let serve::Hooked { method, path, query, headers, body } = asked;
            websub.answer(&method, &path, &query, &headers, body).await
        })
    }
}

/// What feeds.toml says of WebSub.
pub fn websub_settings(config: &Config, data_dir: &Path) -> websub::Settings {
    let base_url = tick::base_url(config);
    let topic = |output: &Output| {
        let media_type = match output.format {
            Format::Atom => "application/atom+xml",
            Format::Rss => "application/rss+xml",
            Format::Json => "application/feed+json",
            Format::Opml => return None,
        };
        Some(websub::Topic { path: output.path.clone(), url: base_url.join(&output.path).ok()?, media_type })
    };
    let own = config.feed.hub == Some(Hub::Own);
    websub::Settings {
        database: tick::database_path(data_dir),
        public_dir: tick::public_dir(data_dir),
        callbacks: config.serve.public_url.clone(),
        pinged: config.hub_url().filter(|_| !own),
        own_hub: config.hub_url().filter(|_| own),
        topics: config.outputs.iter().filter_map(topic).collect(),
        min_intervals: config.sources.iter().map(|s| (s.id.to_string(), s.min_interval)).collect(),
        largest: usize::try_from(config.fetch.max_size).unwrap_or(usize::MAX),
        allow_private_addresses: config.fetch.allow_private_addresses,
    }
}

/// Files that the configuration is made of, and when each was changed last.
type Stamps = Vec<(PathBuf, Option<SystemTime>)>;

fn modified(config: &Config) -> Stamps {
    let files = std::iter::once(&config.path).chain(&config.local_includes);
    files.map(|file| (file.clone(), std::fs::metadata(file).and_then(|m| m.modified()).ok())).collect()
}
