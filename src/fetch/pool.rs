//! The HTTP clients: one for each way out (which proxy, which addresses are allowed), made when first
//! needed, with connections kept for reuse.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::resolve::Guarded;
use super::{Settings, SetupError, tls};

/// After this many hosts a client is replaced, and the connections it kept idle close. Twenty thousand
/// hosts must not exhaust the descriptors, of which a process often has 1,024.
const HOSTS_PER_CLIENT: usize = 256;

/// Which way a request goes out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub proxy: Option<Url>,
    pub allow_private: bool,
    /// Connections are kept and used again.
    pub reuse: bool,
}

pub(super) struct Pool {
    tls: rustls::ClientConfig,
    connect_timeout: Duration,
    idle: Duration,
    idle_per_host: usize,
    ways: Mutex<HashMap<Way, Kept>>,
    hasher: RandomState,
}

struct Kept {
    client: reqwest::Client,
    hosts: HashSet<u64>,
}

impl Pool {
    pub(super) fn new(settings: &Settings) -> Result<Self, SetupError> {
        let pool = Self {
            tls: tls::config(&settings.extra_root_certificates)?,
            connect_timeout: settings.connect_timeout,
            // Longer than the pause between two requests, shorter than the five seconds after which
            // many servers close: a request on a connection that is just being closed is lost.
            idle: settings.per_host_delay.min(Duration::from_secs(60)) + Duration::from_secs(3),
            idle_per_host: settings.per_host_concurrency.clamp(1, 64),
            ways: Mutex::default(),
            hasher: RandomState::new(),
        };
        // What can go wrong in making a client goes wrong now.
        let way = Way {
            proxy: settings.proxy.clone(),
            allow_private: settings.allow_private_addresses,
            reuse: true,
        };
        pool.client(&way, "")?;
        Ok(pool)
    }

    /// The client for a request to `host`.
    pub(super) fn client(&self, way: &Way, host: &str) -> Result<reqwest::Client, SetupError> {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let host = self.hasher.hash_one(host);
        if let Some(kept) = ways.get_mut(way)
            && (kept.hosts.len() < HOSTS_PER_CLIENT || kept.hosts.contains(&host))
        {
            kept.hosts.insert(host);
            return Ok(kept.client.clone());
        }
        let client = self.build(way)?;
        ways.insert(way.clone(), Kept { client: client.clone(), hosts: HashSet::from([host]) });
        Ok(client)
    }

    /// Closes the connections that nobody uses.
    pub(super) fn close_idle(&self) {
        let ways = std::mem::take(&mut *self.ways.lock().unwrap_or_else(PoisonError::into_inner));
        // Not under the lock.
        drop(ways);
    }

    fn build(&self, way: &Way) -> Result<reqwest::Client, SetupError> {
        let resolver = Guarded {
            allow_private: way.allow_private,
            proxy_host: way.proxy.as_ref().and_then(Url::host_str).map(str::to_owned),
        };
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(resolver)
            // Redirects, retries, proxies and codings are ours, so that each can be judged.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.idle)
            .pool_max_idle_per_host(if way.reuse { self.idle_per_host } else { 0 })
            .tcp_keepalive(None)
            // What an odd but honest server does to its header must not cost us its news.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            // Unread data of sixty streams shall fit into a few megabytes.
            .http2_initial_stream_window_size(256 * 1024)
            .http2_initial_connection_window_size(512 * 1024)
            .http2_max_header_list_size(64 * 1024);
        if let Some(proxy) = &way.proxy {
            // What the client does not know it ignores: the request would go out directly.
            if !matches!(proxy.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
                return Err(SetupError::Proxy(format!("{} is not a kind of proxy", proxy.scheme())));
            }
            let proxy = reqwest::Proxy::all(proxy.clone())
                .map_err(|e| SetupError::Proxy(e.without_url().to_string()))?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|e| SetupError::Http(e.without_url().to_string()))
    }
}
