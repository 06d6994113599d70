-- What an agent is called where it runs. Neither ever gets another of the other.
CREATE TABLE agent_names (
    agent_id TEXT PRIMARY KEY,
    agent BLOB NOT NULL UNIQUE CHECK (length(agent) = 32)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER agent_names_stay_as_they_are BEFORE UPDATE ON agent_names
BEGIN SELECT RAISE(ABORT, 'a name never changes'); END;
CREATE TRIGGER agent_names_stay BEFORE DELETE ON agent_names
BEGIN SELECT RAISE(ABORT, 'a name never changes'); END;

-- What an entry is about, so that it is found: taken from its content, which its hash covers.
DROP TRIGGER ledger_entries_stay_as_they_are;
ALTER TABLE ledger_entries ADD COLUMN about TEXT;
UPDATE ledger_entries SET about = coalesce(
    json_extract(CAST(content AS TEXT), '$.about'), json_extract(CAST(content AS TEXT), '$.run_id'));
CREATE TRIGGER ledger_entries_stay_as_they_are BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry never changes'); END;
CREATE INDEX ledger_entries_by_type ON ledger_entries (content_type, agent_id);
CREATE INDEX ledger_entries_about ON ledger_entries (content_type, about);
