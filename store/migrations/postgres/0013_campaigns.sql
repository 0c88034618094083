-- +goose Up

-- Which campaign a complaint is about, one at most; campaign_id '' with basis
-- 'hand' is a complaint that a person has taken out. Writing a row is a change
-- of its case (cases.change), so that whatever follows cases follows this too.
CREATE TABLE attributions (
    case_id     TEXT    PRIMARY KEY,
    campaign_id TEXT    NOT NULL,
    basis       TEXT    NOT NULL,
    score       DOUBLE PRECISION NOT NULL,
    evidence    TEXT    NOT NULL, -- JSON list or ''
    exposed_at  BIGINT  NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          BIGINT  NOT NULL
);
CREATE INDEX attributions_campaign ON attributions (campaign_id, at);
