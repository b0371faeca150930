//! Content codings undone: gzip, deflate, br, zstd, and several on top of each other (RFC 9110 §8.4).
//!
//! Done here and not by the HTTP client, so that the size before and after is known at every step: a
//! bomb ends at the limit, and a body that was cut off is told apart from one that is whole. What is
//! labelled as compressed and is not (a cache that unpacked it and forgot the label) is taken as it is.

use std::io::{self, Read};

use super::buffer::Buffer;
use bytes::Bytes;
use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// Below this size no ratio is held against a body.
const HARMLESS: usize = 1024 * 1024;
/// What grows beyond this ratio *and* the size limit was made to explode, rather than just large.
const SUSPICIOUS: usize = 100;
/// The window that RFC 9659 allows for the zstd coding: 8 MB.
const ZSTD_WINDOW_LOG: u32 = 23;
/// Members of a gzip file, frames of a zstd one. Each costs an allocation, and may be empty.
const MOST_PARTS: usize = 4096;

/// Why a body cannot be unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CodingError {
    /// Nobody knows this coding, and the body does not look like text.
    Unknown(String),
    /// It ends before its end.
    Truncated(&'static str),
    /// It is not what its label says, or a checksum is wrong.
    Broken(&'static str),
    /// It grows out of all proportion.
    Bomb,
    /// It is larger than allowed.
    TooLarge,
}

/// What is allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Unpacked, in bytes.
    pub max_size: usize,
    /// Unpacked : packed, where more than a megabyte comes out.
    pub max_ratio: usize,
}

/// Whether [`decode`] has anything to do.
pub(super) fn is_coded(codings: &[String], body: &[u8]) -> bool {
    !codings.is_empty() || is_gzip(body)
}

/// Undoes `codings`, the last applied first, and a gzip that nobody labelled (`feed.xml.gz`, and
/// servers that compress what is compressed already).
pub(super) fn decode(codings: &[String], body: Bytes, limits: Limits) -> Result<Bytes, CodingError> {
    let mut body = body;
    for coding in codings.iter().rev() {
        body = undo(coding, body, limits)?;
    }
    if is_gzip(&body) { gzip(&body, limits) } else { Ok(body) }
}

fn undo(coding: &str, body: Bytes, limits: Limits) -> Result<Bytes, CodingError> {
    let undone = match coding {
        "gzip" | "x-gzip" if !is_gzip(&body) => Err(CodingError::Broken("gzip")),
        "gzip" | "x-gzip" => gzip(&body, limits),
        "deflate" => deflate(&body, limits),
        "br" => brotli(&body, limits),
        "zstd" if !is_zstd(&body) => Err(CodingError::Broken("zstd")),
        "zstd" => zstd(&body, limits),
        other => Err(CodingError::Unknown(other.to_owned())),
    };
    match undone {
        Err(CodingError::Unknown(_) | CodingError::Broken(_) | CodingError::Truncated(_))
            if looks_like_text(&body) =>
        {
            Ok(body)
        }
        Err(e) => Err(e),
        Ok(undone) => Ok(undone),
    }
}

fn gzip(body: &[u8], limits: Limits) -> Result<Bytes, CodingError> {
    let mut out = Output::new(body.len(), limits);
    let mut rest = body;
    // Several members make one file (RFC 1952 §2.2); what follows the last and is none is padding.
    for _ in 0..MOST_PARTS {
        let mut member = GzDecoder::new(rest);
        out.take_in(&mut member, "gzip", |member| member.get_ref().len())?;
        rest = member.into_inner();
        if !is_gzip(rest) {
            return Ok(out.bytes.into_bytes());
        }
    }
    Err(CodingError::Bomb)
}

fn deflate(body: &[u8], limits: Limits) -> Result<Bytes, CodingError> {
    // The standard means zlib (RFC 9110 §8.4.1.2); some servers send the bare deflate stream.
    let zlib =
        body.len() >= 2 && body[0] & 0x0f == 8 && u16::from_be_bytes([body[0], body[1]]).is_multiple_of(31);
    match zlib.then(|| inflate(body, true, limits)) {
        Some(Err(CodingError::Broken(_))) | None => inflate(body, false, limits),
        Some(undone) => undone,
    }
}

