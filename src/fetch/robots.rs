//! robots.txt after RFC 9309: a pure function of its text. It is asked for article pages, which kariz
//! crawls, and not for feeds, which somebody subscribed to.

/// The most of a robots.txt that is read (RFC 9309 §2.5 wants at least 500 KiB).
pub const MAX_SIZE: usize = 512 * 1024;

/// More rules than this are not kept, and patterns no longer than this.
const MAX_RULES: usize = 10_000;
const MAX_PATTERN: usize = 2_000;
/// More comparisons than this are not made for one path: rules and path may both come from somebody
/// who wants to keep us busy.
const MAX_STEPS: usize = 20_000_000;

/// The rules that hold for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    everything: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: Vec<u8>,
    /// `pattern` must match to the end of the path.
    anchored: bool,
}

impl Robots {
    /// No rules: there is no robots.txt (a 4xx answer; RFC 9309 §2.3.1.3).
    pub fn allow_all() -> Self {
        Self { rules: Vec::new(), everything: Some(true) }
    }

    /// Nothing is allowed: the server cannot say what its rules are (RFC 9309 §2.3.1.4).
    pub fn disallow_all() -> Self {
        Self { rules: Vec::new(), everything: Some(false) }
    }

    /// Reads the rules for the product token `product` (`kariz`): those of all groups that name it,
    /// else those of the groups for `*` (RFC 9309 §2.2.1).
    pub fn parse(text: &[u8], product: &str) -> Self {
        let text = &text[..text.len().min(MAX_SIZE)];
        let text = text.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(text);
        let (mut ours, mut anybodys) = (Vec::new(), Vec::new());
        let mut named = false;
        // Which groups the current lines belong to, and whether its list of names is over.
        let (mut for_us, mut for_all, mut in_rules) = (false, false, true);
        for line in text.split(|b| matches!(b, b'\n' | b'\r')) {
            let line = line.split(|b| *b == b'#').next().unwrap_or_default();
            let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
            let key = line[..colon].trim_ascii();
            let value = line[colon + 1..].trim_ascii();
            if key.eq_ignore_ascii_case(b"user-agent") {
                if std::mem::take(&mut in_rules) {
                    (for_us, for_all) = (false, false);
                }
                let us = token(value).eq_ignore_ascii_case(product.as_bytes());
                named |= us;
                for_us |= us;
                for_all |= value == b"*";
            } else if key.eq_ignore_ascii_case(b"allow") || key.eq_ignore_ascii_case(b"disallow") {
                in_rules = true;
                let Some(rule) = Rule::new(key.len() == 5, value) else { continue };
                if for_us && ours.len() < MAX_RULES {
                    ours.push(rule.clone());
                }
                if for_all && anybodys.len() < MAX_RULES {
                    anybodys.push(rule);
                }
            }
        }
        Self { rules: if named { ours } else { anybodys }, everything: None }
    }

    /// Whether this path (with its query) may be fetched: the longest rule that matches decides, and
    /// of equals the one that allows (RFC 9309 §2.2.2).
    pub fn allows(&self, path_and_query: &str) -> bool {
        if path_and_query == "/robots.txt" {
            return true;
        }
        if let Some(everything) = self.everything {
            return everything;
        }
        let path = normalised(path_and_query.as_bytes());
        let mut steps = MAX_STEPS;
        let decisive = self
            .rules
            .iter()
            .filter(|rule| rule.matches(&path, &mut steps))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow));
        steps > 0 && decisive.is_none_or(|rule| rule.allow)
    }
}

impl Rule {
    /// `None` for an empty value, which says nothing (`Disallow:`), and for what is no path.
    fn new(allow: bool, value: &[u8]) -> Option<Self> {
        if !matches!(value.first(), Some(b'/' | b'*')) || value.len() > MAX_PATTERN {
            return None;
        }
        let (value, anchored) = match value.strip_suffix(b"$") {
            Some(value) => (value, true),
            None => (value, false),
        };
        Some(Self { allow, pattern: normalised(value), anchored })
    }

    /// Whether the pattern matches a beginning of the path (all of it, if anchored). `*` stands for any
    /// bytes. Goes back to the last star only, so it takes length × length at the worst.
    fn matches(&self, path: &[u8], steps: &mut usize) -> bool {
        let (mut p, mut s) = (0, 0);
        let mut star = None;
        while *steps > 0 {
            *steps -= 1;
            if p == self.pattern.len() {
                if !self.anchored || s == path.len() {
                    return true;
                }
            } else if self.pattern[p] == b'*' {
                star = Some((p + 1, s));
                p += 1;
                continue;
            } else if s < path.len() && self.pattern[p] == path[s] {
                p += 1;
                s += 1;
                continue;
            }
            match star {
                Some((after, from)) if from < path.len() => {
                    star = Some((after, from + 1));
                    p = after;
                    s = from + 1;
                }
                _ => return false,
            }
        }
        false
    }
}

