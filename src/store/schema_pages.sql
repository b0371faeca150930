-- Article pages that were asked for: each is read once, those that failed a few times more.
CREATE TABLE article_page (
    source         INTEGER NOT NULL,
    link_hash      INTEGER NOT NULL,             -- of the canonical form of the address that the source lists
    url            TEXT    NOT NULL,             -- as listed
    canonical_hash INTEGER,                      -- of the address that the page gives itself
    failures       INTEGER NOT NULL,             -- in a row
    reads          INTEGER NOT NULL,
    last_read      INTEGER,
    next_try       INTEGER,                      -- when to ask again; NULL: only when the source lists it changed
    etag           BLOB,
    last_modified  BLOB,
    validators_of  TEXT,
    listed         TEXT,                         -- JSON: what the source listed, while the page is still to be read
    PRIMARY KEY (source, link_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_page_due ON article_page (source, next_try) WHERE next_try IS NOT NULL;
CREATE INDEX article_page_by_canonical ON article_page (source, canonical_hash) WHERE canonical_hash IS NOT NULL;
