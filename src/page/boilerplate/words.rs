//! The wording of site furniture, and the names that authors of templates give it.

/// The whole line is site furniture.
#[rustfmt::skip]
pub(super) const WHOLE: &[&str] = &[
    // Persian
    "کپی شد", "لینک کپی شد", "کپی لینک", "کپی", "لینک کوتاه", "لینک کوتاه خبر", "لینک مطلب", "اشتراک گذاری",
    "اشتراک", "به اشتراک بگذارید", "به اشتراک گذاری", "اشتراک گذاری مطلب", "هم رسانی", "انتهای پیام",
    "پایان پیام", "پایان خبر", "چاپ", "پرینت", "نسخه چاپی", "ارسال به دوستان", "ارسال برای دوستان",
    "ارسال به دوست", "ذخیره", "ذخیره خبر", "بازگشت", "بیشتر بخوانید", "بیشتر بخوان", "ادامه مطلب",
    "ادامه خبر", "ادامه", "مطالب مرتبط", "اخبار مرتبط", "خبرهای مرتبط", "مطالب پیشنهادی", "اخبار پیشنهادی",
    "نظرات", "نظر", "دیدگاه ها", "دیدگاه", "ارسال نظر", "نظر شما", "نظر دهید", "ثبت نظر", "تبلیغات",
    "تبلیغ", "آگهی", "برچسب ها", "برچسب", "کلیدواژه ها", "پربازدیدترین ها", "پربیننده ترین ها",
    "پربازدیدها", "آخرین اخبار", "تازه ترین اخبار", "تلگرام", "واتساپ", "توییتر", "فیسبوک", "اینستاگرام",
    "لینکدین", "ایمیل", "بله", "ایتا", "سروش", "روبیکا", "اندازه متن", "اندازه قلم", "دانلود", "گزارش خطا",
    "کد خبر", "همچنین بخوانید", "همچنین ببینید", "در همین زمینه", "مقالات مرتبط", "نوشته های مرتبط",
    "پست های مرتبط", "لینک کوتاه کپی شد", "عضویت در خبرنامه", "خبرنامه", "بالای صفحه", "بازگشت به بالا",
    "صفحه اصلی", "صفحه نخست", "خانه", "خواندنی ها", "پیشنهاد سردبیر", "بشنوید", "این خبر را بشنوید", "شنیدن خبر",
    "نسخه صوتی", "پخش صوت", "ذخیره مطلب", "پربازدید", "پربیننده ترین", "پرمخاطب ترین", "محبوب ترین ها", "بیشترین بازدید",
    // Arabic
    "شارك", "مشاركة", "شارك هذا", "شارك المقال", "شارك الخبر", "شارك هذا المقال", "شاركها", "انسخ الرابط",
    "نسخ الرابط", "تم النسخ", "تم نسخ الرابط", "رابط مختصر", "الرابط المختصر", "رابط الخبر", "اقرأ أيضا",
    "اقرأ أيضاً", "إقرأ أيضا", "اقرأ المزيد", "قراءة المزيد", "المزيد", "مواضيع ذات صلة", "أخبار ذات صلة",
    "مقالات ذات صلة", "موضوعات متعلقة", "مواضيع متعلقة", "أخبار متعلقة", "طباعة", "حجم الخط", "تابعونا",
    "تابعنا", "الوسوم", "الكلمات المفتاحية", "كلمات مفتاحية", "كلمات دلالية", "التعليقات", "تعليقات",
    "أضف تعليق", "أضف تعليقا", "اترك تعليقا", "إعلان", "إعلانات", "جميع الحقوق محفوظة", "فيسبوك", "تويتر",
    "واتساب", "تلغرام", "تيليجرام", "بريد إلكتروني", "الأكثر قراءة", "آخر الأخبار", "الرئيسية", "حفظ",
    "استمع", "انتهى", "انتهى/", "النشرة البريدية", "استمع إلى المقال", "استمع للمقال", "استمع إلى الخبر", "الأكثر مشاهدة",
    "الأكثر تداولا", "الأكثر شعبية", "الكلمات الدلالية", "حفظ المقال", "مشاركة المقال", "مشاركة الخبر", "اقرأ في",
    // English and a few neighbours
    "share", "share this", "share this article", "share this story", "share this post", "share this page",
    "share article", "share on", "share via", "share on facebook", "share on twitter", "share on x",
    "share on linkedin", "share on whatsapp", "share on telegram", "share by email", "tweet", "tweet this",
    "pin it", "copy link", "copy url", "link copied", "link copied to clipboard", "copied",
    "copied to clipboard", "short link", "short url", "read more", "read also", "also read", "read next",
    "up next", "read the full story", "read full article", "continue reading", "related",
    "related articles", "related stories", "related posts", "related news", "related topics",
    "related content", "related links", "related coverage", "more on this story", "more on this topic",
    "more from this author", "more stories", "more like this", "more news", "you may also like",
    "you might also like", "recommended", "recommended for you", "recommended stories", "editors picks",
    "dont miss", "trending", "trending now", "most read", "most popular", "popular posts", "latest news",
    "top stories", "advertisement", "advertisements", "advertising", "sponsored", "promoted", "ad", "ads",
    "advertisement continues below", "article continues below", "story continues below",
    "article continues below advertisement", "article continues after advertisement",
    "story continues below advertisement", "continue reading below", "scroll to continue", "subscribe",
    "subscribe now", "sign up", "sign in", "log in", "newsletter", "newsletters", "print",
    "print this page", "print article", "email", "email this", "email article", "comments", "comment",
    "leave a comment", "leave a reply", "add a comment", "post a comment", "join the conversation",
    "view comments", "show comments", "no comments", "tags", "topics", "categories", "follow us", "follow",
    "facebook", "twitter", "x", "whatsapp", "linkedin", "reddit", "telegram", "pinterest", "instagram",
    "all rights reserved", "skip to content", "skip to main content", "back to top", "home", "menu",
    "search", "save", "save article", "save for later", "bookmark", "listen", "listen to this article",
    "listen to article", "close", "loading", "loading comments", "view gallery", "view image in fullscreen",
    "toggle caption", "hide caption", "report this ad", "give this article", "gift article",
    "share full article", "previous article", "next article", "previous", "next", "teilen", "drucken",
    "mehr zum thema", "lesen sie auch", "anzeige", "partager", "imprimer", "lire aussi", "publicité",
    "compartir", "imprimir", "lea también", "publicidad", "condividi", "paylaş", "yazdır", "поделиться",
    "читайте также", "реклама", "delen",
];

