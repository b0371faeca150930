//! What the page itself says, in the languages that it speaks.

pub use super::wording::Words;
use super::wording::{ARABIC, ENGLISH, PERSIAN, error};
use crate::model::{Direction, ErrorKind};

/// The languages that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// Persian.
    Persian,
    /// Arabic.
    Arabic,
    /// English; also for every language that the page does not speak.
    English,
}

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// 0123456789
    Latin,
    /// ٠١٢٣٤٥٦٧٨٩
    Arabic,
    /// ۰۱۲۳۴۵۶۷۸۹
    Persian,
}

impl Digits {
    /// The name of the numbering system in Unicode's locale data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "latn",
            Self::Arabic => "arab",
            Self::Persian => "arabext",
        }
    }
}

/// Which names Arabic has for the months of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArabicMonths {
    /// يناير
    Common,
    /// كانون الثاني: the Levant and Iraq.
    Levantine,
}

/// A language with what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The language that the page speaks.
    pub tongue: Tongue,
    /// The BCP 47 tag of what it speaks: the one asked for, if it speaks that language.
    pub tag: String,
    /// How figures are written.
    pub digits: Digits,
    /// The names of the months.
    pub arabic_months: ArabicMonths,
}

impl Locale {
    /// The locale of a BCP 47 tag (`fa`, `ar-PS`, `en-GB`); English for languages that the page does not speak.
    pub fn of(tag: &str) -> Self {
        let mut subtags = tag.split(['-', '_']);
        let language = subtags.next().unwrap_or_default().to_ascii_lowercase();
        let region = subtags
            .find(|s| s.len() == 2 && s.bytes().all(|b| b.is_ascii_alphabetic()))
            .map(str::to_ascii_uppercase)
            .unwrap_or_default();
        let tongue = match language.as_str() {
            "fa" | "pes" => Tongue::Persian,
            "ar" | "arb" => Tongue::Arabic,
            _ => Tongue::English,
        };
        // CLDR's default numbering systems: the Maghreb and the Emirates write 123.
        let digits = match tongue {
            Tongue::Persian => Digits::Persian,
            Tongue::Arabic => match region.as_str() {
                "AE" | "DZ" | "EH" | "LY" | "MA" | "TN" => Digits::Latin,
                _ => Digits::Arabic,
            },
            Tongue::English => Digits::Latin,
        };
        let arabic_months = match region.as_str() {
            "IQ" | "JO" | "LB" | "PS" | "SY" => ArabicMonths::Levantine,
            _ => ArabicMonths::Common,
        };
        let speaks = language == "en" || tongue != Tongue::English;
        let tag = if speaks && is_tag(tag) { tag.replace('_', "-") } else { "en".to_owned() };
        Self { tongue, tag, digits, arabic_months }
    }

    /// Which way the page runs.
    pub fn direction(&self) -> Direction {
        match self.tongue {
            Tongue::Persian | Tongue::Arabic => Direction::Rtl,
            Tongue::English => Direction::Ltr,
        }
    }

    /// A figure in the locale's digits.
    pub fn number(&self, n: impl std::fmt::Display) -> String {
        self.digits(&n.to_string())
    }

    /// `text` with its figures in the locale's digits.
    pub fn digits(&self, text: &str) -> String {
        let zero = match self.digits {
            Digits::Latin => return text.to_owned(),
            Digits::Arabic => '\u{660}',
            Digits::Persian => '\u{6f0}',
        };
        let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d)).unwrap_or(c);
        text.chars().map(digit).collect()
    }

    /// The fixed words.
    pub fn words(&self) -> &'static Words {
        match self.tongue {
            Tongue::Persian => &PERSIAN,
            Tongue::Arabic => &ARABIC,
            Tongue::English => &ENGLISH,
        }
    }

    /// "12 stories".
    pub fn stories(&self, n: u64) -> String {
        self.count(n, "خبر", ["لا أخبار", "خبر واحد", "خبران", "أخبار", "خبرًا", "خبر"], ["story", "stories"])
    }

    /// "12 sources".
    pub fn sources(&self, n: u64) -> String {
        self.count(
            n,
            "منبع",
            ["لا مصادر", "مصدر واحد", "مصدران", "مصادر", "مصدرًا", "مصدر"],
            ["source", "sources"],
        )
    }

    /// How long before or after now: "3 hours ago", "in 5 minutes". Days at most; the exact time stands beside it.
    pub fn relative(&self, seconds: i64) -> String {
        let ahead = seconds > 0;
        let minutes = seconds.unsigned_abs().div_ceil(60);
        let (n, unit) = match minutes {
            _ if seconds.unsigned_abs() < 45 => return self.words().just_now.to_owned(),
            0..60 => (minutes, 0),
            60..2160 => ((minutes + 30) / 60, 1),
            _ => ((minutes + 720) / 1440, 2),
        };
        self.distance(n, unit, ahead)
    }

    /// "3 days ago".
    pub fn days_ago(&self, days: u64) -> String {
        self.distance(days, 2, false)
    }

    /// `unit`: 0 minutes, 1 hours, 2 days.
    fn distance(&self, n: u64, unit: usize, ahead: bool) -> String {
        let english = [["minute", "minutes"], ["hour", "hours"], ["day", "days"]][unit];
        let arabic = [
            ["", "دقيقة", "دقيقتين", "دقائق", "دقيقة", "دقيقة"],
            ["", "ساعة", "ساعتين", "ساعات", "ساعة", "ساعة"],
            ["", "يوم", "يومين", "أيام", "يومًا", "يوم"],
        ][unit];
        let count = self.count(n, ["دقیقه", "ساعت", "روز"][unit], arabic, english);
        match (self.tongue, ahead) {
            (Tongue::English, true) => format!("in {count}"),
            (Tongue::English, false) => format!("{count} ago"),
            (Tongue::Persian, true) => format!("{count} دیگر"),
            (Tongue::Persian, false) => format!("{count} پیش"),
            (Tongue::Arabic, true) => format!("بعد {count}"),
            (Tongue::Arabic, false) => format!("قبل {count}"),
        }
    }

    /// A counted noun: Persian has one form, English two, Arabic six (CLDR: zero, one, two, few, many, other;
    /// the forms for zero, one and two carry the figure in themselves).
    fn count(&self, n: u64, persian: &str, arabic: [&str; 6], english: [&str; 2]) -> String {
        let noun = match self.tongue {
            Tongue::Persian => persian,
            Tongue::English => english[usize::from(n != 1)],
            Tongue::Arabic => match n {
                0..=2 => return arabic[n as usize].to_owned(),
                _ => match n % 100 {
                    3..=10 => arabic[3],
                    11..=99 => arabic[4],
                    _ => arabic[5],
                },
            },
        };
        format!("{} {noun}", self.number(n))
    }

    /// Why a source cannot be read, in a few words.
    pub fn error(&self, kind: ErrorKind) -> &'static str {
        let [english, persian, arabic] = error(kind);
        match self.tongue {
            Tongue::Persian => persian,
            Tongue::Arabic => arabic,
            Tongue::English => english,
        }
    }
}

