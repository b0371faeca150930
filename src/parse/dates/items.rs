//! Tokens become items; items that stand together become a date.

use std::ops::Range;

use jiff::{Timestamp, civil};

use super::clock::{self, Clock};
use super::day::{self, Day};
use super::tokens::Tokens;
use super::{Calendar, DateContext, Found, Precision, found_at, names, relative};

/// What a run of tokens means.
#[derive(Debug)]
enum Item {
    Day(Day),
    Clock(Clock),
    Weekday(u8),
    /// "yesterday".
    DayWord(civil::Date),
    /// "3 hours ago".
    Relative(Timestamp, Precision),
    /// A sign or a word that may stand between the parts of one date.
    Filler,
    /// Anything else.
    Other,
}

/// Words that may stand between a day and its time, and between two calendars.
const FILLERS: &[&str] = &[
    "at",
    "on",
    "the",
    "of",
    "um",
    "am",
    "den",
    "der",
    "dem",
    "a",
    "à",
    "as",
    "le",
    "la",
    "las",
    "los",
    "el",
    "en",
    "at",
    "alle",
    "ore",
    "il",
    "в",
    "во",
    "о",
    "об",
    "kl",
    "klo",
    "saat",
    "saati",
    "ساعت",
    "ساعة",
    "الساعه",
    "در",
    "فی",
    "و",
    "uhr",
    "h",
    "zu",
    "om",
    "o",
    "godz",
    "time",
    "heure",
    "hora",
    "ora",
    "uhrzeit",
    "время",
    "زمان",
    "الوقت",
    "التوقیت",
    "بتوقیت",
    "برابر",
    "با",
    "مطابق",
    "مصادف",
    "الموافق",
    "الموافقه",
    "موافق",
    "روز",
    "یوم",
    "تاریخ",
    "بتاریخ",
    "de",
    "del",
    "di",
    "г",
    "года",
    "р",
    "року",
    "gg",
    "т",
    "z",
    "ngay",
    "luc",
    "dia",
    "med",
    "m",
    "ب",
    "st",
    "nd",
    "rd",
    "th",
    "م",
    "ه",
    "به",
    "وقت",
    "محلی",
    "et",
    "u",
    "ist",
    "local",
    "המקומית",
    "בשעה",
    "στις",
    "στισ",
];

/// Reads a text that is a date, with a label at most.
pub(super) fn whole(text: &str, context: &DateContext<'_>) -> Option<Found> {
    let tokens = Tokens::of(text);
    if relative::is_now(&tokens) {
        let date = context.now.to_zoned(context.timezone.clone()).date();
        return Some(Found {
            timestamp: context.now,
            date,
            precision: Precision::Minute,
            calendar: Calendar::Gregorian,
            has_zone: false,
            has_weekday: false,
            relative: true,
        });
    }
    let items = items(&tokens, context);
    let others = items.iter().filter(|(item, _)| matches!(item, Item::Other)).count();
    if others > 14 {
        return None;
    }
    // A weekday or a word for "at" in a language that is not known here.
    let clusters = clusters(items, 1, |_| false);
    let several = clusters.iter().filter(|cluster| !cluster.days.is_empty()).count() > 1;
    let mut found: Vec<Found> = Vec::new();
    for cluster in &clusters {
        // A short year among words is as likely something else: a version, a score, a number of people.
        if others > 1 && cluster.days.iter().any(|(day, _)| day.short_year) {
            continue;
        }
        // "Published on Monday, updated on Tuesday" is Monday's.
        if several && follows_update(&tokens, cluster.place.start) {
            continue;
        }
        match cluster.resolve(context) {
            Resolved::Date(date) => found.push(date),
            Resolved::Contradiction => return None,
            Resolved::Nothing => {}
        }
    }
    let first = *found.first()?;
    if !found.iter().all(|other| agree(&first, other)) {
        // A text that tells two days tells none.
        return None;
    }
    found.into_iter().max_by_key(|f| (f.calendar == Calendar::Gregorian, f.precision))
}

/// Words for the last change of a text stand right before `at`.
fn follows_update(tokens: &Tokens, at: usize) -> bool {
    const WORDS: &[&str] = &[
        "updated",
        "update",
        "modified",
        "edited",
        "revised",
        "روزرسانی",
        "بروزرسانی",
        "بهروزرسانی",
        "ویرایش",
        "تحدیث",
        "التحدیث",
        "تعدیل",
        "jour",
        "modifie",
        "aktualisiert",
        "geandert",
        "actualizado",
        "atualizado",
        "aggiornato",
        "guncelleme",
        "обновлено",
        "изменено",
        "更新",
        "수정",
    ];
    (at.saturating_sub(5)..at).any(|i| tokens.is_word(i, WORDS))
}

