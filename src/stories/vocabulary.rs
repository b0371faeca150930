//! Word lists of the three languages that kariz was written for, in comparison form: English, Persian, Arabic.
//!
//! Another language only lacks what they add: its synonyms count as facts, its numbers in letters as words.

/// Numbers in letters. Words that are mostly something else (`one`, Persian «نه» and «سی») stand in [`PERHAPS_NUMBERS`].
#[rustfmt::skip]
pub(super) const NUMBERS: &[(&str, &str)] = &[
    ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"), ("seven", "7"),
    ("eight", "8"), ("nine", "9"), ("ten", "10"), ("eleven", "11"), ("twelve", "12"), ("thirteen", "13"),
    ("fourteen", "14"), ("fifteen", "15"), ("sixteen", "16"), ("seventeen", "17"), ("eighteen", "18"),
    ("nineteen", "19"), ("twenty", "20"), ("thirty", "30"), ("forty", "40"), ("fifty", "50"),
    ("sixty", "60"), ("seventy", "70"), ("eighty", "80"), ("ninety", "90"), ("dozen", "12"),
    ("first", "1"), ("second", "2"), ("third", "3"), ("fourth", "4"), ("fifth", "5"), ("sixth", "6"),
    ("seventh", "7"), ("eighth", "8"), ("ninth", "9"), ("tenth", "10"), ("ii", "2"), ("iii", "3"),
    ("iv", "4"), ("vi", "6"), ("vii", "7"), ("viii", "8"), ("دو", "2"), ("سه", "3"), ("چهار", "4"),
    ("پنج", "5"), ("شش", "6"), ("هفت", "7"), ("هشت", "8"), ("ده", "10"), ("یازده", "11"), ("دوازده", "12"),
    ("سیزده", "13"), ("چهارده", "14"), ("پانزده", "15"), ("شانزده", "16"), ("هفده", "17"), ("هجده", "18"),
    ("نوزده", "19"), ("بیست", "20"), ("چهل", "40"), ("پنجاه", "50"), ("شصت", "60"), ("هفتاد", "70"),
    ("هشتاد", "80"), ("نود", "90"), ("یازدهم", "11"), ("دوازدهم", "12"), ("بیستم", "20"), ("اول", "1"), ("نخست", "1"), ("دوم", "2"), ("سوم", "3"),
    ("چهارم", "4"), ("پنجم", "5"), ("ششم", "6"), ("هفتم", "7"), ("هشتم", "8"), ("نهم", "9"), ("دهم", "10"),
    ("الاول", "1"), ("الاولی", "1"), ("الثانی", "2"), ("الثانیه", "2"), ("الثالث", "3"), ("الثالثه", "3"),
    ("الرابع", "4"), ("الرابعه", "4"), ("الخامس", "5"), ("الخامسه", "5"), ("السادس", "6"),
    ("السادسه", "6"), ("السابع", "7"), ("السابعه", "7"), ("الثامن", "8"), ("الثامنه", "8"),
    ("التاسع", "9"), ("التاسعه", "9"), ("العاشر", "10"), ("العاشره", "10"), ("اثنان", "2"), ("اثنین", "2"),
    ("ثلاثه", "3"), ("ثلاث", "3"), ("اربعه", "4"), ("اربع", "4"), ("خمسه", "5"), ("خمس", "5"),
    ("سته", "6"), ("ست", "6"), ("سبعه", "7"), ("سبع", "7"), ("ثمانیه", "8"), ("ثمانی", "8"), ("تسعه", "9"),
    ("تسع", "9"), ("عشره", "10"), ("عشر", "10"), ("عشرون", "20"), ("عشرین", "20"),
    ("اثنتان", "2"), ("اثنتین", "2"), ("اثنا", "2"), ("اثنی", "2"), ("ثلاثون", "30"), ("ثلاثین", "30"),
    ("اربعون", "40"), ("اربعین", "40"), ("خمسون", "50"), ("خمسین", "50"), ("ستون", "60"), ("ستین", "60"),
    ("سبعون", "70"), ("سبعین", "70"), ("ثمانون", "80"), ("ثمانین", "80"), ("تسعون", "90"), ("تسعین", "90"),
];

