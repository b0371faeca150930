//! Copies and traps as somebody makes them who wants a reader of many feeds to fail: on the hand-written reports, one kind
//! at a time, so that no third copy helps.

use super::dispatches::{DISPATCHES, OTHER_HEADLINES};
use super::reports::{REPORTS, Report};
use super::{Labelled, START, outlet};

/// What another outlet makes of a report: headline and text.
pub struct Copy {
    pub kind: &'static str,
    make: fn(&Report, usize) -> (String, String),
}

/// All reports, with a number each.
pub fn reports() -> Vec<&'static Report> {
    REPORTS.iter().chain(DISPATCHES).collect()
}

/// The report as the first outlet prints it.
pub fn original(n: usize, report: &Report) -> Labelled {
    item(n, report.language * 6 + n % 6, 0, report.headline.to_owned(), report.text.to_owned())
}

fn item(label: usize, source: usize, hours: i64, title: String, text: String) -> Labelled {
    let serial = label * 100 + source;
    Labelled {
        source,
        poll: 0,
        guid: Some(format!("item-{serial}-{hours}")),
        link: Some(format!("https://www.{}/{serial}/{hours}", outlet(source).1)),
        orig_link: None,
        title,
        text,
        published: START + (label as i64 % 20) * 1_800 + hours * 3_600,
        label,
        kind: "base",
        trap: None,
    }
}

impl Copy {
    /// The copy of a report in another outlet.
    pub fn of(&self, n: usize, report: &Report) -> Labelled {
        let source = report.language * 6 + (n + 1) % 6;
        let (title, text) = (self.make)(report, source);
        Labelled { kind: self.kind, ..item(n, source, 5, title, text) }
    }
}

fn beginning(text: &str, letters: usize) -> String {
    text.replace('\n', " ").chars().take(letters).collect::<String>().trim_end().to_owned()
}

fn sentences(text: &str) -> Vec<String> {
    text.replace('\n', " ").split_inclusive(". ").map(|s| s.trim().to_owned()).collect()
}

fn plain(r: &Report, text: String) -> (String, String) {
    (r.headline.to_owned(), text)
}

fn retitled(r: &Report, title: String) -> (String, String) {
    (title, r.text.to_owned())
}

fn letters(r: &Report, change: impl Fn(char) -> Vec<char>) -> (String, String) {
    let all = |t: &str| t.chars().flat_map(&change).collect::<String>();
    (all(r.headline), all(r.text))
}

