-- +goose Up

-- Which campaign a complaint is about, one at most; campaign_id '' with basis
-- 'hand' is a complaint that a person has taken out. Writing a row is a change
-- of its case (cases.change), so that whatever follows cases follows this too.
CREATE TABLE attributions (
    case_id     TEXT    PRIMARY KEY,
    campaign_id TEXT    NOT NULL,
    basis       TEXT    NOT NULL,
    score       REAL    NOT NULL,
    evidence    TEXT    NOT NULL, -- JSON list or ''
    exposed_at  INTEGER NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          INTEGER NOT NULL
);
CREATE INDEX attributions_campaign ON attributions (campaign_id, at);

-- What people keep of a campaign beside the import. eligible is JSON or ''.
ALTER TABLE campaigns ADD COLUMN copy TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN objective TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN aliases TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN eligible TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- How many customers a campaign reached on a local day (days since 1970), as a
-- whole (segment '') and apart by a fact of the exposures ('rule=changed').
CREATE TABLE campaign_reach (
    campaign_id TEXT    NOT NULL,
    day         INTEGER NOT NULL,
    segment     TEXT    NOT NULL,
    customers   INTEGER NOT NULL,
    contacts    INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, day, segment)
);

-- Every campaign that exposures name, registered or not. dropped lists, as JSON,
-- the facts that have too many values to be segments.
CREATE TABLE campaign_seen (
    campaign_id TEXT    PRIMARY KEY,
    name        TEXT    NOT NULL,
    first_at    INTEGER NOT NULL,
    dropped     TEXT    NOT NULL
);

-- One row: how far the jobs are. revision grows with every change of a
-- campaign; judged is the one that the attributions are made with.
CREATE TABLE campaign_marks (
    id             INTEGER PRIMARY KEY,
    reached_batch  INTEGER NOT NULL,
    seq            INTEGER NOT NULL,
    judged_batch   INTEGER NOT NULL,
    judged         INTEGER NOT NULL,
    revision       INTEGER NOT NULL
);
INSERT INTO campaign_marks (id, reached_batch, seq, judged_batch, judged, revision) VALUES (1, 0, 0, 0, 0, 1);
