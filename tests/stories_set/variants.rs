//! One story in other words, spellings, addresses: what shall be merged.

use super::language::{self, LANGUAGES, Story};
use super::{Labelled, Random, START, Set, outlet};

/// The kinds of copies. The first letter tells the family: U address, G guid, S spelling, C cut, T text and headline.
pub const KINDS: &[&str] = &[
    "U tracking",
    "U scheme",
    "U www",
    "U mobile host",
    "U amp path",
    "U trailing slash",
    "U case",
    "U percent",
    "U fragment",
    "U parameters",
    "U index page",
    "U wrapper",
    "U origLink",
    "U guid is the address",
    "G changed guid",
    "G changed guid and link",
    "G guid dropped",
    "S zwnj dropped",
    "S zwnj as space",
    "S yeh and kaf",
    "S heh and alef",
    "S digits",
    "S diacritics",
    "S tatweel",
    "S punctuation",
    "S quotes",
    "S escaped twice",
    "S tags in text",
    "S case",
    "S invisible marks",
    "C cut at 160",
    "C cut at 300",
    "C first paragraph",
    "C two sentences",
    "C from the middle",
    "C headline only",
    "C without the beginning",
    "T suffix",
    "T kicker",
    "T dateline",
    "T byline",
    "T footer",
    "T opener",
    "T light edits",
    "T typos",
    "T reordered",
    "T one more paragraph",
    "T other headline",
    "T other headline, cut",
    "T headline in text",
    "T suffix, cut",
];

/// An original and some copies of it in other outlets of its language.
pub fn story(set: &mut Set, serial: usize) {
    let language = serial % 3;
    let story = set.story(language);
    let label = set.label();
    let mut sources: Vec<usize> = (language * 6..language * 6 + 6).collect();
    set.random.shuffle(&mut sources);
    let poll = set.random.below(3);
    let published = START + poll as i64 * 86_400 + set.random.below(86_400) as i64;
    let base = set.item(sources[0], poll, published, &story, label);
    set.items.push(base.clone());
    for (n, source) in sources.iter().skip(1).take(1 + set.random.below(3)).enumerate() {
        let kind = KINDS[(serial * 3 + n * 17 + set.random.below(KINDS.len())) % KINDS.len()];
        let poll = (poll + set.random.below(2)).min(2);
        let published = published + set.random.below(30 * 3_600) as i64 - 3_600;
        if let Some(copy) = copy(set, &base, &story, kind, *source, poll, published) {
            set.items.push(copy);
        }
    }
}

