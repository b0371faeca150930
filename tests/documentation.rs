//! What the documents in this repository promise: their examples work, and no key is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kariz::config::{self, Config, ConfigError, Key};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(file(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn read(path: &str, text: &str) -> Result<Config, ConfigError> {
    config::parse(&file(path), text, &|_, _| None)
}

fn valid(path: &str, text: &str) -> Config {
    read(path, text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// The fenced blocks of a language in a Markdown document.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    markdown
        .split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned())
        .collect()
}

fn tables() -> Vec<(&'static str, Vec<Key>)> {
    vec![
        ("[feed]", config::FEED_KEYS.to_vec()),
        ("[[source]]", config::SOURCE_KEYS.to_vec()),
        ("[[rule]]", config::RULE_KEYS.to_vec()),
        ("[[include]]", config::INCLUDE_KEYS.to_vec()),
        ("[[output]]", config::OUTPUT_KEYS.to_vec()),
        ("[fetch]", config::FETCH_KEYS.to_vec()),
        ("[dedupe]", config::DEDUPE_KEYS.to_vec()),
        ("[store]", config::STORE_KEYS.to_vec()),
        ("[status]", config::STATUS_KEYS.to_vec()),
        ("[serve]", config::SERVE_KEYS.to_vec()),
    ]
}

#[test]
fn the_repositorys_own_feeds_toml_is_valid() {
    let config = valid("feeds.toml", &text("feeds.toml"));
    assert_eq!(config.sources.len(), 8);
    assert!(config.sources.iter().all(|s| s.title.is_some() && s.language.is_some() && s.enabled));
    assert_eq!(config.outputs.len(), 4);
}

#[test]
fn what_init_writes_is_valid() {
    assert_eq!(valid("feeds.toml", &text("src/cli/init.toml")).sources.len(), 1);
}

/// What `init` writes, with every setting taken in.
fn init_in_full() -> String {
    let written = text("src/cli/init.toml");
    let setting = |line: &str| !line.starts_with("# ") && line != "#" && line.starts_with('#');
    let lines = written.lines().map(|line| if setting(line) { &line[1..] } else { line });
    // The secrets of the examples are in nobody's environment.
    lines.collect::<Vec<_>>().join("\n").replace("env:", "")
}

#[test]
fn every_setting_that_init_writes_as_a_comment_is_valid_too() {
    let config = valid("feeds.toml", &init_in_full());
    assert_eq!((config.sources.len(), config.outputs.len()), (2, 2));
    assert_eq!(config.remote_includes.len(), 1);
}

#[test]
fn init_explains_every_key() {
    let full: toml::Table = init_in_full().parse().expect("TOML");
    for (name, keys) in tables() {
        let table = &full[name.trim_matches(['[', ']'])];
        let has = |key: &str| match table {
            toml::Value::Array(list) => list.iter().any(|t| t.get(key).is_some()),
            table => table.get(key).is_some(),
        };
        for key in keys {
            assert!(has(key.name), "init.toml does not show `{}` of {name}", key.name);
        }
    }
}

#[test]
fn the_reference_has_every_key_with_its_default_and_an_example_that_works() {
    let reference = text("docs/configuration.md");
    let mut rows = 0;
    for (name, keys) in tables() {
        let heading = format!("`{name}`");
        let section = reference
            .split("\n## ")
            .find(|section| section.lines().next().is_some_and(|l| l.contains(&heading)))
            .unwrap_or_else(|| panic!("no section on {name}"));
        for key in keys {
            let start = format!("| `{}` |", key.name);
            let row = section
                .lines()
                .find(|line| line.starts_with(&start))
                .unwrap_or_else(|| panic!("no row for `{}` of {name}", key.name));
            let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells.len(), 5, "{row}");
            assert_eq!(cells[2], key.default, "the default of `{}` of {name}", key.name);
            example_works(name, key.name, cells[4].trim_matches('`'));
            rows += 1;
        }
    }
    let written = reference.lines().filter(|l| l.starts_with("| `") && l.matches('|').count() == 6).count();
    assert_eq!(written, rows, "the reference has rows for keys that there are not");
}

