-- +goose Up

-- Every edit is a row of its own; at most one version of a solution is approved.
CREATE TABLE solution_versions (
    solution_id  TEXT    NOT NULL,
    number       BIGINT NOT NULL, -- from 1
    type         TEXT    NOT NULL,
    subtype      TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    steps        TEXT    NOT NULL, -- one a line
    wording      TEXT    NOT NULL,
    policy       TEXT    NOT NULL, -- JSON list or ''
    state        TEXT    NOT NULL, -- draft, proposed, approved, retired
    author       TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    decided_by   TEXT    NOT NULL,
    decided_at   BIGINT NOT NULL,
    evidence     TEXT    NOT NULL, -- JSON list of complaint ids or ''
    base_uses    BIGINT NOT NULL, -- as they came with an import
    base_mean    DOUBLE PRECISION,
    PRIMARY KEY (solution_id, number)
);
CREATE UNIQUE INDEX solution_approved ON solution_versions (solution_id) WHERE state = 'approved';
CREATE INDEX solution_type ON solution_versions (type, state);

INSERT INTO solution_versions (solution_id, number, type, subtype, title, steps, wording, policy, state, author, created_at,
    decided_by, decided_at, evidence, base_uses, base_mean)
SELECT id, 1, type, subtype, title, text, '', '', 'approved', 'import', -62135596800000, 'import', -62135596800000, '', uses, satisfaction
FROM solutions;
DROP TABLE solutions;

-- The solution that a case was settled with; the score is that of the case.
CREATE TABLE solution_uses (
    case_id     TEXT    PRIMARY KEY REFERENCES cases (id),
    solution_id TEXT    NOT NULL,
    number      BIGINT NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX solution_uses_version ON solution_uses (solution_id, number);

-- What was said to and by a customer, personal data masked.
CREATE TABLE case_messages (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id    TEXT    NOT NULL REFERENCES cases (id),
    direction  TEXT    NOT NULL, -- in, out
    channel    TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    by_whom    TEXT    NOT NULL,
    at         BIGINT NOT NULL,
    letter_key TEXT    NOT NULL, -- '' when nothing was sent
    solution   TEXT    NOT NULL, -- the one that it offers
    state      TEXT    NOT NULL, -- '' is said, sending, unclear
    followed   BOOLEAN NOT NULL  -- what follows from an answer of ours is done
);
CREATE INDEX case_messages_case ON case_messages (case_id, id);
CREATE UNIQUE INDEX case_messages_letter ON case_messages (letter_key) WHERE letter_key <> '';
CREATE INDEX case_messages_sending ON case_messages (at, id) WHERE state = 'sending';
CREATE INDEX case_messages_unfollowed ON case_messages (id) WHERE state = '' AND NOT followed;