/// By hand, since the readers of flate2 take the end of the input for the end of the stream.
fn inflate(body: &[u8], zlib: bool, limits: Limits) -> Result<Bytes, CodingError> {
    let mut stream = Decompress::new(zlib);
    let mut out = Output::new(body.len(), limits);
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let rest = usize::try_from(read).ok().and_then(|at| body.get(at..)).unwrap_or_default();
        let status = stream
            .decompress(rest, &mut out.buffer, FlushDecompress::None)
            .map_err(|_| CodingError::Broken("deflate"))?;
        let fresh = usize::try_from(stream.total_out() - written).unwrap_or_default();
        let consumed = usize::try_from(stream.total_in() - read).unwrap_or_default();
        out.push(fresh, rest.len().saturating_sub(consumed))?;
        match status {
            Status::StreamEnd => return Ok(out.bytes.into_bytes()),
            _ if fresh == 0 && consumed == 0 => return Err(CodingError::Truncated("deflate")),
            _ => {}
        }
    }
}

fn brotli(body: &[u8], limits: Limits) -> Result<Bytes, CodingError> {
    use brotli::enc::StandardAlloc;
    use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

    // "Strict" is RFC 7932: no window of a gigabyte.
    let mut state =
        BrotliState::new_strict(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
    let (mut left, mut at, mut total) = (body.len(), 0, 0);
    let mut out = Output::new(body.len(), limits);
    loop {
        let (mut room, mut written) = (out.buffer.len(), 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut at,
            body,
            &mut room,
            &mut written,
            &mut out.buffer,
            &mut total,
            &mut state,
        );
        out.push(written, left)?;
        match result {
            BrotliResult::ResultSuccess => return Ok(out.bytes.into_bytes()),
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::NeedsMoreInput => return Err(CodingError::Truncated("br")),
            BrotliResult::ResultFailure => return Err(CodingError::Broken("br")),
        }
    }
}

fn zstd(body: &[u8], limits: Limits) -> Result<Bytes, CodingError> {
    let mut out = Output::new(body.len(), limits);
    let mut rest = body;
    for _ in 0..MOST_PARTS {
        let mut frame = zstd::stream::read::Decoder::with_buffer(rest)
            .and_then(|mut decoder| decoder.window_log_max(ZSTD_WINDOW_LOG).map(|()| decoder))
            .map_err(|_| CodingError::Broken("zstd"))?
            .single_frame();
        out.take_in(&mut frame, "zstd", |frame| frame.get_ref().len())?;
        rest = frame.finish();
        if !is_zstd(rest) {
            return Ok(out.bytes.into_bytes());
        }
    }
    Err(CodingError::Bomb)
}

/// What has come out so far, watched.
struct Output {
    bytes: Buffer,
    buffer: Vec<u8>,
    packed: usize,
    limits: Limits,
}

impl Output {
    fn new(packed: usize, limits: Limits) -> Self {
        Self { bytes: Buffer::new(limits.max_size), buffer: vec![0; 64 * 1024], packed, limits }
    }

    /// Takes the first `n` bytes of the buffer, which came of what was packed but for the `rest`.
    fn push(&mut self, n: usize, rest: usize) -> Result<(), CodingError> {
        let size = self.bytes.len() + n;
        let ratio = size / self.packed.saturating_sub(rest).max(1);
        if size > HARMLESS && ratio > self.limits.max_ratio {
            return Err(CodingError::Bomb);
        }
        if size > self.limits.max_size {
            return Err(if ratio > SUSPICIOUS { CodingError::Bomb } else { CodingError::TooLarge });
        }
        self.bytes.extend(&self.buffer[..n]);
        Ok(())
    }

    /// Reads to the end; `rest` tells how much is still packed.
    fn take_in<R: Read>(
        &mut self,
        from: &mut R,
        name: &'static str,
        rest: impl Fn(&R) -> usize,
    ) -> Result<(), CodingError> {
        loop {
            match from.read(&mut self.buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => self.push(n, rest(from))?,
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(CodingError::Truncated(name));
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(CodingError::Broken(name)),
            }
        }
    }
}

fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b, 8])
}

fn is_zstd(body: &[u8]) -> bool {
    // A frame, or one to be skipped (RFC 8878 §3.1).
    body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || (body.len() >= 4 && body[0] & 0xf0 == 0x50 && body[1..4] == [0x2a, 0x4d, 0x18])
}

/// Whether this may be a document as it stands: XML, HTML or JSON, in UTF-8 or UTF-16. What is
/// compressed holds control characters before long.
fn looks_like_text(body: &[u8]) -> bool {
    let wide = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
    let body = body.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(body);
    let head = &body[..body.len().min(1024)];
    let first = head.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0 | 0xfe | 0xff));
    let control = |b: &u8| *b < 0x20 && !b.is_ascii_whitespace() && !(wide && *b == 0);
    matches!(first, Some(b'<' | b'{' | b'[')) && (wide || !head.iter().any(control))
}

#[cfg(test)]
#[path = "coding_tests.rs"]
mod tests;
