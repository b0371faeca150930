//! What looks alike and is not.

use super::copies::tell;
use super::words::{Seed, mix};
use super::{DAY, LANGUAGES, OUTLETS, START, Set};

fn when(poll: usize, hours: usize) -> i64 {
    START + poll as i64 * DAY + hours as i64 * 3_600
}

pub(super) fn all(set: &mut Set, stories: usize) {
    for round in 0..stories.div_ceil(60) {
        for language in 0..LANGUAGES {
            forms(set, language, round);
            series(set, language, round);
            if round == 0 {
                one_form_other_noun(set, language, round);
            }
            others(set, language, round);
            facts(set, language, round);
        }
    }
}

fn seed(set: &mut Set) -> Seed {
    Seed { seed: set.dice(), ..Seed::default() }
}

/// A seed whose story nobody tells yet.
fn fresh(set: &mut Set, language: usize, topic: &str) -> Seed {
    set.fresh(language, topic)
}

fn forms(set: &mut Set, language: usize, round: usize) {
    for kind in ["price", "weather", "match", "quake", "obituary", "job", "horoscope", "prayer"] {
        let group = set.group();
        for day in 0..4 {
            let seed = seed(set);
            let source = language * OUTLETS + (round + usize::from(day == 3)) % OUTLETS;
            let title = set.words.say(
                language,
                &format!("{kind}.title"),
                &Seed { seed: mix(group as u64), ..Seed::default() },
            );
            let title = if matches!(kind, "price" | "weather") {
                title
            } else {
                set.words.say(language, &format!("{kind}.title"), &seed)
            };
            let text = set.words.say(language, &format!("{kind}.text"), &seed);
            let poll = day.min(2);
            let mut item = set.trap(kind, group, (source, poll, when(poll, 5 + 2 * day)), title, vec![text]);
            // Half of the outlets write the day's report over yesterday's page.
            if round.is_multiple_of(2) && day < 3 && matches!(kind, "price" | "weather" | "prayer") {
                item.link = Some(format!("https://www.{}/service/{kind}", Set::host(source)));
                (item.guid, item.permalink) = (Some(format!("{kind}-{round}-{day}")), false);
                item.until = item.poll + 1;
            }
            set.items.push(item);
        }
    }
}

fn series(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    let common = seed(set);
    let topics = set.words.topics(language);
    for part in 1..=3 {
        let fixed = [("K", part.to_string())].into();
        let title = set.words.say(language, "series", &Seed { fixed, ..common.clone() });
        let own = seed(set);
        let mut text = tell(set, language, topics[(round + part) % topics.len()], &own);
        text.insert(0, set.words.say(language, "update", &common));
        let place = (language * OUTLETS + round % OUTLETS, part - 1, when(part - 1, 9));
        let item = set.trap("series", group, place, title, text);
        set.items.push(item);
    }
}

/// Eight reports that differ in one noun and in numbers, written in letters in the headline, and end alike.
fn one_form_other_noun(set: &mut Set, language: usize, round: usize) {
    let group = set.group();
    let numbers: [&[&str]; LANGUAGES] = [
        &["Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"],
        &["دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"],
        &[
            "قاربان",
            "ثلاثة قوارب",
            "أربعة قوارب",
            "خمسة قوارب",
            "ستة قوارب",
            "سبعة قوارب",
            "ثمانية قوارب",
            "تسعة قوارب",
        ],
    ];
    let nouns: [&[&str]; LANGUAGES] = [
        &["bridge", "market", "mill", "chapel", "harbour", "orchard", "quarry", "station"],
        &["پل", "بازار", "آسیاب", "نمازخانه", "بندر", "باغ", "معدن", "ایستگاه"],
        &["الجسر", "السوق", "المطحنة", "المصلى", "المرفأ", "البستان", "المقلع", "المحطة"],
    ];
    for n in 0..8 {
        let (number, noun) = (numbers[language][n], nouns[language][n]);
        let (title, text) = match language {
            0 => (
                format!("{number} boats moored near the {noun}"),
                format!(
                    "Boats were moored near the {noun} this week, the warden of the river noted in book {}. The entry will be kept for the year.",
                    n + 1
                ),
            ),
            1 => (
                format!("{number} قایق نزدیک {noun} پهلو گرفت"),
                format!(
                    "این هفته قایق‌هایی نزدیک {noun} پهلو گرفتند و نگهبان رودخانه آن را در دفتر {} نوشت. این یادداشت تا پایان سال نگهداری می‌شود.",
                    n + 1
                ),
            ),
            _ => (
                format!("{number} ترسو قرب {noun}"),
                format!(
                    "رست هذا الأسبوع قوارب قرب {noun} ودوّن حارس النهر ذلك في الدفتر {}. وتُحفظ هذه الملاحظة حتى نهاية العام.",
                    n + 1
                ),
            ),
        };
        let poll = n % 3;
        let place = (language * OUTLETS + (round + n / 3) % OUTLETS, poll, when(poll, 6 + n));
        let item = set.trap("one noun", group, place, title, vec![text]);
        set.items.push(item);
    }
}

