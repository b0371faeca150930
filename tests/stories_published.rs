//! The whole way: documents of eighteen outlets over HTTP, the real binary, three visits, and what is published judged by
//! labels. `cargo test --test stories_published -- --nocapture` prints the scores.
//!
//! `KARIZ_WORDS=tune` takes the vocabulary that the recogniser was mended on; `KARIZ_SEED`, `KARIZ_STORIES` choose another
//! set, another size; `KARIZ_SHOW=1` shows what went wrong.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;
mod stories_fresh;
#[allow(unused_imports, reason = "each test takes what it needs")]
mod stories_set;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use binary::Kariz;
use kariz::stories::StoryKey;
use origin::{Origin, Step};
use stories_fresh::{Item, SOURCES, Words, document, generate};
use stories_set::{Labelled, score, share};

/// A planet of all outlets that was visited three times.
struct Visited {
    kariz: Kariz,
    origin: Origin,
}

fn visit(words: &Words, items: &[Item], order: impl Fn(usize) -> usize) -> Visited {
    let origin = Origin::start();
    let poll = Arc::new(AtomicUsize::new(0));
    let mut toml = "[feed]\ntitle = \"Town news\"\nmax_items = 100000\n[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\nper_host_concurrency = 8\n[defaults]\nnew_source_items = 100000\n[[output]]\npath = \"feed.json\"\n".to_owned();
    for source in (0..SOURCES).map(order) {
        let documents: Vec<(&str, String)> =
            (0..3).map(|poll| document(words, items, source, poll)).collect();
        let poll = poll.clone();
        origin.on(&format!("/{source}"), move |_| {
            let (kind, body) = &documents[poll.load(Ordering::SeqCst)];
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            vec![Step::Send([head.as_bytes(), body.as_bytes()].concat())]
        });
        toml += &format!(
            "[[source]]\nid = \"source-{source:02}\"\nurl = {:?}\n",
            origin.url(&format!("/{source}"))
        );
    }
    let kariz = Kariz::with_config(&toml);
    for n in 0..3 {
        poll.store(n, Ordering::SeqCst);
        let ran = kariz.run(&["fetch", "--all"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    Visited { kariz, origin }
}

/// Key, guid, title and story of a stored entry.
type Row = (i64, String, String, i64);

/// The entry and story of each item, as stored.
fn found(visited: &Visited, items: &[Item]) -> Vec<(i64, StoryKey)> {
    let path = visited.kariz.path().join("data/kariz.db");
    let db = rusqlite::Connection::open(path).expect("the database");
    let mut rows = db
        .prepare("SELECT e.key, s.id, e.guid, coalesce(e.link, ''), e.title, e.story FROM entry e JOIN source s ON s.key = e.source")
        .expect("a query");
    let mut by_link: HashMap<(usize, String), Vec<Row>> = HashMap::new();
    let mut by_guid: HashMap<(usize, String), (i64, i64)> = HashMap::new();
    let mut by_title: HashMap<(usize, String), (i64, i64)> = HashMap::new();
    let read = rows
        .query_map([], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, String>(1)?,
                r.get::<_, String>(2)?,
                r.get::<_, String>(3)?,
                r.get::<_, String>(4)?,
                r.get::<_, i64>(5)?,
            ))
        })
        .expect("rows");
    for row in read {
        let (key, source, guid, link, title, story) = row.expect("a row");
        let source: usize = source["source-".len()..].parse().expect("a number");
        by_guid.insert((source, guid.clone()), (key, story));
        by_title.insert((source, title.clone()), (key, story));
        let link = kariz::text::urls::canonical(&link).unwrap_or_default();
        by_link.entry((source, link)).or_default().push((key, guid, title, story));
    }
    let mut lost = 0;
    let found = items
        .iter()
        .map(|item| {
            let address =
                |link: &Option<String>| Some((item.source, kariz::text::urls::canonical(link.as_ref()?)?));
            let links = [address(&item.link), address(&item.orig_link)];
            let rows: Vec<_> = links.iter().flatten().filter_map(|l| by_link.get(l)).flatten().collect();
            let guid = item.guid.clone().unwrap_or_default();
            let one = match rows.as_slice() {
                [one] => Some((one.0, one.3)),
                many => many
                    .iter()
                    .find(|r| r.1 == guid)
                    .or_else(|| many.iter().find(|r| r.2 == item.title))
                    .map(|r| (r.0, r.3)),
            };
            let one = one
                .or_else(|| by_guid.get(&(item.source, guid)).copied())
                .or_else(|| by_title.get(&(item.source, item.title.clone())).copied());
            let (key, story) = one.unwrap_or_else(|| {
                lost += 1;
                if std::env::var("KARIZ_SHOW").is_ok() {
                    println!("LOST {} | {:?} {:?} {}", item.kind, item.guid, item.link, item.title);
                }
                (-lost, -lost)
            });
            (key, StoryKey(story))
        })
        .collect();
    assert!(lost * 200 <= items.len() as i64, "{lost} items are not stored");
    found
}

