//! Words of three languages that say by themselves whether their exchange matters, in comparison form: things of one kind,
//! and words that are surely no names.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// Things of one kind, a string each: a report about the one is not a report about the other. Words of one meaning stand
/// in the synonyms as well.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    // English
    "bridge gate tunnel tower wall pier quay harbour port canal river lake stream road railway airport station square park meadow field forest hill mountain valley coast shore beach island desert",
    "school university library museum theatre cinema church mosque chapel hospital clinic factory mill bakery hotel prison market stadium pool kitchen hall office warehouse farm court parliament bank shop playground gymnasium gym barn cellar attic garage castle palace monastery",
    "council ministry county state government police army university church court parliament company union bank club association",
    "father mother brother sister wife husband uncle aunt cousin nephew niece grandfather grandmother daughter son parents",
    "boy girl man woman", "boys girls men women", "buyer seller", "teacher pupil", "doctor nurse patient", "driver passenger cyclist pedestrian",
    "farmer fisherman baker butcher carpenter plumber tailor painter baker builder beekeeper watchmaker shepherd hunter singer actor",
    "knee shoulder ankle elbow wrist hip hand arm leg foot head neck back finger", "car bus train tram lorry boat ship ferry barge raft plane bicycle motorcycle tractor",
    "dog cat horse cow sheep goat wolf bear fox bird swan owl duck hen rabbit", "red blue green yellow black white brown orange purple",
    "euro dollar pound crown rial toman dinar dirham lira yen", "gram kilogram kilo tonne ton pound", "metre kilometre mile centimetre foot hectare acre",
    "litre barrel gallon", "second minute hour day week month year decade century", "honey butter sugar salt bread milk cheese meat rice wheat barley oil tea coffee flour",
    "gas oil water electricity coal petrol diesel", "gold silver copper iron steel", "rain snow hail wind fog storm flood fire earthquake drought",
    "spring summer autumn winter", "football basketball volleyball handball tennis chess hockey wrestling", "flu measles cholera malaria", "murder theft fraud arson",
    "oldest youngest", "older younger newer", "dawn noon dusk midnight sunrise sunset", "eldest youngest", "bigger smaller", "larger smaller",
    "longer shorter", "faster slower", "heavier lighter", "better worse", "hotter colder", "higher lower", "above below", "forward backward", "upstairs downstairs", "highest lowest", "largest smallest", "longest shortest", "best worst", "hottest coldest", "richest poorest", "arrive leave depart", "arrived left departed",
    "arrives leaves departs", "import export", "buy sell", "bought sold", "valid invalid", "legal illegal", "guilty innocent", "acquitted convicted", "hot cold warm",
    "led trailed", "ahead behind", "full empty", "alive dead", "married divorced", "hired fired", "profit loss", "surplus deficit", "supply demand", "public private",
    "raise cut", "raised cut", "raises cuts", "present absent", "friend enemy", "success failure", "succeeded failed", "safe dangerous", "rich poor", "strong weak",
    "final semi quarter", "least most", "minimum maximum", "half third quarter", "first last", "a p", "am pm", "inside outside", "upper lower", "left right", "early late",
    "earlier later", "increase decrease", "domestic foreign", "national local", "civil military", "male female", "true false", "banned allowed", "lifted imposed",
    // Persian
    "پل تونل دروازه برج دیوار اسکله بندر کانال رودخانه دریاچه جاده راهاهن فرودگاه ایستگاه میدان پارک خیابان کوچه جنگل تپه دشت مزرعه",
    "مدرسه دانشگاه کتابخانه موزه تیاتر سینما مسجد کلیسا بیمارستان درمانگاه کارخانه اسیاب نانوایی هتل زندان بازار ورزشگاه استخر اشپزخانه تالار انبار دادگاه مجلس بانک قنادی کتابفروشی پاسگاه",
    "شهرداری استانداری فرمانداری وزارت شورا دولت پلیس ارتش دانشگاه مجلس دادگاه شرکت اتحادیه بانک باشگاه انجمن", "پدر مادر برادر خواهر همسر شوهر عمو دایی خاله عمه پدربزرگ مادربزرگ دختر پسر",
    "خریدار فروشنده", "مرد زن", "دختر پسر", "راننده مسافر", "پزشک پرستار بیمار", "کشاورز ماهیگیر نانوا قصاب نجار خیاط نقاش بنا چوپان شکارچی",
    "زانو شانه مچ ارنج گردن کمر", "خودرو اتوبوس قطار کامیون قایق کشتی لنج هواپیما دوچرخه موتورسیکلت تراکتور", "سگ گربه اسب گاو گوسفند بز گرگ خرس روباه قو جغد مرغ",
    "سرخ قرمز ابی سبز زرد سیاه سفید قهوهای نارنجی بنفش", "دلار یورو پوند ریال تومان دینار درهم لیر", "گرم کیلو کیلوگرم تن", "متر کیلومتر سانتیمتر هکتار", "لیتر بشکه",
    "ثانیه دقیقه ساعت روز هفته ماه سال دهه قرن", "عسل کره شکر نمک نان شیر پنیر گوشت برنج گندم جو روغن چای قهوه ارد گردو بادام پسته خرما انار", "گاز نفت اب برق بنزین گازوییل زغال",
    "طلا نقره مس اهن فولاد", "باران برف تگرگ باد مه توفان سیل اتش زلزله خشکسالی", "فوتبال بسکتبال والیبال هندبال تنیس شطرنج کشتی", "بیشترین کمترین", "بالاترین پایینترین",
    "بزرگترین کوچکترین", "بهترین بدترین", "گرمترین سردترین", "پیرترین جوانترین", "گران ارزان", "گرانتر ارزانتر", "سپیدهدم غروب نیمهشب", "بزرگتر کوچکتر", "بلندتر کوتاهتر", "پیرتر جوانتر", "کهنهتر نوتر", "تندتر کندتر", "بهتر بدتر", "بالا پایین", "بالاتر پایینتر", "واردات صادرات", "خرید فروش", "خریدند فروختند",
    "سود زیان", "عرضه تقاضا", "حداقل حداکثر", "دستکم حداکثر", "نخست دوم", "اولین اخرین دومین", "زودتر دیرتر", "داخلی خارجی", "گرم سرد", "پر خالی", "مجاز ممنوع", "نصف ثلث ربع", "چپ راست",
    "مجرم بیگناه", "محکوم تبریه", "موفق ناکام", "دوست دشمن", "قوی ضعیف", "نهایی نیمهنهایی", "دولتی خصوصی", "پیش پس",
    // Arabic
    "جسر نفق بوابه برج سور رصیف میناء مینا قناه نهر بحیره طریق شارع سکه مطار محطه میدان ساحه حدیقه غابه تل سهل مزرعه",
    "مدرسه جامعه مکتبه متحف مسرح سینما مسجد جامع کنیسه مستشفی عیاده مصنع مطحنه مخبز فندق سجن سوق ملعب مسبح مطبخ قاعه مخزن محکمه برلمان بنک مصرف",
    "بلدیه محافظه وزاره مجلس حکومه دوله شرطه جیش جامعه محکمه شرکه نقابه بنک نادی جمعیه", "اب ام اخ اخت زوجه زوج عم خال جد جده ابن بنت ابنه والد والده", "ابیه امه اخیه اخته جده جدته عمه خاله والده والدته",
    "مشتری بایع", "مشترون بایعون", "رجل امراه", "سایق راکب", "طبیب ممرض مریض", "مزارع صیاد خباز جزار نجار خیاط رسام بنا راع", "رکبه کتف کاحل معصم رقبه",
    "سیاره حافله قطار شاحنه قارب سفینه طایره دراجه جرار", "کلب قط حصان بقره خروف ماعز ذیب دب ثعلب بجعه بومه دجاجه", "احمر ازرق اخضر اصفر اسود ابیض بنی برتقالی",
    "دولار یورو جنیه ریال دینار درهم لیره", "دولارا یورو جنیها ریالا دینارا درهما", "غرام کیلوغرام کیلو طن", "متر کیلومتر سنتیمتر هکتار", "متر مترا کیلومترا سنتیمترا", "لتر برمیل",
    "ثانیه دقیقه ساعه یوم اسبوع شهر سنه عام عقد قرن", "عسل زبده سکر ملح خبز حلیب جبن لحم ارز قمح شعیر زیت شای قهوه طحین سمسم زیتون تمر", "غاز نفط ماء ما کهربا بنزین فحم", "ذهب فضه نحاس حدید فولاذ",
    "مطر ثلج برد ریح ضباب عاصفه سیل حریق زلزال جفاف", "رملیه ثلجیه مطریه", "صحراوی ساحلی جبلی", "فجر ظهر عصر مغرب غروب شروق لیل مسا صباح ضحی", "اعلی ادنی", "اکبر اصغر", "اکثر اقل", "افضل اسوا", "اول اخر", "الاولی الاخیره",
    "مفتوح مغلق", "مفتوحا مغلقا", "تقدم تاخر", "ربح خساره", "صادرات واردات", "عرض طلب", "شرا بیع", "داخلی خارجی", "محلی اجنبی", "نصف ثلث ربع خمس", "یمین یسار", "ساخن بارد", "مسموح ممنوع", "مذنب بری", "ادین بری",
    "نجح فشل", "قوی ضعیف", "غنی فقیر", "عام خاص", "مبکرا متاخرا", "فوق تحت", "داخل خارج", "غاده امس",
];

