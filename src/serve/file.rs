//! One published file in memory, in every coding that it can be sent in.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderValue;
use bytes::Bytes;

use super::conditional::{Coding, Digest, entity_tag};
use super::delta::{Earlier, Entries};
use super::media::{self, Kind};

/// Smaller files are sent as they are: compressed, they would fill the same packet.
const WORTH_COMPRESSING: usize = 512;
/// Larger files are not compressed here: the publisher's twins are used, or none.
const MOST_COMPRESSED_HERE: usize = 8 << 20;

/// One published file in memory.
#[derive(Debug)]
pub struct Loaded {
    /// What it is.
    pub media_type: HeaderValue,
    /// How it is treated.
    pub kind: Kind,
    /// Names its content; the entity tags are made of it.
    pub digest: Digest,
    /// `Last-Modified`, in seconds since 1970; never in the future.
    pub modified: u64,
    /// The same as an HTTP date.
    pub last_modified: HeaderValue,
    /// As it is.
    pub identity: Variant,
    /// gzip, where it is smaller.
    pub gzip: Option<Variant>,
    /// Brotli, where there is a twin.
    pub brotli: Option<Variant>,
    /// The entries of earlier versions of this file, for RFC 3229.
    pub earlier: Earlier,
    entries: OnceLock<Option<Arc<Entries>>>,
    parts: Mutex<Vec<(Digest, Arc<Part>)>>,
}

/// The bytes of one representation and their entity tag.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What is sent.
    pub bytes: Bytes,
    /// What it is called.
    pub tag: HeaderValue,
}

/// Only the new entries of a feed. The tags are those of the whole: with the part, the reader has all of it.
#[derive(Debug)]
pub struct Part {
    /// As it is.
    pub identity: Variant,
    /// gzip, where it is smaller.
    pub gzip: Option<Variant>,
}

