//! Copies as somebody makes them who wants a reader of many feeds to fail: of the hand-written reports, one kind at a
//! time, so that no third copy helps.

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

pub fn item(label: usize, source: usize, hours: i64, title: String, text: String) -> Labelled {
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

pub fn sentences(text: &str) -> Vec<String> {
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
