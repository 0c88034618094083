-- +goose Up

-- Who gets the weekly report when; receivers is JSON.
CREATE TABLE report_schedules (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    weekday    INTEGER NOT NULL,
    hour       INTEGER NOT NULL,
    department TEXT NOT NULL,
    receivers  TEXT NOT NULL,
    language   TEXT NOT NULL,
    active     BOOLEAN NOT NULL,
    since      INTEGER NOT NULL,
    by_whom    TEXT NOT NULL
);

-- Reports as they were made for a schedule; content is JSON.
CREATE TABLE reports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id INTEGER NOT NULL REFERENCES report_schedules (id),
    week        TEXT NOT NULL,
    department  TEXT NOT NULL,
    language    TEXT NOT NULL,
    made_at     INTEGER NOT NULL,
    content     TEXT NOT NULL
);
-- The promise that a schedule sends a week once.
CREATE UNIQUE INDEX reports_once ON reports (schedule_id, week);

-- One line for each receiver of a report.
CREATE TABLE report_lines (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    report_id INTEGER NOT NULL REFERENCES reports (id),
    receiver  TEXT NOT NULL,
    state     TEXT NOT NULL,
    attempts  INTEGER NOT NULL,
    next_at   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    reason    TEXT NOT NULL
);
CREATE UNIQUE INDEX report_lines_once ON report_lines (report_id, receiver);
CREATE INDEX report_lines_due ON report_lines (next_at, id) WHERE state IN ('waiting', 'sending');

-- The assumptions behind the cost of silence, every version; content is JSON.
CREATE TABLE assumptions (
    version INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    why     TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at      INTEGER NOT NULL
);
