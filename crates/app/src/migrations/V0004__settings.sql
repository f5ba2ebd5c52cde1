-- What the firm has decided about itself; a key that is missing has its default.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BYTEA NOT NULL
);
