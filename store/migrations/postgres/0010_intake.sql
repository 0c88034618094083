-- +goose Up

-- Mails that were taken from mailboxes, and what became of them.
CREATE TABLE mails (
    box          TEXT    NOT NULL,
    uid_validity BIGINT  NOT NULL,
    uid          BIGINT  NOT NULL,
    mail_key     TEXT    NOT NULL, -- follows from what the mail holds
    message_hash TEXT    NOT NULL, -- SHA-256 of the Message-ID, '' without one
    outcome      TEXT    NOT NULL, -- complaint, message, duplicate, ignored
    reason       TEXT    NOT NULL, -- why it was ignored
    case_id      TEXT    NOT NULL, -- '' when ignored
    at           BIGINT  NOT NULL,
    PRIMARY KEY (box, uid_validity, uid)
);
CREATE INDEX mails_message ON mails (message_hash);
CREATE INDEX mails_key ON mails (mail_key);

-- Codes by which customers follow their cases, as hashes.
CREATE TABLE follow_codes (
    code_hash TEXT    PRIMARY KEY,
    case_id   TEXT    NOT NULL REFERENCES cases (id),
    at        BIGINT  NOT NULL
);
CREATE INDEX follow_codes_case ON follow_codes (case_id);