/// Words that no person and no place is called by, of scripts without capitals. Arabic ones without article and `and`.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    // Persian: adverbs, adjectives, nouns of the trade
    "همچنان هنوز تاکنون امروز فعلا کماکان دایما همیشه همواره گاهی اکثرا معمولا اخیرا بتازگی بهتازگی سرانجام بالاخره نهایتا ناگهان فورا بلافاصله بهشدت شدیدا کاملا نسبتا واقعا حتما قطعا احتمالا ظاهرا گویا",
    "شدید سنگین سبک تند کند ارام شلوغ خلوت نامدار مشهور معروف شهره شهرت نام اوازه سرشناس برجسته مهم عمده اصلی فرعی گسترده وسیع فراوان متعدد مختلف گوناگون متفاوت مشابه خاص ویژه عمومی قابل لازم مناسب",
    "شمار تعداد رقم میزان مقدار اندازه بها قیمت نرخ مبلغ هزینه مخارج ارزش اهمیت نقش سهم حجم کیفیت کمیت سطح مرحله دوره مدت زمان وقت موقع هنگام لحظه فرصت موعد",
    "مغازه فروشگاه دکان ساختمان بنا عمارت محل جا مکان نقطه موقعیت فضا محوطه حیاط اطراف پیرامون نزدیکی حوالی کنار",
    "مصاف دیدار بازی مسابقه رقابت ثمر ضربه شوت تماشا نظاره مشاهده روبهرو روبرو مواجه رودررو برخورد", "پایان انتها اتمام خاتمه اغاز شروع ابتدا اول ادامه استمرار تداوم توقف",
    "انجام اجرا برگزاری تشکیل ایجاد تاسیس راهاندازی احداث بازسازی نوسازی مرمت تعمیر اصلاح ترمیم تکمیل تجهیز تامین تهیه فراهم اماده مهیا",
    "مسدود بسته باز تعطیل متوقف قطع وصل برقرار پابرجا لغو معلق موکول منتقل منحل", "خبر اطلاع اگاه اعلان ابلاغ منتشر چاپ درج نقل روایت بازگو توضیح شرح توصیف تشریح تبیین یاداوری تذکر",
    "دلیل علت سبب انگیزه هدف قصد منظور نیت برنامه طرح پروژه پیشنهاد ایده فکر اندیشه تصمیم تدبیر چاره راهکار راهحل شیوه روش نحوه چگونگی",
    "بسیار خیلی زیاد کمی اندکی مقداری بخشی قسمتی پارهای جمعی گروهی شماری عدهای تعدادی", "همگی همه تمامی کلیه سراسر سرتاسر هرگونه هیچگونه",
    "دیگر بار دفعه مرتبه نوبت دوباره مجددا ازنو باز", "درخواست تقاضا خواست خواسته مطالبه خواهش دعوت فراخوان پیام نامه سخن حرف گفته اظهارات سخنان صحبت بیانات",
    "نگرانی دغدغه امید امیدواری خوشحالی شادی اندوه غم ناراحتی رضایت خرسندی خشم عصبانیت ترس هراس بیم", "تاکید تصریح اذعان اقرار اعتراف ادعا عقیده باور نظر دیدگاه",
    "کارکنان کارمندان کارگران اعضا افراد اشخاص نفرات حاضران شرکتکنندگان بازدیدکنندگان تماشاگران تماشاچیان طرفداران هواداران مخاطبان", "پر سرشار مملو انباشته لبریز", "همزمان همراه توام ضمن حین طی خلال",
    "بزرگ کوچک بلند کوتاه پهن باریک عمیق زیبا قشنگ جالب جذاب دیدنی تماشایی چشمگیر قابلتوجه شایان درخور", "روبه دنبال پی اثر نتیجه درپی بهدنبال",
    "عملیات کار تلاش اقدام فعالیت حرکت جنبش حضور مشارکت همیاری یاری مساعدت پشتیبانی حمایت", "لبخند گریه خنده فریاد", "وضعیت شرایط اوضاع حال حالت", "خسارت اسیب صدمه زیان لطمه",
    // Arabic: verbs, adverbs, adjectives, nouns of the trade
    "وصل جا قدم اتی حضر غادر رحل عاد رجع بلغ وصلت جات بلغت غادرت عادت رجعت حضرت سجل سجلت احرز احرزت حقق حققت نال نالت حصد حصدت", "توقع یتوقع تتوقع رجح یرجح ترجح ظن یظن اعتقد یعتقد تعتقد رای یری تری اعتبر یعتبر تعتبر قدر یقدر",
    "قال قالت صرح صرحت اعلن اعلنت ذکر ذکرت افاد افادت اوضح اوضحت بین بینت اضاف اضافت تابع تابعت اردف شدد شددت نوه لفت لفتت اکد اکدت اشار اشارت کشف کشفت ابلغ ابلغت اخبر اخبرت روی روت حکی حکت نقل نقلت نشر نشرت بث بثت ورد وردت",
    "بدا بدات باشر باشرت شرع شرعت استهل انطلق انطلقت انتهی انتهت اختتم اختتمت استمر استمرت تواصل تواصلت دام دامت استغرق استغرقت امتد امتدت طال", "فتح فتحت افتتح افتتحت دشن دشنت اسس اسست انشا انشات اقام اقامت بنی بنت شید شیدت",
    "ترک ترکت خلف خلفت ابقی صنع صنعت انتج انتجت اصلح اصلحت رمم رممت صان جدد جددت طور طورت وسع وسعت", "اراد یرید ترید رغب یرغب ترغب طلب یطلب تطلب سعی یسعی تسعی حاول یحاول تحاول عزم یعتزم تعتزم نوی ینوی تنوی خطط یخطط تخطط",
    "تملک یملک صاحب صاحبه مالک مالکه تضم یضم تحوی یحوی تحتوی یحتوی تشمل یشمل تضمنت شملت ضمت باتت بات اصبح اصبحت صار صارت ظل ظلت بقی بقیت", "منع منعت حظر حظرت سمح سمحت اتاح اتاحت اجاز",
    "قرر قررت اختار اختارت عین عینت کلف کلفت وزع وزعت جمع جمعت حمل حملت اخذ اخذت اعطی اعطت منح منحت قدم قدمت وهب تبرع تبرعت", "زار زارت استقبل استقبلت التقی التقت اجتمع اجتمعت ناقش ناقشت بحث بحثت تناول تناولت درس درست تابع راقب راقبت شاهد شاهدت رای",
    "ضرب ضربت هز هزت اجتاح اجتاحت عطل عطلت اوقف اوقفت قطع قطعت اغلق اغلقت سد سدت عرقل عرقلت علق علقت احتجز", "سحب سحبت اخرج اخرجت انقذ انقذت اخلی اخلت اجلی اجلت",
    "طویل طویلا کثیر کثیرا قلیل قلیلا کبیر کبیرا صغیر شدید شدیدا غزیر کثیف خفیف قوی عنیف هادی سریع بطی مهم هام اساسی رییسی ثانوی خاص عام شامل واسع ضیق عمیق عال مرتفع",
    "مقبل قادم ات تالی لاحق ماض فایت منصرم سابق سالف اخیر حالی جار راهن مقبله قادمه تالیه لاحقه ماضیه فایته منصرمه سابقه اخیره حالیه جاریه", "مجاور قریب محاذ ملاصق مجاوره قریبه محاذیه ملاصقه بعید نای",
    "معظم اغلب جل غالبیه اکثریه کافه جمیع کل سایر بقیه باقی بعض جانب جز قسم عدد مجموعه جمله", "یومیا اسبوعیا شهریا سنویا دایما غالبا احیانا عاده نادرا مجددا مره اخری ثانیه تکرارا توالیا توالی تباعا متتالیا فورا حالا مباشره سریعا فجاه اخیرا مؤخرا موخرا سابقا لاحقا لاحق",
    "انتاج محصول غله حصاد مبلغ قیمه ثمن سعر کلفه تکلفه نفقه مصاریف اجر مقابل بدل رسم مجان", "لقا مباراه مواجهه منافسه مسابقه نزال فعالیه حدث حفل احتفال مهرجان مناسبه", "تجار باعه جمهور حشد حضور مشجعون متفرجون متابعون مشارکون زوار ضیوف سکان اهالی مواطنون",
    "امطار مطر سیول میاه جار ضیف خصم منافس غریم", "خلال اثنا طوال طیله طول ابان عقب اثر بعد بعید غداه عشیه قبیل", "سبب علت دافع هدف غایه غرض مشروع خطه برنامج مقترح فکره قرار اجرا تدبیر حل اسلوب طریقه کیفیه",
    "عمر سن ناهز یناهز بلغ بالغ", "مکان موقع موضع محل بقعه مبنی بنایه عماره", "خبر نبا بیان تقریر تصریح تصریحات کلام قول حدیث اقوال", "عملیه عمل جهد نشاط حرکه مبادره خطوه اجراء", "بلا دون بدون", "کلا جمیعا معا سویا", "جدا للغایه تماما کلیا جزییا",
    "وضع ظروف احوال حاله", "اضرار خسایر ضرر اذی", "سنوی یومی اسبوعی شهری", "معروف مشهور شهیر ذایع شهره صیت", "جمیل رایع بدیع مذهل ممیز لافت",
];

