//! What a person types and sees: one file a command.

pub mod inspect_page;
