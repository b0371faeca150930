//! The documents, and what is true of them.

/// Stands for the origin's address in the documents; the origin fills it in.
pub(super) const PLACEHOLDER: &str = "{{ORIGIN}}";

/// One source of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Its name in feeds.toml, and the folder of its articles at the origin.
    pub id: &'static str,
    /// The name that readers see.
    pub title: &'static str,
    /// The title stands in feeds.toml, since the feed itself cannot tell it.
    pub(super) title_in_config: bool,
    /// BCP 47.
    pub language: &'static str,
    /// What the demo's outputs can select by.
    pub tags: &'static [&'static str],
    /// The highest speaks for a story that several sources carry.
    pub priority: i32,
    /// The zone of its dates, where they name none.
    pub(super) timezone: Option<&'static str>,
    /// The path of the feed at the origin, with a leading slash.
    pub feed: &'static str,
    /// The `Content-Type` of the feed.
    pub(super) content_type: &'static str,
    /// The document with placeholders; `None` where the origin answers 500.
    pub(super) document: Option<&'static [u8]>,
    /// How many entries it has; of a broken document, how many are whole.
    pub entries: usize,
    /// How well it is written.
    pub state: State,
}

/// How well a source of the demo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Valid.
    Sound,
    /// Ill-formed and cut off, yet readable.
    Broken,
    /// Answers 500.
    Dead,
}

const RSS: &str = "application/rss+xml; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";
const RDF: &str = "application/rdf+xml; charset=utf-8";
const JSON: &str = "application/feed+json";
/// Without a charset: the document's own declaration decides (RFC 7303 §3).
const XML: &str = "application/xml";

const SITE: Site = Site {
    id: "",
    title: "",
    title_in_config: false,
    language: "en",
    tags: &[],
    priority: 0,
    timezone: None,
    feed: "",
    content_type: RSS,
    document: None,
    entries: 0,
    state: State::Sound,
};

