//! Pure functions on text.

pub mod compare;
pub mod html;
pub mod language;
pub mod letters;
pub mod plain;
mod runs;
pub mod search;
pub mod urls;
