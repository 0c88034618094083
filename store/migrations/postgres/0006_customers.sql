-- +goose Up

-- What we keep of a person beside the record that its source gave. An import
-- replaces the columns of the source and leaves these alone. person is the
-- record that stands for a merged one, '' for itself; set_tier is a decision
-- and goes before the imported tier; planned_for is the tier that due_at was
-- planned for, '-' for none.
ALTER TABLE customers ADD COLUMN phone_key    TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN person       TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN set_tier     TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN tier_by      TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN tier_reason  TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN tier_at      BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE customers ADD COLUMN manager      TEXT    NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN contacted_at BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE customers ADD COLUMN due_at       BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE customers ADD COLUMN planned_for  TEXT    NOT NULL DEFAULT '-';

-- The phone as it is compared: digits, without the country code of China.
UPDATE customers SET phone_key = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '+', '');
UPDATE customers SET phone_key = SUBSTR(phone_key, 3) WHERE LENGTH(phone_key) = 13 AND phone_key LIKE '861%';

CREATE INDEX customers_phone_key ON customers (phone_key) WHERE phone_key <> '';
CREATE INDEX customers_name ON customers (name) WHERE name <> '';
CREATE INDEX customers_region ON customers (region, id);
CREATE INDEX customers_tier ON customers ((CASE WHEN set_tier <> '' THEN set_tier ELSE tier END), id);
CREATE INDEX customers_person ON customers (person) WHERE person <> '';
CREATE INDEX customers_due ON customers (due_at, id) WHERE person = '';
CREATE INDEX customers_due_tier ON customers (planned_for, due_at, id) WHERE person = '';
CREATE INDEX customers_due_manager ON customers (manager, due_at, id) WHERE manager <> '';
CREATE INDEX customers_no_address ON customers (due_at, id) WHERE phone = '' AND email = '';
CREATE INDEX customers_opted_out ON customers (person, id) WHERE opted_out;
CREATE INDEX customers_unplanned ON customers (id) WHERE person = '' AND planned_for <> (CASE WHEN set_tier <> '' THEN set_tier ELSE tier END);

-- Merges that hold: an edge from a record to the one it was merged into.
CREATE TABLE customer_links (
    customer_id TEXT    PRIMARY KEY,
    into_id     TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    reason      TEXT    NOT NULL
);

CREATE TABLE contact_log (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    people      TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    feedback    TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL
);
CREATE INDEX contact_log_customer ON contact_log (customer_id, at, id);

CREATE TABLE tasks (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    case_id     TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    created_by  TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    due_at      BIGINT  NOT NULL,
    plan_due_at BIGINT  NOT NULL,
    plan        TEXT    NOT NULL,
    planned_at  BIGINT  NOT NULL,
    open        BOOLEAN NOT NULL,
    done_at     BIGINT  NOT NULL,
    outcome     TEXT    NOT NULL,
    candidates  TEXT    NOT NULL, -- JSON array or ''
    task_key    TEXT    NOT NULL,
    version     BIGINT  NOT NULL
);
-- The promises that one cause opens one task, and that a case has one open task
-- of a kind.
CREATE UNIQUE INDEX tasks_key ON tasks (task_key) WHERE task_key <> '';
CREATE UNIQUE INDEX tasks_case ON tasks (case_id, kind) WHERE open AND case_id <> '' AND kind <> 'contact';
CREATE INDEX tasks_due ON tasks (due_at, id) WHERE open;
CREATE INDEX tasks_done ON tasks (done_at, id) WHERE NOT open;
CREATE INDEX tasks_owner ON tasks (owner, due_at, id) WHERE open;
CREATE INDEX tasks_customer ON tasks (customer_id, due_at, id) WHERE customer_id <> '';

CREATE TABLE surveys (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id     TEXT    NOT NULL,
    closed_at   BIGINT  NOT NULL,
    customer_id TEXT    NOT NULL,
    addressee   TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    letters     BIGINT  NOT NULL,
    begun_at    BIGINT  NOT NULL,
    unclear     BOOLEAN NOT NULL,
    next_at     BIGINT  NOT NULL,
    channel     TEXT    NOT NULL,
    sent_at     BIGINT  NOT NULL,
    answered_at BIGINT  NOT NULL,
    score       DOUBLE PRECISION,
    reasons     TEXT    NOT NULL, -- separated by commas
    text        TEXT    NOT NULL,
    via         TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    sentiment   TEXT    NOT NULL,
    new_issue   BOOLEAN NOT NULL,
    follow_up   TEXT    NOT NULL,
    followed    BOOLEAN NOT NULL
);
-- The promise that nobody is asked twice how one closing went.
CREATE UNIQUE INDEX surveys_case ON surveys (case_id, closed_at);
CREATE INDEX surveys_due ON surveys (next_at, id) WHERE state IN ('waiting', 'sent');
CREATE INDEX surveys_created ON surveys (created_at, id);
CREATE INDEX surveys_customer ON surveys (customer_id, created_at) WHERE customer_id <> '';
CREATE INDEX surveys_addressee ON surveys (addressee, created_at) WHERE addressee <> '';
CREATE INDEX surveys_unfollowed ON surveys (id) WHERE state = 'answered' AND NOT followed;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE INDEX cases_unasked ON cases (closed_at, seq) WHERE status = 'closed' AND satisfaction IS NULL;
CREATE INDEX cases_by_order ON cases (order_id) WHERE order_id <> '';

-- One row: up to which change number of cases customer care has followed what it
-- was not told of. What came before this table is history.
CREATE TABLE care_mark (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    through BIGINT NOT NULL
);
INSERT INTO care_mark (id, through) SELECT 1, COALESCE(MAX(change), 0) FROM cases;
