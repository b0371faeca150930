//! What the operator's rules do with an entry: keep it, drop it, tag it, put other words into it. Pure.
//!
//! `contains` and `equals` compare on the comparison form, so that ي and ی, ZWNJ, accents, case and punctuation make no
//! difference. `matches` is a regular expression on the plain text, of the `regex` crate: its time is linear in the text.

use std::borrow::Cow;

use regex::{NoExpand, Regex, RegexBuilder};

use crate::model::{Action, Article, Field, Rule, Test};
use crate::text::compare::form;
use crate::text::{html, plain, urls};

/// How large a compiled expression may become, in bytes.
const LARGEST_EXPRESSION: usize = 1 << 20;

/// Rules made ready.
#[derive(Clone, Debug, Default)]
pub struct Rules(Vec<Ready>);

/// A rule that did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name, else where it stands.
    pub rule: String,
    /// What it did.
    pub action: Action,
}

/// What the rules say of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The rules that did something, in order; with `drop` or `keep` it ends.
    pub applied: Vec<Applied>,
}

impl Decision {
    /// The rule that drops the entry, if one does.
    pub fn dropped_by(&self) -> Option<&str> {
        self.applied.last().filter(|a| a.action == Action::Drop).map(|a| a.rule.as_str())
    }
}

#[derive(Clone, Debug)]
struct Ready {
    rule: Rule,
    test: Check,
}

#[derive(Clone, Debug)]
enum Check {
    Always,
    Contains(Vec<Words>),
    Equals(Vec<Words>),
    Matches(Regex),
}

/// A text as `contains` and `equals` see it: with ZWNJ dropped, and as a space where there is one.
#[derive(Clone, Debug, Default)]
struct Words {
    raw: String,
    joined: String,
    parted: Option<String>,
}

impl Words {
    fn of(text: &str) -> Self {
        let parted = text.contains('\u{200c}').then(|| form(&text.replace('\u{200c}', " ")));
        Self { raw: text.to_owned(), joined: form(text), parted }
    }

    fn ways(&self) -> impl Iterator<Item = &str> {
        [Some(self.joined.as_str()), self.parted.as_deref()].into_iter().flatten().filter(|w| !w.is_empty())
    }

    fn contains(&self, other: &Self) -> bool {
        self.ways().any(|text| other.ways().any(|words| text.contains(words)))
    }

    fn equals(&self, other: &Self) -> bool {
        self.ways().any(|text| other.ways().any(|words| text == words))
    }
}

/// The expression of a `matches`, its size bounded.
///
/// # Errors
/// What is wrong with it, for people.
pub fn expression(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(LARGEST_EXPRESSION).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the expression is too large".to_owned(),
        error => error.to_string(),
    })
}

