//! Invented sources: the same number always gives the same bytes.
//!
//! Words are drawn from made-up vocabularies with the frequencies of a language (few words very often, most
//! rarely), so that texts compress, compare and cluster like articles do. 60 % of the sources speak RSS 2.0 (half
//! of these with `content:encoded`), 30 % Atom, 5 % RDF, 5 % JSON Feed; a third each English, Persian, Arabic; 20 to
//! 50 items, of which 15 % are stories that other sources tell too, half of them word for word.

use std::fmt::Write;

/// Small and repeatable (Steele & Vigna's splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap_or(0)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

const ENGLISH: (&[&str], &[&str]) = (
    &[
        "the", "of", "and", "to", "in", "a", "for", "on", "that", "with", "was", "at", "by", "from", "as",
        "said", "will", "has", "have", "after", "its", "new", "year", "city", "people", "week", "more",
        "first", "two", "water",
    ],
    &[
        "ba", "ber", "cor", "dal", "den", "el", "far", "gar", "hol", "in", "ker", "lan", "mar", "nor", "or",
        "pen", "ra", "sel", "tor", "ul", "ver", "wen", "ty", "ing", "ham", "ton", "ster", "mond", "ly",
        "ect",
    ],
);
const PERSIAN: (&[&str], &[&str]) = (
    &[
        "در",
        "به",
        "از",
        "که",
        "این",
        "را",
        "با",
        "است",
        "برای",
        "آن",
        "یک",
        "خود",
        "تا",
        "کرد",
        "بر",
        "هم",
        "نیز",
        "گفت",
        "می‌شود",
        "وی",
        "شده",
        "باید",
        "شهر",
        "سال",
        "مردم",
        "گزارش",
        "آب",
        "پس",
        "هر",
        "چند",
    ],
    &[
        "با", "پر", "چم", "دا", "ژن", "گر", "سا", "کا", "مه", "نو", "را", "زی", "شا", "تو", "فر", "خا", "لا",
        "هم", "وا", "یا", "ند", "ست", "ری", "مان", "دان", "گاه", "ها", "گی", "نده", "ور",
    ],
);
const ARABIC: (&[&str], &[&str]) = (
    &[
        "في",
        "من",
        "على",
        "إلى",
        "أن",
        "عن",
        "مع",
        "هذا",
        "التي",
        "الذي",
        "قال",
        "بعد",
        "كما",
        "لم",
        "كان",
        "بين",
        "ذلك",
        "حول",
        "خلال",
        "عام",
        "المدينة",
        "الماء",
        "السوق",
        "الناس",
        "قبل",
        "كل",
        "غير",
        "حتى",
        "أو",
        "ثم",
    ],
    &[
        "با", "تر", "حم", "دا", "سع", "صا", "طي", "عم", "قل", "كت", "مد", "نو", "را", "زي", "شا", "تو", "فر",
        "خا", "لا", "هم", "ية", "ات", "ون", "ين", "ال", "مس", "تق", "وا", "يا", "غن",
    ],
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tongue {
    English,
    Persian,
    Arabic,
}

impl Tongue {
    fn of(source: usize) -> Self {
        [Self::English, Self::Persian, Self::Arabic][source % 3]
    }

    fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Persian => "fa",
            Self::Arabic => "ar",
        }
    }

    /// A word: one of thirty small ones in two of five cases, else one of twenty thousand, the rarer the higher its number.
    fn word(self, dice: &mut Dice, out: &mut String) {
        let (small, parts) = match self {
            Self::English => ENGLISH,
            Self::Persian => PERSIAN,
            Self::Arabic => ARABIC,
        };
        if dice.below(5) < 2 {
            out.push_str(small[dice.below(small.len())]);
            return;
        }
        let rank = (20_000f64.powf(dice.unit())) as u64;
        let mut form = Dice(rank * 7919 + self as u64);
        for _ in 0..2 + form.below(2) {
            out.push_str(parts[form.below(parts.len())]);
        }
    }

    fn words(self, dice: &mut Dice, count: usize) -> String {
        let mut out = String::new();
        for i in 0..count {
            if i > 0 {
                out.push(' ');
            }
            self.word(dice, &mut out);
        }
        out
    }
}

