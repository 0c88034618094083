package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A run holds its job by a lease and renews it as long as it lives, so that a
// job whose process died is soon free again, however long its runs may take.
const (
	leaseLength = time.Minute
	// leaseRenewal leaves room for renewals that fail.
	leaseRenewal = 15 * time.Second
)

// errLeaseLost is why a run is cancelled that another one may have replaced.
var errLeaseLost = errors.New("the run lost its hold on the job")

// lossOf returns errLeaseLost, with its cause, when the context ended by it.
func lossOf(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errLeaseLost) {
		return cause
	}
	return nil
}

// hold does the work of a run that has just begun and renews its lease until
// the work ends. When the lease is lost the context of the work ends.
func (r *Runner) hold(ctx context.Context, run Run, work func(ctx context.Context) (string, error)) (note string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	defer renewing.Wait()
	defer cancel(nil)
	renewing.Go(func() {
		if err := r.renew(ctx, run); err != nil {
			cancel(err)
		}
	})
	return work(ctx)
}

// renew returns nil when the context ends, or an errLeaseLost.
func (r *Runner) renew(ctx context.Context, run Run) error {
	ticker := time.NewTicker(leaseRenewal)
	defer ticker.Stop()
	ends := run.StartedAt.Add(leaseLength)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		at := r.now()
		ok, err := r.runs.Renew(ctx, run.ID, at, leaseLength)
		switch {
		case ok:
			ends = at.Add(leaseLength)
		case err == nil:
			return errLeaseLost
		case !r.now().Add(leaseRenewal).Before(ends): // the next renewal comes too late
			return fmt.Errorf("%w: %w", errLeaseLost, err)
		}
	}
}
