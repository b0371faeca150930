use super::*;
use proptest::prelude::*;
use std::io::Write;

const LIMITS: Limits = Limits { max_size: 4 * 1024 * 1024, max_ratio: 500 };

fn text() -> Vec<u8> {
    (0..2000).map(|n| format!("<item>{n} apples and {} pears</item>", n * 7)).collect::<String>().into_bytes()
}

fn gz(data: &[u8]) -> Vec<u8> {
    let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    w.write_all(data).unwrap();
    w.finish().unwrap()
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut w = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    w.write_all(data).unwrap();
    w.finish().unwrap()
}

fn raw(data: &[u8]) -> Vec<u8> {
    let mut w = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    w.write_all(data).unwrap();
    w.finish().unwrap()
}

fn br(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut input = data;
    let params = brotli::enc::BrotliEncoderParams { quality: 3, ..Default::default() };
    brotli::BrotliCompress(&mut input, &mut out, &params).unwrap();
    out
}

fn zst(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 1).unwrap()
}

type Coder = (&'static str, fn(&[u8]) -> Vec<u8>);
const CODERS: [Coder; 6] =
    [("gzip", gz), ("x-gzip", gz), ("deflate", zlib), ("deflate", raw), ("br", br), ("zstd", zst)];

fn run(codings: &[&str], body: Vec<u8>) -> Result<Bytes, CodingError> {
    let codings: Vec<String> = codings.iter().map(|c| (*c).to_owned()).collect();
    decode(&codings, body.into(), LIMITS)
}

#[test]
fn each_coding_is_undone() {
    for (name, code) in CODERS {
        assert_eq!(run(&[name], code(&text())).unwrap(), text(), "{name}");
    }
}

#[test]
fn codings_on_top_of_each_other() {
    assert_eq!(run(&["gzip", "br"], br(&gz(&text()))).unwrap(), text());
    assert_eq!(run(&["zstd", "deflate", "gzip"], gz(&zlib(&zst(&text())))).unwrap(), text());
}

#[test]
fn gzip_that_nobody_labelled() {
    assert_eq!(run(&[], gz(&text())).unwrap(), text());
    assert_eq!(run(&["gzip"], gz(&gz(&text()))).unwrap(), text());
}

#[test]
fn a_label_over_a_plain_body_is_ignored() {
    for name in ["gzip", "deflate", "br", "zstd", "compress", "utf-8"] {
        for plain in [&b"\xef\xbb\xbf <?xml version='1.0'?><rss/>"[..], b"{\"version\":1}", b"\xff\xfe<\0?\0"]
        {
            assert_eq!(run(&[name], plain.to_vec()).unwrap(), plain, "{name}");
        }
    }
}

#[test]
fn garbage_is_broken() {
    for name in ["gzip", "deflate", "br", "zstd"] {
        let got = run(&[name], b"\x07garbage that is neither text nor compressed".to_vec());
        assert!(matches!(got, Err(CodingError::Broken(_) | CodingError::Truncated(_))), "{name} {got:?}");
    }
    assert_eq!(run(&["sdch"], b"\x07".to_vec()), Err(CodingError::Unknown("sdch".into())));
}

#[test]
fn a_body_that_was_cut_off_is_told() {
    for (name, code) in CODERS {
        let whole = code(&text());
        for keep in [whole.len() / 2, whole.len() - 1] {
            let got = run(&[name], whole[..keep].to_vec());
            assert!(matches!(got, Err(CodingError::Truncated(_))), "{name} {keep}");
        }
    }
}

#[test]
fn a_wrong_checksum_is_broken() {
    let mut body = gz(&text());
    let at = body.len() - 6;
    body[at] ^= 0xff;
    assert_eq!(run(&["gzip"], body), Err(CodingError::Broken("gzip")));
}

#[test]
fn members_follow_each_other_and_padding_is_ignored() {
    let mut body = gz(b"<a>");
    body.extend(gz(b"</a>"));
    body.extend([0; 100]);
    assert_eq!(run(&["gzip"], body).unwrap(), &b"<a></a>"[..]);
    let mut body = zst(b"<a>");
    body.extend([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    body.extend(zst(b"</a>"));
    body.extend(b"\n\n");
    assert_eq!(run(&["zstd"], body).unwrap(), &b"<a></a>"[..]);
}

#[test]
fn bombs_end_early() {
    let zeros = vec![b' '; 40 * 1024 * 1024];
    for (name, code) in CODERS {
        assert_eq!(run(&[name], code(&zeros)), Err(CodingError::Bomb), "{name}");
    }
    let nested = gz(&gz(&gz(&zeros)));
    assert_eq!(run(&["gzip", "gzip", "gzip"], nested), Err(CodingError::Bomb));
    let empty = gz(b"").repeat(100_000);
    assert_eq!(run(&["gzip"], empty), Err(CodingError::Bomb));
    let empty = zst(b"").repeat(100_000);
    assert_eq!(run(&["zstd"], empty), Err(CodingError::Bomb));
}

#[test]
fn what_is_large_is_not_called_a_bomb() {
    let mut seed = 1u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (seed >> 28) as u8
    })
    .take(5 * 1024 * 1024)
    .collect();
    assert_eq!(run(&["gzip"], gz(&noise)), Err(CodingError::TooLarge));
    assert!(run(&["gzip"], gz(&noise[..3 * 1024 * 1024])).is_ok());
}

#[test]
fn windows_of_a_gigabyte_are_refused() {
    // RFC 7932 reserves this first byte; "large window" decoders take it for a window of up to 2^30.
    assert!(run(&["br"], vec![0x11, 0x1e, 0, 0, 0, 0]).is_err());
    // A zstd frame that declares a window of 2 GB.
    assert!(run(&["zstd"], vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]).is_err());
}

proptest! {
    #[test]
    fn whatever_comes_ends(body in proptest::collection::vec(any::<u8>(), 0..400), flip in any::<usize>()) {
        for (name, code) in CODERS {
            let _ = run(&[name], body.clone());
            let mut damaged = code(&body);
            let at = flip % damaged.len();
            damaged[at] ^= 1 << (flip % 8);
            let _ = run(&[name], damaged);
            prop_assert_eq!(&run(&[name], code(&body)).unwrap()[..], &body[..]);
        }
    }
}
