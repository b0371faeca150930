use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A second, as short as a test allows.
const SECOND: Duration = Duration::from_millis(60);

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn clock() -> Clock {
    Clock::new(now)
}

async fn enter(polite: &Politeness, host: &str) -> Slot {
    polite.enter(host, &clock()).await.unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

#[test]
fn hosts_are_named_without_their_own_port() {
    let table = [
        ("http://Feeds.Example/a", "feeds.example"),
        ("https://feeds.example:443/b", "feeds.example"),
        ("https://feeds.example./b", "feeds.example"),
        ("http://feeds.example:8080/", "feeds.example:8080"),
        ("http://127.1/", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ];
    for (url, want) in table {
        assert_eq!(host_key(&Url::parse(url).unwrap()), want);
    }
}

#[tokio::test]
async fn one_at_a_time_and_a_pause_after_each_end() {
    let polite = Arc::new(Politeness::new(1, SECOND, 64));
    let begin = Instant::now();
    let running = Arc::new(AtomicUsize::new(0));
    let mut tasks = Vec::new();
    for _ in 0..5 {
        let (polite, running) = (polite.clone(), running.clone());
        tasks.push(tokio::spawn(async move {
            let _slot = enter(&polite, "a.example").await;
            let start = begin.elapsed();
            assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at once");
            tokio::time::sleep(SECOND / 3).await;
            running.fetch_sub(1, Ordering::SeqCst);
            start
        }));
    }
    let mut starts = Vec::new();
    for task in tasks {
        starts.push(task.await.unwrap().as_millis());
    }
    starts.sort_unstable();
    for pair in starts.windows(2) {
        assert!(pair[1] - pair[0] >= 80, "{starts:?}");
    }
}

#[tokio::test]
async fn several_at_a_time_still_start_a_pause_apart() {
    let polite = Arc::new(Politeness::new(3, SECOND, 64));
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let polite = polite.clone();
        tasks.push(tokio::spawn(async move {
            let _slot = enter(&polite, "a.example").await;
            let start = begin.elapsed();
            tokio::time::sleep(10 * SECOND).await;
            start
        }));
    }
    let mut starts = Vec::new();
    for task in tasks {
        starts.push(task.await.unwrap().as_millis());
    }
    starts.sort_unstable();
    assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= 59), "{starts:?}");
}

#[tokio::test]
async fn hosts_do_not_wait_for_each_other() {
    let polite = Politeness::new(1, SECOND, 64);
    let begin = Instant::now();
    let _a = enter(&polite, "a.example").await;
    let _b = enter(&polite, "b.example").await;
    assert!(begin.elapsed() < SECOND);
}

#[tokio::test]
async fn who_waits_for_a_host_holds_no_slot() {
    let polite = Arc::new(Politeness::new(1, SECOND, 2));
    let begin = Instant::now();
    for _ in 0..50 {
        let polite = polite.clone();
        tokio::spawn(async move {
            let mut slot = enter(&polite, "slow.example").await;
            slot.wait(Instant::now() + 30 * SECOND, std::future::pending::<()>()).await;
        });
    }
    tokio::task::yield_now().await;
    drop(enter(&polite, "healthy.example").await);
    assert!(begin.elapsed() < SECOND);
}

#[tokio::test]
async fn who_gets_no_answer_steps_aside() {
    let mut polite = Politeness::new(1, Duration::ZERO, 4);
    polite.patience = SECOND;
    let polite = Arc::new(polite);
    let begin = Instant::now();
    for host in 0..8 {
        let polite = polite.clone();
        tokio::spawn(async move {
            let mut slot = enter(&polite, &format!("dead{host}.example")).await;
            let deadline = Instant::now() + 30 * SECOND;
            assert!(slot.wait(deadline, std::future::pending::<()>()).await.is_none());
        });
    }
    tokio::task::yield_now().await;
    drop(enter(&polite, "healthy.example").await);
    assert!((SECOND..20 * SECOND).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn hosts_at_rest_are_forgotten() {
    let polite = Politeness::new(1, Duration::from_micros(1), 64);
    for host in 0..5000 {
        drop(enter(&polite, &format!("h{host}.example")).await);
    }
    assert!(lock(&polite.hosts).len() <= 1024);
}

#[test]
fn silences_hold_until_their_end_and_never_longer_than_a_week() {
    let polite = Politeness::new(1, SECOND, 64);
    let at = |s: &str| s.parse::<Timestamp>().unwrap();
    polite.silence("a.example", at("2026-03-01T13:00:00Z"));
    polite.silence("a.example", at("2026-03-01T12:30:00Z"));
    polite.silence("b.example", at("2036-03-01T12:00:00Z"));
    polite.silence("c.example", at("2026-03-08T12:00:00Z"));
    assert_eq!(polite.silent_until("a.example", now()), Some(at("2026-03-01T13:00:00Z")));
    assert_eq!(polite.silent_until("a.example", at("2026-03-01T13:00:00Z")), None);
    assert_eq!(polite.silent_until("b.example", now()), None, "left by a clock that was ten years ahead");
    assert_eq!(polite.silent_until("x.example", now()), None);
    let list = polite.silences(now());
    assert_eq!(list.iter().map(|(host, _)| host.as_str()).collect::<Vec<_>>(), ["a.example", "c.example"]);
}

#[tokio::test]
async fn patience_shrinks_with_each_time_out_to_a_few_times_the_slowest_answer() {
    let polite = Politeness::new(1, Duration::ZERO, 64);
    let least = Duration::from_secs(1);
    let limit = Duration::from_secs(20);
    let slot = enter(&polite, "dead.example").await;
    let mut total = Duration::ZERO;
    for _ in 0..50 {
        total += slot.patience(limit, least);
        slot.note(Some(&lost(ErrorKind::Timeout)));
    }
    assert!(total < Duration::from_secs(90), "{total:?}");
    assert_eq!(slot.patience(least / 2, least), least / 2, "never longer than the limit");
    slot.began_after(Duration::from_millis(900));
    slot.began_after(Duration::from_millis(2));
    slot.note(None);
    assert_eq!(slot.patience(limit, least), Duration::from_millis(3600));
    let other = enter(&polite, "other.example").await;
    assert_eq!(other.patience(limit, least), limit);
}

fn lost(kind: ErrorKind) -> Failure {
    Failure { kind, message: "lost".into(), status: None, retry_at: None }
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_tried_once() {
    let polite = Politeness::new(1, SECOND, 64);
    let slot = enter(&polite, "down.example").await;
    slot.note(Some(&lost(ErrorKind::Dns)));
    drop(slot);
    let begin = Instant::now();
    for _ in 0..50 {
        let refusal = polite.enter("down.example", &clock()).await.err();
        assert!(matches!(refusal, Some(Refusal::Down(failure)) if failure.kind == ErrorKind::Dns));
    }
    assert!(begin.elapsed() < SECOND);
    enter(&polite, "up.example").await.note(Some(&lost(ErrorKind::Interrupted)));
    drop(enter(&polite, "up.example").await);
}
