//! Documents on the disk: whole, untouched when unchanged, with their twins, and nothing else touched.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use kariz::publish::files::{Folder, Written};

fn unzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn unbrotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::BrotliDecompress(&mut &bytes[..], &mut out).unwrap();
    out
}

/// Every file below, with its bytes and time stamp.
fn snapshot(root: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut all = BTreeMap::new();
    let mut todo = vec![root.to_owned()];
    while let Some(folder) = todo.pop() {
        for file in fs::read_dir(folder).unwrap().flatten() {
            let meta = file.metadata().unwrap();
            if meta.is_dir() {
                todo.push(file.path());
            } else {
                let name = file.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
                all.insert(name, (fs::read(file.path()).unwrap(), meta.modified().unwrap()));
            }
        }
    }
    all
}

fn names(root: &Path) -> Vec<String> {
    snapshot(root).into_keys().filter(|n| !n.starts_with(".kariz-")).collect()
}

#[test]
fn a_document_comes_with_its_twins_and_can_be_read_by_everybody() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("data/public");
    let folder = Folder::open(&root, true).unwrap();
    let text = "kariz ".repeat(1000);
    assert_eq!(folder.write_if_changed("tags/خبر/atom.xml", text.as_bytes()).unwrap(), Written::Changed);
    let all = snapshot(&root);
    let (bytes, stamp) = &all["tags/خبر/atom.xml"];
    assert_eq!(bytes, text.as_bytes());
    assert_eq!(unzip(&all["tags/خبر/atom.xml.gz"].0), *bytes);
    assert_eq!(unbrotli(&all["tags/خبر/atom.xml.br"].0), *bytes);
    assert_eq!(
        (all["tags/خبر/atom.xml.gz"].1, all["tags/خبر/atom.xml.br"].1),
        (*stamp, *stamp),
        "one version, one stamp"
    );
    for (path, mode) in
        [("tags/خبر/atom.xml", 0o644), ("tags/خبر/atom.xml.gz", 0o644), ("tags/خبر", 0o755), ("", 0o755)]
    {
        assert_eq!(fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
    }
    assert_eq!(&all["tags/خبر/atom.xml.gz"].0[4..8], [0; 4], "gzip without a time");
    assert!(folder.contains("tags/خبر/atom.xml") && !folder.contains("tags/خبر") && !folder.contains("../x"));
}

#[test]
fn unchanged_means_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    folder.write_if_changed("a.xml", b"one").unwrap();
    folder.write_if_changed("empty.xml", b"").unwrap();
    let before = snapshot(dir.path());
    assert_eq!(folder.write_if_changed("a.xml", b"one").unwrap(), Written::Unchanged);
    assert_eq!(
        Folder::open(dir.path(), true).unwrap().write_if_changed("empty.xml", b"").unwrap(),
        Written::Unchanged
    );
    assert_eq!(snapshot(dir.path()), before);
    // The same length is not the same bytes.
    assert_eq!(folder.write_if_changed("a.xml", b"two").unwrap(), Written::Changed);
    let after = snapshot(dir.path());
    assert_eq!(unzip(&after["a.xml.gz"].0), b"two");
    assert!(
        after["a.xml"].1 >= before["a.xml"].1 + Duration::from_secs(1),
        "a stamp in seconds tells the versions apart"
    );
}

#[test]
fn twins_that_are_missing_or_of_another_version_are_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    folder.write_if_changed("a.xml", b"one").unwrap();
    let before = snapshot(dir.path());
    fs::remove_file(dir.path().join("a.xml.br")).unwrap();
    fs::write(dir.path().join("a.xml.gz"), b"stale").unwrap();
    assert_eq!(folder.write_if_changed("a.xml", b"one").unwrap(), Written::Unchanged);
    assert_eq!(snapshot(dir.path()), before);
    // Without twins, those of yesterday would go on being served.
    let plain = Folder::open(dir.path(), false).unwrap();
    plain.write_if_changed("a.xml", b"two").unwrap();
    assert_eq!(names(dir.path()), ["a.xml"]);
}

