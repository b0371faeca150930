//! Tells `[status] webhook` what an operator should know of the sources.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;

use super::Change;
use crate::config::Config;
use crate::fetch::{Call, Client};
use crate::model::{ErrorKind, Failure};

/// What is posted.
#[derive(Serialize)]
struct Post<'a> {
    /// The name of the merged feed.
    feed: &'a str,
    events: &'a [Change],
}

/// Posts what began or is over to the webhook, if there is one and anything to tell: through the client that
/// reads the sources, with its limits and its guard of private addresses. The address may hold a secret: no
/// message names more of it than the host.
///
/// # Errors
/// When nobody answers there, or with anything but success.
pub async fn call_webhook(client: &Client, config: &Config, changes: &[Change]) -> Result<(), Failure> {
    let Some(webhook) = config.status.webhook.as_ref().filter(|_| !changes.is_empty()) else { return Ok(()) };
    let post = Post { feed: &config.feed.title, events: changes };
    let body = serde_json::to_vec(&post).map(Bytes::from).unwrap_or_default();
    let fields = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let call = Call {
        url: &webhook.0,
        body: Some(body),
        fields,
        allow_private_addresses: config.fetch.allow_private_addresses,
    };
    let reply = client.call(&call).await?;
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    let host = webhook.0.host_str().unwrap_or_default();
    Err(Failure {
        kind: ErrorKind::UnexpectedStatus,
        message: format!("{host} answers {}; what was to be told stands in `kariz status`", reply.status),
        status: Some(reply.status),
        retry_at: reply.retry_at,
    })
}
