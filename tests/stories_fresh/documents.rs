//! The documents of the outlets, each written by another kind of program.

use jiff::Timestamp;

use super::{Item, OUTLETS, Set, Words};

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text as HTML.
fn html(item: &Item, style: usize) -> String {
    let paragraphs = item.paragraphs.iter().map(|p| {
        let p = escape(p).replace("&amp;#8230;", "&#8230;");
        if item.escaped_twice {
            p.replace('«', "&laquo;").replace('»', "&raquo;").replace('.', ".&nbsp;").replace('&', "&amp;")
        } else {
            p
        }
    });
    let body: String = match style {
        0 => paragraphs.map(|p| format!("<p>{p}</p>\n")).collect(),
        1 => paragraphs
            .map(|p| format!("<div class=\"x\"><span style=\"color:#333\">{p}</span></div>"))
            .collect(),
        2 => paragraphs.map(|p| format!("{p}<br/><br/>")).collect(),
        _ => paragraphs
            .enumerate()
            .map(|(i, p)| {
                if i == 0 {
                    format!("<p class=\"lead\"><strong>{p}</strong></p>")
                } else {
                    format!("<p dir=\"auto\">{p}</p>")
                }
            })
            .collect(),
    };
    format!("{}{body}{}", item.before, item.after)
}

fn cdata(text: &str) -> String {
    format!("<![CDATA[{text}]]>")
}

/// The document of an outlet at a visit.
pub fn document(words: &Words, items: &[Item], source: usize, poll: usize) -> (&'static str, String) {
    let language = source / OUTLETS;
    let name = words.list(language, "outlet")[source % OUTLETS];
    let home = format!("https://{}/", Set::host(source));
    let listed = items.iter().filter(|i| i.source == source && (i.poll..i.until).contains(&poll));
    let style = source % OUTLETS;
    match style {
        0..=3 => {
            let items: String = listed.map(|item| rss_item(item, style)).collect();
            (
                "application/rss+xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\"><channel><title>{}</title><link>{home}</link><description>x</description>{items}</channel></rss>",
                    escape(name)
                ),
            )
        }
        4 => {
            let entries: String = listed.map(atom_entry).collect();
            (
                "application/atom+xml",
                format!(
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\"><title>{}</title><id>{home}</id><updated>2021-01-30T00:00:00Z</updated><link href=\"{home}\"/>{entries}</feed>",
                    escape(name)
                ),
            )
        }
        _ => {
            let items: Vec<serde_json::Value> = listed
                .map(|item| {
                    let mut value = serde_json::json!({
                        "url": item.orig_link.as_ref().or(item.link.as_ref()), "title": item.title,
                        "content_html": html(item, 3), "date_published": time(item).to_string(),
                    });
                    if let Some(guid) = &item.guid {
                        value["id"] = guid.as_str().into();
                    }
                    value
                })
                .collect();
            let feed = serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "title": name, "home_page_url": home, "items": items});
            ("application/feed+json", feed.to_string())
        }
    }
}

fn time(item: &Item) -> Timestamp {
    Timestamp::from_second(item.published).expect("a time")
}

fn title(item: &Item) -> String {
    let title = escape(&item.title);
    if item.escaped_twice { title.replace('&', "&amp;") } else { title }
}

fn rss_item(item: &Item, style: usize) -> String {
    let mut out = format!("<item><title>{}</title>", title(item));
    if let Some(guid) = &item.guid {
        out += &format!("<guid isPermaLink=\"{}\">{}</guid>", item.permalink, escape(guid));
    }
    if let Some(link) = &item.link {
        out += &format!("<link>{}</link>", escape(link));
    }
    if let Some(link) = &item.orig_link {
        out += &format!("<feedburner:origLink>{}</feedburner:origLink>", escape(link));
    }
    let html = html(item, style);
    match style {
        0 if !html.is_empty() => out += &format!("<description>{}</description>", cdata(&html)),
        // An excerpt and the whole.
        1 if !html.is_empty() => {
            let excerpt: String = item.paragraphs.join(" ").chars().take(140).collect();
            out += &format!(
                "<description>{}…</description><content:encoded>{}</content:encoded>",
                escape(&excerpt),
                cdata(&html)
            );
        }
        2 if !html.is_empty() => out += &format!("<description>{}</description>", escape(&html)),
        3 if !html.is_empty() => {
            out += &format!(
                "<description>{}</description><content:encoded>{}</content:encoded>",
                escape(item.paragraphs.first().map_or("", String::as_str)),
                cdata(&html)
            );
        }
        _ => {}
    }
    let date = time(item).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    out + &format!("<pubDate>{date}</pubDate></item>")
}

fn atom_entry(item: &Item) -> String {
    let mut out = format!("<entry><title type=\"html\">{}</title>", escape(&title(item)));
    if let Some(guid) = &item.guid {
        out += &format!("<id>{}</id>", escape(guid));
    }
    if let Some(link) = &item.link {
        out += &format!("<link rel=\"alternate\" href=\"{}\"/>", escape(link));
    }
    if let Some(link) = &item.orig_link {
        out += &format!("<feedburner:origLink>{}</feedburner:origLink>", escape(link));
    }
    out + &format!(
        "<updated>{0}</updated><published>{0}</published><content type=\"html\">{1}</content></entry>",
        time(item),
        escape(&html(item, 2))
    )
}
