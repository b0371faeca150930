//! Reads one table of feeds.toml against the list of keys that it may have.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::report::Report;

/// One key that a table may have: the code's own list, which the documentation is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What may stand there, for people.
    pub form: &'static str,
    /// What holds where it is not written; empty for "nothing".
    pub default: &'static str,
    /// What it is for: one sentence.
    pub purpose: &'static str,
}

/// Reads one value; the error says what was expected.
pub(super) type Read<T> = fn(&DeValue<'_>) -> Result<T, String>;

/// One table with its place and its name as people write it (`[feed]`, `[[source]]`).
pub(super) struct Table<'a, 'i> {
    table: &'a DeTable<'i>,
    span: Range<usize>,
    name: &'static str,
    report: &'a Report<'a>,
}

impl<'a, 'i> Table<'a, 'i> {
    /// Notes every key that `keys` does not know.
    pub(super) fn new(
        table: &'a DeTable<'i>,
        span: Range<usize>,
        name: &'static str,
        keys: &[Key],
        report: &'a Report<'a>,
    ) -> Self {
        for (key, _) in table.iter() {
            let written = key.get_ref().as_ref();
            if !keys.iter().any(|k| k.name == written) {
                let help = nearest(written, keys.iter().map(|k| k.name)).map_or_else(
                    || format!("{name} knows: {}", join(keys.iter().map(|k| k.name))),
                    |near| format!("did you mean `{near}`?"),
                );
                report.problem(key.span(), format!("unknown key `{written}` in {name}"), Some(help));
            }
        }
        Self { table, span, name, report }
    }

    /// Where the table stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key, if it is there and as it should be.
    pub(super) fn get<T>(&self, key: &str, read: impl Fn(&DeValue<'_>) -> Result<T, String>) -> Option<T> {
        let value = self.table.get(key)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.problem_at(value.span(), format!("`{key}` in {}: {expected}", self.name));
                None
            }
        }
    }

    /// Like [`Table::get`], and where the key is missing that is a problem of the table.
    pub(super) fn require<T>(&self, key: &str, read: Read<T>) -> Option<T> {
        if !self.table.contains_key(key) {
            self.problem_at(self.span(), format!("{} has no `{key}`", self.name));
        }
        self.get(key, read)
    }

    /// Where the value of a key stands; the table's own place where it is missing.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span(), toml::Spanned::span)
    }

    fn problem_at(&self, at: Range<usize>, message: String) {
        self.report.problem(at, message, None);
    }
}

/// The known name that a typing error most likely meant.
pub(super) fn nearest<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let plain = written.to_lowercase().replace('-', "_");
    known
        .map(|k| (strsim::damerau_levenshtein(&plain, k), strsim::jaro_winkler(&plain, k), k))
        .filter(|(edits, likeness, k)| *edits <= 1.max(k.chars().count() / 3) || *likeness > 0.9)
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map(|(_, _, k)| k)
}

/// `a`, `b`, `c` for a message.
pub(super) fn join<'k>(names: impl Iterator<Item = &'k str>) -> String {
    names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}