/// The stems of Persian verbs, past and present.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "کرد", "کن", "شد", "شو", "داد", "ده", "گفت", "گو", "رفت", "رو", "امد", "ا", "زد", "زن", "دید", "بین", "گرفت", "گیر", "داشت", "دار",
    "خواست", "خواه", "توانست", "توان", "رسید", "رس", "رساند", "رسان", "گذشت", "گذر", "یافت", "یاب", "ساخت", "ساز", "خرید", "خر", "فروخت", "فروش", "نوشت", "نویس",
    "خواند", "خوان", "شناخت", "شناس", "افزود", "افزا", "ماند", "مان", "نشست", "نشین", "ایستاد", "ایست", "برد", "بر", "اورد", "اور",
    "گذاشت", "گذار", "کشید", "کش", "انداخت", "انداز", "پرداخت", "پرداز", "اموخت", "اموز", "باخت", "باز", "برگزید", "پذیرفت", "پذیر",
    "فرستاد", "فرست", "ریخت", "ریز", "شکست", "شکن", "افتاد", "افت", "بست", "بند", "پوشید", "پخت", "پز", "سوخت", "سوز", "نواخت", "نواز",
    "کاشت", "کار", "چید", "چین", "شمرد", "شمار", "سپرد", "سپار", "نمود", "نما", "گردید", "گرد", "گشت", "است", "بود", "باش", "هست",
    "کوشید", "کوش", "پرسید", "پرس", "ترسید", "ترس", "خندید", "فهمید", "فهم", "دوید", "دو", "پیوست", "پیوند", "انجامید", "انجام",
];

