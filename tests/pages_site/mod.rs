//! A small Persian news site without a feed: a front page, article pages, and all that stands around them.
#![allow(dead_code)] // Each test file uses a part.

use std::sync::{Arc, Mutex};

use crate::origin::{Origin, Step, status};

/// Title, slug, and paragraphs.
pub type Article = (&'static str, &'static str, [&'static str; 3]);

pub const ARTICLES: [Article; 8] = [
    (
        "نانوایی میدان از فردا یک ساعت زودتر باز می‌شود",
        "bread",
        [
            "نانوایی میدان بزرگ شهر از فردا ساعت پنج صبح باز می‌شود تا کارگران پیش از نخستین قطار نان تازه داشته باشند.",
            "نانوا می‌گوید مردم سراسر زمستان همین را خواسته بودند و حالا تنور تازه هم رسیده است.",
            "قیمت نان تغییری نمی‌کند و روزهای جمعه ساعت کار مانند گذشته خواهد بود.",
        ],
    ),
    (
        "پل قدیمی آسیاب تا بهار بسته است",
        "bridge",
        [
            "پل قدیمی روی نهر آسیاب برای تعمیر پایه‌ها تا آغاز بهار بسته شد و رانندگان باید از کنار دبستان بگذرند.",
            "مهندس ناظر گفت سنگ‌های دو پایه‌ی میانی لق شده‌اند و باید یکی‌یکی شماره‌گذاری و از نو چیده شوند.",
            "پیاده‌ها می‌توانند از پل چوبی باغ ملی استفاده کنند که شب‌ها نیز روشن است.",
        ],
    ),
    (
        "کتابخانه ابزار باغبانی هم امانت می‌دهد",
        "tools",
        [
            "از این هفته بیل و شن‌کش و دو قیچی باغبانی در کنار رمان‌ها روی قفسه‌ی کتابخانه‌ی محله نشسته‌اند.",
            "هر کس کارت عضویت دارد می‌تواند ابزار را ده روز به خانه ببرد، به شرط آن‌که تمیز برگرداند.",
            "کتابدار می‌گوید فهرست انتظار برای اره‌ی کوچک از همین حالا به تابستان رسیده است.",
        ],
    ),
    (
        "گروه سرود مدرسه در ایستگاه قطار می‌خواند",
        "choir",
        [
            "چهل دانش‌آموز آخرین قطار بخار سال را با ترانه‌هایی درباره‌ی برف بدرقه خواهند کرد.",
            "رئیس ایستگاه قول داده است برای همه شکلات داغ و برای هر بچه یک سوت حلبی آماده کند.",
            "تمرین نهایی گروه عصر چهارشنبه در سالن انتظار برگزار می‌شود و ورود برای همه آزاد است.",
        ],
    ),
    (
        "زنبورهای باغ گیاه‌شناسی رکورد عسل را شکستند",
        "honey",
        [
            "کندوهای پشت گلخانه امسال دویست و ده کیلوگرم عسل دادند که از همه‌ی سال‌های گذشته بیشتر است.",
            "زنبوردار باغ دلیل آن را بهار طولانی و اقاقیاهای تازه‌ی کنار رودخانه می‌داند.",
            "شیشه‌های کوچک عسل از شنبه در دکه‌ی ورودی باغ فروخته می‌شود و درآمدش خرج کندوی تازه خواهد شد.",
        ],
    ),
    (
        "ساعت برج شهرداری پس از نه سال دوباره زنگ زد",
        "clock",
        [
            "ساعت برج شهرداری که نه سال روی چهار و بیست دقیقه مانده بود دیروز ظهر دوازده بار زنگ زد.",
            "ساعت‌ساز بازنشسته‌ای چرخ‌دنده‌ی شکسته را از روی نقشه‌ای قدیمی در کارگاه خود ساخته است.",
            "همسایه‌های میدان خواسته‌اند زنگ شبانه خاموش بماند و شورای شهر آن را پذیرفته است.",
        ],
    ),
    (
        "استخر محله پس از کاشی‌کاری باز می‌شود",
        "pool",
        [
            "کاشی‌کاری استخر سرپوشیده‌ی محله به پایان رسید و آب‌گیری آن سه روز زمان خواهد برد.",
            "مدیر استخر گفت دمای آب در صبح‌ها برای سالمندان دو درجه بالاتر نگه داشته می‌شود.",
            "کلاس شنای کودکان همان روزهای یکشنبه و سه‌شنبه است و ثبت‌نام از امروز آغاز شده است.",
        ],
    ),
    (
        "گربه‌ی گمشده‌ی کتابفروشی در انبار پیدا شد",
        "cat",
        [
            "گربه‌ی خاکستری کتابفروشی خیابان صنوبر که دوازده روز ناپدید بود میان جعبه‌های کاغذ پیدا شد.",
            "شاگرد مغازه صدای آرامی شنید و پشت بسته‌های دفتر، گربه را با سه بچه‌گربه دید.",
            "صاحب کتابفروشی گفت تا وقتی بچه‌ها چشم باز کنند کسی به آن گوشه‌ی انبار دست نخواهد زد.",
        ],
    ),
];

/// The day on which article `i` was written, as the site writes it and as a date.
pub fn day(i: usize) -> (String, String) {
    let weekdays = ["پنجشنبه", "چهارشنبه", "سه‌شنبه", "دوشنبه", "یکشنبه", "شنبه", "جمعه", "پنجشنبه"];
    let day = 20 - i;
    (format!("{} {day}-ژوئن-2024", weekdays[i]), format!("2024-06-{day:02}"))
}

const TOP: &str = r#"<div class="topbar"><div class="container"><span class="today">سه‌شنبه ۴ آذر ۱۴۰۴ | ۲۵ نوامبر ۲۰۲۵</span>
<ul class="langs"><li><a href="/ar/">العربية</a></li><li><a href="/en/">English</a></li></ul></div></div>
<header><a class="logo" href="/"><img src="/logo.png" alt="خبر شهر"></a><nav><ul class="menu">
<li><a href="/cat/city">شهر</a></li><li><a href="/cat/culture">فرهنگ</a></li><li><a href="/cat/sport">ورزش</a></li>
<li><a href="/cat/economy">اقتصاد</a></li><li><a href="/about">درباره‌ی ما</a></li><li><a href="/contact">تماس با ما</a></li></ul></nav></header>"#;
const FOOT: &str = r#"<footer><div class="cols"><ul><li><a href="/about">درباره‌ی ما</a></li><li><a href="/ads">تبلیغات</a></li><li><a href="/contact">تماس با ما</a></li></ul>
<form class="newsletter"><p>برای دریافت خبرنامه ایمیل خود را وارد کنید</p><input type="email"><button>عضویت</button></form></div>
<p class="copyright">کلیه‌ی حقوق این سایت برای خبر شهر محفوظ است. نقل مطالب با ذکر منبع آزاد است.</p></footer>"#;

/// The page of article `i`.
pub fn article_page(i: usize, prefix: &str) -> String {
    let (title, slug, paragraphs) = ARTICLES[i];
    let (written, _) = day(i);
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    let related: String = (1..4)
        .map(|k| {
            let (title, slug, text) = ARTICLES[(i + k) % ARTICLES.len()];
            format!(r#"<li><a href="{prefix}/{slug}"><img src="/t/{slug}.jpg"><h4>{title}</h4></a><p>{}</p></li>"#, text[0])
        })
        .collect();
    format!(
        r##"<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{title} | خبر شهر</title>
<meta property="og:site_name" content="خبر شهر"><meta property="og:title" content="{title}"><meta property="og:image" content="/i/{slug}.jpg">
<link rel="canonical" href="https://khabar.example{prefix}/{slug}"></head><body>{TOP}
<main class="container"><div class="breadcrumb"><a href="/">خانه</a> / <a href="/cat/city">شهر</a></div>
<div class="post"><div class="date-now">امروز: سه‌شنبه ۴ آذر ۱۴۰۴</div><h1 class="post-title">{title}</h1>
<div class="post-meta"><span class="post-date">{written}</span> <span class="views">۱۲۳ بازدید</span></div>
<div class="share"><a href="https://t.me/share/url?url=x">تلگرام</a> <a href="https://twitter.com/share">توییتر</a> <a href="#" onclick="print()">چاپ</a></div>
<img class="lead" src="/i/{slug}.jpg" alt="">
<div class="post-body">{body}</div>
<div class="short-link">لینک کوتاه: <span id="short">https://khabar.example/?p={i}0{i}</span> <button>کپی</button><span class="copied" style="display:none">کپی شد</span></div>
<div class="tags">برچسب‌ها: <a href="/tag/a">شهر</a> <a href="/tag/b">محله</a></div></div>
<section class="related"><h3>مطالب مرتبط</h3><ul>{related}</ul></section>
<section class="comments"><h3>دیدگاه‌ها</h3><form><textarea></textarea><button>ارسال دیدگاه</button></form></section></main>
<aside><h3>پربازدیدترین‌ها</h3><ol><li><a href="{prefix}/pool">{}</a></li><li><a href="{prefix}/cat">{}</a></li></ol></aside>{FOOT}</body></html>"##,
        ARTICLES[6].0, ARTICLES[7].0
    )
}

/// The front page with these articles.
pub fn front_page(articles: &[usize], prefix: &str) -> String {
    let items: String = articles
        .iter()
        .map(|&i| {
            let (title, slug, text) = ARTICLES[i];
            let teaser: String = text[0].chars().take(60).collect();
            format!(
                r#"<div class="card"><a class="thumb" href="{prefix}/{slug}"><img src="/t/{slug}.jpg" alt=""></a>
<div class="card-body"><h3><a href="{prefix}/{slug}">{title}</a></h3><p>{teaser}…</p></div></div>"#
            )
        })
        .collect();
    format!(
        r#"<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>خبر شهر</title><meta property="og:site_name" content="خبر شهر"></head>
<body>{TOP}<main><h2>آخرین خبرها</h2><div class="cards">{items}</div><div class="pager"><a class="next" href="/page/2">بعدی</a></div></main>{FOOT}</body></html>"#
    )
}

/// The site on an origin: what is on its front page can be changed.
pub struct Site {
    pub front: Arc<Mutex<String>>,
}

impl Site {
    pub fn on(origin: &Origin, articles: &[usize]) -> Self {
        let front = Arc::new(Mutex::new(front_page(articles, "/news")));
        let shown = front.clone();
        origin.on("/", move |_| html(&shown.lock().unwrap()));
        for (i, article) in ARTICLES.iter().enumerate() {
            origin.on(&format!("/news/{}", article.1), move |_| html(&article_page(i, "/news")));
        }
        Self { front }
    }

    pub fn shows(&self, page: String) {
        *self.front.lock().unwrap() = page;
    }
}

/// A page.
pub fn html(body: &str) -> Vec<Step> {
    status(200, &[("Content-Type", "text/html; charset=utf-8")], body)
}
