-- Search: the words of each entry in the comparison form. Neither texts nor positions are kept, only who has a word.
CREATE VIRTUAL TABLE search USING fts5(
    words, content = '', contentless_delete = 1, detail = none, tokenize = "ascii"
);

-- Entries whose words are to be taken into `search` (again): those that changed. New ones are told by meta 'indexed'.
CREATE TABLE unindexed (
    entry INTEGER PRIMARY KEY
) STRICT;

-- What rules call an entry, beside what its source is called.
CREATE TABLE tag (
    name  TEXT    NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (name, entry)
) STRICT, WITHOUT ROWID;

-- What an entry said before, where its source is configured to keep that.
CREATE TABLE revision (
    entry   INTEGER NOT NULL,
    at      INTEGER NOT NULL,                    -- when it was replaced
    title   TEXT    NOT NULL,
    summary TEXT,
    content TEXT
) STRICT;
CREATE INDEX revision_by_entry ON revision (entry, at);

-- How often `updated` moved since `moves_from`: a bound on storms of edits.
ALTER TABLE entry ADD COLUMN moves      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN moves_from INTEGER;
