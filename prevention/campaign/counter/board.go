package counter

import (
	"context"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// fresh is how long the board may be used: a customer does not wait for the
// register to be read.
const fresh = 30 * time.Second

// board is the campaigns with their standings as of a time. It is never changed.
type board struct {
	at        time.Time
	campaigns []triage.Campaign
	standings map[string]Standing
	// kinds are those of the records that rules ask for.
	kinds []string
}

// current returns the board, read again when it is too old. Several callers may
// read it at once; all get a whole one.
func (s *Service) current(ctx context.Context, now time.Time) (*board, error) {
	old := s.board.Load()
	if old != nil && now.Sub(old.at) < fresh && !now.Before(old.at) {
		return old, nil
	}
	all, err := s.d.Campaigns.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	b := &board{at: now, standings: map[string]Standing{}}
	for i := range all {
		c := &all[i]
		if c.Version == 0 { // only exposures name it: nobody knows its rules
			continue
		}
		b.campaigns = append(b.campaigns, *c)
		for _, r := range slices.Concat(c.Eligible.Needs, c.Eligible.Excludes) {
			if !slices.Contains(b.kinds, r.Kind) {
				b.kinds = append(b.kinds, r.Kind)
			}
		}
		if s.d.Standing != nil && c.RunsAt(now) {
			b.standings[c.ID] = s.standing(ctx, c.ID, old)
		}
	}
	s.board.Store(b)
	return b, nil
}

// standing of a campaign. One that cannot be told now is the one of before: a
// clerk must not wait for figures, nor recommend what was stopped a minute ago.
func (s *Service) standing(ctx context.Context, id string, old *board) Standing {
	now, err := s.d.Standing(ctx, id)
	if err == nil {
		return now
	}
	s.d.Log.WarnContext(ctx, "counter: the standing of a campaign is not known", "campaign", id, "err", err)
	if old == nil {
		return Standing{}
	}
	return old.standings[id]
}

// Names returns the names of the registered campaigns, by id.
func (s *Service) Names(ctx context.Context) (map[string]string, error) {
	b, err := s.current(ctx, s.d.Now())
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(b.campaigns))
	for i := range b.campaigns {
		names[b.campaigns[i].ID] = b.campaigns[i].Name
	}
	return names, nil
}
