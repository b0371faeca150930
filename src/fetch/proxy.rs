//! Which proxy a request goes through: the source's own, else the configured one, else the one that
//! the environment names (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, as curl reads them).
//!
//! The decision is made here, for each hop, and not by the HTTP client: whether a name is resolved by
//! us or by the proxy decides what the address guard has to look at.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// The configured proxy and those of the environment.
pub(super) struct Proxies {
    configured: Option<Url>,
    environment: Option<Matcher>,
}

impl Proxies {
    /// `configured` wins over the environment, which is read once, here.
    pub(super) fn new(configured: Option<Url>, from_environment: bool) -> Self {
        let environment =
            (configured.is_none() && from_environment && environment_has_proxy()).then(Matcher::from_env);
        Self { configured, environment }
    }

    /// The proxy for `url`, with its credentials in the URL.
    pub(super) fn choose(&self, own: Option<&Url>, url: &Url) -> Option<Url> {
        if let Some(proxy) = own.or(self.configured.as_ref()) {
            return Some(proxy.clone());
        }
        let intercept = self.environment.as_ref()?.intercept(&url.as_str().parse().ok()?)?;
        let mut proxy = Url::parse(&intercept.uri().to_string()).ok()?;
        if let Some((user, password)) = intercept.raw_auth() {
            proxy.set_username(user).ok()?;
            proxy.set_password(Some(password)).ok()?;
        } else if let Some((user, password)) = intercept.basic_auth().and_then(basic) {
            proxy.set_username(&user).ok()?;
            proxy.set_password(Some(&password)).ok()?;
        }
        Some(proxy)
    }
}

fn environment_has_proxy() -> bool {
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Takes a `Basic` credential apart again.
fn basic(value: &reqwest::header::HeaderValue) -> Option<(String, String)> {
    use base64::Engine;
    let coded = value.to_str().ok()?.strip_prefix("Basic ")?;
    let plain = base64::engine::general_purpose::STANDARD.decode(coded).ok()?;
    let (user, password) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(s: &str) -> Url {
        Url::parse(s).unwrap()
    }

    #[test]
    fn the_sources_own_proxy_wins() {
        let proxies = Proxies::new(Some(url("http://proxy.example:3128")), true);
        let target = url("https://feeds.example/");
        assert_eq!(proxies.choose(None, &target), Some(url("http://proxy.example:3128")));
        let own = url("socks5h://other.example:1080");
        assert_eq!(proxies.choose(Some(&own), &target), Some(own.clone()));
        assert_eq!(Proxies::new(None, false).choose(None, &target), None);
    }

    #[test]
    fn the_environment_decides_where_nobody_else_does() {
        let matcher = Matcher::builder()
            .http("http://me:s%40lt@proxy.example:3128")
            .https("socks5h://you:pepper@socks.example")
            .no("inner.example, 10.0.0.0/8")
            .build();
        let proxies = Proxies { configured: None, environment: Some(matcher) };
        let choose = |u: &str| proxies.choose(None, &url(u)).map(String::from);
        assert_eq!(choose("http://a.example/").as_deref(), Some("http://me:s%40lt@proxy.example:3128/"));
        assert_eq!(choose("http://www.inner.example/"), None);
        assert_eq!(choose("http://10.1.2.3/"), None);
        let socks = url(&choose("https://a.example/").unwrap());
        assert_eq!(
            (socks.username(), socks.password(), socks.host_str()),
            ("you", Some("pepper"), Some("socks.example"))
        );
    }
}