/// The expression that finds `words` as they stand in a text, letters in any of their forms.
fn literal(words: &str, whole: bool) -> Result<Regex, String> {
    let mut pattern = String::from("(?i)");
    if whole {
        pattern.push_str(r"^\s*");
    }
    for c in words.chars() {
        match c {
            'ی' | 'ي' | 'ى' => pattern.push_str("[یيى]"),
            'ک' | 'ك' => pattern.push_str("[کك]"),
            'ه' | 'ة' | 'ۀ' => pattern.push_str("[هةۀ]"),
            'ا' | 'أ' | 'إ' | 'آ' => pattern.push_str("[اأإآ]"),
            '\u{200c}' | ' ' => pattern.push_str("[\u{200c}\\s]?"),
            c => pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if whole {
        pattern.push_str(r"\s*$");
    }
    expression(&pattern)
}

impl Rules {
    /// Makes rules ready, to be applied in this order. One whose expression is none is left out; the
    /// configuration has said so.
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Self {
        let words = |list: &[String]| list.iter().map(|text| Words::of(text)).collect();
        let ready = |rule: &Rule| {
            let test = match &rule.test {
                None => Check::Always,
                Some(Test::Contains(list)) => Check::Contains(words(list)),
                Some(Test::Equals(list)) => Check::Equals(words(list)),
                Some(Test::Matches(pattern)) => Check::Matches(expression(pattern).ok()?),
            };
            Some(Ready { rule: rule.clone(), test })
        };
        Self(rules.into_iter().filter_map(ready).collect())
    }

    /// These rules, then others.
    #[must_use]
    pub fn then(mut self, others: &Self) -> Self {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies the rules one by one to what a reader would read; `keep` and `drop` end it.
    pub fn apply(&self, article: &mut Article) -> Decision {
        let mut decision = Decision::default();
        for ready in &self.0 {
            let rule = &ready.rule;
            if !rule.on.iter().any(|field| ready.test.holds(*field, article))
                && !matches!(ready.test, Check::Always)
            {
                continue;
            }
            match &rule.action {
                Action::Keep | Action::Drop => {}
                Action::Tag(tags) => {
                    for tag in
                        tags.iter().filter(|tag| !article.tags.contains(tag)).cloned().collect::<Vec<_>>()
                    {
                        article.tags.push(tag);
                    }
                }
                Action::Replace(with) => ready.replace(with, article),
            }
            decision.applied.push(Applied { rule: rule.name.clone(), action: rule.action.clone() });
            if matches!(rule.action, Action::Keep | Action::Drop) {
                break;
            }
        }
        decision
    }
}

impl Check {
    fn holds(&self, field: Field, article: &Article) -> bool {
        values(field, article).iter().any(|value| match (self, field) {
            (Self::Always, _) => true,
            (Self::Matches(expression), _) => expression.is_match(value),
            (Self::Contains(list), Field::Link) => {
                list.iter().any(|words| value.to_lowercase().contains(&words.raw.to_lowercase()))
            }
            (Self::Equals(list), Field::Link) => {
                let same = |words: &Words| {
                    words.raw == **value
                        || urls::canonical(value).is_some_and(|a| urls::canonical(&words.raw) == Some(a))
                };
                list.iter().any(same)
            }
            (Self::Contains(list) | Self::Equals(list), Field::Language) => {
                list.iter().any(|words| is_language(value, &words.raw))
            }
            (Self::Contains(list), _) => {
                let value = Words::of(value);
                list.iter().any(|words| value.contains(words))
            }
            (Self::Equals(list), _) => {
                let value = Words::of(value);
                list.iter().any(|words| value.equals(words))
            }
        })
    }
}

/// What an article has in a field, as plain text.
fn values(field: Field, article: &Article) -> Vec<Cow<'_, str>> {
    match field {
        Field::Title => vec![Cow::Borrowed(article.title.as_str())],
        Field::Text => [&article.summary_html, &article.content_html]
            .into_iter()
            .flatten()
            .map(|markup| Cow::Owned(html::to_text(markup)))
            .collect(),
        Field::Author => article
            .authors
            .iter()
            .flat_map(|person| [&person.name, &person.email])
            .flatten()
            .map(|text| Cow::Borrowed(text.as_str()))
            .collect(),
        Field::Category => article.categories.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
        Field::Link => article.link.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
        Field::Language => article.language.iter().map(|text| Cow::Borrowed(text.as_str())).collect(),
    }
}

/// `fa` is `fa-IR` too.
fn is_language(have: &str, want: &str) -> bool {
    have.get(..want.len()).is_some_and(|start| start.eq_ignore_ascii_case(want))
        && matches!(have.as_bytes().get(want.len()), None | Some(b'-'))
}

impl Ready {
    fn replace(&self, with: &str, article: &mut Article) {
        let (expressions, expand): (Vec<Regex>, bool) = match (&self.test, &self.rule.test) {
            (Check::Matches(expression), _) => (vec![expression.clone()], true),
            (_, Some(Test::Contains(list))) => {
                (list.iter().filter_map(|words| literal(words, false).ok()).collect(), false)
            }
            (_, Some(Test::Equals(list))) => {
                (list.iter().filter_map(|words| literal(words, true).ok()).collect(), false)
            }
            _ => return,
        };
        let exchange = |text: &str| {
            expressions.iter().fold(text.to_owned(), |text, expression| {
                if expand {
                    expression.replace_all(&text, with).into_owned()
                } else {
                    expression.replace_all(&text, NoExpand(with)).into_owned()
                }
            })
        };
        if self.rule.on.contains(&Field::Title) {
            let title = plain::clean(&exchange(&article.title));
            // A headline of nothing helps nobody.
            if !title.is_empty() {
                article.title = title;
            }
        }
        if self.rule.on.contains(&Field::Text) {
            for markup in [&mut article.summary_html, &mut article.content_html].into_iter().flatten() {
                *markup = in_text(markup, &exchange);
            }
        }
    }
}

/// Changes the text between the tags of sanitised HTML; the tags stay as they are.
fn in_text(markup: &str, change: &dyn Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        let (text, after) = rest.split_at(start);
        if !text.is_empty() {
            let decoded = plain::decode(text);
            let changed = change(&decoded);
            // What does not change keeps its bytes.
            if changed == *decoded { out.push_str(text) } else { out.push_str(&plain::escape(&changed)) }
        }
        let end = tag_end(after);
        out.push_str(&after[..end]);
        rest = &after[end..];
    }
    out
}

/// Where the tag ends that `text` begins with; a `>` within quotes is not its end.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (i, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return i + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Person;

    fn article() -> Article {
        Article {
            title: "قيمت كتاب‌ها بالا رفت".into(),
            summary_html: Some("<p title=\"a > b\">Rain &amp; snow in the <b>NORTH</b></p>".into()),
            authors: vec![Person { name: Some("Ada Miller".into()), ..Person::default() }],
            categories: vec!["Weather".into(), "Sport".into()],
            link: Some("https://www.town.example/sport/1?utm_source=feed".into()),
            language: Some("fa-IR".into()),
            ..Article::default()
        }
    }

    fn rule(on: &[Field], test: Option<Test>, action: Action) -> Rule {
        Rule { name: "r".into(), on: on.to_vec(), test, action }
    }

    fn contains(words: &str) -> Option<Test> {
        Some(Test::Contains(vec![words.into()]))
    }

    fn equals(words: &str) -> Option<Test> {
        Some(Test::Equals(vec![words.into()]))
    }

    fn matches(pattern: &str) -> Option<Test> {
        Some(Test::Matches(pattern.into()))
    }

    #[test]
    fn tests_see_fields_as_people_do() {
        use Field::{Author, Category, Language, Link, Text, Title};
        for (field, test, holds) in [
            (Title, contains("قیمت کتاب"), true),
            (Title, contains("کتابها"), true),
            (Title, contains("کتاب‌ها"), true),
            (Title, contains("کتاب ها"), true),
            (Title, contains("باران"), false),
            (Title, equals("قیمت کتابها بالا رفت!"), true),
            (Title, equals("قیمت"), false),
            (Title, matches("^قيمت"), true),
            (Title, matches("^قیمت"), false),
            (Text, contains("rain & SNOW"), true),
            (Text, matches("(?i)north$"), true),
            (Text, contains("a > b"), false),
            (Author, contains("miller"), true),
            (Author, equals("Ada"), false),
            (Category, equals("SPORT"), true),
            (Category, equals("spo"), false),
            (Link, contains("/Sport/"), true),
            (Link, equals("http://town.example/sport/1"), true),
            (Link, matches("^https://www"), true),
            (Language, equals("fa"), true),
            (Language, equals("f"), false),
            (Language, equals("en"), false),
            (Title, None, true),
        ] {
            let rules = Rules::new(&[rule(&[field], test.clone(), Action::Drop)]);
            let decision = rules.apply(&mut article());
            assert_eq!(decision.dropped_by().is_some(), holds, "{field:?} {test:?}");
        }
    }

    #[test]
    fn rules_apply_in_order_and_keep_and_drop_end_it() {
        let tag = |t: &str| Action::Tag(vec![t.into()]);
        let always = |action| rule(&[], None, action);
        for (rules, tags, dropped) in [
            (vec![always(tag("a")), always(tag("b")), always(tag("a"))], &["a", "b"][..], false),
            (vec![always(tag("a")), always(Action::Keep), always(Action::Drop)], &["a"], false),
            (vec![always(Action::Drop), always(tag("a"))], &[], true),
            (vec![rule(&[Field::Title], contains("snow"), Action::Keep), always(Action::Drop)], &[], true),
            (vec![rule(&[Field::Text], contains("snow"), Action::Keep), always(Action::Drop)], &[], false),
            (vec![], &[], false),
        ] {
            let mut article = article();
            let decision = Rules::new(&rules).apply(&mut article);
            assert_eq!(
                (article.tags.as_slice(), decision.dropped_by().is_some()),
                (&tags.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()[..], dropped),
                "{rules:?}"
            );
        }
    }

    #[test]
    fn what_replaces_stands_in_title_and_text_and_nowhere_else() {
        let (title, text) = (&[Field::Title][..], &[Field::Text][..]);
        let before = article();
        for (on, test, with, expected_title, expected_text) in [
            (title, contains("کتابها"), "دفتر", before.title.as_str(), None),
            (title, contains("کتاب‌ها"), "دفتر", "قيمت دفتر بالا رفت", None),
            (title, matches("^(.+?) .*$"), "$1", "قيمت", None),
            (title, matches(".*"), "", before.title.as_str(), None),
            (
                text,
                matches("(?i)north"),
                "<i>$0</i>",
                before.title.as_str(),
                Some("Rain &amp; snow in the <b>&lt;i&gt;NORTH&lt;/i&gt;</b>"),
            ),
            (text, contains("rain & snow"), "$1", before.title.as_str(), Some("$1 in the <b>NORTH</b>")),
            (text, matches("a > b"), "x", before.title.as_str(), None),
        ] {
            let mut article = article();
            Rules::new(&[rule(on, test.clone(), Action::Replace(with.into()))]).apply(&mut article);
            assert_eq!(article.title, expected_title, "{test:?}");
            let expected = expected_text.unwrap_or("Rain &amp; snow in the <b>NORTH</b>");
            assert_eq!(
                article.summary_html.unwrap(),
                format!("<p title=\"a > b\">{expected}</p>"),
                "{test:?}"
            );
        }
    }

    #[test]
    fn an_expression_that_would_be_huge_is_refused() {
        assert!(expression(r"(\w{1000}){1000}").is_err());
        assert!(expression("(").is_err());
        // Linear whatever the text: this hangs engines that go back.
        let rules = Rules::new(&[rule(&[Field::Title], matches("(a+)+$"), Action::Drop)]);
        let mut article = Article { title: format!("{}b", "a".repeat(100_000)), ..Article::default() };
        assert_eq!(rules.apply(&mut article).dropped_by(), None);
    }
}
