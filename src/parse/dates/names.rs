//! What months and days are called.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Calendar;
use super::tokens::{Tokens, fold};

/// Gregorian months, January first; `|` between spellings. Full names, the forms they take after a day (genitive),
/// and the short forms that are in use.
const GREGORIAN: [&str; 12] = [
    // English and the Latin-script languages; Cyrillic; Greek; Hebrew; Persian, Arabic (East, Levant, Maghreb), Urdu,
    // Kurdish; Hindi, Bengali.
    "january|jan|janv|janvier|januar|jänner|jän|januari|januarie|enero|ene|janeiro|gennaio|gen|genn|ocak|oca|stycznia|styczeń|sty|leden|ledna|led|január|januára|janu|siječanj|siječnja|ianuarie|ian|tammikuu|tammikuuta|tammi|gener|yanvar|januaro|января|январь|янв|януари|януар|јануар|јан|січня|січень|січ|ιανουαρίου|ιανουάριος|ιαν|γεν|ינואר|בינואר|ינו|ژانویه|ژانویۀ|ژانویهٔ|جنوری|جانویه|يناير|جانفي|كانون الثاني|كانون ثاني|کانوونی دووەم|जनवरी|জানুয়ারি|มกราคม",
    "february|feb|febr|febuary|février|févr|fév|fevrier|februar|feber|februari|februarie|febrero|fevereiro|fev|febbraio|febb|şubat|şub|lutego|luty|lut|únor|února|február|februára|veljača|veljače|februarie|helmikuu|helmikuuta|helmi|febrer|fevral|februaro|февраля|февраль|фев|февр|февруари|фебруар|феб|лютого|лютий|лют|φεβρουαρίου|φεβρουάριος|φεβ|פברואר|בפברואר|פבר|فوریه|فوریۀ|فوریهٔ|فبروری|فروری|فبراير|فيفري|شباط|شوبات|फरवरी|फ़रवरी|ফেব্রুয়ারি|กุมภาพันธ์",
    "march|mar|marc|mars|märz|maerz|mär|mrz|maart|mrt|marzo|março|marco|mart|marca|marzec|březen|března|bře|március|márc|marts|ožujak|ožujka|martie|maaliskuu|maaliskuuta|maalis|març|maret|marto|marec|марта|март|мар|мрт|березня|березень|бер|μαρτίου|μάρτιος|μάρ|μαρ|μάώ|μαώ|מרץ|במרץ|מרס|במרס|مارس|مارچ|آذار|اذار|ئازار|مارت|मार्च|মার্চ|มีนาคม",
    "april|apr|avril|avr|aprill|abril|abr|aprile|nisan|nis|kwietnia|kwiecień|kwi|duben|dubna|dub|április|ápr|apríla|apríl|travanj|travnja|aprilie|huhtikuu|huhtikuuta|huhti|aprel|aprilo|апреля|апрель|апр|април|квітня|квітень|кві|απριλίου|απρίλιος|απρ|אפריל|באפריל|אפר|آوریل|اوریل|آپریل|اپریل|أبريل|إبريل|أفريل|نيسان|نیسان|अप्रैल|এপ্রিল|เมษายน",
    "may|mai|mayo|maio|maggio|mag|mayıs|maja|maj|květen|května|kvě|május|máj|mája|mei|svibanj|svibnja|toukokuu|toukokuuta|touko|maig|majo|мая|май|мај|травня|травень|тра|трав|μαΐου|μάιος|μάι|μαϊ|μαι|מאי|במאי|مه|مهٔ|می|مئی|مي|مايو|ماي|أيار|ایار|ئایار|मई|মে|พฤษภาคม",
    "june|jun|juin|juni|junie|junio|juño|junho|giugno|giu|haziran|haz|czerwca|czerwiec|cze|červen|června|čvn|június|jún|júna|lipanj|lipnja|iunie|iun|kesäkuu|kesäkuuta|kesä|juny|iyun|junio|июня|июнь|июн|юни|јун|червня|червень|чер|черв|ιουνίου|ιούνιος|ιούν|ιουν|ιον|יוני|ביוני|יונ|ژوئن|ژوين|ژون|جون|يونيو|يونيه|جوان|حزيران|حوزەیران|जून|জুন|มิถุนายน",
    "july|jul|juil|juill|juillet|juli|julie|julio|julho|luglio|lug|temmuz|tem|lipca|lipiec|lip|červenec|července|čvc|július|júl|júla|srpanj|srpnja|iulie|iul|heinäkuu|heinäkuuta|heinä|juliol|iyul|июля|июль|июл|юли|јул|липня|липень|лип|ιουλίου|ιούλιος|ιούλ|ιουλ|ιολ|יולי|ביולי|יול|ژوئیه|ژوئيۀ|ژوییه|ژولای|ژولیه|جولای|جولائی|جولايي|يوليو|يوليه|يوليوز|جويلية|جوييه|تموز|تەممووز|تەمووز|जुलाई|জুলাই|กรกฎาคม",
    "august|aug|août|aout|aoû|augusti|augustus|agosto|ago|ağustos|ağu|sierpnia|sierpień|sie|srpen|srpna|srp|augusztus|augusta|kolovoz|kolovoza|elokuu|elokuuta|elo|agost|avqust|agustus|agu|agt|aŭgusto|avgust|avg|августа|август|авг|серпня|серпень|сер|серп|αυγούστου|αύγουστος|αύγ|αυγ|אוגוסט|באוגוסט|אוג|اوت|اوتِ|آگوست|اگوست|اگست|آگست|أغسطس|اغسطس|أوت|غشت|آب|ئاب|अगस्त|আগস্ট|สิงหาคม",
    "september|sep|sept|septembre|septiembre|setiembre|setembro|set|settembre|sett|eylül|eyl|września|wrzesień|wrz|září|zář|szeptember|szept|septembra|rujan|rujna|septembrie|syyskuu|syyskuuta|syys|setembre|sentyabr|septembro|septembar|сентября|сентябрь|сен|сент|септември|септембар|сеп|вересня|вересень|вер|верес|σεπτεμβρίου|σεπτέμβριος|σεπ|σεπτ|ספטמבר|בספטמבר|ספט|سپتامبر|سپتمبر|ستمبر|سبتمبر|شتنبر|أيلول|ئەیلوول|सितंबर|सितम्बर|সেপ্টেম্বর|กันยายน",
    "october|oct|octobre|oktober|okt|octubre|outubro|out|ottobre|ott|ekim|eki|października|październik|paź|říjen|října|říj|október|októbra|octombrie|lokakuu|lokakuuta|loka|oktyabr|oktobro|oktobar|октября|октябрь|окт|октомври|октобар|жовтня|жовтень|жов|жовт|οκτωβρίου|οκτώβριος|οκτ|אוקטובר|באוקטובר|אוק|اکتبر|اکتوبر|أكتوبر|تشرين الأول|تشرين أول|تشرینی یەکەم|अक्टूबर|अक्तूबर|অক্টোবর|ตุลาคม",
    "november|nov|novembre|noviembre|novembro|kasım|kas|listopada|listopad|lis|listopadu|novembra|studeni|studenoga|studenog|noiembrie|noi|marraskuu|marraskuuta|marras|noyabr|novembar|ноября|ноябрь|ноя|нояб|ноември|новембар|нов|листопада|листопад|лис|лист|νοεμβρίου|νοέμβριος|νοέ|νοε|νοεμ|נובמבר|בנובמבר|נוב|نوامبر|نومبر|نوفمبر|نونبر|تشرين الثاني|تشرين ثاني|تشرینی دووەم|नवंबर|नवम्बर|নভেম্বর|พฤศจิกายน",
    "december|dec|décembre|déc|dezember|dez|diciembre|dic|dezembro|dicembre|aralık|ara|grudnia|grudzień|gru|prosinec|prosince|pro|decembra|desember|des|prosinac|prosinca|decembrie|joulukuu|joulukuuta|joulu|desembre|dekabr|decembro|decembar|декабря|декабрь|дек|декември|децембар|дец|грудня|грудень|гру|груд|δεκεμβρίου|δεκέμβριος|δεκ|דצמבר|בדצמבר|דצמ|دسامبر|دسمبر|ديسمبر|دجنبر|كانون الأول|كانون أول|کانوونی یەکەم|दिसंबर|दिसम्बर|ডিসেম্বর|ธันวาคม",
];

