-- Statements and returns: what there is, where it stands and which rules it breaks. No amount
-- stands here: figures lie in the core store, at the addresses that these tables name.
CREATE TABLE statement_book (
    client_id BYTEA NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
CREATE TABLE statement_set (
    client_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    number BIGINT NOT NULL,
    head BYTEA NOT NULL REFERENCES core_reference (address),
    prepared_by BYTEA NOT NULL,
    prepared_by_name TEXT NOT NULL,
    prepared_at BIGINT NOT NULL,
    submitted_by BYTEA,
    submitted_by_name TEXT,
    submitted_at BIGINT,
    reviewed_by BYTEA,
    reviewed_by_name TEXT,
    reviewed_at BIGINT,
    approved_by BYTEA,
    approved_by_name TEXT,
    approved_at BIGINT,
    first BYTEA REFERENCES core_reference (address),
    first_by BYTEA,
    first_by_name TEXT,
    first_at BIGINT,
    first_month TEXT,
    first_department BYTEA,
    first_errors BIGINT,
    errors BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    hints BIGINT NOT NULL,
    uncheckable BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, kind, period)
);
CREATE INDEX statement_set_first ON statement_set (first_month, client_id);
CREATE TABLE statement_revision (
    client_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    number BIGINT NOT NULL,
    address BYTEA NOT NULL REFERENCES core_reference (address),
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    source TEXT NOT NULL,
    cause TEXT,
    PRIMARY KEY (client_id, kind, period, number)
);
CREATE TABLE statement_outcome (
    client_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    rank BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (client_id, kind, period, rule)
);
CREATE INDEX statement_outcome_rank ON statement_outcome (state, rank, since);
CREATE TABLE statement_exception (
    client_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    number BIGINT NOT NULL,
    rule TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    reason BYTEA NOT NULL REFERENCES core_reference (address),
    PRIMARY KEY (client_id, kind, period, number, rule)
);
CREATE TABLE statement_rule_setting (
    number BIGINT NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    severity TEXT,
    tolerance TEXT,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL
);
CREATE TABLE statement_upload (
    id BYTEA NOT NULL PRIMARY KEY,
    client_id BYTEA NOT NULL,
    file_name TEXT NOT NULL,
    original BYTEA NOT NULL REFERENCES core_reference (address),
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX statement_upload_client ON statement_upload (client_id, at);
CREATE TABLE statement_match (
    layout TEXT NOT NULL,
    name BYTEA NOT NULL,
    line BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    PRIMARY KEY (layout, name)
);
