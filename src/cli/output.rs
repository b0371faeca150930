//! How kariz speaks on a terminal: colours only where a person sees them.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};

/// Whether colours may be used on a stream: a terminal, and `NO_COLOR` unset or empty (no-color.org).
fn colours(is_terminal: bool) -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
    is_terminal && !no_color && !dumb
}

/// See [`colours`].
pub(super) fn colours_on_stderr() -> bool {
    colours(std::io::stderr().is_terminal())
}

/// See [`colours`].
pub(super) fn colours_on_stdout() -> bool {
    colours(std::io::stdout().is_terminal())
}

/// A style where colours are wanted, else none.
pub(super) fn style(colour: AnsiColor, wanted: bool) -> Style {
    if wanted { Style::new().fg_color(Some(colour.into())) } else { Style::new() }
}

/// What stands out, where colours are wanted.
pub(super) fn bold(wanted: bool) -> Style {
    if wanted { Style::new().bold() } else { Style::new() }
}

/// What stands back, where colours are wanted.
pub(super) fn dim(wanted: bool) -> Style {
    if wanted { Style::new().dimmed() } else { Style::new() }
}

/// Tells an error.
pub(super) fn error(message: &str) {
    let red = style(AnsiColor::Red, colours_on_stderr());
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{red}error:{red:#} {message}");
}

/// The beginning of a text in one line, cut at a word where there is one: it may quote a source, at any length.
pub(super) fn one_line(text: &str, letters: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let (mut line, mut long) = (String::new(), 0);
    for word in words {
        long += word.chars().count() + usize::from(long > 0);
        if long > letters {
            if line.is_empty() {
                line.extend(word.chars().take(letters));
            }
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Prints what a command was asked for. A reader that goes away early (`| head`) is no error.
pub(super) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_quoted_text_is_one_line_that_ends_at_a_word() {
        for (text, line) in [
            ("", ""),
            ("  one\n\ttwo\u{1b}[31m three ", "one two [31m…"),
            ("four five", "four five"),
            ("خبرهای شهر و روستا", "خبرهای شهر و…"),
            ("incomprehensibilities", "incomprehensi…"),
        ] {
            assert_eq!(one_line(text, 13), line);
        }
    }
}