/// Months of the Solar Hijri year: Iran, Afghanistan (Dari, Pashto), Kurdish, and in Latin letters.
const JALALI: [&str; 12] = [
    "فروردین|حمل|وری|خاکەلێوە|farvardin",
    "اردیبهشت|اردى بهشت|ثور|غویی|گوڵان|بانەمەڕ|ordibehesht",
    "خرداد|جوزا|غبرګولی|جۆزەردان|khordad",
    "تیر|سرطان|چنگاښ|پووشپەڕ|tir",
    "مرداد|امرداد|اسد|زمری|گەلاوێژ|mordad",
    "شهریور|شهرپور|سنبله|وږی|خەرمانان|shahrivar",
    "مهر|میزان|تله|ڕەزبەر|mehr",
    "آبان|عقرب|لړم|گەڵاڕێزان|خەزەڵوەر|aban",
    "آذر|قوس|لیندۍ|سەرماوەز|azar",
    "دی|جدی|مرغومی|بەفرانبار|dey",
    "بهمن|دلو|سلواغه|ڕێبەندان|bahman",
    "اسفند|حوت|کب|ڕەشەمە|esfand",
];

/// Months of the lunar Hijri year.
const HIJRI: [&str; 12] = [
    "محرم|المحرم|محرم الحرام|muharram",
    "صفر|صفر المظفر|safar",
    "ربيع الأول|ربیع اول|ربيع أول|rabi al awwal",
    "ربيع الثاني|ربيع الآخر|ربیع ثانی|ربيع آخر|rabi al thani",
    "جمادى الأولى|جمادى الأول|جمادى أولى|جمادی اول",
    "جمادى الآخرة|جمادى الثانية|جمادى الثاني|جمادى الآخر|جمادى آخرة|جمادی ثانی",
    "رجب|رجب المرجب|rajab",
    "شعبان|شعبان المعظم|shaban",
    "رمضان|رمضان المبارك|ramadan",
    "شوال|شوال المكرم|shawwal",
    "ذو القعدة|ذي القعدة|ذوالقعده|ذیقعده|ذی قعده|ذی القعده الحرام",
    "ذو الحجة|ذي الحجة|ذیحجه|ذی حجه|ذوالحجه|ذی الحجه الحرام",
];

