-- +goose Up

-- Cases whose words may have been kept long enough.
CREATE INDEX cases_ended ON cases (closed_at, seq);
