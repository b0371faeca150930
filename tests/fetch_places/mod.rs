//! Sources that lie at the same place, and sources that have moved to a place that fails.

use super::binary::{Kariz, rss};
use super::origin::{Origin, feed, ok, redirect, status};
use super::{DAY, HOUR, count};

#[test]
fn no_url_is_asked_twice_in_a_pass_whoever_leads_to_it() {
    let (origin, other) = (Origin::start(), Origin::start());
    let there = origin.url("/feed");
    for (path, code, to) in [
        ("/moved", 301, "/feed"),
        ("/lent", 302, "/feed"),
        ("/fragment", 301, "/feed#news"),
        ("/large", 301, "/large"),
        ("/broken", 301, "/broken"),
    ] {
        let to = origin.url(to);
        other.on(path, move |_| redirect(code, &to));
    }
    origin.on("/feed", |seen| match seen.header("if-none-match") {
        Some(_) => status(304, &[], ""),
        None => status(200, &[("ETag", "\"1\"")], feed("shared")),
    });
    origin.on("/large", |_| {
        let text = "A long article. ".repeat(100_000);
        ok(rss("large", &[("1", "Large", "https://large.example/1", &text, "Mon, 02 Nov 2026 06:00:00 GMT")]))
    });
    origin.on("/broken", |_| status(500, &[], ""));
    let sources = [
        ("first", there),
        ("large1", origin.url("/large")),
        ("broken1", origin.url("/broken")),
        ("moved", other.url("/moved")),
        ("lent", other.url("/lent")),
        ("fragment", other.url("/fragment")),
        ("broken2", other.url("/broken")),
        ("large2", other.url("/large")),
    ];
    let kariz = Kariz::with_sources(sources);
    kariz.fetch();
    assert_eq!(["/feed", "/broken"].map(|path| count(&origin, path)), [1, 1]);
    // Nobody knew yet that a second source leads there, and a large body waits for none that is not known.
    let large = count(&origin, "/large");
    assert!((1..=2).contains(&large), "{large}");
    for id in ["first", "fragment", "moved", "lent", "large1", "large2"] {
        assert_eq!(kariz.status(id)["entries"], 1, "{id}");
    }
    for id in ["broken1", "broken2"] {
        assert_eq!(kariz.status(id)["error_kind"], "server_error", "{id}");
    }
    // Once more: what all know is asked for on that condition, and "not modified" is said to all.
    kariz.later(DAY);
    kariz.fetch();
    assert_eq!(["/feed", "/large", "/broken"].map(|path| count(&origin, path)), [2, large + 1, 2]);
    assert_eq!(origin.seen("/feed")[1].header("if-none-match"), Some("\"1\""));
    for id in ["first", "moved", "lent"] {
        let state = kariz.status(id);
        assert_eq!((&state["http_status"], &state["state"]), (&304.into(), &"ok".into()), "{id}");
    }
}

#[test]
fn who_asks_with_other_credentials_asks_for_himself() {
    let origin = Origin::start();
    origin.on("/feed", |seen| match seen.header("x-key") {
        Some("right") => ok(feed("secret")),
        _ => status(403, &[], ""),
    });
    let url = origin.url("/feed");
    let here = url.clone();
    origin.on("/door", move |_| redirect(302, &here));
    let door = origin.url("/door");
    let kariz = Kariz::with_config(&format!(
        "[fetch]\nallow_private_addresses = true\nper_host_delay = \"0s\"\n\
         [[source]]\nid = \"member\"\nurl = \"{url}\"\nheaders = {{ X-Key = \"right\" }}\n\
         [[source]]\nid = \"stranger\"\nurl = \"{door}\"\n"
    ));
    kariz.fetch();
    assert_eq!(count(&origin, "/feed"), 2);
    assert_eq!(kariz.status("member")["entries"], 1);
    assert_eq!(kariz.status("stranger")["error_kind"], "forbidden");
}

#[test]
fn who_has_moved_to_a_place_that_fails_is_asked_at_home_again() {
    let (home, new) = (Origin::start(), Origin::start());
    let there = new.url("/feed");
    home.on("/feed", move |_| redirect(301, &there));
    new.on("/feed", |_| ok(feed("moved")));
    let kariz = Kariz::with_sources([("town", home.url("/feed"))]);
    kariz.fetch();
    assert_eq!(kariz.status("town")["moved_to"], new.url("/feed"));
    // The new place is lost, and who sits at home has not heard of it.
    new.on("/feed", |_| status(404, &[], ""));
    for failures in 1..=3 {
        kariz.later(2 * DAY);
        kariz.fetch();
        assert_eq!((count(&home, "/feed"), count(&new, "/feed")), (1, 1 + failures));
    }
    let error = kariz.status("town")["error"].to_string();
    assert!(error.contains("its address in feeds.toml is tried again"), "{error}");
    kariz.later(2 * DAY);
    kariz.fetch();
    assert_eq!((count(&home, "/feed"), count(&new, "/feed")), (2, 5), "home sends us there once more");
    assert_eq!(
        kariz.status("town")["moved_to"],
        new.url("/feed"),
        "a weekend without a network forgets nothing"
    );
    kariz.later(2 * DAY);
    kariz.fetch();
    assert_eq!((count(&home, "/feed"), count(&new, "/feed")), (2, 6), "both are asked in turns");
    // It has come back.
    home.on("/feed", |_| ok(feed("home")));
    kariz.later(2 * DAY);
    kariz.fetch();
    let state = kariz.status("town");
    assert!(state["moved_to"].is_null() && state["error"].is_null(), "{state}");
    assert_eq!(state["entries"], 2, "what came from elsewhere stays");
    kariz.later(HOUR);
    kariz.fetch();
    assert_eq!((count(&home, "/feed"), count(&new, "/feed")), (4, 6));
}

#[test]
fn who_stumbles_over_our_conditions_is_asked_without_them() {
    let origin = Origin::start();
    let healthy = |_: &super::Seen| status(200, &[("ETag", "\"1\"")], feed("town"));
    for (path, code) in [("/412", 412), ("/431", 431), ("/500", 500)] {
        origin.on(path, move |seen| match seen.header("if-none-match") {
            Some(_) => status(code, &[], ""),
            None => healthy(seen),
        });
    }
    let kariz = Kariz::with_sources(["412", "431", "500"].map(|id| (id, origin.url(&format!("/{id}")))));
    let conditions = |path: &str| -> Vec<bool> {
        origin.seen(path).iter().map(|seen| seen.header("if-none-match").is_some()).collect()
    };
    for _ in 0..7 {
        kariz.fetch();
        kariz.later(2 * DAY);
    }
    for path in ["/412", "/431"] {
        assert_eq!(conditions(path), [false, true, false, true, false, true, false], "{path}");
    }
    // An error of its own is no reason to ask for everything at once; one that stays is.
    assert_eq!(conditions("/500"), [false, true, true, true, true, true, false]);
    assert_eq!(kariz.status("500")["state"], "ok");
}
