-- The one log that the store belongs to.
CREATE TABLE log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    genesis_hash BLOB NOT NULL CHECK (length(genesis_hash) = 32),
    address BLOB NOT NULL CHECK (length(address) = 32)
) STRICT;

CREATE TABLE periods (
    period INTEGER PRIMARY KEY CHECK (period >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    leaf_count INTEGER NOT NULL CHECK (leaf_count >= 0),
    -- Every receipt up to here is in this period or an earlier one.
    sealed_through INTEGER NOT NULL
) STRICT;

-- Leaf lists, 1,024 leaves of 72 bytes a chunk, with the root of each chunk's leaves.
CREATE TABLE leaf_chunks (
    period INTEGER NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED,
    chunk INTEGER NOT NULL CHECK (chunk >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    leaves BLOB NOT NULL CHECK (length(leaves) % 72 = 0),
    UNIQUE (period, chunk)
) STRICT;

-- Which period a receipt is in: one at most.
CREATE TABLE assignments (
    receipt_id INTEGER PRIMARY KEY REFERENCES receipts (id),
    period INTEGER NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE promises (
    receipt_id INTEGER PRIMARY KEY REFERENCES receipts (id),
    period INTEGER NOT NULL CHECK (period >= 0),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE INDEX promises_by_period ON promises (period);

CREATE TRIGGER the_log_stays BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'a store is one log''s'); END;
CREATE TRIGGER periods_stay_as_they_are BEFORE UPDATE ON periods
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER periods_stay BEFORE DELETE ON periods
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER leaf_chunks_stay_as_they_are BEFORE UPDATE ON leaf_chunks
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER leaf_chunks_stay BEFORE DELETE ON leaf_chunks
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER assignments_stay_as_they_are BEFORE UPDATE ON assignments
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER assignments_stay BEFORE DELETE ON assignments
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER promises_stay_as_they_are BEFORE UPDATE ON promises
BEGIN SELECT RAISE(ABORT, 'a promise never changes'); END;
CREATE TRIGGER promises_stay BEFORE DELETE ON promises
BEGIN SELECT RAISE(ABORT, 'a promise never changes'); END;
