-- What an anchor says, as a bundle has it: kept for the day on which its account is closed.
ALTER TABLE anchors ADD COLUMN facts BLOB;
