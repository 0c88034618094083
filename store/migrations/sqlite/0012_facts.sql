-- +goose Up

-- What the figures are counted from, a row of package fact for each case. There
-- is one generation, and a second one while all days are rolled up again.
CREATE TABLE fact_days (
    generation INTEGER NOT NULL,
    day        INTEGER NOT NULL, -- local days since 1970-01-01
    version    INTEGER NOT NULL,
    cases      INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (generation, day)
);
CREATE INDEX fact_days_version ON fact_days (generation, version);

-- Days that have to be rolled up (again).
CREATE TABLE fact_stale (
    generation INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (generation, day)
) WITHOUT ROWID;

-- Cases of which something has changed that is no change of the case itself.
CREATE TABLE fact_touched (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    case_seq INTEGER NOT NULL
);

-- One row. Figures come from the days of generation (0: none yet); building is
-- the one that is kept up, through the change number of cases, in the form and
-- the time zone given. version counts what was written.
CREATE TABLE fact_mark (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    building   INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    through    INTEGER NOT NULL,
    form       INTEGER NOT NULL,
    zone       TEXT    NOT NULL
);
INSERT INTO fact_mark (id, generation, building, version, through, form, zone) VALUES (1, 0, 0, 0, 0, 0, '');