/// Finds the dates of a running text. A date does not go over the end of a line.
pub(super) fn all(text: &str, context: &DateContext<'_>) -> Vec<(Range<usize>, Found)> {
    let mut found = Vec::new();
    let mut start = 0;
    // Tokens take more room than text: a few lines at a time.
    while start < text.len() {
        let mut end = text.len();
        if end - start > PIECE {
            let near = (start + PIECE..).find(|i| text.is_char_boundary(*i)).unwrap_or(end);
            end = text[near..].find(char::is_whitespace).map_or(end, |space| near + space);
            end = text[start..end].rfind('\n').map_or(end, |line| start + line + 1);
        }
        all_in(&text[start..end], start, context, &mut found);
        start = end;
    }
    found
}

/// How much of a text is looked at at once, in bytes.
const PIECE: usize = 32_768;

fn all_in(text: &str, offset: usize, context: &DateContext<'_>, found: &mut Vec<(Range<usize>, Found)>) {
    let tokens = Tokens::of(text);
    let bytes = |place: &Range<usize>| {
        let first = tokens.get(place.start)?;
        let last = tokens.get(place.end.checked_sub(1)?)?;
        Some(offset + first.start..offset + last.end)
    };
    let begins_line = |at: usize| tokens.get(at).is_some_and(|token| token.line);
    for cluster in clusters(items(&tokens, context), 0, begins_line) {
        if !cluster.is_certain() {
            continue;
        }
        match cluster.resolve(context) {
            Resolved::Date(date) => found.extend(bytes(&cluster.place).map(|place| (place, date))),
            // Two days beside each other that are not the same: today's and the article's.
            Resolved::Contradiction => {
                for (day, place) in &cluster.days {
                    let date = found_at(day.date, day.calendar, None, context);
                    found.extend(bytes(place).zip(date));
                }
            }
            Resolved::Nothing => {}
        }
    }
}

fn items(tokens: &Tokens, context: &DateContext<'_>) -> Vec<(Item, Range<usize>)> {
    let mut items: Vec<(Item, Range<usize>)> = Vec::new();
    let mut at = 0;
    let mut after_day = false;
    while at < tokens.len() {
        let dotted = after_day
            || at > 0
                && tokens.is_word(at - 1, &["um", "kl", "klo", "ore", "alle", "saat", "ساعت", "o", "godz"]);
        let (item, end) = if let Some((when, precision, end)) = relative::at(tokens, at, context) {
            (Item::Relative(when, precision), end)
        } else if let Some((clock, end)) = dotted_clock(tokens, at, after_day, context) {
            (Item::Clock(clock), end)
        } else if let Some((day, end)) = day::at(tokens, at, context) {
            (Item::Day(day), end)
        } else if let Some((clock, end)) = clock::at(tokens, at, dotted, context) {
            (Item::Clock(clock), end)
        } else if let Some((date, end)) = relative::day_word(tokens, at, context) {
            (Item::DayWord(date), end)
        } else if let Some((weekday, end)) = names::weekday(tokens, at) {
            (Item::Weekday(weekday), end)
        } else if tokens
            .sign(at)
            .is_some_and(|c| matches!(c, ',' | '-' | '/' | '|' | '.' | ':' | '(' | ')' | '\'' | '~' | '@'))
            || tokens.is_word(at, FILLERS)
        {
            (Item::Filler, at + 1)
        } else {
            (Item::Other, at + 1)
        };
        after_day = match item {
            Item::Day(_) => true,
            Item::Filler | Item::Weekday(_) => after_day,
            _ => false,
        };
        // Every road moves on; this holds it even if one day one does not.
        let end = end.max(at + 1);
        items.push((item, at..end));
        at = end;
    }
    items
}

/// "10.30.15" right behind a day is a time, though it could be a day by itself.
fn dotted_clock(
    tokens: &Tokens,
    at: usize,
    after_day: bool,
    context: &DateContext<'_>,
) -> Option<(Clock, usize)> {
    if !after_day || !tokens.is_sign(at + 1, '.') || !tokens.is_sign(at + 3, '.') {
        return None;
    }
    clock::at(tokens, at, true, context).filter(|(clock, _)| clock.has_seconds)
}

/// Items that belong to one date.
#[derive(Debug, Default)]
struct Cluster {
    /// Each with its tokens.
    days: Vec<(Day, Range<usize>)>,
    clock: Option<Clock>,
    weekday: Option<u8>,
    day_word: Option<civil::Date>,
    relative: Option<(Timestamp, Precision)>,
    /// Tokens.
    place: Range<usize>,
}

/// What a cluster says.
enum Resolved {
    Date(Found),
    /// Two calendars that do not agree.
    Contradiction,
    /// No day.
    Nothing,
}

impl Cluster {
    fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// What may be taken for a date in running text too.
    fn is_certain(&self) -> bool {
        !self.days.is_empty()
            && self.days.iter().all(|(day, _)| !day.short_year || day.figures && self.clock.is_some())
            || self.relative.is_some()
            || self.day_word.is_some() && self.clock.is_some()
    }

