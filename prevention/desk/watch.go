package desk

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// watchDays is the time over which a watched cluster must be back at its
	// baseline, and the least time it is watched.
	watchDays = 7
	// watchActor is who ends the watch in the audit trail.
	watchActor = "watch"
	watchPage  = 100
)

// Watch closes the watched clusters whose customers of the last days are no
// more than the baseline lets expect (up to the 95 % point of a Poisson
// distribution), and says how many. A cluster that was moved on meanwhile is
// left alone.
func (s *Service) Watch(ctx context.Context) (closed int, err error) {
	f := prevention.ClusterFilter{Stages: []prevention.Stage{prevention.StageWatching}, Active: true, Limit: watchPage}
	for {
		page, err := s.d.Clusters.Clusters(ctx, f)
		if err != nil {
			return closed, err
		}
		for i := range page.Clusters {
			done, err := s.endWatch(ctx, &page.Clusters[i])
			if err != nil {
				return closed, err
			}
			if done {
				closed++
			}
		}
		if page.Next == "" {
			return closed, nil
		}
		f.Cursor = page.Next
	}
}

// endWatch closes one cluster if it is calm and still watched as it was.
func (s *Service) endWatch(ctx context.Context, watched *prevention.Cluster) (closed bool, err error) {
	if calm, err := s.calm(ctx, watched); err != nil || !calm {
		return false, err
	}
	detail := map[string]string{"to": string(prevention.StageClosed)}
	err = s.change(ctx, watched.ID, watchActor, "cluster.stage", detail, func(c *prevention.Cluster) (bool, error) {
		closed = c.Stage == watched.Stage && c.StageAt.Equal(watched.StageAt)
		if !closed {
			return false, nil
		}
		return true, s.move(c, prevention.StageClosed)
	})
	if triage.CodeOf(err) == triage.CodeConflict { // merged, or changed again and again
		return false, nil
	}
	return closed && err == nil, err
}

func (s *Service) calm(ctx context.Context, c *prevention.Cluster) (bool, error) {
	now := s.d.Now()
	if c.StageAt.After(now.AddDate(0, 0, -watchDays)) {
		return false, nil
	}
	days, err := s.daily(ctx, c.ID, now.AddDate(0, 0, 1-watchDays), now)
	if err != nil {
		return false, err
	}
	rate, err := s.rate(ctx, c)
	if err != nil {
		return false, err
	}
	seen, expected := 0.0, 0.0
	for _, p := range band(days, rate) {
		seen += float64(p.Customers)
		expected += p.Expected
	}
	return seen <= poissonQuantile(expected, 0.95), nil
}
