//! The precompressed twins of a document. The same bytes always give the same bytes.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// Gzip (RFC 1952), without a time stamp and a name, for a document that is compressed once and sent thousands of times, by
/// a daemon that shares the machine: the knee of the curve.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_with(bytes, &mut compressor(6))
}

/// [`gzip`] for one of very many documents that few ask for, each written whenever its source says something: less time
/// for a sixth more bytes.
pub(super) fn gzip_quickly(bytes: &[u8]) -> Vec<u8> {
    thread_local! {
        // Setting one up costs a twentieth of what it does for one document.
        static QUICK: RefCell<Compressor> = RefCell::new(compressor(1));
    }
    QUICK.with_borrow_mut(|compressor| gzip_with(bytes, compressor))
}

fn compressor(level: i32) -> Compressor {
    Compressor::new(CompressionLvl::new(level).unwrap_or_default())
}

fn gzip_with(bytes: &[u8], compressor: &mut Compressor) -> Vec<u8> {
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let length = compressor.gzip_compress(bytes, &mut out).expect("the bound is one");
    out.truncate(length);
    out.shrink_to_fit();
    out
}

/// Brotli (RFC 7932). 5 takes about as long as gzip 6 and saves another tenth; 11 takes fifty times as long.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 5 + 64);
    // A window that holds the document and little more: the encoder clears all of it first.
    let window = usize::BITS - bytes.len().saturating_add(16).leading_zeros();
    let params = ::brotli::enc::BrotliEncoderParams {
        quality: 5,
        mode: ::brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: bytes.len(),
        lgwin: i32::try_from(window).unwrap_or(22).clamp(16, 22),
        ..Default::default()
    };
    let mut input = bytes;
    ::brotli::BrotliCompress(&mut input, &mut out, &params).expect("a Vec takes every byte");
    out
}
