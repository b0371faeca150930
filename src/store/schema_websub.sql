-- WebSub: the hub and the topic that a source's document names.
ALTER TABLE source ADD COLUMN hub   TEXT;
ALTER TABLE source ADD COLUMN topic TEXT;

-- Our subscriptions at those hubs.
CREATE TABLE subscription (
    source   INTEGER PRIMARY KEY,
    hub      TEXT    NOT NULL,
    topic    TEXT    NOT NULL,
    token    TEXT    NOT NULL UNIQUE,           -- of the callback's path: nobody can guess it
    secret   TEXT    NOT NULL,                  -- what is pushed is signed with it
    state    TEXT    NOT NULL,                  -- asked, live, denied
    until    INTEGER,                           -- the end of the lease
    next_try INTEGER NOT NULL,                  -- when the hub is asked (again)
    failures INTEGER NOT NULL DEFAULT 0         -- in a row
) STRICT;

-- Those who have subscribed to an output at our own hub.
CREATE TABLE subscriber (
    key      INTEGER PRIMARY KEY,
    topic    TEXT    NOT NULL,                  -- the output's path
    callback TEXT    NOT NULL,
    secret   BLOB,
    until    INTEGER NOT NULL,                  -- the end of the lease
    due      INTEGER,                           -- when the newest content is to be delivered; NULL: it was
    version  INTEGER NOT NULL DEFAULT 0,        -- of the content: counts changes of the output
    attempts INTEGER NOT NULL DEFAULT 0,        -- to deliver that version, in vain
    UNIQUE (topic, callback)
) STRICT;
CREATE INDEX subscriber_by_due ON subscriber (due) WHERE due IS NOT NULL;
