//! Pure functions on text.
