package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// improvementContent is an improvement as people took it up. Days count back
// from now; 0 is a day that has not come.
type improvementContent struct {
	Title, Cause, Matter   string
	Type, Subtype, Product string
	Owner, Department      string
	Target                 float64
	PlannedDays            int `yaml:"planned_days"`
	DueDays                int `yaml:"due_days"`
	StartedDays            int `yaml:"started_days"`
	DoneDays               int `yaml:"done_days"`
	VerifiedDays           int `yaml:"verified_days"`
	Notes                  []struct {
		Days     int
		By, Text string
	}
}

// makeImprovements takes improvements up and as far as they have come.
func (f *founder) makeImprovements() {
	for i := range f.content.Improvements {
		p := &f.content.Improvements[i]
		a := &improve.Improvement{
			Title: p.Title, Cause: p.Cause, Scope: p.scope(), Owner: p.Owner, Department: p.Department,
			Due: f.dayAgo(p.DueDays), Target: p.Target,
		}
		minute := time.Duration(7*i) * time.Minute
		f.say(f.midnight(p.PlannedDays).Add(10*time.Hour+minute), func(ctx context.Context, s *Stream) (err error) {
			if p.Matter != "" {
				a.Cluster, a.Peak = s.Cluster(p.Matter), improve.Span{From: f.dayAgo(batchDays)}
			}
			*a, err = s.Improvements.Put(ctx, *a, p.Owner)
			return p.failed(err)
		})
		for _, m := range []struct {
			days int
			to   improve.Status
		}{{p.StartedDays, improve.Doing}, {p.DoneDays, improve.Done}, {p.VerifiedDays, improve.Verified}} {
			if m.days == 0 {
				continue
			}
			f.say(f.midnight(m.days).Add(11*time.Hour+minute), func(ctx context.Context, s *Stream) (err error) {
				*a, err = s.Improvements.Move(ctx, a.ID, improve.Step{Version: a.Version, To: m.to}, p.Owner)
				return p.failed(err)
			})
		}
		for _, n := range p.Notes {
			f.say(f.midnight(n.Days).Add(16*time.Hour+minute), func(ctx context.Context, s *Stream) (err error) {
				*a, err = s.Improvements.Note(ctx, a.ID, a.Version, n.Text, n.By)
				return p.failed(err)
			})
		}
	}
}

func (p *improvementContent) failed(err error) error {
	if err != nil {
		return fmt.Errorf("improvement %s: %w", p.Title, err)
	}
	return nil
}

// scope chooses the complaints that an improvement is about.
func (p *improvementContent) scope() fact.Filter {
	s := fact.Filter{}
	for _, c := range []fact.Is{{Dim: fact.Type, Value: p.Type}, {Dim: fact.Subtype, Value: p.Subtype}, {Dim: fact.Product, Value: p.Product}} {
		if c.Value != "" {
			s = s.With(c.Dim, c.Value)
		}
	}
	return s
}

// dayAgo is the day so many days before today.
func (f *founder) dayAgo(days int) fact.Day {
	return fact.DayOf(f.now, f.now.Location()) - fact.Day(days)
}
