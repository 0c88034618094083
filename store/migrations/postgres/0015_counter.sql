-- +goose Up

-- How customers took campaigns at the counter. customer_id is '' for somebody
-- unknown; day is the number of days since 1970-01-01 where the shops are; reasons
-- are codes with commas. A row that was undone counts nowhere.
CREATE TABLE captures (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    attitude    TEXT    NOT NULL,
    behaviour   TEXT    NOT NULL,
    reasons     TEXT    NOT NULL,
    words       TEXT    NOT NULL,
    type        TEXT    NOT NULL, -- of the words, as is sentiment
    sentiment   TEXT    NOT NULL,
    complains   BOOLEAN NOT NULL,
    case_id     TEXT    NOT NULL, -- the complaint made of the words, or ''
    clerk       TEXT    NOT NULL,
    shop        TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    day         BIGINT  NOT NULL,
    recorded_at BIGINT  NOT NULL,
    capture_key TEXT    NOT NULL,
    undone      BOOLEAN NOT NULL,
    version     BIGINT  NOT NULL
);
CREATE UNIQUE INDEX captures_key ON captures (capture_key) WHERE capture_key <> '';
-- The counts of campaigns read this index alone.
CREATE INDEX captures_campaign ON captures (campaign_id, at, day, attitude, reasons) WHERE NOT undone;
CREATE INDEX captures_campaign_log ON captures (campaign_id, at, id) WHERE NOT undone;
CREATE INDEX captures_time ON captures (at, id) WHERE NOT undone;
CREATE INDEX captures_shop ON captures (shop, at, id) WHERE NOT undone;
CREATE INDEX captures_clerk ON captures (clerk, at, id) WHERE NOT undone;
CREATE INDEX captures_customer ON captures (customer_id, at, id) WHERE customer_id <> '';
CREATE INDEX captures_words ON captures (recorded_at) WHERE words <> '';

-- The last four digits of a phone, by which people at a counter are found.
CREATE INDEX customers_phone_end ON customers (SUBSTR(phone_key, LENGTH(phone_key) - 3), id) WHERE phone_key <> '';
