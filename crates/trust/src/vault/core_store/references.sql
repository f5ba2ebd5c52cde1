-- Which core store belongs to this main store.
CREATE TABLE core_binding (
    one BIGINT NOT NULL PRIMARY KEY,
    core_id BYTEA NOT NULL
);
-- Every revision that this store refers to; a table that names one refers to this one.
CREATE TABLE core_reference (
    address BYTEA NOT NULL PRIMARY KEY,
    owner BYTEA NOT NULL,
    at BIGINT NOT NULL,
    condemned_at BIGINT
);
CREATE INDEX core_reference_condemned ON core_reference (condemned_at, address)
    WHERE condemned_at IS NOT NULL;
