package improve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// before and after are how many weeks are compared at most, which is when the
	// last look is; washout is how many days a finished change takes to reach
	// customers.
	before, after = 16, 12
	washout       = 7
)

// Measure returns what came of an improvement by the last whole week. One that
// is not done yet has the verdict TooEarly and its weeks until now.
func (s *Service) Measure(a *Improvement) Effect {
	change, peak := s.change(a), a.Peak
	if peak.From != 0 && peak.To == 0 {
		peak.To = max(change.From, peak.From)
	}
	return Estimate(s.weeks(a, change), change, peak)
}

// change is the days that count neither as before nor as after.
func (s *Service) change(a *Improvement) Span {
	today := s.Today()
	c := Span{From: today, To: today}
	if a.Started != 0 {
		c.From = a.Started
	}
	if a.Done != 0 {
		c.To = a.Done + 1 + washout
	}
	return c
}

// weeks counts the whole weeks around a change.
func (s *Service) weeks(a *Improvement, change Span) []Week {
	first, end, ok := s.d.Figures.Days()
	if !ok {
		return nil
	}
	from := max(fact.Weekly.Start(change.From)-7*before, fact.Weekly.Start(first+6))
	if a.Peak.From != 0 {
		from = max(min(from, fact.Weekly.Start(a.Peak.From)-7*before), fact.Weekly.Start(first+6))
	}
	to := min(fact.Weekly.Start(change.To+6)+7*after, fact.Weekly.Start(min(s.Today(), max(end, change.To))))
	if ripens(a.Scope) {
		to = min(to, fact.Weekly.Start(s.Today()-ripe))
	}
	if to <= from {
		return nil
	}
	all, scope := a.Control, a.Scope
	all.Not |= fact.Withdrawn
	scope.Not |= fact.Withdrawn
	in, total := s.d.Figures.Over(scope.Between(from, to), fact.Weekly), s.d.Figures.Over(all.Between(from, to), fact.Weekly)
	weeks := make([]Week, len(total))
	for i, p := range total {
		weeks[i] = Week{Day: p.Day, Control: p.Cases}
		if i < len(in) {
			weeks[i].Scope = in[i].Cases
			weeks[i].Control -= in[i].Cases
		}
	}
	return weeks
}

// ripe is how many days a case has until what becomes of it is taken for known.
const ripe = 28

// later are the flags that a case may only have some time after it came in.
const later = fact.Reopened | fact.Ended | fact.LateResponse | fact.LateVerify | fact.LateResolve |
	fact.Slow | fact.BadSolution | fact.BadAttitude | fact.OtherReason

// ripens says whether a scope asks for what becomes of its cases: fresh weeks then
// have fewer of them, whatever was done.
func ripens(f fact.Filter) bool {
	return len(f.Longer) > 0 || f.Scored || (f.All|f.Any|f.Not)&later != 0 || slices.ContainsFunc(f.Is, func(is fact.Is) bool {
		return is.Dim == fact.Status || is.Dim == fact.Cause || is.Dim == fact.CauseDepartment
	})
}

// Review measures what was done, for as long as the effect can still change, and
// keeps it. It is the body of a weekly job and returns how many it measured.
// CodeUnavailable is figures that are still being read.
func (s *Service) Review(ctx context.Context) (int, error) {
	if !s.d.Figures.Ready() {
		return 0, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	list, err := s.d.Ledger.Improvements(ctx, Filter{Statuses: []Status{Done, Verified, Failed, Closed}})
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range list {
		a := &list[i]
		last := a.Done + washout + 7*(after+2)
		if ripens(a.Scope) {
			last += ripe
		}
		if a.Done == 0 || !a.EffectAt.IsZero() && fact.DayOf(a.EffectAt, s.d.Zone) > last {
			continue
		}
		if err := s.d.Ledger.KeepEffect(ctx, a.ID, s.Measure(a), s.d.Now()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

const (
	// ahead is how many days before its end somebody is reminded first, again how
	// long it takes until the next time.
	ahead = 3
	again = 7 * 24 * time.Hour
)

// Remind tells who has an improvement that is due soon or overdue, once a week
// each. It is the body of a daily job and returns how many were told.
func (s *Service) Remind(ctx context.Context) (int, error) {
	if s.d.Teller == nil {
		return 0, nil
	}
	today := s.Today()
	list, err := s.d.Reminders.Unreminded(ctx, today+ahead+1, s.d.Now().Add(-again))
	if err != nil {
		return 0, err
	}
	n := 0
	var failed []error
	for _, a := range list {
		if err := s.d.Teller.Tell(ctx, a, a.Overdue(today)); err != nil {
			failed = append(failed, fmt.Errorf("improve: remind of improvement %d: %w", a.ID, err))
			continue
		}
		if err := s.d.Reminders.Remind(ctx, a.ID, s.d.Now()); err != nil {
			return n, err
		}
		n++
	}
	return n, errors.Join(failed...)
}
