-- +goose Up

-- One row: how far detection has read, and the last numbers given out. Updating
-- it is a step of every transaction that writes clusters or exposures; its lock
-- puts corrections and batches in commit order.
CREATE TABLE progress (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    seq             INTEGER NOT NULL,
    correction      INTEGER NOT NULL,
    last_cluster    INTEGER NOT NULL,
    last_correction INTEGER NOT NULL,
    last_batch      INTEGER NOT NULL
);
INSERT INTO progress (id, seq, correction, last_cluster, last_correction, last_batch) VALUES (1, 0, 0, 0, 0, 0);

CREATE TABLE clusters (
    id            TEXT    PRIMARY KEY,
    title         TEXT    NOT NULL,
    title_by_hand BOOLEAN NOT NULL,
    path          TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    type          TEXT    NOT NULL,
    alarm_at      INTEGER NOT NULL,
    alarm         TEXT    NOT NULL, -- JSON object, as are explanation and estimate
    explanation   TEXT    NOT NULL,
    estimate      TEXT    NOT NULL,
    complaints    INTEGER NOT NULL,
    customers     INTEGER NOT NULL,
    copies        INTEGER NOT NULL,
    first_at      INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    escalations   INTEGER NOT NULL,
    owner         TEXT    NOT NULL,
    solution      TEXT    NOT NULL,
    rule          TEXT    NOT NULL, -- JSON object or ''
    rule_by       TEXT    NOT NULL,
    merged_into   TEXT    NOT NULL,
    historic      BOOLEAN NOT NULL,
    created_at    INTEGER NOT NULL,
    stage_at      INTEGER NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX clusters_alarm ON clusters (alarm_at, id);

-- A pinned complaint whose cluster is '' was taken out by a person for ever.
CREATE TABLE cluster_members (
    complaint_id TEXT    PRIMARY KEY,
    cluster_id   TEXT    NOT NULL,
    customer_id  TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    copy         BOOLEAN NOT NULL,
    pinned       BOOLEAN NOT NULL
);
CREATE INDEX cluster_members_cluster ON cluster_members (cluster_id, customer_id, at);

CREATE TABLE corrections (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    by_whom    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    cluster_id TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    complaints TEXT    NOT NULL, -- JSON array
    title      TEXT    NOT NULL
);

CREATE TABLE actions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster_id TEXT    NOT NULL REFERENCES clusters (id),
    title      TEXT    NOT NULL,
    department TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    due_at     INTEGER NOT NULL,
    done_at    INTEGER NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX actions_cluster ON actions (cluster_id);

CREATE TABLE notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster_id TEXT    NOT NULL REFERENCES clusters (id),
    by_whom    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    text       TEXT    NOT NULL
);
CREATE INDEX notes_cluster ON notes (cluster_id);

CREATE TABLE plans (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster_id   TEXT    NOT NULL,
    rule_id      TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    cohort       TEXT    NOT NULL, -- JSON, as are template and channels
    template     TEXT    NOT NULL,
    channels     TEXT    NOT NULL,
    start_at     INTEGER NOT NULL,
    holdout      REAL    NOT NULL,
    seed         INTEGER NOT NULL,
    status       TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    created_by   TEXT    NOT NULL,
    submitted_by TEXT    NOT NULL,
    approved_by  TEXT    NOT NULL,
    stopped_by   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    approved_at  INTEGER NOT NULL,
    finished_at  INTEGER NOT NULL,
    remark       TEXT    NOT NULL,
    version      INTEGER NOT NULL
);
CREATE INDEX plans_status ON plans (status);
CREATE INDEX plans_cluster ON plans (cluster_id);
CREATE INDEX plans_rule ON plans (rule_id);

-- The unique pair is the promise that nobody is told twice about one cause.
CREATE TABLE notices (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    plan_id      INTEGER NOT NULL REFERENCES plans (id),
    cause        TEXT    NOT NULL,
    customer_id  TEXT    NOT NULL,
    arm          TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    score        REAL    NOT NULL,
    exposed      INTEGER NOT NULL,
    channel      TEXT    NOT NULL,
    send_key     TEXT    NOT NULL,
    reference    TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    begun_at     INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL,
    delivered_at INTEGER NOT NULL,
    answered_at  INTEGER NOT NULL,
    UNIQUE (cause, customer_id)
);
CREATE INDEX notices_plan ON notices (plan_id, state, next_at, id);
CREATE INDEX notices_created ON notices (plan_id, arm, created_at);
CREATE INDEX notices_customer ON notices (customer_id);
CREATE INDEX notices_sending ON notices (begun_at) WHERE state = 'sending';
CREATE INDEX notices_key ON notices (send_key) WHERE send_key <> '';
CREATE INDEX notices_reference ON notices (reference) WHERE reference <> '';

CREATE TABLE suppressions (
    customer_id TEXT    NOT NULL,
    address     TEXT    NOT NULL, -- normalised phone or e-mail
    reason      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    by_whom     TEXT    NOT NULL,
    PRIMARY KEY (customer_id, address)
) WITHOUT ROWID;
CREATE INDEX suppressions_address ON suppressions (address);

CREATE TABLE event_rules (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    happens     TEXT    NOT NULL, -- JSON, as are undone, template and channels
    undone      TEXT    NOT NULL,
    wait_ms     INTEGER NOT NULL,
    template    TEXT    NOT NULL,
    channels    TEXT    NOT NULL,
    holdout     REAL    NOT NULL,
    daily_cap   INTEGER NOT NULL,
    created_by  TEXT    NOT NULL,
    approved_by TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    approved_at INTEGER NOT NULL,
    through     INTEGER NOT NULL,
    version     INTEGER NOT NULL
);

CREATE TABLE announcements (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster_id TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    severity   TEXT    NOT NULL,
    receiver   TEXT    NOT NULL,
    sent_at    INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    reason     TEXT    NOT NULL
);
CREATE INDEX announcements_cluster ON announcements (cluster_id, kind, at);

CREATE TABLE silences (
    cluster_id TEXT    PRIMARY KEY,
    until      INTEGER NOT NULL
);

-- The spans of time, both ends included, of exposures in the order they came in.
CREATE TABLE exposure_batches (
    seq     INTEGER PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL
);

-- What the customers of a cluster had to do with; what was new of late.
CREATE INDEX exposures_customer ON exposures (customer_id, at);
CREATE INDEX exposures_time ON exposures (at, kind, key);
-- Whom a reply is from.
CREATE INDEX customers_phone ON customers (phone) WHERE phone <> '';
CREATE INDEX customers_email ON customers (LOWER(email)) WHERE email <> '';
