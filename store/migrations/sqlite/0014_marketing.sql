-- +goose Up

-- The signal of each campaign on each local day (days since 1970), with the
-- figures behind it.
CREATE TABLE campaign_signals (
    campaign_id TEXT    NOT NULL,
    day         INTEGER NOT NULL,
    at          INTEGER NOT NULL,
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
    at      INTEGER NOT NULL
);

-- What people learnt from a campaign; every version stays.
CREATE TABLE campaign_lessons (
    campaign_id TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    text        TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, version)
);

-- What an hour of work costs, in yuan, and how many minutes a complaint, a reply
-- and a hand-over take; the latest row holds.
CREATE TABLE campaign_assumptions (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    hourly    REAL    NOT NULL,
    per_case  REAL    NOT NULL,
    per_reply REAL    NOT NULL,
    per_hand_over REAL NOT NULL,
    by_whom   TEXT    NOT NULL,
    at        INTEGER NOT NULL
);
