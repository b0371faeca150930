//! The precompressed twins of a document. The same bytes always give the same bytes.

use std::io::Write;

use flate2::{Compression, GzBuilder};

/// Feeds are compressed once and sent thousands of times, but also written by a daemon that shares
/// the machine: 6 is the knee of the curve.
const GZIP_LEVEL: u32 = 6;

/// 5 takes about as long as gzip 6 and saves another tenth; 11 takes fifty times as long.
const BROTLI_QUALITY: i32 = 5;

/// Gzip (RFC 1952), without a time stamp and a name.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let sink = Vec::with_capacity(bytes.len() / 4 + 64);
    let mut encoder = GzBuilder::new().mtime(0).write(sink, Compression::new(GZIP_LEVEL));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes every byte")
}

/// Brotli (RFC 7932).
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 5 + 64);
    let params = ::brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        mode: ::brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut input = bytes;
    ::brotli::BrotliCompress(&mut input, &mut out, &params).expect("a Vec takes every byte");
    out
}