/// Word → (group, place) for each group that it stands in.
static KIND: LazyLock<FxHashMap<&str, Vec<(usize, usize)>>> = LazyLock::new(|| {
    let mut kinds: FxHashMap<&str, Vec<(usize, usize)>> = FxHashMap::default();
    for (group, words) in KINDS.iter().enumerate() {
        for (place, word) in words.split(' ').enumerate() {
            kinds.entry(word).or_default().push((group, place));
        }
    }
    kinds
});
static PLAIN_WORDS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| PLAIN.iter().flat_map(|words| words.split(' ')).collect());
static STEMS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| VERBS.iter().copied().collect());

/// A word without what may be written together with it, the longest form first: Arabic `and`, article and prepositions,
/// possessives and plurals of all three languages.
pub(super) fn stems(word: &str) -> impl Iterator<Item = &str> {
    let heads = if word.is_ascii() {
        &[""][..]
    } else {
        &["", "و", "ف", "ال", "وال", "بال", "لل", "ولل", "وبال", "کال", "فال", "ب", "ل", "س", "وس"]
    };
    // The sign of the future stands before a verb only.
    let fits = |head: &str, rest: &str| !head.ends_with('س') || rest.starts_with(['ی', 'ت']);
    let tails = if word.is_ascii() {
        &["", "s", "es"][..]
    } else {
        &[
            "", "ه", "ها", "هم", "هما", "نا", "ا", "ت", "وا", "ون", "ین", "ان", "ات", "های", "هایی", "هایش",
            "ی", "ش", "اش", "شان",
        ]
    };
    heads.iter().filter_map(move |head| word.strip_prefix(head).filter(|rest| fits(head, rest))).flat_map(
        move |rest| {
            tails
                .iter()
                .filter_map(move |tail| rest.strip_suffix(tail))
                .filter(move |w| *w == word || w.chars().count() >= 3)
        },
    )
}

