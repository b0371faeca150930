//! Failures as sentences: what happened, at whose end, and what a person can do.
//!
//! A sentence names the host and nothing that might be secret: no path, no query, no credentials, and
//! no text that the server sent.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;

use super::coding::CodingError;
use super::resolve::{Forbidden, Unresolved};
use crate::model::{ErrorKind, Failure};

/// A failure without status and silence.
pub(super) fn failure(kind: ErrorKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into(), status: None, retry_at: None }
}

/// An address that may not be connected to.
pub(super) fn forbidden(host: &str, what: &str) -> Failure {
    failure(
        ErrorKind::ForbiddenAddress,
        format!(
            "{host} is a {what} address, which is refused; if this source is meant to be on your own \
             network, set allow_private_addresses = true for it."
        ),
    )
}

/// A scheme that is neither http nor https.
pub(super) fn scheme(name: &str, redirected_by: Option<&str>) -> Failure {
    let name: String = name.chars().filter(char::is_ascii_graphic).take(20).collect();
    failure(
        ErrorKind::ForbiddenScheme,
        match redirected_by {
            Some(host) => format!(
                "{host} redirects to a {name}: address; only http and https are followed. Look up the \
                 feed's address on the site."
            ),
            None => format!("{name}: addresses are not read here; only http and https are."),
        },
    )
}

/// A URL that is one, and that no request can be made of.
pub(super) fn unusable(redirected_by: Option<String>) -> Failure {
    match redirected_by {
        Some(host) => failure(
            ErrorKind::BadRedirect,
            format!(
                "{host} redirects to an address that cannot be asked; look up the feed's address on the site."
            ),
        ),
        None => failure(ErrorKind::Dns, "this address cannot be asked; check its spelling."),
    }
}

/// The host asked for silence, now or earlier.
pub(super) fn silenced(host: &str, until: Timestamp) -> Failure {
    Failure {
        retry_at: Some(until),
        ..failure(
            ErrorKind::RateLimited,
            format!("waiting until {until:.0}, because {host} asked for it; nothing to do."),
        )
    }
}

/// A page that its site does not want crawlers to read.
pub(super) fn robots(host: &str) -> Failure {
    failure(
        ErrorKind::Robots,
        format!(
            "the robots.txt of {host} does not allow this page, or could not be read; use the feed's own text."
        ),
    )
}

/// An answer whose status says that it is no document.
pub(super) fn status(host: &str, status: StatusCode, retry_at: Option<Timestamp>) -> Failure {
    let code = status.as_u16();
    let (kind, message) = match code {
        401 => (
            ErrorKind::Unauthorized,
            format!("{host} wants a login (401); set auth for this source, or check the credentials."),
        ),
        403 | 451 => (
            ErrorKind::Forbidden,
            format!(
                "{host} refuses us ({code}); it may block feed readers: open the address in a browser, ask \
                 the site's owner, or remove the source."
            ),
        ),
        404 => (
            ErrorKind::NotFound,
            format!("{host} has nothing at this address (404); look up the feed's new address on the site."),
        ),
        407 => (
            ErrorKind::Proxy,
            "the proxy wants a login (407); put the credentials into the proxy's URL.".to_owned(),
        ),
        410 => (
            ErrorKind::Gone,
            format!("{host} says that this feed is gone for good (410); remove the source."),
        ),
        429 | 503 if code == 429 || retry_at.is_some() => match retry_at {
            Some(until) => (
                ErrorKind::RateLimited,
                format!("waiting until {until:.0}, because {host} asked for it ({code}); nothing to do."),
            ),
            None => (
                ErrorKind::RateLimited,
                format!("{host} is asked too often (429); set a longer interval for its sources."),
            ),
        },
        204 | 205 => {
            (ErrorKind::Empty, format!("{host} answers without a document ({code}); it will be asked again."))
        }
        206 => (
            ErrorKind::UnexpectedStatus,
            format!("{host} sends a part of the document that nobody asked for (206)."),
        ),
        304 => (
            ErrorKind::UnexpectedStatus,
            format!(
                "{host} answers \"not modified\" (304) to a question without condition; a cache between us \
                 may be broken."
            ),
        ),
        400..=499 => (
            ErrorKind::ClientError,
            format!("{host} does not accept the request ({code}); check the address in a browser."),
        ),
        500..=599 => (
            ErrorKind::ServerError,
            format!("{host} has an error of its own ({code}); it will be asked again, less and less often."),
        ),
        _ => (
            ErrorKind::UnexpectedStatus,
            format!("{host} answers with status {code}, which makes no sense for a feed."),
        ),
    };
    Failure { kind, message, status: Some(code), retry_at }
}