/// Words that are numbers where the other text has a number in their place, and else something else.
#[rustfmt::skip]
pub(super) const PERHAPS_NUMBERS: &[(&str, &str)] = &[
    ("a", "1"), ("an", "1"), ("one", "1"), ("single", "1"), ("یک", "1"), ("یکی", "1"), ("نه", "9"), ("سی", "30"),
    ("واحد", "1"), ("واحده", "1"), ("احد", "1"), ("احدی", "1"), ("hundred", "100"), ("thousand", "1000"),
    ("صد", "100"), ("هزار", "1000"), ("مایه", "100"), ("الف", "1000"), ("quarter", "4"), ("half", "2"), ("last", "-1"),
    ("اخرین", "-1"), ("نصف", "2"), ("ثلث", "3"), ("ربع", "4"), ("اخیر", "-1"), ("الاخیر", "-1"), ("الاخیره", "-1"),
];

/// Words that say that something is not so. Arabic ones also with a letter written together with them («ولم», «فلن»).
#[rustfmt::skip]
pub(super) const NEGATIONS: &[&str] = &[
    "not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody", "nothing", "isnt", "arent", "wasnt",
    "werent", "wont", "wouldnt", "dont", "doesnt", "didnt", "cant", "couldnt", "shouldnt", "hasnt", "havent",
    "hadnt", "unable", "fails", "failed", "refuses", "refused",
    // Persian
    "نمی", "نیست", "نیستند", "نیستیم", "نبود", "نبودند", "نبوده", "نشد", "نشدند", "نشده", "نشود", "نشوند", "نکرد",
    "نکردند", "نکرده", "نکند", "نکنند", "ندارد", "ندارند", "نداشت", "نداشتند", "نداشته", "نداد", "ندادند",
    "نداده", "ندهد", "نگرفت", "نگرفتند", "نگرفته", "نرسید", "نرسیدند", "نیافت", "نیافتند", "نیامد", "نیامدند",
    "نتوانست", "نتوانستند", "نباید", "نباشد", "نباشند", "نرفت", "نرفتند", "نخواهد", "نخواهند", "عدم", "بدون",
    "هرگز", "هیچ",
    // Arabic
    "لا", "لم", "لن", "بلا", "لیس", "لیست", "لیسوا", "غیر", "دون", "بدون",
];

