-- +goose Up

-- What the figures are counted from, a row of package fact for each case. There
-- is one generation, and a second one while all days are rolled up again.
CREATE TABLE fact_days (
    generation BIGINT  NOT NULL,
    day        BIGINT  NOT NULL, -- local days since 1970-01-01
    version    BIGINT  NOT NULL,
    cases      BIGINT  NOT NULL,
    body       BYTEA   NOT NULL,
    PRIMARY KEY (generation, day)
);
CREATE INDEX fact_days_version ON fact_days (generation, version);

-- Days that have to be rolled up (again).
CREATE TABLE fact_stale (
    generation BIGINT  NOT NULL,
    day        BIGINT  NOT NULL,
    version    BIGINT  NOT NULL,
    PRIMARY KEY (generation, day)
);

-- Cases of which something has changed that is no change of the case itself.
CREATE TABLE fact_touched (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_seq BIGINT  NOT NULL
);

-- One row. Figures come from the days of generation (0: none yet); building is
-- the one that is kept up, through the change number of cases, in the form and
-- the time zone given. version counts what was written.
CREATE TABLE fact_mark (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    generation BIGINT  NOT NULL,
    building   BIGINT  NOT NULL,
    version    BIGINT  NOT NULL,
    through    BIGINT  NOT NULL,
    form       BIGINT  NOT NULL,
    zone       TEXT    NOT NULL
);
INSERT INTO fact_mark (id, generation, building, version, through, form, zone) VALUES (1, 0, 0, 0, 0, 0, '');
