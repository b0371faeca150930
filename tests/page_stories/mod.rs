//! Invented news for the page: an ordinary week of a few towns, in Persian, Arabic and English.

#![allow(dead_code)]

use std::sync::Arc;

use jiff::tz::TimeZone;
use kariz::model::{
    Article, ContentPolicy, Direction, Entry, ErrorKind, Member, Person, SourceId, SourceInfo, Stage, Story,
    Why,
};
use kariz::publish::page::{Facet, FeedLink, Health, LinkFormat, PageContext, StatusRow};

/// (id, title, language, tag)
pub const SOURCES: [(&str, &str, &str, &str); 6] = [
    ("ruznameh-shahr", "روزنامهٔ شهر", "fa", "شهر"),
    ("bagh-o-mazraeh", "باغ و مزرعه", "fa", "کشاورزی"),
    ("sahifat-alnahr", "صحيفة النهر", "ar", "المدينة"),
    ("alsuq", "أخبار السوق", "ar", "اقتصاد"),
    ("harbour-gazette", "The Harbour Gazette", "en", "city"),
    ("field-notes", "Field Notes & Weather", "en", "science"),
];

struct Told {
    source: usize,
    title: &'static str,
    summary: &'static str,
    hours_ago: i64,
    picture: bool,
    also: &'static [(usize, &'static str)],
}

const NEWS: [Told; 18] = [
    Told {
        source: 0,
        title: "پل عابر پیادهٔ رودخانه پس از دو سال ساخت‌وساز به روی مردم باز شد",
        summary: "ساکنان دو سوی رودخانه از امروز می‌توانند بی‌نیاز از دور زدن سه کیلومتری، پیاده به بازار قدیمی برسند. شهرداری می‌گوید نورپردازی پل تا پایان ماه کامل می‌شود و دوچرخه‌سواران نیز مسیر جداگانه‌ای خواهند داشت.",
        hours_ago: 1,
        picture: true,
        also: &[
            (4, "Footbridge over the river opens after two years"),
            (2, "افتتاح جسر المشاة فوق النهر بعد عامين من البناء"),
        ],
    },
    Told {
        source: 4,
        title: "Night ferries return to the harbour, with room for forty bicycles",
        summary: "The first late boat left at 23:10 with twelve passengers and one cello. The timetable runs until the end of March & may be extended if enough people use it.",
        hours_ago: 2,
        picture: false,
        also: &[],
    },
    Told {
        source: 2,
        title: "مزارعو الوادي يبدأون قطاف الزيتون مبكرًا بعد خريف دافئ",
        summary: "بدأ قطاف الزيتون هذا العام قبل موعده بأسبوعين، ويقول المزارعون إن الزيت أخف لونًا وأطيب طعمًا. وتفتح المعاصر أبوابها من السادسة صباحًا حتى منتصف الليل.",
        hours_ago: 3,
        picture: true,
        also: &[(3, "موسم الزيتون يبدأ قبل موعده")],
    },
    Told {
        source: 1,
        title: "کشاورزان روستاهای بالادست کشت زعفران را به نوبت آبیاری می‌کنند",
        summary: "با برنامهٔ تازهٔ نوبت‌بندی، هر باغ هفته‌ای یک بار آب می‌گیرد. «پارسال نیمی از پیازها خشک شد؛ امسال همه سبز شده‌اند»، یکی از باغداران می‌گوید.",
        hours_ago: 5,
        picture: false,
        also: &[],
    },
    Told {
        source: 5,
        title: "Why the first frost came late: three charts and a cup of tea",
        summary: "A warm current, a slow high and a week without wind. We explain, with measurements from eleven gardens, what kept the valley green until November.",
        hours_ago: 6,
        picture: true,
        also: &[(4, "Late frost leaves gardens green")],
    },
    Told {
        source: 3,
        title: "أسعار الخبز ثابتة في الأسواق رغم ارتفاع كلفة الدقيق (GDP +2.1%)",
        summary: "قال أصحاب المخابز إنهم اتفقوا على إبقاء السعر كما هو حتى الربيع.",
        hours_ago: 9,
        picture: false,
        also: &[],
    },
    Told {
        source: 0,
        title: "نسخهٔ ۲٫۰ برنامهٔ OpenRoute اتوبوس‌ها را زنده نشان می‌دهد",
        summary: "",
        hours_ago: 20,
        picture: false,
        also: &[],
    },
    Told {
        source: 4,
        title: "Library lends out seeds: “take ten, bring back twenty”",
        summary: "Four hundred packets went in the first week, most of them beans. The catalogue is a shoebox.",
        hours_ago: 22,
        picture: true,
        also: &[],
    },
    Told {
        source: 2,
        title: "مكتبة متنقلة تصل إلى عشر قرى كل أسبوع",
        summary: "حافلة صغيرة تحمل ثلاثة آلاف كتاب، وسائقها يحفظ أسماء القراء جميعًا.",
        hours_ago: 26,
        picture: false,
        also: &[],
    },
    Told {
        source: 1,
        title: "برداشت انار در باغ‌های دره آغاز شد؛ امسال شیرین‌تر و کوچک‌تر",
        summary: "بارش کم بهار میوه‌ها را کوچک‌تر کرده، اما باغداران از طعم آن راضی‌اند و نخستین محموله فردا به بازار می‌رسد.",
        hours_ago: 30,
        picture: true,
        also: &[(0, "انار امسال شیرین‌تر است")],
    },
    Told {
        source: 5,
        title: "Counting swifts with a kitchen timer",
        summary: "Volunteers in six towns counted birds for ten minutes at dusk. The numbers are up for the third year.",
        hours_ago: 33,
        picture: false,
        also: &[],
    },
    Told {
        source: 4,
        title: "Antidisestablishmentarianism_and_other_very_long_words_without_a_break_in_a_headline_of_the_local_spelling_contest",
        summary: "https://spelling.example/a/very/long/address/without/any/place/to/break/it/that/someone/pasted/into/the/summary",
        hours_ago: 46,
        picture: false,
        also: &[],
    },
    Told {
        source: 3,
        title: "السوق القديمة تستعيد أبوابها الخشبية بعد ترميم دام عامًا",
        summary: "أعاد النجارون ثمانية وعشرين بابًا إلى مواضعها، وكل باب يحمل اسم صاحب الدكان الأول.",
        hours_ago: 50,
        picture: false,
        also: &[],
    },
    Told {
        source: 0,
        title: "مدرسهٔ کوهستان برای شش دانش‌آموز دوباره باز شد",
        summary: "معلم تازه هر صبح با قاطر از روستای پایین می‌آید و کتابخانهٔ کوچکی هم آورده است.",
        hours_ago: 55,
        picture: false,
        also: &[],
    },
    Told {
        source: 5,
        title: "A new map of the underground channels",
        summary: "Surveyors followed forty kilometres of old water tunnels by lamp and by sound.",
        hours_ago: 70,
        picture: false,
        also: &[],
    },
    Told {
        source: 1,
        title: "قنات کهن دوباره به آب رسید",
        summary: "پس از لایروبی چهارماهه، آب از مادرچاه به مظهر رسید و اهالی جشن گرفتند.",
        hours_ago: 75,
        picture: false,
        also: &[],
    },
    Told {
        source: 2,
        title: "",
        summary: "خبر بلا عنوان عن المطر.",
        hours_ago: 80,
        picture: false,
        also: &[],
    },
    Told {
        source: 4,
        title: "Rain expected <b>tomorrow</b> & on Sunday",
        summary: "Bring a coat.",
        hours_ago: 100,
        picture: false,
        also: &[],
    },
];