fn copy(
    set: &mut Set,
    base: &Labelled,
    story: &Story,
    kind: &'static str,
    source: usize,
    poll: usize,
    published: i64,
) -> Option<Labelled> {
    let words = &LANGUAGES[story.language];
    let mut copy = set.item(source, poll, published, story, base.label);
    copy.kind = kind;
    let random = &mut set.random;
    let link = base.link.clone()?;
    let host = outlet(base.source).1;
    let other_facts = words.facts(random);
    if kind.starts_with('U') {
        // Only the address tells: a short text of its own, another headline.
        copy.title = if random.below(2) == 0 { story.other_headline.clone() } else { story.headline.clone() };
        copy.text = String::new();
        copy.link = Some(match kind {
            "U tracking" => {
                format!(
                    "{link}?{}",
                    random.pick(&[
                        "utm_source=rss&utm_medium=feed",
                        "fbclid=IwAR3x",
                        "at_medium=RSS&at_campaign=x",
                        "mc_cid=1f&mc_eid=2",
                        "CMP=share_btn",
                        "gclid=9",
                        "ref=rss",
                        "ns_mchannel=rss"
                    ])
                )
            }
            "U scheme" => link.replace("https:", "http:"),
            "U www" => link.replace("//www.", "//"),
            "U mobile host" => link.replace("//www.", random.pick(&["//m.", "//mobile."])),
            "U amp path" => match random.below(3) {
                0 => format!("{link}/amp"),
                1 => link.replace("//www.", "//amp."),
                _ => format!("{link}?amp=1"),
            },
            "U trailing slash" => format!("{link}/"),
            "U case" => link.replace(host, &host.to_uppercase()).replace("https", "HTTPS"),
            "U percent" => encode(&link),
            "U fragment" => format!("{link}#comments"),
            "U parameters" => format!("{link}?utm_source=a&utm_content=b"),
            "U index page" => format!("{link}/index.html"),
            "U wrapper" => format!("https://www.google.com/url?q={}&sa=D", encode(&link)),
            _ => format!("https://{}/r/{}", outlet(source).1, random.below(1_000_000)),
        });
        if kind == "U origLink" {
            copy.orig_link = Some(link.clone());
            copy.link =
                Some(format!("https://feeds.feedburner.com/~r/{source}/~3/{}/", random.below(1_000_000)));
        }
        if kind == "U guid is the address" {
            copy.guid = Some(link);
        }
        return Some(copy);
    }
    match kind {
        "G changed guid" | "G changed guid and link" | "G guid dropped" => {
            // The same outlet at the next visit, the first entry gone.
            if base.poll >= 2 {
                return None;
            }
            copy = Labelled { kind, poll: base.poll + 1, ..base.clone() };
            copy.guid = (kind != "G guid dropped").then(|| format!("new-{}", random.next()));
            if kind == "G changed guid and link" {
                copy.link = Some(format!("{link}-v2"));
            }
            return Some(copy);
        }
        "S zwnj dropped" => both(&mut copy, |t| t.replace('\u{200c}', "")),
        "S zwnj as space" => both(&mut copy, |t| t.replace('\u{200c}', " ")),
        "S yeh and kaf" => both(&mut copy, |t| {
            if t.contains('ی') || t.contains('ک') {
                t.replace('ی', "ي").replace('ک', "ك")
            } else {
                t.replace('ي', "ی").replace('ك', "ک")
            }
        }),
        "S heh and alef" => both(&mut copy, |t| {
            t.replace('ة', "ه").replace(['أ', 'إ', 'آ'], "ا").replace('ؤ', "و").replace('ئ', "ي")
        }),
        "S digits" => both(&mut copy, |t| t.chars().map(|c| other_digit(c, story.language)).collect()),
        "S diacritics" => both(&mut copy, |t| marked(t, ['\u{64e}', '\u{650}', '\u{301}'], 5)),
        "S tatweel" => both(&mut copy, |t| marked(t, ['\u{640}', '\u{640}', '\u{ad}'], 4)),
        "S punctuation" => {
            both(&mut copy, |t| t.replace([',', '،', ';', '؛', ':'], "").replace(" – ", " - "))
        }
        "S quotes" => {
            both(&mut copy, |t| t.replace(['«', '“'], "\"").replace(['»', '”'], "\"").replace('\'', "’"))
        }
        "S escaped twice" => {
            let escape = |t: &str| {
                t.replace('&', "&amp;")
                    .replace('“', "&ldquo;")
                    .replace('”', "&rdquo;")
                    .replace('«', "&laquo;")
                    .replace('»', "&raquo;")
                    .replace('\u{200c}', "&zwnj;")
            };
            copy.title = escape(&copy.title);
            copy.text = copy
                .text
                .lines()
                .map(|l| format!("&lt;p&gt;{}&lt;/p&gt;", escape(l)))
                .collect::<Vec<_>>()
                .join("");
        }
        "S tags in text" => {
            copy.text = copy
                .text
                .lines()
                .map(|l| format!("<p>{}</p>", l.replacen(' ', " <b>", 1).replacen(' ', "</b> ", 1)))
                .collect::<Vec<_>>()
                .join("\n")
        }
        "S case" => copy.title = copy.title.to_uppercase(),
        "S invisible marks" => {
            both(&mut copy, |t| format!("\u{200f}{}\u{200e}", t.replacen(' ', "\u{a0}", 2)))
        }
        "C cut at 160" => copy.text = cut(&copy.text, 160),
        "C cut at 300" => copy.text = cut(&copy.text, 300),
        "C first paragraph" => copy.text = story.paragraphs[0].clone(),
        "C two sentences" => {
            copy.text = story.paragraphs.iter().take(2).cloned().collect::<Vec<_>>().join(" ")
        }
        "C from the middle" => copy.text = story.paragraphs[story.paragraphs.len() / 2].clone(),
        "C headline only" => copy.text = String::new(),
        "C without the beginning" => copy.text = story.paragraphs[1..].join("\n"),
        "T suffix" | "T suffix, cut" => {
            copy.title =
                format!("{}{}{}", copy.title, random.pick(&[" - ", " | ", " – ", " :: "]), outlet(source).0);
            if kind == "T suffix, cut" {
                copy.text = cut(&copy.text, 200);
            }
        }
        "T kicker" => copy.title = format!("{}{}", random.pick(words.kickers), copy.title),
        "T dateline" => {
            copy.text = format!(
                "{}{}",
                words.fill(words.dateline, &language::Facts { place: story.place, ..other_facts }),
                copy.text
            )
        }
        "T byline" => copy.text = format!("{}\n{}", words.fill(words.byline, &other_facts), copy.text),
        "T footer" => copy.text = format!("{}\n{}", copy.text, words.footer),
        "T opener" => copy.text = format!("{}\n{}", words.opener, copy.text),
        "T light edits" => copy.text = edited(&copy.text, words.synonyms),
        "T typos" => copy.text = mistyped(&copy.text, random),
        "T reordered" => {
            let mut paragraphs = story.paragraphs[1..].to_vec();
            random.shuffle(&mut paragraphs);
            copy.text =
                std::iter::once(story.paragraphs[0].clone()).chain(paragraphs).collect::<Vec<_>>().join("\n");
        }
        "T one more paragraph" => {
            copy.text = format!("{}\n{}", copy.text, words.fill(random.pick(words.details), &other_facts))
        }
        "T other headline" => copy.title = story.other_headline.clone(),
        "T other headline, cut" => {
            copy.title = story.other_headline.clone();
            copy.text = cut(&copy.text, 300);
        }
        "T headline in text" => copy.text = format!("{}\n{}", copy.title, copy.text),
        _ => return None,
    }
    Some(copy)
}

