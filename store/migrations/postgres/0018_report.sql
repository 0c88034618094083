-- +goose Up

-- Who gets the weekly report when; receivers is JSON.
CREATE TABLE report_schedules (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    weekday    BIGINT NOT NULL,
    hour       BIGINT NOT NULL,
    department TEXT NOT NULL,
    receivers  TEXT NOT NULL,
    language   TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    since      BIGINT NOT NULL,
    by_whom    TEXT NOT NULL
);

-- Reports as they were made for a schedule; content is JSON.
CREATE TABLE reports (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule_id BIGINT NOT NULL REFERENCES report_schedules (id),
    week        TEXT NOT NULL,
    department  TEXT NOT NULL,
    language    TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    content     TEXT NOT NULL
);
-- The promise that a schedule sends a week once.
CREATE UNIQUE INDEX reports_once ON reports (schedule_id, week);

-- One line for each receiver of a report.
CREATE TABLE report_lines (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES reports (id),
    receiver  TEXT NOT NULL,
    state     TEXT NOT NULL,
    attempts  BIGINT NOT NULL,
    next_at   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    reason    TEXT NOT NULL
);
CREATE UNIQUE INDEX report_lines_once ON report_lines (report_id, receiver);
CREATE INDEX report_lines_due ON report_lines (next_at, id) WHERE state IN ('waiting', 'sending');

-- The assumptions behind the cost of silence, every version; content is JSON.
CREATE TABLE assumptions (
    version BIGINT PRIMARY KEY,
    content TEXT NOT NULL,
    why     TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at      BIGINT NOT NULL
);
