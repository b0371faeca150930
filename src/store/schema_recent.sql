-- What came to the inverted index last: a few thousand rows at random would change most pages of `posting`. From time to time
-- they move there, sorted.
CREATE TABLE recent_posting (
    key   INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID;

-- A source's rhythm is learnt after each visit: from this index alone, without a look at its entries.
DROP INDEX entry_by_place;
CREATE INDEX entry_by_place ON entry (source, place DESC, published) WHERE place IS NOT NULL;
