//! Language tags (BCP 47) as documents write them.

use super::letters::Script;

/// `declared` as a canonical tag ("en_us" → "en-US", "english" → "en"); `None` for what names no language ("UTF-8").
pub fn canonical(declared: &str) -> Option<String> {
    let first = declared.split([',', ';', ' ', '/']).find(|part| !part.is_empty())?;
    let first = first.split('.').next().unwrap_or(first);
    let mut parts = first.split(['-', '_']).filter(|part| !part.is_empty());
    let language = parts.next()?.to_ascii_lowercase();
    if !language.bytes().all(|b| b.is_ascii_alphabetic()) && !language.is_ascii() {
        return by_name(&declared.trim().to_lowercase()).map(str::to_owned);
    }
    let language = match language.len() {
        2 | 3 if language.bytes().all(|b| b.is_ascii_alphabetic()) => code(&language)?.to_owned(),
        _ => by_name(&language)?.to_owned(),
    };
    let mut tag = language;
    // A tag of an unknown extension says nothing that anyone here reads: script, region and variants stay.
    for part in parts.take(4) {
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        let figures = part.bytes().all(|b| b.is_ascii_digit());
        let part = match part.len() {
            4 if letters => {
                let mut script = part.to_ascii_lowercase();
                script[..1].make_ascii_uppercase();
                script
            }
            2 if part.eq_ignore_ascii_case("uk") => "GB".to_owned(),
            2 if letters => part.to_ascii_uppercase(),
            3 if figures => part.to_owned(),
            5..=8 if part.is_ascii() && part.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                part.to_ascii_lowercase()
            }
            _ => break,
        };
        tag.push('-');
        tag.push_str(&part);
    }
    Some(tag)
}

/// A tag without a region that says nothing, because the language is at home there: `fa-IR` → `fa`. Templates of pages
/// write one always; `en-GB`, `pt-BR` and `fa-AF` do say something.
pub fn without_home(tag: &str) -> String {
    const HOMES: &[(&str, &str)] = &[
        ("fa", "IR"),
        ("ar", "AR"),
        ("he", "IL"),
        ("ckb", "IQ"),
        ("ps", "AF"),
        ("ur", "PK"),
        ("tr", "TR"),
        ("ru", "RU"),
        ("pl", "PL"),
        ("it", "IT"),
        ("ja", "JP"),
        ("ko", "KR"),
    ];
    let canonical = canonical(tag).unwrap_or_else(|| tag.to_owned());
    match canonical.split_once('-') {
        Some((language, region)) if HOMES.contains(&(language, region)) => language.to_owned(),
        _ => canonical,
    }
}

/// A language subtag in its canonical form: withdrawn ones and codes of countries taken for languages mended,
/// ISO 639-2 and -3 codes shortened where a short one exists.
fn code(language: &str) -> Option<&str> {
    Some(match language {
        "iw" => "he",
        "in" => "id",
        "ji" => "yi",
        "jw" => "jv",
        "mo" => "ro",
        "cn" => "zh",
        "jp" => "ja",
        "gr" => "el",
        "dk" => "da",
        "cz" => "cs",
        "ua" => "uk",
        "ir" => "fa",
        "xx" | "zz" | "utf" | "iso" | "und" | "mul" | "mis" | "zxx" | "all" | "www" | "rss" | "xml"
        | "non" | "nil" | "def" => {
            return None;
        }
        "prs" | "pes" | "per" | "fas" => "fa",
        "arb" => "ar",
        _ if language.len() == 2 => language,
        _ => THREE.iter().find(|(long, _)| *long == language).map_or(language, |(_, short)| short),
    })
}

