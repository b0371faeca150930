//! A listing page of a right-to-left news site, as its readers see it: the list of the day, and around it a bar with
//! today's date, menus, breaking news, a side bar, tags and the numbers of further pages.

use kariz::page::{self, Input, Selectors};
use url::Url;

const TITLES: [&str; 8] = [
    "باغ کوچک پشت مدرسه دوباره سبز شد",
    "نانوایی که شب‌ها هم روشن است",
    "پل چوبی پس از سیل ساخته شد",
    "کتابخانه‌ای که با قاطر می‌آید",
    "جشن انار در روستای بالادست برگزار می‌شود",
    "بازار ماهی هفته‌ای دو روز باز است",
    "گربهٔ گمشدهٔ کتابخانه به خانه برگشت",
    "دوچرخه‌سواران راه تازه‌ای به دریا یافتند",
];
const DATES: [(&str, &str); 8] = [
    ("پنجشنبه 20-ژوئن-2024", "2024-06-20"),
    ("پنجشنبه 20-ژوئن-2024", "2024-06-20"),
    ("چهارشنبه 19-ژوئن-2024", "2024-06-19"),
    ("چهارشنبه 19-ژوئن-2024", "2024-06-19"),
    ("سه شنبه 18-ژوئن-2024", "2024-06-18"),
    ("دوشنبه 17-ژوئن-2024", "2024-06-17"),
    ("یکشنبه 16-ژوئن-2024", "2024-06-16"),
    ("شنبه 15-ژوئن-2024", "2024-06-15"),
];

fn page(item: impl Fn(usize) -> String) -> String {
    let items: String = (0..TITLES.len()).map(item).collect();
    let menu: String =
        ["صفحهٔ نخست", "اخبار سیاسی و اجتماعی ایران", "اقتصاد و بازار کار و مسکن", "ورزش جهان و ایران امروز"]
            .iter()
            .enumerate()
            .map(|(i, m)| format!("<li><a href='/cat/{i}'>{m}</a></li>"))
            .collect();
    let side: String = (0..6)
        .map(|i| format!("<li><a href='/news/{}'>خبر قدیمی شمارهٔ {i} که خیلی‌ها خوانده‌اند</a></li>", 500 + i))
        .collect();
    format!(
        "<!DOCTYPE html><html lang='fa' dir='rtl'><head><meta charset='utf-8'><title>آرشیو اخبار | روزنامهٔ آبادی</title></head><body>
        <header><div class='top'><span class='date-now'>جمعه 2/مه/2025</span></div><nav><ul class='menu'>{menu}</ul></nav>
        <div class='ticker'><a href='/news/900'>خبر فوری که در نوار بالا می‌گذرد و نباید شمرده شود</a></div></header>
        <main><div class='row'><div class='col-md-8'><h1>آرشیو اخبار</h1>{items}
        <ul class='pagination'><li><a href='?page=1'>1</a></li><li><a href='?page=2'>2</a></li><li><a rel='next' href='?page=2'>بعدی</a></li></ul></div>
        <aside class='col-md-4'><h4>پربازدیدترین‌ها</h4><ul>{side}</ul><div class='tagcloud'><a href='/tag/1'>برچسب باغ و درخت و گل</a><a href='/tag/2'>برچسب نان و آش و سفره</a><a href='/tag/3'>برچسب پل و رود و سیل</a></div></aside></div></main>
        <footer><ul>{menu}</ul><p>تمامی حقوق محفوظ است</p></footer></body></html>"
    )
}

