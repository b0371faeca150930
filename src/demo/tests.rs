use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use quick_xml::events::Event;

use super::documents::{LOOKALIKES, PICTURES, SHARED};
use super::origin::filled;
use super::*;

const BASE: &str = "http://127.0.0.1:8099";

/// The document as text, read in the charset that it declares.
fn text(site: &Site) -> String {
    let bytes = filled(site.document.expect("a document"), BASE);
    let charset = if site.id == "sarw" { encoding_rs::WINDOWS_1256 } else { encoding_rs::UTF_8 };
    let (text, _, errors) = charset.decode(&bytes);
    assert!(!errors, "{} is not {}", site.id, charset.name());
    text.into_owned()
}

fn with_document() -> impl Iterator<Item = &'static Site> {
    SITES.iter().filter(|site| site.document.is_some())
}

/// Reads the document to its end; an open element there is an error too.
fn well_formed(xml: &str) -> Result<usize, String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(e) => {
                elements += usize::from(matches!(e.name().as_ref(), "item" | "entry"));
                for attribute in e.attributes() {
                    attribute.map_err(|e| e.to_string())?;
                }
                open.push(e.name().as_ref().to_owned());
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof if open.is_empty() => return Ok(elements),
            Event::Eof => return Err(format!("{} elements are open at the end", open.len())),
            _ => {}
        }
    }
}

#[test]
fn every_sound_document_is_well_formed_and_holds_as_many_entries_as_stated() {
    for site in with_document().filter(|site| site.state == State::Sound) {
        let text = text(site);
        let entries = if site.feed.ends_with(".json") {
            let feed: serde_json::Value = serde_json::from_str(&text).expect(site.id);
            feed["items"].as_array().expect("items").len()
        } else {
            well_formed(&text).expect(site.id)
        };
        assert_eq!(entries, site.entries, "{}", site.id);
    }
}

#[test]
fn the_broken_one_is_cut_off_and_has_bare_ampersands() {
    let broken: Vec<_> = with_document().filter(|site| site.state == State::Broken).collect();
    assert_eq!(broken.len(), 1);
    let text = text(broken[0]);
    assert!(!text.contains("</rss>") && text.contains("Rovers & Friends"));
    assert_eq!(text.matches("</item>").count(), broken[0].entries);
    assert!(well_formed(&text).is_err());
}

#[test]
fn one_is_dead() {
    assert_eq!(SITES.iter().filter(|site| site.state == State::Dead).count(), 1);
}

#[test]
fn the_arabic_paper_is_truly_windows_1256() {
    let sarw = SITES.iter().find(|site| site.id == "sarw").expect("the paper");
    assert!(sarw.document.is_some_and(|bytes| std::str::from_utf8(bytes).is_err()));
    assert!(text(sarw).contains("الجسر الحجري"));
}

#[test]
fn documents_are_small_and_their_placeholders_are_filled() {
    for site in with_document() {
        let text = text(site);
        assert!(text.len() < 20_000 && text.contains(BASE), "{}", site.id);
        assert!(!text.contains("{{"), "{}", site.id);
    }
}

#[test]
fn enclosures_tell_their_true_length() {
    for site in with_document() {
        let text = text(site);
        for (path, _, bytes) in PICTURES {
            for (at, _) in text.match_indices(&format!("<enclosure url=\"{BASE}{path}\"")) {
                assert!(text[at..].contains(&format!("length=\"{}\"", bytes.len())), "{}: {path}", site.id);
            }
        }
        if let Ok(feed) = serde_json::from_str::<serde_json::Value>(&text) {
            for attachment in
                feed["items"].as_array().into_iter().flatten().filter_map(|i| i.get("attachments"))
            {
                assert_eq!(attachment[0]["size_in_bytes"], PICTURES[0].2.len(), "{}", site.id);
            }
        }
    }
}

#[test]
fn every_picture_shown_is_there() {
    for site in with_document() {
        for (at, _) in text(site).match_indices("/pictures/") {
            assert!(PICTURES.iter().any(|(path, ..)| text(site)[at..].starts_with(path)), "{}", site.id);
        }
    }
}

