package improve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Deps is what a Service is made of.
type Deps struct {
	Ledger  Ledger
	Figures Figures
	// Reminders and Teller may be nil: then nobody is reminded.
	Reminders Reminded
	Teller    Teller
	Now       func() time.Time
	// Zone is where days are.
	Zone *time.Location
}

// Service keeps improvements and measures them. It is safe for concurrent use.
type Service struct{ d Deps }

// New returns a service, or an error that names what is missing.
func New(d Deps) (*Service, error) {
	for name, missing := range map[string]bool{
		"Ledger": d.Ledger == nil, "Figures": d.Figures == nil, "Now": d.Now == nil, "Zone": d.Zone == nil,
	} {
		if missing {
			return nil, fmt.Errorf("improve: %s is missing", name)
		}
	}
	if (d.Reminders == nil) != (d.Teller == nil) {
		return nil, errors.New("improve: Reminders and Teller need each other")
	}
	return &Service{d: d}, nil
}

// Today is the present day.
func (s *Service) Today() fact.Day { return fact.DayOf(s.d.Now(), s.d.Zone) }

const (
	maxTitle = 100
	maxText  = 2_000
	maxName  = 100
)

// MaxConditions bounds the conditions of a scope.
const MaxConditions = 200

// Put adds an improvement (ID 0), which is planned then, or changes one: its
// words, scope, owner, due day, target, and days of the change. The status
// changes with Move only. CodeInvalid names the field at fault.
func (s *Service) Put(ctx context.Context, a Improvement, by string) (Improvement, error) {
	a = tidy(a)
	now := s.d.Now()
	action := "improvement.add"
	if a.ID == 0 {
		a.Status, a.CreatedAt, a.CreatedBy, a.Started, a.Done = Planned, now, by, 0, 0
	} else {
		old, err := s.d.Ledger.Improvement(ctx, a.ID)
		if err != nil {
			return Improvement{}, err
		}
		a.keep(&old)
		action = "improvement.change"
	}
	if err := s.check(&a); err != nil {
		return Improvement{}, err
	}
	a.UpdatedAt = now
	return s.put(ctx, a, Remark{At: now, By: by, Status: a.Status}, action)
}

// keep takes over from the old record what Put does not change: days that have
// not come to it yet among them.
func (a *Improvement) keep(old *Improvement) {
	a.Status, a.CreatedAt, a.CreatedBy, a.CopyOf = old.Status, old.CreatedAt, old.CreatedBy, old.CopyOf
	if old.Started == 0 || a.Started == 0 {
		a.Started = old.Started
	}
	if old.Done == 0 || a.Done == 0 {
		a.Done = old.Done
	}
}

// Step is a change of status of the version that somebody saw.
type Step struct {
	Version int64
	To      Status
	// Day is when the change began or ended, 0 for today.
	Day fact.Day
	// Note is needed to fail or close an improvement.
	Note string
}

// Move changes the status. CodeConflict is a change that does not follow the
// present status.
func (s *Service) Move(ctx context.Context, id int64, m Step, by string) (Improvement, error) {
	note, day, to := strings.TrimSpace(m.Note), m.Day, m.To
	if err := short("note", note, maxText); err != nil {
		return Improvement{}, err
	}
	a, err := s.d.Ledger.Improvement(ctx, id)
	if err != nil {
		return Improvement{}, err
	}
	if !slices.Contains(moves[a.Status], to) {
		return Improvement{}, triage.Errorf(triage.CodeConflict, "improvement %d is %s and cannot become %s", id, a.Status, to)
	}
	if note == "" && (to == Failed || to == Closed) {
		return Improvement{}, triage.FieldErrorf("note", "is missing: say why")
	}
	if day == 0 {
		day = s.Today()
	}
	if err := a.date(to, day, s.Today()); err != nil {
		return Improvement{}, err
	}
	a.Status, a.Version, a.UpdatedAt = to, m.Version, s.d.Now()
	return s.put(ctx, a, Remark{At: a.UpdatedAt, By: by, Status: to, Text: note}, "improvement.move")
}

// date sets the days of the change as a move to a status does.
func (a *Improvement) date(to Status, day, today fact.Day) error {
	switch {
	case day > today:
		return triage.FieldErrorf("day", "has not come yet")
	case to == Planned:
		a.Started, a.Done = 0, 0
	case to == Doing && a.Status == Planned:
		a.Started = day
	case to == Doing:
		a.Done = 0
	case to == Done && day < a.Started:
		return triage.FieldErrorf("day", "is before the start on %s", a.Started)
	case to == Done:
		a.Done = day
	}
	return nil
}

// Note adds a remark.
func (s *Service) Note(ctx context.Context, id, version int64, text, by string) (Improvement, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Improvement{}, triage.FieldErrorf("note", "is missing")
	}
	if err := short("note", text, maxText); err != nil {
		return Improvement{}, err
	}
	a, err := s.d.Ledger.Improvement(ctx, id)
	if err != nil {
		return Improvement{}, err
	}
	a.Version, a.UpdatedAt = version, s.d.Now()
	return s.put(ctx, a, Remark{At: a.UpdatedAt, By: by, Status: a.Status, Text: text}, "improvement.note")
}