/// The text for a language.
fn of(r: &Report, words: [&'static str; 3]) -> &'static str {
    words[r.language]
}

pub const COPIES: &[Copy] = &[
    Copy {
        kind: "title exclusive",
        make: |r, _| retitled(r, format!("{}{}", of(r, ["Exclusive: ", "اختصاصی | ", "حصري: "]), r.headline)),
    },
    Copy {
        kind: "title watch",
        make: |r, _| retitled(r, format!("{}{}", of(r, ["WATCH | ", "ببینید/ ", "شاهد | "]), r.headline)),
    },
    Copy {
        kind: "title with pictures",
        make: |r, _| {
            retitled(r, format!("{}{}", r.headline, of(r, [" (with pictures)", " + عکس", " (صور)"])))
        },
    },
    Copy { kind: "title with name", make: |r, s| retitled(r, format!("{} | {}", r.headline, outlet(s).0)) },
    Copy {
        kind: "title with section and name",
        make: |r, s| {
            retitled(
                r,
                format!("{} | {} | {}", r.headline, of(r, ["Region", "جامعه", "محليات"]), outlet(s).0),
            )
        },
    },
    Copy {
        kind: "title with section before",
        make: |r, _| {
            retitled(r, format!("{}{}", of(r, ["Local news: ", "شهر | ", "أخبار محلية | "]), r.headline))
        },
    },
    Copy { kind: "title cut", make: |r, _| retitled(r, format!("{}…", beginning(r.headline, 28))) },
    Copy { kind: "title in capitals", make: |r, _| retitled(r, r.headline.to_uppercase()) },
    Copy { kind: "title with a sign", make: |r, _| retitled(r, format!("🔴 {}", r.headline)) },
    Copy { kind: "title in quotes", make: |r, _| retitled(r, format!("“{}”", r.headline)) },
    Copy {
        kind: "title escaped",
        make: |r, _| retitled(r, format!("&#x200f;{}&nbsp;", r.headline.replace(' ', "&#32;"))),
    },
    Copy {
        kind: "title of its own",
        make: |r, _| {
            let n = DISPATCHES.iter().position(|d| d.headline == r.headline);
            retitled(r, n.map_or_else(|| sentences(r.text).swap_remove(0), |n| OTHER_HEADLINES[n].to_owned()))
        },
    },
    Copy {
        kind: "title generic",
        make: |r, _| retitled(r, of(r, ["News in brief", "خبر کوتاه", "خبر قصير"]).to_owned()),
    },
    Copy { kind: "no title", make: |r, _| retitled(r, String::new()) },
    Copy { kind: "no text", make: |r, _| plain(r, String::new()) },
    Copy {
        kind: "cut, read more",
        make: |r, _| {
            plain(
                r,
                format!("{}… {}", beginning(r.text, 170), of(r, ["Read more", "ادامه مطلب", "اقرأ المزيد"])),
            )
        },
    },
    Copy {
        kind: "cut, continue",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{} [...] {}",
                    beginning(r.text, 240),
                    of(r, ["Continue reading →", "ادامه خبر را بخوانید »", "تابع القراءة ←"])
                ),
            )
        },
    },
    Copy { kind: "cut without a sign", make: |r, _| plain(r, beginning(r.text, 200)) },
    Copy {
        kind: "cut, own title",
        make: |r, _| {
            let n = DISPATCHES.iter().position(|d| d.headline == r.headline);
            let title = n.map_or_else(|| sentences(r.text).swap_remove(0), |n| OTHER_HEADLINES[n].to_owned());
            (title, format!("{}…", beginning(r.text, 220)))
        },
    },
    Copy { kind: "first sentence", make: |r, _| plain(r, sentences(r.text).swap_remove(0)) },
    Copy {
        kind: "last half",
        make: |r, _| {
            let s = sentences(r.text);
            plain(r, s[s.len() / 2..].join(" "))
        },
    },
    Copy {
        kind: "middle",
        make: |r, _| {
            let s = sentences(r.text);
            plain(r, s[1..s.len() - 1].join(" "))
        },
    },
    Copy {
        kind: "every other sentence",
        make: |r, _| plain(r, sentences(r.text).into_iter().step_by(2).collect::<Vec<_>>().join(" ")),
    },
    Copy {
        kind: "appeared first",
        make: |r, s| {
            plain(
                r,
                format!(
                    "{}…\nThe post {} appeared first on {}.",
                    beginning(r.text, 260),
                    r.headline,
                    outlet(s).0
                ),
            )
        },
    },
    Copy { kind: "lead twice", make: |r, _| plain(r, format!("{}\n{}", sentences(r.text)[0], r.text)) },
    Copy { kind: "title in text", make: |r, _| plain(r, format!("{}\n{}", r.headline, r.text)) },
    Copy {
        kind: "dateline",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}{}",
                    of(
                        r,
                        [
                            "DORRICK, May 3 (Valley Wire) — ",
                            "به گزارش خبرگزاری چشمه، ",
                            "الوادي (وكالة النبع) - "
                        ]
                    ),
                    r.text
                ),
            )
        },
    },
    Copy {
        kind: "caption and credit",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    of(
                        r,
                        [
                            "Photo: Ellen Thrupp / Valley Wire",
                            "عکس: سپیده مرادی / چشمه",
                            "تصوير: نادين كرم / النبع"
                        ]
                    ),
                    r.text
                ),
            )
        },
    },
    Copy {
        kind: "stamp and reading time",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    of(
                        r,
                        [
                            "Updated 3 May 2022, 14:05 | 3 min read",
                            "به‌روزرسانی: ۱۳ اردیبهشت ۱۴۰۱، ساعت ۱۴:۰۵ | زمان مطالعه ۳ دقیقه",
                            "آخر تحديث: ٣ أيار ٢٠٢٢ الساعة ١٤:٠٥ | مدة القراءة ٣ دقائق"
                        ]
                    ),
                    r.text
                ),
            )
        },
    },
    Copy {
        kind: "reporting and editing",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    r.text,
                    of(
                        r,
                        [
                            "Reporting by Ellen Thrupp; editing by Max Lorn",
                            "خبرنگار: سپیده مرادی، دبیر: بهنام نیک",
                            "إعداد نادين كرم، تحرير سامي فرح"
                        ]
                    )
                ),
            )
        },
    },
    Copy {
        kind: "rights and sharing",
        make: |r, s| {
            plain(
                r,
                format!(
                    "{}\n{}\n© 2022 {}",
                    r.text,
                    of(
                        r,
                        [
                            "Share on Facebook Tweet Pin it",
                            "اشتراک‌گذاری در تلگرام، کپی لینک",
                            "شارك عبر فيسبوك وتويتر"
                        ]
                    ),
                    outlet(s).0
                ),
            )
        },
    },
    Copy {
        kind: "related headlines",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    r.text,
                    of(
                        r,
                        [
                            "Also read:\nMayor opens new swimming pool\nTen recipes for rhubarb\nWhy the swallows came late",
                            "مطالب مرتبط:\nاستخر تازه شهر باز شد\nده دستور پخت ریواس\nچرا پرستوها دیر آمدند",
                            "اقرأ أيضا:\nافتتاح المسبح الجديد\nعشر وصفات بالراوند\nلماذا تأخرت السنونوات",
                        ]
                    )
                ),
            )
        },
    },
    Copy {
        kind: "advertisement inside",
        make: |r, _| {
            let mut s = sentences(r.text);
            s.insert(
                2.min(s.len()),
                of(
                    r,
                    [
                        "Advertisement\nSubscribe to our newsletter and get the week in one mail.",
                        "آگهی\nدر خبرنامه ما عضو شوید و هفته را یکجا بخوانید.",
                        "إعلان\nاشترك في نشرتنا البريدية واقرأ الأسبوع في رسالة واحدة.",
                    ],
                )
                .to_owned(),
            );
            plain(r, s.join("\n"))
        },
    },
    Copy {
        kind: "tags and comments",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    r.text,
                    of(
                        r,
                        [
                            "Tags: region, people, spring\n14 comments",
                            "برچسب‌ها: شهر، مردم، بهار\n۱۴ دیدگاه",
                            "الوسوم: المدينة، الناس، الربيع\n١٤ تعليقا"
                        ]
                    )
                ),
            )
        },
    },
    Copy {
        kind: "correction",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    r.text,
                    of(
                        r,
                        [
                            "Correction: an earlier version of this report misspelled a name.",
                            "اصلاحیه: در نسخه پیشین این خبر نامی نادرست نوشته شده بود.",
                            "تصويب: ورد في نسخة سابقة من هذا الخبر اسم مكتوب خطأ."
                        ]
                    )
                ),
            )
        },
    },
    Copy { kind: "wrapped at 60", make: |r, _| plain(r, wrapped(r.text, 60)) },
    Copy { kind: "one line", make: |r, _| plain(r, r.text.replace('\n', " ")) },
    Copy { kind: "no space after stops", make: |r, _| plain(r, r.text.replace(". ", ".")) },
    Copy { kind: "a line a sentence", make: |r, _| plain(r, sentences(r.text).join("\n\n")) },
    Copy {
        kind: "paragraphs turned",
        make: |r, _| {
            let mut s = sentences(r.text);
            let n = s.len();
            s[1..n - 1].reverse();
            plain(r, s.join("\n"))
        },
    },
    Copy {
        kind: "latin digits",
        make: |r, _| {
            letters(r, |c| {
                vec![c.to_digit(10).and_then(|d| char::from_digit(d, 10)).unwrap_or_else(|| digit(c))]
            })
        },
    },
    Copy {
        kind: "arabic letters",
        make: |r, _| {
            letters(r, |c| {
                vec![match c {
                    'ی' => 'ي',
                    'ک' => 'ك',
                    'ۀ' => 'ة',
                    c => c,
                }]
            })
        },
    },
    Copy {
        kind: "persian letters",
        make: |r, _| {
            letters(r, |c| {
                vec![match c {
                    'ي' | 'ى' => 'ی',
                    'ك' => 'ک',
                    'ة' => 'ه',
                    'أ' | 'إ' => 'ا',
                    c => c,
                }]
            })
        },
    },
    Copy { kind: "no joiners", make: |r, _| letters(r, |c| if c == '\u{200c}' { vec![] } else { vec![c] }) },
    Copy {
        kind: "joiners as spaces",
        make: |r, _| letters(r, |c| vec![if c == '\u{200c}' { ' ' } else { c }]),
    },
    Copy {
        kind: "joiners as soft hyphens",
        make: |r, _| letters(r, |c| vec![if c == '\u{200c}' { '\u{ad}' } else { c }]),
    },
    Copy {
        kind: "stretched and marked",
        make: |r, _| {
            letters(r, |c| match c {
                'م' => vec!['م', 'ـ'],
                'ر' => vec!['ر', '\u{650}'],
                'e' => vec!['e', '\u{ad}'],
                c => vec![c],
            })
        },
    },
    Copy { kind: "no-break spaces", make: |r, _| letters(r, |c| vec![if c == ' ' { '\u{a0}' } else { c }]) },
    Copy {
        kind: "direction marks",
        make: |r, _| letters(r, |c| if c == ' ' { vec!['\u{200f}', ' ', '\u{202b}'] } else { vec![c] }),
    },
    Copy {
        kind: "presentation forms",
        make: |r, _| {
            letters(r, |c| {
                vec![match c {
                    'ل' => 'ﻝ',
                    'ه' => 'ﻩ',
                    'ن' => 'ﻥ',
                    c => c,
                }]
            })
        },
    },
    Copy {
        kind: "other quotes and dashes",
        make: |r, _| {
            letters(r, |c| {
                vec![match c {
                    '“' | '”' | '«' | '»' => '"',
                    '-' => '‑',
                    ',' => '،',
                    c => c,
                }]
            })
        },
    },
    Copy {
        kind: "tags left over",
        make: |r, _| {
            plain(
                r,
                format!("&lt;p&gt;{}&lt;/p&gt;&lt;br /&gt;", r.text.replace('\n', "&lt;/p&gt;&lt;p&gt;")),
            )
        },
    },
    Copy {
        kind: "first edit",
        make: |r, _| {
            plain(
                r,
                r.edits
                    .iter()
                    .fold(r.text.to_owned(), |t, e| if t == r.text { t.replacen(e.0, e.1, 1) } else { t }),
            )
        },
    },
    Copy {
        kind: "all edits",
        make: |r, _| plain(r, r.edits.iter().fold(r.text.to_owned(), |t, e| t.replacen(e.0, e.1, 1))),
    },
    Copy {
        kind: "all edits, own title",
        make: |r, _| {
            let n = DISPATCHES.iter().position(|d| d.headline == r.headline);
            let title = n.map_or_else(|| r.headline.to_owned(), |n| OTHER_HEADLINES[n].to_owned());
            (title, r.edits.iter().fold(r.text.to_owned(), |t, e| t.replacen(e.0, e.1, 1)))
        },
    },
    Copy { kind: "mistyped", make: |r, _| plain(r, mistyped(r.text)) },
    Copy {
        kind: "two sentences more",
        make: |r, _| {
            plain(
                r,
                format!(
                    "{}\n{}",
                    r.text,
                    of(
                        r,
                        [
                            "The weather stayed mild all week. Many had brought their own chairs.",
                            "هوا در همه هفته ملایم بود. بسیاری صندلی خود را آورده بودند.",
                            "وظل الطقس معتدلا طوال الأسبوع. وأحضر كثيرون كراسيهم معهم.",
                        ]
                    )
                ),
            )
        },
    },
];

