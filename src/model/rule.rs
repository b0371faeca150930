//! What the operator wants done with entries: one `[[rule]]` of feeds.toml.

/// Where a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// Teaser and article, as plain text.
    Text,
    /// Names and addresses of the authors.
    Author,
    /// The entry's labels.
    Category,
    /// The article's address.
    Link,
    /// Its language.
    Language,
}

/// What a rule looks for: one of the texts is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// Stands in it, in the comparison form.
    Contains(Vec<String>),
    /// Is it, in the comparison form.
    Equals(Vec<String>),
    /// A regular expression matches the plain text.
    Matches(String),
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// No further rule is asked.
    Keep,
    /// The entry is not taken in.
    Drop,
    /// It is called so, for outputs to select by.
    Tag(Vec<String>),
    /// This stands for what was found, in title and text.
    Replace(String),
}

/// One `[[rule]]` of feeds.toml.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Its name, else where it stands.
    pub name: String,
    /// Where it looks; one is enough.
    pub on: Vec<Field>,
    /// What it looks for; `None` is found always.
    pub test: Option<Test>,
    /// What it does then.
    pub action: Action,
}
