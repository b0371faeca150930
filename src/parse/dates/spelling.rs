//! Spellings that no token of a date can tell apart, written out before the text becomes tokens.

use std::borrow::Cow;

/// Japanese eras and the year before their first: 令和 since 2019, 平成 since 1989, 昭和 since 1926.
const ERAS: [(&str, u32); 3] = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];

/// Thai months as news writes them: their full stops would tear them apart.
const THAI: [(&str, &str); 12] = [
    ("ม.ค.", "มกราคม"),
    ("ก.พ.", "กุมภาพันธ์"),
    ("มี.ค.", "มีนาคม"),
    ("เม.ย.", "เมษายน"),
    ("พ.ค.", "พฤษภาคม"),
    ("มิ.ย.", "มิถุนายน"),
    ("ก.ค.", "กรกฎาคม"),
    ("ส.ค.", "สิงหาคม"),
    ("ก.ย.", "กันยายน"),
    ("ต.ค.", "ตุลาคม"),
    ("พ.ย.", "พฤศจิกายน"),
    ("ธ.ค.", "ธันวาคม"),
];

/// `text` with these written out: «令和6年7月13日» is «2024年7月13日», «13 ก.ค. 2567» «13 กรกฎาคม 2567».
pub(super) fn write_out(text: &str) -> Cow<'_, str> {
    if text.contains('年') {
        for (era, before) in ERAS {
            let Some((head, tail)) = text.split_once(era) else { continue };
            let Some((year, tail)) = tail.split_once('年') else { continue };
            // The first year of an era is called 元.
            let year = if year.trim() == "元" { Some(1) } else { figures(year.trim()) };
            if let Some(year) = year {
                return Cow::Owned(format!("{head}{}年{tail}", before + year));
            }
        }
    }
    if text.contains('.') && text.contains(|c: char| ('\u{E00}'..='\u{E7F}').contains(&c)) {
        for (short, full) in THAI {
            if let Some((head, tail)) = text.split_once(short)
                && !head.ends_with(|c: char| ('\u{E01}'..='\u{E4E}').contains(&c))
            {
                return Cow::Owned(format!("{head} {full} {tail}"));
            }
        }
    }
    Cow::Borrowed(text)
}

/// One or two digits of any script.
fn figures(text: &str) -> Option<u32> {
    let digits = text.chars().map(|c| super::tokens::digit(c).map(u32::from));
    let value = digits.collect::<Option<Vec<u32>>>()?;
    (1..=2).contains(&value.len()).then(|| value.iter().fold(0, |all, digit| all * 10 + digit))
}