func (s *Service) put(ctx context.Context, a Improvement, r Remark, action string) (Improvement, error) {
	detail, err := json.Marshal(map[string]any{
		"status": a.Status, "title": a.Title, "owner": a.Owner, "department": a.Department, "due": a.Due.String(), "scope": a.Scope.Query().Encode(),
	})
	if err != nil {
		return Improvement{}, fmt.Errorf("improve: audit detail: %w", err)
	}
	id, err := s.d.Ledger.PutImprovement(ctx, a, r, triage.AuditEntry{
		At: r.At, Actor: r.By, Action: action, Object: Object(a.ID), Detail: string(detail),
	})
	if err != nil {
		return Improvement{}, err
	}
	if a.Done != 0 && s.d.Figures.Ready() {
		if err := s.d.Ledger.KeepEffect(ctx, id, s.Measure(&a), r.At); err != nil {
			return Improvement{}, err
		}
	}
	return s.d.Ledger.Improvement(ctx, id)
}

// Get returns an improvement and its history.
func (s *Service) Get(ctx context.Context, id int64) (Improvement, []Remark, error) {
	a, err := s.d.Ledger.Improvement(ctx, id)
	if err != nil {
		return Improvement{}, nil, err
	}
	remarks, err := s.d.Ledger.Remarks(ctx, id)
	return a, remarks, err
}

// List returns improvements, what is overdue first.
func (s *Service) List(ctx context.Context, f Filter) ([]Improvement, error) {
	return s.d.Ledger.Improvements(ctx, f)
}

// Worked returns the improvements that lowered complaints, the largest part
// first; words that are not "" must be in the title or the cause.
func (s *Service) Worked(ctx context.Context, words string, w Viewer) ([]Improvement, error) {
	list, err := s.d.Ledger.Improvements(ctx, Filter{Measured: true, For: w})
	if err != nil {
		return nil, err
	}
	words = strings.ToLower(strings.TrimSpace(words))
	list = slices.DeleteFunc(list, func(a Improvement) bool {
		return a.Effect == nil || a.Effect.Verdict != Works || a.Status == Failed ||
			!strings.Contains(strings.ToLower(a.Title+"\n"+a.Cause), words)
	})
	slices.SortStableFunc(list, func(a, b Improvement) int {
		switch x, y := a.Effect.Ratio.Value, b.Effect.Ratio.Value; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return list, nil
}

func tidy(a Improvement) Improvement {
	a.Title, a.Owner, a.Department = line(a.Title), line(a.Owner), line(a.Department)
	a.Cause = strings.TrimSpace(a.Cause)
	a.Scope, a.Control = a.Scope.Between(0, 0), a.Control.Between(0, 0)
	return a
}

// line is a text on one line.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func short(field, text string, runes int) error {
	if utf8.RuneCountInString(text) > runes {
		return triage.FieldErrorf(field, "is longer than %d characters", runes)
	}
	return nil
}

func (s *Service) check(a *Improvement) error {
	for _, f := range []struct {
		name, text string
		runes      int
		must       bool
	}{
		{"title", a.Title, maxTitle, true}, {"cause", a.Cause, maxText, false},
		{"department", a.Department, maxName, true}, {"owner", a.Owner, maxName, false},
	} {
		if f.must && f.text == "" {
			return triage.FieldErrorf(f.name, "is missing")
		}
		if err := short(f.name, f.text, f.runes); err != nil {
			return err
		}
	}
	switch today := s.Today(); {
	case a.Due == 0:
		return triage.FieldErrorf("due", "is missing: say by when")
	case a.Target <= -1 || a.Target > 0:
		return triage.FieldErrorf("target", "is not a fall of 0 to 99 %%")
	case len(a.Scope.Query()) == 0:
		return triage.FieldErrorf("scope", "chooses all complaints: there is nothing left to compare with")
	case len(a.Scope.Is)+len(a.Scope.Longer) > MaxConditions:
		return triage.FieldErrorf("scope", "has more than %d conditions", MaxConditions)
	case !wider(a.Control, a.Scope):
		return triage.FieldErrorf("control", "has a condition that the scope has not")
	case a.Started > today || a.Done > today:
		return triage.FieldErrorf("done", "has not come yet")
	case a.Done != 0 && (a.Started == 0 || a.Done < a.Started):
		return triage.FieldErrorf("done", "is before the start")
	}
	return nil
}

// wider says whether every case of the narrow filter is one of the wide one,
// because all its conditions are among those of the narrow one, and there are
// fewer of them.
func wider(wide, narrow fact.Filter) bool {
	w, n := wide.Query(), narrow.Query()
	fewer := false
	for name, values := range w {
		if !slices.Equal(values, n[name]) {
			return false
		}
	}
	for name := range n {
		fewer = fewer || !w.Has(name)
	}
	return fewer
}
