-- Runs, active ones (without a receipt) and finished ones.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    trace_id TEXT NOT NULL,
    agent BLOB NOT NULL CHECK (length(agent) = 32),
    adapter TEXT NOT NULL,
    session_key TEXT,
    started_seconds INTEGER NOT NULL,
    started_nanoseconds INTEGER NOT NULL,
    trigger TEXT,
    event_count INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER,
    receipt_id INTEGER UNIQUE REFERENCES receipts (id)
) STRICT;
CREATE INDEX runs_active ON runs (id) WHERE receipt_id IS NULL;

CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    event_id TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (run, seq),
    UNIQUE (run, event_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER finished_runs_stay_as_they_are BEFORE UPDATE ON runs WHEN OLD.receipt_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a finished run never changes'); END;
