//! Dates told from now: "3 hours ago", «۲ ساعت پیش», «منذ ساعتين», "yesterday".

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::tokens::{Tokens, fold};
use super::{DateContext, Precision};

/// How long a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// This many seconds.
    Seconds(i64),
    Days(i64),
    Months(i64),
}

/// A unit's name, and how many of them it means where no number stands before it.
#[derive(Clone, Copy, Debug)]
struct Named {
    unit: Unit,
    /// Halves, so that "half an hour" is a whole number; `None` where a number must stand before it.
    alone: Option<i64>,
}

const MINUTE: Unit = Unit::Seconds(60);
const HOUR: Unit = Unit::Seconds(3600);

/// Unit names; those with a number of their own (the Arabic and Hebrew dual, the vague Persian plural) say how many.
const UNITS: &[(Unit, Option<i64>, &str)] = &[
    (
        Unit::Seconds(1),
        None,
        "second|seconds|sec|secs|seconde|secondes|sekunde|sekunden|segundo|segundos|secondo|secondi|saniye|секунда|секунду|секунды|секунд|ثانیه|ثانية|ثوان|ثواني|秒|초|שניות|seconden|sekund|sekundy",
    ),
    (Unit::Seconds(1), Some(0), "لحظاتی|لحظه ای|لحظات|moments|لحظاتی"),
    (
        MINUTE,
        None,
        "m|minutes|min|mins|minuten|minutos|minuti|minuto|dakika|dk|минут|минуты|دقیقه|دقيقة|分钟|分鐘|分|분|דקות|minut|minuty|minuter|minutter|хвилин|хвилини",
    ),
    (MINUTE, Some(1), "minute|минуту|минута|דקה|хвилину|minutu|minutę"),
    (MINUTE, Some(2), "دقيقتين|دقيقتان"),
    (MINUTE, Some(5), "دقایقی|دقائق"),
    (
        HOUR,
        None,
        "h|hours|hr|hrs|heures|stunden|std|horas|ore|saat|sa|часа|часов|ساعت|小时|小時|時間|시간|שעות|uur|uren|godzin|godziny|timmar|timer|годин|години|hodin|hodinami",
    ),
    (
        HOUR,
        Some(1),
        "hour|heure|stunde|hora|ora|час|ساعة|ساعتی|שעה|godzinę|godzina|годину|hodinou|timme|time",
    ),
    (HOUR, Some(2), "ساعتين|ساعتان|שעתיים"),
    (HOUR, Some(3), "ساعات|ساعاتی"),
    (
        Unit::Days(1),
        None,
        "d|days|jours|tage|tagen|días|dias|giorni|gün|дня|дней|天|日|일|ימים|dagen|dni|dagar|dager|dage|днів|дні|dny",
    ),
    (Unit::Days(1), Some(1), "يوما|day|jour|tag|tages|día|dia|giorno|день|روز|يوم|יום|dag|dzień|dnem"),
    (Unit::Days(1), Some(2), "يومين|يومان|יומיים"),
    (Unit::Days(1), Some(3), "أيام"),
    (
        Unit::Days(7),
        None,
        "w|weeks|semaines|wochen|semanas|settimane|hafta|недели|недель|周|週|週間|주|שבועות|weken|tygodni|tygodnie|veckor|uker",
    ),
    (
        Unit::Days(7),
        Some(1),
        "أسبوعا|week|semaine|woche|semana|settimana|неделю|هفته|أسبوع|שבוע|tydzień|vecka|uke",
    ),
    (Unit::Days(7), Some(2), "أسبوعين|أسبوعان|שבועיים"),
    (Unit::Days(7), Some(3), "أسابيع"),
    (
        Unit::Months(1),
        None,
        "months|mois|monate|monaten|meses|mesi|ay|месяца|месяцев|个月|個月|か月|ヶ月|개월|달|חודשים|maanden|miesięcy|miesiące|månader",
    ),
    (Unit::Months(1), Some(1), "شهرا|month|monat|mes|mês|mese|месяц|ماه|شهر|חודש|maand|miesiąc|månad"),
    (Unit::Months(1), Some(2), "شهرين|شهران|חודשיים"),
    (Unit::Months(1), Some(3), "أشهر|شهور"),
    (
        Unit::Months(12),
        None,
        "years|ans|jahre|jahren|años|anos|anni|yıl|sene|года|лет|年|년|שנים|jaar|lat|lata|år",
    ),
    (Unit::Months(12), Some(1), "عاما|year|an|jahr|año|ano|anno|год|سال|سنة|عام|שנה|rok"),
    (Unit::Months(12), Some(2), "سنتين|عامين|שנתיים"),
    (Unit::Months(12), Some(3), "سنوات|أعوام"),
];

