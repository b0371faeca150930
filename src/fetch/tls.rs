//! TLS: rustls with the machine's root certificates, those of Mozilla where the machine has none,
//! and the operator's own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::SetupError;

/// The TLS settings that all HTTP clients share (with them the session tickets).
pub(super) fn config(extra_roots: &[PathBuf]) -> Result<ClientConfig, SetupError> {
    let mut own = RootCertStore::empty();
    for path in extra_roots {
        add_file(&mut own, path)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier { own, provider: provider.clone(), roots: OnceLock::new() };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| SetupError::Tls(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// rustls's own check of certificates, against roots that are read when the first certificate is there to check: the
/// machine's are hundreds of files, a tenth of a second that a pass over unencrypted or local sources has no use for.
#[derive(Debug)]
struct Verifier {
    /// The operator's roots.
    own: RootCertStore,
    provider: Arc<CryptoProvider>,
    roots: OnceLock<Result<Arc<WebPkiServerVerifier>, String>>,
}

impl Verifier {
    fn with_roots(&self) -> Result<&WebPkiServerVerifier, Error> {
        let read = || {
            let mut roots = RootCertStore::empty();
            // A broken certificate among the machine's own is none of our business.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
            }
            roots.roots.extend(self.own.roots.iter().cloned());
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone())
                .build()
                .map_err(|e| e.to_string())
        };
        match self.roots.get_or_init(read) {
            Ok(verifier) => Ok(verifier),
            Err(why) => Err(Error::General(why.clone())),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.with_roots()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), SetupError> {
    let wrong = |why: String| SetupError::RootCertificates { path: path.to_owned(), why };
    let mut found = false;
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| wrong(e.to_string()))? {
        let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
        roots.add(certificate).map_err(|e| wrong(e.to_string()))?;
        found = true;
    }
    if found { Ok(()) } else { Err(wrong("there is no PEM certificate in it".into())) }
}
