-- What was left out of rows that came in, or should be looked at; no value of level 3 or higher.
CREATE TABLE import_note (
    import_id BYTEA NOT NULL,
    row BIGINT NOT NULL,
    number BIGINT NOT NULL,
    position BIGINT,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (import_id, row, number)
);
-- Where a new client stands when its row does not say.
ALTER TABLE import_run ADD COLUMN stage TEXT NOT NULL DEFAULT 'prospect';
