-- A legal hold keeps a client from deletion; it is gone once a second person released it.
CREATE TABLE client_hold (
    client_id BYTEA NOT NULL PRIMARY KEY,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL,
    release_by BYTEA,
    release_name TEXT,
    release_why TEXT,
    release_at BIGINT
);

-- Clients whose final removal one person asked for; another person removes.
CREATE TABLE client_removal (
    client_id BYTEA NOT NULL PRIMARY KEY,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL
);
