//! Bytes and what they claim to be.

use encoding_rs::Encoding;

use super::*;
use crate::model::CharsetEvidence::{
    self, ByteOrderMark, Config, Declaration, Default, Detected, HttpHeader,
};

const PERSIAN: &str =
    "خبر تازه: باران در کوهستان‌های شمال آغاز شد و مردم خوشحال شدند؛ گزارش می‌دهند که رودها پر آب است";
const ARABIC: &str =
    "أخبار اليوم: هطلت الأمطار على الجبال وفرح الناس في القرى والمدن كلها وامتلأت الأنهار بالماء";
const RUSSIAN: &str =
    "Новости дня: в горах прошёл дождь, и жители деревень обрадовались, реки наполнились водой";
const FRENCH: &str =
    "Les nouvelles du jour : la forêt a reçu une pluie légère et les rivières sont déjà très hautes";
const GREEK: &str = "Τα νέα της ημέρας: έβρεξε στα βουνά και οι άνθρωποι στα χωριά χάρηκαν πολύ";
const JAPANESE: &str = "今日のニュース：山に雨が降り、村の人々は喜んだ。川の水も増えている。";
const CHINESE: &str = "今日新闻：山里下雨了，村民们非常高兴，河水也涨了起来，田里的庄稼长得很好。";
const TRADITIONAL: &str = "今日新聞：山裡下雨了，村民們非常高興，河水也漲了起來，田裡的莊稼長得很好。";
const KOREAN: &str = "오늘의 소식: 산에 비가 내려 마을 사람들이 기뻐했다. 강물도 불어났다.";

fn document(declared: Option<&str>, text: &str) -> String {
    let encoding = declared.map(|label| format!(" encoding=\"{label}\"")).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\"{encoding}?>\n<rss version=\"2.0\"><channel><item><title>{text}</title></item></channel></rss>"
    )
}

fn encode(text: &str, charset: &str) -> Vec<u8> {
    match charset {
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "UTF-32LE" => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        "UTF-32BE" => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        _ => Encoding::for_label(charset.as_bytes()).unwrap().encode(text).0.into_owned(),
    }
}

