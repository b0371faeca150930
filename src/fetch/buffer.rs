//! Where a body is put together.
//!
//! Large bodies come and go by the hundred, on many threads, and allocators keep what they were given
//! back: with glibc, a pass over a hundred answers of nine megabytes peaked at twice what was in use.
//! So a body that outgrows the heap moves into a mapping of its own, whose pages exist once they are
//! written, and whose end gives all of them back to the system at once.

use bytes::Bytes;
use memmap2::MmapMut;

/// Up to this size on the heap.
const HEAP: usize = 256 * 1024;

/// A growing body.
pub(super) struct Buffer {
    limit: usize,
    heap: Vec<u8>,
    mapped: Option<(MmapMut, usize)>,
}

impl Buffer {
    /// For at most `limit` bytes; more do fit, at the price of an allocation.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, heap: Vec::new(), mapped: None }
    }

    pub(super) fn len(&self) -> usize {
        self.mapped.as_ref().map_or(self.heap.len(), |(_, len)| *len)
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let size = self.len() + bytes.len();
        if self.mapped.is_none() && size > HEAP && size <= self.limit {
            self.mapped = map(self.limit).map(|mut map| {
                map[..self.heap.len()].copy_from_slice(&self.heap);
                (map, self.heap.len())
            });
            if self.mapped.is_some() {
                self.heap = Vec::new();
            }
        }
        match &mut self.mapped {
            Some((map, len)) if size <= map.len() => {
                map[*len..size].copy_from_slice(bytes);
                *len = size;
            }
            Some((map, len)) => {
                self.heap = [&map[..*len], bytes].concat();
                self.mapped = None;
            }
            None => self.heap.extend_from_slice(bytes),
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        struct Mapped(MmapMut, usize);
        impl AsRef<[u8]> for Mapped {
            fn as_ref(&self) -> &[u8] {
                &self.0[..self.1]
            }
        }
        match self.mapped {
            Some((map, len)) => Bytes::from_owner(Mapped(map, len)),
            None => self.heap.into(),
        }
    }
}

/// `None` where the system has no room, or no such thing.
fn map(size: usize) -> Option<MmapMut> {
    let map = MmapMut::map_anon(size).ok()?;
    // A huge page for the first byte of two megabytes is what we want to avoid here.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::NoHugePage);
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let piece: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        for count in [0, 1, 2, 3, 9, 10, 11, 15] {
            let mut buffer = Buffer::new(1_000_000);
            for _ in 0..count {
                buffer.extend(&piece);
            }
            assert_eq!(buffer.len(), count * piece.len());
            assert_eq!(buffer.into_bytes(), piece.repeat(count), "{count}");
        }
    }
}
