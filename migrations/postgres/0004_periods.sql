-- The one log that the store belongs to.
CREATE TABLE log (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    genesis_hash BYTEA NOT NULL CHECK (length(genesis_hash) = 32),
    address BYTEA NOT NULL CHECK (length(address) = 32)
);

CREATE TABLE periods (
    period BIGINT PRIMARY KEY CHECK (period >= 0),
    root BYTEA NOT NULL CHECK (length(root) = 32),
    leaf_count BIGINT NOT NULL CHECK (leaf_count >= 0),
    -- Every receipt up to here is in this period or an earlier one.
    sealed_through BIGINT NOT NULL
);

-- Leaf lists, 1,024 leaves of 72 bytes a chunk, with the root of each chunk's leaves.
CREATE TABLE leaf_chunks (
    period BIGINT NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED,
    chunk BIGINT NOT NULL CHECK (chunk >= 0),
    root BYTEA NOT NULL CHECK (length(root) = 32),
    leaves BYTEA NOT NULL CHECK (length(leaves) % 72 = 0),
    UNIQUE (period, chunk)
);

-- Which period a receipt is in: one at most.
CREATE TABLE assignments (
    receipt_id BIGINT PRIMARY KEY REFERENCES receipts (id),
    period BIGINT NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE promises (
    receipt_id BIGINT PRIMARY KEY REFERENCES receipts (id),
    period BIGINT NOT NULL CHECK (period >= 0),
    signature BYTEA NOT NULL CHECK (length(signature) = 64)
);
CREATE INDEX promises_by_period ON promises (period);

CREATE TRIGGER the_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a store is one log''s');
CREATE TRIGGER periods_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON periods
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a sealed period never changes');
CREATE TRIGGER leaf_chunks_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON leaf_chunks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a sealed period never changes');
CREATE TRIGGER assignments_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON assignments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a sealed period never changes');
CREATE TRIGGER promises_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON promises
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a promise never changes');
