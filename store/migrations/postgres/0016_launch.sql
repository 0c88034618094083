-- +goose Up

-- Checks of campaigns before their start, each with the wording it judged:
-- draft and report are JSON. campaign_id is '' for a draft that is not registered
-- and previous_id 0 for the first wording.
CREATE TABLE launch_checks (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    previous_id BIGINT NOT NULL,
    draft       TEXT   NOT NULL,
    report      TEXT   NOT NULL,
    by_whom     TEXT   NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX launch_checks_campaign ON launch_checks (campaign_id, id);

-- Findings that a person lets stand, by the key of the finding, and why.
CREATE TABLE launch_acceptances (
    check_id BIGINT NOT NULL,
    finding  TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    by_whom  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (check_id, finding)
);
