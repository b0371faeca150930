//! A disk that is full, a folder that is read-only.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binary::Kariz;
use crate::origin::{Origin, ok};
use crate::world::{assert_sound, kariz, paper, stories};

/// A mount that goes with the test.
struct Mount(PathBuf);

impl Mount {
    fn run(arguments: &[&str]) -> bool {
        Command::new("mount").args(arguments).output().is_ok_and(|out| out.status.success())
    }

    /// A file system of this size, where this user may mount one.
    fn small(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let options = format!("size={size}");
        let mounted = Self::run(&["-t", "tmpfs", "-o", &options, "tmpfs", &at.to_string_lossy()]);
        mounted.then(|| Self(at.to_owned()))
    }

    /// The folder itself, but for reading only.
    fn read_only(at: &Path) -> Option<Self> {
        let path = at.to_string_lossy();
        if !Self::run(&["--bind", &path, &path]) {
            return None;
        }
        let mount = Self(at.to_owned());
        Self::run(&["-o", "remount,ro,bind", &path]).then_some(mount)
    }

    fn grow(&self, size: &str) {
        assert!(Self::run(&["-o", &format!("remount,size={size}"), &self.0.to_string_lossy()]));
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

/// One paper, first with a few articles, later with many.
fn growing_paper(origin: &Origin) -> Kariz {
    origin.on("/paper.xml", |request| {
        let articles = if request.nth == 0 { 0..20 } else { 0..2000 };
        ok(paper("paper", articles.rev()))
    });
    kariz(
        &[("paper".to_owned(), origin.url("/paper.xml"))],
        "pages = false\nby_source = false\nby_tag = false\n",
    )
}

#[test]
fn a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room() {
    let origin = Origin::start();
    let kariz = growing_paper(&origin);
    let Some(mount) = Mount::small(&kariz.path().join("data"), "1200k") else {
        eprintln!(
            "SKIPPED: this user may not mount a small file system; the limit on file sizes is tested instead"
        );
        return;
    };
    kariz.fetch();
    let before = kariz.bytes();
    for _ in 0..3 {
        let ran = kariz.run(&["fetch", "--all"]);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("disk is full"), "{}", ran.err);
        assert_eq!(kariz.bytes(), before, "what was published stays, whole");
        assert_eq!(kariz.run(&["status"]).code, 0, "looking is possible all the same");
    }
    mount.grow("64m");
    kariz.run(&["fetch", "--all"]);
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_sound(&kariz.path().join("data/kariz.db"));
    let after = stories(&kariz.read("feed.json"));
    assert_eq!(after.len(), 2000);
    let first = stories(std::str::from_utf8(&before["feed.json"]).expect("UTF-8"));
    assert!(first.iter().all(|(url, story)| after[url] == *story), "ids and dates are as they were");
}

#[test]
fn a_file_that_may_not_grow_is_told_and_loses_nothing() {
    let origin = Origin::start();
    let kariz = growing_paper(&origin);
    kariz.fetch();
    let before = kariz.bytes();
    // The shell ignores the signal, and so does what it starts: writing gives an error instead.
    let limited = |blocks: &str| {
        let mut command = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" fetch --all");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_kariz")).current_dir(kariz.path());
        command.env_remove("KARIZ_DATA_DIR").env_remove("KARIZ_CONFIG").output().expect("bash runs")
    };
    let ran = limited("300");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("disk is full"), "{said}");
    assert_eq!(kariz.bytes(), before, "what was published stays, whole");
    kariz.run(&["fetch", "--all"]);
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
    assert_eq!(stories(&kariz.read("feed.json")).len(), 2000);
}

#[test]
fn a_read_only_folder_is_named_and_can_still_be_looked_at() {
    let origin = Origin::start();
    let kariz = growing_paper(&origin);
    kariz.fetch();
    let data = kariz.path().join("data");
    let before = kariz.bytes();
    let Some(mount) = Mount::read_only(&data) else {
        eprintln!("SKIPPED: this user may not mount a folder for reading only");
        return;
    };
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("kariz.lock") && ran.err.contains("--data-dir"), "{}", ran.err);
    let ran = kariz.run(&["status"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("paper") && ran.out.contains("ok"), "{}", ran.out);
    assert_eq!(kariz.bytes(), before);
    drop(mount);
    assert_eq!(kariz.run(&["fetch", "--all"]).code, 0);
}
