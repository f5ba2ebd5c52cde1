
-- Words, pairs of characters and pinyin of names; a hit is looked at again before it is shown.
CREATE TABLE client_search (
    rowid BIGINT NOT NULL PRIMARY KEY,
    tokens TSVECTOR NOT NULL
);
CREATE INDEX client_search_tokens ON client_search USING GIN (tokens);
