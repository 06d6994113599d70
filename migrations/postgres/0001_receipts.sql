-- What never changes is held by triggers as well as by the program: they keep honest mistakes out.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''%'', TG_ARGV[0] USING ERRCODE = ''restrict_violation''; END';

-- What is looked for in receipts. Their texts are apart, so that a scan of this table is short.
CREATE TABLE receipts (
    id BIGINT PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE CHECK (length(digest) = 32),
    agent BYTEA NOT NULL CHECK (length(agent) = 32),
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    previous BYTEA CHECK (length(previous) = 32),
    run_id TEXT COLLATE "C" NOT NULL,
    trace_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    started_seconds BIGINT NOT NULL,
    started_nanoseconds BIGINT NOT NULL,
    ended_seconds BIGINT NOT NULL,
    ended_nanoseconds BIGINT NOT NULL,
    event_count BIGINT NOT NULL CHECK (event_count >= 0),
    UNIQUE (agent, sequence),
    CHECK ((sequence = 0) = (previous IS NULL))
);
CREATE INDEX receipts_by_run ON receipts (run_id);
CREATE INDEX receipts_by_trace ON receipts (trace_id);
CREATE INDEX receipts_not_completed ON receipts (status) WHERE status <> 'completed';

-- Texts as they were received, byte for byte.
CREATE TABLE receipt_texts (
    receipt_id BIGINT PRIMARY KEY REFERENCES receipts (id),
    text BYTEA NOT NULL
);

CREATE TRIGGER receipts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a receipt never changes');
CREATE TRIGGER receipt_texts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt_texts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a receipt never changes');
