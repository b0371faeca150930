//! Word lists of the three languages that kariz was written for, in comparison form: English, Persian, Arabic.
//!
//! Another language only lacks what they add: its synonyms count as facts, its numbers in letters as words.

/// Numbers in letters. Words that are mostly something else (`one`, Persian «نه» and «سی») are left out.
#[rustfmt::skip]
pub(super) const NUMBERS: &[(&str, &str)] = &[
    ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"), ("seven", "7"),
    ("eight", "8"), ("nine", "9"), ("ten", "10"), ("eleven", "11"), ("twelve", "12"), ("thirteen", "13"),
    ("fourteen", "14"), ("fifteen", "15"), ("sixteen", "16"), ("seventeen", "17"), ("eighteen", "18"),
    ("nineteen", "19"), ("twenty", "20"), ("thirty", "30"), ("forty", "40"), ("fifty", "50"),
    ("first", "1"), ("second", "2"), ("third", "3"), ("fourth", "4"), ("fifth", "5"), ("sixth", "6"),
    ("seventh", "7"), ("eighth", "8"), ("ninth", "9"), ("tenth", "10"), ("ii", "2"), ("iii", "3"),
    ("iv", "4"), ("vi", "6"), ("vii", "7"), ("viii", "8"), ("دو", "2"), ("سه", "3"), ("چهار", "4"),
    ("پنج", "5"), ("شش", "6"), ("هفت", "7"), ("هشت", "8"), ("ده", "10"), ("یازده", "11"), ("دوازده", "12"),
    ("پانزده", "15"), ("بیست", "20"), ("اول", "1"), ("نخست", "1"), ("دوم", "2"), ("سوم", "3"),
    ("چهارم", "4"), ("پنجم", "5"), ("ششم", "6"), ("هفتم", "7"), ("هشتم", "8"), ("نهم", "9"), ("دهم", "10"),
    ("الاول", "1"), ("الاولی", "1"), ("الثانی", "2"), ("الثانیه", "2"), ("الثالث", "3"), ("الثالثه", "3"),
    ("الرابع", "4"), ("الرابعه", "4"), ("الخامس", "5"), ("الخامسه", "5"), ("السادس", "6"),
    ("السادسه", "6"), ("السابع", "7"), ("السابعه", "7"), ("الثامن", "8"), ("الثامنه", "8"),
    ("التاسع", "9"), ("التاسعه", "9"), ("العاشر", "10"), ("العاشره", "10"), ("اثنان", "2"), ("اثنین", "2"),
    ("ثلاثه", "3"), ("ثلاث", "3"), ("اربعه", "4"), ("اربع", "4"), ("خمسه", "5"), ("خمس", "5"),
    ("سته", "6"), ("ست", "6"), ("سبعه", "7"), ("سبع", "7"), ("ثمانیه", "8"), ("ثمانی", "8"), ("تسعه", "9"),
    ("تسع", "9"), ("عشره", "10"), ("عشر", "10"), ("عشرون", "20"), ("عشرین", "20"),
];

/// Months; a line of counters may name one.
#[rustfmt::skip]
pub(super) const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "ابان", "اذر", "دی", "بهمن",
    "اسفند", "ژانویه", "فوریه", "مارس", "اوریل", "مه", "ژوین", "ژوییه", "اوت", "سپتامبر", "اکتبر",
    "نوامبر", "دسامبر", "ینایر", "فبرایر", "ابریل", "مایو", "یونیو", "یولیو", "اغسطس", "سبتمبر", "اکتوبر",
    "نوفمبر", "دیسمبر", "محرم", "صفر", "رجب", "شعبان", "رمضان", "شوال",
];

