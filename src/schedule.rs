//! When a source is next due: pure functions of values and a `now` that is passed in.