/// Whether it looks like a BCP 47 tag; anything else must not get into `lang`.
pub fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 35
        && tag
            .split(['-', '_'])
            .all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_gives_language_digits_and_months() {
        for (tag, tongue, digits, months, kept) in [
            ("fa", Tongue::Persian, Digits::Persian, ArabicMonths::Common, "fa"),
            ("fa-IR", Tongue::Persian, Digits::Persian, ArabicMonths::Common, "fa-IR"),
            ("ar", Tongue::Arabic, Digits::Arabic, ArabicMonths::Common, "ar"),
            ("ar-PS", Tongue::Arabic, Digits::Arabic, ArabicMonths::Levantine, "ar-PS"),
            ("ar_MA", Tongue::Arabic, Digits::Latin, ArabicMonths::Common, "ar-MA"),
            ("ar-Arab-SY", Tongue::Arabic, Digits::Arabic, ArabicMonths::Levantine, "ar-Arab-SY"),
            ("EN-gb", Tongue::English, Digits::Latin, ArabicMonths::Common, "EN-gb"),
            ("de", Tongue::English, Digits::Latin, ArabicMonths::Common, "en"),
            ("", Tongue::English, Digits::Latin, ArabicMonths::Common, "en"),
            ("fa\"><script>", Tongue::English, Digits::Latin, ArabicMonths::Common, "en"),
        ] {
            let locale = Locale::of(tag);
            assert_eq!(
                (locale.tongue, locale.digits, locale.arabic_months, locale.tag.as_str()),
                (tongue, digits, months, kept),
                "{tag}"
            );
        }
    }

    #[test]
    fn counted_nouns_follow_the_languages_plural_rules() {
        let (fa, ar, en) = (Locale::of("fa"), Locale::of("ar"), Locale::of("en"));
        for (n, persian, arabic, english) in [
            (0, "۰ خبر", "لا أخبار", "0 stories"),
            (1, "۱ خبر", "خبر واحد", "1 story"),
            (2, "۲ خبر", "خبران", "2 stories"),
            (3, "۳ خبر", "٣ أخبار", "3 stories"),
            (10, "۱۰ خبر", "١٠ أخبار", "10 stories"),
            (11, "۱۱ خبر", "١١ خبرًا", "11 stories"),
            (99, "۹۹ خبر", "٩٩ خبرًا", "99 stories"),
            (100, "۱۰۰ خبر", "١٠٠ خبر", "100 stories"),
            (102, "۱۰۲ خبر", "١٠٢ خبر", "102 stories"),
            (103, "۱۰۳ خبر", "١٠٣ أخبار", "103 stories"),
        ] {
            assert_eq!(fa.stories(n), persian);
            assert_eq!(ar.stories(n), arabic);
            assert_eq!(en.stories(n), english);
        }
    }

    #[test]
    fn times_are_told_from_now() {
        let (fa, ar, en) = (Locale::of("fa"), Locale::of("ar"), Locale::of("en"));
        for (seconds, persian, arabic, english) in [
            (0, "هم‌اکنون", "الآن", "just now"),
            (-44, "هم‌اکنون", "الآن", "just now"),
            (-60, "۱ دقیقه پیش", "قبل دقيقة", "1 minute ago"),
            (-119, "۲ دقیقه پیش", "قبل دقيقتين", "2 minutes ago"),
            (-3_000, "۵۰ دقیقه پیش", "قبل ٥٠ دقيقة", "50 minutes ago"),
            (-3_600, "۱ ساعت پیش", "قبل ساعة", "1 hour ago"),
            (-11 * 3_600, "۱۱ ساعت پیش", "قبل ١١ ساعة", "11 hours ago"),
            (-36 * 3_600, "۲ روز پیش", "قبل يومين", "2 days ago"),
            (300, "۵ دقیقه دیگر", "بعد ٥ دقائق", "in 5 minutes"),
            (4 * 86_400, "۴ روز دیگر", "بعد ٤ أيام", "in 4 days"),
        ] {
            assert_eq!(fa.relative(seconds), persian);
            assert_eq!(ar.relative(seconds), arabic);
            assert_eq!(en.relative(seconds), english);
        }
    }
}
