//! HTTP/2 where the server speaks it: one connection, several requests.

#[path = "support/visit.rs"]
mod visit;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kariz::fetch::Settings;
use kariz::model::{ErrorKind, Fetched, Validators};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};
use visit::{client, document, kind, settings, source, visit};

/// Serves `/feed` with 304 to whoever has the ETag, `/large` with more than is allowed, and breaks
/// `/reset` and `/half` off. Counts connections.
async fn origin(directory: &std::path::Path) -> (String, std::path::PathBuf, Arc<AtomicUsize>) {
    let key = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
    let pem = directory.join("root.pem");
    std::fs::write(&pem, key.cert.pem()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], key.signing_key.serialize_der().try_into().unwrap())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.ok()?;
                let mut connection = h2::server::handshake(stream).await.ok()?;
                while let Some(Ok((request, respond))) = connection.accept().await {
                    tokio::spawn(answer(request.uri().path().to_owned(), request.headers().clone(), respond));
                }
                Some(())
            });
        }
    });
    (url, pem, connections)
}

async fn answer(
    path: String,
    headers: reqwest::header::HeaderMap,
    mut respond: h2::server::SendResponse<bytes::Bytes>,
) -> Option<()> {
    let response = |status: u16| hyper::http::Response::builder().status(status).header("etag", "\"1\"");
    match path.as_str() {
        "/feed" if headers.contains_key("if-none-match") => {
            respond.send_response(response(304).body(()).ok()?, true).ok()?;
        }
        "/feed" => {
            let mut body = respond.send_response(response(200).body(()).ok()?, false).ok()?;
            body.send_data("<rss/>".into(), true).ok()?;
        }
        "/large" => {
            let mut body = respond.send_response(response(200).body(()).ok()?, false).ok()?;
            for _ in 0..40 {
                body.send_data(vec![b'x'; 64 * 1024].into(), false).ok()?;
            }
            std::future::pending::<()>().await;
        }
        "/half" => {
            let mut body = respond.send_response(response(200).body(()).ok()?, false).ok()?;
            body.send_data("<rss>".into(), false).ok()?;
            body.send_reset(h2::Reason::INTERNAL_ERROR);
        }
        _ => respond.send_reset(h2::Reason::INTERNAL_ERROR),
    }
    Some(())
}

#[tokio::test]
async fn one_connection_serves_all() {
    let directory = tempfile::tempdir().unwrap();
    let (url, pem, connections) = origin(directory.path()).await;
    let client = client(&Settings { extra_root_certificates: vec![pem], ..settings() });
    let feed = source(&format!("{url}/feed"));
    let first = document(visit(&client, &feed, &Validators::default()).await);
    assert_eq!(&first.body[..], b"<rss/>");
    let second = visit(&client, &feed, &first.validators).await;
    assert!(matches!(second, Fetched::NotModified { .. }), "{second:?}");
    let large = source(&format!("{url}/large"));
    assert_eq!(kind(visit(&client, &large, &Validators::default()).await), ErrorKind::TooLarge);
    for path in ["/reset", "/half"] {
        let broken = source(&format!("{url}{path}"));
        assert_eq!(
            kind(visit(&client, &broken, &Validators::default()).await),
            ErrorKind::Interrupted,
            "{path}"
        );
    }
    document(visit(&client, &feed, &Validators::default()).await);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
