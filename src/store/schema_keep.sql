-- When a document of the source was read whole last: what `seen` rows are older than that by long is listed no more.
ALTER TABLE source ADD COLUMN last_read INTEGER;

-- What the operator was told of the source, and since when it holds: JSON, kind → seconds.
ALTER TABLE source ADD COLUMN flags TEXT;