/// A short line that begins so is site furniture, whatever follows.
#[rustfmt::skip]
pub(super) const BEGINS: &[&str] = &[
    // Persian
    "لینک کوتاه", "کپی شد", "کد خبر", "شناسه خبر", "کد مطلب", "کد مقاله", "شماره خبر", "تعداد بازدید",
    "تعداد نظرات", "برچسب ها", "برچسب", "کلیدواژه", "کلید واژه", "کلمات کلیدی", "کلیدواژه ها:", "هشتگ ها:", "بیشتر بخوانید",
    "همچنین بخوانید", "بخوانید:", "انتهای پیام", "پایان پیام", "تاریخ انتشار", "زمان انتشار",
    "اشتراک گذاری", "زمان مطالعه", "مدت زمان مطالعه", "ما را در", "به کانال", "برای عضویت در",
    "اخبار مرتبط", "مطالب مرتبط", "تمامی حقوق", "تمام حقوق", "کلیه حقوق", "هرگونه کپی", "استفاده از مطالب",
    "بازنشر مطالب", "آخرین به روزرسانی", "نشانی کوتاه", "آدرس کوتاه", "امتیاز شما", "گزارش خطا",
    "عکس:", "عکاس:", "تصویر:", "منبع عکس:",
    // Arabic
    "الصورة:", "صورة:", "تصوير:", "الرابط المختصر", "رابط مختصر", "رابط الخبر", "اقرأ أيضا", "إقرأ أيضا", "اقرأ المزيد", "تاريخ النشر",
    "آخر تحديث", "جميع الحقوق", "الوسوم", "كلمات مفتاحية", "الكلمات المفتاحية", "كلمات دلالية", "الكلمات الدلالية",
    "تابعونا على", "تابعنا على", "اشترك في", "للاشتراك في", "مواضيع ذات صلة", "شارك الخبر", "شارك المقال",
    "شارك عبر", "عدد المشاهدات", "عدد القراءات", "وقت القراءة", "مدة القراءة",
    // English
    "photo:", "photos:", "photograph:", "photographs:", "photo by:", "image:", "image credit:", "photo credit:", "picture:",
    "edit this page", "view page source", "was this page helpful", "improve this page", "jump to recipe", "contact her at",
    "contact him at", "contact the author",
    "share this", "share on", "follow us on", "follow us at", "follow us", "sign up for", "sign up to",
    "subscribe to our", "subscribe to the", "subscribe now", "read more:", "read more on", "read also:",
    "also read:", "read next:", "see also:", "related:", "related article", "related stor", "related post",
    "more on:", "tags:", "topics:", "filed under", "posted in", "categories:", "category:", "copyright ©",
    "copyright (c)", "all rights reserved", "short link", "short url", "click here to",
    "click to share", "last updated", "last modified", "published on", "published:", "posted on",
    "updated:", "get our newsletter", "get the latest", "download our app", "download the app",
    "like us on", "join our", "join us on", "min read", "views:", "this site uses cookies",
    "we use cookies", "this article was originally published", "leave a comment", "leave a reply",
    "please enable javascript", "you need to enable javascript", "your browser does not support",
    "this content is not available", "listen to this", "advertisement", "enter your email",
    "thanks for signing up", "by signing up", "view all posts by",
];

