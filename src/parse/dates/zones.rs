//! The zone that stands behind a time of day.

use jiff::tz::{Offset, TimeZone};

use super::DateContext;
use super::tokens::Tokens;

/// What is said about the zone of a time.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// A distance from UTC, in seconds.
    Fixed(i32),
    /// A place with rules of its own.
    Place(TimeZone),
}

const HOUR: i32 = 3600;

/// Abbreviations with one meaning, in minutes east of UTC. They are taken literally: "EST" in July is still −5
/// (RFC 5322 §4.3).
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("zulu", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("hast", -600),
    ("nst", -210),
    ("ndt", -150),
    ("adt", -180),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("oesz", 180),
    ("oez", 120),
    ("msk", 180),
    ("мск", 180),
    ("msd", 240),
    ("trt", 180),
    ("samt", 240),
    ("yekt", 300),
    ("novt", 420),
    ("vlat", 600),
    ("irst", 210),
    ("irdt", 270),
    ("aft", 270),
    ("gst", 240),
    ("pkt", 300),
    ("uzt", 300),
    ("npt", 345),
    ("bdt", 360),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("hkt", 480),
    ("sgt", 480),
    ("myt", 480),
    ("pht", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("wat", 60),
    ("cat", 120),
    ("sast", 120),
    ("eat", 180),
    ("brt", -180),
    ("brst", -120),
    ("art", -180),
    ("clt", -240),
    ("clst", -180),
    ("cot", -300),
    ("pet", -300),
    ("vet", -240),
    // RFC 822 §5.1; the letters between are passed over.
    ("a", -60),
    ("m", -720),
    ("n", 60),
    ("y", 720),
    // In words.
    ("غرینتش", 0),
    ("جرینتش", 0),
    ("گرینویچ", 0),
];

/// Names of places and of rules in one word.
const PLACES: &[(&str, &str)] = &[
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
    ("تهران", "Asia/Tehran"),
    ("کابل", "Asia/Kabul"),
    ("مکه", "Asia/Riyadh"),
    ("القاهره", "Africa/Cairo"),
    ("بیروت", "Asia/Beirut"),
    ("دمشق", "Asia/Damascus"),
    ("بغداد", "Asia/Baghdad"),
];

/// POSIX forms of the American zones.
const POSIX: &[(&str, u64, &str, &str)] = &[
    ("est", 5, "edt", "America/New_York"),
    ("cst", 6, "cdt", "America/Chicago"),
    ("mst", 7, "mdt", "America/Denver"),
    ("pst", 8, "pdt", "America/Los_Angeles"),
];

/// The zone that begins at `at` (behind a time of day), and the place after it.
pub(super) fn at(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Zone, usize)> {
    if tokens.is_sign(at, '(') {
        let (zone, end) = one(tokens, at + 1, context)?;
        // «(بتوقيت مكة المكرمة)».
        let close = (end..end + 3).find(|i| tokens.is_sign(*i, ')'))?;
        return (end..close).all(|i| tokens.word(i).is_some()).then_some((zone, close + 1));
    }
    let (zone, end) = one(tokens, at, context)?;
    Some((zone, comment(tokens, end)))
}

/// Passes over a comment that repeats the zone: "+0000 (UTC)", "GMT+0300 (Moscow Standard Time)".
fn comment(tokens: &Tokens, at: usize) -> usize {
    if !tokens.is_sign(at, '(') {
        return at;
    }
    (at + 1..at + 10)
        .take_while(|&i| i < tokens.len())
        .find(|&i| tokens.is_sign(i, ')'))
        .filter(|&close| (at + 1..close).all(|i| tokens.word(i).is_some() || tokens.sign(i).is_some()))
        .map_or(at, |close| close + 1)
}

fn one(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Zone, usize)> {
    if let Some(sign @ ('+' | '-')) = tokens.sign(at) {
        let (seconds, end) = distance(tokens, at, sign, false)?;
        return Some((Zone::Fixed(seconds), end));
    }
    let first = tokens.word(at)?;
    // "بتوقيت غرينتش", «به وقت تهران».
    if matches!(first, "بتوقیت" | "توقیت" | "وقت" | "بوقت") {
        return one(tokens, at + 1, context);
    }
    if first == "به" && tokens.is_word(at + 1, &["وقت"]) {
        return one(tokens, at + 2, context);
    }
    if tokens.is_sign(at + 1, '/')
        && tokens.is_glued(at + 1)
        && let Some(found) = place(tokens, at)
    {
        return Some(found);
    }
    for &(standard, hours, summer, name) in POSIX {
        if first == standard
            && tokens.figures(at + 1, 1, 1) == Some(hours)
            && tokens.is_glued(at + 1)
            && tokens.is_word(at + 2, &[summer])
        {
            return TimeZone::get(name).ok().map(|tz| (Zone::Place(tz), at + 3));
        }
    }
    if let Some(found) = in_words(tokens, at) {
        return Some(found);
    }
    if matches!(first, "gmt" | "utc" | "ut" | "z")
        && let Some(sign @ ('+' | '-')) = tokens.sign(at + 1)
        && let Some((seconds, end)) = distance(tokens, at + 1, sign, true)
    {
        return Some((Zone::Fixed(seconds), end));
    }
    if let Some(&(_, minutes)) = ABBREVIATIONS.iter().find(|(name, _)| *name == first) {
        return Some((Zone::Fixed(minutes * 60), at + 1));
    }
    if let Some(&(_, name)) = PLACES.iter().find(|(word, _)| *word == first) {
        return TimeZone::get(name).ok().map(|tz| (Zone::Place(tz), at + 1));
    }
    // Those with several meanings go by the language.
    let is = |prefix: &str| context.language.is_some_and(|l| l.to_ascii_lowercase().starts_with(prefix));
    let minutes = match first {
        "ist" if is("he") || is("iw") => 120,
        "ist" if is("ga") || is("en-ie") => 60,
        "ist" => 330,
        "cst" if is("zh") => 480,
        "cst" => -360,
        "ast" if is("ar") => 180,
        "ast" => -240,
        _ => return None,
    };
    Some((Zone::Fixed(minutes * 60), at + 1))
}

/// "Eastern Standard Time", "Greenwich Mean Time".
fn in_words(tokens: &Tokens, at: usize) -> Option<(Zone, usize)> {
    const NAMES: &[(&str, &str, i32)] = &[
        ("eastern", "standard", -300),
        ("eastern", "daylight", -240),
        ("central", "standard", -360),
        ("central", "daylight", -300),
        ("mountain", "standard", -420),
        ("mountain", "daylight", -360),
        ("pacific", "standard", -480),
        ("pacific", "daylight", -420),
        ("greenwich", "mean", 0),
        ("universal", "time", 0),
        ("coordinated", "universal", 0),
        ("iran", "standard", 210),
        ("india", "standard", 330),
    ];
    let &(_, second, minutes) = NAMES
        .iter()
        .find(|(first, second, _)| tokens.is_word(at, &[first]) && tokens.is_word(at + 1, &[second]))?;
    let end = if second != "time" && tokens.is_word(at + 2, &["time"]) { at + 3 } else { at + 2 };
    Some((Zone::Fixed(minutes * 60), end))
}

/// The distance from UTC whose sign stands at `at`: `+0330`, `+03:30`, `+3`, `+03`. `named` after "GMT" or "UTC", where
/// nothing else can be meant.
fn distance(tokens: &Tokens, at: usize, sign: char, named: bool) -> Option<(i32, usize)> {
    if !named && !tokens.is_glued(at + 1) {
        return None;
    }
    let (value, digits) = tokens.number(at + 1)?;
    let value = i32::try_from(value).ok()?;
    let minutes_follow = tokens.is_sign(at + 2, ':') && tokens.is_glued(at + 2) && tokens.is_glued(at + 3);
    let (hours, minutes, end) = match digits {
        1 | 2 if minutes_follow => (value, i32::try_from(tokens.figures(at + 3, 2, 2)?).ok()?, at + 4),
        1 | 2 if named || tokens.is_glued(at) || at + 2 == tokens.len() => (value, 0, at + 2),
        3 | 4 => (value / 100, value % 100, at + 2),
        6 => (value / 10_000, value / 100 % 100, at + 2),
        _ => return None,
    };
    // A number that goes on is a date: "10:30 -1403/03/31".
    if matches!(tokens.sign(end), Some('/' | '-' | ':'))
        && tokens.is_glued(end)
        && tokens.number(end + 1).is_some()
    {
        return None;
    }
    if hours > 15 || minutes > 59 {
        return None;
    }
    let seconds = hours * HOUR + minutes * 60;
    Some((if sign == '-' { -seconds } else { seconds }, end))
}

/// An IANA name: `Asia/Tehran`, `America/Argentina/Buenos_Aires`, `Etc/GMT+3`.
fn place(tokens: &Tokens, at: usize) -> Option<(Zone, usize)> {
    let mut name = tokens.word(at)?.to_owned();
    let mut end = at + 1;
    let mut best = None;
    while let Some(sign @ ('/' | '_' | '+' | '-')) = tokens.sign(end) {
        if !tokens.is_glued(end) || !tokens.is_glued(end + 1) {
            break;
        }
        name.push(sign);
        match (tokens.word(end + 1), tokens.figures(end + 1, 1, 2)) {
            (Some(word), _) => name.push_str(word),
            (_, Some(number)) => name.push_str(&number.to_string()),
            _ => break,
        }
        end += 2;
        if let Ok(tz) = TimeZone::get(&name) {
            best = Some((Zone::Place(tz), end));
        }
        if name.len() > 40 {
            break;
        }
    }
    best
}

impl Zone {
    /// As jiff has it.
    pub(super) fn time_zone(&self) -> Option<TimeZone> {
        match self {
            Self::Fixed(seconds) => Offset::from_seconds(*seconds).ok().map(TimeZone::fixed),
            Self::Place(tz) => Some(tz.clone()),
        }
    }
}
