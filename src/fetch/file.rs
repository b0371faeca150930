//! Sources that are files of this machine.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::buffer::Buffer;
use super::coding::{self, Limits};
use super::failure::{self, failure};
use crate::model::{Document, ErrorKind, Failure, Fetched, Validators};

/// A file written less than this before it is read may change again without its stamp showing it.
const SETTLED: Duration = Duration::from_secs(2);

/// Reads `path`, unless it is the file that gave `validators`.
pub(super) async fn read(path: &Path, validators: &Validators, limits: Limits, now: Timestamp) -> Fetched {
    let path = path.to_owned();
    let known = validators.clone();
    let reading = tokio::task::spawn_blocking(move || read_now(&path, known, limits, now));
    match reading.await {
        Ok(Ok(fetched)) => fetched,
        Ok(Err(failure)) => Fetched::Failed(failure),
        Err(_) => {
            Fetched::Failed(failure(ErrorKind::Internal, "reading the file failed: a defect of kariz."))
        }
    }
}

fn read_now(path: &PathBuf, known: Validators, limits: Limits, now: Timestamp) -> Result<Fetched, Failure> {
    let wrong = |e: &io::Error| unreadable(path, e);
    // Looked at before it is opened: to open a pipe waits for somebody who writes to it.
    let seen = std::fs::metadata(path).map_err(|e| wrong(&e))?;
    if !seen.is_file() {
        let what = if seen.is_dir() { "a directory" } else { "a pipe, socket or device" };
        return Err(failure(
            ErrorKind::File,
            format!("{} is {what}; give the path of a file.", path.display()),
        ));
    }
    let mut file = File::open(path).map_err(|e| wrong(&e))?;
    let metadata = file.metadata().map_err(|e| wrong(&e))?;
    if metadata.len() > limits.max_size as u64 {
        return Err(failure::too_large(&path.display().to_string(), limits.max_size));
    }
    let stamp = stamp(&metadata);
    if stamp.is_some() && stamp == known.etag && is_settled(&metadata, now) {
        return Ok(Fetched::NotModified { validators: known, fresh_for: None });
    }
    let name = path.display().to_string();
    let mut body = Buffer::new(limits.max_size);
    let mut chunk = vec![0; 64 * 1024];
    // A file may grow while it is read.
    loop {
        match file.read(&mut chunk).map_err(|e| wrong(&e))? {
            0 => break,
            n if body.len() + n > limits.max_size => return Err(failure::too_large(&name, limits.max_size)),
            n => body.extend(&chunk[..n]),
        }
    }
    let body = coding::decode(&[], body.into_bytes(), limits)
        .map_err(|e| failure::coding(&name, &e, limits.max_size))?;
    if body.trim_ascii().is_empty() {
        return Err(failure(ErrorKind::Empty, format!("{name} is empty.")));
    }
    let validators = Validators { etag: stamp, ..Validators::default() };
    Ok(Fetched::Document(Document { body, validators, ..Document::default() }))
}

fn unreadable(path: &Path, e: &io::Error) -> Failure {
    let what = match e.kind() {
        io::ErrorKind::NotFound => "is not there; check the path.",
        io::ErrorKind::PermissionDenied => "may not be read by the user that kariz runs as.",
        _ => "cannot be read; check the disk.",
    };
    failure(ErrorKind::File, format!("{} {what}", path.display()))
}

/// What changes when the file does: size and times, and which file it is.
fn stamp(metadata: &Metadata) -> Option<Vec<u8>> {
    let since = |time: io::Result<SystemTime>| {
        time.ok().and_then(|t| t.duration_since(SystemTime::UNIX_EPOCH).ok()).map(|d| d.as_nanos())
    };
    let mut stamp = format!("{}-{}", since(metadata.modified())?, metadata.len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // The time of the last status change cannot be set back by `cp -p` or `touch -r`.
        stamp += &format!("-{}-{}.{}", metadata.ino(), metadata.ctime(), metadata.ctime_nsec());
    }
    Some(stamp.into_bytes())
}

fn is_settled(metadata: &Metadata, now: Timestamp) -> bool {
    let modified = metadata.modified().ok().and_then(|t| Timestamp::try_from(t).ok());
    modified
        .is_some_and(|t| now.duration_since(t) > jiff::SignedDuration::try_from(SETTLED).unwrap_or_default())
}
