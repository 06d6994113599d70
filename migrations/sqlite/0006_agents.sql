CREATE TABLE lifecycles (
    agent_id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    registered_at TEXT NOT NULL,
    activated_at TEXT,
    paused_at TEXT,
    retired_at TEXT,
    last_heartbeat TEXT,
    metadata TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entries (
    agent_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    entry_id TEXT NOT NULL UNIQUE,
    timestamp TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    previous BLOB CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (agent_id, seq),
    CHECK ((seq = 0) = (previous IS NULL))
) STRICT;

CREATE TABLE ledger_checkpoints (
    agent_id TEXT NOT NULL,
    from_seq INTEGER NOT NULL,
    checkpoint_id TEXT NOT NULL UNIQUE,
    timestamp TEXT NOT NULL,
    entry_count INTEGER NOT NULL CHECK (entry_count > 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    previous BLOB CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (agent_id, from_seq)
) STRICT;

CREATE TRIGGER ledger_entries_stay_as_they_are BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry never changes'); END;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry never changes'); END;
CREATE TRIGGER ledger_checkpoints_stay_as_they_are BEFORE UPDATE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'a ledger checkpoint never changes'); END;
CREATE TRIGGER ledger_checkpoints_stay BEFORE DELETE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'a ledger checkpoint never changes'); END;
