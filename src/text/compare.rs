//! The comparison form of text: keys only, never shown.

/// The skeleton: folded letters and digits only.
pub fn skeleton(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
