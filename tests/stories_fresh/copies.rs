//! One story as other outlets, and the same outlet later, tell it.

use super::words::{Seed, mix};
use super::{DAY, Item, OUTLETS, START, Set};

/// The kinds. The first letter tells the family: U address, G guid, S spelling, C cut, T text and headline.
const KINDS: &[&str] = &[
    "U tracking",
    "U http",
    "U www",
    "U mobile host",
    "U amp",
    "U slash",
    "U host in capitals",
    "U percent",
    "U fragment",
    "U origLink",
    "U address as guid",
    "U parameters turned",
    "U port",
    "G changed guid",
    "G changed guid and link",
    "G guid dropped",
    "G redated",
    "S zwnj dropped",
    "S zwnj as space",
    "S zwnj added",
    "S yeh and kaf",
    "S heh",
    "S alef",
    "S digits",
    "S diacritics",
    "S tatweel",
    "S punctuation",
    "S quotes",
    "S escaped twice",
    "S decomposed",
    "S capitals",
    "S direction marks",
    "S no-break spaces",
    "C cut at 160",
    "C cut at 300",
    "C first paragraph",
    "C two sentences and a link",
    "C from the middle",
    "C headline only",
    "T suffix",
    "T kicker",
    "T dateline",
    "T credit",
    "T caption",
    "T related links",
    "T advertisement",
    "T update",
    "T other headline",
    "T edited headline",
    "T typos",
    "T reordered",
    "T one sentence rewritten",
    "T all at once",
];

/// The paragraphs of a story: sentences of its topic, now and then an aside.
pub(super) fn tell(set: &Set, language: usize, topic: &str, seed: &Seed) -> Vec<String> {
    let mut sentences = Vec::new();
    for n in 1..=6 {
        let rule = format!("{topic}.{n}");
        let wanted = n <= 2 || mix(seed.seed ^ n << 7) % 10 < 8;
        if wanted && set.words.has(language, &rule) {
            sentences.push(set.words.say(language, &rule, seed));
        }
        if n > 1 && mix(seed.seed ^ n << 9) % 10 < 3 {
            sentences.push(set.words.say(
                language,
                "aside",
                &Seed { seed: mix(seed.seed ^ n), ..seed.clone() },
            ));
        }
    }
    if mix(seed.seed ^ 77).is_multiple_of(10) {
        sentences.truncate(2);
    }
    let mut paragraphs: Vec<String> = Vec::new();
    for (i, sentence) in sentences.into_iter().enumerate() {
        if i == 0 || mix(seed.seed ^ (i as u64) << 11).is_multiple_of(2) {
            paragraphs.push(sentence);
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(' ');
            last.push_str(&sentence);
        }
    }
    paragraphs
}

/// An original and some copies.
pub(super) fn story(set: &mut Set, serial: usize) {
    let language = serial % 3;
    let topics = set.words.topics(language);
    let topic = topics[set.below(topics.len())];
    let seed = set.fresh(language, topic);
    let label = set.label();
    let mut outlets: Vec<usize> = (0..OUTLETS).collect();
    for i in (1..OUTLETS).rev() {
        outlets.swap(i, set.below(i + 1));
    }
    let poll = set.below(3);
    let published = START + poll as i64 * DAY + set.below(DAY as usize) as i64;
    let title = set.words.say(language, &format!("{topic}.head"), &seed);
    let paragraphs = tell(set, language, topic, &seed);
    let mut original = set.item(language * OUTLETS + outlets[0], poll, published, title, paragraphs);
    original.label = label;
    let copies = 1 + set.below(3);
    for n in 0..copies {
        let kind = KINDS[(serial / 3 * 5 + n * 19 + set.below(7)) % KINDS.len()];
        let source = language * OUTLETS + outlets[1 + n];
        let later = set.below(2);
        let copy = copy(set, &mut original, topic, &seed, kind, source, (poll + later).min(2));
        set.items.extend(copy);
    }
    set.items.push(original);
}