    fn resolve(&self, context: &DateContext<'_>) -> Resolved {
        if let Some((timestamp, precision)) = self.relative {
            return Resolved::Date(Found {
                timestamp,
                date: timestamp.to_zoned(context.timezone.clone()).date(),
                precision,
                calendar: Calendar::Gregorian,
                has_zone: false,
                has_weekday: false,
                relative: true,
            });
        }
        let made = |date, calendar, clock: Option<&Clock>| match found_at(date, calendar, clock, context) {
            Some(found) => Resolved::Date(Found { has_weekday: self.weekday.is_some(), ..found }),
            None => Resolved::Nothing,
        };
        let Some((first, _)) = self.days.first() else {
            return match self.day_word.map(|date| made(date, Calendar::Gregorian, self.clock.as_ref())) {
                Some(Resolved::Date(found)) => Resolved::Date(Found { relative: true, ..found }),
                _ => Resolved::Nothing,
            };
        };
        let dates: Vec<(civil::Date, Calendar)> =
            self.days.iter().map(|(day, _)| (self.date_of(day, context), day.calendar)).collect();
        for (date, calendar) in &dates {
            if !same_day(dates[0], (*date, *calendar)) {
                return Resolved::Contradiction;
            }
        }
        let &(date, calendar) =
            dates.iter().find(|(_, calendar)| *calendar == Calendar::Gregorian).unwrap_or(&dates[0]);
        let mut clock =
            self.days.iter().find_map(|(day, _)| day.clock.clone()).or_else(|| self.clock.clone());
        if let Some(clock) = &mut clock {
            clock.korean |= first.korean;
        }
        made(date, calendar, clock.as_ref())
    }

    /// Which reading of ambiguous figures is meant: the one that the weekday bears out, else the American one where
    /// "am" or "pm" stands by it and no language speaks against it.
    fn date_of(&self, day: &Day, context: &DateContext<'_>) -> civil::Date {
        let Some(other) = day.other else { return day.date };
        if let Some(weekday) = self.weekday {
            let is = |date: civil::Date| u8::try_from(date.weekday().to_monday_one_offset()) == Ok(weekday);
            return if !is(day.date) && is(other) { other } else { day.date };
        }
        let american =
            context.language.is_none() && self.clock.as_ref().is_some_and(|clock| clock.latin_half);
        if american && day.other_is_month_first { other } else { day.date }
    }
}

/// Two calendars may be a day apart: the site's midnight is not everyone's, and a month of Hijri begins with the moon.
fn same_day(a: (civil::Date, Calendar), b: (civil::Date, Calendar)) -> bool {
    let days = a.0.until(b.0).map_or(i32::MAX, |span| span.get_days().abs());
    match (a.1, b.1) {
        (x, y) if x == y => days == 0,
        (Calendar::Hijri, _) | (_, Calendar::Hijri) => days <= 2,
        _ => days <= 1,
    }
}

fn agree(a: &Found, b: &Found) -> bool {
    same_day((a.date, a.calendar), (b.date, b.calendar))
}

/// Groups `items` into dates; `strangers` words without meaning may stand within one. `parts` tells whether a token
/// begins something new.
fn clusters(
    items: Vec<(Item, Range<usize>)>,
    strangers: usize,
    parts: impl Fn(usize) -> bool,
) -> Vec<Cluster> {
    let mut clusters = Vec::new();
    let mut met = 0;
    let mut current = Cluster::default();
    let mut fillers = 0;
    for (item, place) in items {
        let next = parts(place.start)
            || match &item {
                Item::Other => {
                    met += 1;
                    met > strangers
                }
                Item::Filler => {
                    fillers += 1;
                    fillers > 5
                }
                Item::Day(day) => {
                    let repeats = current
                        .days
                        .last()
                        .is_some_and(|(last, _)| last.calendar != day.calendar || last.date == day.date);
                    !current.days.is_empty() && !repeats
                        || current.relative.is_some()
                        || current.days.len() > 2
                }
                Item::Clock(_) => {
                    current.clock.is_some() || current.days.iter().any(|(day, _)| day.clock.is_some())
                }
                Item::Weekday(_) => current.weekday.is_some() && !current.days.is_empty(),
                Item::Relative(..) => !current.is_empty(),
                Item::DayWord(_) => {
                    current.day_word.is_some() || !current.days.is_empty() || current.relative.is_some()
                }
            };
        if next && !current.is_empty() {
            clusters.push(std::mem::take(&mut current));
        }
        match item {
            Item::Other | Item::Filler => continue,
            Item::Day(day) => current.days.push((day, place.clone())),
            Item::Clock(clock) => current.clock = Some(clock),
            Item::Weekday(weekday) => current.weekday = current.weekday.or(Some(weekday)),
            Item::DayWord(date) => current.day_word = Some(date),
            Item::Relative(when, precision) => current.relative = Some((when, precision)),
        }
        (fillers, met) = (0, 0);
        current.place = if current.place.is_empty() { place } else { current.place.start..place.end };
    }
    if !current.is_empty() {
        clusters.push(current);
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hijri_month_may_begin_a_day_later() {
        let date = civil::date(2025, 7, 12);
        assert!(same_day((date, Calendar::Gregorian), (civil::date(2025, 7, 13), Calendar::Hijri)));
        assert!(!same_day((date, Calendar::Gregorian), (civil::date(2025, 7, 15), Calendar::Jalali)));
    }
}
