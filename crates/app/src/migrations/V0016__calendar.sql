-- Notices that the firm took in: a year's holidays, or deadlines that a tax bureau published.
CREATE TABLE calendar_notice (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    source TEXT NOT NULL,
    notice TEXT NOT NULL,
    entries BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id BYTEA NOT NULL,
    by_name TEXT NOT NULL
);
CREATE INDEX calendar_notice_at ON calendar_notice (at);

-- The days of the newest notice of each year.
CREATE TABLE calendar_holiday (
    year BIGINT NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (year, day)
);

-- Published deadlines; an empty region is the country, an empty tax all that are due by the 15th.
CREATE TABLE calendar_deadline (
    year BIGINT NOT NULL,
    month BIGINT NOT NULL,
    region TEXT NOT NULL,
    tax TEXT NOT NULL,
    deadline TEXT NOT NULL,
    notice TEXT NOT NULL,
    notice_id BYTEA NOT NULL,
    PRIMARY KEY (year, month, region, tax)
);

-- One subscription per person; of its secret only the digest is kept.
CREATE TABLE calendar_feed (
    user_id BYTEA NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    fetched_at BIGINT
);