/// (text, in which charset, declared as, in the header as, what is found, how)
type Case =
    (&'static str, &'static str, Option<&'static str>, Option<&'static str>, &'static str, CharsetEvidence);

const CASES: &[Case] = &[
    (PERSIAN, "utf-8", None, None, "UTF-8", Default),
    (PERSIAN, "utf-8", Some("UTF-8"), None, "UTF-8", Declaration),
    (PERSIAN, "utf-8", Some("windows-1256"), None, "UTF-8", Detected),
    (PERSIAN, "utf-8", None, Some("iso-8859-1"), "UTF-8", Detected),
    (PERSIAN, "utf-8", Some("utf-8"), Some("iso-8859-1"), "UTF-8", Declaration),
    (PERSIAN, "utf-8", Some("utf-16"), None, "UTF-8", Detected),
    (ARABIC, "windows-1256", Some("windows-1256"), None, "windows-1256", Declaration),
    (ARABIC, "windows-1256", None, Some("cp1256"), "windows-1256", HttpHeader),
    (ARABIC, "windows-1256", None, None, "windows-1256", Detected),
    (ARABIC, "windows-1256", Some("utf-8"), None, "windows-1256", Detected),
    (ARABIC, "windows-1256", Some("iso-8859-1"), None, "windows-1256", Detected),
    (ARABIC, "windows-1256", Some("windows-1252"), Some("utf-8"), "windows-1256", Detected),
    (ARABIC, "iso-8859-6", Some("iso-8859-6"), None, "ISO-8859-6", Declaration),
    (ARABIC, "iso-8859-6", Some("utf-8"), None, "ISO-8859-6", Detected),
    (RUSSIAN, "windows-1251", Some("windows-1251"), None, "windows-1251", Declaration),
    (RUSSIAN, "windows-1251", None, None, "windows-1251", Detected),
    (RUSSIAN, "windows-1251", Some("iso-8859-1"), None, "windows-1251", Detected),
    (RUSSIAN, "windows-1251", Some("utf-8"), Some("koi8-r"), "windows-1251", Detected),
    (RUSSIAN, "koi8-r", Some("koi8-r"), None, "KOI8-R", Declaration),
    (RUSSIAN, "koi8-r", Some("KOI8_R"), Some("text"), "KOI8-R", Declaration),
    (RUSSIAN, "iso-8859-5", Some("iso-8859-5"), None, "ISO-8859-5", Declaration),
    (FRENCH, "windows-1252", Some("iso-8859-1"), None, "windows-1252", Declaration),
    (FRENCH, "windows-1252", Some("Latin-1"), None, "windows-1252", Declaration),
    (FRENCH, "windows-1252", None, Some("ISO-8859-1"), "windows-1252", HttpHeader),
    (FRENCH, "windows-1252", Some("utf-8"), None, "windows-1252", Detected),
    (FRENCH, "windows-1252", None, None, "windows-1252", Detected),
    (FRENCH, "windows-1252", Some("us-ascii"), None, "windows-1252", Detected),
    (FRENCH, "windows-1252", Some("no-such"), None, "windows-1252", Detected),
    (GREEK, "iso-8859-7", Some("iso-8859-7"), None, "ISO-8859-7", Declaration),
    (JAPANESE, "shift_jis", Some("Shift_JIS"), None, "Shift_JIS", Declaration),
    (JAPANESE, "euc-jp", Some("euc-jp"), None, "EUC-JP", Declaration),
    (JAPANESE, "euc-jp", Some("utf-8"), None, "EUC-JP", Detected),
    (JAPANESE, "iso-2022-jp", Some("iso-2022-jp"), None, "ISO-2022-JP", Declaration),
    (CHINESE, "gbk", Some("gb2312"), None, "GBK", Declaration),
    (TRADITIONAL, "big5", Some("big5"), None, "Big5", Declaration),
    (KOREAN, "euc-kr", Some("euc-kr"), None, "EUC-KR", Declaration),
    (PERSIAN, "UTF-16LE", Some("utf-16"), None, "UTF-16LE", Detected),
    (PERSIAN, "UTF-16BE", None, None, "UTF-16BE", Detected),
    (PERSIAN, "UTF-16BE", Some("utf-8"), Some("utf-8"), "UTF-16BE", Detected),
    (PERSIAN, "UTF-32LE", None, None, "UTF-32LE", Detected),
    (PERSIAN, "UTF-32BE", Some("utf-32"), None, "UTF-32BE", Detected),
];

#[test]
fn no_text_is_garbled() {
    for &(text, charset, declared, header, name, found_by) in CASES {
        let body = encode(&document(declared, text), charset);
        let header = header.map(|charset| format!("text/xml; charset={charset}"));
        let case = format!("{charset} declared {declared:?}, header {header:?}");
        let feed = read_as(&body, header.as_deref()).unwrap();
        assert_eq!(titles(&feed), [text], "{case}");
        assert_eq!(feed.charset.name, name, "{case}");
        assert_eq!(feed.charset.found_by, found_by, "{case}");
    }
}

#[test]
fn marks_are_believed_and_dropped() {
    for (mark, charset, name) in [
        (&[0xEF, 0xBB, 0xBF][..], "utf-8", "UTF-8"),
        (&[0xFF, 0xFE], "UTF-16LE", "UTF-16LE"),
        (&[0xFE, 0xFF], "UTF-16BE", "UTF-16BE"),
        (&[0xFF, 0xFE, 0, 0], "UTF-32LE", "UTF-32LE"),
        (&[0, 0, 0xFE, 0xFF], "UTF-32BE", "UTF-32BE"),
    ] {
        let body = [mark, &encode(&document(Some("iso-8859-1"), PERSIAN), charset)].concat();
        let feed = read_as(body, Some("text/xml; charset=koi8-r")).unwrap();
        assert_eq!(titles(&feed), [PERSIAN], "{charset}");
        assert_eq!((feed.charset.name.as_str(), feed.charset.found_by), (name, ByteOrderMark));
    }
}

#[test]
fn one_bad_byte_loses_nothing() {
    let good = document(Some("utf-8"), PERSIAN);
    for bad in [&b"\xFF"[..], b"\x92", b"\xD8", b"\xE2\x80", b"\xC0\x80"] {
        let at = good.find("باران").unwrap();
        let body = [&good.as_bytes()[..at], bad, &good.as_bytes()[at..]].concat();
        let feed = read(body).unwrap();
        let title = feed.entries[0].title.as_deref().unwrap();
        assert!(title.contains("خبر تازه") && title.contains("رودها پر آب"), "{title}");
        assert_eq!(feed.charset.name, "UTF-8");
        assert!(warned(&feed, "not UTF-8"), "{:?}", feed.warnings);
    }
    let curly = [document(None, "d\u{e9}j\u{e0} vu: it").as_bytes(), b""].concat();
    let at = curly.windows(4).position(|w| w == b": it").unwrap() + 4;
    let body = [&curly[..at], b"\x92s", &curly[at..]].concat();
    assert_eq!(titles(&feed(body)), ["déjà vu: it’s"]);
}

#[test]
fn windows_characters_in_a_latin_1_document() {
    let body: &[u8] = b"<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><item><title>\x93So\x94 \x80 5 \x85 &#151;</title></item></channel></rss>";
    assert_eq!(titles(&feed(body)), ["“So” € 5 … —"]);
}

#[test]
fn utf_8_that_was_encoded_twice_is_mended() {
    let twice = document(Some("utf-8"), "FrÃ¼he KÃ¤lte â€“ â€žschÃ¶nâ€œ");
    assert_eq!(titles(&feed(twice)), ["Frühe Kälte – „schön“"]);
    let fine = document(Some("utf-8"), "Às armas: São João, Ãna");
    assert_eq!(titles(&feed(fine)), ["Às armas: São João, Ãna"]);
}

#[test]
fn utf_7_is_read_where_it_is_declared() {
    let body = document(Some("utf-7"), "A+ImIDkQ-. 1 +- 2");
    assert_eq!(titles(&feed(body)), ["A≢Α. 1 + 2"]);
}

#[test]
fn the_operator_has_the_last_word() {
    let body = encode(&document(Some("utf-8"), ARABIC), "windows-1256");
    const UTC: &TimeZone = &TimeZone::UTC;
    let input = |encoding| Input {
        body: &body,
        content_type: Some("text/xml; charset=utf-8"),
        base: None,
        encoding: Some(encoding),
        timezone: UTC,
        language: None,
        now: Timestamp::UNIX_EPOCH,
    };
    let forced = parse(&input("windows-1256")).unwrap();
    assert_eq!(titles(&forced), [ARABIC]);
    assert_eq!(forced.charset.found_by, Config);
    assert!(warned(&parse(&input("klingon")).unwrap(), "klingon"));
}

#[test]
fn a_lie_is_told() {
    assert!(warned(&feed(document(Some("koi8-r"), PERSIAN)), "claims to be KOI8-R but is UTF-8"));
    let body = encode(&document(Some("utf-8"), RUSSIAN), "windows-1251");
    assert!(warned(&feed(body), "the bytes are windows-1251"));
    assert!(feed(document(Some("utf-8"), PERSIAN)).warnings.is_empty());
}

#[test]
fn charsets_that_browsers_have_forgotten() {
    // (declared as, the bytes of the title, the title, the charset)
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("437", b"\x80\x9c \xe1", "Ç£ ß", "IBM437"),
        ("IBM850", b"S\xc6o caf\x82", "São café", "IBM850"),
        ("cp852", b"\xa7lut\xec k\x96n", "žlutý kľn", "IBM852"),
        ("cp737", b"\x92\x98 \xa4\xe2\x98", "Τα νέα", "IBM737"),
        ("ibm862", b"\x99\x8c\x85\x8d", "שלום", "IBM862"),
        ("hz-gb-2312", b"~{=qHU~} a~~b", "今日 a~b", "HZ-GB-2312"),
        ("iso-2022-kr", b"\x1b$)C\x0e?@4C\x0f a", "오늘 a", "ISO-2022-KR"),
        ("utf-8", b"a \xed\xa0\xbd\xed\xb8\x80 \xc3\xa9", "a 😀 é", "CESU-8"),
    ];
    for (label, bytes, title, charset) in cases {
        let whole = document(Some(label), "\u{1}");
        let at = whole.find('\u{1}').unwrap();
        let body = [&whole.as_bytes()[..at], bytes, &whole.as_bytes()[at + 1..]].concat();
        let feed = feed(&body);
        assert_eq!((titles(&feed), feed.charset.name.as_str()), (vec![*title], *charset), "{label}");
    }
    // A claim under which the text is nonsense loses, here as elsewhere.
    assert_eq!(titles(&feed(encode(&document(Some("cp850"), FRENCH), "windows-1252"))), [FRENCH]);
    assert_eq!(titles(&feed(document(Some("cp437"), PERSIAN))), [PERSIAN]);
}
