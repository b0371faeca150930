//! The page that shows the state of every source.

use jiff::Timestamp;
use serde::Serialize;

use super::words::Locale;
use super::{Maker, PageContext, Theme, ThemeError};
use crate::model::ErrorKind;

/// How a source is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It cannot be read.
    Failing,
    /// It has asked not to be visited again.
    Gone,
    /// It can be read, but nothing new has come for longer than is usual for it.
    Silent,
    /// It has not been read yet.
    Waiting,
    /// All is well.
    Healthy,
    /// The operator has switched it off.
    Paused,
}

impl Health {
    const ALL: [Self; 6] =
        [Self::Healthy, Self::Silent, Self::Failing, Self::Gone, Self::Waiting, Self::Paused];

    fn class(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Gone => "gone",
            Self::Silent => "silent",
            Self::Waiting => "waiting",
            Self::Healthy => "healthy",
            Self::Paused => "paused",
        }
    }

    fn words(self, locale: &Locale) -> &'static str {
        let words = locale.words();
        match self {
            Self::Failing => words.failing,
            Self::Gone => words.gone,
            Self::Silent => words.silent,
            Self::Waiting => words.waiting,
            Self::Healthy => words.healthy,
            Self::Paused => words.paused,
        }
    }
}

/// The state of one source.
#[derive(Clone, Debug)]
pub struct StatusRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is read from, without credentials.
    pub address: String,
    /// How it is doing.
    pub health: Health,
    /// When it was last read without an error (a 304 counts).
    pub last_success: Option<Timestamp>,
    /// When something new last came.
    pub last_new: Option<Timestamp>,
    /// When it will be visited next.
    pub next_due: Option<Timestamp>,
    /// How many entries of it are stored.
    pub entries: u64,
    /// New entries per day, the oldest day first, today last. At most 60 are shown.
    pub per_day: Vec<u32>,
    /// Why the last visit failed: the kind, and one sentence without secrets.
    pub error: Option<(ErrorKind, String)>,
}

/// A time as the page shows it.
#[derive(Serialize)]
struct Moment {
    datetime: String,
    exact: String,
    text: String,
}

#[derive(Serialize)]
struct RowView<'a> {
    title: &'a str,
    href: Option<String>,
    address: &'a str,
    class: &'static str,
    health: &'static str,
    last_success: Option<Moment>,
    last_new: Option<Moment>,
    next_due: Option<Moment>,
    stored: String,
    bars: Vec<Bar>,
    spark_width: usize,
    spark_words: String,
    error: Option<&'static str>,
    message: Option<&'a str>,
}

/// A bar of the sparkline, in units of its view box.
#[derive(Debug, PartialEq, Serialize)]
struct Bar {
    x: usize,
    y: f32,
    height: f32,
    words: String,
}

#[derive(Serialize)]
struct Part {
    class: &'static str,
    label: &'static str,
    count: String,
}

/// The state of every source at `now`: what needs care first, else in the order given.
///
/// # Errors
/// When a template of the theme fails.
pub fn status(
    theme: &Theme,
    ctx: &PageContext,
    rows: &[StatusRow],
    now: Timestamp,
) -> Result<Vec<u8>, ThemeError> {
    #[derive(Serialize)]
    struct States<'a> {
        total: String,
        tally: Vec<Part>,
        rows: Vec<RowView<'a>>,
    }
    let page = Maker::new(ctx, "status");
    let locale = &page.locale;
    let heading = locale.words().status_of_sources;
    let mut view = page.view(format!("{heading} · {}", ctx.title), heading.to_owned());
    view.is_status = true;
    let moment = |at: Timestamp| Moment {
        datetime: at.to_string(),
        exact: page.exact(at),
        text: locale.relative(at.as_second().saturating_sub(now.as_second())),
    };
    let mut sorted: Vec<&StatusRow> = rows.iter().collect();
    sorted.sort_by_key(|row| row.health);
    let views = sorted.iter().map(|row| {
        let shown = &row.per_day[row.per_day.len().saturating_sub(60)..];
        RowView {
            title: &row.title,
            href: ctx.sources.iter().find(|f| f.id == row.id).map(|f| super::view::encode(&f.path)),
            address: &row.address,
            class: row.health.class(),
            health: row.health.words(locale),
            last_success: row.last_success.map(moment),
            last_new: row.last_new.map(moment),
            next_due: row.next_due.map(moment),
            stored: locale.stories(row.entries),
            bars: bars(shown, locale),
            spark_width: (shown.len() * 4).max(1) - 1,
            spark_words: shown.iter().map(|n| locale.number(n)).collect::<Vec<_>>().join(" "),
            error: row.error.as_ref().map(|(kind, _)| locale.error(*kind)),
            message: row.error.as_ref().map(|(_, message)| message.as_str()),
        }
    });
    let tally = Health::ALL.iter().filter_map(|health| {
        let count = rows.iter().filter(|row| row.health == *health).count();
        (count > 0).then(|| Part {
            class: health.class(),
            label: health.words(locale),
            count: locale.number(count),
        })
    });
    let states =
        States { total: locale.sources(rows.len() as u64), tally: tally.collect(), rows: views.collect() };
    page.render(theme, "status.html", view, states)
}

/// A day with one entry can be told from a day without, whatever the busiest day has: the height grows with the
/// square root.
fn bars(per_day: &[u32], locale: &Locale) -> Vec<Bar> {
    const HEIGHT: f32 = 26.0;
    let most = per_day.iter().copied().max().unwrap_or(0).max(1) as f32;
    let today = per_day.len().saturating_sub(1);
    let bar = |(at, n): (usize, &u32)| {
        let height = if *n == 0 { 0.0 } else { ((*n as f32 / most).sqrt() * HEIGHT * 10.0).round() / 10.0 };
        let when =
            if at == today { String::new() } else { format!("{}: ", locale.days_ago((today - at) as u64)) };
        let words = format!("{when}{}", locale.stories(u64::from(*n)));
        Bar { x: at * 4, y: ((HEIGHT + 1.0 - height) * 10.0).round() / 10.0, height, words }
    };
    per_day.iter().enumerate().map(bar).filter(|bar| bar.height > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_day_is_seen_beside_a_busy_one() {
        let bars = bars(&[0, 1, 100], &Locale::of("en"));
        assert_eq!(bars.len(), 2);
        assert_eq!((bars[0].x, bars[0].height), (4, 2.6));
        assert_eq!((bars[1].x, bars[1].height, bars[1].y), (8, 26.0, 1.0));
        assert_eq!(bars[0].words, "1 day ago: 1 story");
        assert_eq!(bars[1].words, "100 stories");
    }

    #[test]
    fn no_history_is_no_sparkline() {
        assert!(bars(&[], &Locale::of("fa")).is_empty());
        assert!(bars(&[0, 0], &Locale::of("fa")).is_empty());
    }
}