impl Loaded {
    /// Reads `path` and its twins, `path.gz` and `path.br`.
    ///
    /// A twin counts only if it unpacks to the very bytes of the file: the publisher replaces the three one
    /// after another, and between two of these steps they do not belong together.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub fn read(path: &Path, name: &str, earlier: Earlier, now: SystemTime) -> io::Result<Self> {
        let mut file = fs::File::open(path)?;
        let meta = file.metadata()?;
        let mut content = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
        file.read_to_end(&mut content)?;
        let gzip = fs::read(twin(path, "gz")).ok().filter(|packed| {
            packed.len() < content.len()
                && unpacks_to(flate2::read::MultiGzDecoder::new(&packed[..]), &content)
        });
        let brotli = fs::read(twin(path, "br")).ok().filter(|packed| {
            packed.len() < content.len()
                && unpacks_to(brotli::Decompressor::new(&packed[..], 16 << 10), &content)
        });
        let modified = meta.modified().unwrap_or(now).min(now);
        Ok(Self::new(name, content, gzip, brotli, modified, earlier))
    }

    /// The file `name` of these bytes; `gzip` and `brotli` are known to unpack to `content`.
    pub fn new(
        name: &str,
        content: Vec<u8>,
        gzip: Option<Vec<u8>>,
        brotli: Option<Vec<u8>>,
        modified: SystemTime,
        earlier: Earlier,
    ) -> Self {
        let (media_type, kind) = media::of(name, &content);
        let digest = xxhash_rust::xxh3::xxh3_128(&content);
        let compressible = !media_type.starts_with("image/") && !media_type.starts_with("font/")
            || media_type == "image/svg+xml";
        let gzip = gzip.or_else(|| {
            (compressible && (WORTH_COMPRESSING..=MOST_COMPRESSED_HERE).contains(&content.len()))
                .then(|| pack(&content))
                .filter(|packed| packed.len() < content.len())
        });
        let variant =
            |bytes: Vec<u8>, coding| Variant { bytes: bytes.into(), tag: entity_tag(digest, coding) };
        let modified = modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self {
            media_type: HeaderValue::from_static(media_type),
            kind,
            digest,
            modified,
            last_modified: http_date(modified),
            gzip: gzip.map(|bytes| variant(bytes, Coding::Gzip)),
            brotli: brotli.map(|bytes| variant(bytes, Coding::Brotli)),
            identity: variant(content, Coding::Identity),
            earlier,
            entries: OnceLock::new(),
            parts: Mutex::default(),
        }
    }

    /// The representation in this coding, or as it is.
    pub fn variant(&self, coding: Coding) -> &Variant {
        match coding {
            Coding::Identity => None,
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Brotli => self.brotli.as_ref(),
        }
        .unwrap_or(&self.identity)
    }

    /// Its entries, where it is a feed that can be read; found at the first call.
    pub fn entries(&self) -> Option<&Arc<Entries>> {
        self.entries
            .get_or_init(|| {
                (self.kind == Kind::Feed).then(|| Entries::of(&self.identity.bytes).map(Arc::new)).flatten()
            })
            .as_ref()
    }

    /// What is new in it since it was `base`, as it is and packed; `None` where that is not known, or where all of
    /// it is new. It is kept for the next who asks.
    pub fn since(&self, base: Digest) -> Option<Arc<Part>> {
        /// Readers come back with one of the last few versions.
        const KEPT: usize = 8;
        let then = self.earlier.of(base)?;
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = parts.iter().find(|(digest, _)| *digest == base) {
            return Some(made.clone());
        }
        let bytes = self.entries()?.since(&self.identity.bytes, then)?;
        let gzip = pack(&bytes);
        let made = Arc::new(Part {
            gzip: (gzip.len() < bytes.len()).then(|| self.variant_of(gzip, Coding::Gzip)),
            identity: self.variant_of(bytes, Coding::Identity),
        });
        if parts.len() == KEPT {
            parts.remove(0);
        }
        parts.push((base, made.clone()));
        Some(made)
    }

    fn variant_of(&self, bytes: Vec<u8>, coding: Coding) -> Variant {
        Variant { bytes: bytes.into(), tag: entity_tag(self.digest, coding) }
    }

    /// What is known of this and earlier versions, for the version that takes its place.
    pub fn into_earlier(&self) -> Earlier {
        match self.entries() {
            Some(entries) => self.earlier.with(self.digest, entries.keys()),
            None => self.earlier.clone(),
        }
    }

    /// Bytes in memory.
    pub fn weight(&self) -> usize {
        let of = |variant: &Option<Variant>| variant.as_ref().map_or(0, |v| v.bytes.len());
        self.identity.bytes.len() + of(&self.gzip) + of(&self.brotli)
    }
}

/// `atom.xml` → `atom.xml.gz`.
pub fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// An HTTP date (RFC 9110 §5.6.7).
pub fn http_date(seconds: u64) -> HeaderValue {
    // Beyond the year 9999 the form has no place for it; no file system of today dates a file so.
    let time = UNIX_EPOCH + std::time::Duration::from_secs(seconds.min(253_402_300_799));
    HeaderValue::from_str(&httpdate::fmt_http_date(time)).expect("an HTTP date is ASCII")
}

/// gzip, at the level where more costs much and gains little.
pub fn pack(content: &[u8]) -> Vec<u8> {
    let mut packer =
        flate2::write::GzEncoder::new(Vec::with_capacity(content.len() / 4), flate2::Compression::new(6));
    packer.write_all(content).and_then(|()| packer.finish()).expect("writing to memory does not fail")
}

/// Compares while unpacking, so that a twin that unpacks to more than the file costs no memory.
fn unpacks_to(mut unpacker: impl Read, content: &[u8]) -> bool {
    let mut rest = content;
    let mut buffer = [0; 16 << 10];
    loop {
        match unpacker.read(&mut buffer) {
            Ok(0) => return rest.is_empty(),
            Ok(n) => match rest.strip_prefix(&buffer[..n]) {
                Some(left) => rest = left,
                None => return false,
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}