#[test]
fn every_entry_that_the_lists_name_is_there() {
    for group in shared_stories(BASE).iter().chain(&lookalikes(BASE)) {
        assert!(group.entries.len() > 1);
        for (id, guid) in &group.entries {
            let site = SITES.iter().find(|site| site.id == *id).expect(id);
            assert_eq!(site.language, group.language, "{guid}");
            assert!(text(site).contains(guid.as_str()), "{id} has no {guid}");
        }
    }
    let named: Vec<_> = SHARED.iter().chain(LOOKALIKES).flat_map(|(_, _, entries)| *entries).collect();
    assert_eq!(named.len(), named.iter().collect::<HashSet<_>>().len(), "an entry is named twice");
}

#[test]
fn each_language_shares_stories_in_each_of_five_ways() {
    for language in ["en", "fa", "ar"] {
        assert_eq!(SHARED.iter().filter(|(l, ..)| *l == language).count(), 5, "{language}");
    }
}

#[test]
fn its_feeds_toml_is_a_valid_configuration() {
    let [config, ..] = VOICES.map(|voice| {
        let toml = feeds_toml(BASE, &voice);
        let config = crate::config::parse(Path::new("demo/feeds.toml"), &toml, &|_, _| None)
            .unwrap_or_else(|e| panic!("{e}\n{toml}"));
        assert_eq!(
            (config.feed.language.as_deref(), &*config.feed.title),
            (Some(voice.language), voice.title)
        );
        config
    });
    assert_eq!(config.sources.len(), SITES.len());
    assert!(config.fetch.allow_private_addresses && config.fetch.per_host_delay.is_zero());
    assert!(config.feed.id.is_some());
    for (source, site) in config.sources.iter().zip(SITES) {
        assert_eq!(source.id.as_str(), site.id);
        assert_eq!(source.language.as_deref(), Some(site.language));
        assert!(source.allow_private_addresses);
    }
}

/// One request on a connection of its own: the status, the head and the body.
fn get(origin: &Origin, path: &str, more: &str) -> (u16, String, Vec<u8>) {
    let address = origin.base_url().trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).expect("a connection");
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n")
        .expect("a request");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer");
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(answer[..split].to_vec()).expect("an ASCII head");
    let status = head[9..12].parse().expect("a status");
    (status, head, answer[split + 4..].to_vec())
}

#[test]
fn the_origin_serves_feeds_pictures_and_article_pages() {
    let origin = Origin::start().expect("an origin");
    for site in SITES {
        let (status, head, body) = get(&origin, site.feed, "");
        match site.document {
            Some(document) => {
                assert_eq!(status, 200, "{}", site.id);
                assert!(head.contains(site.content_type), "{head}");
                assert_eq!(body, filled(document, origin.base_url()), "{}", site.id);
            }
            None => assert_eq!(status, 500, "{}", site.id),
        }
        let (status, head, body) = get(&origin, &format!("/{}/some/article?page=1", site.id), "");
        assert_eq!(status, 200);
        assert!(head.contains("text/html; charset=utf-8"));
        assert!(String::from_utf8_lossy(&body).contains(&format!("lang=\"{}\"", site.language)));
    }
    for (path, content_type, bytes) in PICTURES {
        let (status, head, body) = get(&origin, path, "");
        assert_eq!((status, body.as_slice()), (200, *bytes));
        assert!(head.contains(content_type));
    }
    assert_eq!(get(&origin, "/nothing", "").0, 404);
    assert_eq!(get(&origin, "/pictures/none.png", "").0, 404);
}

#[test]
fn the_origin_answers_304_to_whoever_has_the_bytes_already() {
    let origin = Origin::start().expect("an origin");
    let (_, head, _) = get(&origin, "/feeds/courier.xml", "");
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an ETag").to_owned();
    for condition in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let (status, _, body) =
            get(&origin, "/feeds/courier.xml", &format!("If-None-Match: {condition}\r\n"));
        assert_eq!((status, body.len()), (304, 0), "{condition}");
    }
    assert_eq!(get(&origin, "/feeds/courier.xml", "If-None-Match: \"other\"\r\n").0, 200);
}

#[test]
fn the_port_is_free_after_stop_though_a_connection_was_open() {
    let origin = Origin::start().expect("an origin");
    let address = origin.base_url().trim_start_matches("http://").to_owned();
    let _open = TcpStream::connect(&address).expect("a connection");
    origin.stop();
    assert!(TcpStream::connect(&address).is_err());
}

#[tokio::test]
async fn the_origin_can_be_started_and_stopped_inside_a_run_time() {
    Origin::start().expect("an origin").stop();
}
