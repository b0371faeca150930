use super::*;
use crate::model::{Location, SourceId};
use proptest::prelude::*;

const FOREVER: Duration = Duration::from_secs(10 * 365 * 86_400);

fn at(s: &str) -> Timestamp {
    s.parse().unwrap()
}

fn now() -> Timestamp {
    // A Sunday.
    at("2026-03-01T12:00:00Z")
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

fn source(id: &str) -> Source {
    let place = Location::Http(url::Url::parse("https://gardens.example/feed").unwrap());
    Source { min_interval: minutes(15), max_interval: DAY, ..Source::plain(id, place, false) }
}

fn with_interval(interval: Duration) -> Source {
    Source { interval: Some(interval), ..source("gardens") }
}

fn visited(now: Timestamp) -> History {
    History::default().after(Outcome::Success, now)
}

/// How long until the next visit, in minutes, rounded up.
fn wait(source: &Source, hints: &Hints<'_>) -> i64 {
    let due = next_due(&visited(now()), Outcome::Success, source, hints, now());
    (due.duration_since(now()).as_secs() + 59) / 60
}

/// Lets passes go by, one each `step`, and tells at which of them the source was asked.
fn passes(
    source: &Source,
    step: Duration,
    count: i64,
    drift: impl Fn(i64) -> i64,
    ok: impl Fn(i64) -> bool,
) -> Vec<i64> {
    let mut history = History::default();
    let mut due = None;
    let mut asked = Vec::new();
    for pass in 0..count {
        let seconds = i64::try_from(step.as_secs()).unwrap() * pass + drift(pass);
        let now = now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        if is_due(due, history.last_visit, now, source) {
            asked.push(pass);
            let outcome = if ok(pass) { Outcome::Success } else { Outcome::Failure };
            history = history.after(outcome, now);
            due = Some(next_due(&history, outcome, source, &Hints::default(), now));
        }
    }
    asked
}

#[test]
fn the_latest_of_all_wishes_within_the_bounds() {
    let hour = with_interval(HOUR);
    let fresh = |minutes_: u64| Hints { fresh_for: Some(minutes(minutes_)), ..Hints::default() };
    assert!((58..=60).contains(&wait(&hour, &Hints::default())));
    assert_eq!(wait(&hour, &fresh(180)), 180, "a header lengthens");
    assert!((58..=60).contains(&wait(&hour, &fresh(5))), "and never shortens");
    assert_eq!(wait(&hour, &fresh(60 * 24 * 30)), 60 * 24, "max_interval holds");
    let ttl = FeedHints { ttl_minutes: Some(240), update_period_minutes: Some(120), ..FeedHints::default() };
    assert_eq!(wait(&hour, &Hints { feed: Some(&ttl), ..Hints::default() }), 240);
    assert_eq!(wait(&hour, &Hints { feed: Some(&ttl), ..fresh(300) }), 300);
    let period = FeedHints { update_period_minutes: Some(600), ..FeedHints::default() };
    assert_eq!(wait(&hour, &Hints { feed: Some(&period), ..Hints::default() }), 600);
    let absurd = FeedHints { ttl_minutes: Some(u32::MAX), ..FeedHints::default() };
    assert_eq!(wait(&hour, &Hints { feed: Some(&absurd), ..Hints::default() }), 60 * 24);
    let patient = Source { max_interval: FOREVER, ..hour.clone() };
    assert_eq!(
        wait(&patient, &Hints { feed: Some(&absurd), ..Hints::default() }),
        60 * 24 * 7,
        "a week at most"
    );
    assert!(wait(&with_interval(minutes(1)), &Hints::default()) >= 14, "min_interval holds");
    let rare = with_interval(3 * DAY);
    assert!(wait(&rare, &Hints::default()) > 60 * 24 * 2, "an interval beyond max_interval is meant");
}

#[test]
fn freshness_counts_from_the_answer_and_the_interval_from_the_pass() {
    let answered = at("2026-03-01T12:04:00Z");
    let hints = Hints { answered: Some(answered), ..Hints::default() };
    assert!((58..=60).contains(&wait(&with_interval(HOUR), &hints)));
    assert_eq!(wait(&with_interval(HOUR), &Hints { fresh_for: Some(HOUR), ..hints }), 64);
}

#[test]
fn a_pass_that_comes_in_a_skipped_hour_leaves_the_source_alone_up_to_max_interval() {
    let source = source("gardens");
    let until = |feed: &FeedHints, last: &str| skipped_until(Some(at(last)), feed, now(), &source);
    let noon = FeedHints { skip_hours: vec![12, 13], ..FeedHints::default() };
    assert_eq!(until(&noon, "2026-03-01T10:00:00Z"), Some(at("2026-03-01T14:00:00Z")));
    assert_eq!(until(&noon, "2026-02-28T13:30:00Z"), Some(at("2026-03-01T13:30:00Z")), "a day at most");
    assert_eq!(until(&noon, "2026-02-28T11:00:00Z"), None);
    let sunday = FeedHints { skip_days: vec![7], ..FeedHints::default() };
    assert_eq!(until(&sunday, "2026-03-01T00:00:00Z"), Some(at("2026-03-02T00:00:00Z")));
    let all = FeedHints { skip_hours: (0..24).collect(), ..FeedHints::default() };
    assert_eq!(until(&all, "2026-03-01T10:00:00Z"), None, "who skips everything says nothing");
    assert_eq!(until(&FeedHints::default(), "2026-03-01T10:00:00Z"), None);
    assert_eq!(skipped_until(None, &noon, now(), &source), None, "a source that never answered");
    assert_eq!(until(&noon, "2036-03-01T10:00:00Z"), None, "nor one of which a wrong clock is all we know");
}

#[test]
fn skipped_hours_and_days() {
    let hour = Source { max_interval: 3 * DAY, ..with_interval(HOUR) };
    let due = |hints: FeedHints| {
        next_due(
            &visited(now()),
            Outcome::Success,
            &hour,
            &Hints { feed: Some(&hints), ..Hints::default() },
            now(),
        )
    };
    // Due a little before 13:00.
    assert_eq!(
        due(FeedHints { skip_hours: vec![12, 13, 14], ..FeedHints::default() }),
        at("2026-03-01T15:00:00Z")
    );
    assert_eq!(due(FeedHints { skip_days: vec![7], ..FeedHints::default() }), at("2026-03-02T00:00:00Z"));
    let both = FeedHints { skip_days: vec![7, 1], skip_hours: vec![24, 1], ..FeedHints::default() };
    assert_eq!(due(both), at("2026-03-03T02:00:00Z"));
    let all = FeedHints { skip_hours: (0..24).collect(), ..FeedHints::default() };
    assert!(due(all) <= at("2026-03-01T13:00:00Z"), "who skips everything says nothing");
    let odd = FeedHints { skip_hours: vec![200], skip_days: vec![0, 99], ..FeedHints::default() };
    due(odd);
    let day = Source { max_interval: DAY, ..hour.clone() };
    let week =
        FeedHints { skip_days: (1..7).chain([7]).filter(|d| *d != 6).collect(), ..FeedHints::default() };
    let hints = Hints { feed: Some(&week), ..Hints::default() };
    assert_eq!(
        next_due(&visited(now()), Outcome::Success, &day, &hints, now()),
        at("2026-03-02T12:00:00Z"),
        "max_interval holds"
    );
}

#[test]
fn a_source_is_asked_as_often_as_it_publishes() {
    let every = |gap: Duration, count: u32| -> Vec<Timestamp> {
        (1..=count).map(|n| now().checked_sub(SignedDuration::try_from(gap * n).unwrap()).unwrap()).collect()
    };
    let wait = |recent: Vec<Timestamp>| {
        let history = History { recent, ..visited(now()) };
        let due = next_due(&history, Outcome::Success, &source("gardens"), &Hints::default(), now());
        due.duration_since(now()).as_secs() / 60
    };
    assert!((15..=17).contains(&wait(every(minutes(10), 20))), "a busy one");
    assert!((170..=200).contains(&wait(every(12 * HOUR, 20))), "twice a day");
    assert!(wait(every(7 * DAY, 20)) > 20 * 60, "once a week");
    assert!(wait(every(90 * DAY, 3)) > 20 * 60, "once a season");
    assert!((60..=66).contains(&wait(vec![])), "nothing known");
    assert!((60..=66).contains(&wait(vec![at("2030-01-01T00:00:00Z")])), "the future does not count");
    assert!(wait(vec![at("2026-03-01T00:00:00Z"); 20]) > 150, "all of one moment count once");
    let silent: Vec<_> = every(minutes(10), 20)
        .iter()
        .map(|t| t.checked_sub(SignedDuration::from_hours(240)).unwrap())
        .collect();
    assert!(wait(silent) > 100, "one that has fallen silent slows down");
}

#[test]
fn sources_spread() {
    let dues: std::collections::BTreeSet<_> = (0..100)
        .map(|n| {
            next_due(
                &visited(now()),
                Outcome::Success,
                &source(&format!("garden-{n}")),
                &Hints::default(),
                now(),
            )
        })
        .collect();
    assert!(dues.len() > 90);
    let spread = dues.last().unwrap().duration_since(*dues.first().unwrap());
    assert!(spread > SignedDuration::from_mins(4), "{spread:?}");
}

#[test]
fn an_hourly_cron_job_reaches_an_hourly_source_every_hour() {
    for id in ["gardens", "harbour", "a", "b", "c", "d", "e", "f"] {
        let source = Source { id: SourceId::from(id), ..with_interval(HOUR) };
        // Cron starts within the first seconds of the minute, earlier or later than last time.
        let asked = passes(&source, HOUR, 48, |pass| (pass * 37) % 50, |_| true);
        assert_eq!(asked.len(), 48, "{id} {asked:?}");
    }
}

#[test]
fn passes_a_minute_apart_ask_nobody_twice() {
    for source in [source("gardens"), with_interval(HOUR), with_interval(minutes(15))] {
        assert_eq!(passes(&source, MINUTE, 10, |_| 0, |_| true), [0]);
        assert_eq!(passes(&source, MINUTE, 10, |_| 0, |_| false), [0]);
    }
}

#[test]
fn a_dead_source_is_asked_ever_less_often() {
    let intervals = [
        None,
        Some(minutes(1)),
        Some(minutes(15)),
        Some(minutes(30)),
        Some(HOUR),
        Some(2 * HOUR),
        Some(12 * HOUR),
    ];
    for interval in intervals {
        for id in ["gardens", "harbour", "market", "trams"] {
            let source = Source { interval, id: SourceId::from(id), ..source(id) };
            let asked = passes(&source, HOUR, 24, |_| 0, |_| false);
            assert!((2..=9).contains(&asked.len()), "{interval:?} {asked:?}");
            let week = passes(&source, HOUR, 24 * 14, |_| 0, |_| false);
            let last = &week[week.len() - 4..];
            assert!(last.windows(2).all(|pair| pair[1] - pair[0] <= 24), "at least once a day: {week:?}");
        }
    }
}

#[test]
fn a_source_that_comes_back_is_asked_as_before() {
    let source = with_interval(HOUR);
    let asked = passes(&source, HOUR, 100, |_| 0, |pass| pass >= 20);
    let back = asked.iter().position(|pass| *pass >= 20).unwrap();
    assert!(asked[back..].windows(2).all(|pair| pair[1] - pair[0] == 1), "{asked:?}");
}

#[test]
fn retry_after_is_kept_and_capped() {
    let source = with_interval(HOUR);
    let history = visited(now()).after(Outcome::Failure, now());
    let due = |retry_at| {
        next_due(
            &history,
            Outcome::Failure,
            &source,
            &Hints { retry_at: Some(retry_at), ..Hints::default() },
            now(),
        )
    };
    assert_eq!(due(at("2026-03-03T00:00:00Z")), at("2026-03-03T00:00:00Z"));
    assert_eq!(due(at("2036-03-03T00:00:00Z")), at("2026-03-08T12:00:00Z"));
    assert!(due(at("2026-03-01T12:00:05Z")) > at("2026-03-01T12:50:00Z"), "never sooner than without");
    // Not asked, since its host is silent: no failure of its own.
    let before = visited(at("2026-03-01T11:00:00Z"));
    let after = before.clone().after(Outcome::NotAsked, now());
    assert_eq!(after, before);
    let hints = Hints { retry_at: Some(at("2026-03-01T12:30:00Z")), ..Hints::default() };
    assert_eq!(next_due(&after, Outcome::NotAsked, &source, &hints, now()), at("2026-03-01T12:30:00Z"));
}

#[test]
fn pushed_sources_are_polled_as_a_safety_net_only() {
    let hints = Hints { pushed: true, ..Hints::default() };
    assert!(wait(&with_interval(HOUR), &hints) > 60 * 23);
    assert!(wait(&source("gardens"), &hints) > 60 * 23);
}

#[test]
fn a_clock_that_jumps_does_no_lasting_harm() {
    let source = with_interval(HOUR);
    let future = at("2036-03-01T12:00:00Z");
    let history = visited(future);
    let due = next_due(&history, Outcome::Success, &source, &Hints::default(), future);
    assert!(is_due(Some(due), history.last_visit, now(), &source), "back from the future");
    assert!(is_due(Some(due), None, now(), &source), "a due time beyond all caps");
    let here = visited(now());
    let due = next_due(&here, Outcome::Success, &source, &Hints::default(), now());
    assert!(is_due(Some(due), here.last_visit, future, &source), "on to the future");
    let back = now().checked_sub(SignedDuration::from_secs(5)).unwrap();
    assert!(!is_due(Some(due), here.last_visit, back, &source), "a clock that was set right by seconds");
    assert!(is_due(None, None, now(), &source), "never visited");
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (0i64..4_000_000_000).prop_map(|s| Timestamp::from_second(s).unwrap())
}

proptest! {
    #[test]
    fn never_sooner_than_allowed_never_later_than_bounded(
        now in any_time(),
        recent in proptest::collection::vec(any_time(), 0..30),
        interval in proptest::option::of(0u64..2_000_000),
        min in 0u64..100_000,
        max in 0u64..1_000_000,
        failures in 0u32..200,
        fresh in proptest::option::of(any::<u64>()),
        ttl in proptest::option::of(any::<u32>()),
        skip_hours in proptest::collection::vec(any::<u8>(), 0..30),
        skip_days in proptest::collection::vec(any::<u8>(), 0..9),
        retry in proptest::option::of(any_time()),
        id in "[a-z]{1,8}",
    ) {
        let source = Source {
            interval: interval.map(Duration::from_secs),
            min_interval: Duration::from_secs(min),
            max_interval: Duration::from_secs(max),
            ..source(&id)
        };
        let history = History { last_visit: Some(now), last_success: None, failures, recent };
        let feed = FeedHints { ttl_minutes: ttl, update_period_minutes: None, skip_hours, skip_days };
        let hints = Hints { fresh_for: fresh.map(Duration::from_secs), retry_at: retry, feed: Some(&feed), ..Hints::default() };
        let outcome = if failures == 0 { Outcome::Success } else { Outcome::Failure };
        let due = next_due(&history, outcome, &source, &hints, now);
        prop_assert_eq!(due, next_due(&history, outcome, &source, &hints, now));
        let (min, max) = bounds(&source);
        let wait = Duration::try_from(due.duration_since(now)).unwrap();
        prop_assert!(wait >= min.saturating_sub(slack(min)));
        if let Some(interval) = source.interval {
            prop_assert!(wait >= interval.saturating_sub(slack(interval)));
        }
        let cap = max.max(BACKOFF_CAP);
        let silent = retry.map(|r| Duration::try_from(r.duration_since(now)).unwrap_or_default().min(HINT_CAP)).unwrap_or_default();
        prop_assert!(wait <= cap.max(silent));
        prop_assert!(wait >= silent);
        // Whatever is stored, the source is due at its time and not before.
        prop_assert!(is_due(Some(due), history.last_visit, due, &source));
        prop_assert_eq!(is_due(Some(due), history.last_visit, now, &source), due <= now);
    }
}

#[test]
fn a_schedule_says_when_in_its_own_zone() {
    let cron = |text: &str| {
        let parser =
            croner::parser::CronParser::builder().seconds(croner::parser::Seconds::Disallowed).build();
        Box::new(parser.parse(text).unwrap())
    };
    let zone = jiff::tz::TimeZone::get("Asia/Tehran").unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (text, now, next) in [
        ("*/10 6-23 * * *", "2026-11-25T08:03:00Z", "2026-11-25T08:10:00Z"),
        // Tehran is three and a half hours ahead: after 23:50 there, it rests until 06:00.
        ("*/10 6-23 * * *", "2026-11-25T20:25:00Z", "2026-11-26T02:30:00Z"),
        ("0 7 * * sat", "2026-11-25T08:00:00Z", "2026-11-28T03:30:00Z"),
        ("0 7 1 * *", "2026-11-02T08:00:00Z", "2026-12-01T03:30:00Z"),
    ] {
        let source = Source {
            schedule: Some(crate::model::Schedule { cron: cron(text), zone: zone.clone() }),
            ..source("gardens")
        };
        let now = at(now);
        let history = History::default().after(Outcome::Success, now);
        let due = next_due(&history, Outcome::Success, &source, &Hints::default(), now);
        assert_eq!(due, at(next), "{text} after {now}");
        assert!(!is_due(Some(due), Some(now), now, &source), "{text}");
        assert!(is_due(Some(due), Some(now), due, &source), "{text}");
    }
}

#[test]
fn silence_is_learnt_from_the_longest_pause() {
    let day = |d: i64| Timestamp::from_second(1_700_000_000 + d * 86_400).unwrap();
    assert_eq!(expected(&[day(0), day(1), day(2), day(3)]), None, "too few");
    assert_eq!(expected(&[day(0), day(1), day(5), day(6), day(7)]), Some(Duration::from_secs(12 * 86_400)));
    let busy: Vec<_> = (0..20).map(|n| Timestamp::from_second(1_700_000_000 + n * 600).unwrap()).collect();
    assert_eq!(expected(&busy), Some(Duration::from_secs(2 * 86_400)), "not a word before two days");
}