/// ISO 639-2 (both sets) and 639-3 codes with their ISO 639-1 code.
pub(super) const THREE: &[(&str, &str)] = &[
    ("afr", "af"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("chi", "zh"),
    ("cmn", "zh"),
    ("zho", "zh"),
    ("dan", "da"),
    ("deu", "de"),
    ("ger", "de"),
    ("dut", "nl"),
    ("nld", "nl"),
    ("ell", "el"),
    ("gre", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("eus", "eu"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("geo", "ka"),
    ("kat", "ka"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("arm", "hy"),
    ("ind", "id"),
    ("isl", "is"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("khm", "km"),
    ("kor", "ko"),
    ("kur", "ku"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nob", "nb"),
    ("nor", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("pus", "ps"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("spa", "es"),
    ("sqi", "sq"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
];

/// Languages by the names that documents give them.
fn by_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "english" | "eng-us" => "en",
        "persian" | "farsi" | "فارسی" => "fa",
        "arabic" | "العربية" | "عربي" => "ar",
        "french" | "français" | "francais" => "fr",
        "german" | "deutsch" => "de",
        "spanish" | "español" | "espanol" | "castellano" => "es",
        "portuguese" | "português" | "portugues" => "pt",
        "italian" | "italiano" => "it",
        "turkish" | "türkçe" | "turkce" => "tr",
        "russian" | "русский" => "ru",
        "ukrainian" | "українська" => "uk",
        "dutch" | "nederlands" => "nl",
        "polish" | "polski" => "pl",
        "swedish" | "svenska" => "sv",
        "danish" | "dansk" => "da",
        "norwegian" | "norsk" => "no",
        "finnish" | "suomi" => "fi",
        "greek" | "ελληνικά" => "el",
        "hebrew" | "עברית" => "he",
        "japanese" | "日本語" => "ja",
        "chinese" | "中文" => "zh",
        "korean" | "한국어" => "ko",
        "hindi" => "hi",
        "urdu" | "اردو" => "ur",
        "kurdish" | "kurdî" => "ku",
        "hungarian" | "magyar" => "hu",
        "czech" | "čeština" => "cs",
        "romanian" | "română" => "ro",
        _ => return None,
    })
}

/// Whether the language (a primary subtag) may be written in `script`. Of a language that is not known here, anything
/// may be true.
pub(super) fn may_be_written_in(language: &str, script: Script) -> bool {
    use Script::*;
    let scripts: &[Script] = match language {
        "ar" | "fa" | "ur" | "ckb" | "ps" | "sd" | "ug" => &[Arabic],
        "he" | "yi" => &[Hebrew],
        "ru" | "uk" | "be" | "bg" | "mk" => &[Cyrillic],
        "el" => &[Greek],
        "ja" => &[Han, Kana],
        "zh" => &[Han],
        "ko" => &[Hangul, Han],
        "th" => &[Thai],
        "hi" | "mr" | "ne" => &[Devanagari],
        "bn" => &[Bengali],
        "ta" => &[Tamil],
        "te" => &[Telugu],
        "kn" => &[Kannada],
        "ml" => &[Malayalam],
        "gu" => &[Gujarati],
        "ka" => &[Georgian],
        "hy" => &[Armenian],
        "am" => &[Ethiopic],
        "en" | "fr" | "de" | "es" | "pt" | "it" | "nl" | "tr" | "pl" | "sv" | "da" | "no" | "nb" | "nn"
        | "fi" | "cs" | "sk" | "hu" | "ro" | "hr" | "sl" | "et" | "lv" | "lt" | "ca" | "eu" | "gl" | "is"
        | "ga" | "cy" | "id" | "vi" | "af" | "sq" | "sw" | "tl" | "la" | "eo" => &[Latin],
        _ => return true,
    };
    scripts.contains(&script)
}

/// Whether a tag's language runs from right to left; a script in the tag decides first.
pub(super) fn runs_right_to_left(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or("");
    if let Some(script) = parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()))
    {
        return matches!(
            script,
            "Arab" | "Aran" | "Hebr" | "Syrc" | "Thaa" | "Nkoo" | "Adlm" | "Rohg" | "Samr" | "Mand"
        );
    }
    matches!(
        language,
        "ar" | "fa"
            | "he"
            | "ur"
            | "ps"
            | "ckb"
            | "sd"
            | "ug"
            | "yi"
            | "dv"
            | "syr"
            | "arc"
            | "ks"
            | "azb"
            | "mzn"
            | "glk"
            | "lrc"
            | "pnb"
            | "skr"
            | "bal"
            | "nqo"
            | "arz"
            | "ary"
            | "apc"
            | "acm"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_canonical() {
        for (declared, expected) in [
            ("en-us", Some("en-US")),
            ("en_US", Some("en-US")),
            ("en_US.UTF-8", Some("en-US")),
            ("fa-IR", Some("fa-IR")),
            ("FA", Some("fa")),
            ("english", Some("en")),
            ("فارسی", Some("fa")),
            ("per", Some("fa")),
            ("zh-hant-tw", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("en-uk", Some("en-GB")),
            ("iw", Some("he")),
            ("en, fr", Some("en")),
            ("de-DE-1996", Some("de-DE")),
            ("sl-rozaj", Some("sl-rozaj")),
            ("UTF-8", None),
            ("", None),
            ("und", None),
            ("windows-1256", None),
            ("-", None),
            ("12", None),
        ] {
            assert_eq!(canonical(declared).as_deref(), expected, "{declared}");
        }
    }
}
