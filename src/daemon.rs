//! Passes for ever: due times, signals, reload.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{Config, ConfigError, Format, Hub, Output};

use crate::serve::{self, Serve, Site};
use crate::tick::{self, Client, Report, Tick, TickError};
use crate::websub::{self, WebSub};

/// Sleeps are cut into pieces of this length, so that a clock that was set or a laptop that slept is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Never two passes closer than this, whatever due times say.
const SHORTEST_SLEEP: Duration = Duration::from_secs(1);

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
}

/// Serves what is published and makes passes whenever sources are due, until `stop` completes. The data folder
/// must be locked by the caller.
///
/// # Errors
/// When it cannot listen, or the store or the published folder fails.
pub async fn run(
    mut config: Config,
    data_dir: &Path,
    reload: Reload<'_>,
    tell: &(dyn Fn(News<'_>) + Send + Sync),
    stop: impl Future<Output = ()>,
) -> Result<(), DaemonError> {
    let mut client = tick::client(&config)?;
    let websub = WebSub::open(websub_settings(&config, data_dir), client.clone()).map_err(TickError::from)?;
    let (serving, server_stop) = start_server(&config, data_dir, Some(websub.clone()), tell).await?;
    let pushing = tokio::spawn(websub.clone().run());
    let mut stop = std::pin::pin!(stop);
    let mut seen = modified(&config.path);
    let mut hangup = Hangup::new();
    let outcome = loop {
        if let Some(new) = fresh_lists(&config, data_dir, &client, reload).await? {
            config = new;
            websub.reconfigure(websub_settings(&config, data_dir), client.clone());
        }
        let pushed = websub.take();
        let pass = Tick::new(&config, data_dir, Timestamp::now())
            .live(true)
            .with_client(&client)
            .pushed(&pushed)
            .run();
        let done = tokio::select! {
            biased;
            () = &mut stop => break Ok(()),
            done = pass => done,
        };
        let next_due = match done {
            Ok(report) => {
                serving.look();
                websub.after_pass(&report.published.written).await;
                tell(News::Pass(&config, &report));
                report.next_due
            }
            Err(error) => break Err(error.into()),
        };
        let reloaded = loop {
            let now = Timestamp::now();
            let until_due = next_due
                .map_or(LONGEST_SLEEP, |at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
            tokio::select! {
                biased;
                () = &mut stop => break None,
                () = hangup.wait() => seen = None,
                () = websub.arrived() => break Some(None),
                () = tokio::time::sleep(until_due.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)) => {}
            }
            let modified = modified(&config.path);
            if seen != modified {
                seen = modified;
                match reload() {
                    Ok(new) => break Some(Some(new)),
                    Err(error) => {
                        tracing::error!("the configuration was not reloaded, the old one stays:\n{error}")
                    }
                }
            }
            if until_due <= LONGEST_SLEEP {
                break Some(None);
            }
        };
        match reloaded {
            None => break Ok(()),
            Some(None) => {}
            Some(Some(new)) => {
                tracing::info!("the configuration was reloaded");
                if new.fetch != config.fetch || new.feed.link != config.feed.link {
                    client = tick::client(&new)?;
                }
                config = new;
                websub.reconfigure(websub_settings(&config, data_dir), client.clone());
            }
        }
    };
    pushing.abort();
    server_stop.send_replace(true);
    serving.done().await;
    outcome
}

/// Fetches the lists of sources that come from the network; gives the new configuration where one of them says
/// something new.
async fn fresh_lists(
    config: &Config,
    data_dir: &Path,
    client: &Client,
    reload: Reload<'_>,
) -> Result<Option<Config>, TickError> {
    let private = config.fetch.allow_private_addresses;
    let (changed, failed) =
        tick::refresh_includes(&config.remote_includes, data_dir, client, private, Timestamp::now()).await?;
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
    let pages = Arc::new(Dynamic { config: config.clone(), data_dir: data_dir.to_owned() });
    let hooks = websub.map(|websub| Arc::new(Hooked(websub)) as Arc<dyn serve::Hooks>);
    let handler = Serve::with_hooks(site.clone(), Some(pages), hooks, serve::Options::default());
    let task = tokio::spawn(serve::serve(listener, handler, async move {
        // A sender that is gone means the same.
        let _ = receiver.wait_for(|stop| *stop).await;
    }));
    tell(News::Serving(bound));
    Ok((Serving { site, task }, sender))
}

/// The pages that are made when they are asked for.
struct Dynamic {
    config: Config,
    data_dir: PathBuf,
}

impl serve::Pages for Dynamic {
    fn page(&self, asked: &serve::Asked) -> anyhow::Result<Vec<u8>> {
        match asked {
            serve::Asked::Status => Ok(tick::status_page(&self.config, &self.data_dir, Timestamp::now())?),
            serve::Asked::Search { query, page } => {
                Ok(tick::search_page(&self.config, &self.data_dir, query, *page)?)
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

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

/// SIGINT or SIGTERM.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
    }
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
}

/// SIGHUP: read the configuration again.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
