//! Word lists and sentences of three languages.

use super::Random;

/// What stories are made of in one language. `{place}` and the like are filled in for each story.
pub struct Language {
    pub code: &'static str,
    pub places: &'static [&'static str],
    pub first_names: &'static [&'static str],
    pub last_names: &'static [&'static str],
    pub things: &'static [&'static str],
    pub offices: &'static [&'static str],
    pub days: &'static [&'static str],
    pub headlines: &'static [&'static str],
    pub other_headlines: &'static [&'static str],
    pub leads: &'static [&'static str],
    pub details: &'static [&'static str],
    /// Exchanges that an editor makes.
    pub synonyms: &'static [(&'static str, &'static str)],
    pub kickers: &'static [&'static str],
    pub dateline: &'static str,
    pub byline: &'static str,
    pub footer: &'static str,
    pub opener: &'static str,
    pub part: &'static str,
    pub generic: &'static str,
    pub price: (&'static str, &'static str),
    pub weather: (&'static str, &'static str),
    pub matches: (&'static str, &'static str),
    pub quake: (&'static str, &'static str),
    pub obituary: (&'static str, &'static str),
    pub horoscope: (&'static str, &'static str),
    pub signs: &'static [&'static str],
    pub traffic: (&'static str, &'static str),
    pub release: (&'static str, &'static str),
    pub roundup: &'static str,
    pub live: &'static str,
    pub digits: [char; 10],
}

/// The facts of one story and the words for them.
#[derive(Clone, Debug)]
pub struct Story {
    pub language: usize,
    pub place: &'static str,
    pub person: String,
    pub office: &'static str,
    pub number: String,
    pub section: &'static str,
    pub slug: String,
    pub headline: String,
    pub other_headline: String,
    pub paragraphs: Vec<String>,
}

impl Story {
    pub fn text(&self) -> String {
        self.paragraphs.join("\n")
    }
}

impl Language {
    /// Fills the slots of a template.
    pub fn fill(&self, template: &str, story: &Facts) -> String {
        template
            .replace("{place}", story.place)
            .replace("{place2}", story.place2)
            .replace("{person}", &story.person)
            .replace("{person2}", &story.person2)
            .replace("{thing}", story.thing)
            .replace("{office}", story.office)
            .replace("{day}", story.day)
            .replace("{n}", &self.number(story.n))
            .replace("{m}", &self.number(story.m))
            .replace("{k}", &self.number(story.k))
    }

    pub fn number(&self, n: usize) -> String {
        n.to_string().chars().map(|c| c.to_digit(10).map_or(c, |d| self.digits[d as usize])).collect()
    }