/// Words of one meaning: an editor exchanges them for each other, each group in a string.
#[rustfmt::skip]
pub(super) const SYNONYMS: &[&str] = &[
    // English
    "residents locals people citizens inhabitants villagers townspeople", "officials authorities official",
    "big large huge major great significant considerable", "small little minor tiny",
    "new fresh recent latest modern", "recently lately newly", "quickly rapidly swiftly fast",
    "soon shortly", "began begin begins started start starts commenced commences commence starting beginning",
    "showed shows show demonstrated revealed reveals displayed", "expected anticipated likely predicted",
    "important key crucial vital essential", "near close nearby by", "help helps helped aid assist assisted aided",
    "asked requested urged called", "plans plan planned intends aims hopes wants decided intended",
    "gave given gives handed", "got received receives gets obtained", "home house homes houses", "work works job jobs",
    "city town", "country nation", "road street", "children kids youngsters pupils schoolchildren",
    "car vehicle automobile", "cars vehicles automobiles", "film movie", "doctor physician",
    "build construct built constructed building erected erect", "buy purchase bought purchased",
    "repair repaired fixed fix mended mend restored", "ended finished completed concluded complete finish ends",
    "attended joined visited", "happened occurred happens occurs place takes took", "watched saw viewed noticed seen spotted",
    "people spectators visitors guests", "money funds", "cost price costs", "paid covered",
    "found discovered located uncovered", "opened inaugurated", "cancelled canceled scrapped", "postponed delayed deferred",
    "chose selected picked chosen", "funded financed", "students pupils", "firefighters firemen", "flat apartment",
    "flats apartments", "shop store", "shops stores", "ill sick", "donated contributed gave", "organised organized arranged",
    "collected gathered", "moved relocated transferred", "removed cleared", "improve improved upgrade upgraded improving",
    "enlarge expand expanded extended widened enlarged", "offer offers offered provide provides provided",
    "allow allows allowed permit permits permitted", "whole entire", "rare unusual uncommon", "happy glad pleased delighted",
    "sad unhappy", "angry furious", "difficult hard tough", "easy simple", "expensive costly", "cheap inexpensive",
    "famous renowned celebrated", "beautiful lovely", "empty vacant", "annual yearly", "contest competition", "prize award",
    "journey trip", "picture photo photograph image", "problem issue difficulty", "answer reply response", "reason cause",
    "result outcome", "view opinion", "risk danger", "chance opportunity", "area region district", "lorry truck",
    "boss chief head", "wide broad", "quiet silent", "brave courageous", "clever smart", "begun started",
    "agreed consented", "damaged harmed", "destroyed ruined wrecked", "warned cautioned", "praised lauded hailed",
    "criticised criticized", "thanked", "kept retained", "needs requires need require needed required",
    "tries attempts tried attempted", "talks discussions", "worried concerned anxious", "mostly mainly largely chiefly",
    "often frequently", "seldom rarely", "again anew", "prison jail", "learned learnt", "burned burnt", "lawyer attorney solicitor", "match game", "harvest crop yield",
    "heavy pouring torrential", "quit resigned", "border frontier", "staff employees workers", "aim goal target", "rubbish waste garbage", "show exhibition display", "maybe perhaps possibly", "enough sufficient", "correct right",
    // Persian
    "خواست خواسته خواستند طلبید طلبیده طلبیدند", "یافت پیدا کشف", "گشایش افتتاح", "دانشاموزان شاگردان محصلان",
    "اموزگار معلم", "اموزگاران معلمان", "مسابقه رقابت", "عکس تصویر", "مشکل معضل", "پاسخ جواب", "پرسش سوال",
    "علت دلیل سبب", "منطقه ناحیه", "رایگان مجانی", "سخت دشوار", "اسان راحت ساده", "خوشحال شاد خشنود", "ناراحت غمگین",
    "حفاظت محافظت", "جمعاوری گرداوری", "انتقال جابهجایی", "بهبود ارتقا", "گسترش توسعه", "ارایه عرضه", "استفاده بهره",
    "تلاش کوشش سعی", "حضور شرکت", "انتخاب برگزیده", "اسیب صدمه", "هشدار اخطار", "مرمت تعمیر بازسازی",
    "اندک کم ناچیز", "اغلب بیشتر عمدتا", "دوباره باز مجددا", "شاید احتمالا", "تمام همه کل", "کامل کاملا",
    "نیاز احتیاج", "بها بهای قیمت نرخ", "شمار تعداد", "همچنان هنوز کماکان", "مغازه فروشگاه دکان", "شدید سنگین", "مسدود بسته",
    "دیدار بازی مسابقه", "سرانجام بالاخره", "اکنون هماکنون", "گوناگون مختلف متنوع", "اخیر گذشته", "ایجاد تشکیل", "حدود نزدیک",
    "تشکر سپاسگزاری قدردانی", "میهمان مهمان", "میهمانان مهمانان", "ابتدا اغاز", "اهالی ساکنان", "بهویژه بخصوص مخصوصا", "فرزند بچه",
    "معروف مشهور نامدار", "تلاش کوشش", "گشوده باز", "نابود ویران تخریب", "دشواری سختی", "دستمزد حقوق مزد", "خواند دانست نامید", "اجازه مجوز", "گفتوگو مذاکره", "نگران دلواپس", "پیشرفت ترقی", "همکاری مشارکت",
    "مردم شهروندان اهالی ساکنان", "مسیولان مقامات مدیران", "کودکان بچهها خردسالان", "خودرو ماشین اتومبیل",
    "اغاز شروع", "پایان اتمام خاتمه", "سریع بهسرعت فوری سریعا", "زود بهزودی", "زیاد فراوان بسیار خیلی",
    "ساخت احداث ساختن", "خرید خریداری", "کمک یاری امداد", "برگزار انجام", "منزل خانه", "پزشک دکتر طبیب",
    "مدرسه دبستان", "بزرگ عظیم کلان", "جدید تازه نو اخیر", "مهم اساسی کلیدی", "لازم ضروری", "گذشته قبل پیش",
    "قایق قایقی", "نفر تن",
    // Arabic
    "سکان اهالی السکان الاهالی المواطنون المواطنین الناس", "المسوولون السلطات المسوولین", "سیاره مرکبه",
    "السیارات المرکبات", "منزل بیت دار", "المنزل البیت", "طبیب دکتور", "کبیر کبیره ضخم ضخمه عظیم",
    "جدید جدیده حدیث حدیثه", "مهم مهمه هام هامه", "بدا بدات انطلق انطلقت", "انتهی انتهت اختتم", "سریع بسرعه سریعا",
    "مساعده عون", "دشن افتتح", "دشنت افتتحت", "عثر وجد اکتشف", "عثرت وجدت اکتشفت", "طلب طالب", "طلبت طالبت",
    "تلامیذ طلاب", "معلم مدرس", "معلمون مدرسون", "مسابقه منافسه", "سبب علت", "منطقه ناحیه", "مجانی بالمجان مجانا",
    "صعب عسیر", "سهل بسیط", "سعید مسرور", "قدم وفر", "قدمت وفرت", "توسیع توسعه", "بنا تشیید انشا", "ترمیم اصلاح صیانه",
    "شرا اقتنا", "مال نقود اموال", "زوار ضیوف", "حضر شارک", "حضرت شارکت", "نظم اقام", "نظمت اقامت", "نقل حول",
    "اختار انتقی", "تضرر تاذی", "حذر نبه", "حذرت نبهت", "غالبا عاده", "مجددا ثانیه", "ربما لعل", "یحتاج یتطلب",
    "حاول سعی", "معظم اغلب غالبیه", "توقع رجح", "یتوقع یرجح", "سعر ثمن", "اسعار اثمان", "مقبل قادم", "مقبله قادمه", "ماض منصرم فایت",
    "ماضی منصرم", "ماضیه منصرمه", "وصل بلغ", "وصلت بلغت", "وصل جا قدم", "وصلت جات قدمت", "غزیر کثیف شدید", "غزیره کثیفه شدیده", "طویلا کثیرا",
    "احرز سجل", "احرزت سجلت", "لقا مباراه مواجهه", "مجاور قریب", "مجاوره قریبه", "ترک خلف", "ترکت خلفت", "فتح افتتح دشن", "صرح قال ذکر افاد",
    "کافه جمیع", "نظم اقام عقد", "شهد عرف", "شهدت عرفت", "ضخم کبیر هایل", "ایضا کذلک", "اختتام ختام نهایه", "بدایه مستهل مطلع", "نهایه انتها ختام", "نال حصل حاز", "ینال یحصل یحوز", "شوهد لوحظ", "کلفه تکلفه", "وفق بحسب حسب", "دام استمر استغرق", "محادثات مباحثات", "قلق مخاوف", "اسرع عجل", "شید بنی", "رمم اصلح", "اسس انشا",
    "کثیر عدید العدید الکثیر", "عقد اقیم جری تم", "الاطفال الصغار", "الطریق الشارع", "المدینه البلده",
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
    "reports", "stressed", "remarked", "mentioned", "confirmed", "confirms",
    "according",
    "slowly",
    "made", "make", "makes", "held", "took", "used", "use", "uses", "during",
    "throughout", "after", "following", "because", "since", "due", "although", "though", "despite",
    "through", "via", "into", "onto", "onwards",
    "takes",
    // Persian
    "و", "در", "به", "از", "که", "این", "ان", "را", "با", "برای", "تا", "بر", "هم", "نیز", "یا", "اما",
    "ولی", "همچنین", "علاوه", "همین", "همان", "خود", "وی", "او", "انها", "انان", "ما", "شد", "شده", "شود",
    "میشود", "شدند", "است", "بود", "بوده", "باشد", "هست", "هستند", "کرد", "کردند", "کرده", "کند", "میکند",
    "میکنند", "نمود", "نمودند", "گردید", "گشت", "گرفت", "داد", "دارد", "داشت", "یافت", "می", "خواهد",
    "خواهند", "ها", "های", "گفت", "گفته", "اظهار", "اعلام", "افزود", "بیان", "تاکید", "تصریح", "عنوان",
    "خاطرنشان", "ابراز", "اشاره", "خبر", "گزارش", "اضافه", "مطرح", "یاداور", "چند",
    "چندین", "برخی", "بعضی", "حدود", "تقریبا", "نزدیک", "بیش",
    "اکنون", "حالا", "هماکنون",
    "صورت",
    "نشان", "توسط", "طی", "پس", "بعد", "پیش",
    "قبل", "میان", "بین", "طبق", "مطابق", "براساس", "اساس", "کنار", "همراه", "باره", "درباره", "پیرامون",
    "دلیل", "علت", "بهدلیل", "بهعلت",
    // Arabic
    "فی", "من", "علی", "الی", "عن", "مع", "هذا", "هذه", "ذلک", "تلک", "التی", "الذی", "کما", "ایضا",
    "قد", "لقد", "کان", "کانت", "یکون", "هو", "هی", "خلال", "حول", "نحو", "اکثر",
    "حوالی", "قال", "قالت", "اعلن", "اعلنت", "اضاف", "اضافت", "اکد", "اکدت", "ذکر", "ذکرت",
    "اشار", "اشارت", "اوضح", "اوضحت", "صرح", "صرحت", "بینت", "افاد", "افادت",
    "الیوم", "الان", "حالیا", "ثم", "حیث", "بسبب",
    "نتیجه", "وفقا", "بحسب", "حسب", "قریبا", "تم",
    "جری", "عقد", "اقیم", "سوف", "لکن", "کل", "جمیع", "بعض", "عده", "وقد", "وکان", "واضاف", "وقال",
    "واکد", "واوضح",
];

