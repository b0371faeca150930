//! The way from the URL asked first to the one that answers.

use url::Url;

use super::failure::failure;
use crate::model::{ErrorKind, Failure};

/// The redirects followed so far.
pub(super) struct Chain {
    hops: Vec<Url>,
    limit: usize,
    permanent: bool,
    moved_to: Option<Url>,
}

impl Chain {
    /// A chain of one.
    pub(super) fn new(start: Url, limit: usize) -> Self {
        Self { hops: vec![start], limit, permanent: true, moved_to: None }
    }

    /// The URL to ask now.
    pub(super) fn here(&self) -> &Url {
        &self.hops[self.hops.len() - 1]
    }

    /// The URL that redirected here.
    pub(super) fn previous(&self) -> Option<&Url> {
        self.hops.len().checked_sub(2).map(|at| &self.hops[at])
    }

    /// Nobody has redirected yet.
    pub(super) fn is_start(&self) -> bool {
        self.hops.len() == 1
    }

    /// Every hop so far was permanent: what is said here is said of the source itself.
    pub(super) fn is_permanent(&self) -> bool {
        self.permanent
    }

    /// Where the source lives from now on: the last place before the first temporary hop.
    pub(super) fn into_moved_to(self) -> Option<Url> {
        self.moved_to
    }

    /// Goes on to `to`.
    ///
    /// A move from https to http is followed but never remembered: whoever sits on the line for one
    /// request must not be able to strip the encryption for good.
    pub(super) fn go_on(&mut self, to: Url, permanent: bool) -> Result<(), Failure> {
        let from = self.here();
        let host = from.host_str().unwrap_or_default();
        if self.hops.contains(&to) {
            return Err(failure(
                ErrorKind::TooManyRedirects,
                format!(
                    "{host} redirects in a circle; it may want cookies. Open the address in a browser and \
                     take the feed's address from there."
                ),
            ));
        }
        if self.hops.len() > self.limit {
            return Err(failure(
                ErrorKind::TooManyRedirects,
                format!(
                    "{host} redirects once more after {} redirects; look up the feed's address on the site.",
                    self.limit
                ),
            ));
        }
        let downgrade = from.scheme() == "https" && to.scheme() == "http";
        self.permanent &= permanent && !downgrade;
        if self.permanent {
            self.moved_to = Some(to.clone());
        }
        self.hops.push(to);
        Ok(())
    }
}

/// Whether what was meant for `owner` may be sent to `url`: the same host and port, over a way that is
/// no less safe.
pub(super) fn may_share_secrets(owner: &Url, url: &Url) -> bool {
    if owner.host_str() != url.host_str() {
        return false;
    }
    let same_port = owner.port_or_known_default() == url.port_or_known_default();
    let upgrade = owner.scheme() == "http" && url.scheme() == "https";
    match upgrade {
        // From the one scheme's own port to the other's.
        true => owner.port().is_none() && url.port().is_none(),
        false => owner.scheme() == url.scheme() && same_port,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(s: &str) -> Url {
        Url::parse(s).unwrap()
    }

    fn moved(start: &str, hops: &[(bool, &str)]) -> Option<String> {
        let mut chain = Chain::new(url(start), 5);
        for (permanent, to) in hops {
            chain.go_on(url(to), *permanent).unwrap();
        }
        chain.into_moved_to().map(Into::into)
    }

    #[test]
    fn a_chain_is_permanent_until_its_first_temporary_hop() {
        let (a, b, c, d) =
            ("http://a.example/", "http://b.example/", "http://c.example/", "http://d.example/");
        assert_eq!(moved(a, &[]), None);
        assert_eq!(moved(a, &[(true, b), (true, c)]).as_deref(), Some(c));
        assert_eq!(moved(a, &[(true, b), (false, c), (true, d)]).as_deref(), Some(b));
        assert_eq!(moved(a, &[(false, b), (true, c)]), None);
        assert_eq!(moved("https://a.example/", &[(true, b)]), None, "never back to plain http");
    }

    #[test]
    fn circles_and_long_ways_end() {
        let mut chain = Chain::new(url("http://a.example/"), 5);
        assert_eq!(
            chain.go_on(url("http://a.example/"), true).unwrap_err().kind,
            ErrorKind::TooManyRedirects
        );
        for n in 0..5 {
            chain.go_on(url(&format!("http://a.example/{n}")), true).unwrap();
        }
        assert_eq!(
            chain.go_on(url("http://a.example/5"), true).unwrap_err().kind,
            ErrorKind::TooManyRedirects
        );
    }

    #[test]
    fn secrets_stay_with_their_owner() {
        let table = [
            ("https://a.example/f", "https://a.example/g", true),
            ("http://a.example/f", "http://a.example:80/g", true),
            ("http://a.example/f", "https://a.example/f", true),
            ("https://a.example/f", "http://a.example/f", false),
            ("https://a.example/f", "https://b.example/f", false),
            ("https://a.example/f", "https://www.a.example/f", false),
            ("http://a.example:8080/f", "http://a.example:8081/f", false),
            ("http://a.example:8080/f", "https://a.example/f", false),
            ("http://a.example/f", "https://a.example:8443/f", false),
        ];
        for (owner, to, want) in table {
            assert_eq!(may_share_secrets(&url(owner), &url(to)), want, "{owner} → {to}");
        }
    }
}