/// Both the list and what was chosen, pasted, give the eight articles in order, with their dates.
fn assert_lists(html: &str) {
    let base = Url::parse("https://abadi.example/archive").unwrap();
    let input =
        Input { base: Some(&base), ..Input::new(html.as_bytes(), "2025-05-02T08:00:00Z".parse().unwrap()) };
    let found = page::listing(&input, None).unwrap();
    let pasted: Selectors = toml::from_str(&found.chosen.to_toml()).unwrap();
    let again = page::listing(&input, Some(&pasted)).unwrap();
    assert_eq!(again.feed.entries, found.feed.entries);
    let entries = &found.feed.entries;
    let titles: Vec<&str> = entries.iter().filter_map(|e| e.title.as_deref()).collect();
    assert_eq!(titles, TITLES, "{:?}", found.chosen);
    let links: Vec<&str> = entries.iter().filter_map(|e| e.link.as_deref()).collect();
    let expected: Vec<String> =
        (0..TITLES.len()).map(|i| format!("https://abadi.example/news/{}", 100 + i)).collect();
    assert_eq!(links, expected);
    let dates: Vec<String> = entries
        .iter()
        .map(|e| e.published.map_or("-".to_owned(), |d| d.to_string()[..10].to_owned()))
        .collect();
    let expected: Vec<&str> = DATES.iter().map(|d| d.1).collect();
    assert_eq!(dates, expected, "{:?}", found.chosen);
    assert_eq!(found.feed.language.as_deref(), Some("fa"));
    assert_eq!(found.next.as_deref(), Some("https://abadi.example/archive?page=2"));
}

#[test]
fn cards_with_pictures_and_teasers() {
    assert_lists(&page(|i| {
        format!(
            "<div class='card news-item'><a class='thumb' href='/news/{0}'><img data-src='/t/{0}.jpg' src='data:image/gif;base64,R0'></a><div class='card-body'><h2 class='card-title'><a href='/news/{0}'>{1}</a></h2><span class='date'>{2}</span><p class='summary'>چند جمله دربارهٔ این خبر که خواننده را به خواندن دنبالهٔ آن می‌خواند و بیش از این نمی‌گوید.</p><a class='more' href='/news/{0}'>ادامه مطلب</a></div></div>",
            100 + i,
            TITLES[i],
            DATES[i].0
        )
    }));
}

#[test]
fn bare_lines_with_a_date_behind() {
    assert_lists(&page(|i| {
        format!("<div><a href='/news/{}'>{}</a><br><small>{}</small></div>", 100 + i, TITLES[i], DATES[i].0)
    }));
}

#[test]
fn a_first_article_that_is_larger() {
    assert_lists(&page(|i| {
        let inner =
            format!("<h3><a href='/news/{}'>{}</a></h3><time>{}</time>", 100 + i, TITLES[i], DATES[i].0);
        if i == 0 {
            format!("<div class='item lead'><img src='/b.jpg'>{inner}</div>")
        } else {
            format!("<div class='item'>{inner}</div>")
        }
    }));
}

#[test]
fn rows_of_a_table() {
    assert_lists(&page(|i| {
        format!(
            "<table width='100%'><tr><td class='d'>{}</td><td><a href='/news/{}' title='x'>{}</a></td></tr></table>",
            DATES[i].0,
            100 + i,
            TITLES[i]
        )
    }));
}

#[test]
fn cards_that_are_links_with_names_that_a_build_tool_made() {
    assert_lists(&page(|i| {
        format!(
            "<a class='css-1x{0}' href='/news/{1}'><div class='css-im'><img src='/t/{1}.jpg' alt=''></div><div class='css-tx'><span class='css-dt'>{2}</span><h3 class='css-hd'>{3}</h3><p class='css-ld'>چند جمله دربارهٔ این خبر که خواننده را به خواندن دنبالهٔ آن می‌خواند.</p></div></a>",
            ["a", "b"][i % 2],
            100 + i,
            DATES[i].0,
            TITLES[i]
        )
    }));
}