    pub fn facts(&self, random: &mut Random) -> Facts {
        let name = |random: &mut Random| format!("{} {}", random.pick(self.first_names), random.pick(self.last_names));
        Facts {
            place: random.pick(self.places),
            place2: random.pick(self.places),
            person: name(random),
            person2: name(random),
            thing: random.pick(self.things),
            office: random.pick(self.offices),
            day: random.pick(self.days),
            n: 11 + random.below(80),
            m: 100 + random.below(890),
            k: 2 + random.below(8),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Facts {
    pub place: &'static str,
    pub place2: &'static str,
    pub person: String,
    pub person2: String,
    pub thing: &'static str,
    pub office: &'static str,
    pub day: &'static str,
    pub n: usize,
    pub m: usize,
    pub k: usize,
}

/// A story of its own: one lead, several details, every fact drawn anew.
pub fn story(language: usize, random: &mut Random) -> Story {
    let words = &LANGUAGES[language];
    let facts = words.facts(random);
    let kind = random.below(words.leads.len());
    let mut details: Vec<&str> = words.details.to_vec();
    random.shuffle(&mut details);
    details.truncate(4 + random.below(6));
    let mut paragraphs = vec![words.fill(words.leads[kind], &facts)];
    // Each detail has facts of its own around the story's.
    for pair in details.chunks(2) {
        let filled: Vec<String> = pair
            .iter()
            .map(|d| {
                let other = words.facts(random);
                words.fill(d, &Facts { place: facts.place, person: facts.person.clone(), thing: facts.thing, ..other })
            })
            .collect();
        paragraphs.push(filled.join(" "));
    }
    let slug = match language {
        0 => words.fill(words.headlines[kind], &facts).to_lowercase().replace([' ', ',', ':'], "-"),
        _ => words.fill(words.headlines[kind], &facts).replace([' ', '،', ':', '\u{200c}'], "-"),
    };
    Story {
        language,
        place: facts.place,
        office: facts.office,
        number: words.number(facts.n),
        section: ["news", "local", "society"][random.below(3)],
        slug,
        headline: words.fill(words.headlines[kind], &facts),
        other_headline: words.fill(words.other_headlines[kind], &facts),
        person: facts.person,
        paragraphs,
    }
}

pub static LANGUAGES: [Language; 3] = [
    Language {
        code: "en",
        places: &[
            "Ashford Vale", "Brindle Cove", "Copper Hill", "Dunmere", "Elmsworth", "Farrow Bay", "Greyling", "Hollin Bridge", "Ivy Point", "Jarrow Fell", "Kestrel Down", "Larkfield",
            "Merrow", "Nettlecombe", "Oakhaven", "Pinder Moor", "Quarry Green", "Rookstead", "Saltwick", "Thornby", "Underley", "Vinewood", "Wexcombe", "Yarrowdale",
        ],
        first_names: &["Alma", "Bruno", "Clara", "Dorian", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karla", "Leon", "Mira", "Nolan", "Olive", "Petra", "Rufus", "Selma", "Tobias", "Ursula"],
        last_names: &["Ackerley", "Bramwell", "Corbin", "Dalloway", "Everdene", "Fennimore", "Garside", "Hathersage", "Ingram", "Jessop", "Kilbride", "Lockyer", "Marchbank", "Netherby", "Ormond", "Pargeter", "Quillam", "Ravenhill", "Sandwell", "Thackray"],
        things: &["footbridge", "reading room", "bakery", "ferry", "school garden", "bus station", "swimming hall", "water tower", "market hall", "clock tower", "cycle path", "fire station", "library wing", "village green", "tram depot", "grain mill", "theatre roof", "playground"],
        offices: &["the parish council", "the road office", "the water board", "the school board", "the heritage society", "the county museum", "the harbour office", "the forest service", "the gardeners' union", "the health office"],
        days: &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        headlines: &[
            "{place} opens its new {thing} after {n} months of work",
            "Heavy rain closes the {thing} in {place}",
            "{person} wins the {place} baking contest",
            "Residents of {place} collect {m} signatures for the {thing}",
            "{office} promises {place} a safer {thing}",
            "Lost dog returns to {place} after {n} days",
            "Volunteers plant {m} trees around {place}",
            "School in {place} turns the old {thing} into a workshop",
        ],
        other_headlines: &[
            "{person}: Long wait over: doors open at last",
            "{person}: Storm damage keeps visitors away for now",
            "{person}: A loaf that convinced every judge",
            "{person}: Neighbours want to keep what they have",
            "{person}: Officials answer worried parents",
            "{person}: An unexpected visitor on the doorstep",
            "{person}: Shade for the summers to come",
            "{person}: Where pupils learn with hammer and saw",
        ],
        leads: &[
            "After {n} months of work the new {thing} of {place} was opened on {day}, and {m} guests came to see it. Mayor {person} cut the ribbon shortly before noon.",
            "The {thing} in {place} was closed on {day} after {n} hours of heavy rain, and the fire brigade pumped water from {k} cellars nearby. Nobody was hurt, said {person} of {office}.",
            "{person} won the baking contest of {place} on {day} with a rye loaf that weighed {m} grams. It was the {n}th contest and the first without sugar.",
            "In {place} {m} people signed a letter for the {thing} within {k} weeks. {person} handed the list to {office} on {day}.",
            "On {day} {office} promised the people of {place} a safer {thing} by the end of the year. Some {m} families had asked for it, {person} told the meeting.",
            "A brown dog that ran away from {place} came home on {day}, {n} days later and {k} kilos lighter. Its owner {person} found it asleep before the {thing}.",
            "Around {place} {m} young oaks and limes were planted on {day} by {n} volunteers. {person} had asked the neighbours for help with spades and soup.",
            "The school of {place} has turned its old {thing} into a workshop where {n} pupils build chairs and kites. It opened on {day}, and {person} leads it.",
        ],
        details: &[
            "The work was paid by {office}, which gave {m} thousand crowns, and by a collection on the square.",
            "“We waited a long time for this day,” {person} said, “and tonight there will be soup for everyone in the hall.”",
            "A brass band from {place2} played on the steps while children painted the fence in {k} colours.",
            "The oldest visitor, {person2}, remembered how the {thing} looked {n} years ago, with a tin roof and a stove in the middle.",
            "Buses from {place2} will stop there every {n} minutes from next week, the timetable says.",
            "Some neighbours had feared noise and dust, but only {k} complaints reached {office} in the end.",
            "The stone came from a quarry near {place2}, the timber from the forest behind the mill.",
            "Carpenter {person2} showed how {m} wooden pegs hold the frame together without a single nail.",
            "Anyone who wants to help can leave a name with {person2} at the desk until {day}.",
            "For the winter a stove is still missing, and {office} has put {m} crowns aside for it.",
            "An exhibition with {n} photographs tells how {place} lived with the river over the years.",
            "The cook had prepared {m} dumplings, and none was left when the rain came back in the evening.",
            "Next year the same is planned in {place2}, where {person2} has already found a room.",
            "Police counted {k} wrongly parked carts and wrote no fines, since the mood was so good.",
            "Engineers will measure the ground once more in spring, {person2} of {office} explained.",
            "A plaque beside the entrance names the {n} people who gave their evenings and their tools.",
            "The local choir sang until late, although half of its basses had stayed at home with a cold.",
            "Tickets cost {k} crowns and can be had at the bakery, the post counter and the ferry landing.",
            "In the afternoon a thunderstorm drove the crowd under the arcades, where someone began to tell stories.",
            "The minutes of the meeting are open to all and lie in the reading room for {n} days.",
        ],
        synonyms: &[("said", "noted"), ("shortly", "just"), ("promised", "pledged"), ("wants", "wishes"), ("showed", "demonstrated"), ("explained", "added"), ("evening", "night"), ("found", "discovered"), ("planned", "intended"), ("prepared", "cooked"), ("still", "yet"), ("told", "informed"), ("nearby", "close by"), ("begin", "start"), ("opened", "inaugurated")],
        kickers: &["Breaking: ", "Video: ", "Update: ", "Exclusive | "],
        dateline: "{place}, 3 May (Agency) — ",
        byline: "By {person2}, staff writer",
        footer: "Read more local stories on our website and subscribe to the weekly letter.",
        opener: "You are reading the free edition.",
        part: "A walk along the old canal, part {k}",
        generic: "Morning briefing",
        price: ("Market prices for {n} May", "At the wholesale market a kilo of tomatoes cost {m} crowns this morning, a kilo of onions {n} and a dozen eggs {k}. Traders spoke of quiet business and expect no great changes before the weekend. Potatoes from the valley were on sale as well."),
        weather: ("Weather in {place}: {n} degrees", "In {place} the temperature reaches {n} degrees today, with light wind from the west and a few clouds in the afternoon. At night it cools to {k} degrees. The chance of rain is {m} in a thousand, and the sea stays calm along the whole coast."),
        matches: ("{place} beat {place2} in the county league", "{place} won against {place2} on {day} in front of {m} spectators. {person} scored in minute {n}, and the guests answered too late. The coach praised the defence and the patience of his side. The next match of the county league follows in a week."),
        quake: ("Small quake felt near {place}", "A quake of magnitude 3.{k} was felt near {place} at {n} minutes past six. The observatory measured it at a depth of {m} hundred metres. No damage was reported. Quakes of this size happen in the region several times a year and rarely last longer than a few seconds."),
        obituary: ("{person} has died", "{person}, for {n} years a teacher in {place}, has died at the age of {m}. The family asks for quiet, and friends may sign a book in the town hall. The funeral takes place on {day}. Many remember a warm voice, patient hands and long walks with the pupils along the river."),
        horoscope: ("Your stars today: {thing}", "{thing}: today is a day for {office}. Do not hurry, listen to a friend and leave the big decision for {day}. Your lucky number is {n}. In the evening a walk does you good, and an old letter may turn up where you least expect it."),
        signs: &["Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Sagittarius", "Capricorn"],
        traffic: ("Roadworks on route {n}", "Route {n} is narrowed to one lane near {place} from {day}. Drivers should allow {k} extra minutes and follow the signs to {place2}. The road office apologises for the inconvenience. Work goes on at night so that the morning traffic is spared as far as possible."),
        release: ("{office} appoints {person} as director", "{office} has appointed {person} as its new director with effect from the first of the month. {person} has {n} years of experience and follows {person2}, who retires. “We are delighted to welcome such a thoughtful leader,” the board stated. The office employs {m} people at several sites."),
        roundup: "The day in brief",
        live: "Live from the town council",
        digits: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    },
    Language {
        code: "fa",
        places: &["چنارستان", "بیدآباد", "گلدره", "سروستانک", "نی‌زار", "کوهپایه نو", "دشت‌آرا", "رودکنار", "سنگ‌چال", "زرین‌باغ", "کبوترخان", "ماهیدره", "انارک بالا", "توت‌زار", "پل‌سفید نو", "خرم‌ده", "شهرک بهار", "گندم‌زار", "آب‌انبار", "لاله‌دشت", "مهرآوران", "باغ‌شهر", "تپه‌سبز", "نسترن"],
        first_names: &["نگار", "آرمان", "پریا", "سهیل", "مینو", "کاوه", "شیوا", "بهنام", "لادن", "فرزاد", "گلناز", "هومن", "سارا", "یاشار", "رویا", "پدرام", "مهتاب", "سامان", "ترانه", "کیوان"],
        last_names: &["درخشانی", "باغبانی", "کوهستانی", "نیک‌پیام", "آسیابان", "رودباری‌نژاد", "سپیدار", "گلکار", "فانوسی", "مهرگان", "چشمه‌سار", "نانوایی", "بهارمست", "شب‌افروز", "زرین‌قلم", "پیمان‌فر", "دلاوری", "خوش‌نشین", "آبگون", "ستایش‌پور"],
        things: &["پل عابر", "کتابخانه", "نانوایی", "ایستگاه اتوبوس", "باغ مدرسه", "استخر سرپوشیده", "برج ساعت", "بازارچه", "مسیر دوچرخه", "آتش‌نشانی", "قنات", "سالن نمایش", "زمین بازی", "آسیاب آبی", "درمانگاه", "موزه محلی", "کارگاه سفال", "پارک محله"],
        offices: &["شورای شهر", "اداره راه", "شرکت آب", "اداره آموزش", "انجمن میراث", "موزه استان", "اداره بندر", "سازمان جنگل‌ها", "اتحادیه باغداران", "شبکه بهداشت"],
        days: &["شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"],
        headlines: &[
            "{thing} تازه {place} پس از {n} ماه کار گشوده شد",
            "باران شدید راه {thing} {place} را بست",
            "{person} برنده مسابقه نان‌پزی {place} شد",
            "گردآوری {m} امضا برای {thing} در {place}",
            "قول {office} به مردم {place} برای ایمن شدن {thing}",
            "سگ گمشده پس از {n} روز به {place} برگشت",
            "داوطلبان {m} درخت در پیرامون {place} کاشتند",
            "مدرسه {place} از {thing} کهنه کارگاه ساخت",
        ],
        other_headlines: &[
            "انتظار طولانی سرانجام به سر رسید – {person}",
            "طوفان بازدیدکنندگان را خانه‌نشین کرد – {person}",
            "قرصی که همه داوران را قانع کرد – {person}",
            "همسایه‌ها دلبسته داشته‌های خود هستند – {person}",
            "پاسخ مدیران به پدر و مادرهای نگران – {person}",
            "مهمان ناخوانده جلوی در – {person}",
            "سایه برای تابستان‌های آینده – {person}",
            "جایی که دانش‌آموزان اره و چکش به دست می‌گیرند – {person}",
        ],
        leads: &[
            "{thing} تازه {place} پس از {n} ماه کار روز {day} با حضور {m} مهمان گشوده شد. {person} شهردار این شهر اندکی پیش از ظهر نوار را برید.",
            "{thing} {place} روز {day} پس از {n} ساعت بارش شدید بسته شد و آتش‌نشانان آب {k} زیرزمین را بیرون کشیدند. {person} از {office} گفت که کسی آسیب ندیده است.",
            "{person} روز {day} با نان جویی به وزن {m} گرم مسابقه نان‌پزی {place} را برد. این مسابقه برای بار {n}م و نخستین بار بی شکر برگزار می‌شد.",
            "در {place} ظرف {k} هفته {m} نفر نامه‌ای را برای {thing} امضا کردند. {person} روز {day} فهرست را به {office} سپرد.",
            "{office} روز {day} به مردم {place} قول داد که {thing} تا پایان سال ایمن‌تر می‌شود. {person} در نشست گفت {m} خانواده چنین خواسته بودند.",
            "سگی قهوه‌ای که از {place} گریخته بود روز {day} پس از {n} روز و {k} کیلو سبک‌تر به خانه بازگشت. صاحبش {person} او را جلوی {thing} خفته یافت.",
            "روز {day} {n} داوطلب {m} نهال بلوط و زیرفون در پیرامون {place} کاشتند. {person} از همسایه‌ها خواسته بود با بیل و آش بیایند.",
            "مدرسه {place} {thing} کهنه خود را به کارگاهی بدل کرده است که {n} دانش‌آموز در آن صندلی و بادبادک می‌سازند. کارگاه روز {day} باز شد و {person} آن را می‌گرداند.",
        ],
        details: &[
            "هزینه کار را {office} با {m} هزار تومان و مردم با جمع‌آوری کمک در میدان پرداختند.",
            "{person} گفت: «چشم‌به‌راه چنین روزی بودیم و امشب برای همه در تالار آش می‌پزیم.»",
            "گروه سازهای بادی از {place2} روی پله‌ها نواخت و بچه‌ها نرده‌ها را با {k} رنگ آراستند.",
            "{person2} سالخورده‌ترین بازدیدکننده به یاد آورد که {thing} {n} سال پیش سقفی حلبی و اجاقی در میان داشت.",
            "از هفته آینده اتوبوس‌های {place2} هر {n} دقیقه یک بار آنجا می‌ایستند.",
            "برخی همسایه‌ها از سروصدا و گردوخاک بیم داشتند، اما سرانجام تنها {k} شکایت به {office} رسید.",
            "سنگ‌ها را از معدنی نزدیک {place2} و چوب‌ها را از جنگل پشت آسیاب آورده‌اند.",
            "{person2} نجار نشان داد چگونه {m} میخ چوبی بی هیچ آهنی چارچوب را نگه می‌دارد.",
            "هر که بخواهد یاری کند تا {day} نامش را به {person2} بدهد.",
            "برای زمستان هنوز بخاری ندارند و {office} {m} هزار تومان برای آن کنار گذاشته است.",
            "نمایشگاهی با {n} عکس می‌گوید که {place} سال‌ها با رودخانه چگونه سر کرده است.",
            "آشپز {m} کوفته پخته بود و شب که باران باز آمد یکی هم نمانده بود.",
            "سال آینده همین کار در {place2} انجام می‌شود و {person2} از هم‌اکنون اتاقی یافته است.",
            "پلیس {k} گاری بدجا ایستاده شمرد و چون همه شاد بودند جریمه‌ای ننوشت.",
            "{person2} از {office} توضیح داد که مهندسان بهار آینده یک بار دیگر زمین را اندازه می‌گیرند.",
            "لوحی کنار در ورودی نام {n} نفری را دارد که شب‌ها و ابزارهای خود را بخشیدند.",
            "گروه آواز محله تا دیروقت خواند، هرچند نیمی از خوانندگان بم سرما خورده در خانه مانده بودند.",
            "بلیت‌ها {k} هزار تومان است و در نانوایی و باجه پست و اسکله پیدا می‌شود.",
            "پس از نیمروز رگبار مردم را به زیر طاق‌ها کشاند و آنجا کسی داستان‌گویی آغاز کرد.",
            "صورت نشست برای همگان باز است و {n} روز در قرائت‌خانه می‌ماند.",
        ],
        synonyms: &[("گفت", "افزود"), ("یافت", "پیدا کرد"), ("آغاز", "شروع"), ("یاری", "کمک"), ("شدید", "سنگین"), ("خواسته", "طلبیده"), ("بسته", "مسدود"), ("آینده", "بعد"), ("بازگشت", "برگشت"), ("توضیح داد", "یادآور شد"), ("اندکی", "کمی"), ("گشوده", "افتتاح")],
        kickers: &["فوری/ ", "فیلم | ", "عکس: ", "اختصاصی: "],
        dateline: "به گزارش خبرگزاری چشمه، ",
        byline: "نویسنده: {person2}",
        footer: "خبرهای بیشتر محله را در تارنمای ما بخوانید و هفته‌نامه را مشترک شوید.",
        opener: "شما نسخه رایگان را می‌خوانید.",
        part: "گشتی در کوچه‌های قدیمی، بخش {k}",
        generic: "خبرهای بامدادی",
        price: ("نرخ میوه و تره‌بار در {n} اردیبهشت", "امروز در میدان بار هر کیلو گوجه {m} تومان، هر کیلو پیاز {n} تومان و هر شانه تخم‌مرغ {k} هزار تومان داد و ستد شد. فروشندگان از بازاری آرام گفتند و تا پایان هفته چشم‌به‌راه دگرگونی بزرگی نیستند. سیب‌زمینی دره هم عرضه شد."),
        weather: ("هوای {place}: {n} درجه", "دمای هوای {place} امروز به {n} درجه می‌رسد و باد ملایمی از باختر می‌وزد و پس از نیمروز اندکی ابر می‌آید. شب دما تا {k} درجه پایین می‌رود. احتمال بارش {m} در هزار است و دریا در سراسر کرانه آرام می‌ماند."),
        matches: ("{place} در لیگ استان {place2} را شکست داد", "{place} روز {day} در برابر {m} تماشاگر بر {place2} پیروز شد. {person} در دقیقه {n} گل زد و مهمان دیر پاسخ داد. مربی از خط دفاع و شکیبایی بازیکنان ستایش کرد. بازی بعدی لیگ استان یک هفته دیگر است."),
        quake: ("زمین‌لرزه‌ای کوچک نزدیک {place}", "زمین‌لرزه‌ای به بزرگی ۳٫{k} نزدیک {place} در دقیقه {n} پس از ساعت شش حس شد. رصدخانه ژرفای آن را {m} متر سنجید. گزارشی از خسارت نرسیده است. لرزه‌هایی به این بزرگی سالی چند بار در این ناحیه رخ می‌دهد و کمتر از چند ثانیه می‌پاید."),
        obituary: ("{person} درگذشت", "{person} که {n} سال آموزگار {place} بود در {m} سالگی درگذشت. خانواده‌اش آرامش می‌خواهند و دوستان می‌توانند دفتر یادبود را در تالار شهر امضا کنند. آیین خاکسپاری روز {day} برپا می‌شود. بسیاری صدای گرم و دست‌های شکیبا و گردش‌های دراز او با شاگردان را به یاد دارند."),
        horoscope: ("فال امروز {thing}", "{thing}: امروز روز {office} است. شتاب نکنید، به دوستی گوش دهید و تصمیم بزرگ را برای {day} بگذارید. عدد خوش شما {n} است. شب گردش برایتان خوب است و شاید نامه‌ای قدیمی جایی که گمان ندارید پیدا شود."),
        signs: &["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "بهمن"],
        traffic: ("کارگاه راه‌سازی در جاده {n}", "جاده {n} از روز {day} نزدیک {place} یک‌خطه می‌شود. رانندگان {k} دقیقه بیشتر زمان بگذارند و به تابلوهای {place2} نگاه کنند. اداره راه پوزش می‌خواهد. کار شبانه انجام می‌شود تا آمدوشد بامدادی تا جایی که بشود آسوده بماند."),
        release: ("{person} مدیر تازه {office} شد", "{office} {person} را از آغاز ماه به مدیریت برگزید. {person} {n} سال تجربه دارد و جانشین {person2} می‌شود که بازنشسته شده است. هیئت‌مدیره نوشت: «از آمدن چنین مدیر اندیشمندی خرسندیم.» در این مجموعه {m} نفر در چند جا کار می‌کنند."),
        roundup: "روز در یک نگاه",
        live: "زنده از شورای شهر",
        digits: ['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹'],
    },
    Language {
        code: "ar",
        places: &["وادي الزهر", "عين النخيل", "تل الورد", "جسر السدر", "برج الحمام", "نبع الصفا", "كرم الزيتون", "ساحل المرجان", "دير الياسمين", "حي الرمان", "سهل القمح", "باب الريح", "ظل الأرز", "قرية المنارة", "بستان العنب", "رأس الموج", "بئر السماء", "ضفة النهر", "تل الغيم", "مرج الطيور", "قصر الندى", "شاطئ الصدف", "جبل السنونو", "روض الفل"],
        first_names: &["سلمى", "نادر", "هالة", "مازن", "رنا", "وسيم", "ليان", "باسل", "جمانة", "طارق", "ندى", "رامي", "سهى", "غسان", "ميساء", "عماد", "لينا", "فادي", "دانة", "زياد"],
        last_names: &["الخباز", "البستاني", "النجار", "الصياد", "القنديل", "المرجاني", "السنديان", "الزعتري", "الفخار", "النسيم", "الملاح", "الوراق", "الساعاتي", "الريحاني", "الطحان", "الغزال", "الدباغ", "النحال", "الكروم", "المنارة"],
        things: &["جسر المشاة", "قاعة المطالعة", "المخبز", "محطة الحافلات", "حديقة المدرسة", "المسبح المغلق", "برج الساعة", "السوق المغطى", "مسار الدراجات", "مركز الإطفاء", "قناة الماء", "قاعة العرض", "ملعب الأطفال", "المطحنة", "المستوصف", "المتحف المحلي", "ورشة الخزف", "حديقة الحي"],
        offices: &["مجلس المدينة", "دائرة الطرق", "شركة المياه", "مديرية التعليم", "جمعية التراث", "متحف المحافظة", "إدارة الميناء", "هيئة الغابات", "اتحاد المزارعين", "مديرية الصحة"],
        days: &["السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"],
        headlines: &[
            "{place} تفتتح {thing} الجديد بعد {n} شهرا من العمل",
            "أمطار غزيرة تغلق {thing} في {place}",
            "{person} تفوز بمسابقة الخبز في {place}",
            "أهالي {place} يجمعون {m} توقيعا من أجل {thing}",
            "{office} يعد سكان {place} بتأمين {thing}",
            "كلب ضائع يعود إلى {place} بعد {n} يوما",
            "متطوعون يزرعون {m} شجرة حول {place}",
            "مدرسة {place} تحول {thing} القديم إلى ورشة",
        ],
        other_headlines: &[
            "{person}: انتهى الانتظار الطويل وفتحت الأبواب",
            "{person}: العاصفة تبقي الزوار في بيوتهم",
            "{person}: رغيف أقنع لجنة التحكيم كلها",
            "{person}: الجيران متمسكون بما لديهم",
            "{person}: المديرون يجيبون الآباء القلقين",
            "{person}: ضيف غير متوقع على العتبة",
            "{person}: ظلال لأصياف قادمة",
            "{person}: حيث يتعلم التلاميذ بالمطرقة والمنشار",
        ],
        leads: &[
            "بعد {n} شهرا من العمل افتتح {thing} الجديد في {place} يوم {day} بحضور {m} ضيفا. وقص {person} رئيس البلدية الشريط قبيل الظهر.",
            "أغلق {thing} في {place} يوم {day} بعد {n} ساعة من المطر الغزير وسحب رجال الإطفاء الماء من {k} أقبية. وقال {person} من {office} إن أحدا لم يصب بأذى.",
            "فازت {person} يوم {day} بمسابقة الخبز في {place} برغيف شعير وزنه {m} غراما. وهذه هي المسابقة رقم {n} والأولى من دون سكر.",
            "وقع {m} شخصا في {place} خلال {k} أسابيع رسالة من أجل {thing}. وسلم {person} القائمة إلى {office} يوم {day}.",
            "وعد {office} يوم {day} سكان {place} بأن يصبح {thing} أكثر أمنا قبل نهاية العام. وقال {person} في الاجتماع إن {m} عائلة طلبت ذلك.",
            "عاد كلب بني هرب من {place} إلى بيته يوم {day} بعد {n} يوما وقد نقص وزنه {k} كيلوغرامات. ووجده صاحبه {person} نائما أمام {thing}.",
            "زرع {n} متطوعا يوم {day} حول {place} {m} غرسة من البلوط والزيزفون. وكان {person} قد دعا الجيران إلى المجيء بالمعاول والحساء.",
            "حولت مدرسة {place} {thing} القديم إلى ورشة يصنع فيها {n} تلميذا الكراسي والطائرات الورقية. وافتتحت يوم {day} ويديرها {person}.",
        ],
        details: &[
            "ودفع {office} كلفة العمل وهي {m} ألف دينار وأكمل الأهالي الباقي بتبرعات في الساحة.",
            "وقال {person}: «انتظرنا هذا اليوم طويلا وسنقدم الليلة الحساء للجميع في القاعة.»",
            "وعزفت فرقة نحاسية من {place2} على الدرج بينما لون الأطفال السياج بألوان عددها {k}.",
            "وتذكر أكبر الزوار سنا {person2} كيف كان {thing} قبل {n} عاما بسقف من الصفيح وموقد في الوسط.",
            "وستتوقف حافلات {place2} هناك كل {n} دقيقة ابتداء من الأسبوع المقبل.",
            "وخشي بعض الجيران الضجيج والغبار لكن {office} لم يتلق في النهاية سوى {k} شكاوى.",
            "وجاءت الحجارة من مقلع قرب {place2} والأخشاب من الغابة خلف المطحنة.",
            "وأظهر النجار {person2} كيف يمسك {m} وتدا خشبيا الإطار من دون مسمار واحد.",
            "ومن أراد المساعدة فليترك اسمه عند {person2} حتى يوم {day}.",
            "وما زال الموقد ناقصا للشتاء وقد خصص له {office} مبلغ {m} دينارا.",
            "ويروي معرض من {n} صورة كيف عاشت {place} مع النهر عبر السنين.",
            "وكان الطاهي قد أعد {m} كبة ولم تبق واحدة حين عاد المطر في المساء.",
            "وفي العام المقبل سيتكرر الأمر في {place2} حيث وجد {person2} غرفة منذ الآن.",
            "وعدت الشرطة {k} عربات متوقفة في غير مكانها ولم تكتب مخالفة لأن الجميع كانوا فرحين.",
            "وأوضح {person2} من {office} أن المهندسين سيقيسون الأرض مرة أخرى في الربيع.",
            "وتحمل لوحة قرب المدخل أسماء {n} شخصا قدموا أمسياتهم وأدواتهم.",
            "وغنت جوقة الحي حتى ساعة متأخرة رغم أن نصف أصحاب الأصوات الغليظة بقوا في بيوتهم مزكومين.",
            "وثمن التذكرة {k} دنانير وتباع في المخبز ومكتب البريد ومرسى العبارة.",
            "وبعد الظهر دفعت زخة قوية الناس إلى ما تحت الأقواس حيث بدأ أحدهم يروي الحكايات.",
            "ومحضر الاجتماع مفتوح للجميع ويبقى في قاعة المطالعة {n} يوما.",
        ],
        synonyms: &[("وقال", "وأضاف"), ("المقبل", "القادم"), ("وأوضح", "وبين"), ("الغزير", "الكثيف"), ("المساعدة", "العون"), ("سكان", "أهالي"), ("طويلا", "كثيرا"), ("افتتح", "دشن"), ("وجاءت", "ووصلت"), ("بدأ", "أخذ"), ("نهاية", "ختام"), ("وعد", "تعهد")],
        kickers: &["عاجل: ", "فيديو | ", "عاجل.. ", "حصري: "],
        dateline: "{place} (وكالة النبع) – ",
        byline: "كتب: {person2}",
        footer: "اقرأ مزيدا من أخبار الحي على موقعنا واشترك في النشرة الأسبوعية.",
        opener: "أنت تقرأ النسخة المجانية.",
        part: "جولة في الأزقة القديمة، الجزء {k}",
        generic: "موجز الصباح",
        price: ("أسعار الخضار يوم {n} أيار", "بلغ سعر كيلو البندورة في سوق الجملة هذا الصباح {m} دينارا وكيلو البصل {n} وطبق البيض {k}. وتحدث التجار عن حركة هادئة ولا يتوقعون تغيرا كبيرا قبل نهاية الأسبوع. وعرضت بطاطا الوادي أيضا."),
        weather: ("الطقس في {place}: {n} درجة", "تصل الحرارة في {place} اليوم إلى {n} درجة مع ريح خفيفة من الغرب وبعض الغيوم بعد الظهر. وتنخفض ليلا إلى {k} درجات. واحتمال المطر {m} في الألف ويبقى البحر هادئا على طول الساحل."),
        matches: ("{place} يهزم {place2} في دوري المحافظة", "فاز {place} على {place2} يوم {day} أمام {m} متفرجا. وسجل {person} في الدقيقة {n} وجاء رد الضيوف متأخرا. وأشاد المدرب بالدفاع وبصبر لاعبيه. وتقام المباراة التالية في دوري المحافظة بعد أسبوع."),
        quake: ("هزة خفيفة قرب {place}", "شعر السكان بهزة قوتها 3.{k} درجات قرب {place} عند الدقيقة {n} بعد السادسة. وقاس المرصد عمقها ب {m} متر. ولم ترد أنباء عن أضرار. وتحدث هزات بهذه القوة في المنطقة عدة مرات في السنة ونادرا ما تدوم أكثر من ثوان."),
        obituary: ("رحيل {person}", "رحل {person} الذي كان معلما في {place} مدة {n} عاما عن عمر بلغ {m}. وتطلب العائلة الهدوء ويمكن للأصدقاء توقيع سجل في قاعة المدينة. وتقام الجنازة يوم {day}. ويذكر كثيرون صوته الدافئ ويديه الصبورتين ومشاويره الطويلة مع التلاميذ على النهر."),
        horoscope: ("برجك اليوم: {thing}", "{thing}: اليوم يوم {office}. لا تستعجل واستمع إلى صديق واترك القرار الكبير إلى {day}. رقم حظك {n}. وفي المساء ينفعك المشي وقد تظهر رسالة قديمة حيث لا تتوقع."),
        signs: &["الحمل", "الثور", "الجوزاء", "السرطان", "الأسد", "العذراء", "الميزان", "العقرب", "القوس", "الجدي"],
        traffic: ("أعمال طرق على الطريق {n}", "يضيق الطريق {n} إلى مسرب واحد قرب {place} ابتداء من يوم {day}. وعلى السائقين حساب {k} دقائق إضافية واتباع لافتات {place2}. وتعتذر دائرة الطرق عن الإزعاج. ويجري العمل ليلا كي لا تتأثر حركة الصباح قدر الإمكان."),
        release: ("{office} يعين {person} مديرا", "عين {office} {person} مديرا جديدا اعتبارا من أول الشهر. ويملك {person} خبرة {n} عاما ويخلف {person2} الذي تقاعد. وجاء في بيان: «يسعدنا الترحيب بمدير حكيم مثله.» ويعمل في المؤسسة {m} شخصا في عدة مواقع."),
        roundup: "اليوم في سطور",
        live: "مباشر من مجلس المدينة",
        digits: ['٠', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩'],
    },
];
