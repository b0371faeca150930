//! Promises about stories: what joins, what unites, whose id stays.

use jiff::Timestamp;
use kariz::model::{SourceId, Stage};
use kariz::stories::cluster::{Assigned, NewEntry, Outcome, story_id};
use kariz::stories::memory::MemoryIndex;
use kariz::stories::{EntryKey, Features, Item, Options, Text, cluster, explain, nearest};

const FULL: &str = "The northern road was closed at noon on Friday after two days of heavy rain, the road office of Larkfield said. Drivers are asked to take the old pass until the water goes down.\nAt the mill 14 cellars were pumped dry during the night. Volunteers cooked soup for everyone who had to leave home.\nThe school garden, planted only in spring, stands under water. “We will plant it once more,” the gardener Alma Corbin said.\nThe road office wants to look at the bridge on Monday and decide then about buses.";

struct Feed<'a> {
    source: &'a str,
    guid: &'a str,
    link: &'a str,
    title: &'a str,
    text: &'a str,
    hour: i64,
}

fn feed<'a>(
    source: &'a str,
    guid: &'a str,
    link: &'a str,
    title: &'a str,
    text: &'a str,
    hour: i64,
) -> Feed<'a> {
    Feed { source, guid, link, title, text, hour }
}

fn pass(index: &mut MemoryIndex, first: EntryKey, feeds: &[Feed<'_>]) -> Outcome {
    pass_with(index, first, feeds, Options::default())
}

fn pass_with(index: &mut MemoryIndex, first: EntryKey, feeds: &[Feed<'_>], options: Options) -> Outcome {
    let mut new = Vec::new();
    for (key, f) in (first..).zip(feeds) {
        let features = Features::of(&Item {
            source: f.source,
            guid: f.guid,
            outlet: &[f.source],
            link: Some(f.link),
            addresses: &[],
            title: f.title,
            text: f.text,
            published: Timestamp::from_second(1_700_000_000 + f.hour * 3_600).expect("a time"),
            language: None,
        });
        index.add_text(Text { entry: key, title: f.title.into(), text: f.text.into() });
        new.push(NewEntry { key, source: SourceId::from(f.source), guid: f.guid.into(), features });
    }
    let Ok(outcome) = cluster(new.clone(), index, options);
    index.apply(new, &outcome);
    outcome
}

#[test]
fn the_first_by_date_founds_and_names_the_story() {
    let mut index = MemoryIndex::default();
    let outcome = pass(
        &mut index,
        0,
        &[
            feed("b", "1", "https://b.example/rain", "Rain closes the northern road of Larkfield", FULL, 5),
            feed("a", "1", "https://a.example/rain", "Rain closes the northern road of Larkfield", FULL, 1),
        ],
    );
    assert_eq!(outcome.assignments[0].why.stage, Stage::Founder);
    assert_eq!(outcome.assignments[1].why.stage, Stage::Text);
    let id = story_id("a", "1");
    assert!(outcome.assignments.iter().all(|a| a.story == Assigned::New { id: id.clone(), founder: 1 }));
}

#[test]
fn a_backdated_joiner_does_not_rename_the_story() {
    let mut index = MemoryIndex::default();
    pass(
        &mut index,
        0,
        &[feed("b", "1", "https://b.example/rain", "Rain closes the northern road of Larkfield", FULL, 50)],
    );
    let story = index.story_of(0).expect("a story");
    pass(
        &mut index,
        1,
        &[feed("a", "1", "https://a.example/rain", "Rain closes the northern road of Larkfield", FULL, 1)],
    );
    assert_eq!(index.story_of(1), Some(story));
    assert_eq!(index.story_id(story), Some(story_id("b", "1").as_str()));
}

#[test]
fn two_stories_found_to_be_one_keep_the_older_id() {
    let (one, two) = FULL.split_at(FULL.find("The school").expect("it is there"));
    let mut index = MemoryIndex::default();
    pass(
        &mut index,
        0,
        &[feed("a", "1", "https://a.example/rain", "Rain closes the northern road of Larkfield", one, 1)],
    );
    pass(&mut index, 1, &[feed("b", "1", "https://b.example/x", "School garden under water", two, 2)]);
    let (older, younger) = (index.story_of(0).expect("a story"), index.story_of(1).expect("a story"));
    assert_ne!(older, younger);
    // Carries the one's headline and text and the other's address.
    let outcome = pass(
        &mut index,
        2,
        &[feed(
            "c",
            "1",
            "https://www.b.example/x?utm_source=c",
            "Rain closes the northern road of Larkfield",
            FULL,
            3,
        )],
    );
    assert_eq!(outcome.merges.len(), 1);
    assert_eq!((outcome.merges[0].kept, outcome.merges[0].retired), (older, younger));
    assert_eq!([0, 1, 2].map(|e| index.story_of(e)), [Some(older); 3]);
}

#[test]
fn a_digest_does_not_unite_the_stories_in_it() {
    let bread = "Bakers of Larkfield met on the square to show how bread was made a hundred years ago. Children could knead a loaf and take it home in the evening, and 212 loaves were given away.";
    let first = FULL.lines().next().expect("a line");
    let digest = format!(
        "{first}\n{bread}\nThe choir sings in the town hall tonight, and the entrance is free for all who bring a chair."
    );
    let mut index = MemoryIndex::default();
    pass(
        &mut index,
        0,
        &[
            feed("a", "1", "https://a.example/rain", "Rain closes the northern road of Larkfield", first, 1),
            feed("b", "1", "https://b.example/bread", "Bakers show how bread was made", bread, 2),
            feed("c", "1", "https://c.example/day", "The day in brief", &digest, 3),
        ],
    );
    let stories: std::collections::BTreeSet<_> = (0..3).map(|e| index.story_of(e)).collect();
    assert_eq!(stories.len(), 3);
}

#[test]
fn a_third_entry_does_not_bring_together_what_a_fact_tells_apart() {
    let other = FULL
        .replace("Larkfield", "Thornby")
        .replace("14 cellars", "19 cellars")
        .replace("Alma Corbin", "Hugo Jessop");
    let (_, common) = FULL.split_at(FULL.find("Volunteers").expect("it is there"));
    let common = common.split("“We").next().expect("a beginning");
    let mut index = MemoryIndex::default();
    pass(
        &mut index,
        0,
        &[
            feed("a", "1", "https://a.example/1", "Rain closes a road and floods a garden", FULL, 1),
            feed("b", "1", "https://b.example/1", "Rain closes a road and floods a garden", common, 2),
            feed("c", "1", "https://c.example/1", "Rain closes a road and floods a garden", &other, 3),
        ],
    );
    assert_eq!(index.story_of(0), index.story_of(1));
    assert_ne!(index.story_of(0), index.story_of(2));
}

#[test]
fn why_and_why_not_can_be_told() {
    let mut index = MemoryIndex::default();
    let other = FULL.replace("14 cellars", "19 cellars");
    pass(
        &mut index,
        0,
        &[
            feed("a", "1", "https://a.example/1", "Rain closes the northern road of Larkfield", FULL, 1),
            feed("b", "1", "https://b.example/1", "Rain closes the northern road of Larkfield", &other, 2),
            feed("c", "1", "https://c.example/1", "Storm over the hills", &FULL[..FULL.len() / 2], 3),
        ],
    );
    let Ok(Some(verdict)) = explain(0, 2, &mut index, &Options::default()) else { panic!("both are stored") };
    assert_eq!(verdict.matched.expect("they match").to_string().split(' ').next(), Some("100"));
    let Ok(Some((entry, verdict))) = nearest(0, &mut index, &Options::default()) else {
        panic!("there is another story")
    };
    assert_eq!(entry, 1);
    assert!(verdict.is_conflict());
    assert!(verdict.refusal().expect("a reason").1.to_string().contains("“14” against “19”"));
}

#[test]
fn other_scripts_and_recycled_addresses_stay_apart() {
    let persian = "جاده شمال روز جمعه پس از دو روز باران شدید بسته شد و از رانندگان خواسته شد تا فروکش کردن آب از گردنه قدیمی بروند. چهارده زیرزمین هم شبانه خالی شد.";
    let bread = "Bakers met on the square to show how bread was made a hundred years ago. Children could knead a loaf and take it home in the evening.";
    let mut index = MemoryIndex::default();
    pass(
        &mut index,
        0,
        &[
            feed("a", "1", "https://a.example/1", "Rain closes the northern road of Larkfield", FULL, 1),
            feed("b", "1", "https://a.example/1", "باران جاده شمال را بست", persian, 2),
            feed("c", "1", "https://a.example/1", "How bread was made", bread, 3),
            feed("d", "7", "https://d.example/1", "Morning briefing", FULL, 400),
            feed("e", "7", "https://e.example/1", "Morning briefing", bread, 402),
        ],
    );
    let stories: std::collections::BTreeSet<_> = (0..5).map(|e| index.story_of(e)).collect();
    assert_eq!(stories.len(), 5);
}

#[test]
fn one_address_unites_two_writing_systems_only_where_that_is_wanted() {
    let here =
        feed("a", "1", "https://a.example/rain", "Rain closes the northern road of Larkfield", FULL, 1);
    let there = feed(
        "b",
        "7",
        "https://a.example/rain/",
        "باران راه شمالی لارک‌فیلد را بست",
        "راه شمالی ظهر جمعه پس از دو روز باران سنگین بسته شد و رانندگان باید از گردنهٔ قدیمی بروند تا آب فرو بنشیند.",
        3,
    );
    for (across_languages, founders) in [(false, 2), (true, 1)] {
        let options = Options { across_languages, ..Options::default() };
        let (here, there) = (Feed { ..here }, Feed { ..there });
        let outcome = pass_with(&mut MemoryIndex::default(), 0, &[here, there], options);
        let count = outcome.assignments.iter().filter(|a| a.why.stage == Stage::Founder).count();
        assert_eq!(count, founders, "across_languages = {across_languages}");
    }
}

#[test]
fn what_lies_beyond_the_window_is_another_story() {
    for (hours, window, founders) in [(100, 8, 1), (100, 3, 2), (300, 8, 2), (300, 16, 1)] {
        let options = Options { window: window * 86_400, ..Options::default() };
        let feeds = [
            feed("a", "1", "https://a.example/1", "Rain closes the northern road of Larkfield", FULL, 0),
            feed("b", "1", "https://b.example/1", "Rain closes the northern road of Larkfield", FULL, hours),
        ];
        let outcome = pass_with(&mut MemoryIndex::default(), 0, &feeds, options);
        let count = outcome.assignments.iter().filter(|a| a.why.stage == Stage::Founder).count();
        assert_eq!(count, founders, "{hours} hours, {window} days");
    }
}

#[test]
fn similar_texts_do_not_unite_where_that_is_switched_off() {
    let cut = FULL.chars().take(300).collect::<String>();
    for (near_text, founders) in [(Some(0.65), 1), (None, 2)] {
        let options = Options { near_text, ..Options::default() };
        let feeds = [
            feed("a", "1", "https://a.example/1", "Rain closes the northern road of Larkfield", FULL, 0),
            feed("b", "1", "https://b.example/1", "Water stands in the cellars of the valley", &cut, 2),
        ];
        let outcome = pass_with(&mut MemoryIndex::default(), 0, &feeds, options);
        let count = outcome.assignments.iter().filter(|a| a.why.stage == Stage::Founder).count();
        assert_eq!(count, founders, "near_text = {near_text:?}");
    }
}
