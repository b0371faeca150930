use super::*;

fn conflict(a: &str, b: &str) -> Option<Conflict> {
    Differences::between(&Reading::of(a), &Reading::of(b)).conflict(None)
}

const REPORT: &str = "A quake of magnitude 4.2 shook the town of Darband on Monday morning. Nobody was hurt, the mayor Omid Sadeqi said, but 12 houses were damaged. The road to the coast was closed until noon.";

#[test]
fn other_facts_are_found_wherever_they_stand() {
    for (old, new) in [
        ("4.2", "4.4"),
        ("12 houses", "15 houses"),
        ("12 houses", "twenty houses"),
        ("Darband", "Lavasan"),
        ("Monday", "Tuesday"),
        ("Omid Sadeqi", "Reza Karimi"),
        ("coast", "harbour"),
    ] {
        assert!(conflict(REPORT, &REPORT.replace(old, new)).is_some(), "{old} → {new}");
        assert!(conflict(&REPORT.replace(old, new), REPORT).is_some(), "{new} → {old}");
    }
    let persian = "زمین لرزه ای به بزرگی ۴٫۲ بامداد دوشنبه شهر دربند را لرزاند. به گفته شهردار کسی آسیب ندیده است اما ۱۲ خانه خسارت دیده اند.";
    for (old, new) in [("۴٫۲", "۴٫۴"), ("دوشنبه", "سه‌شنبه"), ("دربند", "لواسان"), ("۱۲", "15")]
    {
        assert!(conflict(persian, &persian.replace(old, new)).is_some(), "{old} → {new}");
    }
}

#[test]
fn the_last_number_of_an_excerpt_is_compared() {
    let long = "The road to the coast was closed until noon. Last winter the bridge carried 504 carts. It was built of stone.";
    let short = "The road to the coast was closed until noon. Last winter the bridge carried 160 carts.";
    assert!(matches!(conflict(short, long), Some(Conflict::Numbers(_))));
    assert_eq!(conflict(&short.replace("160", "504"), long), None);
    assert_eq!(
        conflict("The road to the coast was closed until noon. Last winter the bridge carried 50…", long),
        None
    );
}

#[test]
fn facts_are_compared_where_something_was_put_in_between() {
    let short = "The frost settled in the valley in the early hours of Monday. Straw fires were lit between the rows until dawn.";
    let quoted = "a word that was put in ".repeat(8);
    let long = short.replace("Monday.", &format!("Wednesday. She said {quoted}."));
    assert!(matches!(conflict(short, &long), Some(Conflict::Words(_))));
    assert_eq!(conflict(short, &long.replace("Wednesday", "Monday")), None);
}

#[test]
fn a_sentence_may_give_way_to_one_on_another_matter() {
    let with = |sentence: &str| {
        format!("The mill stands by the old weir. {sentence} Flour comes by cart on market days.")
    };
    let one = with("Prices rise by a penny a roll, the first change in 4 years.");
    let two = with("Only the opening hour moves from 5 to 6 because the apprentice has children.");
    assert_eq!(conflict(&one, &two), None);
    assert!(conflict(&one, &one.replace('4', "7")).is_some());
}

#[test]
fn edits_are_no_other_facts() {
    for (old, new) in [
        ("said", "added"),
        ("morning", "mornnig"),
        ("12 houses", "twelve houses"),
        ("was closed", "was then closed"),
        ("A quake", "The quake"),
        ("Nobody was hurt, ", ""),
    ] {
        assert_eq!(conflict(REPORT, &REPORT.replace(old, new)), None, "{old} → {new}");
    }
    assert_eq!(conflict(REPORT, &REPORT[..120]), None);
    assert_eq!(conflict(&REPORT[..120], REPORT), None);
    let (one, two) = REPORT.split_at(71);
    assert_eq!(conflict(REPORT, &format!("{two} {one}")), None);
    assert_eq!(conflict("۱۲٬۵۰۰ نفر آمدند و دیدند و رفتند", "12500 نفر آمدند و دیدند و رفتند"), None);
    assert_eq!(
        conflict("آنها به خانه می روند و کتاب می خوانند", "آنها به خانه می‌روند و کتاب می‌خوانند"),
        None
    );
}

#[test]
fn of_several_places_that_of_the_same_sentence_is_compared() {
    let report = "Kestrels beat Rovers in the semi-final on Sunday evening before a large crowd. They play United in the final on 9 June.";
    assert!(conflict(report, &report.replace("semi-final", "quarter-final")).is_some());
    assert!(conflict(report, &report.replace("a large crowd", "a big crowd")).is_none());
}