/// Words for a number, in halves.
const NUMBERS: &[(i64, &str)] = &[
    (1, "half|نیم|نصف"),
    (2, "a|an|one|un|une|uno|una|um|uma|ein|eine|einem|einer|einen|bir|один|одну|یک|واحد|een|één|en|ett|et"),
    (4, "two|deux|zwei|dos|dois|duas|due|iki|два|две|دو|اثنين|twee|två|to"),
    (6, "three|trois|drei|tres|três|tre|üç|три|سه|ثلاث|ثلاثة|drie"),
    (8, "four|quatre|vier|cuatro|quatro|quattro|dört|четыре|چهار|أربع|أربعة"),
    (10, "five|cinq|fünf|cinco|cinque|beş|пять|پنج|خمس|خمسة|vijf"),
    (12, "six|sechs|seis|sei|altı|шесть|شش|ست|ستة"),
    (14, "seven|sept|sieben|siete|sete|sette|yedi|семь|هفت|سبع|سبعة"),
    (16, "eight|huit|acht|ocho|oito|otto|sekiz|восемь|هشت|ثماني|ثمانية"),
    (18, "nine|neuf|neun|nueve|nove|dokuz|девять|نه|تسع|تسعة"),
    (20, "ten|dix|zehn|diez|dez|dieci|on|десять|ده|عشر|عشرة"),
    (6, "چند|few|several|quelques|einige|einigen|algunos|birkaç|несколько|بضع|عدة"),
];

/// Words that stand behind the time that has passed.
const AGO: &[&str] = &[
    "ago",
    "پیش",
    "قبل",
    "fa",
    "once",
    "назад",
    "тому",
    "geleden",
    "前",
    "전",
    "sedan",
    "siden",
    "temu",
    "atras",
    "earlier",
];

/// Words that stand before it.
const SINCE: &[&str] =
    &["منذ", "قبل", "vor", "hace", "ha", "il y a", "לפני", "πριν", "acum", "pred", "depuis", "há"];

const ABOUT: &[&str] = &[
    "about",
    "environ",
    "etwa",
    "circa",
    "حدود",
    "حوالی",
    "نحو",
    "تقریبا",
    "unos",
    "unas",
    "over",
    "almost",
    "около",
    "más",
    "de",
];

const AND: &[&str] = &["and", "و", "et", "und", "y", "e", "ve", "и", "en"];

/// Days by name: how many days ago.
const DAYS: &[(i64, &str)] = &[
    (
        0,
        "today|امروز|اليوم|aujourd'hui|heute|hoy|hoje|oggi|bugün|сегодня|сьогодні|vandaag|dziś|dzisiaj|今天|今日|오늘|היום|idag|i dag|dnes|ma|σήμερα|днес|ئەمڕۆ|آج",
    ),
    (
        1,
        "yesterday|دیروز|أمس|الأمس|البارحة|امس|hier|gestern|ayer|ontem|ieri|dün|вчера|вчора|gisteren|wczoraj|昨天|昨日|어제|אתמול|igår|i går|včera|tegnap|χθες|χτες|دوێنێ",
    ),
    (
        2,
        "پریروز|أول أمس|avant-hier|vorgestern|anteayer|позавчера|前天|一昨日|그저께|eergisteren|przedwczoraj",
    ),
];

/// Whole texts that mean now.
const NOW: &str = "now|just now|right now|هم اکنون|هم‌اکنون|اکنون|همین الان|همین حالا|لحظاتی پیش|الآن|الان|قبل لحظات|منذ لحظات|à l'instant|maintenant|gerade eben|eben|jetzt|soeben|ahora|ahora mismo|agora|agora mesmo|adesso|ora|şimdi|az önce|şu anda|только что|сейчас|щойно|zojuist|nu|刚刚|剛剛|たった今|방금|방금 전|עכשיו";

struct Words {
    units: HashMap<String, Named>,
    numbers: HashMap<String, i64>,
    days: HashMap<String, i64>,
    now: Vec<String>,
    /// The first words of all that can begin a time told from now, and of all days by name: in running text nearly
    /// every word is told here to be neither.
    first: HashSet<String>,
    first_of_day: HashSet<String>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut units = HashMap::new();
        for (unit, alone, names) in UNITS {
            for name in names.split('|') {
                units.entry(fold(name)).or_insert(Named { unit: *unit, alone: alone.map(|n| n * 2) });
            }
        }
        let list = |table: &[(i64, &str)]| {
            table.iter().flat_map(|(n, names)| names.split('|').map(|name| (fold(name), *n))).collect()
        };
        let first_word = |name: &str| Tokens::of(name).word(0).map(str::to_owned);
        let names = UNITS.iter().map(|(_, _, names)| *names).chain(NUMBERS.iter().map(|(_, names)| *names));
        let first = names
            .flat_map(|names| names.split('|'))
            .chain(ABOUT.iter().copied())
            .chain(SINCE.iter().copied())
            .filter_map(first_word)
            .collect();
        let first_of_day =
            DAYS.iter().flat_map(|(_, names)| names.split('|')).filter_map(first_word).collect();
        Words {
            units,
            numbers: list(NUMBERS),
            days: list(DAYS),
            now: NOW.split('|').map(fold).collect(),
            first,
            first_of_day,
        }
    })
}

