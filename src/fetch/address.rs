//! The address guard: which addresses a public aggregator may connect to.
//!
//! A feed, a redirect or an article names hosts that its author chose. Without a guard, kariz would
//! knock at the doors of its own network for strangers (server-side request forgery). The guard looks
//! at addresses, never at names: a name may resolve to anything, and to something else a second later.
//!
//! Only what the IANA registries call globally reachable passes; for IPv6 everything outside
//! `2000::/3` is refused, so that ranges assigned in the future are closed until they are known.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address is refused, as a word for people; `None` where it may be connected to.
///
/// Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), RFC 6052 and
/// RFC 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo).
pub fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let o = address.octets();
    Some(match o {
        [0, ..] => "unspecified",
        [10, ..] | [192, 168, ..] => "private",
        [172, b, ..] if (16..32).contains(&b) => "private",
        [100, b, ..] if (64..128).contains(&b) => "carrier-grade NAT",
        [127, ..] => "loopback",
        [169, 254, ..] => "link-local",
        [192, 0, 0, _] => "reserved",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "documentation",
        [192, 88, 99, _] => "6to4 relay",
        [198, 18 | 19, ..] => "benchmarking",
        [224..=239, ..] => "multicast",
        [255, 255, 255, 255] => "broadcast",
        [240..=255, ..] => "reserved",
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    let s = address.segments();
    Some(match s {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0, 0, 0, 0, 0, 0xffff, ..] => "IPv4-mapped",
        [0, 0, 0, 0, 0xffff, 0, ..] => "IPv4-translated",
        [0, 0, 0, 0, 0, 0, ..] => "IPv4-compatible",
        [0x64, 0xff9b, ..] => "NAT64",
        [0x100, ..] => "discard-only",
        [a, ..] if a & 0xfe00 == 0xfc00 => "unique local",
        [a, ..] if a & 0xffc0 == 0xfe80 => "link-local",
        [a, ..] if a & 0xffc0 == 0xfec0 => "site-local",
        [a, ..] if a & 0xff00 == 0xff00 => "multicast",
        [0x2001, 0, ..] => "Teredo",
        [0x2001, b, ..] if b < 0x200 => "reserved",
        [0x2001, 0xdb8, ..] => "documentation",
        [0x2002, ..] => "6to4",
        [0x3fff, b, ..] if b < 0x1000 => "documentation",
        [a, ..] if a & 0xe000 != 0x2000 => "reserved",
        _ => return None,
    })
}

/// The same for a URL whose host is a literal address or a name that is loopback by definition
/// (RFC 6761 §6.3), for which no resolver is asked. The `url` crate has already undone every odd
/// spelling (`0x7f.1`, `2130706433`, full-width digits).
pub fn special_host(url: &Url) -> Option<&'static str> {
    match url.host()? {
        Host::Ipv4(v4) => special_v4(v4),
        Host::Ipv6(v6) => special_v6(v6),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            let last = name.rsplit('.').next().unwrap_or(name);
            last.eq_ignore_ascii_case("localhost").then_some("loopback")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass() {
        for a in [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2003::1",
        ] {
            assert_eq!(special(a.parse().unwrap()), None, "{a}");
        }
    }

    #[test]
    fn special_addresses_are_refused() {
        for a in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(special(a.parse().unwrap()).is_some(), "{a}");
        }
    }

    #[test]
    fn odd_spellings_of_loopback_are_refused() {
        for u in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.0.0.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://017700000001/",
            "http://0/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http://127。0。0。1/",
            "http://%31%32%37.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://feeds.localhost:8080/",
        ] {
            let url = Url::parse(u).unwrap();
            assert!(special_host(&url).is_some(), "{u} → {url}");
        }
        assert_eq!(special_host(&Url::parse("http://localhost.example/").unwrap()), None);
    }
}
