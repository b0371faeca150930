//! Calls that are no visits of a source: those of WebSub, to hubs and callbacks. The same client, limits,
//! silences and address guard; redirects are followed where they keep the method.

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use tokio::time::Instant;
use url::Url;

use super::chain::Chain;
use super::client::{Client, Inner, judge_name, name};
use super::coding;
use super::failure::{self, failure};
use super::politeness::{Refusal, Slot};
use super::pool::Way;
use super::{headers, host_key};
use crate::model::{Document, ErrorKind, Failure, Location, Source};

/// More of an answer is of no interest.
const LARGEST_REPLY: usize = 16 * 1024;

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 3;

/// One call.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Whom.
    pub url: &'a Url,
    /// What is posted; `None` only asks.
    pub body: Option<Bytes>,
    /// Header fields beside those that say who calls.
    pub fields: HeaderMap,
    /// Private and loopback addresses may be connected to.
    pub allow_private_addresses: bool,
}

impl Call<'_> {
    /// A call that posts a form.
    pub fn form(url: &Url, form: String, allow_private_addresses: bool) -> Call<'_> {
        let mut fields = HeaderMap::new();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        Call { url, body: Some(form.into()), fields, allow_private_addresses }
    }
}

/// The answer to a call, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The first 16 kB.
    pub body: Bytes,
    /// What `Retry-After` asks for, with 429 and 503.
    pub retry_at: Option<Timestamp>,
}

impl Client {
    /// Calls. Waits for the host's turn first.
    ///
    /// # Errors
    /// When nobody answers, or may be asked.
    pub async fn call(&self, call: &Call<'_>) -> Result<Reply, Failure> {
        let inner = self.inner();
        let source = Source::plain("call", Location::Http(call.url.clone()), call.allow_private_addresses);
        let mut start = call.url.clone();
        start.set_fragment(None);
        let mut chain = Chain::new(start, MOST_REDIRECTS);
        loop {
            let url = chain.here().clone();
            let way = inner.way(&source, &chain)?;
            let host = host_key(&url);
            let mut slot =
                inner.politeness.enter(&host, &inner.settings.clock).await.map_err(
                    |refusal| match refusal {
                        Refusal::Silent(until) => failure::silenced(&host, until),
                        Refusal::Down(failure) => failure,
                    },
                )?;
            let said = Box::pin(inner.call(call, &url, &way, &mut slot)).await;
            slot.note(said.as_ref().err());
            drop(slot);
            match said? {
                Said::Reply(reply) => return Ok(reply),
                Said::Elsewhere(to) => chain.go_on(to, false)?,
            }
        }
    }

    /// What was pushed to us, as if it had been fetched: its content codings undone, within the same limits.
    ///
    /// # Errors
    /// When it cannot be unpacked, or is empty.
    pub async fn pushed(&self, fields: &HeaderMap, body: Bytes, topic: &str) -> Result<Document, Failure> {
        let limits = self.inner().limits();
        let codings = headers::content_codings(fields);
        let unpacked = tokio::task::spawn_blocking(move || coding::decode(&codings, body, limits));
        let body = unpacked
            .await
            .map_err(|_| failure(ErrorKind::Internal, "unpacking failed: a defect of kariz."))?
            .map_err(|e| failure::coding("the hub", &e, limits.max_size))?;
        if body.trim_ascii().is_empty() {
            return Err(failure(ErrorKind::Empty, "the hub pushes an empty document."));
        }
        let content_type =
            fields.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        // Hubs push what is new, or everything, without saying which.
        Ok(Document {
            body,
            content_type,
            url: Url::parse(topic).ok(),
            partial: true,
            status: 200,
            ..Document::default()
        })
    }
}

enum Said {
    Reply(Reply),
    Elsewhere(Url),
}

impl Inner {
    async fn call(&self, call: &Call<'_>, url: &Url, way: &Way, slot: &mut Slot) -> Result<Said, Failure> {
        let host = name(url);
        judge_name(url, way, &host).await?;
        let client = self.pool.client(way, &host).map_err(|e| failure(ErrorKind::Proxy, e.to_string()))?;
        let mut fields = self.outgoing.who();
        fields.extend(call.fields.clone());
        let asked = match &call.body {
            Some(body) => client.post(url.clone()).body(body.clone()),
            None => client.get(url.clone()),
        };
        let start = Instant::now();
        let (whole, first) = (self.settings.timeout, self.settings.first_byte_timeout);
        let proxy = way.proxy.as_ref().map(name);
        let mut response = match slot.wait(start + first.min(whole), asked.headers(fields).send()).await {
            None => return Err(failure::timeout(&host, failure::Stage::Header, first.min(whole))),
            Some(Err(e)) => return Err(failure::transport(&e, &host, proxy.as_deref())),
            Some(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        if matches!(status, 307 | 308) {
            let to = response.headers().get(LOCATION).and_then(|value| headers::location(value, url));
            return to.map(Said::Elsewhere).ok_or_else(|| {
                failure(
                    ErrorKind::BadRedirect,
                    format!("{host} redirects ({status}) without a usable target."),
                )
            });
        }
        let mut retry_at = None;
        if matches!(status, 429 | 503) {
            retry_at = headers::retry_after(response.headers(), self.settings.clock.now());
            if let Some(until) = retry_at {
                self.politeness.silence(&host_key(url), until);
            }
        }
        let mut body = Vec::new();
        while body.len() < LARGEST_REPLY {
            match slot.wait(start + whole, response.chunk()).await {
                // What was said is said by the status.
                None | Some(Err(_) | Ok(None)) => break,
                Some(Ok(Some(chunk))) => {
                    body.extend_from_slice(&chunk[..chunk.len().min(LARGEST_REPLY - body.len())])
                }
            }
        }
        Ok(Said::Reply(Reply { status, body: body.into(), retry_at }))
    }
}
