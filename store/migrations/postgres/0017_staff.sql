-- +goose Up

-- Changes that are to lower the complaints of a scope. scope and control are
-- filters of figures as the query of an address, effect is JSON or ''. Days are
-- days since 1970, 0 for none.
CREATE TABLE improvements (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title       TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    control     TEXT    NOT NULL,
    cluster_id  TEXT    NOT NULL,
    peak_from   BIGINT NOT NULL,
    peak_to     BIGINT NOT NULL,
    cause       TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    due         BIGINT NOT NULL,
    target      DOUBLE PRECISION NOT NULL,
    started     BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    status      TEXT    NOT NULL,
    copy_of     BIGINT NOT NULL,
    effect      TEXT    NOT NULL,
    effect_at   BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT    NOT NULL,
    updated_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX improvements_due ON improvements (status, due);

CREATE TABLE improvement_remarks (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    improvement_id BIGINT NOT NULL REFERENCES improvements (id),
    at             BIGINT NOT NULL,
    by_whom        TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    text           TEXT    NOT NULL
);
CREATE INDEX improvement_remarks_of ON improvement_remarks (improvement_id, id);
