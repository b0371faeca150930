//! What the demo promises: its sources, run through the very pipeline, give what is known to be true of them.

mod feed_validator;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kariz::config::{self, Config};
use kariz::demo::{self, Group, Origin, SITES, State};
use kariz::model::{ErrorKind, Story};
use kariz::store::{Store, StoryFilter};
use kariz::tick::{self, Report, Tick};

/// A demo that was run once.
struct Demo {
    origin: Origin,
    config: Config,
    folder: tempfile::TempDir,
    report: Report,
}

/// After the last entry, so that no date is cut.
fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

fn run() -> Demo {
    let origin = Origin::start().expect("an origin");
    let folder = tempfile::tempdir().expect("a folder");
    let text = demo::feeds_toml(origin.base_url(), &demo::VOICES[0]);
    let config = config::parse(&folder.path().join("feeds.toml"), &text, &|_, _| None)
        .unwrap_or_else(|e| panic!("{e}"));
    let report = pass(&config, &folder, now());
    Demo { origin, config, folder, report }
}

fn pass(config: &Config, folder: &tempfile::TempDir, now: Timestamp) -> Report {
    let run_time = tokio::runtime::Runtime::new().expect("a run time");
    run_time.block_on(Tick::new(config, folder.path(), now).all(true).run()).expect("a pass")
}

impl Demo {
    fn stories(&self) -> Vec<Story> {
        let store = Store::read_only(&tick::database_path(self.folder.path())).expect("the store");
        let infos = tick::source_infos(&self.config, &store).expect("the sources");
        let filter = StoryFilter { limit: 1000, ..StoryFilter::default() };
        store.stories_for(&filter, &infos).expect("the stories")
    }

    /// (source, guid) → the story that tells it.
    fn by_entry(&self) -> BTreeMap<(String, String), String> {
        let stories = self.stories();
        let members = stories.iter().flat_map(|story| story.members.iter().map(move |m| (story, m)));
        members
            .map(|(story, m)| ((m.entry.source.to_string(), m.entry.guid.clone()), story.id.clone()))
            .collect()
    }
}

/// The different stories of a group's entries.
fn stories_of(group: &Group, by_entry: &BTreeMap<(String, String), String>) -> BTreeSet<String> {
    let story = |(source, guid): &(&str, String)| {
        by_entry
            .get(&((*source).to_owned(), guid.clone()))
            .unwrap_or_else(|| panic!("{source} has no {guid}"))
    };
    group.entries.iter().map(|entry| story(entry).clone()).collect()
}

#[test]
fn every_source_is_read_but_the_dead_one() {
    let demo = run();
    let failed: Vec<_> = demo.report.failures.iter().map(|(id, f)| (id.as_str(), f.kind)).collect();
    assert_eq!(failed, [("tramway", ErrorKind::ServerError)]);
    let by_entry = demo.by_entry();
    for site in SITES {
        let entries = by_entry.keys().filter(|(source, _)| source == site.id).count();
        match site.state {
            State::Broken => assert!(entries >= site.entries, "{}: {entries}", site.id),
            _ => assert_eq!(entries, site.entries, "{}", site.id),
        }
    }
}

#[test]
fn every_document_is_valid() {
    let demo = run();
    let (public, base) = (tick::public_dir(demo.folder.path()), tick::base_url(&demo.config));
    let (problems, documents) = feed_validator::problems_of_folder(&public, base.as_str());
    assert!(documents > 12, "{documents}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // The sources of the demo are considerate: no two of its stories changed in the same second (`DuplicateUpdated`).
    let feed =
        feed_rs::parser::parse(&*std::fs::read(public.join("atom.xml")).expect("a file")).expect("Atom");
    let times: BTreeSet<_> = feed.entries.iter().map(|entry| entry.updated).collect();
    assert_eq!(times.len(), feed.entries.len());
}

#[test]
fn every_page_is_html_without_an_error() {
    let demo = run();
    let public = tick::public_dir(demo.folder.path());
    let (mut pages, mut todo) = (0, vec![public.clone()]);
    while let Some(folder) = todo.pop() {
        for file in std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path()) {
            if file.is_dir() {
                todo.push(file);
            } else if file.extension().is_some_and(|end| end == "html") {
                pages += 1;
                let html = std::fs::read_to_string(&file).expect("UTF-8");
                let document = dom_query::Document::from(html.as_str());
                assert!(document.errors.borrow().is_empty(), "{}: {:?}", file.display(), document.errors);
                let mut ids = BTreeSet::new();
                for node in document.select("[id]").nodes() {
                    let id = node.attr("id").expect("selected by it").to_string();
                    assert!(ids.insert(id.clone()), "{}: two are called {id}", file.display());
                }
            }
        }
    }
    assert!(pages > 25, "{pages}");
}

#[test]
fn shared_stories_are_told_once() {
    let demo = run();
    let by_entry = demo.by_entry();
    for group in demo::shared_stories(demo.origin.base_url()) {
        let stories = stories_of(&group, &by_entry).len();
        assert_eq!(stories, 1, "{}: {}: {:?}", group.language, group.what, group.entries);
    }
}

#[test]
fn lookalikes_stay_apart_and_nothing_else_is_merged() {
    let demo = run();
    let by_entry = demo.by_entry();
    for group in demo::lookalikes(demo.origin.base_url()) {
        let stories = stories_of(&group, &by_entry).len();
        assert_eq!(stories, group.entries.len(), "{}: {}", group.language, group.what);
    }
    let shared: BTreeSet<(String, String)> = demo::shared_stories(demo.origin.base_url())
        .into_iter()
        .flat_map(|group| group.entries)
        .map(|(source, guid)| (source.to_owned(), guid))
        .collect();
    for story in demo.stories().iter().filter(|story| story.members.len() > 1) {
        for member in &story.members {
            let key = (member.entry.source.to_string(), member.entry.guid.clone());
            assert!(shared.contains(&key), "{key:?} was merged into {}", story.lead().entry.article.title);
        }
    }
}

#[test]
fn a_jalali_date_is_that_day_in_tehran() {
    let demo = run();
    let stories = demo.stories();
    let member = |guid: &str| {
        let all = || stories.iter().flat_map(|story| &story.members);
        all().find(|m| m.entry.guid.ends_with(guid)).expect("the entry").entry.published.to_string()
    };
    assert_eq!(member("asiab.example,2026:620"), "2026-11-18T20:30:00Z"); // پنج‌شنبه ۲۸ آبان ۱۴۰۵
    assert_eq!(member("asiab.example,2026:615"), "2026-11-16T07:35:00Z"); // دوشنبه ۲۵ آبان ۱۴۰۵ - ۱۱:۰۵
}

#[test]
fn a_second_pass_changes_nothing() {
    let demo = run();
    assert!(demo.report.published.written.len() >= 4);
    let later = "2026-11-20T13:00:00Z".parse().expect("a time");
    let report = pass(&demo.config, &demo.folder, later);
    assert_eq!((report.new_entries, report.changed_entries, report.new_stories), (0, 0, 0));
    assert!(report.published.written.is_empty(), "{:?}", report.published.written);
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    let demo = run();
    let read = |folder: &tempfile::TempDir, name: &str| {
        std::fs::read(tick::public_dir(folder.path()).join(name)).expect("a file")
    };
    let again = tempfile::tempdir().expect("a folder");
    pass(&demo.config, &again, "2026-11-21T18:30:00Z".parse().expect("a time"));
    for name in ["atom.xml", "rss.xml", "feed.json", "opml.xml"] {
        assert!(read(&demo.folder, name) == read(&again, name), "{name} differs");
    }
}
