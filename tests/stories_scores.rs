//! How well stories are recognised on the labelled set:
//! `cargo test --release --test stories_scores -- --nocapture` prints the scores.

mod stories_set;

use stories_set::{Planet, generate, score, share};

#[test]
fn stories_are_recognised_and_nothing_else_is() {
    let stories: usize = std::env::var("KARIZ_STORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(720);
    let seed: u64 = std::env::var("KARIZ_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let set = generate(seed, stories);
    let started = std::time::Instant::now();
    let mut planet = Planet::default();
    let found = planet.read(&set);
    let scores = score(&set, &found);
    println!("{} items, {} polls, {:.2?}", set.len(), 3, started.elapsed());
    println!(
        "precision {:.4}  recall {:.4}  adjusted Rand {:.4}",
        scores.precision, scores.recall, scores.rand
    );
    println!("\ncopies with their original:");
    for (kind, count) in &scores.kinds {
        println!("  {kind:28} {:4} of {:4}  {:.3}", count.0, count.1, share(*count));
    }
    println!("\ntraps merged:");
    for (kind, count) in &scores.traps {
        println!("  {kind:28} {:4} of {:4}  {:.3}", count.0, count.1, share(*count));
    }
    if std::env::var("KARIZ_SHOW").is_ok() {
        for (name, pairs) in [("WRONG", &scores.wrong), ("MISSED", &scores.missed)] {
            for (i, j) in pairs.iter().take(400) {
                println!("\n{name} {} | {}", set[*i].kind, set[*j].kind);
                for k in [*i, *j] {
                    let text: String = set[k].text.chars().take(700).collect();
                    println!(
                        "  [{}] {} | {:?}\n     {text}\n     {:?}",
                        set[k].source,
                        set[k].title,
                        set[k].link,
                        planet.log.get(&found[k].0)
                    );
                }
                let Ok(verdict) = kariz::stories::explain(
                    found[*i].0,
                    found[*j].0,
                    &mut planet.index,
                    &kariz::stories::Options::default(),
                );
                println!(
                    "  → {:?}",
                    verdict.map(|v| (
                        v.matched.map(|m| m.to_string()),
                        v.tried.iter().map(|(s, r)| format!("{s:?}: {r}")).collect::<Vec<_>>(),
                        v.containment,
                        v.headlines
                    ))
                );
            }
        }
    }
    let (merged, traps) = scores.traps_merged();
    assert!(scores.precision >= 0.99, "precision {}", scores.precision);
    assert!(scores.recall >= 0.97, "recall {}", scores.recall);
    assert!(scores.rand >= 0.97, "adjusted Rand {}", scores.rand);
    assert!(merged * 1000 <= traps * 5, "{merged} of {traps} traps merged");
    assert_eq!(scores.facts_merged(), 0, "pairs with a changed fact");
    for (kind, count) in &scores.kinds {
        let wanted = match kind.as_bytes()[0] {
            b'U' | b'G' | b'S' => 0.98,
            b'C' => 0.93,
            // In Persian and Arabic no capital tells a name from a synonym: two exchanged words are refused.
            _ if *kind == "T light edits" => 0.7,
            _ => 0.85,
        };
        assert!(share(*count) >= wanted, "{kind}: {}", share(*count));
    }
}
