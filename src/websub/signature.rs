//! `X-Hub-Signature`: who knows the secret, and only who does, can push (WebSub §7.1, §8).

use ring::hmac::{self, Algorithm, Key};
use ring::rand::{SecureRandom, SystemRandom};

/// The signature of `body`, as the header field has it.
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    format!("sha256={}", hex(hmac::sign(&Key::new(hmac::HMAC_SHA256, secret), body).as_ref()))
}

/// Whether `field` is the signature of `body`. Takes as long for a wrong one as for the right one.
pub fn is_signed(secret: &[u8], field: &[u8], body: &[u8]) -> bool {
    let Some(at) = field.iter().position(|b| *b == b'=') else { return false };
    let (method, signature) = (field[..at].trim_ascii(), field[at + 1..].trim_ascii());
    let Some(algorithm) = algorithm(method) else { return false };
    let Some(signature) = unhex(signature) else { return false };
    hmac::verify(&Key::new(algorithm, secret), body, &signature).is_ok()
}

/// The methods of WebSub §8.
fn algorithm(name: &[u8]) -> Option<Algorithm> {
    let names = [
        ("sha1", hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        ("sha256", hmac::HMAC_SHA256),
        ("sha384", hmac::HMAC_SHA384),
        ("sha512", hmac::HMAC_SHA512),
    ];
    names
        .into_iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()))
        .map(|(_, algorithm)| algorithm)
}

/// 32 hexadecimal digits that nobody can guess: tokens, secrets, challenges.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random() -> Result<String, ring::error::Unspecified> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Whether a text has the form of [`random`].
pub fn is_random(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    if !text.len().is_multiple_of(2) || text.len() > 128 {
        return None;
    }
    text.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202 §3 and RFC 4231 §4.3, the second test case of each.
    #[test]
    fn the_published_examples() {
        let (key, data) = (b"Jefe", b"what do ya want for nothing?");
        for field in [
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "SHA1=EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79",
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ] {
            assert!(is_signed(key, field.as_bytes(), data), "{field}");
            assert!(!is_signed(key, field.as_bytes(), b"what do ya want for nothing!"), "{field}");
            assert!(!is_signed(b"Jeff", field.as_bytes(), data), "{field}");
        }
        assert!(is_signed(key, sign(key, data).as_bytes(), data));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        for field in
            ["", "=", "sha256", "sha256=", "sha256=zz", "sha256=5", "md5=00", "sha1=00", "none=", "sha256=5b"]
        {
            assert!(!is_signed(b"Jefe", field.as_bytes(), b"x"), "{field}");
        }
    }

    #[test]
    fn random_texts_differ() {
        let (a, b) = (random().unwrap(), random().unwrap());
        assert!(a != b && is_random(&a) && !is_random(&a[1..]));
    }
}
