//! `kariz inspect`: reads one document, or many, and tells what kariz understands of it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use url::Url;

use super::{Failed, Globals, Outcome, inspect, inspect_page, output, run_time};
use crate::fetch::{Client, Purpose, Request, Settings};
use crate::model::{Document, Failure, Fetched, Location, ParsedFeed, Source, Validators};
use crate::page::{self, PageArticle};
use crate::parse;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A file or an http(s) address; `-` reads standard input.
    #[arg(value_name = "FILE|URL", required = true, num_args = 1..)]
    documents: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print one JSON object a line for each document, in the order given; a document that cannot be read has an
    /// `error`.
    #[arg(long, conflicts_with = "json")]
    json_lines: bool,
    /// Read it as an article page: title, date, author, body.
    #[arg(long)]
    page: bool,
    /// Print the body of the page alone.
    #[arg(long, requires = "page", conflicts_with_all = ["json", "json_lines"])]
    text: bool,
    /// What the server said of its type and charset.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// What relative addresses are relative to.
    #[arg(long, value_name = "URL")]
    base_url: Option<Url>,
    /// Forces this charset.
    #[arg(long, value_name = "CHARSET")]
    encoding: Option<String>,
    /// The zone of times that name none.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,
}

pub(super) fn run(_globals: &Globals, arguments: Arguments) -> Outcome {
    let timezone = TimeZone::get(&arguments.timezone)
        .map_err(|_| Failed::usage(format!("no time zone is named \"{}\"", arguments.timezone)))?;
    if arguments.json_lines {
        for name in &arguments.documents {
            let line = match understand(name, &arguments, &timezone) {
                Ok(understood) => {
                    let mut value = understood.json();
                    value["file"] = json!(name);
                    value
                }
                Err(error) => json!({ "file": name, "error": error }),
            };
            output::print(&format!("{line}\n"));
        }
        return Ok(ExitCode::SUCCESS);
    }
    for (i, name) in arguments.documents.iter().enumerate() {
        let understood =
            understand(name, &arguments, &timezone).map_err(|e| Failed::job(format!("{name}: {e}")))?;
        if arguments.json {
            output::print(&format!("{:#}\n", understood.json()));
        } else {
            let gap = if i > 0 { "\n" } else { "" };
            output::print(&format!("{gap}{}", understood.for_people(arguments.text)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a document was read as.
enum Understood {
    Feed(Box<ParsedFeed>),
    Article(Box<PageArticle>),
}

impl Understood {
    fn json(&self) -> serde_json::Value {
        match self {
            Self::Feed(feed) => inspect::json(feed),
            Self::Article(article) => inspect_page::json(article),
        }
    }

    fn for_people(&self, body_alone: bool) -> String {
        match self {
            Self::Feed(feed) => inspect::page(feed),
            Self::Article(article) if body_alone => inspect_page::text(article),
            Self::Article(article) => inspect_page::summary(article),
        }
    }
}

fn understand(name: &str, arguments: &Arguments, timezone: &TimeZone) -> Result<Understood, String> {
    let document = read(name)?;
    let content_type = arguments.content_type.as_deref().or(document.content_type.as_deref());
    let base = arguments.base_url.as_ref().or(document.url.as_ref());
    let encoding = arguments.encoding.as_deref();
    let now = Timestamp::now();
    let read = || {
        if arguments.page {
            let input = page::Input {
                content_type,
                base,
                encoding,
                timezone,
                ..page::Input::new(&document.body, now)
            };
            let mut article = page::article(&input).map_err(|e| e.to_string())?;
            if document.url.is_none() {
                forget_relative_dates(&mut article, &input);
            }
            return Ok(Understood::Article(Box::new(article)));
        }
        let body = &document.body;
        let input = parse::Input { body, content_type, base, encoding, timezone, language: None, now };
        let feed = parse::parse(&input).map_err(|e| e.to_string())?;
        Ok(Understood::Feed(Box::new(feed)))
    };
    // A document that breaks the parser must not take the others of the list with it.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err("reading it broke off; this is a defect of kariz, please report it".into()))
}

/// Takes the dates of a kept page that are "3 hours ago": nobody knows when it was kept. What moves with the clock is one.
fn forget_relative_dates(article: &mut page::PageArticle, input: &page::Input<'_>) {
    // Nobody writes "400 days ago".
    let recent = |date: Timestamp| input.now.duration_since(date).as_hours() < 400 * 24;
    if !article.published.is_some_and(recent) && !article.updated.is_some_and(recent) {
        return;
    }
    let Ok(later) = input.now.checked_add(jiff::SignedDuration::from_mins(61)) else { return };
    let moved = |date: Option<Timestamp>, other: Option<Timestamp>| date.filter(|_| date == other);
    if let Ok(other) = page::article(&page::Input { now: later, ..input.clone() }) {
        article.published = moved(article.published, other.published);
        article.updated = moved(article.updated, other.updated);
    }
}

/// The bytes of a file, of standard input, or of what an address answers.
pub(super) fn read(name: &str) -> Result<Document, String> {
    if name.starts_with("http://") || name.starts_with("https://") {
        let url = Url::parse(name).map_err(|e| format!("no address: {e}"))?;
        return fetch(&url).map_err(|failure| failure.message);
    }
    let body = if name == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        let path = Url::parse(name).ok().filter(|u| u.scheme() == "file").and_then(|u| u.to_file_path().ok());
        std::fs::read(path.unwrap_or_else(|| PathBuf::from(name)))
    };
    let body = body.map_err(|e| format!("it cannot be read: {e}"))?;
    Ok(Document { body: body.into(), ..Document::default() })
}

fn fetch(url: &Url) -> Result<Document, Failure> {
    let internal = |message: String| Failure {
        kind: crate::model::ErrorKind::Internal,
        message,
        status: None,
        retry_at: None,
    };
    // The operator typed the address: it may lie on this machine.
    let source = Source::plain("inspect", Location::Http(url.clone()), true);
    let settings = Settings { allow_private_addresses: true, ..Settings::default() };
    let client = Client::new(&settings).map_err(|e| internal(e.to_string()))?;
    let run_time = run_time().map_err(|e| internal(e.message))?;
    let request = Request {
        source: &source,
        location: &source.location,
        validators: &Validators::default(),
        may_use_file: false,
        purpose: Purpose::Feed,
    };
    match run_time.block_on(client.fetch(&request)) {
        Fetched::Document(document) => Ok(document),
        Fetched::Failed(failure) => Err(failure),
        Fetched::Gone => Err(internal("410: it is gone for good, says its server".into())),
        Fetched::NotModified { .. } => {
            Err(internal("the server answers 304 to an unconditional request".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_page_has_no_date_that_goes_by_the_clock() {
        let now: Timestamp = "2025-05-02T08:00:00Z".parse().unwrap();
        for (line, date) in [
            ("<p>3 hours ago</p>", None),
            ("<p>۳ ساعت پیش</p>", None),
            ("<p>Published 20 April 2025</p>", Some("2025-04-20T00:00:00Z")),
        ] {
            let html = format!(
                "<html><title>Soup for everybody</title><h1>Soup for everybody</h1>{line}\
                 <p>There was a pot of soup, and everybody had some of it, and it was good.</p>"
            );
            let input = page::Input::new(html.as_bytes(), now);
            let mut article = page::article(&input).unwrap();
            assert!(article.published.is_some(), "{line}");
            forget_relative_dates(&mut article, &input);
            assert_eq!(article.published.map(|d| d.to_string()).as_deref(), date, "{line}");
        }
    }
}
