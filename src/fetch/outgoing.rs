//! What a request says: who asks, what for, with which credentials and on which condition.

use base64::Engine;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, FROM, HOST, HeaderMap, HeaderName,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, TE, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use url::Url;

use super::chain::{Chain, may_share_secrets};
use super::{Purpose, Request, Settings, SetupError};
use crate::model::{Auth, Location, Secret, Source, Validators};

/// What is accepted, feeds first. HTML comes last: many servers give a feed for no other reason than
/// that it was asked for.
const ACCEPT_FEED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
     application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, \
     text/html;q=0.3, */*;q=0.1";
const ACCEPT_PAGE: &str = "text/html, application/xhtml+xml, */*;q=0.1";
const ACCEPT_ROBOTS: &str = "text/plain, */*;q=0.1";
const CODINGS: &str = "gzip, br, zstd, deflate";

/// "Only what is new, please" (RFC 3229).
const A_IM: HeaderName = HeaderName::from_static("a-im");

/// The header fields that all requests share.
pub(super) struct Outgoing {
    base: HeaderMap,
}

impl Outgoing {
    /// # Errors
    /// When `user_agent` or `from` cannot stand in a header field.
    pub(super) fn new(settings: &Settings) -> Result<Self, SetupError> {
        let field = |name, value: &str| HeaderValue::from_str(value).map_err(|_| SetupError::Header(name));
        let mut base = HeaderMap::new();
        base.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
        base.insert(USER_AGENT, field("user_agent", &settings.user_agent)?);
        if let Some(from) = &settings.from {
            base.insert(FROM, field("from", from)?);
        }
        Ok(Self { base })
    }

    /// Those that say who asks.
    pub(super) fn who(&self) -> HeaderMap {
        let mut fields = self.base.clone();
        fields.remove(ACCEPT_ENCODING);
        fields
    }

    /// The header fields of one request.
    pub(super) fn fields(&self, request: &Request<'_>, url: &Url, conditional: bool) -> HeaderMap {
        let mut fields = self.base.clone();
        let accept = match request.purpose {
            Purpose::Feed => ACCEPT_FEED,
            Purpose::Page => ACCEPT_PAGE,
            Purpose::Robots => ACCEPT_ROBOTS,
        };
        fields.insert(ACCEPT, HeaderValue::from_static(accept));
        if let Location::Http(owner) = &request.source.location
            && may_share_secrets(owner, url)
        {
            own_fields(request.source, owner, &mut fields);
        }
        if conditional {
            let bytes =
                |value: &Option<Vec<u8>>| value.as_deref().and_then(|v| HeaderValue::from_bytes(v).ok());
            if let Some(etag) = bytes(&request.validators.etag) {
                fields.insert(IF_NONE_MATCH, etag);
                if request.purpose == Purpose::Feed {
                    fields.insert(A_IM, HeaderValue::from_static("feed"));
                }
            }
            if let Some(last_modified) = bytes(&request.validators.last_modified) {
                fields.insert(IF_MODIFIED_SINCE, last_modified);
            }
        }
        fields
    }
}

/// The source's own header fields and credentials.
fn own_fields(source: &Source, owner: &Url, fields: &mut HeaderMap) {
    let secret = |value: &str| {
        HeaderValue::from_bytes(value.as_bytes()).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        })
    };
    for (name, value) in &source.headers {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        // Those that frame the message are the client's business.
        if [CONNECTION, CONTENT_LENGTH, HOST, TE, TRANSFER_ENCODING, UPGRADE].contains(&name) {
            continue;
        }
        if let Some(value) = secret(&value.0) {
            fields.insert(name, value);
        }
    }
    let from_url = (!owner.username().is_empty() || owner.password().is_some()).then(|| Auth::Basic {
        user: percent_decoded(owner.username()),
        password: Secret(percent_decoded(owner.password().unwrap_or_default())),
    });
    let value = match source.auth.as_ref().or(from_url.as_ref()) {
        Some(Auth::Basic { user, password }) => {
            let coded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.0));
            secret(&format!("Basic {coded}"))
        }
        Some(Auth::Bearer(token)) => secret(&format!("Bearer {}", token.0)),
        None => None,
    };
    if let Some(value) = value {
        fields.insert(AUTHORIZATION, value);
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Validators belong to the URL that gave them, and say nothing at another: a server that is asked
/// with somebody else's date may well answer "not modified", and its entries would never arrive.
pub(super) fn has_condition(validators: &Validators, chain: &Chain) -> bool {
    let any = validators.etag.is_some() || validators.last_modified.is_some();
    any && match &validators.url {
        Some(url) => url == chain.here().as_str(),
        None => chain.is_start(),
    }
}
