-- The archive of each document that people subscribe to (RFC 5005).
CREATE TABLE archive (
    key      INTEGER PRIMARY KEY,
    path     TEXT    NOT NULL UNIQUE,            -- of the document
    scope    INTEGER NOT NULL,                   -- hash of what it takes: when that changes, every story is looked at again
    revision INTEGER NOT NULL,                   -- of the store, up to which stories were looked at
    open     TEXT    NOT NULL                    -- the name that its next part will have
) STRICT;

-- The parts that are closed.
CREATE TABLE archive_part (
    archive  INTEGER NOT NULL,
    number   INTEGER NOT NULL,                   -- from 1, in order
    name     TEXT    NOT NULL,
    at       INTEGER NOT NULL,                   -- when it was closed
    made_for INTEGER,                            -- hash of the addresses in its file; NULL: there is no file yet
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;

-- Which stories were in a document, and in which part each is: in one for ever, or in none yet.
CREATE TABLE archive_story (
    archive INTEGER NOT NULL,
    story   BLOB    NOT NULL,                    -- id
    part    INTEGER,
    PRIMARY KEY (archive, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_story_open ON archive_story (archive) WHERE part IS NULL;
CREATE INDEX archive_story_by_part ON archive_story (archive, part) WHERE part IS NOT NULL;

CREATE INDEX tombstone_by_time ON tombstone (at);
CREATE INDEX tombstone_by_story ON tombstone (merged_into) WHERE merged_into IS NOT NULL;