/// One article.
struct Item {
    id: String,
    url: String,
    title: String,
    teaser: String,
    html: String,
    /// Seconds since 1970.
    at: i64,
}

/// The newest item of the first state; states after it are younger.
const BEGIN: i64 = 1_760_000_000;

/// How many items a source lists.
pub fn length(source: usize) -> usize {
    20 + Dice(source as u64 ^ 0x51).below(31)
}

/// What a source says after it got `added` items more than it began with.
///
/// `sources` is how many there are in all, `at` where they are (`http://host:port`, without the path).
pub fn document(source: usize, added: usize, sources: usize, at: &str) -> (Vec<u8>, &'static str) {
    let tongue = Tongue::of(source);
    let items: Vec<Item> =
        (added..added + length(source)).rev().map(|n| item(source, n, sources, at)).collect();
    let mut dice = Dice(source as u64 ^ 0xfeed);
    let title = format!("{} {source}", tongue.words(&mut dice, 2));
    match source % 20 {
        0..=11 => (rss(&title, at, tongue, &items, source % 2 == 0), "application/rss+xml; charset=utf-8"),
        12..=17 => (atom(&title, at, tongue, &items), "application/atom+xml"),
        18 => (rdf(&title, at, tongue, &items), "application/xml"),
        _ => (json(&title, at, tongue, &items), "application/feed+json"),
    }
}

fn item(source: usize, n: usize, sources: usize, at: &str) -> Item {
    let mut own = Dice((source as u64) << 32 | n as u64);
    let tongue = Tongue::of(source);
    // A shared story is one that about five sources of a language tell.
    let shared = (own.below(100) < 15).then(|| own.below((sources * 35 * 15 / 100 / 5).max(1)));
    let word_for_word = own.below(2) == 0;
    let mut dice = match shared {
        Some(story) => {
            Dice(0x5707_0000_0000 + (story * 3 + tongue as usize) as u64 + ((n as u64 / 50) << 40))
        }
        None => Dice(own.next()),
    };
    let title = tongue.words(&mut dice, 8);
    let paragraphs = 3 + dice.below(5);
    let mut html = String::new();
    let mut teaser = String::new();
    for p in 0..paragraphs {
        let mut text = tongue.words(&mut dice, 45);
        if p == 0 {
            teaser.clone_from(&text);
        }
        if shared.is_some() && !word_for_word && p == 1 {
            text = tongue.words(&mut own, 20);
        }
        let middle = text.char_indices().filter(|(_, c)| *c == ' ').nth(9).map_or(0, |(i, _)| i);
        let (before, after) = text.split_at(middle);
        let _ = match p % 4 {
            1 => write!(html, "<p>{before} <a href=\"/topic/{p}\" onclick=\"x()\">{after}</a>.</p>\n"),
            2 => write!(html, "<p class=\"body\"><strong>{before}</strong> &amp; {after}.</p>\n"),
            3 => write!(html, "<ul><li>{before}</li><li><em>{after}</em></li></ul>\n"),
            _ => write!(html, "<p>{before}{after}.</p>\n"),
        };
        if p == 0 {
            let _ = write!(
                html,
                "<figure><img src=\"{at}/img/{n}.jpg\" width=\"640\" height=\"360\" alt=\"\"><figcaption>{before}</figcaption></figure>\n"
            );
        }
    }
    let _ = write!(html, "<img src=\"{at}/pixel.gif?n={n}\" width=\"1\" height=\"1\">");
    Item {
        id: format!("tag:s{source},2026:{n}"),
        url: format!("{at}/articles/{n}?utm_source=feed&utm_medium=rss"),
        title,
        teaser,
        html,
        at: BEGIN + n as i64 * 977 - (source as i64 % 900),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Seconds since 1970 → year, month, day, hour, minute, second (Howard Hinnant's days algorithm).
fn civil(at: i64) -> (i64, i64, i64, i64, i64, i64) {
    let (days, rest) = (at.div_euclid(86_400), at.rem_euclid(86_400));
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, month, doy - (153 * mp + 2) / 5 + 1, rest / 3600, rest / 60 % 60, rest % 60)
}

fn iso(at: i64) -> String {
    let (y, mo, d, h, m, s) = civil(at);
    format!("{y}-{mo:02}-{d:02}T{h:02}:{m:02}:{s:02}Z")
}

fn rfc822(at: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let (y, mo, d, h, m, s) = civil(at);
    let day = DAYS[usize::try_from(at.div_euclid(86_400).rem_euclid(7)).unwrap_or(0)];
    let month = MONTHS[usize::try_from(mo - 1).unwrap_or(0)];
    format!("{day}, {d:02} {month} {y} {h:02}:{m:02}:{s:02} +0000")
}

fn rss(title: &str, at: &str, tongue: Tongue, items: &[Item], full: bool) -> Vec<u8> {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n<title>{title}</title>\n<link>{at}/</link>\n<description>{title}</description>\n<language>{}</language>\n",
        tongue.code()
    );
    for item in items {
        let _ = write!(
            out,
            "<item>\n<title>{}</title>\n<link>{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{}</pubDate>\n<dc:creator>{title}</dc:creator>\n<category>{}</category>\n",
            item.title,
            escape(&item.url),
            item.id,
            rfc822(item.at),
            item.title.split(' ').next().unwrap_or_default(),
        );
        let _ = if full {
            write!(
                out,
                "<description>{}</description>\n<content:encoded><![CDATA[{}]]></content:encoded>\n</item>\n",
                item.teaser, item.html
            )
        } else {
            write!(out, "<description>{}</description>\n</item>\n", escape(&item.html))
        };
    }
    out.push_str("</channel>\n</rss>\n");
    out.into_bytes()
}

fn atom(title: &str, at: &str, tongue: Tongue, items: &[Item]) -> Vec<u8> {
    let newest = items.first().map_or(BEGIN, |i| i.at);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{title}</title>\n<id>{at}/</id>\n<link href=\"{at}/\"/>\n<updated>{}</updated>\n<author><name>{title}</name></author>\n",
        tongue.code(),
        iso(newest)
    );
    for item in items {
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<link rel=\"alternate\" href=\"{}\"/>\n<published>{}</published>\n<updated>{}</updated>\n<category term=\"{}\"/>\n<summary>{}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
            item.title,
            item.id,
            escape(&item.url),
            iso(item.at),
            iso(item.at),
            item.title.split(' ').next().unwrap_or_default(),
            item.teaser,
            escape(&item.html)
        );
    }
    out.push_str("</feed>\n");
    out.into_bytes()
}

