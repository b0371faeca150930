//! Other readers, where the machine has them (Debian: `apt install newsboat sfeed`).

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One of them, ready for its passes.
pub struct Peer {
    pub name: &'static str,
    program: &'static str,
    args: Vec<PathBuf>,
    home: PathBuf,
}

impl Peer {
    /// One pass.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(&self.args).env("HOME", &self.home).env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

fn is_there(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Writes their configurations below `dir`.
pub fn prepare(dir: &Path, sources: usize, port: u16) -> Vec<Peer> {
    let url = |n: usize| format!("http://{}:{port}/feed/{n}", crate::origin::host(n));
    let home = |name: &str| {
        let home = dir.join(name);
        std::fs::create_dir_all(home.join("feeds")).expect("a home");
        home
    };
    let mut peers = Vec::new();
    if is_there("sfeed_update") {
        let home = home("sfeed");
        let mut text = format!("sfeedpath=\"{}\"\nmaxjobs=64\nfeeds() {{\n", home.join("feeds").display());
        for n in 0..sources {
            let _ = writeln!(text, "\tfeed 's{n}' '{}'", url(n));
        }
        text.push_str("}\n");
        std::fs::write(home.join("sfeedrc"), text).expect("sfeedrc");
        peers.push(Peer { name: "sfeed", program: "sfeed_update", args: vec![home.join("sfeedrc")], home });
    }
    if is_there("newsboat") {
        let home = home("newsboat");
        let urls: String = (0..sources).map(|n| url(n) + "\n").collect();
        std::fs::write(home.join("urls"), urls).expect("urls");
        std::fs::write(home.join("config"), "reload-threads 8\n").expect("config");
        let mut args: Vec<PathBuf> = Vec::new();
        for (flag, file) in [("-u", "urls"), ("-C", "config"), ("-c", "cache.db")] {
            args.extend([flag.into(), home.join(file)]);
        }
        args.extend(["-x".into(), "reload".into()]);
        peers.push(Peer { name: "newsboat", program: "newsboat", args, home });
    }
    peers
}
