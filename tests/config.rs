//! What feeds.toml promises: defaults, names, and every problem with its place in one run.

use std::path::Path;
use std::time::Duration;

use kariz::config::{self, Config, ConfigError, Format};
use kariz::model::{ContentPolicy, Location};

fn read(text: &str) -> Result<Config, ConfigError> {
    config::parse(Path::new("/town/feeds.toml"), text, &|_, _| None)
}

fn problems(text: &str) -> String {
    read(text).expect_err("a problem").to_string()
}

#[test]
fn a_source_needs_no_more_than_a_url() {
    let config = read("[[source]]\nurl = \"https://www.bakery.example/feed\"\n").unwrap();
    let source = &config.sources[0];
    assert_eq!(source.id.as_str(), "bakery-example");
    assert_eq!(source.content, ContentPolicy::Full);
    assert_eq!((source.interval, source.min_interval), (None, Duration::from_secs(900)));
    let written: Vec<_> = config.outputs.iter().map(|o| (o.path.as_str(), o.format)).collect();
    assert_eq!(
        written,
        [
            ("atom.xml", Format::Atom),
            ("rss.xml", Format::Rss),
            ("feed.json", Format::Json),
            ("opml.xml", Format::Opml)
        ]
    );
    assert_eq!(config.data_dir(None), Path::new("/town/data"));
}

#[test]
fn defaults_fill_in_what_a_source_leaves_open() {
    let config = read(
        "[defaults]\ntags = [\"town\"]\ninterval = \"1h\"\ncontent = \"summary\"\n\
         [[source]]\nurl = \"https://a.example/\"\ntags = \"bread\"\n\
         [[source]]\nurl = \"https://b.example/\"\ninterval = \"2 days\"\ncontent = \"link\"\n",
    )
    .unwrap();
    let [a, b] = &config.sources[..] else { panic!("two sources") };
    assert_eq!(a.tags, ["bread", "town"]);
    assert_eq!(a.interval, Some(Duration::from_secs(3600)));
    assert_eq!(a.content, ContentPolicy::Summary);
    assert_eq!(b.content, ContentPolicy::Link);
    assert_eq!(b.max_interval, Duration::from_secs(2 * 86_400));
}

#[test]
fn names_are_readable_and_do_not_depend_on_the_order() {
    let one = "[[source]]\nurl = \"https://news.example/a.xml\"\n";
    let two = "[[source]]\nurl = \"https://news.example/b.xml\"\n";
    let titled = "[[source]]\nurl = \"https://x.example/\"\ntitle = \"The Old Bakery\"\n";
    let persian = "[[source]]\nurl = \"https://y.example/\"\ntitle = \"نانوایی\"\n";
    let ids = |text: String| -> Vec<String> {
        let mut ids: Vec<_> = read(&text).unwrap().sources.iter().map(|s| s.id.to_string()).collect();
        ids.sort();
        ids
    };
    let expected = ["news-example-a-xml", "news-example-b-xml", "the-old-bakery", "y-example"];
    assert_eq!(ids(format!("{one}{two}{titled}{persian}")), expected);
    assert_eq!(ids(format!("{persian}{two}{titled}{one}")), expected);
}

#[test]
fn every_problem_is_told_in_one_run_with_its_place_and_a_way_out() {
    let told = problems(
        "[feed]\ntitel = \"Town\"\nbase_url = \"town.example\"\n\
         [[source]]\nurl = \"https://a.example/\"\nintervall = \"1h\"\ninterval = 15\n\
         [[source]]\nurl = \"https://a.example/#top\"\n\
         [[source]]\nid = \"x\"\nurl = \"ftp://b.example/\"\ntimezone = \"Mars/Base\"\n\
         [[output]]\npath = \"../x.xml\"\n[outputs]\n",
    );
    for line in [
        "/town/feeds.toml:2:1: unknown key `titel` in [feed]",
        "did you mean `title`?",
        "/town/feeds.toml:3:12: `base_url` in [feed]: \"town.example\" is no complete address; did you mean \"https://town.example\"?",
        "/town/feeds.toml:6:1: unknown key `intervall` in [[source]]",
        "did you mean `interval`?",
        "/town/feeds.toml:7:12: `interval` in [[source]]: expected a duration in quotes",
        "did you mean \"15m\" or \"15s\"?",
        "/town/feeds.toml:8:1: the same url as the source in line 4",
        "/town/feeds.toml:12:7: `url` in [[source]]: kariz reads http:, https: and file: addresses, not ftp:",
        "no time zone is named \"Mars/Base\"",
        "/town/feeds.toml:15:8: `path` in [[output]]: expected a path below data/public",
        "/town/feeds.toml:16:2: unknown table or key `outputs`",
        "did you mean `output`?",
    ] {
        assert!(told.contains(line), "missing: {line}\nin:\n{told}");
    }
}

