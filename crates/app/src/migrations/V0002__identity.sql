-- The people of the firm.
CREATE TABLE department (
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id BYTEA
);
CREATE UNIQUE INDEX department_name ON department (name);
CREATE INDEX department_parent ON department (parent_id);
CREATE TABLE account (
    id BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    display_name TEXT NOT NULL,
    department_id BYTEA,
    clearance BIGINT NOT NULL,
    training_until TEXT,
    email TEXT,
    password_hash TEXT,
    totp BYTEA,
    totp_pending BYTEA,
    totp_step BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_folded ON account (folded);
CREATE INDEX account_department ON account (department_id);
CREATE TABLE account_role (
    user_id BYTEA NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
);
CREATE INDEX account_role_role ON account_role (role);

-- How they get in. Secrets are kept as digests only; the seed of one-time codes is sealed.
CREATE TABLE session (
    id BYTEA NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    mfa BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX session_digest ON session (digest);
CREATE INDEX session_by_user ON session (user_id, ended_at);
CREATE TABLE token (
    id BYTEA NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    writes BIGINT NOT NULL,
    mfa BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX token_digest ON token (digest);
CREATE INDEX token_by_user ON token (user_id);
CREATE TABLE one_time_link (
    digest BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id BYTEA,
    made_by BYTEA NOT NULL,
    needs_second BIGINT NOT NULL,
    approved_by BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX one_time_link_user ON one_time_link (user_id);
CREATE TABLE recovery_code (
    user_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
);

-- Failed sign-ins, by a keyed mark of the name or of the address, whether the name exists or not.
CREATE TABLE sign_in_lock (
    mark BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    failed_at BIGINT NOT NULL
);