fn labelled(item: &Item) -> Labelled {
    Labelled {
        source: item.source,
        poll: item.poll,
        guid: item.guid.clone(),
        link: item.link.clone(),
        orig_link: None,
        title: item.title.clone(),
        text: item.paragraphs.join("\n"),
        published: item.published,
        label: item.label,
        kind: item.kind,
        trap: item.trap,
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn what_is_published_is_each_story_once() {
    let words =
        if std::env::var("KARIZ_WORDS").is_ok_and(|w| w == "tune") { Words::tune() } else { Words::judge() };
    let items = generate(words.clone(), number("KARIZ_SEED", 5), number("KARIZ_STORIES", 240) as usize);
    let started = std::time::Instant::now();
    let visited = visit(&words, &items, |n| n);
    println!(
        "{} items of {SOURCES} outlets, 3 visits, {:.2?}; {} requests",
        items.len(),
        started.elapsed(),
        visited.origin.all_seen().len()
    );
    let found = found(&visited, &items);
    let mut set: Vec<Labelled> = items.iter().map(labelled).collect();
    for item in &mut set {
        if item.kind == "original" {
            item.kind = "base";
        }
    }
    let scores = score(&set, &found);
    println!(
        "precision {:.4}  recall {:.4}  adjusted Rand {:.4}",
        scores.precision, scores.recall, scores.rand
    );
    println!("\ncopies with their original:");
    for (kind, count) in &scores.kinds {
        println!("  {kind:28} {:4} of {:4}  {:.3}", count.0, count.1, share(*count));
    }
    println!("\ntraps merged:");
    for (kind, count) in &scores.traps {
        println!("  {kind:28} {:4} of {:4}  {:.3}", count.0, count.1, share(*count));
    }
    if std::env::var("KARIZ_SHOW").is_ok() {
        let store =
            kariz::store::Store::read_only(&visited.kariz.path().join("data/kariz.db")).expect("the store");
        let mut index = kariz::tick::StoreIndex::new(&store);
        for (name, pairs) in [("WRONG", &scores.wrong), ("MISSED", &scores.missed)] {
            let mut shown: HashMap<(&str, &str), usize> = HashMap::new();
            for (i, j) in pairs {
                let times = shown.entry((set[*i].kind, set[*j].kind)).or_default();
                *times += 1;
                if *times > 3 {
                    continue;
                }
                println!("\n{name} {} | {}", set[*i].kind, set[*j].kind);
                for k in [*i, *j] {
                    println!(
                        "  [{} #{}] {} | {:?}\n     {}",
                        set[k].source,
                        found[k].0,
                        set[k].title,
                        set[k].link,
                        set[k].text.replace('\n', " ¶ ").chars().take(700).collect::<String>()
                    );
                }
                if let Ok(Some(v)) = kariz::stories::explain(
                    found[*i].0,
                    found[*j].0,
                    &mut index,
                    &kariz::stories::Options::default(),
                ) {
                    println!(
                        "  → {:?}",
                        (
                            v.matched.map(|m| m.to_string()),
                            v.tried.iter().map(|(s, r)| format!("{s:?}: {r}")).collect::<Vec<_>>(),
                            v.containment,
                            v.headlines
                        )
                    );
                }
            }
        }
    }
    let (merged, traps) = scores.traps_merged();
    assert!(scores.precision >= 0.99, "precision {}", scores.precision);
    assert!(scores.recall >= 0.97, "recall {}", scores.recall);
    assert!(scores.rand >= 0.97, "adjusted Rand {}", scores.rand);
    assert!(merged * 1000 <= traps * 5, "{merged} of {traps} traps merged");
    assert_eq!(scores.facts_merged(), 0, "pairs with a changed fact");
    let mut families: HashMap<u8, (usize, usize)> = HashMap::new();
    for (kind, (hits, all)) in &scores.kinds {
        let family = families.entry(kind.as_bytes()[0]).or_default();
        *family = (family.0 + hits, family.1 + all);
    }
    for (family, wanted) in [(b'U', 0.98), (b'G', 0.98), (b'S', 0.98), (b'C', 0.93)] {
        let count = families.get(&family).copied().unwrap_or_default();
        assert!(share(count) >= wanted, "family {}: {}", char::from(family), share(count));
    }
}