/// The product token at the head of a `User-agent` value: `kariz` of `kariz/1.0`.
fn token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|b| !(b.is_ascii_alphabetic() || matches!(b, b'-' | b'_')));
    &value[..end.unwrap_or(value.len())]
}

/// One spelling for paths that mean the same: bytes beyond ASCII percent-encoded, letters and digits that
/// need no encoding decoded, hexadecimal digits in upper case (RFC 9309 §2.2.2).
fn normalised(path: &[u8]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        let (byte, encode) = match code {
            Some(byte) => {
                rest = &after[2..];
                let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
                (byte, !plain)
            }
            None => {
                rest = after;
                (*first, !first.is_ascii_graphic())
            }
        };
        if encode {
            out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        } else {
            out.push(byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allows(text: &str, path: &str) -> bool {
        Robots::parse(text.as_bytes(), "kariz").allows(path)
    }

    #[test]
    fn groups() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: Kariz/2.0 (+x)\nDisallow: /private\n";
        assert!(allows(text, "/news"), "our own group wins over the one for all");
        assert!(!allows(text, "/private/x"));
        let split =
            "user-agent: kariz\ndisallow: /a\nuser-agent: else\ndisallow: /\nuser-agent: kariz\ndisallow: /b";
        assert!(
            !allows(split, "/a") && !allows(split, "/b") && allows(split, "/c"),
            "groups of one name are one"
        );
        assert!(allows("User-agent: karizma\nDisallow: /", "/x"), "another name");
        assert!(allows("Disallow: /", "/x"), "rules before any group");
        assert!(allows("", "/x"));
        assert!(allows("User-agent: *\nDisallow:", "/x"), "an empty rule forbids nothing");
        let sitemap = "User-agent: kariz\nSitemap: https://a.example/s.xml\nCrawl-delay: 5\nDisallow: /x";
        assert!(!allows(sitemap, "/x"), "other lines do not end a group");
    }

    #[test]
    fn the_longest_rule_decides() {
        let text = "User-agent: *\nDisallow: /shop\nAllow: /shop/open\nDisallow: /shop/open/late\n";
        assert!(!allows(text, "/shop/x"));
        assert!(allows(text, "/shop/open/early"));
        assert!(!allows(text, "/shop/open/late/1"));
        assert!(allows("User-agent: *\nDisallow: /page\nAllow: /page", "/page"), "of equals the kinder one");
    }

    #[test]
    fn stars_and_ends() {
        let text = "User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: *print=1\n";
        assert!(!allows(text, "/x/y.php"));
        assert!(allows(text, "/x/y.php?z=1"));
        assert!(!allows(text, "/a-b-c-d"));
        assert!(allows(text, "/a-c-b"));
        assert!(!allows(text, "/x?y=2&print=1"));
        assert!(allows("User-agent: *\nDisallow: /$", "/x"));
        assert!(!allows("User-agent: *\nDisallow: /$", "/"));
    }

    #[test]
    fn spellings_of_one_path() {
        let text =
            "User-agent: *\nDisallow: /caf%c3%a9\nDisallow: /\u{65e5}\nDisallow: /%7euser\nDisallow: /a%2fb";
        for path in ["/caf%C3%A9/x", "/caf\u{e9}", "/%E6%97%A5", "/~user/", "/a%2Fb"] {
            assert!(!allows(text, path), "{path}");
        }
        assert!(allows(text, "/a/b"));
    }

    #[test]
    fn lines_end_in_any_way_and_comments_are_dropped() {
        assert!(!allows("\u{feff}User-agent : * # all\rDisallow : /x # why\r\n", "/x"));
        assert!(allows("# User-agent: *\n# Disallow: /", "/x"));
    }

    #[test]
    fn robots_txt_itself_may_be_read() {
        assert!(Robots::disallow_all().allows("/robots.txt") && !Robots::disallow_all().allows("/x"));
        assert!(Robots::allow_all().allows("/x"));
    }

    #[test]
    fn rules_made_to_keep_us_busy_do_not() {
        let rule = format!("Disallow: /*{}b\n", "a".repeat(1500));
        let text = format!("User-agent: *\n{}", rule.repeat(330));
        assert!(!allows(&text, &format!("/{}", "a".repeat(100_000))), "given up");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(text in proptest::collection::vec(any::<u8>(), 0..500), path in "/[ -~]{0,40}") {
            Robots::parse(&text, "kariz").allows(&path);
            let mut rules = b"User-agent: *\nDisallow: /".to_vec();
            rules.extend(&text);
            Robots::parse(&rules, "kariz").allows(&path);
        }

        #[test]
        fn stars_match_what_a_regular_expression_matches(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,10}") {
            let rule = Rule::new(false, pattern.as_bytes()).unwrap();
            let (body, end) = match pattern.strip_suffix('$') { Some(p) => (p, "$"), None => (pattern.as_str(), "") };
            let regex = regex::Regex::new(&format!("^{}{end}", body.replace('*', ".*"))).unwrap();
            prop_assert_eq!(rule.matches(path.as_bytes(), &mut MAX_STEPS.clone()), regex.is_match(&path));
        }
    }
}
