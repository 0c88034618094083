-- +goose Up

CREATE TABLE users (
    name          TEXT    PRIMARY KEY,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    failures      BIGINT  NOT NULL,
    locked_until  BIGINT  NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT    PRIMARY KEY,
    user_name  TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
);

CREATE TABLE replays (
    idempotency_key TEXT    PRIMARY KEY,
    fingerprint     TEXT    NOT NULL,
    done            BOOLEAN NOT NULL,
    status          BIGINT  NOT NULL,
    header          TEXT    NOT NULL,
    body            BYTEA,
    at              BIGINT  NOT NULL
);
CREATE INDEX replays_at ON replays (at);

CREATE TABLE job_runs (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job           TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    started_at    BIGINT  NOT NULL,
    lease_ends_at BIGINT  NOT NULL,
    ended_at      BIGINT  NOT NULL,
    by_whom       TEXT    NOT NULL,
    note          TEXT    NOT NULL,
    error         TEXT    NOT NULL
);
CREATE INDEX job_runs_job ON job_runs (job, id);
-- At most one running run of a job, over all processes.
CREATE UNIQUE INDEX job_runs_running ON job_runs (job) WHERE state = 'running';
