-- +goose Up

-- One row: how far detection has read, and the last numbers given out. Updating
-- it is a step of every transaction that writes clusters or exposures; its lock
-- puts corrections and batches in commit order.
CREATE TABLE progress (
    id              BIGINT PRIMARY KEY CHECK (id = 1),
    seq             BIGINT  NOT NULL,
    correction      BIGINT  NOT NULL,
    last_cluster    BIGINT  NOT NULL,
    last_correction BIGINT  NOT NULL,
    last_batch      BIGINT  NOT NULL
);
INSERT INTO progress (id, seq, correction, last_cluster, last_correction, last_batch) VALUES (1, 0, 0, 0, 0, 0);

CREATE TABLE clusters (
    id            TEXT    PRIMARY KEY,
    title         TEXT    NOT NULL,
    title_by_hand BOOLEAN NOT NULL,
    path          TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    type          TEXT    NOT NULL,
    alarm_at      BIGINT  NOT NULL,
    alarm         TEXT    NOT NULL, -- JSON object, as are explanation and estimate
    explanation   TEXT    NOT NULL,
    estimate      TEXT    NOT NULL,
    complaints    BIGINT  NOT NULL,
    customers     BIGINT  NOT NULL,
    copies        BIGINT  NOT NULL,
    first_at      BIGINT  NOT NULL,
    last_at       BIGINT  NOT NULL,
    escalations   BIGINT  NOT NULL,
    owner         TEXT    NOT NULL,
    solution      TEXT    NOT NULL,
    rule          TEXT    NOT NULL, -- JSON object or ''
    rule_by       TEXT    NOT NULL,
    merged_into   TEXT    NOT NULL,
    historic      BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    stage_at      BIGINT  NOT NULL,
    version       BIGINT  NOT NULL
);
CREATE INDEX clusters_alarm ON clusters (alarm_at, id);

-- A pinned complaint whose cluster is '' was taken out by a person for ever.
CREATE TABLE cluster_members (
    complaint_id TEXT    PRIMARY KEY,
    cluster_id   TEXT    NOT NULL,
    customer_id  TEXT    NOT NULL,
    at           BIGINT  NOT NULL,
    copy         BOOLEAN NOT NULL,
    pinned       BOOLEAN NOT NULL
);
CREATE INDEX cluster_members_cluster ON cluster_members (cluster_id, customer_id, at);

CREATE TABLE corrections (
    seq        BIGINT PRIMARY KEY,
    at         BIGINT  NOT NULL,
    by_whom    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    cluster_id TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    complaints TEXT    NOT NULL, -- JSON array
    title      TEXT    NOT NULL
);

CREATE TABLE actions (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id TEXT    NOT NULL REFERENCES clusters (id),
    title      TEXT    NOT NULL,
    department TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    due_at     BIGINT  NOT NULL,
    done_at    BIGINT  NOT NULL,
    created_by TEXT    NOT NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX actions_cluster ON actions (cluster_id);

CREATE TABLE notes (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id TEXT    NOT NULL REFERENCES clusters (id),
    by_whom    TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    text       TEXT    NOT NULL
);
CREATE INDEX notes_cluster ON notes (cluster_id);

CREATE TABLE plans (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id   TEXT    NOT NULL,
    rule_id      TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    cohort       TEXT    NOT NULL, -- JSON, as are template and channels
    template     TEXT    NOT NULL,
    channels     TEXT    NOT NULL,
    start_at     BIGINT  NOT NULL,
    holdout      DOUBLE PRECISION NOT NULL,
    seed         BIGINT  NOT NULL,
    status       TEXT    NOT NULL,
    size         BIGINT  NOT NULL,
    held         BIGINT  NOT NULL,
    created_by   TEXT    NOT NULL,
    submitted_by TEXT    NOT NULL,
    approved_by  TEXT    NOT NULL,
    stopped_by   TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    approved_at  BIGINT  NOT NULL,
    finished_at  BIGINT  NOT NULL,
    remark       TEXT    NOT NULL,
    version      BIGINT  NOT NULL
);
CREATE INDEX plans_status ON plans (status);
CREATE INDEX plans_cluster ON plans (cluster_id);
CREATE INDEX plans_rule ON plans (rule_id);

-- The unique pair is the promise that nobody is told twice about one cause.
CREATE TABLE notices (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id      BIGINT  NOT NULL REFERENCES plans (id),
    cause        TEXT    NOT NULL,
    customer_id  TEXT    NOT NULL,
    arm          TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    score        DOUBLE PRECISION NOT NULL,
    exposed      BIGINT  NOT NULL,
    channel      TEXT    NOT NULL,
    send_key     TEXT    NOT NULL,
    reference    TEXT    NOT NULL,
    attempts     BIGINT  NOT NULL,
    next_at      BIGINT  NOT NULL,
    begun_at     BIGINT  NOT NULL,
    reason       TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    sent_at      BIGINT  NOT NULL,
    delivered_at BIGINT  NOT NULL,
    answered_at  BIGINT  NOT NULL,
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
    at          BIGINT  NOT NULL,
    by_whom     TEXT    NOT NULL,
    PRIMARY KEY (customer_id, address)
);
CREATE INDEX suppressions_address ON suppressions (address);

CREATE TABLE event_rules (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    happens     TEXT    NOT NULL, -- JSON, as are undone, template and channels
    undone      TEXT    NOT NULL,
    wait_ms     BIGINT  NOT NULL,
    template    TEXT    NOT NULL,
    channels    TEXT    NOT NULL,
    holdout     DOUBLE PRECISION NOT NULL,
    daily_cap   BIGINT  NOT NULL,
    created_by  TEXT    NOT NULL,
    approved_by TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    approved_at BIGINT  NOT NULL,
    through     BIGINT  NOT NULL,
    version     BIGINT  NOT NULL
);

CREATE TABLE announcements (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    severity   TEXT    NOT NULL,
    receiver   TEXT    NOT NULL,
    sent_at    BIGINT  NOT NULL,
    attempts   BIGINT  NOT NULL,
    next_at    BIGINT  NOT NULL,
    reason     TEXT    NOT NULL
);
CREATE INDEX announcements_cluster ON announcements (cluster_id, kind, at);

CREATE TABLE silences (
    cluster_id TEXT    PRIMARY KEY,
    until      BIGINT  NOT NULL
);

-- The spans of time, both ends included, of exposures in the order they came in.
CREATE TABLE exposure_batches (
    seq     BIGINT PRIMARY KEY,
    from_at BIGINT  NOT NULL,
    to_at   BIGINT  NOT NULL
);

-- What the customers of a cluster had to do with; what was new of late.
CREATE INDEX exposures_customer ON exposures (customer_id, at);
CREATE INDEX exposures_time ON exposures (at, kind, key);
-- Whom a reply is from.
CREATE INDEX customers_phone ON customers (phone) WHERE phone <> '';
CREATE INDEX customers_email ON customers (LOWER(email)) WHERE email <> '';