#[allow(clippy::too_many_lines, reason = "a list")]
fn others(set: &mut Set, language: usize, round: usize) {
    let topics = set.words.topics(language);
    let source = |n: usize| language * OUTLETS + (round + n) % OUTLETS;
    let topic = |n: usize| topics[(round + n) % topics.len()];
    // A guid that is used again for something else; the same guid in several outlets.
    for (kind, step) in [("recycled guid", 0), ("same guid elsewhere", 1)] {
        let group = set.group();
        for n in 0..3 {
            let seed = fresh(set, language, topic(n));
            let title = set.words.say(language, &format!("{}.head", topic(n)), &seed);
            let text = tell(set, language, topic(n), &seed);
            let mut item = set.trap(kind, group, (source(n * step), n, when(n, 11)), title, text);
            (item.guid, item.permalink) = (Some(format!("slot{round}")), false);
            item.until = n + 1;
            set.items.push(item);
        }
    }
    // One title above everything.
    let group = set.group();
    let titles = set.words.list(language, "generic").to_vec();
    for n in 0..4 {
        let seed = fresh(set, language, topic(n));
        let text = tell(set, language, topic(n), &seed);
        let title = titles[round % titles.len()].to_owned();
        let item = set.trap("generic title", group, (source(n / 2), n % 3, when(n % 3, 4 + n)), title, text);
        set.items.push(item);
    }
    // The next day: a new beginning, the background as it was.
    let group = set.group();
    let (first, next) = (fresh(set, language, topic(0)), fresh(set, language, topic(1)));
    let told = tell(set, language, topic(0), &first);
    let mut later = tell(set, language, topic(1), &next);
    later.truncate(2);
    later.extend(told.iter().skip(1).take(2).cloned());
    let (a, b) = (
        set.words.say(language, &format!("{}.head", topic(0)), &first),
        set.words.say(language, &format!("{}.head", topic(1)), &next),
    );
    let item = set.trap("follow-up", group, (source(0), 0, when(0, 8)), a, told);
    set.items.push(item);
    let item = set.trap("follow-up", group, (source(1), 1, when(1, 8)), b, later);
    set.items.push(item);
    // A live page: its posts have one address.
    let group = set.group();
    let live = seed(set);
    for n in 0..3 {
        let seed = fresh(set, language, topic(n));
        let text = vec![set.words.say(language, &format!("{}.1", topic(n)), &seed)];
        let title = set.words.say(language, &format!("{}.head", topic(n)), &seed);
        let mut item = set.trap("live page", group, (source(2), 1, when(1, 9 + n)), title, text);
        item.link = Some(format!("https://{}/live/{}#p{n}", Set::host(source(2)), live.seed % 1_000_000));
        (item.guid, item.permalink) = (Some(format!("live-{round}-{n}")), false);
        set.items.push(item);
    }
    // Several stories in one.
    let group = set.group();
    let mut parts = Vec::new();
    for n in 0..3 {
        let seed = fresh(set, language, topic(n));
        let text = tell(set, language, topic(n), &seed);
        let title = set.words.say(language, &format!("{}.head", topic(n)), &seed);
        parts.extend(text.iter().take(2).cloned());
        let text = if n == 2 { vec![text[0].clone()] } else { text };
        let item = set.trap("digest", group, (source(n), 0, when(0, 6 + n)), title, text);
        set.items.push(item);
    }
    let title = set.words.list(language, "digest")[round % 2].to_owned();
    let item = set.trap("digest", group, (source(4), 0, when(0, 19)), title, parts);
    set.items.push(item);
    // Two reports on one press conference: the same quotations, another matter.
    let group = set.group();
    let shared = seed(set);
    let quotes: Vec<String> =
        (2..=3).map(|n| set.words.say(language, &format!("{}.{n}", topic(0)), &shared)).collect();
    for n in 1..=2 {
        let own = fresh(set, language, topic(n));
        let title = set.words.say(language, &format!("{}.head", topic(n)), &own);
        let mut text = tell(set, language, topic(n), &own);
        text.insert(1, quotes.join(" "));
        let item = set.trap("quotations", group, (source(n), 1, when(1, 10 + n)), title, text);
        set.items.push(item);
    }
    // The same in another language.
    let group = set.group();
    let at = round % topics.len().min(4);
    let translated = (language + 1) % LANGUAGES;
    let topic_there = set.words.topics(translated)[at];
    let seed = fresh(set, language, topics[at]);
    // Places have names of their own there; nobody tells that story in the other language yet.
    let mut there = Seed { fixed: Default::default(), ..seed.clone() };
    if set.taken.contains(&set.words.say(translated, &format!("{topic_there}.head"), &there)) {
        there = fresh(set, translated, topic_there);
    }
    for (other, topic, seed) in [(language, topics[at], &seed), (translated, topic_there, &there)] {
        let title = set.words.say(other, &format!("{topic}.head"), seed);
        set.taken.insert(title.clone());
        let text = tell(set, other, topic, seed);
        let place = (other * OUTLETS + round % OUTLETS, 0, when(0, 13));
        let item = set.trap("translation", group, place, title, text);
        set.items.push(item);
    }
}