/// Groups of words whose exchange for one of another string of the group makes another story.
#[rustfmt::skip]
pub(super) const TELLING: &[&[&str]] = &[
    &["monday mondays", "tuesday tuesdays", "wednesday wednesdays", "thursday thursdays", "friday fridays",
    "saturday saturdays", "sunday sundays"],
    &["شنبه", "یکشنبه", "دوشنبه", "سهشنبه", "چهارشنبه", "پنجشنبه", "جمعه"],
    &["الاثنین", "الثلاثا", "الاربعا", "الخمیس", "الجمعه", "السبت", "الاحد"],
    &["north northern", "south southern", "east eastern", "west western"],
    &["شمال شمالی", "جنوب جنوبی", "شرق شرقی", "غرب غربی"],
    &["الشمال الشمالی الشمالیه شمال", "الجنوب الجنوبی الجنوبیه جنوب", "الشرق الشرقی الشرقیه شرق",
    "الغرب الغربی الغربیه غرب"],
    &["rise rises rose risen rising up increase increases increased gain gains gained higher grow grows grew climb climbs climbed jump jumps jumped soar soars soared surge surges surged advance advances advanced rally rallies rallied",
    "fall falls fell fallen falling down decrease decreases decreased drop drops dropped lose loses lost lower shrink shrinks sink sinks sank slip slips slipped slide slides slid plunge plunges plunged tumble tumbles tumbled dip dips dipped decline declines declined slump slumps slumped"],
    &["win wins won beat beats winner winners victory", "lose loses lost loser losers defeat draw draws drew"],
    &["افزایش رشد صعود گرانی گران", "کاهش افت سقوط ارزانی ارزان"], &["برد پیروزی پیروز", "باخت شکست", "تساوی مساوی"],
    &["ارتفاع ارتفع ارتفعت یرتفع ترتفع زیاده صعود", "انخفاض انخفض انخفضت ینخفض تنخفض تراجع هبوط یتراجع"],
    &["فاز فوز یفوز", "خسر خساره یخسر", "تعادل یتعادل"],
    &["open opens opened reopen reopens reopened", "close closes closed shut shuts"],
    &["approve approves approved accept accepts accepted", "reject rejects rejected deny denies denied refuse refuses refused"],
    &["begin begins start starts", "end ends"], &["killed dead dies died", "injured wounded hurt"], &["arrested", "released"],
    &["باز بازگشایی", "بسته تعطیل"], &["تصویب تایید", "رد تکذیب"], &["کشته", "زخمی مصدوم"], &["بازداشت", "ازاد"],
    &["اغاز شروع", "پایان اتمام"], &["عاد عادت رجع رجعت وصل وصلت", "غادر غادرت رحل رحلت"], &["امد بازگشت برگشت", "رفت"], &["افتتاح فتح یفتح یفتتح افتتح", "اغلاق یغلق تغلق اغلق"], &["قتلی قتیل", "جرحی جریح"],
    &["اعتقال", "افراج"], &["وافق موافقه", "رفض"],
    &["today", "yesterday", "tomorrow"], &["امروز", "دیروز", "فردا"], &["الیوم", "امس", "غدا"],
    &["million", "billion", "thousand", "hundred"], &["میلیون", "میلیارد", "هزار", "صد"],
    &["ملیون", "ملیار", "الف", "مایه"], &["over above", "under below"], &["before", "after"], &["more", "less fewer"],
    &["with", "without"], &["قبل پیش", "بعد پس"], &["بیش بیشتر", "کم کمتر"], &["قبل", "بعد"], &["اکثر", "اقل"], &["فوق", "تحت"],
    &["spring", "summer", "autumn", "winter"], &["بهار", "تابستان", "پاییز", "زمستان"], &["الربیع", "الصیف", "الخریف", "الشتا"],
    &["morning", "noon", "afternoon", "evening", "night"], &["صبح بامداد", "ظهر", "عصر", "شب شامگاه"],
    &["صباح صباحا", "ظهر ظهرا", "مسا", "لیلا لیل"],
    &["all everybody everyone", "nobody none", "some"], &["day days", "week weeks", "month months", "year years"],
    &["روز", "هفته", "ماه", "سال"], &["man men", "woman women"], &["مرد", "زن"], &["رجل", "امراه"],
    &["old", "new"], &["قدیمی کهنه", "جدید تازه"], &["قدیم قدیمه", "جدید جدیده"],
];
