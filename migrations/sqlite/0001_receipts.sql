-- What is looked for in receipts. Their texts are apart, so that a scan of this table is short.
CREATE TABLE receipts (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    agent BLOB NOT NULL CHECK (length(agent) = 32),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    previous BLOB CHECK (length(previous) = 32),
    run_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    status TEXT NOT NULL,
    started_seconds INTEGER NOT NULL,
    started_nanoseconds INTEGER NOT NULL,
    ended_seconds INTEGER NOT NULL,
    ended_nanoseconds INTEGER NOT NULL,
    event_count INTEGER NOT NULL CHECK (event_count >= 0),
    UNIQUE (agent, sequence),
    CHECK ((sequence = 0) = (previous IS NULL))
) STRICT;
CREATE INDEX receipts_by_run ON receipts (run_id);
CREATE INDEX receipts_by_trace ON receipts (trace_id);
CREATE INDEX receipts_not_completed ON receipts (status) WHERE status <> 'completed';

-- Texts as they were received, byte for byte.
CREATE TABLE receipt_texts (
    receipt_id INTEGER PRIMARY KEY REFERENCES receipts (id),
    text BLOB NOT NULL
) STRICT;

CREATE TRIGGER receipts_stay_as_they_are BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER receipts_stay BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
CREATE TRIGGER receipt_texts_stay_as_they_are BEFORE UPDATE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER receipt_texts_stay BEFORE DELETE ON receipt_texts
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