#[test]
fn broken_toml_is_a_problem_with_a_line() {
    let told = problems("[feed]\ntitle = \"Town\n[[source]]\nurl = \"https://a.example/\"\n");
    assert!(told.starts_with("/town/feeds.toml:2:"), "{told}");
}

#[test]
fn the_configuration_of_another_program_is_recognised() {
    for (text, name) in [
        ("[rsspls]\noutput = \"/srv\"\n[[feed]]\ntitle = \"x\"\n", "rsspls"),
        ("[default]\nlimit = 3\n", "[default]"),
        ("[[feed]]\nurl = \"https://x.example\"\n", "[[feed]]"),
    ] {
        let told = problems(text);
        assert!(told.contains(name) && told.contains("kariz init"), "{told}");
    }
}

#[test]
fn an_output_must_name_known_sources_and_tags() {
    let told = problems(
        "[[source]]\nid = \"bakery\"\nurl = \"https://a.example/\"\ntags = [\"bread\"]\n\
         [[output]]\npath = \"a.xml\"\nsources = [\"bakry\"]\n[[output]]\npath = \"a.xml\"\ntags = [\"bred\"]\n",
    );
    for part in ["did you mean `bakery`?", "did you mean `bread`?", "two outputs write \"a.xml\""] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn secrets_come_from_the_environment_and_are_not_shown() {
    let told =
        problems("[[source]]\nurl = \"https://a.example/\"\nauth = { bearer = \"env:KARIZ_NO_SUCH\" }\n");
    assert!(told.contains("the environment has no variable KARIZ_NO_SUCH"), "{told}");
    let config = read(
        "[[source]]\nurl = \"https://a.example/\"\nauth = { user = \"u\", password = \"hush\" }\nheaders = { X-Key = \"hush\" }\n",
    )
    .unwrap();
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn a_list_from_the_network_may_only_name_addresses_on_the_web() {
    let list = |text: &'static str| {
        config::parse(
            Path::new("/town/feeds.toml"),
            "[[include]]\nurl = \"https://lists.example/l.toml\"\ntags = [\"l\"]\n",
            &move |_, _| Some(text.to_owned()),
        )
    };
    let good = list("[[source]]\nurl = \"https://a.example/\"\n").unwrap();
    assert_eq!(good.sources[0].tags, ["l"]);
    for (text, part) in [
        ("[[source]]\nurl = \"file:///etc/passwd\"\n", "cannot name a file"),
        ("[[source]]\nurl = \"feed.xml\"\n", "cannot name a file"),
        (
            "[[source]]\nurl = \"https://a.example/\"\nheaders = { X = \"env:HOME\" }\n",
            "`headers` is not taken",
        ),
        (
            "[[source]]\nurl = \"https://a.example/\"\nallow_private_addresses = true\n",
            "not taken from a list",
        ),
    ] {
        let config = list(text).expect("it must not stop what works");
        let told = config.warnings[0].to_string();
        assert!(told.contains(part) && told.starts_with("https://lists.example/l.toml"), "{told}");
        assert!(config.sources.is_empty());
    }
    let opml = list("<opml><body><outline xmlUrl='https://b.example/' text='B'/></body></opml>").unwrap();
    assert_eq!(opml.sources[0].title.as_deref(), Some("B"));
}

#[test]
fn files_are_read_relative_to_the_file_that_names_them() {
    let config =
        read("[[source]]\nurl = \"feeds/town.xml\"\n[[source]]\nurl = \"file:///srv/x.xml\"\n").unwrap();
    let [a, b] = &config.sources[..] else { panic!("two sources") };
    assert_eq!(a.location, Location::File("/town/feeds/town.xml".into()));
    assert_eq!(b.location, Location::File("/srv/x.xml".into()));
    let told = problems("[[source]]\nurl = \"town.example/feed.xml\"\n");
    assert!(told.contains("did you mean \"https://town.example/feed.xml\"?"), "{told}");
}

#[test]
fn dedupe_can_be_made_stricter_within_what_the_index_can_see() {
    const SOURCE: &str = "[[source]]\nurl = \"https://www.bakery.example/feed\"\n";
    let read = |dedupe: &str| read(&format!("{SOURCE}{dedupe}"));
    let config = read("[dedupe]\nwindow = \"3 days\"\nnear_text = 0.8\nacross_languages = true\n").unwrap();
    assert_eq!(config.dedupe.window, Duration::from_secs(3 * 86_400));
    assert_eq!((config.dedupe.near_text, config.dedupe.across_languages), (Some(0.8), true));
    assert_eq!(read("[dedupe]\nnear_text = false\n").unwrap().dedupe.near_text, None);
    assert!(problems("[dedupe]\nwindow = \"40 days\"\n").contains("16 days"));
    assert!(problems("[dedupe]\nnear_text = 0.1\n").contains("from 0.5 to 1"));
}
