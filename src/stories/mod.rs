//! Is it the same story, and why: pure functions.
