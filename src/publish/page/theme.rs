//! The look of the page: templates, style sheet, script and icon, built in or from `theme_dir`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State};
use serde::Serialize;

const TEMPLATES: [(&str, &str); 6] = [
    ("layout.html", include_str!("theme/layout.html")),
    ("story.html", include_str!("theme/story.html")),
    ("river.html", include_str!("theme/river.html")),
    ("days.html", include_str!("theme/days.html")),
    ("status.html", include_str!("theme/status.html")),
    ("search.html", include_str!("theme/search.html")),
];

const ASSETS: [(&str, &str); 3] = [
    ("style.css", include_str!("theme/style.css")),
    ("page.js", include_str!("theme/page.js")),
    ("icon.svg", include_str!("theme/icon.svg")),
];

/// Files of a theme larger than this are a mistake.
const LARGEST: u64 = 4 << 20;

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The folder or a file in it cannot be read.
    #[error("theme_dir: {path}: {error}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file in the folder that no page uses.
    #[error("theme_dir: {path}: no page uses this file; those that are used: {known}", path = path.display())]
    Unknown {
        /// Which.
        path: PathBuf,
        /// All names that a theme may have.
        known: String,
    },
    /// A template is wrong.
    #[error("{template}, line {line}: {message}")]
    Template {
        /// Its name.
        template: String,
        /// Where in it; 0 where that is not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

impl From<minijinja::Error> for ThemeError {
    fn from(error: minijinja::Error) -> Self {
        let message = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Self::Template {
            template: error.name().unwrap_or("template").to_owned(),
            line: error.line().unwrap_or(0),
            message,
        }
    }
}

/// A set of templates with what they use.
#[derive(Debug)]
pub struct Theme {
    templates: Environment<'static>,
    assets: Vec<(String, Vec<u8>)>,
}

impl Theme {
    /// The theme that comes with kariz.
    ///
    /// # Panics
    /// If the built-in templates are wrong; a test reads them.
    pub fn built_in() -> Self {
        let mut templates = environment();
        for (name, source) in TEMPLATES {
            templates.add_template(name, source).expect("the built-in templates are right");
        }
        let assets = ASSETS.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())).into();
        Self { templates, assets }
    }

    /// The built-in theme, with the files of `dir` in the place of those that have the same name. Other files may
    /// lie beside them if they are used by none of the pages but by the style sheet: `.css`, `.woff2`, pictures;
    /// they are published too.
    ///
    /// # Errors
    /// When something in the folder cannot be read, is no template, or is of no use there.
    pub fn load(dir: &Path) -> Result<Self, ThemeError> {
        let mut theme = Self::built_in();
        let at = |path: &Path, error| ThemeError::Io { path: path.to_owned(), error };
        let mut paths: Vec<PathBuf> = fs::read_dir(dir)
            .and_then(|listing| listing.map(|item| item.map(|item| item.path())).collect())
            .map_err(|error| at(dir, error))?;
        paths.sort();
        for path in paths {
            let Some(name) = path.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
            if name.starts_with('.') || path.is_dir() {
                continue;
            }
            let length = fs::metadata(&path).map_err(|error| at(&path, error))?.len();
            if length > LARGEST {
                let error = io::Error::new(io::ErrorKind::FileTooLarge, "larger than 4 MB");
                return Err(at(&path, error));
            }
            let content = fs::read(&path).map_err(|error| at(&path, error))?;
            if TEMPLATES.iter().any(|(known, _)| *known == name) {
                let source = String::from_utf8(content)
                    .map_err(|e| at(&path, io::Error::new(io::ErrorKind::InvalidData, e)))?;
                theme.templates.add_template_owned(name, source)?;
            } else if may_lie_beside(&name) {
                theme.assets.retain(|(known, _)| *known != name);
                theme.assets.push((name, content));
            } else {
                let known: Vec<_> = TEMPLATES.iter().chain(&ASSETS).map(|(name, _)| *name).collect();
                return Err(ThemeError::Unknown { path, known: known.join(", ") });
            }
        }
        Ok(theme)
    }

    /// What is published beside the pages: file name and content.
    pub fn assets(&self) -> &[(String, Vec<u8>)] {
        &self.assets
    }

    pub(super) fn render(&self, template: &str, values: impl Serialize) -> Result<Vec<u8>, ThemeError> {
        Ok(self.templates.get_template(template)?.render(Serde(values))?.into_bytes())
    }
}

fn may_lie_beside(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "css" | "js" | "svg" | "png" | "jpg" | "jpeg" | "webp" | "avif" | "ico" | "woff2")
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters"));
    // Every template is HTML, whatever it is called; nothing turns escaping off but a value marked as safe here.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(format);
    environment
}

/// Escapes what has a meaning in HTML text and quoted attributes. (minijinja's own also escapes `/`, which makes
/// every address longer and unreadable in the source.) `None` writes nothing.
fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    match value.as_str() {
        Some(text) if !value.is_safe() => Ok(escape(text, |piece| out.write_str(piece))?),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn escape<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let instead = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        write(&text[from..at])?;
        write(instead)?;
        from = at + 1;
    }
    write(&text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_value_is_text() {
        let mut environment = environment();
        environment.add_template("t", "<a title=\"{{ v }}\">{{ v }}{{ nothing }}{{ n }}</a>").unwrap();
        let page = environment
            .get_template("t")
            .unwrap()
            .render(minijinja::context! { v => "a/b<script>\"'&", n => 3, nothing => None::<u8> })
            .unwrap();
        let escaped = "a/b&lt;script&gt;&quot;&#39;&amp;";
        assert_eq!(page, format!("<a title=\"{escaped}\">{escaped}3</a>"));
    }

    #[test]
    fn a_theme_replaces_by_name_and_says_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("style.css"), "body{}").unwrap();
        fs::write(dir.path().join("title.woff2"), "font").unwrap();
        let theme = Theme::load(dir.path()).unwrap();
        let css = theme.assets().iter().find(|(name, _)| name == "style.css").unwrap();
        assert_eq!(css.1, b"body{}");
        assert!(theme.assets().iter().any(|(name, _)| name == "title.woff2"));

        fs::write(dir.path().join("story.html"), "fine\n{% if %}").unwrap();
        let error = Theme::load(dir.path()).unwrap_err().to_string();
        assert!(error.starts_with("story.html, line 2: "), "{error}");

        fs::write(dir.path().join("story.html"), "fine").unwrap();
        fs::write(dir.path().join("storry.html"), "typo").unwrap();
        let error = Theme::load(dir.path()).unwrap_err().to_string();
        assert!(error.contains("storry.html") && error.contains("story.html"), "{error}");
    }
}
