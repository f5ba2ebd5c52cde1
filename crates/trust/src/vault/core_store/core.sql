-- Which core store this is; the main store remembers it, so that no other one is taken for it.
CREATE TABLE core_state (
    one BIGINT NOT NULL PRIMARY KEY,
    core_id BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);
-- Keys of the core store alone, wrapped by the master key.
CREATE TABLE core_key (
    id BIGINT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
-- Immutable revisions. Destroying one takes its key and its content and leaves the row.
CREATE TABLE core_revision (
    address BYTEA NOT NULL PRIMARY KEY,
    owner BYTEA NOT NULL,
    item TEXT NOT NULL,
    key_id BIGINT,
    wrapped BYTEA,
    sealed BYTEA,
    at BIGINT NOT NULL,
    destroyed_at BIGINT,
    orphaned_at BIGINT
);
CREATE INDEX core_revision_key ON core_revision (key_id, address);
