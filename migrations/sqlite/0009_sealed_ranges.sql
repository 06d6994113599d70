-- Which receipts a period has, as ranges of rows: nearly always one for a period, where there was a row
-- for each receipt. A receipt is in one range at most.
CREATE TABLE sealed_ranges (
    first_id INTEGER PRIMARY KEY REFERENCES receipts (id),
    last_id INTEGER NOT NULL REFERENCES receipts (id) CHECK (last_id >= first_id),
    period INTEGER NOT NULL REFERENCES periods (period) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX sealed_ranges_by_period ON sealed_ranges (period);

INSERT INTO sealed_ranges (first_id, last_id, period)
    SELECT min(receipt_id), max(receipt_id), period
    FROM (SELECT receipt_id, period,
            receipt_id - row_number() OVER (PARTITION BY period ORDER BY receipt_id) AS range
        FROM assignments)
    GROUP BY period, range;
DROP TABLE assignments;

CREATE TRIGGER sealed_ranges_share_no_receipt BEFORE INSERT ON sealed_ranges
WHEN (SELECT last_id FROM sealed_ranges WHERE first_id <= NEW.last_id
    ORDER BY first_id DESC LIMIT 1) >= NEW.first_id
BEGIN SELECT RAISE(ABORT, 'a receipt is in one period at most'); END;
CREATE TRIGGER sealed_ranges_stay_as_they_are BEFORE UPDATE ON sealed_ranges
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
CREATE TRIGGER sealed_ranges_stay BEFORE DELETE ON sealed_ranges
BEGIN SELECT RAISE(ABORT, 'a sealed period never changes'); END;