/// Words that an editor exchanges without telling something else.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    // English
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "but", "as",
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "could", "can", "may",
    "might", "this", "that", "these", "those", "it", "its", "they", "their", "he", "she", "his", "her",
    "who", "which", "when", "while", "also", "too", "moreover", "furthermore", "meanwhile", "however",
    "still", "now", "then", "there", "here", "some", "several", "many", "most", "about", "around",
    "nearly", "almost", "roughly", "approximately", "over", "under", "more", "than", "very", "quite",
    "just", "only", "even", "said", "says", "say", "saying", "told", "tells", "stated", "states",
    "announced", "announces", "added", "adds", "noted", "notes", "explained", "declared", "reported",
    "reports", "stressed", "remarked", "mentioned", "confirmed", "confirms", "revealed", "reveals",
    "according", "officials", "official", "authorities", "residents", "locals", "people", "citizens",
    "big", "large", "huge", "major", "great", "significant", "small", "little", "minor", "new", "fresh",
    "recent", "recently", "latest", "quickly", "rapidly", "swiftly", "soon", "shortly", "slowly", "began",
    "begin", "begins", "started", "start", "starts", "commenced", "showed", "shows", "show",
    "demonstrated", "expected", "anticipated", "likely", "important", "key", "crucial", "near", "close",
    "nearby", "help", "helps", "helped", "aid", "assist", "assisted", "asked", "requested", "urged",
    "called", "plans", "plan", "planned", "intends", "aims", "hopes", "wants", "decided", "gave", "given",
    "got", "received", "made", "make", "makes", "held", "took", "used", "use", "uses", "visited", "during",
    "throughout", "after", "following", "because", "since", "due", "although", "though", "despite",
    "through", "via", "into", "onto", "onwards", "home", "house", "work", "works", "job", "city", "town",
    "country", "nation", "road", "street", "children", "kids", "car", "cars", "vehicle", "vehicles",
    "film", "movie", "doctor", "physician", "build", "construct", "built", "constructed", "building",
    "buy", "purchase", "bought", "purchased", "repair", "repaired", "fixed", "fix", "ended", "finished",
    "completed", "concluded", "complete", "finish", "ends", "attended", "joined", "takes", "took", "place",
    "happened", "occurred", "happens", "occurs",
    // Persian
    "و", "در", "به", "از", "که", "این", "ان", "را", "با", "برای", "تا", "بر", "هم", "نیز", "یا", "اما",
    "ولی", "همچنین", "علاوه", "همین", "همان", "خود", "وی", "او", "انها", "انان", "ما", "شد", "شده", "شود",
    "میشود", "شدند", "است", "بود", "بوده", "باشد", "هست", "هستند", "کرد", "کردند", "کرده", "کند", "میکند",
    "میکنند", "نمود", "نمودند", "گردید", "گشت", "گرفت", "داد", "دارد", "داشت", "یافت", "می", "خواهد",
    "خواهند", "ها", "های", "گفت", "گفته", "اظهار", "اعلام", "افزود", "بیان", "تاکید", "تصریح", "عنوان",
    "خاطرنشان", "ابراز", "اشاره", "خبر", "گزارش", "اضافه", "مطرح", "یاداور", "بسیار", "خیلی", "چند",
    "چندین", "برخی", "بعضی", "حدود", "تقریبا", "نزدیک", "بیش", "بزرگ", "عظیم", "مهم", "جدید", "تازه",
    "اخیر", "اکنون", "حالا", "هماکنون", "مردم", "شهروندان", "اهالی", "ساکنان", "مسیولان", "مقامات",
    "کودکان", "بچهها", "خودرو", "ماشین", "اغاز", "شروع", "پایان", "اتمام", "سریع", "بهسرعت", "زود",
    "بهزودی", "زیاد", "فراوان", "ساخت", "احداث", "خرید", "خریداری", "کمک", "یاری", "انجام", "صورت",
    "برگزار", "نشان", "منزل", "خانه", "پزشک", "دکتر", "مدرسه", "دبستان", "توسط", "طی", "پس", "بعد", "پیش",
    "قبل", "میان", "بین", "طبق", "مطابق", "براساس", "اساس", "کنار", "همراه", "باره", "درباره", "پیرامون",
    "دلیل", "علت", "بهدلیل", "بهعلت", "لازم", "ضروری", "سال", "هفته",
    // Arabic
    "فی", "من", "علی", "الی", "عن", "مع", "ان", "هذا", "هذه", "ذلک", "تلک", "التی", "الذی", "کما", "ایضا",
    "قد", "لقد", "کان", "کانت", "یکون", "هو", "هی", "هم", "بعد", "قبل", "خلال", "حول", "نحو", "اکثر",
    "حوالی", "تقریبا", "قال", "قالت", "اعلن", "اعلنت", "اضاف", "اضافت", "اکد", "اکدت", "ذکر", "ذکرت",
    "اشار", "اشارت", "اوضح", "اوضحت", "صرح", "صرحت", "بین", "بینت", "افاد", "افادت", "کبیر", "کبیره",
    "ضخم", "ضخمه", "جدید", "جدیده", "حدیث", "حدیثه", "مهم", "مهمه", "هام", "هامه", "بدا", "بدات", "انطلق",
    "انطلقت", "انتهی", "انتهت", "سکان", "اهالی", "المواطنون", "السکان", "الناس", "المسوولون", "السلطات",
    "سیاره", "مرکبه", "منزل", "بیت", "طبیب", "دکتور", "الیوم", "الان", "حالیا", "ثم", "حیث", "بسبب",
    "نتیجه", "وفقا", "بحسب", "حسب", "کثیر", "عدید", "العدید", "الکثیر", "سریع", "بسرعه", "قریبا", "تم",
    "جری", "عقد", "اقیم", "سوف", "لکن", "غیر", "کل", "جمیع", "بعض", "عده", "وقد", "وکان", "واضاف", "وقال",
    "واکد", "واوضح",
];

