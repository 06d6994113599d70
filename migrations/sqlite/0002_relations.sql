CREATE TABLE addenda (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    receipt_id INTEGER NOT NULL REFERENCES receipts (id),
    text BLOB NOT NULL
) STRICT;
CREATE INDEX addenda_by_receipt ON addenda (receipt_id);

-- What receipts and addenda say, so that it is found. A parent need not be stored here.
CREATE TABLE edges (
    id INTEGER PRIMARY KEY,
    child BLOB NOT NULL CHECK (length(child) = 32),
    parent BLOB NOT NULL CHECK (length(parent) = 32),
    relation TEXT NOT NULL,
    UNIQUE (child, parent, relation)
) STRICT;
CREATE INDEX edges_by_parent ON edges (parent);

-- Here and below `addendum_id` is null where the receipt itself says it.
CREATE TABLE state_proofs (
    id INTEGER PRIMARY KEY,
    receipt_id INTEGER NOT NULL REFERENCES receipts (id),
    addendum_id INTEGER REFERENCES addenda (id),
    agent BLOB NOT NULL CHECK (length(agent) = 32),
    state_type TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    previous BLOB CHECK (length(previous) = 32),
    next BLOB NOT NULL CHECK (length(next) = 32)
) STRICT;
CREATE INDEX state_proofs_in_order ON state_proofs (agent, state_type, sequence);

CREATE TABLE policy_bindings (
    id INTEGER PRIMARY KEY,
    receipt_id INTEGER NOT NULL REFERENCES receipts (id),
    addendum_id INTEGER REFERENCES addenda (id),
    policy_id TEXT NOT NULL,
    binding BLOB NOT NULL
) STRICT;
CREATE INDEX policy_bindings_by_policy ON policy_bindings (policy_id);
