package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention"
)

// reasonMerged is why a notice gave way to one about the cluster that took its
// own in, and why a skipped one is not taken up again.
const reasonMerged = "merged"

// moveAll puts the members of a cluster into another one, and with them the
// promise that nobody is told twice: notices about the old one are from now on
// about the new one. Where the customer has one of each, both stay, and of the
// old ones those that wait are skipped.
func moveAll(ctx context.Context, tx *sql.Tx, from, into prevention.ClusterID, pinned bool) error {
	const members = `UPDATE cluster_members SET cluster_id = $1, pinned = (pinned OR $2) WHERE cluster_id = $3`
	if _, err := tx.ExecContext(ctx, members, string(into), pinned, string(from)); err != nil {
		return err
	}
	const twin = ` EXISTS (SELECT 1 FROM notices twin WHERE twin.cause = $2 AND twin.customer_id = notices.customer_id)`
	old, now := string(prevention.ClusterCause(from)), string(prevention.ClusterCause(into))
	for _, step := range []struct {
		update string
		args   []any
	}{
		{`UPDATE notices SET state = 'skipped', reason = $3 WHERE cause = $1 AND state = 'queued' AND` + twin, []any{old, now, reasonMerged}},
		{`UPDATE notices SET reason = $3 WHERE cause = $1 AND state = 'skipped' AND` + twin, []any{now, old, reasonMerged}},
		{`UPDATE notices SET cause = $2 WHERE cause = $1 AND NOT` + twin, []any{old, now}},
	} {
		if _, err := tx.ExecContext(ctx, step.update, step.args...); err != nil {
			return err
		}
	}
	return nil
}
