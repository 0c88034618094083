-- +goose Up

-- The work on a case. owner to version mirror triage.Work; priority_at, due_at
-- and the clocks are unix milliseconds, -62135596800000 (year 1) means none.
ALTER TABLE cases ADD COLUMN owner            TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN department       TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN entered_at       BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN due_at           BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN task_by          BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN execute_by       BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN respond_by       BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN verify_by        BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN settle_by        BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN waiting_since    BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN responded_at     BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN verified_at      BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN cause            TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN cause_department TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN tier             TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN priority_at      BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN watch_at         BIGINT  NOT NULL DEFAULT -62135596800000;
ALTER TABLE cases ADD COLUMN raised           BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN reopened         BIGINT  NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN merged_into      TEXT    NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN version          BIGINT  NOT NULL DEFAULT 0;
-- Whether somebody still has to act; follows from the status.
ALTER TABLE cases ADD COLUMN open             BOOLEAN NOT NULL DEFAULT TRUE;

-- Cases of earlier versions get what a new one would: the department and clocks
-- of their assessment, and the priority of urgency, tier and age (package life).
UPDATE cases SET
    open = status IN ('received', 'acknowledged'),
    department = COALESCE(assessment::jsonb ->> 'department', ''),
    entered_at = effective_at,
    respond_by = COALESCE(EXTRACT(EPOCH FROM (assessment::jsonb -> 'sla' ->> 'respond_by')::timestamptz)::bigint, -62135596800) * 1000,
    verify_by = COALESCE(EXTRACT(EPOCH FROM (assessment::jsonb -> 'sla' ->> 'verify_by')::timestamptz)::bigint, -62135596800) * 1000,
    settle_by = COALESCE(EXTRACT(EPOCH FROM (assessment::jsonb -> 'sla' ->> 'resolve_by')::timestamptz)::bigint, -62135596800) * 1000,
    responded_at = CASE status WHEN 'acknowledged' THEN effective_at ELSE -62135596800000 END,
    tier = COALESCE((SELECT NULLIF(k.tier, '') FROM customers k WHERE k.id = cases.customer_id), 'ordinary'),
    version = 1;
UPDATE cases SET priority_at = effective_at
    - CASE urgency_rank WHEN 0 THEN 259200000 + 3153600000000 WHEN 1 THEN 172800000 WHEN 2 THEN 0 ELSE -86400000 END
    - CASE tier WHEN 'vip' THEN 172800000 WHEN 'high' THEN 86400000 WHEN 'potential' THEN 50540760 ELSE 0 END;
UPDATE cases SET due_at = CASE status WHEN 'received' THEN LEAST(respond_by, verify_by, settle_by) ELSE LEAST(verify_by, settle_by) END WHERE open;
-- What is late already is among the breaches, but raises no alarm now.
UPDATE cases SET
    watch_at = CASE WHEN due_at > EXTRACT(EPOCH FROM now())::bigint * 1000 THEN entered_at + (due_at - entered_at) / 5 * 4 ELSE -62135596800000 END,
    raised = CASE WHEN due_at > EXTRACT(EPOCH FROM now())::bigint * 1000 THEN 0 ELSE 3 END
    WHERE open;

-- The lists of open cases by priority, covering every filter column.
CREATE INDEX cases_priority ON cases (priority_at, seq, owner, department, status, type, product, channel, urgency_rank, needs_review, effective_at, customer_id, due_at, waiting_since) WHERE open;
CREATE INDEX cases_owner_priority ON cases (owner, priority_at, seq, department, status, type, product, channel, urgency_rank, needs_review, effective_at, customer_id, due_at, waiting_since) WHERE open AND owner <> '';
CREATE INDEX cases_department_priority ON cases (department, priority_at, seq, owner, status, type, product, channel, urgency_rank, needs_review, effective_at, customer_id, due_at, waiting_since) WHERE open;
CREATE INDEX cases_waiting ON cases (priority_at, seq, owner, department) WHERE open AND waiting_since <> -62135596800000;
CREATE INDEX cases_owner ON cases (owner, effective_at, seq) WHERE owner <> '';
CREATE INDEX cases_department ON cases (department, effective_at, seq);
-- Time limits: of the step, and the clocks that still run.
CREATE INDEX cases_due ON cases (due_at, seq, owner, department, raised, waiting_since) WHERE open AND due_at <> -62135596800000;
CREATE INDEX cases_respond ON cases (respond_by, seq, owner, department) WHERE open AND responded_at = -62135596800000;
CREATE INDEX cases_verify ON cases (verify_by, seq, owner, department) WHERE open AND verified_at = -62135596800000;
CREATE INDEX cases_settle ON cases (settle_by, seq, owner, department) WHERE open;
CREATE INDEX cases_watch ON cases (watch_at, seq) WHERE watch_at <> -62135596800000;

INSERT INTO case_counts (facet, value, n) SELECT 'open', 'true', COUNT(*) FROM cases WHERE open;
INSERT INTO case_counts (facet, value, n) SELECT 'department', department, COUNT(*) FROM cases WHERE open GROUP BY department;

-- The record of a case; rows are never changed.
CREATE TABLE case_steps (
    case_id     TEXT    NOT NULL,
    n           BIGINT  NOT NULL,
    move        TEXT    NOT NULL,
    from_status TEXT    NOT NULL,
    to_status   TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    entered_at  BIGINT  NOT NULL,
    due_at      BIGINT  NOT NULL,
    note        TEXT    NOT NULL,
    facts       TEXT    NOT NULL, -- JSON object or ''
    PRIMARY KEY (case_id, n)
);

CREATE TABLE hand_overs (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id         TEXT    NOT NULL,
    case_seq        BIGINT  NOT NULL,
    from_department TEXT    NOT NULL,
    from_owner      TEXT    NOT NULL,
    department      TEXT    NOT NULL,
    owner           TEXT    NOT NULL,
    task            TEXT    NOT NULL,
    due_at          BIGINT  NOT NULL,
    by_whom         TEXT    NOT NULL,
    at              BIGINT  NOT NULL,
    facts           TEXT    NOT NULL, -- JSON object
    state           TEXT    NOT NULL,
    answered_by     TEXT    NOT NULL,
    answered_at     BIGINT  NOT NULL,
    reason          TEXT    NOT NULL
);
CREATE INDEX hand_overs_to ON hand_overs (department, case_seq);
CREATE INDEX hand_overs_from ON hand_overs (from_department, case_seq);
CREATE INDEX hand_overs_id ON hand_overs (case_id, id);
