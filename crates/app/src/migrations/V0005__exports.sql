-- Exports are numbered; the number stands in the file, on its pages and on record.
CREATE TABLE export_number (
    one BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO export_number (one, last) VALUES (1, 0);

-- Unmasked exports wait for a second person.
CREATE TABLE export_request (
    id BYTEA NOT NULL PRIMARY KEY,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    query TEXT NOT NULL,
    clients BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BYTEA,
    decided_name TEXT,
    decided_at BIGINT
);
CREATE INDEX export_request_state ON export_request (state, at);
CREATE INDEX export_request_by ON export_request (by_id, at);

CREATE UNIQUE INDEX saved_view_name ON saved_view (owner, name);
