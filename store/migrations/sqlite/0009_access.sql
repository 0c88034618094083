-- +goose Up

ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN second_factor TEXT NOT NULL DEFAULT '{}'; -- JSON object
ALTER TABLE users ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN created_at INTEGER NOT NULL DEFAULT -62135596800000;
ALTER TABLE users ADD COLUMN signed_in_at INTEGER NOT NULL DEFAULT -62135596800000;
CREATE UNIQUE INDEX users_subject ON users (issuer, subject) WHERE subject <> '';
CREATE INDEX sessions_user ON sessions (user_name, seen_at);

CREATE TABLE api_keys (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    hash        TEXT    NOT NULL UNIQUE, -- SHA-256 of the secret, hex
    permissions TEXT    NOT NULL, -- JSON array
    created_by  TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    revoked_at  INTEGER NOT NULL
);

-- The chain: each entry has the hash of the one before and its own. Entries of
-- older versions get theirs once, when the program opens the database.
ALTER TABLE audit ADD COLUMN prev BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
-- What intake writes is most of the trail and is found by its case.
CREATE INDEX audit_actor ON audit (actor, id) WHERE actor <> 'system';
CREATE INDEX audit_action ON audit (action, id) WHERE action <> 'accept';

-- One row: the last entry and its hash; last is -1 until the entries of older
-- versions are in the chain.
CREATE TABLE audit_head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL,
    hash BLOB    NOT NULL
);
INSERT INTO audit_head (id, last, hash) VALUES (1, -1, x'0000000000000000000000000000000000000000000000000000000000000000');

-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN OLD.hash <> x'' OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
    OR NEW.action <> OLD.action OR NEW.object <> OLD.object OR NEW.detail <> OLD.detail
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- +goose StatementEnd