/// Whether two words are things of one kind, and not the same one.
pub(super) fn are_two_of_a_kind(a: &str, b: &str) -> bool {
    let kinds =
        |word: &str| stems(word).find_map(|stem| KIND.get(stem)).map(Vec::as_slice).unwrap_or_default();
    let (a, b) = (kinds(a), kinds(b));
    a.iter().any(|(group, place)| b.iter().any(|(g, p)| g == group && p != place))
        && !a.iter().any(|one| b.contains(one))
}

/// Whether a word is a thing of a known kind.
pub(super) fn is_thing(word: &str) -> bool {
    stems(word).any(|stem| KIND.contains_key(stem))
}

/// Whether a word in a script without capitals is surely no name.
pub(super) fn is_plain(word: &str) -> bool {
    stems(word).any(|stem| PLAIN_WORDS.contains(stem)) || is_thing(word) || is_persian_verb(word)
}

/// Whether a folded word is a form of one of the usual Persian verbs: «رساند», «می‌روند», «نمی‌شود», «خواهدرفت».
fn is_persian_verb(word: &str) -> bool {
    let of = |rest: &str| {
        ["", "م", "ی", "د", "یم", "ید", "ند", "ه", "هاست", "هاند", "ود"]
            .iter()
            .any(|ending| rest.strip_suffix(ending).is_some_and(|stem| STEMS.contains(stem)))
    };
    if let Some(rest) = word.strip_prefix("نمی").or_else(|| word.strip_prefix("می")) {
        return rest.is_empty() || of(rest);
    }
    // A bare present stem may be anything («کار», «باز»): only past ones stand alone.
    word.ends_with(['د', 'ت', 'م', 'ه', 'ی']) && of(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_one_kind_are_two() {
        for (a, b) in [
            ("bridge", "gates"),
            ("euros", "dollars"),
            ("پدر", "برادرش"),
            ("شهرداری", "استانداری"),
            ("المدرسه", "قاعه"),
            ("دینارا", "دولارا"),
            ("والبایعون", "المشترون"),
        ] {
            assert!(are_two_of_a_kind(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("bridge", "bridges"),
            ("bridge", "crop"),
            ("مدرسه", "مدرسههای"),
            ("مدرسه", "المدرسه"),
            ("گل", "سنگ"),
        ] {
            assert!(!are_two_of_a_kind(a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_are_not_plain() {
        for word in
            ["دیدند", "میرود", "همچنان", "رساند", "نامدار", "وذکرت", "واوضحت", "المقبل", "طویلا", "مجاوره"]
        {
            assert!(is_plain(word), "{word}");
        }
        for word in [
            "شیراز",
            "دماوند",
            "نهاوند",
            "کاظمی",
            "بیات",
            "البصره",
            "سعاد",
            "خلیل",
            "بیروت",
            "سوریا",
            "منصور",
            "مشهد",
        ] {
            assert!(!is_plain(word), "{word}");
        }
    }
}