#[test]
fn what_a_run_that_died_left_behind_goes() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("tags")).unwrap();
    for left in [".kariz-abc.tmp", "tags/.kariz-def.tmp", "tags/other.tmp"] {
        fs::write(dir.path().join(left), b"half").unwrap();
    }
    let folder = Folder::open(dir.path(), false).unwrap();
    folder.write_if_changed("tags/a.xml", b"one").unwrap();
    assert_eq!(names(dir.path()), ["tags/a.xml", "tags/other.tmp"]);
    // Staged and never committed: gone, and the old version stands.
    drop(folder.stage("tags/a.xml", b"two").unwrap());
    assert_eq!(snapshot(dir.path())["tags/a.xml"].0, b"one");
    assert_eq!(names(dir.path()), ["tags/a.xml", "tags/other.tmp"]);
}

#[test]
fn paths_do_not_lead_out() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let root = dir.path().join("public");
    let folder = Folder::open(&root, true).unwrap();
    symlink(outside.path(), root.join("link")).unwrap();
    fs::write(outside.path().join("target.xml"), b"theirs").unwrap();
    symlink(outside.path().join("target.xml"), root.join("link.xml")).unwrap();
    fs::create_dir(root.join("folder.xml")).unwrap();
    let long = "x".repeat(300);
    for path in [
        "../a.xml",
        "/a.xml",
        "a//b.xml",
        "",
        "a/./b",
        "a/../../b",
        "link/a.xml",
        "link.xml",
        "folder.xml",
        "a\0b",
        ".kariz-list",
        &long,
    ] {
        let error = folder.write_if_changed(path, b"ours").expect_err(path).to_string();
        assert!(error.starts_with("cannot write ") && error.contains(". "), "a way out: {error}");
    }
    assert_eq!(names(outside.path()), ["target.xml"]);
    assert_eq!(fs::read(outside.path().join("target.xml")).unwrap(), b"theirs");
    // The folder of outputs itself may be a link: operators do that.
    let linked = dir.path().join("linked");
    symlink(outside.path(), &linked).unwrap();
    Folder::open(&linked, false).unwrap().write_if_changed("a/b.xml", b"ours").unwrap();
    assert_eq!(names(outside.path()), ["a/b.xml", "target.xml"]);
}

#[test]
fn a_failure_is_told_in_words_and_keeps_the_old_file_and_the_other_documents() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    folder.write_if_changed("good.xml", b"one").unwrap();
    folder.write_if_changed("bad.xml", b"one").unwrap();
    let staged = vec![folder.stage("bad.xml", b"two").unwrap(), folder.stage("good.xml", b"two").unwrap()];
    // Between staging and committing, somebody puts a folder where the twin belongs.
    fs::remove_file(dir.path().join("bad.xml.br")).unwrap();
    fs::create_dir(dir.path().join("bad.xml.br")).unwrap();
    let results = folder.commit(staged).unwrap();
    assert!(results[0].1.is_err());
    assert_eq!(results[1], ("good.xml".to_owned(), Ok(Written::Changed)));
    assert_eq!(fs::read(dir.path().join("bad.xml")).unwrap(), b"one");
    assert_eq!(fs::read(dir.path().join("good.xml")).unwrap(), b"two");

    fs::write(dir.path().join("file"), b"").unwrap();
    let error = folder.write_if_changed("file/a.xml", b"x").unwrap_err().to_string();
    assert!(error.contains("a file stands where a folder is needed"), "{error}");
    assert!(Folder::open(Path::new("/proc/kariz-cannot-write-here"), false).is_err());
}

#[test]
fn many_documents_are_published_together_and_each_stands_for_itself() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    let documents = |n: usize| {
        (0..50).map(move |i| {
            (
                if i == 7 { "../out.xml".to_owned() } else { format!("sources/{i}/atom.xml") },
                format!("{i} {n}").into_bytes(),
            )
        })
    };
    let results = folder.publish(documents(0)).unwrap();
    assert_eq!(results.len(), 50);
    let failed: Vec<&str> = results.iter().filter(|(_, r)| r.is_err()).map(|(p, _)| &**p).collect();
    assert_eq!(failed, ["../out.xml"]);
    assert_eq!(names(dir.path()).len(), 49 * 3);
    let again = folder.publish(documents(0)).unwrap();
    assert!(again.iter().filter(|(_, r)| *r == Ok(Written::Unchanged)).count() == 49);
    assert_eq!(
        again.iter().map(|(p, _)| p).collect::<Vec<_>>(),
        results.iter().map(|(p, _)| p).collect::<Vec<_>>()
    );
    folder.publish(documents(1)).unwrap();
    assert_eq!(snapshot(dir.path())["sources/49/atom.xml"].0, b"49 1");
}

