-- Who stands how to which client; the row scope of every list joins it.
CREATE TABLE relation (
    client_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    holder BYTEA NOT NULL,
    until BIGINT,
    since BIGINT NOT NULL,
    PRIMARY KEY (client_id, kind, holder)
);
CREATE INDEX relation_holder ON relation (holder, kind, client_id);
CREATE UNIQUE INDEX relation_one_lead ON relation (client_id) WHERE kind = 'lead';
CREATE UNIQUE INDEX relation_one_reviewer ON relation (client_id) WHERE kind = 'reviewer';
CREATE UNIQUE INDEX relation_one_department ON relation (client_id) WHERE kind = 'department';

-- The record: entries wait without a number until the sealer orders them into the tree.
CREATE TABLE record_entry (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    number BIGINT,
    leaf BYTEA,
    actor BYTEA NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX record_entry_number ON record_entry (number);
CREATE INDEX record_entry_waiting ON record_entry (at, id) WHERE number IS NULL;
CREATE INDEX record_entry_at ON record_entry (at, id);
CREATE INDEX record_entry_actor ON record_entry (actor, at);
CREATE TABLE record_client (
    client_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    entry_id BYTEA NOT NULL,
    PRIMARY KEY (client_id, at, entry_id)
);
CREATE TABLE record_tree (
    one BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL
);
CREATE TABLE record_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    text TEXT NOT NULL
);

-- Data keys, wrapped by the master key.
CREATE TABLE data_key (
    id BIGINT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE TABLE key_state (
    one BIGINT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL,
    recovery_confirmed BIGINT NOT NULL,
    rotation_done BIGINT NOT NULL,
    rotation_total BIGINT NOT NULL
);
