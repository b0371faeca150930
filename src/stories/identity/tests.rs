use super::*;
use crate::stories::features::Item;

const RAIN: &str = "The northern road was closed at noon after two days of heavy rain, the road office said. Drivers are asked to take the old pass until the water goes down.";
const BREAD: &str = "Bakers of the old town met on the square to show how bread was made a hundred years ago. Children could knead their own loaf and take it home in the evening.";

struct Row {
    guid: Option<&'static str>,
    link: Option<&'static str>,
    title: &'static str,
    text: &'static str,
    day: i64,
}

fn row(guid: &'static str, link: &'static str, title: &'static str, text: &'static str) -> Row {
    let some = |s: &'static str| (!s.is_empty()).then_some(s);
    Row { guid: some(guid), link: some(link), title, text, day: 0 }
}

fn features(row: &Row) -> Features {
    Features::of(&Item {
        source: "s",
        guid: row.guid.unwrap_or_default(),
        outlet: &[],
        link: row.link,
        addresses: &[],
        title: row.title,
        text: row.text,
        published: at(row.day),
        language: None,
    })
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap_or_default()
}

/// Visits a source several times; gives for each visit what became of each entry: its identity's key.
fn visits(policy: IdPolicy, documents: &[&[Row]]) -> Vec<Vec<EntryKey>> {
    let mut known: Vec<KnownEntry> = Vec::new();
    let mut keys = Vec::new();
    for rows in documents {
        let asked: Vec<Box<dyn Fn() -> Features + '_>> =
            rows.iter().map(|r| Box::new(move || features(r)) as Box<dyn Fn() -> Features>).collect();
        let incoming: Vec<Incoming<'_>> = rows
            .iter()
            .zip(&asked)
            .map(|(r, f)| Incoming {
                guid: r.guid,
                link: r.link,
                title: r.title,
                published: Some(at(r.day)),
                features: f,
            })
            .collect();
        let mut visit: Vec<EntryKey> = Vec::new();
        for (identity, row) in document(&known, &incoming, policy).into_iter().zip(*rows) {
            visit.push(match identity {
                Identity::Same(key) | Identity::Renamed(key) => key,
                Identity::Repeat { of } => visit[of],
                Identity::New { guid } | Identity::Recycled { guid } => {
                    assert!(known.iter().all(|k| k.guid != guid), "{guid} is taken");
                    let key = known.len() as EntryKey;
                    known.push(KnownEntry { key, guid, title: row.title.into(), features: features(row) });
                    key
                }
            });
        }
        keys.push(visit);
    }
    keys
}

#[test]
fn a_known_guid_is_the_same_entry() {
    let first = row("1", "https://example.org/rain", "Rain closes the road", RAIN);
    let edited = row("1", "https://example.org/rain", "Rain keeps the road closed", BREAD);
    let moved = row("1", "https://example.org/2024/rain", "Rain closes the road", RAIN);
    assert_eq!(visits(IdPolicy::Auto, &[&[first], &[edited], &[moved]]), [[0], [0], [0]]);
}

#[test]
fn a_recycled_guid_is_a_new_entry_and_stays_one() {
    let old = || row("1", "https://example.org/rain", "Rain closes the road", RAIN);
    let new = || row("1", "https://example.org/bread", "Bakers show their craft", BREAD);
    assert_eq!(visits(IdPolicy::Auto, &[&[old()], &[new()], &[new()], &[old()]]), [[0], [1], [1], [0]]);
    let quake = |link, title| row("top", link, title, "");
    let one = || quake("https://example.org/q1", "Quake of 4.2 shakes the coast");
    let two = || quake("https://example.org/q2", "Quake of 4.6 shakes the coast");
    assert_eq!(visits(IdPolicy::Auto, &[&[one()], &[two()], &[two()]]), [[0], [1], [1]]);
}

