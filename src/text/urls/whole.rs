//! Addresses that are told by a look: what a parser would make of them is what is written. (Where they are used, a test holds
//! them beside the parser.)

use url::Url;

/// Bytes of an address.
const PATH: u8 = 1;
const HOST: u8 = 2;
const GRAPHIC: u8 = 4;

/// What may stand where without being read as something else, or written in another way.
static BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`') {
            table[byte] |= GRAPHIC;
        }
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.') {
            table[byte] |= HOST;
        }
        if b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'-' | b'_'
                    | b'.'
                    | b'~'
                    | b'/'
                    | b'?'
                    | b'='
                    | b'&'
                    | b'+'
                    | b','
                    | b';'
                    | b':'
                    | b'@'
                    | b'!'
            )
        {
            table[byte] |= PATH;
        }
        byte += 1;
    }
    table
};

fn are_all(text: &str, kind: u8) -> bool {
    text.bytes().all(|byte| BYTES[usize::from(byte)] & kind != 0)
}

/// The host of an address, as a parser gives it.
pub(crate) fn host_of(address: &str) -> Option<String> {
    if is_whole(address) {
        let (_, rest) = address.split_once("://")?;
        let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
        return Some(rest[..end].to_ascii_lowercase());
    }
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// An address that is whole, and whose host needs no second look: what nearly every link is.
pub(crate) fn is_whole(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")) else {
        return false;
    };
    let end = rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (host, after) = rest.split_at(end);
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_port = (1..=5).contains(&port.len())
        && port.bytes().all(|b| b.is_ascii_digit())
        && port.parse::<u16>().is_ok();
    is_port && is_plain_host(host) && are_all(after, GRAPHIC)
}

/// Labels of ASCII letters that are no Punycode, the last of which is no number; or four numbers.
fn is_plain_host(host: &str) -> bool {
    let is_number = |label: &str| {
        label.len() <= 3
            && label.bytes().all(|b| b.is_ascii_digit())
            && label.parse::<u8>().is_ok()
            && (label == "0" || !label.starts_with('0'))
    };
    let mut labels = host.rsplit('.');
    let is_named = labels.next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
    if !is_named {
        return host.split('.').count() == 4 && host.split('.').all(is_number);
    }
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"))
    };
    are_all(host, HOST) && host.len() < 250 && host.split('.').all(is_label)
}

/// A path from the root of its site that is written as it will be: without escapes, and with no part to resolve.
pub(crate) fn is_plain_path(value: &str) -> bool {
    value.starts_with('/') && !value.starts_with("//") && are_all(value, PATH) && !value.contains("/.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    proptest! {
        #[test]
        fn a_host_is_what_a_parser_finds(
            address in "(https?://|HTTP://|//|)(a|B|www\\.|xn--a|1|0x7f|127|256|01|\\.|-|_|:|80|@|%41|é){0,7}(/|\\?|#|:|a|~|é){0,4}"
        ) {
            let expected = Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned));
            prop_assert_eq!(super::host_of(&address), expected);
        }
    }
}