fn other(set: &mut Set, seed: &Seed) -> Seed {
    Seed { seed: set.dice(), fixed: seed.fixed.clone(), turned: Vec::new() }
}

#[allow(clippy::too_many_lines, reason = "a table")]
fn copy(
    set: &mut Set,
    original: &mut Item,
    topic: &str,
    seed: &Seed,
    kind: &'static str,
    source: usize,
    poll: usize,
) -> Option<Item> {
    let language = source / OUTLETS;
    let published = original.published + set.below(30 * 3_600) as i64 - 1_800;
    let mut copy = set.item(source, poll, published, original.title.clone(), original.paragraphs.clone());
    (copy.label, copy.kind) = (original.label, kind);
    let anew = other(set, seed);
    let say = |set: &Set, rule: &str| set.words.say(language, rule, &anew);
    let link = original.link.clone()?;
    if kind.starts_with('U') {
        if set.below(2) == 0 {
            // The address alone tells.
            copy.title = set.words.say(language, &format!("{topic}.head2"), seed);
            copy.paragraphs = vec![say(set, "aside")];
        }
        let joiner = if link.contains('?') { '&' } else { '?' };
        let bare = link.replacen("www.", "", 1);
        copy.link = Some(match kind {
            "U tracking" => format!(
                "{link}{joiner}{}",
                [
                    "utm_source=rss&utm_medium=feed&utm_campaign=x",
                    "fbclid=IwAR0a1",
                    "gclid=Cj0",
                    "mc_cid=a1&mc_eid=b2",
                    "utm_term=a"
                ][set.below(5)]
            ),
            "U http" if link.starts_with("https") => link.replacen("https", "http", 1),
            "U http" => link.replacen("http", "https", 1),
            "U www" if bare == link => link.replacen("://", "://www.", 1),
            "U www" => bare,
            "U mobile host" => bare.replacen("://", ["://m.", "://mobile."][set.below(2)], 1),
            "U amp" if !link.contains('?') && !link.ends_with("html") => format!("{link}/amp/"),
            "U amp" => bare.replacen("://", "://amp.", 1),
            "U slash" if !link.contains('?') => format!("{link}/"),
            "U slash" => link.replacen("/?", "?", 1),
            "U host in capitals" => {
                let host = Set::host(original.source);
                link.replacen(&host, &host.to_uppercase(), 1)
            }
            "U percent" => link
                .chars()
                .map(|c| {
                    if c.is_ascii() {
                        return c.to_string();
                    }
                    let mut bytes = [0; 4];
                    c.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02x}")).collect()
                })
                .collect(),
            "U fragment" => format!("{link}#comments"),
            "U origLink" => {
                copy.orig_link = Some(link);
                format!("http://feedproxy.google.com/~r/{source}/~3/{}/", set.dice())
            }
            "U address as guid" => {
                (copy.guid, copy.permalink) = (Some(link), true);
                format!("https://sh.example/{}", set.below(100_000))
            }
            "U parameters turned" => {
                match link.split_once("?id=").and_then(|(a, b)| Some((a, b.split_once('&')?))) {
                    Some((path, (id, rest))) => format!("{path}?{rest}&id={id}"),
                    None => format!("{link}{joiner}utm_medium=a"),
                }
            }
            _ => {
                let (scheme, rest) = link.split_once("://")?;
                let (host, path) = rest.split_once('/')?;
                format!("{scheme}://{host}:{}/{path}", if scheme == "http" { 80 } else { 443 })
            }
        });
        return Some(copy);
    }
    if kind.starts_with('G') {
        if original.poll >= 2 {
            return None;
        }
        // The same outlet at the next visit; what was there is gone.
        original.until = original.poll + 1;
        (copy.source, copy.poll, copy.until) = (original.source, original.poll + 1, original.poll + 3);
        (copy.guid, copy.permalink, copy.link, copy.published) =
            (original.guid.clone(), original.permalink, original.link.clone(), original.published);
        let fresh = format!("renamed-{}", set.dice());
        match kind {
            "G changed guid" => (copy.guid, copy.permalink) = (Some(fresh), false),
            "G changed guid and link" => {
                (copy.guid, copy.permalink) = (Some(fresh), false);
                copy.link = Some(format!("https://{}/moved/{}", Set::host(copy.source), set.below(1 << 20)));
            }
            "G guid dropped" => copy.guid = None,
            _ => copy.published += 7_200,
        }
        return Some(copy);
    }
    let sentences = |item: &Item| -> Vec<String> {
        item.paragraphs
            .join(" ")
            .split_inclusive(['.', '؟', '!'])
            .map(|s| s.trim().to_owned())
            .filter(|s| !s.is_empty())
            .collect()
    };
    let each = |copy: &mut Item, f: &dyn Fn(&str) -> String| {
        copy.title = f(&copy.title);
        copy.paragraphs.iter_mut().for_each(|p| *p = f(p));
    };
    match kind {
        "S zwnj dropped" => each(&mut copy, &|t| t.replace('\u{200c}', "")),
        "S zwnj as space" => each(&mut copy, &|t| t.replace('\u{200c}', " ")),
        "S zwnj added" => each(&mut copy, &|t| {
            t.replace("می ", "می\u{200c}").replace(" ها ", "\u{200c}ها ").replace(" ال", " \u{200c}ال")
        }),
        "S yeh and kaf" => each(&mut copy, &|t| match language {
            1 => t.replace('ی', "ي").replace('ک', "ك"),
            _ => t.replace('ي', "ی").replace('ك', "ک"),
        }),
        "S heh" => each(&mut copy, &|t| t.replace(['ة', 'ۀ'], "ه").replace("هٔ", "ه")),
        "S alef" => each(&mut copy, &|t| {
            t.replace(['أ', 'إ'], "ا").replace('ئ', if language == 1 { "ی" } else { "ئ" }).replace('آ', "ا")
        }),
        "S digits" => each(&mut copy, &|t| {
            t.chars()
                .map(|c| match u32::from(c) {
                    n @ 0x6f0..=0x6f9 => char::from_u32(n - 0x6f0 + 0x30).unwrap_or(c),
                    n @ 0x660..=0x669 => char::from_u32(n - 0x660 + 0x30).unwrap_or(c),
                    _ => c,
                })
                .collect()
        }),
        "S diacritics" => each(&mut copy, &|t| {
            let mut n = 0;
            t.chars()
                .flat_map(|c| {
                    n += usize::from(('\u{621}'..='\u{64a}').contains(&c));
                    let mark = (language > 0 && c.is_alphabetic() && n % 5 == 4).then_some('\u{64e}');
                    std::iter::once(c).chain(mark)
                })
                .collect()
        }),
        "S tatweel" => each(&mut copy, &|t| {
            t.replace("سا", "سـا").replace("ست", "ســت").replace("ین", "یـن").replace("مح", "مـح")
        }),
        "S punctuation" => each(&mut copy, &|t| {
            t.replace([',', '،', '؛', ';', ':'], "").replace('-', " ").replace(" – ", " ")
        }),
        "S quotes" => each(&mut copy, &|t| {
            t.replace('«', "“").replace('»', "”").replace(" \"", " “").replace('"', "”").replace('\'', "’")
        }),
        "S escaped twice" => copy.escaped_twice = true,
        "S decomposed" => each(&mut copy, &|t| {
            t.replace('آ', "ا\u{653}")
                .replace('أ', "ا\u{654}")
                .replace('ؤ', "و\u{654}")
                .replace('é', "e\u{301}")
        }),
        "S capitals" => copy.title = copy.title.to_uppercase(),
        "S direction marks" => {
            each(&mut copy, &|t| format!("\u{202b}{}\u{202c}", t.replace("، ", "،\u{200f} ")))
        }
        "S no-break spaces" => each(&mut copy, &|t| t.replace(' ', "\u{a0}")),
        "C cut at 160" | "C cut at 300" => {
            let at = if kind == "C cut at 160" { 160 } else { 300 };
            let text: String = copy.paragraphs.join(" ").chars().take(at).collect();
            let end = ["…", "...", " […]", " [&#8230;]", "…"][set.below(5)];
            copy.paragraphs = vec![format!("{}{end}", text.trim_end())];
        }
        "C first paragraph" => copy.paragraphs.truncate(1),
        "C two sentences and a link" => {
            let more = say(set, "more");
            copy.paragraphs = vec![sentences(&copy)[..2.min(sentences(&copy).len())].join(" ")];
            copy.after =
                format!("<p><a href=\"{}\">{more}</a></p>", copy.link.clone()?.replace('&', "&amp;"));
        }
        "C from the middle" => {
            let all = sentences(&copy);
            copy.paragraphs = vec![format!("… {}", all[1..4.min(all.len())].join(" "))];
        }
        "C headline only" => copy.paragraphs.clear(),
        "T suffix" => {
            let mark = [" - ", " | ", " — ", " :: ", " • ", " – "][set.below(6)];
            copy.title += &format!("{mark}{}", set.words.list(language, "outlet")[source % OUTLETS]);
        }
        "T kicker" => copy.title = format!("{} {}", say(set, "kicker"), copy.title).replace("| |", "|"),
        "T dateline" => copy.paragraphs[0] = format!("{} {}", say(set, "dateline"), copy.paragraphs[0]),
        "T credit" => copy.paragraphs.push(say(set, "credit")),
        "T caption" => {
            copy.before = format!(
                "<figure><img src=\"/i/{source}.jpg\" alt=\"\"><figcaption>{}</figcaption></figure>",
                say(set, "caption")
            );
        }
        "T related links" => {
            copy.after = format!(
                "<ul><li><a href=\"/a\">{}</a></li><li><a href=\"/b\">{}</a></li></ul>",
                say(set, "related"),
                say(set, "more")
            );
        }
        "T advertisement" => {
            let at = copy.paragraphs.len().min(1);
            copy.paragraphs.insert(at, say(set, "ad"));
        }
        "T update" => copy.paragraphs.push(say(set, "update")),
        "T other headline" => copy.title = set.words.say(language, &format!("{topic}.head2"), seed),
        "T edited headline" => {
            let turned = vec![format!("{topic}.head")];
            copy.title = set.words.say(language, &format!("{topic}.head"), &Seed { turned, ..seed.clone() });
        }
        "T typos" => {
            let swap = |t: &str| -> String {
                let mut n = 0;
                t.split(' ')
                    .map(|w| {
                        n += 1;
                        let c: Vec<char> = w.chars().collect();
                        if n % 13 != 5 || c.len() < 6 || !c.iter().all(|c| c.is_alphabetic()) {
                            return w.to_owned();
                        }
                        let mut c = c;
                        c.swap(2, 3);
                        c.into_iter().collect()
                    })
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            copy.paragraphs.iter_mut().for_each(|p| *p = swap(p));
        }
        "T reordered" => {
            let n = copy.paragraphs.len();
            if n > 2 {
                copy.paragraphs[1..].reverse();
            }
        }
        "T one sentence rewritten" => {
            let turned = vec![format!("{topic}.{}", 2 + set.below(4))];
            copy.paragraphs = tell(set, language, topic, &Seed { turned, ..seed.clone() });
        }
        _ => {
            copy.title = format!("{} {}", say(set, "kicker"), copy.title);
            copy.paragraphs[0] = format!("{} {}", say(set, "dateline"), copy.paragraphs[0]);
            let (credit, ad) = (say(set, "credit"), say(set, "ad"));
            copy.paragraphs.extend([credit, ad]);
            copy.before = format!("<p><small>{}</small></p>", say(set, "caption"));
        }
    }
    if copy.kind.starts_with('S')
        && copy.title == original.title
        && copy.paragraphs == original.paragraphs
        && !copy.escaped_twice
    {
        copy.kind = "T verbatim";
    }
    Some(copy)
}
