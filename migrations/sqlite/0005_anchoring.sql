CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL,
    signature BLOB NOT NULL UNIQUE CHECK (length(signature) = 64),
    bytes BLOB NOT NULL,
    last_valid_block_height INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'landed', 'expired')),
    landed_slot INTEGER,
    CHECK ((state = 'landed') = (landed_slot IS NOT NULL))
) STRICT;
-- Nothing is signed twice while the first can land, or has.
CREATE UNIQUE INDEX transactions_that_count ON transactions (purpose) WHERE state <> 'expired';
CREATE INDEX transactions_by_purpose ON transactions (purpose);

CREATE TABLE anchors (
    period INTEGER PRIMARY KEY REFERENCES periods (period),
    root BLOB NOT NULL CHECK (length(root) = 32),
    anchor_hash BLOB NOT NULL CHECK (length(anchor_hash) = 32),
    signature BLOB CHECK (length(signature) = 64),
    slot INTEGER NOT NULL,
    commitment TEXT NOT NULL CHECK (commitment IN ('confirmed', 'finalized'))
) STRICT;
CREATE TRIGGER finalized_anchors_stay BEFORE UPDATE ON anchors WHEN OLD.commitment = 'finalized'
BEGIN SELECT RAISE(ABORT, 'a finalized anchor never changes'); END;
