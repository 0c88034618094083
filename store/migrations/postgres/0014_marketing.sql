-- +goose Up

-- The signal of each campaign on each local day (days since 1970), with the
-- figures behind it.
CREATE TABLE campaign_signals (
    campaign_id TEXT    NOT NULL,
    day         INTEGER NOT NULL,
    at          BIGINT  NOT NULL,
    signal      TEXT    NOT NULL,
    verdict     TEXT    NOT NULL, -- JSON object
    PRIMARY KEY (campaign_id, day)
);

-- What complaints about campaigns are caused by; by_whom is '' for the machine.
CREATE TABLE campaign_causes (
    case_id TEXT    PRIMARY KEY,
    cause   TEXT    NOT NULL,
    words   TEXT    NOT NULL, -- JSON list or ''
    by_whom TEXT    NOT NULL,
    at      BIGINT  NOT NULL
);

-- What people learnt from a campaign; every version stays.
CREATE TABLE campaign_lessons (
    campaign_id TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    text        TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    PRIMARY KEY (campaign_id, version)
);

-- What an hour of work costs, in yuan, and how many minutes a complaint, a reply
-- and a hand-over take; the latest row holds.
CREATE TABLE campaign_assumptions (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hourly    DOUBLE PRECISION NOT NULL,
    per_case  DOUBLE PRECISION NOT NULL,
    per_reply DOUBLE PRECISION NOT NULL,
    per_hand_over DOUBLE PRECISION NOT NULL,
    by_whom   TEXT    NOT NULL,
    at        BIGINT  NOT NULL
);