fn rdf(title: &str, at: &str, tongue: Tongue, items: &[Item]) -> Vec<u8> {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"{at}/\">\n<title>{title}</title>\n<link>{at}/</link>\n<description>{title}</description>\n<dc:language>{}</dc:language>\n</channel>\n",
        tongue.code()
    );
    for item in items {
        let url = escape(&item.url);
        let _ = write!(
            out,
            "<item rdf:about=\"{}\">\n<title>{}</title>\n<link>{url}</link>\n<dc:date>{}</dc:date>\n<description>{}</description>\n</item>\n",
            item.id,
            item.title,
            iso(item.at),
            escape(&item.html)
        );
    }
    out.push_str("</rdf:RDF>\n");
    out.into_bytes()
}

fn json(title: &str, at: &str, tongue: Tongue, items: &[Item]) -> Vec<u8> {
    let quote =
        |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    let mut out = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": {}, \"home_page_url\": \"{at}/\", \"language\": \"{}\", \"items\": [\n",
        quote(title),
        tongue.code()
    );
    for (i, item) in items.iter().enumerate() {
        let _ = write!(
            out,
            "{}{{\"id\": {}, \"url\": {}, \"title\": {}, \"summary\": {}, \"content_html\": {}, \"date_published\": \"{}\"}}",
            if i > 0 { ",\n" } else { "" },
            quote(&item.id),
            quote(&item.url),
            quote(&item.title),
            quote(&item.teaser),
            quote(&item.html),
            iso(item.at)
        );
    }
    out.push_str("\n]}\n");
    out.into_bytes()
}
