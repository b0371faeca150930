//! What looks alike and is not: what shall not be merged.

use super::language::{Facts, LANGUAGES, Story};
use super::{Labelled, START, Set, outlet};

const DAY: i64 = 86_400;

pub fn all(set: &mut Set, stories: usize) {
    for language in 0..3 {
        for round in 0..stories / 60 {
            templates(set, language, round);
            series(set, language, round);
            recycled(set, language, round);
            generic(set, language, round);
            follow_up(set, language, round);
            changed_fact(set, language, round);
            one_guid(set, language, round);
            live(set, language, round);
            translation(set, language, round);
            roundup(set, language, round);
        }
    }
}

fn source(language: usize, n: usize) -> usize {
    language * 6 + n % 6
}

fn when(poll: usize, hours: usize) -> i64 {
    START + poll as i64 * DAY + hours as i64 * 3_600
}

/// An item with a story, a group and a link of its own.
#[allow(clippy::too_many_arguments, reason = "a row of a table")]
fn trap(
    set: &mut Set,
    kind: &'static str,
    group: usize,
    source: usize,
    poll: usize,
    published: i64,
    title: String,
    text: String,
) -> Labelled {
    let story = Story {
        language: super::language_of(source),
        place: "",
        person: String::new(),
        office: "",
        number: String::new(),
        section: "news",
        slug: "report".into(),
        headline: title,
        other_headline: String::new(),
        paragraphs: text.lines().map(str::to_owned).collect(),
    };
    let label = set.label();
    let mut item = set.item(source, poll, published, &story, label);
    item.kind = kind;
    item.trap = Some(group);
    item
}

/// Reports from a form: each day other numbers, other names; in one outlet and in others.
fn templates(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    let forms = [
        ("daily prices", words.price),
        ("weather", words.weather),
        ("match report", words.matches),
        ("quake bulletin", words.quake),
        ("obituary", words.obituary),
        ("horoscope", words.horoscope),
        ("traffic notice", words.traffic),
        ("press release", words.release),
    ];
    for (kind, (headline, text)) in forms {
        let group = set.group();
        let place = words.facts(&mut set.random).place;
        for day in 0..4 {
            let mut facts = words.facts(&mut set.random);
            if kind == "weather" {
                facts.place = place;
            }
            if kind == "horoscope" {
                facts.thing = words.signs[(round + day) % words.signs.len()];
                // The same sign on two days as well.
                if day == 3 {
                    facts.thing = words.signs[round % words.signs.len()];
                }
            }
            let outlet = if day < 3 { round } else { round + 1 };
            let (title, body) = (words.fill(headline, &facts), words.fill(text, &facts));
            let item =
                trap(set, kind, group, source(language, outlet), day.min(2), when(day, 6), title, body);
            set.items.push(item);
        }
    }
}

fn series(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    let group = set.group();
    let intro = set.story(language).paragraphs;
    for part in 0..3 {
        let facts = Facts { k: part + 1, ..words.facts(&mut set.random) };
        let own = set.story(language).paragraphs;
        let text = [&intro[..1], &own[1..]].concat().join("\n");
        let item = trap(
            set,
            "series",
            group,
            source(language, round),
            part,
            when(part, 9),
            words.fill(words.part, &facts),
            text,
        );
        set.items.push(item);
    }
}

fn recycled(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    for poll in 0..3 {
        let story = set.story(language);
        let mut item = trap(
            set,
            "recycled guid",
            group,
            source(language, round),
            poll,
            when(poll, 11),
            story.headline.clone(),
            story.text(),
        );
        item.guid = Some(format!("slot-{language}-{round}"));
        set.items.push(item);
    }
}

fn generic(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    let group = set.group();
    for n in 0..3 {
        let story = set.story(language);
        let item = trap(
            set,
            "generic title",
            group,
            source(language, round + n),
            n,
            when(n, 5),
            words.generic.to_owned(),
            story.text(),
        );
        set.items.push(item);
    }
}

