-- +goose Up

-- One row: the last seq and change given out. Updating it is the first step of
-- every transaction that writes cases; its lock puts them in commit order.
CREATE TABLE counters (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    seq    INTEGER NOT NULL,
    change INTEGER NOT NULL
);
INSERT INTO counters (id, seq, change) VALUES (1, 0, 0);

-- Times are unix milliseconds UTC; -62135596800000 (year 1) means unknown.
CREATE TABLE cases (
    seq           INTEGER PRIMARY KEY,
    change        INTEGER NOT NULL,
    id            TEXT    NOT NULL,
    customer_id   TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    effective_at  INTEGER NOT NULL, -- at, or received_at when at is unknown
    title         TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    region        TEXT    NOT NULL,
    product       TEXT    NOT NULL,
    campaign      TEXT    NOT NULL,
    order_id      TEXT    NOT NULL,
    attrs         TEXT    NOT NULL, -- JSON object or ''
    label_type    TEXT    NOT NULL, -- given by people, else ''
    label_subtype TEXT    NOT NULL,
    type          TEXT    NOT NULL, -- label_type, else the suggested one
    resolution    TEXT    NOT NULL,
    closed_at     INTEGER NOT NULL,
    satisfaction  REAL,
    assessment    TEXT    NOT NULL, -- JSON object
    status        TEXT    NOT NULL,
    urgency_rank  INTEGER NOT NULL, -- 0 critical, 1 high, 2 normal, 3 low
    resolve_by    INTEGER NOT NULL, -- 9223372036854775807 without a deadline
    needs_review  BOOLEAN NOT NULL,
    received_at   INTEGER NOT NULL,
    predecessor   TEXT    NOT NULL
);
CREATE UNIQUE INDEX cases_id ON cases (id);
CREATE UNIQUE INDEX cases_change ON cases (change);
CREATE INDEX cases_customer ON cases (customer_id, effective_at, seq);
CREATE INDEX cases_type ON cases (type, effective_at, seq);
CREATE INDEX cases_product ON cases (product, effective_at, seq);
-- The two orders of the queue, covering every filter column.
CREATE INDEX cases_newest ON cases (effective_at, seq, status, type, product, channel, urgency_rank, needs_review, customer_id);
CREATE INDEX cases_urgent ON cases (urgency_rank, resolve_by, seq, status, type, product, channel, needs_review, effective_at, customer_id);
CREATE INDEX cases_status_newest ON cases (status, effective_at, seq, type, product, channel, urgency_rank, needs_review, customer_id);
CREATE INDEX cases_status_urgent ON cases (status, urgency_rank, resolve_by, seq, type, product, channel, needs_review, effective_at, customer_id);

-- How many cases have each value of a filter column.
CREATE TABLE case_counts (
    facet TEXT    NOT NULL,
    value TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (facet, value)
) WITHOUT ROWID;

CREATE TABLE labels (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id   TEXT    NOT NULL REFERENCES cases (id),
    type      TEXT    NOT NULL,
    subtype   TEXT    NOT NULL,
    suggested TEXT    NOT NULL,
    by_whom   TEXT    NOT NULL,
    at        INTEGER NOT NULL
);
CREATE INDEX labels_case ON labels (case_id, id);

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    action TEXT    NOT NULL,
    object TEXT    NOT NULL,
    detail TEXT    NOT NULL
);
CREATE INDEX audit_object ON audit (object, id);