fn source(at: usize) -> Arc<SourceInfo> {
    let (id, title, language, tag) = SOURCES[at];
    Arc::new(SourceInfo {
        id: id.into(),
        title: title.into(),
        feed_url: format!("https://{id}.example/feed.xml"),
        link: Some(format!("https://{id}.example/")),
        language: Some(language.into()),
        tags: vec![tag.into()],
        content: ContentPolicy::Full,
        ..SourceInfo::default()
    })
}

fn member(
    key: i64,
    at: usize,
    title: &str,
    summary: &str,
    published: jiff::Timestamp,
    image: Option<String>,
) -> Member {
    let (id, _, language, _) = SOURCES[at];
    let direction = if language == "en" { Direction::Ltr } else { Direction::Rtl };
    let escaped = summary.replace('&', "&amp;").replace('<', "&lt;");
    Member {
        entry: Entry {
            position: 0,
            key,
            source: SourceId::from(id),
            guid: format!("{key}"),
            article: Article {
                link: Some(format!("https://{id}.example/{key}?a=1&b=2")),
                title: title.into(),
                summary_html: (!escaped.is_empty()).then_some(escaped),
                authors: if key % 500 == 0 {
                    vec![Person { name: Some("Newsroom".into()), ..Person::default() }]
                } else {
                    vec![]
                },
                image,
                language: Some(language.into()),
                direction,
                ..Article::default()
            },
            published,
            updated: published,
            first_seen: published,
        },
        source: source(at),
        why: None,
    }
}