/// Days of the week, Monday first. What is missing here is passed over as any unknown word is; the names serve to
/// tell day-first from month-first and weekday from noise.
const WEEKDAYS: [&str; 7] = [
    "monday|mon|lundi|lun|montag|mo|lunes|segunda|seg|lunedì|maandag|måndag|mandag|pazartesi|pzt|poniedziałek|pon|pondělí|hétfő|понедельник|пн|понеділок|δευτέρα|δευ|שני|دوشنبه|دو شنبه|الاثنين|الإثنين|اثنين|پیر|دووشەممە|월요일|월|月|月曜日|月曜|星期一|周一|週一",
    "tuesday|tue|tues|mardi|dienstag|di|martes|terça|ter|martedì|dinsdag|tisdag|tirsdag|salı|wtorek|úterý|kedd|вторник|вт|вівторок|τρίτη|τρι|שלישי|سه‌شنبه|سه شنبه|سشنبه|الثلاثاء|ثلاثاء|الثلثاء|منگل|سێشەممە|화요일|화|火|火曜日|火曜|星期二|周二|週二",
    "wednesday|wed|weds|mercredi|mer|mittwoch|mi|miércoles|mié|quarta|qua|mercoledì|woensdag|onsdag|çarşamba|çar|środa|středa|szerda|среда|ср|середа|τετάρτη|τετ|רביעי|چهارشنبه|چهار شنبه|چارشنبه|الأربعاء|الاربعا|أربعاء|بدھ|چوارشەممە|수요일|수|水|水曜日|水曜|星期三|周三|週三",
    "thursday|thu|thur|thurs|jeudi|jeu|donnerstag|do|jueves|jue|quinta|qui|giovedì|gio|donderdag|torsdag|perşembe|per|czwartek|čtvrtek|csütörtök|четверг|чт|четвер|πέμπτη|πεμ|πέμ|חמישי|پنج‌شنبه|پنج شنبه|پنجشنبه|الخميس|خميس|جمعرات|پێنجشەممە|목요일|목|木|木曜日|木曜|星期四|周四|週四",
    "friday|fri|vendredi|ven|freitag|fr|viernes|vie|sexta|sex|venerdì|vrijdag|fredag|cuma|cum|piątek|pátek|péntek|пятница|пт|п'ятниця|παρασκευή|παρ|שישי|جمعه|آدینه|الجمعة|جمعة|ھەینی|هەینی|금요일|금|金|金曜日|金曜|星期五|周五|週五",
    "saturday|sat|samedi|sam|samstag|sonnabend|sa|sábado|sáb|sabato|sab|zaterdag|lördag|lørdag|cumartesi|cmt|sobota|szombat|суббота|сб|субота|σάββατο|σαβ|σάβ|שבת|شنبه|السبت|سبت|ہفتہ|شەممە|토요일|토|土|土曜日|土曜|星期六|周六|週六",
    "sunday|sun|dimanche|dim|sonntag|so|domingo|dom|domenica|zondag|söndag|søndag|pazar|paz|niedziela|neděle|vasárnap|воскресенье|вс|неділя|κυριακή|κυρ|ראשון|یک‌شنبه|یک شنبه|یکشنبه|الأحد|أحد|اتوار|یەکشەممە|일요일|日|日曜日|日曜|星期日|星期天|周日|週日",
];