/// The sources, in the order in which feeds.toml names them.
pub const SITES: &[Site] = &[
    Site {
        id: "courier",
        title: "Alderwick Courier",
        tags: &["english", "town"],
        priority: 10,
        feed: "/feeds/courier.xml",
        document: Some(include_bytes!("documents/courier.rss.xml")),
        entries: 8,
        ..SITE
    },
    Site {
        id: "gazette",
        title: "Fenbridge Gazette",
        tags: &["english", "town"],
        feed: "/feeds/gazette.xml",
        content_type: ATOM,
        document: Some(include_bytes!("documents/gazette.atom.xml")),
        entries: 7,
        ..SITE
    },
    Site {
        id: "railway",
        title: "Alder Line: notices",
        tags: &["english", "travel"],
        feed: "/feeds/railway.rdf",
        content_type: RDF,
        document: Some(include_bytes!("documents/railway.rdf.xml")),
        entries: 6,
        ..SITE
    },
    Site {
        id: "weather",
        title: "Larkstone Weather Station",
        tags: &["english", "weather"],
        priority: 20,
        feed: "/feeds/weather.json",
        content_type: JSON,
        document: Some(include_bytes!("documents/weather.json")),
        entries: 6,
        ..SITE
    },
    Site {
        id: "rovers",
        title: "Alderwick Rovers & Friends",
        tags: &["english", "sport"],
        feed: "/feeds/rovers.xml",
        document: Some(include_bytes!("documents/rovers.broken.xml")),
        entries: 5,
        state: State::Broken,
        ..SITE
    },
    Site {
        id: "tramway",
        title: "Hill Tramway",
        title_in_config: true,
        tags: &["english", "travel"],
        feed: "/feeds/tramway.xml",
        state: State::Dead,
        ..SITE
    },
    Site {
        id: "narvan",
        title: "خبرنامهٔ نارون‌شهر",
        language: "fa",
        tags: &["persian", "town"],
        priority: 10,
        feed: "/feeds/narvan.xml",
        document: Some(include_bytes!("documents/narvan.rss.xml")),
        entries: 8,
        ..SITE
    },
    Site {
        id: "asiab",
        title: "هفته‌نامهٔ آسیاب",
        language: "fa",
        tags: &["persian", "town"],
        timezone: Some("Asia/Tehran"),
        feed: "/feeds/asiab.xml",
        document: Some(include_bytes!("documents/asiab.rss.xml")),
        entries: 7,
        ..SITE
    },
    Site {
        id: "ketabkhane",
        title: "کتابخانهٔ نارون‌شهر",
        language: "fa",
        tags: &["persian", "culture"],
        priority: 20,
        feed: "/feeds/ketabkhane.xml",
        content_type: ATOM,
        document: Some(include_bytes!("documents/ketabkhane.atom.xml")),
        entries: 6,
        ..SITE
    },
    Site {
        id: "bazar",
        title: "میدان تره‌بار نارون‌شهر",
        language: "fa",
        tags: &["persian", "market"],
        feed: "/feeds/bazar.json",
        content_type: JSON,
        document: Some(include_bytes!("documents/bazar.json")),
        entries: 6,
        ..SITE
    },
    Site {
        id: "sarw",
        title: "أخبار عين السرو",
        language: "ar",
        tags: &["arabic", "town"],
        priority: 10,
        feed: "/feeds/sarw.xml",
        content_type: XML,
        document: Some(include_bytes!("documents/sarw.windows-1256.xml")),
        entries: 8,
        ..SITE
    },
    Site {
        id: "madrasa",
        title: "مجلة مدرسة السنديان",
        language: "ar",
        tags: &["arabic", "school"],
        feed: "/feeds/madrasa.xml",
        content_type: ATOM,
        document: Some(include_bytes!("documents/madrasa.atom.xml")),
        entries: 6,
        ..SITE
    },
    Site {
        id: "mathaf",
        title: "متحف الفخار في عين السرو",
        language: "ar",
        tags: &["arabic", "culture"],
        priority: 20,
        feed: "/feeds/mathaf.rdf",
        content_type: RDF,
        document: Some(include_bytes!("documents/mathaf.rdf.xml")),
        entries: 6,
        ..SITE
    },
];

/// Path, content type and bytes of the pictures that the documents show.
pub(super) const PICTURES: &[(&str, &str, &[u8])] = &[
    ("/pictures/bridge.png", "image/png", include_bytes!("documents/bridge.png")),
    ("/pictures/harvest.svg", "image/svg+xml", include_bytes!("documents/harvest.svg")),
    ("/pictures/pottery.svg", "image/svg+xml", include_bytes!("documents/pottery.svg")),
];