fn digit(c: char) -> char {
    match u32::from(c) {
        n @ 0x660..=0x669 => char::from_u32(n - 0x660 + 0x30).unwrap_or(c),
        n @ 0x6f0..=0x6f9 => char::from_u32(n - 0x6f0 + 0x30).unwrap_or(c),
        _ => c,
    }
}

fn wrapped(text: &str, width: usize) -> String {
    let (mut out, mut line) = (String::new(), 0);
    for word in text.split(' ') {
        if line > 0 && line + word.chars().count() > width {
            out.push('\n');
            line = 0;
        } else if line > 0 {
            out.push(' ');
        }
        out.push_str(word);
        line += word.chars().count() + 1;
    }
    out
}

fn mistyped(text: &str) -> String {
    let mut n = 0;
    text.split(' ')
        .map(|word| {
            let mut letters: Vec<char> = word.chars().collect();
            n += 1;
            if n % 11 == 7
                && letters.len() > 5
                && letters[1..5].iter().all(|c| c.is_lowercase() || u32::from(*c) > 0x600)
            {
                letters.swap(2, 3);
            }
            letters.into_iter().collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// One form, filled several times: the items that it gives are stories of their own.
struct Form {
    kind: &'static str,
    /// Headline and text, `{0}`, `{1}` … filled with the columns of `rows`.
    texts: [(&'static str, &'static str); 3],
    rows: [&'static [&'static [&'static str]]; 3],
}

const FORMS: &[Form] = &[
    Form {
        kind: "prayer times",
        texts: [
            (
                "Prayer times for {0}",
                "Prayer times for {0} on {1}: dawn {2}, noon 12:{3}, sunset {4}. Times may differ by a minute or two in the villages around. The calendar hangs in the entrance of the mosque.",
            ),
            (
                "اوقات شرعی {0}",
                "اوقات شرعی {0} در روز {1}: اذان صبح {2}، اذان ظهر ۱۲:{3}، غروب آفتاب {4}. زمان‌ها در روستاهای پیرامون ممکن است یکی دو دقیقه تفاوت کند. تقویم در ورودی مسجد آویخته است.",
            ),
            (
                "مواقيت الصلاة في {0}",
                "مواقيت الصلاة في {0} يوم {1}: الفجر {2} والظهر ١٢:{3} والمغرب {4}. وقد تختلف المواقيت دقيقة أو دقيقتين في القرى المجاورة. والتقويم معلق عند مدخل المسجد.",
            ),
        ],
        rows: [
            &[
                &["Hollin", "Monday", "4:51", "08", "19:22"],
                &["Garrow", "Monday", "4:51", "09", "19:22"],
                &["Hollin", "Tuesday", "4:49", "08", "19:23"],
            ],
            &[
                &["نیمور", "دوشنبه", "۴:۵۱", "۰۸", "۱۹:۲۲"],
                &["سپیدان", "دوشنبه", "۴:۵۱", "۰۹", "۱۹:۲۲"],
                &["نیمور", "سه‌شنبه", "۴:۴۹", "۰۸", "۱۹:۲۳"],
            ],
            &[
                &["البستان", "الاثنين", "٤:٥١", "٠٨", "١٩:٢٢"],
                &["الغدير", "الاثنين", "٤:٥١", "٠٩", "١٩:٢٢"],
                &["البستان", "الثلاثاء", "٤:٤٩", "٠٨", "١٩:٢٣"],
            ],
        ],
    },
    Form {
        kind: "exchange rates",
        texts: [
            (
                "Exchange rates at the close of trading",
                "Closing rates on {0}: one euro bought {1} crowns, one dollar {2} crowns. Dealers spoke of a quiet day. The central bank publishes the official fixing at two in the afternoon.",
            ),
            (
                "نرخ ارز در پایان معاملات امروز",
                "نرخ پایانی روز {0}: هر یورو {1} تومان و هر دلار {2} تومان. صراف‌ها از روزی آرام سخن گفتند. بانک مرکزی نرخ رسمی را ساعت دو پس از ظهر منتشر می‌کند.",
            ),
            (
                "أسعار الصرف عند إغلاق التداول اليوم",
                "أسعار الإغلاق يوم {0}: اليورو {1} دينار والدولار {2} دينار. وتحدث الصرافون عن يوم هادئ. وينشر المصرف المركزي السعر الرسمي في الثانية بعد الظهر.",
            ),
        ],
        rows: [
            &[
                &["Monday", "11.42", "10.61"],
                &["Tuesday", "11.44", "10.58"],
                &["Wednesday", "11.39", "10.61"],
                &["Thursday", "11.42", "10.66"],
            ],
            &[
                &["شنبه", "۶۱٬۴۰۰", "۵۶٬۲۰۰"],
                &["یکشنبه", "۶۱٬۷۰۰", "۵۶٬۱۰۰"],
                &["دوشنبه", "۶۱٬۴۰۰", "۵۶٬۸۰۰"],
                &["سه‌شنبه", "۶۲٬۰۰۰", "۵۶٬۲۰۰"],
            ],
            &[
                &["السبت", "١٫٤٢", "١٫٣١"],
                &["الأحد", "١٫٤٤", "١٫٣٠"],
                &["الاثنين", "١٫٤١", "١٫٣١"],
                &["الثلاثاء", "١٫٤٢", "١٫٣٣"],
            ],
        ],
    },
    Form {
        kind: "fixture",
        texts: [
            (
                "{0} {2} - {3} {1}",
                "{0} and {1} met in the county league and it ended {2}-{3}. The pitch was dry and the referee had an easy evening. The table is on the board in front of the town hall.",
            ),
            (
                "{0} {2} - {3} {1}",
                "{0} و {1} در لیگ استان به میدان رفتند و بازی {2} بر {3} پایان یافت. زمین خشک بود و داور شب آسانی داشت. جدول روی تابلوی جلوی شهرداری است.",
            ),
            (
                "{0} {2} - {3} {1}",
                "التقى {0} و{1} في دوري المحافظة وانتهت المباراة {2}-{3}. وكان الملعب جافا وقضى الحكم مساء سهلا. والترتيب معلق على اللوحة أمام البلدية.",
            ),
        ],
        rows: [
            &[
                &["Rovers", "Kestrels", "2", "0"],
                &["Kestrels", "Rovers", "2", "0"],
                &["Rovers", "Wanderers", "2", "0"],
                &["Rovers", "Kestrels", "2", "1"],
            ],
            &[
                &["شاهین", "ملوانان", "۲", "۰"],
                &["ملوانان", "شاهین", "۲", "۰"],
                &["شاهین", "کارگران", "۲", "۰"],
                &["شاهین", "ملوانان", "۲", "۱"],
            ],
            &[
                &["الهلال", "الفيحاء", "٢", "٠"],
                &["الفيحاء", "الهلال", "٢", "٠"],
                &["الهلال", "النجمة", "٢", "٠"],
                &["الهلال", "الفيحاء", "٢", "١"],
            ],
        ],
    },
    Form {
        kind: "crossword",
        texts: [
            (
                "Crossword No {0}",
                "Here is today's crossword, number {0}, set by {1}. The solution appears tomorrow on the same page. Send yours in by Friday and win a book token from the shop in Bell Lane.",
            ),
            (
                "جدول شماره {0}",
                "این هم جدول امروز، شماره {0}، طراح: {1}. پاسخ فردا در همین صفحه می‌آید. پاسخ خود را تا جمعه بفرستید و از کتابفروشی گذر مسگرها کتاب جایزه بگیرید.",
            ),
            (
                "الكلمات المتقاطعة رقم {0}",
                "هذه شبكة اليوم رقم {0} من إعداد {1}. ويظهر الحل غدا في الصفحة نفسها. أرسلوا حلكم قبل الجمعة واربحوا كتابا من مكتبة سوق الخشب.",
            ),
        ],
        rows: [
            &[&["4,411", "Badger"], &["4,412", "Badger"], &["4,413", "Heron"]],
            &[&["۴۴۱۱", "گورکن"], &["۴۴۱۲", "گورکن"], &["۴۴۱۳", "حواصیل"]],
            &[&["٤٤١١", "الغرير"], &["٤٤١٢", "الغرير"], &["٤٤١٣", "البلشون"]],
        ],
    },
    Form {
        kind: "weather of towns",
        texts: [
            (
                "Weather in {0} this weekend",
                "{0} can expect {1} on Saturday and {2} on Sunday, with a light wind from the {3}. The nights stay cool. Gardeners should cover their tomatoes once more, the weather office advises.",
            ),
            (
                "هوای {0} در آخر هفته",
                "{0} روز پنجشنبه {1} و روز جمعه {2} خواهد بود و باد ملایمی از {3} می‌وزد. شب‌ها خنک می‌ماند. اداره هواشناسی به باغداران سفارش می‌کند که گوجه‌ها را باز هم بپوشانند.",
            ),
            (
                "طقس {0} في نهاية الأسبوع",
                "يكون الطقس في {0} {1} يوم الجمعة و{2} يوم السبت مع رياح خفيفة من {3}. وتبقى الليالي باردة. وتنصح الأرصاد أصحاب الحدائق بتغطية شتلات البندورة مرة أخرى.",
            ),
        ],
        rows: [
            &[
                &["Hollin", "sunshine", "clouds", "west"],
                &["Garrow", "sunshine", "clouds", "west"],
                &["Pelham", "clouds", "sunshine", "west"],
                &["Hollin", "clouds", "rain", "north"],
            ],
            &[
                &["نیمور", "آفتابی", "ابری", "غرب"],
                &["سپیدان", "آفتابی", "ابری", "غرب"],
                &["کلاته", "ابری", "آفتابی", "غرب"],
                &["نیمور", "ابری", "بارانی", "شمال"],
            ],
            &[
                &["البستان", "مشمسا", "غائما", "الغرب"],
                &["الغدير", "مشمسا", "غائما", "الغرب"],
                &["الكرمة", "غائما", "مشمسا", "الغرب"],
                &["البستان", "غائما", "ممطرا", "الشمال"],
            ],
        ],
    },
    Form {
        kind: "appointment",
        texts: [
            (
                "{0} named head of the {1} office",
                "{0} was named head of the {1} office on {2}. The council thanked the predecessor for years of service. A small reception with tea was held in the blue room.",
            ),
            (
                "{0} رئیس اداره {1} شد",
                "{0} روز {2} رئیس اداره {1} شد. شورا از رئیس پیشین برای سال‌ها خدمت سپاسگزاری کرد. پذیرایی کوچکی با چای در تالار آبی برگزار شد.",
            ),
            (
                "تعيين {0} رئيسا لدائرة {1}",
                "عين {0} رئيسا لدائرة {1} يوم {2}. وشكر المجلس الرئيس السابق على سنوات خدمته. وأقيم استقبال صغير مع الشاي في القاعة الزرقاء.",
            ),
        ],
        rows: [
            &[
                &["Ada Wirth", "water", "Monday"],
                &["Ben Orlo", "water", "Monday"],
                &["Ada Wirth", "forest", "Monday"],
            ],
            &[
                &["مهری بیات", "آب", "دوشنبه"],
                &["سینا کیان", "آب", "دوشنبه"],
                &["مهری بیات", "جنگل", "دوشنبه"],
            ],
            &[
                &["رامي حداد", "المياه", "الاثنين"],
                &["زيد قاسم", "المياه", "الاثنين"],
                &["رامي حداد", "الغابات", "الاثنين"],
            ],
        ],
    },
    Form {
        kind: "toll",
        texts: [
            (
                "Storm on the coast: {0} people hurt",
                "The storm on the coast near Pelham hurt {0} people, the rescue service said {1}. Roofs were torn off and trees fell on cars. The railway stopped its trains until the line is inspected.",
            ),
            (
                "توفان ساحل: {0} نفر زخمی شدند",
                "سازمان امداد {1} گفت که در توفان ساحل نزدیک کلاته {0} نفر زخمی شدند. بام‌ها کنده شد و درخت‌ها روی خودروها افتاد. راه‌آهن تا بازرسی خط قطارها را نگه داشت.",
            ),
            (
                "عاصفة الساحل: إصابة {0} أشخاص",
                "قالت فرق الإنقاذ {1} إن عاصفة الساحل قرب الكرمة أصابت {0} أشخاص. واقتلعت الرياح الأسقف وسقطت الأشجار على السيارات. وأوقفت السكة الحديد قطاراتها حتى فحص الخط.",
            ),
        ],
        rows: [
            &[&["3", "on Monday"], &["5", "on Monday"], &["9", "on Tuesday"]],
            &[&["۳", "دوشنبه"], &["۵", "دوشنبه"], &["۹", "سه‌شنبه"]],
            &[&["٣", "الاثنين"], &["٥", "الاثنين"], &["٩", "الثلاثاء"]],
        ],
    },
    Form {
        kind: "episode",
        texts: [
            (
                "The Garden Hour: {0}",
                "In this episode of the Garden Hour {1} talks about {0}. The Garden Hour is made by neighbours for neighbours and comes out every Thursday. Music by the town band. Write to us at garden@lantern.example.",
            ),
            (
                "ساعت باغ: {0}",
                "در این قسمت از ساعت باغ {1} درباره {0} حرف می‌زند. ساعت باغ را همسایه‌ها برای همسایه‌ها می‌سازند و هر پنجشنبه بیرون می‌آید. موسیقی از گروه شهر. به ما نامه بنویسید.",
            ),
            (
                "ساعة البستان: {0}",
                "في هذه الحلقة من ساعة البستان يتحدث {1} عن {0}. ساعة البستان يصنعها الجيران للجيران وتصدر كل خميس. الموسيقى لفرقة المدينة. راسلونا على بريد البرنامج.",
            ),
        ],
        rows: [
            &[&["roses", "Cora Minn"], &["moles", "Cora Minn"], &["roses", "Dag Hallen"]],
            &[&["گل سرخ", "پروین راد"], &["موش کور", "پروین راد"], &["گل سرخ", "آرش نیکو"]],
            &[&["الورد", "هند خليل"], &["الخلد", "هند خليل"], &["الورد", "عمر ناصر"]],
        ],
    },
];

/// Round-ups of reports, with titles of all kinds.
const ROUND_UPS: &[[&str; 3]] = &[
    [
        "Morning briefing: what you need to know",
        "خبرهای صبح: آنچه باید بدانید",
        "موجز الصباح: ما تحتاج إلى معرفته",
    ],
    ["Five stories you may have missed", "پنج خبری که شاید ندیده باشید", "خمسة أخبار ربما فاتتك"],
    ["The week in the region", "هفته‌ای که گذشت", "أسبوع في المنطقة"],
];

/// The traps, each a group of items of which none is another.
pub fn traps() -> Vec<Labelled> {
    let mut items = Vec::new();
    let mut label = 1_000;
    let mut group = 0;
    for form in FORMS {
        for language in 0..3 {
            for outlets in [1, 3] {
                group += 1;
                for (n, row) in form.rows[language].iter().enumerate() {
                    let fill = |text: &str| {
                        row.iter()
                            .enumerate()
                            .fold(text.to_owned(), |t, (i, word)| t.replace(&format!("{{{i}}}"), word))
                    };
                    let (title, text) = form.texts[language];
                    label += 1;
                    let source = language * 6 + (group + n % outlets) % 6;
                    let hours = group as i64 * 400 + n as i64 * 7;
                    items.push(Labelled {
                        kind: form.kind,
                        trap: Some(group),
                        ..item(label, source, hours, fill(title), fill(text))
                    });
                }
            }
        }
    }
    let all = reports();
    for language in 0..3 {
        let own: Vec<&Report> = all.iter().copied().filter(|r| r.language == language).collect();
        // Each report in one round-up: two that take up the same stories are another matter.
        for (n, told) in own.chunks_exact(2).enumerate() {
            group += 1;
            label += 1;
            // The first report whole or in part, and a part of the other; or the other way round.
            let mut parts: Vec<String> = told
                .iter()
                .enumerate()
                .map(|(i, r)| {
                    let s = sentences(r.text);
                    if i == 0 && n % 2 == 0 { s.join(" ") } else { s[..s.len().min(2 + i)].join(" ") }
                })
                .collect();
            parts.rotate_left(n % 3 % 2);
            let title = ROUND_UPS[n % 3][language];
            let source = language * 6 + (n + 3) % 6;
            let item = item(label, source, 9 + n as i64, title.to_owned(), parts.join("\n"));
            items.push(Labelled { kind: "round-up", trap: Some(group), ..item });
        }
    }
    items
}
