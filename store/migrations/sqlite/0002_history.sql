-- +goose Up

CREATE TABLE customers (
    id        TEXT    PRIMARY KEY,
    name      TEXT    NOT NULL,
    phone     TEXT    NOT NULL,
    email     TEXT    NOT NULL,
    region    TEXT    NOT NULL,
    tier      TEXT    NOT NULL,
    industry  TEXT    NOT NULL,
    joined_at INTEGER NOT NULL,
    opted_out BOOLEAN NOT NULL
);

-- The primary key is the covering index of cohort queries and makes an import
-- idempotent; attrs_hash tells apart contacts that differ in attrs alone.
CREATE TABLE exposures (
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    customer_id TEXT    NOT NULL,
    attrs_hash  INTEGER NOT NULL,
    attrs       TEXT    NOT NULL,
    PRIMARY KEY (kind, key, at, customer_id, attrs_hash)
) WITHOUT ROWID;

CREATE TABLE campaigns (
    id        TEXT    PRIMARY KEY,
    name      TEXT    NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    channel   TEXT    NOT NULL,
    rules     TEXT    NOT NULL,
    audience  TEXT    NOT NULL
);

CREATE TABLE solutions (
    id           TEXT    PRIMARY KEY,
    type         TEXT    NOT NULL,
    subtype      TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    uses         INTEGER NOT NULL,
    satisfaction REAL
);
CREATE INDEX solutions_type ON solutions (type, subtype);