fn example_works(table: &str, key: &str, example: &str) {
    let line = format!("{key} = {}", example.replace("env:", ""));
    let source = "[[source]]\nid = \"town-weather\"\nurl = \"https://a.example/\"\ntags = [\"town\"]\n";
    let text = match (table, key) {
        // The file of the example is not there.
        ("[[include]]", "url") => return assert!(line.ends_with(".opml\"")),
        ("[[include]]", _) => format!("{source}[[include]]\nurl = \"https://a.example/list\"\n{line}\n"),
        ("[[source]]", "url") => format!("[[source]]\n{line}\n"),
        ("[[source]]", _) => format!("[[source]]\nurl = \"https://a.example/\"\n{line}\n"),
        ("[[rule]]", "action" | "tag") => format!("{source}[[rule]]\n{line}\n"),
        ("[[rule]]", "on" | "replace") => {
            let action = if key == "on" { "action = \"drop\"\n" } else { "" };
            format!("{source}[[rule]]\ncontains = \"x\"\n{action}{line}\n")
        }
        ("[[rule]]", _) => format!("{source}[[rule]]\naction = \"drop\"\n{line}\n"),
        ("[[output]]", "path") => format!("{source}[[output]]\n{line}\n"),
        ("[[output]]", _) => format!("{source}[[output]]\npath = \"a\"\n{line}\n"),
        _ => format!("{source}{table}\n{line}\n"),
    };
    valid("feeds.toml", &text);
}

#[test]
fn the_examples_of_the_documents_are_valid() {
    let mut found = 0;
    for path in ["README.md", "docs/configuration.md", "docs/operations.md"] {
        for block in blocks(&text(path), "toml") {
            let source = "[[source]]\nurl = \"https://a.example/\"\n";
            let needs_source = !block.contains("[[source]]");
            valid(path, &if needs_source { format!("{block}\n{source}") } else { block });
            found += 1;
        }
    }
    assert!(found >= 4, "{found} examples found");
}

#[test]
fn links_between_documents_lead_somewhere() {
    for path in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/operations.md"]
    {
        let markdown = text(path);
        for target in markdown.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            let folder = file(path).parent().map(Path::to_owned).unwrap_or_default();
            // The picture is made from the demo.
            if target.is_empty() || target.contains("://") || target.ends_with("picture.png") {
                continue;
            }
            assert!(folder.join(target).exists(), "{path} links to {target}");
        }
    }
}

#[test]
fn operations_explains_every_kind_of_error() {
    let (model, operations) = (text("src/model/fetched.rs"), text("docs/operations.md"));
    let names = model
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \"")?.1.strip_suffix("\","));
    let mut found = 0;
    for name in names {
        assert!(operations.contains(&format!("`{name}`")), "docs/operations.md does not explain {name}");
        found += 1;
    }
    assert!(found >= 27, "{found} kinds found in src/model/fetched.rs");
}

/// The Rust files of a room, without its tests: those may know more.
fn sources(path: &Path, found: &mut String) {
    if let Ok(folder) = fs::read_dir(path) {
        for entry in folder.flatten() {
            sources(&entry.path(), found);
        }
    } else if path.extension().is_some_and(|e| e == "rs") && !path.to_string_lossy().ends_with("tests.rs") {
        let text = fs::read_to_string(path).unwrap_or_default();
        found.push_str(text.split("\nmod tests {").next().unwrap_or_default());
    }
}

/// The rooms that a text names after `crate::`.
fn known(text: &str) -> BTreeSet<String> {
    let name = |s: &str| -> String {
        s.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut known = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => known.extend(list.split('}').next().unwrap_or_default().split(',').map(name)),
            None => drop(known.insert(name(rest))),
        }
    }
    known.retain(|room| !room.is_empty());
    known
}

#[test]
fn rooms_know_whom_the_architecture_says_they_may_know() {
    let page = text("docs/architecture.md");
    let mut rooms = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let room = cells[0].trim_matches('`');
        assert!(file(&format!("src/{room}")).exists() || file(&format!("src/{room}.rs")).exists(), "{room}");
        rooms.insert(room.to_owned());
        if cells[2] == "all" {
            continue;
        }
        let may: BTreeSet<_> = cells[2].split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
        let mut text = String::new();
        sources(&file(&format!("src/{room}")), &mut text);
        sources(&file(&format!("src/{room}.rs")), &mut text);
        for other in known(&text).iter().filter(|other| *other != room) {
            assert!(may.contains(other), "{room} knows {other}, which docs/architecture.md does not allow");
        }
    }
    for module in text("src/lib.rs").lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(rooms.contains(module), "docs/architecture.md does not know the room {module}");
    }
}

#[test]
fn nothing_it_is_made_of_needs_a_newer_rust_than_it_says() {
    // Of its own code clippy's `incompatible_msrv` sees to that.
    let ran = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let version =
        |text: &str| -> Vec<u32> { text.split('.').map(|n| n.parse().expect("a number")).collect() };
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let packages = metadata["packages"].as_array().expect("packages");
    let told: Vec<_> =
        packages.iter().filter_map(|p| Some((&p["name"], version(p["rust_version"].as_str()?)))).collect();
    assert!(told.len() > 200, "{}", told.len());
    for (name, needed) in told {
        assert!(needed <= ours, "{name} needs Rust {needed:?}");
    }
}