/// Language, what the entries share, (source, guid with placeholder) of each.
pub(super) type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The stories that more than one source tells.
pub(super) const SHARED: &[Row] = &[
    (
        "en",
        "the same address, with tracking parameters and a fragment",
        &[
            ("courier", "tag:courier.example,2026:bridge-reopens"),
            ("gazette", "tag:gazette.example,2026:n101"),
        ],
    ),
    (
        "en",
        "the same wire text, with other quotation marks",
        &[("courier", "tag:courier.example,2026:library-late"), ("gazette", "tag:gazette.example,2026:n98")],
    ),
    (
        "en",
        "the same text below another headline",
        &[("courier", "tag:courier.example,2026:greenhouse"), ("gazette", "tag:gazette.example,2026:n95")],
    ),
    (
        "en",
        "the same headline; once without a text",
        &[
            ("railway", "{{ORIGIN}}/railway/notice/night-train"),
            ("courier", "tag:courier.example,2026:night-train"),
            ("gazette", "tag:gazette.example,2026:n104"),
        ],
    ),
    (
        "en",
        "an excerpt and the full text",
        &[("weather", "larkstone-frost-2026"), ("courier", "tag:courier.example,2026:frost")],
    ),
    (
        "fa",
        "the same address, with tracking parameters",
        &[("narvan", "tag:narvan.example,2026:2298"), ("asiab", "tag:asiab.example,2026:611")],
    ),
    (
        "fa",
        "the same wire text, with Arabic ي and ك and spaces for ZWNJ",
        &[("narvan", "tag:narvan.example,2026:2301"), ("asiab", "tag:asiab.example,2026:615")],
    ),
    (
        "fa",
        "the same text below another headline",
        &[("narvan", "tag:narvan.example,2026:2306"), ("ketabkhane", "tag:ketabkhane.example,2026:88")],
    ),
    (
        "fa",
        "the same headline; once without a text",
        &[("asiab", "tag:asiab.example,2026:613"), ("bazar", "bazar-zaferan")],
    ),
    (
        "fa",
        "an excerpt and the full text",
        &[("ketabkhane", "tag:ketabkhane.example,2026:86"), ("asiab", "tag:asiab.example,2026:618")],
    ),
    (
        "ar",
        "the same address, with tracking parameters",
        &[("mathaf", "{{ORIGIN}}/mathaf/jirar"), ("sarw", "tag:sarw.example,2026:jirar")],
    ),
    (
        "ar",
        "the same wire text, with other digits, without diacritics, ى for ي",
        &[("sarw", "tag:sarw.example,2026:jisr"), ("madrasa", "tag:madrasa.example,2026:41")],
    ),
    (
        "ar",
        "the same text below another headline",
        &[("sarw", "tag:sarw.example,2026:shatla"), ("madrasa", "tag:madrasa.example,2026:43")],
    ),
    (
        "ar",
        "the same headline; once without a text",
        &[("sarw", "tag:sarw.example,2026:maktaba"), ("madrasa", "tag:madrasa.example,2026:42")],
    ),
    (
        "ar",
        "an excerpt and the full text",
        &[("sarw", "tag:sarw.example,2026:zaytun"), ("mathaf", "{{ORIGIN}}/mathaf/zaytun")],
    ),
];

/// Entries that look like one story and are several.
pub(super) const LOOKALIKES: &[Row] = &[
    (
        "en",
        "market prices of two days, by one template",
        &[
            ("courier", "tag:courier.example,2026:prices-17"),
            ("courier", "tag:courier.example,2026:prices-18"),
        ],
    ),
    (
        "en",
        "reports of two matches",
        &[
            ("rovers", "tag:rovers.example,2026:report-fenbridge"),
            ("rovers", "tag:rovers.example,2026:report-larkstone"),
        ],
    ),
    (
        "en",
        "two weeks of leaves on the line",
        &[
            ("railway", "{{ORIGIN}}/railway/notice/leaves-1"),
            ("railway", "{{ORIGIN}}/railway/notice/leaves-2"),
        ],
    ),
    (
        "en",
        "forecasts of three days, by one template",
        &[
            ("weather", "larkstone-2026-11-17"),
            ("weather", "larkstone-2026-11-18"),
            ("weather", "larkstone-2026-11-19"),
        ],
    ),
    (
        "fa",
        "market prices of three days, by one template",
        &[("bazar", "bazar-2026-11-17"), ("bazar", "bazar-2026-11-18"), ("bazar", "bazar-2026-11-19")],
    ),
    (
        "fa",
        "reports of two matches",
        &[("narvan", "tag:narvan.example,2026:2297"), ("narvan", "tag:narvan.example,2026:2307")],
    ),
    (
        "ar",
        "market prices of two days, by one template",
        &[("sarw", "tag:sarw.example,2026:prices-17"), ("sarw", "tag:sarw.example,2026:prices-18")],
    ),
    (
        "ar",
        "reports of two matches",
        &[("madrasa", "tag:madrasa.example,2026:39"), ("madrasa", "tag:madrasa.example,2026:44")],
    ),
];
