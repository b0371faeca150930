-- Every entry is in the search index or in `unindexed`: meta 'indexed', which told up to where the index went, is needless.
INSERT OR IGNORE INTO unindexed
    SELECT key FROM entry WHERE key > coalesce((SELECT value FROM meta WHERE name = 'indexed'), 0);
DELETE FROM meta WHERE name = 'indexed';

-- `last_read` also tells when a page was given up: without a time it could never be forgotten.
UPDATE article_page SET last_read = unixepoch() WHERE last_read IS NULL AND next_try IS NULL;
