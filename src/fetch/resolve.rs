//! Name resolution that hands out checked addresses only.
//!
//! The connection is made to exactly the addresses that were checked: there is no second look-up in
//! between, so a name that changes its mind (DNS rebinding) gains nothing.

use std::fmt;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;

/// All addresses of a name are special ones.
#[derive(Debug)]
pub(super) struct Forbidden {
    /// What kind of address it is.
    pub what: &'static str,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name resolves to a {} address", self.what)
    }
}

impl std::error::Error for Forbidden {}

/// The name has no address, or nobody can be asked for it.
#[derive(Debug)]
pub(super) struct Unresolved;

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl std::error::Error for Unresolved {}

/// The resolver of one HTTP client.
pub(super) struct Guarded {
    /// Special addresses pass.
    pub allow_private: bool,
    /// The proxy, which the operator chose: it may stand anywhere.
    pub proxy_host: Option<String>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let open = self.allow_private
            || self.proxy_host.as_deref().is_some_and(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        Box::pin(async move {
            let found: Vec<SocketAddr> = match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => found.collect(),
                Err(_) => return Err(Unresolved.into()),
            };
            let addresses = if open { found } else { checked(found)? };
            if addresses.is_empty() {
                return Err(Unresolved.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Whether a name that a proxy connector resolves by itself (`socks5:`, unlike `socks5h:`) may be connected to.
pub(super) async fn judge(name: &str) -> Result<(), Forbidden> {
    // That it has no address is for the connector to tell.
    let Ok(found) = tokio::net::lookup_host((name, 0)).await else { return Ok(()) };
    checked(found.collect()).map(drop)
}

/// Keeps the addresses that may be connected to; an error if there were only others.
fn checked(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
    let mut refused = None;
    let mut kept = found;
    kept.retain(|a| match address::special(a.ip()) {
        Some(what) => {
            refused = Some(what);
            false
        }
        None => true,
    });
    match refused {
        Some(what) if kept.is_empty() => Err(Forbidden { what }),
        _ => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|a| SocketAddr::new(a.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn mixed_answers_keep_only_what_is_allowed() {
        assert_eq!(checked(at(&["10.0.0.1", "9.9.9.9", "::1"])).unwrap(), at(&["9.9.9.9"]));
        assert_eq!(checked(at(&["10.0.0.1", "::1"])).unwrap_err().what, "loopback");
        assert!(checked(vec![]).unwrap().is_empty());
    }
}
