-- Times are seconds since 1970-01-01 UTC; hashes are XXH3-64 as signed integers.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    key           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    url           TEXT    NOT NULL,              -- as configured; a change resets what belongs to the old place
    active        INTEGER NOT NULL DEFAULT 1,    -- named by feeds.toml and enabled
    moved_to      TEXT,                          -- where a permanent redirect led
    etag          BLOB,
    last_modified BLOB,
    validators_of TEXT,                          -- the URL that gave the two, where a redirect led there
    body_hash     INTEGER,
    last_visit    INTEGER,
    last_success  INTEGER,
    last_new      INTEGER,
    next_due      INTEGER,
    fresh_until   INTEGER,                       -- what Cache-Control or Expires said
    failures      INTEGER NOT NULL DEFAULT 0,    -- in a row
    gone          INTEGER NOT NULL DEFAULT 0,    -- it asked not to be visited again (410)
    http_status   INTEGER,
    error_kind    TEXT,
    error         TEXT,
    retry_at      INTEGER,                       -- Retry-After
    warnings      TEXT,                          -- JSON list of sentences
    about         TEXT,                          -- JSON: what the document says of itself
    hints         TEXT,                          -- JSON: ttl, skipHours …
    revision      INTEGER NOT NULL DEFAULT 0     -- of the store, when `about` changed last
) STRICT;

CREATE TABLE story (
    key       INTEGER PRIMARY KEY,
    id        BLOB    NOT NULL UNIQUE,           -- the 16 bytes of its UUID
    published INTEGER NOT NULL,                  -- frozen: its place in the feed
    position  INTEGER NOT NULL,                  -- the founder's place in its document: breaks ties
    updated   INTEGER NOT NULL,
    lead      INTEGER NOT NULL,                  -- the entry that speaks for it
    revision  INTEGER NOT NULL                   -- of the store, when it changed last
) STRICT;
CREATE INDEX story_by_place ON story (published DESC, position, id);
CREATE INDEX story_by_revision ON story (revision);

CREATE TABLE entry (
    key         INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: meta 'clustered' is the last one with a story
    source      INTEGER NOT NULL REFERENCES source,
    guid        TEXT    NOT NULL,
    guid_hash   INTEGER NOT NULL,
    link_hash   INTEGER,                         -- of the canonical address
    fingerprint INTEGER NOT NULL,                -- of what the document said: equal means untouched
    published   INTEGER NOT NULL,                -- frozen at first sight
    updated     INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    position    INTEGER NOT NULL,                -- place in its document at first sight
    story       INTEGER REFERENCES story,
    place       INTEGER,                         -- the story's place in the feed
    why         TEXT,                            -- JSON: stage, score, reason
    language    TEXT,
    title       TEXT    NOT NULL,
    link        TEXT,
    summary     TEXT,
    content     TEXT,
    rest        TEXT    NOT NULL,                -- JSON: the other fields of the article
    UNIQUE (source, guid_hash)
) STRICT;
CREATE INDEX entry_by_link  ON entry (source, link_hash) WHERE link_hash IS NOT NULL;
CREATE INDEX entry_by_story ON entry (story) WHERE story IS NOT NULL;
CREATE INDEX entry_by_place ON entry (source, place DESC) WHERE place IS NOT NULL;

-- What an entry is recognised by: computed once, in a form that `stories` knows.
CREATE TABLE feature (
    entry INTEGER PRIMARY KEY REFERENCES entry,
    bytes BLOB NOT NULL
) STRICT;

-- The inverted index: which entries have a key (a shingle, a headline, an address). Keys of text begin with the
-- period of the entry's date, so that all traffic is in the pages of the last weeks.
CREATE TABLE posting (
    key   INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID;

-- How often a source repeats a headline, a kicker, a closing line.
CREATE TABLE habit (
    key INTEGER PRIMARY KEY,
    n   INTEGER NOT NULL
) STRICT;

-- Stories that were published and are no more: found to be part of another, or withdrawn (RFC 6721).
CREATE TABLE tombstone (
    id          BLOB    PRIMARY KEY,
    at          INTEGER NOT NULL,
    merged_into BLOB
) STRICT, WITHOUT ROWID;

-- Entries that are known but kept no longer, or never were taken in: they are not announced again.
CREATE TABLE seen (
    source    INTEGER NOT NULL,
    guid_hash INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (source, guid_hash)
) STRICT, WITHOUT ROWID;

-- Hosts that asked to be left alone (Retry-After), whatever source met them first.
CREATE TABLE silence (
    host  TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lists of sources that come from the network, as they were fetched last.
CREATE TABLE include (
    url     TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    fetched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