fn both(item: &mut Labelled, change: impl Fn(&str) -> String) {
    item.title = change(&item.title);
    item.text = item.text.lines().map(change).collect::<Vec<_>>().join("\n");
}

fn encode(url: &str) -> String {
    url.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'.' | b'-') {
                char::from(b).to_string()
            } else {
                format!("%{b:02x}")
            }
        })
        .collect()
}

pub fn cut(text: &str, letters: usize) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= letters {
        return text;
    }
    let cut: String = text.chars().take(letters).collect();
    format!("{}…", cut.trim_end())
}

fn other_digit(c: char, language: usize) -> char {
    let value = LANGUAGES.iter().find_map(|l| l.digits.iter().position(|d| *d == c));
    match value {
        Some(v) => LANGUAGES[if language == 0 { 0 } else { (language + 1) % 3 }].digits[v],
        None => c,
    }
}

fn marked(text: &str, marks: [char; 3], every: usize) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        out.push(c);
        if i % every == 0 && c.is_alphabetic() {
            out.push(if c.is_ascii() { marks[2] } else { marks[i / every % 2] });
        }
    }
    out
}

/// At most three exchanges.
fn edited(text: &str, synonyms: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    let mut done = 0;
    for (from, to) in synonyms {
        let spaced = format!(" {from} ");
        if text.contains(&spaced) && done < 3 {
            text = text.replacen(&spaced, &format!(" {to} "), 1);
            done += 1;
        }
    }
    text
}

fn mistyped(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for _ in 0..3 {
        let i = random.below(words.len());
        let mut letters: Vec<char> = words[i].chars().collect();
        if letters.len() >= 5 && letters.iter().all(|c| c.is_alphabetic()) {
            letters.swap(2, 3);
            words[i] = letters.into_iter().collect();
        }
    }
    words.join(" ")
}
