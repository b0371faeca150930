//! Items from one form, and round-ups: what looks alike and is not.

use super::Labelled;
use super::hostile::{item, reports, sentences};
use super::reports::Report;

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

/// Titles of round-ups, by language.
const ROUND_UPS: [[&str; 3]; 3] = [
    ["Morning briefing: what you need to know", "Five stories you may have missed", "The week in the region"],
    ["خبرهای صبح: آنچه باید بدانید", "پنج خبری که شاید ندیده باشید", "هفته‌ای که گذشت"],
    ["موجز الصباح: ما تحتاج إلى معرفته", "خمسة أخبار ربما فاتتك", "أسبوع في المنطقة"],
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
    for (language, titles) in ROUND_UPS.iter().enumerate() {
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
            let title = titles[n % 3];
            let source = language * 6 + (n + 3) % 6;
            let item = item(label, source, 9 + n as i64, title.to_owned(), parts.join("\n"));
            items.push(Labelled { kind: "round-up", trap: Some(group), ..item });
        }
    }
    items
}
