//! Visits of the fetch room to an origin, with settings fit for a test.

#![allow(dead_code)] // Each test file uses a part.

use std::time::Duration;

use kariz::fetch::{Client, Purpose, Request, Settings};
use kariz::model::{Document, ErrorKind, Failure, Fetched, Location, Source, Validators};
use url::Url;

/// No pauses, loopback allowed, no proxy; patient, for machines that have other things to do.
pub fn settings() -> Settings {
    Settings {
        connect_timeout: Duration::from_secs(10),
        first_byte_timeout: Duration::from_secs(10),
        timeout: Duration::from_secs(20),
        max_size: 1024 * 1024,
        per_host_delay: Duration::ZERO,
        allow_private_addresses: true,
        proxy_from_environment: false,
        ..Settings::default()
    }
}

/// The same with short waits, for tests in which a time-out is what is tested.
pub fn hasty() -> Settings {
    Settings {
        connect_timeout: Duration::from_millis(500),
        first_byte_timeout: Duration::from_millis(500),
        timeout: Duration::from_secs(1),
        ..settings()
    }
}

/// A source at this URL.
pub fn source(url: &str) -> Source {
    Source::plain("gardens", Location::Http(Url::parse(url).unwrap()), false)
}

/// A client with these settings.
pub fn client(settings: &Settings) -> Client {
    Client::new(settings).unwrap()
}

/// One visit of `source`, at its own location.
pub async fn visit(client: &Client, source: &Source, validators: &Validators) -> Fetched {
    client
        .fetch(&Request {
            source,
            location: &source.location,
            validators,
            may_use_file: false,
            purpose: Purpose::Feed,
        })
        .await
}

/// One first visit of `url`.
pub async fn get(client: &Client, url: &str) -> Fetched {
    visit(client, &source(url), &Validators::default()).await
}

/// The document, or a panic with what came instead.
#[track_caller]
pub fn document(fetched: Fetched) -> Document {
    match fetched {
        Fetched::Document(document) => document,
        other => panic!("no document: {other:?}"),
    }
}

/// The failure, or a panic with what came instead.
#[track_caller]
pub fn failure(fetched: Fetched) -> Failure {
    match fetched {
        Fetched::Failed(failure) => failure,
        other => panic!("no failure: {other:?}"),
    }
}

/// The kind of the failure.
#[track_caller]
pub fn kind(fetched: Fetched) -> ErrorKind {
    failure(fetched).kind
}
