//! What is published pass after pass is what a complete rebuild from the store publishes, although a pass takes over what it can
//! from the documents that are there.

#[path = "support/binary.rs"]
mod binary;
#[path = "support/origin.rs"]
mod origin;

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use binary::{Kariz, rss};
use origin::{Origin, ok};

/// An article: guid, title, text, hour of the day.
type Item = (String, String, String, u32);
/// A paper: its title, and its articles.
type Paper = (String, Vec<Item>);

/// Papers that can be edited between passes.
#[derive(Clone, Default)]
struct Papers(Arc<Mutex<BTreeMap<&'static str, Paper>>>);

impl Papers {
    fn serve(&self, origin: &Origin) -> Vec<(&'static str, String)> {
        let names: Vec<&'static str> = self.0.lock().unwrap().keys().copied().collect();
        for name in &names {
            let (papers, name) = (self.clone(), *name);
            origin.on(&format!("/{name}.xml"), move |_| ok(papers.document(name)));
        }
        names.into_iter().map(|name| (name, origin.url(&format!("/{name}.xml")))).collect()
    }

    fn document(&self, name: &str) -> String {
        let papers = self.0.lock().unwrap();
        let (title, items) = &papers[name];
        let whole: Vec<[String; 5]> = items
            .iter()
            .map(|(guid, title, text, hour)| {
                let date = format!("Mon, 04 Nov 2024 {hour:02}:00:00 GMT");
                let link = format!("https://{name}.example/{guid}?a=1&b=2");
                [guid, title, &link, text, &date].map(|value| xml(value))
            })
            .collect();
        let items: Vec<_> = whole
            .iter()
            .map(|[guid, title, link, text, date]| (&**guid, &**title, &**link, &**text, &**date))
            .collect();
        rss(&xml(title), &items)
    }

    fn edit(&self, name: &'static str, edit: impl FnOnce(&mut Paper)) {
        edit(self.0.lock().unwrap().entry(name).or_default());
    }

    fn tell(&self, name: &'static str, guid: u32, text: &str, hour: u32) {
        let title = format!("{name}: number {guid}");
        self.edit(name, |(_, items)| items.insert(0, (guid.to_string(), title, text.to_owned(), hour)));
    }
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A text of its own for each article, so that no two are taken for one.
fn text(name: &str, number: u32) -> String {
    let words = [
        "well", "river", "orchard", "bridge", "lantern", "harvest", "carpet", "mountain", "letter", "garden",
    ];
    let word = |k: u32| words[((number * 7 + k * k * 3 + k * u32::from(name.as_bytes()[0])) % 10) as usize];
    (0..40).map(|k| format!("{}{}{} ", word(k), name, (number * 31 + k * 17) % 97)).collect()
}

/// What a rebuild publishes from a copy of the store.
fn rebuilt(kariz: &Kariz) -> BTreeMap<String, Vec<u8>> {
    let other = Kariz::with_config(&fs::read_to_string(kariz.path().join("feeds.toml")).unwrap());
    fs::create_dir_all(other.path().join("data")).unwrap();
    fs::copy(kariz.path().join("data/kariz.db"), other.path().join("data/kariz.db")).unwrap();
    let ran = other.run(&["rebuild"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    other.bytes()
}

/// A pass; then all files are as a rebuild makes them.
fn pass(kariz: &Kariz, what: &str) {
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // A closed part of the archive stays as it is under every configuration.
    let without_parts = |mut files: BTreeMap<String, Vec<u8>>| {
        files.retain(|name, _| !name.starts_with("archive/") && name != ".kariz-list");
        files
    };
    let (published, rebuilt) = (without_parts(kariz.bytes()), without_parts(rebuilt(kariz)));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&published), names(&rebuilt), "{what}");
    for (name, bytes) in published {
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(bytes == rebuilt[&name], "{what}: {name}\n{}\n{}", show(&bytes), show(&rebuilt[&name]));
    }
}

fn papers() -> Papers {
    let papers = Papers::default();
    for (name, title) in
        [("town", "Town & <Country>"), ("valley", "Valley"), ("gazette", "Gazette"), ("shahr", "شهر")]
    {
        papers.edit(name, |paper| paper.0 = title.to_owned());
        for number in 1..=8 {
            papers.tell(name, number, &text(name, number), number);
        }
    }
    papers.edit("shahr", |(_, items)| {
        for (i, item) in items.iter_mut().enumerate() {
            item.1 = format!("آب کاریز شماره {i} در شهر");
            item.2 = format!("<p>آب به شهر رسید {}</p><p>Well {i} is open.</p>", "باغ و انار ".repeat(i + 3));
        }
    });
    papers.edit("valley", |(_, items)| {
        items[0].2 = format!("<img src=\"https://valley.example/a.jpg\" alt=\"x\"> <b>{}</b>", items[0].2);
    });
    papers
}

#[test]
fn pass_after_pass_is_what_a_rebuild_gives() {
    let (origin, papers) = (Origin::start(), papers());
    let sources = papers.serve(&origin);
    let kariz = Kariz::with_sources(sources.iter().map(|(name, url)| (*name, url.clone())));
    pass(&kariz, "the first pass");

    papers.tell("town", 9, &text("town", 9), 9);
    papers.tell("shahr", 9, "<p>تازه ترین خبر شهر: باران آمد و کاریز پر شد.</p>", 9);
    pass(&kariz, "news of two papers");

    let told = text("town", 9);
    papers.tell("valley", 9, &told, 10);
    pass(&kariz, "another paper tells the story of the first");
    assert!(kariz.read("sources/town.xml").contains("rel=\"related\""), "they are one story");

    papers.edit("town", |(_, items)| {
        items[3].2 = format!("{} It was corrected & <b>enlarged</b>.", items[3].2)
    });
    papers.tell("town", 10, &text("town", 10), 0);
    pass(&kariz, "an edit, and an article with an old date");

    papers.edit("gazette", |paper| paper.0 = "The Gazette".to_owned());
    pass(&kariz, "a paper has another name");

    let file = kariz.published("sources/town.xml");
    let forged = fs::read_to_string(&file).unwrap().replace("number 2", "number two");
    fs::write(&file, forged).unwrap();
    papers.tell("town", 11, &text("town", 11), 11);
    pass(&kariz, "somebody has changed the document");

    let more = kariz.path().join("feeds.toml");
    let config = fs::read_to_string(&more).unwrap();
    kariz.configure(&config.replace("[fetch]", "max_items = 6\ncontent = \"summary\"\n[fetch]"));
    papers.tell("town", 12, &text("town", 12), 12);
    pass(&kariz, "another configuration");
    papers.tell("town", 13, &text("town", 13), 13);
    pass(&kariz, "a document that is full");
    kariz.configure(&config);
    papers.tell("gazette", 14, &text("gazette", 14), 14);
    pass(&kariz, "the first configuration again");
}

#[test]
fn what_did_not_change_is_taken_over_and_nothing_by_a_rebuild() {
    let (origin, papers) = (Origin::start(), papers());
    let sources = papers.serve(&origin);
    let kariz = Kariz::with_sources(sources.iter().map(|(name, url)| (*name, url.clone())));
    pass(&kariz, "the first pass");
    // Behind its back: no story is marked as changed.
    let database = rusqlite::Connection::open(kariz.path().join("data/kariz.db")).unwrap();
    database.execute("UPDATE entry SET title = title || ' [behind]'", []).unwrap();
    drop(database);
    papers.tell("town", 9, &text("town", 9), 9);
    let ran = kariz.run(&["fetch", "--all"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let town = kariz.read("sources/town.xml");
    assert!(town.contains("town: number 9<"), "{town}");
    assert!(town.contains("town: number 8<") && !town.contains("[behind]"), "{town}");
    let rebuilt = rebuilt(&kariz);
    let town = String::from_utf8_lossy(&rebuilt["sources/town.xml"]).into_owned();
    assert!(town.contains("town: number 8 [behind]<"), "{town}");
}