#[test]
fn a_changing_guid_for_the_same_link_or_text_is_the_same_entry() {
    let first = || row("1", "https://example.org/rain", "Rain closes the road", RAIN);
    let other_guid = row("2", "http://www.example.org/rain/?utm_source=rss", "Rain closes the road", RAIN);
    let edited = row("3", "https://example.org/rain", "Rain keeps the road closed", RAIN);
    let other_link = row("4", "https://example.org/r/1", "Rain closes the road", RAIN);
    assert_eq!(visits(IdPolicy::Auto, &[&[first()], &[other_guid]]), [[0], [0]]);
    assert_eq!(visits(IdPolicy::Auto, &[&[first()], &[edited]]), [[0], [0]]);
    assert_eq!(visits(IdPolicy::Auto, &[&[first()], &[other_link]]), [[0], [0]]);
}

#[test]
fn what_stands_side_by_side_is_not_one_entry() {
    let one = || row("1", "https://example.org/live", "Rain closes the road", RAIN);
    let two = || row("2", "https://example.org/live", "Bakers show their craft", BREAD);
    assert_eq!(visits(IdPolicy::Auto, &[&[one()], &[two(), one()]]), [vec![0], vec![1, 0]]);
}

#[test]
fn a_page_that_is_written_anew_each_day_gives_new_entries() {
    let day = |guid, title, day| Row { day, ..row(guid, "https://example.org/weather", title, "") };
    let monday = day("w-1", "Weather on 12 May: 21 degrees", 0);
    let tuesday = day("w-2", "Weather on 13 May: 24 degrees", 1);
    assert_eq!(visits(IdPolicy::Auto, &[&[monday], &[tuesday]]), [[0], [1]]);
}

#[test]
fn one_guid_for_every_item_is_no_guid() {
    let rows = || {
        [
            row("feed", "https://example.org/rain", "Rain closes the road", RAIN),
            row("feed", "https://example.org/bread", "Bakers show their craft", BREAD),
        ]
    };
    assert_eq!(visits(IdPolicy::Auto, &[&rows(), &rows()]), [[0, 1], [0, 1]]);
    let [a, b] = rows();
    assert_eq!(visits(IdPolicy::Auto, &[&rows(), &[b, a]]), [[0, 1], [1, 0]]);
}

#[test]
fn an_entry_listed_twice_is_one() {
    let rain = || row("1", "https://example.org/rain", "Rain closes the road", RAIN);
    assert_eq!(visits(IdPolicy::Auto, &[&[rain(), rain()], &[rain(), rain()]]), [[0, 0], [0, 0]]);
}

#[test]
fn without_a_guid_the_link_decides_and_without_both_the_text() {
    let linked = |title, text| row("", "https://example.org/rain", title, text);
    assert_eq!(visits(IdPolicy::Auto, &[&[linked("Rain", RAIN)], &[linked("Heavy rain", RAIN)]]), [[0], [0]]);
    let bare = |title, text| row("", "", title, text);
    assert_eq!(
        visits(
            IdPolicy::Auto,
            &[&[bare("Rain", RAIN), bare("Bread", BREAD)], &[bare("Bread", BREAD), bare("Rain", RAIN)]]
        ),
        [[0, 1], [1, 0]]
    );
    assert_eq!(
        visits(
            IdPolicy::Auto,
            &[&[
                row("", "https://example.org/", "Rain", RAIN),
                row("", "https://example.org/", "Bread", BREAD)
            ]]
        ),
        [[0, 1]]
    );
}

#[test]
fn the_policy_may_distrust_guids_and_links() {
    let one = row("1", "https://example.org/rain", "Rain closes the road", RAIN);
    let two = row("2", "https://example.org/rain", "Bakers show their craft", BREAD);
    assert_eq!(visits(IdPolicy::Link, &[&[one], &[two]]), [[0], [0]]);
    let one = row("x", "https://example.org/a", "Rain closes the road", RAIN);
    let two = row("x", "https://example.org/a", "Bakers show their craft", BREAD);
    assert_eq!(visits(IdPolicy::Digest, &[&[one, two]]), [[0, 1]]);
}
