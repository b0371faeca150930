//! Bytes → [`ParsedFeed`](crate::model::ParsedFeed): charset, repair, feed-rs, hints, dates.
