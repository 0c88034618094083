-- +goose Up

CREATE TABLE users (
    name          TEXT    PRIMARY KEY,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    failures      INTEGER NOT NULL,
    locked_until  INTEGER NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT    PRIMARY KEY,
    user_name  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE TABLE replays (
    idempotency_key TEXT    PRIMARY KEY,
    fingerprint     TEXT    NOT NULL,
    done            BOOLEAN NOT NULL,
    status          INTEGER NOT NULL,
    header          TEXT    NOT NULL,
    body            BLOB,
    at              INTEGER NOT NULL
);
CREATE INDEX replays_at ON replays (at);

CREATE TABLE job_runs (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    job           TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    started_at    INTEGER NOT NULL,
    lease_ends_at INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL,
    by_whom       TEXT    NOT NULL,
    note          TEXT    NOT NULL,
    error         TEXT    NOT NULL
);
CREATE INDEX job_runs_job ON job_runs (job, id);
-- At most one running run of a job, over all processes.
CREATE UNIQUE INDEX job_runs_running ON job_runs (job) WHERE state = 'running';
