//! Reports with one fact changed, and the same reports as an editor changes them: written by hand, with other words than
//! the generated sets have, one list of exchanges a report.

/// A report, and what may be exchanged in it.
pub struct Report {
    pub language: usize,
    pub headline: &'static str,
    pub text: &'static str,
    /// Another fact: two stories.
    pub facts: &'static [(&'static str, &'static str)],
    /// The same story in other words.
    pub edits: &'static [(&'static str, &'static str)],
}

pub const REPORTS: &[Report] = &[
    Report {
        language: 0,
        headline: "Two barges drift loose on the Ollen canal",
        text: "Two barges drifted loose on the Ollen canal on Tuesday night and blocked the lock at Hemsby for 7 hours. The lock keeper Wilma Strand noticed them at 23:40 and called the fire brigade. The council will pay for the broken gate, which cost 12,540 crowns in 2019. Nobody was on board.",
        facts: &[
            ("Two barges", "Three barges"),
            ("barges", "rafts"),
            ("Hemsby", "Tarrow"),
            ("Tuesday", "Thursday"),
            ("Wilma Strand", "Ida Moberg"),
            ("12,540", "12,547"),
            ("2019", "2018"),
            ("7 hours", "nine hours"),
            ("23:40", "23:10"),
            ("will pay", "will not pay"),
            ("Nobody was on board", "Everybody was on board"),
            ("canal", "river"),
            ("gate", "bridge"),
        ],
        edits: &[
            ("noticed them", "saw them"),
            ("Nobody was on board.", ""),
            ("called the fire brigade", "called the firemen"),
            ("Two barges", "2 barges"),
            ("on Tuesday night and", "on Tuesday night, and"),
            ("at Hemsby", "near Hemsby"),
        ],
    },
    Report {
        language: 0,
        headline: "Fenwick beats Orrel in the river regatta",
        text: "Fenwick beats Orrel in the river regatta by 4 lengths on Sunday. The winners, coached by Hedda Lorne, led from the first bridge and were not challenged. About 900 people watched from the meadow. The cup stays in the town hall until spring.",
        facts: &[
            ("Fenwick beats Orrel", "Orrel beats Fenwick"),
            ("4 lengths", "6 lengths"),
            ("four", "five"),
            ("Sunday", "Saturday"),
            ("900", "905"),
            ("were not challenged", "were challenged"),
            ("Hedda Lorne", "Agnes Lorne"),
            ("Orrel", "Marden"),
            ("spring", "autumn"),
            ("meadow", "pier"),
        ],
        edits: &[
            ("About 900", "Around 900"),
            ("by 4 lengths", "by four lengths"),
            ("people watched", "spectators watched"),
            ("The winners, coached by Hedda Lorne, led", "The winners, who are coached by Hedda Lorne, led"),
        ],
    },
    Report {
        language: 0,
        headline: "School kitchen in Barlow closes for repairs",
        text: "The school kitchen in Barlow closes for repairs from 3 May. Pupils will bring their own lunch for 6 weeks, the headmistress Nora Quist told parents. An inspector found that one of the ovens leaks gas. The bill of 8,200 crowns is paid by the county.",
        facts: &[
            ("Barlow", "Finsey"),
            ("3 May", "8 May"),
            ("3 May", "3 June"),
            ("6 weeks", "8 weeks"),
            ("closes", "reopens"),
            ("kitchen", "library"),
            ("8,200", "8,250"),
            ("one of the ovens", "two of the ovens"),
            ("the county", "the ministry"),
            ("leaks gas", "leaks no gas"),
            ("will bring", "won't bring"),
            ("Nora Quist", "Nora Blom"),
        ],
        edits: &[
            ("told parents", "said to parents"),
            ("An inspector found", "Inspectors found"),
            ("6 weeks", "six weeks"),
            ("is paid by the county", "will be paid by the county"),
        ],
    },
    Report {
        language: 0,
        headline: "Egg prices rise by 4 percent in Corven",
        text: "Egg prices in Corven rise by 4 percent this week, the market office says. A dozen costs 31 pence at the stalls on Mill Square. The office counts 58 sellers.",
        facts: &[
            ("4 percent", "5 percent"),
            ("rise", "fall"),
            ("Egg", "Butter"),
            ("Corven", "Lindal"),
            ("31 pence", "32 pence"),
            ("58 sellers", "53 sellers"),
            ("Mill Square", "Hay Square"),
        ],
        edits: &[
            ("the market office says", "the market office said"),
            ("A dozen costs", "A dozen now costs"),
        ],
    },
    Report {
        language: 0,
        headline: "Night train to Skarne is cancelled after landslide",
        text: "The night train to Skarne is cancelled after a landslide near the Brunn tunnel. Workers expect to clear the track by Friday, the railway said in a statement. Some 140 travellers spent the night in a gymnasium in Velling. Buses run every two hours.",
        facts: &[
            ("Skarne", "Tolm"),
            ("landslide", "flood"),
            ("Friday", "Monday"),
            ("140", "160"),
            ("140", "1400"),
            ("every two hours", "every three hours"),
            ("gymnasium", "church"),
            ("is cancelled", "is not cancelled"),
            ("Buses", "Ferries"),
            ("Velling", "Osby"),
        ],
        edits: &[
            ("said in a statement", "announced"),
            ("Workers expect", "The workers expect"),
            ("every two hours", "every 2 hours"),
            ("Some 140", "About 140"),
        ],
    },
    Report {
        language: 1,
        headline: "دو قایق ماهیگیری در ساحل گناب به گل نشست",
        text: "دو قایق ماهیگیری بامداد سه‌شنبه در ساحل گناب به گل نشست و ۷ سرنشین آن نجات یافتند. ناخدا رحیم دشتی گفت که موتور قایق از کار افتاده بود. شهرداری هزینه ۱۲٬۵۴۰ تومانی تعمیر اسکله را می‌پردازد. دریا در آن ساعت آرام بود.",
        facts: &[
            ("دو قایق", "سه قایق"),
            ("قایق", "لنج"),
            ("گناب", "لاور"),
            ("سه‌شنبه", "پنجشنبه"),
            ("۷ سرنشین", "نه سرنشین"),
            ("۱۲٬۵۴۰", "۱۲٬۵۴۷"),
            ("رحیم دشتی", "نادر مرادی"),
            ("می‌پردازد", "نمی‌پردازد"),
            ("آرام بود", "آرام نبود"),
            ("ساحل", "بندر"),
            ("اسکله", "انبار"),
        ],
        edits: &[
            ("گفت که", "افزود که"),
            ("دریا در آن ساعت آرام بود.", ""),
            ("می‌پردازد", "می پردازد"),
            ("دو قایق", "۲ قایق"),
            ("هزینه ۱۲٬۵۴۰ تومانی", "هزینهٔ 12540 تومانی"),
        ],
    },
    Report {
        language: 1,
        headline: "والیبال شاهین تیم توفان را شکست داد",
        text: "تیم شاهین تیم توفان را شکست داد و با ۳ امتیاز بیشتر به جمع چهار تیم برتر رسید. این دیدار عصر جمعه در سالن کارگران برگزار شد و ۸۵۰ نفر تماشاگر داشت. مربی تیم برنده گفت بازیکنانش خسته نیستند. دیدار بعدی در اصفهانک است.",
        facts: &[
            ("تیم شاهین تیم توفان را", "تیم توفان تیم شاهین را"),
            ("۳ امتیاز", "۵ امتیاز"),
            ("جمعه", "شنبه"),
            ("۸۵۰", "۸۵۲"),
            ("خسته نیستند", "خسته هستند"),
            ("اصفهانک", "ورامینک"),
            ("سالن کارگران", "سالن دانشجویان"),
            ("چهار تیم", "هشت تیم"),
        ],
        edits: &[
            ("برگزار شد", "انجام شد"),
            ("مربی تیم برنده گفت", "مربی تیم برنده اعلام کرد"),
            ("چهار تیم", "۴ تیم"),
        ],
    },
    Report {
        language: 1,
        headline: "آشپزخانه مدرسه مهرآباد برای تعمیر بسته می‌شود",
        text: "آشپزخانه مدرسه مهرآباد از ۳ آبان برای تعمیر بسته می‌شود. دانش‌آموزان شش هفته ناهار را از خانه می‌آورند. بازرس اداره بهداشت یکی از اجاق‌ها را خراب اعلام کرد و گفت کارکنان مقصر نیستند. استان هزینه آن را خواهد داد.",
        facts: &[
            ("مهرآباد", "نیک‌آباد"),
            ("۳ آبان", "۸ آبان"),
            ("۳ آبان", "۳ آذر"),
            ("شش هفته", "هشت هفته"),
            ("بسته می‌شود", "باز می‌شود"),
            ("آشپزخانه", "کتابخانه"),
            ("خواهد داد", "نخواهد داد"),
            ("مقصر نیستند", "مقصر هستند"),
            ("می‌آورند", "نمی‌آورند"),
            ("استان", "وزارت"),
        ],
        edits: &[
            ("شش هفته", "۶ هفته"),
            ("می‌شود", "می شود"),
            ("خراب اعلام کرد", "خراب عنوان کرد"),
            ("دانش‌آموزان", "دانش آموزان"),
        ],
    },
    Report {
        language: 1,
        headline: "قیمت تخم‌مرغ در کوهپار ۴ درصد افزایش یافت",
        text: "قیمت تخم‌مرغ در کوهپار این هفته ۴ درصد افزایش یافت. هر شانه در غرفه‌های میدان نو ۳۱ هزار تومان فروخته می‌شود. اداره بازار از ۵۸ فروشنده آمار گرفته است.",
        facts: &[
            ("۴ درصد", "۵ درصد"),
            ("افزایش", "کاهش"),
            ("تخم‌مرغ", "پنیر"),
            ("کوهپار", "دشتیار"),
            ("۳۱ هزار", "۳۲ هزار"),
            ("۵۸", "۵۳"),
            ("میدان نو", "میدان سرو"),
        ],
        edits: &[("فروخته می‌شود", "فروخته میشود"), ("این هفته ۴ درصد", "این هفته 4 درصد")],
    },
    Report {
        language: 2,
        headline: "انجراف ثلاثة قوارب عند ميناء الدرة",
        text: "انجرفت ثلاثة قوارب عند ميناء الدرة مساء الثلاثاء وأغلقت المدخل سبع ساعات. ولاحظ الحارس نبيل العطار القوارب واتصل بفريق الإطفاء. وستدفع البلدية ثمن الرصيف الذي كلف ١٢٬٥٤٠ دينارا. ولم يصب أحد بأذى.",
        facts: &[
            ("ثلاثة قوارب", "أربعة قوارب"),
            ("الدرة", "الصدفة"),
            ("الثلاثاء", "الخميس"),
            ("سبع ساعات", "تسع ساعات"),
            ("نبيل العطار", "سامر الحداد"),
            ("١٢٬٥٤٠", "١٢٬٥٤٧"),
            ("وستدفع", "ولن تدفع"),
            ("ولم يصب", "وأصيب"),
            ("ميناء", "جسر"),
            ("الرصيف", "المخزن"),
        ],
        edits: &[
            ("ولاحظ الحارس", "وقد لاحظ الحارس"),
            ("ولم يصب أحد بأذى.", ""),
            ("١٢٬٥٤٠", "12540"),
            ("سبع ساعات", "7 ساعات"),
        ],
    },
    Report {
        language: 2,
        headline: "فريق الصقر يهزم فريق العاصفة في كأس القرى",
        text: "فريق الصقر يهزم فريق العاصفة في كأس القرى بفارق ٣ نقاط يوم الجمعة. وحضر المباراة ٨٥٠ متفرجا في قاعة العمال. وقال المدرب إن اللاعبين لا يشعرون بالتعب. وتقام المباراة المقبلة في النخيل.",
        facts: &[
            ("فريق الصقر يهزم فريق العاصفة", "فريق العاصفة يهزم فريق الصقر"),
            ("٣ نقاط", "٥ نقاط"),
            ("الجمعة", "السبت"),
            ("٨٥٠", "٨٥٢"),
            ("لا يشعرون", "يشعرون"),
            ("النخيل", "الزيتون"),
            ("قاعة العمال", "قاعة الطلاب"),
        ],
        edits: &[("وقال المدرب إن", "وأكد المدرب أن"), ("٨٥٠ متفرجا", "850 متفرجا"), ("٣ نقاط", "ثلاث نقاط")],
    },
    Report {
        language: 2,
        headline: "ارتفاع سعر البيض في السهلة ٤ في المئة",
        text: "ارتفع سعر البيض في السهلة هذا الأسبوع ٤ في المئة. وتباع العلبة في ساحة المطحنة بسعر ٣١ قرشا. وشمل الإحصاء ٥٨ بائعا.",
        facts: &[
            ("٤ في المئة", "٥ في المئة"),
            ("البيض", "الجبن"),
            ("السهلة", "الرابية"),
            ("٣١ قرشا", "٣٢ قرشا"),
            ("٥٨", "٥٣"),
            ("المطحنة", "السوق"),
        ],
        edits: &[("وشمل الإحصاء", "وقد شمل الإحصاء"), ("هذا الأسبوع", "هذا الاسبوع")],
    },
    Report {
        language: 2,
        headline: "إغلاق مطبخ مدرسة الواحة للصيانة اثنين من الأسابيع",
        text: "يغلق مطبخ مدرسة الواحة للصيانة من ٣ أيار. وسيحضر التلاميذ طعامهم من البيت أسبوعين، وفق ما قالت المديرة سلمى الكاتب. ووجد المفتش أن الموقد لا يعمل. وتدفع المحافظة ٨٢٠٠ دينار.",
        facts: &[
            ("الواحة", "المنارة"),
            ("٣ أيار", "٨ أيار"),
            ("لا يعمل", "يعمل"),
            ("٨٢٠٠", "٨٢٥٠"),
            ("سلمى الكاتب", "هدى النجار"),
            ("مطبخ", "مكتبة"),
            ("وتدفع المحافظة", "ولا تدفع المحافظة"),
            ("وسيحضر", "ولن يحضر"),
        ],
        edits: &[
            ("وفق ما قالت", "حسب ما قالت"),
            ("٨٢٠٠ دينار", "8200 دينار"),
            ("طعامهم من البيت", "طعامهم من المنزل"),
        ],
    },
];

