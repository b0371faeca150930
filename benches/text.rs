//! What each new entry costs in dates, sanitising, text and language; and what hostile markup costs at most.

use divan::Bencher;
use divan::counter::BytesCount;
use jiff::tz::TimeZone;
use kariz::model::Markup;
use kariz::parse::dates::{self, DateContext};
use kariz::stories::{Features, FoldedText, Item, address_key};
use kariz::text::compare::Folding;
use kariz::text::{html, language, plain, search};

fn main() {
    divan::main();
}

#[divan::bench(args = [
    "Thu, 20 Jun 2024 10:00:00 GMT",
    "2024-06-20T10:00:00+03:30",
    "Thu, 20 June 2024 10:00 EST",
    "پنج‌شنبه ۳۱ خرداد ۱۴۰۳ ساعت ۱۰:۳۰",
    "1403-03-31T10:00:00+03:30",
    "۲ ساعت پیش",
])]
fn date(bencher: Bencher<'_, '_>, text: &str) {
    let timezone = TimeZone::get("Asia/Tehran").unwrap_or(TimeZone::UTC);
    let context = DateContext { timezone: &timezone, language: Some("fa"), now: jiff::Timestamp::UNIX_EPOCH };
    bencher.bench(|| dates::parse(divan::black_box(text), &context));
}

#[divan::bench]
fn dates_within_text(bencher: Bencher<'_, '_>) {
    let timezone = TimeZone::get("Asia/Tehran").unwrap_or(TimeZone::UTC);
    let context = DateContext { timezone: &timezone, language: Some("fa"), now: jiff::Timestamp::UNIX_EPOCH };
    let text = "پارک تازهٔ شهر ۳۱ خرداد ۱۴۰۳ باز شد. The town opened 2 parks on June 20, 2024.\n".repeat(1000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| dates::find_in(&text, &context).len());
}

fn article() -> String {
    let paragraph = "<p class=\"x\">The town <b>opened</b> a new park &amp; a <a href=\"/lake?x=1&amp;y=2\">lake</a> on Monday; \
                     entry is free. <img src=\"a.jpg\" alt=\"The lake\" width=\"600\"></p>\n<p>پارک تازهٔ شهر باز می‌شود.</p>\n";
    paragraph.repeat(40)
}

#[divan::bench]
fn sanitize_article(bencher: Bencher<'_, '_>) {
    let markup =
        Markup { html: article(), base: url::Url::parse("https://news.example/a/").ok(), language: None };
    bencher.counter(BytesCount::of_str(&markup.html)).bench(|| html::sanitize(&markup));
}

#[divan::bench]
fn text_of_article(bencher: Bencher<'_, '_>) {
    let html = article();
    bencher.counter(BytesCount::of_str(&html)).bench(|| html::to_text(&html));
}

#[divan::bench]
fn summary_of_article(bencher: Bencher<'_, '_>) {
    let html = article();
    bencher.bench(|| html::summary(&html, 300));
}

#[divan::bench(args = ["The town opened a new park on Monday", "پارک تازهٔ شهر باز می‌شود", "Tea &amp; <b>cake</b>"])]
fn title(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench(|| plain::from_html(divan::black_box(text)));
}

#[divan::bench(args = [None, Some("fa"), Some("en-US")])]
fn language_of(bencher: Bencher<'_, '_>, declared: Option<&str>) {
    let text = html::to_text(&article());
    bencher.bench(|| language::of(declared, "The town opened a new park", &text));
}

/// What is done on a new entry between its document and its row: cleaning, language, what it is recognised and found by.
#[divan::bench(args = ["en", "fa"])]
fn read_entry(bencher: Bencher<'_, '_>, tongue: &str) {
    let (title, sentence) = match tongue {
        "fa" => {
            ("پارک تازهٔ شهر باز شد", "پارک تازهٔ شهر از هفتهٔ آینده باز می‌شود و ورود به آن برای همه رایگان است")
        }
        _ => (
            "The town opened a new park",
            "The town opened a new park &amp; a lake on Monday, and entry is free for all",
        ),
    };
    let piece = format!("<p class=\"x\">{sentence}. <a href=\"/lake?x=1&amp;y=2\">{sentence}</a>.</p>\n");
    let picture =
        "<figure><img src=\"https://news.example/a.jpg\" alt=\"\" width=\"640\" height=\"360\"></figure>";
    let base = url::Url::parse("https://news.example/a/").ok();
    let markup = Markup { html: format!("{picture}{}", piece.repeat(8)), base, language: None };
    let link = "https://news.example/articles/17?utm_source=feed";
    bencher.counter(BytesCount::of_str(&markup.html)).bench(|| {
        let (html, _, text) = html::sanitize_and_read(&markup, html::LONGEST);
        let language = language::of(Some(tongue), title, &text);
        let direction = language::direction(language.as_deref(), title, &text);
        let folded = FoldedText::of(&text);
        let item = Item {
            source: "news",
            guid: "17",
            outlet: &["The News"],
            link: Some(link),
            addresses: &[],
            title,
            text: &text,
            published: jiff::Timestamp::UNIX_EPOCH,
            language: language.as_deref(),
        };
        let features = Features::of_folded(&item, &folded, address_key(link)).to_bytes();
        let words = search::words_of(&[(title, &Folding::of(title)), (&text, folded.whole())]);
        (html, direction, features, words)
    });
}

/// Ten megabytes of each, once.
#[divan::bench(sample_count = 1, sample_size = 1, args = [
    "<div>", "<b>x</b>", "<p>text ", "<table><tr><td>", "<a href='x'>", "<p style='display:none'>", "<td>", "</b>", "&amp;", "<!-- -->",
    "<i><div>x", "<a =\"", "text without markup ", "پارک تازه <br>",
])]
fn hostile(bencher: Bencher<'_, '_>, piece: &str) {
    let markup = Markup { html: piece.repeat(10_000_000 / piece.len()), base: None, language: None };
    bencher.bench_local(|| html::sanitize(&markup));
}
