-- Which receipts a period has, as ranges of rows: nearly always one for a period, where there was a row
-- for each receipt. A receipt is in one range at most.
CREATE TABLE sealed_ranges (
    first_id BIGINT PRIMARY KEY REFERENCES receipts (id),
    last_id BIGINT NOT NULL REFERENCES receipts (id) CHECK (last_id >= first_id),
    period BIGINT NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE USING gist (int8range(first_id, last_id, '[]') WITH &&)
);
CREATE INDEX sealed_ranges_by_period ON sealed_ranges (period);

INSERT INTO sealed_ranges (first_id, last_id, period)
    SELECT min(receipt_id), max(receipt_id), period
    FROM (SELECT receipt_id, period,
            receipt_id - row_number() OVER (PARTITION BY period ORDER BY receipt_id) AS range
        FROM assignments) AS ranged
    GROUP BY period, range;
DROP TABLE assignments;

CREATE TRIGGER sealed_ranges_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_ranges
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a sealed period never changes');
