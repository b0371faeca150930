//! What is wrong with a configuration: every problem with its place and the way out, all in one run.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One problem of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file it is in.
    pub file: PathBuf,
    /// From 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// In characters, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n    {help}")?;
        }
        Ok(())
    }
}

/// All problems of a configuration, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// A problem of the file as a whole.
    pub fn whole_file(file: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (file, message) = (file.to_owned(), message.into());
        Self { problems: vec![Problem { file, line: 0, column: 0, message, help: Some(help.into()) }] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Collects the problems of one file while it is read.
pub(super) struct Report<'a> {
    file: &'a Path,
    text: &'a str,
    /// Where each line begins: asked for with every source, so that counting anew each time would be quadratic.
    lines: Vec<usize>,
    problems: RefCell<Vec<(usize, Problem)>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { file, text, lines, problems: RefCell::default() }
    }

    /// Notes a problem at a place of the text (byte offsets).
    pub(super) fn problem(&self, at: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let (line, column) = self.line_and_column(at.start);
        let problem = Problem { file: self.file.to_owned(), line, column, message: message.into(), help };
        self.problems.borrow_mut().push((at.start, problem));
    }

    /// Line and column of a byte offset, both from 1; columns in characters, as editors count.
    pub(super) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|start| *start <= offset);
        let line_start = line.checked_sub(1).map_or(0, |i| self.lines[i]);
        (line, self.text[line_start..offset].chars().count() + 1)
    }

    /// The problems found, by their place.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|(at, _)| *at);
        problems.into_iter().map(|(_, problem)| problem).collect()
    }
}