/// Groups of words whose exchange for another of the group makes another story.
#[rustfmt::skip]
pub(super) const TELLING: &[&[&str]] = &[
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    &["شنبه", "یکشنبه", "دوشنبه", "سهشنبه", "چهارشنبه", "پنجشنبه", "جمعه"],
    &["الاثنین", "الثلاثا", "الاربعا", "الخمیس", "الجمعه", "السبت", "الاحد"],
    &["north", "south", "east", "west", "northern", "southern", "eastern", "western"],
    &["شمال", "جنوب", "شرق", "غرب", "شمالی", "جنوبی", "شرقی", "غربی"],
    &[
    "الشمال", "الجنوب", "الشرق", "الغرب", "الشمالی", "الجنوبی", "الشرقی", "الغربی", "الشمالیه", "الجنوبیه",
    "الشرقیه", "الغربیه",
    ],
    &[
    "rise", "rises", "rose", "fall", "falls", "fell", "up", "down", "increase", "increases", "increased",
    "decrease", "decreases", "decreased", "drop", "drops", "dropped", "gain", "gains", "lose", "loses",
    "lost", "win", "wins", "won", "higher", "lower",
    ],
    &["افزایش", "کاهش", "رشد", "افت", "صعود", "سقوط", "گرانی", "ارزانی", "برد", "باخت", "پیروزی", "شکست"],
    &[
    "ارتفاع", "انخفاض", "ارتفع", "انخفض", "ارتفعت", "انخفضت", "فاز", "خسر", "فوز", "خساره", "زیاده",
    "تراجع",
    ],
    &[
        "open", "opens", "opened", "close", "closes", "closed", "reopen", "reopens", "reopened", "shut",
        "approve", "approves", "approved", "reject", "rejects", "rejected", "deny", "denies", "denied",
        "accept", "accepts", "accepted", "begin", "begins", "end", "ends", "killed", "injured", "dead",
        "wounded", "arrested", "released",
    ],
    &[
    "باز", "بسته", "بازگشایی", "تعطیل", "تصویب", "رد", "تایید", "تکذیب", "کشته", "زخمی", "مصدوم",
    "بازداشت", "ازاد",
    ],
    &["افتتاح", "اغلاق", "فتح", "قتلی", "جرحی", "قتیل", "جریح", "اعتقال", "افراج", "وافق", "رفض"],
    &["today", "yesterday", "tomorrow"],
    &["امروز", "دیروز", "فردا"],
    &["million", "billion", "thousand", "hundred"],
    &["میلیون", "میلیارد", "هزار", "صد"],
    &["ملیون", "ملیار", "الف", "مایه"],
];
