-- +goose Up

-- What a labelled case is used for: it never changes.
CREATE TABLE label_parts (
    case_id TEXT    PRIMARY KEY,
    part    TEXT    NOT NULL,
    at      BIGINT NOT NULL
);

-- One row for each run of learning.
CREATE TABLE models (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pack      TEXT    NOT NULL,
    at        BIGINT NOT NULL,
    by_whom   TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    card      TEXT    NOT NULL, -- JSON object
    through   BIGINT NOT NULL, -- id of the last label it knew
    trial     TEXT    NOT NULL, -- JSON object
    curve     TEXT    NOT NULL, -- JSON list
    sha256    TEXT    NOT NULL, -- of the file, '' without one
    size      BIGINT NOT NULL,
    used_from BIGINT NOT NULL
);
CREATE INDEX models_pack ON models (pack, id);
-- At most one model of a pack is in use, over all processes.
CREATE UNIQUE INDEX models_active ON models (pack) WHERE state = 'active';

CREATE TABLE model_files (
    model_id BIGINT PRIMARY KEY REFERENCES models (id),
    content  BYTEA NOT NULL
);

CREATE TABLE model_reports (
    pack TEXT    PRIMARY KEY,
    at   BIGINT NOT NULL,
    body TEXT    NOT NULL -- JSON object
);

-- Second opinions of language models.
CREATE TABLE opinions (
    case_id TEXT    NOT NULL,
    model   TEXT    NOT NULL,
    at      BIGINT NOT NULL,
    ours    TEXT    NOT NULL,
    type    TEXT    NOT NULL, -- '' for no answer that counts
    subtype TEXT    NOT NULL,
    verdict TEXT    NOT NULL,
    calls   BIGINT NOT NULL,
    tokens  BIGINT NOT NULL,
    cost    DOUBLE PRECISION NOT NULL,
    applied BOOLEAN NOT NULL,
    PRIMARY KEY (case_id, model)
);
CREATE INDEX opinions_model ON opinions (model, at);
-- Open cases in doubt, the latest first.
CREATE INDEX cases_review ON cases (seq) WHERE needs_review AND open;