/// A table of names: by folded form, and which first words may begin a longer name.
struct Table<T> {
    names: HashMap<String, T>,
    longer: HashMap<String, usize>,
}

impl<T: Copy> Table<T> {
    fn new() -> Self {
        Self { names: HashMap::new(), longer: HashMap::new() }
    }

    fn add(&mut self, spellings: &str, value: T) {
        for spelling in spellings.split('|') {
            // Ideographs are tokens of their own: a name of three is three words long.
            let tokens = Tokens::of(spelling);
            let words = (0..tokens.len()).filter(|&i| tokens.word(i).is_some()).count();
            if let (true, Some(first)) = (words > 1, tokens.word(0)) {
                let most = self.longer.entry(first.to_owned()).or_default();
                *most = words.max(*most);
            }
            self.names.entry(fold(spelling)).or_insert(value);
        }
    }

    /// The longest name that begins at `at`, and the place after it.
    fn at(&self, tokens: &Tokens, at: usize) -> Option<(T, usize)> {
        let first = tokens.word(at)?;
        if let Some(&most) = self.longer.get(first) {
            for count in (2..=most).rev() {
                if let Some((joined, end)) = tokens.joined(at, count)
                    && let Some(&value) = self.names.get(&joined)
                {
                    return Some((value, end));
                }
            }
        }
        self.names.get(first).map(|&value| (value, at + 1))
    }
}

fn months() -> &'static Table<(Calendar, u8)> {
    static TABLE: OnceLock<Table<(Calendar, u8)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        for (calendar, names) in
            [(Calendar::Gregorian, &GREGORIAN), (Calendar::Jalali, &JALALI), (Calendar::Hijri, &HIJRI)]
        {
            for (month, spellings) in (1..).zip(names) {
                table.add(spellings, (calendar, month));
            }
        }
        table
    })
}

