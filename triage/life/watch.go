package life

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// People knows whom to turn to.
type People interface {
	// Next returns who comes after owner in a department: the team lead for an
	// agent or for nobody (""), quality or an administrator for the team lead;
	// "" when there is nobody.
	Next(ctx context.Context, department, owner string) (string, error)
}

// Alert says that a step is late, or nearly.
type Alert struct {
	// Key is the same whenever the same alarm is raised again.
	Key        string
	Case       triage.ComplaintID
	Move       Move // MoveWarn or MoveEscalate
	Status     triage.Status
	Department string
	Owner      string
	// To is whom it is for; "" when nobody is known.
	To  string
	Due time.Time
}

// Teller brings an alert to its receiver.
type Teller interface {
	Tell(ctx context.Context, a Alert) error
}

// Watched counts what one run of Watch did.
type Watched struct {
	Warned    int
	Escalated int
	// Untold counts alarms that are on record but could not be brought to
	// anybody.
	Untold int
}

// watchPage is how many cases one look takes.
const watchPage = 200

// Watch raises each step that is nearly late (four fifths of its working time)
// to its owner, each late one to the next person and, a working day later, to
// the one after. Every alarm is raised once: it is on record before anybody is
// told, so that a crash between the two may lose a message but never repeats
// one. An error of the teller does not stop the run.
func (s *Service) Watch(ctx context.Context) (Watched, error) {
	var done Watched
	var failed []error
	for now := s.d.Now(); ; {
		cases, err := s.d.Store.Watched(ctx, now, watchPage)
		if err != nil || len(cases) == 0 {
			return done, errors.Join(append(failed, err)...)
		}
		for i := range cases {
			told, err := s.raise(ctx, &cases[i], now, &done)
			switch {
			case triage.CodeOf(err) == triage.CodeConflict: // somebody acts on it right now
			case err != nil && !told:
				return done, errors.Join(append(failed, err)...)
			case err != nil:
				done.Untold++
				failed = append(failed, err)
			}
		}
		if len(cases) < watchPage {
			return done, errors.Join(failed...)
		}
	}
}

// raise records one alarm and tells. told is set when err is of the telling.
func (s *Service) raise(ctx context.Context, c *triage.Case, now time.Time, done *Watched) (told bool, err error) {
	c.Work.Raised++
	step := Step{Move: MoveWarn, By: "system"}
	to := c.Work.Owner
	if c.Work.Raised > warned {
		step.Move = MoveEscalate
		if to, err = s.next(ctx, c); err != nil {
			return false, err
		}
	}
	watch(s.d.Calendar, c)
	step.Facts = map[string]string{"to": to, "level": strconv.Itoa(c.Work.Raised)}
	change := entry(c, step, now)
	if err := s.d.Store.Advance(ctx, change); err != nil {
		return false, err
	}
	if step.Move == MoveWarn {
		done.Warned++
	} else {
		done.Escalated++
	}
	if s.d.Tell == nil {
		return true, nil
	}
	return true, s.d.Tell.Tell(ctx, Alert{
		Key:  string(c.ID) + "-" + strconv.FormatInt(c.Work.Version+1, 10),
		Case: c.ID, Move: step.Move, Status: c.Status, Department: c.Work.Department, Owner: c.Work.Owner, To: to, Due: c.Work.DueAt,
	})
}

// next is the person for the present level: after the owner, and for the
// topmost level the one after that.
func (s *Service) next(ctx context.Context, c *triage.Case) (string, error) {
	if s.d.People == nil {
		return "", nil
	}
	to, err := s.d.People.Next(ctx, c.Work.Department, c.Work.Owner)
	if err != nil || c.Work.Raised < topmost || to == "" {
		return to, err
	}
	above, err := s.d.People.Next(ctx, c.Work.Department, to)
	return cmp.Or(above, to), err
}

// Breaches returns one page of the open cases that have missed a limit, or
// nearly, the earliest limit first. A case that waits for its customer has
// missed what was over before, and nothing nearly.
func (s *Service) Breaches(ctx context.Context, f BreachFilter) (BreachPage, error) {
	f.At, f.Clock = s.d.Now(), cmp.Or(f.Clock, ClockStep)
	year, month, day := f.At.In(s.d.Zone).Date()
	f.Until = time.Date(year, month, day+1, 0, 0, 0, 0, s.d.Zone)
	page, err := s.d.Store.Breached(ctx, f)
	if err != nil {
		return BreachPage{}, err
	}
	for i := range page.Breaches {
		b := &page.Breaches[i]
		b.Late = s.d.Calendar.Clock(b.Case.Assessment.Urgency.Level).Between(b.Due, first(b.Case.Work.WaitingSince, f.At))
	}
	return page, nil
}
