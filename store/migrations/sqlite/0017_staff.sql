-- +goose Up

-- Changes that are to lower the complaints of a scope. scope and control are
-- filters of figures as the query of an address, effect is JSON or ''. Days are
-- days since 1970, 0 for none.
CREATE TABLE improvements (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    title       TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    control     TEXT    NOT NULL,
    cluster_id  TEXT    NOT NULL,
    peak_from   INTEGER NOT NULL,
    peak_to     INTEGER NOT NULL,
    cause       TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    due         INTEGER NOT NULL,
    target      REAL NOT NULL,
    started     INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    copy_of     INTEGER NOT NULL,
    effect      TEXT    NOT NULL,
    effect_at   INTEGER NOT NULL,
    reminded_at INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL
);
CREATE INDEX improvements_due ON improvements (status, due);

CREATE TABLE improvement_remarks (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    improvement_id INTEGER NOT NULL REFERENCES improvements (id),
    at             INTEGER NOT NULL,
    by_whom        TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    text           TEXT    NOT NULL
);
CREATE INDEX improvement_remarks_of ON improvement_remarks (improvement_id, id);