fn weekdays() -> &'static Table<u8> {
    static TABLE: OnceLock<Table<u8>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        for (day, spellings) in (1..).zip(&WEEKDAYS) {
            table.add(spellings, day);
        }
        table
    })
}

/// The month whose name begins at `at`: its calendar, its number, the place after it. A second name of the same month
/// («مايو/ أيار», "Juni (June)") is taken with it; one of another month makes it no month at all.
pub(super) fn month(tokens: &Tokens, at: usize, language: Option<&str>) -> Option<(Calendar, u8, usize)> {
    let ((calendar, number), mut end) = one_month(tokens, at, language)?;
    let mut second = end;
    while matches!(tokens.sign(second), Some('/' | '(' | '-')) && second - end < 2 {
        second += 1;
    }
    if let Some(((calendar_2, number_2), after)) = one_month(tokens, second, language) {
        if (calendar, number) != (calendar_2, number_2) {
            return None;
        }
        end = if tokens.is_sign(after, ')') { after + 1 } else { after };
    }
    Some((calendar, number, end))
}

fn one_month(tokens: &Tokens, at: usize, language: Option<&str>) -> Option<((Calendar, u8), usize)> {
    // Vietnamese counts its months: "20 tháng 6".
    if tokens.is_word(at, &["thang"]) {
        let number = tokens.figures(at + 1, 1, 2).filter(|n| (1..=12).contains(n))?;
        return Some(((Calendar::Gregorian, u8::try_from(number).ok()?), at + 2));
    }
    let (mut found, end) = match months().at(tokens, at) {
        Some(found) => found,
        // «خردادماه», and the Kurdish genitive «حوزەیرانی».
        None => {
            let word = tokens.word(at)?;
            let stem = word.strip_suffix("ماه").or_else(|| word.strip_suffix('ی'))?;
            (*months().names.get(stem)?, at + 1)
        }
    };
    // The same word names October in Croatian and November in Polish and Czech.
    if found == (Calendar::Gregorian, 11)
        && language.is_some_and(|l| l.starts_with("hr"))
        && tokens.is_word(at, &["listopad", "listopada"])
    {
        found.1 = 10;
    }
    Some((found, end))
}

/// The day of the week (Monday is 1) whose name begins at `at`, and the place after it.
pub(super) fn weekday(tokens: &Tokens, at: usize) -> Option<(u8, usize)> {
    weekdays().at(tokens, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_name_wins() {
        for (text, month_number, words) in [
            ("كانون الثاني", 1, 2),
            ("تشرين الأول", 10, 2),
            ("مايو/ أيار", 5, 3),
            ("Août", 8, 1),
            ("20 tháng 6", 0, 0),
        ] {
            let found = month(&Tokens::of(text), 0, None).map(|(_, number, end)| (number, end));
            let expected = (month_number > 0).then_some((month_number, words));
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(month(&Tokens::of("جمادى الآخرة"), 0, None), Some((Calendar::Hijri, 6, 2)));
        assert_eq!(month(&Tokens::of("مايو/ حزيران"), 0, None), None);
    }

    #[test]
    fn weekdays_of_two_words() {
        assert_eq!(weekday(&Tokens::of("پنج شنبه"), 0), Some((4, 2)));
        assert_eq!(weekday(&Tokens::of("پنج‌شنبه"), 0), Some((4, 1)));
        assert_eq!(weekday(&Tokens::of("星期四"), 0), Some((4, 3)));
    }

    #[test]
    fn no_spelling_names_two_months_of_one_calendar() {
        for names in [&GREGORIAN, &JALALI, &HIJRI] {
            let mut seen: HashMap<String, usize> = HashMap::new();
            for (number, spellings) in names.iter().enumerate() {
                for spelling in spellings.split('|') {
                    let before = seen.insert(fold(spelling), number);
                    assert!(before.is_none_or(|b| b == number), "{spelling} names two months");
                }
            }
        }
    }
}
