//! The time of day.

use super::DateContext;
use super::tokens::Tokens;
use super::zones::{self, Zone};

/// A time of day with what is known of its zone.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// 24 only with nothing behind it: the end of the day.
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) nanosecond: u32,
    pub(super) has_seconds: bool,
    pub(super) zone: Option<Zone>,
    /// "am" or "pm" in Latin letters stood by it, as in dates of the United States.
    pub(super) latin_half: bool,
    /// Written in Korean.
    pub(super) korean: bool,
}

/// Half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Before,
    After,
    /// «شب», «ليلا»: from evening until morning.
    Night,
}

/// Reads the time of day that begins at `at`. `dotted` allows "10.30" (behind a date or a word for "at").
pub(super) fn at(
    tokens: &Tokens,
    at: usize,
    dotted: bool,
    context: &DateContext<'_>,
) -> Option<(Clock, usize)> {
    let (half_before, mut i) = match half(tokens, at) {
        // "am 3. Juni" is German for "on".
        Some((half, end))
            if tokens.number(end).is_some()
                && (tokens.is_sign(end + 1, ':') || tokens.word(at).is_some_and(|word| !word.is_ascii())) =>
        {
            (Some((half, at)), end)
        }
        _ => (None, at),
    };
    let mut clock = Clock {
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        has_seconds: false,
        zone: None,
        latin_half: false,
        korean: false,
    };
    let mut i_end;
    if tokens.is_word(i, &["t"]) && tokens.is_glued(i + 1) {
        i += 1;
        // The basic form of ISO 8601: T1014, T101455.
        if let Some(value) = tokens.figures(i, 4, 4) {
            clock.hour = u8::try_from(value / 100).ok()?;
            clock.minute = u8::try_from(value % 100).ok()?;
            return finish(tokens, clock, i + 1, None, context);
        }
        if let Some(value) = tokens.figures(i, 6, 6) {
            clock.hour = u8::try_from(value / 10_000).ok()?;
            clock.minute = u8::try_from(value / 100 % 100).ok()?;
            clock.second = u8::try_from(value % 100).ok()?;
            clock.has_seconds = true;
            let end = fraction(tokens, i + 1, &mut clock);
            return finish(tokens, clock, end, None, context);
        }
    }
    clock.hour = u8::try_from(tokens.figures(i, 1, 2)?).ok()?;
    // ISO 8601's hour alone: "T10Z".
    if i > at && tokens.is_word(i - 1, &["t"]) && !matches!(tokens.sign(i + 1), Some(':' | '.')) {
        return finish(tokens, clock, i + 1, None, context);
    }
    match tokens.sign(i + 1) {
        Some(':') => {
            let minute = tokens.figures(i + 2, 1, 2)?;
            let one_digit = tokens.figures(i + 2, 1, 1).is_some();
            clock.minute = u8::try_from(minute).ok()?;
            i_end = i + 3;
            if tokens.is_sign(i_end, ':')
                && let Some(second) = tokens.figures(i_end + 1, 1, 2)
            {
                clock.second = u8::try_from(second).ok()?;
                clock.has_seconds = true;
                i_end = fraction(tokens, i_end + 2, &mut clock);
            } else if one_digit {
                return None;
            }
        }
        Some('.') if dotted && tokens.is_glued(i + 1) && tokens.is_glued(i + 2) => {
            clock.minute = u8::try_from(tokens.figures(i + 2, 2, 2)?).ok()?;
            i_end = i + 3;
            if tokens.is_sign(i_end, '.')
                && let Some(second) = tokens.figures(i_end + 1, 2, 2)
            {
                clock.second = u8::try_from(second).ok()?;
                clock.has_seconds = true;
                i_end += 2;
            }
        }
        _ => {
            if let Some(end) = in_words(tokens, i, &mut clock) {
                i_end = end;
            } else {
                // "3 pm": only a half of the day makes a bare number a time.
                let latin_or_before = half_before.is_some()
                    || half(tokens, i + 1).is_some_and(|(_, end)| !is_lone_letter(tokens, i + 1, end));
                let named = at > 0 && tokens.is_word(at - 1, &["ساعت", "الساعه"]);
                if !latin_or_before && !named {
                    return None;
                }
                i_end = i + 1;
            }
        }
    }
    finish(tokens, clock, i_end, half_before, context)
}

/// A one-letter word that could mean something else than half a day («م» is also "AD").
fn is_lone_letter(tokens: &Tokens, at: usize, end: usize) -> bool {
    end == at + 1 && tokens.word(at).is_some_and(|word| word.chars().count() == 1)
}

/// "10h30", "10時30分20秒", "오후 3시 10분". Gives the place behind.
fn in_words(tokens: &Tokens, at: usize, clock: &mut Clock) -> Option<usize> {
    const HOURS: &[&str] = &["h", "u", "時", "时", "点", "點", "시", "hs"];
    const MINUTES: &[&str] = &["分", "분", "m", "min"];
    const SECONDS: &[&str] = &["秒", "초", "s"];
    if !tokens.is_word(at + 1, HOURS) {
        return None;
    }
    clock.korean = tokens.is_word(at + 1, &["시"]);
    let mut end = at + 2;
    if let Some(minute) = tokens
        .figures(end, 2, 2)
        .or_else(|| tokens.figures(end, 1, 1).filter(|_| tokens.is_word(end + 1, MINUTES)))
    {
        clock.minute = u8::try_from(minute).ok()?;
        end += 1;
        if tokens.is_word(end, MINUTES) {
            end += 1;
        }
        if tokens.is_word(end + 1, SECONDS)
            && let Some(second) = tokens.figures(end, 1, 2)
        {
            clock.second = u8::try_from(second).ok()?;
            clock.has_seconds = true;
            end += 2;
        }
    }
    Some(end)
}

