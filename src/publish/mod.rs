//! Stories → documents → files.

pub mod page;
