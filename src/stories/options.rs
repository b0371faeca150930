//! How far recognition goes: what a person may choose (`[dedupe]`).

/// What a person may choose of how stories are recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How far apart, in seconds between the items' dates, the texts of one story may be; at most [`Options::MAX_WINDOW`].
    pub window: i64,
    /// How much of the shorter text the longer one must contain, 0 to 1; `None`: similar texts do not unite.
    pub near_text: Option<f32>,
    /// Whether one address unites entries in different writing systems.
    pub across_languages: bool,
}

impl Options {
    /// Eight days: a weekly takes up what a daily told.
    pub const WINDOW: i64 = 8 * 86_400;
    /// Sixteen days: keys are found by periods of 32 days, of which the window touches two.
    pub const MAX_WINDOW: i64 = 16 * 86_400;
    /// See docs/stories.md for the curve.
    pub const NEAR_TEXT: f32 = 0.65;
}

impl Default for Options {
    fn default() -> Self {
        Self { window: Self::WINDOW, near_text: Some(Self::NEAR_TEXT), across_languages: false }
    }
}