#[test]
fn a_grid_of_boxes_whose_date_stands_above_the_title() {
    assert_lists(&page(|i| {
        let open = if i % 2 == 0 { "<div class='row'>" } else { "" };
        let close = if i % 2 == 1 { "</div>" } else { "" };
        format!(
            "{open}<div class='col-md-6 col-xs-12'><div class='box-news'><figure><a href='/news/{0}'><img src='/t/{0}.jpg' alt='{1}'></a></figure><ul class='list-inline'><li><i class='fa fa-calendar'></i> {2}</li><li><i class='fa fa-eye'></i> ۱۲۳</li></ul><h4><a href='/news/{0}' title='{1}'>{1}</a></h4></div></div>{close}",
            100 + i,
            TITLES[i],
            DATES[i].0
        )
    }));
}

#[test]
fn a_list_whose_kicker_and_section_are_links_too() {
    assert_lists(&page(|i| {
        format!(
            "<li class='media'><div class='media-body'><a class='cat' href='/cat/{2}'>شهر و روستا</a><h5>از دفتر روزنامه</h5><h3><a href='/news/{0}'>{1}</a></h3><div class='meta'><span>{3}</span> | <span>کد خبر: {0}</span></div></div></li>",
            100 + i,
            TITLES[i],
            i % 3,
            DATES[i].0
        )
    }));
}

#[test]
fn a_region_in_the_language_of_the_page_says_nothing() {
    let html = page(|i| {
        format!(
            "<article><h2><a href='/news/{}'>{}</a></h2><time>{}</time></article>",
            100 + i,
            TITLES[i],
            DATES[i].0
        )
    });
    assert_lists(&html.replace("lang='fa'", "lang='fa-IR'"));
}

#[test]
fn cards_whose_first_link_is_a_picture_without_words() {
    assert_lists(&page(|i| {
        format!(
            "<div class='crd'><a href='/news/10{i}'><img src='/i/{i}.jpg'></a><div class='b'><a class='k' href='/cat/1'>فرهنگ</a>\
             <div class='t'><a href='/news/10{i}'>{}</a></div><span class='d'>{}</span></div></div>",
            TITLES[i], DATES[i].0
        )
    }));
    // The words of the picture are not the headline.
    assert_lists(&page(|i| {
        format!(
            "<div class='crd'><a href='/news/10{i}'><img src='/i/{i}.jpg' alt='عکسی از روستا'></a><div class='t'><a href='/news/10{i}'>{}</a></div>\
             <span class='d'>{}</span></div>",
            TITLES[i], DATES[i].0
        )
    }));
}

#[test]
fn what_is_read_most_is_not_the_list_though_its_box_has_no_name() {
    let most: String = (0..6)
        .map(|i| format!("<li><a href='/old/{i}'>خبر دیگری شمارهٔ {i} که خیلی‌ها خوانده‌اند</a></li>"))
        .collect();
    let html = page(|i| {
        format!("<ul class='n'><li>{} <a href='/news/10{i}'>{}</a></li></ul>", DATES[i].0, TITLES[i])
    });
    assert_lists(
        &html.replace("</main>", &format!("<div class='q'><h4>پربازدیدها</h4><ol>{most}</ol></div></main>")),
    );
}

#[test]
fn a_first_article_in_a_box_and_a_heading_of_its_own() {
    assert_lists(&page(|i| {
        let (title, date) = (TITLES[i], DATES[i].0);
        if i == 0 {
            return format!(
                "<div class='hero'><h1><a href='/news/100'>{title}</a></h1><span class='d'>{date}</span></div>"
            );
        }
        format!(
            "<div class='g'><h2><a href='/news/10{i}'>{title}</a></h2><span class='d'>{date}</span></div>"
        )
    }));
}

#[test]
fn a_notice_under_a_heading_above_the_list_is_no_article() {
    let html = page(|i| {
        format!(
            "<div class='g'><h2><a href='/news/10{i}'>{}</a></h2><span class='d'>{}</span></div>",
            TITLES[i], DATES[i].0
        )
    });
    let notice = "<h1>آرشیو اخبار</h1><div class='note'><h2><a href='/about/letters'>در خبرنامهٔ هفتگی شهر ما عضو شوید</a></h2></div>";
    assert_lists(&html.replace("<h1>آرشیو اخبار</h1>", notice));
}