/// One fact is another one; the rest is the same to the letter.
fn facts(set: &mut Set, language: usize, round: usize) {
    let topics = set.words.topics(language);
    for (kind, fact) in [
        ("changed number", "N"),
        ("changed name", "PERSON"),
        ("changed place", "PLACE"),
        ("changed day", "DAY"),
        ("changed large number", "M"),
    ] {
        for step in 0..2 {
            let topic = topics[(round + step) % topics.len()];
            let one = fresh(set, language, topic);
            let mut two = one.clone();
            let mut new = set.words.other_fact(language, fact, &one);
            // Of two places, the first is another one.
            if let Some((_, second)) =
                one.fixed.get(fact).and_then(|old| old.split_once([" and ", " و ", " و"][language]))
            {
                if new == second {
                    continue;
                }
                new = [new.as_str(), second].join([" and ", " و ", " و"][language]);
            }
            two.fixed.insert(fact, new);
            let told = [tell(set, language, topic, &one), tell(set, language, topic, &two)];
            if told[0] == told[1] {
                continue;
            }
            let cut = round % 3 == 2;
            let half = |text: &[String]| text[..text.len().div_ceil(2)].join("\n");
            // What the cut one still says must be another fact.
            if cut && half(&told[0]) == half(&told[1]) {
                continue;
            }
            let group = set.group();
            for (n, (seed, text)) in [one, two].iter().zip(told).enumerate() {
                let title = set.words.say(language, &format!("{topic}.head"), seed);
                let text = if cut && n == 1 { text[..text.len().div_ceil(2)].to_vec() } else { text };
                let place = (language * OUTLETS + (round + n * step) % OUTLETS, n, when(0, 14 + 6 * n));
                let item = set.trap(kind, group, place, title, text);
                set.items.push(item);
            }
        }
    }
}