/// The stories as of `now`, pictures under `pictures` (an address that ends with `/`).
pub fn stories(now: jiff::Timestamp, pictures: &str) -> Vec<Story> {
    NEWS.iter()
        .enumerate()
        .map(|(n, told)| {
            let published = now - jiff::SignedDuration::from_mins(told.hours_ago * 60 + n as i64 * 7 % 60);
            let key = n as i64 * 100;
            let image = told.picture.then(|| format!("{pictures}{n}.svg"));
            let mut members = vec![member(key, told.source, told.title, told.summary, published, image)];
            for (m, (at, title)) in told.also.iter().enumerate() {
                let mut other = member(key + 1 + m as i64, *at, title, "", published, None);
                other.why = Some(Why { stage: Stage::Headline, score: 1.0, reason: "equal headline".into() });
                members.push(other);
            }
            Story {
                id: format!("urn:uuid:00000000-0000-4000-8000-{n:012}"),
                published,
                updated: published,
                members,
            }
        })
        .collect()
}

pub fn feeds(prefix: &str, title: &str) -> Vec<FeedLink> {
    let link = |format, extension: &str| FeedLink {
        format,
        path: format!("{prefix}{extension}"),
        title: title.into(),
    };
    vec![
        link(LinkFormat::Atom, "atom.xml"),
        link(LinkFormat::Rss, "rss.xml"),
        link(LinkFormat::Json, "feed.json"),
    ]
}

/// The page of a language.
pub fn context(language: &str) -> PageContext {
    let (title, subtitle, zone) = match language {
        "fa" => ("چشمه", "خبرهای شهر و روستا، از شش منبع", "Asia/Tehran"),
        "ar" => ("النبع", "أخبار المدينة والريف من ستة مصادر", "Asia/Gaza"),
        _ => ("The Wellspring", "News of town and country, from six sources", "Europe/London"),
    };
    let mut all = feeds("", title);
    all.push(FeedLink { format: LinkFormat::Opml, path: "opml.xml".into(), title: title.into() });
    let sources = SOURCES.map(|(id, title, _, _)| Facet {
        id: id.into(),
        title: title.into(),
        path: format!("sources/{id}.html"),
        feeds: vec![FeedLink {
            format: LinkFormat::Atom,
            path: format!("sources/{id}.xml"),
            title: title.into(),
        }],
    });
    let tags = SOURCES.map(|(_, _, _, tag)| Facet {
        id: tag.into(),
        title: tag.into(),
        path: format!("tags/{tag}.html"),
        feeds: vec![FeedLink {
            format: LinkFormat::Atom,
            path: format!("tags/{tag}.xml"),
            title: tag.into(),
        }],
    });
    PageContext {
        title: title.into(),
        subtitle: Some(subtitle.into()),
        language: language.into(),
        base_url: None,
        feeds: all,
        sources: sources.into(),
        tags: tags.into(),
        time_zone: TimeZone::get(zone).unwrap(),
        live: true,
        ..PageContext::default()
    }
}

/// One source of each health.
pub fn states(now: jiff::Timestamp) -> Vec<StatusRow> {
    let ago = |minutes: i64| Some(now - jiff::SignedDuration::from_mins(minutes));
    let row = |at: usize, health| StatusRow {
        id: SOURCES[at].0.into(),
        title: SOURCES[at].1.into(),
        address: format!("https://{}.example/feed.xml", SOURCES[at].0),
        health,
        last_success: ago(4 + at as i64),
        last_new: ago(95 * (at as i64 + 1)),
        next_due: Some(now + jiff::SignedDuration::from_mins(11 + at as i64)),
        entries: 120 * (at as u64 + 1) + 3,
        per_day: (0..30).map(|day: u32| (day * (7 + at as u32) + at as u32 * 3) % 11).collect(),
        error: None,
    };
    let failed = |kind, message: &str| Some((kind, message.to_owned()));
    vec![
        row(0, Health::Healthy),
        row(1, Health::Healthy),
        StatusRow { last_new: ago(20 * 1440), per_day: vec![0; 30], ..row(2, Health::Silent) },
        StatusRow {
            last_success: ago(3 * 1440),
            error: failed(
                ErrorKind::Dns,
                "alsuq.example: no address is known for this name; is the address in feeds.toml right?",
            ),
            ..row(3, Health::Failing)
        },
        StatusRow { next_due: None, error: failed(ErrorKind::Gone, "410 Gone"), ..row(4, Health::Gone) },
        StatusRow {
            last_success: None,
            last_new: None,
            entries: 0,
            per_day: vec![],
            ..row(5, Health::Waiting)
        },
    ]
}
