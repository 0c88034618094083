package triage

import "context"

// ChangeFeed lets a shadow of the database (the search index) catch up. The
// change number of a case grows on every write to it, in commit order.
type ChangeFeed interface {
	// Changed returns cases with change > after, in order of change, at most
	// limit, and the change number of the last one returned.
	Changed(ctx context.Context, after int64, limit int) (cases []Case, last int64, err error)
	// LastChange returns the highest change number, 0 for an empty store.
	LastChange(ctx context.Context) (int64, error)
}