/// Reads a fraction of a second behind the seconds, with a point or a comma (ISO 8601). Gives the place behind.
fn fraction(tokens: &Tokens, at: usize, clock: &mut Clock) -> usize {
    if !matches!(tokens.sign(at), Some('.' | ',' | ':')) || !tokens.is_glued(at) || !tokens.is_glued(at + 1) {
        return at;
    }
    let Some((value, digits)) = tokens.number(at + 1) else { return at };
    let nanoseconds = match digits {
        1..=9 => value * 10u64.pow(9 - u32::from(digits)),
        10..=18 => value / 10u64.pow(u32::from(digits) - 9),
        _ => 0,
    };
    clock.nanosecond = u32::try_from(nanoseconds).unwrap_or(0);
    at + 2
}

fn finish(
    tokens: &Tokens,
    mut clock: Clock,
    end: usize,
    before: Option<(Half, usize)>,
    context: &DateContext<'_>,
) -> Option<(Clock, usize)> {
    let mut end = end;
    let mut which = before.map(|(half, _)| half);
    if let Some((_, at)) = before {
        clock.korean |= tokens.is_word(at, &["오전", "오후"]);
    }
    if which.is_none()
        && let Some((found, after)) = half(tokens, end)
    {
        clock.latin_half = tokens.word(end).is_some_and(str::is_ascii);
        which = Some(found);
        end = after;
    }
    match which {
        Some(Half::Before | Half::Night) if clock.hour == 12 => clock.hour = 0,
        Some(Half::Night) if (6..12).contains(&clock.hour) => clock.hour += 12,
        Some(Half::After) if clock.hour < 12 => clock.hour += 12,
        _ => {}
    }
    let whole_day = clock.hour == 24 && clock.minute == 0 && clock.second == 0;
    if clock.hour > 23 && !whole_day || clock.minute > 59 || clock.second > 60 {
        return None;
    }
    // A leap second is the last second that a clock here can show.
    clock.second = clock.second.min(59);
    // The German "Uhr" stands between time and zone.
    if tokens.is_word(end, &["uhr", "h", "hrs", "hr"]) {
        end += 1;
    }
    if let Some((zone, after)) = zones::at(tokens, end, context) {
        clock.zone = Some(zone);
        end = after;
        // Dates of some generators end "+00:00Z": the letter says nothing more.
        if tokens.is_word(end, &["z"]) && tokens.is_glued(end) {
            end += 1;
        }
        // "GMT +0300", "UTC+0000 GMT": a distance is more precise than a name.
        if matches!(clock.zone, Some(Zone::Fixed(0)))
            && matches!(tokens.sign(end), Some('+' | '-'))
            && let Some((zone, after)) = zones::at(tokens, end, context)
        {
            clock.zone = Some(zone);
            end = after;
        } else if let Some((_, after)) = zones::at(tokens, end, context)
            .filter(|(_, after)| *after == end + 1 && tokens.word(end).is_some_and(|w| w.len() >= 3))
        {
            end = after;
        }
    }
    Some((clock, end))
}

/// The half of the day that is named at `at`, and the place after it.
fn half(tokens: &Tokens, at: usize) -> Option<(Half, usize)> {
    const BEFORE: &[&str] = &["am", "ص", "صباحا", "صبح", "بامداد", "오전", "πμ", "oo", "de", "سحر", "صباح"];
    const AFTER: &[&str] =
        &["pm", "م", "مسا", "عصر", "بعدازظهر", "ظهر", "ظهرا", "오후", "μμ", "os", "du", "غروب"];
    let word = tokens.word(at)?;
    // «ق.ظ», "p.m.", "π.μ.": letters with dots.
    if tokens.is_sign(at + 1, '.') && tokens.is_glued(at + 1) {
        let end = if tokens.is_sign(at + 3, '.') && tokens.is_glued(at + 3) { at + 4 } else { at + 3 };
        match (word, tokens.word(at + 2)) {
            ("a", Some("m")) | ("ق", Some("ظ")) | ("π", Some("μ")) => return Some((Half::Before, end)),
            ("p", Some("m")) | ("ب", Some("ظ")) | ("μ", Some("μ")) => return Some((Half::After, end)),
            _ => {}
        }
    }
    match (word, tokens.word(at + 1)) {
        ("قبل", Some("از")) if tokens.is_word(at + 2, &["ظهر"]) => {
            return Some((Half::Before, at + 3));
        }
        ("بعد", Some("از")) if tokens.is_word(at + 2, &["ظهر"]) => {
            return Some((Half::After, at + 3));
        }
        ("قبل", Some("الظهر"))
        | ("上" | "午", Some("午" | "前"))
        | ("早", Some("上"))
        | ("凌", Some("晨")) => {
            return Some((Half::Before, at + 2));
        }
        ("بعد", Some("الظهر")) | ("下", Some("午")) | ("午", Some("後" | "后")) | ("晚", Some("上")) =>
        {
            return Some((Half::After, at + 2));
        }
        _ => {}
    }
    // The Hungarian "de." and "du." and the Turkish "ÖÖ" and "ÖS" are words elsewhere: only right behind a figure.
    if matches!(word, "de" | "du" | "oo" | "os") {
        return None;
    }
    if matches!(word, "شب" | "لیلا") {
        return Some((Half::Night, at + 1));
    }
    if BEFORE.contains(&word) {
        return Some((Half::Before, at + 1));
    }
    AFTER.contains(&word).then_some((Half::After, at + 1))
}