/// Needs a small file system: `mount -t tmpfs -o size=300k tmpfs /tmp/full`, then
/// `KARIZ_FULL=/tmp/full cargo test --test publish_files full -- --ignored`.
#[test]
#[ignore = "needs a file system that can be filled"]
fn a_full_disk_keeps_what_was_published() {
    let root = std::path::PathBuf::from(std::env::var_os("KARIZ_FULL").expect("KARIZ_FULL"));
    let folder = Folder::open(&root, true).unwrap();
    folder.write_if_changed("a.xml", b"one").unwrap();
    let before = snapshot(&root);
    let noise: Vec<u8> = (0..400_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let error = folder.write_if_changed("a.xml", &noise).unwrap_err().to_string();
    assert!(error.contains("a.xml: the disk is full") && error.contains("Free some space"), "{error}");
    assert_eq!(snapshot(&root), before, "and no temporary file is left");
}

#[test]
fn only_what_kariz_wrote_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    for path in ["atom.xml", "tags/a/atom.xml", "tags/b/atom.xml", "tags/b/mine.xml"] {
        folder.write_if_changed(path, path.as_bytes()).unwrap();
    }
    fs::write(dir.path().join("tags/b/mine.xml"), b"changed by a person").unwrap();
    fs::write(dir.path().join("robots.txt"), b"by a person").unwrap();
    let removed = Folder::open(dir.path(), true).unwrap().prune(|path| path == "atom.xml").unwrap();
    assert_eq!(removed, ["tags/a/atom.xml", "tags/b/atom.xml"]);
    assert_eq!(
        names(dir.path()),
        [
            "atom.xml",
            "atom.xml.br",
            "atom.xml.gz",
            "robots.txt",
            "tags/b/mine.xml",
            "tags/b/mine.xml.br",
            "tags/b/mine.xml.gz"
        ]
    );
    assert!(!dir.path().join("tags/a").exists(), "empty folders go");
    assert!(folder.prune(|_| true).unwrap().is_empty());
}

#[test]
fn no_file_is_there_before_it_is_on_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), false).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut looks = 0;
            while !done.load(Ordering::Relaxed) {
                // A run may be killed at any moment: what it leaves must be known to the next one.
                let there = fs::read_dir(dir.path()).unwrap().flatten().map(|file| file.file_name());
                let there: Vec<String> = there.map(|name| name.into_string().unwrap()).collect();
                let list = fs::read_to_string(dir.path().join(".kariz-list")).unwrap_or_default();
                for name in there.iter().filter(|name| name.ends_with(".xml")) {
                    assert!(list.lines().any(|line| line.ends_with(&format!(" {name}"))), "{name}");
                }
                looks += 1;
            }
            looks
        });
        for n in 0..200 {
            folder.write_if_changed(&format!("{n}.xml"), b"new").unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(watcher.join().unwrap() > 20);
    });
}

#[test]
fn a_reader_that_polls_through_a_thousand_publishes_sees_whole_documents() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::open(dir.path(), true).unwrap();
    let version = |n: usize| format!("{n:06}\n").repeat(500);
    folder.write_if_changed("a.xml", version(0).as_bytes()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            type Decode = fn(&[u8]) -> Vec<u8>;
            let readers: [(&str, Decode); 3] =
                [("a.xml", <[u8]>::to_vec), ("a.xml.gz", unzip), ("a.xml.br", unbrotli)];
            while !done.load(Ordering::Relaxed) {
                for (name, decode) in readers {
                    let bytes = fs::read(dir.path().join(name)).unwrap();
                    let text = String::from_utf8(decode(&bytes)).unwrap();
                    let first = text.lines().next().unwrap().to_owned();
                    assert!(text.lines().all(|line| line == first) && text.len() == 3_500, "{name} is whole");
                }
            }
        });
        for n in 1..=1000 {
            folder.write_if_changed("a.xml", version(n).as_bytes()).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(names(dir.path()).len(), 3);
}