/// A line that heads a list of other articles. What follows it is dropped as long as it consists of links.
#[rustfmt::skip]
pub(super) const HEADS: &[&str] = &[
    "بیشتر بخوانید", "مطالب مرتبط", "اخبار مرتبط", "خبرهای مرتبط", "مطالب پیشنهادی", "همچنین بخوانید",
    "در همین زمینه", "پربازدیدترین ها", "آخرین اخبار", "مقالات مرتبط", "نوشته های مرتبط", "پست های مرتبط",
    "برچسب ها", "کلیدواژه ها", "اقرأ أيضا", "إقرأ أيضا", "اقرأ المزيد", "مواضيع ذات صلة", "أخبار ذات صلة",
    "مقالات ذات صلة", "موضوعات متعلقة", "مواضيع متعلقة", "الأكثر قراءة", "الوسوم", "كلمات مفتاحية",
    "الكلمات المفتاحية", "related", "related articles", "related stories", "related posts", "related news",
    "related topics", "related content", "related links", "related coverage", "read more", "read also",
    "also read", "read next", "see also", "more on this story", "more on this topic", "more stories",
    "you may also like", "you might also like", "recommended", "recommended for you", "most read",
    "most popular", "trending", "latest news", "top stories", "tags", "topics", "more like this",
    "more news", "dont miss", "mehr zum thema", "lesen sie auch", "lire aussi", "lea también",
    "читайте также",
];

/// A line that heads what readers wrote; numbers in it do not count.
#[rustfmt::skip]
pub(super) const COMMENT_HEADS: &[&str] = &[
    "comments", "reader comments", "readers comments", "user comments",
    "leave a comment", "leave a reply", "join the conversation", "show comments", "view comments",
    "نظرات", "نظرات کاربران", "نظرات خوانندگان", "نظر کاربران", "دیدگاه ها", "دیدگاه کاربران",
    "دیدگاه های شما", "دیدگاه خود را بنویسید", "ارسال دیدگاه", "ارسال نظر", "نظر شما", "نظرات شما", "نظر بدهید",
    "التعليقات", "تعليقات", "تعليقات القراء", "أضف تعليقا", "أضف تعليقك", "اترك تعليقا", "kommentare",
    "commentaires", "comentarios", "commenti", "комментарии", "yorumlar",
];

/// A short line that says so anywhere is a notice of rights.
#[rustfmt::skip]
pub(super) const RIGHTS: &[&str] = &[
    "تمامی حقوق این سایت", "کلیه حقوق این سایت", "تمامی حقوق برای", "کلیه حقوق مادی و معنوی",
    "حقوق این سایت محفوظ", "جميع الحقوق محفوظة", "all rights reserved", "alle rechte vorbehalten",
    "tous droits réservés", "todos los derechos reservados", "все права защищены",
];

/// A short line that begins with the first and holds the second asks readers to subscribe.
#[rustfmt::skip]
pub(super) const PROMPTS: &[(&str, &str)] = &[
    ("این سایت", "کوکی"), ("ما از کوکی", "استفاده"), ("this site", "cookies"), ("this website", "cookies"),
    ("we use cookies", "experience"), ("يستخدم هذا الموقع", "ملفات تعريف"), ("نستخدم ملفات تعريف", "الارتباط"),
    ("sign up", "newsletter"), ("sign up", "inbox"), ("subscribe", "newsletter"), ("subscribe", "inbox"),
    ("get", "newsletter"), ("get", "in your inbox"), ("join", "newsletter"), ("follow", "on twitter"),
    ("follow", "on facebook"), ("follow us", "on x"), ("download", "app store"), ("در خبرنامه", "عضو"),
    ("what do you think", "comment"), ("let us know", "comments"), ("نظر شما", "دیدگاه"), ("نظر خود را", "بنویسید"),
    ("ما رأيك", "التعليقات"), ("شاركنا رأيك", "التعليقات"), ("برای دریافت", "خبرنامه"), ("ما را در", "دنبال کنید"), ("برای دنبال کردن", "کلیک کنید"),
    ("به کانال", "بپیوندید"), ("در کانال", "عضو شوید"), ("اشترك في", "النشرة"), ("اشترك", "البريدية"),
    ("تابعوا", "على"), ("حمل", "تطبيق"), ("للاشتراك", "النشرة"),
];

