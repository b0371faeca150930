//! A body that came: its content codings undone, and what the header says of it.

use bytes::Bytes;
use reqwest::header::{CONTENT_LOCATION, CONTENT_TYPE, HeaderMap};
use url::Url;

use super::chain::Chain;
use super::client::{Inner, Unpacked, name};
use super::failure::{self, Stage, failure};
use super::memory::Share;
use super::{coding, headers};
use crate::model::{Document, ErrorKind, Failure};

impl Inner {
    /// Reads what the header says of a body.
    pub(super) fn document(&self, unpacked: Unpacked, chain: Chain) -> Result<Document, Failure> {
        let Unpacked { status, headers: fields, body } = unpacked;
        let url = chain.here().clone();
        let host = name(&url);
        if body.trim_ascii().is_empty() {
            return Err(Failure {
                status: Some(status.as_u16()),
                ..failure(
                    ErrorKind::Empty,
                    format!("{host} sends an empty document; it will be asked again."),
                )
            });
        }
        let (hub, topic) = headers::hub_and_topic(&fields, &url);
        let content_type =
            fields.get(CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        Ok(Document {
            body,
            content_type,
            validators: headers::validators(&fields, &url),
            fresh_for: headers::fresh_for(&fields, self.settings.clock.now()),
            hub,
            topic,
            partial: status.as_u16() == 226,
            status: status.as_u16(),
            url: Some(base_url(&fields, &url)),
            moved_to: chain.into_moved_to(),
        })
    }

    pub(super) async fn unpack(
        &self,
        host: &str,
        codings: Vec<String>,
        body: Bytes,
        mut share: Share,
    ) -> Result<Bytes, Failure> {
        if !coding::is_coded(&codings, &body) {
            return Ok(share.bind(body));
        }
        let limits = self.limits();
        let permit =
            match tokio::time::timeout(self.settings.timeout * 4, self.unpacking.clone().acquire_owned())
                .await
            {
                Ok(permit) => permit.ok(),
                Err(_) => return Err(failure::timeout(host, Stage::Memory, self.settings.timeout * 4)),
            };
        let unpacking = tokio::task::spawn_blocking(move || coding::decode(&codings, body, limits));
        let unpacked = unpacking
            .await
            .map_err(|_| failure(ErrorKind::Internal, "unpacking failed: a defect of kariz."))?
            .map_err(|e| failure::coding(host, &e, limits.max_size))?;
        // Nobody waits for room while holding this permit: those who have the room wait for the permit.
        if !share.try_grow(unpacked.len())
            && let Some(permit) = permit
        {
            share.lean_on(permit);
        }
        Ok(share.bind(unpacked))
    }
}

/// What relative references are relative to: `Content-Location` where it names the same host (some
/// servers put their address on the inner network there), else the URL that answered.
fn base_url(fields: &HeaderMap, url: &Url) -> Url {
    let named = fields.get(CONTENT_LOCATION).and_then(|value| headers::location(value, url));
    match named {
        Some(named) if named.origin() == url.origin() => named,
        _ => url.clone(),
    }
}
