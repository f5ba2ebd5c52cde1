-- The archive. `fields` is the truth; the columns beside it are what lists filter, sort and show.
CREATE TABLE client (
    id BYTEA NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    stage TEXT NOT NULL,
    fields TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    pinyin TEXT NOT NULL,
    short_name TEXT,
    uscc TEXT,
    legal_rep_name TEXT,
    taxpayer_kind TEXT,
    industry_code TEXT,
    size_class TEXT,
    registered_capital_fen BIGINT,
    registered_on TEXT,
    region TEXT,
    tags TEXT NOT NULL,
    completeness BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    recycled_at BIGINT,
    merged_into BYTEA,
    import_id BYTEA
);
CREATE UNIQUE INDEX client_uscc ON client (uscc) WHERE merged_into IS NULL;
CREATE INDEX client_name ON client (name, id);
CREATE INDEX client_name_key ON client (name_key);
CREATE INDEX client_updated ON client (updated_at, id);
CREATE INDEX client_stage ON client (stage, updated_at, id);
CREATE INDEX client_registered ON client (registered_on, id);
CREATE INDEX client_capital ON client (registered_capital_fen, id);
CREATE INDEX client_completeness ON client (completeness, id);
CREATE INDEX client_import ON client (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE client_item (
    id BYTEA NOT NULL PRIMARY KEY,
    client_id BYTEA NOT NULL,
    list TEXT NOT NULL,
    position BIGINT NOT NULL,
    fields TEXT NOT NULL
);
CREATE INDEX client_item_client ON client_item (client_id, list, position);

-- Keyed tokens by which sealed values are found, exactly and by a phone's last digits.
CREATE TABLE client_token (
    client_id BYTEA NOT NULL,
    item_id BYTEA NOT NULL,
    field TEXT NOT NULL,
    token BYTEA NOT NULL,
    PRIMARY KEY (client_id, item_id, field)
);
CREATE INDEX client_token_value ON client_token (token, field, client_id);

CREATE TABLE client_tag (
    client_id BYTEA NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (client_id, tag)
);
CREATE INDEX client_tag_tag ON client_tag (tag, client_id);

-- What was before each change; the present is in `client` and `client_item`.
CREATE TABLE client_version (
    client_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    source TEXT NOT NULL,
    why TEXT NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (client_id, version)
);

CREATE TABLE client_number (
    one BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO client_number (one, last) VALUES (1, 0);

CREATE TABLE custom_field (
    key TEXT NOT NULL PRIMARY KEY,
    section TEXT NOT NULL,
    kind TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    item TEXT NOT NULL,
    choices TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE saved_view (
    id BYTEA NOT NULL PRIMARY KEY,
    owner BYTEA NOT NULL,
    name TEXT NOT NULL,
    shared BIGINT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_view_owner ON saved_view (owner, name);

CREATE TABLE reveal_count (
    user_id BYTEA NOT NULL,
    day TEXT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);

CREATE TABLE import_run (
    id BYTEA NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL,
    department_id BYTEA,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    mode TEXT NOT NULL,
    layout TEXT NOT NULL,
    mapping TEXT NOT NULL,
    header TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    leased_until BIGINT NOT NULL
);
CREATE INDEX import_run_at ON import_run (at, id);
CREATE TABLE import_refusal (
    import_id BYTEA NOT NULL,
    row BIGINT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, row)
);
CREATE TABLE import_change (
    import_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    tokens TEXT NOT NULL,
    PRIMARY KEY (import_id, client_id)
);
CREATE TABLE import_layout (
    layout TEXT NOT NULL PRIMARY KEY,
    mapping TEXT NOT NULL,
    at BIGINT NOT NULL
);
