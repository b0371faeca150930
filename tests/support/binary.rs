//! The real binary in a folder of its own.
#![allow(dead_code)] // Each test file uses a part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

/// A folder with a feeds.toml, and the binary that is run in it.
pub struct Kariz {
    folder: tempfile::TempDir,
}

/// What a run gave.
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Kariz {
    /// With these sources (`id`, url) and nothing else decided but what loopback needs.
    pub fn with_sources<'a>(sources: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut toml = "[feed]\ntitle = \"Town news\"\n[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nper_host_concurrency = 64\n".to_owned();
        for (id, url) in sources {
            toml.push_str(&format!("[[source]]\nid = {id:?}\nurl = {url:?}\ninterval = \"1h\"\n"));
        }
        Self::with_config(&toml)
    }

    /// With this feeds.toml.
    pub fn with_config(toml: &str) -> Self {
        let kariz = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        kariz.configure(toml);
        kariz
    }

    /// Writes another feeds.toml.
    pub fn configure(&self, toml: &str) {
        std::fs::write(self.folder.path().join("feeds.toml"), toml).expect("feeds.toml");
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The command, to be added to.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kariz"));
        command.current_dir(self.path()).args(arguments).stdin(Stdio::null());
        // What the machine is set up with must not decide a test.
        for name in [
            "KARIZ_CONFIG",
            "KARIZ_DATA_DIR",
            "KARIZ_LOG",
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("kariz runs");
        Ran {
            code: status.code().unwrap_or(-1),
            out: String::from_utf8(stdout).expect("UTF-8"),
            err: String::from_utf8(stderr).expect("UTF-8"),
        }
    }

    /// Lets so many seconds pass, without anybody having to wait: everything that was recorded was recorded so much earlier.
    /// A negative number is a clock that was ahead and was set back.
    pub fn later(&self, seconds: i64) {
        let db = rusqlite::Connection::open(self.path().join("data/kariz.db")).expect("the database");
        let shift = |table: &str, columns: &[&str]| {
            let set: Vec<_> = columns.iter().map(|c| format!("{c} = {c} - {seconds}")).collect();
            db.execute(&format!("UPDATE {table} SET {}", set.join(", ")), []).expect("times")
        };
        shift("source", &["last_visit", "last_success", "last_new", "next_due", "fresh_until", "retry_at"]);
        shift("silence", &["until"]);
        shift("entry", &["first_seen", "published", "updated", "place"]);
        shift("story", &["published", "updated"]);
        shift("subscription", &["until", "next_try"]);
        shift("subscriber", &["until", "due"]);
        db.execute("UPDATE meta SET value = CAST(value - ?1 AS TEXT) WHERE name LIKE 'asked %'", [seconds])
            .expect("lists");
    }

    /// What `status --json` says of a source.
    pub fn status(&self, id: &str) -> serde_json::Value {
        let ran = self.run(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let sources = status["sources"].as_array().expect("sources");
        sources
            .iter()
            .find(|s| s["id"] == id)
            .unwrap_or_else(|| panic!("{id} is not there: {}", ran.out))
            .clone()
    }

    /// Runs `fetch`, which must end well.
    pub fn fetch(&self) -> Ran {
        let ran = self.run(&["fetch"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran
    }

    /// A published file.
    pub fn published(&self, name: &str) -> PathBuf {
        self.path().join("data/public").join(name)
    }

    /// The text of a published file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.published(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Every published file with its bytes and when it was written.
    pub fn snapshot(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.path().join("data/public"), "", &mut files);
        files
    }

    /// The bytes of every published file.
    pub fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        self.snapshot().into_iter().map(|(name, (bytes, _))| (name, bytes)).collect()
    }

    /// The items of the published JSON Feed.
    pub fn items(&self) -> Vec<serde_json::Value> {
        let feed: serde_json::Value = serde_json::from_str(&self.read("feed.json")).expect("JSON");
        feed["items"].as_array().expect("items").clone()
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if let (Ok(bytes), Ok(at)) = (std::fs::read(&path), path.metadata().and_then(|m| m.modified()))
        {
            files.insert(name, (bytes, at));
        }
    }
}

/// An RSS document of these items (guid, title, link, text, date).
pub fn rss(title: &str, items: &[(&str, &str, &str, &str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(guid, title, link, text, date)| {
            format!(
                "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title><link>{link}</link>\
                 <description>{text}</description><pubDate>{date}</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title><link>https://{title}.example/</link><description/>{items}</channel></rss>"
    )
}