/// The whole text says that it is now.
pub(super) fn is_now(tokens: &Tokens) -> bool {
    tokens.len() <= 4
        && tokens
            .joined(0, (0..tokens.len()).filter(|&i| tokens.word(i).is_some()).count())
            .is_some_and(|(joined, end)| end == tokens.len() && words().now.contains(&joined))
}

/// A day by name ("yesterday") at `at`: the day, and the place behind it.
pub(super) fn day_word(tokens: &Tokens, at: usize, context: &DateContext<'_>) -> Option<(Date, usize)> {
    if !words().first_of_day.contains(tokens.word(at)?) {
        return None;
    }
    for count in (1..=3).rev() {
        if let Some((joined, end)) = tokens.joined(at, count)
            && let Some(&days) = words().days.get(&joined)
        {
            let today = context.now.to_zoned(context.timezone.clone()).date();
            return Some((today.checked_sub(days.days()).ok()?, end));
        }
    }
    None
}

/// The time told from now that begins at `at`: when, how precisely, and the place behind it.
pub(super) fn at(
    tokens: &Tokens,
    at: usize,
    context: &DateContext<'_>,
) -> Option<(Timestamp, Precision, usize)> {
    if tokens.sign(at).is_some() || tokens.word(at).is_some_and(|word| !words().first.contains(word)) {
        return None;
    }
    if let Some(after) = since(tokens, at)
        && let Some((spans, end)) = spans(tokens, about(tokens, after))
    {
        return back(&spans, context).map(|(when, precision)| (when, precision, end));
    }
    let (spans, end) = spans(tokens, about(tokens, at))?;
    if !tokens.is_word(end, AGO) {
        return None;
    }
    // "тому назад" is two words.
    let end = if tokens.is_word(end + 1, &["назад"]) { end + 2 } else { end + 1 };
    back(&spans, context).map(|(when, precision)| (when, precision, end))
}

fn since(tokens: &Tokens, at: usize) -> Option<usize> {
    if tokens.is_word(at, &["il"]) && tokens.is_word(at + 1, &["y"]) && tokens.is_word(at + 2, &["a"]) {
        return Some(at + 3);
    }
    tokens.is_word(at, SINCE).then_some(at + 1)
}

fn about(tokens: &Tokens, at: usize) -> usize {
    if tokens.is_word(at, ABOUT) { at + 1 } else { at }
}

/// One or more numbers with their units; counts are in halves.
fn spans(tokens: &Tokens, at: usize) -> Option<(Vec<(i64, Unit)>, usize)> {
    let (first, mut end) = span(tokens, at)?;
    let mut spans = vec![first];
    while spans.len() < 4 {
        let mut next = end;
        if tokens.is_sign(next, ',') {
            next += 1;
        }
        if tokens.is_word(next, AND) {
            next += 1;
        }
        match span(tokens, next) {
            Some((another, after)) if next > end || tokens.number(next).is_some() => {
                spans.push(another);
                end = after;
            }
            _ => break,
        }
    }
    Some((spans, end))
}

fn span(tokens: &Tokens, at: usize) -> Option<((i64, Unit), usize)> {
    let table = words();
    let count = match tokens.figures(at, 1, 4) {
        Some(value) => Some((i64::try_from(value).ok()? * 2, at + 1)),
        None => tokens.word(at).and_then(|word| table.numbers.get(word)).map(|halves| (*halves, at + 1)),
    };
    // "half an hour".
    let count = count.map(|(halves, end)| {
        let article = halves == 1 && tokens.is_word(end, &["a", "an"]);
        (halves, if article { end + 1 } else { end })
    });
    let unit_at = count.map_or(at, |(_, end)| end);
    for words in (1..=2).rev() {
        let Some((joined, end)) = tokens.joined(unit_at, words) else { continue };
        if let Some(named) = table.units.get(&joined) {
            let halves = match count {
                Some((halves, _)) => halves,
                None => named.alone?,
            };
            return Some(((halves, named.unit), end));
        }
    }
    None
}

fn back(spans: &[(i64, Unit)], context: &DateContext<'_>) -> Option<(Timestamp, Precision)> {
    let mut when = context.now.to_zoned(context.timezone.clone());
    let mut precision = Precision::Minute;
    for &(halves, unit) in spans {
        match unit {
            Unit::Seconds(seconds) => {
                when = when.checked_sub(SignedDuration::from_secs(seconds.checked_mul(halves)? / 2)).ok()?;
            }
            Unit::Days(days) => {
                when = when.checked_sub((days.checked_mul(halves)? / 2).days()).ok()?;
                precision = Precision::Day;
            }
            Unit::Months(months) => {
                when = when.checked_sub((months.checked_mul(halves)? / 2).months()).ok()?;
                precision = if months == 1 { Precision::Day } else { Precision::Month };
            }
        }
    }
    if precision != Precision::Minute {
        when = when.start_of_day().ok()?;
    }
    Some((when.timestamp(), precision))
}
