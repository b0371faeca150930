//! What holds for any markup, however odd.

use proptest::prelude::*;
use url::Url;

use super::tests::clean;
use super::*;
use crate::text::plain;

fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<a href=x>",
            "</a>",
            "<div>",
            "</div>",
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "</td>",
            "<li>",
            "<ul>",
            "</ul>",
            "<h1>",
            "</h2>",
            "<pre>\n",
            "</pre>",
            "<br>",
            "<hr>",
            "<img src=x alt='a\"b'>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mtext>",
            "<style>",
            "</style>",
            "<script>",
            "</script>",
            "<title>",
            "</title>",
            "<noscript>",
            "</noscript>",
            "<select>",
            "<option>",
            "</select>",
            "<caption>",
            "<col>",
            "<colgroup>",
            "<tbody>",
            "<th>",
            "<dl>",
            "<dt>",
            "<dd>",
            "<ruby>",
            "<rt>",
            "<rp>",
            "<audio>",
            "</audio>",
            "<source src=y>",
            "<picture>",
            "<details>",
            "<summary>",
            "<form>",
            "</form>",
            "<button>",
            "<textarea>",
            "<template>",
            "<p hidden>",
            "<span style=display:none>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<iframe src='https://vimeo.com/1'>",
            "</iframe>",
            "<object>",
            "<figure>",
            "<nobr>",
            "<font>",
            "<u>",
            "<s>",
            "<code>",
            "<center>",
            "<address>",
            "<main>",
            "<menu>",
            "<time datetime='2024'>",
            "<wbr>",
            "<track src=x>",
            "<bdo dir=rtl>",
            "</bdo>",
            "<blockquote cite=x>",
            "<body>",
            "<html>",
            "<head>",
            "<frameset>",
            "<plaintext>",
            "<xmp>",
            "<image src=x>",
            "&lt;",
            "&amp;",
            "&#8238;",
            "&nbsp;",
            "\u{202b}",
            "\u{202c}",
            "\u{2067}",
            "\u{2069}",
            "\r\n",
            "\u{0}",
            "\"",
            "'",
            "=",
            "<",
            ">",
            "&",
            "/",
            " ",
        ])
        .prop_map(str::to_owned),
        "[a-zسلام\u{200c}\u{a0} ]{0,6}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn sanitising_twice_changes_nothing(html in markup()) {
        let once = clean(&html);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn both_passes_are_of_one_mind(html in markup()) {
        let base = Url::parse("https://news.example/2024/story.html").ok();
        let rewritten = rewrite::rewrite(&html, base.as_ref(), true, MOST_ELEMENTS, usize::MAX).expect("few elements").html;
        prop_assert_eq!(barrier::clean(&rewritten), rewritten);
    }

    #[test]
    fn nothing_dangerous_comes_out(html in markup()) {
        let once = clean(&html);
        let mut scanner = scan::Scanner::new(&once);
        while let Some(token) = scanner.next() {
            let scan::Token::Start(tag) = token else { continue };
            let element = policy::element(tag.name()).map(|index| &policy::ELEMENTS[index]);
            let Some(element) = element else { return Err(TestCaseError::fail(format!("<{}> in {once}", tag.name()))) };
            prop_assert!(matches!(element.fate, policy::Fate::Keep | policy::Fate::Void), "{}", once);
            for (name, value) in tag.attributes() {
                prop_assert!(element.attributes.iter().chain(policy::GENERIC).any(|known| *known == name), "{}", once);
                let address = matches!(name, "href" | "src" | "srcset" | "cite" | "poster");
                prop_assert!(!address || value.starts_with("http") || value.starts_with("mailto:"), "{}", once);
            }
        }
    }

    #[test]
    fn any_text_is_survived(html in any::<String>(), most in 0usize..60) {
        let once = clean(&html);
        prop_assert_eq!(clean(&once), once);
        let _ = to_text(&html);
        let summary = plain::decode(&summary(&html, most)).into_owned();
        prop_assert!(summary.chars().count() <= most);
    }

    #[test]
    fn text_survives_sanitising(words in prop::collection::vec("[a-zپچگ]{1,8}", 1..12)) {
        let html: String = words.iter().map(|word| format!("<div><p>{word}</p>")).collect();
        prop_assert_eq!(to_text(&clean(&html)), words.join("\n"));
    }
}
