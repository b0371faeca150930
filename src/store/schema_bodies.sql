-- What is long of an entry, beside it: SQLite writes a row anew, whole, when a number in it changes, and each entry is
-- written a second time when it is told which story it belongs to.
CREATE TABLE body (
    entry   INTEGER PRIMARY KEY REFERENCES entry,
    summary TEXT,
    content TEXT,
    rest    TEXT NOT NULL                        -- JSON: the fields of the article that have no column
) STRICT;
INSERT INTO body (entry, summary, content, rest) SELECT key, summary, content, rest FROM entry;
ALTER TABLE entry DROP COLUMN summary;
ALTER TABLE entry DROP COLUMN content;
ALTER TABLE entry DROP COLUMN rest;
