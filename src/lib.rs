//! kariz gathers many news sources into one clean feed.
//!
//! ```text
//! feeds.toml ─► config                     what to read, what to publish, checked with line numbers
//!                 │
//!  schedule ─► fetch ─► parse ─► text      URL → bytes → what the document says → clean, comparable values
//!                 │
//!               store                      SQLite: sources, entries, stories; one writer, one transaction a source
//!                 │
//!              stories                     which entries tell the same story: pure decisions, explained
//!                 │
//!              publish ─► files            stories → Atom, RSS, JSON Feed, OPML → atomic, byte-stable files
//!                 │
//!               serve                      the same bytes over HTTP
//! ```
//!
//! [`model`] and [`text`] are the ground and know nobody; [`rules`] are pure and know the ground. [`fetch`], [`parse`], [`stories`] and
//! [`publish`] know the ground, not each other. [`store`] is the only room that knows SQL.
//! [`tick`] is the one place where all meet; [`cli`], [`daemon`], [`serve`] and [`websub`] stand on top.

pub mod cli;
pub mod config;
pub mod daemon;
pub mod demo;
pub mod fetch;
pub mod model;
pub mod page;
pub mod parse;
pub mod publish;
pub mod rules;
pub mod schedule;
pub mod serve;
pub mod store;
pub mod stories;
pub mod text;
pub mod tick;
pub mod websub;