/// Words of class names and ids that mean: not the article. Compared with whole words of the name.
#[rustfmt::skip]
pub(super) const FURNITURE_WORDS: &[&str] = &[
    "share", "sharing", "shares", "sharebar", "sharebox", "sharedaddy", "socials", "addtoany", "addthis",
    "a2a", "sharethis", "related", "relateds", "relatedposts", "recommended", "recommendation",
    "recommendations", "outbrain", "taboola", "mgid", "disqus", "newsletter", "newsletters", "breadcrumb",
    "breadcrumbs", "cookie", "cookies", "gdpr", "consent", "advert", "advertisement", "advertisements",
    "advertising", "adsbygoogle", "ads", "sponsor", "sponsored", "tagcloud", "pagination", "pager",
    "paginator", "shortlink", "permalink", "copylink", "jp-relatedposts", "authorbox", "popup", "modal",
    "mostread", "mostviewed", "trending", "skiplink", "noprint", "comments", "respond", "toolbar",
    "toolbox", "paywall", "promo", "promobox", "readalso", "readmore", "subscribe", "subscription",
    "signup", "login", "signature", "sig", "prevnext", "headerlink", "permalinks", "register", "poll", "rating", "ratings", "printfriendly", "hashtags", "keywords",
];

/// The same for runs of words.
#[rustfmt::skip]
pub(super) const FURNITURE_RUNS: &[&str] = &[
    "short-link", "short-url", "copy-link", "most-read", "most-viewed", "most-popular", "read-more",
    "read-also", "also-read", "post-navigation", "nav-links", "nav-previous", "nav-next", "post-nav",
    "screen-reader", "sr-only", "visually-hidden", "skip-link", "author-bio", "author-box", "about-author",
    "author-info", "entry-meta", "post-meta", "article-meta", "news-meta", "entry-footer", "post-footer",
    "post-tags", "entry-tags", "tags-links", "cat-links", "tag-list", "article-tags", "news-tags",
    "tag-cloud", "social-links", "social-share", "social-media", "social-icons", "social-buttons",
    "social-bar", "share-buttons", "comment-list", "comment-form", "comments-area", "comment-respond",
    "reply-form", "more-stories", "more-news", "more-articles", "next-article", "prev-article",
    "newsletter-signup", "mailing-list", "site-header", "site-footer", "page-header-top", "top-bar",
    "topbar", "breaking-news", "news-ticker", "latest-news", "ad-slot", "ad-container", "ad-wrapper",
    "ad-unit", "google-ad", "print-link", "font-size", "text-size", "you-may", "see-also", "last-news",
    "hot-news", "side-bar", "tools-bar", "news-tools", "article-tools", "post-tools", "video-playlist",
];

/// What a number beside it counts.
#[rustfmt::skip]
pub(super) const COUNTED: &[&str] = &[
    "views", "view", "reads", "likes", "shares", "min read", "minutes read", "minute read", "followers", "بازدید",
    "پسند", "لایک", "دقیقه مطالعه", "دقیقه خواندن", "مشاهدة", "مشاهدات", "قراءة", "دقائق قراءة", "دقيقة قراءة", "دقائق للقراءة", "إعجاب",
];

/// The same for what readers wrote: with a number it heads them.
#[rustfmt::skip]
pub(super) const ANSWERS: &[&str] = &[
    "comments", "comment", "replies", "responses", "reactions", "نظر", "دیدگاه", "پاسخ", "تعليق", "تعليقات", "ردود", "رد",
];

/// The head of a list of what is read most.
#[rustfmt::skip]
pub(super) const MOST_READ: &[&str] = &[
    "most read", "most popular", "most viewed", "popular", "popular posts", "popular now", "trending", "trending now",
    "پربازدیدترین ها", "پربازدیدها", "پربازدید", "پربیننده ترین ها", "پربیننده ترین", "پرمخاطب ترین", "محبوب ترین ها", "پربحث ترین ها",
    "الأكثر قراءة", "الأكثر مشاهدة", "الأكثر شعبية", "الأكثر تداولا", "الأكثر تعليقا",
];