/// What a time-out was waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The first byte, and the rest of the header.
    Header,
    /// The rest of the answer.
    Whole,
    /// Room for a large answer, taken by other large ones.
    Memory,
    /// Others waited for the room that this one had and did not use.
    InTheWay,
}

/// A time-out of ours.
pub(super) fn timeout(host: &str, stage: Stage, limit: Duration) -> Failure {
    let s = limit.as_secs_f64();
    failure(
        ErrorKind::Timeout,
        match stage {
            Stage::Header => format!(
                "{host} did not answer within {s} s; it is overloaded or blocks us. It will be asked again, \
                 less and less often."
            ),
            Stage::Whole => format!(
                "{host} did not finish its answer within {s} s; it is too slow, or the feed is too large. It \
                 will be asked again, less and less often."
            ),
            Stage::InTheWay => format!(
                "{host} sends a large answer too slowly, while others wait for the room that it takes; it will \
                 be asked again, less and less often."
            ),
            Stage::Memory => format!(
                "the answer of {host} is large, and other large answers left no room for it within {s} s; it \
                 will be asked again."
            ),
        },
    )
}

/// An answer beyond the size limit.
pub(super) fn too_large(host: &str, limit: usize) -> Failure {
    failure(
        ErrorKind::TooLarge,
        format!(
            "the answer of {host} is larger than the {} that are allowed; raise [fetch] max_size if this is \
             really a feed.",
            megabytes(limit)
        ),
    )
}

fn megabytes(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// A content coding that cannot be undone.
pub(super) fn coding(host: &str, error: &CodingError, limit: usize) -> Failure {
    let what = match error {
        CodingError::TooLarge => return too_large(host, limit),
        CodingError::Unknown(name) => {
            let name: String = name.chars().filter(char::is_ascii_graphic).take(20).collect();
            format!("{host} sends the content coding \"{name}\", which nobody asked for and nobody knows")
        }
        CodingError::Truncated(name) => format!("the {name} body from {host} ends in the middle"),
        CodingError::Broken(name) => format!("the {name} body from {host} is damaged"),
        CodingError::Bomb => {
            format!("the compressed body from {host} grows out of all proportion, as only a bomb does")
        }
    };
    failure(ErrorKind::BadEncoding, format!("{what}; tell the site's owner if this lasts."))
}

/// What the HTTP client met, told apart along the chain of causes.
pub(super) fn transport(error: &reqwest::Error, host: &str, proxy: Option<&str>) -> Failure {
    let causes = Causes::of(error);
    if let Some(what) = causes.forbidden {
        return forbidden(host, what);
    }
    let by = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    if error.is_connect() {
        return connecting(error, host, proxy, &by, &causes);
    }
    if error.is_timeout() || causes.io == Some(io::ErrorKind::TimedOut) {
        return failure(
            ErrorKind::Timeout,
            format!("{host}{by} stopped answering; it will be asked again, less and less often."),
        );
    }
    if causes.tls.is_some() {
        return failure(
            ErrorKind::Tls,
            format!("the encrypted connection to {host} broke; tell the site's owner if this lasts."),
        );
    }
    if causes.header_too_large {
        return failure(
            ErrorKind::TooLarge,
            format!("the header of the answer of {host} is larger than allowed; tell the site's owner."),
        );
    }
    if causes.not_http {
        return failure(
            ErrorKind::BadResponse,
            format!("what {host} sends is not HTTP; check scheme and port of the address."),
        );
    }
    if causes.broken_off || causes.io.is_some() || error.is_body() || error.is_decode() || error.is_request()
    {
        return failure(
            ErrorKind::Interrupted,
            format!("{host}{by} broke off in the middle of the answer; it will be asked again."),
        );
    }
    failure(ErrorKind::BadResponse, format!("the answer of {host} cannot be read; check the address."))
}

/// Our end of the connection that a request was lost on.
pub(super) fn local_end(error: &reqwest::Error) -> Option<SocketAddr> {
    use hyper_util::client::legacy;
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<legacy::Error>() {
            let mut extras = hyper::http::Extensions::new();
            error.connect_info()?.get_extras(&mut extras);
            return extras.get::<legacy::connect::HttpInfo>().map(legacy::connect::HttpInfo::local_addr);
        }
        next = error.source();
    }
    None
}