/// How the second outlet prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// The words as they are, in another outlet.
    Plain,
    /// In another outlet, with a byline in front and a footer behind.
    Dressed,
    /// The next day, in the same outlet.
    NextDay,
    /// In another outlet, a few sentences of its own behind.
    Longer,
    /// In another outlet, no further than the sentence with the change.
    Excerpt,
    /// In another outlet, broken off a few words behind the change.
    Cut,
}

impl Print {
    pub const ALL: [Self; 6] =
        [Self::Plain, Self::Dressed, Self::NextDay, Self::Longer, Self::Excerpt, Self::Cut];

    /// The text as this outlet prints it; `at` is where the change ends in it, in bytes.
    pub fn dress(self, language: usize, text: &str, at: usize) -> String {
        let (byline, footer, more) = [
            (
                "By Tessa Holm",
                "Write to the newsroom with your view of this report.",
                "The old mill nearby was painted last summer. A choir practises there every week, and its doors stand open to guests.",
            ),
            (
                "نویسنده: پریسا کاوه",
                "نظر خود را درباره این گزارش برای ما بفرستید.",
                "آسیاب کهنه آن نزدیکی تابستان گذشته رنگ شد. گروه آوازی هر هفته آنجا تمرین می‌کند و درش به روی مهمانان باز است.",
            ),
            (
                "كتبت: ليلى منصور",
                "شاركونا رأيكم في هذا التقرير عبر البريد.",
                "وكانت الطاحونة القديمة المجاورة قد طليت في الصيف الماضي. وتتدرب فيها جوقة كل أسبوع وبابها مفتوح للضيوف.",
            ),
        ][language];
        match self {
            Self::Plain | Self::NextDay => text.to_owned(),
            Self::Dressed => format!("{byline}\n{text}\n{footer}"),
            Self::Longer => format!("{text}\n{more}"),
            Self::Excerpt => text[at..].find(". ").map_or(text, |end| &text[..=at + end]).to_owned(),
            Self::Cut => {
                let end = text[at..].match_indices(' ').nth(4).map(|(i, _)| at + i);
                end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
            }
        }
    }
}
