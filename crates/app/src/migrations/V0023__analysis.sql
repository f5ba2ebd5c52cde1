-- What analyses of statements need besides them. Amounts lie in the core store, at the address;
-- guideposts are the firm's own experience, each change a row: the last of a ratio and industry holds.
CREATE TABLE statement_entered (
    client_id BYTEA NOT NULL,
    period TEXT NOT NULL,
    version BIGINT NOT NULL,
    address BYTEA NOT NULL REFERENCES core_reference (address),
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (client_id, period, version)
);
CREATE TABLE statement_guidepost (
    number BIGINT NOT NULL PRIMARY KEY,
    ratio TEXT NOT NULL,
    industry TEXT NOT NULL,
    better TEXT,
    good BIGINT,
    alarm BIGINT,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL
);