fn connecting(error: &reqwest::Error, host: &str, proxy: Option<&str>, by: &str, causes: &Causes) -> Failure {
    if error.is_timeout() || causes.io == Some(io::ErrorKind::TimedOut) {
        return failure(
            ErrorKind::Timeout,
            format!("{host}{by} could not be connected to in time; it is down or a firewall drops us."),
        );
    }
    if let Some(tls) = &causes.tls {
        return failure(ErrorKind::Tls, format!("no encrypted connection to {host}: {tls}"));
    }
    if let Some(proxy) = proxy {
        return failure(
            ErrorKind::Proxy,
            format!("the proxy {proxy} does not let us through to {host}; check that it runs and allows it."),
        );
    }
    if causes.unresolved {
        return failure(
            ErrorKind::Dns,
            format!(
                "the name {host} has no address; check its spelling, or whether the site still exists (and \
                 whether this machine can resolve names at all)."
            ),
        );
    }
    let why = match causes.io {
        Some(io::ErrorKind::ConnectionRefused) => "refuses the connection",
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted) => "broke the connection off",
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
            "is unreachable from here"
        }
        _ => "cannot be connected to",
    };
    failure(ErrorKind::Connect, format!("{host} {why}; it is down, or the port is wrong."))
}

/// What the chain of causes holds.
#[derive(Default)]
struct Causes {
    forbidden: Option<&'static str>,
    unresolved: bool,
    tls: Option<String>,
    io: Option<io::ErrorKind>,
    not_http: bool,
    header_too_large: bool,
    broken_off: bool,
}

impl Causes {
    fn of(error: &(dyn StdError + 'static)) -> Self {
        let mut causes = Self::default();
        let mut next = Some(error);
        while let Some(error) = next {
            next = error.source();
            causes.note(error);
            // `io::Error` shows the cause of what it wraps, not what it wraps; and it may wrap another.
            let mut wrapper = error.downcast_ref::<io::Error>();
            while let Some(inner) = wrapper.and_then(io::Error::get_ref) {
                causes.note(inner);
                wrapper = inner.downcast_ref::<io::Error>();
            }
        }
        causes
    }

    fn note(&mut self, error: &(dyn StdError + 'static)) {
        if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
            self.forbidden = Some(forbidden.what);
        } else if error.is::<Unresolved>() {
            self.unresolved = true;
        } else if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            self.tls = Some(tls_sentence(tls));
        } else if let Some(io) = error.downcast_ref::<io::Error>() {
            self.io = Some(io.kind());
        } else if let Some(http) = error.downcast_ref::<hyper::Error>() {
            self.header_too_large |= http.is_parse_too_large();
            self.not_http |= http.is_parse();
            self.broken_off |= http.is_incomplete_message() || http.is_closed() || http.is_canceled();
        }
    }
}

fn tls_sentence(error: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Certificate::Expired | Certificate::ExpiredContext { .. } => {
                "its certificate has expired; tell the site's owner, and check this machine's clock."
            }
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                "its certificate is not valid yet; check this machine's clock."
            }
            Certificate::UnknownIssuer => {
                "nobody we trust has signed its certificate; if it is your own, add its root to \
                 [fetch] root_certificates."
            }
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "its certificate is for another name; check the address."
            }
            Certificate::Revoked => "its certificate was revoked; tell the site's owner.",
            _ => "its certificate is not valid; tell the site's owner.",
        },
        rustls::Error::InvalidMessage(_) => {
            "it does not speak TLS there; check scheme and port of the address."
        }
        rustls::Error::AlertReceived(_) => "it ended the handshake; tell the site's owner if this lasts.",
        rustls::Error::PeerIncompatible(_) => {
            "it speaks only versions of TLS that are no longer safe; tell the site's owner."
        }
        _ => "the handshake failed; tell the site's owner if this lasts.",
    }
    .to_owned()
}
