package console

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxArrivals is the highest number of new complaints a page is told.
const maxArrivals = 99

// lastArrival asks the store for the latest case at most once every two
// seconds, however many pages are open.
type lastArrival struct {
	mu    sync.Mutex
	asked time.Time
	seq   int64
}

func (a *lastArrival) get(ctx context.Context, store Workbench, now time.Time) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.asked.IsZero() && now.Sub(a.asked) < streamEvery {
		return a.seq, nil
	}
	seq, err := store.LastArrival(ctx)
	if err != nil {
		return 0, err
	}
	a.asked, a.seq = now, seq
	return seq, nil
}

// watchQueue streams how many open complaints within the person's scope came
// in after the one that the page names.
func (c *Console) watchQueue(v *visit) error {
	after, err := strconv.ParseInt(v.r.URL.Query().Get("after"), 10, 64)
	if err != nil || after < 0 {
		return triage.FieldErrorf("after", "is not the number of a case; open the workbench again")
	}
	ctx, scope := v.r.Context(), triage.ScopeOf(v.user)
	seen, told := after, 0
	return c.stream(v, func(s *eventStream) error {
		last, err := c.arrivals.get(ctx, c.d.Life.Workbench, c.d.Now())
		if err != nil || last == seen {
			return err
		}
		n, err := c.d.Life.Workbench.ArrivedSince(ctx, scope, after, maxArrivals)
		if err != nil {
			return err
		}
		if seen = last; n == told {
			return nil
		}
		told = n
		return s.send("arrived", map[string]int{"count": n})
	})
}
