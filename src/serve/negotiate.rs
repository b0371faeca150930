//! Which content coding to send (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, header};

use super::conditional::Coding;

/// The coding to send, out of those at hand: the one that the client weighs highest; where it weighs
/// several alike, the smaller one.
///
/// Identity where the header is absent or names nothing that is at hand: a reader that forbids identity
/// but takes nothing else is better served with bytes than with a 406.
pub fn coding(headers: &HeaderMap, gzip: bool, brotli: bool) -> Coding {
    let mut weights = Weights::default();
    for line in headers.get_all(header::ACCEPT_ENCODING) {
        for member in line.as_bytes().split(|&b| b == b',') {
            weights.read(member);
        }
    }
    let mut best = (Coding::Identity, weights.identity());
    for (coding, at_hand, weight) in
        [(Coding::Gzip, gzip, weights.of(weights.gzip)), (Coding::Brotli, brotli, weights.of(weights.brotli))]
    {
        if at_hand && weight > 0 && weight >= best.1 {
            best = (coding, weight);
        }
    }
    best.0
}

/// Weights in thousandths.
#[derive(Default)]
struct Weights {
    gzip: Option<u16>,
    brotli: Option<u16>,
    identity: Option<u16>,
    any: Option<u16>,
}

impl Weights {
    fn read(&mut self, member: &[u8]) {
        let mut parts = member.split(|&b| b == b';').map(<[u8]>::trim_ascii);
        let Some(name) = parts.next() else { return };
        let slot = match name {
            n if n.eq_ignore_ascii_case(b"br") => &mut self.brotli,
            // RFC 9110 §8.4.1.3: x-gzip is gzip.
            n if n.eq_ignore_ascii_case(b"gzip") || n.eq_ignore_ascii_case(b"x-gzip") => &mut self.gzip,
            n if n.eq_ignore_ascii_case(b"identity") => &mut self.identity,
            b"*" => &mut self.any,
            _ => return,
        };
        *slot = Some(parts.find_map(quality).unwrap_or(1_000));
    }

    fn of(&self, named: Option<u16>) -> u16 {
        named.or(self.any).unwrap_or(0)
    }

    /// Identity is always acceptable unless named, but not wished for: any coding that the client names
    /// wins over it.
    fn identity(&self) -> u16 {
        self.identity.unwrap_or(0)
    }
}

/// `q=0.5` in thousandths; a weight that cannot be read counts as refused, the careful reading.
fn quality(parameter: &[u8]) -> Option<u16> {
    let equals = parameter.iter().position(|&b| b == b'=')?;
    let (name, value) = (parameter[..equals].trim_ascii(), parameter[equals + 1..].trim_ascii());
    if !name.eq_ignore_ascii_case(b"q") {
        return None;
    }
    let weight =
        std::str::from_utf8(value).ok().and_then(|v| v.parse::<f32>().ok()).filter(|w| w.is_finite());
    Some(weight.map_or(0, |w| (w.clamp(0.0, 1.0) * 1_000.0).round() as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_clients_weights_decide() {
        use Coding::{Brotli, Gzip, Identity};
        for (accept, expected) in [
            ("", Identity),
            ("gzip", Gzip),
            ("GZIP", Gzip),
            ("x-gzip", Gzip),
            ("br", Brotli),
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip;q=1.0, br;q=0.5", Gzip),
            ("gzip;q=0.5, br;q=0.5", Brotli),
            ("gzip;q=0", Identity),
            ("gzip;q=0.000, br;q=0", Identity),
            ("*", Brotli),
            ("*;q=0", Identity),
            ("br;q=0, *", Gzip),
            ("identity", Identity),
            ("identity;q=1, gzip;q=0.5", Identity),
            ("identity;q=0.5, gzip;q=1", Gzip),
            ("identity;q=0, deflate", Identity),
            ("gzip ; q = 0.3 , br ; Q=0.2", Gzip),
            ("gzip;q=nan, br;q=no", Identity),
            ("gzip;level=9;q=0.2", Gzip),
            ("deflate, zstd", Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(coding(&headers, true, true), expected, "{accept}");
        }
    }

    #[test]
    fn no_header_means_identity() {
        assert_eq!(coding(&HeaderMap::new(), true, true), Coding::Identity);
    }

    #[test]
    fn only_what_is_at_hand_is_chosen() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("br"));
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0.1"));
        assert_eq!(coding(&headers, true, false), Coding::Gzip);
        assert_eq!(coding(&headers, false, false), Coding::Identity);
    }
}
