-- Keys of requests that make something: a request sent twice makes it once. `digest` is keyed.
CREATE TABLE request_key (
    user_id BYTEA NOT NULL,
    key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    made BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX request_key_expires ON request_key (expires_at);

-- Work on stored rows that takes the keys, and so is done by Heng at its next start.
CREATE TABLE upkeep (
    work TEXT NOT NULL PRIMARY KEY
);
INSERT INTO upkeep (work) VALUES ('seal_guarantors');

ALTER TABLE custom_field ADD COLUMN required BIGINT NOT NULL DEFAULT 0;
