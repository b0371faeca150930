//! `[[rule]]` and `[[source.rule]]`: what happens to entries that read so or so.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::report::Report;
use super::table::{Key, Table};
use super::values;
use crate::model::{Action, Field, Rule, Test};
use crate::rules;
use crate::text::compare::form;

/// The keys of `[[rule]]` and `[[source.rule]]`.
pub const RULE_KEYS: &[Key] = &[
    key("name", "text", "where it stands", "how `preview` calls it"),
    key(
        "on",
        "title | text | author | category | link | language, or a list of them",
        "[\"title\", \"text\"]",
        "where the rule looks; one is enough",
    ),
    key("contains", "text or list of texts", "", "one of these stands in it, however it is spelt"),
    key("equals", "text or list of texts", "", "it is one of these, however it is spelt"),
    key("matches", "regular expression", "", "the expression matches somewhere in its plain text"),
    key("action", "keep | drop", "", "keep: no further rule is asked; drop: the entry is not taken in"),
    key("tag", "text or list of texts", "", "what the entry is called, for outputs to select by"),
    key("replace", "text", "", "stands for what was found, in title and text; may be empty"),
];

const fn key(name: &'static str, form: &'static str, default: &'static str, purpose: &'static str) -> Key {
    Key { name, form, default, purpose }
}

/// Reads one rule; `None` where it is not as it should be.
pub(super) fn read(
    table: &DeTable<'_>,
    span: Range<usize>,
    title: &'static str,
    report: &Report<'_>,
) -> Option<Rule> {
    let t = Table::new(table, span.clone(), title, RULE_KEYS, report);
    let wrong = |at: Range<usize>, message: String, help: &str| {
        report.problem(at, message, Some(help.to_owned()));
        None
    };
    let has = |name: &str| table.contains_key(name);
    let tests: Vec<&str> = ["contains", "equals", "matches"].into_iter().filter(|k| has(k)).collect();
    if let [first, second, ..] = tests[..] {
        let message = format!("`{first}` and `{second}` in one {title}");
        return wrong(t.span_of(second), message, "write two rules");
    }
    let test = match tests.first() {
        Some(&"contains") => Some(Test::Contains(t.get("contains", words)?)),
        Some(&"equals") => Some(Test::Equals(t.get("equals", words)?)),
        Some(_) => Some(Test::Matches(t.get("matches", pattern)?)),
        None => None,
    };
    let mut on = t.get("on", fields);
    if has("on") && on.is_none() {
        return None;
    }
    if on.is_some() && test.is_none() {
        let help = "add `contains`, `equals` or `matches`; or take `on` out, and the rule is for every entry";
        return wrong(t.span_of("on"), format!("{title} does not say what to look for"), help);
    }
    let action = action(&t, title, &has, test.is_some(), &wrong)?;
    if matches!(action, Action::Replace(_))
        && let Some(other) = on.iter().flatten().find(|f| !matches!(f, Field::Title | Field::Text))
    {
        let message = format!("`replace` changes title and text only, not {}", name_of(*other));
        return wrong(t.span_of("on"), message, "write on = [\"title\", \"text\"], or one of the two");
    }
    let name = t.get("name", values::text).unwrap_or_else(|| {
        let (line, _) = report.line_and_column(span.start);
        format!("{title} in line {line}")
    });
    let on = on.take().unwrap_or_else(|| vec![Field::Title, Field::Text]);
    Some(Rule { name, on, test, action })
}

/// Notes what is wrong with a rule, and the way out; gives none.
type Wrong<'a> = &'a dyn Fn(Range<usize>, String, &str) -> Option<Rule>;

/// What a rule does: exactly one of `action`, `tag`, `replace`. `action = "tag"` beside `tag` says it twice, which
/// does no harm.
fn action(
    t: &Table<'_, '_>,
    title: &str,
    has: &dyn Fn(&str) -> bool,
    has_test: bool,
    wrong: Wrong<'_>,
) -> Option<Action> {
    let word = t.get("action", |v| {
        values::one_of(v, &[("keep", "keep"), ("drop", "drop"), ("tag", "tag"), ("replace", "replace")])
    });
    if has("action") && word.is_none() {
        return None;
    }
    let (tag, replace) = (has("tag"), has("replace"));
    let refuse = |at: &str, message: String, help: &str| {
        wrong(t.span_of(at), message, help);
        None
    };
    match (word, tag, replace) {
        (Some("keep"), false, false) => Some(Action::Keep),
        (Some("drop"), false, false) => Some(Action::Drop),
        (None | Some("tag"), true, false) => Some(Action::Tag(t.get("tag", values::texts)?)),
        (None | Some("replace"), false, true) if has_test => {
            let with = t.get("replace", |v| {
                v.as_str().map(str::to_owned).ok_or_else(|| "expected a text in quotes".to_owned())
            })?;
            Some(Action::Replace(with))
        }
        (None | Some("replace"), false, true) => refuse(
            "replace",
            format!("{title} does not say what to replace"),
            "add `contains`, `equals` or `matches`",
        ),
        (None, false, false) => refuse(
            "action",
            format!("{title} does not say what to do"),
            "add action = \"keep\", action = \"drop\", tag = \"…\" or replace = \"…\"",
        ),
        (Some(word), false, false) => {
            refuse("action", format!("action = \"{word}\" without `{word}`"), &format!("add {word} = \"…\""))
        }
        _ => refuse(
            if tag { "tag" } else { "replace" },
            format!("{title} does more than one thing"),
            "write one rule for each: they apply in the order of the file",
        ),
    }
}

const FIELDS: &[(&str, Field)] = &[
    ("title", Field::Title),
    ("text", Field::Text),
    ("author", Field::Author),
    ("category", Field::Category),
    ("link", Field::Link),
    ("language", Field::Language),
];

fn name_of(field: Field) -> &'static str {
    FIELDS.iter().find(|(_, f)| *f == field).map_or("", |(name, _)| name)
}

fn fields(value: &DeValue<'_>) -> Result<Vec<Field>, String> {
    match value.as_array() {
        Some(list) if list.is_empty() => Err("expected at least one field".into()),
        Some(list) => list.iter().map(|v| values::one_of(v.get_ref(), FIELDS)).collect(),
        None => Ok(vec![values::one_of(value, FIELDS)?]),
    }
}

/// Texts with something in them to compare.
fn words(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let list = values::texts(value)?;
    match list.iter().find(|text| form(text).is_empty()) {
        Some(text) => Err(format!("\"{text}\" has no letter and no digit to compare; `matches` finds signs")),
        None if list.is_empty() => Err("expected at least one text".into()),
        None => Ok(list),
    }
}

fn pattern(value: &DeValue<'_>) -> Result<String, String> {
    let text = values::text(value)?;
    rules::expression(&text).map(|_| text)
}
