//! What politeness, guard and limits cost over a bare download. Not a promise but a measurement:
//! `cargo test --release --test fetch_speed -- --ignored --nocapture`.

#[path = "support/origin.rs"]
mod origin;
#[path = "support/visit.rs"]
mod visit;

use std::sync::Arc;
use std::time::{Duration, Instant};

use kariz::fetch::Settings;
use kariz::model::{Fetched, Validators};
use origin::{Origin, feed, ok, status};
use tokio::sync::Semaphore;
use visit::{client, settings, source, visit};

const SOURCES: usize = 1000;

fn origin() -> Origin {
    let origin = Origin::start();
    let body = feed("speed").repeat(40);
    origin.otherwise(move |seen| match seen.header("if-none-match") {
        Some(_) => status(304, &[("ETag", "\"1\"")], ""),
        None => ok(&body),
    });
    origin
}

async fn bare(origin: &Origin, conditional: bool) -> Duration {
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth(),
        )
        .no_proxy()
        .build()
        .unwrap();
    let slots = Arc::new(Semaphore::new(64));
    let begin = Instant::now();
    let tasks: Vec<_> = (0..SOURCES)
        .map(|n| {
            let (client, url, slots) = (client.clone(), origin.url(&format!("/{n}")), slots.clone());
            tokio::spawn(async move {
                let _slot = slots.acquire().await;
                let mut asked = client.get(url);
                if conditional {
                    asked = asked.header("If-None-Match", "\"1\"");
                }
                asked.send().await.unwrap().bytes().await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begin.elapsed()
}

async fn ours(origin: &Origin, conditional: bool) -> Duration {
    let client = client(&Settings { per_host_concurrency: 64, ..settings() });
    let etag = conditional.then(|| b"\"1\"".to_vec());
    let begin = Instant::now();
    let tasks: Vec<_> = (0..SOURCES)
        .map(|n| {
            let (client, source) = (client.clone(), source(&origin.url(&format!("/{n}"))));
            let validators = Validators { etag: etag.clone(), ..Validators::default() };
            tokio::spawn(async move { visit(&client, &source, &validators).await })
        })
        .collect();
    for task in tasks {
        assert!(matches!(task.await.unwrap(), Fetched::Document(_) | Fetched::NotModified { .. }));
    }
    begin.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn cost_over_a_bare_download() {
    for conditional in [false, true] {
        let origin = origin();
        let (mut least_bare, mut least_ours) = (Duration::MAX, Duration::MAX);
        for _ in 0..10 {
            least_bare = least_bare.min(bare(&origin, conditional).await);
            least_ours = least_ours.min(ours(&origin, conditional).await);
        }
        let what = if conditional { "304" } else { "200" };
        let times = least_ours.as_secs_f64() / least_bare.as_secs_f64();
        println!("{SOURCES} × {what}: bare {least_bare:.1?}, ours {least_ours:.1?}, {times:.2} times");
    }
    let (client, source, validators) =
        (client(&settings()), source("http://a.example/"), Validators::default());
    println!("a waiting visit: {} bytes", std::mem::size_of_val(&visit(&client, &source, &validators)));
}
