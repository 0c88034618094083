package store

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// AddFollowCode stores the hash of a code by which a customer follows a case;
// the same pair again changes nothing. CodeConflict is a hash of another case,
// CodeNotFound an unknown case.
func (db *DB) AddFollowCode(ctx context.Context, hash string, id triage.ComplaintID, at time.Time) error {
	if _, err := db.Case(ctx, id); err != nil {
		return err
	}
	taken := triage.Errorf(triage.CodeConflict, "this code belongs to another case")
	return db.exec(ctx, "store a code", taken, `INSERT INTO follow_codes (code_hash, case_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (code_hash) DO UPDATE SET at = follow_codes.at WHERE follow_codes.case_id = excluded.case_id`,
		hash, string(id), instant(at))
}

// FollowedCase returns the case of a code by its hash, or CodeNotFound.
func (db *DB) FollowedCase(ctx context.Context, hash string) (id triage.ComplaintID, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT case_id FROM follow_codes WHERE code_hash = $1`, hash).Scan(&id)
	return id, db.fail("look for a code", notFound(err, "there is no such code"))
}
