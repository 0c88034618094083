package jobs

import (
	"context"
	"fmt"
	"time"
)

// replayAge is how long the answer to an idempotency key is kept: longer than
// any client retries.
const replayAge = 48 * time.Hour

// PruneReplays deletes, every hour, the answers to idempotency keys that are
// older than 48 hours. Prune deletes what is older than before and returns how
// many there were.
func PruneReplays(prune func(ctx context.Context, before time.Time) (int, error), now func() time.Time) Job {
	return Job{
		Name:     "prune-replays",
		Schedule: "@hourly",
		Limit:    5 * time.Minute,
		Do: func(ctx context.Context) (string, error) {
			n, err := prune(ctx, now().Add(-replayAge))
			return fmt.Sprintf("deleted %d", n), err
		},
	}
}
