package jobs

import (
	"context"
	"fmt"
	"time"
)

// IndexCatchUp brings the search index up to date every minute, as a safety
// net under what the service does at once. CatchUp returns how many cases it
// indexed and goes on where it was interrupted.
func IndexCatchUp(catchUp func(ctx context.Context) (int, error)) Job {
	return Job{
		Name:     "index-catch-up",
		Schedule: "@every 1m",
		Limit:    10 * time.Minute,
		Do: func(ctx context.Context) (string, error) {
			n, err := catchUp(ctx)
			return fmt.Sprintf("indexed %d", n), err
		},
	}
}