/// The same affair a day later: new beginning, some of the old text.
fn follow_up(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    let first = set.story(language);
    let next = set.story(language);
    let one = trap(
        set,
        "follow-up",
        group,
        source(language, round),
        0,
        when(0, 8),
        first.headline.clone(),
        first.text(),
    );
    let background = first.paragraphs[1..].join("\n");
    let two = trap(
        set,
        "follow-up",
        group,
        source(language, round + 1),
        1,
        when(1, 8),
        next.headline.clone(),
        format!("{}\n{}\n{background}", next.paragraphs[0], next.paragraphs[1]),
    );
    set.items.extend([one, two]);
}

/// One fact exchanged throughout: a number, a name, a place.
fn changed_fact(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    for (kind, n) in [("changed number", 0), ("changed name", 1), ("changed place", 2)] {
        for other_outlet in [1, 0] {
            let story = set.story(language);
            let facts = words.facts(&mut set.random);
            let (from, to) = match n {
                0 => (story.number.clone(), words.number(facts.n + 100)),
                1 => (story.person.clone(), facts.person.clone()),
                _ => (story.place.to_owned(), facts.place.to_owned()),
            };
            if from == to || !story.text().contains(&from) {
                continue;
            }
            let group = set.group();
            let text = if other_outlet == 1 && round % 2 == 1 {
                super::variants::cut(&story.text(), 300)
            } else {
                story.text()
            };
            if !text.contains(&from) {
                continue;
            }
            let one = trap(
                set,
                kind,
                group,
                source(language, round),
                0,
                when(0, 14),
                story.headline.clone(),
                text.clone(),
            );
            let two = trap(
                set,
                kind,
                group,
                source(language, round + other_outlet),
                1,
                when(0, 20),
                story.headline.replace(&from, &to),
                text.replace(&from, &to),
            );
            set.items.extend([one, two]);
        }
    }
}

fn one_guid(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    for n in 0..3 {
        let story = set.story(language);
        let mut item = trap(
            set,
            "same guid, other source",
            group,
            source(language, round + n),
            1,
            when(1, 15),
            story.headline.clone(),
            story.text(),
        );
        item.guid = Some(format!("{}", 1_000 + round));
        set.items.push(item);
    }
}

/// One page, several entries: each its own guid and headline.
fn live(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    let group = set.group();
    for n in 0..3 {
        let story = set.story(language);
        let title = format!("{}: {}", words.live, story.headline);
        let mut item = trap(
            set,
            "live page",
            group,
            source(language, round),
            n.min(1),
            when(1, 8 + n),
            title,
            story.paragraphs[0].clone(),
        );
        item.link = Some(format!("https://{}/live/{round}#post-{n}", outlet(source(language, round)).1));
        set.items.push(item);
    }
}

/// The same facts in another language, with the same picture of the address even.
fn translation(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    for n in 0..2 {
        let other = (language + n) % 3;
        let story = set.story(other);
        let item = trap(
            set,
            "translation",
            group,
            source(other, round),
            0,
            when(0, 13),
            story.headline.clone(),
            story.text(),
        );
        set.items.push(item);
    }
}

/// Several stories in one entry.
fn roundup(set: &mut Set, language: usize, round: usize) {
    let words = &LANGUAGES[language];
    let group = set.group();
    let mut told = Vec::new();
    for n in 0..4_usize {
        let story = set.story(language);
        let text =
            if n.is_multiple_of(2) { story.paragraphs[0].clone() } else { story.paragraphs[..2].join("\n") };
        let item = trap(
            set,
            "roundup",
            group,
            source(language, round + n),
            0,
            when(0, 7 + n),
            story.headline.clone(),
            text.clone(),
        );
        set.items.push(item);
        told.push((story.headline, text));
    }
    let text: Vec<String> = told.iter().map(|(_, text)| text.clone()).collect();
    let title = if round.is_multiple_of(2) {
        words.roundup.to_owned()
    } else {
        told.iter().map(|(h, _)| h.as_str()).collect::<Vec<_>>().join("; ")
    };
    let item =
        trap(set, "roundup", group, source(language, round + 4), 1, when(0, 20), title, text.join("\n"));
    set.items.push(item);
}
